"""SRSF-GAN: the coarse image of the target date is enlarged step by step, and a fine image of any date mixed in.

Zhao, Q., Ji, L., Su, Y., Zhao, Y., Shi, J. (2023): SRSF-GAN: a super-resolution-based spatial fusion with GAN for
satellite images with different spatial and temporal resolutions. IEEE Transactions on Geoscience and Remote Sensing 61.
https://doi.org/10.1109/TGRS.2023.3329115

The layers are those of the authors' repository Zhaosir996/SRSFGAN and of the code of a survey (Sun et al., 2026,
https://doi.org/10.1016/j.inffus.2025.103675). The ratio of pixel sizes is 8 whatever the data: coarse images of another
ratio come on the fine grid and are reduced to an eighth of it.

A gate and the channel attention look at means over the image, so an output pixel depends on all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..edges import crop, lengthen_sides
from .parts import conv, sizes

_RATIO = 8
_STEPS = 3
_WIDTH = 64
_ATTENTION = 4
_DISCRIMINATOR = (16, 32, 64)
# Fine pixels that an output pixel sees on each side, along the longest way: a residual unit (2 pixels) at each size and
# a strided convolution to the next; then at each size a block of three units, and, but for the last, a step up, which
# sees one pixel of the finer size.
_DOWN = sum(2 * 2**step for step in range(_STEPS + 1)) + sum(2**step for step in range(_STEPS))
_UP = sum(6 * 2**step for step in range(_STEPS + 1)) + sum(2**step for step in range(_STEPS))
_HALO = _DOWN + _UP


def _up(inputs: int, outputs: int) -> nn.ConvTranspose2d:
    """A transposed convolution that doubles the image."""
    return nn.ConvTranspose2d(inputs, outputs, 3, 2, 1, 1)


class ResidualUnit(nn.Module):
    """Adds two convolutions to the features, with an activation after the sum.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = conv(width, width, edges="zeros"), conv(width, width, edges="zeros")

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        return functional.leaky_relu(features + self.second(functional.leaky_relu(self.first(features))))


class ChannelAttention(nn.Module):
    """Weights features by what they are on average over the image.

    Its 3x3 kernels are published so; of a single mean, they see the centre alone.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.squeeze = nn.ModuleList(
            nn.Conv2d(width, _ATTENTION, 3, padding=spread, dilation=spread) for spread in (3, 5, 7)
        )
        self.weigh = conv(3 * _ATTENTION, width, edges="zeros")

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        mean = features.mean(dim=(-2, -1), keepdim=True)
        inner = torch.cat([functional.leaky_relu(layer(mean)) for layer in self.squeeze], dim=1)
        return features * torch.sigmoid(self.weigh(inner))


class DenseBlock(nn.Module):
    """Three residual units whose outputs pile up, brought back to the first width, and channel attention.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.units = nn.ModuleList(ResidualUnit(width * 2**number) for number in range(3))
        self.merge = conv(8 * width, width, 1)
        self.attention = ChannelAttention(width)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        for unit in self.units:
            features = torch.cat((features, unit(features)), dim=1)
        return self.attention(functional.leaky_relu(self.merge(features)))


class SingleValueNorm(nn.BatchNorm2d):
    """Batch normalisation of one value per image; with one image, which has no spread, by the running statistics."""

    def forward(self, values: Tensor) -> Tensor:
        """Map [B, 1, 1, 1] to the same shape."""
        if self.training and values.shape[0] == 1:
            return functional.batch_norm(
                values, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps
            )
        return super().forward(values)


class Gate(nn.Module):
    """Mixes fine and coarse features by how much they differ, in each place and over the image.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.local = nn.Sequential(conv(width, 1, 1), nn.BatchNorm2d(1))
        self.overall = nn.Sequential(conv(width, 1, 1), SingleValueNorm(1))

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Mix features [B, width, H, W]."""
        difference = (fine - coarse).abs()
        share = torch.sigmoid(self.local(difference) + self.overall(difference.mean(dim=(-2, -1), keepdim=True)))
        return fine * (1 - share) + coarse * share


class SRSFGAN(nn.Module):
    """The generator, for any number of bands. Layers that the published one uses in several places are shared here too.

    Args:
        bands: Bands of every image.
        width: Features of every layer.
        corners_aligned: Reduce the coarse image as the survey's code does, corner pixel onto corner pixel. That shifts
            it by up to half a coarse pixel towards the edges of the window, other windows by other amounts, so it is
            for weights trained so alone; by default, a reduced pixel is the mean of the 8 x 8 that it covers.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: One pair is used.
        halo: Pixels around an output pixel that its convolutions see.
        multiple: Sides that are a multiple of this are not padded.
        global_context: Gate and attention look at means over the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_target")
    pairs = 1
    halo = _HALO
    multiple = _RATIO
    global_context = True

    def __init__(self, bands: int, width: int = _WIDTH, corners_aligned: bool = False) -> None:
        super().__init__()
        self.bands = bands
        self.corners_aligned = corners_aligned
        self.head = conv(bands, width, 1)
        self.tail = conv(width, bands, 1)
        self.halve = conv(width, width, stride=2, edges="zeros")
        self.enlarge = _up(width, width)
        self.fine = nn.ModuleList(ResidualUnit(width) for _ in range(_STEPS + 1))
        self.coarse = nn.ModuleList(ResidualUnit(width) for _ in range(_STEPS + 1))
        self.gate = Gate(width)
        self.first = DenseBlock(width)
        self.rebuild = nn.Sequential(conv(2 * width, width, 1), DenseBlock(width))

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
            fine_1: A fine image of any date [B, bands, H, W].
            coarse_1: Unused: the method needs no coarse image of that date.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Unused.
            coarse_2: Unused.

        Returns:
            [B, bands, H, W].
        """
        return self.with_coarse_branch(fine_1, coarse_target)[0]

    def with_coarse_branch(self, fine_1: Tensor, coarse_target: Tensor) -> tuple[Tensor, Tensor]:
        """The estimate, and the one from the coarse image alone, which training uses too; arguments as `forward`."""
        height, width = fine_1.shape[-2:]
        fine = self._fine_features(lengthen_sides(fine_1, _RATIO))
        coarse = self._coarse_features(self._reduced(lengthen_sides(coarse_target, _RATIO)))
        mixed = [self.gate(*pair) for pair in zip(reversed(fine), coarse)]
        features = self.first(mixed[0])
        for other in mixed[1:]:
            features = self.rebuild(torch.cat((self.enlarge(features), other), dim=1))
        return crop(self.tail(features), height, width), crop(self.tail(coarse[-1]), height, width)

    def _reduced(self, coarse: Tensor) -> Tensor:
        """An eighth of the coarse image on the fine grid."""
        if not self.corners_aligned:
            return functional.avg_pool2d(coarse, _RATIO)
        size = (coarse.shape[-2] // _RATIO, coarse.shape[-1] // _RATIO)
        return functional.interpolate(coarse, size=size, mode="bicubic", align_corners=True)

    def _fine_features(self, image: Tensor) -> list[Tensor]:
        """Features from full to an eighth of the size."""
        found = [self.fine[0](self.head(image))]
        for unit in list(self.fine)[1:]:
            found.append(unit(self.halve(found[-1])))
        return found

    def _coarse_features(self, image: Tensor) -> list[Tensor]:
        """Features from an eighth of the size to full."""
        found = [self.coarse[0](self.head(image))]
        for unit in list(self.coarse)[1:]:
            found.append(unit(self.enlarge(found[-1])))
        return found


def _normalised(layer: nn.Module, outputs: int) -> tuple[nn.Module, nn.Module, nn.Module]:
    return layer, nn.BatchNorm2d(outputs), nn.LeakyReLU()


def _twice(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions, normalised and activated."""
    return nn.Sequential(
        *_normalised(conv(inputs, outputs, edges="zeros"), outputs),
        *_normalised(conv(outputs, outputs, edges="zeros"), outputs),
    )


class SRSFGANDiscriminator(nn.Module):
    """A U-shaped network that says of every pixel how real it looks, not knowing the coarse image.

    Args:
        bands: Bands of the image.
        widths: Features of the three sizes.
    """

    def __init__(self, bands: int, widths: Sequence[int] = _DISCRIMINATOR) -> None:
        super().__init__()
        first, second, third = sizes(widths, 3, "SRSF-GAN's discriminator")
        self.bands = bands
        self.down = nn.ModuleList(_twice(*step) for step in ((bands, first), (first, second), (second, third)))
        self.halve = nn.ModuleList(
            nn.Sequential(*_normalised(conv(width, width, stride=2, edges="zeros"), width)) for width in widths
        )
        # Each step up gives as many features as the skip that it is joined with.
        self.up = nn.ModuleList(
            nn.Sequential(_twice(inputs, 2 * outputs), *_normalised(_up(2 * outputs, outputs), outputs))
            for inputs, outputs in ((third, third), (2 * third, second), (2 * second, first))
        )
        self.last = nn.Sequential(_twice(2 * first, first), conv(first, 1, edges="zeros"))

    def forward(self, fine: Tensor, coarse: Optional[Tensor] = None) -> Tensor:
        """Score the pixels of fine images.

        Args:
            fine: Fine images, estimated or real [B, bands, H, W].
            coarse: Unused: what other discriminators compare with.

        Returns:
            [B, 1, H, W] from 0 to 1, about 1 for real images.
        """
        features, skips = lengthen_sides(fine, _RATIO), []
        for twice, halve in zip(self.down, self.halve):
            skips.append(twice(features))
            features = halve(skips[-1])
        for step in self.up:
            features = torch.cat((step(features), skips.pop()), dim=1)
        return crop(torch.sigmoid(self.last(features)), fine.shape[-2], fine.shape[-1])
