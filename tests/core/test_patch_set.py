"""What patches for spatiotemporal fusion hold, and what is said about a set that does not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.patch_set import FORMAT, KINDS, SPATIOTEMPORAL, PatchSet, of_pairs
from satfusion_qgis.tasks.tensor_file import TensorWriter, write_tensors

COUNT, BANDS, SIDE = 3, 6, 32
FIRST = ("fine_1", "coarse_1", "coarse_target")


def make(folder, pairs, change=None, **more):
    """Write a set of patches of zeros; `change` gets the tensors before they are written."""
    tensors = {
        name: np.zeros(shape, dtype) for name, (dtype, shape) in of_pairs(pairs).layout(COUNT, BANDS, SIDE).items()
    }
    write_tensors(folder / "train-000.safetensors", change(tensors) if change else tensors)
    data = {
        "format": FORMAT, "task": SPATIOTEMPORAL, "pairs": pairs, "side": SIDE, "ratio": 16.0, "units": "physical",
        "bands": [{"name": f"Band {number}"} for number in range(BANDS)], "counts": {"train": COUNT},
        "files": [{"name": "train-000.safetensors", "split": "train", "count": COUNT}], "sources": [],
        "statistics": {}, **more,
    }  # fmt: skip
    (folder / "patches.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("pairs", "inputs"), [(1, FIRST), (2, (*FIRST, "fine_2", "coarse_2"))])
def test_everything_is_on_the_fine_grid(pairs, inputs, tmp_path):
    patches = PatchSet.load(make(tmp_path, pairs))
    assert (patches.pairs, patches.kind.task, patches.kind.inputs) == (pairs, "spatiotemporal_fusion", inputs)
    assert patches.kind.roles == ("fine_1",)  # all images have one unit, and one normalisation
    layout = patches.kind.layout(COUNT, BANDS, SIDE)
    images = {name: layout.pop(name) for name in (*inputs, "base", "reference")}
    assert set(images.values()) == {("float32", (COUNT, BANDS, SIDE, SIDE))}
    assert layout == {
        "mask": ("uint8", (COUNT, 1, SIDE, SIDE)),
        "days": ("int32", (COUNT, 2)),
        "scene": ("int32", (COUNT,)),
        "place": ("int32", (COUNT, 2)),
    }
    (shard,) = patches.shards("train")
    assert shard["days"].shape == (COUNT, 2)


def test_a_writer_takes_the_layout(tmp_path):
    layout = of_pairs(2).layout(2, BANDS, SIDE)
    rng = np.random.default_rng(1)
    tensors = {name: rng.integers(0, 9, shape).astype(dtype) for name, (dtype, shape) in layout.items()}
    make(tmp_path, 2)
    with TensorWriter(tmp_path / "train-000.safetensors", layout) as writer:
        for number in range(2):
            for name, value in tensors.items():
                writer.put(name, number, value[number])
    data = json.loads((tmp_path / "patches.json").read_text(encoding="utf-8"))
    data["files"][0]["count"] = 2
    (tmp_path / "patches.json").write_text(json.dumps(data), encoding="utf-8")
    (shard,) = PatchSet.load(tmp_path).shards("train")
    assert all(np.array_equal(shard[name], value) for name, value in tensors.items())


@pytest.mark.parametrize("pairs", [0, 3, None])
def test_a_set_must_say_how_many_pairs_it_has(pairs, tmp_path):
    make(tmp_path, 1)
    data = json.loads((tmp_path / "patches.json").read_text(encoding="utf-8"))
    (tmp_path / "patches.json").write_text(json.dumps({**data, "pairs": pairs}), encoding="utf-8")
    with pytest.raises(InputError, match="1 or 2 pairs"):
        PatchSet.load(tmp_path)


@pytest.mark.parametrize("name", ["mask", "days", "fine_2"])
def test_a_file_without_a_tensor_is_refused(name, tmp_path):
    make(tmp_path, 2, lambda tensors: {key: value for key, value in tensors.items() if key != name})
    with pytest.raises(InputError, match="does not hold"):
        PatchSet.load(tmp_path).shards("train")


def test_the_other_tasks_hold_what_they_held():
    assert KINDS["pansharpening"].layout(2, 4, 8) == {
        "ms": ("float32", (2, 4, 8, 8)),
        "pan": ("float32", (2, 1, 8, 8)),
        "reference": ("float32", (2, 4, 8, 8)),
        "scene": ("int32", (2,)),
        "place": ("int32", (2, 2)),
    }
    masks = KINDS["super_resolution"].layout(1, 3, 8, 2.0, 5)["masks"]
    assert masks == ("uint8", (1, 5, 1, 4, 4))
