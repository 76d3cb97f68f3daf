"""Finding the product that a path stands for, and the raster that it gives for a role."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Callable, Optional

from osgeo import gdal

from ...tasks.errors import InputError
from ..gdal_calls import quietly
from . import dimap, landsat, maxar, modis, sentinel2, sentinel3
from .container import Container, is_archive, open_container
from .model import Image, Product
from .virtual import write_virtual

_FAMILIES: tuple[Callable[[Container], list[Product]], ...] = (
    landsat.read,
    sentinel2.read,
    dimap.read,
    maxar.read,
    modis.read,
    sentinel3.read,
)
KNOWN = (
    "Landsat Collection 2, Sentinel-2, Pleiades and SPOT 6/7 (DIMAP), WorldView and GeoEye (TIL), MODIS, "
    "Sentinel-3 SYNERGY"
)
_METADATA = re.compile(
    r"(_MTL\.(txt|json|xml)|MTD_\w*\.xml|_MTD_\w+\.xml|DIM_.*\.xml|VOL_.*\.xml|xfdumanifest\.xml|\.til|\.imd)$",
    re.IGNORECASE,
)
_HIERARCHICAL = (".hdf", ".h5", ".he5", ".hdf5", ".nc")
_VIRTUAL = "/vsimem/satfusion/products"


@dataclass(frozen=True)
class Resolved:
    """A raster in place of a product.

    Attributes:
        path: A virtual raster in memory; the same for the same product, image and offset.
        product: The product.
        image: The image of it that was taken.
    """

    path: str
    product: Product
    image: Image


def is_product(path: str) -> bool:
    """Tell from its name alone whether a path may stand for a product rather than for a raster."""
    base, _ = split_choice(path)
    if os.path.isdir(base) or is_archive(base):  # noqa: PTH112 (any text)
        return True
    name = PurePath(base).name
    return bool(_METADATA.search(name)) or name.lower().endswith(_HIERARCHICAL)


def find_product(path: str) -> Optional[Product]:
    """Return the product that lies at a path: a folder, an archive, or a metadata file of it.

    Returns:
        The product; None where there is a raster, or nothing.

    Raises:
        InputError: The product is damaged or incomplete, there are several, or the folder holds none.
    """
    if not is_product(path):
        return None
    base, _ = split_choice(path)
    container = open_container(base, deep=not base.lower().endswith(_HIERARCHICAL))
    if container is None:
        return None
    found = [product for family in _FAMILIES for product in family(container)]
    if len(found) > 1:
        names = ", ".join(product.id for product in found[:6])
        raise InputError(f"The path {base} holds {len(found)} products ({names}); choose one of them.")
    whole = not found and not container.chosen
    if whole and quietly(gdal.OpenEx, base, gdal.OF_RASTER)[0] is None:
        raise InputError(
            f"The folder or archive {base} holds no product that SatFusion knows ({KNOWN}); choose a raster."
        )
    return found[0] if found else None


def resolve(path: str, role: str, offset: Optional[float] = None) -> Optional[Resolved]:
    """Return the raster that a path stands for in a role; None where it is no product.

    A path may end in `#` and the name of an image ("scene.zip#10m"), where the role would take another one.

    Args:
        path: What the user gave.
        role: "MS", "PAN" or another role.
        offset: Physical offset instead of the product's own.

    Raises:
        InputError: The product is damaged or incomplete, or has no image for the role.
    """
    product = find_product(path)
    if product is None:
        return None
    base, key = split_choice(path)
    if offset is not None:
        product = product.with_offset(offset)
    image = product.image(key) if key else product.image_for(role)
    target = _target(base, product, image, offset)
    write_virtual(product, image, target)
    return Resolved(target, product, image)


def pinned(path: str, role: str) -> str:
    """Return a path that stands for the same image whatever its role will be."""
    base, key = split_choice(path)
    product = None if key else find_product(path)
    return path if product is None else f"{base}#{product.image_for(role).key}"


def split_choice(path: str) -> tuple[str, str]:
    """Return a path, and the image that is named after it ("scene.zip#10m"), or ""."""
    base, mark, key = path.rpartition("#")
    if mark and re.fullmatch(r"\w+", key) and not os.path.exists(path):  # noqa: PTH110 (any text)
        return base, key
    return path, ""


def _target(base: str, product: Product, image: Image, offset: Any) -> str:
    mark = hashlib.sha256(repr((os.path.abspath(base), offset)).encode()).hexdigest()[:16]  # noqa: PTH100
    name = re.sub(r"[^\w.-]+", "_", f"{product.id}_{image.key}")
    return f"{_VIRTUAL}/{mark}/{name}.vrt"
