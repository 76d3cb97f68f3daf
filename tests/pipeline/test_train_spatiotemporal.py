"""The training of the network that comes with the plugin, with few steps: scenes, folds, card and scores."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from satfusion_qgis.inference.model_files import verify
from satfusion_qgis.tasks.model_card import ModelCard
from tests.shared_data import needs_engine, needs_shared, shared_path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shipped_stf", ROOT / "scripts" / "train_shipped_spatiotemporal.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["shipped_stf"] = module
    spec.loader.exec_module(module)
    return module


def training(work: Path, **changes: object) -> object:
    given = {"data": shared_path("data"), "models": work / "models", "minutes": 0.05, "fold_minutes": 0.0}
    given = {**given, "draws": 0.1, "places": "rondonia,amazon", "device": "cpu", "threads": 1, **changes}
    return script().Training(argparse.Namespace(**given), work)


@needs_shared("data")
def test_scenes_have_the_six_bands_in_reflectance() -> None:
    tools = script()
    for scene in tools.SCENES:
        image = scene.read(shared_path("data"))
        assert image.shape[0] == 6 and min(image.shape[1:]) >= 128, scene.place
        blue, _, red, infrared, _, _ = (float(np.nanmedian(band)) for band in image)
        assert 0 < blue < 0.2 and 0 < red < 0.3 and red < infrared < 0.6, scene.place
    paths = [path for scene in tools.SCENES for path, _, _ in scene.files]
    assert not any(word in path for path in paths for word in ("coleambally", "kranj", "rotterdam", "atlanta"))
    assert {place for fold in tools.FOLDS for place in fold} == {scene.place for scene in tools.SCENES}


@needs_engine
@needs_shared("data")
def test_a_place_that_is_left_out_is_in_no_draw(tmp_path: Path) -> None:
    made = list(training(tmp_path)._drawn(("amazon",), tmp_path))
    assert {one.place for one in made} == {"rondonia"}
    assert {one.split for one in made} == {"train", "validation"}


@needs_engine
@needs_shared("data/spatiotemporal/coleambally")
def test_a_short_training_leaves_a_whole_model_with_scores_of_real_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = script()
    monkeypatch.setattr(tools, "BASELINES", ("copy", "add_change"))
    training(tmp_path).run()
    folder = tmp_path / "models" / tools.NAME
    card = ModelCard.load(folder)
    verify(card)
    assert {item.format for item in card.files} == {"safetensors", "onnx"}
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1.5e6
    assert [item.role for item in card.inputs] == ["FINE_1", "COARSE_1", "COARSE_TARGET"]
    data = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert data["task"] == "spatiotemporal_fusion" and data["configuration"]["on_change"]
    assert all(item["units"] == "physical" and len(item["bands"]) == 6 for item in data["inputs"])
    assert data["ratio"]["min"] < data["ratio"]["max"] and "Copernicus" in data["attribution"]
    scores = {(one["place"], one["baseline"]["method"]): one for one in data["scores"]}
    one = scores["coleambally, 20020112 from 20011125", "add_change"]
    assert one["baseline"]["value"] == pytest.approx(516e-4, abs=1e-4), "as benchmarks/spatiotemporal.py has it"
    assert one["value"] == pytest.approx(one["baseline"]["value"], rel=0.05), "it begins as the added change"
    lost = [item["place"] for item in data["scores"] if item["value"] >= item["baseline"]["value"]]
    assert all(any(place in limit for limit in data["limits"]) for place in lost)
