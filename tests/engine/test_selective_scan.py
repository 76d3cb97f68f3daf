"""The selective scan against the recurrence written out step by step, in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from satfusion_qgis.engine.networks import selective_scan as module
from satfusion_qgis.engine.networks.selective_scan import selective_scan

LENGTHS = (1, 3, 63, 64, 65, 1000)
NAMES = ("u", "dt", "A", "B", "C", "D")


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def arguments(length, batch=2, channels=5, states=3, longest=0.1, kind=torch.float32, seed=0):
    """Random arguments; step sizes between 0.001 and `longest`, evenly on a logarithmic scale."""
    draw = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=draw, dtype=torch.float64).to(kind)

    steps = torch.rand(batch, length, channels, generator=draw, dtype=torch.float64)
    dt = (np.log(1e-3) + steps * (np.log(longest) - np.log(1e-3))).exp().to(kind)
    A = -16 * torch.rand(channels, states, generator=draw, dtype=torch.float64).to(kind)
    B, C = normal(batch, length, states), normal(batch, length, states)
    return normal(batch, length, channels), dt, A, B, C, normal(channels)


def in_numpy(u, dt, A, B, C, D):
    """The recurrence, one step, one channel and one state at a time."""
    u, dt, A, B, C, D = (tensor.double().numpy() for tensor in (u, dt, A, B, C, D))
    y = np.zeros_like(u)
    for b in range(u.shape[0]):
        h = np.zeros_like(A)
        for t in range(u.shape[1]):
            h = np.exp(dt[b, t][:, None] * A) * h + (dt[b, t] * u[b, t])[:, None] * B[b, t][None]
            y[b, t] = h @ C[b, t] + D * u[b, t]
    return y


def step_by_step(u, dt, A, B, C, D):
    """The recurrence as a chain of operations that PyTorch can go back through."""
    h = torch.zeros(u.shape[0], *A.shape, dtype=u.dtype)
    outputs = []
    for t in range(u.shape[1]):
        h = torch.exp(dt[:, t, :, None] * A) * h + (dt[:, t] * u[:, t])[..., None] * B[:, t, None]
        outputs.append((h * C[:, t, None]).sum(-1) + D * u[:, t])
    return torch.stack(outputs, dim=1)


@pytest.mark.parametrize("length", LENGTHS)
def test_is_the_recurrence(length):
    given = arguments(length)
    truth = in_numpy(*given)
    np.testing.assert_allclose(selective_scan(*given).numpy(), truth, rtol=0, atol=2e-6 * max(1, np.abs(truth).max()))


@pytest.mark.parametrize("length", LENGTHS)
def test_parts_of_any_size_are_joined(length, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE_CPU", 2)
    given = arguments(length, kind=torch.float64)
    np.testing.assert_allclose(selective_scan(*given).numpy(), in_numpy(*given), rtol=0, atol=1e-12)


@pytest.mark.parametrize("at_once", [2, 6, 64])
@pytest.mark.parametrize("length", [1, 63, 65, 700])
def test_gradients(length, at_once, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE_CPU", at_once)
    given = [tensor.requires_grad_() for tensor in arguments(length, kind=torch.float64)]
    weight = torch.randn(given[0].shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ours = torch.autograd.grad((selective_scan(*given) * weight).sum(), given)
    truth = torch.autograd.grad((step_by_step(*given) * weight).sum(), given)
    for name, found, wanted in zip(NAMES, ours, truth):
        torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-11, msg=name)


def test_long_steps_do_not_overflow():
    """exp(dt A) underflows to 0 within a step and within a chunk; nothing may become infinite or undefined."""
    given = [tensor.requires_grad_() for tensor in arguments(200, longest=100.0)]
    y = selective_scan(*given)
    truth = in_numpy(*(tensor.detach() for tensor in given))
    np.testing.assert_allclose(y.detach().numpy(), truth, rtol=0, atol=2e-6 * np.abs(truth).max())
    for gradient in torch.autograd.grad(y.sum(), given):
        assert torch.isfinite(gradient).all()


def test_a_step_sees_nothing_after_it():
    u, dt, A, B, C, D = arguments(300)
    before = selective_scan(u, dt, A, B, C, D)
    for tensor in (u, dt, B, C):
        tensor[:, 130:] += 0.5
    after = selective_scan(u, dt, A, B, C, D)
    assert torch.equal(before[:, :130], after[:, :130])
    assert not torch.equal(before[:, 130], after[:, 130])


def test_what_came_first_is_still_felt_chunks_later():
    u, dt, _, B, C, D = arguments(300, longest=0.002)
    A = torch.full((5, 3), -0.1)
    before = selective_scan(u, dt, A, B, C, D)
    u[:, 0] += 1
    assert (selective_scan(u, dt, A, B, C, D)[:, 250:] - before[:, 250:]).abs().max() > 1e-5


def test_images_of_a_batch_are_apart():
    u, dt, A, B, C, D = arguments(150, batch=3)
    together = selective_scan(u, dt, A, B, C, D)
    for i in range(3):
        alone = selective_scan(u[i : i + 1], dt[i : i + 1], A, B[i : i + 1], C[i : i + 1], D)
        torch.testing.assert_close(together[i : i + 1], alone, rtol=0, atol=1e-6)


def test_low_precision_is_only_that_of_the_arguments():
    given = [tensor.bfloat16() for tensor in arguments(500)]
    y = selective_scan(*given)
    assert y.dtype == torch.bfloat16
    truth = in_numpy(*given)
    np.testing.assert_allclose(y.double().numpy(), truth, rtol=2**-8, atol=1e-6 * np.abs(truth).max())


def test_kernel_gets_its_own_layout():
    """A kernel that takes (batch, channels, length), as mamba_ssm documents it."""
    given = arguments(70)

    def kernel(u, delta, A, B, C):
        assert u.shape == delta.shape == (2, 5, 70) and B.shape == C.shape == (2, 3, 70)
        assert all(tensor.is_contiguous() for tensor in (u, delta, A, B, C))
        u, delta, B, C = (tensor.transpose(1, 2) for tensor in (u, delta, B, C))
        return step_by_step(u, delta, A, B, C, torch.zeros(5)).transpose(1, 2)

    y = module._kernel_scan(kernel, *given[:5]) + given[5] * given[0]
    np.testing.assert_allclose(y.numpy(), in_numpy(*given), rtol=0, atol=1e-5)


class Scan(torch.nn.Module):
    """A scan over images: (batch, channels, H, W) by rows."""

    def __init__(self):
        super().__init__()
        _, _, A, _, _, D = arguments(1)
        self.A, self.D = torch.nn.Parameter(A), torch.nn.Parameter(D)

    def forward(self, u, dt, B, C):
        rows = u.shape[2]
        u, dt, B, C = (image.flatten(2).transpose(1, 2) for image in (u, dt, B, C))
        return selective_scan(u, dt, self.A, B, C, self.D, rows)


@pytest.mark.slow
def test_exported_graph_holds_at_every_length(tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    network = Scan().eval()

    def images(batch, rows, columns):
        u, dt, _, B, C, _ = arguments(rows * columns, batch, seed=rows)
        return {
            name: tensor.transpose(1, 2).unflatten(2, (rows, columns)).contiguous()
            for name, tensor in (("u", u), ("dt", dt), ("B", B), ("C", C))
        }

    traced = images(2, 6, 5)
    free = dict.fromkeys((0, 2, 3), torch.export.Dim.DYNAMIC)
    torch.onnx.export(
        network,
        tuple(traced.values()),
        tmp_path / "scan.onnx",
        input_names=list(traced),
        dynamic_shapes=dict.fromkeys(traced, free),
        dynamo=True,
        verbose=False,
    )
    session = onnxruntime.InferenceSession(tmp_path / "scan.onnx", providers=["CPUExecutionProvider"])
    for size in ((1, 1, 1), (1, 2, 3), (3, 6, 4), (1, 1, 40), (1, 40, 1), (2, 9, 70), (1, 70, 9)):
        given = images(*size)
        (ours,) = session.run(None, {name: image.numpy() for name, image in given.items()})
        flat = [image.flatten(2).transpose(1, 2) for image in given.values()]
        truth = in_numpy(*flat[:2], network.A.detach(), *flat[2:], network.D.detach())
        np.testing.assert_allclose(ours, truth, rtol=0, atol=3e-6 * max(1, np.abs(truth).max()), err_msg=str(size))
