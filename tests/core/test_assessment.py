"""Scores against a reference: worked examples, independent values, and rules about masks and windows."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satfusion_qgis.assessment.reference import DEFINITIONS, ReferenceScores, peak_range, score, scoring_windows
from tests.shared_data import shared_module, shared_path

METRICS = {
    "MAE": "mae",
    "RMSE": "rmse",
    "PSNR": "psnr",
    "PSNR_mean_of_bands": "psnr_mean_of_bands",
    "SSIM": "ssim",
    "SAM_deg": "sam_degrees",
    "ERGAS": "ergas",
    "RASE": "rase",
    "UQI": "uqi",
    "Q2n": "q2n",
    "SCC": "scc",
    "CC": "cc",
    "R2": "r2",
}
# Values of a package that computes something else under the same name, by what their note says; and single precision.
OTHER_THINGS = (
    "INVALID", "WRONG", "DEFAULT", "GAUSSIAN window", "11x11 GAUSSIAN", "sliding", "local",
)  # fmt: skip
SINGLE_PRECISION = {"PSNR": 1e-7}


def pair_of_images(bands: int, rows: int, columns: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A rough image of about 500 DN and a noisy copy of it."""
    rng = np.random.default_rng(seed)
    reference = 500.0 + 200.0 * rng.standard_normal((bands, rows, columns)).cumsum(axis=2)
    reference = np.abs(reference) + 50.0
    return reference, 0.95 * reference + 30.0 * rng.standard_normal(reference.shape) + 4.0


def assert_same_scores(one: dict[str, Any], two: dict[str, Any], relative: float = 1e-12) -> None:
    for scores, others in zip([one["all"], *one["bands"]], [two["all"], *two["bands"]]):
        assert scores.keys() == others.keys()
        for key, value in scores.items():
            same = value == others[key]
            assert same or value == pytest.approx(others[key], rel=relative, abs=1e-12), key
    assert one["pixels"] == two["pixels"]
    assert one["q2n_blocks"] == two["q2n_blocks"]


# Values that others computed


def test_worked_example() -> None:
    reference = np.array([[[10.0, 20.0], [30.0, 40.0]], [[20.0, 20.0], [40.0, 60.0]]])
    test = np.array([[[12.0, 18.0], [30.0, 44.0]], [[20.0, 22.0], [36.0, 60.0]]])
    result = score(reference, test, ratio=4)
    assert [band["rmse"] for band in result["bands"]] == pytest.approx([2.449490, 2.236068], abs=1e-6)
    assert [band["cc"] for band in result["bands"]] == pytest.approx([0.985901, 0.991758], abs=1e-6)
    assert [band["bias"] for band in result["bands"]] == pytest.approx([1.0, -0.5])
    assert [band["reference_mean"] for band in result["bands"]] == pytest.approx([25.0, 35.0])
    assert result["all"]["rmse"] == pytest.approx(2.345208, abs=1e-6)
    assert result["all"]["bias"] == pytest.approx(0.25)
    assert result["all"]["sam_degrees"] == pytest.approx(3.902186, abs=1e-6)
    assert result["all"]["ergas"] == pytest.approx(2.067731, abs=1e-6)
    assert result["all"]["mae"] == pytest.approx(1.75)
    assert result["all"]["rmse"] ** 2 == pytest.approx(5.5)
    assert result["all"]["rase"] == pytest.approx(7.817360, abs=1e-6)
    assert [band["r2"] for band in result["bands"]] == pytest.approx([0.952, 0.981818], abs=1e-6)
    ranged = score(reference, test, ratio=4, data_range=255, uqi_window=2)
    assert ranged["all"]["psnr"] == pytest.approx(40.727177, abs=1e-6)
    assert [band["uqi"] for band in ranged["bands"]] == pytest.approx([0.981064, 0.990931], abs=1e-6)
    assert ranged["all"]["ssim"] is None  # no room for its window


def images_of(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The fixed pair of images of a case of the shared values."""
    make_input = shared_module("parity/parity.py").make_input
    spec = case["ref"]
    place = (spec["shape"], spec["seed"], spec["low"], spec["high"])
    reference = make_input(spec["name"], *place).astype(np.float64)
    test = 0.9 * reference + 0.1 * make_input(spec["name"] + "_other", *place).astype(np.float64)
    return (np.rint(reference), np.rint(test)) if spec["rounded"] else (reference, test)


def is_same_definition(entry: dict[str, Any]) -> bool:
    """Whether a value is of the metric as defined here, by the notes of whoever computed it."""
    if any(word in entry["note"] for word in OTHER_THINGS):
        return False
    return not (entry["metric"] == "SSIM" and entry["package"] == "torchmetrics")  # differs at the border


@pytest.mark.parametrize("case", ["unit4", "dn4", "dn8", "refl6"])
@pytest.mark.parametrize("metric", METRICS)
def test_agrees_with_independent_packages(case: str, metric: str) -> None:
    expected = json.loads(shared_path("parity/metrics/expected.json").read_text())
    reference, test = images_of(expected["cases"][case])
    checked = 0
    for entry in expected["results"]:
        if (entry["case"], entry["metric"]) != (case, metric) or not is_same_definition(entry):
            continue
        parameters = entry["parameters"]
        value = score(
            reference,
            test,
            ratio=4,
            block=parameters.get("ws", parameters.get("block", 32)) if metric == "Q2n" else 32,
            data_range=expected["cases"][case]["peak"],
            uqi_window=parameters.get("window", 8),
        )["all"][METRICS[metric]]
        # The toolbox's values were printed with 12 digits; one package computes PSNR in single precision.
        tolerance = SINGLE_PRECISION.get(metric, 0) if entry["package"] == "torchmetrics" else 0
        assert value == pytest.approx(entry["value"], rel=max(tolerance, 1e-11)), entry
        checked += 1
    assert checked >= 1


def test_q2n_of_an_incomplete_block_mirrors_the_scene() -> None:
    reference, test = pair_of_images(3, 69, 37)
    whole = score(reference, test, 4)["all"]["q2n"]
    extension = ((0, 0), (0, 96 - 69), (0, 64 - 37))
    mirrored = score(np.pad(reference, extension, mode="symmetric"), np.pad(test, extension, mode="symmetric"), 4)
    assert whole == pytest.approx(mirrored["all"]["q2n"], rel=1e-13)


def quaternion_product(z: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Hamilton's product of two quaternions, components along the first axis."""
    a, b, c, d = z
    e, f, g, h = v
    return np.stack(
        [
            a * e - b * f - c * g - d * h,
            a * f + b * e + c * h - d * g,
            a * g - b * h + c * e + d * f,
            a * h + b * g - c * f + d * e,
        ]
    )


def q4_of_block(x: np.ndarray, y: np.ndarray) -> float:
    """Q4 of one block, written out with quaternions; x and y of shape (4, pixels)."""
    mean, deviation = x.mean(axis=1, keepdims=True), x.std(axis=1, ddof=1, keepdims=True)
    z, v = (x - mean) / deviation + 1.0, (y - mean) / deviation + 1.0
    conjugate = np.array([1.0, -1.0, -1.0, -1.0])[:, None]
    n = x.shape[1]
    z_mean, v_mean = z.mean(axis=1, keepdims=True), v.mean(axis=1, keepdims=True)
    covariance = quaternion_product(z, conjugate * v).mean(axis=1, keepdims=True)
    covariance = n / (n - 1) * (covariance - quaternion_product(z_mean, conjugate * v_mean))
    z_squared, v_squared = np.sum(z_mean**2), np.sum(v_mean**2)
    z_variance = n / (n - 1) * (np.sum(z**2, axis=0).mean() - z_squared)
    v_variance = n / (n - 1) * (np.sum(v**2, axis=0).mean() - v_squared)
    alike = 2.0 * np.sqrt(z_squared * v_squared) / (z_squared + v_squared)
    return float(np.linalg.norm(covariance) * alike / ((z_variance + v_variance) / 2.0))


def test_q2n_of_four_bands_is_q4_by_quaternions() -> None:
    reference, test = pair_of_images(4, 64, 96)
    blocks = itertools.product(range(0, 64, 32), range(0, 96, 32))
    values = [
        q4_of_block(
            reference[:, top : top + 32, left : left + 32].reshape(4, -1),
            test[:, top : top + 32, left : left + 32].reshape(4, -1),
        )
        for top, left in blocks
    ]
    result = score(reference, test, 4)
    assert result["all"]["q2n"] == pytest.approx(np.mean(values), rel=1e-11)
    assert result["q2n_blocks"]["used"] == len(values)


def test_q2n_of_a_partly_masked_block_uses_its_valid_pixels() -> None:
    reference, test = pair_of_images(4, 32, 32)
    valid = np.random.default_rng(1).random((32, 32)) < 0.7
    expected = q4_of_block(reference[:, valid], test[:, valid])
    assert score(reference, test, 4, valid)["all"]["q2n"] == pytest.approx(expected, rel=1e-11)


# Masks


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rubbish", [np.nan, np.inf, -np.finfo(np.float64).max, 0.0])
def test_masked_values_do_not_matter(rubbish: float) -> None:
    reference, test = pair_of_images(3, 70, 64)
    valid = np.random.default_rng(2).random((70, 64)) < 0.8
    valid[:32, :32] = np.arange(32) < 10
    clean = score(reference, test, 4, valid)
    for image in (reference, test):
        image[:, ~valid] = rubbish
    assert_same_scores(score(reference, test, 4, valid), clean, relative=0.0)
    assert clean["pixels"]["used"] == valid.sum()
    assert clean["pixels"]["masked"] == (~valid).sum()
    assert clean["q2n_blocks"] == {"side": 32, "used": 5, "left_out": 1, "constant": 0}


def test_masked_pixels_are_as_if_they_were_not_there() -> None:
    reference, test = pair_of_images(3, 40, 50)
    valid = np.random.default_rng(3).random((40, 50)) < 0.6
    masked = score(reference, test, 4, valid)
    cut = score(reference[:, valid][:, None], test[:, valid][:, None], 4)
    for key in ("rmse", "bias", "cc", "sam_degrees", "ergas"):
        assert masked["all"][key] == pytest.approx(cut["all"][key], rel=1e-12)


def test_values_that_are_not_finite_are_left_out_and_counted() -> None:
    reference, test = pair_of_images(2, 40, 40)
    valid = np.ones((40, 40), bool)
    valid[5, :7] = False
    clean = score(reference, test, 2, valid)
    reference[0, 5, :4] = np.nan
    test[1, 5, 3:7] = np.inf
    holed = score(reference, test, 2)
    assert holed["pixels"] == {"used": 1593, "masked": 0, "not_finite": 7, "sam": 1593}
    assert clean["pixels"] == {"used": 1593, "masked": 7, "not_finite": 0, "sam": 1593}
    assert holed["all"] == clean["all"]


def test_blocks_without_enough_pixels_give_no_q2n() -> None:
    reference, test = pair_of_images(2, 32, 32)
    valid = np.zeros((32, 32), bool)
    valid[:5] = True
    result = score(reference, test, 4, valid)
    assert result["all"]["q2n"] is None
    assert result["all"]["rmse"] > 0


def uqi_of_window(x: np.ndarray, y: np.ndarray) -> float:
    covariance = np.cov(x.ravel(), y.ravel())
    bright = 2 * x.mean() * y.mean() / (x.mean() ** 2 + y.mean() ** 2)
    return float(2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1]) * bright)


def test_windowed_metrics_use_whole_windows_only() -> None:
    reference, test = pair_of_images(1, 40, 30)
    valid = np.random.default_rng(4).random((40, 30)) < 0.995
    result = score(reference, test, 4, valid, uqi_window=5)
    wholes = [
        (slice(top, top + 5), slice(left, left + 5))
        for top, left in itertools.product(range(36), range(26))
        if valid[top : top + 5, left : left + 5].all()
    ]
    values = [uqi_of_window(reference[0][part], test[0][part]) for part in wholes]
    assert result["positions"]["uqi"] == len(wholes)
    assert result["all"]["uqi"] == pytest.approx(np.mean(values), rel=1e-10)
    assert 0 < result["positions"]["ssim"] < 30 * 20
    assert 0 < result["positions"]["scc"] < 38 * 28


def test_a_window_must_bring_its_neighbours() -> None:
    scores = ReferenceScores(1, 4, (100, 70))
    image = np.ones((1, 64, 64))
    with pytest.raises(ValueError, match="10 more pixels"):
        scores.add(image, image)
    alone = ReferenceScores(1, 4, (100, 70), windowed=False)
    alone.add(image, image)
    assert alone.result()["all"]["uqi"] is None


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"), [(0.1, 0.6, 0.6), (-5.0, 20.0, 25.0), (-8.0, -2.0, 8.0), (0.0, 0.0, None)]
)
def test_range_where_none_is_stated(lowest: float, highest: float, expected: Any) -> None:
    assert peak_range(lowest, highest) == expected


# Special images


@pytest.mark.parametrize("bands", [1, 2, 3, 4, 7, 30])
@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32, np.float64])
def test_identical_images(bands: int, dtype: Any) -> None:
    image = pair_of_images(bands, 50, 40)[0].astype(dtype)
    result = score(image, image.copy(), 4)
    assert result["all"]["rmse"] == 0
    assert result["all"]["bias"] == 0
    assert result["all"]["ergas"] == 0
    assert result["all"]["cc"] == pytest.approx(1.0, abs=1e-12)
    assert result["all"]["q2n"] == pytest.approx(1.0, abs=1e-12)
    for key in ("ssim", "uqi", "scc", "r2"):
        assert result["all"][key] == pytest.approx(1.0, abs=1e-12), key
    assert result["all"]["mae"] == result["all"]["rase"] == 0
    assert result["all"]["psnr"] is None
    if bands > 1:
        assert result["all"]["sam_degrees"] == pytest.approx(0.0, abs=1e-12)


def test_one_band() -> None:
    reference, test = pair_of_images(1, 32, 32)
    result = score(reference, test, 4)
    x, y = reference.ravel(), test.ravel()
    (s_xx, s_xy), (_, s_yy) = np.cov(x, y)
    mean = (y.mean() - x.mean()) / np.sqrt(s_xx) + 1.0
    expected = abs(s_xy) * 2 * mean / ((s_xx + s_yy) / 2 * (1.0 + mean**2))
    assert result["all"]["q2n"] == pytest.approx(expected, rel=1e-11)
    assert result["all"]["sam_degrees"] is None
    assert result["all"]["ergas"] == pytest.approx(25.0 * result["all"]["rmse"] / x.mean())


@pytest.mark.parametrize("value", [0.1, 0.0, 7.0])
@pytest.mark.filterwarnings("error")
def test_constant_bands(value: float) -> None:
    reference, test = pair_of_images(3, 64, 64)
    reference[1] = test[1] = value
    result = score(reference, test, 4)
    assert result["bands"][1]["cc"] is None
    assert result["bands"][1]["rmse"] == 0
    cc = [result["bands"][band]["cc"] for band in (0, 2)]
    assert result["all"]["cc"] == pytest.approx(np.mean(cc))
    assert result["bands"][1]["r2"] is None
    assert result["bands"][1]["scc"] is None
    assert result["bands"][1]["uqi"] == 1.0
    # A band that is the same constant in both images adds nothing but its mean, as a band that fills up does.
    without = score(reference[[0, 2]], test[[0, 2]], 4)
    assert 0 < result["all"]["q2n"] < 1
    assert result["all"]["q2n"] > without["all"]["q2n"]
    assert result["q2n_blocks"]["constant"] == 4
    assert (result["all"]["ergas"] is None) == (value == 0.0)


def test_constant_images() -> None:
    constant = np.full((2, 32, 32), 0.1)
    result = score(constant, constant, 4)
    assert result["all"]["q2n"] == 1.0
    assert result["all"]["cc"] is None
    assert score(constant, constant + 0.01, 4)["all"]["q2n"] == pytest.approx(0.0, abs=1e-6)


def test_sam_leaves_out_zero_spectra() -> None:
    reference = np.array([[[1.0, 0.0, 1.0]], [[0.0, 0.0, 1.0]]])
    test = np.array([[[1.0, 1.0, 0.0]], [[1.0, 1.0, 0.0]]])
    result = score(reference, test, 4)
    assert result["all"]["sam_degrees"] == pytest.approx(45.0)
    assert result["pixels"]["sam"] == 1
    assert result["pixels"]["used"] == 3


def test_sam_of_tiny_angles_keeps_its_digits() -> None:
    reference = np.array([[[1.0]], [[0.0]]])
    test = np.array([[[1.0]], [[1e-9]]])
    assert score(reference, test, 4)["all"]["sam_degrees"] == pytest.approx(np.degrees(1e-9), rel=1e-12)


def test_correlation_keeps_its_digits_beside_a_large_offset() -> None:
    reference, test = pair_of_images(2, 64, 64)
    near = score(reference, test, 4)["bands"]
    far = score(reference + 2.0**30, test + 2.0**30, 4)["bands"]
    assert [band["cc"] for band in far] == pytest.approx([band["cc"] for band in near], rel=1e-8)


def test_a_gain_changes_no_relative_score() -> None:
    reference, test = pair_of_images(3, 64, 70)
    one, two = score(reference, test, 4)["all"], score(2e-4 * reference, 2e-4 * test, 4)["all"]
    for key in ("cc", "sam_degrees", "ergas", "q2n", "rase", "uqi", "scc", "r2", "ssim", "psnr"):
        assert two[key] == pytest.approx(one[key], rel=1e-10)
    assert two["rmse"] == pytest.approx(2e-4 * one["rmse"])


def test_many_bands() -> None:
    reference, test = pair_of_images(200, 32, 64)
    result = score(reference.astype(np.float32), test.astype(np.float32), 6)
    assert 0 < result["all"]["q2n"] < 1
    assert len(result["bands"]) == 200


# Windows


@st.composite
def cut_scenes(draw: Any) -> tuple[tuple[int, int], int, list[tuple[int, int, int, int]]]:
    """A scene size, a block and windows that cover the scene, cut anywhere between blocks, in any order."""
    block = draw(st.sampled_from([2, 4, 8]))
    size = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))

    def spans(length: int) -> list[tuple[int, int]]:
        cuts = [cut for cut in range(block, length, block) if length - cut >= block and draw(st.booleans())]
        edges = [0, *cuts, length]
        return list(zip(edges[:-1], edges[1:]))

    windows = [
        (top, left, bottom - top, right - left)
        for (top, bottom), (left, right) in itertools.product(spans(size[0]), spans(size[1]))
    ]
    return size, block, draw(st.permutations(windows))


@settings(max_examples=60, deadline=None)
@given(scene=cut_scenes(), bands=st.integers(1, 5), seed=st.integers(0, 9), share=st.floats(0.3, 1.0))
def test_scores_do_not_depend_on_windows(scene: Any, bands: int, seed: int, share: float) -> None:
    size, block, windows = scene
    reference, test = pair_of_images(bands, *size, seed=seed)
    valid = np.random.default_rng(seed).random(size) < share
    valid[0, 0] = True
    whole = score(reference, test, 4, valid, block)
    data_range = whole["data_range"]
    parts = [ReferenceScores(bands, 4, size, block, data_range=data_range) for _ in range(2)]
    for number, (top, left, height, width) in enumerate(windows):
        halo = parts[0].halo
        part = np.s_[top : top + height + halo, left : left + width + halo]
        core = (height, width)
        parts[number % 2].add(reference[(..., *part)], test[(..., *part)], valid[part], top, left, core)
    parts[0].merge(copy.deepcopy(parts[1]))
    assert_same_scores(parts[0].result(), whole, relative=1e-12)


@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    block=st.integers(2, 40),
    window=st.integers(1, 100),
)
@settings(max_examples=50, deadline=None)
def test_scoring_windows_cover_the_scene_once(size: tuple[int, int], block: int, window: int) -> None:
    covered = np.zeros(size, int)
    scores = ReferenceScores(1, 4, size, block)
    for row, column, rows, columns in scoring_windows(size, block, window):
        covered[row : row + rows, column : column + columns] += 1
        reached = [min(own + scores.halo, all_ - at) for own, all_, at in zip((rows, columns), size, (row, column))]
        image = np.ones((1, *reached))
        scores.add(image, image, None, row, column, (rows, columns))
        assert rows < max(window, block) + block
    assert (covered == 1).all()


@pytest.mark.parametrize(
    ("row", "column", "rows", "columns", "message"),
    [
        (16, 0, 32, 32, "start at a row that is a multiple of 32"),
        (0, 5, 32, 32, "start at a column that is a multiple of 32"),
        (0, 0, 40, 32, "end at a row that is a multiple of 32 or at the scene's edge 100"),
        (96, 0, 4, 32, "also hold the 32 rows before 96"),
        (0, 64, 32, 6, "also hold the 32 columns before 64"),
        (64, 0, 40, 32, "not inside the scene"),
        (-32, 0, 32, 32, "not inside the scene"),
    ],
)
def test_windows_must_be_made_of_whole_blocks(row: int, column: int, rows: int, columns: int, message: str) -> None:
    scores = ReferenceScores(1, 4, (100, 70))
    image = np.ones((1, rows, columns))
    with pytest.raises(ValueError, match=message):
        scores.add(image, image, None, row, column)


# Results and errors


def test_result_is_plain_data() -> None:
    reference, test = pair_of_images(2, 33, 20)
    result = score(reference, test, np.float32(4), band_names=["Red", "NIR"], units="reflectance")
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert [band["name"] for band in result["bands"]] == ["Red", "NIR"]
    assert [band["band"] for band in result["bands"]] == [1, 2]
    assert (result["ratio"], result["units"], result["size"]) == (4.0, "reflectance", [33, 20])
    assert set(result["all"]) == set(result["definitions"]) == set(DEFINITIONS)


@pytest.mark.parametrize(
    ("reference", "test", "valid", "message"),
    [
        ((3, 8, 8), (4, 8, 8), None, "3 bands and the test image 4"),
        ((3, 8, 8), (3, 8, 9), None, "8 x 8 pixels and the test image 8 x 9"),
        ((8, 8), (8, 8), None, "three axes"),
        ((3, 8, 8), (3, 8, 8), (8, 9), "mask has the shape"),
        ((0, 8, 8), (0, 8, 8), None, "at least one band"),
        ((3, 0, 8), (3, 0, 8), None, "at least one row"),
    ],
)
def test_images_that_do_not_fit(reference: Any, test: Any, valid: Any, message: str) -> None:
    mask = None if valid is None else np.ones(valid, bool)
    with pytest.raises(ValueError, match=message):
        score(np.ones(reference), np.ones(test), 4, mask)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ratio": 0}, "ratio"),
        ({"ratio": float("nan")}, "ratio"),
        ({"block": 1}, "block must be at least 2"),
        ({"band_names": ["Red"]}, "1 band names were given for 2 bands"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReferenceScores(**{"bands": 2, "ratio": 4, "size": (8, 8), **arguments})


def test_no_valid_pixel_in_common() -> None:
    image = np.ones((1, 8, 8))
    with pytest.raises(ValueError, match="no valid pixel in common"):
        score(image, image, 4, np.zeros((8, 8), bool))


def test_windows_must_not_overlap() -> None:
    scores = ReferenceScores(1, 4, (32, 32))
    image = np.ones((1, 32, 32))
    scores.add(image, image)
    with pytest.raises(ValueError, match="overlap"):
        scores.add(image, image)
    with pytest.raises(ValueError, match="overlap"):
        scores.merge(scores)


def test_only_alike_scores_can_be_merged() -> None:
    with pytest.raises(ValueError, match="merged only"):
        ReferenceScores(1, 4, (32, 32)).merge(ReferenceScores(1, 2, (32, 32)))
