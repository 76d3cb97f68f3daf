"""RMSE and bias: the error of each band in the units of the image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Rmse:
    """Root mean square error and bias of each band, accumulated in float64.

    ``RMSE_b = sqrt(mean((x_b - y_b)^2))`` and ``bias_b = mean(y_b - x_b)`` over the valid pixels, x the
    reference and y the test image. The pooled RMSE is the root of the mean square error over all bands and
    pixels, which is not the mean of the RMSE of the bands.
    """

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self.pixels = 0
        self._sum = np.zeros(bands)
        self._sum_of_squares = np.zeros(bands)

    def add(self, reference: NDArray[Any], test: NDArray[Any], valid: NDArray[np.bool_]) -> None:
        """Take in one window: two (bands, rows, columns) arrays in one unit and a (rows, columns) mask."""
        for band in range(len(self._sum)):
            error = test[band][valid].astype(np.float64) - reference[band][valid]
            self._sum[band] += error.sum()
            self._sum_of_squares[band] += np.square(error).sum()
        self.pixels += int(np.count_nonzero(valid))

    def merge(self, other: Rmse) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._sum += other._sum
        self._sum_of_squares += other._sum_of_squares
        self.pixels += other.pixels

    def per_band(self) -> NDArray[np.float64]:
        """RMSE of each band, shape (bands,), in the units of the image; needs at least one pixel."""
        root: NDArray[np.float64] = np.sqrt(self._sum_of_squares / self.pixels)
        return root

    def pooled(self) -> float:
        """RMSE over all bands and pixels, in the units of the image; needs at least one pixel."""
        return float(np.sqrt(np.mean(self._sum_of_squares) / self.pixels))

    def bias(self) -> NDArray[np.float64]:
        """Mean of test minus reference in each band, shape (bands,); needs at least one pixel."""
        return self._sum / self.pixels
