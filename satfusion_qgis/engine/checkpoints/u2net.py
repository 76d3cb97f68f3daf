"""U2Net's official implementations: SatFusion's code for WorldStrat, and its code for WV3, QB and GF2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ...tasks.errors import InputError
from ..networks.pansharpening.u2net import U2Net
from .family import Family
from .official import call_enlarging, call_on_pan_grid, renaming, setting, weight_shape

_SIZES = ("dim", "dim_head", "se_ratio_mlp", "se_ratio_rb")

_LAYERS = {
    "raise_ms_dim.0": "ms_head",
    "raise_pan_dim.0": "pan_head",
    "to_hrms.0": "tail.0",
    "to_hrms.2": "tail.2",
    **{
        f"s2block{level}.layers.0.{official}": f"attention.{level}.{ours}"
        for level in range(5)
        for official, ours in {
            "0.fn.norm": "norm",
            "0.fn.fn.sa1": "spatial_query",
            "0.fn.fn.sa2": "spatial_key",
            "0.fn.fn.se1": "spectral_query",
            "0.fn.fn.se2": "spectral_key",
            "0.fn.fn.to_out.0": "merge",
            "1.fn.norm": "perceptron.0",
            "1.fn.fn.net.0": "perceptron.1",
            "1.fn.fn.net.3": "perceptron.3",
        }.items()
    },
    **{
        f"resblock{level}.{official}": f"residual.{level}.{ours}"
        for level in range(4)
        for official, ours in {"conv0": "reduce", "conv1": "expand"}.items()
    },
    **{
        official: ours
        for level in range(2)
        for official, ours in {
            f"down{level}.conv.0": f"down.{level}.halve",
            f"down{level}.conv.2": f"down.{level}.widen",
            f"down{level}.conv.3": f"down.{level}.depthwise",
            f"up{level}.up1.0": f"up.{level}.enlarge",
            f"up{level}.conv": f"up.{level}.conv",
        }.items()
    },
}

# Built by the official code and never called: an enlarger of MS, a way down by maxima, a second way up.
_UNUSED = (
    "upsample.upsamle.0",
    *(f"down{level}.maxpool_conv.{layer}" for level in range(2) for layer in (1, 2)),
    *(f"up{level}.up0.{layer}" for level in range(2) for layer in (0, 2, 3)),
)


def _build(config: Mapping[str, Any], bands: str) -> U2Net:
    return U2Net(setting(config, bands), **{name: config[name] for name in _SIZES if name in config})


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    dim, bands = weight_shape(state, "raise_ms_dim.0")[:2]
    key = "s2block0.layers.0.1.fn.fn.net.0.weight"
    if key not in state:
        raise InputError(f"The checkpoint has no tensor {key!r}; it is of another network.")
    # The width of a head leaves no trace in any shape; every published checkpoint has the default.
    return {
        "bands": bands,
        "dim": dim,
        "se_ratio_mlp": state[key].shape[0] / dim,
        "se_ratio_rb": weight_shape(state, "resblock0.conv0")[0] / dim,
    }


FAMILIES = {
    "satfusion.u2net": Family(
        method="u2net",
        build=lambda config: _build(config, "ms_dim"),
        translate=renaming(_LAYERS, _UNUSED),
        call=call_on_pan_grid,
        configuration=_configuration,
    ),
    "dlpan.u2net": Family(
        method="u2net",
        build=lambda config: _build(config, "spectral_num"),
        translate=renaming(_LAYERS, _UNUSED),
        call=call_enlarging,
        configuration=_configuration,
    ),
}
