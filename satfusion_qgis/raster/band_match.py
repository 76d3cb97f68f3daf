"""Which band of one image belongs to which of another: by wavelength, else by name, else by order.

Wavelengths come from metadata, else from the names that sensors' products give their bands, else from common names
(blue, nir). Centres: MODIS (MOD09, MCD43), VIIRS (VNP09, VNP43), Landsat TM/ETM+ and OLI, Sentinel-2 MSI, and
Sentinel-3 OLCI and SLSTR as in the SYNERGY product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Optional

from ..tasks.errors import InputError
from ..tasks.sensors import sensor
from .reader import Source

_MODIS = {1: 645.0, 2: 858.5, 3: 469.0, 4: 555.0, 5: 1240.0, 6: 1640.0, 7: 2130.0}
_OLCI = dict(
    enumerate(
        (400.0, 412.5, 442.5, 490.0, 510.0, 560.0, 620.0, 665.0, 673.75, 681.25, 708.75, 753.75, 761.25, 764.375,
         767.5, 778.75, 865.0, 885.0, 900.0, 940.0, 1020.0),
        1,
    )
)  # fmt: skip
_VIIRS = {
    "I1": 640.0, "I2": 865.0, "I3": 1610.0,
    "M1": 412.0, "M2": 445.0, "M3": 488.0, "M4": 555.0, "M5": 672.0, "M7": 865.0, "M8": 1240.0, "M10": 1610.0,
    "M11": 2250.0,
}  # fmt: skip
_SLSTR = {1: 554.27, 2: 659.47, 3: 868.0, 4: 1374.8, 5: 1613.4, 6: 2255.7}
_COMMON = {
    "blue": 480.0,
    "green": 560.0,
    "red": 660.0,
    "nir": 860.0,
    "near infrared": 860.0,
    "near-infrared": 860.0,
    "nir08": 865.0,
    "swir1": 1620.0,
    "swir16": 1620.0,
    "swir2": 2180.0,
    "swir22": 2180.0,
}
_MODIS_NAME = re.compile(
    r"(?:sur_refl_b0?|Nadir_Reflectance_Band|(?<![A-Z])MODIS[_ ]?(?:band[_ ]?|B)0?)([1-7])(?!\d)", re.I
)
_OLCI_NAME = re.compile(r"(?<![A-Za-z])Oa(\d\d)(?!\d)", re.I)
_SLSTR_NAME = re.compile(r"(?<![A-Za-z])S([1-6])(?:[NO]|_|$)")
_VIIRS_NAME = re.compile(r"(?:SurfReflect|Nadir_Reflectance)_([IM]\d{1,2})(?!\d)", re.I)
_NUMBERED = re.compile(r"(?:^|[_\-. ])(?:SR_)?(B(?:0?\d{1,2})A?|B8A)(?=$|[_\-. ])", re.I)
# Products whose bands are only numbered, by their file names.
_PRODUCTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![A-Za-z])(?:L[CO]0?|landsat[-_ ]?)[89]", re.I), "landsat8"),
    (re.compile(r"(?<![A-Za-z])(?:L[ET]0?|landsat[-_ ]?)[457]", re.I), "landsat7"),
    (re.compile(r"S2[ABC]_MSI|sentinel-?2|T\d\d[A-Z]{3}_\d{8}T|HLS\.S30", re.I), "sentinel2"),
)
_DISTANCES = ((700.0, 32.0), (1050.0, 46.0), (3000.0, 125.0), (20000.0, 1500.0))  # (up to, nanometres), of one surface
_MODIS_FILE = re.compile(r"(?:^|[^A-Za-z])M(?:OD|YD|CD)(?:09|43|13)", re.I)


@dataclass(frozen=True)
class Matched:
    """Bands of an image in the order of another's.

    Attributes:
        places: For each band wanted, the place of the band that belongs to it.
        basis: "wavelength", "name" or "order".
        left_out: Names of the bands that nothing asked for.
        table: A line for the log.
    """

    places: tuple[int, ...]
    basis: str
    left_out: tuple[str, ...]
    table: str


def wavelengths_of(source: Source) -> tuple[Optional[float], ...]:
    """Return the centre wavelength of each band in nanometres, None where nothing tells it."""
    files = [path for path, numbers in source.files for _ in numbers]
    return tuple(
        band.wavelength_nm or _by_name(band.name, path, source.name) for band, path in zip(source.bands, files)
    )


def _by_name(name: str, path: str, called: str) -> Optional[float]:
    """Return the wavelength that a band's or a file's name says."""
    stem = PurePath(path).stem
    for text in (name, stem):
        for pattern, table in ((_MODIS_NAME, _MODIS), (_OLCI_NAME, _OLCI), (_SLSTR_NAME, _SLSTR)):
            found = pattern.search(text)
            if found and int(found[1]) in table:
                return table[int(found[1])]
        viirs = _VIIRS_NAME.search(text)
        if viirs and viirs[1].upper() in _VIIRS:
            return _VIIRS[viirs[1].upper()]
    common = _COMMON.get(name.strip().lower().replace(" 1", "1").replace(" 2", "2"))
    if common is not None:
        return common
    numbered = _NUMBERED.findall(name) or _NUMBERED.findall(stem)
    if not numbered:
        return None
    label = numbered[-1].upper()
    for pattern, sensor_id in _PRODUCTS:
        if pattern.search(stem) or pattern.search(called):
            return _of_sensor(sensor_id).get(_plain(label))
    if _MODIS_FILE.search(stem) or _MODIS_FILE.search(called):
        digits = re.sub(r"\D", "", label)
        return _MODIS.get(int(digits)) if digits else None
    return None


def _of_sensor(sensor_id: str) -> Mapping[str, float]:
    known = sensor(sensor_id)
    return {_plain(name): centre for name, centre in zip(known.band_names, known.wavelengths_nm)}


def _plain(label: str) -> str:
    """Return a band's label without leading zeros ("B02" is "B2")."""
    return re.sub(r"(?<=B)0+(?=\d)", "", label.upper())


def match(wanted: Source, given: Source, keep: bool = False) -> Matched:
    """Find for each band of an image the band of another that sees the same.

    Args:
        wanted: The image whose order counts.
        given: The image whose bands are put into that order.
        keep: Its bands were chosen by the user, in order: they stay where their number is right.

    Raises:
        InputError: A band has no counterpart, or nothing tells which bands belong together.
    """
    if keep and len(wanted.bands) == len(given.bands):
        return _made(wanted, given, tuple(range(len(wanted.bands))), "order, as chosen")
    sought, offered = wavelengths_of(wanted), wavelengths_of(given)
    if _all(sought) and _all(offered):
        return _by_wavelength(wanted, given, sought, offered)
    names = [band.name.strip().lower() for band in wanted.bands]
    others = [band.name.strip().lower() for band in given.bands]
    if all(names) and len(set(names)) == len(names) and all(others.count(name) == 1 for name in names):
        return _made(wanted, given, tuple(others.index(name) for name in names), "name")
    if len(names) == len(others):
        return _made(wanted, given, tuple(range(len(names))), "order")
    raise InputError(
        f"{given.role} has {len(others)} bands and {wanted.role} has {len(names)}, and neither wavelengths nor names "
        f"say which belong together: choose those of {wanted.role} with BANDS and those of the coarse images with "
        f"COARSE_BANDS."
    )


def _all(values: Sequence[Optional[float]]) -> bool:
    return all(value is not None for value in values)


def _by_wavelength(
    wanted: Source, given: Source, sought: Sequence[Optional[float]], offered: Sequence[Optional[float]]
) -> Matched:
    """Pair the bands nearest to each other first; each is taken once."""
    pairs = sorted(
        (abs(float(one or 0) - float(other or 0)), place, of)
        for place, one in enumerate(sought)
        for of, other in enumerate(offered)
    )
    taken: dict[int, int] = {}
    for distance, place, of in pairs:
        if distance <= _largest(float(sought[place] or 0)) and place not in taken and of not in taken.values():
            taken[place] = of
    missing = [place for place in range(len(sought)) if place not in taken]
    if missing:
        place = missing[0]
        held = ", ".join(f"{value:g}" for value in offered if value is not None)
        fitting = ",".join(str(number + 1) for number in sorted(taken))
        remedy = f" (BANDS {fitting} have one)" if fitting else ""
        raise InputError(
            f"{wanted.role}: {_label(wanted, place)} ({sought[place]:g} nm) has no counterpart in {given.role}, whose "
            f"bands lie at {held} nm: choose bands that both sensors see{remedy}."
        )
    return _made(wanted, given, tuple(taken[place] for place in range(len(sought))), "wavelength")


def _largest(wavelength: float) -> float:
    """Return how far apart bands of two sensors may lie that see the same."""
    return next((distance for most, distance in _DISTANCES if wavelength <= most), _DISTANCES[-1][1])


def _made(wanted: Source, given: Source, places: tuple[int, ...], basis: str) -> Matched:
    centres = wavelengths_of(given)
    own = wavelengths_of(wanted)
    parts = [
        f"{_label(wanted, number)}{_nm(own[number])} = {_label(given, place)}{_nm(centres[place])}"
        for number, place in enumerate(places)
    ]
    left = tuple(_label(given, place) for place in range(len(given.bands)) if place not in places)
    return Matched(places, basis, left, "; ".join(parts))


def _label(source: Source, place: int) -> str:
    return source.bands[place].name or f"band {place + 1}"


def _nm(value: Optional[float]) -> str:
    return "" if value is None else f" ({value:g} nm)"


def reordered(source: Source, places: Sequence[int]) -> Source:
    """Return an image with some of its bands, in another order."""
    if list(places) == list(range(len(source.bands))):
        return source
    every = [
        (path, number, masked)
        for (path, numbers), masked in zip(source.files, source.own_masks or (False,) * len(source.files))
        for number in numbers
    ]
    chosen = [every[place] for place in places]
    files: list[tuple[str, tuple[int, ...]]] = []
    masks: list[bool] = []
    for path, number, masked in chosen:
        if files and files[-1][0] == path:
            files[-1] = (path, (*files[-1][1], number))
        else:
            files.append((path, (number,)))
            masks.append(masked)
    return replace(
        source,
        files=tuple(files),
        bands=tuple(source.bands[place] for place in places),
        own_masks=tuple(masks) if source.own_masks else (),
    )
