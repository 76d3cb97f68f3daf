"""The noise of the reference, and how much smoothness it asks for: what a penalty on the Laplacian should weigh.

The weight that makes the penalised estimate the best linear one is the noise's variance over that of the scene's
Laplacian (a Gaussian prior on it; Hunt, B. R. (1973): The application of constrained least squares estimation to image
restoration by digital computer. IEEE Transactions on Computers C-22(9)). The Laplacian is measured on the reference,
less the noise's part; how its variance goes over to the fine grid was measured on simulated revisits of real scenes.
The noise is the smaller of two estimates, both of which rather exceed it: what is left between the matched revisits,
and the median of a second difference that vanishes on edges (Immerkaer, J. (1996): Fast noise variance estimation.
10.1006/cviu.1996.0060).
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .registration import ROLE

NAME = "texture"
DEFAULT = 0.015  # smoothness where nothing was measured
_WINDOWS = 16
_MAD = 1.4826
_DIFFERENCE_NORM = 6.0  # square root of the sum of squares of Immerkaer's mask
_LAPLACIAN_VARIANCE = 20.0  # of white noise of variance 1
_MATCHED = 1.23  # between revisits the noise of both is left, less what interpolation takes
_LEAST_SIGNAL = 0.05
_FACTOR = 0.5
_LEAST, _MOST = 0.004, 2.0


def texture_pass(scene: SceneInfo) -> Pass:
    """Return the pass that finds the noise and the smoothness; it comes after photometry.

    Its result, `state["texture"]`, holds `noise`, float64 (bands,), in the reference's units, and `smoothness`, float64
    (bands,), the penalty's weight where one observation has 1.
    """
    area = scene.ratio[ROLE][0] * scene.ratio[ROLE][1]

    def finish(found: Any, state: State) -> dict[str, Array]:
        return _finish(found, state, area, scene.items[ROLE], scene.bands[ROLE])

    return Pass(NAME, (ROLE,), {ROLE: 1}, _add, lambda one, other: one + other, finish, _WINDOWS)


def smoothness_of(state: State, bands: int) -> Array:
    """Return the smoothness of each band, float64 (bands,); a fixed one where nothing was measured."""
    found = state.get(NAME)
    known: Array = np.full(bands, DEFAULT) if found is None else np.asarray(found["smoothness"])
    return known


def noise_of(state: State, bands: int) -> Array:
    """Return the noise of each band, float64 (bands,); photometry's where nothing else was measured."""
    found = state.get(NAME)
    known: Array = np.median(state["photometry"]["noise"], axis=0) if found is None else np.asarray(found["noise"])
    return known


def _add(blocks: Blocks, window: Window, state: State) -> Optional[list[tuple[int, Array, Array]]]:
    """Return the window's count of pixels, mean squared Laplacian and noise, (bands,) each."""
    image, valid = blocks[ROLE][0], blocks[f"{ROLE}_valid"][0]
    if min(image.shape[1:]) < 3:
        return None
    use = np.ones((image.shape[1] - 2, image.shape[2] - 2), bool)
    if valid is not None:
        for down in range(3):
            for right in range(3):
                use &= valid[down : down + use.shape[0], right : right + use.shape[1]]
    count = int(np.count_nonzero(use))
    if count == 0:
        return None
    sides = image[:, :-2, 1:-1] + image[:, 2:, 1:-1] + image[:, 1:-1, :-2] + image[:, 1:-1, 2:]
    corners = image[:, :-2, :-2] + image[:, 2:, 2:] + image[:, :-2, 2:] + image[:, 2:, :-2]
    middle = image[:, 1:-1, 1:-1]
    laplacian = (sides - 4 * middle)[:, use].astype(np.float64)
    difference = np.abs(corners - 2 * sides + 4 * middle)[:, use]
    noise = _MAD / _DIFFERENCE_NORM * np.median(difference, axis=1).astype(np.float64)
    return [(count, (laplacian**2).mean(axis=1), noise)]


def _finish(found: Any, state: State, area: float, items: int, bands: int) -> dict[str, Array]:
    between = np.median(np.asarray(state["photometry"]["noise"], np.float64), axis=0)
    if not found:
        return {"noise": between, "smoothness": np.full(bands, DEFAULT)}
    count = np.array([one[0] for one in found], np.float64)
    bend = sum(number * one[1] for number, one in zip(count, found)) / count.sum()
    noise = sum(number * one[2] for number, one in zip(count, found)) / count.sum()
    if items > 1:
        noise = np.minimum(noise, between / _MATCHED)
    signal = np.maximum(bend - _LAPLACIAN_VARIANCE * noise**2, _LEAST_SIGNAL * bend)
    share = noise**2 / np.where(signal > 0, signal, 1)
    return {"noise": noise, "smoothness": np.clip(_FACTOR * area * share, _LEAST, _MOST)}
