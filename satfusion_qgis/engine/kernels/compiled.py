"""The inner sums of moving windows compiled for the processor: the same numbers as in classical/spatiotemporal.

Rows of a window are shared out among threads. Machine code is kept in the environment's own folder, so that it is made
once, which takes some seconds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Optional

import numba
import numpy as np

from ...classical.spatiotemporal.kernels import Kernels
from ...classical.spatiotemporal.neighbours import WITHIN, rings
from ...classical.spatiotemporal.similar import ranked_offsets
from ...tasks.method import Array
from ...tasks.window import Window


def _keep_machine_code() -> None:
    """Have numba keep its code in the environment, where that may be written to; else where it does by itself."""
    folder = Path(sys.prefix) / "cache" / "numba"
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        numba.config.CACHE_DIR = str(folder)


_keep_machine_code()
from . import loops  # noqa: E402 (numba asks for the folder when it meets a function)

# Rows that a thread takes at once; a cancel is seen between them.
_ROWS = 8


class CompiledKernels(Kernels):
    """The sums compiled for the processor.

    Args:
        threads: How many threads share the rows.
    """

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.name = f"compiled code (numba {numba.__version__})"
        self._threads = max(1, threads)

    def alike(
        self,
        near: Array,
        below: Optional[tuple[Array, Array]],
        layers: Array,
        plain: int,
        window: Window,
        reach: int,
    ) -> Array:
        """Return the sums of layers over the pixels that resemble the centre."""
        columns = window.columns + 2 * reach
        out = np.empty((len(layers), window.rows, window.columns), np.float32)
        near, layers = _flat(near), _flat(layers)
        nothing = np.empty((0, near.shape[1]), np.float32)
        tested, bounds = (nothing, nothing) if below is None else (_flat(below[0]), _flat(below[1] - np.float32(1)))
        around = _around(reach, columns)
        self._share(
            window,
            lambda rows: loops.alike(near, tested, bounds, layers, plain, WITHIN, *around, rows, reach, columns, out),
        )
        return out

    def similar(self, seen: Array, layers: Array, window: Window, reach: int, similar: int, farthest: float) -> Array:
        """Return the sums of layers over the spectrally nearest pixels."""
        columns = window.columns + 2 * reach
        sampled, rank = ranked_offsets(reach, columns, similar)
        out = np.empty((len(layers), window.rows, window.columns), np.float32)
        seen, several, at = _flat(seen), _flat(layers.T), np.array(sampled, np.int64)
        around = _around(reach, columns)
        self._share(
            window,
            lambda rows: loops.similar(seen, several, at, rank, farthest, *around, rows, reach, columns, out),
        )
        return out

    def _share(self, window: Window, compute: Callable[[tuple[int, int]], None]) -> None:
        """Call `compute` with (first, past the last) of some rows at a time, from several threads."""
        parts = [(row, min(row + _ROWS, window.rows)) for row in range(0, window.rows, _ROWS)]

        def one(rows: tuple[int, int]) -> None:
            window.raise_if_cancelled()
            compute(rows)

        if self._threads == 1 or len(parts) == 1:
            for rows in parts:
                one(rows)
            return
        with ThreadPoolExecutor(self._threads, "satfusion") as pool:
            for _ in pool.map(one, parts):
                pass


def _around(reach: int, columns: int) -> tuple[Array, Array]:
    """Return the window's flat offsets ring by ring, and the factor from the ring before at each ring's first."""
    offsets: list[int] = []
    factors: list[float] = []
    before = 0.0
    for weight, ring in rings(reach, columns):
        factors += [before / weight if before else 1.0] + [1.0] * (len(ring) - 1)
        offsets += ring
        before = weight
    return np.array(offsets, np.int64), np.array(factors, np.float32)


def _flat(layers: Array) -> Array:
    return np.ascontiguousarray(layers, np.float32)
