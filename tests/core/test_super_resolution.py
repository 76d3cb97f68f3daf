"""The classical super-resolution methods against what can be worked out by hand, and what is claimed of them all."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from satfusion_qgis.catalogue import AUTO, CATALOGUE
from satfusion_qgis.classical.super_resolution.back_projection import MEAN, Rounds, Scene, estimate, sight_of
from satfusion_qgis.classical.super_resolution.samples import Grid, Part, weighted_median
from satfusion_qgis.classical.super_resolution.simulate import HELD_OUT, Simulated, Simulation, simulate
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.window import Axis, BlockWindow
from tests.core.drive_revisits import Fused, Stack, blocks_of, fuse, stack_of, window_at
from tests.scenes import make_pair

Image = NDArray[Any]

TASK = "super_resolution"
METHODS = ("back_projection", "median", "shift_and_add", "drizzle", "kernel_regression")
CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    *((method, {}) for method in METHODS),
    ("shift_and_add", {"STATISTIC": "median"}),
    ("back_projection", {"ROBUST": "median", "ITERATIONS": 2}),
    ("back_projection", {"SMOOTHNESS": 0, "ROBUST": "mean"}),
)


@lru_cache(maxsize=8)
def truth_of(rows: int = 120, columns: int = 132, bands: int = 3, seed: int = 1) -> Image:
    return make_pair(rows, columns, 4.0, bands, seed).truth


def clean(**more: Any) -> Simulation:
    return Simulation(**{"noise": 0, "gain": 0, "offset": 0, "clouded_revisits": 0, **more})


def given(stack: Stack, shifts: Any = None, noise: float = 1.0) -> dict[str, Any]:
    """What passes that found these shifts, and nothing changed, would leave; all that is valid counts fully."""
    items, bands = len(stack.revisits), len(stack.revisits[0])
    return {
        "registration": {
            "shifts": np.zeros((items, 2)) if shifts is None else np.asarray(shifts, np.float64),
            "error": np.zeros(items),
            "peak": np.ones(items),
            "used": np.ones(items, bool),
            "outcome": ["trusted"] * items,
        },
        "photometry": {
            "gain": np.ones((items, bands)),
            "offset": np.zeros((items, bands)),
            "noise": np.full((items, bands), noise),
            "blurred_noise": np.full((items, bands), 1e9),
            "contrast": np.ones((items, bands)),
            "changed": np.zeros(items),
        },
    }


def run(stack: Stack, method: str, parameters: dict[str, Any] | None = None, **more: Any) -> Fused:
    made = CATALOGUE.method(TASK, method)
    return fuse(stack, CATALOGUE.implement(made, {"MAX_SHIFT": 4, **(parameters or {})}, stack.scene()), **more)


def stack_from(made: Simulated, ratio: float) -> Stack:
    return stack_of(list(made.revisits), ratio, list(made.masks))


def run_known(made: Simulated, ratio: float, method: str, parameters: Any = None, **more: Any) -> Fused:
    stack = stack_from(made, ratio)
    return run(stack, method, parameters, state=given(stack, made.shifts), **more)


def cpsnr(truth: Image, image: Image, border: int = 12) -> float:
    inside = np.s_[:, border:-border, border:-border]
    difference = (truth[:, : image.shape[1], : image.shape[2]] - image)[inside].astype(np.float64)
    difference -= difference.mean(axis=(1, 2), keepdims=True)
    peak = truth.max(axis=(1, 2)).astype(np.float64)
    return float((10 * np.log10(peak**2 / (difference**2).mean(axis=(1, 2)))).mean())


def holes(made: Simulated, seed: int = 5) -> Simulated:
    random = np.random.default_rng(seed)
    masks = random.random(made.masks.shape) > 0.1
    masks[:, 10:13, 8:12] = False
    masks[0, 14:30, 5:25] = False
    revisits = np.where(masks[:, None], made.revisits, np.float32(1e7))
    return replace(made, revisits=revisits, masks=masks)


# Worked by hand


def test_drizzle_by_hand() -> None:
    """Two revisits of two columns at ratio 2: drops are 1.6 fine pixels wide; the second's are moved by half of one."""
    a, b = np.array([10.0, 40.0]), np.array([20.0, 70.0])
    stack = stack_of([np.tile(one, (1, 6, 1)).astype(np.float32) for one in (a, b)], 2)
    found = run(stack, "drizzle", state=given(stack, [(0, 0), (0, 0.25)]))
    weights = np.array([1.8, 1.4, 1.8, 1.1])
    expected = (
        np.array(
            [
                0.8 * a[0] + 1.0 * b[0],
                0.8 * a[0] + 0.3 * b[0] + 0.3 * b[1],
                0.8 * a[1] + 1.0 * b[1],
                0.8 * a[1] + 0.3 * b[1],
            ]
        )
        / weights
    )
    assert np.allclose(found.image[0, 5], expected, rtol=1e-5)
    assert np.allclose(found.outputs["WEIGHT"][0, 5], 0.8 * weights, rtol=1e-5)


@pytest.mark.parametrize("ratio", [2.0, 2.5, 3.0])
def test_drizzle_conserves_brightness(ratio: float) -> None:
    image = np.zeros((2, 20, 24), np.float32)
    image[:, 6:14, 6:14] = np.random.default_rng(0).random((2, 8, 8)) * 100
    stack = stack_of([image, 2 * image], ratio)
    found = run(stack, "drizzle", {"PIXEL_FRACTION": 0.7}, state=given(stack, [(0, 0), (0.3, -0.8)]))
    total = (found.image.astype(np.float64) * found.outputs["WEIGHT"]).sum(axis=(1, 2))
    assert np.allclose(total, 3 * image.sum(axis=(1, 2)) * (0.7 * ratio) ** 2, rtol=1e-4)


@pytest.mark.parametrize(
    ("method", "parameters"),
    [("shift_and_add", {}), ("shift_and_add", {"STATISTIC": "median"}), ("drizzle", {"PIXEL_FRACTION": 0.1})],
)
def test_all_phases_of_a_grid_give_the_scene_back(method: str, parameters: dict[str, Any]) -> None:
    truth = truth_of()[:, :40, :44]
    phases = [(down, right) for down in (0, 1) for right in (0, 1)]
    stack = stack_of([truth[:, down::2, right::2] for down, right in phases], 2)
    shifts = [((0.5 - down) / 2, (0.5 - right) / 2) for down, right in phases]
    found = run(stack, method, parameters, state=given(stack, shifts))
    assert np.allclose(found.image, truth, rtol=1e-5)
    assert np.allclose(found.outputs["WEIGHT"], 1, rtol=1e-5)


def test_the_weighted_median() -> None:
    random = np.random.default_rng(3)
    values = random.random((9, 50)).astype(np.float32)
    for count in (1, 2, 5, 8, 9):
        weights = np.zeros_like(values)
        weights[:count] = 0.7
        assert np.allclose(weighted_median(values, weights), np.median(values[:count], axis=0), atol=1e-6)
    heavy = np.ones_like(values)
    heavy[4] = 20
    assert np.allclose(weighted_median(values, heavy), values[4], atol=1e-6)
    assert weighted_median(values, np.zeros_like(values)).max() == 0
    hardly = np.where(weights > 0, weights, 1e-7) * (1 + 1e-6 * random.random(weights.shape))
    assert np.allclose(weighted_median(values, hardly.astype(np.float32)), weighted_median(values, weights), atol=1e-4)


# Back-projection's matrices


def part_of(image: Image, shift: tuple[float, float], ratio: float, item: int = 1) -> Part:
    rows, columns = image.shape[1:]
    axes = Axis(shift[0], 1 / ratio, rows), Axis(shift[1], 1 / ratio, columns)
    return Part(image, np.ones((rows, columns), np.float32), BlockWindow(0, 0, rows, columns, *axes), item)


@pytest.mark.parametrize("ratio", [2.0, 2.7])
def test_projecting_back_is_the_adjoint_of_seeing(ratio: float) -> None:
    random = np.random.default_rng(0)
    coarse = random.random((2, 14, 17)).astype(np.float32)
    grid = Grid(-3, 2, 45, 38)
    sight = sight_of(part_of(coarse, (0.3, -1.2), ratio), grid, 0.3)
    fine = random.random((2, 45, 38)).astype(np.float32)
    one = (sight.see(fine).astype(np.float64) * coarse).sum()
    other = (fine.astype(np.float64) * sight.project_back(coarse)).sum()
    assert one == pytest.approx(other, rel=1e-6)


def test_a_revisit_sees_the_gaussian_where_it_stands() -> None:
    """Against the sum written out: coarse pixel j looks at fine place 2 (j - shift) + 1/2."""
    fine = np.random.default_rng(1).random((1, 40, 40)).astype(np.float32)
    shift = (0.4, -0.7)
    seen = sight_of(part_of(np.zeros((1, 20, 20), np.float32), shift, 2), Grid(0, 0, 40, 40), 0.3).see(fine)
    sigma = 2 / np.pi * np.sqrt(-2 * np.log(0.3))
    places = np.arange(40)
    row, column = 9, 12
    by_row, by_column = (
        np.exp(-0.5 * ((places - (2 * (at - moved) + 0.5)) / sigma) ** 2)
        for at, moved in ((row, shift[0]), (column, shift[1]))
    )
    expected = by_row @ fine[0].astype(np.float64) @ by_column / by_row.sum() / by_column.sum()
    assert seen[0, row, column] == pytest.approx(expected, rel=1e-4)


def test_every_round_misses_less() -> None:
    made = simulate(truth_of(), 2, clean(revisits=5, largest_shift=1))
    parts = [part_of(image, tuple(shift), 2) for image, shift in zip(made.revisits, made.shifts)]
    scene = Scene(0.3, np.full(3, 1e-4), np.ones(3), (2.0, 2.0))
    found = estimate(parts, Grid(0, 0, 120, 132), scene, Rounds(12, robust=MEAN), misfits=True)
    misfits = np.array(found.misfits)
    assert len(misfits) == 13
    assert (np.diff(misfits[2:]) < 0).all()  # Chebyshev's second step is a long one
    assert misfits[-1] < 0.1 * misfits[0]


@pytest.mark.parametrize("ratio", [2, 3])
def test_back_projection_undoes_blur_and_sampling(ratio: int) -> None:
    """A wave above the revisits' Nyquist frequency comes back, which no single one shows."""
    y, x = np.mgrid[0:120, 0:120]
    truth = (100 + 20 * np.cos(2 * np.pi * 0.6 / ratio * x) + 20 * np.cos(2 * np.pi * 0.2 / ratio * (y + x)))[None]
    made = simulate(truth.astype(np.float32), ratio, clean(revisits=12, largest_shift=1.5))
    sharp = run_known(made, ratio, "back_projection", {"ITERATIONS": 60, "SMOOTHNESS": 0.01}).image
    soft = run_known(made, ratio, "median").image
    inside = np.s_[:, 20:-20, 20:-20]
    assert np.abs(soft - truth)[inside].max() > 15
    assert np.abs(sharp - truth)[inside].max() < 6


# What is claimed of them all


@pytest.mark.parametrize(("method", "parameters"), CASES)
@pytest.mark.parametrize("ratio", [2.0, 2.5, 3.0])
def test_tiled_is_whole(method: str, parameters: dict[str, Any], ratio: float) -> None:
    made = holes(simulate(truth_of(150, 140, 2), ratio, Simulation(revisits=4, clouded_revisits=0)))
    whole = run_known(made, ratio, method, parameters)
    for window in ((37, 140), (64, 53)):
        tiled = run_known(made, ratio, method, parameters, window=window)
        assert np.array_equal(tiled.valid, whole.valid)
        for name in ("OUTPUT", "WEIGHT"):
            before, now = (one.outputs[name][:, whole.valid] for one in (whole, tiled))
            assert np.abs(before - now).max() <= 1e-5 * np.ptp(before)


@pytest.mark.parametrize(("method", "parameters"), CASES)
def test_a_constant_stays(method: str, parameters: dict[str, Any]) -> None:
    made = holes(simulate(np.full((2, 90, 84), 250.0), 2, clean(revisits=4)))
    found = run_known(made, 2, method, parameters)
    assert found.valid.mean() > 0.9
    assert np.allclose(found.image[:, found.valid], 250, rtol=1e-4)


@pytest.mark.parametrize(("method", "parameters"), CASES)
def test_gain_and_offset_pass_through(method: str, parameters: dict[str, Any]) -> None:
    made = simulate(truth_of(), 2, Simulation(revisits=4))
    plain = run(stack_from(made, 2), method, parameters)
    changed = run(stack_from(replace(made, revisits=made.revisits * 0.004 + 3), 2), method, parameters)
    tolerance = 1e-3 * np.ptp(plain.image)
    assert np.abs((changed.image - 3) / 0.004 - plain.image)[:, plain.valid].max() < tolerance


@pytest.mark.parametrize(("method", "parameters"), CASES)
def test_nothing_knows_up_from_down(method: str, parameters: dict[str, Any]) -> None:
    made = simulate(truth_of(), 2, Simulation(revisits=4, noise=60))
    turned = Simulated(
        made.revisits[:, :, ::-1, ::-1].copy(), made.masks[:, ::-1, ::-1].copy(), -made.shifts, made.clouds
    )
    plain, other = run_known(made, 2, method, parameters), run_known(turned, 2, method, parameters)
    assert np.abs(plain.image - other.image[:, ::-1, ::-1]).max() < 1e-4 * np.ptp(plain.image)


@pytest.mark.parametrize(("method", "parameters"), CASES)
def test_one_revisit_gives_a_picture_of_it(method: str, parameters: dict[str, Any]) -> None:
    truth = truth_of(bands=1)
    made = simulate(truth, 2, Simulation(revisits=1, clouded_revisits=0))
    found = run(stack_from(made, 2), method, parameters)
    assert found.valid.all()
    assert found.image.shape == truth.shape
    repeated = np.repeat(np.repeat(made.revisits[0], 2, axis=1), 2, axis=2)
    assert cpsnr(truth, found.image) > cpsnr(truth, repeated) - 0.01


@pytest.mark.parametrize(("method", "parameters"), CASES)
def test_where_the_reference_is_hidden_others_fill(method: str, parameters: dict[str, Any]) -> None:
    truth = truth_of()
    made = simulate(truth, 2, clean(revisits=5, largest_shift=1))
    masks = made.masks.copy()
    masks[0, 20:40, 20:44] = False
    masks[:, 4:9, 4:9] = False
    wild = np.where(masks[:, None], made.revisits, np.float32(-1e9))
    found = run_known(replace(made, revisits=wild, masks=masks), 2, method, parameters)
    assert found.valid[40:80, 40:88].all()
    assert np.isfinite(found.image[:, found.valid]).all()
    assert found.valid.mean() > 0.98
    full = run_known(made, 2, method, parameters)
    inside = np.s_[:, 44:76, 44:84]
    assert np.abs(found.image - full.image)[inside].mean() < 0.05 * truth.std()


@pytest.mark.parametrize(("method", "parameters"), CASES)
def test_grids_of_their_own(method: str, parameters: dict[str, Any]) -> None:
    """One revisit covers a corner only, one has pixels of another size, one lies elsewhere."""
    truth = truth_of()
    same = simulate(truth, 2, clean(revisits=1)).revisits[0]
    wide = simulate(truth, 2.4, clean(revisits=1)).revisits[0]
    stack = stack_of(
        [same, same[:, 10:31, 12:], wide, same],
        2,
        origins=[(0, 0), (-10, -12), (0, 0), (500, -900)],
        scales=[1, 1, 2 / 2.4, 1],
    )
    found = run(stack, method, {**parameters, "MAX_SHIFT": 0})
    alone = run(stack_of([same], 2), method, {**parameters, "MAX_SHIFT": 0})
    assert found.valid.all()
    assert np.isfinite(found.image).all()
    assert cpsnr(truth, found.image) > cpsnr(truth, alone.image) - 0.5


@pytest.mark.parametrize("method", METHODS)
def test_no_observation_no_pixel(method: str) -> None:
    made = simulate(truth_of(), 2, clean(revisits=2))
    found = run_known(replace(made, masks=np.zeros_like(made.masks)), 2, method)
    assert not found.valid.any()
    assert np.isfinite(found.image).all()


@pytest.mark.parametrize("method", METHODS)
def test_weight_bands_are_named_and_count_observations(method: str) -> None:
    made = simulate(truth_of(), 2, clean(revisits=4, largest_shift=1))
    stack = stack_from(made, 2)
    implementation = CATALOGUE.implement(CATALOGUE.method(TASK, method), {"RATIO": 2}, stack.scene())
    four = run_known(made, 2, method).outputs["WEIGHT"]
    assert len(implementation.output_bands()["WEIGHT"]) == len(four)
    two = run_known(Simulated(*(one[:2] for one in (made.revisits, made.masks, made.shifts, made.clouds))), 2, method)
    inside = np.s_[0, 20:-20, 20:-20]
    assert four[inside].mean() > 1.4 * two.outputs["WEIGHT"][inside].mean()


def test_the_spread_of_the_median_is_that_of_the_noise() -> None:
    random = np.random.default_rng(0)
    images = [np.full((2, 60, 60), 100.0) + random.normal(0, 5, (2, 60, 60)) for _ in range(15)]
    stack = stack_of([image.astype(np.float32) for image in images], 2)
    spread = run(stack, "median", state=given(stack)).outputs["WEIGHT"][1:, 10:-10, 10:-10]
    assert 2.5 < spread.mean() < 5  # interpolation averages the noise


@pytest.mark.parametrize("method", METHODS)
def test_a_cancel_is_seen(method: str) -> None:
    stack = stack_from(simulate(truth_of(), 2, clean(revisits=2)), 2)
    implementation = CATALOGUE.implement(CATALOGUE.method(TASK, method), {"RATIO": 2}, stack.scene())
    window = replace(window_at(stack, (0, 0, 60, 60), implementation.halo()), cancelled=lambda: True)
    with pytest.raises(Cancelled):
        implementation.fuse(blocks_of(stack, window), given(stack), window)


# Simulated revisits


@pytest.mark.parametrize(("ratio", "seed"), [(2, 1), (3, 2)])
def test_back_projection_beats_the_median(ratio: int, seed: int) -> None:
    truth = truth_of(168, 156, 3, seed)
    stack = stack_from(simulate(truth, ratio, replace(HELD_OUT, seed=seed)), ratio)
    scores = {method: cpsnr(truth, run(stack, method).image) for method in METHODS}
    assert scores["back_projection"] > scores["median"] + 1
    assert scores["back_projection"] == max(scores.values())
    assert min(scores.values()) > scores["median"] - 0.3


def test_an_unmasked_cloud_loses_its_weight() -> None:
    truth = truth_of()
    made = simulate(truth, 2, clean(revisits=6, clouded_revisits=1, noise=100, largest_shift=1))
    hidden = replace(made, masks=np.ones_like(made.masks))
    doubted = run_known(hidden, 2, "back_projection").image
    trusting = run_known(hidden, 2, "back_projection", {"ROBUST": "mean"}).image
    median = run_known(hidden, 2, "back_projection", {"ROBUST": "median"}).image
    assert cpsnr(truth, doubted) > cpsnr(truth, trusting) + 3
    assert cpsnr(truth, median) > cpsnr(truth, trusting) + 3


def test_smoothness_follows_the_noise() -> None:
    truth = truth_of(192, 180)
    found = {}
    for noise in (15, 150):
        stack = stack_from(simulate(truth, 2, clean(noise=noise)), 2)
        texture = run(stack, "back_projection").state["texture"]
        expected = truth.mean(axis=(1, 2)) / noise
        assert (texture["noise"] > 0.8 * expected).all()
        if noise == 15:
            assert (texture["noise"] < 1.4 * expected).all()
        found[noise] = texture["smoothness"]
    assert (found[15] > 5 * found[150]).all()


def test_more_smoothness_is_smoother() -> None:
    made = simulate(truth_of(), 2, Simulation(noise=30))
    bends = []
    for smoothness in (0.1, 1, 10):
        image = run_known(made, 2, "back_projection", {"SMOOTHNESS": smoothness}).image
        bends.append(np.abs(np.diff(image, 2, axis=1)).mean())
    assert bends[0] > bends[1] > bends[2]


# Parameters


def test_back_projection_is_the_automatic_choice() -> None:
    assert CATALOGUE.method(TASK, AUTO).id == "back_projection"


def test_the_mtf_may_be_given_by_band_but_not_estimated() -> None:
    truth = truth_of()
    made = simulate(truth, 2, clean(revisits=4, blur=(0.15, 0.3, 0.45)))
    right = run_known(made, 2, "back_projection", {"MTF_GAINS": "0.15,0.3,0.45"})
    wrong = run_known(made, 2, "back_projection", {"MTF_GAINS": "0.5"})
    assert cpsnr(truth, right.image) > cpsnr(truth, wrong.image) + 1
    assert "0.15, 0.3, 0.45" in " ".join(right.lines)
    for gains, says in (
        ("estimate", "cannot be estimated"),
        ("0.3,0.3", "one for each of the 3 bands"),
        ("2", "between"),
    ):
        with pytest.raises(InputError, match=says):
            run_known(made, 2, "back_projection", {"MTF_GAINS": gains})
