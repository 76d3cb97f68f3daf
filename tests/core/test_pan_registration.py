"""PAN's displacement from the reference among revisits, against displacements that were put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from satfusion_qgis.classical.super_resolution.pan_registration import (
    describe_pan,
    pan_registered,
    pan_registration,
    undone_shift,
)
from satfusion_qgis.classical.super_resolution.simulate import HELD_OUT, simulate
from satfusion_qgis.tasks.window import Axis
from tests.core.drive_revisits import Stack, run_passes, stack_of, window_at
from tests.scenes import make_truth
from tests.shared_data import needs_shared, shared_path

Array = NDArray[Any]
RATIO, MARGIN = 4, 16
DISPLACEMENTS = [(0.0, 0.0), (0.5, -0.5), (1.0, 1.0), (-2.0, 1.0), (3.0, -3.0)]


def moved(image: Array, shift: Sequence[float]) -> Array:
    """An image in which everything lies `shift` (down, right) farther, by the shift theorem."""
    down, right = np.fft.fftfreq(image.shape[0])[:, None], np.fft.fftfreq(image.shape[1])[None]
    turn = np.exp(-2j * np.pi * (down * shift[0] + right * shift[1]))
    return np.asarray(np.fft.ifft2(np.fft.fft2(image) * turn).real)


def displaced(ground: Array, shift: Sequence[float], seed: int = 0, inverted: bool = False) -> Stack:
    """One revisit of a sharp image (4 bands, `MARGIN` pixels around), and a noisy PAN that lies off."""
    inner = np.s_[..., MARGIN:-MARGIN, MARGIN:-MARGIN]
    made = simulate(ground[inner], RATIO, replace(HELD_OUT, revisits=1, clouded_revisits=0, seed=seed))
    shares = np.array([0.2, 0.35, 0.35, -0.3 if inverted else 0.1])[:, None, None]
    pan = moved((shares * ground).sum(axis=0), shift)[inner]
    pan = pan + pan.std() / 30 * np.random.default_rng(seed).standard_normal(pan.shape)
    return stack_of(list(made.revisits), RATIO, pan=pan[None].astype(np.float32))


def found(stack: Stack, largest: float = 4.0, pass_window: tuple[int, int] = (512, 1024)) -> dict[str, Any]:
    state = run_passes(stack, pan_registration(stack.scene(), largest), pass_window)
    told: dict[str, Any] = state["pan"]
    return told


@pytest.fixture(scope="module")
def landscape() -> Array:
    return make_truth(512 + 2 * MARGIN, 512 + 2 * MARGIN, 4, 5)


@pytest.mark.parametrize("shift", DISPLACEMENTS)
@pytest.mark.parametrize("inverted", [False, True])
def test_a_displaced_pan_is_found(landscape: Array, shift: tuple[float, float], inverted: bool) -> None:
    told = found(displaced(landscape, shift, inverted=inverted))
    assert told["used"]
    assert np.abs(told["shift"] - shift).max() < 0.2
    assert 0 < told["error"] < 0.3 and told["peak"] > 0.2


@needs_shared("data/multispectral/oresund_s2")
@pytest.mark.parametrize("shift", DISPLACEMENTS)
def test_a_displaced_pan_is_found_on_a_real_scene(shift: tuple[float, float]) -> None:
    gdal = pytest.importorskip("osgeo.gdal")
    path = shared_path("data/multispectral/oresund_s2/s2_l1c_10m.tif")
    side = 384 + 2 * MARGIN
    told = found(displaced(gdal.Open(str(path)).ReadAsArray(100, 100, side, side)[:4].astype(np.float64), shift))
    assert told["used"] and np.abs(told["shift"] - shift).max() < 0.25


def test_windows_of_passes_share_one_displacement(landscape: Array) -> None:
    stack = displaced(landscape, (1.0, -2.0))
    told = found(stack, pass_window=(300, 256))
    assert told["used"] and np.abs(told["shift"] - (1.0, -2.0)).max() < 0.2


def test_a_grid_of_another_ratio_and_corner(landscape: Array) -> None:
    """PAN's displacement is counted in its own pixels, whatever the revisits' axes."""
    stack = displaced(landscape, (0.0, 0.0))
    rows, columns = stack.axes[0]
    # By its georeferencing the reference now lies 1.5 target pixels farther down and 2 farther left than it does.
    axes = (replace(rows, origin=-1.5 / RATIO), replace(columns, origin=2 / RATIO))
    told = found(replace(stack, axes=(axes,)))
    assert told["used"] and np.abs(told["shift"] - (-1.5, 2.0)).max() < 0.2


def test_invalid_pixels_do_not_count(landscape: Array) -> None:
    stack = displaced(landscape, (2.0, 1.0))
    clear = np.ones((128, 128), bool)
    clear[30:80, 20:70] = False
    image = np.where(clear, stack.revisits[0], 0)
    told = found(replace(stack, revisits=(image,), valids=(clear,)))
    assert told["used"] and np.abs(told["shift"] - (2.0, 1.0)).max() < 0.25


@pytest.mark.parametrize("case", ["another place", "noise", "flat", "small"])
def test_what_cannot_be_told_is_left(landscape: Array, case: str) -> None:
    stack = displaced(landscape, (1.0, 1.0))
    other = make_truth(512, 512, 4, 77).mean(axis=0)
    noise = np.random.default_rng(1).standard_normal((512, 512)) * 100 + 1000
    if case == "small":
        stack = displaced(landscape[:, : 80 + 2 * MARGIN, : 80 + 2 * MARGIN], (1.0, 1.0))
    else:
        pan = {"another place": other, "noise": noise, "flat": np.full((512, 512), 900.0)}[case]
        stack = replace(stack, pan=pan[None].astype(np.float32))
    told = found(stack)
    assert not told["used"] and told["shift"].tolist() == [0.0, 0.0]
    state = {"pan": told}
    window = window_at(stack, (0, 0, 32, 32), {})
    assert pan_registered(window, state) is window
    assert "cannot be told surely" in describe_pan(stack.scene(), state, 4.0)[0]


def test_no_pass_without_pan_or_for_no_shift(landscape: Array) -> None:
    stack = displaced(landscape, (1.0, 1.0))
    assert pan_registration(stack.scene(), 0.0) == ()
    assert pan_registration(replace(stack, pan=None).scene(), 4.0) == ()
    assert describe_pan(stack.scene(), {}, 0.0) == ["PAN: its georeferencing is trusted"]
    assert describe_pan(replace(stack, pan=None).scene(), {}, 4.0) == []


def test_a_displacement_that_was_not_asked_for_is_left(landscape: Array) -> None:
    assert not found(displaced(landscape, (8.0, 0.0)), largest=1.0)["used"]
    assert found(displaced(landscape, (8.0, 0.0)), largest=3.0)["used"]


def test_what_is_undone() -> None:
    """Whole pixels where next to nothing is left, so that nothing is interpolated; the rest as it was measured."""
    state = {"pan": {"shift": np.array([1.9, -0.4]), "used": True, "error": 0.1}}
    assert undone_shift(state).tolist() == [2.0, -0.4]
    assert undone_shift({"pan": {"shift": np.array([0.1, -0.12])}}).tolist() == [0.0, 0.0]
    assert undone_shift({}).tolist() == [0.0, 0.0]
    stack = stack_of([np.ones((4, 16, 16), np.float32)], 2, pan=np.ones((1, 32, 32), np.float32))
    block = pan_registered(window_at(stack, (0, 0, 8, 8), {}), state).block("PAN")
    assert block.row_axis == Axis(2.0, 1.0, 32) and block.column_axis == Axis(-0.4, 1.0, 32)
    assert "undone by +2.00 and -0.40" in describe_pan(stack.scene(), state, 4.0)[0]
