"""Pan-Mamba: MS and PAN as two sequences of pixels, run through selective state spaces and mixed between them.

He, X., Cao, K., Yan, K., Li, R., Xie, C., Zhang, J., Zhou, M. (2024): Pan-Mamba: effective pan-sharpening with state
space model. https://doi.org/10.48550/arXiv.2402.12192

Convolutions encode each image; its pixels, row by row, then are the steps of a sequence. Mamba layers run along both
sequences, first alone, then with half of the channels exchanged, then with the two mixed; convolutions turn the result
into the detail that is added to MS. A pixel so depends on every pixel before it, and by instance normalisation and the
channel gate on the whole image.

Each Mamba layer stands in a residual stream: it sees the normalised sum of all that came before it. The published code
forgets that sum where a stage ends (`drop_residuals`) and normalises twice in the mixing blocks (`norm_twice`); its
checkpoints need both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..convolutions import same
from ..selective_scan import selective_scan


class SelectiveBranch(nn.Module):
    """A Mamba layer up to its gate: projection, causal convolution along the sequence, selective scan, gate.

    Gu, A., Dao, T. (2023): Mamba: linear-time sequence modeling with selective state spaces.
    https://doi.org/10.48550/arXiv.2312.00752

    Args:
        width: Channels of the sequence.
        inner: Channels inside the layer.
        state: States of each inner channel.
        kernel: Steps that the causal convolution sees.
    """

    def __init__(self, width: int, inner: int, state: int, kernel: int) -> None:
        super().__init__()
        self.rank = math.ceil(width / 16)
        self.state = state
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.conv = nn.Conv1d(inner, inner, kernel, groups=inner)
        self.x_proj = nn.Linear(inner, self.rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(self.rank, inner)
        self.A_log = nn.Parameter(torch.arange(1.0, state + 1.0).log().repeat(inner, 1))
        self.D = nn.Parameter(torch.ones(inner))
        self._start_steps()

    def _start_steps(self) -> None:
        """Let the step sizes start between 0.001 and 0.1, evenly on a logarithmic scale, as Gu and Dao do."""
        nn.init.uniform_(self.dt_proj.weight, -(self.rank**-0.5), self.rank**-0.5)
        steps = torch.empty_like(self.dt_proj.bias).uniform_(math.log(1e-3), math.log(1e-1)).exp()
        with torch.no_grad():
            self.dt_proj.bias.copy_(steps + torch.log(-torch.expm1(-steps)))  # the inverse of softplus

    def forward(self, tokens: Tensor, rows: int) -> Tensor:
        """Map a sequence [B, L, width] to [B, L, inner]; `rows` is the height of the image that it runs through."""
        u, gate = self.in_proj(tokens).chunk(2, dim=-1)
        past = self.conv.kernel_size[0] - 1
        u = functional.silu(self.conv(functional.pad(u.transpose(1, 2), (past, 0)))).transpose(1, 2)
        dt, B, C = self.x_proj(u).split((self.rank, self.state, self.state), dim=-1)
        y = selective_scan(u, functional.softplus(self.dt_proj(dt)), -torch.exp(self.A_log), B, C, self.D, rows)
        return y * functional.silu(gate)


class Mamba(nn.Module):
    """A Mamba layer: [B, L, width] to [B, L, width]."""

    def __init__(self, width: int, inner: int, state: int, kernel: int) -> None:
        super().__init__()
        self.branch = SelectiveBranch(width, inner, state, kernel)
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, tokens: Tensor, rows: int) -> Tensor:
        """Run along the sequence."""
        return self.out_proj(self.branch(tokens, rows))


class SingleBlock(nn.Module):
    """Adds a sequence to its residual stream and runs a Mamba layer on the normalised sum."""

    def __init__(self, width: int, inner: int, state: int, kernel: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.mamba = Mamba(width, inner, state, kernel)

    def forward(self, tokens: Tensor, residual: Optional[Tensor], rows: int) -> tuple[Tensor, Tensor]:
        """Return the layer's output and the stream, each [B, L, width]."""
        residual = _sum(tokens, residual)
        return self.mamba(self.norm(residual), rows), residual


class SwapBlock(nn.Module):
    """As two single blocks, but MS and PAN exchange the first half of their normalised channels."""

    def __init__(self, width: int, inner: int, state: int, kernel: int) -> None:
        super().__init__()
        self.ms_norm, self.pan_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ms_mamba, self.pan_mamba = (Mamba(width, inner, state, kernel) for _ in range(2))

    def forward(
        self, ms: Tensor, pan: Tensor, ms_residual: Optional[Tensor], pan_residual: Optional[Tensor], rows: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return the outputs for MS and PAN, then their streams, each [B, L, width]."""
        ms_residual, pan_residual = _sum(ms, ms_residual), _sum(pan, pan_residual)
        ms, pan = self.ms_norm(ms_residual), self.pan_norm(pan_residual)
        half = ms.shape[-1] // 2
        from_pan = torch.cat((pan[..., :half], ms[..., half:]), dim=-1)
        from_ms = torch.cat((ms[..., :half], pan[..., half:]), dim=-1)
        return self.ms_mamba(from_pan, rows), self.pan_mamba(from_ms, rows), ms_residual, pan_residual


class CrossBlock(nn.Module):
    """Mixes PAN into the stream of MS: adds the gated branches of both, then their depthwise convolution."""

    def __init__(self, width: int, inner: int, state: int, kernel: int, norm_twice: bool) -> None:
        super().__init__()
        self.norms = 2 if norm_twice else 1
        self.ms_norm, self.pan_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ms_branch, self.pan_branch = (SelectiveBranch(width, inner, state, kernel) for _ in range(2))
        self.out_proj = nn.Linear(inner, width, bias=False)
        self.depthwise = nn.Conv2d(width, width, 3, padding=1, groups=width)

    def forward(self, ms: Tensor, pan: Tensor, residual: Optional[Tensor], rows: int) -> tuple[Tensor, Tensor]:
        """Return the output and the stream of MS, each [B, L, width]; `rows` is the image's height."""
        residual = _sum(ms, residual)
        ms = residual
        for _ in range(self.norms):
            ms, pan = self.ms_norm(ms), self.pan_norm(pan)
        mixed = _image(self.out_proj(self.ms_branch(ms, rows) + self.pan_branch(pan, rows)), rows)
        return _tokens(mixed + self.depthwise(mixed)), residual


class HalfInstanceNorm(nn.Module):
    """Residual block whose first half of features is normalised over the image.

    Chen, L., Lu, X., Zhang, J., Chu, X., Chen, C. (2021): HINet: half instance normalization network for image
    restoration. IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops, 182-192.
    https://doi.org/10.1109/CVPRW53098.2021.00027
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = same(width, width, 3)
        self.norm = nn.InstanceNorm2d(width // 2, affine=True)
        self.second = same(width, width, 3)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        normed, plain = functional.leaky_relu(self.first(features), 0.2).chunk(2, dim=1)
        return features + functional.leaky_relu(self.second(torch.cat((self.norm(normed), plain), dim=1)), 0.2)


class GatedBlock(nn.Module):
    """Adds two convolutions of the features, each feature times a gate that follows from all features' means."""

    def __init__(self, width: int, squeezed: int) -> None:
        super().__init__()
        self.first, self.second = same(width, width, 3), same(width, width, 3)
        self.squeeze, self.excite = same(width, squeezed, 1), same(squeezed, width, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, H, W] to the same shape."""
        y = self.second(torch.relu(self.first(features)))
        gate = self.excite(torch.relu(self.squeeze(y.mean((2, 3), keepdim=True))))
        return features + torch.sigmoid(gate) * y


class PanMamba(nn.Module):
    """The network of He et al.

    Args:
        bands: Number of MS bands.
        width: Features of each pixel; even.
        state: States of each inner channel of a Mamba layer.
        expand: Inner channels of a Mamba layer, in `width`.
        kernel: Steps that its causal convolution sees.
        single: Blocks that run on each image alone.
        swap: Blocks that exchange channels.
        cross: Blocks that mix PAN into MS.
        norm_twice: Normalise twice in the mixing blocks, as the published code does.
        drop_residuals: Go on with the last layer's output alone where a stage ends, as the published code does.

    Raises:
        InputError: A setting is out of range.
    """

    multiple = 1
    global_context = True

    def __init__(
        self,
        bands: int,
        width: int = 32,
        state: int = 16,
        expand: int = 2,
        kernel: int = 4,
        single: int = 8,
        swap: int = 2,
        cross: int = 5,
        norm_twice: bool = False,
        drop_residuals: bool = False,
    ) -> None:
        super().__init__()
        if width < 4 or width % 4:
            raise InputError(f"Pan-Mamba's width must be a multiple of 4, not {width}.")
        if single < 1 or swap < 0 or cross < 1:
            raise InputError(f"Pan-Mamba needs a single and a cross block or more, not {single} and {cross}.")
        layer = (width, expand * width, state, kernel)
        self.bands = bands
        self.drop_residuals = drop_residuals
        self.ms_encoder, self.pan_encoder = _encoder(bands, width), _encoder(1, width)
        self.ms_tokens, self.pan_tokens = same(width, width, 1), same(width, width, 1)
        self.ms_blocks = nn.ModuleList(SingleBlock(*layer) for _ in range(single))
        self.pan_blocks = nn.ModuleList(SingleBlock(*layer) for _ in range(single))
        self.swap_blocks = nn.ModuleList(SwapBlock(*layer) for _ in range(swap))
        self.ms_fusion, self.pan_fusion = same(2 * width, width, 3), same(2 * width, width, 3)
        self.cross_blocks = nn.ModuleList(CrossBlock(*layer, norm_twice) for _ in range(cross))
        self.head = nn.Sequential(same(width, width, 3), GatedBlock(width, width // 4), same(width, bands, 3))

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that reach it through convolutions on the map; scans see everything before."""
        encoder, fusion, head = 1 + 2 * 3, 2, 4
        return encoder + fusion + len(self.cross_blocks) + head

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
        rows = pan.shape[-2]
        ms, pan = self._encoded(ms, pan, rows)
        ms, pan = _image(ms, rows), _image(pan, rows)
        ms = ms + self.ms_fusion(torch.cat((ms, pan), dim=1))
        pan = pan + self.pan_fusion(torch.cat((pan, ms), dim=1))
        ms, pan = _tokens(self.ms_tokens(ms)), _tokens(self.pan_tokens(pan))
        residual = None
        for block in self.cross_blocks:
            ms, residual = block(ms, pan, residual, rows)
        return self.head(_image(self._ended(ms, residual), rows))

    def _encoded(self, ms: Tensor, pan: Tensor, rows: int) -> tuple[Tensor, Tensor]:
        """The sequences of MS and PAN after the blocks that run alone and those that exchange channels."""
        ms = _tokens(self.ms_tokens(self.ms_encoder(ms)))
        pan = _tokens(self.pan_tokens(self.pan_encoder(pan)))
        ms, ms_residual = _run(self.ms_blocks, ms, rows)
        pan, pan_residual = _run(self.pan_blocks, pan, rows)
        for block in self.swap_blocks:
            ms, pan, ms_residual, pan_residual = block(ms, pan, ms_residual, pan_residual, rows)
        return self._ended(ms, ms_residual), self._ended(pan, pan_residual)

    def _ended(self, tokens: Tensor, residual: Optional[Tensor]) -> Tensor:
        """What leaves a stage: the whole stream, or the last layer's output alone."""
        return tokens if self.drop_residuals else _sum(tokens, residual)


def _encoder(bands: int, width: int) -> nn.Sequential:
    """A 3x3 convolution and three residual blocks: [B, bands, H, W] to [B, width, H, W]."""
    return nn.Sequential(same(bands, width, 3), *(HalfInstanceNorm(width) for _ in range(3)))


def _run(blocks: Iterable[nn.Module], tokens: Tensor, rows: int) -> tuple[Tensor, Optional[Tensor]]:
    """Run single blocks one after the other; the output of the last and the stream."""
    residual = None
    for block in blocks:
        tokens, residual = block(tokens, residual, rows)
    return tokens, residual


def _sum(tokens: Tensor, residual: Optional[Tensor]) -> Tensor:
    return tokens if residual is None else tokens + residual


def _tokens(image: Tensor) -> Tensor:
    """[B, C, H, W] to a sequence of pixels, row by row [B, H W, C]."""
    return image.flatten(2).transpose(1, 2)


def _image(tokens: Tensor, rows: int) -> Tensor:
    """[B, H W, C] to [B, C, H, W]."""
    return tokens.transpose(1, 2).unflatten(2, (rows, -1))
