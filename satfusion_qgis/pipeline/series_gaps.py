"""Gaps of a fine image filled from its prediction: clear observed pixels stay as they are, to the bit.

Beside the image a file says of every pixel where it comes from (0 none, 1 observed, 2 predicted from pair 1 alone,
3 predicted from pair 2 or from both) and how many days the nearest pair of it lies away.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..catalogue import Catalogue
from ..classical.spatiotemporal.images import NEAREST, coarse_image, fine_image
from ..raster.bands import Band, describe_band
from ..raster.encode import encode, representable, safe_nodata
from ..raster.gdal_calls import DTYPES, geotransform_of, open_raster, projection_of, read
from ..raster.grid import Grid
from ..raster.reader import Reader, Source, describe, remove_virtual
from ..raster.windows import split
from ..raster.writer import RasterFormat, RasterWriter
from ..runtime.settings import EngineSettings
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job
from ..tasks.method import Array
from .pairs import as_fine
from .plan import Plan, make_plan
from .record import DOMAIN

NONE, OBSERVED, FROM_PAIR_1, FROM_PAIR_2 = 0, 1, 2, 3
SOURCE_ENDING = "_source.tif"
_WINDOW = 512
_NO_DAYS = -32768.0
_PIXEL_TOLERANCE = 0.01
_SAME = 1e-9


@dataclass(frozen=True)
class Filled:
    """What came of filling one image; shares are of all its pixels."""

    observed: float
    predicted: float
    missing: float


def source_path(path: str) -> str:
    """Return where the file goes that says where every pixel comes from."""
    target = Path(path)
    return str(target.with_name(target.stem + SOURCE_ENDING))


def fill(
    job: Job,
    predicted: str,
    observed: Optional[Input],
    path: str,
    metadata: Mapping[str, Mapping[str, str]],
    catalogue: Catalogue,
    engine: EngineSettings,
    feedback: Feedback,
) -> Filled:
    """Write a predicted image with the clear pixels of an observed one, and where every pixel comes from.

    Args:
        job: The job that made the prediction.
        predicted: The prediction.
        observed: The fine image of that date, or None where there is none: then the prediction is all there is.
        path: Where the filled image goes; see also `source_path`.
        metadata: Metadata of the image by domain.
        catalogue: Tasks and methods.
        engine: Where networks run.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: The observed image does not have the prediction's pixels or bands, or a file cannot be written.
        Cancelled: The user cancelled; nothing is left.
    """
    plan = make_plan(job, catalogue, engine, search_borders=False)
    try:
        source = None if observed is None else describe("FINE_1", [observed])
        try:
            like = None if source is None else as_fine(source, plan.sources["FINE_1"][0])
            return _Filling(plan, predicted, like, feedback).write(path, metadata, job)
        finally:
            if source is not None:
                remove_virtual(source)
    finally:
        plan.close()


class _Filling:
    """The filling of one image."""

    def __init__(self, plan: Plan, predicted: str, observed: Optional[Source], feedback: Feedback) -> None:
        self._plan, self._feedback = plan, feedback
        self._path = predicted
        self._dataset = open_raster(predicted)
        dataset = self._dataset
        self._grid = Grid(
            projection_of(dataset),
            geotransform_of(dataset) or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
            dataset.RasterXSize,
            dataset.RasterYSize,
        )
        self._bands = tuple(describe_band(dataset, number) for number in range(1, dataset.RasterCount + 1))
        self._dtype = DTYPES[self._bands[0].dtype]
        meant = self._meant(plan.sources["FINE_1"][0].bands)
        self._observed = None if observed is None else _Observed(observed, self._grid, meant)
        self._readers = {role: Reader(images[0], plan.physical) for role, images in plan.sources.items() if images}
        self._days = self._days_of_pairs()

    def _meant(self, first: tuple[Band, ...]) -> tuple[Band, ...]:
        """Return the prediction's bands with the scale that was assumed for FINE_1, which no file states."""
        if str(self._plan.job.outputs[0].options.get("UNITS", "input")) != "input":
            return self._bands
        return tuple(
            replace(band, scale=own.scale, offset=own.offset) if own.assumed and not band.scaled else band
            for band, own in zip(self._bands, first)
        )

    def _days_of_pairs(self) -> tuple[int, ...]:
        """Return the days from the target to each pair's fine image, without a sign."""
        own = self._plan.days
        return tuple(abs(int(own[role][0])) for role in ("FINE_1", "FINE_2") if own.get(role))

    def write(self, path: str, metadata: Mapping[str, Mapping[str, str]], job: Job) -> Filled:
        """Write both files; the first under its final name comes last."""
        form = self._form(job)
        of_source = replace(form, dtype="Int16", nodata=_NO_DAYS, compression=_plain(form.compression))
        described = (Band("Source", None, "Int16"), Band("Days to the nearest pair", None, "Int16", unit="days"))
        classes = "0 none, 1 observed, 2 pair 1, 3 pair 2 or both"
        date = {name: text for name, text in metadata.get(DOMAIN, {}).items() if name == "DATE"}
        about = {DOMAIN: {"SOURCE_OF": Path(path).name, "CLASSES": classes, **date}}
        counts = np.zeros(4, np.int64)
        with contextlib.ExitStack() as stack:
            image = stack.enter_context(RasterWriter(path, self._grid, self._bands, form, metadata))
            sources = stack.enter_context(RasterWriter(source_path(path), self._grid, described, of_source, about))
            places = list(split(self._grid.rows, self._grid.columns, _WINDOW, _WINDOW))
            for done, place in enumerate(places, 1):
                if self._feedback.cancelled():
                    raise Cancelled
                values, kinds, days = self._window(place, form.nodata)
                image.write(place[0], place[1], values)
                sources.write(place[0], place[1], np.stack([kinds, days]).astype(np.int16))
                counts += np.bincount(kinds.reshape(-1), minlength=4)
                self._feedback.progress(done / len(places))
            sources.commit()
            image.commit()
        total = max(int(counts.sum()), 1)
        predicted = int(counts[FROM_PAIR_1] + counts[FROM_PAIR_2])
        return Filled(counts[OBSERVED] / total, predicted / total, counts[NONE] / total)

    def _form(self, job: Job) -> RasterFormat:
        options = job.outputs[0].options
        nodata = self._bands[0].nodata
        if nodata is None:
            nodata = self._observed.nodata if self._observed is not None else None
            if nodata is None or not representable(nodata, self._dtype):
                nodata = safe_nodata(self._dtype)
        return RasterFormat(
            self._bands[0].dtype,
            nodata,
            compression=str(options.get("COMPRESSION", "deflate")).lower(),
            overviews=bool(options.get("OVERVIEWS", True)),
            threads=max(job.threads, 1),
        )

    def _window(self, place: tuple[int, int, int, int], nodata: Optional[float]) -> tuple[Array, Array, Array]:
        """Return the values, the sources and the days of a window."""
        row, column, rows, columns = place
        numbers = list(range(1, len(self._bands) + 1))
        values = read(self._dataset, self._path, numbers, place, self._dtype)
        known = _known(values, self._bands[0].nodata)
        kinds, days = self._of_pairs(place)
        kinds, days = np.where(known, kinds, NONE), np.where(known, days, _NO_DAYS)
        if nodata is not None:
            values[:, ~known] = nodata
        inside = self._inside(place)
        if self._observed is not None:
            own, clear = self._observed.read(row, column, rows, columns)
            if inside is not None:
                clear = clear & inside
            values[:, clear] = own[:, clear]
            kinds, days = np.where(clear, OBSERVED, kinds), np.where(clear, 0, days)
        return values, kinds, days

    def _of_pairs(self, place: tuple[int, int, int, int]) -> tuple[Array, Array]:
        """Return which pairs a predicted pixel has, as kinds, and the days to the nearest of them."""
        plan = self._plan
        row, column, rows, columns = place
        roles = tuple(self._readers)
        window = plan.window_at((row + plan.part[0], column + plan.part[1], rows, columns), {}, roles)
        blocks: dict[str, Any] = {}
        for role in roles:
            at = window.block(role)
            blocks[role], blocks[f"{role}_valid"] = self._readers[role].read(at.row, at.column, at.rows, at.columns)
        valid = [
            fine_image(blocks, fine, window)[1] & coarse_image(blocks, coarse, window, NEAREST)[1]
            for fine, coarse in (("FINE_1", "COARSE_1"), ("FINE_2", "COARSE_2"))
            if fine in blocks
        ]
        first, second = valid[0], valid[1] if len(valid) > 1 else np.zeros_like(valid[0])
        kinds = np.where(second, FROM_PAIR_2, FROM_PAIR_1)
        near = self._days or (0, 0)
        apart = np.where(second, near[-1], near[0])
        return kinds, np.where(first & second, min(near), apart)

    def _inside(self, place: tuple[int, int, int, int]) -> Optional[Array]:
        polygons, part = self._plan.polygons, self._plan.part
        if polygons is None:
            return None
        row, column, rows, columns = place
        return polygons.inside(
            (float(column + part[1]), float(row + part[0]), float(columns), float(rows)), rows, columns
        )


class _Observed:
    """The fine image of the date, on the prediction's grid, in the prediction's numbers.

    Args:
        source: The image.
        grid: The prediction's grid.
        bands: The prediction's bands.

    Raises:
        InputError: Its pixels or bands are others.
    """

    def __init__(self, source: Source, grid: Grid, bands: tuple[Band, ...]) -> None:
        if len(source.bands) != len(bands):
            raise InputError(f"FINE: {source.name} has {len(source.bands)} bands, but the prediction has {len(bands)}.")
        axes = source.grid.axes_on(grid)
        if axes is None or any(
            abs(axis.scale - 1) * axis.size > _PIXEL_TOLERANCE * 10
            or abs(axis.origin - round(axis.origin)) > _PIXEL_TOLERANCE
            for axis in axes
        ):
            raise InputError(
                f"FINE: {source.name} does not have the pixels of the prediction, so it cannot be filled; warp the "
                f"fine images onto one grid."
            )
        self._source, self._bands = source, bands
        self._shift = round(axes[0].origin), round(axes[1].origin)
        self._reader = Reader(source)
        self._files = [(open_raster(path), path, list(numbers)) for path, numbers in source.files]
        self._same = all(
            abs(own.scale - other.scale) <= _SAME * abs(other.scale) and own.offset == other.offset
            for own, other in zip(source.bands, bands)
        )
        self._dtype = DTYPES[bands[0].dtype]
        self.nodata = source.bands[0].nodata

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Array, Array]:
        """Return a window of the prediction's grid: values of its type, and which pixels are clear."""
        values = np.zeros((len(self._bands), rows, columns), self._dtype)
        clear = np.zeros((rows, columns), bool)
        top, left = row + self._shift[0], column + self._shift[1]
        first = max(top, 0), max(left, 0)
        last = min(top + rows, self._source.grid.rows), min(left + columns, self._source.grid.columns)
        if first[0] >= last[0] or first[1] >= last[1]:
            return values, clear
        window = (*first, last[0] - first[0], last[1] - first[1])
        inside = np.s_[..., first[0] - top : last[0] - top, first[1] - left : last[1] - left]
        numbers, valid = self._reader.read(*window)
        good = np.ones(numbers.shape[1:], bool) if valid is None else valid
        clear[inside] = good
        values[inside] = self._stored(window) if self._same else self._converted(numbers, good)
        return values, clear

    def _stored(self, window: tuple[int, int, int, int]) -> Array:
        """Return the numbers as they are in the file."""
        parts = [read(dataset, path, bands, window, self._dtype) for dataset, path, bands in self._files]
        return np.concatenate(parts)

    def _converted(self, numbers: Array, good: Array) -> Array:
        """Return the numbers that stand for the same physical values in the prediction."""
        values = np.empty(numbers.shape, np.float32)
        for place, (own, other) in enumerate(zip(self._source.bands, self._bands)):
            values[place] = (numbers[place].astype(np.float64) * own.scale + own.offset - other.offset) / other.scale
        return encode(values, None, self._dtype, None)


def _known(values: Array, nodata: Optional[float]) -> Array:
    """Return which pixels of a prediction have values in all bands."""
    if nodata is None:
        return np.isfinite(values).all(axis=0) if values.dtype.kind == "f" else np.ones(values.shape[1:], bool)
    missing = np.isnan(values) if nodata != nodata else values == np.array(nodata, values.dtype)
    known: Array = ~missing.all(axis=0)
    return known


def _plain(compression: str) -> str:
    return "deflate" if compression == "cog" else compression
