"""Pansharpening written out a second time, for tests: whole images, dense matrices, explicit loops, float64.

Nothing here is shared with the package. Coarse pixel j covers the fine edge coordinates from ``offset + ratio * j``
to ``offset + ratio * (j + 1)``; fine pixel i covers i to i + 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

LEAST_WEIGHT = 0.1  # below it an interpolated pixel is not valid
LEAST_SHARE = 1e-5  # below it a low-passed pixel is not valid
CLEAN_SHARE = 0.45  # below it a low-passed pixel is not used in a regression
WEAK = 0.6  # a correlation of details below it limits a band's gain
LEAST_DETAIL_WEIGHT = 0.5


def keys_weight(x: float, a: float = -0.5) -> float:
    """Keys' cubic convolution kernel in its general form."""
    x = abs(x)
    if x < 1.0:
        return (a + 2.0) * x**3 - (a + 3.0) * x**2 + 1.0
    if x < 2.0:
        return a * (x**3 - 5.0 * x**2 + 8.0 * x - 4.0)
    return 0.0


def cubic_matrix(ratio: float, offset: float, fine: int, coarse: int) -> Float64:
    """Cubic interpolation of `coarse` samples at the centres of `fine` pixels; edges are replicated."""
    matrix = np.zeros((fine, coarse))
    for i in range(fine):
        x = (i + 0.5 - offset) / ratio - 0.5
        for tap in range(math.floor(x) - 1, math.floor(x) + 3):
            matrix[i, min(max(tap, 0), coarse - 1)] += keys_weight(x - tap)
    return matrix


def gaussian_matrix(
    ratio: float, offset: float, coarse: int, fine: int, gain: float, reach_sigmas: float = 4.0
) -> Float64:
    """Gaussian with the response `gain` at the coarse Nyquist frequency, at the centres of `coarse` pixels.

    It is cut half a pixel beyond `reach_sigmas` standard deviations, and its weights sum to 1; edges are replicated.
    """
    nyquist = 1.0 / (2.0 * ratio)
    sigma = math.sqrt(-math.log(gain) / (2.0 * math.pi**2 * nyquist**2))
    reach = reach_sigmas * sigma + 0.5
    matrix = np.zeros((coarse, fine))
    for j in range(coarse):
        centre = offset + ratio * (j + 0.5) - 0.5
        taps = [k for k in range(math.floor(centre - reach), math.ceil(centre + reach) + 1) if abs(k - centre) <= reach]
        weights = [math.exp(-((k - centre) ** 2) / (2.0 * sigma**2)) for k in taps]
        for tap, weight in zip(taps, weights):
            matrix[j, min(max(tap, 0), fine - 1)] += weight / sum(weights)
    return matrix


def linear_matrix(ratio: float, offset: float, fine: int, coarse: int) -> Float64:
    """Linear interpolation of `coarse` samples at the centres of `fine` pixels; edges are replicated."""
    matrix = np.zeros((fine, coarse))
    for i in range(fine):
        x = (i + 0.5 - offset) / ratio - 0.5
        low = math.floor(x)
        matrix[i, min(max(low, 0), coarse - 1)] += 1.0 - (x - low)
        matrix[i, min(max(low + 1, 0), coarse - 1)] += x - low
    return matrix


@dataclass
class ReferencePair:
    """An MS image and a PAN image, and the part of the PAN grid that is fused.

    Attributes:
        ms: (bands, coarse rows, coarse columns).
        pan: (fine rows, fine columns).
        ratio: Fine pixels in a coarse pixel.
        offset: (down, right) distance from the PAN's corner to the MS's, in fine pixels.
        ms_valid: (coarse rows, coarse columns).
        pan_valid: (fine rows, fine columns).
        part: (row, column, rows, columns) of the PAN grid that is fused.
    """

    ms: Float64
    pan: Float64
    ratio: float
    offset: tuple[float, float]
    ms_valid: Bool
    pan_valid: Bool
    part: tuple[int, int, int, int]

    @property
    def inside(self) -> tuple[slice, slice]:
        """The part that is fused, as slices of the PAN grid."""
        row, column, rows, columns = self.part
        return slice(row, row + rows), slice(column, column + columns)

    def expand(self, coarse: Float64, valid: Bool) -> tuple[Float64, Bool]:
        """Interpolate coarse images (bands, rows, columns): cubic, beside holes linear over the valid pixels."""
        rows, columns = self.pan.shape
        down = cubic_matrix(self.ratio, self.offset[0], rows, coarse.shape[1])
        across = cubic_matrix(self.ratio, self.offset[1], columns, coarse.shape[2])
        invalid = (~valid).astype(np.float64)
        touched = (np.abs(down) > 1e-6) @ invalid @ (np.abs(across) > 1e-6).T > 0
        near_down = linear_matrix(self.ratio, self.offset[0], rows, coarse.shape[1])
        near_across = linear_matrix(self.ratio, self.offset[1], columns, coarse.shape[2])
        weight = near_down @ valid @ near_across.T
        enough = weight > LEAST_WEIGHT
        filled = np.where(valid, coarse, 0.0)
        near = (near_down @ filled @ near_across.T) / np.where(enough, weight, 1.0)
        image = np.where(touched, near, down @ filled @ across.T)
        return image, (enough | ~touched) & valid[np.ix_(*(self.containing(axis) for axis in (0, 1)))]

    def containing(self, axis: int) -> list[int]:
        """The coarse pixel that each fine pixel's centre lies in; the nearest one outside the image."""
        last = self.ms.shape[1 + axis] - 1
        places = [math.floor((i + 0.5 - self.offset[axis]) / self.ratio + 1e-9) for i in range(self.pan.shape[axis])]
        return [min(max(place, 0), last) for place in places]

    def low_pass(self, gain: float) -> tuple[Float64, Float64]:
        """PAN filtered and sampled at the coarse pixels, over valid pixels only; and the valid share of its weight."""
        down = gaussian_matrix(self.ratio, self.offset[0], self.ms.shape[1], self.pan.shape[0], gain)
        across = gaussian_matrix(self.ratio, self.offset[1], self.ms.shape[2], self.pan.shape[1], gain)
        share = down @ self.pan_valid @ across.T
        filtered = down @ np.where(self.pan_valid, self.pan, 0.0) @ across.T
        return filtered / np.where(share > LEAST_SHARE, share, 1.0), share

    def regression_pixels(self, share: Float64) -> Bool:
        """Coarse pixels for a regression: centre inside the fused part, valid, and PAN valid all around."""
        use = self.ms_valid & (share > CLEAN_SHARE)
        for axis in (0, 1):
            start, count = self.part[axis], self.part[2 + axis]
            for j in range(self.ms.shape[1 + axis]):
                centre = self.offset[axis] + self.ratio * (j + 0.5)
                if not start - 1e-6 <= centre < start + count - 1e-6:
                    use[(slice(None),) * axis + (j,)] = False
        return use


def exp(pair: ReferencePair) -> tuple[Float64, Bool]:
    """Interpolation alone."""
    image, valid = pair.expand(pair.ms, pair.ms_valid)
    return image[(slice(None), *pair.inside)], (valid & pair.pan_valid)[pair.inside]


def smooth(pair: ReferencePair, images: Float64, valid: Bool, gain: float) -> tuple[Float64, Bool]:
    """Low-pass images on the MS grid, over valid pixels only; and where that is known."""
    rows, columns = images.shape[1:]
    down, across = (gaussian_on_grid(size, pair.ratio, gain) for size in (rows, columns))
    weight = down @ valid @ across.T
    filtered = (down @ np.where(valid, images, 0.0) @ across.T) / np.where(weight >= LEAST_DETAIL_WEIGHT, weight, 1.0)
    return filtered, weight >= LEAST_DETAIL_WEIGHT


def gaussian_on_grid(size: int, ratio: float, gain: float) -> Float64:
    """The MTF's Gaussian with a coarse pixel every `ratio` samples, at every sample."""
    sigma = math.sqrt(-math.log(gain) / (2.0 * math.pi**2 * (1.0 / (2.0 * ratio)) ** 2))
    reach = 4.0 * sigma + 0.5
    matrix = np.zeros((size, size))
    for i in range(size):
        taps = [k for k in range(math.floor(i - reach), math.ceil(i + reach) + 1) if abs(k - i) <= reach]
        weights = [math.exp(-((k - i) ** 2) / (2.0 * sigma**2)) for k in taps]
        for tap, weight in zip(taps, weights):
            matrix[i, min(max(tap, 0), size - 1)] += weight / sum(weights)
    return matrix


def detail_statistics(pair: ReferencePair, low: Float64, use: Bool, gain: float) -> tuple[Float64, Float64]:
    """Correlation of each band's detail with PAN's, and gain of its regression on it.

    `use` are the coarse pixels that are valid, also outside the fused part; the sums are over those inside it.
    """
    images = np.concatenate([pair.ms, low[None]])
    filtered, known = smooth(pair, images, use, gain)
    chosen = use & known & owned(pair)
    if chosen.sum() < 2:
        return np.ones(len(pair.ms)), np.zeros(len(pair.ms))
    details = (images - filtered)[:, chosen]
    matrix = np.cov(details, bias=True)
    product = np.diag(matrix)[:-1] * matrix[-1, -1]
    flat = np.diag(matrix) <= 1e-12 * details.mean(axis=1) ** 2
    product[flat[:-1]] = 0
    correlation = np.where(product > 0, matrix[:-1, -1] / np.sqrt(np.where(product > 0, product, 1.0)), 0.0)
    return correlation, matrix[:-1, -1] / matrix[-1, -1]


def limited(gains: Float64, statistics: tuple[Float64, Float64]) -> Float64:
    """Bands whose detail follows PAN's weakly get the regressed gain at most, and none that is negative for it."""
    result = np.array(gains, np.float64)
    for band, (correlation, regressed) in enumerate(zip(*statistics)):
        if correlation < WEAK and result[band] > regressed:
            result[band] = min(result[band], max(regressed, 0.0))
    return result


def owned(pair: ReferencePair) -> Bool:
    """Coarse pixels whose centre lies in the fused part."""
    inside = np.ones(pair.ms.shape[1:], bool)
    for axis in (0, 1):
        start, count = pair.part[axis], pair.part[2 + axis]
        for j in range(pair.ms.shape[1 + axis]):
            centre = pair.offset[axis] + pair.ratio * (j + 0.5)
            if not start - 1e-6 <= centre < start + count - 1e-6:
                inside[(slice(None),) * axis + (j,)] = False
    return inside


def gsa(pair: ReferencePair, gains: Sequence[float]) -> tuple[Float64, Bool]:
    """Aiazzi 2007: F = M + g (P - I); I regresses the low-passed PAN on the bands, g = cov(M, I) / var(I)."""
    low, share = pair.low_pass(float(np.mean(gains)))
    use = pair.regression_pixels(share)
    columns = np.stack([np.ones(use.sum()), *(band[use] for band in pair.ms)], axis=1)
    weights = np.linalg.lstsq(columns, low[use], rcond=1e-9)[0]
    intensity = columns @ weights
    expanded, valid = pair.expand(pair.ms, pair.ms_valid)
    fine_intensity = weights[0] + np.tensordot(weights[1:], expanded, axes=1)
    matrices = [np.cov(band[use], intensity) for band in pair.ms]
    factors = np.array([matrix[0, 1] / matrix[1, 1] if matrix[1, 1] > 0 else 0.0 for matrix in matrices])
    known = pair.ms_valid & (share > CLEAN_SHARE)
    factors = limited(factors, detail_statistics(pair, low, known, float(np.mean(gains))))
    fused = expanded + factors[:, None, None] * (pair.pan - fine_intensity)
    return fused[(slice(None), *pair.inside)], (valid & pair.pan_valid)[pair.inside]


def nonnegative_least_squares(columns: Float64, right: Float64) -> Float64:
    """Least squares with solutions of 0 or more, by trying every set of columns."""
    best, least = np.zeros(columns.shape[1]), float(right @ right)
    for count in range(1, columns.shape[1] + 1):
        for chosen in itertools.combinations(range(columns.shape[1]), count):
            part = np.linalg.lstsq(columns[:, chosen], right, rcond=1e-11)[0]
            error = float(np.sum((columns[:, chosen] @ part - right) ** 2))
            if (part >= 0).all() and error < least:
                least, best = error, np.zeros(columns.shape[1])
                best[list(chosen)] = part
    return best


def brovey_weights(pair: ReferencePair, gains: Sequence[float]) -> Float64:
    """Weights of 0 or more that best explain the low-passed PAN, without intercept."""
    low, share = pair.low_pass(float(np.mean(gains)))
    use = pair.regression_pixels(share)
    return nonnegative_least_squares(np.stack([band[use] for band in pair.ms], axis=1), low[use])


def brovey(pair: ReferencePair, weights: Sequence[float]) -> tuple[Float64, Bool]:
    """F = M P / I, I the weighted sum of the bands."""
    expanded, valid = pair.expand(pair.ms, pair.ms_valid)
    intensity = np.tensordot(np.asarray(weights), expanded, axes=1)
    fused = expanded * pair.pan / np.where(intensity > 0, intensity, 1.0)
    return fused[(slice(None), *pair.inside)], (valid & pair.pan_valid)[pair.inside]


def mtf_glp_fs(pair: ReferencePair, gains: Sequence[float]) -> tuple[Float64, Bool]:
    """Vivone 2018: F = M + g (P - P_L), g = cov(M, P) / cov(P_L, P) at full scale."""
    lows = [pair.low_pass(gain) for gain in gains]
    known = pair.ms_valid.copy()
    for _, share in lows:
        known &= share > LEAST_SHARE
    expanded, valid = pair.expand(pair.ms, known)
    expanded_lows, _ = pair.expand(np.stack([low for low, _ in lows]), known)
    valid &= pair.pan_valid
    use = np.zeros_like(valid)
    use[pair.inside] = valid[pair.inside]
    p = pair.pan[use]
    injection = np.array(
        [np.cov(image[use], p)[0, 1] / np.cov(low[use], p)[0, 1] for image, low in zip(expanded, expanded_lows)]
    )
    middle = lows[int(np.argsort(gains)[len(gains) // 2])][0]
    injection = limited(injection, detail_statistics(pair, middle, known, float(np.mean(gains))))
    fused = expanded + injection[:, None, None] * (pair.pan - expanded_lows)
    return fused[(slice(None), *pair.inside)], valid[pair.inside]


def detail_correlation(pair: ReferencePair, gain: float) -> list[float]:
    """For each band, how its Laplacian correlates with that of PAN low-passed with `gain`; both of mean 0."""
    low, share = pair.low_pass(gain)
    known = pair.ms_valid & (share > CLEAN_SHARE)
    products = np.zeros((len(pair.ms), 3))
    for row in range(1, known.shape[0] - 1):
        for column in range(1, known.shape[1] - 1):
            cross = [(row, column), (row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
            if not all(known[place] for place in cross):
                continue
            of_low = sum(low[place] for place in cross[1:]) - 4 * low[cross[0]]
            for band, image in enumerate(pair.ms):
                of_band = sum(image[place] for place in cross[1:]) - 4 * image[cross[0]]
                products[band] += of_low * of_low, of_low * of_band, of_band * of_band
    return [shared / math.sqrt(one * other) for one, shared, other in products]
