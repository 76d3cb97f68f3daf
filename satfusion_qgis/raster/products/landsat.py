"""Landsat Collection 2, Level 1 and Level 2: a folder or a tar file with an MTL file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Optional

from ...tasks.errors import InputError
from ...tasks.sensors import sensor
from .container import Container
from .groups import Group, group_of_mapping, group_of_node, parse_groups
from .markup import parse
from .model import MS, OTHER, PAN, Image, Product, ProductBand, Quality

FAMILY = "Landsat Collection 2"
_MTL = r"_MTL\.(txt|json|xml)$"
_PREFERRED = (".txt", ".json", ".xml")
QA_BITS = (0, 1, 2, 3, 4)  # fill, dilated cloud, cirrus, cloud, cloud shadow
_UNIT_OF_RADIANCE = "W/(m2 sr um)"


@dataclass(frozen=True)
class _Instrument:
    """Bands of an instrument, by the part of the MTL's keys that stands for them.

    Attributes:
        title: Its name.
        ms: Wavelength by band number.
        thermal: Wavelength by band, as Level 1 names them.
        surface: Level-2 temperature band: its name in keys, and its name as a band.
        pan: Wavelength of band 8, or None.
        cirrus: Wavelength of band 9, or None.
        saturation: Bits of QA_RADSAT that tell of saturated or dropped MS pixels.
    """

    title: str
    ms: dict[str, float]
    thermal: dict[str, float]
    surface: str
    pan: Optional[float]
    cirrus: Optional[float]
    saturation: tuple[int, ...]


def _bands_of(sensor_id: str, leave_out: tuple[str, ...] = ()) -> dict[str, float]:
    known = sensor(sensor_id)
    pairs = zip(known.band_names, known.wavelengths_nm)
    return {name[1:]: centre for name, centre in pairs if name not in leave_out}


_TM_MS = {"1": 485.0, "2": 560.0, "3": 660.0, "4": 830.0, "5": 1650.0, "7": 2215.0}
_INSTRUMENTS = {
    "OLI": _Instrument(
        "OLI/TIRS",
        _bands_of("landsat8", ("B9",)),
        {"10": 10895.0, "11": 12005.0},
        "ST_B10",
        589.5,
        1373.5,
        (0, 1, 2, 3, 4, 5, 6),
    ),
    "ETM": _Instrument(
        "ETM+",
        _bands_of("landsat7"),
        {"6_VCID_1": 11450.0, "6_VCID_2": 11450.0},
        "ST_B6",
        710.0,
        None,
        (0, 1, 2, 3, 4, 6, 9),
    ),
    "TM": _Instrument("TM", _TM_MS, {"6": 11450.0}, "ST_B6", None, None, (0, 1, 2, 3, 4, 6, 9)),
}


@dataclass(frozen=True)
class _Scene:
    """One MTL file, read."""

    container: Container
    name: str
    top: Group

    @property
    def contents(self) -> Group:
        return self.top.group("PRODUCT_CONTENTS")

    @property
    def attributes(self) -> Group:
        return self.top.group("IMAGE_ATTRIBUTES")

    @property
    def product_id(self) -> str:
        return self.contents.get("LANDSAT_PRODUCT_ID") or PurePosixPath(self.name).stem[:-4]

    @property
    def level(self) -> str:
        return self.contents.get("PROCESSING_LEVEL")

    @property
    def is_surface(self) -> bool:
        return self.level.startswith("L2")

    @property
    def place_and_day(self) -> tuple[str, str, str]:
        """What the two levels of one scene have in common."""
        place = self.attributes.get("WRS_PATH") + "/" + self.attributes.get("WRS_ROW")
        return self.attributes.get("SPACECRAFT_ID"), place, self.attributes.get("DATE_ACQUIRED")

    @property
    def instrument(self) -> _Instrument:
        name = self.attributes.get("SENSOR_ID").partition("_")[0]
        if name not in _INSTRUMENTS:
            raise InputError(
                f"The product {self.product_id} comes from the sensor {self.attributes.get('SENSOR_ID') or 'unnamed'}, "
                f"which SatFusion does not know; give its bands as single files."
            )
        return _INSTRUMENTS[name]

    def file(self, key: str) -> str:
        """Return the GDAL path of the file that a key of the MTL names, or "" without such a key."""
        name = self.contents.get(key)
        return self.container.path(self.container.beside(self.name, name)) if name else ""


def read(container: Container) -> list[Product]:
    """Return the scenes of a container; the two levels of one scene make one product.

    Raises:
        InputError: An MTL file is damaged, of another collection, or of an unknown sensor.
    """
    chosen = {PurePosixPath(name).stem for name in container.matching(_MTL)}
    if not chosen:
        return []
    every = [_read_scene(container, name) for name in _metadata_files(container)]
    scenes = [scene for scene in every if scene is not None]
    wanted = [scene for scene in scenes if PurePosixPath(scene.name).stem in chosen]
    products, done = [], set()
    for scene in wanted:
        if scene.place_and_day in done:
            continue
        done.add(scene.place_and_day)
        same = [other for other in scenes if other.place_and_day == scene.place_and_day]
        if container.chosen:
            same = [scene] + [other for other in same if other is not scene]
        products.append(_product(same, bool(container.chosen)))
    return products


def _metadata_files(container: Container) -> list[str]:
    """Return one MTL file for each stem: the same content comes in up to three forms."""
    best: dict[str, str] = {}
    for name in sorted(container.names, key=lambda item: _rank(item)):
        elsewhere = bool(container.chosen) and "/" in name
        if re.search(_MTL, name, re.IGNORECASE) and not elsewhere:
            best.setdefault(str(PurePosixPath(name).with_suffix("")), name)
    return list(best.values())


def _rank(name: str) -> int:
    ending = PurePosixPath(name).suffix.lower()
    return _PREFERRED.index(ending) if ending in _PREFERRED else len(_PREFERRED)


def _read_scene(container: Container, name: str) -> Optional[_Scene]:
    text = container.text(name)
    short = PurePosixPath(name).name
    if name.lower().endswith(".json"):
        try:
            top = group_of_mapping(json.loads(text))
        except (ValueError, RecursionError):
            raise InputError(f"The file {short} is damaged: it is no JSON.") from None
    elif name.lower().endswith(".xml"):
        top = Group("top")
        top.groups.append(group_of_node(parse(text, short)))
    else:
        top = parse_groups(text, short)
    if top.group("L1_METADATA_FILE").name:
        raise InputError(
            f"{short} belongs to Landsat Collection 1, which was withdrawn; get the scene from Collection 2."
        )
    scene = _Scene(container, name, top)
    if not scene.contents.name or not scene.level:
        raise InputError(f"The file {short} is damaged: it states no PROCESSING_LEVEL in PRODUCT_CONTENTS.")
    return scene


def _product(scenes: list[_Scene], first_is_main: bool) -> Product:
    surface = next((scene for scene in scenes if scene.is_surface), None)
    top_of_air = next((scene for scene in scenes if not scene.is_surface), None)
    main = scenes[0] if first_is_main else surface or scenes[0]
    images = [_ms(main), *_pan(top_of_air), *_thermal(main), *_cirrus(main)]
    notes = []
    if main.is_surface and top_of_air is not None and len(images) > 1 and images[1].role == PAN:
        notes.append(
            f"The bands are of {main.level} (surface reflectance) and PAN is of {top_of_air.level} (top of the "
            f"atmosphere): Level 2 has no PAN; PAN lends its detail only"
        )
    sun = main.attributes.get("SUN_ELEVATION")
    if not main.is_surface:
        notes.append(f"Reflectances of {main.level} are not corrected for the sun's elevation of {sun} degrees")
    attributes = main.attributes
    return Product(
        FAMILY,
        main.product_id,
        main.level,
        f"{attributes.get('SPACECRAFT_ID').replace('_', ' ').title()} {main.instrument.title}",
        _date(attributes),
        tuple(images),
        tuple(notes),
        {"SUN_ELEVATION": sun, "SUN_AZIMUTH": attributes.get("SUN_AZIMUTH")},
        {PAN: _without_pan(main)},
    )


def _without_pan(scene: _Scene) -> str:
    if scene.instrument.pan is None:
        return f"The product {scene.product_id} has no panchromatic band: the sensor {scene.instrument.title} has none."
    return (
        f"The product {scene.product_id} has no panchromatic band: Level 2 never has one; give the Level-1 product of "
        f"the same scene as PAN."
    )


def _date(attributes: Group) -> str:
    day, time = attributes.get("DATE_ACQUIRED"), attributes.get("SCENE_CENTER_TIME").rstrip("Z").partition(".")[0]
    return f"{day}T{time or '00:00:00'}Z" if day else ""


def _ms(scene: _Scene) -> Image:
    bands = []
    for number, centre in scene.instrument.ms.items():
        band = _reflective(scene, number, centre)
        if band is None:
            raise InputError(f"The file {PurePosixPath(scene.name).name} is incomplete: it names no file of B{number}.")
        bands.append(band)
    return _image(scene, "ms", "30 m multispectral bands", MS, bands, saturation=True)


def _pan(scene: Optional[_Scene]) -> list[Image]:
    band = None
    if scene is not None and scene.instrument.pan is not None:
        band = _reflective(scene, "8", scene.instrument.pan)
    return [_image(scene, "pan", "15 m panchromatic band", PAN, [band])] if scene is not None and band else []


def _cirrus(scene: _Scene) -> list[Image]:
    band = _reflective(scene, "9", scene.instrument.cirrus) if scene.instrument.cirrus else None
    return [_image(scene, "cirrus", "30 m cirrus band", OTHER, [band])] if band else []


def _thermal(scene: _Scene) -> list[Image]:
    bands = []
    if scene.is_surface:
        bands.append(_temperature(scene))
    else:
        for number, centre in scene.instrument.thermal.items():
            bands.append(_radiance(scene, number, centre))
    known = [band for band in bands if band is not None]
    return [_image(scene, "thermal", "thermal bands on the 30 m grid", OTHER, known)] if known else []


def _image(scene: _Scene, key: str, title: str, role: str, bands: list[ProductBand], saturation: bool = False) -> Image:
    quality = []
    if scene.file("FILE_NAME_QUALITY_L1_PIXEL"):
        quality.append(Quality(scene.file("FILE_NAME_QUALITY_L1_PIXEL"), bits=QA_BITS))
    if saturation and scene.file("FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION"):
        path = scene.file("FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION")
        quality.append(Quality(path, bits=scene.instrument.saturation, grows=False, chosen=False))
    return Image(key, title, role, tuple(bands), 0.0, scene.product_id, scene.level, tuple(quality))


def _reflective(scene: _Scene, number: str, wavelength_nm: float) -> Optional[ProductBand]:
    """Return a band in reflectances: its factors stand in a group of the product's own level."""
    path = scene.file(f"FILE_NAME_BAND_{number}")
    if not path:
        return None
    surface = scene.is_surface
    group = scene.top.group("LEVEL2_SURFACE_REFLECTANCE_PARAMETERS" if surface else "LEVEL1_RADIOMETRIC_RESCALING")
    keys = f"REFLECTANCE_MULT_BAND_{number}", f"REFLECTANCE_ADD_BAND_{number}"
    limits = group if surface else scene.top.group("LEVEL1_MIN_MAX_PIXEL_VALUE")
    return _band(scene, number, path, wavelength_nm, group, keys, "", limits)


def _radiance(scene: _Scene, number: str, wavelength_nm: float) -> Optional[ProductBand]:
    path = scene.file(f"FILE_NAME_BAND_{number}")
    if not path:
        return None
    group = scene.top.group("LEVEL1_RADIOMETRIC_RESCALING")
    keys = f"RADIANCE_MULT_BAND_{number}", f"RADIANCE_ADD_BAND_{number}"
    limits = scene.top.group("LEVEL1_MIN_MAX_PIXEL_VALUE")
    return _band(scene, number, path, wavelength_nm, group, keys, _UNIT_OF_RADIANCE, limits)


def _temperature(scene: _Scene) -> Optional[ProductBand]:
    name = scene.instrument.surface
    path = scene.file(f"FILE_NAME_BAND_{name}")
    if not path:
        return None
    group = scene.top.group("LEVEL2_SURFACE_TEMPERATURE_PARAMETERS")
    keys = f"TEMPERATURE_MULT_BAND_{name}", f"TEMPERATURE_ADD_BAND_{name}"
    return _band(scene, name, path, next(iter(scene.instrument.thermal.values())), group, keys, "K", group)


def _limit(limits: Group, which: str, number: str) -> Optional[float]:
    """Return the smallest or largest number of a band; the keys of temperatures are spelled out."""
    value = limits.number(f"QUANTIZE_CAL_{which}_BAND_{number}")
    return limits.number(f"QUANTIZE_CAL_{which}IMUM_BAND_{number}") if value is None else value


def _band(
    scene: _Scene,
    number: str,
    path: str,
    wavelength_nm: float,
    group: Group,
    keys: tuple[str, str],
    unit: str,
    limits: Group,
) -> ProductBand:
    scale, offset = group.number(keys[0]), group.number(keys[1])
    if scale is None or offset is None:
        missing = keys[0] if scale is None else keys[1]
        raise InputError(f"The file {PurePosixPath(scene.name).name} is incomplete: it states no {missing}.")
    low, high = _limit(limits, "MIN", number), _limit(limits, "MAX", number)
    valid = (low, high) if low is not None and high is not None else None
    name = number if number.startswith("ST") else f"B{number}"
    return ProductBand(name, (path,), 1, wavelength_nm, scale, offset, unit, valid)
