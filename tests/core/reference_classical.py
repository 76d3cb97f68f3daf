"""The remaining pansharpening methods written out a second time, for tests: whole images, dense matrices, float64.

Nothing here is shared with the package. The statistics are those that the package documents: on the MS grid, with PAN
low-passed by the MTF, over the pixels that `ReferencePair.regression_pixels` names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.core.reference_methods import (
    CLEAN_SHARE,
    LEAST_SHARE,
    Bool,
    Float64,
    ReferencePair,
    detail_statistics,
    limited,
    nonnegative_least_squares,
    owned,
    smooth,
)


class Statistics:
    """What most methods start from: moments of the bands and PAN, and of their details, on the MS grid."""

    def __init__(self, pair: ReferencePair, gains: Sequence[float]) -> None:
        gain = float(np.mean(gains))
        self.low, share = pair.low_pass(gain)
        self.use = pair.regression_pixels(share)
        columns = np.concatenate([pair.ms[:, self.use], self.low[self.use][None]])
        self.mean = columns.mean(axis=1)
        self.covariance = np.cov(columns, bias=True)
        self.details = detail_statistics(pair, self.low, pair.ms_valid & (share > CLEAN_SHARE), gain)
        design = np.stack([np.ones(self.use.sum()), *columns[:-1]], axis=1)
        fit = np.linalg.lstsq(design, columns[-1], rcond=1e-9)[0]
        self.intercept, self.weights = float(fit[0]), fit[1:]


def finish(pair: ReferencePair, fused: Float64, valid: Bool) -> tuple[Float64, Bool]:
    """The fused part, and where it is valid."""
    return fused[(slice(None), *pair.inside)], (valid & pair.pan_valid)[pair.inside]


def substitution(pair: ReferencePair, gains: Sequence[float], method: str) -> tuple[Float64, Bool]:
    """GIHS, PCA and GS: F = M + g (P' - I), P' with the mean and standard deviation of I."""
    found = Statistics(pair, gains)
    count = len(pair.ms)
    within, mean = found.covariance[:-1, :-1], found.mean
    if method == "pca":
        vectors = np.linalg.eigh(within)[1]
        weights = vectors[:, -1] * np.sign(vectors[:, -1] @ found.covariance[:-1, -1])
        factors = weights
    else:
        weights = np.full(count, 1.0 / count)
        factors = np.ones(count)
    scale = math.sqrt(weights @ within @ weights / found.covariance[-1, -1])
    expanded, valid = pair.expand(pair.ms, pair.ms_valid)
    intensity = np.tensordot(weights, expanded, axes=1)
    if method == "gs":
        use = np.zeros_like(valid)
        use[pair.inside] = (valid & pair.pan_valid)[pair.inside]
        factors = np.array([np.cov(band[use], intensity[use])[0, 1] for band in expanded]) / intensity[use].var(ddof=1)
    matched = (pair.pan - mean[-1]) * scale + weights @ mean[:-1]
    factors = limited(factors * scale, found.details) / scale
    return finish(pair, expanded + factors[:, None, None] * (matched - intensity), valid)


def glp(pair: ReferencePair, gains: Sequence[float], method: str) -> tuple[Float64, Bool]:
    """MTF-GLP, -CBD and -HPM, with global gains."""
    found = Statistics(pair, gains)
    variance = np.diag(found.covariance)
    regressed = found.covariance[:-1, -1] / variance[-1]
    factors = regressed if method in ("mtf_glp_cbd", "hpm_r") else np.sqrt(variance[:-1] / variance[-1])
    factors = limited(factors, found.details)
    expanded, lows, valid = expanded_with_lows(pair, gains)
    if method in ("mtf_glp", "mtf_glp_cbd"):
        return finish(pair, expanded + factors[:, None, None] * (pair.pan - lows), valid)
    return finish(pair, modulated(pair, found, expanded, lows, factors, np.zeros(len(pair.ms))), valid)


def hpm_with_haze(pair: ReferencePair, gains: Sequence[float], haze: Float64) -> tuple[Float64, Bool]:
    """MTF-GLP-HPM on bands without haze."""
    found = Statistics(pair, gains)
    variance = np.diag(found.covariance)
    factors = limited(np.sqrt(variance[:-1] / variance[-1]), found.details)
    expanded, lows, valid = expanded_with_lows(pair, gains)
    return finish(pair, modulated(pair, found, expanded, lows, factors, haze), valid)


def expanded_with_lows(pair: ReferencePair, gains: Sequence[float]) -> tuple[Float64, Float64, Bool]:
    """Interpolated bands, and for each the interpolated low-pass of PAN; and where both are valid."""
    lows = [pair.low_pass(gain) for gain in gains]
    known = pair.ms_valid.copy()
    for _, share in lows:
        known &= share > LEAST_SHARE
    expanded, valid = pair.expand(pair.ms, known)
    return expanded, pair.expand(np.stack([low for low, _ in lows]), known)[0], valid


def modulated(
    pair: ReferencePair, found: Statistics, expanded: Float64, lows: Float64, factors: Float64, haze: Float64
) -> Float64:
    """F - h = (M - h) (P + c) / (P_L + c), c = mean / g - mean of P; additive where the divisor is small."""
    fused = np.empty_like(expanded)
    for band, (image, low, factor) in enumerate(zip(expanded, lows, factors)):
        mean = found.mean[band] - haze[band]
        above = mean + factor * (pair.pan - found.mean[-1])
        below = mean + factor * (low - found.mean[-1])
        safe = (below >= 0.5 * mean) & (mean > 0)
        product = (image - haze[band]) * above / np.where(safe, below, 1.0) + haze[band]
        fused[band] = np.where(safe, product, image + above - below)
    return fused


def undecimated(pair: ReferencePair, weights: Sequence[float]) -> Float64:
    """PAN filtered with separable weights at every pixel, over valid pixels only; edges are replicated."""
    radius = len(weights) // 2

    def along(image: Float64, axis: int) -> Float64:
        size = image.shape[axis]
        places = [np.clip(np.arange(size) + k, 0, size - 1) for k in range(-radius, radius + 1)]
        return np.asarray(sum(w * np.take(image, place, axis=axis) for w, place in zip(weights, places)))

    share = along(along(pair.pan_valid.astype(float), 0), 1)
    image = along(along(np.where(pair.pan_valid, pair.pan, 0.0), 0), 1)
    return image / np.where(share > LEAST_SHARE, share, 1.0)


def box(ratio: float) -> list[float]:
    size = 2 * math.floor(ratio / 2 + 1e-3) + 1
    return [1.0 / size] * size


def a_trous(ratio: float) -> list[float]:
    weights = np.ones(1)
    for level in range(max(1, math.ceil(math.log2(ratio) - 1e-3))):
        spread = np.zeros(4 * 2**level + 1)
        spread[:: 2**level] = np.array([1, 4, 6, 4, 1]) / 16
        weights = np.convolve(weights, spread)
    return list(weights)


def fine_filter(pair: ReferencePair, gains: Sequence[float], method: str) -> tuple[Float64, Bool]:
    """HPF, AWLP and SFIM: low-passes on PAN's own grid."""
    found = Statistics(pair, gains)
    variance = np.diag(found.covariance)
    expanded, valid = pair.expand(pair.ms, pair.ms_valid)
    low = undecimated(pair, a_trous(pair.ratio) if method == "awlp" else box(pair.ratio))
    if method == "sfim":
        factors = limited(found.mean[:-1] / found.mean[-1], found.details)
        lows = np.broadcast_to(low, expanded.shape)
        return finish(pair, modulated(pair, found, expanded, lows, factors, np.zeros(len(pair.ms))), valid)
    factors = limited(np.sqrt(variance[:-1] / variance[-1]), found.details)[:, None, None]
    if method == "awlp":
        mean = expanded.mean(axis=0)
        safe = mean > 0.01 * abs(found.mean[:-1].mean())
        factors = factors * expanded * np.where(safe, 1.0 / np.where(safe, mean, 1.0), 0.0)
    return finish(pair, expanded + factors * (pair.pan - low), valid)


def bt_h(pair: ReferencePair, gains: Sequence[float], haze: Float64) -> tuple[Float64, Bool]:
    """Lolli 2017: F = (M - h) P' / I + h; a band that follows PAN weakly gets a share of the change."""
    found = Statistics(pair, gains)
    clear = found.mean[:-1] - haze
    level = found.weights @ clear
    spread = found.weights @ found.covariance[:-1, :-1] @ found.weights
    scale = math.sqrt(spread / found.covariance[-1, -1])
    full = clear / level * scale
    shares = np.where(full > 0, limited(full, found.details) / np.where(full > 0, full, 1.0), 1.0)
    expanded, valid = pair.expand(pair.ms - haze[:, None, None], pair.ms_valid)
    intensity = np.tensordot(found.weights, expanded, axes=1)
    matched = np.maximum((pair.pan - found.mean[-1]) * scale + level, 0.0)
    safe = intensity > 0.01 * level
    ratio = np.where(safe, matched / np.where(safe, intensity, 1.0), 1.0)
    fused = expanded * (1.0 + shares[:, None, None] * (ratio - 1.0)) + haze[:, None, None]
    return finish(pair, fused, valid)


def pracs(pair: ReferencePair, gains: Sequence[float]) -> tuple[Float64, Bool]:
    """Choi 2011 step by step, the regressions of the components' low-resolution forms included."""
    found = Statistics(pair, gains)
    use, low = found.use, found.low[found.use]
    bands = pair.ms[:, use]
    deviation, mean = np.sqrt(np.diag(found.covariance)), found.mean
    scale = deviation[-1] / deviation[:-1]
    matched = (bands - mean[:-1, None]) * scale[:, None] + mean[-1]
    design = np.stack([np.ones(use.sum()), *matched], axis=1)
    solve = np.linalg.lstsq(design, low, rcond=1e-9)[0]
    intensity = design @ solve
    expanded, valid = pair.expand(pair.ms, pair.ms_valid)
    fine_matched = (expanded - mean[:-1, None, None]) * scale[:, None, None] + mean[-1]
    fine_design = np.concatenate([np.ones_like(expanded[:1]), fine_matched])
    fused = np.empty_like(expanded)
    for band, image in enumerate(expanded):
        share = np.corrcoef(intensity, matched[band])[0, 1]
        coarse_component = share * low + (1 - share) * matched[band]
        component_fit = np.linalg.lstsq(design, coarse_component, rcond=1e-9)[0]
        coarse_low = design @ component_fit
        component = share * pair.pan + (1 - share) * fine_matched[band]
        component_low = np.tensordot(component_fit, fine_design, axes=1)
        detail = component - component_low
        correlation = np.corrcoef(coarse_low, bands[band])[0, 1]
        gain = 0.95 * correlation * deviation[band] / deviation[:-1].mean()
        least = 0.01 * abs(mean[-1])
        ratio = fine_matched[band] / np.maximum(component_low, least)
        local = np.where(component_low > least, 1.0 - np.abs(1.0 - share * ratio), 0.0)
        fused[band] = image + gain * local * detail
    return finish(pair, fused, valid)


def bdsd(
    pair: ReferencePair, gains: Sequence[float], pan_gain: float, mode: str = "pc", block: int = 64
) -> tuple[Float64, Bool]:
    """Garzelli 2008 and Vivone 2019: coefficients one scale up, over the scene or in blocks."""
    count = len(pair.ms)
    pan, share = pair.low_pass(pan_gain)
    filtered, known = smooth(pair, pair.ms, pair.ms_valid, float(np.mean(gains)))
    use = pair.ms_valid & known & (share > CLEAN_SHARE) & owned(pair)
    design = np.concatenate([filtered, pan[None]])
    target = pair.ms - filtered

    def solve(chosen: Bool) -> Float64:
        columns = design[:, chosen].T
        if mode == "pc":
            signs = np.array([-1.0] * count + [1.0])
            return np.stack([signs * nonnegative_least_squares(columns * signs, t[chosen]) for t in target])
        size = np.linalg.norm(columns, axis=0)
        ridge = np.diag(math.sqrt(1e-5) * size)
        zeros = np.zeros(count + 1)
        padded = np.concatenate([columns, ridge])
        return np.stack([np.linalg.lstsq(padded, np.concatenate([t[chosen], zeros]), rcond=None)[0] for t in target])

    whole = solve(use)
    fields = np.broadcast_to(whole[:, :, None, None], (*whole.shape, *pair.ms.shape[1:]))
    if mode == "local":
        last = [int(np.flatnonzero(owned(pair).any(axis=1 - axis))[-1]) // block + 1 for axis in (0, 1)]
        local = np.empty((*whole.shape, *last))
        for i in range(last[0]):
            for j in range(last[1]):
                chosen = np.zeros_like(use)
                inside = np.s_[i * block : (i + 1) * block, j * block : (j + 1) * block]
                chosen[inside] = use[inside]
                local[:, :, i, j] = solve(chosen) if chosen.sum() >= 10 * (count + 1) else whole
        down, across = (
            np.stack([hat(j, size, blocks, block) for j in range(size)]) for size, blocks in zip(use.shape, last)
        )
        fields = down @ local @ across.T
    mixed = pair.ms + (fields[:, :-1] * pair.ms[None]).sum(axis=1)
    expanded, valid = pair.expand(mixed, pair.ms_valid)
    factors, _ = pair.expand(np.ascontiguousarray(fields[:, -1]), pair.ms_valid)
    return finish(pair, expanded + factors * pair.pan, valid)


def hat(pixel: int, size: int, blocks: int, block: int) -> Float64:
    """Weights of the blocks at a pixel: linear between the blocks' middles, constant beyond the outer ones."""
    weights = np.zeros(blocks)
    at = min(max((pixel + 0.5) / block - 0.5, 0.0), blocks - 1.0)
    for k in range(blocks):
        weights[k] = max(0.0, 1.0 - abs(at - k))
    return weights


def local_gain(pair: ReferencePair, gains: Sequence[float], side: int = 5) -> tuple[Float64, Bool]:
    """MTF-GLP with the gain of a regression in the square around each MS pixel."""
    found = Statistics(pair, gains)
    lows = [pair.low_pass(gain) for gain in gains]
    known = pair.ms_valid.copy()
    for _, share in lows:
        known &= share > LEAST_SHARE
    variance = np.diag(found.covariance)
    start = limited(found.covariance[:-1, -1] / variance[-1], found.details)
    radius, eps = side // 2, 0.01 * variance[-1]
    rows, columns = known.shape
    factors = np.zeros_like(pair.ms)
    unlike = found.details[0] < 0.2
    for i in range(rows):
        for j in range(columns):
            square = np.s_[max(i - radius, 0) : i + radius + 1, max(j - radius, 0) : j + radius + 1]
            chosen = known[square]
            if not chosen.any():
                continue
            for band, (low, _) in enumerate(lows):
                x, y = low[square][chosen], pair.ms[band][square][chosen]
                shared, spread = np.mean((x - x.mean()) * (y - y.mean())), np.var(x)
                ratio = math.sqrt(variance[band] / variance[-1])
                gain = (shared + eps * start[band]) / (spread + eps)
                factors[band, i, j] = start[band] if unlike[band] else min(max(gain, -ratio), 3.0 * ratio)
    expanded, valid = pair.expand(pair.ms, known)
    expanded_lows, _ = pair.expand(np.stack([low for low, _ in lows]), known)
    expanded_factors, _ = pair.expand(factors, known)
    return finish(pair, expanded + expanded_factors * (pair.pan - expanded_lows), valid)


def haze_of(pair: ReferencePair, shares: Sequence[float] | None) -> Any:
    """The darkest hundredth of each band times its share, or without shares the minimum."""
    use = pair.ms_valid & owned(pair)
    values = pair.ms[:, use]
    if shares is None:
        return values.min(axis=1)
    dark = np.sort(values, axis=1)[:, math.ceil(0.01 * values.shape[1]) - 1]
    return dark * np.asarray(shares)
