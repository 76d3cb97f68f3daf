"""Feedback for a part of a longer work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ..tasks.feedback import Feedback


class Part(Feedback):
    """Passes on the progress of a part of the work and a cancel; what it says and warns of where wanted.

    Args:
        feedback: Who is told.
        start: Progress at its begin, 0 to 1.
        span: How much of the whole it is.
        says: Pass on what is said for the log.
        warns: Pass on warnings.
    """

    def __init__(self, feedback: Feedback, start: float, span: float, says: bool = False, warns: bool = True) -> None:
        self._feedback, self._start, self._span, self._says, self._warns = feedback, start, span, says, warns

    def part(self, start: float, span: float) -> Part:
        """Return a part of this part."""
        return Part(self._feedback, self._start + start * self._span, span * self._span, self._says, self._warns)

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Pass it on."""
        self._feedback.progress(min(1.0, self._start + fraction * self._span))

    def info(self, text: str) -> None:
        """Pass it on, where wanted."""
        if self._says:
            self._feedback.info(text)

    def warning(self, text: str) -> None:
        """Pass it on, where wanted."""
        if self._warns:
            self._feedback.warning(text)

    def scores(self, values: Mapping[str, Any]) -> None:
        """Pass it on."""
        self._feedback.scores(values)

    def cancelled(self) -> bool:
        """Pass it on."""
        return self._feedback.cancelled()
