"""Which form of the inner sums computes: compiled for the processor, or on a graphics card."""

from __future__ import annotations

from ...classical.spatiotemporal.kernels import Kernels


def open_kernels(device: str, threads: int) -> tuple[Kernels, str, list[str]]:
    """Return what computes, the device that it uses, and lines for the log.

    Args:
        device: "cuda" or "cuda:N" for a graphics card; anything else is the processor.
        threads: Threads of compiled code.

    Raises:
        ImportError: There is no numba.
    """
    notes: list[str] = []
    if device.startswith("cuda"):
        missing = _missing(device)
        if not missing:
            from .torch_arrays import TorchArrays

            return Kernels(TorchArrays(device)), device, notes
        notes.append(f"DEVICE {device} is not there ({missing}): the processor computes.")
    from .compiled import CompiledKernels

    return CompiledKernels(threads), "cpu", notes


def _missing(device: str) -> str:
    """Return why torch cannot compute on a device; "" when it can."""
    try:
        import torch
    except ImportError:
        return "torch is not installed"
    if not torch.cuda.is_available():
        return "torch finds no NVIDIA GPU"
    number = int(device.partition(":")[2] or 0)
    return "" if number < torch.cuda.device_count() else f"there are {torch.cuda.device_count()}"
