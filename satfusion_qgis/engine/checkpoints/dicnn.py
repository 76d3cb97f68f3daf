"""DiCNN's official implementation in SatFusion's code for WV3, QB and GF2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.pansharpening.dicnn import DiCNN
from .family import Family
from .official import call_enlarging, renaming, setting, weight_shape

_LAYERS = {f"conv{number + 1}": f"layers.{number}" for number in range(3)}


def _build(config: Mapping[str, Any]) -> DiCNN:
    return DiCNN(setting(config, "spectral_num"), width=config.get("channel", 64))


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    return {"bands": weight_shape(state, "conv3")[0], "width": weight_shape(state, "conv1")[0]}


FAMILIES = {
    "dlpan.dicnn": Family(
        method="dicnn", build=_build, translate=renaming(_LAYERS), call=call_enlarging, configuration=_configuration
    )
}
