"""What surrounds a pansharpening network: MS interpolated onto the PAN grid, both normalised, windows with a halo.

Networks whose result depends on everything they are given (attention, means over the image) run on tiles of the size
that their card names, which are blended; all others see exactly the pixels that their card's halo says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, Pass, SceneInfo, State
from ..tasks.model_card import ModelCard
from ..tasks.validity import combine
from ..tasks.window import Window
from .lattice import Lattice, TileCache, blend
from .network import NetworkImplementation
from .normalise import STATISTICS, Normalisation, normalisation, statistics_pass
from .suitability import band_order, reason_against
from .surroundings import KERNEL_HALO, at, enlarged, extended, filled

_ROLES = ("MS", "PAN")


class PansharpeningNetwork(NetworkImplementation):
    """Sharpens with the weights of a model.

    Args:
        parameters: Checked values by name.
        scene: What is known of the scene.
        card: The card of the weights.

    Raises:
        InputError: The weights were not made for this scene.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo, card: ModelCard) -> None:
        super().__init__(parameters, scene, card)
        _check(card, scene)
        self._orders = {role: band_order(card.input(role), scene) or () for role in _ROLES}
        self._lattice = Lattice.of(card.tile, card.halo) if card.global_context else None
        self._tiles = TileCache()

    def halo(self) -> dict[str, int]:
        """Return what the network sees around a window, and as much again to fill holes from."""
        fine = self.card.tile if self._lattice is not None else 2 * self.card.halo + self.card.multiple
        coarse = math.ceil(fine / min(self.scene.ratio["MS"])) + KERNEL_HALO[self.card.input("MS").kernel]
        return {"MS": coarse, "PAN": fine}

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass for the scene's mean and standard deviation, where the card asks for them."""
        asked = {role: self.card.input(role) for role in _ROLES if self.card.input(role).normalise == "scene"}
        return (statistics_pass(asked),) if asked else ()

    def describe(self, state: State) -> list[str]:
        """Return which weights run, on which bands, and what the scene's statistics are."""
        names = self.scene.band_names.get("MS", ())
        lines = [f"Model: {self.card.title} ({self.card.id}), licence {self.card.licence}"]
        order = self._orders["MS"]
        if order != tuple(range(len(order))) and names:
            lines.append(f"Bands, in the network's order: {', '.join(names[place] for place in order)}")
        for role, found in state.get(STATISTICS, {}).items():
            pairs = (f"{mean:.4g} ± {std:.4g}" for mean, std in zip(found["mean"], found["std"]))
            lines.append(f"{role}, mean and standard deviation of each band: {', '.join(pairs)}")
        return lines

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Run the network on one window."""
        fused = (
            self._blended(blocks, state, window) if self._lattice is not None else self._local(blocks, state, window)
        )
        order = self._orders["MS"]
        result = {"OUTPUT": fused[np.argsort(order)] if order != tuple(range(len(order))) else fused}
        valid = _valid(blocks, window, self.card.input("MS").kernel)
        if valid is not None:
            result["OUTPUT_valid"] = valid
        return result

    def _local(self, blocks: Blocks, state: State, window: Window) -> Array:
        """Run a network that sees no farther than its halo."""
        halo, multiple = self.card.halo, self.card.multiple
        top, left = (_down(start - halo, multiple) for start in (window.row, window.column))
        bottom = _up(window.row + window.rows + halo, multiple)
        right = _up(window.column + window.columns + halo, multiple)
        region = at(window, top, left, bottom - top, right - left)
        fused = self._run(blocks, state, region)
        return fused[:, window.row - top :, window.column - left :][:, : window.rows, : window.columns]

    def _blended(self, blocks: Blocks, state: State, window: Window) -> Array:
        """Run a network on the tiles that a window needs."""
        lattice = self._lattice or Lattice.of(self.card.tile, self.card.halo)
        inside = slice(lattice.margin, lattice.side - lattice.margin)
        scene = repr(state.get(STATISTICS))

        def tile(row: int, column: int) -> Array:
            def compute() -> Array:
                top, left = lattice.first(row) - lattice.margin, lattice.first(column) - lattice.margin
                region = at(window, top, left, lattice.side, lattice.side)
                return np.ascontiguousarray(self._run(blocks, state, region)[:, inside, inside])

            return self._tiles.get((scene, row, column), compute)

        return blend(lattice, window, self.card.output_bands, tile)

    def _run(self, blocks: Blocks, state: State, region: Window) -> Array:
        """Return the network's answer for a region, in the units of MS, bands in the network's order."""
        ms, pan, units = self._prepared(blocks, state, region)
        answer = self.network({"ms": ms[None], "pan": pan[None]}, region.cancelled)["output"]
        if answer.shape != (1, self.card.output_bands, region.rows, region.columns):
            raise InputError(
                f"MODEL: {self.card.id} answers with {answer.shape[1:]} (bands, rows, columns) where its card says "
                f"{(self.card.output_bands, region.rows, region.columns)}."
            )
        if not np.isfinite(answer).all():
            raise InputError(f"MODEL: {self.card.id} gives values that are no numbers; its weights are damaged.")
        return units.undo(answer[0])

    def _prepared(self, blocks: Blocks, state: State, region: Window) -> tuple[Array, Array, Normalisation]:
        """Return MS on the target grid and PAN, normalised, for a region that may reach beyond the scene."""
        reach = self.card.halo if self._lattice is None else self._lattice.margin
        holes = any(blocks.get(f"{role}_valid") is not None for role in _ROLES)
        wide = reach if holes else 0
        outer = at(region, region.row - wide, region.column - wide, region.rows + 2 * wide, region.columns + 2 * wide)
        order = list(self._orders["MS"])
        ms, ms_valid = enlarged(
            np.asarray(blocks["MS"])[order] if order != sorted(order) else np.asarray(blocks["MS"]),
            blocks.get("MS_valid"),
            region.block("MS"),
            outer,
            self.card.input("MS").kernel,
        )
        pan, pan_valid = extended(blocks["PAN"], blocks.get("PAN_valid"), region.block("PAN"), outer)
        inner = (slice(None), slice(wide, wide + region.rows), slice(wide, wide + region.columns))
        units = normalisation(self.card.input("MS"), self._orders["MS"], state)
        pan_units = normalisation(self.card.input("PAN"), self._orders["PAN"], state)
        return (
            np.ascontiguousarray(units.apply(filled(ms, ms_valid, reach)[inner]), np.float32),
            np.ascontiguousarray(pan_units.apply(filled(pan, pan_valid, reach)[inner]), np.float32),
            units,
        )


def _check(card: ModelCard, scene: SceneInfo) -> None:
    roles = {item.role for item in card.inputs}
    if card.task != "pansharpening" or roles != set(_ROLES):
        raise InputError(f"MODEL: {card.id} is no pansharpening model: its card must name the inputs MS and PAN.")
    if card.output_bands != len(card.input("MS").bands):
        raise InputError(f"MODEL: the card of {card.id} gives another number of bands for its output than for MS.")
    if any(item.grid != "fine" for item in card.inputs):
        raise InputError(f"MODEL: {card.id} wants MS on its own grid, which no pansharpening network here does.")
    against = reason_against(card, scene)
    if against is not None:
        raise InputError(f"MODEL: {card.id} {against}.")


def _valid(blocks: Blocks, window: Window, kernel: str) -> Optional[Array]:
    """Return where both images are valid in a window, or None for everywhere."""
    ms_valid = blocks.get("MS_valid")
    if ms_valid is not None:
        none = np.zeros((0, *np.shape(ms_valid)), np.float32)
        _, ms_valid = enlarged(none, ms_valid, window.block("MS"), window, kernel)
    pan_valid = blocks.get("PAN_valid")
    if pan_valid is not None:
        none = np.zeros((0, *np.shape(pan_valid)), np.float32)
        _, pan_valid = extended(none, pan_valid, window.block("PAN"), window)
    return combine(ms_valid, pan_valid)


def _down(value: int, multiple: int) -> int:
    return value // multiple * multiple


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple
