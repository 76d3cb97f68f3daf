"""Grids of rasters, and how one lies on another by their geotransforms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

from ..tasks.window import Axis
from .gdal_calls import same_crs

_ROTATION_TOLERANCE = 0.02


@dataclass(frozen=True)
class Grid:
    """A raster's grid.

    Attributes:
        crs: WKT of the CRS.
        geotransform: GDAL's six numbers.
        columns: Width in pixels.
        rows: Height in pixels.
    """

    crs: str
    geotransform: tuple[float, float, float, float, float, float]
    columns: int
    rows: int

    @property
    def pixel(self) -> tuple[float, float]:
        """Pixel width and height in CRS units, both positive."""
        _, a, b, _, d, e = self.geotransform
        return math.hypot(a, d), math.hypot(b, e)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """xmin, ymin, xmax, ymax of all four corners."""
        corners = [self.position(x, y) for x in (0, self.columns) for y in (0, self.rows)]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def position(self, column: float, row: float) -> tuple[float, float]:
        """Return CRS coordinates of an edge coordinate (0, 0 is the outer corner of the first pixel)."""
        x0, a, b, y0, d, e = self.geotransform
        return x0 + a * column + b * row, y0 + d * column + e * row

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the edge coordinate (column, row) of CRS coordinates."""
        x0, a, b, y0, d, e = self.geotransform
        det = a * e - b * d
        return (e * (x - x0) - b * (y - y0)) / det, (a * (y - y0) - d * (x - x0)) / det

    def crop(self, row: int, column: int, rows: int, columns: int) -> Grid:
        """Return the grid of a part of this one."""
        _, a, b, _, d, e = self.geotransform
        x, y = self.position(column, row)
        return Grid(self.crs, (x, a, b, y, d, e), columns, rows)

    def finer(self, ratio: float) -> Grid:
        """Return the grid with pixels that many times smaller and the same upper-left corner, of whole pixels only."""
        if ratio == 1:
            return self
        x, a, b, y, d, e = self.geotransform
        rows, columns = int(self.rows * ratio + 1e-6), int(self.columns * ratio + 1e-6)
        return Grid(self.crs, (x, a / ratio, b / ratio, y, d / ratio, e / ratio), columns, rows)

    def coarser(self, ratio: float, rows: int, columns: int) -> Grid:
        """Return a grid with pixels that many times larger, and the same upper-left corner."""
        x, a, b, y, d, e = self.geotransform
        return Grid(self.crs, (x, a * ratio, b * ratio, y, d * ratio, e * ratio), columns, rows)

    def axes_on(self, target: Grid) -> Optional[tuple[Axis, Axis]]:
        """Return where this grid's rows and columns lie on `target`'s, or None where a warp is needed.

        None means: another CRS, axes that are not parallel, or axes of opposite direction.
        """
        if not same_crs(self.crs, target.crs):
            return None
        zero = self.place(*target.position(0, 0))
        right = self.place(*target.position(target.columns, 0))
        down = self.place(*target.position(0, target.rows))
        skew = max(abs(right[1] - zero[1]), abs(down[0] - zero[0]))
        column_scale = (right[0] - zero[0]) / target.columns
        row_scale = (down[1] - zero[1]) / target.rows
        if skew > _ROTATION_TOLERANCE or column_scale <= 0 or row_scale <= 0:
            return None
        return Axis(zero[1], row_scale, self.rows), Axis(zero[0], column_scale, self.columns)


def common_part(axes: list[tuple[Axis, Axis]], rows: int, columns: int) -> Optional[tuple[int, int, int, int]]:
    """Return (row, column, rows, columns) of the target pixels whose centres lie inside every input, or None."""
    spans = []
    for which, size in ((0, rows), (1, columns)):
        low, high = 0, size
        for pair in axes:
            axis = pair[which]
            low = max(low, math.ceil((0 - axis.origin) / axis.scale - 0.5 - 1e-6))
            high = min(high, math.floor((axis.size - axis.origin) / axis.scale - 0.5 + 1e-6) + 1)
        if high <= low:
            return None
        spans.append((low, high - low))
    (row, height), (column, width) = spans
    return row, column, height, width


def part_inside(grid: Grid, extent: tuple[float, float, float, float]) -> Optional[tuple[int, int, int, int]]:
    """Return (row, column, rows, columns) of the pixels whose centres lie inside an extent, or None.

    The extent is xmin, ymin, xmax, ymax in the grid's CRS; on a rotated grid its bounding box in pixels is taken.
    """
    xmin, ymin, xmax, ymax = extent
    places = [grid.place(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    spans = []
    for which, size in ((1, grid.rows), (0, grid.columns)):
        values = [place[which] for place in places]
        low = max(0, math.ceil(min(values) - 0.5 - 1e-6))
        high = min(size, math.floor(max(values) - 0.5 + 1e-6) + 1)
        if high <= low:
            return None
        spans.append((low, high - low))
    (row, height), (column, width) = spans
    return row, column, height, width
