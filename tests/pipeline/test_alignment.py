"""MS and PAN are laid over each other by their georeferencing, whatever their ratio, phase, extent and CRS."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.plan import make_plan
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input
from tests.pipeline.support import (
    METHODS,
    Log,
    OnDisk,
    error,
    facts,
    moved,
    on_disk,
    read_array,
    refused,
    small_pair,
    thirds,
)
from tests.scenes import Scene, degrade, make_pair, write_geotiff

RATIOS = (2.0, 3.0, 4.0, 6.0, 4.00025, 2.5)


def ramp_pair(folder: Path, ratio: float, offset: tuple[float, float], rows: int = 60, columns: int = 72) -> OnDisk:
    """An MS image that is a plane over the CRS's coordinates, under a rough PAN."""
    scene = make_pair(rows, columns, ratio, 2, offset=offset, pan_pixel=1.0, origin=(0.0, 0.0))
    x0, across, _, y0, _, down = scene.ms_geotransform
    row, column = np.mgrid[: scene.ms.shape[1], : scene.ms.shape[2]]
    x, y = x0 + across * (column + 0.5), y0 + down * (row + 0.5)
    return on_disk(folder, scene, ms=np.stack([1000 + 3 * x - 2 * y, 500 - x + y]))


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("offset", [(0.0, 0.0), (-0.5, -0.5), (0.5, 0.5), (-3.25, 5.7)])
def test_interpolation_puts_every_pixel_in_its_place(tmp_path: Path, ratio: float, offset: tuple[float, float]) -> None:
    pair = ramp_pair(tmp_path, ratio, offset)
    fused = pair.fuse("exp", tmp_path / "fused.tif")
    x0, _, _, y0, _, _ = facts(tmp_path / "fused.tif").geotransform
    row, column = np.mgrid[: fused.shape[1], : fused.shape[2]]
    x, y = x0 + column + 0.5, y0 - row - 0.5
    edge = math.ceil(2.5 * ratio)
    inside = (slice(None), slice(edge, -edge), slice(edge, -edge))
    expected = np.stack([1000 + 3 * x - 2 * y, 500 - x + y])
    np.testing.assert_allclose(fused[inside], expected[inside], atol=0.01)


@pytest.mark.parametrize("ratio", RATIOS)
def test_sharpening_beats_interpolation_at_any_ratio(tmp_path: Path, ratio: float) -> None:
    pair = small_pair(tmp_path, 150, 162, ratio=ratio, seed=2)
    errors = {}
    for method in METHODS:
        fused = pair.fuse(method)
        errors[method] = error(fused, pair.scene.truth[:, : fused.shape[1], : fused.shape[2]])
    assert errors["gsa"] < 0.9 * errors["exp"]
    assert errors["mtf_glp_fs"] < 0.9 * errors["exp"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_landsat_phase(tmp_path: Path, method: str, sign: float) -> None:
    """The half pixel between Landsat's grids: right in all thirds, and declaring the wrong phase is felt."""
    thirds_of = {}
    for declared in (sign, 0.0):
        total = np.zeros(3)
        for seed in range(3):
            scene = make_pair(128, 192, 2.0, 4, seed, offset=(0.5 * sign, 0.5 * sign))
            scene = moved(scene, (0.5 * (declared - sign), 0.5 * (declared - sign)))
            pair = on_disk(tmp_path, scene)
            fused = pair.fuse(method, tmp_path / "fused.tif")
            start = facts(tmp_path / "fused.tif").geotransform
            column = round((start[0] - scene.pan_geotransform[0]) / 0.5)
            row = round((scene.pan_geotransform[3] - start[3]) / 0.5)
            truth = scene.truth[:, row : row + fused.shape[1], column : column + fused.shape[2]]
            errors = (error(*each) for each in zip(thirds(fused), thirds(truth)))
            contrasts = (third.std() for third in thirds(truth))
            total += [wrong / contrast for wrong, contrast in zip(errors, contrasts)]
        thirds_of[declared] = total / 3
    right, wrong = thirds_of[sign], thirds_of[0.0]
    assert (right < 0.93 * wrong).all(), (right, wrong)
    assert right.max() < 1.35 * right.min(), right


@pytest.mark.parametrize("ratio", [2.0, 4.00025])
def test_phase_does_not_drift_across_a_wide_scene(tmp_path: Path, ratio: float) -> None:
    """A repeated pattern is fused equally well at the left and at the right end."""
    tile = make_pair(32, 40, 4.0, 2, seed=1).truth
    rng = np.random.default_rng(0)
    truth = np.tile(tile, (1, 1, 30)) + rng.normal(0, 1, (2, 32, 1200))
    scene = make_pair(32, 1200, ratio, 2)
    ms = degrade(truth, ratio)
    pair = on_disk(tmp_path, replace(scene, truth=truth), ms=ms, pan=truth.mean(axis=0))
    fused = pair.fuse("gsa")
    columns = slice(20, 420), slice(780, 1180)
    left, right = (error(fused[:, 8:-8, part], truth[:, 8:-8, part]) for part in columns)
    assert left == pytest.approx(right, rel=0.05)


def test_log_names_ratio_and_offset(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, ratio=2.0, offset=(-0.5, -0.5))
    log = Log()
    pair.fuse("exp", log=log)
    line = next(line for line in log.lines if "aligned" in line)
    assert "ratio 2," in line and "-0.500 columns, -0.500 rows" in line


def test_half_a_pixel_is_told_alike_however_degrees_are_rounded(tmp_path: Path) -> None:
    scene, pixel = make_pair(64, 64, 2.0, offset=(-0.5, -0.5)), 4.5e-6
    corner = 13.0 - pixel / 2, 52.0 + pixel / 2
    pair = on_disk(tmp_path, scene)
    write_geotiff(pair.ms, scene.ms, (corner[0], 2 * pixel, 0, corner[1], 0, -2 * pixel), epsg=4326)
    write_geotiff(pair.pan, scene.pan, (13.0, pixel, 0, 52.0, 0, -pixel), epsg=4326)
    log = Log()
    fused = pair.fuse("gsa", log=log)
    assert any("ratio 2, corner offset -0.500 columns, -0.500 rows" in line for line in log.lines), log.lines
    expected = on_disk(tmp_path / "metres", scene).fuse("gsa")
    np.testing.assert_allclose(fused, expected, atol=1e-3 * expected.std())


# Extents


def cropped(array: np.ndarray, geotransform: tuple, row: int, column: int, rows: int, columns: int) -> tuple:
    """A part of an array, and its geotransform."""
    x, a, _, y, _, e = geotransform
    return array[:, row : row + rows, column : column + columns], (x + a * column, a, 0, y + e * row, 0, e)


@pytest.mark.parametrize("method", METHODS)
def test_ms_larger_than_pan(tmp_path: Path, method: str) -> None:
    pair = small_pair(tmp_path, 128, 128)
    whole = pair.fuse(method)
    pan, where = cropped(pair.scene.pan, pair.scene.pan_geotransform, 33, 38, 70, 61)
    write_geotiff(pair.pan, pan, where)
    part = pair.fuse(method, tmp_path / "fused.tif")
    assert part.shape == (4, 70, 61)
    assert facts(tmp_path / "fused.tif").geotransform == where
    truth = pair.scene.truth[:, 33:103, 38:99]
    assert error(part, truth) < 1.1 * error(whole[:, 33:103, 38:99], truth)


@pytest.mark.parametrize("method", METHODS)
def test_ms_smaller_than_pan(tmp_path: Path, method: str) -> None:
    pair = small_pair(tmp_path, 128, 128)
    whole = pair.fuse(method)
    ms, where = cropped(pair.scene.ms, pair.scene.ms_geotransform, 8, 10, 17, 15)
    write_geotiff(pair.ms, ms, where)
    part = pair.fuse(method, tmp_path / "fused.tif")
    assert part.shape == (4, 17 * 4, 15 * 4)
    truth = pair.scene.truth[:, 32:100, 40:100]
    assert error(part, truth) < 1.1 * error(whole[:, 32:100, 40:100], truth)
    found = facts(tmp_path / "fused.tif").geotransform
    assert found[0] == where[0] and found[3] == where[3]


def test_overlap_of_one_corner(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 96)
    ms, where = cropped(pair.scene.ms, pair.scene.ms_geotransform, 12, 12, 12, 12)
    write_geotiff(pair.ms, ms, where)
    pan, place = cropped(pair.scene.pan, pair.scene.pan_geotransform, 0, 0, 71, 81)
    write_geotiff(pair.pan, pan, place)
    fused = pair.fuse("exp", tmp_path / "fused.tif")
    assert fused.shape == (4, 71 - 48, 81 - 48)
    assert facts(tmp_path / "fused.tif").geotransform[0] == where[0]


def test_extent_cuts_pixels_whose_centres_lie_inside(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64)
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    whole = pair.fuse("exp")
    part = pair.fuse("exp", tmp_path / "fused.tif", extent=[x + 4.1, y - 20.1, x + 15.3, y - 6.3])
    assert facts(tmp_path / "fused.tif").geotransform[0::3] == (x + 4, y - 6.5)
    np.testing.assert_allclose(part, whole[:, 13:40, 8:31], rtol=1e-6)


# Other CRSs and axes


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32632", "EPSG:3857"])
@pytest.mark.parametrize("method", METHODS)
def test_ms_in_another_crs(tmp_path: Path, method: str, crs: str) -> None:
    pair = small_pair(tmp_path, 160, 160, pan_pixel=2.0, seed=3)
    same = pair.fuse(method)
    gdal.Warp(str(tmp_path / "other.tif"), str(pair.ms), dstSRS=crs, resampleAlg="cubic", dstNodata="nan")
    elsewhere = OnDisk(tmp_path / "other.tif", pair.pan, pair.scene)
    log = Log()
    fused = elsewhere.fuse(method, tmp_path / "fused.tif", log)
    assert any("reprojected from" in line for line in log.lines)
    result = facts(tmp_path / "fused.tif")
    assert result.crs == facts(pair.pan).crs
    x0, _, _, y0, _, _ = result.geotransform
    column, row = round((x0 - 500000.0) / 2), round((5000000.0 - y0) / 2)
    assert row <= 8 and column <= 8 and min(fused.shape[1:]) >= 144
    common = same[:, row : row + fused.shape[1], column : column + fused.shape[2]]
    fused = fused[:, : common.shape[1], : common.shape[2]]
    inside = (slice(None), slice(16, -16), slice(16, -16))
    assert np.isfinite(fused[inside]).all()
    # Two more interpolations of MS cost some contrast, but no shift.
    assert error(fused[inside], common[inside]) < 0.35 * error(same, pair.scene.truth) + 0.08 * same.std()
    truth = pair.scene.truth[:, row : row + fused.shape[1], column : column + fused.shape[2]][inside]
    shifted = [error(np.roll(fused[inside], step, axis), truth) for axis in (1, 2) for step in (-1, 1)]
    assert error(fused[inside], truth) < min(shifted)


def test_windows_do_not_show_on_a_reprojected_image(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 120, 130, pan_pixel=2.0)
    gdal.Warp(str(tmp_path / "other.tif"), str(pair.ms), dstSRS="EPSG:4326", resampleAlg="cubic", dstNodata="nan")
    elsewhere = OnDisk(tmp_path / "other.tif", pair.pan, pair.scene)
    whole = elsewhere.fuse("mtf_glp_fs", window=8192, threads=1)
    cut = elsewhere.fuse("mtf_glp_fs", window=32, threads=3)
    assert np.array_equal(np.isnan(whole), np.isnan(cut))
    assert np.nanmax(np.abs(whole - cut)) <= 1e-5 * (np.nanmax(whole) - np.nanmin(whole))


def test_virtual_files_of_a_reprojection_are_removed(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 96, pan_pixel=2.0)
    gdal.Warp(str(tmp_path / "other.tif"), str(pair.ms), dstSRS="EPSG:4326")
    elsewhere = OnDisk(tmp_path / "other.tif", pair.pan, pair.scene)
    elsewhere.fuse("exp")
    pipeline.check(elsewhere.job("gsa", tmp_path / "fused.tif"))
    with pytest.raises(InputError):
        pipeline.check(elsewhere.job("gsa", tmp_path / "fused.tif", extent=[0, 0, 1, 1]))
    assert not gdal.ReadDir("/vsimem/satfusion")


def test_reprojected_images_keep_their_names_and_may_have_relative_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = small_pair(tmp_path, 96, 96, pan_pixel=2.0)
    monkeypatch.chdir(tmp_path)
    job = OnDisk(pair.ms, Path("pan.tif"), pair.scene).job("exp", Path("fused.tif"))
    job.inputs[:1] = []
    for number in (2, 1):
        gdal.Warp(
            f"other_B{number}.tif",
            gdal.Translate("", str(pair.ms), format="MEM", bandList=[number]),
            dstSRS="EPSG:4326",
        )
        job.inputs.insert(0, Input("MS", f"other_B{number}.tif"))
    log = Log()
    pipeline.run(job, feedback=log)
    assert [band.name for band in facts("fused.tif").bands] == ["B1", "B2"]
    assert [line for line in log.lines if "other_B1.tif is reprojected from EPSG:4326" in line]


def test_a_border_of_zeros_is_reported_before_it_is_reprojected_away(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 320, 320, pan_pixel=2.0, dtype="uint16")
    gdal.Warp(str(tmp_path / "other.tif"), str(pair.ms), dstSRS="EPSG:32632")
    assert (read_array(tmp_path / "other.tif")[:, :3, :3] == 0).all()
    log = Log()
    fused = OnDisk(tmp_path / "other.tif", pair.pan, pair.scene).fuse("exp", log=log)
    assert [text for text in log.warnings if "other.tif has a border of zeros" in text]
    known = (fused != 0).all(axis=0)
    beside = known & (np.roll(~known, 4, 0) | np.roll(~known, -4, 0) | np.roll(~known, 4, 1) | np.roll(~known, -4, 1))
    assert fused[:, beside].min() > 0.5 * pair.scene.ms.min(), "no zeros are mixed in"
    assert np.count_nonzero(known) > 0.95 * known.size


def rotated(scene: Scene, degrees: float) -> Scene:
    """The scene with both grids turned about the PAN's corner."""
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    x0, y0 = scene.pan_geotransform[0], scene.pan_geotransform[3]

    def turned(geotransform: tuple) -> tuple:
        x, a, _, y, _, e = geotransform
        dx, dy = x - x0, y - y0
        return (x0 + cos * dx - sin * dy, cos * a, -sin * e, y0 + sin * dx + cos * dy, sin * a, cos * e)

    return replace(
        scene, ms_geotransform=turned(scene.ms_geotransform), pan_geotransform=turned(scene.pan_geotransform)
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("degrees", [17.0, -64.0, 180.0])
def test_grids_rotated_alike_need_no_resampling(tmp_path: Path, method: str, degrees: float) -> None:
    scene = make_pair(96, 104, 2.0, offset=(-0.5, -0.5))
    plain = on_disk(tmp_path / "plain", scene).fuse(method)
    pair = on_disk(tmp_path / "turned", rotated(scene, degrees))
    log = Log()
    fused = pair.fuse(method, tmp_path / "fused.tif", log)
    assert not any("reprojected" in line or "resampled" in line for line in log.lines)
    np.testing.assert_allclose(fused, plain, atol=1e-4 * plain.std())
    expected = pair.scene.pan_geotransform
    np.testing.assert_allclose(facts(tmp_path / "fused.tif").geotransform, expected, rtol=1e-9)


def test_pan_on_axes_that_ms_cannot_be_warped_to(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    pair = on_disk(tmp_path / "scene", rotated(scene, 10.0))
    write_geotiff(pair.ms, scene.ms, scene.ms_geotransform)
    refused(pair.job("exp", tmp_path / "fused.tif"), "MS", "ms.tif", "rotated")


def test_rotated_ms_is_warped(tmp_path: Path) -> None:
    scene = make_pair(96, 96)
    pair = on_disk(tmp_path, rotated(scene, 10.0))
    write_geotiff(pair.pan, scene.pan, scene.pan_geotransform)
    log = Log()
    fused = pair.fuse("exp", log=log)
    assert any("reprojected" in line for line in log.lines)
    assert 0.75 < np.isfinite(fused).mean() < 0.99


def test_ms_stored_from_south_to_north(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 96)
    expected = pair.fuse("gsa")
    x, a, _, y, _, e = pair.scene.ms_geotransform
    write_geotiff(pair.ms, pair.scene.ms[:, ::-1], (x, a, 0, y + e * pair.scene.ms.shape[1], 0, -e))
    fused = pair.fuse("gsa")
    inside = (slice(None), slice(12, -12), slice(12, -12))
    assert error(fused[inside], expected[inside]) < 0.02 * expected.std()


def test_pan_of_another_grid_can_be_the_wish_of_the_job(tmp_path: Path) -> None:
    """A grid in the job moves PAN onto it, and everything else too."""
    pair = small_pair(tmp_path, 96, 96)
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    crs = facts(pair.pan).crs
    grid = {"crs": crs, "geotransform": [x + 4.25, 0.5, 0, y - 4.25, 0, -0.5], "size": [64, 60]}
    fused = pair.fuse("gsa", tmp_path / "fused.tif", grid=grid)
    assert facts(tmp_path / "fused.tif").geotransform == tuple(grid["geotransform"])
    between = pair.fuse("gsa")[:, 8:69, 8:73]
    between = 0.25 * (between[:, 1:, 1:] + between[:, :-1, 1:] + between[:, 1:, :-1] + between[:, :-1, :-1])
    assert error(fused, between) < 0.25 * between.std()


def test_same_crs_written_in_two_ways_needs_no_reprojection(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64)
    dataset = gdal.Open(str(pair.ms), gdal.GA_Update)
    dataset.SetProjection(dataset.GetProjection().replace('"WGS 84 / UTM zone 33N"', '"UTM 33, north"'))
    del dataset
    plan = make_plan(pair.job("exp", tmp_path / "fused.tif"))
    assert not plan.sources["MS"][0].warped_from
    assert read_array(pair.ms).shape[0] == 4
