"""Simulated dates of fine and coarse images: what they show, how they change, and that nothing else is drawn."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from satfusion_qgis.classical.spatiotemporal.simulate import HELD_OUT, TRAINING, PairSimulation, simulate_dates
from satfusion_qgis.tasks.errors import InputError
from tests.scenes import make_truth

WAVES = (485.0, 560.0, 660.0, 830.0, 1650.0, 2200.0)
STILL = PairSimulation(
    season=0.0, changed=0.0, fields=0.0, fine_noise=0.0, coarse_noise=0.0, gain=0.0, offset=0.0, view=0.0, shift=0.0,
    shift_between=0.0, cloud_share=0.0,
)  # fmt: skip
RATIO = 16


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    """A landscape in reflectance: vegetation, soil, and a lake that is dark beyond 700 nm."""
    truth = make_truth(192, 224, 6, seed=2) * 1e-4
    truth *= 0.25 / truth.mean()
    truth[3:, 20:60, 30:90] = 0.02
    return truth.astype(np.float32)


def made(image: np.ndarray, seed: int = 1, dates: int = 2, ratio: float = RATIO, **changes: object):
    return simulate_dates(image, WAVES, ratio, dates, np.random.default_rng(seed), replace(STILL, **changes))


def test_where_nothing_changes_every_date_is_the_image(image: np.ndarray) -> None:
    found = made(image, dates=3)
    assert found.truth.shape == (3, *image.shape) and found.coarse.shape == (3, 6, 12, 14)
    for date in range(3):
        np.testing.assert_allclose(found.truth[date], image, atol=1e-6)
    assert not found.changed.any() and found.fine_valid.all() and found.coarse_valid.all()


def test_coarse_images_are_means_of_the_ground_through_the_sensors_blur(image: np.ndarray) -> None:
    """A plane stays a plane under a symmetric blur: the coarse value is that at the coarse pixel's centre."""
    row, column = np.mgrid[:192, :224]
    plane = np.stack([0.2 + 4e-4 * row + 2e-4 * column + 0.01 * band for band in range(6)]).astype(np.float32)
    found = made(plane)
    centre_row, centre_column = np.mgrid[:12, :14] * RATIO + (RATIO - 1) / 2
    for band in range(6):
        wanted = 0.2 + 4e-4 * centre_row + 2e-4 * centre_column + 0.01 * band
        np.testing.assert_allclose(found.coarse[0, band, 3:-3, 3:-3], wanted[3:-3, 3:-3], atol=1e-5)


def test_a_registration_error_moves_the_coarse_image_and_not_the_fine_one(image: np.ndarray) -> None:
    row = np.mgrid[:192, :224][0]
    plane = np.broadcast_to(0.2 + 1e-3 * row, (6, 192, 224)).astype(np.float32)
    still, moved = made(plane), made(plane, shift=0.3, shift_between=0.1)
    assert 0 < np.abs(moved.shifts).max() <= 0.3
    np.testing.assert_allclose(moved.truth, still.truth, atol=1e-6)
    for date in range(2):
        change = moved.coarse[date, 0, 4:-4, 4:-4] - still.coarse[date, 0, 4:-4, 4:-4]
        np.testing.assert_allclose(change, -1e-3 * RATIO * moved.shifts[date, 0], atol=1e-5)
    assert np.abs(np.diff(moved.shifts, axis=0)).max() <= 0.2 + 1e-9, "dates differ by what is allowed between them"


def test_seasons_change_ground_but_hardly_water(image: np.ndarray) -> None:
    found = made(image, season=0.8)
    change = np.abs(found.truth[1] - found.truth[0])
    water, land = change[:, 30:50, 40:80].mean(), change[:, 80:].mean()
    assert land > 0.01 and water < 0.3 * land
    assert (found.truth >= 0).all() and found.truth.max() < 1


def test_a_class_changes_alike_and_its_texture_stays(image: np.ndarray) -> None:
    """Without fields, change follows the ground: the image explains it far better than its place does."""
    found = made(image, season=0.8, seed=4)
    change = (found.truth[1] - found.truth[0])[:, 80:].reshape(6, -1)
    pixels = image[:, 80:].reshape(6, -1)
    factors = np.concatenate([pixels, pixels**2, np.ones((1, pixels.shape[1]))])
    fitted = np.linalg.lstsq(factors.T, change.T, rcond=None)[0].T @ factors
    assert np.var(change - fitted) < 0.35 * np.var(change)
    high = [np.diff(one[3, 80:], axis=1).ravel() for one in found.truth]
    assert np.corrcoef(high)[0, 1] > 0.8


def test_fields_change_each_in_its_own_way(image: np.ndarray) -> None:
    flat = np.broadcast_to(np.array([0.05, 0.08, 0.1, 0.3, 0.25, 0.15], np.float32)[:, None, None], (6, 192, 224))
    flat = flat + np.random.default_rng(0).normal(0, 1e-3, flat.shape).astype(np.float32)
    found = made(flat, season=0.7, spread=0.4, fields=0.7, seed=3)
    change = found.truth[1, 3] - found.truth[0, 3]
    assert len(np.unique(change.round(2))) > 8
    inner = np.abs(np.diff(change, axis=1)) < 0.01
    assert inner.mean() > 0.85, "fields are whole: change jumps at their edges only"


def test_cover_changes_in_the_share_that_is_asked_for(image: np.ndarray) -> None:
    found = made(image, changed=0.08, dates=3)
    assert 0.07 < found.changed.mean() < 0.2
    same = np.abs(found.truth[2] - image).max(axis=0) < 1e-6
    assert same[~found.changed].mean() > 0.95
    assert not same[found.changed].all()
    np.testing.assert_allclose(found.truth[0], image, atol=1e-6, err_msg="the first date is before any change")


def test_the_other_sensor_has_gains_of_its_own_in_every_band(image: np.ndarray) -> None:
    plain, found = made(image), made(image, gain=0.05, offset=0.004)
    fits = [np.polyfit(plain.coarse[0, band].ravel(), found.coarse[0, band].ravel(), 1) for band in range(6)]
    gains, offsets = np.array(fits).T
    assert np.ptp(gains) > 0.01 and (np.abs(gains - 1) <= 0.05 + 1e-4).all()
    assert (np.abs(offsets) <= 0.004 + 1e-4).all()
    again = np.polyfit(plain.coarse[1, 0].ravel(), found.coarse[1, 0].ravel(), 1)
    np.testing.assert_allclose(again, fits[0], atol=1e-4, err_msg="a sensor is the same on every date")
    seen = made(image, view=0.05)
    ratio = (seen.coarse / plain.coarse).mean(axis=(1, 2, 3))
    assert abs(ratio[0] - ratio[1]) > 1e-3, "illumination and view differ between dates"


def test_noise_and_clouds_are_those_asked_for(image: np.ndarray) -> None:
    clean, found = made(image), made(image, fine_noise=50.0, coarse_noise=40.0, cloud_share=0.4, fine_cloud_share=0.3)
    level = image.mean(axis=(1, 2))
    spread = (found.fine[0] - found.truth[0]).std(axis=(1, 2))
    np.testing.assert_allclose(spread[:3], level[:3] / 50, rtol=0.1)
    assert not found.fine_valid.all() and found.fine_valid.mean() > 0.5
    assert not found.coarse_valid.all()
    clear = found.coarse_valid[0]
    off = np.abs(found.coarse[0] - clean.coarse[0]).mean(axis=0)
    assert np.median(off[clear]) < 0.02, "what the mask leaves is ground"


def test_invalid_pixels_stay_out_of_everything(image: np.ndarray) -> None:
    valid = np.ones(image.shape[1:], bool)
    valid[:64, :64] = False
    spoilt = np.where(valid, image, 9.0).astype(np.float32)
    found = simulate_dates(spoilt, WAVES, RATIO, 2, np.random.default_rng(1), TRAINING, valid)
    assert not found.fine_valid[:, :64, :64].any()
    assert not found.coarse_valid[:, :3, :3].any()
    assert found.coarse[:, :, 5:].max() < 1.0 and found.truth.max() < 1.0


def test_the_same_seed_draws_the_same_and_another_draws_another(image: np.ndarray) -> None:
    one, same, other = (
        simulate_dates(image, WAVES, 17.3, 2, np.random.default_rng(seed), TRAINING) for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one.coarse, same.coarse)
    np.testing.assert_array_equal(one.truth, same.truth)
    assert np.abs(one.truth - other.truth).max() > 0.01
    assert one.coarse.shape[2:] == (int(192 / 17.3), int(224 / 17.3))


def test_training_and_tests_differ_in_blur_noise_shift_and_clouds() -> None:
    names = {"kernel", "blur", "fine_noise", "coarse_noise", "shift", "cloud_share", "cloud_size", "mask_error"}
    assert names <= {item.name for item in fields(PairSimulation)}
    assert all(getattr(TRAINING, name) != getattr(HELD_OUT, name) for name in names)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"image": "dn"}, "reflectance"),
        ({"waves": WAVES[:3]}, "wavelength"),
        ({"dates": 1}, "2 dates"),
        ({"settings": replace(TRAINING, changed=1.5)}, "changed"),
        ({"valid": "none"}, "no valid pixel"),
        ({"ratio": 500}, "RATIO"),
    ],
)
def test_what_cannot_be_is_refused(image: np.ndarray, change: dict[str, object], says: str) -> None:
    shown = image * 1e4 if change.get("image") == "dn" else image
    valid = np.zeros(image.shape[1:], bool) if change.get("valid") == "none" else None
    with pytest.raises(InputError, match=says):
        simulate_dates(
            shown,
            change.get("waves", WAVES),
            change.get("ratio", RATIO),
            change.get("dates", 2),
            np.random.default_rng(0),
            change.get("settings", TRAINING),
            valid,
        )
