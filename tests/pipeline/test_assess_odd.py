"""Odd images: a right result or one sentence, whole files or none."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis.pipeline import assess_pair
from satfusion_qgis.pipeline.assess import Settings, compare, json_text
from satfusion_qgis.pipeline.assess_methods import MethodsSettings, compare_methods
from satfusion_qgis.pipeline.assess_noreference import FullScaleSettings, compare_full_scale
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input
from tests.core.test_reports import check_page
from tests.pipeline.support import Log, assert_one_sentence
from tests.scenes import write_geotiff

DTYPES = ("uint8", "uint16", "int16", "int32", "float32", "float64")


def odd_image(rng: np.random.Generator, bands: int, rows: int, columns: int, dtype: str) -> tuple[np.ndarray, Any]:
    """An image with constant bands, holes, extreme or negative values, or nothing at all; and its nodata value."""
    image = rng.normal(100, 30, (bands, rows, columns)).clip(1, 250)
    kind = rng.integers(0, 7)
    nodata: Any = None
    if kind == 0:
        image[rng.integers(0, bands)] = 7
    elif kind == 1:
        image[:] = 0
    elif kind == 2 and dtype.startswith("float"):
        image[:, rng.random((rows, columns)) < 0.3] = rng.choice([np.nan, np.inf])
    elif kind == 3:
        nodata = 0
        image[:, rng.random((rows, columns)) < rng.choice([0.01, 0.5, 1.0])] = 0
    elif kind == 4 and not dtype.startswith("u"):
        image = -image
    elif kind == 5 and dtype.startswith("float"):
        image *= 10.0 ** rng.integers(-12, 12)
    return image.astype(dtype), nodata


def written(path: Path, rng: np.random.Generator, bands: int, rows: int, columns: int, pixel: float) -> str:
    dtype = str(rng.choice(DTYPES))
    image, nodata = odd_image(rng, bands, rows, columns, dtype)
    shift = float(rng.choice([0, 0, 0, 0.37, 1e6])) * pixel
    write_geotiff(path, image, (1000 + shift, pixel, 0, 2000, 0, -pixel), nodata=nodata, dtype=dtype)
    return str(path)


def outcome(work: Any) -> str:
    """Run; whatever comes is whole, or is one sentence."""
    try:
        found = work()
    except InputError as error:
        assert_one_sentence(str(error))
        return "refused"
    json_text(found.scores)
    check_page(found.report())
    assert found.table().count("\n") >= 2
    return "scored"


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.filterwarnings("error:::satfusion_qgis")
def test_odd_images(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    bands, ratio = int(rng.choice([1, 2, 4, 5])), int(rng.choice([1, 2, 3, 4]))
    rows, columns = (int(rng.choice([1, 3, 9, 30, 47, 70])) for _ in range(2))
    ms = Input("MS", written(tmp_path / "ms.tif", rng, bands, rows, columns, 1.0 * ratio))
    pan = Input("PAN", written(tmp_path / "pan.tif", rng, 1, rows * ratio, columns * ratio, 1.0))
    fused = written(tmp_path / "fused.tif", rng, bands, rows * ratio, columns * ratio, 1.0)
    truth = written(tmp_path / "truth.tif", rng, bands, rows * ratio, columns * ratio, 1.0)
    one = Input("FUSED", fused)
    before = sorted(tmp_path.iterdir())
    outcome(lambda: compare(one, Input("REFERENCE", truth), Settings(ratio, int(rng.integers(0, 3)), views=True)))
    outcome(lambda: compare_full_scale(one, [ms], pan, FullScaleSettings(border=0, views=True)))
    outcome(lambda: compare_methods([ms], pan, MethodsSettings(methods=("exp", "gsa"))))
    assert sorted(tmp_path.iterdir()) == before


def test_the_data_range_is_the_stated_one_the_bits_or_the_highest_value(tmp_path: Path) -> None:
    image = np.random.default_rng(0).integers(0, 1500, (2, 40, 40))
    place = (0, 1, 0, 40, 0, -1)
    plain = str(write_geotiff(tmp_path / "a.tif", image, place, dtype="uint16", scale=1e-4, offset=-0.01))
    bits = str(tmp_path / "b.tif")
    gdal.Translate(bits, plain, creationOptions=["NBITS=11"])

    def found(path: str, given: float | None = None) -> tuple[float, str]:
        settings = Settings(4.0, data_range=given)
        scores = compare(Input("FUSED", path), Input("REFERENCE", path), settings).scores
        return scores["data_range"], scores["data_range_from"]

    assert found(plain, 0.7) == (0.7, "given")
    assert found(bits) == (pytest.approx(0.2047), "bits")
    highest = image.max() * 1e-4 - 0.01
    assert found(plain) == (pytest.approx(highest + 0.01, rel=1e-4), "reference")


def test_an_image_stored_otherwise_has_the_same_scores(tmp_path: Path) -> None:
    """SSIM and PSNR too: the range is physical."""
    rng = np.random.default_rng(0)
    truth, fused = (rng.integers(100, 2000, (3, 64, 64)) for _ in range(2))
    place, scores = (0, 1, 0, 64, 0, -1), []
    for name, dn, options in (
        ("dn", lambda image: image, {"scale": 1e-4}),
        ("offset", lambda image: image + 1000, {"scale": 1e-4, "offset": -0.1}),
        ("physical", lambda image: image * 1e-4, {}),
    ):
        dtype = "float64" if name == "physical" else "uint16"
        files = [
            str(write_geotiff(tmp_path / f"{name}_{which}.tif", dn(image), place, dtype=dtype, **options))
            for which, image in (("truth", truth), ("fused", fused))
        ]
        scores.append(compare(Input("FUSED", files[1]), Input("REFERENCE", files[0]), Settings(4.0)).scores["all"])
    for other in scores[1:]:
        assert other == pytest.approx(scores[0], rel=2e-5)


def test_a_cancel_stops_the_scoring(tmp_path: Path) -> None:
    class Stops(Log):
        def cancelled(self) -> bool:
            return True

    path = str(write_geotiff(tmp_path / "a.tif", np.ones((1, 40, 40)), (0, 1, 0, 40, 0, -1), dtype="uint8"))
    with pytest.raises(Cancelled):
        compare(Input("FUSED", path), Input("REFERENCE", path), Settings(4.0), Stops())


@pytest.mark.parametrize("window", [32, 96])
def test_scores_do_not_depend_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 20, (3, 150, 210)).cumsum(axis=2) + 2000
    fused = truth + rng.normal(0, 15, truth.shape)
    fused[:, 70:73, 30:90] = -1
    place = (0, 1, 0, 150, 0, -1)
    files = [
        Input(role, str(write_geotiff(tmp_path / f"{role}.tif", image, place, dtype="float32", nodata=-1)))
        for role, image in (("FUSED", fused), ("REFERENCE", truth))
    ]
    settings = Settings(4.0, border=3, uqi_window=16, registered=True)
    whole = compare(files[0], files[1], settings).scores
    monkeypatch.setattr(assess_pair, "_WINDOW", window)
    cut = compare(files[0], files[1], settings).scores
    for key in ("pixels", "positions", "q2n_blocks"):
        assert whole[key] == cut[key]
    for one, other in zip([whole["all"], *whole["bands"]], [cut["all"], *cut["bands"]]):
        for key, value in one.items():
            assert value == other[key] or value == pytest.approx(other[key], rel=1e-9), key
    assert whole["registered"]["shift"] == cut["registered"]["shift"]
    for key, value in whole["registered"]["all"].items():
        assert value == pytest.approx(cut["registered"]["all"][key], rel=1e-9), key


def test_registered_scores_stand_beside_the_plain_ones(tmp_path: Path) -> None:
    """A shift of one pixel and a constant cost the plain scores a lot, and the registered ones nothing."""
    rng = np.random.default_rng(0)
    truth = 0.3 + 0.02 * rng.standard_normal((2, 90, 80)).cumsum(axis=2)
    fused = np.roll(truth, (1, -1), (1, 2)) + 0.05
    missing = np.zeros((90, 80), bool)
    missing[20:30, 20:30] = True
    place = (500000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0)
    files = [
        Input("FUSED", str(write_geotiff(tmp_path / "fused.tif", fused, place, dtype="float32"))),
        Input(
            "REFERENCE",
            str(write_geotiff(tmp_path / "truth.tif", np.where(missing, -9, truth), place, dtype="float32", nodata=-9)),
        ),
    ]
    settings = Settings(2.0, data_range=1.0, registered=True, views=True)
    found = compare(*files, settings)
    plain = compare(*files, Settings(2.0, data_range=1.0)).scores
    assert {key: value for key, value in found.scores.items() if key != "registered"} == plain
    registered = found.scores["registered"]
    assert (registered["border"], registered["shift"]) == (2, [-1, 1])
    assert [band["bias"] for band in registered["bands"]] == pytest.approx([-0.05, -0.05], abs=1e-6)
    assert registered["all"]["cpsnr"] > 100 > 40 > plain["all"]["psnr"]
    assert registered["all"]["cssim"] > 0.9999 > plain["all"]["ssim"]
    # All pixels of the image without its border, less those that lie on the hole at this shift.
    assert registered["pixels"] == 86 * 76 - 100
    page = check_page(found.report())
    assert "cPSNR" in page.text and "Plain and registered scores" in page.text
    rows = list(csv.DictReader(io.StringIO(found.table())))
    assert float(rows[-1]["cpsnr"]) == registered["all"]["cpsnr"]
    assert float(rows[0]["cssim"]) == registered["bands"][0]["cssim"]
    assert json.loads(json_text(found.scores)) == found.scores
    assert "cpsnr" not in compare(*files, Settings(2.0)).table()


def test_a_shift_that_does_not_fit_is_one_sentence(tmp_path: Path) -> None:
    image = np.ones((1, 20, 20)) * np.arange(20)
    place = (500000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0)
    path = str(write_geotiff(tmp_path / "image.tif", image, place, dtype="float32"))
    for shift in (-1, 10):
        with pytest.raises(InputError) as caught:
            settings = Settings(2.0, registered=True, shift=shift)
            compare(Input("FUSED", path), Input("REFERENCE", path), settings)
        assert_one_sentence(str(caught.value))
