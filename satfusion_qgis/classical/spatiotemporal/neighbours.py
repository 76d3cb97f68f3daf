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

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Window

# Numbers in a strip of all layers: about what the second-level cache holds.
_STRIP = 60_000
# Added to limits, so that equal values count as within.
_WITHIN = 1e-5
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


def strips(window: Window, reach: int, layers: int) -> Iterator[Strip]:
    """Yield the strips of a window whose images are padded by `reach`, small enough for so many layers."""
    columns = window.columns + 2 * reach
    height = max(1, _STRIP // max(layers, 1) // columns)
    for row in range(0, window.rows, height):
        window.raise_if_cancelled()
        rows = min(height, window.rows - row)
        first = (row + reach) * columns + reach
        yield Strip(row, rows, first, (rows - 1) * columns + window.columns, columns, reach)


def flat(image: Array) -> Array:
    """Return (layers, rows, columns) as contiguous float32 (layers, pixels)."""
    return np.ascontiguousarray(image, np.float32).reshape(len(image), -1)


class Alike:
    """Which pixels resemble the centre: for each tested layer |x_i - x_0| <= limit, or x_i <= bound_0.

    Args:
        near: float32 (layers, pixels), each divided by its limit: a pixel resembles the centre where all differ by at
            most 1.
        below: float32 (layers, pixels) that must not exceed the centre's bound; none by default.
        bounds: float32 (layers, pixels), the bounds of each pixel as a centre.
    """

    def __init__(self, near: Array, below: Array, bounds: Array) -> None:
        self._near = len(near)
        self._tested = np.concatenate([near, below])
        self._centres = np.concatenate([near, bounds - np.float32(1)])

    def strip(self, strip: Strip) -> Callable[[int], Array]:
        """Return a function that gives an int32 mask (pixels) for an offset: -1 where alike, 0 elsewhere."""
        inside = slice(strip.first, strip.first + strip.count)
        centre = np.ascontiguousarray(self._centres[:, inside])
        room = np.empty_like(centre)
        worst = np.empty(strip.count, np.float32)
        signs = worst.view(np.int32)
        alone = len(centre) == 1
        limit = np.float32(1 + _WITHIN)

        def mask(offset: int) -> Array:
            start = strip.first + offset
            np.subtract(self._tested[:, start : start + strip.count], centre, out=room)
            np.abs(room[: self._near], out=room[: self._near])
            if alone:
                np.subtract(room[0], limit, out=worst)
            else:
                np.maximum.reduce(room, axis=0, out=worst)
                np.subtract(worst, limit, out=worst)
            np.right_shift(signs, 31, out=signs)
            return signs

        return mask


def no_layers(like: Array) -> Array:
    """Return no layers at all, of the size of `like`."""
    return np.empty((0, like.shape[1]), np.float32)


def weighted_sums(mask: Callable[[int], Array], layers: Array, strip: Strip, reach: int, plain: int = 0) -> Array:
    """Return the sums of layers over the pixels alike, with weights 1 / D.

    Args:
        mask: The pixels alike by offset.
        layers: float32 (layers, pixels), 0 where invalid.
        strip: Where the centres are.
        reach: Half the window.
        plain: So many of the last layers are summed without weights.

    Returns:
        float32 (layers, pixels of the strip).
    """
    bits = layers.view(np.int32)
    sums = np.zeros((len(layers), strip.count), np.float32)
    part = np.empty_like(sums)
    part_bits = part.view(np.int32)
    weighted = sums[: len(layers) - plain]
    before = 0.0
    for weight, offsets in rings(reach, strip.columns):
        if before:
            np.multiply(weighted, np.float32(before / weight), out=weighted)
        before = weight
        for offset in offsets:
            start = strip.first + offset
            np.bitwise_and(bits[:, start : start + strip.count], mask(offset), out=part_bits)
            np.add(sums, part, out=sums)
    return sums
