"""Degrade: Gaussian blur with the sensor's MTF, sampled at the centres of the coarse pixels.

The filter's gain at the coarse Nyquist frequency is the sensor's (Aiazzi et al. 2006, 10.14358/PERS.72.5.591). The
protocol is that of Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial
resolutions: Assessing the quality of resulting images. Photogrammetric Engineering and Remote Sensing 63(6), 691-699.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, Implementation, SceneInfo, State
from ..tasks.sensors import gains_for, sensor
from ..tasks.window import BlockWindow, Window
from .pansharpening.mtf import ESTIMATE, parse_gains
from .resampling import low_pass, mtf_reach

_HALF = 0.5


class Degrade(Implementation):
    """The image as a coarser sensor would see it; the target grid is the coarse one."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        text = str(parameters["MTF_GAINS"]).strip().lower()
        if text == ESTIMATE:
            raise InputError(
                "MTF_GAINS cannot be estimated from one image; give numbers, or leave it empty for the sensor's."
            )
        bands = scene.bands["IMAGE"]
        known = gains_for(sensor(parameters["SENSOR"]), bands, scene.wavelengths_nm.get("IMAGE", ()))
        self._gains = parse_gains(text, bands) if text else known
        self._ratio = 1 / min(scene.ratio["IMAGE"])

    def halo(self) -> dict[str, int]:
        """Return the reach of the widest filter."""
        return {"IMAGE": mtf_reach(self._ratio, min(self._gains)) + 1}

    def describe(self, state: State) -> list[str]:
        """Return the ratio and gains used."""
        gains = ", ".join(f"{gain:.3g}" for gain in sorted(set(self._gains)))
        return [f"Degraded by {self._ratio:.6g}; MTF gain at the coarse Nyquist frequency: {gains}"]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Blur and sample; a coarse pixel is valid where at least half of its weight was."""
        image, valid = np.asarray(blocks["IMAGE"]), blocks.get("IMAGE_valid")
        fine = window.block("IMAGE")
        coarse = BlockWindow(window.row, window.column, window.rows, window.columns, *_own_axes(fine))
        part = (window.row, window.row + window.rows, window.column, window.column + window.columns)
        result = np.empty((len(image), window.rows, window.columns), np.float32)
        share = None
        for gain in sorted(set(self._gains)):
            window.raise_if_cancelled()
            places = [place for place, own in enumerate(self._gains) if own == gain]
            result[places], share = low_pass(image[places], valid, fine, coarse, part, gain)
        return {"OUTPUT": result} if share is None else {"OUTPUT": result, "OUTPUT_valid": share >= _HALF}


def _own_axes(fine: BlockWindow) -> tuple[Any, Any]:
    """Return the axes of the target grid on itself."""
    from ..tasks.window import Axis

    size = 1 << 40
    return Axis(0.0, 1.0, size), Axis(0.0, 1.0, size)
