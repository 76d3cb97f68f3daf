"""What a command says on the terminal, how a signal stops it, and what belongs to its process alone."""

from __future__ import annotations

import signal
import sys
from typing import Any, Optional

from ..tasks.feedback import Feedback

_CACHE_BYTES = 32 << 20


class ConsoleFeedback(Feedback):
    """Log lines and progress on standard error; Ctrl-C and SIGTERM cancel.

    Args:
        quiet: Print warnings only.
    """

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stopped = False
        self._shown = -1

    def watch_signals(self) -> None:
        """Make Ctrl-C and SIGTERM cancel the run, so that nothing is left behind."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: Any) -> None:
        self._stopped = True

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Show whole percents on a terminal."""
        percent = int(100 * fraction)
        if self._quiet or percent == self._shown or not sys.stderr.isatty():
            return
        self._shown = percent
        left = "" if remaining_s is None else f", about {remaining_s:.0f} s left"
        sys.stderr.write(f"\r{percent:3d} %{left}   ")
        sys.stderr.flush()

    def info(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            sys.stderr.write(f"{text}\n")

    def warning(self, text: str) -> None:
        """Print a line marked as a warning."""
        sys.stderr.write(f"Warning: {text}\n")

    def cancelled(self) -> bool:
        """Tell whether a signal came."""
        return self._stopped


def prepare(feedback: ConsoleFeedback) -> None:
    """Settle what belongs to this process alone: signals, and the size of GDAL's block cache."""
    from osgeo import gdal

    feedback.watch_signals()
    gdal.SetCacheMax(_CACHE_BYTES)
