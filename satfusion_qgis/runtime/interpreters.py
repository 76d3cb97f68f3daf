"""Finds the interpreter of the engine and those that can make its environment, and says what is in one.

In QGIS `sys.executable` may be QGIS itself, or whatever python3 comes first on PATH: an interpreter counts only
after a probe has run in it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ..locations import find
from ..tasks.engine_advice import ADVICE, advice_on
from ..tasks.errors import InputError
from .child_environment import clean_environment
from .commands import Ended, last_line, run
from .machine import MACOS, WINDOWS, Machine, managed_python, python_in

CHOSEN, VARIABLE, MANAGED = "chosen", "SATFUSION_PYTHON", "managed"
PACKAGES = ("numpy", "onnxruntime", "torch", "safetensors", "onnx", "lightning")
_START_LIMIT_S = 20.0
_IMPORT_LIMIT_S = 180.0  # the first import of torch, while a scanner for viruses reads every library of it
_XCODE_STUB = Path("/usr/bin/python3")  # on macOS it opens an installer


@dataclass(frozen=True)
class Found:
    """An interpreter for the engine that somebody chose.

    Attributes:
        path: Its file.
        source: Who chose it: "chosen" (option or parameter), "SATFUSION_PYTHON" (variable) or "managed" (installed).
    """

    path: Path
    source: str


@dataclass(frozen=True)
class Package:
    """What became of importing a package.

    Attributes:
        name: Its name.
        version: Its version; "" when it was not imported.
        error: Why not; "" when it was.
    """

    name: str
    version: str
    error: str = ""

    @property
    def missing(self) -> bool:
        """Whether it is not there at all, which differs from being damaged."""
        return self.error == f"ModuleNotFoundError: No module named '{self.name}'"


@dataclass(frozen=True)
class Interpreter:
    """What a probe found in an interpreter.

    Attributes:
        path: Its file.
        problem: Why it is of no use, in a sentence; "" for one that works.
        version: Major, minor and micro.
        implementation: "cpython", ...
        bits: 64 or 32.
        prefix: Its environment's folder.
        base_prefix: The folder of the installation behind it.
        packages_in: Folders of its packages.
        can_make_environments: Whether `-m venv` can work.
        packages: What was imported, in the order asked for.
    """

    path: Path
    problem: str = ""
    version: tuple[int, ...] = ()
    implementation: str = ""
    bits: int = 0
    prefix: str = ""
    base_prefix: str = ""
    packages_in: tuple[str, ...] = ()
    can_make_environments: bool = False
    packages: tuple[Package, ...] = ()

    @property
    def version_text(self) -> str:
        """The version as it is written."""
        return ".".join(map(str, self.version))

    def package(self, name: str) -> Package:
        """Return what became of a package; not there when it was not asked for."""
        known = {package.name: package for package in self.packages}
        return known.get(name, Package(name, "", f"ModuleNotFoundError: No module named '{name}'"))


def find_engine(chosen: str, machine: Machine) -> Optional[Found]:
    """Return the interpreter to run the engine in; what was chosen is never replaced by another one.

    Args:
        chosen: What an option or a parameter names; "" for nothing.
        machine: This machine.

    Returns:
        The chosen one, else that of `SATFUSION_PYTHON`, else that of the managed environment; None without any.

    Raises:
        InputError: What was chosen is not there.
    """
    if chosen.strip():
        return Found(_named(chosen.strip(), "INTERPRETER", machine), CHOSEN)
    if machine.variable(VARIABLE):
        return Found(_named(machine.variable(VARIABLE), f"The variable {VARIABLE}", machine), VARIABLE)
    managed = managed_python(machine)
    return Found(managed, MANAGED) if managed.exists() else None


def _named(name: str, where: str, machine: Machine) -> Path:
    """Return the file that a user names, who may also name an environment's folder."""
    path = Path(name).expanduser()
    programs = ("bin/python3", "python.exe", "python3.exe")
    inside = [python_in(path, machine.system), *(path / program for program in programs)]
    found = next((item for item in (path, *inside) if item.is_file()), None)
    if found is None:
        program = "python.exe" if machine.system == WINDOWS else "bin/python3"
        raise InputError(f"{where}: there is no interpreter {name}; name the file {program} of a Python installation.")
    return found


def candidates(machine: Machine, versions: Sequence[str]) -> list[Path]:
    """Return interpreters that may make the environment, the likeliest first; none of them has been tried.

    Args:
        machine: This machine.
        versions: Versions of Python ("3.12") that are looked for by name, the preferred first.
    """
    of_system = {WINDOWS: _on_windows, MACOS: _on_macos}.get(machine.system, _on_linux)
    kept: dict[str, Path] = {}
    for path in of_system(machine, versions):
        if path.is_file() and not _is_stub(path, machine):
            kept.setdefault(_identity(path), path)
    return list(kept.values())


def _on_windows(machine: Machine, versions: Sequence[str]) -> Iterator[Path]:
    for folder in (machine.prefix, machine.prefix / "bin"):
        yield from (folder / name for name in ("python.exe", "python3.exe"))
    digits = [version.replace(".", "") for version in versions]
    for name in ("LOCALAPPDATA", "ProgramFiles", "ProgramW6432"):
        base = machine.variable(name) or machine.variable(name.upper())
        folders = ("Programs/Python", "") if name == "LOCALAPPDATA" else ("",)
        for inner in folders if base else ():
            yield from (Path(base) / inner / f"Python{number}" / "python.exe" for number in digits)
    yield from _conda(machine, "python.exe")
    yield from _on_path(machine, ("python.exe", "python3.exe"), ";")


def _on_macos(machine: Machine, versions: Sequence[str]) -> Iterator[Path]:
    yield from (machine.prefix / "bin" / name for name in ("python3", f"python{_dotted(machine.python)}"))
    for applications in (Path("/Applications"), machine.home / "Applications"):
        bundles = sorted(applications.glob("QGIS*.app"), reverse=True) if applications.is_dir() else []
        yield from (bundle / "Contents" / "MacOS" / "bin" / "python3" for bundle in bundles)
    frameworks = Path("/Library/Frameworks/Python.framework/Versions")
    yield from (frameworks / version / "bin" / "python3" for version in versions)
    for folder in (Path("/opt/homebrew/bin"), Path("/usr/local/bin")):
        yield from (folder / f"python{version}" for version in versions)
    yield from _conda(machine, "bin/python3")
    yield from _on_path(machine, [*(f"python{version}" for version in versions), "python3"], ":")


def _on_linux(machine: Machine, versions: Sequence[str]) -> Iterator[Path]:
    own = f"python{_dotted(machine.python)}"
    yield machine.prefix / "bin" / own
    names = [own, *(f"python{version}" for version in versions), "python3"]
    yield from _on_path(machine, names, ":")
    yield from (Path("/usr/bin") / name for name in names)
    yield from _conda(machine, "bin/python3")


def _conda(machine: Machine, name: str) -> Iterator[Path]:
    """Yield conda's interpreters: that around QGIS, the active one, and the usual places of an installation."""
    if (machine.prefix / "conda-meta").is_dir():
        yield machine.prefix / name
    active = machine.variable("CONDA_PREFIX")
    if active:
        yield Path(active) / name
    for folder in ("miniforge3", "mambaforge", "miniconda3", "anaconda3"):
        yield machine.home / folder / name


def _on_path(machine: Machine, names: Iterable[str], separator: str) -> Iterator[Path]:
    folders = [Path(folder) for folder in machine.variable("PATH").split(separator) if folder]
    yield from (folder / name for name in names for folder in folders)


def _is_stub(path: Path, machine: Machine) -> bool:
    """Tell whether a file only looks like an interpreter, and opens a shop or an installer when it is run."""
    if machine.system == MACOS:
        return _XCODE_STUB in (path, Path(os.path.realpath(path)))
    return machine.system == WINDOWS and "WindowsApps" in path.parts


def _identity(path: Path) -> str:
    # An environment's interpreter is a link to another one, and still not the same.
    return str(path) if (path.parent.parent / "pyvenv.cfg").is_file() else os.path.realpath(path)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


_Key = tuple[str, tuple[str, ...]]
_cache: dict[_Key, tuple[tuple[int, ...], Interpreter]] = {}
_cache_lock = threading.Lock()


def probe(
    path: Path,
    packages: Sequence[str] = (),
    cancelled: Callable[[], bool] = lambda: False,
    time_limit_s: Optional[float] = None,
    variables: Optional[Mapping[str, str]] = None,
) -> Interpreter:
    """Run an interpreter, and return what it is and which packages it imports.

    What was found is kept as long as neither the interpreter nor its folders of packages change.

    Args:
        path: The interpreter.
        packages: What to import in it.
        cancelled: Tells whether the user wants to stop.
        time_limit_s: Longest time for all; 20 s, or 180 s with packages, by default.
        variables: Environment variables to clean and use; those at hand by default.

    Returns:
        The findings; one that does not run has a `problem` and no version.

    Raises:
        Cancelled: `cancelled` said so.
    """
    key = (str(path), tuple(packages))
    with _cache_lock:
        stamp, known = _cache.get(key, ((), Interpreter(path)))
    if stamp and stamp == stamp_of(known):
        return known
    limit = time_limit_s or (_IMPORT_LIMIT_S if packages else _START_LIMIT_S)
    found = _probed(path, packages, cancelled, limit, dict(os.environ) if variables is None else variables)
    if not found.problem:
        with _cache_lock:
            _cache[key] = (stamp_of(found), found)
    return found


def forget_probes() -> None:
    """Forget what was found."""
    with _cache_lock:
        _cache.clear()


def stamp_of(found: Interpreter) -> tuple[int, ...]:
    """Return when an interpreter and its folders of packages were changed last."""
    return tuple(_changed(Path(name)) for name in (str(found.path), *found.packages_in))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _probed(
    path: Path, packages: Sequence[str], cancelled: Callable[[], bool], limit_s: float, variables: Mapping[str, str]
) -> Interpreter:
    lines: list[dict[str, Any]] = []
    arguments = [str(path), str(find("runtime/probe.py")), *packages]
    try:
        ended = run(
            arguments, clean_environment(variables), lambda line: lines.extend(_parsed(line)), cancelled, limit_s
        )
    except InputError as error:
        return Interpreter(path, str(error))
    if not lines or "version" not in lines[0]:
        return Interpreter(path, f"{path} is no interpreter that can be used: {_why(ended, limit_s)}.")
    head = lines[0]
    return Interpreter(
        path,
        "",
        tuple(head["version"]),
        head["implementation"],
        head["bits"],
        head["prefix"],
        head["base_prefix"],
        tuple(head["packages_in"]),
        head["can_make_environments"],
        tuple(_packages(lines[1:], packages, _why(ended, limit_s))),
    )


def _parsed(line: str) -> list[dict[str, Any]]:
    try:
        value = json.loads(line)
    except ValueError:
        return []
    return [value] if isinstance(value, dict) else []


def _packages(lines: Sequence[Mapping[str, Any]], wanted: Sequence[str], why: str) -> Iterator[Package]:
    known = {
        line["package"]: Package(line["package"], line["version"], line["error"]) for line in lines if "error" in line
    }
    begun = {line["importing"] for line in lines if "importing" in line}
    for name in wanted:
        if name in known:
            yield known[name]
        elif name in begun:
            yield Package(name, "", f"importing it ended the interpreter: {why}")
        else:
            yield Package(name, "", "it was not tried, for the interpreter ended before")


def _why(ended: Ended, limit_s: float) -> str:
    """Return how a probe ended, in words that are part of a sentence."""
    if ended.timed_out:
        return f"it did not answer within {limit_s:.0f} s"
    said = last_line(ended.errors).rstrip(".")
    how = f"signal {-ended.code}" if ended.code < 0 else f"exit status {ended.code}"
    return f"{said} ({how})" if said else how


def problems_of(found: Interpreter, needed: Sequence[str]) -> list[str]:
    """Return what hinders the engine in an interpreter, one sentence with its remedy for each.

    Args:
        found: A probe that imported `PACKAGES`.
        needed: Packages without which it is no engine.
    """
    if found.problem:
        return [found.problem]
    said = []
    for package in found.packages:
        if package.missing and package.name not in needed:
            continue
        if package.missing:
            said.append(f"{package.name} is not installed in {found.path}. {ADVICE['missing']}")
        elif package.error:
            said.append(
                f"{package.name} cannot be imported in {found.path} ({package.error}). {advice_on(package.error)}"
            )
    return said
