"""MODIS (HDF4, HDF5) and Sentinel-3 SYNERGY (netCDF swath): every number, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, osr

from satfusion_qgis.raster.products import find_product, modis, prepare, sentinel3
from satfusion_qgis.raster.products.quality import MaskChoice
from satfusion_qgis.raster.reader import describe
from satfusion_qgis.tasks.job import Input
from tests.products.makers import (
    MODIS,
    SYN,
    modis_numbers,
    write_hdf4,
    write_mod09ga,
    write_mod11a1,
    write_syn,
    zipped,
)
from tests.products.support import described, facts, pixels, refused

_WRITES = gdal.GetDriverByName("netCDF") is not None and gdal.GetDriverByName("HDF5") is not None
needs_drivers = pytest.mark.skipif(not _WRITES, reason="this GDAL writes no netCDF or reads no HDF5")
TILE_M = 1111950.5196666666


def expected_reflectances() -> np.ndarray:
    """Bands by wavelength; what lies outside the valid range is fill."""
    numbers = modis_numbers()
    stacked = np.stack([numbers[number] for number in (3, 4, 1, 2, 5, 6, 7)])
    return np.where((stacked < -100) | (stacked > 16000), -28672, stacked)


def check_mod09ga(raster) -> None:
    found = facts(raster)
    assert [band.name for band in found.bands] == [f"sur_refl_b0{number}_1" for number in (3, 4, 1, 2, 5, 6, 7)]
    centres = [float(band.wavelength) for band in found.bands]
    assert centres == [0.469, 0.555, 0.645, 0.8585, 1.24, 1.64, 2.13]
    assert {(band.dtype, band.nodata, band.offset) for band in found.bands} == {("Int16", -28672.0, 0.0)}
    assert [band.scale for band in found.bands] == pytest.approx([1e-4] * 7)
    assert np.array_equal(pixels(raster), expected_reflectances())
    x, width, _, y, _, height = found.geotransform
    assert (width, height) == pytest.approx((TILE_M / 24, -TILE_M / 24))
    assert (x, y) == pytest.approx((0.0, 10007554.677 - 4 * TILE_M), abs=1.0)  # h18: its left edge is Greenwich
    items = described(raster)
    assert items["DATE"] == "2020-01-01T00:00:00Z"
    assert items["SATELLITEID"] == "Terra"
    assert (items["TILE"], items["COLLECTION"]) == ("h18v04", "061")
    assert (items["VALID_MIN"], items["VALID_MAX"]) == ("-100", "16000")


@needs_drivers
@pytest.mark.parametrize("scale", [10000.0, 0.0001])
def test_reflectance_in_hdf5(tmp_path, scale):
    """The factor is stated in either way."""
    made = prepare(str(write_mod09ga(tmp_path, scale)), str(tmp_path / "out"))
    check_mod09ga(made.images["500m"])


@needs_drivers
def test_a_folder_with_one_file(tmp_path):
    write_mod09ga(tmp_path / "in")
    assert prepare(str(tmp_path / "in"), str(tmp_path / "out")).product.level == "MOD09GA"


@pytest.mark.skipif(gdal.GetDriverByName("HDF4") is None, reason="this GDAL reads no HDF4")
def test_reflectance_in_hdf4(tmp_path):
    path = tmp_path / MODIS.format(short="MOD09GA", ending="hdf")
    arrays = {f"sur_refl_b0{number}_1": values for number, values in modis_numbers().items()}
    state = np.zeros((12, 12), np.uint16)
    state[3, 3], state[4, 4] = 1, 1 << 3
    items = {"scale_factor": [10000.0], "add_offset": [0.0], "_FillValue": [-28672.0], "valid_range": [-100.0, 16000.0]}
    if not write_hdf4(path, {**arrays, "state_1km_1": state}, items):
        pytest.skip("the library that writes HDF4 is not found")
    made = prepare(str(path), str(tmp_path / "out"), mask=MaskChoice())
    check_mod09ga(made.images["500m"])
    assert sorted(map(tuple, np.argwhere(pixels(made.masks["500m"])[0]))) == [(6, 6), (6, 7), (7, 6), (7, 7)]


@needs_drivers
def test_temperature(tmp_path):
    made = prepare(str(write_mod11a1(tmp_path)), str(tmp_path / "out"), mask=MaskChoice())
    day, night = facts(made.images["lst_day"]).bands[0], facts(made.images["lst_night"]).bands[0]
    assert (day.name, day.scale, day.unit, day.nodata, day.dtype) == ("LST_Day_1km", 0.02, "K", 0.0, "UInt16")
    assert night.name == "LST_Night_1km"
    values = pixels(made.images["lst_day"])[0]
    assert list(values[0, :3]) == [0, 0, 15000]
    assert list(map(tuple, np.argwhere(pixels(made.masks["lst_day"])[0]))) == [(5, 5)]


@needs_drivers
def test_as_an_input_of_a_job(tmp_path):
    source = describe("MS", [Input("MS", str(write_mod11a1(tmp_path)))])
    assert [band.name for band in source.bands] == ["LST_Day_1km"]
    assert source.notes


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ('HDF4_EOS:EOS_GRID:"a.hdf":MODIS_Grid_500m_2D:sur_refl_b01_1', "[2400x2400] sur_refl_b01_1 (16-bit integer)"),
        ('HDF4_EOS:EOS_GRID:"a.hdf":MODIS_Grid_500m_2D:sur_refl_b01_1', ""),
        ('HDF4_SDS:UNKNOWN:"a.hdf":3', "[2400x2400] sur_refl_b01_1 (16-bit integer)"),
        ('HDF5:"a.h5"://HDFEOS/GRIDS/G/Data_Fields/sur_refl_b01_1', ""),
    ],
)
def test_names_of_datasets(name, about):
    parts = [('HDF4_SDS:UNKNOWN:"a.hdf":2', "[2400x2400] sur_refl_b01_10 (16-bit integer)"), (name, about)]
    assert modis.named(parts, "sur_refl_b01_1") == name
    assert modis.named(parts, "sur_refl_b02_1") is None


class Without:
    """GDAL without some drivers."""

    def __init__(self, *names):
        self._names = names

    def __getattr__(self, name):
        return getattr(gdal, name)

    def GetDriverByName(self, name):
        return None if name in self._names else gdal.GetDriverByName(name)


def test_no_hdf4_driver(tmp_path, monkeypatch):
    path = tmp_path / MODIS.format(short="MOD09GA", ending="hdf")
    path.write_bytes(b"\x0e\x03\x13\x01" + bytes(100))
    monkeypatch.setattr(modis, "gdal", Without("HDF4"))
    refused(path, "no HDF4 driver", "MOD09GA of 2020-01-01, tile h18v04", "libgdal-hdf4")


def test_damaged_hdf(tmp_path):
    path = tmp_path / MODIS.format(short="MOD09GA", ending="hdf")
    path.write_bytes(b"\x0e\x03\x13\x01" + bytes(100))
    refused(path, path.stem)
    path.write_bytes(b"<html>please log in</html>")
    refused(path, "damaged", "neither HDF4 nor HDF5")


@needs_drivers
def test_an_incomplete_hdf(tmp_path):
    path = write_mod11a1(tmp_path)
    other = path.with_name(MODIS.format(short="MOD09GA", ending="h5"))
    path.rename(other)
    refused(other, "incomplete", "sur_refl_b03_1")


@needs_drivers
def test_other_hierarchical_files_are_rasters(tmp_path):
    path = write_mod11a1(tmp_path)
    other = path.with_name("own.h5")
    path.rename(other)
    assert find_product(str(other)) is None


@needs_drivers
def test_synergy(tmp_path):
    top = write_syn(tmp_path / "in")
    made = prepare(str(top), str(tmp_path / "out"))
    found = facts(made.images["300m"])
    assert [band.name for band in found.bands] == ["Oa04", "Oa06", "Oa08", "Oa17"]
    assert [float(band.wavelength) for band in found.bands] == [0.49, 0.56, 0.665, 0.865]
    assert {(band.nodata, band.offset, band.dtype) for band in found.bands} == {(-10000.0, 0.0, "Int16")}
    assert [band.scale for band in found.bands] == pytest.approx([1e-4] * 4)
    assert (found.geotransform[1], found.geotransform[5]) == (300.0, -300.0)
    assert osr.SpatialReference(found.crs).GetAuthorityCode(None) == "32632"
    items = described(made.images["300m"])
    assert items["DATE"] == "2020-06-05T10:00:00Z"
    assert items["PRODUCT_ID"] == SYN[:-5]
    check_positions(made.images["300m"])


def check_positions(raster) -> None:
    """Each pixel of the grid shows what was seen within a pixel of its place."""
    values = pixels(raster)[0].astype(int)
    grid = facts(raster)
    transform = osr.CoordinateTransformation(_system(32632), _system(4326))
    checked = 0
    for row, column in np.argwhere(values != -10000)[::37]:
        x = grid.geotransform[0] + 300 * (column + 0.5)
        y = grid.geotransform[3] - 300 * (row + 0.5)
        longitude, latitude, _ = transform.TransformPoint(x, y)
        # Solve the two linear equations of the positions for the pixel of the swath.
        matrix = np.array([[-0.0027, -0.0004], [-0.0006, 0.0038]])
        seen_row, seen_column = np.linalg.solve(matrix, [latitude - 45.0, longitude - 9.0])
        number = values[row, column] - 1000
        candidates = [(r, number - 10 * r) for r in range(40) if 0 <= number - 10 * r < 40]
        assert any(abs(r - seen_row) < 1.1 and abs(c - seen_column) < 1.1 for r, c in candidates)
        checked += 1
    assert checked > 20
    assert (values == -10000).any()


def _system(code: int) -> osr.SpatialReference:
    made = osr.SpatialReference()
    made.ImportFromEPSG(code)
    made.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return made


@needs_drivers
def test_synergy_as_an_input_of_a_job(tmp_path):
    top = write_syn(tmp_path)
    source = describe("MS", [Input("MS", str(top / "xfdumanifest.xml"))])
    assert len(source.bands) == 4
    assert source.grid.pixel == (300.0, 300.0)


@needs_drivers
def test_an_incomplete_swath(tmp_path):
    top = write_syn(tmp_path)
    (top / "geolocation.nc").unlink()
    refused(top, "incomplete", "geolocation.nc")


@needs_drivers
def test_a_packed_swath(tmp_path):
    archive = zipped(write_syn(tmp_path), tmp_path / "s3.zip")
    refused(archive, "unpack")


@needs_drivers
def test_no_netcdf_driver(tmp_path, monkeypatch):
    top = write_syn(tmp_path)
    monkeypatch.setattr(sentinel3, "gdal", Without("netCDF"))
    refused(top, "no netCDF driver", "libgdal-netcdf")
