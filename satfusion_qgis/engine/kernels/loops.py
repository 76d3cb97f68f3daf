"""The loops over windows, pixels and layers, compiled by numba; `compiled.py` calls them with rows of a window.

A row's pixels are looked at side by side, offset after offset, so that the compiler takes several at once. Each
pixel's sums are its own: they depend neither on the other rows nor on threads. Offsets come in the order of `rings`,
and weights as there by a factor between one ring and the next, so that the sums are those of NumPy to the bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ...tasks.method import Array

_OPTIONS = {"nogil": True, "cache": True, "error_model": "numpy"}
# Pixels of a row that are looked at side by side: their sums stay in the first-level cache.
_BLOCK = 512
# Pixels of a row that are passed over together when none of them is similar.
_GROUP = 32


@njit(**_OPTIONS)
def alike(
    near: Array,
    below: Array,
    bounds: Array,
    layers: Array,
    plain: int,
    limit: float,
    offsets: Array,
    factors: Array,
    rows: tuple[int, int],
    reach: int,
    columns: int,
    out: Array,
) -> None:
    """Sum layers over the pixels that resemble the centre.

    Args:
        near: float32 (tests, pixels).
        below: float32 (0 or more, pixels).
        bounds: Like `below`: what is taken off it before it is compared with the limit.
        layers: float32 (layers, pixels).
        plain: So many of the last layers have no weights.
        limit: Differences are below it.
        offsets: int64: flat offsets, ring by ring.
        factors: float32: by what the weighted sums are multiplied before each offset.
        rows: First and past the last row of centres.
        reach: Half the window, the images' padding.
        columns: Columns of the padded image.
        out: float32 (layers, rows, columns) of the window: written.
    """
    whole, weighted = columns - 2 * reach, len(layers) - plain
    worst = np.empty(_BLOCK, np.float32)
    sums = np.empty((len(layers), _BLOCK), np.float32)
    for row in range(rows[0], rows[1]):
        for left in range(0, whole, _BLOCK):
            width = min(_BLOCK, whole - left)
            first = (row + reach) * columns + reach + left
            sums[:] = 0
            for place in range(len(offsets)):
                there = first + offsets[place]
                if factors[place] != 1:
                    sums[:weighted] *= factors[place]
                worst[:] = 0
                for test in range(len(near)):
                    one, centre = near[test, there : there + width], near[test, first : first + width]
                    for x in range(width):
                        apart = abs(one[x] - centre[x])
                        worst[x] = apart if apart > worst[x] else worst[x]
                for test in range(len(below)):
                    value, bound = below[test, there : there + width], bounds[test, first : first + width]
                    for x in range(width):
                        apart = value[x] - bound[x]
                        worst[x] = apart if apart > worst[x] else worst[x]
                some = 0
                for x in range(width):
                    some += worst[x] < limit
                if some == 0:
                    continue
                for layer in range(len(layers)):
                    value, total = layers[layer, there : there + width], sums[layer]
                    for x in range(width):
                        total[x] += value[x] if worst[x] < limit else np.float32(0)
            out[:, row, left : left + width] = sums[:, :width]


@njit(**_OPTIONS)
def similar(
    seen: Array,
    layers: Array,
    sampled: Array,
    rank: int,
    farthest: float,
    offsets: Array,
    factors: Array,
    rows: tuple[int, int],
    reach: int,
    columns: int,
    out: Array,
) -> None:
    """Sum layers over the spectrally nearest pixels.

    Args:
        seen: float32 (bands, pixels).
        layers: float32 (pixels, layers).
        sampled: int64: the flat offsets at which a pixel's limit is found.
        rank: The limit's place among the distances there, counted from 0.
        farthest: The largest limit.
        offsets: int64: flat offsets, ring by ring.
        factors: float32: by what the sums are multiplied before each offset.
        rows: First and past the last row of centres.
        reach: Half the window, the images' padding.
        columns: Columns of the padded image.
        out: float32 (layers, rows, columns) of the window: written.
    """
    width, count = columns - 2 * reach, layers.shape[1]
    apart = np.empty(width, np.float32)
    limit = np.empty(width, np.float32)
    nearest = np.empty((width, rank + 1), np.float32)
    sums = np.empty((width, count), np.float32)
    for row in range(rows[0], rows[1]):
        first = (row + reach) * columns + reach
        nearest[:] = np.inf
        for offset in sampled:
            _distances(seen, first, first + offset, apart)
            for x in range(width):
                if apart[x] < nearest[x, 0]:
                    _replace_largest(nearest[x], apart[x])
        for x in range(width):
            limit[x] = min(np.nextafter(nearest[x, 0], np.float32(np.inf)), np.float32(farthest))
        sums[:] = 0
        for place in range(len(offsets)):
            there = first + offsets[place]
            if factors[place] != 1:
                sums *= factors[place]
            _distances(seen, first, there, apart)
            for left in range(0, width, _GROUP):
                stop = min(left + _GROUP, width)
                some = 0
                for x in range(left, stop):
                    some += apart[x] < limit[x]
                if some == 0:
                    continue
                for x in range(left, stop):
                    if apart[x] < limit[x]:
                        for layer in range(count):
                            sums[x, layer] += layers[there + x, layer]
        out[:, row] = sums.T


@njit(**_OPTIONS)
def _distances(seen: Array, first: int, there: int, out: Array) -> None:
    """Write the squared distances between a row's pixels and those from `there` on, summed band after band."""
    size, bands = len(out), len(seen)
    out[:] = 0
    pairs = bands - bands % 2
    for band in range(0, pairs, 2):
        one, centre = seen[band, there : there + size], seen[band, first : first + size]
        other, middle = seen[band + 1, there : there + size], seen[band + 1, first : first + size]
        for x in range(size):
            difference, further = one[x] - centre[x], other[x] - middle[x]
            out[x] = (out[x] + difference * difference) + further * further
    for band in range(pairs, bands):
        one, centre = seen[band, there : there + size], seen[band, first : first + size]
        for x in range(size):
            difference = one[x] - centre[x]
            out[x] += difference * difference


@njit(**_OPTIONS)
def _replace_largest(heap: Array, value: float) -> None:
    """Put a value in the place of the largest of a heap, which is its first, and mend the order."""
    place = 0
    while True:
        below = 2 * place + 1
        if below >= len(heap):
            break
        if below + 1 < len(heap) and heap[below + 1] > heap[below]:
            below += 1
        if heap[below] <= value:
            break
        heap[place] = heap[below]
        place = below
    heap[place] = value
