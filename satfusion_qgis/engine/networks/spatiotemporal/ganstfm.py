"""GAN-STFM: a coarse image of the target date and one fine image of any date, joined by residual blocks.

Tan, Z., Gao, M., Li, X., Jiang, L. (2022): A flexible reference-insensitive spatiotemporal fusion model for remote
sensing images using conditional generative adversarial network. IEEE Transactions on Geoscience and Remote Sensing 60.
https://doi.org/10.1109/TGRS.2021.3050551

Switchable normalisation: Luo, P., Ren, J., Peng, Z., Zhang, R., Li, J. (2019): Differentiable learning-to-normalize via
switchable normalization. https://doi.org/10.48550/arXiv.1806.10779. It uses means over the image, so an output pixel
depends on all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from ....tasks.errors import InputError
from ..convolutions import reach
from ..edges import crop, lengthen_sides
from .parts import conv, sizes, spatial_statistics

_WIDTHS = (16, 32, 64, 128)
_EPSILON = 1e-5
# Share of the old running statistics that a training step leaves.
_MEMORY = 0.9
# Features between the strided blocks of the three parts of the discriminator.
_PARTS = (
    (32, 32, 64, 64, 128, 128, 256, 256),
    (32, 64, 64, 128, 128, 256, 256),
    (32, 64, 128, 128, 256, 256),
)


class SwitchableNorm(nn.Module):
    """Normalises by a learnt mixture of the statistics of each channel, of each image, and of the batch.

    Args:
        channels: Channels.

    Attributes:
        running_mean: Mean of the batches, for use after training; starts at 0 as the published one.
        running_var: Variance of the batches, likewise.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.mean_weight = nn.Parameter(torch.ones(3))
        self.var_weight = nn.Parameter(torch.ones(3))
        self.register_buffer("running_mean", torch.zeros(1, channels, 1))
        self.register_buffer("running_var", torch.zeros(1, channels, 1))

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, channels, H, W] to the same shape."""
        mean, variance = spatial_statistics(features)
        square = variance + mean**2
        image_mean = mean.mean(1, keepdim=True)
        image_variance = square.mean(1, keepdim=True) - image_mean**2
        batch_mean, batch_variance = self._of_batch(mean, square)
        means, variances = torch.softmax(self.mean_weight, 0), torch.softmax(self.var_weight, 0)
        centre = means[0] * mean + means[1] * image_mean + means[2] * batch_mean
        spread = variances[0] * variance + variances[1] * image_variance + variances[2] * batch_variance
        return (features - centre) / torch.sqrt(spread + _EPSILON) * self.weight + self.bias

    def _of_batch(self, mean: Tensor, square: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and variance over the batch [1, channels, 1, 1]: this one's in training, the running ones after it."""
        if not self.training:
            return self.running_mean[..., None], self.running_var[..., None]
        batch_mean = mean.mean(0, keepdim=True)
        batch_variance = square.mean(0, keepdim=True) - batch_mean**2
        with torch.no_grad():
            self.running_mean.lerp_(batch_mean[..., 0], 1 - _MEMORY)
            self.running_var.lerp_(batch_variance[..., 0], 1 - _MEMORY)
        return batch_mean, batch_variance


class EncoderBlock(nn.Module):
    """A step of both streams: the coarse one goes on by itself and is added to the fine one.

    Args:
        inputs: Features that come in, in either stream.
        outputs: Features that go out, in either stream.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        least = min(inputs, outputs)
        self.coarse = nn.Sequential(conv(inputs, least), conv(least, outputs, 1), nn.LeakyReLU())
        self.fine = nn.Sequential(
            SwitchableNorm(inputs),
            nn.LeakyReLU(),
            conv(inputs, least),
            SwitchableNorm(least),
            nn.LeakyReLU(),
            conv(least, outputs, 1),
        )

    def forward(self, coarse: Tensor, fine: Tensor) -> tuple[Tensor, Tensor]:
        """Map both streams [B, inputs, H, W] to [B, outputs, H, W]."""
        coarse = self.coarse(coarse)
        return coarse, coarse + self.fine(fine)


class DecoderBlock(nn.Module):
    """A 3x3 and a 1x1 convolution, with a 1x1 convolution beside them.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        least = min(inputs, outputs)
        self.inner = nn.Sequential(conv(inputs, least), nn.LeakyReLU(), conv(least, outputs, 1))
        self.shortcut = conv(inputs, outputs, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, H, W]."""
        return self.shortcut(features) + self.inner(features)


class GANSTFM(nn.Module):
    """The generator of Tan et al., for any number of bands.

    Args:
        bands: Bands of every image.
        widths: Features after each of the four blocks of the encoder.
        reads_reference_coarse: Read the reference date's coarse image in the place of the target's, as a survey's code
            does by mistake, which so never sees the target date. For weights trained so, and for nothing else.

    Attributes:
        pairs: One pair is used.
        multiple: Sides of any length are taken as they are.
        global_context: The normalisation looks at the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    pairs = 1
    multiple = 1
    global_context = True

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS, reads_reference_coarse: bool = False) -> None:
        super().__init__()
        outputs = sizes(widths, 4, "GAN-STFM")
        self.bands = bands
        self.reads_reference_coarse = reads_reference_coarse
        self.encoder = nn.ModuleList(EncoderBlock(*step) for step in zip((bands, *outputs), outputs))
        back = (2 * outputs[3], *outputs[::-1])
        self.decoder = nn.Sequential(*(DecoderBlock(*step) for step in zip(back, back[1:])), conv(outputs[0], bands, 1))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the images that it uses."""
        return "fine_1", "coarse_1" if self.reads_reference_coarse else "coarse_target"

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that its convolutions see."""
        in_encoder = sum(reach(block.coarse) for block in self.encoder if isinstance(block, EncoderBlock))
        return in_encoder + reach(self.decoder)

    def forward(
        self,
        fine_1: Tensor,
        coarse_1: Optional[Tensor],
        coarse_target: Optional[Tensor] = None,
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

        Raises:
            InputError: The coarse image that is used is missing.
        """
        coarse, fine = coarse_1 if self.reads_reference_coarse else coarse_target, fine_1
        if coarse is None:
            raise InputError(f"These weights of GAN-STFM need {self.inputs[1].upper()} as well.")
        for block in self.encoder:
            coarse, fine = block(coarse, fine)
        return self.decoder(torch.cat((coarse, fine), dim=1))


class GANSTFMAutoEncoder(nn.Module):
    """Takes an image to features of an eighth of its size and back; the features are for GAN-STFM's loss.

    Args:
        bands: Bands of the image.
        widths: Features of each of the four levels.
    """

    multiple = 8

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS) -> None:
        super().__init__()
        first, second, third, fourth = sizes(widths, 4, "GAN-STFM's auto-encoder")
        self.bands = bands
        self.down = nn.ModuleList(
            (
                conv(bands, first),
                *(conv(*step, stride=2) for step in ((first, second), (second, third), (third, fourth))),
            )
        )
        self.up = nn.ModuleList((conv(fourth, third), conv(2 * third, second), conv(2 * second, first)))
        self.last = conv(2 * first, bands, 1)

    def features(self, image: Tensor) -> Tensor:
        """Map [B, bands, H, W] to features of an eighth of the size, rounded up."""
        return self._levels(image)[-1]

    def forward(self, image: Tensor) -> Tensor:
        """Reconstruct the image [B, bands, H, W]."""
        *skips, features = self._levels(image)
        for layer in self.up:
            enlarged = functional.interpolate(features, scale_factor=2, mode="nearest")
            features = torch.cat((skips.pop(), functional.leaky_relu(layer(enlarged))), dim=1)
        return crop(self.last(features), image.shape[-2], image.shape[-1])

    def _levels(self, image: Tensor) -> list[Tensor]:
        levels = [lengthen_sides(image, 8)]
        for layer in self.down:
            levels.append(functional.leaky_relu(layer(levels[-1])))
        return levels[1:]


class DiscriminatorBlock(nn.Module):
    """Halves the image, with spectrally normalised convolutions.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.BatchNorm2d(inputs),
            nn.LeakyReLU(),
            spectral_norm(conv(inputs, inputs, 3, 2, "zeros")),
            nn.BatchNorm2d(inputs),
            nn.LeakyReLU(),
            spectral_norm(conv(inputs, outputs, 1)),
        )
        self.shortcut = spectral_norm(conv(inputs, outputs, 1, 2))

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, H / 2, W / 2], rounded up."""
        return self.shortcut(features) + self.inner(features)


class GANSTFMDiscriminator(nn.Module):
    """Three parts look at the images at full, half and quarter size.

    Args:
        bands: Bands of either image.
        widths: Features of the blocks, for each part.
    """

    def __init__(self, bands: int, widths: Sequence[Sequence[int]] = _PARTS) -> None:
        super().__init__()
        self.bands = bands
        self.parts = nn.ModuleList(
            nn.Sequential(
                *(DiscriminatorBlock(*step) for step in zip((2 * bands, *outputs), outputs)),
                spectral_norm(conv(outputs[-1], 1, 1)),
            )
            for outputs in widths
        )

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Score how real fine images look for their coarse ones.

        Args:
            fine: Fine images of the target date, estimated or real [B, bands, H, W].
            coarse: Coarse images of the same date, on the fine grid.

        Returns:
            [B]: the mean over the parts and their positions, about 1 for real images.
        """
        return torch.stack([part.mean(dim=(1, 2, 3)) for part in self.scores(fine, coarse)]).mean(0)

    def scores(self, fine: Tensor, coarse: Tensor) -> list[Tensor]:
        """The score of each part at each of its positions, [B, 1, h, w]; arguments as `forward`."""
        pair = torch.cat((fine, coarse), dim=1)
        return [part(pair[..., :: 2**level, :: 2**level]) for level, part in enumerate(self.parts)]
