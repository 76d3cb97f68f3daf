"""U2Net: shapes, sizes, attention against numpy, memory, halo, checkpoints, training, ONNX."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.networks.edges import lengthen
from satfusion_qgis.engine.networks.pansharpening import u2net
from satfusion_qgis.engine.networks.pansharpening.u2net import SpatialSpectralBlock, U2Net
from satfusion_qgis.tasks.errors import InputError
from scripts import parity

every_family = pytest.mark.parametrize("family", ["satfusion.u2net", "dlpan.u2net"])


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def network_with(bands=3, **settings):
    torch.manual_seed(1)
    return U2Net(bands, **settings).eval()


def images(bands, rows, columns, batch=1, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand((batch, count, rows, columns), generator=generator, dtype=dtype) for count in (bands, 1)]


@pytest.mark.parametrize("bands", [1, 3, 4, 8])
@torch.no_grad()
def test_output_has_the_shape_of_ms_and_is_ms_plus_the_detail(bands):
    network = network_with(bands, dim=16)
    for batch, rows, columns in ((2, 21, 34), (1, 1, 1), (1, 3, 50), (1, 16, 20)):
        ms, pan = images(bands, rows, columns, batch)
        output = network(ms, pan)
        assert output.shape == ms.shape and torch.isfinite(output).all()
        torch.testing.assert_close(output - ms, network.detail(ms, pan), rtol=0, atol=1e-6)


@torch.no_grad()
def test_the_same_twice_and_alone_as_in_a_batch():
    network = network_with()
    ms, pan = images(3, 18, 25, batch=3)
    output = network(ms, pan)
    assert torch.equal(output, network(ms, pan))
    alone = torch.cat([network(ms[i : i + 1], pan[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(output, alone, rtol=0, atol=2e-6)


@torch.no_grad()
def test_edges_are_repeated_up_to_a_multiple_of_4_and_cut_again():
    network = network_with()
    ms, pan = images(3, 21, 34)
    padded = [torch.from_numpy(np.pad(x.numpy(), ((0, 0), (0, 0), (0, 3), (0, 2)), mode="edge")) for x in (ms, pan)]
    torch.testing.assert_close(network(ms, pan), network(*padded)[..., :21, :34], rtol=0, atol=0)
    for multiple, least in ((1, 0), (8, 0), (8, 64)):
        assert torch.equal(lengthen(ms, 2, multiple, least)[..., :21, :], ms)
    assert (
        lengthen(ms, 2, 1).shape[2] == 21
        and lengthen(ms, 2, 8).shape[2] == 24
        and lengthen(ms, 3, 8, 64).shape[3] == 64
    )


# bands: official parameters, by the published code.
@pytest.mark.parametrize(("bands", "official"), [(3, 631_203), (4, 632_788), (8, 642_008)])
def test_number_of_parameters_is_the_official_one_less_what_never_runs(bands, official):
    never_run = [nn.Conv2d(bands, 16 * bands, 3, bias=False)]  # the enlarger, 4 x 4 times as many pixels
    for width in (32, 64):  # down by maxima, and a second way up
        never_run += [nn.Conv2d(width, 2 * width, 1), nn.Conv2d(2 * width, 2 * width, 3, groups=2 * width)]
        never_run += [nn.ConvTranspose2d(2 * width, 2 * width, 2), nn.Conv2d(2 * width, width, 1)]
        never_run += [nn.Conv2d(width, width, 3, groups=width)]
    count = sum(p.numel() for p in U2Net(bands).parameters())
    assert count == official - sum(p.numel() for layer in never_run for p in layer.parameters())


# The attention.


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


@torch.no_grad()
@pytest.mark.parametrize("how", [u2net.attention, u2net._attention_by_parts])
def test_attention_is_a_softmax_over_all_pixels(how, monkeypatch):
    monkeypatch.setattr(u2net, "QUERIES_AT_ONCE", 16)  # 35 pixels take three parts, the last not full
    q, k, v = (torch.randn(2, 3, 35, 4, dtype=torch.float64) for _ in range(3))
    expected = softmax(np.einsum("bhid,bhjd->bhij", q, k) * 0.7) @ v.numpy()
    np.testing.assert_allclose(how(q, k, v, 0.7).numpy(), expected, rtol=0, atol=1e-12)


@torch.no_grad()
def test_block_follows_numpy():
    """A block written out pixel by pixel and head by head, with its own layer norm, from its weights."""
    torch.manual_seed(3)
    block = SpatialSpectralBlock(8, 4, 0.5).double()
    for parameter in block.parameters():
        parameter.copy_(torch.randn_like(parameter))
    weights = {name: parameter.numpy() for name, parameter in block.named_parameters()}
    spectral, spatial = (torch.randn(1, 8, 5, 6, dtype=torch.float64) for _ in range(2))

    def norm(tokens, layer):
        centred = tokens - tokens.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5)
        return scaled * weights[f"{layer}.weight"] + weights[f"{layer}.bias"]

    x, y = (image[0].numpy().reshape(8, 30).T for image in (spectral, spatial))
    normed_x, normed_y = norm(x, "norm"), norm(y, "norm")
    product = np.empty((30, 8))
    for head in (slice(0, 4), slice(4, 8)):
        a1, a2 = (normed_y @ weights[f"spatial_{name}.weight"][head].T for name in ("query", "key"))
        e1, e2 = (normed_x @ weights[f"spectral_{name}.weight"][head].T for name in ("query", "key"))
        among_pixels = softmax(a1 @ a2.T / 2) @ e1
        among_channels = a1 @ softmax(e1.T @ e2 / 2 / (30 / 4))
        product[:, head] = among_pixels * among_channels
    x = x + product @ weights["merge.weight"].T + weights["merge.bias"]
    hidden = norm(x, "perceptron.0") @ weights["perceptron.1.weight"].T + weights["perceptron.1.bias"]
    hidden = np.where(hidden < 0, 0.01 * hidden, hidden)
    x = x + hidden @ weights["perceptron.3.weight"].T + weights["perceptron.3.bias"]
    np.testing.assert_allclose(block(spectral, spatial)[0].numpy(), x.T.reshape(8, 5, 6), rtol=0, atol=1e-10)


def test_attention_never_holds_the_map_of_all_pixels():
    pixels = 64 * 64  # whose map would take 67 MB for each of the two heads
    q = torch.randn(1, 2, pixels, 16)
    with torch.no_grad(), torch.profiler.profile(profile_memory=True) as profile:
        u2net.attention(q, q, q, 0.25)
    most = max(event.cpu_memory_usage for event in profile.key_averages())
    assert 0 < most < 8e6


def test_half_precision_neither_overflows_nor_vanishes():
    network = network_with(dim=16)
    ms, pan = images(3, 64, 64)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        half = network(ms, pan)
    with torch.no_grad():
        assert float((half - network(ms, pan)).abs().max()) < 0.02
    tokens = torch.randn(1, 256 * 256, 16).half() * 8
    root = (16**0.5 / tokens.shape[1]) ** 0.5
    assert ((tokens * root).transpose(1, 2) @ (tokens * root)).isfinite().all()


@torch.no_grad()
def test_halo_is_what_the_convolutions_see(monkeypatch):
    """With both attentions replaced by sums, a pixel's reach is the halo, whatever its place in a 4 x 4 block."""
    monkeypatch.setattr(SpatialSpectralBlock, "_attend", lambda self, x, y: x + y)
    network = network_with(2, dim=16).double()
    ms, pan = images(2, 84, 84, dtype=torch.float64)
    before, farthest = network(ms, pan), 0
    for centre in range(40, 44):
        changed = [image.clone() for image in (ms, pan)]
        for image in changed:
            image[..., centre, centre] += 1
        seen = (network(*changed) != before).any(1)[0].nonzero() - centre
        farthest = max(farthest, int(seen.abs().max()))
    assert farthest == network.halo == 33
    assert network.multiple == 4 and network.global_context is True


@torch.no_grad()
def test_every_pixel_depends_on_the_whole_image():
    network = network_with(dim=16).double()
    ms, pan = images(3, 48, 48, dtype=torch.float64)
    before = network(ms, pan)
    pan[..., 0, 0] += 1
    assert (network(ms, pan) != before).any(1)[0, 40:, 40:].all()


def test_training_lowers_the_loss_and_reaches_every_weight():
    torch.manual_seed(0)
    network = U2Net(4, dim=16)
    ms, pan = images(4, 18, 20, batch=2)
    target = ms + 0.3 * pan
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    losses = []
    for _ in range(4):
        loss = nn.functional.mse_loss(network(ms, pan), target)
        optimiser.zero_grad()
        loss.backward()
        assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
        if not losses:
            assert all(float(p.grad.abs().max()) > 0 for p in network.parameters())
        optimiser.step()
        losses.append(loss.item())
    assert losses[1] < losses[0] and losses[-1] < losses[0]


@pytest.mark.parametrize("settings", [{"dim": 40}, {"dim": 0}, {"dim_head": 0}])
def test_heads_that_do_not_fit_are_refused(settings):
    with pytest.raises(InputError, match="dim_head"):
        U2Net(3, **settings)


# Checkpoints.


def official_shapes(bands, dim=32):
    """The official state dict's keys and shapes, as the published code builds it with these sizes."""
    shapes = {
        "upsample.upsamle.0.weight": (16 * bands, bands, 3, 3),
        **conv("raise_ms_dim.0", dim, bands),
        **conv("raise_pan_dim.0", dim, 1),
        **conv("to_hrms.0", dim, dim),
        **conv("to_hrms.2", bands, dim),
    }
    for level, width in enumerate((dim, 2 * dim, 4 * dim, 2 * dim, dim)):
        block = f"s2block{level}.layers.0"
        for key in ("0.fn.norm", "1.fn.norm"):
            shapes.update({f"{block}.{key}.weight": (width,), f"{block}.{key}.bias": (width,)})
        for key in ("sa1", "sa2", "se1", "se2", "to_out.0"):
            shapes[f"{block}.0.fn.fn.{key}.weight"] = (width, width)
        shapes[f"{block}.0.fn.fn.to_out.0.bias"] = (width,)
        for key, outputs, inputs in (("net.0", width // 2, width), ("net.3", width, width // 2)):
            shapes.update(
                {f"{block}.1.fn.fn.{key}.weight": (outputs, inputs), f"{block}.1.fn.fn.{key}.bias": (outputs,)}
            )
        if level < 4:
            shapes.update(conv(f"resblock{level}.conv0", width // 2, width))
            shapes.update(conv(f"resblock{level}.conv1", width, width // 2))
    for level, width in ((0, dim), (1, 2 * dim)):
        for path, first in (("maxpool_conv", 1), ("conv", 2)):
            shapes.update(conv(f"down{level}.{path}.{first}", 2 * width, width, 1))
            shapes.update(conv(f"down{level}.{path}.{first + 1}", 2 * width, 1))
        shapes.update(conv(f"down{level}.conv.0", width, width, 2))
    for level, width in ((0, 2 * dim), (1, dim)):
        shapes.update(conv(f"up{level}.up0.0", 2 * width, 2 * width, 2))
        shapes.update(conv(f"up{level}.up0.2", width, 2 * width, 1))
        shapes.update(conv(f"up{level}.up0.3", width, 1))
        shapes.update({f"up{level}.up1.0.weight": (2 * width, width, 2, 2), f"up{level}.up1.0.bias": (width,)})
        shapes.update(conv(f"up{level}.conv", width, width))
    return shapes


def conv(layer, outputs, inputs, kernel=3):
    return {f"{layer}.weight": (outputs, inputs, kernel, kernel), f"{layer}.bias": (outputs,)}


def official_state(bands, dim=32):
    return {key: torch.from_numpy(parity.fill(key, shape, 5)) for key, shape in official_shapes(bands, dim).items()}


@every_family
@pytest.mark.parametrize(("bands", "dim"), [(3, 32), (4, 16), (8, 32)])
@torch.no_grad()
def test_a_checkpoint_without_its_configuration_gives_the_same_network(family, bands, dim):
    entry, state = checkpoints.family(family), official_state(bands, dim)
    sizes = {"dim": dim, "dim_head": 16, "se_ratio_mlp": 0.5, "se_ratio_rb": 0.5}
    built = entry.build({"spectral_num": bands, "ms_dim": bands, "pan_dim": 1, **sizes})
    configuration = json.loads(json.dumps(entry.configuration(state)))  # as it stands on a card
    imported = U2Net(**configuration)
    for network in (built, imported):
        network.load_state_dict(entry.translate(state), strict=True)
    assert configuration["bands"] == bands
    side = (5, 4) if family.startswith("dlpan") else (20, 16)
    inputs = dict(zip(("ms", "pan"), (images(bands, *side)[0], images(bands, 20, 16)[1])))
    output = entry.call(imported.eval(), inputs)["output"]
    assert output.shape == (1, bands, 20, 16)
    torch.testing.assert_close(output, entry.call(built.eval(), inputs)["output"], rtol=0, atol=0)


@every_family
def test_only_what_never_runs_is_dropped_and_strangers_are_refused(family):
    entry, state = checkpoints.family(family), official_state(4, 16)
    dropped = {"upsample.", "down0.maxpool_conv.", "down1.maxpool_conv.", "up0.up0.", "up1.up0."}
    kept = [key for key in state if not key.startswith(tuple(dropped))]
    translated = entry.translate(state)
    assert len(translated) == len(kept)
    assert {tensor.data_ptr() for tensor in translated.values()} == {state[key].data_ptr() for key in kept}
    with pytest.raises(InputError, match="extra"):
        entry.translate({**state, "extra.weight": torch.zeros(1)})
    for wrong in ({"fc.weight": torch.zeros(1)}, {key: value for key, value in state.items() if "net.0" not in key}):
        with pytest.raises(InputError, match="another network"):
            entry.configuration(wrong)
    with pytest.raises(InputError, match=r"ms_dim|spectral_num"):
        entry.build({})


# ONNX.


def exported(module, inputs, names, axes, path):
    """Export as it is done everywhere, and open the graph."""
    onnxruntime = pytest.importorskip("onnxruntime")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own parts
        torch.onnx.export(
            module,
            inputs,
            path,
            dynamo=True,
            opset_version=20,
            input_names=names,
            output_names=["output"],
            dynamic_shapes=axes,
            verbose=False,
        )
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


class Attention(nn.Module):
    def forward(self, query, key, value):
        return u2net.attention(query, key, value, 0.25)


@torch.no_grad()
def test_onnx_attends_in_a_loop_at_every_number_of_pixels(tmp_path):
    def qkv(batch, pixels):
        generator = torch.Generator().manual_seed(pixels)
        return tuple(torch.randn((batch, 2, pixels, 4), generator=generator) for _ in range(3))

    axes = {0: torch.export.Dim("batch"), 2: torch.export.Dim("pixels")}
    names = ["query", "key", "value"]
    path = tmp_path / "attention.onnx"
    session = exported(Attention(), qkv(2, 300), names, dict.fromkeys(names, axes), path)
    for batch, pixels in ((2, 300), (1, 7), (1, 256), (3, 600)):
        tensors = qkv(batch, pixels)
        (output,) = session.run(None, {name: tensor.numpy() for name, tensor in zip(names, tensors)})
        np.testing.assert_allclose(output, Attention()(*tensors).numpy(), rtol=0, atol=1e-5)


@pytest.mark.slow
@torch.no_grad()
def test_onnx_equals_torch_at_other_sizes_than_the_traced_one(tmp_path):
    network = network_with(4)
    axes = {0: torch.export.Dim("batch"), 2: torch.export.Dim("height"), 3: torch.export.Dim("width")}
    path = tmp_path / "network.onnx"
    session = exported(network, tuple(images(4, 30, 34, batch=2)), ["ms", "pan"], {"ms": axes, "pan": axes}, path)
    for batch, rows, columns in ((2, 30, 34), (1, 16, 20), (1, 5, 3), (3, 1, 40), (1, 61, 50)):
        ms, pan = images(4, rows, columns, batch, seed=3)
        (output,) = session.run(["output"], {"ms": ms.numpy(), "pan": pan.numpy()})
        np.testing.assert_allclose(output, network(ms, pan).numpy(), rtol=0, atol=1e-5)
