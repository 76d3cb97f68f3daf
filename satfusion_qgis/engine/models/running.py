"""Networks of models: made from card and weights, and tried on small images."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ...catalogue import CATALOGUE
from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from ..backends.torch_backend import load_network

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


def try_out(network: nn.Module, bands: int, pan_bands: int, source: str) -> Tensor:
    """Run a network on a small image and return its output [1, bands, rows, columns].

    Raises:
        InputError: It fails, or gives another shape or values that are not finite.
    """
    ms, pan = sample(bands, pan_bands, *TRIED)
    try:
        with torch.inference_mode(), one_thread():
            output = network(ms, pan)
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(f"The network of {source} fails on a small image with {bands} bands: {first[0]}.") from None
    if output.shape != ms.shape:
        raise InputError(f"The network of {source} gives {list(output.shape)} for MS of {list(ms.shape)}.")
    if not output.isfinite().all():
        raise InputError(f"The network of {source} gives values that are not finite; its weights are of no use.")
    return output


@contextmanager
def one_thread() -> Iterator[None]:
    """Run small things on one thread, on which they are faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
