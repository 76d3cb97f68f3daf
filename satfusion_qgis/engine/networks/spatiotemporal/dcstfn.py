"""DCSTFN: features of a fine image at half size, plus what the coarse image's features change by to the target date.

Tan, Z., Yue, P., Di, L., Tang, J. (2018): Deriving high spatiotemporal remote sensing images using deep convolutional
network. Remote Sensing 10(7), 1066. https://doi.org/10.3390/rs10071066

The layers are those of the authors' PyTorch code, which enlarges the coarse features with a ReLU behind every step.
With two pairs, the estimates of both are averaged, with more weight where a pair's coarse image changes less, as the
paper does; that code knows one pair alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..edges import crop, lengthen_sides
from .parts import conv, second_pair, sizes

_WIDTHS = (32, 64, 128)
_LEAST_CHANGE = 1e-4
# Coarse pixels that the change of a pair is averaged over, so that a noisy pixel does not choose the pair.
_AROUND = 3


def _doubled(inputs: int, outputs: int) -> nn.ConvTranspose2d:
    """A convolution that doubles both sides."""
    return nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1)


class CoarseNet(nn.Module):
    """Features of a coarse image, at half the fine size.

    Args:
        bands: Bands of the image.
        widths: Features after each of the three convolutions.
        doublings: How often the features are enlarged by two.
    """

    def __init__(self, bands: int, widths: Sequence[int], doublings: int) -> None:
        super().__init__()
        first, second, third = widths
        self.first, self.second = conv(bands, first, edges="zeros"), conv(first, second, edges="zeros")
        self.enlarge = nn.ModuleList(_doubled(second, second) for _ in range(doublings))
        self.last = conv(second, third, edges="zeros")

    def forward(self, image: Tensor) -> Tensor:
        """Map [B, bands, h, w] to [B, widths[2], h, w] enlarged by two to the `doublings`."""
        features = torch.relu(self.second(torch.relu(self.first(image))))
        for enlarge in self.enlarge:
            features = torch.relu(enlarge(features))
        return torch.relu(self.last(features))


class FineNet(nn.Module):
    """Features of a fine image, at half its size.

    Args:
        bands: Bands of the image.
        widths: Features after the convolutions; the middle number is for two of them.
    """

    def __init__(self, bands: int, widths: Sequence[int]) -> None:
        super().__init__()
        first, second, third = widths
        self.first, self.second = conv(bands, first, edges="zeros"), conv(first, second, edges="zeros")
        self.third, self.last = conv(second, second, edges="zeros"), conv(second, third, edges="zeros")

    def forward(self, image: Tensor) -> Tensor:
        """Map [B, bands, H, W], both even, to [B, widths[2], H / 2, W / 2]."""
        features = torch.relu(self.second(torch.relu(self.first(image))))
        features = functional.max_pool2d(features, 2)
        return torch.relu(self.last(torch.relu(self.third(features))))


class DCSTFN(nn.Module):
    """The network of Tan et al., for any number of bands, which the authors train one by one.

    Args:
        bands: Bands of every image.
        pairs: 1 or 2 pairs of a fine and a coarse image; the weights are the same for both.
        ratio: Fine pixels along a coarse one: a power of 2, at least 2.
        widths: Features after the convolutions.

    Attributes:
        multiple: Sides that are a multiple of this, one coarse pixel, are not padded.
        global_context: No output pixel depends on the whole image.
        one_pair_suffices: With two pairs, the same one twice gives what it makes of one.

    Raises:
        InputError: A setting is out of range.
    """

    global_context = False
    one_pair_suffices = True

    def __init__(self, bands: int, pairs: int = 1, ratio: int = 16, widths: Sequence[int] = _WIDTHS) -> None:
        super().__init__()
        if pairs not in (1, 2):
            raise InputError(f"DCSTFN takes 1 or 2 pairs, not {pairs}.")
        if ratio < 2 or ratio & (ratio - 1):
            raise InputError(f"DCSTFN's ratio must be 2, 4, 8, 16 or another power of 2, not {ratio}.")
        first, second, third = sizes(widths, 3, "DCSTFN")
        self.bands = bands
        self.pairs = pairs
        self.ratio = ratio
        self.coarse = CoarseNet(bands, widths, ratio.bit_length() - 2)
        self.fine = FineNet(bands, widths)
        self.enlarge = _doubled(third, second)
        self.dense = nn.Sequential(conv(second, first, 1), nn.ReLU(), conv(first, bands, 1))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the images that it uses."""
        return ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")[: 1 + 2 * self.pairs]

    @property
    def multiple(self) -> int:
        """Fine pixels along a coarse one."""
        return self.ratio

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on.

        The steps up and the convolution behind them reach at most two coarse pixels beyond the output's own, and the
        convolutions at coarse size two more; the first of these pixels touches the output pixel that sees farthest.
        """
        return 4 * self.ratio

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
            fine_1: Fine image of the first pair [B, bands, H, W].
            coarse_1: Its coarse image, on the fine grid; it is averaged over each coarse pixel.
            coarse_target: Coarse image of the target date, on the fine grid; likewise.
            fine_2: Fine image of the second pair; unused with one pair.
            coarse_2: Its coarse image; unused with one pair.

        Returns:
            [B, bands, H, W].

        Raises:
            InputError: The network takes two pairs, and the second one is missing.
        """
        target = self._reduced(coarse_target)
        before = self._reduced(coarse_1)
        estimate = self._estimate(fine_1, before, target)
        if self.pairs == 2:
            fine_2, coarse_2 = second_pair("DCSTFN", fine_2, coarse_2)
            after = self._reduced(coarse_2)
            share = self._share(self._change(before, target), self._change(after, target))
            estimate = share * estimate + (1 - share) * self._estimate(fine_2, after, target)
        return crop(estimate, *fine_1.shape[-2:])

    def on_coarse_grid(self, fine: Tensor, coarse: Tensor, coarse_target: Tensor) -> Tensor:
        """As `forward` with one pair, from coarse images [B, bands, H / ratio, W / ratio] on their own grid."""
        features = self.fine(fine) - self.coarse(coarse) + self.coarse(coarse_target)
        return self.dense(torch.relu(self.enlarge(features)))

    def _reduced(self, coarse: Tensor) -> Tensor:
        """The mean over each coarse pixel; the last rows and columns are repeated up to a whole one."""
        return functional.avg_pool2d(lengthen_sides(coarse, self.ratio), self.ratio)

    def _estimate(self, fine: Tensor, coarse: Tensor, coarse_target: Tensor) -> Tensor:
        return self.on_coarse_grid(lengthen_sides(fine, self.ratio), coarse, coarse_target)

    def _change(self, coarse: Tensor, coarse_target: Tensor) -> Tensor:
        """How much the coarse image changes around each of its pixels, [B, 1, h, w]."""
        change = (coarse_target - coarse).abs().mean(1, keepdim=True)
        return functional.avg_pool2d(change, _AROUND, 1, _AROUND // 2, count_include_pad=False) + _LEAST_CHANGE

    def _share(self, change: Tensor, other_change: Tensor) -> Tensor:
        """The first pair's weight, 0 to 1, at fine size."""
        share = other_change / (change + other_change)
        return functional.interpolate(share, scale_factor=float(self.ratio), mode="bilinear", align_corners=False)
