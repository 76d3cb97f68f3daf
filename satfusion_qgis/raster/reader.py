"""Reading images by window: one file with several bands, or several files that make one image."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Optional

import numpy as np
from osgeo import gdal

from ..tasks.errors import InputError
from ..tasks.job import AUTO_MASK, Input, Mask
from ..tasks.method import Array
from .bands import Band, describe_band, with_overrides
from .gdal_calls import crs_name, first_line, geotransform_of, open_raster, projection_of, quietly, read
from .grid import Grid
from .masks import dilate, marked
from .products import Image, resolve
from .products.quality import MaskChoice, write_mask
from .rational import has_only_coefficients, orthorectify_command

_CORNER = 3
_CACHE_BYTES = 24 << 20
_TEXT_GRIDS = (".asc", ".agr", ".isg")
_PIXEL_TOLERANCE = 0.02
_NO_VALUE = 1e30  # larger ones are inf, undeclared nodata of other programs (3.4e38) or nonsense, and overflow later
_NOTHING = 1e-30  # smaller ones are 0: their products and inverses leave 32-bit floats
_LARGEST_SCALE = 1e8
_PLACED = ".placed.vrt"


@dataclass(frozen=True)
class ZeroBorder:
    """An undeclared border of zeros: in each row, how many pixels from the left and right belong to it."""

    left: Array
    right: Array

    @property
    def pixels(self) -> int:
        """Number of pixels in the border."""
        return int(self.left.sum() + self.right.sum())


@dataclass(frozen=True)
class Source:
    """One image, described; opening and reading it is `Reader`'s work.

    Attributes:
        role: Its role.
        files: (path, band numbers) in band order.
        grid: Its grid.
        bands: Its bands.
        mask: Pixels not to be used.
        zero_border: Undeclared border of zeros, or None.
        own_masks: For each file, whether it brings a mask.
        warped_from: Name of the CRS it was warped from, or "".
        called: File name of the image that it was warped from, or "".
        virtual: Virtual files made for it.
        level: Processing level of the product that it comes from, or "".
        notes: What was found of the product that it comes from, for the log.
    """

    role: str
    files: tuple[tuple[str, tuple[int, ...]], ...]
    grid: Grid
    bands: tuple[Band, ...]
    mask: Optional[Mask] = None
    zero_border: Optional[ZeroBorder] = None
    own_masks: tuple[bool, ...] = ()
    warped_from: str = ""
    called: str = ""
    virtual: tuple[str, ...] = ()
    level: str = ""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """File name, for messages."""
        return self.called or PurePath(self.files[0][0]).name

    @property
    def may_be_invalid(self) -> bool:
        """Whether some pixel may be missing."""
        floating = any(band.dtype.startswith("Float") for band in self.bands)
        declared = any(band.nodata is not None for band in self.bands)
        ranged = any(band.valid is not None for band in self.bands)
        return (
            floating
            or declared
            or ranged
            or any(self.own_masks)
            or self.mask is not None
            or self.zero_border is not None
        )


def describe(role: str, inputs: Sequence[Input], search_border: bool = True) -> Source:
    """Open the files of one image and describe them.

    Args:
        role: Role name, for messages.
        inputs: One input with any bands, or one input for each single-band file, in band order. Where a path is a
            product as delivered, the image of it that suits the role is taken.
        search_border: Look for an undeclared border of zeros, which may mean reading the whole image.

    Raises:
        InputError: A file is missing, unreadable, truncated, has no CRS or geotransform, lacks a band, or the files
            differ in grid.
    """
    found = _Found()
    try:
        opened = _opened_products(role, inputs, found)
        return replace(
            _describe(role, opened, search_border), virtual=found.virtual, level=found.level, notes=tuple(found.notes)
        )
    except InputError:
        for path in found.virtual:
            gdal.Unlink(path)
        raise


@dataclass
class _Found:
    """What came with the products among some inputs."""

    virtual: tuple[str, ...] = ()
    level: str = ""
    notes: list[str] = field(default_factory=list)


def _opened_products(role: str, inputs: Sequence[Input], found: _Found) -> list[Input]:
    """Return the inputs with a raster in place of each product; what came with them is added to `found`."""
    opened = []
    for item in inputs:
        resolved = resolve(item.path, role, item.offset)
        if resolved is not None:
            image, product = resolved.image, resolved.product
            found.level = image.level
            found.notes.append(f"{product.family} {image.level}, {image.title} of {image.product_id}")
            found.notes += product.notes
            item = replace(item, path=resolved.path, mask=_product_mask(item.mask, image, found))
        elif item.mask is not None and item.mask.path == AUTO_MASK:
            raise InputError(
                f"{role}: {PurePath(item.path).name} is no product with a quality band; MASKS must be none."
            )
        opened.append(item)
    return opened


def _product_mask(mask: Optional[Mask], image: Image, found: _Found) -> Optional[Mask]:
    """Return the mask of a product's image, made when the job asks for the product's own."""
    if mask is None or mask.path != AUTO_MASK:
        return mask
    target = f"/vsimem/satfusion/{uuid.uuid4().hex}/{image.product_id}_mask.tif"
    write_mask(image, target, MaskChoice(mask.dilate_px, tuple(mask.invalid_bits or mask.invalid_values)))
    found.virtual += (target,)
    found.notes.append("The product's quality band is applied as a mask")
    return Mask(target, invalid_values=[1])


def _describe(role: str, inputs: Sequence[Input], search_border: bool) -> Source:
    """Describe the files of one image, as they are."""
    files, bands, masks, grid = [], [], [], None
    for item in inputs:
        dataset = open_raster(item.path)
        numbers = _band_numbers(role, item, dataset)
        own = _grid(role, item.path, dataset)
        _probe(dataset, item.path, numbers)
        if grid is not None and (own.columns, own.rows) != (grid.columns, grid.rows):
            raise InputError(
                f"{role}: {PurePath(item.path).name} has {own.columns} x {own.rows} pixels and "
                f"{PurePath(inputs[0].path).name} has {grid.columns} x {grid.rows}; the bands of one "
                f"image need one grid."
            )
        if grid is not None and not _same_pixels(own, grid):
            raise InputError(
                f"{role}: {PurePath(item.path).name} lies on another grid than {PurePath(inputs[0].path).name}; the "
                f"bands of one image need one grid."
            )
        grid = grid or own
        described = with_overrides([describe_band(dataset, number) for number in numbers], item)
        _check_scales(role, item, numbers, described)
        bands += described
        files.append((item.path, tuple(numbers)))
        masks.append(_has_own_mask(dataset.GetRasterBand(numbers[0])))
    if grid is None:
        raise InputError(f"{role} has no raster.")
    if any(item.mask not in (None, inputs[0].mask) for item in inputs):
        raise InputError(f"{role}: the files of one image have different masks; give all of them the same one.")
    source = Source(role, tuple(files), grid, tuple(bands), inputs[0].mask, own_masks=tuple(masks))
    if source.mask is not None:
        _check_mask(source)
    elif search_border and not any(masks) and all(band.nodata is None for band in bands):
        source = replace(source, zero_border=_find_zero_border(source))
    return source


def _has_own_mask(band: Any) -> bool:
    """Tell whether a file brings a mask of its own.

    An alpha band is none: GDAL takes the fourth of any four 8-bit bands for one.
    """
    flags = band.GetMaskFlags()
    return bool(flags & gdal.GMF_PER_DATASET) and not flags & gdal.GMF_ALPHA


def _same_pixels(one: Grid, other: Grid) -> bool:
    axes = one.axes_on(other)
    return axes is not None and all(
        abs(axis.origin) < _PIXEL_TOLERANCE and abs(axis.scale - 1) * axis.size < _PIXEL_TOLERANCE for axis in axes
    )


def warped(source: Source, crs: str) -> Source:
    """Return the source on a grid of about its own pixel size in another CRS, through a virtual warp (cubic).

    Raises:
        InputError: GDAL cannot transform between the two CRSs.
    """
    return _warp(source, crs, {})


def warped_onto(source: Source, grid: Grid) -> Source:
    """Return the source resampled onto exactly `grid`, through a virtual warp (cubic).

    Raises:
        InputError: The grid is rotated, or GDAL cannot transform between the two CRSs.
    """
    if grid.geotransform[2] or grid.geotransform[4]:
        raise InputError(f"{source.role}: {source.name} cannot be resampled onto a rotated grid; warp it before.")
    return _warp(source, grid.crs, {"outputBounds": grid.extent, "width": grid.columns, "height": grid.rows})


def _warp(source: Source, crs: str, onto: dict[str, Any]) -> Source:
    files = []
    grid = source.grid
    nodata = source.bands[0].nodata
    if nodata is None and source.zero_border is not None:
        nodata = 0.0
    for path, numbers in source.files:
        target = f"/vsimem/satfusion/{uuid.uuid4().hex}/{PurePath(path).name}"  # messages and band names show its name
        options = gdal.WarpOptions(
            format="VRT",
            dstSRS=crs,
            resampleAlg="cubic",
            outputType=gdal.GDT_Float32,
            dstNodata="nan",
            errorThreshold=0.01,
            srcNodata=None if nodata is None else repr(nodata),
            **onto,
        )
        dataset, error = quietly(gdal.Warp, target, path, options=options)
        if dataset is None or error:
            raise InputError(f"Cannot reproject {source.role} from {crs_name(source.grid.crs)}: {first_line(error)}.")
        grid = Grid(crs, tuple(dataset.GetGeoTransform()), dataset.RasterXSize, dataset.RasterYSize)
        dataset.FlushCache()
        files.append((target, numbers))
    bands = tuple(replace(band, nodata=float("nan") if band.nodata is None else band.nodata) for band in source.bands)
    return replace(
        source,
        files=tuple(files),
        grid=grid,
        bands=bands,
        mask=None if source.mask is None else _warped_mask(source, source.mask, grid),
        zero_border=None,
        own_masks=(),
        warped_from=crs_name(source.grid.crs),
        called=source.name,
    )


def _warped_mask(source: Source, mask: Mask, grid: Grid) -> Mask:
    """Return the mask, given on the image's own grid, on the grid that the image is warped to (nearest, virtual)."""
    target = f"/vsimem/satfusion/{uuid.uuid4().hex}.vrt"
    placed, error = quietly(gdal.Translate, target + _PLACED, mask.path, format="VRT", bandList=[mask.band])
    if placed is not None:
        placed.SetProjection(source.grid.crs)
        placed.SetGeoTransform(source.grid.geotransform)
        placed.FlushCache()
        options = gdal.WarpOptions(
            format="VRT",
            dstSRS=grid.crs,
            resampleAlg="near",
            outputType=gdal.GDT_Int32,
            outputBounds=grid.extent,
            width=grid.columns,
            height=grid.rows,
        )
        dataset, error = quietly(gdal.Warp, target, placed, options=options)
        if dataset is not None and not error:
            return replace(mask, path=target, band=1)
    raise InputError(f"Cannot reproject the mask {PurePath(mask.path).name} of {source.role}: {first_line(error)}.")


def remove_virtual(source: Source) -> None:
    """Remove the virtual files that were made for a source."""
    for path in source.virtual:
        gdal.Unlink(path)
    if source.warped_from:
        masks = [source.mask.path, source.mask.path + _PLACED] if source.mask else []
        for path in [path for path, _ in source.files] + masks:
            gdal.Unlink(path)


class Reader:
    """Reads windows of one source; each thread needs its own.

    Args:
        source: What to read.
        physical: Give values in physical units (DN * scale + offset) instead of DN.
        images: How many images are read at the same time: each keeps its part of GDAL's cache.
    """

    def __init__(self, source: Source, physical: bool = False, images: int = 1) -> None:
        self._source = source
        self._kept_bytes = _CACHE_BYTES // max(1, images // 2)
        self._datasets = [open_raster(path) for path, _ in source.files]
        self._mask = open_raster(source.mask.path) if source.mask else None
        self._read_bytes = 0
        shape = (len(source.bands), 1, 1)
        self._scale = self._offset = None
        if physical and any(band.scale != 1 or band.offset != 0 for band in source.bands):
            self._scale = np.array([band.scale for band in source.bands], np.float32).reshape(shape)
            self._offset = np.array([band.offset for band in source.bands], np.float32).reshape(shape)

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Array, Optional[Array]]:
        """Read a window.

        Returns:
            Values, float32 (bands, rows, columns), 0 where invalid; and a bool array (rows, columns) that is True where
            every band is valid, or None where all are.

        Raises:
            InputError: The file cannot be read there.
        """
        window = (row, column, rows, columns)
        values = self._values(window)
        valid = self._valid(values, window)
        if self._scale is not None:
            values *= self._scale
            values += self._offset
        if valid is not None:
            values[:, ~valid] = 0
        return values, valid

    def stored(self, row: int, column: int, rows: int, columns: int) -> Array:
        """Read a window's values as they are in the files, missing pixels included; float32 (bands, rows, columns)."""
        return self._values((row, column, rows, columns))

    def _values(self, window: tuple[int, int, int, int]) -> Array:
        parts = [
            read(dataset, path, list(numbers), window)
            for dataset, (path, numbers) in zip(self._datasets, self._source.files)
        ]
        values = parts[0] if len(parts) == 1 else np.concatenate(parts)
        self._keep_cache_small(values.nbytes)
        return values

    def _keep_cache_small(self, count: int) -> None:
        """Drop GDAL's cached blocks of these files now and then: the cache's size belongs to the host program."""
        self._read_bytes += count
        if self._read_bytes > self._kept_bytes:
            self._read_bytes = 0
            for dataset in self._datasets:
                quietly(dataset.FlushCache)

    def _valid(self, values: Array, window: tuple[int, int, int, int]) -> Optional[Array]:
        """Return which pixels have a value, and set those of next to nothing to 0."""
        source = self._source
        bad: Optional[Array] = None
        for band, layer in zip(source.bands, values):
            if band.nodata is not None and band.nodata == band.nodata and not source.warped_from:
                bad = _either(bad, _equals(layer, band.nodata))
            if band.valid is not None:
                bad = _either(bad, (layer < band.valid[0]) | (layer > band.valid[1]))
            if band.dtype.startswith("Float") or source.warped_from:
                size = np.abs(layer)
                bad = _either(bad, ~(size < _NO_VALUE))
                layer[size < _NOTHING] = 0
        row, column, rows, columns = window
        if source.zero_border is not None:
            place = np.arange(column, column + columns)
            left = source.zero_border.left[row : row + rows, None]
            right = source.grid.columns - source.zero_border.right[row : row + rows, None]
            bad = _either(bad, (place < left) | (place >= right))
        if any(source.own_masks):
            bad = _either(bad, self._masked_by_file(window))
        if source.mask is not None:
            bad = _either(bad, self._masked(source.mask, window))
        return None if bad is None else ~bad

    def _masked_by_file(self, window: tuple[int, int, int, int]) -> Array:
        """Tell where a file's own mask is 0."""
        row, column, rows, columns = window
        bad = np.zeros((rows, columns), bool)
        for dataset, (path, numbers), masked in zip(self._datasets, self._source.files, self._source.own_masks):
            if masked:
                band = dataset.GetRasterBand(numbers[0]).GetMaskBand()
                data, error = quietly(band.ReadRaster, column, row, columns, rows, buf_type=gdal.GDT_Byte)
                if data is None or error:
                    raise InputError(f"Cannot read the mask of {path}: {first_line(error)}.")
                bad |= np.frombuffer(data, np.uint8).reshape(rows, columns) == 0
        return bad

    def _masked(self, mask: Mask, window: tuple[int, int, int, int]) -> Array:
        row, column, rows, columns = window
        grow = mask.dilate_px
        top, left = max(row - grow, 0), max(column - grow, 0)
        bottom = min(row + rows + grow, self._source.grid.rows)
        right = min(column + columns + grow, self._source.grid.columns)
        part = (top, left, bottom - top, right - left)
        flags = read(self._mask, mask.path, [mask.band], part, "int32")[0]
        named = bool(mask.invalid_values or mask.invalid_bits)
        found = dilate(marked(flags, mask.invalid_values, mask.invalid_bits) if named else flags != 0, grow)
        return found[row - top : row - top + rows, column - left : column - left + columns]


def _equals(layer: Array, nodata: float) -> Array:
    """Tell where float32 values are a nodata value, which may lie beyond float32's range."""
    most = np.finfo(np.float32).max
    if abs(nodata) > most:
        found: Array = layer >= most if nodata > 0 else layer <= -most
    else:
        found = layer == np.float32(nodata)
    return found


def _either(bad: Optional[Array], more: Array) -> Optional[Array]:
    if bad is not None:
        bad |= more
        return bad
    return more if more.any() else None


def _band_numbers(role: str, item: Input, dataset: Any) -> list[int]:
    count = dataset.RasterCount
    if count == 0:
        raise InputError(f"{role}: {PurePath(item.path).name} has no raster bands; choose one of its subdatasets.")
    for number in item.bands:
        if not 1 <= number <= count:
            raise InputError(
                f"{role}: {PurePath(item.path).name} has bands 1 to {count}, but band {number} was asked for."
            )
    numbers = item.bands or list(range(1, count + 1))
    for number in numbers:
        if gdal.DataTypeIsComplex(dataset.GetRasterBand(number).DataType):
            raise InputError(
                f"{role}: band {number} of {PurePath(item.path).name} holds complex numbers; real ones are needed."
            )
    return numbers


def _grid(role: str, path: str, dataset: Any) -> Grid:
    name = PurePath(path).name
    geotransform = geotransform_of(dataset)
    if has_only_coefficients(dataset):
        command = orthorectify_command(path, f"{PurePath(path).stem}_ortho.tif", dataset)
        raise InputError(f"{role}: {name} is not orthorectified (RPCs only); first run {command}.")
    if geotransform is None or not all(math.isfinite(value) for value in geotransform) or not _area(geotransform):
        raise InputError(f"{role}: {name} has no geotransform; georeference it first (Raster > Georeferencer).")
    crs = projection_of(dataset)
    if not crs:
        raise InputError(f"{role}: {name} has no coordinate reference system; assign one first (Assign projection).")
    return Grid(crs, geotransform, dataset.RasterXSize, dataset.RasterYSize)


def _area(geotransform: Sequence[float]) -> float:
    """Return the area of a pixel, with the sign of its orientation."""
    return geotransform[1] * geotransform[5] - geotransform[2] * geotransform[4]


def _check_scales(role: str, item: Input, numbers: Sequence[int], bands: Sequence[Band]) -> None:
    """Refuse a scale or an offset with which a pixel has no value."""
    for number, band in zip(numbers, bands):
        if not (0 < abs(band.scale) <= _LARGEST_SCALE and abs(band.offset) < _NO_VALUE):
            raise InputError(
                f"{role}: band {number} of {PurePath(item.path).name} has a scale of {band.scale:g} and an offset of "
                f"{band.offset:g}, which cannot be; set them first (gdal_edit.py -scale 1 -offset 0)."
            )


def _probe(dataset: Any, path: str, numbers: list[int]) -> None:
    """Read the pixels in the corners, so that a truncated file is refused before work begins.

    Text grids are read from top to bottom: GDAL 3.6 seeks the last row of a truncated one for ever.
    """
    rows, columns = dataset.RasterYSize, dataset.RasterXSize
    text = any(PurePath(name).suffix.lower() in _TEXT_GRIDS for name in dataset.GetFileList() or ())
    for row in range(rows) if text else (0, rows - 1):
        for column in {0, columns - 1}:
            read(dataset, path, [numbers[0], numbers[-1]], (row, column, 1, 1))


def _check_mask(source: Source) -> None:
    mask = source.mask
    if mask is None:
        return
    dataset = open_raster(mask.path)
    size = (dataset.RasterXSize, dataset.RasterYSize)
    if size != (source.grid.columns, source.grid.rows):
        raise InputError(
            f"{source.role}: the mask {PurePath(mask.path).name} has {size[0]} x {size[1]} pixels, the image has "
            f"{source.grid.columns} x {source.grid.rows}; they need one grid."
        )
    if not 1 <= mask.band <= dataset.RasterCount:
        raise InputError(f"{source.role}: the mask {PurePath(mask.path).name} has no band {mask.band}.")


def _find_zero_border(source: Source) -> Optional[ZeroBorder]:
    """Look for an undeclared border of zeros, as rotated scenes have; None where all corners have values."""
    rows, columns = source.grid.rows, source.grid.columns
    reader = Reader(source)
    side_r, side_c = min(_CORNER, rows), min(_CORNER, columns)
    corners = [(r, c) for r in {0, rows - side_r} for c in {0, columns - side_c}]
    if all(reader.stored(r, c, side_r, side_c).any() for r, c in corners):
        return None
    left, right = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    step = max(1, (8 << 20) // (columns * len(source.bands)))
    for row in range(0, rows, step):
        some = reader.stored(row, 0, min(step, rows - row), columns).any(axis=0)
        empty = ~some.any(axis=1)
        left[row : row + step] = np.where(empty, columns, some.argmax(axis=1))
        right[row : row + step] = np.where(empty, 0, some[:, ::-1].argmax(axis=1))
    return ZeroBorder(left, right)
