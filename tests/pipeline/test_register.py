"""A co-registered stack with its table, and revisits simulated on disk: against shifts that are known."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.classical.super_resolution.simulate import Simulation
from satfusion_qgis.pipeline.register import write_files
from satfusion_qgis.pipeline.revisit_inputs import revisit_inputs
from satfusion_qgis.pipeline.simulate_revisits import (
    LARGEST_VALUES,
    RevisitsRequest,
    check_simulation,
    simulate_revisits,
)
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, CancelsAt, Log, read_array
from tests.scenes import make_truth, write_geotiff

PLACE = (500000.0, 5.0, 0.0, 5000000.0, 0.0, -5.0)


@pytest.fixture(scope="module")
def sharp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sharp")
    names = ["Blue", "Green", "Red", "NIR"]
    return write_geotiff(folder / "town.tif", make_truth(320, 360, 4, seed=9), PLACE, dtype="uint16", names=names)


def request(**settings: object) -> RevisitsRequest:
    return RevisitsRequest(2.0, Simulation(**{"revisits": 5, "seed": 4, **settings}), options=QUICK)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def simulated(sharp: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("revisits")
    made = simulate_revisits(
        [Input("IMAGE", str(sharp))],
        str(folder / "new"),
        RevisitsRequest(2.0, request().simulation, pan=True, options=QUICK),
    )
    rows = list(csv.DictReader(Path(made.table).read_text().splitlines()))
    return made, rows


def job(made, path: Path, parameters=None, table=None, masks=True) -> Job:
    inputs = revisit_inputs([Input("REVISITS", one) for one in made.revisits], auto_masks=masks)
    outputs = [Output("OUTPUT", str(path), options=dict(QUICK))]
    outputs += [Output("TABLE", str(table), "table")] if table else []
    return Job("registration", "register", inputs, outputs, parameters=parameters or {})


# Simulated revisits.


def test_files_of_a_simulation(simulated, sharp: Path) -> None:
    made, rows = simulated
    assert len(made.revisits) == len(made.masks) == len(rows) == 5
    for path, mask, row in zip(made.revisits, made.masks, rows):
        image = gdal.Open(path)
        assert image.GetGeoTransform() == (500000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0)  # the shift is not in it
        assert (image.RasterYSize, image.RasterXSize, image.RasterCount) == (160, 180, 4)
        assert image.GetMetadataItem("DATE") == row["date"] + "T00:00:00Z"
        assert image.GetRasterBand(4).GetDescription() == "NIR"
        marked = read_array(mask)
        assert set(np.unique(marked)) <= {0, 1}
        assert 1 - marked.mean() == pytest.approx(float(row["clear_share"]), abs=1e-4)
        assert Path(path).name == row["file"]
    assert [float(row["clouded_share"]) > 0 for row in rows].count(True) == 2
    assert float(rows[0]["shift_down_px"]) == 0
    assert max(abs(float(row["shift_down_px"])) for row in rows) > 0.2
    down = float(rows[1]["shift_down_px"])
    assert float(rows[1]["shift_down_units"]) == pytest.approx(10 * down, abs=1e-5)
    np.testing.assert_array_equal(read_array(made.reference), read_array(sharp))
    pan = gdal.Open(made.pan)
    assert (pan.RasterYSize, pan.RasterXSize, pan.RasterCount) == (320, 360, 1)
    bands = read_array(sharp).astype(float)
    assert np.corrcoef(read_array(made.pan).ravel(), bands.mean(axis=0).ravel())[0, 1] > 0.8


def test_the_seed_makes_the_same_files(simulated, sharp: Path, tmp_path: Path) -> None:
    made, _ = simulated
    again = simulate_revisits([Input("IMAGE", str(sharp))], str(tmp_path), request())
    other = simulate_revisits([Input("IMAGE", str(sharp))], str(tmp_path / "other"), request(seed=5))
    assert again.pan == ""
    for one, same, another in zip(made.revisits, again.revisits, other.revisits):
        np.testing.assert_array_equal(read_array(one), read_array(same))
        assert (read_array(one) != read_array(another)).any()


def test_the_sharp_image_at_a_shift_is_what_a_revisit_shows(simulated, sharp: Path) -> None:
    """Without noise, a revisit is a blurred sharp image moved by the table's shift: a check of its sign."""
    made, rows = simulated
    bands = read_array(sharp).astype(float)[1]
    first, second = (read_array(path)[1].astype(float) for path in made.revisits[:2])
    down, right = (2 * float(rows[1][f"shift_{way}_px"]) for way in ("down", "right"))
    moved = np.roll(bands, (round(down), round(right)), (0, 1)).reshape(160, 2, 180, 2).mean(axis=(1, 3))
    plain = bands.reshape(160, 2, 180, 2).mean(axis=(1, 3))
    inner = (slice(8, -8), slice(8, -8))
    at_shift = np.corrcoef(moved[inner].ravel(), second[inner].ravel())[0, 1]
    assert at_shift > np.corrcoef(plain[inner].ravel(), second[inner].ravel())[0, 1]
    assert np.corrcoef(plain[inner].ravel(), first[inner].ravel())[0, 1] > 0.95


def test_nodata_and_a_part(sharp: Path, tmp_path: Path) -> None:
    image = read_array(sharp)
    image[:, 100:140, 50:90] = 0
    holed = write_geotiff(tmp_path / "holed.tif", image, PLACE, nodata=0)
    extent = [500100.0, 4999000.0, 500801.0, 4999800.0]
    made = simulate_revisits(
        [Input("IMAGE", str(holed))],
        str(tmp_path),
        RevisitsRequest(2.5, Simulation(revisits=2, clouded_revisits=0, noise=0), extent, options=QUICK),
    )
    image = gdal.Open(made.revisits[0])
    assert image.GetGeoTransform() == (500100.0, 12.5, 0.0, 4999800.0, 0.0, -12.5)
    assert (image.RasterXSize, image.RasterYSize) == (56, 64)
    values, mask = read_array(made.revisits[0]), read_array(made.masks[0])[0]
    assert mask[24:40, 12:28].all()  # rows 100 to 139, less the 40 that are cut away, of 2.5 each
    assert mask.sum() == 16 * 16
    assert (values[:, mask > 0] == 0).all()


def test_simulations_that_cannot_be(sharp: Path, tmp_path: Path) -> None:
    inputs = [Input("IMAGE", str(sharp))]
    with pytest.raises(InputError, match="EXTENT does not overlap"):
        check_simulation(inputs, str(tmp_path), RevisitsRequest(2.0, extent=[0, 0, 1, 1]))
    with pytest.raises(InputError, match="take a smaller RATIO"):
        check_simulation(inputs, str(tmp_path), RevisitsRequest(400.0))
    with pytest.raises(InputError, match="output folder"):
        check_simulation(inputs, str(tmp_path / "no" / "such"), RevisitsRequest(2.0))
    side = int(LARGEST_VALUES**0.5) + 10
    large = tmp_path / "large.vrt"
    gdal.Translate(str(large), str(sharp), format="VRT", width=side, height=side, bandList=[1])
    with pytest.raises(InputError, match="choose a smaller EXTENT"):
        check_simulation([Input("IMAGE", str(large))], str(tmp_path), RevisitsRequest(2.0))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match="MTF gains"):
        simulate_revisits(inputs, str(tmp_path), request(blur=(0.9,)))
    for moment in (1, 4):
        with pytest.raises(Cancelled):
            simulate_revisits(inputs, str(tmp_path), request(), CancelsAt(moment))
    assert sorted(tmp_path.iterdir()) == before


# The stack.


def test_shifts_are_found_and_undone(simulated, tmp_path: Path) -> None:
    made, truth = simulated
    log = Log()
    table = tmp_path / "shifts.csv"
    chosen = {"REFERENCE_DATE": truth[0]["date"]}
    pipeline.run(job(made, tmp_path / "stack.tif", chosen, table), feedback=log)
    rows = {row["file"]: row for row in csv.DictReader(table.read_text().splitlines())}
    assert len(rows) == 5
    for row in truth:
        found = rows[row["file"]]
        assert found["used"] == "True"
        for way in ("down", "right"):
            assert float(found[f"shift_{way}_px"]) == pytest.approx(float(row[f"shift_{way}_px"]), abs=0.05)
            assert float(found[f"shift_{way}_m"]) == pytest.approx(10 * float(found[f"shift_{way}_px"]), abs=1e-3)
        assert found["date"] == row["date"] + "T00:00:00Z"
        assert len(found["gain"].split()) == 4
    stack = gdal.Open(str(tmp_path / "stack.tif"))
    assert stack.RasterCount == 20
    assert stack.GetRasterBand(4).GetDescription() == f"{truth[0]['date']} NIR"
    assert gdal.GetDataTypeName(stack.GetRasterBand(1).DataType) == "UInt16"
    values = read_array(tmp_path / "stack.tif").astype(float).reshape(5, 4, 160, 180)
    np.testing.assert_array_equal(values[0], read_array(made.revisits[0]))
    inner = (slice(8, -8), slice(8, -8))
    for number in range(1, 5):
        known = values[number, 1][inner] > 0
        before = read_array(made.revisits[number])[1].astype(float)[inner]
        first = values[0, 1][inner]
        after = np.corrcoef(values[number, 1][inner][known], first[known])[0, 1]
        assert after > 0.9
        assert after > np.corrcoef(before[known], first[known])[0, 1]


def test_masked_pixels_are_nodata_in_their_revisit_only(simulated, tmp_path: Path) -> None:
    made, truth = simulated
    clouded = next(number for number, row in enumerate(truth) if float(row["clouded_share"]) > 0)
    pipeline.run(job(made, tmp_path / "stack.tif", {"REFERENCE_DATE": truth[0]["date"], "MAX_SHIFT": 0}))
    stack = gdal.Open(str(tmp_path / "stack.tif"))
    days = [stack.GetRasterBand(band).GetDescription().split(" ")[0] for band in range(1, 21, 4)]
    first = 4 * days.index(truth[clouded]["date"])
    nodata = stack.GetRasterBand(1).GetNoDataValue()
    values = read_array(tmp_path / "stack.tif")
    hidden = read_array(made.masks[clouded])[0] > 0
    np.testing.assert_array_equal(values[first] == nodata, hidden)
    assert (values[:4] != nodata).all()


def test_matched_brightness(simulated, tmp_path: Path) -> None:
    made, truth = simulated
    means = {}
    for match in (False, True):
        path = tmp_path / f"{match}.tif"
        pipeline.run(job(made, path, {"MATCH": match, "REFERENCE_DATE": truth[0]["date"]}))
        values = read_array(path).astype(float).reshape(5, 4, 160, 180)
        both = (values > 0).all(axis=(0, 1))
        means[match] = values[:, :, both].mean(axis=2)
    apart = {match: np.abs(found[1:] / found[0] - 1).max() for match, found in means.items()}
    assert apart[False] > 0.01
    assert apart[True] < 0.005


def test_windows_do_not_show(simulated, tmp_path: Path) -> None:
    made, _ = simulated
    found = []
    for window in (None, 64):
        this = job(made, tmp_path / f"{window}.tif")
        this.window = window
        pipeline.run(this)
        found.append(read_array(tmp_path / f"{window}.tif").astype(int))
    assert np.abs(found[0] - found[1]).max() <= 1


def test_the_stack_is_taken_apart_again(simulated, tmp_path: Path) -> None:
    made, truth = simulated
    path = tmp_path / "stack.tif"
    pipeline.run(job(made, path, {"REFERENCE_DATE": truth[2]["date"]}))
    inputs = revisit_inputs([Input("REVISITS", str(path))])
    assert len(inputs) == 5
    assert inputs[0].date == truth[2]["date"] + "T00:00:00Z"
    assert inputs[0].band_names == ["Blue", "Green", "Red", "NIR"]
    files = write_files(str(path), str(tmp_path / "each"), QUICK, Feedback())
    assert Path(files[0]).name == f"stack_{truth[2]['date'].replace('-', '')}.tif"
    np.testing.assert_array_equal(np.concatenate([read_array(file) for file in files]), read_array(path))
    one = gdal.Open(files[0])
    assert one.GetMetadataItem("DATE") == truth[2]["date"] + "T00:00:00Z"
    assert one.GetRasterBand(4).GetDescription() == "NIR"
    with pytest.raises(Cancelled):
        write_files(str(path), str(tmp_path / "none"), QUICK, CancelsAt(2))
    assert list((tmp_path / "none").iterdir()) == []


def test_what_was_left_out_stands_in_the_table_too(simulated, tmp_path: Path) -> None:
    made, truth = simulated
    table = tmp_path / "shifts.json"
    chosen = {"REFERENCE_DATE": truth[0]["date"], "MAX_DAYS": 2}
    pipeline.run(job(made, tmp_path / "stack.tif", chosen, table))
    rows = json.loads(table.read_text())
    assert [row["used"] for row in rows] == [True, True, True, False, False]
    assert "MAX_DAYS" in rows[4]["outcome"]
    assert gdal.Open(str(tmp_path / "stack.tif")).RasterCount == 12


# Super-resolution, as a user runs it.


def test_super_resolution_from_simulated_files(simulated, tmp_path: Path) -> None:
    """Back-projection comes nearer to the truth than the median, and both nearer than one revisit by itself."""
    made, truth = simulated
    inputs = revisit_inputs([Input("REVISITS", path) for path in made.revisits], auto_masks=True)
    sharp = read_array(made.reference).astype(float)
    errors = {}
    for method, given in (("median", inputs), ("back_projection", inputs), ("one", inputs[:1])):
        name = "median" if method == "one" else method
        outputs = [Output("OUTPUT", str(tmp_path / "out.tif"), options=dict(QUICK))]
        outputs += [Output("WEIGHT", str(tmp_path / "weight.tif"), "measure", options=dict(QUICK))]
        parameters = {"REFERENCE_DATE": truth[0]["date"]}
        pipeline.run(Job("super_resolution", name, given, outputs, parameters=parameters))
        fused = read_array(tmp_path / "out.tif").astype(float)
        assert fused.shape == sharp.shape
        errors[method] = np.sqrt(((fused - sharp)[:, 16:-16, 16:-16] ** 2).mean())
        assert gdal.Open(str(tmp_path / "out.tif")).GetMetadataItem("DATE") == truth[0]["date"] + "T00:00:00Z"
    assert errors["back_projection"] < 0.8 * errors["median"]
    assert errors["back_projection"] < 0.7 * errors["one"]
