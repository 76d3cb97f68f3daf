"""GSA, adaptive Gram-Schmidt: F_b = M_b + g_b (PAN - I), I = w_0 + sum_k w_k M_k, g_b = cov(M_b, I) / var(I).

The weights regress PAN, low-passed with the MTF, on the bands, on the MS grid; the covariances are taken there too.

Aiazzi, B., Baronti, S., Selva, M. (2007): Improving component substitution pansharpening through multivariate
regression of MS+Pan data. IEEE Transactions on Geoscience and Remote Sensing 45(10). 10.1109/TGRS.2007.901007
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...tasks.method import State
from .detail import describe_weak
from .regression import Fit, fit
from .substitution import ComponentSubstitution, listed, substituted


class Gsa(ComponentSubstitution):
    """Adaptive Gram-Schmidt."""

    def describe(self, state: State) -> list[str]:
        """Return the weights and gains found."""
        names, found = self.scene.band_names["MS"], state["regression"]
        fitted: Fit = found["fit"]
        return [
            *self._mtf.describe(state, names),
            f"Weights regressed: {listed(names, fitted.weights)}; they explain {100 * fitted.explained:.1f} % of PAN's "
            f"variance",
            f"Injection gains: {listed(names, found['gains'])}",
            *describe_weak(found["limited"], names),
        ]

    def solve(self, found: dict[str, Any]) -> dict[str, Any]:
        """Regress PAN on the bands, and each band on the intensity."""
        regressed = fit(found)
        shared = found["covariance"][:-1, :-1] @ regressed.weights
        variance = float(regressed.weights @ shared)
        gains = shared / variance if variance > 0 else np.zeros_like(shared)
        return {"fit": regressed, **substituted(found, gains, regressed.weights, regressed.intercept)}
