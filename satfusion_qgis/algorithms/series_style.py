"""One style for all images of a series, so that brightness does not jump from date to date when QGIS plays them.

It is that of a fine image's layer in the project, where the user gave one a style; else natural colours, stretched over
2 to 98 % of the clear pixels of the clearest fine image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional

from qgis.core import QgsProcessingContext, QgsRasterLayer

from ..pipeline.series_images import Dated
from ..raster.clearness import Region
from ..raster.reader import describe, remove_virtual
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from .fusion import add_style
from .layers import source_of
from .styling import Stretch, is_written, stretches_of_image, style_of_layer

_BELOW = 2  # folders below the one given: images lie in it, and in the folders right below it
Styles = Mapping[str, Sequence[Stretch]]


def styles_of_layers(
    files: Sequence[str],
    given: Sequence[QgsRasterLayer],
    bands: Sequence[int],
    context: QgsProcessingContext,
    rescaled: bool,
) -> Styles:
    """Return, by path, the styles that the user gave fine images; call in the main thread.

    Args:
        files: Folders and files of fine images.
        given: Layers that were chosen as fine images.
        bands: Bands of the fine images that are used; empty for all.
        context: The run's context, with the project.
        rescaled: The images to be made have other units than the fine ones: colours are taken, ends are not.
    """
    project = context.project()
    layers = [*given, *(project.mapLayers().values() if project is not None else ())]
    found: dict[str, Sequence[Stretch]] = {}
    for layer in layers:
        if not isinstance(layer, QgsRasterLayer) or not layer.isValid() or layer.providerType() != "gdal":
            continue
        path = source_of(layer)
        if path in found or not {path, *map(str, list(Path(path).parents)[:_BELOW])}.intersection(files):
            continue
        taken = style_of_layer(layer, bands)
        if taken is not None:
            found[path] = [Stretch(item.band) for item in taken] if rescaled else taken
    return found


class SeriesStyle:
    """The style of a series.

    Args:
        styles: Styles of fine images by path, as the user chose them.
        region: The part of the images that is predicted; None for all.
    """

    def __init__(self, styles: Styles, region: Optional[Region] = None) -> None:
        self._styles, self._region = styles, region
        self._chosen: Optional[Sequence[Stretch]] = None

    def choose(self, fine: Sequence[Dated]) -> None:
        """Settle the style.

        Args:
            fine: The fine images, the clearest first.
        """
        readable = [one for one in fine if not one.problem]
        styled = [one for one in readable if one.inputs[0].path in self._styles]
        for one in [*styled, *readable]:
            try:
                source = describe(one.inputs[0].role, one.inputs)
                try:
                    self._chosen = stretches_of_image(source, self._region, self._styles.get(one.inputs[0].path))
                finally:
                    remove_virtual(source)
            except InputError:  # the dates made of it will say why
                continue
            return

    def write(self, path: str, kind: str, feedback: Feedback) -> None:
        """Write the style of a finished file beside it, unless the user has saved one there since it was made."""
        style = Path(path).with_suffix(".qml")
        kept = style.exists() and style.stat().st_mtime >= Path(path).stat().st_mtime
        if not kept or is_written(style):
            add_style(path, kind, feedback, self._chosen if kind == "image" else None)
