"""A network from its name and configuration."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Collection, Mapping
from typing import Any

from torch import nn

from ...tasks.errors import InputError

_NAME = re.compile(r"engine\.networks((?:\.[a-z][a-z0-9_]*)+):([A-Za-z][A-Za-z0-9_]*)")


def build(network: str, configuration: Mapping[str, Any]) -> nn.Module:
    """Make a network with its starting weights.

    Args:
        network: "module:Class" below `satfusion_qgis`, within `engine.networks`.
        configuration: Keyword arguments of the class.

    Raises:
        InputError: There is no such network, or the configuration is not one of its own.
    """
    made = _class(network)
    try:
        return made(**configuration)
    except Exception as error:  # a card may hold anything, and PyTorch's own checks raise various errors
        said = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        raise InputError(
            f"{made.__name__} cannot be made with the configuration {dict(configuration)}: {said}."
        ) from None


def absent(names: Collection[str]) -> dict[str, None]:
    """Return the arguments that a network must be given, as None, where its inputs do not hold them.

    Args:
        names: Names of the inputs.
    """
    if "revisits" in names:
        return {} if "masks" in names else {"masks": None}
    return {"coarse_1": None} if "fine_1" in names and "coarse_1" not in names else {}


def settings_of_network(network: str) -> set[str]:
    """Return the names of the keyword arguments that a network takes.

    Raises:
        InputError: There is no such network.
    """
    return set(inspect.signature(_class(network)).parameters)


def _class(network: str) -> type[nn.Module]:
    match = _NAME.fullmatch(network)
    if match is None:
        raise InputError(f"The network {network!r} is none of this version.")
    try:
        made = getattr(importlib.import_module(f"{__package__}{match[1]}"), match[2])
    except (ImportError, AttributeError) as error:
        raise InputError(f"The network {network!r} cannot be loaded: {error}.") from None
    if not (inspect.isclass(made) and issubclass(made, nn.Module)):
        raise InputError(f"The network {network!r} is none of this version.")
    return made
