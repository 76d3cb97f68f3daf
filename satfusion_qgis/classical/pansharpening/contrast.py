"""Contrast-based (high-pass modulation) methods: F_b = M_b (PAN + c_b) / (P_L + c_b), each on bands without haze.

With a gain g_b and the band's mean m_b, c_b = m_b / g_b - mean(PAN): then g_b (PAN + c_b) is PAN matched to the band,
and a gain of 0 leaves the band as it is. Where the matched low-pass is below half of the band's mean the quotient would
run away, and the detail is added instead, with the same gain (measured on ten scenes, half is better than a tenth).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO
from .detail import describe_weak, limit
from .injection import centre
from .mtf import MtfGains
from .regression import check_pan, regression_pass
from .substitution import listed

# More images are at work than in other methods: fewer rows keep them in the cache.
STRIP = 64
GUARD = 0.5


@dataclass(frozen=True)
class Match:
    """How PAN is matched to a band: g (PAN + c), h the band's haze; below `least` the match is not divided by."""

    gain: float
    shift: float
    least: float
    haze: float


class Contrast(Implementation):
    """Base of SFIM and MTF-GLP-HPM: a subclass says which gains, and what PAN's low-pass is."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation and of PAN for its low-pass."""
        return {"MS": CUBIC_HALO, "PAN": self._mtf.halo}

    def global_gains(self, found: dict[str, Any], haze: Array) -> Array:
        """Return g_b from the moments of the bands and low-passed PAN."""
        raise RuntimeError(f"{type(self).__name__} has no gains.")

    def haze(self, state: State) -> Array:
        """Return what is taken off each band first."""
        return np.zeros(self.scene.bands["MS"])

    def layers(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Array, list[int], Optional[Array]]:
        """Return the interpolated bands, the low-passes of PAN, each band's place among them, and validity."""
        raise RuntimeError(f"{type(self).__name__} has no low-pass.")

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass over the MS grid."""
        return (*self._mtf.passes(), regression_pass(self._mtf, _keep, detail=True))

    def describe(self, state: State) -> list[str]:
        """Return the gains found."""
        names, found = self.scene.band_names["MS"], self._solved(state)
        return [
            *self._mtf.describe(state, names),
            f"Gains that match PAN to the bands: {listed(names, found['gains'])}",
            *describe_weak(found["limited"], names),
        ]

    def _solved(self, state: State) -> dict[str, Any]:
        """Return how PAN is matched to each band."""
        found, haze = state["regression"], self.haze(state)
        mean = found["mean"][:-1] - haze
        limited = limit(self.global_gains(found, haze), found["follows"])
        least = np.where(mean > 0, GUARD * mean, np.inf)
        gains = limited.gains
        shift = mean / np.where(gains != 0, gains, 1.0) - found["mean"][-1]
        matches = [Match(*(float(value) for value in numbers)) for numbers in zip(gains, shift, least, haze)]
        return {"gains": gains, "matches": matches, "limited": limited}

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Multiply each interpolated band by matched PAN over its low-pass."""
        fused, low, places, valid = self.layers(blocks, state, window)
        matches: list[Match] = self._solved(state)["matches"]
        pan, pan_valid = centre(blocks, window)
        strips = np.empty((2, STRIP, fused.shape[2]), np.float32)
        for top in range(0, fused.shape[1], STRIP):
            window.raise_if_cancelled()
            part = slice(top, top + STRIP)
            detail = pan[part] - low[:, part]
            lowest = low[:, part].min(axis=(1, 2))
            room = strips[:, : detail.shape[1]]
            for band, place in enumerate(places):
                _modulate(fused[band, part], detail[place], low[place, part], lowest[place], matches[band], room)
        result = {"OUTPUT": fused}
        both = combine(valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result


def _keep(found: dict[str, Any]) -> dict[str, Any]:
    check_pan(found)
    return found


def _modulate(band: Array, detail: Array, low: Array, lowest: float, match: Match, room: Array) -> None:
    """Add (M - h) (PAN - P_L) / (P_L + c) to a strip of a band, or g (PAN - P_L) where that would run away, in place.

    Args:
        band: M.
        detail: PAN - P_L.
        low: P_L.
        lowest: The least of `low`.
        match: g, c, h, and where not to divide.
        room: Room for two strips.
    """
    gain, haze = match.gain, match.haze
    change, other = room
    if gain == 0:
        return
    # g (P_L + c) and its limit, divided by |g|: a negative gain turns the sign.
    sign = 1 if gain > 0 else -1
    least = match.least / abs(gain)
    np.add(low, np.float32(match.shift), out=change)
    if sign < 0:
        np.negative(change, out=change)
    relative = np.subtract(band, np.float32(haze), out=other)
    if sign > 0 and lowest + match.shift >= least:
        relative /= change
    else:
        unsafe = change < least
        np.maximum(change, np.float32(least), out=change)
        relative /= change
        np.copyto(relative, np.float32(abs(gain)), where=unsafe)
    relative *= detail
    if sign < 0:
        np.negative(relative, out=relative)
    band += relative
