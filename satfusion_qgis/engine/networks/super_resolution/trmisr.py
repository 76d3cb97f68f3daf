"""TR-MISR: a transformer over the frames of each pixel, whose class token becomes the pixel's features.

An, T., Zhang, X., Huo, C., Xue, B., Wang, L., Pan, C. (2022): TR-MISR: multiimage super-resolution based on feature
fusion with transformers. IEEE Journal of Selected Topics in Applied Earth Observations and Remote Sensing 15,
1373-1388.

The order of the frames does not matter, but for the reference by which the base is made, and neither does their number.
The tokens of masked pixels are left out of the attention. Guided by PAN, it is the first stage of SatFusion* (Tong et
al., 2025, https://doi.org/10.48550/arXiv.2510.07905): every frame has PAN at coarse size beside it, and the class token
is made from that PAN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..convolutions import reach
from .frames import FrameEncoder, MultiFrame, conv

# Pixels whose tokens are worked on at once, where no gradient is asked for: bounds the memory of a large window.
PIXELS_AT_ONCE = 16384


class Attention(nn.Module):
    """Attention among the tokens of a pixel.

    Args:
        width: Features of a token.
        heads: Heads; their features are contiguous.
        dropout: Share of the output dropped in training.
        scale: Factor of the scores.
    """

    def __init__(self, width: int, heads: int, dropout: float, scale: float) -> None:
        super().__init__()
        self.heads = heads
        self.scale = scale
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.merge = nn.Sequential(nn.Linear(width, width), nn.Dropout(dropout))

    def forward(self, tokens: Tensor, counted: Optional[Tensor]) -> Tensor:
        """Map [N, T, width] to the same shape; `counted` [N, T] says which tokens may be looked at, None: all."""
        query, key, value = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in self.query_key_value(tokens).chunk(3, -1)
        )
        scores = query @ key.transpose(-1, -2) * self.scale
        if counted is not None:
            scores = scores.masked_fill(~counted[:, None, None, :], torch.finfo(scores.dtype).min)
        return self.merge((scores.softmax(-1) @ value).transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Attention and a perceptron, each on normalised tokens and added to them.

    Args:
        width: Features of a token.
        heads: Heads of the attention.
        inner: Features inside the perceptron.
        dropout: Share dropped in training.
        scale: Factor of the attention's scores.
    """

    def __init__(self, width: int, heads: int, inner: int, dropout: float, scale: float) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads, dropout, scale)
        self.perceptron_norm = nn.LayerNorm(width)
        self.perceptron = nn.Sequential(
            nn.Linear(width, inner), nn.GELU(), nn.Dropout(dropout), nn.Linear(inner, width), nn.Dropout(dropout)
        )

    def forward(self, tokens: Tensor, counted: Optional[Tensor]) -> Tensor:
        """Map [N, T, width] to the same shape."""
        tokens = tokens + self.attention(self.attention_norm(tokens), counted)
        return tokens + self.perceptron(self.perceptron_norm(tokens))


class PanToken(nn.Module):
    """A class token for every pixel from PAN at coarse size.

    Args:
        bands: Bands of the frames, which is how many features the first layers have.
        width: Features of a token.
    """

    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(conv(1, bands, 3, "zeros"), nn.ReLU(), conv(bands, bands, 3, "zeros"))
        self.project = conv(bands, width, 1)
        self.norm = nn.LayerNorm(width)
        self.perceptron = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, pan: Tensor) -> Tensor:
        """Map [B, 1, h, w] to [B h w, 1, width]."""
        tokens = self.project(self.encoder(pan)).flatten(2).transpose(1, 2).flatten(0, 1)
        return self.perceptron(self.norm(tokens))[:, None]


class TRMISR(MultiFrame):
    """The network of An et al., and its PAN-guided variant.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        width: Features of the encoder and of a token.
        blocks: Residual blocks of the encoder.
        layers: Layers of the transformer.
        heads: Heads of its attention; divides `width`.
        hidden: Features after the fusion.
        fine: Features at fine size.
        dropout: Share dropped in the transformer in training.
        pan_guided: Whether PAN guides the fusion; `estimate` then needs it.
        published: SatFusion's wiring: frames alone, no masks, PAN reduced bilinearly (which aliases), scores scaled by
            the whole width in place of a head's, as the authors' code does. For its published weights alone.
        zoom: Enlargement by the published wiring's pixel shuffle.
        output_size: Rows and columns of the published wiring's output; by default ratio times the frames'.

    Raises:
        InputError: `width` is no multiple of `heads`.
    """

    any_frames = True

    def __init__(
        self,
        bands: int,
        ratio: int = 4,
        width: int = 64,
        blocks: int = 2,
        layers: int = 6,
        heads: int = 8,
        hidden: int = 128,
        fine: int = 16,
        dropout: float = 0.0,
        pan_guided: bool = False,
        published: bool = False,
        zoom: int = 2,
        output_size: Optional[Sequence[int]] = None,
    ) -> None:
        super().__init__(bands, ratio, hidden, fine, None, published, zoom, output_size)
        if heads < 1 or width % heads:
            raise InputError(f"TR-MISR's width must be a multiple of its heads, not {width} with {heads}.")
        self.pan_guided = pan_guided
        self.encoder = FrameEncoder(self.frame_inputs + int(pan_guided), width, blocks, "zeros")
        if pan_guided:
            self.pan_token = PanToken(bands, width)
        else:
            self.token = nn.Parameter(torch.randn(width))
        scale = (width if published else width // heads) ** -0.5
        self.layers = nn.ModuleList(Layer(width, heads, 2 * width, dropout, scale) for _ in range(layers))
        self.fused = nn.Sequential(conv(width, hidden, 3, "zeros"), nn.PReLU())

    @property
    def coarse_reach(self) -> int:
        """Coarse pixels on each side that a feature depends on; one more where PAN is reduced bilinearly."""
        before = max(reach(self.encoder), reach(self.pan_token) if self.pan_guided else 0)
        return before + reach(self.fused) + int(self.pan_guided and self.published)

    def features(self, frames: Tensor, masks: Optional[Tensor], pan: Optional[Tensor]) -> Tensor:
        """Fuse; see `MultiFrame.features`."""
        height, width = frames.shape[-2:]
        if self.pan_guided:
            if pan is None:
                raise InputError("PAN is needed by a network that it guides.")
            reduced = self._reduced(pan, height, width)
            frames = torch.cat((frames, reduced[:, None].expand(-1, frames.shape[1], -1, -1, -1)), dim=2)
        tokens = self.encoder(frames).permute(0, 3, 4, 1, 2).flatten(0, 2)
        first = self.pan_token(reduced) if self.pan_guided else self.token.expand(tokens.shape[0], 1, -1)
        tokens = torch.cat((first, tokens), dim=1)
        counted = None
        if masks is not None:
            counted = (masks[:, :, 0] > 0.5).permute(0, 2, 3, 1).flatten(0, 2)
            counted = torch.cat((torch.ones_like(counted[:, :1]), counted), dim=1)
        fused = self._transformed(tokens, counted)
        return self.fused(fused.unflatten(0, (-1, height, width)).permute(0, 3, 1, 2))

    def _transformed(self, tokens: Tensor, counted: Optional[Tensor]) -> Tensor:
        """Return the class tokens [N, width] after the transformer."""
        if torch.is_grad_enabled() or torch.compiler.is_exporting() or tokens.shape[0] <= PIXELS_AT_ONCE:
            return self._layered(tokens, counted)
        parts = tokens.split(PIXELS_AT_ONCE)
        masks = [None] * len(parts) if counted is None else counted.split(PIXELS_AT_ONCE)
        return torch.cat([self._layered(part, mask) for part, mask in zip(parts, masks)])

    def _layered(self, tokens: Tensor, counted: Optional[Tensor]) -> Tensor:
        for layer in self.layers:
            tokens = layer(tokens, counted)
        return tokens[:, 0]

    def _reduced(self, pan: Tensor, height: int, width: int) -> Tensor:
        """PAN at coarse size [B, 1, h, w]: the mean over each coarse pixel."""
        if self.published:
            return functional.interpolate(pan, size=(height, width), mode="bilinear", align_corners=False)
        return functional.avg_pool2d(pan, self.ratio)
