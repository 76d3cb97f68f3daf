"""A patch set on disk: `patches.json` and tensor files, written by the pipeline and read by the engine.

Which tensors a file holds depends on the task; all are in the set's units (float32), masks are uint8 (1 = use).

pansharpening: `ms` [N, bands, side, side] (the degraded MS, interpolated onto the PAN grid), `pan` [N, 1, side, side],
`reference` [N, bands, side, side].

super_resolution: `revisits` [N, frames, bands, coarse, coarse] on one coarse lattice, `masks` [N, frames, 1, coarse,
coarse], `base` [N, bands, side, side] (a classical estimate on the fine grid), `reference` [N, bands, side, side], with
side = ratio * coarse. multi_image_pansharpening: the same and `pan` [N, 1, side, side].

spatiotemporal_fusion, all on the fine grid: `fine_1`, `coarse_1` and `coarse_target` [N, bands, side, side], with two
pairs (`pairs` of the description) `fine_2` and `coarse_2` too; `base` (add_change, or the mean of both pairs' weighted
by how far they are), `reference`, both [N, bands, side, side]; `mask` [N, 1, side, side] (1 where all inputs and the
reference are valid; elsewhere the others are finite, and mean nothing); `days` [N, 2] int32, days from the target to
either pair, 0 for a pair that is not there. All bands are in the units of the fine images, whose mean and standard
deviation stand in the statistics as those of `fine_1`.

All have `scene` [N] int32, the number of the source, and `place` [N, 2] int32, row and column of the patch's corner on
the fine grid of the source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .errors import InputError
from .method import Array
from .tensor_file import read_tensors

FORMAT = 1
FILE = "patches.json"
TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
PANSHARPENING, SUPER_RESOLUTION, SATFUSION = "pansharpening", "super_resolution", "multi_image_pansharpening"
SPATIOTEMPORAL = "spatiotemporal_fusion"
TENSORS = ("ms", "pan", "reference")
MASKS, MASK, DAYS = "masks", "mask", "days"
PAIRS = (1, 2)
_REQUIRED = ("bands", "ratio", "units", "side", "counts", "files", "sources", "statistics")

Layouts = dict[str, tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Kind:
    """What the patches of a task hold.

    Attributes:
        task: Task id.
        tensors: Names of the tensors of a patch.
        inputs: Those that a network takes, in its order.
        coarse: The role, in lower case, whose units base, reference and output have.
        start: The tensor that the network's output is compared with: what stands there without it.
        baseline: Method id of what `start` holds.
        whole: Tensors of whole numbers, [N, numbers], and how many numbers of each a patch has.
    """

    task: str
    tensors: tuple[str, ...]
    inputs: tuple[str, ...]
    coarse: str
    start: str
    baseline: str
    whole: tuple[tuple[str, int], ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The inputs whose values are normalised, in lower case."""
        return (self.coarse, "pan") if "pan" in self.tensors else (self.coarse,)

    def role(self, tensor: str) -> str:
        """Return the role, in lower case, whose units a tensor has."""
        return "pan" if tensor == "pan" else self.coarse

    def layout(self, count: int, bands: int, side: int, ratio: float = 1.0, frames: int = 1) -> Layouts:
        """Return type and shape of the tensors of a file of `count` patches."""
        coarse = round(side / ratio)
        shapes = {
            "revisits": (count, frames, bands, coarse, coarse),
            MASKS: (count, frames, 1, coarse, coarse),
            MASK: (count, 1, side, side),
            "pan": (count, 1, side, side),
        }
        found: Layouts = {
            name: ("uint8" if name in (MASK, MASKS) else "float32", shapes.get(name, (count, bands, side, side)))
            for name in self.tensors
        }
        found.update((name, ("int32", (count, numbers))) for name, numbers in self.whole)
        return {**found, "scene": ("int32", (count,)), "place": ("int32", (count, 2))}


KINDS: Mapping[str, Kind] = {
    PANSHARPENING: Kind(PANSHARPENING, TENSORS, ("ms", "pan"), "ms", "ms", "exp"),
    SUPER_RESOLUTION: Kind(
        SUPER_RESOLUTION,
        ("revisits", MASKS, "base", "reference"),
        ("revisits", MASKS, "base"),
        "revisits",
        "base",
        "back_projection",
    ),
    SATFUSION: Kind(
        SATFUSION,
        ("revisits", MASKS, "pan", "base", "reference"),
        ("revisits", MASKS, "pan", "base"),
        "revisits",
        "base",
        "sharpened_back_projection",
    ),
    SPATIOTEMPORAL: Kind(
        SPATIOTEMPORAL,
        ("fine_1", "coarse_1", "coarse_target", "base", "reference", MASK),
        ("fine_1", "coarse_1", "coarse_target"),
        "fine_1",
        "base",
        "add_change",
        ((DAYS, 2),),
    ),
}
_SECOND_PAIR = ("fine_2", "coarse_2")


def of_pairs(pairs: int) -> Kind:
    """Return what patches for spatiotemporal fusion hold with 1 or 2 pairs of a fine and a coarse image."""
    kind = KINDS[SPATIOTEMPORAL]
    if pairs == 1:
        return kind
    first, others = kind.tensors[: len(kind.inputs)], kind.tensors[len(kind.inputs) :]
    return replace(kind, tensors=(*first, *_SECOND_PAIR, *others), inputs=(*kind.inputs, *_SECOND_PAIR))


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
        if data.get("task", PANSHARPENING) not in KINDS:
            raise InputError(f"PATCHES: {path} is for the unknown task {data['task']!r}; make the patch set again.")
        if data.get("task") == SPATIOTEMPORAL and data.get("pairs") not in PAIRS:
            raise InputError(f"PATCHES: {path} must say 1 or 2 pairs, not {data.get('pairs')!r}; make the set again.")
        return cls(Path(folder), data)

    @property
    def kind(self) -> Kind:
        """What its patches hold."""
        task = self.data.get("task", PANSHARPENING)
        return of_pairs(self.pairs) if task == SPATIOTEMPORAL else KINDS[task]

    @property
    def bands(self) -> int:
        """Number of bands of the reference."""
        return len(self.data["bands"])

    @property
    def side(self) -> int:
        """Side of a patch in fine pixels."""
        return int(self.data["side"])

    @property
    def ratio(self) -> float:
        """Coarse pixel / fine pixel."""
        return float(self.data["ratio"])

    @property
    def frames(self) -> int:
        """Revisits of a patch; 1 where the task has none."""
        return int(self.data.get("frames", 1))

    @property
    def pairs(self) -> int:
        """Pairs of a fine and a coarse image of a patch; 1 where the task has none."""
        return int(self.data.get("pairs", 1))

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
            layout = self.kind.layout(int(item["count"]), self.bands, self.side, self.ratio, self.frames)
            for name in (*self.kind.tensors, *(name for name, _ in self.kind.whole)):
                if name not in tensors or tensors[name].shape != layout[name][1]:
                    raise InputError(f"PATCHES: {path} does not hold what {FILE} says; make the patch set again.")
            found.append(tensors)
        return found
