"""How fine an image's detail really is, whatever its pixels: Fourier ring correlation of two images of one scene.

Along each ring of the spectrum, the correlation of two independent estimates says how much of what stands there is
the scene's, and how much is noise or invention. The frequency at which it falls below a threshold is the finest that
can be trusted; here it is told as the pixel size whose Nyquist frequency it is.

Saxton, W. O., Baumeister, W. (1982): The correlation averaging of a regularly arranged bacterial cell envelope protein.
10.1111/j.1365-2818.1982.tb00405.x; Rosenthal, P. B., Henderson, R. (2003): Optimal determination of particle orientation,
absolute hand, and contrast loss in single-particle electron cryomicroscopy. 10.1016/j.jmb.2003.07.013, for 1/7: where two
halves of the data correlate so little, an estimate from all of them correlates by 1/2 with the truth.

What both images have alike counts as true even if it is not: the same blur, the same artefacts, or detail that a network
makes up in the same way from both. So the result is a bound from below on the pixel size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..tasks.method import Array

OF_HALVES = 1 / 7
OF_TRUTH = 0.5
_SIDES = (256, 128, 64)
_CLEAR = 0.995
_LEAST_SAMPLES = 250
_LOWEST = 0.02  # cycles per pixel; below it, windows and brightness decide


@dataclass(frozen=True)
class RingCorrelation:
    """Fourier ring correlation of two images.

    Attributes:
        frequency: Middle of each ring in cycles per pixel, float64 (rings,), rising to 0.5.
        correlation: Of each ring, -1 to 1, float64 (rings,).
        samples: Frequencies in each ring, over all tiles, float64 (rings,).
    """

    frequency: Array
    correlation: Array
    samples: Array


def ring_correlation(
    one: Array, other: Array, valid: Optional[Array] = None, sides: Sequence[int] = _SIDES
) -> Optional[RingCorrelation]:
    """Return the ring correlation of two images of the same pixels, over all bands and all tiles that are clear.

    Args:
        one: (bands, rows, columns).
        other: The same.
        valid: bool (rows, columns), where both are valid; None for everywhere.
        sides: Sides of tiles in pixels, largest first; the first of which there is a clear one is taken.

    Returns:
        None where there is no clear tile.
    """
    good = np.ones(one.shape[1:], bool) if valid is None else np.asarray(valid, bool)
    for side in sides:
        tiles = [tile for tile in _tiles(good.shape, side) if good[tile].mean() >= _CLEAR]
        if tiles:
            return _over_tiles(one, other, good, tiles, side)
    return None


def effective_pixel(found: RingCorrelation, threshold: float = OF_HALVES) -> Optional[float]:
    """Return the side, in pixels, of the coarsest pixel that would hold all the detail which can be trusted.

    Args:
        found: The correlation.
        threshold: `OF_HALVES` for estimates from two halves of the data, of which all are used for the result;
            `OF_TRUTH` for an image and the truth.

    Returns:
        1 or more; 1 where the correlation reaches to the pixels' own Nyquist frequency. None where even the coarsest
        detail does not agree.
    """
    inside = found.frequency >= _LOWEST
    frequency, correlation = found.frequency[inside], found.correlation[inside]
    below = np.flatnonzero(correlation < threshold)
    if len(frequency) == 0 or (len(below) and below[0] == 0):
        return None
    if len(below) == 0:
        return 1.0
    last = int(below[0]) - 1
    drop = correlation[last] - correlation[last + 1]
    share = (correlation[last] - threshold) / drop
    cut = frequency[last] + share * (frequency[last + 1] - frequency[last])
    return float(max(0.5 / cut, 1.0))


def _tiles(shape: tuple[int, ...], side: int) -> Iterator[tuple[slice, slice]]:
    """Yield tiles that do not overlap, in the middle of an image."""
    counts = [length // side for length in shape]
    starts = [(length - count * side) // 2 for length, count in zip(shape, counts)]
    for row in range(counts[0]):
        for column in range(counts[1]):
            top, left = starts[0] + row * side, starts[1] + column * side
            yield slice(top, top + side), slice(left, left + side)


def _over_tiles(
    one: Array, other: Array, good: Array, tiles: Sequence[tuple[slice, slice]], side: int
) -> RingCorrelation:
    """Return the correlation of rings over bands and tiles, each band with the same weight."""
    ring = _rings(side)
    count = side // 2 + 1
    taper = np.hanning(side + 2)[1:-1]
    window = taper[:, None] * taper
    total = np.zeros(count)
    for band_one, band_other in zip(one, other):
        own = np.zeros((3, count))
        for tile in tiles:
            first, second = (np.fft.fft2(_centred(band[tile], good[tile]) * window) for band in (band_one, band_other))
            products = ((first * second.conj()).real, np.abs(first) ** 2, np.abs(second) ** 2)
            for place, values in enumerate(products):
                own[place] += np.bincount(ring.ravel(), values.ravel(), count + 1)[:count]
        # A band of strong contrast is worth no more than another: each ring counts by how its energy agrees.
        scale = np.sqrt(own[1] * own[2])
        total += own[0] / np.where(scale > 0, scale, 1)
    number = np.bincount(ring.ravel(), minlength=count + 1)[:count].astype(np.float64) * len(tiles) * len(one) / 2
    return _joined(np.arange(count) / side, total / len(one), number)


def _rings(side: int) -> Array:
    """Return the ring that each frequency lies in: whole cycles over the tile; one more for all beyond Nyquist."""
    places = np.fft.fftfreq(side) * side
    distance = np.rint(np.hypot(places[:, None], places)).astype(np.intp)
    rings: Array = np.minimum(distance, side // 2 + 1)
    return rings


def _centred(band: Array, good: Array) -> Array:
    """Return a tile less its mean, 0 where it is not valid, float64."""
    values = np.asarray(band, np.float64)
    mean = values[good].mean()
    centred: Array = np.where(good, values - mean, 0.0)
    return centred


def _joined(frequency: Array, correlation: Array, samples: Array) -> RingCorrelation:
    """Join rings until each has enough frequencies for its correlation to be told from chance."""
    rings: list[list[int]] = []
    group: list[int] = []
    for place in range(1, len(frequency)):
        group.append(place)
        if samples[group].sum() >= _LEAST_SAMPLES or place == len(frequency) - 1:
            rings.append(group)
            group = []
    joined = [[np.average(values[own], weights=samples[own]) for own in rings] for values in (frequency, correlation)]
    return RingCorrelation(np.array(joined[0]), np.array(joined[1]), np.array([samples[own].sum() for own in rings]))
