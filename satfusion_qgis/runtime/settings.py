"""What the user has chosen for networks: an interpreter and a folder of models, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional


@dataclass(frozen=True)
class EngineSettings:
    """Where networks run, and where the user's models lie.

    Attributes:
        interpreter: The engine's Python; None for SATFUSION_PYTHON, or else the environment that the plugin made.
        models: Folder of the user's own models; None for the usual one.
    """

    interpreter: Optional[Path] = None
    models: Optional[Path] = None


USUAL = EngineSettings()
