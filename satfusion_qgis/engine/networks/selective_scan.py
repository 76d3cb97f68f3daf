"""Selective scan: the linear recurrence of a state-space layer whose step depends on the input.

For each channel d and each of its N states n, along a sequence of L steps,

    h[t] = exp(dt[t] A) h[t-1] + dt[t] B[t] u[t],    y[t] = sum over n of C[t] h[t] + D u[t],    h[-1] = 0

(Gu and Dao, 2023, "Mamba: linear-time sequence modeling with selective state spaces", doi:10.48550/arXiv.2312.00752).

Three ways to the same numbers, chosen by where the tensors are:

* on CUDA the kernel of the optional package mamba_ssm, when it is there;
* while a graph is exported, ONNX's Scan, which holds for every length;
* otherwise the scan in two levels below.

In two levels: the sequence is cut into chunks of 64 steps. All chunks are run at once from a zero state, step by step;
a loop over the chunks then carries the state from one to the next; last, each step adds what the state before its chunk
still contributes. Only exponentials of dt A, which are never above 1, are taken, so nothing overflows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Optional

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

CHUNK = 64
# Chunks (times the batch) run at once: what a processor's cache holds, or what keeps a graphics card busy.
_AT_ONCE_CPU = 64
_AT_ONCE_GPU = 1024


def selective_scan(u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor, rows: int = 1) -> Tensor:
    """Run the recurrence; differentiable in every argument.

    Args:
        u: Sequence (batch, length, channels).
        dt: Step sizes, not negative, of the same shape.
        A: Decay rates (channels, states), not positive.
        B: Input weights (batch, length, states).
        C: Output weights (batch, length, states).
        D: Direct weight (channels,).
        rows: Equal parts of the sequence, such as an image's rows: the chunks of an exported graph, which has nothing
            else to go by when the length is not known.

    Returns:
        (batch, length, channels), in u's type; computed in float32 at least.
    """
    kind = torch.promote_types(u.dtype, torch.float32)
    arguments = [tensor.to(kind) for tensor in (u, dt, A, B, C)]
    if torch.compiler.is_exporting():
        y = _exported_scan(rows, *(tensor.detach() for tensor in arguments))
    else:
        kernel = _cuda_kernel() if u.is_cuda and kind == torch.float32 else None
        y = _TwoLevelScan.apply(*arguments) if kernel is None else _kernel_scan(kernel, *arguments)
    return (y + D.to(kind) * arguments[0]).to(u.dtype)


@lru_cache(maxsize=1)
def _cuda_kernel() -> Optional[Callable[..., Tensor]]:
    """The scan of mamba_ssm, or None where the package is missing or does not fit this torch."""
    try:
        from mamba_ssm.ops.selective_scan_interface import selective_scan_fn
    except (ImportError, OSError, RuntimeError):
        return None
    return selective_scan_fn


def _kernel_scan(kernel: Callable[..., Tensor], u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor) -> Tensor:
    """The recurrence by mamba_ssm, which wants (batch, channels, length)."""
    u, dt, B, C = (tensor.transpose(1, 2).contiguous() for tensor in (u, dt, B, C))
    return kernel(u, dt, A.contiguous(), B, C).transpose(1, 2)


def _into_chunks(tensor: Tensor) -> Tensor:
    """(batch, length, channels) to (batch, chunks, 64, channels); steps added at the end are zero.

    A step of size 0 leaves the state as it is.
    """
    batch, length, channels = tensor.shape
    padded = functional.pad(tensor, (0, 0, 0, -length % CHUNK))
    return padded.reshape(batch, -1, CHUNK, channels)


def _segments(chunks: int, batch: int, device: torch.device) -> Iterator[slice]:
    """Runs of chunks that are computed at once."""
    at_once = max(1, (_AT_ONCE_CPU if device.type == "cpu" else _AT_ONCE_GPU) // batch)
    for first in range(0, chunks, at_once):
        yield slice(first, min(first + at_once, chunks))


def _carry(entering: Tensor, ends: Tensor, kept: Tensor, carried: Tensor, reverse: bool = False) -> Tensor:
    """Loop over chunks: each hands on what it ends with plus the share it keeps of what entered.

    Args:
        entering: Filled with what enters each chunk (batch, chunks, channels, states).
        ends: What each chunk ends with when nothing enters; same shape.
        kept: The share that each chunk keeps; same shape.
        carried: What enters the first chunk (batch, channels, states).
        reverse: Whether to go from the last chunk to the first.

    Returns:
        What the last chunk hands on (batch, channels, states).
    """
    order = range(ends.shape[1])
    for i in reversed(order) if reverse else order:
        entering[:, i] = carried
        carried = torch.addcmul(ends[:, i], kept[:, i], carried)
    return carried


def _states(steps: Tensor, driven: Tensor, A: Tensor, B: Tensor, entering: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """All states of some chunks and the decays that lead to them: 64 tensors (batch, chunks, channels, states) each."""
    states, decays = [], []
    state = entering
    for k in range(CHUNK):
        decays.append(torch.exp(steps[:, :, k, :, None] * A))
        state = torch.addcmul(decays[k] * state, driven[:, :, k, :, None], B[:, :, k, None])
        states.append(state)
    return states, decays


class _TwoLevelScan(torch.autograd.Function):
    """y[t] = sum over n of C[t] h[t]; keeps one state a chunk and recomputes the others in the backward pass."""

    @staticmethod
    def forward(ctx: Any, u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor) -> Tensor:
        batch, length, channels = u.shape
        steps, B_, C_ = _into_chunks(dt), _into_chunks(B), _into_chunks(C)
        driven = _into_chunks(dt * u)
        elapsed = steps.cumsum(2)
        y = torch.empty_like(driven)
        entering = u.new_empty(batch, steps.shape[1], channels, A.shape[1])
        carried = u.new_zeros(batch, channels, A.shape[1])
        for part in _segments(steps.shape[1], batch, u.device):
            state = torch.zeros_like(entering[:, part])
            work = torch.empty_like(state)
            for k in range(CHUNK):
                torch.mul(steps[:, part, k, :, None], A, out=work).exp_()
                state.mul_(work).addcmul_(driven[:, part, k, :, None], B_[:, part, k, None])
                torch.mul(state, C_[:, part, k, None], out=work)
                y[:, part, k] = work.sum(-1)
            carried = _carry(entering[:, part], state, torch.exp(elapsed[:, part, -1, :, None] * A), carried)
            for k in range(CHUNK):
                torch.mul(elapsed[:, part, k, :, None], A, out=work).exp_()
                y[:, part, k] += work.mul_(entering[:, part]).mul_(C_[:, part, k, None]).sum(-1)
        ctx.save_for_backward(u, dt, A, B, C, entering)
        return y.reshape(batch, -1, channels)[:, :length]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, ...]:
        u, dt, A, B, C, entering = ctx.saved_tensors
        batch, length, channels = u.shape
        steps, B_, C_ = _into_chunks(dt), _into_chunks(B), _into_chunks(C)
        driven, g_y = _into_chunks(dt * u), _into_chunks(gradients[0])
        g_steps, g_driven = torch.empty_like(steps), torch.empty_like(driven)
        g_B, g_C, g_A = torch.empty_like(B_), torch.empty_like(C_), torch.zeros_like(A)
        elapsed = steps.sum(2)
        # The gradient of the state that leaves the part at hand, from the parts after it.
        leaving = u.new_zeros(batch, channels, A.shape[1])
        for part in reversed(list(_segments(steps.shape[1], batch, u.device))):
            states, decays = _states(steps[:, part], driven[:, part], A, B_[:, part], entering[:, part])
            # Back through all chunks at once with nothing from the chunk after, then from chunk to chunk.
            g_state = torch.zeros_like(states[0])
            for k in reversed(range(CHUNK)):
                g_state.addcmul_(g_y[:, part, k, :, None], C_[:, part, k, None]).mul_(decays[k])
            g_after = torch.empty_like(g_state)
            kept = torch.exp(elapsed[:, part, :, None] * A)
            leaving = _carry(g_after, g_state, kept, leaving, reverse=True)
            g_state = g_after
            for k in reversed(range(CHUNK)):
                before = states[k - 1] if k else entering[:, part]
                g_state.addcmul_(g_y[:, part, k, :, None], C_[:, part, k, None])
                g_C[:, part, k] = (g_y[:, part, k, :, None] * states[k]).sum(2)
                g_B[:, part, k] = (g_state * driven[:, part, k, :, None]).sum(2)
                g_driven[:, part, k] = (g_state * B_[:, part, k, None]).sum(3)
                g_state.mul_(decays[k])
                g_exponent = g_state * before
                g_steps[:, part, k] = (g_exponent * A).sum(3)
                g_A += (g_exponent * steps[:, part, k, :, None]).sum((0, 1))
        g_steps, g_driven, g_B, g_C = (
            tensor.reshape(batch, -1, tensor.shape[-1])[:, :length] for tensor in (g_steps, g_driven, g_B, g_C)
        )
        return g_driven * dt, g_steps + g_driven * u, g_A, g_B, g_C


def _exported_scan(rows: int, u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor) -> Tensor:
    """The same two levels as ONNX's Scan, whose bodies hold one step: a graph for every length.

    A scan over the steps of all rows, one over the rows, and again one over the steps for the correction.
    """
    from torch._higher_order_ops.scan import scan  # an operator of torch.export that has no public name yet

    batch, length, channels = u.shape
    steps, driven, B_, C_ = (
        tensor.reshape(batch, rows, -1, tensor.shape[-1]).permute(2, 0, 1, 3).contiguous()
        for tensor in (dt, dt * u, B, C)
    )
    elapsed = steps.cumsum(0)

    def step(state: Tensor, now: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
        dt_k, driven_k, B_k, C_k = now
        state = torch.exp(dt_k[..., None] * A) * state + driven_k[..., None] * B_k[..., None, :]
        return state, (state * C_k[..., None, :]).sum(-1)

    def over(carried: Tensor, row: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        end, total = row
        return end + torch.exp(total[..., None] * A) * carried, carried.clone()

    def correct(entering: Tensor, now: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        elapsed_k, C_k = now
        return entering.clone(), (torch.exp(elapsed_k[..., None] * A) * entering * C_k[..., None, :]).sum(-1)

    start = u.new_zeros(batch, rows, channels, A.shape[1])
    ends, y = scan(step, start, (steps, driven, B_, C_))
    _, entering = scan(
        over,
        u.new_zeros(batch, *A.shape),
        (ends.transpose(0, 1).contiguous(), elapsed[-1].transpose(0, 1).contiguous()),
    )
    _, corrected = scan(correct, entering.transpose(0, 1).contiguous(), (elapsed, C_))
    return (y + corrected).permute(1, 2, 0, 3).reshape(batch, length, channels)
