"""DRPNN: a deep chain of 7x7 convolutions whose output is added to MS and PAN, and one more that leaves MS.

Wei, Y., Yuan, Q., Shen, H., Zhang, L. (2017): Boosting the accuracy of multispectral image pansharpening by learning a
deep residual network. IEEE Geoscience and Remote Sensing Letters 14(10), 1795-1799.
https://doi.org/10.1109/LGRS.2017.2736020
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..convolutions import reach, same


class DRPNN(nn.Module):
    """The deep residual network of Wei et al.

    Args:
        bands: Number of MS bands.
        width: Features inside the chain.
        blocks: Number of convolutions between the first and the one that ends the chain, each with its own weights.
        kernel: Side of the kernels, in pixels.
    """

    multiple = 1
    global_context = False

    def __init__(self, bands: int, width: int = 32, blocks: int = 8, kernel: int = 7) -> None:
        super().__init__()
        self.bands = bands
        self.first = same(bands + 1, width, kernel)
        self.blocks = nn.ModuleList(same(width, width, kernel) for _ in range(blocks))
        self.residual = same(width, bands + 1, kernel)
        self.last = same(bands + 1, bands, kernel)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        return reach(self.first, self.blocks, self.residual, self.last)

    def forward(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Sharpen.

        Args:
            ms: MS on the PAN grid [B, bands, H, W].
            pan: PAN [B, 1, H, W].

        Returns:
            Sharpened MS [B, bands, H, W].
        """
        return self.detail(ms, pan)

    def detail(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Return the output of the last convolution, which is all of it: MS is not added to it."""
        image = torch.cat((ms, pan), dim=1)
        features = torch.relu(self.first(image))
        for block in self.blocks:
            features = torch.relu(block(features))
        return self.last(image + self.residual(features))
