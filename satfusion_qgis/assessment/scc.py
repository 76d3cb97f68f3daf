"""SCC: the correlation of fine detail."""

from __future__ import annotations

from typing import Optional

from .cc import Cc
from .sliding import Float64, box_sums
from .tile import Tile

_SIDE = 3


class Scc:
    """Spatial correlation coefficient of each band (Zhou et al. 1998, 10.1080/014311698215973).

    Both images are filtered with the Laplacian ``[[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]``; the score is the Pearson
    correlation of what is left, over the pixels whose eight neighbours are inside the scene and valid.
    """

    def __init__(self, bands: int) -> None:
        """Start empty for images with this many bands."""
        self._cc = Cc(bands)

    @property
    def positions(self) -> int:
        """Pixels that were used."""
        return self._cc.pixels

    def add(self, tile: Tile) -> None:
        """Take in the pixels whose upper-left neighbour lies in a tile."""
        rows, columns = tile.positions(_SIDE)
        if rows == 0 or columns == 0:
            return
        down, across = tile.reach(_SIDE)
        reference, test = (_laplacian(image[:, down, across]) for image in (tile.reference, tile.test))
        self._cc.add(Tile(reference, test, tile.whole(_SIDE), (rows, columns)))

    def merge(self, other: Scc) -> None:
        """Take in what another accumulator gathered from other windows."""
        self._cc.merge(other._cc)

    def per_band(self) -> list[Optional[float]]:
        """Correlation of each band, -1 to 1; None where one of the two images has no detail."""
        return self._cc.per_band()


def _laplacian(image: Float64) -> Float64:
    """Filter the images; less their largest values first, so that a constant image gives exact zeros."""
    image = image - image.max(axis=(1, 2), keepdims=True)
    detail: Float64 = 9.0 * image[..., 1:-1, 1:-1]
    detail -= box_sums(image, _SIDE)
    return detail
