"""FusionNet: a residual network from the difference between PAN and each MS band to the detail that is added to MS.

Deng, L.-J., Vivone, G., Jin, C., Chanussot, J. (2021): Detail injection-based deep convolutional neural networks for
pansharpening. IEEE Transactions on Geoscience and Remote Sensing 59(8), 6995-7010.
https://doi.org/10.1109/TGRS.2020.3031366
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..convolutions import reach, same


class ResidualBlock(nn.Module):
    """Convolution, ReLU, convolution, the input added; nothing after it."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.first = same(width, width, kernel)
        self.second = same(width, width, kernel)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        return features + self.second(torch.relu(self.first(features)))


class FusionNet(nn.Module):
    """The network of Deng et al.

    Args:
        bands: Number of MS bands.
        width: Features inside the network.
        blocks: Number of residual blocks.
        kernel: Side of the kernels, in pixels.
    """

    multiple = 1
    global_context = False

    def __init__(self, bands: int, width: int = 32, blocks: int = 4, kernel: int = 3) -> None:
        super().__init__()
        self.bands = bands
        self.first = same(bands, width, kernel)
        self.blocks = nn.Sequential(*(ResidualBlock(width, kernel) for _ in range(blocks)))
        self.last = same(width, bands, kernel)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        return reach(self.first, self.blocks, self.last)

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
        return self.last(self.blocks(torch.relu(self.first(pan - ms))))
