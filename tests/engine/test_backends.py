"""Networks at work in PyTorch and ONNX Runtime: the same answer, faults in one sentence, cancelling, little memory."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from satfusion_qgis.engine.backends import onnx_backend, opening, torch_backend
from satfusion_qgis.engine.backends.backend import Backend, OutOfMemoryError, first_line, is_memory
from satfusion_qgis.engine.backends.frugal import FrugalNetwork
from satfusion_qgis.engine.backends.onnx_backend import OnnxBackend
from satfusion_qgis.engine.backends.opening import open_network
from satfusion_qgis.engine.backends.torch_backend import TorchBackend
from satfusion_qgis.engine.networks.pansharpening.dicnn import DiCNN
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.model_card import ModelCard

onnx = pytest.importorskip("onnx")

NETWORK = "engine.networks.pansharpening.dicnn:DiCNN"
SENTENCE = re.compile(r"[A-Z][^\n]*[^.\n]\.")
SIZES = {"bands": 3, "width": 8, "depth": 3}
both = pytest.mark.parametrize("backend", ["torch", "onnx"])


def never():
    return False


def write_onnx(path, state, bands):
    """Write DiCNN as a graph, node by node: what another program would make of its weights."""
    layers = sorted({int(name.split(".")[1]) for name in state})
    helper, numbers = onnx.helper, onnx.numpy_helper
    nodes, features = [helper.make_node("Concat", ["ms", "pan"], ["image"], axis=1)], "image"
    for layer in layers:
        names = [f"layers.{layer}.weight", f"layers.{layer}.bias"]
        nodes.append(helper.make_node("Conv", [features, *names], [f"conv{layer}"], pads=[1, 1, 1, 1]))
        features = f"conv{layer}"
        if layer != layers[-1]:
            nodes.append(helper.make_node("Relu", [features], [f"relu{layer}"]))
            features = f"relu{layer}"
    nodes.append(helper.make_node("Add", ["ms", features], ["output"]))

    def image(name, count):
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", count, "rows", "columns"])

    weights = [numbers.from_array(tensor.numpy(), name) for name, tensor in state.items()]
    graph = helper.make_graph(nodes, "dicnn", [image("ms", bands), image("pan", 1)], [image("output", bands)], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)


def make_model(folder, sizes=SIZES, seed=0, change=None, files=("safetensors", "onnx"), **card):
    """Write a model folder with random weights, and return its card."""
    torch.manual_seed(seed)
    state = {name: tensor.clone() for name, tensor in DiCNN(**sizes).state_dict().items()}
    if change:
        change(state)
    folder.mkdir(exist_ok=True)
    save_file(state, folder / "model.safetensors")
    write_onnx(folder / "model.onnx", state, sizes["bands"])
    data = {
        "format": 1,
        "id": "net-3",
        "title": "Net",
        "method": "dicnn",
        "task": "pansharpening",
        "configuration": sizes,
        "inputs": [
            {"role": "MS", "bands": [{"name": str(number)} for number in range(sizes["bands"])]},
            {"role": "PAN", "bands": [{"name": "PAN"}]},
        ],
        "output": {"bands": sizes["bands"]},
        "ratio": {"min": 2, "max": 6},
        "halo": sizes["depth"],
        "licence": "MIT",
        **card,
    }
    return write_card(folder, data, files)


def write_card(folder, data, files=("safetensors", "onnx")):
    digests = {kind: hashlib.sha256((folder / f"model.{kind}").read_bytes()).hexdigest() for kind in files}
    data["files"] = [{"name": f"model.{kind}", "sha256": digest} for kind, digest in digests.items()]
    (folder / "card.json").write_text(json.dumps(data), encoding="utf-8")
    return ModelCard.load(folder)


def images(bands=3, rows=40, columns=53, batch=1, seed=0):
    generator = np.random.default_rng(seed)
    shapes = {"ms": (batch, bands, rows, columns), "pan": (batch, 1, rows, columns)}
    return {name: generator.standard_normal(shape, np.float32) for name, shape in shapes.items()}


def opened(card, backend=None, device="cpu", threads=1, half=False):
    said = []
    return open_network(card, NETWORK, device, threads, half, said.append, backend), said


def plain(folder, sizes=SIZES):
    network = DiCNN(**sizes).eval()
    network.load_state_dict(load_file(folder / "model.safetensors"))
    return network


# Answers


@both
def test_the_answer_is_that_of_the_plain_network(tmp_path, backend):
    network, said = opened(make_model(tmp_path), backend)
    given = images(batch=2)
    with torch.no_grad():
        expected = plain(tmp_path)(*(torch.from_numpy(image) for image in given.values())).numpy()
    answer = network(given, never)
    assert list(answer) == ["output"] and answer["output"].dtype == np.float32
    assert answer["output"].flags.c_contiguous
    np.testing.assert_allclose(answer["output"], expected, rtol=0, atol=1e-5)
    assert said[0].startswith(f"Device: cpu, {'PyTorch' if backend == 'torch' else 'ONNX Runtime'} ")


@both
def test_any_array_is_taken(tmp_path, backend):
    network, _ = opened(make_model(tmp_path), backend)
    given = images()
    expected = network(given, never)["output"]
    odd = {name: np.flip(np.flip(image, -1).copy(), -1).astype(np.float64) for name, image in given.items()}
    odd["pan"].flags.writeable = False
    np.testing.assert_array_equal(network(odd, never)["output"], expected)


@both
def test_threads_are_those_asked_for(tmp_path, backend, monkeypatch):
    card = make_model(tmp_path)
    if backend == "onnx":
        for threads in (1, 2):
            made = OnnxBackend(card, "cpu", threads)
            options = made._session.get_session_options()
            assert (options.intra_op_num_threads, options.inter_op_num_threads) == (threads, 1)
        return
    two, one = (TorchBackend(card, NETWORK, "cpu", threads, False) for threads in (2, 1))
    for made, threads in ((two, 2), (one, 1), (two, 2)):
        made.run(images(), never)
        assert torch.get_num_threads() == threads
    torch.set_num_threads(1)


def test_half_precision_on_the_cpu_is_close(tmp_path):
    card = make_model(tmp_path)
    half, said = opened(card, "torch", half=True)
    single, _ = opened(card, "torch")
    given = images()
    difference = np.abs(half(given, never)["output"] - single(given, never)["output"]).max()
    assert 1e-6 < difference < 0.1
    assert "half precision" in said[0]
    _, said = opened(card, "onnx", half=True)
    assert said[1] == "Precision: ONNX Runtime computes in the file's own precision"


@both
def test_closing_twice_does_no_harm(tmp_path, backend):
    network, _ = opened(make_model(tmp_path), backend)
    network.close()
    network.close()


# Cancelling


@both
def test_a_cancel_ends_a_run_between_layers(tmp_path, backend):
    deep = {"bands": 3, "width": 48, "depth": 24}
    network, _ = opened(make_model(tmp_path, deep), backend)
    given, cancel = images(rows=400, columns=400), threading.Event()
    begin = time.perf_counter()
    network(given, cancel.is_set)
    whole = time.perf_counter() - begin
    timer = threading.Timer(0.2 * whole, cancel.set)
    timer.start()
    begin = time.perf_counter()
    with pytest.raises(Cancelled):
        network(given, cancel.is_set)
    late = time.perf_counter() - begin - 0.2 * whole
    assert late < max(0.2, 0.4 * whole)
    network(given, never)  # it is still of use
    with pytest.raises(Cancelled):
        network(given, lambda: True)


def test_torch_asks_before_every_layer(tmp_path):
    network, _ = opened(make_model(tmp_path), "torch")
    asked = []
    network(images(), lambda: bool(asked.append(1)))
    assert len(asked) == 1 + SIZES["depth"]


# Faults, each in one sentence


def refused(card, backend, **more):
    with pytest.raises(InputError) as caught:
        opened(card, backend, **more)
    text = str(caught.value)
    assert SENTENCE.fullmatch(text), text
    return text


@both
def test_weights_that_are_no_numbers(tmp_path, backend):
    def spoil(state):
        state["layers.1.weight"][0, 0, 0, 0] = np.nan

    assert "no numbers" in refused(make_model(tmp_path, change=spoil), backend)


@both
def test_truncated_weights(tmp_path, backend):
    card = make_model(tmp_path)
    file = tmp_path / ("model.onnx" if backend == "onnx" else "model.safetensors")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "SHA-256" in refused(card, backend)
    said = refused(write_card(tmp_path, dict(card.data)), backend)
    assert str(file) in said and ("damaged" in said or "cannot open" in said)
    file.write_bytes(b"")
    refused(write_card(tmp_path, dict(card.data)), backend)
    file.unlink()
    assert "Cannot read the weights" in refused(card, backend)


@both
def test_a_card_that_lies_about_bands(tmp_path, backend):
    card = make_model(tmp_path)
    four = [{"role": "MS", "bands": [{"name": str(number)} for number in range(4)]}, card.data["inputs"][1]]
    said = refused(write_card(tmp_path, {**card.data, "inputs": four, "output": {"bands": 4}}), backend)
    assert "3" in said and "4" in said and "bands" in said
    said = refused(write_card(tmp_path, {**card.data, "output": {"bands": 2}}), backend)
    assert "answers with (3, " in said


@both
def test_a_card_that_lies_about_the_halo(tmp_path, backend):
    card = make_model(tmp_path)
    assert "halo of 2" in refused(write_card(tmp_path, {**card.data, "halo": 2}), backend)
    opened(write_card(tmp_path, {**card.data, "halo": 5, "window": {"multiple": 4}}), backend)


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ({**SIZES, "width": 9}, "layers.0.weight has the shape"),
        ({**SIZES, "depth": 4}, "layers.2.weight has the shape"),
        ({**SIZES, "bands": 4}, "lists 3 bands, but its configuration is for 4"),
        ({**SIZES, "depth": 2}, "is not part of the network|has the shape"),
        ({**SIZES, "colour": 1}, "colour"),
        ({**SIZES, "depth": 1}, "depth must be 2"),
        ({**SIZES, "width": "wide"}, "cannot be made with the configuration"),
        ({**SIZES, "width": 10**12}, "cannot be made with the configuration"),
        ({**SIZES, "kernel": []}, "cannot be made with the configuration"),
        ({}, "bands"),
    ],
)
def test_a_card_that_lies_about_the_configuration(tmp_path, configuration, said):
    card = make_model(tmp_path)
    lying = {**card.data, "configuration": configuration, "halo": 4}
    assert re.search(said, refused(write_card(tmp_path, lying), "torch"))


def test_a_graph_with_other_inputs(tmp_path):
    card = make_model(tmp_path)
    graph = onnx.load(tmp_path / "model.onnx")
    for place in [graph.graph.input[1], *graph.graph.node]:
        if getattr(place, "name", "") == "pan":
            place.name = "panchromatic"
    graph.graph.node[0].input[1] = "panchromatic"
    onnx.save(graph, tmp_path / "model.onnx")
    assert "panchromatic" in refused(write_card(tmp_path, dict(card.data)), "onnx")


def test_a_graph_of_one_size(tmp_path):
    card = make_model(tmp_path)
    graph = onnx.load(tmp_path / "model.onnx")
    for image in graph.graph.input:
        for axis, size in ((2, 64), (3, 64)):
            image.type.tensor_type.shape.dim[axis].dim_value = size
    onnx.save(graph, tmp_path / "model.onnx")
    assert "the network failed" in refused(write_card(tmp_path, dict(card.data)), "onnx")


@pytest.mark.parametrize("network", ["os:getcwd", "engine.networks.none:None", "engine.networks.build:Nothing"])
def test_networks_that_are_none(tmp_path, network):
    with pytest.raises(InputError, match=SENTENCE):
        open_network(make_model(tmp_path), network, "cpu", 1, False, print, "torch")


def test_a_file_that_nothing_here_runs(tmp_path, monkeypatch):
    card = make_model(tmp_path, files=("safetensors",))
    assert "comes as safetensors" in refused(card, "onnx")
    monkeypatch.setattr(opening.importlib.util, "find_spec", lambda name: None)
    assert "needs PyTorch" in refused(card, None)
    monkeypatch.undo()

    def broken(name):
        raise ImportError("libcudart.so.13: cannot open shared object file\nmore")

    monkeypatch.setattr(opening, "devices_of", broken)
    assert "does not load (libcudart" in refused(card, None)


# Devices


@pytest.mark.parametrize("device", ["tpu", "cuda:one", "", "CPU"])
def test_unknown_devices_are_refused(tmp_path, device):
    assert "DEVICE must be auto, cpu, cuda:N" in refused(make_model(tmp_path), None, device=device)


@pytest.mark.parametrize("device", ["cuda:7", "mps", "directml", "openvino"])
@pytest.mark.parametrize("backend", [None, "torch", "onnx"])
def test_a_device_that_is_not_there_is_replaced_by_the_cpu(tmp_path, device, backend, monkeypatch):
    monkeypatch.setattr(opening, "devices_of", lambda name: ["cpu"])
    network, said = opened(make_model(tmp_path), backend, device=device)
    assert network.device == "cpu"
    assert said[0].startswith("Device: cpu, ") and said[0].endswith(f"(asked for: {device}, which is not there)")


@both
@pytest.mark.parametrize("device", ["auto", "cuda:0"])
def test_a_device_that_does_not_start_is_replaced_by_the_cpu(tmp_path, backend, device, monkeypatch):
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    monkeypatch.setattr(opening, "devices_of", lambda name: ["cuda:0", "cpu"])
    network, said = opened(make_model(tmp_path), backend, device=device)
    assert network.device == "cpu"
    assert said[0].startswith("cuda:0 cannot run net-3: DEVICE: cuda:0 does not start")
    assert said[1].startswith("Device: cpu, ") and ("(asked for: cuda:0)" in said[1]) == (device == "cuda:0")
    assert network(images(), never)["output"].shape == (1, 3, 40, 53)


def test_a_damaged_model_is_not_the_devices_fault(tmp_path, monkeypatch):
    def spoil(state):
        state["layers.0.bias"][:] = np.inf

    monkeypatch.setattr(opening, "devices_of", lambda name: ["cuda:0", "cpu"])
    assert "no numbers" in refused(make_model(tmp_path, change=spoil), "torch", device="cuda:0")


def test_which_backend_comes_first(tmp_path):
    both_there = {"torch": ["cuda:0", "cpu"], "onnx": ["cuda:0", "cpu"]}
    assert opening._choose(both_there, "auto") == ("torch", "cuda:0")
    assert opening._choose(both_there, "cpu") == ("onnx", "cpu")
    assert opening._choose({"torch": ["cpu"], "onnx": ["directml", "cpu"]}, "auto") == ("onnx", "directml")
    assert opening._choose({"torch": ["cpu"], "onnx": ["cpu"]}, "auto") == ("onnx", "cpu")
    assert opening._choose({"torch": ["cpu"]}, "directml") == ("torch", "cpu")


# Little memory


class Limited(Backend):
    """Adds to MS the means of PAN in a square around each pixel and in aligned blocks; has memory for some pixels."""

    title = "limited"

    def __init__(self, limit, device="cuda:0", reach=3, multiple=4):
        self.limit, self.device, self.reach, self.multiple = limit, device, reach, multiple
        self.sizes, self.closed = [], False

    def run(self, inputs, cancelled):
        ms, pan = inputs["ms"], inputs["pan"]
        batch, _, rows, columns = pan.shape
        if batch * rows * columns > self.limit:
            raise OutOfMemoryError
        self.sizes.append(pan.shape)
        assert rows % self.multiple == columns % self.multiple == 0
        reach, block = self.reach, self.multiple
        padded = np.pad(pan, [(0, 0), (0, 0), (reach, reach), (reach, reach)])
        offsets = range(2 * reach + 1)
        near = sum(padded[:, :, row : row + rows, column : column + columns] for row in offsets for column in offsets)
        blocks = pan.reshape(batch, 1, rows // block, block, columns // block, block).mean(axis=(3, 5))
        return {"output": (ms + near / len(offsets) ** 2 + np.kron(blocks, np.ones((block, block)))).astype(np.float32)}

    def close(self):
        self.closed = True


def frugal_card(folder, **card):
    return make_model(folder, **{"halo": 7, "window": {"multiple": 4}, **card})


def test_halving_until_it_fits(tmp_path):
    card, said = frugal_card(tmp_path), []
    given = images(rows=328, columns=232, batch=5)
    expected = Limited(10**9).run(given, never)["output"]
    limited = Limited(130 * 130)
    network = FrugalNetwork(limited, lambda: None, card, said.append)
    np.testing.assert_allclose(network(given, never)["output"], expected, rtol=0, atol=1e-6)
    assert said == [
        "Too little memory on cuda:0: 2 windows at a time",
        "Too little memory on cuda:0: 1 windows at a time",
        "Too little memory on cuda:0: windows are cut to 156 pixels",
        "Too little memory on cuda:0: windows are cut to 78 pixels",
    ]
    assert not limited.closed and {size[0] for size in limited.sizes} == {1}
    limited.sizes.clear()
    np.testing.assert_allclose(network(given, never)["output"], expected, rtol=0, atol=1e-6)
    assert len(said) == 4 and len(limited.sizes) == 5 * 4 * 3  # it does not try what failed again


def test_the_batch_alone_may_be_too_large(tmp_path):
    said = []
    given = images(rows=64, columns=64, batch=7)
    network = FrugalNetwork(Limited(64 * 64 * 2), None, frugal_card(tmp_path), said.append)
    np.testing.assert_array_equal(network(given, never)["output"], Limited(10**9).run(given, never)["output"])
    assert [text.rpartition(": ")[2] for text in said] == [f"{most} windows at a time" for most in (3, 1)]


def test_then_the_cpu(tmp_path):
    said, gpu, cpu = [], Limited(60 * 60), Limited(10**9, device="cpu")
    network = FrugalNetwork(gpu, lambda: cpu, frugal_card(tmp_path), said.append)
    given = images(rows=240, columns=240)
    assert network.device == "cuda:0"
    np.testing.assert_array_equal(network(given, never)["output"], cpu.run(given, never)["output"])
    assert network.device == "cpu" and gpu.closed
    assert said[-1] == "Too little memory on cuda:0: going on with the CPU"
    network.close()
    assert cpu.closed


def test_at_the_end_a_smaller_window_is_asked_for(tmp_path):
    network = FrugalNetwork(Limited(100, device="cpu"), None, frugal_card(tmp_path), [].append)
    with pytest.raises(InputError, match=r"Too little memory on cpu for net-3; choose a smaller WINDOW\."):
        network(images(rows=240, columns=240), never)


def test_what_looks_at_everything_is_never_cut(tmp_path):
    said, cpu = [], Limited(10**9, device="cpu")
    card = frugal_card(tmp_path, global_context={"yes": True})
    network = FrugalNetwork(Limited(400 * 400), lambda: cpu, card, said.append)
    network(images(rows=640, columns=640), never)
    assert said == ["Too little memory on cuda:0: going on with the CPU"]
    assert cpu.sizes == [(1, 1, 640, 640)]


def test_images_of_several_grids_are_never_cut(tmp_path):
    said, cpu = [], Limited(10**9, device="cpu")
    cpu.run = lambda inputs, cancelled: {"output": inputs["pan"]}
    network = FrugalNetwork(Limited(100), lambda: cpu, frugal_card(tmp_path), said.append)
    given = {**images(rows=640, columns=640), "ms": images(rows=160, columns=160)["ms"]}
    assert network(given, never)["output"].shape == (1, 1, 640, 640)
    assert said == ["Too little memory on cuda:0: going on with the CPU"]


def test_the_cpu_gets_parts_of_large_windows(tmp_path):
    cpu = Limited(10**9, device="cpu")
    network = FrugalNetwork(cpu, None, frugal_card(tmp_path), [].append)
    given = images(rows=1040 + 1024, columns=1040)
    np.testing.assert_allclose(
        network(given, never)["output"], Limited(10**9).run(given, never)["output"], rtol=0, atol=1e-6
    )
    assert [size[-2:] for size in cpu.sizes] == [(1040, 1040)] * 2


def test_memory_running_out_inside_the_libraries(tmp_path, monkeypatch):
    card = make_model(tmp_path)
    for made, target in (
        (TorchBackend(card, NETWORK, "cpu", 1, False), "_module"),
        (OnnxBackend(card, "cpu", 1), "_session"),
    ):

        class Failing:
            def __init__(self, error):
                self.error = error

            def __call__(self, *_, **__):
                raise self.error

            run = __call__

        for error in (
            torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"),
            RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
            RuntimeError("[ONNXRuntimeError] : 6 : Failed to allocate memory for requested buffer of size 5"),
            MemoryError("std::bad_alloc"),
        ):
            monkeypatch.setattr(made, target, Failing(error))
            with pytest.raises(OutOfMemoryError):
                made.run(images(), never)
        monkeypatch.setattr(made, target, Failing(RuntimeError("no kernel image\nline 2")))
        with pytest.raises(InputError, match=r"^MODEL: the network failed on cpu, [^\n]*: no kernel image\.$"):
            made.run(images(), never)


def test_how_errors_are_read():
    assert first_line(ValueError("\n  one.\ntwo")) == "one"
    assert first_line(KeyError()) == "KeyError"
    assert is_memory(RuntimeError("E_OUTOFMEMORY")) and not is_memory(RuntimeError("a shape is wrong"))
    assert torch_backend.available_devices()[-1] == onnx_backend.available_devices()[-1] == "cpu"
