"""CC: the correlation of each band with its reference, and the means of both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Cc:
    """Pearson correlation coefficient of each band, accumulated in float64.

    Each window gives a mean and sums of centred products, which are combined pairwise (Chan, Golub and
    LeVeque 1983, 10.1080/00031305.1983.10483115), so a large offset in the values costs no digits.
    """

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self.pixels = 0
        self.reference_mean = np.zeros(bands)
        self.test_mean = np.zeros(bands)
        self._reference_squares = np.zeros(bands)
        self._test_squares = np.zeros(bands)
        self._products = np.zeros(bands)

    def add(self, reference: NDArray[Any], test: NDArray[Any], valid: NDArray[np.bool_]) -> None:
        """Take in one window: two (bands, rows, columns) arrays and a (rows, columns) mask."""
        bands = len(self._products)
        window = Cc(bands)
        window.pixels = int(np.count_nonzero(valid))
        if window.pixels == 0:
            return
        for band in range(bands):
            window.reference_mean[band], x = _centre(reference[band][valid])
            window.test_mean[band], y = _centre(test[band][valid])
            window._reference_squares[band] = np.square(x).sum()
            window._test_squares[band] = np.square(y).sum()
            window._products[band] = (x * y).sum()
        self.merge(window)

    def merge(self, other: Cc) -> None:
        """Take in what another accumulator gathered from other windows."""
        pixels = self.pixels + other.pixels
        if other.pixels == 0:
            return
        step_x = other.reference_mean - self.reference_mean
        step_y = other.test_mean - self.test_mean
        share = other.pixels / pixels
        between = self.pixels * share
        self.reference_mean += step_x * share
        self.test_mean += step_y * share
        self._reference_squares += other._reference_squares + step_x * step_x * between
        self._test_squares += other._test_squares + step_y * step_y * between
        self._products += other._products + step_x * step_y * between
        self.pixels = pixels

    def per_band(self) -> list[float | None]:
        """Correlation of each band, -1 to 1; None for a band that is constant in one of the two images."""
        squares = np.sqrt(self._reference_squares) * np.sqrt(self._test_squares)
        return [
            float(np.clip(product / square, -1.0, 1.0)) if square > 0 else None
            for product, square in zip(self._products, squares)
        ]


def _centre(values: NDArray[Any]) -> tuple[float, NDArray[np.float64]]:
    """Mean of the values and the values less the mean; a constant gives its own value and exact zeros."""
    first = float(values[0])
    shifted = values.astype(np.float64) - first
    mean = float(shifted.mean())
    return first + mean, shifted - mean
