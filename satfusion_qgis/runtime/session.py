"""A session computes windows of one method; the same interface in process, in a worker, on Dask."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from ..tasks.method import Array, Blocks, State
from ..tasks.window import Window


@dataclass(frozen=True)
class SessionInfo:
    """What a session is.

    Attributes:
        device_used: "cpu", "cuda:0", ...
        window_multiple: Window sides must be a multiple of this.
        batch: Windows that are best given to one `fuse` call.
        concurrent: Whether `fuse` may be called from several threads at once.
    """

    device_used: str
    window_multiple: int
    batch: int
    concurrent: bool


class Session(ABC):
    """Computes windows of one method until it is closed."""

    @abstractmethod
    def open(self) -> SessionInfo:
        """Get ready to compute."""

    @abstractmethod
    def set_state(self, state: State) -> None:
        """Take over what the scene-wide passes found."""

    @abstractmethod
    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Compute some windows.

        Raises:
            Cancelled: `cancel` was called.
        """

    @abstractmethod
    def cancel(self) -> None:
        """Stop computing; may be called from any thread."""

    @abstractmethod
    def close(self) -> None:
        """Release everything."""
