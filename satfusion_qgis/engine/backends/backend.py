"""What a backend is: weights at work on one device."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from ...tasks.method import Array


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
        """Free the device's memory."""
