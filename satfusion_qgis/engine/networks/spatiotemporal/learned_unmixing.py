"""Learned unmixing: classes that a small network sees in the fine image, and what each of them changes to.

What changes in a coarse pixel is the sum of what its classes change, by their shares (Zhukov, Oertel, Lanzl, Reinhäckel
(1999): Unmixing-based multisensor multiresolution image fusion. IEEE Transactions on Geoscience and Remote Sensing
37(3), 1212-1226. https://doi.org/10.1109/36.763276). Here the classes are soft, and a network of three convolutions
learns them so that the change that follows is the observed one; the change of each class follows from the coarse images
by weighted least squares in a window, in closed form, and so also for dates that the network has not learned from. A
second small network adds what is left.

It has few weights and begins near the interpolated change, so it can be fitted to the user's own pairs in a minute. It
is SatFusion's own, for `pipeline.adapt_pairs`; there is no published code.
"""

from __future__ import annotations

from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..convolutions import reach
from ..edges import crop, lengthen_sides
from .parts import conv

_INPUTS = ("fine_1", "coarse_1", "coarse_target")
_LATTICE = 4
_SHARPNESS = 2.0
_RIDGE = -3.0


class LearnedUnmixing(nn.Module):
    """The network, for one pair and any number of bands.

    Args:
        bands: Bands of every image.
        ratio: Coarse pixel in fine ones.
        classes: Number of soft classes.
        width: Features inside both small networks.
        window: Coarse pixels along a side of the window in which the classes' changes are found.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: It takes one pair.
        global_context: No output pixel depends on the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = _INPUTS
    pairs = 1
    global_context = False

    def __init__(self, bands: int, ratio: int = 16, classes: int = 8, width: int = 16, window: float = 3.0) -> None:
        super().__init__()
        for name, value in (("bands", bands), ("classes", classes), ("width", width)):
            if value < 1:
                raise InputError(f"Learned unmixing needs 1 or more {name}, not {value}.")
        if ratio < 2 or not 1 <= window <= 15:
            raise InputError(
                f"Learned unmixing needs a ratio of 2 or more and a window of 1 to 15 coarse pixels, not {ratio} and "
                f"{window:g}."
            )
        self.bands, self.classes = bands, classes
        self._step = max(1, ratio // _LATTICE)
        self._cell = 2 * (ratio // 2) + 1
        self._window = 2 * round(window * ratio / self._step / 2) + 1
        self.membership = nn.Sequential(
            conv(bands, width), nn.ReLU(), conv(width, width), nn.ReLU(), conv(width, classes, 1)
        )
        self.rest = nn.Sequential(conv(4 * bands, width), nn.ReLU(), conv(width, width), nn.ReLU(), conv(width, bands))
        self.ridge = nn.Parameter(torch.tensor(_RIDGE))
        for value in self.rest[-1].parameters():
            nn.init.zeros_(value)

    @property
    def multiple(self) -> int:
        """The lattice on which changes are found."""
        return self._step

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        cell, step = self._cell // 2, self._step
        found = reach(self.membership) + cell + (self._window // 2 + 1) * step
        return found + cell + step + reach(self.rest)

    def forward(
        self,
        fine_1: Tensor,
        coarse_1: Tensor,
        coarse_target: Tensor,
        fine_2: Optional[Tensor] = None,
        coarse_2: Optional[Tensor] = None,
    ) -> Tensor:
        """Estimate the fine image of the target date.

        Args:
            fine_1: Fine image of the pair [B, bands, H, W].
            coarse_1: Its coarse image, on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Unused.
            coarse_2: Unused.

        Returns:
            [B, bands, H, W].
        """
        rows, columns = fine_1.shape[-2:]
        fine, first, target = (lengthen_sides(image, self._step) for image in (fine_1, coarse_1, coarse_target))
        change = target - first
        unmixed = self._unmixed(fine, change)
        # What a coarse pixel changes on the whole is what the coarse images say.
        unmixed = unmixed + change - self._enlarged(self._cells(unmixed), unmixed)
        rest = self.rest(torch.cat((fine, first, change, unmixed), dim=1))
        return crop(fine + unmixed + rest, rows, columns)

    def _unmixed(self, fine: Tensor, change: Tensor) -> Tensor:
        """Return for each pixel the change of its classes.

        Weighted least squares of the coarse change over the classes' shares in a window, with a ridge towards the
        window's mean change: classes that are not there change as all do.
        """
        members = torch.softmax(_SHARPNESS * self.membership(fine), dim=1)
        shares = self._cells(members)
        lattice = functional.avg_pool2d(change, self._step) if self._step > 1 else change
        count = self.classes
        mean = self._local(lattice)[:, None]
        gram = self._local((shares[:, :, None] * shares[:, None]).flatten(1, 2)).unflatten(1, (count, count))
        cross = self._local((shares[:, :, None] * lattice[:, None]).flatten(1, 2)).unflatten(1, (count, self.bands))
        # The shares add up to 1, so the sum of a row of the products is the class's mean share.
        cross = cross - gram.sum(dim=2, keepdim=True) * mean
        ridge = torch.exp(self.ridge) / count * torch.eye(count, dtype=gram.dtype, device=gram.device)
        own = _solved(gram + ridge[..., None, None], cross) + mean
        fields = self._enlarged(own.flatten(1, 2), fine).unflatten(1, (count, self.bands))
        return (members[:, :, None] * fields).sum(dim=1)

    def _cells(self, image: Tensor) -> Tensor:
        """Return means over coarse pixels around each node of the lattice."""
        # A node stands for the middle of its square of pixels.
        before = (self._cell - self._step + 1) // 2
        after = self._cell - self._step - before
        padded = _widened(image, before, after)
        return functional.avg_pool2d(padded, self._cell, self._step)

    def _local(self, image: Tensor) -> Tensor:
        """Return means over the window around each node of the lattice."""
        reached = self._window // 2
        return functional.avg_pool2d(_widened(image, reached, reached), self._window, 1)

    def _enlarged(self, image: Tensor, like: Tensor) -> Tensor:
        """Return an image of the lattice on the fine grid."""
        if image.shape[-2:] == like.shape[-2:]:
            return image
        return functional.interpolate(image, size=like.shape[-2:], mode="bilinear", align_corners=False)


def _widened(image: Tensor, before: int, after: int) -> Tensor:
    """Return an image with its edges replicated."""
    return functional.pad(image, (before, after, before, after), mode="replicate")


def _solved(matrix: Tensor, right: Tensor) -> Tensor:
    """Solve a system of equations for each pixel by elimination.

    No rows are exchanged: the matrices are symmetric, and their ridge keeps the pivots away from 0.

    Args:
        matrix: Symmetric and positive definite [B, n, n, h, w].
        right: Right sides [B, n, sides, h, w].

    Returns:
        Solutions [B, n, sides, h, w].
    """
    whole = torch.cat((matrix, right), dim=2)
    for row in range(matrix.shape[1]):
        pivot = whole[:, row : row + 1, 1:] / whole[:, row : row + 1, :1]
        rest = whole[:, :, 1:] - whole[:, :, :1] * pivot
        whole = torch.cat((rest[:, :row], pivot, rest[:, row + 1 :]), dim=1)
    return whole
