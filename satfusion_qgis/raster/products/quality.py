"""The mask of an image: 1 where a product's own quality band says that a pixel is not to be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal

from ...tasks.errors import Cancelled, InputError
from ...tasks.feedback import Feedback
from ...tasks.method import Array
from ..gdal_calls import first_line, geotransform_of, projection_of, quietly, read, same_crs, write
from ..grid import Grid
from ..masks import dilate, marked
from .model import Image, Quality
from .virtual import lay_out, open_part, short_name

_ROWS = 512
LARGEST_DILATION = 100


@dataclass(frozen=True)
class MaskChoice:
    """How a mask is to be made.

    Attributes:
        dilate_px: Grow what is marked by this many pixels of the quality band.
        flags: Bits or classes to mark instead of the product's usual ones.
    """

    dilate_px: int = 0
    flags: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Flags:
    """One quality band, opened, and which of its pixels each pixel of the image touches."""

    dataset: Any
    quality: Quality
    rows: tuple[Array, Array]
    columns: tuple[Array, Array]
    grow: int

    def window(self, row: int, rows: int) -> Array:
        """Return what is marked in some rows of the image."""
        first, last = self.rows[0][row : row + rows], self.rows[1][row : row + rows]
        height, width = self.dataset.RasterYSize, self.dataset.RasterXSize
        top = max(int(first.min()) - self.grow, 0)
        bottom = min(int(last.max()) + 1 + self.grow, height)
        flags = read(self.dataset, self.quality.path, [1], (top, 0, bottom - top, width), "int32")[0]
        found = dilate(marked(flags, self.quality.values, self.quality.bits), self.grow)
        found = _touched(found, first - top, last - top)
        return _touched(found.T, *self.columns).T


def _touched(found: Array, first: Array, last: Array) -> Array:
    """Tell for each span of rows, from `first` to `last`, where any of them is marked."""
    single = first == last
    if single.all():
        picked: Array = found[first]
        return picked
    sums = np.zeros((found.shape[0] + 1, found.shape[1]), np.int32)
    np.cumsum(found, axis=0, out=sums[1:])
    spans: Array = sums[last + 1] > sums[first]
    return spans


def write_mask(
    image: Image, path: str, choice: Optional[MaskChoice] = None, feedback: Optional[Feedback] = None
) -> None:
    """Write an image's mask as a GeoTIFF: 1 = do not use, 0 = use.

    A pixel is marked when any marked pixel of a quality band touches it.

    Args:
        image: The image.
        path: Where it goes; the file appears only when whole.
        choice: Dilation and flags.
        feedback: Who may cancel.

    Raises:
        InputError: The product has no quality band, it is missing or damaged, or the mask cannot be written.
        Cancelled: The user cancelled.
    """
    choice, feedback = choice or MaskChoice(), feedback or Feedback()
    if not 0 <= choice.dilate_px <= LARGEST_DILATION:
        raise InputError(f"DILATE must lie between 0 and {LARGEST_DILATION} pixels, not {choice.dilate_px}.")
    if not image.quality or image.swath is not None:
        raise InputError(
            f"The product {image.product_id} has no quality band that SatFusion knows, so no mask is made."
        )
    grid = lay_out(image).grid
    bands = [_open(_as_chosen(quality, choice), grid, image, choice) for quality in image.quality]
    part = path if path.startswith("/vsi") else f"{path}.part"
    try:
        _fill(part, grid, bands, feedback)
        if part != path:
            Path(part).replace(path)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        if part != path:
            Path(part).unlink(missing_ok=True)


def _as_chosen(quality: Quality, choice: MaskChoice) -> Quality:
    if not choice.flags or not quality.chosen:
        return quality
    if quality.bits:
        if max(choice.flags) > 15:
            raise InputError(f"FLAGS must be bit numbers between 0 and 15, not {max(choice.flags)}.")
        return Quality(quality.path, bits=choice.flags)
    return Quality(quality.path, values=choice.flags)


def _open(quality: Quality, grid: Grid, image: Image, choice: MaskChoice) -> _Flags:
    dataset = open_part(quality.path, image.product_id)
    rows, columns = _spans(dataset, quality, grid)
    return _Flags(dataset, quality, rows, columns, choice.dilate_px if quality.grows else 0)


def _spans(dataset: Any, quality: Quality, grid: Grid) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return the first and last pixel of the quality band that each row and each column of the image touches."""
    size = dataset.RasterYSize, dataset.RasterXSize
    geotransform, crs = geotransform_of(dataset), projection_of(dataset)
    if geotransform is None or not crs:  # it covers the same ground then
        return _span(0.0, size[0] / grid.rows, grid.rows, size[0]), _span(
            0.0, size[1] / grid.columns, grid.columns, size[1]
        )
    own = Grid(crs, geotransform, size[1], size[0])
    if not same_crs(crs, grid.crs):
        raise InputError(f"{short_name(quality.path)} has another coordinate reference system than the image.")
    column, row = own.place(*grid.position(0, 0))
    scale_x, scale_y = grid.pixel[0] / own.pixel[0], grid.pixel[1] / own.pixel[1]
    return _span(row, scale_y, grid.rows, size[0]), _span(column, scale_x, grid.columns, size[1])


def _span(origin: float, scale: float, count: int, size: int) -> tuple[Array, Array]:
    edges = origin + scale * np.arange(count + 1)
    first = np.floor(edges[:-1] + 1e-3).astype(np.int64)
    last = np.ceil(edges[1:] - 1e-3).astype(np.int64) - 1
    return np.clip(first, 0, size - 1), np.clip(np.maximum(last, first), 0, size - 1)


def _fill(path: str, grid: Grid, bands: Sequence[_Flags], feedback: Feedback) -> None:
    options = ["TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER"]
    driver = gdal.GetDriverByName("GTiff")
    dataset, error = quietly(driver.Create, path, grid.columns, grid.rows, 1, gdal.GDT_Byte, options)
    if dataset is None:
        raise InputError(f"Cannot write {path}: {first_line(error)}.")
    dataset.SetProjection(grid.crs)
    dataset.SetGeoTransform(grid.geotransform)
    dataset.GetRasterBand(1).SetDescription("1 = do not use")
    for row in range(0, grid.rows, _ROWS):
        if feedback.cancelled():
            raise Cancelled
        rows = min(_ROWS, grid.rows - row)
        found = np.zeros((rows, grid.columns), bool)
        for band in bands:
            found |= band.window(row, rows)
        write(dataset, path, row, 0, found.astype(np.uint8)[None])
    _, error = quietly(dataset.FlushCache)
    if error:
        raise InputError(f"Cannot write {path}: {first_line(error)}.")
