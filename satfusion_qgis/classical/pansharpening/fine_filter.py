"""Low-passes of PAN on its own grid, without sampling: the box of HPF and SFIM, the spline of AWLP."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from ...tasks.method import Array, Blocks
from ...tasks.window import Window
from ..banded import Banded, apply_columns, apply_rows
from ..resampling import LEAST_SHARE

_SPLINE = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)
_BLOCK = 24


def box_weights(size: int) -> tuple[float, ...]:
    """Return equal weights for an odd number of samples."""
    return (1 / size,) * size


def box_size(ratio: float) -> int:
    """Return the odd number of fine pixels nearest above a coarse one: 3 for ratio 2, 5 for 4."""
    return 2 * math.floor(ratio / 2 + 1e-3) + 1


def spline_weights(levels: int) -> tuple[float, ...]:
    """Return the weights of the a-trous cascade of B3 splines: each level has twice the holes of the one before.

    Starck, J.-L., Murtagh, F. (1994): Image restoration with noise suppression using the wavelet transform.
    """
    weights = np.ones(1)
    for level in range(levels):
        holes = np.zeros(4 * 2**level + 1)
        holes[:: 2**level] = _SPLINE
        weights = np.convolve(weights, holes)
    return tuple(weights)


@lru_cache(maxsize=256)
def _matrix(weights: tuple[float, ...], start: int, stop: int, inputs: int) -> Banded:
    table = np.array(weights)
    radius = len(weights) // 2

    def kernel(distance: Array) -> Array:
        places = np.rint(distance).astype(np.intp) + radius
        inside = (places >= 0) & (places < len(table))
        return np.where(inside, table[np.clip(places, 0, len(table) - 1)], 0.0)

    return Banded(np.arange(start, stop, dtype=np.float64), float(radius), kernel, inputs, _BLOCK)


def filtered_pan(blocks: Blocks, window: Window, down: tuple[float, ...], across: tuple[float, ...]) -> Array:
    """Return PAN's low-pass in the window, (rows, columns), over valid pixels only; edges are replicated.

    Args:
        blocks: With PAN and a halo of half the weights.
        window: The window.
        down: Weights along the columns, an odd number.
        across: Weights along the rows.
    """
    window.raise_if_cancelled()
    block = window.block("PAN")
    row = round(block.row_axis.origin) + window.row - block.row
    column = round(block.column_axis.origin) + window.column - block.column
    by_row = _matrix(down, row, row + window.rows, block.rows)
    by_column = _matrix(across, column, column + window.columns, block.columns)
    result: Array = apply_columns(by_column, apply_rows(by_row, np.asarray(blocks["PAN"])))[0]
    valid = blocks.get("PAN_valid")
    if valid is not None:
        share = apply_columns(by_column, apply_rows(by_row, np.asarray(valid)[None].astype(np.float32)))[0]
        result /= np.where(share > LEAST_SHARE, share, np.float32(1))
    return result
