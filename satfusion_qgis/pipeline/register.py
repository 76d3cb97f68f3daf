"""A co-registered stack, and one file for each revisit of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from osgeo import gdal

from ..raster.bands import describe_band
from ..raster.gdal_calls import DTYPES, open_raster, read
from ..raster.grid import Grid
from ..raster.windows import block_size, split
from ..raster.writer import RasterFormat, RasterWriter
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from .record import DOMAIN
from .revisit_inputs import unstacked

TASK, METHOD = "registration", "register"
_SIDE = 512


def bands_of_one(path: str) -> int:
    """Return how many bands one revisit has in a stack that the registration wrote.

    Raises:
        InputError: The raster cannot be read.
    """
    dataset = open_raster(path)
    names = [dataset.GetRasterBand(number).GetDescription() for number in range(1, dataset.RasterCount + 1)]
    labels = {" ".join(name.split(" ")[: 2 if name.startswith("Revisit ") else 1]) for name in names}
    return len(names) // max(len(labels), 1)


def write_files(stack: str, folder: str, options: Mapping[str, object], feedback: Feedback) -> list[str]:
    """Write each revisit of a stack as a file of its own, named after the stack and the date.

    Args:
        stack: The stack.
        folder: Where the files go; it is made when missing.
        options: COMPRESSION and OVERVIEWS, as those of a job's output.
        feedback: Who may cancel.

    Returns:
        Their paths, the reference first.

    Raises:
        InputError: The folder cannot be written to.
        Cancelled: The user cancelled; no file is left.
    """
    written: list[str] = []
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(unstacked(Input("REVISITS", stack), bands_of_one(stack)), 1):
            name = re.sub(r"\W+", "", (one.date or "").split("T00:00:00")[0]) or f"revisit{number}"
            target = str(Path(folder, f"{Path(stack).stem}_{name}.tif"))
            if Path(target).resolve() == Path(stack).resolve():
                raise InputError(f"FOLDER: {target} is the stack itself; choose another folder.")
            _write_one(stack, one, target, options, feedback)
            written.append(target)
    except OSError as error:
        raise InputError(f"Cannot write to {folder}: {error.strerror}.") from None
    except (InputError, Cancelled):
        for path in written:
            Path(path).unlink(missing_ok=True)
        raise
    return written


def _write_one(stack: str, one: Input, target: str, options: Mapping[str, object], feedback: Feedback) -> None:
    dataset = open_raster(stack)
    grid = Grid(dataset.GetProjection(), tuple(dataset.GetGeoTransform()), dataset.RasterXSize, dataset.RasterYSize)
    bands = [describe_band(dataset, number) for number in one.bands]
    named = tuple(replace(band, name=name) for band, name in zip(bands, one.band_names))
    form = RasterFormat(
        gdal.GetDataTypeName(dataset.GetRasterBand(1).DataType),
        bands[0].nodata,
        block_size(_SIDE),
        str(options.get("COMPRESSION", "deflate")).lower(),
        bool(options.get("OVERVIEWS", True)),
    )
    metadata = {}
    if one.date:
        metadata = {"": {"DATE": one.date}, DOMAIN: {"DATE": one.date}}
    with RasterWriter(target, grid, named, form, metadata) as writer:
        for row, column, rows, columns in split(grid.rows, grid.columns, _SIDE, _SIDE):
            if feedback.cancelled():
                raise Cancelled
            array = read(dataset, stack, one.bands, (row, column, rows, columns), DTYPES[form.dtype])
            writer.write(row, column, array)
        writer.commit()
