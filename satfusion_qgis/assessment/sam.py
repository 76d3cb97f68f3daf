"""SAM: the spectral angle between a pixel and its reference."""

from __future__ import annotations

import numpy as np

from .sliding import Float64
from .tile import Tile


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

    def add(self, tile: Tile) -> None:
        """Take in a tile."""
        angles = spectral_angles(tile.own_reference, tile.own_test)
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


def spectral_angles(reference: Float64, test: Float64) -> Float64:
    """Angles in radians between spectra, shape (bands, pixels); pixels with a zero spectrum are left out."""
    norm_x, norm_y = _norms(reference), _norms(test)
    angled = (norm_x > 0) & (norm_y > 0)
    if not angled.all():
        reference, test = reference[:, angled], test[:, angled]
        norm_x, norm_y = norm_x[angled], norm_y[angled]
    u = reference / norm_x
    v = test / norm_y
    difference = u - v
    u += v
    angles = np.arctan2(_norms(difference), _norms(u))
    angles *= 2.0
    return angles


def _norms(spectra: Float64) -> Float64:
    """Length of each spectrum, shape (pixels,)."""
    norms: Float64 = np.sqrt(np.einsum("bp,bp->p", spectra, spectra))
    return norms
