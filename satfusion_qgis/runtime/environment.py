"""The managed environment of the engine: what there is of it, its lock, its marker, and its removal.

    FOLDER/environment/       a virtual environment of Python
    FOLDER/installed.json     the marker: "half-installed" or "complete", with what was wanted and what is there
    FOLDER/temporary/         what pip unpacks on the way
    FOLDER/install.lock       while an installation runs

FOLDER lies outside the plugin (`machine.engine_folder`), so that an update of the plugin leaves it alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..tasks.errors import InputError
from .interpreters import Found, find_engine, forget_probes
from .machine import Machine, engine_folder, python_in
from .requirements import requirements

ABSENT, HALF, COMPLETE, OUTDATED, BROKEN = "absent", "half-installed", "complete", "outdated", "broken"
_MARKER = "installed.json"
_FORMAT = 1
_STALE_LOCK_S = 60.0


@dataclass(frozen=True)
class State:
    """What there is of the managed environment, without running it.

    Attributes:
        kind: "absent", "half-installed", "complete", "outdated" (it works, and the plugin wants other packages) or
            "broken" (its interpreter is gone).
        folder: The engine's folder.
        python: Its interpreter's place.
        sentence: The same for the user, with what to do.
        marker: What was written about it.
    """

    kind: str
    folder: Path
    python: Path
    sentence: str
    marker: Mapping[str, Any]


def state_of(machine: Machine) -> State:
    """Return what there is of the managed environment."""
    folder = engine_folder(machine)
    python = python_in(folder / "environment", machine.system)
    marker = read_marker(folder)
    kind = _kind(marker, python, machine)
    sentences = {
        ABSENT: "The engine is not installed; install it with satfusion:engine_install.",
        HALF: f"The engine in {folder} is half-installed: an installation was cut off or failed; run "
        "satfusion:engine_install again, which goes on where it stopped.",
        BROKEN: f"The engine in {folder} does not start: the Python it was made with ({marker.get('base', 'unknown')}) "
        "is gone; run satfusion:engine_install again to mend it.",
        OUTDATED: f"The engine in {folder} works, and this version of SatFusion wants other packages; run "
        "satfusion:engine_install again to update it.",
        COMPLETE: f"The engine is installed in {folder}.",
    }
    return State(kind, folder, python, sentences[kind], marker)


def _kind(marker: Mapping[str, Any], python: Path, machine: Machine) -> str:
    if not marker and not python.exists():
        return ABSENT
    if marker and marker.get("state") != COMPLETE:
        return HALF
    if not python.exists():
        return BROKEN
    return OUTDATED if marker and wanted_digest(marker, machine) != marker.get("requirements") else COMPLETE


def wanted_digest(marker: Mapping[str, Any], machine: Machine) -> str:
    """Return the sum of what this version of the plugin wants in an environment; "" where nothing fits."""
    version = tuple(int(part) for part in re.findall(r"\d+", str(marker.get("python", "")))[:2])
    try:
        return requirements(str(marker.get("size")), str(marker.get("accelerator")), machine, version).digest
    except (InputError, KeyError):
        return ""


def usable_engine(chosen: str, machine: Machine) -> Found:
    """Return the interpreter to run the engine in.

    Args:
        chosen: What an option or a parameter names; "" for nothing.
        machine: This machine.

    Raises:
        InputError: There is none, or the managed environment is half-installed or broken.
    """
    found = find_engine(chosen, machine)
    state = state_of(machine)
    if found is None or (found.path == state.python and state.kind in (HALF, BROKEN)):
        raise InputError(state.sentence)
    return found


@contextmanager
def locked(folder: Path) -> Iterator[Callable[[], None]]:
    """Keep other installations away.

    Yields:
        What is to be called every few seconds: a lock that was left behind counts for a minute only.

    Raises:
        InputError: Another installation runs, or the folder cannot be written.
    """
    path = folder / "install.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and time.time() - path.stat().st_mtime > _STALE_LOCK_S:
            path.unlink()
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        raise InputError(f"Another installation of the engine runs in {folder}: wait for its end.") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}): set SATFUSION_ENGINE_FOLDER.") from None
    try:
        yield lambda: os.utime(path)
    finally:
        path.unlink(missing_ok=True)


def remove(machine: Machine) -> bool:
    """Delete the managed environment.

    Returns:
        Whether there was one.

    Raises:
        InputError: A file of it is in use, or an installation runs.
    """
    folder = engine_folder(machine)
    if state_of(machine).kind == ABSENT:
        return False
    with locked(folder):
        delete(folder / "environment")
        delete(folder / "temporary")
        (folder / _MARKER).unlink(missing_ok=True)
    forget_probes()
    try:
        folder.rmdir()
    except OSError:
        return True  # it holds files of somebody else, which stay
    return True


def delete(folder: Path) -> None:
    """Delete a folder; a name of its own first, so that what cannot be deleted is never taken for an environment."""
    if not folder.exists() and not folder.is_symlink():
        return
    going = folder.with_name(f"{folder.name}.deleted")
    try:
        shutil.rmtree(going, ignore_errors=True)
        folder.rename(going)
        shutil.rmtree(going)
    except OSError as error:
        raise InputError(
            f"{error.filename or folder} cannot be deleted ({error.strerror}): close what uses the engine, and try "
            "again."
        ) from None


def read_marker(folder: Path) -> dict[str, Any]:
    """Return the marker; one that cannot be read counts as half-installed."""
    path = folder / _MARKER
    if not path.is_file():
        return {}
    try:
        marker = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"state": HALF}
    good = isinstance(marker, dict) and marker.get("format") == _FORMAT
    return marker if good else {"state": HALF}


def write_marker(folder: Path, marker: Mapping[str, Any]) -> None:
    """Write the marker, whole or not at all."""
    beside = folder / f"{_MARKER}.part"
    beside.write_text(json.dumps({"format": _FORMAT, **marker}, indent=1), encoding="utf-8")
    beside.replace(folder / _MARKER)
