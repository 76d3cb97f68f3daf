"""What decides where interpreters and data lie and what fits: the system, its variables, the interpreter at work."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..locations import data_folder

WINDOWS, MACOS, LINUX = "win32", "darwin", "linux"
_ARCHITECTURES = {"amd64": "x86_64", "x64": "x86_64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Machine:
    """A machine; that at hand by default.

    Attributes:
        system: "linux", "win32" or "darwin", as in `sys.platform`.
        architecture: "x86_64", "arm64", or what the system says.
        variables: Environment variables.
        home: The user's folder.
        prefix: Where the interpreter at work (QGIS's) is installed; its executable may be QGIS itself.
        python: Major and minor version of the interpreter at work.
        macos: Major version of macOS; 0 elsewhere.
    """

    system: str = sys.platform
    architecture: str = ""
    variables: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    home: Path = field(default_factory=Path.home)
    prefix: Path = field(default_factory=lambda: Path(sys.prefix))
    python: tuple[int, int] = sys.version_info[:2]
    macos: int = field(default_factory=lambda: _macos())

    def __post_init__(self) -> None:
        found = (self.architecture or platform.machine()).lower()
        object.__setattr__(self, "architecture", _ARCHITECTURES.get(found, found))

    def variable(self, name: str) -> str:
        """Return a variable without surrounding blanks, or ""."""
        return self.variables.get(name, "").strip()


def _macos() -> int:
    major = platform.mac_ver()[0].split(".")[0]
    return int(major) if major.isdigit() else 0


def engine_folder(machine: Machine) -> Path:
    """Return the folder of the managed environment; `SATFUSION_ENGINE_FOLDER` moves it."""
    chosen = machine.variable("SATFUSION_ENGINE_FOLDER")
    return (
        Path(chosen).expanduser() if chosen else data_folder(machine.system, machine.variables, machine.home) / "engine"
    )


def python_in(folder: Path, system: str) -> Path:
    """Return where an environment's interpreter is."""
    return folder / "Scripts" / "python.exe" if system == WINDOWS else folder / "bin" / "python"


def managed_python(machine: Machine) -> Path:
    """Return where the interpreter of the managed environment is, or would be."""
    return python_in(engine_folder(machine) / "environment", machine.system)
