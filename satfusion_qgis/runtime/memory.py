"""Memory that a session and its worker share, without a name in the file system; and keeping a process's own.

On Linux it is an anonymous file (memfd_create(2)), elsewhere under POSIX a temporary file that has already lost its
name; the worker inherits its descriptor. So there is nothing to remove, whatever happens to either process, and no
helper process has to keep watch: Python's own `multiprocessing.shared_memory` starts one with `sys.executable`, which
inside QGIS may be QGIS itself. On Windows it is a mapping of the page file that lives as long as its users (not tested
there).

The pages are reserved before they are used: writing into a mapping that the system cannot back kills a process.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import tempfile
import uuid
from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

TO_WORKER, FROM_WORKER = 0, 1
_STEP = 1 << 20
_LARGEST_SLOT = 1 << 30
_ZEROS = 1 << 20
_KEEP_BYTES = 31 << 20


class SharedMemory:
    """The session's side: two slots, one for each direction, which grow as needed.

    Attributes:
        description: What the worker needs to attach; None while there is nothing.
    """

    def __init__(self) -> None:
        self.description: Optional[dict[str, Any]] = None
        self._descriptor = _open_file()
        self._mapping: Optional[mmap.mmap] = None
        self._slots: dict[int, memoryview] = {}
        self._refused = _LARGEST_SLOT + 1

    @property
    def descriptors(self) -> tuple[int, ...]:
        """File descriptors that the worker must inherit."""
        return () if self._descriptor is None else (self._descriptor,)

    def slot(self, number: int) -> Optional[tuple[int, memoryview]]:
        """Return a slot, or None while there is none."""
        memory = self._slots.get(number)
        return None if memory is None else (number, memory)

    def size(self, number: int) -> int:
        """Return the bytes that a slot holds."""
        return len(self._slots.get(number, b""))

    def grow(self, to_worker: int, from_worker: int) -> bool:
        """Make the slots at least so large, in bytes; the worker has to attach anew.

        Returns:
            Whether they are; where not, they are as they were.
        """
        wanted = (max(to_worker, self.size(TO_WORKER)), max(from_worker, self.size(FROM_WORKER)))
        sizes = [-(-size // _STEP) * _STEP for size in wanted]
        if max(sizes) >= self._refused:
            return False
        try:
            mapping, where = self._map(sum(sizes))
        except (OSError, ValueError, OverflowError, MemoryError):
            self._refused = max(sizes)
            return False
        self._let_go()
        self.description = {**where, "size": sum(sizes), "slots": sizes}
        self._mapping, self._slots = mapping, _cut(mapping, sizes)
        return True

    def close(self) -> None:
        """Let go of the memory, for good: there are no slots from here on."""
        self._let_go()
        self.description = None
        self._refused = 0
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _let_go(self) -> None:
        """Unmap, unless an array still lies there; then it goes with the array."""
        with contextlib.suppress(BufferError):
            for memory in self._slots.values():
                memory.release()
            if self._mapping is not None:
                self._mapping.close()
        self._mapping, self._slots = None, {}

    def _map(self, size: int) -> tuple[mmap.mmap, dict[str, Any]]:
        if sys.platform == "win32":
            name = f"satfusion-{uuid.uuid4().hex}"
            return mmap.mmap(-1, size, tagname=name), {"name": name}
        if self._descriptor is None:
            raise OSError("no shared memory")
        _reserve(self._descriptor, size)
        return mmap.mmap(self._descriptor, size), {"descriptor": self._descriptor}


def attach(description: Mapping[str, Any]) -> dict[int, memoryview]:
    """Return the slots in the worker.

    Raises:
        OSError: They cannot be had.
    """
    if sys.platform == "win32":
        mapping = mmap.mmap(-1, description["size"], tagname=description["name"])
    else:
        os.set_inheritable(description["descriptor"], False)
        mapping = mmap.mmap(description["descriptor"], description["size"])
    return _cut(mapping, description["slots"])


def keep_freed_memory() -> None:
    """Make the C library keep freed window buffers for the next window.

    By default glibc gives blocks of some MiB back to the system at once, and half of a run's time goes into fresh
    pages. It raises that limit when a larger block is freed (mallopt(3), M_MMAP_THRESHOLD); elsewhere this does
    nothing.
    """
    np.empty(_KEEP_BYTES, np.uint8)


def _cut(mapping: mmap.mmap, sizes: list[int]) -> dict[int, memoryview]:
    """Return the slots; the mapping lives as long as they and the arrays in them."""
    whole = memoryview(mapping)
    return {TO_WORKER: whole[: sizes[0]], FROM_WORKER: whole[sizes[0] : sizes[0] + sizes[1]]}


def _open_file() -> Optional[int]:
    """Return the descriptor of a file without a name, or None where there is none."""
    if sys.platform == "win32":
        return None
    with contextlib.suppress(OSError, AttributeError):
        return os.memfd_create("satfusion")  # not on macOS, and not in every container
    with contextlib.suppress(OSError), tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
    return None


def _reserve(descriptor: int, size: int) -> None:
    """Make the file so large, with every page there.

    Raises:
        OSError: There is no room.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    present, zeros = os.fstat(descriptor).st_size, bytes(_ZEROS)
    os.lseek(descriptor, present, os.SEEK_SET)
    while present < size:
        present += os.write(descriptor, zeros[: size - present])
