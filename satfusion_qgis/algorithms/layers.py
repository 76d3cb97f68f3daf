"""From QGIS's layers to plain values: files, dates, names. Called in the main thread only."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Optional

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsRasterLayer

from ..raster.products import is_product, resolve
from ..tasks.dates import iso_date, iso_text, moment_in_name
from ..tasks.errors import InputError

_OPEN_OPTIONS = re.compile(r"\|(option|credential|authcfg)[:=].*$")
_PRODUCT = "satfusion/product"
_LIST = "_LIST"  # ends the name of a parameter that takes a role's images of several scenes


def raster_layers(
    algorithm: QgsProcessingAlgorithm,
    name: str,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
    several: bool,
) -> list[QgsRasterLayer]:
    """Return the raster layers that the user chose for a parameter.

    Args:
        algorithm: The algorithm that runs.
        name: The parameter.
        parameters: What QGIS gave the algorithm.
        context: The run's context.
        several: Whether the parameter takes several layers.

    Raises:
        InputError: A layer is missing or cannot be read.
    """
    given = without_products(name, parameters.get(name), context)
    parameters = {**parameters, name: given}
    if not several:
        layer = algorithm.parameterAsRasterLayer(parameters, name, context)
        if layer is None and given:
            raise InputError(f"{name}: cannot read {_text(given)} as a raster.")
        return [layer] if layer is not None else []
    layers = algorithm.parameterAsLayerList(parameters, name, context)
    items = list(given) if isinstance(given, (list, tuple)) else [given]
    if len([item for item in items if item]) > len(layers):
        found = {layer.source() for layer in layers} | {layer.id() for layer in layers}
        missing = [_text(item) for item in items if item and _text(item) not in found]
        raise InputError(f"{name}: cannot read {', '.join(missing)} as a raster.")
    return list(layers)


def without_products(name: str, given: Any, context: QgsProcessingContext) -> Any:
    """Return a parameter's value with a layer, by its id, in place of each product as delivered.

    The layer knows the product that it stands for: a job names the product, not a raster in memory.

    Args:
        name: The parameter: the role that the product's image is taken for.
        given: A layer, a path, or a list of these.
        context: The run's context, which keeps the layer.

    Raises:
        InputError: A product is damaged or incomplete, or has no image for the role.
    """
    if isinstance(given, (list, tuple)):
        return [without_products(name, item, context) for item in given]
    if not isinstance(given, str) or not is_product(given):
        return given
    resolved = resolve(given, name[: -len(_LIST)] if name.endswith(_LIST) else name)
    if resolved is None:
        return given
    layer = QgsRasterLayer(resolved.path, resolved.product.id, "gdal")
    if not layer.isValid():
        raise InputError(f"{name}: QGIS cannot read the product {resolved.product.id}.")
    layer.setCustomProperty(_PRODUCT, given)
    return context.temporaryLayerStore().addMapLayer(layer).id()


def source_of(layer: QgsRasterLayer) -> str:
    """Return what GDAL opens for a layer.

    Raises:
        InputError: The layer is not read by GDAL (a web map service, for example).
    """
    provider = layer.providerType() if isinstance(layer, QgsRasterLayer) else "none"
    if provider != "gdal":
        raise InputError(
            f"The layer {layer.name()} is not a raster file (its provider is {provider}); save it as a GeoTIFF first."
        )
    source = layer.customProperty(_PRODUCT) or _OPEN_OPTIONS.sub("", layer.source())
    return os.path.abspath(source) if Path(source).exists() else source  # noqa: PTH100 (links stay as they are)


def extra_nodata(layer: QgsRasterLayer) -> Optional[float]:
    """Return the value that the user declared as no data in the layer's properties, if the file has none."""
    provider = layer.dataProvider()
    found = set()
    for band in range(1, layer.bandCount() + 1):
        ranges = provider.userNoDataValues(band)
        if provider.sourceHasNoDataValue(band) or len(ranges) != 1 or ranges[0].min() != ranges[0].max():
            return None
        found.add(ranges[0].min())
    return found.pop() if len(found) == 1 else None


def band_numbers(value: Any, name: str = "BANDS") -> list[int]:
    """Return band numbers from "1,2,3", "1 2 3", "1-4" or a list; empty for all bands.

    Raises:
        InputError: The value names no bands.
    """
    numbers: list[int] = []
    for part in re.split(r"[\[\](),;\s]+", "" if value is None else str(value)):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if part and (match is None or int(match[1]) < 1):
            raise InputError(f"{name} must be band numbers such as 1,2,3 or 1-4, not {value!r}.")
        if match is not None:
            numbers += range(int(match[1]), int(match[2] or match[1]) + 1)
    if len(set(numbers)) < len(numbers):
        raise InputError(f"{name} names a band twice: {value}.")
    return numbers


def dates_of(value: Any, sources: Sequence[str], name: str) -> list[str]:
    """Return a date in ISO 8601 for each file: from the user's text, else from the file names.

    Raises:
        InputError: A date is missing or cannot be read.
    """
    given = [part.strip() for part in re.split(r"[,;\s]+", str(value or "")) if part.strip()]
    if given and len(given) != len(sources):
        raise InputError(f"{name} has {len(given)} dates for {len(sources)} images; give one for each, in their order.")
    if given:
        return [iso_date(text, name) for text in given]
    return [_date_in_name(source, name) for source in sources]


def _date_in_name(source: str, name: str) -> str:
    moment = moment_in_name(source)
    if moment is None:
        raise InputError(f"{name}: no date is given, and the file name {PurePath(source).name} holds none.")
    return iso_text(moment)


def _text(value: Any) -> str:
    return str(value.name()) if isinstance(value, QgsRasterLayer) else str(value)
