"""Tensor files against the safetensors package."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

safetensors = pytest.importorskip("safetensors.numpy", reason="the engine's interpreter only")

from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.tensor_file import TensorWriter, read_tensors, write_tensors  # noqa: E402


@pytest.fixture
def tensors():
    rng = np.random.default_rng(0)
    return {
        "ms": rng.normal(size=(3, 2, 5, 4)).astype(np.float32),
        "place": rng.integers(-9, 9, (3, 2)).astype(np.int32),
        "empty": np.empty((0, 4), np.float32),
        "flags": np.array([True, False]),
        "wide": rng.normal(size=(2, 2)),
    }


def test_the_package_reads_what_is_written(tensors, tmp_path):
    path = tmp_path / "a.safetensors"
    write_tensors(path, tensors, {"made by": "a test, é"})
    found = safetensors.load_file(path)
    assert set(found) == set(tensors)
    for name, value in tensors.items():
        assert found[name].dtype == value.dtype
        np.testing.assert_array_equal(found[name], value)
    with pytest.importorskip("safetensors").safe_open(path, "numpy") as opened:
        assert opened.metadata() == {"made by": "a test, é"}


def test_what_the_package_writes_is_read(tensors, tmp_path):
    path = tmp_path / "b.safetensors"
    safetensors.save_file(tensors, path)
    found = read_tensors(path)
    for name, value in tensors.items():
        assert found[name].dtype == value.dtype
        np.testing.assert_array_equal(found[name], value)


def test_items_may_come_in_any_order(tensors, tmp_path):
    path = tmp_path / "c.safetensors"
    with TensorWriter(path, {"ms": ("float32", (3, 2, 5, 4)), "place": ("int32", (3, 2))}) as writer:
        for index in (2, 0, 1):
            writer.put("place", index, tensors["place"][index])
            writer.put("ms", index, tensors["ms"][index])
    found = safetensors.load_file(path)
    np.testing.assert_array_equal(found["ms"], tensors["ms"])
    np.testing.assert_array_equal(found["place"], tensors["place"])


def test_the_data_begin_at_a_multiple_of_eight(tmp_path):
    for name in ("x", "longer", "one more"):
        path = tmp_path / f"{name}.safetensors"
        write_tensors(path, {name: np.zeros((1, 1), np.float32)})
        (length,) = struct.unpack("<Q", path.read_bytes()[:8])
        assert length % 8 == 0
        json.loads(path.read_bytes()[8 : 8 + length])


def test_an_error_leaves_no_file(tmp_path):
    path = tmp_path / "d.safetensors"
    with pytest.raises(ValueError, match="does not fit"), TensorWriter(path, {"x": ("float32", (2, 3))}) as writer:
        writer.put("x", 0, np.zeros(4, np.float32))
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x10\0\0\0\0\0\0\0{}", b"\x02\0\0\0\0\0\0\0[]"])
def test_damaged_files_are_refused(tmp_path, content):
    path = tmp_path / "e.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError, match="Cannot read"):
        read_tensors(path)
