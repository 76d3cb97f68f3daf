"""SwinSTFM: attention within windows carries what coarse images change by to the features of a fine one.

Chen, G., Jiao, P., Hu, Q., Xiao, L., Ye, Z. (2022): SwinSTFM: remote sensing spatiotemporal fusion using Swin
transformer. IEEE Transactions on Geoscience and Remote Sensing 60. https://doi.org/10.1109/TGRS.2022.3182809

Swin transformer: Liu, Z., Lin, Y., Cao, Y., Hu, H., Wei, Y., Zhang, Z., Lin, S., Guo, B. (2021),
https://doi.org/10.48550/arXiv.2103.14030.

The published code stores a mask for each block, and so takes one size of image alone. Here masks follow from the size
of the image, which may be any: where a side is no whole number of windows, places outside the image are left out of the
attention.

The published code also puts the results of the fusion's attention in the wrong order: what a head gives for a window
goes to other windows. And where windows are not shifted, it divides the weights by their sum over the tokens that ask,
not over those that are asked. Here neither happens; `published=True` brings both back, for weights that were trained
so. What goes where then depends on the number of windows, so such weights are for one size of image alone.

The windows of the coarsest features cover 256 pixels or more, so an output pixel depends on nearly all of an image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..edges import crop, lengthen_sides
from .parts import conv, sizes

# Features of a head.
_HEAD = 32
_WINDOW = 8
_LEVELS = 5
# Features of the levels, the finest, of half the image's size, first; and blocks on the way down and up.
_WIDTHS = (64, 128, 256, 512, 512)
_DOWN_BLOCKS = (2, 2, 6, 2)
_UP_BLOCKS = (2, 2, 6, 2)
_FUSION_BLOCKS = (2, 2, 2, 2, 1)
_MULTIPLE = 2**_LEVELS
# What the authors cut from each side of their overlapping tiles.
_HALO = 64
_FORBIDDEN = -100.0
_LEAST_WEIGHT = 1e-6


class Layout:
    """How the tokens of an image are cut into windows, with or without a shift by half a window.

    Args:
        height: Rows of tokens.
        width: Columns.
        window: Side of a window.
        shifted: Whether the windows are shifted along the sides that have more than one of them.
        like: A tensor of the device and type that the mask is to have.
    """

    def __init__(self, height: int, width: int, window: int, shifted: bool, like: Tensor) -> None:
        self.height, self.width, self.window = height, width, window
        self.rows, self.columns = (-(-side // window) for side in (height, width))
        self.shifts = tuple(window // 2 if shifted and side > window else 0 for side in (height, width))
        self.mask, self.inside = self._masks(like)

    def cut(self, tokens: Tensor) -> Tensor:
        """[B, height, width, C] to [B, windows, window^2, C]; places outside the image are 0."""
        missing = (self.rows * self.window - self.height, self.columns * self.window - self.width)
        tokens = functional.pad(tokens, (0, 0, 0, missing[1], 0, missing[0]))
        tokens = tokens.roll((-self.shifts[0], -self.shifts[1]), (1, 2))
        tokens = tokens.unflatten(2, (self.columns, self.window)).unflatten(1, (self.rows, self.window))
        return tokens.transpose(2, 3).flatten(3, 4).flatten(1, 2)

    def join(self, windows: Tensor) -> Tensor:
        """The inverse of `cut`."""
        tokens = windows.unflatten(2, (self.window, self.window)).unflatten(1, (self.rows, self.columns))
        tokens = tokens.transpose(2, 3).flatten(3, 4).flatten(1, 2)
        return tokens.roll(self.shifts, (1, 2))[:, : self.height, : self.width]

    def _masks(self, like: Tensor) -> tuple[Optional[Tensor], Optional[Tensor]]:
        """What is added to the scores of pairs [windows, 1, N, N], and which tokens are in the image; None: nothing."""
        along = [
            self._parts(side, count, shift, like.device)
            for side, count, shift in zip((self.height, self.width), (self.rows, self.columns), self.shifts)
        ]
        rows, columns = along
        parts = self._windows(4 * rows[:, None] + columns)
        mask = None
        if any(self.shifts) or (self.height, self.width) != (self.rows * self.window, self.columns * self.window):
            apart = parts[:, :, None] != parts[:, None, :]
            mask = torch.where(apart, _FORBIDDEN, 0.0).to(like.dtype)[:, None]
        outside = self._windows((rows[:, None] == 3) | (columns == 3))
        return mask, (~outside)[:, None, None].to(like.dtype)

    def _parts(self, side: int, count: int, shift: int, device: torch.device) -> Tensor:
        """Which tokens along a side are neighbours in the image: numbers from 0 to 2; 3 for those outside."""
        places = torch.arange(count * self.window, device=device)
        length = count * self.window
        cut = (places >= length - self.window).long() + (places >= length - shift).long() if shift else places * 0
        return torch.where((places + shift) % length < side, cut, 3)

    def _windows(self, plane: Tensor) -> Tensor:
        """Cut a plane of rows x columns, in the order of the shifted image, to [windows, N]."""
        plane = plane.unflatten(1, (self.columns, self.window)).unflatten(0, (self.rows, self.window))
        return plane.transpose(1, 2).flatten(2, 3).flatten(0, 1)


class RelativeBias(nn.Module):
    """What is added to the score of two tokens of a window by where one lies from the other.

    Args:
        heads: Heads of the attention.
        window: Side of a window.

    Attributes:
        index: Where in the table each pair's value stands.
    """

    index: Tensor

    def __init__(self, heads: int, window: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        nn.init.trunc_normal_(self.table, std=0.02)
        places = torch.cartesian_prod(torch.arange(window), torch.arange(window)).reshape(-1, 2)
        apart = places[:, None] - places[None] + window - 1
        self.register_buffer("index", apart[..., 0] * (2 * window - 1) + apart[..., 1], persistent=False)

    def forward(self) -> Tensor:
        """The values [heads, N, N]."""
        return self.table[self.index].permute(2, 0, 1)


def _heads(tokens: Tensor) -> Tensor:
    """[B, windows, N, C] to [B, windows, heads, N, C / heads]."""
    return tokens.unflatten(3, (-1, _HEAD)).transpose(2, 3)


def _merged(tokens: Tensor) -> Tensor:
    """The inverse of `_heads`."""
    return tokens.transpose(2, 3).flatten(3, 4)


def perceptron(width: int) -> nn.Sequential:
    """Return two linear layers with a GELU between."""
    return nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))


class Attention(nn.Module):
    """Attention among the tokens of a window.

    Args:
        width: Features.
        window: Side of a window.
    """

    def __init__(self, width: int, window: int) -> None:
        super().__init__()
        self.bias = RelativeBias(width // _HEAD, window)
        self.query_key_value, self.merge = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, tokens: Tensor, layout: Layout) -> Tensor:
        """Map [B, height, width, C] to the same shape."""
        query, key, value = (_heads(part) for part in self.query_key_value(layout.cut(tokens)).chunk(3, -1))
        scores = (query * _HEAD**-0.5) @ key.transpose(-1, -2) + self.bias()
        if layout.mask is not None:
            scores = scores + layout.mask
        return layout.join(self.merge(_merged(scores.softmax(-1) @ value)))


class Block(nn.Module):
    """Attention and a perceptron, each on normalised tokens and added to them.

    Args:
        width: Features.
        window: Side of a window.
        shifted: Whether the windows are shifted.
    """

    def __init__(self, width: int, window: int, shifted: bool) -> None:
        super().__init__()
        self.window, self.shifted = window, shifted
        self.attention_norm, self.attention = nn.LayerNorm(width), Attention(width, window)
        self.perceptron_norm, self.perceptron = nn.LayerNorm(width), perceptron(width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map [B, height, width, C] to the same shape."""
        layout = Layout(tokens.shape[1], tokens.shape[2], self.window, self.shifted, tokens)
        tokens = tokens + self.attention(self.attention_norm(tokens), layout)
        return tokens + self.perceptron(self.perceptron_norm(tokens))


def blocks(width: int, window: int, count: int) -> nn.Sequential:
    """Return so many blocks, every other one shifted."""
    return nn.Sequential(*(Block(width, window, i % 2 == 1) for i in range(count)))


class FusionAttention(nn.Module):
    """Attention whose weights say how alike the first coarse image is to the fine and to the second coarse one.

    Args:
        width: Features.
        window: Side of a window.
        published: The published code's order and sums (see the head of this file).
    """

    def __init__(self, width: int, window: int, published: bool) -> None:
        super().__init__()
        self.published = published
        self.bias = RelativeBias(width // _HEAD, window)
        self.query, self.other_query, self.value, self.merge = (nn.Linear(width, width) for _ in range(4))
        # A bias of the keys would add the same to all scores of a query, which the softmax takes out again.
        self.key, self.other_key = (nn.Linear(width, width, bias=False) for _ in range(2))

    def forward(self, change: Tensor, coarse: Tensor, fine: Tensor, target: Tensor, layout: Layout) -> Tensor:
        """Map tokens, each [B, height, width, C], to what is added to `change`."""
        change, coarse, fine, target = (layout.cut(tokens) for tokens in (change, coarse, fine, target))
        weights = self._weights(self.query(coarse), self.key(fine), layout)
        weights = weights * self._weights(self.other_query(coarse), self.other_key(target), layout)
        weights = (weights + _LEAST_WEIGHT) * layout.inside
        over = -2 if self.published and not any(layout.shifts) else -1
        weights = weights / weights.sum(over, keepdim=True).clamp(min=torch.finfo(weights.dtype).tiny)
        brought = weights @ _heads(self.value(change))
        ordered = brought.transpose(1, 2).reshape(change.shape) if self.published else _merged(brought)
        return layout.join(self.merge(ordered))

    def _weights(self, query: Tensor, key: Tensor, layout: Layout) -> Tensor:
        scores = (_heads(query) * _HEAD**-0.5) @ _heads(key).transpose(-1, -2) + self.bias()
        return (scores if layout.mask is None else scores + layout.mask).softmax(-1)


class FusionBlock(nn.Module):
    """Adds attention and a perceptron to the change.

    Args:
        width: Features.
        window: Side of a window.
        shifted: Whether the windows are shifted.
        published: As `FusionAttention`.
    """

    def __init__(self, width: int, window: int, shifted: bool, published: bool) -> None:
        super().__init__()
        self.window, self.shifted = window, shifted
        self.attention_norm, self.attention = nn.LayerNorm(width), FusionAttention(width, window, published)
        self.perceptron_norm, self.perceptron = nn.LayerNorm(width), perceptron(width)

    def forward(self, change: Tensor, coarse: Tensor, fine: Tensor, target: Tensor) -> Tensor:
        """Map tokens, each [B, height, width, C], to the next change."""
        layout = Layout(change.shape[1], change.shape[2], self.window, self.shifted, change)
        change = change + self.attention(self.attention_norm(change), coarse, fine, target, layout)
        return change + self.perceptron(self.perceptron_norm(change))


class Fusion(nn.Module):
    """The fine image's features plus the change of the coarse ones, which attention has brought to where it belongs.

    Args:
        width: Features.
        window: Side of a window.
        count: Blocks.
        published: As `FusionAttention`.
    """

    def __init__(self, width: int, window: int, count: int, published: bool) -> None:
        super().__init__()
        # The last two are for keys alone, where a bias has no effect.
        self.norms = nn.ModuleList(nn.LayerNorm(width, bias=i == 0) for i in range(3))
        self.blocks = nn.ModuleList(FusionBlock(width, window, i % 2 == 1, published) for i in range(count))

    def forward(self, coarse: Tensor, fine: Tensor, target: Tensor) -> Tensor:
        """Map tokens, each [B, height, width, C], to the same shape."""
        change = target - coarse
        normalised = [norm(tokens) for norm, tokens in zip(self.norms, (coarse, fine, target))]
        for block in self.blocks:
            change = block(change, *normalised)
        return fine + change


class Halve(nn.Module):
    """Merges the tokens of 2x2 places.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm, self.reduce = nn.LayerNorm(4 * inputs), nn.Linear(4 * inputs, outputs, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map [B, h, w, inputs] to [B, h / 2, w / 2, outputs]."""
        upper, lower = tokens[:, ::2], tokens[:, 1::2]
        places = (upper[:, :, ::2], lower[:, :, ::2], upper[:, :, 1::2], lower[:, :, 1::2])
        return self.reduce(self.norm(torch.cat(places, dim=-1)))


class Encoder(nn.Module):
    """Tokens of five sizes.

    Args:
        bands: Bands of the image.
        widths: Features of the sizes.
        counts: Blocks at each size but the last.
        windows: Side of a window at each size.
    """

    def __init__(self, bands: int, widths: Sequence[int], counts: Sequence[int], windows: Sequence[int]) -> None:
        super().__init__()
        self.embed, self.norm = nn.Conv2d(bands, widths[0], 2, stride=2), nn.LayerNorm(widths[0])
        self.blocks = nn.ModuleList(blocks(widths[i], windows[i], counts[i]) for i in range(_LEVELS - 1))
        self.halve = nn.ModuleList(Halve(*pair) for pair in zip(widths, widths[1:]))

    def forward(self, image: Tensor) -> list[Tensor]:
        """Map [B, bands, H, W] to tokens [B, h, w, C] of five sizes, the finest first."""
        found = [self.norm(self.embed(image).permute(0, 2, 3, 1))]
        for layer, halve in zip(self.blocks, self.halve):
            found.append(halve(layer(found[-1])))
        return found


def _doubled(inputs: int, outputs: int) -> nn.Sequential:
    """A convolution and a pixel shuffle by 2."""
    return nn.Sequential(conv(inputs, 4 * outputs, edges="zeros"), nn.PixelShuffle(2))


class Up(nn.Module):
    """Joins the coarser tokens with those of a size, and refines them.

    Args:
        width: Features of the size's tokens and of the coarser ones.
        outputs: Features that go out.
        window: Side of a window.
        fusion: Blocks of the fusion.
        count: Blocks behind it.
        published: As `FusionAttention`.
    """

    def __init__(self, width: int, outputs: int, window: int, fusion: int, count: int, published: bool) -> None:
        super().__init__()
        self.enlarge = _doubled(width, width)
        self.fusion = Fusion(width, window, fusion, published)
        self.join = nn.Linear(3 * width, outputs)
        self.blocks = blocks(outputs, window, count)

    def forward(self, coarser: Tensor, coarse: Tensor, fine: Tensor, target: Tensor) -> Tensor:
        """Map tokens, the first of half the size, to [B, h, w, outputs]."""
        enlarged = self.enlarge(coarser.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return self.blocks(self.join(torch.cat((target, self.fusion(coarse, fine, target), enlarged), dim=-1)))


class SwinSTFM(nn.Module):
    """The network of Chen et al., for any number of bands and any size.

    Args:
        bands: Bands of every image.
        image_size: Side of the images that it is trained on, a multiple of 32: windows are no larger than their
            features at each of the five sizes, halved each time.
        widths: Features of the five sizes, multiples of 32. The fifth must be as the fourth.
        rescaled: Values about 0 to 1 are taken to -1 to 1 and back, as the authors' data are, so that all of the range
            of the last layer's tanh is used. False is the survey's, for its weights alone.
        published: The published code's attention (see the head of this file), for its weights alone.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: One pair is used.
        multiple: Sides that are a multiple of this are not padded.
        halo: Pixels around an output pixel to be cut off, as the authors do; windows see farther.
        global_context: An output pixel depends on nearly all of an image.
        fixed_size: Whether the weights are for images of `image_size` alone.
        NOT_EXPORTABLE: Why it is not written as ONNX.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_1", "coarse_target")
    pairs = 1
    multiple = _MULTIPLE
    halo = _HALO
    global_context = True
    NOT_EXPORTABLE = (
        "SwinSTFM cuts an image into windows, whose number and masks follow from the image's size; a graph would hold "
        "for one size alone. It runs in PyTorch."
    )

    def __init__(
        self,
        bands: int,
        image_size: int = 256,
        widths: Sequence[int] = _WIDTHS,
        rescaled: bool = True,
        published: bool = False,
    ) -> None:
        super().__init__()
        if bands < 1:
            raise InputError(f"SwinSTFM needs 1 or more bands, not {bands}.")
        if image_size < _MULTIPLE or image_size % _MULTIPLE:
            raise InputError(f"SwinSTFM's image_size must be a multiple of {_MULTIPLE}, not {image_size}.")
        widths = sizes(widths, _LEVELS, "SwinSTFM")
        if any(width % _HEAD for width in widths) or widths[-1] != widths[-2]:
            raise InputError(
                f"SwinSTFM's widths must be multiples of {_HEAD}, the last as the one before, not {list(widths)}."
            )
        windows = [min(_WINDOW, image_size >> (level + 1)) for level in range(_LEVELS)]
        self.bands = bands
        self.rescaled = rescaled
        self.fixed_size = published
        self.coarse, self.fine = (Encoder(bands, widths, _DOWN_BLOCKS, windows) for _ in range(2))
        self.bottom = Fusion(widths[-1], windows[-1], _FUSION_BLOCKS[-1], published)
        self.ups = nn.ModuleList(
            Up(widths[i], widths[max(0, i - 1)], windows[i], _FUSION_BLOCKS[i], _UP_BLOCKS[i], published)
            for i in range(_LEVELS - 1)
        )
        self.head = nn.Sequential(_doubled(widths[0], widths[0]), conv(widths[0], bands, edges="zeros"), nn.Tanh())

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
            fine_1: Fine image of the pair [B, bands, H, W].
            coarse_1: Its coarse image, on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Unused.
            coarse_2: Unused.

        Returns:
            [B, bands, H, W], within 0 and 1 if values are `rescaled`, otherwise within -1 and 1.
        """
        if not self.rescaled:
            return self.signed(fine_1, coarse_1, coarse_target)
        return (self.signed(2 * fine_1 - 1, 2 * coarse_1 - 1, 2 * coarse_target - 1) + 1) / 2

    def signed(self, fine_1: Tensor, coarse_1: Tensor, coarse_target: Tensor) -> Tensor:
        """As `forward` without a change of scale: the values are those that the layers see."""
        height, width = fine_1.shape[-2:]
        fine, coarse, target = (lengthen_sides(image, _MULTIPLE) for image in (fine_1, coarse_1, coarse_target))
        levels = list(zip(self.coarse(coarse), self.fine(fine), self.coarse(target)))
        tokens = self.bottom(*levels.pop())
        for up in reversed(self.ups):
            tokens = up(tokens, *levels.pop())
        return crop(self.head(tokens.permute(0, 3, 1, 2)), height, width)
