"""What a network sees around the pixels that are asked for: the image beyond its edges and in its holes.

A network's own zero padding would darken edges, and a hole filled with zeros is an edge of its own. So an image is
extended by its outermost pixels, and a hole is filled from the valid pixels near it. Neither depends on windows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

import numpy as np

from ..classical.banded import apply_columns, apply_rows
from ..classical.resampling import containing, expand, linear_matrix
from ..tasks.method import Array
from ..tasks.window import BlockWindow, Window

KERNEL_HALO = {"cubic": 2, "bilinear": 1, "nearest": 1}


def at(window: Window, row: int, column: int, rows: int, columns: int) -> Window:
    """Return the window for another rectangle of the target grid, which may reach beyond it, with the same blocks."""
    return replace(window, row=row, column=column, rows=rows, columns=columns)


def enlarged(
    image: Array, valid: Optional[Array], block: BlockWindow, window: Window, kernel: str
) -> tuple[Array, Optional[Array]]:
    """Interpolate a coarse block onto a window of the target grid; beyond its edges it is replicated.

    Args:
        image: float32 (bands, block rows, block columns); 0 where invalid.
        valid: bool (block rows, block columns), or None where all are valid.
        block: Where the image lies.
        window: The target window.
        kernel: "cubic", "bilinear" or "nearest".

    Returns:
        float32 (bands, window rows, window columns), and bool (window rows, window columns) or None.
    """
    if kernel == "cubic":
        return expand(image, valid, block, window)
    window.raise_if_cancelled()
    rows = np.clip(containing(block.row_axis, window.row, window.rows) - block.row, 0, block.rows - 1)
    columns = np.clip(containing(block.column_axis, window.column, window.columns) - block.column, 0, block.columns - 1)
    inside = None if valid is None else np.asarray(valid)[rows[:, None], columns[None]]
    if kernel == "nearest":
        return np.asarray(image)[:, rows[:, None], columns[None]], inside
    result = _bilinear(np.asarray(image), block, window)
    if valid is not None:
        weight = _bilinear(np.asarray(valid)[None].astype(np.float32), block, window)[0]
        result /= np.where(weight > 0, weight, np.float32(1))
    return result, inside


def _bilinear(image: Array, block: BlockWindow, window: Window) -> Array:
    by_row = linear_matrix(block.row_axis, window.row, window.row + window.rows, block.row, block.rows)
    by_column = linear_matrix(
        block.column_axis, window.column, window.column + window.columns, block.column, block.columns
    )
    result: Array = apply_columns(by_column, apply_rows(by_row, image))
    return result


def extended(image: Array, valid: Optional[Array], block: BlockWindow, window: Window) -> tuple[Array, Optional[Array]]:
    """Return a window of a block that lies on the target grid; beyond its edges it is replicated.

    The result is a view of the block where the window lies inside it.
    """
    first = round(block.row_axis.origin) + window.row - block.row
    left = round(block.column_axis.origin) + window.column - block.column
    rows, around_rows = _inside(first, window.rows, block.rows)
    columns, around_columns = _inside(left, window.columns, block.columns)
    around = (around_rows, around_columns)

    def cut(whole: Array) -> Array:
        part = whole[..., rows, columns]
        if around == ((0, 0), (0, 0)):
            return part
        return np.pad(part, [*[(0, 0)] * (part.ndim - 2), *around], mode="edge")

    return cut(np.asarray(image)), None if valid is None else cut(np.asarray(valid))


def _inside(first: int, count: int, length: int) -> tuple[slice, tuple[int, int]]:
    """Return, along an axis, the pixels of [first, first + count) that there are, and how many lack at either end."""
    start = min(max(first, 0), length - 1)
    stop = min(max(first + count, start + 1), length)
    lacking = count - (stop - start)
    before = min(max(-first, 0), lacking)
    return slice(start, stop), (before, lacking - before)


def filled(image: Array, valid: Optional[Array], reach: int) -> Array:
    """Fill invalid pixels with the mean of the valid ones in the smallest square around them that has any.

    A pixel with none in the square of side 2 * `reach` + 1 becomes 0; so the result depends on no pixel farther away.

    Args:
        image: float32 (bands, rows, columns).
        valid: bool (rows, columns), or None where all are valid.
        reach: Half the side of the largest square.

    Returns:
        float32 (bands, rows, columns); `image` itself where nothing is to be filled.
    """
    if valid is None or bool(np.all(valid)):
        return image
    result = np.where(valid, image, np.float32(0))
    missing = ~np.asarray(valid)
    sums = _integral(result)
    counts = _integral(np.asarray(valid)[None])[0]
    radius = 1
    while missing.any() and radius <= max(reach, 1):
        rows, columns = np.nonzero(missing)
        corners = _corners(rows, columns, radius, missing.shape)
        found = _box(counts, corners)
        some = found > 0
        places = (rows[some], columns[some])
        near = tuple(corner[some] for corner in corners)
        for band, integral in zip(result, sums):
            band[places] = _box(integral, near) / found[some]
        missing[places] = False
        radius = radius * 2 if radius * 2 <= reach or radius >= reach else reach
    return result


def _integral(image: Array) -> Array:
    """Return sums over all pixels above and to the left, float64 (bands, rows + 1, columns + 1)."""
    bands, rows, columns = image.shape
    sums = np.zeros((bands, rows + 1, columns + 1))
    np.cumsum(np.cumsum(image, axis=1, dtype=np.float64), axis=2, out=sums[:, 1:, 1:])
    return sums


def _corners(rows: Array, columns: Array, radius: int, shape: tuple[int, ...]) -> tuple[Array, ...]:
    return (
        np.maximum(rows - radius, 0),
        np.minimum(rows + radius + 1, shape[0]),
        np.maximum(columns - radius, 0),
        np.minimum(columns + radius + 1, shape[1]),
    )


def _box(sums: Array, corners: tuple[Array, ...]) -> Array:
    top, bottom, left, right = corners
    result: Array = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return result
