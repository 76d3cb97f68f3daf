"""HPF, high-pass filter: F_b = M_b + g_b (PAN - P_L), P_L the mean of PAN over a box, g_b = sd(M_b) / sd(P_L).

The box is the odd number of PAN pixels next above the ratio (5 for 4). The gain stands for PAN matched to the band; its
standard deviations are taken on the MS grid, PAN's low-passed with the MTF.

Chavez, P. S., Sides, S. C., Anderson, J. A. (1991): Comparison of three different methods to merge multiresolution and
multispectral data: Landsat TM and SPOT panchromatic. Photogrammetric Engineering and Remote Sensing 57(3), 295-303
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...tasks.method import Array, Blocks, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand
from .fine_filter import box_size, box_weights, filtered_pan
from .glp import Glp
from .injection import add_scaled, centre


class Hpf(Glp):
    """Adds what a box filter takes away from PAN."""

    def _weights(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        down, across = self.scene.ratio["MS"]
        return box_weights(box_size(down)), box_weights(box_size(across))

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation and of PAN for the filter."""
        return {"MS": CUBIC_HALO, "PAN": max(len(weights) // 2 for weights in self._weights())}

    def global_gains(self, found: dict[str, Any]) -> Array:
        """Return the ratios of standard deviations."""
        variance = np.diag(found["covariance"])
        gains: Array = np.sqrt(variance[:-1] / variance[-1])
        return gains

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Interpolate the bands, and add PAN less its low-pass."""
        fused, valid = expand(np.asarray(blocks["MS"]), blocks.get("MS_valid"), window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        detail = filtered_pan(blocks, window, *self._weights())
        np.subtract(pan, detail, out=detail)
        self.add(fused, detail, state, window)
        result = {"OUTPUT": fused}
        both = combine(valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result

    def add(self, fused: Array, detail: Array, state: State, window: Window) -> None:
        """Add the detail to the bands, in place."""
        add_scaled(fused, state["regression"]["gains"], detail, window)
