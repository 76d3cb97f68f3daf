"""GIHS, generalised intensity-hue-saturation: F_b = M_b + (P' - I), I the mean of the bands.

P' is PAN with the mean and the standard deviation of the intensity; the statistics, PAN's too (low-passed with the
MTF), are taken on the MS grid. With three bands this is the linear IHS transform.

Tu, T.-M., Su, S.-C., Shyu, H.-C., Huang, P. S. (2001): A new look at IHS-like image fusion methods. Information Fusion
2(3). 10.1016/S1566-2535(01)00036-7
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .regression import check_pan
from .substitution import ComponentSubstitution, matched, substituted


class Gihs(ComponentSubstitution):
    """Generalised IHS: every band gets the same detail."""

    def solve(self, found: dict[str, Any]) -> dict[str, Any]:
        """Take the mean of the bands as intensity, and a gain of 1."""
        check_pan(found)
        within = found["covariance"][:-1, :-1]
        weights = np.full(len(within), 1 / len(within))
        scale = matched(found, float(weights @ within @ weights))
        return substituted(found, np.ones(len(within)), weights, 0.0, scale)
