"""GS, Gram-Schmidt (mode 1): F_b = M_b + g_b (P' - I), I the mean of the bands, g_b = cov(M_b, I) / var(I).

P' is PAN with the mean and the standard deviation of the intensity; the statistics, PAN's too (low-passed with the
MTF), are taken on the MS grid. The bands keep their means.

Laben, C. A., Brower, B. V. (2000): Process for enhancing the spatial resolution of multispectral imagery using
pan-sharpening. US patent 6011875. As a formula: Aiazzi et al. 2007, 10.1109/TGRS.2007.901007
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .regression import check_pan
from .substitution import ComponentSubstitution, matched, substituted


class Gs(ComponentSubstitution):
    """Gram-Schmidt with the mean of the bands as intensity."""

    def solve(self, found: dict[str, Any]) -> dict[str, Any]:
        """Regress each band on the mean of all."""
        check_pan(found)
        within = found["covariance"][:-1, :-1]
        weights = np.full(len(within), 1 / len(within))
        shared = within @ weights
        variance = float(weights @ shared)
        gains = shared / variance if variance > 0 else np.zeros_like(shared)
        return substituted(found, gains, weights, 0.0, matched(found, variance))
