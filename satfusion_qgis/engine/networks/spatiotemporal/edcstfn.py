"""EDC-STFN: an encoder of the fine image, one of what has changed, and a decoder of their sum.

Tan, Z., Di, L., Zhang, M., Guo, L., Gao, M. (2019): An enhanced deep convolutional model for spatiotemporal image
fusion. Remote Sensing 11(24), 2898. https://doi.org/10.3390/rs11242898

The same weights serve with one pair or with two: with two, the features that each pair leads to are averaged, with more
weight where a pair changes less.

Not of the paper is `on_change`: what the network gives is added to the fine image and the interpolated change of the
coarse ones, and it begins with nothing, so that training starts at that baseline and not at noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..convolutions import reach
from ..edges import crop, lengthen_sides
from .parts import conv, second_pair, sizes

_WIDTHS = (32, 64, 128)
_LEAST_CHANGE = 1e-8


def _encoder(inputs: int, widths: Sequence[int], active: bool) -> nn.Sequential:
    """Three convolutions with ReLUs between them, and after the last one if it is `active`."""
    first, second, third = widths
    layers = [conv(inputs, first), nn.ReLU(), conv(first, second), nn.ReLU(), conv(second, third)]
    return nn.Sequential(*layers, *([nn.ReLU()] if active else []))


class EDCSTFN(nn.Module):
    """The network of Tan et al., for any number of bands.

    Args:
        bands: Bands of every image.
        pairs: 1 or 2 pairs of a fine and a coarse image; the weights are the same for both.
        widths: Features after each of the three convolutions of an encoder.
        on_change: Add the result to the fine image plus the change of the coarse ones.

    Attributes:
        inputs: Names of the images that it uses.
        multiple: Sides of any length are taken as they are.
        global_context: No output pixel depends on the whole image.
        one_pair_suffices: With two pairs, the same one twice gives what it makes of one.

    Raises:
        InputError: A setting is out of range.
    """

    multiple = 1
    global_context = False
    one_pair_suffices = True

    def __init__(self, bands: int, pairs: int = 1, widths: Sequence[int] = _WIDTHS, on_change: bool = False) -> None:
        super().__init__()
        if pairs not in (1, 2):
            raise InputError(f"EDC-STFN takes 1 or 2 pairs, not {pairs}.")
        first, second, third = sizes(widths, 3, "EDC-STFN")
        self.bands = bands
        self.pairs = pairs
        self.encoder = _encoder(bands, widths, active=True)
        self.residual = _encoder(3 * bands, widths, active=False)
        self.decoder = nn.Sequential(
            conv(third, second), nn.ReLU(), conv(second, first), nn.ReLU(), conv(first, bands, 1)
        )
        self.on_change = on_change
        if on_change:
            for values in self.decoder[-1].parameters():
                nn.init.zeros_(values)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the images that it uses."""
        return ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")[: 1 + 2 * self.pairs]

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that it depends on."""
        return reach(self.encoder) + reach(self.decoder)

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
            coarse_1: Its coarse image, on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Fine image of the second pair; unused with one pair.
            coarse_2: Its coarse image; unused with one pair.

        Returns:
            [B, bands, H, W].

        Raises:
            InputError: The network takes two pairs, and the second one is missing.
        """
        change = self._change(fine_1, coarse_1, coarse_target)
        features = self.encoder(fine_1) + change
        moved = fine_1 + coarse_target - coarse_1
        if self.pairs == 2:
            fine_2, coarse_2 = second_pair("EDC-STFN", fine_2, coarse_2)
            other_change = self._change(fine_2, coarse_2, coarse_target)
            size, other_size = change.abs() + _LEAST_CHANGE, other_change.abs() + _LEAST_CHANGE
            share = other_size / (size + other_size)
            features = share * features + (1 - share) * (self.encoder(fine_2) + other_change)
            nearness = _nearness(coarse_1, coarse_2, coarse_target)
            moved = nearness * moved + (1 - nearness) * (fine_2 + coarse_target - coarse_2)
        return self.decoder(features) + moved if self.on_change else self.decoder(features)

    def by_pair(
        self, fine_1: Tensor, coarse_1: Tensor, coarse_target: Tensor, fine_2: Tensor, coarse_2: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The estimate from either pair alone, which the authors train against the same target; as `forward`."""
        pairs = ((fine_1, coarse_1), (fine_2, coarse_2))
        first, second = (
            self.decoder(self.encoder(fine) + self._change(fine, coarse, coarse_target))
            + (fine + coarse_target - coarse if self.on_change else 0)
            for fine, coarse in pairs
        )
        return first, second

    def _change(self, fine: Tensor, coarse: Tensor, coarse_target: Tensor) -> Tensor:
        """Features of what changes from a pair's date to the target's."""
        return self.residual(torch.cat((coarse, fine, coarse_target), dim=1))


def _nearness(coarse_1: Tensor, coarse_2: Tensor, coarse_target: Tensor) -> Tensor:
    """Return the first pair's weight [B, 1, H, W]: more where its coarse image changes less to the target's."""
    first, second = ((coarse_target - one).abs().mean(1, keepdim=True) for one in (coarse_1, coarse_2))
    return (second + _LEAST_CHANGE) / (first + second + 2 * _LEAST_CHANGE)


class EDCSTFNAutoEncoder(nn.Module):
    """Takes an image to features of half its size and back; the features are for EDC-STFN's loss.

    Args:
        bands: Bands of the image.
        widths: Features after each of the first three convolutions.
    """

    multiple = 2

    def __init__(self, bands: int, widths: Sequence[int] = _WIDTHS) -> None:
        super().__init__()
        first, second, third = sizes(widths, 3, "EDC-STFN's auto-encoder")
        self.bands = bands
        self.encoder = nn.Sequential(
            conv(bands, first),
            nn.ReLU(),
            conv(first, second),
            nn.ReLU(),
            conv(second, third, stride=2),
            nn.ReLU(),
            conv(third, third),
            nn.ReLU(),
        )
        self.widen = conv(third, third)
        self.decoder = nn.Sequential(
            conv(third, second), nn.ReLU(), conv(second, first), nn.ReLU(), conv(first, bands, 1)
        )

    def features(self, image: Tensor) -> Tensor:
        """Map [B, bands, H, W] to features of half the size, rounded up."""
        return self.encoder(lengthen_sides(image, 2))

    def forward(self, image: Tensor) -> Tensor:
        """Reconstruct the image [B, bands, H, W]."""
        wide = torch.relu(self.widen(self.features(image)))
        enlarged = functional.interpolate(wide, scale_factor=2, mode="bicubic", align_corners=False)
        return crop(self.decoder(enlarged), image.shape[-2], image.shape[-1])
