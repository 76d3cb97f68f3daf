"""The parity harness: every supported case passes, and the harness fails where something is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scripts import parity
from tests.engine import reference_networks
from tests.shared_data import needs_shared, shared_module, shared_path

LAYERS = {"conv1": (64, 4), "conv2": (64, 64), "conv3": (3, 64)}


def truth(manifest: dict[str, Any], replaced: dict[str, np.ndarray]) -> np.ndarray:
    """Compute the small case's output in numpy, with some tensors replaced."""
    weights = {entry["key"]: parity.fill(entry["key"], entry["shape"], 7, 0.9) for entry in manifest["state"]}
    ms, pan = (
        parity.make_input(entry["name"], entry["shape"], 11, -0.5, 1.5)[0].astype(float) for entry in manifest["inputs"]
    )
    ms = reference_networks.enlarge(ms, *pan.shape[1:])
    return reference_networks.dicnn(ms, pan, {**weights, **replaced})[None]


def small_case(folder: Path, change: Callable[[dict[str, Any], dict[str, np.ndarray]], None] | None = None) -> Path:
    """Write a case of DiCNN with 3 bands whose truth is computed in numpy.

    Args:
        folder: Where to write.
        change: Alters the manifest and the arrays by name before they are written.
    """
    state = [
        {"key": f"{layer}.{name}", "shape": shape, "dtype": "float32", "fill": True}
        for layer, (outputs, inputs) in LAYERS.items()
        for name, shape in (("weight", [outputs, inputs, 3, 3]), ("bias", [outputs]))
    ]
    shapes = {"ms": [1, 3, 4, 6], "pan": [1, 1, 13, 19]}
    manifest: dict[str, Any] = {
        "family": "dlpan.dicnn",
        "config": {"spectral_num": 3, "channel": 64},
        "seed": 7,
        "gain": 0.9,
        "parameters": sum(int(np.prod(entry["shape"])) for entry in state),
        "state": state,
        "inputs": [
            {"name": name, "shape": shape, "range": {"low": -0.5, "high": 1.5}, "seed": 11}
            for name, shape in shapes.items()
        ],
        "outputs": [{"name": "output", "shape": [1, 3, 13, 19], "tap": "return", "tolerance": {"max_abs": 4e-6}}],
    }
    expected = {"output": truth(manifest, {})}
    if change is not None:
        change(manifest, expected)
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    np.savez(folder / "expected.npz", **{name: array.astype(np.float32) for name, array in expected.items()})
    return folder


@needs_shared("parity")
@pytest.mark.parametrize("name", parity.supported())
def test_supported_case(name):
    parity.set_up()
    result = parity.check(shared_path("parity") / name)
    assert result.passed, result.verdict
    assert result.difference <= result.allowed


@needs_shared("parity/parity.py")
@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 5, 4), (1, 1, 1, 7)])
@pytest.mark.parametrize("key", ["a.weight", "a.gamma", "a.bias", "a.running_var", "a.running_mean", "p"])
def test_fill_follows_the_shared_definition(shape, key):
    shared = shared_module("parity/parity.py")
    for seed in (0, 3):
        ours, theirs = parity.fill(key, shape, seed), shared.fill(key, shape, seed)
        assert ours.dtype == theirs.dtype == np.float32
        np.testing.assert_array_equal(ours, theirs)


@needs_shared("parity/parity.py")
@pytest.mark.parametrize("shape", [(6, 5), (2, 3, 9, 4), (1, 8, 3, 5, 7)])
def test_inputs_follow_the_shared_definition(shape):
    shared = shared_module("parity/parity.py")
    for name, seed, low, high in (("ms", 0, 0.0, 1.0), ("HR_t1", 5, -1.0, 1.0)):
        ours, theirs = parity.make_input(name, shape, seed, low, high), shared.make_input(name, shape, seed, low, high)
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1.2e-7)


def test_random_numbers_are_spread_over_the_unit_interval_and_differ_by_name_and_seed():
    numbers = parity.random_numbers("a", (100_000,), 0)
    assert numbers.min() >= 0.0 and numbers.max() < 1.0
    assert abs(numbers.mean() - 0.5) < 0.005 and abs(numbers.var() - 1 / 12) < 0.002
    assert not np.array_equal(numbers, parity.random_numbers("b", (100_000,), 0))
    assert not np.array_equal(numbers, parity.random_numbers("a", (100_000,), 1))


def test_gain_multiplies_matrices_alone():
    np.testing.assert_array_equal(parity.fill("k", (3, 4), 0, 0.3), parity.fill("k", (3, 4), 0) * np.float32(0.3))
    np.testing.assert_array_equal(parity.fill("k", (4,), 0, 0.3), parity.fill("k", (4,), 0))


def test_a_case_with_a_truth_from_numpy_passes(tmp_path):
    result = parity.check(small_case(tmp_path / "case"))
    assert result.passed, result.verdict
    assert result.difference <= 4e-6 == result.allowed


def _slices(manifest, expected):
    manifest["outputs"][0].update(select="[:, 1:, ::4, 5::7]", shape=[1, 2, 4, 2], full_shape=[1, 3, 13, 19])
    expected["output"] = expected["output"][:, 1:, ::4, 5::7]


def _mean(manifest, expected):
    manifest["outputs"][0]["tolerance"] = {"mean_abs": 1e-3, "max_abs": 0.2}
    expected["output"][0, 0, 0, 0] += 0.1  # 1.3e-4 in the mean


def _alias(manifest, expected):
    entry = {"key": "conv1.bias", "shape": [64], "dtype": "float32", "fill": False}
    manifest["state"][1] = {**entry, "value": 0.0}
    manifest["state"][3] = {**entry, "key": "conv2.bias", "alias_of": "conv1.bias"}
    zeros = {"conv1.bias": np.zeros(64), "conv2.bias": np.zeros(64)}
    expected["output"] = truth(manifest, zeros)


@pytest.mark.parametrize("change", [_slices, _mean, _alias])
def test_forms_of_a_manifest_that_pass(tmp_path, change):
    result = parity.check(small_case(tmp_path / "case", change))
    assert result.passed, result.verdict


def _mean_too_far(manifest, expected):
    manifest["outputs"][0]["tolerance"] = {"mean_abs": 1e-5}
    expected["output"][0, 0, 0, 0] += 0.1


def _unknown_family(manifest, expected):
    manifest["family"] = "dlpan.nothing"


def _missing_array(manifest, expected):
    expected["other"] = expected.pop("output")


def _unknown_output(manifest, expected):
    manifest["outputs"].append({**manifest["outputs"][0], "name": "features"})
    expected["features"] = expected["output"]


def _not_a_number(manifest, expected):
    expected["output"][0, 1, 2, 3] = np.nan


def _other_shape(manifest, expected):
    expected["output"] = expected["output"][..., :-1]


def _no_slice(manifest, expected):
    manifest["outputs"][0]["select"] = "[__import__('os')]"


def _no_tolerance(manifest, expected):
    manifest["outputs"][0]["tolerance"] = {}


def _no_outputs(manifest, expected):
    manifest["outputs"] = []


def _extra_key(manifest, expected):
    manifest["state"].append({"key": "conv4.weight", "shape": [3, 3], "dtype": "float32", "fill": True})


def _missing_key(manifest, expected):
    del manifest["state"][3]


def _unfilled_parameter(manifest, expected):
    manifest["state"][3]["fill"] = False


def _wider(manifest, expected):
    manifest["config"]["channel"] = 48


def _no_setting(manifest, expected):
    del manifest["config"]["spectral_num"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_mean_too_far, "outputs differ by more than is allowed"),
        (_unknown_family, "Unknown checkpoint family 'dlpan.nothing'"),
        (_missing_array, "expected.npz has no array 'output'"),
        (_unknown_output, "gives no output 'features'"),
        (_not_a_number, "outputs differ by more than is allowed"),
        (_other_shape, "not [1, 3, 13, 19]"),
        (_no_slice, "is not a slice"),
        (_no_tolerance, "tolerance of 'output'"),
        (_no_outputs, "lists no output"),
        (_extra_key, "'conv4.weight'"),
        (_missing_key, "leaves without a value: layers.1.bias."),
        (_unfilled_parameter, "leaves without a value: layers.1.bias."),
        (_wider, "gives another shape: layers.0.weight and 4 more."),
        (_no_setting, "'spectral_num'"),
    ],
)
def test_what_makes_a_case_fail(tmp_path, change, said):
    result = parity.check(small_case(tmp_path / "case", change))
    assert not result.passed
    assert result.verdict.startswith("FAILED: ") and said in result.verdict
    assert "\n" not in result.verdict


def test_a_perturbed_weight_makes_a_case_fail(tmp_path, monkeypatch):
    case = small_case(tmp_path / "case")
    fill = parity.fill

    def perturbed(key, *arguments):
        values = fill(key, *arguments)
        if key == "conv2.weight":
            values[5, 6, 1, 2] += 0.02
        return values

    monkeypatch.setattr(parity, "fill", perturbed)
    result = parity.check(case)
    assert not result.passed and result.difference > result.allowed


def test_missing_files_make_a_case_fail(tmp_path):
    case = small_case(tmp_path / "case")
    (case / "expected.npz").unlink()
    assert not parity.check(case).passed
    assert "has no manifest.json" in parity.check(tmp_path / "nothing").verdict


def test_a_family_that_drops_unknown_keys_fails(tmp_path, monkeypatch):
    known = parity.checkpoints.family("dlpan.dicnn")

    def careless(state):
        return known.translate({key: state[key] for key in state if key.startswith("conv")})

    monkeypatch.setattr(parity.checkpoints, "family", lambda name: replace(known, translate=careless))
    assert "unknown key" in parity.check(small_case(tmp_path / "case")).verdict


def test_a_network_whose_parameters_are_buffers_fails(tmp_path, monkeypatch):
    known = parity.checkpoints.family("dlpan.dicnn")

    def without_a_parameter(config):
        network = known.build(config)
        layer = network.layers[2]
        bias = layer.bias.detach()
        del layer.bias
        layer.register_buffer("bias", bias)
        return network

    monkeypatch.setattr(parity.checkpoints, "family", lambda name: replace(known, build=without_a_parameter))
    count = 4 * 64 * 9 + 64 + 64 * 64 * 9 + 64 + 64 * 3 * 9 + 3
    verdict = parity.check(small_case(tmp_path / "case")).verdict
    assert f"has {count - 3} parameters, the official one {count}." in verdict


def test_rows_are_aligned_and_the_status_tells_of_failures(tmp_path, capsys):
    (tmp_path / "cases").mkdir()
    small_case(tmp_path / "cases" / "good")
    assert parity.main([str(tmp_path / "cases")]) == 0
    small_case(tmp_path / "cases" / "a-bad-case", _unknown_family)
    assert parity.main([str(tmp_path / "cases" / "*")]) == 1
    lines = capsys.readouterr().out.splitlines()[-4:]
    assert [line.split()[0] for line in lines] == ["case", "a-bad-case", "good", "1"]
    start = lines[0].index("verdict")
    assert lines[1][start:].startswith("FAILED: Unknown") and lines[2][start:] == "passed"
    assert re.fullmatch(r"good +\d\.\de-\d\d +4\.0e-06  passed", lines[2])
    assert lines[3] == "1 of 2 cases passed."


def test_cases_of_the_same_name_are_told_apart(tmp_path, capsys):
    for parent in ("one", "two"):
        (tmp_path / parent).mkdir()
        small_case(tmp_path / parent / "case")
    assert parity.main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert str(tmp_path / "one" / "case") in out and str(tmp_path / "two" / "case") in out


def test_a_pattern_without_a_case_is_an_error(tmp_path, capsys):
    assert parity.main([str(tmp_path / "none*")]) == 2
    assert "No parity case is in" in capsys.readouterr().err


def test_only_the_supported_cases_are_skipped_without_the_shared_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(parity, "SHARED", tmp_path / "nothing")
    assert parity.main([]) == 0
    assert capsys.readouterr().out.startswith("Skipped: ")
    assert parity.main([str(small_case(tmp_path / "case"))]) == 0
    assert "1 of 1 cases passed" in capsys.readouterr().out


def test_a_supported_case_that_is_missing_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(parity, "SHARED", tmp_path)
    monkeypatch.setattr(parity, "supported", lambda: ["pansharp-pnn"])
    assert parity.main([]) == 1
    assert "has no manifest.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "shape"),
    [("[:, ::2]", (2, 3, 5)), ("[..., ::4]", (2, 6, 2)), ("[1:, 5, :-1]", (1, 4)), ("[:, 1::2, -2:]", (2, 3, 2))],
)
def test_selection(text, shape):
    assert np.zeros((2, 6, 5))[parity.selection(text)].shape == shape
