"""The weights that come with the plugin: whole, small, trained on what may be used, and better than interpolation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.classical.spatiotemporal.simulate import HELD_OUT
from satfusion_qgis.inference.library import ModelLibrary
from satfusion_qgis.inference.model_files import verify
from satfusion_qgis.locations import find
from satfusion_qgis.pipeline.simulate_pairs import FineScene, simulated_triplet
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.model_card import ModelCard
from tests.pipeline.support import on_disk, read_array
from tests.scenes import make_pair, make_truth
from tests.shared_data import needs_engine

CARDS = ModelLibrary((find("models"),)).cards()
CARDS_OF_PAIRS = [card for card in CARDS if card.task == "spatiotemporal_fusion"]
OTHER_CARDS = [card for card in CARDS if card.task != "spatiotemporal_fusion"]
MOST_BYTES, MOST_OF_A_FILE = 16_000_000, 4 << 20
NOT_TO_BE_USED = ("rotterdam", "atlanta", "coleambally", "kranj")  # share-alike, unread terms, tests only


def test_there_is_one_for_each_usual_ratio() -> None:
    trained = {card.data["ratio"]["trained"] for card in CARDS if card.output_bands == 4}
    assert {2.0, 4.0} <= trained
    there = {(card.task, card.data["ratio"]["trained"]) for card in CARDS}
    assert {("super_resolution", 2.0), ("multi_image_pansharpening", 4.0)} <= there
    pairs = [card for card in CARDS_OF_PAIRS if card.output_bands == 6]
    assert any(card.data["ratio"]["min"] <= 16 and card.data["ratio"]["max"] >= 20 for card in pairs)


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


@pytest.mark.parametrize("card", CARDS_OF_PAIRS, ids=[card.id for card in CARDS_OF_PAIRS])
def test_networks_for_dates_beat_the_added_change_on_most_unseen_places_and_say_where_they_lose(
    card: ModelCard,
) -> None:
    scores = card.data["scores"]
    assert {item["metric"] for item in scores} == {"rmse"} and {item["units"] for item in scores} == {"reflectance"}
    added = {item["place"]: item for item in scores if item["baseline"]["method"] == "add_change"}
    simulated = [item for item in added.values() if "leave one place out" in item["protocol"]]
    real = [item for item in added.values() if item["protocol"] == "real dates, never trained on"]
    assert len(simulated) >= 5 and len(real) >= 3
    assert all(item["value"] < item["baseline"]["value"] for item in real)
    wins = [item["value"] < item["baseline"]["value"] for item in simulated]
    assert sum(wins) > len(wins) / 2
    lost = {item["place"] for item in scores if item["value"] >= item["baseline"]["value"]}
    assert all(any(place in limit for limit in card.data["limits"]) for place in lost)


@pytest.mark.parametrize("card", OTHER_CARDS, ids=[card.id for card in OTHER_CARDS])
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


@needs_engine
@pytest.mark.parametrize("card", CARDS_OF_PAIRS, ids=[card.id for card in CARDS_OF_PAIRS])
def test_they_predict_a_landscape_that_they_have_not_seen(card: ModelCard, tmp_path: Path) -> None:
    image = make_truth(240, 240, 6, seed=12) * 1e-4
    waves = [band.wavelength_nm or 0.0 for band in card.inputs[0].bands]
    scene = FineScene("landscape", (image * 0.2 / image.mean()).astype(np.float32), waves, [f"B{at:g}" for at in waves])
    triplet = simulated_triplet(scene, 16.0, 1, replace(HELD_OUT, cloud_share=0.0), np.random.default_rng(4), tmp_path)
    pair, truth = triplet.pairs[0], read_array(Path(triplet.target.fine[0].path)) * 1e-4
    inputs = [
        Input("FINE_1", pair.fine[0].path, date=pair.date),
        Input("COARSE_1", pair.coarse[0].path, date=pair.date),
        Input("COARSE_TARGET", triplet.target.coarse[0].path, date=triplet.target.date),
    ]
    errors = {}
    for method, model in (("copy", None), ("add_change", None), (card.method, {"id": card.id})):
        output = Output("OUTPUT", str(tmp_path / f"{method}.tif"), dtype="Float32", options={"UNITS": "reflectance"})
        pipeline.run(Job(card.task, method, inputs, [output], model=model))
        errors[method] = float(np.sqrt(np.mean(np.square(read_array(Path(output.path)) - truth))))
    assert errors[card.method] < 0.9 * errors["copy"]
    # Its bands are not those of any ground that the network knows, so that it may do no better than where it begins.
    assert errors[card.method] < 1.05 * errors["add_change"]
