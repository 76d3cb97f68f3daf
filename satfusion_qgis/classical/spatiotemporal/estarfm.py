"""ESTARFM: from two pairs, the coarse change converted to the fine change of the similar pixels, pair by pair.

F_p^k(x0) = F_k(x0) + V sum_i W_i [C_p(i) - C_k(i)] for the pairs k, over the pixels i that resemble the centre in every
band at both dates (within 2 sd / m). W_i ~ 1 / ((1 - R_i) D_i) with R_i the correlation of the fine with the coarse
values of pixel i over bands and dates. V is the slope of fine on coarse values of these pixels at both dates; 1 where
the coarse values hardly vary, the regression is not significant (5 %), or the slope is not between 0 and 5, or fewer
than 6 pixels resemble the centre, which then stands alone. The two predictions are weighted by 1 / |coarse change|
around (blend.py), band by band. Where only one pair is valid, STARFM predicts from it.

Zhu, X., Chen, J., Gao, F., Chen, X., Masek, J. G. (2010): An enhanced spatial and temporal adaptive reflectance fusion
model for complex heterogeneous regions. Remote Sensing of Environment 114(11). 10.1016/j.rse.2010.05.032
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, SceneInfo, State
from ...tasks.window import Window
from .blend import AROUND, change_weight
from .images import CUBIC, TARGET, coarse_image, fine_image, grown
from .kernels import Kernels
from .neighbours import UNLIKE, flat
from .pairs import PairMethod, coarse, fine
from .starfm import Starfm
from .statistics import STATISTICS, cut, span

# STARFM's own number of classes, with which it predicts where there is only one pair.
_CLASSES_OF_ONE = 8.0
_LEAST_PIXELS = 6
_LARGEST_SLOPE = 5.0
# Keeps the weight of a pixel with perfect correlation finite.
_LEAST_DISTANCE = 1e-7
# The F distribution's 95 % point for 1 and many degrees of freedom, and its correction for few.
_F95, _F95_FEW = 3.84, 3.0


class Estarfm(PairMethod):
    """Enhanced spatial and temporal adaptive reflectance fusion."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        if len(self.pairs) < 2:
            raise InputError("ESTARFM needs two pairs: give FINE_2 and COARSE_2 as well, or take STARFM.")
        self._classes = float(parameters["CLASSES"])
        self._uncertainty = float(parameters["UNCERTAINTY"]) / 100
        of_one = {"CLASSES": _CLASSES_OF_ONE, "TEMPORAL": False, "EACH_BAND": False}
        self._of_one = Starfm({**parameters, **of_one}, scene)

    def compute_with(self, kernels: Kernels) -> None:
        """Have another form of the inner sums compute, also where there is only one pair."""
        super().compute_with(kernels)
        self._of_one.compute_with(kernels)

    def halo(self) -> dict[str, int]:
        """Return the window's reach, and the coarse pixels around it."""
        return self.halos(self.reach, AROUND + 1)

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Predict from both pairs together."""
        area = grown(window, self.reach)
        after, after_valid = coarse_image(blocks, TARGET, area, CUBIC)
        images, valids, befores = [], [], []
        for pair in self.pairs:
            image, valid = fine_image(blocks, fine(pair), area)
            before, before_valid = coarse_image(blocks, coarse(pair), area, CUBIC)
            images.append(image)
            befores.append(before)
            valids.append(valid & before_valid & after_valid)
        both = valids[0] & valids[1]
        changes = [after - before for before in befores]
        slope, means = self._converted(state, window, images, befores, changes, both)
        here = self.inner(window)
        sides, weights = [], []
        for place, pair in enumerate(self.pairs):
            known = valids[place][here]
            side = cut(images[place], here) + slope * means[place]
            if (known & ~both[here]).any():
                side = np.where(both[here], side, self._of_one.predict(blocks, state, window, pair)[0])
            sides.append(side)
            weights.append(np.where(known, change_weight(self.geometry, blocks, state, window, pair), np.float32(0)))
        total = weights[0] + weights[1]
        image = (weights[0] * sides[0] + weights[1] * sides[1]) / np.where(total > 0, total, np.float32(1))
        return self.result(image, (valids[0] | valids[1])[here])

    def _converted(
        self,
        state: State,
        window: Window,
        images: list[Array],
        befores: list[Array],
        changes: list[Array],
        valid: Array,
    ) -> tuple[Array, list[Array]]:
        """Return V (bands, rows, columns), and for each pair the weighted mean of the coarse change."""
        found = [state[STATISTICS][fine(pair)] for pair in self.pairs]
        near = []
        for image, moments in zip(images, found):
            limit = np.maximum(2 * moments.deviation / self._classes, 1e-6 * span(moments)).astype(np.float32)
            middle = moments.mean.astype(np.float32)[:, None, None]
            near.append(np.where(valid, (image - middle) / limit[:, None, None], UNLIKE))
        stacked = flat(np.concatenate(near))
        layers, unit = self._layers(state, images, befores, changes, valid)
        plain = 1 + 5 * self.bands
        out = self.kernels.alike(stacked, None, layers, plain, window, self.reach)
        weight, sums = out[: len(layers) - plain], out[len(layers) - plain :]
        enough = (sums[0] >= _LEAST_PIXELS) & (weight[0] > 0)
        means = []
        for place, change in enumerate(changes):
            part = weight[1 + place * self.bands :][: self.bands] / np.where(enough, weight[0], np.float32(1))
            means.append(np.where(enough, part, cut(change, self.inner(window))))
        slope = self._slope(sums, unit, span(state[STATISTICS][TARGET]))
        return np.where(enough, slope, np.float32(1)), means

    def _layers(
        self, state: State, images: list[Array], befores: list[Array], changes: list[Array], valid: Array
    ) -> tuple[Array, Array]:
        """Return what is summed: weights, weighted changes; then count and the moments of coarse x and fine y.

        Values in the moments are about the scene's mean, in its deviations (returned too), so that float32 suffices.
        """
        weight = np.where(valid, 1 / (1 - _correlation(images, befores) + _LEAST_DISTANCE), 0).astype(np.float32)
        moments = [state[STATISTICS][fine(pair)] for pair in self.pairs]
        middle = np.mean([one.mean for one in moments], axis=0).astype(np.float32)[:, None, None]
        unit = np.maximum(np.mean([one.deviation for one in moments], axis=0), 1e-6 * span(moments[0]))
        scale = np.float32(1) / unit.astype(np.float32)[:, None, None]
        x = [(before - middle) * scale for before in befores]
        y = [(image - middle) * scale for image in images]
        layers = [weight[None], *(weight * change for change in changes), valid[None].astype(np.float32)]
        layers += [x[0] + x[1], y[0] + y[1], x[0] * x[0] + x[1] * x[1], x[0] * y[0] + x[1] * y[1]]
        layers += [y[0] * y[0] + y[1] * y[1]]
        stacked = np.concatenate(layers)
        stacked[:, ~valid] = 0
        return flat(stacked), unit

    def _slope(self, sums: Array, unit: Array, whole: float) -> Array:
        """Return V from the sums over the similar pixels: count, then x, y, xx, xy, yy of each band."""
        count = 2 * np.maximum(sums[0], 1).astype(np.float64)
        x, y, xx, xy, yy = (sums[1 + k * self.bands :][: self.bands] / count for k in range(5))
        variance, covariance = np.maximum(xx - x * x, 0), xy - x * y
        fine_variance = np.maximum(yy - y * y, 0)
        slope = covariance / np.maximum(variance, 1e-12)
        explained = slope * covariance
        rest = np.maximum(fine_variance - explained, 1e-12)
        degrees = np.maximum(count - 2, 1)
        significant = explained / rest * degrees >= _F95 * (1 + _F95_FEW / degrees)
        deviation = np.sqrt(variance) * unit[:, None, None]
        varied = deviation >= np.sqrt(2.0) * self._uncertainty * whole
        taken = significant & varied & (slope > 0) & (slope <= _LARGEST_SLOPE)
        return np.where(taken, slope, 1).astype(np.float32)


def _correlation(images: list[Array], befores: list[Array]) -> Array:
    """Return the correlation of fine with coarse values over bands and dates for each pixel; 0 where either is flat."""
    first = np.concatenate(images).astype(np.float64)
    second = np.concatenate(befores).astype(np.float64)
    first -= first.mean(axis=0)
    second -= second.mean(axis=0)
    power = (first * first).sum(axis=0) * (second * second).sum(axis=0)
    product = (first * second).sum(axis=0)
    return np.where(power > 0, np.clip(product / np.sqrt(np.where(power > 0, power, 1)), -1, 1), 0)
