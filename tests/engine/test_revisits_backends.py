"""Networks for revisits at work: five dimensions on two grids, little memory, cards that do not tell the truth."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from satfusion_qgis.engine.backends.backend import Backend, OutOfMemoryError
from satfusion_qgis.engine.backends.frugal import FrugalNetwork
from satfusion_qgis.engine.backends.opening import open_network
from satfusion_qgis.engine.networks.build import build
from satfusion_qgis.inference.network import network_inputs, network_multiple
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.model_card import ModelCard

onnx = pytest.importorskip("onnx")

HIGHRESNET = "engine.networks.super_resolution.highresnet:HighResNet"
SATFUSION = "engine.networks.satfusion.satfusion:SatFusion"
SMALL = {"bands": 2, "ratio": 3, "hidden": 8, "blocks": 1, "frames": 4}
WITH_PAN = {"bands": 2, "ratio": 4, "encoder": "trmisr", "sharpener": "pnn"}


def never():
    return False


def make_model(folder, network=HIGHRESNET, configuration=SMALL, pan=False, **card):
    """Write a model folder with weights that are not the zeros that training starts from, and return its card."""
    torch.manual_seed(1)
    module = build(network, configuration)
    state = {name: tensor + 0.05 * torch.randn(tensor.shape) for name, tensor in module.state_dict().items()}
    folder.mkdir(exist_ok=True)
    save_file(state, folder / "model.safetensors")
    module.load_state_dict(state)
    ratio = module.ratio
    revisits = {"role": "REVISITS", "bands": [{"name": "a"}, {"name": "b"}], "grid": "coarse", "max_count": 4}
    data = {
        "format": 1,
        "id": "net",
        "title": "Net",
        "method": "highresnet",
        "task": "multi_image_pansharpening" if pan else "super_resolution",
        "configuration": configuration,
        "inputs": [
            {**revisits, **card.pop("revisits", {})},
            *([{"role": "PAN", "bands": [{"name": "PAN"}]}] if pan else []),
        ],
        "output": {"bands": 2, "residual_of": "back_projection"},
        "ratio": {"min": ratio, "max": ratio},
        "halo": module.halo,
        "window": {"multiple": module.multiple},
        "global_context": {"yes": module.global_context},
        "licence": "MIT",
        **card,
    }
    return write_card(folder, data, "safetensors"), module.eval()


def write_card(folder, data, kind):
    digest = hashlib.sha256((folder / f"model.{kind}").read_bytes()).hexdigest()
    data = {**data, "files": [{"name": f"model.{kind}", "sha256": digest}]}
    (folder / "card.json").write_text(json.dumps(data), encoding="utf-8")
    return ModelCard.load(folder)


def opened(card, network=HIGHRESNET):
    return open_network(card, network, "cpu", 1, False, lambda text: None)


def images(card, rows, columns, items=3, batch=1):
    """Random images for all that a card's network gets, of so many coarse rows and columns."""
    random, made = np.random.default_rng(4), {}
    ratio = round(card.ratio[0])
    for item in network_inputs(card):
        several = () if item.items is None else (items,)
        shape = (batch, *several, item.bands, rows * ratio // item.factor, columns * ratio // item.factor)
        values = random.standard_normal(shape, np.float32)
        made[item.name] = (values > -1).astype(np.float32) if item.name == "masks" else values
    return made


def answer_of(module, given):
    with torch.no_grad():
        return module(**{name: torch.from_numpy(value) for name, value in given.items()}).numpy()


def test_what_networks_get(tmp_path):
    card, _ = make_model(tmp_path, SATFUSION, WITH_PAN, pan=True)
    inputs = {item.name: (item.bands, item.factor, item.items) for item in network_inputs(card)}
    assert inputs == {"revisits": (2, 4, 1), "masks": (1, 4, 1), "base": (2, 1, None), "pan": (1, 1, None)}
    assert network_multiple(card) == 4
    plain = write_card(
        tmp_path,
        {
            **card.data,
            "inputs": [{**card.data["inputs"][0], "masks": False, "min_count": 8, "max_count": 8}],
            "output": {"bands": 2},
            "window": {"multiple": 6},
        },
        "safetensors",
    )
    assert [(item.name, item.items) for item in network_inputs(plain)] == [("revisits", 8)]
    assert network_multiple(plain) == 12


@pytest.mark.parametrize("items", [1, 3, 4])
def test_the_answer_is_that_of_the_plain_network(tmp_path, items):
    card, module = make_model(tmp_path)
    given = images(card, 20, 17, items, batch=2)
    answer = opened(card)(given, never)["output"]
    assert answer.shape == (2, 2, 60, 51)
    np.testing.assert_allclose(answer, answer_of(module, given), atol=1e-5)


def test_satfusion_gets_pan(tmp_path):
    card, module = make_model(tmp_path, SATFUSION, WITH_PAN, pan=True)
    given = images(card, 12, 15)
    answer = opened(card, SATFUSION)(given, never)["output"]
    np.testing.assert_allclose(answer, answer_of(module, given), atol=1e-5)
    assert np.abs(answer - answer_of(module, {**given, "pan": 2 * given["pan"]})).max() > 1e-3


def test_a_network_without_masks_and_base(tmp_path):
    configuration = {**SMALL, "published": True}
    item = {"masks": False, "min_count": 4}
    card, module = make_model(tmp_path, configuration=configuration, revisits=item, output={"bands": 2})
    given = images(card, 16, 16, items=4)
    assert list(given) == ["revisits"]
    answer = opened(card)(given, never)["output"]
    np.testing.assert_allclose(answer, answer_of(module, given), atol=1e-5)


class Limited(Backend):
    """A network that has memory for so many fine pixels."""

    title, device = "limited", "cuda:0"

    def __init__(self, module, limit):
        self.module, self.limit, self.sizes = module, limit, []

    def run(self, inputs, cancelled):
        rows, columns = inputs["base"].shape[-2:]
        if rows * columns > self.limit:
            raise OutOfMemoryError
        self.sizes.append((rows, columns))
        return {"output": answer_of(self.module, inputs)}

    def close(self):
        pass


@pytest.mark.parametrize("pan", [False, True])
def test_parts_give_what_the_whole_does(tmp_path, pan):
    network, configuration = (SATFUSION, WITH_PAN) if pan else (HIGHRESNET, SMALL)
    card, module = make_model(tmp_path, network, configuration, pan)
    given, said = images(card, 110, 60, items=2), []
    rows, columns = (ratio * module.ratio for ratio in (110, 60))
    limited = Limited(module, rows * columns * 0.7)
    answer = FrugalNetwork(limited, None, card, said.append)(given, never)["output"]
    assert len(limited.sizes) > 1 and "windows are cut to" in said[-1]
    # Within the halo of the image's own border, parts and whole both see what was given alone.
    np.testing.assert_allclose(answer, answer_of(module, given), atol=2e-5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ratio": {"min": 2, "max": 2}}, "says a ratio of 2, but the network's is 3"),
        ({"revisits": {"max_count": 9}}, "says up to 9 revisits, but the network takes 4"),
        ({"revisits": {"max_count": None}}, "says any number of revisits, but the network takes 4"),
        ({"configuration": {**SMALL, "bands": 3}}, "lists 2 bands, but its configuration is for 3"),
        ({"halo": 3}, "says a halo of 3, but the network's is"),
        ({"window": {"multiple": 4}}, "says a multiple of 4, but the network's is 3"),
    ],
)
def test_cards_that_lie(tmp_path, changes, said):
    card, _ = make_model(tmp_path)
    data = dict(card.data)
    item = {**data["inputs"][0], **changes.pop("revisits", {})}
    lying = write_card(tmp_path, {**data, "inputs": [item], **changes}, "safetensors")
    with pytest.raises(InputError, match=said):
        opened(lying)


def write_graph(folder, reach=1):
    """A graph that adds to the base what differs between the first frame's mean around a pixel and its own value."""
    helper, float32 = onnx.helper, onnx.TensorProto.FLOAT
    side = 2 * reach + 1
    box = np.full((1, 1, side, side), 1 / side**2, np.float32)
    box[0, 0, reach, reach] -= 1
    constants = {
        "box": np.repeat(box, 2, axis=0),
        "first": np.array(0, np.int64),
        "scales": np.array([1, 1, 3, 3], np.float32),
    }
    nodes = [
        helper.make_node("Gather", ["revisits", "first"], ["frame"], axis=1),
        helper.make_node("Conv", ["frame", "box"], ["detail"], group=2, pads=[reach] * 4),
        helper.make_node("Resize", ["detail", "", "scales"], ["fine"], mode="nearest"),
        helper.make_node("Add", ["base", "fine"], ["output"]),
    ]

    def tensor(name, *shape):
        return helper.make_tensor_value_info(name, float32, shape)

    inputs = [
        tensor("revisits", "batch", "items", 2, "rows", "columns"),
        tensor("masks", "batch", "items", 1, "rows", "columns"),
        tensor("base", "batch", 2, "fine_rows", "fine_columns"),
    ]
    outputs = [tensor("output", "batch", 2, "fine_rows", "fine_columns")]
    weights = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "network", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.save(model, folder / "model.onnx")


def test_a_graph(tmp_path):
    card, _ = make_model(tmp_path, halo=3, window={"multiple": 3})
    write_graph(tmp_path)
    card = write_card(tmp_path, dict(card.data), "onnx")
    given = images(card, 10, 12)
    answer = opened(card)(given, never)["output"]
    frame = np.pad(given["revisits"][0, 0], ((0, 0), (1, 1), (1, 1)))
    mean = sum(frame[:, row : row + 10, column : column + 12] for row in range(3) for column in range(3)) / 9
    detail = (mean - given["revisits"][0, 0]).repeat(3, axis=1).repeat(3, axis=2)
    np.testing.assert_allclose(answer[0], given["base"][0] + detail, atol=1e-5)


def test_graphs_that_are_not_those_of_the_card(tmp_path):
    card, _ = make_model(tmp_path, halo=3, window={"multiple": 3})
    write_graph(tmp_path, reach=2)
    with pytest.raises(InputError, match="sees farther than the halo of 3"):
        opened(write_card(tmp_path, dict(card.data), "onnx"))
    without = {**card.data, "output": {"bands": 2}}
    with pytest.raises(InputError, match="has the inputs base, masks, revisits; its card wants masks, revisits"):
        opened(write_card(tmp_path, without, "onnx"))


@pytest.mark.parametrize(("method", "stages"), [("satfusion", 2), ("satfusion_star", 1)])
def test_the_choices_are_the_networks_there_are(method, stages):
    from satfusion_qgis.catalogue import CATALOGUE
    from satfusion_qgis.engine.networks.satfusion.satfusion import ENCODERS, NO_SHARPENER, SHARPENERS

    found = {item.name: item for item in CATALOGUE.method("multi_image_pansharpening", method).parameters}
    assert ("ENCODER" in found) == (stages == 2)
    for name, known in (("ENCODER", ENCODERS), ("SHARPENER", [*SHARPENERS, NO_SHARPENER])):
        if name in found:
            assert set(found[name].choices) == {"any", *known} and len(found[name].choice_titles) == len(known) + 1


def test_convolutions_in_three_dimensions(tmp_path):
    network = "engine.networks.super_resolution.rams:RAMS"
    configuration = {"bands": 2, "ratio": 2, "hidden": 8, "width": 8, "frames": 4}
    card, module = make_model(tmp_path, network, configuration)
    given = images(card, 16, 20)
    answer = opened(card, network)(given, never)["output"]
    np.testing.assert_allclose(answer, answer_of(module, given), atol=1e-5)
