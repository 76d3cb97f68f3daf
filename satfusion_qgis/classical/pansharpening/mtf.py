"""The MTF gains of the MS bands: the sensor's, the user's, or estimated from the scene.

Estimation: the gain whose low-pass of PAN has the Laplacian that correlates best with the band's (classical blind MTF
matching; see Vivone et al. 2015, 10.1109/TGRS.2014.2361734, section on MTF-matched filters).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.sensors import gains_for, sensor
from ...tasks.window import Window
from ..resampling import low_pass, low_pass_halo
from .detail import detail_halo

ESTIMATE = "estimate"
CLEAN_SHARE = 0.45  # below it a low-passed pixel of PAN has seen too little to be compared with the bands
CANDIDATES = tuple(round(0.10 + 0.05 * step, 2) for step in range(11))
_LEAST, _MOST = 0.05, 0.6


class MtfGains:
    """The MTF gain of each MS band.

    Args:
        parameters: With SENSOR and MTF_GAINS.
        scene: What is known of the scene.

    Raises:
        InputError: MTF_GAINS is neither empty, "estimate", one number nor a number for each band.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        self._bands = scene.bands["MS"]
        self._ratio = max(scene.ratio["MS"])
        text = str(parameters["MTF_GAINS"]).strip().lower()
        self.estimated = text == ESTIMATE
        self._known: Optional[tuple[float, ...]] = None
        if text and not self.estimated:
            self._known = parse_gains(text, self._bands)
        elif not self.estimated:
            self._known = gains_for(sensor(parameters["SENSOR"]), self._bands, scene.wavelengths_nm.get("MS", ()))

    @property
    def halo(self) -> int:
        """PAN pixels that a low-pass may need around a window, whatever the gains turn out to be."""
        return low_pass_halo(self._ratio, min(self._known or CANDIDATES))

    @property
    def detail_halo(self) -> int:
        """MS pixels that a low-pass on the MS grid may need around a window."""
        return detail_halo(self._ratio, min(self._known or CANDIDATES))

    @property
    def detail_pan_halo(self) -> int:
        """PAN pixels that fill the MS block of `detail_halo` with low-passed PAN."""
        return self.halo + math.ceil(self.detail_halo * self._ratio)

    def of_bands(self, state: State) -> tuple[float, ...]:
        """Return each band's gain, once the passes that it needs have run."""
        return self._known or tuple(state["mtf"]["gains"])

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass that estimates the gains, where asked for."""
        if not self.estimated:
            return ()
        return (Pass("mtf", ("MS", "PAN"), {"MS": 1, "PAN": self.halo}, _add, np.add, _finish),)

    def describe(self, state: State, names: tuple[str, ...]) -> list[str]:
        """Return the log line about the gains."""
        gains = self.of_bands(state)
        how = "estimated from the scene" if self.estimated else "at Nyquist"
        if len(set(gains)) == 1:
            return [f"MTF gain {how}: {gains[0]:.3g} for all bands"]
        return [f"MTF gains {how}: " + ", ".join(f"{n} {g:.3g}" for n, g in zip(names, gains))]


def parse_gains(text: str, bands: int) -> tuple[float, ...]:
    """Return a gain for each band from the user's text.

    Raises:
        InputError: Not one number nor one for each band, or out of range.
    """
    try:
        values = tuple(float(part) for part in text.replace(";", ",").split(",") if part.strip())
    except ValueError:
        raise InputError(f"MTF_GAINS must be numbers separated by commas, or estimate, not {text!r}.") from None
    if len(values) not in (1, bands):
        raise InputError(f"MTF_GAINS needs one number, or one for each of the {bands} bands, not {len(values)}.")
    if not all(_LEAST <= value <= _MOST for value in values):
        raise InputError(f"MTF_GAINS must lie between {_LEAST} and {_MOST}.")
    return values if len(values) == bands else values * bands


def _laplacian(image: Array) -> Array:
    sides: Array = image[..., :-2, 1:-1] + image[..., 2:, 1:-1] + image[..., 1:-1, :-2] + image[..., 1:-1, 2:]
    sides -= 4 * image[..., 1:-1, 1:-1]
    return sides


def _add(blocks: Blocks, window: Window, state: State) -> Optional[Array]:
    """Sum products of Laplacians, (candidate, band, 3): detail x detail of low-passed PAN, of both, of the band."""
    block = window.block("MS")
    top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
    left, right = block.column_axis.owned(window.column, window.column + window.columns)
    top, left = max(top, block.row + 1), max(left, block.column + 1)
    bottom, right = min(bottom, block.row + block.rows - 1), min(right, block.column + block.columns - 1)
    if bottom <= top or right <= left:
        return None
    part = (top - 1, bottom + 1, left - 1, right + 1)
    inside = (slice(part[0] - block.row, part[1] - block.row), slice(part[2] - block.column, part[3] - block.column))
    bands = np.asarray(blocks["MS"])[:, inside[0], inside[1]].astype(np.float64)
    good = np.ones(bands.shape[1:])
    if blocks.get("MS_valid") is not None:
        good *= np.asarray(blocks["MS_valid"])[inside]
    detail = _laplacian(bands)
    sums = np.zeros((len(CANDIDATES), len(bands), 3))
    for place, gain in enumerate(CANDIDATES):
        pan, share = low_pass(blocks["PAN"], blocks.get("PAN_valid"), window.block("PAN"), block, part, gain)
        clean = good if share is None else good * (share > CLEAN_SHARE)
        use = clean[1:-1, 1:-1] * clean[:-2, 1:-1] * clean[2:, 1:-1] * clean[1:-1, :-2] * clean[1:-1, 2:]
        other = _laplacian(pan[0].astype(np.float64)) * use
        sums[place, :, 0] = (other * other).sum()
        sums[place, :, 1] = (detail * other).sum(axis=(1, 2))
        sums[place, :, 2] = (detail * detail * use).sum(axis=(1, 2))
    return sums


def _finish(sums: Optional[Array], state: State) -> dict[str, Any]:
    if sums is None:
        raise InputError("The MTF cannot be estimated: MS and PAN have no valid pixel in common.")
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.abs(sums[..., 1]) / np.sqrt(sums[..., 0] * sums[..., 2])
    best = np.argmax(np.nan_to_num(correlation), axis=0)
    return {"gains": [CANDIDATES[place] for place in best]}
