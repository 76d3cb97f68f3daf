"""WorldView, GeoEye and QuickBird: image tiles with a TIL file that places them and an IMD file that describes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Optional

from ...tasks.errors import InputError
from ...tasks.sensors import sensor
from .container import Container
from .groups import Group, parse_groups
from .model import MS, OTHER, PAN, Image, Product, ProductBand

FAMILY = "Maxar"
_TIL, _IMD = r"\.til$", r"\.imd$"
_CODES = ("C", "B", "G", "Y", "R", "RE", "N", "N2")
_FOUR = ("B", "G", "R", "N")
_SWIR = dict(zip((f"S{n}" for n in range(1, 9)), (1210.0, 1570.0, 1660.0, 1730.0, 2165.0, 2205.0, 2260.0, 2330.0)))
_PAN_CENTRES = {"WV01": 650.0, "WV02": 625.0, "WV03": 625.0, "WV04": 625.0, "GE01": 625.0, "QB02": 675.0, "IK01": 675.0}
_NAMES = {
    "WV01": "WorldView-1",
    "WV02": "WorldView-2",
    "WV03": "WorldView-3",
    "WV04": "WorldView-4",
    "GE01": "GeoEye-1",
    "QB02": "QuickBird",
    "IK01": "IKONOS",
}
_UNIT = "W/(m2 sr um)"


@dataclass(frozen=True)
class _Volume:
    """One TIL file with its IMD file."""

    container: Container
    name: str
    tiles: Group
    about: Group

    @property
    def product_id(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def level(self) -> str:
        return self.about.find("productLevel")

    @property
    def satellite(self) -> str:
        return self.about.find("satId")

    @property
    def is_pan(self) -> bool:
        return self.about.get("bandId").upper() in ("P", "PAN")

    @property
    def scene(self) -> str:
        """What PAN and MS of one scene have in common."""
        return "/".join((self.satellite, self.date[:10]))

    @property
    def date(self) -> str:
        text = self.about.find("firstLineTime") or self.about.find("earliestAcqTime")
        return f"{text[:19]}Z" if len(text) >= 19 else ""

    def files(self) -> tuple[str, ...]:
        tiles = [group for group in self.tiles.every() if group.name.upper().startswith("TILE_")]
        names = [group.get("filename") for group in tiles]
        return tuple(self.container.path(self.container.beside(self.name, name)) for name in names if name)


def read(container: Container) -> list[Product]:
    """Return the scenes of a container; PAN and MS of one scene make one product.

    Raises:
        InputError: A file is missing or damaged, or there are several images of a kind.
    """
    scenes: dict[str, list[_Volume]] = {}
    for name in _til_files(container):
        volume = _open(container, name)
        scenes.setdefault(volume.scene, []).append(volume)
    return [_product(volumes) for volumes in scenes.values()]


def _til_files(container: Container) -> list[str]:
    """Return the TIL files; that beside the IMD file where one was chosen."""
    if container.chosen.lower().endswith(".imd"):
        stem = PurePosixPath(container.chosen).stem
        found = container.matching(_TIL, whole=_IMD)
        return [name for name in found if "/" not in name and PurePosixPath(name).stem == stem]
    return container.matching(_TIL)


def _open(container: Container, name: str) -> _Volume:
    stem = name[: -len(PurePosixPath(name).suffix)]
    about = next((f"{stem}{ending}" for ending in (".IMD", ".imd") if container.has(f"{stem}{ending}")), "")
    if not about:
        raise InputError(
            f"The product {PurePosixPath(stem).name} is incomplete: {PurePosixPath(stem).name}.IMD is missing."
        )
    tiles = parse_groups(container.text(name), PurePosixPath(name).name)
    volume = _Volume(container, name, tiles, parse_groups(container.text(about), PurePosixPath(about).name))
    wanted, found = tiles.find("numTiles"), len(volume.files())
    if not found or (wanted.isdigit() and found != int(wanted)):
        raise InputError(f"The file {PurePosixPath(name).name} is damaged: it names {found} tiles, not all.")
    return volume


def _product(volumes: Sequence[_Volume]) -> Product:
    ms = [volume for volume in volumes if not volume.is_pan]
    pan = [volume for volume in volumes if volume.is_pan]
    for several in (ms, pan):
        if len(several) > 1:
            names = ", ".join(PurePosixPath(volume.name).name for volume in several)
            raise InputError(f"The scene has {len(several)} images of one kind ({names}); choose one of these files.")
    main = (ms or pan)[0]
    name = PurePosixPath(main.name).name
    return Product(
        FAMILY,
        main.product_id,
        main.level,
        f"{_NAMES.get(main.satellite, main.satellite)} imager",
        main.date,
        tuple(_image(volume) for volume in [*ms, *pan]),
        ("Scale: absolute calibration factor / effective bandwidth, which gives radiance",),
        {"SUN_ELEVATION": main.about.find("meanSunEl"), "SUN_AZIMUTH": main.about.find("meanSunAz")},
        {
            PAN: f"{name} has no panchromatic image beside it; give the TIL file of its PAN as PAN.",
            MS: f"{name} has no multispectral image beside it; give the TIL file of its bands as MS.",
        },
        reflective=False,
    )


def _image(volume: _Volume) -> Image:
    groups = [group for group in volume.about.groups if group.name.startswith("BAND_")]
    if not groups:
        raise InputError(f"The IMD file of {volume.product_id} is damaged: it describes no band.")
    bands = [_band(volume, group, number) for number, group in enumerate(groups, 1)]
    bands.sort(key=lambda band: (band.wavelength_nm is None, band.wavelength_nm or 0.0))
    pan = volume.is_pan
    role = PAN if pan else MS if len(bands) > 1 else OTHER
    title = "panchromatic band" if pan else "multispectral bands"
    return Image("pan" if pan else "ms", title, role, tuple(bands), 0.0, volume.product_id, volume.level)


def _band(volume: _Volume, group: Group, number: int) -> ProductBand:
    """Return a band; the files hold the bands in the order in which the IMD file describes them."""
    code = group.name[len("BAND_") :]
    factor, width = group.number("absCalFactor"), group.number("effectiveBandwidth")
    scale = factor / width if factor and width else 1.0
    return ProductBand(code, volume.files(), number, _centre(volume, code), scale, 0.0, _UNIT if scale != 1 else "")


def _centre(volume: _Volume, code: str) -> Optional[float]:
    if code == "P":
        return _PAN_CENTRES.get(volume.satellite)
    eight = volume.satellite in ("WV02", "WV03")
    known = sensor("worldview2" if eight else "quickbird")
    return {**_SWIR, **dict(zip(_CODES if eight else _FOUR, known.wavelengths_nm))}.get(code)
