"""Making a network from its name in the catalogue and the configuration on a model card."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Mapping
from typing import Any

from torch import nn

from ...tasks.errors import InputError

_NAME = re.compile(r"engine\.networks((?:\.[a-z][a-z0-9_]*)+):([A-Za-z][A-Za-z0-9_]*)")


def build(network: str, configuration: Mapping[str, Any]) -> nn.Module:
    """Return a new network.

    Args:
        network: "module:Class" below the package, within `engine.networks` alone
            ("engine.networks.pansharpening.dicnn:DiCNN").
        configuration: Keyword arguments of the class.

    Raises:
        InputError: There is no such network, or it does not take the configuration.
    """
    match = _NAME.fullmatch(network)
    if match is None:
        raise InputError(f"The network {network!r} is not one of this version's.")
    try:
        module = importlib.import_module(f"{__package__}{match[1]}")
        made = getattr(module, match[2])
    except (ImportError, AttributeError):
        raise InputError(f"The network {network!r} is not one of this version's.") from None
    if not (inspect.isclass(made) and issubclass(made, nn.Module)):
        raise InputError(f"The network {network!r} is not one of this version's.")
    try:
        inspect.signature(made).bind(**configuration)
        built: nn.Module = made(**configuration)
    except (TypeError, ValueError) as error:
        raise InputError(f"The network {match[2]} does not take its configuration: {error}.") from None
    return built
