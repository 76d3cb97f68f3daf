"""A preview: a small part of the output, computed with the statistics of the whole scene."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Optional

from ..raster.grid import Grid
from ..raster.windows import split
from ..tasks.errors import InputError
from ..tasks.job import Preview

Place = tuple[int, int, int, int]


def preview_part(preview: Preview, grid: Grid, ratio: tuple[float, float], block: int, warnings: list[str]) -> Place:
    """Return (row, column, rows, columns) of the part of the target grid that a preview shows.

    It begins at a whole block of the output, so that the windows of the full run are cut as little as possible.

    Args:
        preview: What the job asks for.
        grid: The target grid.
        ratio: Target pixels per pixel of the coarsest input, (rows, columns).
        block: Side of the output file's blocks.
        warnings: Gets a line where the centre lies outside the grid.

    Raises:
        InputError: The preview's centre or size makes no sense.
    """
    if preview.size < 1:
        raise InputError(f"The preview needs a size of at least 1 pixel, not {preview.size}.")
    column, row = grid.columns / 2, grid.rows / 2
    if preview.centre is not None:
        if len(preview.centre) != 2 or not all(math.isfinite(value) for value in preview.centre):
            raise InputError("PREVIEW_CENTRE needs x and y.")
        asked = grid.place(*preview.centre)
        if 0 <= asked[0] <= grid.columns and 0 <= asked[1] <= grid.rows:
            column, row = asked
        else:
            warnings.append("The centre of the preview lies outside the images: their centre is taken")
    top, rows = _span(row, grid.rows, math.ceil(preview.size * ratio[0] - 1e-6), block)
    left, columns = _span(column, grid.columns, math.ceil(preview.size * ratio[1] - 1e-6), block)
    return top, left, rows, columns


def _span(centre: float, length: int, size: int, block: int) -> tuple[int, int]:
    """Return the first pixel and the number of pixels of a preview along one axis."""
    size = min(max(size, 1), length)
    last = -(-(length - size) // block) * block
    first = min(max(round((centre - size / 2) / block) * block, 0), last)
    return first, min(size, length - first)


def windows_of(grid: Grid, window: tuple[int, int], part: Place) -> Iterator[Place]:
    """Yield the windows of the whole grid that touch a part of it."""
    for place in split(grid.rows, grid.columns, *window):
        if shared(place, part) is not None:
            yield place


def shared(place: Place, part: Place) -> Optional[Place]:
    """Return the pixels that two rectangles of the grid have in common, or None."""
    top, left = max(place[0], part[0]), max(place[1], part[1])
    bottom, right = min(place[0] + place[2], part[0] + part[2]), min(place[1] + place[3], part[1] + part[3])
    return (top, left, bottom - top, right - left) if bottom > top and right > left else None
