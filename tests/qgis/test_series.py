"""Series in the toolbox: forms, folders and layers, files with their dates, stacks, tables, and the comparison."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsLayerDefinition, QgsProcessingContext, QgsRasterLayer, QgsRasterRange

from satfusion_qgis.algorithms.styling import style_loader
from tests.qgis.conftest import run_as_task
from tests.qgis.test_style_and_names import styled, user_style
from tests.series_files import RATIO, SIZE, day, truth, write_coarse, write_fine, write_series

DAYS = (0, 5, 12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_series(tmp_path_factory.mktemp("series"), DAYS, (*DAYS, 8, 10))


def run(provider, log, algorithm, project=None, **parameters):
    good, results, context = run_as_task(provider.algorithm(algorithm), parameters, log, project)
    assert good, log.errors
    return results, context


def given(folder, tmp_path, **more):
    return {
        "FINE_FOLDER": str(folder / "fine"),
        "COARSE_FOLDER": str(folder / "coarse"),
        "METHOD": "add_change",
        "OUTPUT": str(tmp_path / "out"),
        **more,
    }


def pixels(path):
    return gdal.Open(str(path)).ReadAsArray()


def test_the_forms(provider):
    series = provider.algorithm("predict_series")
    kinds = {item.name(): item.type() for item in series.parameterDefinitions()}
    assert kinds["FINE"] == kinds["COARSE"] == "multilayer"
    assert kinds["FINE_FOLDER"] == kinds["COARSE_FOLDER"] == "file"
    assert kinds["METHOD"] == kinds["PAIRS"] == kinds["MASKS"] == "enum"
    assert kinds["FILL_GAPS"] == kinds["PREVIEW"] == kinds["OVERWRITE"] == "boolean"
    assert kinds["OUTPUT"] == "folderDestination" and kinds["OUTPUT_STACK"] == "rasterDestination"
    assert series.parameterDefinition("METHOD").defaultValue() == "auto"
    assert series.parameterDefinition("MODEL") is not None and series.parameterDefinition("DEVICE") is not None
    compared = provider.algorithm("assess_series")
    assert compared.groupId() == "assessment"
    assert {item.name() for item in compared.outputDefinitions()} >= {"OUTPUT", "CSV", "REPORT", "BEST", "RMSE"}
    for algorithm in (series, compared):
        assert "DATE_PATTERN" in {item.name() for item in algorithm.parameterDefinitions()}
        assert "MAX_DAYS" in {item.name() for item in algorithm.parameterDefinitions()}
        assert algorithm.shortHelpString() and algorithm.create().name() == algorithm.name()
        for item in algorithm.parameterDefinitions():
            assert item.help(), item.name()


def test_folders_give_a_file_for_each_date_with_its_date(provider, folder, tmp_path, log):
    table, stack = tmp_path / "table.csv", tmp_path / "stack.tif"
    results, _ = run(
        provider, log, "predict_series", **given(folder, tmp_path, TABLE=str(table), OUTPUT_STACK=str(stack))
    )
    assert [Path(path).name for path in results["RASTERS"]] == ["predicted_20200309.tif", "predicted_20200311.tif"]
    assert (results["DONE"], results["FAILED"]) == (2, 0)
    for path, number in zip(results["RASTERS"], (8, 10)):
        layer = QgsRasterLayer(path, "a layer")
        layer.loadDefaultStyle()  # the date survives in the style beside the file
        span = layer.temporalProperties().fixedTemporalRange()
        assert layer.temporalProperties().isActive()
        assert (
            span.begin().date().toString("yyyy-MM-dd") == span.end().date().toString("yyyy-MM-dd") == str(day(number))
        )
        assert span.begin().time().hour() == 0 and span.end().time().hour() == 23
    assert [row["outcome"] for row in csv.DictReader(table.read_text().splitlines())] == ["written"] * 2
    assert np.array_equal(pixels(stack), np.concatenate([pixels(path) for path in results["RASTERS"]]))


def test_layers_are_loaded_into_the_project_with_their_dates(provider, folder, tmp_path, project, log):
    results, context = run(provider, log, "predict_series", project, **given(folder, tmp_path))
    loaded = context.layersToLoadOnCompletion()
    assert set(loaded) == set(results["RASTERS"])
    details = loaded[results["RASTERS"][0]]
    assert details.name == "predicted_20200309"
    layer = QgsRasterLayer(results["RASTERS"][0], details.name)
    loader = style_loader()
    loader.postProcessLayer(layer, QgsProcessingContext(), log)
    assert layer.temporalProperties().isActive()
    _, context = run(provider, log, "predict_series", project, **given(folder, tmp_path, LOAD=False))
    assert not context.layersToLoadOnCompletion()


def test_one_file_opens_all_layers_with_their_dates_wherever_the_folder_lies(provider, folder, tmp_path, log):
    run(provider, log, "predict_series", **given(folder, tmp_path))
    (tmp_path / "out").rename(tmp_path / "moved")
    layers = QgsLayerDefinition.loadLayerDefinitionLayers(str(tmp_path / "moved" / "series.qlr"))
    assert [layer.name() for layer in layers] == ["predicted_20200309", "predicted_20200311"]
    for layer, number in zip(layers, (8, 10)):
        assert layer.isValid() and "moved" in layer.source()
        assert layer.temporalProperties().isActive()
        span = layer.temporalProperties().fixedTemporalRange()
        assert span.begin().date().toString("yyyy-MM-dd") == str(day(number))


def test_layers_files_and_folders_are_the_same(provider, folder, tmp_path, log):
    first, _ = run(provider, log, "predict_series", **given(folder, tmp_path))
    fine = sorted(str(path) for path in (folder / "fine").glob("*.tif"))
    layers = [QgsRasterLayer(path, "some name") for path in sorted(map(str, (folder / "coarse").glob("*.tif")))]
    other = {"FINE": fine, "COARSE": layers, "METHOD": "add_change", "OUTPUT": str(tmp_path / "other")}
    second, _ = run(provider, log, "predict_series", **other)
    one_folder = {"FINE": str(folder), "COARSE": [], "FINE_NAMES": "fine*", "OUTPUT": str(tmp_path / "third")}
    third, _ = run(provider, log, "predict_series", **{**other, **one_folder})
    for paths in zip(first["RASTERS"], second["RASTERS"], third["RASTERS"]):
        assert np.array_equal(pixels(paths[0]), pixels(paths[1]))
        assert np.array_equal(pixels(paths[0]), pixels(paths[2]))


def test_no_data_that_was_declared_in_a_layer_s_properties(provider, tmp_path, log):
    folder = write_series(tmp_path / "plain", DAYS, (*DAYS, 8))
    image = truth(5)
    image[:, :40] = 0
    path = write_fine(folder / "fine", 5, image, nodata=None)
    layer = QgsRasterLayer(str(path), "with a value of no data")
    for band in (1, 2):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(0, 0)])
    fine = [str(folder / "fine" / f"fine_{day(number):%Y%m%d}.tif") for number in (0, 12)]
    parameters = given(
        folder, tmp_path, FINE=[layer, *fine], DATES=str(day(8)), PAIRS="1", TABLE=str(tmp_path / "t.json")
    )
    run(provider, log, "predict_series", **{**parameters, "FINE_FOLDER": None})
    (row,) = json.loads((tmp_path / "t.json").read_text())
    assert row["pair_1"] == str(day(12))  # 4 days, while 3 days with 58 % of the pixels count as 5


def test_gaps_are_filled_and_the_sources_told(provider, tmp_path, log):
    folder = write_series(tmp_path / "gaps", DAYS, DAYS)
    image = truth(5)
    image[:, 10:30, 10:60] = -9999
    write_fine(folder / "fine", 5, image)
    results, _ = run(
        provider, log, "predict_series", **given(folder, tmp_path, FILL_GAPS=True, DATES=str(day(5)), METHOD="starfm")
    )
    (path,), (sources,) = results["RASTERS"], results["SOURCES"]
    clear = image[0] != -9999
    assert np.array_equal(pixels(path)[:, clear], image[:, clear])
    assert np.array_equal(pixels(sources)[0] == 1, clear)
    for file in (path, sources):
        layer = QgsRasterLayer(file, "a layer")
        layer.loadDefaultStyle()
        assert layer.temporalProperties().isActive()


COLOURS = {"names": ["blue", "green", "red", "nir"], "wavelengths_nm": (480.0, 560.0, 660.0, 860.0)}
CLEAREST = 5


def in_colours(number):
    """The fine image of a day with four bands; that of day 5 alone has no gap."""
    image = np.concatenate([truth(number), truth(number, seed=1)])
    if number != CLEAREST:
        image[:, :20, : 10 + number] = -9999
    return image


@pytest.fixture(scope="module")
def coloured(tmp_path_factory):
    """A series with blue, green, red and near infrared."""
    folder = tmp_path_factory.mktemp("colours")
    for name in ("fine", "coarse"):
        (folder / name).mkdir()
    for number in (*DAYS, 8, 10):
        if number in DAYS:
            write_fine(folder / "fine", number, in_colours(number), **COLOURS)
        seen = np.concatenate([truth(number), truth(number, seed=1)]).astype(float)
        seen = np.rint(seen.reshape(4, SIZE // RATIO, RATIO, SIZE // RATIO, RATIO).mean((2, 4))).astype(np.int16)
        write_coarse(folder / "coarse", number, seen, **COLOURS)
    return folder


def shown(path):
    """Band, darkest and brightest value of red, green and blue, as QGIS opens the file."""
    renderer = styled(path)
    bands = (renderer.redBand(), renderer.greenBand(), renderer.blueBand())
    parts = (renderer.redContrastEnhancement, renderer.greenContrastEnhancement, renderer.blueContrastEnhancement)
    return [(band, part().minimumValue(), part().maximumValue()) for band, part in zip(bands, parts)]


def of_image(image, bands=(3, 2, 1)):
    """What is shown of an image without a style: 2 to 98 % of each band."""
    return [(band, *np.percentile(image[band - 1], (2, 98)) * 1e-4) for band in bands]


def assert_shown(path, wanted):
    for one, other in zip(shown(path), wanted):
        assert one == pytest.approx(other, abs=1e-6), path


def test_all_dates_are_shown_with_the_stretch_of_the_clearest_fine_image(provider, coloured, tmp_path, log):
    stack = tmp_path / "stack.tif"
    parameters = given(coloured, tmp_path, FILL_GAPS=True, OUTPUT_STACK=str(stack))
    results, _ = run(provider, log, "predict_series", **parameters)
    assert len(results["RASTERS"]) == 5
    for path in (*results["RASTERS"], stack):
        assert_shown(path, of_image(in_colours(CLEAREST)))
    assert styled(results["SOURCES"][0]).type() == "singlebandgray"


def test_a_grey_series_is_shown_with_one_stretch(provider, folder, tmp_path, log):
    results, _ = run(provider, log, "predict_series", **given(folder, tmp_path))
    (_, lowest, highest) = of_image(truth(DAYS[0]), (1,))[0]  # all are clear: the first
    for path in results["RASTERS"]:
        renderer = styled(path)
        contrast = renderer.contrastEnhancement()
        assert (contrast.minimumValue(), contrast.maximumValue()) == pytest.approx((lowest, highest), abs=1e-6)


def test_within_an_extent_the_stretch_is_of_what_it_shows(provider, coloured, tmp_path, log):
    extent = "500000,501200,4998800,5000000 [EPSG:32633]"
    results, _ = run(provider, log, "predict_series", **given(coloured, tmp_path, EXTENT=extent))
    for path in results["RASTERS"]:
        assert_shown(path, of_image(in_colours(CLEAREST)[:, :40, :40]))


def test_a_series_that_goes_on_is_shown_as_before_except_where_the_user_saved_a_style(
    provider, coloured, tmp_path, log
):
    first, _ = run(provider, log, "predict_series", **given(coloured, tmp_path, DATES=str(day(8))))
    (path,) = first["RASTERS"]
    before = shown(path)
    results, _ = run(provider, log, "predict_series", **given(coloured, tmp_path))
    assert results["RASTERS"][0] == path and [shown(one) for one in results["RASTERS"]] == [before, before]
    layer = QgsRasterLayer(path, "a layer")
    user_style(layer, (4, 3, 2), ((0.1, 0.2),) * 3)
    assert layer.saveDefaultStyle()[1]
    results, _ = run(provider, log, "predict_series", **given(coloured, tmp_path))
    assert shown(path) == [(band, 0.1, 0.2) for band in (4, 3, 2)]
    assert shown(results["RASTERS"][1]) == before


def test_the_style_of_a_fine_layer_in_the_project_is_taken(provider, coloured, tmp_path, project, log):
    before, _ = run(provider, log, "predict_series", project, **given(coloured, tmp_path, DATES=str(day(8))))
    untouched = QgsRasterLayer(str(coloured / "fine" / f"fine_{day(0):%Y%m%d}.tif"), "untouched")
    layer = QgsRasterLayer(str(coloured / "fine" / f"fine_{day(12):%Y%m%d}.tif"), "fine")
    user_style(layer, (4, 3, 2), ((0.0, 0.5), (0.0, 0.3), (0.1, 0.2)))
    project.addMapLayers([untouched, layer])
    wanted = [(4, 0.0, 0.5), (3, 0.0, 0.3), (2, 0.1, 0.2)]
    results, _ = run(provider, log, "predict_series", project, **given(coloured, tmp_path))
    assert results["RASTERS"][0] == before["RASTERS"][0]  # kept, and shown as the new ones are
    for path in results["RASTERS"]:
        assert_shown(path, wanted)
    other = {"FINE_FOLDER": None, "FINE": [untouched, layer], "OUTPUT": str(tmp_path / "other"), "BANDS": "2-4"}
    results, _ = run(provider, log, "predict_series", **given(coloured, tmp_path, **other))
    for path in results["RASTERS"]:
        assert_shown(path, [(band - 1, *ends) for band, *ends in wanted])
    other = {"OUTPUT": str(tmp_path / "third"), "OUTPUT_UNITS": "reflectance"}
    results, _ = run(provider, log, "predict_series", project, **given(coloured, tmp_path, **other))
    clear = in_colours(12)[:, in_colours(12)[0] != -9999]
    for path in results["RASTERS"]:
        assert_shown(path, of_image(clear, (4, 3, 2)))


def test_a_run_again_keeps_what_is_there(provider, folder, tmp_path, log):
    results, _ = run(provider, log, "predict_series", **given(folder, tmp_path))
    stamps = [Path(path).stat().st_mtime_ns for path in results["RASTERS"]]
    run(provider, log, "predict_series", **given(folder, tmp_path))
    assert [Path(path).stat().st_mtime_ns for path in results["RASTERS"]] == stamps
    run(provider, log, "predict_series", **given(folder, tmp_path, OVERWRITE=True))
    assert [Path(path).stat().st_mtime_ns for path in results["RASTERS"]] != stamps


def test_extent_and_preview(provider, folder, tmp_path, log):
    extent = "500000,501200,4998800,5000000 [EPSG:32633]"
    results, _ = run(provider, log, "predict_series", **given(folder, tmp_path, EXTENT=extent))
    assert pixels(results["RASTERS"][0]).shape == (2, 40, 40)
    results, _ = run(provider, log, "predict_series", **given(folder, tmp_path, PREVIEW=True))
    assert [Path(path).name for path in results["RASTERS"]] == ["predicted_20200309_preview.tif"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"FINE_FOLDER": "/no/such/folder"}, "FINE_FOLDER"),
        ({"FINE_FOLDER": ""}, "FINE"),
        ({"DATES": "yesterday"}, "DATES"),
        ({"FROM": "2020-03-10", "TO": "2020-03-01"}, "FROM"),
        ({"DATE_PATTERN": "*_%Y"}, "DATE_PATTERN"),
        ({"NAME": "predicted"}, "NAME"),
        ({"PAIRS": "3"}, "PAIRS"),
        ({"METHOD": "magic"}, "METHOD"),
        ({"FROM": "2021-01-01"}, "No date"),
    ],
)
def test_bad_input_is_refused(provider, folder, tmp_path, log, change, word):
    good, _, _ = run_as_task(provider.algorithm("predict_series"), given(folder, tmp_path, **change), log)
    assert not good
    assert word in "\n".join(log.errors)
    assert not list((tmp_path / "out").glob("*.tif"))


def test_the_comparison(provider, folder, tmp_path, log):
    parameters = {
        "FINE_FOLDER": str(folder / "fine"),
        "COARSE_FOLDER": str(folder / "coarse"),
        "METHODS": ["starfm", "fit_fc"],
        "METRICS": "survey",
        "OUTPUT": str(tmp_path / "scores.json"),
        "CSV": str(tmp_path / "scores.csv"),
        "REPORT": str(tmp_path / "report.html"),
    }
    results, _ = run(provider, log, "assess_series", **parameters)
    scores = json.loads((tmp_path / "scores.json").read_text())
    assert [group["pairs"] for group in scores["groups"]] == [1, 2]
    assert scores["groups"][0]["dates"][0]["size"] == [SIZE, SIZE]
    rows = [row for group in scores["groups"] for row in group["methods"] if not row["baseline"]]
    assert results["RMSE"] == pytest.approx(min(row["scores"]["rmse"] for row in rows))
    assert results["BEST"] in ("starfm", "fit_fc")
    assert results["COMPARED"] == 5
    assert "survey_definitions" in scores
    assert "STARFM" in (tmp_path / "report.html").read_text()
    assert (tmp_path / "scores.csv").read_text().startswith("date,pairs")
    assert any("95 %" in line for line in log.lines)
