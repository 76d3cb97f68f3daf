"""Sentinel-2 Level-1C and Level-2A: a SAFE folder, or the zip file that it comes in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Optional

from ...tasks.errors import InputError
from ...tasks.sensors import sensor
from .container import Container
from .markup import Node, as_number, parse
from .model import MS, OTHER, PAN, Image, Product, ProductBand, Quality

FAMILY = "Sentinel-2"
_METADATA = r"(^|/)(MTD_MSIL(1C|2A)|S2\w_(OPER|USER|PRD)_MTD_(SAFL1C|SAFL2A|L2A|L1C)_[^/]*)\.xml$"
_ORDER = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
_NATIVE = {10: ("B02", "B03", "B04", "B08"), 20: ("B05", "B06", "B07", "B8A", "B11", "B12"), 60: ("B01", "B09", "B10")}
_ROLES = {10: PAN, 20: MS, 60: OTHER}
SCL_CLASSES = (0, 1, 3, 8, 9, 10)  # no data, saturated or defective, cloud shadow, cloud (2), thin cirrus
_RADIOMETRY = {
    "L1C": (("QUANTIFICATION_VALUE",), ("RADIO_ADD_OFFSET",)),
    "L2A": (("BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE"), ("BOA_ADD_OFFSET",)),
}


@dataclass(frozen=True)
class _Safe:
    """One SAFE folder: where its metadata file is, and what it says."""

    container: Container
    name: str
    top: Node
    level: str

    @property
    def product_id(self) -> str:
        uri = self.top.value("PRODUCT_URI", "PRODUCT_URI_1C", "PRODUCT_URI_2A")
        return PurePosixPath(uri or self.folder.name or self.name).stem

    @property
    def folder(self) -> PurePosixPath:
        folder = PurePosixPath(self.name).parent
        return folder if folder.name else PurePosixPath(self.container.root)

    def images(self) -> list[str]:
        """Return the images that the metadata list, relative to the SAFE folder and without their endings."""
        kinds = ("IMAGE_FILE", "IMAGE_FILE_2A", "IMAGE_ID", "IMAGE_ID_2A")
        return [node.text for kind in kinds for node in self.top.all(kind)]


def read(container: Container) -> list[Product]:
    """Return the products of a container.

    Raises:
        InputError: A product is damaged, incomplete, or has several granules.
    """
    return [_product(_open(container, name)) for name in container.matching(_METADATA)]


def _open(container: Container, name: str) -> _Safe:
    top = parse(container.text(name), PurePosixPath(name).name)
    level = "L1C" if top.name.startswith("Level-1C") else "L2A" if top.name.startswith("Level-2A") else ""
    if not level:
        raise InputError(f"{PurePosixPath(name).name} is no metadata file of Sentinel-2 Level-1C or Level-2A.")
    return _Safe(container, name, top, level)


def _product(safe: _Safe) -> Product:
    granules = [node.attributes.get("granuleIdentifier", "") for node in safe.top.all("Granule")]
    granules += [node.attributes.get("granuleIdentifier", "") for node in safe.top.all("Granules")]
    tiles = sorted({_tile(item) for item in granules})
    if len(tiles) > 1:
        raise InputError(
            f"The product {safe.product_id} has {len(tiles)} granules ({', '.join(tiles[:6])}); get it in the form "
            f"with one granule for each product, or merge the bands of the granules before."
        )
    quantification = safe.top.number(*_RADIOMETRY[safe.level][0])
    if not quantification:
        raise InputError(
            f"The file {PurePosixPath(safe.name).name} is incomplete: it states no {_RADIOMETRY[safe.level][0][0]}."
        )
    nodata, saturated = _special(safe.top, "NODATA", 0.0), _special(safe.top, "SATURATED", 65535.0)
    offsets = _offsets(safe)
    quality = _scene_classes(safe)
    images = []
    for metres in _NATIVE:
        bands = _bands(safe, metres, quantification, offsets, nodata, saturated)
        if bands:
            images.append(_image(safe, metres, bands, nodata, quality, saturated))
    if not images:
        raise InputError(f"The product {safe.product_id} is incomplete: its metadata list no image.")
    baseline = safe.top.value("PROCESSING_BASELINE")
    return Product(
        FAMILY,
        safe.product_id,
        safe.level,
        f"{safe.top.value('SPACECRAFT_NAME') or 'Sentinel-2'} MSI",
        _date(safe.top.value("DATATAKE_SENSING_START", "PRODUCT_START_TIME")),
        tuple(images),
        (_offset_note(offsets, quantification, baseline),),
        {"PROCESSING_BASELINE": baseline, "TILE": tiles[0] if tiles else ""},
        {
            PAN: f"The product {safe.product_id} has no 10 m bands.",
            MS: f"The product {safe.product_id} has no 20 m bands.",
        },
    )


def _tile(granule: str) -> str:
    match = re.search(r"_T(\d\d[A-Z]{3})", granule)
    return f"T{match[1]}" if match else granule


def _offset_note(offsets: dict[str, float], quantification: float, baseline: str) -> str:
    values = sorted(set(offsets.values()))
    stated = ", ".join(f"{value:g}" for value in values) if values else "none"
    return f"Offset by the product's metadata: {stated} ({quantification:g} is reflectance 1; baseline {baseline})"


def _offsets(safe: _Safe) -> dict[str, float]:
    """Return the offset of each band, in numbers, as the product's own metadata state it."""
    found = {}
    for node in safe.top.all(_RADIOMETRY[safe.level][1][0]):
        place, value = node.attributes.get("band_id", ""), as_number(node.text)
        if value is not None and place.isdigit() and int(place) < len(_ORDER):
            found[_ORDER[int(place)]] = value
    return found


def _special(top: Node, wanted: str, usual: float) -> float:
    for node in top.all("Special_Values"):
        if node.value("SPECIAL_VALUE_TEXT") == wanted:
            value = node.number("SPECIAL_VALUE_INDEX")
            return usual if value is None else value
    return usual


def _wavelengths(safe: _Safe) -> dict[str, float]:
    """Return the centres that the product states, over those of the table."""
    known = sensor("sentinel2")
    centres = dict(zip(known.band_names, known.wavelengths_nm))
    for node in safe.top.all("Spectral_Information"):
        place, centre = node.attributes.get("bandId", ""), node.number("CENTRAL")
        if centre is not None and place.isdigit() and int(place) < len(_ORDER):
            centres[_ORDER[int(place)]] = centre
    return centres


def _bands(
    safe: _Safe, metres: int, quantification: float, offsets: dict[str, float], nodata: float, saturated: float
) -> list[ProductBand]:
    centres = _wavelengths(safe)
    made = []
    for name in _NATIVE[metres]:
        path = _file(safe, rf"_{name}_{metres}m" if safe.level == "L2A" else rf"_{name}")
        if path:
            scale, offset = 1 / quantification, offsets.get(name, 0.0) / quantification
            valid = (nodata + 1, saturated - 1)
            made.append(ProductBand(name, (path,), 1, centres[name], scale, offset, "", valid))
    lost = {name for name in _NATIVE[metres] if safe.level == "L1C" or name != "B10"} - {band.name for band in made}
    if made and lost:
        short = PurePosixPath(safe.name).name
        raise InputError(f"The file {short} is incomplete: it lists no {metres} m image of {min(lost)}.")
    return made


def _file(safe: _Safe, ending: str) -> Optional[str]:
    """Return the path of the image whose name ends so; None where the metadata list none."""
    for listed in safe.images():
        if re.search(ending + r"(\.\w+)?$", listed):
            name = safe.container.beside(safe.name, listed)
            if not PurePosixPath(name).suffix:
                name += ".jp2"
            return safe.container.path(_in_old_layout(safe, name))
    return None


def _in_old_layout(safe: _Safe, name: str) -> str:
    """Return the name as it is; or, where the metadata hold names without folders, as it lies below GRANULE."""
    if safe.container.has(name) or "IMG_DATA" in name:
        return name
    short = PurePosixPath(name).name
    return next((item for item in safe.container.names if item.endswith(f"/{short}") and "IMG_DATA" in item), name)


def _scene_classes(safe: _Safe) -> tuple[Quality, ...]:
    if safe.level != "L2A":
        return ()
    path = _file(safe, r"_SCL_20m") or _file(safe, r"_SCL_60m")
    return (Quality(path, values=SCL_CLASSES),) if path else ()


def _image(
    safe: _Safe,
    metres: int,
    bands: list[ProductBand],
    nodata: float,
    quality: tuple[Quality, ...],
    saturated: float,
) -> Image:
    """Return the image; where there are no scene classes, saturated numbers themselves mark pixels."""
    own = tuple(Quality(band.files[0], values=(int(saturated),), grows=False, chosen=False) for band in bands)
    title = f"{metres} m bands"
    role = _ROLES[metres]
    return Image(f"{metres}m", title, role, tuple(bands), nodata, safe.product_id, safe.level, quality or own)


def _date(text: str) -> str:
    match = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)", text)
    return f"{match[1]}Z" if match else ""
