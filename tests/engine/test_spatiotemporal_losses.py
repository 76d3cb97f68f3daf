"""Losses of networks for images of several dates, against NumPy and by what they must do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from satfusion_qgis.engine.training import spatiotemporal_losses as losses
from satfusion_qgis.tasks.errors import InputError

WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(5)
    target = torch.rand(1, 2, 40, 36, generator=generator, dtype=torch.float64)
    return (target + 0.2 * torch.randn(target.shape, generator=generator, dtype=torch.float64)), target


def terms(x, y, span):
    """Mean SSIM and mean contrast of five sizes, window by window."""
    found = []
    for level in range(5):
        if level:
            x, y = (
                image[:, : image.shape[1] // 2 * 2, : image.shape[2] // 2 * 2]
                .reshape(image.shape[0], image.shape[1] // 2, 2, image.shape[2] // 2, 2)
                .mean((2, 4))
                for image in (x, y)
            )
        side = min(11, *x.shape[1:])
        line = np.exp(-0.5 * ((np.arange(side) - side // 2) / 1.5) ** 2)
        weights = np.outer(line, line) / line.sum() ** 2
        c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
        whole, contrast = [], []
        for i in range(x.shape[1] - side + 1):
            for j in range(x.shape[2] - side + 1):
                for a, b in zip(x[:, i : i + side, j : j + side], y[:, i : i + side, j : j + side]):
                    mean_a, mean_b = (weights * a).sum(), (weights * b).sum()
                    variance = (weights * (a - mean_a) ** 2).sum() + (weights * (b - mean_b) ** 2).sum()
                    covariance = (weights * (a - mean_a) * (b - mean_b)).sum()
                    contrast.append((2 * covariance + c2) / (variance + c2))
                    whole.append(contrast[-1] * (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1))
        found.append((np.mean(whole), np.mean(contrast)))
    return np.array(found).T


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("published", [True, False])
def test_ms_ssim(images, normalised, published):
    whole, contrast = terms(*(image[0].numpy() for image in images), 1.0)
    assert min(contrast) > 0
    if normalised:
        whole, contrast = (whole + 1) / 2, (contrast + 1) / 2
    expected = (contrast[:4] ** WEIGHTS[:4]).prod() * whole[4] ** (WEIGHTS[4] * (4 if published else 1))
    found = losses.ms_ssim(*images, normalised=normalised, published=published)
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_ms_ssim_of_opposites_has_a_gradient():
    target = torch.rand(1, 2, 32, 32)
    output = (1 - target).requires_grad_()
    for normalised in (True, False):
        losses.ms_ssim(output, target, normalised).backward()
        assert output.grad.isfinite().all()
    with pytest.raises(InputError, match="16 pixels or more"):
        losses.ms_ssim(target[..., :15], target[..., :15])


def test_swinstfm_s_published_loss(images):
    whole, contrast = terms(*(image[0].numpy() for image in images), 2.0)
    whole, contrast = whole.clip(0) + 0.01, contrast.clip(0) + 0.01
    similarity = min(1, (contrast[:4] ** WEIGHTS[:4]).prod() * whole[4] ** WEIGHTS[4] + 0.05)
    expected = np.sqrt((images[0] - images[1]).numpy() ** 2 + 1e-6).mean() + 1 - similarity
    assert similarity < 1
    assert float(losses.swinstfm_content(*images, published=True)) == pytest.approx(expected, rel=1e-6)


def test_weights_of_the_parts(images):
    output, target = (image.numpy() for image in images)
    lacking = 1 - float(losses.ms_ssim(*images))
    error = output - target
    cosine = (output * target).sum(1) / np.sqrt((output**2).sum(1) * (target**2).sum(1))
    features = torch.tensor([[[[1.0]], [[2.0]]]]), torch.tensor([[[[2.0]], [[-1.0]]]])
    assert float(losses.edcstfn_reconstruction(*images)) == pytest.approx(np.abs(error).mean() + 0.8 * lacking)
    assert float(losses.edcstfn_content(*images, features)) == pytest.approx((error**2).mean() + 5 + 0.8 * lacking)
    assert float(losses.ganstfm_content(*images, features)) == pytest.approx(5 + 1 + lacking)
    assert float(losses.mlffgan_content(*images)) == pytest.approx(np.abs(error).mean() + lacking + 1 - cosine.mean())
    assert float(losses.srsfgan_content(*images[:1] * 2, images[1])) == pytest.approx(
        np.abs(error).mean() + 2 * lacking
    )
    smooth = np.where(np.abs(error) < 1, 0.5 * error**2, np.abs(error) - 0.5).mean()
    assert float(losses.ecpwstfn_reconstruction(*images)) == pytest.approx(smooth + 0.84 * lacking)
    quarters = error[..., ::2, ::2], error[..., ::2, 1::2], error[..., 1::2, ::2], error[..., 1::2, 1::2]
    wavelets = sum(
        np.abs(signs[0] * quarters[0] + signs[1] * quarters[1] + signs[2] * quarters[2] + signs[3] * quarters[3]).mean()
        for signs in ((1, 1, 1, 1), (1, 1, -1, -1), (1, -1, 1, -1), (1, -1, -1, 1))
    )
    assert float(losses.ecpwstfn_content(*images, features)) == pytest.approx(wavelets / 2 + 2 + 0.85 * lacking)


def test_the_survey_adds_ten_times_the_error_to_ganstfm_s(images):
    features = images[0][:, :, :4], images[1][:, :, :4]
    slip = float(losses.ms_ssim(*images)) - float(losses.ms_ssim(*images, published=True))
    more = losses.ganstfm_content(*images, features, published=True) - losses.ganstfm_content(*images, features)
    assert float(more) == pytest.approx(10 * float((images[0] - images[1]).abs().mean()) + slip)


@pytest.mark.parametrize("published", [False, True])
def test_equal_images_cost_next_to_nothing(images, published):
    target = images[1].float()
    features = target, target
    found = [
        losses.edcstfn_reconstruction(target, target, published),
        losses.edcstfn_content(target, target, features, published),
        losses.ganstfm_content(target, target, features, published),
        losses.mlffgan_content(target, target, published),
        losses.srsfgan_content(target, target, target, published),
        losses.ecpwstfn_reconstruction(target, target, published),
        losses.ecpwstfn_content(target, target, features, published),
        losses.swinstfm_content(target, target, published),
    ]
    assert max(float(value) for value in found) < 2e-3


def test_adversarial_losses():
    real, estimated = torch.tensor([1.0, 0.5]), torch.tensor([0.0, 0.5])
    assert float(losses.discriminating(real, estimated)) == pytest.approx(0.5 * (0.125 + 0.125))
    assert float(losses.deceiving(estimated)) == pytest.approx(0.5 * (1 + 0.25) / 2)
