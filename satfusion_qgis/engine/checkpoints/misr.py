"""Official implementations of the multi-frame stage alone: SatFusion's code for WorldStrat.

One official class holds one of four fusion blocks, a decoder, and a resize to a size fixed at construction. It knows no
masks, and pairs frames with no reference (but for SRCNN's median); see `networks.super_resolution.frames`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.satfusion.satfusion import NO_SHARPENER, SatFusionStar
from ..networks.super_resolution.frames import MultiFrame
from ..networks.super_resolution.highresnet import HighResNet
from ..networks.super_resolution.rams import RAMS
from ..networks.super_resolution.srcnn import SRCNN
from ..networks.super_resolution.trmisr import TRMISR
from .family import Family
from .official import renamed, setting, weight_shape

# Official names of the fusion blocks to our method ids.
METHODS = {"SRCNN": "srcnn", "HighResNet": "highresnet", "RAMS": "rams", "TRNet": "trmisr", "TRNet_pan": "trmisr"}
CLASSES: dict[str, type[MultiFrame]] = {"srcnn": SRCNN, "highresnet": HighResNet, "rams": RAMS, "trmisr": TRMISR}

# The official enlargement; ours is a whole number.
_OFFICIAL_RATIO = 3.12
WORLDSTRAT_RATIO = 3

_DOUBLE = {"0": "0", "2": "1", "4": "3", "6": "4"}
_DECODER = {
    "sr.upsample.1": "decoder.first",
    "sr.upsample.3": "decoder.first_activation",
    "sr.upsample.4": "decoder.last",
    "sr.upsample.6": "decoder.last_activation",
}
_ENCODER = {
    f"encoder.doubleconv2d.{official}": f"encoder.{ours}"
    for official, ours in {"0": "first.0", "2": "first.1", "4": "last.0", "6": "last.1"}.items()
}
# Layers of the transformer's block, and those that only PAN needs.
_TOKEN = "blockMISR.superres"
_PAN_TOKEN = {
    "pan_encoder.0": "pan_token.encoder.0",
    "pan_encoder.2": "pan_token.encoder.2",
    f"{_TOKEN}.pan_proj": "pan_token.project",
    f"{_TOKEN}.pan_ln": "pan_token.norm",
    f"{_TOKEN}.pan_mlp.0": "pan_token.perceptron.0",
    f"{_TOKEN}.pan_mlp.2": "pan_token.perceptron.2",
}


def _double(official: str, ours: str) -> dict[str, str]:
    return {f"{official}.doubleconv2d.{theirs}": f"{ours}.{mine}" for theirs, mine in _DOUBLE.items()}


def _numbers(state: Iterable[str], prefix: str) -> list[int]:
    """Numbers that stand behind a prefix in names ("layers.0.weight": 0), in order, without repetition."""
    parts = {name[len(prefix) :].partition(".")[0] for name in state if name.startswith(prefix)}
    return sorted(int(part) for part in parts if part.isdigit())


def _srcnn(state: Mapping[str, Tensor]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Layer names, and names that are second ones."""
    layers = {**_ENCODER, **_double("blockMISR.doubleconv2d", "fusion")}
    second = _double("blockMISR.fusion_SRCNN.0", "")
    for i in _numbers(state, "blockMISR.residualblocks."):
        layers |= _double(f"blockMISR.residualblocks.{i}.residualblock", f"blocks.{i}.inner")
        second |= _double(f"blockMISR.fusion_SRCNN.1.{i}.residualblock", "")
    return layers, tuple(second)


def _highresnet(state: Mapping[str, Tensor]) -> tuple[dict[str, str], tuple[str, ...]]:
    def block(number: int) -> dict[str, str]:
        name = f"blockMISR.fusion.{number}.fuse"
        return {
            **_double(f"{name}.0.residualblock", "fusion.0.inner"),
            f"{name}.1": "fusion.1",
            f"{name}.3": "fusion.2",
        }

    second = tuple(name for number in _numbers(state, "blockMISR.fusion.")[1:] for name in block(number))
    return {**_ENCODER, **block(0)}, second


def _rams(state: Mapping[str, Tensor]) -> tuple[dict[str, str], tuple[str, ...]]:
    heads = ("blockMISR.before_upsampling_Con3d_even", "blockMISR.before_upsampling_Con3d")
    if _rams_frames(state) % 2:
        heads = heads[::-1]
    layers = {
        "blockMISR.begin_conv3d": "first",
        "blockMISR.end_conv3d": "last",
        "blockMISR.middle_conv3d.0": "reduce.0",
        heads[0]: "gather",
        "blockMISR.before_upsampling_Con2d": "stacked_last",
    }
    parts = {"conv1": "first", "conv2": "second", "attention.1": "gate.1", "attention.3": "gate.3"}
    for official, ours in {"RFAB": "shared", "RTAB": "stacked_block"}.items():
        layers |= {f"blockMISR.{official}.{theirs}": f"{ours}.{mine}" for theirs, mine in parts.items()}
    return layers, heads[1:]


def _rams_frames(state: Mapping[str, Tensor]) -> int:
    key = "blockMISR.begin_conv3d.weight"
    if key not in state or state[key].ndim != 5:
        raise InputError(f"The checkpoint has no convolution {key!r}; it is of another network.")
    return weight_shape(state, "blockMISR.before_upsampling_Con2d")[1] // int(state[key].shape[1])


def _trmisr(state: Mapping[str, Tensor]) -> tuple[dict[str, str], tuple[str, ...]]:
    name = "blockMISR.encode"
    layers = {
        f"{name}.init_layer.0": "encoder.first.0",
        f"{name}.init_layer.1": "encoder.first.1",
        f"{name}.final.0": "encoder.last.0",
        "blockMISR.decode.final.0": "fused.0",
        "blockMISR.decode.final.1": "fused.1",
    }
    for i in _numbers(state, f"{name}.res_layers."):
        parts = {"0": "0", "1": "1", "2": "3", "3": "4"}
        layers |= {f"{name}.res_layers.{i}.block.{o}": f"encoder.blocks.{i}.inner.{m}" for o, m in parts.items()}
    parts = {
        "0.fn.norm": "attention_norm",
        "0.fn.fn.to_qkv": "attention.query_key_value",
        "0.fn.fn.to_out.0": "attention.merge.0",
        "1.fn.norm": "perceptron_norm",
        "1.fn.fn.net.0": "perceptron.0",
        "1.fn.fn.net.3": "perceptron.3",
    }
    for i in _numbers(state, f"{_TOKEN}.transformer.layers."):
        layers |= {f"{_TOKEN}.transformer.layers.{i}.{o}": f"layers.{i}.{m}" for o, m in parts.items()}
    if is_pan_guided(state):
        return {**layers, **_PAN_TOKEN}, (_TOKEN,)
    return {**layers, _TOKEN: "token"}, tuple(_PAN_TOKEN)


def is_pan_guided(state: Mapping[str, Tensor]) -> bool:
    """Tell whether PAN guides the fusion."""
    return "pan_encoder.0.weight" in state


def method_of(state: Mapping[str, Tensor]) -> str:
    """Return the method id of a multi-frame stage.

    Raises:
        InputError: It is none that is known.
    """
    marks = {
        "srcnn": "blockMISR.doubleconv2d.doubleconv2d.0.weight",
        "highresnet": "blockMISR.fusion.0.fuse.1.weight",
        "rams": "blockMISR.begin_conv3d.weight",
        "trmisr": "blockMISR.encode.init_layer.0.weight",
    }
    for method, mark in marks.items():
        if mark in state:
            return method
    raise InputError("The checkpoint has no fusion block of several frames that is known; it is of another network.")


_LAYERS = {"srcnn": _srcnn, "highresnet": _highresnet, "rams": _rams, "trmisr": _trmisr}


def translate_stage(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the tensors of a multi-frame stage, without the prefix of a larger network.

    Raises:
        InputError: It is none that is known, or holds a tensor that it does not.
    """
    layers, unused = _LAYERS[method_of(state)](state)
    ours = renamed(state, {**layers, **_DECODER}, unused)
    if "token.orignal_token" in ours:
        ours["token"] = ours.pop("token.orignal_token").flatten()
    return ours


def stage_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    """Keyword arguments of our multi-frame network, but for the ratio.

    The numbers of RAMS's blocks and of TR-MISR's heads leave no trace in a shape; every published checkpoint has the
    default.
    """
    method = method_of(state)
    bands, fine = weight_shape(state, "sr.upsample.4")[:2]
    settings: dict[str, Any] = {"bands": bands, "published": True}
    if method == "trmisr":
        width, hidden = (
            weight_shape(state, "blockMISR.encode.final.0")[0],
            weight_shape(state, "blockMISR.decode.final.0")[0],
        )
        blocks = len(_numbers(state, "blockMISR.encode.res_layers."))
        settings |= {"width": width, "blocks": blocks, "layers": len(_numbers(state, f"{_TOKEN}.transformer.layers."))}
    elif method == "rams":
        width, _, inside = _rams_sizes(state)
        hidden = weight_shape(state, "blockMISR.before_upsampling_Con2d")[0]
        settings |= {"width": width, "reduction": width // inside, "frames": _rams_frames(state), "shared": True}
    else:
        hidden = weight_shape(state, "encoder.doubleconv2d.0")[0]
        settings["blocks"] = len(_numbers(state, "blockMISR.residualblocks."))
        if method == "highresnet":
            settings["frames"] = 2 ** len(_numbers(state, "blockMISR.fusion."))
        else:
            settings["frames"] = weight_shape(state, "blockMISR.doubleconv2d.doubleconv2d.0")[1] // hidden
    return {**settings, "hidden": hidden, "zoom": math.isqrt(hidden // fine)}


def _rams_sizes(state: Mapping[str, Tensor]) -> tuple[int, int, int]:
    """Features, bands, and features inside a gate."""
    width, bands = state["blockMISR.begin_conv3d.weight"].shape[:2]
    return int(width), int(bands), int(state["blockMISR.RFAB.attention.1.weight"].shape[0])


def stage_settings(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Keyword arguments of our multi-frame network for an official configuration, but for bands, ratio and wiring.

    Args:
        config: The official configuration.
        prefix: What stands before the names of the stage's settings ("MISR_").

    Raises:
        InputError: It names no stage that is known, or sizes that no published weights have.
    """
    name = setting(config, "model_MISR")
    if name not in METHODS:
        raise InputError(f"The official configuration has the model_MISR {name!r}; known are: {', '.join(METHODS)}.")
    for size, usual in ((f"{prefix}kernel_size", 3), (f"{prefix}sr_kernel_size", 1)):
        if config.get(size, usual) != usual:
            raise InputError(f"The official configuration has a {size} of {config[size]}; {usual} is known.")
    settings = {"hidden": setting(config, f"{prefix}hidden_channels"), "zoom": setting(config, f"{prefix}zoom_factor")}
    if METHODS[name] != "trmisr":
        settings["frames"] = setting(config, f"{prefix}revisits")
    if METHODS[name] == "highresnet":
        settings["blocks"] = 0
    if METHODS[name] == "rams":
        settings["shared"] = True
    return settings


def _build(config: Mapping[str, Any]) -> MultiFrame:
    method = METHODS.get(setting(config, "model_MISR"), "")
    settings = stage_settings(config)
    return CLASSES[method](
        setting(config, "out_channels"),
        WORLDSTRAT_RATIO,
        published=True,
        output_size=setting(config, "output_size"),
        **settings,
    )


def _build_guided(config: Mapping[str, Any]) -> SatFusionStar:
    return SatFusionStar(
        setting(config, "out_channels"),
        WORLDSTRAT_RATIO,
        sharpener=NO_SHARPENER,
        encoder_settings=stage_settings(config),
        published=True,
    )


def _translate_alone(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    if is_pan_guided(state):
        raise InputError("The checkpoint is guided by PAN; it is of another network.")
    return translate_stage(state)


def translate_guided(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """As `translate_stage` for a stage that PAN guides, as the first one of SatFusion*."""
    if not is_pan_guided(state):
        raise InputError("The checkpoint is not guided by PAN; it is of another network.")
    return {f"encoder.{name}": tensor for name, tensor in translate_stage(state).items()}


def nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of SatFusion from those of its first stage."""
    inner = {name: value for name, value in settings.items() if name not in ("bands", "published")}
    return {"bands": settings["bands"], "published": True, "encoder_settings": inner}


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    assert isinstance(network, MultiFrame)
    lr = inputs["lr"]
    # Weights do not say the official output size: 156 pixels for 50.
    size = network.output_size or [round(_OFFICIAL_RATIO * side) for side in lr.shape[-2:]]
    features = network.published_features(lr, None, None)
    return {"output": network.decoder(features, size)[:, None], "fused_features_ch0_31": features}


def _call_guided(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    assert isinstance(network, SatFusionStar)
    lr, pan = inputs["lr"], inputs["pan"][:, 0]
    features = network.encoder.published_features(lr, None, pan)
    return {"output": network(lr, None, pan)[:, None], "fused_features_ch0_31": features}


FAMILIES = {
    "satfusion.misr": Family(
        method="highresnet",
        build=_build,
        translate=_translate_alone,
        call=_call,
        configuration=lambda state: {**stage_configuration(state), "ratio": WORLDSTRAT_RATIO},
        method_of=method_of,
    ),
    "satfusion.misr_pan": Family(
        method="satfusion_star",
        build=_build_guided,
        translate=translate_guided,
        call=_call_guided,
        configuration=lambda state: {
            **nested(stage_configuration(state)),
            "ratio": WORLDSTRAT_RATIO,
            "sharpener": NO_SHARPENER,
        },
    ),
}
