"""Which BLAS numpy multiplies matrices with. Only the size of blocks is chosen by it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

_FAST = ("openblas", "mkl", "blis", "atlas", "armpl")
_MAPS = Path("/proc/self/maps")


@lru_cache(maxsize=1)
def blas_name() -> str:
    """Return the name of the BLAS in use: "openblas", "mkl", "blis", "atlas", "armpl", "reference" or "unknown".

    Linux distributions put another library behind `libblas.so` at will, so the libraries that are loaded tell.
    Elsewhere numpy brings its own.
    """
    np.dot(np.ones((2, 2), np.float32), np.ones((2, 2), np.float32))
    try:
        lines = _MAPS.read_text().splitlines()
    except OSError:
        return "unknown"
    loaded = {"/".join(Path(line.split()[-1]).parts[-2:]).lower() for line in lines if ".so" in line}
    for name in _FAST:
        if any(name in library for library in loaded):
            return name
    return "reference" if any("libblas.so" in library for library in loaded) else "unknown"


def blas_is_fast() -> bool:
    """Tell whether matrix products run at the speed of the machine; what numpy brings along does."""
    return blas_name() != "reference"
