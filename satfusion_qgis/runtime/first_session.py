"""A session that computes in the first of several that opens: compiled code in the engine, or else plain NumPy here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, State
from ..tasks.window import Window
from .session import Remark, Session, SessionInfo


class FirstSession(Session):
    """Computes in the first session that opens.

    Args:
        sessions: The preferred first; the last one's error is the user's.
    """

    def __init__(self, *sessions: Session) -> None:
        self._sessions = sessions
        self._opened: Session = sessions[0]

    def open(self) -> SessionInfo:
        """Open one after the other until one does; the log says what is wrong with those before."""
        notes: tuple[str, ...] = ()
        for session in self._sessions[:-1]:
            self._opened = session
            try:
                info = session.open()
                return replace(info, notes=(*notes, *info.notes))
            except InputError as error:
                session.close()
                notes = (*notes, f"Computed in plain NumPy instead of compiled code. {error}")
        self._opened = self._sessions[-1]
        info = self._opened.open()
        return replace(info, notes=(*notes, *info.notes))

    def set_state(self, state: State) -> None:
        """Take over what the scene-wide passes found."""
        self._opened.set_state(state)

    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Compute some windows."""
        return self._opened.fuse(batch, windows)

    def cancel(self) -> None:
        """Stop, in whichever session it is."""
        for session in self._sessions:
            session.cancel()

    def close(self) -> None:
        """Release everything."""
        for session in self._sessions:
            session.close()

    def remarks(self) -> list[Remark]:
        """Return what is new for the user."""
        return self._opened.remarks()
