"""Runs a method on revisits held in arrays, window by window, as the pipeline does with files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from satfusion_qgis.tasks.method import Implementation, Pass, SceneInfo
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core.drive_methods import places

PASS_WINDOW = (512, 1024)


@dataclass(frozen=True)
class Stack:
    """Revisits of one place on arrays; the reference comes first.

    Attributes:
        revisits: For each, (bands, rows, columns); any number where it is not valid.
        valids: For each, bool (rows, columns), or None where all of it is valid.
        axes: For each, where its rows and its columns lie on the target grid by its georeferencing.
        size: (rows, columns) of the target grid.
        ratio: Pixel size of the reference relative to the target's (rows, columns).
        pan: (1, target rows, target columns), or None.
        days: Days from the reference; empty where dates are not known.
        pan_valid: bool (target rows, target columns), or None where all of PAN is valid.
    """

    revisits: tuple[NDArray[Any], ...]
    valids: tuple[NDArray[np.bool_] | None, ...]
    axes: tuple[tuple[Axis, Axis], ...]
    size: tuple[int, int]
    ratio: tuple[float, float]
    pan: NDArray[Any] | None = None
    days: tuple[int, ...] = ()
    pan_valid: NDArray[np.bool_] | None = None

    def scene(self) -> SceneInfo:
        bands = len(self.revisits[0])
        names = tuple(f"B{band + 1}" for band in range(bands))
        pan = {} if self.pan is None else {"PAN": 1}
        return SceneInfo(
            bands={"REVISITS": bands, **pan},
            items={"REVISITS": len(self.revisits), **pan},
            ratio={"REVISITS": self.ratio, **({"PAN": (1.0, 1.0)} if pan else {})},
            band_names={"REVISITS": names, **({"PAN": ("PAN",)} if pan else {})},
            wavelengths_nm={"REVISITS": ()},
            days={"REVISITS": self.days} if self.days else {},
        )


def stack_of(
    revisits: Sequence[NDArray[Any]],
    ratio: float,
    valids: Sequence[NDArray[np.bool_] | None] | None = None,
    origins: Sequence[tuple[float, float]] | None = None,
    scales: Sequence[float] | None = None,
    **more: Any,
) -> Stack:
    """Revisits on a target grid that is the first one's, made finer by the ratio, corners the same.

    Args:
        revisits: (bands, rows, columns) each, the reference first.
        ratio: How many times finer the target grid is.
        valids: Where each is valid; None for everywhere.
        origins: For each, the (row, column) edge coordinate in its own pixels at the target's corner; None for (0, 0).
        scales: Pixels of each in one pixel of the reference; None for 1.
        more: Other attributes of the stack.
    """
    count = len(revisits)
    rows, columns = revisits[0].shape[1:]
    origins = origins or [(0.0, 0.0)] * count
    scales = scales or [1.0] * count
    axes = tuple(
        (Axis(down, scale / ratio, image.shape[1]), Axis(right, scale / ratio, image.shape[2]))
        for image, (down, right), scale in zip(revisits, origins, scales)
    )
    size = (round(rows * ratio), round(columns * ratio))
    return Stack(tuple(revisits), tuple(valids or [None] * count), axes, size, (ratio, ratio), **more)


@dataclass
class Fused:
    """What a method made.

    Attributes:
        outputs: Each output, (bands, rows, columns); NaN where nothing was written.
        valid: bool (rows, columns), of OUTPUT.
        state: What the passes found.
        lines: What the method says about it.
    """

    outputs: dict[str, NDArray[np.float32]]
    valid: NDArray[np.bool_]
    state: dict[str, Any]
    lines: list[str]

    @property
    def image(self) -> NDArray[np.float32]:
        return self.outputs["OUTPUT"]


def run_passes(stack: Stack, passes: Sequence[Pass], pass_window: tuple[int, int] = PASS_WINDOW) -> dict[str, Any]:
    """Run passes over windows, merged in their order; at most `Pass.windows` of them, evenly spread."""
    state: dict[str, Any] = {}
    for one in passes:
        every = places(*stack.size, pass_window)
        count = min(one.windows or len(every), len(every))
        merged: Any = None
        for number in range(count):
            place = every[(2 * number + 1) * len(every) // (2 * count)]
            window = window_at(stack, place, one.halo, one.roles)
            found = one.add(blocks_of(stack, window), window, state)
            if found is not None:
                merged = found if merged is None else one.merge(merged, found)
        state[one.name] = one.finish(merged, state)
    return state


def fuse(
    stack: Stack,
    implementation: Implementation,
    window: tuple[int, int] | None = None,
    pass_window: tuple[int, int] = PASS_WINDOW,
    state: Mapping[str, Any] | None = None,
) -> Fused:
    """Run a method's passes (unless their results are given) and fuse every window; without a window, all in one."""
    known = run_passes(stack, implementation.passes(), pass_window) if state is None else dict(state)
    lines = implementation.describe(known)
    outputs: dict[str, NDArray[np.float32]] = {}
    valid = np.zeros(stack.size, bool)
    for place in places(*stack.size, window):
        at = window_at(stack, place, implementation.halo())
        blocks = blocks_of(stack, at)
        before = [image.copy() for image in blocks["REVISITS"]]
        result = implementation.fuse(blocks, known, at)
        assert all(map(np.array_equal, before, blocks["REVISITS"])), "fuse changed its input"
        inside = np.s_[place[0] : place[0] + place[2], place[1] : place[1] + place[3]]
        for name, values in result.items():
            if not name.endswith("_valid") and values is not None:
                whole = outputs.setdefault(name, np.full((len(values), *stack.size), np.nan, np.float32))
                whole[(slice(None), *inside)] = values
        where = result.get("OUTPUT_valid")
        valid[inside] = True if where is None else where
    return Fused(outputs, valid, known, lines)


def window_at(
    stack: Stack,
    place: tuple[int, int, int, int],
    halo: Mapping[str, int],
    roles: Sequence[str] = ("REVISITS", "PAN"),
) -> Window:
    """The window at (row, column, rows, columns) of the target grid, with its blocks."""
    row, column, rows, columns = place

    def block(row_axis: Axis, column_axis: Axis, around: int) -> BlockWindow:
        top, bottom = row_axis.cover(row, row + rows, around)
        left, right = column_axis.cover(column, column + columns, around)
        return BlockWindow(top, left, bottom - top, right - left, row_axis, column_axis)

    blocks: dict[str, Any] = {"REVISITS": tuple(block(*axes, halo.get("REVISITS", 0)) for axes in stack.axes)}
    if stack.pan is not None and "PAN" in roles:
        blocks["PAN"] = block(Axis(0.0, 1.0, stack.size[0]), Axis(0.0, 1.0, stack.size[1]), halo.get("PAN", 0))
    return Window(row, column, rows, columns, blocks)


def blocks_of(stack: Stack, window: Window) -> dict[str, Any]:
    """The blocks of a window as the reader gives them: float32, 0 where invalid, None for a mask that is all valid."""
    several = window.blocks["REVISITS"]
    assert isinstance(several, tuple)
    images, masks = [], []
    for image, valid, at in zip(stack.revisits, stack.valids, several):
        inside = np.s_[at.row : at.row + at.rows, at.column : at.column + at.columns]
        values = np.ascontiguousarray(image[(slice(None), *inside)], np.float32)
        known = None if valid is None else np.ascontiguousarray(valid[inside])
        if known is not None:
            values = np.where(known, values, np.float32(0))
            known = None if known.all() else known
        images.append(values)
        masks.append(known)
    blocks: dict[str, Any] = {"REVISITS": tuple(images), "REVISITS_valid": tuple(masks)}
    if "PAN" in window.blocks:
        at = window.block("PAN")
        assert stack.pan is not None
        part = np.s_[at.row : at.row + at.rows, at.column : at.column + at.columns]
        pan = np.ascontiguousarray(stack.pan[(slice(None), *part)], np.float32)
        known = None if stack.pan_valid is None else np.ascontiguousarray(stack.pan_valid[part])
        blocks["PAN"] = pan if known is None else np.where(known, pan, np.float32(0))
        blocks["PAN_valid"] = None if known is None or known.all() else known
    return blocks


def without(stack: Stack, item: int) -> Stack:
    """The stack without one of its revisits."""
    keep = [number for number in range(len(stack.revisits)) if number != item]
    return replace(
        stack,
        revisits=tuple(stack.revisits[number] for number in keep),
        valids=tuple(stack.valids[number] for number in keep),
        axes=tuple(stack.axes[number] for number in keep),
        days=tuple(stack.days[number] for number in keep) if stack.days else (),
    )
