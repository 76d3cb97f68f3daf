"""Losses against formulas worked by hand and against the metrics in numpy."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the engine's interpreter only")

from satfusion_qgis.assessment.reference import ReferenceScores  # noqa: E402
from satfusion_qgis.engine.training import losses  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from tests.scenes import make_truth  # noqa: E402

BANDS, SIDE = 4, 48


@pytest.fixture(scope="module")
def pair():
    """A landscape in reflectance, and the same with noise and another brightness: float32 [1, bands, side, side]."""
    truth = make_truth(SIDE, SIDE, BANDS, seed=2) * 2.5e-4
    rng = np.random.default_rng(3)
    test = 0.95 * truth + rng.normal(0, 0.01, truth.shape)
    return tuple(torch.from_numpy(image.astype(np.float32))[None] for image in (test, truth))


@pytest.fixture(scope="module")
def scores(pair):
    """What the numpy metrics say of the pair."""
    test, truth = (image[0].numpy().astype(np.float64) for image in pair)
    found = ReferenceScores(BANDS, 4.0, (SIDE, SIDE), data_range=1.0)
    found.add(truth, test)
    return found.result()


def moved(image, down, across):
    """The image shown some whole pixels further down and to the right."""
    return torch.roll(image, (down, across), (2, 3))


def value(name, output, target):
    return float(losses.loss(name)(output, target))


@pytest.mark.parametrize("name", ["mse", "l1", "ssim", "sam", "relative", "combined", "combined_registered"])
def test_a_perfect_image_has_no_loss(pair, name):
    assert value(name, pair[1], pair[1]) == pytest.approx(0, abs=2e-6)


def test_mse_and_l1_are_those_of_the_metrics(pair, scores):
    assert value("mse", *pair) == pytest.approx(scores["all"]["rmse"] ** 2, rel=1e-5)
    assert value("l1", *pair) == pytest.approx(scores["all"]["mae"], rel=1e-5)


def test_ssim_is_that_of_the_metrics_inside(pair, scores):
    """The metric looks at whole windows of 11 pixels only; the map's inner part is made of the same."""
    inner = losses.ssim_map(*pair, side=11)[:, :, 5:-5, 5:-5]
    assert float(inner.mean()) == pytest.approx(scores["all"]["ssim"], rel=1e-4)


def test_ssim_of_constant_images_by_hand():
    """Without any variance SSIM is (2ab + C1) / (a^2 + b^2 + C1)."""
    one, other = torch.full((1, 2, 9, 9), 0.5), torch.full((1, 2, 9, 9), 0.25)
    expected = (2 * 0.5 * 0.25 + 1e-4) / (0.5**2 + 0.25**2 + 1e-4)
    assert float(losses.ssim_map(one, other).mean()) == pytest.approx(expected, rel=1e-4)
    assert value("ssim", one, other) == pytest.approx((1 - expected) / 2, rel=1e-4)


def test_sam_by_hand():
    """Two pixels: one at 45 degrees, one alike but brighter."""
    output = torch.tensor([[[[1.0, 0.2]], [[0.0, 0.4]]]])
    target = torch.tensor([[[[1.0, 0.1]], [[1.0, 0.2]]]])
    assert value("sam", output, target) == pytest.approx((1 - np.sqrt(0.5)) / 2, rel=1e-5)


def test_sam_is_that_of_the_metrics_for_small_angles(pair, scores):
    """1 - cos(a) is about a^2 / 2; its mean lies above that of the mean angle, and not far."""
    least = 1 - np.cos(np.radians(scores["all"]["sam_degrees"]))
    found = value("sam", *pair)
    assert least < found < 6 * least


def test_relative_is_ergas_without_its_factor(pair, scores):
    assert value("relative", *pair) == pytest.approx(scores["all"]["ergas"] * 4 / 100, rel=1e-4)


def test_relative_angle_by_hand():
    """One pixel of two bands, (1, 1) in place of (1, 2): errors 0 and 1 over 1 and 2, and the chord of the angle."""
    output, target = torch.tensor([[1.0, 1.0]]).view(1, 2, 1, 1), torch.tensor([[1.0, 2.0]]).view(1, 2, 1, 1)
    cosine = 3 / (2**0.5 * 5**0.5)
    expected = ((0 + (1 / 2) ** 2) / 2) ** 0.5 + 0.1 * (2 * (1 - cosine)) ** 0.5
    assert value("relative_angle", output, target) == pytest.approx(expected, rel=1e-4)
    strong = expected + 0.3 * (2 * (1 - cosine)) ** 0.5
    assert value("relative_angle_strong", output, target) == pytest.approx(strong, rel=1e-4)


def test_relative_angle_stays_finite_where_a_band_is_dark():
    """A band whose mean is 0 but which is not empty counts relative to its own size."""
    target = torch.tensor([[0.01, -0.01], [0.5, 0.5]]).view(1, 2, 1, 2)
    output = target + torch.tensor([[0.001, 0.001], [0.0, 0.0]]).view(1, 2, 1, 2)
    assert value("relative_angle", output, target) < 0.1


def test_the_combination_is_the_weighted_sum(pair):
    parts = [value(name, *pair) for name in ("mse", "l1", "ssim", "sam")]
    expected = 0.3 * parts[0] + 0.3 * parts[1] + 0.2 * parts[2] + 0.2 * parts[3]
    assert value("combined", *pair) == pytest.approx(expected, rel=1e-5)


def test_the_brightness_fit_takes_a_bias_away(pair):
    _, truth = pair
    bias = torch.tensor([0.1, -0.05, 0.0, 0.2]).reshape(1, BANDS, 1, 1)
    assert value("l1", truth + bias, truth) > 0.08
    assert losses.brightness_fitted(truth + bias, truth).numpy() == pytest.approx(truth.numpy(), abs=1e-6)
    assert value("combined_registered", truth + bias, truth) == pytest.approx(0, abs=2e-5)


def test_corrected_kernels_are_cut_off_and_keep_the_mean():
    kernels = losses.shift_kernels()[:, 0]
    assert kernels.shape == (81, 11, 11)
    assert kernels.sum(dim=(1, 2)).numpy() == pytest.approx(np.ones(81), abs=1e-5)
    faulty = losses.shift_kernels(faulty=True)[:, 0].sum(dim=(1, 2))
    assert float(faulty.min()) < 0.99
    assert float(faulty.max()) > 1.01
    middle = torch.zeros(11, 11)
    middle[5, 5] = 1
    assert kernels[40].numpy() == pytest.approx(middle.numpy(), abs=1e-6)


@pytest.mark.parametrize("shift", [(0, 0), (2, -1), (-2, 2)])
def test_registration_finds_a_shift_of_whole_pixels(pair, shift):
    _, truth = pair
    inner, target = losses.registered(moved(truth, *shift), truth)
    assert inner.shape == (1, BANDS, SIDE - 10, SIDE - 10)
    away = 3  # what was rolled in from the other side
    difference = (inner - target)[:, :, away:-away, away:-away]
    assert float(difference.abs().max()) < 1e-5


def test_registration_finds_half_a_pixel():
    """A smooth wave shown half a pixel further right."""
    place = torch.arange(40.0)
    waves = [torch.sin(0.3 * (place - shift)).expand(40, 40)[None, None] for shift in (0.5, 0.0)]
    inner, target = losses.registered(*waves)
    assert float((inner - target).abs().max()) < 0.01
    assert float((waves[0] - waves[1])[:, :, 5:-5, 5:-5].abs().max()) > 0.1


def test_the_published_combination_wants_a_displaced_image(pair):
    """Its output is cut 2 pixels from the edge and its target 5: displaced by 3, two images agree; in place, never."""
    _, truth = pair
    displaced, target = losses.registered(moved(truth, -3, -3), truth, faulty=True)
    assert float(((displaced - target)[:, :, :-4, :-4] ** 2).mean()) < 1e-9
    inner, target = losses.registered(truth, truth, faulty=True)
    assert float(((inner - target) ** 2).mean()) > 1e-4
    assert value("combined_published", truth, truth) > 0.01


def test_sam_of_the_published_combination_is_not_registered(pair):
    _, truth = pair
    fitted = losses.brightness_fitted(pair[0], truth)
    near, shifted = losses.registered(fitted, truth, faulty=True)
    parts = [float(part(near, shifted)) for part in (losses.mse, losses.mae, losses.ssim)]
    expected = 0.3 * parts[0] + 0.3 * parts[1] + 0.2 * parts[2] + 0.2 * float(losses.sam(fitted, truth))
    assert value("combined_published", *pair) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", list(losses.LOSSES))
def test_every_loss_has_finite_gradients(pair, name):
    output = pair[0].clone().requires_grad_(True)
    losses.loss(name)(output, pair[1]).backward()
    assert bool(torch.isfinite(output.grad).all())
    assert float(output.grad.abs().sum()) > 0
    perfect = pair[1].clone().requires_grad_(True)
    losses.loss(name)(perfect, pair[1]).backward()
    assert bool(torch.isfinite(perfect.grad).all())


def test_unknown_losses_and_small_patches_are_refused(pair):
    with pytest.raises(InputError, match="LOSS"):
        losses.loss("huber")
    small = pair[0][:, :, :10, :10]
    with pytest.raises(InputError, match="LOSS"):
        losses.combined_registered(small, small)
