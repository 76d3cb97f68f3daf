"""JPEG 2000 is unpacked once for a run: the same result as from GeoTIFF, only what is needed, and nothing left."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.raster import unpack
from satfusion_qgis.raster.reader import describe
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import Log, files_in
from tests.products.makers import write_jp2
from tests.products.support import pixels
from tests.scenes import make_pair, write_geotiff

pytestmark = pytest.mark.skipif(gdal.GetDriverByName("JP2OpenJPEG") is None, reason="this GDAL writes no JPEG 2000")


@pytest.fixture
def pair(tmp_path):
    scene = make_pair(160, 200, ratio=4, seed=2)
    files = {}
    for name, array, place in (("ms", scene.ms, scene.ms_geotransform), ("pan", scene.pan, scene.pan_geotransform)):
        numbers = np.rint(array).astype(np.uint16)
        files[f"{name}.jp2"] = write_jp2(tmp_path / f"{name}.jp2", numbers, place, epsg=32633)
        files[f"{name}.tif"] = write_geotiff(tmp_path / f"{name}.tif", numbers, place)
    return files


def job(pair, ending, output, **fields):
    inputs = [Input("MS", str(pair[f"ms.{ending}"])), Input("PAN", str(pair[f"pan.{ending}"]))]
    return Job("pansharpening", "gsa", inputs, [Output("OUTPUT", str(output))], **fields)


@pytest.mark.parametrize("extent", [None, [500100.0, 4999900.0, 500200.0, 4999980.0]])
def test_the_same_as_from_geotiff(pair, tmp_path, monkeypatch, extent):
    monkeypatch.setattr(unpack, "_BLOCK", 32)
    monkeypatch.setattr(unpack, "_MARGIN", 16)
    out = tmp_path / "out"
    out.mkdir()
    if extent is not None:
        x, pixel, _, y, _, _ = gdal.Open(str(pair["pan.tif"])).GetGeoTransform()
        extent = [x + 70 * pixel, y - 120 * pixel, x + 130 * pixel, y - 60 * pixel]
    log = Log()
    pipeline.run(job(pair, "jp2", out / "jp2.tif", extent=extent), feedback=log)
    pipeline.run(job(pair, "tif", out / "tif.tif", extent=extent))
    assert np.array_equal(pixels(out / "jp2.tif"), pixels(out / "tif.tif"))
    assert files_in(out) == ["jp2.tif", "tif.tif"]
    assert sum("unpacked" in line for line in log.lines) == 2


def test_only_what_is_needed(pair, tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "_BLOCK", 16)
    assert len(list(unpack._blocks((50, 40), (0, 0, 40, 50)))) == 12
    assert list(unpack._blocks((50, 40), (17, 33, 20, 40))) == [(32, 16, 16, 16)]
    assert list(unpack._blocks((50, 40), (30, 40, 99, 99)))[-1] == (48, 32, 2, 8)


def test_a_cancel_leaves_nothing(pair, tmp_path):
    class Stop(Feedback):
        def cancelled(self):
            return True

    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Cancelled):
        pipeline.run(job(pair, "jp2", out / "out.tif"), feedback=Stop())
    assert files_in(out) == []


def test_a_damaged_file_leaves_nothing(pair, tmp_path):
    path = pair["pan.jp2"]
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    out = tmp_path / "out"
    out.mkdir()
    try:
        pipeline.run(job(pair, "jp2", out / "out.tif"))
    except InputError as error:
        assert "pan.jp2" in str(error)
        assert files_in(out) == []


def test_geotiff_is_read_as_it_is(pair):
    assert not unpack.is_slow(describe("MS", [Input("MS", str(pair["ms.tif"]))]).files[0][0])
    assert unpack.is_slow(str(pair["ms.jp2"]))
