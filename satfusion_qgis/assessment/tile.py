"""A small part of a pair of images, as every metric takes it: float64, with the neighbours that windows need.

Tiles are small enough for the processor's cache, so that a dozen metrics read the images from memory once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .sliding import box_all

_ROWS, _COLUMNS = 64, 512
# Freeing a block of this size makes glibc keep freed memory for the next tile, instead of giving it back each time
# (mallopt(3), M_MMAP_THRESHOLD): half of the time otherwise. Elsewhere it does nothing.
_KEEP_BYTES = 31 << 20
Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Tile:
    """Pixels of a reference and a test image.

    Its own pixels, the core, are in the upper left. Below and to the right come further pixels, which windows that
    start in the core reach into; at the scene's edge there are none.

    Attributes:
        reference: Shape (bands, rows, columns); 0 where not valid.
        test: Same shape.
        valid: Shape (rows, columns), or None where all pixels are valid.
        core: (rows, columns) of the core.
    """

    reference: Float64
    test: Float64
    valid: Optional[NDArray[np.bool_]]
    core: tuple[int, int]

    @property
    def bands(self) -> int:
        """Number of bands."""
        return len(self.reference)

    @cached_property
    def core_valid(self) -> Optional[NDArray[np.bool_]]:
        """The core's mask, or None where all its pixels are valid."""
        if self.valid is None:
            return None
        inside = self.valid[: self.core[0], : self.core[1]]
        return None if inside.all() else inside

    @property
    def pixels(self) -> int:
        """Number of valid pixels in the core."""
        return self.core[0] * self.core[1] if self.core_valid is None else int(np.count_nonzero(self.core_valid))

    @cached_property
    def products(self) -> Float64:
        """Reference times test."""
        return self.reference * self.test

    @cached_property
    def squares(self) -> Float64:
        """Square of the reference plus square of the test."""
        squares = self.reference * self.reference
        squares += self.test * self.test
        return squares

    @cached_property
    def own_reference(self) -> Float64:
        """The reference's valid pixels of the core, shape (bands, pixels); not to be changed."""
        return self._own(self.reference)

    @cached_property
    def own_test(self) -> Float64:
        """The test image's valid pixels of the core, shape (bands, pixels); not to be changed."""
        return self._own(self.test)

    @cached_property
    def own_error(self) -> Float64:
        """Test less reference at the valid pixels of the core; not to be changed."""
        return self.own_test - self.own_reference

    def _own(self, image: Float64) -> Float64:
        inside = image[..., : self.core[0], : self.core[1]]
        if self.core_valid is None:
            return inside.reshape((*inside.shape[:-2], -1))
        return np.compress(self.core_valid.ravel(), inside.reshape((len(inside), -1)), axis=1)

    def positions(self, side: int) -> tuple[int, int]:
        """Return how many (rows, columns) of side x side windows start in the core and lie inside the scene."""
        rows, columns = (max(0, min(core, size - side + 1)) for core, size in zip(self.core, self.reference.shape[1:]))
        return rows, columns

    def reach(self, side: int) -> tuple[slice, slice]:
        """Return the part of the tile that these windows cover."""
        rows, columns = self.positions(side)
        return slice(0, rows + side - 1), slice(0, columns + side - 1)

    def whole(self, side: int) -> Optional[NDArray[np.bool_]]:
        """Tell for each of these windows whether all its pixels are valid; None where all are."""
        if self.valid is None:
            return None
        inside = self.valid[self.reach(side)]
        return None if inside.all() else box_all(inside, side)


def tiles(
    reference: NDArray[Any],
    test: NDArray[Any],
    valid: Optional[NDArray[np.bool_]],
    core: tuple[int, int],
    halo: int,
) -> Iterator[Tile]:
    """Cut a window into tiles.

    Args:
        reference: Shape (bands, rows, columns), any type.
        test: Same shape.
        valid: Shape (rows, columns), or None where all pixels are valid.
        core: (rows, columns) of the window's own pixels, in its upper left.
        halo: Pixels that windows reach beyond the core, below and to the right.
    """
    np.empty(_KEEP_BYTES, np.uint8)
    for top in range(0, core[0], _ROWS):
        for left in range(0, core[1], _COLUMNS):
            rows, columns = min(_ROWS, core[0] - top), min(_COLUMNS, core[1] - left)
            part = np.s_[..., top : top + rows + halo, left : left + columns + halo]
            mask = None if valid is None else valid[part]
            if mask is not None and mask.all():
                mask = None
            yield Tile(_clean(reference[part], mask), _clean(test[part], mask), mask, (rows, columns))


def _clean(image: NDArray[Any], valid: Optional[NDArray[np.bool_]]) -> Float64:
    """Return a float64 copy that is 0 where not valid."""
    copy = image.astype(np.float64)
    if valid is not None:
        np.copyto(copy, 0.0, where=~valid)
    return copy
