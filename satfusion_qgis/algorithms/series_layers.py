"""The images of a series as layers that have their dates: a layer definition file that opens all of them at once.

QGIS reads the date in the style file beside a raster only when it is told to load that style, not when the raster is
opened; a layer definition keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    QgsLayerDefinition,
    QgsLayerTreeGroup,
    QgsPathResolver,
    QgsRasterLayer,
    QgsReadWriteContext,
)
from qgis.PyQt.QtXml import QDomDocument

from ..raster.writer import part_of, replace_file
from ..tasks.errors import InputError
from .texts import tr


def write_layers(paths: Sequence[str], target: Path, title: str) -> None:
    """Write a layer definition file (.qlr): a group of layers with the styles and dates beside their files.

    Args:
        paths: The rasters, in order.
        target: The file; it names the rasters relative to its own folder.
        title: Name of the group.

    Raises:
        InputError: It cannot be written.
    """
    group = QgsLayerTreeGroup(title)
    layers = [QgsRasterLayer(path, Path(path).stem) for path in paths]
    for layer in layers:
        layer.loadDefaultStyle()
        group.addLayer(layer)
    document, context = QDomDocument("qgis-layer-definition"), QgsReadWriteContext()
    context.setPathResolver(QgsPathResolver(str(target)))
    good, reason = QgsLayerDefinition.exportLayerDefinition(document, [group], context)
    if not good:
        raise InputError(tr("The layer definition {} could not be written: {}.").format(target.name, reason))
    part = part_of(target)
    try:
        part.write_text(document.toString(), encoding="utf-8")
        replace_file(part, target)
    except OSError as error:
        raise InputError(
            tr("The layer definition {} could not be written: {}.").format(target.name, error.strerror)
        ) from None
    finally:
        part.unlink(missing_ok=True)
