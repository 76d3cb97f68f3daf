"""The benchmark on revisits: its scores against those of the plugin's own assessment, and its cases."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from satfusion_qgis.assessment.cpsnr import cpsnr
from satfusion_qgis.assessment.reference import ReferenceScores
from tests.scenes import make_truth

ROOT = Path(__file__).resolve().parents[2]
BANDS, RATIO, SIDE = 4, 2, 160


@pytest.fixture
def revisits(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), str(ROOT / "scripts"), *sys.path])
    import revisits

    return revisits


def test_scores_are_those_of_the_assessment_inside_the_border(revisits: ModuleType) -> None:
    truth = make_truth(SIDE, SIDE, BANDS, seed=3)
    rng = np.random.default_rng(4)
    images = {name: truth + rng.normal(0, spread, truth.shape) for name, spread in (("good", 10), ("poor", 40))}
    images["good"][:, 40:60, 40:60] = np.nan  # what one of them lacks is scored for none
    table = revisits.scored("here", truth, images, RATIO)
    inside = np.s_[:, 8:-8, 8:-8]
    clear = np.isfinite(images["good"][inside]).all(axis=0)
    expected = ReferenceScores(BANDS, RATIO, (SIDE - 16, SIDE - 16), data_range=1.0)
    expected.add(truth[inside], images["poor"][inside], clear)
    result = expected.result()["all"]
    for metric in ("ergas", "sam_degrees"):
        assert table.value("poor", metric) == pytest.approx(result[metric], rel=1e-9)
    assert table.pixels == np.count_nonzero(clear)
    highest = float(truth[inside][:, clear].max())
    assert table.value("poor", "psnr") == pytest.approx(result["psnr"] + 20 * np.log10(highest), abs=1e-9)
    whole = {"poor": images["poor"]}
    alone = revisits.scored("here", truth, whole, RATIO)
    assert alone.value("poor", "cpsnr") == pytest.approx(
        cpsnr(truth[inside], images["poor"][inside], border=2, data_range=float(truth[inside].max())).cpsnr, rel=1e-9
    )
    for metric in revisits.METRICS:
        assert table.better("good", "poor", metric) == "better"
        assert table.better("poor", "good", metric) == "worse"
        assert table.best(("good", "poor"), metric) == "good"
    assert table.better("good", "good", "ergas") == "tie"
    lines = table.lines()
    assert lines[4].startswith("| good |") and lines[5].startswith("| poor |")


def test_a_case_keeps_its_grid_and_a_displaced_pan_shows_another_place(revisits: ModuleType, tmp_path: Path) -> None:
    from real_places import _read

    image = make_truth(72 + 2 * revisits.MARGIN, 72 + 2 * revisits.MARGIN, BANDS, seed=1)
    pans = []
    for displaced in (0, 3):
        folder = tmp_path / str(displaced)
        folder.mkdir()
        case = revisits.simulated_case("here", image, 4, folder, 1, with_pan=True, displaced=displaced, count=3)
        assert len(case.revisits) == 3
        assert _read(case.truth).shape == (BANDS, 72, 72)
        assert _read(Path(case.revisits[0].path)).shape == (BANDS, 18, 18)
        assert np.isfinite(_read(Path(case.revisits[0].path))).all()
        pans.append(_read(case.pan)[0])
    np.testing.assert_allclose(pans[1][3:, 3:], pans[0][:-3, :-3], rtol=1e-6)
    truth = _read(case.truth)
    np.testing.assert_allclose(truth, image[:, 4:-4, 4:-4], rtol=1e-6)


def test_networks_are_those_that_have_not_seen_the_place(revisits: ModuleType, tmp_path: Path) -> None:
    fold = next(number for number, places in enumerate(revisits.FOLDS) if "zion" in places)
    for number in range(len(revisits.FOLDS)):
        folder = tmp_path / f"fold_highresnet_{number}"
        folder.mkdir()
        (folder / "card.json").write_text("{}", encoding="utf-8")
    found = revisits.networks_of("super_resolution", "zion", tmp_path)
    assert [(one.folder.name, one.seen) for one in found] == [(f"fold_highresnet_{fold}", False)]
    single = tmp_path / "single"
    single.mkdir()
    card = {"method": "srcnn", "task": "super_resolution", "training": {"data": [{"place": "oresund"}]}}
    (single / "card.json").write_text(json.dumps(card), encoding="utf-8")
    assert [one.name for one in revisits.networks_of("super_resolution", "zion", single)] == ["srcnn"]
    assert [one.name for one in revisits.networks_of("super_resolution", "oresund", single)] == [
        "srcnn (has seen the place)"
    ]
