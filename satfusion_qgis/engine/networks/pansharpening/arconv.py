"""ARConv: a U-net whose convolutions stretch their rectangle of samples to the size of what is in the image.

Wang, X., Zheng, Z., Shao, J., Duan, Y., Deng, L.-J. (2025): Adaptive rectangular convolution for remote sensing
pansharpening. IEEE/CVF Conference on Computer Vision and Pattern Recognition.
https://doi.org/10.48550/arXiv.2503.00467

A rectangular convolution predicts the height and the width of a rectangle around every pixel, samples the features at a
grid of N rows and M columns spread over it, and weights the samples with a kernel of N x M. How many samples are taken
follows from the mean height and width. Early in training they are counted anew for each batch; then the counts are
frozen, so that the rest of the training settles on one kernel in each convolution.

Here the counts, and whether they are frozen, belong to the state. While they are not frozen, training takes them from
the batch and remembers them; evaluation takes what is remembered, so a result never depends on what else is in the
batch or on the window. The published code counts forward calls to tell when to freeze, and begins anew after a
checkpoint is loaded; `counts_from_batch` gives what it does before the freezing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..convolutions import same
from ..edges import crop, lengthen_sides

# Rows and columns of the kernels, in the published order.
KERNELS = ((3, 3), (3, 5), (5, 3), (3, 7), (7, 3), (5, 5), (5, 7), (7, 5), (7, 7))
_FEWEST, _MOST = 3, 7
# Features of images in 0..1 are multiplied before the extents are predicted from them.
_EXTENT_GAIN = 100.0
# What predicts extents, factors and offsets learns slowly: gradients shrink at the input of its first two layers.
_SLOWNESS = 0.1
_DROPPED = 0.3


class RectangularConv(nn.Module):
    """Convolution over a rectangle whose height and width are predicted for every pixel.

    Args:
        features: Features that go in and come out.
        largest: The largest height and width, in pixels.
        counts_from_batch: Take the numbers of samples from the batch in evaluation too.
    """

    def __init__(self, features: int, largest: float, counts_from_batch: bool) -> None:
        super().__init__()
        self.largest = largest
        self.counts_from_batch = counts_from_batch
        self.kernels = nn.ModuleList(nn.Conv2d(features, features, kernel) for kernel in KERNELS)
        self.factor, self.offset = _modulation(features), _modulation(features)
        self.common = nn.Sequential(*_normed(features, features, 3), nn.LeakyReLU(), *_normed(features, features, 3))
        self.height, self.width = (
            nn.Sequential(*_normed(features, 1, 3), nn.LeakyReLU(), *_normed(1, 1, 1)) for _ in range(2)
        )
        self.register_buffer("counts", torch.tensor([_FEWEST, _FEWEST]))
        self.register_buffer("frozen", torch.tensor(False))
        # The mean extents of each batch seen and its number of pixels, while freezing looks at data.
        self.seen: Optional[list[tuple[Tensor, int]]] = None
        # A graph that is being exported cannot read a buffer's numbers.
        self._counts_in_graph = (_FEWEST, _FEWEST)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, features, H, W] to the same shape."""
        heights, widths = self.extents(features)
        counts = self._counted(heights, widths)
        samples = functional.dropout2d(sampled(features, heights, widths, *counts), _DROPPED, self.training)
        kernel = self.kernels[KERNELS.index(counts)]
        y = functional.conv2d(samples.unflatten(2, (math.prod(counts), -1)).flatten(1, 2), _flat(kernel), kernel.bias)
        return y * torch.tanh(_slowly(self.factor, features)) + _slowly(self.offset, features)

    def extents(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Height and width of every pixel's rectangle, in pixels from 1 to the largest, each [B, 1, H, W]."""
        common = functional.leaky_relu(_slowly(self.common, _EXTENT_GAIN * features))
        heights, widths = (torch.sigmoid(_slowly(layers, common)) for layers in (self.height, self.width))
        return heights * (self.largest - 1) + 1, widths * (self.largest - 1) + 1

    @property
    def reach(self) -> int:
        """Pixels around a pixel that its result depends on."""
        counts = (_MOST,) if self.counts_from_batch else self.stored_counts()
        samples = max(math.ceil(self.largest / count * (count - 1) / 2) for count in counts)
        return max(samples, 3)  # three 3x3 convolutions predict each of extents, factors and offsets

    def stored_counts(self) -> tuple[int, int]:
        """Rows and columns of samples in the state."""
        rows, columns = self.counts.tolist()
        self._counts_in_graph = (rows, columns)
        return rows, columns

    def freeze(self) -> None:
        """Fix the counts: from the data seen, or where none was, those of the last batch in training."""
        if self.seen:
            total = sum(pixels for _, pixels in self.seen)
            self._store(torch.stack([extents * (pixels / total) for extents, pixels in self.seen]).sum(0))
        self.frozen.fill_(True)

    def _counted(self, heights: Tensor, widths: Tensor) -> tuple[int, int]:
        """Rows and columns of samples to take."""
        if torch.compiler.is_exporting():
            return self._counts_in_graph
        learning = self.training and not self.frozen
        if not (self.counts_from_batch or learning or self.seen is not None):
            return self.stored_counts()
        extents = torch.stack((heights.detach().mean(), widths.detach().mean()))
        if self.seen is not None:
            self.seen.append((extents, heights.numel()))
        if learning:
            self._store(extents)
        rows, columns = (_count(extent, self.largest) for extent in extents.tolist())
        return rows, columns

    def _store(self, extents: Tensor) -> None:
        self.counts.copy_(torch.tensor([_count(extent, self.largest) for extent in extents.tolist()]))
        self.stored_counts()

    def _load_from_state_dict(self, *arguments: Any, **keywords: Any) -> None:
        super()._load_from_state_dict(*arguments, **keywords)
        if self.stored_counts() not in KERNELS:
            raise InputError(f"ARConv has no kernel of {self.counts.tolist()} samples; the checkpoint is damaged.")


class ResidualBlock(nn.Module):
    """Adds two rectangular convolutions of the features, with a ReLU between them."""

    def __init__(self, features: int, largest: float, counts_from_batch: bool) -> None:
        super().__init__()
        self.first, self.second = (RectangularConv(features, largest, counts_from_batch) for _ in range(2))

    @property
    def reach(self) -> int:
        """Pixels around a pixel that its result depends on."""
        return self.first.reach + self.second.reach

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, features, H, W] to the same shape."""
        return features + self.second(torch.relu(self.first(features)))


class Up(nn.Module):
    """Doubles rows and columns, adds the features of the same size from the way down, and mixes."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.mix = nn.Sequential(_depthwise(outputs), same(outputs, outputs, 1), nn.LeakyReLU())

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """Map [B, inputs, H/2, W/2] and the skip [B, outputs, H, W] to [B, outputs, H, W]."""
        return self.mix(functional.leaky_relu(self.enlarge(features)) + skip)


class ARConv(nn.Module):
    """The network of Wang et al.

    Args:
        bands: Number of MS bands.
        width: Features at full size; doubled at half and at quarter size.
        largest: The largest height and width that a rectangle takes, in pixels of its level.
        counts_from_batch: Take the numbers of samples from each batch in evaluation too, as the published code does
            before it has frozen them. A result then depends on the whole image and on the batch.

    Raises:
        InputError: A setting is out of range.
    """

    multiple = 4

    def __init__(self, bands: int, width: int = 32, largest: float = 9.0, counts_from_batch: bool = False) -> None:
        super().__init__()
        if largest < 1:
            raise InputError(f"ARConv's largest rectangle must be 1 pixel or more, not {largest}.")
        self.bands = bands
        self.global_context = counts_from_batch
        if counts_from_batch:
            self.NOT_EXPORTABLE = (
                "ARConv chooses its kernels by each batch, which a graph cannot; freeze its counts first."
            )
        self.head = same(bands + 1, width, 3)
        self.blocks = nn.ModuleList(
            ResidualBlock(factor * width, largest, counts_from_batch) for factor in (1, 2, 4, 2, 1)
        )
        self.downs = nn.ModuleList(_down(factor * width) for factor in (1, 2))
        self.ups = nn.ModuleList(Up(2 * factor * width, factor * width) for factor in (2, 1))
        self.tail = same(width, bands, 3)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on, at most; with the counts at hand."""
        reaches = [max(pixel - first, last - pixel) for pixel in range(4) for first, last in [self._seen(pixel)]]
        return max(reaches)

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
        rows, columns = pan.shape[-2:]
        image = lengthen_sides(torch.cat((pan, ms), dim=1), self.multiple)
        full = self.blocks[0](self.head(image))
        half = self.blocks[1](self.downs[0](full))
        quarter = self.blocks[2](self.downs[1](half))
        half = self.blocks[3](self.ups[0](quarter, half))
        full = self.blocks[4](self.ups[1](half, full))
        return crop(self.tail(full), rows, columns)

    @torch.no_grad()
    def freeze(self, batches: Iterable[tuple[Tensor, Tensor]] = ()) -> None:
        """Fix how many samples each convolution takes; training goes on with them, and the state keeps them.

        Args:
            batches: (ms, pan) as `forward` takes them; the counts follow from the mean extents over all of them.
                Without any, those of the last batch in training stay.
        """
        convolutions = [module for module in self.modules() if isinstance(module, RectangularConv)]
        training = self.training
        self.eval()
        try:
            for convolution in convolutions:
                convolution.seen = []
            for ms, pan in batches:
                self.detail(ms, pan)
            for convolution in convolutions:
                convolution.freeze()
        finally:
            for convolution in convolutions:
                convolution.seen = None
            self.train(training)

    def _seen(self, pixel: int) -> tuple[int, int]:
        """The first and the last row (or column) that output row `pixel` depends on, going the way back through."""
        full, half, quarter, half_up, full_up = (block.reach for block in self.blocks)
        mixed = 1  # the depthwise convolution of each change of size
        first, last = pixel - 1 - full_up - mixed, pixel + 1 + full_up + mixed
        first, last = first // 2 - half_up - mixed, last // 2 + half_up + mixed
        first, last = first // 2 - quarter - mixed, last // 2 + quarter + mixed
        first, last = 2 * first - half - mixed, 2 * last + 1 + half + mixed
        return 2 * first - full - 1, 2 * last + 1 + full + 1


def sampled(features: Tensor, heights: Tensor, widths: Tensor, rows: int, columns: int) -> Tensor:
    """Sample features at a grid of points spread over each pixel's rectangle, bilinearly; 0 outside the image.

    Args:
        features: [B, C, H, W].
        heights: Height of each pixel's rectangle, in pixels [B, 1, H, W].
        widths: Its width [B, 1, H, W].
        rows: Rows of samples; the distance between them is height / rows.
        columns: Columns of samples.

    Returns:
        [B, C, rows * columns * H, W]: the images of the samples below each other, row by row of samples.
    """
    height, width = features.shape[-2:]
    y = torch.arange(height, device=features.device, dtype=features.dtype)[:, None] + heights / rows * _spread(
        rows, features
    )
    x = torch.arange(width, device=features.device, dtype=features.dtype) + widths / columns * _spread(
        columns, features
    )
    # (B, rows, columns, H, W, 2); grid_sample counts from -1 to 1 between the outer edges of the image.
    x = ((2 * x + 1) / width - 1)[:, None].expand(-1, rows, -1, -1, -1)
    y = ((2 * y + 1) / height - 1)[:, :, None].expand(-1, -1, columns, -1, -1)
    grid = torch.stack((x, y), dim=-1).flatten(1, 3)
    return functional.grid_sample(features, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _spread(count: int, like: Tensor) -> Tensor:
    """Whole numbers around 0, as many as there are samples, (count, 1, 1)."""
    return torch.arange(-(count // 2), count // 2 + 1, device=like.device, dtype=like.dtype)[:, None, None]


def _count(extent: float, largest: float) -> int:
    """Samples along a mean extent: the odd number of whole pixels in it; the steps are coarser for extents beyond 9."""
    count = math.floor(extent / max(1, largest // 9))
    return min(max(count - 1 + count % 2, _FEWEST), _MOST)


def _flat(kernel: nn.Conv2d) -> Tensor:
    """A kernel's weights as those of a 1x1 convolution of its samples."""
    return kernel.weight.flatten(1)[:, :, None, None]


def _slowly(layers: nn.Sequential, features: Tensor) -> Tensor:
    """Run the layers; on the way back, gradients shrink where they leave the second and the first of them."""
    for i, layer in enumerate(layers):
        features = layer(_shrink_gradient(features) if i < 2 else features)
    return features


def _shrink_gradient(tensor: Tensor) -> Tensor:
    """The same numbers, whose gradient counts less."""
    if not tensor.requires_grad or torch.compiler.is_exporting():
        return tensor
    same_numbers = tensor.view_as(tensor)
    same_numbers.register_hook(lambda gradient: gradient * _SLOWNESS)
    return same_numbers


def _modulation(features: int) -> nn.Sequential:
    """Three convolutions with dropout of whole features between them."""
    layers: list[nn.Module] = []
    for _ in range(2):
        layers += [same(features, features, 3), nn.LeakyReLU(), nn.Dropout2d(_DROPPED)]
    return nn.Sequential(*layers, same(features, features, 3))


def _normed(inputs: int, outputs: int, kernel: int) -> tuple[nn.Module, nn.Module]:
    return same(inputs, outputs, kernel), nn.BatchNorm2d(outputs)


def _depthwise(features: int) -> nn.Conv2d:
    return nn.Conv2d(features, features, 3, padding=1, groups=features, bias=False)


def _down(features: int) -> nn.Sequential:
    """Halves rows and columns and doubles the features."""
    halve = nn.Conv2d(features, features, 2, stride=2)
    return nn.Sequential(halve, nn.LeakyReLU(), _depthwise(features), same(features, 2 * features, 1))
