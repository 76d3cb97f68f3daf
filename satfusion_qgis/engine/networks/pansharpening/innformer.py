"""INNformer: windows of MS matched with PAN's by attention, then invertible blocks that mix both.

Source: M. Zhou, J. Huang, Y. Fang, X. Fu, A. Liu, "Pan-Sharpening with Customized Transformer and Invertible Neural
Network", AAAI 2022, DOI 10.1609/aaai.v36i3.20267; sizes as in the SatFusion code, where its file is called PSIT.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 (the name torch users know)
from torch import Tensor, nn

from ....tasks.errors import InputError
from ..edges import crop, lengthen, lengthen_sides

WINDOW = 24
"""Side of a window, in pixels."""
STRIDE = 8
"""Pixels from a window to the next one, and from the first window's edge to the image's."""
STEPS = WINDOW // STRIDE
"""Windows that cover one pixel, along an axis."""
WINDOWS_AT_ONCE = 32
"""Windows matched at a time: their similarities take 576 x 576 numbers each, 42 MB for all of them."""

# Reach in pixels: heads 1, windows 23 (a window sees nothing beyond itself), each of the three invertible blocks 8 (two
# networks of four 3 x 3 convolutions, one behind the other), refinement 1 + 2 + 1.
HALO = 1 + WINDOW - 1 + 3 * 8 + 4


class INNformer(nn.Module):
    """The window transformer with invertible fusion, for any number of bands.

    The last row and column of the features are repeated until whole windows fit (sides a multiple of 8, at least 24).
    The four keywords after `features` bring back faults of the published code, for checkpoints trained with them.

    Args:
        bands: Number of MS bands.
        features: Feature channels, a multiple of 4.
        scrambled_windows: Cut windows from the unfolded features without bringing the windows' axis forward, so that
            a "window" is a run of memory, not a part of the image; also leave the sides as they are.
        undivided_overlaps: Add overlapping windows up without dividing by their number.
        patches_by_nine: Divide the sum of a window's overlapping 3 x 3 patches by 9 also at its borders, where fewer
            than 9 overlap.
        pooled_refinement: Let the channel gate of the refinement weigh the features' means in place of the features.

    Attributes:
        halo: Pixels around an output pixel that convolutions and windows see; the norms see the whole image.
        multiple: Sides that are a multiple of this, and at least 24, are not padded.
        global_context: Every output pixel depends on means over the whole image.

    Raises:
        InputError: `features` is no multiple of 4.
    """

    halo = HALO
    multiple = STRIDE
    global_context = True

    def __init__(
        self,
        bands: int,
        features: int = 16,
        *,
        scrambled_windows: bool = False,
        undivided_overlaps: bool = False,
        patches_by_nine: bool = False,
        pooled_refinement: bool = False,
    ) -> None:
        super().__init__()
        if features < 4 or features % 4:
            raise InputError(f"INNformer's features must be a multiple of 4, not {features}.")
        half = features // 2
        self.bands = bands
        self.ms_head = nn.Conv2d(bands, half, 3, padding=1)
        self.pan_head = nn.Conv2d(1, half, 3, padding=1)
        self.local_fusion = nn.Conv2d(features, half, 3, padding=1)
        self.window_fusion = WindowMatching(half, patches_by_nine)
        self.blocks = nn.ModuleList(InvertibleBlock(features) for _ in range(3))
        self.merge = nn.Conv2d(2 * features, features, 1)
        self.refine = nn.Sequential(
            nn.Conv2d(features, features, 3, padding=1),
            ChannelGate(features, pooled_refinement),
            nn.Conv2d(features, bands, 3, padding=1),
        )
        self.scrambled_windows = scrambled_windows
        self.undivided_overlaps = undivided_overlaps

    def forward(self, ms: Tensor, pan: Tensor) -> Tensor:
        """Sharpen MS.

        Args:
            ms: [B, bands, H, W], interpolated onto PAN's grid.
            pan: [B, 1, H, W].

        Returns:
            [B, bands, H, W].
        """
        return ms + self.detail(ms, pan)

    def detail(self, ms: Tensor, pan: Tensor) -> Tensor:
        """What is added to MS, [B, bands, H, W]; arguments as `forward`."""
        ms_features, pan_features = self.ms_head(ms), self.pan_head(pan)
        local = self.local_fusion(torch.cat((ms_features, pan_features), 1))
        x = torch.cat((local, self.transform(ms_features, pan_features)), 1)
        y = x
        for block in self.blocks:
            y = block(y)
        detail: Tensor = self.refine(self.merge(torch.cat((x, y), 1)))
        return detail

    def transform(self, ms_features: Tensor, pan_features: Tensor) -> Tensor:
        """Match MS's features with PAN's window by window; all [B, features / 2, H, W]."""
        height, width = ms_features.shape[-2:]
        # The published code takes sides as they are; below 8 pixels it has no window at all.
        multiple, least = (1, STRIDE) if self.scrambled_windows else (STRIDE, WINDOW)
        ms_features = lengthen_sides(ms_features, multiple, least)
        pan_features = lengthen_sides(pan_features, multiple, least)
        padded = ms_features.shape
        windows = self.window_fusion(
            cut_windows(ms_features, self.scrambled_windows), cut_windows(pan_features, self.scrambled_windows)
        )
        joined = join_windows(windows, padded, self.scrambled_windows)
        if not self.undivided_overlaps:
            joined = joined / overlaps(ms_features)
        return crop(joined, height, width)


def cut_windows(image: Tensor, scrambled: bool = False) -> Tensor:
    """Cut an image with 8 pixels of zeros around it into windows of 24 x 24 pixels, one every 8 pixels.

    Args:
        image: [B, C, H, W], sides at least 8; if no multiple of 8, the last window reaches less far beyond the edge.
        scrambled: See `INNformer`.

    Returns:
        [B x windows, C, 24, 24], windows row by row.
    """
    batch, channels, height, width = image.shape
    rows, columns = height // STRIDE, width // STRIDE
    right, bottom = (columns + 1) * STRIDE - width, (rows + 1) * STRIDE - height
    blocks = F.pad(image, (STRIDE, right, STRIDE, bottom))
    blocks = blocks.reshape(batch, channels, rows + 2, STRIDE, columns + 2, STRIDE)
    bands = torch.cat([blocks[:, :, i : i + rows] for i in range(STEPS)], 3)
    windows = torch.cat([bands[:, :, :, :, j : j + columns] for j in range(STEPS)], 5)
    order = (0, 1, 3, 5, 2, 4) if scrambled else (0, 2, 4, 1, 3, 5)
    return windows.permute(order).reshape(batch * rows * columns, channels, WINDOW, WINDOW)


def join_windows(windows: Tensor, shape: torch.Size, scrambled: bool = False) -> Tensor:
    """Add windows up where `cut_windows` took them.

    Args:
        windows: [B x windows, C, 24, 24].
        shape: Of the image, (B, C, H, W).
        scrambled: See `INNformer`.

    Returns:
        [B, C, H, W]; a pixel is the sum over all windows that cover it.
    """
    batch, channels, height, width = shape
    rows, columns = height // STRIDE, width // STRIDE
    if scrambled:
        windows = windows.reshape(batch, channels, WINDOW, WINDOW, rows, columns).permute(0, 1, 4, 2, 5, 3)
    else:
        windows = windows.reshape(batch, rows, columns, channels, WINDOW, WINDOW).permute(0, 3, 1, 4, 2, 5)
    # Each window is 3 x 3 blocks of 8 x 8 pixels: block i of a window lies i blocks further.
    parts = windows.split(STRIDE, 5)
    bands = sum_all([F.pad(part, (0, 0, j, STEPS - 1 - j)) for j, part in enumerate(parts)])
    parts = bands.split(STRIDE, 3)
    blocks = sum_all([F.pad(part, (0, 0, 0, 0, 0, 0, i, STEPS - 1 - i)) for i, part in enumerate(parts)])
    image = blocks.reshape(batch, channels, (rows + 2) * STRIDE, (columns + 2) * STRIDE)
    return image[..., STRIDE : STRIDE + height, STRIDE : STRIDE + width]


def sum_all(terms: list[Tensor]) -> Tensor:
    """The sum of tensors of one shape."""
    return torch.stack(terms).sum(0)


def overlaps(image: Tensor) -> Tensor:
    """The number of windows that cover each pixel of [B, C, H, W], as [1, 1, H, W]."""
    ones = torch.ones_like(image[:1, :1])
    return join_windows(cut_windows(ones).clamp(min=1), ones.shape)


class WindowMatching(nn.Module):
    """Hard attention within a window: each place of MS takes over the most similar place of PAN.

    Args:
        channels: Feature channels of either input.
        patches_by_nine: See `INNformer`.
    """

    def __init__(self, channels: int, patches_by_nine: bool = False) -> None:
        super().__init__()
        self.convs = nn.Sequential(
            nn.Conv2d(2 * channels, channels, 3, padding=1), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1)
        )
        self.patches_by_nine = patches_by_nine

    def forward(self, query: Tensor, reference: Tensor) -> Tensor:
        """[windows, channels, 24, 24] of MS and PAN to the same shape, a few windows at a time."""
        if torch.compiler.is_exporting():
            return self._scan(query, reference)
        # In half precision, too many patches would be equally similar.
        with torch.autocast(query.device.type, enabled=False):
            pairs = zip(*(at_least_single(x).split(WINDOWS_AT_ONCE) for x in (query, reference)))
            return torch.cat([self._fuse(some_query, some_reference) for some_query, some_reference in pairs])

    def _scan(self, query: Tensor, reference: Tensor) -> Tensor:
        """As `forward`, as a loop in the exported graph, which a loop of Python would not become."""
        from torch._higher_order_ops.scan import scan

        number = query.shape[0]
        parts = [lengthen(x, 0, WINDOWS_AT_ONCE).unflatten(0, (-1, WINDOWS_AT_ONCE)) for x in (query, reference)]

        def step(carry: Tensor, some: list[Tensor]) -> tuple[Tensor, Tensor]:
            return carry.clone(), self._fuse(*some)

        _, fused = scan(step, query.new_zeros(1), parts)
        return fused.flatten(0, 1)[:number]

    def _fuse(self, query: Tensor, reference: Tensor) -> Tensor:
        """What `forward` gives, for all windows at once."""
        matched, score = match(query, reference, self.patches_by_nine)
        fused: Tensor = self.convs(torch.cat((matched, query), 1)) * score
        return fused + query


def at_least_single(x: Tensor) -> Tensor:
    """The tensor in single precision, or better if it is."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def match(query: Tensor, reference: Tensor, patches_by_nine: bool = False) -> tuple[Tensor, Tensor]:
    """For each place of a window, find the most similar 3 x 3 patch of another window.

    Args:
        query: [N, C, h, w].
        reference: [N, C, h, w].
        patches_by_nine: See `INNformer`.

    Returns:
        The reference rearranged, [N, C, h, w]: the mean of the overlapping patches found; and the cosine of each
        patch with the one found, [N, 1, h, w].
    """
    height, width = query.shape[-2:]
    query_patches = F.normalize(F.unfold(query, 3, padding=1), dim=1)
    patches = F.unfold(reference, 3, padding=1)
    with torch.no_grad():
        # Of equal ones the first, on every device: argmax says so, max does not.
        similarity = torch.bmm(query_patches.transpose(1, 2), F.normalize(patches, dim=1))
        best = similarity.argmax(2, keepdim=True).transpose(1, 2).expand(-1, patches.shape[1], -1)
    found = patches.gather(2, best)
    score = (query_patches * F.normalize(found, dim=1)).sum(1, keepdim=True).unflatten(2, (height, width))
    total = F.fold(found, (height, width), 3, padding=1)
    if patches_by_nine:
        return total / 9, score
    ones = torch.ones_like(query[:1, :1])
    return total / F.fold(F.unfold(ones, 3, padding=1).clamp(min=1), (height, width), 3, padding=1), score


class InvertibleBlock(nn.Module):
    """A 1 x 1 convolution, then two halves of the channels that change one another.

    Args:
        features: Channels.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        half = features // 2
        self.mix = InvertibleMix(features)
        self.first = CouplingNetwork(half)
        self.second = CouplingNetwork(half)
        self.scale = CouplingNetwork(half)

    def forward(self, x: Tensor) -> Tensor:
        """[B, features, H, W] to the same."""
        x1, x2 = self.mix(x).chunk(2, 1)
        y1 = x1 + self.first(x2)
        exponent = 0.8 * (2 * torch.sigmoid(self.scale(y1)) - 1)
        return torch.cat((y1, x2 * exponent.exp() + self.second(y1)), 1)


class InvertibleMix(nn.Module):
    """A 1 x 1 convolution whose matrix P L U is kept as its factors and starts as a random rotation.

    Args:
        channels: Channels.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        rotation = torch.linalg.qr(torch.randn(channels, channels)).Q
        permutation, lower, upper = torch.linalg.lu(rotation)
        diagonal = upper.diagonal()
        self.p: Tensor
        self.sign_s: Tensor
        self.register_buffer("p", permutation)
        self.register_buffer("sign_s", diagonal.sign())
        self.lower = nn.Parameter(lower.tril(-1))
        self.upper = nn.Parameter(upper.triu(1))
        self.log_s = nn.Parameter(diagonal.abs().log())

    @property
    def matrix(self) -> Tensor:
        """P L U, [channels, channels]."""
        lower = self.lower.tril(-1) + torch.eye(len(self.sign_s), device=self.sign_s.device)
        upper = self.upper.triu(1) + torch.diag(self.sign_s * self.log_s.exp())
        return self.p @ (lower @ upper)

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] to the same."""
        return F.conv2d(x, self.matrix[:, :, None, None])


class CouplingNetwork(nn.Module):
    """Two half-normalised units, to twice the channels and back.

    Args:
        channels: Channels.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.widen = HalfNormalisedUnit(channels, 2 * channels)
        self.narrow = HalfNormalisedUnit(2 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] to the same."""
        return F.leaky_relu(self.narrow(F.leaky_relu(self.widen(x), 0.2)), 0.2)


class HalfNormalisedUnit(nn.Module):
    """Two 3 x 3 convolutions, half of the channels normalised over the image between them, and a 1 x 1 skip.

    Args:
        channels: Channels of the input.
        outputs: Channels of the output, an even number.
    """

    def __init__(self, channels: int, outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, outputs, 3, padding=1)
        self.norm = ImageNorm(outputs // 2)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(channels, outputs, 1)
        for conv in (self.conv1, self.conv2, self.skip):
            nn.init.xavier_normal_(conv.weight)
            nn.init.zeros_(conv.bias)

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] to [B, outputs, H, W]."""
        normalised, plain = self.conv1(x).chunk(2, 1)
        y = F.leaky_relu(torch.cat((self.norm(normalised), plain), 1), 0.1)
        return F.leaky_relu(self.conv2(y), 0.1) + self.skip(x)


class ImageNorm(nn.Module):
    """Each channel of each image less its mean, over its standard deviation, then scaled: also for a single pixel.

    Args:
        channels: Channels.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] to the same."""
        variance, mean = torch.var_mean(at_least_single(x), (2, 3), correction=0, keepdim=True)
        scale = self.weight[:, None, None] * torch.rsqrt(variance + 1e-5)
        return (x - mean) * scale + self.bias[:, None, None]


class ChannelGate(nn.Module):
    """Two convolutions whose channels are weighed by what their means say, plus the input.

    Args:
        features: Channels, at least 4.
        pooled: Weigh the means in place of the features, as the published code does.
    """

    def __init__(self, features: int, pooled: bool = False) -> None:
        super().__init__()
        self.convs = nn.Sequential(
            nn.Conv2d(features, features, 3, padding=1), nn.ReLU(), nn.Conv2d(features, features, 3, padding=1)
        )
        self.weights = nn.Sequential(
            nn.Conv2d(features, features // 4, 1), nn.ReLU(), nn.Conv2d(features // 4, features, 1), nn.Sigmoid()
        )
        self.pooled = pooled

    def forward(self, x: Tensor) -> Tensor:
        """[B, features, H, W] to the same."""
        y = self.convs(x)
        means = y.mean((2, 3), keepdim=True)
        return self.weights(means) * (means if self.pooled else y) + x
