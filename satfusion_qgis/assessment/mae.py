"""MAE: the mean size of the errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .tile import Tile


class Mae:
    """Mean absolute error of each band, ``mean(|x_b - y_b|)`` over the valid pixels, accumulated in float64."""

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self.pixels = 0
        self._sum = np.zeros(bands)

    def add(self, tile: Tile) -> None:
        """Take in a tile."""
        self._sum += np.abs(tile.own_error).sum(axis=1)
        self.pixels += tile.pixels

    def merge(self, other: Mae) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._sum += other._sum
        self.pixels += other.pixels

    def per_band(self) -> NDArray[np.float64]:
        """MAE of each band, shape (bands,), in the units of the image; needs at least one pixel."""
        return self._sum / self.pixels
