"""Networks in PyTorch, with weights from safetensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from ...tasks.errors import Cancelled, InputError
from ...tasks.method import Array
from ...tasks.model_card import ModelCard
from ..networks.build import build
from .backend import Backend, OutOfMemoryError

_HALF = {"cuda": torch.float16, "cpu": torch.bfloat16, "mps": torch.float16}


def available_devices() -> list[str]:
    """Return the devices that PyTorch can compute on, best first."""
    found = [f"cuda:{number}" for number in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    mps = getattr(torch.backends, "mps", None)
    if mps is not None and mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


class TorchBackend(Backend):
    """Runs a network in PyTorch.

    Args:
        card: The card of the weights.
        network: "module:Class" of the network below `satfusion_qgis`.
        device: "cpu", "cuda:N" or "mps".
        threads: Threads on the CPU.
        half: Compute in half precision: float16 on a GPU, bfloat16 on the CPU.

    Raises:
        InputError: The weights are damaged, or are not those of the network.
    """

    def __init__(self, card: ModelCard, network: str, device: str, threads: int, half: bool) -> None:
        self.device = device
        self._half = half
        torch.set_num_threads(max(1, threads))
        self._module = load_network(card, network).to(device)
        self._cancelled: Callable[[], bool] = _never
        for module in self._module.modules():
            if not list(module.children()):
                module.register_forward_pre_hook(self._watch)
        self.title = f"{_name(device)}, PyTorch {torch.__version__}{', half precision' if half else ''}"

    def run(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network; a cancel is seen between its layers."""
        self._cancelled = cancelled
        try:
            with torch.inference_mode(), self._autocast():
                tensors = {name: torch.from_numpy(array).to(self.device) for name, array in inputs.items()}
                answer = self._module(**tensors)
                return {"output": answer.float().cpu().numpy()}
        except torch.OutOfMemoryError:
            self._free()
            raise OutOfMemoryError from None
        except RuntimeError as error:
            if _is_memory(error):
                self._free()
                raise OutOfMemoryError from None
            raise InputError(f"MODEL: the network failed on {self.title}: {_line(error)}.") from None
        finally:
            self._cancelled = _never

    def close(self) -> None:
        """Free the device's memory."""
        self._module = nn.Identity()
        self._free()

    def _watch(self, *_: Any) -> None:
        if self._cancelled():
            raise Cancelled

    def _autocast(self) -> Any:
        if not self._half:
            return nullcontext()
        kind = torch.device(self.device).type
        return torch.autocast(kind, dtype=_HALF[kind])

    def _free(self) -> None:
        if self.device.startswith("cuda"):
            torch.cuda.empty_cache()


def load_network(card: ModelCard, network: str) -> nn.Module:
    """Return a card's network with its weights, ready to run on the CPU.

    Args:
        card: The card.
        network: "module:Class" of the network below `satfusion_qgis`.

    Raises:
        InputError: The weights are missing, damaged, or not those of the network; or the card lies about the halo.
    """
    file = card.file("safetensors")
    if file is None:
        raise InputError(f"MODEL: {card.id} has no safetensors file, which PyTorch needs.")
    path = card.verified(file)
    try:
        state = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"MODEL: the weights {path} are damaged: {_line(error)}.") from None
    broken = [name for name, tensor in state.items() if tensor.is_floating_point() and not tensor.isfinite().all()]
    if broken:
        raise InputError(f"MODEL: the weights {path} hold values that are no numbers, in {broken[0]}.")
    module = build(network, card.configuration)
    try:
        module.load_state_dict(state, strict=True)
    except RuntimeError:
        own = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
        raise InputError(
            f"MODEL: the weights {path} are not those that the card says: {_differs(own, state)}."
        ) from None
    if not card.global_context and int(getattr(module, "halo", 0)) > card.halo:
        raise InputError(
            f"MODEL: the card of {card.id} says a halo of {card.halo}, but the network's is {module.halo}."
        )
    return module.eval()


def _differs(own: Mapping[str, tuple[int, ...]], state: Mapping[str, torch.Tensor]) -> str:
    for name, shape in own.items():
        if name not in state:
            return f"{name} is missing"
        if tuple(state[name].shape) != shape:
            return f"{name} has the shape {tuple(state[name].shape)} in place of {shape}"
    return f"{next((name for name in state if name not in own), 'something')} is not part of the network"


def _name(device: str) -> str:
    if device.startswith("cuda"):
        return f"{device} ({torch.cuda.get_device_name(torch.device(device))})"
    return device


def _is_memory(error: RuntimeError) -> bool:
    text = str(error).lower()
    return "out of memory" in text or "not enough memory" in text or "can't allocate memory" in text


def _line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines[0].strip() if lines else type(error).__name__).rstrip(".")


def _never() -> bool:
    return False
