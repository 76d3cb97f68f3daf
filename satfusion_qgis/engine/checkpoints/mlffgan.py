"""MLFF-GAN's official implementation, the same in the authors' code and in a survey's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.spatiotemporal.mlffgan import MLFFGAN, MLFFGANDiscriminator
from .family import Family
from .official import renamed, renaming, setting, weight_shape

# Switches of the official class, and how every published checkpoint has them.
_SWITCHES = {"ifAdaIN": True, "ifAttention": True, "ifTwoInput": False, "outputM": False}
_LEVELS = range(5)


def _residual(official: str, ours: str) -> dict[str, str]:
    return {f"{official}.residual.1": f"{ours}.inner.0", f"{official}.residual.5": f"{ours}.inner.3"}


def _extractor(official: str, ours: str) -> dict[str, str]:
    layers = {}
    for level in _LEVELS:
        layers[f"{official}.conv{level + 1}.0"] = f"{ours}.levels.{level}.0"
        layers |= _residual(f"{official}.conv{level + 1}.1", f"{ours}.levels.{level}.1")
    return layers


def _steps_up() -> dict[str, str]:
    layers = {}
    for step in range(4):
        layers[f"conv{step + 1}.0.deconv"] = f"up.{step}.0"
        layers |= _residual(f"conv{step + 1}.1", f"up.{step}.2")
    return layers


_LAYERS = {
    **_extractor("LSNet", "coarse"),
    **_extractor("HSNet", "fine"),
    **{
        f"SignE_List.{level}.{official}.{layer}": f"mixing.{level}.{ours}.{layer}"
        for level in _LEVELS
        for official, ours in {"conv1": "target", "conv2": "reference", "conv": "share"}.items()
        for layer in (0, 1)
    },
    **_steps_up(),
    **_residual("conv5.0", "head.0"),
    "conv5.1": "head.1",
    **_residual("conv5.2", "head.2"),
    "conv5.3": "head.3",
}


def _build(config: Mapping[str, Any]) -> MLFFGAN:
    for name, usual in _SWITCHES.items():
        if config.get(name, usual) != usual:
            raise InputError(f"The official configuration has {name} {config[name]}; {usual} is known.")
    return MLFFGAN(setting(config, "bands"))


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"LSNet.conv{level + 1}.0")[0] for level in _LEVELS]
    return {"bands": weight_shape(state, "conv5.3")[0], "widths": widths}


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"], inputs["LR_t1"], inputs["LR_t2"])}


def _build_discriminator(config: Mapping[str, Any]) -> MLFFGANDiscriminator:
    inputs = setting(config, "input_nc")
    if inputs % 2:
        raise InputError(f"The official configuration has an input_nc of {inputs}; twice the bands are known.")
    return MLFFGANDiscriminator(inputs // 2, config.get("ndf", 64), config.get("n_layers", 3))


def _discriminator_levels(state: Mapping[str, Tensor]) -> int:
    return len({name.partition(".")[0] for name in state if name.startswith("model")})


def _translate_discriminator(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    levels = range(_discriminator_levels(state))
    return renamed(state, {f"model{level}.{layer}": f"levels.{level}.{layer}" for level in levels for layer in (0, 1)})


def _discriminator_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    width, inputs = weight_shape(state, "model0.0")[:2]
    return {"bands": inputs // 2, "width": width, "layers": _discriminator_levels(state) - 2}


def _call_discriminator(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    maps = network.maps(inputs["pair"][:, : network.bands], inputs["pair"][:, network.bands :])
    return {"feat0_every_8th_channel": maps[0], "feat3_every_32nd_channel": maps[3], "score": maps[4]}


FAMILIES = {
    "stf_survey.mlffgan": Family(
        method="mlffgan",
        build=_build,
        translate=renaming(_LAYERS),
        call=_call,
        configuration=_configuration,
    ),
    "stf_survey.mlffgan_discriminator": Family(
        method="mlffgan",
        build=_build_discriminator,
        translate=_translate_discriminator,
        call=_call_discriminator,
        configuration=_discriminator_configuration,
        part="discriminator",
    ),
}
