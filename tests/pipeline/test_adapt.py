"""Fitting a network to a scene: who wins, what is left, and what is refused.

The engine is replaced by a fit of a few weights where the test is about the pipeline; one test runs the real engine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.pipeline import adapt as module
from satfusion_qgis.pipeline import job_of
from satfusion_qgis.pipeline.adapt import AdaptSettings, adapt, better
from satfusion_qgis.pipeline.patch_places import Area
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, Log, OnDisk, assert_one_sentence, files_in, on_disk, read_array
from tests.scenes import make_pair, write_geotiff
from tests.shared_data import needs_engine

TINY = AdaptSettings(model="none", width=8, steps=20)


def job_for(disk: OnDisk, output: Path) -> Job:
    inputs = [Input("MS", str(disk.ms)), Input("PAN", str(disk.pan))]
    return Job("pansharpening", "gsa", inputs, [Output("OUTPUT", str(output), options=QUICK)])


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return on_disk(tmp_path_factory.mktemp("scene"), make_pair(640, 640, 4.0, 3, seed=4), "uint16")


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """MS and PAN of white noise: nothing that a network could learn would hold elsewhere."""
    folder = tmp_path_factory.mktemp("noise")
    rng = np.random.default_rng(1)
    ms, pan = rng.normal(500, 60, (3, 160, 160)), rng.normal(500, 60, (1, 640, 640))
    write_geotiff(folder / "ms.tif", ms.astype(np.float32), (500000, 8, 0, 5000000, 0, -8))
    write_geotiff(folder / "pan.tif", pan.astype(np.float32), (500000, 2, 0, 5000000, 0, -2))
    return folder / "ms.tif", folder / "pan.tif"


SCORES = {"gsa": {"ergas": 2.0, "sam_degrees": 1.0}, "bdsd": {"ergas": 1.9, "sam_degrees": 1.1}}


@pytest.mark.parametrize(
    ("ergas", "sam", "winner"),
    [(1.5, 1.0, "adapted"), (1.5, 1.2, "bdsd"), (1.88, 1.0, "bdsd"), (2.5, 0.5, "bdsd"), (float("nan"), 1.0, "bdsd")],
)
def test_a_network_has_to_be_better_in_ergas_and_no_worse_in_angle(ergas: float, sam: float, winner: str) -> None:
    found, _ = better({**SCORES, "adapted": {"ergas": ergas, "sam_degrees": sam}}, ["adapted"])
    assert found == winner


def test_of_two_networks_the_better_one_wins() -> None:
    networks = {"start": {"ergas": 1.2, "sam_degrees": 1.0}, "adapted": {"ergas": 1.3, "sam_degrees": 1.0}}
    assert better({**SCORES, **networks}, list(networks))[0] == "start"


def test_scored_tiles_lie_inside_the_held_out_patches_and_apart_from_the_others() -> None:
    """Every tile keeps the buffer to every patch that is learned from."""
    area = Area(16, 16, 144, 300)
    layout = module._layout_for(area, 4)
    assert layout is not None
    tiles, side = module.scored_places(area, layout)
    learned = module.split_by_place(area, layout)["train"]
    assert tiles and learned
    held = module.split_by_place(area, layout)["validation"]
    for row, column in tiles:
        tile = Area(row, column, row + side, column + side)
        assert all(
            tile.distance(Area(top, left, top + layout.side, left + layout.side)) >= layout.buffer
            for top, left in learned
        )
        assert any(top <= row and left <= column for top, left in held)


def test_small_scenes_are_not_fitted() -> None:
    assert module._layout_for(Area(4, 4, 33, 33), 4) is None


def test_large_scenes_are_cut_sparsely() -> None:
    layout = module._layout_for(Area(0, 0, 20000, 20000), 8)
    assert layout is not None and layout.stride > layout.side


@needs_engine
def test_it_sharpens_and_says_with_what(disk: OnDisk, tmp_path: Path) -> None:
    log, output, kept = Log(), tmp_path / "out" / "fused.tif", tmp_path / "model"
    output.parent.mkdir()
    found = adapt(job_for(disk, output), TINY, str(kept), feedback=log)
    assert files_in(output.parent) == ["fused.tif"]
    assert read_array(output).shape == (3, 640, 640)
    assert found.steps == 20 and found.held_out > 0
    assert {"adapted", "gsa", "mtf_glp_local"} <= set(found.scores)
    assert any("Sharpened with" in line for line in log.lines)
    assert job_of(str(output)).method == ("dicnn" if found.winner == "adapted" else found.winner)
    page = found.report()
    assert all(title in page for title in ("GSA", "the network fitted to the scene")) and f"{20}" in page
    card = json.loads((kept / "card.json").read_text())
    assert card["id"] == "model" and card["scores"][0]["value"] == found.scores["adapted"]["ergas"]
    assert not (kept / "training").exists()


@needs_engine
def test_noise_falls_back_to_a_classical_method(noise: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "fused.tif"
    inputs = [Input("MS", str(noise[0])), Input("PAN", str(noise[1]))]
    job = Job("pansharpening", "gsa", inputs, [Output("OUTPUT", str(output), options=QUICK)])
    settings = AdaptSettings(model="none", width=8, steps=5)
    found = adapt(job, settings)
    assert found.winner in settings.candidates
    assert "no network was better" in found.reason


@needs_engine
def test_a_cancel_during_the_fit_leaves_nothing(disk: OnDisk, tmp_path: Path) -> None:
    class Stop(Feedback):
        validated = 0

        def scores(self, values: Any) -> None:
            self.validated += 1

        def cancelled(self) -> bool:
            return self.validated > 0

    with pytest.raises(Cancelled):
        adapt(
            job_for(disk, tmp_path / "fused.tif"),
            AdaptSettings(model="none", width=8, steps=100000),
            str(tmp_path / "model"),
            feedback=Stop(),
        )
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (AdaptSettings(network="pnn"), "NETWORK"),
        (AdaptSettings(time_limit_s=1), "TIME_LIMIT"),
        (AdaptSettings(width=1000), "WIDTH"),
        (AdaptSettings(steps=-1), "STEPS"),
    ],
)
def test_bad_settings_are_refused(disk: OnDisk, tmp_path: Path, settings: AdaptSettings, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        adapt(job_for(disk, tmp_path / "fused.tif"), settings)
    assert_one_sentence(str(caught.value))


def test_a_model_folder_in_use_is_refused(disk: OnDisk, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="MODEL_FOLDER"):
        adapt(job_for(disk, tmp_path / "fused.tif"), TINY, str(tmp_path / "model"))
    assert files_in(tmp_path / "model") == ["notes.txt"]
