"""What an output says of itself: bands, units, layout, overviews, and the job that made it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.raster.reader import describe
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Mask, Output
from tests.pipeline.support import METHODS, OnDisk, facts, files_in, on_disk, read_array, small_pair
from tests.scenes import make_pair, write_geotiff

COMPRESSIONS = {"deflate": "DEFLATE", "zstd": "ZSTD", "none": None, "cog": "DEFLATE"}


def described_pair(folder: Path) -> OnDisk:
    """A pair whose MS says all there is to say."""
    scene = make_pair(96, 96)
    pair = on_disk(folder, scene, "uint16", pan=scene.pan + 1000, scale=1e-4, offset=-0.1)
    write_geotiff(
        pair.ms,
        scene.ms + 1000,
        scene.ms_geotransform,
        nodata=65535,
        scale=1e-4,
        offset=-0.1,
        names=["blue", "green", "red", "near infrared"],
        wavelengths_nm=scene.wavelengths_nm,
        dtype="uint16",
    )
    dataset = gdal.Open(str(pair.ms), gdal.GA_Update)
    for number in range(1, 5):
        dataset.GetRasterBand(number).SetUnitType("reflectance")
    del dataset
    return pair


@pytest.mark.parametrize("method", METHODS)
def test_bands_keep_what_the_ms_image_said_of_them(tmp_path: Path, method: str) -> None:
    pair = described_pair(tmp_path)
    pair.fuse(method, tmp_path / "fused.tif", options={})
    made, given = facts(tmp_path / "fused.tif"), facts(pair.ms)
    for band, origin in zip(made.bands, given.bands):
        for name in ("name", "scale", "offset", "nodata", "unit", "wavelength", "dtype"):
            assert getattr(band, name) == getattr(origin, name), name
    colours = [gdal.GCI_BlueBand, gdal.GCI_GreenBand, gdal.GCI_RedBand]
    assert [band.colour for band in made.bands][:3] == colours
    assert made.geotransform == facts(pair.pan).geotransform and made.crs == facts(pair.pan).crs


def test_chosen_bands_take_their_own_descriptions(tmp_path: Path) -> None:
    pair = described_pair(tmp_path)
    pair.fuse("exp", tmp_path / "fused.tif", ms={"bands": [3, 1]})
    made = facts(tmp_path / "fused.tif")
    assert [band.name for band in made.bands] == ["red", "blue"]
    assert [band.wavelength for band in made.bands] == ["0.66", "0.48"]


def test_names_and_wavelengths_of_the_job_go_before_those_of_the_file(tmp_path: Path) -> None:
    pair = described_pair(tmp_path)
    given = {"bands": [1, 2], "band_names": ["a", "b"], "wavelengths_nm": [443.0, 2200.5]}
    pair.fuse("exp", tmp_path / "fused.tif", ms=given)
    made = facts(tmp_path / "fused.tif")
    assert [(band.name, band.wavelength) for band in made.bands] == [("a", "0.443"), ("b", "2.2005")]


@pytest.mark.parametrize("form", ["CENTRAL_WAVELENGTH_UM", "wavelength", "WAVELENGTH_NM"])
def test_wavelengths_are_read_as_others_write_them(tmp_path: Path, form: str) -> None:
    pair = small_pair(tmp_path, 48, 48, bands=1)
    dataset = gdal.Open(str(pair.ms), gdal.GA_Update)
    band = dataset.GetRasterBand(1)
    if form == "CENTRAL_WAVELENGTH_UM":
        band.SetMetadataItem(form, "0.4825", "IMAGERY")
    elif form == "wavelength":
        band.SetMetadataItem(form, "0.4825")
        band.SetMetadataItem("wavelength_units", "Micrometers")
    else:
        band.SetMetadataItem(form, "482.5")
    del band, dataset
    pair.fuse("exp", tmp_path / "fused.tif")
    assert facts(tmp_path / "fused.tif").bands[0].wavelength == "0.4825"


# Layout of the file


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("dtype", ["Byte", "UInt16", "Float32", "Float64"])
def test_compressions_hold_the_same_pixels(tmp_path: Path, compression: str, dtype: str) -> None:
    pair = small_pair(tmp_path, 150, 210)
    expected = pair.fuse("exp", dtype=dtype)
    target = tmp_path / "fused.tif"
    np.testing.assert_array_equal(pair.fuse("exp", target, dtype=dtype, options={"COMPRESSION": compression}), expected)
    assert facts(target).structure.get("COMPRESSION") == COMPRESSIONS[compression]
    assert (facts(target).structure.get("LAYOUT") == "COG") == (compression == "cog")
    assert files_in(tmp_path) == ["fused.tif", "ms.tif", "pan.tif"]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_large_outputs_are_tiled_and_have_overviews(tmp_path: Path, compression: str) -> None:
    scene = make_pair(64, 64, 8.0, 1)
    x, y = scene.pan_geotransform[0], scene.pan_geotransform[3]
    ms = np.random.default_rng(0).integers(100, 2000, (2, 90, 140))
    write_geotiff(tmp_path / "ms.tif", ms, (x, 8, 0, y, 0, -8), dtype="uint16")
    write_geotiff(tmp_path / "pan.tif", np.ones((1, 720, 1120)), (x, 1, 0, y, 0, -1), dtype="uint8")
    pair = OnDisk(tmp_path / "ms.tif", tmp_path / "pan.tif", scene)
    target = tmp_path / "fused.tif"
    fused = pair.fuse("exp", target, options={"COMPRESSION": compression})
    band = facts(target).bands[0]
    assert band.block[0] == band.block[1] and band.block[0] in (256, 512)
    assert band.overviews >= 1
    dataset = gdal.Open(str(target))
    overview = dataset.GetRasterBand(1).GetOverview(0)
    size = overview.YSize, overview.XSize
    assert size == (360, 560)
    small = np.frombuffer(overview.ReadRaster(), np.uint16).reshape(size)
    mean = fused[0].reshape(360, 2, 560, 2).mean(axis=(1, 3))
    assert np.abs(small - mean).max() <= 1
    pair.fuse("exp", target, options={"COMPRESSION": compression, "OVERVIEWS": False})
    assert facts(target).bands[0].overviews == 0


def test_sidecars_of_the_file_that_is_replaced_go_with_it(tmp_path: Path) -> None:
    """Statistics, overviews and masks of an older file of that name would lie about the new one."""
    pair = small_pair(tmp_path, 64, 64)
    target = tmp_path / "fused.tif"
    write_geotiff(target, np.zeros((64, 64)), pair.scene.pan_geotransform)
    old = gdal.Open(str(target))
    old.BuildOverviews("NEAREST", [2])
    old.CreateMaskBand(gdal.GMF_PER_DATASET)
    old.GetRasterBand(1).ComputeStatistics(False)
    del old
    assert {"fused.tif.ovr", "fused.tif.msk", "fused.tif.aux.xml"} <= set(files_in(tmp_path))
    fused = pair.fuse("exp", target)
    assert files_in(tmp_path) == ["fused.tif", "ms.tif", "pan.tif"]
    assert fused.min() > 0 and facts(target).bands[0].overviews == 0


# The job inside


def same_job_again(path: Path, target: Path) -> np.ndarray:
    """Run the job that a raster carries, into another file."""
    job = pipeline.job_of(str(path))
    job.outputs = [replace(output, path=str(target)) for output in job.outputs]
    pipeline.run(job)
    return read_array(target)


@pytest.mark.parametrize("method", [*METHODS, "auto"])
def test_the_job_inside_an_output_makes_it_again(tmp_path: Path, method: str) -> None:
    pair = described_pair(tmp_path)
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    fields: dict[str, Any] = {"ms": {"bands": [4, 2, 3]}, "extent": [x + 3, y - 40, x + 41, y - 2], "window": 48}
    if method in ("gsa", "auto"):
        fields["parameters"] = {"MTF_GAINS": "0.3,0.25,0.2"}
    fused = pair.fuse(method, tmp_path / "fused.tif", **fields)
    job = pipeline.job_of(str(tmp_path / "fused.tif"))
    assert job.method == method
    assert set(job.software) >= {"satfusion", "gdal"}
    np.testing.assert_array_equal(same_job_again(tmp_path / "fused.tif", tmp_path / "again.tif"), fused)


def test_the_job_holds_whatever_folder_it_is_run_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = small_pair(tmp_path / "scene")
    scene = pair.scene
    flags = write_geotiff(tmp_path / "scene" / "flags.tif", scene.ms[0] > 1500, scene.ms_geotransform, dtype="uint8")
    monkeypatch.chdir(tmp_path / "scene")
    near = OnDisk(Path(pair.ms.name), Path(pair.pan.name), scene)
    fused = near.fuse("gsa", Path("fused.tif"), ms={"mask": Mask(flags.name, invalid_values=[1])})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = same_job_again(tmp_path / "scene" / "fused.tif", tmp_path / "again.tif")
    np.testing.assert_array_equal(again, fused)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_the_job_survives_every_layout(tmp_path: Path, compression: str) -> None:
    pair = small_pair(tmp_path)
    pair.fuse("exp", tmp_path / "fused.tif", options={"COMPRESSION": compression})
    assert pipeline.job_of(str(tmp_path / "fused.tif")).outputs[0].options == {"COMPRESSION": compression}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_wavelengths_survive_every_layout(tmp_path: Path, compression: str) -> None:
    """What was fused is the input of the next step."""
    pair = described_pair(tmp_path)
    pair.fuse("exp", tmp_path / "fused.tif", options={"COMPRESSION": compression})
    made = describe("MS", [Input("MS", str(tmp_path / "fused.tif"))])
    assert [band.wavelength_nm for band in made.bands] == list(pair.scene.wavelengths_nm)
    assert [band.name for band in made.bands] == ["blue", "green", "red", "near infrared"]
    assert [(band.scale, band.offset, band.nodata) for band in made.bands] == 4 * [(1e-4, -0.1, 65535)]


def test_a_raster_of_other_origin_carries_no_job(tmp_path: Path) -> None:
    pair = small_pair(tmp_path)
    with pytest.raises(InputError, match=r"ms\.tif carries no SatFusion job"):
        pipeline.job_of(str(pair.ms))


def test_jobs_go_to_json_and_back() -> None:
    job = Job(
        "pansharpening",
        "gsa",
        [
            Input("MS", "a.tif", bands=[1, 2], mask=Mask("m.tif", 2, [0], [3], 1), date="2001-10-08"),
            Input("PAN", "p.tif"),
        ],
        [Output("OUTPUT", "f.tif", dtype="UInt16", options={"COMPRESSION": "zstd"})],
        extent=[1.5, 2.0, 3.0, 4.0],
        parameters={"SENSOR": "landsat8"},
        window=256,
    )
    text = job.to_json()
    assert Job.from_json(text) == job and json.loads(text)["format"] == 1
