"""PNN's official implementations: SatFusion's code for WorldStrat, and its code for WV3, QB and GF2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.pansharpening.pnn import PNN
from .family import Family
from .official import call_enlarging, call_on_pan_grid, renaming, setting, weight_shape

_LAYERS = {f"conv{number + 1}": f"layers.{number}" for number in range(3)}


def _build_satfusion(config: Mapping[str, Any]) -> PNN:
    return PNN(
        setting(config, "in_channels") - 1,
        widths=(setting(config, "n1"), setting(config, "n2")),
        kernels=tuple(setting(config, name) for name in ("f1", "f2", "f3")),
        padding="zeros",
    )


def _build_dlpan(config: Mapping[str, Any]) -> PNN:
    return PNN(setting(config, "spectral_num"), widths=(config.get("channel", 64), 32), padding="replicate")


def _configuration(state: Mapping[str, Tensor], padding: str) -> dict[str, Any]:
    shapes = [weight_shape(state, layer) for layer in _LAYERS]
    return {
        "bands": shapes[2][0],
        "widths": [shapes[0][0], shapes[1][0]],
        "kernels": [shape[2] for shape in shapes],
        "padding": padding,
    }


FAMILIES = {
    "satfusion.pnn": Family(
        method="pnn",
        build=_build_satfusion,
        translate=renaming(_LAYERS),
        call=call_on_pan_grid,
        configuration=lambda state: _configuration(state, "zeros"),
    ),
    "dlpan.pnn": Family(
        method="pnn",
        build=_build_dlpan,
        translate=renaming(_LAYERS),
        call=call_enlarging,
        configuration=lambda state: _configuration(state, "replicate"),
    ),
}
