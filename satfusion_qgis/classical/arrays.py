"""The arrays that the inner sums of moving windows are computed on: NumPy's here, others in the engine.

`engine/kernels/torch_arrays.py` has the same functions on tensors of a device. Only what those sums need is here; all
of it writes into arrays that exist, because room for each step would cost more than the step.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tasks.method import Array


class Arrays:
    """NumPy's arrays.

    Attributes:
        name: What computes, for the log.
        strip: Numbers in a strip of all layers: about what the second-level cache holds.
    """

    name = "NumPy"
    strip = 60_000

    def put(self, values: Array) -> Any:
        """Return float32 values where they are computed on, contiguous."""
        return np.ascontiguousarray(values, np.float32)

    def get(self, values: Any) -> Array:
        """Return them as NumPy's array."""
        return np.asarray(values)

    def empty(self, *shape: int) -> Any:
        """Return room for float32 values."""
        return np.empty(shape, np.float32)

    def zeros(self, *shape: int) -> Any:
        """Return float32 zeros."""
        return np.zeros(shape, np.float32)

    def bits(self, values: Any) -> Any:
        """Return the same room as int32."""
        return values.view(np.int32)

    def subtract(self, one: Any, other: Any, out: Any) -> None:
        """Write one - other; other may be a number."""
        np.subtract(one, other, out=out)

    def add(self, one: Any, other: Any, out: Any) -> None:
        """Write one + other."""
        np.add(one, other, out=out)

    def multiply(self, one: Any, other: Any, out: Any) -> None:
        """Write one x other; other may be a number."""
        np.multiply(one, other, out=out)

    def absolute(self, values: Any, out: Any) -> None:
        """Write |values|."""
        np.abs(values, out=out)

    def largest(self, layers: Any, out: Any) -> None:
        """Write the largest of the layers (first axis)."""
        np.maximum.reduce(layers, axis=0, out=out)

    def total(self, layers: Any, out: Any) -> None:
        """Write the sum of the layers (first axis), one after the other."""
        np.add.reduce(layers, axis=0, out=out)

    def spread_sign(self, bits: Any) -> None:
        """Make each int32 -1 where its sign is set and 0 elsewhere, in place."""
        np.right_shift(bits, 31, out=bits)

    def masked(self, bits: Any, mask: Any, out: Any) -> None:
        """Write the bits where the mask is -1 and 0 where it is 0."""
        np.bitwise_and(bits, mask, out=out)

    def ranked(self, values: Any, rank: int) -> Any:
        """Return, for each row of (rows, values), the next float32 above the value of a rank, counted from 0."""
        found = np.partition(values, rank, axis=1)[:, rank]
        return np.nextafter(found, np.float32(np.inf))

    def at_most(self, values: Any, limit: float) -> Any:
        """Return the values, limited."""
        return np.minimum(values, np.float32(limit))


NUMPY = Arrays()
