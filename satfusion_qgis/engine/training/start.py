"""What a training starts from: the whole configuration of a network, and its first weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ...tasks.errors import InputError
from ...tasks.patch_set import PANSHARPENING, SPATIOTEMPORAL, PatchSet
from ..networks.build import settings_of_network

_PROBE, _NOTHING = 64, 1e-6
_WHOLE = 1e-6
_ANY_FRAMES = "trmisr"  # the encoder that takes any number of revisits
_SWIN_MULTIPLE = 32


def completed(given: Mapping[str, Any], network: str, patches: PatchSet, at_baseline: bool) -> dict[str, Any]:
    """Return a network's configuration with what it takes from the patches.

    Raises:
        InputError: The ratio of the revisits is no whole number, or there is no such network.
    """
    if patches.kind.task == PANSHARPENING:
        return {"bands": patches.bands, **given}
    if patches.kind.task == SPATIOTEMPORAL:
        return {**_known_of_pairs(settings_of_network(network), patches, at_baseline), **given}
    ratio = round(patches.ratio)
    if abs(patches.ratio - ratio) > _WHOLE or ratio < 1:
        raise InputError(f"PATCHES: the ratio is {patches.ratio:g}; networks for revisits need a whole number.")
    found = {"bands": patches.bands, "ratio": ratio, **given}
    names, frames = settings_of_network(network), {"frames": patches.frames}
    if "frames" in names:
        found = {**frames, **found}
    elif "encoder" in names and found.get("encoder") != _ANY_FRAMES:
        found["encoder_settings"] = {**frames, **(found.get("encoder_settings") or {})}
    return found


def _known_of_pairs(names: set[str], patches: PatchSet, at_baseline: bool) -> dict[str, Any]:
    """Return what networks for spatiotemporal fusion take from the patches, of the settings that one has.

    Args:
        names: Those of the settings.
        patches: The patches.
        at_baseline: Whether a network that can add its result to the interpolated change does so.
    """
    known = {
        "bands": patches.bands,
        "pairs": patches.pairs,
        "ratio": 2 ** max(1, round(math.log2(max(2.0, patches.ratio)))),
        "image_size": max(1, patches.side // _SWIN_MULTIPLE) * _SWIN_MULTIPLE,
        **({"on_change": True} if at_baseline else {}),
    }
    return {name: value for name, value in known.items() if name in names}


def load_state(network: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    """Load a state dict into a network.

    Raises:
        InputError: It belongs to another network.
    """
    try:
        network.load_state_dict(dict(state))
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{name} holds the weights of another network: {reason[:300].rstrip('. ')}.") from None


@torch.no_grad()
def start_at_interpolation(network: nn.Module, bands: int) -> bool:
    """Set a network's last layer to 0 where its output is then MS itself; return whether it is.

    Adding nothing is where plain interpolation stands; a random last layer adds noise that has to be unlearned first.
    """
    names = [name for name, _ in network.named_parameters()]
    if not names:
        return False
    layer = names[-1].rpartition(".")[0]
    own = {name: value for name, value in network.named_parameters() if name.rpartition(".")[0] == layer}
    kept = {name: value.clone() for name, value in own.items()}
    for value in own.values():
        value.zero_()
    generator = torch.Generator().manual_seed(0)
    ms, pan = (torch.rand(1, count, _PROBE, _PROBE, generator=generator) for count in (bands, 1))
    training, state = network.training, torch.get_rng_state()
    added = network.eval()(ms, pan) - ms
    torch.set_rng_state(state)
    network.train(training)
    if float(added.abs().max()) < _NOTHING:
        return True
    for name, value in own.items():
        value.copy_(kept[name])
    return False
