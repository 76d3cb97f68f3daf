"""The survey's scores, window by window with plain loops, and against the usual scores that they are named after."""

from __future__ import annotations

import math

import numpy as np
import pytest

from satfusion_qgis.assessment.ergas import ergas
from satfusion_qgis.assessment.rase import rase
from satfusion_qgis.assessment.stf_survey import DEFINITIONS, survey_scores
from satfusion_qgis.tasks.errors import InputError


@pytest.fixture
def images():
    numbers = np.random.default_rng(3)
    reference = 0.2 + 0.3 * numbers.random((3, 17, 14))
    return reference + 0.05 * numbers.standard_normal(reference.shape), reference


def windows(image, side=8):
    rows, columns = image.shape[-2] - side, image.shape[-1] - side  # without the last row and column of windows
    return [image[..., i : i + side, j : j + side] for i in range(rows) for j in range(columns)]


def test_names(images):
    assert list(survey_scores(*images)) == list(DEFINITIONS)


def test_rmse_and_rase_of_windows(images):
    test, reference = images
    errors = windows((test - reference) ** 2)
    found = survey_scores(test, reference)
    assert found["rmse"] == pytest.approx(np.mean([np.sqrt(part.mean((1, 2))) for part in errors]))
    values = [100 * np.sqrt(part.mean()) / (level.mean() / 64) for part, level in zip(errors, windows(reference))]
    assert found["rase"] == pytest.approx(np.mean(values))


def test_against_the_usual_scores(images):
    test, reference = images
    rmse, means = np.sqrt(((test - reference) ** 2).mean((1, 2))), reference.mean((1, 2))
    found = survey_scores(test, reference)
    assert found["ergas"] == pytest.approx(ergas(rmse, means, 16) / 4)
    assert found["rase"] == pytest.approx(64 * rase(rmse, means), rel=0.05)
    assert found["mae"] == pytest.approx(np.abs(test - reference).mean())
    assert found["psnr"] == pytest.approx(-20 * math.log10(np.sqrt(((test - reference) ** 2).mean())))
    assert found["cc"] == pytest.approx(
        np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(test, reference)])
    )
    assert found["r2"] == pytest.approx(1 - ((test - reference) ** 2).sum() / (reference.size * reference.var()))


def test_angle_in_radians():
    test, reference = np.zeros((2, 12, 12)), np.zeros((2, 12, 12))
    test[0], reference[:] = 1, 1
    assert survey_scores(test, reference)["sam"] == pytest.approx(math.pi / 4)
    test[:, 5, 5] = 0
    assert math.isnan(survey_scores(test, reference)["sam"])


def test_ssim_and_uqi_of_gaussian_windows(images):
    test, reference = images
    distance = np.arange(11) - 5
    line = np.exp(-0.5 * (distance / 1.5) ** 2)
    weights = np.outer(line, line) / line.sum() ** 2

    def moments(x, y):
        mean_x, mean_y = (weights * x).sum(), (weights * y).sum()
        variance_x, variance_y = (weights * (x - mean_x) ** 2).sum(), (weights * (y - mean_y) ** 2).sum()
        return mean_x, mean_y, variance_x, variance_y, (weights * (x - mean_x) * (y - mean_y)).sum()

    similar, quality = [], []
    for x, y in zip(test, reference):
        wide_x, wide_y = np.pad(x, 5, "reflect"), np.pad(y, 5, "reflect")
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                mx, my, vx, vy, cov = moments(wide_x[i : i + 11, j : j + 11], wide_y[i : i + 11, j : j + 11])
                similar.append((2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx**2 + my**2 + 1e-4) * (vx + vy + 9e-4)))
        for i in range(x.shape[0] - 10):
            for j in range(x.shape[1] - 10):
                mx, my, vx, vy, cov = moments(x[i : i + 11, j : j + 11], y[i : i + 11, j : j + 11])
                quality.append(4 * mx * my * cov / ((mx**2 + my**2) * (vx + vy) + 1.1920929e-07))
    found = survey_scores(test, reference)
    assert found["ssim"] == pytest.approx(np.mean(similar))
    assert found["uqi"] == pytest.approx(np.mean(quality))


def test_scc_of_windows(images):
    test, reference = images

    def edges(band):
        wide = np.pad(band, 1, "symmetric")
        return np.pad(
            [
                [2 * (9 * wide[i + 1, j + 1] - wide[i : i + 3, j : j + 3].sum()) for j in range(band.shape[1])]
                for i in range(band.shape[0])
            ],
            ((4, 3), (4, 3)),
        )

    values = []
    for x, y in zip(test, reference):
        edge_x, edge_y = edges(x), edges(y)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                a, b = edge_x[i : i + 8, j : j + 8], edge_y[i : i + 8, j : j + 8]
                values.append(np.mean((a - a.mean()) * (b - b.mean())) / (a.std() * b.std()))
    assert survey_scores(test, reference)["scc"] == pytest.approx(np.mean(values))


def test_equal_images(images):
    _, reference = images
    found = survey_scores(reference, reference)
    zero = {name: found[name] for name in ("mae", "rmse", "ergas", "rase")}
    assert zero == dict.fromkeys(zero, 0.0)
    assert found["sam"] == pytest.approx(0, abs=1e-7) and found["psnr"] == math.inf
    assert [found[name] for name in ("ssim", "scc", "cc", "r2")] == pytest.approx([1] * 4)


def test_bad_images(images):
    test, reference = images
    with pytest.raises(InputError, match="must be the reference's"):
        survey_scores(test[:2], reference)
    with pytest.raises(InputError, match="11 or more"):
        survey_scores(test[:, :10], reference[:, :10])
