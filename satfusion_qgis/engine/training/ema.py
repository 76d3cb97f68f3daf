"""An exponential moving average of a network's weights, which gives better images than the last weights do.

The share of the old average rises with the steps, 1 - (1 + steps)^(-2/3), up to the one that is wanted: at first the
weights are far from where they will be.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

_POWER = 2 / 3
_COPIES = 101


class Average:
    """The average of a network's weights.

    Args:
        network: The network that is trained.
        share: Largest share of the old average at each update, below 1.
        published: As a published code has it: the first hundred updates copy the weights.

    Attributes:
        network: A network with the average's weights.
        updates: Updates done.
    """

    def __init__(self, network: nn.Module, share: float, published: bool = False) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False)
        self.updates = 0
        self._share, self._published = share, published

    def share(self) -> float:
        """Return the old average's share at the next update."""
        steps = self.updates - _COPIES if self._published else self.updates
        return 0.0 if steps <= 0 else min(self._share, 1 - (1 + steps) ** -_POWER)

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take in the network's weights; what is no weight, such as running means, is copied."""
        share = self.share()
        self.updates += 1
        learnt = {name for name, _ in network.named_parameters()}
        own = self.network.state_dict()
        for name, value in network.state_dict().items():
            kept = own[name]
            if name in learnt and share:
                kept.lerp_(value.to(kept), 1 - share)
            else:
                kept.copy_(value)

    def state(self) -> dict[str, Tensor]:
        """Return the average's weights."""
        return dict(self.network.state_dict())

    def load(self, state: Mapping[str, Tensor], updates: int) -> None:
        """Go on from an earlier average."""
        self.network.load_state_dict(dict(state))
        self.updates = updates
