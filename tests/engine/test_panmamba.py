"""Pan-Mamba: its layer against the formulas in numpy, its shapes, its streams, its sizes and its training."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.networks.pansharpening.panmamba import CrossBlock, Mamba, PanMamba, SwapBlock
from satfusion_qgis.tasks.errors import InputError

SMALL = {"width": 8, "state": 3, "single": 1, "swap": 1, "cross": 1}
# What the official class also counts and never uses: three 1x1 convolutions in each encoder, a scale in each tokeniser.
UNUSED = 2 * (3 * (32 * 32 + 32) + 32)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


def images(bands, rows, columns, batch=1):
    return torch.rand(batch, bands, rows, columns), torch.rand(batch, 1, rows, columns)


def small(bands=3, **settings):
    return PanMamba(bands, **{**SMALL, **settings}).eval()


def silu(x):
    return x / (1 + np.exp(-x))


def gated(branch, tokens):
    """A Mamba layer up to its gate, step by step (Gu and Dao, 2023)."""
    weights = {name: tensor.detach().double().numpy() for name, tensor in branch.named_parameters()}
    inner, states = weights["A_log"].shape
    rank = weights["dt_proj.weight"].shape[1]
    u, gate = np.split(tokens @ weights["in_proj.weight"].T, 2, axis=1)
    kernel = weights["conv.weight"][:, 0]
    past = np.vstack((np.zeros((kernel.shape[1] - 1, inner)), u))
    y, h = np.zeros((len(tokens), inner)), np.zeros((inner, states))
    for t in range(len(tokens)):
        now = silu((past[t : t + kernel.shape[1]] * kernel.T).sum(axis=0) + weights["conv.bias"])
        selected = weights["x_proj.weight"] @ now
        dt, B, C = np.split(selected, (rank, rank + states))
        dt = np.log1p(np.exp(weights["dt_proj.weight"] @ dt + weights["dt_proj.bias"]))
        h = np.exp(-dt[:, None] * np.exp(weights["A_log"])) * h + np.outer(dt * now, B)
        y[t] = h @ C + weights["D"] * now
    return y * silu(gate)


def normed(tokens, norm):
    centred = tokens - tokens.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return scaled * norm.weight.detach().numpy() + norm.bias.detach().numpy()


def shaken(module):
    """The module with weights that are nowhere 0 or 1, so that nothing can be swapped unseen."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    return module.eval()


def test_layer_follows_the_formulas():
    layer = shaken(Mamba(8, 16, 3, 4))
    tokens = torch.randn(1, 90, 8)
    truth = gated(layer.branch, tokens[0].double().numpy()) @ layer.out_proj.weight.detach().double().numpy().T
    np.testing.assert_allclose(layer(tokens, 9)[0].detach().numpy(), truth, rtol=0, atol=2e-6)


def test_first_half_of_the_channels_is_exchanged():
    block = shaken(SwapBlock(8, 16, 3, 4))
    ms, pan, ms_before, pan_before = torch.randn(4, 1, 12, 8)
    outputs = [tensor[0].detach().numpy() for tensor in block(ms, pan, ms_before, pan_before, 3)]
    streams = [(a + b)[0].double().numpy() for a, b in ((ms, ms_before), (pan, pan_before))]
    a, b = normed(streams[0], block.ms_norm), normed(streams[1], block.pan_norm)
    mixed = np.hstack((b[:, :4], a[:, 4:])), np.hstack((a[:, :4], b[:, 4:]))
    for output, mamba, tokens in zip(outputs, (block.ms_mamba, block.pan_mamba), mixed):
        truth = gated(mamba.branch, tokens) @ mamba.out_proj.weight.detach().double().numpy().T
        np.testing.assert_allclose(output, truth, rtol=0, atol=1e-5)
    for output, stream in zip(outputs[2:], streams):
        np.testing.assert_allclose(output, stream, rtol=0, atol=1e-6)


@pytest.mark.parametrize("twice", [False, True])
def test_branches_of_both_images_are_added(twice):
    block = shaken(CrossBlock(8, 16, 3, 4, twice))
    ms, pan, before = torch.randn(3, 1, 12, 8)
    output, stream = (tensor[0].detach().numpy() for tensor in block(ms, pan, before, 3))
    a, b = (ms + before)[0].double().numpy(), pan[0].double().numpy()
    np.testing.assert_allclose(stream, a, rtol=0, atol=1e-6)
    for _ in range(2 if twice else 1):
        a, b = normed(a, block.ms_norm), normed(b, block.pan_norm)
    mixed = (gated(block.ms_branch, a) + gated(block.pan_branch, b)) @ block.out_proj.weight.detach().double().numpy().T
    image = np.pad(mixed.reshape(3, 4, 8), ((1, 1), (1, 1), (0, 0)))
    kernel = block.depthwise.weight.detach().double().numpy()[:, 0]
    convolved = sum(image[i : i + 3, j : j + 4] * kernel[:, i, j] for i in range(3) for j in range(3))
    truth = mixed + (convolved + block.depthwise.bias.detach().numpy()).reshape(12, 8)
    np.testing.assert_allclose(output, truth, rtol=0, atol=1e-5)


@pytest.mark.parametrize("bands", [1, 3, 4, 8])
@pytest.mark.parametrize("size", [(5, 7), (1, 9), (9, 1), (16, 12)])
def test_any_bands_and_size(bands, size):
    network, (ms, pan) = small(bands), images(bands, *size)
    with torch.no_grad():
        sharpened, detail = network(ms, pan), network.detail(ms, pan)
    assert sharpened.shape == detail.shape == ms.shape
    torch.testing.assert_close(sharpened, ms + detail)
    assert torch.isfinite(detail).all()


@pytest.mark.parametrize(("bands", "official"), [(3, 477_867), (4, 478_444)])
def test_parameters_of_the_published_network(bands, official):
    assert sum(parameter.numel() for parameter in PanMamba(bands).parameters()) == official - UNUSED


def test_an_image_does_not_depend_on_the_batch():
    network, (ms, pan) = small(), images(3, 6, 10, batch=3)
    with torch.no_grad():
        together = network(ms, pan)
        alone = torch.cat([network(ms[i : i + 1], pan[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-6)


@pytest.mark.parametrize("dropped", [False, True])
def test_stream_goes_on_past_silent_layers(dropped):
    """With layers that give nothing, the streams alone bring the images to the head; dropped, nothing arrives."""
    network, (ms, pan) = small(drop_residuals=dropped), images(3, 6, 8)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "out_proj" in name:
                parameter.zero_()
        change = (network.detail(ms, pan) - network.detail(1 - ms, 1 - pan)).abs().max()
    assert bool(change < 1e-7) == dropped


def test_layer_sees_all_that_came_before_and_nothing_after():
    layer, tokens = shaken(Mamba(8, 16, 3, 4)), torch.randn(1, 200, 8, requires_grad=True)
    (last,) = torch.autograd.grad(layer(tokens, 10)[0, -1].sum(), tokens)
    assert last[0, 0].abs().max() > 0
    (first,) = torch.autograd.grad(layer(tokens, 10)[0, 0].sum(), tokens)
    assert (first[0, 1:] == 0).all()


def test_properties():
    network = PanMamba(4, cross=5)
    assert (network.multiple, network.global_context, network.halo) == (1, True, 7 + 2 + 5 + 4)


@pytest.mark.parametrize("wrong", [{"width": 6}, {"single": 0}, {"cross": 0}, {"swap": -1}, {"bands": 0}])
def test_settings_out_of_range(wrong):
    with pytest.raises(InputError):
        PanMamba(**{"bands": 3, **SMALL, **wrong})


def test_starting_steps_are_between_a_thousandth_and_a_tenth():
    bias = Mamba(32, 64, 16, 4).branch.dt_proj.bias
    steps = torch.nn.functional.softplus(bias)
    assert 0.9e-3 < steps.min() < 5e-3 and 0.03 < steps.max() < 0.11


def test_training_lowers_the_loss():
    network = PanMamba(3, **SMALL).train()
    ms, pan = images(3, 8, 8, batch=2)
    target = (ms + pan) / 2 + 0.3
    optimiser = torch.optim.Adam(network.parameters(), 2e-3)
    losses = []
    for _ in range(8):
        optimiser.zero_grad()
        loss = (network(ms, pan) - target).abs().mean()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]
    assert all(parameter.grad is not None for parameter in network.parameters())


@pytest.mark.parametrize("name", ["satfusion.panmamba", "panmamba.original"])
def test_configuration_is_read_from_shapes(name):
    family = checkpoints.family(name)
    state = {
        "output.conv_last.weight": torch.zeros(5, 32, 3, 3),
        "deep_fusion1.cross_mamba.conv1d.weight": torch.zeros(96, 1, 4),
        "deep_fusion1.cross_mamba.A_log": torch.zeros(96, 12),
    }
    found = family.configuration(state)
    official = {"norm_twice": True, "drop_residuals": True}
    assert found == {"bands": 5, "width": 32, "state": 12, "expand": 3, "kernel": 4, **official}
    for key in state:
        with pytest.raises(InputError, match=key.replace(".", r"\.").split(r"\.weight")[0]):
            family.configuration({other: tensor for other, tensor in state.items() if other != key})
    with pytest.raises(InputError, match="deep_fusion6"):
        family.translate({"deep_fusion6.cross_mamba.A_log": torch.zeros(2, 2)})


def test_original_takes_nearest_pixels():
    family = checkpoints.family("panmamba.original")
    network, (ms, pan) = small(2), images(2, 8, 12)
    coarse = ms[..., ::4, ::4].contiguous()
    enlarged = coarse.repeat_interleave(4, dim=2).repeat_interleave(4, dim=3)
    with torch.no_grad():
        given = family.call(network, {"ms": coarse, "pan": pan})["output"]
        assert torch.equal(given, network(enlarged, pan))
