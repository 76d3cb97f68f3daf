"""Degraded pairs: every pixel where its geotransform says it is, and nothing gained or lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.assess import assess_reference
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, Log, OnDisk, error, facts, on_disk, read_array, small_pair
from tests.scenes import degrade, make_pair, write_geotiff

RATIOS = (2.0, 3.0, 4.0, 6.0, 4.00025, 2.5)
PHASES = ((0.0, 0.0), (-0.5, -0.5), (0.5, 0.5))


def degraded(pair: OnDisk, ratio: float | None = None, **parameters: Any) -> OnDisk:
    """The pair degraded by Wald's protocol, beside it."""
    out = pair.ms.with_name("coarse_ms.tif"), pair.pan.with_name("coarse_pan.tif")
    inputs = [Input("MS", str(pair.ms))], Input("PAN", str(pair.pan))
    degrade_pair(degrade_jobs(*inputs, str(out[0]), str(out[1]), ratio, parameters, QUICK))
    return OnDisk(*out, pair.scene)


def plane(path: Path) -> np.ndarray:
    """A plane over the CRS's coordinates at the pixels of a raster."""
    made = facts(path)
    x0, a, b, y0, d, e = made.geotransform
    column, row = np.meshgrid(np.arange(made.size[0]) + 0.5, np.arange(made.size[1]) + 0.5)
    x, y = x0 + a * column + b * row, y0 + d * column + e * row
    return 2000 + 3 * x - 2 * y


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("offset", PHASES)
def test_a_plane_stays_where_it_is(tmp_path: Path, ratio: float, offset: tuple[float, float]) -> None:
    """Degraded, and interpolated back: no step of the protocol moves a pixel."""
    scene = make_pair(
        round(14 * ratio**2), round(16 * ratio**2), ratio, 1, offset=offset, pan_pixel=1.0, origin=(0.0, 0.0)
    )
    pair = on_disk(tmp_path, scene)
    for path in (pair.ms, pair.pan):
        write_geotiff(path, plane(path), facts(path).geotransform, dtype="float32")
    coarse = degraded(pair)
    for path in (coarse.ms, coarse.pan):
        values, wanted = read_array(path)[0], plane(path)
        edge = 4 if path == coarse.ms else 2 + round(4 / ratio)
        inside = slice(edge, -edge), slice(edge, -edge)
        assert values[inside].size > 0
        np.testing.assert_allclose(values[inside], wanted[inside], atol=0.01)
    fused = coarse.fuse("exp", tmp_path / "fused.tif")[0]
    edge = round(5 * ratio)
    if min(fused.shape) > 2 * edge:
        inside = slice(edge, -edge), slice(edge, -edge)
        np.testing.assert_allclose(fused[inside], plane(tmp_path / "fused.tif")[inside], atol=0.02)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("offset", PHASES)
def test_grids_of_a_degraded_pair(tmp_path: Path, ratio: float, offset: tuple[float, float]) -> None:
    pair = small_pair(tmp_path, round(10 * ratio**2), round(12 * ratio**2), ratio=ratio, offset=offset)
    coarse = degraded(pair)
    fine_ms, ms, pan = facts(pair.ms), facts(coarse.ms), facts(coarse.pan)
    assert ms.geotransform[0::3] == fine_ms.geotransform[0::3], "one corner"
    assert ms.geotransform[1] == pytest.approx(ratio * fine_ms.geotransform[1], rel=1e-9)
    assert pan.geotransform[1] == pytest.approx(fine_ms.geotransform[1], rel=1e-9)
    shift = (pan.geotransform[0] - fine_ms.geotransform[0]) / fine_ms.geotransform[1]
    assert shift == pytest.approx(round(shift), abs=1e-6), "PAN lies on the MS image's own pixels"
    assert all(size == int(n / ratio + 1e-6) for size, n in zip(ms.size, fine_ms.size))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_constants_stay_constant(tmp_path: Path, dtype: str) -> None:
    scene = make_pair(96, 96, 3.0, 2)
    pair = on_disk(tmp_path, scene, dtype, np.full(scene.ms.shape, 117), np.full(scene.pan.shape, 231))
    coarse = degraded(pair)
    np.testing.assert_allclose(read_array(coarse.ms), 117, rtol=1e-6)
    np.testing.assert_allclose(read_array(coarse.pan), 231, rtol=1e-6)
    assert facts(coarse.ms).bands[0].dtype == facts(pair.ms).bands[0].dtype


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("gain", [0.15, 0.3])
def test_blur_is_that_of_the_generator(tmp_path: Path, ratio: float, gain: float) -> None:
    """An independent implementation of the same filter and phase."""
    pair = small_pair(tmp_path, round(10 * ratio**2), round(12 * ratio**2), ratio=ratio, bands=2)
    coarse = degraded(pair, MTF_GAINS=str(gain))
    found = read_array(coarse.ms)
    wanted = degrade(pair.scene.ms, ratio, gain, size=found.shape[1:])
    assert error(found, wanted) < 2e-3 * wanted.std()


def test_gains_of_a_sensor(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 128, 128)
    quickbird = read_array(degraded(pair, SENSOR="quickbird").ms)
    given = read_array(degraded(pair, MTF_GAINS="0.34,0.32,0.30,0.22").ms)
    np.testing.assert_array_equal(quickbird, given)
    sharper = read_array(degraded(pair, MTF_GAINS="0.5").ms)
    assert (sharper.std(axis=(1, 2)) > given.std(axis=(1, 2))).all()


def test_holes_and_descriptions_are_kept(tmp_path: Path) -> None:
    scene = make_pair(128, 128)
    ms = scene.ms.copy()
    ms[:, 8:24, 4:20] = -9
    pair = on_disk(tmp_path, scene, "int16", ms)
    names = ["blue", "green", "red", "nir"]
    write_geotiff(
        pair.ms,
        ms,
        scene.ms_geotransform,
        nodata=-9,
        scale=1e-4,
        offset=-0.1,
        names=names,
        wavelengths_nm=scene.wavelengths_nm,
        dtype="int16",
    )
    coarse = degraded(pair)
    made = facts(coarse.ms)
    assert [band.name for band in made.bands] == names and made.bands[2].wavelength == "0.66"
    assert {(band.scale, band.offset, band.nodata) for band in made.bands} == {(1e-4, -0.1, -9.0)}
    missing = read_array(coarse.ms)[0] == -9
    assert missing[2:6, 1:5].all() and np.count_nonzero(missing) == 16
    whole = read_array(degraded(on_disk(tmp_path / "whole", scene, "int16")).ms)
    near = read_array(coarse.ms)[:, ~missing] - whole[:, ~missing].astype(float)
    assert np.abs(near).max() < 0.5 * whole.std()


def test_windows_do_not_show(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 320, 360)
    whole = None
    for window, threads in ((8192, 1), (16, 2), (32, 3), (None, 2)):
        inputs = [Input("MS", str(pair.ms))], Input("PAN", str(pair.pan))
        jobs = degrade_jobs(*inputs, str(tmp_path / "m.tif"), str(tmp_path / "p.tif"), options=QUICK)
        for job in jobs:
            job.window, job.threads = window, threads
        degrade_pair(jobs)
        found = [read_array(tmp_path / name) for name in ("m.tif", "p.tif")]
        whole = whole or found
        for one, other in zip(found, whole):
            np.testing.assert_allclose(one, other, atol=1e-5 * np.ptp(other))


def test_ms_alone_by_a_given_ratio(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 128, 128)
    jobs = degrade_jobs([Input("MS", str(pair.ms), bands=[3, 1])], None, str(tmp_path / "coarse.tif"), None, 2.5)
    assert len(jobs) == 1
    degrade_pair(jobs)
    assert facts(tmp_path / "coarse.tif").size == (12, 12) and len(facts(tmp_path / "coarse.tif").bands) == 2


def test_one_file_for_each_band(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 128, 128)
    expected = read_array(degraded(pair).ms)
    files = [
        write_geotiff(tmp_path / f"B{n}.tif", band, pair.scene.ms_geotransform)
        for n, band in enumerate(pair.scene.ms, 1)
    ]
    degrade_pair(degrade_jobs([Input("MS", str(f)) for f in files], None, str(tmp_path / "c.tif"), None, 4.0))
    np.testing.assert_allclose(read_array(tmp_path / "c.tif"), expected, rtol=1e-6)


def test_protocol_scores_sharpening_above_interpolation(tmp_path: Path) -> None:
    """The whole way of the protocol: degrade, sharpen, compare with the MS image that was there."""
    pair = small_pair(tmp_path, 400, 400, seed=3, dtype="uint16")
    coarse = degraded(pair)
    scores = {}
    for method in ("exp", "gsa", "mtf_glp_fs"):
        coarse.fuse(method, tmp_path / "fused.tif")
        result = assess_reference(Input("FUSED", str(tmp_path / "fused.tif")), Input("REFERENCE", str(pair.ms)), 4.0)
        scores[method] = result["all"]
        assert (
            result["pixels"]["used"] == 100 * 100 if isinstance(result["pixels"], dict) else result["pixels"] == 10000
        )
    assert scores["gsa"]["ergas"] < 0.9 * scores["exp"]["ergas"]
    assert scores["mtf_glp_fs"]["ergas"] < 0.9 * scores["exp"]["ergas"]
    assert scores["gsa"]["q2n"] > scores["exp"]["q2n"]


def test_an_output_remembers_its_degradation(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 128, 128)
    coarse = degraded(pair, SENSOR="ikonos")
    expected = read_array(coarse.ms)
    job = pipeline.job_of(str(coarse.ms))
    assert job.task == "degradation" and job.parameters["SENSOR"] == "ikonos"
    job.outputs = [Output("OUTPUT", str(tmp_path / "again.tif"), options=QUICK)]
    pipeline.run(job)
    np.testing.assert_array_equal(read_array(tmp_path / "again.tif"), expected)


def test_degrading_onto_a_grid_of_the_job_that_lies_partly_outside(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 128, 128)
    x, a, _, y, _, e = pair.scene.ms_geotransform
    grid = {"crs": facts(pair.ms).crs, "geotransform": [x + 4 * a, 4 * a, 0, y, 0, 4 * e], "size": [20, 4]}
    outputs = [Output("OUTPUT", str(tmp_path / "coarse.tif"), options=QUICK)]
    job = Job("degradation", "degrade", [Input("IMAGE", str(pair.ms))], outputs, grid=grid)
    log = Log()
    pipeline.run(job, feedback=log)
    made = facts(tmp_path / "coarse.tif")
    assert made.size == (7, 4) and made.geotransform[0] == x + 4 * a
    gdal.Unlink(str(tmp_path / "coarse.tif"))
