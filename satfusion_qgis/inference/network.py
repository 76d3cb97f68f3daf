"""A network as the pipeline sees it: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Optional, Protocol

from ..tasks.method import Array, Implementation, SceneInfo
from ..tasks.model_card import ModelCard


class Network(Protocol):
    """Weights at work on a device; may be called from several threads."""

    def __call__(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network.

        Args:
            inputs: By lower-case role name ("ms", "pan") a float32 array (batch, bands, rows, columns), normalised as
                the card says; roles that take a list have (batch, items, bands, rows, columns).
            cancelled: Tells whether the user has cancelled; asked between parts of the work.

        Returns:
            By lower-case output name ("output") a float32 array (batch, bands, rows, columns).

        Raises:
            Cancelled: `cancelled` said so.
            InputError: The device failed or has too little memory, and nothing smaller helped.
        """


class NetworkImplementation(Implementation):
    """Base of what surrounds a network; a session attaches the network before the first `fuse`.

    `fuse` may be called from several threads: while the network is busy with one window, another is made ready.
    Passes, halo and log lines need no network, so the pipeline plans and scans a scene without the engine.

    Args:
        parameters: Checked values by name.
        scene: What is known of the scene.
        card: The card of the weights.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo, card: ModelCard) -> None:
        super().__init__(parameters, scene)
        self.card = card
        self._network: Optional[Network] = None

    def attach(self, network: Network) -> None:
        """Take over the network that `fuse` will run."""
        self._network = network

    @property
    def network(self) -> Network:
        """The attached network."""
        if self._network is None:
            raise RuntimeError(f"{self.card.id} has no network attached.")
        return self._network
