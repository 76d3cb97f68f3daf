"""MSDCNN's official implementation in SatFusion's code for WV3, QB and GF2, which ends in a ReLU."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.pansharpening.msdcnn import MSDCNN
from .family import Family
from .official import call_enlarging, renaming, setting, weight_shape

_LAYERS = {
    "conv1": "deep_first",
    **{f"conv2_{scale + 1}": f"deep_wide.scales.{scale}" for scale in range(3)},
    "conv3": "deep_middle",
    **{f"conv4_{scale + 1}": f"deep_narrow.scales.{scale}" for scale in range(3)},
    "conv5": "deep_last",
    "shallow1": "shallow_first",
    "shallow2": "shallow_middle",
    "shallow3": "shallow_last",
}


def _build(config: Mapping[str, Any]) -> MSDCNN:
    return MSDCNN(setting(config, "spectral_num"), shallow_width=config.get("channel", 64), final_relu=True)


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    return {
        "bands": weight_shape(state, "conv5")[0],
        "deep_width": weight_shape(state, "conv1")[0],
        "shallow_width": weight_shape(state, "shallow1")[0],
        "final_relu": True,
    }


FAMILIES = {
    "dlpan.msdcnn": Family(
        method="msdcnn", build=_build, translate=renaming(_LAYERS), call=call_enlarging, configuration=_configuration
    )
}
