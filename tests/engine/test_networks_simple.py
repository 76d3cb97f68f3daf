"""The pansharpening networks made of plain convolutions: shapes, halo, sizes, independent truths, checkpoints, ONNX."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
import torch

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.networks.convolutions import reach, same
from satfusion_qgis.engine.networks.pansharpening.dicnn import DiCNN
from satfusion_qgis.engine.networks.pansharpening.drpnn import DRPNN
from satfusion_qgis.engine.networks.pansharpening.fusionnet import FusionNet
from satfusion_qgis.engine.networks.pansharpening.msdcnn import MSDCNN
from satfusion_qgis.engine.networks.pansharpening.pannet import PanNet
from satfusion_qgis.engine.networks.pansharpening.pnn import PNN
from satfusion_qgis.tasks.errors import InputError
from scripts import parity
from tests.engine import reference_networks

SATFUSION_PANNET = {"width": 64, "depth": 2, "kernels": (9, 5, 5), "last_width": 32, "high_pass": False}
NETWORKS = {
    "pnn": (PNN, {}),
    "pnn-zeros": (PNN, {"padding": "zeros"}),
    "pannet": (PanNet, {}),
    "pannet-satfusion": (PanNet, SATFUSION_PANNET),
    "pannet-ratio-2": (PanNet, {"ratio": 2.0, "width": 8}),
    "dicnn": (DiCNN, {}),
    "drpnn": (DRPNN, {}),
    "fusionnet": (FusionNet, {}),
    "msdcnn": (MSDCNN, {}),
    "msdcnn-relu": (MSDCNN, {"final_relu": True}),
    "small-pnn": (PNN, {"widths": (8, 5), "kernels": (5, 3, 1)}),
    "small-pannet": (PanNet, {"width": 6, "depth": 1, "last_width": 4, "ratio": 1.0}),
    "small-dicnn": (DiCNN, {"width": 8, "depth": 5}),
    "small-drpnn": (DRPNN, {"width": 4, "blocks": 2, "kernel": 3}),
    "small-fusionnet": (FusionNet, {"width": 4, "blocks": 1, "kernel": 5}),
    "small-msdcnn": (MSDCNN, {"deep_width": 6, "shallow_width": 4}),
}
HALOS = {  # counted by hand: half kernels along the longest way
    "pnn": 4 + 2 + 2,
    "pnn-zeros": 4 + 2 + 2,
    "pannet": 10 + 1 + 4 * 2 + 1,
    "pannet-satfusion": 4 + 2 * 4 + 2,
    "pannet-ratio-2": 5 + 1 + 4 * 2 + 1,
    "dicnn": 3,
    "drpnn": 3 * 11,
    "fusionnet": 1 + 4 * 2 + 1,
    "msdcnn": 3 + 3 + 1 + 3 + 2,
    "msdcnn-relu": 3 + 3 + 1 + 3 + 2,
    "small-pnn": 2 + 1,
    "small-pannet": 2 + 1 + 2 + 1,
    "small-dicnn": 5,
    "small-drpnn": 5,
    "small-fusionnet": 2 * 4,
    "small-msdcnn": 12,
}
ADDS_MS = (PanNet, DiCNN, FusionNet)
every_network = pytest.mark.parametrize("name", NETWORKS)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def network_called(name, bands=3, **more):
    torch.manual_seed(1)
    kind, settings = NETWORKS[name]
    return kind(bands, **{**settings, **more}).eval()


def images(bands, rows, columns, batch=1, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand((batch, count, rows, columns), generator=generator, dtype=dtype) for count in (bands, 1)]


def always_active(network):
    """Make every ReLU pass its input: positive weights, large biases; then no path from input to output is cut."""
    for name, parameter in network.named_parameters():
        parameter.data = parameter.data.abs() + (100.0 if name.endswith("bias") else 0.01)
    return network.double()


@every_network
@pytest.mark.parametrize("bands", [1, 3, 4, 8])
@torch.no_grad()
def test_output_has_the_shape_of_ms(name, bands):
    network = network_called(name, bands)
    for batch, rows, columns in ((2, 21, 34), (1, 1, 1), (1, 3, 50)):
        ms, pan = images(bands, rows, columns, batch)
        output = network(ms, pan)
        assert output.shape == network.detail(ms, pan).shape == ms.shape
        assert torch.isfinite(output).all()


@every_network
@torch.no_grad()
def test_detail_is_what_is_added_to_ms(name):
    network = network_called(name)
    ms, pan = images(3, 20, 23)
    skip = ms if isinstance(network, ADDS_MS) else 0.0
    expected = skip + network.detail(ms, pan)
    if name == "msdcnn-relu":
        assert (expected < 0).any()
        expected = expected.clamp(min=0.0)
    torch.testing.assert_close(network(ms, pan), expected, rtol=0, atol=0)


@every_network
@torch.no_grad()
def test_halo_is_as_far_as_a_pixel_is_seen_and_no_farther(name):
    network = always_active(network_called(name, bands=2))
    halo = network.halo
    assert halo == HALOS[name]
    assert network.multiple == 1 and network.global_context is False
    for axis in (0, 1):
        size, centre = [9, 9], [4, 4]
        size[axis], centre[axis] = 2 * halo + 7, halo + 3
        ms, pan = images(2, *size, dtype=torch.float64)
        before = network(ms, pan)[0, :, centre[0], centre[1]]
        for offset, seen in ((-halo - 1, False), (-halo, True), (halo, True), (halo + 1, False)):
            row, column = (centre[i] + offset * (i == axis) for i in (0, 1))
            changed = [image.clone() for image in (ms, pan)]
            for image in changed:  # unlike amounts, so that a difference of both does not cancel
                image[0, :, row, column] += 1e3 * (1 + image.shape[1])
            after = network(*changed)[0, :, centre[0], centre[1]]
            assert bool((after != before).any()) == seen, (axis, offset)


@every_network
@torch.no_grad()
def test_a_tile_with_its_halo_equals_the_whole(name):
    network = network_called(name, bands=2)
    halo = network.halo
    rows, columns = 2 * halo + 19, 2 * halo + 26
    ms, pan = images(2, rows, columns)
    whole = network(ms, pan)
    top, left, height, width = halo + 3, halo + 5, 11, 9
    window = (..., slice(top - halo, top + height + halo), slice(left - halo, left + width + halo))
    tile = network(ms[window], pan[window])[..., halo : halo + height, halo : halo + width]
    torch.testing.assert_close(tile, whole[..., top : top + height, left : left + width], rtol=0, atol=2e-6)


@every_network
@torch.no_grad()
def test_images_of_a_batch_do_not_affect_each_other(name):
    network = network_called(name)
    ms, pan = images(3, 18, 25, batch=3)
    alone = torch.cat([network(ms[i : i + 1], pan[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(network(ms, pan), alone, rtol=0, atol=2e-6)


@pytest.mark.parametrize(
    ("name", "bands", "expected"),
    [
        ("pnn-zeros", 3, 74_435),
        ("pnn", 4, 80_420),
        ("pnn", 8, 104_360),
        ("pannet-satfusion", 3, 307_075),
        ("dicnn", 4, 42_180),
        ("dicnn", 8, 46_792),
        ("drpnn", 4, 418_365),
        ("drpnn", 8, 433_465),
        ("fusionnet", 4, 76_324),
        ("fusionnet", 8, 78_632),
        ("msdcnn", 4, 189_852),
        ("msdcnn", 8, 228_556),
        # (bands + 1) x 32 x 9 + 32, eight of 32 x 32 x 9 + 32, 32 x bands x 9 + bands
        ("pannet", 4, 5 * 288 + 32 + 8 * 9248 + 4 * 289),
    ],
)
def test_number_of_parameters(name, bands, expected):
    assert sum(parameter.numel() for parameter in network_called(name, bands).parameters()) == expected


@pytest.mark.parametrize("scale", [1e-4, 30.0])
@torch.no_grad()
def test_pannet_adds_nothing_where_there_are_no_high_frequencies(scale):
    network = network_called("pannet")
    for layer in network.modules():
        if getattr(layer, "bias", None) is not None:
            layer.bias.zero_()
    ms, pan = torch.full((1, 3, 15, 60), scale), torch.full((1, 1, 15, 60), 2 * scale)
    torch.testing.assert_close(network(ms, pan), ms, rtol=1e-5, atol=0)


@torch.no_grad()
def test_pannet_sees_neither_an_offset_of_ms_nor_of_pan():
    network = network_called("pannet").double()
    ms, pan = images(3, 50, 47, dtype=torch.float64)
    torch.testing.assert_close(network.detail(ms + 5.0, pan - 3.0), network.detail(ms, pan), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("ratio", "side"), [(1, 5), (2, 11), (3, 15), (4, 21), (3.9, 19)])
def test_box_of_pannet_covers_five_ms_pixels(ratio, side):
    network = PanNet(3, ratio=ratio)
    assert (network.pan_box, network.ms_box) == (5, side)
    assert abs(side - 5 * ratio) <= 1


@torch.no_grad()
def test_high_pass_of_pannet_follows_numpy():
    network = network_called("pannet", ratio=2.0).double()
    seen = []
    network.first.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    ms, pan = images(3, 9, 14, dtype=torch.float64)
    network(ms, pan)
    expected = np.concatenate(
        [reference_networks.high_pass(image[0].numpy(), side) for image, side in ((ms, 11), (pan, 5))]
    )
    np.testing.assert_allclose(seen[0][0].numpy(), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: PNN(3, padding="reflect"), "padding"),
        (lambda: PNN(3, widths=(64,)), "2 widths"),
        (lambda: PNN(3, kernels=(9, 4, 5)), "odd"),
        (lambda: PNN(0), "1 or more bands"),
        (lambda: PanNet(3, depth=0), "depth"),
        (lambda: PanNet(3, kernels=(3, 3)), "3 kernels"),
        (lambda: PanNet(3, ratio=0.5), "ratio"),
        (lambda: PanNet(3, box=4), "odd box"),
        (lambda: DiCNN(3, depth=1), "depth"),
        (lambda: MSDCNN(3, deep_width=50), "deep_width"),
        (lambda: MSDCNN(3, shallow_width=3), "shallow_width"),
    ],
)
def test_settings_out_of_range_are_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_reach_counts_half_kernels_along_a_chain():
    assert reach(same(1, 2, 9), torch.nn.Sequential(same(2, 2, 1), torch.nn.ReLU(), same(2, 2, 3))) == 5
    assert reach(torch.nn.Conv2d(1, 1, 3, dilation=4)) == 4


def test_dicnn_starts_with_the_variance_of_its_fan_in_and_without_biases():
    layer = DiCNN(8, width=128).layers[1]
    assert (
        abs(float(layer.weight.detach().std()) * (128 * 9) ** 0.5 - 0.88) < 0.02
    )  # cut at 2 standard deviations: 0.8796
    assert float(layer.bias.detach().abs().max()) == 0.0


# Official checkpoints.


def official_layers(family, bands):
    """The convolutions of an official state dict, by name: (outputs, inputs, kernel), written out from the papers."""
    both = bands + 1
    return {
        "satfusion.pnn": {"conv1": (64, both, 9), "conv2": (32, 64, 5), "conv3": (bands, 32, 5)},
        "dlpan.pnn": {"conv1": (64, both, 9), "conv2": (32, 64, 5), "conv3": (bands, 32, 5)},
        "satfusion.pannet": {
            "conv1": (64, both, 9),
            "res_block1.conv1": (64, 64, 5),
            "res_block1.conv2": (64, 64, 5),
            "res_block2.conv1": (32, 64, 5),
            "res_block2.conv2": (32, 32, 5),
            "res_block2.shortcut.0": (32, 64, 1),
            "conv3": (bands, 32, 5),
        },
        "dlpan.dicnn": {"conv1": (64, both, 3), "conv2": (64, 64, 3), "conv3": (bands, 64, 3)},
        "dlpan.drpnn": {
            "conv1": (32, both, 7),
            "conv2": (both, 32, 7),
            "conv3": (bands, both, 7),
            **{f"backbone.{number}.conv2": (32, 32, 7) for number in range(8)},
        },
        "dlpan.fusionnet": {
            "conv1": (32, bands, 3),
            "conv3": (bands, 32, 3),
            **{f"res{block}.conv2{part}": (32, 32, 3) for block in range(1, 5) for part in range(2)},
        },
        "dlpan.msdcnn": {
            "conv1": (60, both, 7),
            **{f"conv2_{number}": (20, 60, kernel) for number, kernel in ((1, 3), (2, 5), (3, 7))},
            "conv3": (30, 60, 3),
            **{f"conv4_{number}": (10, 30, kernel) for number, kernel in ((1, 3), (2, 5), (3, 7))},
            "conv5": (bands, 30, 5),
            "shallow1": (64, both, 9),
            "shallow2": (32, 64, 1),
            "shallow3": (bands, 32, 5),
        },
    }[family]


FAMILIES = sorted(name for name, module in checkpoints.MODULES.items() if module in NETWORKS)
every_family = pytest.mark.parametrize("family", FAMILIES)


def official_state(family, bands, seed=0):
    state = {}
    for layer, (outputs, inputs, kernel) in official_layers(family, bands).items():
        for name, shape in (("weight", (outputs, inputs, kernel, kernel)), ("bias", (outputs,))):
            state[f"{layer}.{name}"] = torch.from_numpy(parity.fill(f"{layer}.{name}", shape, seed))
    if family == "dlpan.fusionnet":
        for key in [key for key in state if key.startswith("res")]:
            state[f"backbone.{int(key[3]) - 1}{key[4:]}"] = state[key]
    return state


def official_config(family, bands):
    if family.startswith("dlpan."):
        return {"spectral_num": bands}
    return {"in_channels": bands + 1, "n1": 64, "n2": 32, "f1": 9, "f2": 5, "f3": 5}


@every_family
@pytest.mark.parametrize("bands", [3, 4, 8])
@torch.no_grad()
def test_a_checkpoint_without_its_configuration_gives_the_same_network(family, bands):
    entry = checkpoints.family(family)
    state = official_state(family, bands)
    translated = entry.translate(state)
    built = entry.build(official_config(family, bands))
    configuration = json.loads(json.dumps(entry.configuration(state)))  # as it stands on a card
    kind = NETWORKS[entry.method][0]
    imported = kind(**configuration)
    for network in (built, imported):
        network.load_state_dict(translated, strict=True)
    ms, pan = images(bands, 24, 31)
    torch.testing.assert_close(imported.eval()(ms, pan), built.eval()(ms, pan), rtol=0, atol=0)
    assert configuration["bands"] == bands


@every_family
def test_a_checkpoint_of_another_network_is_refused(family):
    entry = checkpoints.family(family)
    state = official_state(family, 4)
    with pytest.raises(InputError, match="extra"):
        entry.translate({**state, "extra.weight": torch.zeros(1)})
    with pytest.raises(InputError, match="another network"):
        entry.configuration({"fc.weight": torch.zeros(1)})
    with pytest.raises(InputError, match="another network"):
        entry.configuration({key: tensor.reshape(-1) for key, tensor in state.items()})


@every_family
def test_a_configuration_without_its_bands_is_refused(family):
    with pytest.raises(InputError, match=r"spectral_num|in_channels"):
        checkpoints.family(family).build({})


def test_an_unknown_family_is_refused():
    with pytest.raises(InputError, match=r"nothing\.pnn"):
        checkpoints.family("nothing.pnn")


@pytest.mark.parametrize("family", ["satfusion.pnn", "dlpan.pnn", "dlpan.dicnn", "dlpan.fusionnet"])
@pytest.mark.parametrize("bands", [3, 4])
@torch.no_grad()
def test_an_imported_checkpoint_follows_numpy(family, bands):
    entry = checkpoints.family(family)
    state = official_state(family, bands, seed=4)
    network = entry.build(official_config(family, bands)).eval()
    network.load_state_dict(entry.translate(state))
    size = (13, 22) if family == "satfusion.pnn" else (5, 8)
    ms, pan = parity.make_input("ms", (2, bands, *size), 2), parity.make_input("pan", (2, 1, 13, 22), 2)
    ours = entry.call(network, {"ms": torch.from_numpy(ms), "pan": torch.from_numpy(pan)})["output"]
    weights = {key: tensor.numpy() for key, tensor in state.items()}
    for image in range(2):
        large, fine = reference_networks.enlarge(ms[image].astype(float), 13, 22), pan[image].astype(float)
        if family.endswith("pnn"):
            padding = "zeros" if family.startswith("satfusion") else "replicate"
            expected = reference_networks.pnn(large, fine, weights, padding)
        elif family == "dlpan.dicnn":
            expected = reference_networks.dicnn(large, fine, weights)
        else:
            expected = reference_networks.fusionnet(large, fine, weights)
        np.testing.assert_allclose(ours[image].numpy(), expected, rtol=0, atol=5e-6)


# ONNX.


@pytest.mark.parametrize(
    "name", ["pnn", "pnn-zeros", "pannet", "pannet-satfusion", "dicnn", "drpnn", "fusionnet", "msdcnn", "msdcnn-relu"]
)
@torch.no_grad()
def test_onnx_equals_torch_at_other_sizes_than_the_traced_one(name, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    network = network_called(name, 4)
    axes = {0: torch.export.Dim("batch"), 2: torch.export.Dim("height"), 3: torch.export.Dim("width")}
    path = tmp_path / "network.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own parts
        program = torch.onnx.export(
            network,
            tuple(images(4, 24, 20, batch=2)),
            dynamo=True,
            opset_version=20,
            input_names=["ms", "pan"],
            output_names=["output"],
            dynamic_shapes={"ms": axes, "pan": axes},
            verbose=False,
        )
    program.save(path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    assert [entry.name for entry in session.get_inputs()] == ["ms", "pan"]
    for batch, rows, columns in ((2, 24, 20), (1, 5, 7), (3, 47, 33), (1, 1, 40)):
        ms, pan = images(4, rows, columns, batch, seed=3)
        (output,) = session.run(["output"], {"ms": ms.numpy(), "pan": pan.numpy()})
        np.testing.assert_allclose(output, network(ms, pan).numpy(), rtol=0, atol=1e-5)
