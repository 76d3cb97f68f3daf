"""Every classical method beyond the first four against its dense reference, and what is claimed of them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.window import Window
from tests.core import reference_classical as reference
from tests.core.drive_methods import Pair, blocks_of, ergas, fuse, pair_of, window_at, with_holes
from tests.core.reference_methods import gaussian_matrix
from tests.scenes import Scene, make_pair

TOLERANCE = 1e-5  # of the scene's range
GAINS = [0.3] * 4
SHARES = (0.95, 0.45, 0.40, 0.05)
Reference = Callable[[Any, list[float]], Any]

# name: (method, parameters, reference)
CASES: dict[str, tuple[str, dict[str, Any], Reference]] = {
    "bt_h": ("bt_h", {}, lambda p, g: reference.bt_h(p, g, reference.haze_of(p, None))),
    "bt_h-none": ("bt_h", {"HAZE": "none"}, lambda p, g: reference.bt_h(p, g, np.zeros(len(p.ms)))),
    "gihs": ("gihs", {}, lambda p, g: reference.substitution(p, g, "gihs")),
    "pca": ("pca", {}, lambda p, g: reference.substitution(p, g, "pca")),
    "gs": ("gs", {}, lambda p, g: reference.substitution(p, g, "gs")),
    "bdsd": ("bdsd", {}, lambda p, g: reference.bdsd(p, g, 0.15)),
    "bdsd-global": ("bdsd", {"MODE": "global"}, lambda p, g: reference.bdsd(p, g, 0.15, "global")),
    "bdsd-local": ("bdsd", {"MODE": "local", "BLOCK": 16}, lambda p, g: reference.bdsd(p, g, 0.15, "local", 16)),
    "pracs": ("pracs", {}, reference.pracs),
    "sfim": ("sfim", {}, lambda p, g: reference.fine_filter(p, g, "sfim")),
    "hpf": ("hpf", {}, lambda p, g: reference.fine_filter(p, g, "hpf")),
    "awlp": ("awlp", {}, lambda p, g: reference.fine_filter(p, g, "awlp")),
    "mtf_glp": ("mtf_glp", {}, lambda p, g: reference.glp(p, g, "mtf_glp")),
    "mtf_glp_cbd": ("mtf_glp_cbd", {}, lambda p, g: reference.glp(p, g, "mtf_glp_cbd")),
    "mtf_glp_hpm": ("mtf_glp_hpm", {}, lambda p, g: reference.glp(p, g, "hpm")),
    "mtf_glp_hpm-r": ("mtf_glp_hpm", {"REGRESSION": True}, lambda p, g: reference.glp(p, g, "hpm_r")),
    "mtf_glp_hpm-haze": (
        "mtf_glp_hpm",
        {"HAZE": "minimum"},
        lambda p, g: reference.hpm_with_haze(p, g, reference.haze_of(p, None)),
    ),
    "mtf_glp_local": ("mtf_glp_local", {}, reference.local_gain),
    "mtf_glp_local-9": ("mtf_glp_local", {"WINDOW_SIZE": 9}, lambda p, g: reference.local_gain(p, g, 9)),
}
METHODS = tuple(name for name in CASES if "-" not in name)
MAY_LOSE = ("pca", "gihs", "gs")  # to interpolation, where the bands' mean is not what PAN sees


@lru_cache(maxsize=32)
def scene_of(
    rows: int = 75, columns: int = 90, ratio: float = 4.0, bands: int = 4, offset: float = 0.0, seed: int = 1
) -> Scene:
    return make_pair(rows, columns, ratio, bands, seed, (offset, offset))


def assert_agrees(pair: Pair, name: str, window: Any = None, gains: Any = None, **more: Any) -> None:
    method, parameters, expected_of = CASES[name]
    if method == "bt_h" and "HAZE" not in parameters:
        parameters = {**parameters, "HAZE": "minimum"}
    image, valid = expected_of(pair.reference(), gains or [0.3] * len(pair.ms))
    found = fuse(pair, method, {**parameters, **more}, window, window)
    assert np.array_equal(found.valid, valid)
    assert valid.any()
    assert np.abs(found.image - image)[:, valid].max() <= TOLERANCE * np.ptp(image[:, valid])


# Against the references


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("ratio", "offset"), [(2.0, -0.5), (2.5, 0.0), (3.0, 0.37), (4.0, 0.0), (4.00025, 0.5)])
def test_agrees_with_the_reference(name: str, ratio: float, offset: float) -> None:
    assert_agrees(pair_of(scene_of(ratio=ratio, offset=offset)), name)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("ratio", "window"), [(2.0, (31, 200)), (4.0, (16, 16)), (4.0, (7, 13))])
def test_agrees_in_windows(name: str, ratio: float, window: tuple[int, int]) -> None:
    assert_agrees(pair_of(scene_of(ratio=ratio, offset=-0.5)), name, window)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("ratio", "offset"), [(2.0, -0.5), (4.0, 0.0)])
@pytest.mark.parametrize("window", [None, (24, 31)])
def test_agrees_with_holes(name: str, ratio: float, offset: float, window: Any) -> None:
    assert_agrees(with_holes(pair_of(scene_of(ratio=ratio, offset=offset))), name, window)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("bands", [1, 3, 8])
def test_agrees_for_any_number_of_bands(name: str, bands: int) -> None:
    assert_agrees(pair_of(scene_of(bands=bands)), name, (40, 33))


@pytest.mark.parametrize("name", CASES)
def test_agrees_on_a_part_of_the_pan(name: str) -> None:
    pair = with_holes(pair_of(scene_of(offset=-0.5)))
    pair.part = (11, 6, 50, 61)
    assert_agrees(pair, name, (20, 17))


@pytest.mark.parametrize("name", CASES)
def test_gains_for_each_band(name: str) -> None:
    gains = [0.34, 0.32, 0.30, 0.22]
    assert_agrees(pair_of(scene_of()), name, (33, 40), gains, SENSOR="quickbird")


def test_haze_of_four_bands() -> None:
    """The darkest hundredth, to half a bin of the histogram; whatever order the bands come in."""
    pair = pair_of(scene_of(rows=160, columns=160))
    expected = reference.haze_of(pair.reference(), SHARES)
    image, _ = reference.bt_h(pair.reference(), GAINS, expected)
    for window in (None, (64, 51)):
        found = fuse(pair, "bt_h", None, window, window)
        assert np.abs(found.image - image).max() <= 1e-3 * np.ptp(image)
    turned = Pair(pair.ms[::-1], pair.pan, 4.0, wavelengths_nm=(840.0, 660.0, 560.0, 480.0))
    assert np.abs(fuse(turned, "bt_h").image[::-1] - image).max() <= 1e-3 * np.ptp(image)


@pytest.mark.parametrize("text", ["fog", "1, 2", "1, 2, 3, nan"])
def test_haze_that_does_not_fit(text: str) -> None:
    with pytest.raises(InputError, match="HAZE must be"):
        fuse(pair_of(scene_of()), "bt_h", {"HAZE": text})


def test_local_coefficients_have_no_seams() -> None:
    """Beside the blocks' borders the image is no rougher than elsewhere."""
    scene = make_pair(512, 512, 4.0, 4, 5)
    pair = Pair(scene.ms, scene.pan, 4.0)
    change = fuse(pair, "bdsd", {"MODE": "local", "BLOCK": 16}).image - fuse(pair, "bdsd", {"MODE": "global"}).image
    steps = np.abs(np.diff(change, axis=2)).mean(axis=(0, 1))
    at_borders = steps[np.arange(63, 511, 64)].mean()
    assert at_borders < 1.1 * steps.mean()


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
        scaled = Pair(pair.ms * factor, pair.pan * factor, 4.0, ms_valid=pair.ms_valid, pan_valid=pair.pan_valid)
        difference = np.abs(fuse(scaled, method).image / factor - before.image)[:, before.valid]
        assert difference.max() <= TOLERANCE * np.ptp(before.image[:, before.valid])


@pytest.mark.parametrize("name", CASES)
def test_an_offset_only_shifts_the_result_where_claimed(name: str) -> None:
    method, parameters, _ = CASES[name]
    pair = with_holes(pair_of(scene_of()))
    before = fuse(pair, method, parameters)
    valid, claimed = before.valid, CATALOGUE.method("pansharpening", method).invariant_to_offset
    span = np.ptp(before.image[:, valid])
    of_bands = np.array([1000.0, -30.0, 0.0, 5.5], np.float32)[:, None, None]
    largest = 0.0
    for ms_offset, pan_offset in ((0.0, 1000.0), (of_bands, 0.0), (of_bands, -20.0)):
        moved = Pair(pair.ms + ms_offset, pair.pan + pan_offset, 4.0, ms_valid=pair.ms_valid, pan_valid=pair.pan_valid)
        change = np.abs(fuse(moved, method, parameters).image - ms_offset - before.image)[:, valid].max()
        largest = max(largest, float(change / span))
    if claimed:
        assert largest <= 2 * TOLERANCE
    elif name not in ("bt_h-none", "mtf_glp_hpm-haze"):
        assert largest > 100 * TOLERANCE


@pytest.mark.parametrize("method", METHODS)
def test_order_of_bands_and_directions_do_not_matter(method: str) -> None:
    if method == "bt_h":
        pytest.skip("the haze of four bands depends on which is blue")
    pair = pair_of(scene_of(rows=76, columns=92))
    before = fuse(pair, method).image
    turned = Pair(pair.ms[::-1].swapaxes(1, 2), pair.pan.swapaxes(1, 2), 4.0)
    assert np.abs(fuse(turned, method).image.swapaxes(1, 2)[::-1] - before).max() <= TOLERANCE * np.ptp(before)
    mirrored = Pair(pair.ms[:, ::-1, ::-1], pair.pan[:, ::-1, ::-1], 4.0)
    assert np.abs(fuse(mirrored, method).image[:, ::-1, ::-1] - before).max() <= TOLERANCE * np.ptp(before)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0.0, 1000.0])
def test_a_constant_band(method: str, value: float) -> None:
    pair = pair_of(scene_of())
    pair.ms[1] = value
    found = fuse(pair, method, window=(30, 37), pass_window=(30, 37))
    assert np.isfinite(found.image).all()
    if method in ("mtf_glp", "mtf_glp_cbd", "mtf_glp_hpm", "mtf_glp_local", "hpf", "gs", "pca", "pracs"):
        assert np.abs(found.image[1] - value).max() <= TOLERANCE * np.ptp(found.image)


# A band that PAN does not see


def unlike_pair(seed: int = 3) -> Pair:
    """The last band has detail of its own, with hardly anything of PAN's."""
    scene = make_pair(256, 256, 4.0, 3, seed)
    other = make_pair(256, 256, 4.0, 3, seed + 1)
    ms = np.concatenate([scene.ms, 3 * other.ms[:1]])
    return Pair(ms, scene.pan, 4.0)


@pytest.mark.parametrize("method", ["gihs", "gs", "bt_h", "sfim", "hpf", "awlp", "mtf_glp", "mtf_glp_hpm", "gsa"])
def test_a_band_unlike_pan_gets_its_regressed_gain_and_is_named(method: str) -> None:
    pair = unlike_pair()
    found = fuse(pair, method, pass_window=(100, 90))
    said = [line for line in found.implementation.describe(found.state) if "weakly" in line]
    plain = fuse(pair, "exp").image
    change = np.abs(found.image - plain).mean(axis=(1, 2)) / plain.std(axis=(1, 2))
    if method != "gsa":  # its own gain is a regressed one, and may be below the limit
        assert [line.split()[3] for line in said] == ["B4"]
    assert change[3] < 0.25 * change[:3].max()


def test_a_band_unlike_pan_gets_the_scenes_gain_everywhere() -> None:
    pair = unlike_pair(5)
    found = fuse(pair, "mtf_glp_local")
    assert abs(found.state["regression"]["follows"].correlation[3]) < 0.2
    assert_agrees(pair, "mtf_glp_local", (100, 130))


@pytest.mark.parametrize("method", METHODS)
def test_describes_bands_and_numbers(method: str) -> None:
    found = fuse(pair_of(scene_of()), method)
    lines = found.implementation.describe(found.state)
    assert lines
    assert all(line and "\n" not in line for line in lines)
    assert all(f"B{band} " in " ".join(lines) for band in (1, 2, 3, 4))


# Quality on a scene with known truth


@lru_cache(maxsize=1)
def large_scene() -> Scene:
    return make_pair(512, 512, 4.0, 4, 5)


@lru_cache(maxsize=32)
def quality(method: str) -> float:
    scene = large_scene()
    image = fuse(Pair(scene.ms, scene.pan, 4.0), method, window=(256, 256), pass_window=(256, 256)).image
    return ergas(scene.truth, image, 4.0)


@pytest.mark.parametrize("method", [method for method in METHODS if method not in MAY_LOSE])
def test_sharpening_beats_interpolation(method: str) -> None:
    assert quality(method) < 0.85 * quality("exp")


def test_local_gain_is_best_where_fields_differ() -> None:
    assert quality("mtf_glp_local") < 0.85 * quality("mtf_glp_fs")


@pytest.mark.parametrize("method", [method for method in METHODS if method not in MAY_LOSE])
def test_landsat_phase_is_right(method: str) -> None:
    """With the scene's phase the error is smaller than with the same corner."""
    scene = scene_of(rows=240, columns=240, ratio=2.0, offset=-0.5)
    right, wrong = (fuse(pair, method).image for pair in (pair_of(scene), Pair(scene.ms, scene.pan, 2.0)))
    assert ergas(scene.truth, wrong, 2.0) > 1.03 * ergas(scene.truth, right, 2.0)


# Refusals


@pytest.mark.parametrize("method", [method for method in METHODS if method != "bdsd"])
def test_constant_pan_is_refused(method: str) -> None:
    pair = pair_of(scene_of())
    pair.pan = np.full_like(pair.pan, 900.0)
    with pytest.raises(InputError, match="PAN is constant"):
        fuse(pair, method)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_valid_is_refused(method: str) -> None:
    pair = pair_of(scene_of())
    pair.ms_valid = np.zeros(pair.ms.shape[1:], bool)
    with pytest.raises(InputError, match="no valid pixel"):
        fuse(pair, method)


@pytest.mark.parametrize("method", METHODS)
def test_cancelled_inside_a_window(method: str) -> None:
    pair = pair_of(scene_of())
    found = fuse(pair, method)
    at = window_at(pair, (0, 0, 75, 90), found.implementation.halo())
    at = Window(at.row, at.column, at.rows, at.columns, at.blocks, lambda: True)
    with pytest.raises(Cancelled):
        found.implementation.fuse(blocks_of(pair, at), found.state, at)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 9), (5, 3), (12, 40)])
def test_tiny_images(method: str, rows: int, columns: int) -> None:
    """Smaller than the filter, down to one pixel: a result or one sentence."""
    rng = np.random.default_rng(rows)
    ms = rng.uniform(100, 200, (3, -(-rows // 4), -(-columns // 4))).astype(np.float32)
    pan = rng.uniform(100, 200, (1, rows, columns)).astype(np.float32)
    try:
        found = fuse(Pair(ms, pan, 4.0), method)
    except InputError:
        assert min(rows, columns) < 6 or method == "bt_h"  # noise has no intensity
        return
    assert np.isfinite(found.image).all()


def test_settings_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="WINDOW_SIZE must be odd"):
        fuse(pair_of(scene_of()), "mtf_glp_local", {"WINDOW_SIZE": 8})
    with pytest.raises(InputError, match="MODE must be one of"):
        fuse(pair_of(scene_of()), "bdsd", {"MODE": "best"})


# The automatic choice


def chosen_for(pair: Pair) -> tuple[np.ndarray, list[str]]:
    found = fuse(pair, "auto", window=(40, 50), pass_window=(40, 50))
    return found.image, found.implementation.describe(found.state)


def test_auto_takes_local_gain_where_bands_differ() -> None:
    pair = pair_of(scene_of(rows=160, columns=160))
    image, said = chosen_for(pair)
    assert said[0].startswith("Chosen: MTF-GLP with local gain")
    assert all(f"B{band} 0." in said[0] for band in (1, 2, 3, 4))
    assert np.abs(image - fuse(pair, "mtf_glp_local").image).max() <= TOLERANCE * np.ptp(image)


def test_auto_takes_one_gain_for_alike_bands() -> None:
    scene = scene_of(rows=160, columns=160, bands=1)
    pan = scene.truth[:1] + 100
    pair = Pair(np.concatenate([scene.ms, 2 * scene.ms + 50]), pan, 4.0)
    image, said = chosen_for(pair)
    assert said[0].startswith("Chosen: MTF-GLP-CBD, for every band's detail follows PAN's closely")
    assert np.abs(image - fuse(pair, "mtf_glp_cbd").image).max() <= TOLERANCE * np.ptp(image)


def test_auto_takes_one_gain_for_small_scenes() -> None:
    image, said = chosen_for(pair_of(scene_of(rows=64, columns=64)))
    assert said[0].startswith("Chosen: MTF-GLP-CBD, for the scene is small (256 MS pixels")
    assert np.isfinite(image).all()


def test_auto_interpolates_where_pan_shows_something_else() -> None:
    pair = pair_of(scene_of(rows=160, columns=160))
    pair.pan = np.random.default_rng(1).uniform(500, 900, pair.pan.shape).astype(np.float32)
    image, said = chosen_for(pair)
    assert said == [said[0]]
    assert said[0].startswith("Chosen: EXP, for no band's detail follows PAN's")
    assert np.abs(image - fuse(pair, "exp").image).max() <= TOLERANCE * np.ptp(image)


def test_auto_is_as_good_as_claimed() -> None:
    assert quality("auto") < 0.85 * quality("mtf_glp_fs")


# Several fine bands


def several_fine_bands(holes: bool = False) -> tuple[Pair, np.ndarray]:
    """Bands 2 and 5 of 6 are coarse, the others fine; returns the pair and the coarse ones' truth."""
    scene = scene_of(rows=240, columns=200, ratio=2.0, bands=6)
    fine = scene.truth[[0, 2, 3, 5]] + np.random.default_rng(5).standard_normal((4, 240, 200)).astype(np.float32)
    pair = Pair(scene.ms[[1, 4]].copy(), fine, 2.0)
    return (with_holes(pair) if holes else pair), scene.truth[[1, 4]]


@pytest.mark.parametrize("method", ["exp", "brovey", "gsa", "mtf_glp_fs", "auto", *METHODS])
@pytest.mark.parametrize("holes", [False, True])
def test_several_fine_bands_in_windows(method: str, holes: bool) -> None:
    pair, _ = several_fine_bands(holes)
    whole = fuse(pair, method)
    cut = fuse(pair, method, window=(64, 50), pass_window=(90, 70))
    assert np.array_equal(whole.valid, cut.valid)
    span = np.ptp(whole.image[:, whole.valid])
    assert np.abs(whole.image - cut.image)[:, whole.valid].max() <= TOLERANCE * span
    said = " ".join(whole.implementation.describe(whole.state))
    assert "B1: sharpened by its own mixture of PAN's bands, F1 " in said


@pytest.mark.parametrize("method", ["gsa", "mtf_glp_fs", "auto", "mtf_glp", "mtf_glp_cbd", "hpf", "bdsd", "brovey"])
def test_several_fine_bands_beat_one_and_none(method: str) -> None:
    pair, truth = several_fine_bands()
    errors = []
    for image in (
        fuse(pair, method).image,
        fuse(Pair(pair.ms, pair.pan[:1], 2.0), method).image,
        fuse(Pair(pair.ms, pair.pan[:1], 2.0), "exp").image,
    ):
        errors.append(np.sqrt(np.mean((image - truth)[:, 16:-16, 16:-16] ** 2, axis=(1, 2))))
    assert (errors[0] < errors[2]).all()
    assert errors[0].mean() < errors[1].mean()


def test_the_mixture_is_recovered() -> None:
    pair, _ = several_fine_bands()
    down = gaussian_matrix(2.0, 0.0, 120, 240, 0.3)
    across = gaussian_matrix(2.0, 0.0, 100, 200, 0.3)
    weights = np.array([[0.2, 0.5, -0.1, 0.3], [0.0, 0.0, 1.0, 0.4]])
    mixed = np.tensordot(weights, pair.pan.astype(np.float64), axes=1) + 50
    pair.ms = (down @ mixed @ across.T).astype(np.float32)
    found = fuse(pair, "mtf_glp_cbd", pass_window=(100, 64))
    np.testing.assert_allclose(found.state["fine_bands"]["weights"], weights, rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.state["fine_bands"]["intercepts"], 50, rtol=0, atol=1)
    assert np.abs(found.image - mixed).max() <= 2e-3 * np.ptp(mixed)


@pytest.mark.parametrize("gains", ["0.45, 0.2", "estimate"])
@pytest.mark.parametrize("method", ["mtf_glp_fs", "bdsd", "auto", "mtf_glp_hpm"])
def test_gains_of_several_fine_bands_in_windows(method: str, gains: str) -> None:
    pair, _ = several_fine_bands(holes=True)
    whole, cut = (fuse(pair, method, {"MTF_GAINS": gains}, window, window) for window in (None, (64, 50)))
    span = np.ptp(whole.image[:, whole.valid])
    assert np.abs(whole.image - cut.image)[:, whole.valid].max() <= TOLERANCE * span


def test_parameters_for_each_band_reach_their_band() -> None:
    pair, _ = several_fine_bands()
    gains = [fuse(pair, "mtf_glp_cbd", {"MTF_GAINS": text}).image for text in ("0.2,0.4", "0.2", "0.4")]
    np.testing.assert_array_equal(np.isfinite(gains[0]), True)
    assert np.abs(gains[0][0] - gains[2][0]).max() > 1
    haze = [fuse(pair, "bt_h", {"HAZE": text}).image for text in ("10, 90", "10", "90")]
    np.testing.assert_allclose(haze[0][0], haze[1][0], rtol=1e-4)
    np.testing.assert_allclose(haze[0][1], haze[2][1], rtol=1e-4)
    with pytest.raises(InputError, match="WEIGHTS cannot be given where PAN has several bands"):
        fuse(pair, "brovey", {"WEIGHTS": (1, 1)})
