"""Revisits as a network for super-resolution takes them: frames on one coarse lattice, masks, and a classical estimate.

The lattice lies nested in the target grid: coarse pixel j covers the target pixels ratio * j to ratio * j + ratio - 1,
counted from the reference's corner. A frame is moved by whole pixels only, each lattice pixel taking the nearest sample
of the registered revisit, so nothing is blurred before the network sees it and what is left is at most half a pixel.

Training and inference call the same functions, so that a network meets what it was trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np

from ..classical.super_resolution.revisits import Observations, RevisitsMethod
from ..tasks.method import Array, Blocks, State
from ..tasks.window import Axis, BlockWindow, Window
from .surroundings import at, enlarged, extended, filled

ROLE = "REVISITS"
_COUNTS = 0.5
_ON_PIXELS = 1e-3
_HALF = 0.5 + 1e-6  # a sample half-way between two pixels goes to the same one whatever the rounding


@dataclass(frozen=True)
class Nest:
    """The coarse lattice nested in the target grid.

    Attributes:
        ratio: Target pixels along a side of a coarse pixel.
        row: Target row at which the reference, and so coarse row 0, begins; may lie outside the target grid.
        column: The same for columns.
        rows: Coarse rows that the reference covers.
        columns: The same for columns.
    """

    ratio: int
    row: int
    column: int
    rows: int
    columns: int

    @classmethod
    def of(cls, ratio: int, window: Window) -> Nest:
        """Return the lattice for the reference, which is the first of the window's revisits."""
        reference = window.block(ROLE)
        row, rows = _span(reference.row_axis, ratio)
        column, columns = _span(reference.column_axis, ratio)
        return cls(ratio, row, column, rows, columns)

    def around(self, window: Window, halo: int, multiple: int) -> Window:
        """Return the window grown by at least `halo`, beginning at a multiple from the lattice's corner and ending so.

        Args:
            window: A window of the target grid.
            halo: Target pixels.
            multiple: Target pixels; a multiple of the ratio.
        """
        top, rows = _grown(window.row - self.row, window.rows, halo, multiple)
        left, columns = _grown(window.column - self.column, window.columns, halo, multiple)
        return at(window, top + self.row, left + self.column, rows, columns)

    def coarse(self, region: Window) -> tuple[Array, Array]:
        """Return the target sample indices at the centres of a region's coarse pixels: of rows, and of columns.

        Those beyond the reference are those of its outermost pixels, so that a network sees the edge go on.
        """
        return (
            self._centres(region.row - self.row, region.rows, self.rows) + self.row,
            self._centres(region.column - self.column, region.columns, self.columns) + self.column,
        )

    def inside(self, region: Window) -> Window:
        """Return the part of a region that the reference covers: at least one coarse pixel."""
        top, bottom = _shared(region.row - self.row, region.rows, self.rows * self.ratio, self.ratio)
        left, right = _shared(region.column - self.column, region.columns, self.columns * self.ratio, self.ratio)
        return at(region, top + self.row, left + self.column, bottom - top, right - left)

    def _centres(self, first: int, length: int, count: int) -> Array:
        if first % self.ratio or length % self.ratio:
            raise ValueError(f"[{first}, {first + length}) does not lie on a lattice of {self.ratio}.")
        numbers = np.arange(first // self.ratio, (first + length) // self.ratio).clip(0, count - 1)
        centres: Array = numbers * self.ratio + (self.ratio - 1) / 2
        return centres


@dataclass(frozen=True)
class Prepared:
    """What a network gets for a region, in the units of the revisits; the reference is the first frame.

    Attributes:
        revisits: float32 (items, bands, rows / ratio, columns / ratio).
        masks: float32 (items, 1, rows / ratio, columns / ratio): 1 where a frame counts, else 0.
        base: float32 (bands, rows, columns), the classical estimate; None where none was asked for.
        pan: float32 (PAN's bands, rows, columns); None where there is no PAN.
        valid: bool (rows, columns): where a revisit says something; None for everywhere.
    """

    revisits: Array
    masks: Array
    base: Optional[Array]
    pan: Optional[Array]
    valid: Optional[Array] = None


def cut(made: Prepared, whole: Window, part: Window, ratio: int) -> Prepared:
    """Return a part of what was prepared for a region; both lie on the lattice.

    Args:
        made: What was prepared.
        whole: The region that it was prepared for.
        part: A region inside it.
        ratio: Target pixels along a side of a coarse pixel.
    """
    top, left = part.row - whole.row, part.column - whole.column
    fine = (..., slice(top, top + part.rows), slice(left, left + part.columns))
    coarse = (
        ...,
        slice(top // ratio, (top + part.rows) // ratio),
        slice(left // ratio, (left + part.columns) // ratio),
    )
    return Prepared(
        made.revisits[coarse],
        made.masks[coarse],
        None if made.base is None else made.base[fine],
        None if made.pan is None else made.pan[fine],
        None if made.valid is None else made.valid[fine],
    )


def prepared(
    method: RevisitsMethod,
    blocks: Blocks,
    state: State,
    region: Window,
    nest: Nest,
    reach: int = 0,
    with_base: bool = True,
) -> Prepared:
    """Return what a network gets for a region that may reach beyond the scene.

    Args:
        method: Registers, matches and weights the revisits, and makes the base.
        blocks: The revisits, and PAN where there is one; they reach `reach` and the method's halo beyond the region.
        state: Results of the method's passes.
        region: A rectangle on the lattice, such as `Nest.around` gives.
        nest: The lattice.
        reach: Target pixels around a hole, at most, that it is filled from.
        with_base: Whether to run the method for the base.
    """
    ring = max(1, -(-reach // nest.ratio))
    wide = ring * nest.ratio
    outer = at(region, region.row - wide, region.column - wide, region.rows + 2 * wide, region.columns + 2 * wide)
    observed = method.observations(blocks, state, region)
    revisits, masks = frames_of(observed, outer, nest, ring)
    base = _base(method, blocks, state, region, nest, revisits, masks) if with_base else None
    inner = (..., slice(ring, -ring), slice(ring, -ring))
    return Prepared(
        np.ascontiguousarray(revisits[inner]),
        np.ascontiguousarray(masks[inner]),
        base,
        pan_of(blocks, region, reach),
        method.valid(observed),
    )


def frames_of(observed: Observations, region: Window, nest: Nest, reach: int = 0) -> tuple[Array, Array]:
    """Return the frames of a region and their masks.

    Where a frame does not count it shows the mean of those that do; where none does, that of the nearest pixels where
    one does.

    Args:
        observed: The revisits, in the reference's units.
        region: A rectangle on the lattice.
        nest: The lattice.
        reach: Half the side, in coarse pixels, of the largest square that a hole is filled from.

    Returns:
        float32 (items, bands, coarse rows, coarse columns), and float32 (items, 1, coarse rows, coarse columns).
    """
    places = nest.coarse(region)
    found = [
        _frame(image, weight, block, places)
        for image, weight, block in zip(observed.images, observed.weights, blocks_of(observed.window))
    ]
    frames, counts = np.stack([frame for frame, _ in found]), np.stack([good for _, good in found])
    if not counts.all():
        _fill(frames, counts, reach)
    return frames, counts[:, None].astype(np.float32)


def pan_of(blocks: Blocks, region: Window, reach: int) -> Optional[Array]:
    """Return PAN in a region, float32 (bands, rows, columns), going on beyond its edges and in its holes; or None.

    Where its pixels lie on the target's they are taken as they are; else, once moved to where the reference shows the
    same, it is interpolated.
    """
    if "PAN" not in blocks:
        return None
    valid, block = blocks.get("PAN_valid"), region.block("PAN")
    wide = 0 if valid is None else reach
    outer = at(region, region.row - wide, region.column - wide, region.rows + 2 * wide, region.columns + 2 * wide)
    if all(_on_pixels(axis) for axis in (block.row_axis, block.column_axis)):
        pan, known = extended(blocks["PAN"], valid, block, outer)
    else:
        pan, known = enlarged(blocks["PAN"], valid, block, outer, "cubic")
    inner = (slice(None), slice(wide, wide + region.rows), slice(wide, wide + region.columns))
    return np.ascontiguousarray(filled(pan, known, reach)[inner], np.float32)


def _on_pixels(axis: Axis) -> bool:
    return abs(axis.origin - round(axis.origin)) < _ON_PIXELS


def blocks_of(window: Window) -> tuple[BlockWindow, ...]:
    """Return the blocks of the revisits."""
    blocks = window.blocks[ROLE]
    return blocks if isinstance(blocks, tuple) else (blocks,)


def only(chosen: Sequence[int], blocks: Blocks, window: Window) -> tuple[dict[str, Any], Window]:
    """Return blocks and window with some of the revisits alone, in the order of `chosen`."""
    taken: dict[str, Any] = dict(blocks)
    for name in (ROLE, f"{ROLE}_valid"):
        if blocks.get(name) is not None:
            taken[name] = tuple(blocks[name][place] for place in chosen)
    if blocks.get(f"{ROLE}_days") is not None:
        taken[f"{ROLE}_days"] = np.asarray(blocks[f"{ROLE}_days"])[list(chosen)]
    own = blocks_of(window)
    return taken, replace(window, blocks={**window.blocks, ROLE: tuple(own[place] for place in chosen)})


def pan_valid(blocks: Blocks, window: Window) -> Optional[Array]:
    """Return where PAN is valid in a window; None for everywhere."""
    valid = blocks.get("PAN_valid")
    if valid is None:
        return None
    none = np.zeros((0, *np.shape(valid)), np.float32)
    return extended(none, valid, window.block("PAN"), window)[1]


def only_state(chosen: Sequence[int], state: State, items: int) -> State:
    """Return the results of passes with those of some of the revisits alone.

    Args:
        chosen: Which revisits.
        state: Results of the passes: of "registration" and "photometry" each array has one entry for each revisit.
        items: Number of revisits.
    """
    taken = dict(state)
    for name in ("registration", "photometry"):
        if isinstance(state.get(name), Mapping):
            taken[name] = {key: _entries(value, chosen, items) for key, value in state[name].items()}
    return taken


def _entries(value: Any, chosen: Sequence[int], items: int) -> Any:
    if isinstance(value, np.ndarray) and value.ndim and len(value) == items:
        return value[list(chosen)]
    if isinstance(value, (list, tuple)) and len(value) == items:
        return [value[place] for place in chosen]
    return value


def _frame(image: Array, weight: Array, block: BlockWindow, places: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return the nearest samples of a revisit, float32 (bands, rows, columns), and where they count."""
    rows, row_inside = _nearest(block.row_axis, places[0], block.row, block.rows)
    columns, column_inside = _nearest(block.column_axis, places[1], block.column, block.columns)
    counts = row_inside[:, None] & column_inside[None] & (np.asarray(weight)[rows[:, None], columns[None]] > _COUNTS)
    return np.asarray(image, np.float32)[:, rows[:, None], columns[None]], counts


def _nearest(axis: Axis, places: Array, first: int, length: int) -> tuple[Array, Array]:
    """Return, for places on the target, the nearest pixels of a block along an axis, and whether there are such."""
    samples = axis.origin + axis.scale * (places + 0.5) - 0.5
    numbers = np.floor(samples + _HALF).astype(np.intp) - first
    return numbers.clip(0, length - 1), (numbers >= 0) & (numbers < length)


def _fill(frames: Array, counts: Array, reach: int) -> None:
    """Write the mean of the frames that count where others do not; changes `frames`."""
    mean, known = _mean(frames, counts)
    mean = filled(mean, known, reach)
    np.copyto(frames, mean[None], where=~counts[:, None])


def _mean(frames: Array, counts: Array) -> tuple[Array, Array]:
    """Return the mean of the frames that count, float32 (bands, rows, columns), and where there are any."""
    total = np.zeros(frames.shape[1:], np.float64)
    for frame, good in zip(frames, counts):
        total += np.where(good, frame, np.float32(0))
    number = counts.sum(axis=0)
    return (total / np.maximum(number, 1)).astype(np.float32), number > 0


def _base(
    method: RevisitsMethod, blocks: Blocks, state: State, region: Window, nest: Nest, revisits: Array, masks: Array
) -> Array:
    """Return the method's estimate in a region, with the mean of the frames in its holes.

    The frames are those of the region with a ring around it.
    """
    part = nest.inside(region)
    found = method.fuse(blocks, state, part)
    # Where the region goes on beyond the reference, its edge does.
    rows = (np.arange(region.row, region.row + region.rows) - part.row).clip(0, part.rows - 1)
    columns = (np.arange(region.column, region.column + region.columns) - part.column).clip(0, part.columns - 1)
    estimate: Array = np.asarray(found["OUTPUT"], np.float32)[:, rows[:, None], columns[None]]
    valid = found.get("OUTPUT_valid")
    if valid is None or valid.all():
        return estimate
    valid = np.asarray(valid)[rows[:, None], columns[None]]
    ring = (revisits.shape[-2] * nest.ratio - region.rows) // (2 * nest.ratio)
    mean, known = _mean(revisits, masks[:, 0] > 0)
    coarse = filled(mean, known, ring)[:, ring:-ring, ring:-ring]
    return np.where(valid, estimate, coarse.repeat(nest.ratio, axis=1).repeat(nest.ratio, axis=2))


def _span(axis: Axis, ratio: int) -> tuple[int, int]:
    """Return the target pixel at which an image begins along an axis, and how many coarse pixels it covers."""
    first = int(np.floor(-axis.origin / axis.scale + _HALF))
    return first, max(1, int(np.floor(axis.size / axis.scale / ratio + _HALF)))


def _grown(first: int, length: int, halo: int, multiple: int) -> tuple[int, int]:
    """Return (first, length) of what holds [first - halo, first + length + halo) between multiples."""
    start = (first - halo) // multiple * multiple
    stop = -(-(first + length + halo) // multiple) * multiple
    return start, stop - start


def _shared(first: int, length: int, size: int, least: int) -> tuple[int, int]:
    """Return (start, stop) of what [first, first + length) shares with [0, size): at least `least` next to it."""
    start = min(max(first, 0), size - least)
    return start, max(min(first + length, size), start + least)
