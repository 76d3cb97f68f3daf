"""How fast numpy multiplies matrices here, and with which library."""

from __future__ import annotations

import math
import time
from functools import lru_cache
from pathlib import Path

import numpy as np

_LIBRARIES = ("gslcblas", "openblas", "mkl", "blis", "atlas", "armpl")
_MAPS = Path("/proc/self/maps")
_FAST = 1.2e10


def blas_name() -> str:
    """Return the name of the BLAS that is loaded: "openblas", "mkl", ..., "reference" or "unknown".

    Linux distributions put another library behind `libblas.so` at will, so the libraries that are loaded tell. GSL's
    takes the place of any other in a program that is linked with it, as QGIS is on Debian.
    """
    np.dot(np.ones((2, 2), np.float32), np.ones((2, 2), np.float32))
    try:
        lines = _MAPS.read_text().splitlines()
    except OSError:
        return "unknown"
    loaded = {"/".join(Path(line.split()[-1]).parts[-2:]).lower() for line in lines if ".so" in line}
    for name in _LIBRARIES:
        if any(name in library for library in loaded):
            return name
    return "reference" if any("libblas.so" in library for library in loaded) else "unknown"


@lru_cache(maxsize=1)
def blas_is_fast() -> bool:
    """Tell whether small matrix products run near the speed of the machine.

    It is timed once (some microseconds): what is installed does not tell what is called. Results do not depend on the
    answer beyond the rounding of float32.
    """
    left, right = np.ones((64, 19), np.float32), np.ones((19, 64), np.float32)
    best = math.inf
    for _ in range(9):
        begin = time.perf_counter()
        np.matmul(left, right)
        best = min(best, time.perf_counter() - begin)
    return 2 * 64 * 19 * 64 / max(best, 1e-9) > _FAST
