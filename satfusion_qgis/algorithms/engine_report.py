"""What is said of the engine: its state, its packages, its devices, and what to do, in the user's language."""

from __future__ import annotations

from typing import Optional

from ..runtime.engine_check import CheckedDevice, EngineCheck, Problem
from ..runtime.install import Wish, base_interpreter, manual_commands
from ..runtime.interpreters import CHOSEN, MANAGED, Interpreter
from ..runtime.machine import Machine
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from .texts import tr

_GIB = 2**30


def source_text(source: str) -> str:
    """Return who chose an interpreter."""
    if source == CHOSEN:
        return tr("named in the options or in INTERPRETER")
    if source == MANAGED:
        return tr("installed by SatFusion")
    return tr("named by the variable {}").format(source)


def memory_text(device: CheckedDevice) -> str:
    """Return the memory of a device; "" where it is not known."""
    if device.memory_free is None or device.memory_total is None:
        return ""
    return tr("{:.1f} of {:.1f} GiB free").format(device.memory_free / _GIB, device.memory_total / _GIB)


def result_text(device: CheckedDevice) -> str:
    """Return what became of trying a device."""
    if device.ok and device.milliseconds is not None:
        return tr("works: {:.2f} ms").format(device.milliseconds)
    return tr("fails: {}").format(device.error)


def problem_text(problem: Problem) -> str:
    """Return a problem and its remedy."""
    return tr("{}: {}. {}").format(problem.subject, problem.error.rstrip("."), tr(problem.fix))


def device_rows(found: EngineCheck) -> list[tuple[str, str, str, str, str]]:
    """Return runtime, device, name, memory and result of every device."""
    return [
        (device.runtime, device.device, device.name, memory_text(device), result_text(device))
        for device in found.devices
    ]


def report_lines(found: EngineCheck, source: str) -> list[str]:
    """Return what a check found, as a table for the log."""
    lines = [
        tr("Interpreter: {} ({})").format(found.interpreter, source_text(source)),
        tr("Python {}").format(found.python) if found.python else tr("Python does not start"),
    ]
    lines += [f"{name} {version}" for name, version in found.versions.items()]
    if found.missing:
        lines.append(tr("Not installed: {}").format(", ".join(found.missing)))
    rows = [(tr("runtime"), tr("device"), tr("name"), tr("memory"), tr("result")), *device_rows(found)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows if found.devices else ():
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        lines.append("  ".join([*cells, row[4]]).rstrip())
    lines.append(tr("The engine works.") if found.ok else tr("The engine does not work."))
    return lines


def manual_lines(wish: Wish, machine: Machine, feedback: Optional[Feedback] = None) -> list[str]:
    """Return the commands that install the engine by hand; the reason where nothing fits this machine."""
    base: Optional[Interpreter] = None
    try:
        base = base_interpreter(wish.interpreter, machine, _Silent(feedback))
    except InputError:
        base = None
    try:
        return manual_commands(wish, machine, base)
    except InputError as error:
        return [str(error)]


class _Silent(Feedback):
    """Passes on only whether the user cancelled."""

    def __init__(self, feedback: Optional[Feedback]) -> None:
        self._feedback = feedback

    def cancelled(self) -> bool:
        """Tell whether the user pressed Cancel."""
        return self._feedback is not None and self._feedback.cancelled()
