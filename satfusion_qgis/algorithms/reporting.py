"""How a run speaks to QGIS: progress with the time left, log lines, cancelling."""

from __future__ import annotations

import time
from typing import Optional

from qgis.core import QgsProcessingFeedback

from ..tasks.feedback import Feedback
from .texts import tr

_FIRST_ESTIMATE_S = 2.0
_BETWEEN_ESTIMATES_S = 5.0


class QgisFeedback(Feedback):
    """Passes a run's progress and log on to a Processing feedback.

    Args:
        feedback: What QGIS gave the algorithm.
    """

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._next_estimate = time.monotonic() + _FIRST_ESTIMATE_S
        self._shown = ""

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Move the progress bar; now and then say how much time is left."""
        self._feedback.setProgress(100.0 * fraction)
        if remaining_s is None or fraction >= 1.0 or time.monotonic() < self._next_estimate:
            return
        self._next_estimate = time.monotonic() + _BETWEEN_ESTIMATES_S
        text = tr("About {} left").format(duration(remaining_s))
        if text != self._shown:
            self._shown = text
            self._feedback.setProgressText(text)

    def info(self, text: str) -> None:
        """Add a line to the log."""
        self._feedback.pushInfo(text)

    def warning(self, text: str) -> None:
        """Add a warning to the log."""
        self._feedback.pushWarning(text)

    def cancelled(self) -> bool:
        """Tell whether the user pressed Cancel."""
        return bool(self._feedback.isCanceled())


def duration(seconds: float) -> str:
    """Return a time span as a person would say it, rounded up: "10 s", "3 min", "1 h 20 min"."""
    if seconds < 60:
        return tr("{} s").format(max(5, -(-int(seconds) // 5) * 5))
    minutes = -(-int(seconds) // 60)
    if minutes < 60:
        return tr("{} min").format(minutes)
    return tr("{} h {} min").format(minutes // 60, minutes % 60)
