"""QNR and its parts: likeness between bands, and of bands with PAN, before and after fusion (no reference needed).

Alparone et al. 2008, 10.14358/PERS.74.2.193. Q is the universal quality index (:mod:`.uqi`) on blocks that do not
overlap: 32 x 32 pixels at PAN's scale, and the same ground at MS's scale. A fusion that changed no colour keeps the Q
of each pair of bands; one that put in the right detail keeps the Q of each band with PAN, whose coarse version stands
for it at MS's scale. QNR rewards blur: an image that was only interpolated keeps nearly all of these, and scores well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from .sliding import Float64
from .uqi import quality

BLOCK = 32
Edges = NDArray[np.intp]


class PairQualities:
    """Mean Q of every pair of images over blocks, at the fine and the coarse scale, from windows one after the other.

    Only blocks without a masked pixel at both scales count.
    """

    def __init__(self, images: int) -> None:
        """Start empty for this many images: the bands, and PAN last."""
        self.blocks = 0
        self.blocks_left_out = 0
        self._fine = np.zeros((images, images))
        self._coarse = np.zeros((images, images))

    def add(
        self,
        fine: Float64,
        coarse: Float64,
        fine_edges: tuple[Edges, Edges],
        coarse_edges: tuple[Edges, Edges],
        fine_valid: Optional[NDArray[np.bool_]] = None,
        coarse_valid: Optional[NDArray[np.bool_]] = None,
    ) -> None:
        """Take in one window.

        Args:
            fine: Fused bands and PAN, shape (images, rows, columns).
            coarse: MS bands and the low-passed PAN of the same ground.
            fine_edges: Rows and columns of the fine window where blocks start, and where the last one ends.
            coarse_edges: The same in the coarse window, as many.
            fine_valid: True where every fine image is valid, or None where all pixels are.
            coarse_valid: The same at the coarse scale.
        """
        used = _whole(fine_valid, fine_edges) & _whole(coarse_valid, coarse_edges)
        self.blocks += int(np.count_nonzero(used))
        self.blocks_left_out += int(np.count_nonzero(~used))
        if used.any():
            self._fine += _sums(fine, fine_edges, used)
            self._coarse += _sums(coarse, coarse_edges, used)

    def fine(self) -> Optional[Float64]:
        """Mean Q of each pair at the fine scale, (images, images); None when no block was used."""
        return self._fine / self.blocks if self.blocks else None

    def coarse(self) -> Optional[Float64]:
        """Mean Q of each pair at the coarse scale, (images, images); None when no block was used."""
        return self._coarse / self.blocks if self.blocks else None


def block_edges(length: int, block: int) -> Edges:
    """Where whole blocks start along an axis, and where the last one ends."""
    return np.arange(0, length - length % block + 1, block)


def d_lambda(fine: Float64, coarse: Float64, p: float = 1.0) -> Optional[float]:
    """Change of the likeness between the bands, 0 for none.

    ``(mean over i != j of |Q(F_i, F_j) - Q(M_i, M_j)|^p)^(1/p)``

    Args:
        fine: Mean Q of each pair of fused bands, (bands, bands).
        coarse: The same of the MS bands.
        p: Exponent; large differences count for more above 1.

    Returns:
        None for one band.
    """
    bands = len(fine)
    if bands < 2:
        return None
    pairs = ~np.eye(bands, dtype=bool)
    return float(np.mean(np.abs(fine - coarse)[pairs] ** p) ** (1.0 / p))


def d_s(fine: Sequence[float] | Float64, coarse: Sequence[float] | Float64, q: float = 1.0) -> float:
    """Change of the likeness of the bands with PAN, 0 for none: ``(mean_i |Q(F_i, P) - Q(M_i, P_L)|^q)^(1/q)``."""
    change = np.abs(np.asarray(fine) - np.asarray(coarse))
    return float(np.mean(change**q) ** (1.0 / q))


def qnr(spectral: float, spatial: float, alpha: float = 1.0, beta: float = 1.0) -> float:
    """Quality with no reference, ``(1 - D_lambda)^alpha (1 - D_s)^beta``; 1 is best."""
    return float((1.0 - spectral) ** alpha * (1.0 - spatial) ** beta)


def _whole(valid: Optional[NDArray[np.bool_]], edges: tuple[Edges, Edges]) -> NDArray[np.bool_]:
    """Tell which blocks have pixels, and no masked one."""
    rows, columns = (np.diff(one) for one in edges)
    count = np.outer(rows, columns)
    if valid is None:
        filled: NDArray[np.bool_] = count > 0
        return filled
    whole: NDArray[np.bool_] = (count > 0) & (_block_sums(valid.astype(np.float64), edges) == count)
    return whole


def _sums(images: Float64, edges: tuple[Edges, Edges], used: NDArray[np.bool_]) -> Float64:
    """Sum of Q over the used blocks for each pair of images."""
    rows, columns = (np.diff(one) for one in edges)
    count = np.outer(rows, columns).astype(np.float64)
    totals = [_block_sums(image, edges) for image in images]
    squares = [_block_sums(image * image, edges) for image in images]
    sums = np.zeros((len(images), len(images)))
    for i in range(len(images)):
        for j in range(i + 1):
            products = squares[i] if i == j else _block_sums(images[i] * images[j], edges)
            found = quality(
                count[used], totals[i][used], totals[j][used], (squares[i] + squares[j])[used], products[used]
            )
            sums[i, j] = sums[j, i] = float(found.sum())
    return sums


def _block_sums(image: Float64, edges: tuple[Edges, Edges]) -> Float64:
    """Sum over each block: (rows of blocks, columns of blocks)."""
    down, across = edges
    inside = image[down[0] : down[-1], across[0] : across[-1]]
    rows: Float64 = np.add.reduceat(inside, down[:-1] - down[0], axis=0)
    both: Float64 = np.add.reduceat(rows, across[:-1] - across[0], axis=1)
    return both
