"""Median of bicubics: every revisit interpolated onto the fine grid at its measured shift, then a median by pixel.

The baseline of the PROBA-V contest is the mean of such images (Martens, M., Izzo, D., Krzic, A., Cox, D. (2019):
Super-resolution of PROBA-V images using convolutional neural networks. 10.1007/s42064-019-0059-8); the median, here
weighted by how much each observation counts, also stands clouds that no mask knows of.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...tasks.method import Array, Blocks, State
from ...tasks.window import Window
from ..resampling import CUBIC_HALO
from .revisits import Observations, RevisitsMethod
from .samples import WEIGHT, interpolated, weighted_median

_STRIP = 64
_TO_DEVIATION = 1.4826  # median absolute deviation to standard deviation, for a normal distribution


class Median(RevisitsMethod):
    """The weighted median of the interpolated revisits.

    The output WEIGHT holds the sum of the weights, and for each band the spread between the revisits: the median
    absolute deviation from the median as a standard deviation, in the band's units.
    """

    reach = CUBIC_HALO + 1

    def output_bands(self) -> dict[str, list[str]]:
        """Return the names of the bands of WEIGHT."""
        return {"WEIGHT": [WEIGHT, *(f"Spread {name}" for name in self.scene.band_names["REVISITS"])]}

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute one window."""
        seen = self.observations(blocks, state, window)
        bands = len(seen.images[0])
        result = np.empty((bands, window.rows, window.columns), np.float32)
        measure = np.empty((bands + 1, window.rows, window.columns), np.float32)
        for top in range(0, window.rows, _STRIP):
            rows = min(_STRIP, window.rows - top)
            strip = replace(seen, window=replace(seen.window, row=window.row + top, rows=rows))
            part = slice(top, top + rows)
            result[:, part], measure[:, part] = _medians(strip)
        outputs = {"OUTPUT": result, "WEIGHT": measure}
        valid = self.valid(seen)
        if valid is not None:
            outputs["OUTPUT_valid"] = outputs["WEIGHT_valid"] = valid
        return outputs


def _medians(seen: Observations) -> tuple[Array, Array]:
    """Return the medians of all bands in a window, and the sum of the weights followed by each band's spread."""
    window, count, bands = seen.window, len(seen.images), len(seen.images[0])
    values = np.empty((count, bands, window.rows, window.columns), np.float32)
    weights = np.empty((count, window.rows, window.columns), np.float32)
    for item in range(count):
        window.raise_if_cancelled()
        values[item], weights[item] = interpolated(seen, item)
    result = np.empty((bands, window.rows, window.columns), np.float32)
    measure = np.empty((bands + 1, window.rows, window.columns), np.float32)
    measure[0] = weights.sum(axis=0)
    for band in range(bands):
        window.raise_if_cancelled()
        result[band] = weighted_median(values[:, band], weights)
        measure[band + 1] = _TO_DEVIATION * weighted_median(np.abs(values[:, band] - result[band]), weights)
    return result, measure
