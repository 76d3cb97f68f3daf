"""AMS-STF's official implementation: its generator and its discriminator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ..networks.spatiotemporal.amsstf import AMSSTF, AMSSTFDiscriminator
from .family import Family
from .official import renaming, setting, weight_shape

_LEVELS = range(3)


def _unit(official: str, ours: str) -> dict[str, str]:
    return {f"{official}.conv.1": f"{ours}.0", f"{official}.norm": f"{ours}.1"}


def _encoder(official: str, ours: str, level: int) -> dict[str, str]:
    name = f"{official}.list.{level}"
    return {
        **_unit(f"{name}.0", f"{ours}.{level}.entry"),
        f"{name}.1.conv1.conv.1": f"{ours}.{level}.first",
        f"{name}.1.conv2.conv.1": f"{ours}.{level}.second",
    }


def _bottleneck(official: str, ours: str) -> dict[str, str]:
    return {
        **_unit(f"{official}.conv1", f"{ours}.before"),
        **_unit(f"{official}.conv2", f"{ours}.after.0"),
        **_unit(f"{official}.conv3", f"{ours}.after.1"),
        **{
            f"{official}.tam.{theirs}.{i}": f"{ours}.module.{mine}.{i}"
            for theirs, mine in {"G": "kernel", "L": "gate"}.items()
            for i in (0, 1, 3)
        },
    }


def _level(level: int) -> dict[str, str]:
    official, ours = f"subnet_list.{level}", f"levels.{level}"
    return {
        **_bottleneck(f"{official}.tanet.conv1", f"{ours}.temporal.0"),
        **_bottleneck(f"{official}.tanet.conv2", f"{ours}.temporal.1"),
        **{f"{official}.off_estimator.{i}": f"{ours}.offsets.{i}" for i in (0, 2, 4, 6)},
        **_unit(f"{official}.mask_estimator.conv_first", f"{ours}.masks.change"),
        **_unit(f"{official}.mask_estimator.conv_combine", f"{ours}.masks.join"),
        **{f"{official}.mask_estimator.conv.{i}": f"{ours}.masks.layers.{i}" for i in (0, 2, 4)},
        f"{official}.regular_conv": f"{ours}.move",
        f"{official}.bn": f"{ours}.norm",
    }


_GENERATOR = {
    official: ours
    for level in _LEVELS
    for layers in (_encoder("lr_encoder", "coarse", level), _encoder("hr_encoder", "fine", level), _level(level))
    for official, ours in layers.items()
}
_GENERATOR |= {f"up_sample_conv_list.{i}": f"merge.{i}" for i in range(2)}
_GENERATOR |= {"conv_out1": "head.0", "conv_out2": "head.2"}
# The attention that the official code builds and never calls.
_UNUSED = tuple(
    f"subnet_list.{level}.{name}" for level in _LEVELS for name in ("cam.mlp.1", "cam.mlp.3", "sam.spatial.conv.1")
)
_DISCRIMINATOR = {f"model{i}.{j}": f"layers.{i}.{j}" for i in range(5) for j in range(2 if 0 < i < 4 else 1)}


def _generator(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"lr_encoder.list.{level}.0.conv.1")[0] for level in _LEVELS]
    return {"bands": weight_shape(state, "conv_out2")[0], "widths": widths}


def _discriminator(state: Mapping[str, Tensor]) -> dict[str, Any]:
    width, bands = weight_shape(state, "model0.0")[:2]
    return {"bands": bands // 2, "width": width}


def _call_generator(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    names = ("fine_prev", "coarse_prev", "coarse_target", "fine_next", "coarse_next")
    return {"prediction": network(*(inputs[name] for name in names))}


def _call_discriminator(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return dict(zip(("feat0", "feat1", "feat2", "feat3", "score"), network.features(inputs["pair"])))


FAMILIES = {
    "amsstf.generator": Family(
        method="amsstf",
        build=lambda config: AMSSTF(setting(config, "num_in_ch"), setting(config, "num_feats")),
        translate=renaming(_GENERATOR, _UNUSED),
        call=_call_generator,
        configuration=_generator,
    ),
    "amsstf.discriminator": Family(
        method="amsstf",
        build=lambda config: AMSSTFDiscriminator(setting(config, "input_nc") // 2, setting(config, "ndf")),
        translate=renaming(_DISCRIMINATOR),
        call=_call_discriminator,
        configuration=_discriminator,
        part="discriminator",
    ),
}
