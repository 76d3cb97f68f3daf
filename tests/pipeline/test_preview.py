"""A preview is a part of the full run, pixel by pixel: it has the statistics of the whole scene."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.tasks.job import Job, Preview
from tests.pipeline.support import METHODS, Log, OnDisk, facts, on_disk, read_array, refused, small_pair
from tests.scenes import Scene, make_pair


def place_in(pair: OnDisk, path: Path) -> tuple[slice, slice]:
    """Where an output lies in the PAN image."""
    made = facts(path)
    x, a, _, y, _, e = pair.scene.pan_geotransform
    column, row = round((made.geotransform[0] - x) / a), round((made.geotransform[3] - y) / e)
    return slice(row, row + made.size[1]), slice(column, column + made.size[0])


def at(pair: OnDisk, column: float, row: float) -> list[float]:
    x, a, _, y, _, e = pair.scene.pan_geotransform
    return [x + a * column, y + e * row]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return on_disk(tmp_path_factory.mktemp("scene"), make_pair(640, 730, offset=(0.5, -0.5)))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("window", [None, 64, 112])
def test_it_equals_the_full_run(pair: OnDisk, tmp_path: Path, method: str, window: int | None) -> None:
    whole = pair.fuse(method, tmp_path / "whole.tif", window=window)
    full = place_in(pair, tmp_path / "whole.tif")
    for size, centre in ((20, None), (32, at(pair, 600, 90)), (48, at(pair, 3, 630)), (512, None)):
        preview = Preview(centre, size)
        part = pair.fuse(method, tmp_path / "part.tif", window=window, preview=preview)
        rows, columns = place_in(pair, tmp_path / "part.tif")
        assert min(part.shape[1:]) > 0 and max(part.shape[1:]) <= max(4 * size, 1)
        cut = whole[:, rows.start - full[0].start :, columns.start - full[1].start :][
            :, : part.shape[1], : part.shape[2]
        ]
        np.testing.assert_array_equal(part, cut)


def test_it_differs_from_an_extent_whose_statistics_are_its_own(pair: OnDisk, tmp_path: Path) -> None:
    part = pair.fuse("gsa", tmp_path / "part.tif", preview=Preview(at(pair, 300, 300), 40))
    x, a, _, y, _, e = facts(tmp_path / "part.tif").geotransform
    box = [x, y + e * part.shape[1], x + a * part.shape[2], y]
    assert not np.allclose(pair.fuse("gsa", extent=box), part)


def test_place_and_size(tmp_path: Path) -> None:
    x, a, _, y, _, e = (geotransform := make_pair(16, 16).pan_geotransform)
    ms, pan = np.ones((1, 650, 675), np.float32), np.ones((1, 2600, 2700), np.float32)
    ms[:, ::7], pan[:, ::7] = 9, 9
    pair = on_disk(tmp_path / "large", Scene(pan, ms, pan, (x, 4 * a, 0, y, 0, 4 * e), geotransform, 4.0, (560.0,)))
    log = Log()
    part = pair.fuse("exp", tmp_path / "part.tif", log, preview=Preview(at(pair, 1400, 1250)))
    rows, columns = place_in(pair, tmp_path / "part.tif")
    assert part.shape[1:] == (2048, 2048)
    assert abs((columns.start + columns.stop) / 2 - 1400) <= 128 and abs((rows.start + rows.stop) / 2 - 1250) <= 128
    assert [line for line in log.lines if line.startswith("Preview: 2048 x 2048 of 2700 x 2600")]


def test_within_an_extent_and_beside_the_scene(pair: OnDisk, tmp_path: Path) -> None:
    x0, y1, x1, y0 = *at(pair, 100, 100), *at(pair, 500, 400)
    box = [x0, y0, x1, y1]
    whole = pair.fuse("gsa", extent=box)
    log = Log()
    part = pair.fuse("gsa", tmp_path / "part.tif", log, extent=box, preview=Preview([0.0, 0.0], 30))
    rows, columns = place_in(pair, tmp_path / "part.tif")
    top, left = rows.start - 100, columns.start - 100
    np.testing.assert_array_equal(part, whole[:, top : top + part.shape[1], left : left + part.shape[2]])
    assert [warning for warning in log.warnings if "preview" in warning]


def test_it_can_be_made_again(pair: OnDisk, tmp_path: Path) -> None:
    first = pair.fuse("gsa", tmp_path / "part.tif", preview=Preview(at(pair, 200, 200), 25))
    job = pipeline.job_of(str(tmp_path / "part.tif"))
    assert job.preview == Preview(at(pair, 200, 200), 25)
    pipeline.run(job)
    np.testing.assert_array_equal(read_array(tmp_path / "part.tif"), first)


def test_previews_that_make_no_sense(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64)
    target = tmp_path / "f.tif"
    for preview, word in (
        (Preview([1.0]), "PREVIEW_CENTRE"),
        (Preview([1.0, float("nan")]), "PREVIEW_CENTRE"),
        (Preview(None, 0), "preview"),
    ):
        refused(pair.job("exp", target, preview=preview), word)
    with pytest.raises(ValueError, match="preview"):
        Job.from_dict({"format": 1, "task": "a", "method": "b", "inputs": [], "outputs": [], "preview": {"at": 1}})


def test_a_preview_of_nothing(tmp_path: Path) -> None:
    scene = make_pair(640, 640)
    scene.ms[:, :80, :80] = np.nan
    pair = on_disk(tmp_path, scene)
    job = pair.job("exp", tmp_path / "f.tif", preview=Preview(at(pair, 0, 0), 20), window=64)
    refused(job, "PREVIEW_CENTRE", early=False)
