"""Sums over a moving window in which only the pixels that resemble its centre count.

The loop goes over the window's offsets, not over pixels. Images are padded by the window's reach and laid out flat: an
offset is then one number, and all arithmetic is on contiguous strips that stay in the cache. A strip's pixels are the
same whatever the strip, so results do not depend on windows, bit for bit. Offsets of one distance are summed together,
from the farthest to the centre, so that a weight by distance costs one multiplication for a ring.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Window
from ..arrays import Arrays

# Layers that lie in the cache at once, at most: with all of many, strips would be shorter than a row.
_LAYERS = 25
# The limit in tests of likeness, with room for equal values.
WITHIN = np.float32(1 + 1e-5)
# Stands for an invalid pixel in tests of likeness: resembles nothing.
UNLIKE = np.float32(1e15)


@lru_cache(maxsize=64)
def rings(reach: int, columns: int, step: int = 1) -> tuple[tuple[float, tuple[int, ...]], ...]:
    """Return (1 / D, flat offsets) for each distance in a square window, the farthest first.

    D = 1 + d / reach for the distance d in pixels.

    Args:
        reach: Pixels from the centre to the window's side.
        columns: Columns of the padded image.
        step: Only offsets that are multiples of this on both axes.
    """
    found: dict[int, list[int]] = {}
    steps = range(-(reach // step) * step, reach + 1, step)
    for down in steps:
        for right in steps:
            found.setdefault(down * down + right * right, []).append(down * columns + right)
    return tuple(
        (1 / (1 + math.sqrt(squared) / max(reach, 1)), tuple(found[squared])) for squared in sorted(found, reverse=True)
    )


@dataclass(frozen=True)
class Strip:
    """Rows of a window, and where they lie in the flat padded image.

    Attributes:
        row: First row.
        rows: Number of rows.
        first: Flat index of the first pixel.
        count: Flat pixels, the padding between rows included.
        columns: Columns of the padded image.
        reach: The padding.
    """

    row: int
    rows: int
    first: int
    count: int
    columns: int
    reach: int

    def put(self, flat: Array, image: Array) -> None:
        """Write (layers, count) into the rows of (layers, rows, columns)."""
        wide = np.zeros((len(flat), self.rows * self.columns), flat.dtype)
        wide[:, : self.count] = flat
        inner = self.columns - 2 * self.reach
        image[:, self.row : self.row + self.rows] = wide.reshape(len(flat), self.rows, self.columns)[:, :, :inner]


def strips(window: Window, reach: int, numbers: int) -> Iterator[Strip]:
    """Yield the strips of a window whose images are padded by `reach`, of about so many pixels."""
    columns = window.columns + 2 * reach
    height = max(1, numbers // columns)
    for row in range(0, window.rows, height):
        window.raise_if_cancelled()
        rows = min(height, window.rows - row)
        first = (row + reach) * columns + reach
        yield Strip(row, rows, first, (rows - 1) * columns + window.columns, columns, reach)


def flat(image: Array) -> Array:
    """Return (layers, rows, columns) as contiguous float32 (layers, pixels)."""
    return np.ascontiguousarray(image, np.float32).reshape(len(image), -1)


def alike_sums(
    near: Array,
    below: Optional[tuple[Array, Array]],
    layers: Array,
    plain: int,
    window: Window,
    reach: int,
    arrays: Arrays,
) -> Array:
    """Return the sums over the pixels that resemble the centre; the arguments are those of `Kernels.alike`."""
    tested, centres = arrays.put(near), arrays.put(near)
    if below is not None:
        tested = arrays.put(np.concatenate([near, below[0]]))
        centres = arrays.put(np.concatenate([near, below[1] - np.float32(1)]))
    summed = arrays.put(layers)
    out = np.empty((len(layers), window.rows, window.columns), np.float32)
    at_once = min(len(layers) + 2 * len(tested), _LAYERS)
    for strip in strips(window, reach, arrays.strip // at_once):
        mask = _mask(tested, centres, len(near), strip, arrays)
        strip.put(arrays.get(_weighted_sums(mask, summed, plain, strip, reach, arrays)), out)
    return out


def _mask(tested: Any, centres: Any, near: int, strip: Strip, arrays: Arrays) -> Callable[[int], Any]:
    """Return a function that gives an int32 mask (pixels of the strip) for an offset: -1 where alike, 0 elsewhere.

    Args:
        tested: Values of all pixels, (tests, pixels).
        centres: What the values are compared with at each centre, (tests, pixels).
        near: So many of the first tests are of the absolute difference.
        strip: The centres.
        arrays: What is computed on.
    """
    centre = arrays.put(centres[:, strip.first : strip.first + strip.count])
    room = arrays.empty(*centre.shape)
    worst = arrays.empty(strip.count)
    signs = arrays.bits(worst)
    limit = float(WITHIN)

    def mask(offset: int) -> Any:
        start = strip.first + offset
        arrays.subtract(tested[:, start : start + strip.count], centre, room)
        arrays.absolute(room[:near], room[:near])
        if len(room) == 1:
            arrays.subtract(room[0], limit, worst)
        else:
            arrays.largest(room, worst)
            arrays.subtract(worst, limit, worst)
        arrays.spread_sign(signs)
        return signs

    return mask


def _weighted_sums(
    mask: Callable[[int], Any], layers: Any, plain: int, strip: Strip, reach: int, arrays: Arrays
) -> Any:
    """Return the sums of (layers, pixels) for the centres of a strip, with weights 1 / D but for the last layers."""
    bits = arrays.bits(layers)
    sums = arrays.zeros(len(layers), strip.count)
    part = arrays.empty(len(layers), strip.count)
    part_bits = arrays.bits(part)
    weighted = sums[: len(layers) - plain]
    before = 0.0
    for weight, offsets in rings(reach, strip.columns):
        if before:
            arrays.multiply(weighted, before / weight, weighted)
        before = weight
        for offset in offsets:
            start = strip.first + offset
            arrays.masked(bits[:, start : start + strip.count], mask(offset), part_bits)
            arrays.add(sums, part, sums)
    return sums
