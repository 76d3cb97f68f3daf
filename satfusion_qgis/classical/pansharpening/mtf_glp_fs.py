"""MTF-GLP-FS: F_b = M_b + g_b (PAN - P_L), g_b = cov(M_b, PAN) / cov(P_L, PAN) at full scale.

P_L is PAN filtered with the band's MTF, sampled at the MS pixels and interpolated back. The full-scale sums need
neither M_b nor P_L on the fine grid: the inner product of an interpolated image with PAN is that of the coarse image
with the interpolator's adjoint of PAN.

Vivone, G., Restaino, R., Chanussot, J. (2018): Full scale regression-based injection coefficients for panchromatic
sharpening. IEEE Transactions on Image Processing 27(7). 10.1109/TIP.2018.2819501
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import BlockWindow, Window
from ..resampling import CUBIC_HALO, adjoint_columns, adjoint_rows, cubic_matrix, expand, low_pass
from .injection import LinearInjection, centre, combine
from .mtf import MtfGains

_LEAST_SHARE = 1e-5


class MtfGlpFs(LinearInjection):
    """Generalised Laplacian pyramid with MTF-matched filter and full-scale regression gains."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation and of PAN for its low-pass."""
        return {"MS": CUBIC_HALO, "PAN": self._mtf.halo}

    def passes(self) -> tuple[Pass, ...]:
        """Return the full-scale regression."""
        return (*self._mtf.passes(), Pass("regression", ("MS", "PAN"), self.halo(), self._add, np.add, self._finish))

    def describe(self, state: State) -> list[str]:
        """Return the gains found."""
        names = self.scene.band_names["MS"]
        gains = ", ".join(f"{name} {gain:.3g}" for name, gain in zip(names, state["regression"]["gains"]))
        return [*self._mtf.describe(state, names), f"Injection gains regressed at full scale: {gains}"]

    def gains(self, state: State) -> Optional[Array]:
        """Return g_b."""
        gains: Array = state["regression"]["gains"]
        return gains

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return M_b - g_b P_L on the MS grid."""
        low, share = self._low_passed(blocks, window, state)
        valid = blocks.get("MS_valid")
        scaled = state["regression"]["gains"].astype(np.float32)[:, None, None] * low
        coarse = np.asarray(blocks["MS"]) - scaled
        if share is not None:
            valid = combine(valid, share > _LEAST_SHARE)
        if valid is not None:
            coarse[:, ~np.asarray(valid)] = 0
        return coarse, valid

    def _low_passed(self, blocks: Blocks, window: Window, state: State) -> tuple[Array, Optional[Array]]:
        """Return PAN low-passed for each band on the MS block, and the least valid share of its weight."""
        block = window.block("MS")
        part = (block.row, block.row + block.rows, block.column, block.column + block.columns)
        gains = self._mtf.of_bands(state)
        distinct = sorted(set(gains))
        found = [
            low_pass(blocks["PAN"], blocks.get("PAN_valid"), window.block("PAN"), block, part, g) for g in distinct
        ]
        low = np.concatenate([image for image, _ in found])[[distinct.index(gain) for gain in gains]]
        shares = [share for _, share in found if share is not None]
        return low, np.minimum.reduce(shares) if shares else None

    def _add(self, blocks: Blocks, window: Window, state: State) -> Optional[Array]:
        """Sum over the window: rows are bands, then their low-passed PANs; columns are x, x * PAN, PAN, PAN^2, 1."""
        low, share = self._low_passed(blocks, window, state)
        images = np.concatenate([np.asarray(blocks["MS"]), low])
        valid = blocks.get("MS_valid")
        if share is not None:
            valid = combine(valid, share > _LEAST_SHARE)
        pan, pan_valid = centre(blocks, window)
        if valid is None and pan_valid is None:
            return _sums_by_adjoint(images, pan, window.block("MS"), window)
        if valid is not None:
            images[:, ~np.asarray(valid)] = 0
        return _sums_by_expansion(images, valid, pan, pan_valid, window)

    def _finish(self, sums: Optional[Array], state: State) -> dict[str, Any]:
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
        return {"gains": gains, "count": int(count[0])}


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
