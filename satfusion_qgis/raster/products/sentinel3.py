"""Sentinel-3 SYNERGY surface reflectance (SY_2_SYN): a SEN3 folder of netCDF files, a swath without a grid."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from osgeo import gdal

from ...tasks.errors import InputError
from ..gdal_calls import quietly
from .container import Container
from .model import MS, Image, Product, ProductBand, Swath
from .virtual import open_part

FAMILY = "Sentinel-3 SYNERGY"
_BAND = r"(?i)(^|/)syn_(\w{3,4})_reflectance\.nc$"
_POSITIONS = "geolocation.nc"
_CENTRES = {
    **dict(zip((f"Oa{n:02d}" for n in range(1, 13)),
               (400.0, 412.5, 442.5, 490.0, 510.0, 560.0, 620.0, 665.0, 673.75, 681.25, 708.75, 753.75))),
    "Oa16": 778.75, "Oa17": 865.0, "Oa18": 885.0, "Oa21": 1020.0,
    "S1N": 554.27, "S2N": 659.47, "S3N": 868.0, "S5N": 1613.4, "S6N": 2255.7,
}  # fmt: skip
_PIXEL_M = 300.0
_SCALE, _FILL = 1e-4, -10000.0
_ANGLE_SCALE = 1e-6


def read(container: Container) -> list[Product]:
    """Return the products of a container.

    Raises:
        InputError: GDAL lacks the netCDF driver, or a product is damaged, incomplete or packed.
    """
    if container.chosen and not re.search(rf"{_BAND}|xfdumanifest\.xml$", container.chosen):
        return []
    folders = sorted({str(PurePosixPath(name).parent) for name in container.names if re.search(_BAND, name)})
    if container.chosen:
        folders = [folder for folder in folders if folder == "."]
    return [_product(container, folder) for folder in folders]


def _product(container: Container, folder: str) -> Product:
    top = PurePosixPath(folder).name or PurePosixPath(container.root).name
    product_id = PurePosixPath(top).stem
    _check(container, product_id)
    files = {}
    for name in container.names:
        match = re.search(_BAND, name)
        if match and str(PurePosixPath(name).parent) == folder and match[2] in _CENTRES:
            files[match[2]] = container.path(name)
    positions = container.path(str(PurePosixPath(folder, _POSITIONS)))
    if not container.has(str(PurePosixPath(folder, _POSITIONS))):
        raise InputError(f"The product {product_id} is incomplete: {_POSITIONS} is missing.")
    ordered = sorted(files, key=lambda name: _CENTRES[name])
    described = [_band(name, files[name], product_id) for name in ordered]
    swath = _swath(positions, product_id)
    bands, fill = tuple(band for band, _ in described), described[0][1]
    image = Image("300m", "300 m bands, placed by their positions", MS, bands, fill, product_id, "L2", swath=swath)
    platform = f"Sentinel-{product_id[1:3]}" if product_id.startswith("S3") else "Sentinel-3"
    note = "The swath is placed on a UTM grid of 300 m by its positions (nearest neighbour)"
    return Product(FAMILY, product_id, "L2", f"{platform} SYN", _date(product_id), (image,), (note,))


def _check(container: Container, product_id: str) -> None:
    if gdal.GetDriverByName("netCDF") is None:
        raise InputError(
            f"This GDAL has no netCDF driver, which {product_id} needs; install one with it (conda: libgdal-netcdf)."
        )
    if container.archive:
        raise InputError(f"The netCDF files of {product_id} cannot be read inside an archive; unpack it first.")


def _variable(path: str, name: str) -> str:
    return f'NETCDF:"{path}":{name}'


def _band(name: str, path: str, product_id: str) -> tuple[ProductBand, float]:
    """Return a band with what the file states of it, and its fill value."""
    variable = _variable(path, f"SDR_{name}")
    dataset = open_part(variable, product_id)
    raster = dataset.GetRasterBand(1)
    scale, offset, fill = raster.GetScale(), raster.GetOffset(), raster.GetNoDataValue()
    band = ProductBand(
        name, (variable,), 1, _CENTRES[name], _SCALE if scale is None else scale, 0.0 if offset is None else offset
    )
    return band, _FILL if fill is None else fill


def _swath(path: str, product_id: str) -> Swath:
    longitude, latitude = _variable(path, "lon"), _variable(path, "lat")
    scales = {_scale_of(open_part(name, product_id)) for name in (longitude, latitude)}
    if len(scales) > 1:
        raise InputError(f"The product {product_id} is inconsistent: longitudes and latitudes differ in scale.")
    return Swath(longitude, latitude, scales.pop(), 0.0, _PIXEL_M)


def _scale_of(dataset: Any) -> float:
    """Return the scale of positions: floating numbers are degrees already."""
    band = dataset.GetRasterBand(1)
    scale, _ = quietly(band.GetScale)
    if scale is not None and scale != 1:
        return float(scale)
    return 1.0 if gdal.GetDataTypeName(band.DataType).startswith("Float") else _ANGLE_SCALE


def _date(product_id: str) -> str:
    match = re.search(r"_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)_", product_id)
    return "{}-{}-{}T{}:{}:{}Z".format(*match.groups()) if match else ""
