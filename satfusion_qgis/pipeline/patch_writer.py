"""Writes patches of each split into tensor files as they come, so that a set may be larger than the memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..tasks.patch_set import SPLITS
from ..tasks.tensor_file import write_tensors

SHARD_BYTES = 64 << 20


class PatchWriter:
    """Writes patches of each split, a file whenever enough have come together.

    Args:
        folder: Where the files go.
        layout: Type and shape of the tensors of one patch (`tasks.patch_set.Kind.layout` of 1).

    Attributes:
        counts: Patches of each split so far.
        files: Name, split and count of each file.
    """

    def __init__(self, folder: Path, layout: Mapping[str, tuple[str, tuple[int, ...]]]) -> None:
        self._folder = folder
        size = sum(np.dtype(kind).itemsize * math.prod(shape) for kind, shape in layout.values())
        self._types = {name: kind for name, (kind, _) in layout.items()}
        self._most = max(1, SHARD_BYTES // size)
        self._waiting: dict[str, list[Mapping[str, Any]]] = {split: [] for split in SPLITS}
        self.counts = dict.fromkeys(SPLITS, 0)
        self.files: list[dict[str, Any]] = []

    def put(self, split: str, patch: Mapping[str, Any]) -> None:
        """Take in a patch."""
        copied = {name: np.array(patch[name], kind) for name, kind in self._types.items()}
        self._waiting[split].append(copied)
        self.counts[split] += 1
        if len(self._waiting[split]) >= self._most:
            self._write(split)

    def flush(self) -> None:
        """Write what waits."""
        for split in SPLITS:
            if self._waiting[split]:
                self._write(split)

    def _write(self, split: str) -> None:
        waiting, self._waiting[split] = self._waiting[split], []
        number = sum(item["split"] == split for item in self.files)
        name = f"{split}-{number:03d}.safetensors"
        write_tensors(self._folder / name, {key: np.stack([one[key] for one in waiting]) for key in self._types})
        self.files.append({"name": name, "split": split, "count": len(waiting)})
