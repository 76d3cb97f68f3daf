"""The images of a series in one raster: all bands of the first date, then of the next; dates stand in their names."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..raster.bands import describe_band
from ..raster.encode import safe_nodata
from ..raster.gdal_calls import DTYPES, geotransform_of, open_raster, projection_of, read
from ..raster.grid import Grid
from ..raster.windows import split
from ..raster.writer import RasterFormat, RasterWriter, check_folder
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Array
from .record import DOMAIN

_WINDOW = 512


def write_stack(
    files: Sequence[tuple[datetime.date, str]],
    path: str,
    options: dict[str, Any],
    threads: int,
    feedback: Feedback,
) -> None:
    """Put images of one grid into one raster.

    Args:
        files: Date and file of each image.
        path: Where the stack goes.
        options: COMPRESSION and OVERVIEWS.
        threads: Threads that compress.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: The images differ in grid, bands or type, or the stack cannot be written.
        Cancelled: The user cancelled; nothing is left.
    """
    datasets = [open_raster(file) for _, file in files]
    grids = [
        Grid(projection_of(one), geotransform_of(one) or (0, 1, 0, 0, 0, 1), one.RasterXSize, one.RasterYSize)
        for one in datasets
    ]
    described = [[describe_band(one, number + 1) for number in range(one.RasterCount)] for one in datasets]
    first = described[0]
    for (day, _), grid, own in zip(files, grids, described):
        if grid != grids[0] or len(own) != len(first) or own[0].dtype != first[0].dtype:
            raise InputError(
                f"OUTPUT_STACK: the image of {day} has another grid, type or number of bands than that of "
                f"{files[0][0]}; give an EXTENT that all fine images have in common, or no stack."
            )
        if [(band.scale, band.offset) for band in own] != [(band.scale, band.offset) for band in first]:
            raise InputError(f"OUTPUT_STACK: the image of {day} has another scale than that of {files[0][0]}.")
    bands = tuple(
        replace(band, name=f"{day} {band.name or f'band {place}'}")
        for (day, _), own in zip(files, described)
        for place, band in enumerate(own, 1)
    )
    declared = [own[0].nodata for own in described]
    dtype = DTYPES[first[0].dtype]
    nodata = next((value for value in declared if value is not None), None)
    if nodata is None and any(value is not None for value in declared):
        nodata = safe_nodata(dtype)
    form = RasterFormat(
        first[0].dtype,
        nodata,
        compression=str(options.get("COMPRESSION", "deflate")).lower(),
        overviews=bool(options.get("OVERVIEWS", True)),
        threads=max(threads, 1),
    )
    listed = [{"date": day.isoformat(), "file": file} for day, file in files]
    check_folder_of(path)
    with RasterWriter(path, grids[0], bands, form, {DOMAIN: {"SERIES": json.dumps(listed)}}) as writer:
        places = list(split(grids[0].rows, grids[0].columns, _WINDOW, _WINDOW))
        for done, place in enumerate(places, 1):
            if feedback.cancelled():
                raise Cancelled
            parts = [
                _as_nodata(read(one, file, list(range(1, len(first) + 1)), place, dtype), own, nodata)
                for one, (_, file), own in zip(datasets, files, declared)
            ]
            writer.write(place[0], place[1], np.concatenate(parts))
            feedback.progress(done / len(places))
        writer.commit()


def check_folder_of(path: str) -> None:
    """Refuse a stack that cannot be written.

    Raises:
        InputError: The folder is missing, or the name is no GeoTIFF's.
    """
    if Path(path).suffix.lower() not in (".tif", ".tiff"):
        raise InputError(f"OUTPUT_STACK must be a GeoTIFF: give {Path(path).name} a name that ends in .tif.")
    check_folder(Path(path))


def _as_nodata(values: Array, own: Any, wanted: Any) -> Array:
    """Return values with one nodata value in place of another."""
    if own is None or wanted is None or own == wanted or (own != own and wanted != wanted):
        return values
    missing = np.isnan(values) if own != own else values == np.array(own, values.dtype)
    values[missing] = wanted
    return values
