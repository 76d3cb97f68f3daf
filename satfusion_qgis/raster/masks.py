"""Flags that mark pixels as not to be used: read from bits or values, and grown."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..tasks.method import Array


def marked(flags: Array, values: Iterable[int], bits: Iterable[int]) -> Array:
    """Tell where integer flags have one of some values, or any of some bits set."""
    found: Array = np.isin(flags, list(values))
    for bit in bits:
        found |= (flags >> bit) & 1 == 1
    return found


def dilate(found: Array, grow: int) -> Array:
    """Grow the marked areas by a square of `grow` pixels a side."""
    for axis in (0, 1):
        grown = found.copy()
        for step in range(1, grow + 1):
            ahead = [slice(None), slice(None)]
            behind = [slice(None), slice(None)]
            ahead[axis], behind[axis] = slice(step, None), slice(None, -step)
            grown[tuple(ahead)] |= found[tuple(behind)]
            grown[tuple(behind)] |= found[tuple(ahead)]
        found = grown
    return found
