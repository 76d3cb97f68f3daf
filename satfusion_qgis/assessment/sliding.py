"""Sums over every position of a small window: boxes, Gaussians, and which positions are wholly valid.

A position is named by the upper-left pixel of its window, and only positions whose window lies inside the array
exist (the "valid region"). Additions are made in one order that depends on the window alone, never by running sums
over the image: a position gives the same digits however the scene is cut.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
_Kind = TypeVar("_Kind", bound=np.generic)


def box_sums(image: Float64, side: int) -> Float64:
    """Sums over side x side windows: (..., rows, columns) -> (..., rows - side + 1, columns - side + 1)."""
    return _run_sums(_run_sums(image, side, -2), side, -1)


def block_sums(image: Float64, side: int) -> Float64:
    """Sums over blocks of side x side pixels that do not overlap; those at the end may be smaller."""
    starts = [np.arange(0, length, side) for length in image.shape]
    down: Float64 = np.add.reduceat(image, starts[0], axis=0)
    both: Float64 = np.add.reduceat(down, starts[1], axis=1)
    return both


def box_all(valid: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Tell for every side x side window whether all its pixels are valid."""
    return _run_all(_run_all(valid, side, -2), side, -1)


def gaussian_taps(side: int, sigma: float) -> Float64:
    """Weights of a Gaussian with an odd number of taps, summing to 1."""
    distance = np.arange(side) - side // 2
    weights = np.exp(-0.5 * (distance / sigma) ** 2)
    taps: Float64 = weights / weights.sum()
    return taps


def weighted_means(image: Float64, taps: Float64) -> Float64:
    """Means over every window with symmetric separable weights of an odd number."""
    return _weighted(_weighted(image, taps, -2), taps, -1)


def _shifted(image: NDArray[_Kind], axis: int, start: int, count: int) -> NDArray[_Kind]:
    part = slice(start, start + count)
    return image[..., part, :] if axis == -2 else image[..., part]


def _run_sums(image: Float64, side: int, axis: int) -> Float64:
    """Sums of `side` neighbours along an axis, by doubling: 8 neighbours take 3 additions."""
    length = image.shape[axis] - side + 1
    total, done, power, width = None, 0, image, 1
    rest = side
    while rest:
        if rest & 1:
            part = _shifted(power, axis, done, length)
            total = part if total is None else total + part
            done += width
        rest >>= 1
        if rest:
            count = power.shape[axis] - width
            power = _shifted(power, axis, 0, count) + _shifted(power, axis, width, count)
            width *= 2
    return np.asarray(total)


def _run_all(valid: NDArray[np.bool_], side: int, axis: int) -> NDArray[np.bool_]:
    """Tell whether all of `side` neighbours along an axis are valid, by doubling."""
    width = 1
    while width < side:
        step = min(width, side - width)
        count = valid.shape[axis] - step
        valid = _shifted(valid, axis, 0, count) & _shifted(valid, axis, step, count)
        width += step
    return valid


def _weighted(image: Float64, taps: Float64, axis: int) -> Float64:
    side = len(taps)
    length = image.shape[axis] - side + 1
    total: Float64 = _shifted(image, axis, side // 2, length) * taps[side // 2]
    pair = np.empty_like(total)
    for step in range(side // 2):
        np.add(_shifted(image, axis, step, length), _shifted(image, axis, side - 1 - step, length), out=pair)
        pair *= taps[step]
        total += pair
    return total
