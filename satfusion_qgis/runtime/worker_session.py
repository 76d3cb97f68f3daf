"""The session that computes in another Python interpreter, and calls of the engine's functions there."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from ..tasks.errors import Cancelled
from ..tasks.feedback import Feedback
from ..tasks.method import Array, Blocks, Method, SceneInfo, State
from ..tasks.window import Window
from . import in_process
from .child import Child
from .session import Remark, Session, SessionInfo

_CALL_GRACE_S = 5.0


class WorkerSession(Session):
    """Computes in a worker, one window after the other; the process starts with `open` and ends with `close`.

    Args:
        interpreter: The engine's Python.
        method: The method's description.
        parameters: Checked values by name.
        scene: What is known of the scene.
        model_folder: For networks, the folder of the model.
        device: "auto", "cpu", or what the engine knows.
        threads: Threads of the device; 0 for one for each core.
    """

    def __init__(
        self,
        interpreter: Path,
        method: Method,
        parameters: Mapping[str, Any],
        scene: SceneInfo,
        model_folder: Optional[Path] = None,
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        self._child = Child(interpreter, threads)
        self._asked = {
            "task": method.task,
            "method": method.id,
            "parameters": dict(parameters),
            "scene": scene,
            "model_folder": None if model_folder is None else str(model_folder.absolute()),
            "device": device,
            "threads": threads,
        }
        self._remarks: deque[Remark] = deque()

    def open(self) -> SessionInfo:
        """Start the worker, and make it ready for the method.

        Raises:
            InputError: The interpreter, the model or the device cannot be used; one sentence.
            Cancelled: `cancel` was called; nothing in a worker that only starts is worth waiting for.
        """
        self._child.start()
        found = self._child.request("open", self._asked, self._hear, grace_s=0.0)
        return SessionInfo(
            found["device_used"], found["window_multiple"], found["batch"], concurrent=False, notes=found["notes"]
        )

    def set_state(self, state: State) -> None:
        """Send what the scene-wide passes found."""
        self._child.request("state", state, self._hear)

    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Compute some windows; a call waits for others that are running."""
        asked = {"batch": [dict(blocks) for blocks in batch], "windows": list(windows)}
        results: list[dict[str, Array]] = self._child.request("fuse", asked, self._hear)
        return results

    def cancel(self) -> None:
        """Ask the worker to stop; it is killed a second later."""
        self._child.cancel()

    def close(self) -> None:
        """End the worker."""
        self._child.close()

    def remarks(self) -> list[Remark]:
        """Return what the worker said since the last call."""
        return [self._remarks.popleft() for _ in range(len(self._remarks))]

    def _hear(self, kind: str, body: Any) -> None:
        if kind in ("log", "warning"):
            self._remarks.append(Remark(str(body["text"]), kind == "warning"))


def run_in_engine(
    interpreter: Optional[Path], name: str, arguments: Mapping[str, Any], feedback: Optional[Feedback] = None
) -> dict[str, Any]:
    """Run one of the engine's functions (`in_process.ENGINE_CALLS`) in a worker of its own.

    Args:
        interpreter: The engine's Python; None when this interpreter is it.
        name: Which function.
        arguments: Plain data and arrays.
        feedback: Who is told about progress, and who may cancel; used in the calling thread only.

    Raises:
        InputError: It cannot be run; one sentence.
        Cancelled: The user cancelled; the worker gets some seconds to put its files in order.
    """
    feedback = feedback or Feedback()
    if interpreter is None:
        return _run_here(name, arguments, feedback)
    child = Child(interpreter)
    try:
        child.start(feedback.cancelled)
        result: dict[str, Any] = child.request(
            "call",
            {"name": name, "arguments": dict(arguments)},
            lambda kind, body: _pass_on(feedback, kind, body),
            feedback.cancelled,
            _CALL_GRACE_S,
        )
        return result
    finally:
        child.close()


def _run_here(name: str, arguments: Mapping[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Run a function in this interpreter; what it tells from threads of its own goes one by one."""
    one = threading.Lock()

    def tell(said: Mapping[str, Any]) -> None:
        with one:
            for kind, body in in_process.messages_of(said):
                _pass_on(feedback, kind, body)

    result = in_process.call(name, arguments, tell, feedback.cancelled)
    if feedback.cancelled():
        raise Cancelled
    return result


def _pass_on(feedback: Feedback, kind: str, body: Any) -> None:
    if kind == "progress":
        feedback.progress(body["fraction"], body["remaining_s"])
    elif kind == "log":
        feedback.info(body["text"])
    elif kind == "warning":
        feedback.warning(body["text"])
    elif kind == "scores":
        feedback.scores(body)
