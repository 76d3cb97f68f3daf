"""Bad input is refused with one sentence that names what is wrong, before any work, and leaves no file."""

from __future__ import annotations

import json
import os
import shutil
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.assess import assess_reference
from satfusion_qgis.pipeline.degrade import degrade_jobs
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Mask, Output
from tests.pipeline.support import (
    METHODS,
    OnDisk,
    assert_one_sentence,
    files_in,
    on_disk,
    read_array,
    refused,
    small_pair,
)
from tests.scenes import make_pair, write_geotiff
from tests.toy_task import TOY_CATALOGUE


@pytest.fixture
def pair(tmp_path: Path) -> OnDisk:
    return small_pair(tmp_path / "scene", 64, 64)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "made").mkdir()
    return tmp_path / "made" / "fused.tif"


# Georeferencing


@pytest.mark.parametrize("method", METHODS)
def test_no_overlap(pair: OnDisk, target: Path, method: str) -> None:
    x, a, _, y, _, e = pair.scene.ms_geotransform
    write_geotiff(pair.ms, pair.scene.ms, (x + 5000, a, 0, y, 0, e))
    refused(pair.job(method, target), "MS", "PAN", "overlap")


def test_touching_is_no_overlap(pair: OnDisk, target: Path) -> None:
    x, a, _, y, _, e = pair.scene.ms_geotransform
    write_geotiff(pair.ms, pair.scene.ms, (x + 32, a, 0, y, 0, e))
    refused(pair.job("exp", target), "overlap")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32718", "EPSG:3031"])
def test_no_overlap_in_another_crs(pair: OnDisk, target: Path, crs: str) -> None:
    x, a, _, y, _, e = pair.scene.ms_geotransform
    code = int(crs.split(":")[1])
    far = (-60.0, 2e-5, 0, 10.0, 0, -2e-5) if code == 4326 else (x, a, 0, y, 0, e)
    write_geotiff(pair.ms, pair.scene.ms, far, epsg=code)
    refused(pair.job("exp", target), "MS")


@pytest.mark.parametrize("method", METHODS)
def test_swapped_images(pair: OnDisk, target: Path, method: str) -> None:
    swapped = OnDisk(pair.pan, pair.ms, pair.scene)
    refused(swapped.job(method, target, pan={"bands": [1]}), "PAN", "MS", "swapped")


def test_pan_as_coarse_as_ms(pair: OnDisk, target: Path) -> None:
    write_geotiff(pair.pan, pair.scene.ms[:1], pair.scene.ms_geotransform)
    refused(pair.job("exp", target), "PAN", "MS", "not finer")


@pytest.mark.parametrize("role", ["MS", "PAN"])
def test_no_crs(pair: OnDisk, target: Path, role: str) -> None:
    path = pair.ms if role == "MS" else pair.pan
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetProjection("")
    del dataset
    refused(pair.job("exp", target), role, path.name, "coordinate reference system")


@pytest.mark.parametrize("role", ["MS", "PAN"])
def test_no_geotransform(pair: OnDisk, target: Path, role: str) -> None:
    path = pair.ms if role == "MS" else pair.pan
    array = read_array(path)
    path.unlink()
    crs = 'LOCAL_CS["none"]'
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), array.shape[2], array.shape[1], len(array), gdal.GDT_Float32
    )
    dataset.SetProjection(crs)
    dataset.WriteRaster(0, 0, array.shape[2], array.shape[1], array.tobytes())
    del dataset
    refused(pair.job("exp", target), role, path.name, "geotransform")


@pytest.mark.parametrize("extent", [[0, 0, 1, 1], [1e6, 6e6, 1.1e6, 6.1e6]])
def test_extent_elsewhere(pair: OnDisk, target: Path, extent: list[float]) -> None:
    refused(pair.job("exp", target, extent=extent), "EXTENT")


@pytest.mark.parametrize(
    "extent", [[0, 0, 1], [1, 2, 3, 4, 5], [float("nan"), 0, 1, 1], [0, 0, float("inf"), 1], "1 2 3 4", ["a", 1, 2, 3]]
)
def test_extent_that_is_none(pair: OnDisk, target: Path, extent: Any) -> None:
    refused(pair.job("exp", target, extent=extent), "EXTENT")


def test_extent_given_from_the_wrong_corner_is_understood(pair: OnDisk, target: Path) -> None:
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    right = pair.fuse("exp", extent=[x + 4, y - 20, x + 20, y - 4])
    np.testing.assert_array_equal(pair.fuse("exp", extent=[x + 20, y - 4, x + 4, y - 20]), right)


@pytest.mark.parametrize(
    "grid",
    [
        {},
        {"of": "TRUTH"},
        {"crs": "EPSG:32633"},
        {"crs": "EPSG:32633", "geotransform": [0, 1, 0, 0, 0], "size": [5, 5]},
        {"crs": "EPSG:32633", "geotransform": [0, 0, 0, 0, 0, 0], "size": [5, 5]},
        {"crs": "EPSG:32633", "geotransform": [500000, 0.5, 0, 5000000, 0, -0.5], "size": [0, 5]},
        {"crs": "nonsense", "geotransform": [500000, 0.5, 0, 5000000, 0, -0.5], "size": [5, 5]},
    ],
)
def test_grid_that_is_none(pair: OnDisk, target: Path, grid: dict[str, Any]) -> None:
    if not grid:  # an empty grid is that of the task
        pipeline.check(pair.job("exp", target, grid=grid))
        return
    refused(pair.job("exp", target, grid=grid), "grid")


# Pixels


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ["MS", "PAN"])
def test_all_nodata(pair: OnDisk, target: Path, method: str, role: str) -> None:
    array, where = (
        (pair.scene.ms, pair.scene.ms_geotransform) if role == "MS" else (pair.scene.pan, pair.scene.pan_geotransform)
    )
    path = pair.ms if role == "MS" else pair.pan
    write_geotiff(path, np.full(array.shape, np.nan), where, dtype="float32")
    refused(pair.job(method, target), "valid", early=False)
    write_geotiff(path, np.full(array.shape, 9), where, dtype="uint16", nodata=9)
    refused(pair.job(method, target), "valid", early=False)
    write_geotiff(path, np.zeros(array.shape), where, dtype="uint16")
    refused(pair.job(method, target), "valid", early=False)


@pytest.mark.parametrize("method", [method for method in METHODS if method != "exp"])
def test_constant_pan(pair: OnDisk, target: Path, method: str) -> None:
    for value in (1000.0, 0.125, 1e-3):
        write_geotiff(pair.pan, np.full((64, 64), value), pair.scene.pan_geotransform, dtype="float32")
        refused(pair.job(method, target), "PAN", "constant", early=False)
    given = {"WEIGHTS": "1,1,1,1"} if method == "brovey" else {"MTF_GAINS": "estimate"}
    refused(pair.job(method, target, parameters=given), early=False)


def test_constant_ms_is_no_fault(pair: OnDisk) -> None:
    write_geotiff(pair.ms, np.full((2, 16, 16), 500.0), pair.scene.ms_geotransform, dtype="float32")
    for method in ("exp", "gsa", "mtf_glp_fs"):
        np.testing.assert_allclose(pair.fuse(method), 500.0, rtol=1e-5)


# Files


@pytest.mark.parametrize("role", ["MS", "PAN"])
def test_missing_file(pair: OnDisk, target: Path, role: str) -> None:
    (pair.ms if role == "MS" else pair.pan).unlink()
    refused(pair.job("exp", target), "ms.tif" if role == "MS" else "pan.tif", "does not exist")


@pytest.mark.parametrize("content", [b"", b"not a raster", b"II*\0garbage", b"II*\0\x08\0\0\0\xff\xff"])
def test_unreadable_file(pair: OnDisk, target: Path, content: bytes) -> None:
    pair.pan.write_bytes(content)
    refused(pair.job("exp", target), "pan.tif")


@pytest.mark.parametrize("options", [(), ("TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"), ("COMPRESS=DEFLATE",)])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_truncated_file(pair: OnDisk, target: Path, options: tuple[str, ...], share: float) -> None:
    write_geotiff(pair.pan, pair.scene.pan, pair.scene.pan_geotransform, creation_options=options)
    content = pair.pan.read_bytes()
    pair.pan.write_bytes(content[: int(share * len(content))])
    refused(pair.job("gsa", target), "pan.tif")


def test_damage_inside_a_file_is_found_by_the_run(pair: OnDisk, target: Path) -> None:
    options = ("COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16")
    write_geotiff(pair.pan, pair.scene.pan, pair.scene.pan_geotransform, creation_options=options)
    dataset = gdal.Open(str(pair.pan))
    place = int(dataset.GetRasterBand(1).GetMetadataItem("BLOCK_OFFSET_1_2", "TIFF"))
    del dataset
    content = bytearray(pair.pan.read_bytes())
    content[place : place + 40] = bytes(40)
    pair.pan.write_bytes(content)
    refused(pair.job("gsa", target), "pan.tif", early=False)


def test_a_vector_layer_and_a_folder_are_no_rasters(pair: OnDisk, target: Path) -> None:
    vector = pair.ms.with_name("points.geojson")
    vector.write_text('{"type": "FeatureCollection", "features": []}')
    refused(OnDisk(vector, pair.pan, pair.scene).job("exp", target), "points.geojson")
    refused(OnDisk(pair.ms.parent, pair.pan, pair.scene).job("exp", target), str(pair.ms.parent))


@pytest.mark.parametrize("bands", [[0], [5], [-1], [1, 9]])
def test_band_out_of_range(pair: OnDisk, target: Path, bands: list[int]) -> None:
    wrong = next(band for band in bands if not 1 <= band <= 4)
    refused(pair.job("exp", target, ms={"bands": bands}), "MS", "ms.tif", f"band {wrong}", "1 to 4")


def test_complex_numbers(pair: OnDisk, target: Path) -> None:
    gdal.Translate(str(pair.ms.with_name("complex.tif")), str(pair.ms), outputType=gdal.GDT_CFloat32)
    refused(OnDisk(pair.ms.with_name("complex.tif"), pair.pan, pair.scene).job("exp", target), "MS", "complex")


def test_band_files_of_different_size_or_place(pair: OnDisk, target: Path) -> None:
    job = pair.job("exp", target)
    small = write_geotiff(pair.ms.with_name("B2.tif"), pair.scene.ms[0, :8], pair.scene.ms_geotransform)
    refused(replace(job, inputs=[*job.inputs[:1], Input("MS", str(small)), job.inputs[1]]), "MS", "B2.tif", "16 x 8")
    x, a, _, y, _, e = pair.scene.ms_geotransform
    aside = write_geotiff(pair.ms.with_name("B3.tif"), pair.scene.ms[0], (x + 0.7 * a, a, 0, y, 0, e))
    refused(replace(job, inputs=[*job.inputs[:1], Input("MS", str(aside)), job.inputs[1]]), "MS", "B3.tif")
    other = write_geotiff(pair.ms.with_name("B4.tif"), pair.scene.ms[0], (x, a, 0, y, 0, e), epsg=32632)
    refused(replace(job, inputs=[*job.inputs[:1], Input("MS", str(other)), job.inputs[1]]), "MS", "B4.tif")


# Outputs


@pytest.mark.parametrize("which", ["MS", "PAN", "mask"])
@pytest.mark.parametrize("way", ["same", "roundabout", "link", "hard link"])
def test_output_equal_to_an_input(pair: OnDisk, which: str, way: str) -> None:
    flags = write_geotiff(pair.ms.with_name("flags.tif"), np.zeros((16, 16)), pair.scene.ms_geotransform)
    path = {"MS": pair.ms, "PAN": pair.pan, "mask": flags}[which]
    output = path.with_name("other.tif")
    if way == "same":
        output = path
    elif way == "roundabout":
        output = path.parent / ".." / path.parent.name / path.name
    elif way == "link":
        output.symlink_to(path)
    else:
        os.link(path, output)
    content = path.read_bytes()
    refused(pair.job("exp", output, ms={"mask": Mask(str(flags), invalid_values=[1])}), "OUTPUT", "same file")
    assert path.read_bytes() == content


def test_output_equal_to_a_part_of_an_input(pair: OnDisk) -> None:
    virtual = pair.ms.with_name("ms.vrt")
    gdal.BuildVRT(str(virtual), [str(pair.ms)])
    refused(OnDisk(virtual, pair.pan, pair.scene).job("exp", pair.ms), "OUTPUT", "MS", "same file")


@pytest.mark.parametrize("name", ["fused.png", "fused", "fused.tif.zip", "fused.vrt", ".tif"])
def test_output_that_is_no_tiff(pair: OnDisk, target: Path, name: str) -> None:
    refused(pair.job("exp", target.with_name(name)), name, ".tif")


def test_output_in_a_missing_folder(pair: OnDisk, target: Path) -> None:
    refused(pair.job("exp", target.parent / "none" / "fused.tif"), str(target.parent / "none"))
    (target.parent / "file").write_text("")
    refused(pair.job("exp", target.parent / "file" / "fused.tif"), "file")


def test_output_that_is_a_folder(pair: OnDisk, target: Path) -> None:
    target.mkdir()
    refused(pair.job("exp", target), "fused.tif", "folder")


@pytest.mark.skipif(not Path("/proc/self/fdinfo").is_dir(), reason="no folder here that nobody can write to")
def test_output_in_a_folder_that_nobody_can_write_to(pair: OnDisk) -> None:
    refused(pair.job("exp", Path("/proc/self/fdinfo/fused.tif")), "fdinfo")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_output_without_permission(pair: OnDisk, target: Path) -> None:
    target.parent.chmod(0o555)
    try:
        refused(pair.job("exp", target), "fused.tif", "permission")
    finally:
        target.parent.chmod(0o755)


def test_too_little_disk(pair: OnDisk, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    refused(pair.job("exp", target), str(target.parent), "GB free")


def test_a_pan_that_is_absurdly_fine(pair: OnDisk, target: Path) -> None:
    x, _, _, y, _, _ = pair.scene.pan_geotransform
    write_geotiff(pair.pan, pair.scene.pan, (x, 1e-4, 0, y, 0, -1e-4))
    refused(pair.job("exp", target), "256 times finer")


@pytest.mark.parametrize("stated", [{"scale": 0.0}, {"scale": float("nan")}, {"offset": float("inf")}, {"scale": 1e30}])
def test_scales_with_which_no_pixel_has_a_value(pair: OnDisk, target: Path, stated: dict[str, float]) -> None:
    refused(pair.job("exp", target, ms=stated), "MS: band 1 of ms.tif", "scale")
    write_geotiff(pair.pan, pair.scene.pan, pair.scene.pan_geotransform, **{"scale": 1.0, "offset": 0.0, **stated})
    refused(pair.job("gsa", target), "PAN: band 1 of pan.tif", "scale")


@pytest.mark.parametrize("place", [0, 1, 5])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_geotransforms_that_are_no_numbers(pair: OnDisk, target: Path, place: int, value: float) -> None:
    geotransform = list(pair.scene.pan_geotransform)
    geotransform[place] = value
    write_geotiff(pair.pan, pair.scene.pan, geotransform)
    refused(pair.job("exp", target), "PAN: pan.tif has no geotransform")


def test_two_outputs_or_none(pair: OnDisk, target: Path) -> None:
    job = pair.job("exp", target)
    refused(replace(job, outputs=[]), "output")
    refused(replace(job, outputs=job.outputs * 2), "outputs")
    refused(replace(job, outputs=[Output("RESULT", str(target))]), "RESULT")


@pytest.mark.parametrize("options", [{"COMPRESSION": "jpeg"}, {"COMPRESSION": 5}, {"UNITS": "K"}])
def test_unknown_options_of_the_output(pair: OnDisk, target: Path, options: dict[str, Any]) -> None:
    refused(pair.job("exp", target, options=options), str(next(iter(options.values()))))


# Tasks, methods, parameters


def test_unknown_task_method_and_role(pair: OnDisk, target: Path) -> None:
    job = pair.job("exp", target)
    refused(replace(job, task="sharpening"), "'sharpening'", "pansharpening")
    refused(replace(job, method="gs2"), "'gs2'", "gsa")
    refused(replace(job, inputs=[*job.inputs, Input("TRUTH", str(pair.pan))]), "TRUTH")
    refused(replace(job, inputs=job.inputs[:1]), "PAN")
    refused(replace(job, inputs=job.inputs[1:]), "MS")
    refused(replace(job, inputs=[*job.inputs, Input("PAN", str(pair.pan), 1)]), "PAN", "1 image")
    refused(replace(job, device="cuda:0"), "cuda:0", early=False)


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("exp", {"SENSOR": "landsat8"}, ["SENSOR"]),
        ("gsa", {"SENSOR": "landsat99"}, ["SENSOR", "landsat99"]),
        ("gsa", {"WEIGHTS": "1,1,1,1"}, ["WEIGHTS"]),
        ("gsa", {"MTF_GAINS": "0.3,0.3"}, ["MTF_GAINS", "4"]),
        ("gsa", {"MTF_GAINS": "0.3,x"}, ["MTF_GAINS"]),
        ("gsa", {"MTF_GAINS": "0.9"}, ["MTF_GAINS", "0.6"]),
        ("gsa", {"MTF_GAINS": "nan"}, ["MTF_GAINS"]),
        ("brovey", {"WEIGHTS": "1,1"}, ["WEIGHTS", "4"]),
        ("brovey", {"WEIGHTS": "0,0,0,0"}, ["WEIGHTS"]),
        ("brovey", {"WEIGHTS": "1,1,1,-1"}, ["WEIGHTS"]),
        ("brovey", {"WEIGHTS": "1,1,1,many"}, ["WEIGHTS", "many"]),
        ("brovey", {"WEIGHTS": [1, 1, 1, float("nan")]}, ["WEIGHTS"]),
        ("brovey", {"WEIGHTS": True}, ["WEIGHTS"]),
    ],
)
def test_parameters(pair: OnDisk, target: Path, method: str, parameters: dict[str, Any], words: list[str]) -> None:
    refused(pair.job(method, target, parameters=parameters), *words)


@pytest.mark.parametrize("window", [-5, 10**6])
def test_window_out_of_range(pair: OnDisk, target: Path, window: int) -> None:
    refused(pair.job("exp", target, window=window), "WINDOW", str(window))


def test_dated_roles_need_dates(pair: OnDisk, target: Path) -> None:
    series = [Input("SERIES", str(pair.ms), 0, date="2020-01-01"), Input("SERIES", str(pair.ms), 1)]
    outputs = [Output("OUTPUT", str(target), "classes"), Output("TABLE", str(target.with_name("table.json")), "table")]
    job = Job("brightdays", "threshold", [*series, Input("LIKE", str(pair.pan))], outputs)
    refused(job, "SERIES", "date", catalogue=TOY_CATALOGUE)
    job.inputs[1] = replace(series[1], date="last summer")
    refused(job, "last summer", catalogue=TOY_CATALOGUE)


# The host program's settings, and names of files


@pytest.fixture
def gdal_raises() -> Iterator[None]:
    """GDAL's exceptions, which another plugin may have switched on."""
    before = gdal.GetUseExceptions()
    gdal.UseExceptions()
    osr.UseExceptions()
    yield
    if not before:
        osr.DontUseExceptions()
        gdal.DontUseExceptions()


@pytest.mark.usefixtures("gdal_raises")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_all_the_same_where_gdal_raises_exceptions(pair: OnDisk, target: Path) -> None:
    fused = pair.fuse("gsa", target, options={"COMPRESSION": "cog"})
    assert fused.shape == (4, 64, 64) and gdal.GetUseExceptions()
    refused(pair.job("gsa", target, ms={"bands": [5]}), "band 5")
    grid = {"crs": "nonsense", "geotransform": [0, 1, 0, 0, 0, -1], "size": [5, 5]}
    refused(pair.job("gsa", target, grid=grid), "grid")
    gdal.Warp(str(pair.ms.with_name("other.tif")), str(pair.ms), dstSRS="EPSG:4326", dstNodata="nan")
    assert OnDisk(pair.ms.with_name("other.tif"), pair.pan, pair.scene).fuse("exp").shape[0] == 4
    content = pair.pan.read_bytes()
    pair.pan.write_bytes(content[: len(content) // 2])
    refused(pair.job("gsa", target), "pan.tif")
    pair.pan.write_bytes(b"nothing")
    refused(pair.job("gsa", target), "pan.tif")


def test_names_with_spaces_and_letters_of_any_alphabet(tmp_path: Path) -> None:
    folder = tmp_path / "Überflug 衛星 (1)"
    pair = small_pair(folder, 48, 48)
    fused = pair.fuse("gsa", folder / "mit Lücke & 'Rest'.tif")
    assert fused.shape == (4, 48, 48)
    assert files_in(folder) == sorted(["ms.tif", "pan.tif", "mit Lücke & 'Rest'.tif"])
    refused(pair.job("gsa", folder / "neu.tif", ms={"bands": [9]}), "band 9")


def test_inputs_that_are_no_files(pair: OnDisk) -> None:
    """A subdataset, a file in an archive: whatever GDAL opens."""
    expected = pair.fuse("exp")
    gdal.Translate("/vsimem/pan.tif", str(pair.pan))
    held = OnDisk(pair.ms, Path("/vsimem/pan.tif"), pair.scene)
    np.testing.assert_array_equal(held.fuse("exp"), expected)
    gdal.Unlink("/vsimem/pan.tif")
    named = OnDisk(pair.ms, Path(f"GTIFF_DIR:1:{pair.pan}"), pair.scene)
    np.testing.assert_array_equal(named.fuse("exp"), expected)


# Jobs as JSON


def job_data(pair: OnDisk, target: Path) -> dict[str, Any]:
    return json.loads(pair.job("exp", target).to_json())


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"job"', "{}", '{"format": 2}', '{"format": 1}'])
def test_text_that_is_no_job(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Job.from_json(text)
    assert_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("task",), None),
        (("task",), 5),
        (("method",), ["exp"]),
        (("inputs",), {}),
        (("inputs", 0), "ms.tif"),
        (("inputs", 0, "path"), 7),
        (("inputs", 0, "path"), None),
        (("inputs", 0, "bands"), "1,2"),
        (("inputs", 0, "bands"), [1.5]),
        (("inputs", 0, "bands"), ["one"]),
        (("inputs", 0, "bands"), 3),
        (("inputs", 0, "index"), "first"),
        (("inputs", 0, "scale"), "big"),
        (("inputs", 0, "nodata"), "none"),
        (("inputs", 0, "wavelengths_nm"), ["red"]),
        (("inputs", 0, "date"), 2001),
        (("inputs", 0, "mask"), "m.tif"),
        (("inputs", 0, "mask"), {"path": "m.tif", "band": "one"}),
        (("inputs", 0, "mask"), {"path": "m.tif", "dilate_px": -3}),
        (("inputs", 0, "colour"), "red"),
        (("outputs",), None),
        (("outputs", 0, "path"), 7),
        (("outputs", 0, "dtype"), 3),
        (("outputs", 0, "options"), "fast"),
        (("extent",), "all"),
        (("extent",), [1, 2, 3, "x"]),
        (("grid",), "PAN"),
        (("parameters",), []),
        (("parameters",), "SENSOR=landsat8"),
        (("window",), "large"),
        (("threads",), "two"),
        (("threads",), None),
        (("device",), 3),
        (("seed",), "x"),
        (("software",), "SatFusion"),
        (("comment",), "a field of tomorrow"),
    ],
)
def test_fields_of_the_wrong_kind(pair: OnDisk, target: Path, place: tuple, value: Any) -> None:
    data: Any = job_data(pair, target)
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    before = files_in(pair.ms.parent)
    with pytest.raises(InputError) as caught:
        pipeline.run(Job.from_json(json.dumps(data)))
    assert_one_sentence(str(caught.value))
    assert files_in(target.parent) == [] and files_in(pair.ms.parent) == before


# Degrading and scoring


def test_degrading(pair: OnDisk, target: Path) -> None:
    ms, pan = [Input("MS", str(pair.ms))], Input("PAN", str(pair.pan))
    out = str(target), str(target.with_name("pan.tif"))
    for arguments in (
        (ms, None, out[0], None),
        (ms, None, out[0], None, 1.0),
        (ms, None, out[0], None, -2.0),
        (ms, None, out[0], None, float("nan")),
        (ms, None, out[0], None, 4.0),  # 16 pixels leave 4
        ([Input("MS", str(pair.pan))], Input("PAN", str(pair.ms), bands=[1]), *out),
        (ms, pan, *out, 2.0, {"SENSOR": "hubble"}),
        (ms, pan, *out, 2.0, {"MTF_GAINS": "estimate"}),
        (ms, pan, *out, 2.0, {"MTF_GAINS": "2"}),
        (ms, pan, out[0], out[0], 2.0),
        (ms, pan, str(pair.pan), out[1], 2.0),
        (ms, pan, out[0], str(pair.ms), 2.0),
    ):
        with pytest.raises(InputError) as caught:
            for job in degrade_jobs(*arguments):
                pipeline.check(job)
        assert_one_sentence(str(caught.value))
    assert files_in(target.parent) == []


def test_scoring(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    pair = on_disk(tmp_path, scene)
    truth = write_geotiff(tmp_path / "truth.tif", scene.truth, scene.pan_geotransform)
    pair.fuse("exp", tmp_path / "fused.tif")
    fused, reference = Input("FUSED", str(tmp_path / "fused.tif")), Input("REFERENCE", str(truth))
    x, a, _, y, _, e = scene.pan_geotransform
    shifted = write_geotiff(tmp_path / "shifted.tif", scene.truth, (x + 0.25, a, 0, y, 0, e))
    far = write_geotiff(tmp_path / "far.tif", scene.truth, (x + 1000, a, 0, y, 0, e))
    elsewhere = write_geotiff(tmp_path / "zone.tif", scene.truth, scene.pan_geotransform, epsg=32632)
    empty = write_geotiff(tmp_path / "empty.tif", scene.truth * np.nan, scene.pan_geotransform)
    for test, ratio, border, word in (
        (replace(fused, bands=[1, 2]), 4.0, 0, "bands"),
        (fused, 0.0, 0, "RATIO"),
        (fused, float("nan"), 0, "RATIO"),
        (fused, 4.0, 32, "BORDER"),
        (fused, 4.0, -1, "BORDER"),
        (Input("FUSED", str(shifted)), 4.0, 0, "pixels"),
        (Input("FUSED", str(far)), 4.0, 0, "overlap"),
        (Input("FUSED", str(elsewhere)), 4.0, 0, "coordinate reference system"),
        (Input("FUSED", str(empty)), 4.0, 0, "valid"),
    ):
        with pytest.raises(InputError) as caught:
            assess_reference(test, reference, ratio, border)
        assert_one_sentence(str(caught.value))
        assert word in str(caught.value)
