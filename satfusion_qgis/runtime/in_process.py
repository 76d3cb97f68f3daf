"""The session that computes in this interpreter: classical methods, which need nothing installed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, Implementation, Method, State
from ..tasks.window import Window
from .session import Session, SessionInfo


class InProcessSession(Session):
    """Computes with an implementation in this interpreter, from any number of threads.

    Args:
        method: The method's description.
        implementation: Its computation, made for the scene.
        device: "auto" or "cpu".

    Raises:
        InputError: The method or device needs the engine.
    """

    def __init__(self, method: Method, implementation: Implementation, device: str = "auto") -> None:
        if method.runtime != "numpy":
            raise InputError(f"{method.title} needs the engine ({method.runtime}), which is not part of this version.")
        if device not in ("auto", "cpu"):
            raise InputError(f"DEVICE {device!r} is not there: {method.title} runs on the CPU.")
        self._method = method
        self._implementation = implementation
        self._state: State = {}
        self._cancel = threading.Event()

    def open(self) -> SessionInfo:
        """Return what this session is; nothing has to be started."""
        return SessionInfo("cpu", self._method.window_multiple, 1, concurrent=True)

    def set_state(self, state: State) -> None:
        """Take over what the scene-wide passes found."""
        self._state = state

    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Compute some windows, one after the other."""
        watched = [replace(window, cancelled=self._cancel.is_set) for window in windows]
        results = []
        for blocks, window in zip(batch, watched):
            window.raise_if_cancelled()
            results.append(self._implementation.fuse(blocks, self._state, window))
        return results

    def cancel(self) -> None:
        """Make running and later calls of `fuse` raise `Cancelled`."""
        self._cancel.set()

    def close(self) -> None:
        """Forget the state."""
        self._state = {}
