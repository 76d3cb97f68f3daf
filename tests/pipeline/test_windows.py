"""A window never shows: the result is the same for every window size, every number of threads, and in one piece."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis.pipeline import plan
from tests.pipeline.support import METHODS, OnDisk, on_disk, small_pair
from tests.scenes import make_pair

WHOLE = 8192
CUTS = ((16, 2), (64, 1), (64, 3), (112, 2), (None, 2), (None, 1))


def assert_windows_do_not_show(pair: OnDisk, method: str, cuts: tuple = CUTS, **fields: object) -> None:
    whole = pair.fuse(method, window=WHOLE, threads=1, **fields)
    values = whole[np.isfinite(whole)].astype(np.float64)
    tolerance = 1e-5 * (values.max() - values.min())
    for window, threads in cuts:
        cut = pair.fuse(method, window=window, threads=threads, **fields)
        place = f"{method}, window {window}, {threads} threads"
        if whole.dtype.kind == "f":
            assert np.array_equal(np.isnan(cut), np.isnan(whole)), place
            assert np.nanmax(np.abs(cut.astype(np.float64) - whole)) <= tolerance, place
        else:
            difference = np.abs(cut.astype(np.int64) - whole)
            assert difference.max() <= 1, place
            assert np.count_nonzero(difference) <= difference.size // 10000, place


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("rows", "columns"), [(225, 227), (128, 337), (113, 65)])
def test_float_output(tmp_path: Path, method: str, rows: int, columns: int) -> None:
    assert_windows_do_not_show(small_pair(tmp_path, rows, columns), method)


@pytest.mark.parametrize("method", METHODS)
def test_integer_output(tmp_path: Path, method: str) -> None:
    assert_windows_do_not_show(small_pair(tmp_path, 225, 241, dtype="uint16"), method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("ratio", "offset"), [(2.0, (-0.5, -0.5)), (2.0, (0.5, 0.5)), (2.5, (0.3, -1.7)), (4.00025, (0.0, 2.0))]
)
def test_other_ratios_and_phases(tmp_path: Path, method: str, ratio: float, offset: tuple[float, float]) -> None:
    pair = small_pair(tmp_path, 145, 161, ratio=ratio, offset=offset)
    assert_windows_do_not_show(pair, method, ((16, 3), (64, 2), (112, 1)))


@pytest.mark.parametrize("method", METHODS)
def test_holes_in_ms_and_pan(tmp_path: Path, method: str) -> None:
    scene = make_pair(200, 225)
    rng = np.random.default_rng(5)
    ms, pan = scene.ms.copy(), scene.pan.copy()
    ms[:, rng.random(ms.shape[1:]) < 0.03] = np.nan
    ms[1, 20:26, 30:41] = np.nan
    pan[0, rng.random(pan.shape[1:]) < 0.01] = np.nan
    pan[0, 60:68, 100:140] = np.nan
    assert_windows_do_not_show(on_disk(tmp_path, scene, ms=ms, pan=pan), method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 37), (5, 3), (15, 16), (17, 17)])
def test_rasters_smaller_than_a_window_or_one_pixel_larger(
    tmp_path: Path, method: str, rows: int, columns: int
) -> None:
    scene = make_pair(48, 48)
    pair = on_disk(tmp_path, scene)
    left, top = scene.pan_geotransform[0] + 5, scene.pan_geotransform[3] - 3
    extent = [left, top - 0.5 * rows, left + 0.5 * columns, top]
    if rows * columns >= 64:
        fused = pair.fuse(method, extent=extent, window=WHOLE)
        assert fused.shape == (4, rows, columns)
        assert_windows_do_not_show(pair, method, ((16, 1), (None, 2)), extent=extent)
    elif method == "exp":
        part = pair.fuse(method)[:, 6 : 6 + rows, 10 : 10 + columns]
        np.testing.assert_allclose(pair.fuse(method, extent=extent), part, rtol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_part_of_a_scene_is_cut_from_the_whole_where_no_statistics_count(tmp_path: Path, method: str) -> None:
    pair = small_pair(tmp_path, 96, 96)
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    fields = {"parameters": {"WEIGHTS": "1,1,1,1"}} if method == "brovey" else {}
    part = pair.fuse(method, extent=[x + 10, y - 30, x + 30, y - 10], **fields)
    whole = pair.fuse(method, **fields)[:, 20:60, 20:60]
    difference = np.abs(part - whole)
    if method in ("exp", "brovey"):
        assert difference.max() < 0.01
    else:
        assert np.median(difference) < 0.02 * whole.std()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("holes", [False, True])
def test_statistics_do_not_depend_on_how_the_passes_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, holes: bool
) -> None:
    scene = make_pair(161, 190, ratio=3, offset=(0.4, -0.6))
    ms = scene.ms.copy()
    if holes:
        ms[:, 10:14, 7:30] = np.nan
    pair = on_disk(tmp_path, scene, ms=ms)
    parameters = {} if method == "exp" else {"MTF_GAINS": "estimate"}
    once = pair.fuse(method, parameters=parameters)
    monkeypatch.setattr(plan, "_pass_window", lambda bands, ratio: (48, 37))
    cut = pair.fuse(method, parameters=parameters)
    assert np.array_equal(np.isnan(cut), np.isnan(once))
    assert np.nanmax(np.abs(cut - once)) <= 1e-5 * (np.nanmax(once) - np.nanmin(once))


def test_same_bytes_for_any_number_of_threads(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 150, 170, dtype="uint16")
    options = {"COMPRESSION": "deflate", "OVERVIEWS": False}
    pixels = {pair.fuse("gsa", threads=threads, window=48, options=options).tobytes() for threads in (1, 2, 3, 5)}
    assert len(pixels) == 1
