"""What is known of bands: names, wavelengths, scale, offset, nodata; and the order of single-band files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Optional

from ..tasks.job import Input
from .gdal_calls import open_raster
from .products import is_product

_UNITS_IN_NM = {
    "nanometers": 1.0,
    "nanometer": 1.0,
    "nm": 1.0,
    "micrometers": 1000.0,
    "micrometer": 1000.0,
    "um": 1000.0,
}
_BAND_IN_NAME = re.compile(r"(?:^|[_\-. ])(?:B|BAND)[_\- ]?(\d{1,3})(A?)(?=$|[_\-. ])", re.IGNORECASE)


@dataclass(frozen=True)
class Band:
    """One band as its file describes it.

    Attributes:
        name: Band name, or "" when unknown.
        wavelength_nm: Centre wavelength in nanometres, or None.
        dtype: GDAL type name.
        scale: Physical value = DN * scale + offset.
        offset: See `scale`.
        nodata: Value of missing pixels, or None.
        nbits: Bits in use, or None.
        unit: Unit of the physical value, or "".
        scaled: Whether the scale or the offset is stated, and not just taken to be 1 and 0.
        assumed: Whether the scale is assumed, so that outputs do not state it.
        valid: Smallest and largest number that is a measurement, where that is known and has still to be looked at.
    """

    name: str
    wavelength_nm: Optional[float]
    dtype: str
    scale: float = 1.0
    offset: float = 0.0
    nodata: Optional[float] = None
    nbits: Optional[int] = None
    unit: str = ""
    scaled: bool = False
    assumed: bool = False
    valid: Optional[tuple[float, float]] = None


def describe_band(dataset: Any, number: int) -> Band:
    """Read the description of band `number` (from 1) of an open dataset."""
    from osgeo import gdal

    band = dataset.GetRasterBand(number)
    nbits = band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE")
    scale, offset, nodata = band.GetScale(), band.GetOffset(), band.GetNoDataValue()
    return Band(
        name=band.GetDescription() or "",
        wavelength_nm=_wavelength(band.GetMetadata() or {}, band.GetMetadata("IMAGERY") or {}),
        dtype=gdal.GetDataTypeName(band.DataType),
        scale=1.0 if scale is None else scale,
        offset=0.0 if offset is None else offset,
        nodata=nodata,
        nbits=int(nbits) if nbits and nbits.isdigit() else None,
        unit=band.GetUnitType() or "",
        scaled=scale not in (None, 1.0)
        or offset not in (None, 0.0),  # GDAL gives 1 and 0 for any .aux.xml without them
    )


def with_overrides(bands: Sequence[Band], given: Input) -> list[Band]:
    """Return `bands` with what a job's input states instead of the file's own description."""
    changed = []
    for place, band in enumerate(bands):
        values: dict[str, Any] = {}
        if place < len(given.band_names):
            values["name"] = given.band_names[place]
        if place < len(given.wavelengths_nm):
            values["wavelength_nm"] = given.wavelengths_nm[place]
        for name in ("scale", "offset", "nodata"):
            if getattr(given, name) is not None:
                values[name] = getattr(given, name)
        if "scale" in values or "offset" in values:
            values["scaled"] = True
        changed.append(replace(band, **values))
    return changed


def band_key(text: str) -> Optional[tuple[int, int]]:
    """Return the band number parsed from a file or band name, sortable: B8A comes after B8 and before B9.

    The last match counts, so that a date or tile in front of it does not matter; None where there is none.
    """
    found = _BAND_IN_NAME.findall(text)
    if not found:
        return None
    number, letter = found[-1]
    return int(number), 1 if letter else 0


def order_inputs(inputs: Sequence[Input]) -> tuple[list[Input], str]:
    """Put the single-band files of one image in order of wavelength, else of band number.

    Files keep their order where neither is known for all of them, or where a file brings several bands.

    Args:
        inputs: The files in any order.

    Returns:
        The inputs in order, and what the order came from: "wavelength", "band number" or "as given".

    Raises:
        InputError: A file cannot be read.
    """
    given = list(inputs)
    if len(given) < 2 or any(is_product(item.path) for item in given):
        return given, "as given"
    wavelengths, numbers = [], []
    for item in given:
        dataset = open_raster(item.path)
        if len(item.bands or range(dataset.RasterCount)) != 1:
            return given, "as given"
        band = with_overrides([describe_band(dataset, (item.bands or [1])[0])], item)[0]
        stem = PurePath(item.path).stem
        wavelengths.append(band.wavelength_nm)
        numbers.append(band_key(stem) or band_key(band.name))
    if all(value is not None for value in wavelengths):
        return _sorted(given, wavelengths), "wavelength"
    if all(value is not None for value in numbers):
        return _sorted(given, numbers), "band number"
    return given, "as given"


def _sorted(inputs: list[Input], keys: list[Any]) -> list[Input]:
    return [inputs[place] for place in sorted(range(len(inputs)), key=lambda place: (keys[place], place))]


def _wavelength(plain: dict[str, str], imagery: dict[str, str]) -> Optional[float]:
    """Return nanometres from the usual metadata items of a band."""
    if "CENTRAL_WAVELENGTH_UM" in imagery:
        return _number(imagery["CENTRAL_WAVELENGTH_UM"], 1000.0)
    items = {key.lower(): value for key, value in plain.items()}
    if "central_wavelength_um" in items:
        return _number(items["central_wavelength_um"], 1000.0)
    if "wavelength_nm" in items:
        return _number(items["wavelength_nm"], 1.0)
    if "wavelength" in items:
        unit = items.get("wavelength_units", items.get("wavelength_unit", "")).lower()
        value = _number(items["wavelength"], 1.0)
        if value is None:
            return None
        return value * _UNITS_IN_NM.get(unit, 1.0 if value >= 100 else 1000.0)
    return None


def _number(text: str, factor: float) -> Optional[float]:
    try:
        value = float(text.split()[0]) * factor
    except (ValueError, IndexError):
        return None
    return value if value > 0 else None
