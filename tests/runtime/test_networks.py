"""Networks through the pipeline: the worker runs them in the engine's interpreter, the rest is as for any method."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")

from satfusion_qgis import pipeline
from satfusion_qgis.runtime.settings import EngineSettings
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Preview
from tests.pipeline.support import (
    CancelsAt,
    Log,
    OnDisk,
    assert_one_sentence,
    files_in,
    read_array,
    small_pair,
)
from tests.shared_data import engine_python

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder with small models."""
    engine = engine_python()
    if engine is None:
        pytest.skip("no engine's Python: neither SATFUSION_PYTHON nor .venv-engine (make setup)")
    folder = tmp_path_factory.mktemp("models")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    program = str(Path(__file__).with_name("make_models.py"))
    done = subprocess.run([str(engine), program, str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def settings(engine: Path, models: Path) -> EngineSettings:
    return EngineSettings(engine, models)


@pytest.fixture
def pair(tmp_path: Path) -> OnDisk:
    return small_pair(tmp_path)


def fuse(pair: OnDisk, settings: EngineSettings, method: str, log: Log | None = None, **fields: Any) -> np.ndarray:
    target = pair.ms.with_name("fused.tif")
    job = pair.job(method, target, **{"threads": 2, **fields})
    pipeline.run(job, feedback=log, engine=settings)
    fused = read_array(target)
    target.unlink()
    return fused


def test_a_network_by_hand(pair: OnDisk, settings: EngineSettings) -> None:
    """The network adds half of PAN's normalised detail to normalised MS: EXP plus std(MS) / std(PAN) / 2 times that."""
    log = Log()
    fused = fuse(pair, settings, "fusionnet", log, dtype="Float32")
    interpolated = fuse(pair, settings, "exp", dtype="Float32")
    ms, pan = read_array(pair.ms).astype(np.float64), read_array(pair.pan).astype(np.float64)[0]
    padded = np.pad(pan, 2, mode="edge")
    low = sum(
        padded[row : row + pan.shape[0], column : column + pan.shape[1]] for row in range(5) for column in range(5)
    )
    expected = interpolated + 0.5 * (ms.std(axis=(1, 2)) / pan.std())[:, None, None] * (pan - low / 25)
    assert np.abs(fused - expected).max() <= 1e-5 * np.ptp(ms)
    assert any("Device: cpu, ONNX Runtime" in line for line in log.lines)
    assert any("Test: sharpen (sharpen), licence MIT" in line for line in log.lines)
    assert any(line.startswith("Consistency with MS") for line in log.lines)


@pytest.mark.parametrize("method", ["fusionnet", "u2net", "dicnn"])
def test_windows_and_threads_do_not_matter(pair: OnDisk, settings: EngineSettings, method: str) -> None:
    whole = fuse(pair, settings, method, window=1024, threads=1, dtype="Float32")
    for window, threads in ((32, 2), (80, 1)):
        tiled = fuse(pair, settings, method, window=window, threads=threads, dtype="Float32")
        assert np.abs(tiled - whole).max() <= 1e-5 * np.ptp(whole)


def test_pytorch_and_holes(pair: OnDisk, settings: EngineSettings) -> None:
    log = Log()
    ms = {"nodata": float(read_array(pair.ms)[0, 5, 5])}
    fused = fuse(pair, settings, "dicnn", log, ms=ms)
    assert any("PyTorch" in line for line in log.lines)
    assert fused.shape[1:] == read_array(pair.pan).shape[1:]


def test_a_preview_equals_the_full_run(pair: OnDisk, settings: EngineSettings) -> None:
    whole = fuse(pair, settings, "fusionnet", dtype="Float32", window=64)
    part = fuse(pair, settings, "fusionnet", dtype="Float32", window=64, preview=Preview(size=16))
    rows, columns = part.shape[1:]
    places = [
        (row, column)
        for row in range(0, whole.shape[1] - rows + 1, 16)
        for column in range(0, whole.shape[2] - columns + 1, 16)
        if np.allclose(whole[:, row : row + rows, column : column + columns], part, atol=1e-3)
    ]
    assert len(places) == 1


def test_the_job_finds_its_model_again(pair: OnDisk, settings: EngineSettings, models: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "first.tif", tmp_path / "again.tif"
    pipeline.run(pair.job("fusionnet", first), engine=settings)
    job = pipeline.job_of(str(first))
    assert job.model is not None and job.model["id"] == "sharpen"
    job.outputs[0].path = str(again)
    pipeline.run(job, engine=settings)
    np.testing.assert_array_equal(read_array(first), read_array(again))
    job.model["sha256"] = "0" * 64
    with pytest.raises(InputError, match="the weights of sharpen have changed since this job was made"):
        pipeline.run(job, engine=settings)


def copied(models: Path, name: str, target: Path) -> Path:
    folder = target / f"{name}-copy"
    folder.mkdir()
    for path in (models / name).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def changed(folder: Path, **changes: Any) -> Path:
    data = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (folder / "card.json").write_text(json.dumps({**data, **changes}), encoding="utf-8")
    return folder


def refused(pair: OnDisk, settings: EngineSettings, method: str, model: Path | str, message: str) -> None:
    folder = pair.ms.parent
    before = files_in(folder)
    with pytest.raises(InputError, match=message) as error:
        pipeline.run(pair.job(method, folder / "no.tif", model={"id": str(model)}), engine=settings)
    assert_one_sentence(str(error.value))
    assert files_in(folder) == before


def test_models_that_are_damaged_or_lie(pair: OnDisk, settings: EngineSettings, models: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    truncated = copied(models, "dicnn", tmp_path / "models")
    weights = truncated / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    refused(pair, settings, "dicnn", truncated, "bytes in place of")
    liar = changed(copied(models, "sharpen", tmp_path / "models"), halo=1)
    refused(pair, settings, "fusionnet", liar, "sees farther than the halo of 1 on its card")
    (tmp_path / "more").mkdir()
    liar = changed(copied(models, "dicnn", tmp_path / "more"), halo=1)
    refused(pair, settings, "dicnn", liar, "says a halo of 1, but the network's is 3")
    changed(liar, halo=3, configuration={"bands": 4, "width": 9, "depth": 3})
    refused(pair, settings, "dicnn", liar, "are not those that the card says")
    changed(liar, configuration={"bands": 4, "colour": "red"})
    refused(pair, settings, "dicnn", liar, "cannot be made with the configuration")
    refused(pair, settings, "dicnn", "sharpen", "sharpen is a model of fusionnet, not of DiCNN")
    refused(pair, settings, "dicnn", "nowhere", "there is no model 'nowhere'")
    refused(pair, settings, "gsa", "sharpen", "GSA .* takes no model")
    refused(pair, settings, "arconv", "dicnn", "is a model of dicnn, not of ARConv")


def test_a_scene_that_no_model_fits(pair: OnDisk, settings: EngineSettings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no weights for FusionNet fit this scene: sharpen is for 4 bands") as error:
        pipeline.run(pair.job("fusionnet", tmp_path / "no.tif", ms={"bands": [1, 2, 3]}), engine=settings)
    assert_one_sentence(str(error.value))
    with pytest.raises(InputError, match="there are no weights for PNN yet") as error:
        pipeline.run(pair.job("pnn", tmp_path / "no.tif"), engine=settings)
    assert_one_sentence(str(error.value))


def test_no_engine(pair: OnDisk, models: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("SATFUSION_PYTHON", raising=False)
    monkeypatch.setenv("SATFUSION_ENGINE_FOLDER", str(tmp_path / "none"))
    with pytest.raises(
        InputError, match="The engine is not installed; install it with satfusion:engine_install"
    ) as error:
        pipeline.check(pair.job("fusionnet", tmp_path / "no.tif"), engine=EngineSettings(None, models))
    assert_one_sentence(str(error.value))


def test_a_device_that_is_not_there(pair: OnDisk, settings: EngineSettings) -> None:
    log = Log()
    fuse(pair, settings, "fusionnet", log, device="cuda:3")
    assert any("asked for: cuda:3" in line for line in log.lines)


def test_a_cancel_leaves_nothing(pair: OnDisk, settings: EngineSettings) -> None:
    before = files_in(pair.ms.parent)
    for moment in (1, 5, 20):
        with pytest.raises(Cancelled):
            pipeline.run(
                pair.job("fusionnet", pair.ms.with_name("no.tif"), window=16, threads=1),
                feedback=CancelsAt(moment),
                engine=settings,
            )
        assert files_in(pair.ms.parent) == before


def test_two_runs_at_once(pair: OnDisk, settings: EngineSettings, tmp_path: Path) -> None:
    alone = fuse(pair, settings, "fusionnet")
    targets = [tmp_path / f"{number}.tif" for number in range(2)]
    runs = [
        threading.Thread(target=pipeline.run, args=(pair.job("fusionnet", target),), kwargs={"engine": settings})
        for target in targets
    ]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    for target in targets:
        np.testing.assert_array_equal(read_array(target), alone)


def test_the_command_line(pair: OnDisk, settings: EngineSettings, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SATFUSION_PYTHON": str(settings.interpreter),
        "SATFUSION_MODELS": str(settings.models),
    }
    command = [sys.executable, "-m", "satfusion_qgis.cli", "pansharpen", "--ms", pair.ms, "--pan", pair.pan]
    target = tmp_path / "cli.tif"
    done = subprocess.run(
        [*map(str, command), "--method", "fusionnet", "--model", "sharpen", "--output", str(target)],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(read_array(target), fuse(pair, settings, "fusionnet", options={}))


def test_units_of_the_card(settings: EngineSettings, models: Path, tmp_path: Path) -> None:
    pair = small_pair(tmp_path / "integers", dtype="uint16")
    plain = json.loads((models / "sharpen" / "card.json").read_text(encoding="utf-8"))["inputs"]
    for item in plain:
        item["normalise"] = {"kind": "none"}
    (tmp_path / "models").mkdir()
    folder = changed(copied(models, "sharpen", tmp_path / "models"), inputs=plain)
    refused(pair, settings, "fusionnet", folder, "needs MS in physical units")
    for item in plain:
        item["units"], item["scale"] = "dn", 0.001
    changed(folder, inputs=plain)
    fused = fuse(pair, settings, "fusionnet", model={"id": str(folder)}, dtype="Float32")
    assert np.abs(fused.mean(axis=(1, 2)) / read_array(pair.ms).mean(axis=(1, 2)) - 1).max() < 0.02
    job = pair.job("fusionnet", tmp_path / "no.tif", model={"id": str(folder)}, options={"UNITS": "reflectance"})
    job.inputs = [Input(item.role, item.path, scale=0.0001) for item in job.inputs]
    with pytest.raises(InputError, match="OUTPUT_UNITS must be input"):
        pipeline.check(job, engine=settings)
