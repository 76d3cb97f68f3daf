"""What all methods on revisits share: registration, matched brightness, weights, and where the result is valid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.window import BlockWindow, Window
from ..banded import apply_columns, apply_rows
from ..resampling import CUBIC_HALO, linear_matrix
from .photometry import WEIGHT_HALO, matched, photometry_pass, weights
from .registration import (
    ELSEWHERE,
    FEATURELESS,
    NOT_SHARED,
    PLAIN,
    ROLE,
    TRUSTED,
    registered,
    registration_passes,
    shifts_of,
)

_NEAR = 0.05


@dataclass(frozen=True)
class Observations:
    """The revisits of one window, ready to be put together; the reference comes first.

    Attributes:
        images: For each revisit float32 (bands, rows, columns), in the reference's brightness; 0 where invalid.
        weights: For each revisit float32 (rows, columns) on its own grid: how much each pixel counts, 0 (invalid, or
            a revisit that is not used) to 1 (agrees with the reference, or the others where that is clouded).
        window: The window whose blocks of the revisits have registered axes: `blocks[k].row_axis.sample(t)` is where
            target row t lies in revisit k, as an index into the whole image (block row = that - block.row).
    """

    images: tuple[Array, ...]
    weights: tuple[Array, ...]
    window: Window

    def block(self, item: int) -> BlockWindow:
        """Return where revisit `item` lies, registered."""
        blocks = self.window.blocks[ROLE]
        return blocks[item] if isinstance(blocks, tuple) else blocks


class RevisitsMethod(Implementation):
    """Base of methods that put revisits together.

    A subclass sets `reach`, the pixels of a revisit on each side that its own kernel needs around a target pixel, and
    computes from `observations`.
    """

    reach: int = CUBIC_HALO

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self.largest_shift = float(parameters["MAX_SHIFT"])
        self.ratio = scene.ratio[ROLE]

    def halo(self) -> dict[str, int]:
        """Return the pixels of the revisits needed around a window: for shifts, weights and the method's kernel."""
        return {ROLE: self.reach + WEIGHT_HALO + math.ceil(self.largest_shift) + 1}

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes of registration and photometry."""
        return (*registration_passes(self.scene, self.largest_shift), photometry_pass(self.scene, self.largest_shift))

    def describe(self, state: State) -> list[str]:
        """Return a line for each revisit: its shift, gain and changed share, or why it is not used."""
        return describe_revisits(self.scene, state, self.largest_shift)

    def observations(self, blocks: Blocks, state: State, window: Window) -> Observations:
        """Return the revisits of a window matched to the reference, with their weights and registered axes."""
        moved = registered(window, state)
        return Observations(matched(blocks, state), weights(blocks, moved, state), moved)

    def valid(self, observations: Observations) -> Optional[Array]:
        """Return where the target pixels rest on at least one observation that counts; None where all do.

        Returns:
            bool (window rows, window columns), or None: an observation within one pixel of a revisit on either axis.
        """
        return target_valid(observations)


def describe_revisits(scene: SceneInfo, state: State, largest_shift: float) -> list[str]:
    """Return a line for each revisit: its shift, gain and changed share, or why it is not used.

    Args:
        scene: What is known of the scene.
        state: With what the passes found.
        largest_shift: The MAX_SHIFT that was asked for.
    """
    items = scene.items[ROLE]
    found, matched_by = shifts_of(state, items), state["photometry"]
    days = scene.days.get(ROLE, ())
    lines = []
    for item in range(items):
        name = _name(item, days)
        if item == 0:
            lines.append(f"{name}: the reference")
            continue
        reason = _REASONS.get(found["outcome"][item])
        if reason is not None:
            lines.append(f"{name}: not used, as it {reason.format(largest=largest_shift)}")
            continue
        gains = matched_by["gain"][item]
        lines.append(
            f"{name}: {_shift(found, item)}, gain {gains.min():.3f} to {gains.max():.3f}, "
            f"{100 * matched_by['changed'][item]:.1f} % of the pixels changed"
        )
    if items > 1 and not any(found["used"][1:]):
        lines.append(
            "No revisit could be registered with the reference; choose another REFERENCE_DATE if it is cloudy."
        )
    return lines


_REASONS = {
    ELSEWHERE: "shows another place, or lies more than {largest:g} pixels off (MAX_SHIFT)",
    FEATURELESS: "shows nothing that it could be registered by",
    NOT_SHARED: "has too few clear pixels in common with the others to be registered",
}


def _name(item: int, days: tuple[int, ...]) -> str:
    if item >= len(days) or item == 0:
        return f"Revisit {item + 1}"
    count = abs(days[item])
    when = "of the same day" if count == 0 else f"{count} day{'s' if count > 1 else ''} "
    return f"Revisit {item + 1} ({when}{'' if count == 0 else 'before' if days[item] < 0 else 'after'})"


def _shift(found: Mapping[str, Any], item: int) -> str:
    outcome = found["outcome"][item]
    if outcome == PLAIN:
        return "its georeferencing is trusted, as the reference shows nothing to register by"
    if outcome == TRUSTED:
        return "not registered"
    down, right = found["shifts"][item]
    return f"shift {down:+.2f} down, {right:+.2f} right (error {found['error'][item]:.2f}) pixels"


def target_valid(observations: Observations) -> Optional[Array]:
    """Return where target pixels have an observation that counts within one pixel of a revisit; None: everywhere."""
    window = observations.window
    found = np.zeros((window.rows, window.columns), bool)
    for item, weight in enumerate(observations.weights):
        block = observations.block(item)
        some = (weight > 0)[None].astype(np.float32)
        if not some.any():
            continue
        by_row = linear_matrix(block.row_axis, window.row, window.row + window.rows, block.row, block.rows)
        by_column = linear_matrix(
            block.column_axis, window.column, window.column + window.columns, block.column, block.columns
        )
        near = apply_columns(by_column, apply_rows(by_row, some))[0] > _NEAR
        near &= _over(block.row_axis.sample, window.row, window.rows, block.row_axis.size)[:, None]
        near &= _over(block.column_axis.sample, window.column, window.columns, block.column_axis.size)[None]
        found |= near
        if found.all():
            return None
    return found


def _over(sample: Any, start: int, count: int, size: int) -> Array:
    """Return which target pixels of an axis lie over an image or within one pixel of its outermost centres."""
    first, last = sample(start), sample(start + count - 1)
    places = np.linspace(first, last, count)
    inside: Array = (places > -1) & (places < size)
    return inside
