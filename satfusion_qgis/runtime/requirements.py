"""Which packages the engine needs: by size, GPU, version of Python and system; the rules are data/engine.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

from ..locations import find
from ..tasks.errors import InputError
from .accelerators import APPLE, CPU, CUDA
from .machine import MACOS, WINDOWS, Machine

SIZES = ("inference", "full")
DEVICES = ("cpu", "gpu")
TORCH_INDEX_VARIABLE = "SATFUSION_TORCH_INDEX"
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Step:
    """What one run of pip installs.

    Attributes:
        packages: Names of what is new in this step.
        pins: What pip is told: the pins of this step and of all before, so that they stay together.
        index: Address of a further index of packages; "" for none.
        share: About its part of the time, 0 to 1.
    """

    packages: tuple[str, ...]
    pins: tuple[str, ...]
    index: str
    share: float


@dataclass(frozen=True)
class Requirements:
    """What is to be installed.

    Attributes:
        size: "inference" or "full".
        accelerator: "cpu", "cuda", "directml", "openvino" or "apple".
        steps: What pip does, one after the other.
        imports: Packages that must import at the end.
        download_bytes: About how much is fetched.
        disk_bytes: About how much the environment takes, with what is unpacked on the way.
    """

    size: str
    accelerator: str
    steps: tuple[Step, ...]
    imports: tuple[str, ...]
    download_bytes: int
    disk_bytes: int

    @property
    def pins(self) -> tuple[str, ...]:
        """All that is told to pip."""
        return self.steps[-1].pins

    @property
    def digest(self) -> str:
        """A short sum of the pins: another one means that the plugin wants other packages than are there."""
        return hashlib.sha256("\n".join(self.pins).encode()).hexdigest()[:16]


@lru_cache(maxsize=2)
def _data(name: str) -> Mapping[str, Any]:
    data: dict[str, Any] = json.loads(find(f"runtime/data/{name}.json").read_text(encoding="utf-8"))
    return data


def preferred_versions() -> tuple[str, ...]:
    """Return the versions of Python that the engine runs on, the preferred first."""
    return tuple(_data("engine")["python"]["preferred"])


def version_range() -> tuple[str, str]:
    """Return the lowest and the highest version of Python that the engine runs on."""
    python = _data("engine")["python"]
    return python["lowest"], python["highest"]


def fits(version: tuple[int, ...]) -> bool:
    """Tell whether the engine runs on a version of Python."""
    lowest, highest = (tuple(map(int, text.split("."))) for text in version_range())
    return lowest <= version[:2] <= highest


def how_to_get_python(machine: Machine) -> str:
    """Return how to get an interpreter that fits, in one sentence."""
    lowest, highest = version_range()
    wanted = f"Python {lowest} to {highest}"
    if machine.system == WINDOWS:
        return (
            f"Install {wanted} (64 bit) with the installer of Python's website, or name its python.exe in INTERPRETER."
        )
    if machine.system == MACOS:
        return (
            f"Install {wanted} with the installer of Python's website or with Homebrew (brew install python@3.12), or "
            "name its python3 in INTERPRETER."
        )
    return (
        f"Install {wanted} with its module venv (Debian and Ubuntu: sudo apt install python3-venv; Fedora: sudo dnf "
        "install python3.12), or name its python3 in INTERPRETER."
    )


def requirements(
    size: str, accelerator: str, machine: Machine, python: tuple[int, ...], torch_index: Optional[str] = None
) -> Requirements:
    """Return what is to be installed.

    Args:
        size: "inference" or "full".
        accelerator: "cpu", "cuda", "directml", "openvino" or "apple".
        machine: The machine that it is for.
        python: Version of the interpreter that it is for.
        torch_index: Address of the index of torch's builds; "" uses none but pip's own; by default that of
            `SATFUSION_TORCH_INDEX` or of data/addresses.json.

    Raises:
        InputError: No packages fit the version, the system or the GPU.
    """
    version = ".".join(map(str, python[:2]))
    if not fits(python):
        lowest, highest = version_range()
        raise InputError(f"INTERPRETER: the engine needs Python {lowest} to {highest}, not {version}.")
    data = _data("engine")
    steps: list[Step] = []
    pins: tuple[str, ...] = ()
    for names, share in zip(data["sizes"][size], data["shares"][size]):
        own = tuple(_pin(name, accelerator, machine, version) for name in names)
        index = _torch_index(own[0], accelerator, machine, torch_index) if "torch" in names else ""
        pins += own
        steps.append(Step(tuple(names), pins, index, share))
    sizes = data["mebibytes"][size]
    download, disk = sizes.get(accelerator, sizes[CPU])
    return Requirements(
        size, accelerator, tuple(steps), tuple(data["imports"][size]), download * _MEBIBYTE, disk * _MEBIBYTE
    )


def _pin(name: str, accelerator: str, machine: Machine, version: str) -> str:
    rule = next(rule for rule in _data("engine")["packages"][name] if _applies(rule, accelerator, machine, version))
    if not rule["pin"]:
        raise InputError(rule["why"])
    return str(rule["pin"])


def _applies(rule: Mapping[str, Any], accelerator: str, machine: Machine, version: str) -> bool:
    return (
        version in rule.get("python", (version,))
        and rule.get("accelerator", accelerator) == accelerator
        and rule.get("system", machine.system) == machine.system
        and rule.get("architecture", machine.architecture) == machine.architecture
        and ("macos_below" not in rule or 0 < machine.macos < rule["macos_below"])
    )


def _torch_index(pin: str, accelerator: str, machine: Machine, chosen: Optional[str]) -> str:
    """Return where a build of torch lies: pip's own index has that for CUDA on Linux, for the CPU elsewhere."""
    if chosen is None:
        chosen = machine.variables.get(TORCH_INDEX_VARIABLE)
    if chosen is not None:
        return chosen.strip()
    known = _data("addresses")["torch"]
    if accelerator == APPLE or machine.system == MACOS:
        return ""
    if accelerator != CUDA:
        return str(known["cpu"])
    return str(known["cuda"][pin.split("==")[1]]) if machine.system == WINDOWS else ""
