"""RSFN: two fine images, each weighted by an attention that compares it with the coarse image of the target date.

Tan, Z., Gao, M., Yuan, J., Jiang, L., Duan, H. (2022): A robust model for MODIS and Landsat image fusion considering
input noise. IEEE Transactions on Geoscience and Remote Sensing 60, 5407217.
https://doi.org/10.1109/TGRS.2022.3145086

The method needs no coarse images of the reference dates: a fine image that is cloudy, or has changed, is seen to differ
from the coarse one of the target date and gets less weight.

The authors normalise inside the attention by the mean and variance of the very window, which forces the same mean
attention on every window, cloudy or not, and makes the result depend on how a scene is cut. Here it is the training
data's mean and variance; `norm="instance"` is the authors', for their weights alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from ....tasks.errors import InputError
from ..edges import crop, lengthen_sides
from .parts import conv, sizes

_WIDTHS = (16, 32, 64)
_AUTO_ENCODER_WIDTHS = (16, 32, 64, 128)
_DISCRIMINATOR_WIDTHS = (64, 64, 128, 128, 256, 256)
_NORMS = {"batch": nn.BatchNorm2d, "instance": nn.InstanceNorm2d}
# Three halvings in the attention.
_MULTIPLE = 8
# Pixels around an output pixel that it sees by the attention: three at the output's size (the decoder's convolutions),
# a halving from twice that size, four enlargements from an eighth of it, each with a convolution, and three halvings.
# How much of it a pixel uses depends on its place; this is the most, which a test measures.
_HALO = 33


def _resized(image: Tensor, height: int, width: int) -> Tensor:
    return functional.interpolate(image, size=(height, width), mode="bilinear", align_corners=False)


class ResidualBlock(nn.Module):
    """A 3x3 and a 1x1 convolution beside a 1x1 convolution, at the same, half or twice the size.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
        size: "same", "half" (rounded up) or "double".
        norm: "" for none, "batch" or "instance", both without weights.
    """

    def __init__(self, inputs: int, outputs: int, size: str = "same", norm: str = "") -> None:
        super().__init__()
        least = min(inputs, outputs)
        self.size = size
        self.first, self.second = conv(inputs, least, stride=2 if size == "half" else 1), conv(least, outputs, 1)
        self.side = conv(inputs, outputs, 1)
        self.norms = nn.ModuleList(_NORMS[norm](count, affine=False) for count in (least, outputs, outputs) if norm)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, ...]."""
        if self.size == "double":
            features = functional.interpolate(features, scale_factor=2.0, mode="bilinear", align_corners=False)
        trunk = self.second(functional.leaky_relu(self._normalised(0, self.first(features))))
        trunk, side = self._normalised(1, trunk), self._normalised(2, self.side(features))
        if self.size == "half":
            side = _resized(side, *trunk.shape[-2:])
        return trunk + side

    def _normalised(self, place: int, features: Tensor) -> Tensor:
        return self.norms[place](features) if len(self.norms) else features


class RSFN(nn.Module):
    """The generator of Tan et al., for any number of bands.

    Args:
        bands: Bands of every image.
        widths: Features of the three levels.
        norm: How the attention is normalised: "batch", or "instance" as the authors (see the head of this file).

    Attributes:
        inputs: Names of the images that it uses.
        pairs: Two fine images are used.
        multiple: Sides that are a multiple of this are not padded.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_target", "fine_2")
    pairs = 2
    multiple = _MULTIPLE

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS, norm: str = "batch") -> None:
        super().__init__()
        if norm not in _NORMS:
            raise InputError(f"RSFN's norm must be one of {', '.join(_NORMS)}, not {norm!r}.")
        a, b, c = sizes(widths, 3, "RSFN")
        self.bands = bands
        self.norm = norm
        self.fine = nn.Sequential(ResidualBlock(bands, a), ResidualBlock(a, b), ResidualBlock(b, c, "double"))
        self.coarse = nn.Sequential(ResidualBlock(bands, a), ResidualBlock(a, b), ResidualBlock(b, c))
        down = [(2 * bands, a), (a, b), (b, c)]
        up = [(c, c), (c, b), (b, a), (a, 1)]
        self.attention = nn.Sequential(
            *(ResidualBlock(*pair, "half", norm) for pair in down),
            *(ResidualBlock(*pair, "double", norm) for pair in up),
        )
        self.tweak = ResidualBlock(c, c, "half")
        self.decoder = nn.Sequential(
            ResidualBlock(2 * c, c), ResidualBlock(c, b), ResidualBlock(b, a), conv(a, bands, 1)
        )

    @property
    def global_context(self) -> bool:
        """Whether an output pixel depends on the whole window: by the authors' normalisation alone."""
        return self.norm == "instance"

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that the convolutions see."""
        return _HALO

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
            fine_1: Fine image before the target date [B, bands, H, W].
            coarse_1: Not part of the method; may be None.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Fine image after the target date.
            coarse_2: Not part of the method; may be None.

        Returns:
            [B, bands, H, W]; the authors set negative values to 0.

        Raises:
            InputError: The second fine image is missing.
        """
        if fine_2 is None:
            raise InputError("RSFN needs FINE_2 as well.")
        height, width = fine_1.shape[-2:]
        before, coarse, after = (lengthen_sides(image, _MULTIPLE) for image in (fine_1, coarse_target, fine_2))
        reference = self.fine(before) * self.weight(before, coarse) + self.fine(after) * self.weight(after, coarse)
        return crop(self.decoder(torch.cat((self.tweak(reference), self.coarse(coarse)), dim=1)), height, width)

    def weight(self, fine: Tensor, coarse_target: Tensor) -> Tensor:
        """A fine image's weight, 0 to 1, at twice its size: [B, 1, 2 H, 2 W]; both sides a multiple of 8."""
        return torch.sigmoid(self.attention(torch.cat((fine, coarse_target), dim=1)))


class RSFNAutoEncoder(nn.Module):
    """Takes an image to features of an eighth of its size and back; the features are for RSFN's loss.

    Args:
        bands: Bands of the image.
        widths: Features of the four sizes.

    Attributes:
        multiple: Sides that are a multiple of this are not padded.
    """

    multiple = _MULTIPLE

    def __init__(self, bands: int, widths: Sequence[int] = _AUTO_ENCODER_WIDTHS) -> None:
        super().__init__()
        a, b, c, d = sizes(widths, 4, "RSFN's auto-encoder")
        self.bands = bands
        self.encoder = nn.ModuleList(
            (
                ResidualBlock(bands, a),
                ResidualBlock(a, b, "half"),
                ResidualBlock(b, c, "half"),
                ResidualBlock(c, d, "half"),
            )
        )
        self.decoder = nn.ModuleList(
            (ResidualBlock(d, c, "double"), ResidualBlock(2 * c, b, "double"), ResidualBlock(2 * b, a, "double"))
        )
        self.last = conv(2 * a, bands, 1)

    def features(self, image: Tensor) -> list[Tensor]:
        """Map [B, bands, H, W] to features of four sizes, the finest first."""
        found = [self.encoder[0](lengthen_sides(image, _MULTIPLE))]
        for block in list(self.encoder)[1:]:
            found.append(block(found[-1]))
        return found

    def forward(self, image: Tensor) -> Tensor:
        """Map [B, bands, H, W] to the same shape."""
        *skips, decoded = self.features(image)
        for block in self.decoder:
            decoded = torch.cat((skips.pop(), block(decoded)), dim=1)
        return crop(self.last(decoded), *image.shape[-2:])


class DiscriminatorBlock(nn.Module):
    """Two convolutions behind batch normalisation beside a 1x1 convolution, at half the size.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.side = spectral_norm(conv(inputs, outputs, 1))
        self.first_norm, self.second_norm = nn.BatchNorm2d(inputs), nn.BatchNorm2d(inputs)
        self.first = spectral_norm(conv(inputs, inputs))
        self.second = spectral_norm(conv(inputs, outputs, 1))

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, H / 2, W / 2], rounded up."""
        trunk = self.first(functional.leaky_relu(self.first_norm(features)))
        trunk = functional.max_pool2d(trunk, 2, ceil_mode=True)
        trunk = self.second(functional.leaky_relu(self.second_norm(trunk)))
        return trunk + functional.max_pool2d(self.side(features), 2, ceil_mode=True)


class RSFNDiscriminator(nn.Module):
    """Says of each place of an image whether it is a real one of the target date.

    Args:
        bands: Bands of the image.
        widths: Features after each block, which halves the size.
    """

    def __init__(self, bands: int, widths: Sequence[int] = _DISCRIMINATOR_WIDTHS) -> None:
        super().__init__()
        counts = (2 * bands, *sizes(widths, len(widths), "RSFN's discriminator"))
        self.bands = bands
        self.blocks = nn.Sequential(*(DiscriminatorBlock(*pair) for pair in zip(counts, counts[1:])))
        self.last = spectral_norm(conv(counts[-1], 1, 1))

    def forward(self, image: Tensor, coarse_target: Tensor) -> Tensor:
        """Map an image and the target date's coarse one, both [B, bands, H, W], to scores [B, 1, h, w]: 1 is real."""
        return self.last(self.blocks(torch.cat((image, coarse_target), dim=1)))
