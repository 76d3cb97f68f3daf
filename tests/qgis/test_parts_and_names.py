"""MASK and PREVIEW in Processing, and outputs that are named from the scene."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import qgis.utils
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from satfusion_qgis.pipeline import job_of
from tests.qgis.conftest import run_as_task, run_batch, wait_until
from tests.scenes import make_pair, write_geotiff


def pixels(path):
    return gdal.Open(path).ReadAsArray().astype(np.float64)


def run(provider, log, name="pansharpen_gsa", **parameters):
    results, good = provider.algorithm(name).run(parameters, QgsProcessingContext(), log)
    assert good, log.errors
    return results["OUTPUT"]


def fails(provider, log, **parameters):
    algorithm, context = provider.algorithm("pansharpen_gsa"), QgsProcessingContext()
    good, text = algorithm.checkParameterValues(parameters, context)
    if not good:
        return text
    assert not algorithm.run(parameters, context, log)[1]
    return log.errors[-1]


def square(files, left, top, right, bottom):
    """A polygon in pixels of the PAN."""
    x, a, _, y, _, e = gdal.Open(files.pan).GetGeoTransform()
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return QgsGeometry.fromPolygonXY([[QgsPointXY(x + a * c, y + e * r) for c, r in corners]])


def memory_layer(polygons, crs="EPSG:32633"):
    layer = QgsVectorLayer(f"Polygon?crs={crs}", "areas", "memory")
    features = []
    for polygon in polygons:
        feature = QgsFeature()
        feature.setGeometry(polygon)
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def file_layer(layer, path, name="fields"):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)
    return QgsVectorLayer(f"{path}|layername={name}", "saved", "ogr")


# MASK


def test_a_mask_of_every_kind_gives_the_same(provider, scene_files, tmp_path, log, project):
    wanted, other = square(scene_files, 40.2, 20.2, 100.2, 90.2), square(scene_files, 200.2, 100.2, 260.2, 200.2)
    memory, both = memory_layer([wanted]), memory_layer([wanted, other])
    saved, saved_both = file_layer(memory, tmp_path / "one.gpkg"), file_layer(both, tmp_path / "two.gpkg")
    project.addMapLayers([memory, both, saved, saved_both])
    both.selectByIds([next(both.getFeatures()).id()])
    subset = file_layer(both, tmp_path / "subset.gpkg")
    project.addMapLayer(subset)
    subset.setSubsetString('"fid" = 1')
    given = {
        "memory": memory.id(),
        "file": saved.id(),
        "path": f"{tmp_path}/one.gpkg|layername=fields",
        "plain path": f"{tmp_path}/one.gpkg",
        "selected": QgsProcessingFeatureSourceDefinition(both.id(), True),
        "first": QgsProcessingFeatureSourceDefinition(saved_both.id(), False, 1),
        "subset": subset.id(),
    }
    found, jobs = {}, {}
    for kind, value in given.items():
        out = str(tmp_path / f"{kind}.tif")
        parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "MASK": value, "OUTPUT": out}
        good, _, _ = run_as_task(provider.algorithm("pansharpen_gsa"), parameters, log, project)
        assert good, (kind, log.errors)
        found[kind], jobs[kind] = pixels(out), job_of(out).area
    assert found["memory"].shape == (4, 70, 60)
    for kind, image in found.items():
        np.testing.assert_array_equal(image, found["memory"], kind)
    assert jobs["file"].path == jobs["path"].path == str(tmp_path / "one.gpkg") and jobs["file"].layer == "fields"
    assert all(jobs[kind].path is None and len(jobs[kind].polygons) == 1 for kind in ("memory", "selected", "first"))
    again = run(provider, log, "rerun", INPUT=str(tmp_path / "memory.tif"), OUTPUT=str(tmp_path / "again.tif"))
    np.testing.assert_array_equal(pixels(again), found["memory"])


def test_a_mask_in_another_crs(provider, scene_files, tmp_path, log, project):
    polygon = square(scene_files, 40.2, 20.2, 100.2, 90.2)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    turned = QgsGeometry(polygon)
    turned.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:32633"), degrees, project))
    shared = {"MS": scene_files.ms, "PAN": scene_files.pan}
    project.addMapLayers(layers := [memory_layer([polygon]), memory_layer([turned], "EPSG:4326")])
    images = []
    for number, layer in enumerate(layers):
        out = str(tmp_path / f"{number}.tif")
        assert run_as_task(provider.algorithm("pansharpen"), {**shared, "MASK": layer, "OUTPUT": out}, log, project)[0]
        images.append(pixels(out))
    assert images[0].shape == images[1].shape
    assert np.count_nonzero(images[0] != images[1]) <= 16


def test_masks_that_cannot_be_used(provider, scene_files, tmp_path, log, project, monkeypatch):
    far = memory_layer([square(scene_files, 1000, 1000, 1010, 1010)])
    many = memory_layer([square(scene_files, 40, 20, 100, 90)] * 20)
    project.addMapLayers([far, many])
    shared = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "f.tif")}
    assert "MASK" in fails(provider, log, MASK="no.gpkg", **shared)
    assert "MASK does not overlap" in fails(provider, log, MASK=far, **shared)
    monkeypatch.setattr("satfusion_qgis.algorithms.parts._MOST_CHARACTERS", 1000)
    assert "save these polygons" in fails(provider, log, MASK=many, **shared)
    assert not (tmp_path / "f.tif").exists()


# PREVIEW


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A scene larger than a preview: 700 x 640 MS pixels."""
    folder = tmp_path_factory.mktemp("large")
    scene = make_pair(256, 256, ratio=2, bands=2, seed=2)
    x, a, _, y, _, e = scene.pan_geotransform
    pan, ms = np.tile(scene.pan, (1, 5, 6)), np.tile(scene.ms, (1, 5, 6))
    files = SimpleNamespace(
        ms=str(write_geotiff(folder / "town_ms.tif", ms, scene.ms_geotransform, dtype="uint16")),
        pan=str(write_geotiff(folder / "town_pan.tif", pan, scene.pan_geotransform, dtype="uint16")),
        at=lambda column, row: (x + a * column, y + e * row),
    )
    return files


def corner(path, files):
    made, pan = gdal.Open(path).GetGeoTransform(), gdal.Open(files.pan).GetGeoTransform()
    return round((made[3] - pan[3]) / pan[5]), round((made[0] - pan[0]) / pan[1])


def test_preview(provider, large, tmp_path, log, project, monkeypatch):
    whole = pixels(run(provider, log, MS=large.ms, PAN=large.pan, OUTPUT=str(tmp_path / "whole.tif")))
    x, y = large.at(1000, 740)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    utm = QgsCoordinateReferenceSystem("EPSG:32633")
    there = QgsCoordinateTransform(utm, degrees, project).transform(QgsPointXY(x, y))
    canvas = SimpleNamespace(center=lambda: there, mapSettings=lambda: SimpleNamespace(destinationCrs=lambda: degrees))
    given = {
        "scene": ({}, None),
        "point": ({"PREVIEW_CENTRE": f"{x},{y}"}, None),
        "point and crs": ({"PREVIEW_CENTRE": f"{there.x()},{there.y()} [EPSG:4326]"}, None),
        "map": ({}, SimpleNamespace(mapCanvas=lambda: canvas)),
    }
    corners = {}
    for kind, (more, iface) in given.items():
        monkeypatch.setattr(qgis.utils, "iface", iface)
        out = QgsProcessingOutputLayerDefinition(str(tmp_path / f"{kind}.tif"), project)
        parameters = {"MS": large.ms, "PAN": large.pan, "PREVIEW": True, "OUTPUT": out, **more}
        good, results, context = run_as_task(provider.algorithm("pansharpen_gsa"), parameters, log, project)
        assert good, log.errors
        made = pixels(results["OUTPUT"])
        assert made.shape == (2, 1024, 1024)
        row, column = corners[kind] = corner(results["OUTPUT"], large)
        np.testing.assert_array_equal(made, whole[:, row : row + 1024, column : column + 1024])
        assert context.layerToLoadOnCompletionDetails(results["OUTPUT"]).name == "town_ms_gsa_preview"
    assert corners["point"] == corners["point and crs"] == corners["map"] != corners["scene"]
    assert [line for line in log.lines if line.startswith("Preview: 1024 x 1024")]


def test_centres_that_make_no_sense(provider, scene_files, tmp_path, log):
    shared = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "f.tif"), "PREVIEW": True}
    assert "PREVIEW_CENTRE" in fails(provider, log, PREVIEW_CENTRE="here", **shared) or not log.errors
    assert not (tmp_path / "f.tif").exists()


# Units


@pytest.mark.parametrize(
    ("units", "kind", "scale"), [("reflectance", "Float32", None), ("reflectance_int16", "Int16", 1e-4)]
)
def test_units(provider, scene_files, tmp_path, log, units, kind, scale):
    scaled = str(tmp_path / "scaled.tif")
    gdal.Translate(scaled, scene_files.ms)
    dataset = gdal.Open(scaled, gdal.GA_Update)
    for number in range(1, 5):
        dataset.GetRasterBand(number).SetScale(2e-4)
        dataset.GetRasterBand(number).SetOffset(-0.1)
    del dataset
    out = run(provider, log, MS=scaled, PAN=scene_files.pan, OUTPUT_UNITS=units, OUTPUT=str(tmp_path / "out.tif"))
    usual = pixels(run(provider, log, MS=scaled, PAN=scene_files.pan, OUTPUT=str(tmp_path / "dn.tif")))
    made = gdal.Open(out)
    band = made.GetRasterBand(1)
    assert (gdal.GetDataTypeName(band.DataType), band.GetScale()) == (kind, scale)
    whole = usual > 1  # others are clipped in the unsigned numbers of the input
    np.testing.assert_allclose((pixels(out) * (scale or 1))[whole], (usual * 2e-4 - 0.1)[whole], atol=1.6e-4)
    shared = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "f.tif")}
    assert "scale" in fails(provider, log, OUTPUT_UNITS=units, **shared)


# Names from the scene


@pytest.mark.parametrize("method", ["auto", "gsa"])
def test_an_output_folder_gets_a_file_named_from_the_scene(provider, scene_files, tmp_path, log, project, method):
    for number, files in enumerate(([scene_files.ms], scene_files.bands)):
        folder = tmp_path / str(number)
        folder.mkdir()
        sink = QgsProcessingOutputLayerDefinition(str(folder), project)
        given = str(folder) if number else sink
        name = f"{('town_ms', 'LC08_town')[number]}_{method}"
        parameters = {"MS": files, "PAN": scene_files.pan, "METHOD": method, "OUTPUT": given}
        algorithm = provider.algorithm("pansharpen")
        assert algorithm.checkParameterValues(parameters, QgsProcessingContext())[0]
        good, results, context = run_as_task(algorithm, parameters, log, project)
        assert good, log.errors
        assert results["OUTPUT"] == str(folder / f"{name}.tif") and Path(results["OUTPUT"]).exists()
        if not number:
            assert context.layerToLoadOnCompletionDetails(results["OUTPUT"]).name == name
    assert "." in fails(provider, log, MS=scene_files.ms, PAN=scene_files.pan, OUTPUT=str(tmp_path / "no" / "folder/"))


def test_the_batch_dialog_with_a_folder(provider, scene_files, tmp_path, project, monkeypatch):
    """Outputs named from each row's scene, through the table of the dialog itself."""
    from processing.gui import BatchAlgorithmDialog, BatchPanel

    for owner in (BatchAlgorithmDialog, BatchPanel):
        if hasattr(owner, "iface"):
            monkeypatch.setattr(owner, "iface", None)
    scenes = []
    for name in ("north", "south"):
        scenes.append(str(tmp_path / f"{name}.tif"))
        gdal.Translate(scenes[-1], scene_files.ms)
    folder = tmp_path / "out"
    folder.mkdir()
    dialog = BatchAlgorithmDialog.BatchAlgorithmDialog(provider.algorithm("pansharpen_brovey").create())
    panel = dialog.mainWidget()
    rows = [{"MS": [scene], "PAN": scene_files.pan} for scene in scenes]
    sink = [QgsProcessingOutputLayerDefinition(str(folder), QgsProject.instance()) for _ in rows]
    monkeypatch.setattr(panel, "batchRowCount", lambda: len(rows))
    monkeypatch.setattr(panel, "parametersForRow", lambda row, *_, **more: ({**rows[row], "OUTPUT": sink[row]}, True))
    run_batch(dialog, [folder / f"{name}_brovey.qml" for name in ("north", "south")])
    wait_until(lambda: len(project.mapLayers()) == len(rows), seconds=10)
    expected = [f"{name}_brovey.tif" for name in ("north", "south")]
    assert sorted(path.name for path in folder.glob("*.tif")) == expected
    names = sorted(layer.name() for layer in project.mapLayers().values())
    assert names == ["north_brovey", "south_brovey"]


def test_a_folder_by_an_expression_is_left_to_qgis(provider, scene_files, tmp_path, log):
    sink = QgsProcessingOutputLayerDefinition()
    sink.sink = QgsProperty.fromExpression(f"'{tmp_path}/a' || '.tif'")
    results, good = provider.algorithm("pansharpen_exp").run(
        {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": sink}, QgsProcessingContext(), log
    )
    assert good and results["OUTPUT"] == str(tmp_path / "a.tif")
