"""Writes patches of each split into tensor files as they come, so that a set may be larger than the memory.

And what every set of patches says at its end: how many there are, and which value next to none exceeds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Array
from ..tasks.patch_set import SPLITS, TRAIN, VALIDATION
from ..tasks.tensor_file import write_tensors

SHARD_BYTES = 64 << 20
_SAMPLES = 64
_RANGE_QUANTILE = 0.999


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


class UsualValues:
    """Some values of each training patch, to tell which value next to none exceeds."""

    def __init__(self) -> None:
        self._samples: list[Array] = []

    def add(self, values: Array) -> None:
        """Take some of the values of a patch, flat."""
        self._samples.append(values[:: max(1, len(values) // _SAMPLES)])

    def high(self) -> float:
        """Return the value that one in a thousand exceeds; 1 where there is no value, or none above 0."""
        if not self._samples:
            return 1.0
        high = float(np.quantile(np.concatenate(self._samples), _RANGE_QUANTILE))
        return high if high > 0 else 1.0


def check_counts(counts: Mapping[str, int], left_out: int, more: str, feedback: Feedback) -> None:
    """Say how many patches there are, and refuse a set without some to train and to validate with.

    Args:
        counts: Patches of each split.
        left_out: Patches with invalid pixels.
        more: What the user may give, beside smaller patches, where there are too few: "more scenes".
        feedback: Who is told.

    Raises:
        InputError: There is no patch to train or to validate with.
    """
    told = ", ".join(f"{counts[split]} {split}" for split in SPLITS)
    feedback.info(f"Patches: {told}; {left_out} left out because of invalid pixels")
    for split in (TRAIN, VALIDATION):
        if not counts[split]:
            raise InputError(
                f"There is no patch for {split}: {left_out} were left out because of invalid pixels; take smaller "
                f"patches, or {more}."
            )
