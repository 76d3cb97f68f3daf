"""One open session for all dates of a series: a network's weights, or the engine's compiled code, are loaded once.

A run opens and closes its session. What it gets here is lent: closing gives it back, and the next run with the same
method, weights and kind of scene takes it as it is. A session that was cancelled computes nothing more, so it is not
lent again. Methods without weights and compiled code have nothing to load and get a session each: some of them know the
days of a scene from the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Optional

from ..runtime.session import Remark, Session, SessionInfo
from ..runtime.settings import EngineSettings
from ..tasks.method import Array, Blocks, State
from ..tasks.window import Window
from .plan import Plan
from .sessions import session_of


class KeptSession:
    """Lends a session to one run after the other; use it in a `with` block.

    Args:
        engine: Where networks run.
    """

    def __init__(self, engine: EngineSettings) -> None:
        self._engine = engine
        self._key: Any = None
        self._kept: Optional[_Kept] = None
        self.opened = 0

    def __enter__(self) -> KeptSession:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._drop()

    def of(self, plan: Plan) -> Session:
        """Return the session for a plan: what `pipeline.run` takes as `open_session`."""
        if plan.card is None and not plan.method.compiled:
            return session_of(plan, self._engine)
        # The days themselves come with every window; on which side of the target a pair lies is settled before.
        sides = {role: tuple((day > 0) - (day < 0) for day in days) for role, days in plan.scene.days.items()}
        scene = replace(plan.scene, days=sides)
        parameters = sorted((name, repr(value)) for name, value in plan.implementation.parameters.items())
        weights = "" if plan.card is None else str(plan.card.folder)
        key = (plan.method.id, parameters, scene, weights, plan.job.device, plan.job.threads)
        if self._kept is None or self._kept.ended or key != self._key:
            self._drop()
            self._key, self._kept = key, _Kept(session_of(plan, self._engine))
            self.opened += 1
        return _Lent(self._kept)

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.session.close()
        self._kept = None


class _Kept:
    """A session that stays open."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.info: Optional[SessionInfo] = None
        self.ended = False


class _Lent(Session):
    """What one run has of it."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    def open(self) -> SessionInfo:
        """Open it the first time."""
        if self._kept.info is None:
            info = self._kept.session.open()
            self._kept.info = replace(info, notes=())
            return info
        return self._kept.info

    def set_state(self, state: State) -> None:
        """Pass it on."""
        self._kept.session.set_state(state)

    def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
        """Pass it on."""
        return self._kept.session.fuse(batch, windows)

    def cancel(self) -> None:
        """End it for all runs: it computes nothing more."""
        self._kept.ended = True
        self._kept.session.cancel()

    def close(self) -> None:
        """Give it back."""

    def remarks(self) -> list[Remark]:
        """Pass it on."""
        return self._kept.session.remarks()
