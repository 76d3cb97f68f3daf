"""How well a band's detail follows PAN's, and the limit on its gain that follows: the same for all methods.

Detail is what the MTF's low-pass takes away on the MS grid, one scale above the detail that is injected. A band whose
detail correlates weakly with PAN's (near infrared against a PAN that ends in the red) must not get more of PAN's detail
than the regression of its own detail on PAN's gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array
from ...tasks.window import BlockWindow
from ..banded import Banded, apply_columns, apply_rows
from ..resampling import mtf_kernel

WEAK = 0.6
_LEAST_WEIGHT = 0.5
_BLOCK = 16


@dataclass(frozen=True)
class Follows:
    """How each band's detail follows PAN's: correlation, and gain of the regression on PAN's detail."""

    correlation: Array
    gain: Array


@dataclass(frozen=True)
class Limited:
    """Gains after the limit, and what was limited: (band, correlation, gain before)."""

    gains: Array
    weak: tuple[tuple[int, float, float], ...]


def detail_halo(ratio: float, gain: float) -> int:
    """MS pixels that the low-pass on the MS grid looks at on each side."""
    return math.ceil(mtf_kernel(ratio, gain)[1])


@lru_cache(maxsize=64)
def smoothing_matrix(size: int, ratio: float, gain: float) -> Banded:
    """Gaussian low-pass along an axis of the MS grid, with the MTF gain at the Nyquist frequency of ratio times it."""
    kernel, reach = mtf_kernel(ratio, gain)
    return Banded(np.arange(size, dtype=np.float64), reach, kernel, size, _BLOCK)


def smoothed(image: Array, valid: Optional[Array], block: BlockWindow, gain: float) -> tuple[Array, Optional[Array]]:
    """Low-pass images on the MS grid, without sampling.

    Args:
        image: float32 (images, rows, columns); 0 where invalid.
        valid: bool (rows, columns), or None where all are valid.
        block: Where the rows and columns lie.
        gain: MTF gain.

    Returns:
        The smoothed images, over valid pixels only, and where at least half of the weight was valid (None: everywhere).
    """
    by_row = smoothing_matrix(image.shape[1], 1 / block.row_axis.scale, gain)
    by_column = smoothing_matrix(image.shape[2], 1 / block.column_axis.scale, gain)
    result = apply_columns(by_column, apply_rows(by_row, image))
    if valid is None:
        return result, None
    weight = apply_columns(by_column, apply_rows(by_row, valid[None].astype(np.float32)))[0]
    enough = weight >= _LEAST_WEIGHT
    result /= np.where(enough, weight, np.float32(1))
    return result, enough


def detail_of(image: Array, valid: Optional[Array], block: BlockWindow, gain: float) -> tuple[Array, Optional[Array]]:
    """Return the images less their low-pass, and where that is known (None: everywhere)."""
    smooth, enough = smoothed(image, valid, block, gain)
    np.subtract(image, smooth, out=smooth)
    return smooth, None if valid is None or enough is None else valid & enough


def follows(found: dict[str, Any]) -> Follows:
    """Return how the bands' detail follows PAN's.

    Args:
        found: Moments of the details, PAN's last.
    """
    covariance = found["covariance"]
    variance, of_pan, shared = np.diag(covariance)[:-1], float(covariance[-1, -1]), covariance[:-1, -1]
    product = variance * of_pan
    correlation = np.where(product > 0, shared / np.sqrt(np.where(product > 0, product, 1)), 0.0)
    return Follows(correlation, shared / of_pan if of_pan > 0 else np.zeros_like(shared))


def unknown(bands: int) -> Follows:
    """Return what limits nothing: there were too few pixels to see how detail follows."""
    return Follows(np.ones(bands), np.zeros(bands))


def limit(gains: Array, follow: Follows) -> Limited:
    """Limit the gains of bands whose detail follows PAN's weakly to the regressed gain; never raise one.

    Args:
        gains: What each band gets of PAN's detail.
        follow: How the bands' detail follows PAN's.
    """
    weak = (follow.correlation < WEAK) & (gains > follow.gain)
    limited = np.where(weak, np.minimum(gains, np.maximum(follow.gain, 0.0)), gains)
    named = tuple((int(b), float(follow.correlation[b]), float(gains[b])) for b in np.flatnonzero(weak))
    return Limited(limited, named)


def describe_weak(found: Limited, names: tuple[str, ...]) -> list[str]:
    """Return log lines that name the bands whose gain was limited."""
    return [
        f"The detail of {names[band]} follows PAN's weakly (correlation {correlation:.2f}): its gain is the regressed "
        f"{found.gains[band]:.3g} instead of {before:.3g}"
        for band, correlation, before in found.weak
    ]
