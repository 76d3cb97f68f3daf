"""Which part of a scene is fused: inside polygons, or a preview. Values are read in the main thread only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterPoint,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QThread

from ..compat import is_null
from ..tasks.errors import InputError
from ..tasks.job import Area, Preview
from ..tasks.parameters import Parameter
from . import form
from .texts import tr

_MOST_CHARACTERS = 1 << 18
_DIGITS = 17
PREVIEW = Parameter(
    "PREVIEW",
    "Preview only",
    "boolean",
    False,
    "Fuses only 512 x 512 pixels of the coarse image, at the centre of the map, to try a method or a setting. The "
    "statistics are those of the whole scene, so the preview is what the full run gives there.",
)


def mask_definition() -> QgsProcessingParameterDefinition:
    """Return the parameter that takes polygons."""
    made = QgsProcessingParameterFeatureSource(
        "MASK", tr("Mask polygons"), [QgsProcessing.SourceType.TypeVectorPolygon], None, True
    )
    return form.with_help(
        made,
        tr(
            "Only pixels whose centre lies inside these polygons count in the statistics and are written; the others "
            "become no data. The polygons may be in any CRS. Empty processes everything."
        ),
    )


def centre_definition() -> QgsProcessingParameterDefinition:
    """Return the parameter that takes the centre of a preview."""
    return form.with_help(
        QgsProcessingParameterPoint("PREVIEW_CENTRE", tr("Centre of the preview"), None, True),
        tr(
            "Where the preview is made. Empty takes the centre of the map, and without a map (in a model, in batch "
            "outside of QGIS) the centre of the scene."
        ),
        advanced=True,
    )


def area_of(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> Optional[Area]:
    """Return the polygons of MASK: the file of a layer, or as text what is in no file.

    Raises:
        InputError: The layer cannot be read, or has too many vertices to be kept as text.
    """
    given = parameters.get("MASK")
    if is_null(given) or given == "":
        return None
    source = algorithm.parameterAsSource(parameters, "MASK", context)
    if source is None:
        raise InputError(f"MASK: cannot read {form.text_of(given)} as a layer of polygons.")
    some = isinstance(given, QgsProcessingFeatureSourceDefinition) and (
        given.selectedFeaturesOnly or given.featureLimit >= 0 or bool(getattr(given, "filterExpression", ""))
    )
    file = None if some else _file_of(algorithm.parameterAsVectorLayer(parameters, "MASK", context))
    return file or Area(polygons=_texts(source), crs=_crs(source.sourceCrs()))


def preview_of(
    algorithm: QgsProcessingAlgorithm,
    wanted: bool,
    crs: QgsCoordinateReferenceSystem,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
) -> Optional[Preview]:
    """Return the preview that the user asks for.

    Args:
        algorithm: The algorithm that runs.
        wanted: Whether a preview is asked for.
        crs: CRS of the target grid.
        parameters: What QGIS gave the algorithm.
        context: The run's context.

    Raises:
        InputError: PREVIEW_CENTRE is no point.
    """
    if not wanted:
        return None
    given = parameters.get("PREVIEW_CENTRE")
    if is_null(given) or given == "":
        return Preview(_map_centre(crs, context))
    point = algorithm.parameterAsPoint(parameters, "PREVIEW_CENTRE", context, crs)
    if point.isEmpty():
        raise InputError(f"PREVIEW_CENTRE must be x,y [CRS], not {given!r}.")
    return Preview([point.x(), point.y()])


def _file_of(layer: Optional[QgsVectorLayer]) -> Optional[Area]:
    """Return the file of a layer; None where the layer is in none, or shows other features than the file."""
    if layer is None or layer.providerType() != "ogr" or layer.subsetString() or layer.isModified():
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = str(parts.get("path") or "")
    if not Path(path).exists():
        return None
    name = parts.get("layerName")
    return Area(os.path.abspath(path), str(name) if name else None, crs=_crs(layer.crs()))  # noqa: PTH100


def _texts(source: QgsProcessingFeatureSource) -> list[str]:
    request = QgsFeatureRequest().setSubsetOfAttributes([])
    flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    texts, size = [], 0
    for feature in source.getFeatures(request, flag):
        if feature.hasGeometry():
            texts.append(feature.geometry().asWkt(_DIGITS))
            size += len(texts[-1])
        if size > _MOST_CHARACTERS:
            raise InputError(
                "MASK has too many vertices to be kept in the output's metadata; save these polygons as a file "
                "(GeoPackage) and take that."
            )
    return texts


def _crs(crs: QgsCoordinateReferenceSystem) -> Optional[str]:
    if not crs.isValid():
        return None
    return str(crs.authid() if crs.authid().startswith("EPSG:") else crs.toWkt())


def _map_centre(crs: QgsCoordinateReferenceSystem, context: QgsProcessingContext) -> Optional[list[float]]:
    """Return the centre of QGIS's map in a CRS; None where there is no map, or it must not be touched."""
    from qgis.utils import iface

    application = QCoreApplication.instance()
    if iface is None or application is None or QThread.currentThread() != application.thread():
        return None
    canvas = iface.mapCanvas()
    turned = QgsCoordinateTransform(canvas.mapSettings().destinationCrs(), crs, context.transformContext())
    try:
        point = turned.transform(canvas.center())
    except QgsCsException:
        return None
    return [point.x(), point.y()]
