"""Missing pixels stay missing, valid ones stay valid, and nothing of a hole reaches the pixels around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.tasks.job import Input, Mask, Output
from tests.pipeline.support import METHODS, QUICK, Log, OnDisk, facts, on_disk, read_array, refused, small_pair
from tests.scenes import make_pair, write_geotiff

NODATA = -999.0
HOLE = (slice(8, 13), slice(9, 15))  # in MS pixels
FINE = (slice(32, 52), slice(36, 60))  # the same in PAN pixels, ratio 4


def grown(hole: np.ndarray, pixels: int) -> np.ndarray:
    """The hole and all that lies within some pixels of it."""
    wide = hole.copy()
    for _ in range(pixels):
        padded = np.pad(wide, 1)
        wide = padded[1:-1, 1:-1].copy()
        for axis in (0, 1):
            for step in (-1, 1):
                wide |= np.roll(padded, step, axis)[1:-1, 1:-1]
        padded = np.pad(wide, 1)
    return wide


def fine_hole(shape: tuple[int, ...]) -> np.ndarray:
    hole = np.zeros(shape[-2:], bool)
    hole[FINE] = True
    return hole


def pair_with_hole(folder: Path, value: float, bands: slice | int = slice(None), **options: Any) -> OnDisk:
    """A pair whose MS has a hole filled with some value in some bands."""
    scene = make_pair(96, 104, seed=6)
    ms = scene.ms.astype(np.float64)
    ms[(bands, *HOLE)] = value
    return on_disk(folder, scene, options.pop("dtype", "float32"), ms, **options)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("value", "declared"), [(np.nan, None), (np.nan, np.nan), (np.inf, None), (-np.inf, NODATA), (NODATA, NODATA)]
)
def test_a_hole_stays_and_does_not_spread(tmp_path: Path, method: str, value: float, declared: float | None) -> None:
    expected = small_pair(tmp_path / "whole", 96, 104, seed=6).fuse(method)
    pair = pair_with_hole(tmp_path / "hole", value, nodata=declared)
    fused = pair.fuse(method, tmp_path / "fused.tif")
    hole = fine_hole(fused.shape)
    nodata = facts(tmp_path / "fused.tif").bands[0].nodata
    assert nodata is not None and (np.isnan(nodata) if declared is None else np.array_equal(nodata, declared, True))
    missing = np.isnan(fused) if np.isnan(nodata) else fused == nodata
    assert np.array_equal(missing, np.broadcast_to(hole, fused.shape))
    # Next to the hole the interpolator has less to go by; three MS pixels away only the statistics differ.
    near, far = grown(hole, 12) & ~hole, ~grown(hole, 12)
    difference = np.abs(fused - expected)
    assert np.percentile(difference[:, far], 99) < 0.04 * expected.std()
    assert fused[:, near].min() > expected.min() - 0.3 * expected.std()
    assert fused[:, near].max() < expected.max() + 0.3 * expected.std()
    assert np.sqrt(np.mean(difference[:, near] ** 2)) < 0.25 * expected.std()


@pytest.mark.parametrize("method", METHODS)
def test_a_hole_in_one_band_is_a_hole_in_all(tmp_path: Path, method: str) -> None:
    fused = pair_with_hole(tmp_path, NODATA, 2, nodata=NODATA).fuse(method)
    assert np.array_equal(fused == NODATA, np.broadcast_to(fine_hole(fused.shape), fused.shape))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [np.nan, NODATA, 0.0])
def test_a_hole_in_pan(tmp_path: Path, method: str, value: float) -> None:
    scene = make_pair(96, 104, seed=6)
    expected = on_disk(tmp_path / "whole", scene).fuse(method)
    pan = scene.pan.copy()
    hole = np.zeros(pan.shape[1:], bool)
    hole[31:50, 42:57] = True
    hole[70, 80] = True
    pan[:, hole] = value
    pair = on_disk(tmp_path / "hole", scene, pan=pan, nodata=None if np.isnan(value) else value)
    fused = pair.fuse(method, tmp_path / "fused.tif")
    nodata = facts(tmp_path / "fused.tif").bands[0].nodata
    missing = np.isnan(fused) if np.isnan(nodata) else fused == nodata
    assert np.array_equal(missing, np.broadcast_to(hole, fused.shape))
    near = grown(hole, 12) & ~hole
    difference = np.abs(fused - expected)
    assert np.sqrt(np.mean(difference[:, near] ** 2)) < 0.15 * expected.std()
    assert fused[:, near].min() > expected.min() - 0.3 * expected.std()
    assert fused[:, near].max() < expected.max() + 0.3 * expected.std()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("where", ["MS", "PAN", "both"])
def test_bands_that_are_constant_stay_so_beside_holes(tmp_path: Path, method: str, where: str) -> None:
    """A constant band has no detail to add to, whatever PAN shows and wherever pixels are missing."""
    scene = make_pair(96, 104, seed=6)
    rng = np.random.default_rng(0)
    ms, pan = scene.ms.copy(), scene.pan.copy()
    ms[1] = 700.0
    if where != "PAN":
        ms[(slice(None), *HOLE)] = np.nan
        ms[:, rng.random(ms.shape[1:]) < 0.1] = np.nan
    if where != "MS":
        pan[:, 31:50, 42:57] = np.nan
    fused = on_disk(tmp_path, scene, ms=ms, pan=pan).fuse(method)
    if method == "brovey":  # multiplies every band: constant colour is what it keeps
        ms[:] = np.array([200.0, 700.0, 500.0, 900.0])[:, None, None] + 0 * ms
        fused = on_disk(tmp_path, scene, ms=ms, pan=pan).fuse(method)
        fused = fused / fused[:1] * 700 / 3.5
    valid = np.isfinite(fused[1])
    np.testing.assert_allclose(fused[1][valid], 700.0, rtol=1e-4)
    coarse = np.repeat(np.repeat(np.isfinite(ms[0]), 4, 0), 4, 1)
    assert np.array_equal(valid, coarse & np.isfinite(pan[0]))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ratio", [2.0, 2.5, 4.0, 6.0])
def test_scattered_holes_take_no_valid_pixel_and_make_no_wild_one(tmp_path: Path, method: str, ratio: float) -> None:
    scene = make_pair(90, 90, ratio)
    rng = np.random.default_rng(3)
    ms, pan = scene.ms.copy(), scene.pan.copy()
    ms[:, rng.random(ms.shape[1:]) < 0.4] = np.nan
    pan[:, rng.random(pan.shape[1:]) < 0.03] = np.nan
    whole = on_disk(tmp_path / "whole", scene).fuse(method)
    fused = on_disk(tmp_path / "holes", scene, ms=ms, pan=pan).fuse(method)
    rows, columns = fused.shape[1:]
    inside = (np.floor((np.arange(n) + 0.5) / ratio).astype(int) for n in (rows, columns))
    valid = np.isfinite(ms[0])[np.ix_(*inside)] & np.isfinite(pan[0, :rows, :columns])
    assert np.array_equal(np.isfinite(fused[0]), valid)
    low, high = whole.min() - whole.std(), whole.max() + whole.std()
    assert low < np.nanmin(fused) and np.nanmax(fused) < high


@pytest.mark.parametrize("method", METHODS)
def test_pan_with_a_fifth_of_its_pixels_missing_here_and_there(tmp_path: Path, method: str) -> None:
    """Salt and pepper: no neighbourhood of PAN is whole, and yet MS and PAN have most pixels in common."""
    scene = make_pair(128, 128, seed=1)
    whole = on_disk(tmp_path / "whole", scene).fuse(method)
    pan = scene.pan.copy()
    pan[:, np.random.default_rng(0).random(pan.shape[1:]) < 0.2] = np.nan
    fused = on_disk(tmp_path / "holes", scene, pan=pan).fuse(method)
    assert np.array_equal(np.isnan(fused[0]), np.isnan(pan[0]))
    assert np.sqrt(np.nanmean((fused - whole) ** 2)) < 0.05 * whole.std()


@pytest.mark.parametrize("ratio", [4.0, 16.0])
@pytest.mark.parametrize("contrast", [1.0, -1.0])
def test_a_pixel_whose_neighbours_are_missing_is_not_extrapolated(
    tmp_path: Path, ratio: float, contrast: float
) -> None:
    """A dark pixel among bright ones, with three of its neighbours missing."""
    scene = make_pair(int(9 * ratio), int(9 * ratio), ratio, 1)
    ms = np.full((1, 9, 9), 1000.0)
    ms[0, 4, 4] -= 500 * contrast
    ms[0, [4, 5, 5], [5, 4, 5]] = np.nan
    fused = on_disk(tmp_path, scene, ms=ms).fuse("exp")
    assert np.count_nonzero(np.isnan(fused)) == 3 * ratio * ratio
    assert np.nanmin(fused) > np.nanmin(ms) - 300 and np.nanmax(fused) < np.nanmax(ms) + 300


@pytest.mark.parametrize("dtype", ["uint16", "int16", "uint8", "float32"])
@pytest.mark.parametrize("nodata", [0, 7, 255])
def test_valid_pixels_never_get_the_nodata_value(tmp_path: Path, dtype: str, nodata: int) -> None:
    scene = make_pair(64, 64, bands=1)
    ms = np.full((1, 16, 16), nodata + (1 if nodata < 255 else -1))
    ms[0, ::3, ::2] = nodata + (2 if nodata < 255 else -3)
    ms[0, 4:6, 4:6] = nodata
    pair = on_disk(tmp_path, scene, dtype, ms, np.clip(scene.pan / 20, 1, 250), nodata=None)
    write_geotiff(pair.ms, ms, scene.ms_geotransform, dtype=dtype, nodata=nodata)
    fused = pair.fuse("exp")
    hole = np.zeros((64, 64), bool)
    hole[16:24, 16:24] = True
    assert np.array_equal(fused[0] == nodata, hole)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [-3.4028234663852886e38, 3.4e38, 1e30])
def test_values_beyond_sense_are_missing_ones(tmp_path: Path, method: str, value: float) -> None:
    """Other programs mark missing pixels with the largest numbers, and not all of them declare it."""
    scene = make_pair(64, 64)
    scene.ms[:, 3:6, 4:7] = np.nan
    expected = on_disk(tmp_path / "nan", scene).fuse(method)
    scene.ms[:, 3:6, 4:7] = value
    np.testing.assert_array_equal(on_disk(tmp_path / "huge", scene).fuse(method), expected)


@pytest.mark.parametrize("method", METHODS)
def test_values_of_next_to_nothing_are_zero(tmp_path: Path, method: str) -> None:
    scene = make_pair(64, 64)
    scene.ms[0] = 0
    expected = on_disk(tmp_path / "zero", scene).fuse(method)
    scene.ms[0] = 1e-42
    np.testing.assert_array_equal(on_disk(tmp_path / "tiny", scene).fuse(method), expected)


def test_nodata_given_by_the_job(tmp_path: Path) -> None:
    pair = pair_with_hole(tmp_path, 12345.0)
    fused = pair.fuse("gsa", tmp_path / "fused.tif", ms={"nodata": 12345.0})
    assert facts(tmp_path / "fused.tif").bands[0].nodata == 12345.0
    assert np.array_equal(fused[0] == 12345.0, fine_hole(fused.shape))


@pytest.mark.parametrize(
    ("dtype", "nodata"),
    [
        ("float32", -3.4028234663852886e38),
        ("float32", 1e20),
        ("float64", -1.7976931348623157e308),
        ("float64", 1e300),
        ("float64", -3.4028234663852886e38),
    ],
)
def test_nodata_values_at_the_end_of_the_range(tmp_path: Path, dtype: str, nodata: float) -> None:
    pair = pair_with_hole(tmp_path, nodata, dtype=dtype, nodata=nodata)
    fused = pair.fuse("gsa", tmp_path / "fused.tif")
    marked = facts(tmp_path / "fused.tif").bands[0].nodata
    missing = np.isnan(fused[0]) if np.isnan(marked) else fused[0] == fused.dtype.type(marked)
    assert np.array_equal(missing, fine_hole(fused.shape))
    assert np.abs(fused[0][~missing]).max() < 1e5


def test_all_outputs_of_undeclared_types_are_marked(tmp_path: Path) -> None:
    """An integer output of a float scene with NaN has a nodata value of its own."""
    pair = pair_with_hole(tmp_path, np.nan)
    for dtype, nodata in (("UInt16", 0), ("Int16", -32768), ("Byte", 0)):
        fused = pair.fuse("exp", tmp_path / "fused.tif", dtype=dtype)
        assert facts(tmp_path / "fused.tif").bands[0].nodata == nodata
        assert np.array_equal(fused[0] == nodata, fine_hole(fused.shape)), dtype


# Borders of zeros that no nodata value declares


def turned_scene(folder: Path, **changes: float) -> tuple[OnDisk, np.ndarray]:
    """A scene that a rotation left with empty corners, zero inside a lake too; where it has values."""
    scene = make_pair(128, 128, seed=8)

    def filled(rows: int, columns: int, step: float) -> np.ndarray:
        row, column = (np.mgrid[:rows, :columns] + 0.5) * step
        return np.abs(row - 64) * 0.9 + np.abs(column - 64) < 60

    fine, coarse = filled(128, 128, 1.0), filled(32, 32, 4.0)
    ms, pan = scene.ms * coarse, scene.pan * fine
    ms[:, 14:17, 15:18] = 0
    pan[:, 60:63, 70:73] = 0
    return on_disk(folder, scene, "uint16", ms, pan, **changes), np.repeat(np.repeat(coarse, 4, 0), 4, 1) & fine


@pytest.mark.parametrize("method", METHODS)
def test_an_undeclared_border_of_zeros_is_found_and_reported(tmp_path: Path, method: str) -> None:
    pair, valid = turned_scene(tmp_path)
    log = Log()
    fused = pair.fuse(method, tmp_path / "fused.tif", log)
    for name in ("ms.tif", "pan.tif"):
        assert [text for text in log.warnings if name in text and "border of zeros" in text], log.warnings
    assert facts(tmp_path / "fused.tif").bands[0].nodata == 0
    assert np.array_equal(fused[0] == 0, ~valid), "true zeros inside the scene are no border"


def test_a_border_does_not_darken_the_pixels_beside_it(tmp_path: Path) -> None:
    pair, valid = turned_scene(tmp_path)
    near = valid & grown(~valid, 4)
    for method in METHODS:
        fused = pair.fuse(method)[:, near].astype(float)
        truth = pair.scene.truth[:, near]
        whole = on_disk(tmp_path / "whole", pair.scene, "uint16").fuse(method)[:, near]
        assert np.abs(fused.mean(1) / truth.mean(1) - 1).max() < 0.05 + np.abs(whole.mean(1) / truth.mean(1) - 1).max()


def test_a_declared_nodata_value_needs_no_search(tmp_path: Path) -> None:
    pair, _ = turned_scene(tmp_path, nodata=0)
    log = Log()
    fused = pair.fuse("exp", log=log)
    assert not log.warnings
    assert (fused[:, 62, 66] == 0).all(), "a declared value is nodata everywhere"


def test_a_scene_that_touches_all_corners_has_no_border(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    ms = scene.ms.copy()
    ms[:, 5:9, 0:4] = 0
    log = Log()
    fused = on_disk(tmp_path, scene, "uint16", ms).fuse("exp", log=log)
    assert not log.warnings
    assert fused.shape == (4, 64, 64)


def test_missing_corners_of_a_float_scene_are_no_border_of_zeros(tmp_path: Path) -> None:
    """NaN marks itself; zeros beside it are values."""
    scene = make_pair(64, 64)
    ms = scene.ms.copy()
    ms[:, :5, :5] = np.nan
    ms[:, 2, 5:8] = 0
    log = Log()
    fused = on_disk(tmp_path, scene, ms=ms).fuse("exp", log=log)
    assert not log.warnings
    assert np.array_equal(np.isnan(fused[0]), np.pad(np.ones((20, 20), bool), ((0, 44), (0, 44))))


def test_windows_do_not_show_in_a_border(tmp_path: Path) -> None:
    pair, _ = turned_scene(tmp_path)
    whole = pair.fuse("mtf_glp_fs", window=8192, threads=1)
    cut = pair.fuse("mtf_glp_fs", window=32, threads=3)
    assert np.abs(whole.astype(int) - cut).max() <= 1
    assert np.count_nonzero(whole != cut) <= whole.size // 10000


# Masks


def flags_of(pair: OnDisk, folder: Path, like: str = "MS") -> tuple[Path, np.ndarray]:
    """A raster of flags on an image's grid: bit 3 in one place, value 2 in another."""
    flags = np.zeros((pair.scene.ms if like == "MS" else pair.scene.pan).shape[1:], np.uint16)
    flags[4:6, 5:9] = 1 << 3 | 1
    flags[15:18, 10:12] = 2
    where = pair.scene.ms_geotransform if like == "MS" else pair.scene.pan_geotransform
    return write_geotiff(folder / "flags.tif", flags, where), flags


@pytest.mark.parametrize("like", ["MS", "PAN"])
@pytest.mark.parametrize(
    ("settings", "marked"),
    [
        ({"invalid_bits": [3]}, lambda flags: flags == 9),
        ({"invalid_values": [2]}, lambda flags: flags == 2),
        ({"invalid_values": [2], "invalid_bits": [0]}, lambda flags: flags > 0),
        ({"invalid_bits": [7]}, lambda flags: flags > 99),
        ({"invalid_values": [2], "dilate_px": 2}, lambda flags: square(flags == 2, 2)),
    ],
)
def test_masks(tmp_path: Path, like: str, settings: dict[str, Any], marked: Any) -> None:
    pair = small_pair(tmp_path, 96, 104)
    path, flags = flags_of(pair, tmp_path, like)
    mask = Mask(str(path), **settings)
    fused = pair.fuse("gsa", window=32, **{like.lower(): {"mask": mask}})
    expected = marked(flags)
    if like == "MS":
        expected = np.repeat(np.repeat(expected, 4, 0), 4, 1)
    assert np.array_equal(np.isnan(fused[0]), expected)


def square(marked: np.ndarray, reach: int) -> np.ndarray:
    """Everything within a square around marked pixels."""
    wide = np.zeros_like(marked)
    for row, column in zip(*np.nonzero(marked)):
        wide[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = True
    return wide


def test_masked_clouds_do_not_count_in_the_statistics(tmp_path: Path) -> None:
    scene = make_pair(96, 96, seed=2)
    clean = on_disk(tmp_path / "clean", scene).fuse("gsa")
    ms, pan = scene.ms.copy(), scene.pan.copy()
    rng = np.random.default_rng(0)
    ms[:, 4:12, 4:12] = rng.uniform(10000, 20000, (4, 8, 8))
    pan[:, 16:48, 16:48] = rng.uniform(10000, 20000, (32, 32))
    pair = on_disk(tmp_path / "cloudy", scene, ms=ms, pan=pan)
    coarse, fine = np.zeros((24, 24)), np.zeros((96, 96))
    coarse[4:12, 4:12], fine[16:48, 16:48] = 1, 1
    ms_clouds = write_geotiff(tmp_path / "m.tif", coarse, scene.ms_geotransform)
    pan_clouds = write_geotiff(tmp_path / "p.tif", fine, scene.pan_geotransform)
    masks = {
        "ms": {"mask": Mask(str(ms_clouds), 1, [1], dilate_px=1)},
        "pan": {"mask": Mask(str(pan_clouds), 1, [1], dilate_px=2)},
    }
    fused = pair.fuse("gsa", **masks)
    away = np.ones((96, 96), bool)
    away[8:56, 8:56] = False
    assert np.sqrt(np.mean((fused - clean)[:, away] ** 2)) < 0.06 * clean.std()
    assert np.sqrt(np.mean((pair.fuse("gsa") - clean)[:, away] ** 2)) > 0.1 * clean.std()


def test_a_mask_goes_along_with_an_image_that_is_reprojected(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 96, pan_pixel=2.0)
    gdal.Warp(str(tmp_path / "other.tif"), str(pair.ms), dstSRS="EPSG:32632", resampleAlg="cubic", dstNodata="nan")
    elsewhere = OnDisk(tmp_path / "other.tif", pair.pan, pair.scene)
    other = facts(elsewhere.ms)
    flags = np.zeros(other.size[::-1])
    flags[10:14, 12:17] = 1
    write_geotiff(tmp_path / "flags.tif", flags, other.geotransform, epsg=32632)
    plain = elsewhere.fuse("exp")
    fused = elsewhere.fuse("exp", tmp_path / "fused.tif", ms={"mask": Mask(str(tmp_path / "flags.tif"), 1, [1])})
    lost = np.isnan(fused[0]) & ~np.isnan(plain[0])
    assert 0.5 * 20 * 16 < np.count_nonzero(lost) < 2 * 20 * 16
    gdal.Warp(str(tmp_path / "there.tif"), str(tmp_path / "flags.tif"), dstSRS="EPSG:32633", xRes=2, yRes=2)
    there = facts(tmp_path / "there.tif").geotransform
    here = facts(tmp_path / "fused.tif").geotransform
    row, column = np.nonzero(read_array(tmp_path / "there.tif")[0])
    centre = there[3] - 2 * row.mean(), there[0] + 2 * column.mean()
    row, column = np.nonzero(lost)
    assert centre == pytest.approx((here[3] - 2 * row.mean(), here[0] + 2 * column.mean()), abs=8)


def test_masks_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 104)
    path, _ = flags_of(pair, tmp_path)
    target = tmp_path / "fused.tif"
    refused(pair.job("exp", target, ms={"mask": Mask(str(path), band=2, invalid_bits=[1])}), "MS", "flags.tif", "2")
    refused(pair.job("exp", target, pan={"mask": Mask(str(path), invalid_bits=[1])}), "PAN", "flags.tif", "104 x 96")
    refused(pair.job("exp", target, ms={"mask": Mask(str(tmp_path / "no.tif"), invalid_bits=[1])}), "no.tif")
    job = pair.job("exp", target)
    own = Mask(str(path), invalid_bits=[1])
    first = write_geotiff(tmp_path / "B9.tif", pair.scene.ms[0], pair.scene.ms_geotransform)
    refused(
        replace(job, inputs=[Input("MS", str(first)), replace(job.inputs[0], mask=own), job.inputs[1]]), "MS", "masks"
    )
    everything = {"mask": Mask(str(path), invalid_values=[0, 2, 9])}
    refused(pair.job("exp", target, ms=everything), "valid", early=False)


def test_band_files_with_nodata_values_of_their_own(tmp_path: Path) -> None:
    scene = make_pair(96, 96)
    pair = on_disk(tmp_path, scene, "uint16")
    ms = scene.ms[:2].copy()
    ms[0, 2:4, 2:4], ms[1, 8:10, 8:10], ms[1, 20, 20] = 0, 65535, 0
    job = pair.job("exp", tmp_path / "fused.tif")
    job.inputs[:1] = []
    for number, nodata in ((1, 65535), (0, 0)):
        path = tmp_path / f"B{number}.tif"
        write_geotiff(path, ms[number], scene.ms_geotransform, nodata=nodata, dtype="uint16")
        job.inputs.insert(0, Input("MS", str(path)))
    job.outputs = [Output("OUTPUT", str(tmp_path / "fused.tif"))]
    pipeline.run(job)
    missing = read_array(tmp_path / "fused.tif") == facts(tmp_path / "fused.tif").bands[0].nodata
    wanted = np.zeros((96, 96), bool)
    wanted[8:16, 8:16] = wanted[32:40, 32:40] = True
    assert np.array_equal(missing, np.stack([wanted, wanted])), "0 is a value of the second band"


def test_options_of_the_output_do_not_change_which_pixels_are_valid(tmp_path: Path) -> None:
    pair = pair_with_hole(tmp_path, NODATA, nodata=NODATA)
    scene = pair.scene
    write_geotiff(pair.ms, read_array(pair.ms), scene.ms_geotransform, nodata=NODATA, scale=1e-4, offset=-0.1)
    write_geotiff(pair.pan, scene.pan, scene.pan_geotransform, scale=1e-4, offset=-0.1)
    fused = pair.fuse("brovey", tmp_path / "fused.tif", options={**QUICK, "UNITS": "reflectance"})
    assert np.isnan(facts(tmp_path / "fused.tif").bands[0].nodata)
    assert np.array_equal(np.isnan(fused[0]), fine_hole(fused.shape))


def test_a_files_own_mask_is_nodata(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 96, pan_pixel=2.0, dtype="uint16")
    masked = str(tmp_path / "masked.tif")
    dataset = gdal.Translate(masked, str(pair.ms))
    dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
    flags = np.full((24, 24), 255, np.uint8)
    flags[5:9, 6:11] = 0
    dataset.GetRasterBand(1).GetMaskBand().WriteRaster(0, 0, 24, 24, flags.tobytes())
    dataset = None
    expected = np.kron(flags == 0, np.ones((4, 4), bool))
    out = tmp_path / "out.tif"
    fused = OnDisk(Path(masked), pair.pan, pair.scene).fuse("exp", out)
    assert np.array_equal((fused == facts(out).bands[0].nodata).all(axis=0), expected)
