"""Registered scores: worked examples, independent values, direct computation, and rules about masks and windows."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satfusion_qgis.assessment.cpsnr import Cpsnr, border_of, cpsnr, norm_score
from satfusion_qgis.assessment.cssim import Cssim, cssim
from satfusion_qgis.assessment.reference import score
from tests.shared_data import shared_module, shared_path


def rough(bands: int, rows: int, columns: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 0.3 + 0.02 * rng.standard_normal((bands, rows, columns)).cumsum(axis=1)


def by_definition(
    reference: np.ndarray, test: np.ndarray, clear: np.ndarray, d: int
) -> tuple[float, tuple[int, int], list[float]]:
    """The search as the protocol words it, for several bands."""
    rows, columns = reference.shape[1:]
    cut = test[:, d : rows - d, d : columns - d]
    found = []
    for u in range(2 * d + 1):
        for v in range(2 * d + 1):
            window = np.s_[u : u + rows - 2 * d, v : v + columns - 2 * d]
            used = clear[window]
            errors = []
            bias = []
            for band in range(len(reference)):
                difference = (reference[band][window] - cut[band])[used]
                bias.append(difference.mean())
                errors.append(np.mean((difference - difference.mean()) ** 2))
            found.append((float(np.mean(errors)), (u - d, v - d), bias))
    return min(found, key=lambda one: one[0])


# Values that others computed


def shared_case() -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
    make_input = shared_module("parity/parity.py").make_input
    expected = json.loads(shared_path("parity/metrics/expected.json").read_text(encoding="utf-8"))
    values = {row["metric"]: row["value"] for row in expected["results"] if row["case"] == "cpsnr"}
    high = make_input("c_hr", (128, 128), 41).astype(np.float64)
    noise = make_input("c_noise", (128, 128), 41).astype(np.float64) - 0.5
    low = np.roll(high, (2, -1), (0, 1)) + 0.013 + 0.02 * noise
    return high, low, make_input("c_mask", (128, 128), 41) > 0.25, values


def test_shared_values() -> None:
    high, low, mask, values = shared_case()
    found = cpsnr(high, low, mask, 3, 1.0)
    assert found.cpsnr == pytest.approx(values["cPSNR"], rel=1e-12)
    assert found.shift == (-2, 1)
    assert found.bias[0] == pytest.approx(-0.013127058, abs=5e-10)
    assert cssim(high, low, mask, 3, 1.0).cssim == pytest.approx(values["cSSIM"], rel=1e-10)
    assert cssim(high, low, mask, 3, 1.0).shift == (-2, 1)
    plain = score(high[None], low[None], 3.0, mask, data_range=1.0)
    assert plain["all"]["psnr"] == pytest.approx(values["PSNR_no_correction"], rel=1e-12)


def test_worked_example() -> None:
    reference = np.array([[0.1, 0.2], [0.3, 0.4]])
    darker = cpsnr(reference, reference - 0.05, border=0)
    assert darker.bias == pytest.approx((0.05,))
    assert darker.cpsnr == pytest.approx(120.0)
    striped = cpsnr(reference, reference + np.array([[0.01, -0.01], [0.01, -0.01]]), border=0)
    assert striped.bias == pytest.approx((0.0,), abs=1e-15)
    assert striped.cpsnr == pytest.approx(40.0)


def test_norm_score() -> None:
    assert norm_score([40.0, 45.0], [40.0, 50.0]) == pytest.approx((1.0 + 0.9) / 2)
    with pytest.raises(ValueError, match="norms"):
        norm_score([40.0], [])


# The definition


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(0, 3), st.integers(0, 10**6))
def test_search_as_the_protocol_words_it(bands: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference = rough(bands, 30, 27, seed)
    test = np.roll(reference, tuple(rng.integers(-d, d + 1, 2)), (1, 2)) + rng.normal(0, 0.01, reference.shape)
    test += rng.normal(0, 0.1, (bands, 1, 1))
    clear = rng.random((30, 27)) > 0.3
    error, shift, bias = by_definition(reference, test, clear, d)
    found = cpsnr(reference, test, clear, d, 0.7)
    assert found.cpsnr == pytest.approx(10 * math.log10(0.7**2 / error), rel=1e-10)
    assert found.shift == shift
    assert found.bias == pytest.approx(bias, rel=1e-9, abs=1e-12)


def test_no_gain_is_forgiven() -> None:
    reference = rough(1, 60, 60)
    darker = cpsnr(reference, 0.9 * reference, border=2).cpsnr
    assert darker is not None and darker < 60
    assert cpsnr(reference, reference + 0.2, border=2).cpsnr == pytest.approx(120.0)


def test_masked_pixels_do_not_count() -> None:
    reference = rough(2, 50, 60)
    test = reference + np.random.default_rng(1).normal(0, 0.01, reference.shape)
    clear = np.random.default_rng(2).random((50, 60)) > 0.2
    spoilt = np.where(clear, reference, 99.0)
    assert cpsnr(spoilt, test, clear).cpsnr == cpsnr(reference, test, clear).cpsnr
    assert cssim(spoilt, test, clear).cssim == cssim(reference, test, clear).cssim
    missing = np.where(clear, reference, np.nan)
    assert cpsnr(missing, test).cpsnr == cpsnr(reference, test, clear).cpsnr


def test_a_large_bias_costs_no_digits() -> None:
    reference = rough(1, 60, 60)
    test = reference + np.random.default_rng(1).normal(0, 1e-3, reference.shape)
    near, far = cpsnr(reference, test), cpsnr(reference + 1e6, test)
    assert far.cpsnr == pytest.approx(near.cpsnr, abs=1e-3)


def test_clouded_windows_do_not_count_as_alike() -> None:
    """A test image that is noise scores alike with half of the scene clouded."""
    rng = np.random.default_rng(0)
    reference, test = rough(1, 120, 120), rng.random((1, 120, 120))
    clear = np.ones((120, 120), bool)
    clear[:, 60:] = False
    whole, half = cssim(reference, test).cssim, cssim(reference, test, clear).cssim
    assert whole is not None and half is not None and half < whole + 0.15 < 0.4


def test_structure_is_that_of_plain_ssim_where_all_is_clear() -> None:
    reference = rough(3, 64, 70)
    test = reference + np.random.default_rng(3).normal(0, 0.02, reference.shape)
    bias = (reference - test).mean(axis=(1, 2), keepdims=True)
    plain = score(reference, test + bias, 2.0, data_range=1.0)["all"]["ssim"]
    assert cssim(reference, test, border=0).cssim == pytest.approx(plain, rel=1e-10)


def test_one_shift_for_all_bands() -> None:
    reference = rough(3, 60, 60)
    test = np.roll(reference, (1, -2), (1, 2)) + np.array([0.1, -0.2, 0.3])[:, None, None]
    found = cpsnr(reference, test)
    assert found.shift == (-1, 2)
    assert found.bias == pytest.approx((-0.1, 0.2, -0.3))
    assert len(found.bands) == 3


# By windows


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 3), st.sampled_from([32, 64]), st.booleans())
def test_windows_give_the_whole(d: int, side: int, masked: bool) -> None:
    rng = np.random.default_rng(d)
    reference = rough(2, 150, 130)
    test = np.roll(reference, (1, -1), (1, 2)) + rng.normal(0, 0.01, reference.shape) + 0.05
    clear = rng.random((150, 130)) > 0.1 if masked else None
    given_valid = rng.random((150, 130)) > 0.05 if masked else None
    whole, parts, joined = Cpsnr(2, d), Cpsnr(2, d), Cpsnr(2, d)
    whole.add(reference, test, clear, given_valid)

    def windows(halo: int):
        for row in range(0, 150, side):
            for column in range(0, 130, side):
                rows, columns = min(side, 150 - row), min(side, 130 - column)
                part = np.s_[row : row + rows + halo, column : column + columns + halo]
                yield row, column, (rows, columns), part

    for number, (_, _, core, part) in enumerate(windows(whole.halo)):
        masks = (None if one is None else one[part] for one in (clear, given_valid))
        target = parts if number % 2 else joined
        target.add(reference[(slice(None), *part)], test[(slice(None), *part)], *masks, core)
    parts.merge(joined)
    one, other = whole.result(1.0), parts.result(1.0)
    assert other.cpsnr == pytest.approx(one.cpsnr, rel=1e-12)
    assert (other.shift, other.pixels) == (one.shift, one.pixels)

    likeness, by_parts = Cssim(whole.biases(), d, 1.0), Cssim(whole.biases(), d, 1.0, (150, 130), 32)
    likeness.add(reference, test, clear, given_valid)
    for row, column, core, part in windows(likeness.halo):
        masks = (None if one is None else one[part] for one in (clear, given_valid))
        by_parts.add(reference[(slice(None), *part)], test[(slice(None), *part)], *masks, row, column, core)
    assert by_parts.result().cssim == pytest.approx(likeness.result().cssim, rel=1e-12)
    assert by_parts.result().positions == likeness.result().positions
    sums = by_parts.blocks().sum(axis=0)
    assert sums[0] / sums[1] == pytest.approx(likeness.result().cssim, rel=1e-12)


# Bad input


def test_refused() -> None:
    image = rough(1, 12, 12)
    with pytest.raises(ValueError, match="shape"):
        cpsnr(image, image[:, :10])
    with pytest.raises(ValueError, match="border"):
        cpsnr(image, image, border=6)
    with pytest.raises(ValueError, match="clear pixel"):
        cpsnr(image, image, np.zeros((12, 12), bool))


def test_border_is_one_coarse_pixel() -> None:
    assert [border_of(ratio) for ratio in (1.0, 2.0, 3.0, 4.00025, 2.5)] == [1, 2, 3, 4, 3]
