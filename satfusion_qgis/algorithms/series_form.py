"""What the algorithms on series ask of the images, the dates and the pairs; and the plain values that come of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsRasterLayer,
)

from ..compat import is_null
from ..pipeline.pair_inputs import COARSE_BANDS
from ..pipeline.series_images import Search, divided
from ..pipeline.series_pairs import Choice, Wanted
from ..raster.products import is_product
from ..tasks.dates import given_day, given_days
from ..tasks.errors import InputError
from ..tasks.parameters import Parameter
from .base import Parameters, SatFusionAlgorithm
from .form import with_help
from .layers import band_numbers, extra_nodata, raster_layers, source_of, without_products
from .texts import tr

ROLES = ("FINE", "COARSE")
_TITLES = {
    "FINE": (
        "Fine images",
        "Layers or files of the fine sensor, each with its date in its name or metadata. Or give a folder below.",
        "Folder of fine images",
        "Every raster and product in this folder, and in the folders right below it, is taken.",
    ),
    "COARSE": (
        "Coarse images",
        "Layers or files of the coarse sensor. Or give a folder below.",
        "Folder of coarse images",
        "Empty takes the coarse images from the fine images' folder: its subfolders (Landsat and MODIS) or the names "
        "tell which is which.",
    ),
}
NAMES = (
    Parameter(
        "FINE_NAMES",
        "Names of the fine images",
        "text",
        "",
        "Wildcards that choose among the files, separated by commas, such as landsat8_*; one that begins with ! leaves "
        "files out, such as !*_gaps*. Empty takes all.",
        advanced=True,
    ),
    Parameter(
        "COARSE_NAMES",
        "Names of the coarse images",
        "text",
        "",
        "The same for the coarse images, such as modis_*.",
        advanced=True,
    ),
    Parameter(
        "DATE_PATTERN",
        "Dates in the names",
        "text",
        "",
        "How names hold dates, such as *_%Y%m%d_*: * stands for any text, ? for any character, %Y for the year, %m "
        "for the month, %d for the day, %j for the day of the year, %H, %M and %S for the time. Empty knows the names "
        "of Landsat, Sentinel and MODIS products, of the published data sets for spatiotemporal fusion, and plain "
        "dates.",
        advanced=True,
    ),
)
MAX_DAYS = Parameter(
    "MAX_DAYS",
    "Largest distance in days",
    "integer",
    0,
    "Pairs that lie farther from the date to predict are not used; 0 for no limit.",
    minimum=0,
    maximum=36500,
    unit="days",
)
CHOOSING = (
    Parameter(
        "PAIR_DAYS",
        "Days within a pair",
        "integer",
        1,
        "By how many days the fine and the coarse image of one pair may lie apart; of the same day is best.",
        minimum=0,
        maximum=30,
        unit="days",
        advanced=True,
    ),
    Parameter(
        "MIN_CLEAR",
        "Least clear share",
        "number",
        10.0,
        "Images of which less is clear are not used in pairs.",
        minimum=0.0,
        maximum=100.0,
        unit="%",
        advanced=True,
    ),
)
BANDS = Parameter(
    "BANDS",
    "Bands",
    "text",
    "",
    "Band numbers of the fine images to use, such as 1,2,3 or 2-4. Empty uses all.",
)


def add_images(algorithm: SatFusionAlgorithm, titles: Mapping[str, tuple[str, str, str, str]] = _TITLES) -> None:
    """Add the parameters that take the images.

    Args:
        algorithm: Which algorithm.
        titles: For FINE and COARSE title and help of the images, and of their folder, to be translated.
    """
    for role in ROLES:
        title, text, folder_title, folder_text = titles[role]
        several = QgsProcessingParameterMultipleLayers(role, tr(title), QgsProcessing.SourceType.TypeRaster, None, True)
        algorithm.add(with_help(several, tr(text)))
        folder = QgsProcessingParameterFile(
            f"{role}_FOLDER",
            tr(folder_title),
            QgsProcessingParameterFile.Behavior.Folder,
            defaultValue=None,
            optional=True,
        )
        algorithm.add(with_help(folder, tr(folder_text)))


def without_paths(parameters: Parameters) -> dict[str, Any]:
    """Return the parameters without those images that are given as paths: QGIS refuses folders as layers."""
    taken = dict(parameters)
    for role in ROLES:
        taken[role] = [item for item in _items(parameters.get(role)) if not _is_path(item)] or None
    return taken


def images_of(
    algorithm: SatFusionAlgorithm, parameters: Parameters, context: QgsProcessingContext, needed: bool = True
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return folders and files of the fine and of the coarse images.

    Raises:
        InputError: There are none and they are needed, or a layer cannot be read.
    """
    found: dict[str, tuple[str, ...]] = {}
    for role in ROLES:
        items = _items(parameters.get(role))
        paths = [os.path.abspath(item) for item in items if _is_path(item)]  # noqa: PTH100 (links stay)
        paths += [source_of(layer) for layer in layers_of(algorithm, role, parameters, context)]
        folder = algorithm.parameterAsFile(parameters, f"{role}_FOLDER", context)
        if folder:
            if not Path(folder).is_dir():
                raise InputError(f"{role}_FOLDER: the folder {folder} does not exist.")
            paths.append(os.path.abspath(folder))  # noqa: PTH100 (links stay)
        found[role] = tuple(dict.fromkeys(paths))
    if needed and not found["FINE"]:
        raise InputError(tr("FINE or FINE_FOLDER: fine images are needed."))
    return found["FINE"], found["COARSE"]


def layers_of(
    algorithm: SatFusionAlgorithm, role: str, parameters: Parameters, context: QgsProcessingContext
) -> list[QgsRasterLayer]:
    """Return those images of a role that are given as layers, and not as paths.

    Raises:
        InputError: A layer cannot be read.
    """
    layers = [item for item in _items(parameters.get(role)) if not _is_path(item)]
    return raster_layers(algorithm, role, {role: layers}, context, several=True) if layers else []


def nodata_of(algorithm: SatFusionAlgorithm, parameters: Parameters, context: QgsProcessingContext) -> dict[str, float]:
    """Return, by path, the values that the user declared as no data in layers' properties.

    Raises:
        InputError: A layer cannot be read.
    """
    found = {}
    for role in ROLES:
        for layer in layers_of(algorithm, role, parameters, context):
            declared = extra_nodata(layer)
            if declared is not None:
                found[source_of(layer)] = declared
    return found


def _items(value: Any) -> list[Any]:
    if is_null(value) or value == "":
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _is_path(item: Any) -> bool:
    return isinstance(item, str) and Path(item).exists()


def search_of(
    values: Mapping[str, Any], extent: Optional[list[float]] = None, nodata: Optional[Mapping[str, float]] = None
) -> Search:
    """Return which images are taken."""
    return Search(
        values["FINE_NAMES"],
        values["COARSE_NAMES"],
        values["DATE_PATTERN"],
        tuple(band_numbers(values["BANDS"])),
        values["MASKS"] == "auto",
        extent=None if extent is None else (extent[0], extent[1], extent[2], extent[3]),
        coarse_bands=tuple(band_numbers(values[COARSE_BANDS], COARSE_BANDS)),
        nodata=dict(nodata or {}),
    )


def choice_of(values: Mapping[str, Any]) -> Choice:
    """Return what limits the choice of pairs."""
    pairs = str(values.get("PAIRS", "auto"))
    return Choice(
        int(pairs) if pairs.isdigit() else 0,
        max_days=values["MAX_DAYS"],
        pair_days=values["PAIR_DAYS"],
        min_clear=values["MIN_CLEAR"] / 100,
    )


def wanted_of(values: Mapping[str, Any]) -> Wanted:
    """Return which dates are wanted.

    Raises:
        InputError: A text is no date.
    """
    first, last = (given_day(str(values[name]), name) for name in ("FROM", "TO"))
    return Wanted(given_days(str(values["DATES"]), "DATES"), first, last)


def crs_of_fine(
    fine: tuple[str, ...], coarse: tuple[str, ...], search: Search, context: QgsProcessingContext
) -> QgsCoordinateReferenceSystem:
    """Return the CRS of the first fine image, in which extents and centres are given to the pipeline.

    Raises:
        InputError: There is no fine image.
    """
    first = divided(fine, coarse, search)[0][0]
    if is_product(first):
        layer = context.getMapLayer(without_products("FINE_1", first, context))
        return layer.crs()
    return QgsRasterLayer(first, "", "gdal").crs()
