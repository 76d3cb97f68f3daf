"""RAMS: residual attention over features of space and frames, with convolutions in three dimensions.

Salvetti, F., Mazzia, V., Khaliq, A., Chiaberge, M. (2020): Multi-image super resolution of remotely sensed images using
residual attention deep neural networks. Remote Sensing 12(14), 2207. https://doi.org/10.3390/rs12142207

A feature attention block weights its features by what they are on average over the whole window, so an output pixel
depends on all of it. Without the paper's weight normalisation; the second branch is added to the features, not to the
image, as in SatFusion's code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, Union

import torch
from torch import Tensor, nn

from ....tasks.errors import InputError
from .frames import MultiFrame, conv

_KERNEL = 3  # along the frames


def _conv3(inputs: int, outputs: int, frames: int = _KERNEL, padded_frames: bool = True) -> nn.Conv3d:
    """A convolution over frames x 3 x 3 that keeps the image's size and, where they are padded, the frames."""
    return nn.Conv3d(inputs, outputs, (frames, 3, 3), padding=(frames // 2 if padded_frames else 0, 1, 1))


class AttentionBlock(nn.Module):
    """Adds two convolutions of the features, weighted by a gate that looks at their means.

    Args:
        features: Features.
        reduction: How many times fewer features the gate has inside.
        flat: Convolve in space alone, over [B, features, h, w]; otherwise over [B, features, R, h, w].
    """

    def __init__(self, features: int, reduction: int, flat: bool = False) -> None:
        super().__init__()
        inside = max(1, features // reduction)
        point = nn.Conv2d if flat else nn.Conv3d
        self.first, self.second = (
            conv(features, features, 3, "zeros") if flat else _conv3(features, features) for _ in range(2)
        )
        pool: Union[nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d]
        pool = nn.AdaptiveAvgPool2d(1) if flat else nn.AdaptiveAvgPool3d(1)
        self.gate = nn.Sequential(pool, point(features, inside, 1), nn.ReLU(), point(inside, features, 1), nn.Sigmoid())

    def forward(self, features: Tensor) -> Tensor:
        """Map features to the same shape."""
        inner = self.second(torch.relu(self.first(features)))
        return features + inner * self.gate(inner)


class RAMS(MultiFrame):
    """The network of Salvetti et al.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        width: Features of the convolutions over frames.
        blocks: Feature attention blocks.
        reduction: How many times fewer features a gate has inside.
        hidden: Features after the fusion.
        fine: Features at fine size.
        frames: Number of frames that the weights are for. With fewer, masked ones stand for the others.
        published: SatFusion's wiring: exactly so many frames and nothing beside them. For its published weights alone.
        shared: Use one attention block in all places, as SatFusion's code does by mistake: its weights need that.
        zoom: Enlargement by the published wiring's pixel shuffle.
        output_size: Rows and columns of the published wiring's output; by default ratio times the frames'.
    """

    global_context = True
    frozen_frames = True

    def __init__(
        self,
        bands: int,
        ratio: int = 4,
        width: int = 32,
        blocks: int = 12,
        reduction: int = 8,
        hidden: int = 128,
        fine: int = 16,
        frames: int = 8,
        published: bool = False,
        shared: bool = False,
        zoom: int = 2,
        output_size: Optional[Sequence[int]] = None,
    ) -> None:
        super().__init__(bands, ratio, hidden, fine, frames, published, zoom, output_size)
        if blocks < 1 or reduction < 1:
            raise InputError(f"RAMS needs 1 block and a reduction of 1 or more, not {blocks} and {reduction}.")
        # Each round takes two frames away; two or three are left for the last convolution (or one, of one).
        rounds = max(0, frames // 2 - 1)
        self.first, self.last = _conv3(self.frame_inputs, width), _conv3(width, width)
        self.shared = AttentionBlock(width, reduction) if shared else None
        self.block_count = blocks
        own = 0 if shared else 1
        self.blocks = nn.ModuleList(AttentionBlock(width, reduction) for _ in range(own * blocks))
        self.reducing_blocks = nn.ModuleList(AttentionBlock(width, reduction) for _ in range(own * rounds))
        # SatFusion's code repeats one convolution as well.
        self.reduce = nn.ModuleList(
            _conv3(width, width, padded_frames=False) for _ in range(min(1, rounds) if shared else rounds)
        )
        self.rounds = rounds
        self.gather = _conv3(width, hidden, frames - 2 * rounds, padded_frames=False)
        stacked = frames * (bands if published else bands + 1)
        self.stacked_block = AttentionBlock(stacked, reduction, flat=True)
        edges = "reflect" if published else "replicate"
        self.stacked_last = nn.Conv2d(stacked, hidden, 3, padding=1, padding_mode=edges, bias=False)

    @property
    def coarse_reach(self) -> int:
        """Coarse pixels on each side that convolutions see; the gates see the whole window."""
        return 1 + 2 * self.block_count + 1 + 3 * self.rounds + 1

    def features(self, frames: Tensor, masks: Optional[Tensor], pan: Optional[Tensor]) -> Tensor:
        """Fuse; see `MultiFrame.features`."""
        first = self.first(frames.transpose(1, 2))
        x = first
        for i in range(self.block_count):
            x = (self.shared or self.blocks[i])(x)
        x = first + self.last(x)
        for i in range(self.rounds):
            block, reduce = (self.shared, self.reduce[0]) if self.shared else (self.reducing_blocks[i], self.reduce[i])
            x = torch.relu(reduce(block(x)))
        return self.gather(x).squeeze(2) + self.stacked_last(self.stacked_block(self._stack(frames)))

    def _stack(self, frames: Tensor) -> Tensor:
        """The frames' bands, frame by frame, and their masks, without the base, of which one copy is enough."""
        if not self.published:
            frames = torch.cat((frames[:, :, : self.bands], frames[:, :, -1:]), dim=2)
        return frames.flatten(1, 2)
