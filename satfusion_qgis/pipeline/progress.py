"""The progress of a part of some work, as a part of the whole."""

from __future__ import annotations

from typing import Optional

from ..tasks.feedback import Feedback


class Part(Feedback):
    """Passes on the progress of a part of the work, its warnings, and a cancel; what is said besides stays unsaid.

    Args:
        feedback: Who is told.
        start: Fraction done before the part.
        span: The part's fraction of the whole; 0 passes no progress on.
    """

    def __init__(self, feedback: Feedback, start: float, span: float) -> None:
        self._feedback, self._start, self._span = feedback, start, span

    def part(self, start: float, span: float) -> Part:
        """Return a part of this part."""
        return Part(self._feedback, self._start + start * self._span, span * self._span)

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Pass on the progress of the whole."""
        if self._span:
            self._feedback.progress(min(1.0, self._start + fraction * self._span))

    def warning(self, text: str) -> None:
        """Pass a warning on."""
        self._feedback.warning(text)

    def cancelled(self) -> bool:
        """Tell whether the user has cancelled."""
        return self._feedback.cancelled()
