"""RMSE and bias: the error of each band in the units of the image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .tile import Tile


class Rmse:
    """Root mean square error and bias of each band, accumulated in float64.

    ``RMSE_b = sqrt(mean((x_b - y_b)^2))`` and ``bias_b = mean(y_b - x_b)`` over the valid pixels, x the
    reference and y the test image. The pooled RMSE is the root of the mean square error over all bands and
    pixels, which is not the mean of the RMSE of the bands.
    """

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self.pixels = 0
        self.squares = np.zeros(bands)
        self._sum = np.zeros(bands)

    def add(self, tile: Tile) -> None:
        """Take in a tile."""
        error = tile.own_error
        self._sum += error.sum(axis=1)
        self.squares += np.einsum("bp,bp->b", error, error)
        self.pixels += tile.pixels

    def merge(self, other: Rmse) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._sum += other._sum
        self.squares += other.squares
        self.pixels += other.pixels

    def per_band(self) -> NDArray[np.float64]:
        """RMSE of each band, shape (bands,), in the units of the image; needs at least one pixel."""
        root: NDArray[np.float64] = np.sqrt(self.squares / self.pixels)
        return root

    def pooled(self) -> float:
        """RMSE over all bands and pixels, in the units of the image; needs at least one pixel."""
        return float(np.sqrt(np.mean(self.squares) / self.pixels))

    def bias(self) -> NDArray[np.float64]:
        """Mean of test minus reference in each band, shape (bands,); needs at least one pixel."""
        return self._sum / self.pixels
