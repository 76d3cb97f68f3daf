"""DRPNN's official implementation in SatFusion's code for WV3, QB and GF2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.pansharpening.drpnn import DRPNN
from .family import Family
from .official import call_enlarging, renaming, setting, weight_shape

_LAYERS = {
    "conv1": "first",
    "conv2": "residual",
    "conv3": "last",
    **{f"backbone.{number}.conv2": f"blocks.{number}" for number in range(8)},
}


def _build(config: Mapping[str, Any]) -> DRPNN:
    return DRPNN(setting(config, "spectral_num"), width=config.get("channel", 32))


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    return {"bands": weight_shape(state, "conv3")[0], "width": weight_shape(state, "conv1")[0]}


FAMILIES = {
    "dlpan.drpnn": Family(
        method="drpnn", build=_build, translate=renaming(_LAYERS), call=call_enlarging, configuration=_configuration
    )
}
