"""From float results to the output's data type: rounding, clipping, nodata."""

from __future__ import annotations

from typing import Optional

import numpy as np

from ..tasks.method import Array


def type_range(dtype: str, nbits: Optional[int] = None) -> tuple[float, float]:
    """Return the smallest and largest value that a numpy integer type holds, within `nbits` bits where given."""
    info = np.iinfo(dtype)
    if nbits and info.min == 0:
        return 0.0, float(min(info.max, 2**nbits - 1))
    high = float(info.max)
    return float(info.min), high if high <= info.max else float(np.nextafter(high, 0))


def safe_nodata(dtype: str) -> float:
    """Return a nodata value for a type when the inputs declare none: NaN, 0 (unsigned) or the smallest value."""
    if np.dtype(dtype).kind == "f":
        return float("nan")
    return 0.0 if np.dtype(dtype).kind == "u" else float(np.iinfo(dtype).min)


def representable(value: float, dtype: str) -> bool:
    """Tell whether `value` can stand in an array of `dtype` exactly."""
    if np.dtype(dtype).kind == "f":
        return value != value or abs(value) <= float(np.finfo(dtype).max)
    return value == value and float(np.iinfo(dtype).min) <= value <= float(np.iinfo(dtype).max) and value == int(value)


def encode(
    values: Array,
    valid: Optional[Array],
    dtype: str,
    nodata: Optional[float],
    limits: Optional[tuple[float, float]] = None,
) -> Array:
    """Round, clip and mark float32 results.

    Integers are rounded half away from zero. A valid pixel never gets the nodata value: it is nudged by one (floats: to
    the next number).

    Args:
        values: float32 (bands, rows, columns); changed in place.
        valid: bool (rows, columns), or None where all are.
        dtype: numpy type of the result.
        nodata: Value for invalid pixels; None only when all are valid.
        limits: Clip to these; default the range of the type.

    Returns:
        Array (bands, rows, columns) of `dtype`.
    """
    if np.dtype(dtype).kind == "f":
        return _encode_float(values, valid, dtype, nodata)
    low, high = limits or type_range(dtype)
    if nodata == low:
        low += 1
    elif nodata == high:
        high -= 1
    if low < 0 or np.dtype(dtype).itemsize > 2:
        encoded = _round_wide(values, low, high, dtype)
    else:
        encoded = _round_unsigned(values, low, high, dtype)
    if nodata is not None and low < nodata < high:
        encoded[encoded == nodata] += 1
    if valid is not None and nodata is not None:
        encoded[:, ~valid] = nodata
    return encoded


def nudged(values: Array, nodata: Optional[float]) -> Array:
    """Return values of their final type, none of which is the nodata value: each that was is the next number.

    Args:
        values: Array of any shape; changed in place.
        nodata: The value of invalid pixels; None for none.
    """
    if nodata is None or nodata != nodata or not representable(nodata, values.dtype.str):
        return values
    same = values == values.dtype.type(nodata)
    if values.dtype.kind == "f":
        values[same] = np.nextafter(values.dtype.type(nodata), values.dtype.type(0 if nodata else 1))
    else:
        values[same] = int(nodata) + (1 if nodata < np.iinfo(values.dtype).max else -1)
    return values


def _round_unsigned(values: Array, low: float, high: float, dtype: str) -> Array:
    """Round values of 0 and more; looking for the extremes is much faster than clipping what needs no clipping."""
    encoded = np.empty(values.shape, dtype)
    for band, result in zip(values, encoded):
        band += np.float32(0.5)
        if not band.min() >= low:
            np.maximum(band, np.float32(low), out=band)
        if not band.max() < high + 1:
            np.minimum(band, np.float32(high), out=band)
        np.copyto(result, band, casting="unsafe")
    return encoded


def _round_wide(values: Array, low: float, high: float, dtype: str) -> Array:
    wide = np.float64 if np.dtype(dtype).itemsize > 2 else np.float32
    rounded = values.astype(wide, copy=False)
    rounded = np.trunc(rounded + np.copysign(wide(0.5), rounded))
    clipped: Array = np.clip(rounded, low, high).astype(dtype)
    return clipped


def _encode_float(values: Array, valid: Optional[Array], dtype: str, nodata: Optional[float]) -> Array:
    encoded = values.astype(dtype, copy=False)
    encoded = nudged(encoded, nodata)
    if valid is not None and nodata is not None:
        encoded[:, ~valid] = nodata
    return encoded
