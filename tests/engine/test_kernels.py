"""The compiled form of the classical methods' inner sums, and the one on tensors, against the plain one."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from satfusion_qgis.catalogue import CATALOGUE, SPATIOTEMPORAL
from satfusion_qgis.classical.arrays import NUMPY
from satfusion_qgis.classical.spatiotemporal.kernels import PLAIN, Kernels, similar_means
from satfusion_qgis.classical.spatiotemporal.neighbours import UNLIKE, flat, strips
from satfusion_qgis.engine.kernels.opening import open_kernels
from satfusion_qgis.tasks.errors import Cancelled
from satfusion_qgis.tasks.window import Window
from tests.core.drive_spatiotemporal import predict
from tests.core.test_spatiotemporal import fields

pytest.importorskip("numba")
torch = pytest.importorskip("torch")
from satfusion_qgis.engine.kernels.compiled import CompiledKernels  # noqa: E402
from satfusion_qgis.engine.kernels.torch_arrays import TorchArrays  # noqa: E402

COMPILED = [method.id for method in CATALOGUE.methods_of(SPATIOTEMPORAL.id) if method.compiled]
FORMS = {"compiled": lambda: CompiledKernels(1), "threads": lambda: CompiledKernels(3), "tensors": lambda: tensors()}


def tensors(strip: int = NUMPY.strip) -> Kernels:
    arrays = TorchArrays("cpu")
    arrays.strip = strip
    return Kernels(arrays)


def padded(rows: int, columns: int, reach: int, bands: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Patchy values over a padded window, and which of them are valid."""
    rng = np.random.default_rng(seed)
    shape = rows + 2 * reach, columns + 2 * reach
    values = rng.integers(0, 4, (bands, *shape)) + 0.2 * rng.standard_normal((bands, *shape))
    valid = rng.random(shape) > 0.1
    valid[reach : reach + 2] = False
    return values.astype(np.float32), valid


def test_the_methods_with_windows_are_compiled():
    assert {"starfm", "estarfm", "fit_fc", "fsdaf", "obsum", "vipstf"} <= set(COMPILED)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [(1, 1), (3, 40), (21, 600), (40, 9)])
@pytest.mark.parametrize("reach", [1, 4, 9])
def test_sums_over_pixels_alike(form: str, size: tuple[int, int], reach: int):
    for bands, below in ((1, True), (3, False)):
        values, valid = padded(*size, reach, bands)
        near = flat(np.where(valid, values, UNLIKE))
        layers = flat(np.where(valid, np.concatenate([values, values[:1] ** 2]), np.float32(0)))
        bound = (near, near + np.float32(0.3)) if below else None
        window = Window(0, 0, *size, {})
        expected = PLAIN.alike(near, bound, layers, 1, window, reach)
        found = FORMS[form]().alike(near, bound, layers, 1, window, reach)
        assert np.ptp(expected) > 0 or size == (1, 1)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * max(np.ptp(expected), 1))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("size", "reach", "similar"), [((1, 1), 2, 3), ((18, 70), 5, 6), ((18, 70), 9, 200)])
@pytest.mark.parametrize("bands", [1, 2, 5])
def test_means_of_similar_pixels(form: str, size: tuple[int, int], reach: int, similar: int, bands: int):
    values, valid = padded(*size, reach, bands)
    layers = np.random.default_rng(1).standard_normal((3, *valid.shape)).astype(np.float32)
    window = Window(0, 0, *size, {})
    for farthest in (np.inf, 0.5, 0.0):
        expected, known = similar_means(PLAIN, values, layers, valid, window, reach, similar, farthest)
        found, also = similar_means(FORMS[form](), values, layers, valid, window, reach, similar, farthest)
        np.testing.assert_array_equal(known, also)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", COMPILED)
def test_methods_give_the_same(form: str, method: str):
    stack, _, _ = fields(bands=3)
    pairs = 2
    if method == "fit_fc":  # one band and one pair once
        stack, _, _ = fields(bands=1, pairs=1)
        pairs = 1
    rng = np.random.default_rng(5)
    holes = {"FINE_1": rng.random((96, 96)) > 0.05, "COARSE_TARGET": rng.random((12, 12)) > 0.05}
    stack = replace(stack, valid=holes)
    parameters = {"SEARCH_WINDOW": 2.0}
    expected = predict(stack, method, parameters)
    assert expected.valid.any() and len(stack.images) == 2 * pairs + 1
    for window in (None, (40, 56)):
        found = predict(stack, method, parameters, window, kernels=FORMS[form]())
        np.testing.assert_array_equal(found.valid, expected.valid)
        np.testing.assert_allclose(found.image, expected.image, rtol=0, atol=1e-5 * np.ptp(expected.image))


def test_a_cancel_is_seen_between_rows():
    asked = threading.Event()
    window = replace(Window(0, 0, 64, 64, {}), cancelled=asked.is_set)
    values, _ = padded(64, 64, 3, 2)
    asked.set()
    for kernels in (CompiledKernels(1), CompiledKernels(2)):
        with pytest.raises(Cancelled):
            kernels.alike(flat(values), None, flat(values), 0, window, 3)
        with pytest.raises(Cancelled):
            kernels.similar(flat(values), flat(values), window, 3, 5, 1e28)


def test_what_is_not_there_is_replaced_and_said():
    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    kernels, device, notes = open_kernels("cuda:1", 1)
    assert isinstance(kernels, CompiledKernels) and device == "cpu"
    assert "cuda:1" in notes[0]
    assert open_kernels("auto", 1)[1:] == ("cpu", [])


def test_strips_of_any_size_give_the_same():
    values, valid = padded(30, 50, 6, 2)
    window = Window(0, 0, 30, 50, {})
    layers = values.copy()
    expected, _ = similar_means(PLAIN, values, layers, valid, window, 6, 10)
    for strip in (1, 5_000, 4_000_000):
        found, _ = similar_means(tensors(strip), values, layers, valid, window, 6, 10)
        np.testing.assert_array_equal(found, expected)
    assert len(list(strips(window, 6, 1))) == 30


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card")
def test_a_graphics_card_gives_the_same():
    stack, _, _ = fields(bands=3)
    kernels, device, _ = open_kernels("cuda:0", 1)
    assert device == "cuda:0"
    for method in COMPILED:
        expected = predict(stack, method, {"SEARCH_WINDOW": 2.0})
        found = predict(stack, method, {"SEARCH_WINDOW": 2.0}, kernels=kernels)
        np.testing.assert_allclose(found.image, expected.image, rtol=0, atol=1e-5 * np.ptp(expected.image))
