"""MUSTFN's official implementation, for 6 fine and 7 coarse bands and images of 256 x 256."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ..networks.spatiotemporal.mustfn import MUSTFN
from .family import Family
from .official import renamed, setting, weight_shape

_FEATURES = "feature_net"
_UNITS = {
    f"{_FEATURES}.deep_conv1": "fine.0",
    f"{_FEATURES}.deep_conv1_2": "fine.1",
    f"{_FEATURES}.deep_conv1_3": "coarse",
    f"{_FEATURES}.deep_conv2": "halve.0",
    f"{_FEATURES}.deep_conv3": "halve.1",
    **{f"{_FEATURES}.conv_feature{i + 1}.{j}": f"bottles.{i}.{j}" for i in range(3) for j in range(3)},
    **{f"pool.conv{i + 2}": f"pools.{i}" for i in range(3)},
    "pool.conv1": "pooled",
    **{f"dilate.d{i + 2}": f"dilated.{i}" for i in range(3)},
    "dilate.conv1": "context",
    "conv1": "head.0",
    "conv2": "head.1",
}
_LAYERS = {
    **{
        f"{official}.{theirs}": f"{ours}.{mine}"
        for official, ours in _UNITS.items()
        for theirs, mine in {"conv": "0", "bn": "1"}.items()
    },
    "attention2.conv1": "attention.first",
    "attention2.conv1_2": "attention.second",
    "attention2.conv2": "attention.last",
    "conv3": "head.2",
}
# Built by the official code and never called.
_UNUSED = (f"{_FEATURES}.deep_conv1_4.conv", f"{_FEATURES}.deep_conv1_4.bn")


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    return {
        "bands": weight_shape(state, "conv3")[0],
        "coarse_bands": weight_shape(state, f"{_FEATURES}.deep_conv1_3.conv")[0] // 3,
        "width": weight_shape(state, f"{_FEATURES}.conv_feature1.0.conv")[1],
        "attention": weight_shape(state, "attention2.conv1")[0],
        "head": [weight_shape(state, f"{name}.conv")[0] for name in ("conv1", "conv2")],
        "corners_aligned": True,
    }


def _build(config: Mapping[str, Any]) -> MUSTFN:
    fine, coarse = setting(config, "band_num"), setting(config, "modis_bands")
    return MUSTFN(setting(config, "output_bands"), coarse // 3, width=fine + coarse, corners_aligned=True)


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The official code takes the fine images of two dates as one, and the coarse images of three."""
    fine_1, fine_2 = inputs["landsat"].chunk(2, 1)
    coarse_1, coarse_target, coarse_2 = inputs["modis"].chunk(3, 1)
    return {"prediction": network(fine_1, coarse_1, coarse_target, fine_2, coarse_2)}


FAMILIES = {
    "mustfn.author": Family(
        method="mustfn",
        build=_build,
        translate=lambda state: renamed(state, _LAYERS, _UNUSED),
        call=_call,
        configuration=_configuration,
    )
}
