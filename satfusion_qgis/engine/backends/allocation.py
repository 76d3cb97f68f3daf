"""Memory that is freed and soon asked for again, in programs linked with the GNU C library.

That library asks the system for each large array and gives it back as soon as it is free. The system hands out pages
one by one and blank, which can take longer than a convolution: see docs/speed.md for what keeping them brings. ONNX
Runtime keeps its own memory; PyTorch on the CPU, and numpy, do not.

The GNU C Library Reference Manual, "Malloc Tunable Parameters".
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Optional

_TRIM_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -4, -8  # names of mallopt's parameters, from malloc.h
_NEVER = 2**31 - 1


def keep_freed_memory() -> bool:
    """Let this process keep what it frees until `return_freed_memory`; return whether its library can.

    The settings hold for the whole process, which is the engine's own. They come too late for threads that have
    allocated already, the calling one apart.
    """
    library = _library()
    if library is None:
        return False
    for parameter, value in ((_ARENA_MAX, 1), (_MMAP_MAX, 0), (_TRIM_THRESHOLD, _NEVER)):
        library.mallopt(parameter, value)
    return True


def return_freed_memory() -> None:
    """Give the system back what this process has freed."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)


def _library() -> Optional[Any]:
    """Return the GNU C library that this process is linked with, or None."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
