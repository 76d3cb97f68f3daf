"""Fitting SatFusion to one's own revisits: who wins, what is left, and what is refused.

The engine is replaced by a fit of a few weights where the test is about the pipeline; one test runs the real engine.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis.classical.super_resolution.simulate import Simulation
from satfusion_qgis.pipeline import adapt_revisits as module
from satfusion_qgis.pipeline import job_of
from satfusion_qgis.pipeline.adapt_revisits import FitSettings, adapt_revisits
from satfusion_qgis.pipeline.simulated_scenes import simulated_pan, simulated_scene
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.support import QUICK, Log, files_in, read_array
from tests.scenes import make_truth, write_geotiff
from tests.shared_data import needs_engine

RATIO, ROWS, COLUMNS = 4, 128, 144
COARSE = (500000.0, 8.0, 0.0, 5000000.0, 0.0, -8.0)
FINE = (500000.0, 2.0, 0.0, 5000000.0, 0.0, -2.0)
SEEN = Simulation(revisits=4, largest_shift=1.0, noise=150.0, clouded_revisits=1, cloud_share=0.2, seed=5)
QUICK_FIT = FitSettings(model="none", features=8, steps=30)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """Four revisits and a PAN as files, and what a perfect fusion gives."""
    folder = tmp_path_factory.mktemp("scene")
    truth = make_truth(ROWS * RATIO, COLUMNS * RATIO, 3, seed=6).astype(np.float32)
    pan = simulated_pan(truth, np.random.default_rng(2))[None].astype(np.float32)
    made = simulated_scene("own", truth, RATIO, SEEN)
    files = []
    for number, image in enumerate(made.stack.revisits):
        valid = True if image.data.valid is None else image.data.valid
        values = np.where(valid, image.data.values, np.nan)
        files.append(write_geotiff(folder / f"r_2024060{number + 1}.tif", values, COARSE, dtype="float32"))
    return files, write_geotiff(folder / "pan.tif", pan, FINE, dtype="float32"), truth


def job_for(scene, output: Path, **fields) -> Job:
    files, pan, _ = scene
    inputs = [Input("REVISITS", str(path), number) for number, path in enumerate(files)] + [Input("PAN", str(pan))]
    parameters = {"REFERENCE_DATE": "2024-06-01", "MAX_DAYS": 0, "MAX_SHIFT": 4.0}
    outputs = [Output("OUTPUT", str(output), options=dict(QUICK))]
    return Job("multi_image_pansharpening", "back_projection", inputs, outputs, parameters=parameters, **fields)


def error_of(path: Path, scene) -> float:
    inside = np.s_[:, 32:-32, 32:-32]
    return float(np.sqrt(np.nanmean(np.square(read_array(path) - scene[2])[inside])))


class Fitted:
    """Stands for the engine: writes a model folder whose network is never run."""

    def __init__(self, stopped="finished"):
        self.asked, self.stopped, self.patches = [], stopped, None

    def __call__(self, interpreter, arguments, feedback):
        self.asked.append(arguments)
        self.patches = PatchSet.load(Path(arguments["patches"]))
        folder = Path(arguments["model_folder"])
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(b"weights")
        bands = [{"name": band["name"]} for band in self.patches.data["bands"]]
        scene = {"kind": "scene", "values": None}
        card = {
            "format": 1, "id": folder.name, "title": "Fitted", "method": "satfusion", "configuration": {},
            "task": "multi_image_pansharpening",
            "inputs": [{"role": "REVISITS", "bands": bands, "max_count": 8, "normalise": scene, "grid": "coarse"},
                       {"role": "PAN", "bands": [{"name": "PAN"}], "normalise": scene}],
            "output": {"bands": len(bands), "residual_of": "back_projection"}, "ratio": {"min": 4, "max": 4},
            "halo": 8, "window": {"multiple": 4},
            "files": [{"name": "model.safetensors", "format": "safetensors", "sha256": "0" * 64}],
            "licence": "CC0-1.0",
        }  # fmt: skip
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
        return {"model_folder": str(folder), "steps": 10, "best_step": 5, "stopped": self.stopped}


@pytest.fixture
def no_engine(monkeypatch):
    """Neither the engine nor networks are there."""
    fitted = Fitted()
    monkeypatch.setattr(module, "check_engine", lambda *_: None)
    monkeypatch.setattr(module, "engine_python", lambda *_: None)
    monkeypatch.setattr(module, "fit", fitted)
    return fitted


def as_a_network(monkeypatch, blur=None):
    """Let the fitted "network" give the back-projection in place of an answer, made worse where wanted."""
    original = module._Adapting._way

    def way(self, name, card, job, *more):
        return original(self, "mtf_glp_local" if card is not None and blur is None else name, None, job, *more)

    monkeypatch.setattr(module._Adapting, "_way", way)


def test_where_no_network_is_better_the_best_classical_way_fuses(scene, tmp_path, no_engine, monkeypatch):
    as_a_network(monkeypatch)  # equal to one of them, so not better by 2 %
    log = Log()
    found = adapt_revisits(job_for(scene, tmp_path / "out.tif"), QUICK_FIT, feedback=log)
    assert found.winner != "adapted"
    alone = {"gsa", "mtf_glp_hpm", "mtf_glp_local"}
    assert set(found.scores) == {*alone, *(f"back_projection+{name}" for name in alone), "back_projection", "adapted"}
    assert found.scores["adapted"] == found.scores["mtf_glp_local"]
    assert found.winner == min(found.scores, key=lambda name: found.scores[name]["ergas"])
    assert "no network was better" in found.reason and found.held_out > 0
    assert any("no network was better" in line for line in log.lines)
    assert any("s to prepare" in line and "s to fit" in line for line in log.lines)
    plain = np.sqrt(np.mean(np.square(scene[2] - scene[2].mean(axis=(1, 2), keepdims=True))))
    assert error_of(tmp_path / "out.tif", scene) < 0.5 * plain
    assert files_in(tmp_path) == ["out.tif"]
    assert "Back-projection" in found.report()


def test_the_truth_is_held_out_and_what_is_learned_lies_apart(scene, tmp_path, no_engine, monkeypatch):
    as_a_network(monkeypatch)
    adapt_revisits(job_for(scene, tmp_path / "out.tif"), QUICK_FIT)
    asked = no_engine.asked[0]
    assert asked["method"] == "satfusion" and asked["configuration"]["encoder_settings"]["hidden"] == 8
    data = no_engine.patches.data
    assert (data["task"], data["ratio"]) == ("multi_image_pansharpening", 4)
    assert data["sources"][0]["revisits"][0] == "r_20240601.tif"
    assert data["counts"]["validation"] > 0 and data["counts"]["test"] == 0
    assert asked["settings"]["steps"] == 30 and asked["settings"]["time_limit_s"] == 0


def test_a_cancel_keeps_the_best_state_of_the_fit(scene, tmp_path, no_engine):
    no_engine.stopped = "cancelled"
    with pytest.raises(Cancelled, match="best state"):
        adapt_revisits(job_for(scene, tmp_path / "out.tif"), QUICK_FIT, str(tmp_path / "model"))
    assert files_in(tmp_path / "model") == ["card.json", "model.safetensors"]
    assert not (tmp_path / "out.tif").exists()
    shutil.rmtree(tmp_path / "model")
    with pytest.raises(Cancelled):
        adapt_revisits(job_for(scene, tmp_path / "out.tif"), QUICK_FIT)
    assert not list(tmp_path.iterdir())


def test_wrong_settings_are_refused(scene, tmp_path, no_engine):
    job = job_for(scene, tmp_path / "out.tif")
    for settings, message in (
        (replace(QUICK_FIT, time_limit_s=1.0), "TIME_LIMIT"),
        (replace(QUICK_FIT, features=1), "FEATURES"),
        (replace(QUICK_FIT, steps=-1), "STEPS"),
        (replace(QUICK_FIT, model="nowhere"), "nowhere"),
    ):
        with pytest.raises(InputError, match=message):
            adapt_revisits(job, settings)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(InputError, match="MODEL_FOLDER"):
        adapt_revisits(job, QUICK_FIT, str(tmp_path / "full"))


@needs_engine
def test_a_network_is_fitted_compared_and_kept(scene, tmp_path):
    log = Log()
    found = adapt_revisits(job_for(scene, tmp_path / "out.tif"), QUICK_FIT, str(tmp_path / "model"), feedback=log)
    assert found.steps == 30 and "adapted" in found.scores
    assert found.scores["adapted"]["ergas"] < found.scores["back_projection"]["ergas"]
    card = json.loads((tmp_path / "model" / "card.json").read_text(encoding="utf-8"))
    assert card["training"]["script"] == "satfusion:adapt_satfusion"
    assert card["scores"][0]["value"] == found.scores["adapted"]["ergas"]
    assert job_of(str(tmp_path / "out.tif")).task in ("multi_image_pansharpening", "pansharpening")
