"""PanNet's official implementation in SatFusion's code for WorldStrat, which passes images without their high-pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ..networks.pansharpening.pannet import PanNet
from .family import Family
from .official import enlarged, renaming, setting, weight_shape

_LAYERS = {
    "conv1": "first",
    "res_block1.conv1": "blocks.0.first",
    "res_block1.conv2": "blocks.0.second",
    "res_block2.conv1": "blocks.1.first",
    "res_block2.conv2": "blocks.1.second",
    "res_block2.shortcut.0": "blocks.1.shortcut",
    "conv3": "last",
}

# Behind a multi-frame stage, where the official configuration does not name it.
LAYOUT = {"width": 64, "depth": 2, "kernels": [9, 5, 5], "last_width": 32, "high_pass": False}  # nosec B105


def _build(config: Mapping[str, Any]) -> PanNet:
    return PanNet(
        setting(config, "in_channels") - 1,
        width=setting(config, "n1"),
        depth=2,
        kernels=tuple(setting(config, name) for name in ("f1", "f2", "f3")),
        last_width=setting(config, "n2"),
        high_pass=False,
    )


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    # The official size is fixed at construction; it is PAN's.
    ms = enlarged(inputs["ms"], inputs["pan"])
    residual = network.detail(ms, inputs["pan"])
    return {"output": ms + residual, "residual": residual}


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    first, block, last = (weight_shape(state, layer) for layer in ("conv1", "res_block1.conv1", "conv3"))
    settings: dict[str, Any] = {"bands": last[0], "width": first[0], "depth": 2, "last_width": last[1]}
    settings.update(kernels=[first[2], block[2], last[2]], high_pass=False)
    return settings


FAMILIES = {
    "satfusion.pannet": Family(
        method="pannet", build=_build, translate=renaming(_LAYERS), call=_call, configuration=_configuration
    )
}
