"""SRCNN for several frames: each is encoded beside a common reference, then all are stacked and fused by convolutions.

Cornebise, J., Orsolic, I., Kalaitzis, F. (2022): Open high-resolution satellite imagery: the WorldStrat dataset, with
application to super-resolution. https://doi.org/10.48550/arXiv.2207.06418, whose baseline this is; unrelated to the
network of Dong et al. but for its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

from ..convolutions import reach
from .frames import FrameEncoder, MultiFrame, ResidualBlock, double


class SRCNN(MultiFrame):
    """The WorldStrat baseline.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        hidden: Features.
        blocks: Residual blocks after the fusion.
        fine: Features at fine size.
        frames: Number of frames that are stacked. With fewer, or where masks are 0, features of zero stand for them.
        dropout: Share of features dropped in training.
        published: SatFusion's wiring: exactly so many frames, each beside the median of all. For its published weights
            alone.
        zoom: Enlargement by the published wiring's pixel shuffle.
        output_size: Rows and columns of the published wiring's output; by default ratio times the frames'.
    """

    frozen_frames = True

    def __init__(
        self,
        bands: int,
        ratio: int = 4,
        hidden: int = 128,
        blocks: int = 1,
        fine: int = 16,
        frames: int = 8,
        dropout: float = 0.0,
        published: bool = False,
        zoom: int = 2,
        output_size: Optional[Sequence[int]] = None,
    ) -> None:
        super().__init__(bands, ratio, hidden, fine, frames, published, zoom, output_size)
        edges = "reflect" if published else "replicate"
        inputs = 2 * bands if published else self.frame_inputs
        self.encoder = FrameEncoder(inputs, hidden, 0, edges, dropout, active=True)
        self.fusion = double(frames * hidden, hidden, edges, dropout)
        self.blocks = nn.Sequential(*(ResidualBlock(hidden, edges, dropout) for _ in range(blocks)))

    @property
    def coarse_reach(self) -> int:
        """Coarse pixels on each side that a feature depends on."""
        return reach(self.encoder, self.fusion, self.blocks)

    def features(self, frames: Tensor, masks: Optional[Tensor], pan: Optional[Tensor]) -> Tensor:
        """Fuse; see `MultiFrame.features`."""
        if self.published:
            # The lower of the two middle values for an even number.
            median = frames.sort(dim=1).values[:, (frames.shape[1] - 1) // 2, None]
            frames = torch.cat((frames, median.expand_as(frames)), dim=2)
        encoded = self.encoder(frames)
        if masks is not None:
            encoded = torch.where(masks > 0.5, encoded, torch.zeros_like(encoded))
        return self.blocks(self.fusion(encoded.flatten(1, 2)))
