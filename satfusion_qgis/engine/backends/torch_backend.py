"""Networks in PyTorch, with weights from safetensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ...inference.model_files import never
from ...inference.network import REVISITS
from ...tasks.errors import Cancelled, InputError
from ...tasks.method import Array
from ...tasks.model_card import ModelCard
from ..networks.build import absent, build
from .allocation import keep_freed_memory, return_freed_memory
from .backend import Backend, OutOfMemoryError, first_line, is_memory

_FINE = "FINE_1"
# Images that every pair has, though some networks look at one of them alone.
_MAY_BE_UNUSED = ("coarse_1", "coarse_target")
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
        InputError: The weights are damaged, or are not those of the network; or the device does not start.
        OutOfMemoryError: The device has too little memory for the weights.
    """

    def __init__(self, card: ModelCard, network: str, device: str, threads: int, half: bool) -> None:
        self.device = device
        self._half = half
        self._threads = max(1, threads)
        self._cancelled: Callable[[], bool] = never
        self._module = self._moved(load_network(card, network))
        for module in self._module.modules():
            if not list(module.children()):
                module.register_forward_pre_hook(self._watch)
        self.title = f"{_name(device)}, PyTorch {torch.__version__}{', half precision' if half else ''}"

    def run(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network; a cancel is seen between its layers."""
        if torch.get_num_threads() != self._threads:  # another network in this process may have its own number
            torch.set_num_threads(self._threads)
        self._cancelled = cancelled
        try:
            self._watch()
            with torch.inference_mode(), self._autocast():
                given = {name: self._tensor(array) for name, array in inputs.items()}
                # A network that gives more than its output has a method for it.
                run: Any = getattr(self._module, "answers", self._module)
                answer = run(**given, **absent(given))
                answers = answer if isinstance(answer, dict) else {"output": answer}
                return {name: one.float().cpu().contiguous().numpy() for name, one in answers.items()}
        except (RuntimeError, MemoryError) as error:
            if not is_memory(error):
                raise InputError(f"MODEL: the network failed on {self.title}: {first_line(error)}.") from None
        finally:
            self._cancelled = never
        self._free()  # only here, where the error no longer holds the layers' results
        raise OutOfMemoryError

    def close(self) -> None:
        """Free the device's memory."""
        self._module = nn.Identity()
        self._free()
        if self.device == "cpu":
            return_freed_memory()

    def _moved(self, module: nn.Module) -> nn.Module:
        """Take a network to the device; on the CPU, convolutions run faster with a pixel's bands side by side."""
        if self.device == "cpu":
            keep_freed_memory()
            for parameter in module.parameters():
                if parameter.dim() == 4:  # those over frames too have five axes, which this layout does not know
                    parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
            return module
        try:
            return module.to(self.device)
        except (RuntimeError, AssertionError) as error:  # PyTorch without CUDA asserts that it has it
            if is_memory(error):
                raise OutOfMemoryError from None
            raise InputError(f"DEVICE: {self.device} does not start: {first_line(error)}.") from None

    def _tensor(self, array: Array) -> Tensor:
        # PyTorch takes neither read-only arrays nor other types of numbers, which a copy cures.
        tensor = torch.from_numpy(np.require(array, np.float32, ["C", "W"])).to(self.device)
        if self.device == "cpu" and tensor.dim() == 4:
            return tensor.contiguous(memory_format=torch.channels_last)
        return tensor

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
        InputError: The weights are missing, damaged, or not those of the network; or the card lies about the network.
    """
    file = card.file("safetensors")
    if file is None:
        raise InputError(f"MODEL: {card.id} has no safetensors file, which PyTorch needs.")
    path = card.verified(file)
    try:
        state = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"MODEL: the weights {path} are damaged: {first_line(error)}.") from None
    broken = [name for name, tensor in state.items() if tensor.is_floating_point() and not tensor.isfinite().all()]
    if broken:
        raise InputError(f"MODEL: the weights {path} hold values that are no numbers, in {broken[0]}.")
    module = build(network, card.configuration)
    _check(card, module)
    try:
        module.load_state_dict(state, strict=True)
    except RuntimeError:
        own = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
        raise InputError(
            f"MODEL: the weights {path} are not those that the card says: {_differs(own, state)}."
        ) from None
    return module.eval()


def _check(card: ModelCard, module: nn.Module) -> None:
    """Compare what a network says of itself with its card."""
    roles = {item.role: item for item in card.inputs}
    role = next((name for name in (REVISITS, _FINE) if name in roles), "MS")
    bands = len(roles[role].bands) if role in roles else None
    own = getattr(module, "bands", bands)
    if bands != own:
        raise InputError(f"MODEL: the card of {card.id} lists {bands} bands, but its configuration is for {own}.")
    if role == REVISITS:
        _check_revisits(card, module)
    if role == _FINE:
        _check_pairs(card, module)
    for name in ("halo", "multiple"):
        said, needed = getattr(card, name), int(getattr(module, name, 0))
        short = said < needed if name == "halo" else said % max(needed, 1) != 0
        if short and not (name == "halo" and card.global_context):
            raise InputError(f"MODEL: the card of {card.id} says a {name} of {said}, but the network's is {needed}.")
    if getattr(module, "global_context", False) and not card.global_context:
        raise InputError(f"MODEL: the card of {card.id} says no global context, but the network looks at a whole tile.")


def _check_pairs(card: ModelCard, module: nn.Module) -> None:
    """Compare the images that a network for pairs uses with those on its card."""
    listed = [item.role.lower() for item in card.inputs]
    used = tuple(getattr(module, "inputs", listed))
    lacking = [name.upper() for name in used if name not in listed]
    if lacking:
        raise InputError(f"MODEL: the card of {card.id} lacks the input {lacking[0]}, which its network uses.")
    unused = [name.upper() for name in listed if name not in used and name not in _MAY_BE_UNUSED]
    if unused:
        raise InputError(f"MODEL: the card of {card.id} lists the input {unused[0]}, which its network does not use.")


def _check_revisits(card: ModelCard, module: nn.Module) -> None:
    """Compare ratio and number of revisits with the card's."""
    item, ratio = card.input(REVISITS), round(card.ratio[0])
    own = int(getattr(module, "ratio", ratio))
    if own != ratio:
        raise InputError(f"MODEL: the card of {card.id} says a ratio of {ratio}, but the network's is {own}.")
    most = getattr(module, "frames", None)
    if most is not None and (item.max_count is None or item.max_count > most):
        given = "any number of" if item.max_count is None else f"up to {item.max_count}"
        raise InputError(f"MODEL: the card of {card.id} says {given} revisits, but the network takes {most}.")
    fewest = int(getattr(module, "fewest_frames", 1))
    if item.min_count < fewest:
        raise InputError(
            f"MODEL: the card of {card.id} says {item.min_count} revisits or more, but the network needs {fewest}."
        )


def _differs(own: Mapping[str, tuple[int, ...]], state: Mapping[str, Tensor]) -> str:
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
