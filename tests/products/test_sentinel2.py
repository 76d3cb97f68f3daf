"""Sentinel-2 as it is delivered: every number, both levels, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.raster.products import prepare
from satfusion_qgis.raster.products.quality import MaskChoice
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import Log, files_in
from tests.products.makers import S2_BANDS, S2_CENTRES, SAFE, sentinel_pixels, write_sentinel, zipped
from tests.products.support import described, facts, pixels, refused

pytestmark = pytest.mark.skipif(gdal.GetDriverByName("JP2OpenJPEG") is None, reason="this GDAL writes no JPEG 2000")
NAME = {level: SAFE.format(level=level)[:-5] for level in ("L1C", "L2A")}


@pytest.fixture(scope="module")
def safes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sentinel2")
    return {level: write_sentinel(folder, level) for level in ("L1C", "L2A")}


@pytest.mark.parametrize("level", ["L1C", "L2A"])
def test_images(safes, tmp_path, level):
    made = prepare(str(safes[level]), str(tmp_path))
    assert files_in(tmp_path) == [f"{NAME[level]}_{metres}m.vrt" for metres in (10, 20, 60)]
    expected = sentinel_pixels()
    expected["B02"][0, :4] = 0
    expected["B03"][50, 50] = 65535
    for metres, names in S2_BANDS.items():
        wanted = [name for name in names if level == "L1C" or name != "B10"]
        found = facts(made.images[f"{metres}m"])
        assert [band.name for band in found.bands] == wanted
        assert {(band.scale, band.offset, band.nodata) for band in found.bands} == {(1e-4, -0.1, 0.0)}
        assert found.geotransform == (700000.0, metres, 0.0, 5000000.0, 0.0, -metres)
        assert np.array_equal(pixels(made.images[f"{metres}m"]), np.stack([expected[name] for name in wanted]))
    centres = [float(band.wavelength) for band in facts(made.images["20m"]).bands]
    assert centres == pytest.approx([S2_CENTRES[place] / 1000 for place in (4, 5, 6, 8, 11, 12)])
    items = described(made.images["10m"])
    assert items["PRODUCT_ID"] == NAME[level]
    assert items["PROCESSING_LEVEL"] == level
    assert items["DATE"] == "2022-03-05T10:30:21Z"
    assert items["SATELLITEID"] == "Sentinel-2A"
    assert items["PROCESSING_BASELINE"] == "04.00"
    assert (items["VALID_MIN"], items["VALID_MAX"]) == ("1", "65534")


@pytest.mark.parametrize("level", ["L1C", "L2A"])
def test_without_an_offset_in_the_metadata_there_is_none(tmp_path, level):
    """Not even where the date or the baseline would suggest one."""
    log = Log()
    made = prepare(str(write_sentinel(tmp_path, level, offset=None)), str(tmp_path / "out"), feedback=log)
    assert {band.offset for band in facts(made.images["20m"]).bands} == {0.0}
    assert any("Offset" in line and "none" in line for line in log.lines)


def test_offset_overrides(safes, tmp_path):
    made = prepare(str(safes["L2A"]), str(tmp_path), offset=0.0)
    assert {band.offset for band in facts(made.images["20m"]).bands} == {0.0}


def test_zip(safes, tmp_path):
    archive = zipped(safes["L2A"], tmp_path / "s2.zip")
    made = prepare(str(archive), str(tmp_path / "out"), ["20m"], MaskChoice())
    plain = prepare(str(safes["L2A"]), str(tmp_path / "plain"), ["20m"], MaskChoice())
    assert np.array_equal(pixels(made.images["20m"]), pixels(plain.images["20m"]))
    assert np.array_equal(pixels(made.masks["20m"]), pixels(plain.masks["20m"]))
    assert "/vsizip/" in Path(made.images["20m"]).read_text()


def test_metadata_file(safes, tmp_path):
    assert prepare(str(safes["L2A"] / "MTD_MSIL2A.xml"), str(tmp_path)).product.level == "L2A"


def test_mask_by_scene_classes(safes, tmp_path):
    made = prepare(str(safes["L2A"]), str(tmp_path), mask=MaskChoice())
    marked = [4 * value for value in (0, 1, 3, 8, 9, 10)]
    mask = pixels(made.masks["20m"])[0]
    assert sorted(map(tuple, np.argwhere(mask))) == [(30, column) for column in marked]
    fine = pixels(made.masks["10m"])[0]
    assert fine.shape == (120, 120)
    assert np.array_equal(fine, np.repeat(np.repeat(mask, 2, 0), 2, 1))
    coarse = pixels(made.masks["60m"])[0]
    assert np.array_equal(coarse, mask.reshape(20, 3, 20, 3).max(axis=(1, 3)))
    grown = prepare(str(safes["L2A"]), str(tmp_path / "grown"), ["20m"], MaskChoice(2, (8,)))
    assert pixels(grown.masks["20m"])[0][28:33, 30:35].all()
    assert pixels(grown.masks["20m"]).sum() == 25


def test_mask_without_scene_classes(safes, tmp_path):
    made = prepare(str(safes["L1C"]), str(tmp_path), mask=MaskChoice(3))
    assert list(map(tuple, np.argwhere(pixels(made.masks["10m"])[0]))) == [(50, 50)]


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_fused_end_to_end(safes, tmp_path, kind):
    path = safes["L2A"] if kind == "folder" else zipped(safes["L2A"], tmp_path / "s2.zip")
    log = Log()
    inputs = [Input("MS", str(path)), Input("PAN", str(path), bands=[4])]
    pipeline.run(Job("pansharpening", "gsa", inputs, [Output("OUTPUT", str(tmp_path / "out.tif"))]), feedback=log)
    fused = facts(tmp_path / "out.tif")
    assert [band.name for band in fused.bands] == list(S2_BANDS[20])
    assert {(band.scale, band.offset, band.nodata) for band in fused.bands} == {(1e-4, -0.1, 0.0)}
    assert (fused.geotransform[1], fused.size) == (10.0, (120, 120))
    assert any("Sentinel-2 L2A" in line for line in log.lines)
    assert any("-1000" in line for line in log.lines)


def test_a_missing_band_is_named(tmp_path):
    safe = write_sentinel(tmp_path, "L2A")
    lost = next(safe.rglob("*_B8A_20m.jp2"))
    lost.unlink()
    refused(safe, "incomplete", lost.name, folder=tmp_path / "out")
    assert prepare(str(safe), str(tmp_path / "some"), ["10m"]).images


def test_a_damaged_band_is_named(tmp_path):
    safe = write_sentinel(tmp_path, "L2A")
    hurt = next(safe.rglob("*_B8A_20m.jp2"))
    hurt.write_bytes(hurt.read_bytes()[:40])
    refused(safe, "damaged", hurt.name, folder=tmp_path / "out")


def test_no_driver(safes, tmp_path, monkeypatch):
    from satfusion_qgis.raster.products import virtual

    class Without:
        def __getattr__(self, name):
            return getattr(gdal, name)

        def OpenEx(self, path, *more):
            return None if path.endswith(".jp2") else gdal.OpenEx(path, *more)

        def GetDriverByName(self, name):
            return None

    monkeypatch.setattr(virtual, "gdal", Without())
    refused(safes["L2A"], "JPEG 2000", "JP2OpenJPEG", folder=tmp_path / "out")


def test_several_granules(tmp_path):
    safe = write_sentinel(tmp_path, "L1C", granules=("T32TQM", "T32TPM"))
    refused(safe, "2 granules", "T32TPM", "T32TQM")


def test_damaged_metadata(tmp_path):
    safe = write_sentinel(tmp_path, "L2A")
    path = safe / "MTD_MSIL2A.xml"
    text = path.read_text()
    path.write_text(text[: len(text) // 2])
    refused(safe, "damaged", "MTD_MSIL2A.xml")
    path.write_text(text.replace("BOA_QUANTIFICATION_VALUE", "OTHER"))
    refused(safe, "BOA_QUANTIFICATION_VALUE")
