"""MTF-GLP-CBD: F_b = M_b + g_b (PAN - P_L), g_b = cov(M_b, P_L) / var(P_L) over the scene. Also known as GS2-GLP.

The covariances are taken on the MS grid, with PAN low-passed by the mean MTF of the bands.

Alparone, L., Wald, L., Chanussot, J., Thomas, C., Gamba, P., Bruce, L. M. (2007): Comparison of pansharpening
algorithms: outcome of the 2006 GRS-S data-fusion contest. IEEE Transactions on Geoscience and Remote Sensing 45(10).
10.1109/TGRS.2007.904923
"""

from __future__ import annotations

from typing import Any

from ...tasks.method import Array
from .glp import Glp


class MtfGlpCbd(Glp):
    """Generalised Laplacian pyramid with gains regressed on the MS grid."""

    def global_gains(self, found: dict[str, Any]) -> Array:
        """Return the gains of the regression on low-passed PAN."""
        covariance = found["covariance"]
        gains: Array = covariance[:-1, -1] / covariance[-1, -1]
        return gains
