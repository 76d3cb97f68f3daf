"""What all spatiotemporal methods look at: fine and coarse images around a window, and the grid of coarse cells.

Fine images lie on the target grid. Coarse images lie on a grid of their own, with any ratio and phase, or were
resampled onto the fine grid by somebody; then the cells are squares of RATIO fine pixels from the image's first corner,
and a cell's value is the mean over it. A fine pixel belongs to the cell that contains its centre.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, SceneInfo
from ...tasks.window import Axis, BlockWindow, Window
from ..resampling import CUBIC_HALO, containing, cubic_kernel, linear_kernel
from .statistics import cut

TARGET = "COARSE_TARGET"
NEAREST, CUBIC = "nearest", "cubic"
# A coarse image with pixels below this many fine ones was resampled onto the fine grid.
RESAMPLED = 1.5
_SAME = 1e-6


@dataclass(frozen=True)
class Cells:
    """The coarse cells, whole or a part of them.

    Attributes:
        row_axis: Where rows of cells lie on the target grid.
        column_axis: Where columns of cells lie on the target grid.
        row: First row of this part; it may lie outside the image.
        column: First column of this part.
        rows: Rows of this part.
        columns: Columns of this part.
    """

    row_axis: Axis
    column_axis: Axis
    row: int
    column: int
    rows: int
    columns: int

    def of_rows(self, area: Window) -> Array:
        """Return for each target row of `area` the row of this part that its centre lies in."""
        return containing(self.row_axis, area.row, area.rows) - self.row

    def of_columns(self, area: Window) -> Array:
        """Return for each target column of `area` the column of this part that its centre lies in."""
        return containing(self.column_axis, area.column, area.columns) - self.column

    def area(self, window: Window) -> Window:
        """Return the target pixels that touch this part."""
        top, bottom = _touching(self.row_axis, self.row, self.row + self.rows)
        left, right = _touching(self.column_axis, self.column, self.column + self.columns)
        return replace(window, row=top, rows=bottom - top, column=left, columns=right - left)

    def block(self) -> BlockWindow:
        """Return this part as the block of an image."""
        return BlockWindow(self.row, self.column, self.rows, self.columns, self.row_axis, self.column_axis)


def _touching(axis: Axis, first: int, last: int) -> tuple[int, int]:
    start = (first - axis.origin) / axis.scale
    stop = (last - axis.origin) / axis.scale
    return math.floor(start + _SAME), math.ceil(stop - _SAME)


class Geometry:
    """The sizes of cells and halos of one scene.

    Args:
        parameters: With RATIO, fine pixels along a side of a coarse pixel; 0 takes it from the images.
        scene: What is known of the scene.

    Raises:
        InputError: The coarse images are on the fine grid and RATIO is not given, or coarse images are finer.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        given = float(parameters.get("RATIO", 0.0))
        self.own = {role: scene.ratio[role] for role in scene.ratio if role.startswith("COARSE")}
        for role, ratio in self.own.items():
            if min(ratio) < 1 - _SAME:
                raise InputError(
                    f"{role} has smaller pixels than FINE_1: give the coarse image here, the fine one there."
                )
        self.resampled = {role: max(ratio) < RESAMPLED for role, ratio in self.own.items()}
        target = self.own[TARGET]
        if self.resampled[TARGET]:
            if given <= 1:
                raise InputError(
                    f"{TARGET} is on the fine grid already: give RATIO, the coarse sensor's pixel size in fine pixels, "
                    "such as 16 for MODIS of 480 m and Landsat of 30 m."
                )
            self.ratio = (given * target[0], given * target[1])
        else:
            self.ratio = target
        self.largest = max(self.ratio)

    def coarse_halo(self, fine: int, cells: int = CUBIC_HALO + 1) -> dict[str, int]:
        """Return the halo of each coarse role that covers `fine` target pixels, and `cells` cells more."""
        beyond = fine + math.ceil(cells * self.largest) + 1
        halo = {}
        for role, ratio in self.own.items():
            halo[role] = math.ceil(beyond / min(ratio)) + 1 + CUBIC_HALO
        return halo

    def cells(self, window: Window, around: int = 0) -> Cells:
        """Return the cells that touch a window, and `around` more on each side, also outside the image."""
        block = window.block(TARGET)
        axes = block.row_axis, block.column_axis
        if self.resampled[TARGET]:
            axes = _grouped(axes[0], self.ratio[0]), _grouped(axes[1], self.ratio[1])
        parts = []
        for axis, start, count in ((axes[0], window.row, window.rows), (axes[1], window.column, window.columns)):
            first = math.floor(axis.origin + axis.scale * start + _SAME) - around
            last = math.ceil(axis.origin + axis.scale * (start + count) - _SAME) + around
            parts.append((first, last - first))
        (row, rows), (column, columns) = parts
        return Cells(axes[0], axes[1], row, column, rows, columns)

    def owned(self, window: Window) -> Cells:
        """Return the cells whose centres lie in a window: adjoining windows own each cell once.

        A cell that reaches over the fine image's edge with its centre belongs to the window at that edge.
        """
        whole = self.cells(window)
        fine = window.block(next(role for role in window.blocks if role.startswith("FINE")))
        top, rows = _owned(whole.row_axis, (window.row, window.rows), (whole.row, whole.rows), fine.row_axis)
        left, columns = _owned(
            whole.column_axis, (window.column, window.columns), (whole.column, whole.columns), fine.column_axis
        )
        return replace(whole, row=top, column=left, rows=rows, columns=columns)


def _owned(axis: Axis, part: tuple[int, int], touching: tuple[int, int], fine: Axis) -> tuple[int, int]:
    """Return the first and the number of the cells that the target pixels `part` (first, count) own on an axis."""
    first, last = axis.owned(part[0], sum(part))
    if part[0] <= -fine.origin:
        first = min(first, max(touching[0], 0))
    if sum(part) >= fine.size - fine.origin:
        last = max(last, min(sum(touching), axis.size))
    return first, max(last - first, 0)


def _grouped(axis: Axis, ratio: float) -> Axis:
    """Return the axis of cells of `ratio` target pixels, from the image's first pixel."""
    cell = ratio * axis.scale
    return Axis(axis.origin / cell, 1 / ratio, max(1, math.ceil(axis.size / cell - _SAME)))


def grown(window: Window, reach: int) -> Window:
    """Return a window with `reach` more pixels on each side; it may lie outside the image."""
    return replace(
        window,
        row=window.row - reach,
        column=window.column - reach,
        rows=window.rows + 2 * reach,
        columns=window.columns + 2 * reach,
    )


def _placed(
    values: Array, valid: Optional[Array], block: BlockWindow, first: tuple[int, int], shape: tuple[int, int]
) -> tuple[Array, Array]:
    """Copy a block into an array whose corner is at `first` of the block's image; outside it is not valid."""
    image = np.zeros((len(values), *shape), np.float32)
    known = np.zeros(shape, bool)
    top, left = block.row - first[0], block.column - first[1]
    rows = slice(max(top, 0), min(top + block.rows, shape[0]))
    columns = slice(max(left, 0), min(left + block.columns, shape[1]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return image, known
    inside = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
    part = cut(np.asarray(values), inside)
    good = np.isfinite(part).all(axis=0)
    if valid is not None:
        good &= np.asarray(valid)[inside]
    known[rows, columns] = good
    image[:, rows, columns] = np.where(good, part, np.float32(0))
    return image, known


def fine_image(blocks: Blocks, role: str, area: Window) -> tuple[Array, Array]:
    """Return an image of the target grid over `area`.

    Returns:
        float32 (bands, rows, columns), 0 where invalid, and bool (rows, columns); outside the image is invalid.
    """
    block = area.block(role)
    first = (area.row + round(block.row_axis.origin), area.column + round(block.column_axis.origin))
    return _placed(blocks[role], blocks.get(f"{role}_valid"), block, first, (area.rows, area.columns))


def coarse_image(blocks: Blocks, role: str, area: Window, how: str = CUBIC) -> tuple[Array, Array]:
    """Return a coarse image resampled onto the target pixels of `area`.

    Args:
        blocks: The blocks of the window.
        role: Which image.
        area: Target pixels.
        how: "cubic", or "nearest": the coarse pixel that a target pixel's centre lies in.

    Returns:
        As `fine_image`; a pixel is valid where the coarse pixel that it lies in is.
    """
    block = area.block(role)
    if _on_grid(block.row_axis) and _on_grid(block.column_axis):
        return fine_image(blocks, role, area)
    values, valid = _placed(
        blocks[role], blocks.get(f"{role}_valid"), block, (block.row, block.column), (block.rows, block.columns)
    )
    rows = containing(block.row_axis, area.row, area.rows) - block.row
    columns = containing(block.column_axis, area.column, area.columns) - block.column
    inside = ((rows >= 0) & (rows < block.rows))[:, None] & ((columns >= 0) & (columns < block.columns))[None]
    rows, columns = np.clip(rows, 0, block.rows - 1), np.clip(columns, 0, block.columns - 1)
    if how == NEAREST:
        known = valid[rows[:, None], columns[None]] & inside
        image = values[:, rows[:, None], columns[None]]
    else:
        image = _interpolated(values, valid, block, area)
        known = valid[rows[:, None], columns[None]] & inside
    image[:, ~known] = 0
    return image, known


def _interpolated(values: Array, valid: Array, block: BlockWindow, area: Window) -> Array:
    """Interpolate by cubic convolution (a = -0.5), tap by tap: the same numbers, to the bit, whatever the window.

    Limits on differences between images would otherwise let a rounding show. Where the cubic kernel meets an invalid
    pixel, linear weights are renormalised over the valid ones.
    """
    cubic = [
        _taps(block.row_axis, area.row, area.rows, (block.row, block.rows), cubic_kernel, (-1, 0, 1, 2)),
        _taps(block.column_axis, area.column, area.columns, (block.column, block.columns), cubic_kernel, (-1, 0, 1, 2)),
    ]
    image = _tapped(values, cubic)
    if valid.all():
        return image
    touched = [[(place, (np.abs(weight) > _SAME).astype(np.float32)) for place, weight in taps] for taps in cubic]
    holes = _tapped((~valid)[None].astype(np.float32), touched)[0] > 0
    linear = [
        _taps(block.row_axis, area.row, area.rows, (block.row, block.rows), linear_kernel, (0, 1)),
        _taps(block.column_axis, area.column, area.columns, (block.column, block.columns), linear_kernel, (0, 1)),
    ]
    layers = _tapped(np.concatenate([values * valid, valid[None]]).astype(np.float32), linear)
    near = layers[:-1] / np.maximum(layers[-1], np.float32(_SAME))
    return np.where(holes, near, image)


def _taps(
    axis: Axis, start: int, count: int, part: tuple[int, int], kernel: Callable[[Array], Array], steps: tuple[int, ...]
) -> list[tuple[Array, Array]]:
    """Return (place in the block, weight float32) of each tap of each target pixel; edges are replicated."""
    centres = axis.origin + axis.scale * (np.arange(start, start + count) + 0.5) - 0.5
    base = np.floor(centres)
    taps = []
    for step in steps:
        place = np.clip(base + step - part[0], 0, part[1] - 1).astype(np.intp)
        taps.append((place, kernel(centres - base - step).astype(np.float32)))
    return taps


def _tapped(values: Array, taps: list[list[tuple[Array, Array]]]) -> Array:
    by_row = _weighted([values[:, place] * weight[None, :, None] for place, weight in taps[0]])
    return _weighted([by_row[:, :, place] * weight for place, weight in taps[1]])


def _weighted(parts: list[Array]) -> Array:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _on_grid(axis: Axis) -> bool:
    return abs(axis.scale - 1) < _SAME and abs(axis.origin - round(axis.origin)) < 1e-3


def on_cells(blocks: Blocks, role: str, cells: Cells, window: Window) -> tuple[Array, Array]:
    """Return a coarse image on the cells.

    Its own pixels where it has the cells' grid; the means over the cells where it was resampled onto the fine grid;
    otherwise (another grid of coarse pixels) interpolated at the cells' centres.

    Returns:
        float32 (bands, cell rows, cell columns), 0 where invalid, and bool (cell rows, cell columns).
    """
    block = window.block(role)
    row_axis = _between(block.row_axis, cells.row_axis)
    column_axis = _between(block.column_axis, cells.column_axis)
    if _on_grid(row_axis) and _on_grid(column_axis):
        first = (cells.row + round(row_axis.origin), cells.column + round(column_axis.origin))
        return _placed(blocks[role], blocks.get(f"{role}_valid"), block, first, (cells.rows, cells.columns))
    if max(row_axis.scale, column_axis.scale) > RESAMPLED:
        area = cells.area(window)
        return cell_means(*coarse_image(blocks, role, area, NEAREST), area, cells)
    there = replace(block, row_axis=row_axis, column_axis=column_axis)
    place = Window(cells.row, cells.column, cells.rows, cells.columns, {role: there})
    return coarse_image(blocks, role, place, CUBIC)


def _between(axis: Axis, cells: Axis) -> Axis:
    """Return where an image's axis lies on the axis of the cells."""
    scale = axis.scale / cells.scale
    return Axis(axis.origin - scale * cells.origin, scale, axis.size)


def cell_means(image: Array, valid: Array, area: Window, cells: Cells) -> tuple[Array, Array]:
    """Return the mean over each cell's valid pixels.

    Args:
        image: (bands, rows, columns) over `area`; 0 where invalid.
        valid: bool (rows, columns).
        area: Target pixels.
        cells: Cells that lie within the area.

    Returns:
        float32 (bands, cell rows, cell columns), and where any of the cell's pixels was valid.
    """
    layers = np.concatenate([image, valid[None].astype(image.dtype)])
    sums = cell_sums(layers, area, cells)
    count = sums[-1]
    means = (sums[:-1] / np.maximum(count, 1)).astype(np.float32)
    known = count > 0
    means[:, ~known] = 0
    return means, known


def cell_sums(layers: Array, area: Window, cells: Cells) -> Array:
    """Return the sums of (layers, rows, columns) over each cell's pixels, float64."""
    return _sums(_sums(layers, cells.of_rows(area), cells.rows, 1), cells.of_columns(area), cells.columns, 2)


def _sums(layers: Array, places: Array, count: int, axis: int) -> Array:
    """Sum along an axis where `places` (ascending) is 0, 1, ... count - 1."""
    running = np.zeros([size + (axis == k) for k, size in enumerate(layers.shape)])
    after: list[Any] = [slice(None)] * layers.ndim
    after[axis] = slice(1, None)
    np.cumsum(layers, axis=axis, dtype=np.float64, out=running[tuple(after)])
    wanted = np.arange(count)
    first, last = np.searchsorted(places, wanted, "left"), np.searchsorted(places, wanted, "right")
    sums: Array = np.take(running, last, axis) - np.take(running, first, axis)
    return sums


def from_cells(values: Array, valid: Array, cells: Cells, area: Window, how: str = NEAREST) -> tuple[Array, Array]:
    """Return values of cells on the target pixels of `area`; as `coarse_image`."""
    place = replace(area, blocks={TARGET: cells.block()})
    return coarse_image({TARGET: values, f"{TARGET}_valid": valid}, TARGET, place, how)


def box_sums(layers: Array, radius: int) -> Array:
    """Return sums over squares of 2 radius + 1 of (layers, rows, columns), float64; nothing is beyond the edges."""
    sums = np.asarray(layers, np.float64)
    for axis in (1, 2):
        sums = _slid(sums, radius, axis, np.add, 0.0)
    return sums


def box_extremes(layers: Array, known: Array, radius: int) -> tuple[Array, Array]:
    """Return the least and largest known values of (layers, rows, columns) in squares of 2 radius + 1.

    Where none is known the least is inf and the largest -inf.
    """
    low = np.where(known, layers, np.inf)
    high = np.where(known, layers, -np.inf)
    for axis in (1, 2):
        low = _slid(low, radius, axis, np.minimum, np.inf)
        high = _slid(high, radius, axis, np.maximum, -np.inf)
    return low, high


def _slid(layers: Array, radius: int, axis: int, join: np.ufunc, outside: float) -> Array:
    padding = [(0, 0)] * 3
    padding[axis] = (radius, radius)
    padded = np.pad(layers, padding, constant_values=outside)
    size = layers.shape[axis]
    result: Optional[Array] = None
    for offset in range(2 * radius + 1):
        part = [slice(None)] * 3
        part[axis] = slice(offset, offset + size)
        piece = padded[tuple(part)]
        result = np.array(piece) if result is None else join(result, piece, out=result)
    return np.asarray(result)
