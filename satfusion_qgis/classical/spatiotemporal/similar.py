"""Means over the spectrally most similar pixels of a moving window, weighted by 1 / D.

How many pixels lie below a spectral distance differs from window to window, so each pixel has a limit of its own: the
distance that the SIMILAR-th nearest pixel has. It is found on every other row and column of the window (a quarter of
its offsets), whose quarter of SIMILAR takes a small fraction of the time, and every pixel within the limit counts, ties
included. So about SIMILAR pixels count, whatever the order they are looked at in.
"""

from __future__ import annotations

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Window
from .neighbours import UNLIKE, Strip, flat, rings, strips

_STEP = 2
_SMALL = 6
# Squared distances of valid pixels are below this.
_FARTHEST = 1e28
# The centre is always similar to itself.
_NEAREST = 1e-30


def similar_means(
    guide: Array,
    layers: Array,
    valid: Array,
    window: Window,
    reach: int,
    similar: int,
    farthest: float = np.inf,
) -> tuple[Array, Array]:
    """Return the means of layers over the similar pixels.

    Args:
        guide: float32 (bands, rows + 2 reach, columns + 2 reach): what pixels are compared in.
        layers: float32 (layers, rows + 2 reach, columns + 2 reach): what is averaged.
        valid: bool (rows + 2 reach, columns + 2 reach): which pixels count.
        window: The window, without the padding.
        reach: Pixels of padding, half the moving window.
        similar: About so many pixels count.
        farthest: No pixel is similar whose root of summed squared differences is larger.

    Returns:
        float32 (layers, rows, columns), and bool (rows, columns): where the centre is valid.
    """
    seen = flat(np.where(valid, guide, UNLIKE))
    bands = len(guide)
    averaged = np.empty((len(layers) + 1, valid.size), np.float32)
    averaged[:-1] = np.where(valid, layers, np.float32(0)).reshape(len(layers), -1)
    averaged[-1] = valid.ravel()
    out = np.empty((len(averaged), window.rows, window.columns), np.float32)
    for strip in strips(window, reach, bands + 2 * len(averaged)):
        strip.put(_sums(seen, averaged, strip, reach, similar, farthest), out)
    known = valid[reach : reach + window.rows, reach : reach + window.columns]
    means = out[:-1] / np.where(known & (out[-1] > 0), out[-1], np.float32(1))
    means[:, ~known] = 0
    return means, known


class _Distances:
    """Squared spectral distances between the pixels of a strip and those at an offset, summed over bands."""

    def __init__(self, seen: Array, strip: Strip) -> None:
        self._seen, self._strip = seen, strip
        self._centre = np.ascontiguousarray(seen[:, strip.first : strip.first + strip.count])
        self._room = np.empty_like(self._centre)

    def at(self, offset: int, out: Array) -> None:
        """Write the distances at an offset into `out` (pixels)."""
        start = self._strip.first + offset
        room = self._room
        np.subtract(self._seen[:, start : start + self._strip.count], self._centre, out=room)
        np.multiply(room, room, out=room)
        np.add.reduce(room, axis=0, out=out)


def _sums(seen: Array, layers: Array, strip: Strip, reach: int, similar: int, farthest: float) -> Array:
    """Return the weighted sums of layers over the similar pixels of a strip."""
    distances = _Distances(seen, strip)
    limit = np.minimum(
        _limits(distances, strip, reach, similar), np.float32(min(max(farthest * farthest, _NEAREST), _FARTHEST))
    )
    bits = layers.view(np.int32)
    sums = np.zeros((len(layers), strip.count), np.float32)
    part = np.empty_like(sums)
    part_bits = part.view(np.int32)
    away = np.empty(strip.count, np.float32)
    mask = away.view(np.int32)
    before = 0.0
    for weight, offsets in rings(reach, strip.columns):
        if before:
            sums *= np.float32(before / weight)
        before = weight
        for offset in offsets:
            distances.at(offset, away)
            np.subtract(away, limit, out=away)
            np.right_shift(mask, 31, out=mask)
            start = strip.first + offset
            np.bitwise_and(bits[:, start : start + strip.count], mask, out=part_bits)
            np.add(sums, part, out=sums)
    return sums


def _limits(distances: _Distances, strip: Strip, reach: int, similar: int) -> Array:
    """Return for each pixel of a strip the distance, just above which no pixel is similar."""
    step = _STEP if reach >= _SMALL else 1
    offsets = [offset for _, ring in rings(reach, strip.columns, step) for offset in ring]
    count = (2 * reach + 1) ** 2
    rank = min(max(1, round(similar * len(offsets) / count)), len(offsets)) - 1
    found = np.empty((strip.count, len(offsets)), np.float32)
    block = np.empty((64, strip.count), np.float32)
    for first in range(0, len(offsets), len(block)):
        some = offsets[first : first + len(block)]
        for place, offset in enumerate(some):
            distances.at(offset, block[place])
        found[:, first : first + len(some)] = block[: len(some)].T
    limit = np.partition(found, rank, axis=1)[:, rank]
    # The next number up: a distance equal to the limit is below it.
    return np.asarray(np.nextafter(limit, np.float32(np.inf)), np.float32)
