"""Choosing where a network runs, and opening it there."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from typing import Optional

from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from .backend import Backend
from .frugal import FrugalNetwork

DEVICES = "auto, cpu, cuda:N, mps, directml, coreml or openvino"
_FILE_OF = {"onnx": "onnx", "torch": "safetensors"}
_MODULE_OF = {"onnx": "onnxruntime", "torch": "torch"}
_TITLE_OF = {"onnx": "ONNX Runtime", "torch": "PyTorch"}


def open_network(
    card: ModelCard,
    network: str,
    device: str,
    threads: int,
    half: bool,
    tell: Callable[[str], None],
    backend: Optional[str] = None,
) -> FrugalNetwork:
    """Open a model's network on a device.

    On the CPU ONNX Runtime comes first, for it is faster there; on a GPU PyTorch does. A device that is not there is
    replaced by the CPU, and that is said.

    Args:
        card: The card of the weights.
        network: "module:Class" of the network below `satfusion_qgis`.
        device: "auto", "cpu", "cuda:N", "mps", "directml", "coreml" or "openvino".
        threads: Threads on the CPU.
        half: Compute in half precision, where the backend can.
        tell: Gets lines for the log.
        backend: "onnx" or "torch"; None to choose.

    Raises:
        InputError: No such device name; nothing here can run the model's files; or the weights are not right.
    """
    if not re.fullmatch(r"auto|cpu|cuda(:\d+)?|mps|directml|coreml|openvino", device):
        raise InputError(f"DEVICE must be {DEVICES}, not {device!r}.")
    usable = _usable(card, backend)
    chosen, used = _choose(usable, "cuda:0" if device == "cuda" else device)
    opened = _open(card, network, chosen, used, threads, half)
    asked = f" (asked for: {device})" if device not in ("auto", used) else ""
    tell(f"Device: {opened.title}{asked}")
    if half and chosen == "onnx":
        tell("Precision: ONNX Runtime computes in the file's own precision")

    def on_cpu() -> Backend:
        best, _ = _choose(usable, "cpu")
        return _open(card, network, best, "cpu", threads, False)

    return FrugalNetwork(opened, None if used == "cpu" else on_cpu, card, tell)


def _usable(card: ModelCard, backend: Optional[str]) -> dict[str, list[str]]:
    """Return the devices of each backend that can run one of the card's files."""
    found = {}
    for name in ("onnx", "torch") if backend is None else (backend,):
        if card.file(_FILE_OF[name]) is not None and importlib.util.find_spec(_MODULE_OF[name]) is not None:
            found[name] = devices_of(name)
    if not found:
        formats = ", ".join(sorted({file.format for file in card.files})) or "nothing"
        needs = " or ".join(_TITLE_OF[name] for name in ("onnx", "torch") if card.file(_FILE_OF[name]) is not None)
        raise InputError(
            f"MODEL: {card.id} comes as {formats}, which needs {needs or 'weights'}: the engine here has none of it; "
            "install the engine in its full size, or export the model to ONNX."
        )
    return found


def devices_of(backend: str) -> list[str]:
    """Return the devices that a backend ("onnx", "torch") can compute on, best first."""
    if backend == "onnx":
        from .onnx_backend import available_devices as of_onnx

        return of_onnx()
    from .torch_backend import available_devices as of_torch

    return of_torch()


def _choose(usable: dict[str, list[str]], device: str) -> tuple[str, str]:
    """Return (backend, device): the one asked for, or the CPU where it is not there."""
    on_gpu = [name for name in ("torch", "onnx") if name in usable]
    on_cpu = [name for name in ("onnx", "torch") if name in usable]
    if device == "auto":
        for name in on_gpu:
            if usable[name][0] != "cpu":
                return name, usable[name][0]
        return on_cpu[0], "cpu"
    for name in on_cpu if device == "cpu" else on_gpu:
        if device in usable[name]:
            return name, device
    return on_cpu[0], "cpu"


def _open(card: ModelCard, network: str, backend: str, device: str, threads: int, half: bool) -> Backend:
    if backend == "onnx":
        from .onnx_backend import OnnxBackend

        return OnnxBackend(card, device, threads)
    from .torch_backend import TorchBackend

    return TorchBackend(card, network, device, threads, half)
