"""SFIM, smoothing filter-based intensity modulation: F_b = M_b PAN / P_L, P_L the mean of PAN over an MS pixel.

The box is the odd number of PAN pixels next above the ratio (5 for 4), and PAN is taken as it is.

Liu, J. G. (2000): Smoothing filter-based intensity modulation: a spectral preserve image fusion technique for improving
spatial details. International Journal of Remote Sensing 21(18). 10.1080/014311600750037499
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, State
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand
from .contrast import Contrast
from .fine_filter import box_size, box_weights, filtered_pan


class Sfim(Contrast):
    """Modulation by PAN over its mean around each pixel."""

    def _weights(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        down, across = self.scene.ratio["MS"]
        return box_weights(box_size(down)), box_weights(box_size(across))

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation and of PAN for the box."""
        return {"MS": CUBIC_HALO, "PAN": max(len(weights) // 2 for weights in self._weights())}

    def global_gains(self, found: dict[str, Any], haze: Array) -> Array:
        """Return the ratios of means, with which matched PAN is PAN up to a factor."""
        level = float(found["mean"][-1])
        if level <= 0:
            raise InputError("PAN has a mean of 0 or less, so it cannot be divided by; give SCALE and OFFSET of PAN.")
        gains: Array = found["mean"][:-1] / level
        return gains

    def layers(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Array, list[int], Optional[Array]]:
        """Interpolate the bands, and filter PAN."""
        fine, valid = expand(np.asarray(blocks["MS"]), blocks.get("MS_valid"), window.block("MS"), window)
        low = filtered_pan(blocks, window, *self._weights())
        return fine, low[None], [0] * len(fine), valid
