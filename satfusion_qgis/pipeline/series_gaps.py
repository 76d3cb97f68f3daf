"""Gaps of a fine image filled from its prediction: clear observed pixels stay as they are, to the bit.

Beside the image a file says of every pixel where it comes from (0 none, 1 observed, 2 predicted from pair 1 alone,
3 predicted from pair 2 or from both, 4 predicted from another pair, where these have gaps themselves) and how many days
the nearest pair of it lies away.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..catalogue import Catalogue
from ..classical.spatiotemporal.images import NEAREST, TARGET, coarse_image, fine_image
from ..raster.bands import Band, describe_band
from ..raster.encode import encode, nudged, representable, safe_nodata
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

NONE, OBSERVED, FROM_PAIR_1, FROM_PAIR_2, FROM_ANOTHER = 0, 1, 2, 3, 4
CLASSES = "0 none, 1 observed, 2 pair 1, 3 pair 2 or both, 4 another pair"
SOURCE_ENDING = "_source.tif"
_WINDOW = 512
_NO_DAYS = -32768.0
_PIXEL_TOLERANCE = 0.01
_SAME = 1e-9


@dataclass(frozen=True)
class Filled:
    """What came of filling one image; shares are of all its pixels.

    Attributes:
        observed: Share that was observed.
        predicted: Share that was predicted.
        missing: Share that neither shows.
        open: Share that is missing though the coarse image of the date shows it: another pair may.
    """

    observed: float
    predicted: float
    missing: float
    open: float


def source_path(path: str) -> str:
    """Return where the file goes that says where every pixel comes from."""
    target = Path(path)
    return str(target.with_name(target.stem + SOURCE_ENDING))


def fill(
    predictions: Sequence[tuple[Job, str]],
    observed: Optional[Input],
    path: str,
    metadata: Mapping[str, Mapping[str, str]],
    catalogue: Catalogue,
    engine: EngineSettings,
    feedback: Feedback,
) -> Filled:
    """Write a predicted image with the clear pixels of an observed one, and where every pixel comes from.

    Args:
        predictions: Predictions of the date with the jobs that made them; a later one fills what the earlier ones lack.
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
    with contextlib.ExitStack() as stack:
        layers = []
        for job, file in predictions:
            plan = make_plan(job, catalogue, engine, search_borders=False)
            stack.callback(plan.close)
            layers.append(_Layer(plan, file))
        like = None
        if observed is not None:
            source = describe("FINE_1", [observed])
            stack.callback(remove_virtual, source)
            like = as_fine(source, layers[0].plan.sources["FINE_1"][0])
        return _Filling(layers, like, feedback).write(path, metadata, predictions[0][0])


class _Layer:
    """One prediction, and what it was made from.

    Args:
        plan: The plan of its job.
        path: Its file.
    """

    def __init__(self, plan: Plan, path: str) -> None:
        self.plan, self.path = plan, path
        self.dataset = dataset = open_raster(path)
        place = geotransform_of(dataset) or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
        self.grid = Grid(projection_of(dataset), place, dataset.RasterXSize, dataset.RasterYSize)
        self.bands = tuple(describe_band(dataset, number) for number in range(1, dataset.RasterCount + 1))
        self.dtype = DTYPES[self.bands[0].dtype]
        self._readers = {role: Reader(images[0], plan.physical) for role, images in plan.sources.items() if images}
        own = plan.days
        self._days = tuple(abs(int(own[role][0])) for role in ("FINE_1", "FINE_2") if own.get(role))

    def like(self, other: _Layer) -> bool:
        """Tell whether both have the same pixels, bands and numbers."""
        scales = [[(band.scale, band.offset) for band in one.bands] for one in (self, other)]
        return self.grid == other.grid and self.dtype == other.dtype and scales[0] == scales[1]

    def meant(self) -> tuple[Band, ...]:
        """Return the prediction's bands with the scale that was assumed for FINE_1, which no file states."""
        first = self.plan.sources["FINE_1"][0].bands
        if str(self.plan.job.outputs[0].options.get("UNITS", "input")) != "input":
            return self.bands
        return tuple(
            replace(band, scale=own.scale, offset=own.offset) if own.assumed and not band.scaled else band
            for band, own in zip(self.bands, first)
        )

    def read(self, place: tuple[int, int, int, int]) -> tuple[Array, Array]:
        """Return a window's values, and which pixels have any."""
        values = read(self.dataset, self.path, list(range(1, len(self.bands) + 1)), place, self.dtype)
        return values, _known(values, self.bands[0].nodata)

    def pairs(self, place: tuple[int, int, int, int]) -> tuple[Array, Array, Array]:
        """Return which pairs a pixel has, as kinds; days to the nearest of them; where the date's coarse image is."""
        plan = self.plan
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
        near = self._days or (0, 0)
        days = np.where(first & second, min(near), np.where(second, near[-1], near[0]))
        return np.where(second, FROM_PAIR_2, FROM_PAIR_1), days, coarse_image(blocks, TARGET, window, NEAREST)[1]

    def inside(self, place: tuple[int, int, int, int]) -> Optional[Array]:
        """Return which pixels lie inside the polygons; None where all do."""
        polygons, part = self.plan.polygons, self.plan.part
        if polygons is None:
            return None
        row, column, rows, columns = place
        return polygons.inside(
            (float(column + part[1]), float(row + part[0]), float(columns), float(rows)), rows, columns
        )


class _Filling:
    """The filling of one image."""

    def __init__(self, layers: Sequence[_Layer], observed: Optional[Source], feedback: Feedback) -> None:
        self._first = first = layers[0]
        self._layers = [first, *(layer for layer in layers[1:] if layer.like(first))]
        self._feedback = feedback
        self._observed = None if observed is None else _Observed(observed, first.grid, first.meant())
        self._open = 0

    def write(self, path: str, metadata: Mapping[str, Mapping[str, str]], job: Job) -> Filled:
        """Write both files; the first under its final name comes last."""
        form, grid = self._form(job), self._first.grid
        of_source = replace(form, dtype="Int16", nodata=_NO_DAYS, compression=_plain(form.compression))
        described = (Band("Source", None, "Int16"), Band("Days to the nearest pair", None, "Int16", unit="days"))
        date = {name: text for name, text in metadata.get(DOMAIN, {}).items() if name == "DATE"}
        about = {DOMAIN: {"SOURCE_OF": Path(path).name, "CLASSES": CLASSES, **date}}
        counts = np.zeros(FROM_ANOTHER + 1, np.int64)
        with contextlib.ExitStack() as stack:
            image = stack.enter_context(RasterWriter(path, grid, self._first.bands, form, metadata))
            sources = stack.enter_context(RasterWriter(source_path(path), grid, described, of_source, about))
            places = list(split(grid.rows, grid.columns, _WINDOW, _WINDOW))
            for done, place in enumerate(places, 1):
                if self._feedback.cancelled():
                    raise Cancelled
                values, kinds, days = self._window(place, form.nodata)
                image.write(place[0], place[1], values)
                sources.write(place[0], place[1], np.stack([kinds, days]).astype(np.int16))
                counts += np.bincount(kinds.reshape(-1), minlength=len(counts))
                self._feedback.progress(done / len(places))
            sources.commit()
            image.commit()
        total = max(int(counts.sum()), 1)
        predicted = int(counts[FROM_PAIR_1:].sum())
        return Filled(counts[OBSERVED] / total, predicted / total, counts[NONE] / total, self._open / total)

    def _form(self, job: Job) -> RasterFormat:
        options, first = job.outputs[0].options, self._first
        known = [layer.bands[0].nodata for layer in self._layers]
        if self._observed is not None:  # first where its pixels stay to the bit: none of them must become missing
            known.insert(0 if self._observed.stays else len(known), self._observed.nodata)
        usable = [value for value in known if value is not None and representable(value, first.dtype)]
        return RasterFormat(
            first.bands[0].dtype,
            usable[0] if usable else safe_nodata(first.dtype),
            compression=str(options.get("COMPRESSION", "deflate")).lower(),
            overviews=bool(options.get("OVERVIEWS", True)),
            threads=max(job.threads, 1),
        )

    def _window(self, place: tuple[int, int, int, int], nodata: Optional[float]) -> tuple[Array, Array, Array]:
        """Return the values, the sources and the days of a window."""
        values, known = self._first.read(place)
        kinds, days, shown = self._first.pairs(place)
        kinds, days = np.where(known, kinds, NONE), np.where(known, days, _NO_DAYS)
        for layer in self._layers[1:]:
            more, there = layer.read(place)
            new = there & ~known
            values[:, new] = more[:, new]
            days = np.where(new, layer.pairs(place)[1], days)
            kinds, known = np.where(new, FROM_ANOTHER, kinds), known | new
        if nodata is not None:
            values = nudged(values, nodata)
            values[:, ~known] = nodata
        inside = self._first.inside(place)
        if self._observed is not None:
            own, clear = self._observed.read(*place)
            clear = clear if inside is None else clear & inside
            values[:, clear] = own[:, clear] if self._observed.stays else nudged(own[:, clear], nodata)
            kinds, days = np.where(clear, OBSERVED, kinds), np.where(clear, 0, days)
        still = (kinds == NONE) & shown
        self._open += int(np.count_nonzero(still if inside is None else still & inside))
        return values, kinds, days


class _Observed:
    """The fine image of the date, on the prediction's grid, in the prediction's numbers.

    Args:
        source: The image.
        grid: The prediction's grid.
        bands: The prediction's bands.

    Attributes:
        stays: Its numbers mean what the prediction's do, and are taken as they are.
        nodata: Its number for missing pixels, or None.

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
        self.stays = all(
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
        values[inside] = self._stored(window) if self.stays else self._converted(numbers, good)
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
