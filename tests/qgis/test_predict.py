"""Spatiotemporal fusion in the toolbox: the form, methods, dates, masks, bands, the layer's date, and batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingOutputLayerDefinition, QgsProject, QgsRasterLayer

from satfusion_qgis.catalogue import CATALOGUE
from tests.pair_scenes import COARSE_GRID, FINE_GRID, as_modis, make_scene
from tests.qgis.conftest import run_as_task, run_batch
from tests.scenes import write_geotiff

PAIR = ("FINE_1", "COARSE_1", "COARSE_TARGET")


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return make_scene(tmp_path_factory.mktemp("pairs"), bands=2, scale=1e-4, nodata=-9999)


def pixels(path):
    return gdal.Open(str(path)).ReadAsArray().astype(np.float64)


def run(provider, log, algorithm, **parameters):
    good, results, _ = run_as_task(provider.algorithm(algorithm), parameters, log)
    assert good, log.errors
    return results


def refused(provider, log, algorithm, **parameters):
    good, _, _ = run_as_task(provider.algorithm(algorithm), parameters, log)
    assert not good
    return "\n".join(log.errors)


def given(scene, *roles):
    return {role: scene.files[role] for role in roles or PAIR}


def test_every_method_is_in_the_toolbox(provider):
    names = {algorithm.name() for algorithm in provider.algorithms()}
    assert {f"predict_{method.id}" for method in CATALOGUE.methods_of("spatiotemporal_fusion")} | {"predict"} <= names


def test_the_form(provider):
    for name in ("predict", "predict_starfm"):
        definitions = {item.name(): item for item in provider.algorithm(name).parameterDefinitions()}
        for role in (*PAIR, "FINE_2", "COARSE_2"):
            assert definitions[role].type() == definitions[f"{role}_MASK"].type() == "raster"
            optional = bool(definitions[role].flags() & definitions[role].Flag.FlagOptional)
            assert optional == role.endswith("_2")
        for text in ("DATE_1", "TARGET_DATE", "DATE_2", "BANDS", "COARSE_BANDS"):
            assert definitions[text].type() == "string"
        for number in ("RATIO", "FINE_SCALE", "COARSE_SCALE", "SEARCH_WINDOW", "WINDOW"):
            assert definitions[number].type() == "number"
        assert definitions["NORMALISE"].defaultValue() == "offset"
    shared = {item.name(): item for item in provider.algorithm("predict").parameterDefinitions()}
    assert "CLASSES" not in shared  # means one thing for STARFM, another for FSDAF
    assert shared["SEARCH_WINDOW"].defaultValue() is None  # each method has its own


def test_it_runs(provider, scene, tmp_path, log):
    results = run(provider, log, "predict", **given(scene), OUTPUT=str(tmp_path / "auto.tif"))
    assert any("Chosen: FSDAF, for there is one pair" in line for line in log.lines)
    own = run(provider, log, "predict", **given(scene), METHOD="fsdaf", OUTPUT=str(tmp_path / "fsdaf.tif"))
    np.testing.assert_array_equal(pixels(results["OUTPUT"]), pixels(own["OUTPUT"]))
    one = run(provider, log, "predict_fsdaf", **given(scene), OUTPUT=str(tmp_path / "one.tif"))
    np.testing.assert_array_equal(pixels(one["OUTPUT"]), pixels(own["OUTPUT"]))
    error = np.sqrt(np.mean((pixels(one["OUTPUT"]) - scene.truth) ** 2))
    assert error < 0.6 * np.sqrt(np.mean((scene.images["FINE_1"] - scene.truth) ** 2))


def test_the_layer_has_the_date_that_was_predicted(provider, scene, tmp_path, log):
    out = str(tmp_path / "out.tif")
    run(provider, log, "predict_copy", **given(scene), OUTPUT=out)
    layer = QgsRasterLayer(out, "out")
    layer.loadDefaultStyle()
    assert layer.temporalProperties().isActive()
    assert layer.temporalProperties().fixedTemporalRange().begin().date().toString("yyyy-MM-dd") == "2024-06-01"
    run(provider, log, "predict_copy", **given(scene), TARGET_DATE="2020-02-03", OUTPUT=out)
    assert gdal.Open(out).GetMetadataItem("DATE") == "2020-02-03T00:00:00Z"
    text = refused(provider, log, "predict_copy", **given(scene), DATE_1="soon", OUTPUT=str(tmp_path / "no.tif"))
    assert "DATE_1: 'soon' is not a date" in text


def test_masks_of_images(provider, scene, tmp_path, log):
    marks = np.zeros((192, 192), np.uint8)
    marks[40:80, 60:90] = 7
    mask = str(write_geotiff(tmp_path / "marks.tif", marks, FINE_GRID))
    out = str(tmp_path / "out.tif")
    run(provider, log, "predict_add_change", **given(scene), FINE_1_MASK=mask, OUTPUT=out)
    assert ((pixels(out)[0] == -9999) == (marks > 0)).all()
    wrong = str(write_geotiff(tmp_path / "wrong.tif", marks[:50], FINE_GRID))
    text = refused(provider, log, "predict_copy", **given(scene), COARSE_1_MASK=wrong, OUTPUT=str(tmp_path / "no.tif"))
    assert "COARSE_1: the mask wrong.tif" in text
    text = refused(provider, log, "predict_copy", **given(scene), FINE_2_MASK=mask, OUTPUT=str(tmp_path / "no.tif"))
    assert "FINE_2_MASK is given, but FINE_2 is not" in text


def test_prepared_masks(provider, tmp_path, log):
    scene = make_scene(tmp_path / "own", bands=2, nodata=-9999)
    marks = np.zeros((12, 12), np.uint8)
    marks[:, :3] = 1
    write_geotiff(tmp_path / "own" / "modis_20240601_mask.tif", marks, COARSE_GRID)
    out = str(tmp_path / "out.tif")
    run(provider, log, "predict_add_change", **given(scene), MASKS="auto", OUTPUT=out)
    assert (pixels(out)[0, :, :48] == -9999).all()
    assert not (pixels(out)[0, :, 48:] == -9999).any()


def test_bands_of_both_sensors(provider, scene, tmp_path, log):
    files = given(scene)
    wanted, made = str(tmp_path / "wanted.tif"), str(tmp_path / "made.tif")
    run(provider, log, "predict_add_change", **files, BANDS="2", OUTPUT=wanted)  # the coarse band by its wavelength
    run(provider, log, "predict_add_change", **files, BANDS="2", COARSE_BANDS="2", OUTPUT=made)
    np.testing.assert_array_equal(pixels(made), pixels(wanted))
    assert pixels(made).ndim == 2
    text = refused(provider, log, "predict_copy", **files, COARSE_BANDS="x", OUTPUT=str(tmp_path / "no.tif"))
    assert "COARSE_BANDS must be band numbers" in text


def test_modis_order(provider, tmp_path, log):
    scene = make_scene(tmp_path / "own")
    wanted, made = str(tmp_path / "wanted.tif"), str(tmp_path / "made.tif")
    run(provider, log, "predict_add_change", **given(scene), OUTPUT=wanted)
    files = given(scene)
    for role, day in (("COARSE_1", 122), ("COARSE_TARGET", 153)):
        files[role] = as_modis(str(tmp_path / f"MCD43A4.A2024{day}.h18v04.061.tif"), scene.images[role])
    run(provider, log, "predict_add_change", **files, OUTPUT=made)
    np.testing.assert_array_equal(pixels(made), pixels(wanted))
    assert gdal.Open(made).GetMetadataItem("DATE") == "2024-06-01T00:00:00Z"


def test_a_second_pair_needs_both(provider, scene, tmp_path, log):
    files = given(scene, *PAIR, "FINE_2")
    assert "FINE_2 needs COARSE_2" in refused(provider, log, "predict", **files, OUTPUT=str(tmp_path / "no.tif"))


def test_outputs_are_named_from_the_date_that_is_predicted(provider, scene, tmp_path, project, monkeypatch):
    from processing.gui import BatchAlgorithmDialog, BatchPanel

    for owner in (BatchAlgorithmDialog, BatchPanel):
        if hasattr(owner, "iface"):
            monkeypatch.setattr(owner, "iface", None)
    folder = tmp_path / "out"
    folder.mkdir()
    dialog = BatchAlgorithmDialog.BatchAlgorithmDialog(provider.algorithm("predict_starfm").create())
    panel = dialog.mainWidget()
    first = given(scene)
    rows = [first, {**first, "COARSE_TARGET": scene.files["COARSE_2"]}]
    sinks = [QgsProcessingOutputLayerDefinition(str(folder), QgsProject.instance()) for _ in rows]
    monkeypatch.setattr(panel, "batchRowCount", lambda: len(rows))
    monkeypatch.setattr(panel, "parametersForRow", lambda row, *_, **more: ({**rows[row], "OUTPUT": sinks[row]}, True))
    run_batch(dialog, [folder / f"modis_{day}_starfm.qml" for day in ("20240601", "20240625")])
    assert sorted(path.name for path in Path(folder).glob("*.tif")) == [
        "modis_20240601_starfm.tif",
        "modis_20240625_starfm.tif",
    ]
