"""Series: every date written, resumed, cancelled, filled, stacked; one that fails does not stop the others."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline import series, series_session
from satfusion_qgis.pipeline.series import DateJob, SeriesRequest, file_of, run_series
from satfusion_qgis.pipeline.series_images import Search
from satfusion_qgis.pipeline.series_pairs import Choice, Wanted
from satfusion_qgis.raster.writer import part_of
from satfusion_qgis.runtime.session import Session, SessionInfo
from satfusion_qgis.runtime.settings import USUAL
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Area, Job, Output, Preview
from tests.pipeline.support import CancelsAt, Log, files_in, read_array
from tests.scenes import write_geotiff
from tests.series_files import COARSE_PLACE, PLACE, SIZE, coarse, day, truth, write_coarse, write_fine, write_series

QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}


@pytest.fixture
def folder(tmp_path):
    return write_series(tmp_path / "images")


def request(folder: Path, out: Path, method: str = "add_change", **fields: Any) -> SeriesRequest:
    job = DateJob(method, options=QUICK, threads=1, **fields.pop("job", {}))
    return SeriesRequest((str(folder / "fine"),), (str(folder / "coarse"),), str(out), job=job, **fields)


def names(out: Path) -> list[str]:
    return [name for name in files_in(out) if name.endswith(".tif")]


def predicted(number: int) -> str:
    return f"predicted_{day(number):%Y%m%d}.tif"


def test_every_coarse_date_without_a_fine_image_is_predicted(folder, tmp_path):
    log, made = Log(), []
    found = run_series(request(folder, tmp_path / "out"), feedback=log, made=lambda *one: made.append(one))
    assert names(tmp_path / "out") == [predicted(4), predicted(9)]
    assert [one for one, _ in found.files] == [day(4), day(9)]
    assert [Path(path).name for path, _ in made] == [predicted(4), predicted(9)]
    assert log.fractions == sorted(log.fractions) and log.fractions[-1] == 1
    assert any("2020-03-05" in line and "-4" in line and "+12" in line for line in log.lines)
    assert not log.warnings
    for number in (4, 9):
        error = np.sqrt(np.mean((read_array(tmp_path / "out" / predicted(number)) - truth(number)) ** 2.0))
        copied = np.sqrt(np.mean((truth(0) - truth(number).astype(float)) ** 2.0))
        assert error < 0.8 * copied


def test_a_date_is_what_a_run_of_its_own_gives_and_carries_its_job_and_date(folder, tmp_path):
    run_series(request(folder, tmp_path / "out", "starfm"))
    path = tmp_path / "out" / predicted(9)
    job = pipeline.job_of(str(path))
    assert [item.role for item in job.inputs] == ["FINE_1", "COARSE_1", "FINE_2", "COARSE_2", "COARSE_TARGET"]
    assert [item.date for item in job.inputs if item.role == "COARSE_TARGET"] == [f"{day(9)}T00:00:00Z"]
    dataset = gdal.Open(str(path))
    assert dataset.GetMetadataItem("DATE") == f"{day(9)}T00:00:00Z"
    alone = tmp_path / "alone.tif"
    job = replace(job, outputs=[Output("OUTPUT", str(alone), options=QUICK)])
    pipeline.run(job)
    assert np.array_equal(read_array(alone), read_array(path))


def test_a_series_goes_on_where_it_was(folder, tmp_path):
    out = tmp_path / "out"
    asked = request(folder, out)
    run_series(asked)
    stamps = {name: (out / name).stat().st_mtime_ns for name in names(out)}
    (out / predicted(9)).unlink()
    found = run_series(asked)
    assert [row["outcome"] for row in found.rows] == ["kept", "written"]
    assert (out / predicted(4)).stat().st_mtime_ns == stamps[predicted(4)]
    found = run_series(replace(asked, overwrite=True))
    assert [row["outcome"] for row in found.rows] == ["written", "written"]
    assert (out / predicted(4)).stat().st_mtime_ns != stamps[predicted(4)]


@pytest.mark.parametrize("what", ["method", "parameter", "units", "image", "broken", "other file", "pair"])
def test_what_was_made_in_another_way_is_made_again(folder, tmp_path, what):
    out = tmp_path / "out"
    asked = request(folder, out, "starfm", job={"parameters": {"SEARCH_WINDOW": 2.0}})
    run_series(asked)
    path = out / predicted(4)
    if what == "method":
        asked = request(folder, out, "add_change")
    elif what == "parameter":
        asked = request(folder, out, "starfm", job={"parameters": {"SEARCH_WINDOW": 1.0}})
    elif what == "units":
        asked = replace(asked, job=replace(asked.job, options={**QUICK, "UNITS": "reflectance"}))
    elif what == "image":
        write_coarse(folder / "coarse", 4, coarse(4) + 50)
        later = path.stat().st_mtime + 10
        os.utime(folder / "coarse" / f"coarse_{day(4):%Y%m%d}.tif", (later, later))
    elif what == "broken":
        path.write_bytes(path.read_bytes()[:200])
    elif what == "other file":
        write_geotiff(path, truth(0), PLACE)
    elif what == "pair":
        write_fine(folder / "fine", 9)
    found = {row["date"]: row["outcome"] for row in run_series(asked).rows}
    assert found[day(4).isoformat()] == "written"
    others = {"method": "written", "parameter": "written", "units": "written", "image": "kept"}
    if what in others:
        assert found[day(9).isoformat()] == others[what]
    assert read_array(path).shape == (2, SIZE, SIZE)


def test_another_method_with_the_same_parameters_is_another_job(folder, tmp_path):
    run_series(request(folder, tmp_path / "out", "copy"))
    found = run_series(request(folder, tmp_path / "out", "add_change"))
    assert [row["outcome"] for row in found.rows] == ["written", "written"]


def test_threads_windows_and_defaults_do_not_make_it_another_job(folder, tmp_path):
    out = tmp_path / "out"
    run_series(request(folder, out, "starfm", job={"parameters": {"SEARCH_WINDOW": 3.0}}))
    other = request(folder, out, "starfm")  # 3.0 is the default
    other = replace(other, job=replace(other.job, threads=2, window=64))
    assert [row["outcome"] for row in run_series(other).rows] == ["kept", "kept"]


@pytest.mark.parametrize("moment", range(0, 60, 6))
def test_a_cancel_leaves_whole_files_only_and_the_rest_is_made_later(folder, tmp_path, moment):
    out = tmp_path / "out"
    asked = request(folder, out, "starfm", fill_gaps=True)
    with contextlib.suppress(Cancelled):
        run_series(asked, feedback=CancelsAt(moment))
    for name in files_in(out) if out.exists() else ():
        assert not name.startswith("."), name
        assert gdal.Open(str(out / name)).GetRasterBand(1).Checksum() is not None
    before = len(names(out)) if out.exists() else 0
    found = run_series(asked)
    assert [row["outcome"] for row in found.rows].count("kept") >= before // 2 - 1
    assert len(found.files) == 4


def test_a_date_that_fails_does_not_stop_the_others(folder, tmp_path):
    write_coarse(folder / "coarse", 5, np.full((2, SIZE // 8, SIZE // 8), -9999, np.int16))
    (folder / "coarse" / f"coarse_{day(6):%Y%m%d}.tif").write_bytes(
        (folder / "coarse" / f"coarse_{day(4):%Y%m%d}.tif").read_bytes()
    )
    far = (9e6, *COARSE_PLACE[1:])
    write_geotiff(folder / "coarse" / f"coarse_{day(7):%Y%m%d}.tif", coarse(7), far, nodata=-9999, scale=1e-4)
    log, table = Log(), tmp_path / "table.csv"
    wanted = Wanted(days=(day(4), day(5), day(6), day(7), day(8)))
    found = run_series(request(folder, tmp_path / "out", wanted=wanted, table=str(table)), feedback=log)
    assert [day for day, _ in found.files] == [day(4), day(6)]
    assert {row["date"] for row in found.failed} == {str(day(number)) for number in (5, 7, 8)}
    rows = {row["date"]: row for row in csv.DictReader(io.StringIO(table.read_text()))}
    assert rows[str(day(4))]["outcome"] == "written"
    assert rows[str(day(4))]["pair_1_days"] == "-4"
    assert "no clear pixel" in rows[str(day(5))]["reason"]
    assert "no coarse image" in rows[str(day(8))]["reason"]
    assert any(str(day(5)) in line for line in log.warnings)


@pytest.mark.parametrize("role", ["fine", "coarse"])
def test_a_damaged_image_is_reported_and_the_others_are_used(folder, tmp_path, role):
    bad = write_fine(folder / "fine", 2) if role == "fine" else write_coarse(folder / "coarse", 6)
    bad.write_bytes(bad.read_bytes()[:-300])  # its header can be read, its pixels cannot
    log = Log()
    found = run_series(request(folder, tmp_path / "out"), feedback=log)
    assert [one for one, _ in found.files] == [day(4), day(9)]
    assert any(bad.name in line and "damaged" in line for line in log.warnings)
    assert [row["date"] for row in found.failed] == ([str(day(6))] if role == "coarse" else [])
    assert all(row["pair_1"] != str(day(2)) for row in found.rows)


def test_nothing_that_can_be_predicted_is_an_error_and_the_table_says_why(folder, tmp_path):
    table = tmp_path / "table.json"
    asked = request(folder, tmp_path / "out", choice=Choice(max_days=2), table=str(table))
    with pytest.raises(InputError, match="MAX_DAYS is 2"):
        run_series(asked)
    assert [row["outcome"] for row in json.loads(table.read_text())] == ["failed", "failed"]


def test_observed_pixels_stay_to_the_bit_and_only_gaps_are_predicted(folder, tmp_path):
    image = truth(9)
    gap = np.zeros((SIZE, SIZE), bool)
    gap[20:40, 30:70] = True
    gap[:, 5] = True
    image[:, gap] = -9999
    write_fine(folder / "fine", 9, image)
    nearer, farther = truth(16), truth(0)
    farther[:, 25:30, 60:65] = -9999  # the second pair lacks these: they come from the first alone
    nearer[:, 30:34, 40:45] = -9999
    write_fine(folder / "fine", 16, nearer)
    write_fine(folder / "fine", 0, farther)
    found = run_series(request(folder, tmp_path / "out", "starfm", fill_gaps=True))
    assert [day for day, _ in found.files] == [day(number) for number in (0, 4, 9, 16)]
    filled = read_array(tmp_path / "out" / predicted(9))
    assert np.array_equal(filled[:, ~gap], image[:, ~gap])
    assert (filled[:, gap] != -9999).all()
    assert np.sqrt(np.mean((filled[:, gap] - truth(9)[:, gap]) ** 2.0)) < 60
    kinds, days = read_array(found.sources[2])
    assert np.array_equal(kinds == 1, ~gap)
    only_first, only_second = np.zeros_like(gap), np.zeros_like(gap)
    only_first[25:30, 60:65] = only_second[30:34, 40:45] = True
    assert (kinds[only_first] == 2).all()
    assert (kinds[gap & ~only_first] == 3).all()
    assert (days[~gap] == 0).all()
    assert set(np.unique(days[gap & ~only_second])) == {7}
    assert (days[only_second] == 9).all()
    row = next(row for row in found.rows if row["date"] == str(day(9)))
    assert row["observed_share"] == pytest.approx(1 - gap.mean(), abs=1e-3)
    assert row["predicted_share"] == pytest.approx(gap.mean(), abs=1e-3)
    whole = read_array(tmp_path / "out" / predicted(4))
    kinds, days = read_array(found.sources[1])
    assert np.array_equal(kinds == 4, only_first & gap)  # both pairs of that date lack these, a third has them
    assert set(np.unique(days[kinds == 4])) == {12}
    assert (whole != -9999).all()
    assert np.sqrt(np.mean((whole[:, kinds == 4] - truth(4)[:, kinds == 4]) ** 2.0)) < 100
    assert whole.shape == (2, SIZE, SIZE)


def test_gaps_are_filled_within_an_extent_and_polygons(folder, tmp_path):
    image = truth(9)
    image[:, 30:50, 30:50] = -9999
    write_fine(folder / "fine", 9, image)
    left, top = PLACE[0] + 10 * 30, PLACE[3] - 20 * 30
    extent = [left, top - 60 * 30, left + 70 * 30, top]
    corners = [(left, top), (left + 1500, top), (left + 1500, top - 1800), (left, top - 1800), (left, top)]
    area = Area(polygons=["POLYGON((" + ", ".join(f"{x} {y}" for x, y in corners) + "))"])
    job = {"extent": extent, "area": area}
    found = run_series(request(folder, tmp_path / "out", "starfm", fill_gaps=True, job=job, wanted=Wanted((day(9),))))
    ((_, path),), (sources,) = found.files, found.sources
    filled, (kinds, _) = read_array(path), read_array(sources)
    dataset = gdal.Open(path)
    row = round((PLACE[3] - dataset.GetGeoTransform()[3]) / 30)
    column = round((dataset.GetGeoTransform()[0] - PLACE[0]) / 30)
    assert (row, column) == (20, 10)
    there = image[:, row : row + filled.shape[1], column : column + filled.shape[2]]
    inside = np.zeros(filled.shape[1:], bool)
    inside[:60, :50] = True
    clear = there[0] != -9999
    assert np.array_equal(kinds == 1, clear & inside)
    assert np.array_equal(filled[:, clear & inside], there[:, clear & inside])
    assert np.array_equal(filled[0] == -9999, ~inside)
    assert (kinds[~inside] == 0).all() and (kinds[~clear & inside] >= 2).all()


def test_pixels_that_nothing_shows_are_none(folder, tmp_path):
    for number in (0, 9, 16):
        image = truth(number)
        image[:, :10, :10] = -9999
        write_fine(folder / "fine", number, image)
    found = run_series(request(folder, tmp_path / "out", fill_gaps=True, wanted=Wanted(days=(day(9),))))
    (path,) = found.sources
    kinds, days = read_array(path)
    assert (kinds[:10, :10] == 0).all() and (days[:10, :10] == -32768).all()
    assert (read_array(found.files[0][1])[:, :10, :10] == -9999).all()
    assert (kinds[10:, 10:] == 1).all()


@pytest.mark.parametrize("scale", [None, 2e-4])
def test_observed_pixels_of_another_scale_keep_their_value(folder, tmp_path, scale):
    image = truth(9) // 2 if scale else truth(9)
    image[:, :20, :20] = -9999
    write_fine(folder / "fine", 9, image, scale=scale)
    found = run_series(request(folder, tmp_path / "out", fill_gaps=True, wanted=Wanted(days=(day(9),))))
    filled = read_array(found.files[0][1])
    assert np.abs(filled[:, 20:, 20:] - truth(9)[:, 20:, 20:]).max() <= (1 if scale else 0)


def test_no_observed_pixel_becomes_missing_where_the_pair_s_image_has_another_nodata_value(folder, tmp_path):
    image = truth(4)
    image[:, :10, :10], image[:, 50:60] = 0, -9999
    write_fine(folder / "fine", 4, image)
    write_fine(folder / "fine", 0, nodata=0)
    asked = request(folder, tmp_path / "out", fill_gaps=True, wanted=Wanted(days=(day(4),)))
    (path,) = [file for _, file in run_series(asked).files]
    dataset = gdal.Open(path)
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    found = read_array(path)
    clear = (image != -9999).all(axis=0)
    np.testing.assert_array_equal(found[:, clear], image[:, clear])
    assert nodata == -9999 and not (found == nodata).any()


def test_a_fine_image_on_other_pixels_cannot_be_filled_and_is_named(folder, tmp_path):
    moved = (PLACE[0] + 11.0, *PLACE[1:])
    write_geotiff(folder / "fine" / f"fine_{day(9):%Y%m%d}.tif", truth(9), moved, nodata=-9999, scale=1e-4)
    log = Log()
    asked = request(folder, tmp_path / "out", fill_gaps=True, wanted=Wanted(days=(day(9), day(4))))
    found = run_series(asked, feedback=log)
    assert [row["outcome"] for row in found.rows] == ["written", "failed"]
    assert "does not have the pixels" in found.rows[1]["reason"]


def test_the_stack_is_the_files_one_after_the_other(folder, tmp_path):
    stack = tmp_path / "stack.tif"
    found = run_series(request(folder, tmp_path / "out", stack=str(stack)))
    assert np.array_equal(read_array(stack), np.concatenate([read_array(path) for _, path in found.files]))
    dataset = gdal.Open(str(stack))
    names = [dataset.GetRasterBand(number).GetDescription() for number in range(1, 5)]
    assert names == [f"{day(4)} red", f"{day(4)} nir", f"{day(9)} red", f"{day(9)} nir"]
    assert dataset.GetRasterBand(1).GetScale() == pytest.approx(1e-4)
    one = gdal.Open(found.files[0][1])
    assert dataset.GetGeoTransform() == one.GetGeoTransform() and dataset.GetProjection() == one.GetProjection()


def test_a_stack_of_other_grids_is_refused(folder, tmp_path):
    write_fine(folder / "fine", 9, truth(9)[:, :88])
    asked = request(folder, tmp_path / "out", choice=Choice(pairs=1), stack=str(tmp_path / "stack.tif"))
    write_coarse(folder / "coarse", 10)
    with pytest.raises(InputError, match="OUTPUT_STACK"):
        run_series(asked)
    assert not (tmp_path / "stack.tif").exists()


def test_a_preview_is_a_part_of_one_date(folder, tmp_path):
    preview = Preview(None, 24)
    asked = request(folder, tmp_path / "out", "starfm", job={"preview": preview}, fill_gaps=True)
    found = run_series(asked)
    assert names(tmp_path / "out") == [f"predicted_{day(0):%Y%m%d}_preview.tif"]
    assert gdal.Open(found.files[0][1]).RasterXSize == 24


def test_a_series_in_one_folder(tmp_path):
    (tmp_path / "all").mkdir()
    for number in (0, 16):
        write_fine(tmp_path / "all", number).rename(tmp_path / "all" / f"L_{day(number):%Y}-3-{number + 1}.tif")
    for number in (0, 9, 16):
        write_coarse(tmp_path / "all", number).rename(tmp_path / "all" / f"M_{day(number):%Y}-3-{number + 1}.tif")
    asked = SeriesRequest((str(tmp_path / "all"),), (), str(tmp_path / "out"), job=DateJob("add_change", options=QUICK))
    assert [one for one, _ in run_series(asked).files] == [day(9)]


def test_names_patterns_and_masks(folder, tmp_path):
    odd = folder / "fine" / f"fine_{day(4):%Y%m%d}_bad.tif"
    write_fine(folder / "fine", 4).rename(odd)
    search = Search(fine_names="!*_bad*", pattern="*_%Y%m%d")
    found = run_series(request(folder, tmp_path / "out", search=search, name="%Y-%m-%d"))
    assert [Path(path).name for _, path in found.files] == [f"{day(4)}.tif", f"{day(9)}.tif"]
    mask = np.zeros((1, SIZE, SIZE), np.uint8)
    mask[:, :48] = 1
    write_geotiff(folder / "fine" / f"fine_{day(0):%Y%m%d}_mask.tif", mask, PLACE)
    masked = Search(fine_names="!*_bad*", auto_masks=True)
    found = run_series(request(folder, tmp_path / "other", search=masked, choice=Choice(min_clear=0.6)))
    assert [row["pair_1"] for row in found.rows] == [str(day(16))] * 2  # half of the first is masked


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": "predicted"}, "NAME"),
        ({"name": "a/%Y%m%d"}, "NAME"),
        ({"search": Search(pattern="*")}, "DATE_PATTERN"),
        ({"search": Search(fine_names="nothing*")}, "FINE_NAMES"),
        ({"fine": ("/no/such/folder",)}, "/no/such/folder"),
        ({"wanted": Wanted(first=day(5), last=day(4))}, "FROM"),
        ({"choice": Choice(pairs=1), "job": DateJob("estarfm")}, "PAIRS"),
        ({"job": DateJob("magic")}, "magic"),
        ({"stack": "/no/such/folder/stack.tif"}, "folder"),
        ({"table": "/no/such/folder/table.csv"}, "folder"),
        ({"wanted": Wanted(first=day(20))}, "No date"),
    ],
)
def test_bad_requests_are_one_sentence(folder, tmp_path, change, word):
    with pytest.raises(InputError, match=word) as caught:
        run_series(replace(request(folder, tmp_path / "out"), **change))
    assert "\n" not in str(caught.value)


def test_the_disk_is_looked_at_before_it_starts(folder, tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(series.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(InputError, match="free"):
        run_series(request(folder, tmp_path / "out"))
    assert names(tmp_path / "out") == []


def test_two_images_of_one_day_the_clearer_one_is_taken(folder, tmp_path):
    dark = truth(0)
    dark[:, :50] = -9999
    write_fine(folder / "fine", 0, dark).rename(folder / "fine" / f"a_{day(0):%Y%m%d}.tif")
    write_fine(folder / "fine", 0)
    log = Log()
    run_series(request(folder, tmp_path / "out"), feedback=log)
    job = pipeline.job_of(str(tmp_path / "out" / predicted(4)))
    assert Path(job.inputs[0].path).name == f"fine_{day(0):%Y%m%d}.tif"
    assert any("is taken" in line and "a_2020" in line for line in log.warnings)


class _Counting(Session):
    """A session that counts."""

    made: ClassVar[list[_Counting]] = []

    def __init__(self) -> None:
        self.opened = self.closed = 0
        _Counting.made.append(self)

    def open(self) -> SessionInfo:
        self.opened += 1
        return SessionInfo("cpu", 1, 1, concurrent=False, notes=("loaded",))

    def set_state(self, state: Any) -> None: ...

    def fuse(self, batch: Any, windows: Any) -> Any: ...

    def cancel(self) -> None: ...

    def close(self) -> None:
        self.closed += 1


class _Plan:
    """As much of a plan as a session is chosen by."""

    def __init__(self, side: int = -3, folder: str = "model", compiled: bool = False) -> None:
        from satfusion_qgis.tasks.method import SceneInfo

        self.card = type("Card", (), {"folder": folder}) if folder else None
        self.method = type("Method", (), {"id": "net", "compiled": compiled})
        self.implementation = type("Implementation", (), {"parameters": {"A": 1}})
        self.scene = SceneInfo({}, {}, {}, days={"FINE_1": (side,)})
        self.job = Job("spatiotemporal_fusion", "net", [], [])


def test_weights_are_loaded_once_for_all_dates(monkeypatch):
    _Counting.made = []
    monkeypatch.setattr(series_session, "session_of", lambda plan, engine: _Counting())
    with series_session.KeptSession(USUAL) as kept:
        notes = []
        for days in (-3, -7, -90):
            lent = kept.of(_Plan(days))
            notes.append(lent.open().notes)
            lent.close()
        assert notes == [("loaded",), (), ()]
        (only,) = _Counting.made
        assert (only.opened, only.closed) == (1, 0)
        kept.of(_Plan(5)).open()  # the pair lies on the other side of the date: networks may take it otherwise
        assert len(_Counting.made) == 2 and only.closed == 1
        lent = kept.of(_Plan(5))
        assert len(_Counting.made) == 2
        lent.cancel()  # as a date does that fails
        kept.of(_Plan(5)).open()
        assert len(_Counting.made) == 3
        kept.of(_Plan(5, "other")).open()
        assert len(_Counting.made) == 4
    assert [one.closed for one in _Counting.made] == [1, 1, 1, 1]


def test_compiled_code_is_loaded_once_and_plain_methods_open_for_each_date(monkeypatch):
    _Counting.made = []
    monkeypatch.setattr(series_session, "session_of", lambda plan, engine: _Counting())
    with series_session.KeptSession(USUAL) as kept:
        for days in (-3, -7):
            kept.of(_Plan(days, "", compiled=True)).open()
        assert len(_Counting.made) == 1
        for days in (-3, -7):
            kept.of(_Plan(days, "")).close()
        assert [one.closed for one in _Counting.made] == [0, 1, 1]
    assert _Counting.made[0].closed == 1


def test_part_files_are_hidden_and_files_are_named_by_date(tmp_path):
    asked = SeriesRequest(("a",), (), str(tmp_path), name="x_%j_%Y")
    assert file_of(asked, day(0)) == str(tmp_path / "x_061_2020.tif")
    assert part_of(Path(file_of(asked, day(0)))).name.startswith(".")


@pytest.mark.parametrize("compression", ["deflate", "cog"])
def test_predicted_images_in_the_same_folder_are_no_fine_images(folder, tmp_path, compression):
    asked = request(folder, folder / "fine", fill_gaps=True, stack=str(folder / "fine" / "stack_20200302.tif"))
    asked = replace(asked, job=replace(asked.job, options={"COMPRESSION": compression}))
    first = run_series(asked)
    log = Log()
    second = run_series(asked, feedback=log)
    assert [row["outcome"] for row in second.rows] == ["kept"] * len(first.rows)
    assert sum("predicted itself" in line for line in log.lines) == 2 * len(first.rows) + 1
