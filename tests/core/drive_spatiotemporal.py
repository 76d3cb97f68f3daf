"""Runs a spatiotemporal method on arrays, window by window, as the pipeline does with files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from satfusion_qgis.catalogue import SPATIOTEMPORAL, SPATIOTEMPORAL_METHODS, Catalogue
from satfusion_qgis.tasks.method import Implementation, SceneInfo
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window

CATALOGUE = Catalogue((SPATIOTEMPORAL,), SPATIOTEMPORAL_METHODS)


@dataclass
class Stack:
    """Images of one place.

    Attributes:
        images: For each role (bands, rows, columns).
        ratio: Fine pixels in a coarse pixel; 1 for coarse images on the fine grid.
        valid: For some roles bool (rows, columns).
        offset: (down, right) distance from the fine image's corner to the coarse one's, in fine pixels.
        days: For some roles, days from the target date.
    """

    images: dict[str, NDArray[Any]]
    ratio: float
    valid: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    offset: tuple[float, float] = (0.0, 0.0)
    days: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def axes(self, role: str) -> tuple[Axis, Axis]:
        rows, columns = self.images[role].shape[1:]
        if role.startswith("FINE"):
            return Axis(0.0, 1.0, rows), Axis(0.0, 1.0, columns)
        scale = 1 / self.ratio
        return Axis(-self.offset[0] * scale, scale, rows), Axis(-self.offset[1] * scale, scale, columns)

    def scene(self) -> SceneInfo:
        bands = {role: len(image) for role, image in self.images.items()}
        size = {role: (1.0 if role.startswith("FINE") else self.ratio,) * 2 for role in self.images}
        names = {role: tuple(f"B{band + 1}" for band in range(count)) for role, count in bands.items()}
        return SceneInfo(bands, dict.fromkeys(bands, 1), size, names, {}, self.days)


@dataclass
class Predicted:
    """What a method made: the image, where it is valid, and what its passes found."""

    image: NDArray[np.float32]
    valid: NDArray[np.bool_]
    state: dict[str, Any]
    implementation: Implementation


def predict(
    stack: Stack,
    method_id: str,
    parameters: Mapping[str, Any] | None = None,
    window: tuple[int, int] | None = None,
    pass_window: tuple[int, int] | None = None,
    kernels: Any = None,
) -> Predicted:
    """Run the method's passes and every window; without a window the whole image is one."""
    method = CATALOGUE.method(SPATIOTEMPORAL.id, method_id)
    implementation = CATALOGUE.implement(method, parameters or {}, stack.scene())
    if kernels is not None:
        implementation.compute_with(kernels)
    bands, rows, columns = stack.images["FINE_1"].shape
    state: dict[str, Any] = {}
    for one in implementation.passes():
        merged: Any = None
        for place in places(rows, columns, pass_window or window):
            at = window_at(stack, place, one.halo, one.roles)
            found = one.add(blocks_of(stack, at), at, state)
            if found is not None:
                merged = found if merged is None else one.merge(merged, found)
        state[one.name] = one.finish(merged, state)
    image = np.full((bands, rows, columns), np.nan, np.float32)
    valid = np.zeros((rows, columns), bool)
    for place in places(rows, columns, window):
        at = window_at(stack, place, implementation.halo())
        blocks = blocks_of(stack, at)
        before = {name: np.array(values) for name, values in blocks.items() if values is not None}
        result = implementation.fuse(blocks, state, at)
        for name, values in before.items():
            assert np.array_equal(values, blocks[name]), f"fuse changed its input {name}"
        inside = np.s_[place[0] : place[0] + place[2], place[1] : place[1] + place[3]]
        image[(slice(None), *inside)] = result["OUTPUT"]
        known = result.get("OUTPUT_valid")
        valid[inside] = True if known is None else known
    return Predicted(image, valid, state, implementation)


def window_at(
    stack: Stack, place: tuple[int, int, int, int], halo: Mapping[str, int], roles: tuple[str, ...] | None = None
) -> Window:
    """The window at (row, column, rows, columns) of the target grid, with the blocks of some roles or all."""
    row, column, rows, columns = place
    blocks = {}
    for role in stack.images if roles is None else roles:
        row_axis, column_axis = stack.axes(role)
        top, bottom = row_axis.cover(row, row + rows, halo.get(role, 0))
        left, right = column_axis.cover(column, column + columns, halo.get(role, 0))
        blocks[role] = BlockWindow(top, left, bottom - top, right - left, row_axis, column_axis)
    return Window(row, column, rows, columns, blocks)


def blocks_of(stack: Stack, window: Window) -> dict[str, Any]:
    """The blocks of a window as the reader gives them: float32, 0 where invalid, None for a mask that is all valid."""
    blocks: dict[str, Any] = {}
    for role in window.blocks:
        image, at = stack.images[role], window.block(role)
        inside = np.s_[at.row : at.row + at.rows, at.column : at.column + at.columns]
        values = np.ascontiguousarray(image[(slice(None), *inside)], np.float32)
        valid = stack.valid.get(role)
        known = None if valid is None else np.ascontiguousarray(valid[inside])
        if known is not None:
            values = np.where(known, values, np.float32(0))
            known = None if known.all() else known
        blocks[role], blocks[f"{role}_valid"] = values, known
    return blocks


def places(rows: int, columns: int, window: tuple[int, int] | None) -> list[tuple[int, int, int, int]]:
    """Windows (row, column, rows, columns) that cover the target; one without a size."""
    height, width = window or (rows, columns)
    return [
        (row, column, min(height, rows - row), min(width, columns - column))
        for row in range(0, rows, height)
        for column in range(0, columns, width)
    ]
