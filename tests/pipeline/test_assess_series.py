"""Leaving one date out: the truth is used for nothing else, and everything is compared on the same terms."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from satfusion_qgis.pipeline import assess_series, series_session
from satfusion_qgis.pipeline.assess_series import SeriesSettings, compare_series
from satfusion_qgis.pipeline.series_images import Dated, Search
from satfusion_qgis.pipeline.series_pairs import Choice, Wanted
from satfusion_qgis.tasks.errors import Cancelled, InputError
from tests.pipeline.support import CancelsAt, Log
from tests.series_files import RATIO, SIZE, day, put_on_the_fine_grid, truth, write_fine, write_series
from tests.shared_data import shared_path

DAYS = (0, 5, 12, 20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_series(tmp_path_factory.mktemp("series"), DAYS, (*DAYS, 8))


def compared(folder, *methods, log=None, **more):
    settings = SeriesSettings(methods=methods, threads=1, **more)
    return compare_series([str(folder / "fine")], [str(folder / "coarse")], settings, feedback=log)


@pytest.fixture(scope="module")
def found(folder):
    return compared(folder, "starfm", "fit_fc", survey=True)


def test_ergas_has_the_ratio_of_the_coarse_sensor_s_pixels_on_whatever_grid(folder, tmp_path):
    assert compared(folder, "copy", wanted=Wanted(days=(day(5),))).scores["ratio"] == pytest.approx(RATIO)
    write_series(tmp_path, DAYS, DAYS)
    put_on_the_fine_grid(tmp_path)
    assert compared(tmp_path, "copy", wanted=Wanted(days=(day(5),))).scores["ratio"] == pytest.approx(RATIO)


def test_the_truth_is_among_no_inputs(folder, monkeypatch):
    jobs = []
    original = assess_series.run
    monkeypatch.setattr(
        assess_series, "run", lambda job, *rest, **more: (jobs.append(job), original(job, *rest, **more))
    )
    compared(folder, "starfm")
    assert jobs
    for job in jobs:
        (target,) = [item for item in job.inputs if item.role == "COARSE_TARGET"]
        left_out = target.date[:10].replace("-", "")
        others = [item for item in job.inputs if item.role != "COARSE_TARGET"]
        assert not any(left_out in item.path for item in others)
        assert f"coarse_{left_out}" in target.path


def test_the_truth_s_pixels_change_nothing_but_the_scores(folder, tmp_path, monkeypatch):
    """Predictions are the same to the bit whatever the fine image of the date left out shows."""
    kept = {}

    def keep(name):
        original = assess_series.describe

        def describe(role, inputs, *rest):
            source = original(role, inputs, *rest)
            if role == "FUSED":
                from tests.pipeline.support import read_array

                kept.setdefault(name, []).append(read_array(inputs[0].path))
            return source

        monkeypatch.setattr(assess_series, "describe", describe)
        return original

    original = keep("as it is")
    wanted = Wanted(days=(day(12),))
    first = compared(folder, "starfm", wanted=wanted)
    monkeypatch.setattr(assess_series, "describe", original)
    other = write_series(tmp_path / "other", DAYS, (*DAYS, 8))
    write_fine(other / "fine", 12, truth(12)[:, ::-1].copy())
    keep("turned")
    second = compared(other, "starfm", wanted=wanted)
    assert len(kept["as it is"]) == len(kept["turned"]) > 4
    for one, two in zip(kept["as it is"], kept["turned"]):
        assert np.array_equal(one, two)
    assert (
        first.scores["groups"][0]["dates"][0]["methods"][0]["scores"]
        != second.scores["groups"][0]["dates"][0]["methods"][0]["scores"]
    )


def test_one_pair_with_one_pair_and_two_with_two(found):
    one, two = found.scores["groups"]
    assert (one["pairs"], two["pairs"]) == (1, 2)
    assert {row["id"] for row in one["methods"]} == {"copy", "add_change", "starfm", "fit_fc"}
    assert {row["id"] for row in two["methods"]} == {"copy", "add_change", "interpolate", "starfm", "fit_fc"}
    assert [date["date"] for date in one["dates"]] == [str(day(number)) for number in DAYS]
    assert [date["date"] for date in two["dates"]] == [str(day(number)) for number in DAYS[1:-1]]
    for date in one["dates"]:
        assert len(date["from"]) == 1
    for date in two["dates"]:
        assert sorted(np.sign([pair["days"] for pair in date["from"]])) == [-1, 1]
    assert {row["date"] for row in found.scores["left_out"]} == {str(day(0)), str(day(20))}


def test_scores_of_the_copy_are_those_of_the_neighbouring_image(found):
    (date,) = [one for one in found.scores["groups"][0]["dates"] if one["date"] == str(day(5))]
    (copy,) = [row for row in date["methods"] if row["id"] == "copy"]
    assert date["from"][0]["date"] == str(day(0))
    error = (truth(0).astype(float) - truth(5)) * 1e-4
    assert copy["scores"]["rmse"] == pytest.approx(np.sqrt((error**2).mean()), rel=1e-5)
    assert copy["scores"]["mae"] == pytest.approx(np.abs(error).mean(), rel=1e-5)
    assert copy["bands"][1]["rmse"] == pytest.approx(np.sqrt((error[1] ** 2).mean()), rel=1e-5)
    assert copy["pixels"]["used"] == SIZE * SIZE
    (interpolated,) = [
        row
        for one in found.scores["groups"][1]["dates"]
        if one["date"] == str(day(5))
        for row in one["methods"]
        if row["id"] == "interpolate"
    ]
    error = (np.rint((7 * truth(0).astype(float) + 5 * truth(12)) / 12) - truth(5)) * 1e-4
    assert interpolated["scores"]["rmse"] == pytest.approx(np.sqrt((error**2).mean()), rel=1e-3)


def test_the_pooled_ranking_is_of_all_dates(found):
    for group in found.scores["groups"]:
        for row in group["methods"]:
            several = [one for date in group["dates"] for one in date["methods"] if one["id"] == row["id"]]
            squares = np.mean([one["scores"]["rmse"] ** 2 for one in several])
            assert row["scores"]["rmse"] == pytest.approx(np.sqrt(squares), rel=1e-6)
            assert row["mean"]["ssim"] == pytest.approx(np.mean([one["scores"]["ssim"] for one in several]))
            low, high = row["intervals"]["rmse"]
            assert low <= row["scores"]["rmse"] <= high
            if not row["baseline"]:
                assert row["better"] + row["ties"] + row["worse"] == len(group["dates"]) == row["dates"]
        order = [row["scores"]["rmse"] for row in group["methods"]]
        assert order == sorted(order)


def test_methods_beat_the_baselines_of_as_many_pairs_on_fields_that_grow(found):
    best = {group["pairs"]: group["methods"][0] for group in found.scores["groups"]}
    assert best[1]["id"] in ("starfm", "fit_fc") and best[1]["against_baselines"] == "better"


def test_all_methods_are_scored_on_the_same_pixels(folder, tmp_path):
    other = write_series(tmp_path / "other", (0, 5), (0, 5))
    image = truth(0)
    image[:, :30] = -9999
    write_fine(other / "fine", 0, image)
    cloud = truth(5)
    cloud[:, :, :10] = -9999
    write_fine(other / "fine", 5, cloud)
    found = compared(other, "starfm", wanted=Wanted(days=(day(5),)))
    (date,) = found.scores["groups"][0]["dates"]
    assert {row["pixels"]["used"] for row in date["methods"]} == {(SIZE - 30) * (SIZE - 10)}


def test_limits_hold_and_dates_can_be_named(folder):
    log = Log()
    found = compared(folder, "starfm", log=log, choice=Choice(pairs=1, max_days=6), wanted=Wanted(first=day(5)))
    assert [date["date"] for date in found.scores["groups"][0]["dates"]] == [str(day(5))]
    assert {row["date"] for row in found.scores["left_out"]} == {str(day(12)), str(day(20))}
    with pytest.raises(InputError, match="DATES"):
        compared(folder, "starfm", wanted=Wanted(days=(day(8),)))  # no fine image
    with pytest.raises(InputError, match="magic"):
        compared(folder, "magic")


def test_one_date_alone_cannot_be_left_out(tmp_path):
    write_series(tmp_path, (0,), (0, 4))
    with pytest.raises(InputError, match="2 dates"):
        compared(tmp_path, "starfm")


def test_a_method_that_fails_is_named_and_the_others_are_compared(folder):
    found = compared(folder, "starfm", choice=Choice(pairs=1), parameters={"SEARCH_WINDOW": 99.0})
    assert {row["id"] for row in found.scores["groups"][0]["methods"]} == {"copy", "add_change"}
    assert {row["id"] for row in found.scores["failed"]} == {"starfm"}
    assert "SEARCH_WINDOW" in found.scores["failed"][0]["reason"]


@pytest.mark.parametrize("moment", [0, 8, 30, 60])
def test_a_cancel_leaves_nothing(folder, tmp_path, monkeypatch, moment):
    monkeypatch.setattr(assess_series.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Cancelled):
        compare_series(
            [str(folder / "fine")], [str(folder / "coarse")], SeriesSettings(threads=1), feedback=CancelsAt(moment)
        )
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_saw_the_truth_is_not_scored_on_it(folder):
    import datetime

    from satfusion_qgis.raster.grid import Grid
    from satfusion_qgis.tasks.job import Input

    inputs = (Input("FINE_1", "/data/fine_20200306.tif"),)
    moment = datetime.datetime(2020, 3, 6)
    seen = Dated("FINE", inputs, "fine_20200306.tif", moment, Grid("", (0, 1, 0, 0, 0, -1), 1, 1))
    plan = type("Plan", (), {})()
    plan.card = type("Card", (), {"id": "net", "data": {"training": {"data": ["x/fine_20200306.tif"]}}})
    with pytest.raises(InputError, match="trained with"):
        assess_series._check_training(plan, seen)
    plan.card = type("Card", (), {"id": "net", "data": {"training": {"data": ["x/fine_20200307.tif"]}}})
    assess_series._check_training(plan, seen)
    plan.card = type("Card", (), {"id": "net", "data": {"training": {"data": ["the_fine_20200306.tif"]}}})
    assess_series._check_training(plan, seen)
    plan.card = type("Card", (), {"id": "net", "data": {"training": {"data": ["\u00e9t\u00e9 fine_20200306.tif"]}}})
    other = replace(seen, inputs=(Input("FINE_1", "/data/\u00e9t\u00e9 fine_20200306.tif"),))
    with pytest.raises(InputError, match="trained with"):
        assess_series._check_training(plan, other)
    plan.card = None
    assess_series._check_training(plan, seen)


def test_the_table_has_a_line_for_each_date_method_and_band(found):
    rows = list(csv.DictReader(io.StringIO(found.table())))
    one, two = found.scores["groups"]
    lines = sum(len(date["methods"]) * 3 for group in (one, two) for date in group["dates"])
    assert len(rows) == lines + len(one["methods"]) + len(two["methods"])
    (row,) = [
        row
        for row in rows
        if (row["date"], row["pairs"], row["method"], row["band"]) == (str(day(5)), "1", "copy", "nir")
    ]
    error = (truth(0).astype(float) - truth(5))[1] * 1e-4
    assert float(row["rmse"]) == pytest.approx(np.sqrt((error**2).mean()), rel=1e-5)
    (total,) = [
        row
        for row in rows
        if (row["date"], row["pairs"], row["method"], row["band"]) == (str(day(5)), "1", "copy", "all")
    ]
    assert float(total["survey_ergas"]) == pytest.approx(float(total["ergas"]) * 8 / 64, rel=1e-3)
    assert total["pair_dates"] == str(day(0))


def test_the_report_is_one_page_with_both_groups_and_pictures(found):
    page = found.report()
    assert page.startswith("<!DOCTYPE html>") and "http" not in page.split("<body>")[1]
    for text in ("From one pair", "From two pairs", "STARFM", str(day(12)), "survey ergas", "data:image/png"):
        assert text in page, text
    assert json.loads(json.dumps(found.scores, allow_nan=False)) == found.scores
    assert len(found.sentences()) >= 2


def test_sessions_of_networks_stay_open_over_dates():
    """The comparison lends sessions as a series does."""
    assert assess_series.KeptSession is series_session.KeptSession


def test_real_dates_as_the_guide_has_them():
    """Coleambally, 2001-10-17: copy 457, added change 421, date interpolation 345; two-pair STARFM within 3 %."""
    folder = shared_path("data/spatiotemporal/coleambally")
    settings = SeriesSettings(
        Search(fine_names="landsat7_*", coarse_names="modis_*"),
        Wanted(days=(day(0).replace(2001, 10, 17),)),
        methods=("starfm", "fit_fc"),
        parameters={"RATIO": 9.26},
        threads=1,
    )
    one, two = compare_series([str(folder)], [], settings).scores["groups"]
    errors = [{row["id"]: 1e4 * row["scores"]["rmse"] for row in group["methods"]} for group in (one, two)]
    assert errors[0]["copy"] == pytest.approx(457, abs=1)
    assert errors[0]["add_change"] == pytest.approx(421, abs=1)
    assert errors[1]["interpolate"] == pytest.approx(345, abs=1)
    assert errors[1]["starfm"] <= 1.03 * errors[1]["interpolate"]
    assert errors[0]["fit_fc"] < min(errors[0]["copy"], errors[0]["add_change"])
