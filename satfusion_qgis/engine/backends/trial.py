"""A network is run on a small image before it is let loose on a scene: does it do what its card says?"""

from __future__ import annotations

import numpy as np

from ...inference.model_files import never
from ...inference.network import network_inputs, network_multiple
from ...tasks.errors import InputError
from ...tasks.method import Array
from ...tasks.model_card import ModelCard
from .backend import Backend

_SIDE = 32
_RING = 8
_MOST_HALO = 128
_TOLERANCE = 1e-4


def try_out(card: ModelCard, backend: Backend, far: bool) -> None:
    """Run a network on random numbers of the size that normalised images have.

    Args:
        card: What it should do.
        backend: The network at work.
        far: Also find whether it sees farther than its halo, which a file without its network cannot be asked.

    Raises:
        InputError: It fails; it answers with another shape, or with values that are no numbers; or a pixel depends on
            others beyond the halo.
        OutOfMemoryError: The device has too little memory even for that.
    """
    factors = {item.name: item.factor for item in network_inputs(card)}
    multiple = network_multiple(card)
    halo = _up(card.halo, multiple)
    far = far and not card.global_context and halo <= _MOST_HALO
    ring = _up(_RING, multiple)
    side = 2 * (halo + ring) + multiple if far else _up(_SIDE, multiple)
    inputs = _random(card, side)
    answer = _answer(card, backend, inputs, side)
    if not far:
        return
    for name, image in inputs.items():
        if name == "masks":
            continue
        around = ring // factors[name]
        seen = image[..., around:-around, around:-around].copy()
        image *= -2
        image[..., around:-around, around:-around] = seen
    moved = _answer(card, backend, inputs, side)
    centre = (..., slice(halo + ring, -halo - ring), slice(halo + ring, -halo - ring))
    difference = np.abs(moved[centre] - answer[centre]).max()
    if difference > _TOLERANCE * max(1.0, float(np.abs(answer).max())):
        raise InputError(f"MODEL: the network of {card.id} sees farther than the halo of {card.halo} on its card.")


def _answer(card: ModelCard, backend: Backend, inputs: dict[str, Array], side: int) -> Array:
    answer = backend.run(inputs, never)["output"]
    expected = (1, card.output_bands, side, side)
    if answer.shape != expected:
        raise InputError(
            f"MODEL: {card.id} answers with {answer.shape[1:]} (bands, rows, columns) where its card says "
            f"{expected[1:]}."
        )
    if not np.isfinite(answer).all():
        raise InputError(f"MODEL: {card.id} gives values that are no numbers; its weights are damaged.")
    return answer


def _random(card: ModelCard, side: int) -> dict[str, Array]:
    generator = np.random.default_rng(0)
    inputs = {}
    for item in network_inputs(card):
        images = () if item.items is None else (item.items,)
        shape = (1, *images, item.bands, side // item.factor, side // item.factor)
        # All of every revisit counts.
        known = np.ones(shape, np.float32) if item.name == "masks" else None
        inputs[item.name] = generator.standard_normal(shape, np.float32) if known is None else known
    return inputs


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple
