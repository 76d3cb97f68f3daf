"""Whatever rasters are given, and whenever a run is cancelled: one clear sentence or a right result, and nothing left.

`SATFUSION_FUZZ=1000` runs 1,000 cases and 100 cancels; without it there are fewer of the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")

from satfusion_qgis import pipeline  # noqa: E402
from satfusion_qgis.tasks.errors import Cancelled, InputError  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from tests.fuzz.rasters import Case, draw  # noqa: E402
from tests.pipeline.support import CancelsAt, assert_one_sentence, files_in  # noqa: E402

CASES = int(os.environ.get("SATFUSION_FUZZ", "150"))
AT_ONCE = 25


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep GDAL's own complaints about odd files off the screen."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    yield
    gdal.PopErrorHandler()


def prepared(number: int, folder: Path) -> tuple[Case, Path]:
    """Draw a case; its rasters and its output get a folder each."""
    (folder / "in").mkdir(parents=True)
    (folder / "out").mkdir()
    return draw(number, folder / "in", folder / "out" / "fused.tif"), folder / "out"


def outcome(case: Case, feedback: Feedback | None = None) -> str:
    """Run a case; return "done", "cancelled" or the sentence that refuses it."""
    try:
        pipeline.run(case.job, feedback=feedback)
    except InputError as error:
        assert_one_sentence(str(error))
        return str(error)
    except Cancelled:
        return "cancelled"
    return "done"


def check_result(case: Case, path: Path) -> None:
    """Check what holds for every right result: the grid, the bands, the type, and values that can be."""
    dataset = gdal.Open(str(path))
    assert dataset is not None
    values = dataset.ReadAsArray()
    assert values is not None
    values = values.reshape(-1, *values.shape[-2:])
    bands = case.job.inputs[0].bands or range(opened(case.job.inputs[0].path).RasterCount)
    assert len(values) == len(bands)
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    valid = np.isfinite(values) if nodata is None or np.isnan(nodata) else values != nodata
    assert valid.any(), "nothing valid was written"
    assert np.isfinite(values[valid]).all(), "an infinite value was written"
    assert (valid == valid[:1]).all(), "a pixel is valid in some bands only"
    pan = opened(case.job.inputs[1].path)
    made, fine = dataset.GetGeoTransform(), pan.GetGeoTransform()
    if made[1:3] == fine[1:3] and made[4:] == fine[4:]:
        inverse = gdal.InvGeoTransform(fine)
        place = gdal.ApplyGeoTransform(inverse, made[0], made[3])
        assert np.abs(np.array(place) - np.round(place)).max() < 1e-3, "the output is not on PAN's grid"
        assert place[0] + dataset.RasterXSize <= pan.RasterXSize + 1e-3
    check_which_are_valid(case, dataset, valid)
    if case.job.method == "exp":
        check_interpolation(case, values, valid)


def check_interpolation(case: Case, values: np.ndarray, valid: np.ndarray) -> None:
    """Cubic interpolation stays near the range of what it interpolates."""
    item = case.job.inputs[0]
    if (
        case.job.outputs[0].options.get("UNITS", "input") != "input"
        or case.job.outputs[0].dtype
        or item.nodata is not None
    ):
        return
    source = opened(item.path)
    for place, number in enumerate(item.bands or range(1, source.RasterCount + 1)):
        band = source.GetRasterBand(number)
        stored = band.ReadAsArray().astype(np.float64)
        nodata = band.GetNoDataValue()
        kept = stored[np.isfinite(stored) & (True if nodata is None else stored != nodata)]
        if kept.size and valid[place].any():
            low, high = kept.min(), kept.max()
            slack = 0.6 * (high - low) + 1.0 + 1e-6 * max(abs(low), abs(high))
            found = values[place][valid[place]].astype(np.float64)
            assert low - slack <= found.min() and found.max() <= high + slack


def known(item: Any) -> np.ndarray | None:
    """Which pixels of an input have a value in all bands in use; None where that is not plain to see."""
    source = opened(item.path)
    bands = [source.GetRasterBand(number) for number in item.bands or range(1, source.RasterCount + 1)]
    marks = [band.GetNoDataValue() if item.nodata is None else item.nodata for band in bands]
    stored = np.array([band.ReadAsArray() for band in bands], np.float64)
    corners = stored[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    odd = [mark for mark in marks if mark is not None and np.float32(mark) != mark]
    if item.mask is not None or odd or (all(mark is None for mark in marks) and (corners == 0).any()):
        return None
    missing = [(layer == mark) | ~(np.abs(layer) < 1e30) for layer, mark in zip(stored, marks)]
    return ~np.any(missing, axis=0)


@np.errstate(all="ignore")
def check_which_are_valid(case: Case, made: Any, valid: np.ndarray) -> None:
    """A pixel has a value where PAN has one and the MS pixel around it has, and none where PAN has none."""
    ms, pan = (opened(item.path) for item in case.job.inputs)
    places = [dataset.GetGeoTransform() for dataset in (made, ms, pan)]
    plain = all(place[2] == place[4] == 0 and place[1] > 0 > place[5] for place in places)
    coarse, fine = (known(item) for item in case.job.inputs)
    if not plain or coarse is None or fine is None or case.job.area or ms.GetProjection() != pan.GetProjection():
        return
    (x, a, _, y, _, e), rows, columns = places[0], made.RasterYSize, made.RasterXSize
    centres = x + a * (np.arange(columns) + 0.5), y + e * (np.arange(rows) + 0.5)
    both = []
    for image, (x, a, _, y, _, e) in ((coarse, places[1]), (fine, places[2])):
        across, down = (centres[0] - x) / a, (centres[1] - y) / e
        if any(np.abs(each - np.round(each)).min() < 1e-3 for each in (across, down)):
            return
        inside = [
            np.clip(np.floor(each).astype(int), 0, size - 1)
            for each, size in ((down, len(image)), (across, image.shape[1]))
        ]
        both.append(image[np.ix_(*inside)])
    assert not (valid[0] & ~both[1]).any(), "a pixel without PAN was written"
    assert not (both[0] & both[1] & ~valid[0]).any(), "a pixel with MS and PAN was lost"


def opened(path: str) -> Any:
    return gdal.Open(path)


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_odd_rasters(first: int, tmp_path: Path) -> None:
    for number in range(first, min(first + AT_ONCE, CASES)):
        case, out = prepared(number, tmp_path / str(number))
        given = files_in(out.parent / "in")
        try:
            said = outcome(case)
            assert files_in(out) == (["fused.tif"] if said == "done" else []), said
            assert files_in(out.parent / "in") == given
            assert not (gdal.ReadDir("/vsimem/satfusion") or [])
            if said == "done":
                check_result(case, out / "fused.tif")
        except Exception as error:
            raise AssertionError(f"case {number}, {case.oddities}: {error}; {case.job.to_json()}") from error


@pytest.mark.parametrize("first", range(0, CASES // 10, 5))
def test_cancels_at_random(first: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([7, first])
    for number in range(first, min(first + 5, CASES // 10)):
        case, out = prepared(number, tmp_path / str(number))
        said = outcome(case, CancelsAt(int(rng.integers(0, 20))))
        assert files_in(out) == (["fused.tif"] if said == "done" else []), (number, said, case.oddities)
        assert not (gdal.ReadDir("/vsimem/satfusion") or [])
