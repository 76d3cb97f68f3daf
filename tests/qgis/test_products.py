"""Products as delivered in the toolbox: prepared, and in place of layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from tests.products.makers import LANDSAT, SAFE, tarred, write_landsat, write_sentinel
from tests.qgis.conftest import run_as_task
from tests.qgis.test_qgis_process import PROGRAM, call, profile

__all__ = ["profile"]


@pytest.fixture(scope="module")
def landsat(tmp_path_factory):
    return write_landsat(write_landsat(tmp_path_factory.mktemp("l8") / "scene", "L2SP"), "L1TP")


def test_prepare(provider, landsat, tmp_path, log):
    parameters = {"FOLDER": str(landsat), "OUTPUT": str(tmp_path / "out"), "DILATE": 1}
    good, results, _ = run_as_task(provider.algorithm("prepare_product"), parameters, log)
    assert good, log.errors
    assert gdal.Open(results["MS"]).RasterCount == 7
    assert gdal.Open(results["PAN"]).RasterCount == 1
    assert gdal.Open(results["MS_MASK"]).ReadAsArray().max() == 1
    assert results["PRODUCT"] == LANDSAT.format(level="L2SP")
    assert results["DATE"] == "2020-04-07T10:29:30Z"
    assert len(results["RASTERS"]) == 3
    assert any("Landsat Collection 2 L2SP" in line for line in log.lines)


def test_prepare_an_archive_of_some_images(provider, landsat, tmp_path, log):
    archive = tarred(landsat, tmp_path / "scene.tar")
    parameters = {"INPUT": str(archive), "OUTPUT": str(tmp_path / "out"), "IMAGES": "pan", "MASK": False, "OFFSET": 0.0}
    good, results, _ = run_as_task(provider.algorithm("prepare_product"), parameters, log)
    assert good, log.errors
    assert sorted(results) == ["DATE", "OUTPUT", "PAN", "PRODUCT", "RASTERS"]
    assert gdal.Open(results["PAN"]).GetRasterBand(1).GetOffset() == 0


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"FOLDER": ""}, "FOLDER"),
        ({"INPUT": "/no/such.tar"}, "FOLDER"),
        ({"FOLDER": "/no/such/folder"}, "/no/such/folder"),
        ({"IMAGES": "blue"}, "blue"),
        ({"OFFSET": -1000}, "OFFSET"),
        ({"FLAGS": "99"}, "FLAGS"),
    ],
)
def test_bad_input(provider, landsat, tmp_path, log, changes, word):
    given = {"FOLDER": str(landsat), "OUTPUT": str(tmp_path / "out"), **changes}
    algorithm = provider.algorithm("prepare_product")
    assert not run_as_task(algorithm, given, log)[0]
    assert word in log.errors[0]
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


@pytest.mark.parametrize("kind", ["folder", "tar", "metadata"])
def test_in_place_of_layers(provider, landsat, tmp_path, log, kind):
    path = str(landsat)
    if kind == "tar":
        path = str(tarred(landsat, tmp_path / "scene.tar"))
    if kind == "metadata":
        path = str(landsat / f"{LANDSAT.format(level='L2SP')}_MTL.txt")
    algorithm = provider.algorithm("pansharpen")
    parameters = {"MS": [path], "PAN": path, "METHOD": "gsa", "OUTPUT": str(tmp_path / "out.tif"), "MASKS": "auto"}
    from qgis.core import QgsProcessingContext

    assert algorithm.create().checkParameterValues(parameters, QgsProcessingContext()) == (True, "")
    good, results, _ = run_as_task(algorithm, parameters, log)
    assert good, log.errors
    fused = gdal.Open(results["OUTPUT"])
    assert [fused.GetRasterBand(number).GetDescription() for number in range(1, 8)] == [f"B{n}" for n in range(1, 8)]
    assert fused.GetRasterBand(1).GetOffset() == -0.2
    assert [item.path for item in pipeline.job_of(results["OUTPUT"]).inputs] == [path, path]
    again = {"INPUT": results["OUTPUT"], "OUTPUT": str(tmp_path / "again.tif")}
    good, repeated, _ = run_as_task(provider.algorithm("rerun"), again, log)
    assert good, log.errors
    assert np.array_equal(gdal.Open(repeated["OUTPUT"]).ReadAsArray(), fused.ReadAsArray())


def test_bands_of_a_product(provider, landsat, tmp_path, log):
    parameters = {"MS": str(landsat), "PAN": str(landsat), "BANDS": "4,3,2", "OUTPUT": str(tmp_path / "out.tif")}
    good, results, _ = run_as_task(provider.algorithm("pansharpen_exp"), parameters, log)
    assert good, log.errors
    fused = gdal.Open(results["OUTPUT"])
    assert [fused.GetRasterBand(number).GetDescription() for number in (1, 2, 3)] == ["B4", "B3", "B2"]


def test_a_broken_product_in_place_of_a_layer(provider, tmp_path, log):
    scene = write_landsat(tmp_path / "scene", "L2SP")
    (scene / f"{LANDSAT.format(level='L2SP')}_SR_B5.TIF").unlink()
    parameters = {"MS": str(scene), "PAN": str(scene), "OUTPUT": str(tmp_path / "out.tif")}
    assert not run_as_task(provider.algorithm("pansharpen"), parameters, log)[0]
    assert len(log.errors) == 1
    assert "SR_B5.TIF is missing" in log.errors[0]


def test_prepared_rasters_go_on_in_a_model(provider, landsat, tmp_path, log):
    """As a model does: the outputs of one step are the inputs of the next."""
    import processing

    made = processing.run(
        "satfusion:prepare_product", {"FOLDER": str(landsat), "OUTPUT": str(tmp_path / "vrt")}, feedback=log
    )
    fused = processing.run(
        "satfusion:pansharpen",
        {"MS": made["MS"], "PAN": made["PAN"], "OUTPUT": str(tmp_path / "out.tif")},
        feedback=log,
    )
    assert gdal.Open(fused["OUTPUT"]).RasterCount == 7


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")
def test_qgis_process(profile, landsat, tmp_path):
    done = call(
        profile, "run", "satfusion:pansharpen", "--", f"MS={landsat}", f"PAN={landsat}", f"OUTPUT={tmp_path}/out.tif"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert gdal.Open(str(tmp_path / "out.tif")).RasterCount == 7
    metadata = Path(landsat) / f"{LANDSAT.format(level='L2SP')}_MTL.txt"
    done = call(profile, "run", "satfusion:prepare_product", "--", f"INPUT={metadata}", f"OUTPUT={tmp_path}/vrt")
    assert done.returncode == 0, done.stderr + done.stdout
    assert (tmp_path / "vrt" / f"{LANDSAT.format(level='L2SP')}_ms.vrt").exists()


@pytest.mark.skipif(gdal.GetDriverByName("JP2OpenJPEG") is None, reason="this GDAL writes no JPEG 2000")
def test_sentinel_in_place_of_layers(provider, tmp_path, log):
    safe = str(write_sentinel(tmp_path, "L2A"))
    parameters = {"MS": safe, "PAN": safe, "PAN_BAND": 4, "OUTPUT": str(tmp_path / "out.tif")}
    good, results, _ = run_as_task(provider.algorithm("pansharpen"), parameters, log)
    assert good, log.errors
    assert gdal.Open(results["OUTPUT"]).GetRasterBand(4).GetDescription() == "B8A"
    assert SAFE.format(level="L2A") in pipeline.job_of(results["OUTPUT"]).inputs[0].path
