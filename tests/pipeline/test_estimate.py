"""Before a long run: how long it will take, how much it will write, and whether the disk holds that."""

from __future__ import annotations

import re
import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline import estimate
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Area, Preview
from tests.pipeline.support import METHODS, Log, OnDisk, assert_one_sentence, files_in, on_disk, read_array
from tests.scenes import make_pair


@pytest.fixture(autouse=True)
def _every_run_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "_LONG_RUN_VALUES", 0.0)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return on_disk(tmp_path_factory.mktemp("scene"), make_pair(700, 900), "uint16")


def free(monkeypatch: pytest.MonkeyPatch, size: float) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, size))


@pytest.mark.parametrize("method", METHODS)
def test_it_changes_nothing_and_comes_first(
    pair: OnDisk, tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    found = pair.fuse(method, tmp_path / "f.tif", log, window=64)
    line = [line for line in log.lines if line.startswith("Estimate")]
    assert len(line) == 1 and re.fullmatch(r"Estimate: about \d+ (s|min), \d+ MB", line[0])
    assert log.lines.index(line[0]) < next(n for n, text in enumerate(log.lines) if "njection" in text or "Fin" in text)
    monkeypatch.setattr(estimate, "_LONG_RUN_VALUES", 1e12)
    log = Log()
    np.testing.assert_array_equal(pair.fuse(method, log=log, window=64), found)
    assert not [line for line in log.lines if line.startswith("Estimate")]


@pytest.mark.parametrize("compression", ["none", "deflate", "zstd", "cog"])
def test_sizes_are_near(pair: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: str) -> None:
    sizes = []
    describe = estimate.describe
    monkeypatch.setattr(estimate, "describe", lambda seconds, size: sizes.append(size) or describe(seconds, size))
    pair.fuse("gsa", tmp_path / "f.tif", options={"COMPRESSION": compression, "OVERVIEWS": True}, window=128)
    written = (tmp_path / "f.tif").stat().st_size
    assert 0.6 * written < sizes[0] < 1.6 * written


def test_the_disk(pair: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = pair.job("gsa", tmp_path / "f.tif", options={"COMPRESSION": "deflate", "OVERVIEWS": False}, window=64)
    pipeline.run(job)
    size = (tmp_path / "f.tif").stat().st_size
    (tmp_path / "f.tif").unlink()
    for room, warnings in ((size * 3, 0), (size * 1.01, 1), (size * 0.8, 1)):
        free(monkeypatch, room)
        log = Log()
        pipeline.run(job, feedback=log)
        assert len([text for text in log.warnings if "needs about" in text and "free" in text]) == warnings, room
        (tmp_path / "f.tif").unlink()
    monkeypatch.setattr("satfusion_qgis.raster.writer._SURELY", 0.0)
    free(monkeypatch, size * 0.2)
    with pytest.raises(InputError) as caught:
        pipeline.run(job)
    assert_one_sentence(str(caught.value))
    assert "f.tif needs about" in str(caught.value) and files_in(tmp_path) == []


def test_scenes_whose_samples_say_nothing(tmp_path: Path) -> None:
    """Statistics of the few windows may fail where those of the whole scene do not."""
    scene = make_pair(700, 900)
    scene.pan[:, 300:, :] = np.nan
    scene.pan[:, :, :700] = np.nan
    scene.ms[:, :10, 180:190] = np.nan
    pair = on_disk(tmp_path / "scene", scene)
    for method in METHODS:
        log = Log()
        pair.fuse(method, tmp_path / "f.tif", log, window=64, threads=1)
        assert np.isfinite(read_array(tmp_path / "f.tif")).any()


def test_with_a_mask_and_a_preview(pair: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    text = f"POLYGON (({x + 300} {y - 5}, {x + 400} {y - 5}, {x + 400} {y - 90}, {x + 300} {y - 5}))"
    fields = {"area": Area(polygons=[text]), "preview": Preview(None, 20), "window": 64}
    found = pair.fuse("gsa", tmp_path / "f.tif", **fields)
    monkeypatch.setattr(estimate, "_LONG_RUN_VALUES", 1e12)
    np.testing.assert_array_equal(pair.fuse("gsa", **fields), found)


def test_a_cancel_while_estimating(pair: OnDisk, tmp_path: Path) -> None:
    class AtOnce(Feedback):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        pipeline.run(pair.job("gsa", tmp_path / "f.tif"), feedback=AtOnce())
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.1, "about 5 s"), (31, "about 30 s"), (54, "about 55 s"), (58, "about 1 min"), (185, "about 3 min"),
     (3599, "about 1 h 0 min"), (7300, "about 2 h 2 min")],
)  # fmt: skip
def test_times(seconds: float, text: str) -> None:
    assert estimate.about(seconds) == text


def test_sizes() -> None:
    assert [estimate.bytes_text(size) for size in (10, 4.4e6, 2.14e9)] == ["1 MB", "4 MB", "2.1 GB"]


def test_windows_that_are_tried() -> None:
    places = [(row, 0, 1, 1) for row in range(100)]
    assert [len(estimate.some_of(places, threads)) for threads in (1, 2, 3, 8)] == [3, 4, 3, 8]
    assert estimate.some_of(places[:2], 4) == places[:2]
    assert [place[0] for place in estimate.some_of(places, 1)] == [16, 50, 83]
