"""Patch sets of revisits, and training on them, from the toolbox."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis.pipeline import training
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.test_pancollection import needs_hdf5, write_hdf5
from tests.pipeline.test_revisit_folders import proba_v
from tests.pipeline.test_revisit_patches import FINE, PLACE, own_files
from tests.pipeline.test_training_call import engine
from tests.qgis.conftest import run_as_task
from tests.scenes import make_truth, write_geotiff

SMALL = {"PATCH": 16, "BUFFER": 0, "VALIDATION": 30, "TEST": 0, "FRAMES": 4}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Four revisits and a PAN."""
    folder = tmp_path_factory.mktemp("revisits")
    job = own_files(folder, True)
    return [item.path for item in job.inputs if item.role == "REVISITS"], str(folder / "pan.tif")


def run(provider, log, name, folder, **parameters):
    return run_as_task(provider.algorithm(name), {**SMALL, "OUTPUT": str(folder), **parameters}, log)


@pytest.mark.parametrize("with_pan", [False, True])
def test_a_set_of_own_revisits(provider, files, tmp_path, log, with_pan):
    revisits, pan = files
    parameters = {"REVISITS": revisits, "REFERENCE_DATE": "2024-06-02", "TRUTHS": 2, "BANDS": "3,1"}
    parameters.update({"PAN": pan} if with_pan else {"RATIO": 2})
    good, results, _ = run(provider, log, "prepare_revisit_patches", tmp_path / "set", **parameters)
    assert good, log.errors
    data = PatchSet.load(tmp_path / "set").data
    assert data["task"] == ("multi_image_pansharpening" if with_pan else "super_resolution")
    assert (data["ratio"], len(data["bands"]), data["frames"]) == (4 if with_pan else 2, 2, 4)
    assert results["TRAIN_PATCHES"] == data["counts"]["train"] > 0
    assert results["VALIDATION_PATCHES"] == data["counts"]["validation"] > 0
    assert data["sources"][0]["name"] == "own_20240602.tif"
    assert len(data["sources"]) == (1 if with_pan else 2)


def test_a_set_of_simulated_revisits(provider, tmp_path, log):
    images = []
    for number in range(2):
        image = make_truth(96, 120, 3, seed=number)
        images.append(str(write_geotiff(tmp_path / f"sharp_{number}.tif", image, PLACE, dtype="uint16")))
    parameters = {"IMAGES": images, "SPLITS": "train, validation", "DRAWS": 2, "WITH_PAN": True, "RATIO": 2}
    good, results, _ = run(provider, log, "prepare_simulated_patches", tmp_path / "set", **parameters)
    assert good, log.errors
    patches = PatchSet.load(tmp_path / "set")
    assert patches.kind.task == "multi_image_pansharpening"
    assert [source["split"] for source in patches.data["sources"]] == ["train", "train", "validation", "validation"]
    shard = patches.shards("validation")[0]
    row, column = shard["place"][0]
    truth = np.round(make_truth(96, 120, 3, seed=1))[:, row : row + 16, column : column + 16]
    assert np.array_equal(shard["reference"][0], truth)
    assert results["LEFT_OUT"] == 0
    pan = str(write_geotiff(tmp_path / "pan.tif", make_truth(96, 120, 1), FINE, dtype="uint16"))
    bad = {**parameters, "PANS": [pan, pan]}
    assert not run(provider, log, "prepare_simulated_patches", tmp_path / "other", **bad)[0]
    assert "does not lie on the pixels" in log.errors[0] and not (tmp_path / "other").exists()


def test_a_set_of_a_data_set(provider, tmp_path, log):
    proba_v(tmp_path / "data")
    parameters = {"DATA_SET": "proba_v", "FOLDER": str(tmp_path / "data"), "RATIO": 3, "PATCH": 24, "TEST": 20}
    good, results, _ = run(provider, log, "prepare_revisit_dataset", tmp_path / "set", **parameters)
    assert good, log.errors
    assert results["TEST_PATCHES"] > 0
    assert PatchSet.load(tmp_path / "set").data["loss"] == "combined_registered"
    assert not run(provider, log, "prepare_revisit_dataset", tmp_path / "x", **{**parameters, "WITH_PAN": True})[0]
    assert "no PAN" in log.errors[0]


@needs_hdf5
def test_pancollection_with_revisits(provider, tmp_path, log):
    files = {}
    for number, split in enumerate(("train", "validation")):
        truth = make_truth(32, 32, 4, seed=number).astype(np.float32)
        own = {"gt": truth[None], "pan": truth.mean(axis=0)[None, None]}
        files[f"{split.upper()}_FILE"] = str(write_hdf5(tmp_path / f"{split}_qb.h5", own))
    parameters = {**files, "PRESET": "qb", "FRAMES": 3, "OUTPUT": str(tmp_path / "set")}
    good, results, _ = run_as_task(provider.algorithm("prepare_pancollection"), parameters, log)
    assert good, log.errors
    assert results["TRAIN_PATCHES"] == 1
    assert PatchSet.load(tmp_path / "set").frames == 3


def test_wrong_values_are_refused_in_one_line(provider, files, tmp_path, log):
    revisits, _ = files
    good, _, _ = run(provider, log, "prepare_revisit_patches", tmp_path / "set", REVISITS=revisits, PATCH=15)
    assert not good and len(log.errors) == 1 and "PATCH must be a multiple of the ratio" in log.errors[0]
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("task", ["superresolution", "satfusion"])
def test_a_training(provider, files, tmp_path, log, monkeypatch, task):
    revisits, pan = files
    with_pan = {"PAN": pan} if task == "satfusion" else {}
    assert run(provider, log, "prepare_revisit_patches", tmp_path / "set", REVISITS=revisits, **with_pan)[0], log.errors
    asked = []
    monkeypatch.setattr(training, "engine_call", engine(asked))
    monkeypatch.setattr(training, "engine_python", lambda given: None)
    parameters = {"PATCHES": str(tmp_path / "set"), "TIME_LIMIT": 2, "MODEL_FOLDER": str(tmp_path / "model")}
    parameters.update({"ENCODER": "trmisr", "SHARPENER": "pnn"} if with_pan else {"NETWORK": "rams", "FEATURES": 16})
    parameters["REPORT"] = str(tmp_path / "report.html")
    good, results, _ = run_as_task(provider.algorithm(f"train_{task}"), parameters, log)
    assert good, log.errors
    given = asked[0][1]
    if with_pan:
        wanted = {"encoder": "trmisr", "sharpener": "pnn", "encoder_settings": {"width": 32}}
        assert (given["method"], given["configuration"]) == ("satfusion", wanted)
    else:
        assert (given["method"], given["configuration"]) == ("rams", {"width": 16})
    assert (results["ERGAS"], results["STOPPED"]) == (3.0, "finished")
    assert any("back-projection" in line for line in log.lines)
    assert "Back-projection" in Path(results["REPORT"]).read_text(encoding="utf-8")


def test_patches_for_another_task_are_refused(provider, files, tmp_path, log):
    assert run(provider, log, "prepare_revisit_patches", tmp_path / "set", REVISITS=files[0])[0], log.errors
    parameters = {"PATCHES": str(tmp_path / "set"), "MODEL_FOLDER": str(tmp_path / "model")}
    for name in ("train_satfusion", "train_pansharpening"):
        assert not run_as_task(provider.algorithm(name), parameters, log)[0]
    assert "holds patches for Multi-image super-resolution" in log.errors[0]
