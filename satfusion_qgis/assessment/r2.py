"""R2: the share of a band's variance that the test image explains."""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy.typing import NDArray


def r2(squared_errors: NDArray[np.float64], squared_deviations: NDArray[np.float64]) -> list[Optional[float]]:
    """Coefficient of determination of each band, ``1 - SSE / SST``; not the square of the correlation.

    Args:
        squared_errors: Sum of (x - y)^2 of each band.
        squared_deviations: Sum of (x - mean x)^2 of each band of the reference x.

    Returns:
        At most 1, negative where the reference's mean would be the better guess; None for a constant reference.
    """
    pairs = zip(squared_errors, squared_deviations)
    return [float(1.0 - error / deviation) if deviation > 0 else None for error, deviation in pairs]
