"""A patch set on disk: `patches.json` and tensor files, written by the pipeline and read by the engine.

Tensors of each file: `ms` [N, bands, side, side] (the degraded MS, interpolated onto the PAN grid), `pan`
[N, 1, side, side], `reference` [N, bands, side, side], float32 in the set's units; `scene` [N] int32, the number of the
source; `place` [N, 2] int32, row and column of the patch's corner on the source's reduced PAN grid.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import InputError
from .method import Array
from .tensor_file import read_tensors

FORMAT = 1
FILE = "patches.json"
TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
TENSORS = ("ms", "pan", "reference")
_REQUIRED = ("bands", "ratio", "units", "side", "counts", "files", "sources", "statistics")


@dataclass(frozen=True)
class PatchSet:
    """`patches.json`, checked.

    Attributes:
        folder: Where it lies.
        data: The whole of it as plain data.
    """

    folder: Path
    data: Mapping[str, Any]

    @classmethod
    def load(cls, folder: Path) -> PatchSet:
        """Read and check a patch set's description.

        Raises:
            InputError: There is none, or it is of another format or incomplete.
        """
        path = Path(folder) / FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(
                f"PATCHES: cannot read {path}: {error.strerror}; take a folder made by Prepare training patches."
            ) from None
        except ValueError:
            raise InputError(f"PATCHES: {path} is not valid JSON; make the patch set again.") from None
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise InputError(f"PATCHES: {path} is no patch set of format {FORMAT}; make the patch set again.")
        missing = [name for name in _REQUIRED if name not in data]
        if missing:
            raise InputError(f"PATCHES: {path} lacks {', '.join(missing)}; make the patch set again.")
        return cls(Path(folder), data)

    @property
    def bands(self) -> int:
        """Number of MS bands."""
        return len(self.data["bands"])

    @property
    def side(self) -> int:
        """Side of a patch in fine pixels."""
        return int(self.data["side"])

    @property
    def ratio(self) -> float:
        """MS pixel / PAN pixel."""
        return float(self.data["ratio"])

    def count(self, split: str) -> int:
        """Return the number of patches of a split."""
        return int(self.data["counts"].get(split, 0))

    def shards(self, split: str) -> list[dict[str, Array]]:
        """Return the tensors of each file of a split; they stay on disk until they are looked at.

        Raises:
            InputError: A file is missing or damaged, or does not hold what the description says.
        """
        found = []
        for item in self.data["files"]:
            if item["split"] != split:
                continue
            path = self.folder / Path(item["name"]).name
            tensors = read_tensors(path)
            bands, side, count = self.bands, self.side, int(item["count"])
            expected = {"ms": bands, "pan": 1, "reference": bands}
            for name, own in expected.items():
                if name not in tensors or tensors[name].shape != (count, own, side, side):
                    raise InputError(f"PATCHES: {path} does not hold what {FILE} says; make the patch set again.")
            found.append(tensors)
        return found
