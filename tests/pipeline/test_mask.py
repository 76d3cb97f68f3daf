"""MASK: only pixels inside polygons count in the statistics and are written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr, osr

from satfusion_qgis import pipeline
from satfusion_qgis.raster.polygons import read_polygons
from satfusion_qgis.raster.reader import describe
from satfusion_qgis.tasks.job import Area, Input, Job
from tests.pipeline.support import METHODS, OnDisk, facts, files_in, on_disk, read_array, refused, small_pair
from tests.scenes import make_pair, write_geotiff

CORNERS = ((10.27, 8.23), (70.31, 15.29), (61.37, 77.21), (20.19, 60.41))  # column, row, in PAN pixels
HOLE = ((30.27, 30.27), (44.27, 30.27), (44.27, 41.27), (30.27, 41.27))


def ring(pair: OnDisk, corners: tuple = CORNERS) -> list[tuple[float, float]]:
    x, a, _, y, _, e = pair.scene.pan_geotransform
    return [(x + a * column, y + e * row) for column, row in (*corners, corners[0])]


def wkt(pair: OnDisk, *rings: tuple) -> str:
    texts = [", ".join(f"{x!r} {y!r}" for x, y in ring(pair, one)) for one in rings or (CORNERS,)]
    return "POLYGON (" + ", ".join(f"({text})" for text in texts) + ")"


def centres_inside(shape: tuple[int, int], corners: tuple, step: int = 1) -> np.ndarray:
    """Which pixel centres lie in a convex polygon, given in fine pixels and clockwise in the image."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    x, y = (columns + 0.5) * step, (rows + 0.5) * step
    inside = np.ones(shape, bool)
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0])):
        inside &= (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0
    return inside


def write_vector(path: Path, texts: list[str], epsg: int | None = 32633, layer: str = "areas") -> Path:
    driver = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}[path.suffix]
    reference = None
    if epsg is not None:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    dataset = ogr.Open(str(path), 1) if path.exists() else ogr.GetDriverByName(driver).CreateDataSource(str(path))
    made = dataset.CreateLayer(layer, reference, ogr.wkbUnknown)
    for text in texts:
        feature = ogr.Feature(made.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
        made.CreateFeature(feature)
    return path


def box_of(mask: np.ndarray) -> tuple[slice, slice]:
    rows, columns = np.nonzero(mask)
    return slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)


@pytest.fixture
def pair(tmp_path: Path) -> OnDisk:
    return small_pair(tmp_path, 96, 104)


@pytest.mark.parametrize("window", [None, 16, 48])
def test_inside_is_as_without_a_mask_and_outside_is_nodata(pair: OnDisk, tmp_path: Path, window: int | None) -> None:
    whole = pair.fuse("exp", window=window)
    fused = pair.fuse("exp", tmp_path / "fused.tif", window=window, area=Area(polygons=[wkt(pair, CORNERS, HOLE)]))
    inside = centres_inside((96, 104), CORNERS) & ~centres_inside((96, 104), HOLE)
    part = box_of(inside)
    assert np.isnan(facts(tmp_path / "fused.tif").bands[0].nodata)
    np.testing.assert_array_equal(np.isfinite(fused).all(axis=0), inside[part])
    np.testing.assert_allclose(fused[:, inside[part]], whole[:, inside], atol=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_what_lies_outside_does_not_count(tmp_path: Path, method: str) -> None:
    scene = make_pair(96, 104)
    area = Area(polygons=[wkt(OnDisk(tmp_path, tmp_path, scene))])
    expected = on_disk(tmp_path / "clean", scene).fuse(method, area=area)
    far = 12  # the kernels of the resampling reach this far beyond the polygon when pixels are made
    wide = tuple((c + far * (1 if c > 40 else -1), r + far * (1 if r > 40 else -1)) for c, r in CORNERS)
    rng = np.random.default_rng(1)
    pan, ms = scene.pan.copy(), scene.ms.copy()
    outside = ~centres_inside((96, 104), wide)
    pan[:, outside] = rng.random(outside.sum()) * 30000
    outside = ~centres_inside(ms.shape[1:], wide, 4)
    ms[:, outside] = rng.random((len(ms), outside.sum())) * 30000
    found = on_disk(tmp_path / "odd", scene, ms=ms, pan=pan).fuse(method, area=area)
    deep = 40 if method == "mtf_glp_fs" else 0  # its low-pass of PAN reaches farther
    rows, columns = (slice(deep // 2, size - deep // 2) for size in expected.shape[1:])
    np.testing.assert_allclose(found[:, rows, columns], expected[:, rows, columns], rtol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_windows_do_not_show(pair: OnDisk, method: str) -> None:
    area = Area(polygons=[wkt(pair, CORNERS, HOLE)])
    whole = pair.fuse(method, window=8192, area=area)
    for window, threads in ((16, 2), (48, 1)):
        cut = pair.fuse(method, window=window, threads=threads, area=area)
        np.testing.assert_array_equal(np.isnan(cut), np.isnan(whole))
        np.testing.assert_allclose(cut, whole, atol=1e-5 * np.nanmax(whole))


def test_windows_see_the_same_part_of_a_winding_polygon(pair: OnDisk) -> None:
    rng = np.random.default_rng(3)
    walk = np.cumsum(rng.normal(0, 6, (4000, 2)), axis=0)
    walk = 50 + 60 * np.sin(walk / 40)  # in and out of the image, across itself
    polygon = wkt(pair, tuple(map(tuple, walk.tolist())), HOLE)
    grid = describe("PAN", [Input("PAN", str(pair.pan))]).grid
    placed = read_polygons(Area(polygons=[polygon]), grid)
    whole = placed.inside((-40.0, -40.0, 200.0, 200.0), 200, 200)
    assert whole is not None and 0.1 < whole.mean() < 0.9
    for left, top, width, height in (
        (0, 0, 104, 96),
        (16, 32, 16, 16),
        (90, 80, 40, 7),
        (-40, 10, 100, 3),
        (50, 50, 1, 1),
    ):
        found = placed.inside((left, top, width, height), height, width)
        expected = whole[top + 40 : top + 40 + height, left + 40 : left + 40 + width]
        np.testing.assert_array_equal(np.ones_like(expected) if found is None else found, expected)
        moved = placed.moved(5, 7).inside((left - 7, top - 5, width, height), height, width)
        np.testing.assert_array_equal(np.ones_like(expected) if moved is None else moved, expected)


@pytest.mark.parametrize("name", ["areas.gpkg", "areas.geojson", "areas.shp"])
def test_files(pair: OnDisk, tmp_path: Path, name: str) -> None:
    expected = pair.fuse("gsa", area=Area(polygons=[wkt(pair)]))
    path = write_vector(tmp_path / name, [wkt(pair)])
    np.testing.assert_array_equal(pair.fuse("gsa", area=Area(str(path))), expected)


def test_another_crs(pair: OnDisk, tmp_path: Path) -> None:
    utm, degrees = osr.SpatialReference(), osr.SpatialReference()
    utm.ImportFromEPSG(32633)
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    polygon = ogr.CreateGeometryFromWkt(wkt(pair))
    polygon.Segmentize(1.0)
    polygon.Transform(osr.CoordinateTransformation(utm, degrees))
    expected = pair.fuse("gsa", area=Area(polygons=[wkt(pair)]))
    as_text = pair.fuse("gsa", area=Area(polygons=[polygon.ExportToWkt()], crs="EPSG:4326"))
    world = "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"
    path = write_vector(tmp_path / "areas.gpkg", [polygon.ExportToWkt()], 4326)
    as_file = pair.fuse("gsa", area=Area(str(path)))
    for found in (as_text, as_file):
        np.testing.assert_array_equal(found, expected)
    everything = pair.fuse("exp", area=Area(polygons=[world], crs="EPSG:4326"))
    np.testing.assert_array_equal(everything, pair.fuse("exp"))


def test_several_polygons_and_kinds(pair: OnDisk) -> None:
    far = ((80.25, 2.25), (95.25, 2.25), (95.25, 12.25), (80.25, 12.25))
    one, other = wkt(pair), wkt(pair, far)
    both = f"MULTIPOLYGON ({one[8:]}, {other[8:]})"
    mixed = f"GEOMETRYCOLLECTION (POINT (1 1), {one}, {other})"
    expected = pair.fuse("exp", area=Area(polygons=[one, other]))
    inside = centres_inside((96, 104), CORNERS) | centres_inside((96, 104), far)
    np.testing.assert_array_equal(np.isfinite(expected[0]), inside[box_of(inside)])
    for polygons in ([both], [mixed], [other, one, one]):
        np.testing.assert_array_equal(pair.fuse("exp", area=Area(polygons=polygons)), expected)


def test_with_an_extent(pair: OnDisk) -> None:
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    fused = pair.fuse("exp", area=Area(polygons=[wkt(pair)]), extent=[x, y - 20, x + 20, y])
    assert fused.shape[1:] == (40 - 9 + 1, 40 - 11 + 1) or fused.shape[1] <= 40
    assert np.isnan(fused[0, 0, -1]) or np.isfinite(fused).any()


def test_integers_get_a_nodata_value(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 96, 104, dtype="uint16")
    fused = pair.fuse("gsa", tmp_path / "fused.tif", area=Area(polygons=[wkt(pair)]))
    inside = centres_inside((96, 104), CORNERS)
    assert facts(tmp_path / "fused.tif").bands[0].nodata == 0
    np.testing.assert_array_equal(fused[0] > 0, inside[box_of(inside)])


@pytest.mark.parametrize("as_file", [True, False])
def test_an_output_can_be_made_again(
    pair: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_file: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    write_vector(tmp_path / "areas.gpkg", [wkt(pair)])
    area = Area("areas.gpkg", "areas") if as_file else Area(polygons=[wkt(pair)])
    expected = pair.fuse("gsa", tmp_path / "fused.tif", area=area)
    again = pipeline.job_of(str(tmp_path / "fused.tif"))
    assert again.area == (replace(area, path=str(tmp_path / "areas.gpkg")) if as_file else area)
    monkeypatch.chdir("/")
    pipeline.run(again)
    np.testing.assert_array_equal(read_array(tmp_path / "fused.tif"), expected)


def test_rotated_grids(tmp_path: Path) -> None:
    scene = make_pair(64, 64)
    turned = {}
    for name in ("ms", "pan"):
        x, a, _, y, _, e = getattr(scene, f"{name}_geotransform")
        turned[f"{name}_geotransform"] = (x, a * 0.8, a * 0.6, y, -a * 0.6, e * 0.8)
    scene = replace(scene, **turned)
    pair = on_disk(tmp_path, scene)
    x, a, b, y, d, e = scene.pan_geotransform
    corners = [(x + a * c + b * r, y + d * c + e * r) for c, r in ((9.3, 5.3), (40.3, 5.3), (40.3, 33.3), (9.3, 33.3))]
    text = f"POLYGON (({', '.join(f'{x!r} {y!r}' for x, y in [*corners, corners[0]])}))"
    fused = pair.fuse("exp", area=Area(polygons=[text]))
    assert fused.shape[1:] == (28, 31) and np.isfinite(fused).all()


def test_masks_that_cannot_be_used(pair: OnDisk, tmp_path: Path) -> None:
    target = tmp_path / "fused.tif"
    far = ((1000.0, 1000.0), (1010.0, 1000.0), (1010.0, 1010.0))
    thin = ((10.6, 10.6), (10.9, 10.6), (10.9, 10.9))
    write_vector(tmp_path / "far.gpkg", [wkt(pair, far)])
    write_vector(tmp_path / "elsewhere.gpkg", ["POLYGON ((100 10, 101 10, 101 11, 100 10))"], 4326)
    write_vector(tmp_path / "points.gpkg", ["POINT (1 1)"])
    write_vector(tmp_path / "empty.gpkg", [])
    write_vector(tmp_path / "bare.shp", [wkt(pair)], None)
    write_vector(write_vector(tmp_path / "two.gpkg", [wkt(pair)]), [wkt(pair)], layer="more")
    (tmp_path / "text.gpkg").write_text("nothing")
    for area, words in (
        (Area(str(tmp_path / "no.gpkg")), ["no.gpkg", "not exist"]),
        (Area(str(tmp_path / "text.gpkg")), ["MASK", "text.gpkg"]),
        (Area(str(tmp_path / "far.gpkg")), ["MASK does not overlap"]),
        (Area(str(tmp_path / "elsewhere.gpkg")), ["MASK does not overlap"]),
        (Area(str(tmp_path / "points.gpkg")), ["MASK holds no polygons"]),
        (Area(str(tmp_path / "empty.gpkg")), ["MASK holds no polygons"]),
        (Area(str(tmp_path / "bare.shp")), ["bare.shp", "coordinate reference system"]),
        (Area(str(tmp_path / "two.gpkg")), ["two.gpkg", "2 layers"]),
        (Area(str(tmp_path / "two.gpkg"), "third"), ["two.gpkg", "third", "areas, more"]),
        (Area(), ["MASK holds no polygons"]),
        (Area(polygons=["POLYGON ((1 1"]), ["MASK", "POLYGON ((1 1"]),
        (Area(polygons=["POLYGON ((nan 1, 2 3, inf 4, nan 1))"]), ["MASK"]),
        (Area(polygons=[wkt(pair, far)]), ["MASK does not overlap"]),
        (Area(polygons=[wkt(pair)], crs="EPSG:0"), ["MASK", "EPSG:0"]),
    ):
        refused(pair.job("exp", target, area=area), *words)
    refused(pair.job("exp", target, area=Area(polygons=[wkt(pair, thin)])), "MASK")


def test_a_mask_over_missing_pixels_only(pair: OnDisk, tmp_path: Path) -> None:
    ms = pair.scene.ms.copy()
    ms[:, :20, :20] = np.nan
    write_geotiff(pair.ms, ms, pair.scene.ms_geotransform, dtype="float32")
    for method in ("exp", "gsa"):
        refused(pair.job(method, tmp_path / "f.tif", area=Area(polygons=[wkt(pair, HOLE)])), "valid pixel", early=False)
    assert "f.tif" not in files_in(tmp_path)


def test_jobs_go_to_json_and_back(pair: OnDisk, tmp_path: Path) -> None:
    job = pair.job("exp", tmp_path / "f.tif", area=Area("a.gpkg", "b", ["c"], "d"))
    assert Job.from_json(job.to_json()) == job
    data = json.loads(job.to_json())
    for wrong in ({"file": "a"}, {"path": 5}, {"polygons": "POLYGON"}, [1]):
        with pytest.raises(ValueError, match="area"):
            Job.from_json(json.dumps({**data, "area": wrong}))
