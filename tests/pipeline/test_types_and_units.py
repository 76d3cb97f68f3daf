"""Every data type and number of bands; results that do not depend on how a scene is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.assess import assess_reference
from satfusion_qgis.tasks.job import Input, Output
from tests.pipeline.support import METHODS, QUICK, Log, error, facts, on_disk, read_array, refused, small_pair
from tests.scenes import Scene, make_pair, write_geotiff

# How each type stores a scene of 50 to 4000 DN.
STORED = {
    "uint8": (0.05, 0.0),
    "int16": (4.0, -9000.0),
    "uint16": (10.0, 100.0),
    "int32": (50.0, -100000.0),
    "uint32": (100.0, 0.0),
    "float32": (1e-4, 0.0),
    "float64": (1.0, 0.0),
}
NAMES = {
    "uint8": "Byte",
    "int16": "Int16",
    "uint16": "UInt16",
    "int32": "Int32",
    "uint32": "UInt32",
    "float32": "Float32",
    "float64": "Float64",
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", STORED)
def test_every_type_comes_out_as_it_went_in(tmp_path: Path, method: str, dtype: str) -> None:
    scene = make_pair(64, 64)
    gain, offset = STORED[dtype]
    offset = 0.0 if method == "brovey" else offset
    expected = on_disk(tmp_path / "plain", scene).fuse(method)
    pair = on_disk(tmp_path / "stored", scene, dtype, scene.ms * gain + offset, scene.pan * gain + offset)
    fused = pair.fuse(method, tmp_path / "fused.tif")
    assert facts(tmp_path / "fused.tif").bands[0].dtype == NAMES[dtype]
    # What rounding of the inputs by half a DN does to the result; float32 carries 7 digits of the values.
    noise = 0.0 if dtype.startswith("float") else 2.0
    tolerance = noise + 1e-6 * np.abs(expected * gain + offset).max()
    low, high = (-np.inf, np.inf) if dtype.startswith("float") else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    wanted = np.clip(expected.astype(np.float64) * gain + offset, low, high)
    assert error(fused, wanted) < tolerance
    assert np.abs(fused - wanted).max() < 12 * tolerance


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16"])
def test_values_beyond_the_type_are_clipped_and_not_wrapped(tmp_path: Path, dtype: str) -> None:
    limits = np.iinfo(dtype)
    scene = make_pair(48, 48, bands=2)
    ms = np.where(np.arange(12) % 2, limits.max, limits.min) * np.ones((2, 12, 1))
    pair = on_disk(tmp_path, scene, dtype, ms, np.tile([limits.max, limits.min], 24) * np.ones((1, 48, 1)))
    fused = pair.fuse("exp").astype(np.float64)
    assert fused.min() == limits.min and fused.max() == limits.max
    middle = fused[0, 20, 2::4].reshape(-1)  # second pixel of each coarse pixel: near its centre
    assert (np.abs(middle[1:-1:2] - limits.max) < 0.2 * (limits.max - limits.min)).all()


def test_halves_are_rounded_away_from_zero(tmp_path: Path) -> None:
    scene = make_pair(32, 32, bands=1)
    for value, rounded in ((2.5, 3), (3.5, 4), (-2.5, -3), (0.49, 0), (-0.5, -1)):
        pair = on_disk(tmp_path, scene, ms=np.full((1, 8, 8), value))
        fused = pair.fuse("exp", dtype="Int16")
        assert fused.dtype == np.int16 and (fused == rounded).all(), value


def test_another_type_can_be_asked_for(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64, dtype="uint16")
    as_float = pair.fuse("gsa", dtype="Float32")
    assert as_float.dtype == np.float32 and (as_float != np.rint(as_float)).any()
    np.testing.assert_allclose(pair.fuse("gsa"), np.clip(as_float, 0, None), atol=0.5001)
    refused(pair.job("gsa", tmp_path / "fused.tif", dtype="Complex"), "Complex")


def test_bit_depth_of_the_input_is_kept(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    options = ["NBITS=11"]
    pair = on_disk(tmp_path, scene, "uint16", np.clip(scene.ms, 0, 2047), creation_options=options)
    write_geotiff(pair.pan, scene.pan * 3, scene.pan_geotransform, dtype="uint16")
    fused = pair.fuse("brovey", parameters={"WEIGHTS": "1,1,1,1"})
    assert fused.max() == 2047


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bands", [1, 4, 7, 300])
def test_numbers_of_bands(tmp_path: Path, method: str, bands: int) -> None:
    if bands < 300:
        pair = small_pair(tmp_path, 64, 72, bands=bands, dtype="uint16")
    else:
        few = make_pair(24, 24, 4.0, 5)
        mixing = np.random.default_rng(1).dirichlet(np.ones(5), bands)
        pair = on_disk(tmp_path, few, "uint16", np.tensordot(mixing, few.ms, 1))
    fused = pair.fuse(method, options={"COMPRESSION": "deflate"})
    assert fused.shape[0] == bands
    truth = pair.scene.truth if bands < 300 else np.tensordot(mixing, few.truth, 1)
    interpolated = error(pair.fuse("exp"), truth)
    assert error(fused, truth) < {"exp": 1.01, "brovey": 1.2}.get(method, 0.9) * interpolated


# Scale and offset

STORAGES = {
    "reflectance": (np.float32, 1.0, 0.0),
    "DN with a gain": (np.uint16, 1e-5, 0.0),
    "DN with gain and offset": (np.uint16, 1e-5, -0.1),
    "signed DN": (np.int16, 2e-5, 0.3),
}


def stored(folder: Path, scene: Scene, storage: str) -> tuple:
    """The scene as reflectance, in one way of storing it; and its truth."""
    dtype, scale, offset = STORAGES[storage]
    written = {"scale": scale, "offset": offset} if scale != 1.0 else {}

    def dn(values: np.ndarray) -> np.ndarray:
        return (values * 1e-4 - offset) / scale

    pair = on_disk(folder, scene, dtype, dn(scene.ms), dn(scene.pan), **written)
    truth = write_geotiff(folder / "truth.tif", dn(scene.truth), scene.pan_geotransform, dtype=dtype, **written)
    return pair, truth


@pytest.mark.parametrize("method", METHODS)
def test_results_and_scores_do_not_depend_on_storage(tmp_path: Path, method: str) -> None:
    scene = make_pair(96, 96, seed=4)
    physical, scores = {}, {}
    for storage, (_, scale, offset) in STORAGES.items():
        folder = tmp_path / storage
        pair, truth = stored(folder, scene, storage)
        fused = pair.fuse(method, folder / "fused.tif")
        physical[storage] = fused.astype(np.float64) * scale + offset
        result = assess_reference(Input("FUSED", str(folder / "fused.tif")), Input("REFERENCE", str(truth)), ratio=4.0)
        scores[storage] = result["all"]
        band = facts(folder / "fused.tif").bands[1]
        assert (band.scale, band.offset) == (scale, offset)
    expected = physical.pop("reflectance")
    for storage, fused in physical.items():
        step = STORAGES[storage][1]
        assert error(fused, expected) < 1.5 * step, storage
        for name in ("rmse", "sam_degrees", "ergas", "q2n"):
            assert scores[storage][name] == pytest.approx(scores["reflectance"][name], rel=2e-3), (storage, name)


@pytest.mark.parametrize("method", METHODS)
def test_output_as_reflectance(tmp_path: Path, method: str) -> None:
    scene = make_pair(64, 64)
    pair, _ = stored(tmp_path, scene, "DN with gain and offset")
    fused = pair.fuse(method, tmp_path / "fused.tif", options={**QUICK, "UNITS": "reflectance"})
    band = facts(tmp_path / "fused.tif").bands[0]
    assert fused.dtype == np.float32 and (band.scale, band.offset) == (1.0, 0.0)
    in_dn = pair.fuse(method).astype(np.float64) * 1e-5 - 0.1
    np.testing.assert_allclose(fused, in_dn, atol=1.1e-5)


def test_scale_and_offset_of_the_job_go_before_those_of_the_file(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    pair, _ = stored(tmp_path, scene, "DN with gain and offset")
    given = {"scale": 2.0, "offset": 5.0}
    fused = pair.fuse("exp", ms=given, options={**QUICK, "UNITS": "reflectance"})
    expected = pair.fuse("exp", dtype="Float32").astype(np.float64) * 2 + 5
    np.testing.assert_allclose(fused, expected, rtol=1e-5)


def test_each_band_may_have_its_own_gain(tmp_path: Path) -> None:
    """Reflectance in bands of different gains: Brovey weighs physical values, so gains must not change the result."""
    scene = make_pair(64, 64)
    expected = on_disk(tmp_path / "plain", scene).fuse("brovey")
    gains = np.array([0.5, 1.0, 2.0, 4.0])
    pair = on_disk(tmp_path / "stored", scene)
    write_geotiff(pair.ms, scene.ms / gains[:, None, None], scene.ms_geotransform, scale=list(gains), dtype="float32")
    fused = pair.fuse("brovey") * gains[:, None, None]
    np.testing.assert_allclose(fused, expected, rtol=1e-4)


def test_a_role_without_scale_beside_one_with_it_is_pointed_out(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    pair, _ = stored(tmp_path, scene, "DN with gain and offset")
    write_geotiff(pair.pan, scene.pan * 1e-4, scene.pan_geotransform, dtype="float32")
    log = Log()
    pair.fuse("brovey", log=log)
    assert [warning for warning in log.warnings if "PAN" in warning and "scale" in warning]


def test_log_says_which_units_were_used(tmp_path: Path) -> None:
    pair, _ = stored(tmp_path, make_pair(64, 64), "DN with gain and offset")
    for method, words in (("brovey", "physical"), ("gsa", "files' own values")):
        log = Log()
        pair.fuse(method, log=log)
        assert [line for line in log.lines if line.startswith("Units") and words in line], method


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("storage", ["DN with gain and offset", "reflectance"])
def test_output_as_reflectance_in_16_bits(tmp_path: Path, method: str, storage: str) -> None:
    pair, _ = stored(tmp_path, make_pair(64, 64), storage)
    given = {"ms": {"scale": 1.0, "offset": 0.0}} if storage == "reflectance" else {}
    fused = pair.fuse(method, tmp_path / "fused.tif", options={**QUICK, "UNITS": "reflectance_int16"}, **given)
    band = facts(tmp_path / "fused.tif").bands[0]
    assert fused.dtype == np.int16 and (band.scale, band.offset, band.nodata) == (1e-4, 0.0, -32768)
    expected = pair.fuse(method, options={**QUICK, "UNITS": "reflectance"}, **given)
    np.testing.assert_allclose(fused / 1e4, expected, atol=0.51e-4)


def test_16_bits_are_clipped_and_holes_marked(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    scene.ms[:, :4], scene.ms[:, 12:] = 1e6, np.nan
    scene.ms[1, 5:8] = -1e6
    pair = on_disk(tmp_path, scene, ms=scene.ms, scale=1e-4, offset=0.0)
    fused = pair.fuse("exp", options={**QUICK, "UNITS": "reflectance_int16"})
    assert fused.max() == 32767 and fused[1, 24:28].max() == -32767 and (fused[:, 50:] == -32768).all()


def test_reflectance_needs_a_scale_and_a_type_that_holds_it(tmp_path: Path) -> None:
    pair = small_pair(tmp_path / "plain", dtype="uint16")
    target = tmp_path / "fused.tif"
    for units in ("reflectance", "reflectance_int16"):
        refused(pair.job("exp", target, options={"UNITS": units}), units, "scale", "ms.tif")
    pair, _ = stored(tmp_path / "stored", make_pair(64, 64), "DN with gain and offset")
    for units, dtype in (("reflectance", "UInt16"), ("reflectance_int16", "UInt16"), ("reflectance_int16", "Float32")):
        refused(pair.job("exp", target, dtype=dtype, options={"UNITS": units}), units, dtype)
    refused(pair.job("exp", target, dtype="Int99", options={"UNITS": "reflectance"}), "Int99")
    fused = pair.fuse("exp", dtype="Float64", options={**QUICK, "UNITS": "reflectance"})
    assert fused.dtype == np.float64


def test_unknown_units_are_refused(tmp_path: Path) -> None:
    pair = small_pair(tmp_path)
    for units in ("kelvin", "physical"):
        refused(pair.job("exp", tmp_path / "fused.tif", options={"UNITS": units}), "OUTPUT_UNITS", units)


# Bands


def test_chosen_bands_come_in_the_order_asked_for(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64)
    all_bands = pair.fuse("exp")
    np.testing.assert_array_equal(pair.fuse("exp", ms={"bands": [4, 2]}), all_bands[[3, 1]])


def test_pan_can_be_one_band_of_several(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64)
    expected = pair.fuse("gsa")
    write_geotiff(pair.pan, np.concatenate([pair.scene.pan * 0 + 7, pair.scene.pan]), pair.scene.pan_geotransform)
    np.testing.assert_array_equal(pair.fuse("gsa", pan={"bands": [2]}), expected)


def test_several_bands_of_pan_sharpen_together(tmp_path: Path) -> None:
    """Sentinel-2's way: every MS band gets its own mixture; in one file, or in a file for each band."""
    scene = make_pair(96, 104, 2.0, 6, seed=2)
    pair = on_disk(tmp_path, replace(scene, ms=scene.ms[[1, 4]], truth=scene.truth[[1, 4]]))
    fine = scene.truth[[0, 2, 3, 5]]
    write_geotiff(pair.pan, fine, scene.pan_geotransform)
    log = Log()
    fused = pair.fuse("gsa", log=log)
    plain = pair.fuse("exp")
    truth = scene.truth[[1, 4]]
    errors = [np.sqrt(np.mean((image - truth)[:, 8:-8, 8:-8] ** 2, axis=(1, 2))) for image in (fused, plain)]
    assert (errors[0] < 0.8 * errors[1]).all()
    assert sum("own mixture of PAN's bands" in line for line in log.lines) == 2
    job = pair.job("gsa", tmp_path / "again.tif")
    job.inputs[1:] = [
        Input("PAN", str(write_geotiff(tmp_path / f"fine_{number}.tif", band, scene.pan_geotransform)))
        for number, band in enumerate(fine)
    ]
    pipeline.run(job)
    np.testing.assert_array_equal(read_array(tmp_path / "again.tif"), fused)


def test_one_file_for_each_band(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64, dtype="uint16")
    expected = pair.fuse("mtf_glp_fs")
    inputs = []
    for number, band in enumerate(read_array(pair.ms), 1):
        path = write_geotiff(tmp_path / f"scene_B{number}.tif", band, pair.scene.ms_geotransform)
        inputs.append(Input("MS", str(path)))
    job = pair.job("mtf_glp_fs", tmp_path / "fused.tif")
    job.inputs[:1] = inputs
    pipeline.run(job)
    np.testing.assert_array_equal(read_array(tmp_path / "fused.tif"), expected)
    assert [band.name for band in facts(tmp_path / "fused.tif").bands] == ["B1", "B2", "B3", "B4"]


def test_several_files_of_several_bands(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 64, 64, dtype="uint16")
    expected = pair.fuse("gsa")
    geotransform = pair.scene.ms_geotransform
    files = [
        write_geotiff(tmp_path / f"s_{n}.tif", read_array(pair.ms)[2 * n : 2 * n + 2], geotransform) for n in (0, 1)
    ]
    job = pair.job("gsa", tmp_path / "fused.tif")
    job.inputs[:1] = [Input("MS", str(path)) for path in files]
    pipeline.run(job)
    np.testing.assert_array_equal(read_array(tmp_path / "fused.tif"), expected)
    assert [band.name for band in facts(tmp_path / "fused.tif").bands] == ["0 1", "0 2", "1 1", "1 2"]


def test_files_of_different_types_give_the_type_that_holds_all(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 48, 48)
    low = write_geotiff(tmp_path / "low.tif", pair.scene.ms[0] / 20, pair.scene.ms_geotransform, dtype="uint8")
    high = write_geotiff(tmp_path / "high.tif", pair.scene.ms[3], pair.scene.ms_geotransform, dtype="int16")
    job = pair.job("exp", tmp_path / "fused.tif")
    job.inputs[:1] = [Input("MS", str(low)), Input("MS", str(high))]
    job.outputs = [Output("OUTPUT", str(tmp_path / "fused.tif"))]
    pipeline.run(job)
    fused = read_array(tmp_path / "fused.tif")
    assert fused.dtype == np.int16 and fused[1].max() > 255 > fused[0].max()
