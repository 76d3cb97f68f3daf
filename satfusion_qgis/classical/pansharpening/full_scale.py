"""Sums over the fine grid of coarse images against a fine one: the exact full-scale covariances, in one pass.

The inner product of an interpolated image with a fine image is that of the coarse image with the interpolator's adjoint
of the fine one, so that nothing but the fine image itself is needed on the fine grid.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from ...tasks.method import Array
from ...tasks.validity import combine
from ...tasks.window import BlockWindow, Window
from ..resampling import adjoint_columns, adjoint_rows, cubic_matrix, expand


def full_scale_sums(
    images: Array, valid: Optional[Array], fine: Array, fine_valid: Optional[Array], window: Window
) -> Optional[Array]:
    """Sum over a window of the fine grid.

    Args:
        images: Coarse images x, (images, block rows, block columns), on the block of MS; 0 where invalid.
        valid: Where they are valid, or None where everywhere.
        fine: Fine image y, (window rows, window columns).
        fine_valid: Where it is valid, or None where everywhere.
        window: The window.

    Returns:
        For each image the sums of x, x * y, y, y * y and 1 over the pixels where both are valid, x interpolated;
        float64 (images, 5), or None where there is no such pixel.
    """
    if valid is None and fine_valid is None:
        return sums_by_adjoint(images, fine, window.block("MS"), window)
    return sums_by_expansion(images, valid, fine, fine_valid, window)


def full_scale_covariance(sums: Array) -> Array:
    """Return the covariance of each image with the fine one from `full_scale_sums`."""
    count = sums[:, 4]
    covariance: Array = sums[:, 1] / count - sums[:, 0] / count * sums[:, 2] / count
    return covariance


def sums_by_adjoint(images: Array, pan: Array, block: BlockWindow, window: Window) -> Array:
    """Sum over the fine window without interpolating anything."""
    by_row = cubic_matrix(block.row_axis, window.row, window.row + window.rows, block.row, block.rows)
    by_column = cubic_matrix(
        block.column_axis, window.column, window.column + window.columns, block.column, block.columns
    )
    shift = float(pan.mean(dtype=np.float64))
    moved = (pan - np.float32(shift))[None]
    against = adjoint_columns(by_column, adjoint_rows(by_row, moved))[0].astype(np.float64).ravel()
    ones_down = adjoint_rows(by_row, np.ones((1, window.rows, 1), np.float32))[0, :, 0].astype(np.float64)
    ones_across = adjoint_columns(by_column, np.ones((1, 1, window.columns), np.float32))[0, 0].astype(np.float64)
    weight = np.outer(ones_down, ones_across).ravel()
    values = images.reshape(len(images), -1).astype(np.float64)
    count = float(window.rows * window.columns)
    total, square = shift * count + against.sum(), float(np.einsum("ij,ij->", moved[0], moved[0], dtype=np.float64))
    plain = values @ weight
    sums = np.empty((len(images), 5))
    sums[:, 0] = plain
    sums[:, 1] = values @ against + shift * plain
    sums[:, 2] = total
    sums[:, 3] = square + 2 * shift * against.sum() + shift * shift * count
    sums[:, 4] = count
    return sums


def sums_by_expansion(
    images: Array, valid: Optional[Array], pan: Array, pan_valid: Optional[Array], window: Window
) -> Optional[Array]:
    """Sum over the valid pixels of the fine window, interpolating one image after the other."""
    block = window.block("MS")
    sums = np.empty((len(images), 5))
    for place, image in enumerate(images):
        window.raise_if_cancelled()
        fine, fine_valid = expand(image[None], valid, block, window)
        use = combine(fine_valid, pan_valid)
        x = fine[0].astype(np.float64) if use is None else fine[0][use].astype(np.float64)
        y = pan.astype(np.float64) if use is None else pan[use].astype(np.float64)
        sums[place] = (x.sum(), (x * y).sum(), y.sum(), (y * y).sum(), x.size)
    return sums if sums[0, 4] else None
