"""Intervals, ties and ranking: what a block bootstrap must get right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from satfusion_qgis.assessment.bootstrap import BlockSums, Draws, scores_of
from satfusion_qgis.assessment.ranking import ranked
from satfusion_qgis.assessment.reference import score, scoring_windows
from satfusion_qgis.assessment.report.methods import conclusions


def scene(rows: int = 192, columns: int = 160, bands: int = 3) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.abs(500 + 40 * rng.standard_normal((bands, rows, columns)).cumsum(axis=2)) + 50


def sums_of(reference: np.ndarray, test: np.ndarray, valid: np.ndarray | None = None, window: int = 1024) -> BlockSums:
    sums = BlockSums(len(reference), reference.shape[1:])
    for row, column, rows, columns in scoring_windows(reference.shape[1:], window=window):
        part = np.s_[..., row : row + rows, column : column + columns]
        sums.add(reference[part], test[part], None if valid is None else valid[part], row, column)
    return sums


@pytest.mark.parametrize("size", [(192, 160), (100, 75)])
def test_all_blocks_together_give_the_scores(size: tuple[int, int]) -> None:
    reference = scene(*size)
    test = reference + np.random.default_rng(1).normal(0, 9, reference.shape)
    valid = np.random.default_rng(2).random(size) < 0.9
    sums = sums_of(reference, test, valid)
    expected = score(reference, test, 4, valid)["all"]
    found = scores_of(sums.rows().sum(axis=0, keepdims=True), 3, 4)
    for name, values in found.items():
        assert values[0] == pytest.approx(expected[name], rel=1e-10), name


def test_sums_do_not_depend_on_windows() -> None:
    reference = scene(170, 140)
    test = reference + np.random.default_rng(1).normal(0, 9, reference.shape)
    assert np.allclose(sums_of(reference, test).rows(), sums_of(reference, test, window=64).rows(), rtol=1e-12)


def compared(tests: dict[str, np.ndarray], reference: np.ndarray) -> tuple[list[dict[str, Any]], Draws]:
    methods = [
        {"id": name, "title": name.upper(), "scores": score(reference, test, 4)["all"]}
        for name, test in tests.items()
    ]  # fmt: skip
    draws = Draws([sums_of(reference, test).rows() for test in tests.values()], len(reference), 4)
    return ranked(methods, draws), draws


def test_equal_methods_are_a_tie() -> None:
    reference = scene()
    noisy = reference + np.random.default_rng(1).normal(0, 9, reference.shape)
    rows, _ = compared({"one": noisy, "other": noisy.copy()}, reference)
    assert [row["place"] for row in rows] == [1, 1]
    assert all(row["tied_with_best"] for row in rows)
    assert rows[1]["behind_best"]["ergas"] == {"value": 0.0, "interval": [0.0, 0.0], "tie": True}
    said = conclusions({"methods": rows, "few_blocks": False, "blocks": 30})
    assert "tie with OTHER" in said[0]


def test_methods_that_differ_by_chance_are_a_tie_and_others_are_not() -> None:
    reference = scene()
    tests = {
        "bad": reference + np.random.default_rng(1).normal(0, 30, reference.shape),
        "good": reference + np.random.default_rng(2).normal(0, 10, reference.shape),
        "alike": reference + np.random.default_rng(3).normal(0, 10, reference.shape),
    }
    rows, draws = compared(tests, reference)
    assert {row["id"] for row in rows[:2]} == {"good", "alike"}
    assert [row["place"] for row in rows] == [1, 1, 3]
    assert rows[2]["tied_with"] == []
    for row in rows:
        low, high = row["intervals"]["ergas"]
        assert low < row["scores"]["ergas"] < high
        assert row["intervals"]["q2n"] is not None
    assert draws.difference(0, 1, "ergas")[0] > 0
    said = conclusions({"methods": rows, "few_blocks": True, "blocks": 5})
    assert "tie" in said[0]
    assert any("5 blocks" in line for line in said)


def test_pairs_are_told_apart_although_their_intervals_overlap() -> None:
    """What is hard for all methods in one part of the scene cancels in the difference."""
    reference = scene()
    hard = np.ones(reference.shape[1:])
    hard[:96] = 8
    noise = np.random.default_rng(1).normal(0, 5, reference.shape) * hard
    rows, draws = compared({"one": reference + noise, "other": reference + 1.05 * noise}, reference)
    assert rows[0]["intervals"]["ergas"][1] > rows[1]["intervals"]["ergas"][0]
    assert not draws.tied(0, 1, "ergas")
    assert [row["place"] for row in rows] == [1, 2]


def test_the_seed_fixes_the_draws() -> None:
    reference = scene()
    test = reference + np.random.default_rng(1).normal(0, 9, reference.shape)
    rows = sums_of(reference, test).rows()
    first, again, other = (Draws([rows], 3, 4, seed=seed).interval(0, "ergas") for seed in (1, 1, 2))
    assert first == again != other


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """ERGAS of scenes of 64 independent blocks, against the ERGAS of the process that made them."""
    rng = np.random.default_rng(0)
    hits, trials, truth = 0, 120, 100 / 4 * np.sqrt(np.mean([1.0, 4.0, 9.0]) * 100) / 500
    for trial in range(trials):
        pixels = np.full((64, 1), 1024.0)
        level = rng.exponential(1.0, (64, 1))
        squares = pixels * 100.0 * level * np.array([1.0, 4.0, 9.0])
        rows = np.hstack([pixels, pixels * 500 * np.ones((1, 3)), squares, pixels, pixels, pixels, pixels])
        low, high = Draws([rows], 3, 4, draws=400, seed=trial).interval(0, "ergas")
        hits += low <= truth <= high
    assert 0.85 <= hits / trials <= 1.0


def test_one_block_tells_nothing() -> None:
    reference = scene(32, 32)
    tests = {"one": reference + 1, "other": reference + 50}
    rows, draws = compared(tests, reference)
    assert draws.blocks == 1
    assert rows[0]["intervals"]["ergas"] is None
    assert rows[1]["tied_with_best"]
