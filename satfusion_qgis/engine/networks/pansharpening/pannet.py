"""PanNet: a residual network that sees only the high frequencies of MS and PAN and adds its detail to MS.

Yang, J., Fu, X., Hu, Y., Huang, Y., Ding, X., Paisley, J. (2017): PanNet: a deep network architecture for
pan-sharpening. IEEE International Conference on Computer Vision, 1753-1761. https://doi.org/10.1109/ICCV.2017.193

The high-pass of an image is the image minus its mean in a box. The paper takes a 5x5 box on PAN's grid for PAN and on
MS's own grid for MS, and enlarges the result by a learned transposed convolution. Here MS comes interpolated onto PAN's
grid, so its box covers the same ground there: 5 times the ratio, to the nearest odd number of pixels. Interpolation and
box mean are both linear filters, so up to the box's rounding this differs from the paper only in which interpolation is
used, and any ratio can be had. Box means continue the image with its border's pixels, so a uniform image has no high
frequencies at its border either. Batch normalisation is left out: its statistics would tie the network to the contrast
of the scenes that it was trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

from ....tasks.errors import InputError
from ..convolutions import reach, same


class ResidualBlock(nn.Module):
    """Convolution, ReLU, convolution, the input added (by a 1x1 convolution where the width changes), ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.first = same(inputs, outputs, kernel)
        self.second = same(outputs, outputs, kernel)
        self.shortcut = nn.Identity() if inputs == outputs else same(inputs, outputs, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, H, W]."""
        return torch.relu(self.second(torch.relu(self.first(features))) + self.shortcut(features))


class PanNet(nn.Module):
    """The network of Yang et al.; with other settings, the one that SatFusion calls PanNet.

    SatFusion's layout: `width=64, depth=2, kernels=(9, 5, 5), last_width=32, high_pass=False`.

    Args:
        bands: Number of MS bands.
        width: Features after the first convolution and every residual block but the last.
        depth: Number of residual blocks.
        kernels: Sides of the kernels of the first convolution, the residual blocks and the last convolution, in pixels.
        last_width: Features after the last residual block; None: `width`.
        high_pass: Whether the network sees the high frequencies alone. Without it, it is a residual PNN.
        ratio: MS pixel size in PAN pixels, which sets the size of MS's box.
        box: Side of the box on each image's own grid, in pixels; odd.

    Raises:
        InputError: A setting is out of range.
    """

    multiple = 1
    global_context = False

    def __init__(
        self,
        bands: int,
        width: int = 32,
        depth: int = 4,
        kernels: Sequence[int] = (3, 3, 3),
        last_width: Optional[int] = None,
        high_pass: bool = True,
        ratio: float = 4.0,
        box: int = 5,
    ) -> None:
        super().__init__()
        if depth < 1:
            raise InputError(f"PanNet's depth must be 1 residual block or more, not {depth}.")
        if len(kernels) != 3:
            raise InputError(f"PanNet needs 3 kernels (first, blocks, last), not {len(kernels)}.")
        if ratio < 1 or box < 1 or box % 2 == 0:
            raise InputError(f"PanNet needs a ratio of 1 or more and an odd box, not {ratio} and {box}.")
        first, inner, last = kernels
        widths = [width] * depth + [width if last_width is None else last_width]
        self.bands = bands
        self.high_pass = high_pass
        self.pan_box = box
        self.ms_box = _nearest_odd(box * ratio)
        self.first = same(bands + 1, width, first)
        self.blocks = nn.Sequential(*(ResidualBlock(*pair, inner) for pair in zip(widths[:-1], widths[1:])))
        self.last = same(widths[-1], bands, last)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        box = max(self.ms_box, self.pan_box) // 2 if self.high_pass else 0
        return box + reach(self.first, self.blocks, self.last)

    def forward(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Sharpen: MS plus its detail.

        Args:
            ms: MS on the PAN grid [B, bands, H, W].
            pan: PAN [B, 1, H, W].

        Returns:
            Sharpened MS [B, bands, H, W].
        """
        return ms + self.detail(ms, pan)

    def detail(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Return what is added to MS: the output of the last convolution [B, bands, H, W]."""
        if self.high_pass:
            ms, pan = ms - _box_mean(ms, self.ms_box), pan - _box_mean(pan, self.pan_box)
        return self.last(self.blocks(torch.relu(self.first(torch.cat((ms, pan), dim=1)))))


def _nearest_odd(value: float) -> int:
    """The odd number nearest to `value`; the larger one half-way."""
    return 2 * int(value // 2) + 1


def _box_mean(image: Tensor, side: int) -> Tensor:
    """The mean over a box around every pixel, rows first, with the image continued by its border's pixels."""
    half = side // 2
    rows = nn.functional.avg_pool2d(nn.functional.pad(image, [0, 0, half, half], mode="replicate"), (side, 1), stride=1)
    return nn.functional.avg_pool2d(nn.functional.pad(rows, [half, half, 0, 0], mode="replicate"), (1, side), stride=1)
