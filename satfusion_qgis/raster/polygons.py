"""Polygons that bound what is computed: read once, kept in pixels of the target grid, burnt window by window."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, Optional

import numpy as np
from osgeo import gdal, ogr, osr

from ..tasks.errors import InputError
from ..tasks.job import Area
from ..tasks.method import Array
from .gdal_calls import crs_name, first_line, quietly, same_crs
from .grid import Grid

_UNIT = 1 / 1024  # GDAL takes a geotransform of 0, 1, 0, 0, 0, 1 for none, so a pixel is not 1 wide
_PARTS_OF_A_SIDE = 64
_EDGE_POINTS = 21
_MARGIN = 0.25
_KINDS = (ogr.wkbPolygon, ogr.wkbMultiPolygon, ogr.wkbCurvePolygon, ogr.wkbMultiSurface, ogr.wkbGeometryCollection)
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Shape:
    """A polygon's rings, float64 (points, 2), and bounds (left, top, right, bottom), in pixels of its grid."""

    rings: tuple[Array, ...]
    bounds: _Box

    def wkb(self, box: _Box) -> bytes:
        """Return the polygon as well-known binary, exact within a box and with few points beyond it."""
        rings = [_thinned(ring, box) * _UNIT for ring in self.rings]
        parts = [struct.pack("<BII", 1, ogr.wkbPolygon, len(rings))]
        for ring in rings:
            parts += [struct.pack("<I", len(ring)), ring.astype("<f8").tobytes()]
        return b"".join(parts)


@dataclass(frozen=True)
class Polygons:
    """Polygons on a grid. A pixel is inside when its centre is.

    Attributes:
        shapes: The polygons, in pixels of the grid that they were read for.
        row: First row of this grid in that one.
        column: First column of this grid in that one.
    """

    shapes: tuple[_Shape, ...]
    row: int = 0
    column: int = 0

    @property
    def part(self) -> tuple[int, int, int, int]:
        """Row, column, rows and columns of the pixels whose centres lie in the bounds of all polygons.

        They may lie outside the grid; rows or columns below 1 mean that there are none.
        """
        left, top = (min(shape.bounds[side] for shape in self.shapes) for side in (0, 1))
        right, bottom = (max(shape.bounds[side] for shape in self.shapes) for side in (2, 3))
        row, column = math.ceil(top - 0.5), math.ceil(left - 0.5)
        rows, columns = math.floor(bottom - 0.5) + 1 - row, math.floor(right - 0.5) + 1 - column
        return row - self.row, column - self.column, rows, columns

    def moved(self, row: int, column: int) -> Polygons:
        """Return the polygons on a part of the grid that begins at a row and column."""
        return replace(self, row=self.row + row, column=self.column + column)

    def inside(self, box: _Box, rows: int, columns: int) -> Optional[Array]:
        """Return which pixels of a block have their centre inside a polygon.

        Args:
            box: Left, top, width and height of the block, in pixels of the grid.
            rows: Rows of the block, whose pixels may be of any size.
            columns: Columns of the block.

        Returns:
            bool (rows, columns), or None where all are inside.
        """
        left, top, width, height = box[0] + self.column, box[1] + self.row, box[2], box[3]
        around = (left, top, left + width, top + height)
        near = [one.wkb(around) for one in self.shapes if _touch(one.bounds, around)]
        if not near:
            return np.zeros((rows, columns), np.bool_)
        placed = (left * _UNIT, width / columns * _UNIT, 0.0, top * _UNIT, 0.0, height / rows * _UNIT)
        inside = _burn(near, placed, rows, columns)
        return None if inside.all() else inside


def read_polygons(area: Area, grid: Grid) -> Polygons:
    """Read the polygons of a job and place them on a grid.

    Raises:
        InputError: The file cannot be read, holds no polygons, or its CRS is unknown or does not fit.
    """
    found = list(_given(area, grid)) if area.path is None else list(_of_file(area, grid))
    shapes = []
    for geometry, crs in found:
        moved = _onto(geometry, crs, grid)
        shapes += [] if moved is None else [_shape(polygon, grid) for polygon in _polygons(moved)]
    if not found:
        raise InputError(f"MASK holds no polygons{f': {PurePath(area.path).name}' if area.path else ''}.")
    if not shapes:
        raise InputError("MASK does not overlap the images.")
    return Polygons(tuple(shapes))


def _given(area: Area, grid: Grid) -> Iterator[tuple[Any, str]]:
    """Yield the polygons that the job holds as text, with their CRS."""
    crs = _wkt(area.crs) if area.crs else grid.crs
    for text in area.polygons:
        geometry, error = quietly(ogr.CreateGeometryFromWkt, text)
        if geometry is None or error:
            raise InputError(f"MASK holds a text that is no polygon: {text[:40]!r}.")
        yield from ((polygon, crs) for polygon in _polygons(geometry))


def _of_file(area: Area, grid: Grid) -> Iterator[tuple[Any, str]]:
    """Yield the polygons of a file, with their CRS."""
    path = str(area.path)
    dataset, error = quietly(gdal.OpenEx, path, gdal.OF_VECTOR)
    if dataset is None:
        if not path.startswith("/vsi") and ":" not in path and not Path(path).exists():
            raise InputError(f"The file {path} does not exist.")
        raise InputError(f"MASK: cannot read {path} as polygons: {first_line(error)}.")
    layer = _layer(dataset, area, PurePath(path).name)
    stated, _ = quietly(layer.GetSpatialRef)
    crs = _wkt(area.crs) if area.crs else stated.ExportToWkt() if stated is not None else ""
    if not crs:
        raise InputError(
            f"MASK: {PurePath(path).name} has no coordinate reference system; assign one first (Define projection)."
        )
    box = None if same_crs(crs, grid.crs) else _box_in(crs, grid)
    if box is not None:
        layer.SetSpatialFilterRect(*box)
    for feature in _features(layer, path):
        geometry = feature.GetGeometryRef()
        if geometry is not None:
            yield from ((polygon, crs) for polygon in _polygons(geometry.Clone()))
    if box is not None and layer.GetFeatureCount() == 0:
        raise InputError("MASK does not overlap the images.")


def _features(layer: Any, path: str) -> Iterator[Any]:
    while True:
        feature, error = quietly(layer.GetNextFeature)
        if error:
            raise InputError(f"MASK: cannot read {path}; it may be damaged: {first_line(error)}.")
        if feature is None:
            return
        yield feature


def _layer(dataset: Any, area: Area, name: str) -> Any:
    names = [dataset.GetLayer(place).GetName() for place in range(dataset.GetLayerCount())]
    if area.layer is not None:
        layer, _ = quietly(dataset.GetLayerByName, area.layer)
        if layer is None:
            raise InputError(f"MASK: {name} has no layer {area.layer!r}; it has {', '.join(names) or 'none'}.")
        return layer
    if len(names) != 1:
        raise InputError(f"MASK: {name} has {len(names)} layers; say which one holds the polygons.")
    return dataset.GetLayer(0)


def _polygons(geometry: Any) -> Iterator[Any]:
    """Yield the plain polygons of a geometry; points and lines bound nothing."""
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if kind not in _KINDS or geometry.IsEmpty():
        return
    if kind == ogr.wkbPolygon:
        yield geometry
        return
    if kind == ogr.wkbCurvePolygon:
        yield from _polygons(geometry.GetLinearGeometry())
        return
    for place in range(geometry.GetGeometryCount()):
        yield from _polygons(geometry.GetGeometryRef(place).Clone())


def _onto(geometry: Any, crs: str, grid: Grid) -> Optional[Any]:
    """Return a polygon in the grid's CRS; None where it lies far outside the grid.

    A straight side in one CRS is curved in another, so sides are cut into pieces before.
    """
    if same_crs(crs, grid.crs):
        return geometry
    left, right, bottom, top = geometry.GetEnvelope()
    box = _box_in(crs, grid)
    if box is not None and not _touch((left, bottom, right, top), box):
        return None
    if box is not None and not (left >= box[0] and bottom >= box[1] and right <= box[2] and top <= box[3]):
        geometry = _clipped(geometry, box)
        left, right, bottom, top = geometry.GetEnvelope()
    if geometry.IsEmpty():
        return None
    geometry.Segmentize(max(right - left, top - bottom) / _PARTS_OF_A_SIDE)
    status, error = quietly(geometry.Transform, _transformation(crs, grid.crs))
    if status == 0 and not error and all(math.isfinite(value) for value in geometry.GetEnvelope()):
        return geometry
    raise InputError(f"Cannot reproject MASK from {crs_name(crs)} to {crs_name(grid.crs)}.")


def _clipped(geometry: Any, box: _Box) -> Any:
    """Return a polygon without what lies far from the grid, where its CRS may not reach."""
    rectangle = _rectangle(box)
    for shape in (geometry, quietly(geometry.MakeValid)[0]):
        part, error = quietly(shape.Intersection, rectangle) if shape is not None else (None, "")
        if part is not None and not error:
            return part
    return geometry


def _box_in(crs: str, grid: Grid) -> Optional[_Box]:
    """Return the bounds of the grid, and some more, in another CRS; None where they cannot be told."""
    steps = np.linspace(0.0, 1.0, _EDGE_POINTS)
    places = [(x * grid.columns, y * grid.rows) for x in steps for y in steps]
    points, error = quietly(_transformation(grid.crs, crs).TransformPoints, [grid.position(*at) for at in places])
    ends = np.array(points or [(math.nan, math.nan)], np.float64)[:, :2]
    if error or not np.isfinite(ends).all():
        return None
    low, high = ends.min(axis=0), ends.max(axis=0)
    more = _MARGIN * (high - low)
    (left, bottom), (right, top) = low - more, high + more
    return float(left), float(bottom), float(right), float(top)


def _transformation(crs: str, other: str) -> Any:
    references = []
    for wkt in (crs, other):
        reference = osr.SpatialReference()
        quietly(reference.ImportFromWkt, wkt)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        references.append(reference)
    made, error = quietly(osr.CoordinateTransformation, *references)
    if made is None or error:
        raise InputError(f"Cannot reproject MASK from {crs_name(crs)} to {crs_name(other)}: {first_line(error)}.")
    return made


def _wkt(crs: str) -> str:
    reference = osr.SpatialReference()
    _, error = quietly(reference.SetFromUserInput, crs)
    if error:
        raise InputError(f"MASK: {crs[:60]!r} is no coordinate reference system.")
    return str(reference.ExportToWkt())


def _rectangle(box: _Box) -> Any:
    left, bottom, right, top = box
    corners = ((left, bottom), (right, bottom), (right, top), (left, top), (left, bottom))
    return ogr.CreateGeometryFromWkt(f"POLYGON (({', '.join(f'{x!r} {y!r}' for x, y in corners)}))")


def _shape(polygon: Any, grid: Grid) -> _Shape:
    """Return a polygon, in the grid's CRS, in pixels of the grid."""
    x0, a, b, y0, d, e = grid.geotransform
    inverse = np.linalg.inv(np.array([[a, b], [d, e]]))
    rings = []
    for place in range(polygon.GetGeometryCount()):
        points = np.array(polygon.GetGeometryRef(place).GetPoints() or [(x0, y0)], np.float64)[:, :2]
        rings.append((points - (x0, y0)) @ inverse.T)
    if not all(np.isfinite(ring).all() for ring in rings):
        raise InputError("MASK holds a polygon whose coordinates are no numbers.")
    outer = rings[0]
    bounds = (*outer.min(axis=0), *outer.max(axis=0))
    return _Shape(tuple(rings), tuple(float(value) for value in bounds))  # type: ignore[arg-type]


def _thinned(ring: Array, box: _Box) -> Array:
    """Return a ring without the points in the middle of a run that stays on one side of a box.

    The straight line across such a run stays on that side too, and passes as often between two pixels of the box as
    the run did, up to an even number; so the inside of the ring is the same within the box.
    """
    x, y = ring.T
    beyond = (x < box[0] - 1, x > box[2] + 1, y < box[1] - 1, y > box[3] + 1)
    side = np.select(beyond, (1, 2, 3, 4))
    keep = np.ones(len(ring), np.bool_)
    keep[1:-1] = (side[1:-1] == 0) | (side[1:-1] != side[:-2]) | (side[1:-1] != side[2:])
    thinned: Array = ring[keep]
    return thinned


def _touch(one: _Box, other: _Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _burn(shapes: Sequence[bytes], geotransform: Sequence[float], rows: int, columns: int) -> Array:
    """Return, bool (rows, columns), whose centres lie inside a polygon, given as well-known binary."""
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Byte)
    raster.SetGeoTransform(list(geotransform))
    driver, _ = quietly(ogr.GetDriverByName, "Memory")
    vector = (driver or ogr.GetDriverByName("MEM")).CreateDataSource("")
    layer = vector.CreateLayer("", None, ogr.wkbPolygon)
    for shape in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(shape))
        layer.CreateFeature(feature)
    _, error = quietly(gdal.RasterizeLayer, raster, [1], layer, burn_values=[1])
    if error:
        raise InputError(f"MASK cannot be drawn: {first_line(error)}.")
    burnt = np.frombuffer(raster.GetRasterBand(1).ReadRaster(), np.uint8)
    inside: Array = burnt.reshape(rows, columns) == 1
    return inside
