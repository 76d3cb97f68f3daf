"""Runs `engine/check.py` in the engine's interpreter, and reads its answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ..locations import find
from ..tasks.engine_advice import ADVICE, kind_of
from ..tasks.errors import InputError
from .child_environment import clean_environment
from .commands import Ended, last_line, run

_FORMAT = 1
_LIMIT_S = 300.0  # the first start of torch and CUDA, with a scanner for viruses at work
_AT = "checking: "


@dataclass(frozen=True)
class Problem:
    """What hinders the engine or slows it down.

    Attributes:
        subject: The package or device.
        error: What happened.
        fix: What to do about it, in one sentence.
    """

    subject: str
    error: str
    fix: str


@dataclass(frozen=True)
class CheckedDevice:
    """A device of a runtime, as it was tried.

    Attributes:
        runtime: "torch" or "onnxruntime".
        device: "cpu", "cuda:0", "mps", "directml:0", ...
        name: What the hardware is called; "" where it is not known.
        memory_free: Bytes; None where it is not known.
        memory_total: Bytes; None where it is not known.
        ok: Whether it computed the right numbers.
        milliseconds: Time of one small convolution; None when it failed.
        error: Why it failed.
    """

    runtime: str
    device: str
    name: str
    memory_free: Optional[int]
    memory_total: Optional[int]
    ok: bool
    milliseconds: Optional[float]
    error: str


@dataclass(frozen=True)
class EngineCheck:
    """What was found in an interpreter.

    Attributes:
        interpreter: Its file.
        ok: Whether networks can run in it.
        python: Its version; "" when it does not start.
        versions: Versions of the packages that were imported, by name.
        missing: Packages that are not there at all.
        devices: What the runtimes offer.
        problems: What hinders or slows down.
    """

    interpreter: Path
    ok: bool
    python: str
    versions: Mapping[str, str]
    missing: tuple[str, ...]
    devices: tuple[CheckedDevice, ...]
    problems: tuple[Problem, ...]


def check_engine(
    interpreter: Path,
    cancelled: Callable[[], bool] = lambda: False,
    time_limit_s: float = _LIMIT_S,
    variables: Optional[Mapping[str, str]] = None,
) -> EngineCheck:
    """Try an interpreter: what it imports, and what computes in it.

    Args:
        interpreter: Its file.
        cancelled: Tells whether the user wants to stop.
        time_limit_s: Longest time for all.
        variables: Environment variables to clean and use; those at hand by default.

    Raises:
        Cancelled: `cancelled` said so.
    """
    lines: list[str] = []
    arguments = [str(interpreter), str(find("engine/check.py")), "--json"]
    base = dict(os.environ) if variables is None else variables
    try:
        ended = run(arguments, clean_environment(base), lines.append, cancelled, time_limit_s)
    except InputError as error:
        return _nothing(interpreter, str(interpreter), str(error), ADVICE["missing"])
    answer = _answer(lines)
    if answer is None:
        return _nothing(interpreter, *_what_happened(interpreter, ended, time_limit_s))
    return _read(interpreter, answer)


def _answer(lines: list[str]) -> Optional[dict[str, Any]]:
    for line in reversed(lines):
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict) and value.get("format") == _FORMAT:
            return value
    return None


def _what_happened(interpreter: Path, ended: Ended, limit_s: float) -> tuple[str, str, str]:
    """Return subject, error and advice of a check that gave no answer."""
    said = ended.errors.splitlines()
    steps = [line[len(_AT) :] for line in said if line.startswith(_AT)]
    subject = steps[-1] if steps else str(interpreter)
    if ended.timed_out:
        return subject, f"there was no answer within {limit_s:.0f} s", ADVICE["slow"]
    how = f"it was ended by signal {-ended.code}" if ended.code < 0 else f"it ended with status {ended.code}"
    words = last_line("\n".join(line for line in said if not line.startswith(_AT)))
    error = f"{how} ({words})" if words else how
    kind = kind_of(error)
    return subject, error, ADVICE["stopped" if kind == "unknown" else kind]


def _nothing(interpreter: Path, subject: str, error: str, fix: str) -> EngineCheck:
    return EngineCheck(interpreter, False, "", {}, (), (), (Problem(subject, error, fix),))


def _read(interpreter: Path, answer: Mapping[str, Any]) -> EngineCheck:
    packages = answer["packages"]
    names = ("runtime", "device", "name", "memory_free", "memory_total", "ok", "milliseconds", "error")
    return EngineCheck(
        interpreter,
        bool(answer["ok"]),
        str(answer["python"]),
        {entry["name"]: entry["version"] for entry in packages if entry["version"]},
        tuple(entry["name"] for entry in packages if entry["error"].startswith("ModuleNotFoundError: No module named")),
        tuple(CheckedDevice(**{name: device[name] for name in names}) for device in answer["devices"]),
        tuple(Problem(entry["subject"], entry["error"], entry["fix"]) for entry in answer["problems"]),
    )
