"""Training on pairs from the command line and in the real engine, and prediction with what was learnt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import cli, pipeline
from satfusion_qgis.pipeline import training
from satfusion_qgis.pipeline.training import TrainingRequest, check_request, networks, train_network
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.model_card import ModelCard
from satfusion_qgis.tasks.patch_set import SPATIOTEMPORAL
from tests.engine.pair_sets import RATIO, make_pair_set
from tests.pipeline.support import Log
from tests.pipeline.test_training_call import engine
from tests.scenes import make_truth, write_geotiff
from tests.shared_data import engine_python

needs_engine = pytest.mark.skipif(engine_python() is None, reason="there is no engine beside this interpreter")
WAVELENGTHS = (560.0, 660.0, 840.0)


@pytest.fixture(scope="module")
def patches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pair_set(tmp_path_factory.mktemp("pairs") / "set", 2, counts=(8, 3, 3))


def test_all_networks_can_be_trained() -> None:
    assert {method.id for method in networks(task=SPATIOTEMPORAL)} == {
        "edcstfn", "ganstfm", "mlffgan", "srsfgan", "ecpwstfn", "stfdiff", "swinstfm", "dcstfn", "mustfn", "rsfn",
        "amsstf", "learned_unmixing",
    }  # fmt: skip


def test_the_command_line_trains_networks_for_pairs(
    patches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(training, "engine_call", engine(asked))
    monkeypatch.setattr(training, "engine_python", lambda given: None)
    given = ["train-spatiotemporal", "--patches", str(patches), "--network", "mlffgan", "--model-folder",
             str(tmp_path / "model"), "--set", "loss=own_published", "--configure", "dropout=0.1", "--preset",
             "published"]  # fmt: skip
    assert cli.main(given) == 0
    arguments = asked[0][1]
    assert (arguments["method"], arguments["configuration"]) == ("mlffgan", {"dropout": 0.1})
    assert arguments["settings"] == {"preset": "published", "time_limit_s": 0.0, "loss": "own_published"}


def test_patches_of_another_task_are_refused(patches: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds patches for Spatiotemporal fusion; those for Pansharpening"):
        check_request(TrainingRequest(str(patches), "fusionnet", str(tmp_path / "model")))


@needs_engine
def test_a_trained_network_predicts(patches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps in the worker; the folder is a MODEL as it is."""
    monkeypatch.setenv("SATFUSION_PYTHON", str(engine_python()))
    log = Log()
    request = TrainingRequest(
        str(patches),
        "edcstfn",
        str(tmp_path / "model"),
        {"steps": 12, "batch": 4, "device": "cpu", "threads": 1, "validate_every": 6},
        {"widths": [8, 8, 16]},
        report=str(tmp_path / "report.html"),
        task=SPATIOTEMPORAL,
    )
    found = train_network(request, feedback=log)
    assert found["steps"] == 12 and not log.warnings
    assert [entry["step"] for entry in found["history"]] == [0, 6, 12]
    assert any(line.startswith("Auto-encoder of the loss: 3 steps") for line in log.lines)
    names = [f"Band {number} {error:.4g} (added change" for number, error in enumerate(found["scores"]["rmse"], 1)]
    assert all(any(name in line for line in log.lines) for name in names)
    assert "added change" in (tmp_path / "report.html").read_text(encoding="utf-8").lower()
    card = ModelCard.load(tmp_path / "model")
    assert [item.role for item in card.inputs] == ["FINE_1", "COARSE_1", "COARSE_TARGET", "FINE_2", "COARSE_2"]

    images = _images(tmp_path)
    job = Job(
        SPATIOTEMPORAL,
        "edcstfn",
        [Input(role, str(path), date=day) for role, (path, day) in images.items()],
        [Output("OUTPUT", str(tmp_path / "predicted.tif"))],
        parameters={"RATIO": float(RATIO)},
        model={"id": str(tmp_path / "model")},
    )
    pipeline.run(job, feedback=log)
    assert (tmp_path / "predicted.tif").is_file()
    assert any("EDC-STFN" in line and "Model" in line for line in log.lines)
    predicted = gdal.Open(str(tmp_path / "predicted.tif")).ReadAsArray()
    assert predicted.shape == (3, 64, 64) and np.isfinite(predicted).all() and predicted.std() > 0


def _images(folder: Path) -> dict[str, tuple[Path, str]]:
    """A pair and a coarse image of another date, in reflectance, on the fine grid."""
    place = (500000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0)
    still = make_truth(64, 64, 3, seed=9).astype(np.float64) * 1e-4
    fine = {"FINE_1": (still, "2024-05-01"), "later": (still + 0.1, "2024-06-01")}
    made = {}
    for role, of, day in (
        ("FINE_1", "FINE_1", "2024-05-01"),
        ("COARSE_1", "FINE_1", "2024-05-01"),
        ("COARSE_TARGET", "later", "2024-06-01"),
    ):
        image = fine[of][0]
        if role != "FINE_1":
            blocks = image.reshape(3, 64 // RATIO, RATIO, 64 // RATIO, RATIO).mean(axis=(2, 4))
            image = blocks.repeat(RATIO, 1).repeat(RATIO, 2)
        path = write_geotiff(folder / f"{role.lower()}.tif", image, place, dtype="float32")
        made[role] = (path, day)
    return made
