"""How fine an image's detail really is, whatever its pixels: Fourier ring correlation of two images of one scene.

Along each ring of the spectrum, the correlation of two independent estimates says how much of what stands there is
the scene's, and how much is noise or invention. The frequency at which it falls below a threshold is the finest that
can be trusted; here it is told as the pixel size whose Nyquist frequency it is.

Saxton, W. O., Baumeister, W. (1982): The correlation averaging of a regularly arranged bacterial cell envelope
protein. 10.1111/j.1365-2818.1982.tb00405.x; Rosenthal, P. B., Henderson, R. (2003): Optimal determination of particle
orientation, absolute hand, and contrast loss in single-particle electron cryomicroscopy. 10.1016/j.jmb.2003.07.013, for
1/7: where two halves of the data correlate so little, an estimate from all of them correlates by 1/2 with the truth.

Two images that were enlarged from coarse pixels are alike where they must not be: sampling copies the spectrum to the
multiples of the sampling frequency, and what an interpolation leaves of these copies follows the coarse detail in both.
So what can be foretold from the frequencies that a copy would come from is taken out of either spectrum, and counts as
noise. And the halves are chosen so that their pixels lie differently on the ground, by which copies differ. Measured on
simulated revisits of two real scenes, with the five classical methods: within 8 % of what the truth tells with four or
six revisits, and up to 19 % too coarse with two.

What both have alike otherwise counts as true even if it is not, such as detail that a network makes up in the same way
from both.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..tasks.method import Array

OF_HALVES = 1 / 7
OF_TRUTH = 0.5
MOST_ALIKE = 0.1
_SIDES = (256, 128, 64)
_CLEAR = 0.995
_LEAST_SAMPLES = 600
_LOWEST = 0.02  # cycles per pixel; below it, windows and brightness decide
_BLOCKS = 16  # into which the frequencies along a side are cut; in each a copy is told by one factor
_SPLITS = 64
_COPIES = ((1, 0, 1.0), (0, 1, 1.0), (1, 1, 0.5), (1, -1, 0.5))  # of the spectrum, nearest first, and their weight


@dataclass(frozen=True)
class RingCorrelation:
    """Fourier ring correlation of two images.

    Attributes:
        frequency: Middle of each ring in cycles per pixel, float64 (rings,), rising to 0.5.
        correlation: Of each ring, -1 to 1, float64 (rings,).
    """

    frequency: Array
    correlation: Array


@dataclass(frozen=True)
class Halves:
    """Revisits dealt out into two halves of one size.

    Attributes:
        one: Some revisits.
        other: As many others.
        alike: How much copies of the spectrum are alike in both: 1 where all pixels lie on one lattice, less than 0
            where they are opposite.
    """

    one: tuple[int, ...]
    other: tuple[int, ...]
    alike: float


def halves_of(lattices: Array) -> Optional[Halves]:
    """Deal out revisits so that what copies of the spectrum have in common in the two halves cancels.

    Copies that are alike make a result look finer than it is; those that are opposite, coarser, which is better.

    Args:
        lattices: Where each one's pixels lie, (down, right) in pixels from a common place, float (revisits, 2); the
            part below one pixel counts.

    Returns:
        None where there is only one revisit. Of an odd number the last is left out.
    """
    count = len(lattices) // 2
    if count < 1:
        return None
    copies = np.array([copy[:2] for copy in _COPIES], np.float64)
    phases = np.exp(2j * np.pi * np.asarray(lattices)[: 2 * count] @ copies.T)
    weights = np.array([copy[2] for copy in _COPIES])
    best: Optional[Halves] = None
    for one in _splits(2 * count):
        other = tuple(place for place in range(2 * count) if place not in one)
        means = [phases[list(half)].mean(axis=0) for half in (one, other)]
        alike = float(np.average((means[0] * means[1].conj()).real, weights=weights))
        if best is None or _cost(alike) < _cost(best.alike):
            best = Halves(one, other, alike)
    return best


def ring_correlation(
    one: Array,
    other: Array,
    valid: Optional[Array] = None,
    ratio: Optional[float] = None,
    sides: Sequence[int] = _SIDES,
) -> Optional[RingCorrelation]:
    """Return the ring correlation of two images of the same pixels, over all bands and all tiles that are clear.

    Args:
        one: (bands, rows, columns).
        other: The same.
        valid: bool (rows, columns), where both are valid; None for everywhere.
        ratio: How many of these pixels a pixel was wide that both were made from; copies of the spectrum count as
            noise. None where they were made from no coarser pixels, or one of them is the truth.
        sides: Sides of tiles in pixels, largest first; the first of which there is a clear one is taken.

    Returns:
        None where there is no clear tile.
    """
    good = np.ones(one.shape[1:], bool) if valid is None else np.asarray(valid, bool)
    for wanted in sides:
        side = wanted if ratio is None else round(wanted // ratio * ratio)
        tiles = [tile for tile in _tiles(good.shape, side) if good[tile].mean() >= _CLEAR]
        if tiles:
            return _over_tiles(one, other, good, tiles, ratio)
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
    share = (correlation[last] - threshold) / (correlation[last] - correlation[last + 1])
    cut = frequency[last] + share * (frequency[last + 1] - frequency[last])
    return float(max(0.5 / cut, 1.0))


def _cost(alike: float) -> float:
    return abs(alike) + max(alike, 0.0)


def _splits(items: int) -> Iterator[tuple[int, ...]]:
    """Yield halves with the first item: all of them, or some where there are many."""
    half = items // 2
    if items <= 8:
        yield from ((0, *rest) for rest in itertools.combinations(range(1, items), half - 1))
        return
    random = np.random.default_rng(0)
    for _ in range(_SPLITS):
        yield (0, *sorted(int(place) for place in 1 + random.permutation(items - 1)[: half - 1]))


def _tiles(shape: tuple[int, ...], side: int) -> Iterator[tuple[slice, slice]]:
    """Yield tiles that do not overlap, in the middle of an image."""
    counts = [length // side for length in shape]
    starts = [(length - count * side) // 2 for length, count in zip(shape, counts)]
    for row in range(counts[0]):
        for column in range(counts[1]):
            top, left = starts[0] + row * side, starts[1] + column * side
            yield slice(top, top + side), slice(left, left + side)


def _over_tiles(
    one: Array, other: Array, good: Array, tiles: Sequence[tuple[slice, slice]], ratio: Optional[float]
) -> RingCorrelation:
    """Return the correlation of rings over bands and tiles, each band with the same weight."""
    side = tiles[0][0].stop - tiles[0][0].start
    rings = side // 2 + 1
    ring = _rings(side).ravel()
    total = np.zeros(rings)
    spectra = [np.stack([_spectra(band, good, tiles) for band in image]) for image in (one, other)]
    cleaned = spectra if ratio is None else [_without_copies(each, ratio) for each in spectra]
    for band in range(len(one)):
        first, second = (each[band] for each in cleaned)
        shared = (first * second.conj()).real.sum(axis=0)
        energies = [(np.abs(each[band]) ** 2).sum(axis=0) for each in spectra]
        sums = [np.bincount(ring, values.ravel(), rings + 1)[:rings] for values in (shared, *energies)]
        scale = np.sqrt(sums[1] * sums[2])
        total += sums[0] / np.where(scale > 0, scale, 1)
    number = np.bincount(ring, minlength=rings + 1)[:rings] * len(tiles) * len(one) / 2
    return _joined(np.arange(rings) / side, total / len(one), number)


def _spectra(band: Array, good: Array, tiles: Sequence[tuple[slice, slice]]) -> Array:
    """Return the spectrum of each tile, complex (tiles, side, side), with frequency 0 in the middle."""
    side = tiles[0][0].stop - tiles[0][0].start
    taper = np.hanning(side + 2)[1:-1]
    windowed = [_centred(band[tile], good[tile]) * taper[:, None] * taper for tile in tiles]
    spectra: Array = np.fft.fftshift(np.fft.fft2(np.stack(windowed)), axes=(1, 2))
    return spectra


def _centred(band: Array, good: Array) -> Array:
    """Return a tile less its mean, 0 where it is not valid, float64."""
    values = np.asarray(band, np.float64)
    centred: Array = np.where(good, values - values[good].mean(), 0.0)
    return centred


def _without_copies(spectra: Array, ratio: float) -> Array:
    """Return spectra without what follows, in small blocks, the frequencies that a copy would come from.

    All bands lie on the same pixels, so one factor holds for a block of all of them; each band has the same say.

    Args:
        spectra: complex (bands, tiles, side, side), with frequency 0 in the middle.
        ratio: Sides of a coarse pixel.
    """
    bands, tiles, side = spectra.shape[:3]
    places = np.arange(side) - side // 2
    period = side / ratio
    copy = np.rint(places / period).astype(np.intp)
    origin = (np.rint(places - copy * period).astype(np.intp) + side // 2).clip(0, side - 1)
    result = spectra.copy()
    every = (np.arange(bands), np.arange(tiles))
    for down, across in itertools.product(_blocks(copy), repeat=2):
        if copy[down[0]] == 0 and copy[across[0]] == 0:
            continue
        part = np.ix_(*every, down, across)
        source = spectra[np.ix_(*every, origin[down], origin[across])]
        energy = (np.abs(source) ** 2).sum(axis=(1, 2, 3))
        shared = (spectra[part] * source.conj()).sum(axis=(1, 2, 3))
        result[part] -= (shared / np.where(energy > 0, energy, 1)).mean() * source
    return result


def _blocks(copy: Array) -> list[Array]:
    """Return places along an axis in blocks of one copy each."""
    found: list[Array] = []
    for number in np.unique(copy):
        own = np.flatnonzero(copy == number)
        found += np.array_split(own, max(1, round(_BLOCKS * len(own) / len(copy))))
    return found


def _rings(side: int) -> Array:
    """Return the ring that each frequency lies in, in whole cycles over the tile; all beyond Nyquist in one more."""
    places = np.arange(side) - side // 2
    distance = np.rint(np.hypot(places[:, None], places)).astype(np.intp)
    rings: Array = np.minimum(distance, side // 2 + 1)
    return rings


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
    return RingCorrelation(np.array(joined[0]), np.array(joined[1]))
