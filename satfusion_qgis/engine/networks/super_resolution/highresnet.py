"""HighRes-net: frames are encoded beside a common reference, then fused pair by pair by one block.

Deudon, M., Kalaitzis, A., Goytom, I., Arefin, M. R., Lin, Z., Sankaran, K., Michalski, V., Kahou, S. E., Cornebise, J.,
Bengio, Y. (2020): HighRes-net: recursive fusion for multi-frame super-resolution of satellite imagery.
https://doi.org/10.48550/arXiv.2002.06460

A frame that is missing has a mask of 0 and changes nothing. Masks are of pixels here, not of frames as in the paper: a
pair gives its first frame's features plus, where both count, what the block makes of the two; where only the second
counts, it takes the first one's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

from ..convolutions import reach
from .frames import FrameEncoder, MultiFrame, ResidualBlock, padded, unit


class HighResNet(MultiFrame):
    """The network of Deudon et al.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        hidden: Features.
        blocks: Residual blocks of the encoder.
        fine: Features at fine size.
        frames: Most frames, on which the halo depends: each doubling is one more round of fusion.
        dropout: Share of features dropped in training.
        published: SatFusion's wiring: frames alone, and frames that are appended up to a power of two are zeros that
            are fused as if they were real. For its published weights alone (hidden=128, blocks=0).
        zoom: Enlargement by the published wiring's pixel shuffle.
        output_size: Rows and columns of the published wiring's output; by default ratio times the frames'.
    """

    def __init__(
        self,
        bands: int,
        ratio: int = 4,
        hidden: int = 64,
        blocks: int = 2,
        fine: int = 16,
        frames: int = 16,
        dropout: float = 0.0,
        published: bool = False,
        zoom: int = 2,
        output_size: Optional[Sequence[int]] = None,
    ) -> None:
        super().__init__(bands, ratio, hidden, fine, frames, published, zoom, output_size)
        edges = "reflect" if published else "replicate"
        self.encoder = FrameEncoder(self.frame_inputs, hidden, blocks, edges, dropout, active=published)
        # One block for all rounds, as published.
        self.fusion = nn.Sequential(ResidualBlock(2 * hidden, edges, dropout), *unit(2 * hidden, hidden, edges)[:2])

    @property
    def coarse_reach(self) -> int:
        """Coarse pixels on each side that a feature depends on."""
        rounds = (int(self.frames or 1) - 1).bit_length()
        return reach(self.encoder) + rounds * reach(self.fusion)

    def features(self, frames: Tensor, masks: Optional[Tensor], pan: Optional[Tensor]) -> Tensor:
        """Fuse; see `MultiFrame.features`."""
        encoded = self.encoder(frames)
        count = 1 << (encoded.shape[1] - 1).bit_length()
        encoded = padded(encoded, count)
        presence = None if masks is None else padded((masks > 0.5).to(encoded.dtype), count)
        while count > 1:
            count //= 2
            first, second = encoded[:, :count], encoded[:, count:]
            fused = self.fusion(torch.cat((first, second), dim=2).flatten(0, 1)).unflatten(0, first.shape[:2])
            if presence is None:
                encoded = fused
                continue
            of_first, of_second = presence[:, :count], presence[:, count:]
            kept = torch.where(torch.logical_or(of_first > 0.5, of_second <= 0.5), first, second)
            encoded = kept + of_first * of_second * fused
            presence = torch.maximum(of_first, of_second)
        return encoded[:, 0]
