"""DCSTFN's official implementation: the PyTorch branch of its authors' code, for one band and one pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ..networks.spatiotemporal.dcstfn import DCSTFN
from .family import Family
from .official import renamed, setting, weight_shape

_LAYERS = {
    "coarse_net.conv1": "coarse.first",
    "coarse_net.conv2": "coarse.second",
    "coarse_net.conv3": "coarse.last",
    "fine_net.conv1": "fine.first",
    "fine_net.conv2": "fine.second",
    "fine_net.conv3": "fine.third",
    "fine_net.conv4": "fine.last",
    "reconstruct_net.deconv": "enlarge",
    "reconstruct_net.dense1": "dense.0",
    "reconstruct_net.dense2": "dense.2",
}
_STEP = "coarse_net.deconvs."


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    steps = {f"{_STEP}{i}": f"coarse.enlarge.{i}" for i in range(_doublings(state))}
    translated = renamed(state, {**_LAYERS, **steps})
    # The official code applies a linear layer to each pixel, which is a 1x1 convolution.
    for name in ("dense.0.weight", "dense.2.weight"):
        if name in translated and translated[name].ndim == 2:
            translated[name] = translated[name][:, :, None, None]
    return translated


def _doublings(state: Mapping[str, Tensor]) -> int:
    return len([key for key in state if key.startswith(_STEP) and key.endswith(".weight")])


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    first, bands = weight_shape(state, "coarse_net.conv1")[:2]
    third, second = weight_shape(state, "coarse_net.conv3")[:2]
    return {"bands": bands, "ratio": 2 ** (_doublings(state) + 1), "widths": [first, second, third]}


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The official code takes the coarse images at their own size."""
    given = (inputs[name] for name in ("fine_ref", "coarse_ref", "coarse_target"))
    return {"prediction": network.on_coarse_grid(*given)}


FAMILIES = {
    "dcstfn.pytorch": Family(
        method="dcstfn",
        build=lambda config: DCSTFN(
            setting(config, "bands"), ratio=setting(config, "scale"), widths=setting(config, "channels")
        ),
        translate=_translate,
        call=_call,
        configuration=_configuration,
    )
}
