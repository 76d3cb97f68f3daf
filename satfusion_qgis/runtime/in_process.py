"""What computes in this interpreter: classical methods anywhere, and in the engine's interpreter networks too.

This is the only file that reaches into the engine, and only inside functions.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

from ..catalogue import CATALOGUE, Catalogue
from ..inference.network import NetworkImplementation
from ..tasks.errors import InputError
from ..tasks.job import PYTHON
from ..tasks.method import Array, Blocks, Implementation, Method, SceneInfo, State
from ..tasks.model_card import ModelCard
from ..tasks.window import Window
from .session import Remark, Session, SessionInfo

# What a worker can be told to run, by name: (arguments, tell, cancelled) -> result, all plain data and arrays.
ENGINE_CALLS = {
    "train": "engine.training.run:train",
    "import_model": "engine.models.importing:import_model",
    "export_model": "engine.models.exporting:export_model",
}

# Tells {"progress": 0.3, "remaining_s": 12.0}, {"log": text}, {"warning": text} or {"scores": {name: number}}.
Tell = Callable[[Mapping[str, Any]], None]


class InProcessSession(Session):
    """Computes with an implementation in this interpreter.

    Args:
        method: The method's description.
        implementation: Its computation, made for the scene.
        device: "auto", "cpu", or for networks what the engine knows. A method with a compiled form computes in plain
            NumPy with "python", and in that form with any other: in the engine's interpreter alone.
        threads: For networks and compiled code, threads of the device; 0 for one for each core.

    Raises:
        InputError: The device is not there for this method.
    """

    def __init__(
        self,
        method: Method,
        implementation: Implementation,
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        if method.runtime == "numpy" and not method.compiled and device not in ("auto", "cpu", PYTHON):
            raise InputError(f"DEVICE must be 'auto' or 'cpu' for {method.title}, not {device!r}.")
        self._method = method
        self._implementation = implementation
        self._device = device
        self._threads = threads
        self._remarks: deque[Remark] = deque()
        self._close_network: Callable[[], None] = _nothing
        self._state: State = {}
        self._cancel = threading.Event()

    def open(self) -> SessionInfo:
        """Get a network or compiled code ready; other classical methods are."""
        if self._method.compiled and self._device != PYTHON:
            return self._attach_kernels()
        if self._method.runtime == "numpy":
            return SessionInfo("cpu", self._method.window_multiple, 1, concurrent=True)
        return self._attach_network()

    def set_state(self, state: State) -> None:
        """Take over what the scene-wide passes found."""
        self._state = state

    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Compute some windows, one after the other; classical methods from any number of threads."""
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
        """Forget the state, and free a network's device."""
        self._state = {}
        self._close_network()
        self._close_network = _nothing

    def remarks(self) -> list[Remark]:
        """Return what the network's device had to say since the last call."""
        return [self._remarks.popleft() for _ in range(len(self._remarks))]

    def _attach_kernels(self) -> SessionInfo:
        """Have compiled code, or a graphics card, compute the inner sums."""
        try:
            from ..engine.kernels.opening import open_kernels
        except ImportError as error:
            raise InputError(
                f"DEVICE: the Python {sys.executable} lacks {error.name or error}, which compiled code needs: choose "
                "DEVICE python, or install the engine (satfusion:engine_install) with SIZE full."
            ) from None
        kernels, device, notes = open_kernels(self._device, self._threads or os.cpu_count() or 1)
        self._implementation.compute_with(kernels)
        notes.append(f"{self._method.title} computes with {kernels.name}.")
        return SessionInfo(device, self._method.window_multiple, 1, concurrent=device == "cpu", notes=tuple(notes))

    def _attach_network(self) -> SessionInfo:
        """Load a network's weights onto a device and attach it to the implementation."""
        implementation = self._implementation
        if not isinstance(implementation, NetworkImplementation):
            raise InputError(f"{self._method.title} is no network, so it cannot run in the engine.")
        try:
            from ..engine.backends.opening import open_network
        except ImportError as error:
            raise InputError(
                f"The engine's Python {sys.executable} lacks {error.name or error}; check the engine (engine_check)."
            ) from None
        network = open_network(
            implementation.card,
            self._method.network,
            self._device,
            self._threads or os.cpu_count() or 1,
            implementation.parameters.get("PRECISION") == "half",
            lambda text: self._remarks.append(Remark(text)),
        )
        implementation.attach(network)
        self._close_network = network.close
        notes = tuple(remark.text for remark in self.remarks())
        return SessionInfo(network.device, self._method.window_multiple, 1, concurrent=False, notes=notes)


def session_for(
    task: str,
    method: str,
    parameters: Mapping[str, Any],
    scene: SceneInfo,
    model_folder: Optional[Path] = None,
    device: str = "auto",
    threads: int = 0,
    catalogue: Optional[Catalogue] = None,
) -> InProcessSession:
    """Return a session for a method by name; the arguments are those of `WorkerSession` and `InProcessSession`.

    Raises:
        InputError: A name, a parameter or the device is unknown.
    """
    catalogue = catalogue or CATALOGUE
    found = catalogue.method(task, method)
    card = None if model_folder is None else ModelCard.load(model_folder)
    implementation = catalogue.implement(found, parameters, scene, card)
    return InProcessSession(found, implementation, device, threads)


def call(name: str, arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Run a function of the engine in this interpreter.

    Args:
        name: One of `ENGINE_CALLS`.
        arguments: Plain data and arrays.
        tell: Takes progress, log lines, warnings and scores.
        cancelled: Tells whether the user wants to stop.

    Raises:
        InputError: The name is unknown, or this interpreter lacks what the function needs.
        Cancelled: `cancelled` said so.
    """
    if name not in ENGINE_CALLS:
        raise InputError(f"The engine has no function {name!r}; it has: {', '.join(sorted(ENGINE_CALLS))}.")
    module, _, function = ENGINE_CALLS[name].partition(":")
    package = __package__.rpartition(".")[0]
    try:
        found = getattr(importlib.import_module(f"{package}.{module}"), function)
    except ImportError as error:
        if (error.name or "").startswith(f"{package}."):
            raise InputError(f"The engine's function {name!r} is not part of this version.") from None
        raise InputError(f"The engine's Python {sys.executable} cannot run {name!r}: {error}.") from None
    result: dict[str, Any] = found(arguments, tell, cancelled)
    return result


def messages_of(said: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what a call tells as messages (kind, body)."""
    messages: list[tuple[str, Any]] = []
    if "progress" in said:
        messages.append(("progress", {"fraction": said["progress"], "remaining_s": said.get("remaining_s")}))
    messages += [(kind, {"text": str(said[kind])}) for kind in ("log", "warning") if kind in said]
    if "scores" in said:
        messages.append(("scores", dict(said["scores"])))
    return messages


def _nothing() -> None:
    """Do nothing: there is no network to close."""
