"""Parts that the families share: renaming a state dict, reading shapes from it, enlarging MS as official code does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError


def renamed(state: Mapping[str, Tensor], layers: Mapping[str, str], unused: tuple[str, ...] = ()) -> dict[str, Tensor]:
    """Rename the layers of a state dict.

    Args:
        state: Official state dict.
        layers: Official layer name ("conv1") -> ours ("layers.0"); a key is a layer name, a dot and a tensor name.
        unused: Official layers that are left out: never called, or second names of others.

    Raises:
        InputError: A key belongs to none of these layers.
    """
    result: dict[str, Tensor] = {}
    for key, tensor in state.items():
        layer, _, name = key.rpartition(".")
        if layer in layers:
            result[f"{layers[layer]}.{name}"] = tensor
        elif layer not in unused:
            raise InputError(
                f"The checkpoint has a tensor {key!r} that this network does not; it is of another network."
            )
    return result


def renaming(
    layers: Mapping[str, str], unused: tuple[str, ...] = ()
) -> Callable[[Mapping[str, Tensor]], dict[str, Tensor]]:
    """Return `renamed` with these tables: a family's `translate`."""
    return lambda state: renamed(state, layers, unused)


def weight_shape(state: Mapping[str, Tensor], layer: str) -> tuple[int, int, int, int]:
    """Return (outputs, inputs, rows, columns) of a convolution's weight.

    Raises:
        InputError: The state dict has no such weight.
    """
    key = f"{layer}.weight"
    if key not in state or state[key].ndim != 4:
        raise InputError(f"The checkpoint has no convolution {key!r}; it is of another network.")
    outputs, inputs, rows, columns = (int(size) for size in state[key].shape)
    return outputs, inputs, rows, columns


def enlarged(ms: Tensor, pan: Tensor) -> Tensor:
    """Enlarge MS [B, bands, h, w] to PAN's size bilinearly, by half-pixel centres."""
    return nn.functional.interpolate(ms, size=pan.shape[-2:], mode="bilinear", align_corners=False)


def call_on_pan_grid(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Run a network whose official code takes MS at PAN's size."""
    return {"output": network(inputs["ms"], inputs["pan"])}


def call_enlarging(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Run a network whose official code takes MS at its own size and enlarges it bilinearly."""
    return {"output": network(enlarged(inputs["ms"], inputs["pan"]), inputs["pan"])}


def setting(config: Mapping[str, Any], name: str) -> Any:
    """Return a setting of an official configuration.

    Raises:
        InputError: The configuration lacks it.
    """
    if name not in config:
        raise InputError(f"The official configuration has no {name!r}.")
    return config[name]
