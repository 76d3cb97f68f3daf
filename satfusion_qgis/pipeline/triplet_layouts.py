"""The published data sets for spatiotemporal fusion: which files are fine and coarse, and what their numbers mean.

CIA, LGC: Emelyanova, I., McVicar, T., Van Niel, T., Li, L., van Dijk, A. (2013), 10.1016/j.rse.2013.02.007. AHB,
Daxing, Tianjin: Li, J., Li, Y., He, L., Chen, J., Plaza, A. (2020): Spatio-temporal fusion for remote sensing data: an
overview and new benchmark, 10.1007/s11432-019-2785-y. Wuhan, IC, BC: as the survey of Sun et al. (2026),
arXiv 2504.00901, takes them. MLFF-GAN: Song, B. et al. (2022), 10.1109/TGRS.2022.3169916, whose folders hold the files
of CIA or LGC by pairs of dates.

All of them have the coarse images on the fine grid already, in the fine images' order of bands; some have no
georeferencing. Dates are taken from the names (`tasks.dates`), never from the order of the files.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from osgeo import gdal, osr

from ..raster.gdal_calls import geotransform_of, open_raster, projection_of, quietly, same_crs
from ..tasks.dates import moment_in_name
from ..tasks.errors import InputError
from ..tasks.job import Input

AUTO, FILES = "auto", "files"
_ENDINGS = (".tif", ".tiff", ".img", ".dat", ".int", ".bsq", ".bil", ".vrt")
_ETM = (482.5, 565.0, 660.0, 837.5, 1650.0, 2220.0)
_OLI = (482.0, 561.5, 654.5, 865.0, 1608.5, 2200.5)
_MODIS = (469.0, 555.0, 645.0, 858.5, 1640.0, 2130.0)
_SIX = ("Blue", "Green", "Red", "NIR", "SWIR1", "SWIR2")
_FOUR = _SIX[:4]
_MODIS_PIXEL = 463.3
_UTM, _EASTING, _NORTHING = 32655, 400_000.0, 6_200_000.0


@dataclass(frozen=True)
class Published:
    """One data set.

    Attributes:
        id: What LAYOUT calls it.
        title: Label for the user.
        fine: Pattern of the fine images' names.
        coarse: Pattern of the coarse images' names.
        wavelengths_nm: Centres of the fine images' bands.
        coarse_wavelengths_nm: Those of the coarse images.
        names: Names of the bands.
        scale: Reflectance = number * scale.
        pixel: Side of a fine pixel in metres.
        coarse_pixel: That of the coarse sensor.
        columns: Columns of an image, for telling data sets with the same names apart; 0 where they are not known.
        folder: What the folder's name holds, for the same.
        resampled: The coarse images were brought onto the fine grid by somebody.
        by_pairs: Folders hold the images of two dates each, below "train" and "val".
        limit: A sentence for the model's card, or "".
    """

    id: str
    title: str
    fine: str
    coarse: str
    wavelengths_nm: tuple[float, ...]
    coarse_wavelengths_nm: tuple[float, ...]
    names: tuple[str, ...]
    scale: float
    pixel: float
    coarse_pixel: float = _MODIS_PIXEL
    columns: int = 0
    folder: str = ""
    resampled: bool = True
    by_pairs: bool = False
    limit: str = ""

    @property
    def ratio(self) -> float:
        """Coarse pixel / fine pixel."""
        return self.coarse_pixel / self.pixel


_EIGHT_BITS = "The data set holds 8-bit numbers for display, divided by 255 here; they are no reflectance."
_L7 = r"L7\d+_\d+.*"
_TM = r"\d{8}_(TM|ETM).*"
_MOD = r"(MOD|MYD)09.*A\d{7}.*"
_LETTER_L, _LETTER_M = r"L_\d{4}-\d{1,2}-\d{1,2}", r"M_\d{4}-\d{1,2}-\d{1,2}"
_LI = Published(
    "ahb", "AHB (Ar Horqin Banner): Landsat 8 and MODIS", _LETTER_L, _LETTER_M, _OLI, _MODIS, _SIX, 1 / 255, 30.0,
    columns=2800, folder="ahb", limit=_EIGHT_BITS,
)  # fmt: skip
_IC = Published(
    "ic", "IC: Sentinel-2 and Sentinel-3", r"S2_\d{8}.*", r"S3_\d{8}.*", (492.0, 560.0, 665.0, 833.0),
    (490.0, 560.0, 665.0, 865.0), _FOUR, 1.0, 10.0, 300.0, 1500, "ic",
)  # fmt: skip
PUBLISHED: tuple[Published, ...] = (
    Published(
        "cia", "CIA (Coleambally): Landsat 7 and MODIS", _L7, _MOD, _ETM, _MODIS, _SIX, 1e-4, 25.0, columns=1280,
        folder="cia",
    ),
    Published(
        "lgc", "LGC (Lower Gwydir): Landsat 5 and MODIS", _TM, _MOD, _ETM, _MODIS, _SIX, 1e-4, 25.0, columns=3072,
        folder="lgc",
    ),
    _LI,
    replace(_LI, id="daxing", title="Daxing: Landsat 8 and MODIS", columns=1640, folder="daxing"),
    replace(_LI, id="tianjin", title="Tianjin: Landsat 8 and MODIS", columns=1970, folder="tianjin"),
    Published(
        "wuhan", "Wuhan: GaoFen and Landsat 8", r"G_\d{8}.*", r"L_\d{8}.*", (485.0, 555.0, 660.0, 830.0), _OLI[:4],
        _FOUR, 1e-4, 8.0, 30.0, 1000, "wuhan",
    ),
    _IC,
    replace(_IC, id="bc", title="BC: Sentinel-2 and Sentinel-3", folder="bc"),
    Published(
        "mlff_gan", "Folders of MLFF-GAN: CIA or LGC by pairs of dates", rf"({_L7}|{_TM})", _MOD, _ETM, _MODIS, _SIX,
        1e-4, 25.0, by_pairs=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The files of a data set.

    Attributes:
        layout: The data set.
        fine: Fine images, by name.
        coarse: Coarse images, by name.
        validation: Target dates that the data set's own folders leave for validation.
    """

    layout: Published
    fine: tuple[str, ...]
    coarse: tuple[str, ...]
    validation: tuple[datetime.date, ...] = ()


def published(layout_id: str) -> Published:
    """Return the data set called so.

    Raises:
        InputError: There is none.
    """
    for one in PUBLISHED:
        if one.id == layout_id:
            return one
    known = ", ".join((AUTO, FILES, *(one.id for one in PUBLISHED)))
    raise InputError(f"LAYOUT must be one of {known}, not {layout_id!r}.")


def find(folder: str, layout_id: str = AUTO) -> Optional[Found]:
    """Return the files of a published data set in a folder, at any depth; None where "auto" knows none there.

    Names alone do not make a data set: images of the user's own may be called S2_20240131.tif too, and their numbers
    would be taken for another scale. So "auto" also wants a folder of the data set's name, or images of its size.

    Args:
        folder: The data set's folder.
        layout_id: The data set, or "auto" to find out from names of files and folders, and the images' size.

    Raises:
        InputError: There is no such folder, or it does not hold the files of the data set that is named.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"FINE: the folder {folder} does not exist.")
    files = [one for one in sorted(path.rglob("*")) if one.suffix.lower() in _ENDINGS and one.is_file()]
    if layout_id != AUTO:
        chosen = _files_of(published(layout_id), files)
        if chosen is None:
            layout = published(layout_id)
            raise InputError(
                f"FINE: {folder} does not hold fine and coarse images named like {layout.title}; choose another LAYOUT."
            )
        return chosen
    several = [found for found in (_files_of(layout, files) for layout in PUBLISHED) if found is not None]
    several = [found for found in several if not found.layout.by_pairs or _pair_folders(files)]
    best = max(several, key=lambda found: _likeness(found, path)) if several else None
    return best if best is not None and any(_likeness(best, path)) else None


def _files_of(layout: Published, files: Sequence[Path]) -> Optional[Found]:
    """Return a data set's files among some, each name once; None where fine or coarse ones are missing."""
    sides: list[dict[str, str]] = [{}, {}]
    for side, pattern in zip(sides, (layout.fine, layout.coarse)):
        for one in files:
            if re.fullmatch(pattern, one.stem, re.IGNORECASE) and moment_in_name(one.name):
                side.setdefault(one.name, str(one))
    if not all(sides):
        return None
    fine, coarse = (tuple(side[name] for name in sorted(side)) for side in sides)
    return Found(layout, fine, coarse, _left_for_validation(files) if layout.by_pairs else ())


def _pair_folders(files: Sequence[Path]) -> list[tuple[Path, datetime.date]]:
    """Return the folders of two dates each ("2001_281_1007-2001_290_1016"), and the second date, the target's."""
    found = []
    for folder in sorted({one.parent for one in files}):
        target = folder.name.partition("-")[2].split("_")
        if len(target) == 3 and re.fullmatch(r"[12]\d{3} [0-3]?\d?\d", " ".join(target[:2])):
            day = datetime.date(int(target[0]), 1, 1) + datetime.timedelta(int(target[1]) - 1)
            found.append((folder, day))
    return found


def _left_for_validation(files: Sequence[Path]) -> tuple[datetime.date, ...]:
    """Return the target dates of the folders below "val".

    The folder's day is that of the coarse image; the fine image's may be another one by a day.
    """
    days = [day for folder, day in _pair_folders(files) if folder.parent.name.lower() in ("val", "validation", "test")]
    return tuple(sorted(set(days)))


def _likeness(found: Found, folder: Path) -> tuple[bool, bool, bool]:
    """Return how well a data set fits a folder, better ones larger."""
    layout = found.layout
    words = re.split(r"[^a-z]+", " ".join(part.lower() for part in (folder.name, *Path(found.fine[0]).parts[-4:-1])))
    dataset = open_raster(found.fine[0])
    return (layout.by_pairs, bool(layout.folder) and layout.folder in words, dataset.RasterXSize == layout.columns)


def inputs_of(layout: Published, path: str, role: str, bands: Sequence[int] = ()) -> Input:
    """Return an image of a data set as an input: its bands, wavelengths and scale.

    Args:
        layout: The data set.
        path: The image.
        role: "FINE_1" and the like.
        bands: Numbers of the bands wanted, from 1; empty for all.

    Raises:
        InputError: It has fewer bands than the data set's images have, or a band is not there.
    """
    count = len(layout.names)
    dataset = open_raster(path)
    if dataset.RasterCount < count:
        raise InputError(f"{Path(path).name} has {dataset.RasterCount} bands; images of {layout.title} have {count}.")
    beyond = [number for number in bands if not 1 <= number <= count]
    if beyond:
        raise InputError(f"BANDS: there is no band {beyond[0]}; images of {layout.title} have {count}.")
    wanted = list(bands) or list(range(1, count + 1))
    waves = layout.wavelengths_nm if role.startswith("FINE") else layout.coarse_wavelengths_nm
    return Input(
        role,
        path,
        bands=wanted,
        band_names=[layout.names[number - 1] for number in wanted],
        wavelengths_nm=[waves[number - 1] for number in wanted],
        scale=layout.scale,
        offset=0.0,
    )


def on_one_grid(found: Found, folder: Path) -> Found:
    """Return the files on one grid: the first fine image's, or, where that has none, one in metres.

    Images of that one's size are described anew by small virtual files, where their own georeferencing is missing or
    another; others stay as they are.

    Args:
        found: The files.
        folder: Where virtual files go; they must live as long as the images are read.

    Raises:
        InputError: An image cannot be read, or has neither the size nor a georeferencing.
    """
    first = open_raster(found.fine[0])
    size = first.RasterXSize, first.RasterYSize
    crs = projection_of(first)
    transform = geotransform_of(first) if crs else None
    if transform is None:
        crs, transform = _metres(), (_EASTING, found.layout.pixel, 0.0, _NORTHING, 0.0, -found.layout.pixel)
    return replace(
        found,
        fine=tuple(_placed(path, size, crs, transform, folder) for path in found.fine),
        coarse=tuple(_placed(path, size, crs, transform, folder) for path in found.coarse),
    )


def _placed(path: str, size: tuple[int, int], crs: str, transform: tuple[float, ...], folder: Path) -> str:
    dataset = open_raster(path)
    own, own_crs = geotransform_of(dataset), projection_of(dataset)
    if own is not None and own_crs and same_crs(own_crs, crs) and _alike(own, transform):
        return path
    if (dataset.RasterXSize, dataset.RasterYSize) != size:
        if own is not None and own_crs:
            return path
        raise InputError(
            f"{Path(path).name} has no georeferencing and not the size of the fine images, {size[0]} x {size[1]}."
        )
    target = folder / f"{Path(path).name}.vrt"
    columns, rows = size
    x, width, _, y, _, height = transform
    bounds = [x, y, x + width * columns, y + height * rows]
    made, problem = quietly(gdal.Translate, str(target), dataset, format="VRT", outputSRS=crs, outputBounds=bounds)
    if made is None:
        raise InputError(f"Cannot describe {path} anew: {problem}.")
    made.FlushCache()
    del made
    return str(target)


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    pixel = abs(other[1])
    return all(abs(a - b) <= 0.01 * pixel for a, b in zip(one, other))


def _metres() -> str:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(_UTM)
    return str(crs.ExportToWkt())
