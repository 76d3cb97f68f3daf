"""Runs a pansharpening method on arrays, window by window, as the pipeline does with files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from satfusion_qgis.assessment.reference import score
from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.tasks.method import Implementation, SceneInfo
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core.reference_methods import ReferencePair
from tests.scenes import Scene


@dataclass
class Pair:
    """An MS and a PAN image on arrays.

    Attributes:
        ms: (bands, rows, columns).
        pan: (1, rows, columns); more bands where several sharpen together.
        ratio: PAN pixels in an MS pixel.
        offset: (down, right) distance from the PAN's corner to the MS's, in PAN pixels.
        ms_valid: (MS rows, MS columns), or None where all are valid.
        pan_valid: (PAN rows, PAN columns), or None where all are valid.
        part: (row, column, rows, columns) of the PAN grid that is fused; None for all of it.
    """

    ms: NDArray[Any]
    pan: NDArray[Any]
    ratio: float
    offset: tuple[float, float] = (0.0, 0.0)
    ms_valid: NDArray[np.bool_] | None = None
    pan_valid: NDArray[np.bool_] | None = None
    part: tuple[int, int, int, int] | None = None
    wavelengths_nm: tuple[float, ...] = field(default=())

    def target(self) -> tuple[int, int, int, int]:
        """The part of the PAN grid that is fused."""
        return self.part or (0, 0, *self.pan.shape[1:])

    def axes(self) -> dict[str, tuple[Axis, Axis]]:
        """Where the rows and columns of both images lie on the target grid."""
        start = self.target()[:2]
        scale = 1.0 / self.ratio
        ms = [Axis((start[k] - self.offset[k]) * scale, scale, self.ms.shape[1 + k]) for k in (0, 1)]
        pan = [Axis(float(start[k]), 1.0, self.pan.shape[1 + k]) for k in (0, 1)]
        return {"MS": (ms[0], ms[1]), "PAN": (pan[0], pan[1])}

    def reference(self) -> ReferencePair:
        """The same images for the reference methods."""
        all_ms, all_pan = np.ones(self.ms.shape[1:], bool), np.ones(self.pan.shape[1:], bool)
        return ReferencePair(
            self.ms.astype(np.float64),
            self.pan[0].astype(np.float64),
            self.ratio,
            self.offset,
            all_ms if self.ms_valid is None else self.ms_valid.copy(),
            all_pan if self.pan_valid is None else self.pan_valid.copy(),
            self.target(),
        )


def pair_of(scene: Scene, **more: Any) -> Pair:
    step = scene.pan_geotransform[1]
    offset = (
        (scene.pan_geotransform[3] - scene.ms_geotransform[3]) / step,
        (scene.ms_geotransform[0] - scene.pan_geotransform[0]) / step,
    )
    return Pair(scene.ms.copy(), scene.pan.copy(), scene.ratio, offset, **more)


def with_holes(pair: Pair, seed: int = 0) -> Pair:
    """Patches and single pixels that are not valid, and wild values under them."""
    rng = np.random.default_rng(seed)
    pair.ms_valid = rng.random(pair.ms.shape[1:]) > 0.03
    pair.ms_valid[5:9, 3:8] = False
    pair.ms_valid[-3:] = False
    pair.pan_valid = rng.random(pair.pan.shape[1:]) > 0.001
    pair.pan_valid[20:40, 50:70] = False
    pair.ms[:, ~pair.ms_valid] = 1e6
    pair.pan[:, ~pair.pan_valid] = -1e6
    return pair


def ergas(truth: np.ndarray, fused: np.ndarray, ratio: float) -> float:
    inside = np.s_[:, 16:-16, 16:-16]
    return float(score(truth[inside], fused[inside], ratio)["all"]["ergas"])


@dataclass
class Fused:
    """What a method made: the image (bands, rows, columns), where it is valid, and what its passes found."""

    image: NDArray[np.float32]
    valid: NDArray[np.bool_]
    state: dict[str, Any]
    implementation: Implementation


def fuse(
    pair: Pair,
    method_id: str,
    parameters: Mapping[str, Any] | None = None,
    window: tuple[int, int] | None = None,
    pass_window: tuple[int, int] | None = None,
) -> Fused:
    """Run the method's passes and fuse every window; without a window the whole image is one."""
    _, _, rows, columns = pair.target()
    bands = len(pair.ms)
    fine = ("PAN",) if len(pair.pan) == 1 else tuple(f"F{band + 1}" for band in range(len(pair.pan)))
    scene = SceneInfo(
        bands={"MS": bands, "PAN": len(pair.pan)},
        items={"MS": 1, "PAN": 1},
        ratio={"MS": (pair.ratio, pair.ratio), "PAN": (1.0, 1.0)},
        band_names={"MS": tuple(f"B{band + 1}" for band in range(bands)), "PAN": fine},
        wavelengths_nm={"MS": pair.wavelengths_nm},
    )
    method = CATALOGUE.method("pansharpening", method_id)
    implementation = CATALOGUE.implement(method, parameters or {}, scene)
    state: dict[str, Any] = {}
    for one in implementation.passes():
        merged: Any = None
        for place in places(rows, columns, pass_window):
            at = window_at(pair, place, one.halo)
            found = one.add(blocks_of(pair, at), at, state)
            if found is not None:
                merged = found if merged is None else one.merge(merged, found)
        state[one.name] = one.finish(merged, state)
    image = np.full((bands, rows, columns), np.nan, np.float32)
    valid = np.zeros((rows, columns), bool)
    for place in places(rows, columns, window):
        at = window_at(pair, place, implementation.halo())
        blocks = blocks_of(pair, at)
        before = {name: np.array(values) for name, values in blocks.items() if values is not None}
        result = implementation.fuse(blocks, state, at)
        for name, values in before.items():
            assert np.array_equal(values, blocks[name]), f"fuse changed its input {name}"
        inside = np.s_[place[0] : place[0] + place[2], place[1] : place[1] + place[3]]
        image[(slice(None), *inside)] = result["OUTPUT"]
        known = result.get("OUTPUT_valid")
        valid[inside] = True if known is None else known
    return Fused(image, valid, state, implementation)


def window_at(pair: Pair, place: tuple[int, int, int, int], halo: Mapping[str, int]) -> Window:
    """The window at (row, column, rows, columns) of the target grid, with its blocks."""
    row, column, rows, columns = place
    blocks = {}
    for role, (row_axis, column_axis) in pair.axes().items():
        top, bottom = row_axis.cover(row, row + rows, halo.get(role, 0))
        left, right = column_axis.cover(column, column + columns, halo.get(role, 0))
        blocks[role] = BlockWindow(top, left, bottom - top, right - left, row_axis, column_axis)
    return Window(row, column, rows, columns, blocks)


def blocks_of(pair: Pair, window: Window) -> dict[str, Any]:
    """The blocks of a window as the reader gives them: float32, 0 where invalid, None for a mask that is all valid."""
    blocks: dict[str, Any] = {}
    for role, image, valid in (("MS", pair.ms, pair.ms_valid), ("PAN", pair.pan, pair.pan_valid)):
        at = window.block(role)
        inside = np.s_[at.row : at.row + at.rows, at.column : at.column + at.columns]
        values = np.ascontiguousarray(image[(slice(None), *inside)], np.float32)
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
