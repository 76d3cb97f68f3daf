"""Pansharpening by every way into Processing: background task, batch, model, and with layers of a project."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProperty,
    QgsRasterLayer,
)

from tests.qgis.conftest import run_as_task, run_batch
from tests.scenes import write_geotiff


def pixels(path):
    return gdal.Open(path).ReadAsArray().astype(np.float64)


def rmse(path, truth):
    return float(np.sqrt(np.mean((pixels(path) - pixels(truth)) ** 2)))


def to_project(path, project):
    return QgsProcessingOutputLayerDefinition(path, project)


def load_results(algorithm, context, log, results):
    from processing.gui.Postprocessing import handleAlgorithmResults

    given = {"feedback": log, "showResults": False, "parameters": results}  # showResults is gone since QGIS 3.30
    known = inspect.signature(handleAlgorithmResults).parameters
    assert handleAlgorithmResults(algorithm, context, **{name: given[name] for name in given if name in known})


def test_background_task(provider, scene_files, tmp_path, log, project):
    algorithm = provider.algorithm("pansharpen")
    ms, pan = QgsRasterLayer(scene_files.ms, "my ms"), QgsRasterLayer(scene_files.pan, "my pan")
    project.addMapLayers([ms, pan])
    parameters = {"MS": [ms.id()], "PAN": pan.id(), "OUTPUT": to_project(str(tmp_path / "out.tif"), project)}
    good, results, context = run_as_task(algorithm, parameters, log, project)
    assert good, log.errors
    assert results == {"OUTPUT": str(tmp_path / "out.tif")}
    fused = gdal.Open(results["OUTPUT"])
    pan_file = gdal.Open(scene_files.pan)
    assert fused.RasterCount == 4
    assert fused.GetGeoTransform() == pan_file.GetGeoTransform()
    assert rmse(results["OUTPUT"], scene_files.truth) < rmse_of_interpolation(provider, scene_files, tmp_path, log)
    assert (tmp_path / "out.qml").exists()
    assert any("aligned" in line for line in log.lines), log.lines
    assert not log.errors
    load_results(algorithm, context, log, results)
    assert len(project.mapLayers()) == 3


def rmse_of_interpolation(provider, scene_files, tmp_path, log):
    context = QgsProcessingContext()
    parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "exp.tif")}
    results, good = provider.algorithm("pansharpen_exp").run(parameters, context, log)
    assert good
    return rmse(results["OUTPUT"], scene_files.truth)


@pytest.mark.parametrize("name", ["pansharpen_exp", "pansharpen_brovey", "pansharpen_gsa", "pansharpen_mtf_glp_fs"])
def test_every_method_with_two_layers_alone(provider, scene_files, name, log):
    context = QgsProcessingContext()
    parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": QgsProcessing.TEMPORARY_OUTPUT}
    results, good = provider.algorithm(name).run(parameters, context, log)
    assert good, log.errors
    assert gdal.Open(results["OUTPUT"]).RasterCount == 4


def test_auto_is_one_of_the_methods_and_says_which(provider, scene_files, tmp_path, log):
    written = []
    for method in ("auto", "mtf_glp_local"):
        context = QgsProcessingContext()
        path = str(tmp_path / f"{method}.tif")
        parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "METHOD": method, "OUTPUT": path}
        assert provider.algorithm("pansharpen").run(parameters, context, log)[1], log.errors
        written.append(pixels(path))
    np.testing.assert_array_equal(*written)
    assert any(line.startswith("Chosen: MTF-GLP with local gain") for line in log.lines)


def test_batch_dialog(provider, scene_files, tmp_path, project, monkeypatch):
    """The rows of the batch dialog, run by the dialog itself."""
    from processing.gui import BatchAlgorithmDialog, BatchPanel

    for owner in (BatchAlgorithmDialog, BatchPanel):
        if hasattr(owner, "iface"):
            monkeypatch.setattr(owner, "iface", None)
    dialog = BatchAlgorithmDialog.BatchAlgorithmDialog(provider.algorithm("pansharpen_gsa").create())
    rows = [
        {
            "MS": [scene_files.ms],
            "PAN": scene_files.pan,
            "OUTPUT": str(tmp_path / f"batch{row}.tif"),
            "BANDS": bands,
        }
        for row, bands in enumerate(("", "3,2,1"))
    ]
    monkeypatch.setattr(dialog.mainWidget(), "batchRowCount", lambda: len(rows))
    monkeypatch.setattr(dialog.mainWidget(), "parametersForRow", lambda row, *_, **options: (rows[row], True))
    dialog.mainWidget().checkLoadLayersOnCompletion.setChecked(False)
    run_batch(dialog, [tmp_path / f"batch{row}.qml" for row in range(2)])
    first, second = (pixels(row["OUTPUT"]) for row in rows)
    assert first.shape[0] == 4
    assert second.shape[0] == 3
    assert all((tmp_path / f"batch{row}.qml").exists() for row in range(2))


def test_batch_on_one_instance(provider, scene_files, tmp_path, log):
    """Runs one after the other on one algorithm object share nothing."""
    algorithm = provider.algorithm("pansharpen_brovey")
    written = []
    for row, bands in enumerate(("1-4", "4", "1 2 3 4")):
        path = str(tmp_path / f"{row}.tif")
        parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "BANDS": bands, "OUTPUT": path}
        assert algorithm.run(parameters, QgsProcessingContext(), log)[1], log.errors
        written.append(pixels(path))
    assert written[1].ndim == 2
    np.testing.assert_array_equal(written[0], written[2])


def model_of(child_name, next_id, next_parameters, next_output="OUTPUT"):
    """A model: SatFusion's algorithm, and another one on its output."""
    model = QgsProcessingModelAlgorithm("chain", "tests")
    for name in ("MS", "PAN"):
        model.addModelParameter(QgsProcessingParameterRasterLayer(name, name), QgsProcessingModelParameter(name))
    child = QgsProcessingModelChildAlgorithm(f"satfusion:{child_name}")
    child.setChildId("fuse")
    source = QgsProcessingModelChildParameterSource
    child.addParameterSources("MS", [source.fromModelParameter("MS")])
    child.addParameterSources("PAN", [source.fromModelParameter("PAN")])
    kept = QgsProcessingModelOutput("fused", "fused")
    kept.setChildOutputName("OUTPUT")
    kept.setChildId("fuse")
    child.setModelOutputs({"fused": kept})
    model.addChildAlgorithm(child)
    after = QgsProcessingModelChildAlgorithm(next_id)
    after.setChildId("after")
    for name, value in next_parameters.items():
        made = source.fromChildOutput("fuse", "OUTPUT") if value == "<fused>" else source.fromStaticValue(value)
        after.addParameterSources(name, [made])
    output = QgsProcessingModelOutput("result", "result")
    output.setChildOutputName(next_output)
    output.setChildId("after")
    after.setModelOutputs({"result": output})
    model.addChildAlgorithm(after)
    model.updateDestinationParameters()
    return model


@pytest.mark.parametrize(
    ("next_id", "next_parameters"),
    [
        ("gdal:translate", {"INPUT": "<fused>"}),
        ("gdal:aspect", {"INPUT": "<fused>", "BAND": 1}),
        ("satfusion:rerun", {"INPUT": "<fused>"}),
    ],
)
def test_in_a_model(provider, scene_files, tmp_path, log, project, next_id, next_parameters):
    if QgsApplication.processingRegistry().algorithmById(next_id) is None:
        pytest.skip(f"this QGIS has no {next_id}")
    model = model_of("pansharpen_gsa", next_id, next_parameters)
    assert model.childAlgorithm("fuse").algorithm() is not None
    parameters = {
        "MS": scene_files.ms,
        "PAN": scene_files.pan,
        "fuse:fused": to_project(str(tmp_path / "fused.tif"), project),
        "after:result": to_project(str(tmp_path / "after.tif"), project),
    }
    good, _, context = run_as_task(model, parameters, log, project)
    assert good, log.errors
    assert gdal.Open(str(tmp_path / "fused.tif")).RasterCount == 4
    assert gdal.Open(str(tmp_path / "after.tif")).RasterCount >= 1
    assert (tmp_path / "fused.qml").exists()
    details = context.layerToLoadOnCompletionDetails(str(tmp_path / "fused.tif"))
    assert details.name == "fused"


def test_a_data_defined_parameter(provider, scene_files, tmp_path, log):
    parameters = {
        "MS": scene_files.ms,
        "PAN": scene_files.pan,
        "METHOD": QgsProperty.fromExpression("'g' || 'sa'"),
        "WINDOW": QgsProperty.fromExpression("100 + 28"),
        "OUTPUT": str(tmp_path / "out.tif"),
    }
    results, good = provider.algorithm("pansharpen").run(parameters, QgsProcessingContext(), log)
    assert good, log.errors
    from satfusion_qgis.pipeline import job_of

    job = job_of(results["OUTPUT"])
    assert (job.method, job.window) == ("gsa", 128)


def test_cancel_leaves_no_file(provider, tmp_path, log, project):
    rng = np.random.default_rng(0)
    pan = rng.integers(1, 1000, (1, 4096, 4096)).astype(np.uint16)
    ms = rng.integers(1, 1000, (4, 1024, 1024)).astype(np.uint16)
    write_geotiff(tmp_path / "ms.tif", ms, (0, 4, 0, 0, 0, -4))
    write_geotiff(tmp_path / "pan.tif", pan, (0, 1, 0, 0, 0, -1))
    folder = tmp_path / "out"
    folder.mkdir()
    parameters = {
        "MS": str(tmp_path / "ms.tif"),
        "PAN": str(tmp_path / "pan.tif"),
        "THREADS": 1,
        "OUTPUT": to_project(str(folder / "out.tif"), project),
    }
    algorithm = provider.algorithm("pansharpen_mtf_glp_fs")
    good, results, _ = run_as_task(algorithm, parameters, log, project, cancel_after_ms=150)
    assert not good
    assert results == {}
    assert list(folder.iterdir()) == []
    assert not log.errors


def test_a_failing_run_leaves_no_file_and_one_sentence(provider, scene_files, tmp_path, log, project):
    broken = tmp_path / "pan.tif"
    content = Path(scene_files.pan).read_bytes()
    broken.write_bytes(content[: len(content) // 2])
    folder = tmp_path / "out"
    folder.mkdir()
    parameters = {
        "MS": scene_files.ms,
        "PAN": str(broken),
        "OUTPUT": to_project(str(folder / "out.tif"), project),
    }
    good, _, context = run_as_task(provider.algorithm("pansharpen_gsa"), parameters, log, project)
    assert not good
    assert list(folder.iterdir()) == []
    assert len(log.errors) == 1, log.errors
    assert "Traceback" not in log.errors[0]
    assert not context.layersToLoadOnCompletion()


def test_progress_reaches_the_end(provider, scene_files, tmp_path, log):
    seen = []
    log.progressChanged.connect(seen.append)
    parameters = {
        "MS": scene_files.ms,
        "PAN": scene_files.pan,
        "WINDOW": 64,
        "OUTPUT": str(tmp_path / "out.tif"),
    }
    assert provider.algorithm("pansharpen_gsa").run(parameters, QgsProcessingContext(), log)[1]
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(100)


def test_the_time_left_is_said_now_and_then(application, log, monkeypatch):
    from satfusion_qgis.algorithms import reporting

    now = [0.0]
    monkeypatch.setattr(reporting.time, "monotonic", lambda: now[0])
    feedback = reporting.QgisFeedback(log)
    for step in range(101):
        now[0] = step * 1.0
        feedback.progress(step / 100, 100.0 - step)
    assert 2 < len(log.texts) <= 20
    assert log.texts[0] == "About 2 min left"
    assert log.texts[-1] == "About 5 s left"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "5 s"), (11, "15 s"), (61, "2 min"), (3599, "1 h 0 min"), (4800, "1 h 20 min")],
)
def test_durations(application, seconds, said):
    from satfusion_qgis.algorithms.reporting import duration

    assert duration(seconds) == said
