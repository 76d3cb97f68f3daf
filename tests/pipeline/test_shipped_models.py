"""The weights that come with the plugin: whole, small, trained on what may be used, and better than interpolation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis.inference.library import ModelLibrary
from satfusion_qgis.inference.model_files import verify
from satfusion_qgis.locations import find
from satfusion_qgis.tasks.model_card import ModelCard
from tests.pipeline.support import on_disk
from tests.scenes import make_pair
from tests.shared_data import needs_engine

CARDS = ModelLibrary((find("models"),)).cards()
MOST_BYTES, MOST_OF_A_FILE = 16_000_000, 4 << 20
NOT_TO_BE_USED = ("rotterdam", "atlanta", "coleambally", "kranj")  # share-alike, unread terms, tests only


def test_there_is_one_for_each_usual_ratio() -> None:
    trained = {card.data["ratio"]["trained"] for card in CARDS if card.output_bands == 4}
    assert {2.0, 4.0} <= trained
    there = {(card.task, card.data["ratio"]["trained"]) for card in CARDS}
    assert {("super_resolution", 2.0), ("multi_image_pansharpening", 4.0)} <= there


def test_they_are_small() -> None:
    sizes = [path.stat().st_size for card in CARDS for path in card.folder.iterdir()]
    assert max(sizes) <= MOST_OF_A_FILE and sum(sizes) <= MOST_BYTES


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_they_are_whole_and_come_in_both_formats(card: ModelCard) -> None:
    verify(card)
    assert {item.format for item in card.files} == {"safetensors", "onnx"}
    assert card.id == card.folder.name


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_they_were_trained_on_what_may_be_passed_on(card: ModelCard) -> None:
    files = [name for place in card.data["training"]["data"] for name in place["files"]]
    assert files and not [name for name in files if any(word in name for word in NOT_TO_BE_USED)]
    assert "modified Copernicus Sentinel data" in card.data["attribution"]


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_their_scores_are_those_of_unseen_places_and_beat_interpolation(card: ModelCard) -> None:
    scores = [item for item in card.data["scores"] if item["metric"] == "ergas"]
    if card.task == "pansharpening":
        exp = [item for item in scores if item["baseline"]["method"] == "exp"]
        assert len(exp) >= 6 and all(item["value"] < item["baseline"]["value"] for item in exp)
    # For revisits the baseline is the classical way that the network starts from, and the best where that is another.
    rivals = [item for item in scores if card.task != "pansharpening" or item["baseline"]["method"] == "gsa"]
    wins = [item["value"] < item["baseline"]["value"] for item in rivals]
    assert len(wins) >= 6 and sum(wins) > len(wins) / 2
    protocols = {item["place"]: item["protocol"] for item in scores}
    assert all("leave one place out" in said for place, said in protocols.items() if place != "rotterdam")


@needs_engine
@pytest.mark.parametrize("ratio", [2.0, 4.0])
def test_they_sharpen_a_landscape_that_they_have_not_seen(ratio: float, tmp_path: Path) -> None:
    disk = on_disk(tmp_path, make_pair(256, 256, ratio, 4, seed=12), "uint16")
    edge = np.s_[:, 16:-16, 16:-16]
    truth = disk.scene.truth[edge]
    errors = {
        method: float(np.sqrt(np.mean(np.square(disk.fuse(method)[edge].astype(np.float64) - truth))))
        for method in ("exp", "dicnn")
    }
    assert errors["dicnn"] < 0.8 * errors["exp"]
