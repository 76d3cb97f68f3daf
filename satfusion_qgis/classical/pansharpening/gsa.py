"""GSA, adaptive Gram-Schmidt: F_b = M_b + g_b (PAN - I), I = w_0 + sum_k w_k M_k, g_b = cov(M_b, I) / var(I).

The weights regress PAN, low-passed with the MTF, on the bands, on the MS grid; the covariances are taken there too.

Aiazzi, B., Baronti, S., Selva, M. (2007): Improving component substitution pansharpening through multivariate
regression of MS+Pan data. IEEE Transactions on Geoscience and Remote Sensing 45(10). 10.1109/TGRS.2007.901007
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .injection import LinearInjection
from .mtf import MtfGains
from .regression import Fit, fit, regression_pass


class Gsa(LinearInjection):
    """Adaptive Gram-Schmidt."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)

    def passes(self) -> tuple[Pass, ...]:
        """Return the regression of PAN on the bands."""
        return (*self._mtf.passes(), regression_pass(self._mtf, solve_gains))

    def describe(self, state: State) -> list[str]:
        """Return the weights and gains found."""
        names = self.scene.band_names["MS"]
        found: Fit = state["regression"]["fit"]
        weights = ", ".join(f"{name} {weight:.3g}" for name, weight in zip(names, found.weights))
        gains = ", ".join(f"{name} {gain:.3g}" for name, gain in zip(names, state["regression"]["gains"]))
        return [
            *self._mtf.describe(state, names),
            f"Weights regressed: {weights}; they explain {100 * found.explained:.1f} % of PAN's variance",
            f"Injection gains: {gains}",
        ]

    def gains(self, state: State) -> Optional[Array]:
        """Return g_b."""
        gains: Array = state["regression"]["gains"]
        return gains

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return M_b - g_b I on the MS grid: one small matrix product for all bands."""
        bands = np.asarray(blocks["MS"])
        mixed = state["regression"]["mixing"] @ bands.reshape(len(bands), -1)
        mixed += state["regression"]["constant"][:, None]
        mixed, valid = mixed.reshape(bands.shape), blocks.get("MS_valid")
        if valid is not None:
            mixed[:, ~np.asarray(valid)] = 0
        return mixed, valid


def solve_gains(found: dict[str, Any]) -> dict[str, Any]:
    """Return the fit, the gains g_b, and the coarse part M_b - g_b I as a matrix and a constant.

    Args:
        found: Moments of the bands and PAN on the MS grid.
    """
    regressed = fit(found)
    within = found["covariance"][:-1, :-1]
    shared = within @ regressed.weights
    variance = float(regressed.weights @ shared)
    gains = shared / variance if variance > 0 else np.zeros_like(shared)
    return {
        "fit": regressed,
        "gains": gains,
        "mixing": (np.eye(len(gains)) - np.outer(gains, regressed.weights)).astype(np.float32),
        "constant": (-gains * regressed.intercept).astype(np.float32),
    }
