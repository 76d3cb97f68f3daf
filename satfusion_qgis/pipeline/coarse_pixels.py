"""How large the pixels of a coarse sensor are in an image that somebody resampled onto a finer grid.

Repeated values show it by the lengths of their runs. Interpolated ones by a period: second differences are larger near
the centres of coarse pixels, where the pieces of the interpolation meet, than between them, so that their size rises
and falls once in each coarse pixel (Gallagher, A. C. (2005): Detection of linear and cubic interpolation in JPEG
compressed images. 10.1109/CRV.2005.33).
"""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from ..raster.band_match import reordered
from ..raster.reader import Reader, Source
from ..tasks.method import Array

REPEATED, INTERPOLATED = "repeated values", "the period of interpolated values"
_SIDE, _BANDS = 640, 3
_SMALLEST, _LARGEST = 1.6, 120.0
_SHORTEST, _LEAST_PERIODS = 24, 4
# A peak of the spectrum over its median. Images at their own resolution seldom reach it, and not in both directions.
_STANDS_OUT = 8.0
_MOST, _TINY, _FROM_THE_END = 50.0, 1e-9, 1.1
# By how much rows and columns, and images of one sensor, may differ.
ALIKE = 1.1
_STEPS = 1 << 15


def coarse_pixels(source: Source) -> Optional[tuple[float, str]]:
    """Return the side of a coarse pixel in the image's own pixels and what it was found from; None where none shows.

    Args:
        source: The image, of which at most the middle 640 x 640 pixels of three bands are looked at.

    Raises:
        InputError: The image cannot be read.
    """
    rows, columns = min(_SIDE, source.grid.rows), min(_SIDE, source.grid.columns)
    top, left = (source.grid.rows - rows) // 2, (source.grid.columns - columns) // 2
    some = np.linspace(0, len(source.bands) - 1, min(_BANDS, len(source.bands))).round().astype(int)
    values, valid = Reader(reordered(source, [int(place) for place in some])).read(top, left, rows, columns)
    known = np.ones((rows, columns), bool) if valid is None else valid
    for measure, what in ((_runs, REPEATED), (_period, INTERPOLATED)):
        down = measure(values.transpose(0, 2, 1), known.T)
        across = measure(values, known)
        if down and across and max(down, across) <= ALIKE * min(down, across):
            return math.sqrt(down * across), what
    return None


def _runs(values: Array, known: Array) -> Optional[float]:
    """Return the usual length of runs of the same values along rows."""
    both = known[:, 1:] & known[:, :-1]
    changes = (values[:, :, 1:] != values[:, :, :-1]).any(axis=0) | ~both
    lengths = np.concatenate([np.diff(np.flatnonzero(line)) for line in changes])
    if not len(lengths) or np.median(lengths) < _SMALLEST:
        return None
    usual = np.median(lengths)
    near = lengths[(lengths > 0.5 * usual) & (lengths < 1.5 * usual)]  # neighbours of the same value make long runs
    return float(near.mean()) if len(near) > 0.5 * len(lengths) else None


def _period(values: Array, known: Array) -> Optional[float]:
    """Return the period of the squared second differences along rows, in which large shapes hardly show."""
    whole = known[:, 2:] & known[:, 1:-1] & known[:, :-2]
    if values.shape[2] < _SHORTEST or not whole.any():
        return None
    differences = np.square(np.diff(values.astype(np.float64), n=2, axis=2))
    usual = np.array([max(np.median(band[whole]), _TINY * band[whole].mean(), _TINY) for band in differences])
    differences = np.where(whole, np.minimum(differences / usual[:, None, None], _MOST), 0)
    mean = differences.sum(axis=(0, 1)) / np.maximum(whole.sum(axis=0), 1)
    power = np.abs(np.fft.rfft((mean - mean.mean()) * np.hanning(len(mean)), _STEPS))
    cycles = np.arange(len(power)) / _STEPS
    least = max(1 / _LARGEST, _LEAST_PERIODS / len(mean))
    inside = (cycles > least) & (cycles < 1 / _SMALLEST)
    power, cycles = power[inside], cycles[inside]
    if not len(power) or not power.max() > _STANDS_OUT * np.median(power):
        return None
    found = float(cycles[power.argmax()])
    return 1 / found if found > _FROM_THE_END * least else None  # where it grows to the end it is no peak
