"""FusionNet's official implementation in SatFusion's code for WV3, QB and GF2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.pansharpening.fusionnet import FusionNet
from .family import Family
from .official import call_enlarging, renaming, setting, weight_shape

_PARTS = {"conv20": "first", "conv21": "second"}
_LAYERS = {
    "conv1": "first",
    "conv3": "last",
    **{f"res{block + 1}.{part}": f"blocks.{block}.{ours}" for block in range(4) for part, ours in _PARTS.items()},
}
# The official code registers its residual blocks a second time.
_SECOND_NAMES = tuple(f"backbone.{block}.{part}" for block in range(4) for part in _PARTS)


def _build(config: Mapping[str, Any]) -> FusionNet:
    return FusionNet(setting(config, "spectral_num"), width=config.get("channel", 32))


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    width, bands, _, _ = weight_shape(state, "conv1")
    return {"bands": bands, "width": width}


FAMILIES = {
    "dlpan.fusionnet": Family(
        method="fusionnet",
        build=_build,
        translate=renaming(_LAYERS, unused=_SECOND_NAMES),
        call=call_enlarging,
        configuration=_configuration,
    )
}
