"""Training a network for spatiotemporal fusion in the toolbox, on a tiny patch set, in the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.tasks.model_card import ModelCard
from tests.engine.pair_sets import make_pair_set
from tests.qgis.conftest import run_as_task
from tests.shared_data import engine_python, needs_engine


@pytest.fixture(scope="module")
def patches(tmp_path_factory):
    return make_pair_set(tmp_path_factory.mktemp("pairs") / "set", 1, counts=(6, 3, 3))


def test_its_form(provider):
    algorithm = provider.algorithm("train_spatiotemporal")
    assert algorithm.group() == "Training"
    network = algorithm.parameterDefinition("NETWORK")
    networks = [method.id for method in CATALOGUE.methods_of("spatiotemporal_fusion") if method.network]
    assert network.defaultValue() == "edcstfn" and len(networks) >= 12 and list(network.options()) == networks
    losses = algorithm.parameterDefinition("LOSS").options()
    assert len(losses) == 5 and any("published" in one for one in losses)
    assert "masked" in algorithm.shortHelpString()


@needs_engine
def test_it_trains_end_to_end(provider, patches, tmp_path, log, monkeypatch):
    monkeypatch.setenv("SATFUSION_PYTHON", str(engine_python()))
    parameters = {"PATCHES": str(patches), "NETWORK": "edcstfn", "EPOCHS": 2, "BATCH": 3, "TIME_LIMIT": 0,
                  "DEVICE": "cpu", "THREADS": 1, "MODEL_FOLDER": str(tmp_path / "model"),
                  "REPORT": str(tmp_path / "report.html")}  # fmt: skip
    good, results, _ = run_as_task(provider.algorithm("train_spatiotemporal"), parameters, log)
    assert good, log.errors
    assert (results["STOPPED"], results["STEPS"]) == ("finished", 4)
    card = ModelCard.load(Path(results["MODEL_FOLDER"]))
    assert (card.method, card.task) == ("edcstfn", "spatiotemporal_fusion")
    assert any("added change" in line for line in log.lines)
    assert any(line.startswith("RMSE by band") for line in log.lines)
    assert Path(results["REPORT"]).is_file()


def test_patches_for_another_task_are_refused(provider, patches, tmp_path, log):
    parameters = {"PATCHES": str(patches), "MODEL_FOLDER": str(tmp_path / "model")}
    assert not run_as_task(provider.algorithm("train_pansharpening"), parameters, log)[0]
    assert "holds patches for Spatiotemporal fusion" in log.errors[0]
