"""From an image of a product to a virtual raster (VRT) that carries all that is known of it."""

from __future__ import annotations

import html
import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from osgeo import gdal, osr

from ...tasks.errors import InputError
from ..gdal_calls import first_line, geotransform_of, projection_of, quietly, same_crs
from ..grid import Grid
from ..rational import has_only_coefficients, orthorectify_command, utm_zone
from .container import start_of
from .model import Image, Product, ProductBand

_TOLERANCE = 0.02
_SUBDATASET = re.compile(r"^[A-Z][A-Z0-9_]+:")
_DRIVERS = {".jp2": ("JP2OpenJPEG", "JP2KAK", "JP2ECW", "JP2MrSID", "JPEG2000")}


@dataclass(frozen=True)
class Tile:
    """One file of a band, and where it lies in the image."""

    path: str
    number: int
    dtype: str
    column: int
    row: int
    columns: int
    rows: int
    block: tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """An image's grid, and the tiles of each band."""

    grid: Grid
    bands: tuple[tuple[Tile, ...], ...]


def open_part(path: str, product_id: str) -> Any:
    """Open one raster of a product.

    Raises:
        InputError: It is missing or damaged, or GDAL lacks the driver.
    """
    if not _SUBDATASET.match(path) and quietly(gdal.VSIStatL, path)[0] is None:
        raise InputError(f"The product {product_id} is incomplete: {short_name(path)} is missing.")
    dataset, error = quietly(gdal.OpenEx, path, gdal.OF_RASTER)
    if dataset is not None:
        return dataset
    names = _DRIVERS.get(PurePath(path).suffix.lower(), ())
    if names and not any(gdal.GetDriverByName(name) for name in names):
        raise InputError(
            f"This GDAL has no driver for JPEG 2000, which {short_name(path)} needs; install one with JP2OpenJPEG, as "
            f"QGIS's own packages have it."
        )
    raise InputError(f"The product {product_id} is damaged: {short_name(path)} cannot be read ({first_line(error)}).")


def short_name(path: str) -> str:
    """Return a file's name, or that of a dataset inside a file, for messages."""
    match = re.match(r'^[A-Z][A-Z0-9_]+:.*"(.+?)":?/*(.*)$', path)
    return f"{PurePath(match[1]).name} ({match[2]})" if match else PurePath(path).name


def lay_out(image: Image) -> Layout:
    """Open all files of an image and find out how they lie.

    Raises:
        InputError: A file is missing or damaged, has no place on the ground, or another grid than the others.
    """
    if not image.bands or not all(band.files for band in image.bands):
        raise InputError(f"The product {image.product_id} is incomplete: its metadata name no file for {image.title}.")
    placed = [[_Opened.of(path, band, image) for path in band.files] for band in image.bands]
    grid = _mosaic([tile for tiles in placed for tile in tiles], image)
    return Layout(grid, tuple(tuple(_tile(opened, grid, image) for opened in tiles) for tiles in placed))


@dataclass(frozen=True)
class _Opened:
    """One file of a band, as it describes itself."""

    path: str
    number: int
    dtype: str
    grid: Grid
    block: tuple[int, int]

    @classmethod
    def of(cls, path: str, band: ProductBand, image: Image) -> _Opened:
        dataset = open_part(path, image.product_id)
        if band.number > dataset.RasterCount:
            raise InputError(
                f"The product {image.product_id} is damaged: {short_name(path)} has {dataset.RasterCount} band(s), and "
                f"band {band.number} is needed."
            )
        raster = dataset.GetRasterBand(band.number)
        return cls(
            path,
            band.number,
            gdal.GetDataTypeName(raster.DataType),
            _own_grid(path, dataset, image),
            tuple(raster.GetBlockSize()),
        )


def _own_grid(path: str, dataset: Any, image: Image) -> Grid:
    geotransform = geotransform_of(dataset)
    crs = projection_of(dataset)
    size = dataset.RasterXSize, dataset.RasterYSize
    if geotransform is not None and crs:
        return Grid(crs, geotransform, *size)
    if image.swath is not None:
        return Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), *size)
    if image.grid is not None and (geotransform is None or not crs):
        crs, numbers = image.grid
        return Grid(crs, _six(numbers if geotransform is None else geotransform), *size)
    if has_only_coefficients(dataset):
        raise InputError(
            coefficients_only(image.product_id, path, f"{image.product_id}_{image.key}_ortho.tif", dataset)
        )
    raise InputError(
        f"The product {image.product_id} cannot be placed on the ground: {short_name(path)} has no georeference."
    )


def coefficients_only(product_id: str, path: str, output: str, dataset: Any = None) -> str:
    """Return the sentence that refuses an image without a grid, with the command that gives it one."""
    command = orthorectify_command(path, output, dataset)
    return f"The product {product_id} is not orthorectified (RPCs only); first run {command}, dem.tif being heights."


def _six(numbers: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f


def _mosaic(tiles: list[_Opened], image: Image) -> Grid:
    """Return the smallest grid that holds all tiles."""
    first = tiles[0].grid
    lowest, highest = [0.0, 0.0], [0.0, 0.0]
    for tile in tiles:
        own = tile.grid
        pixel = all(abs(a / b - 1) * own.columns < _TOLERANCE * 10 for a, b in zip(own.pixel, first.pixel))
        if not pixel or (not same_crs(own.crs, first.crs) and own.crs != first.crs):
            raise InputError(
                f"The product {image.product_id} is inconsistent: {short_name(tile.path)} has another pixel size or "
                f"coordinate reference system than {short_name(tiles[0].path)}."
            )
        start = first.place(*own.position(0, 0))
        end = first.place(*own.position(own.columns, own.rows))
        lowest = [min(lowest[0], start[0]), min(lowest[1], start[1])]
        highest = [max(highest[0], end[0]), max(highest[1], end[1])]
    column, row = round(lowest[0]), round(lowest[1])
    return first.crop(row, column, round(highest[1]) - row, round(highest[0]) - column)


def _tile(opened: _Opened, grid: Grid, image: Image) -> Tile:
    column, row = grid.place(*opened.grid.position(0, 0))
    if max(abs(column - round(column)), abs(row - round(row))) > _TOLERANCE:
        raise InputError(
            f"The product {image.product_id} is inconsistent: {short_name(opened.path)} lies between the pixels of its "
            f"neighbours."
        )
    place = round(column), round(row), opened.grid.columns, opened.grid.rows
    return Tile(opened.path, opened.number, opened.dtype, *place, opened.block)


def write_virtual(product: Product, image: Image, path: str) -> None:
    """Write the VRT of an image; and beside it, for a swath, those that place it.

    Args:
        product: The product.
        image: One of its images.
        path: Where the VRT goes.

    Raises:
        InputError: The image cannot be read, or the VRT cannot be written.
    """
    layout = lay_out(image)
    if image.swath is not None:
        _write_swath(product, image, layout, path)
    else:
        put_text(path, _document(product, image, layout, path))
    dataset, error = quietly(gdal.OpenEx, path, gdal.OF_RASTER)
    if dataset is None:
        raise InputError(f"Cannot read back {path}: {first_line(error)}.")


def put_text(path: str, text: str) -> None:
    """Write a small file whole: under another name first.

    Raises:
        InputError: It cannot be written.
    """
    if path.startswith("/vsi"):
        content = text.encode("utf-8")
        if quietly(gdal.VSIStatL, path)[0] is None or start_of(path, len(content) + 1) != content:
            gdal.FileFromMemBuffer(path, content)
        return
    part = Path(f"{path}.{uuid.uuid4().hex[:8]}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"Cannot write {path}: {error.strerror}.") from None


def _document(product: Product, image: Image, layout: Layout, path: str) -> str:
    grid = layout.grid
    lines = [f'<VRTDataset rasterXSize="{grid.columns}" rasterYSize="{grid.rows}">']
    if image.swath is None:
        lines.append(f'  <SRS dataAxisToSRSAxisMapping="{_axes(grid.crs)}">{_escaped(grid.crs)}</SRS>')
        lines.append(f"  <GeoTransform>{', '.join(repr(float(number)) for number in grid.geotransform)}</GeoTransform>")
    lines += _metadata("", _facts(product, image))
    lines += _metadata("IMAGERY", _imagery(product))
    for place, (band, tiles) in enumerate(zip(image.bands, layout.bands), 1):
        lines += _band(place, band, tiles, image, path)
    return "\n".join([*lines, "</VRTDataset>"]) + "\n"


def _axes(crs: str) -> str:
    """Return the order of axes that makes GDAL take the geotransform as x and y, whatever the CRS says."""
    reference = osr.SpatialReference()
    if quietly(reference.ImportFromWkt, crs)[1]:
        return "1,2"
    swapped = reference.EPSGTreatsAsLatLong() or reference.EPSGTreatsAsNorthingEasting()
    return "2,1" if swapped else "1,2"


def _facts(product: Product, image: Image) -> dict[str, str]:
    facts = {"PRODUCT_ID": image.product_id, "PROCESSING_LEVEL": image.level, "SENSOR": product.sensor}
    return {**facts, "DATE": product.date, **product.metadata}


def _imagery(product: Product) -> dict[str, str]:
    """Return GDAL's own items for imagery."""
    moment = product.date.rstrip("Z").replace("T", " ")
    return {"SATELLITEID": product.sensor.rpartition(" ")[0], "ACQUISITIONDATETIME": moment}


def _metadata(domain: str, items: dict[str, str]) -> list[str]:
    known = {key: value for key, value in items.items() if value}
    if not known:
        return []
    of_domain = f' domain="{domain}"' if domain else ""
    lines = [f'    <MDI key="{_escaped(key)}">{_escaped(value)}</MDI>' for key, value in known.items()]
    return [f"  <Metadata{of_domain}>", *lines, "  </Metadata>"]


def _band(place: int, band: ProductBand, tiles: Sequence[Tile], image: Image, path: str) -> list[str]:
    lines = [
        f'  <VRTRasterBand dataType="{tiles[0].dtype}" band="{place}">',
        f"    <Description>{_escaped(band.name)}</Description>",
    ]
    if band.unit:
        lines.append(f"    <UnitType>{_escaped(band.unit)}</UnitType>")
    lines += [f"    <Offset>{band.offset!r}</Offset>", f"    <Scale>{band.scale!r}</Scale>"]
    if image.nodata is not None:
        lines.append(f"    <NoDataValue>{image.nodata:.17g}</NoDataValue>")
    if band.valid is not None:
        lines += _metadata("", {"VALID_MIN": f"{band.valid[0]:.17g}", "VALID_MAX": f"{band.valid[1]:.17g}"})
    if band.wavelength_nm is not None:
        lines += _metadata("IMAGERY", {"CENTRAL_WAVELENGTH_UM": repr(round(band.wavelength_nm / 1000, 9))})
    for tile in tiles:
        lines += _source(tile, band, image, path)
    return [*lines, "  </VRTRasterBand>"]


def _source(tile: Tile, band: ProductBand, image: Image, path: str) -> list[str]:
    limits = band.valid if band.enforce and image.nodata is not None else None
    kind = "SimpleSource" if limits is None else "ComplexSource"
    name, relative = _relative(tile.path, path)
    size = f'xSize="{tile.columns}" ySize="{tile.rows}"'
    lines = [
        f"    <{kind}>",
        f'      <SourceFilename relativeToVRT="{relative}">{_escaped(name)}</SourceFilename>',
        f"      <SourceBand>{tile.number}</SourceBand>",
        f'      <SourceProperties RasterXSize="{tile.columns}" RasterYSize="{tile.rows}" DataType="{tile.dtype}" '
        f'BlockXSize="{tile.block[0]}" BlockYSize="{tile.block[1]}" />',
        f'      <SrcRect xOff="0" yOff="0" {size} />',
        f'      <DstRect xOff="{tile.column}" yOff="{tile.row}" {size} />',
    ]
    if limits is not None and image.nodata is not None:
        lines.append(f"      <LUT>{_limiting_table(limits, image.nodata)}</LUT>")
    return [*lines, f"    </{kind}>"]


def _limiting_table(limits: tuple[float, float], nodata: float) -> str:
    """Return a table that keeps whole numbers within the limits and makes all others nodata."""
    low, high = limits
    pairs = ((low - 1, nodata), (low, low), (high, high), (high + 1, nodata))
    return ",".join(f"{number:.17g}:{value:.17g}" for number, value in pairs)


def _relative(source: str, target: str) -> tuple[str, int]:
    """Return how a VRT names a source, and whether that is relative to the VRT."""
    if target.startswith("/vsi") or source.startswith("/vsi") or _SUBDATASET.match(source):
        return source, 0
    try:
        return os.path.relpath(source, Path(target).absolute().parent).replace(os.sep, "/"), 1
    except ValueError:  # another drive
        return source, 0


def _escaped(text: str) -> str:
    """Return a text for XML, without the control characters that it cannot hold."""
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text), quote=True)


def _write_swath(product: Product, image: Image, layout: Layout, path: str) -> None:
    """Write the bands as they were seen, their positions, and the virtual warp onto a grid."""
    swath = image.swath
    if swath is None:
        return
    stem = path[: -len(".vrt")]
    positions = {"X": (f"{stem}_lon.vrt", swath.longitude), "Y": (f"{stem}_lat.vrt", swath.latitude)}
    for target, source in positions.values():
        _write_positions(source, target, image)
    seen = f"{stem}_swath.vrt"
    geolocation = {
        **{f"{axis}_DATASET": target for axis, (target, _) in positions.items()},
        "X_BAND": "1",
        "Y_BAND": "1",
        "PIXEL_OFFSET": "0",
        "LINE_OFFSET": "0",
        "PIXEL_STEP": "1",
        "LINE_STEP": "1",
        "GEOREFERENCING_CONVENTION": "PIXEL_CENTER",
        "SRS": _wgs84(),
    }
    text = _document(product, image, layout, seen)
    end = text.rindex("</VRTDataset>")
    put_text(seen, text[:end] + "\n".join(_metadata("GEOLOCATION", geolocation)) + "\n" + text[end:])
    _warp(image, seen, path, swath.pixel_m, _middle(positions, image))


def _write_positions(source: str, target: str, image: Image) -> None:
    """Write a VRT of positions in degrees: GDAL takes them as they are stored."""
    swath = image.swath
    dataset = open_part(source, image.product_id)
    columns, rows = dataset.RasterXSize, dataset.RasterYSize
    name, relative = _relative(source, target)
    scale, offset = (swath.scale, swath.offset) if swath else (1.0, 0.0)
    put_text(
        target,
        f'<VRTDataset rasterXSize="{columns}" rasterYSize="{rows}">\n'
        f'  <VRTRasterBand dataType="Float64" band="1">\n    <ComplexSource>\n'
        f'      <SourceFilename relativeToVRT="{relative}">{_escaped(name)}</SourceFilename>\n'
        f"      <SourceBand>1</SourceBand>\n      <ScaleOffset>{offset!r}</ScaleOffset>\n"
        f"      <ScaleRatio>{scale!r}</ScaleRatio>\n    </ComplexSource>\n  </VRTRasterBand>\n</VRTDataset>\n",
    )


def _middle(positions: dict[str, tuple[str, str]], image: Image) -> tuple[float, float]:
    """Return longitude and latitude of the middle of a swath."""
    values = []
    for axis in ("X", "Y"):
        dataset = open_part(positions[axis][0], image.product_id)
        place = dataset.RasterXSize // 2, dataset.RasterYSize // 2
        content, error = quietly(dataset.ReadRaster, *place, 1, 1, buf_type=gdal.GDT_Float64)
        if content is None or error:
            raise InputError(f"The product {image.product_id} is damaged: its positions cannot be read.")
        values.append(memoryview(content).cast("d")[0])
    return values[0], values[1]


def _warp(image: Image, seen: str, path: str, pixel_m: float, middle: tuple[float, float]) -> None:
    options = gdal.WarpOptions(
        format="VRT",
        geoloc=True,
        dstSRS=utm_zone(*middle),
        xRes=pixel_m,
        yRes=pixel_m,
        resampleAlg="near",
        srcNodata=None if image.nodata is None else f"{image.nodata:.17g}",
        dstNodata=None if image.nodata is None else f"{image.nodata:.17g}",
    )
    warped, error = quietly(gdal.Warp, path, seen, options=options)
    if warped is None or error:
        raise InputError(f"The product {image.product_id} cannot be placed by its positions: {first_line(error)}.")
    for place, band in enumerate(image.bands, 1):
        target = warped.GetRasterBand(place)
        target.SetDescription(band.name)
        target.SetScale(band.scale)
        target.SetOffset(band.offset)
        target.SetUnitType(band.unit)
        if band.wavelength_nm is not None:
            micrometres = repr(round(band.wavelength_nm / 1000, 9))
            target.SetMetadataItem("CENTRAL_WAVELENGTH_UM", micrometres, "IMAGERY")
    warped.FlushCache()


def _wgs84() -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return str(reference.ExportToWkt())
