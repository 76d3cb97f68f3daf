"""The observations of a window as methods put them together: parts of revisits, splats, gaps, and weighted medians.

Normalised convolution: Knutsson, H., Westin, C.-F. (1993): Normalized and differential convolution.
10.1109/CVPR.1993.341081
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Axis, BlockWindow, Window
from ..banded import Banded, apply_columns, apply_rows
from ..resampling import cubic_matrix, linear_matrix, touch_matrix
from .revisits import Observations

WEIGHT = "Weight"  # the band of the output WEIGHT that holds the sum of the weights of the observations
FILL_REACH = 3.0  # pixels of a revisit on each side that `filled` looks at
_TIE = 1e-6
_TRUSTED = 0.5  # observations of less weight are not interpolated with negative weights
_NEAR = 0.05  # as `target_valid` has it
_FILL_SIGMA = 0.6  # fine pixels
_WIDE_SIGMA = 0.6  # pixels of a revisit
_WIDE_SHARE = 1e-2  # weight of the wide mean beside one observation
_SHARE_OF_ENOUGH = 0.3
_MIDDLE = 0.05  # share of the weight on each side of the median that is averaged
_BLOCK = 24
_TINY = np.float32(1e-30)


@dataclass(frozen=True)
class Part:
    """The pixels of one revisit that lie over a rectangle of the target grid.

    Attributes:
        image: float32 (bands, rows, columns); 0 where the weight is.
        weight: float32 (rows, columns), 0 to 1.
        block: Where they lie, registered.
        item: The revisit's number; 0 is the reference.
    """

    image: Array
    weight: Array
    block: BlockWindow
    item: int

    @property
    def area(self) -> float:
        """Area of a target pixel, in pixels of this revisit."""
        return self.block.row_axis.scale * self.block.column_axis.scale


@dataclass(frozen=True)
class Grid:
    """A rectangle of the target grid; it may reach beyond the grid's edges.

    Attributes:
        row: First row.
        column: First column.
        rows: Number of rows.
        columns: Number of columns.
    """

    row: int
    column: int
    rows: int
    columns: int

    def inside(self, window: Window) -> tuple[slice, slice]:
        """Return where a window lies in this rectangle."""
        top, left = window.row - self.row, window.column - self.column
        return slice(top, top + window.rows), slice(left, left + window.columns)


def grid_around(window: Window, ratio: tuple[float, float], reach: float) -> Grid:
    """Return the window and `reach` pixels of a revisit more on each side."""
    down, right = (math.ceil(reach * one) for one in ratio)
    return Grid(window.row - down, window.column - right, window.rows + 2 * down, window.columns + 2 * right)


def parts_in(observations: Observations, grid: Grid) -> list[Part]:
    """Return the pixels of each revisit whose centres lie in a rectangle, where any of them counts.

    What comes with a window beyond that depends on the window; what is returned does not.
    """
    found = []
    for item, (image, weight) in enumerate(zip(observations.images, observations.weights)):
        block = observations.block(item)
        top, bottom = _between(block.row_axis, grid.row, grid.rows, block.row, block.rows)
        left, right = _between(block.column_axis, grid.column, grid.columns, block.column, block.columns)
        if bottom <= top or right <= left:
            continue
        rows = slice(top - block.row, bottom - block.row)
        columns = slice(left - block.column, right - block.column)
        counts = weight[rows, columns]
        if not counts.any():
            continue
        at = replace(block, row=top, column=left, rows=bottom - top, columns=right - left)
        found.append(Part(image[:, rows, columns] * (counts > 0), counts, at, item))
    return found


def _between(axis: Axis, start: int, count: int, first: int, size: int) -> tuple[int, int]:
    """Return the pixels [low, high) of a block whose centres lie in `count` target pixels from `start`."""
    low = math.ceil(axis.origin + axis.scale * start - 0.5 - _TIE)
    high = math.floor(axis.origin + axis.scale * (start + count) - 0.5 + _TIE) + 1
    return max(low, first), min(high, first + size)


def positions(part: Part, grid: Grid) -> tuple[Array, Array]:
    """Return where the rows and columns of a part stand in a rectangle, float64, as indices of its pixels' centres."""
    block = part.block
    rows = [block.row_axis.target(row) - grid.row for row in range(block.row, block.row + block.rows)]
    columns = [
        block.column_axis.target(column) - grid.column for column in range(block.column, block.column + block.columns)
    ]
    return np.array(rows), np.array(columns)


def interpolated(observations: Observations, item: int) -> tuple[Array, Array]:
    """Interpolate one revisit onto the window: cubic, and linear over what counts beside pixels that do not.

    Returns:
        float32 (bands, rows, columns), and how much each pixel counts, float32 (rows, columns), 0 to 1.
    """
    image, weight, block = observations.images[item], observations.weights[item], observations.block(item)
    window = observations.window
    if not weight.any():
        return np.zeros((len(image), window.rows, window.columns), np.float32), np.zeros(
            (window.rows, window.columns), np.float32
        )
    result = _onto(cubic_matrix, image, block, window)
    counts = _onto(linear_matrix, weight[None], block, window)[0]
    doubtful = (weight < _TRUSTED)[None].astype(np.float32)
    if doubtful.any():
        whole = _onto(touch_matrix, doubtful, block, window)[0] < _TIE
        near = _onto(linear_matrix, image * weight, block, window)
        near /= np.maximum(counts, _TINY)
        np.copyto(result, near, where=~whole)
        counts[_onto(linear_matrix, (weight > 0)[None].astype(np.float32), block, window)[0] <= _NEAR] = 0
    counts *= _over(block.row_axis, window.row, window.rows)[:, None]
    counts *= _over(block.column_axis, window.column, window.columns)[None]
    return result, np.maximum(counts, 0)


def _onto(matrix: Callable[..., Banded], image: Array, block: BlockWindow, window: Window) -> Array:
    by_row = matrix(block.row_axis, window.row, window.row + window.rows, block.row, block.rows)
    by_column = matrix(block.column_axis, window.column, window.column + window.columns, block.column, block.columns)
    return apply_columns(by_column, apply_rows(by_row, image))


def _over(axis: Axis, start: int, count: int) -> Array:
    """Return which target pixels lie within one pixel of an image's outermost centres."""
    places = axis.origin + axis.scale * (np.arange(start, start + count) + 0.5) - 0.5
    inside: Array = (places > -1) & (places < axis.size)
    return inside


def splat(image: Array, rows: tuple[Array, Array], columns: tuple[Array, Array], size: tuple[int, int]) -> Array:
    """Add pixels into the cells of a grid.

    Args:
        image: float32 (bands, rows, columns).
        rows: For each row the first cell it goes to, int (rows,), and its share of that cell and of those after it,
            float (rows, cells). No two rows may begin at one cell.
        columns: The same for columns.
        size: (rows, columns) of the grid.

    Returns:
        float32 (bands, *size).
    """
    return _along(_along(image, *rows, size[0], 1), *columns, size[1], 2)


def _along(image: Array, first: Array, shares: Array, size: int, axis: int) -> Array:
    shape = list(image.shape)
    shape[axis] = size
    result = np.zeros(shape, np.float32)
    for tap in range(shares.shape[1]):
        cells, share = first + tap, shares[:, tap].astype(np.float32)
        use = np.flatnonzero((cells >= 0) & (cells < size) & (share != 0))
        if not use.size:
            continue
        if axis == 1:
            result[:, cells[use]] += image[:, use] * share[use, None]
        else:
            result[:, :, cells[use]] += image[:, :, use] * share[use]
    return result


def adjacent_cells(places: Array) -> tuple[Array, Array]:
    """Return, for `splat`, the two cells beside each place, shared between them by nearness."""
    first = np.floor(places + _TIE).astype(np.intp)
    after = np.maximum(places - first, 0.0)
    return first, np.stack([1 - after, after], axis=1)


def overlapped_cells(places: Array, width: float) -> tuple[Array, Array]:
    """Return, for `splat`, how much of each cell (0 to 1) a drop of some width (cells) around each place covers."""
    first = np.floor(places - width / 2 + 0.5 + _TIE).astype(np.intp)
    taps = np.arange(math.ceil(width) + 1)
    cells = first[:, None] + taps[None]
    low = np.maximum(places[:, None] - width / 2, cells - 0.5)
    high = np.minimum(places[:, None] + width / 2, cells + 0.5)
    return first, np.maximum(high - low, 0.0)


def filled(sums: Array, weight: Array, ratio: tuple[float, float], enough: float = 0.1) -> Array:
    """Return sums over weights; where there is next to no weight, normalised convolution of what lies around.

    The convolution is narrow (some of a fine pixel), and leans on a wide one where that finds next to nothing.

    Args:
        sums: float32 (bands, rows, columns), sums of weights times values.
        weight: float32 (rows, columns), sums of weights.
        ratio: Fine pixels in a pixel of a revisit, (rows, columns).
        enough: Weight above which a pixel needs no other; below 0.3 of that it has no value of its own.
    """
    result: Array = sums / np.maximum(weight, _TINY)
    if weight.min() >= enough:
        return result
    wide_sigma = (_WIDE_SIGMA * ratio[0], _WIDE_SIGMA * ratio[1])
    wide = smoothed(sums, wide_sigma) / np.maximum(smoothed(weight[None], wide_sigma), _TINY)
    narrow = (_FILL_SIGMA, _FILL_SIGMA)
    around = smoothed(sums, narrow) + _WIDE_SHARE * wide
    around /= smoothed(weight[None], narrow) + _WIDE_SHARE
    # Between little and enough weight one goes over into the other, so that rounding decides nothing.
    little = _SHARE_OF_ENOUGH * enough
    own = np.clip((weight - np.float32(little)) / np.float32(enough - little), 0, 1)
    result -= around
    result *= own
    result += around
    return result


def smoothed(image: Array, sigma: tuple[float, float]) -> Array:
    """Gaussian smoothing of (bands, rows, columns), sigma in pixels along rows and columns; edges are replicated."""
    by_row, by_column = _gaussian(image.shape[1], sigma[0]), _gaussian(image.shape[2], sigma[1])
    return apply_columns(by_column, apply_rows(by_row, image))


@lru_cache(maxsize=64)
def _gaussian(size: int, sigma: float) -> Banded:
    reach = 3.0 * sigma + 0.5

    def kernel(distance: Array) -> Array:
        return np.where(np.abs(distance) <= reach, np.exp(-0.5 * (distance / sigma) ** 2), 0.0)

    return Banded(np.arange(size, dtype=np.float64), reach, kernel, size, _BLOCK)


def weighted_median(values: Array, weights: Array) -> Array:
    """Return the median along the first axis; 0 where there is no weight at all.

    It is the mean of what lies in the middle tenth of all weight: with ten equal weights or fewer the usual median, and
    never one that jumps when weights hardly change.

    Args:
        values: float32 (observations, ...).
        weights: float32, the same shape, not negative.
    """
    order = np.argsort(values, axis=0, kind="stable")
    ordered, own = np.take_along_axis(values, order, axis=0), np.take_along_axis(weights, order, axis=0)
    above = np.cumsum(own, axis=0, dtype=np.float64)
    total = above[-1].copy()
    below = above - own
    np.minimum(above, (0.5 + _MIDDLE) * total, out=above)
    np.maximum(below, (0.5 - _MIDDLE) * total, out=below)
    above -= below
    share = np.maximum(above, 0, out=above)
    found = (share * ordered).sum(axis=0) / np.maximum(share.sum(axis=0), 1e-30)
    return np.where(total > 0, found, 0).astype(np.float32)
