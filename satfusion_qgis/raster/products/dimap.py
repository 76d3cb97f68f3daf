"""Pleiades and SPOT 6/7 in DIMAP version 2: a folder or an archive with DIM_*.XML files and image tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Optional
from urllib.parse import unquote

from osgeo import osr

from ...tasks.errors import InputError
from ..gdal_calls import quietly
from ..rational import utm_zone
from .container import Container
from .markup import Node, as_number, parse
from .model import MS, OTHER, PAN, Image, Product, ProductBand
from .virtual import coefficients_only

FAMILY = "DIMAP"
_METADATA = r"(^|/)DIM_[^/]*\.xml$"
_VOLUME = r"(^|/)VOL_[^/]*\.xml$"
_CENTRES = {
    "PHR": {"B0": 490.0, "B1": 560.0, "B2": 650.0, "B3": 840.0, "P": 655.0},
    "PNEO": {"DB": 425.0, "B": 485.0, "G": 560.0, "R": 655.0, "RE": 725.0, "NIR": 825.0, "P": 625.0, "PAN": 625.0},
    "SPOT": {"B0": 485.0, "B1": 560.0, "B2": 660.0, "B3": 825.0, "P": 600.0},
}
_PLATFORMS = {"PHR": "Pleiades", "PNEO": "Pleiades Neo", "SPOT": "SPOT"}
_UNITS = {"micrometer": 1000.0, "micrometers": 1000.0, "nanometer": 1.0, "nm": 1.0, "um": 1000.0}


@dataclass(frozen=True)
class _Volume:
    """One DIM file: one image, panchromatic or multispectral."""

    container: Container
    name: str
    top: Node

    @property
    def product_id(self) -> str:
        return self.top.value("DATASET_NAME") or PurePosixPath(self.name).stem

    @property
    def level(self) -> str:
        return self.top.value("PROCESSING_LEVEL")

    @property
    def mission(self) -> str:
        return self.top.value("MISSION")

    @property
    def is_pan(self) -> bool:
        kind = self.top.value("SPECTRAL_PROCESSING").upper()
        return kind in ("P", "PAN") if kind else len(self.files_by_band()) == 1

    @property
    def scene(self) -> tuple[str, str]:
        """What PAN and MS of one scene have in common."""
        return self.mission + self.top.value("MISSION_INDEX"), self.top.value("IMAGING_DATE")

    def tiles(self) -> list[tuple[str, Node]]:
        """Return the names of the image tiles in the container."""
        found = []
        for node in self.top.all("Data_File"):
            path = node.first("DATA_FILE_PATH")
            if path is not None and path.attributes.get("href"):
                found.append((self.container.beside(self.name, unquote(path.attributes["href"])), node))
        return found

    def files_by_band(self) -> list[tuple[str, int, tuple[str, ...]]]:
        """Return name, number in its files, and files of each band; full Neo products have two files for each tile."""
        tiles = self.tiles()
        made: list[tuple[str, int, tuple[str, ...]]] = []
        for group in self.top.all("Data_Files"):
            inside = list(group.all("Data_File"))
            files = tuple(name for name, tile in tiles if any(node is tile for node in inside))
            made += [(band, number, files) for band, number in _indices(group)]
        every = tuple(name for name, _ in tiles)
        stated = [] if made else _indices(self.top) or self._display_order()
        return made or [(band, number, every) for band, number in stated]

    def _display_order(self) -> list[tuple[str, int]]:
        """Return the bands in the order red, green, blue, near infrared: that of files without an index of bands."""
        count = int(self.top.number("NBANDS") or 0)
        channels = ("RED_CHANNEL", "GREEN_CHANNEL", "BLUE_CHANNEL", "ALPHA_CHANNEL")[:count]
        names = [self.top.value(channel) for channel in channels]
        if count == 1:
            return [(names[0] or "P", 1)]
        if not all(names) or len(set(names)) < count:
            raise InputError(
                f"The file {PurePosixPath(self.name).name} is incomplete: it states no order of the bands."
            )
        return [(name, number) for number, name in enumerate(names, 1)]


def _indices(node: Node) -> list[tuple[str, int]]:
    """Return name and number of the bands of a group of files, in the order in which they are listed.

    Some products count them over several groups; then the order is what counts.
    """
    stated = [(index.value("BAND_ID"), int(index.number("BAND_INDEX") or 0)) for index in node.all("Raster_Index")]
    if sorted(number for _, number in stated) == list(range(1, len(stated) + 1)):
        return stated
    return [(name, place) for place, (name, _) in enumerate(stated, 1)]


def read(container: Container) -> list[Product]:
    """Return the scenes of a container; PAN and MS of one scene make one product.

    Raises:
        InputError: A file is damaged, or of another version, or there are several images of a kind.
    """
    volumes = []
    for name in container.matching(_METADATA, whole=_VOLUME):
        top = parse(container.text(name), PurePosixPath(name).name)
        if top.name == "Dimap_Document" and top.first("Raster_Data") is not None:
            volumes.append(_Volume(container, name, top))
    scenes: dict[tuple[str, str], list[_Volume]] = {}
    for volume in volumes:
        scenes.setdefault(volume.scene, []).append(volume)
    return [_product(same) for same in scenes.values()]


def _product(volumes: Sequence[_Volume]) -> Product:
    ms = [volume for volume in volumes if not volume.is_pan]
    pan = [volume for volume in volumes if volume.is_pan]
    for several in (ms, pan):
        if len(several) > 1:
            names = ", ".join(PurePosixPath(volume.name).name for volume in several)
            raise InputError(f"The scene has {len(several)} images of one kind ({names}); choose one of these files.")
    main = (ms or pan)[0]
    family = _family(main.mission)
    images = [_image(volume, "pan" if volume.is_pan else "ms", family) for volume in [*ms, *pan]]
    platform = f"{_PLATFORMS.get(family, main.mission)} {main.top.value('MISSION_INDEX')}".strip()
    scaled = main.top.value("RADIOMETRIC_PROCESSING")
    return Product(
        FAMILY,
        main.product_id,
        main.level,
        f"{platform} {main.top.value('INSTRUMENT') or 'imager'}",
        _date(main.top),
        tuple(images),
        (f"Radiometric processing: {scaled}",) if scaled else (),
        {key: main.top.value(key) for key in ("SUN_ELEVATION", "SUN_AZIMUTH") if main.top.number(key) is not None},
        {
            PAN: f"{PurePosixPath(main.name).name} has no panchromatic image beside it; give its PAN product as PAN.",
            MS: f"{PurePosixPath(main.name).name} has no multispectral image beside it; give its MS product as MS.",
        },
        reflective=scaled == "REFLECTANCE",
    )


def _family(mission: str) -> str:
    name = mission.upper().replace("-", "")
    return next((family for family in ("PNEO", "PHR", "SPOT") if name.startswith(family)), "PHR")


def _date(top: Node) -> str:
    day, time = top.value("IMAGING_DATE"), top.value("IMAGING_TIME").rstrip("Z").partition(".")[0]
    return f"{day}T{time or '00:00:00'}Z" if day else ""


def _image(volume: _Volume, key: str, family: str) -> Image:
    _check(volume, key)
    bands = [_band(volume, name, number, files, family) for name, number, files in volume.files_by_band()]
    bands.sort(key=lambda band: (band.wavelength_nm is None, band.wavelength_nm or 0.0))
    kind = "panchromatic band" if key == "pan" else "multispectral bands"
    role = PAN if key == "pan" else MS if len(bands) > 1 else OTHER
    grid = _grid(volume.top) if all(len(band.files) == 1 for band in bands) else None
    return Image(key, kind, role, tuple(bands), _nodata(volume.top), volume.product_id, volume.level, grid=grid)


def _check(volume: _Volume, key: str) -> None:
    """Refuse what cannot be placed on the ground, and what names no files."""
    short = PurePosixPath(volume.name).name
    version = next((node.attributes.get("version", "") for node in volume.top.all("METADATA_FORMAT")), "")
    if version and not version.startswith("2"):
        raise InputError(f"{short} is of DIMAP version {version}; only version 2 is known.")
    if not volume.tiles():
        raise InputError(f"The file {short} is incomplete: it names no image file.")
    sensor_geometry = volume.top.value("RASTER_GEOMETRY").upper() == "SENSOR"
    if sensor_geometry or volume.level.upper().startswith(("SENSOR", "PRIMARY")):
        command = coefficients_only(
            volume.product_id, volume.container.path(volume.name), f"{volume.product_id}_{key}_ortho.tif"
        )
        raise InputError(command.replace("EPSG:code", _zone(volume.top)))


def _zone(top: Node) -> str:
    centre = top.first("Center")
    longitude, latitude = (centre.number("LON"), centre.number("LAT")) if centre else (None, None)
    return "EPSG:code" if longitude is None or latitude is None else utm_zone(longitude, latitude)


def _band(volume: _Volume, name: str, number: int, files: Sequence[str], family: str) -> ProductBand:
    scale, offset, unit = _calibration(volume.top, name)
    centre = _centre(volume.top, name) or _CENTRES[family].get(name)
    paths = tuple(volume.container.path(file) for file in files)
    return ProductBand(name, paths, number, centre, scale, offset, unit)


def _of_band(top: Node, kinds: Sequence[str], name: str) -> Optional[Node]:
    return next((node for kind in kinds for node in top.all(kind) if node.value("BAND_ID") == name), None)


def _calibration(top: Node, name: str) -> tuple[float, float, str]:
    """Return scale, offset and unit: physical value = number / GAIN + BIAS; a stretch for display has none."""
    kinds = {"REFLECTANCE": "Band_Reflectance", "BASIC": "Band_Radiance", "": "Band_Radiance"}
    kind = kinds.get(top.value("RADIOMETRIC_PROCESSING").upper(), "")
    node = _of_band(top, (kind,), name) if kind else None
    gain = node.number("GAIN") if node else None
    if node is None or not gain:
        return 1.0, 0.0, ""
    unit = "" if node.name == "Band_Reflectance" else "W/(m2 sr um)"
    return 1 / gain, node.number("BIAS") or 0.0, unit


def _centre(top: Node, name: str) -> Optional[float]:
    """Return the middle of a band's spectral range in nanometres, where the file states it."""
    node = _of_band(top, ("Band_Spectral_Range",), name)
    low, high = (node.number("MIN"), node.number("MAX")) if node else (None, None)
    if node is None or low is None or high is None:
        return None
    factor = _UNITS.get(node.value("MEASURE_UNIT").lower(), 1000.0 if high < 100 else 1.0)
    return round((low + high) / 2 * factor, 3)


def _nodata(top: Node) -> float:
    for node in top.all("Special_Value"):
        if node.value("SPECIAL_VALUE_TEXT").upper() == "NODATA":
            value = node.number("SPECIAL_VALUE_COUNT")
            return 0.0 if value is None else value
    return 0.0


def _grid(top: Node) -> Optional[tuple[str, tuple[float, ...]]]:
    """Return CRS and geotransform as the file states them, for tiles that carry none: those of the first tile."""
    insert = top.first("Geoposition_Insert")
    code = top.value("PROJECTED_CRS_CODE", "GEODETIC_CRS_CODE").rpartition(":")[2]
    if insert is None or not code.isdigit():
        return None
    reference = osr.SpatialReference()
    if quietly(reference.ImportFromEPSG, int(code))[1]:
        return None
    numbers = [as_number(insert.value(key)) for key in ("ULXMAP", "XDIM", "ULYMAP", "YDIM")]
    x, width, y, height = (number or 0.0 for number in numbers)
    if not width or not height:
        return None
    return reference.ExportToWkt(), (x, width, 0.0, y, 0.0, -height)
