"""Q2n (Q4, Q8, ...): one quality index for all bands of a block, by hypercomplex numbers.

A pixel with N bands is a hypercomplex number with N' components, N' the power of two at or above N (Alparone
et al. 2004, 10.1109/LGRS.2004.836784, for 4 bands; Garzelli and Nencini 2009, 10.1109/LGRS.2009.2022650, for
any number). In a block of B x B pixels, each band of the reference x and of the test y is first normalised
with the mean m and the sample standard deviation s of the reference band, ``z = (x - m) / s + 1`` and
``v = (y - m) / s + 1``; then ::

    Q = |s_zv| / ((s_z^2 + s_v^2) / 2)  *  2 |mean z| |mean v| / (|mean z|^2 + |mean v|^2)

with ``s_zv = E[z v*] - mean z (mean v)*`` the hypercomplex covariance, whose modulus runs over all
components. The score is the mean of Q over the blocks. The product is bilinear, so the real covariances of
the bands of z with the bands of v (one matrix product for a block) and a table of signs give s_zv.

Conventions, all those of the field's public toolbox except that values are never cast to integers:

- Blocks start at the scene's upper-left corner, with no overlap. A scene whose size is no multiple of the
  block is mirrored at its right and bottom edge, the edge pixel repeated.
- The bands that fill up to N' are 1 in both images. A standard deviation of zero is replaced by the float64
  epsilon: a reference band that is constant in a block scores that block about 0, unless the test image has
  the very same constant there.
- When neither image varies in a block, Q is its second factor.

With masked pixels, a block uses its valid pixels only, mirrored ones included; blocks with less than half
their pixels valid are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPSILON = float(np.finfo(np.float64).eps)
_VALUES_AT_ONCE = 2_000_000  # float64 values of one image in a batch of blocks: 16 MB


class Q2n:
    """Mean Q2n of a scene, window by window.

    Windows hold whole blocks: they start at a multiple of the block and end at one, or at the scene's right
    or bottom edge. An incomplete last block comes in one window with the block before it, which its mirroring
    needs; :func:`scoring_windows` gives such windows.
    """

    def __init__(self, bands: int, size: tuple[int, int], block: int = 32) -> None:
        """Start empty.

        Args:
            bands: Number of bands, 1 or more.
            size: (rows, columns) of the scene.
            block: Side of a block in pixels, 2 or more.

        Raises:
            ValueError: The block is smaller than 2 pixels.
        """
        if block < 2:
            raise ValueError(f"The Q2n block must be at least 2 pixels wide, not {block}.")
        self.blocks = 0
        self.blocks_left_out = 0
        self.blocks_constant = 0
        self._size = size
        self._block = block
        self._sum = 0.0
        self._table = _ProductTable(bands)

    def check_window(self, shape: tuple[int, int], row: int, column: int) -> None:
        """Say whether a window of this (rows, columns) shape may be added at this place.

        Raises:
            ValueError: The window is not made of whole blocks of this scene; the message says what to change.
        """
        _check_axis("row", row, shape[0], self._size[0], self._block)
        _check_axis("column", column, shape[1], self._size[1], self._block)

    def add(
        self, reference: NDArray[Any], test: NDArray[Any], valid: NDArray[np.bool_], row: int, column: int
    ) -> NDArray[np.float64]:
        """Take in one window.

        Args:
            reference: The true image, shape (bands, rows, columns).
            test: The image to judge, same shape and units.
            valid: True where both images hold a value, shape (rows, columns).
            row: Row of the window's first pixel in the scene.
            column: Column of the window's first pixel in the scene.

        Returns:
            Q of each block, shape (rows of blocks, columns of blocks); NaN where the block was left out.

        Raises:
            ValueError: The window is not made of whole blocks of this scene.
        """
        self.check_window((valid.shape[0], valid.shape[1]), row, column)
        valid = _mirrored(valid, self._block)
        reference = _mirrored(reference, self._block)
        test = _mirrored(test, self._block)
        at_once = max(1, _VALUES_AT_ONCE // (len(reference) * self._block**2)) * self._block
        scores = []
        for top in range(0, valid.shape[0], self._block):
            for left in range(0, valid.shape[1], at_once):
                part = np.s_[..., top : top + self._block, left : left + at_once]
                scores.append(
                    self._add_blocks(
                        _as_blocks(reference[part], self._block),
                        _as_blocks(test[part], self._block),
                        _as_blocks(valid[part], self._block),
                    )
                )
        return np.concatenate(scores).reshape(valid.shape[0] // self._block, -1)

    def merge(self, other: Q2n) -> None:
        """Take in what another accumulator gathered from other windows of the same scene."""
        self._sum += other._sum
        self.blocks += other.blocks
        self.blocks_left_out += other.blocks_left_out
        self.blocks_constant += other.blocks_constant

    def mean(self) -> float | None:
        """Mean over the blocks, 0 to 1 and 1 for identical images; None when no block was used."""
        return self._sum / self.blocks if self.blocks else None

    def _add_blocks(self, x: NDArray[Any], y: NDArray[Any], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Score blocks: two (blocks, bands, pixels) arrays and the mask (blocks, pixels)."""
        kept = 2 * np.count_nonzero(valid, axis=1) >= valid.shape[1]
        found = np.full(len(kept), np.nan)
        self.blocks_left_out += int(np.count_nonzero(~kept))
        if not kept.any():
            return found
        scores, constant = _block_scores(x[kept], y[kept], valid[kept], self._table)
        found[kept] = scores
        self._sum += float(scores.sum())
        self.blocks += len(scores)
        self.blocks_constant += int(np.count_nonzero(constant))
        return found


def scoring_windows(size: tuple[int, int], block: int = 32, window: int = 1024) -> Iterator[tuple[int, int, int, int]]:
    """Windows that cover a scene once, in raster order, and that Q2n accepts.

    Args:
        size: (rows, columns) of the scene.
        block: Side of a Q2n block in pixels.
        window: Wanted side of a window in pixels; rounded down to a multiple of the block, at least one
            block. The last window of an axis may be larger by less than one block.

    Yields:
        (row, column, rows, columns) of each window.
    """
    for row, height in _spans(size[0], block, window):
        for column, width in _spans(size[1], block, window):
            yield row, column, height, width


def _spans(length: int, block: int, window: int) -> list[tuple[int, int]]:
    """(start, length) of the windows along one axis; a last piece below a block joins the one before."""
    step = max(1, window // block) * block
    starts = list(range(0, length, step))
    if len(starts) > 1 and length - starts[-1] < block:
        starts.pop()
    return [(start, stop - start) for start, stop in zip(starts, [*starts[1:], length])]


def _check_axis(axis: str, start: int, length: int, scene: int, block: int) -> None:
    """Raise ValueError unless [start, start + length) is made of whole blocks along one axis of the scene."""
    stop = start + length
    if start < 0 or length < 1 or stop > scene:
        raise ValueError(f"The window's {axis}s {start} to {stop} are not inside the scene's {scene} {axis}s.")
    if start % block:
        raise ValueError(f"The window must start at a {axis} that is a multiple of {block}, not at {start}.")
    if stop % block and stop != scene:
        raise ValueError(
            f"The window must end at a {axis} that is a multiple of {block} or at the scene's edge {scene}, "
            f"not at {stop}."
        )
    if stop % block and start > 0 and length < block:
        raise ValueError(
            f"The window must also hold the {block} {axis}s before {start}, because the scene's last block "
            "is incomplete and is mirrored."
        )


def _mirrored(image: NDArray[Any], block: int) -> NDArray[Any]:
    """The array with its last two axes extended to multiples of the block by mirroring at the end."""
    missing = [(0, -length % block) for length in image.shape[-2:]]
    if missing == [(0, 0), (0, 0)]:
        return image
    return np.pad(image, [(0, 0)] * (image.ndim - 2) + missing, mode="symmetric")


def _as_blocks(strip: NDArray[Any], block: int) -> NDArray[Any]:
    """A strip of blocks, (..., block, columns), as an array of blocks, (blocks, ..., pixels)."""
    parts = strip.reshape((*strip.shape[:-1], -1, block))
    parts = np.moveaxis(parts, -2, 0)
    return np.ascontiguousarray(parts).reshape((*parts.shape[:-2], block * block))


class _ProductTable:
    """Signs and places for the hypercomplex product of one number with the conjugate of another.

    The product of the units i and j of a Cayley-Dickson algebra is plus or minus the unit ``i xor j``.
    """

    def __init__(self, bands: int) -> None:
        components = 1
        while components < bands:
            components *= 2
        signs = _unit_signs(components)[:bands, :bands] * _conjugate(components)[None, :bands]
        units = np.arange(bands)
        target = (units[:, None] ^ units[None, :]).ravel()
        self.components = components
        self.order = np.argsort(target, kind="stable")
        self.signs = signs.ravel()[self.order]
        self.starts = np.flatnonzero(np.diff(target[self.order], prepend=-1))

    def modulus(self, products: NDArray[np.float64]) -> NDArray[np.float64]:
        """Modulus of the sum of z_i v_j e_i e_j*, from the products z_i v_j, (blocks, bands, bands)."""
        signed = products.reshape(len(products), -1)[:, self.order] * self.signs
        components = np.add.reduceat(signed, self.starts, axis=1)
        return np.asarray(np.sqrt(np.square(components).sum(axis=1)))


def _conjugate(components: int) -> NDArray[np.float64]:
    """Signs that make a hypercomplex number its conjugate: 1 for the first component, -1 for the others."""
    signs = np.full(components, -1.0)
    signs[0] = 1.0
    return signs


def _unit_signs(components: int) -> NDArray[np.float64]:
    """Sign of e_i e_j in the algebra with this many components, a power of two.

    The algebra is doubled with ``(a, b)(c, d) = (a c - d* b, d a + b c*)`` (Cayley-Dickson).
    """
    if components == 1:
        return np.ones((1, 1))
    half = _unit_signs(components // 2)
    star = _conjugate(components // 2)
    return np.block(
        [
            [half, half.T],
            [half * star[None, :], -half.T * star[None, :]],
        ]
    )


def _block_scores(
    reference: NDArray[Any], test: NDArray[Any], valid: NDArray[np.bool_], table: _ProductTable
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Q of each block, and whether a band of the reference is constant there.

    Args:
        reference: Shape (blocks, bands, pixels).
        test: Same shape.
        valid: Shape (blocks, pixels), at least two valid pixels in each block.
        table: The product table for this number of bands.
    """
    mask = valid[:, None, :]
    count = np.count_nonzero(valid, axis=1)[:, None].astype(np.float64)
    first = np.take_along_axis(reference, valid.argmax(axis=1)[:, None, None], axis=2).astype(np.float64)
    x, x_mean = _centred(reference, first, mask, count)
    y, y_mean = _centred(test, first, mask, count)

    deviation = np.sqrt(np.square(x).sum(axis=2) / (count - 1.0))
    constant = deviation == 0.0
    scale = 1.0 / np.where(constant, _EPSILON, deviation)
    x *= scale[:, :, None]
    y *= scale[:, :, None]
    padding = table.components - reference.shape[1]
    z_mean = float(np.sqrt(table.components))  # each band of z has mean 1
    v_mean = np.sqrt(np.square((y_mean - x_mean) * scale + 1.0).sum(axis=1) + padding)

    covariance = table.modulus(np.matmul(x, y.transpose(0, 2, 1)))
    variances = np.square(x).sum(axis=(1, 2)) + np.square(y).sum(axis=(1, 2))
    alike = 2.0 * z_mean * v_mean / (z_mean**2 + v_mean**2)
    varies = variances > 0.0
    scores = np.where(varies, alike * 2.0 * covariance / np.where(varies, variances, 1.0), alike)
    return scores, constant.any(axis=1)


def _centred(
    image: NDArray[Any], first: NDArray[np.float64], mask: NDArray[np.bool_], count: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values less their mean over the valid pixels, zero where masked; and that mean less ``first``.

    Starting from a first value of the reference makes the result exact for constant blocks.
    """
    shifted = np.where(mask, image - first, 0.0)
    mean = shifted.sum(axis=2) / count
    return np.where(mask, shifted - mean[:, :, None], 0.0), mean
