"""What the user has set for networks in QGIS's options, as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsSettings

from ..runtime.settings import EngineSettings

_PREFIX = "satfusion"


def chosen() -> EngineSettings:
    """Return where networks run, and where the user's models lie."""
    return EngineSettings(_path("interpreter"), _path("models_folder"))


def device() -> str:
    """Return the device that networks run on where none is chosen."""
    return str(QgsSettings().value(f"{_PREFIX}/device", "auto") or "auto")


def _path(name: str) -> Optional[Path]:
    text = str(QgsSettings().value(f"{_PREFIX}/{name}", "") or "").strip()
    return Path(text) if text else None
