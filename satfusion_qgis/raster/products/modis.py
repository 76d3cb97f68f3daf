"""MODIS surface reflectance and land surface temperature: one HDF4 or HDF5 file on the sinusoidal grid."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Optional

from osgeo import gdal, osr

from ...tasks.errors import InputError
from ..gdal_calls import first_line, quietly
from .container import Container, start_of
from .model import MS, OTHER, Image, Product, ProductBand, Quality
from .virtual import open_part

FAMILY = "MODIS"
_NAME = re.compile(
    r"(?:^|/)(M[OY]D|MCD)(\w{2,5})\.A(\d{4})(\d{3})\.h(\d\d)v(\d\d)\.(\d{3})\.[^/]*\.(hdf|h5|he5|hdf5)$", re.IGNORECASE
)
_MAGIC = {b"\x0e\x03\x13\x01": "HDF4", b"\x89HDF": "HDF5"}
_REMEDY = {
    "HDF4": "install a GDAL with it (conda: libgdal-hdf4), or get the product as GeoTIFF",
    "HDF5": "install a GDAL with it (conda: libgdal-hdf5), or get the product as GeoTIFF",
}
_CENTRES = {1: 645.0, 2: 858.5, 3: 469.0, 4: 555.0, 5: 1240.0, 6: 1640.0, 7: 2130.0}
_TILE_M = 1111950.5196666666
_LEFT_M, _TOP_M = -20015109.354, 10007554.677
_SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"


@dataclass(frozen=True)
class _Layer:
    """Datasets of a product that make one image.

    Attributes:
        key: Name of the image.
        title: What it is.
        datasets: Name of the dataset of each band, with its wavelength.
        scale: Physical value = number * scale + offset, where the file does not say otherwise.
        offset: See `scale`.
        fill: Number of missing pixels, where the file does not say otherwise.
        valid: Numbers that are measurements, where the file does not say otherwise.
        unit: Unit of the physical value.
        quality: Dataset of flags, or "".
        bits: Bits of it that mark a pixel.
    """

    key: str
    title: str
    datasets: tuple[tuple[str, float], ...]
    scale: float
    offset: float
    fill: float
    valid: tuple[float, float]
    unit: str = ""
    quality: str = ""
    bits: tuple[int, ...] = ()


def _reflectances(key: str, title: str, pattern: str, numbers: Sequence[int], state: str = "") -> _Layer:
    """Return surface reflectances; the state flags mark clouds (0-1), their shadows (2) and internal clouds (10)."""
    ordered = sorted(numbers, key=lambda number: _CENTRES[number])
    datasets = tuple((pattern.format(number), _CENTRES[number]) for number in ordered)
    bits = (0, 1, 2, 10) if state else ()
    return _Layer(key, title, datasets, 0.0001, 0.0, -28672.0, (-100.0, 16000.0), quality=state, bits=bits)


def _nadir() -> _Layer:
    ordered = sorted(_CENTRES, key=lambda number: _CENTRES[number])
    datasets = tuple((f"Nadir_Reflectance_Band{number}", _CENTRES[number]) for number in ordered)
    return _Layer("500m", "500 m nadir reflectances", datasets, 0.0001, 0.0, 32767.0, (0.0, 32766.0))


def _temperature(time: str) -> _Layer:
    """Return a temperature; bit 1 of its flags says that there is none."""
    datasets = ((f"LST_{time}_1km", 11000.0),)
    valid = (7500.0, 65535.0)
    title = f"1 km land surface temperature, {time.lower()}"
    return _Layer(f"lst_{time.lower()}", title, datasets, 0.02, 0.0, 0.0, valid, "K", f"QC_{time}", (1,))


_LAYERS = {
    "09GA": (_reflectances("500m", "500 m reflectances", "sur_refl_b0{}_1", range(1, 8), "state_1km_1"),),
    "09GQ": (_reflectances("250m", "250 m reflectances", "sur_refl_b0{}_1", (1, 2)),),
    "09A1": (_reflectances("500m", "500 m reflectances", "sur_refl_b0{}", range(1, 8), "sur_refl_state_500m"),),
    "09Q1": (_reflectances("250m", "250 m reflectances", "sur_refl_b0{}", (1, 2), "sur_refl_state_250m"),),
    "43A4": (_nadir(),),
    "11A1": (_temperature("Day"), _temperature("Night")),
    "11A2": (_temperature("Day"), _temperature("Night")),
}


def read(container: Container) -> list[Product]:
    """Return the products of a container.

    Raises:
        InputError: GDAL lacks the driver, or a file is damaged, incomplete or packed.
    """
    pattern = _NAME.pattern
    found = [_NAME.search(name) for name in container.matching(pattern)]
    return [_product(container, match) for match in found if match is not None and match[2].upper() in _LAYERS]


def _product(container: Container, match: re.Match[str]) -> Product:
    name = match.string
    product_id = PurePosixPath(name).stem
    moment = datetime.date(int(match[3]), 1, 1) + datetime.timedelta(int(match[4]) - 1)
    platform = {"MO": "Terra", "MY": "Aqua"}.get(match[1].upper()[:2], "Terra and Aqua")
    level = f"{match[1]}{match[2]}".upper()
    what = f"{level} of {moment.isoformat()}, tile h{match[5]}v{match[6]}"
    parts = _datasets(container.path(name), product_id, what)
    corner = _LEFT_M + int(match[5]) * _TILE_M, _TOP_M - int(match[6]) * _TILE_M
    images = [_image(layer, parts, (product_id, level), corner) for layer in _LAYERS[match[2].upper()]]
    return Product(
        FAMILY,
        product_id,
        level,
        f"{platform} MODIS",
        f"{moment.isoformat()}T00:00:00Z",
        tuple(images),
        metadata={"TILE": f"h{match[5]}v{match[6]}", "COLLECTION": match[7]},
        reflective=images[0].bands[0].unit == "",
    )


def _datasets(path: str, product_id: str, what: str) -> list[tuple[str, str]]:
    """Return name and description of the datasets in a file."""
    short = PurePosixPath(path).name
    start = start_of(path, 4)
    form = next((form for magic, form in _MAGIC.items() if start == magic), None)
    if form is None:
        raise InputError(f"The product {product_id} is damaged: {short} is neither HDF4 nor HDF5.")
    if path.startswith("/vsi") and form == "HDF4":
        raise InputError(f"HDF4 files cannot be read inside an archive; unpack {short} ({what}) first.")
    if gdal.GetDriverByName(form) is None:
        raise InputError(f"This GDAL has no {form} driver for {short} ({what}); {_REMEDY[form]}.")
    dataset, error = quietly(gdal.OpenEx, path, gdal.OF_RASTER, allowed_drivers=[form, f"{form}Image"])
    if dataset is None:
        raise InputError(f"The product {product_id} is damaged: {short} cannot be read ({first_line(error)}).")
    return [(str(name), str(about)) for name, about in dataset.GetSubDatasets()]


def named(parts: Sequence[tuple[str, str]], wanted: str) -> Optional[str]:
    """Return the GDAL name of a dataset in a file, by its own name, or None.

    GDAL's name ends in it (HDF-EOS, HDF5), or its description has it as a word (plain HDF4).
    """
    for name, about in parts:
        if re.search(rf'[:/"]{re.escape(wanted)}$', name) or wanted in about.split():
            return name
    return None


def _image(
    layer: _Layer, parts: Sequence[tuple[str, str]], product: tuple[str, str], corner: tuple[float, float]
) -> Image:
    product_id, level = product
    bands, fill, pixel = [], layer.fill, 0.0
    for name, centre in layer.datasets:
        path = named(parts, name)
        if path is None:
            raise InputError(f"The product {product_id} is incomplete: its dataset {name} is missing.")
        dataset = open_part(path, product_id)
        band, fill = _band(layer, name, centre, path, dataset)
        bands.append(band)
        pixel = _TILE_M / dataset.RasterXSize
    quality = named(parts, layer.quality) if layer.quality else None
    flags = (Quality(quality, bits=layer.bits),) if quality else ()
    role = MS if layer.key != "lst_night" else OTHER
    grid = _sinusoidal(), (corner[0], pixel, 0.0, corner[1], 0.0, -pixel)
    return Image(layer.key, layer.title, role, tuple(bands), fill, product_id, level, flags, grid)


def _band(layer: _Layer, name: str, centre: float, path: str, dataset: Any) -> tuple[ProductBand, float]:
    """Return a band with what the file states of it, and its fill value."""
    items = {**dataset.GetMetadata(), **dataset.GetRasterBand(1).GetMetadata()}
    scale, offset = _numbers(items, name, "scale_factor"), _numbers(items, name, "add_offset")
    fill, valid = _numbers(items, name, "_FillValue"), _numbers(items, name, "valid_range")
    band = ProductBand(
        name,
        (path,),
        1,
        centre,
        _scale(scale[0]) if scale and scale[0] else layer.scale,
        offset[0] if offset else layer.offset,
        layer.unit,
        (valid[0], valid[1]) if len(valid) == 2 else layer.valid,
        enforce=True,
    )
    return band, fill[0] if fill else layer.fill


def _scale(stated: float) -> float:
    """Return the factor to physical values: reflectances state how many numbers make 1."""
    return 1 / stated if stated > 1 else stated


def _numbers(items: dict[str, str], dataset: str, wanted: str) -> list[float]:
    """Return the numbers of an attribute; HDF5's keys start with the way to the dataset."""
    for key, text in items.items():
        if key == wanted or key.endswith(f"{dataset}_{wanted}"):
            return [float(part) for part in re.findall(r"-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?", text)]
    return []


def _sinusoidal() -> str:
    reference = osr.SpatialReference()
    reference.ImportFromProj4(_SINUSOIDAL)
    return str(reference.ExportToWkt())
