"""Official implementations of SatFusion and SatFusion*: its code for WorldStrat, and one composition for 4 bands.

The sharpeners are those of the families of their own, which give their detail alone behind a multi-frame stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.satfusion.satfusion import SatFusion, SatFusionStar
from . import arconv, innformer, misr, panmamba, pannet, pnn, u2net
from .family import Family
from .official import renamed, setting

_SHARPENERS = {
    "pnn": pnn.FAMILIES["satfusion.pnn"],
    "pannet": pannet.FAMILIES["satfusion.pannet"],
    "innformer": innformer.FAMILIES["satfusion.innformer"],
    "u2net": u2net.FAMILIES["satfusion.u2net"],
    "arconv": arconv.FAMILIES["satfusion.arconv"],
    "panmamba": panmamba.FAMILIES["satfusion.panmamba"],
}
# Official names to our method ids.
_METHODS = {
    "PNN": "pnn",
    "PANNet": "pannet",
    "PSIT": "innformer",
    "U2Net": "u2net",
    "ARConv": "arconv",
    "Pan_Mamba": "panmamba",
}
# A tensor that each has and the others have not.
_MARKS = {
    "pannet": "res_block1.conv1.weight",
    "innformer": "extract.fuse.weight",
    "u2net": "raise_ms_dim.0.weight",
    "arconv": "head_conv.weight",
    "panmamba": "ms_to_token.proj.weight",
    "pnn": "conv3.weight",
}
_STAGE, _SHARPENING, _COLOURS = "MISR.", "Sharpening.blockSharp.", "color_correct."
_COLOUR_LAYERS = {"conv.0": "inner.0", "conv.2": "inner.2"}
# Wirings of the sharpeners that the official configuration does not name: those that its code always has.
_OFFICIAL: dict[str, dict[str, Any]] = {
    "pnn": {"padding": "zeros"},
    "pannet": {"width": 64, "depth": 2, "kernels": [9, 5, 5], "last_width": 32, "high_pass": False},
    "innformer": {
        "scrambled_windows": True,
        "undivided_overlaps": True,
        "patches_by_nine": True,
        "pooled_refinement": True,
    },
    "u2net": {},
    # Its counter of epochs is not in the state: it counts from the batch, as a fresh one does.
    "arconv": {"counts_from_batch": True},
    "panmamba": {"norm_twice": True, "drop_residuals": True},
}


def _below(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name[len(prefix) :]: tensor for name, tensor in state.items() if name.startswith(prefix)}


def _put_below(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {prefix + name: tensor for name, tensor in state.items()}


def _sharpener_of(state: Mapping[str, Tensor]) -> str:
    for method, mark in _MARKS.items():
        if mark in state:
            return method
    raise InputError("The checkpoint has no sharpening part that is known; it is of another network.")


def _method_of(state: Mapping[str, Tensor]) -> str:
    return "satfusion_star" if misr.is_pan_guided(_below(state, _STAGE)) else "satfusion"


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    foreign = [name for name in state if not name.startswith((_STAGE, _SHARPENING, _COLOURS))]
    if foreign:
        raise InputError(
            f"The checkpoint has a tensor {foreign[0]!r} that SatFusion does not; it is of another network."
        )
    sharpening = _below(state, _SHARPENING)
    return {
        **_put_below("encoder.", misr.translate_stage(_below(state, _STAGE))),
        **_put_below("sharpener.", _SHARPENERS[_sharpener_of(sharpening)].translate(sharpening)),
        **_put_below("colours.", renamed(_below(state, _COLOURS), _COLOUR_LAYERS)),
    }


def _build(config: Mapping[str, Any]) -> SatFusion:
    name, stage = setting(config, "model_Sharpening"), misr.stage_settings(config, "MISR_")
    if name not in _METHODS:
        known = ", ".join(_METHODS)
        raise InputError(f"The official configuration has the model_Sharpening {name!r}; known are: {known}.")
    sharpener = _METHODS[name]
    guided = config["model_MISR"] == "TRNet_pan"
    return SatFusion(
        setting(config, "out_channels"),
        misr.WORLDSTRAT_RATIO,
        encoder=misr.METHODS[config["model_MISR"]],
        sharpener=sharpener,
        encoder_settings=stage,
        sharpener_settings=_OFFICIAL[sharpener],
        pan_guided=guided,
        published=True,
    )


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    stage, sharpening = _below(state, _STAGE), _below(state, _SHARPENING)
    sharpener = _sharpener_of(sharpening)
    settings = _SHARPENERS[sharpener].configuration(sharpening)
    del settings["bands"]
    if sharpener == "arconv":
        settings.update(_OFFICIAL["arconv"])
    result = {**misr.nested(misr.stage_configuration(stage)), "ratio": misr.WORLDSTRAT_RATIO}
    result.update(sharpener=sharpener, sharpener_settings=settings, colour_width=_colour_width(state))
    if not misr.is_pan_guided(stage):
        result["encoder"] = misr.method_of(stage)
    return result


def _colour_width(state: Mapping[str, Tensor]) -> int:
    key = f"{_COLOURS}conv.0.weight"
    if key not in state:
        raise InputError(f"The checkpoint has no tensor {key!r}; it is of another network.")
    return int(state[key].shape[0])


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    assert isinstance(network, SatFusion)
    output, image, detail = network.stages(inputs["lr"], None, inputs["pan"][:, 0])
    assert detail is not None
    return {"output": output[:, None], "misr_out": image[:, None], "sharpening_out": detail[:, None]}


# SatFusion* with PNN in the code for WV3, QB and GF2. Its parts stand under two names each, and it has an encoder that
# it never calls.
_DLPAN_RATIO = 4
_DLPAN_NAMES = {"fusion_TRNet.": "blockMISR.", "sr.": "sr.", "pan_encoder.": "pan_encoder."}
_DLPAN_PNN = {f"conv{number}": f"layers.{number - 1}" for number in (1, 2, 3)}
_DLPAN_SECOND = {"misr_backbone.0.": "fusion_TRNet.", "misr_backbone.1.": "sr."}
_DLPAN_SECOND |= {f"pansharpening_backbone.{2 * number}.": f"conv{number + 1}." for number in range(3)}
_DLPAN_UNUSED = tuple(f"encoder.doubleconv2d.{number}" for number in (0, 2, 4, 6))


def _dlpan_parts(state: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Tensor]]:
    """Return the multi-frame stage, the sharpener and the colour correction by their official names.

    Raises:
        InputError: A tensor is of none of them.
    """
    stage: dict[str, Tensor] = {}
    sharpening: dict[str, Tensor] = {}
    for name, tensor in state.items():
        layer = name.rpartition(".")[0]
        part = next((part for part in _DLPAN_NAMES if name.startswith(part)), None)
        first = next((f + name[len(s) :] for s, f in _DLPAN_SECOND.items() if name.startswith(s)), None)
        if part is not None:
            stage[_DLPAN_NAMES[part] + name[len(part) :]] = tensor
        elif layer in _DLPAN_PNN:
            sharpening[name] = tensor
        elif not (name.startswith(_COLOURS) or layer in _DLPAN_UNUSED or first in state):
            raise InputError(
                f"The checkpoint has a tensor {name!r} that SatFusion* with PNN does not; it is of another network."
            )
    return stage, sharpening, _below(state, _COLOURS)


def _dlpan_translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    stage, sharpening, colours = _dlpan_parts(state)
    return {
        **misr.translate_guided(stage),
        **_put_below("sharpener.", renamed(sharpening, _DLPAN_PNN)),
        **_put_below("colours.", renamed(colours, _COLOUR_LAYERS)),
    }


def _dlpan_build(config: Mapping[str, Any]) -> SatFusionStar:
    return SatFusionStar(
        setting(config, "spectral_num"),
        _DLPAN_RATIO,
        sharpener="pnn",
        encoder_settings=misr.stage_settings({**config, "model_MISR": "TRNet_pan"}),
        sharpener_settings={"widths": [config.get("channel", 64), 32]},
        published=True,
    )


def _dlpan_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    stage, sharpening, _ = _dlpan_parts(state)
    settings = pnn.FAMILIES["dlpan.pnn"].configuration(sharpening)
    del settings["bands"]
    return {
        **misr.nested(misr.stage_configuration(stage)),
        "ratio": _DLPAN_RATIO,
        "sharpener": "pnn",
        "sharpener_settings": settings,
        "colour_width": _colour_width(state),
    }


def _dlpan_call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"output": network(inputs["lr"], None, inputs["pan"])}


FAMILIES = {
    "satfusion.framework": Family(
        method="satfusion",
        build=_build,
        translate=_translate,
        call=_call,
        configuration=_configuration,
        method_of=_method_of,
    ),
    "dlpan.trnet_pan_pnn": Family(
        method="satfusion_star",
        build=_dlpan_build,
        translate=_dlpan_translate,
        call=_dlpan_call,
        configuration=_dlpan_configuration,
    ),
}
