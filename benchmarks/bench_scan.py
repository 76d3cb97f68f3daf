"""Speed of the selective scan in two levels against the recurrence step by step, in one run and on one thread.

    .venv-engine/bin/python benchmarks/bench_scan.py                    4096 and 16384 steps
    .venv-engine/bin/python benchmarks/bench_scan.py --lengths 65536    an image of 256 x 256

Both run in turn, so that they see the same machine; the times are the shortest of the repetitions, and the ratio is
that of these. The error is the largest difference from the recurrence in float64, over the largest value.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from torch import Tensor

from satfusion_qgis.engine.networks.selective_scan import selective_scan

CHANNELS, STATES = 64, 16


def step_by_step(u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor) -> Tensor:
    """The recurrence, one step after the other."""
    state = u.new_zeros(u.shape[0], *A.shape)
    outputs = []
    for u_t, dt_t, B_t, C_t in zip(u.unbind(1), dt.unbind(1), B.unbind(1), C.unbind(1)):
        state = torch.exp(dt_t[..., None] * A) * state + (dt_t * u_t)[..., None] * B_t[:, None]
        outputs.append((state * C_t[:, None]).sum(-1))
    return torch.stack(outputs, dim=1) + D * u


def there_and_back(*given: Tensor) -> None:
    """The scan and its gradients."""
    selective_scan(*given).sum().backward()


def arguments(length: int) -> tuple[Tensor, ...]:
    """Arguments as a Mamba layer starts with: step sizes from 0.001 to 0.1, decay rates from -1 to -16."""
    torch.manual_seed(0)
    dt = torch.empty(1, length, CHANNELS).uniform_(-6.9, -2.3).exp()
    A = -torch.arange(1.0, STATES + 1.0).repeat(CHANNELS, 1)
    B, C = torch.randn(2, 1, length, STATES)
    return torch.randn(1, length, CHANNELS), dt, A, B, C, torch.ones(CHANNELS)


def shortest(functions: list[Callable[[], object]], repetitions: int) -> list[float]:
    """Shortest time of each function in seconds; they take turns."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(repetitions):
        for function, taken in zip(functions, times):
            start = time.perf_counter()
            function()
            taken.append(time.perf_counter() - start)
    return [min(taken) for taken in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[4096, 16384], help="steps of the sequences")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'steps':>8} {'two levels':>12} {'step by step':>13} {'ratio':>7} {'error':>9} {'with gradients':>15}")
    for length in options.lengths:
        given = arguments(length)
        learning = [tensor.clone().requires_grad_() for tensor in given]
        with torch.no_grad():
            both_ways = [partial(selective_scan, *given), partial(step_by_step, *given)]
            ours, plain = shortest(both_ways, options.repetitions)
            truth = step_by_step(*(tensor.double() for tensor in given))
            error = float((selective_scan(*given) - truth).abs().max() / truth.abs().max())
        (both,) = shortest([partial(there_and_back, *learning)], options.repetitions)
        print(
            f"{length:>8} {ours * 1e3:>9.1f} ms {plain * 1e3:>10.1f} ms {plain / ours:>6.1f}x {error:>9.1e} "
            f"{both * 1e3:>12.1f} ms"
        )


if __name__ == "__main__":
    main()
