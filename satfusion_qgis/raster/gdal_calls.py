"""GDAL calls that fail with one sentence, whether or not the host program uses GDAL's exceptions.

`gdal.UseExceptions()` is one switch for the whole process, and QGIS's other plugins rely on it as it stands, so it is
left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal, osr

from ..tasks.errors import InputError
from ..tasks.method import Array

DTYPES = {
    "Byte": "uint8",
    "Int8": "int8",
    "UInt16": "uint16",
    "Int16": "int16",
    "UInt32": "uint32",
    "Int32": "int32",
    "UInt64": "uint64",
    "Int64": "int64",
    "Float32": "float32",
    "Float64": "float64",
}


def gdal_type(name: str) -> int:
    """Return GDAL's number of the type called `name` ("UInt16").

    Raises:
        InputError: GDAL here has no such type.
    """
    number: int = gdal.GetDataTypeByName(name)
    if name not in DTYPES or number == gdal.GDT_Unknown:
        raise InputError(f"Unknown data type {name!r}; known are {', '.join(DTYPES)}.")
    return number


def gdal_type_of(array: Array) -> int:
    """Return GDAL's number of an array's type."""
    for name, dtype in DTYPES.items():
        if array.dtype == dtype:
            return int(gdal.GetDataTypeByName(name))
    raise TypeError(f"GDAL has no type for {array.dtype}.")


def quietly(call: Callable[..., Any], *arguments: Any, **named: Any) -> tuple[Any, str]:
    """Call GDAL and return (result, error text); nothing is printed and nothing raised.

    The error text is empty on success.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.ErrorReset()
    try:
        result = call(*arguments, **named)
        failed = gdal.GetLastErrorType() >= gdal.CE_Failure
        return result, str(gdal.GetLastErrorMsg()) if failed else ""
    except (RuntimeError, OSError) as error:
        return None, str(error)
    finally:
        gdal.PopErrorHandler()


def open_raster(path: str, update: bool = False) -> Any:
    """Open a raster for reading, or for updating its metadata.

    Raises:
        InputError: The file does not exist or GDAL cannot read it.
    """
    flags = gdal.OF_RASTER | (gdal.OF_UPDATE if update else gdal.OF_READONLY)
    dataset, error = quietly(gdal.OpenEx, path, flags)
    if dataset is None:
        if not path.startswith("/vsi") and ":" not in path and not Path(path).exists():
            raise InputError(f"The file {path} does not exist.")
        raise InputError(f"Cannot read {path} as a raster: {first_line(error)}.")
    return dataset


def geotransform_of(dataset: Any) -> Optional[tuple[float, float, float, float, float, float]]:
    """Return a dataset's geotransform, or None where it has none or a damaged one."""
    numbers, _ = quietly(dataset.GetGeoTransform, can_return_null=True)
    return None if numbers is None else tuple(numbers)


def projection_of(dataset: Any) -> str:
    """Return a dataset's CRS as WKT, or "" where it has none or a damaged one."""
    return quietly(dataset.GetProjection)[0] or ""


def files_of(path: str) -> list[str]:
    """Return the files that a raster is read from: its own, and those that a virtual raster is put together from."""
    dataset, _ = quietly(gdal.OpenEx, path, gdal.OF_RASTER)
    return [] if dataset is None else list(dataset.GetFileList() or [])


def read(dataset: Any, path: str, bands: list[int], window: tuple[int, int, int, int], dtype: str = "float32") -> Array:
    """Read (row, column, rows, columns) of some bands.

    Returns:
        Array (bands, rows, columns) of `dtype`.

    Raises:
        InputError: GDAL cannot read it (a truncated file, a lost network drive).
    """
    row, column, rows, columns = window
    array = np.empty((len(bands), rows, columns), dtype)
    result, error = quietly(
        dataset.ReadRaster,
        column,
        row,
        columns,
        rows,
        buf_type=gdal_type_of(array),
        band_list=bands,
        buf_obj=array,
    )
    if result is None or error:
        raise InputError(f"Cannot read {path} at row {row}, column {column}; it may be damaged: {first_line(error)}.")
    return array


def write(dataset: Any, path: str, row: int, column: int, array: Array) -> None:
    """Write an array (bands, rows, columns) to all bands.

    Raises:
        InputError: GDAL cannot write it (disk full, for example).
    """
    _, rows, columns = array.shape
    status, error = quietly(
        dataset.WriteRaster, column, row, columns, rows, np.ascontiguousarray(array), buf_type=gdal_type_of(array)
    )
    if status != 0 or error:
        raise InputError(f"Cannot write {path}: {first_line(error)}.")


def same_crs(first: str, second: str) -> bool:
    """Tell whether two WKT texts describe the same CRS."""
    if first == second:
        return True
    one, two = osr.SpatialReference(), osr.SpatialReference()
    if quietly(one.ImportFromWkt, first)[1] or quietly(two.ImportFromWkt, second)[1]:
        return False
    return bool(one.IsSame(two, ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]))


def crs_name(wkt: str) -> str:
    """Return a short name of a CRS: its authority code, else its name."""
    reference = osr.SpatialReference()
    if not wkt or quietly(reference.ImportFromWkt, wkt)[1]:
        return "unknown CRS"
    code = reference.GetAuthorityCode(None)
    return f"{reference.GetAuthorityName(None)}:{code}" if code else str(reference.GetName())


def first_line(text: str) -> str:
    """Return the first line of a GDAL message, without its full stop and without what cannot be printed."""
    lines = text.strip().splitlines()
    plain = " ".join(lines[0].split()) if lines else ""
    return "".join(letter for letter in plain if letter.isprintable()).rstrip(". ") or "no reason given"
