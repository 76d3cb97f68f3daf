"""Pairs of fine and coarse images through the pipeline: grids, bands, units, dates, masks, levels, and bad input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.coarse_pixels import coarse_pixels
from satfusion_qgis.pipeline.pair_inputs import pair_inputs
from satfusion_qgis.pipeline.plan import Plan, make_plan
from satfusion_qgis.raster.band_match import match, wavelengths_of
from satfusion_qgis.raster.reader import describe
from satfusion_qgis.runtime.in_process import InProcessSession
from satfusion_qgis.runtime.session import Session
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Mask, Preview
from tests.pair_scenes import (
    COARSE_GRID,
    FINE_GRID,
    NAMES,
    RATIO,
    WAVELENGTHS,
    as_modis,
    as_sinusoidal,
    coarser,
    fields,
    make_scene,
    on_fine_grid,
    outputs_at,
)
from tests.pipeline.support import Log, read_array, refused
from tests.scenes import write_geotiff
from tests.shared_data import shared_path

SMALL = {"SEARCH_WINDOW": 1.5}


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return make_scene(tmp_path_factory.mktemp("pairs"))


def ran(job: Job, log: Log | None = None) -> np.ndarray:
    pipeline.run(job, feedback=log)
    return read_array(job.outputs[0].path)


def rmse(image: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.nanmean((np.asarray(image, np.float64) - truth) ** 2)))


def invalid(path: Path) -> np.ndarray:
    """Where the first band of a raster has no data."""
    dataset = gdal.Open(str(path))
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    values = read_array(path)[0]
    return np.isnan(values) if nodata != nodata else values == nodata


def stored(path: Path, image: np.ndarray, geotransform: Any, dtype: str = "int16", **more: Any) -> str:
    """Write an image with the usual names of bands."""
    return str(write_geotiff(path, image, geotransform, dtype=dtype, **{"names": NAMES[: len(image)], **more}))


def said(log: Log) -> str:
    return "\n".join(log.lines + log.warnings)


# What comes out


@pytest.mark.parametrize(("method", "pairs"), [("fit_fc", 1), ("fsdaf", 1), ("estarfm", 2)])
def test_the_result_depends_neither_on_windows_nor_on_threads(scene, tmp_path, method, pairs):
    whole = ran(scene.job(method, tmp_path / "whole.tif", pairs, parameters=SMALL, window=512, threads=1))
    tiled = ran(scene.job(method, tmp_path / "tiled.tif", pairs, parameters=SMALL, window=48, threads=3))
    np.testing.assert_array_equal(tiled, whole)
    assert rmse(whole, scene.truth) < 0.6 * rmse(scene.images["FINE_1"], scene.truth)


def test_the_result_is_like_the_fine_image(scene, tmp_path):
    ran(scene.job("add_change", tmp_path / "out.tif", dtype=None))
    made, fine = gdal.Open(str(tmp_path / "out.tif")), gdal.Open(scene.files["FINE_1"])
    assert made.GetGeoTransform() == fine.GetGeoTransform()
    assert (made.RasterXSize, made.RasterYSize) == (fine.RasterXSize, fine.RasterYSize)
    assert [made.GetRasterBand(k).GetDescription() for k in range(1, 7)] == list(NAMES)
    assert made.GetRasterBand(1).DataType == gdal.GDT_Int16
    assert made.GetRasterBand(1).GetScale() in (None, 1.0)  # what was assumed is not stated
    assert made.GetMetadataItem("DATE") == "2024-06-01T00:00:00Z"


@pytest.mark.parametrize("method", ["copy", "add_change", "starfm", "fsdaf"])
def test_no_change_gives_the_fine_image(scene, tmp_path, method):
    job = scene.job(method, tmp_path / "same.tif", inputs={"COARSE_TARGET": {"path": scene.files["COARSE_1"]}})
    made = ran(replace(job, parameters=SMALL if method != "copy" and method != "add_change" else {}))
    fine = scene.images["FINE_1"]
    # STARFM averages over pixels that differ from the centre by at most 2 sd / CLASSES.
    most = fine.std((1, 2), keepdims=True) / 4 if method == "starfm" else 0.5
    assert (np.abs(made - fine) <= most).all()


def test_auto_says_what_it_takes(scene, tmp_path):
    one, two = Log(), Log()
    ran(scene.job("auto", tmp_path / "one.tif", parameters=SMALL), one)
    ran(scene.job("auto", tmp_path / "two.tif", 2, parameters=SMALL), two)
    assert "Chosen: FSDAF, for there is one pair" in said(one)
    assert "Chosen: ESTARFM, for there are two pairs" in said(two)


def test_a_preview_is_what_the_whole_has_there(scene, tmp_path):
    whole = ran(scene.job("starfm", tmp_path / "whole.tif", parameters=SMALL, window=64))
    job = scene.job("starfm", tmp_path / "part.tif", parameters=SMALL, window=64)
    part = ran(replace(job, preview=Preview(size=60)))
    grid = gdal.Open(str(tmp_path / "part.tif")).GetGeoTransform()
    column, row = round((grid[0] - FINE_GRID[0]) / 30), round((FINE_GRID[3] - grid[3]) / 30)
    assert part.shape[1] <= 64 + 16
    np.testing.assert_array_equal(part, whole[:, row : row + part.shape[1], column : column + part.shape[2]])


# Real dates


def coleambally(target: str, pairs: tuple[str, ...], method: str, output: Path, log: Log | None = None) -> float:
    folder = shared_path("data/spatiotemporal/coleambally")
    inputs = [Input("COARSE_TARGET", str(folder / f"modis_{target}.tif"))]
    for number, day in enumerate(pairs, 1):
        inputs.append(Input(f"FINE_{number}", str(folder / f"landsat7_{day}.tif")))
        inputs.append(Input(f"COARSE_{number}", str(folder / f"modis_{day}.tif")))
    job = Job("spatiotemporal_fusion", method, inputs, outputs_at(output))
    return rmse(ran(job, log), read_array(folder / f"landsat7_{target}.tif"))


def test_a_season_on_real_dates(tmp_path):
    log = Log()
    found = {
        method: coleambally("20020112", ("20011125",), method, tmp_path / f"{method}.tif", log)
        for method in ("copy", "add_change", "starfm", "fit_fc")
    }
    assert max(found["starfm"], found["fit_fc"]) < min(found["copy"], found["add_change"])
    assert found["fit_fc"] < 410
    assert "from pixels of 9.26" in said(log)  # nobody said RATIO
    assert "Dates: FINE_1 2001-11-25, COARSE_TARGET 2002-01-12" in said(log)
    assert not log.warnings


def test_two_pairs_on_real_dates(tmp_path):
    found = {
        method: coleambally("20011017", ("20011008", "20011102"), method, tmp_path / f"{method}.tif")
        for method in ("interpolate", "starfm", "estarfm")
    }
    assert max(found["starfm"], found["estarfm"]) <= 1.03 * found["interpolate"]
    assert coleambally("20011017", ("20011008",), "fit_fc", tmp_path / "f.tif") < 415


# Grids


def test_coarse_images_of_another_crs_come_onto_one_lattice(tmp_path):
    scene = make_scene(tmp_path / "s", size=480)
    dates = fields(480)
    for role, date in (("COARSE_1", 0), ("COARSE_TARGET", 1)):
        scene.files[role] = as_sinusoidal(str(tmp_path / f"sinu_{date}.tif"), dates[date])
    job, log = scene.job("starfm", tmp_path / "out.tif", parameters=SMALL), Log()
    plan = make_plan(job)
    one, target = plan.sources["COARSE_1"][0].grid, plan.sources["COARSE_TARGET"][0].grid
    plan.close()
    assert one == target
    assert one.pixel[0] == pytest.approx(463.3127, rel=0.01)  # of the same area as the sensor's own
    assert one.pixel[0] == pytest.approx(one.pixel[1])
    made = ran(job, log)
    assert "reprojected" in said(log) and "at about its own pixel size, 15.4" in said(log)
    inside = np.s_[:, 40:-40, 40:-40]  # pixels at the border are averages over less
    own = make_scene(tmp_path / "own", size=480)
    aligned = ran(own.job("starfm", tmp_path / "own.tif", parameters=SMALL))
    copied = rmse(scene.images["FINE_1"][inside], scene.truth[inside])
    assert rmse(made[inside], scene.truth[inside]) < 1.25 * rmse(aligned[inside], own.truth[inside])
    assert rmse(made[inside], scene.truth[inside]) < 0.6 * copied


@pytest.mark.parametrize(("how", "tolerance"), [("near", 1e-3), ("bilinear", 0.3), ("cubic", 0.3)])
def test_the_coarse_pixel_is_found_where_others_resampled_it(tmp_path, how, tolerance):
    scene = make_scene(tmp_path / "s", size=480, seed=2)
    for role in ("COARSE_1", "COARSE_TARGET"):
        scene.files[role] = on_fine_grid(str(tmp_path / f"{role}_{how}.tif"), scene.files[role], how)
    found = coarse_pixels(describe("COARSE_1", [Input("COARSE_1", scene.files["COARSE_1"])]))
    assert found is not None
    assert found[0] == pytest.approx(RATIO, abs=tolerance)
    log = Log()
    made = ran(scene.job("starfm", tmp_path / "out.tif", parameters=SMALL), log)
    assert "resampled onto the fine grid already" in said(log)
    assert rmse(made, scene.truth) < 0.7 * rmse(scene.images["FINE_1"], scene.truth)


def test_a_fine_image_shows_no_coarse_pixels(scene):
    assert coarse_pixels(describe("FINE_1", [Input("FINE_1", scene.files["FINE_1"])])) is None


def test_ratio_is_asked_for_where_it_cannot_be_seen(scene, tmp_path):
    smooth = {}
    for role in ("COARSE_1", "COARSE_TARGET"):
        noise = np.random.default_rng(len(role)).normal(1500, 300, (6, 192, 192))
        smooth[role] = {
            "path": str(write_geotiff(tmp_path / f"{role}.tif", noise, FINE_GRID, names=NAMES, dtype="int16"))
        }
    refused(scene.job("starfm", tmp_path / "out.tif", inputs=smooth), "COARSE_TARGET", "give RATIO")
    ran(scene.job("starfm", tmp_path / "out.tif", inputs=smooth, parameters={"RATIO": 16, **SMALL}))


def test_the_second_fine_image_may_lie_on_another_grid(scene, tmp_path):
    whole = ran(scene.job("interpolate", tmp_path / "whole.tif", 2))
    part = str(tmp_path / "part.tif")
    gdal.Translate(part, scene.files["FINE_2"], srcWin=[32, 16, 160, 176])
    made = ran(
        scene.job("interpolate", tmp_path / "made.tif", 2, inputs={"FINE_2": {"path": part, "date": "20240625"}})
    )
    np.testing.assert_allclose(made[:, 16:, 32:], whole[:, 16:, 32:], atol=0.01)
    np.testing.assert_allclose(made[:, :16], scene.images["FINE_1"][:, :16], atol=0.01)  # only one pair reaches there


# Bands and units


def test_bands_are_matched_by_wavelength(scene, tmp_path):
    wanted = ran(scene.job("add_change", tmp_path / "a.tif"))
    modis = {
        role: {"path": as_modis(str(tmp_path / f"MOD09A1.A2024{day}.tif"), scene.images[role])}
        for role, day in (("COARSE_1", 122), ("COARSE_TARGET", 153))
    }
    log = Log()
    made = ran(scene.job("add_change", tmp_path / "b.tif", inputs=modis), log)
    np.testing.assert_array_equal(made, wanted)
    assert "Blue (482 nm) = sur_refl_b03 (469 nm); Green (561.5 nm) = sur_refl_b04 (555 nm)" in said(log)
    assert "left out: sur_refl_b05" in said(log)


def test_a_band_without_counterpart_is_refused(scene, tmp_path):
    image = np.concatenate([scene.images["FINE_1"], scene.images["FINE_1"][:1]])
    names, centres = (*NAMES, "Red edge"), (*WAVELENGTHS, 741.0)
    path = stored(tmp_path / "seven.tif", image, FINE_GRID, names=names, wavelengths_nm=centres)
    job = scene.job("add_change", tmp_path / "out.tif", inputs={"FINE_1": {"path": str(path)}})
    refused(job, "FINE_1", "Red edge", "741 nm", "BANDS 1,2,3,4,5,6")


def test_bands_by_name_by_order_and_as_chosen(scene, tmp_path):
    wanted = ran(scene.job("add_change", tmp_path / "a.tif"))
    order = [5, 4, 3, 2, 1, 0]
    plain = str(write_geotiff(tmp_path / "fine_20240501.tif", scene.images["FINE_1"], FINE_GRID, dtype="int16",
                              names=[f"x{k}" for k in range(6)]))  # fmt: skip
    inputs: dict[str, Any] = {"FINE_1": {"path": plain}}
    for role in ("COARSE_1", "COARSE_TARGET"):
        names = [f"x{k}" for k in order]
        path = write_geotiff(
            tmp_path / f"{role}_n.tif", scene.images[role][order], COARSE_GRID, dtype="int16", names=names
        )
        inputs[role] = {"path": str(path)}
    log = Log()
    np.testing.assert_array_equal(ran(scene.job("add_change", tmp_path / "b.tif", inputs=inputs), log), wanted)
    assert "by name" in said(log)
    for role in ("COARSE_1", "COARSE_TARGET"):
        path = write_geotiff(tmp_path / f"{role}_o.tif", scene.images[role][order], COARSE_GRID, dtype="int16")
        inputs[role] = {"path": str(path), "bands": [6, 5, 4, 3, 2, 1]}
    np.testing.assert_array_equal(ran(scene.job("add_change", tmp_path / "c.tif", inputs=inputs)), wanted)
    inputs["COARSE_1"] = {"path": inputs["COARSE_1"]["path"], "bands": [1, 2]}
    refused(scene.job("add_change", tmp_path / "d.tif", inputs=inputs), "COARSE_1 has 2 bands and FINE_1 has 6")


@pytest.mark.parametrize(
    ("file", "names", "wanted"),
    [
        ("LC08_L2SP_190028_20200703_20200913_02_T1.tif", ("SR_B2", "SR_B5", "SR_B7"), (482, 865, 2200.5)),
        ("LE07_L2SP_190028_20010703.tif", ("SR_B1", "SR_B4"), (482.5, 837.5)),
        ("S2A_MSIL2A_20240615T100031.tif", ("B02", "B8A", "B12"), (492, 865, 2202)),
        ("MCD43A4.A2020001.h18v04.061.tif", ("Nadir_Reflectance_Band3", "Nadir_Reflectance_Band6"), (469, 1640)),
        ("MOD09A1_061.tif", ("b03", "B07"), (469, 2130)),
        ("S3A_OL.tif", ("Oa08_reflectance", "Oa17", "SDR_S5N"), (665, 865, 1613.4)),
        ("VNP43IA4.tif", ("Nadir_Reflectance_I1", "SurfReflect_M11_1"), (640, 2250)),
        ("landsat7_2001.tif", ("B1", "B7"), (482.5, 2220)),
        ("any.tif", ("Blue", "nir", "SWIR 1", "swir2"), (480, 860, 1620, 2180)),
        ("any.tif", ("band 1", "B2", ""), (None, None, None)),
    ],
)
def test_wavelengths_from_names(tmp_path, file, names, wanted):
    path = write_geotiff(tmp_path / file, np.ones((len(names), 4, 4)), COARSE_GRID, names=names)
    assert wavelengths_of(describe("COARSE_1", [Input("COARSE_1", str(path))], False)) == wanted


def test_each_band_is_taken_once(tmp_path):
    def image(role: str, centres: tuple[float, ...]) -> Any:
        path = write_geotiff(
            tmp_path / f"{role}.tif", np.ones((len(centres), 4, 4)), COARSE_GRID, wavelengths_nm=centres,
            names=[f"b{k}" for k in range(len(centres))],
        )  # fmt: skip
        return describe(role, [Input(role, str(path))], False)

    olci = image("COARSE_1", (442.5, 490.0, 560.0, 620.0, 665.0, 673.75, 865.0, 885.0))
    found = match(image("FINE_1", (833.0, 665.0, 492.0, 560.0)), olci)
    assert found.places == (6, 4, 1, 2)
    assert found.basis == "wavelength"
    assert found.left_out == ("b0", "b3", "b5", "b7")
    with pytest.raises(InputError, match=r"b0 .443 nm. has no counterpart in COARSE_1"):
        match(image("FINE_1", (443.0, 482.0)), image("COARSE_1", (469.0, 555.0)))  # blue goes to 482


def test_one_band(tmp_path):
    scene = make_scene(tmp_path / "s", bands=1)
    made = ran(scene.job("fit_fc", tmp_path / "out.tif", parameters=SMALL))
    assert made.shape == (1, 192, 192)
    assert rmse(made, scene.truth) < 0.7 * rmse(scene.images["FINE_1"], scene.truth)


def test_every_image_has_its_own_units(scene, tmp_path):
    wanted = ran(scene.job("starfm", tmp_path / "a.tif", parameters=SMALL))
    inputs: dict[str, Any] = {}
    for role in ("COARSE_1", "COARSE_TARGET"):
        image = scene.images[role] * 1e-4
        path = write_geotiff(tmp_path / f"{role}.tif", image, COARSE_GRID, dtype="float32", names=NAMES)
        inputs[role] = {"path": str(path)}
    log = Log()
    made = ran(scene.job("starfm", tmp_path / "b.tif", inputs=inputs, parameters=SMALL), log)
    np.testing.assert_allclose(made, wanted, atol=1.5)  # a limit of similarity may fall the other way by rounding
    assert "taken for reflectance x 10000" in said(log)
    offset = write_geotiff(
        tmp_path / "offset.tif", scene.images["COARSE_TARGET"] / 2 + 1000, COARSE_GRID, dtype="float32", names=NAMES,
        scale=2e-4, offset=-0.2,
    )  # fmt: skip
    made = ran(scene.job("starfm", tmp_path / "c.tif", inputs={**inputs, "COARSE_TARGET": {"path": str(offset)}},
                         parameters=SMALL))  # fmt: skip
    np.testing.assert_allclose(made, wanted, atol=1.5)


def test_scales_that_the_user_gives(scene, tmp_path):
    wanted = ran(scene.job("add_change", tmp_path / "a.tif"))
    inputs: dict[str, Any] = {}
    for role in ("COARSE_1", "COARSE_TARGET"):
        path = write_geotiff(
            tmp_path / f"{role}.tif", scene.images[role] / 100, COARSE_GRID, dtype="float32", names=NAMES
        )
        inputs[role] = {"path": str(path)}
    log = Log()
    ran(scene.job("add_change", tmp_path / "b.tif", inputs=inputs), log)
    assert any("give FINE_SCALE or COARSE_SCALE" in line for line in log.warnings)
    made = ran(scene.job("add_change", tmp_path / "c.tif", inputs=inputs, parameters={"COARSE_SCALE": 0.01}))
    np.testing.assert_allclose(made, wanted, atol=0.2)


# Levels and shifts


@pytest.mark.parametrize(
    ("how", "gain", "offset"), [("offset", 1.0, 0.03), ("gain", 1.2, 0.0), ("gain_offset", 1.2, 0.03)]
)
def test_the_coarse_images_are_brought_to_the_fine_sensors_level(tmp_path, how, gain, offset):
    scene = make_scene(tmp_path / "s", bands=2)
    for role in ("COARSE_1", "COARSE_TARGET"):
        image = scene.images[role] * gain + offset * 1e4
        scene.files[role] = str(
            write_geotiff(tmp_path / f"{role}.tif", image, COARSE_GRID, names=NAMES[:2], dtype="int16")
        )
    result = pipeline.run(scene.job("fit_fc", tmp_path / "out.tif", parameters={"NORMALISE": how, **SMALL}))
    found = result.state["comparison"]
    np.testing.assert_allclose(found.gain, 1 / gain, rtol=2e-3)
    np.testing.assert_allclose(found.offset, -offset / gain, atol=4e-4)
    same = pipeline.run(scene.job("fit_fc", tmp_path / "none.tif", parameters={"NORMALISE": "none", **SMALL}))
    assert (same.state["comparison"].gain == 1).all()


def test_a_misplaced_coarse_image_is_pointed_out(tmp_path):
    scene = make_scene(tmp_path / "s", size=576, bands=3)
    quiet = Log()
    ran(scene.job("copy", tmp_path / "a.tif"), quiet)
    assert not quiet.warnings
    assert "COARSE_1 lies" in said(quiet)
    fine = fields(576, 3)[0]
    moved = coarser(np.roll(fine, (0, 11), (1, 2)))  # 11 of 16 pixels to the right
    path = write_geotiff(tmp_path / "moved.tif", moved, COARSE_GRID, names=NAMES[:3], dtype="int16")
    log = Log()
    ran(scene.job("copy", tmp_path / "b.tif", inputs={"COARSE_1": {"path": str(path), "date": "20240501"}}), log)
    line = next(line for line in log.warnings if "COARSE_1 lies" in line)
    assert float(line.split("lies ")[1].split(" columns")[0]) == pytest.approx(11 / 16, abs=0.15)
    assert float(line.split("and ")[1].split(" rows")[0]) == pytest.approx(0, abs=0.1)


def test_another_place_is_pointed_out(scene, tmp_path):
    other = np.random.default_rng(5).normal(1500, 400, scene.images["COARSE_1"].shape)
    path = write_geotiff(tmp_path / "other.tif", other, COARSE_GRID, names=NAMES, dtype="int16")
    log = Log()
    ran(scene.job("copy", tmp_path / "a.tif", inputs={"COARSE_1": {"path": str(path)}}), log)
    assert any("COARSE_1 hardly follows FINE_1" in line for line in log.warnings)


def test_bands_in_another_order_are_pointed_out(tmp_path):
    """Where the number of bands is all that is known, NIR and SWIR may stand where blue does."""
    scene = make_scene(tmp_path / "s", bands=3, seed=3, names=None, wavelengths_nm=None)
    quiet, log = Log(), Log()
    ran(scene.job("copy", tmp_path / "a.tif"), quiet)
    assert not quiet.warnings
    turned = np.stack(
        [scene.images["COARSE_1"][0], *(6000 - scene.images["COARSE_1"][[1]]), scene.images["COARSE_1"][2]]
    )
    path = write_geotiff(tmp_path / "turned_20240501.tif", turned, COARSE_GRID, dtype="int16")
    ran(scene.job("copy", tmp_path / "b.tif", inputs={"COARSE_1": {"path": str(path)}}), log)
    assert any("COARSE_1 hardly follows FINE_1 in band 2: check that the bands" in line for line in log.warnings)


def test_daily_modis_is_pointed_out(scene, tmp_path):
    path = as_modis(str(tmp_path / "MOD09GA.A2024153.h18v04.061.tif"), scene.images["COARSE_TARGET"])
    log = Log()
    ran(scene.job("add_change", tmp_path / "a.tif", inputs={"COARSE_TARGET": {"path": path}}), log)
    assert any("MOD09GA" in line and "MCD43A4" in line for line in log.warnings)


def test_coarse_images_of_two_sensors_are_pointed_out(scene, tmp_path):
    image = scene.images["COARSE_1"].repeat(2, 1).repeat(2, 2)
    grid = (FINE_GRID[0], 240.0, 0.0, FINE_GRID[3], 0.0, -240.0)
    path = write_geotiff(tmp_path / "finer_20240501.tif", image, grid, names=NAMES, dtype="int16")
    log = Log()
    ran(scene.job("starfm", tmp_path / "a.tif", inputs={"COARSE_1": {"path": str(path)}}, parameters=SMALL), log)
    assert any("pixels of different sizes" in line for line in log.warnings)


def test_whatever_computes_sees_the_level_of_the_fine_sensor(tmp_path):
    """Blocks are brought to it before a session gets them, be it in this interpreter or in a worker."""
    scene = make_scene(tmp_path / "s", bands=2)
    for role, day in (("COARSE_1", "20240501"), ("COARSE_TARGET", "20240601")):
        scene.files[role] = stored(tmp_path / f"{role}_{day}.tif", scene.images[role] + 300, COARSE_GRID)
    seen: dict[str, Any] = {}

    def watched(plan: Plan) -> Session:
        session = InProcessSession(plan.method, plan.implementation, "cpu", 1)
        fuse = session.fuse

        def look(blocks: Any, windows: Any) -> Any:
            seen.update(blocks[0])
            return fuse(blocks, windows)

        session.fuse = look  # type: ignore[method-assign]
        return session

    pipeline.run(scene.job("add_change", tmp_path / "out.tif", window=512), open_session=watched)
    assert not (seen.keys() - {f"{role}{more}" for role in scene.files for more in ("", "_valid", "_days")})
    np.testing.assert_allclose(seen["COARSE_TARGET"], scene.images["COARSE_TARGET"] * 1e-4, atol=2e-4)
    np.testing.assert_allclose(seen["FINE_1"], scene.images["FINE_1"] * 1e-4, atol=1e-6)
    assert (seen["FINE_1_days"] == -31).all()


# Missing pixels


def test_clouds_do_not_reach_through_a_warp(tmp_path):
    """What a masked coarse pixel holds counts nowhere, though the kernel of the warp reaches it from its neighbours."""
    scene, dates = make_scene(tmp_path / "s", size=480), fields(480)
    for role, date in (("COARSE_1", 0), ("COARSE_TARGET", 1)):
        scene.files[role] = as_sinusoidal(str(tmp_path / f"sinu_{date}.tif"), dates[date])
    clear = ran(scene.job("add_change", tmp_path / "clear.tif"))
    assert not invalid(tmp_path / "clear.tif")[40:-40, 40:-40].any()
    made = []
    for cloud in (9000.0, 300.0):
        dataset = gdal.Open(scene.files["COARSE_TARGET"], gdal.GA_Update)
        marks = np.zeros((dataset.RasterYSize, dataset.RasterXSize), np.uint8)
        marks[12:16, 12:16] = 1
        clouds = np.full((4, 4), cloud, np.float32).tobytes()
        for number in range(1, 7):
            dataset.GetRasterBand(number).WriteRaster(12, 12, 4, 4, clouds)
        mask = Mask(str(write_geotiff(tmp_path / "marks.tif", marks, dataset.GetGeoTransform())))
        dataset.FlushCache()
        del dataset
        job = scene.job("add_change", tmp_path / f"{cloud}.tif", inputs={"COARSE_TARGET": {"mask": mask}})
        made.append(ran(job))
    np.testing.assert_array_equal(made[0], made[1])
    missing = invalid(tmp_path / "300.0.tif")
    assert 3000 < missing[40:-40, 40:-40].sum() < 6000  # about 16 coarse pixels of 238 fine ones
    assert np.median(np.abs(made[0] - clear)[:, ~missing & ~invalid(tmp_path / "clear.tif")]) < 1


def test_predicted_wherever_a_pair_allows_it(scene, tmp_path):
    hole = np.zeros((192, 192), np.uint8)
    hole[20:60, 30:70] = 1
    other = np.zeros((12, 12), np.uint8)
    other[8:10, 8:10] = 1  # fine pixels 128 to 160
    fine_mask = Mask(str(write_geotiff(tmp_path / "f.tif", hole, FINE_GRID)))
    coarse_mask = Mask(str(write_geotiff(tmp_path / "c.tif", other, COARSE_GRID)))
    inputs = {"FINE_1": {"mask": fine_mask}, "COARSE_TARGET": {"mask": coarse_mask}}
    ran(scene.job("starfm", tmp_path / "one.tif", inputs=inputs, parameters=SMALL))
    missing = invalid(tmp_path / "one.tif")
    assert missing[20:60, 30:70].all()
    assert missing[128:160, 128:160].all()
    assert missing.sum() == 40 * 40 + 32 * 32
    two = ran(scene.job("starfm", tmp_path / "two.tif", 2, inputs=inputs, parameters=SMALL))
    missing = invalid(tmp_path / "two.tif")
    assert missing.sum() == 32 * 32
    assert rmse(two[:, 20:60, 30:70], scene.truth[:, 20:60, 30:70]) < 250


def test_a_fill_value_that_nobody_declared(scene, tmp_path):
    image = scene.images["COARSE_TARGET"].copy()
    image[:, :2] = -28672
    path = write_geotiff(tmp_path / "fill_20240601.tif", image, COARSE_GRID, names=NAMES, dtype="int16")
    log = Log()
    made = ran(scene.job("add_change", tmp_path / "out.tif", inputs={"COARSE_TARGET": {"path": str(path)}}), log)
    assert any("-28672" in line and "taken as nodata" in line for line in log.warnings)
    assert rmse(made[:, 64:], scene.truth[:, 64:]) < 700


def test_prepared_masks_and_dates(scene, tmp_path):
    beside = Path(scene.files["FINE_1"]).with_name("landsat_20240501_mask.tif")
    write_geotiff(beside, np.zeros((192, 192), np.uint8), FINE_GRID)
    given = [Input(role, path) for role, path in scene.files.items()]
    made = {item.role: item for item in pair_inputs(given, {"DATE_1": "2024-05-02"}, {"COARSE_1": "m.tif"}, True)}
    beside.unlink()
    assert made["FINE_1"].mask is not None and made["FINE_1"].mask.path.endswith("landsat_20240501_mask.tif")
    assert made["FINE_2"].mask is None
    assert made["COARSE_1"].mask == Mask("m.tif")
    assert made["FINE_1"].date == made["COARSE_1"].date == "2024-05-02T00:00:00Z"
    assert made["COARSE_TARGET"].date is None
    assert [made[role].pair for role in ("FINE_1", "COARSE_2", "COARSE_TARGET")] == [1, 2, None]


# Bad input


def test_a_second_pair_needs_both(scene, tmp_path):
    job = scene.job("starfm", tmp_path / "a.tif", 2)
    refused(replace(job, inputs=[item for item in job.inputs if item.role != "COARSE_2"]), "FINE_2 needs COARSE_2")
    refused(replace(job, inputs=[item for item in job.inputs if item.role != "FINE_2"]), "COARSE_2 needs FINE_2")
    refused(
        replace(job, inputs=[item for item in job.inputs if item.role != "COARSE_TARGET"]), "COARSE_TARGET is missing"
    )


def test_two_pairs_of_one_date(scene, tmp_path):
    dates = {role: {"date": "2024-05-01"} for role in ("FINE_1", "FINE_2", "COARSE_1", "COARSE_2")}
    refused(scene.job("starfm", tmp_path / "a.tif", 2, inputs=dates), "FINE_1 and FINE_2 are both of 2024-05-01")


def test_a_date_that_is_none(scene, tmp_path):
    refused(scene.job("starfm", tmp_path / "a.tif", inputs={"FINE_1": {"date": "soon"}}), "FINE_1", "'soon'")


def test_a_date_outside_the_pairs(scene, tmp_path):
    late = {"COARSE_TARGET": {"date": "2024-08-01"}}
    log = Log()
    ran(scene.job("starfm", tmp_path / "a.tif", 2, inputs=late, parameters=SMALL), log)
    assert any("is not between the dates of the pairs" in line for line in log.warnings)
    refused(scene.job("interpolate", tmp_path / "b.tif", 2, inputs=late), "between")


def test_interpolation_needs_dates(tmp_path):
    scene = make_scene(tmp_path / "s", bands=1)
    for role, path in list(scene.files.items()):
        scene.files[role] = str(Path(path).rename(tmp_path / f"{role.lower().replace('_', '')}.tif"))
    refused(scene.job("interpolate", tmp_path / "a.tif", 2), "DATE_1, TARGET_DATE and DATE_2")
    ran(scene.job("starfm", tmp_path / "b.tif", 2, parameters=SMALL))


def test_images_of_other_places(scene, tmp_path):
    away = (COARSE_GRID[0] + 1e6, *COARSE_GRID[1:])
    path = write_geotiff(tmp_path / "away.tif", scene.images["COARSE_1"], away, names=NAMES, dtype="int16")
    for role in ("COARSE_1", "COARSE_TARGET"):
        job = scene.job("starfm", tmp_path / "a.tif", inputs={role: {"path": str(path)}})
        refused(job, role, "FINE_1 do not overlap")


def test_coarse_and_fine_swapped(scene, tmp_path):
    inputs = {
        "FINE_1": {"path": scene.files["COARSE_1"]},
        "COARSE_1": {"path": scene.files["FINE_1"]},
        "COARSE_TARGET": {"path": scene.files["FINE_2"]},
    }
    refused(scene.job("starfm", tmp_path / "a.tif", inputs=inputs), "smaller pixels than FINE_1")


@pytest.mark.parametrize("role", ["COARSE_1", "COARSE_TARGET"])
def test_a_constant_coarse_image(scene, tmp_path, role):
    path = write_geotiff(
        tmp_path / "flat.tif", np.full(scene.images[role].shape, 1500.0), COARSE_GRID, names=NAMES, dtype="int16"
    )
    refused(
        scene.job("starfm", tmp_path / "a.tif", inputs={role: {"path": str(path)}}), role, "same value", early=False
    )


@pytest.mark.parametrize("role", ["FINE_1", "COARSE_1", "COARSE_TARGET"])
@pytest.mark.parametrize("method", ["copy", "starfm", "fit_fc", "fsdaf", "obsum", "vipstf"])
def test_all_masked(scene, tmp_path, role, method):
    shape, grid = ((192, 192), FINE_GRID) if role.startswith("FINE") else ((12, 12), COARSE_GRID)
    mask = Mask(str(write_geotiff(tmp_path / "all.tif", np.ones(shape, np.uint8), grid)))
    refused(scene.job(method, tmp_path / "a.tif", inputs={role: {"mask": mask}}), "no valid", early=False)
