"""SatFusion: fusion of satellite images in QGIS Processing and on the command line."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # noqa: N802 (the name QGIS calls)
    """Return the plugin object; called by QGIS."""
    from .plugin import SatFusionPlugin

    return SatFusionPlugin(iface)
