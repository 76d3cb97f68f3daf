"""EDC-STFN's official implementations: a survey's code with one pair, the authors' with one and with two.

The authors' code takes coarse images of a sixteenth of the fine size and enlarges them itself; one class serves for
both numbers of pairs. In the survey's code the branch for two pairs cannot be reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from ..networks.spatiotemporal.edcstfn import EDCSTFN, EDCSTFNAutoEncoder
from .family import Family
from .official import renaming, setting, weight_shape

# Each 3x3 convolution stands behind a layer that repeats the edge.
_LAYERS = {
    **{f"{part}.{layer}.1": f"{part}.{layer}" for part in ("encoder", "residual") for layer in (0, 2, 4)},
    **{f"decoder.{layer}.1": f"decoder.{layer}" for layer in (0, 2)},
    "decoder.4": "decoder.4",
}
_AUTO_ENCODER = {
    **{f"encoder.{layer}.1": f"encoder.{layer}" for layer in (0, 2, 4, 6)},
    "decoder.0.1": "widen",
    "decoder.3.1": "decoder.0",
    "decoder.5.1": "decoder.2",
    "decoder.7": "decoder.4",
}


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"encoder.{layer}.1")[0] for layer in (0, 2, 4)]
    return {"bands": weight_shape(state, "encoder.0.1")[1], "widths": widths}


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"], inputs["LR_t1"], inputs["LR_t2"])}


def _enlarged(coarse: Tensor, fine: Tensor) -> Tensor:
    """Enlarge a coarse image to the fine one's size bilinearly, corner pixel onto corner pixel."""
    return functional.interpolate(coarse, size=fine.shape[-2:], mode="bilinear", align_corners=True)


def _call_one_pair(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    fine = inputs["fine_t1"]
    return {"pred": network(fine, _enlarged(inputs["coarse_t1"], fine), _enlarged(inputs["coarse_t2"], fine))}


def _call_two_pairs(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    fine_1, fine_2 = inputs["fine_t1"], inputs["fine_t3"]
    coarse_1, coarse_target, coarse_2 = (_enlarged(inputs[f"coarse_t{date}"], fine_1) for date in (1, 2, 3))
    return {"pred": network(fine_1, coarse_1, coarse_target, fine_2, coarse_2)}


def _call_auto_encoder(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"]), "features": network.features(inputs["HR_t1"])}


FAMILIES = {
    "stf_survey.edcstfn": Family(
        method="edcstfn",
        build=lambda config: EDCSTFN(setting(config, "num_bands")),
        translate=renaming(_LAYERS),
        call=_call,
        configuration=_configuration,
    ),
    "stf_survey.edcstfn_autoencoder": Family(
        method="edcstfn",
        build=lambda config: EDCSTFNAutoEncoder(setting(config, "num_bands")),
        translate=renaming(_AUTO_ENCODER),
        call=_call_auto_encoder,
        configuration=_configuration,
        part="auto-encoder",
    ),
    "edcstfn.author_1ref": Family(
        method="edcstfn",
        build=lambda config: EDCSTFN(setting(config, "NUM_BANDS")),
        translate=renaming(_LAYERS),
        call=_call_one_pair,
        configuration=_configuration,
    ),
    "edcstfn.author_2ref": Family(
        method="edcstfn",
        build=lambda config: EDCSTFN(setting(config, "NUM_BANDS"), pairs=2),
        translate=renaming(_LAYERS),
        call=_call_two_pairs,
        configuration=lambda state: {**_configuration(state), "pairs": 2},
    ),
}
