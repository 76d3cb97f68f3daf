"""ECPW-STFN: features of a fine image's wavelets and of its difference from a coarse one, decoded and then refined.

Zhang, X., Li, S., Tan, Z., Li, X. (2024): Enhanced wavelet based spatiotemporal fusion networks using cross-paired
remote sensing images. ISPRS Journal of Photogrammetry and Remote Sensing 211, 281-297.
https://doi.org/10.1016/j.isprsjprs.2024.04.016

The wavelets are plain tensor operations here, so that training reaches the encoders behind them; the published code
takes them out of the graph, and its encoders never learn. What they give is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..convolutions import reach
from ..edges import crop, lengthen_sides
from .parts import conv, sizes

_WIDTHS = (32, 64, 128)
_FEATURES = (16, 32, 64, 128)
_REDUCTION = 16


def haar(image: Tensor) -> Tensor:
    """One level of the orthonormal Haar transform.

    Args:
        image: [B, C, H, W] with even sides.

    Returns:
        [4, B, C, H / 2, W / 2]: means, and differences between rows, between columns, and across.
    """
    upper, lower = image[..., ::2, :], image[..., 1::2, :]
    a, b, c, d = upper[..., ::2], upper[..., 1::2], lower[..., ::2], lower[..., 1::2]
    return torch.stack((a + b + c + d, a + b - c - d, a - b + c - d, a - b - c + d)) / 2


def inverse_haar(parts: Tensor) -> Tensor:
    """Take [4, B, C, H, W] back to [B, C, 2 H, 2 W]; the inverse of `haar`."""
    mean, rows, columns, across = parts.unbind(0)
    pixels = (
        mean + rows + columns + across,
        mean + rows - columns - across,
        mean - rows + columns - across,
        mean - rows - columns + across,
    )
    return functional.pixel_shuffle(torch.stack(pixels, dim=2).flatten(1, 2) / 2, 2)


class Attention(nn.Module):
    """Weights first the features and then the places.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = max(1, width // _REDUCTION)
        self.channels = nn.Sequential(
            nn.Conv2d(width, inner, 1, bias=False), nn.ReLU(), nn.Conv2d(inner, width, 1, bias=False)
        )
        self.places = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        mean, most = features.mean(dim=(-2, -1), keepdim=True), features.amax(dim=(-2, -1), keepdim=True)
        features = features * torch.sigmoid(self.channels(mean) + self.channels(most))
        seen = torch.cat((features.mean(1, keepdim=True), features.amax(1, keepdim=True)), dim=1)
        return features * torch.sigmoid(self.places(seen))


def _encoder(bands: int, widths: Sequence[int]) -> nn.Sequential:
    steps = zip((bands, *widths), widths)
    return nn.Sequential(*(layer for step in steps for layer in (conv(*step), nn.ReLU())))


def _decoder(widths: Sequence[int], bands: int) -> nn.Sequential:
    first, second, third = widths
    return nn.Sequential(conv(third, second), nn.ReLU(), conv(second, first), nn.ReLU(), conv(first, bands, 1))


class ECPWSTFN(nn.Module):
    """The network of Zhang et al., for any number of bands.

    Args:
        bands: Bands of every image.
        widths: Features after each of the three convolutions of an encoder.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: One pair is used.
        multiple: Sides that are a multiple of this are not padded.
        global_context: The channel attention looks at the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_target")
    pairs = 1
    multiple = 2
    global_context = True

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS) -> None:
        super().__init__()
        widths = sizes(widths, 3, "ECPW-STFN")
        self.bands = bands
        self.fine_encoder = _encoder(bands, widths)
        self.difference_encoder = _encoder(bands, widths)
        self.decoder = _decoder(widths, bands)
        steps = zip((2 * bands, *widths), widths)
        self.refine = nn.Sequential(*(nn.Sequential(conv(*step), nn.ReLU(), Attention(step[1])) for step in steps))
        self.last = _decoder(widths, bands)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that its convolutions see; wavelets double those of the encoders."""
        return 2 * reach(self.fine_encoder) + 1 + reach(self.decoder) + reach(self.refine) + reach(self.last)

    def forward(
        self,
        fine_1: Tensor,
        coarse_1: Optional[Tensor],
        coarse_target: Tensor,
        fine_2: Optional[Tensor] = None,
        coarse_2: Optional[Tensor] = None,
    ) -> Tensor:
        """Estimate the fine image of the target date.

        Args:
            fine_1: Fine image of the reference date [B, bands, H, W].
            coarse_1: Unused: the method compares the fine image with the target's coarse one.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Unused.
            coarse_2: Unused.

        Returns:
            [B, bands, H, W].
        """
        height, width = fine_1.shape[-2:]
        fine, coarse = lengthen_sides(fine_1, 2), lengthen_sides(coarse_target, 2)
        of_fine, of_difference = haar(fine), haar(coarse - fine)
        features = self.fine_encoder(of_fine.flatten(0, 1)) + self.difference_encoder(of_difference.flatten(0, 1))
        first = self.decoder(inverse_haar(features.unflatten(0, (4, fine.shape[0]))))
        return crop(self.last(self.refine(torch.cat((first, fine), dim=1))), height, width)


class ECPWSTFNAutoEncoder(nn.Module):
    """Takes an image to features of an eighth of its size and back; the features are for ECPW-STFN's loss.

    Args:
        bands: Bands of the image.
        widths: Features of each of the four levels.
    """

    multiple = 8

    def __init__(self, bands: int, widths: Sequence[int] = _FEATURES) -> None:
        super().__init__()
        first, second, third, fourth = widths = sizes(widths, 4, "ECPW-STFN's auto-encoder")
        self.bands = bands
        self.down = nn.ModuleList(conv(*step) for step in zip((bands, *widths), widths))
        self.up = nn.ModuleList((conv(fourth, third), conv(2 * third, second), conv(2 * second, first)))
        self.last = conv(2 * first, bands, 1)

    def features(self, image: Tensor) -> Tensor:
        """Map [B, bands, H, W] to features of an eighth of the size, rounded up."""
        return self._levels(image)[-1]

    def forward(self, image: Tensor) -> Tensor:
        """Reconstruct the image [B, bands, H, W]."""
        *skips, features = self._levels(image)
        for layer in self.up:
            enlarged = functional.interpolate(layer(features), scale_factor=2, mode="nearest")
            features = torch.cat((skips.pop(), torch.relu(enlarged)), dim=1)
        return crop(self.last(features), image.shape[-2], image.shape[-1])

    def _levels(self, image: Tensor) -> list[Tensor]:
        levels = [torch.relu(self.down[0](lengthen_sides(image, 8)))]
        for layer in list(self.down)[1:]:
            levels.append(torch.relu(layer(functional.max_pool2d(levels[-1], 2))))
        return levels
