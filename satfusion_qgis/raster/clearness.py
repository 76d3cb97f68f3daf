"""How much of an image is clear (valid and not masked), from samples: a few thousand pixels, however large it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np
from osgeo import osr

from ..tasks.method import Array
from .band_match import reordered
from .gdal_calls import quietly, same_crs
from .grid import Grid
from .reader import Reader, Source
from .unpack import is_slow

_WHOLE = 512
_PATCH = 32
_PATCHES, _PATCHES_OF_SLOW = 16, 5
_EDGE_POINTS = 21
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Region:
    """A rectangle on the ground.

    Attributes:
        crs: WKT of its CRS.
        extent: xmin, ymin, xmax, ymax.
    """

    crs: str
    extent: Box

    def to_crs(self, crs: str) -> Optional[Region]:
        """Return the smallest rectangle in another CRS that holds it; None where it lies outside that CRS."""
        if same_crs(self.crs, crs):
            return self
        points = _around(self.extent)
        source, target = osr.SpatialReference(), osr.SpatialReference()
        for reference, wkt in ((source, self.crs), (target, crs)):
            quietly(reference.ImportFromWkt, wkt)
            reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        change, error = quietly(osr.CoordinateTransformation, source, target)
        moved, failed = quietly(change.TransformPoints, points) if change is not None and not error else (None, error)
        if not moved or failed or not np.isfinite([point[:2] for point in moved]).all():
            return None
        xs, ys = [point[0] for point in moved], [point[1] for point in moved]
        return Region(crs, (min(xs), min(ys), max(xs), max(ys)))

    def shared(self, other: Region) -> Optional[Region]:
        """Return what it has in common with another region, in its own CRS; None where that is nothing."""
        there = other.to_crs(self.crs)
        if there is None:
            return None
        low = [max(pair) for pair in zip(self.extent[:2], there.extent[:2])]
        high = [min(pair) for pair in zip(self.extent[2:], there.extent[2:])]
        if high[0] <= low[0] or high[1] <= low[1]:
            return None
        return Region(self.crs, (low[0], low[1], high[0], high[1]))


def region_of(grid: Grid) -> Region:
    """Return the region that a grid covers."""
    return Region(grid.crs, grid.extent)


def box_in(region: Region, grid: Grid) -> Optional[Box]:
    """Return a region as (top, left, bottom, right) in pixels of a grid, of which it may reach out; None if nowhere."""
    there = region.to_crs(grid.crs)
    if there is None:
        return None
    xmin, ymin, xmax, ymax = there.extent
    places = [grid.place(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    columns, rows = [place[0] for place in places], [place[1] for place in places]
    return min(rows), min(columns), max(rows), max(columns)


@dataclass(frozen=True)
class Samples:
    """Which pixels of an image are clear, in some windows.

    Attributes:
        grid: The image's grid.
        places: (first row, first column) of each window.
        clear: Which of their pixels are clear, bool (windows, rows, columns).
        brightness: Mean of the first band over these, in physical units where a scale is known; NaN where none is.
    """

    grid: Grid
    places: tuple[tuple[int, int], ...]
    clear: Array
    brightness: float = float("nan")

    def overlaps(self, region: Region) -> bool:
        """Tell whether the image has a pixel's area in common with a region."""
        return self._covered(region)[0] > 0

    def share(self, region: Region) -> float:
        """Return the share of a region that is clear in the image: 0 where it does not reach, 1 for all of it."""
        covered, box = self._covered(region)
        if box is None or covered <= 0:
            return 0.0
        seen = clear = 0
        top, left, bottom, right = (round(side) for side in box)
        for (row, column), found in zip(self.places, self.clear):
            inside = found[max(top - row, 0) : max(bottom - row, 0), max(left - column, 0) : max(right - column, 0)]
            seen += inside.size
            clear += int(np.count_nonzero(inside))
        return covered * clear / seen if seen else 0.0

    def _covered(self, region: Region) -> tuple[float, Optional[Box]]:
        """Return the share of a region that the image covers, and where the region lies in it."""
        box = box_in(region, self.grid)
        if box is None:
            return 0.0, None
        top, left, bottom, right = box
        down = min(bottom, self.grid.rows) - max(top, 0)
        across = min(right, self.grid.columns) - max(left, 0)
        if down < 1e-6 or across < 1e-6:
            return 0.0, box
        return down * across / ((bottom - top) * (right - left)), box


def sample(source: Source, region: Optional[Region] = None) -> Samples:
    """Look which pixels of an image are clear: all of them where there are few, else those of windows all over it.

    Of a large image the first band is looked at alone.

    Args:
        source: The image.
        region: Where to look; None for everywhere.

    Raises:
        InputError: The image cannot be read.
    """
    places = _places(source, region)
    if not places:
        return Samples(source.grid, (), np.zeros((0, 0, 0), np.bool_))
    clear, brightness = _clear(source if len(places) == 1 else reordered(source, [0]), places)
    return Samples(source.grid, tuple(place[:2] for place in places), clear, brightness)


def clear_values(source: Source, bands: Sequence[int], region: Optional[Region] = None) -> Array:
    """Return values of clear pixels: all of them where there are few, else those of windows all over the image.

    Args:
        source: The image.
        bands: Which of its bands, counted from 1.
        region: Where to look; None for everywhere.

    Returns:
        In physical units where a scale is known, (bands, pixels); no pixels where none is clear.

    Raises:
        InputError: The image cannot be read.
    """
    reader = Reader(reordered(source, [number - 1 for number in bands]), physical=True)
    found = [np.empty((len(bands), 0))]
    for place in _places(source, region):
        values, valid = reader.read(*place)
        found.append(values.reshape(len(bands), -1) if valid is None else values[:, valid])
    return np.concatenate(found, axis=1)


def _places(source: Source, region: Optional[Region]) -> list[tuple[int, int, int, int]]:
    """Return (row, column, rows, columns) of the windows to look at: one with all pixels where there are few."""
    part = _part(source.grid, region)
    if part is None:
        return []
    row, column, rows, columns = part
    if rows * columns <= _WHOLE * _WHOLE:
        return [part]
    count = _PATCHES_OF_SLOW if is_slow(source.files[0][0]) else _PATCHES
    return [
        (top, left, min(_PATCH, rows), min(_PATCH, columns))
        for top in _spread(row, rows, count)
        for left in _spread(column, columns, count)
    ]


def _clear(source: Source, places: Sequence[tuple[int, int, int, int]]) -> tuple[Array, float]:
    """Return the clear pixels of windows of one size, bool (windows, rows, columns), and their mean in the first band.

    They stand in one array: many small ones would come to lie between the blocks that GDAL reads and frees, and so keep
    that memory from being used again.
    """
    found = np.ones((len(places), *places[0][2:]), np.bool_)
    reader, total = Reader(source, physical=True), 0.0
    for number, place in enumerate(places):
        values, valid = reader.read(*place)
        if valid is not None:
            found[number] = valid
        total += float(values[0].sum(dtype=np.float64, where=found[number]))
    count = int(np.count_nonzero(found))
    return found, total / count if count else float("nan")


def _part(grid: Grid, region: Optional[Region]) -> Optional[tuple[int, int, int, int]]:
    """Return (row, column, rows, columns) of the pixels that a region touches."""
    if region is None:
        return 0, 0, grid.rows, grid.columns
    box = box_in(region, grid)
    if box is None:
        return None
    top, left = max(int(np.floor(box[0] + 1e-6)), 0), max(int(np.floor(box[1] + 1e-6)), 0)
    bottom = min(int(np.ceil(box[2] - 1e-6)), grid.rows)
    right = min(int(np.ceil(box[3] - 1e-6)), grid.columns)
    return (top, left, bottom - top, right - left) if bottom > top and right > left else None


def _spread(first: int, length: int, count: int) -> Sequence[int]:
    """Return where windows begin that are spread evenly over a length; each once."""
    last = max(length - _PATCH, 0)
    return sorted({first + round(last * (2 * place + 1) / (2 * count)) for place in range(count)})


def _around(extent: Box) -> list[tuple[float, float]]:
    """Return points along the sides of a rectangle."""
    xmin, ymin, xmax, ymax = extent
    xs, ys = np.linspace(xmin, xmax, _EDGE_POINTS), np.linspace(ymin, ymax, _EDGE_POINTS)
    return [
        *((float(x), y) for x in xs for y in (ymin, ymax)),
        *((x, float(y)) for y in ys for x in (xmin, xmax)),
    ]
