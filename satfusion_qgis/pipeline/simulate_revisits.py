"""Revisits of one place simulated from one sharp image, as files: for tests against a truth, and for training.

Each revisit is a GeoTIFF on the coarse grid that shares the sharp image's upper-left corner. Its geotransform does not
know of the shift, which so is an error of its georeferencing, as revisits have; the table holds the true shifts. Beside
each lies a mask, as `prepare_product` writes them: 1 where a pixel is not to be used.

The PAN is the sharp image as a panchromatic sensor would see it: a weighted sum of the bands with weights from the
seed, a soft saturation, blur (MTF 0.15 at its own Nyquist frequency) and noise (signal-to-noise ratio 100). A plain
weighted sum would hand component substitution the answer.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..classical.banded import Banded, apply_columns, apply_rows
from ..classical.resampling import mtf_kernel
from ..classical.super_resolution.simulate import Simulation, simulate
from ..raster.bands import Band
from ..raster.encode import encode, safe_nodata, type_range
from ..raster.gdal_calls import DTYPES
from ..raster.grid import Grid, part_inside
from ..raster.reader import Reader, Source, describe, remove_virtual
from ..raster.windows import block_size, round_up, split
from ..raster.writer import RasterFormat, RasterWriter, check_folder, check_writable, replace_file
from ..tasks.dates import iso_text, moment_in_name
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array
from .names import scene_name
from .record import DOMAIN
from .tables import table_text

LARGEST_VALUES = 100_000_000
_SIDE = 512
_FIRST_DAY = datetime.datetime(2000, 1, 1)
_SATURATION = 0.1
_PAN_NOISE = 100.0
_PAN_PERCENTILE = 99.0
_PAN_GAIN = 0.15
_BLOCK = 16
_TINY = 1e-12


@dataclass(frozen=True)
class RevisitsRequest:
    """What is to be simulated.

    Attributes:
        ratio: How many times larger the revisits' pixels are.
        simulation: How they are made.
        extent: [xmin, ymin, xmax, ymax] in the image's CRS; None for the whole image.
        pan: Also write a PAN on the sharp image's grid.
        reference: Also write the sharp image, cut to whole pixels of the revisits: the truth.
        options: COMPRESSION and OVERVIEWS, as those of a job's output.
    """

    ratio: float = 2.0
    simulation: Simulation = field(default_factory=Simulation)
    extent: Optional[Sequence[float]] = None
    pan: bool = False
    reference: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class SimulatedFiles:
    """What was written.

    Attributes:
        revisits: Path of each revisit, the reference first.
        masks: Path of the mask of each.
        table: CSV of the true shifts.
        pan: Path of the PAN, or "".
        reference: Path of the sharp image, or "".
    """

    revisits: list[str] = field(default_factory=list)
    masks: list[str] = field(default_factory=list)
    table: str = ""
    pan: str = ""
    reference: str = ""

    @property
    def every(self) -> list[str]:
        """All files."""
        return [path for path in [*self.revisits, *self.masks, self.table, self.pan, self.reference] if path]


def check_simulation(inputs: Sequence[Input], folder: str, request: RevisitsRequest) -> None:
    """Refuse what cannot be simulated, before anything is read.

    Raises:
        InputError: The image cannot be used, is too large, or the folder cannot be written to.
    """
    source = describe("IMAGE", inputs, search_border=False)
    try:
        _part(source, request)
    finally:
        remove_virtual(source)
    target = Path(folder)
    check_folder((target if target.is_dir() else target.parent) / "shifts.csv")


def simulate_revisits(
    inputs: Sequence[Input], folder: str, request: RevisitsRequest, feedback: Optional[Feedback] = None
) -> SimulatedFiles:
    """Write simulated revisits, their masks, and a table of their shifts.

    Args:
        inputs: The sharp image: one input, or one for each single-band file.
        folder: Where the files go; it is made when missing. Files of the same names are replaced.
        request: What is wanted.
        feedback: Who is told, and who may cancel.

    Raises:
        InputError: The image cannot be used, or the folder cannot be written to.
        Cancelled: The user cancelled; no file is left.
    """
    feedback = feedback or Feedback()
    source = describe("IMAGE", inputs)
    made = SimulatedFiles()
    try:
        row, column, rows, columns = _part(source, request)
        Path(folder).mkdir(parents=True, exist_ok=True)
        values, valid = _read(source, (row, column, rows, columns), feedback)
        _raise_if_cancelled(feedback)
        simulated = simulate(values, request.ratio, request.simulation, valid)
        grid = source.grid.crop(row, column, rows, columns)
        _write_all(made, Path(folder), scene_name([item.path for item in inputs]), source, grid, values, valid,
                   simulated, request, feedback)  # fmt: skip
    except OSError as error:
        _remove(made)
        raise InputError(f"Cannot write to {folder}: {error.strerror}.") from None
    except BaseException:
        _remove(made)
        raise
    finally:
        remove_virtual(source)
    return made


def _part(source: Source, request: RevisitsRequest) -> tuple[int, int, int, int]:
    """Return (row, column, rows, columns) of the image that is used: whole pixels of the revisits."""
    ratio = request.ratio
    part = (0, 0, source.grid.rows, source.grid.columns)
    if request.extent is not None:
        xmin, ymin, xmax, ymax = (float(value) for value in request.extent)
        inside = part_inside(source.grid, (xmin, ymin, xmax, ymax))
        if inside is None:
            raise InputError("EXTENT does not overlap the image.")
        part = inside
    row, column, rows, columns = part
    rows, columns = (math.ceil(int(size / ratio + 1e-6) * ratio - 1e-6) for size in (rows, columns))
    if min(rows, columns) < max(ratio, 1):
        raise InputError(f"IMAGE: {source.name} is smaller than a pixel of the revisits; take a smaller RATIO.")
    count = rows * columns * len(source.bands)
    if count > LARGEST_VALUES:
        raise InputError(
            f"IMAGE: {columns} x {rows} pixels of {len(source.bands)} bands are more than can be simulated at a time "
            f"({LARGEST_VALUES // 1_000_000} million values); choose a smaller EXTENT."
        )
    return row, column, rows, columns


def _read(source: Source, part: tuple[int, int, int, int], feedback: Feedback) -> tuple[Array, Optional[Array]]:
    """Read the image; the second is None where every pixel is valid."""
    top, left, rows, columns = part
    values = np.empty((len(source.bands), rows, columns), np.float32)
    valid = np.ones((rows, columns), np.bool_)
    reader = Reader(source)
    for row, column, height, width in split(rows, columns, _SIDE, 2 * _SIDE):
        _raise_if_cancelled(feedback)
        down, across = slice(row, row + height), slice(column, column + width)
        values[:, down, across], known = reader.read(top + row, left + column, height, width)
        if known is not None:
            valid[down, across] = known
    if not valid.any():
        raise InputError(f"IMAGE: {source.name} has no valid pixel there.")
    return values, None if valid.all() else valid


def _write_all(
    made: SimulatedFiles,
    folder: Path,
    name: str,
    source: Source,
    grid: Grid,
    values: Array,
    valid: Optional[Array],
    simulated: Any,
    request: RevisitsRequest,
    feedback: Feedback,
) -> None:
    """Write every file; those that are whole are listed in `made`."""
    coarse = grid.coarser(request.ratio, simulated.revisits.shape[2], simulated.revisits.shape[3])
    first = moment_in_name(source.name) or _FIRST_DAY
    total = len(simulated.revisits)
    rows = []
    for number, (image, clear, shift) in enumerate(zip(simulated.revisits, simulated.masks, simulated.shifts)):
        _raise_if_cancelled(feedback)
        feedback.progress(number / (total + 1))
        date = first + datetime.timedelta(days=number)
        stem = f"{name}_{date:%Y%m%d}"
        metadata = {"": {"DATE": iso_text(date)}, DOMAIN: {"DATE": iso_text(date), "SIMULATED": "yes"}}
        target = folder / f"{stem}.tif"
        _write(target, image, _covered(simulated, number, valid), coarse, source, request, metadata)
        made.revisits.append(str(target))
        mask = folder / f"{stem}_mask.tif"
        band = Band("Not to be used", None, "Byte")
        _write_raster(mask, (~clear[None]).astype(np.uint8), coarse, (band,), RasterFormat("Byte"), {}, request)
        made.masks.append(str(mask))
        rows.append(_row(target, date, shift, clear, simulated.clouds[number], coarse))
        feedback.info(
            f"{target.name}: shift {shift[0]:+.3f} down, {shift[1]:+.3f} right pixels, {100 * clear.mean():.3g} % clear"
        )
    if request.reference:
        made.reference = str(folder / f"{name}_reference.tif")
        _write(Path(made.reference), values, valid, grid, source, request, {})
    if request.pan:
        made.pan = str(folder / f"{name}_pan.tif")
        pan = simulated_pan(values, valid, request.simulation.seed)
        single = replace(source, bands=(replace(source.bands[0], name="PAN", wavelength_nm=None),))
        _write(Path(made.pan), pan, valid, grid, single, request, {})
    made.table = str(folder / f"{name}_shifts.csv")
    part = Path(made.table + ".part")
    part.write_text(table_text(rows, ".csv"), encoding="utf-8")
    replace_file(part, Path(made.table))


def _row(
    target: Path, date: datetime.datetime, shift: Array, clear: Array, clouds: Array, grid: Grid
) -> dict[str, Any]:
    down, right = (float(value) for value in shift)
    return {
        "file": target.name,
        "date": date.date().isoformat(),
        "shift_down_px": round(down, 6),
        "shift_right_px": round(right, 6),
        "shift_down_units": round(down * grid.pixel[1], 6),
        "shift_right_units": round(right * grid.pixel[0], 6),
        "clear_share": round(float(clear.mean()), 4),
        "clouded_share": round(float((clouds > 0).mean()), 4),
    }


def _covered(simulated: Any, number: int, valid: Optional[Array]) -> Optional[Array]:
    """Return which pixels of a revisit show the image at all: clear ones, and those behind clouds."""
    seen: Array = simulated.masks[number] | (simulated.clouds[number] > 0)
    return None if seen.all() else seen


def simulated_pan(values: Array, valid: Optional[Array], seed: int) -> Array:
    """Return what a panchromatic sensor would see of an image, float32 (1, rows, columns).

    Args:
        values: float32 (bands, rows, columns).
        valid: bool (rows, columns), or None where all pixels are.
        seed: Weights and noise follow from it.
    """
    rng = np.random.default_rng([seed, 0x50414E])
    weights = rng.uniform(0.5, 1.5, len(values))
    pan = np.tensordot(weights / weights.sum(), values, axes=1).astype(np.float32)
    known = pan if valid is None else pan[valid]
    level, high = float(np.abs(known).mean()), float(np.percentile(known, _PAN_PERCENTILE))
    pan /= 1 + _SATURATION * np.maximum(pan, 0) / max(high, _TINY)
    spread, reach = mtf_kernel(1.0, _PAN_GAIN)
    by_row, by_column = (Banded(np.arange(size, dtype=np.float64), reach, spread, size, _BLOCK) for size in pan.shape)
    seen = apply_columns(by_column, apply_rows(by_row, pan[None]))
    seen += rng.normal(0, max(level, _TINY) / _PAN_NOISE, seen.shape).astype(np.float32)
    return seen


def _write(
    path: Path,
    values: Array,
    valid: Optional[Array],
    grid: Grid,
    like: Source,
    request: RevisitsRequest,
    metadata: Mapping[str, Mapping[str, str]],
) -> None:
    """Write values as a raster like the source in type, units and nodata."""
    dtype = like.bands[0].dtype
    if any(band.dtype != dtype for band in like.bands) or dtype not in DTYPES:
        dtype = "Float32"
    numpy_type = DTYPES[dtype]
    nodata = like.bands[0].nodata
    nodata = safe_nodata(numpy_type) if nodata is None else nodata
    limits = type_range(numpy_type, like.bands[0].nbits) if np.dtype(numpy_type).kind != "f" else None
    encoded = encode(values.copy(), valid, numpy_type, nodata, limits)
    form = RasterFormat(dtype, nodata)
    _write_raster(path, encoded, grid, like.bands, form, metadata, request)


def _write_raster(
    path: Path,
    array: Array,
    grid: Grid,
    bands: Sequence[Band],
    form: RasterFormat,
    metadata: Mapping[str, Mapping[str, str]],
    request: RevisitsRequest,
) -> None:
    form = replace(
        form,
        block=block_size(min(_SIDE, round_up(max(array.shape[1:]), 16))),
        compression=str(request.options.get("COMPRESSION", "deflate")).lower(),
        overviews=bool(request.options.get("OVERVIEWS", True)),
    )
    check_writable(str(path), grid, len(bands), form)
    with RasterWriter(str(path), grid, bands, form, metadata) as writer:
        writer.write(0, 0, array)
        writer.commit()


def _raise_if_cancelled(feedback: Feedback) -> None:
    if feedback.cancelled():
        raise Cancelled


def _remove(made: SimulatedFiles) -> None:
    for path in made.every:
        Path(path).unlink(missing_ok=True)
