"""INNformer: shapes, sizes, windows, matching and gates against numpy, faults, halo, checkpoints, training, ONNX."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.networks.pansharpening import innformer
from satfusion_qgis.engine.networks.pansharpening.innformer import (
    ChannelGate,
    ImageNorm,
    INNformer,
    InvertibleBlock,
    InvertibleMix,
    WindowMatching,
    cut_windows,
    join_windows,
    match,
    overlaps,
)
from satfusion_qgis.tasks.errors import InputError
from scripts import parity

FAULTS = ("scrambled_windows", "undivided_overlaps", "patches_by_nine", "pooled_refinement")
OFFICIAL = dict.fromkeys(FAULTS, True)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def network_with(bands=3, **settings):
    torch.manual_seed(1)
    return INNformer(bands, **settings).eval()


def images(bands, rows, columns, batch=1, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand((batch, count, rows, columns), generator=generator, dtype=dtype) for count in (bands, 1)]


@pytest.mark.parametrize("settings", [{}, OFFICIAL], ids=["clean", "official"])
@pytest.mark.parametrize("bands", [1, 3, 4, 8])
@torch.no_grad()
def test_output_has_the_shape_of_ms_and_is_ms_plus_the_detail(bands, settings):
    network = network_with(bands, **settings)
    for batch, rows, columns in ((2, 21, 34), (1, 1, 1), (1, 3, 50), (1, 24, 32)):
        ms, pan = images(bands, rows, columns, batch)
        output = network(ms, pan)
        assert output.shape == ms.shape and torch.isfinite(output).all()
        torch.testing.assert_close(output, ms + network.detail(ms, pan), rtol=0, atol=0)


@torch.no_grad()
def test_the_same_twice_and_alone_as_in_a_batch():
    network = network_with()
    ms, pan = images(3, 18, 25, batch=3)
    output = network(ms, pan)
    assert torch.equal(output, network(ms, pan))
    alone = torch.cat([network(ms[i : i + 1], pan[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(output, alone, rtol=0, atol=5e-6)


def test_number_of_parameters_is_the_official_one():
    assert sum(p.numel() for p in INNformer(3).parameters()) == 62_687
    # one band more: 9 weights for each of 8 features on the way in, 16 x 9 weights and a bias on the way out
    assert sum(p.numel() for p in INNformer(4).parameters()) == 62_687 + 8 * 9 + 16 * 9 + 1


# Windows.


@pytest.mark.parametrize("scrambled", [False, True])
@pytest.mark.parametrize("size", [(50, 50), (24, 40), (8, 13), (31, 64)])
def test_windows_are_those_of_unfold_and_fold(size, scrambled):
    """torch's own unfolding: 24 x 24 windows every 8 pixels, in 8 pixels of zeros; scrambled, its memory read as is."""
    image = torch.randn(2, 3, *size)
    unfolded = F.unfold(image, 24, stride=8, padding=8)
    number = unfolded.shape[2]
    ordered = unfolded if scrambled else unfolded.transpose(1, 2)
    expected = ordered.reshape(2 * number, 3, 24, 24)
    assert torch.equal(cut_windows(image, scrambled), expected)
    windows = torch.randn_like(expected)
    back = windows.reshape(2, 3 * 576, number) if scrambled else windows.reshape(2, number, 3 * 576).transpose(1, 2)
    folded = F.fold(back, size, 24, stride=8, padding=8)
    torch.testing.assert_close(join_windows(windows, image.shape, scrambled), folded, rtol=0, atol=2e-6)


@pytest.mark.parametrize("size", [(24, 24), (32, 64), (8, 80)])
def test_windows_joined_and_divided_by_their_number_are_the_image(size):
    image = torch.randn(2, 3, *size, dtype=torch.float64)
    counts = overlaps(image)
    axes = [np.convolve(np.ones(side // 8), np.ones(3))[1:-1].repeat(8) for side in size]
    np.testing.assert_array_equal(counts[0, 0].numpy(), np.outer(*axes))
    torch.testing.assert_close(join_windows(cut_windows(image), image.shape) / counts, image, rtol=0, atol=1e-14)


@torch.no_grad()
def test_the_transformer_is_the_identity_where_nothing_is_fused():
    """Without its convolutions, the branch cuts windows, joins them and must give MS's features back, at any size."""
    network = network_with()
    for parameter in network.window_fusion.parameters():
        parameter.zero_()
    for size in ((24, 24), (37, 50), (5, 70), (16, 16)):
        ms, pan = torch.randn(2, 8, *size), torch.randn(2, 8, *size)
        torch.testing.assert_close(network.transform(ms, pan), ms, rtol=0, atol=1e-6)


@torch.no_grad()
def test_edges_of_the_features_are_repeated_until_windows_fit():
    network = network_with()
    ms, pan = torch.randn(1, 8, 13, 42), torch.randn(1, 8, 13, 42)
    padded = [torch.from_numpy(np.pad(x.numpy(), ((0, 0), (0, 0), (0, 11), (0, 6)), mode="edge")) for x in (ms, pan)]
    expected = network.transform(*padded)[..., :13, :42]
    torch.testing.assert_close(network.transform(ms, pan), expected, rtol=0, atol=0)


@torch.no_grad()
def test_windows_are_matched_a_few_at_a_time(monkeypatch):
    network = network_with()
    ms, pan = torch.randn(1, 8, 64, 64), torch.randn(1, 8, 64, 64)
    taken, matched = [], innformer.match

    def recorded(query, *more):
        taken.append(len(query))
        return matched(query, *more)

    monkeypatch.setattr(innformer, "match", recorded)
    at_once = network.transform(ms, pan)
    assert sum(taken) == 64 and max(taken) == innformer.WINDOWS_AT_ONCE < 64
    monkeypatch.setattr(innformer, "WINDOWS_AT_ONCE", 5)
    torch.testing.assert_close(network.transform(ms, pan), at_once, rtol=0, atol=2e-6)


# Matching.


@pytest.mark.parametrize("by_nine", [False, True])
def test_matching_follows_numpy(by_nine):
    rng = np.random.default_rng(2)
    query, reference = rng.normal(size=(2, 2, 3, 5, 6))
    padded = {name: np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))) for name, x in (("q", query), ("r", reference))}
    places = [(y, x) for y in range(5) for x in range(6)]
    rearranged, counts, scores = np.zeros_like(padded["r"]), np.zeros((7, 8)), np.zeros((2, 1, 5, 6))
    for image in range(2):
        patches = {name: [x[image, :, y : y + 3, c : c + 3] for y, c in places] for name, x in padded.items()}
        for (y, x), patch in zip(places, patches["q"]):
            cosines = [(patch * other).sum() / np.linalg.norm(patch) / np.linalg.norm(other) for other in patches["r"]]
            scores[image, 0, y, x] = max(cosines)
            rearranged[image, :, y : y + 3, x : x + 3] += patches["r"][int(np.argmax(cosines))]
            counts[y : y + 3, x : x + 3] += 0.5  # of two images
    found, score = match(torch.from_numpy(query), torch.from_numpy(reference), by_nine)
    expected = (rearranged / (9 if by_nine else counts))[..., 1:-1, 1:-1]
    np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(score.numpy(), scores, rtol=0, atol=1e-12)


def test_a_map_matched_with_itself_is_itself():
    window = torch.randn(2, 8, 24, 24, dtype=torch.float64)
    found, score = match(window, window)
    torch.testing.assert_close(found, window, rtol=0, atol=1e-14)
    torch.testing.assert_close(score, torch.ones_like(score), rtol=0, atol=1e-14)
    by_nine, _ = match(window, window, True)
    share = np.outer(*[[2, *[3] * 22, 2]] * 2) / 9
    np.testing.assert_allclose(by_nine.numpy(), window.numpy() * share, rtol=0, atol=1e-14)


def test_a_displaced_map_is_found():
    reference = torch.randn(1, 8, 24, 24)
    query = 3 * reference.roll((4, -5), (2, 3))
    found, score = match(query, reference)
    inner = (..., slice(7, 22), slice(2, 17))  # away from the edges and from where the roll joins them
    torch.testing.assert_close(found[inner], query[inner] / 3, rtol=0, atol=1e-6)
    torch.testing.assert_close(score[inner], torch.ones_like(score[inner]))


@torch.no_grad()
def test_what_is_found_counts_as_much_as_it_is_alike():
    matching = WindowMatching(2).double()
    query, reference = torch.randn(2, 3, 2, 24, 24, dtype=torch.float64)
    found, score = match(query, reference)
    expected = matching.convs(torch.cat((found, query), 1)) * score + query
    torch.testing.assert_close(matching(query, reference), expected)


@torch.no_grad()
def test_matching_is_done_in_full_precision():
    network = network_with()
    ms, pan = images(3, 32, 40)
    full = network.transform(network.ms_head(ms), network.pan_head(pan))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        query, reference = network.ms_head(ms), network.pan_head(pan)
        half = network.transform(query, reference)
        assert network(ms, pan).isfinite().all()
    assert query.dtype == torch.bfloat16 and half.dtype == torch.float32
    torch.testing.assert_close(half, network.transform(query.float(), reference.float()), rtol=0, atol=1e-6)
    assert float((half - full).abs().mean()) < 0.05


# Invertible blocks and the channel gate.


@torch.no_grad()
def test_a_block_can_be_inverted():
    torch.manual_seed(2)
    block = InvertibleBlock(16).double()
    x = torch.randn(2, 16, 7, 9, dtype=torch.float64)
    y1, y2 = block(x).chunk(2, 1)
    x2 = (y2 - block.second(y1)) * torch.exp(-0.8 * torch.tanh(block.scale(y1) / 2))
    x1 = y1 - block.first(x2)
    back = torch.einsum("ij,bjhw->bihw", block.mix.matrix.inverse(), torch.cat((x1, x2), 1))
    torch.testing.assert_close(back, x, rtol=0, atol=1e-10)


@torch.no_grad()
def test_mix_starts_as_a_rotation_and_keeps_its_triangles():
    mix = InvertibleMix(16).double()
    torch.testing.assert_close(mix.matrix @ mix.matrix.T, torch.eye(16, dtype=torch.float64), rtol=0, atol=1e-5)
    assert sorted(mix.p.sum(0).tolist()) == sorted(mix.p.sum(1).tolist()) == [1.0] * 16
    before = mix.matrix
    mix.lower += torch.ones(16, 16).triu()  # what is not part of a triangle has no effect
    mix.upper += torch.ones(16, 16).tril()
    torch.testing.assert_close(mix.matrix, before, rtol=0, atol=0)
    _, log_determinant = torch.linalg.slogdet(before)
    torch.testing.assert_close(log_determinant, mix.log_s.sum(), rtol=0, atol=1e-12)


@torch.no_grad()
def test_norm_is_over_each_channel_of_each_image():
    norm, other = ImageNorm(4), nn.InstanceNorm2d(4, affine=True)
    for module in (norm, other):
        module.weight.copy_(torch.arange(1.0, 5.0))
        module.bias.copy_(torch.arange(4.0))
    x = 7 + 3 * torch.randn(3, 4, 11, 6)
    torch.testing.assert_close(norm(x), other(x), rtol=0, atol=5e-6)
    assert torch.equal(norm(x[:1, :, :1, :1])[0, :, 0, 0], norm.bias)


@torch.no_grad()
def test_gate_weighs_the_map_and_pooled_only_adds_a_constant():
    gate = ChannelGate(8)
    x = torch.randn(2, 8, 9, 10)
    y = gate.convs(x)
    hidden = y.mean((2, 3)) @ gate.weights[0].weight[:, :, 0, 0].T + gate.weights[0].bias
    z = hidden.clamp(min=0) @ gate.weights[2].weight[:, :, 0, 0].T + gate.weights[2].bias
    z = 1 / (1 + np.exp(-z[:, :, None, None].numpy()))
    np.testing.assert_allclose(gate(x), z * y.numpy() + x.numpy(), rtol=0, atol=1e-6)
    pooled = ChannelGate(8, pooled=True)
    pooled.load_state_dict(gate.state_dict())
    np.testing.assert_allclose(pooled(x), z * y.numpy().mean((2, 3), keepdims=True) + x.numpy(), rtol=0, atol=1e-6)


# The whole network.


@pytest.mark.parametrize("fault", FAULTS)
@torch.no_grad()
def test_each_fault_is_off_by_default_and_changes_the_output(fault):
    ms, pan = images(3, 40, 32)
    clean = network_with()
    faulty = network_with(**{fault: True})
    faulty.load_state_dict(clean.state_dict())
    off = network_with(**{fault: False})
    assert float((faulty(ms, pan) - clean(ms, pan)).abs().max()) > 1e-3
    assert torch.equal(off(ms, pan), clean(ms, pan))


@torch.no_grad()
def test_halo_is_what_convolutions_and_windows_see():
    """With norms and gate made local, a pixel's reach is the halo, whatever its place between windows."""
    network = network_with(2).double()
    for module in list(network.modules()):
        if hasattr(module, "norm"):
            module.norm = nn.Identity()
    network.refine[1].weights[2].weight.zero_()
    ms, pan = images(2, 24, 136, dtype=torch.float64)
    before, farthest = network(ms, pan), 0
    for centre in (64, 67, 71):
        changed = [image.clone() for image in (ms, pan)]
        for image in changed:
            image[..., 12, centre] += 1
        seen = (network(*changed) != before).any(1)[0].any(0).nonzero() - centre
        farthest = max(farthest, int(seen.abs().max()))
    assert farthest == network.halo == 52
    assert network.multiple == 8 and network.global_context is True


@torch.no_grad()
def test_an_image_of_whole_blocks_is_matched_alike_wherever_it_lies():
    """Moved by 8 pixels the windows move along: away from the edges, the transformer gives the same."""
    network = network_with()
    ms, pan = torch.randn(1, 8, 80, 80), torch.randn(1, 8, 80, 80)
    whole, part = network.transform(ms, pan), network.transform(ms[..., 8:, 16:], pan[..., 8:, 16:])
    torch.testing.assert_close(part[..., 24:, 24:], whole[..., 32:, 40:], rtol=0, atol=2e-6)


def test_training_lowers_the_loss_and_reaches_every_weight():
    torch.manual_seed(0)
    network = INNformer(4)
    ms, pan = images(4, 26, 24, batch=2)
    target = ms + 0.3 * pan
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    losses = []
    for _ in range(4):
        loss = F.mse_loss(network(ms, pan), target)
        optimiser.zero_grad()
        loss.backward()
        assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
        if not losses:
            assert all(float(p.grad.abs().max()) > 0 for p in network.parameters())
        optimiser.step()
        losses.append(loss.item())
    assert losses[1] < losses[0] and losses[-1] < losses[0]


@pytest.mark.parametrize("features", [0, 6, 10])
def test_features_that_cannot_be_halved_twice_are_refused(features):
    with pytest.raises(InputError, match="multiple of 4"):
        INNformer(3, features)


# Checkpoints.


def conv(layer, outputs, inputs, kernel=3):
    return {f"{layer}.weight": (outputs, inputs, kernel, kernel), f"{layer}.bias": (outputs,)}


def official_state(bands):
    """The official state dict, as the published code builds it."""
    shapes = {
        **conv("conv_process.convms", 8, bands),
        **conv("conv_process.convpan", 8, 1),
        **conv("conv_fusion.conv", 8, 16),
        **conv("transform_fusion.fuse.conv_trans.0", 8, 16),
        **conv("transform_fusion.fuse.conv_trans.2", 8, 8),
        **conv("extract.fuse", 16, 32, 1),
        **conv("refine.conv_in", 16, 16),
        **conv("refine.process.0.conv_du.0", 4, 16, 1),
        **conv("refine.process.0.conv_du.2", 16, 4, 1),
        **conv("refine.process.0.process.0", 16, 16),
        **conv("refine.process.0.process.2", 16, 16),
        **conv("refine.conv_last", bands, 16),
    }
    for block in range(3):
        start = f"extract.operations.{block}"
        shapes.update({f"{start}.invconv.{name}": (16, 16) for name in ("lower", "upper", "p")})
        shapes.update({f"{start}.invconv.{name}": (16,) for name in ("log_s", "sign_s")})
        for network in "FGH":
            for unit, outputs, inputs in (("conv1", 16, 8), ("conv2", 8, 16)):
                layer = f"{start}.{network}.{unit}"
                shapes.update(conv(f"{layer}.identity", outputs, inputs, 1))
                shapes.update(conv(f"{layer}.conv_1", outputs, inputs))
                shapes.update(conv(f"{layer}.conv_2", outputs, outputs))
                shapes.update({f"{layer}.norm.weight": (outputs // 2,), f"{layer}.norm.bias": (outputs // 2,)})
    return {key: torch.from_numpy(parity.fill(key, shape, 5)) for key, shape in shapes.items()}


@pytest.mark.parametrize("bands", [3, 4])
@torch.no_grad()
def test_a_checkpoint_without_its_configuration_gives_the_same_network(bands):
    entry, state = checkpoints.family("satfusion.innformer"), official_state(bands)
    built = entry.build({"ms_channels": bands, "pan_channels": 1, "n_feat": 16})
    configuration = json.loads(json.dumps(entry.configuration(state)))  # as it stands on a card
    assert configuration == {"bands": bands, "features": 16, **OFFICIAL}
    imported = INNformer(**configuration)
    for network in (built, imported):
        network.load_state_dict(entry.translate(state), strict=True)
    inputs = dict(zip(("ms", "pan"), images(bands, 33, 29, batch=2)))
    outputs = entry.call(imported.eval(), inputs)
    assert outputs["output"].shape == (2, bands, 33, 29) and outputs["transform_features"].shape == (2, 8, 33, 29)
    torch.testing.assert_close(outputs["output"], built.eval()(**inputs), rtol=0, atol=0)


def test_strangers_are_refused():
    entry, state = checkpoints.family("satfusion.innformer"), official_state(3)
    with pytest.raises(InputError, match="extra"):
        entry.translate({**state, "extra.weight": torch.zeros(1)})
    with pytest.raises(InputError, match="another network"):
        entry.configuration({"fc.weight": torch.zeros(1)})
    with pytest.raises(InputError, match="ms_channels"):
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


@torch.no_grad()
def test_onnx_matches_in_a_loop_at_every_number_of_windows(tmp_path):
    torch.manual_seed(0)
    matching = WindowMatching(4).eval()
    names, path = ["query", "reference"], tmp_path / "matching.onnx"
    axes = {name: {0: torch.export.Dim("windows")} for name in names}
    session = exported(matching, tuple(torch.randn(2, 40, 4, 24, 24)), names, axes, path)
    for windows in (40, 3, 32, 70):
        tensors = torch.randn(2, windows, 4, 24, 24)
        (output,) = session.run(None, {name: tensor.numpy() for name, tensor in zip(names, tensors)})
        np.testing.assert_allclose(output, matching(*tensors).numpy(), rtol=0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{}, OFFICIAL], ids=["clean", "official"])
@torch.no_grad()
def test_onnx_equals_torch_at_other_sizes_than_the_traced_one(settings, tmp_path):
    network = network_with(4, **settings)
    axes = {0: torch.export.Dim("batch"), 2: torch.export.Dim("height"), 3: torch.export.Dim("width")}
    path = tmp_path / "network.onnx"
    session = exported(network, tuple(images(4, 34, 45, batch=2)), ["ms", "pan"], {"ms": axes, "pan": axes}, path)
    for batch, rows, columns in ((2, 34, 45), (1, 16, 20), (1, 5, 3), (3, 1, 40), (1, 61, 50)):
        ms, pan = images(4, rows, columns, batch, seed=3)
        (output,) = session.run(["output"], {"ms": ms.numpy(), "pan": pan.numpy()})
        np.testing.assert_allclose(output, network(ms, pan).numpy(), rtol=0, atol=2e-5)
