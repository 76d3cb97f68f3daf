"""A task that the package does not know runs in the toolbox from its description alone."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis.algorithms.provider import SatFusionProvider
from tests.qgis.conftest import run_as_task
from tests.scenes import write_geotiff
from tests.toy_task import TOY_CATALOGUE

DAYS = ("20240101", "20240111", "20240220")


@pytest.fixture(scope="module")
def toy_provider(application):
    provider = SatFusionProvider(catalogue=TOY_CATALOGUE)
    provider.refreshAlgorithms()
    return provider


@pytest.fixture
def series(tmp_path):
    """Three images of 30 x 20 coarse pixels, ever brighter; and a grid of 90 x 60 fine ones."""
    rng = np.random.default_rng(5)
    images = [rng.uniform(0, 100, (1, 20, 30)).astype(np.float32) + 30 * number for number in range(3)]
    files = [
        str(write_geotiff(tmp_path / f"scene_{day}.tif", image, (0, 3, 0, 60, 0, -3), nodata=-1))
        for day, image in zip(DAYS, images)
    ]
    like = str(write_geotiff(tmp_path / "like.tif", np.ones((1, 60, 90)), (0, 1, 0, 60, 0, -1), dtype="uint8"))
    return files, like, np.stack(images)[:, 0]


def expected(images):
    threshold = images.astype(np.float64).mean()
    return 1 + (images > threshold).sum(axis=0).repeat(3, axis=0).repeat(3, axis=1)


def test_the_form_follows_the_task(toy_provider):
    for name in ("count", "count_threshold"):
        algorithm = toy_provider.algorithm(name)
        kinds = {item.name(): item.type() for item in algorithm.parameterDefinitions()}
        assert kinds["SERIES"] == "multilayer"
        assert kinds["LIKE"] == "raster"
        assert kinds["DATES"] == "string"
        assert kinds["FACTOR"] == "number"
        assert kinds["OUTPUT"] == "rasterDestination"
        assert kinds["TABLE"] == "fileDestination"
        assert "OUTPUT_UNITS" not in kinds
        assert "KEEP_ORDER" not in kinds


@pytest.mark.parametrize("name", ["count", "count_threshold"])
def test_it_runs(toy_provider, series, tmp_path, log, name):
    files, like, images = series
    parameters = {
        "SERIES": files,
        "LIKE": like,
        "OUTPUT": str(tmp_path / "classes.tif"),
        "TABLE": str(tmp_path / "means.json"),
    }
    good, results, _ = run_as_task(toy_provider.algorithm(name), parameters, log)
    assert good, log.errors
    assert set(results) == {"OUTPUT", "TABLE"}
    classes = gdal.Open(results["OUTPUT"])
    assert gdal.GetDataTypeName(classes.GetRasterBand(1).DataType) == "Byte"
    np.testing.assert_array_equal(classes.ReadAsArray(), expected(images))
    text = json.loads((tmp_path / "means.json").read_text(encoding="utf-8"))
    rows = text if isinstance(text, list) else next(value for value in text.values() if isinstance(value, list))
    assert [row["days"] for row in rows] == [0, 10, 50]
    assert [row["mean"] for row in rows] == pytest.approx(images.mean(axis=(1, 2)), rel=1e-5)
    assert "paletted" in (tmp_path / "classes.qml").read_text()


def test_windows_do_not_show(toy_provider, series, tmp_path, log):
    files, like, images = series
    parameters = {"SERIES": files, "LIKE": like, "TABLE": str(tmp_path / "means.json"), "WINDOW": 16}
    parameters["OUTPUT"] = str(tmp_path / "classes.tif")
    assert run_as_task(toy_provider.algorithm("count"), parameters, log)[0], log.errors
    np.testing.assert_array_equal(gdal.Open(parameters["OUTPUT"]).ReadAsArray(), expected(images))


def test_given_dates(toy_provider, series, tmp_path, log):
    files, like, _ = series
    parameters = {
        "SERIES": files,
        "LIKE": like,
        "DATES": "2024-03-01, 2024-03-02, 2024-03-05",
        "OUTPUT": str(tmp_path / "classes.tif"),
        "TABLE": str(tmp_path / "means.json"),
    }
    assert run_as_task(toy_provider.algorithm("count"), parameters, log)[0], log.errors
    assert '"days": 4' in (tmp_path / "means.json").read_text()
    good, text = toy_provider.algorithm("count").checkParameterValues({**parameters, "FACTOR": "99"}, None)
    assert not good
    assert "FACTOR" in text


def test_dates_that_do_not_fit_are_refused(toy_provider, series, tmp_path, log):
    files, like, _ = series
    parameters = {
        "SERIES": files,
        "LIKE": like,
        "DATES": "2024-03-01",
        "OUTPUT": str(tmp_path / "classes.tif"),
    }
    good, _, _ = run_as_task(toy_provider.algorithm("count"), parameters, log)
    assert not good
    assert "1 dates for 3 images" in log.errors[0]


def test_run_again(toy_provider, series, tmp_path, log):
    files, like, _ = series
    first = {
        "SERIES": files,
        "LIKE": like,
        "OUTPUT": str(tmp_path / "a.tif"),
        "TABLE": str(tmp_path / "a.json"),
    }
    assert run_as_task(toy_provider.algorithm("count"), first, log)[0], log.errors
    again = {"INPUT": first["OUTPUT"], "OUTPUT": str(tmp_path / "b.tif")}
    good, results, _ = run_as_task(toy_provider.algorithm("rerun"), again, log)
    assert good, log.errors
    np.testing.assert_array_equal(gdal.Open(results["OUTPUT"]).ReadAsArray(), gdal.Open(first["OUTPUT"]).ReadAsArray())
    assert (tmp_path / "b_table.json").read_text() == (tmp_path / "a.json").read_text()
