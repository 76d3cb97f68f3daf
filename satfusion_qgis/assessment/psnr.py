"""PSNR: the mean square error as a share of the data range, in decibels."""

from __future__ import annotations

import math
from typing import Optional


def psnr(rmse: float, data_range: Optional[float]) -> Optional[float]:
    """Peak signal-to-noise ratio, ``20 log10(L / RMSE)``, in dB.

    With the RMSE pooled over the bands it is the PSNR of the image. The mean of the PSNR of the bands is another
    number: a band without error would make it infinite.

    Args:
        rmse: Root mean square error in the units of the image.
        data_range: L, the range that values may have, in the same units: 1 for reflectance, 2^bits - 1 for DN.

    Returns:
        None for identical images, where it is infinite, and without a range.
    """
    if rmse == 0 or not data_range:
        return None
    return 20.0 * math.log10(data_range / rmse)
