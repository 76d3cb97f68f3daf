"""SRSF-GAN's official implementation in a survey's code, which reduces coarse images on the fine grid to an eighth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.spatiotemporal.srsfgan import SRSFGAN, SRSFGANDiscriminator
from .family import Family
from .official import renaming, setting, weight_shape

_UNIT = {"body.0": "first", "body.2": "second"}


def _dense_block(official: str, ours: str) -> dict[str, str]:
    return {
        **{f"{official}.r{n + 1}.{o}": f"{ours}.units.{n}.{m}" for n in range(3) for o, m in _UNIT.items()},
        f"{official}.g.body.0": f"{ours}.merge",
        **{f"{official}.ca.c{n + 1}.body.0": f"{ours}.attention.squeeze.{n}" for n in range(3)},
        f"{official}.ca.c4.body.0": f"{ours}.attention.weigh",
    }


_LAYERS = {
    "head1": "head",
    "tail": "tail",
    "Maxpool": "halve",
    "Upsample": "enlarge",
    **_dense_block("renet", "first"),
    "re.0": "rebuild.0",
    **_dense_block("re.1", "rebuild.1"),
    **{
        f"{official}{n + 1}.0.{o}": f"{ours}.{n}.{m}"
        for official, ours in {"downlandsat": "fine", "upmodis": "coarse"}.items()
        for n in range(4)
        for o, m in _UNIT.items()
    },
    **{f"fusionblock.CA.local_att.{n}": f"gate.local.{n}" for n in (0, 1)},
    **{f"fusionblock.CA.global_att.{n + 1}": f"gate.overall.{n}" for n in (0, 1)},
}
# Built for inputs of 4 bands, and never called.
_UNUSED = ("head",)

_TWICE = {"0": "0", "1": "1", "3": "3", "4": "4"}
_DISCRIMINATOR = {
    **{f"d{n + 1}.Conv_BN_ReLU_2.{o}": f"down.{n}.{m}" for n in range(3) for o, m in _TWICE.items()},
    **{f"d{n + 1}.downsample.{layer}": f"halve.{n}.{layer}" for n in range(3) for layer in (0, 1)},
    **{f"u{n + 2}.Conv_BN_ReLU_2.{o}": f"up.{n}.0.{m}" for n in range(3) for o, m in _TWICE.items()},
    **{f"u{n + 2}.upsample.{layer}": f"up.{n}.{layer + 1}" for n in range(3) for layer in (0, 1)},
    **{f"o.{o}": f"last.0.{m}" for o, m in _TWICE.items()},
    "o.6": "last.1",
}
# A fourth step down is built and never called.
_UNUSED_STEP = tuple(
    f"d4.{part}.{n}" for part, layers in {"Conv_BN_ReLU_2": (0, 1, 3, 4), "downsample": (0, 1)}.items() for n in layers
)


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    width, bands = weight_shape(state, "head1")[:2]
    return {"bands": bands, "width": width, "corners_aligned": True}


def _call(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    prediction, coarse_branch = network.with_coarse_branch(inputs["HR_t1"], inputs["LR_t2"])
    return {"pred": prediction, "coarse_branch": coarse_branch}


def _discriminator_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"d{n + 1}.Conv_BN_ReLU_2.0")[0] for n in range(3)]
    return {"bands": weight_shape(state, "d1.Conv_BN_ReLU_2.0")[1], "widths": widths}


FAMILIES = {
    "stf_survey.srsfgan": Family(
        method="srsfgan",
        build=lambda config: SRSFGAN(setting(config, "bands"), corners_aligned=True),
        translate=renaming(_LAYERS, _UNUSED),
        call=_call,
        configuration=_configuration,
    ),
    "stf_survey.srsfgan_discriminator": Family(
        method="srsfgan",
        build=lambda config: SRSFGANDiscriminator(setting(config, "bands")),
        translate=renaming(_DISCRIMINATOR, _UNUSED_STEP),
        call=lambda network, inputs: {"score": network(inputs["fine"])},
        configuration=_discriminator_configuration,
        part="discriminator",
    ),
}
