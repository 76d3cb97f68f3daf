"""The eleven scores of reports on spatiotemporal fusion: worked by hand, and against formulas written out in full."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.assessment.reference import ReferenceScores
from satfusion_qgis.assessment.report.series import ELEVEN
from satfusion_qgis.assessment.stf_survey import survey_scores

RATIO = 16.0


def scored(truth: np.ndarray, test: np.ndarray, **more: Any) -> dict[str, Any]:
    scores = ReferenceScores(len(truth), RATIO, truth.shape[1:], data_range=1.0, **more)
    scores.add(truth, test)
    return scores.result()["all"]


def image(seed: int = 0, bands: int = 3, size: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Two images of reflectance that resemble each other."""
    rng = np.random.default_rng(seed)
    smooth = np.cumsum(np.cumsum(rng.normal(0, 0.01, (bands, size, size)), axis=1), axis=2)
    truth = 0.3 + 0.1 * smooth / np.abs(smooth).max() + rng.normal(0, 0.01, smooth.shape)
    return truth, truth + rng.normal(0.005, 0.02, truth.shape)


def test_by_hand():
    """Two bands; the first is wrong by 0.1 everywhere, the second by 0.1 up in one half and down in the other."""
    truth = np.empty((2, 16, 16))
    truth[0], truth[1, :, :8], truth[1, :, 8:] = 0.2, 0.2, 0.4
    test = truth.copy()
    test[0] += 0.1
    test[1, :, :8] += 0.1
    test[1, :, 8:] -= 0.1
    found = scored(truth, test)
    assert found["mae"] == pytest.approx(0.1)
    assert found["rmse"] == pytest.approx(0.1)
    assert found["bias"] == pytest.approx(0.05)
    assert found["psnr"] == pytest.approx(20.0)  # 10 log10(1 / 0.01)
    assert found["ergas"] == pytest.approx(100 / 16 * math.sqrt((0.25 + 0.01 / 0.09) / 2))  # means 0.2 and 0.3
    assert found["rase"] == pytest.approx(100 / 0.25 * 0.1)
    # (0.2, 0.2) against (0.3, 0.3): no angle; (0.2, 0.4) against (0.3, 0.3)
    angle = math.degrees(math.acos(0.18 / (math.sqrt(0.2) * math.sqrt(0.18))))
    assert found["sam_degrees"] == pytest.approx(angle / 2)
    # the second band is constant in the test image, the first in both: neither has a correlation
    assert found["cc"] is None
    # 1 - 0.01 / 0.01 for the second band; the first does not vary
    assert found["r2"] == pytest.approx(0.0)


def test_identical_images_score_best():
    truth, _ = image()
    found = scored(truth, truth)
    for name in ("mae", "rmse", "sam_degrees", "ergas", "rase"):
        assert found[name] == pytest.approx(0, abs=1e-6), name
    for name in ("ssim", "uqi", "scc", "cc", "r2"):
        assert found[name] == pytest.approx(1), name
    assert found["psnr"] is None


def _windows(array: np.ndarray, side: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(array, (side, side))


def reference_uqi(truth: np.ndarray, test: np.ndarray) -> float:
    """Wang and Bovik (2002): every position of an 8 x 8 window."""
    values = []
    for x, y in zip(truth, test):
        a, b = (_windows(one, 8).reshape(-1, 64) for one in (x, y))
        for p, q in zip(a, b):
            covariance = np.cov(p, q, ddof=1)
            means = p.mean(), q.mean()
            below = (covariance[0, 0] + covariance[1, 1]) * (means[0] ** 2 + means[1] ** 2)
            values.append(4 * covariance[0, 1] * means[0] * means[1] / below)
    return float(np.mean(values))


def reference_ssim(truth: np.ndarray, test: np.ndarray) -> float:
    """Wang et al. (2004): Gaussian window of 11 x 11 with 1.5 pixels, K1 0.01, K2 0.03, a range of 1."""
    line = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    kernel = np.outer(line, line) / line.sum() ** 2
    values = []
    for x, y in zip(truth, test):
        a, b = _windows(x, 11), _windows(y, 11)
        means = (a * kernel).sum((-1, -2)), (b * kernel).sum((-1, -2))
        squares = (a * a * kernel).sum((-1, -2)) - means[0] ** 2, (b * b * kernel).sum((-1, -2)) - means[1] ** 2
        both = (a * b * kernel).sum((-1, -2)) - means[0] * means[1]
        above = (2 * means[0] * means[1] + 1e-4) * (2 * both + 9e-4)
        values.append((above / ((means[0] ** 2 + means[1] ** 2 + 1e-4) * (sum(squares) + 9e-4))).mean())
    return float(np.mean(values))


def reference_scc(truth: np.ndarray, test: np.ndarray) -> float:
    """Zhou et al. (1998): correlation of what a Laplacian filter leaves."""
    kernel = -np.ones((3, 3))
    kernel[1, 1] = 8
    edges = [[(_windows(band, 3) * kernel).sum((-1, -2)).ravel() for band in one] for one in (truth, test)]
    return float(np.mean([np.corrcoef(x, y)[0, 1] for x, y in zip(*edges)]))


def test_against_formulas():
    truth, test = image(1)
    found = scored(truth, test)
    error = test - truth
    rmse = np.sqrt((error**2).mean((1, 2)))
    mean = truth.mean((1, 2))
    lengths = np.linalg.norm(truth, axis=0) * np.linalg.norm(test, axis=0)
    wanted = {
        "rmse": math.sqrt((error**2).mean()),
        "mae": np.abs(error).mean(),
        "psnr": -10 * math.log10((error**2).mean()),
        "ssim": reference_ssim(truth, test),
        "sam_degrees": np.degrees(np.arccos((truth * test).sum(0) / lengths)).mean(),
        "ergas": 100 / RATIO * math.sqrt(((rmse / mean) ** 2).mean()),
        "rase": 100 / mean.mean() * math.sqrt((rmse**2).mean()),
        "uqi": reference_uqi(truth, test),
        "scc": reference_scc(truth, test),
        "cc": np.mean([np.corrcoef(x.ravel(), y.ravel())[0, 1] for x, y in zip(truth, test)]),
        "r2": np.mean(1 - (error**2).sum((1, 2)) / ((truth - mean[:, None, None]) ** 2).sum((1, 2))),
    }
    assert tuple(wanted) == ELEVEN
    for name, value in wanted.items():
        assert found[name] == pytest.approx(float(value), rel=1e-6), name


def test_the_survey_s_scores_are_others_and_go_by_their_own_names():
    """What its code computes is related to the usual scores as its description says."""
    truth, test = image(2)
    usual, survey = scored(truth, test), survey_scores(test, truth)
    assert survey["ergas"] == pytest.approx(usual["ergas"] / 4, rel=1e-9)
    assert survey["sam"] == pytest.approx(math.radians(usual["sam_degrees"]), rel=1e-6)
    assert survey["mae"] == pytest.approx(usual["mae"])
    assert survey["psnr"] == pytest.approx(usual["psnr"])
    assert survey["rmse"] < usual["rmse"]
    assert survey["rase"] > 50 * usual["rase"]
