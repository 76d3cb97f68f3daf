"""ARConv's official implementation in SatFusion's code for WorldStrat.

It takes the numbers of samples from the batch in the first 100 epochs and from the state afterwards. A checkpoint does
not say which of the two it is at; it is read as one whose numbers are frozen, for those are what its training ended on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ..networks.pansharpening.arconv import KERNELS, ARConv
from .family import Family
from .official import call_on_pan_grid, renamed, setting, weight_shape

_LAST_EPOCH_FROM_BATCH = 100


def _convolution(official: str, ours: str) -> dict[str, str]:
    """Layers of a rectangular convolution."""
    layers = {official: ours}  # for the counts, a tensor of the convolution itself
    layers |= {f"{official}.convs.{i}": f"{ours}.kernels.{i}" for i in range(len(KERNELS))}
    for theirs, mine in (("m_conv", "factor"), ("b_conv", "offset")):
        layers |= {f"{official}.{theirs}.{i}": f"{ours}.{mine}.{i}" for i in (0, 3, 6)}
    for theirs, mine in (("p_conv", "common"), ("l_conv", "height"), ("w_conv", "width")):
        layers |= {f"{official}.{theirs}.{i}": f"{ours}.{mine}.{j}" for i, j in ((0, 0), (1, 1), (4, 3), (5, 4))}
    return layers


def _layers() -> dict[str, str]:
    """Official layer names to ours."""
    layers = {"head_conv": "head", "tail_conv": "tail"}
    for i in range(5):
        layers |= _convolution(f"rb{i + 1}.conv1", f"blocks.{i}.first")
        layers |= _convolution(f"rb{i + 1}.conv2", f"blocks.{i}.second")
    for i in range(2):
        layers |= {f"down{i + 1}.conv.{j}": f"downs.{i}.{j}" for j in (0, 2, 3)}
        layers |= {f"up{i + 1}.conv2.{j}": f"ups.{i}.mix.{j}" for j in (0, 1)}
        layers[f"up{i + 1}.conv1"] = f"ups.{i}.enlarge"
    return layers


_LAYERS = _layers()
_COUNTS = "reserved_NXY"


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    translated = renamed(state, _LAYERS)
    for name in [key.rpartition(".")[0] for key in translated if key.endswith(f".{_COUNTS}")]:
        translated[f"{name}.counts"] = translated.pop(f"{name}.{_COUNTS}").to(torch.int64)
        translated[f"{name}.frozen"] = torch.tensor(True)
    return translated


def _build(config: Mapping[str, Any]) -> ARConv:
    epoch = config.get("epoch")  # None: a counter of calls, which is 0 at the first one
    return ARConv(
        setting(config, "lms_channels"),
        largest=setting(config, "hw_range")[1],
        counts_from_batch=epoch is None or epoch <= _LAST_EPOCH_FROM_BATCH,
    )


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    return {"bands": weight_shape(state, "tail_conv")[0], "width": weight_shape(state, "head_conv")[0]}


FAMILIES = {
    "satfusion.arconv": Family(
        method="arconv", build=_build, translate=_translate, call=call_on_pan_grid, configuration=_configuration
    )
}
