"""Training sets for spatiotemporal fusion, from the toolbox and the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis.cli import main
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.test_triplets import DAYS, WAVES, data_set, own_images, tensors
from tests.qgis.conftest import run_as_task
from tests.scenes import make_truth, write_geotiff

SMALL = {"PATCH": 16, "VALIDATION": 20, "TEST": 0}


def run(provider, log, name, folder, **parameters):
    return run_as_task(provider.algorithm(name), {**SMALL, "OUTPUT": str(folder), **parameters}, log)


def test_a_set_of_a_folder_of_a_published_data_set(provider, tmp_path, log):
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    parameters = {"FINE_FOLDER": str(root), "NORMALISE": "none", "VALIDATION_DATES": str(DAYS[2])}
    good, results, _ = run(provider, log, "prepare_triplets", tmp_path / "set", **parameters)
    assert good, log.errors
    data = PatchSet.load(tmp_path / "set").data
    assert data["split"]["dates"]["validation"] == [str(DAYS[2])]
    assert results["TRAIN_PATCHES"] == data["counts"]["train"] == 4 * 3 * 8
    assert results["VALIDATION_PATCHES"] == 4 * 8
    assert any(str(DAYS[2]) in line and line.startswith("validation") for line in log.lines)


def test_a_set_of_layers_and_the_command_line_agree(provider, tmp_path, log):
    fine, coarse = own_images(tmp_path)
    parameters = {
        "FINE": [str(path) for path in sorted(fine.iterdir())],
        "COARSE": [str(path) for path in sorted(coarse.iterdir())],
        "PAIRS": 2,
        "SEED": 3,
        "MOST": 20,
        "BANDS": "1,3",
    }
    good, _, _ = run(provider, log, "prepare_triplets", tmp_path / "set", **parameters)
    assert good, log.errors
    line = ["prepare-triplets", "--fine", str(fine), "--coarse", str(coarse), "--pairs", "2", "--seed", "3", "--quiet"]
    line += ["--patch", "16", "--most", "20", "--bands", "1,3", "--output", str(tmp_path / "other")]
    assert main(line) == 0
    for split in ("train", "validation"):
        one, other = tensors(tmp_path / "set", split), tensors(tmp_path / "other", split)
        assert one["fine_2"].shape[1] == 2
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


def test_a_set_of_simulated_dates(provider, tmp_path, log):
    images = []
    for number in range(2):
        image = make_truth(200, 216, 6, seed=number) * 1e-4
        path = tmp_path / f"fine_{number}.tif"
        images.append(str(write_geotiff(path, image, (3e5, 30, 0, 5e6, 0, -30), wavelengths_nm=WAVES, scale=1.0)))
    parameters = {"IMAGES": images, "SPLITS": "train, validation", "DRAWS": 2, "RATIO": 16, "PATCH": 48}
    good, results, _ = run(provider, log, "prepare_simulated_triplets", tmp_path / "set", **parameters)
    assert good, log.errors
    data = PatchSet.load(tmp_path / "set").data
    assert (data["task"], data["ratio"], data["pairs"]) == ("spatiotemporal_fusion", 16, 1)
    assert [source["split"] for source in data["sources"]] == ["train", "train", "validation", "validation"]
    assert results["TRAIN_PATCHES"] > 0
    line = ["prepare-simulated-triplets", "--images", *images, "--split", "train", "--split", "validation"]
    line += ["--draws", "2", "--patch", "48", "--output", str(tmp_path / "other"), "--quiet"]
    assert main(line) == 0
    one, other = tensors(tmp_path / "set", "train"), tensors(tmp_path / "other", "train")
    np.testing.assert_array_equal(one["reference"], other["reference"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"FINE_FOLDER": ""}, "FINE"),
        ({"VALIDATION_DATES": "soon"}, "VALIDATION_DATES"),
        ({"PAIRS": 2, "MAX_DAYS": 5}, "MAX_DAYS"),
    ],
)
def test_wrong_values_are_refused_in_one_line(provider, tmp_path, log, changes, says):
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    parameters = {"FINE_FOLDER": str(root), **changes}
    good, _, _ = run(provider, log, "prepare_triplets", tmp_path / "set", **parameters)
    assert not good and len(log.errors) == 1 and says in log.errors[0]
    assert not Path(tmp_path / "set").exists()
