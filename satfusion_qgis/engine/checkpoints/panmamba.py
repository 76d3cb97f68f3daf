"""Pan-Mamba's official implementations: its authors' own, for any 4 bands, and a copy in SatFusion's code for 3.

Both sum the branches of MS and PAN as two Mamba layers with one output, forget the residual streams between stages and
normalise twice in the mixing blocks. The authors' code enlarges MS by nearest neighbour, so a checkpoint of theirs
wants MS interpolated so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.pansharpening.panmamba import PanMamba
from .family import Family
from .official import call_on_pan_grid, renamed, setting, weight_shape

# What the official code does that our network does not by default.
OFFICIAL = {"norm_twice": True, "drop_residuals": True}
# Tensors of a scan, which belong to no layer of their own there.
_SCANS = {"A_log": "scan.A_log", "D": "scan.D", "A_b_log": "scan_b.A_log", "D_b": "scan_b.D"}


def _branch(official: str, ours: str, suffix: str = "") -> dict[str, str]:
    """Layers of one branch of a Mamba layer; `suffix` marks the second one."""
    layers = {f"{official}.{name}{suffix}": f"{ours}.{name}" for name in ("x_proj", "dt_proj")}
    return {
        **layers,
        f"{official}.in_proj{'_extra' if suffix else ''}": f"{ours}.in_proj",
        f"{official}.conv1d{suffix}": f"{ours}.conv",
        f"{official}.scan{suffix}": ours,
    }


def _mamba(official: str, ours: str) -> dict[str, str]:
    return {**_branch(official, f"{ours}.branch"), f"{official}.out_proj": f"{ours}.out_proj"}


def _encoder(name: str) -> dict[str, str]:
    layers = {f"{name}.0": f"{name}.0"}
    for i in range(1, 4):
        for official, ours in (("conv_1", "first"), ("conv_2", "second"), ("norm", "norm")):
            layers[f"{name}.{i}.{official}"] = f"{name}.{i}.{ours}"
    return layers


def _layers(single: int, swap: int, cross: int) -> dict[str, str]:
    """Official layer names to ours, for so many blocks of each kind."""
    layers = {
        "shallow_fusion1": "ms_fusion",
        "shallow_fusion2": "pan_fusion",
        "output.conv_in": "head.0",
        "output.process.0.process.0": "head.1.first",
        "output.process.0.process.2": "head.1.second",
        "output.process.0.conv_du.0": "head.1.squeeze",
        "output.process.0.conv_du.2": "head.1.excite",
        "output.conv_last": "head.2",
    }
    for image in ("ms", "pan"):
        layers |= {**_encoder(f"{image}_encoder"), f"{image}_to_token.proj": f"{image}_tokens"}
        for i in range(single):
            official, ours = f"{image}_feature_extraction.{i}", f"{image}_blocks.{i}"
            layers |= {**_mamba(f"{official}.encoder", f"{ours}.mamba"), f"{official}.norm.body": f"{ours}.norm"}
    for i in range(swap):
        for image, norm in (("ms", "norm1"), ("pan", "norm2")):
            official, ours = f"swap_mamba{i + 1}", f"swap_blocks.{i}.{image}"
            layers |= {
                **_mamba(f"{official}.{image}encoder", f"{ours}_mamba"),
                f"{official}.{norm}.body": f"{ours}_norm",
            }
    for i in range(cross):
        official, ours = f"deep_fusion{i + 1}", f"cross_blocks.{i}"
        layers |= {
            **_branch(f"{official}.cross_mamba", f"{ours}.ms_branch"),
            **_branch(f"{official}.cross_mamba", f"{ours}.pan_branch", "_b"),
            f"{official}.cross_mamba.out_proj": f"{ours}.out_proj",
            f"{official}.norm1.body": f"{ours}.ms_norm",
            f"{official}.norm2.body": f"{ours}.pan_norm",
            f"{official}.dwconv": f"{ours}.depthwise",
        }
    return layers


_LAYERS = _layers(single=8, swap=2, cross=5)
# Registered by the official code and never called.
_UNUSED = tuple(
    f"{image}_{layer}"
    for image in ("ms", "pan")
    for layer in ("encoder.1.identity", "encoder.2.identity", "encoder.3.identity", "to_token.norm.body")
)


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    layered = {}
    for key, tensor in state.items():
        layer, dot, name = key.rpartition(".")
        layered[f"{layer}{dot}{_SCANS.get(name, name)}"] = tensor
    return renamed(layered, _LAYERS, _UNUSED)


def _build(config: Mapping[str, Any]) -> PanMamba:
    mamba = setting(config, "mamba")
    return PanMamba(
        setting(config, "ms_channels"),
        width=setting(config, "base_filter"),
        state=setting(mamba, "d_state"),
        expand=setting(mamba, "expand"),
        kernel=setting(mamba, "d_conv"),
        **OFFICIAL,
    )


def _shape(state: Mapping[str, Tensor], key: str) -> tuple[int, ...]:
    """Shape of a tensor of the checkpoint.

    Raises:
        InputError: There is no such tensor.
    """
    if key not in state:
        raise InputError(f"The checkpoint has no tensor {key!r}; it is of another network.")
    return tuple(int(size) for size in state[key].shape)


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    bands, width, _, _ = weight_shape(state, "output.conv_last")
    inner, _, kernel = _shape(state, "deep_fusion1.cross_mamba.conv1d.weight")
    states = _shape(state, "deep_fusion1.cross_mamba.A_log")[1]
    return {"bands": bands, "width": width, "state": states, "expand": inner // width, "kernel": kernel, **OFFICIAL}


def _call_enlarging(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    ms = nn.functional.interpolate(inputs["ms"], size=inputs["pan"].shape[-2:], mode="nearest")
    return {"output": network(ms, inputs["pan"])}


FAMILIES = {
    "satfusion.panmamba": Family(
        method="panmamba",
        build=_build,
        translate=_translate,
        call=call_on_pan_grid,
        configuration=_configuration,
    ),
    "panmamba.original": Family(
        method="panmamba", build=_build, translate=_translate, call=_call_enlarging, configuration=_configuration
    ),
}
