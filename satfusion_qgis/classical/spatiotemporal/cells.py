"""Passes that gather something of every coarse cell, and give the whole grid of cells as arrays.

A cell belongs to the window that its centre lies in. The arrays are a ratio's square smaller than the image: 60 MB for
10,000 x 10,000 pixels of 6 bands at a ratio of 16.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, State
from ...tasks.window import Window
from .images import Cells, Geometry, from_cells

# (blocks, state, window, cells) -> layers (layers, cell rows, cell columns) float32, and where they are known.
Gather = Callable[[Blocks, State, Window, Cells], tuple[Array, Array]]


@dataclass(frozen=True)
class CellMap:
    """Layers of the scene's cells.

    Attributes:
        layers: float32 (layers, cell rows, cell columns); 0 where unknown.
        known: bool (cell rows, cell columns).
        cells: The cells, whole.
    """

    layers: Array
    known: Array
    cells: Cells

    def onto(self, area: Window, how: str, layers: slice = slice(None)) -> tuple[Array, Array]:
        """Return layers on the target pixels of `area`: float32 (layers, rows, columns), and where they are known."""
        return from_cells(self.layers[layers], self.known, self.cells, area, how)

    def with_layers(self, layers: Array) -> CellMap:
        """Return other layers of the same cells."""
        return replace(self, layers=np.where(self.known, layers, 0).astype(np.float32))


def cells_pass(
    name: str,
    roles: tuple[str, ...],
    geometry: Geometry,
    halo: Mapping[str, int],
    gather: Gather,
    finish: Callable[[CellMap, State], Any],
) -> Pass:
    """Return a pass over all cells.

    Args:
        name: Key in the state.
        roles: Images that are read.
        geometry: The cells.
        halo: Pixels of each role around a window.
        gather: Gives the layers of a window's cells.
        finish: Makes the result of the whole map.
    """

    def add(blocks: Blocks, window: Window, state: State) -> Any:
        cells = geometry.owned(window)
        if not cells.rows or not cells.columns:
            return None
        layers, known = gather(blocks, state, window, cells)
        return [(cells, np.asarray(layers, np.float32), known)]

    def merge(one: list[Any], other: list[Any]) -> list[Any]:
        return one + other

    def done(found: Optional[list[Any]], state: State) -> Any:
        if not found or not any(known.any() for _, _, known in found):
            raise InputError(f"{', '.join(roles)} have no valid coarse pixel in common: check their extents and masks.")
        top, left = min(one.row for one, _, _ in found), min(one.column for one, _, _ in found)
        bottom = max(one.row + one.rows for one, _, _ in found)
        right = max(one.column + one.columns for one, _, _ in found)
        whole = replace(found[0][0], row=top, column=left, rows=bottom - top, columns=right - left)
        layers = np.zeros((len(found[0][1]), whole.rows, whole.columns), np.float32)
        known = np.zeros((whole.rows, whole.columns), bool)
        for cells, values, valid in found:
            rows = slice(cells.row - top, cells.row - top + cells.rows)
            columns = slice(cells.column - left, cells.column - left + cells.columns)
            layers[:, rows, columns], known[rows, columns] = np.where(valid, values, 0), valid
        return finish(CellMap(layers, known, whole), state)

    return Pass(name, roles, halo, add, merge, done)
