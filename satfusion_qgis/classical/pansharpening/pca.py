"""PCA, principal component substitution: F = M + v (P' - v^T (M - m)).

v is the first eigenvector of the bands' covariance, m their mean. P' is PAN with the mean (0) and the standard
deviation of the first principal component; the statistics, PAN's too (low-passed with the MTF), are taken on the MS
grid. The sign of v is such that the component grows with PAN.

Chavez, P. S., Sides, S. C., Anderson, J. A. (1991): Comparison of three different methods to merge multiresolution and
multispectral data: Landsat TM and SPOT panchromatic. Photogrammetric Engineering and Remote Sensing 57(3), 295-303
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .regression import check_pan
from .substitution import ComponentSubstitution, matched, substituted


class Pca(ComponentSubstitution):
    """Replaces the first principal component."""

    def solve(self, found: dict[str, Any]) -> dict[str, Any]:
        """Find the first principal component."""
        check_pan(found)
        covariance = found["covariance"]
        values, vectors = np.linalg.eigh(covariance[:-1, :-1])
        vector = vectors[:, -1]
        if vector @ covariance[:-1, -1] < 0:
            vector = -vector
        intercept = -float(vector @ found["mean"][:-1])
        return substituted(found, vector, vector, intercept, matched(found, float(values[-1])))
