"""Methods that misbehave, for tests of what a worker's session makes of them; loaded on both sides."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from satfusion_qgis.catalogue import METHODS, PANSHARPENING, Catalogue
from satfusion_qgis.classical.pansharpening.exp import Exp
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.method import Array, Blocks, Method, State
from satfusion_qgis.tasks.window import Window

PATIENCE_S = 20.0


def started() -> None:
    """Say that a window is being computed, where a test wants to know it."""
    if "SATFUSION_TEST_STARTED" in os.environ:
        Path(os.environ["SATFUSION_TEST_STARTED"]).write_text(str(os.getpid()))


class Slow(Exp):
    """Takes a hundredth of a second for a window."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        time.sleep(0.01)
        return super().fuse(blocks, state, window)


class Endless(Exp):
    """Works on its first window until it is cancelled."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        started()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            window.raise_if_cancelled()
            time.sleep(0.005)
        raise TimeoutError("nobody cancelled")


class Stubborn(Exp):
    """Works on its first window and never asks whether it is cancelled."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        started()
        time.sleep(PATIENCE_S)
        raise TimeoutError("nobody killed it")


class Exits(Exp):
    """Ends the process in the middle of a window."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        if window.row >= 32:
            print("Something. Fatal\nNo more cheese.\n\n", file=sys.stderr, flush=True)
            os._exit(3)
        return super().fuse(blocks, state, window)


class IsKilled(Exp):
    """As if the system had killed the process, for lack of memory."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        os.kill(os.getpid(), signal.SIGKILL)
        return {}


class Raises(Exp):
    """Raises what a fault of a library may raise."""

    errors: tuple[BaseException, ...] = (
        ValueError("Bad shape. Really\nbad."),
        MemoryError(),
        SystemExit("enough"),
        InputError("MS is too odd."),
    )

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        raise self.errors[int(os.environ["SATFUSION_TEST_ERROR"])]


class Chatty(Exp):
    """Prints a lot everywhere, and reads what it should not."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        print("to stdout", flush=True)
        os.write(1, b'{"version":1,"id":1,"kind":"result","body":null,"arrays":[],"bytes":0}\n')
        sys.stderr.write("to stderr\n" * 100_000)
        if sys.stdin.read():
            raise ValueError("there is something to read")
        return super().fuse(blocks, state, window)


class Unsendable(Exp):
    """Answers with what cannot be sent."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Any]:
        return {"OUTPUT": {1, 2}}


ODD = (Slow, Endless, Stubborn, Exits, IsKilled, Raises, Chatty, Unsendable)


def methods() -> tuple[Method, ...]:
    """The odd methods' entries of a catalogue."""
    return tuple(
        Method(kind.__name__.lower(), kind.__name__, "pansharpening", "Odd.", "Nobody", f"odd_methods:{kind.__name__}")
        for kind in ODD
    )


# On the worker's side this file stands below the package.
ODD_CATALOGUE = Catalogue((PANSHARPENING,), methods(), __name__.rpartition(".")[0])
WORKER_CATALOGUE = Catalogue((PANSHARPENING,), METHODS + methods())


# Functions to call

Tell = Callable[[Mapping[str, Any]], None]


def count(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Counts, and tells everything that can be told."""
    for number in range(arguments["to"]):
        tell({"progress": (number + 1) / arguments["to"], "remaining_s": float(arguments["to"] - number - 1)})
    tell({"progress": 1.0, "log": "counted", "warning": "that was all", "scores": {"loss": arguments["values"].sum()}})
    return {"sum": arguments["values"].sum(), "values": arguments["values"] * 2, "path": list(sys.path)}


def wait(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Waits for a cancel, and then puts its file in order."""
    begun = Path(arguments["file"])
    begun.write_text("begun")
    tell({"log": "begun"})
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if cancelled():
            begun.unlink()
            raise Cancelled
        time.sleep(0.01)
    raise TimeoutError("nobody cancelled")


def fail(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Fails as asked."""
    if arguments["how"] == "die":
        print("gone", file=sys.stderr, flush=True)
        os._exit(5)
    raise {"input": InputError("EPOCHS must be at least 1."), "failure": KeyError("weights")}[arguments["how"]]


CALLS = {name: f"odd_methods:{name}" for name in ("count", "wait", "fail")} | {
    "absent": "engine.absent:absent",
    "needs": "odd_needs:needs",
}
