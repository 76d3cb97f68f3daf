"""ERGAS: the relative global error of synthesis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def ergas(rmse: NDArray[np.float64], reference_mean: NDArray[np.float64], ratio: float) -> float | None:
    """The relative dimensionless global error of synthesis (Wald 2000).

    ``ERGAS = (100 / R) sqrt(mean_b((RMSE_b / mu_b)^2))``. It changes when a constant is added to both images,
    so the means must be those of physical values, never of DN that are stored with an offset.

    Args:
        rmse: RMSE of each band, shape (bands,), in the units of the image.
        reference_mean: Mean of each band of the REFERENCE, shape (bands,), in the same units.
        ratio: R, the MS pixel size divided by the PAN pixel size; above 0.

    Returns:
        The score, 0 for identical images, or None when the reference mean of a band is zero.
    """
    if not np.all(reference_mean):
        return None
    return float(100.0 / ratio * np.sqrt(np.mean(np.square(rmse / reference_mean))))
