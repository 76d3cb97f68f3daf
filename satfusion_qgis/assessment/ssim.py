"""SSIM: the structural similarity index."""

from __future__ import annotations

from typing import Optional

import numpy as np

from .sliding import Float64, gaussian_taps, weighted_means
from .tile import Tile

WINDOW = 11
_SIGMA = 1.5
_K1, _K2 = 0.01, 0.03
_TAPS = gaussian_taps(WINDOW, _SIGMA)


class Ssim:
    """Mean SSIM of each band, as its authors define it (Wang et al. 2004, 10.1109/TIP.2003.819861).

    An 11 x 11 Gaussian window with a standard deviation of 1.5 pixels, population covariance, ``C1 = (0.01 L)^2`` and
    ``C2 = (0.03 L)^2``, and only positions whose window lies inside the scene and holds no masked pixel.
    """

    def __init__(self, bands: int, data_range: Optional[float]) -> None:
        """Start empty.

        Args:
            bands: Number of bands.
            data_range: L, the range that values may have, in the units of the image; without it there is no SSIM.
        """
        self.positions = 0
        self._sum = np.zeros(bands)
        self._range = data_range

    def add(self, tile: Tile) -> None:
        """Take in the windows that start in a tile."""
        rows, columns = tile.positions(WINDOW)
        if not self._range or rows == 0 or columns == 0:
            return
        c1, c2 = (_K1 * self._range) ** 2, (_K2 * self._range) ** 2
        whole = tile.whole(WINDOW)
        part = tile.reach(WINDOW)
        for band in range(tile.bands):
            images = (tile.reference, tile.test, tile.squares, tile.products)
            x, y, squares, products = (weighted_means(image[band][part], _TAPS) for image in images)
            scores = _similarity(x, y, squares, products, c1, c2)
            self._sum[band] += scores.sum() if whole is None else scores[whole].sum()
        self.positions += rows * columns if whole is None else int(np.count_nonzero(whole))

    def merge(self, other: Ssim) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._sum += other._sum
        self.positions += other.positions

    def per_band(self) -> list[Optional[float]]:
        """Mean SSIM of each band, at most 1; None when no window was whole, and without a range."""
        return [float(value / self.positions) if self.positions else None for value in self._sum]


def _similarity(x: Float64, y: Float64, squares: Float64, products: Float64, c1: float, c2: float) -> Float64:
    """SSIM at each position, from the weighted means of x, y, x^2 + y^2 and x y."""
    mean_product = x * y
    x *= x
    y *= y
    x += y
    products -= mean_product
    products *= 2.0
    products += c2
    squares -= x
    squares += c2
    mean_product *= 2.0
    mean_product += c1
    x += c1
    mean_product *= products
    x *= squares
    mean_product /= x
    return mean_product
