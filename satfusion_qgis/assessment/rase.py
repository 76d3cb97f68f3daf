"""RASE: the relative average spectral error."""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy.typing import NDArray


def rase(rmse: NDArray[np.float64], reference_mean: NDArray[np.float64]) -> Optional[float]:
    """The relative average spectral error in percent (Wald 2000).

    ``RASE = (100 / M) sqrt(mean_b(RMSE_b^2))``, M the mean of the means of the reference's bands. As ERGAS, it
    needs physical values; unlike ERGAS, it has no ratio, and bright bands count for more. It is a number of the whole
    image: means over sliding windows, which some packages give under this name, are something else.

    Args:
        rmse: RMSE of each band, shape (bands,), in the units of the image.
        reference_mean: Mean of each band of the REFERENCE, shape (bands,), in the same units.

    Returns:
        The score, 0 for identical images, or None when M is zero.
    """
    mean = float(np.mean(reference_mean))
    return float(100.0 / mean * np.sqrt(np.mean(np.square(rmse)))) if mean else None
