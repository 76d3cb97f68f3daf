"""Moments of the MS bands and PAN on the MS grid: the pass that most methods share, and regressions from them.

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
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import low_pass
from .detail import detail_of, follows, unknown
from .mtf import CLEAN_SHARE, MtfGains

_CHUNK = 8192
_RIDGE = 1e-9
_CONSTANT = 1e-12


Sums = tuple[Optional[Array], Optional[Array]]


def regression_pass(gains: MtfGains, solve: Callable[[dict[str, Any]], dict[str, Any]], detail: bool = False) -> Pass:
    """Return the pass "regression".

    Args:
        gains: MTF gains of the bands.
        solve: From the moments (count, mean, covariance of the bands and PAN, PAN last) to what the method needs.
        detail: Also tell how the bands' detail follows PAN's, as "follows" among the moments.
    """

    def finish(sums: Optional[Sums], state: State) -> dict[str, Any]:
        plain, of_detail = sums or (None, None)
        found = moments(plain)
        if detail:
            found["detail"] = moments(of_detail) if enough(of_detail) else None
            known = found["detail"] is not None
            found["follows"] = follows(found["detail"]) if known else unknown(len(found["mean"]) - 1)
        return solve(found)

    def add(blocks: Blocks, window: Window, state: State) -> Optional[Sums]:
        mean_gain = float(np.mean(gains.of_bands(state)))
        return _add(blocks, window, mean_gain, detail)

    halo = {"MS": gains.detail_halo, "PAN": gains.detail_pan_halo} if detail else {"MS": 0, "PAN": gains.halo}
    return Pass("regression", ("MS", "PAN"), halo, add, merged, finish)


def merged(one: Sums, other: Sums) -> Sums:
    """Return the sums over both parts."""
    first, second = (b if a is None else a if b is None else a + b for a, b in zip(one, other))
    return first, second


def _add(blocks: Blocks, window: Window, gain: float, detail: bool) -> Optional[Sums]:
    """Sum the products of (1, bands, low-passed PAN), and of their details, over the MS pixels that the window owns."""
    block = window.block("MS")
    top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
    left, right = block.column_axis.owned(window.column, window.column + window.columns)
    if bottom <= top or right <= left:
        return None
    inside = (slice(top - block.row, bottom - block.row), slice(left - block.column, right - block.column))
    part = (top, bottom, left, right)
    if detail:
        part = (block.row, block.row + block.rows, block.column, block.column + block.columns)
    pan, share = low_pass(blocks["PAN"], blocks.get("PAN_valid"), window.block("PAN"), block, part, gain)
    bands, use = np.asarray(blocks["MS"]), blocks.get("MS_valid")
    if not detail:
        bands, use = bands[:, inside[0], inside[1]], None if use is None else np.asarray(use)[inside]
    if share is not None:
        use = combine(use, share > CLEAN_SHARE)
    columns = np.concatenate([bands, pan])
    if not detail:
        return products(columns, use), None
    if use is not None:
        columns[:, ~np.asarray(use)] = 0
    details, known = detail_of(columns, use, block, gain)
    window.raise_if_cancelled()
    return (
        products(columns[:, inside[0], inside[1]], None if use is None else use[inside]),
        products(details[:, inside[0], inside[1]], None if known is None else known[inside]),
    )


def products(images: Array, use: Optional[Array] = None) -> Array:
    """Sum the products of (1, images) over the pixels to use; (images + 1, images + 1), float64."""
    columns = images.reshape(len(images), -1)
    return _products(columns if use is None else columns[:, use.ravel()])


def enough(sums: Optional[Array]) -> bool:
    """Tell whether the sums are over two pixels or more."""
    return sums is not None and bool(sums[0, 0] >= 2)


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
    weights = solve_normal(within, across)
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


def solve_normal(matrix: Array, right: Array) -> Array:
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
            trial[active] = solve_normal(matrix[np.ix_(active, active)], right[active])
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
