"""A network as the pipeline sees it: arrays in, arrays out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Optional, Protocol

from ..tasks.method import Array, Implementation, SceneInfo
from ..tasks.model_card import ModelCard

REVISITS = "REVISITS"


class Network(Protocol):
    """Weights at work on a device; called by one thread at a time."""

    def __call__(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network.

        Args:
            inputs: By name (see `network_inputs`) a float32 array (batch, bands, rows, columns), normalised as the card
                says; several images of one role have (batch, items, bands, rows, columns). A network that draws its
                result also gets "origin" (1, 2): row and column of the upper left pixel in the scene.
            cancelled: Tells whether the user has cancelled; asked between parts of the work.

        Returns:
            By lower-case output name ("output", and "spread" of a network that draws its result) a float32 array
            (batch, bands, rows, columns).

        Raises:
            Cancelled: `cancelled` said so.
            InputError: The device failed or has too little memory, and nothing smaller helped.
        """


@dataclass(frozen=True)
class NetworkInput:
    """An array that a network gets.

    Attributes:
        name: Name of the argument and of the graph's input.
        bands: Its bands.
        factor: Fine pixels along one of its pixels: 1, or the ratio for images on the coarse lattice.
        items: Fewest images; None where it is one image without an axis of its own.
    """

    name: str
    bands: int
    factor: int = 1
    items: Optional[int] = None


def network_inputs(card: ModelCard) -> tuple[NetworkInput, ...]:
    """Return what a card's network gets: an image for each role by its lower-case name ("ms", "pan").

    Of pairs of images it gets each by its role's name ("fine_1", "coarse_target").

    Of revisits it gets "revisits" (batch, items, bands, rows, columns) on the coarse lattice, "masks" with one band
    where it takes masks, and "base" on the fine grid where the card names what it adds to.
    """
    found = []
    for item in card.inputs:
        if item.role != REVISITS:
            found.append(NetworkInput(item.role.lower(), len(item.bands)))
            continue
        ratio, items = round(card.ratio[0]), max(item.min_count, 1)
        found.append(NetworkInput("revisits", len(item.bands), ratio, items))
        if item.masks:
            found.append(NetworkInput("masks", 1, ratio, items))
        if card.residual_of is not None:
            found.append(NetworkInput("base", len(item.bands)))
    return tuple(found)


def network_multiple(card: ModelCard) -> int:
    """Return what window sides on the fine grid are a multiple of, so that every input has whole pixels."""
    return math.lcm(card.multiple, *(item.factor for item in network_inputs(card)))


class NetworkImplementation(Implementation):
    """Base of what surrounds a network; a session attaches the network before the first `fuse`.

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
