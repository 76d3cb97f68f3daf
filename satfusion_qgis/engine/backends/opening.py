"""Choosing where a network runs, and opening it there."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from typing import Optional

from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from .backend import Backend, OutOfMemoryError
from .frugal import FrugalNetwork
from .trial import try_out

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
    """Open a model's network on a device, and try it out there on a small image.

    On the CPU ONNX Runtime comes first, which takes less memory there; on a GPU PyTorch does. A device that is missing,
    or that cannot run the network, is replaced by the CPU, and that is said.

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

    def on_cpu(in_half: bool = False) -> Backend:
        best, _ = _choose(usable, "cpu")
        return _opened_on_cpu(card, network, best, threads, in_half)

    try:
        opened = on_cpu(half) if used == "cpu" else _opened(card, network, chosen, used, threads, half)
    except (InputError, OutOfMemoryError) as error:
        if used == "cpu":
            raise
        opened = on_cpu()  # where the fault is the model's, this says so
        tell(f"{used} cannot run {card.id}: {str(error).rstrip('.') or 'too little memory'}")
    asked = ""
    if device != "auto" and opened.device != ("cuda:0" if device == "cuda" else device):
        asked = f" (asked for: {device}, which is not there)" if used == "cpu" else f" (asked for: {device})"
    tell(f"Device: {opened.title}{asked}")
    if half and "ONNX" in opened.title:
        tell("Precision: ONNX Runtime computes in the file's own precision")
    return FrugalNetwork(opened, None if opened.device == "cpu" else on_cpu, card, tell)


def _usable(card: ModelCard, backend: Optional[str]) -> dict[str, list[str]]:
    """Return the devices of each backend that can run one of the card's files."""
    found, broken = {}, []
    for name in ("onnx", "torch") if backend is None else (backend,):
        if card.file(_FILE_OF[name]) is None or importlib.util.find_spec(_MODULE_OF[name]) is None:
            continue
        try:
            found[name] = devices_of(name)
        except (ImportError, OSError) as error:  # a library of theirs that is missing
            broken.append(f"{_TITLE_OF[name]} does not load ({str(error).splitlines()[0].rstrip('.')})")
    if found:
        return found
    if broken:
        raise InputError(f"MODEL: {card.id} cannot be run: {'; '.join(broken)}; set the engine up again.")
    formats = ", ".join(sorted({file.format for file in card.files})) or "nothing"
    needs = " or ".join(_TITLE_OF[name] for name in ("onnx", "torch") if card.file(_FILE_OF[name]) is not None)
    raise InputError(
        f"MODEL: {card.id} comes as {formats}, which needs {needs or 'weights'}: the engine here has none of it; "
        "install the engine in its full size, or export the model to ONNX."
    )


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


def _opened_on_cpu(card: ModelCard, network: str, backend: str, threads: int, half: bool) -> Backend:
    try:
        return _opened(card, network, backend, "cpu", threads, half)
    except OutOfMemoryError:
        raise InputError(f"Too little memory to open {card.id}; close other programs.") from None


def _opened(card: ModelCard, network: str, backend: str, device: str, threads: int, half: bool) -> Backend:
    opened = _open(card, network, backend, device, threads, half)
    try:
        try_out(card, opened, far=backend == "onnx")
    except (InputError, OutOfMemoryError):
        opened.close()
        raise
    return opened


def _open(card: ModelCard, network: str, backend: str, device: str, threads: int, half: bool) -> Backend:
    if backend == "onnx":
        from .onnx_backend import OnnxBackend

        return OnnxBackend(card, device, threads)
    from .torch_backend import TorchBackend

    return TorchBackend(card, network, device, threads, half)
