"""The classical pansharpening methods against dense references, and what is claimed of them."""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.classical.pansharpening.mtf import CANDIDATES
from satfusion_qgis.classical.pansharpening.regression import nonnegative_solve
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.sensors import gains_for, sensor
from satfusion_qgis.tasks.window import Window
from tests.core import reference_methods as reference
from tests.core.drive_methods import Pair, blocks_of, ergas, fuse, pair_of, places, window_at, with_holes
from tests.scenes import Scene, make_pair

METHODS = ("exp", "brovey", "gsa", "mtf_glp_fs")
SHARPENING = METHODS[1:]
TOLERANCE = 1e-5  # of the scene's range


@lru_cache(maxsize=32)
def scene_of(
    rows: int = 75,
    columns: int = 90,
    ratio: float = 4.0,
    bands: int = 4,
    offset: float = 0.0,
    seed: int = 1,
    **more: Any,
) -> Scene:
    return make_pair(rows, columns, ratio, bands, seed, (offset, offset), **more)


def expected_of(pair: Pair, method: str, gains: Any = 0.3, weights: Any = None) -> tuple[np.ndarray, np.ndarray]:
    given_pair = pair.reference()
    gains = [gains] * len(pair.ms) if isinstance(gains, float) else gains
    if method == "exp":
        return reference.exp(given_pair)
    if method == "brovey":
        weights = reference.brovey_weights(given_pair, gains) if weights is None else weights
        return reference.brovey(given_pair, weights)
    return reference.gsa(given_pair, gains) if method == "gsa" else reference.mtf_glp_fs(given_pair, gains)


def assert_agrees(pair: Pair, method: str, parameters: Any = None, window: Any = None, **expected: Any) -> None:
    image, valid = expected_of(pair, method, **expected)
    found = fuse(pair, method, parameters, window, window)
    assert np.array_equal(found.valid, valid)
    assert valid.any()
    span = np.ptp(image[:, valid])
    assert np.abs(found.image - image)[:, valid].max() <= TOLERANCE * span


# Against the references


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("offset", [0.0, -0.5, 0.5, 0.37])
@pytest.mark.parametrize("ratio", [2.0, 2.5, 3.0, 4.0, 4.00025, 6.0])
def test_agrees_with_the_reference(method: str, ratio: float, offset: float) -> None:
    assert_agrees(pair_of(scene_of(ratio=ratio, offset=offset)), method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ratio", [2.0, 2.5, 4.0])
@pytest.mark.parametrize("window", [(16, 16), (31, 200), (74, 89), (7, 13)])
def test_agrees_in_windows(method: str, ratio: float, window: tuple[int, int]) -> None:
    assert_agrees(pair_of(scene_of(ratio=ratio, offset=-0.5)), method, window=window)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("ratio", "offset"), [(2.0, -0.5), (2.5, 0.0), (4.0, 0.0), (4.00025, 0.37)])
@pytest.mark.parametrize("window", [None, (24, 31)])
def test_agrees_with_holes(method: str, ratio: float, offset: float, window: Any) -> None:
    assert_agrees(with_holes(pair_of(scene_of(ratio=ratio, offset=offset))), method, window=window)


@pytest.mark.parametrize("method", METHODS)
def test_agrees_with_holes_in_one_image_only(method: str) -> None:
    for kept in ("ms_valid", "pan_valid"):
        pair = with_holes(pair_of(scene_of()))
        if kept == "pan_valid":
            pair.ms, pair.ms_valid = scene_of().ms.copy(), None
        else:
            pair.pan, pair.pan_valid = scene_of().pan.copy(), None
        assert_agrees(pair, method, window=(40, 40))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bands", [1, 2, 3, 8])
def test_agrees_for_any_number_of_bands(method: str, bands: int) -> None:
    assert_agrees(pair_of(scene_of(bands=bands)), method, window=(40, 33))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("holes", [False, True])
def test_agrees_on_a_part_of_the_pan(method: str, holes: bool) -> None:
    """PAN reaches beyond what is fused, and what lies there is used by the low-pass."""
    pair = pair_of(scene_of(offset=-0.5))
    if holes:
        with_holes(pair)
    pair.part = (11, 6, 50, 61)
    assert_agrees(pair, method)
    assert_agrees(pair, method, window=(20, 17))


@pytest.mark.parametrize("method", SHARPENING)
@pytest.mark.parametrize("window", [None, (33, 40)])
def test_gains_for_each_band(method: str, window: Any) -> None:
    gains = (0.34, 0.32, 0.30, 0.22)
    pair = pair_of(scene_of())
    assert_agrees(pair, method, {"MTF_GAINS": "0.34, 0.32; 0.30, 0.22"}, window, gains=gains)
    assert_agrees(pair, method, {"SENSOR": "quickbird"}, window, gains=gains)
    assert_agrees(with_holes(pair), method, {"SENSOR": "quickbird"}, window, gains=gains)


@pytest.mark.parametrize("method", ["gsa", "mtf_glp_fs"])
def test_gains_matter(method: str) -> None:
    pair = pair_of(scene_of())
    one, other = (fuse(pair, method, {"MTF_GAINS": text}).image for text in ("0.15", "0.45"))
    assert np.abs(one - other).max() > 0.005 * np.ptp(one)


def test_wavelengths_pick_the_sensors_gains() -> None:
    pair = pair_of(scene_of(bands=3), wavelengths_nm=(830.0, 660.0, 555.0))
    assert_agrees(pair, "mtf_glp_fs", {"SENSOR": "quickbird"}, gains=(0.22, 0.30, 0.32))


@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0, 1.0), (0.1, 0.2, 0.0, 0.5), (3.0, 0.0, 0.0, 0.0)])
@pytest.mark.parametrize("holes", [False, True])
def test_brovey_with_given_weights(weights: tuple[float, ...], holes: bool) -> None:
    pair = pair_of(scene_of())
    if holes:
        with_holes(pair)
    shares = np.asarray(weights) / sum(weights)
    assert_agrees(pair, "brovey", {"WEIGHTS": weights}, (32, 41), weights=shares)


@pytest.mark.parametrize("method", METHODS)
def test_bands_that_are_copies(method: str) -> None:
    """The normal equations are singular, the intensity is not in doubt."""
    pair = pair_of(scene_of(bands=3))
    pair.ms = pair.ms[[0, 1, 1, 2, 0]]
    single = pair_of(scene_of(bands=3))
    expected = fuse(single, method).image[[0, 1, 1, 2, 0]]
    assert np.abs(fuse(pair, method).image - expected).max() <= TOLERANCE * np.ptp(expected)
    if method == "gsa":  # copies share one weight
        shared, alone = (fuse(one, method).state["regression"]["fit"].weights for one in (pair, single))
        np.testing.assert_allclose(shared, (alone / [2, 2, 1])[[0, 1, 1, 2, 0]], rtol=0, atol=1e-6)
    if method != "brovey":  # its reference tries sets of copies too, and any of them is right
        assert_agrees(pair, method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0.0, 0.1, 1000.0, 30000.1])
def test_a_constant_band(method: str, value: float) -> None:
    """It stays constant under the additive methods, and leaves the others as they would be beside a good band."""
    pair = pair_of(scene_of())
    pair.ms[1] = value
    found = fuse(pair, method, window=(30, 37), pass_window=(30, 37))
    expected, _ = expected_of(pair, method)
    assert np.abs(found.image - expected).max() <= TOLERANCE * np.ptp(expected)
    if method in ("exp", "gsa", "mtf_glp_fs"):
        assert np.abs(found.image[1] - value).max() <= TOLERANCE * np.ptp(expected)


@pytest.mark.parametrize("value", [0.0, 0.1, 1000.1, 30000.1])
def test_constant_bands_have_no_weight(value: float) -> None:
    """Their variance is rounding, which must not be divided by rounding."""
    pair = pair_of(scene_of(rows=240, columns=260))
    pair.ms[1] = value
    regression = fuse(pair, "gsa", pass_window=(100, 90)).state["regression"]
    assert abs(regression["fit"].weights[1]) < 1e-12
    assert regression["gains"][1] == 0
    pair.ms[:] = value
    pair.ms[2] *= 2
    found = fuse(pair, "gsa", pass_window=(100, 90))
    assert not found.state["regression"]["fit"].weights.any()
    assert np.abs(found.image - pair.ms[:, :1, :1]).max() <= 1e-6 * value


def test_many_bands() -> None:
    pair = pair_of(scene_of(rows=48, columns=40, bands=60))
    for method in ("exp", "gsa", "mtf_glp_fs"):
        image = fuse(pair, method).image
        assert image.shape == (60, 48, 40)
        assert np.isfinite(image).all()


# What the catalogue claims


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("holes", [False, True])
def test_a_common_gain_only_scales_the_result(method: str, holes: bool) -> None:
    assert CATALOGUE.method("pansharpening", method).invariant_to_gain
    pair = pair_of(scene_of())
    if holes:
        with_holes(pair)
    before = fuse(pair, method)
    for factor in (1e-4, 7.0):
        pair_scaled = Pair(pair.ms * factor, pair.pan * factor, 4.0, ms_valid=pair.ms_valid, pan_valid=pair.pan_valid)
        after = fuse(pair_scaled, method)
        difference = np.abs(after.image / factor - before.image)[:, before.valid]
        assert difference.max() <= TOLERANCE * np.ptp(before.image[:, before.valid])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("holes", [False, True])
def test_an_offset_only_shifts_the_result_where_claimed(method: str, holes: bool) -> None:
    pair = pair_of(scene_of())
    if holes:
        with_holes(pair)
    before = fuse(pair, method)
    valid, claimed = before.valid, CATALOGUE.method("pansharpening", method).invariant_to_offset
    assert claimed == (method != "brovey")
    span = np.ptp(before.image[:, valid])
    of_bands = np.array([1000.0, -30.0, 0.0, 5.5], np.float32)[:, None, None]
    for ms_offset, pan_offset in ((0.0, 1000.0), (of_bands, 0.0), (of_bands, -20.0)):
        moved = Pair(pair.ms + ms_offset, pair.pan + pan_offset, 4.0, ms_valid=pair.ms_valid, pan_valid=pair.pan_valid)
        change = np.abs(fuse(moved, method).image - ms_offset - before.image)[:, valid].max()
        if claimed:
            assert change <= TOLERANCE * span
        else:
            assert change > 1000 * TOLERANCE * span


@pytest.mark.parametrize("method", METHODS)
def test_order_of_bands_and_directions_do_not_matter(method: str) -> None:
    pair = pair_of(scene_of(rows=76, columns=92))
    before = fuse(pair, method).image
    turned = Pair(pair.ms[::-1].swapaxes(1, 2), pair.pan.swapaxes(1, 2), 4.0)
    assert np.abs(fuse(turned, method).image.swapaxes(1, 2)[::-1] - before).max() <= TOLERANCE * np.ptp(before)
    mirrored = Pair(pair.ms[:, ::-1, ::-1], pair.pan[:, ::-1, ::-1], 4.0)
    assert np.abs(fuse(mirrored, method).image[:, ::-1, ::-1] - before).max() <= TOLERANCE * np.ptp(before)


# Known answers


def exact_pair(weights: tuple[float, ...], intercept: float) -> Pair:
    """MS filtered as the methods filter PAN, PAN the exact weighted sum of the truth's bands."""
    truth = scene_of(rows=160, columns=120).truth.astype(np.float64)
    down = reference.gaussian_matrix(4.0, 0.0, 40, 160, 0.3)
    across = reference.gaussian_matrix(4.0, 0.0, 30, 120, 0.3)
    pan = np.tensordot(weights, truth, axes=1)[None] + intercept
    return Pair((down @ truth @ across.T).astype(np.float32), pan.astype(np.float32), 4.0)


@pytest.mark.parametrize("weights", [(0.1, 0.2, 0.3, 0.4), (0.05, 0.5, 0.45, 0.3), (-0.2, 0.6, 0.5, 0.1)])
def test_gsa_recovers_the_weights(weights: tuple[float, ...]) -> None:
    found = fuse(exact_pair(weights, 77.0), "gsa", pass_window=(50, 50)).state["regression"]["fit"]
    np.testing.assert_allclose(found.weights, weights, rtol=0, atol=1e-4)
    assert found.intercept == pytest.approx(77.0, abs=0.1)
    assert found.explained == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("weights", [(0.1, 0.2, 0.3, 0.4), (0.0, 0.5, 0.45, 0.3), (0.0, 0.0, 1.0, 0.0)])
def test_brovey_recovers_the_weights(weights: tuple[float, ...]) -> None:
    found = fuse(exact_pair(weights, 0.0), "brovey", pass_window=(50, 50)).state["regression"]["fit"]
    np.testing.assert_allclose(found.weights, weights, rtol=0, atol=1e-4)
    assert found.intercept == 0


def test_brovey_keeps_the_colour() -> None:
    pair = pair_of(scene_of())
    fused, plain = fuse(pair, "brovey").image, fuse(pair, "exp").image
    np.testing.assert_allclose(fused[1:] * plain[:1], plain[1:] * fused[:1], rtol=2e-6)


def test_weighted_mean_of_brovey_is_pan() -> None:
    pair = pair_of(scene_of())
    found = fuse(pair, "brovey")
    intensity = np.tensordot(found.state["regression"]["fit"].weights, found.image, axes=1)
    np.testing.assert_allclose(intensity, pair.pan[0], rtol=5e-6)


def test_weighted_sum_of_gsa_is_pan() -> None:
    """The gains of the intensity itself are 1, so the fused bands have the intensity that PAN is."""
    pair = pair_of(scene_of())
    found = fuse(pair, "gsa")
    fit = found.state["regression"]["fit"]
    assert fit.weights @ found.state["regression"]["gains"] == pytest.approx(1.0, abs=1e-9)
    intensity = fit.intercept + np.tensordot(fit.weights, found.image, axes=1)
    assert np.abs(intensity - pair.pan[0]).max() <= TOLERANCE * np.ptp(pair.pan)


@pytest.mark.parametrize("method", ["gsa", "mtf_glp_fs"])
def test_pan_without_detail_adds_hardly_anything(method: str) -> None:
    pair = pair_of(scene_of(rows=160, columns=160))
    plain = fuse(pair, "exp").image
    added = np.abs(fuse(pair, method).image - plain).mean()
    smooth = Pair(pair.ms, np.tensordot((0.1, 0.3, 0.3, 0.3), plain, axes=1)[None].astype(np.float32), 4.0)
    assert np.abs(fuse(smooth, method).image - plain).mean() < 0.4 * added


@pytest.mark.parametrize("gain", [0.15, 0.25, 0.4])
@pytest.mark.parametrize(("ratio", "offset"), [(4.0, 0.0), (2.0, -0.5)])
def test_estimated_gain(gain: float, ratio: float, offset: float) -> None:
    scene = scene_of(rows=240, columns=260, ratio=ratio, offset=offset, ms_gain=gain, ms_noise=0.0, pan_noise=0.0)
    found = fuse(pair_of(scene), "mtf_glp_fs", {"MTF_GAINS": "estimate"}, pass_window=(128, 100))
    estimated = found.state["mtf"]["gains"]
    assert len(estimated) == 4
    assert np.abs(np.array(estimated) - gain).max() <= 0.05 + 1e-9
    assert "estimated" in found.implementation.describe(found.state)[0]


def test_estimated_gain_beside_holes() -> None:
    """Single invalid pixels, with wild values, spoil neither the estimate nor its independence of windows."""
    scene = scene_of(rows=320, columns=300, ms_gain=0.2, ms_noise=0.0, pan_noise=0.0)
    pair = pair_of(scene)
    rng = np.random.default_rng(8)
    pair.ms_valid, pair.pan_valid = (rng.random(image.shape[1:]) > 0.01 for image in (pair.ms, pair.pan))
    pair.pan_valid[rng.random(pair.pan_valid.shape) < 0.9] = True
    pair.ms[:, ~pair.ms_valid] = -1e6
    pair.pan[:, ~pair.pan_valid] = 1e6
    gains = [
        fuse(pair, "mtf_glp_fs", {"MTF_GAINS": "estimate"}, pass_window=window).state["mtf"]["gains"]
        for window in (None, (57, 80))
    ]
    assert gains[0] == gains[1]
    assert np.abs(np.array(gains[0]) - 0.2).max() <= 0.05 + 1e-9


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("window", [None, (31, 40)])
@pytest.mark.parametrize(("ratio", "offset"), [(4.0, 0.0), (2.0, -0.5), (2.5, 0.37)])
def test_correlations_that_the_estimate_rests_on(ratio: float, offset: float, window: Any, holes: bool) -> None:
    """Sums of products of Laplacians, for each candidate gain and band."""
    pair = pair_of(scene_of(rows=80, columns=100, ratio=ratio, offset=offset))
    if holes:
        with_holes(pair)
    scene = fuse(pair, "exp").implementation.scene
    method = CATALOGUE.method("pansharpening", "mtf_glp_fs")
    estimate = CATALOGUE.implement(method, {"MTF_GAINS": "estimate"}, scene).passes()[0]
    sums: Any = 0
    for place in places(80, 100, window):
        at = window_at(pair, place, estimate.halo)
        found = estimate.add(blocks_of(pair, at), at, {})
        sums = sums + (0 if found is None else found)
    correlations = sums[..., 1] / np.sqrt(sums[..., 0] * sums[..., 2])
    assert correlations.shape == (len(CANDIDATES), 4)
    for gain, found in zip(CANDIDATES, correlations):
        np.testing.assert_allclose(found, reference.detail_correlation(pair.reference(), gain), rtol=0, atol=1e-4)


@pytest.mark.parametrize("method", SHARPENING)
@pytest.mark.parametrize("holes", [False, True])
def test_estimate_then_fuse(method: str, holes: bool) -> None:
    """The estimated gains are those that the method goes on with, the same in any windows."""
    pair = pair_of(scene_of(rows=120, columns=120))
    if holes:
        with_holes(pair)
    found = fuse(pair, method, {"MTF_GAINS": " Estimate "})
    assert_agrees(pair, method, {"MTF_GAINS": "estimate"}, (50, 61), gains=found.state["mtf"]["gains"])


# Quality on a scene with known truth


@lru_cache(maxsize=1)
def large_scene() -> Scene:
    return make_pair(512, 512, 4.0, 4, 5)


@lru_cache(maxsize=8)
def quality(method: str, offset: tuple[float, float] = (0.0, 0.0)) -> float:
    scene = large_scene()
    pair = Pair(scene.ms, scene.pan, 4.0, offset)
    return ergas(scene.truth, fuse(pair, method, window=(256, 256), pass_window=(256, 256)).image, 4.0)


@pytest.mark.parametrize("method", SHARPENING)
def test_sharpening_beats_interpolation(method: str) -> None:
    assert quality(method) < 0.75 * quality("exp")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("offset", [(-1.0, -1.0), (1.0, 0.0)])
def test_a_wrong_phase_costs(method: str, offset: tuple[float, float]) -> None:
    assert quality(method, offset) > 1.05 * quality(method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("offset", [-0.5, 0.5])
def test_landsat_phase_is_right_everywhere(method: str, offset: float) -> None:
    """With the scene's phase the error is smaller than with the same corner."""
    scene = scene_of(rows=240, columns=240, ratio=2.0, offset=offset)
    right = fuse(pair_of(scene), method).image
    wrong = fuse(Pair(scene.ms, scene.pan, 2.0), method).image
    for third in (np.s_[:80], np.s_[80:160], np.s_[160:]):
        scores = [ergas(scene.truth[..., third], image[..., third], 2.0) for image in (right, wrong)]
        assert scores[1] > 1.05 * scores[0]


# Refusals


@pytest.mark.parametrize("method", SHARPENING)
@pytest.mark.parametrize("value", [0.0, 0.1, 900.0, 40000.0])
def test_constant_pan_is_refused(method: str, value: float) -> None:
    pair = pair_of(scene_of())
    pair.pan = np.full_like(pair.pan, value)
    for window in (None, (20, 20)):
        with pytest.raises(InputError, match="PAN is constant"):
            fuse(pair, method, pass_window=window)


@pytest.mark.parametrize("method", SHARPENING)
@pytest.mark.parametrize("parameters", [{}, {"MTF_GAINS": "estimate"}])
def test_nothing_valid_is_refused(method: str, parameters: dict[str, str]) -> None:
    pair = pair_of(scene_of())
    pair.ms_valid = np.zeros(pair.ms.shape[1:], bool)
    with pytest.raises(InputError, match="no valid pixel in common"):
        fuse(pair, method, parameters)


def test_brovey_needs_an_intensity() -> None:
    pair = pair_of(scene_of())
    pair.ms = -pair.ms
    with pytest.raises(InputError, match="Brovey has no intensity"):
        fuse(pair, "brovey")
    with pytest.raises(InputError, match="mean of 0 or less"):
        fuse(pair, "brovey", {"WEIGHTS": (1, 1, 1, 1)})


@pytest.mark.parametrize("weights", [(1.0, 2.0), (0.0, 0.0, 0.0, 0.0)])
def test_weights_must_fit_the_bands(weights: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="a number for each of the 4 bands"):
        fuse(pair_of(scene_of()), "brovey", {"WEIGHTS": weights})


def test_brovey_leaves_dark_pixels_as_they_are() -> None:
    """Where the intensity is 0 there is no ratio; the other bands stay as interpolated."""
    pair = pair_of(scene_of())
    pair.ms[0, :6, :6] = 0
    found, plain = fuse(pair, "brovey", {"WEIGHTS": (1, 0, 0, 0)}), fuse(pair, "exp")
    assert np.isfinite(found.image).all()
    assert plain.image[1:, :14, :14].min() > 0
    assert np.array_equal(found.image[:, :14, :14], plain.image[:, :14, :14])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.3, 0.3", "needs one number, or one for each of the 4 bands, not 2"),
        ("0.3 0.2", "numbers separated by commas"),
        ("guess", "numbers separated by commas"),
        ("0.7", "must lie between"),
        ("0", "must lie between"),
        ("nan", "must lie between"),
        ("0.3,0.3,0.3,-0.3", "must lie between"),
    ],
)
def test_gains_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fuse(pair_of(scene_of()), "gsa", {"MTF_GAINS": text})


@pytest.mark.parametrize("method", ["gsa", "mtf_glp_fs"])
@pytest.mark.parametrize("level", [20000.0, -5000.0])
def test_little_contrast_on_a_high_level(method: str, level: float) -> None:
    """A range of some ten DN: what is left of float32's digits is enough for the same gains."""
    scene = scene_of(rows=160, columns=160)
    pair = Pair(level + 0.01 * scene.ms, level + 0.01 * scene.pan, 4.0)
    gains, expected = (
        fuse(one, method, pass_window=(70, 70)).state["regression"]["gains"] for one in (pair, pair_of(scene))
    )
    np.testing.assert_allclose(gains, expected, rtol=0, atol=2e-3)


@pytest.mark.parametrize("method", SHARPENING)
def test_cancelled_inside_a_window(method: str) -> None:
    pair = pair_of(scene_of())
    found = fuse(pair, method)
    at = window_at(pair, (0, 0, 75, 90), found.implementation.halo())
    at = Window(at.row, at.column, at.rows, at.columns, at.blocks, lambda: True)
    with pytest.raises(Cancelled):
        found.implementation.fuse(blocks_of(pair, at), found.state, at)


@pytest.mark.parametrize("method", METHODS)
def test_description_names_bands_and_numbers(method: str) -> None:
    found = fuse(pair_of(scene_of()), method)
    lines = found.implementation.describe(found.state)
    assert all(line and "\n" not in line for line in lines)
    text = " ".join(lines)
    if method == "exp":
        assert not lines
    else:
        assert all(f"B{band} " in text for band in (1, 2, 3, 4))
    if method == "gsa":
        assert f"B3 {found.state['regression']['fit'].weights[2]:.3g}" in text
        assert f"B4 {gains_for(sensor('default'), 4)[3]:.3g}" in text or "0.3 for all bands" in text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 9), (5, 3), (12, 40)])
def test_tiny_images(method: str, rows: int, columns: int) -> None:
    """Smaller than the filter, down to one pixel: a result or one sentence."""
    rng = np.random.default_rng(rows)
    ms = rng.uniform(100, 200, (3, -(-rows // 4), -(-columns // 4))).astype(np.float32)
    pan = rng.uniform(100, 200, (1, rows, columns)).astype(np.float32)
    pair = Pair(ms, pan, 4.0)
    try:
        found = fuse(pair, method)
    except InputError:
        assert min(rows, columns) < 6
        return
    assert np.isfinite(found.image).all()


# Least squares with solutions of 0 or more


@settings(max_examples=250, deadline=None)
@given(
    data=st.data(),
    count=st.integers(1, 5),
    samples=st.integers(1, 12),
    scale=st.sampled_from([1e-6, 1e-3, 1.0, 1e4]),
)
def test_nonnegative_solve_against_brute_force(data: Any, count: int, samples: int, scale: float) -> None:
    numbers = st.integers(-9, 9)
    columns = np.array(
        data.draw(st.lists(st.lists(numbers, min_size=count, max_size=count), min_size=samples, max_size=samples)),
        float,
    )
    right = np.array(data.draw(st.lists(numbers, min_size=samples, max_size=samples)), float)
    columns, right = scale * columns, scale * right

    def error(x: np.ndarray) -> float:
        return float(np.sum((columns @ x - right) ** 2))

    found = nonnegative_solve(columns.T @ columns, columns.T @ right)
    assert found.shape == (count,)
    assert (found >= 0).all()
    expected = reference.nonnegative_least_squares(columns, right)
    assert error(found) <= error(expected) + 1e-8 * float(right @ right)


def test_nonnegative_solve_with_copies_and_zeros() -> None:
    columns = np.random.default_rng(7).uniform(0, 1, (30, 2))[:, [0, 1, 0, 1]] * [1, 1, 1, 0]
    right = columns @ [0.5, 0.25, 0.5, 3.0]
    found = nonnegative_solve(columns.T @ columns, columns.T @ right)
    assert (found >= 0).all()
    np.testing.assert_allclose(columns @ found, right, atol=1e-9)


def test_nonnegative_solve_of_nothing_to_gain() -> None:
    for signs in itertools.product((-1.0, 0.0), repeat=2):
        assert not nonnegative_solve(np.eye(2), np.array(signs)).any()
