"""The choice of a method by the scene's own statistics, from one pass over the MS grid that the methods share.

EXP where no band's detail follows PAN's at all (every correlation below 0.1): sharpening would only add noise. MTF-GLP
with one gain for each band where every band's detail follows PAN's closely (0.95 or more), or where the scene is too
small to regress gains around each pixel. Otherwise MTF-GLP with local gain, which on the real scenes measured was never
worse than one gain beyond the intervals, and better on most (benchmarks/real_places.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.window import Window
from .exp import Exp
from .mtf_glp_cbd import MtfGlpCbd
from .mtf_glp_local import DEFAULT_SIZE, MtfGlpLocal

NONE, CLOSE = 0.1, 0.95
LEAST_PIXELS = 400


class Auto(Implementation):
    """Runs the method that the scene's statistics ask for."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._plain = Exp(parameters, scene)
        self._one_gain = MtfGlpCbd(parameters, scene)
        self._local = MtfGlpLocal({**parameters, "WINDOW_SIZE": DEFAULT_SIZE}, scene)

    def halo(self) -> dict[str, int]:
        """Return the widest halo of those that may be chosen."""
        return self._local.halo()

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes that the candidates share."""
        return self._one_gain.passes()

    def describe(self, state: State) -> list[str]:
        """Return what was chosen, on what numbers, and what that method says."""
        chosen, reason = self._chosen(state)
        return [reason, *chosen.describe(state)]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute the window with the chosen method."""
        chosen, _ = self._chosen(state)
        return chosen.fuse(blocks, state, window)

    def _chosen(self, state: State) -> tuple[Implementation, str]:
        found = state["regression"]
        correlation: Array = found["follows"].correlation
        count: Optional[int] = found["count"]
        names = self.scene.band_names["MS"]
        numbers = ", ".join(f"{name} {value:.2f}" for name, value in zip(names, correlation))
        seen = f"correlation of the bands' detail with PAN's: {numbers}"
        if float(np.max(correlation)) < NONE:
            return self._plain, f"Chosen: EXP, for no band's detail follows PAN's ({seen}; all below {NONE:g})"
        if float(np.min(correlation)) >= CLOSE:
            return self._one_gain, (
                f"Chosen: MTF-GLP-CBD, for every band's detail follows PAN's closely ({seen}; all {CLOSE:g} or more)"
            )
        if count is not None and count < LEAST_PIXELS:
            return self._one_gain, (
                f"Chosen: MTF-GLP-CBD, for the scene is small ({count} MS pixels, fewer than {LEAST_PIXELS}; {seen})"
            )
        return self._local, f"Chosen: MTF-GLP with local gain, for bands follow PAN in different ways ({seen})"
