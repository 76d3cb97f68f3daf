"""What surrounds a network for revisits: which of them it gets, frames on one lattice, a classical base, and PAN.

Multi-image super-resolution and SatFusion differ in PAN and in the grid alone, so one class serves both. Registration,
matching and weights are those of the classical methods.
"""

from __future__ import annotations

import hashlib
import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

import numpy as np

from ..classical.super_resolution.pan_registration import describe_pan, pan_halo, pan_undone, with_pan_registration
from ..classical.super_resolution.revisits import RevisitsMethod
from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, Pass, SceneInfo, State
from ..tasks.model_card import ModelCard
from ..tasks.validity import combine
from ..tasks.window import Window
from .frames import ROLE, Nest, Prepared, blocks_of, cut, frames_of, only, only_state, pan_valid, prepared
from .lattice import Lattice, TileCache, blend
from .network import NetworkImplementation, network_multiple
from .normalise import STATISTICS, normalisation, statistics_pass
from .suitability import band_order, reason_against
from .surroundings import at

__all__ = ["BASES", "CLEAR", "Nest", "Prepared", "RevisitsNetwork", "choose", "frames_of", "prepared"]

# Classical methods that a card's `output.residual_of` may name.
BASES = {
    "median": "median:Median",
    "shift_and_add": "shift_and_add:ShiftAndAdd",
    "drizzle": "drizzle:Drizzle",
    "back_projection": "back_projection:BackProjection",
    "kernel_regression": "kernel_regression:KernelRegression",
    "sharpened_back_projection": "sharpened_back_projection:SharpenedBackProjection",
}
CLEAR = "clear"
_PLAIN = "revisits:RevisitsMethod"
_TASKS = {"super_resolution": {ROLE}, "multi_image_pansharpening": {ROLE, "PAN"}}
_LOOKS = 64  # windows that are enough for how clear a revisit is, and for means
_HALF = 0.5


class RevisitsNetwork(NetworkImplementation):
    """Super-resolves revisits, with PAN where the task has one, with the weights of a model.

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
        self._roles = tuple(item.role for item in card.inputs)
        self._orders = {role: band_order(card.input(role), scene) or () for role in self._roles}
        self._ratio = round(card.ratio[0])
        self._multiple = network_multiple(card)
        self._method = classical_method(card.residual_of, parameters, scene, self._ratio)
        self._frames = card.input(ROLE)
        self._lattice = _lattice(card, self._multiple) if card.global_context else None
        self._tiles = TileCache()

    def halo(self) -> dict[str, int]:
        """Return what the network sees around a window, as much again to fill holes from, and the method's own."""
        fine = self.card.halo + self._reach + 2 * self._multiple
        if self._lattice is not None:
            fine = self._lattice.side + self._reach + self._multiple
        own = self._method.halo()
        coarse = math.ceil(fine / min(self.scene.ratio[ROLE])) + 2 + own.get(ROLE, 0)
        of_pan = fine + max(own.get("PAN", 0), pan_halo(self.scene, self._method.largest_shift))
        return {ROLE: coarse, **({"PAN": of_pan} if "PAN" in self._roles else {})}

    def passes(self) -> tuple[Pass, ...]:
        """Return the classical method's passes, how clear the revisits are where some are left out, and statistics."""
        found = with_pan_registration(self._method.passes(), self.scene, self._method.largest_shift)
        if self._leaves_out():
            found.append(clearness_pass(self.scene.items[ROLE]))
        asked = {role: self.card.input(role) for role in self._roles if self.card.input(role).normalise == "scene"}
        if asked:
            found.append(replace(statistics_pass(asked), windows=_LOOKS))
        return tuple(found)

    def output_bands(self) -> dict[str, list[str]]:
        """Return the name of the weight's band."""
        return {"WEIGHT": ["revisits"]}

    def describe(self, state: State) -> list[str]:
        """Return which weights run, on which revisits and bands, and what the scene's statistics are."""
        lines = [f"Model: {self.card.title} ({self.card.id}), licence {self.card.licence}"]
        lines += self._method.describe(state)
        lines += [one for one in describe_pan(self.scene, state, self._method.largest_shift) if one not in lines]
        lines.append(self._describe_choice(state))
        names, order = self.scene.band_names.get(ROLE, ()), self._orders[ROLE]
        if order != tuple(range(len(order))) and names:
            lines.append(f"Bands, in the network's order: {', '.join(names[place] for place in order)}")
        for role, found in state.get(STATISTICS, {}).items():
            pairs = (f"{mean:.4g} ± {std:.4g}" for mean, std in zip(found["mean"], found["std"]))
            lines.append(f"{role}, mean and standard deviation of each band: {', '.join(pairs)}")
        return lines

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Run the network on one window."""
        chosen = self._chosen(state)
        placed, state = pan_undone(window, state)
        blocks, few = only(chosen, blocks, placed)
        own = only_state(chosen, state, self.scene.items[ROLE])
        if self._lattice is None:
            stacked = self._local(blocks, own, few)
        else:
            stacked = self._blended(blocks, own, few, self._lattice)
        fused, weight, valid = stacked[:-2], stacked[-2:-1], stacked[-1] > _HALF
        order = self._orders[ROLE]
        result = {
            "OUTPUT": fused[np.argsort(order)] if order != tuple(range(len(order))) else fused,
            "WEIGHT": np.ascontiguousarray(weight),
        }
        known = combine(None if valid.all() else valid, pan_valid(blocks, few))
        if known is not None:
            result["OUTPUT_valid"] = result["WEIGHT_valid"] = known
        return result

    @property
    def _reach(self) -> int:
        """Target pixels that a hole is filled from."""
        return self.card.halo if self._lattice is None else self._lattice.margin

    def _leaves_out(self) -> bool:
        most = self._frames.max_count
        return most is not None and self.scene.items[ROLE] > most

    def _chosen(self, state: State) -> tuple[int, ...]:
        return choose(state, self.scene.items[ROLE], self._frames.max_count)

    def _describe_choice(self, state: State) -> str:
        chosen, items = self._chosen(state), self.scene.items[ROLE]
        line = f"Revisits that the network gets: {len(chosen)} of {items}"
        if len(chosen) < items:
            line += f", by number {', '.join(str(place + 1) for place in chosen)} (the clearest and most consistent)"
        if len(chosen) < self._frames.min_count:
            how = "empty masks stand for" if self._frames.masks else "these are repeated for"
            line += f"; {how} the rest of the {self._frames.min_count} that it was made for"
        return line

    def _local(self, blocks: Blocks, state: State, window: Window) -> Array:
        """Run a network that sees no farther than its halo."""
        nest = Nest.of(self._ratio, window)
        region = nest.around(window, self.card.halo, self._multiple)
        stacked = self._run(self._prepare(blocks, state, region, nest), state, region)
        return stacked[:, window.row - region.row :, window.column - region.column :][
            :, : window.rows, : window.columns
        ]

    def _blended(self, blocks: Blocks, state: State, window: Window, lattice: Lattice) -> Array:
        """Run a network on the tiles that a window needs; these lie on the lattice of the reference."""
        scene = _fingerprint(state, window)
        nest = Nest.of(self._ratio, window)
        down, across = ((corner + lattice.overlap // 2) % self._multiple for corner in (nest.row, nest.column))
        inside = slice(lattice.margin, lattice.side - lattice.margin)
        moved = at(window, window.row - down, window.column - across, window.rows, window.columns)
        around: list[tuple[Window, Prepared]] = []

        def region_of(row: int, column: int) -> Window:
            top, left = lattice.first(row) - lattice.margin + down, lattice.first(column) - lattice.margin + across
            return at(window, top, left, lattice.side, lattice.side)

        def made_for(region: Window) -> Prepared:
            """What the network gets for a tile: cut from what is made once for all that are not kept yet."""
            if not around:
                lacking = [pair for pair in lattice.pairs(moved) if not self._tiles.has((scene, *pair))]
                whole = _around([region_of(*pair) for pair in lacking] or [region])
                around.append((whole, self._prepare(blocks, state, whole, nest)))
            whole, made = around[0]
            if _holds(whole, region):
                return cut(made, whole, region, nest.ratio)
            return self._prepare(blocks, state, region, nest)  # a tile that was dropped meanwhile

        def tile(row: int, column: int) -> Array:
            def compute() -> Array:
                region = region_of(row, column)
                return np.ascontiguousarray(self._run(made_for(region), state, region)[:, inside, inside])

            return self._tiles.get((scene, row, column), compute)

        return blend(lattice, moved, self.card.output_bands + 2, tile)

    def _prepare(self, blocks: Blocks, state: State, region: Window, nest: Nest) -> Prepared:
        """Return what the network gets for a region, in the units of the revisits."""
        with_base = self.card.residual_of is not None
        return prepared(self._method, blocks, state, region, nest, self._reach, with_base)

    def _run(self, made: Prepared, state: State, region: Window) -> Array:
        """Return the network's answer for a region in the units of the revisits, bands in the network's order.

        Two more bands follow: how many revisits count, and 1 where one says something, else 0.
        """
        answer = self.network(self._inputs(made, state), region.cancelled)["output"]
        if answer.shape != (1, self.card.output_bands, region.rows, region.columns):
            raise InputError(
                f"MODEL: {self.card.id} answers with {answer.shape[1:]} (bands, rows, columns) where its card says "
                f"{(self.card.output_bands, region.rows, region.columns)}."
            )
        if not np.isfinite(answer).all():
            raise InputError(f"MODEL: {self.card.id} gives values that are no numbers; its weights are damaged.")
        units = normalisation(self._frames, self._orders[ROLE], state)
        weight = made.masks.sum(axis=0).repeat(self._ratio, axis=1).repeat(self._ratio, axis=2)
        valid = np.ones(weight.shape, np.float32) if made.valid is None else made.valid[None].astype(np.float32)
        return np.concatenate([units.undo(answer[0]), weight, valid])

    def _inputs(self, made: Prepared, state: State) -> dict[str, Array]:
        """Return the network's inputs by name, normalised, for a batch of one."""
        order = list(self._orders[ROLE])
        units = normalisation(self._frames, self._orders[ROLE], state)
        frames, masks = padded(made.revisits, made.masks, self._frames.min_count, self._frames.masks)
        inputs = {"revisits": np.stack([units.apply(frame[order]) for frame in frames])[None]}
        if self._frames.masks:
            inputs["masks"] = masks[None]
        if made.base is not None:
            inputs["base"] = units.apply(made.base[order])[None]
        if made.pan is not None and "PAN" in self._roles:
            own = normalisation(self.card.input("PAN"), self._orders["PAN"], state)
            inputs["pan"] = own.apply(made.pan[list(self._orders["PAN"])])[None]
        return {name: np.ascontiguousarray(value, np.float32) for name, value in inputs.items()}


def choose(state: State, items: int, most: Optional[int]) -> tuple[int, ...]:
    """Return which revisits a network gets, in the order they have: the reference, and the best of the others.

    Those that cannot be registered are left out. Where there are more than `most`, what counts against a revisit is the
    share of the scene that it does not show, the share that has changed, and the error of its registration in pixels.

    Args:
        state: Results of the passes; "clear" only where there are more than `most`.
        items: Number of revisits.
        most: Most that the network takes; None for no limit.
    """
    registration, photometry = state.get("registration", {}), state.get("photometry", {})
    used = np.asarray(registration.get("used", np.ones(items, bool)), bool)
    usable = [place for place in range(items) if place == 0 or used[place]]
    if most is None or len(usable) <= most:
        return tuple(usable)
    against = np.zeros(items)
    for found, name in ((registration, "error"), (photometry, "changed")):
        against += np.nan_to_num(np.asarray(found.get(name, np.zeros(items)), np.float64), nan=1.0, posinf=1.0)
    against -= np.asarray(state.get(CLEAR, np.zeros(items)), np.float64)
    others = sorted(usable[1:], key=lambda place: (against[place], place))[: most - 1]
    return (0, *sorted(others))


def clearness_pass(items: int) -> Pass:
    """Return the pass that finds which share of the scene each revisit shows: float64 (items,)."""

    def add(blocks: Blocks, window: Window, state: State) -> Array:
        seen = np.zeros((items, 2))
        valids = blocks.get(f"{ROLE}_valid") or (None,) * items
        for place, (valid, block) in enumerate(zip(valids, blocks_of(window))):
            top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
            left, right = block.column_axis.owned(window.column, window.column + window.columns)
            part = (slice(top - block.row, bottom - block.row), slice(left - block.column, right - block.column))
            known = max(bottom - top, 0) * max(right - left, 0) if valid is None else np.count_nonzero(valid[part])
            seen[place] = known, window.rows * block.row_axis.scale * window.columns * block.column_axis.scale
        return seen

    def finish(seen: Optional[Array], state: State) -> Array:
        if seen is None:
            return np.zeros(items)
        shares: Array = np.clip(seen[:, 0] / seen[:, 1], 0, 1)
        return shares

    return Pass(CLEAR, (ROLE,), {}, add, lambda one, other: one + other, finish, windows=_LOOKS)


def padded(frames: Array, masks: Array, least: int, with_masks: bool) -> tuple[Array, Array]:
    """Return frames and masks of at least so many revisits.

    Args:
        frames: float32 (items, bands, rows, columns).
        masks: float32 (items, 1, rows, columns).
        least: Fewest revisits that the network takes.
        with_masks: Whether it takes masks: then empty ones go with copies of the reference; else the frames are
            repeated in turn.
    """
    lacking = least - len(frames)
    if lacking <= 0:
        return frames, masks
    more = [0] * lacking if with_masks else [place % len(frames) for place in range(len(frames), least)]
    extra = np.zeros_like(masks[more]) if with_masks else masks[more]
    return np.concatenate([frames, frames[more]]), np.concatenate([masks, extra])


def classical_method(
    name: Optional[str], parameters: Mapping[str, Any], scene: SceneInfo, ratio: int
) -> RevisitsMethod:
    """Return the classical method that registers and weights the revisits, and makes the base where one is named.

    Args:
        name: A key of `BASES`, or None.
        parameters: Checked values; those that the method takes beside them have their defaults.
        scene: What is known of the scene.
        ratio: Target pixels along a side of a coarse pixel.
    """
    module, _, made = (_PLAIN if name is None else BASES[name]).partition(":")
    package = __package__.rpartition(".")[0]
    kind = getattr(importlib.import_module(f"{package}.classical.super_resolution.{module}"), made)
    usual = {"MAX_SHIFT": 4.0, "SENSOR": "default", "MTF_GAINS": ""}
    method: RevisitsMethod = kind({**usual, **parameters, "RATIO": float(ratio)}, scene)
    return method


def _lattice(card: ModelCard, multiple: int) -> Lattice:
    """Return the tiles of a global network: their sides, margins and steps are multiples from the lattice's corner."""
    side = max(card.tile // multiple, 4) * multiple
    margin = min(-(-card.halo // multiple), side // multiple // 8) * multiple
    return Lattice(side, margin, max((side - 2 * margin) // multiple // 4, 1) * multiple)


def _fingerprint(state: State, window: Window) -> str:
    """Return what tells tiles of one scene and state from those of others, such as of an estimate's few windows."""
    digest = hashlib.sha256()

    def add(value: Any) -> None:
        if isinstance(value, Mapping):
            for name in sorted(value, key=str):
                digest.update(str(name).encode())
                add(value[name])
        elif isinstance(value, np.ndarray):
            digest.update(str(value.shape).encode() + np.ascontiguousarray(value).tobytes())
        else:
            digest.update(repr(value).encode())

    add(state)
    for block in blocks_of(window):
        add([(axis.origin, axis.scale, axis.size) for axis in (block.row_axis, block.column_axis)])
    return digest.hexdigest()


def _around(regions: Sequence[Window]) -> Window:
    """Return the smallest window that holds some."""
    top, left = min(one.row for one in regions), min(one.column for one in regions)
    bottom = max(one.row + one.rows for one in regions)
    right = max(one.column + one.columns for one in regions)
    return at(regions[0], top, left, bottom - top, right - left)


def _holds(whole: Window, part: Window) -> bool:
    rows = whole.row <= part.row and part.row + part.rows <= whole.row + whole.rows
    return rows and whole.column <= part.column and part.column + part.columns <= whole.column + whole.columns


def _check(card: ModelCard, scene: SceneInfo) -> None:
    wanted = _TASKS.get(card.task)
    if wanted is None or {item.role for item in card.inputs} != wanted:
        names = " and ".join(sorted(wanted or {ROLE}, reverse=True))
        raise InputError(f"MODEL: {card.id} is no model for revisits: its card must name the inputs {names}.")
    if card.output_bands != len(card.input(ROLE).bands):
        raise InputError(f"MODEL: the card of {card.id} gives another number of bands for its output than for {ROLE}.")
    low, high = card.ratio
    if low != high or low != round(low) or low < 2:
        raise InputError(f"MODEL: {card.id} needs one whole ratio of 2 or more on its card, not {low:g} to {high:g}.")
    if card.residual_of is not None and card.residual_of not in BASES:
        raise InputError(
            f"MODEL: the card of {card.id} adds to {card.residual_of}; known are: {', '.join(sorted(BASES))}."
        )
    against = reason_against(card, scene)
    if against is not None:
        raise InputError(f"MODEL: {card.id} {against}.")
