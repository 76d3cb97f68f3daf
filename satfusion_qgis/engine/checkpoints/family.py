"""What is known of one official implementation of a network, so that its checkpoints can be read.

A family is one official class with one wiring. It names our network and says how to build it, how to rename an official
state dict, and what the official code does around the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from torch import Tensor, nn


@dataclass(frozen=True)
class Family:
    """One official implementation of a network.

    Attributes:
        method: Our method id ("pnn").
        build: Official configuration, in the official names -> our network, with its constructor's weights.
        translate: Official state dict -> the state dict of our network. Drops what the official code never uses and the
            second names of one tensor; raises `InputError` for a key that it does not know or that is missing.
        call: (our network, inputs by the official argument names) -> outputs by name ("output" and, where there are,
            intermediate values). Does what the official code does around the network, such as enlarging MS.
        configuration: Official state dict -> the keyword arguments of our network, read from keys and shapes; for a
            checkpoint that comes without its configuration.
        method_of: Official state dict -> our method id, where one official class holds several of our networks; None:
            always `method`.
        part: What it is beside the network that predicts, and serves training alone ("discriminator"); "" for that
            network itself. Checkpoints of parts are recognised, and refused.
    """

    method: str
    build: Callable[[Mapping[str, Any]], nn.Module]
    translate: Callable[[Mapping[str, Tensor]], dict[str, Tensor]]
    call: Callable[[nn.Module, Mapping[str, Tensor]], dict[str, Tensor]]
    configuration: Callable[[Mapping[str, Tensor]], dict[str, Any]]
    method_of: Optional[Callable[[Mapping[str, Tensor]], str]] = None
    part: str = ""
