"""Brovey: F_b = M_b * PAN / I, I = sum_k w_k M_k. The weights regress PAN on the bands unless they are given.

Regressed weights are 0 or more and have no intercept, so that I is a mixture of the bands and has PAN's level.

Gillespie, A. R., Kahle, A. B., Walker, R. E. (1987): Color enhancement of highly correlated images. II. Channel ratio
and "chromaticity" transformation techniques. Remote Sensing of Environment 22(3). 10.1016/0034-4257(87)90088-5
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
from .injection import centre
from .mtf import MtfGains
from .regression import Fit, check_pan, explained, fit_nonnegative, regression_pass

_STRIP = 64
_LEAST = 0.01


class Brovey(Implementation):
    """Brovey with regressed or given weights."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)
        self._given = parameters["WEIGHTS"]
        bands = scene.bands["MS"]
        if self._given and (len(self._given) != bands or not sum(self._given) > 0):
            raise InputError(f"WEIGHTS needs a number for each of the {bands} bands, not all of them 0.")

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation."""
        return {"MS": CUBIC_HALO, "PAN": 0}

    def passes(self) -> tuple[Pass, ...]:
        """Return the regression; it also measures PAN's level for given weights."""
        return (*self._mtf.passes(), regression_pass(self._mtf, self._solve))

    def _solve(self, found: dict[str, Any]) -> dict[str, Any]:
        mean, level = found["mean"], abs(float(found["mean"][-1]))
        if not self._given:
            solved = fit_nonnegative(found)
            if not solved.weights.any():
                raise InputError("No band grows with PAN, so Brovey has no intensity; check the inputs or take EXP.")
            return {"fit": solved, "level": level}
        check_pan(found)
        weights = np.asarray(self._given, np.float64) / sum(self._given)
        intensity = float(weights @ mean[:-1])
        if intensity <= 0:
            raise InputError("The weighted bands have a mean of 0 or less, so Brovey has no intensity; check WEIGHTS.")
        return {"fit": Fit(weights, 0.0, explained(found, weights)), "level": level}

    def describe(self, state: State) -> list[str]:
        """Return the weights used."""
        found: Fit = state["regression"]["fit"]
        how = "given" if self._given else "regressed"
        weights = ", ".join(f"{n} {w:.3g}" for n, w in zip(self.scene.band_names["MS"], found.weights))
        return [f"Weights {how}: {weights}; they explain {100 * found.explained:.1f} % of PAN's variance"]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Multiply each interpolated band by PAN over intensity; where intensity is about 0 the band stays as it is."""
        bands = np.asarray(blocks["MS"])
        weights = state["regression"]["fit"].weights.astype(np.float32)
        intensity = np.tensordot(weights, bands, axes=1)[None].astype(np.float32, copy=False)
        fused, valid = expand(np.concatenate([bands, intensity]), blocks.get("MS_valid"), window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        multiply_ratio(fused, pan, np.float32(_LEAST * state["regression"]["level"]), window)
        result = {"OUTPUT": fused[:-1]}
        both = combine(valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result


def multiply_ratio(fused: Array, pan: Array, least: np.float32, window: Window) -> None:
    """Multiply all but the last layer by PAN / last layer in place, where that is above `least`."""
    for top in range(0, fused.shape[1], _STRIP):
        window.raise_if_cancelled()
        part = slice(top, top + _STRIP)
        ratio = fused[-1, part]
        if float(ratio.min()) > least:
            np.divide(pan[part], ratio, out=ratio)
        else:
            safe = ratio > least
            ratio[:] = np.where(safe, pan[part] / np.where(safe, ratio, np.float32(1)), np.float32(1))
        for band in fused[:-1]:
            band[part] *= ratio
