"""The comparison of methods, with files: Wald's protocol end to end."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from satfusion_qgis.catalogue import CATALOGUE, Catalogue
from satfusion_qgis.pipeline.assess import Settings, compare, json_text
from satfusion_qgis.pipeline.assess_methods import MethodsAssessment, MethodsSettings, compare_methods
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input
from tests.core.test_reports import check_page
from tests.pipeline.support import Log, OnDisk, assert_one_sentence, on_disk
from tests.scenes import make_pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return on_disk(tmp_path_factory.mktemp("pair"), make_pair(768, 640, 4.0, 4, seed=2), "uint16")


def found_by(pair: OnDisk, log: Log | None = None, catalogue: Catalogue = CATALOGUE, **settings: object):
    return compare_methods(
        [Input("MS", str(pair.ms))], Input("PAN", str(pair.pan)), MethodsSettings(**settings), catalogue, log
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def comparison(pair: OnDisk) -> MethodsAssessment:
    return found_by(pair, methods=("exp", "gsa", "brovey"))


def test_sharpening_beats_interpolation_by_more_than_chance(comparison: MethodsAssessment) -> None:
    methods = comparison.scores["methods"]
    assert methods[-1]["id"] == "exp"
    assert methods[-1]["place"] == 3
    assert not methods[-1]["tied_with_best"]
    assert comparison.scores["blocks"] == 5 * 4
    assert comparison.scores["border"] == 16
    for method in methods:
        assert method["full_scale"]["all"]["hqnr"] > 0.5
        assert method["full_scale"]["consistency"]["cc"] > 0.9


def test_report_and_tables(comparison: MethodsAssessment) -> None:
    page = check_page(comparison.report())
    for method in comparison.scores["methods"]:
        assert method["title"] in page.text
    assert "rewards blur" in page.text
    assert json.loads(json_text(comparison.scores)) == comparison.scores
    rows = list(csv.DictReader(io.StringIO(comparison.table())))
    for row, method in zip(rows, comparison.scores["methods"]):
        assert row["method"] == method["id"]
        assert float(row["ergas"]) == method["scores"]["ergas"]
        assert float(row["ergas_low"]) == method["intervals"]["ergas"][0]
        assert float(row["hqnr"]) == method["full_scale"]["all"]["hqnr"]


def test_scores_are_those_of_the_protocol_by_hand(pair: OnDisk, tmp_path: Path) -> None:
    from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair

    ms, pan = [Input("MS", str(pair.ms))], Input("PAN", str(pair.pan))
    small = degrade_pair(degrade_jobs(ms, pan, str(tmp_path / "ms.tif"), str(tmp_path / "pan.tif")))
    reduced = OnDisk(Path(small[0]), Path(small[1]), pair.scene)
    reduced.fuse("gsa", tmp_path / "fused.tif")
    by_hand = compare(Input("FUSED", str(tmp_path / "fused.tif")), ms[0], Settings(4.0, border=16)).scores
    found = found_by(pair, methods=("gsa",), full_scale=False).scores
    assert found["methods"][0]["scores"] == pytest.approx(by_hand["all"], rel=1e-12)
    assert found["methods"][0]["full_scale"] is None
    assert found["methods"][0]["place"] == 1


def test_all_methods_of_the_catalogue_are_taken(pair: OnDisk) -> None:
    found = found_by(pair, full_scale=False, parameters={"SENSOR": "quickbird"}).scores
    named = {row["id"] for row in [*found["methods"], *found["failed"]]}
    assert named == {method.id for method in CATALOGUE.methods_of("pansharpening") if method.runtime == "numpy"}
    assert not found["failed"]


def test_a_method_under_two_names_is_a_tie(pair: OnDisk) -> None:
    twin = replace(CATALOGUE.method("pansharpening", "gsa"), id="gsa_twin", title="Twin")
    catalogue = Catalogue(CATALOGUE.tasks, (*CATALOGUE.methods, twin))
    found = found_by(pair, catalogue=catalogue, methods=("gsa", "gsa_twin", "exp"), full_scale=False)
    assert [row["place"] for row in found.scores["methods"]] == [1, 1, 3]
    assert "it is a tie with" in found.sentences()[0]


def test_a_method_that_fails_is_named_and_the_others_go_on(pair: OnDisk) -> None:
    refuses = replace(CATALOGUE.method("pansharpening", "brovey"), id="refuses", title="Refuses")
    catalogue = Catalogue(CATALOGUE.tasks, (*CATALOGUE.methods, refuses))
    log = Log()
    found = found_by(
        pair, log, catalogue, methods=("refuses", "exp"), full_scale=False, parameters={"WEIGHTS": [1.0]}
    ).scores
    assert [row["id"] for row in found["methods"]] == ["exp"]
    assert found["failed"][0]["id"] == "refuses"
    assert_one_sentence(found["failed"][0]["reason"])
    assert any("Refuses" in line for line in log.warnings)
    with pytest.raises(InputError, match="No method could be compared"):
        found_by(pair, None, catalogue, methods=("refuses",), full_scale=False, parameters={"WEIGHTS": [1.0]})


def test_unknown_methods_are_refused(pair: OnDisk) -> None:
    with pytest.raises(InputError, match="Unknown method 'nonsense'"):
        found_by(pair, methods=("nonsense",))


def test_progress_rises_and_a_cancel_leaves_nothing(
    pair: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    log = Log()
    found_by(pair, log, methods=("exp", "gsa"))
    assert log.fractions == sorted(log.fractions)
    assert log.fractions[-1] == pytest.approx(1.0)
    assert list(tmp_path.iterdir()) == []

    class Stops(Log):
        def cancelled(self) -> bool:
            return len(self.fractions) > 6

    with pytest.raises(Cancelled):
        found_by(pair, Stops(), methods=("exp", "gsa"))
    assert list(tmp_path.iterdir()) == []


def test_a_small_image_has_a_smaller_border(tmp_path: Path) -> None:
    small = on_disk(tmp_path, make_pair(280, 300, 4.0, 3), "uint16")
    found = found_by(small, methods=("exp", "gsa"), full_scale=False).scores
    assert found["border"] < 16
    assert found["few_blocks"]
