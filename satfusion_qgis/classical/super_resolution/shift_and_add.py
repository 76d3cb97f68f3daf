"""Shift-and-add: observations go to the cells of the fine grid beside them; a cell has the mean of its own.

Farsiu, S., Robinson, M. D., Elad, M., Milanfar, P. (2004): Fast and robust multiframe super resolution.
10.1109/TIP.2004.834669, whose median of a cell is the best estimate under the L1 norm. Cells without an observation
are interpolated by normalised convolution (Knutsson and Westin 1993, 10.1109/CVPR.1993.341081). An observation is
shared between the two cells beside it along each axis by nearness, not rounded to one of them: nothing is displaced,
as all of an unmoved revisit would be at an even ratio. The sensor's blur stays in the image.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.method import Array, Blocks, SceneInfo, State
from ...tasks.window import Window
from .revisits import RevisitsMethod
from .samples import (
    FILL_REACH,
    WEIGHT,
    Grid,
    Part,
    adjacent_cells,
    filled,
    grid_around,
    parts_in,
    positions,
    splat,
    weighted_median,
)

_STRIP = 64
_ENOUGH = 0.7  # observations in a cell, by nearness, that need no others around
_TINY = np.float32(1e-30)


class ShiftAndAdd(RevisitsMethod):
    """The mean, or the median, of the observations in each cell. WEIGHT is the sum of their weights."""

    reach = 4

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._median = parameters.get("STATISTIC", "mean") == "median"

    def output_bands(self) -> dict[str, list[str]]:
        """Return the name of the band of WEIGHT."""
        return {"WEIGHT": [WEIGHT]}

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute one window."""
        seen = self.observations(blocks, state, window)
        grid = grid_around(window, self.ratio, FILL_REACH)
        parts = parts_in(seen, grid)
        weight = np.zeros((grid.rows, grid.columns), np.float32)
        sums = np.zeros((len(seen.images[0]), grid.rows, grid.columns), np.float32)
        for part in parts:
            window.raise_if_cancelled()
            counts = _placed(part.weight[None], part, grid)
            weight += counts[0]
            if not self._median:
                sums += _placed(part.image * part.weight, part, grid)
        if self._median:
            _add_medians(parts, grid, weight, sums, window)
        rows, columns = grid.inside(window)
        outputs = {
            "OUTPUT": np.ascontiguousarray(filled(sums, weight, self.ratio, _ENOUGH)[:, rows, columns]),
            "WEIGHT": np.ascontiguousarray(weight[None, rows, columns]),
        }
        valid = self.valid(seen)
        if valid is not None:
            outputs["OUTPUT_valid"] = outputs["WEIGHT_valid"] = valid
        return outputs


def _placed(image: Array, part: Part, grid: Grid) -> Array:
    """Return an image of a part's size in the cells it falls into."""
    rows, columns = positions(part, grid)
    return splat(image, adjacent_cells(rows), adjacent_cells(columns), (grid.rows, grid.columns))


def _add_medians(parts: list[Part], grid: Grid, total: Array, sums: Array, window: Window) -> None:
    """Add the median of each cell times its weight to `sums`, band by band and some rows at a time."""
    if not parts:
        return
    weights = np.stack([_placed(part.weight[None], part, grid)[0] for part in parts])
    for band in range(len(sums)):
        placed = (_placed(part.image[band : band + 1] * part.weight, part, grid)[0] for part in parts)
        values = np.stack([one / np.maximum(weight, _TINY) for one, weight in zip(placed, weights)])
        for top in range(0, grid.rows, _STRIP):
            window.raise_if_cancelled()
            rows = slice(top, top + _STRIP)
            sums[band, rows] = weighted_median(values[:, rows], weights[:, rows]) * total[rows]
