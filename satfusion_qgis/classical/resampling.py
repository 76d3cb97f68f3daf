"""Separable resampling between a coarse and a fine grid at any ratio and phase, as products with banded matrices.

One row of such a matrix holds the weights of the input samples for one output sample. It is cut into diagonal blocks of
some tens of output samples, each a small dense matrix, so that BLAS does the work in pieces that stay in the cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Optional

import numpy as np

from ..tasks.method import Array
from ..tasks.window import Axis, BlockWindow, Window
from .blas import blas_is_fast

CUBIC_HALO = 2
# Larger blocks multiply more zeros; a fast BLAS makes up for it, the reference BLAS does not.
_FAST_BLOCK, _SLOW_BLOCK = 16, 4
_STRIP = 256
_TRUNCATE = 4.0
_BLAS_ONE_THREAD = 200_000
_LEAST_WEIGHT = 0.1
_LEAST_SHARE = 1e-3


def cubic_kernel(distance: Array) -> Array:
    """Cubic convolution kernel with a = -0.5 (Keys 1981, 10.1109/TASSP.1981.1163711), support [-2, 2]."""
    d = np.abs(distance)
    near = (1.5 * d - 2.5) * d * d + 1
    far = ((-0.5 * d + 2.5) * d - 4) * d + 2
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


def mtf_sigma(ratio: float, gain: float) -> float:
    """Standard deviation, in fine pixels, of the Gaussian whose response is `gain` at the coarse Nyquist frequency.

    Aiazzi et al. 2006, 10.14358/PERS.72.5.591.
    """
    return ratio / math.pi * math.sqrt(-2 * math.log(gain))


def mtf_reach(ratio: float, gain: float) -> int:
    """Fine pixels on each side that the low-pass of `mtf_sigma` looks at."""
    return math.ceil(_TRUNCATE * mtf_sigma(ratio, gain)) + 1


@dataclass(frozen=True)
class Piece:
    """One diagonal block of a banded matrix.

    Attributes:
        start: First output sample.
        stop: One past the last output sample.
        first: First input sample.
        weights: float32 (stop - start, inputs).
        transposed: The same, (inputs, stop - start), contiguous.
    """

    start: int
    stop: int
    first: int
    weights: Array
    transposed: Array


@dataclass(frozen=True)
class Banded:
    """A banded matrix of `outputs` rows and `inputs` columns, in diagonal blocks."""

    outputs: int
    inputs: int
    pieces: tuple[Piece, ...]


def banded(centres: Array, reach: float, kernel: Callable[[Array], Array], inputs: int, block: int) -> Banded:
    """Build the matrix that resamples at some positions.

    Weights of samples beyond the ends go to the end sample (edges are replicated); each row is normalised to sum 1.

    Args:
        centres: Position of each output sample, in input samples, ascending.
        reach: The kernel is zero beyond this distance.
        kernel: Weight by distance (input samples).
        inputs: Number of input samples.
        block: Output samples in a block.
    """
    pieces, known = [], {}
    for start in range(0, len(centres), block):
        part = centres[start : start + block]
        low = math.floor(part[0] - reach)
        phase = (len(part), round(part[0] - low, 9), round(part[-1] - low, 9))
        if phase not in known:
            taps = np.arange(math.ceil(part[-1] + reach) - low + 1)
            weights = kernel((part - low)[:, None] - taps[None])
            known[phase] = _both_ways(weights / weights.sum(axis=1, keepdims=True))
        weights, transposed = known[phase]
        first, last = low, low + weights.shape[1] - 1
        if first < 0 or last >= inputs:
            first, last = max(first, 0), min(last, inputs - 1)
            first, last = min(first, inputs - 1), max(last, 0)
            weights, transposed = _both_ways(_folded(weights, low, first, last))
        pieces.append(Piece(start, start + len(part), first, weights, transposed))
    return Banded(len(centres), inputs, tuple(pieces))


def _both_ways(weights: Array) -> tuple[Array, Array]:
    return np.ascontiguousarray(weights, np.float32), np.ascontiguousarray(weights.T, np.float32)


def _folded(weights: Array, low: int, first: int, last: int) -> Array:
    """Add the weights of samples beyond [first, last] to those of the end samples."""
    places = np.clip(np.arange(low, low + weights.shape[1]), first, last) - first
    folded = np.zeros((len(weights), last - first + 1))
    np.add.at(folded.T, places, weights.T)
    return folded


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
    centres = axis.origin + axis.scale * (np.arange(start, stop) + 0.5) - 0.5 - first
    block = max(16, round((_FAST_BLOCK if blas_is_fast() else _SLOW_BLOCK) / axis.scale))
    return banded(centres, 2.0, cubic_kernel, inputs, block)


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
    sigma = mtf_sigma(ratio, gain)
    reach = _TRUNCATE * sigma + 0.5

    def gaussian(distance: Array) -> Array:
        return np.where(np.abs(distance) <= reach, np.exp(-0.5 * (distance / sigma) ** 2), 0.0)

    return banded(centres, reach, gaussian, inputs, max(4, int(block / ratio)))


def apply_rows(matrix: Banded, image: Array) -> Array:
    """Resample rows: (bands, matrix.inputs, columns) -> (bands, matrix.outputs, columns), float32."""
    bands, _, columns = image.shape
    result = np.empty((bands, matrix.outputs, columns), np.float32)
    for piece in matrix.pieces:
        count, taps = piece.weights.shape
        width = max(16, _BLAS_ONE_THREAD // (count * taps))
        rows = image[:, piece.first : piece.first + taps]
        for left in range(0, columns, width):
            part = slice(left, left + width)
            np.matmul(piece.weights, rows[:, :, part], out=result[:, piece.start : piece.stop, part])
    return result


def apply_columns(matrix: Banded, image: Array, out: Optional[Array] = None) -> Array:
    """Resample columns: (bands, rows, matrix.inputs) -> (bands, rows, matrix.outputs), float32."""
    bands, rows, _ = image.shape
    result = np.empty((bands, rows, matrix.outputs), np.float32) if out is None else out
    for piece in matrix.pieces:
        taps, count = piece.transposed.shape
        height = max(16, _BLAS_ONE_THREAD // (count * taps))
        for top in range(0, rows, height):
            part = slice(top, top + height)
            columns = image[:, part, piece.first : piece.first + taps]
            np.matmul(columns, piece.transposed, out=result[:, part, piece.start : piece.stop])
    return result


def adjoint_rows(matrix: Banded, image: Array) -> Array:
    """Adjoint of `apply_rows`: (bands, matrix.outputs, columns) -> (bands, matrix.inputs, columns), float32."""
    bands, _, columns = image.shape
    result = np.zeros((bands, matrix.inputs, columns), np.float32)
    for piece in matrix.pieces:
        taps, count = piece.transposed.shape
        width = max(16, _BLAS_ONE_THREAD // (count * taps))
        for left in range(0, columns, width):
            part = slice(left, left + width)
            result[:, piece.first : piece.first + taps, part] += np.matmul(
                piece.transposed, image[:, piece.start : piece.stop, part]
            )
    return result


def adjoint_columns(matrix: Banded, image: Array) -> Array:
    """Adjoint of `apply_columns`: (bands, rows, matrix.outputs) -> (bands, rows, matrix.inputs), float32."""
    bands, rows, _ = image.shape
    result = np.zeros((bands, rows, matrix.inputs), np.float32)
    for piece in matrix.pieces:
        count, taps = piece.weights.shape
        height = max(16, _BLAS_ONE_THREAD // (count * taps))
        for top in range(0, rows, height):
            part = slice(top, top + height)
            result[:, part, piece.first : piece.first + taps] += np.matmul(
                image[:, part, piece.start : piece.stop], piece.weights
            )
    return result


def expand(
    image: Array, valid: Optional[Array], block: BlockWindow, window: Window, out: Optional[Array] = None
) -> tuple[Array, Optional[Array]]:
    """Interpolate a coarse block onto a window of the target grid (cubic, a = -0.5).

    Near invalid pixels the weights are renormalised over the valid ones; a target pixel is valid where the coarse pixel
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
    row_stop, column_stop = window.row + window.rows, window.column + window.columns
    by_row = cubic_matrix(block.row_axis, window.row, row_stop, block.row, block.rows)
    by_column = cubic_matrix(block.column_axis, window.column, column_stop, block.column, block.columns)
    result = apply_columns(by_column, apply_rows(by_row, image), out)
    if valid is None:
        return result, None
    weight = apply_columns(by_column, apply_rows(by_row, valid[None].astype(np.float32)))[0]
    enough = weight > _LEAST_WEIGHT
    result /= np.where(enough, weight, np.float32(1))
    rows = containing(block.row_axis, window.row, window.rows) - block.row
    columns = containing(block.column_axis, window.column, window.columns) - block.column
    rows, columns = np.clip(rows, 0, block.rows - 1), np.clip(columns, 0, block.columns - 1)
    return result, enough & valid[rows[:, None], columns[None]]


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
    result /= np.where(share > _LEAST_SHARE, share, np.float32(1))
    return result, share


def low_pass_halo(ratio: float, gain: float) -> int:
    """Fine pixels that `low_pass` needs around a window to fill the coarse block that `expand` uses there."""
    return mtf_reach(ratio, gain) + math.ceil((CUBIC_HALO + 1) * ratio)
