"""The effective resolution: where noise of a known spectrum takes over, and from halves beside that from the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from satfusion_qgis.assessment.effective_resolution import (
    MOST_ALIKE,
    OF_TRUTH,
    effective_pixel,
    halves_of,
    ring_correlation,
)
from satfusion_qgis.classical.super_resolution.back_projection import BackProjection
from satfusion_qgis.classical.super_resolution.median import Median
from satfusion_qgis.classical.super_resolution.shift_and_add import ShiftAndAdd
from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from tests.core.drive_revisits import fuse, stack_of

SIDE = 512


def shaped(random: np.random.Generator, amplitude: Any) -> Any:
    """Noise whose amplitude is a function of frequency in cycles per pixel."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE))
    return np.fft.ifft2(np.fft.fft2(random.standard_normal((SIDE, SIDE))) * amplitude(frequency)).real


@pytest.mark.parametrize("cut", [0.1, 0.25, 0.4])
def test_where_noise_takes_over(cut: float) -> None:
    """Signal over noise falls through 1/6 in energy, where halves correlate by 1/7, at a known frequency."""
    random = np.random.default_rng(2)
    bands = [shaped(random, lambda frequency: (cut / np.maximum(frequency, 1 / SIDE)) ** 2 / 6**0.5) for _ in range(4)]
    images = [np.stack(bands) + random.standard_normal((4, SIDE, SIDE)) for _ in range(2)]
    found = ring_correlation(*images)
    assert found is not None
    assert effective_pixel(found) == pytest.approx(0.5 / cut, rel=0.05)
    assert found.correlation[0] > 0.95 and abs(found.correlation[-1]) < 0.3
    assert np.all(np.diff(found.frequency) > 0) and found.frequency[-1] <= 0.5


def test_images_that_are_one_or_strangers() -> None:
    random = np.random.default_rng(2)
    one, other = random.standard_normal((2, 3, 200, 200))
    same, strange = ring_correlation(one, one), ring_correlation(one, other)
    assert same is not None and effective_pixel(same) == 1.0
    assert strange is not None and effective_pixel(strange) is None


def test_clear_tiles_alone_count() -> None:
    random = np.random.default_rng(2)
    one = random.standard_normal((1, 300, 300)).cumsum(axis=2)
    other = one.copy()
    other[:, :, 140:] = random.standard_normal((1, 300, 160))
    valid = np.zeros((300, 300), bool)
    valid[:, :140] = True
    found = ring_correlation(one, other, valid)
    assert found is not None and effective_pixel(found) == 1.0
    valid[::10, ::10] = False
    assert ring_correlation(one, other, valid) is None


def test_halves_whose_pixels_lie_differently() -> None:
    assert halves_of(np.zeros((1, 2))) is None
    alike = halves_of(np.array([[0.0, 0.0], [1.0, -2.0], [0.0, 5.0]]))
    assert alike is not None and alike.alike == pytest.approx(1) and len(alike.one) == len(alike.other) == 1
    # Two lattices, two revisits on each: halves of one lattice each differ the most.
    lattices = np.array([[0, 0], [0.5, 0], [2, 3], [1.5, 1]])
    found = halves_of(lattices)
    assert found is not None and set(found.one) == {0, 2} and found.alike < MOST_ALIKE
    many = halves_of(np.random.default_rng(3).uniform(-2, 2, (25, 2)))
    assert many is not None and len({*many.one, *many.other}) == 24 and many.alike < MOST_ALIKE


def scene() -> Any:
    """Fields, roads and roofs: patches of one brightness with sharp edges, at many sizes."""
    random = np.random.default_rng(7)
    image = np.full((1, 540, 540), 1000.0)
    for _ in range(2500):
        size = 2 + int(40 * random.random() ** 3)
        row, column = random.integers(0, 540, 2)
        image[0, row : row + size, column : column + int(size * random.uniform(0.3, 3)) + 1] = random.uniform(500, 2000)
    return image.astype(np.float32)


@pytest.mark.parametrize(("method", "most"), [(Median, 0.15), (ShiftAndAdd, 0.15), (BackProjection, 0.1)])
@pytest.mark.parametrize("ratio", [2, 3])
def test_halves_tell_what_the_truth_would(method: Any, most: float, ratio: int) -> None:
    image = scene()
    made = simulate(image, ratio, Simulation(revisits=6, clouded_revisits=0, blur=(0.25,), seed=4))
    parameters = {"MAX_SHIFT": 0.0, "RATIO": float(ratio), "SENSOR": "default", "MTF_GAINS": "0.25"}

    def fused(places: Any) -> Any:
        stack = stack_of(made.revisits[list(places)], ratio, origins=[tuple(made.shifts[place]) for place in places])
        return fuse(stack, method(parameters, stack.scene())).image[:, 8:-8, 8:-8]

    dealt = halves_of(made.shifts)
    assert dealt is not None and dealt.alike < MOST_ALIKE
    told = ring_correlation(fused(dealt.one), fused(dealt.other), ratio=ratio)
    true = ring_correlation(fused(range(6)), image[:, : 540 // ratio * ratio, : 540 // ratio * ratio][:, 8:-8, 8:-8])
    assert told is not None and true is not None
    assert effective_pixel(told) == pytest.approx(effective_pixel(true, OF_TRUTH), rel=most)
