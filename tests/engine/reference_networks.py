"""Networks computed in numpy alone, in float64, from official state dicts: an independent truth for small cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float64]  # (bands, rows, columns)
State = Mapping[str, NDArray]


def convolve(image: Image, state: State, layer: str, padded: bool = True) -> Image:
    """Correlate with the kernels of a layer and add its biases, one kernel position at a time."""
    weight, bias = state[f"{layer}.weight"].astype(np.float64), state[f"{layer}.bias"].astype(np.float64)
    height, width = weight.shape[2:]
    if padded:
        image = np.pad(image, ((0, 0), (height // 2,) * 2, (width // 2,) * 2))
    rows, columns = image.shape[1] - height + 1, image.shape[2] - width + 1
    result = np.broadcast_to(bias[:, None, None], (len(bias), rows, columns)).copy()
    for y in range(height):
        for x in range(width):
            result += np.tensordot(weight[:, :, y, x], image[:, y : y + rows, x : x + columns], axes=1)
    return result


def rectify(image: Image) -> Image:
    return np.maximum(image, 0.0)


def enlarge(ms: Image, rows: int, columns: int) -> Image:
    """Interpolate linearly along both axes between pixel centres, the border's pixels continued."""
    for axis, size in ((1, rows), (2, columns)):
        source = ms.shape[axis]
        centres = np.clip((np.arange(size) + 0.5) * source / size - 0.5, 0, source - 1)
        below = np.minimum(centres.astype(int), source - 1)
        above = np.minimum(below + 1, source - 1)
        share = (centres - below)[:, None] if axis == 1 else centres - below
        ms = np.take(ms, below, axis) * (1 - share) + np.take(ms, above, axis) * share
    return ms


def pnn(ms: Image, pan: Image, state: State, padding: str) -> Image:
    image, padded = np.concatenate((ms, pan)), padding == "zeros"
    if not padded:
        image = np.pad(image, ((0, 0), (8, 8), (8, 8)), mode="edge")
    image = rectify(convolve(image, state, "conv1", padded))
    return convolve(rectify(convolve(image, state, "conv2", padded)), state, "conv3", padded)


def dicnn(ms: Image, pan: Image, state: State) -> Image:
    features = rectify(convolve(np.concatenate((ms, pan)), state, "conv1"))
    return ms + convolve(rectify(convolve(features, state, "conv2")), state, "conv3")


def fusionnet(ms: Image, pan: Image, state: State) -> Image:
    features = rectify(convolve(np.repeat(pan, len(ms), axis=0) - ms, state, "conv1"))
    for block in range(1, 5):
        inner = rectify(convolve(features, state, f"res{block}.conv20"))
        features = features + convolve(inner, state, f"res{block}.conv21")
    return ms + convolve(features, state, "conv3")


def high_pass(image: Image, side: int) -> Image:
    """The image minus its box mean, pixel by pixel, with coordinates held inside the image."""
    half, (_, rows, columns) = side // 2, image.shape
    result = np.empty_like(image)
    for row in range(rows):
        for column in range(columns):
            y = np.clip(np.arange(row - half, row + half + 1), 0, rows - 1)
            x = np.clip(np.arange(column - half, column + half + 1), 0, columns - 1)
            result[:, row, column] = image[:, row, column] - image[:, y[:, None], x].mean(axis=(1, 2))
    return result
