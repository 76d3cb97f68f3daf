"""Simulated pairs as rasters: what the pipeline makes of them, their dates and grids, and the sets made from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.classical.spatiotemporal.simulate import TRAINING, PairSimulation
from satfusion_qgis.pipeline.patch_places import Layout
from satfusion_qgis.pipeline.simulate_pairs import (
    FineScene,
    SimulatedTriplets,
    drawn_pairs,
    prepare_simulated_triplets,
    simulated_triplet,
)
from satfusion_qgis.pipeline.triplet_patches import Triplet, TripletSettings, make_triplet_patches
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.core.test_simulate_dates import STILL, WAVES
from tests.pipeline.support import QUICK, Log, assert_one_sentence
from tests.pipeline.test_triplets import tensors
from tests.scenes import make_truth, write_geotiff

NAMES = ("Blue", "Green", "Red", "NIR", "SWIR1", "SWIR2")


@pytest.fixture(scope="module")
def scene() -> FineScene:
    image = make_truth(260, 300, 6, seed=2) * 1e-4
    return FineScene("place", (image * 0.2 / image.mean()).astype(np.float32), WAVES, NAMES, split="train")


def made(scene: FineScene, folder: Path, pairs: int = 1, ratio: float = 16.0, seed: int = 0, **how: Any) -> Triplet:
    settings = how.pop("settings", replace(STILL, **how))
    return simulated_triplet(scene, ratio, pairs, settings, np.random.default_rng(seed), folder)


def read(items: Any) -> np.ndarray:
    return gdal.Open(items[0].path).ReadAsArray() * 1e-4


def predicted(triplet: Triplet, folder: Path, method: str) -> np.ndarray:
    pair = triplet.pairs[0]
    inputs = [
        Input("FINE_1", pair.fine[0].path, date=pair.date, pair=1),
        Input("COARSE_1", pair.coarse[0].path, date=pair.date, pair=1),
        Input("COARSE_TARGET", triplet.target.coarse[0].path, date=triplet.target.date),
    ]
    output = Output("OUTPUT", str(folder / f"{method}.tif"), dtype="Float32", options={**QUICK, "UNITS": "reflectance"})
    pipeline.run(Job("spatiotemporal_fusion", method, inputs, [output]))
    return gdal.Open(output.path).ReadAsArray()


def test_ground_that_stays_is_predicted_as_it_is(scene: FineScene, tmp_path: Path) -> None:
    triplet = made(scene, tmp_path)
    found, truth = predicted(triplet, tmp_path, "add_change"), read(triplet.target.fine)
    assert found.shape == truth.shape, "the coarse images cover the fine ones"
    np.testing.assert_allclose(found, truth, atol=2e-4)


def test_coarse_pixels_begin_where_the_fine_images_do_not(scene: FineScene, tmp_path: Path) -> None:
    """The fine image's mean over a coarse pixel is that pixel's value, where both say they lie."""
    triplet = made(scene, tmp_path, seed=3)
    fine, coarse = gdal.Open(triplet.pairs[0].fine[0].path), gdal.Open(triplet.pairs[0].coarse[0].path)
    (x, pixel, _, y, _, _), (coarse_x, side, _, coarse_y, _, _) = fine.GetGeoTransform(), coarse.GetGeoTransform()
    right, down = (x - coarse_x) / pixel, (coarse_y - y) / pixel
    assert side == 16 * pixel and 0 <= right < 16 and 0 <= down < 16 and (right, down) != (0, 0)
    image, cells = fine.ReadAsArray() * 1e-4, coarse.ReadAsArray() * 1e-4
    first, start = int(16 - right) % 16, int(16 - down) % 16
    rows, columns = (image.shape[1] - start) // 16, (image.shape[2] - first) // 16
    inner = image[:, start : start + 16 * rows, first : first + 16 * columns]
    means = inner.reshape(6, rows, 16, columns, 16).mean(axis=(2, 4))
    there = cells[:, 1 if start else 0 :, 1 if first else 0 :][:, :rows, :columns]
    off = [np.roll(there, step, axis) for axis in (1, 2) for step in (-1, 1)]
    error = np.abs(means - there)[:, 2:-2, 2:-2].mean()
    assert all(error < 0.5 * np.abs(means - moved)[:, 2:-2, 2:-2].mean() for moved in off)


@pytest.mark.parametrize("seed", range(4))
def test_one_pair_lies_before_or_after_and_two_on_either_side(scene: FineScene, seed: int, tmp_path: Path) -> None:
    one, two = made(scene, tmp_path, 1, seed=seed, season=0.5), made(scene, tmp_path, 2, seed=seed, season=0.5)
    assert one.pairs[0].date != one.target.date
    assert two.pairs[0].date < two.target.date < two.pairs[1].date
    for triplet in (one, two):
        for observed in (*triplet.pairs, triplet.target):
            assert observed.coarse[0].date == observed.date
            assert gdal.Open(observed.fine[0].path).GetRasterBand(4).GetMetadataItem("wavelength") == "830"
    with pytest.raises(InputError):
        made(scene, tmp_path, 3)


def test_a_set_of_two_pairs(scene: FineScene, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()

    def triplets() -> Any:
        for seed, split in enumerate(("train", "train", "validation")):
            rng = np.random.default_rng(seed)
            own = replace(scene, split=split, name=f"draw {seed}")
            yield simulated_triplet(own, 17.5, 2, drawn_pairs(rng), rng, tmp_path / "files")

    settings = TripletSettings(Layout(64, 64, 1, 0), pairs=2, least_valid=0.5)
    data = make_triplet_patches(triplets(), str(tmp_path / "set"), settings)
    assert (data["pairs"], data["ratio"], data["units"], data["unit"]) == (2, 17.5, "physical", "reflectance")
    for split in ("train", "validation"):
        found = tensors(tmp_path / "set", split)
        assert (found["days"][:, 0] == -16).all() and (found["days"][:, 1] == 16).all()
        inside = np.broadcast_to(found["mask"], found["reference"].shape) > 0
        between = [np.abs(found[name] - found["reference"])[inside].mean() for name in ("base", "fine_1", "fine_2")]
        assert between[0] < max(between[1:]), "the added change of both pairs is nearer than the farther pair"


def test_draws_differ_and_stay_in_range() -> None:
    drawn = [drawn_pairs(np.random.default_rng(seed)) for seed in range(40)]
    for name in ("blur", "coarse_noise", "shift", "season", "cloud_share", "changed"):
        assert len({getattr(one, name) for one in drawn}) > 10, name
    assert all(0.05 <= one.blur <= 0.6 and one.shift <= 0.3 and one.season < 1 for one in drawn)
    assert all(isinstance(one, PairSimulation) and one.kernel == TRAINING.kernel for one in drawn)


def test_images_are_checked_before_anything_is_written(tmp_path: Path) -> None:
    image = make_truth(160, 160, 3, seed=1)
    place = (3e5, 30, 0, 5e6, 0, -30)
    plain = str(write_geotiff(tmp_path / "plain.tif", image * 1e-4, place))
    numbers = str(write_geotiff(tmp_path / "dn.tif", image, place, wavelengths_nm=WAVES[:3]))
    settings = SimulatedTriplets(draws=1, layout=Layout(32, 32, 1, 0))
    for path, says in ((plain, "wavelengths"), (numbers, "reflectance")):
        with pytest.raises(InputError) as refused:
            prepare_simulated_triplets([[Input("IMAGES", path)]], [], str(tmp_path / "set"), settings, Log())
        assert says in str(refused.value)
        assert_one_sentence(str(refused.value))
        assert not (tmp_path / "set").exists()
    for splits in (["train"] * 2, ["none"]):
        with pytest.raises(InputError, match="SPLITS"):
            prepare_simulated_triplets([[Input("IMAGES", plain)]], splits, str(tmp_path / "set"), settings)
