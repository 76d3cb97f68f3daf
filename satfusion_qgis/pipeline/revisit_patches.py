"""Patch sets for networks on revisits: frames, masks, a classical base and PAN as the network will get them, and truth.

Registration, matching, masks and base come from the code that runs the network later (`inference.super_resolution`), so
a network is trained on what it will see: shifts that are measured and not known, clouds that the masks miss, the base's
own errors. The truth is the reference revisit where the revisits were degraded (Wald's protocol; Wald, Ranchin,
Mangolini 1997, PE&RS 63(6), 691-699), the sharp image that they were simulated from, or an image of a finer sensor.

Scenes are made one after the other, and patches written as they come, so a data set may be larger than the memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..classical.super_resolution.pan_registration import pan_halo, pan_undone, with_pan_registration
from ..inference.frames import Nest, only, only_state, pan_valid, prepared
from ..inference.super_resolution import choose, classical_method, clearness_pass, padded
from ..locations import version
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Array, State
from ..tasks.patch_set import FILE, FORMAT, KINDS, SATFUSION, SPLITS, SUPER_RESOLUTION, TRAIN, Kind
from .patch_places import REGION, Area, Layout, Place, near_each_other, places_in, split_by_place
from .patch_writer import PatchWriter, UsualValues, check_counts
from .patches import Moments, new_folder
from .stack import PAN, REVISITS, Readable, Stack

BASE = "back_projection"
_AROUND = 2  # coarse pixels around a region, beside the method's halo


@dataclass(frozen=True)
class TrainingScene:
    """Revisits of one place and their truth.

    Attributes:
        name: What it is called.
        stack: The revisits, the reference first, and PAN where the task has one.
        truth: What a perfect result shows, on the target grid.
        place: Scenes of one place go to one split; "" for the name.
        split: The split that all of it goes to; "" cuts it by place.
        source: What the model's card says of it: "revisits", "pan", "date", "gsd_m".
    """

    name: str
    stack: Stack
    truth: Readable
    place: str = ""
    split: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RevisitSettings:
    """How patches are made.

    Attributes:
        ratio: Fine pixels along a side of a coarse one.
        bands: Name, wavelength_nm, width_nm and unit of each band.
        layout: Side and stride in fine pixels, and how scenes are split.
        frames: Revisits of a patch; where a scene has more, the clearest and most consistent, where it has fewer,
            empty masks stand for the rest.
        parameters: MAX_SHIFT, SENSOR and MTF_GAINS.
        with_pan: Whether there is a PAN: the task is SatFusion's then.
        pan_bands: As `bands`, for PAN.
        units: "physical", or "dn".
        unit: Name of the unit.
        protocol: How the truth was come by, for the card.
        limits: Sentences for the card.
        product_level: Processing level of the images; "" where it is not known.
        border: Coarse pixels left out along a scene's edges.
        loss: The loss that the truth asks for; "" for any.
    """

    ratio: int
    bands: Sequence[Mapping[str, Any]]
    layout: Layout = field(default_factory=Layout)
    frames: int = 8
    parameters: Mapping[str, Any] = field(default_factory=dict)
    with_pan: bool = False
    pan_bands: Sequence[Mapping[str, Any]] = ({"name": "PAN"},)
    units: str = "physical"
    unit: str = "reflectance"
    protocol: str = "wald"
    limits: Sequence[str] = ()
    product_level: str = ""
    border: int = 2
    loss: str = ""

    @property
    def kind(self) -> Kind:
        """What the patches hold."""
        return KINDS[SATFUSION if self.with_pan else SUPER_RESOLUTION]

    def check(self) -> RevisitSettings:
        """Return the settings, checked.

        Raises:
            InputError: A value is out of range.
        """
        if self.ratio < 2:
            raise InputError(f"RATIO must be a whole number of 2 or more, not {self.ratio}.")
        if not 1 <= self.frames <= 64:
            raise InputError(f"FRAMES must lie between 1 and 64, not {self.frames}.")
        for name, value in (("PATCH", self.layout.side), ("STRIDE", self.layout.stride)):
            if value % self.ratio:
                raise InputError(f"{name} must be a multiple of the ratio ({self.ratio}), not {value}.")
        self.layout.check()
        return self


def make_patches(
    scenes: Iterable[TrainingScene],
    folder: str,
    settings: RevisitSettings,
    feedback: Optional[Feedback] = None,
    count: Optional[int] = None,
) -> dict[str, Any]:
    """Make a patch set.

    Args:
        scenes: The scenes; each is forgotten before the next is asked for.
        folder: Where it goes; an older patch set there is replaced.
        settings: How it is made.
        feedback: Who is told about progress, and who may cancel.
        count: Number of scenes, for the progress.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: A scene is bad or too small, or the disk is full; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    settings.check()
    with new_folder(Path(folder)) as part:
        return _Making(settings, part, feedback or Feedback(), count).make(scenes)


class _Making:
    """One patch set; the arguments are those of `make_patches`."""

    def __init__(self, settings: RevisitSettings, folder: Path, feedback: Feedback, count: Optional[int]) -> None:
        self._settings, self._folder, self._feedback, self._count = settings, folder, feedback, count
        one = settings.kind.layout(1, len(settings.bands), settings.layout.side, settings.ratio, settings.frames)
        self._writer = PatchWriter(folder, one)
        self._sources: list[dict[str, Any]] = []
        self._left_out = 0
        self._places: dict[str, int] = {}
        self._usual = UsualValues()
        bands = {role: 1 if role == "pan" else len(settings.bands) for role in settings.kind.roles}
        self._moments = {role: Moments(own) for role, own in bands.items()}

    def make(self, scenes: Iterable[TrainingScene]) -> dict[str, Any]:
        for number, scene in enumerate(scenes):
            self._watch(number)
            if len(self._settings.bands) != scene.stack.bands:
                raise InputError(
                    f"{scene.name} has {scene.stack.bands} bands where the set has {len(self._settings.bands)}; "
                    "a set needs the same bands."
                )
            self._take(number, scene)
        self._writer.flush()
        counts = self._writer.counts
        check_counts(counts, self._left_out, "more scenes", self._feedback)
        data = self._described(counts)
        (self._folder / FILE).write_text(json.dumps(data, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        self._feedback.progress(1.0)
        return data

    def _take(self, number: int, scene: TrainingScene) -> None:
        cutter = _Cutter(scene, self._settings)
        splits = self._splits(number, scene, cutter.area())
        found = dict.fromkeys(SPLITS, 0)
        for split, places in splits.items():
            for group in near_each_other(places):
                self._watch(number)
                for place, patch in zip(group, cutter.cut(group)):
                    if patch is None:
                        self._left_out += 1
                        continue
                    found[split] += 1
                    self._writer.put(split, {**patch, "scene": np.int32(number), "place": np.array(place, np.int32)})
                    if split == TRAIN:
                        self._learn(patch)
        self._sources.append(
            {
                "name": scene.name,
                "place": scene.place or scene.name,
                **scene.source,
                "split": scene.split or None,
                "counts": found,
                "statistics": cutter.statistics(),
                **cutter.found(),
            }
        )

    def _splits(self, number: int, scene: TrainingScene, area: Area) -> Mapping[str, list[Place]]:
        layout = self._settings.layout
        if not scene.split:  # several scenes of one place are cut alike
            return split_by_place(area, layout, self._places.setdefault(scene.place or scene.name, number))
        if scene.split not in SPLITS:
            raise InputError(f"SPLITS must be made of {', '.join(SPLITS)}, not {scene.split!r}.")
        return {scene.split: places_in(area, layout)}

    def _learn(self, patch: Mapping[str, Array]) -> None:
        """Take the statistics of a training patch: of the reference's frame, and of PAN."""
        for role, moments in self._moments.items():
            values = patch["revisits"][0] if role == "revisits" else patch[role]
            moments.add(values.reshape(len(values), -1))
        self._usual.add(patch["reference"].ravel())

    def _described(self, counts: Mapping[str, int]) -> dict[str, Any]:
        settings, layout = self._settings, self._settings.layout
        return {
            "format": FORMAT,
            "software": f"satfusion {version()}",
            "task": settings.kind.task,
            "protocol": settings.protocol,
            "frames": settings.frames,
            "base": settings.kind.baseline,
            "bands": [dict(band) for band in settings.bands],
            "pan_bands": [dict(band) for band in settings.pan_bands] if settings.with_pan else [],
            "ratio": float(settings.ratio),
            "units": settings.units,
            "unit": settings.unit,
            "range": self._usual.high(),
            "range_from": "values",
            "product_level": settings.product_level,
            "side": layout.side,
            "stride": layout.stride,
            "multiple": layout.multiple,
            "split": {
                "rule": "scenes" if all(source["split"] for source in self._sources) else "blocks of each scene",
                "buffer": layout.buffer,
                "validation": layout.validation,
                "test": layout.test,
                "seed": layout.seed,
            },
            "parameters": dict(settings.parameters),
            "counts": dict(counts),
            "left_out": self._left_out,
            "files": self._writer.files,
            "statistics": {role: moments.plain() for role, moments in self._moments.items()},
            "sources": self._sources,
            "limits": list(settings.limits),
            "loss": settings.loss,
        }

    def _watch(self, number: int) -> None:
        if self._feedback.cancelled():
            raise Cancelled
        if self._count:
            self._feedback.progress(min(1.0, number / self._count))


class _Cutter:
    """Cuts patches of one scene."""

    def __init__(self, scene: TrainingScene, settings: RevisitSettings) -> None:
        self._scene, self._settings = scene, settings
        stack, ratio = scene.stack, settings.ratio
        info = stack.info()
        self._method = classical_method(settings.kind.baseline, settings.parameters, info, ratio)
        passes = with_pan_registration(self._method.passes(), info, self._method.largest_shift)
        items = len(stack.revisits)
        if items > settings.frames:
            passes.append(clearness_pass(items))
        self._state: State = stack.state(passes)
        self._chosen = choose(self._state, items, settings.frames)
        self._own = only_state(self._chosen, self._state, items)
        halo, of_pan = self._method.halo(), pan_halo(info, self._method.largest_shift)
        self._halo = {REVISITS: halo[REVISITS] + _AROUND, PAN: max(halo.get(PAN, 0), of_pan)}
        self._nest = nest_of(stack, ratio)

    def area(self) -> Area:
        """Return where patches may lie, in fine pixels from the lattice's corner."""
        return area_of(self._scene.stack, self._settings.ratio, self._settings.border)

    def cut(self, places: Sequence[Place]) -> Iterator[Optional[dict[str, Array]]]:
        """Return the tensors of some patches that lie near each other; None for one where a pixel is not valid."""
        side, ratio = self._settings.layout.side, self._settings.ratio
        top, left = (min(place[axis] for place in places) for axis in (0, 1))
        rows, columns = (max(place[axis] for place in places) + side - first for axis, first in ((0, top), (1, left)))
        row, column = top + self._nest.row, left + self._nest.column
        window = self._scene.stack.window((row, column, rows, columns), self._halo)
        placed, own = pan_undone(window, self._own)
        blocks, few = only(self._chosen, self._scene.stack.blocks(window), placed)
        made = prepared(self._method, blocks, own, few, self._nest)
        truth, known = self._scene.truth.read(row, column, rows, columns)
        valid = np.ones((rows, columns), bool)
        for one in (known, made.valid, pan_valid(blocks, few)):
            if one is not None:
                valid &= one
        frames, masks = padded(made.revisits, made.masks, self._settings.frames, True)
        several = {"base": made.base, "reference": truth, "pan": made.pan}
        images = {name: several[name] for name in self._settings.kind.tensors if several.get(name) is not None}
        for place in places:
            down, across = place[0] - top, place[1] - left
            fine = np.s_[..., down : down + side, across : across + side]
            if not valid[fine].all():
                yield None
                continue
            down, across, small = down // ratio, across // ratio, side // ratio
            coarse = np.s_[..., down : down + small, across : across + small]
            patch = {name: np.asarray(image)[fine] for name, image in images.items()}
            yield {**patch, "revisits": frames[coarse], "masks": masks[coarse].astype(np.uint8)}

    def statistics(self) -> dict[str, Any]:
        """Return mean and standard deviation of the reference's valid pixels, and of PAN's."""
        stack = self._scene.stack
        images = {"revisits": (stack.revisits[0], stack.bands), **({"pan": (stack.pan, 1)} if stack.pan else {})}
        found = {}
        for role, (image, bands) in images.items():
            moments = Moments(bands)
            for row in range(0, image.rows.size, REGION):
                values, valid = image.data.read(row, 0, min(REGION, image.rows.size - row), image.columns.size)
                flat = values.reshape(len(values), -1)
                moments.add(flat if valid is None else flat[:, valid.ravel()])
            found[role] = moments.plain()
        return found

    def found(self) -> dict[str, Any]:
        """Return what registration found, for those who look into the description."""
        shifts = self._state.get("registration", {}).get("shifts")
        if shifts is None:
            return {"chosen": list(self._chosen)}
        return {"chosen": list(self._chosen), "shifts": np.round(np.asarray(shifts), 3).tolist()}


def nest_of(stack: Stack, ratio: int) -> Nest:
    """Return the lattice of a stack."""
    return Nest.of(ratio, stack.window((0, 0, 1, 1), {}))


def area_of(stack: Stack, ratio: int, border: int) -> Area:
    """Return where patches may lie, in fine pixels from the lattice's corner.

    Args:
        stack: The images.
        ratio: Fine pixels along a side of a coarse one.
        border: Coarse pixels left out along the edges.
    """
    nest, edge = nest_of(stack, ratio), border * ratio
    top, left = (_up(max(edge, -first), ratio) for first in (nest.row, nest.column))
    bottom = min(nest.rows * ratio - edge, stack.rows - nest.row)
    right = min(nest.columns * ratio - edge, stack.columns - nest.column)
    return Area(top, left, bottom, right)


def dealt(places: Iterable[str], layout: Layout) -> dict[str, str]:
    """Return a split for each place by the layout's shares and seed; the same places are dealt in the same way.

    Raises:
        InputError: There are too few places.
    """
    names = sorted(set(places))
    order = np.random.default_rng([layout.seed, len(names)]).permutation(len(names))
    validation = max(1, round(layout.validation * len(names)))
    test = max(1, round(layout.test * len(names))) if layout.test else 0
    if len(names) < validation + test + 1:
        raise InputError(f"There are {len(names)} places; a set that is split by place needs {validation + test + 1}.")
    splits = ["validation"] * validation + ["test"] * test
    splits += [TRAIN] * (len(names) - len(splits))
    return {names[place]: split for place, split in zip(order, splits)}


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple
