"""Fit-FC: regression of the coarse images, filtering over similar pixels, and compensation of the residual.

RM: around every coarse pixel, C_p = a C_k + b by least squares over a square of coarse pixels; F^RM = a F_k + b.
SF: the mean of F^RM over the similar pixels, weighted by 1 / D, takes the blocks away.
RC: the residual C_p - (a C_k + b), interpolated, is averaged over the same pixels and added.

With two pairs the regression takes both coarse images, C_p = a_1 C_1 + a_2 C_2 + b, and similar pixels resemble the
centre at both dates: what the pairs show together is used, where a blend of two predictions would smooth twice. The
coefficients are drawn to a half each, so far as the square does not tell. Where only one pair is valid, it is taken.

Similar pixels are those whose root-mean-square difference over the bands is below a limit for each pixel, set so that
about SIMILAR_PIXELS of the window are.

Wang, Q., Atkinson, P. M. (2018): Spatio-temporal fusion for daily Sentinel-2 images. Remote Sensing of Environment 204.
10.1016/j.rse.2017.10.046
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, SceneInfo, State
from ...tasks.window import Window
from .blend import OnePairMethod
from .images import CUBIC, NEAREST, TARGET, Cells, box_sums, fine_image, from_cells, grown, on_cells
from .kernels import similar_means
from .pairs import coarse, fine

# A square whose coarse values vary less than this share of the scene's deviation says nothing of the gain. By the
# number of pairs: two images of one place are so alike that their gains need more to be told apart.
_LEAST_CONTRAST = {1: 0.02, 2: 0.15}


class FitFc(OnePairMethod):
    """Regression model fitting, spatial filtering and residual compensation."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        side = int(parameters["FIT_WINDOW"])
        if side % 2 == 0:
            raise InputError(f"FIT_WINDOW must be odd, so that it has a middle, not {side}.")
        self._radius = side // 2
        self._similar = int(parameters["SIMILAR_PIXELS"])

    def halo(self) -> dict[str, int]:
        """Return the window's reach, and the coarse pixels of the fits around it."""
        return self.halos(self.reach, self._radius + 3)

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Predict from both pairs together, and from either where the other is not valid."""
        if len(self.pairs) == 1:
            return super().fuse(blocks, state, window)
        image, known = self._fitted(blocks, state, window, self.pairs)
        if not known.all():
            alone = super().fuse(blocks, state, window)
            image = np.where(known, image, alone["OUTPUT"])
            known = known | alone.get("OUTPUT_valid", True)
        return self.result(image, known)

    def predict(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Predict from one pair."""
        return self._fitted(blocks, state, window, (pair,))

    def _fitted(self, blocks: Blocks, state: State, window: Window, pairs: tuple[int, ...]) -> tuple[Array, Array]:
        """Fit on the cells, apply to the fine images, and average over similar pixels."""
        area = grown(window, self.reach)
        cells = self.geometry.cells(area, 3)
        gains, shift, residual, known = self._fit(blocks, state, area, cells, pairs)
        result, valid = from_cells(shift, known, cells, area, NEAREST)
        result += from_cells(residual, known, cells, area, CUBIC)[0]
        images = []
        for gain, pair in zip(gains, pairs):
            image, there = fine_image(blocks, fine(pair), area)
            result += from_cells(gain, known, cells, area, NEAREST)[0] * image
            valid = valid & there
            images.append(image)
        guide = images[0] if len(images) == 1 else np.concatenate(images)
        return similar_means(self.kernels, guide, result, valid, window, self.reach, self._similar)

    def _fit(
        self, blocks: Blocks, state: State, area: Window, cells: Cells, pairs: tuple[int, ...]
    ) -> tuple[list[Array], Array, Array, Array]:
        """Return the gain of each pair, shift and residual of each cell (bands, cell rows, cell columns).

        The last item is where they are known, bool (cell rows, cell columns).
        """
        around = self.geometry.cells(area, 3 + self._radius)
        after, known = on_cells(blocks, TARGET, around, area)
        befores = []
        for pair in pairs:
            before, there = on_cells(blocks, coarse(pair), around, area)
            befores.append(before)
            known = known & there
        least = np.mean([self.least_contrast(state, pair, len(pairs)) for pair in pairs], axis=0)
        gains, shift = local_fit(befores, after, known, self._radius, least)
        inside = (slice(None),) + (slice(self._radius, -self._radius),) * 2
        residual: Array = after - shift - sum(gain * before for gain, before in zip(gains, befores))
        return [gain[inside] for gain in gains], shift[inside], residual[inside], known[inside[1:]]

    def least_contrast(self, state: State, pair: int, pairs: int = 1) -> Array:
        """Return, for each band, the variance that a square of coarse pixels needs to tell the gains."""
        found = state["statistics"][coarse(pair)]
        return np.asarray((_LEAST_CONTRAST[pairs] * found.deviation) ** 2)


def local_fit(befores: list[Array], after: Array, known: Array, radius: int, least: Array) -> tuple[list[Array], Array]:
    """Fit after = sum of gain * before + shift by least squares over squares of 2 radius + 1.

    Where the images hardly vary the gains are drawn to equal ones that sum to 1: the fit is then an added change.

    Args:
        befores: One image or two, each (bands, rows, columns).
        after: The same.
        known: bool (rows, columns): what counts.
        radius: Pixels from the centre to a square's side.
        least: For each band the variance that counts as much as the square's own.

    Returns:
        float32 gain of each image, and shift.
    """
    weight = known.astype(np.float64)
    count = np.maximum(box_sums(weight[None], radius), 1)

    def mean(layers: Array) -> Array:
        return np.asarray(box_sums(layers * weight, radius) / count)

    images = [before.astype(np.float64) for before in befores]
    start = 1 / len(images)
    rest = after - start * sum(images)
    means, middle = [mean(image) for image in images], mean(rest)
    ridge = np.maximum(np.asarray(least, np.float64), 1e-30)[:, None, None]
    variances = [np.maximum(mean(one * one) - m * m, 0) + ridge for one, m in zip(images, means)]
    moments = [mean(one * rest) - m * middle for one, m in zip(images, means)]
    if len(images) == 1:
        gains = [start + moments[0] / variances[0]]
    else:
        shared: Array = mean(images[0] * images[1]) - means[0] * means[1]
        # By Cauchy and Schwarz at least this much, but for rounding.
        scale = np.maximum(variances[0] * variances[1] - shared * shared, ridge * ridge)
        gains = [start + (variances[1 - one] * moments[one] - shared * moments[1 - one]) / scale for one in range(2)]
    shift = mean(after.astype(np.float64)) - sum(gain * m for gain, m in zip(gains, means))
    return [gain.astype(np.float32) for gain in gains], shift.astype(np.float32)
