"""Sizes on the ground."""

from __future__ import annotations

from typing import Optional

from osgeo import osr

from ..raster.grid import Grid


def metres(grid: Grid) -> Optional[float]:
    """Return the pixel size in metres; None where the CRS is not in metres or feet."""
    system = osr.SpatialReference()
    try:
        if system.ImportFromWkt(grid.crs) != 0 or not system.IsProjected():
            return None
    except RuntimeError:
        return None
    return float(max(grid.pixel) * system.GetLinearUnits())
