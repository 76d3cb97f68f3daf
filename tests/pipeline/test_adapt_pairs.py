"""Fitting a network to one's own pairs: who wins, what is held out, what is left, and what is refused.

The engine is replaced where the test is about the pipeline; one test runs the real engine.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis.cli.commands import main
from satfusion_qgis.pipeline import adapt_pairs as module
from satfusion_qgis.pipeline import job_of
from satfusion_qgis.pipeline.adapt_pairs import FitSettings, adapt_pairs, further_pairs
from satfusion_qgis.pipeline.series_images import Search
from satfusion_qgis.pipeline.triplet_patches import Observed
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.support import QUICK, Log, assert_one_sentence, files_in, read_array
from tests.scenes import write_geotiff
from tests.shared_data import needs_engine

RATIO, ROWS, COLUMNS = 8, 160, 240
FINE, COARSE = ((500000.0, size, 0.0, 5000000.0, 0.0, -size) for size in (30.0, 240.0))
DAYS = ("2020-05-01", "2020-06-01", "2020-07-01", "2020-08-01")
SPECTRA = np.array([[0.05, 0.08, 0.30], [0.15, 0.18, 0.25], [0.10, 0.05, 0.45]])
# What each class changes by from the first date to each of the others: at the last one much as at the second, but more
# and not in step; at the third in another way altogether.
CHANGES = np.array(
    [
        [[0.0, 0.0, 0.0]] * 3,
        [[0.03, 0.02, -0.15], [-0.05, -0.04, 0.10], [0.0, 0.01, 0.02]],
        [[-0.01, 0.01, 0.10], [0.05, 0.03, 0.02], [0.04, 0.02, -0.20]],
        [[0.05, 0.03, -0.20], [-0.06, -0.05, 0.17], [0.01, 0.02, 0.0]],
    ]
)
FEW = FitSettings(model="none", steps=30, candidates=("add_change", "fit_fc"))


def fields(seed: int = 4) -> np.ndarray:
    """Which class each pixel has: fields of 5 pixels, so that a coarse pixel holds several."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 3, (ROWS // 5, COLUMNS // 5)).repeat(5, 0).repeat(5, 1)


def images_at(date: int) -> tuple[np.ndarray, np.ndarray]:
    """The fine and the coarse image of a date, in reflectance."""
    labels, rng = fields(), np.random.default_rng([9, date])
    fine = (SPECTRA + CHANGES[date])[labels].transpose(2, 0, 1) + 0.003 * rng.standard_normal((3, ROWS, COLUMNS))
    cells = fine.reshape(3, ROWS // RATIO, RATIO, COLUMNS // RATIO, RATIO).mean((2, 4))
    return fine, cells + 0.001 * rng.standard_normal(cells.shape)


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Path:
    """Four dates as files; the fine image of the last one is the truth."""
    folder = tmp_path_factory.mktemp("scene")
    for date, day in enumerate(DAYS):
        fine, coarse = images_at(date)
        write_geotiff(folder / f"fine_{day}.tif", fine.astype(np.float32), FINE, dtype="float32")
        write_geotiff(folder / f"coarse_{day}.tif", coarse.astype(np.float32), COARSE, dtype="float32")
    return folder


def pair(scene: Path, date: int, number: int = 1) -> Observed:
    def item(role: str, name: str) -> list[Input]:
        return [Input(f"{role}_{number}", str(scene / f"{name}_{DAYS[date]}.tif"), date=f"{DAYS[date]}T00:00:00Z",
                      pair=number)]  # fmt: skip

    return Observed(item("FINE", "fine"), item("COARSE", "coarse"))


def job_for(scene: Path, output: Path, dates=(0, 1), target=3, **fields) -> Job:
    inputs = [Input("COARSE_TARGET", str(scene / f"coarse_{DAYS[target]}.tif"), date=f"{DAYS[target]}T00:00:00Z")]
    for number, date in enumerate(dates, 1):
        one = pair(scene, date, number)
        inputs += [*one.fine, *one.coarse]
    outputs = [Output("OUTPUT", str(output), options=dict(QUICK))]
    return Job("spatiotemporal_fusion", "auto", inputs, outputs, threads=1, **fields)


def error_of(path: Path) -> float:
    return float(np.sqrt(np.mean(np.square(read_array(path) - images_at(3)[0]))))


class Fitted:
    """Stands for the engine: writes a model folder whose network is never run."""

    def __init__(self, stopped="finished"):
        self.asked, self.stopped, self.patches, self.train = [], stopped, {}, {}

    def __call__(self, interpreter, arguments, feedback):
        self.asked.append(arguments)
        patches = PatchSet.load(Path(arguments["patches"]))
        self.data = patches.data
        for split in ("train", "validation"):
            shards = patches.shards(split)
            names = ("reference", "fine_1", "coarse_target", "scene", "place")
            self.patches[split] = {name: np.concatenate([np.array(one[name]) for one in shards]) for name in names}
        folder = Path(arguments["model_folder"])
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(b"weights")
        bands = [{"name": band["name"]} for band in patches.data["bands"]]
        card = {
            "format": 1, "id": folder.name, "title": "Fitted", "method": "learned_unmixing", "configuration": {},
            "task": "spatiotemporal_fusion",
            "inputs": [{"role": role, "bands": bands, "grid": "fine"} for role in
                       ("FINE_1", "COARSE_1", "COARSE_TARGET")],
            "output": {"bands": len(bands)}, "ratio": {"min": 8, "max": 8}, "halo": 8, "window": {"multiple": 2},
            "files": [{"name": "model.safetensors", "format": "safetensors", "sha256": "0" * 64}],
            "licence": "CC0-1.0",
        }  # fmt: skip
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
        return {"model_folder": str(folder), "steps": 10, "best_step": 5, "stopped": self.stopped}


@pytest.fixture
def no_engine(monkeypatch) -> Fitted:
    """Neither the engine nor networks are there."""
    fitted = Fitted()
    monkeypatch.setattr(module, "check_engine", lambda *_: None)
    monkeypatch.setattr(module, "engine_python", lambda *_: None)
    monkeypatch.setattr(module, "fit", fitted)
    return fitted


def network_is(monkeypatch, method: str) -> None:
    """Let a classical method answer in place of the fitted network."""
    original = module._Adapting._way

    def way(self, name, card, job, feedback):
        return original(self, name if card is None else method, None, job, feedback)

    monkeypatch.setattr(module._Adapting, "_way", way)


def test_where_no_network_is_better_the_best_classical_method_predicts(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")  # equal to the best of them
    log = Log()
    found = adapt_pairs(job_for(scene, tmp_path / "out.tif"), settings=FEW, feedback=log)
    assert set(found.scores) == {"add_change", "fit_fc", "adapted"}
    assert found.winner == "fit_fc" and found.scores["adapted"] == found.scores["fit_fc"]
    assert found.scores["fit_fc"]["ergas"] < found.scores["add_change"]["ergas"] and found.held_out > 0
    assert "no network was better than fit_fc by 10 %" in found.reason
    assert job_of(str(tmp_path / "out.tif")).method == "fit_fc"
    assert any("s to fit" in line and "to prepare" in line for line in log.lines)
    assert files_in(tmp_path) == ["out.tif"]
    report = found.report()
    assert "known dates" in report and "No date could be held out" in report and "fine_2020-06-01.tif" in report


def test_a_better_network_predicts(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    settings = replace(FEW, candidates=("add_change",))
    log, folder = Log(), str(tmp_path / "model")
    found = adapt_pairs(job_for(scene, tmp_path / "out.tif"), (), settings, folder, feedback=log)
    assert any("compared on the change that it learned" in line for line in log.warnings)
    assert found.winner == "adapted" and "lower than that of the best classical method, add_change" in found.reason
    card = json.loads((tmp_path / "model" / "card.json").read_text(encoding="utf-8"))
    assert card["training"]["script"] == "satfusion:adapt_spatiotemporal"
    assert card["scores"][0]["baseline"]["method"] == "add_change"


def test_what_is_learned_lies_apart_from_what_is_held_out(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    adapt_pairs(job_for(scene, tmp_path / "out.tif"), settings=FEW)
    data, side = no_engine.data, no_engine.data["side"]
    assert data["split"]["buffer"] >= 3 * RATIO and data["pairs"] == 1
    ends = [no_engine.patches[split]["place"] for split in ("train", "validation")]
    gaps = [np.abs(one - other).max() - side for one in ends[0] for other in ends[1]]
    assert min(gaps) >= data["split"]["buffer"]
    assert sorted(set(no_engine.patches["train"]["scene"])) == [0, 1]  # there and back
    asked = no_engine.asked[0]
    assert asked["configuration"] == {"classes": 8, "width": 16, "ratio": 8}
    assert asked["settings"]["steps"] == 30 and asked["settings"]["dates"] > 0


def test_the_nearest_further_date_is_held_out_whole(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    log = Log()
    further = further_pairs([str(scene)], [], Search("fine_*", "coarse_*"), 1, log)
    assert [one.date[:10] for one in further] == list(DAYS)
    found = adapt_pairs(job_for(scene, tmp_path / "out.tif"), further, FEW, feedback=log)
    assert "estarfm" in found.scores  # the held-out date is predicted from two pairs, as the last one is
    assert "interpolate" not in found.scores  # neither lies between them
    assert any("Held out: the date 2020-07-01" in line for line in log.lines)
    assert found.facts["held"] == "fine_2020-07-01.tif" and "2020-07-01" not in found.facts["fine"]
    held, truth = images_at(2)[0].astype(np.float32), images_at(3)[0].astype(np.float32)
    side = no_engine.data["side"]
    for split, patches in no_engine.patches.items():
        for place, reference, given in zip(patches["place"], patches["reference"], patches["fine_1"]):
            part = np.s_[:, place[0] : place[0] + side, place[1] : place[1] + side]
            assert np.allclose(reference, held[part], atol=1e-6) == (split == "validation")
            assert not np.allclose(given, held[part], atol=1e-3)
            assert not np.allclose(reference, truth[part], atol=1e-3)


def test_fill_values_that_a_held_out_image_does_not_declare_are_in_no_score(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    for date in range(4):
        for name, image, grid in zip(("fine", "coarse"), images_at(date), (FINE, COARSE)):
            values = np.rint(1e4 * image)
            if name == "fine" and date == 2:
                values[:, :50] = -9999
            write_geotiff(tmp_path / f"{name}_{DAYS[date]}.tif", values, grid, dtype="int16")
    settings = replace(FEW, candidates=("add_change",))
    found = adapt_pairs(job_for(tmp_path, tmp_path / "out.tif"), [pair(tmp_path, 2)], settings)
    assert found.facts["held"] == f"fine_{DAYS[2]}.tif"
    assert 0 < found.scores["add_change"]["rmse"] < 2000


def test_no_fine_image_of_the_date_to_predict_is_opened(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    secret = replace(pair(scene, 3), fine=[Input("FINE_1", "/not/there.tif", date=f"{DAYS[3]}T00:00:00Z")])
    log = Log()
    adapt_pairs(job_for(scene, tmp_path / "out.tif"), [secret], FEW, feedback=log)
    assert "there.tif is of the date to predict, and is not looked at" in log.lines


def test_dates_in_names_alone_tell_which_further_pairs_are_given_already(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    job = job_for(scene, tmp_path / "out.tif")
    job.inputs = [replace(item, date=None) for item in job.inputs]
    copies = tmp_path / "copies"
    copies.mkdir()
    for name in (f"{kind}_{DAYS[date]}.tif" for kind in ("fine", "coarse") for date in (0, 1, 2, 3)):
        shutil.copy(scene / name, copies / f"copy_{name}")
    log = Log()
    further = further_pairs([str(copies)], [], Search("*fine_*", "*coarse_*"), 1, log)
    assert len(further) == 4
    found = adapt_pairs(job, further, FEW, feedback=log)
    assert found.facts["fine"] == f"fine_{DAYS[0]}.tif, fine_{DAYS[1]}.tif"
    assert found.facts["held"] == f"copy_fine_{DAYS[2]}.tif"
    assert [one["pair_dates"][0][:10] for one in no_engine.data["sources"]] == [DAYS[0], DAYS[0], DAYS[1]]


def test_images_of_other_footprints_are_cut_at_the_same_places(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    other = tmp_path / "fine_2020-06-01.tif"
    fine = images_at(1)[0][:, 7:, 11:].astype(np.float32)
    write_geotiff(other, fine, (FINE[0] + 11 * 30, 30.0, 0.0, FINE[3] - 7 * 30, 0.0, -30.0), dtype="float32")
    job = job_for(scene, tmp_path / "out.tif")
    job.inputs = [replace(item, path=str(other)) if item.role == "FINE_2" else item for item in job.inputs]
    adapt_pairs(job, settings=FEW)
    origins = np.array([one["grid"]["geotransform"] for one in no_engine.data["sources"]])[:, [3, 0]]
    assert np.ptp(origins, axis=0).tolist() == [0, 0] or len(set(map(tuple, origins))) == 2
    starts = np.stack([FINE[3] - origins[:, 0], origins[:, 1] - FINE[0]], axis=1) / 30
    ends = {}
    for split, patches in no_engine.patches.items():
        ends[split] = patches["place"] + starts[patches["scene"]]
    gaps = [np.abs(one - another).max() for one in ends["train"] for another in ends["validation"]]
    assert min(gaps) - no_engine.data["side"] >= no_engine.data["split"]["buffer"]


def test_of_a_large_scene_the_middle_is_learned_from(scene, tmp_path, no_engine, monkeypatch):
    network_is(monkeypatch, "fit_fc")
    monkeypatch.setattr(module, "_MOST_SIDE", 152)
    log = Log()
    found = adapt_pairs(job_for(scene, tmp_path / "out.tif"), settings=FEW, feedback=log)
    assert any("on 152 x 152 pixels in its middle" in line for line in log.lines)
    places = np.concatenate([no_engine.patches[split]["place"] for split in ("train", "validation")])
    side = no_engine.data["side"]
    assert places[:, 1].min() >= 44 and places[:, 1].max() + side <= 196 and found.held_out > 0
    assert read_array(tmp_path / "out.tif").shape == (3, ROWS, COLUMNS)


def test_a_cancel_keeps_the_best_state_of_the_fit(scene, tmp_path, no_engine):
    no_engine.stopped = "cancelled"
    with pytest.raises(Cancelled, match="best state"):
        adapt_pairs(job_for(scene, tmp_path / "out.tif"), settings=FEW, model_folder=str(tmp_path / "model"))
    assert files_in(tmp_path / "model") == ["card.json", "model.safetensors"]
    assert not (tmp_path / "out.tif").exists()
    shutil.rmtree(tmp_path / "model")
    with pytest.raises(Cancelled):
        adapt_pairs(job_for(scene, tmp_path / "out.tif"), settings=FEW)
    assert not list(tmp_path.iterdir())


def test_a_small_scene_is_compared_and_not_learned_from(tmp_path, no_engine):
    for date in (0, 1, 3):
        fine, coarse = images_at(date)
        for name, image, grid in (("fine", fine[:, :56, :56], FINE), ("coarse", coarse[:, :7, :7], COARSE)):
            write_geotiff(tmp_path / f"{name}_{DAYS[date]}.tif", image.astype(np.float32), grid, dtype="float32")
    log = Log()
    found = adapt_pairs(job_for(tmp_path, tmp_path / "out.tif"), settings=FEW, feedback=log)
    assert found.winner in FEW.candidates and found.held_out == 0 and not no_engine.asked
    assert any("too small to hold anything out" in line for line in log.lines)


def test_bad_input_is_refused_in_one_sentence(scene, tmp_path, no_engine):
    output = tmp_path / "out.tif"

    def refused(match: str, job: Job, **more) -> None:
        settings = more.pop("settings", FEW)
        with pytest.raises(InputError, match=match) as caught:
            adapt_pairs(job, settings=settings, **more)
        assert_one_sentence(str(caught.value))
        assert not output.exists()

    refused("One pair shows no change", job_for(scene, output, dates=(0,)))
    refused("One pair shows no change", job_for(scene, output, dates=(0,)), further=[pair(scene, 0), pair(scene, 3)])
    refused("NETWORK must be one of", job_for(scene, output), settings=replace(FEW, network="pnn"))
    refused("TIME_LIMIT must lie between", job_for(scene, output), settings=replace(FEW, time_limit_s=1))
    refused("CLASSES must lie between", job_for(scene, output), settings=replace(FEW, classes=1))
    refused("is no Learned unmixing", job_for(scene, output), settings=replace(FEW, model="dicnn-bgrn-ratio4"))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("mine", encoding="utf-8")
    refused("MODEL_FOLDER", job_for(scene, output), model_folder=str(tmp_path / "kept"))
    refused("FINE_2 needs COARSE_2", replace(
        job_for(scene, output), inputs=[item for item in job_for(scene, output).inputs if item.role != "COARSE_2"]
    ))  # fmt: skip
    with pytest.raises(InputError, match="COARSE is given without FINE"):
        further_pairs([], [str(scene)], Search(), 1, Log())


def test_the_command_line_takes_the_same(scene, tmp_path, no_engine, monkeypatch, capsys):
    network_is(monkeypatch, "fit_fc")
    asked = []

    def adapted(job, further, settings, *more):
        asked.append((job, further, settings))
        return adapt_pairs(job, further, replace(settings, candidates=("add_change",)), *more)

    monkeypatch.setattr(module, "adapt_pairs", adapted)
    roles = [("fine-1", "fine", 0), ("coarse-1", "coarse", 0), ("coarse-target", "coarse", 3)]
    pairs = [part for role, name, date in roles for part in (f"--{role}", str(scene / f"{name}_{DAYS[date]}.tif"))]
    files = ["--output", str(tmp_path / "out.tif"), "--scores", str(tmp_path / "scores.json"), "--quiet"]
    command = ["adapt-spatiotemporal", *pairs, *files, "--steps", "7", "--classes", "5"]
    assert main(command) == 1
    assert_one_sentence(capsys.readouterr().err.removeprefix("Error: ").strip())
    second = [str(scene / f"{name}_{DAYS[1]}.tif") for name in ("fine", "coarse")]
    assert main([*command, "--fine-2", second[0], "--coarse-2", second[1], "--no-overviews"]) == 0
    assert (asked[-1][2].steps, asked[-1][2].classes) == (7, 5)
    found = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert found["winner"] == "adapted" and found["rows"]["adapted"]["rmse"] < found["rows"]["add_change"]["rmse"]


@needs_engine
def test_a_real_fit_beats_what_needs_no_training(scene, tmp_path):
    """The classes are plain to see, and go on as they began: most of what a coarse pixel hides can be learned."""
    settings = replace(FEW, classes=4, steps=150)
    job = job_for(scene, tmp_path / "out.tif", dates=(1,))
    found = adapt_pairs(job, [pair(scene, 0)], settings, str(tmp_path / "model"))
    assert found.winner == "adapted"
    assert found.scores["adapted"]["rmse"] < 0.9 * found.scores["fit_fc"]["rmse"]
    # At the date to predict, which nothing was chosen by.
    others = {}
    for method in FEW.candidates:
        path = tmp_path / f"{method}.tif"
        module.run(replace(job, method=method, outputs=[Output("OUTPUT", str(path), options=dict(QUICK))]))
        others[method] = error_of(path)
    assert error_of(tmp_path / "out.tif") < 0.9 * min(others.values())
    # The kept model predicts the same later.
    again = replace(job, method="learned_unmixing", model={"id": str(tmp_path / "model")})
    module.run(replace(again, outputs=[Output("OUTPUT", str(tmp_path / "again.tif"), options=dict(QUICK))]))
    assert np.allclose(read_array(tmp_path / "again.tif"), read_array(tmp_path / "out.tif"), atol=1e-5)
