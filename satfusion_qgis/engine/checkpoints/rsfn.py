"""RSFN's official implementation: its generator, and the auto-encoder of its loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..networks.spatiotemporal.rsfn import RSFN, RSFNAutoEncoder
from .family import Family
from .official import renaming, setting, weight_shape


def _block(official: str, ours: str, size: str = "same", norm: bool = False) -> dict[str, str]:
    """Layers of a residual block: the official ones are numbered with an enlargement and normalisations between."""
    start = int(size == "double")
    side = "transform.1" if start else "transform.0" if norm else "transform"
    return {
        f"{official}.residual.{start}.1": f"{ours}.first",
        f"{official}.residual.{start + 2 + norm}": f"{ours}.second",
        f"{official}.{side}": f"{ours}.side",
    }


_GENERATOR = {
    **_block("fencoder.0", "fine.0"),
    **_block("fencoder.1", "fine.1"),
    **_block("fencoder.2", "fine.2", "double"),
    **{name: ours for i in range(3) for name, ours in _block(f"cencoder.{i}", f"coarse.{i}").items()},
    **{
        name: ours
        for i in range(7)
        for name, ours in _block(f"attention.{i}", f"attention.{i}", "half" if i < 3 else "double", True).items()
    },
    **_block("tweak", "tweak"),
    **{name: ours for i in range(3) for name, ours in _block(f"decoder.{i}", f"decoder.{i}").items()},
    "decoder.3": "decoder.3",
}
_AUTO_ENCODER = {
    **{name: ours for i in range(4) for name, ours in _block(f"conv{i + 1}", f"encoder.{i}").items()},
    **{name: ours for i in range(3) for name, ours in _block(f"conv{i + 5}", f"decoder.{i}", "double").items()},
    "conv8": "last",
}


def _generator(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"cencoder.{i}.transform")[0] for i in range(3)]
    return {"bands": weight_shape(state, "decoder.3")[0], "widths": widths, "norm": "instance"}


def _auto_encoder(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"conv{i + 1}.transform")[0] for i in range(4)]
    return {"bands": weight_shape(state, "conv8")[0], "widths": widths}


FAMILIES = {
    "rsfn.generator": Family(
        method="rsfn",
        build=lambda config: RSFN(setting(config, "bands"), setting(config, "channels"), norm="instance"),
        translate=renaming(_GENERATOR),
        call=lambda network, inputs: {
            "prediction": network(inputs["fine_prev"], None, inputs["coarse"], inputs["fine_next"])
        },
        configuration=_generator,
    ),
    "rsfn.autoencoder": Family(
        method="rsfn",
        build=lambda config: RSFNAutoEncoder(setting(config, "bands"), setting(config, "channels")),
        translate=renaming(_AUTO_ENCODER),
        call=lambda network, inputs: {"reconstruction": network(inputs["image"])},
        configuration=_auto_encoder,
        part="auto-encoder",
    ),
}
