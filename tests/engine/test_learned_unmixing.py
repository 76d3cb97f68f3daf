"""Learned unmixing against changes that are known, and the changes that its training draws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from satfusion_qgis.engine.networks.spatiotemporal.learned_unmixing import LearnedUnmixing, _solved
from satfusion_qgis.engine.training.data import between_dates, other_changes
from satfusion_qgis.tasks.errors import InputError

RATIO, SIDE = 8, 96


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def cells_of(image: torch.Tensor) -> torch.Tensor:
    """Means over coarse pixels, interpolated onto the fine grid."""
    means = nn.functional.avg_pool2d(image, RATIO)
    return nn.functional.interpolate(means, scale_factor=RATIO, mode="bicubic", align_corners=False)


def test_a_linear_system_is_solved_at_every_pixel():
    rng = np.random.default_rng(1)
    half = rng.standard_normal((2, 5, 5, 3, 4))
    matrix = np.einsum("bijhw,bkjhw->bikhw", half, half) + 0.1 * np.eye(5)[..., None, None]
    right = rng.standard_normal((2, 5, 3, 3, 4))
    found = _solved(torch.from_numpy(matrix), torch.from_numpy(right)).numpy()
    at_pixels = np.linalg.solve(np.moveaxis(matrix, (1, 2), (3, 4)), np.moveaxis(right, (1, 2), (3, 4)))
    assert np.allclose(found, np.moveaxis(at_pixels, (3, 4), (1, 2)), atol=1e-9)


def test_classes_that_are_plain_to_see_change_as_they_did():
    """With the right classes the change of each is found from coarse pixels alone, which mix them."""
    rng = np.random.default_rng(2)
    labels = torch.from_numpy(rng.integers(0, 2, (SIDE // 4, SIDE // 4)).repeat(4, 0).repeat(4, 1))
    fine = torch.stack([labels == 0, labels == 1]).float()[None]
    change = torch.where(labels == 0, 0.3, -0.1)[None, None].repeat(1, 2, 1, 1)
    network = LearnedUnmixing(2, RATIO, classes=2, width=4).eval()
    bare = nn.Conv2d(2, 2, 1)
    with torch.no_grad():
        network.ridge.fill_(-9.0)
        bare.weight.copy_(20 * torch.eye(2)[..., None, None])
        bare.bias.zero_()
        network.membership = nn.Sequential(bare)
        found = network(fine, cells_of(fine), cells_of(fine + change))
    inner = np.s_[..., 24:-24, 24:-24]
    error = (found - fine - change)[inner].square().mean().sqrt()
    plain = (cells_of(change) - change)[inner].square().mean().sqrt()
    assert error < 0.45 * plain and plain > 0.1


def test_untrained_it_keeps_what_coarse_pixels_changed_by():
    rng = np.random.default_rng(3)
    fine, change = (torch.from_numpy(rng.random((1, 3, SIDE, SIDE), np.float32)) for _ in range(2))
    torch.manual_seed(0)
    network = LearnedUnmixing(3, RATIO, classes=4, width=6).eval()
    coarse = cells_of(fine)
    with torch.no_grad():
        found = network(fine, coarse, coarse + cells_of(change)) - fine
        still = network(fine, coarse, coarse) - fine
    assert still.abs().max() < 1e-5  # nothing changed
    smooth, wanted = (nn.functional.avg_pool2d(image, 3 * RATIO) for image in (found, cells_of(change)))
    assert (smooth - wanted).abs().max() < 0.1 * change.std()


def test_bad_settings_are_refused():
    for settings, said in (({"classes": 0}, "1 or more classes"), ({"ratio": 1}, "a ratio of 2 or more")):
        with pytest.raises(InputError, match=said):
            LearnedUnmixing(2, **settings)


def batch(count: int = 6) -> dict[str, torch.Tensor]:
    rng = np.random.default_rng(4)
    fine, change = (torch.from_numpy(rng.random((count, 2, 16, 16), np.float32)) for _ in range(2))
    made = {"fine_1": fine, "reference": fine + change, "coarse_1": fine + 1, "coarse_target": fine + 1 + 2 * change}
    return {**made, "mask": torch.ones(count, 1, 16, 16)}


def test_dates_are_drawn_on_the_line_through_two():
    given = batch()
    change = given["reference"] - given["fine_1"]
    made = between_dates(given, 0.5, seed=1, step=2)
    first = ((made["fine_1"] - given["fine_1"]) / change)[:, 0, 0, 0]
    last = ((made["reference"] - given["fine_1"]) / change)[:, 0, 0, 0]
    assert first.min() >= -0.25 - 1e-4 and first.max() <= 1 + 1e-4 and len(set(first.tolist())) == len(first)
    assert last.min() >= -0.5 - 1e-4 and last.max() <= 1.5 + 1e-4
    share = (last - first)[:, None, None, None]
    assert torch.allclose(made["reference"] - made["fine_1"], share * change, atol=1e-5)
    # The coarse images go the same way: their change is twice that of the fine ones here.
    assert torch.allclose(made["coarse_target"] - made["coarse_1"], 2 * share * change, atol=1e-5)
    again, other = (between_dates(given, 0.5, seed=1, step=step) for step in (2, 3))
    assert torch.equal(again["reference"], made["reference"]) and not torch.equal(
        other["reference"], again["reference"]
    )


def test_other_changes_follow_the_spectrum_and_reach_the_coarse_images_as_means():
    given = batch()
    given["fine_1"][:, :, 8:] = given["fine_1"][:, :, :8]  # the same surfaces twice
    given["reference"] = given["fine_1"] + 0.1 * given["reference"]
    made = other_changes(given, 1.0, 4.0, seed=1, step=2)
    change = made["reference"] - given["fine_1"]
    assert torch.allclose(change[:, :, 8:], change[:, :, :8], atol=1e-4)
    assert change.std() > 0.02 and torch.equal(made["fine_1"], given["fine_1"])
    seen = made["coarse_target"] - given["coarse_1"]
    expected = nn.functional.interpolate(nn.functional.avg_pool2d(change, 4), size=(16, 16), mode="bicubic")
    assert torch.allclose(seen, expected, atol=1e-5)
    none = other_changes(given, 0.0, 4.0, seed=1, step=2)
    assert all(torch.equal(none[name], given[name]) for name in given)
