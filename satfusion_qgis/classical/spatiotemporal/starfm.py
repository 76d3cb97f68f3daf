"""STARFM: the fine image plus the coarse change, averaged over the pixels of the window that resemble the centre.

F_p(x0) = sum_i W_i [F_k(i) + C_p(i) - C_k(i)], W_i ~ 1 / ((S_i + 1) (T_i + 1) D_i), over the pixels i whose fine value
differs from the centre's by at most 2 sd(F_k) / m and whose spectral and temporal differences S = |F_k - C_k|,
T = |C_k - C_p| are not larger than the centre's by more than their uncertainty. sd is the scene's, so that no window
shows. T is left out unless asked for: it favours pixels of surfaces that did not change. With T, two pairs go into one
sum, as published; without, their predictions are blended by how near their coarse images are to the target's.

As published each band finds pixels of its own. Here a pixel has to resemble the centre in every band, and S and T are
means over the bands: one band alone does not tell a crop from another with the same value there. On generated scenes
that takes a fifth off the error, and one search serves all bands.

Gao, F., Masek, J., Schwaller, M., Hall, F. (2006): On the blending of the Landsat and MODIS surface reflectance:
predicting daily Landsat surface reflectance. IEEE Transactions on Geoscience and Remote Sensing 44(8).
10.1109/TGRS.2006.872081
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.method import Array, Blocks, SceneInfo, State
from ...tasks.window import Window
from .blend import AROUND, OnePairMethod
from .images import CUBIC, TARGET, coarse_image, fine_image, grown
from .neighbours import UNLIKE, flat
from .pairs import coarse, fine
from .statistics import STATISTICS, span

# One part in this many of the range is the unit of (S + 1) and (T + 1). A smaller one, such as a number of reflectance
# times 10,000, lets the few pixels whose fine and coarse values happen to be equal outweigh all others.
_UNITS = 1_000.0


class Starfm(OnePairMethod):
    """Spatial and temporal adaptive reflectance fusion."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._classes = float(parameters["CLASSES"])
        self._uncertainty = float(parameters["UNCERTAINTY"]) / 100
        self._temporal = bool(parameters["TEMPORAL"])
        self._each_band = bool(parameters["EACH_BAND"])

    def halo(self) -> dict[str, int]:
        """Return the window's reach, and the coarse pixels around it."""
        return self.halos(self.reach, AROUND + 1)

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Sum over both pairs' pixels with the temporal difference; otherwise blend the pairs' predictions."""
        if len(self.pairs) == 1 or not self._temporal:
            return super().fuse(blocks, state, window)
        sums, _ = self._sums(blocks, state, window, 1)
        more, _ = self._sums(blocks, state, window, 2)
        sums += more
        known = (sums[:, 1] > 0).all(axis=0)
        image = sums[:, 0] / np.where(sums[:, 1] > 0, sums[:, 1], np.float32(1))
        return self.result(image, known)

    def predict(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Average over the similar pixels of one pair; the centre always counts."""
        sums, known = self._sums(blocks, state, window, pair)
        return sums[:, 0] / np.where(known, sums[:, 1], np.float32(1)), known

    def _sums(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Return the sums of W P and W, float32 (bands, 2, rows, columns), and where the centre is valid; else 0."""
        area = grown(window, self.reach)
        after, after_valid = coarse_image(blocks, TARGET, area, CUBIC)
        image, valid = fine_image(blocks, fine(pair), area)
        before, before_valid = coarse_image(blocks, coarse(pair), area, CUBIC)
        valid = valid & before_valid & after_valid
        known = valid[self.inner(window)]
        found = state[STATISTICS][fine(pair)]
        whole = span(found)
        limits = np.maximum(2 * found.deviation / self._classes, whole * 1e-6).astype(np.float32)[:, None, None]
        middle = found.mean.astype(np.float32)[:, None, None]
        image, before, after = image - middle, before - middle, after - middle
        sums = np.empty((self.bands, 2, window.rows, window.columns), np.float32)
        for part in self._together():
            self._sum(image[part], before[part], after[part], valid, limits[part], whole, window, sums[part])
        sums[:, 0] += middle * sums[:, 1]
        sums[:, :, ~known] = 0
        return sums, known

    def _together(self) -> list[slice]:
        """Return the bands that find similar pixels together."""
        if self._each_band:
            return [slice(band, band + 1) for band in range(self.bands)]
        return [slice(0, self.bands)]

    def _sum(
        self,
        image: Array,
        before: Array,
        after: Array,
        valid: Array,
        limits: Array,
        whole: float,
        window: Window,
        out: Array,
    ) -> None:
        """Write the sums of some bands, whose values are about the scene's mean.

        Args:
            image: F over the padded window, (bands, rows, columns).
            before: C_k there.
            after: C_p there.
            valid: Which pixels count.
            limits: The largest difference of a similar pixel in each band.
            whole: The image's range.
            window: The window, without the padding.
            out: Room for the sums of W P and W, (bands, 2, rows, columns).
        """
        unit, extra = np.float32(whole / _UNITS), np.float32(np.sqrt(2.0) * self._uncertainty * whole)
        spectral, temporal = np.abs(image - before).mean(axis=0), np.abs(after - before).mean(axis=0)
        weight = unit / (spectral + unit)
        tested = [spectral]
        if self._temporal:
            weight *= unit / (temporal + unit)
            tested.append(temporal)
        weight[~valid] = 0
        layers = flat(np.concatenate([weight * (image + after - before), weight[None]]))
        near = flat(np.where(valid, image / limits, UNLIKE))
        scale = np.float32(1 / limits.min())
        below = flat(np.stack(tested)) * scale
        found = self.kernels.alike(near, (below, below + extra * scale), layers, 0, window, self.reach)
        out[:, 0], out[:, 1] = found[:-1], found[-1]
