"""A test on one's own scene: degrade, sharpen, score."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal

from tests.qgis.conftest import run_as_task


def run(provider, log, name, **parameters):
    good, results, _ = run_as_task(provider.algorithm(name), parameters, log)
    assert good, log.errors
    return results


def test_degrade_a_pair(provider, scene_files, tmp_path, log):
    results = run(
        provider,
        log,
        "prepare_degrade",
        MS=scene_files.ms,
        PAN=scene_files.pan,
        OUTPUT_MS=str(tmp_path / "ms.tif"),
        OUTPUT_PAN=str(tmp_path / "pan.tif"),
    )
    coarse, pan = gdal.Open(results["OUTPUT_MS"]), gdal.Open(results["OUTPUT_PAN"])
    truth = gdal.Open(scene_files.ms)
    assert pan.GetGeoTransform() == pytest.approx(truth.GetGeoTransform())
    assert (pan.RasterXSize, pan.RasterYSize) == (truth.RasterXSize, truth.RasterYSize)
    assert coarse.RasterCount == 4
    assert coarse.GetGeoTransform()[1] == pytest.approx(4 * truth.GetGeoTransform()[1])
    assert coarse.ReadAsArray().mean() == pytest.approx(truth.ReadAsArray().mean(), rel=0.02)
    assert (tmp_path / "ms.qml").exists()


def test_degrade_without_pan(provider, scene_files, tmp_path, log):
    results = run(provider, log, "prepare_degrade", MS=scene_files.ms, RATIO=2, OUTPUT_MS=str(tmp_path / "ms.tif"))
    assert "OUTPUT_PAN" not in results
    pixel = gdal.Open(scene_files.ms).GetGeoTransform()[1]
    assert gdal.Open(results["OUTPUT_MS"]).GetGeoTransform()[1] == pytest.approx(2 * pixel)


def test_degrade_needs_a_ratio(provider, scene_files, tmp_path, log):
    parameters = {"MS": scene_files.ms, "OUTPUT_MS": str(tmp_path / "ms.tif")}
    assert not run_as_task(provider.algorithm("prepare_degrade"), parameters, log)[0]
    assert "RATIO" in log.errors[0]


def test_sharpening_beats_interpolation(provider, scene_files, tmp_path, log):
    """The whole protocol, at reduced scale."""
    pair = run(
        provider,
        log,
        "prepare_degrade",
        MS=scene_files.ms,
        PAN=scene_files.pan,
        OUTPUT_MS=str(tmp_path / "ms.tif"),
        OUTPUT_PAN=str(tmp_path / "pan.tif"),
    )
    ergas = {}
    for method in ("exp", "gsa", "mtf_glp_fs"):
        fused = run(
            provider,
            log,
            "pansharpen",
            MS=pair["OUTPUT_MS"],
            PAN=pair["OUTPUT_PAN"],
            METHOD=method,
            OUTPUT=str(tmp_path / f"{method}.tif"),
        )["OUTPUT"]
        scores = run(
            provider,
            log,
            "assess_reference",
            FUSED=fused,
            REFERENCE=scene_files.ms,
            RATIO=4,
            OUTPUT=str(tmp_path / f"{method}.json"),
        )
        ergas[method] = scores["ERGAS"]
    assert ergas["gsa"] < ergas["exp"]
    assert ergas["mtf_glp_fs"] < ergas["exp"]


def test_scores(provider, scene_files, tmp_path, log):
    results = run(
        provider,
        log,
        "assess_reference",
        FUSED=scene_files.truth,
        REFERENCE=scene_files.truth,
        RATIO=4,
        BORDER=3,
        OUTPUT=str(tmp_path / "scores.json"),
    )
    assert results["RMSE"] == 0
    assert results["ERGAS"] == 0
    assert results["Q2N"] == pytest.approx(1, abs=1e-6)
    assert results["SAM"] == pytest.approx(0, abs=1e-3)
    scores = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert len(scores["bands"]) == 4
    assert any("ERGAS" in line for line in log.lines)
    assert any("All bands" in line for line in log.lines)


def test_scores_of_images_that_do_not_fit(provider, scene_files, tmp_path, log):
    parameters = {
        "FUSED": scene_files.pan,
        "REFERENCE": scene_files.truth,
        "RATIO": 4,
        "OUTPUT": str(tmp_path / "scores.json"),
    }
    assert not run_as_task(provider.algorithm("assess_reference"), parameters, log)[0]
    assert len(log.errors) == 1
    assert not (tmp_path / "scores.json").exists()
    assert np.all(["Traceback" not in line for line in log.errors])
