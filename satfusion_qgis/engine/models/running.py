"""Networks of models: made from card and weights, and tried on small images."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Optional

import torch
from torch import Tensor, nn

from ...catalogue import CATALOGUE
from ...inference.network import NetworkInput
from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from ..backends.torch_backend import load_network
from ..networks.build import absent

TRIED = (32, 40)


def model_network(card: ModelCard) -> nn.Module:
    """Return a model's network with its weights, on the CPU, in eval mode.

    Raises:
        InputError: The weights are missing, damaged, not finite, or not those of the network that the card describes.
    """
    method = CATALOGUE.method(card.task, card.method)
    if not method.network:
        raise InputError(f"The model {card.id} is of {method.title}, which has no network in this version.")
    return load_network(card, method.network)


def sample(bands: int, pan_bands: int, rows: int, columns: int, batch: int = 1, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return smooth random images between 0 and 1: MS on PAN's grid [batch, bands, rows, columns], and PAN."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(batch, bands + pan_bands, max(2, rows // 4), max(2, columns // 4), generator=generator)
    image = torch.nn.functional.interpolate(coarse, (rows, columns), mode="bilinear", align_corners=False)
    return image[:, :bands].contiguous(), image[:, bands:].contiguous()


def example(
    inputs: Sequence[NetworkInput], rows: int, columns: int, batch: int = 1, seed: int = 0, items: Optional[int] = None
) -> dict[str, Tensor]:
    """Return images that a network may get, between 0 and 1, by name.

    MS and PAN are those of `sample`. Revisits show one scene, each with some noise of its own and with holes in its
    mask; the base is that scene blurred, and PAN the mean of its bands. Pairs show one scene whose brightness changes
    from date to date, in fine and, blurred, in coarse images.

    Args:
        inputs: What the network gets.
        rows: Rows of the fine grid, at least; whole pixels of all grids are given.
        columns: Columns, likewise.
        batch: Number of scenes.
        seed: Of the random numbers.
        items: Number of revisits; None for the fewest.
    """
    by_name = {item.name: item for item in inputs}
    whole = math.lcm(*(item.factor for item in inputs))
    rows, columns = -(-rows // whole) * whole, -(-columns // whole) * whole
    if "fine_1" in by_name:
        return {name: _dated(name, by_name[name].bands, rows, columns, batch, seed) for name in by_name}
    if "revisits" not in by_name:
        ms, pan = sample(by_name["ms"].bands, by_name["pan"].bands, rows, columns, batch, seed)
        return {"ms": ms, "pan": pan}
    revisits = by_name["revisits"]
    count = items or revisits.items or 1
    scene, more = sample(revisits.bands, 1, rows, columns, batch, seed)
    coarse = torch.nn.functional.avg_pool2d(scene, revisits.factor)
    generator = torch.Generator().manual_seed(seed + 1)
    shape = (batch, count, *coarse.shape[1:])
    found = {
        "revisits": coarse[:, None] + 0.05 * torch.randn(shape, generator=generator),
        "masks": (torch.rand(batch, count, 1, *shape[-2:], generator=generator) > 0.1).float(),
        "base": torch.nn.functional.interpolate(coarse, (rows, columns), mode="bilinear", align_corners=False),
        "pan": 0.8 * scene.mean(1, keepdim=True) + 0.2 * more,
    }
    return {name: found[name] for name in by_name}


def _dated(name: str, bands: int, rows: int, columns: int, batch: int, seed: int) -> Tensor:
    """Return an image of a pair, or the coarse one of the target's date, by its name."""
    scene, change = (sample(bands, 1, rows, columns, batch, seed + 10 * part)[0] for part in (0, 1))
    share = {"1": 0.0, "2": 0.4, "target": 0.2}[name.rpartition("_")[2]]
    image = (1 - share) * scene + share * change
    if name.startswith("coarse"):
        return torch.nn.functional.avg_pool2d(image, 5, 1, 2, count_include_pad=False)
    return image


def answer(network: nn.Module, inputs: Mapping[str, Tensor], origin: tuple[int, int] = (0, 0)) -> Tensor:
    """Run a network on inputs by name; what it does not get is None.

    Args:
        network: The network.
        inputs: Images by name.
        origin: Row and column of the upper left pixel, of which the noise of a network that draws its result follows.
    """
    answers: Any = getattr(network, "answers", None)
    if answers is not None:
        output: Tensor = answers(**inputs, origin=torch.tensor([origin]))["output"]
        return output
    output = network(**inputs, **absent(inputs))
    return output


@contextmanager
def one_draw(network: nn.Module) -> Iterator[None]:
    """Let a network that draws its result several times draw once; another one is as it was."""
    samples: Any = getattr(network, "samples", None)
    if samples is None:
        yield
        return
    network.samples = 1
    try:
        yield
    finally:
        network.samples = samples


def try_out(network: nn.Module, inputs: Sequence[NetworkInput], source: str) -> Tensor:
    """Run a network on a small image and return its output [1, bands, rows, columns].

    Raises:
        InputError: It fails, or gives another shape or values that are not finite.
    """
    images = example(inputs, *TRIED)
    bands = inputs[0].bands
    try:
        with torch.inference_mode(), one_thread(), one_draw(network):
            output = answer(network, images)
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(f"The network of {source} fails on a small image with {bands} bands: {first[0]}.") from None
    wanted = [1, bands, *fine_size(inputs, images)]
    if list(output.shape) != wanted:
        raise InputError(f"The network of {source} gives {list(output.shape)} in place of {wanted}.")
    if not output.isfinite().all():
        raise InputError(f"The network of {source} gives values that are not finite; its weights are of no use.")
    return output


def fine_size(inputs: Sequence[NetworkInput], images: Mapping[str, Tensor]) -> tuple[int, int]:
    """Return the rows and columns of the fine grid that images by name cover."""
    first = inputs[0]
    rows, columns = images[first.name].shape[-2:]
    return first.factor * rows, first.factor * columns


@contextmanager
def one_thread() -> Iterator[None]:
    """Run small things on one thread, on which they are faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
