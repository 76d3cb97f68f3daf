"""Finds out which official network a checkpoint's weights are of, by their names and shapes alone."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, Union

from torch import Tensor, nn

from ...catalogue import CATALOGUE
from ...tasks.errors import InputError
from ...tasks.method import Method
from ..checkpoints import MODULES, family
from ..networks.build import build
from .origins import origin_of

# What wrappers put before every name: parallel and compiled modules, training programs, the frameworks' own parts.
_PREFIXES = ("module.", "_orig_mod.", "model.", "net.", "network.", "generator.", "MISR.", "Sharpening.blockSharp.")
_MOST_PREFIXES = 4


@dataclass(frozen=True)
class Match:
    """A checkpoint, understood.

    Attributes:
        family: Name of the official implementation.
        method: Our method id.
        configuration: Keyword arguments of our network.
        network: Our network, holding the weights.
        prefix: What stood before the names of its weights.
        others: Names of weights that belong to something else.
    """

    family: str
    method: str
    configuration: dict[str, Any]
    network: nn.Module
    prefix: str
    others: tuple[str, ...]


def described(method: str) -> Method:
    """Return what is known of a network's method, of whatever task.

    Raises:
        InputError: No method of this id has a network.
    """
    for candidate in CATALOGUE.methods:
        if candidate.id == method and candidate.network:
            return candidate
    raise InputError(f"The method {method} has no network.")


def network_of(method: str, configuration: Mapping[str, Any]) -> nn.Module:
    """Return a new network of a method.

    Raises:
        InputError: The method has no network, or it does not take the configuration.
    """
    return build(described(method).network, configuration).eval()


def recognise(state: Mapping[str, Tensor], source: str, wanted: str = "") -> Match:
    """Return which network the weights are of.

    Args:
        state: Weights by the names that the checkpoint gives them.
        source: The checkpoint's path, for errors.
        wanted: Name of the family, where the user has given it.

    Raises:
        InputError: No network fits, or several do and `wanted` names none of them.
    """
    if wanted:
        family(wanted)
    names = [wanted] if wanted else [name for name in sorted(MODULES) if not family(name).part]
    views = _views(state)
    tried = [_tried(name, prefix, view) for prefix, view in views.items() for name in names]
    found = [match for match in tried if isinstance(match, Match)]
    if not found:
        part = next((known for known in map(_part_of, views.values()) if known), None)
        if part is not None:
            raise InputError(
                f"The weights in {source} are those of {part}, which serves its training alone; give those of the "
                "network that predicts, the generator."
            )
        raise InputError(_nothing_fits(source, wanted, [reason for reason in tried if isinstance(reason, str)], state))
    # A part of a network is a network too: what explains most of the weights is meant.
    most = max(len(views[match.prefix]) for match in found)
    found = _likely([match for match in found if wanted or len(views[match.prefix]) == most])
    if len({match.family for match in found}) > 1:
        fitting = ", ".join(sorted({match.family for match in found}))
        raise InputError(f"The weights in {source} fit several official codes: say which by FAMILY: {fitting}.")
    match = max(found, key=lambda item: len(views[item.prefix]))
    others = tuple(name for name in state if not name.startswith(match.prefix))
    match = Match(match.family, match.method, match.configuration, match.network, match.prefix, others)
    if not wanted and any(name.startswith(("MISR.", "color_correct.", "Sharpening.")) for name in _bare(others)):
        raise InputError(
            f"{source} is a whole SatFusion network, of which only a part is known here: FAMILY={match.family} takes "
            "that part alone, which then works without the rest that it was trained with."
        )
    return match


def _views(state: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Return the weights below each prefix, by the prefix, which may be of several parts."""
    views = {"": dict(state)}
    newest = [""]
    for _ in range(_MOST_PREFIXES):
        added = []
        for before in newest:
            for part in _PREFIXES:
                inside = {name[len(part) :]: value for name, value in views[before].items() if name.startswith(part)}
                if inside:
                    views[before + part] = inside
                    added.append(before + part)
        newest = added
    return views


def _bare(names: tuple[str, ...]) -> list[str]:
    """Return names without the prefixes that training programs put before them."""
    bare = []
    for name in names:
        while name.startswith(_PREFIXES[:6]):
            name = name.partition(".")[2]
        bare.append(name)
    return bare


def _tried(name: str, prefix: str, state: Mapping[str, Tensor]) -> Union[Match, str]:
    """Return the match of weights with a family, or why they do not match."""
    known = family(name)
    try:
        configuration = known.configuration(state)
        ours = known.translate(state)
        method = known.method_of(state) if known.method_of else known.method
        network = network_of(method, configuration)
    except (InputError, KeyError, IndexError, TypeError, ValueError, RuntimeError, ZeroDivisionError) as error:
        return str(error)
    reason = _loaded(network, ours)
    if reason is not None:
        return reason
    return Match(name, method, configuration, network, prefix, ())


def _part_of(state: Mapping[str, Tensor]) -> Optional[str]:
    """Return which network's part for training the weights are of, such as "GAN-STFM's discriminator", or None."""
    for name in sorted(MODULES):
        known = family(name)
        if not known.part:
            continue
        try:
            known.configuration(state)
            known.translate(state)
        except (InputError, KeyError, IndexError, TypeError, ValueError, RuntimeError, ZeroDivisionError):
            continue
        return f"{described(known.method).title}'s {known.part}"
    return None


def _loaded(network: nn.Module, state: Mapping[str, Tensor]) -> Optional[str]:
    """Load weights strictly; return why they do not fit, or None where they did."""
    own = network.state_dict()
    missing, foreign = sorted(set(own) - set(state)), sorted(set(state) - set(own))
    if missing or foreign:
        return f"{(missing or foreign)[0]} is {'missing' if missing else 'not of this network'}"
    for name, tensor in state.items():
        if tensor.shape != own[name].shape:
            return f"{name} has the shape {list(tensor.shape)} in place of {list(own[name].shape)}"
    network.load_state_dict(state, strict=True)
    return None


def _likely(found: list[Match]) -> list[Match]:
    """Return the matches that a published network makes more likely than the others: by its sizes, then its bands."""
    published = [match for match in found if _has_published_sizes(match)] or found
    return [
        match for match in published if match.configuration.get("bands") in origin_of(match.family).bands
    ] or published


def _has_published_sizes(match: Match) -> bool:
    """Tell whether every size is the one that our network has where nothing is said: the published one."""
    usual = inspect.signature(type(match.network)).parameters
    sizes = {name: value for name, value in match.configuration.items() if name != "bands" and _is_size(value)}
    return all(name in usual and _plain(usual[name].default) == _plain(value) for name, value in sizes.items())


def _is_size(value: Any) -> bool:
    return not isinstance(value, (bool, str, type(None)))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else value


def _nothing_fits(source: str, wanted: str, reasons: list[str], state: Mapping[str, Tensor]) -> str:
    if wanted:
        reason = reasons[-1].rstrip(".") if reasons else "its names are others"
        return f"The weights in {source} are not those of {wanted}: {reason}."
    first = ", ".join(list(state)[:3])
    return (
        f"The weights in {source} ({len(state)} tensors: {first}, ...) are of no network that is known here: "
        f"{', '.join(sorted(MODULES))}."
    )
