"""ARConv: its sampling and its convolution against numpy, and the counts of samples that belong to its state."""

from __future__ import annotations

import copy
import io

import numpy as np
import pytest
import torch
from torch import nn

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.networks.pansharpening.arconv import (
    KERNELS,
    ARConv,
    RectangularConv,
    _count,
    _slowly,
    sampled,
)
from satfusion_qgis.tasks.errors import InputError


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


def images(bands, rows, columns, batch=1):
    return torch.rand(batch, bands, rows, columns), torch.rand(batch, 1, rows, columns)


def convolutions(network):
    return [module for module in network.modules() if isinstance(module, RectangularConv)]


def small(bands=3, **settings):
    """A network with few features whose predicted extents vary from pixel to pixel and from layer to layer."""
    network = ARConv(bands, width=4, **settings)
    with torch.no_grad():
        for convolution in convolutions(network):
            for layers in (convolution.height, convolution.width):
                layers[-1].weight.fill_(1.5)
                layers[-1].bias.uniform_(-1.5, 1.5)
                layers[-1].running_mean.uniform_(-0.5, 0.5)
    return network.eval()


def set_counts(network, rows, columns):
    for convolution in convolutions(network):
        convolution.counts.copy_(torch.tensor([rows, columns]))
        convolution.stored_counts()


def bilinear(image, y, x):
    """The value of an image [H, W] between its pixels; 0 outside."""
    y0, x0 = int(np.floor(y)), int(np.floor(x))
    value = 0.0
    for row, by in ((y0, y0 + 1 - y), (y0 + 1, y - y0)):
        for column, bx in ((x0, x0 + 1 - x), (x0 + 1, x - x0)):
            if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
                value += by * bx * image[row, column]
    return value


def samples_in_numpy(features, heights, widths, rows, columns):
    """(C, rows, columns, H, W): one sample after the other."""
    channels, height, width = features.shape
    out = np.zeros((channels, rows, columns, height, width))
    for index in np.ndindex(out.shape):
        c, i, j, y, x = index
        above = y + heights[y, x] / rows * (i - (rows - 1) / 2)
        left = x + widths[y, x] / columns * (j - (columns - 1) / 2)
        out[index] = bilinear(features[c], above, left)
    return out


@pytest.mark.parametrize(("rows", "columns"), [(3, 3), (3, 7), (5, 3)])
def test_samples_are_spread_over_the_rectangle(rows, columns):
    features = torch.randn(2, 2, 6, 5, dtype=torch.float64)
    heights, widths = 1 + 8 * torch.rand(2, 2, 1, 6, 5, dtype=torch.float64)
    given = sampled(features, heights, widths, rows, columns).reshape(2, 2, rows, columns, 6, 5)
    for b in range(2):
        truth = samples_in_numpy(
            features[b].numpy(), heights[b, 0].numpy(), widths[b, 0].numpy(), rows=rows, columns=columns
        )
        np.testing.assert_allclose(given[b].numpy(), truth, rtol=0, atol=1e-12)


def test_sampling_has_gradients_of_extents():
    features = torch.randn(1, 2, 4, 3, dtype=torch.float64, requires_grad=True)
    extents = (2 + 3 * torch.rand(2, 1, 1, 4, 3, dtype=torch.float64)).requires_grad_()
    assert torch.autograd.gradcheck(lambda f, e: sampled(f, e[0], e[1], 3, 5), (features, extents))


@pytest.mark.parametrize("counts", [(3, 3), (3, 5), (7, 3)])
def test_convolution_weights_the_samples(counts):
    convolution = RectangularConv(2, 9.0, False).eval()
    convolution.counts.copy_(torch.tensor(counts))
    features = torch.randn(1, 2, 5, 6)
    with torch.no_grad():
        given = convolution(features)[0].double().numpy()
        heights, widths = (extent[0, 0].double().numpy() for extent in convolution.extents(features))
        factor, offset = (layers(features)[0].double().numpy() for layers in (convolution.factor, convolution.offset))
    samples = samples_in_numpy(features[0].double().numpy(), heights, widths, *counts)
    kernel = convolution.kernels[KERNELS.index(counts)]
    assert kernel.kernel_size == counts
    summed = np.einsum("ocij,cijyx->oyx", kernel.weight.detach().double().numpy(), samples)
    truth = (summed + kernel.bias.detach().numpy()[:, None, None]) * np.tanh(factor) + offset
    np.testing.assert_allclose(given, truth, rtol=0, atol=1e-5)


def test_extents_are_between_1_and_the_largest():
    convolution = RectangularConv(4, 9.0, False).eval()
    for extents in convolution.extents(100 * torch.randn(1, 4, 20, 20)):
        assert extents.shape == (1, 1, 20, 20) and extents.min() >= 1 and extents.max() <= 9


@pytest.mark.parametrize(
    ("extent", "count"),
    [(1.0, 3), (2.99, 3), (3.0, 3), (4.99, 3), (5.0, 5), (5.99, 5), (6.99, 5), (7.0, 7), (8.99, 7), (9.0, 7)],
)
def test_counts_are_whole_and_odd(extent, count):
    assert _count(extent, 9.0) == count
    assert _count(2 * extent, 18.0) == count


@pytest.mark.parametrize("bands", [1, 3, 4, 8])
@pytest.mark.parametrize("size", [(4, 8), (5, 7), (3, 1), (18, 21)])
def test_any_bands_and_size(bands, size):
    network, (ms, pan) = small(bands), images(bands, *size)
    with torch.no_grad():
        sharpened, detail = network(ms, pan), network.detail(ms, pan)
        # Rows and columns repeated by hand up to a multiple of 4.
        rows, columns = (np.minimum(np.arange(-(-side // 4) * 4), side - 1) for side in size)
        filled = network.detail(ms[:, :, rows][..., columns], pan[:, :, rows][..., columns])
    assert sharpened.shape == detail.shape == ms.shape
    torch.testing.assert_close(sharpened, ms + detail)
    torch.testing.assert_close(detail, filled[..., : size[0], : size[1]], rtol=0, atol=1e-6)


def test_parameters_of_the_published_network():
    with torch.device("meta"):
        network = ARConv(3)
    assert sum(parameter.numel() for parameter in network.parameters()) == 15_920_815
    assert not any("counts" in name or "frozen" in name for name, _ in network.named_parameters())


def test_pan_comes_first():
    network = small(2)
    seen = []
    network.head.register_forward_hook(lambda module, given, output: seen.append(given[0]))
    ms, pan = images(2, 8, 8)
    network(ms, pan)
    assert torch.equal(seen[0], torch.cat((pan, ms), dim=1))


def test_evaluation_depends_neither_on_the_batch_nor_on_earlier_calls():
    network, (ms, pan) = small(), images(3, 8, 8, batch=2)
    ms[1], pan[1] = 20 * ms[1], 20 * pan[1]
    with torch.no_grad():
        together, alone = network(ms, pan), network(ms[:1], pan[:1])
        for _ in range(105):  # the official code freezes at the hundredth call
            network.blocks[0].first(torch.rand(1, 4, 4, 4))
        again = network(ms[:1], pan[:1])
    torch.testing.assert_close(together[:1], alone, rtol=0, atol=1e-6)
    assert torch.equal(alone, again)


def test_counts_from_the_batch_follow_the_batch():
    network = small(counts_from_batch=True)
    assert network.global_context
    ms, pan = images(3, 8, 8)
    with torch.no_grad():
        before = network(ms, pan)
        set_counts(network, 7, 7)  # has no effect
        assert torch.equal(network(ms, pan), before)
        convolution = network.blocks[0].first
        features = torch.randn(2, 4, 6, 6)
        heights, widths = convolution.extents(features)
        expected = tuple(_count(float(extent.mean()), 9.0) for extent in (heights, widths))
        convolution.counts_from_batch = False
        convolution.counts.copy_(torch.tensor(expected))
        stored = convolution(features)
        convolution.counts_from_batch = True
        assert torch.equal(convolution(features), stored)


def test_training_remembers_the_counts_of_its_batch_until_they_are_frozen():
    network = small().train()
    ms, pan = images(3, 16, 16, batch=2)
    network(ms, pan)
    remembered = [convolution.counts.tolist() for convolution in convolutions(network)]
    assert any(counts != [3, 3] for counts in remembered)
    network.freeze()
    assert [convolution.counts.tolist() for convolution in convolutions(network)] == remembered
    assert all(convolution.frozen for convolution in convolutions(network))
    set_counts(network, 5, 7)
    network(ms, pan)
    assert all(convolution.counts.tolist() == [5, 7] for convolution in convolutions(network))


def test_freezing_takes_the_mean_over_all_the_data():
    network = small().train()
    # The first convolution sees nothing that counts change, so its mean extents can be computed apart.
    batches = [images(3, 8, 8), images(3, 16, 8, batch=2)]
    batches[1] = tuple(30 * image for image in batches[1])
    network.freeze(iter(batches))
    assert network.training and all(convolution.seen is None for convolution in convolutions(network))
    first = network.eval().blocks[0].first
    with torch.no_grad():
        extents = [first.extents(network.head(torch.cat((pan, ms), dim=1))) for ms, pan in batches]
    means = [float(torch.cat([part[axis].flatten() for part in extents]).mean()) for axis in range(2)]
    assert first.counts.tolist() == [_count(mean, 9.0) for mean in means]
    assert all(convolution.frozen for convolution in convolutions(network))


def test_counts_are_saved_and_loaded():
    network, (ms, pan) = small().train(), images(3, 16, 16)
    network.freeze([(ms, pan)])
    network.eval()
    assert len({tuple(convolution.counts.tolist()) for convolution in convolutions(network)}) > 1
    file = io.BytesIO()
    torch.save(network.state_dict(), file)
    file.seek(0)
    other = ARConv(3, width=4).eval()
    other.load_state_dict(torch.load(file, weights_only=True))
    with torch.no_grad():
        assert torch.equal(other(ms, pan), network(ms, pan))
        assert torch.equal(copy.deepcopy(network)(ms, pan), network(ms, pan))
    other.train()(ms, pan)
    for ours, theirs in zip(convolutions(network), convolutions(other)):
        assert ours.counts.tolist() == theirs.counts.tolist() and theirs.frozen
    assert all(convolution.counts.dtype == torch.int64 for convolution in convolutions(other.half()))


def test_counts_without_a_kernel_are_refused():
    state = small().state_dict()
    state["blocks.0.first.counts"] = torch.tensor([3, 9])
    with pytest.raises(InputError, match="damaged"):
        ARConv(3, width=4).load_state_dict(state)


@pytest.mark.parametrize("counts", [(3, 3), (7, 7)])
def test_nothing_beyond_the_halo_is_seen(counts):
    network = small(1)
    set_counts(network, *counts)
    with torch.no_grad():
        for convolution in convolutions(network):  # the largest rectangles everywhere
            convolution.height[-1].bias.fill_(50.0)
            convolution.width[-1].bias.fill_(50.0)
    halo, middle = network.halo, 160
    for axis in (2, 3):
        for phase in range(4):
            size = (2 * middle, 4) if axis == 2 else (4, 2 * middle)
            given = [image.requires_grad_() for image in images(1, *size)]
            row = network.detail(*given).movedim(axis, 0)[middle + phase]
            seen = sum(gradient.abs() for gradient in torch.autograd.grad(row.sum(), given)).movedim(axis, 0)
            reached = seen.flatten(1).sum(1).nonzero()[:, 0]
            assert middle + phase - halo <= reached.min() and reached.max() <= middle + phase + halo
            assert max(middle + phase - reached.min(), reached.max() - middle - phase) > halo - 12


def test_properties():
    network = ARConv(4, width=4)
    assert network.multiple == 4 and not network.global_context
    narrow = network.halo
    set_counts(network, 3, 5)
    assert narrow < network.halo == ARConv(4, width=4, counts_from_batch=True).halo


def test_predicting_branches_learn_slowly():
    """Gradients shrink to a tenth where they leave each of the first two layers, as the official hooks do."""
    layers = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 4), nn.Linear(4, 2))
    plain = copy.deepcopy(layers)
    given, same = (torch.arange(3.0).requires_grad_() for _ in range(2))
    _slowly(layers, given).sum().backward()
    plain(same).sum().backward()
    for i, factor in enumerate((0.1, 1.0, 1.0)):
        torch.testing.assert_close(layers[i].weight.grad, factor * plain[i].weight.grad)
    torch.testing.assert_close(given.grad, 0.01 * same.grad)


def test_training_lowers_the_loss():
    network = small().train()
    ms, pan = images(3, 8, 8, batch=2)
    target = (ms + pan) / 2 + 0.3
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    losses = []
    for _ in range(10):
        optimiser.zero_grad()
        loss = (network(ms, pan) - target).abs().mean()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("wrong", [{"largest": 0.5}, {"bands": 0}])
def test_settings_out_of_range(wrong):
    with pytest.raises(InputError):
        ARConv(**{"bands": 3, "width": 4, **wrong})


def test_official_counts_become_buffers():
    family = checkpoints.family("satfusion.arconv")
    key = "rb2.conv1.reserved_NXY"
    translated = family.translate({key: torch.tensor([5, 7], dtype=torch.int32)})
    assert translated["blocks.1.first.counts"].tolist() == [5, 7]
    assert translated["blocks.1.first.counts"].dtype == torch.int64
    assert bool(translated["blocks.1.first.frozen"])
    with pytest.raises(InputError, match="rb6"):
        family.translate({"rb6.conv1.reserved_NXY": torch.tensor([3, 3])})


@pytest.mark.parametrize(("epoch", "from_batch"), [(None, True), (0, True), (100, True), (101, False)])
def test_official_epochs(epoch, from_batch):
    with torch.device("meta"):
        network = checkpoints.family("satfusion.arconv").build(
            {"lms_channels": 3, "pan_channels": 1, "epoch": epoch, "hw_range": [1, 9]}
        )
    assert network.global_context == from_batch


def test_configuration_is_read_from_shapes():
    state = {"tail_conv.weight": torch.zeros(5, 16, 3, 3), "head_conv.weight": torch.zeros(16, 6, 3, 3)}
    assert checkpoints.family("satfusion.arconv").configuration(state) == {"bands": 5, "width": 16}


@pytest.mark.slow
def test_exported_graph_takes_the_frozen_counts_at_every_size(tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    network = small()
    network.freeze([images(3, 16, 16)])
    convolution = next(item for item in convolutions(network) if item.counts.tolist() != [3, 3])
    features = convolution.kernels[0].in_channels
    free = dict.fromkeys((0, 2, 3), torch.export.Dim.DYNAMIC)
    with torch.no_grad():
        torch.onnx.export(
            convolution,
            (torch.rand(2, features, 6, 7),),
            tmp_path / "convolution.onnx",
            input_names=["features"],
            dynamic_shapes={"features": free},
            dynamo=True,
            verbose=False,
        )
    session = onnxruntime.InferenceSession(tmp_path / "convolution.onnx", providers=["CPUExecutionProvider"])
    for size in ((1, 2, 3), (3, 6, 5), (1, 20, 31)):
        given = torch.rand(size[0], features, *size[1:])
        (ours,) = session.run(None, {"features": given.numpy()})
        with torch.no_grad():
            np.testing.assert_allclose(ours, convolution(given).numpy(), rtol=0, atol=2e-6, err_msg=str(size))


def test_kernels_chosen_by_the_batch_are_not_exported():
    assert small(counts_from_batch=True).NOT_EXPORTABLE
    assert not hasattr(small(), "NOT_EXPORTABLE")
