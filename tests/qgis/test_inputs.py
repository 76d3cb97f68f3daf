"""Inputs as users give them: files in any order, bands, parts, bad values."""

from __future__ import annotations

import itertools
import shutil

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsRasterLayer, QgsRasterRange

from satfusion_qgis.algorithms.layers import band_numbers, dates_of
from satfusion_qgis.pipeline import job_of
from satfusion_qgis.pipeline.names import scene_name
from satfusion_qgis.tasks.errors import InputError


def pixels(path):
    return gdal.Open(path).ReadAsArray()


def run(provider, log, name="pansharpen_exp", **parameters):
    results, good = provider.algorithm(name).run(parameters, QgsProcessingContext(), log)
    assert good, log.errors
    return results["OUTPUT"]


def refusal(provider, log, name="pansharpen_gsa", **parameters):
    """The one sentence with which a run is refused, and whether already before it starts."""
    algorithm = provider.algorithm(name)
    context = QgsProcessingContext()
    good, text = algorithm.checkParameterValues(parameters, context)
    _, done = algorithm.run(parameters, QgsProcessingContext(), log)
    assert not done
    assert len(log.errors) == 1, log.errors
    sentence = log.errors[0]
    assert sentence and "\n" not in sentence and "Traceback" not in sentence
    if not good:
        assert text
    return sentence


def test_the_order_of_files_does_not_matter(provider, scene_files, tmp_path, log):
    written = []
    for number, order in enumerate(itertools.islice(itertools.permutations(scene_files.bands), 0, 24, 7)):
        path = run(provider, log, MS=list(order), PAN=scene_files.pan, OUTPUT=str(tmp_path / f"{number}.tif"))
        written.append(pixels(path))
    assert all(np.array_equal(written[0], other) for other in written)
    said = [line for line in log.lines if "order of the files" in line]
    assert said
    assert said[0].index("_B2") < said[0].index("_B3") < said[0].index("_B8") < said[0].index("_B10")


def test_one_file_and_a_file_for_each_band_give_the_same(provider, scene_files, tmp_path, log):
    one = run(provider, log, MS=scene_files.ms, PAN=scene_files.pan, OUTPUT=str(tmp_path / "one.tif"))
    four = run(provider, log, MS=scene_files.bands, PAN=scene_files.pan, OUTPUT=str(tmp_path / "four.tif"))
    np.testing.assert_array_equal(pixels(one), pixels(four))


def test_the_order_can_be_kept(provider, scene_files, tmp_path, log):
    path = run(
        provider,
        log,
        MS=scene_files.bands[::-1],
        PAN=scene_files.pan,
        KEEP_ORDER=True,
        OUTPUT=str(tmp_path / "kept.tif"),
    )
    assert [item.path for item in job_of(path).inputs if item.role == "MS"] == scene_files.bands[::-1]


@pytest.mark.parametrize("several", [False, True])
def test_bands(provider, scene_files, tmp_path, log, several):
    ms = scene_files.bands if several else scene_files.ms
    every = pixels(run(provider, log, MS=ms, PAN=scene_files.pan, OUTPUT=str(tmp_path / "every.tif")))
    some = pixels(run(provider, log, MS=ms, PAN=scene_files.pan, BANDS="4,1-2", OUTPUT=str(tmp_path / "some.tif")))
    np.testing.assert_array_equal(some, every[[3, 0, 1]])


def test_bands_as_a_list(provider, scene_files, tmp_path, log):
    path = run(provider, log, MS=scene_files.ms, PAN=scene_files.pan, BANDS=[2, 3], OUTPUT=str(tmp_path / "b.tif"))
    assert gdal.Open(path).RasterCount == 2


def test_a_band_of_the_pan(provider, scene_files, tmp_path, log):
    stack = str(tmp_path / "stack.tif")
    gdal.Translate(stack, scene_files.pan, bandList=[1, 1])
    run(provider, log, MS=scene_files.ms, PAN=stack, OUTPUT=str(tmp_path / "both.tif"))
    assert any("own mixture of PAN's bands" in line for line in log.lines)
    path = run(provider, log, MS=scene_files.ms, PAN=stack, PAN_BAND=2, OUTPUT=str(tmp_path / "two.tif"))
    usual = run(provider, log, MS=scene_files.ms, PAN=scene_files.pan, OUTPUT=str(tmp_path / "one.tif"))
    np.testing.assert_array_equal(pixels(path), pixels(usual))


def test_a_part(provider, scene_files, tmp_path, log):
    whole = run(provider, log, MS=scene_files.ms, PAN=scene_files.pan, OUTPUT=str(tmp_path / "whole.tif"))
    left, pixel, _, top, _, _ = gdal.Open(whole).GetGeoTransform()
    box = [left + 40 * pixel, left + 100 * pixel, top - 90 * pixel, top - 20 * pixel]
    extent = ",".join(str(value) for value in box) + " [EPSG:32633]"
    part = run(
        provider,
        log,
        MS=scene_files.ms,
        PAN=scene_files.pan,
        EXTENT=extent,
        OUTPUT=str(tmp_path / "part.tif"),
    )
    assert gdal.Open(part).GetGeoTransform()[0] == pytest.approx(box[0])
    np.testing.assert_array_equal(pixels(part), pixels(whole)[:, 20:90, 40:100])


def test_a_part_in_another_crs(provider, scene_files, tmp_path, log):
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsRectangle

    whole = gdal.Open(scene_files.pan)
    left, pixel, _, top, _, _ = whole.GetGeoTransform()
    box = QgsRectangle(left + 40 * pixel, top - 90 * pixel, left + 100 * pixel, top - 20 * pixel)
    utm, degrees = QgsCoordinateReferenceSystem("EPSG:32633"), QgsCoordinateReferenceSystem("EPSG:4326")
    turned = QgsCoordinateTransform(utm, degrees, QgsProject.instance()).transformBoundingBox(box)
    sides = (turned.xMinimum(), turned.xMaximum(), turned.yMinimum(), turned.yMaximum())
    extent = ",".join(repr(value) for value in sides) + " [EPSG:4326]"
    part = gdal.Open(
        run(
            provider,
            log,
            MS=scene_files.ms,
            PAN=scene_files.pan,
            EXTENT=extent,
            OUTPUT=str(tmp_path / "part.tif"),
        )
    )
    assert 60 <= part.RasterXSize <= 66
    assert 70 <= part.RasterYSize <= 76


def test_types_units_and_compression(provider, scene_files, tmp_path, log):
    path = run(
        provider,
        log,
        MS=scene_files.ms,
        PAN=scene_files.pan,
        OUTPUT_TYPE="float32",
        COMPRESSION="none",
        OVERVIEWS=False,
        OUTPUT=str(tmp_path / "float.tif"),
    )
    written = gdal.Open(path)
    assert gdal.GetDataTypeName(written.GetRasterBand(1).DataType) == "Float32"
    assert written.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") is None
    assert written.GetRasterBand(1).GetOverviewCount() == 0


def test_no_data_declared_in_the_layer(provider, scene_files, tmp_path, log):
    bare = str(tmp_path / "bare.tif")
    gdal.Translate(bare, scene_files.ms, noData="none")
    layer = QgsRasterLayer(bare, "bare")
    value = int(pixels(bare)[0, 0, 0])
    for band in range(1, 5):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(value, value)])
    path = run(provider, log, MS=[layer], PAN=scene_files.pan, OUTPUT=str(tmp_path / "out.tif"))
    assert job_of(path).inputs[0].nodata == value


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"WINDOW": "abc"}, "WINDOW"),
        ({"WINDOW": -5}, "WINDOW"),
        ({"WINDOW": "12.5"}, "WINDOW"),
        ({"THREADS": "many"}, "THREADS"),
        ({"OVERVIEWS": "perhaps"}, "OVERVIEWS"),
        ({"COMPRESSION": "zip"}, "COMPRESSION"),
        ({"SENSOR": "mine"}, "SENSOR"),
        ({"OUTPUT_TYPE": 3}, "OUTPUT_TYPE"),
        ({"BANDS": "red"}, "BANDS"),
        ({"BANDS": "0"}, "BANDS"),
        ({"BANDS": "1,1"}, "BANDS"),
        ({"PAN_BAND": "abc"}, "PAN_BAND"),
        ({"EXTENT": "abc"}, "EXTENT"),
    ],
)
def test_bad_values_are_named(provider, scene_files, tmp_path, log, changes, word):
    given = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "x.tif"), **changes}
    algorithm = provider.algorithm("pansharpen_gsa")
    good, text = algorithm.checkParameterValues(given, QgsProcessingContext())
    assert not good
    assert word in text
    assert word in refusal(provider, log, **given)
    assert not (tmp_path / "x.tif").exists()


def test_bad_images_are_refused_in_one_sentence(provider, scene_files, tmp_path, log):
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0 this is no image")
    far = str(tmp_path / "far.tif")
    gdal.Translate(far, scene_files.pan, outputBounds=[0, 100, 100, 0])
    copy = str(tmp_path / "copy.tif")
    shutil.copy(scene_files.pan, copy)
    out = str(tmp_path / "x.tif")
    cases = [
        {"MS": scene_files.ms, "PAN": str(broken)},
        {"MS": str(tmp_path / "missing.tif"), "PAN": scene_files.pan},
        {"MS": [scene_files.ms, str(tmp_path / "missing.tif")], "PAN": scene_files.pan},
        {"MS": [], "PAN": scene_files.pan},
        {"MS": scene_files.ms},
        {"MS": scene_files.ms, "PAN": far},
        {"MS": scene_files.pan, "PAN": scene_files.ms},
        {"MS": scene_files.ms, "PAN": scene_files.pan, "BANDS": "9"},
        {"MS": scene_files.bands, "PAN": scene_files.pan, "BANDS": "9"},
        {"MS": scene_files.ms, "PAN": copy, "OUTPUT": copy},
        {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "no" / "such" / "x.tif")},
    ]
    for case in cases:
        log.errors.clear()
        refusal(provider, log, **{"OUTPUT": out, **case})
        assert not (tmp_path / "x.tif").exists()
    np.testing.assert_array_equal(pixels(copy), pixels(scene_files.pan))


def test_a_layer_without_a_file_is_refused(provider, scene_files, tmp_path, log):
    map_service = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png&zmax=3&zmin=0", "tiles", "wms")
    assert map_service.providerType() == "wms"
    sentence = refusal(provider, log, MS=[map_service], PAN=scene_files.pan, OUTPUT=str(tmp_path / "x.tif"))
    assert "tiles" in sentence
    assert "GeoTIFF" in sentence


def test_a_shared_parameter_that_the_method_lacks_is_told(provider, scene_files, tmp_path, log):
    run(
        provider,
        log,
        "pansharpen",
        MS=scene_files.ms,
        PAN=scene_files.pan,
        METHOD="exp",
        SENSOR="worldview2",
        OUTPUT=str(tmp_path / "x.tif"),
    )
    assert any("SENSOR" in line for line in log.warnings)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        (None, []),
        ("1,2,3", [1, 2, 3]),
        ("3 1", [3, 1]),
        ("2-4", [2, 3, 4]),
        ("1;3-4", [1, 3, 4]),
        ([2, 1], [2, 1]),
    ],
)
def test_band_numbers(text, numbers):
    assert band_numbers(text) == numbers


@pytest.mark.parametrize(
    ("paths", "name"),
    [
        (["/x/town.tif"], "town"),
        (["/x/LC08_T1_B2.TIF", "/x/LC08_T1_B3.TIF"], "LC08_T1"),
        (["/x/LC09_T1_SR_B1.TIF", "/x/LC09_T1_SR_B10.TIF"], "LC09_T1"),
        (["/x/T33_2024_B02_10m.jp2", "/x/T33_2024_B08_10m.jp2"], "T33_2024"),
        (["/x/red.tif", "/x/green.tif"], "red"),
    ],
)
def test_scene_names(paths, name):
    assert scene_name(paths) == name


def test_dates():
    files = ["/x/a_20240131.tif", "/x/b_2024-02-01T10.tif"]
    assert dates_of("", files, "DATES") == ["2024-01-31T00:00:00Z", "2024-02-01T00:00:00Z"]
    assert dates_of("2023-05-06, 20230507", files, "DATES") == [
        "2023-05-06T00:00:00Z",
        "2023-05-07T00:00:00Z",
    ]
    assert dates_of("2023-05-06T10:00:00+02:00", files[:1], "DATES") == ["2023-05-06T08:00:00Z"]
    for bad in ("2024-01-31", "soon, later"):
        with pytest.raises(InputError, match="DATES"):
            dates_of(bad, files, "DATES")
    with pytest.raises(InputError, match="none"):
        dates_of("", ["/x/image.tif"], "DATES")
