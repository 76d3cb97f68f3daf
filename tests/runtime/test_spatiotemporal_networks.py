"""Networks for spatiotemporal fusion through the pipeline: pairs on disk, a worker, windows, nodata, bad input."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")

from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.runtime.settings import EngineSettings
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Job, Output
from tests.pair_scenes import PairScene, make_scene
from tests.pipeline.support import QUICK, Log, assert_one_sentence, files_in, read_array
from tests.shared_data import engine_python

ROOT = Path(__file__).resolve().parents[2]
ONE_PAIR = ("edcstfn", "ganstfm", "mlffgan", "srsfgan", "ecpwstfn", "stfdiff", "swinstfm", "dcstfn")
TWO_PAIRS = ("mustfn", "rsfn", "amsstf")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small model of each network."""
    engine = engine_python()
    if engine is None:
        pytest.skip("no engine's Python: neither SATFUSION_PYTHON nor .venv-engine (make setup)")
    folder = tmp_path_factory.mktemp("models")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    program = str(Path(__file__).with_name("make_spatiotemporal_models.py"))
    done = subprocess.run([str(engine), program, str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def settings(engine: Path, models: Path) -> EngineSettings:
    return EngineSettings(engine, models)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> PairScene:
    """Stored as reflectance x 10000, with the scale that says so."""
    return make_scene(tmp_path_factory.mktemp("pairs"), scale=1e-4, nodata=-9999)


def job(scene: PairScene, method: str, output: Path, pairs: int | None = None, **more: Any) -> Job:
    pairs = pairs or (2 if method in TWO_PAIRS else 1)
    return scene.job(method, output, pairs, **{"threads": 1, **more})


def predicted(made: Job, settings: EngineSettings, log: Log | None = None) -> np.ndarray:
    pipeline.run(made, feedback=log, engine=settings)
    return read_array(made.outputs[0].path)


@pytest.mark.parametrize("method", [*ONE_PAIR, *TWO_PAIRS])
def test_windows_do_not_matter(scene: PairScene, settings: EngineSettings, tmp_path: Path, method: str) -> None:
    log = Log()
    parameters = {"SAMPLES": 1} if method == "stfdiff" else {}
    whole = predicted(job(scene, method, tmp_path / "whole.tif", window=512, parameters=parameters), settings, log)
    tiled = predicted(job(scene, method, tmp_path / "tiled.tif", window=80, parameters=parameters), settings)
    assert whole.shape == scene.truth.shape and np.isfinite(whole).all()
    assert np.abs(tiled - whole).max() <= 1e-5 * np.ptp(whole)
    said = "\n".join(log.lines)
    assert f"Model: Test: {method} ({method}), licence MIT" in said and "Device: cpu, PyTorch" in said


def test_values_reach_the_network_as_reflectance(scene: PairScene, settings: EngineSettings, tmp_path: Path) -> None:
    """The same scene stored as reflectance gives the same prediction, in the units of its own file."""
    plain = make_scene(tmp_path / "plain", dtype="float32", scale=None)
    for role, path in plain.files.items():
        raster = gdal.Open(path, gdal.GA_Update)
        raster.WriteArray((scene.images[role] * 1e-4).astype(np.float32))
        raster = None
    first = predicted(job(scene, "edcstfn", tmp_path / "scaled.tif"), settings)
    second = predicted(job(plain, "edcstfn", tmp_path / "plain.tif"), settings)
    np.testing.assert_allclose(first * 1e-4, second, atol=2e-6)


def test_nodata_goes_through(settings: EngineSettings, tmp_path: Path) -> None:
    holed = make_scene(tmp_path / "holed", scale=1e-4, nodata=-9999)
    for role, place in (("FINE_1", (40, 30)), ("COARSE_TARGET", (5, 5))):
        raster = gdal.Open(holed.files[role], gdal.GA_Update)
        side = 9 if role == "FINE_1" else 1
        for band in range(1, 7):
            block = np.full((side, side), -9999, np.int16)
            raster.GetRasterBand(band).WriteArray(block, place[1], place[0])
        raster = None
    output = tmp_path / "made.tif"
    made = predicted(job(holed, "mlffgan", output), settings)
    raster = gdal.Open(str(output))
    nodata = raster.GetRasterBand(1).GetNoDataValue()
    expected = np.zeros(made.shape[1:], bool)
    expected[40:49, 30:39] = expected[80:96, 80:96] = True
    found = np.isnan(made[0]) if nodata != nodata else made[0] == nodata
    np.testing.assert_array_equal(found, expected)


def test_two_pairs(scene: PairScene, settings: EngineSettings, tmp_path: Path) -> None:
    log = Log()
    both = predicted(job(scene, "edcstfn", tmp_path / "both.tif", pairs=2), settings, log)
    one = predicted(job(scene, "edcstfn", tmp_path / "one.tif"), settings)
    assert np.isfinite(both).all() and np.abs(both - one).max() > 1e-3 * np.ptp(one)
    assert "Pairs: predicted from each, and blended" in "\n".join(log.lines)


def test_the_spread_of_draws(scene: PairScene, settings: EngineSettings, tmp_path: Path) -> None:
    made = job(scene, "stfdiff", tmp_path / "made.tif", parameters={"SAMPLES": 2, "SEED": 3})
    made.outputs.append(Output("SPREAD", str(tmp_path / "spread.tif"), "measure", options=dict(QUICK)))
    image = predicted(made, settings)
    spread = read_array(tmp_path / "spread.tif")
    assert spread.shape == image.shape and spread.min() >= 0 and spread.max() > 0
    again = predicted(job(scene, "stfdiff", tmp_path / "again.tif", parameters={"SAMPLES": 2, "SEED": 3}), settings)
    np.testing.assert_array_equal(again, image)


def test_what_does_not_fit_is_refused(scene: PairScene, settings: EngineSettings, tmp_path: Path) -> None:
    def refused(made: Job, message: str, engine: EngineSettings = settings) -> None:
        before = files_in(tmp_path)
        with pytest.raises(InputError, match=message) as error:
            pipeline.run(made, engine=engine)
        assert_one_sentence(str(error.value))
        assert files_in(tmp_path) == before

    output = tmp_path / "no.tif"
    refused(
        job(scene, "rsfn", output, pairs=1), "no weights for RSFN fit this scene: rsfn is for two pairs: give FINE_2"
    )
    nothing = EngineSettings(settings.interpreter, tmp_path)
    refused(
        job(scene, "mlffgan", output),
        r"there are no weights for MLFF-GAN yet; fit one to your own pairs \(adapt_spatiotemporal\), train one",
        nothing,
    )
    three = {role: {"bands": [1, 2, 3]} for role in ("FINE_1", "COARSE_1", "COARSE_TARGET")}
    refused(job(scene, "edcstfn", output, inputs=three), "edcstfn is for 6 bands .* but FINE_1 has 3")
    spread = job(scene, "edcstfn", output)
    spread.outputs.append(Output("SPREAD", str(tmp_path / "spread.tif"), "measure"))
    refused(spread, "SPREAD is given by methods alone that draw their result several times, which EDC-STFN does not")


def test_another_ratio_is_warned_of(settings: EngineSettings, tmp_path: Path, scene: PairScene) -> None:
    log = Log()
    inputs = {role: {"path": str(path)} for role, path in _coarser_still(scene, tmp_path).items()}
    predicted(job(scene, "edcstfn", tmp_path / "made.tif", inputs=inputs), settings, log)
    assert any("is for a ratio of 16 to 20, but COARSE_TARGET has pixels 32 times" in line for line in log.warnings)


def _coarser_still(scene: PairScene, folder: Path) -> dict[str, str]:
    found = {}
    for role in ("COARSE_1", "COARSE_TARGET"):
        found[role] = str(folder / f"{role}.tif")
        gdal.Translate(found[role], scene.files[role], xRes=960, yRes=960, resampleAlg="average")
    return found
