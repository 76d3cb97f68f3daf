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
        notes: Lines for the log, such as which device was asked for and which is used.
    """

    device_used: str
    window_multiple: int
    batch: int
    concurrent: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """What a session wants to tell the user while it computes.

    Attributes:
        text: The line.
        is_warning: Whether the user should look at it.
    """

    text: str
    is_warning: bool = False


class Session(ABC):
    """Computes windows of one method until it is closed; one that was cancelled computes nothing more."""

    @abstractmethod
    def open(self) -> SessionInfo:
        """Get ready to compute.

        Raises:
            InputError: What the session needs is not there.
            Cancelled: `cancel` was called.
        """

    @abstractmethod
    def set_state(self, state: State) -> None:
        """Take over what the scene-wide passes found; may be called again."""

    @abstractmethod
    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Compute some windows.

        Raises:
            InputError: It cannot be done; one sentence for the user.
            Cancelled: `cancel` was called.
        """

    @abstractmethod
    def cancel(self) -> None:
        """Stop computing, for good; may be called from any thread, and returns at once."""

    @abstractmethod
    def close(self) -> None:
        """Release everything; may be called again."""

    def remarks(self) -> list[Remark]:
        """Return what is new for the user since the last call."""
        return []
