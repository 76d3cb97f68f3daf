"""QGIS for the tests: one application with a profile of its own, and SatFusion's provider in its registry."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("qgis.core", reason="QGIS is not installed")

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QSettings, QTimer

from tests.scenes import make_pair, write_geotiff

ROOT = Path(__file__).resolve().parents[2]
_application = None  # outlives the session: QGIS does not start twice in one process


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(str(item.fspath)).parents:
            item.add_marker(pytest.mark.qgis)


@pytest.fixture(scope="session")
def application(tmp_path_factory):
    """A QGIS application, with Processing and a fresh profile."""
    global _application
    if _application is None:
        profile = tmp_path_factory.mktemp("profile")
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(profile))
        _application = QgsApplication([], True, str(profile))
        _application.initQgis()
        sys.path.append(str(Path(QgsApplication.pkgDataPath(), "python", "plugins")))
        from processing.core.Processing import Processing

        Processing.initialize()
    return _application


@pytest.fixture(scope="module")
def provider(application):
    """SatFusion's provider, registered as the plugin does it."""
    from satfusion_qgis import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    yield QgsApplication.processingRegistry().providerById("satfusion")
    plugin.unload()


@pytest.fixture
def project(application):
    """An empty project."""
    QgsProject.instance().clear()
    yield QgsProject.instance()
    QgsProject.instance().clear()


@pytest.fixture(scope="session")
def scene_files(tmp_path_factory):
    """A small scene on disk: the MS as one file and as a file for each band, the PAN and the truth."""
    folder = tmp_path_factory.mktemp("scene")
    scene = make_pair(240, 320, ratio=4, seed=3)
    names = ["Blue", "Green", "Red", "NIR"]
    files = SimpleNamespace(scene=scene, folder=folder)
    files.ms = str(
        write_geotiff(
            folder / "town_ms.tif",
            scene.ms,
            scene.ms_geotransform,
            dtype="uint16",
            nodata=0,
            names=names,
            wavelengths_nm=scene.wavelengths_nm,
        )
    )
    files.pan = str(write_geotiff(folder / "town_pan.tif", scene.pan, scene.pan_geotransform, dtype="uint16", nodata=0))
    files.truth = str(
        write_geotiff(folder / "town_truth.tif", scene.truth, scene.pan_geotransform, dtype="uint16", nodata=0)
    )
    files.bands = [
        str(write_geotiff(folder / f"LC08_town_B{number}.TIF", band, scene.ms_geotransform, dtype="uint16", nodata=0))
        for number, band in zip((2, 3, 8, 10), scene.ms)
    ]
    return files


class Log(QgsProcessingFeedback):
    """A feedback that keeps what was said."""

    def __init__(self):
        super().__init__(False)
        self.lines = []
        self.warnings = []
        self.errors = []
        self.texts = []

    def pushInfo(self, info):
        self.lines.append(info)

    def pushWarning(self, warning):
        self.warnings.append(warning)

    def reportError(self, error, fatalError=False):
        self.errors.append(error)

    def setProgressText(self, text):
        self.texts.append(text)


@pytest.fixture
def log(application):
    """A feedback that keeps what was said."""
    return Log()


def run_as_task(algorithm, parameters, log, project=None, cancel_after_ms=None):
    """Runs an algorithm as the toolbox does: a background task, waited for in an event loop.

    Returns:
        Whether it ended well, its results, and the context.
    """
    context = QgsProcessingContext()
    context.setFeedback(log)
    if project is not None:
        context.setProject(project)
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, log)
    if task.isCanceled():
        return False, {}, context
    loop, outcome = QEventLoop(), []

    def executed(good, results):
        outcome.extend((good, dict(results)))
        loop.quit()

    task.executed.connect(executed)
    if cancel_after_ms is not None:
        QTimer.singleShot(cancel_after_ms, task.cancel)
    QTimer.singleShot(60000, loop.quit)
    QgsApplication.taskManager().addTask(task)
    if not outcome:
        loop.exec()
    assert outcome, "the task did not end"
    return outcome[0], outcome[1], context


def wait_until(done, seconds=60):
    """Lets QGIS work until something is so, or for so long."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def run_batch(dialog, written):
    """Runs a batch dialog until its last files are there, and closes it.

    Since QGIS 3.36 the rows run in tasks, and a dialog that was never shown then deletes itself.
    """
    dialog.runAlgorithm()
    wait_until(lambda: all(path.exists() for path in written))
    wait_until(lambda: sip.isdeleted(dialog) or not QgsApplication.taskManager().activeTasks(), seconds=5)
    if not sip.isdeleted(dialog):
        dialog.close()
