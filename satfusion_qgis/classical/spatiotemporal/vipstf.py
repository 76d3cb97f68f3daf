"""VIPSTF: the pairs combined into one virtual pair, whose coarse residual is spread over similar pixels (VIPSTF-SW).

Band by band C_p = sum_k a_k C_k + b by least squares over the scene's coarse pixels; the virtual fine image is
sum_k a_k F_k + b. The residual of the fit, interpolated, is averaged over similar pixels, weighted by 1 / D, and added.
Where only one pair is valid, the fit on it alone is taken.

Wang, Q., Tang, Y., Tong, X., Atkinson, P. M. (2020): Virtual image pair-based spatio-temporal fusion. Remote Sensing of
Environment 249. 10.1016/j.rse.2020.112009
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .cells import CellMap, cells_pass
from .images import CUBIC, TARGET, Cells, fine_image, grown, on_cells
from .kernels import similar_means
from .pairs import PairMethod, coarse, fine
from .statistics import cut

# Share of a coefficient's own information that draws it to an equal part of 1: decides where pairs are the same.
_RIDGE = 1e-4


class Vipstf(PairMethod):
    """Virtual image pair with spatial weighting."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._similar = int(parameters["SIMILAR_PIXELS"])
        # The pairs together, then each alone for what the other does not cover.
        self._sets = (self.pairs,) if len(self.pairs) == 1 else (self.pairs, (1,), (2,))

    def halo(self) -> dict[str, int]:
        """Return the window's reach."""
        return self.halos(self.reach, 0)

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass of the moments, and a fit for each set of pairs."""
        found = list(super().passes())
        for pairs in self._sets:
            roles = (fine(1), *(coarse(pair) for pair in pairs), TARGET)
            halo = {**self.halos(0, 1), fine(1): 0}

            def gather(
                blocks: Blocks, state: State, window: Window, cells: Cells, pairs: tuple[int, ...] = pairs
            ) -> tuple[Array, Array]:
                images = [on_cells(blocks, role, cells, window) for role in (*map(coarse, pairs), TARGET)]
                known = np.logical_and.reduce([valid for _, valid in images])
                return np.concatenate([image for image, _ in images]), known

            found.append(
                cells_pass(_name(pairs), roles, self.geometry, {role: halo[role] for role in roles}, gather, self._fit)
            )
        return tuple(found)

    def _fit(self, found: CellMap, state: State) -> tuple[Array, CellMap]:
        """Return the coefficients (bands, pairs + 1; b last), and the residual of each cell."""
        layers = found.layers.reshape(-1, self.bands, *found.known.shape)
        before, after = layers[:-1], layers[-1]
        count = len(before)
        fitted = np.empty((self.bands, count + 1))
        residual = np.empty_like(after)
        for band in range(self.bands):
            x = before[:, band][:, found.known].astype(np.float64)
            y = after[band][found.known].astype(np.float64)
            means, middle = x.mean(axis=1), y.mean()
            x, y = x - means[:, None], y - middle
            gram = x @ x.T
            ridge = max(_RIDGE * np.trace(gram) / count, 1e-12)
            gains = np.linalg.solve(gram + ridge * np.eye(count), x @ y + ridge / count)
            fitted[band, :-1], fitted[band, -1] = gains, middle - gains @ means
            residual[band] = after[band] - np.tensordot(gains, before[:, band], 1) - fitted[band, -1]
        return fitted, found.with_layers(residual)

    def describe(self, state: State) -> list[str]:
        """Return the coefficients of the virtual pair."""
        fitted, _ = state[_name(self.pairs)]
        names = self.scene.band_names.get("FINE_1") or [str(band + 1) for band in range(self.bands)]
        return [
            f"Virtual pair, {name}: {', '.join(f'{value:.3f}' for value in row[:-1])}, offset {row[-1]:.4g}"
            for name, row in zip(names, fitted)
        ]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Combine the fine images, and add the residual averaged over similar pixels."""
        area = grown(window, self.reach)
        images = {pair: fine_image(blocks, fine(pair), area) for pair in self.pairs}
        result = np.zeros((self.bands, window.rows, window.columns), np.float32)
        known = np.zeros((window.rows, window.columns), bool)
        for pairs in self._sets:
            valid = np.logical_and.reduce([images[pair][1] for pair in pairs])
            if known.all() or not valid[self.inner(window)].any():
                continue
            fitted, left = state[_name(pairs)]
            residual, there = left.onto(area, CUBIC)
            guide = np.concatenate([images[pair][0] for pair in pairs])
            means, both = similar_means(self.kernels, guide, residual, valid & there, window, self.reach, self._similar)
            virtual = means + fitted[:, -1].astype(np.float32)[:, None, None]
            for place, pair in enumerate(pairs):
                virtual += fitted[:, place].astype(np.float32)[:, None, None] * cut(images[pair][0], self.inner(window))
            result = np.where(known, result, virtual)
            known |= both
        return self.result(result, known)


def _name(pairs: tuple[int, ...]) -> str:
    return "virtual_" + "_".join(str(pair) for pair in pairs)
