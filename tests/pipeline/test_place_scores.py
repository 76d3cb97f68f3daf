"""The scores of the benchmarks, against those of the plugin's own assessment."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from satfusion_qgis.assessment.reference import ReferenceScores
from tests.scenes import make_truth, write_geotiff

ROOT = Path(__file__).resolve().parents[2]
SIDE, BANDS, RATIO = 160, 3, 2.0


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    import place_scores
    import real_places

    return real_places, place_scores


def test_whole_scores_are_those_of_the_assessment_inside_the_border(
    modules: tuple[ModuleType, ModuleType], tmp_path: Path
) -> None:
    real_places, place_scores = modules
    truth = make_truth(SIDE, SIDE, BANDS, seed=3).astype(np.float32)
    rng = np.random.default_rng(4)
    good = truth + rng.normal(0, 10, truth.shape).astype(np.float32)
    poor = truth + rng.normal(0, 40, truth.shape).astype(np.float32)
    path = write_geotiff(tmp_path / "truth.tif", truth, (500000, 10, 0, 5000000, 0, -10))
    case = real_places.Case(path, path, path, RATIO, "default", 32)
    found = place_scores.score_images("here", case, {"good": good, "poor": poor})
    inside = np.s_[:, 8:-8, 8:-8]
    expected = ReferenceScores(BANDS, RATIO, (SIDE - 16, SIDE - 16))
    expected.add(truth[inside].astype(np.float64), poor[inside].astype(np.float64))
    result = expected.result()["all"]
    assert found.value("poor") == pytest.approx(result["ergas"], rel=1e-6)
    assert found.value("poor", "sam_degrees") == pytest.approx(result["sam_degrees"], rel=1e-6)
    assert found.best(("good", "poor")) == "good" and not found.tied("good", "poor")
    assert found.losses("poor", ("good",)) and not found.losses("good", ("poor",))
    entries = found.card_entries("good", ("poor",))
    assert entries[0]["value"] < entries[0]["baseline"]["value"]
    low, high = entries[0]["interval"]
    assert low < entries[0]["value"] < high
