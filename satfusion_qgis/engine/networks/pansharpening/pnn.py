"""PNN: three convolutions from MS and PAN to the sharpened MS, without a skip.

Masi, G., Cozzolino, D., Verdoliva, L., Scarpa, G. (2016): Pansharpening by convolutional neural networks. Remote
Sensing 8(7), 594. https://doi.org/10.3390/rs8070594. Without the radiometric indices that the paper adds for some
sensors.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ....tasks.errors import InputError
from ..convolutions import reach, same

PADDINGS = ("replicate", "zeros")


class PNN(nn.Module):
    """The pansharpening network of Masi et al.

    Args:
        bands: Number of MS bands.
        widths: Features after the first and the second convolution.
        kernels: Sides of the three kernels, in pixels.
        padding: How the image is continued at its border. "replicate": once, by the halo, with the border's pixels,
            before convolutions that pad nothing. "zeros": with zeros before every convolution.

    Raises:
        InputError: The padding is unknown, or the widths and kernels are not two and three.
    """

    multiple = 1
    global_context = False

    def __init__(
        self,
        bands: int,
        widths: Sequence[int] = (64, 32),
        kernels: Sequence[int] = (9, 5, 5),
        padding: str = "replicate",
    ) -> None:
        super().__init__()
        if padding not in PADDINGS:
            raise InputError(f"PNN's padding must be one of {', '.join(PADDINGS)}, not {padding!r}.")
        if len(widths) != 2 or len(kernels) != 3:
            raise InputError(f"PNN needs 2 widths and 3 kernels, not {len(widths)} and {len(kernels)}.")
        padded = padding == "zeros"
        self.bands = bands
        self.padding = padding
        self.layers = nn.ModuleList(
            same(inputs, outputs, kernel, padded)
            for inputs, outputs, kernel in zip((bands + 1, *widths), (*widths, bands), kernels)
        )

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        return reach(self.layers)

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
        """Return the output of the last convolution, which is all of it: the network has no skip."""
        image = torch.cat((ms, pan), dim=1)
        if self.padding == "replicate":
            image = nn.functional.pad(image, [self.halo] * 4, mode="replicate")
        first, second, last = self.layers
        return last(torch.relu(second(torch.relu(first(image)))))
