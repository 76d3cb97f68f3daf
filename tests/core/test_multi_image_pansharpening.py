"""Fusing revisits and PAN without a network, against what is known of made-up scenes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from satfusion_qgis.catalogue import AUTO, CATALOGUE
from satfusion_qgis.classical.super_resolution.samples import Grid
from satfusion_qgis.classical.super_resolution.sharpened_back_projection import Squares, filled, pan_over
from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core.drive_revisits import Fused, Stack, fuse, stack_of
from tests.scenes import make_pair

Image = NDArray[Any]

TASK, RATIO = "multi_image_pansharpening", 4


@lru_cache(maxsize=4)
def truth_of(rows: int = 160, columns: int = 176, bands: int = 3, seed: int = 1) -> Image:
    return make_pair(rows, columns, 4.0, bands, seed).truth


def pan_of(truth: Image) -> Image:
    weights = np.linspace(0.5, 0.2, len(truth))
    return np.tensordot(weights / weights.sum(), truth, axes=1)[None].astype(np.float32)


def scene_of(truth: Image, pan: Image | None = None, **more: Any) -> Stack:
    """Revisits simulated from the truth, with its PAN."""
    made = simulate(truth, RATIO, Simulation(**{"revisits": 5, "noise": 150, "clouded_revisits": 0, "seed": 3, **more}))
    pan = pan_of(truth) if pan is None else pan
    return stack_of(list(made.revisits), RATIO, list(made.masks), pan=pan)


def run(stack: Stack, parameters: dict[str, Any] | None = None, task: str = TASK, **more: Any) -> Fused:
    method = CATALOGUE.method(task, "back_projection")
    given = {"MAX_SHIFT": 4, **({"RATIO": stack.ratio[0]} if task != TASK else {}), **(parameters or {})}
    return fuse(stack, CATALOGUE.implement(method, given, stack.scene()), **more)


def projected(stack: Stack) -> Fused:
    """Back-projection of the revisits alone."""
    return run(replace(stack, pan=None, pan_valid=None), task="super_resolution")


def error(truth: Image, image: Image, border: int = 12) -> Image:
    inside = np.s_[:, border:-border, border:-border]
    return np.sqrt(np.square((truth - image)[inside].astype(np.float64)).mean(axis=(1, 2)))


def test_auto_needs_no_network() -> None:
    method = CATALOGUE.method(TASK, AUTO)
    assert (method.id, method.runtime) == ("back_projection", "numpy")
    assert not {"RATIO"} & {item.name for item in method.parameters}


def test_what_follows_pan_is_found_again() -> None:
    """Bands that are PAN with other gains and offsets: all that PAN shows is theirs."""
    pan = pan_of(truth_of())
    truth = np.concatenate([0.5 * pan + 40, 2.0 * pan - 10]).astype(np.float32)
    stack = scene_of(truth, pan)
    found = run(stack)
    assert np.allclose(found.state["pan_detail"]["gains"], [0.5, 2.0], rtol=0.03)
    assert (error(truth, found.image) < 0.25 * error(truth, projected(stack).image)).all()


def test_detail_that_does_not_follow_pan_is_not_added() -> None:
    truth, other = truth_of(), truth_of(seed=9)
    stack = scene_of(truth, pan_of(other[:, ::-1, ::-1]))
    assert (error(truth, run(stack).image) < 1.1 * error(truth, projected(stack).image)).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_sharper_than_back_projection_and_than_one_revisit(seed: int) -> None:
    truth = truth_of(seed=seed)
    stack = scene_of(truth)
    own = error(truth, run(stack).image)
    first = replace(stack, revisits=stack.revisits[:1], valids=stack.valids[:1], axes=stack.axes[:1])
    assert (own < 0.8 * error(truth, projected(stack).image)).all()
    assert (own < error(truth, run(first).image)).all()


def test_neither_units_nor_offset_of_pan_matter() -> None:
    stack = scene_of(truth_of())
    assert stack.pan is not None
    one, other = run(stack).image, run(replace(stack, pan=0.001 * stack.pan + 5)).image
    assert np.allclose(one, other, atol=2e-3 * float(np.abs(one).max()))
    assert np.abs(one - other).mean() < 1e-4 * np.abs(one).mean()


def test_windows_do_not_show() -> None:
    truth = truth_of()
    made = scene_of(truth, largest_shift=0.4)
    valids = [np.ones(image.shape[1:], bool) for image in made.revisits]
    for item, valid in enumerate(valids):
        valid[8 + item : 14, 10:20] = False
        valid[30:36, 2:9] = False  # no revisit shows this
    known = np.ones(truth.shape[1:], bool)
    known[60:80, 50:90] = False
    known[:, :3] = False
    stack = replace(made, valids=tuple(valids), pan_valid=known)
    whole = run(stack)
    tiled = run(stack, window=(50, 70), state=whole.state)
    assert np.array_equal(whole.valid, tiled.valid)
    for name in ("OUTPUT", "WEIGHT"):
        one, other = whole.outputs[name][:, whole.valid], tiled.outputs[name][:, whole.valid]
        assert np.abs(one - other).max() < 1e-5 * np.abs(one).max()
    assert not whole.valid[126:138, 14:30].any() and not whole.valid[~known].any()
    assert whole.valid[known][: 40 * 170].all()


def test_a_hole_in_pan_shows_nowhere_else() -> None:
    truth = truth_of()
    stack = scene_of(truth)
    known = np.ones(truth.shape[1:], bool)
    known[60:90, 50:90] = False
    whole, holed = run(stack), run(replace(stack, pan_valid=known))
    assert np.array_equal(holed.valid, known)
    beside = np.zeros(known.shape, bool)
    beside[52:98, 42:98] = True
    beside &= known
    far = np.ones(known.shape, bool)
    far[30:120, 20:120] = False
    errors = [np.sqrt(np.square((one.image - truth)[:, beside]).mean()) for one in (whole, holed)]
    assert errors[1] < 1.3 * errors[0]
    assert np.abs(whole.image - holed.image)[:, far].max() < 0.01 * np.abs(whole.image).max()


@pytest.mark.parametrize(("bands", "revisits"), [(1, 1), (1, 4), (3, 1)])
def test_one_band_and_one_revisit(bands: int, revisits: int) -> None:
    truth = truth_of()[:bands]
    stack = scene_of(truth, pan_of(truth_of()), revisits=revisits)
    found = run(stack)
    assert found.valid.all() and np.isfinite(found.image).all()
    assert (error(truth, found.image) < 0.9 * error(truth, projected(stack).image)).all()


def test_a_ratio_that_is_no_whole_number_and_corners_that_differ() -> None:
    """The result lies on PAN's grid, wherever the revisits begin."""
    truth = truth_of()
    stack = scene_of(truth, largest_shift=0.4)
    cut = tuple(image[:, 3:-1, 2:-1] for image in stack.revisits)
    axes = tuple((Axis(-3.0, 1 / 4.00025, 36), Axis(-2.0, 1 / 4.00025, 41)) for _ in cut)
    found = run(replace(stack, revisits=cut, valids=(None,) * len(cut), axes=axes, ratio=(4.00025, 4.00025)))
    assert found.image.shape == truth.shape
    assert found.valid[12:-6, 8:-6].all() and not found.valid[:6].any()
    inside = np.s_[:, 24:-24, 24:-24]
    assert (error(truth[inside], found.image[inside]) < 1.1 * error(truth[inside], run(stack).image[inside])).all()


def test_the_weight_counts_revisits() -> None:
    stack = scene_of(truth_of(), revisits=4)
    weight = run(stack).outputs["WEIGHT"][0]
    assert np.abs(weight - projected(stack).outputs["WEIGHT"][0]).mean() < 0.1
    assert weight[20:-20, 20:-20].mean() == pytest.approx(4, abs=0.3)


def test_pan_must_show_something() -> None:
    stack = scene_of(truth_of())
    assert stack.pan is not None
    with pytest.raises(InputError, match="PAN is constant"):
        run(replace(stack, pan=np.full_like(stack.pan, 7)))
    with pytest.raises(InputError, match="no valid pixel in common"):
        run(replace(stack, pan_valid=np.zeros(stack.size, bool)))


def test_it_says_what_it_found() -> None:
    lines = "\n".join(run(scene_of(truth_of())).lines)
    assert "B1" in lines and "of PAN's detail" in lines


# Parts


def test_pan_is_taken_from_its_axes() -> None:
    pan = np.arange(20 * 30, dtype=np.float32).reshape(1, 20, 30)
    block = BlockWindow(2, 3, 18, 27, Axis(5.0, 1.0, 20), Axis(-2.0, 1.0, 30))
    window = Window(0, 5, 8, 10, {"PAN": block})
    image, known = pan_over({"PAN": pan[:, 2:, 3:], "PAN_valid": None}, window, Grid(0, 5, 8, 10))
    assert np.array_equal(image, pan[0, 5:13, 3:13]) and known.all()
    image, known = pan_over({"PAN": pan[:, 2:, 3:], "PAN_valid": None}, window, Grid(10, 5, 8, 10))
    assert np.array_equal(known.any(axis=1), [True] * 5 + [False] * 3)
    assert np.array_equal(image[5:], np.tile(image[4], (3, 1)))  # goes on beyond the edge
    moved = replace(block, row_axis=Axis(5.5, 1.0, 20))  # half a pixel: rows are a straight line
    image, _ = pan_over({"PAN": pan[:, 2:, 3:], "PAN_valid": None}, replace(window, blocks={"PAN": moved}),
                        Grid(1, 5, 6, 10))  # fmt: skip
    assert np.allclose(image, pan[0, 6:12, 3:13] + 15, rtol=1e-5)


def test_squares_are_plain_means() -> None:
    random = np.random.default_rng(0)
    image, counts = random.random((9, 11)), random.random((9, 11))
    found = Squares(counts, (1, 2)).mean(image)
    part = np.s_[3:6, 3:8]
    assert found[4, 5] == pytest.approx((image * counts)[part].sum() / counts[part].sum())
    corner = np.s_[:2, :3]
    assert found[0, 0] == pytest.approx((image * counts)[corner].sum() / counts[corner].sum())


def test_holes_are_filled_from_around_them() -> None:
    pan = np.tile(np.linspace(-10, 10, 80), (80, 1)).astype(np.float32)
    known = np.ones_like(pan)
    known[30:36, 30:36] = 0
    result = filled(pan * known, known, (4, 4))
    assert np.abs(result - pan).max() < 2 and np.array_equal(result[known > 0], pan[known > 0])
