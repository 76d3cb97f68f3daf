"""A network from its name and configuration."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from torch import nn

from ...tasks.errors import InputError

_PACKAGE = "engine.networks."


def build(network: str, configuration: Mapping[str, Any]) -> nn.Module:
    """Make a network with its starting weights.

    Args:
        network: "module:Class" below `satfusion_qgis`, within `engine.networks`.
        configuration: Keyword arguments of the class.

    Raises:
        InputError: There is no such network, or the configuration is not one of its own.
    """
    module, _, name = network.partition(":")
    if not module.startswith(_PACKAGE):
        raise InputError(f"The network {network!r} is none of this version.")
    try:
        made = getattr(importlib.import_module(f"satfusion_qgis.{module}"), name)
    except (ImportError, AttributeError) as error:
        raise InputError(f"The network {network!r} cannot be loaded: {error}.") from None
    try:
        return made(**configuration)
    except Exception as error:  # a card may hold anything, and PyTorch's own checks raise various errors
        said = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        raise InputError(f"{name} cannot be made with the configuration {dict(configuration)}: {said}.") from None
