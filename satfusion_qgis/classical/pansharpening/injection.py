"""Methods that add a multiple of PAN's detail: F_b = expand(C_b) + g_b * PAN, with C_b on the MS grid.

Interpolation is linear, so what a method subtracts from PAN (an intensity, a low-pass) is taken from the bands on the
coarse grid, where there are ratio^2 times fewer pixels, before the one interpolation.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from ...tasks.method import Array, Blocks, Implementation, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand

STRIP = 64


class LinearInjection(Implementation):
    """Base of EXP, GSA and the additive MTF-GLP methods."""

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation."""
        return {"MS": CUBIC_HALO, "PAN": 0}

    def gains(self, state: State) -> Optional[Array]:
        """Return g_b for each band, or None where PAN is not added."""
        raise RuntimeError(f"{type(self).__name__} has no injection gains.")

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return C_b, float32 (bands, rows, columns) on the MS block, and where it is valid (None: everywhere)."""
        raise RuntimeError(f"{type(self).__name__} has no coarse part.")

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute F_b = expand(C_b) + g_b * PAN."""
        coarse, valid = self.coarse(blocks, state, window)
        gains = self.gains(state)
        fused, fused_valid = expand(coarse, valid, window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        if gains is not None:
            add_scaled(fused, gains, pan, window)
        result = {"OUTPUT": fused}
        both = combine(fused_valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result


def centre(blocks: Blocks, window: Window) -> tuple[Array, Optional[Array]]:
    """Return PAN without its halo, (rows, columns), and its validity."""
    block = window.block("PAN")
    row = round(block.row_axis.origin) + window.row - block.row
    column = round(block.column_axis.origin) + window.column - block.column
    inside = (slice(row, row + window.rows), slice(column, column + window.columns))
    valid = blocks.get("PAN_valid")
    return np.asarray(blocks["PAN"])[0][inside], None if valid is None else np.asarray(valid)[inside]


def add_scaled(fused: Array, gains: Array, pan: Array, window: Window) -> None:
    """Add gain * PAN to each band in place, in strips that stay in the cache."""
    strip = np.empty((STRIP, fused.shape[2]), np.float32)
    for top in range(0, fused.shape[1], STRIP):
        window.raise_if_cancelled()
        part = pan[top : top + STRIP]
        scaled = strip[: len(part)]
        for band, gain in zip(fused, gains):
            np.multiply(part, np.float32(gain), out=scaled)
            band[top : top + STRIP] += scaled
