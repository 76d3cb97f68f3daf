"""STFDiff, SwinSTFM, DCSTFN, MUSTFN, RSFN and AMS-STF: inputs, sizes, reach, parts against plain truths, weights."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.checkpoints import amsstf as amsstf_weights
from satfusion_qgis.engine.checkpoints import dcstfn as dcstfn_weights
from satfusion_qgis.engine.checkpoints import mustfn as mustfn_weights
from satfusion_qgis.engine.checkpoints import rsfn as rsfn_weights
from satfusion_qgis.engine.checkpoints import stfdiff as stfdiff_weights
from satfusion_qgis.engine.checkpoints import swinstfm as swinstfm_weights
from satfusion_qgis.engine.networks.spatiotemporal import amsstf, mustfn, swinstfm
from satfusion_qgis.engine.networks.spatiotemporal.amsstf import AMSSTF, AMSSTFDiscriminator
from satfusion_qgis.engine.networks.spatiotemporal.dcstfn import DCSTFN
from satfusion_qgis.engine.networks.spatiotemporal.mustfn import MUSTFN
from satfusion_qgis.engine.networks.spatiotemporal.rsfn import RSFN, RSFNAutoEncoder, RSFNDiscriminator
from satfusion_qgis.engine.networks.spatiotemporal.stfdiff import Schedule, STFDiff, noise_at
from satfusion_qgis.engine.networks.spatiotemporal.swinstfm import SwinSTFM
from satfusion_qgis.tasks.errors import InputError

IMAGES = ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")
NETWORKS = {
    "dcstfn": (DCSTFN, {"ratio": 4, "widths": (8, 8, 8)}),
    "dcstfn two pairs": (DCSTFN, {"ratio": 4, "widths": (8, 8, 8), "pairs": 2}),
    "rsfn": (RSFN, {"widths": (4, 6, 8)}),
    "mustfn": (MUSTFN, {"width": 6, "attention": 5, "head": (6, 5)}),
    "amsstf": (AMSSTF, {"widths": (4, 6, 8)}),
    "swinstfm": (SwinSTFM, {"image_size": 64, "widths": (32, 32, 32, 32, 32)}),
    "stfdiff": (STFDiff, {"width": 16, "multipliers": (1, 2), "steps": 2, "samples": 2}),
}
NAMES = sorted(NETWORKS)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def made(name, bands=2, **settings):
    """A small network in use, with weights and running statistics as the start of training leaves them."""
    torch.manual_seed(0)
    network, usual = NETWORKS[name]
    network = network(bands, **{**usual, **settings})
    return lived(network, lambda: network(**images(bands, 64, 64, batch=2, seed=5)))


def lived(network, run):
    """Let batch normalisation see one batch."""
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.momentum = None
    with torch.no_grad():
        if any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in network.modules()):
            run()
    return network.eval()


def images(bands=2, height=21, width=18, batch=1, dtype=torch.float32, seed=3):
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.rand(batch, bands, height, width, generator=generator, dtype=torch.float64).to(dtype)
        for name in IMAGES
    }


# What all have in common.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("height", "width"), [(21, 18), (1, 1), (3, 40), (16, 16)])
@torch.no_grad()
def test_any_size(name, height, width):
    given = images(height=height, width=width, batch=2)
    output = made(name)(**given)
    assert output.shape == given["fine_1"].shape
    assert output.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bands", [1, 8, 300])
@torch.no_grad()
def test_any_number_of_bands(name, bands):
    given = images(bands, 9, 6)
    output = made(name, bands)(**given)
    assert output.shape == given["fine_1"].shape
    assert output.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_used_images_matter_and_others_do_not(name):
    network, given = made(name), images()
    before = network(**given)
    for image in IMAGES:
        changed = network(**{**given, image: torch.zeros_like(given[image])})
        difference = (changed - before).abs().max()
        assert difference > 1e-5 if image in network.inputs else difference == 0, image
    needed = [image for image in network.inputs if image.endswith("2")]
    assert network.pairs == (2 if needed else 1)
    for image in needed:
        with pytest.raises(InputError, match=image.upper()):
            network(**{**given, image: None})
    if not needed:
        torch.testing.assert_close(network(*(given[image] for image in IMAGES[:3])), before)


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_samples_of_a_batch_do_not_mix(name):
    network, given = made(name), images(batch=2)
    together = network(**given)
    for i in range(2):
        alone = network(**{image: values[i : i + 1] for image, values in given.items()})
        torch.testing.assert_close(together[i : i + 1], alone, rtol=1e-4, atol=1e-5)


def moved(loss, network):
    """Names of the parameters that the loss says nothing about."""
    network.zero_grad()
    loss.backward()
    largest = max(float(p.grad.abs().max()) for p in network.parameters() if p.grad is not None)
    return [n for n, p in network.named_parameters() if p.grad is None or not p.grad.abs().max() > 1e-9 * largest]


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_gets_a_gradient(name):
    network, given = made(name), images(height=64, width=64)
    target = torch.rand(1, 2, 64, 64)
    if name == "stfdiff":
        loss = network.loss(target, *(given[image] for image in IMAGES[:3]), torch.Generator().manual_seed(0))
    else:
        loss = (network(**given) - target).square().mean()
    assert moved(loss, network) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: RSFNAutoEncoder(2, (4, 5, 6, 7)),
        lambda: RSFNDiscriminator(2, (4, 4, 6)),
        lambda: AMSSTFDiscriminator(2, 4),
    ],
)
def test_networks_beside_the_generators(make):
    torch.manual_seed(0)
    network, given = make(), images(height=27, width=35)
    arguments = [given["fine_1"], given["coarse_target"]][: len(inspect.signature(network.forward).parameters)]
    lived(network, lambda: network(*arguments))
    output = network(*arguments)
    if isinstance(network, RSFNAutoEncoder):
        assert output.shape == given["fine_1"].shape
    else:
        assert output.shape[:2] == (1, 1) and min(output.shape[2:]) > 1
    # Spectral normalisation takes the size of a kernel away, so a loss must not be of the scores' size alone.
    assert moved((output - 0.3).square().mean(), network) == []
    for i in range(len(arguments)):
        with torch.no_grad():
            changed = network(*(torch.zeros_like(a) if i == j else a for j, a in enumerate(arguments)))
        assert (changed - output).abs().max() > 1e-5


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: DCSTFN(1, pairs=3), "1 or 2 pairs"),
        (lambda: DCSTFN(1, ratio=12), "power of 2"),
        (lambda: DCSTFN(1, widths=(3, 4)), "3 widths"),
        (lambda: DCSTFN(0), "1 or more bands"),
        (lambda: RSFN(1, norm="layer"), "batch, instance"),
        (lambda: MUSTFN(0), "1 or more bands"),
        (lambda: AMSSTF(1, (1, 2)), "3 widths"),
        (lambda: SwinSTFM(1, image_size=48), "multiple of 32"),
        (lambda: SwinSTFM(1, widths=(48, 64, 64, 64, 64)), "multiples of 32"),
        (lambda: STFDiff(1, width=12), "multiple of 8"),
        (lambda: STFDiff(1, activation="tanh"), "silu, relu"),
        (lambda: STFDiff(1, steps=101), "1 to its 100"),
        (lambda: STFDiff(1, samples=0), "1 or more samples"),
    ],
)
def test_settings_out_of_range(make, said):
    with pytest.raises(InputError, match=said):
        make()


# How far they see.


def farthest(call, bands, height, width, cell, images_given):
    """How many columns from an output pixel the images matter, at most, over all places in a cell."""
    given = [torch.rand(1, bands, height, width, dtype=torch.float64, requires_grad=True) for _ in range(images_given)]
    output, most = call(*given), 0
    for centre in range(width // 2, width // 2 + cell):
        found = torch.autograd.grad(output[..., centre].square().sum(), given, retain_graph=True, allow_unused=True)
        for gradient in found:
            if gradient is not None:
                columns = gradient.abs().sum((0, 1, 2)).nonzero().flatten()
                most = max([most, *(columns - centre).abs().tolist()])
    return most


@pytest.mark.parametrize("ratio", [2, 4, 8, 16])
@pytest.mark.parametrize("pairs", [1, 2])
def test_halo_of_dcstfn(ratio, pairs):
    network = made("dcstfn", 1, ratio=ratio, pairs=pairs).double()
    assert network.halo == farthest(network, 1, ratio, 24 * ratio, ratio, 5) == 4 * ratio
    assert network.global_context is False and network.multiple == ratio


def test_halo_of_rsfn():
    network = made("rsfn", 1).double()
    assert network.halo == farthest(network, 1, 8, 160, 8, 5)
    assert network.global_context is False and RSFN(1, norm="instance").global_context is True


def test_halo_of_mustfn(monkeypatch):
    """The convolutions' reach, with the attention left out."""
    monkeypatch.setattr(mustfn.ChannelAttention, "forward", lambda self, features: features)
    network = made("mustfn", 1).double()
    assert network.halo == farthest(network, 1, 16, 160, 16, 5)


def test_halo_of_amsstf(monkeypatch):
    """The convolutions' reach, with means over the image left out and nothing moved."""

    def unmoved(self, features, offsets, masks):
        plain = functional.conv2d(features, self.weight, self.bias, padding=1)
        return plain + offsets.sum(1, keepdim=True) + masks.sum(1, keepdim=True)

    monkeypatch.setattr(amsstf, "_means", lambda features: features.new_zeros(features.shape[:2]))
    monkeypatch.setattr(amsstf.MovingConvolution, "forward", unmoved)
    network = made("amsstf", 1).double()
    assert network.halo == farthest(network, 1, 8, 160, 4, 5)


@pytest.mark.parametrize("multipliers", [(1,), (1, 2), (1, 2, 4)])
def test_halo_of_stfdiff(monkeypatch, multipliers):
    """A step's reach, without normalisation."""
    monkeypatch.setattr(nn.GroupNorm, "forward", lambda self, features: features)
    denoiser = (network := made("stfdiff", 1, width=8, multipliers=multipliers).double()).denoiser

    def step(noisy, fine, coarse, target):
        return denoiser(noisy, torch.tensor([5]), denoiser.known(fine, coarse, target))

    assert network.halo == farthest(step, 1, 8, 160, network.multiple, 4)


@pytest.mark.parametrize("name", ["mustfn", "amsstf", "swinstfm", "stfdiff"])
@torch.no_grad()
def test_global_networks_depend_on_far_pixels(name):
    network = made(name).double()
    assert network.global_context is True
    given = images(height=64, width=192, dtype=torch.float64)
    before = network(**given)[..., -1]
    given["fine_1"][..., 0] += 0.5
    assert (network(**given)[..., -1] - before).abs().max() > 0


# DCSTFN.


@torch.no_grad()
def test_dcstfn_means_over_coarse_pixels():
    """What differs within a coarse pixel, and not in its mean, does not matter."""
    network, given = made("dcstfn"), images(height=16, width=16)
    before = network(**given)
    wave = 0.2 * torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(8, 8)
    torch.testing.assert_close(network(**{**given, "coarse_target": given["coarse_target"] + wave}), before)


@torch.no_grad()
def test_dcstfn_prefers_the_pair_that_changes_less():
    network, given = made("dcstfn two pairs"), images(height=16, width=16)
    only = DCSTFN(2, **{**NETWORKS["dcstfn"][1]}).eval()
    only.load_state_dict(network.state_dict())
    first = only(given["fine_1"], given["coarse_target"], given["coarse_target"])
    same = network(**{**given, "coarse_1": given["coarse_target"]})
    torch.testing.assert_close(same, first, rtol=0, atol=2e-3)
    again = [given[image] for image in ("fine_1", "coarse_1", "coarse_target", "fine_1", "coarse_1")]
    torch.testing.assert_close(network(*again), only(*again[:3]))


# RSFN.


@torch.no_grad()
def test_rsfn_weighs_the_fine_images():
    """With the one weight at 0 the image behind it does not matter."""
    network, given = made("rsfn"), images(height=16, width=16)
    weights = network.weight(given["fine_1"], given["coarse_target"])
    assert weights.shape == (1, 1, 32, 32) and weights.min() >= 0 and weights.max() <= 1
    last = network.attention[-1]
    for layer in (last.second, last.side):
        layer.weight.zero_()
        layer.bias.fill_(-200.0)
    before = network(**given)
    assert torch.equal(network(**{**given, "fine_1": 1 - given["fine_1"]}), before)
    assert not torch.equal(network(**{**given, "coarse_target": 1 - given["coarse_target"]}), before)


# AMS-STF.


@torch.no_grad()
def test_moving_convolution_against_a_loop():
    torch.manual_seed(0)
    layer = amsstf.MovingConvolution(2)
    features, masks = torch.rand(1, 2, 5, 6), torch.rand(1, 9, 5, 6)
    offsets = 4 * torch.rand(1, 18, 5, 6) - 2

    def at(channel, y, x):
        """Bilinear, 0 outside."""
        total, top, left = 0.0, math.floor(y), math.floor(x)
        for row in (top, top + 1):
            for column in (left, left + 1):
                if 0 <= row < 5 and 0 <= column < 6:
                    share = (1 - abs(y - row)) * (1 - abs(x - column))
                    total += share * float(features[0, channel, row, column])
        return total

    expected = np.zeros((2, 5, 6))
    for y in range(5):
        for x in range(6):
            for place in range(9):
                row = y + place // 3 - 1 + float(offsets[0, 2 * place, y, x])
                column = x + place % 3 - 1 + float(offsets[0, 2 * place + 1, y, x])
                for channel in range(2):
                    weight = layer.weight[:, channel, place // 3, place % 3].numpy()
                    expected[:, y, x] += weight * float(masks[0, place, y, x]) * at(channel, row, column)
    expected += layer.bias.numpy()[:, None, None]
    np.testing.assert_allclose(layer(features, offsets, masks)[0].numpy(), expected, rtol=0, atol=1e-5)
    plain = layer(features, torch.zeros_like(offsets), torch.ones_like(masks))
    torch.testing.assert_close(plain, functional.conv2d(features, layer.weight, layer.bias, padding=1))


@torch.no_grad()
def test_temporal_module_against_a_convolution_over_time():
    torch.manual_seed(0)
    module, dates = amsstf.TemporalModule(8), torch.rand(3, 8, 2, 4, 5)
    lived(module, lambda: module(dates[:, :, 0], dates[:, :, 1]))
    means = dates.mean((-2, -1))
    gate = module.gate(means)
    kernels = torch.stack([module.kernel(means[i]) for i in range(3)])
    found = torch.stack(module(dates[:, :, 0], dates[:, :, 1]), dim=2)
    for sample in range(3):
        gated = (dates[sample] * gate[sample][..., None, None]).permute(2, 3, 0, 1).flatten(0, 1)
        mixed = functional.conv1d(gated, kernels[sample][:, None], padding=1, groups=8)
        torch.testing.assert_close(found[sample], mixed.unflatten(0, (4, 5)).permute(2, 3, 0, 1))


# SwinSTFM.


def windows_of(side, window, shifted):
    """The window of each place along a side, cut from the first place or from half a window on."""
    shift = window // 2 if shifted and side > window else 0
    return np.floor_divide(np.arange(side) - shift, window)


def plain_attention(scores_of, values, bias, window, shifted):
    """Attention [H, W, heads, d] within windows, by loops; `scores_of(a, b)` gives [factors, heads] for two places."""
    height, width = values.shape[:2]
    rows, columns = windows_of(height, window, shifted), windows_of(width, window, shifted)
    result = np.zeros_like(values)
    for y in range(height):
        for x in range(width):
            inside = [
                (v, u) for v in range(height) for u in range(width) if rows[v] == rows[y] and columns[u] == columns[x]
            ]
            weights: np.ndarray | float = 1.0
            scores = np.array(
                [
                    scores_of((y, x), (v, u)) + bias[(y - v + window - 1) * (2 * window - 1) + x - u + window - 1]
                    for v, u in inside
                ]
            )
            for factor in range(scores.shape[1]):
                raised = np.exp(scores[:, factor] - scores[:, factor].max(0))
                weights = weights * raised / raised.sum(0)
            weights = weights + (1e-6 if scores.shape[1] > 1 else 0.0)
            weights = weights / weights.sum(0)
            result[y, x] = sum(w[:, None] * values[place] for w, place in zip(weights, inside))
    return result


def in_heads(tokens):
    return tokens.reshape(*tokens.shape[:-1], -1, 32).double().numpy()


@pytest.mark.parametrize(("height", "width"), [(6, 11), (4, 4), (3, 9), (8, 5)])
@pytest.mark.parametrize("shifted", [False, True])
@torch.no_grad()
def test_attention_within_windows_of_any_image(height, width, shifted):
    torch.manual_seed(0)
    layer = swinstfm.Attention(64, 4)
    nn.init.normal_(layer.bias.table)
    tokens = torch.randn(1, height, width, 64)
    query, key, value = (in_heads(part[0]) for part in layer.query_key_value(tokens).chunk(3, -1))

    def scores(a, b):
        return (query[a] * key[b]).sum(-1)[None] / math.sqrt(32)

    expected = plain_attention(scores, value, layer.bias.table.numpy(), 4, shifted)
    expected = layer.merge(torch.from_numpy(expected).float().flatten(-2))
    found = layer(tokens, swinstfm.Layout(height, width, 4, shifted, tokens))[0]
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(6, 11), (4, 4)])
@pytest.mark.parametrize("shifted", [False, True])
@torch.no_grad()
def test_attention_that_carries_the_change(height, width, shifted):
    torch.manual_seed(0)
    layer = swinstfm.FusionAttention(64, 4, published=False)
    nn.init.normal_(layer.bias.table)
    change, coarse, fine, target = (torch.randn(1, height, width, 64) for _ in range(4))
    asked = in_heads(layer.query(coarse[0])), in_heads(layer.other_query(coarse[0]))
    told = in_heads(layer.key(fine[0])), in_heads(layer.other_key(target[0]))

    def scores(a, b):
        return np.array([(q[a] * k[b]).sum(-1) for q, k in zip(asked, told)]) / math.sqrt(32)

    expected = plain_attention(scores, in_heads(layer.value(change[0])), layer.bias.table.numpy(), 4, shifted)
    expected = layer.merge(torch.from_numpy(expected).float().flatten(-2))
    found = layer(change, coarse, fine, target, swinstfm.Layout(height, width, 4, shifted, change))[0]
    # A weight of 1e-6 for tokens of a window that are apart in the image, which the loop does not know.
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=2e-3 if shifted else 1e-5)


@torch.no_grad()
def test_the_published_order_mixes_windows():
    """A change in one corner stays in its window at the finest size, but for the published order."""
    tokens = [torch.randn(1, 8, 8, 64) for _ in range(4)]
    changed = [tokens[0].clone(), *tokens[1:]]
    changed[0][:, :4, :4] += 1
    layout = swinstfm.Layout(8, 8, 4, False, tokens[0])
    for published in (False, True):
        torch.manual_seed(0)
        layer = swinstfm.FusionAttention(64, 4, published)
        seen = (layer(*changed, layout) != layer(*tokens, layout)).any(-1)[0]
        assert seen[:4, :4].any()
        seen[:4, :4] = False
        assert seen.any() == published


@pytest.mark.parametrize("name", ["swinstfm", "stfdiff"])
@torch.no_grad()
def test_rescaled_networks_give_values_of_the_unit_range(name):
    given = {image: 3 * values - 1 for image, values in images().items()}
    output = made(name)(**given)
    assert output.min() >= 0 and output.max() <= 1


# STFDiff.


def test_schedule():
    """What is left of the image follows the cosine; steps and variances follow from it."""
    schedule = Schedule(100)
    curve = np.cos((np.arange(101) / 100 + 0.008) / 1.008 * np.pi / 2) ** 2
    np.testing.assert_allclose(schedule.kept[:-1], curve[1:-1] / curve[0], rtol=1e-12)
    assert schedule.betas[-1] == 0.999
    assert schedule.variance[0] == 0
    before = np.concatenate(([1.0], schedule.kept[:-1]))
    expected = schedule.betas.numpy() * (1 - before) / (1 - schedule.kept.numpy())
    np.testing.assert_allclose(schedule.variance.numpy(), expected, rtol=1e-12)


def test_noise_is_normal_and_of_the_place_alone():
    like = torch.empty(1, 3, 200, 160, dtype=torch.float64)
    noise = noise_at((0, 0), like)
    assert abs(noise.mean()) < 0.015 and abs(noise.std() - 1) < 0.015
    assert abs((noise**4).mean() - 3) < 0.2
    flat = noise[0].flatten(1)
    shifted = (noise[..., 1:] * noise[..., :-1]).mean(), (noise[..., 1:, :] * noise[..., :-1, :]).mean()
    assert max(abs(flat[0] @ flat[1]) / flat.shape[1], *(abs(value) for value in shifted)) < 0.02
    part = noise_at((0, 0), torch.empty(2, 3, 30, 20, dtype=torch.float64), (50, 70))
    assert torch.equal(part, noise[..., 50:80, 70:90].expand(2, -1, -1, -1))
    for others in ((1, 0), (0, 1), (-1, 0), (2**63, 0)):
        assert abs((noise_at(others, like) * noise).mean()) < 0.02


@pytest.mark.parametrize(("steps", "eta"), [(100, 0.0), (10, 0.0), (10, 1.0), (1, 0.0)])
@torch.no_grad()
def test_a_perfect_denoiser_gives_its_image(monkeypatch, steps, eta):
    network = made("stfdiff", steps=steps, eta=eta, samples=3)
    truth = torch.rand(1, 2, 20, 18)
    monkeypatch.setattr(network.denoiser, "forward", lambda noisy, time, known: 2 * truth - 1)
    mean, spread = network.mean_and_spread(*(images(height=20, width=18)[image] for image in IMAGES[:3]))
    torch.testing.assert_close(mean, truth)
    assert spread.max() < 1e-6


@pytest.mark.parametrize(("steps", "eta"), [(100, 0.0), (60, 0.0), (60, 1.0)])
@torch.no_grad()
def test_draws_have_the_distribution_that_the_denoiser_knows(monkeypatch, steps, eta):
    """Of independent normal values with deviation 0.2, the best estimate from a noisy one is known exactly."""
    network = made("stfdiff", steps=steps, eta=eta, samples=4, rescaled=False)
    kept = network.schedule.kept

    def best(noisy, time, known):
        left = float(kept[time[0]])
        return noisy * math.sqrt(left) * 0.04 / (left * 0.04 + 1 - left)

    monkeypatch.setattr(network.denoiser, "forward", best)
    blank = torch.zeros(1, 2, 64, 64)
    mean, spread = network.mean_and_spread(blank, blank, blank)
    assert abs(float(spread.square().mean().sqrt()) - 0.2) < 0.03
    assert abs(float(mean.std()) - 0.1) < 0.015  # of the mean of four
    assert abs(float(mean.mean())) < 0.01


@torch.no_grad()
def test_mean_spread_and_seed():
    given = [images(height=20, width=18)[image] for image in IMAGES[:3]]
    network = made("stfdiff", samples=3)
    mean, spread = network.mean_and_spread(*given)
    known = network.known(*given)
    draws = []
    for sample in range(3):

        def noise(step, sample=sample):
            return noise_at((0, sample, step), given[0])

        draws.append((network.draw(known, noise(100), noise) + 1) / 2)
    torch.testing.assert_close(mean, torch.stack(draws).mean(0))
    torch.testing.assert_close(spread, torch.stack(draws).std(0), rtol=1e-3, atol=1e-5)
    assert spread.max() > 0.001
    assert torch.equal(network(*given), mean)
    network.seed = 1
    assert not torch.allclose(network(*given), mean)
    network.samples = 1
    assert network.mean_and_spread(*given)[1].max() == 0


def test_sequences_of_steps():
    network = STFDiff(1, 8, (1,), steps=5)
    assert network.sequence() == [(99, 79), (79, 59), (59, 39), (39, 19), (19, -1)]
    network.steps = 100
    assert network.sequence()[0] == (99, 98) and network.sequence()[-1] == (0, -1)


@torch.no_grad()
def test_noised_images():
    network = STFDiff(1, 8, (1,))
    clean, noise = torch.full((2, 1, 3, 3), 0.5), torch.ones(2, 1, 3, 3)
    noised = network.noised(clean, torch.tensor([0, 99]), noise)
    assert noised[0].allclose(clean[0], atol=0.05) and noised[1].allclose(noise[1], atol=1e-3)


# Official weights.


def swinstfm_names():
    """Official layer names to ours; the bias tables are tensors of the attention itself there."""
    return {
        (name if not name.endswith(".attn") else f"{name}.relative_position_bias_table"): ours
        for name, ours in swinstfm_weights._LAYERS.items()
    }


def official(network, layers, more=()):
    """The network's weights by their official names, and tensors that the official code holds besides."""
    names = {ours: theirs for theirs, ours in layers.items()}
    state = {}
    for key, value in network.state_dict().items():
        layer, _, tensor = key.rpartition(".")
        state[names[layer] if tensor == "table" else f"{names[layer]}.{tensor}"] = value
    state.update({key: torch.zeros(1) for key in more})
    return state


SWIN = {"bands": 3, "img_size": 64}
DIFFUSION = {"dim": 16, "channels": 3, "out_dim": 3, "dim_mults": [1, 2]}
SAMPLER = {"model": DIFFUSION, "timesteps": 100, "sampling_timesteps": 3, "ddim_sampling_eta": 0.0}
FAMILIES = {
    "dcstfn.pytorch": (
        DCSTFN,
        {"channels": [4, 5, 6], "scale": 8, "bands": 2},
        {**dcstfn_weights._LAYERS, **{f"coarse_net.deconvs.{i}": f"coarse.enlarge.{i}" for i in range(2)}},
        (),
        {"coarse_ref": (2, 3, 4), "fine_ref": (2, 24, 32), "coarse_target": (2, 3, 4)},
    ),
    "rsfn.generator": (
        RSFN,
        {"bands": 4, "channels": [4, 5, 6]},
        rsfn_weights._GENERATOR,
        (),
        {"fine_prev": (4, 16, 32), "fine_next": (4, 16, 32), "coarse": (4, 16, 32)},
    ),
    "rsfn.autoencoder": (
        RSFNAutoEncoder,
        {"bands": 4, "channels": [4, 5, 6, 7]},
        rsfn_weights._AUTO_ENCODER,
        (),
        {"image": (4, 16, 32)},
    ),
    "mustfn.author": (
        MUSTFN,
        {"band_num": 4, "modis_bands": 9, "output_bands": 2, "size": 32},
        mustfn_weights._LAYERS,
        ("feature_net.deep_conv1_4.bn.bias",),
        {"landsat": (4, 32, 32), "modis": (9, 32, 32)},
    ),
    "amsstf.generator": (
        AMSSTF,
        {"num_in_ch": 3, "num_out_ch": 3, "num_feats": [4, 6, 8]},
        amsstf_weights._GENERATOR,
        ("subnet_list.1.cam.mlp.1.weight", "subnet_list.2.sam.spatial.conv.1.bias"),
        {f"{kind}_{date}": (3, 20, 24) for kind in ("coarse", "fine") for date in ("prev", "next", "target")},
    ),
    "amsstf.discriminator": (
        AMSSTFDiscriminator,
        {"input_nc": 8, "ndf": 4},
        amsstf_weights._DISCRIMINATOR,
        (),
        {"pair": (8, 30, 21)},
    ),
    "stf_survey.swinstfm": (
        SwinSTFM,
        SWIN,
        None,
        ("fine_up.up3.layer.blocks.1.attn_mask", "fine_up.layer.blocks.0.attn.k2.bias"),
        dict.fromkeys(("LR_t1", "HR_t1", "LR_t2"), (3, 64, 64)),
    ),
    "swinstfm.author": (SwinSTFM, SWIN, None, (), dict.fromkeys(("LR_t1", "HR_t1", "LR_t2"), (3, 64, 64))),
    **{
        name: (
            STFDiff,
            DIFFUSION,
            stfdiff_weights._layers(2),
            ("init_conv.weight",),
            {**dict.fromkeys(("LR_t1", "HR_t1", "LR_t2", "x_t"), (3, 20, 24)), "time": 41},
        )
        for name in ("stf_survey.stfdiff_denoiser", "stfdiff.author_denoiser")
    },
    **{
        name: (
            STFDiff,
            SAMPLER,
            {f"model.{theirs}": ours for theirs, ours in stfdiff_weights._layers(2).items()},
            ("betas", "p2_loss_weight", "model.init_conv.bias"),
            dict.fromkeys(("LR_t1", "HR_t1", "LR_t2", "x_T"), (3, 20, 24)),
        )
        for name in ("stf_survey.stfdiff_sampler", "stfdiff.author_sampler")
    },
}


@pytest.mark.parametrize("name", sorted(FAMILIES))
@torch.no_grad()
def test_made_up_weights_of_each_family(name):
    """Other sizes and bands: the configuration that is read from the weights makes the network that was built."""
    made_by, config, layers, more, shapes = FAMILIES[name]
    known = checkpoints.family(name)
    torch.manual_seed(0)
    network = known.build(config)
    assert isinstance(network, made_by)
    inputs = {
        key: torch.rand(1, *shape) if isinstance(shape, tuple) else torch.tensor([shape])
        for key, shape in shapes.items()
    }
    lived(network, lambda: known.call(network, inputs))
    state = official(network, swinstfm_names() if layers is None else layers, more)
    again = made_by(**known.configuration(state)).eval()
    again.load_state_dict(known.translate(state), strict=True)
    if name.endswith("_sampler"):  # the weights do not tell how many steps are used
        again.steps, again.eta = network.steps, network.eta
    first, second = known.call(network, inputs), known.call(again, inputs)
    assert first.keys() == second.keys()
    for key, output in first.items():
        assert output.isfinite().all()
        torch.testing.assert_close(second[key], output)
    with pytest.raises(InputError, match="no_such_layer"):
        known.translate({**state, "no_such_layer.weight": torch.zeros(1)})
    with pytest.raises(InputError):
        known.configuration({"no_such_layer.weight": torch.zeros(1)})


def test_every_family_here_is_tested():
    modules = {"dcstfn", "rsfn", "mustfn", "amsstf", "swinstfm", "stfdiff"}
    assert {name for name, module in checkpoints.MODULES.items() if module in modules} == set(FAMILIES)


def test_time_is_an_input_of_the_denoisers():
    """Another step gives another result."""
    known = checkpoints.family("stf_survey.stfdiff_denoiser")
    network = known.build(DIFFUSION).eval()
    inputs = {name: torch.rand(1, 3, 8, 8) for name in ("LR_t1", "HR_t1", "LR_t2", "x_t")}
    with torch.no_grad():
        first, second = (known.call(network, {**inputs, "time": torch.tensor([t])})["model_out"] for t in (3, 90))
    assert (first - second).abs().max() > 1e-3
