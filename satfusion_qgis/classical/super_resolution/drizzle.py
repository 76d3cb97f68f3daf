"""Drizzle: every pixel, shrunken around its centre, drops onto the fine grid and counts by the area it covers there.

Fruchter, A. S., Hook, R. N. (2002): Drizzle: a method for the linear reconstruction of undersampled images.
10.1086/338393. A fine pixel is the mean of the drops on it, weighted by area and by how much each observation counts:
I = sum a w d / sum a w. The published factor s^2 turns counts into counts of smaller pixels; values here are radiances
or reflectances, which do not depend on the pixel's size, so it is left out. The sum of area, weight and value over all
fine pixels is that over all drops: brightness is conserved. Pixels that no drop reaches are interpolated.
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
    Part,
    filled,
    grid_around,
    overlapped_cells,
    parts_in,
    positions,
    splat,
)

PIXEL_FRACTION = 0.8


class Drizzle(RevisitsMethod):
    """The mean of the drops on each fine pixel. WEIGHT is the sum of their areas, in fine pixels, times weights."""

    reach = 4

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._fraction = float(parameters.get("PIXEL_FRACTION", PIXEL_FRACTION))

    def output_bands(self) -> dict[str, list[str]]:
        """Return the name of the band of WEIGHT."""
        return {"WEIGHT": [WEIGHT]}

    def describe(self, state: State) -> list[str]:
        """Return the size of the drops beside what is said of the revisits."""
        size = self._fraction * max(self.ratio)
        least = f"; at least 1, instead of {size:.3g}" if size < 1 else ""
        return [*super().describe(state), f"Drops of {max(size, 1.0):.3g} fine pixels{least}"]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute one window."""
        seen = self.observations(blocks, state, window)
        grid = grid_around(window, self.ratio, FILL_REACH)
        size = (grid.rows, grid.columns)
        weight = np.zeros(size, np.float32)
        sums = np.zeros((len(seen.images[0]), *size), np.float32)
        for part in parts_in(seen, grid):
            window.raise_if_cancelled()
            places = positions(part, grid)
            rows, columns = (overlapped_cells(place, width) for place, width in zip(places, self._widths(part)))
            weight += splat(part.weight[None], rows, columns, size)[0]
            sums += splat(part.image * part.weight, rows, columns, size)
        top, left = grid.inside(window)
        outputs = {
            "OUTPUT": np.ascontiguousarray(filled(sums, weight, self.ratio)[:, top, left]),
            "WEIGHT": np.ascontiguousarray(weight[None, top, left]),
        }
        valid = self.valid(seen)
        if valid is not None:
            outputs["OUTPUT_valid"] = outputs["WEIGHT_valid"] = valid
        return outputs

    def _widths(self, part: Part) -> tuple[float, float]:
        """Return the height and width of a part's drops in fine pixels: never less than one."""
        axes = part.block.row_axis, part.block.column_axis
        return max(self._fraction / axes[0].scale, 1.0), max(self._fraction / axes[1].scale, 1.0)
