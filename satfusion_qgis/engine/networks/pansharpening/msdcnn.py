"""MSDCNN: the sum of a deep branch with kernels of three sizes side by side and a shallow branch.

Yuan, Q., Wei, Y., Meng, X., Shen, H., Zhang, L. (2018): A multiscale and multidepth convolutional neural network for
remote sensing imagery pan-sharpening. IEEE Journal of Selected Topics in Applied Earth Observations and Remote Sensing
11(3), 978-989. https://doi.org/10.1109/JSTARS.2018.2794888
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ....tasks.errors import InputError
from ..convolutions import reach, same

SCALES = (3, 5, 7)


class MultiscaleBlock(nn.Module):
    """Convolutions of three sizes side by side, each with a third of the features; the input added, then ReLU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scales = nn.ModuleList(same(width, width // len(SCALES), kernel) for kernel in SCALES)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on: those of the widest convolution."""
        return max(reach(scale) for scale in self.scales)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        return torch.relu(features + torch.cat([scale(features) for scale in self.scales], dim=1))


class MSDCNN(nn.Module):
    """The multiscale and multidepth network of Yuan et al.

    Args:
        bands: Number of MS bands.
        deep_width: Features of the deep branch's first half, a multiple of 6; its second half has half as many.
        shallow_width: Features of the shallow branch's first convolution, even; its second has half as many.
        final_relu: Cut negative output, as a published code does. Right only for data that are never negative, and
            wrong for a detail that is added to another image, so `detail` never does it.

    Raises:
        InputError: A width is not such a multiple.
    """

    multiple = 1
    global_context = False

    def __init__(self, bands: int, deep_width: int = 60, shallow_width: int = 64, final_relu: bool = False) -> None:
        super().__init__()
        if deep_width < 6 or deep_width % 6:
            raise InputError(f"MSDCNN's deep_width must be a multiple of 6, not {deep_width}.")
        if shallow_width < 2 or shallow_width % 2:
            raise InputError(f"MSDCNN's shallow_width must be even, not {shallow_width}.")
        self.bands = bands
        self.final_relu = final_relu
        self.deep_first = same(bands + 1, deep_width, 7)
        self.deep_wide = MultiscaleBlock(deep_width)
        self.deep_middle = same(deep_width, deep_width // 2, 3)
        self.deep_narrow = MultiscaleBlock(deep_width // 2)
        self.deep_last = same(deep_width // 2, bands, 5)
        self.shallow_first = same(bands + 1, shallow_width, 9)
        self.shallow_middle = same(shallow_width, shallow_width // 2, 1)
        self.shallow_last = same(shallow_width // 2, bands, 5)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on: those of the branch that sees farther."""
        deep = reach(self.deep_first, self.deep_middle, self.deep_last) + self.deep_wide.halo + self.deep_narrow.halo
        return max(deep, reach(self.shallow_first, self.shallow_middle, self.shallow_last))

    def forward(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Sharpen.

        Args:
            ms: MS on the PAN grid [B, bands, H, W].
            pan: PAN [B, 1, H, W].

        Returns:
            Sharpened MS [B, bands, H, W].
        """
        output = self.detail(ms, pan)
        return torch.relu(output) if self.final_relu else output

    def detail(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Return the sum of both branches [B, bands, H, W], whose sign is free: MS is not added to it."""
        image = torch.cat((ms, pan), dim=1)
        deep = self.deep_wide(torch.relu(self.deep_first(image)))
        deep = self.deep_narrow(torch.relu(self.deep_middle(deep)))
        shallow = torch.relu(self.shallow_middle(torch.relu(self.shallow_first(image))))
        return self.deep_last(deep) + self.shallow_last(shallow)
