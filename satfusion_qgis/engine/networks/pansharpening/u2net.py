"""U2Net: two U-shaped branches, one for PAN's space and one for MS's spectra, joined by attention at each level.

Source: S. Peng, C. Guo, X. Wu, L.-J. Deng, "U2Net: A General Framework with Spatial-Spectral-Integrated Double U-Net
for Image Fusion", ACM Multimedia 2023, DOI 10.1145/3581783.3612084; sizes as in the SatFusion code.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 (the name torch users know)
from torch import Tensor, nn

from ....tasks.errors import InputError
from ..edges import crop, lengthen, lengthen_sides

QUERIES_AT_ONCE = 256
"""Pixels that an exported graph compares with all others at a time: per head, 67 MB for an image of 256 x 256."""

# Reach in fine pixels: input 1, level 0 residual block 2, then at half size the depthwise convolution and the residual
# block (1 + 2, doubled), at quarter size the depthwise convolution and the residual block (1 + 2, times 4), on the way
# up a convolution and a residual block at half size (1 + 2, doubled), a convolution at full size 1, output 2; and up
# to 3 pixels because strided convolutions tie pixels of a 4 x 4 block together.
HALO = 1 + 2 + 2 * 3 + 4 * 3 + 2 * 3 + 1 + 2 + 3


class U2Net(nn.Module):
    """The double U-shape with spatial-spectral attention, for any number of bands.

    The attention compares every pixel with every other one, so memory is linear in the number of pixels, thanks to
    torch's fused attention, and time is quadratic.

    Args:
        bands: Number of MS bands.
        dim: Feature channels of the finest level; the next levels have twice and four times as many.
        dim_head: Channels of one attention head.
        se_ratio_mlp: Hidden channels of the perceptron behind the attention, relative to the level's.
        se_ratio_rb: Hidden channels of the residual blocks, relative to the level's.

    Attributes:
        halo: Pixels around an output pixel that the convolutions see; the attention sees the whole image.
        multiple: Sides that are a multiple of this are not padded.
        global_context: Every output pixel depends on the whole image.

    Raises:
        InputError: `dim` is no multiple of `dim_head`.
    """

    halo = HALO
    multiple = 4
    global_context = True

    def __init__(
        self, bands: int, dim: int = 32, dim_head: int = 16, se_ratio_mlp: float = 0.5, se_ratio_rb: float = 0.5
    ) -> None:
        super().__init__()
        if dim < 1 or dim_head < 1 or dim % dim_head:
            raise InputError(f"U2Net's dim must be a multiple of its dim_head, not {dim} with {dim_head}.")
        self.bands = bands
        levels = (dim, 2 * dim, 4 * dim, 2 * dim, dim)
        self.ms_head = nn.Conv2d(bands, dim, 3, padding=1)
        self.pan_head = nn.Conv2d(1, dim, 3, padding=1)
        self.attention = nn.ModuleList(SpatialSpectralBlock(width, dim_head, se_ratio_mlp) for width in levels)
        self.residual = nn.ModuleList(ResidualBlock(width, se_ratio_rb) for width in levels[:4])
        self.down = nn.ModuleList((Down(dim), Down(2 * dim)))
        self.up = nn.ModuleList((Up(2 * dim), Up(dim)))
        self.tail = nn.Sequential(
            nn.Conv2d(dim, dim, 3, padding=1), nn.LeakyReLU(), nn.Conv2d(dim, bands, 3, padding=1)
        )

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
        """What is added to MS, [B, bands, H, W]; arguments as `forward`. Edges are repeated up to a multiple of 4."""
        height, width = ms.shape[-2:]
        spectral = F.leaky_relu(self.ms_head(lengthen_sides(ms, 4)))
        spatial = F.leaky_relu(self.pan_head(lengthen_sides(pan, 4)))
        skips = []
        for level in range(2):
            spectral = self.attention[level](spectral, spatial)
            spatial = self.residual[level](spatial)
            skips.append((spectral, spatial))
            spectral, spatial = self.down[level](spectral), self.down[level](spatial)
        for level in range(2, 4):
            spectral_skip, spatial_skip = skips.pop()
            spectral = self.up[level - 2](self.attention[level](spectral, spatial), spectral_skip)
            spatial = self.up[level - 2](self.residual[level](spatial), spatial_skip)
        return crop(self.tail(self.attention[4](spectral, spatial)), height, width)


class SpatialSpectralBlock(nn.Module):
    """Spatial attention from PAN's branch times spectral attention from MS's, then a perceptron, each with a skip.

    Args:
        width: Channels.
        dim_head: Channels of one head.
        ratio: Hidden channels of the perceptron, relative to `width`.
    """

    def __init__(self, width: int, dim_head: int, ratio: float) -> None:
        super().__init__()
        self.dim_head = dim_head
        self.norm = nn.LayerNorm(width)
        self.spatial_query = nn.Linear(width, width, bias=False)
        self.spatial_key = nn.Linear(width, width, bias=False)
        self.spectral_query = nn.Linear(width, width, bias=False)
        self.spectral_key = nn.Linear(width, width, bias=False)
        self.merge = nn.Linear(width, width)
        hidden = int(width * ratio)
        self.perceptron = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, hidden), nn.LeakyReLU(), nn.Linear(hidden, width)
        )

    def forward(self, spectral: Tensor, spatial: Tensor) -> Tensor:
        """Give the spectral branch's features [B, width, H, W] after attention; both arguments have that shape."""
        height, width = spectral.shape[-2:]
        x = spectral.flatten(2).transpose(1, 2)
        x = x + self._attend(self.norm(x), self.norm(spatial.flatten(2).transpose(1, 2)))
        x = x + self.perceptron(x)
        return x.transpose(1, 2).unflatten(2, (height, width))

    def _attend(self, x: Tensor, y: Tensor) -> Tensor:
        """The product of both attentions, [B, pixels, width]; x from the spectral and y from the spatial branch."""
        a1, a2 = self._heads(self.spatial_query(y)), self._heads(self.spatial_key(y))
        e1, e2 = self._heads(self.spectral_query(x)), self._heads(self.spectral_key(x))
        among_pixels = attention(a1, a2, e1, self.dim_head**-0.5)
        # Divided by the number of pixels, or the sums over all of them would grow with the image. Either factor takes
        # the root, for half precision can hold neither the whole sum nor one factor divided by all pixels.
        root = (self.dim_head**0.5 / x.shape[1]) ** 0.5
        similarity = (e1 * root).transpose(-1, -2) @ (e2 * root)
        among_channels = a1 @ similarity.softmax(-1)
        return self.merge((among_pixels * among_channels).transpose(1, 2).flatten(2))

    def _heads(self, tokens: Tensor) -> Tensor:
        """Split [B, pixels, width] into [B, heads, pixels, dim_head]."""
        return tokens.unflatten(2, (-1, self.dim_head)).transpose(1, 2)


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions with fewer channels between them, plus the input.

    Args:
        width: Channels.
        ratio: Channels between the convolutions, relative to `width`.
    """

    def __init__(self, width: int, ratio: float) -> None:
        super().__init__()
        hidden = int(width * ratio)
        self.reduce = nn.Conv2d(width, hidden, 3, padding=1)
        self.expand = nn.Conv2d(hidden, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, width, H, W] to the same."""
        return x + self.expand(F.leaky_relu(self.reduce(x)))


class Down(nn.Module):
    """Half the size, twice the channels.

    Args:
        width: Channels of the input.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.halve = nn.Conv2d(width, width, 2, stride=2)
        self.widen = nn.Conv2d(width, 2 * width, 1)
        self.depthwise = nn.Conv2d(2 * width, 2 * width, 3, padding=1, groups=2 * width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, width, H, W] to [B, 2 width, H / 2, W / 2]."""
        return F.leaky_relu(self.depthwise(self.widen(F.leaky_relu(self.halve(x)))))


class Up(nn.Module):
    """Twice the size, half the channels, plus the same level's features on the way down.

    Args:
        width: Channels of the output.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """[B, 2 width, H / 2, W / 2] and the skip [B, width, H, W] to [B, width, H, W]."""
        return F.leaky_relu(self.conv(F.leaky_relu(self.enlarge(x)) + skip))


def attention(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """Give softmax(query key^T scale) value without ever holding the pixels x pixels map.

    Args:
        query: [B, heads, pixels, d].
        key: As `query`.
        value: As `query`.
        scale: Factor before the softmax.

    Returns:
        [B, heads, pixels, d].
    """
    if torch.compiler.is_exporting():
        return _attention_by_parts(query, key, value, scale)
    return F.scaled_dot_product_attention(query, key, value, scale=scale)


def _attention_by_parts(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """As `attention`, as a loop over some queries at a time: an exported graph would hold the whole map otherwise."""
    from torch._higher_order_ops.scan import scan

    batch, heads, pixels = query.shape[:3]
    queries = lengthen(query.flatten(0, 1), 1, QUERIES_AT_ONCE).unflatten(1, (-1, QUERIES_AT_ONCE)).transpose(0, 1)
    keys, values = key.flatten(0, 1).transpose(1, 2) * scale, value.flatten(0, 1)

    def step(carry: Tensor, some: Tensor) -> tuple[Tensor, Tensor]:
        return carry.clone(), torch.bmm(torch.bmm(some, keys).softmax(-1), values)

    _, parts = scan(step, query.new_zeros(1), queries)
    return parts.transpose(0, 1).flatten(1, 2)[:, :pixels].unflatten(0, (batch, heads))
