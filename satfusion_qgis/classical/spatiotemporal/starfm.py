"""STARFM: the fine image plus the coarse change, averaged over the pixels of the window that resemble the centre.

F_p(x0) = sum_i W_i [F_k(i) + C_p(i) - C_k(i)], W_i ~ 1 / ((S_i + 1) (T_i + 1) D_i), over the pixels i whose fine value
differs from the centre's by at most 2 sd(F_k) / m and whose spectral and temporal differences S = |F_k - C_k|,
T = |C_k - C_p| are not larger than the centre's by more than their uncertainty. sd is the scene's, so that no window
shows. With two pairs the sum goes over both, and a pixel needs one of them.

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
from .images import CUBIC, coarse_image, fine_image, grown
from .neighbours import UNLIKE, Alike, flat, no_layers, strips, weighted_sums
from .pairs import PairMethod, fine, coarse, TARGET
from .statistics import STATISTICS, span

# One part in this many of the range is the unit of (S + 1) and (T + 1): one number of reflectance times 10,000.
_UNITS = 10_000.0


class Starfm(PairMethod):
    """Spatial and temporal adaptive reflectance fusion."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._classes = float(parameters["CLASSES"])
        self._uncertainty = float(parameters["UNCERTAINTY"]) / 100
        choice = str(parameters["TEMPORAL"])
        self._temporal = len(self.pairs) > 1 if choice == "auto" else choice == "on"

    def halo(self) -> dict[str, int]:
        """Return the window's reach, and the coarse pixels around it."""
        return self.halos(self.reach, 0)

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Sum the predictions and weights of all pairs band by band."""
        area = grown(window, self.reach)
        target = coarse_image(blocks, TARGET, area, CUBIC)
        shape = (window.rows, window.columns)
        sums = np.zeros((self.bands, 2, *shape), np.float32)
        own = np.zeros((self.bands, *shape), np.float32)
        known = np.zeros(shape, bool)
        for pair in self.pairs:
            own_pair, valid = self._add_pair(blocks, state, window, area, pair, target, sums)
            own = np.where(known, own, own_pair)
            known |= valid
        some = sums[:, 1] > 0
        np.divide(sums[:, 0], sums[:, 1], out=own, where=some)
        return self.result(own, known)

    def _add_pair(
        self,
        blocks: Blocks,
        state: State,
        window: Window,
        area: Window,
        pair: int,
        target: tuple[Array, Array],
        sums: Array,
    ) -> tuple[Array, Array]:
        """Add the sums of W P and W of one pair; return the prediction from the centre alone, and where it is valid."""
        image, valid = fine_image(blocks, fine(pair), area)
        before, before_valid = coarse_image(blocks, coarse(pair), area, CUBIC)
        after, after_valid = target
        valid = valid & before_valid & after_valid
        found = state[STATISTICS][fine(pair)]
        whole = span(found)
        unit = np.float32(whole / _UNITS)
        spectral_limit = np.float32(np.sqrt(2.0) * self._uncertainty * whole)
        temporal_limit = np.float32(np.sqrt(2.0) * self._uncertainty * whole)
        here = (slice(None), *self.inner(window))
        for band in range(self.bands):
            middle = np.float32(found.mean[band])
            limit = np.float32(max(2 * found.deviation[band] / self._classes, whole * 1e-6))
            change = after[band] - before[band]
            prediction = image[band] + change - middle
            spectral, temporal = np.abs(image[band] - before[band]), np.abs(change)
            weight = unit / (spectral + unit)
            tested, bounds = [spectral / limit], [(spectral + spectral_limit) / limit]
            if self._temporal:
                weight *= unit / (temporal + unit)
                tested.append(temporal / limit)
                bounds.append((temporal + temporal_limit) / limit)
            weight[~valid] = 0
            layers = flat(np.stack([weight * prediction, weight]))
            near = flat(np.where(valid, (image[band] - middle) / limit, UNLIKE)[None])
            alike = Alike(near, flat(np.stack(tested)), flat(np.stack(bounds)))
            out = np.empty((2, window.rows, window.columns), np.float32)
            for strip in strips(window, self.reach, 6):
                strip.put(weighted_sums(alike.strip(strip), layers, strip, self.reach), out)
            inside = valid[self.inner(window)]
            out[:, ~inside] = 0
            out[0] += middle * out[1]
            sums[band] += out
        return (image + after - before)[here], valid[self.inner(window)]
