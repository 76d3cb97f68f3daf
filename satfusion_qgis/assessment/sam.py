"""SAM: the spectral angle between a pixel and its reference."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Sam:
    """Mean spectral angle, accumulated in float64.

    The angle of a pixel is ``arccos(<x, y> / (|x| |y|))``, x and y its spectra in the reference and in the
    test image (Kruse et al. 1993, 10.1016/0034-4257(93)90013-N); the score is the mean of the angles in
    degrees. Pixels where one of the two spectra is zero have no angle and are left out. The angle is computed
    as ``2 atan2(|u - v|, |u + v|)`` with u and v the spectra at unit length: the same angle, without the loss
    of digits that arccos has near zero.
    """

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self.pixels = 0
        self._bands = bands
        self._sum = 0.0

    def add(self, reference: NDArray[Any], test: NDArray[Any], valid: NDArray[np.bool_]) -> None:
        """Take in one window: two (bands, rows, columns) arrays in one unit and a (rows, columns) mask."""
        norm_x, norm_y = _norms(reference, valid), _norms(test, valid)
        angled = (norm_x > 0) & (norm_y > 0)
        norm_x, norm_y = norm_x[angled], norm_y[angled]
        used = valid.copy()
        used[valid] = angled
        difference, total = np.zeros(len(norm_x)), np.zeros(len(norm_x))
        for band in range(self._bands):
            u = reference[band][used] / norm_x
            v = test[band][used] / norm_y
            difference += np.square(u - v)
            total += np.square(u + v)
        angles = 2.0 * np.arctan2(np.sqrt(difference), np.sqrt(total))
        self._sum += float(angles.sum())
        self.pixels += len(angles)

    def merge(self, other: Sam) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._sum += other._sum
        self.pixels += other.pixels

    def mean_degrees(self) -> float | None:
        """Mean angle in degrees, 0 to 180; None for one band or when no pixel has an angle."""
        if self._bands == 1 or self.pixels == 0:
            return None
        return float(np.degrees(self._sum / self.pixels))


def _norms(image: NDArray[Any], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Length of the spectrum of each valid pixel, shape (pixels,)."""
    squares = np.zeros(int(np.count_nonzero(valid)))
    for band in image:
        squares += np.square(band[valid].astype(np.float64))
    return np.sqrt(squares)
