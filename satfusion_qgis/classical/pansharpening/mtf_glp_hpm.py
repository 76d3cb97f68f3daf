"""MTF-GLP-HPM: F_b = M_b P'_b / (P'_b)_L, P'_b being PAN matched to the band; high-pass modulation.

P'_b has the band's mean and standard deviation, or with REGRESSION (HPM-R) the gain of the band's regression on PAN.
Near zeros of the quotient's lower part the detail is added instead. The statistics are taken on the MS grid.

Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A., Selva, M. (2003): An MTF-based spectral distortion minimizing model
for pan-sharpening of very high resolution multispectral images of urban areas. Proc. 2nd GRSS/ISPRS Joint Workshop on
Remote Sensing and Data Fusion over Urban Areas. 10.1109/DFUA.2003.1219964
Vivone, G., Restaino, R., Chanussot, J. (2018): A regression-based high-pass modulation pansharpening approach. IEEE
Transactions on Geoscience and Remote Sensing 56(2). 10.1109/TGRS.2017.2757508
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from ..resampling import expand
from .contrast import Contrast
from .glp import low_passed_distinct
from .haze import NONE, Haze


class MtfGlpHpm(Contrast):
    """Generalised Laplacian pyramid with high-pass modulation."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._haze = Haze(parameters, scene, NONE)
        self._regression = bool(parameters["REGRESSION"])

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass over the MS grid, and those that find the haze."""
        return (*super().passes(), *self._haze.passes())

    def describe(self, state: State) -> list[str]:
        """Return the gains and the haze."""
        return [*super().describe(state), *self._haze.describe(state, self.scene.band_names["MS"])]

    def haze(self, state: State) -> Array:
        """Return the haze asked for."""
        return self._haze.of_bands(state)

    def global_gains(self, found: dict[str, Any], haze: Array) -> Array:
        """Return regressed gains, or the ratios of standard deviations."""
        covariance = found["covariance"]
        variance = np.diag(covariance)
        if self._regression:
            regressed: Array = covariance[:-1, -1] / variance[-1]
            return regressed
        ratios: Array = np.sqrt(variance[:-1] / variance[-1])
        return ratios

    def layers(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Array, list[int], Optional[Array]]:
        """Interpolate the bands and the low-passes of PAN."""
        bands = np.asarray(blocks["MS"])
        low, places, valid = low_passed_distinct(blocks, window, self._mtf.of_bands(state))
        both = np.concatenate([bands, low])
        if valid is not None:
            both[:, ~np.asarray(valid)] = 0
        fine, fine_valid = expand(both, valid, window.block("MS"), window)
        return fine[: len(bands)], fine[len(bands) :], places, fine_valid
