"""A task of its own kind, as a check that tasks are data: dated images in, a class map and a table out.

Each pixel's class is 1 more than the number of dates on which it is brighter than a multiple of the mean of
the scene, which a pass over the whole scene finds first. The images may lie on any grid; `LIKE` gives the
grid of the result.
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from satfusion_qgis.catalogue import Catalogue
from satfusion_qgis.tasks.method import Array, Blocks, Implementation, Method, Pass, State
from satfusion_qgis.tasks.parameters import Parameter
from satfusion_qgis.tasks.task import OutputSpec, Role, Task
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window

TOY = Task(
    id="brightdays",
    title="Bright days",
    verb="count",
    roles=(
        Role("SERIES", "Dated images", "Images of the same place on several dates.", max_items=None, dated=True),
        Role("LIKE", "Grid", "The image whose grid the result has.", single_band=True),
    ),
    outputs=(
        OutputSpec("OUTPUT", "classes", "Bright days", "1 more than the number of dates on which a pixel is bright."),
        OutputSpec("TABLE", "table", "Means", "The mean of each date."),
    ),
    grid_of="LIKE",
)

TOY_METHOD = Method(
    id="threshold",
    title="Threshold",
    task="brightdays",
    summary="Counts the dates on which a pixel is brighter than a multiple of the mean of all dates.",
    citation="Nobody (2026): A toy.",
    implementation="toy_task:Threshold",
    parameters=(
        Parameter("FACTOR", "Factor", "number", 1.0, "How many times the mean is bright.", minimum=0.0, maximum=10.0),
    ),
)

TOY_CATALOGUE = Catalogue(tasks=(TOY,), methods=(TOY_METHOD,), package="tests")


class Threshold(Implementation):
    """Counts bright dates."""

    def passes(self) -> tuple[Pass, ...]:
        """One pass for the mean of each date."""
        return (Pass("means", ("SERIES",), {}, self._add, _merge, self._finish),)

    def tables(self, state: State) -> dict[str, list[dict[str, Any]]]:
        """The mean of each date, with the date's distance from the target date."""
        days = self.scene.days["SERIES"]
        return {"TABLE": [{"days": int(day), "mean": mean} for day, mean in zip(days, state["means"]["each"])]}

    def output_bands(self) -> dict[str, list[str]]:
        """One band of classes."""
        return {"OUTPUT": ["bright days"]}

    def describe(self, state: State) -> list[str]:
        """The threshold, for the log."""
        return [f"Bright is above {self._threshold(state):.3f}."]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Count, for each target pixel, the dates on which the nearest image pixel is bright."""
        count = np.ones((window.rows, window.columns), np.float32)  # class 0 is nodata
        seen = np.zeros((window.rows, window.columns), np.bool_)
        for item, (image, valid) in enumerate(zip(blocks["SERIES"], blocks["SERIES_valid"])):
            placed: BlockWindow = window.blocks["SERIES"][item]  # type: ignore[index]
            rows = _nearest(placed.row_axis, window.row, window.rows, placed.row, placed.rows)
            columns = _nearest(placed.column_axis, window.column, window.columns, placed.column, placed.columns)
            known = np.ones(image.shape[1:], np.bool_) if valid is None else valid
            usable = known[rows[:, None], columns[None, :]]
            bright = image[0][rows[:, None], columns[None, :]] > self._threshold(state)
            count += bright & usable
            seen |= usable
        return {"OUTPUT": count[None], "OUTPUT_valid": seen}

    def _threshold(self, state: State) -> float:
        return float(self.parameters["FACTOR"] * state["means"]["all"])

    def _add(self, blocks: Blocks, window: Window, state: State) -> Optional[Array]:
        sums = np.zeros((len(blocks["SERIES"]), 2))
        for item, (image, valid) in enumerate(zip(blocks["SERIES"], blocks["SERIES_valid"])):
            placed: BlockWindow = window.blocks["SERIES"][item]  # type: ignore[index]
            rows = _owned(placed.row_axis, window.row, window.rows, placed.row)
            columns = _owned(placed.column_axis, window.column, window.columns, placed.column)
            values = image[0][rows, columns].astype(np.float64)
            known = np.ones(values.shape, np.bool_) if valid is None else valid[rows, columns]
            sums[item] = values[known].sum(), known.sum()
        return sums

    def _finish(self, sums: Optional[Array], state: State) -> dict[str, Any]:
        if sums is None:
            return {"each": [], "all": 0.0}
        counts = np.maximum(sums[:, 1], 1)
        return {
            "each": [float(mean) for mean in sums[:, 0] / counts],
            "all": float(sums[:, 0].sum() / counts.sum()),
        }


def _merge(first: Array, second: Array) -> Array:
    return np.asarray(first + second)


def _nearest(axis: Axis, start: int, length: int, first: int, available: int) -> Array:
    """Indices into a block of the pixels nearest to target pixels."""
    samples = np.array([axis.sample(start + place) for place in range(length)])
    return np.clip(np.floor(samples + 0.5 + 1e-9).astype(int) - first, 0, available - 1)


def _owned(axis: Axis, start: int, length: int, first: int) -> slice:
    """The block's pixels that belong to this window and to no other."""
    begin, end = axis.owned(start, start + length)
    return slice(begin - first, end - first)
