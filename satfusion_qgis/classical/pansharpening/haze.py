"""The haze of each band: what the air adds to every pixel, which must not be multiplied with PAN's detail.

Given, or found as the bands' minimum, or for four bands (blue, green, red, near infrared) as 0.95, 0.45, 0.40 and 0.05
of their first percentile: Lolli, S., Alparone, L., Garzelli, A., Vivone, G. (2017): Haze correction for contrast-based
multispectral pansharpening. IEEE Geoscience and Remote Sensing Letters 14(12). 10.1109/LGRS.2017.2761021
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .substitution import listed

AUTO, MINIMUM, NONE = "auto", "minimum", "none"
SHARES = (0.95, 0.45, 0.40, 0.05)
PERCENTILE = 0.01
_BINS = 8192


class Haze:
    """The haze of each MS band.

    Args:
        parameters: With HAZE.
        scene: What is known of the scene.
        usual: What an empty HAZE stands for.

    Raises:
        InputError: HAZE is neither a word that is known, nor a number for each band.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo, usual: str) -> None:
        self._bands = scene.bands["MS"]
        text = str(parameters["HAZE"]).strip().lower() or usual
        self._given = parse_haze(text, self._bands) if text not in (AUTO, MINIMUM, NONE) else None
        if text == NONE:
            self._given = np.zeros(self._bands)
        wavelengths = scene.wavelengths_nm.get("MS", ())
        self._percentile = text == AUTO and self._bands == len(SHARES)
        order = np.argsort(wavelengths, kind="stable") if len(wavelengths) == self._bands else np.arange(self._bands)
        self._shares = np.empty(self._bands)
        if self._percentile:
            self._shares[order] = SHARES

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes over MS that find the haze."""
        if self._given is not None:
            return ()
        span = Pass("span", ("MS",), {"MS": 0}, _span, _wider, _as_is)
        if not self._percentile:
            return (span,)
        return (span, Pass("dark", ("MS",), {"MS": 0}, _histogram, np.add, self._percentiles))

    def of_bands(self, state: State) -> Array:
        """Return each band's haze, once the passes have run."""
        if self._given is not None:
            return self._given
        if not self._percentile:
            return np.asarray(state["span"]["least"], np.float64)
        haze: Array = self._shares * np.maximum(state["dark"]["percentile"], 0.0)
        return haze

    def describe(self, state: State, names: tuple[str, ...]) -> list[str]:
        """Return the log line about the haze."""
        haze = self.of_bands(state)
        return [f"Haze taken off: {listed(names, haze)}"] if haze.any() else []

    def _percentiles(self, counts: Optional[Array], state: State) -> dict[str, Any]:
        span = state["span"]
        if counts is None:
            return {"percentile": span["least"]}
        wanted = PERCENTILE * counts.sum(axis=1, keepdims=True)
        place = (np.cumsum(counts, axis=1) >= wanted).argmax(axis=1)
        return {"percentile": span["least"] + (place + 0.5) / _BINS * (span["most"] - span["least"])}


def parse_haze(text: str, bands: int) -> Array:
    """Return a number for each band from the user's text.

    Raises:
        InputError: Not one number nor one for each band.
    """
    try:
        values = [float(part) for part in text.replace(";", ",").split(",") if part.strip()]
    except ValueError:
        values = []
    if len(values) not in (1, bands) or not np.isfinite(values).all():
        raise InputError(f"HAZE must be auto, minimum, none, or a number for each of the {bands} bands, not {text!r}.")
    return np.array(values if len(values) == bands else values * bands)


def _owned(blocks: Blocks, window: Window) -> Optional[Array]:
    """Return the valid MS pixels that the window owns, (bands, pixels)."""
    block = window.block("MS")
    top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
    left, right = block.column_axis.owned(window.column, window.column + window.columns)
    inside = (slice(top - block.row, bottom - block.row), slice(left - block.column, right - block.column))
    bands, valid = np.asarray(blocks["MS"])[:, inside[0], inside[1]], blocks.get("MS_valid")
    columns = bands.reshape(len(bands), -1)
    if valid is not None:
        columns = columns[:, np.asarray(valid)[inside].ravel()]
    return columns if columns.shape[1] else None


def _span(blocks: Blocks, window: Window, state: State) -> Optional[Array]:
    values = _owned(blocks, window)
    return None if values is None else np.stack([values.min(axis=1), values.max(axis=1)]).astype(np.float64)


def _wider(one: Array, other: Array) -> Array:
    return np.stack([np.minimum(one[0], other[0]), np.maximum(one[1], other[1])])


def _as_is(found: Optional[Array], state: State) -> dict[str, Any]:
    if found is None:
        raise InputError("MS has no valid pixel where it overlaps PAN.")
    return {"least": found[0], "most": found[1]}


def _histogram(blocks: Blocks, window: Window, state: State) -> Optional[Array]:
    values, span = _owned(blocks, window), state["span"]
    if values is None:
        return None
    counts = np.empty((len(values), _BINS))
    for band, (own, least, most) in enumerate(zip(values, span["least"], span["most"])):
        width = (most - least) / _BINS or 1.0
        places = np.clip((own - least) / width, 0, _BINS - 1).astype(np.intp)
        counts[band] = np.bincount(places, minlength=_BINS)
    return counts
