"""Intervals for scores by a block bootstrap, and differences between methods on the same draws.

Neighbouring pixels err together, so single pixels would make every interval too narrow. The scene is cut into blocks
of 32 x 32 MS pixels; a draw takes as many blocks as there are, with replacement, and scores what it took (Efron and
Tibshirani 1993, An Introduction to the Bootstrap, ch. 8). All methods are scored on the same draws, so what makes one
part of a scene hard for all of them does not hide the difference between two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .cpsnr import LEAST_ERROR, Mask, overlay
from .q2n import Q2n
from .sam import spectral_angles
from .sliding import Float64, block_sums

BLOCK = 32
DRAWS = 1000
SEED = 20020919
METRICS = ("ergas", "sam_degrees", "q2n", "rmse")
REGISTERED_METRICS = ("psnr", "cpsnr", "cssim")
_LEVEL = 95.0
_AT_ONCE = 100


class BlockSums:
    """What each block of a scene adds to the scores of one method, gathered window by window.

    Windows are made of whole blocks, as `scoring_windows` gives them.
    """

    def __init__(self, bands: int, size: tuple[int, int], block: int = BLOCK) -> None:
        """Start empty.

        Args:
            bands: Number of bands.
            size: (rows, columns) of the scored area.
            block: Side of a block in pixels.
        """
        self.bands = bands
        self._block = block
        self._q2n = Q2n(bands, size, block)
        rows, columns = (-(-length // block) for length in size)
        # Per block: pixels; sums of the reference's bands; squared errors of the bands; angles and their number; Q2n
        # and whether there is one.
        self._sums = np.zeros((5 + 2 * bands, rows, columns))

    def add(
        self, reference: NDArray[Any], test: NDArray[Any], valid: Optional[NDArray[np.bool_]], row: int, column: int
    ) -> None:
        """Take in one window; see `ReferenceScores.add`."""
        shape = (reference.shape[1], reference.shape[2])
        used = np.isfinite(reference).all(axis=0) & np.isfinite(test).all(axis=0)
        used &= True if valid is None else valid
        x, y = (np.where(used, image, 0).astype(np.float64) for image in (reference, test))
        angles = np.zeros(shape)
        angled = used & (x != 0).any(axis=0) & (y != 0).any(axis=0)
        angles[angled] = spectral_angles(x[:, angled], y[:, angled])
        scores = self._q2n.add(reference, test, used, row, column)
        errors = (np.square(b - a) for a, b in zip(x, y))
        masks = (mask.astype(np.float64) for mask in (used, angled))
        top, left = row // self._block, column // self._block
        part = np.s_[top : top + scores.shape[0], left : left + scores.shape[1]]
        for place, values in enumerate(chain([next(masks)], x, errors, [angles], masks)):
            self._sums[place][part] += block_sums(values, self._block)
        self._sums[-2][part] += np.nan_to_num(scores)
        self._sums[-1][part] += np.isfinite(scores)

    def rows(self) -> Float64:
        """Return the sums, one row for each block of the scene."""
        return self._sums.reshape(len(self._sums), -1).T


class RegisteredSums:
    """What each block of a scene adds to cPSNR, at one shift of the test image; see `cpsnr.Cpsnr` for the search.

    A block belongs to the places of the image without its border (see `cpsnr.overlay`), so block 0 begins d pixels
    further down and to the right than that of `BlockSums`; blocks correspond all the same.
    """

    def __init__(
        self, bands: int, size: tuple[int, int], border: int, lag: tuple[int, int], block: int = BLOCK
    ) -> None:
        """Start empty.

        Args:
            bands: Number of bands.
            size: (rows, columns) of the scored area.
            border: d.
            lag: (row, column) of the shift, from 0 to 2 d.
            block: Side of a block in pixels.
        """
        self._border, self._lag, self._block = border, lag, block
        rows, columns = (-(-length // block) for length in size)
        # Per block: clear pixels; sums of reference less test of the bands; their squares.
        self._sums = np.zeros((1 + 2 * bands, rows, columns))

    def add(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        reference_valid: Mask,
        test_valid: Mask,
        row: int,
        column: int,
        core: tuple[int, int],
    ) -> None:
        """Take in one window with its neighbours; see `cpsnr.overlay`."""
        found = overlay(reference, test, reference_valid, test_valid, self._border, core)
        if found is None:
            return
        used = found.used(self._lag)
        errors = found.shifted(self._lag) - found.test
        count = np.ones(errors.shape[1:]) if used is None else used.astype(np.float64)
        errors *= count
        top, left = row // self._block, column // self._block
        for place, values in enumerate(chain([count], errors, np.square(errors))):
            sums = block_sums(values, self._block)
            self._sums[place, top : top + sums.shape[0], left : left + sums.shape[1]] += sums

    def rows(self) -> Float64:
        """Return the sums, one row for each block of the scene."""
        return self._sums.reshape(len(self._sums), -1).T


def scores_of(sums: Float64, bands: int, ratio: float) -> dict[str, Float64]:
    """Scores from sums over blocks: (draws, columns) -> for each metric (draws,), NaN where it does not exist."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pixels = sums[:, :1]
        mean, mse = sums[:, 1 : 1 + bands] / pixels, sums[:, 1 + bands : 1 + 2 * bands] / pixels
        angles, angled, q2n, blocks = sums[:, 1 + 2 * bands :].T
        found = {
            "ergas": 100.0 / ratio * np.sqrt(np.mean(mse / np.square(mean), axis=1)),
            "sam_degrees": np.degrees(angles / angled) if bands > 1 else np.full(len(sums), np.nan),
            "q2n": q2n / blocks,
            "rmse": np.sqrt(mse.mean(axis=1)),
        }
    return {name: np.where(np.isfinite(values), values, np.nan) for name, values in found.items()}


def registered_scores_of(sums: Float64, rmse: Float64, bands: int, data_range: float) -> dict[str, Float64]:
    """PSNR, and registered scores from sums over blocks.

    Args:
        sums: (draws, columns): those of `RegisteredSums`, then the sum of SSIM over the bands' mean and its number.
        rmse: (draws,), pooled over the bands, for the plain PSNR.
        bands: Number of bands.
        data_range: L in the units of the image.

    Returns:
        For each of `REGISTERED_METRICS` (draws,), NaN where it does not exist.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        pixels = sums[:, :1]
        mean, squares = sums[:, 1 : 1 + bands] / pixels, sums[:, 1 + bands : 1 + 2 * bands] / pixels
        errors = np.mean(squares - np.square(mean), axis=1)
        share = np.maximum(np.array([errors, np.square(rmse)]) / data_range**2, LEAST_ERROR)
        registered, plain = -10.0 * np.log10(share)
        found = {"psnr": plain, "cpsnr": registered, "cssim": sums[:, 1 + 2 * bands] / sums[:, 2 + 2 * bands]}
    return {name: np.where(np.isfinite(values), values, np.nan) for name, values in found.items()}


class Draws:
    """Scores of several methods on the same draws of blocks.

    Args:
        methods: For each method the rows of its `BlockSums`, all of one scene.
        bands: Number of bands.
        ratio: MS pixel / PAN pixel.
        draws: Number of draws.
        seed: The same seed takes the same blocks.
        registered: For each method the sums of its registered scores (see `registered_scores_of`), or None.
        data_range: L in the units of the image; needed for these.

    Attributes:
        metrics: Names of the scores.
    """

    def __init__(
        self,
        methods: Sequence[Float64],
        bands: int,
        ratio: float,
        draws: int = DRAWS,
        seed: int = SEED,
        registered: Optional[Sequence[Float64]] = None,
        data_range: Optional[float] = None,
    ) -> None:
        self.metrics = METRICS if registered is None or not data_range else (*METRICS, *REGISTERED_METRICS)
        used = np.any([rows[:, 0] > 0 for rows in methods], axis=0)
        kept = [rows[used] for rows in methods]
        more = [rows[used] for rows in registered or ()]
        self.blocks = int(np.count_nonzero(used))
        rng = np.random.default_rng(seed)
        parts: list[list[dict[str, Float64]]] = [[] for _ in methods]
        for start in range(0, draws, _AT_ONCE):
            taken = rng.integers(0, self.blocks, (min(_AT_ONCE, draws - start), self.blocks))
            weights = np.array([np.bincount(one, minlength=self.blocks) for one in taken], np.float64)
            for place, rows in enumerate(kept):
                found = scores_of(weights @ rows, bands, ratio)
                if more and data_range:
                    found.update(registered_scores_of(weights @ more[place], found["rmse"], bands, data_range))
                parts[place].append(found)
        self._scores = [{name: np.concatenate([part[name] for part in own]) for name in self.metrics} for own in parts]

    def interval(self, method: int, metric: str) -> Optional[tuple[float, float]]:
        """Return the 95 % interval of a score; None where the score does not exist or there is one block only."""
        return self._ends(self._scores[method][metric])

    def difference(self, one: int, other: int, metric: str) -> Optional[tuple[float, float]]:
        """Return the 95 % interval of the score of one method less that of another."""
        return self._ends(self._scores[one][metric] - self._scores[other][metric])

    def tied(self, one: int, other: int, metric: str) -> bool:
        """Tell whether the difference of two methods lies inside its interval's reach of zero: they are a tie.

        Where there is no interval nothing tells them apart, so they are one too.
        """
        ends = self.difference(one, other, metric)
        return ends is None or ends[0] <= 0.0 <= ends[1]

    def _ends(self, values: Float64) -> Optional[tuple[float, float]]:
        if self.blocks < 2 or np.isnan(values).any():
            return None
        margin = (100.0 - _LEVEL) / 2
        low, high = np.percentile(values, (margin, 100.0 - margin))
        return float(low), float(high)
