"""From an image's units to a network's and back: normalise(clip(value * scale + offset)), as the model card says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

import numpy as np

from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, Pass, State
from ..tasks.model_card import CardInput
from ..tasks.window import BlockWindow, Window

STATISTICS = "statistics"


class Moments(NamedTuple):
    """Of some valid pixels: how many, and for each band their mean and the sum of squared differences from it."""

    pixels: int
    mean: Array
    squares: Array


class Normalisation:
    """Takes the values of one role to the network's units and back.

    Args:
        item: What the card says of the role.
        mean: Of each band in the network's order, after scale, offset and clip.
        std: The same.
    """

    def __init__(self, item: CardInput, mean: Array, std: Array) -> None:
        self._item = item
        self._mean = np.asarray(mean, np.float32)[:, None, None]
        self._std = np.asarray(std, np.float32)[:, None, None]

    def apply(self, image: Array) -> Array:
        """Return an image (bands, rows, columns) in the network's units."""
        values = in_card_units(self._item, image)
        if self._item.normalise == "none":
            return values
        result: Array = values - self._mean
        result /= self._std
        return result

    def undo(self, image: Array) -> Array:
        """Return an image (bands, rows, columns) from the network in the units that `apply` takes."""
        values = image
        if self._item.normalise != "none":
            values = image * self._std
            values += self._mean
        if self._item.scale == 1 and self._item.offset == 0:
            return values
        result: Array = (values - np.float32(self._item.offset)) / np.float32(self._item.scale)
        return result


def in_card_units(item: CardInput, image: Array) -> Array:
    """Return clip(value * scale + offset), float32."""
    values = np.asarray(image, np.float32)
    if item.scale != 1 or item.offset != 0:
        values = values * np.float32(item.scale) + np.float32(item.offset)
    if item.clip is not None:
        low, high = item.clip
        values = np.clip(values, np.float32(low), np.float32(high))
    return values


def normalisation(item: CardInput, order: tuple[int, ...], state: State) -> Normalisation:
    """Return the normalisation of a role.

    Args:
        item: What the card says of it.
        order: The scene's band for each band of the network.
        state: Results of the passes, with those of `statistics_pass` where the card asks for the scene's.
    """
    count = len(item.bands)
    if item.normalise == "standard":
        return Normalisation(item, np.array(item.mean), np.array(item.std))
    if item.normalise == "none":
        return Normalisation(item, np.zeros(count), np.ones(count))
    found = state[STATISTICS][item.role]
    return Normalisation(item, np.asarray(found["mean"])[list(order)], np.asarray(found["std"])[list(order)])


def statistics_pass(items: Mapping[str, CardInput]) -> Pass:
    """Return the pass that finds mean and standard deviation of the valid pixels of some roles, band by band.

    Of a role with several images, those of the first are found: the reference's.

    Sums are float64, and are merged in window order (Chan et al. 1979), so they depend on no window or thread.
    """

    def add(blocks: Blocks, window: Window, state: State) -> dict[str, Optional[Moments]]:
        found = {}
        for role, item in items.items():
            window.raise_if_cancelled()
            image, valid = _first(blocks[role]), _first(blocks.get(f"{role}_valid"))
            found[role] = _moments(item, image, valid, window.block(role), window)
        return found

    def merge(one: dict[str, Optional[Moments]], other: dict[str, Optional[Moments]]) -> dict[str, Optional[Moments]]:
        return {role: merged(one[role], other[role]) for role in items}

    def finish(found: Optional[dict[str, Optional[Moments]]], state: State) -> dict[str, Any]:
        return {role: _finished(role, None if found is None else found[role]) for role in items}

    return Pass(STATISTICS, tuple(items), {}, add, merge, finish)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _moments(
    item: CardInput, image: Array, valid: Optional[Array], block: BlockWindow, window: Window
) -> Optional[Moments]:
    """Return the moments of the pixels whose centres lie in the window."""
    top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
    left, right = block.column_axis.owned(window.column, window.column + window.columns)
    own = (slice(top - block.row, bottom - block.row), slice(left - block.column, right - block.column))
    pixels = np.asarray(image)[:, own[0], own[1]].reshape(len(image), -1)
    if valid is not None:
        pixels = pixels[:, np.asarray(valid)[own].ravel()]
    if pixels.shape[1] == 0:
        return None
    values = in_card_units(item, pixels).astype(np.float64)
    mean = values.mean(axis=1)
    values -= mean[:, None]
    return Moments(pixels.shape[1], mean, np.einsum("ij,ij->i", values, values))


def merged(one: Optional[Moments], other: Optional[Moments]) -> Optional[Moments]:
    """Return the moments of both sets of pixels."""
    if one is None or other is None:
        return other if one is None else one
    count = one.pixels + other.pixels
    apart = other.mean - one.mean
    mean = one.mean + apart * (other.pixels / count)
    squares = one.squares + other.squares + apart**2 * (one.pixels * other.pixels / count)
    return Moments(count, mean, squares)


def _finished(role: str, found: Optional[Moments]) -> dict[str, list[float]]:
    if found is None:
        raise InputError(f"{role} has no valid pixel where the images overlap.")
    std = np.sqrt(found.squares / found.pixels)
    # A constant band carries no contrast: any divisor above zero leaves it at zero.
    return {"mean": found.mean.tolist(), "std": np.where(std > 0, std, 1.0).tolist()}
