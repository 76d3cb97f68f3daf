"""Means over the spectrally most similar pixels of a moving window, weighted by 1 / D.

How many pixels lie below a spectral distance differs from window to window, so each pixel has a limit of its own: the
distance that the SIMILAR-th nearest pixel has. It is found on every other row and column of the window (a quarter of
its offsets), whose quarter of SIMILAR takes a small fraction of the time, and every pixel within the limit counts, ties
included. So about SIMILAR pixels count, whatever the order they are looked at in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Window
from ..arrays import Arrays
from .neighbours import Strip, rings, strips

_STEP = 2
_SMALL = 6
# Distances that are sorted in at once.
_BLOCK = 64


def similar_sums(
    seen: Array,
    layers: Array,
    window: Window,
    reach: int,
    similar: int,
    farthest: float,
    arrays: Arrays,
) -> Array:
    """Return the sums over the similar pixels; the arguments are those of `Kernels.similar`."""
    guide, summed = arrays.put(seen), arrays.put(layers)
    out = np.empty((len(layers), window.rows, window.columns), np.float32)
    for strip in strips(window, reach, arrays.strip // (len(seen) + 2 * len(layers))):
        strip.put(arrays.get(_sums(guide, summed, strip, reach, similar, farthest, arrays)), out)
    return out


def ranked_offsets(reach: int, columns: int, similar: int) -> tuple[list[int], int]:
    """Return the flat offsets at which a pixel's limit is found, and the rank of the limit among their distances."""
    step = _STEP if reach >= _SMALL else 1
    offsets = [offset for _, ring in rings(reach, columns, step) for offset in ring]
    count = (2 * reach + 1) ** 2
    return offsets, min(max(1, round(similar * len(offsets) / count)), len(offsets)) - 1


class _Distances:
    """Squared spectral distances between the pixels of a strip and those at an offset, summed over bands."""

    def __init__(self, seen: Any, strip: Strip, arrays: Arrays) -> None:
        self._seen, self._strip, self._arrays = seen, strip, arrays
        self._centre = arrays.put(seen[:, strip.first : strip.first + strip.count])
        self._room = arrays.empty(*self._centre.shape)

    def at(self, offset: int, out: Any) -> None:
        """Write the distances at an offset into `out` (pixels)."""
        start, arrays, room = self._strip.first + offset, self._arrays, self._room
        arrays.subtract(self._seen[:, start : start + self._strip.count], self._centre, room)
        arrays.multiply(room, room, room)
        arrays.total(room, out)


def _sums(seen: Any, layers: Any, strip: Strip, reach: int, similar: int, farthest: float, arrays: Arrays) -> Any:
    """Return the weighted sums of layers over the similar pixels of a strip."""
    distances = _Distances(seen, strip, arrays)
    limit = arrays.at_most(_limits(distances, strip, reach, similar, arrays), farthest)
    bits = arrays.bits(layers)
    sums = arrays.zeros(len(layers), strip.count)
    part = arrays.empty(len(layers), strip.count)
    part_bits = arrays.bits(part)
    away = arrays.empty(strip.count)
    mask = arrays.bits(away)
    before = 0.0
    for weight, offsets in rings(reach, strip.columns):
        if before:
            arrays.multiply(sums, before / weight, sums)
        before = weight
        for offset in offsets:
            distances.at(offset, away)
            arrays.subtract(away, limit, away)
            arrays.spread_sign(mask)
            start = strip.first + offset
            arrays.masked(bits[:, start : start + strip.count], mask, part_bits)
            arrays.add(sums, part, sums)
    return sums


def _limits(distances: _Distances, strip: Strip, reach: int, similar: int, arrays: Arrays) -> Any:
    """Return for each pixel of a strip the distance, just above which no pixel is similar.

    It is the next number above one that was found, so that a distance equal to that is below it.
    """
    offsets, rank = ranked_offsets(reach, strip.columns, similar)
    found = arrays.empty(strip.count, len(offsets))
    block = arrays.empty(_BLOCK, strip.count)
    for first in range(0, len(offsets), _BLOCK):
        some = offsets[first : first + _BLOCK]
        for place, offset in enumerate(some):
            distances.at(offset, block[place])
        found[:, first : first + len(some)] = block[: len(some)].T
    return arrays.ranked(found, rank)
