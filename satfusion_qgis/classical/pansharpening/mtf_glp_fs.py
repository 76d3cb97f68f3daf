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
from ...tasks.window import Window
from ..resampling import CUBIC_HALO
from .detail import describe_weak, detail_of, follows, limit, unknown
from .full_scale import full_scale_covariance, full_scale_sums
from .glp import Glp
from .injection import centre
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
        return full_scale_sums(images, valid, pan, pan_valid, window), detail

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
        count, covariance = sums[:, 4], full_scale_covariance(sums)
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
