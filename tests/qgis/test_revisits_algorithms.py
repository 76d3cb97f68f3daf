"""Revisits in the toolbox: forms, stacks, masks, dates, registration, simulation, and the layer's date."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from satfusion_qgis.algorithms.provider import SatFusionProvider
from tests.qgis.conftest import run_as_task
from tests.revisits_task import REVISITS_CATALOGUE
from tests.scenes import make_truth, write_geotiff

PLACE = (500000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0)
DAYS = ("20240601", "20240611", "20240626")


@pytest.fixture(scope="module")
def toy(application):
    provider = SatFusionProvider(catalogue=REVISITS_CATALOGUE)
    provider.refreshAlgorithms()
    return provider


@pytest.fixture
def files(tmp_path):
    """Three revisits of 40 x 48 pixels, of which half, a quarter and nothing is missing."""
    made = []
    for number, (day, clouds) in enumerate(zip(DAYS, (20, 10, 0)), 1):
        image = np.full((2, 40, 48), 1000 + 100.0 * number)
        image[:, :clouds] = 0
        made.append(str(write_geotiff(tmp_path / f"r_{day}.tif", image, PLACE, dtype="uint16", nodata=0)))
    return made


@pytest.fixture(scope="module")
def sharp(tmp_path_factory):
    path = tmp_path_factory.mktemp("sharp") / "town.tif"
    return str(write_geotiff(path, make_truth(240, 240, 3, seed=2), PLACE, dtype="uint16", names=["B", "G", "R"]))


def pixels(path):
    return gdal.Open(path).ReadAsArray()


def run(provider, log, algorithm, **parameters):
    good, results, _ = run_as_task(provider.algorithm(algorithm), parameters, log)
    assert good, log.errors
    return results


def refused(provider, log, algorithm, **parameters):
    good, _, _ = run_as_task(provider.algorithm(algorithm), parameters, log)
    assert not good
    assert not Path(parameters["OUTPUT"]).is_file()
    return "\n".join(log.errors)


def test_the_form(toy):
    for name in ("superresolve", "superresolve_first", "fuse", "fuse_mean"):
        algorithm = toy.algorithm(name)
        kinds = {item.name(): item.type() for item in algorithm.parameterDefinitions()}
        assert kinds["REVISITS"] == kinds["MASK_LAYERS"] == "multilayer"
        assert kinds["DATES"] == kinds["REFERENCE_DATE"] == "string"
        assert kinds["STACK_BANDS"] == kinds["MAX_DAYS"] == "number"
        assert kinds["MASKS"] == "enum"
        assert kinds["OUTPUT"] == kinds["WEIGHT"] == "rasterDestination"
        assert ("RATIO" in kinds) == name.startswith("superresolve")
        assert ("PAN" in kinds) == name.startswith("fuse")
        assert "KEEP_ORDER" not in kinds
        assert algorithm.shortHelpString()


def test_all_are_listed(provider):
    names = {algorithm.name() for algorithm in provider.algorithms()}
    assert {"superresolve", "superresolve_median", "superresolve_back_projection"} <= names
    assert {"prepare_register", "prepare_revisits"} <= names
    assert not any(name.startswith("register") for name in names)


def test_it_runs(toy, files, tmp_path, log):
    given = {"REVISITS": files, "OUTPUT": str(tmp_path / "out.tif"), "WEIGHT": str(tmp_path / "weight.tif")}
    for method in (None, "mean"):
        results = run(toy, log, "superresolve", **given, **({"METHOD": method} if method else {}))
        assert set(results) == {"OUTPUT", "WEIGHT"}
        assert pixels(results["OUTPUT"]).shape == (2, 80, 96)
    run(toy, log, "superresolve_first", **given, RATIO=3, REFERENCE_DATE="2024-06-12")
    fused = pixels(given["OUTPUT"])
    np.testing.assert_array_equal(fused[0, :, 0], np.repeat([1300, 1200], [30, 90]))
    np.testing.assert_array_equal(pixels(given["WEIGHT"])[:, 0], np.repeat([1, 2, 3], [30, 30, 60]))
    assert any("the reference is r_20240611.tif" in line for line in log.lines)
    assert "singlebandgray" in (tmp_path / "weight.qml").read_text()


def test_the_layer_has_its_date(toy, files, tmp_path, log):
    out = str(tmp_path / "out.tif")
    run(toy, log, "superresolve_first", REVISITS=files, OUTPUT=out)
    layer = QgsRasterLayer(out, "out")
    layer.loadDefaultStyle()  # as Processing has it done with a result
    span = layer.temporalProperties().fixedTemporalRange()
    assert layer.temporalProperties().isActive()
    assert span.begin().date().toString("yyyy-MM-dd") == span.end().date().toString("yyyy-MM-dd") == "2024-06-26"


def test_dates_of_layers(toy, files, tmp_path, log):
    out = str(tmp_path / "out.tif")
    layers = [QgsRasterLayer(path, "some layer") for path in files]
    run(toy, log, "superresolve_first", REVISITS=layers, OUTPUT=out, DATES="2020-01-01,2020-01-02,2020-01-03",
        REFERENCE_DATE="2020-01-01")  # fmt: skip
    assert pixels(out)[0, -1, 0] == 1100
    assert gdal.Open(out).GetMetadataItem("DATE") == "2020-01-01T00:00:00Z"
    assert "DATES has 1 dates for 3 revisits" in refused(
        toy, log, "superresolve_first", REVISITS=files, DATES="2020-01-01", OUTPUT=str(tmp_path / "no.tif")
    )


def test_a_stack_and_bands(toy, files, tmp_path, log):
    stack = str(write_geotiff(tmp_path / "s.tif", np.concatenate([pixels(path) for path in files]), PLACE, nodata=0))
    out = str(tmp_path / "out.tif")
    run(
        toy,
        log,
        "superresolve_mean",
        REVISITS=[stack],
        STACK_BANDS=2,
        BANDS="2",
        OUTPUT=out,
        DATES="20240601,20240602,20240603",
    )
    fused = pixels(out)
    assert fused.ndim == 2
    np.testing.assert_array_equal(fused[:, 0], np.repeat([1300, 1250, 1200], [20, 20, 40]))
    assert "STACK_BANDS is 4, but s.tif has 6 bands" in refused(
        toy, log, "superresolve_mean", REVISITS=[stack], STACK_BANDS=4, OUTPUT=str(tmp_path / "no.tif")
    )


def test_mask_layers_and_prepared_masks(toy, files, tmp_path, log):
    masks = []
    for number in range(3):
        mask = np.zeros((40, 48), np.uint8)
        mask[30:] = 9 if number == 2 else 0
        masks.append(str(write_geotiff(tmp_path / f"m{number}.tif", mask, PLACE)))
    given = {"REVISITS": files, "OUTPUT": str(tmp_path / "out.tif"), "REFERENCE_DATE": "2024-06-26"}
    run(toy, log, "superresolve_first", **given, MASK_LAYERS=masks)
    np.testing.assert_array_equal(pixels(given["OUTPUT"])[0, :, 0], np.repeat([1300, 1200], [60, 20]))
    write_geotiff(tmp_path / "r_20240626_mask.tif", np.pad(np.ones((10, 48), np.uint8), ((30, 0), (0, 0))), PLACE)
    for masked, last in (("none", 1300), ("auto", 1200)):
        run(toy, log, "superresolve_first", **given, MASKS=masked)
        assert pixels(given["OUTPUT"])[0, -1, 0] == last
    assert "MASK_LAYERS has 1 rasters for 3 revisits" in refused(
        toy, log, "superresolve_first", **{**given, "OUTPUT": str(tmp_path / "no.tif")}, MASK_LAYERS=masks[:1]
    )


def test_with_pan(toy, files, tmp_path, log):
    pan = str(write_geotiff(tmp_path / "pan.tif", np.ones((1, 80, 80)), (500100.0, 2.5, 0, 4999900.0, 0, -2.5)))
    out = str(tmp_path / "out.tif")
    run(toy, log, "fuse_first", REVISITS=files, PAN=pan, OUTPUT=out)
    assert pixels(out).shape == (2, 80, 80)
    away = str(write_geotiff(tmp_path / "away.tif", np.ones((1, 80, 80)), (0.0, 2.5, 0, 0.0, 0, -2.5)))
    said = refused(toy, log, "fuse_first", REVISITS=files, PAN=away, OUTPUT=str(tmp_path / "no.tif"))
    assert "none of the 3 images overlaps PAN" in said


def test_a_folder_names_the_result(toy, files, tmp_path, log):
    (tmp_path / "results").mkdir()
    results = run(toy, log, "superresolve_first", REVISITS=files[:1], OUTPUT=str(tmp_path / "results"))
    assert Path(results["OUTPUT"]).name == "r_20240601_first.tif"


def test_simulated_registered_and_super_resolved(provider, sharp, tmp_path, log):
    folder = tmp_path / "revisits"
    made = run(provider, log, "prepare_revisits", IMAGE=sharp, COUNT=4, CLOUDED=1, SEED=5, WRITE_PAN=True,
               OUTPUT=str(folder))  # fmt: skip
    assert len(made["RASTERS"]) == len(made["MASK_RASTERS"]) == 4
    assert Path(made["PAN"]).is_file() and Path(made["REFERENCE"]).is_file()
    lines = Path(made["TABLE"]).read_text(encoding="utf-8").splitlines()
    truth = {row["file"]: row for row in csv.DictReader(lines)}
    table = tmp_path / "shifts.csv"
    common = {"REVISITS": made["RASTERS"], "MASKS": "auto", "REFERENCE_DATE": "2000-01-01"}
    stack = run(provider, log, "prepare_register", **common, OUTPUT=str(tmp_path / "stack.tif"), TABLE=str(table),
                FOLDER=str(tmp_path / "each"))  # fmt: skip
    assert gdal.Open(stack["OUTPUT"]).RasterCount == 12
    assert len(stack["RASTERS"]) == 4
    found = {row["file"]: row for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    assert set(found) == set(truth)
    for name, row in found.items():
        assert float(row["shift_down_px"]) == pytest.approx(float(truth[name]["shift_down_px"]), abs=0.06)
        assert float(row["shift_right_px"]) == pytest.approx(float(truth[name]["shift_right_px"]), abs=0.06)
    sharper = run(provider, log, "superresolve_back_projection", **common, OUTPUT=str(tmp_path / "sharper.tif"))
    scored = run(provider, log, "assess_reference", FUSED=sharper["OUTPUT"], REFERENCE=made["REFERENCE"],
                 OUTPUT=str(tmp_path / "scores.json"))  # fmt: skip
    assert json.loads(Path(scored["OUTPUT"]).read_text(encoding="utf-8"))["ratio"] == 2  # from the job
    fused, truth_image = pixels(sharper["OUTPUT"]).astype(float), pixels(made["REFERENCE"]).astype(float)
    plain = pixels(made["RASTERS"][0]).astype(float).repeat(2, 1).repeat(2, 2)
    inner = (slice(None), slice(16, -16), slice(16, -16))
    errors = [np.sqrt(((image - truth_image)[inner] ** 2).mean()) for image in (fused, plain)]
    assert errors[0] < 0.6 * errors[1]


def test_simulations_that_are_refused(provider, sharp, tmp_path, log):
    (tmp_path / "file").write_text("no folder")
    said = refused(provider, log, "prepare_revisits", IMAGE=sharp, RATIO=2, OUTPUT=str(tmp_path / "no" / "folder"))
    assert "does not exist" in said
    good, text = provider.algorithm("prepare_revisits").checkParameterValues({"IMAGE": sharp, "COUNT": 0}, None)
    assert not good and "COUNT" in text


def test_run_again_and_mask_polygons(toy, files, tmp_path, log):
    """A job with dates, masks and polygons gives the same again."""
    x, y = PLACE[0], PLACE[3]
    corners = [[x + 100, y - 100], [x + 300, y - 100], [x + 300, y - 250], [x + 100, y - 250], [x + 100, y - 100]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [corners]}}
    polygons = tmp_path / "areas.geojson"
    polygons.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [shape]}))
    first = {"REVISITS": files, "DATES": "2020-01-01,2020-01-02,2020-01-03", "REFERENCE_DATE": "2020-01-02"}
    run(toy, log, "superresolve_first", **first, MASK=str(polygons), OUTPUT=str(tmp_path / "a.tif"))
    again = run(toy, log, "rerun", INPUT=str(tmp_path / "a.tif"), OUTPUT=str(tmp_path / "b.tif"))
    fused = pixels(again["OUTPUT"])
    assert fused.shape == (2, 30, 40)
    np.testing.assert_array_equal(fused, pixels(str(tmp_path / "a.tif")))
    np.testing.assert_array_equal(fused[0], 1200)
    assert gdal.Open(again["OUTPUT"]).GetMetadataItem("DATE") == "2020-01-02T00:00:00Z"
