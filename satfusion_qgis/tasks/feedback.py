"""How a run speaks to whoever started it: progress, log lines, and whether to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional


class Feedback:
    """Silent feedback that never cancels; the toolbox and the command line derive from it.

    Methods are called from the thread that runs the job, except `cancelled`, which any thread may call.
    """

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Report that `fraction` (0 to 1) is done and about `remaining_s` seconds are left."""

    def info(self, text: str) -> None:
        """Report what was found or done."""

    def warning(self, text: str) -> None:
        """Report what the user should look at."""

    def scores(self, values: Mapping[str, Any]) -> None:
        """Report scores by name on the way, such as a loss after each epoch of a training."""

    def cancelled(self) -> bool:
        """Tell whether the user wants to stop."""
        return False
