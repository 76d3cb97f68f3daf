"""Scores at full scale: values that others computed, and rules about blocks, masks and windows."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.assessment.hqnr import d_lambda_k, hqnr
from satfusion_qgis.assessment.noreference import NoReferenceScores, combined, quality_without_reference
from satfusion_qgis.assessment.qnr import PairQualities, block_edges, d_lambda, d_s, qnr
from satfusion_qgis.assessment.reference import score
from tests.shared_data import shared_module, shared_path

NAMES = {"D_lambda": "d_lambda", "D_s": "d_s", "QNR": "qnr"}


def shared_images() -> tuple[dict[str, float], np.ndarray, np.ndarray, np.ndarray]:
    """The values computed elsewhere with numpy, and the images: fused, MS, PAN."""
    expected = json.loads(shared_path("parity/metrics/expected.json").read_text())
    make_input = shared_module("parity/parity.py").make_input
    case = expected["cases"]["noref"]
    ms, pan = (
        np.rint(make_input(one["name"], one["shape"], one["seed"], one["low"], one["high"]).astype(np.float64))
        for one in (case["ms"], case["pan"])
    )
    fused = np.rint(0.7 * np.kron(ms, np.ones((4, 4))) + 0.3 * pan)
    own = (e for e in expected["results"] if e["case"] == "noref" and "numpy" in e["package"] + e["note"])
    values = {entry["metric"]: entry["value"] for entry in own}
    for entry in expected["results"]:
        if entry["case"] == "noref" and entry["metric"] in ("D_lambda_K", "HQNR"):
            values[entry["metric"]] = entry["value"]
    return values, fused, ms, pan[0]


def test_qnr_agrees_with_a_direct_evaluation() -> None:
    values, fused, ms, pan = shared_images()
    low = pan.reshape(64, 4, 64, 4).mean(axis=(1, 3))
    found = quality_without_reference(fused, ms, pan, low, 4)
    for name, key in NAMES.items():
        assert found[key] == pytest.approx(values[name], rel=1e-11), name


def test_qnr_on_expanded_images_agrees() -> None:
    values, fused, ms, pan = shared_images()
    low = pan.reshape(64, 4, 64, 4).mean(axis=(1, 3))
    expanded = [np.kron(image, np.ones((4, 4))) for image in (ms, low)]
    found = quality_without_reference(fused, expanded[0], pan, expanded[1], 1)
    for name, key in NAMES.items():
        assert found[key] == pytest.approx(values[f"{name}_exp"], rel=1e-11), name


def blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian of 41 taps along the last axis, the edges replicated."""
    taps = np.exp(-0.5 * (np.arange(-20, 21) / sigma) ** 2)
    padded = np.pad(image, [(0, 0), (0, 0), (20, 20)], mode="edge")
    parts = [tap * padded[..., step : step + image.shape[-1]] for step, tap in enumerate(taps / taps.sum())]
    return np.sum(parts, axis=0)


def test_hqnr_agrees_with_independent_packages() -> None:
    values, fused, ms, _ = shared_images()
    sigma = 4 / np.pi * np.sqrt(-2 * np.log(0.3))
    low = np.swapaxes(blurred(np.swapaxes(blurred(fused, sigma), 1, 2), sigma), 1, 2)
    spectral = d_lambda_k(score(np.kron(ms, np.ones((4, 4))), low, 4)["all"]["q2n"])
    assert spectral == pytest.approx(values["D_lambda_K"], rel=1e-9)
    assert hqnr(spectral, values["D_s_exp"]) == pytest.approx(values["HQNR"], rel=1e-9)


def images(bands: int, rows: int, columns: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.abs(100 + rng.standard_normal((bands, rows, columns)).cumsum(axis=1)) + 20


def test_the_same_image_at_both_scales_has_no_distortion() -> None:
    fused = images(3, 64, 64)
    found = quality_without_reference(fused, fused, fused[0], fused[0], 1)
    assert found["d_lambda"] == found["d_s"] == 0
    assert found["qnr"] == 1


def test_exponents() -> None:
    fine, coarse = np.array([[1, 0.5, 0.2], [0.5, 1, 0.9], [0.2, 0.9, 1]]), np.eye(3)
    assert d_lambda(fine, coarse) == pytest.approx((0.5 + 0.2 + 0.9) / 3)
    assert d_lambda(fine, coarse, p=2) == pytest.approx(np.sqrt((0.25 + 0.04 + 0.81) / 3))
    assert d_s([0.5, 0.9], [0.4, 0.4], q=2) == pytest.approx(np.sqrt((0.01 + 0.25) / 2))
    assert qnr(0.2, 0.5, alpha=2) == pytest.approx(0.64 * 0.5)
    assert d_lambda(np.ones((1, 1)), np.ones((1, 1))) is None


def test_one_band_has_no_qnr() -> None:
    assert combined(None, 0.1, 0.2) == {
        "hqnr": pytest.approx(0.72), "d_lambda_k": 0.2, "d_s": 0.1, "qnr": None, "d_lambda": None,
    }  # fmt: skip


def test_blocks_with_a_masked_pixel_are_left_out() -> None:
    fine, coarse = images(3, 64, 64), images(3, 16, 16, seed=1)
    edges = block_edges(16, 8)
    valid = np.ones((64, 64), bool)
    valid[40, 3] = False
    fine[:, ~valid] = 1e9
    pairs = PairQualities(3)
    pairs.add(fine, coarse, (edges * 4, edges * 4), (edges, edges), valid)
    assert (pairs.blocks, pairs.blocks_left_out) == (3, 1)
    parts = [PairQualities(3) for _ in range(2)]
    parts[0].add(fine[:, :32], coarse[:, :8], (edges[:2] * 4, edges * 4), (edges[:2], edges), valid[:32])
    masked = valid[32:]
    parts[0].add(fine[:, 32:], coarse[:, 8:], (edges[:2] * 4, edges * 4), (edges[:2], edges), masked)
    assert np.allclose(parts[0].fine(), pairs.fine(), rtol=1e-12)
    assert np.allclose(parts[0].coarse(), pairs.coarse(), rtol=1e-12)


def test_blocks_of_unequal_size() -> None:
    """At a ratio such as 2.5, a block of MS pixels holds one fine pixel more or less than its neighbour."""
    fine, coarse = images(2, 25, 25), images(2, 10, 10)
    edges, fine_edges = np.array([0, 5, 10]), np.array([0, 13, 25])
    pairs = PairQualities(2)
    pairs.add(fine, coarse, (fine_edges, fine_edges), (edges, edges))
    expected = []
    for rows, columns in itertools.product([slice(0, 13), slice(13, 25)], repeat=2):
        x, y = (image[rows, columns].ravel() for image in fine)
        (s_xx, s_xy), (_, s_yy) = np.cov(x, y)
        expected.append(4 * s_xy * x.mean() * y.mean() / ((s_xx + s_yy) * (x.mean() ** 2 + y.mean() ** 2)))
    assert pairs.fine()[0, 1] == pytest.approx(np.mean(expected), rel=1e-10)


def test_result_is_plain_data() -> None:
    scores = NoReferenceScores(2, 4, (16, 16), ["Red", "NIR"], "reflectance")
    ms = images(2, 16, 16)
    scores.add_consistency(ms, ms + 1, None, 0, 0)
    result: dict[str, Any] = scores.result()
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["all"]["hqnr"] is None  # no block
    assert result["all"]["d_lambda_k"] > 0
    assert result["consistency"]["bias"] == pytest.approx(1)
    assert [band["name"] for band in result["bands"]] == ["Red", "NIR"]
