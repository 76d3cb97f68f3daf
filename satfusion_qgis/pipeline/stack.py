"""Images of one scene, in memory or in files, with the scene-wide passes and windows of a run, but without its outputs.

A run (`pipeline.execute`) writes rasters. What training patches are made of is wanted as arrays, window by window: the
passes go over the same windows here, merged in the same order, so they find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, Protocol

import numpy as np

from ..raster.windows import split, spread
from ..tasks.method import Array, Pass, SceneInfo, State
from ..tasks.window import Axis, BlockWindow, Window
from .plan import _pass_window

REVISITS, PAN = "REVISITS", "PAN"
Place = tuple[int, int, int, int]


class Readable(Protocol):
    """An image of which parts can be read, such as `raster.reader.Reader`."""

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Array, Optional[Array]]:
        """Return float32 (bands, rows, columns), 0 where invalid, and bool (rows, columns) or None for all valid."""


class Held:
    """An image in memory.

    Args:
        values: (bands, rows, columns).
        valid: bool (rows, columns), or None where all are valid.
    """

    def __init__(self, values: Array, valid: Optional[Array] = None) -> None:
        self.values = np.asarray(values, np.float32)
        self.valid = None if valid is None or np.all(valid) else np.asarray(valid, bool)
        if self.valid is not None:
            self.values = np.where(self.valid, self.values, np.float32(0))

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Array, Optional[Array]]:
        """Return a part of it; see `Readable`."""
        inside = np.s_[..., row : row + rows, column : column + columns]
        values = np.ascontiguousarray(self.values[inside])
        valid = None if self.valid is None else np.ascontiguousarray(self.valid[inside])
        return values, (None if valid is None or valid.all() else valid)


@dataclass(frozen=True)
class Image:
    """An image, and where it lies on the target grid by its georeferencing."""

    data: Readable
    rows: Axis
    columns: Axis


@dataclass(frozen=True)
class Stack:
    """Revisits of one scene, the reference first, and its PAN where there is one.

    Attributes:
        revisits: The revisits.
        rows: Rows of the target grid.
        columns: Columns of the target grid.
        bands: Number of their bands.
        pan: The PAN, or None.
        names: Names of their bands.
        wavelengths_nm: Centre wavelengths of the bands; empty where they are not known.
        days: Days from the reference; empty where dates are not known.
        cancelled: Tells whether the user has cancelled.
    """

    revisits: tuple[Image, ...]
    rows: int
    columns: int
    bands: int
    pan: Optional[Image] = None
    names: tuple[str, ...] = ()
    wavelengths_nm: tuple[float, ...] = ()
    days: tuple[int, ...] = ()
    cancelled: Callable[[], bool] = field(default=lambda: False, compare=False)

    def info(self) -> SceneInfo:
        """Return what a method is told of the scene."""
        first = self.revisits[0]
        pan = {} if self.pan is None else {PAN: (1 / self.pan.rows.scale, 1 / self.pan.columns.scale)}
        return SceneInfo(
            bands={REVISITS: self.bands, **dict.fromkeys(pan, 1)},
            items={REVISITS: len(self.revisits), **dict.fromkeys(pan, 1)},
            ratio={REVISITS: (1 / first.rows.scale, 1 / first.columns.scale), **pan},
            band_names={REVISITS: self.names} if self.names else {},
            wavelengths_nm={REVISITS: self.wavelengths_nm} if self.wavelengths_nm else {},
            days={REVISITS: self.days} if self.days else {},
        )

    def state(self, passes: Sequence[Pass]) -> State:
        """Return what scene-wide passes find."""
        found: State = {}
        bands = len(self.revisits) * self.bands + (self.pan is not None)
        places = list(split(self.rows, self.columns, *_pass_window(bands, self.info().ratio)))
        for one in passes:
            merged: Any = None
            for place in places if one.windows is None else spread(places, one.windows):
                window = self.window(place, one.halo, one.roles)
                own = one.add(self.blocks(window), window, found)
                if own is not None:
                    merged = own if merged is None else one.merge(merged, own)
            found[one.name] = one.finish(merged, found)
        return found

    def window(self, place: Place, halo: Mapping[str, int], roles: Sequence[str] = (REVISITS, PAN)) -> Window:
        """Return the window at (row, column, rows, columns) with the blocks of some roles and their halo."""
        blocks: dict[str, Any] = {}
        if REVISITS in roles:
            blocks[REVISITS] = tuple(_block(image, place, halo.get(REVISITS, 0)) for image in self.revisits)
        if PAN in roles and self.pan is not None:
            blocks[PAN] = _block(self.pan, place, halo.get(PAN, 0))
        return Window(*place, blocks, self.cancelled)

    def blocks(self, window: Window) -> dict[str, Any]:
        """Return the blocks of a window, as a method gets them."""
        found: dict[str, Any] = {}
        several = window.blocks.get(REVISITS)
        if isinstance(several, tuple):
            read = [_read(image, block) for image, block in zip(self.revisits, several)]
            found[REVISITS] = tuple(values for values, _ in read)
            found[f"{REVISITS}_valid"] = tuple(valid for _, valid in read)
            if self.days:
                found[f"{REVISITS}_days"] = np.array(self.days, np.int32)
        if PAN in window.blocks and self.pan is not None:
            found[PAN], found[f"{PAN}_valid"] = _read(self.pan, window.block(PAN))
        return found


def nested(images: Sequence[Readable], sizes: Sequence[tuple[int, int]], ratio: float) -> tuple[Image, ...]:
    """Return images of the same corner and pixel size as ones that lie on a grid that is finer by a ratio."""
    return tuple(
        Image(image, Axis(0.0, 1 / ratio, rows), Axis(0.0, 1 / ratio, columns))
        for image, (rows, columns) in zip(images, sizes)
    )


def _block(image: Image, place: Place, halo: int) -> BlockWindow:
    row, column, rows, columns = place
    top, bottom = image.rows.cover(row, row + rows, halo)
    left, right = image.columns.cover(column, column + columns, halo)
    return BlockWindow(top, left, bottom - top, right - left, image.rows, image.columns)


def _read(image: Image, block: BlockWindow) -> tuple[Array, Optional[Array]]:
    return image.data.read(block.row, block.column, block.rows, block.columns)
