"""SatFusion: several coarse frames become one fine image, PAN sharpens it, and a small network corrects its colours.

Tong, Y., Cheng, G., Wu, P., Chen, F., Zhao, X., Deng, S. (2025): SatFusion: a unified framework for enhancing remote
sensing images via multi-frame and multi-source images fusion. https://doi.org/10.48550/arXiv.2510.07905. The first
stage gives M, the second S = detail(M, PAN), and the output is F + c(F) with F = M + S and c two 1x1 convolutions. In
SatFusion* PAN guides the first stage too.

By default M is the base plus detail, and the last layers of S and c start at zero, so an untrained network returns the
base.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from typing import Any, Optional

from torch import Tensor, nn

from ....tasks.errors import InputError
from ..super_resolution.frames import MultiFrame, start_at_zero

ENCODERS = {
    "srcnn": "SRCNN",
    "highresnet": "HighResNet",
    "rams": "RAMS",
    "trmisr": "TRMISR",
}
"""First stages: the module of each below `networks.super_resolution`, and its class."""

SHARPENERS = {
    "pnn": ("PNN", ("layers.2",)),
    "pannet": ("PanNet", ("last",)),
    "innformer": ("INNformer", ("refine.2",)),
    "panmamba": ("PanMamba", ("head.2",)),
    "u2net": ("U2Net", ("tail.2",)),
    "arconv": ("ARConv", ("tail",)),
    "dicnn": ("DiCNN", ("layers.-1",)),
    "drpnn": ("DRPNN", ("last",)),
    "fusionnet": ("FusionNet", ("last",)),
    "msdcnn": ("MSDCNN", ("deep_last", "shallow_last")),
}
"""Second stages: the module of each below `networks.pansharpening`, its class, the layers that its detail ends in."""

NO_SHARPENER = "none"


class ColourCorrection(nn.Module):
    """Adds to an image what two 1x1 convolutions make of it.

    Args:
        bands: Bands of the image.
        width: Features between the convolutions.
    """

    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(bands, width, 1), nn.ReLU(), nn.Conv2d(width, bands, 1))

    def forward(self, image: Tensor) -> Tensor:
        """Map [B, bands, H, W] to the same shape."""
        return image + self.inner(image)


class SatFusion(nn.Module):
    """A multi-frame network, a pansharpening network and the colour correction.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        encoder: First stage: "srcnn", "highresnet", "rams" or "trmisr".
        sharpener: Second stage, by the id of its method ("pannet"), or "none" for the first stage alone.
        encoder_settings: Keyword arguments of the first stage, but for what is here.
        sharpener_settings: Keyword arguments of the second stage, but for its bands.
        colour_width: Features inside the colour correction.
        pan_guided: Whether PAN guides the first stage, as in SatFusion*; "trmisr" alone can be guided.
        published: SatFusion's wiring of the first stage, for published weights alone; see `super_resolution.frames`.
            M then has PAN's size, whatever the ratio.

    Raises:
        InputError: There is no such stage, or it does not take its settings.
    """

    def __init__(
        self,
        bands: int,
        ratio: int = 4,
        encoder: str = "highresnet",
        sharpener: str = "pannet",
        encoder_settings: Optional[Mapping[str, Any]] = None,
        sharpener_settings: Optional[Mapping[str, Any]] = None,
        colour_width: int = 64,
        pan_guided: bool = False,
        published: bool = False,
    ) -> None:
        super().__init__()
        self.bands = bands
        self.ratio = ratio
        self.published = published
        self.encoder = _encoder(encoder, bands, ratio, {**(encoder_settings or {}), "published": published}, pan_guided)
        self.sharpener: Optional[nn.Module] = None
        if sharpener == NO_SHARPENER:
            if not pan_guided:
                raise InputError("SatFusion needs a sharpener unless PAN guides its first stage.")
            return
        self.sharpener = _sharpener(sharpener, bands, ratio, sharpener_settings or {})
        self.colours = ColourCorrection(bands, colour_width)
        if not published:
            start_at_zero(*(_layer(self.sharpener, name) for name in SHARPENERS[sharpener][1]))
            start_at_zero(_layer(self.colours, "inner.2"))
        if hasattr(self.sharpener, "NOT_EXPORTABLE"):
            self.NOT_EXPORTABLE = self.sharpener.NOT_EXPORTABLE

    @property
    def frames(self) -> Optional[int]:
        """Most frames; None for any number."""
        return self.encoder.frames

    @property
    def fewest_frames(self) -> int:
        """Fewest frames that it gives a sensible answer for."""
        return self.encoder.fewest_frames

    @property
    def any_frames(self) -> bool:
        """Whether one graph holds for every number of frames."""
        return self.encoder.any_frames

    @property
    def halo(self) -> int:
        """Fine pixels around an output pixel that it depends on."""
        return self.encoder.halo + (0 if self.sharpener is None else int(self.sharpener.halo))

    @property
    def multiple(self) -> int:
        """Sides of a window on the fine grid are a multiple of this."""
        return self.ratio if self.sharpener is None else math.lcm(self.ratio, int(self.sharpener.multiple))

    @property
    def global_context(self) -> bool:
        """Whether an output pixel depends on the whole window."""
        return self.encoder.global_context or bool(self.sharpener is not None and self.sharpener.global_context)

    def forward(self, revisits: Tensor, masks: Optional[Tensor], pan: Tensor, base: Optional[Tensor] = None) -> Tensor:
        """Estimate the fine image.

        Args:
            revisits: Frames [B, R, bands, h, w], the reference first.
            masks: 1 where a pixel counts [B, R, 1, h, w]; None: everywhere.
            pan: PAN [B, 1, ratio h, ratio w].
            base: Estimate by other means [B, bands, ratio h, ratio w]; None: the enlarged mean of the frames.

        Returns:
            [B, bands, ratio h, ratio w].
        """
        return self.stages(revisits, masks, pan, base)[0]

    def stages(
        self, revisits: Tensor, masks: Optional[Tensor], pan: Tensor, base: Optional[Tensor] = None
    ) -> tuple[Tensor, Tensor, Optional[Tensor]]:
        """Return the output, M and S, each [B, bands, H, W]; S is None without a sharpener. Arguments as `forward`."""
        image = self.encoder.estimate(revisits, masks, base, pan)
        if self.sharpener is None:
            return image, image, None
        detail = self.sharpener.detail(image, pan)
        return self.colours(image + detail), image, detail


class SatFusionStar(SatFusion):
    """SatFusion with PAN as a guide of the first stage, which is a TR-MISR.

    Args:
        bands: Bands of a frame and of the output.
        ratio: Fine pixels along a coarse one.
        sharpener: As for `SatFusion`.
        encoder_settings: As for `SatFusion`.
        sharpener_settings: As for `SatFusion`.
        colour_width: As for `SatFusion`.
        published: As for `SatFusion`.
    """

    def __init__(
        self,
        bands: int,
        ratio: int = 4,
        sharpener: str = "pannet",
        encoder_settings: Optional[Mapping[str, Any]] = None,
        sharpener_settings: Optional[Mapping[str, Any]] = None,
        colour_width: int = 64,
        published: bool = False,
    ) -> None:
        super().__init__(
            bands,
            ratio,
            "trmisr",
            sharpener,
            encoder_settings,
            sharpener_settings,
            colour_width,
            pan_guided=True,
            published=published,
        )


def _encoder(name: str, bands: int, ratio: int, settings: Mapping[str, Any], pan_guided: bool) -> MultiFrame:
    if name not in ENCODERS:
        raise InputError(f"SatFusion's encoder must be one of {', '.join(ENCODERS)}, not {name!r}.")
    if pan_guided and name != "trmisr":
        raise InputError(f"PAN can guide the encoder trmisr alone, not {name}.")
    guided = {"pan_guided": True} if pan_guided else {}
    made: MultiFrame = _made("super_resolution", name, ENCODERS[name], bands, {"ratio": ratio, **settings, **guided})
    return made


def _sharpener(name: str, bands: int, ratio: int, settings: Mapping[str, Any]) -> nn.Module:
    if name not in SHARPENERS:
        raise InputError(
            f"SatFusion's sharpener must be one of {', '.join((*SHARPENERS, NO_SHARPENER))}, not {name!r}."
        )
    if name == "pannet":
        settings = {"ratio": ratio, **settings}
    made: nn.Module = _made("pansharpening", name, SHARPENERS[name][0], bands, settings)
    return made


def _made(folder: str, module: str, name: str, bands: int, settings: Mapping[str, Any]) -> Any:
    """Return a network of another module, imported on demand.

    Raises:
        InputError: It does not take the settings.
    """
    made = getattr(importlib.import_module(f"{__package__.rpartition('.')[0]}.{folder}.{module}"), name)
    try:
        return made(bands, **settings)
    except TypeError as error:
        raise InputError(f"{name} does not take the settings {dict(settings)}: {error}.") from None


def _layer(network: nn.Module, name: str) -> nn.Conv2d:
    """Return the convolution that stands under a dotted name; a negative number counts from the end of a list."""
    layer: Any = network
    for part in name.split("."):
        layer = layer[int(part)] if part.lstrip("-").isdigit() else getattr(layer, part)
    if not isinstance(layer, nn.Conv2d):
        raise TypeError(f"{name} is no convolution.")
    return layer
