"""What networks for several images of one place share: how frames go in, how features become a fine image.

Frames lie on one coarse lattice, nested in the fine one (coarse pixel j covers fine pixels ratio j to
ratio j + ratio - 1), so each is up to half a coarse pixel off; frame 0 is the reference. A mask of 0 marks a pixel that
must not count.

By default a network adds detail to `base`, an estimate on the fine grid by other means. It sees the base as well, as
ratio^2 images of coarse size, beside every frame: in the place of the median image with which Deudon et al. (2020)
pair each frame, since it is finer and free of clouds. The last layer starts at zero, so an untrained network returns
the base.

The published wiring (`published=True`) is that of SatFusion's code for WorldStrat: no base, no masks, a fixed zoom by
pixel shuffle, an activation on the image itself, and a bilinear resize for what is left of the ratio. It is there for
weights trained with it, and for nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError

# Coarse pixels on each side that a bicubic enlargement sees.
_BICUBIC = 2


def conv(inputs: int, outputs: int, kernel: int = 3, edges: str = "replicate") -> nn.Conv2d:
    """Return a convolution that keeps the image's size; `edges` is how the image is continued (PyTorch's names)."""
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, padding_mode=edges)


def unit(inputs: int, outputs: int, edges: str = "replicate", dropout: float = 0.0) -> nn.Sequential:
    """Return a 3x3 convolution, a PReLU with one slope, and a dropout."""
    return nn.Sequential(conv(inputs, outputs, 3, edges), nn.PReLU(), nn.Dropout(dropout))


def double(inputs: int, outputs: int, edges: str = "replicate", dropout: float = 0.0) -> nn.Sequential:
    """Return two units, one after the other."""
    return nn.Sequential(*unit(inputs, outputs, edges, dropout), *unit(outputs, outputs, edges, dropout))


class ResidualBlock(nn.Module):
    """Adds two units to the features.

    Args:
        width: Features.
        edges: How the image is continued.
        dropout: Share of features dropped in training.
    """

    def __init__(self, width: int, edges: str = "replicate", dropout: float = 0.0) -> None:
        super().__init__()
        self.inner = double(width, width, edges, dropout)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, width, h, w] to the same shape."""
        return features + self.inner(features)


class FrameEncoder(nn.Module):
    """The same layers for every frame: a unit, residual blocks, a convolution.

    Args:
        inputs: Bands of a frame, with all that is shown beside it.
        width: Features.
        blocks: Residual blocks.
        edges: How the image is continued.
        dropout: Share of features dropped in training.
        active: Whether a PReLU and dropout follow the last convolution.
    """

    def __init__(
        self,
        inputs: int,
        width: int,
        blocks: int,
        edges: str = "replicate",
        dropout: float = 0.0,
        active: bool = False,
    ) -> None:
        super().__init__()
        self.first = unit(inputs, width, edges, dropout)
        self.blocks = nn.Sequential(*(ResidualBlock(width, edges, dropout) for _ in range(blocks)))
        self.last = unit(width, width, edges, dropout) if active else nn.Sequential(conv(width, width, 3, edges))

    def forward(self, frames: Tensor) -> Tensor:
        """Map [B, R, inputs, h, w] to [B, R, width, h, w]."""
        encoded = self.last(self.blocks(self.first(frames.flatten(0, 1))))
        return encoded.unflatten(0, (frames.shape[0], frames.shape[1]))


class Decoder(nn.Module):
    """Features of coarse size to the detail of the fine image: a pixel shuffle between two convolutions.

    Args:
        hidden: Features that come in.
        bands: Bands of the image.
        ratio: Fine pixels along a coarse one.
        fine: Features at fine size.
    """

    def __init__(self, hidden: int, bands: int, ratio: int, fine: int) -> None:
        super().__init__()
        self.ratio = ratio
        self.widen = conv(hidden, fine * ratio**2)
        self.activation = nn.PReLU()
        self.last = conv(fine, bands)
        start_at_zero(self.last)

    @property
    def reach(self) -> int:
        """Coarse pixels on each side that it sees: one, and one fine pixel more, which may lie in the next."""
        return 2

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, hidden, h, w] to [B, bands, ratio h, ratio w]."""
        return self.last(self.activation(functional.pixel_shuffle(self.widen(features), self.ratio)))


class PublishedDecoder(nn.Module):
    """SatFusion's: a pixel shuffle, two 1x1 convolutions with a PReLU after either, and a bilinear resize.

    Args:
        hidden: Features that come in, a multiple of zoom^2.
        bands: Bands of the image.
        zoom: Enlargement by the pixel shuffle.
    """

    def __init__(self, hidden: int, bands: int, zoom: int) -> None:
        super().__init__()
        if zoom < 1 or hidden % zoom**2:
            raise InputError(f"A pixel shuffle by {zoom} needs a multiple of {zoom**2} features, not {hidden}.")
        fine = hidden // zoom**2
        self.zoom = zoom
        self.first, self.first_activation = conv(fine, fine, 1), nn.PReLU()
        self.last, self.last_activation = conv(fine, bands, 1), nn.PReLU()

    @property
    def reach(self) -> int:
        """Coarse pixels on each side that the resize sees."""
        return 1

    def forward(self, features: Tensor, size: Sequence[int]) -> Tensor:
        """Map [B, hidden, h, w] to [B, bands, *size]."""
        fine = self.first_activation(self.first(functional.pixel_shuffle(features, self.zoom)))
        image = self.last_activation(self.last(fine))
        return functional.interpolate(image, size=list(size), mode="bilinear", align_corners=False)


def start_at_zero(*layers: nn.Conv2d) -> None:
    """Let convolutions give zero until they have learnt something."""
    for layer in layers:
        nn.init.zeros_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def masked_mean(frames: Tensor, masks: Tensor) -> Tensor:
    """Mean over the frames [B, R, C, h, w] where the masks [B, R, 1, h, w] are 1; 0 where all are 0: [B, C, h, w]."""
    counted = torch.where(masks > 0.5, frames, torch.zeros_like(frames)).sum(1)
    return counted / (masks > 0.5).to(frames.dtype).sum(1).clamp(min=1.0)


def padded(frames: Tensor, count: int) -> Tensor:
    """Append zeros to [B, R, ...] up to so many frames."""
    missing = count - frames.shape[1]
    if missing <= 0:
        return frames
    shape = (frames.shape[0], missing, *frames.shape[2:])
    return torch.cat((frames, frames.new_zeros(shape)), dim=1)


class MultiFrame(nn.Module):
    """A network that makes a fine image from coarse frames. A method gives `features` and `coarse_reach`.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        hidden: Features that the decoder gets.
        fine: Features at fine size.
        frames: Most frames; None for any number.
        published: Use SatFusion's wiring (see the head of this file), for its published weights alone.
        zoom: Enlargement by the published wiring's pixel shuffle.
        output_size: Rows and columns of the published wiring's output; by default ratio times the frames'.

    Attributes:
        fewest_frames: Fewest frames that it gives a sensible answer for.
        any_frames: Whether one graph holds for every number of frames.
        frozen_frames: Whether the weights are for `frames` frames exactly; masked ones stand for missing ones.

    Raises:
        InputError: A setting is out of range.
    """

    global_context = False
    any_frames = False
    frozen_frames = False

    def __init__(
        self,
        bands: int,
        ratio: int,
        hidden: int,
        fine: int,
        frames: Optional[int],
        published: bool,
        zoom: int,
        output_size: Optional[Sequence[int]],
    ) -> None:
        super().__init__()
        if min(bands, ratio, hidden, fine) < 1 or (frames is not None and frames < 1):
            raise InputError("A network for revisits needs a band, a feature, a frame, and a ratio of 1 or more.")
        self.bands = bands
        self.ratio = ratio
        self.frames = frames
        self.published = published
        self.output_size = None if output_size is None else tuple(output_size)
        self.decoder = PublishedDecoder(hidden, bands, zoom) if published else Decoder(hidden, bands, ratio, fine)

    @property
    def multiple(self) -> int:
        """Sides of a window on the fine grid are a multiple of this."""
        return self.ratio

    @property
    def fewest_frames(self) -> int:
        """One, for masks tell what is missing; the number it was made for in the published wiring, which has none."""
        return self.frames if self.published and self.frames is not None else 1

    @property
    def frame_inputs(self) -> int:
        """Channels of a frame with what is shown beside it: the base at coarse size, and the mask."""
        return self.bands if self.published else self.bands * (1 + self.ratio**2) + 1

    @property
    def coarse_reach(self) -> int:
        """Coarse pixels on each side that a feature depends on."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    @property
    def halo(self) -> int:
        """Fine pixels around an output pixel that it depends on, with a base of the network's own too."""
        own_base = 1 if self.published else _BICUBIC
        return self.ratio * (self.coarse_reach + self.decoder.reach + own_base) + self.ratio - 1

    def features(self, frames: Tensor, masks: Optional[Tensor], pan: Optional[Tensor]) -> Tensor:
        """Fuse.

        Args:
            frames: Frames with what is shown beside them [B, R, frame_inputs, h, w].
            masks: [B, R, 1, h, w]; None in the published wiring.
            pan: PAN at fine size [B, 1, H, W], for a network that is guided by it.

        Returns:
            [B, hidden, h, w].
        """
        raise RuntimeError(f"{type(self).__name__} fuses nothing.")

    def forward(self, revisits: Tensor, masks: Optional[Tensor] = None, base: Optional[Tensor] = None) -> Tensor:
        """Estimate the fine image.

        Args:
            revisits: Frames [B, R, bands, h, w], the reference first.
            masks: 1 where a pixel counts [B, R, 1, h, w]; None: everywhere.
            base: Estimate by other means [B, bands, ratio h, ratio w]; None: the enlarged mean of the frames.

        Returns:
            [B, bands, ratio h, ratio w].
        """
        return self.estimate(revisits, masks, base, None)

    def estimate(
        self, revisits: Tensor, masks: Optional[Tensor], base: Optional[Tensor], pan: Optional[Tensor]
    ) -> Tensor:
        """As `forward`, with PAN [B, 1, H, W] for a network that is guided by it."""
        most = revisits.shape[1] if self.frames is None else self.frames
        if not self.fewest_frames <= revisits.shape[1] <= most:
            number = f"{self.fewest_frames} to {most}" if self.fewest_frames < most else str(most)
            raise InputError(f"{type(self).__name__} takes {number} revisits, not {revisits.shape[1]}.")
        if self.published:
            return self.decoder(self.published_features(revisits, masks, pan), self._published_size(revisits, pan))
        if masks is None:
            masks = torch.ones_like(revisits[:, :, :1])
        if self.frozen_frames:
            revisits, masks = padded(revisits, most), padded(masks, most)
        if base is None:
            mean = masked_mean(revisits, masks)
            base = functional.interpolate(mean, scale_factor=self.ratio, mode="bicubic", align_corners=False)
        return base + self.decoder(self.features(self._shown(revisits, masks, base), masks, pan))

    def published_features(self, revisits: Tensor, masks: Optional[Tensor], pan: Optional[Tensor]) -> Tensor:
        """What the published wiring's decoder gets: [B, hidden, h, w].

        The published code has no masks; where they are given, masked pixels take the mean of the others.
        """
        if masks is not None:
            revisits = torch.where(masks > 0.5, revisits, masked_mean(revisits, masks)[:, None])
        return self.features(revisits, None, pan)

    def _shown(self, revisits: Tensor, masks: Tensor, base: Tensor) -> Tensor:
        """Frames with the base at coarse size and their masks beside them; masked pixels are filled from the base."""
        coarse = functional.avg_pool2d(base, self.ratio)
        frames = torch.where(masks > 0.5, revisits, coarse[:, None])
        beside = functional.pixel_unshuffle(base, self.ratio)[:, None].expand(-1, revisits.shape[1], -1, -1, -1)
        return torch.cat((frames, beside, (masks > 0.5).to(frames.dtype)), dim=2)

    def _published_size(self, revisits: Tensor, pan: Optional[Tensor]) -> Sequence[int]:
        if self.output_size is not None:
            return self.output_size
        if pan is not None:
            return pan.shape[-2:]
        return (self.ratio * revisits.shape[-2], self.ratio * revisits.shape[-1])
