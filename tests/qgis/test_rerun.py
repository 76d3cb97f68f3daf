"""An output carries its job, and can be made again from it."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext

from tests.qgis.conftest import run_as_task


@pytest.mark.parametrize(
    "settings",
    [
        {"METHOD": "gsa"},
        {"METHOD": "mtf_glp_fs", "SENSOR": "worldview2", "BANDS": "3,1", "WINDOW": 64},
        {"METHOD": "brovey", "OUTPUT_TYPE": "float32", "COMPRESSION": "none", "OVERVIEWS": False},
    ],
)
def test_pixel_for_pixel(provider, scene_files, tmp_path, log, settings):
    first = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "first.tif"), **settings}
    assert run_as_task(provider.algorithm("pansharpen"), first, log)[0], log.errors
    moved = str(tmp_path / "elsewhere.tif")
    shutil.move(first["OUTPUT"], moved)
    again = {"INPUT": moved, "OUTPUT": str(tmp_path / "again.tif")}
    good, results, _ = run_as_task(provider.algorithm("rerun"), again, log)
    assert good, log.errors
    one, two = gdal.Open(moved), gdal.Open(results["OUTPUT"])
    np.testing.assert_array_equal(one.ReadAsArray(), two.ReadAsArray())
    assert one.GetGeoTransform() == two.GetGeoTransform()
    assert one.GetRasterBand(1).DataType == two.GetRasterBand(1).DataType
    assert (tmp_path / "again.qml").exists()


def test_a_raster_without_a_job_is_refused(provider, scene_files, tmp_path, log):
    parameters = {"INPUT": scene_files.ms, "OUTPUT": str(tmp_path / "x.tif")}
    _, good = provider.algorithm("rerun").run(parameters, QgsProcessingContext(), log)
    assert not good
    assert len(log.errors) == 1
    assert "SatFusion" in log.errors[0]


def test_missing_inputs_are_named(provider, scene_files, tmp_path, log):
    pan = str(tmp_path / "pan.tif")
    shutil.copy(scene_files.pan, pan)
    first = {"MS": scene_files.ms, "PAN": pan, "OUTPUT": str(tmp_path / "first.tif")}
    assert run_as_task(provider.algorithm("pansharpen_exp"), first, log)[0], log.errors
    (tmp_path / "pan.tif").unlink()
    again = {"INPUT": first["OUTPUT"], "OUTPUT": str(tmp_path / "again.tif")}
    _, good = provider.algorithm("rerun").run(again, QgsProcessingContext(), log)
    assert not good
    assert log.errors == [f"The file {pan} does not exist."]


def test_the_result_may_replace_itself(provider, scene_files, tmp_path, log):
    first = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "first.tif")}
    assert run_as_task(provider.algorithm("pansharpen_gsa"), first, log)[0], log.errors
    before = gdal.Open(first["OUTPUT"]).ReadAsArray()
    again = {"INPUT": first["OUTPUT"], "OUTPUT": first["OUTPUT"]}
    assert run_as_task(provider.algorithm("rerun"), again, log)[0], log.errors
    np.testing.assert_array_equal(gdal.Open(first["OUTPUT"]).ReadAsArray(), before)
