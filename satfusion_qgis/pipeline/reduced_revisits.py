"""Training scenes from the user's own revisits, by Wald's protocol: all are degraded, and the reference is the truth.

Wald, L., Ranchin, T., Mangolini, M. (1997), PE&RS 63(6), 691-699. The degraded revisits keep their shifts, clouds,
seasons and brightness, which no simulation knows. Where there is no PAN, any clear revisit may be the truth: several of
them take turns.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

from ..catalogue import CATALOGUE, Catalogue
from ..raster.grid import Grid
from ..raster.reader import Reader, Source, describe, remove_virtual
from ..tasks.dates import iso_text
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job
from ..tasks.method import Array
from ..tasks.patch_set import SATFUSION, SUPER_RESOLUTION
from .alignment import align, axes_of
from .assess import band_names, units_of
from .degrade import degrade_jobs, degrade_pair
from .inputs import images_of, sources_of
from .patches import described_bands
from .revisit_patches import BASE, TrainingScene
from .revisit_places import chosen_revisits
from .revisits import MAX_DAYS, REFERENCE_DATE, Chosen
from .stack import PAN, REVISITS, Image, Readable, Stack

_QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}
_TOLERANCE = 0.02
_SOME_DAY = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)


@dataclass(frozen=True)
class Own:
    """The user's revisits, opened and chosen.

    Attributes:
        job: Inputs and parameters.
        chosen: The revisits that are used, the reference first.
        images: The inputs of each, in the same order.
        pan: Inputs of PAN, or None.
        pan_source: PAN, opened, or None.
        ratio: Pixel of the reference / pixel of the result.
        physical: Whether all state scale and offset.
        notes: Lines for the log.
        warnings: Lines the user should look at.
    """

    job: Job
    chosen: Chosen
    images: tuple[Sequence[Input], ...]
    pan: Optional[Sequence[Input]]
    pan_source: Optional[Source]
    ratio: float
    physical: bool
    notes: list[str]
    warnings: list[str]

    @property
    def reference(self) -> Source:
        """The reference."""
        return self.chosen.revisits[0].source

    @property
    def bands(self) -> list[dict[str, Any]]:
        """Name, wavelength and unit of each band."""
        return described_bands(self.reference, self.physical)

    @property
    def unit(self) -> str:
        """Name of the unit of the values."""
        return units_of(self.reference) if self.physical else "DN"

    def close(self) -> None:
        """Remove the virtual files."""
        for one in self.chosen.revisits:
            remove_virtual(one.source)
        if self.pan_source is not None:
            remove_virtual(self.pan_source)


def open_own(job: Job, catalogue: Catalogue = CATALOGUE) -> Own:
    """Open and choose the revisits of a job, as a run does.

    Args:
        job: A job of super-resolution (RATIO among its parameters) or SatFusion.
        catalogue: Tasks and methods.

    Raises:
        InputError: An image is bad, or no revisit can be used.
    """
    task = catalogue.task(job.task)
    if task.id not in (SUPER_RESOLUTION, SATFUSION):
        raise InputError(f"Networks for revisits are not for the task {task.title}.")
    sources: dict[str, tuple[Source, ...]] = {}
    notes: list[str] = []
    warnings: list[str] = []
    try:
        for role in task.roles:
            sources[role.name] = sources_of(job, task, role.name, True)
        given = dict(zip((source.files for source in sources[REVISITS]), images_of(job, REVISITS)))
        method = catalogue.method(SUPER_RESOLUTION, BASE)
        chosen = chosen_revisits(job, task, method, sources, notes, warnings)[REVISITS]
        pan = sources.get(PAN, (None,))[0]
        ratio = _ratio(job, chosen.revisits[0].source.grid, pan)
        everything = [band for images in sources.values() for image in images for band in image.bands]
        return Own(
            job,
            chosen,
            tuple(given[one.source.files] for one in chosen.revisits),
            None if pan is None else [item for item in job.inputs if item.role == PAN],
            pan,
            ratio,
            all(band.scaled for band in everything),
            notes,
            warnings,
        )
    except BaseException:
        for images in sources.values():
            for image in images:
                remove_virtual(image)
        raise


def whole_ratio(own: Own) -> int:
    """Return the ratio as a whole number, as networks need it.

    Raises:
        InputError: It is none, by more than 2 %.
    """
    whole = round(own.ratio)
    if whole < 2 or abs(own.ratio / whole - 1) > _TOLERANCE:
        name = "RATIO" if own.pan is None else "The ratio of pixel sizes"
        raise InputError(f"{name} is {own.ratio:.4g}; networks for revisits need a whole number of 2 or more.")
    return whole


class Reduced:
    """The degraded revisits, and PAN, as files in a folder.

    Args:
        own: The revisits.
        folder: Where the files go.
        most: Most revisits; those after are left out.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: An image is too small, or the disk is full.
        Cancelled: The user cancelled.
    """

    def __init__(self, own: Own, folder: Path, most: int, feedback: Optional[Feedback] = None) -> None:
        self.own = own
        self.images: list[list[Input]] = []
        moments = [one.moment for one in own.chosen.revisits]
        self._dated = all(moment is not None for moment in moments)
        self.pan: Optional[Input] = None
        feedback = feedback or Feedback()
        ratio = own.ratio if own.pan is None else None
        whole = min(most, len(own.images))
        for number, items in enumerate(own.images[:whole]):
            pan = own.pan[0] if own.pan and number == 0 else None
            files = [str(folder / f"{role}_{number}.tif") for role in ("revisit", "pan")]
            jobs = degrade_jobs(
                list(items), pan, files[0], files[1] if pan else None, ratio or own.ratio, self._gains(), _QUICK,
                own.job.threads,
            )  # fmt: skip
            for job in jobs:
                job.outputs[0].dtype = "Float32"  # rounded values would teach the network their rounding
            degrade_pair(jobs, _Cancel(feedback))
            self.images.append([Input(REVISITS, files[0], number, date=self._date(number))])
            if pan is not None:
                self.pan = Input(PAN, files[1])
            feedback.progress((number + 1) / whole)

    def scene(self, truth: int = 0) -> TrainingScene:
        """Return the scene in which revisit `truth` is the reference and the truth.

        Raises:
            InputError: The images cannot be aligned.
        """
        own = self.own
        reference = own.chosen.revisits[truth]
        order = [truth, *(place for place in range(len(self.images)) if place != truth)]
        sources = {REVISITS: tuple(describe(REVISITS, self.images[place], False) for place in order)}
        if self.pan is not None:
            sources[PAN] = (describe(PAN, [self.pan], False),)
        grid = sources[PAN][0].grid if self.pan is not None else _whole(reference.source.grid, own.ratio)
        task = CATALOGUE.task(own.job.task)
        align(task, sources, grid, [])
        several = [self._placed(source, grid) for source in sources[REVISITS]]
        rows, columns = axes_of(reference.source, grid)
        names = [one.name for one in own.chosen.revisits]
        source = {
            "revisits": [names[place] for place in order],
            "pan": None if own.pan_source is None else own.pan_source.name,
            "date": None if reference.moment is None else reference.moment.isoformat(),
        }
        days = [one.moment for one in (own.chosen.revisits[place] for place in order)]
        known = [moment for moment in days if moment is not None]
        stack = Stack(
            tuple(several),
            grid.rows,
            grid.columns,
            len(reference.source.bands),
            self._placed(sources[PAN][0], grid) if self.pan is not None else None,
            tuple(band_names(reference.source)),
            _wavelengths(reference.source),
            tuple((moment.date() - known[0].date()).days for moment in known) if len(known) == len(days) else (),
        )
        shifted = _Shifted(Reader(reference.source, own.physical), round(rows.origin), round(columns.origin))
        return TrainingScene(reference.name, stack, shifted, "the scene", "", source)

    def scenes(self, truths: int) -> Iterator[TrainingScene]:
        """Yield the scenes in which the first so many revisits are the truth, one after the other."""
        for truth in range(min(truths, len(self.images))):
            yield self.scene(truth)

    def job(self) -> Job:
        """Return the job on the degraded images, with the same reference and the same others."""
        inputs = [item for items in self.images for item in items] + ([self.pan] if self.pan else [])
        parameters = {**self.own.job.parameters, REFERENCE_DATE: self._date(0), MAX_DAYS: 0}
        return replace(
            self.own.job, inputs=inputs, outputs=[], extent=None, area=None, preview=None, grid=None,
            parameters=parameters,
        )  # fmt: skip

    def truth_shift(self) -> tuple[int, int]:
        """Return row and column of the reference as given at the corner of the reduced grid."""
        rows, columns = axes_of(self.own.reference, self.grid())
        return round(rows.origin), round(columns.origin)

    def grid(self) -> Grid:
        """Return the grid of the result: that of the degraded PAN, or the whole pixels of the reference."""
        if self.pan is None:
            return _whole(self.own.reference.grid, self.own.ratio)
        return describe(PAN, [self.pan], False).grid

    def _date(self, number: int) -> str:
        """Return a date that tells a revisit from the others: its own, where all are known."""
        moment = self.own.chosen.revisits[number].moment
        if self._dated and moment is not None:
            return iso_text(moment)
        return iso_text(_SOME_DAY + datetime.timedelta(days=number))

    def _gains(self) -> dict[str, Any]:
        return {name: value for name, value in self.own.job.parameters.items() if name in ("SENSOR", "MTF_GAINS")}

    def _placed(self, source: Source, grid: Grid) -> Image:
        rows, columns = axes_of(source, grid)
        return Image(Reader(source, self.own.physical), rows, columns)


class _Shifted:
    """An image read at places that are counted from another corner."""

    def __init__(self, image: Readable, row: int, column: int) -> None:
        self._image, self._row, self._column = image, row, column

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Array, Optional[Array]]:
        """Return a part of it; see `stack.Readable`."""
        return self._image.read(row + self._row, column + self._column, rows, columns)


class _Cancel(Feedback):
    """Passes on a cancel alone."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    def cancelled(self) -> bool:
        """Pass it on."""
        return self._feedback.cancelled()


def _ratio(job: Job, grid: Grid, pan: Optional[Source]) -> float:
    """Return how many times finer the result is than the reference."""
    if pan is None:
        value = job.parameters.get("RATIO")
        if not isinstance(value, (int, float)) or value <= 1:
            raise InputError(f"RATIO must be a number above 1, not {value!r}.")
        return float(value)
    axes = grid.axes_on(pan.grid)
    if axes is None:
        raise InputError(
            "The reference and PAN cannot be aligned by their geotransforms, which training a network needs."
        )
    return 1 / min(axis.scale for axis in axes)


def _whole(grid: Grid, ratio: float) -> Grid:
    """Return the part of a grid that fills whole pixels that are larger by a ratio."""
    rows, columns = (int(int(length / ratio + 1e-6) * ratio + 1e-6) for length in (grid.rows, grid.columns))
    return grid.crop(0, 0, rows, columns)


def _wavelengths(source: Source) -> tuple[float, ...]:
    known = tuple(band.wavelength_nm for band in source.bands if band.wavelength_nm is not None)
    return known if len(known) == len(source.bands) else ()
