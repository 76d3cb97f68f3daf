"""AMS-STF: features of three sizes; at each, those of two fine images are moved to where the target date has them.

Pan, X., Deng, M., Ao, Z., Xin, Q. (2023): An adaptive multiscale generative adversarial network for the spatiotemporal
fusion of Landsat and MODIS data. Remote Sensing 15(21), 5128. https://doi.org/10.3390/rs15215128

Temporal adaptive module: Liu, Z., Wang, L., Wu, W., Qian, C., Lu, T. (2021): TAM: temporal adaptive module for video
recognition. https://doi.org/10.48550/arXiv.2005.06803. It looks at means over the image, so an output pixel depends on
all of it. Modulated deformable convolution: Zhu, X., Hu, H., Lin, S., Dai, J. (2019): Deformable ConvNets v2.
https://doi.org/10.48550/arXiv.1811.11168

The two dates that the temporal module compares are always those of one sample. The authors' code mixes the samples of a
batch; with one sample the results are the same. Its channel and spatial attention, which is never called, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..edges import crop, lengthen_sides
from .parts import conv, second_pair, sizes

_WIDTHS = (32, 64, 128)
_MULTIPLE = 4
# Mirroring at the edge of the coarsest features needs two of them.
_LEAST = 2 * _MULTIPLE
# Pixels around an output pixel that it sees by the masks of the coarsest size: 20 by their five convolutions, 18 by the
# encoder's at the three sizes, 5 by the merging and the last ones, and up to 3 by the place in a coarsest pixel.
_HALO = 46
_KERNEL = 3
_DATES = 2
_REDUCTION = 4
_DROPOUT = 0.1
_SLOPE = 0.01
_SLOPE_AFTER_MOVING = 0.2


def unit(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, active: bool = True) -> nn.Sequential:
    """Return a convolution, batch normalisation and, where `active`, a leaky ReLU."""
    layers = [conv(inputs, outputs, kernel, stride, edges="mirrored"), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.LeakyReLU(_SLOPE)] if active else []))


class EncoderLevel(nn.Module):
    """A unit, which may halve the image, and two convolutions, each added to its input.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
        stride: 1, or 2 to halve the image.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.entry = unit(inputs, outputs, stride=stride)
        self.first, self.second = (conv(outputs, outputs, edges="mirrored") for _ in range(2))

    def forward(self, image: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, H / stride, W / stride]."""
        features = self.entry(image)
        features = features + self.first(features)
        return features + self.second(features)


class Encoder(nn.ModuleList):
    """Features of three sizes.

    Args:
        bands: Bands of the image.
        widths: Features of the sizes.
    """

    def __init__(self, bands: int, widths: Sequence[int]) -> None:
        counts = (bands, *widths)
        super().__init__(EncoderLevel(counts[i], counts[i + 1], 2 if i else 1) for i in range(len(widths)))

    def forward(self, image: Tensor) -> list[Tensor]:
        """Map [B, bands, H, W] to the features, the finest first."""
        found: list[Tensor] = []
        for level in self:
            found.append(level(found[-1] if found else image))
        return found


class TemporalModule(nn.Module):
    """Weights the dates of each feature, and mixes neighbouring dates by a kernel of each feature's own.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        inside = max(1, width // _REDUCTION)
        self.kernel = nn.Sequential(
            nn.Linear(_DATES, 2 * _DATES, bias=False),
            nn.BatchNorm1d(2 * _DATES),
            nn.ReLU(),
            nn.Linear(2 * _DATES, _KERNEL, bias=False),
            nn.Softmax(-1),
        )
        self.gate = nn.Sequential(
            nn.Conv1d(width, inside, _KERNEL, padding=_KERNEL // 2, bias=False),
            nn.BatchNorm1d(inside),
            nn.ReLU(),
            nn.Conv1d(inside, width, 1, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """Map the features of two dates, each [B, width, H, W], to the same shapes."""
        means = torch.stack((_means(first), _means(second)), dim=2)
        before, same, after = self.kernel(means.flatten(0, 1)).unflatten(0, means.shape[:2])[..., None, None].unbind(2)
        gate = self.gate(means)[..., None, None]
        first, second = first * gate[:, :, 0], second * gate[:, :, 1]
        return same * first + after * second, before * first + same * second


def _means(features: Tensor) -> Tensor:
    """Mean of each feature over the image, [B, width]."""
    return features.mean((-2, -1))


def _joined(first: Tensor, second: Tensor) -> Tensor:
    """The features of two dates, each [B, ...], as one batch [2 B, ...]."""
    return torch.stack((first, second)).flatten(0, 1)


def _parted(both: Tensor) -> tuple[Tensor, Tensor]:
    """The inverse of `_joined`."""
    first, second = both.unflatten(0, (2, -1)).unbind(0)
    return first, second


class TemporalBottleneck(nn.Module):
    """Adds to the features of two dates what units around a temporal module make of them.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.before = unit(width, width, 1)
        self.module = TemporalModule(width)
        self.after = nn.Sequential(unit(width, width), unit(width, width, 1, active=False))

    def forward(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """Map the features of two dates, each [B, width, H, W], to the same shapes."""
        # As one batch, so that in training a normalisation sees both dates.
        both = _joined(first, second)
        mixed = _joined(*self.module(*_parted(self.before(both))))
        return _parted(functional.leaky_relu(both + self.after(mixed), _SLOPE))


class MovingConvolution(nn.Module):
    """A 3x3 convolution each of whose nine places is moved by an offset and weighted by a mask, at every pixel.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        layer = conv(width, width)
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, features: Tensor, offsets: Tensor, masks: Tensor) -> Tensor:
        """Convolve.

        Args:
            features: [B, width, H, W]; zero outside.
            offsets: [B, 18, H, W]: by how many rows, then columns, each of the nine places is moved.
            masks: [B, 9, H, W].

        Returns:
            [B, width, H, W].
        """
        height, width = features.shape[-2:]
        rows = torch.arange(height, device=features.device, dtype=features.dtype)[:, None]
        columns = torch.arange(width, device=features.device, dtype=features.dtype)
        total = self.bias[:, None, None]
        for place in range(_KERNEL * _KERNEL):
            row, column = divmod(place, _KERNEL)
            y = rows + (row - 1) + offsets[:, 2 * place]
            x = columns + (column - 1) + offsets[:, 2 * place + 1]
            # grid_sample counts from -1 to 1 between the image's outer edges.
            grid = torch.stack(((2 * x + 1) / width - 1, (2 * y + 1) / height - 1), dim=-1)
            moved = functional.grid_sample(features, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
            total = total + functional.conv2d(moved * masks[:, place, None], self.weight[:, :, row, column, None, None])
        return total


class MaskEstimator(nn.Module):
    """How much each place of the moving convolution counts for one date, from the coarse images' features.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        places = _KERNEL * _KERNEL
        self.change, self.join = unit(width, width), unit(2 * width, width)
        self.layers = nn.Sequential(
            conv(width, width // 2, edges="zeros"),
            nn.ReLU(),
            conv(width // 2, 2 * places, edges="zeros"),
            nn.ReLU(),
            conv(2 * places, places, edges="zeros"),
            nn.Sigmoid(),
        )

    def forward(self, coarse: Tensor, coarse_target: Tensor) -> Tensor:
        """Map features of a reference date and of the target's, each [B, width, H, W], to [B, 9, H, W]."""
        change = self.change(coarse - coarse_target)
        return self.layers(self.join(torch.cat((change, coarse), dim=1)))


class Level(nn.Module):
    """Moves the features of two fine images to the target date, at one size.

    Args:
        width: Features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        numbers = 2 * _KERNEL * _KERNEL
        self.temporal = nn.ModuleList(TemporalBottleneck(width) for _ in range(2))
        self.offsets = nn.Sequential(
            conv(2 * width, width, edges="zeros"),
            nn.ReLU(),
            conv(width, width // 2, edges="zeros"),
            nn.ReLU(),
            conv(width // 2, numbers, edges="zeros"),
            nn.ReLU(),
            conv(numbers, numbers, edges="zeros"),
        )
        self.masks = MaskEstimator(width)
        self.move = MovingConvolution(width)
        self.norm = nn.BatchNorm2d(width)

    def forward(
        self, fine_1: Tensor, coarse_1: Tensor, coarse_target: Tensor, fine_2: Tensor, coarse_2: Tensor
    ) -> Tensor:
        """Map features, each [B, width, H, W], to those of the target date's fine image, of the same shape."""
        offsets = self.offsets(torch.cat((fine_1, fine_2), dim=1))
        first, second = fine_1, fine_2
        for bottleneck in self.temporal:
            first, second = bottleneck(first, second)
        moved = _joined(
            self.move(first + fine_1, offsets, self.masks(coarse_1, coarse_target)),
            self.move(second + fine_2, offsets, self.masks(coarse_2, coarse_target)),
        )
        first, second = _parted(functional.leaky_relu(self.norm(moved), _SLOPE_AFTER_MOVING))
        return first + second


class AMSSTF(nn.Module):
    """The generator of Pan et al., for any number of bands.

    Args:
        bands: Bands of every image.
        widths: Features of the three sizes, each 2 or more.
        dropout: Share of features dropped before the last convolution in training.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: Two pairs are used.
        multiple: Sides that are a multiple of this are not padded.
        halo: Pixels around an output pixel that the convolutions see where nothing is moved; the temporal module sees
            the whole image.
        global_context: Every output pixel depends on the whole image.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")
    pairs = 2
    multiple = _MULTIPLE
    halo = _HALO
    global_context = True

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS, dropout: float = _DROPOUT) -> None:
        super().__init__()
        widths = sizes(widths, 3, "AMS-STF")
        self.bands = bands
        self.coarse, self.fine = Encoder(bands, widths), Encoder(bands, widths)
        self.levels = nn.ModuleList(Level(width) for width in widths)
        self.merge = nn.ModuleList(conv(coarser, finer, edges="zeros") for finer, coarser in zip(widths, widths[1:]))
        self.head = nn.Sequential(
            conv(widths[0], max(1, widths[0] // 2), edges="zeros"),
            nn.Dropout(dropout),
            conv(max(1, widths[0] // 2), bands, edges="zeros"),
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
            coarse_1: Its coarse image, on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Fine image after the target date.
            coarse_2: Its coarse image, on the fine grid.

        Returns:
            [B, bands, H, W].

        Raises:
            InputError: The second pair is missing.
        """
        fine_2, coarse_2 = second_pair("AMS-STF", fine_2, coarse_2)
        height, width = fine_1.shape[-2:]
        found = [
            encoder(lengthen_sides(image, _MULTIPLE, _LEAST))
            for encoder, image in (
                (self.fine, fine_1),
                (self.coarse, coarse_1),
                (self.coarse, coarse_target),
                (self.fine, fine_2),
                (self.coarse, coarse_2),
            )
        ]
        moved = [level(*features) for level, features in zip(self.levels, zip(*found))]
        merged = moved.pop()
        for layer in reversed(self.merge):
            merged = moved.pop() + layer(functional.interpolate(merged, scale_factor=2.0, mode="nearest"))
        return crop(self.head(merged), height, width)


class AMSSTFDiscriminator(nn.Module):
    """Says of each place of an image whether it is a real one of the target date.

    Args:
        bands: Bands of the image.
        width: Features after the first layer; doubled by each of the next three.
    """

    def __init__(self, bands: int, width: int = 64) -> None:
        super().__init__()
        self.bands = bands
        counts = (2 * bands, width, 2 * width, 4 * width, 8 * width, 1)
        self.layers = nn.ModuleList()
        for i in range(5):
            layers: list[nn.Module] = [nn.Conv2d(counts[i], counts[i + 1], 4, 2 if i < 3 else 1, padding=2)]
            layers += [nn.BatchNorm2d(counts[i + 1])] if 0 < i < 4 else []
            layers += [nn.LeakyReLU(0.2)] if i < 4 else []
            self.layers.append(nn.Sequential(*layers))

    def features(self, pair: Tensor) -> list[Tensor]:
        """Map an image and a coarse one, together [B, 2 bands, H, W], to the five layers' results."""
        found = [pair]
        for layer in self.layers:
            found.append(layer(found[-1]))
        return found[1:]

    def forward(self, image: Tensor, coarse_target: Tensor) -> Tensor:
        """Map an image and the target date's coarse one, both [B, bands, H, W], to scores [B, 1, h, w]: 1 is real."""
        return self.features(torch.cat((image, coarse_target), dim=1))[-1]
