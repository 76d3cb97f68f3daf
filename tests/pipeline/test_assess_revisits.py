"""The comparison of methods on revisits, with files: Wald's protocol with many images, and SatFusion's rivals."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.catalogue import CATALOGUE, Catalogue
from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from satfusion_qgis.pipeline.assess import Settings, compare, json_text
from satfusion_qgis.pipeline.assess_methods import MethodsAssessment
from satfusion_qgis.pipeline.assess_noreference import FullScaleSettings, compare_full_scale
from satfusion_qgis.pipeline.assess_revisits import compare_revisits
from satfusion_qgis.pipeline.contest import MethodsSettings
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.core.test_reports import check_page
from tests.pipeline.support import QUICK, CancelsAt, Log, assert_one_sentence
from tests.scenes import make_truth, write_geotiff

DAYS = ("2024-06-04", "2024-06-01", "2024-06-11", "2024-06-21", "2024-06-25")


def place(pixel: float) -> tuple[float, ...]:
    return (500000.0, pixel, 0.0, 5000000.0, 0.0, -pixel)


class OnDisk:
    """Five revisits of 20 m, the first clear, and a PAN of 10 m, of one sharp image."""

    def __init__(self, folder: Path) -> None:
        sharp = make_truth(432, 400, 3, seed=5).astype(np.float32)
        made = simulate(sharp, 2.0, Simulation(revisits=5, noise=200.0, clouded_revisits=2, seed=3))
        self.revisits = []
        for index, (image, mask) in enumerate(zip(made.revisits, made.masks)):
            stored = np.where(mask, image, -1)
            path = write_geotiff(folder / f"r{index}.tif", stored, place(20.0), dtype="float32", nodata=-1)
            self.revisits.append(Input("REVISITS", str(path), index, date=DAYS[index]))
        pan = sharp.mean(axis=0, keepdims=True)
        self.pan = Input("PAN", str(write_geotiff(folder / "pan.tif", pan, place(10.0), dtype="float32")))
        self.masks = made.masks


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return OnDisk(tmp_path_factory.mktemp("revisits"))


def found_by(
    scene: OnDisk,
    pan: Optional[Input] = None,
    log: Any = None,
    catalogue: Catalogue = CATALOGUE,
    revisits: Optional[list[Input]] = None,
    **settings: Any,
) -> MethodsAssessment:
    given = scene.revisits if revisits is None else revisits
    return compare_revisits(given, pan, MethodsSettings(**settings), catalogue, log)


@pytest.fixture(scope="module")
def comparison(scene: OnDisk) -> MethodsAssessment:
    return found_by(scene, methods=("median", "back_projection", "shift_and_add"))


def test_back_projection_beats_the_median(comparison: MethodsAssessment) -> None:
    scores = comparison.scores
    methods = {method["id"]: method for method in scores["methods"]}
    assert scores["methods"][0]["id"] == "back_projection"
    assert methods["median"]["place"] > 1
    gain = methods["back_projection"]["scores"]["cpsnr"] - methods["median"]["scores"]["cpsnr"]
    assert gain > 1.0
    assert (scores["task"], scores["ratio"], scores["border"]) == ("super_resolution", 2.0, 8)
    assert scores["registered"]["border"] == 2
    for method in methods.values():
        assert method["full_scale"] is None
        for metric in ("ergas", "sam_degrees", "q2n", "rmse", "psnr", "cpsnr", "cssim"):
            low, high = method["intervals"][metric]
            assert low <= method["scores"][metric] <= high, metric


def test_the_reference_is_the_clearest_and_the_others_are_named(comparison: MethodsAssessment) -> None:
    shown = comparison.scores["revisits"]
    assert shown[0] == {"name": "r0.tif", "date": "2024-06-04", "clear": 1.0}
    assert comparison.scores["ms"] == "r0.tif"
    assert {one["date"] for one in shown} == set(DAYS)
    assert min(one["clear"] for one in shown) < 0.9


def test_report_and_tables(comparison: MethodsAssessment) -> None:
    page = check_page(comparison.report())
    for words in ("back-projection", "cPSNR", "cSSIM", "all revisits blurred", "clear pixels only", "r0.tif"):
        assert words in page.text, words
    assert json.loads(json_text(comparison.scores)) == comparison.scores
    rows = list(csv.DictReader(io.StringIO(comparison.table())))
    for row, method in zip(rows, comparison.scores["methods"]):
        assert float(row["cpsnr"]) == method["scores"]["cpsnr"]
        assert float(row["cssim_low"]) == method["intervals"]["cssim"][0]
        assert row["hqnr"] == ""


def test_scores_are_those_of_the_protocol_by_hand(scene: OnDisk, comparison: MethodsAssessment, tmp_path: Path) -> None:
    """Each revisit degraded on its own grid, put together, and compared with the reference."""
    small = []
    for item in scene.revisits:
        path = str(tmp_path / f"small_{item.index}.tif")
        degrade_pair(degrade_jobs([item], None, path, None, 2.0))
        small.append(Input("REVISITS", path, item.index, date=item.date))
    output = tmp_path / "fused.tif"
    parameters = {"RATIO": 2.0, "REFERENCE_DATE": DAYS[0], "MAX_DAYS": 0}
    job = Job(
        "super_resolution", "back_projection", small, [Output("OUTPUT", str(output), options=dict(QUICK))],
        parameters=parameters,
    )  # fmt: skip
    pipeline.run(job)
    settings = Settings(2.0, border=8, registered=True, data_range=comparison.scores["data_range"])
    by_hand = compare(Input("FUSED", str(output)), scene.revisits[0], settings).scores
    best = comparison.scores["methods"][0]
    for name, value in {**by_hand["all"], **by_hand["registered"]["all"]}.items():
        assert best["scores"][name] == pytest.approx(value, rel=1e-9), name


def test_only_clear_pixels_of_the_reference_are_scored(scene: OnDisk) -> None:
    clouded = int(np.argmin(scene.masks.mean(axis=(1, 2))))
    found = found_by(scene, methods=("median",), parameters={"REFERENCE_DATE": DAYS[clouded], "MAX_DAYS": 0}).scores
    assert found["revisits"][0]["date"] == DAYS[clouded]
    rows, columns = found["size"]
    border = found["border"]
    clear = scene.masks[clouded][border : border + rows, border : border + columns]
    assert found["methods"][0]["pixels"]["used"] == np.count_nonzero(clear)


def test_far_dates_are_left_out_and_named(scene: OnDisk) -> None:
    found = found_by(scene, methods=("median",), parameters={"REFERENCE_DATE": DAYS[0], "MAX_DAYS": 10})
    assert len(found.scores["revisits"]) == 3
    assert {one["name"] for one in found.scores["left_out"]} == {"r3.tif", "r4.tif"}
    assert "MAX_DAYS is 10" in check_page(found.report()).text


def test_revisits_without_dates_and_one_alone(scene: OnDisk, tmp_path: Path) -> None:
    undated = [replace(item, date=None) for item in scene.revisits]
    dated = found_by(scene, methods=("median",)).scores["methods"][0]["scores"]["ergas"]
    found = found_by(scene, methods=("median",), revisits=undated).scores
    assert found["methods"][0]["scores"]["ergas"] == pytest.approx(dated, rel=1e-12)
    assert {one["date"] for one in found["revisits"]} == {None}
    alone = found_by(scene, methods=("median", "back_projection"), revisits=scene.revisits[:1]).scores
    assert len(alone["revisits"]) == 1 and len(alone["methods"]) == 2


# With a PAN


@pytest.fixture(scope="module")
def fusions(scene: OnDisk) -> MethodsAssessment:
    """A method of the task, which for want of weights is back-projection onto PAN's grid, and two rivals."""
    own = replace(CATALOGUE.method("super_resolution", "back_projection"), id="own", task="multi_image_pansharpening")
    others = tuple(method for method in CATALOGUE.methods if method.task != own.task)
    catalogue = Catalogue(CATALOGUE.tasks, (*others, own))
    return found_by(scene, scene.pan, None, catalogue, methods=("own", "exp", "gsa"))


def test_rivals_compete_with_a_pan(fusions: MethodsAssessment) -> None:
    scores = fusions.scores
    assert scores["task"] == "multi_image_pansharpening" and scores["ratio"] == pytest.approx(2.0)
    methods = {method["id"]: method for method in scores["methods"]}
    assert set(methods) == {
        "own", "reference+exp", "reference+gsa", "back_projection+exp", "back_projection+gsa",
    }  # fmt: skip
    assert methods["reference+gsa"]["scores"]["ergas"] < methods["reference+exp"]["scores"]["ergas"]
    assert methods["back_projection+exp"]["scores"]["ergas"] < methods["reference+exp"]["scores"]["ergas"]
    for method in methods.values():
        assert method["full_scale"]["consistency"]["cc"] > 0.9


def test_rivals_are_made_as_said(scene: OnDisk, fusions: MethodsAssessment, tmp_path: Path) -> None:
    """The reference alone, and back-projection by the root of the ratio, sharpened with the degraded PAN."""
    files = str(tmp_path / "ms.tif"), str(tmp_path / "pan.tif")
    reference = replace(scene.revisits[0], role="MS", date=None)
    degrade_pair(degrade_jobs([reference], scene.pan, *files))
    small = [Input("REVISITS", files[0], 0, date=DAYS[0])]
    for item in scene.revisits[1:]:
        path = str(tmp_path / f"small_{item.index}.tif")
        degrade_pair(degrade_jobs([item], None, path, None, 2.0))
        small.append(Input("REVISITS", path, item.index, date=item.date))
    between, output = str(tmp_path / "between.tif"), str(tmp_path / "fused.tif")
    parameters = {"RATIO": 2.0**0.5, "REFERENCE_DATE": DAYS[0], "MAX_DAYS": 0}
    pipeline.run(Job("super_resolution", "back_projection", small, [Output("OUTPUT", between)], parameters=parameters))
    found = {method["id"]: method for method in fusions.scores["methods"]}
    for name, ms in (("reference+gsa", files[0]), ("back_projection+gsa", between)):
        pair = [Input("MS", ms), Input("PAN", files[1])]
        pipeline.run(Job("pansharpening", "gsa", pair, [Output("OUTPUT", output, options=dict(QUICK))]))
        by_hand = compare(Input("FUSED", output), reference, Settings(2.0, border=8)).scores["all"]
        assert found[name]["scores"]["ergas"] == pytest.approx(by_hand["ergas"], rel=1e-9), name
    full = tmp_path / "full.tif"
    pipeline.run(Job("pansharpening", "gsa", [reference, scene.pan], [Output("OUTPUT", str(full))]))
    settings = FullScaleSettings("default")
    judged = compare_full_scale(Input("FUSED", str(full)), [reference], scene.pan, settings).scores
    assert found["reference+gsa"]["full_scale"]["all"]["hqnr"] == pytest.approx(judged["all"]["hqnr"], rel=1e-9)


def test_each_duel_is_said_in_words(fusions: MethodsAssessment) -> None:
    duels = fusions.scores["duels"]
    assert {(one["own"], one["metric"]) for one in duels} == {("own", "ergas"), ("own", "q2n")}
    assert {one["other"].split("+")[0] for one in duels} == {"reference", "back_projection"}
    methods = {method["id"]: method["scores"] for method in fusions.scores["methods"]}
    for one in duels:
        assert one["value"] == pytest.approx(methods[one["own"]][one["metric"]] - methods[one["other"]][one["metric"]])
        if not one["tie"]:
            assert one["better"] == ((one["value"] < 0) == (one["metric"] == "ergas"))
    said = fusions.sentences()
    assert sum(line.startswith(("By ERGAS, ", "By Q2n, ")) for line in said) == len(duels)
    page = check_page(fusions.report())
    assert "all revisits and PAN blurred" in page.text and "rewards blur" in page.text


def test_networks_without_weights_are_left_out_quietly(scene: OnDisk) -> None:
    log = Log()
    found = found_by(scene, scene.pan, log, methods=(), full_scale=False, parameters={"MAX_DAYS": 0}).scores
    assert not found["failed"]
    assert all("+" in method["id"] or method["id"] in log_ids() for method in found["methods"])
    assert not any("weights" in line for line in log.warnings)


def log_ids() -> set[str]:
    return {method.id for method in CATALOGUE.methods_of("multi_image_pansharpening")}


# Bad input


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"methods": ("nonsense",)}, "nonsense"),
        ({"methods": ("gsa",)}, "gsa"),
        ({"methods": ("median",), "parameters": {"REFERENCE_DATE": "yesterday"}}, "REFERENCE_DATE"),
        ({"methods": ("median",), "ratio": 0.5}, "RATIO"),
        ({"methods": ("median",), "border": 5000}, "BORDER"),
    ],
)
def test_what_does_not_fit_is_one_sentence(scene: OnDisk, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        found_by(scene, **settings)
    assert_one_sentence(str(caught.value))
    assert words in str(caught.value)


def test_no_revisits_and_different_bands(scene: OnDisk, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="REVISITS is missing"):
        found_by(scene, revisits=[])
    other = write_geotiff(tmp_path / "other.tif", np.ones((2, 60, 60)), place(20.0), dtype="float32")
    with pytest.raises(InputError, match="different numbers of bands"):
        found_by(scene, revisits=[scene.revisits[0], Input("REVISITS", str(other), 1, date="2024-06-02")])
    pan = write_geotiff(tmp_path / "pan.tif", np.ones((1, 90, 90)), (900000.0, 10, 0, 9000000.0, 0, -10))
    with pytest.raises(InputError, match="PAN"):
        found_by(scene, Input("PAN", str(pan)))


def test_progress_rises_and_a_cancel_leaves_nothing(
    scene: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    log = Log()
    found_by(scene, None, log, methods=("median", "drizzle"))
    assert log.fractions == sorted(log.fractions)
    assert log.fractions[-1] == pytest.approx(1.0)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Cancelled):
        found_by(scene, None, CancelsAt(40), methods=("median", "drizzle"))
    assert list(tmp_path.iterdir()) == []
