"""FSDAF: class changes by unmixing, and the residual put where the interpolated coarse image shows it.

The changes of the classes of F_1 come from constrained least squares over the purest coarse pixels of each class, those
with an extreme change left out. What a coarse pixel's change is not explained by (R) is distributed over its fine
pixels: by the difference of the interpolated coarse image from the temporal prediction where the surroundings are of
one class, evenly elsewhere. The change of each pixel is then averaged over its similar pixels, and added to F_1.

Coarse images are interpolated by cubic convolution where the source takes thin plate splines, and at the fine sensor's
level: the mean of F_1 over each coarse pixel plus the coarse change, so that a difference between sensors is not taken
for a change.

Zhu, X., Helmer, E. H., Gao, F., Liu, D., Chen, J., Lefsky, M. A. (2016): A flexible spatiotemporal method for fusing
satellite images with different resolutions. Remote Sensing of Environment 172. 10.1016/j.rse.2015.11.016
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .blend import AROUND, OnePairMethod
from .cells import CellMap, cells_pass
from .classes import bounded_fit, classes_pass, classify, shares
from .images import CUBIC, NEAREST, TARGET, Cells, cell_means, cell_sums, fine_image, grown, on_cells
from .kernels import similar_means
from .pairs import coarse, fine
from .statistics import STATISTICS, cut

_LEAST_SHARE = 0.1
_QUARTILES = (0.25, 0.75)
# A pixel gets at most this many times its cell's residual.
_MOST = 3.0


@dataclass(frozen=True)
class Unmixed:
    """What the pass over the cells finds.

    Attributes:
        change: dF of each class, float32 (classes, bands).
        low: Least coarse change of each band, (bands,).
        high: Largest.
        cells: Layers: R of the bands, then the level of the target date in the fine sensor's units.
    """

    change: Array
    low: Array
    high: Array
    cells: CellMap


class Fsdaf(OnePairMethod):
    """Flexible spatiotemporal data fusion."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._classes = int(parameters["CLASSES"])
        self._similar = int(parameters["SIMILAR_PIXELS"])
        self._purest = int(parameters["PUREST"])
        self._cell = math.ceil(self.geometry.largest)

    def halo(self) -> dict[str, int]:
        """Return the window's reach, the cells that it touches, and the surroundings of their pixels."""
        return self.halos(self.reach + 2 * self._cell + 1, AROUND + 1)

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes of the moments, and of the classes and cells of each pair."""
        found = list(super().passes())
        for pair in self.pairs:
            roles = (fine(pair), coarse(pair), TARGET)
            halo = self.halos(self._cell + 1, 1)
            found.append(classes_pass(fine(pair), self._classes))
            found.append(
                cells_pass(
                    f"unmixed_{pair}",
                    roles,
                    self.geometry,
                    {role: halo[role] for role in roles},
                    partial(self._gather, pair),
                    self._unmix,
                )
            )
        return tuple(found)

    def describe(self, state: State) -> list[str]:
        """Return the change of each class."""
        lines = []
        for pair in self.pairs:
            unmixed: Unmixed = state[f"unmixed_{pair}"]
            for place, change in enumerate(unmixed.change, 1):
                values = ", ".join(f"{value:.4g}" for value in change)
                lines.append(f"{fine(pair)}: change of class {place}: {values}")
        return lines

    def _gather(self, pair: int, blocks: Blocks, state: State, window: Window, cells: Cells) -> tuple[Array, Array]:
        """Return the shares of the classes, the mean of F and the coarse change of each cell."""
        area = cells.area(window)
        image, valid = fine_image(blocks, fine(pair), area)
        centres = state["classes_" + fine(pair)]
        means, known = cell_means(
            np.concatenate([shares(classify(image, centres), valid, self._classes), image]), valid, area, cells
        )
        before, before_known = on_cells(blocks, coarse(pair), cells, window)
        after, after_known = on_cells(blocks, TARGET, cells, window)
        return np.concatenate([means, after - before]), known & before_known & after_known

    def _unmix(self, found: CellMap, state: State) -> Unmixed:
        """Return the class changes, and R and the level of each cell."""
        split = [self._classes, self._classes + self.bands]
        share, mean, change = np.split(found.layers, split)
        known = found.known.ravel()
        fractions = share.reshape(self._classes, -1)[:, known].T.astype(np.float64)
        changes = change.reshape(self.bands, -1)[:, known].T.astype(np.float64)
        chosen = self._choose(fractions, changes)
        solved = np.empty((self._classes, self.bands))
        for band in range(self.bands):
            rows = chosen[band]
            A, y = fractions[rows], changes[rows, band]
            low, high = y.min(), y.max()
            solved[:, band] = bounded_fit(
                (A.T @ A)[None],
                (A.T @ y)[None, :, None],
                np.full((1, 1, 1), low),
                np.full((1, 1, 1), high),
                np.full((1, 1, 1), y.mean()),
                0.01,
            )[0, :, 0]
        explained = np.einsum("cb,crk->brk", solved, share)
        layers = found.with_layers(np.concatenate([change - explained, mean + change]))
        return Unmixed(solved.astype(np.float32), changes.min(axis=0), changes.max(axis=0), layers)

    def _choose(self, fractions: Array, changes: Array) -> list[Array]:
        """Return for each band the cells that the changes are found from: pure ones, without extreme changes."""
        chosen: list[list[Array]] = [[] for _ in range(self.bands)]
        for share in fractions.T:
            order = np.argsort(-share, kind="stable")[: self._purest]
            pure = order[share[order] >= _LEAST_SHARE]
            if not len(pure):
                continue
            for band in range(self.bands):
                low, high = np.quantile(changes[pure, band], _QUARTILES)
                chosen[band].append(pure[(changes[pure, band] >= low) & (changes[pure, band] <= high)])
        return [np.concatenate(parts) if parts else np.arange(len(fractions)) for parts in chosen]

    def predict(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Distribute the residuals, and average the change over similar pixels."""
        near = grown(window, self.reach)
        cells = self.geometry.cells(near)
        area = cells.area(near)
        around = grown(area, self._cell // 2)
        image, valid = fine_image(blocks, fine(pair), around)
        labels = classify(image, state["classes_" + fine(pair)])
        inner = (
            slice(self._cell // 2, self._cell // 2 + area.rows),
            slice(self._cell // 2, self._cell // 2 + area.columns),
        )
        alike = homogeneity(labels, valid, self._cell // 2)
        image, labels, valid = cut(image, inner), labels[inner], valid[inner]
        unmixed: Unmixed = state[f"unmixed_{pair}"]
        change, known = self._change(unmixed, image, labels, alike, valid, area, cells)
        top, left = near.row - area.row, near.column - area.column
        part = (slice(top, top + near.rows), slice(left, left + near.columns))
        deviation = state[STATISTICS][fine(pair)].deviation
        farthest = float(np.sqrt(((2 * deviation / self._classes) ** 2).sum()))
        image, change, valid = cut(image, part), cut(change, part), (valid & known)[part]
        means, inside = similar_means(self.kernels, image, change, valid, window, self.reach, self._similar, farthest)
        return cut(image, self.inner(window)) + means, inside

    def _change(
        self, unmixed: Unmixed, image: Array, labels: Array, alike: Array, valid: Array, area: Window, cells: Cells
    ) -> tuple[Array, Array]:
        """Return the change of each pixel of whole cells, and where the cell is known."""
        by_class = unmixed.change[labels].transpose(2, 0, 1)
        residual, known = unmixed.cells.onto(area, NEAREST, slice(0, self.bands))
        level, _ = unmixed.cells.onto(area, CUBIC, slice(self.bands, None))
        even = np.abs(residual)
        homogeneous = np.where(
            (level - image - by_class) * residual > 0, np.abs(level - image - by_class), np.float32(0)
        )
        weight = homogeneous * alike + even * (1 - alike)
        weight *= valid
        sums = cell_sums(np.concatenate([weight, valid[None]]), area, cells)
        mean = (sums[:-1] / np.maximum(sums[-1], 1)).astype(np.float32)
        rows, columns = cells.of_rows(area), cells.of_columns(area)
        rows, columns = np.clip(rows, 0, cells.rows - 1)[:, None], np.clip(columns, 0, cells.columns - 1)[None]
        mean = mean[:, rows, columns]
        times = np.where(mean > 0, weight / np.where(mean > 0, mean, np.float32(1)), np.float32(1))
        change = by_class + residual * np.minimum(times, np.float32(_MOST))
        low = np.minimum(unmixed.low, unmixed.change.min(axis=0)).astype(np.float32)[:, None, None]
        high = np.maximum(unmixed.high, unmixed.change.max(axis=0)).astype(np.float32)[:, None, None]
        return np.clip(change, low, high), known


def homogeneity(labels: Array, valid: Array, radius: int) -> Array:
    """Return the share of valid pixels of the same label in squares of 2 radius + 1, without the margin `radius`."""
    rows, columns = labels.shape[0] - 2 * radius, labels.shape[1] - 2 * radius
    seen = np.where(valid, labels.astype(np.int32), -1)
    own = np.ascontiguousarray(seen[radius : radius + rows, radius : radius + columns])
    same = np.zeros((rows, columns), np.int32)
    for down in range(2 * radius + 1):
        for right in range(2 * radius + 1):
            same += seen[down : down + rows, right : right + columns] == own
    return (same / np.float32((2 * radius + 1) ** 2)).astype(np.float32)
