"""Tiles for networks that look at the whole of what they are given: fixed to the scene, overlapping, blended.

The tiles do not depend on the pipeline's windows, so neither does the result. Their weights fall off linearly over the
overlap and add up to 1 everywhere, so that no seam is seen.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

import numpy as np

from ..tasks.method import Array
from ..tasks.window import Window

_CACHE_BYTES = 96 << 20


@dataclass(frozen=True)
class Lattice:
    """Where tiles lie on the target grid, along either axis.

    Attributes:
        side: Side of the square that the network gets.
        margin: Pixels at its border that are cut off.
        overlap: Pixels over which neighbours are blended.
    """

    side: int
    margin: int
    overlap: int

    @classmethod
    def of(cls, side: int, halo: int) -> Lattice:
        """Return the lattice for tiles of a side: of a network's local reach at most an eighth is cut off."""
        margin = min(halo, side // 8)
        return cls(side, margin, max((side - 2 * margin) // 4, 1))

    @property
    def kept(self) -> int:
        """Side of what is kept of a tile."""
        return self.side - 2 * self.margin

    @property
    def step(self) -> int:
        """Distance from one tile to the next."""
        return self.kept - self.overlap

    def first(self, number: int) -> int:
        """Return the first target pixel that is kept of a tile."""
        return number * self.step - self.overlap // 2

    def touching(self, start: int, stop: int) -> range:
        """Return the numbers of the tiles that keep any of the pixels [start, stop)."""
        lowest = (start + self.overlap // 2 - self.kept) // self.step + 1
        highest = (stop - 1 + self.overlap // 2) // self.step
        return range(lowest, highest + 1)

    def weights(self) -> Array:
        """Return the weight of each kept pixel along an axis, float32 (kept,); those of all tiles add up to 1."""
        rise = (np.arange(self.overlap) + 0.5) / self.overlap
        flat = np.ones(self.kept - 2 * self.overlap)
        weights: Array = np.concatenate([rise, flat, rise[::-1]]).astype(np.float32)
        return weights

    def pairs(self, window: Window) -> Iterator[tuple[int, int]]:
        """Yield (row number, column number) of the tiles that a window needs."""
        for row in self.touching(window.row, window.row + window.rows):
            for column in self.touching(window.column, window.column + window.columns):
                yield row, column


class TileCache:
    """Keeps computed tiles for the windows that share them; the oldest go first."""

    def __init__(self, limit: int = _CACHE_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._tiles: OrderedDict[Hashable, Array] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, key: Hashable) -> bool:
        """Tell whether the tile of a key is kept."""
        with self._lock:
            return key in self._tiles

    def get(self, key: Hashable, compute: Callable[[], Array]) -> Array:
        """Return the tile of a key, computing it where it is not kept."""
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        tile = compute()
        with self._lock:
            if key not in self._tiles:
                self._tiles[key] = tile
                self._size += tile.nbytes
            while self._size > self._limit and len(self._tiles) > 1:
                _, dropped = self._tiles.popitem(last=False)
                self._size -= dropped.nbytes
        return tile


def blend(lattice: Lattice, window: Window, bands: int, tile: Callable[[int, int], Array]) -> Array:
    """Return the weighted sum of the tiles in a window, float32 (bands, rows, columns).

    Args:
        lattice: Where the tiles lie.
        window: The window.
        bands: Bands of a tile.
        tile: From (row number, column number) to what is kept of that tile, float32 (bands, kept, kept).
    """
    result = np.zeros((bands, window.rows, window.columns), np.float32)
    weights = lattice.weights()
    for row, column in lattice.pairs(window):
        window.raise_if_cancelled()
        down, to_rows = _shared(lattice.first(row), lattice.kept, window.row, window.rows)
        across, to_columns = _shared(lattice.first(column), lattice.kept, window.column, window.columns)
        weight = weights[down, None] * weights[None, across]
        result[:, to_rows, to_columns] += tile(row, column)[:, down, across] * weight
    return result


def _shared(first: int, length: int, start: int, count: int) -> tuple[slice, slice]:
    """Return what a tile [first, first + length) shares with [start, start + count), as counted in each."""
    low, high = max(first, start), min(first + length, start + count)
    return slice(low - first, high - first), slice(low - start, high - start)
