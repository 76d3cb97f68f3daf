"""Separable resampling between a coarse and a fine grid at any ratio and phase: interpolation and MTF low-pass."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Optional

import numpy as np

from ..tasks.method import Array
from ..tasks.window import Axis, BlockWindow, Window
from .banded import Banded, adjoint_columns, adjoint_rows, apply_columns, apply_rows

__all__ = [
    "CUBIC_HALO",
    "LEAST_SHARE",
    "adjoint_columns",
    "adjoint_rows",
    "apply_columns",
    "apply_rows",
    "containing",
    "cubic_kernel",
    "cubic_matrix",
    "expand",
    "low_pass",
    "low_pass_halo",
    "mtf_kernel",
    "mtf_matrix",
    "mtf_reach",
    "mtf_sigma",
]

CUBIC_HALO = 2
_BLOCK_INPUTS = 16
_STRIP = 256
_TRUNCATE = 4.0
_LEAST_WEIGHT = 0.1
_TOUCH = 1e-6
LEAST_SHARE = 1e-5


def cubic_kernel(distance: Array) -> Array:
    """Cubic convolution kernel with a = -0.5 (Keys 1981, 10.1109/TASSP.1981.1163711), support [-2, 2]."""
    d = np.abs(distance)
    near = (1.5 * d - 2.5) * d * d + 1
    far = ((-0.5 * d + 2.5) * d - 4) * d + 2
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


def linear_kernel(distance: Array) -> Array:
    """Linear interpolation kernel, support [-1, 1]."""
    return np.maximum(1.0 - np.abs(distance), 0.0)


def mtf_sigma(ratio: float, gain: float) -> float:
    """Standard deviation, in fine pixels, of the Gaussian whose response is `gain` at the coarse Nyquist frequency.

    Aiazzi et al. 2006, 10.14358/PERS.72.5.591.
    """
    return ratio / math.pi * math.sqrt(-2 * math.log(gain))


def mtf_kernel(ratio: float, gain: float) -> tuple[Callable[[Array], Array], float]:
    """Return the Gaussian of `mtf_sigma`, cut off, and how far it reaches (fine pixels)."""
    sigma = mtf_sigma(ratio, gain)
    reach = _TRUNCATE * sigma + 0.5

    def gaussian(distance: Array) -> Array:
        return np.where(np.abs(distance) <= reach, np.exp(-0.5 * (distance / sigma) ** 2), 0.0)

    return gaussian, reach


def mtf_reach(ratio: float, gain: float) -> int:
    """Fine pixels on each side that the low-pass of `mtf_sigma` looks at."""
    return math.ceil(_TRUNCATE * mtf_sigma(ratio, gain)) + 1


@lru_cache(maxsize=512)
def cubic_matrix(axis: Axis, start: int, stop: int, first: int, inputs: int) -> Banded:
    """Cubic interpolation of a coarse block onto target pixels.

    Args:
        axis: Where the coarse axis lies on the target.
        start: First target pixel.
        stop: One past the last target pixel.
        first: First pixel of the block on the coarse axis.
        inputs: Pixels of the block.
    """
    return _between(axis, start, stop, first, inputs, 2.0, cubic_kernel)


@lru_cache(maxsize=512)
def linear_matrix(axis: Axis, start: int, stop: int, first: int, inputs: int) -> Banded:
    """Linear interpolation of a coarse block onto target pixels; see `cubic_matrix`."""
    return _between(axis, start, stop, first, inputs, 1.0, linear_kernel)


@lru_cache(maxsize=512)
def touch_matrix(axis: Axis, start: int, stop: int, first: int, inputs: int) -> Banded:
    """Mean of the coarse pixels that the cubic interpolation of each target pixel takes; see `cubic_matrix`."""

    def touches(distance: Array) -> Array:
        return (np.abs(cubic_kernel(distance)) > _TOUCH).astype(np.float64)

    return _between(axis, start, stop, first, inputs, 2.0, touches)


def _between(
    axis: Axis, start: int, stop: int, first: int, inputs: int, reach: float, kernel: Callable[[Array], Array]
) -> Banded:
    centres = axis.origin + axis.scale * (np.arange(start, stop) + 0.5) - 0.5 - first
    return Banded(centres, reach, kernel, inputs, max(16, round(_BLOCK_INPUTS / axis.scale)))


@lru_cache(maxsize=512)
def mtf_matrix(
    coarse: Axis, fine: Axis, start: int, stop: int, first: int, inputs: int, gain: float, block: int = 32
) -> Banded:
    """Gaussian low-pass of a fine block, sampled at the centres of coarse pixels.

    Args:
        coarse: Where the coarse axis lies on the target.
        fine: Where the fine axis lies on the target.
        start: First coarse pixel.
        stop: One past the last coarse pixel.
        first: First pixel of the block on the fine axis.
        inputs: Pixels of the fine block.
        gain: MTF gain at the coarse Nyquist frequency.
        block: Fine pixels that a diagonal block goes along; only speed depends on it.
    """
    ratio = fine.scale / coarse.scale
    targets = (np.arange(start, stop) + 0.5 - coarse.origin) / coarse.scale
    centres = fine.origin + fine.scale * targets - 0.5 - first
    kernel, reach = mtf_kernel(ratio, gain)
    return Banded(centres, reach, kernel, inputs, max(4, int(block / ratio)))


def expand(
    image: Array, valid: Optional[Array], block: BlockWindow, window: Window, out: Optional[Array] = None
) -> tuple[Array, Optional[Array]]:
    """Interpolate a coarse block onto a window of the target grid (cubic, a = -0.5).

    Where the cubic kernel meets an invalid pixel, linear weights are renormalised over the valid ones: they are never
    negative, so that nothing is extrapolated beside a hole. A target pixel is valid where the coarse pixel
    that contains it is.

    Args:
        image: float32 (bands, block rows, block columns); 0 where invalid.
        valid: bool (block rows, block columns), or None where all are valid.
        block: Where the image lies.
        window: The target window.
        out: Array for the result.

    Returns:
        float32 (bands, window rows, window columns), and bool (window rows, window columns) or None where all are
        valid.
    """
    window.raise_if_cancelled()
    if window.rows > _STRIP:
        return _expand_in_strips(image, valid, block, window, out)
    result = _resampled(cubic_matrix, image, block, window, out)
    if valid is None:
        return result, None
    whole = _resampled(touch_matrix, (~valid)[None].astype(np.float32), block, window)[0] < _TOUCH
    if not whole.all():
        weight = _resampled(linear_matrix, valid[None].astype(np.float32), block, window)[0]
        near = _resampled(linear_matrix, image, block, window)
        near /= np.where(weight > _LEAST_WEIGHT, weight, np.float32(1))
        np.copyto(result, near, where=~whole)
        whole |= weight > _LEAST_WEIGHT
    rows = np.clip(containing(block.row_axis, window.row, window.rows) - block.row, 0, block.rows - 1)
    columns = np.clip(containing(block.column_axis, window.column, window.columns) - block.column, 0, block.columns - 1)
    return result, whole & valid[rows[:, None], columns[None]]


def _resampled(
    matrix: Callable[[Axis, int, int, int, int], Banded],
    image: Array,
    block: BlockWindow,
    window: Window,
    out: Optional[Array] = None,
) -> Array:
    by_row = matrix(block.row_axis, window.row, window.row + window.rows, block.row, block.rows)
    by_column = matrix(block.column_axis, window.column, window.column + window.columns, block.column, block.columns)
    return apply_columns(by_column, apply_rows(by_row, image), out)


def _expand_in_strips(
    image: Array, valid: Optional[Array], block: BlockWindow, window: Window, out: Optional[Array]
) -> tuple[Array, Optional[Array]]:
    """Expand a high window strip by strip, so that a cancel is seen inside it and little memory is needed besides."""
    result = np.empty((len(image), window.rows, window.columns), np.float32) if out is None else out
    result_valid = None if valid is None else np.empty((window.rows, window.columns), bool)
    for top in range(0, window.rows, _STRIP):
        strip = replace(window, row=window.row + top, rows=min(_STRIP, window.rows - top))
        part = slice(top, top + strip.rows)
        _, strip_valid = expand(image, valid, block, strip, result[:, part])
        if result_valid is not None:
            result_valid[part] = strip_valid
    return result, result_valid


def containing(axis: Axis, start: int, count: int) -> Array:
    """Return, for each of `count` target pixels, the input pixel that contains its centre."""
    places: Array = np.floor(axis.origin + axis.scale * (np.arange(start, start + count) + 0.5) + 1e-9).astype(np.intp)
    return places


def low_pass(
    image: Array,
    valid: Optional[Array],
    fine: BlockWindow,
    coarse: BlockWindow,
    part: tuple[int, int, int, int],
    gain: float,
) -> tuple[Array, Optional[Array]]:
    """Filter a fine block with the MTF of a coarse grid, and sample it at the centres of coarse pixels.

    Args:
        image: float32 (bands, rows, columns) of the fine block; 0 where invalid.
        valid: bool (rows, columns), or None where all are valid.
        fine: Where the fine block lies.
        coarse: The coarse grid.
        part: (first row, last row + 1, first column, last column + 1) of the coarse pixels wanted.
        gain: MTF gain at the coarse Nyquist frequency.

    Returns:
        float32 (bands, coarse rows, coarse columns), and the share of each one's weight that was valid (0 to 1),
        float32 (coarse rows, coarse columns), or None where all of it was.
    """
    top, bottom, left, right = part
    by_row = mtf_matrix(coarse.row_axis, fine.row_axis, top, bottom, fine.row, fine.rows, gain, 16)
    by_column = mtf_matrix(coarse.column_axis, fine.column_axis, left, right, fine.column, fine.columns, gain)
    result = apply_columns(by_column, apply_rows(by_row, image))
    if valid is None:
        return result, None
    share = apply_columns(by_column, apply_rows(by_row, valid[None].astype(np.float32)))[0]
    result /= np.where(share > LEAST_SHARE, share, np.float32(1))
    return result, share


def low_pass_halo(ratio: float, gain: float) -> int:
    """Fine pixels that `low_pass` needs around a window to fill the coarse block that `expand` uses there."""
    return mtf_reach(ratio, gain) + math.ceil((CUBIC_HALO + 1) * ratio)
