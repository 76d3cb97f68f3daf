"""Networks in ONNX Runtime."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, Optional

import numpy as np
import onnxruntime

from ...inference.network import REVISITS, network_inputs
from ...tasks.errors import Cancelled, InputError
from ...tasks.method import Array
from ...tasks.model_card import ModelCard
from .allocation import keep_freed_memory, return_freed_memory
from .backend import Backend, OutOfMemoryError, first_line, is_memory

# Device name to execution provider, best first.
PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
_POLL_S = 0.05
_FRAMES = ("revisits", "masks")


def available_devices() -> list[str]:
    """Return the devices that ONNX Runtime can compute on, best first."""
    there = onnxruntime.get_available_providers()
    return ["cuda:0" if name == "cuda" else name for name, provider in PROVIDERS.items() if provider in there]


class OnnxBackend(Backend):
    """Runs a network in ONNX Runtime.

    Args:
        card: The card of the weights.
        device: "cpu", "cuda:N", "directml", "coreml" or "openvino".
        threads: Threads on the CPU.

    Raises:
        InputError: The file is damaged, or is not the network that the card says; or the device does not start.
        OutOfMemoryError: The device has too little memory for the weights.
    """

    def __init__(self, card: ModelCard, device: str, threads: int) -> None:
        file = card.file("onnx")
        if file is None:
            raise InputError(f"MODEL: {card.id} has no ONNX file, which ONNX Runtime needs.")
        path = card.verified(file)
        if device == "cpu":
            keep_freed_memory()  # ONNX Runtime keeps its own; this is for numpy around it
        kind = device.partition(":")[0]
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), _options(max(1, threads)), providers=_providers(device)
            )
        except Exception as error:  # ONNX Runtime's errors share no base class
            if is_memory(error):
                raise OutOfMemoryError from None
            raise InputError(f"MODEL: ONNX Runtime cannot open {path} on {device}: {_line(error)}.") from None
        if PROVIDERS[kind] not in self._session.get_providers():  # it goes on with the CPU without a word
            raise InputError(f"DEVICE: {device} does not start in ONNX Runtime.")
        self._revisits = _check(card, self._session)
        self.device = device
        self.title = f"{device}, ONNX Runtime {onnxruntime.__version__}"

    def run(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network; a cancel ends it between its operators."""
        if cancelled():
            raise Cancelled
        options = onnxruntime.RunOptions()
        options.log_severity_level = 4
        feed = {
            name: np.ascontiguousarray(self._filled(array) if name in _FRAMES else array, np.float32)
            for name, array in inputs.items()
        }
        done = threading.Event()
        watcher = threading.Thread(target=_terminate_on_cancel, args=(cancelled, done, options), daemon=True)
        watcher.start()
        try:
            (answer,) = self._session.run(["output"], feed, options)
        except Exception as error:  # ONNX Runtime's errors share no base class
            if cancelled():
                raise Cancelled from None
            if is_memory(error):
                raise OutOfMemoryError from None
            raise InputError(f"MODEL: the network failed on {self.title}: {_line(error)}.") from None
        finally:
            done.set()
            watcher.join()
        return {"output": answer}

    def _filled(self, frames: Array) -> Array:
        """Append zeros, which masks say not to count, up to the number of revisits that the graph is for."""
        lacking = (self._revisits or 0) - frames.shape[1]
        if lacking <= 0:
            return frames
        return np.concatenate([frames, np.zeros((len(frames), lacking, *frames.shape[2:]), frames.dtype)], axis=1)

    def close(self) -> None:
        """Free the device's memory."""
        self._session = None
        if self.device == "cpu":
            return_freed_memory()


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Planning memory for each size of window doubles what is taken and saves no time.
    options.enable_mem_pattern = False
    # Threads that wait for work do not take the processor from those that read and write the images.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _providers(device: str) -> list[Any]:
    kind, _, number = device.partition(":")
    first: Any = PROVIDERS[kind]
    if kind == "cuda":
        first = (first, {"device_id": number or "0"})
    return [first] if kind == "cpu" else [first, PROVIDERS["cpu"]]


def _check(card: ModelCard, session: Any) -> Optional[int]:
    """Compare a graph's inputs and outputs with the card; return its number of revisits, where that is not free."""
    inputs = {item.name: item.shape for item in session.get_inputs()}
    wanted = {item.name: item.bands for item in network_inputs(card)}
    outputs = {item.name for item in session.get_outputs()}
    if set(inputs) != set(wanted) or "output" not in outputs:
        raise InputError(
            f"MODEL: the ONNX file of {card.id} has the inputs {', '.join(sorted(inputs))}; its card wants "
            f"{', '.join(sorted(wanted))}, and an output called output."
        )
    for name, bands in wanted.items():
        there = inputs[name][-3] if len(inputs[name]) > 3 else None
        if isinstance(there, int) and there != bands:
            raise InputError(f"MODEL: the ONNX file of {card.id} takes {there} bands as {name}; its card says {bands}.")
    return _frozen_revisits(card, inputs)


def _frozen_revisits(card: ModelCard, inputs: Mapping[str, Any]) -> Optional[int]:
    """Return how many revisits a graph is for; None where it takes any number, or none at all.

    Raises:
        InputError: The card lets more in, or fewer though there are no masks to say which do not count.
    """
    count = inputs["revisits"][1] if "revisits" in inputs and len(inputs["revisits"]) > 1 else None
    if not isinstance(count, int):
        return None
    item = card.input(REVISITS)
    if item.max_count is None or item.max_count > count or ("masks" not in inputs and item.min_count < count):
        raise InputError(f"MODEL: the ONNX file of {card.id} is for {count} revisits; its card says other numbers.")
    return count


def _terminate_on_cancel(cancelled: Callable[[], bool], done: threading.Event, options: Any) -> None:
    while not done.wait(_POLL_S):
        if cancelled():
            options.terminate = True
            return


def _line(error: Exception) -> str:
    """Return an error's first line without the number and name that ONNX Runtime puts before it."""
    return re.sub(r"^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : ", "", first_line(error))
