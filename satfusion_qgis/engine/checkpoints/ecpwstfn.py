"""ECPW-STFN's official implementation in a survey's code; the authors' has the same network with 6 bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ..networks.spatiotemporal.ecpwstfn import ECPWSTFN, ECPWSTFNAutoEncoder
from .family import Family
from .official import renaming, setting, weight_shape

_LAYERS = {
    **{
        f"{official}.{layer}.1": f"{ours}.{layer}"
        for official, ours in {"Landsat_encoder": "fine_encoder", "MLRes_encoder": "difference_encoder"}.items()
        for layer in (0, 2, 4)
    },
    **{
        f"{official}.{layer}": f"{ours}.{layer[0]}"
        for official, ours in {"decoder": "decoder", "RFDecoder": "last"}.items()
        for layer in ("0.1", "2.1", "4")
    },
    **{
        f"RFEncoder.{block}.{official}": f"refine.{block}.{ours}"
        for block in range(3)
        for official, ours in {
            "residual.0.1": "0",
            "ChannelA.0.fc1": "2.channels.0",
            "ChannelA.0.fc2": "2.channels.2",
            "SpatialA.0.conv1": "2.places",
        }.items()
    },
}
_AUTO_ENCODER = {
    "conv1.0.1": "down.0",
    **{f"conv{number + 1}.1.1": f"down.{number}" for number in range(1, 4)},
    **{f"conv{number + 5}.0.1": f"up.{number}" for number in range(3)},
    "conv8": "last",
}


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"Landsat_encoder.{layer}.1")[0] for layer in (0, 2, 4)]
    return {"bands": weight_shape(state, "Landsat_encoder.0.1")[1], "widths": widths}


def _auto_encoder_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, name)[0] for name in ("conv1.0.1", "conv2.1.1", "conv3.1.1", "conv4.1.1")]
    return {"bands": weight_shape(state, "conv8")[0], "widths": widths}


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"], inputs["LR_t1"], inputs["LR_t2"])}


def _call_auto_encoder(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"]), "features": network.features(inputs["HR_t1"])}


FAMILIES = {
    "stf_survey.ecpwstfn": Family(
        method="ecpwstfn",
        build=lambda config: ECPWSTFN(setting(config, "bands")),
        translate=renaming(_LAYERS),
        call=_call,
        configuration=_configuration,
    ),
    "stf_survey.ecpwstfn_autoencoder": Family(
        method="ecpwstfn",
        build=lambda config: ECPWSTFNAutoEncoder(setting(config, "bands")),
        translate=renaming(_AUTO_ENCODER),
        call=_call_auto_encoder,
        configuration=_auto_encoder_configuration,
        part="auto-encoder",
    ),
}
