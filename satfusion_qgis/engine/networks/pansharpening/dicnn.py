"""DiCNN: a short chain of convolutions from MS and PAN to the detail that is added to MS.

He, L., Rao, Y., Li, J., Chanussot, J., Plaza, A., Zhu, J., Li, B. (2019): Pansharpening via detail injection based
convolutional neural networks. IEEE Journal of Selected Topics in Applied Earth Observations and Remote Sensing 12(4),
1188-1204. https://doi.org/10.1109/JSTARS.2019.2898574. This is the paper's first network (DiCNN1).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from ....tasks.errors import InputError
from ..convolutions import reach, same


class DiCNN(nn.Module):
    """The detail-injection network of He et al.

    Args:
        bands: Number of MS bands.
        width: Features after every convolution but the last.
        depth: Number of convolutions, 2 or more.
        kernel: Side of the kernels, in pixels.

    Raises:
        InputError: A setting is out of range.
    """

    multiple = 1
    global_context = False

    def __init__(self, bands: int, width: int = 64, depth: int = 3, kernel: int = 3) -> None:
        super().__init__()
        if depth < 2:
            raise InputError(f"DiCNN's depth must be 2 convolutions or more, not {depth}.")
        widths = [bands + 1, *[width] * (depth - 1), bands]
        self.bands = bands
        self.layers = nn.ModuleList(same(*pair, kernel) for pair in zip(widths[:-1], widths[1:]))
        for layer in self.layers:
            _initialise(layer)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        return reach(self.layers)

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
        features = torch.cat((ms, pan), dim=1)
        for layer in self.layers[:-1]:
            features = torch.relu(layer(features))
        return self.layers[-1](features)


def _initialise(layer: nn.Conv2d) -> None:
    """Start with variance 1 / fan-in and no bias, as the paper's code does; a truncated normal distribution."""
    deviation = math.sqrt(1.0 / (layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]))
    nn.init.trunc_normal_(layer.weight, std=deviation, a=-2 * deviation, b=2 * deviation)
    nn.init.zeros_(layer.bias)
