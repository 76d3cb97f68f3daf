"""MUSTFN: images of three dates through features of three sizes, a pyramid of means and dilated convolutions.

Qin, P., Huang, H., Tang, H., Wang, J., Liu, C. (2022): MUSTFN: a spatiotemporal fusion method for multi-scale and
multi-sensor remote sensing images based on a convolutional neural network. International Journal of Applied Earth
Observation and Geoinformation 115, 103113. https://doi.org/10.1016/j.jag.2022.103113

The channel attention looks at means over the image, so an output pixel depends on all of it.

The authors align the corners of an image with those of its reduced features, which shifts what is enlarged by an amount
that depends on the window's size. Here features are enlarged by half-pixel centres; `corners_aligned=True` is the
authors', for their weights alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..edges import crop, lengthen_sides
from .parts import second_pair, sizes

# Means over squares of 8 features at half size.
_MULTIPLE = 16
_POOLS = (2, 4, 8)
_DILATIONS = (2, 4, 8)
# Pixels around an output pixel that it sees by the widest gaps: 8 pixels of quarter size are 32; the other convolutions
# at quarter size add 4, those at half size 6, those at full size 7, the enlargement and the place in a cell up to 5.
_HALO = 54


def unit(inputs: int, outputs: int, kernel: int = 3, dilation: int = 1, stride: int = 1, groups: int = 1) -> nn.Module:
    """Return a convolution without bias, batch normalisation and a ReLU; edges are repeated.

    Kernels start as the authors' do, with a variance of 2 over the kernel's pixels and the outputs.
    """
    padding = dilation * (kernel // 2)
    edges = "replicate" if padding else "zeros"
    layer = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False, padding_mode=edges)
    nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU())


def bottle(width: int, middle: nn.Module) -> nn.Sequential:
    """Return `middle`, which keeps twice `width` features, between two 1x1 units."""
    return nn.Sequential(unit(width, 2 * width, 1), middle, unit(2 * width, width, 1))


class ChannelAttention(nn.Module):
    """Weights features by what they are on average over the image.

    Args:
        width: Features.
        inside: Features of the layers inside.
    """

    def __init__(self, width: int, inside: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, inside, 1, bias=False)
        self.second = nn.Conv2d(inside, inside, 1, bias=False)
        self.last = nn.Conv2d(inside, width, 1, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        means = features.mean((-2, -1), keepdim=True)
        return features * torch.sigmoid(self.last(self.second(torch.relu(self.first(means)))))


class MUSTFN(nn.Module):
    """The network of Qin et al., for any number of bands.

    Args:
        bands: Bands of the fine images and of the output.
        coarse_bands: Bands of the coarse images; as many by default (the authors' have 7 beside 6).
        width: Features of the finest level, to which all images' bands are mapped where they are not as many.
        attention: Features inside the channel attention.
        head: Features after the two convolutions before the last.
        corners_aligned: Enlarge as the authors (see the head of this file), for their weights alone.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: Two pairs are used.
        multiple: Sides that are a multiple of this are not padded.
        halo: Pixels around an output pixel that the convolutions see; the attention sees the whole image.
        global_context: Every output pixel depends on the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")
    pairs = 2
    multiple = _MULTIPLE
    halo = _HALO
    global_context = True

    def __init__(
        self,
        bands: int,
        coarse_bands: Optional[int] = None,
        width: int = 33,
        attention: int = 150,
        head: Sequence[int] = (128, 64),
        corners_aligned: bool = False,
    ) -> None:
        super().__init__()
        coarse_bands = bands if coarse_bands is None else coarse_bands
        if min(bands, coarse_bands, width, attention) < 1:
            raise InputError("MUSTFN needs 1 or more bands and features.")
        first, second = sizes(head, 2, "MUSTFN")
        self.bands = bands
        self.coarse_bands = coarse_bands
        self.corners_aligned = corners_aligned
        fine, coarse = 2 * bands, 3 * coarse_bands
        self.fine = nn.Sequential(unit(fine, fine), unit(fine, fine))
        self.coarse = unit(coarse, coarse)
        self.join = nn.Identity() if fine + coarse == width else unit(fine + coarse, width, 1)
        self.halve = nn.ModuleList(unit(n * width, 2 * n * width, dilation=2, stride=2) for n in (2, 4))
        self.bottles = nn.ModuleList(
            (
                bottle(width, unit(2 * width, 2 * width, groups=2 * width)),
                *(bottle(n * width, unit(2 * n * width, 2 * n * width)) for n in (4, 8)),
            )
        )
        self.pools = nn.ModuleList(unit(4 * width, 8 * width, 1) for _ in _POOLS)
        self.pooled = unit(len(_POOLS) * 8 * width, 8 * width, 1)
        self.dilated = nn.ModuleList(unit(8 * width, 12 * width, dilation=rate) for rate in _DILATIONS)
        self.context = unit(len(_DILATIONS) * 12 * width, 12 * width, 1)
        self.attention = ChannelAttention(22 * width, attention)
        self.head = nn.Sequential(
            unit(22 * width, first), unit(first, second), nn.Conv2d(second, bands, 1, bias=False), nn.Sigmoid()
        )

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
            fine_1: Fine image before the target date [B, bands, H, W].
            coarse_1: Its coarse image [B, coarse_bands, H, W], on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Fine image after the target date.
            coarse_2: Its coarse image, on the fine grid.

        Returns:
            [B, bands, H, W], within 0 and 1.

        Raises:
            InputError: The second pair is missing.
        """
        fine_2, coarse_2 = second_pair("MUSTFN", fine_2, coarse_2)
        height, width = fine_1.shape[-2:]
        fine = lengthen_sides(torch.cat((fine_1, fine_2), dim=1), _MULTIPLE)
        coarse = lengthen_sides(torch.cat((coarse_1, coarse_target, coarse_2), dim=1), _MULTIPLE)
        image = self.join(torch.cat((self.fine(fine), self.coarse(coarse)), dim=1))
        full = torch.cat((image, self.bottles[0](image)), dim=1)
        entry = self.halve[0](full)
        half = entry + self.bottles[1](entry)
        entry = self.halve[1](half)
        quarter = entry + self.bottles[2](entry)
        parts = (full, self._pyramid(half, fine), self._context(quarter, fine))
        return crop(self.head(self.attention(torch.cat(parts, dim=1))), height, width)

    def _pyramid(self, half: Tensor, full: Tensor) -> Tensor:
        """Means over squares of three sizes, at full size."""
        means = [layer(functional.avg_pool2d(half, side)) for layer, side in zip(self.pools, _POOLS)]
        return self.pooled(torch.cat([self._enlarged(mean, full) for mean in means], dim=1))

    def _context(self, quarter: Tensor, full: Tensor) -> Tensor:
        """What convolutions with gaps of three widths see, at full size."""
        return self._enlarged(self.context(torch.cat([layer(quarter) for layer in self.dilated], dim=1)), full)

    def _enlarged(self, features: Tensor, full: Tensor) -> Tensor:
        size = full.shape[-2:]
        return functional.interpolate(features, size=size, mode="bilinear", align_corners=self.corners_aligned)
