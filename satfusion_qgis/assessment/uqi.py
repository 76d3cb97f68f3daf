"""UQI, or Q: the universal image quality index, over every position of a sliding window."""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy.typing import NDArray

from .sliding import Float64, box_sums
from .tile import Tile

_FLAT = 1e-12


def quality(count: Float64 | float, x: Float64, y: Float64, squares: Float64, products: Float64) -> Float64:
    """Q of windows, from sums over each window's pixels (Wang and Bovik 2002, 10.1109/97.995823).

    ``Q = 2 s_xy / (s_x^2 + s_y^2) * 2 m_x m_y / (m_x^2 + m_y^2)``. Where neither image varies the first factor is 1,
    and where both means are zero the second is; a variance below 1e-12 of the mean square is rounding.

    Args:
        count: Pixels in the window.
        x: Sum of the first image.
        y: Sum of the second image.
        squares: Sum of the squares of both.
        products: Sum of their products.
    """
    mean_product = x * y
    mean_squares = x * x + y * y
    scaled = count * squares
    variances = scaled - mean_squares
    covariance = count * products - mean_product
    varies = variances > _FLAT * scaled
    everywhere = bool(varies.all()) and bool((mean_squares > 0).all())
    if everywhere:
        covariance *= mean_product
        variances *= mean_squares
        covariance *= 4.0
        covariance /= variances
        return covariance
    contrast = np.where(varies, 2.0 * covariance / np.where(varies, variances, 1.0), 1.0)
    lit = mean_squares > 0
    return np.asarray(contrast * np.where(lit, 2.0 * mean_product / np.where(lit, mean_squares, 1.0), 1.0))


class Uqi:
    """Mean of Q over every position of a window inside the scene, for each band.

    Only windows without a masked pixel count.
    """

    def __init__(self, bands: int, window: int = 8) -> None:
        """Start empty.

        Args:
            bands: Number of bands.
            window: Side of the window in pixels, 2 or more: 8 as its authors have it, 32 in much work on
                pansharpening.

        Raises:
            ValueError: The window is smaller than 2 pixels.
        """
        if window < 2:
            raise ValueError(f"The UQI window must be at least 2 pixels wide, not {window}.")
        self.window = window
        self.positions = 0
        self._sum = np.zeros(bands)

    def add(self, tile: Tile) -> None:
        """Take in the windows that start in a tile."""
        rows, columns = tile.positions(self.window)
        if rows == 0 or columns == 0:
            return
        whole = tile.whole(self.window)
        part = tile.reach(self.window)
        for band in range(tile.bands):
            images = (tile.reference, tile.test, tile.squares, tile.products)
            x, y, squares, products = (box_sums(image[band][part], self.window) for image in images)
            scores = quality(float(self.window**2), x, y, squares, products)
            self._sum[band] += scores.sum() if whole is None else scores[whole].sum()
        self.positions += rows * columns if whole is None else int(np.count_nonzero(whole))

    def merge(self, other: Uqi) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._sum += other._sum
        self.positions += other.positions

    def per_band(self) -> list[Optional[float]]:
        """Mean Q of each band, -1 to 1; None when no window was whole."""
        return _means(self._sum, self.positions)


def _means(sums: NDArray[np.float64], count: int) -> list[Optional[float]]:
    return [float(value / count) if count else None for value in sums]
