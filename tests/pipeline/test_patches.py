"""Patch sets: what a degradation by hand gives, split by place, and nothing left of a failed run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.pipeline import patches as module
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair
from satfusion_qgis.pipeline.patch_places import Area, Layout, blocks_of, split_by_place
from satfusion_qgis.pipeline.patches import Moments, PatchSettings, ScenePair, prepare_patches
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.support import QUICK, Log, OnDisk, assert_one_sentence, files_in, on_disk, read_array
from tests.scenes import degrade, make_pair, write_geotiff

SMALL = Layout(side=16, stride=16, multiple=4, buffer=8, seed=1)


def pair_of(disk: OnDisk, split: str = "", **fields: Any) -> ScenePair:
    return ScenePair([Input("MS", str(disk.ms), **fields)], Input("PAN", str(disk.pan), **fields), split)


def tensors(folder: Path, split: str) -> dict[str, np.ndarray]:
    shards = PatchSet.load(folder).shards(split)
    return {name: np.concatenate([shard[name] for shard in shards]) for name in shards[0]}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return on_disk(tmp_path_factory.mktemp("scene"), make_pair(448, 512, 4.0, 3, seed=4), "uint16")


@pytest.fixture(scope="module")
def made(disk: OnDisk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set") / "patches"
    prepare_patches([pair_of(disk)], str(folder), PatchSettings(SMALL))
    return folder


def test_patches_are_what_a_degradation_by_hand_gives(disk: OnDisk, made: Path) -> None:
    """The reference is the original; PAN is that of an independent degradation."""
    truth = read_array(disk.ms).astype(np.float64)
    by_hand = degrade(read_array(disk.pan)[0], 4.0, 0.15, size=truth.shape[1:])
    found = tensors(made, "train")
    for (row, column), reference, pan in zip(found["place"], found["reference"], found["pan"]):
        part = np.s_[..., row : row + 16, column : column + 16]
        np.testing.assert_array_equal(reference, truth[part])
        np.testing.assert_allclose(pan[0], by_hand[part], atol=2e-3 * by_hand.std())


def test_ms_is_interpolated_as_when_a_method_runs(disk: OnDisk, made: Path, tmp_path: Path) -> None:
    """EXP on the pair that `degrade` makes, over the whole scene."""
    files = [str(tmp_path / "ms.tif"), str(tmp_path / "pan.tif")]
    jobs = degrade_jobs([Input("MS", str(disk.ms))], Input("PAN", str(disk.pan)), *files, options=QUICK)
    for job in jobs:
        job.outputs[0].dtype = "Float32"
    degrade_pair(jobs)
    fused = OnDisk(Path(files[0]), Path(files[1]), disk.scene).fuse("exp")
    for split in ("train", "validation", "test"):
        found = tensors(made, split)
        for (row, column), ms in zip(found["place"], found["ms"]):
            np.testing.assert_allclose(ms, fused[:, row : row + 16, column : column + 16], rtol=1e-5)


@pytest.mark.parametrize("offset", [(0.0, 0.0), (-0.5, -0.5)])
@pytest.mark.parametrize("ratio", [2.0, 4.00025])
def test_no_patch_is_shifted(tmp_path: Path, ratio: float, offset: tuple[float, float]) -> None:
    """On a plane over the coordinates all three images are the same, whatever the ratio and the phase."""
    scene = make_pair(round(100 * ratio), round(110 * ratio), ratio, 1, offset=offset)
    for name in ("ms", "pan"):
        transform = getattr(scene, f"{name}_geotransform")
        rows, columns = getattr(scene, name).shape[1:]
        x = transform[0] + transform[1] * (np.arange(columns) + 0.5)
        y = transform[3] + transform[5] * (np.arange(rows) + 0.5)
        plane = 100 + (x - 500000)[None] / ratio - 2 * (y - 5000000)[:, None] / ratio
        write_geotiff(tmp_path / f"{name}.tif", plane[None].astype(np.float32), transform)
    pair = ScenePair([Input("MS", str(tmp_path / "ms.tif"))], Input("PAN", str(tmp_path / "pan.tif")))
    prepare_patches([pair], str(tmp_path / "set"), PatchSettings(SMALL))
    found = tensors(tmp_path / "set", "train")
    np.testing.assert_allclose(found["pan"], found["reference"], atol=2e-3)
    np.testing.assert_allclose(found["ms"], found["reference"], atol=2e-3)


def test_reducing_twice(tmp_path: Path) -> None:
    disk = on_disk(tmp_path, make_pair(256, 288, 2.0, 3, seed=4), "uint16")
    several = [pair_of(disk, "train"), pair_of(disk, "validation")]
    prepare_patches(several, str(tmp_path / "two"), PatchSettings(Layout(side=8, stride=8), reductions=2))
    found = tensors(tmp_path / "two", "train")
    once = degrade(read_array(disk.ms), 2.0, 0.3)
    pan = degrade(degrade(read_array(disk.pan)[0], 2.0, 0.15), 2.0, 0.15)
    for (row, column), reference, own in zip(found["place"], found["reference"], found["pan"]):
        part = np.s_[..., row : row + 8, column : column + 8]
        np.testing.assert_allclose(reference, once[part], atol=4e-3 * once.std())
        np.testing.assert_allclose(own[0], pan[part], atol=4e-3 * pan.std())
    assert PatchSet.load(tmp_path / "two").data["reductions"] == 2


@pytest.mark.parametrize("size", [(120, 150), (400, 90), (420, 560)])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("buffer", [0, 9, 24])
def test_splits_keep_the_buffer(size: tuple[int, int], seed: int, buffer: int) -> None:
    layout = Layout(side=16, stride=12, multiple=4, buffer=buffer, seed=seed)
    area = Area(5, 3, 5 + size[0], 3 + size[1])
    found = split_by_place(area, layout)
    corners = {split: np.array(places) for split, places in found.items()}
    for split, own in corners.items():
        assert len(own)
        assert (own % 4 == 0).all()
        assert (own >= (area.top, area.left)).all()
        assert (own + 16 <= (area.bottom, area.right)).all()
        for other in (corners[name] for name in corners if name != split):
            apart = np.abs(own[:, None] - other[None]).max(axis=2) - 16  # along rows or columns, whichever is more
            assert apart.min() >= buffer
    assert len(corners["train"]) > len(corners["validation"])
    assert found == split_by_place(area, layout)


def test_blocks_cover_the_scene_and_depend_on_the_seed() -> None:
    area = Area(10, 20, 610, 820)
    layouts = [Layout(side=16, stride=16, buffer=8, seed=seed) for seed in range(5)]
    dealt = []
    for layout in layouts:
        blocks = blocks_of(area, layout)
        assert sum(block.rows * block.columns for block, _ in blocks) == 600 * 800
        assert all(one.distance(other) >= 0 for one, _ in blocks for other, _ in blocks if one is not other)
        dealt.append(tuple(split for _, split in blocks))
    assert len(set(dealt)) > 1


def test_scenes_may_go_whole_to_a_split(disk: OnDisk, tmp_path: Path) -> None:
    other = on_disk(tmp_path / "other", make_pair(256, 256, 4.0, 3, seed=9), "uint16")
    prepare_patches([pair_of(disk, "train"), pair_of(other, "validation")], str(tmp_path / "set"), PatchSettings(SMALL))
    data = PatchSet.load(tmp_path / "set").data
    assert set(tensors(tmp_path / "set", "train")["scene"]) == {0}
    assert set(tensors(tmp_path / "set", "validation")["scene"]) == {1}
    assert data["split"]["rule"] == "scenes"
    assert data["counts"]["test"] == 0
    assert [source["split"] for source in data["sources"]] == ["train", "validation"]


def test_invalid_pixels_are_left_out_and_said(tmp_path: Path) -> None:
    scene = make_pair(512, 512, 4.0, 2, seed=3)
    whole = on_disk(tmp_path / "whole", scene, "uint16", nodata=0)
    holed_ms, holed_pan = scene.ms.copy(), scene.pan.copy()
    holed_ms[:, 40:60, 50:70] = 0
    holed_pan[:, 380:400, 100:160] = 0
    holed = on_disk(tmp_path / "holed", scene, "uint16", holed_ms, holed_pan, nodata=0)
    counts = []
    for name, disk in (("a", whole), ("b", holed)):
        log = Log()
        data = prepare_patches([pair_of(disk)], str(tmp_path / name), PatchSettings(SMALL), log)
        counts.append(sum(data["counts"].values()))
        assert any(f"{data['left_out']} left out" in line for line in log.lines)
    assert data["left_out"] > 0
    assert counts[1] == counts[0] - data["left_out"]
    hole = Area(40, 50, 60, 70)
    for split in ("train", "validation", "test"):
        found = tensors(tmp_path / "b", split)
        assert all(Area(r, c, r + 16, c + 16).distance(hole) >= 0 for r, c in found["place"])
        assert float(found["ms"].min()) > 20
        assert float(found["pan"].min()) > 20


def test_physical_units_where_they_are_known(disk: OnDisk, tmp_path: Path) -> None:
    fields = {"scale": 2.5e-4, "offset": -0.01}
    data = prepare_patches([pair_of(disk, **fields)], str(tmp_path / "set"), PatchSettings(SMALL))
    assert data["units"] == "physical"
    assert data["sources"][0]["scale"]["MS"] == [2.5e-4] * 3
    found = tensors(tmp_path / "set", "train")
    stored = read_array(disk.ms)
    row, column = found["place"][0]
    expected = stored[:, row : row + 16, column : column + 16] * 2.5e-4 - 0.01
    np.testing.assert_allclose(found["reference"][0], expected, atol=1e-6)
    log = Log()
    mixed = ScenePair([Input("MS", str(disk.ms), **fields)], Input("PAN", str(disk.pan)))
    data = prepare_patches([mixed], str(tmp_path / "mixed"), PatchSettings(SMALL), log)
    assert data["units"] == "dn"
    assert any("pan.tif" in line for line in log.warnings)
    np.testing.assert_array_equal(tensors(tmp_path / "mixed", "train")["reference"][0],
                                  stored[:, row : row + 16, column : column + 16])  # fmt: skip


def test_the_description(disk: OnDisk, made: Path) -> None:
    data = json.loads((made / "patches.json").read_text(encoding="utf-8"))
    assert data["units"] == "dn"
    assert data["ratio"] == pytest.approx(4)
    assert data["range_from"] == "values"
    assert np.log2(data["range"] + 1) % 1 == 0
    source = data["sources"][0]
    assert source["gsd_m"] == {"ms": 2.0, "pan": 0.5, "trained": 2.0}
    coarse = degrade(read_array(disk.ms), 4.0, 0.3)
    assert source["statistics"]["ms"]["mean"] == pytest.approx(coarse.mean(axis=(1, 2)), rel=1e-3)
    assert source["statistics"]["ms"]["std"] == pytest.approx(coarse.std(axis=(1, 2)), rel=1e-2)
    train = tensors(made, "train")
    for role in ("ms", "pan"):
        assert data["statistics"][role]["mean"] == pytest.approx(train[role].mean(axis=(0, 2, 3), dtype=np.float64))
        assert data["statistics"][role]["std"] == pytest.approx(train[role].std(axis=(0, 2, 3), dtype=np.float64))
    assert {item["name"] for item in data["files"]} | {"patches.json"} == set(files_in(made))
    assert all(len(tensors(made, split)["pan"]) == count for split, count in data["counts"].items())


def test_large_sets_are_cut_into_files(
    disk: OnDisk, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHARD_BYTES", 60_000)
    prepare_patches([pair_of(disk)], str(tmp_path / "set"), PatchSettings(SMALL))
    assert len(files_in(tmp_path / "set")) > 4
    assert all(path.stat().st_size <= 60_000 for path in (tmp_path / "set").glob("*.safetensors"))
    one, several = tensors(made, "train"), tensors(tmp_path / "set", "train")
    for name, value in one.items():
        np.testing.assert_array_equal(value, several[name])


def test_a_set_replaces_an_older_one_and_nothing_else(disk: OnDisk, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    prepare_patches([pair_of(disk)], str(folder), PatchSettings(SMALL))
    prepare_patches([pair_of(disk, "train"), pair_of(disk, "validation")], str(folder), PatchSettings(SMALL))
    assert files_in(folder) == ["patches.json", "train-000.safetensors", "validation-000.safetensors"]
    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.txt").touch()
    with pytest.raises(InputError, match="OUTPUT"):
        prepare_patches([pair_of(disk)], str(other), PatchSettings(SMALL))
    assert files_in(other) == ["thesis.txt"]


class Stopping(Feedback):
    """Cancels when so much is done."""

    def __init__(self, at: float) -> None:
        self._at, self._done = at, 0.0

    def progress(self, fraction: float, remaining_s: float | None = None) -> None:
        assert fraction >= self._done - 1e-9
        self._done = fraction

    def cancelled(self) -> bool:
        return self._done >= self._at


@pytest.mark.parametrize("at", [0.0, 0.3, 0.7, 0.9])
def test_a_cancel_leaves_nothing(disk: OnDisk, tmp_path: Path, at: float) -> None:
    with pytest.raises(Cancelled):
        prepare_patches([pair_of(disk)], str(tmp_path / "set"), PatchSettings(SMALL), Stopping(at))
    assert files_in(tmp_path) == []


def test_a_full_disk_leaves_nothing(disk: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, name: str, index: int, item: Any) -> None:
        if index == 2:
            raise InputError("Cannot write train-000.safetensors: No space left on device.")

    monkeypatch.setattr(module.TensorWriter, "put", full)
    with pytest.raises(InputError, match="No space"):
        prepare_patches([pair_of(disk)], str(tmp_path / "set"), PatchSettings(SMALL))
    assert files_in(tmp_path) == []


def test_what_cannot_be_done_is_said(disk: OnDisk, tmp_path: Path) -> None:
    def refused(*scenes: ScenePair, **settings: Any) -> str:
        with pytest.raises(InputError) as caught:
            prepare_patches(scenes, str(tmp_path / "set"), PatchSettings(**{"layout": SMALL, **settings}))
        assert_one_sentence(str(caught.value))
        assert files_in(tmp_path) == before
        return str(caught.value)

    before = files_in(tmp_path)
    assert "MS_LIST" in refused()
    assert "BUFFER" in refused(pair_of(disk), layout=Layout())
    assert "PATCH" in refused(pair_of(disk), layout=Layout(side=18))
    assert "SPLITS" in refused(pair_of(disk, "training"))
    assert "REDUCTIONS" in refused(pair_of(disk), reductions=3)
    assert "validation" in refused(pair_of(disk, "train"))
    assert "PAN" in refused(ScenePair([Input("MS", str(disk.ms))], Input("PAN", str(disk.ms))))
    other = on_disk(tmp_path / "other", make_pair(256, 256, 4.0, 2), "uint16")
    coarser = on_disk(tmp_path / "coarser", make_pair(256, 256, 2.0, 3), "uint16")
    before = files_in(tmp_path)
    assert "bands" in refused(pair_of(disk), pair_of(other))
    assert "ratio" in refused(pair_of(disk), pair_of(coarser))


def test_moments_of_parts_are_those_of_the_whole() -> None:
    values = 1e6 + np.random.default_rng(0).normal(0, 1, (2, 1000))
    found = Moments(2)
    for start, stop in ((0, 10), (10, 10), (10, 700), (700, 1000)):
        found.add(values[:, start:stop])
    assert found.plain()["mean"] == pytest.approx(values.mean(axis=1), rel=1e-12)
    assert found.plain()["std"] == pytest.approx(values.std(axis=1), rel=1e-9)
