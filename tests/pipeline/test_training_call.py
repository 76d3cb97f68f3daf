"""Training as the toolbox and the command line ask for it: the engine's arguments, the report, the real engine."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from satfusion_qgis import cli
from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.classical.super_resolution.simulate import Simulation
from satfusion_qgis.pipeline import training
from satfusion_qgis.pipeline.patch_places import Layout
from satfusion_qgis.pipeline.patches import PatchSettings, ScenePair, prepare_patches
from satfusion_qgis.pipeline.revisit_patches import RevisitSettings, make_patches
from satfusion_qgis.pipeline.simulated_scenes import simulated_scene
from satfusion_qgis.pipeline.training import TrainingRequest, networks, train_network
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input
from satfusion_qgis.tasks.model_card import ModelCard
from tests.pipeline.support import Log, OnDisk, files_in, on_disk
from tests.pipeline.test_patches import SMALL
from tests.scenes import make_pair, make_truth

ENGINE = Path(os.environ.get("SATFUSION_PYTHON") or Path(__file__).parents[2] / ".venv-engine" / "bin" / "python")
EXP = {"loss": 0.05, "ergas": 4.0, "sam_degrees": 5.0, "rmse": [9.0, 8.0, 7.0], "rmse_all": 8.0}
OWN = {"ergas": 3.0, "sam_degrees": 4.0, "rmse": [5.0, 9.0, 6.0], "rmse_all": 6.5}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return on_disk(tmp_path_factory.mktemp("scene"), make_pair(448, 512, 4.0, 3, seed=4), "uint16")


@pytest.fixture(scope="module")
def patches(disk: OnDisk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set") / "patches"
    pair = ScenePair([Input("MS", str(disk.ms))], Input("PAN", str(disk.pan)))
    prepare_patches([pair], str(folder), PatchSettings(SMALL))
    return folder


def entry(step: int) -> dict[str, Any]:
    loss = 0.04 / (1 + step)
    losses = {"train_loss": loss if step else None, "validation_loss": 1.1 * loss}
    scores = {"ergas": 4.0 - 0.05 * step, "sam_degrees": 5.0, "rmse": OWN["rmse"]}
    return {"step": step, "epoch": step / 10, "seconds": float(step), **losses, **scores}


def engine(asked: list[Any], stop: Callable[[int], bool] = lambda step: False, report: Path | None = None) -> Any:
    """An engine that is none: it keeps what it was asked, and tells of three validations."""
    seen: list[str] = []

    def run(interpreter: Path | None, name: str, arguments: Mapping[str, Any], feedback: Feedback) -> dict[str, Any]:
        json.dumps(arguments)
        asked.append((name, dict(arguments), seen))
        for step in (0, 10, 20):
            feedback.scores({**entry(step), "exp": EXP})
            feedback.progress(step / 20)
            if report is not None:
                seen.append(report.read_text(encoding="utf-8"))
            if stop(step):
                raise Cancelled
        card = {"training": {"settings": {"loss": "l1"}}}
        return {"stopped": "finished", "steps": 20, "best_step": 20, "split": "test", "scores": OWN, "baseline": EXP,
                "history": [entry(0), entry(10), entry(20)], "card": card, "seconds": 1.0,
                "model_folder": arguments["model_folder"]}  # fmt: skip

    return run


def test_the_engine_gets_the_network_of_the_catalogue(patches: Path, tmp_path: Path) -> None:
    asked: list[Any] = []
    log = Log()
    request = TrainingRequest(str(patches), "dicnn", str(tmp_path / "model"), {"epochs": 3}, title="Mine")
    train_network(request, feedback=log, run_in_engine=engine(asked))
    name, arguments, _ = asked[0]
    assert name == "train"
    assert arguments["network"] == CATALOGUE.method("pansharpening", "dicnn").network
    assert arguments["settings"] == {"epochs": 3}
    assert arguments["title"] == "Mine"
    assert any("Step 20" in line and "EXP 4" in line for line in log.lines)


def test_the_report_is_written_anew_at_each_validation(patches: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    asked: list[Any] = []
    request = TrainingRequest(str(patches), "fusionnet", str(tmp_path / "model"), report=str(report))
    train_network(request, run_in_engine=engine(asked, report=report))
    rows = [page.count("<tr") for page in asked[0][2]]
    assert rows == sorted(set(rows)), "a row more each time"
    assert all("is running" in page for page in asked[0][2])
    page = report.read_text(encoding="utf-8")
    assert "is finished" in page
    assert page.count("data:image/svg+xml") == 3
    assert not re.search(r'(?:src|href)="http', page), "nothing from elsewhere"
    text = html.unescape(page)
    assert "-25.0 %" in text
    assert "+12.5 %" in text
    assert files_in(tmp_path) == ["report.html"]


def test_a_cancel_is_said_in_the_report(patches: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    request = TrainingRequest(str(patches), "fusionnet", str(tmp_path / "model"), report=str(report))
    with pytest.raises(Cancelled):
        train_network(request, run_in_engine=engine([], stop=lambda step: step == 10))
    assert "was cancelled" in report.read_text(encoding="utf-8")


def test_a_cancel_says_what_is_kept(patches: Path, tmp_path: Path) -> None:
    def keeps(*given: Any) -> dict[str, Any]:
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "card.json").touch()
        raise Cancelled

    log = Log()
    with pytest.raises(Cancelled, match="RESUME"):
        train_network(
            TrainingRequest(str(patches), "dicnn", str(tmp_path / "model")), feedback=log, run_in_engine=keeps
        )
    assert any(str(tmp_path / "model") in line for line in log.lines)


def test_what_cannot_be_trained_is_refused_before_the_engine_starts(patches: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "card.json").touch()
    for request, word in (
        (TrainingRequest(str(patches), "gsa", str(tmp_path / "new")), "NETWORK"),
        (TrainingRequest(str(tmp_path), "dicnn", str(tmp_path / "new")), "PATCHES"),
        (TrainingRequest(str(patches), "dicnn", str(tmp_path / "model")), "MODEL_FOLDER"),
    ):
        asked: list[Any] = []
        with pytest.raises(InputError, match=word):
            train_network(request, run_in_engine=engine(asked))
        assert asked == []


def test_all_ten_networks_are_offered() -> None:
    ids = {method.id for method in networks()}
    assert ids >= {"pnn", "pannet", "innformer", "panmamba", "u2net", "arconv", "dicnn", "drpnn", "fusionnet", "msdcnn"}


def test_the_command_line(disk: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = ["--ms", str(disk.ms), "--pan", str(disk.pan)]
    small = ["--patch", "16", "--buffer", "8", "--quiet", "--output", str(tmp_path / "set")]
    assert cli.main(["prepare-patches", *pair, *small, "--set", "SENSOR=quickbird"]) == 0
    assert json.loads((tmp_path / "set" / "patches.json").read_text(encoding="utf-8"))["counts"]["train"] > 0
    assert cli.main(["prepare-patches", *pair, *small, "--split", "train", "--split", "test"]) == 1
    asked: list[Any] = []
    monkeypatch.setattr(training, "engine_call", engine(asked))
    monkeypatch.setattr(training, "engine_python", lambda given: None)
    arguments = ["train-pansharpening", "--patches", str(tmp_path / "set"), "--network", "pnn", "--model-folder",
                 str(tmp_path / "model"), "--set", "epochs=3", "--set", "loss=combined", "--time-limit", "2",
                 "--output", str(tmp_path / "scores.json"), "--quiet"]  # fmt: skip
    assert cli.main(arguments) == 0
    expected = {"preset": "recommended", "time_limit_s": 120.0, "epochs": 3, "loss": "combined"}
    assert asked[0][1]["settings"] == expected
    assert json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["best_step"] == 20


@pytest.mark.slow
@pytest.mark.skipif(not ENGINE.exists(), reason="there is no engine beside this interpreter")
def test_the_real_engine_trains_a_network(patches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATFUSION_PYTHON", str(ENGINE))
    settings = {"steps": 40, "batch": 8, "device": "cpu", "threads": 1, "validate_every": 20}
    log = Log()
    request = TrainingRequest(
        str(patches), "fusionnet", str(tmp_path / "model"), settings, report=str(tmp_path / "report.html")
    )
    found = train_network(request, feedback=log)
    assert found["steps"] == 40
    losses = [one["validation_loss"] for one in found["history"]]
    assert losses[-1] < losses[0]
    card = ModelCard.load(tmp_path / "model")
    assert card.method == "fusionnet"
    assert card.inputs[0].units == "dn"
    assert card.verified(card.files[0]).is_file()
    assert not log.warnings


def test_the_command_line_trains_networks_for_revisits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(training, "engine_call", engine(asked))
    monkeypatch.setattr(training, "engine_python", lambda given: None)
    scene = simulated_scene("town", make_truth(128, 128, 3), 4, Simulation(revisits=2), make_truth(128, 128, 1))
    bands = [{"name": f"Band {number}", "wavelength_nm": None} for number in (1, 2, 3)]
    layout = Layout(16, 16, 4, 0, 0.3, 0.0)
    make_patches([scene], str(tmp_path / "set"), RevisitSettings(4, bands, layout, 2, with_pan=True))
    given = ["--patches", str(tmp_path / "set"), "--model-folder", str(tmp_path / "model"), "--network", "satfusion"]
    configured = ["--configure", "encoder=srcnn", "--configure", "encoder_settings.hidden=8", "--set", "epochs=2"]
    assert cli.main(["train-satfusion", *given, *configured]) == 0
    arguments = asked[0][1]
    assert arguments["configuration"] == {"encoder": "srcnn", "encoder_settings": {"hidden": 8}}
    assert arguments["settings"]["epochs"] == 2
    assert cli.main(["train-superresolution", *given]) != 0
