"""AWLP, additive wavelet luminance proportional: F_b = M_b + (M_b / mean_k M_k) g_b (PAN - P_L).

P_L is the a-trous cascade of B3 splines over the levels that the ratio needs; g_b = sd(M_b) / sd(P_L) stands for PAN
matched to the band; its standard deviations are taken on the MS grid, PAN's low-passed with the MTF.

Otazu, X., Gonzalez-Audicana, M., Fors, O., Nunez, J. (2005): Introduction of sensor spectral response into image fusion
methods. Application to wavelet-based methods. IEEE Transactions on Geoscience and Remote Sensing 43(10).
10.1109/TGRS.2005.856106
"""

from __future__ import annotations

import math

import numpy as np

from ...tasks.method import Array, State
from ...tasks.window import Window
from .fine_filter import spline_weights
from .hpf import Hpf

_STRIP = 64
_LEAST = 0.01


class Awlp(Hpf):
    """Adds PAN's wavelet planes in proportion to each pixel's spectrum."""

    def _weights(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        down, across = (max(1, math.ceil(math.log2(ratio) - 1e-3)) for ratio in self.scene.ratio["MS"])
        return spline_weights(down), spline_weights(across)

    def add(self, fused: Array, detail: Array, state: State, window: Window) -> None:
        """Multiply each band by 1 + g_b detail / mean of the bands; where the mean is about 0 the band stays."""
        found = state["regression"]
        least = np.float32(_LEAST * abs(float(found["mean"][:-1].mean())))
        strip = np.empty((_STRIP, fused.shape[2]), np.float32)
        for top in range(0, fused.shape[1], _STRIP):
            window.raise_if_cancelled()
            part = slice(top, top + _STRIP)
            relative = detail[part]
            mean = fused[:, part].mean(axis=0)
            if float(mean.min()) > least:
                relative /= mean
            else:
                safe = mean > least
                relative[:] = np.where(safe, relative / np.where(safe, mean, np.float32(1)), np.float32(0))
            factor = strip[: len(relative)]
            for band, gain in zip(fused, found["gains"]):
                np.multiply(relative, np.float32(gain), out=factor)
                factor += np.float32(1)
                band[part] *= factor
