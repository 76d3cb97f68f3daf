"""Interpolation and low-pass filters against dense matrices, and their properties at any ratio and phase."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.classical import resampling
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.method import SceneInfo
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core import reference_methods as reference

RATIOS = (1.3, 2.0, 2.5, 3.0, 4.0, 4.00025, 6.0)
OFFSETS = (0.0, -0.5, 0.5, 0.37)  # the corner of the coarse grid; -0.5 and 0.5: Landsat, both ways
PLACES = list(itertools.product(RATIOS, OFFSETS))


def coarse_axis(ratio: float, offset: float, size: int) -> Axis:
    return Axis(-offset / ratio, 1.0 / ratio, size)


def fine_axis(size: int) -> Axis:
    return Axis(0.0, 1.0, size)


def cubic(ratio: float, offset: float, fine: int, coarse: int) -> resampling.Banded:
    return resampling.cubic_matrix(coarse_axis(ratio, offset, coarse), 0, fine, 0, coarse)


def gaussian(ratio: float, offset: float, coarse: int, fine: int, gain: float) -> resampling.Banded:
    return resampling.mtf_matrix(coarse_axis(ratio, offset, coarse), fine_axis(fine), 0, coarse, 0, fine, gain)


def dense(matrix: resampling.Banded, inputs: int) -> np.ndarray:
    """The matrix that `apply_rows` multiplies with."""
    return resampling.apply_rows(matrix, np.eye(inputs, dtype=np.float32)[None])[0].astype(np.float64)


def whole(
    ratio: float, offset: tuple[float, float], coarse: tuple[int, int], fine: tuple[int, int]
) -> tuple[BlockWindow, BlockWindow, Window]:
    """The coarse image, the fine image and the target as one window."""
    axes = [coarse_axis(ratio, offset[k], coarse[k]) for k in (0, 1)]
    ms = BlockWindow(0, 0, *coarse, axes[0], axes[1])
    pan = BlockWindow(0, 0, *fine, fine_axis(fine[0]), fine_axis(fine[1]))
    return ms, pan, Window(0, 0, *fine, {"MS": ms, "PAN": pan})


def reference_pair(
    ratio: float, offset: tuple[float, float], ms: np.ndarray, pan: np.ndarray, ms_valid=None, pan_valid=None
) -> reference.ReferencePair:
    ms_valid = np.ones(ms.shape[1:], bool) if ms_valid is None else ms_valid
    pan_valid = np.ones(pan.shape, bool) if pan_valid is None else pan_valid
    ms, pan = ms.astype(np.float64), pan.astype(np.float64)
    return reference.ReferencePair(ms, pan, ratio, offset, ms_valid, pan_valid, (0, 0, *pan.shape))


# Kernels


def test_cubic_kernel_is_keys() -> None:
    distance = np.linspace(-2.5, 2.5, 401)
    expected = [reference.keys_weight(x) for x in distance]
    np.testing.assert_allclose(resampling.cubic_kernel(distance), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("ratio", "gain", "sigma"),
    [(4, 0.30, 1.9758), (4, 0.22, 2.2157), (4, 0.35, 1.8449), (4, 0.15, 2.4801), (2, 0.30, 0.9879)],
)
def test_sigma_of_published_gains(ratio: float, gain: float, sigma: float) -> None:
    assert resampling.mtf_sigma(ratio, gain) == pytest.approx(sigma, abs=6e-5)


# Cubic interpolation


@pytest.mark.parametrize(("ratio", "offset"), PLACES)
@pytest.mark.parametrize("coarse", [1, 2, 3, 29, 60])
def test_cubic_is_the_dense_matrix(ratio: float, offset: float, coarse: int) -> None:
    fine = math.ceil(ratio * coarse) + 3  # beyond the end too
    expected = reference.cubic_matrix(ratio, offset, fine, coarse)
    np.testing.assert_allclose(dense(cubic(ratio, offset, fine, coarse), coarse), expected, rtol=0, atol=3e-7)


def test_cubic_beyond_both_ends_replicates_them() -> None:
    """A target that starts before and ends after the image, by more than the kernel."""
    image = np.array([3.0, 5.0, 4.0], np.float32)
    matrix = resampling.cubic_matrix(coarse_axis(4.0, 40.0, 3), 0, 100, 0, 3)
    result = resampling.apply_rows(matrix, image[None, :, None])[0, :, 0]
    expected = reference.cubic_matrix(4.0, 40.0, 100, 3) @ image
    np.testing.assert_allclose(result, expected, rtol=0, atol=2e-6)
    np.testing.assert_allclose(result[:30], 3.0, rtol=1e-6)
    np.testing.assert_allclose(result[-30:], 4.0, rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    ratio=st.floats(1.0, 12.0),
    offset=st.floats(-12.0, 12.0),
    coarse=st.integers(1, 40),
    start=st.integers(0, 60),
    count=st.integers(1, 60),
)
def test_cubic_of_a_block_is_that_of_the_whole(
    ratio: float, offset: float, coarse: int, start: int, count: int
) -> None:
    axis = coarse_axis(ratio, offset, coarse)
    first, last = axis.cover(start, start + count, resampling.CUBIC_HALO)
    image = np.random.default_rng(coarse).random((1, coarse, 2)).astype(np.float32)
    part = resampling.cubic_matrix(axis, start, start + count, first, last - first)
    result = resampling.apply_rows(part, image[:, first:last])
    expected = reference.cubic_matrix(ratio, offset, start + count, coarse)[start:] @ image[0]
    np.testing.assert_allclose(result[0], expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize(("ratio", "offset"), PLACES)
@pytest.mark.parametrize("degree", [0, 1, 2])
def test_cubic_reproduces_polynomials(ratio: float, offset: float, degree: int) -> None:
    coarse, fine = 40, math.floor(ratio * 40)
    # In fine pixels, at the centres of the coarse pixels.
    at_coarse = offset + ratio * (np.arange(coarse) + 0.5) - 0.5
    scale = 1.0 / fine**degree
    result = resampling.apply_rows(
        cubic(ratio, offset, fine, coarse), (scale * at_coarse**degree).astype(np.float32)[None, :, None]
    )[0, :, 0]
    margin = 0 if degree == 0 else math.ceil(2 * ratio) + 1
    inside = np.arange(margin, fine - margin)
    np.testing.assert_allclose(result[inside], scale * inside.astype(float) ** degree, rtol=0, atol=2e-6)


def test_ramp_keeps_its_place_under_landsat_phase() -> None:
    """A shift of half a pixel is half a step of a ramp: 250 times what is allowed here."""
    for offset in (-0.5, 0.5):
        centres = offset + 2.0 * (np.arange(50) + 0.5) - 0.5
        result = resampling.apply_rows(cubic(2.0, offset, 99, 50), centres.astype(np.float32)[None, :, None])
        assert np.abs(result[0, 6:-6, 0] - np.arange(6, 93)).max() < 2e-3


def test_apply_columns_is_apply_rows_turned() -> None:
    image = np.random.default_rng(1).random((3, 17, 29)).astype(np.float32)
    matrix = cubic(2.5, 0.37, 71, 29)
    across = resampling.apply_columns(matrix, image)
    down = resampling.apply_rows(matrix, np.ascontiguousarray(image.swapaxes(1, 2))).swapaxes(1, 2)
    np.testing.assert_allclose(across, down, rtol=0, atol=1e-6)
    given_array = np.full_like(across, np.nan)
    assert np.array_equal(resampling.apply_columns(matrix, image, given_array), across)
    assert np.array_equal(given_array, across)


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (300, 300)])
def test_large_and_thin_images(size: tuple[int, int]) -> None:
    """Wide images are worked on in parts."""
    rows, columns = size
    image = np.random.default_rng(2).random((2, rows, columns)).astype(np.float32)
    fine = 4 * rows
    result = resampling.apply_rows(cubic(4.0, 0.0, fine, rows), image)
    np.testing.assert_allclose(result, reference.cubic_matrix(4.0, 0.0, fine, rows) @ image, rtol=0, atol=2e-6)
    fine = 4 * columns
    result = resampling.apply_columns(cubic(4.0, 0.0, fine, columns), image)
    expected = image @ reference.cubic_matrix(4.0, 0.0, fine, columns).T
    np.testing.assert_allclose(result, expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize(("ratio", "offset"), PLACES)
@pytest.mark.parametrize("kind", ["cubic", "gaussian"])
def test_adjoint(ratio: float, offset: float, kind: str) -> None:
    """<Ax, y> = <x, A'y>."""
    coarse = 23
    fine = math.ceil(coarse * ratio)
    matrix = cubic(ratio, offset, fine, coarse) if kind == "cubic" else gaussian(ratio, offset, coarse, fine, 0.3)
    inputs, outputs = (coarse, fine) if kind == "cubic" else (fine, coarse)
    rng = np.random.default_rng(3)
    x = rng.standard_normal((2, inputs, 5)).astype(np.float32)
    y = rng.standard_normal((2, outputs, 5)).astype(np.float32)
    ahead = np.sum(resampling.apply_rows(matrix, x).astype(float) * y)
    back = np.sum(x.astype(float) * resampling.adjoint_rows(matrix, y))
    assert ahead == pytest.approx(back, abs=3e-5)
    x, y = np.ascontiguousarray(x.swapaxes(1, 2)), np.ascontiguousarray(y.swapaxes(1, 2))
    assert np.sum(resampling.apply_columns(matrix, x).astype(float) * y) == pytest.approx(ahead, abs=3e-5)
    assert np.sum(x.astype(float) * resampling.adjoint_columns(matrix, y)) == pytest.approx(ahead, abs=3e-5)


@pytest.mark.parametrize("coarse", [1, 2, 3])
def test_adjoint_at_the_edges(coarse: int) -> None:
    matrix = cubic(2.5, -0.5, 9, coarse)
    back = resampling.adjoint_rows(matrix, np.eye(9, dtype=np.float32)[None])[0]
    np.testing.assert_allclose(back, reference.cubic_matrix(2.5, -0.5, 9, coarse).T, rtol=0, atol=3e-7)


# Low-pass


@pytest.mark.parametrize(("ratio", "offset"), PLACES)
@pytest.mark.parametrize("gain", [0.1, 0.3, 0.6])
def test_gaussian_is_the_dense_matrix(ratio: float, offset: float, gain: float) -> None:
    coarse = 23
    fine = math.ceil(ratio * coarse)
    expected = reference.gaussian_matrix(ratio, offset, coarse, fine, gain)
    np.testing.assert_allclose(dense(gaussian(ratio, offset, coarse, fine, gain), fine), expected, rtol=0, atol=3e-7)


@pytest.mark.parametrize("fine", [1, 2, 3])
def test_gaussian_of_tiny_images(fine: int) -> None:
    expected = reference.gaussian_matrix(4.0, 0.0, 2, fine, 0.3)
    np.testing.assert_allclose(dense(gaussian(4.0, 0.0, 2, fine, 0.3), fine), expected, rtol=0, atol=3e-7)


@pytest.mark.parametrize(("ratio", "offset"), [place for place in PLACES if place[0] >= 2])
@pytest.mark.parametrize("gain", [0.1, 0.22, 0.3, 0.4])
def test_response_at_the_coarse_nyquist_frequency(ratio: float, offset: float, gain: float) -> None:
    coarse = 60
    fine = math.ceil(ratio * coarse) + 1
    # A wave that has a crest or a trough at the centre of each coarse pixel.
    from_centre = np.arange(fine) - (offset + ratio * 0.5 - 0.5)
    wave = np.cos(math.pi * from_centre / ratio).astype(np.float32)
    seen = resampling.apply_rows(gaussian(ratio, offset, coarse, fine, gain), wave[None, :, None])[0, :, 0]
    middle = seen[10:-10] * (-1.0) ** np.arange(10, coarse - 10)
    np.testing.assert_allclose(middle, gain, rtol=0, atol=2e-3)


@pytest.mark.parametrize(("ratio", "offset"), PLACES)
@pytest.mark.parametrize("gain", [0.1, 0.3, 0.6])
def test_weights_sum_to_one_and_keep_a_ramp_in_place(ratio: float, offset: float, gain: float) -> None:
    coarse = 40
    fine = math.ceil(ratio * coarse) + 1
    ones_and_ramp = np.stack([np.ones(fine), np.arange(fine)], axis=1).astype(np.float32)[None]
    result = resampling.apply_rows(gaussian(ratio, offset, coarse, fine, gain), ones_and_ramp)[0]
    np.testing.assert_allclose(result[:, 0], 1.0, rtol=0, atol=1e-6)
    centres = offset + ratio * (np.arange(coarse) + 0.5) - 0.5
    margin = math.ceil(resampling.mtf_reach(ratio, gain) / ratio) + 1
    # In fine pixels, where a wrong phase is off by half a pixel. The samples of a very narrow Gaussian lean to a side.
    allowed = 5e-3 if resampling.mtf_sigma(ratio, gain) > 0.6 else 0.08
    assert np.abs(result[:, 1] - centres)[margin:-margin].max() < allowed


@pytest.mark.parametrize(("ratio", "offset"), [(2.0, 0.0), (2.0, -0.5), (3.0, 0.0), (4.0, 0.5), (6.0, 0.0)])
def test_gaussian_is_symmetric(ratio: float, offset: float) -> None:
    coarse = 21
    fine = int(ratio * coarse)
    row = dense(gaussian(ratio, offset, coarse, fine, 0.3), fine)[10]
    twice_centre = round(2 * (offset + ratio * 10.5 - 0.5))
    places = np.flatnonzero(row)
    assert len(places) > 2 * ratio
    np.testing.assert_allclose(row[twice_centre - places], row[places], rtol=1e-5)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("gain", [0.05, 0.3, 0.6])
def test_reach_holds_the_whole_filter(ratio: float, gain: float) -> None:
    """Beyond `mtf_reach` nothing is looked at."""
    coarse = 41
    fine = math.ceil(ratio * coarse)
    row = dense(gaussian(ratio, 0.0, coarse, fine, gain), fine)[20]
    centre = ratio * 20.5 - 0.5
    far = np.abs(np.arange(fine) - centre) > resampling.mtf_reach(ratio, gain)
    assert far.any() or ratio < 2
    assert not row[far].any()


@settings(max_examples=40, deadline=None)
@given(
    ratio=st.floats(1.0, 7.0),
    offset=st.floats(-7.0, 7.0),
    fine=st.integers(1, 120),
    start=st.integers(0, 100),
    count=st.integers(1, 40),
    gain=st.sampled_from([0.05, 0.3, 0.6]),
)
def test_low_pass_halo_is_enough(ratio: float, offset: float, fine: int, start: int, count: int, gain: float) -> None:
    """The coarse block around a window, from the fine block around it, is that of the whole image."""
    coarse = max(1, math.ceil(fine / ratio))
    axis, own = coarse_axis(ratio, offset, coarse), fine_axis(fine)
    start = min(start, fine - 1)
    stop = min(start + count, fine)
    top, bottom = axis.cover(start, stop, resampling.CUBIC_HALO)
    first, last = own.cover(start, stop, resampling.low_pass_halo(ratio, gain))
    image = np.random.default_rng(fine).random((1, fine, 2)).astype(np.float32)
    part = resampling.mtf_matrix(axis, own, top, bottom, first, last - first, gain)
    result = resampling.apply_rows(part, image[:, first:last])[0]
    expected = (reference.gaussian_matrix(ratio, offset, coarse, fine, gain) @ image[0])[top:bottom]
    # A coarse pixel that is taken in for no other reason than to have one may lie farther away.
    near = np.abs(offset + ratio * (np.arange(top, bottom) + 0.5) - (start + stop) / 2) <= (
        (stop - start) / 2 + (resampling.CUBIC_HALO + 1) * ratio
    )
    np.testing.assert_allclose(result[near], expected[near], rtol=0, atol=2e-6)


# Images with holes


@pytest.mark.parametrize("offset", [(0.0, 0.0), (-0.5, -0.5), (0.5, -0.5)])
@pytest.mark.parametrize("ratio", [2.0, 2.5, 4.0])
def test_expand_is_the_dense_product(ratio: float, offset: tuple[float, float]) -> None:
    rng = np.random.default_rng(4)
    image = rng.random((3, 13, 17)).astype(np.float32)
    fine = (round(13 * ratio), round(17 * ratio))
    block, _, window = whole(ratio, offset, (13, 17), fine)
    result, valid = resampling.expand(image, None, block, window)
    pair = reference_pair(ratio, offset, image, np.zeros(fine))
    np.testing.assert_allclose(result, pair.expand(pair.ms, pair.ms_valid)[0], rtol=0, atol=3e-6)
    assert valid is None
    out = np.empty_like(result)
    assert resampling.expand(image, None, block, window, out)[0] is out
    assert np.array_equal(out, result)


@settings(max_examples=60, deadline=None)
@given(
    ratio=st.sampled_from(RATIOS),
    offset=st.tuples(st.sampled_from(OFFSETS), st.sampled_from(OFFSETS)),
    seed=st.integers(0, 1000),
    share=st.sampled_from([0.3, 0.8, 0.97]),
)
def test_expand_renormalises_over_valid_pixels(
    ratio: float, offset: tuple[float, float], seed: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    known = rng.random((9, 11)) < share
    image = np.where(known, rng.random((2, 9, 11)), 0).astype(np.float32)
    fine = (round(9 * ratio), round(11 * ratio))
    block, _, window = whole(ratio, offset, (9, 11), fine)
    result, valid = resampling.expand(image, known, block, window)
    pair = reference_pair(ratio, offset, image, np.zeros(fine), known)
    expected, expected_valid = pair.expand(pair.ms, known)
    assert valid is not None
    assert np.array_equal(valid, expected_valid)
    np.testing.assert_allclose(result[:, valid], expected[:, valid], rtol=0, atol=3e-5)


@pytest.mark.parametrize(("ratio", "offset"), PLACES)
def test_expand_keeps_a_constant_beside_holes(ratio: float, offset: float) -> None:
    known = np.ones((10, 12), bool)
    known[3:5, 4:8] = known[0, :3] = known[9, 11] = False
    image = np.where(known, np.float32(1000), np.float32(0))[None]
    fine = (round(10 * ratio), round(12 * ratio))
    block, _, window = whole(ratio, (offset, offset), (10, 12), fine)
    result, valid = resampling.expand(image, known, block, window)
    assert valid is not None
    np.testing.assert_allclose(result[:, valid], 1000.0, rtol=2e-6)
    # Valid is what lies in a valid coarse pixel.
    for row, column in np.ndindex(*fine):
        j = min(max(math.floor((row + 0.5 - offset) / ratio + 1e-9), 0), 9)
        k = min(max(math.floor((column + 0.5 - offset) / ratio + 1e-9), 0), 11)
        assert valid[row, column] == known[j, k]


def test_expand_of_nothing_valid() -> None:
    block, _, window = whole(4.0, (0.0, 0.0), (5, 6), (20, 24))
    result, valid = resampling.expand(np.zeros((2, 5, 6), np.float32), np.zeros((5, 6), bool), block, window)
    assert valid is not None
    assert not valid.any()
    assert np.isfinite(result).all()


@pytest.mark.parametrize("offset", [(0.0, 0.0), (-0.5, 0.5)])
@pytest.mark.parametrize("ratio", [2.0, 2.5, 4.0])
def test_low_pass_with_holes(ratio: float, offset: tuple[float, float]) -> None:
    rng = np.random.default_rng(5)
    fine = (round(14 * ratio), round(11 * ratio))
    known = rng.random(fine) < 0.9
    known[: round(6 * ratio), : round(5 * ratio)] = False
    pan = np.where(known, rng.random(fine), 0).astype(np.float32)
    block, own, _ = whole(ratio, offset, (14, 11), fine)
    part = (1, 13, 2, 11)
    pair = reference_pair(ratio, offset, np.zeros((1, 14, 11)), pan, None, known)
    expected, expected_share = pair.low_pass(0.25)
    result, share = resampling.low_pass(pan[None], known, own, block, part, 0.25)
    assert share is not None
    np.testing.assert_allclose(share, expected_share[1:13, 2:11], rtol=0, atol=1e-6)
    seen = share > 0.01
    assert (~seen).any()
    np.testing.assert_allclose(result[0][seen], expected[1:13, 2:11][seen], rtol=0, atol=2e-5)
    assert np.isfinite(result).all()
    constant = np.where(known, np.float32(500), np.float32(0))[None]
    result, share = resampling.low_pass(constant, known, own, block, part, 0.25)
    np.testing.assert_allclose(result[0][seen], 500.0, rtol=1e-5)
    result, share = resampling.low_pass(pan[None], None, own, block, part, 0.25)
    assert share is None
    pair.pan_valid[:] = True
    np.testing.assert_allclose(result[0], pair.low_pass(0.25)[0][1:13, 2:11], rtol=0, atol=1e-6)


# The degradation that is made of the low-pass


def degraded(
    image: np.ndarray, ratio: float, size: tuple[int, int], valid: np.ndarray | None = None, gains: str = ""
) -> dict[str, np.ndarray]:
    axes = [Axis(0.0, ratio, image.shape[1 + k]) for k in (0, 1)]
    block = BlockWindow(0, 0, *image.shape[1:], axes[0], axes[1])
    scene = SceneInfo({"IMAGE": len(image)}, {"IMAGE": 1}, {"IMAGE": (1 / ratio, 1 / ratio)})
    method = CATALOGUE.method("degradation", "degrade")
    implementation = CATALOGUE.implement(method, {"MTF_GAINS": gains}, scene)
    blocks = {"IMAGE": image, "IMAGE_valid": valid}
    return implementation.fuse(blocks, {}, Window(0, 0, *size, {"IMAGE": block}))


@pytest.mark.parametrize("ratio", [2.0, 2.5, 4.0])
def test_degrade_is_the_dense_product(ratio: float) -> None:
    image = np.random.default_rng(6).random((3, round(12 * ratio), round(9 * ratio))).astype(np.float32)
    result = degraded(image, ratio, (12, 9), gains="0.2, 0.3, 0.2")["OUTPUT"]
    for band, gain in enumerate((0.2, 0.3, 0.2)):
        down = reference.gaussian_matrix(ratio, 0.0, 12, image.shape[1], gain)
        across = reference.gaussian_matrix(ratio, 0.0, 9, image.shape[2], gain)
        np.testing.assert_allclose(result[band], down @ image[band] @ across.T, rtol=0, atol=1e-6)


def test_degrade_is_valid_where_half_of_the_weight_is() -> None:
    valid = np.ones((40, 40), bool)
    valid[:, :17] = False
    image = np.where(valid, np.float32(7), np.float32(0))[None]
    result = degraded(image, 4.0, (10, 10), valid)
    share = reference.gaussian_matrix(4.0, 0.0, 10, 40, 0.3)[:, 17:].sum(axis=1)
    assert 0.01 < share[3] < 0.5 < share[4] < 0.99
    assert np.array_equal(result["OUTPUT_valid"], np.broadcast_to(share >= 0.5, (10, 10)))
    np.testing.assert_allclose(result["OUTPUT"][:, result["OUTPUT_valid"]], 7.0, rtol=1e-5)


def test_degrade_cannot_estimate() -> None:
    with pytest.raises(InputError, match="cannot be estimated"):
        degraded(np.ones((1, 8, 8), np.float32), 4.0, (2, 2), gains="estimate")
