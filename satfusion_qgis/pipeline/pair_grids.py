"""Laying pairs of fine and coarse images over each other: coarse ones of another CRS come onto one lattice.

A coarse image is warped to square pixels of the area that its own have on the ground, counted in fine pixels, so that
a coarse pixel stays one; the lattice lies on the centre of a coarse pixel in the middle of the fine image, and is the
same for all coarse images. The kernel is cubic convolution, which GDAL takes around missing pixels by the weights that
are left; what a mask or a valid range leaves out is made missing before.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

import numpy as np
from osgeo import gdal, osr

from ..raster.clearness import box_in, region_of
from ..raster.gdal_calls import crs_name, quietly, write
from ..raster.grid import Grid
from ..raster.reader import Reader, Source, warped_onto
from ..tasks.errors import InputError
from ..tasks.job import Mask
from ..tasks.method import Array
from ..tasks.window import Axis
from .pairs import COARSE, FINE, RESAMPLED, TARGET

# Coarse pixels around the fine image that methods look at.
_MARGIN = 32
# Of the fine pixel: what has about its size was resampled onto it already.
_SAME_SIZE = (1 / RESAMPLED, RESAMPLED)
_ALIKE = 1.05
# The reach of cubic convolution in pixels, and how large a copy of a coarse image in memory may be.
_REACH = 2
_COPIED_BYTES = 96 << 20


def align_pairs(sources: dict[str, tuple[Source, ...]], full: Grid, notes: list[str]) -> None:
    """Warp the images whose axes do not run along the target's; changes `sources`.

    Raises:
        InputError: An image does not overlap FINE_1, cannot be warped, or is finer than it should be.
    """
    for role in FINE:
        for image in sources.get(role, ()):
            _check_overlap(role, image, full)
            axes = image.grid.axes_on(full)
            if axes is None or not _same_pixels(axes):
                whence = crs_name(image.grid.crs)
                sources[role] = (warped_onto(image, full),)
                notes.append(f"{role}: {image.name} ({whence}) is resampled onto FINE_1's grid (cubic)")
    lattices: list[Grid] = []
    for role in COARSE:
        for image in sources.get(role, ()):
            _check_overlap(role, image, full)
            if image.grid.axes_on(full) is not None:
                if role == TARGET and not _resampled(image, full):
                    lattices.append(image.grid)
                continue
            own = lattice_of(image, full)
            lattice = next((one for one in lattices if _alike(one, own)), own)
            if lattice not in lattices:
                lattices.append(lattice)
            changed = warped_onto(_cleaned(image, lattice), lattice)
            sources[role] = (changed,)
            size = lattice.pixel[0] / full.pixel[0]
            notes.append(
                f"{role}: {image.name} is reprojected from {changed.warped_from} to {crs_name(full.crs)} at about its "
                f"own pixel size, {size:.4g} fine pixels (cubic)"
            )


def _cleaned(image: Source, lattice: Grid) -> Source:
    """Return an image without what its mask and its valid range leave out, so that no kernel mixes it into the rest.

    The part that the lattice covers is copied into memory with these pixels missing. Where that would be large, the
    mask is grown by the kernel's reach instead.
    """
    if image.mask is None and not any(band.valid is not None for band in image.bands):
        return image
    box = box_in(region_of(lattice), image.grid)
    if box is None:
        return image
    rows = _span(box[0], box[2], image.grid.rows)
    columns = _span(box[1], box[3], image.grid.columns)
    if rows[1] * columns[1] * len(image.bands) * 4 > _COPIED_BYTES:
        mask = image.mask
        return image if mask is None else replace(image, mask=replace(mask, dilate_px=mask.dilate_px + _REACH))
    values, valid = Reader(image).read(rows[0], columns[0], rows[1], columns[1])
    known = np.ones(values.shape[1:], bool) if valid is None else valid
    values[:, ~known] = np.nan
    grid = image.grid.crop(rows[0], columns[0], rows[1], columns[1])
    folder = f"/vsimem/satfusion/{uuid.uuid4().hex}"
    copy, marks = f"{folder}/{image.name}", f"{folder}/mask_{image.name}"
    _write(copy, values, grid)
    _write(marks, (~known)[None].astype(np.uint8), grid)
    bands = tuple(replace(band, nodata=float("nan"), valid=None) for band in image.bands)
    return replace(
        image,
        files=((copy, tuple(range(1, len(bands) + 1))),),
        grid=grid,
        bands=bands,
        mask=Mask(marks, invalid_values=[1]),
        zero_border=None,
        own_masks=(),
        called=image.name,
        virtual=(*image.virtual, copy, marks),
    )


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    """Return first and count of the pixels between two edges, with the kernel's reach, inside the image."""
    first = min(max(math.floor(low) - _REACH - 1, 0), size - 1)
    return first, max(min(math.ceil(high) + _REACH + 1, size) - first, 1)


def _write(path: str, values: Array, grid: Grid) -> None:
    """Write an array (bands, rows, columns) as a raster in memory."""
    bands, rows, columns = values.shape
    kind = gdal.GDT_Byte if values.dtype == np.uint8 else gdal.GDT_Float32
    made = gdal.GetDriverByName("GTiff").Create(path, columns, rows, bands, kind)
    made.SetProjection(grid.crs)
    made.SetGeoTransform(grid.geotransform)
    write(made, path, 0, 0, values)
    if kind == gdal.GDT_Float32:
        for number in range(1, bands + 1):
            made.GetRasterBand(number).SetNoDataValue(float("nan"))
    made.FlushCache()


def _check_overlap(role: str, image: Source, full: Grid) -> None:
    if role != "FINE_1" and region_of(full).shared(region_of(image.grid)) is None:
        raise InputError(f"{role} ({image.name}) and FINE_1 do not overlap; check that they show the same place.")


def _same_pixels(axes: Sequence[Axis]) -> bool:
    return all(abs(axis.scale - 1) < 1e-7 and abs(axis.origin - round(axis.origin)) < 1e-3 for axis in axes)


def _resampled(image: Source, full: Grid) -> bool:
    return image.grid.pixel[0] / full.pixel[0] < _SAME_SIZE[1]


def _alike(one: Grid, other: Grid) -> bool:
    ratio = one.pixel[0] / other.pixel[0]
    return 1 / _ALIKE < ratio < _ALIKE


def lattice_of(image: Source, full: Grid) -> Grid:
    """Return the grid that a coarse image is warped to.

    Args:
        image: The coarse image.
        full: The fine grid.

    Raises:
        InputError: GDAL cannot transform between the two CRSs, or the image is finer than the grid.
    """
    middle = full.position(full.columns / 2, full.rows / 2)
    there = _moved([middle], full.crs, image.grid.crs, image)[0]
    column, row = image.grid.place(*there)
    column, row = math.floor(column) + 0.5, math.floor(row) + 0.5
    corners = [image.grid.position(column + x, row + y) for x, y in ((0, 0), (1, 0), (0, 1))]
    centre, right, down = (full.place(*point) for point in _moved(corners, image.grid.crs, full.crs, image))
    area = abs((right[0] - centre[0]) * (down[1] - centre[1]) - (right[1] - centre[1]) * (down[0] - centre[0]))
    side = math.sqrt(area)
    if side < _SAME_SIZE[0]:
        raise InputError(
            f"{image.role} ({image.name}) has smaller pixels than FINE_1: give the coarse image here and the fine one "
            f"there."
        )
    if side < _SAME_SIZE[1]:
        return full
    first = [_before(centre[axis], side) for axis in (0, 1)]
    counts = [math.ceil((size - start) / side) + _MARGIN for start, size in zip(first, (full.columns, full.rows))]
    x, a, b, y, d, e = full.geotransform
    x, y = full.position(*first)
    return Grid(full.crs, (x, a * side, b * side, y, d * side, e * side), counts[0], counts[1])


def _before(centre: float, side: float) -> float:
    """Return the first edge of pixels of `side`, one of which has its centre there, `_MARGIN` of them outside."""
    return centre - side * (math.ceil(centre / side) + _MARGIN + 0.5)


def _moved(points: Sequence[tuple[float, float]], crs: str, to: str, image: Source) -> list[tuple[float, float]]:
    source, target = osr.SpatialReference(), osr.SpatialReference()
    for reference, wkt in ((source, crs), (target, to)):
        quietly(reference.ImportFromWkt, wkt)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    change, error = quietly(osr.CoordinateTransformation, source, target)
    moved: Optional[list[tuple[float, ...]]] = None
    if change is not None and not error:
        moved, error = quietly(change.TransformPoints, [(x, y) for x, y in points])
    if not moved or error or not all(math.isfinite(value) for point in moved for value in point[:2]):
        raise InputError(
            f"Cannot transform {image.role} ({image.name}) from {crs_name(image.grid.crs)} to FINE_1's coordinate "
            f"reference system."
        )
    return [(point[0], point[1]) for point in moved]
