"""Revisits laid over the reference: each resampled at its measured shift onto one grid, as one stack of bands.

Shifts are those of `registration`, brightness that of `photometry`; between pixels the images are cubic (Keys, R. G.
(1981): Cubic convolution interpolation for digital image processing. 10.1109/TASSP.1981.1163711).
"""

from __future__ import annotations

import math
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, State
from ...tasks.window import Window
from ..resampling import CUBIC_HALO
from .photometry import matched
from .registration import ROLE, registered, shifts_of
from .revisits import Observations, RevisitsMethod
from .samples import interpolated

_MOSTLY = 0.5


class Register(RevisitsMethod):
    """The co-registered stack: the bands of the reference, then those of each other revisit, in order."""

    reach = CUBIC_HALO + 1

    def halo(self) -> dict[str, int]:
        """Return the pixels that interpolation at a shift needs."""
        return {ROLE: self.reach + math.ceil(self.largest_shift) + 1}

    def tables(self, state: State) -> dict[str, list[dict[str, Any]]]:
        """Return a row for each revisit: what was measured, in pixels of its own."""
        items = self.scene.items[ROLE]
        found, photometry = shifts_of(state, items), state["photometry"]
        rows = []
        for item in range(items):
            rows.append(
                {
                    "revisit": item,
                    "used": bool(found["used"][item]),
                    "outcome": str(found["outcome"][item]),
                    "shift_down_px": _number(found["shifts"][item][0]),
                    "shift_right_px": _number(found["shifts"][item][1]),
                    "error_px": _number(found["error"][item]),
                    "peak": _number(found["peak"][item]),
                    "gain": [_number(value) for value in photometry["gain"][item]],
                    "offset": [_number(value) for value in photometry["offset"][item]],
                    "changed_share": _number(photometry["changed"][item]),
                }
            )
        return {"TABLE": rows}

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Lay every revisit over one window; `OUTPUT_valid` is bool (all bands, rows, columns)."""
        images = matched(blocks, state) if self.parameters["MATCH"] else blocks[ROLE]
        used = shifts_of(state, len(images))["used"]
        weights = tuple(
            _counts(image, valid, bool(known)) for image, valid, known in zip(images, blocks[f"{ROLE}_valid"], used)
        )
        seen = Observations(tuple(images), weights, registered(window, state))
        bands = len(images[0])
        stack = np.empty((len(images) * bands, window.rows, window.columns), np.float32)
        valid = np.empty(stack.shape, np.bool_)
        for item in range(len(images)):
            window.raise_if_cancelled()
            own = slice(item * bands, (item + 1) * bands)
            stack[own], count = interpolated(seen, item)
            valid[own] = count > _MOSTLY
        return {"OUTPUT": stack, "OUTPUT_valid": valid}


def _counts(image: Array, valid: Optional[Array], used: bool) -> Array:
    """Return how much each pixel counts: 1 where it is valid and its revisit is used."""
    if valid is None or not used:
        return np.full(image.shape[1:], float(used), np.float32)
    counts: Array = valid.astype(np.float32)
    return counts


def _number(value: Any) -> Optional[float]:
    """Return a number for a table; None where it is not known."""
    return round(float(value), 6) if np.isfinite(value) else None
