"""SwinSTFM's official implementations: its authors', for 6 bands and 256 x 256, and a survey's, for any square size.

The two are the same module; the authors' data are within -1 and 1, the survey's within 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.spatiotemporal.swinstfm import SwinSTFM
from .family import Family
from .official import renamed, setting, weight_shape

_BLOCKS = {
    "norm1": "attention_norm",
    "attn": "attention.bias",
    "attn.qkv": "attention.query_key_value",
    "attn.proj": "attention.merge",
    "norm2": "perceptron_norm",
    "mlp.fc1": "perceptron.0",
    "mlp.fc2": "perceptron.2",
}
_FUSION_BLOCKS = {
    "norm1": "attention_norm",
    "attn": "attention.bias",
    "attn.q": "attention.query",
    "attn.k": "attention.key",
    "attn.q2": "attention.other_query",
    "attn.k2": "attention.other_key",
    "attn.v": "attention.value",
    "attn.proj": "attention.merge",
    "norm3": "perceptron_norm",
    "mlp.fc1": "perceptron.0",
    "mlp.fc2": "perceptron.2",
}
_DEPTHS = (2, 2, 6, 2)
_TABLE = "relative_position_bias_table"
# What follows from the size of the image, and biases that have no effect.
_LEFT_OUT = (
    ".attn_mask",
    ".relative_position_index",
    ".attn.k.bias",
    ".attn.k2.bias",
    ".layer.norm2.bias",
    ".layer.norm3.bias",
)


def _blocks(official: str, ours: str, count: int, names: Mapping[str, str] = _BLOCKS) -> dict[str, str]:
    return {
        f"{official}.blocks.{i}.{theirs}": f"{ours}.{i}.{mine}" for i in range(count) for theirs, mine in names.items()
    }


def _encoder(official: str, ours: str) -> dict[str, str]:
    layers = {f"{official}.inc.proj": f"{ours}.embed", f"{official}.inc.norm": f"{ours}.norm"}
    for i, count in enumerate(_DEPTHS):
        name = f"{official}.down{i + 1}"
        layers |= _blocks(f"{name}.layer", f"{ours}.blocks.{i}", count)
        layers |= {
            f"{name}.downsample.norm": f"{ours}.halve.{i}.norm",
            f"{name}.downsample.reduction": f"{ours}.halve.{i}.reduce",
        }
    return layers


def _fusion(official: str, ours: str, count: int) -> dict[str, str]:
    return {
        **_blocks(official, f"{ours}.blocks", count, _FUSION_BLOCKS),
        **{f"{official}.norm{i + 1}": f"{ours}.norms.{i}" for i in range(3)},
    }


def _layers() -> dict[str, str]:
    layers = {**_encoder("coarse_down", "coarse"), **_encoder("fine_down", "fine")}
    layers |= _fusion("fine_up.layer", "bottom", 1)
    for i, count in enumerate(_DEPTHS):
        official, ours = f"fine_up.up{len(_DEPTHS) - i}", f"ups.{i}"
        layers |= {f"{official}.up.0": f"{ours}.enlarge.0", f"{official}.proj1": f"{ours}.join"}
        layers |= _fusion(f"{official}.layer", f"{ours}.fusion", 2)
        layers |= _blocks(f"{official}.layer2", f"{ours}.blocks", count)
    return layers | {"fine_up.outc.0": "head.0.0", "fine_up.outc.2": "head.1"}


_LAYERS = _layers()


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    translated = renamed({key: value for key, value in state.items() if not key.endswith(_LEFT_OUT)}, _LAYERS)
    return {key.replace(_TABLE, "table"): value for key, value in translated.items()}


def _image_size(state: Mapping[str, Tensor]) -> int:
    """The size below which windows would be smaller: 32 times the side of the coarsest window."""
    key = f"fine_up.layer.blocks.0.attn.{_TABLE}"
    if key not in state:
        raise InputError(f"The checkpoint has no tensor {key!r}; it is of another network.")
    return 32 * ((math.isqrt(int(state[key].shape[0])) + 1) // 2)


def _trained_size(state: Mapping[str, Tensor]) -> int:
    """The size of the images that it was trained on: the masks of the finest size tell the number of windows."""
    mask = state.get("coarse_down.down1.layer.blocks.1.attn_mask")
    least = _image_size(state)
    if mask is None or mask.ndim != 3:
        return least
    return max(least, 2 * math.isqrt(int(mask.shape[0])) * math.isqrt(int(mask.shape[1])))


def _configuration(state: Mapping[str, Tensor], rescaled: bool) -> dict[str, Any]:
    widths = [weight_shape(state, "fine_down.inc.proj")[0]]
    widths += [int(state[f"fine_down.down{i + 1}.downsample.reduction.weight"].shape[0]) for i in range(4)]
    bands = weight_shape(state, "fine_down.inc.proj")[1]
    return {
        "bands": bands,
        "image_size": _trained_size(state),
        "widths": widths,
        "rescaled": rescaled,
        "published": True,
    }


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The official codes take values in the range that the layers see."""
    return {"pred": network.signed(inputs["HR_t1"], inputs["LR_t1"], inputs["LR_t2"])}


def _family(rescaled: bool) -> Family:
    return Family(
        method="swinstfm",
        build=lambda config: SwinSTFM(
            setting(config, "bands"), setting(config, "img_size"), rescaled=rescaled, published=True
        ),
        translate=_translate,
        call=_call,
        configuration=lambda state: _configuration(state, rescaled),
    )


FAMILIES = {"stf_survey.swinstfm": _family(rescaled=False), "swinstfm.author": _family(rescaled=True)}
