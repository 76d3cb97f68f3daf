"""Geometry that a method sees: which pixels a window covers, and where its inputs lie on the target grid.

All of it is axis by axis: inputs whose axes are not parallel to the target grid's are warped before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union

from .errors import Cancelled


@dataclass(frozen=True)
class Axis:
    """Where one axis of an input grid lies on the same axis of the target grid.

    An input edge coordinate is `origin + scale * t` for the target edge coordinate `t` (both count
    pixels from the first pixel's outer edge). `scale` is input pixels per target pixel: 0.25 for an
    MS image four times coarser than the target grid. `size` is the input's length in pixels.
    """

    origin: float
    scale: float
    size: int

    def sample(self, index: float) -> float:
        """Return the input sample index (0-based, of centres) at the centre of target pixel `index`."""
        return self.origin + self.scale * (index + 0.5) - 0.5

    def target(self, sample: float) -> float:
        """Return the target sample index (0-based, of centres) at the centre of input pixel `sample`."""
        return (sample + 0.5 - self.origin) / self.scale - 0.5

    def owned(self, start: int, stop: int) -> tuple[int, int]:
        """Return the input pixels [first, last) whose centres lie in the target pixels [start, stop).

        Adjoining target windows own adjoining input pixels: none twice, none left out.
        """
        first = math.ceil(self.origin + self.scale * start - 0.5 - 1e-9)
        last = math.ceil(self.origin + self.scale * stop - 0.5 - 1e-9)
        return min(max(first, 0), self.size), min(max(last, 0), self.size)

    def cover(self, start: int, stop: int, halo: int) -> tuple[int, int]:
        """Return the input pixels [first, last) that touch target pixels [start, stop), and `halo` more a side.

        At least one pixel is returned, also where the target lies outside the input.
        """
        first = math.floor(self.origin + self.scale * start + 1e-9) - halo
        last = math.ceil(self.origin + self.scale * stop - 1e-9) + halo
        first = min(max(first, 0), self.size - 1)
        return first, max(min(max(last, 0), self.size), first + 1)


@dataclass(frozen=True)
class BlockWindow:
    """The part of one input that comes with a window.

    Attributes:
        row: First row of the block in the input's grid.
        column: First column of the block in the input's grid.
        rows: Number of rows.
        columns: Number of columns.
        row_axis: Where the input's rows lie on the target grid.
        column_axis: Where the input's columns lie on the target grid.
    """

    row: int
    column: int
    rows: int
    columns: int
    row_axis: Axis
    column_axis: Axis


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Window:
    """A rectangle of the target grid, with the blocks that belong to it.

    Attributes:
        row: First target row.
        column: First target column.
        rows: Number of target rows.
        columns: Number of target columns.
        blocks: For each role, its block; a tuple of blocks for a role that takes a list.
        cancelled: Tells whether the user has cancelled.
    """

    row: int
    column: int
    rows: int
    columns: int
    blocks: Mapping[str, Union[BlockWindow, tuple[BlockWindow, ...]]]
    cancelled: Callable[[], bool] = field(default=_never, compare=False, repr=False)

    def block(self, role: str) -> BlockWindow:
        """Return the only block of `role`."""
        block = self.blocks[role]
        return block[0] if isinstance(block, tuple) else block

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` once the user has cancelled; called now and then inside long windows."""
        if self.cancelled():
            raise Cancelled
