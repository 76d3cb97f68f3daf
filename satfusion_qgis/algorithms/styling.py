"""The style of an output: natural colours where its bands allow, stretched over 2 to 98 % of valid pixels.

It is written as `.qml` beside the raster. QGIS reads that whenever the raster is opened, except when Processing loads a
result; there a `StyleLoader` does it.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
)
from qgis.PyQt import sip

from ..pipeline.record import DOMAIN
from ..raster.bands import Band, describe_band
from ..raster.clearness import Region, clear_values
from ..raster.gdal_calls import open_raster, quietly
from ..raster.reader import Source
from ..tasks.dates import moment_of
from ..tasks.method import Array

_RED_GREEN_BLUE = (("red", 660.0), ("green", 560.0), ("blue", 480.0))
_FARTHEST_NM = 60.0
_SAMPLE_SIDE = 600
_WHOLE_PIXELS = 4_000_000
_PATCHES, _PATCH_SIDE = 10, 96
_DOCUMENT = '<qgis version="3.22.0" styleCategories="{}"><pipe>{}</pipe>{}</qgis>\n'
_PERCENTILES = (2.0, 98.0)


class StyleLoader(QgsProcessingLayerPostProcessorInterface):
    """Gives a result that was just loaded the style beside its file; runs in the main thread."""

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Load the style; called by QGIS."""
        layer.loadDefaultStyle()
        layer.triggerRepaint()
        _WAITING.discard(self)


# Loaders that have not been called: where an algorithm is gone before its results are loaded (runAndLoadResults), QGIS
# keeps its half of a loader alone, which does nothing.
_WAITING: set[StyleLoader] = set()


def style_loader() -> StyleLoader:
    """Return a new style loader that belongs to QGIS, whose context deletes it."""
    made = StyleLoader()
    sip.transferto(made, None)
    _WAITING.add(made)
    return made


@dataclass(frozen=True)
class Stretch:
    """A band and the values shown darkest and brightest; None to find them from the pixels."""

    band: int
    lowest: Optional[float] = None
    highest: Optional[float] = None


def style_of_layer(layer: QgsRasterLayer, bands: Sequence[int]) -> Optional[tuple[Stretch, ...]]:
    """Return the style that the user gave a layer, as it fits a raster made of some of its bands.

    Args:
        layer: The layer; used in its own thread only.
        bands: Its bands that the raster has, in order; empty for all.

    Returns:
        Red, green and blue; None when the layer still has the style that QGIS gives, or one of another kind.
    """
    chosen = _stretches(layer)
    if chosen is None:
        return None
    options = QgsRasterLayer.LayerOptions(False)  # without the style beside the file, which is the user's too
    untouched = QgsRasterLayer(layer.source(), "", layer.providerType(), options)
    usual = _stretches(untouched)
    same_bands = usual is not None and [item.band for item in chosen] == [item.band for item in usual]
    if same_bands and not _has_own_range(layer):
        return None
    numbers = list(bands) or list(range(1, layer.bandCount() + 1))
    if any(item.band not in numbers for item in chosen):
        return None
    return tuple(Stretch(numbers.index(item.band) + 1, item.lowest, item.highest) for item in chosen)


def write_style(path: str, kind: str, taken: Optional[Sequence[Stretch]] = None) -> Path:
    """Write the style of a raster beside it.

    Args:
        path: The raster.
        kind: Kind of the output ("image", "measure", "classes", "probability").
        taken: Red, green and blue as the user chose them, if so.

    Returns:
        The `.qml` file.

    Raises:
        InputError: The raster cannot be read.
        OSError: The file cannot be written.
    """
    dataset = open_raster(path)
    if taken and any(item.band > dataset.RasterCount for item in taken):
        taken = None
    if kind == "classes":
        renderer = _paletted(dataset)
    else:
        described = [describe_band(dataset, number) for number in range(1, dataset.RasterCount + 1)]
        shown = (1,) if kind == "measure" else colour_bands(described)
        chosen = taken or [Stretch(number) for number in shown]
        renderer = _continuous([_found(dataset, item) for item in chosen])
    target = Path(path).with_suffix(".qml")
    dated = _temporal(dataset)
    categories = "Symbology|Temporal" if dated else "Symbology"
    target.write_text(_DOCUMENT.format(categories, renderer, dated), encoding="utf-8")
    return target


def is_written(style: Path) -> bool:
    """Tell whether a style is one that `write_style` wrote, and not one that the user saved in QGIS."""
    try:
        return style.read_text(encoding="utf-8", errors="replace").startswith(_DOCUMENT.split("{")[0])
    except OSError:
        return False


def stretches_of_image(
    image: Source, region: Optional[Region], taken: Optional[Sequence[Stretch]] = None
) -> tuple[Stretch, ...]:
    """Return the stretch of an image that others are to be shown with.

    Args:
        image: The image, with its masks.
        region: The part of it that counts; None for all.
        taken: Red, green and blue as the user chose them, if so; those without values get the image's.

    Returns:
        Red, green and blue, or grey, in physical units; without values where nothing is clear in the image.

    Raises:
        InputError: The image cannot be read.
    """
    chosen = taken or [Stretch(number) for number in colour_bands(image.bands)]
    if all(item.lowest is not None for item in chosen):
        return tuple(chosen)
    values = clear_values(image, [item.band for item in chosen], region)
    return tuple(
        item if item.lowest is not None or not own.size else _between(item.band, own)
        for item, own in zip(chosen, values)
    )


def _temporal(dataset: Any) -> str:
    """Return the layer's date for QGIS's temporal controller: the day that the raster shows; "" where none is known.

    QGIS also shows a layer that begins exactly where a frame ends. No other beginning of the day helps: where dates lie
    a step apart and the frames begin with the first layer (Set to Full Range), each ends where the next layer begins.
    """
    text = dataset.GetMetadataItem("DATE", DOMAIN) or dataset.GetMetadataItem(f"{DOMAIN}_DATE") or ""
    moment = moment_of(text) if text else None
    if moment is None:
        return ""
    day = moment.date().isoformat()
    ends = f"<start>{day}T00:00:00Z</start><end>{day}T23:59:59Z</end>"
    return f'<temporal enabled="1" mode="0" fetchMode="0"><fixedRange>{ends}</fixedRange></temporal>'


def colour_bands(bands: Sequence[Band]) -> tuple[int, ...]:
    """Return the numbers of the bands to show as red, green and blue; one number for grey."""
    if len(bands) < 3:
        return (1,)
    return _by_wavelength(bands) or _by_name(bands) or (1, 2, 3)


def _by_wavelength(bands: Sequence[Band]) -> Optional[tuple[int, ...]]:
    known = [(band.wavelength_nm, number) for number, band in enumerate(bands, 1) if band.wavelength_nm]
    chosen = []
    for _, wanted in _RED_GREEN_BLUE:
        distance, number = min(((abs(value - wanted), number) for value, number in known), default=(np.inf, 0))
        if distance > _FARTHEST_NM:
            return None
        chosen.append(number)
    return tuple(chosen) if len(set(chosen)) == 3 else None


def _by_name(bands: Sequence[Band]) -> Optional[tuple[int, ...]]:
    words = [re.findall(r"[a-z]+", band.name.lower()) for band in bands]
    chosen = [[number for number, found in enumerate(words, 1) if colour in found] for colour, _ in _RED_GREEN_BLUE]
    return tuple(numbers[0] for numbers in chosen) if all(chosen) else None


def _stretches(layer: QgsRasterLayer) -> Optional[tuple[Stretch, ...]]:
    renderer = layer.renderer() if layer.isValid() else None
    if not isinstance(renderer, QgsMultiBandColorRenderer):
        return None
    bands = (renderer.redBand(), renderer.greenBand(), renderer.blueBand())
    contrasts = (
        renderer.redContrastEnhancement(),
        renderer.greenContrastEnhancement(),
        renderer.blueContrastEnhancement(),
    )
    if min(bands) < 1:
        return None
    return tuple(
        Stretch(band, contrast.minimumValue(), contrast.maximumValue()) if contrast else Stretch(band)
        for band, contrast in zip(bands, contrasts)
    )


def _has_own_range(layer: QgsRasterLayer) -> bool:
    """Tell whether the user typed the values shown darkest and brightest; QGIS's own vary a little by themselves."""
    renderer = layer.renderer()
    contrast = renderer.redContrastEnhancement()
    off = QgsContrastEnhancement.ContrastEnhancementAlgorithm.NoEnhancement
    typed = QgsRasterMinMaxOrigin.limitsString(renderer.minMaxOrigin().limits()) == "None"
    return typed and contrast is not None and contrast.contrastEnhancementAlgorithm() != off


def _found(dataset: Any, wanted: Stretch) -> Stretch:
    """Return the stretch with its values, as QGIS shows them: with scale and offset applied."""
    if wanted.lowest is not None:
        return wanted
    values = _valid_sample(dataset, wanted.band)
    if values.size == 0:
        return Stretch(wanted.band, 0.0, 1.0)
    described = describe_band(dataset, wanted.band)
    return _between(wanted.band, values, described.scale, described.offset)


def _between(band: int, values: Array, scale: float = 1.0, offset: float = 0.0) -> Stretch:
    """Return the stretch of a band over its values, which are shown with a scale and an offset."""
    ends = np.percentile(values, _PERCENTILES) * scale + offset
    lowest, highest = sorted(float(end) for end in ends)
    return Stretch(band, lowest, highest if highest > lowest else lowest + abs(scale))


def _valid_sample(dataset: Any, number: int) -> Array:
    """Return valid pixels of a band: of a reduced read, or of windows all over a large raster without overviews."""
    band = dataset.GetRasterBand(number)
    columns, rows = dataset.RasterXSize, dataset.RasterYSize
    if band.GetOverviewCount() or columns * rows <= _WHOLE_PIXELS:
        return _valid_values(band, (0, 0, columns, rows), (min(columns, _SAMPLE_SIDE), min(rows, _SAMPLE_SIDE)))
    width, height = min(columns, _PATCH_SIDE), min(rows, _PATCH_SIDE)
    places = [
        (int(x), int(y))
        for y in np.linspace(0, rows - height, _PATCHES)
        for x in np.linspace(0, columns - width, _PATCHES)
    ]
    return np.concatenate([_valid_values(band, (x, y, width, height), (width, height)) for x, y in places])


def _valid_values(band: Any, window: tuple[int, int, int, int], size: tuple[int, int]) -> Array:
    data, _ = quietly(band.ReadRaster, *window, *size, gdal.GDT_Float64)
    mask, _ = quietly(band.GetMaskBand().ReadRaster, *window, *size, gdal.GDT_Byte)
    if data is None or mask is None:
        return np.empty(0)
    values = np.frombuffer(data, np.float64)
    return values[(np.frombuffer(mask, np.uint8) > 0) & np.isfinite(values)]


def _continuous(shown: Sequence[Stretch]) -> str:
    """Return the renderer of a colour or grey image; only numbers go in, so nothing is escaped."""
    if len(shown) == 1:
        attributes = f'type="singlebandgray" gradient="BlackToWhite" grayBand="{shown[0].band}"'
        return _renderer(attributes, _contrast("contrastEnhancement", shown[0]))
    named = [(colour, item) for (colour, _), item in zip(_RED_GREEN_BLUE, shown)]
    bands = " ".join(f'{colour}Band="{item.band}"' for colour, item in named)
    contrasts = "".join(_contrast(f"{colour}ContrastEnhancement", item) for colour, item in named)
    return _renderer(f'type="multibandcolor" {bands}', contrasts)


def _renderer(attributes: str, content: str) -> str:
    return f'<rasterrenderer opacity="1" alphaBand="-1" nodataColor="" {attributes}>{content}</rasterrenderer>'


def _contrast(tag: str, shown: Stretch) -> str:
    ends = f"<minValue>{shown.lowest!r}</minValue><maxValue>{shown.highest!r}</maxValue>"
    return f"<{tag}>{ends}<algorithm>StretchToMinimumMaximum</algorithm></{tag}>"


def _paletted(dataset: Any) -> str:
    """Return a colour for every class that occurs; neighbours in number differ much in hue."""
    entries = []
    for value in _classes(dataset):
        parts = colorsys.hsv_to_rgb(value * 0.618034 % 1.0, 0.65, 0.9)
        colour = "#" + "".join(f"{round(255 * part):02x}" for part in parts)
        entries.append(f'<paletteEntry value="{value}" label="{value}" color="{colour}" alpha="255"/>')
    return _renderer('type="paletted" band="1"', f"<colorPalette>{''.join(entries)}</colorPalette>")


def _classes(dataset: Any) -> list[int]:
    """Return the labels in the first band, read in strips; the nodata value is none of them."""
    band = dataset.GetRasterBand(1)
    found: set[int] = set()
    for row in range(0, dataset.RasterYSize, 256):
        rows = min(256, dataset.RasterYSize - row)
        data, _ = quietly(band.ReadRaster, 0, row, dataset.RasterXSize, rows, buf_type=gdal.GDT_Int32)
        if data is not None:
            found.update(int(value) for value in np.unique(np.frombuffer(data, np.int32)))
    nodata = band.GetNoDataValue()
    return sorted(value for value in found if value != nodata)
