"""CC: the correlation of each band with its reference, and the means of both."""

from __future__ import annotations

import numpy as np

from .sliding import Float64
from .tile import Tile


class Cc:
    """Pearson correlation coefficient of each band, accumulated in float64.

    Each tile gives a mean and sums of centred products, which are combined pairwise (Chan, Golub and
    LeVeque 1983, 10.1080/00031305.1983.10483115), so a large offset in the values costs no digits.
    """

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self.pixels = 0
        self.reference_mean = np.zeros(bands)
        self.test_mean = np.zeros(bands)
        self.reference_squares = np.zeros(bands)
        self.test_squares = np.zeros(bands)
        self._products = np.zeros(bands)

    def add(self, tile: Tile) -> None:
        """Take in a tile."""
        if tile.pixels == 0:
            return
        own = Cc(len(self._products))
        own.pixels = tile.pixels
        own.reference_mean, x = _centred(tile.own_reference)
        own.test_mean, y = _centred(tile.own_test)
        own.reference_squares = np.einsum("bp,bp->b", x, x)
        own.test_squares = np.einsum("bp,bp->b", y, y)
        own._products = np.einsum("bp,bp->b", x, y)
        self.merge(own)

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
        self.reference_squares += other.reference_squares + step_x * step_x * between
        self.test_squares += other.test_squares + step_y * step_y * between
        self._products += other._products + step_x * step_y * between
        self.pixels = pixels

    def per_band(self) -> list[float | None]:
        """Correlation of each band, -1 to 1; None for a band that is constant in one of the two images."""
        squares = np.sqrt(self.reference_squares) * np.sqrt(self.test_squares)
        return [
            float(np.clip(product / square, -1.0, 1.0)) if square > 0 else None
            for product, square in zip(self._products, squares)
        ]


def _centred(values: Float64) -> tuple[Float64, Float64]:
    """Mean of each band's values and the values less the mean; a constant gives its own value and exact zeros."""
    first = values[:, :1]
    shifted = values - first
    mean = shifted.mean(axis=1)
    shifted -= mean[:, None]
    return first[:, 0] + mean, shifted
