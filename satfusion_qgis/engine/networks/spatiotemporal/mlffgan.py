"""MLFF-GAN: features of five sizes; at each, the fine ones are brought to the target date's statistics and mixed in.

Song, B., Liu, P., Li, J., Wang, L., Zhang, L., He, G., Chen, L., Liu, J. (2022): MLFF-GAN: a multilevel feature fusion
with GAN for spatiotemporal remote sensing images. IEEE Transactions on Geoscience and Remote Sensing 60.
https://doi.org/10.1109/TGRS.2022.3169916

The statistics are those of the whole image, so an output pixel depends on all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

from ..edges import crop, lengthen_sides
from .parts import conv, sizes, spatial_statistics

_WIDTHS = (16, 32, 64, 128, 256)
_EPSILON = 1e-5
_MULTIPLE = 16
# Mirroring at the edge of the coarsest features needs two of them.
_LEAST = 2 * _MULTIPLE
# Fine pixels that an output pixel sees on each side: on the way down a 7x7 convolution and at each size a residual
# block (2 pixels of that size) behind a strided convolution (1 of the size before); on the way up, for each step, one
# pixel of the coarser size and a residual block of the finer; and a residual block more at the head.
_DOWN = 3 + 2 + sum(2**level + 2 * 2 ** (level + 1) for level in range(4))
_UP = sum(2 ** (level + 1) + 2 * 2**level for level in range(4)) + 2 + 2
_HALO = _DOWN + _UP
_SLOPE = 0.2


class ResidualBlock(nn.Module):
    """Adds two convolutions to the features.

    Args:
        width: Features.
        dropout: Share of features dropped in training.
    """

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            conv(width, width, edges="mirrored"),
            nn.Dropout(dropout),
            nn.LeakyReLU(),
            conv(width, width, edges="mirrored"),
            nn.Dropout(dropout),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        return features + self.inner(features)


class Extractor(nn.Module):
    """Features of five sizes, each half of the one before.

    Args:
        bands: Bands of the image.
        widths: Features of each size.
        dropout: Share of features dropped in training.
    """

    def __init__(self, bands: int, widths: Sequence[int], dropout: float) -> None:
        super().__init__()
        first = conv(bands, widths[0], 7, edges="zeros")
        halving = [conv(*step, stride=2, edges="zeros") for step in zip(widths, widths[1:])]
        self.levels = nn.ModuleList(
            nn.Sequential(layer, ResidualBlock(width, dropout)) for layer, width in zip((first, *halving), widths)
        )

    def forward(self, image: Tensor) -> list[Tensor]:
        """Map [B, bands, H, W] to features from the finest to the coarsest."""
        found = [image]
        for level in self.levels:
            found.append(level(found[-1]))
        return found[1:]


class Mixing(nn.Module):
    """Where coarse features of two dates differ, takes those of the target; elsewhere, the fine ones.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.target, self.reference = (nn.Sequential(conv(width, width, 1), nn.BatchNorm2d(width)) for _ in range(2))
        self.share = nn.Sequential(conv(width, 1, 1), nn.BatchNorm2d(1))

    def forward(self, target: Tensor, reference: Tensor, fine: Tensor) -> Tensor:
        """Mix features, all [B, width, h, w]: coarse ones of the target's and the reference date, and fine ones."""
        share = torch.sigmoid(self.share(self.target(target) - self.reference(reference)))
        return target * share + at_statistics_of(target, fine) * (1 - share)


def at_statistics_of(target: Tensor, features: Tensor) -> Tensor:
    """Give each channel of the features [B, C, h, w] the mean and the deviation of the target's."""
    mean, variance = spatial_statistics(features)
    wanted_mean, wanted_variance = spatial_statistics(target)
    factor = torch.sqrt(wanted_variance + _EPSILON) / torch.sqrt(variance + _EPSILON)
    return (features - mean) * factor + wanted_mean


class MLFFGAN(nn.Module):
    """The generator of Song et al., for any number of bands.

    Args:
        bands: Bands of every image.
        widths: Features of the five sizes.
        dropout: Share of features dropped in training.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: One pair is used.
        halo: Pixels around an output pixel that its convolutions see.
        multiple: Sides that are a multiple of this, and at least twice this, are not padded.
        global_context: Means and deviations are those of the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_1", "coarse_target")
    pairs = 1
    halo = _HALO
    multiple = _MULTIPLE
    global_context = True

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS, dropout: float = 0.5) -> None:
        super().__init__()
        widths = sizes(widths, 5, "MLFF-GAN")
        self.bands = bands
        self.coarse = Extractor(bands, widths, dropout)
        self.fine = Extractor(bands, widths, dropout)
        self.mixing = nn.ModuleList(Mixing(width) for width in widths)
        # A step gives as many features as those of the size it reaches, with which they are joined.
        self.up = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(2 * inputs, outputs, 4, 2, 1), nn.LeakyReLU(), ResidualBlock(outputs, dropout)
            )
            for inputs, outputs in zip(widths[:0:-1], widths[-2::-1])
        )
        joined = 2 * widths[0]
        self.head = nn.Sequential(
            ResidualBlock(joined, dropout),
            conv(joined, widths[0], 1),
            ResidualBlock(widths[0], dropout),
            conv(widths[0], bands, 1),
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
            fine_1: Fine image of the reference date [B, bands, H, W].
            coarse_1: Its coarse image, on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Unused.
            coarse_2: Unused.

        Returns:
            [B, bands, H, W].
        """
        height, width = fine_1.shape[-2:]
        fine, reference, target = (
            extract(lengthen_sides(image, _MULTIPLE, _LEAST))
            for extract, image in ((self.fine, fine_1), (self.coarse, coarse_1), (self.coarse, coarse_target))
        )
        mixed = [mix(*features) for mix, *features in zip(self.mixing, target, reference, fine)]
        features = target[-1]
        for level, step in zip(mixed[:0:-1], self.up):
            features = step(torch.cat((level, features), dim=1))
        return crop(self.head(torch.cat((mixed[0], features), dim=1)), height, width)


class MLFFGANDiscriminator(nn.Module):
    """Scores patches of a fine image beside the coarse one of its date.

    Args:
        bands: Bands of either image.
        width: Features of the first layer; those of the next ones are doubled.
        layers: Layers that double the features; all but the last of them halve the image, as the first layer does.
    """

    def __init__(self, bands: int, width: int = 64, layers: int = 3) -> None:
        super().__init__()
        self.bands = bands
        levels = [nn.Sequential(_patch_conv(2 * bands, width, 2), nn.LeakyReLU(_SLOPE))]
        for number in range(layers):
            outputs, stride = 2 * width, 1 if number == layers - 1 else 2
            levels.append(
                nn.Sequential(_patch_conv(width, outputs, stride), nn.BatchNorm2d(outputs), nn.LeakyReLU(_SLOPE))
            )
            width = outputs
        self.levels = nn.ModuleList((*levels, nn.Sequential(_patch_conv(width, 1, 1))))

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Score how real patches of fine images look for their coarse ones.

        Args:
            fine: Fine images of the target date, estimated or real [B, bands, H, W].
            coarse: Coarse images of the same date, on the fine grid.

        Returns:
            [B, 1, h, w], about 1 for real images.
        """
        return self.maps(fine, coarse)[-1]

    def maps(self, fine: Tensor, coarse: Tensor) -> list[Tensor]:
        """What every layer gives; arguments as `forward`."""
        found = [torch.cat((fine, coarse), dim=1)]
        for level in self.levels:
            found.append(level(found[-1]))
        return found[1:]


def _patch_conv(inputs: int, outputs: int, stride: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 4, stride, 2)
