"""OBSUM: spatial unmixing for objects, then correction of the residual for objects and for pixels.

OL-U: around each coarse pixel the coarse change is unmixed into changes of the classes, within the changes seen there;
an object gets the mean of what its pixels are given. OL-RC: the residual, interpolated, is averaged over each object's
5 % of pixels with the largest OHI / d (the share of the object in the surroundings, d from 1 at the coarse pixel's
centre), and added to the object. PL-RC: what is left is averaged over the similar pixels, and added.

Objects are connected pixels of one class (objects.py), in place of the source's segmentation. They end at the sides of
fixed tiles, so all this is done on two sets of tiles, half a tile apart, and the mean is taken. Residuals are those of
the change, C_p - C_k less the mean change of the prediction, so that a difference between sensors is no residual.

Guo, H., Ye, D., Xu, H., Bruzzone, L. (2024): OBSUM: an object-based spatial unmixing model for spatiotemporal fusion of
remote sensing images. Remote Sensing of Environment. 10.1016/j.rse.2024.114046
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .blend import AROUND, OnePairMethod
from .cells import CellMap, cells_pass
from .classes import bounded_fit, classes_pass, classify, shares
from .images import CUBIC, NEAREST, TARGET, Cells, box_extremes, box_sums, cell_means, fine_image, grown, on_cells
from .kernels import similar_means
from .objects import HALO, MARGIN, SIDE, Objects, objects, tiles
from .pairs import coarse, fine
from .statistics import STATISTICS, cut

_SHARE_OF_OBJECT = 0.05
# How many cells' weight draws a class's change to the mean change around: classes that are hardly there get that.
_RIDGE = 0.1
_ROWS = 32
# area -> the change of its pixels, and where they are valid.
Prediction = Callable[[Window], tuple[Array, Array]]
# How far the tiles of each set are shifted.
_SHIFTS = (0, SIDE // 2)


class Obsum(OnePairMethod):
    """Object-based spatial unmixing."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        side = int(parameters["UNMIXING_WINDOW"])
        if side % 2 == 0:
            raise InputError(f"UNMIXING_WINDOW must be odd, so that it has a middle, not {side}.")
        self._radius = side // 2
        self._classes = int(parameters["CLASSES"])
        self._similar = int(parameters["SIMILAR_PIXELS"])
        self._cell = math.ceil(self.geometry.largest)

    def halo(self) -> dict[str, int]:
        """Return the window's reach, and the tiles of objects that it touches."""
        return self.halos(self.reach + HALO, AROUND + 1)

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes of the moments, classes, class changes and both residuals."""
        found = list(super().passes())
        for pair in self.pairs:
            found.append(classes_pass(fine(pair), self._classes))
            for shift in _SHIFTS:
                shares_there = partial(self._shares, shift=shift)
                left_there = partial(self._left_by_unmixing, shift=shift)
                found.append(self._pass(f"unmixed_{pair}_{shift}", pair, shares_there, self._unmix))
                found.append(self._pass(f"objects_{pair}_{shift}", pair, left_there, self._kept))
            found.append(self._pass(f"pixels_{pair}", pair, self._left_by_objects, self._kept))
        return tuple(found)

    def _pass(
        self,
        name: str,
        pair: int,
        gather: Callable[[int, Blocks, State, Window, Cells], tuple[Array, Array]],
        finish: Callable[[CellMap, State], CellMap],
    ) -> Pass:
        """Return a pass over the cells that reads one pair and the target."""
        roles = (fine(pair), coarse(pair), TARGET)
        halo = self.halos(self._cell + HALO + 1, 1)
        return cells_pass(
            name, roles, self.geometry, {role: halo[role] for role in roles}, partial(gather, pair), finish
        )

    def _shares(
        self, pair: int, blocks: Blocks, state: State, window: Window, cells: Cells, shift: int
    ) -> tuple[Array, Array]:
        """Return the shares of the objects' classes and the coarse change of each cell."""
        area = cells.area(window)
        whole, _, valid = self._objects(blocks, state, area, pair, shift)
        part = _part(whole.area, area)
        means, known = cell_means(shares(whole.classes[part], valid[part], self._classes), valid[part], area, cells)
        before, before_known = on_cells(blocks, coarse(pair), cells, window)
        after, after_known = on_cells(blocks, TARGET, cells, window)
        return np.concatenate([means, after - before]), known & before_known & after_known

    def _unmix(self, found: CellMap, state: State) -> CellMap:
        """Return layers: the change of each class and band around each cell, then the coarse change."""
        share, change = found.layers[: self._classes], found.layers[self._classes :]
        rows = found.known.shape[0]
        solved = np.zeros((self._classes * self.bands, *found.known.shape), np.float32)
        for top in range(0, rows, _ROWS):
            first, last = max(top - self._radius, 0), min(top + _ROWS + self._radius, rows)
            part = self._unmixed(share[:, first:last], change[:, first:last], found.known[first:last])
            solved[:, top : top + _ROWS] = part[:, top - first : top - first + min(_ROWS, rows - top)]
        return found.with_layers(np.concatenate([solved, change]))

    def _unmixed(self, share: Array, change: Array, known: Array) -> Array:
        """Return the class changes (classes x bands, rows, columns) around each cell."""
        count, bands, shape = self._classes, self.bands, known.shape
        gram = box_sums((share[:, None] * share[None]).reshape(count * count, *shape), self._radius)
        moment = box_sums((share[:, None] * change[None]).reshape(count * bands, *shape), self._radius)
        number = np.maximum(box_sums(known[None].astype(np.float64), self._radius), 1)
        mean = box_sums(change, self._radius) / number
        low, high = box_extremes(change, known, self._radius)
        some = np.isfinite(low)
        low, high = np.where(some, low, 0), np.where(some, high, 0)
        flat_low, flat_high, flat_mean = (layer.reshape(bands, -1).T[:, None] for layer in (low, high, mean))
        solved = bounded_fit(
            gram.reshape(count, count, -1).transpose(2, 0, 1),
            moment.reshape(count, bands, -1).transpose(2, 0, 1),
            flat_low,
            flat_high,
            flat_mean,
            _RIDGE,
        )
        return solved.transpose(1, 2, 0).reshape(count * bands, *shape).astype(np.float32)

    def _objects(
        self, blocks: Blocks, state: State, area: Window, pair: int, shift: int
    ) -> tuple[Objects, Array, Array]:
        """Return the objects of the tiles that an area touches, with the fine image and its mask there."""
        whole = tiles(area, shift)
        image, valid = fine_image(blocks, fine(pair), grown(whole, MARGIN))
        labels = classify(image, state["classes_" + fine(pair)])
        inside = (slice(MARGIN, -MARGIN),) * 2
        image = np.ascontiguousarray(cut(image, inside))
        return objects(labels, valid, image, whole, shift=shift), image, valid[inside]

    def _limits(self, state: State, pair: int) -> tuple[Array, Array]:
        """Return the least and largest value of each band that a prediction may have."""
        seen = [state[STATISTICS][role] for role in (fine(pair), TARGET)]
        low = np.minimum(seen[0].low, seen[1].low).astype(np.float32)[:, None, None]
        high = np.maximum(seen[0].high, seen[1].high).astype(np.float32)[:, None, None]
        return low, high

    def _by_unmixing(
        self, blocks: Blocks, state: State, area: Window, pair: int, shift: int
    ) -> tuple[Objects, Array, Array, Array]:
        """Return the objects around an area, F, its mask and the prediction OL-U, all on whole tiles."""
        whole, image, valid = self._objects(blocks, state, area, pair, shift)
        unmixed: CellMap = state[f"unmixed_{pair}_{shift}"]
        change = np.zeros_like(image)
        known = np.zeros(valid.shape, bool)
        for place in range(self._classes):
            layers = slice(place * self.bands, (place + 1) * self.bands)
            given, known = unmixed.onto(whole.area, NEAREST, layers)
            np.copyto(change, given, where=whole.classes == place)
        weight = (valid & known).astype(np.float32)
        prediction = image + object_means(change, weight, whole)
        return whole, image, valid, np.clip(prediction, *self._limits(state, pair))

    def _by_objects(
        self, blocks: Blocks, state: State, area: Window, pair: int, shift: int
    ) -> tuple[Objects, Array, Array, Array]:
        """Return the same after OL-RC."""
        whole, image, valid, prediction = self._by_unmixing(blocks, state, area, pair, shift)
        left: CellMap = state[f"objects_{pair}_{shift}"]
        residual, known = left.onto(whole.area, CUBIC)
        index = self._index(whole, left.cells)
        index *= valid & known
        weight = best_of_objects(index, whole, _SHARE_OF_OBJECT)
        prediction = prediction + object_means(residual, weight, whole)
        return whole, image, valid, np.clip(prediction, *self._limits(state, pair))

    def _index(self, whole: Objects, cells: Cells) -> Array:
        """Return OHI / d of each pixel."""
        radius = self._cell // 2
        labels = np.pad(whole.labels, radius, constant_values=-1)
        shape = whole.labels.shape
        same = np.zeros(shape, np.int32)
        for down in range(2 * radius + 1):
            for right in range(2 * radius + 1):
                same += labels[down : down + shape[0], right : right + shape[1]] == whole.labels
        area, away = whole.area, []
        for axis, start, count in (
            (cells.row_axis, area.row, area.rows),
            (cells.column_axis, area.column, area.columns),
        ):
            place = axis.origin + axis.scale * (np.arange(start, start + count) + 0.5)
            away.append(np.abs(place - np.floor(place) - 0.5) * 2)
        distance = 1 + np.hypot(away[0][:, None], away[1][None])
        return np.asarray(same / (distance * (2 * radius + 1) ** 2), np.float32)

    def _left(
        self, blocks: Blocks, state: State, window: Window, cells: Cells, pair: int, prediction: Prediction
    ) -> tuple[Array, Array]:
        """Return what the mean change of a prediction leaves of the coarse change of each cell."""
        area = cells.area(window)
        change, valid = prediction(area)
        means, known = cell_means(np.where(valid, change, 0), valid, area, cells)
        unmixed: CellMap = state[f"unmixed_{pair}_0"]
        top, left = cells.row - unmixed.cells.row, cells.column - unmixed.cells.column
        here = (slice(top, top + cells.rows), slice(left, left + cells.columns))
        return cut(unmixed.layers[-self.bands :], here) - means, known & unmixed.known[here]

    def _left_by_unmixing(
        self, pair: int, blocks: Blocks, state: State, window: Window, cells: Cells, shift: int
    ) -> tuple[Array, Array]:
        def prediction(area: Window) -> tuple[Array, Array]:
            return _change(self._by_unmixing(blocks, state, area, pair, shift), area)

        return self._left(blocks, state, window, cells, pair, prediction)

    def _left_by_objects(
        self, pair: int, blocks: Blocks, state: State, window: Window, cells: Cells
    ) -> tuple[Array, Array]:
        def prediction(area: Window) -> tuple[Array, Array]:
            return self._mean_change(blocks, state, area, pair)

        return self._left(blocks, state, window, cells, pair, prediction)

    def _mean_change(self, blocks: Blocks, state: State, area: Window, pair: int) -> tuple[Array, Array]:
        """Return the mean over both sets of tiles of the change of the objects, and where F is valid."""
        found = [_change(self._by_objects(blocks, state, area, pair, shift), area) for shift in _SHIFTS]
        change: Array = np.mean([change for change, _ in found], axis=0, dtype=np.float32)
        return change, found[0][1]

    @staticmethod
    def _kept(found: CellMap, state: State) -> CellMap:
        return found

    def predict(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Predict for objects, and correct by pixels."""
        near = grown(window, self.reach)
        change, _ = self._mean_change(blocks, state, window, pair)
        image, valid = fine_image(blocks, fine(pair), near)
        prediction = cut(image, self.inner(window)) + change
        left: CellMap = state[f"pixels_{pair}"]
        residual, known = left.onto(near, CUBIC)
        means, both = similar_means(self.kernels, image, residual, valid & known, window, self.reach, self._similar)
        return np.clip(prediction + means, *self._limits(state, pair)), both


def _change(found: tuple[Objects, Array, Array, Array], area: Window) -> tuple[Array, Array]:
    """Return the change of the pixels of an area from F, and where F is valid; of a prediction on whole tiles."""
    whole, image, valid, prediction = found
    part = _part(whole.area, area)
    return cut(prediction, part) - cut(image, part), valid[part]


def _part(whole: Window, area: Window) -> tuple[slice, slice]:
    """Return where an area lies in a larger one."""
    top, left = area.row - whole.row, area.column - whole.column
    return slice(top, top + area.rows), slice(left, left + area.columns)


def object_means(layers: Array, weight: Array, whole: Objects) -> Array:
    """Return, at each pixel, the weighted mean of (layers, rows, columns) over its object; 0 without weight."""
    labels = whole.labels.ravel()
    flat = weight.ravel().astype(np.float64)
    total = np.bincount(labels, flat, whole.count)
    scale = 1 / np.where(total > 0, total, 1)
    means = [np.bincount(labels, flat * layer.ravel(), whole.count) * scale for layer in layers]
    return np.stack(means).astype(np.float32)[:, whole.labels]


def best_of_objects(index: Array, whole: Objects, share: float) -> Array:
    """Return the index where it is among the object's largest `share` of pixels (at least one), 0 elsewhere.

    Of equal ones the first in reading order is taken.
    """
    labels = whole.labels.ravel()
    order = np.lexsort((-index.ravel(), labels))
    sizes = np.bincount(labels, index.ravel() > 0, whole.count)
    starts = np.concatenate([[0], np.cumsum(np.bincount(labels, minlength=whole.count))[:-1]])
    rank = np.arange(len(order)) - starts[labels[order]]
    taken = order[rank < np.ceil(share * sizes)[labels[order]]]
    weight = np.zeros(index.size, np.float32)
    weight[taken] = index.ravel()[taken]
    return weight.reshape(index.shape)
