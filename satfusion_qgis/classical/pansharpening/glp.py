"""The additive generalised Laplacian pyramid: F_b = M_b + g_b (PAN - P_L), the base of the MTF-GLP methods.

P_L is PAN filtered with the band's MTF, sampled at the MS pixels and interpolated back.

Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A., Selva, M. (2006): MTF-tailored multiscale fusion of high-resolution
MS and Pan imagery. Photogrammetric Engineering and Remote Sensing 72(5). 10.14358/PERS.72.5.591
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, LEAST_SHARE, low_pass
from .detail import describe_weak, limit
from .injection import LinearInjection
from .mtf import MtfGains
from .regression import check_pan, regression_pass
from .substitution import listed


class Glp(LinearInjection):
    """Base: a subclass says which gains the bands get."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation and of PAN for its low-pass."""
        return {"MS": CUBIC_HALO, "PAN": self._mtf.halo}

    def global_gains(self, found: dict[str, Any]) -> Array:
        """Return g_b from the moments of the bands and low-passed PAN on the MS grid."""
        raise RuntimeError(f"{type(self).__name__} has no gains.")

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass over the MS grid."""
        return (*self._mtf.passes(), regression_pass(self._mtf, self._solve, detail=True))

    def _solve(self, found: dict[str, Any]) -> dict[str, Any]:
        check_pan(found)
        limited = limit(self.global_gains(found), found["follows"])
        return {"gains": limited.gains, "limited": limited, **found}

    def describe(self, state: State) -> list[str]:
        """Return the gains found."""
        names, found = self.scene.band_names["MS"], state["regression"]
        return [
            *self._mtf.describe(state, names),
            f"Injection gains: {listed(names, found['gains'])}",
            *describe_weak(found["limited"], names),
        ]

    def gains(self, state: State) -> Optional[Array]:
        """Return g_b."""
        gains: Array = state["regression"]["gains"]
        return gains

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return M_b - g_b P_L on the MS grid."""
        low, valid = self.low_passed(blocks, window, state)
        low *= state["regression"]["gains"].astype(np.float32)[:, None, None]
        np.subtract(blocks["MS"], low, out=low)
        if valid is not None:
            low[:, ~np.asarray(valid)] = 0
        return low, valid

    def low_passed(self, blocks: Blocks, window: Window, state: State) -> tuple[Array, Optional[Array]]:
        """Return PAN low-passed for each band on the MS block, and where it and MS are valid (None: everywhere)."""
        low, places, valid = low_passed_distinct(blocks, window, self._mtf.of_bands(state))
        return low[places], valid


def low_passed_distinct(
    blocks: Blocks, window: Window, gains: tuple[float, ...]
) -> tuple[Array, list[int], Optional[Array]]:
    """Return PAN low-passed on the MS block once for each distinct gain.

    Args:
        blocks: The blocks of the window.
        window: The window.
        gains: MTF gain of each band.

    Returns:
        float32 (distinct gains, rows, columns); each band's place among them; and where all of them and MS are valid
        (None: everywhere).
    """
    block = window.block("MS")
    part = (block.row, block.row + block.rows, block.column, block.column + block.columns)
    distinct = sorted(set(gains))
    found = [low_pass(blocks["PAN"], blocks.get("PAN_valid"), window.block("PAN"), block, part, g) for g in distinct]
    valid = blocks.get("MS_valid")
    shares = [share for _, share in found if share is not None]
    if shares:
        valid = combine(valid, np.minimum.reduce(shares) > LEAST_SHARE)
    low = found[0][0] if len(found) == 1 else np.concatenate([image for image, _ in found])
    return low, [distinct.index(gain) for gain in gains], valid
