"""The choice of a method by the number of pairs: FSDAF with one, ESTARFM with two.

Both beat every baseline of their number of pairs on real dates (Coleambally) and on generated scenes, whose fields
change by season and by cover (benchmarks/spatiotemporal.py). With one pair FSDAF is within 3 % of the best on real
dates; OBSUM, which is 10 to 20 % better on generated scenes, is up to 16 % worse there. With two pairs ESTARFM is
within 5 % of the best on real dates, and the best on two of three generated scenes.

Zhu, X. et al. (2016), 10.1016/j.rse.2015.11.016; Zhu, X. et al. (2010), 10.1016/j.rse.2010.05.032
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.window import Window
from .estarfm import Estarfm
from .fsdaf import Fsdaf
from .kernels import Kernels
from .pairs import PairMethod

# What the methods have by default where they are chosen by name.
_OF_FSDAF = {"CLASSES": 8, "SIMILAR_PIXELS": 20, "PUREST": 100}
_OF_ESTARFM = {"CLASSES": 4.0, "UNCERTAINTY": 0.5}


class Auto(Implementation):
    """Runs the method that the number of pairs asks for."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._two = bool(scene.items.get("FINE_2", 0))
        self._chosen: PairMethod = (
            Estarfm({**parameters, **_OF_ESTARFM}, scene) if self._two else Fsdaf({**parameters, **_OF_FSDAF}, scene)
        )

    def compute_with(self, kernels: Kernels) -> None:
        """Have another form of the inner sums compute."""
        self._chosen.compute_with(kernels)

    def halo(self) -> dict[str, int]:
        """Return the halo of the method chosen."""
        return self._chosen.halo()

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes of the method chosen."""
        return self._chosen.passes()

    def describe(self, state: State) -> list[str]:
        """Return what was chosen and why, and what that method says."""
        reason = "Chosen: ESTARFM, for there are two pairs" if self._two else "Chosen: FSDAF, for there is one pair"
        return [reason, *self._chosen.describe(state)]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute the window with the method chosen."""
        return self._chosen.fuse(blocks, state, window)
