"""What methods that predict from pairs of images share: roles, halos, the window's size, masks, and two pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Implementation, Pass, SceneInfo
from ...tasks.window import Window
from .images import TARGET, Geometry
from .kernels import PLAIN, Kernels
from .statistics import statistics_pass

__all__ = ["TARGET", "PairMethod", "coarse", "fine"]


def fine(pair: int) -> str:
    """Return the role of a pair's fine image."""
    return f"FINE_{pair}"


def coarse(pair: int) -> str:
    """Return the role of a pair's coarse image."""
    return f"COARSE_{pair}"


class PairMethod(Implementation):
    """Base class of methods on one or two pairs of a fine and a coarse image."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        given = [role for role in ("FINE_2", "COARSE_2") if scene.items.get(role, 0)]
        if len(given) == 1:
            missing = "COARSE_2" if given == ["FINE_2"] else "FINE_2"
            raise InputError(f"{given[0]} needs {missing}: a second pair is a fine and a coarse image of one date.")
        self.pairs: tuple[int, ...] = (1, 2) if given else (1,)
        self.bands = scene.bands["FINE_1"]
        roles = self.roles()
        for role in roles:
            if scene.bands[role] != self.bands:
                raise InputError(
                    f"{role} has {scene.bands[role]} bands, but FINE_1 has {self.bands}: give the same bands."
                )
        self.geometry = Geometry(parameters, scene)
        self.reach = self._reach(parameters)
        self.kernels = PLAIN

    def compute_with(self, kernels: Kernels) -> None:
        """Have another form of the inner sums compute."""
        self.kernels = kernels

    def roles(self) -> tuple[str, ...]:
        """Return the roles of all images that there are."""
        names = [name for pair in self.pairs for name in (fine(pair), coarse(pair))]
        return (*names, TARGET)

    def _reach(self, parameters: Mapping[str, Any]) -> int:
        """Return half the window in fine pixels, from SEARCH_WINDOW in coarse pixels."""
        if "SEARCH_WINDOW" not in parameters:
            return 0
        return max(1, round((float(parameters["SEARCH_WINDOW"]) * self.geometry.largest - 1) / 2))

    def halos(self, fine_pixels: int, cells: int) -> dict[str, int]:
        """Return a halo of fine pixels for all roles, and coarse cells more for the coarse ones."""
        halo = self.geometry.coarse_halo(fine_pixels, cells + 3)
        return {**halo, **{fine(pair): fine_pixels for pair in self.pairs}}

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass of the scene's moments."""
        return (statistics_pass(self.roles()),)

    def inner(self, window: Window) -> tuple[slice, slice]:
        """Return where a window lies in its area padded by `reach`."""
        return (
            slice(self.reach, self.reach + window.rows),
            slice(self.reach, self.reach + window.columns),
        )

    def result(self, image: Array, valid: Array) -> dict[str, Array]:
        """Return the output of a window: 0 where invalid."""
        if valid.all():
            return {"OUTPUT": image}
        return {"OUTPUT": np.where(valid, image, np.float32(0)), "OUTPUT_valid": valid}
