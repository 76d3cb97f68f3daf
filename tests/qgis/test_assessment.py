"""The assessing algorithms in QGIS: files, numbers, pages, and plain sentences where something does not fit."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingOutputHtml, QgsProcessingOutputNumber
from qgis.PyQt.QtGui import QImage, QPainter, QTextDocument

from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from tests.core.test_reports import check_page
from tests.qgis.conftest import ROOT, run_as_task
from tests.scenes import make_truth, write_geotiff

NAMES = ("assess_reference", "assess_noreference", "assess_methods")


def run(provider, log, name, **parameters):
    good, results, _ = run_as_task(provider.algorithm(name), parameters, log)
    assert good, log.errors
    return results


def outputs(folder):
    return {"OUTPUT": str(folder / "s.json"), "CSV": str(folder / "s.csv"), "REPORT": str(folder / "s.html")}


def check_files(folder):
    """The three files are whole; returns the scores and the page."""
    scores = json.loads((folder / "s.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader((folder / "s.csv").read_text(encoding="utf-8").splitlines()))
    assert rows
    assert sorted(path.name for path in folder.iterdir()) == ["s.csv", "s.html", "s.json"]
    return scores, check_page((folder / "s.html").read_text(encoding="utf-8"))


@pytest.fixture
def fused(provider, scene_files, tmp_path, log):
    path = str(tmp_path / "fused.tif")
    run(provider, log, "pansharpen_gsa", MS=[scene_files.ms], PAN=scene_files.pan, OUTPUT=path)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_declared(provider, name):
    algorithm = provider.algorithm(name)
    definitions = {item.name(): item for item in algorithm.outputDefinitions()}
    assert isinstance(definitions["REPORT"], QgsProcessingOutputHtml)
    numbers = [item for item in definitions.values() if isinstance(item, QgsProcessingOutputNumber)]
    assert len(numbers) >= 6
    assert algorithm.parameterDefinition("REPORT").createByDefault()
    assert not algorithm.parameterDefinition("CSV").createByDefault()


def test_reference(provider, scene_files, fused, tmp_path, log):
    folder = tmp_path / "out"
    folder.mkdir()
    results = run(
        provider,
        log,
        "assess_reference",
        FUSED=fused,
        REFERENCE=scene_files.truth,
        DATA_RANGE=4000,
        UQI_WINDOW=32,
        REGISTERED=True,
        **outputs(folder),
    )
    scores, page = check_files(folder)
    assert results["CPSNR"] == scores["registered"]["all"]["cpsnr"] > scores["all"]["psnr"] - 0.5
    assert results["CSSIM"] == scores["registered"]["all"]["cssim"] > 0.5
    assert scores["registered"]["border"] == 4
    assert "Plain and registered scores" in page.text
    assert any("cPSNR" in line for line in log.lines)
    assert results["PSNR"] == scores["all"]["psnr"] > 20
    assert (scores["data_range"], scores["data_range_from"], scores["uqi_window"]) == (4000.0, "given", 32)
    for name in ("MAE", "BIAS", "RASE", "SSIM", "UQI", "SCC", "CC", "R2", "ERGAS", "SAM", "Q2N", "RMSE"):
        assert name in results
    assert scores["ratio"] == pytest.approx(4)  # from the job that the fused image carries
    assert len(page.addresses) == 3 + 1 + 2 + 1 + 4


def test_noreference(provider, scene_files, fused, tmp_path, log):
    folder = tmp_path / "out"
    folder.mkdir()
    results = run(
        provider,
        log,
        "assess_noreference",
        FUSED=fused,
        MS=[scene_files.ms],
        PAN=scene_files.pan,
        SENSOR="quickbird",
        BORDER=2,
        **outputs(folder),
    )
    scores, page = check_files(folder)
    assert results["HQNR"] == scores["all"]["hqnr"]
    assert results["CONSISTENCY_ERGAS"] == scores["consistency"]["ergas"]
    assert scores["mtf_gains"] == [0.34, 0.32, 0.30, 0.22]
    assert "rewards blur" in page.text
    assert any("rewards blur" in line for line in log.lines)


def test_noreference_takes_the_images_that_the_fused_one_was_made_of(provider, scene_files, fused, tmp_path, log):
    given = run(provider, log, "assess_noreference", FUSED=fused, MS=[scene_files.ms], PAN=scene_files.pan,
                OUTPUT=str(tmp_path / "a.json"))  # fmt: skip
    found = run(provider, log, "assess_noreference", FUSED=fused, OUTPUT=str(tmp_path / "b.json"))
    assert found["HQNR"] == given["HQNR"]
    parameters = {"FUSED": scene_files.truth, "OUTPUT": str(tmp_path / "c.json")}
    assert not run_as_task(provider.algorithm("assess_noreference"), parameters, log)[0]
    assert "MS is needed" in log.errors[0]


def test_methods(provider, scene_files, tmp_path, log):
    folder = tmp_path / "out"
    folder.mkdir()
    results = run(
        provider,
        log,
        "assess_methods",
        MS=[scene_files.ms],
        PAN=scene_files.pan,
        METHODS=["exp", "gsa"],
        FULL_SCALE=False,
        **outputs(folder),
    )
    scores, _ = check_files(folder)
    assert results["COMPARED"] == 2
    assert results["BEST"] == scores["methods"][0]["id"]
    assert results["ERGAS"] == scores["methods"][0]["scores"]["ergas"]
    assert {row["id"] for row in scores["methods"]} == {"exp", "gsa"}
    assert any("ERGAS" in line for line in log.lines)


@pytest.fixture(scope="module")
def revisits(tmp_path_factory):
    """Four revisits of one image, with dates in their names, and its PAN; paths."""
    folder = tmp_path_factory.mktemp("revisits")
    sharp = make_truth(320, 320, 3, seed=5).astype(np.float32)
    made = simulate(sharp, 2.0, Simulation(revisits=4, noise=200.0, clouded_revisits=1, seed=3))
    paths = []
    for index, (image, mask) in enumerate(zip(made.revisits, made.masks)):
        path = folder / f"scene_2024-06-{1 + index:02d}.tif"
        stored = np.where(mask, image, -1)
        write_geotiff(path, stored, (500000, 20, 0, 5000000, 0, -20), dtype="float32", nodata=-1)
        paths.append(str(path))
    pan = sharp.mean(axis=0, keepdims=True)
    write_geotiff(folder / "pan.tif", pan, (500000, 10, 0, 5000000, 0, -10), dtype="float32")
    return paths, str(folder / "pan.tif")


def test_methods_on_revisits(provider, revisits, tmp_path, log):
    folder = tmp_path / "out"
    folder.mkdir()
    paths, _ = revisits
    results = run(
        provider, log, "assess_methods",
        REVISITS=paths, METHODS=["median", "back_projection"], REFERENCE_DATE="2024-06-01", **outputs(folder),
    )  # fmt: skip
    scores, page = check_files(folder)
    assert scores["task"] == "super_resolution" and results["COMPARED"] == 2
    assert results["BEST"] == "back_projection"
    assert results["CPSNR"] == scores["methods"][0]["scores"]["cpsnr"] > 20
    assert scores["revisits"][0]["date"] == "2024-06-01"
    assert "cPSNR" in page.text
    assert any("cPSNR" in line for line in log.lines)


def test_methods_on_revisits_with_a_pan(provider, revisits, tmp_path, log):
    folder = tmp_path / "out"
    folder.mkdir()
    paths, pan = revisits
    results = run(
        provider, log, "assess_methods", REVISITS=paths, PAN=pan, METHODS=["gsa"], FULL_SCALE=False, **outputs(folder)
    )  # fmt: skip
    scores, _ = check_files(folder)
    assert {row["id"] for row in scores["methods"]} == {"reference+gsa", "back_projection+gsa"}
    assert results["BEST"] == scores["methods"][0]["id"]


@pytest.mark.parametrize("given", [(), ("REVISITS", "MS", "PAN"), ("MS",), ("PAN",)])
def test_either_ms_with_pan_or_revisits(provider, scene_files, revisits, tmp_path, log, given):
    images = {"REVISITS": revisits[0], "MS": [scene_files.ms], "PAN": scene_files.pan}
    parameters = {**{name: images[name] for name in given}, "OUTPUT": str(tmp_path / "s.json")}
    assert not run_as_task(provider.algorithm("assess_methods"), parameters, log)[0]
    assert len(log.errors) == 1 and ("either MS" in log.errors[0] or "PAN" in log.errors[0])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        ("assess_noreference", {"FUSED": None}, "FUSED"),
        ("assess_noreference", {"BORDER": 9999}, "BORDER"),
        ("assess_noreference", {"BANDS": "1,2"}, "bands"),
        ("assess_noreference", {"OUTPUT": "/nowhere/s.json"}, "does not exist"),
        ("assess_methods", {"BORDER": 9999}, "BORDER"),
        ("assess_methods", {"MTF_GAINS": "7"}, "MTF_GAINS"),
    ],
)
def test_what_does_not_fit_is_one_sentence(provider, scene_files, fused, tmp_path, log, name, changed, words):
    folder = tmp_path / "out"
    folder.mkdir()
    given = {"FUSED": fused, "MS": [scene_files.ms], "PAN": scene_files.pan, **outputs(folder), **changed}
    if name == "assess_methods":
        given.pop("FUSED")
    good, _, _ = run_as_task(provider.algorithm(name), given, log)
    assert not good
    assert len(log.errors) == 1
    assert words in log.errors[0]
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def report(provider, scene_files, tmp_path_factory):
    """A comparison's report, which has every kind of picture, as a file."""
    from satfusion_qgis.pipeline.assess_methods import MethodsSettings, compare_methods
    from satfusion_qgis.tasks.job import Input

    path = tmp_path_factory.mktemp("report") / "report.html"
    settings = MethodsSettings(methods=("exp", "gsa"), full_scale=False)
    found = compare_methods([Input("MS", scene_files.ms)], Input("PAN", scene_files.pan), settings)
    path.write_text(found.report(), encoding="utf-8")
    return path


def colours_in(picture):
    """How many colours a PNG file holds."""
    data = gdal.Open(str(picture)).ReadAsArray()[:3].astype(np.int64)
    return len(np.unique(data[0] * 65536 + data[1] * 256 + data[2]))


def test_the_report_in_a_small_viewer(report, tmp_path):
    """Where QGIS has no browser engine, its results viewer is a QTextBrowser."""
    document = QTextDocument()
    document.setTextWidth(1060)
    document.setHtml(report.read_text(encoding="utf-8"))
    image = QImage(1100, 1400, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    document.drawContents(painter)
    painter.end()
    assert image.save(str(tmp_path / "viewer.png"))
    assert colours_in(tmp_path / "viewer.png") > 1500
    assert "GSA" in document.toPlainText()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_the_report_in_a_browser(report, tmp_path):
    picture = tmp_path / "browser.png"
    switches = ["headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
                "disable-component-update", "disable-sync", "hide-scrollbars"]  # fmt: skip
    subprocess.run(
        ["chromium", *(f"--{switch}" for switch in switches), f"--user-data-dir={tmp_path / 'profile'}",
         "--window-size=1140,1400", f"--screenshot={picture}", report.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert colours_in(picture) > 1500


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "satfusion_qgis.cli", *arguments, "--quiet"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_line(scene_files, fused, revisits, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    files = ("--output", str(folder / "s.json"), "--csv", str(folder / "s.csv"), "--report", str(folder / "s.html"))
    pair = ("--ms", scene_files.ms, "--pan", scene_files.pan)
    for arguments in (
        ("assess", "--fused", fused, "--reference", scene_files.truth, "--ratio", "4", "--data-range", "4000",
         "--registered", "--shift", "1"),
        ("assess-noreference", "--fused", fused, *pair, "--sensor", "ikonos"),
        ("assess-methods", *pair, "--methods", "exp,gsa", "--no-full-scale", "--set", "SENSOR=ikonos"),
        ("assess-methods", "--revisits", *revisits[0], "--methods", "median"),
    ):  # fmt: skip
        done = command(*arguments, *files)
        assert done.returncode == 0, done.stderr
        check_files(folder)
    neither = command("assess-methods", "--pan", scene_files.pan)
    assert neither.returncode != 0 and "either --ms" in neither.stderr
    refused = command("assess-noreference", "--fused", fused, *pair, "--sensor", "nonsense")
    assert refused.returncode != 0
    assert "Unknown sensor" in refused.stderr and "Traceback" not in refused.stderr
