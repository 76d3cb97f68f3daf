"""Which kind of GPU this machine has, as far as it decides which packages the engine needs.

Only the driver is asked, and nothing is loaded: whether a GPU really computes is found by `engine/check.py`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from ..tasks.errors import InputError
from .commands import run
from .machine import LINUX, MACOS, WINDOWS, Machine

CPU, CUDA, DIRECTML, OPENVINO, APPLE = "cpu", "cuda", "directml", "openvino", "apple"
_INTEL = "0x8086"


def has_nvidia_gpu(machine: Machine) -> bool:
    """Tell whether the NVIDIA driver is there and lists a GPU."""
    program = shutil.which("nvidia-smi", path=machine.variables.get("PATH", os.defpath))
    beside = Path(machine.variable("SystemRoot") or "C:/Windows") / "System32" / "nvidia-smi.exe"
    if program is None and machine.system == WINDOWS and beside.is_file():
        program = str(beside)
    if program is None:
        return False
    lines: list[str] = []
    try:
        ended = run([program, "--list-gpus"], machine.variables, lines.append, time_limit_s=20.0)
    except InputError:
        return False
    return ended.code == 0 and any(line.startswith("GPU") for line in lines)


def has_intel_gpu(drivers: Path = Path("/sys/class/drm")) -> bool:
    """Tell whether Linux lists an Intel GPU."""
    for path in drivers.glob("card*/device/vendor"):
        try:
            if path.read_text(encoding="ascii").strip() == _INTEL:
                return True
        except (OSError, ValueError):
            continue
    return False


def accelerator_of(
    machine: Machine,
    nvidia: Callable[[Machine], bool] = has_nvidia_gpu,
    intel: Callable[[], bool] = has_intel_gpu,
) -> str:
    """Return which packages a GPU of this machine needs.

    Returns:
        "apple" (macOS: the usual packages), "cuda" (NVIDIA), "directml" (any other GPU on Windows), "openvino" (Intel
        on Linux), or "cpu" where there is none that the engine can use.
    """
    if machine.system == MACOS:
        return APPLE
    if nvidia(machine):
        return CUDA
    if machine.system == WINDOWS:
        return DIRECTML
    return OPENVINO if machine.system == LINUX and machine.architecture == "x86_64" and intel() else CPU
