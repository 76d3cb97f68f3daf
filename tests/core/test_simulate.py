"""Simulated revisits against what follows from their definition."""

from __future__ import annotations

import numpy as np
import pytest

from satfusion_qgis.classical.super_resolution.simulate import (
    HELD_OUT,
    KERNELS,
    TRAINING,
    Simulation,
    point_spread,
    simulate,
)
from satfusion_qgis.tasks.errors import InputError

CLEAN = Simulation(noise=0, gain=0, offset=0, clouded_revisits=0)


def clean(**more: object) -> Simulation:
    return Simulation(**{"noise": 0, "gain": 0, "offset": 0, "clouded_revisits": 0, **more})  # type: ignore[arg-type]


def wave(rows: int, columns: int, frequency: float, down: float = 0.0, right: float = 0.0) -> np.ndarray:
    y, x = np.mgrid[0:rows, 0:columns]
    return (2 + np.cos(2 * np.pi * frequency * (y - down)) * np.cos(2 * np.pi * frequency * (x - right)))[None]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("ratio", [2, 3, 2.5])
def test_the_blur_has_its_gain_at_the_coarse_nyquist_frequency(kernel: str, ratio: float) -> None:
    spread, reach = point_spread(kernel, ratio, 0.3)
    distance = np.linspace(-reach, reach, 20001)
    weight = spread(distance)
    gain = (weight * np.cos(np.pi / ratio * distance)).sum() / weight.sum()
    assert gain == pytest.approx(0.3, abs=0.015)


def test_kernels_differ() -> None:
    image = wave(60, 60, 0.12)
    seen = [simulate(image, 2, clean(revisits=1, kernel=kernel)).revisits for kernel in KERNELS]
    assert np.abs(seen[0] - seen[1]).max() > 0.001
    assert np.abs(seen[0] - seen[2]).max() > 0.001


@pytest.mark.parametrize("ratio", [2, 3, 2.5])
def test_a_shift_shows_the_scene_where_it_is_said_to_stand(ratio: float) -> None:
    """A wave that a revisit is moved by is the wave itself, moved: its phase says where it stands."""
    shift, frequency = (0.37, -1.21), 0.06
    made = simulate(wave(120, 130, frequency), ratio, clean(revisits=2, shifts=((0.0, 0.0), shift)))
    moved = wave(120, 130, frequency, shift[0] * ratio, shift[1] * ratio)
    expected = simulate(moved, ratio, clean(revisits=1)).revisits[0]
    inside = np.s_[:, 6:-6, 6:-6]
    assert np.abs(made.revisits[1] - expected)[inside].max() < 1e-4
    assert np.abs(made.revisits[0] - expected)[inside].max() > 0.1
    assert np.array_equal(made.shifts[1], shift)


def test_a_constant_stays_and_corners_are_kept() -> None:
    made = simulate(np.full((2, 41, 33), 7.0), 2, CLEAN)
    assert made.revisits.shape == (8, 2, 20, 16)
    assert np.allclose(made.revisits, 7, rtol=1e-6)
    step = np.zeros((1, 40, 40))
    step[:, 20:] = 1  # an edge between coarse rows 9 and 10
    rows = simulate(step, 2, clean(revisits=1)).revisits[0, 0, :, 5]
    assert rows[9] + rows[10] == pytest.approx(1, abs=1e-6)


def test_the_seed_decides() -> None:
    image = wave(80, 80, 0.05)
    one, same, other = (simulate(image, 2, Simulation(seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.revisits, same.revisits)
    assert np.array_equal(one.masks, same.masks)
    assert not np.array_equal(one.shifts, other.shifts)
    assert np.array_equal(one.shifts[0], (0, 0))
    assert np.abs(one.shifts).max() <= 2
    more_noise = simulate(image, 2, Simulation(seed=1, noise=30))
    assert np.array_equal(one.shifts, more_noise.shifts)
    assert np.array_equal(one.masks, more_noise.masks)


def test_noise_has_its_ratio_to_the_signal() -> None:
    image = np.stack([np.full((200, 200), 50.0), np.full((200, 200), 400.0)])
    made = simulate(image, 2, clean(noise=40, revisits=3, largest_shift=0))
    assert made.revisits.std(axis=(0, 2, 3)) == pytest.approx([50 / 40, 10], rel=0.02)


def test_clouds_cover_their_share_of_the_chosen_revisits() -> None:
    image = wave(200, 200, 0.03)
    made = simulate(image, 2, Simulation(noise=0, gain=0, offset=0, largest_shift=0, clouded_revisits=2))
    hidden = 1 - made.masks.mean(axis=(1, 2))
    assert sorted(hidden)[-2:] == pytest.approx([0.3, 0.3], abs=0.01)
    assert sorted(hidden)[:-2] == [0] * 6
    assert hidden[0] == 0
    clear = simulate(image, 2, clean(largest_shift=0)).revisits
    differs = np.abs(made.revisits - clear).max(axis=1)
    assert differs[made.masks].max() < 0.1
    assert differs[~made.masks].mean() > 1


def test_imperfect_masks_miss_and_exceed() -> None:
    made = simulate(wave(200, 200, 0.03), 2, Simulation(mask_error=0.5, largest_shift=0))
    clouded = made.clouds > 0.02
    assert (clouded & made.masks).any()
    assert (~clouded & ~made.masks).any()
    assert (clouded == ~made.masks).mean() > 0.8


def test_invalid_pixels_and_those_beyond_the_image_are_masked() -> None:
    image = np.ones((1, 60, 60))
    valid = np.ones((60, 60), bool)
    valid[:20] = False
    image[:, :20] = 1e9
    made = simulate(image, 2, clean(revisits=2, shifts=((0, 0), (0, 2.5))), valid)
    assert not made.masks[:, :9].any()
    assert made.masks[0, 11:].all()
    assert not made.masks[1, :, :2].any()
    assert np.allclose(made.revisits[0][:, made.masks[0]], 1, rtol=1e-4)


def test_training_and_held_out_differ() -> None:
    for name in ("kernel", "blur", "noise", "largest_shift", "cloud_size"):
        assert getattr(TRAINING, name) != getattr(HELD_OUT, name)


@pytest.mark.parametrize(
    ("settings", "ratio", "says"),
    [
        (Simulation(revisits=0), 2, "at least 1"),
        (Simulation(kernel="square"), 2, "gaussian"),
        (Simulation(blur=(0.3, 0.3)), 2, "each of the 1 bands"),
        (Simulation(blur=(0.9,)), 2, "between 0.05 and 0.6"),
        (Simulation(shifts=((0, 0),)), 2, "each of the 8"),
        (Simulation(), 0.5, "RATIO"),
        (Simulation(), 90, "RATIO"),
        (Simulation(cloud_share=2), 2, "Shares"),
    ],
)
def test_impossible_settings_are_refused(settings: Simulation, ratio: float, says: str) -> None:
    with pytest.raises(InputError, match=says):
        simulate(np.ones((1, 40, 40)), ratio, settings)
