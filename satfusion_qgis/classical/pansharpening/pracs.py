"""PRACS, partial replacement adaptive component substitution: F_b = M_b + w_b L_b c_b (PAN - I).

I regresses PAN, low-passed with the MTF, on the bands; c_b = corr(I, M_b). The part of PAN in the high-resolution
component of the band is c_b, the rest is the band matched to PAN, m_b; so the component's low-resolution form is, by
the linearity of the regression, I_b = c_b I + (1 - c_b) m_b, and the detail c_b (PAN - I). Gain w_b = 0.95 corr(I_b,
M_b) sd(M_b) / mean_k sd(M_k); local adjustment L_b = 1 - |1 - c_b M_b / I_b|, with M_b in PAN's units (in its own,
bands brighter than PAN would lose contrast: worse on each of nine scenes). All statistics are taken on the MS grid,
where negative values of m_b are kept.

Choi, J., Yu, K., Kim, Y. (2011): A new adaptive component-substitution-based satellite image fusion by using partial
replacement. IEEE Transactions on Geoscience and Remote Sensing 49(1). 10.1109/TGRS.2010.2051674
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand
from .injection import centre
from .mtf import MtfGains
from .regression import fit, regression_pass
from .substitution import listed

_STRIP = 64
_BETA = 0.95
_LEAST = 0.01


class Pracs(Implementation):
    """Partial replacement."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation."""
        return {"MS": CUBIC_HALO, "PAN": 0}

    def passes(self) -> tuple[Pass, ...]:
        """Return the regression of PAN on the bands."""
        return (*self._mtf.passes(), regression_pass(self._mtf, solve_pracs))

    def describe(self, state: State) -> list[str]:
        """Return how much of PAN replaces each band, and the gains."""
        names, found = self.scene.band_names["MS"], state["regression"]
        return [
            *self._mtf.describe(state, names),
            f"Share of PAN in each component: {listed(names, found['shares'])}",
            f"Gains: {listed(names, found['gains'])}",
        ]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Interpolate bands and intensity, and add the adjusted detail."""
        found, bands = state["regression"], np.asarray(blocks["MS"])
        fitted, valid = found["fit"], blocks.get("MS_valid")
        intensity = fitted.weights.astype(np.float32) @ bands.reshape(len(bands), -1)
        layers = np.concatenate([bands, intensity.reshape(1, *bands.shape[1:])])
        layers[-1] += np.float32(fitted.intercept)
        if valid is not None:
            layers[:, ~np.asarray(valid)] = 0
        fused, fine_valid = expand(layers, valid, window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        _add_detail(fused, pan, found, window)
        result = {"OUTPUT": fused[:-1]}
        both = combine(fine_valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result


def solve_pracs(found: dict[str, Any]) -> dict[str, Any]:
    """Return the shares c_b, the gains w_b, and scale and offset that match each band to PAN."""
    regressed = fit(found)
    covariance, mean = found["covariance"], found["mean"]
    within = covariance[:-1, :-1]
    deviation = np.sqrt(np.diag(covariance))
    bands, pan = deviation[:-1], float(deviation[-1])
    safe = np.where(bands > 0, bands, 1.0)
    shared = within @ regressed.weights
    variance = float(regressed.weights @ shared)
    own = np.sqrt(variance)
    shares = np.where(bands > 0, shared / (safe * own), 0.0) if variance > 0 else np.zeros_like(bands)
    scale = np.where(bands > 0, pan / safe, 0.0)
    # Covariance with M_b, and variance, of I_b = c_b I + (1 - c_b) m_b.
    with_band = shares * shared + (1 - shares) * scale * bands**2
    spread = shares**2 * variance + (1 - shares) ** 2 * pan**2 + 2 * shares * (1 - shares) * scale * shared
    correlation = np.where((spread > 0) & (bands > 0), with_band / (np.sqrt(np.where(spread > 0, spread, 1)) * safe), 0)
    return {
        "fit": regressed,
        "shares": shares,
        "gains": _BETA * correlation * bands / max(float(bands.mean()), 1e-300),
        "scale": scale,
        "offset": mean[-1] - scale * mean[:-1],
        "level": abs(float(mean[-1])),
    }


def _add_detail(fused: Array, pan: Array, found: dict[str, Any], window: Window) -> None:
    """Add w_b L_b c_b (PAN - I) to all but the last layer, which is I, in place."""
    least = np.float32(_LEAST * found["level"])
    one = np.float32(1)
    for top in range(0, fused.shape[1], _STRIP):
        window.raise_if_cancelled()
        part = slice(top, top + _STRIP)
        intensity = fused[-1, part]
        detail = pan[part] - intensity
        for band, share, gain, scale, offset in zip(
            fused, found["shares"], found["gains"], found["scale"], found["offset"]
        ):
            strip = band[part]
            like_pan = strip * np.float32(scale)
            like_pan += np.float32(offset)
            component = intensity * np.float32(share)
            component += np.float32(1 - share) * like_pan
            usable = component > least
            np.maximum(component, least, out=component)
            np.divide(like_pan, component, out=like_pan)
            like_pan *= np.float32(-share)
            like_pan += one
            np.abs(like_pan, out=like_pan)
            np.subtract(one, like_pan, out=like_pan)
            like_pan *= usable
            like_pan *= detail
            like_pan *= np.float32(gain * share)
            strip += like_pan
