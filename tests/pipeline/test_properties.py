"""Whatever the sizes, ratios, offsets, types and holes: one sentence, or a result that is right in form."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from satfusion_qgis import pipeline
from satfusion_qgis.raster.encode import encode
from satfusion_qgis.raster.windows import split
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.window import Axis
from tests.pipeline.support import METHODS, QUICK, assert_one_sentence, facts, files_in, read_array
from tests.scenes import write_geotiff

PROFILE = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
RATIOS = (1.5, 2.0, 2.5, 3.0, 4.0, 4.00025, 6.0)
DTYPES = ("uint8", "int16", "uint16", "int32", "uint32", "float32", "float64")
REASONS = ("overlap", "valid pixel in common", "PAN is constant", "Brovey has no intensity")


@dataclass(frozen=True)
class Case:
    """One drawn scene: pixels, places, and how to fuse them."""

    ms: np.ndarray
    pan: np.ndarray
    ratio: float
    corner: tuple[float, float]
    dtype: str
    ms_nodata: float | None
    pan_nodata: float | None
    method: str
    window: int | None
    threads: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, columns = draw(st.integers(1, 80)), draw(st.integers(1, 80))
    ratio = draw(st.sampled_from(RATIOS))
    corner = tuple(draw(st.sampled_from((0.0, -0.5, 0.5))) + draw(st.integers(-9, 9)) for _ in range(2))
    shape = tuple(max(1, round(n / ratio) + draw(st.integers(-3, 4))) for n in (rows, columns))
    bands = draw(st.integers(1, 5))
    dtype = draw(st.sampled_from(DTYPES))
    level = draw(st.sampled_from((0, 1, 60)))
    ms = rng.integers(level, 200, (bands, *shape)).astype(dtype)
    if dtype.startswith("float"):
        ms += rng.random(ms.shape).astype(dtype)
    row, column = (np.clip((np.arange(n) / ratio).astype(int), 0, m - 1) for n, m in zip((rows, columns), shape))
    pan = 0.7 * ms.mean(axis=0)[np.ix_(row, column)] + rng.uniform(0, 60, (rows, columns))
    pan = pan[None].astype(draw(st.sampled_from((dtype, "uint16", "float32"))))
    ms, ms_nodata = _with_holes(draw, rng, ms)
    pan, pan_nodata = _with_holes(draw, rng, pan)
    method = draw(st.sampled_from(METHODS))
    window, threads = draw(st.sampled_from((None, 16, 32, 48))), draw(st.integers(1, 3))
    return Case(ms, pan, ratio, corner, dtype, ms_nodata, pan_nodata, method, window, threads)


def _with_holes(draw: st.DrawFn, rng: np.random.Generator, image: np.ndarray) -> tuple[np.ndarray, float | None]:
    """Give an image a hole, holes here and there, or none; and a nodata value or NaN for them."""
    kind = draw(st.sampled_from(("none", "none", "one", "scattered", "all")))
    image = image.copy()
    floating = image.dtype.kind == "f"
    nodata = draw(st.sampled_from((0.0, 77.0, 250.0, math.nan) if floating else (0.0, 77.0, 250.0)))
    rows, columns = image.shape[1:]
    hole = np.zeros((rows, columns), bool)
    if kind == "one":
        top, left = rng.integers(0, rows), rng.integers(0, columns)
        hole[top : top + rng.integers(1, 20), left : left + rng.integers(1, 20)] = True
    elif kind == "scattered":
        hole = rng.random((rows, columns)) < 0.1
    elif kind == "all" and draw(st.integers(0, 3)) == 0:
        hole[:] = True
    band = rng.integers(0, len(image)) if draw(st.booleans()) else slice(None)
    image[band, hole] = nodata
    if kind == "none":
        return image, draw(st.sampled_from((None, nodata)))
    return image, None if math.isnan(nodata) and draw(st.booleans()) else nodata


def valid_pixels(image: np.ndarray, nodata: float | None) -> np.ndarray:
    valid = np.isfinite(image).all(axis=0)
    if nodata is not None and not math.isnan(nodata):
        valid &= (image != nodata).all(axis=0)
    return valid


def undeclared_zeros(image: np.ndarray, nodata: float | None) -> bool:
    """Whether zeros in the corners may be taken for a border."""
    corners = [image[:, r, c] for r in (slice(3), slice(-3, None)) for c in (slice(3), slice(-3, None))]
    return nodata is None and not all(corner.any() for corner in corners)


@settings(max_examples=120, **PROFILE)
@given(cases())
def test_fusion(case: Case) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        down, right = case.corner
        write_geotiff(folder / "pan.tif", case.pan, (1000.0, 1.0, 0.0, 5000.0, 0.0, -1.0), nodata=case.pan_nodata)
        place = (1000.0 + right, case.ratio, 0.0, 5000.0 - down, 0.0, -case.ratio)
        write_geotiff(folder / "ms.tif", case.ms, place, nodata=case.ms_nodata)
        (folder / "made").mkdir()
        job = Job(
            "pansharpening",
            case.method,
            [Input("MS", str(folder / "ms.tif")), Input("PAN", str(folder / "pan.tif"))],
            [Output("OUTPUT", str(folder / "made" / "fused.tif"), options=QUICK)],
            window=case.window,
            threads=case.threads,
        )
        try:
            pipeline.run(job)
        except InputError as refusal:
            assert_one_sentence(str(refusal))
            assert any(reason in str(refusal) for reason in REASONS), refusal
            assert files_in(folder / "made") == []
            event("refused")
            return
        event("fused")
        check_fused(case, folder / "made" / "fused.tif")
        fine = [Output("OUTPUT", str(folder / "made" / "fine.tif"), dtype="Float32", options=QUICK)]
        whole = [Output("OUTPUT", str(folder / "made" / "whole.tif"), dtype="Float32", options=QUICK)]
        pipeline.run(replace(job, outputs=fine))
        pipeline.run(replace(job, outputs=whole, window=8192, threads=1))
        nodata = facts(folder / "made" / "fine.tif").bands[0].nodata
        check_same(*(read_array(folder / "made" / f"{name}.tif") for name in ("fused", "fine", "whole")), nodata)


def check_fused(case: Case, path: Path) -> None:
    """Size, place, type and validity of a result, worked out anew."""
    fused, made = read_array(path), facts(path)
    spans = []
    for axis in (0, 1):
        centre = (np.arange(case.pan.shape[axis + 1]) + 0.5 - case.corner[axis]) / case.ratio
        inside = np.nonzero((centre > -1e-6) & (centre < case.ms.shape[axis + 1] + 1e-6))[0]
        spans.append((inside[0], inside[-1] + 1, np.clip(np.floor(centre + 1e-9), 0, case.ms.shape[axis + 1] - 1)))
    (top, bottom, row_of), (left, right, column_of) = spans
    assert fused.shape == (len(case.ms), bottom - top, right - left)
    assert made.geotransform == (1000.0 + left, 1.0, 0.0, 5000.0 - top, 0.0, -1.0)
    assert fused.dtype == case.dtype
    coarse = valid_pixels(case.ms, case.ms_nodata)
    rows, columns = row_of[top:bottom].astype(int), column_of[left:right].astype(int)
    valid = coarse[np.ix_(rows, columns)] & valid_pixels(case.pan, case.pan_nodata)[top:bottom, left:right]
    nodata = made.bands[0].nodata
    each = missing(fused, nodata)
    assert (each.all(axis=0) == each.any(axis=0)).all(), "all bands miss the same pixels"
    marked = each[0]
    assert marked[~valid].all(), "what is missing in an input is missing in the result"
    if not (undeclared_zeros(case.ms, case.ms_nodata) or undeclared_zeros(case.pan, case.pan_nodata)):
        assert not marked[valid].any(), "no valid pixel is lost"
    assert np.isfinite(fused[:, ~marked]).all()


def missing(image: np.ndarray, nodata: float | None) -> np.ndarray:
    if nodata is None:
        return np.zeros(image.shape, bool)
    return np.isnan(image) if math.isnan(nodata) else image == nodata


def check_same(stored: np.ndarray, cut: np.ndarray, whole: np.ndarray, nodata: float | None) -> None:
    """The same for all windows; and stored as what it is, rounded."""
    marks = missing(cut, nodata), missing(whole, nodata)
    assert np.array_equal(*marks)
    known = ~marks[0]
    span = np.ptp(whole[known].astype(np.float64))
    assert np.abs(cut[known].astype(np.float64) - whole[known]).max() <= 1e-5 * max(span, 1.0)
    if stored.dtype.kind != "f":
        limits = np.iinfo(stored.dtype)
        distance = np.abs(stored[known] - np.clip(cut[known].astype(np.float64), limits.min, limits.max))
        assert distance.max() <= 1.5 + 1e-6 * span, "half a step, and one away from the nodata value"


@settings(max_examples=200, **PROFILE)
@given(
    st.floats(-500, 500),
    st.floats(0.05, 8),
    st.integers(1, 300),
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.integers(0, 9),
)
def test_axes_share_input_pixels_out_among_windows(
    origin: float, scale: float, size: int, lengths: list[int], halo: int
) -> None:
    axis = Axis(origin, scale, size)
    edges = np.concatenate([[0], np.cumsum(lengths)])
    pieces = [axis.owned(int(a), int(b)) for a, b in zip(edges, edges[1:])]
    assert all(before[1] == after[0] for before, after in zip(pieces, pieces[1:]))
    for (first, last), start, stop in zip(pieces, edges, edges[1:]):
        low, high = axis.cover(int(start), int(stop), halo)
        assert 0 <= low < high <= size
        assert first >= last or (low <= first and last <= high)
    for sample in (0.0, 3.5, size - 1.0):
        assert math.isclose(axis.sample(axis.target(sample)), sample, abs_tol=1e-6 * (1 + abs(origin)))


@settings(max_examples=100, **PROFILE)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 90), st.integers(1, 90))
def test_windows_cover_a_grid_once(rows: int, columns: int, height: int, width: int) -> None:
    seen = np.zeros((rows, columns), int)
    for row, column, tall, wide in split(rows, columns, height, width):
        assert 0 < tall <= height and 0 < wide <= width
        seen[row : row + tall, column : column + wide] += 1
    assert (seen == 1).all()


@settings(max_examples=200, **PROFILE)
@given(
    st.sampled_from(DTYPES),
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=20),
    st.sampled_from((0.0, 1.0, 7.0, 255.0, -32768.0, 65535.0)),
    st.data(),
)
def test_encoding_marks_missing_pixels_and_no_others(
    dtype: str, values: list[float], nodata: float, data: st.DataObject
) -> None:
    if not dtype.startswith("float") and not np.iinfo(dtype).min <= nodata <= np.iinfo(dtype).max:
        nodata = 0.0
    valid = np.array([data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))])
    image = np.array([[values]], np.float32)
    exact = image.astype(np.float64)
    encoded = encode(image.copy(), valid, dtype, nodata)
    assert encoded.dtype == dtype and encoded.shape == image.shape
    assert np.array_equal(encoded[0] == nodata, ~valid)
    limits = (-np.inf, np.inf) if dtype.startswith("float") else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    wanted = np.clip(exact, *limits)
    distance = np.abs(encoded.astype(np.float64) - wanted)[:, valid]
    assert (distance <= (1e-6 * (1 + np.abs(wanted[:, valid])) if dtype.startswith("float") else 1.5)).all()
