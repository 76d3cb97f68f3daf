"""BT-H, haze-corrected Brovey: F_b = (M_b - h_b) P' / I + h_b, I = sum_k w_k (M_k - h_k).

The weights regress PAN, low-passed with the MTF, on the bands; P' is PAN with the mean and the standard deviation of I.
All statistics are taken on the MS grid. A band whose detail follows PAN's weakly gets the share k_b of the change:
F_b = M_b + k_b (M_b - h_b) (P' / I - 1).

Lolli, S., Alparone, L., Garzelli, A., Vivone, G. (2017): Haze correction for contrast-based multispectral
pansharpening. IEEE Geoscience and Remote Sensing Letters 14(12). 10.1109/LGRS.2017.2761021
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand
from .detail import describe_weak, limit
from .haze import AUTO, Haze
from .injection import centre
from .mtf import MtfGains
from .regression import Fit, fit, regression_pass
from .substitution import listed, matched

_STRIP = 64
LEAST = 0.01


class BtH(Implementation):
    """Brovey on bands without their haze."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)
        self._haze = Haze(parameters, scene, AUTO)

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation."""
        return {"MS": CUBIC_HALO, "PAN": 0}

    def passes(self) -> tuple[Pass, ...]:
        """Return the regression and what finds the haze."""
        return (*self._mtf.passes(), regression_pass(self._mtf, _keep, detail=True), *self._haze.passes())

    def describe(self, state: State) -> list[str]:
        """Return the weights and the haze."""
        names, found = self.scene.band_names["MS"], self._solved(state)
        fitted: Fit = state["regression"]["fit"]
        return [
            *self._mtf.describe(state, names),
            f"Weights regressed: {listed(names, fitted.weights)}; they explain {100 * fitted.explained:.1f} % of PAN's "
            f"variance",
            *self._haze.describe(state, names),
            *describe_weak(found["limited"], names),
        ]

    def _solved(self, state: State) -> dict[str, Any]:
        """Return the scene's numbers: haze, PAN's scale and offset, level of the intensity, share of each band."""
        found, haze = state["regression"], self._haze.of_bands(state)
        mean, weights = found["mean"], found["fit"].weights
        clear = mean[:-1] - haze
        level = float(weights @ clear)
        if level <= 0:
            raise InputError("The bands without their haze have an intensity of 0 or less; check HAZE, or take GSA.")
        scale = matched(found, float(weights @ found["covariance"][:-1, :-1] @ weights))
        full = clear / level * scale
        limited = limit(full, found["follows"])
        shares = np.where(full > 0, limited.gains / np.where(full > 0, full, 1), 1.0)
        offset = level - scale * mean[-1]
        return {
            "haze": haze,
            "scale": scale,
            "offset": offset,
            "level": level,
            "shares": shares,
            "limited": limited,
        }

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Multiply each interpolated band by PAN over intensity; where intensity is about 0 the band stays as it is."""
        found, bands = self._solved(state), np.asarray(blocks["MS"])
        haze = found["haze"].astype(np.float32)[:, None, None]
        weights = state["regression"]["fit"].weights.astype(np.float32)
        clear = np.empty((len(bands) + 1, *bands.shape[1:]), np.float32)
        np.subtract(bands, haze, out=clear[:-1])
        np.dot(weights, clear[:-1].reshape(len(bands), -1), out=clear[-1].reshape(-1))
        if blocks.get("MS_valid") is not None:
            clear[:, ~np.asarray(blocks["MS_valid"])] = 0
        fused, valid = expand(clear, blocks.get("MS_valid"), window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        _multiply(fused, pan, found, window)
        result = {"OUTPUT": fused[:-1]}
        both = combine(valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result


def _keep(found: dict[str, Any]) -> dict[str, Any]:
    return {"fit": fit(found), **found}


def _multiply(fused: Array, pan: Array, found: dict[str, Any], window: Window) -> None:
    """Replace all but the last layer by their share of the product with PAN / last layer, and add the haze."""
    least = np.float32(LEAST * found["level"])
    scale, offset = np.float32(found["scale"]), np.float32(found["offset"])
    changed = np.empty((_STRIP, fused.shape[2]), np.float32)
    for top in range(0, fused.shape[1], _STRIP):
        window.raise_if_cancelled()
        part = slice(top, top + _STRIP)
        intensity = fused[-1, part]
        matching = np.multiply(pan[part], scale, out=changed[: len(intensity)])
        matching += offset
        np.maximum(matching, np.float32(0), out=matching)
        if float(intensity.min()) > least:
            np.divide(matching, intensity, out=intensity)
        else:
            safe = intensity > least
            intensity[:] = np.where(safe, matching / np.where(safe, intensity, np.float32(1)), np.float32(1))
        for band, haze, share in zip(fused[:-1], found["haze"], found["shares"]):
            strip = band[part]
            if share == 1:
                strip *= intensity
            else:
                np.subtract(intensity, np.float32(1), out=matching)
                matching *= np.float32(share)
                matching += np.float32(1)
                strip *= matching
            strip += np.float32(haze)
