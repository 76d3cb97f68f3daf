"""Regression of PAN on the MS bands, on the MS grid: the pass that Brovey and GSA share.

PAN is low-passed with the mean MTF gain of the bands and sampled at the MS pixels (Aiazzi et al. 2007,
10.1109/TGRS.2007.901007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, State
from ...tasks.window import Window
from ..resampling import low_pass
from .mtf import CLEAN_SHARE, MtfGains

_CHUNK = 8192
_RIDGE = 1e-9
_CONSTANT = 1e-12


def regression_pass(gains: MtfGains, solve: Callable[[dict[str, Any]], dict[str, Any]]) -> Pass:
    """Return the pass "regression".

    Args:
        gains: MTF gains of the bands.
        solve: From the moments (count, mean, covariance of the bands and PAN, PAN last) to what the method needs.
    """

    def finish(sums: Optional[Array], state: State) -> dict[str, Any]:
        return solve(moments(sums))

    def add(blocks: Blocks, window: Window, state: State) -> Optional[Array]:
        mean_gain = float(np.mean(gains.of_bands(state)))
        return _add(blocks, window, mean_gain)

    return Pass("regression", ("MS", "PAN"), {"MS": 0, "PAN": gains.halo}, add, np.add, finish)


def _add(blocks: Blocks, window: Window, gain: float) -> Optional[Array]:
    """Sum the products of (1, bands, low-passed PAN) over the MS pixels that the window owns."""
    block = window.block("MS")
    top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
    left, right = block.column_axis.owned(window.column, window.column + window.columns)
    if bottom <= top or right <= left:
        return None
    inside = (slice(top - block.row, bottom - block.row), slice(left - block.column, right - block.column))
    part = (top, bottom, left, right)
    pan, share = low_pass(blocks["PAN"], blocks.get("PAN_valid"), window.block("PAN"), block, part, gain)
    bands = np.asarray(blocks["MS"])[:, inside[0], inside[1]]
    columns = np.concatenate([bands, pan]).reshape(len(bands) + 1, -1)
    use = None
    if blocks.get("MS_valid") is not None:
        use = np.asarray(blocks["MS_valid"])[inside]
    if share is not None:
        use = share > CLEAN_SHARE if use is None else use & (share > CLEAN_SHARE)
    if use is not None:
        columns = columns[:, use.ravel()]
    return _products(columns)


def _products(columns: Array) -> Array:
    sums = np.zeros((len(columns) + 1, len(columns) + 1))
    for start in range(0, columns.shape[1], _CHUNK):
        part = columns[:, start : start + _CHUNK].astype(np.float64)
        sums[1:, 1:] += part @ part.T
        sums[0, 1:] += part.sum(axis=1)
        sums[0, 0] += part.shape[1]
    sums[1:, 0] = sums[0, 1:]
    return sums


def moments(sums: Optional[Array]) -> dict[str, Any]:
    """Return count, mean and covariance from the sums of products.

    A variance so far below the squared mean is rounding: the image is constant, and its covariances are exactly 0.

    Raises:
        InputError: There were no valid pixels.
    """
    if sums is None or sums[0, 0] < 2:
        raise InputError("MS and PAN have no valid pixel in common.")
    count = sums[0, 0]
    mean = sums[0, 1:] / count
    covariance = sums[1:, 1:] / count - np.outer(mean, mean)
    constant = np.diag(covariance) <= _CONSTANT * mean**2
    covariance[constant] = 0
    covariance[:, constant] = 0
    return {"count": int(count), "mean": mean, "covariance": covariance}


@dataclass(frozen=True)
class Fit:
    """PAN as a weighted sum of the bands: weights, intercept and the share of PAN's variance explained."""

    weights: Array
    intercept: float
    explained: float


def fit(found: dict[str, Any]) -> Fit:
    """Regress PAN on all bands by least squares, with an intercept.

    Raises:
        InputError: PAN is constant.
    """
    covariance, mean = found["covariance"], found["mean"]
    check_pan(found)
    within, across = covariance[:-1, :-1], covariance[:-1, -1]
    weights = _solve(within, across)
    return Fit(weights, float(mean[-1] - weights @ mean[:-1]), explained(found, weights))


def fit_nonnegative(found: dict[str, Any]) -> Fit:
    """Regress PAN on the bands with weights of 0 or more and no intercept (active set: Lawson & Hanson 1974)."""
    covariance, mean = found["covariance"], found["mean"]
    check_pan(found)
    products = covariance + np.outer(mean, mean)
    weights = nonnegative_solve(products[:-1, :-1], products[:-1, -1])
    return Fit(weights, 0.0, explained(found, weights))


def explained(found: dict[str, Any], weights: Array) -> float:
    """Return the share of PAN's variance that the weighted bands explain, best gain and offset given (0 to 1)."""
    covariance = found["covariance"]
    shared = float(weights @ covariance[:-1, -1])
    own = float(weights @ covariance[:-1, :-1] @ weights)
    return shared * shared / (own * float(covariance[-1, -1])) if own > 0 else 0.0


def check_pan(found: dict[str, Any]) -> None:
    """Refuse a PAN without any contrast.

    Raises:
        InputError: PAN is constant.
    """
    covariance, mean = found["covariance"], found["mean"]
    if covariance[-1, -1] <= _CONSTANT * max(mean[-1] ** 2, 1e-30):
        raise InputError(
            "PAN is constant where it overlaps MS; choose the file or band that holds the panchromatic image."
        )


def _solve(matrix: Array, right: Array) -> Array:
    """Solve symmetric normal equations, also where bands are copies of each other; constant bands get no weight."""
    solution = np.zeros(len(right))
    vary = np.flatnonzero(np.diag(matrix) > 0)
    if not len(vary):
        return solution
    scale = np.sqrt(np.diag(matrix)[vary])
    values, vectors = np.linalg.eigh(matrix[np.ix_(vary, vary)] / np.outer(scale, scale))
    keep = values > _RIDGE * values[-1]
    vectors = vectors[:, keep]
    solution[vary] = vectors @ ((vectors.T @ (right[vary] / scale)) / values[keep]) / scale
    return solution


def nonnegative_solve(matrix: Array, right: Array) -> Array:
    """Solve min x'Ax/2 - b'x with x >= 0 for a positive semidefinite A, by the active set method."""
    count = len(right)
    solution, active = np.zeros(count), np.zeros(count, bool)
    tolerance = 1e-10 * max(float(np.abs(right).max()), 1e-300)
    for _ in range(3 * count):
        gradient = right - matrix @ solution
        gradient[active] = -np.inf
        best = int(np.argmax(gradient))
        if gradient[best] <= tolerance:
            break
        active[best] = True
        while True:
            trial = np.zeros(count)
            trial[active] = _solve(matrix[np.ix_(active, active)], right[active])
            if (trial[active] > 0).all():
                break
            falling = active & (trial <= 0)
            step = float(np.min(solution[falling] / np.maximum(solution[falling] - trial[falling], 1e-300)))
            solution = solution + step * (trial - solution)
            active &= solution > tolerance * 1e-6
            solution[~active] = 0
            if not active.any():
                break
        solution = np.where(active, trial, 0)
    return solution
