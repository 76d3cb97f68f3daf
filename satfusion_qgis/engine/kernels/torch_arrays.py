"""The arrays of classical/arrays.py as torch's tensors on a device."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ...classical.arrays import Arrays
from ...tasks.method import Array


class TorchArrays(Arrays):
    """Tensors on a device.

    Args:
        device: torch's name of it, "cpu", "cuda:0", ...
    """

    # A graphics card wants many numbers at once; the distances of so many pixels take about half a gibibyte.
    strip = 4_000_000

    def __init__(self, device: str) -> None:
        self._device = torch.device(device)
        self.name = f"torch on {device}"

    def put(self, values: Any) -> torch.Tensor:
        if not isinstance(values, torch.Tensor):
            values = torch.from_numpy(np.ascontiguousarray(values, np.float32))
        return values.to(self._device).contiguous()

    def get(self, values: torch.Tensor) -> Array:
        return values.cpu().numpy()

    def empty(self, *shape: int) -> torch.Tensor:
        return torch.empty(shape, dtype=torch.float32, device=self._device)

    def zeros(self, *shape: int) -> torch.Tensor:
        return torch.zeros(shape, dtype=torch.float32, device=self._device)

    def bits(self, values: torch.Tensor) -> torch.Tensor:
        return values.view(torch.int32)

    def subtract(self, one: torch.Tensor, other: Any, out: torch.Tensor) -> None:
        torch.sub(one, other, out=out)

    def add(self, one: torch.Tensor, other: Any, out: torch.Tensor) -> None:
        torch.add(one, other, out=out)

    def multiply(self, one: torch.Tensor, other: Any, out: torch.Tensor) -> None:
        torch.mul(one, other, out=out)

    def absolute(self, values: torch.Tensor, out: torch.Tensor) -> None:
        torch.abs(values, out=out)

    def largest(self, layers: torch.Tensor, out: torch.Tensor) -> None:
        torch.amax(layers, 0, out=out)

    def total(self, layers: torch.Tensor, out: torch.Tensor) -> None:
        # One after the other as NumPy does, so that the same pixels are similar to the bit.
        out.copy_(layers[0])
        for layer in layers[1:]:
            out.add_(layer)

    def spread_sign(self, bits: torch.Tensor) -> None:
        torch.bitwise_right_shift(bits, 31, out=bits)

    def masked(self, bits: torch.Tensor, mask: torch.Tensor, out: torch.Tensor) -> None:
        torch.bitwise_and(bits, mask, out=out)

    def ranked(self, values: torch.Tensor, rank: int) -> torch.Tensor:
        found = torch.kthvalue(values, rank + 1, dim=1).values
        return torch.nextafter(found, torch.full_like(found, float("inf")))

    def at_most(self, values: torch.Tensor, limit: float) -> torch.Tensor:
        return torch.clamp(values, max=limit)
