"""Patch sets for spatiotemporal networks: pairs, the coarse image of another date, and the fine image of that date.

The images go the way they go when a network predicts: the same plan lays them over each other, puts their bands into
one order, brings them to reflectance and fits the sensors to each other; the coarse ones are interpolated onto the fine
grid. The fine image of the target date is the reference; nothing but the comparison looks at it, so neither the fit
between the sensors nor any statistic knows of it.

Patches with too many missing pixels are left out, and counted. Nothing else is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..catalogue import CATALOGUE
from ..classical.spatiotemporal.images import TARGET, coarse_image, fine_image
from ..locations import version
from ..raster.grid import Grid
from ..tasks.dates import moment_of
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.method import Array
from ..tasks.patch_set import (
    DAYS,
    FILE,
    FORMAT,
    MASK,
    SPATIOTEMPORAL,
    SPLITS,
    TRAIN,
    Kind,
    of_pairs,
)
from ..tasks.window import Window
from .assess import units_of
from .ground import metres
from .pair_comparison import COMPARISON
from .patch_places import REGION, Area, Layout, Place, near_each_other, places_in, split_by_place
from .patch_writer import PatchWriter, UsualValues, check_counts
from .patches import Moments, described_bands, new_folder
from .plan import Plan, make_plan
from .plan_blocks import PlanBlocks

_BASE = "add_change"


@dataclass(frozen=True)
class Observed:
    """The fine and the coarse image of a date: of each one input, or one for each single-band file."""

    fine: Sequence[Input]
    coarse: Sequence[Input]

    @property
    def date(self) -> Optional[str]:
        """The fine image's date in ISO 8601, where it is known."""
        return self.fine[0].date


@dataclass(frozen=True)
class Triplet:
    """What one prediction is learned from.

    Attributes:
        name: What it is called.
        pairs: One or two pairs.
        target: The coarse image of the target date, and the fine one that is to be predicted.
        split: The split that all of it goes to; "" cuts it by place.
        place: Where it lies; "" for the name.
        only: Where it is cut by place: the splits whose patches are made; empty for all.
    """

    name: str
    pairs: tuple[Observed, ...]
    target: Observed
    split: str = ""
    place: str = ""
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class TripletSettings:
    """How patches are made.

    Attributes:
        layout: Side and stride in fine pixels; its shares and buffer count only where a triplet names no split.
        pairs: 1 or 2.
        parameters: Those of the prediction: RATIO, NORMALISE and so on.
        least_valid: Share of a patch's pixels that must be valid in all images.
        protocol: How the triplets were come by, for the card.
        limits: Sentences for the card.
        rule: How the splits were made.
        dates: Target dates of each split, where the split is by time.
        border: Coarse pixels left out along the edges.
        most: Patches of a triplet at most, drawn by the layout's seed; 0 for all.
        frame: Where triplets are cut by place: the grid on which all of them are cut, whatever each one covers; None
            for each one's own.
    """

    layout: Layout = field(default_factory=lambda: Layout(96, 96, 1, 0))
    pairs: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)
    least_valid: float = 0.9
    protocol: str = "real dates"
    limits: Sequence[str] = ()
    rule: str = "scenes"
    dates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    border: float = 0.0
    most: int = 0
    frame: Optional[Grid] = None

    @property
    def kind(self) -> Kind:
        """What the patches hold."""
        return of_pairs(self.pairs)

    def check(self) -> TripletSettings:
        """Return the settings, checked.

        Raises:
            InputError: A value is out of range.
        """
        if self.pairs not in (1, 2):
            raise InputError(f"PAIRS must be 1 or 2, not {self.pairs}.")
        if not 0 < self.least_valid <= 1:
            raise InputError(f"LEAST_VALID must be above 0 % and at most 100 %, not {100 * self.least_valid:g} %.")
        self.layout.check()
        return self


def make_triplet_patches(
    triplets: Iterable[Triplet],
    folder: str,
    settings: TripletSettings,
    feedback: Optional[Feedback] = None,
    count: Optional[int] = None,
) -> dict[str, Any]:
    """Make a patch set.

    Args:
        triplets: One after the other; each is forgotten before the next is asked for.
        folder: Where it goes; an older patch set there is replaced.
        settings: How it is made.
        feedback: Who is told about progress, and who may cancel.
        count: Number of triplets, for the progress.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: An image is bad, the images do not go together, or the disk is full; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    settings.check()
    with new_folder(Path(folder)) as part:
        return _Making(settings, part, feedback or Feedback(), count).make(triplets)


class _Making:
    """One patch set; the arguments are those of `make_triplet_patches`."""

    def __init__(self, settings: TripletSettings, folder: Path, feedback: Feedback, count: Optional[int]) -> None:
        self._settings, self._folder, self._feedback, self._count = settings, folder, feedback, count
        self._writer: Optional[PatchWriter] = None
        self._first: dict[str, Any] = {}
        self._sources: list[dict[str, Any]] = []
        self._left_out = 0
        self._places: dict[str, int] = {}
        self._usual = UsualValues()
        self._moments = Moments(1)
        self._first_error: Optional[InputError] = None
        self._not_opened: list[dict[str, str]] = []
        self._warned: set[str] = set()

    def make(self, triplets: Iterable[Triplet]) -> dict[str, Any]:
        for number, triplet in enumerate(triplets):
            self._watch(number)
            scene = _Scene(triplet, self._settings, self._feedback)
            try:
                scene.open()
            except InputError as error:
                self._without(triplet, error)
                continue
            with scene:
                self._warn(scene)
                self._take(number, scene, self._writer_for(scene))
        if self._writer is None:
            raise self._first_error or InputError("There is no pair with another date within reach.")
        self._writer.flush()
        counts = self._writer.counts
        check_counts(counts, self._left_out, "more dates", self._feedback)
        data = self._described(counts)
        (self._folder / FILE).write_text(json.dumps(data, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        self._feedback.progress(1.0)
        return data

    def _without(self, triplet: Triplet, error: InputError) -> None:
        """Leave out a triplet that cannot be opened, such as one whose images are all clouds; it is named."""
        self._first_error = self._first_error or error
        self._not_opened.append({"name": triplet.name, "why": str(error)})
        self._feedback.warning(f"{triplet.name} is left out: {error}")

    def _warn(self, scene: _Scene) -> None:
        """Pass on what a prediction would warn of, each sentence once: many triplets have the same images."""
        for text in scene.warnings():
            if text not in self._warned:
                self._warned.add(text)
                self._feedback.warning(f"{scene.triplet.name}: {text}")

    def _writer_for(self, scene: _Scene) -> PatchWriter:
        """Return what writes the patches, once a triplet is found to go with those before it."""
        found = scene.description()
        if self._writer is None:
            self._first = found
            self._moments = Moments(len(found["bands"]))
            one = self._settings.kind.layout(1, len(found["bands"]), self._settings.layout.side)
            self._writer = PatchWriter(self._folder, one)
        first, name = self._first, scene.triplet.name
        if len(found["bands"]) != len(first["bands"]):
            raise InputError(
                f"{name} has {len(found['bands'])} bands where the set has {len(first['bands'])}; a set needs the same "
                "bands."
            )
        if found["units"] != first["units"]:
            raise InputError(
                f"{name} is in {found['unit']} where the set is in {first['unit']}; give FINE_SCALE and COARSE_SCALE."
            )
        return self._writer

    def _take(self, number: int, scene: _Scene, writer: PatchWriter) -> None:
        triplet = scene.triplet
        found = dict.fromkeys(SPLITS, 0)
        for split, places in self._splits(number, scene).items():
            for group in near_each_other(places):
                self._watch(number)
                for place, patch in zip(group, scene.cut(group)):
                    if patch is None:
                        self._left_out += 1
                        continue
                    found[split] += 1
                    writer.put(split, {**patch, "scene": np.int32(number), "place": np.array(place, np.int32)})
                    if split == TRAIN:
                        self._learn(patch)
        self._sources.append({**scene.source(), "split": triplet.split or None, "counts": found})

    def _splits(self, number: int, scene: _Scene) -> Mapping[str, list[Place]]:
        triplet, layout, area = scene.triplet, self._settings.layout, scene.area()
        if not triplet.split:  # several triplets of one place are cut alike
            place, frame = self._places.setdefault(triplet.place or triplet.name, number), self._settings.frame
            if frame is None:
                found = split_by_place(area, layout, place)
            else:
                whole = Area(0, 0, frame.rows, frame.columns)
                found = scene.moved(split_by_place(whole, layout, place), frame, layout.side)
            return {split: own for split, own in found.items() if not triplet.only or split in triplet.only}
        if triplet.split not in SPLITS:
            raise InputError(f"SPLITS must be made of {', '.join(SPLITS)}, not {triplet.split!r}.")
        places = places_in(area, layout)
        if self._settings.most and len(places) > self._settings.most:
            rng = np.random.default_rng([layout.seed, number])
            places = [places[k] for k in sorted(rng.permutation(len(places))[: self._settings.most])]
        return {triplet.split: places}

    def _learn(self, patch: Mapping[str, Array]) -> None:
        """Take the statistics of a training patch: of the fine image of the pair, where it is valid."""
        known = patch[MASK][0] > 0
        self._moments.add(patch["fine_1"][:, known])
        self._usual.add(patch["reference"][:, known].ravel())

    def _described(self, counts: Mapping[str, int]) -> dict[str, Any]:
        settings, layout, first = self._settings, self._settings.layout, self._first
        ratios = [source["ratio"] for source in self._sources]
        return {
            "format": FORMAT,
            "software": f"satfusion {version()}",
            "task": SPATIOTEMPORAL,
            "pairs": settings.pairs,
            "protocol": settings.protocol,
            "base": settings.kind.baseline,
            "bands": first["bands"],
            "pan_bands": [],
            "ratio": float(np.median(ratios)),
            "ratios": [min(ratios), max(ratios)],
            "units": first["units"],
            "unit": first["unit"],
            "range": self._usual.high(),
            "range_from": "values",
            "product_level": first["product_level"],
            "side": layout.side,
            "stride": layout.stride,
            "multiple": layout.multiple,
            "split": {
                "rule": settings.rule,
                "buffer": layout.buffer,
                "validation": layout.validation,
                "test": layout.test,
                "seed": layout.seed,
                "dates": {split: list(own) for split, own in settings.dates.items()},
            },
            "least_valid": settings.least_valid,
            "parameters": dict(settings.parameters),
            "counts": dict(counts),
            "left_out": self._left_out,
            "not_opened": self._not_opened,
            "files": self._writer.files if self._writer else [],
            "statistics": {settings.kind.coarse: self._moments.plain()},
            "sources": self._sources,
            "limits": list(settings.limits),
        }

    def _watch(self, number: int) -> None:
        if self._feedback.cancelled():
            raise Cancelled
        if self._count:
            self._feedback.progress(min(1.0, number / self._count))


class _Scene:
    """One triplet, opened as a prediction opens it, and the reference on the same grid."""

    def __init__(self, triplet: Triplet, settings: TripletSettings, feedback: Feedback) -> None:
        self.triplet, self._settings, self._feedback = triplet, settings, feedback
        if len(triplet.pairs) != settings.pairs:
            raise InputError(f"{triplet.name} has {len(triplet.pairs)} pairs where the set has {settings.pairs}.")
        self._plans: list[Plan] = []

    def open(self) -> None:
        """Open the images, and find what the prediction finds over the whole of them.

        Raises:
            InputError: They cannot be used; nothing stays open.
        """
        try:
            pairs, target = self.triplet.pairs, self.triplet.target
            self._plan = self._opened(pairs)
            # The reference takes the place of a second pair, which lays it over the first one's fine image.
            self._true = self._opened((pairs[0], target))
            self._blocks, self._truth = PlanBlocks(self._plan), PlanBlocks(self._true)
            self._state = self._blocks.state(self._feedback)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> _Scene:
        """Return itself, open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the images."""
        for plan in self._plans:
            plan.close()

    def _opened(self, pairs: Sequence[Observed]) -> Plan:
        inputs = []
        for number, pair in enumerate(pairs, 1):
            for role, items in ((f"FINE_{number}", pair.fine), (f"COARSE_{number}", pair.coarse)):
                inputs += [replace(item, role=role, index=0, pair=number) for item in items]
        inputs += [replace(item, role=TARGET, index=0, pair=None) for item in self.triplet.target.coarse]
        unwritten = Output("OUTPUT", f"{inputs[0].path}.not_written.tif")
        job = Job(SPATIOTEMPORAL, _BASE, inputs, [unwritten], parameters=dict(self._settings.parameters), threads=1)
        plan = make_plan(job, CATALOGUE)
        self._plans.append(plan)
        return plan

    def warnings(self) -> list[str]:
        """Return what a prediction from these images would warn of."""
        heard = _Warnings()
        if self._plan.comparison is not None and COMPARISON in self._state:
            self._plan.comparison.describe(self._state[COMPARISON], heard)
        return [*self._plan.warnings, *heard.texts]

    @property
    def ratio(self) -> float:
        """Coarse pixel / fine pixel."""
        return self._plan.comparison.ratio if self._plan.comparison is not None else 1.0

    def description(self) -> dict[str, Any]:
        """Return what all triplets of a set must have in common."""
        fine = self._plan.sources["FINE_1"][0]
        bands = [band for images in self._plan.sources.values() for image in images for band in image.bands]
        # Floating-point numbers without a scale are what they stand for.
        physical = self._plan.physical or all(band.scaled or band.dtype.startswith("Float") for band in bands)
        return {
            "bands": described_bands(fine, physical),
            "units": "physical" if physical else "dn",
            "unit": units_of(fine) if physical else "DN",
            "product_level": fine.level,
        }

    def source(self) -> dict[str, Any]:
        """Return what the model's card says of it."""
        fine, coarse = self._plan.sources["FINE_1"][0], self._plan.sources[TARGET][0]
        gsd = [metres(image.grid) for image in (fine, coarse)]
        x, a, b, y, d, e = self._plan.grid.geotransform
        return {
            "name": self.triplet.name,
            "place": self.triplet.place or self.triplet.name,
            "fine_1": fine.name,
            "coarse_target": coarse.name,
            "reference": self._true.sources["FINE_2"][0].name,
            "date": self.triplet.target.date,
            "pair_dates": [pair.date for pair in self.triplet.pairs],
            "days": [int(day) for day in self._days()],
            "ratio": self.ratio,
            "gsd_m": None if None in gsd else {"fine": gsd[0], "coarse": gsd[1], "trained": gsd[0]},
            "grid": {"geotransform": [x, a, b, y, d, e], "size": [self._plan.grid.columns, self._plan.grid.rows]},
            "statistics": {"fine_1": self._statistics()},
        }

    def _statistics(self) -> dict[str, Any]:
        """Return mean and standard deviation of the pair's fine image."""
        moments = Moments(len(self._plan.sources["FINE_1"][0].bands))
        for row in range(0, self._plan.grid.rows, REGION):
            rows = min(REGION, self._plan.grid.rows - row)
            window = self._plan.window_at((row, 0, rows, self._plan.grid.columns), {}, ("FINE_1",))
            image, valid = fine_image(self._blocks.read(window, ("FINE_1",), self._state), "FINE_1", window)
            moments.add(image[:, valid])
        return moments.plain()

    def _days(self) -> Array:
        """Return days from the target to each pair, 0 for one that is not there or has no date."""
        days = np.zeros(2, np.int32)
        target = _moment(self.triplet.target)
        for place, pair in enumerate(self.triplet.pairs):
            own = _moment(pair)
            if target is not None and own is not None:
                days[place] = round((own - target).total_seconds() / 86400)
        return days

    def area(self) -> Area:
        """Return where patches may lie, in pixels of the prediction's grid: where the reference lies too."""
        down, across = self._shift()
        edge = round(self._settings.border * self.ratio)
        top, left = max(0, -down) + edge, max(0, -across) + edge
        bottom = min(self._plan.grid.rows, self._true.grid.rows - down) - edge
        right = min(self._plan.grid.columns, self._true.grid.columns - across) - edge
        return Area(top, left, max(bottom, top), max(right, left))

    def moved(self, places: Mapping[str, list[Place]], frame: Grid, side: int) -> dict[str, list[Place]]:
        """Return the patches of a frame in pixels of the prediction's grid: those that lie in it whole."""
        axes, area = self._plan.grid.axes_on(frame), self.area()
        if axes is None:
            raise InputError(f"{self.triplet.name}: its fine images do not lie on the grid of the others.")
        down, across = round(axes[0].origin), round(axes[1].origin)

        def inside(row: int, column: int) -> bool:
            whole = area.top <= row and row + side <= area.bottom
            return whole and area.left <= column and column + side <= area.right

        return {
            split: [(row + down, column + across) for row, column in own if inside(row + down, column + across)]
            for split, own in places.items()
        }

    def _shift(self) -> tuple[int, int]:
        """Return how far down and right the prediction's grid begins in that with the reference."""
        axes = self._plan.grid.axes_on(self._true.grid)
        if axes is None:
            raise InputError(f"{self.triplet.name}: the fine images of two dates do not lie on one grid.")
        return -round(axes[0].origin), -round(axes[1].origin)

    def cut(self, places: Sequence[Place]) -> Iterator[Optional[dict[str, Array]]]:
        """Return the tensors of some patches that lie near each other; None for one with too few valid pixels."""
        side = self._settings.layout.side
        top, left = (min(place[axis] for place in places) for axis in (0, 1))
        rows, columns = (max(place[axis] for place in places) + side - first for axis, first in ((0, top), (1, left)))
        images, valid = self._region((top, left, rows, columns))
        for row, column in places:
            down, across = (slice(first - start, first - start + side) for first, start in ((row, top), (column, left)))
            if valid[down, across].mean() < self._settings.least_valid:
                yield None
                continue
            patch = {name: image[:, down, across] for name, image in images.items()}
            yield {**patch, MASK: valid[down, across][None].astype(np.uint8), DAYS: self._days()}

    def _region(self, place: tuple[int, int, int, int]) -> tuple[dict[str, Array], Array]:
        """Return all images of a part of the grid, and where all are valid."""
        plan = self._plan
        roles = tuple(role for role, images in plan.sources.items() if images)
        window = plan.window_at(place, plan.implementation.halo(), roles)
        blocks = self._blocks.read(window, roles, self._state)
        images: dict[str, Array] = {}
        valid = np.ones(place[2:], bool)
        for role in roles:
            of_role = fine_image if role.startswith("FINE") else coarse_image
            images[role.lower()], known = of_role(blocks, role, window)
            valid &= known
        made = plan.implementation.fuse(blocks, self._state, window)
        images["base"] = made["OUTPUT"]
        if made.get("OUTPUT_valid") is not None:
            valid &= made["OUTPUT_valid"]
        images["reference"], known = self._reference(place)
        return images, valid & known

    def _reference(self, place: tuple[int, int, int, int]) -> tuple[Array, Array]:
        down, across = self._shift()
        there = (place[0] + down, place[1] + across, *place[2:])
        window: Window = self._true.window_at(there, {}, ("FINE_2",))
        return fine_image(self._truth.read(window, ("FINE_2",), {}), "FINE_2", window)


class _Warnings(Feedback):
    """Keeps warnings, and nothing else."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def warning(self, text: str) -> None:
        """Keep it."""
        self.texts.append(text)


def _moment(observed: Observed) -> Any:
    return None if observed.date is None else moment_of(observed.date)
