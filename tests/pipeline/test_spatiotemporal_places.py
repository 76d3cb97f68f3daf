"""What the spatiotemporal methods must reach on real dates, where the shared data lie beside the checkout."""

from __future__ import annotations

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.shared_data import shared_path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spatiotemporal", ROOT / "benchmarks" / "spatiotemporal.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["spatiotemporal"] = module
    spec.loader.exec_module(module)
    return module


def errors(target: str, pairs: tuple[str, ...], methods: tuple[str, ...]) -> dict[str, float]:
    tools = benchmark()
    folder = shared_path("data/spatiotemporal/coleambally")
    stack, truth = tools.coleambally(folder, target, pairs)
    found = tools.scores(stack, truth, {"RATIO": tools.COLEAMBALLY_RATIO}, methods)
    return {method: error for method, (error, _) in found.items()}


def test_a_season_is_followed_better_than_by_any_baseline():
    found = errors("20020112", ("20011125",), ("copy", "add_change", "starfm", "fit_fc"))
    assert found["add_change"] == pytest.approx(516, abs=1)
    assert max(found["starfm"], found["fit_fc"]) < min(found["copy"], found["add_change"], found["smooth_change"])


@pytest.mark.parametrize("pair", ["20011008", "20011102"])
def test_fit_fc_beats_the_baselines_of_the_same_pair(pair):
    found = errors("20011017", (pair,), ("copy", "add_change", "fit_fc"))
    assert found["fit_fc"] < min(found["copy"], found["add_change"])


def test_two_pairs_are_as_good_as_interpolation_between_dates():
    found = errors("20011017", ("20011008", "20011102"), ("interpolate", "starfm", "estarfm", "vipstf"))
    assert found["interpolate"] == pytest.approx(345, abs=1)
    assert max(found["starfm"], found["estarfm"], found["vipstf"]) <= 1.03 * found["interpolate"]
