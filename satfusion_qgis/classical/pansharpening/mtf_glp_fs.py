"""MTF-GLP-FS: F_b = M_b + g_b (PAN - P_L), g_b = cov(M_b, PAN) / cov(P_L, PAN) at full scale.

P_L is PAN filtered with the band's MTF, sampled at the MS pixels and interpolated back. The full-scale sums need
neither M_b nor P_L on the fine grid: the inner product of an interpolated image with PAN is that of the coarse image
with the interpolator's adjoint of PAN.

Vivone, G., Restaino, R., Chanussot, J. (2018): Full scale regression-based injection coefficients for panchromatic
sharpening. IEEE Transactions on Image Processing 27(7). 10.1109/TIP.2018.2819501
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, State
from ...tasks.window import BlockWindow, Window
from ..resampling import CUBIC_HALO, adjoint_columns, adjoint_rows, cubic_matrix, expand
from .detail import describe_weak, detail_of, follows, limit, unknown
from .glp import Glp
from .injection import centre, combine
from .regression import Sums, enough, merged, moments, products
from .substitution import listed


class MtfGlpFs(Glp):
    """Generalised Laplacian pyramid with MTF-matched filter and full-scale regression gains."""

    def passes(self) -> tuple[Pass, ...]:
        """Return the full-scale regression."""
        halo = {"MS": max(CUBIC_HALO, self._mtf.detail_halo), "PAN": self._mtf.detail_pan_halo}
        return (*self._mtf.passes(), Pass("regression", ("MS", "PAN"), halo, self._add, merged, self._finish))

    def describe(self, state: State) -> list[str]:
        """Return the gains found."""
        names, found = self.scene.band_names["MS"], state["regression"]
        return [
            *self._mtf.describe(state, names),
            f"Injection gains regressed at full scale: {listed(names, found['gains'])}",
            *describe_weak(found["limited"], names),
        ]

    def _add(self, blocks: Blocks, window: Window, state: State) -> Optional[Sums]:
        """Sum over the window: rows are bands, then their low-passed PANs; columns are x, x * PAN, PAN, PAN^2, 1."""
        low, valid = self.low_passed(blocks, window, state)
        images = np.concatenate([np.asarray(blocks["MS"]), low])
        if valid is not None:
            images[:, ~np.asarray(valid)] = 0
        detail = self._detail(images, valid, state, window)
        pan, pan_valid = centre(blocks, window)
        if valid is None and pan_valid is None:
            return _sums_by_adjoint(images, pan, window.block("MS"), window), detail
        return _sums_by_expansion(images, valid, pan, pan_valid, window), detail

    def _detail(self, images: Array, valid: Optional[Array], state: State, window: Window) -> Optional[Array]:
        """Sum the products of the bands' details and PAN's over the MS pixels that the window owns."""
        block = window.block("MS")
        top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
        left, right = block.column_axis.owned(window.column, window.column + window.columns)
        if bottom <= top or right <= left:
            return None
        bands = self.scene.bands["MS"]
        inside = (slice(top - block.row, bottom - block.row), slice(left - block.column, right - block.column))
        gains = self._mtf.of_bands(state)
        columns = np.concatenate([images[:bands], images[bands + int(np.argsort(gains)[bands // 2])][None]])
        detail, known = detail_of(columns, valid, block, float(np.mean(gains)))
        return products(detail[:, inside[0], inside[1]], None if known is None else known[inside])

    def _finish(self, both: Optional[Sums], state: State) -> dict[str, Any]:
        sums, detail = both or (None, None)
        if sums is None or sums[0, 4] < 2:
            raise InputError("MS and PAN have no valid pixel in common.")
        count = sums[:, 4]
        covariance = sums[:, 1] / count - sums[:, 0] / count * sums[:, 2] / count
        mean = float(sums[0, 2] / count[0])
        variance = float(sums[0, 3] / count[0]) - mean * mean
        if variance <= 1e-10 * max(mean * mean, 1e-30):
            raise InputError(
                "PAN is constant where it overlaps MS; choose the file or band that holds the panchromatic image."
            )
        bands = self.scene.bands["MS"]
        low = covariance[bands:]
        gains = np.where(low > 0, covariance[:bands] / np.where(low > 0, low, 1), 0.0)
        follow = follows(moments(detail)) if enough(detail) else unknown(bands)
        limited = limit(gains, follow)
        return {"gains": limited.gains, "limited": limited, "count": int(count[0])}


def _sums_by_adjoint(images: Array, pan: Array, block: BlockWindow, window: Window) -> Array:
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


def _sums_by_expansion(
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
