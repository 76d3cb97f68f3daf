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
        """Return values on the device, contiguous."""
        if not isinstance(values, torch.Tensor):
            values = torch.from_numpy(np.ascontiguousarray(values, np.float32))
        return values.to(self._device).contiguous()

    def get(self, values: torch.Tensor) -> Array:
        """Return them as NumPy's array."""
        return values.cpu().numpy()

    def empty(self, *shape: int) -> torch.Tensor:
        """Return room for float32 values."""
        return torch.empty(shape, dtype=torch.float32, device=self._device)

    def zeros(self, *shape: int) -> torch.Tensor:
        """Return float32 zeros."""
        return torch.zeros(shape, dtype=torch.float32, device=self._device)

    def bits(self, values: torch.Tensor) -> torch.Tensor:
        """Return the same room as int32."""
        return values.view(torch.int32)

    def subtract(self, one: torch.Tensor, other: Any, out: torch.Tensor) -> None:
        """Write one - other."""
        torch.sub(one, other, out=out)

    def add(self, one: torch.Tensor, other: Any, out: torch.Tensor) -> None:
        """Write one + other."""
        torch.add(one, other, out=out)

    def multiply(self, one: torch.Tensor, other: Any, out: torch.Tensor) -> None:
        """Write one x other."""
        torch.mul(one, other, out=out)

    def absolute(self, values: torch.Tensor, out: torch.Tensor) -> None:
        """Write |values|."""
        torch.abs(values, out=out)

    def largest(self, layers: torch.Tensor, out: torch.Tensor) -> None:
        """Write the largest of the layers."""
        torch.amax(layers, 0, out=out)

    def total(self, layers: torch.Tensor, out: torch.Tensor) -> None:
        """Write the sum of the layers, one after the other: as NumPy adds, to the bit."""
        out.copy_(layers[0])
        for layer in layers[1:]:
            out.add_(layer)

    def spread_sign(self, bits: torch.Tensor) -> None:
        """Make each int32 -1 where its sign is set and 0 elsewhere."""
        torch.bitwise_right_shift(bits, 31, out=bits)

    def masked(self, bits: torch.Tensor, mask: torch.Tensor, out: torch.Tensor) -> None:
        """Write the bits where the mask is -1."""
        torch.bitwise_and(bits, mask, out=out)

    def ranked(self, values: torch.Tensor, rank: int) -> torch.Tensor:
        """Return the next float32 above the value of a rank in each row."""
        found = torch.kthvalue(values, rank + 1, dim=1).values
        return torch.nextafter(found, torch.full_like(found, float("inf")))

    def at_most(self, values: torch.Tensor, limit: float) -> torch.Tensor:
        """Return the values, limited."""
        return torch.clamp(values, max=limit)
