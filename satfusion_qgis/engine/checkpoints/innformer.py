"""INNformer's official implementation: SatFusion's code for WorldStrat, where it is called PSIT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.pansharpening.innformer import INNformer
from .family import Family
from .official import renaming, setting, weight_shape

# The published weights were trained with these faults, and are worth nothing without them.
FAULTS = {
    "scrambled_windows": True,
    "undivided_overlaps": True,
    "patches_by_nine": True,
    "pooled_refinement": True,
}

_UNIT = {"identity": "skip", "conv_1": "conv1", "conv_2": "conv2", "norm": "norm"}

_LAYERS = {
    "conv_process.convms": "ms_head",
    "conv_process.convpan": "pan_head",
    "conv_fusion.conv": "local_fusion",
    "transform_fusion.fuse.conv_trans.0": "window_fusion.convs.0",
    "transform_fusion.fuse.conv_trans.2": "window_fusion.convs.2",
    "extract.fuse": "merge",
    "refine.conv_in": "refine.0",
    "refine.process.0.conv_du.0": "refine.1.weights.0",
    "refine.process.0.conv_du.2": "refine.1.weights.2",
    "refine.process.0.process.0": "refine.1.convs.0",
    "refine.process.0.process.2": "refine.1.convs.2",
    "refine.conv_last": "refine.2",
    **{f"extract.operations.{block}.invconv": f"blocks.{block}.mix" for block in range(3)},
    **{
        f"extract.operations.{block}.{letter}.{unit}.{official}": f"blocks.{block}.{network}.{our_unit}.{ours}"
        for block in range(3)
        for letter, network in {"F": "first", "G": "second", "H": "scale"}.items()
        for unit, our_unit in {"conv1": "widen", "conv2": "narrow"}.items()
        for official, ours in _UNIT.items()
    },
}


def _build(config: Mapping[str, Any]) -> INNformer:
    return INNformer(setting(config, "ms_channels"), setting(config, "n_feat"), **FAULTS)


def _call(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    ms, pan = inputs["ms"], inputs["pan"]
    return {
        "output": network(ms, pan),
        "transform_features": network.transform(network.ms_head(ms), network.pan_head(pan)),
    }


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    half, bands = weight_shape(state, "conv_process.convms")[:2]
    return {"bands": bands, "features": 2 * half, **FAULTS}


FAMILIES = {
    "satfusion.innformer": Family(
        method="innformer",
        build=_build,
        translate=renaming(_LAYERS),
        call=_call,
        configuration=_configuration,
    ),
}
