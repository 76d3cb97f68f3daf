"""MTF-GLP: F_b = M_b + P'_b - (P'_b)_L, P'_b being PAN with the band's mean and standard deviation.

That is F_b = M_b + g_b (PAN - P_L) with g_b = sd(M_b) / sd(P_L). The standard deviations are taken on the MS grid, with
PAN low-passed by the mean MTF of the bands.

Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A., Selva, M. (2006): MTF-tailored multiscale fusion of high-resolution
MS and Pan imagery. Photogrammetric Engineering and Remote Sensing 72(5). 10.14358/PERS.72.5.591
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...tasks.method import Array
from .glp import Glp


class MtfGlp(Glp):
    """Generalised Laplacian pyramid with PAN matched to each band."""

    def global_gains(self, found: dict[str, Any]) -> Array:
        """Return the ratios of standard deviations."""
        variance = np.diag(found["covariance"])
        gains: Array = np.sqrt(variance[:-1] / variance[-1])
        return gains
