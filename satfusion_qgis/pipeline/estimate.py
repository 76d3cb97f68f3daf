"""How long a run will take and how large its output will be, from a few windows that are computed and thrown away."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osgeo import gdal

from ..raster.gdal_calls import gdal_type, quietly
from ..raster.windows import spread
from ..raster.writer import RasterFormat, compression_options
from ..tasks.errors import InputError
from ..tasks.method import Array

_LONG_RUN_VALUES = 500e6  # a run of so many values takes half a minute with compression, and some seconds without
_SAMPLES = 3
_OVERVIEWS = 4 / 3
_NEARLY = 0.9
_SURELY = 0.5
Place = tuple[int, int, int, int]


def is_long(values: float) -> bool:
    """Tell whether a run over so many values (pixels times bands read and written) is worth an estimate."""
    return values >= _LONG_RUN_VALUES


def some_of(places: Sequence[Place], threads: int) -> list[Place]:
    """Return a few of the windows, spread over the scene; as many for each thread."""
    return spread(places, threads * -(-_SAMPLES // threads))


def written_size(array: Array, form: RasterFormat) -> int:
    """Return the bytes that a window's array (bands, rows, columns) takes in the output, by compressing it."""
    if form.compression == "none":
        return int(array.nbytes)
    path = f"/vsimem/satfusion/{uuid.uuid4().hex}.tif"
    bands, rows, columns = array.shape
    options = ["TILED=YES", f"BLOCKXSIZE={form.block}", f"BLOCKYSIZE={form.block}", *compression_options(form)]
    driver = gdal.GetDriverByName("GTiff")
    dataset, _ = quietly(driver.Create, path, columns, rows, bands, gdal_type(form.dtype), options)
    if dataset is None:
        return int(array.nbytes)
    quietly(dataset.WriteRaster, 0, 0, columns, rows, array.tobytes())
    del dataset
    found: Any = gdal.VSIStatL(path)
    gdal.Unlink(path)
    return int(found.size) if found is not None else int(array.nbytes)


def expected_size(sampled: float, share: float, form: RasterFormat) -> float:
    """Return the bytes of an output, of which windows were compressed.

    Args:
        sampled: Bytes of these windows.
        share: Which share of the output they are.
        form: The output's layout.
    """
    return sampled / share * (_OVERVIEWS if form.overviews else 1.0)


def describe(seconds: float, size: float) -> str:
    """Return the estimate as a line for the log."""
    return f"Estimate: {about(seconds)}, {bytes_text(size)}"


def check_disk(path: str, size: float, form: RasterFormat) -> list[str]:
    """Return a warning when the disk is nearly full with an output of an expected size.

    Raises:
        InputError: The disk is surely too small, even if the estimate is twice too large.
    """
    folder = Path(path).parent
    needed = size * (2.0 if form.compression == "cog" else 1.0)
    free = shutil.disk_usage(folder).free
    text = f"The output {Path(path).name} needs about {bytes_text(needed)} and {folder} has {bytes_text(free)} free"
    if needed * _SURELY > free:
        raise InputError(f"{text}; choose another folder or a smaller EXTENT.")
    return [text] if needed > _NEARLY * free else []


def about(seconds: float) -> str:
    """Return a time span as a person would say it."""
    if seconds < 55:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    minutes = max(1, round(seconds / 60))
    return f"about {minutes} min" if minutes < 60 else f"about {minutes // 60} h {minutes % 60} min"


def bytes_text(size: float) -> str:
    """Return a size in MB or GB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"
