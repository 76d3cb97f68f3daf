"""What a backend is: weights at work on one device."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from ...tasks.method import Array

# What PyTorch, ONNX Runtime, CUDA, cuDNN, DirectML and the C++ library call it; they share no class of error.
_MEMORY_WORDS = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "failed to allocate memory",
    "bad_alloc",
    "bad allocation",
    "alloc_failed",
    "e_outofmemory",
)


class OutOfMemoryError(Exception):
    """The device has too little memory for what it was given."""


class Backend(ABC):
    """Weights at work on one device.

    Attributes:
        device: Device in the engine's names ("cpu", "cuda:0", "directml").
        title: Device and library for the log.
    """

    device: str
    title: str

    @abstractmethod
    def run(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network; see `inference.network.Network`.

        Raises:
            OutOfMemoryError: Too little memory; the backend is still of use for less.
            Cancelled: `cancelled` said so.
            InputError: Anything else that fails.
        """

    @abstractmethod
    def close(self) -> None:
        """Free the device's memory; closing twice does no harm."""


def is_memory(error: BaseException) -> bool:
    """Tell whether a library's error means that memory ran out."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(words in text for words in _MEMORY_WORDS)


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text without its full stop, to end a sentence with."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines[0].strip() if lines else type(error).__name__).rstrip(".")
