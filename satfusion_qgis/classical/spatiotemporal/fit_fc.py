"""Fit-FC: regression of the coarse images, filtering over similar pixels, and compensation of the residual.

RM: around every coarse pixel, C_p = a C_k + b by least squares over a square of coarse pixels; F^RM = a F_k + b.
SF: the mean of F^RM over the similar pixels, weighted by 1 / D, takes the blocks away.
RC: the residual C_p - (a C_k + b), interpolated, is averaged over the same pixels and added.

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

# A square whose coarse values vary less than this share of the scene's deviation says nothing of the gain.
_LEAST_CONTRAST = 0.02


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

    def predict(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Fit on the cells, apply to the fine image, and average over similar pixels."""
        area = grown(window, self.reach)
        image, valid = fine_image(blocks, fine(pair), area)
        cells = self.geometry.cells(area, 3)
        gain, shift, residual, known = self._fit(blocks, state, area, cells, pair)
        gain_fine, cell_known = from_cells(gain, known, cells, area, NEAREST)
        shift_fine, _ = from_cells(shift, known, cells, area, NEAREST)
        rest, _ = from_cells(residual, known, cells, area, CUBIC)
        valid = valid & cell_known
        return similar_means(
            self.kernels, image, gain_fine * image + shift_fine + rest, valid, window, self.reach, self._similar
        )

    def _fit(
        self, blocks: Blocks, state: State, area: Window, cells: Cells, pair: int
    ) -> tuple[Array, Array, Array, Array]:
        """Return gain, shift and residual of each cell, (bands, cell rows, cell columns), and where they are known."""
        around = self.geometry.cells(area, 3 + self._radius)
        before, before_known = on_cells(blocks, coarse(pair), around, area)
        after, after_known = on_cells(blocks, TARGET, around, area)
        known = before_known & after_known
        gain, shift = local_fit(before, after, known, self._radius, self.least_contrast(state, pair))
        inside = (slice(None),) + (slice(self._radius, -self._radius),) * 2
        residual: Array = after - (gain * before + shift)
        return gain[inside], shift[inside], residual[inside], known[inside[1:]]

    def least_contrast(self, state: State, pair: int) -> Array:
        """Return, for each band, the variance that a square of coarse pixels needs to tell the gain."""
        found = state["statistics"][coarse(pair)]
        return np.asarray((_LEAST_CONTRAST * found.deviation) ** 2)


def local_fit(before: Array, after: Array, known: Array, radius: int, least: Array) -> tuple[Array, Array]:
    """Fit after = gain * before + shift by least squares over squares of 2 radius + 1.

    Where `before` hardly varies the gain is drawn to 1: the fit is then an added change.

    Args:
        before: (bands, rows, columns).
        after: The same.
        known: bool (rows, columns): what counts.
        radius: Pixels from the centre to a square's side.
        least: For each band the variance that counts as much as the square's own.

    Returns:
        float32 gain and shift.
    """
    weight = known.astype(np.float64)
    count = np.maximum(box_sums(weight[None], radius), 1)
    first, second = before.astype(np.float64) * weight, after.astype(np.float64) * weight
    means = [box_sums(layer, radius) / count for layer in (first, second)]
    variance = box_sums(first * before, radius) / count - means[0] ** 2
    covariance = box_sums(first * after, radius) / count - means[0] * means[1]
    ridge = np.maximum(np.asarray(least, np.float64), 1e-30)[:, None, None]
    gain = (covariance + ridge) / (np.maximum(variance, 0) + ridge)
    shift = means[1] - gain * means[0]
    return gain.astype(np.float32), shift.astype(np.float32)
