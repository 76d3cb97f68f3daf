"""Patch sets and training from the toolbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from satfusion_qgis.pipeline import training
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.test_training_call import engine
from tests.qgis.conftest import run_as_task
from tests.scenes import make_pair, write_geotiff

SMALL = {"PATCH": 16, "BUFFER": 8, "SEED": 1}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A scene as MS and PAN, the bands of its MS as files, and a second scene."""
    folder = tmp_path_factory.mktemp("patches")
    made = {}
    for name, seed in (("first", 1), ("second", 2)):
        scene = make_pair(448, 480, ratio=4, bands=3, seed=seed)
        made[name] = [
            str(write_geotiff(folder / f"{name}_ms.tif", scene.ms, scene.ms_geotransform, dtype="uint16", nodata=0)),
            str(write_geotiff(folder / f"{name}_pan.tif", scene.pan, scene.pan_geotransform, dtype="uint16", nodata=0)),
        ]
        if name == "first":
            made["bands"] = [
                str(write_geotiff(folder / f"first_B{number}.tif", band, scene.ms_geotransform, dtype="uint16"))
                for number, band in reversed(list(zip((2, 3, 4), scene.ms)))
            ]
    return made


def prepared(provider, log, folder, **parameters):
    return run_as_task(provider.algorithm("prepare_patches"), {**SMALL, "OUTPUT": str(folder), **parameters}, log)


def test_a_set_of_one_scene(provider, files, tmp_path, log):
    ms, pan = files["first"]
    good, results, _ = prepared(provider, log, tmp_path / "set", MS_LIST=[ms], PAN_LIST=[pan], BANDS="3,1")
    assert good, log.errors
    data = PatchSet.load(tmp_path / "set").data
    assert results["TRAIN_PATCHES"] == data["counts"]["train"] > 0
    assert results["VALIDATION_PATCHES"] == data["counts"]["validation"] > 0
    assert len(data["bands"]) == 2
    assert results["OUTPUT"] == str(tmp_path / "set")
    assert any("left out" in line for line in log.lines)


def test_whole_scenes_to_splits(provider, files, tmp_path, log):
    ms, pan = (list(several) for several in zip(files["first"], files["second"]))
    parameters = {"MS_LIST": ms, "PAN_LIST": pan, "SPLITS": "train, validation"}
    good, _, _ = prepared(provider, log, tmp_path / "set", **parameters)
    assert good, log.errors
    data = PatchSet.load(tmp_path / "set").data
    assert [source["split"] for source in data["sources"]] == ["train", "validation"]
    assert [source["name"] for source in data["sources"]] == ["first_ms", "second_ms"]


def test_single_band_files_of_one_scene(provider, files, tmp_path, log):
    one, other = tmp_path / "one", tmp_path / "other"
    assert prepared(provider, log, one, MS_LIST=files["bands"], PAN_LIST=files["first"][1:])[0], log.errors
    assert prepared(provider, log, other, MS_LIST=files["first"][:1], PAN_LIST=files["first"][1:])[0], log.errors
    found = [PatchSet.load(folder).shards("train")[0]["reference"] for folder in (one, other)]
    assert (found[0] == found[1]).all()


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"SPLITS": "train"}, "SPLITS"),
        ({"PATCH": 18}, "MULTIPLE"),
        ({"VALIDATION": 60, "TEST": 50}, "VALIDATION"),
        ({"PATCH": 512}, "PATCH"),
        ({"PAN_LIST": []}, "PAN"),
    ],
)
def test_wrong_values_are_refused_in_one_line(provider, files, tmp_path, log, wrong, word):
    ms, pan = (list(several) for several in zip(files["first"], files["second"]))
    parameters = {"MS_LIST": ms, "PAN_LIST": pan, **wrong}
    good, _, _ = prepared(provider, log, tmp_path / "set", **parameters)
    assert not good
    assert not log.errors or (len(log.errors) == 1 and word in log.errors[0])
    assert list(tmp_path.iterdir()) == []


def test_a_training(provider, files, tmp_path, log, monkeypatch):
    ms, pan = files["first"]
    assert prepared(provider, log, tmp_path / "set", MS_LIST=[ms], PAN_LIST=[pan])[0]
    asked = []
    monkeypatch.setattr(training, "engine_call", engine(asked))
    monkeypatch.setattr(training, "engine_python", lambda given: None)
    parameters = {
        "PATCHES": str(tmp_path / "set"),
        "NETWORK": "dicnn",
        "TIME_LIMIT": 2,
        "EPOCHS": 7,
        "MODEL_FOLDER": str(tmp_path / "model"),
        "REPORT": str(tmp_path / "report.html"),
    }
    good, results, _ = run_as_task(provider.algorithm("train_pansharpening"), parameters, log)
    assert good, log.errors
    assert (results["ERGAS"], results["EXP_ERGAS"], results["STOPPED"]) == (3.0, 4.0, "finished")
    assert results["MODEL_FOLDER"] == str(tmp_path / "model")
    settings = asked[0][1]["settings"]
    assert (settings["time_limit_s"], settings["epochs"], settings["preset"]) == (120, 7, "recommended")
    assert "loss" not in settings
    assert "is finished" in Path(results["REPORT"]).read_text(encoding="utf-8")


def test_a_training_without_patches_is_refused(provider, tmp_path, log):
    parameters = {"PATCHES": str(tmp_path), "MODEL_FOLDER": str(tmp_path / "model")}
    assert not run_as_task(provider.algorithm("train_pansharpening"), parameters, log)[0]
    assert len(log.errors) == 1
    assert "PATCHES" in log.errors[0]
    assert "Prepare training patches" in log.errors[0]
