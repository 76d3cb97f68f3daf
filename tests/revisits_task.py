"""Simple methods for the tasks with revisits: what the pipeline gives a method can be read from their results.

`first` shows, for each target pixel, the nearest pixel of the first revisit that is valid there; `mean` the mean of
all. `WEIGHT` counts the valid ones. A pass keeps, for each revisit in the order given, the mean of its valid pixels.
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from satfusion_qgis.catalogue import CATALOGUE, SATFUSION, SUPER_RESOLUTION, Catalogue
from satfusion_qgis.tasks.method import Array, Blocks, Implementation, Method, Pass, State
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window

_OF_MEDIAN = CATALOGUE.method(SUPER_RESOLUTION.id, "median").parameters


def _method(name: str, task: str, ratio: bool) -> Method:
    return Method(
        id=name,
        title=name.capitalize(),
        task=task,
        summary=f"The {name} of the revisits.",
        citation="Nobody (2026): A toy.",
        implementation=f"revisits_task:{name.capitalize()}",
        parameters=tuple(item for item in _OF_MEDIAN if ratio or item.name != "RATIO"),
    )


_TASKS = (SUPER_RESOLUTION, SATFUSION)
METHODS = tuple(_method(name, task.id, task is SUPER_RESOLUTION) for task in _TASKS for name in ("first", "mean"))
REVISITS_CATALOGUE = Catalogue(tasks=_TASKS, methods=METHODS, package="tests")


class First(Implementation):
    """Shows the first valid revisit of each pixel."""

    def halo(self) -> dict[str, int]:
        """One pixel, for windows must not show."""
        return {"REVISITS": 1}

    def output_bands(self) -> dict[str, list[str]]:
        """The weight's only band."""
        return {"WEIGHT": ["revisits"]}

    def passes(self) -> tuple[Pass, ...]:
        """The mean of each revisit's first band."""
        return (Pass("means", ("REVISITS",), {}, _sums, lambda a, b: a + b, _means),)

    def describe(self, state: State) -> list[str]:
        """The means, for the log."""
        return [f"Means: {state['means']}"]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Show the nearest pixels."""
        placed = window.blocks["REVISITS"]
        assert isinstance(placed, tuple)
        images = [
            _nearest(image, valid, block, window)
            for image, valid, block in zip(blocks["REVISITS"], blocks["REVISITS_valid"], placed)
        ]
        count = np.sum([known for _, known in images], axis=0).astype(np.float32)
        return {"OUTPUT": self.merged(images), "OUTPUT_valid": count > 0, "WEIGHT": count[None], "WEIGHT_valid": None}

    def merged(self, images: list[tuple[Array, Array]]) -> Array:
        """The result of (values, validity) of each revisit."""
        shown = np.zeros_like(images[0][0])
        for values, known in reversed(images):
            shown = np.where(known, values, shown)
        return shown


class Mean(First):
    """Shows the mean of the valid revisits."""

    def merged(self, images: list[tuple[Array, Array]]) -> Array:
        """The result of (values, validity) of each revisit."""
        total = np.sum([values * known for values, known in images], axis=0)
        mean: Array = total / np.maximum(np.sum([known for _, known in images], axis=0), 1)
        return mean.astype(np.float32)


def _sums(blocks: Blocks, window: Window, state: State) -> Array:
    sums = np.zeros((len(blocks["REVISITS"]), 2))
    for item, (image, valid) in enumerate(zip(blocks["REVISITS"], blocks["REVISITS_valid"])):
        placed: BlockWindow = window.blocks["REVISITS"][item]  # type: ignore[index]
        rows = _owned(placed.row_axis, window.row, window.rows, placed.row)
        columns = _owned(placed.column_axis, window.column, window.columns, placed.column)
        values = image[0][rows, columns].astype(np.float64)
        known = np.ones(values.shape, np.bool_) if valid is None else valid[rows, columns]
        sums[item] = values[known].sum(), known.sum()
    return sums


def _means(sums: Optional[Array], state: State) -> list[Any]:
    return [] if sums is None else [round(float(total / max(count, 1)), 4) for total, count in sums]


def _owned(axis: Axis, start: int, length: int, first: int) -> slice:
    begin, end = axis.owned(start, start + length)
    return slice(max(begin - first, 0), max(end - first, 0))


def _nearest(image: Array, valid: Optional[Array], block: BlockWindow, window: Window) -> tuple[Array, Array]:
    """Values and validity of the pixels nearest to the window's."""
    rows, rows_in = _places(block.row_axis, window.row, window.rows, block.row, block.rows)
    columns, columns_in = _places(block.column_axis, window.column, window.columns, block.column, block.columns)
    known = rows_in[:, None] & columns_in[None, :]
    if valid is not None:
        known = known & valid[rows[:, None], columns[None, :]]
    return image[:, rows[:, None], columns[None, :]], known


def _places(axis: Axis, start: int, length: int, first: int, available: int) -> tuple[Array, Array]:
    found = np.floor(np.array([axis.sample(start + place) for place in range(length)]) + 0.5 + 1e-9).astype(int) - first
    inside = (found >= 0) & (found < available)
    return np.clip(found, 0, available - 1), inside
