"""Bringing revisits to the reference's brightness, and finding what changed since: robust regression on common pixels."""

from __future__ import annotations

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .registration import ROLE, shifts_of

WEIGHT_HALO = 6


def photometry_pass(scene: SceneInfo) -> Pass:
    """Return the pass that finds gain, offset, noise and changed share of each revisit; it comes after registration."""
    bands, items = scene.bands[ROLE], scene.items[ROLE]

    def finish(_: object, __: State) -> dict[str, Array]:
        return {
            "gain": np.ones((items, bands)),
            "offset": np.zeros((items, bands)),
            "noise": np.ones((items, bands)),
            "changed": np.zeros(items),
        }

    return Pass("photometry", (ROLE,), {ROLE: 0}, lambda *_: None, lambda one, _: one, finish, 1)


def matched(blocks: Blocks, state: State) -> tuple[Array, ...]:
    """Return the revisits in the reference's brightness: gain * image + offset; 0 where invalid.

    Args:
        blocks: With the revisits, float32 (bands, rows, columns) each.
        state: With what `photometry_pass` found.
    """
    images, valids = blocks[ROLE], blocks[f"{ROLE}_valid"]
    found = state["photometry"]
    result = []
    for image, valid, gain, offset in zip(images, valids, found["gain"], found["offset"]):
        values = image * gain.astype(np.float32)[:, None, None] + offset.astype(np.float32)[:, None, None]
        result.append(values if valid is None else np.where(valid, values, np.float32(0)))
    return tuple(result)


def weights(blocks: Blocks, window: Window, state: State) -> tuple[Array, ...]:
    """Return how much each pixel of each revisit counts, on its own grid: 0 where it is invalid or not used at all.

    Args:
        blocks: With the revisits and where they are valid.
        window: The window, its revisits registered.
        state: With what the passes found.

    Returns:
        float32 (rows, columns) for each revisit.
    """
    images, valids = blocks[ROLE], blocks[f"{ROLE}_valid"]
    used = shifts_of(state, len(images))["used"]
    result = []
    for image, valid, counts in zip(images, valids, used):
        weight = np.full(image.shape[1:], np.float32(bool(counts)))
        result.append(weight if valid is None else np.where(valid, weight, np.float32(0)))
    return tuple(result)
