"""Revisits: which are chosen, in which order, on which grid; stacks, masks, dates; and what is refused."""

from __future__ import annotations

import html
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.plan import make_plan
from satfusion_qgis.pipeline.revisit_inputs import automatic_mask, revisit_inputs, unstacked
from satfusion_qgis.tasks.dates import moment_in_name
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Mask, Output, Preview
from tests.pipeline.support import QUICK, CancelsAt, Log, read_array
from tests.revisits_task import REVISITS_CATALOGUE
from tests.scenes import write_geotiff

ROWS, COLUMNS, PIXEL = 20, 24, 10.0
BASE = 1000  # of all values, so that no revisit is far brighter than others
ORIGIN = (500000.0, 5000000.0)
PLACE = (ORIGIN[0], PIXEL, 0.0, ORIGIN[1], 0.0, -PIXEL)


@dataclass
class Folder:
    """A folder of revisits; each is flat, so that a pixel tells which revisit it comes from."""

    path: Path
    files: list[Path] = field(default_factory=list)

    def add(self, name: str, value: float, clouds: float = 0.0, place: Any = PLACE, **options: Any) -> Path:
        """Write a revisit of one value above the base, of which a share of rows from the top is missing."""
        rows, columns = options.pop("size", (ROWS, COLUMNS))
        image = np.full((options.pop("bands", 2), rows, columns), BASE + value)
        image[1:] += 1
        image[:, : round(clouds * rows)] = 0
        options = {"dtype": "uint16", "nodata": 0, **options}
        self.files.append(write_geotiff(self.path / name, image, place, **options))
        return self.files[-1]

    def job(self, method: str = "first", inputs: Optional[list[Input]] = None, pan: str = "", **fields: Any) -> Job:
        """A job over all files."""
        inputs = inputs or [Input("REVISITS", str(path), index) for index, path in enumerate(self.files)]
        weight = fields.pop("weight", False)
        options = fields.pop("options", QUICK)
        outputs = [Output("OUTPUT", str(self.path / "out.tif"), options=dict(options))]
        outputs += [Output("WEIGHT", str(self.path / "weight.tif"), "measure", options=dict(options))] if weight else []
        task = "multi_image_pansharpening" if pan else "super_resolution"
        return Job(task, method, [*inputs, *([Input("PAN", pan)] if pan else [])], outputs, **fields)

    def run(self, log: Optional[Log] = None, **fields: Any) -> np.ndarray:
        """Run a job and return its pixels, without the base."""
        pipeline.run(self.job(**fields), REVISITS_CATALOGUE, log or Log())
        made = read_array(self.path / "out.tif")
        return np.where(made > 0, made - made.dtype.type(BASE), 0)

    def order(self, **fields: Any) -> list[str]:
        """Names of the revisits that are used, in order."""
        plan = make_plan(self.job(**fields), REVISITS_CATALOGUE)
        plan.close()
        return [one.name for one in plan.revisits["REVISITS"].revisits]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def three(folder: Folder) -> Folder:
    """Three dates: half, a quarter and nothing of them clouded."""
    folder.add("a_20240601.tif", 100, clouds=0.5)
    folder.add("b_20240611.tif", 200, clouds=0.25)
    folder.add("c_20240626.tif", 300)
    return folder


def shifted(columns: float, rows: float = 0.0, pixel: float = PIXEL) -> tuple[float, ...]:
    return (ORIGIN[0] + columns * PIXEL, pixel, 0.0, ORIGIN[1] - rows * PIXEL, 0.0, -pixel)


# Which are chosen.


def test_the_clearest_is_the_reference_and_others_follow(three: Folder) -> None:
    log = Log()
    fused = three.run(log, weight=True)
    assert fused.shape == (2, 2 * ROWS, 2 * COLUMNS)
    np.testing.assert_array_equal(fused[0], 300)
    np.testing.assert_array_equal(fused[1], 301)
    assert three.order() == ["c_20240626.tif", "b_20240611.tif", "a_20240601.tif"]
    weight = read_array(three.path / "weight.tif")
    np.testing.assert_array_equal(weight[0, :, 0], np.repeat([1, 2, 3], [10, 10, 20]))
    told = "\n".join(log.lines)
    assert "the reference is c_20240626.tif (2024-06-26, 100 % clear)" in told
    assert "b_20240611.tif is used (2024-06-11, 15 days before, 75 % clear)" in told
    assert "3 of 3 revisits are used" in told


def test_the_reference_date_chooses(three: Folder) -> None:
    fused = three.run(parameters={"REFERENCE_DATE": "2024-06-10"})
    np.testing.assert_array_equal(fused[0, 10:], 200)
    np.testing.assert_array_equal(fused[0, :10], 300)  # of the clearest of the others
    assert three.order(parameters={"REFERENCE_DATE": "2024-05-01"})[0] == "a_20240601.tif"
    assert three.order(parameters={"REFERENCE_DATE": "20240626"})[0] == "c_20240626.tif"


def test_days_apart(three: Folder) -> None:
    log = Log()
    three.run(log, parameters={"MAX_DAYS": 15})
    assert any(
        "a_20240601.tif (2024-06-01) is not used: it is 25 days from the reference" in line for line in log.lines
    )
    assert three.order(parameters={"MAX_DAYS": 15}) == ["c_20240626.tif", "b_20240611.tif"]
    assert three.order(parameters={"MAX_DAYS": 14}) == ["c_20240626.tif"]
    assert len(three.order(parameters={"MAX_DAYS": 0})) == 3


def test_ties_go_to_the_middle_date_and_then_to_the_nearest(folder: Folder) -> None:
    for day in ("0601", "0620", "0607", "0611", "0629"):
        folder.add(f"r_2024{day}.tif", 100)
    assert [name[6:10] for name in folder.order()] == ["0611", "0607", "0620", "0601", "0629"]


def test_a_small_clear_image_is_not_the_reference(folder: Folder) -> None:
    folder.add("large_20240601.tif", 100, clouds=0.1)
    folder.add("small_20240602.tif", 200, size=(4, 4))
    assert folder.order() == ["large_20240601.tif", "small_20240602.tif"]


def test_clouded_revisits_are_left_out(three: Folder) -> None:
    three.add("d_20240620.tif", 400, clouds=1)
    log = Log()
    three.run(log, parameters={"REFERENCE_DATE": "2024-06-20"})
    assert len(three.order()) == 3
    assert any("d_20240620.tif of 2024-06-20 has no clear pixel" in line for line in log.warnings)
    assert any("the reference is c_20240626.tif" in line for line in log.lines)
    assert any("d_20240620.tif (2024-06-20) is not used: it has no clear pixel" in line for line in log.lines)


def test_what_does_not_overlap_is_left_out(three: Folder) -> None:
    three.add("far_20240620.tif", 400, place=shifted(1000))
    log = Log()
    three.run(log, parameters={"REFERENCE_DATE": "2024-06-26"})
    assert any("far_20240620.tif does not overlap the reference" in line for line in log.warnings)


def test_clouds_that_no_mask_knows_of_come_last(folder: Folder) -> None:
    for day, value in (("0601", 1050), ("0611", 4200), ("0612", 1000), ("0626", 1100), ("0630", 2300)):
        folder.add(f"r_2024{day}.tif", value - BASE, clouds=0.1 if value < 2000 else 0)
    log = Log()
    folder.run(log)
    assert [name[6:10] for name in folder.order()] == ["0612", "0601", "0626", "0630", "0611"]
    assert [line for line in log.warnings if "r_20240611.tif is 4.0 times as bright as others" in line]
    assert len(log.warnings) == 2
    assert folder.order(parameters={"REFERENCE_DATE": "2024-06-30"})[0] == "r_20240630.tif"


def test_a_revisit_of_another_continent_does_not_matter(folder: Folder) -> None:
    folder.add("far_20240620.tif", 400, place=(100.0, 0.0001, 0, -30.0, 0, -0.0001), epsg=4326)
    folder.add("a_20240601.tif", 100, clouds=0.2, size=(60, 60))
    folder.add("b_20240602.tif", 200, clouds=0.1, size=(60, 60))
    assert folder.order() == ["b_20240602.tif", "a_20240601.tif"]


def test_one_revisit_is_enough(folder: Folder) -> None:
    folder.add("only.tif", 100, clouds=0.5)
    fused = folder.run(weight=True)
    np.testing.assert_array_equal(fused[0, ROWS:], 100)
    np.testing.assert_array_equal(fused[0, :ROWS], 0)
    weight = read_array(folder.path / "weight.tif")
    np.testing.assert_array_equal(weight[0, :, 0], np.repeat([0, 1], ROWS))


# Dates.


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("LC08_L2SP_190028_20200703_20200913_02_T1_SR_B4.TIF", "2020-07-03T00:00:00"),
        ("LC81900282020185LGN00_B4.TIF", "2020-07-03T00:00:00"),
        ("S2A_MSIL2A_20240615T100031_N0510_R122_T33TVM_20240615T142312.SAFE", "2024-06-15T10:00:31"),
        ("S2A_OPER_PRD_MSIL1C_PDMC_20160101T202002_R008_V20151230T105153_20151230T105153.SAFE", "2015-12-30T10:51:53"),
        ("T33TVM_20240615T100031_B02_10m.jp2", "2024-06-15T10:00:31"),
        ("MOD09GA.A2024167.h18v04.061.2024169031415.hdf", "2024-06-15T00:00:00"),
        ("field-2024-06-15.tif", "2024-06-15T00:00:00"),
        ("field_2024_06_15_10m.tif", "2024-06-15T00:00:00"),
        ("20240615_field.tif", "2024-06-15T00:00:00"),
        ("2015-07-11T10:00:08", "2015-07-11T10:00:08"),
        ("2015-07-11 10:00:08 NDVI", "2015-07-11T10:00:08"),
        ("20240615_101530_1010_AnalyticMS.tif", "2024-06-15T10:15:30"),
        ("x202406150.tif", None),
        ("20241315.tif", None),
        ("20240231_then_20240301.tif", "2024-03-01T00:00:00"),
        ("field.tif", None),
    ],
)
def test_dates_in_names(name: str, date: Optional[str]) -> None:
    found = moment_in_name(f"/data/19990101/{name}")
    assert (None if found is None else found.isoformat()) == date


def test_dates_given_and_in_metadata_come_first(folder: Folder) -> None:
    for name in ("a_20240601.tif", "b_20240602.tif", "c_20240603.tif"):
        folder.add(name, 100)
    dataset = gdal.Open(str(folder.files[1]), gdal.GA_Update)
    dataset.SetMetadataItem("ACQUISITIONDATETIME", "2024-07-02 10:11:12", "IMAGERY")
    del dataset
    inputs = [Input("REVISITS", str(path), index) for index, path in enumerate(folder.files)]
    inputs[2].date = "2024-08-03"
    plan = make_plan(folder.job(inputs=inputs, parameters={"MAX_DAYS": 0}), REVISITS_CATALOGUE)
    plan.close()
    days = {one.name[0]: one.day for one in plan.revisits["REVISITS"].revisits}
    assert days == {"a": "2024-06-01", "b": "2024-07-02", "c": "2024-08-03"}
    assert plan.days["REVISITS"] == plan.scene.days["REVISITS"] == (0, -31, 32)


def test_the_output_carries_the_date(three: Folder) -> None:
    for compression in ("none", "cog"):
        three.run(options={**QUICK, "COMPRESSION": compression})
        made = gdal.Open(str(three.path / "out.tif"))
        assert made.GetMetadataItem("DATE") == "2024-06-26T00:00:00Z"
    assert made.GetMetadataItem("SATFUSION_DATE") == "2024-06-26T00:00:00Z"
    three.run()
    made = gdal.Open(str(three.path / "out.tif"))
    assert made.GetMetadataItem("DATE", "SATFUSION") == "2024-06-26T00:00:00Z"
    assert made.GetMetadataItem("ACQUISITIONDATETIME", "IMAGERY") == "2024-06-26 00:00:00"


def test_unknown_dates(folder: Folder) -> None:
    folder.add("a.tif", 100, clouds=0.5)
    folder.add("b_20240611.tif", 200)
    log = Log()
    folder.run(log)
    assert any("no date is known of a.tif" in line for line in log.warnings)
    assert "REVISITS" not in make_plan(folder.job(), REVISITS_CATALOGUE).days
    assert len(folder.order()) == 2


# Grids.


def test_the_grid_is_finer_and_has_the_same_corner(three: Folder) -> None:
    for ratio, size in ((2, (40, 48)), (3, (60, 72)), (1.5, (30, 36)), (2.25, (45, 54)), ("4", (80, 96))):
        three.run(parameters={"RATIO": ratio})
        made = gdal.Open(str(three.path / "out.tif"))
        assert (made.RasterYSize, made.RasterXSize) == size
        pixel = PIXEL / float(ratio)
        assert made.GetGeoTransform() == pytest.approx((ORIGIN[0], pixel, 0, ORIGIN[1], 0, -pixel))


def test_own_extents(folder: Folder) -> None:
    """A revisit that covers the right half, from between two pixels on, fills what the reference lacks there."""
    folder.add("a_20240601.tif", 100, clouds=0.5)
    folder.add("b_20240602.tif", 200, place=shifted(12.5, -3), size=(ROWS, COLUMNS), clouds=0.5)
    folder.files.reverse()
    fused = folder.run(parameters={"REFERENCE_DATE": "2024-06-01"})
    assert fused.shape == (2, 40, 48)
    np.testing.assert_array_equal(fused[0, 20:], 100)
    np.testing.assert_array_equal(fused[0, :20, :25], 0)
    np.testing.assert_array_equal(fused[0, 14:20, 25:], 200)  # rows 10 to 19 of it begin 7 pixels down, to 17
    np.testing.assert_array_equal(fused[0, :14], 0)


def test_another_crs(folder: Folder) -> None:
    """A revisit that was delivered in the neighbouring zone falls where it belongs."""
    rng = np.random.default_rng(3)
    image = rng.uniform(1100, 2000, (1, 60, 60)).astype(np.float32).repeat(4, 1).repeat(4, 2)
    one = write_geotiff(folder.path / "a_20240601.tif", image, PLACE, nodata=-1)
    other = folder.path / "b_20240602.tif"
    gdal.Warp(str(other), str(one), dstSRS="EPSG:32632", resampleAlg="near", xRes=PIXEL, yRes=PIXEL)
    folder.files = [one, other]
    log = Log()
    alone = folder.run(parameters={"REFERENCE_DATE": "2024-06-01"}, weight=True)
    both = folder.run(log, parameters={"REFERENCE_DATE": "2024-06-01"}, method="mean", weight=True)
    assert any("b_20240602.tif is reprojected from EPSG:32632 to EPSG:32633" in line for line in log.lines)
    inner = (0, slice(40, -40), slice(40, -40))
    assert np.nanmin(read_array(folder.path / "weight.tif")[inner]) == 2
    assert np.corrcoef(alone[inner].ravel(), both[inner].ravel())[0, 1] > 0.96
    assert gdal.Open(str(folder.path / "out.tif")).GetProjection() == gdal.Open(str(one)).GetProjection()


def test_extent_and_preview_are_in_the_crs_of_the_first(folder: Folder) -> None:
    """The first one given lies in another zone than the reference."""
    one = folder.add("a_20240601.tif", 100, size=(200, 200))
    other = folder.path / "b_20240602.tif"
    gdal.Warp(str(other), str(one), dstSRS="EPSG:32632", resampleAlg="near", xRes=PIXEL, yRes=PIXEL)
    folder.files = [other, one]
    x, step, _, y, _, _ = gdal.Open(str(other)).GetGeoTransform()
    wide = gdal.Open(str(other)).RasterXSize
    extent = [x + step * (wide / 2 - 20), y - 1100, x + step * (wide / 2 + 20), y - 900]
    chosen = {"parameters": {"REFERENCE_DATE": "2024-06-01"}}
    fused = folder.run(extent=extent, **chosen)
    assert 80 <= fused.shape[2] <= 90
    assert 40 <= fused.shape[1] <= 50
    np.testing.assert_array_equal(fused[0], 100)
    centre = [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2]
    folder.run(preview=Preview(centre, 16), window=16, **chosen)
    made = gdal.Open(str(folder.path / "out.tif"))
    middle = gdal.Info(made, format="json")["cornerCoordinates"]["center"]
    assert middle == pytest.approx([ORIGIN[0] + 1000, ORIGIN[1] - 1000], abs=60)  # a preview begins at a whole block


def test_extent_mask_and_the_job_s_grid(three: Folder) -> None:
    fused = three.run(extent=[ORIGIN[0] + 50, ORIGIN[1] - 100, ORIGIN[0] + 100, ORIGIN[1] - 40])
    assert fused.shape == (2, 12, 10)
    grid = {"crs": gdal.Open(str(three.files[0])).GetProjection(), "geotransform": list(PLACE), "size": [5, 6]}
    grid["geotransform"][1] = 4.0
    grid["geotransform"][5] = -4.0
    fused = three.run(grid=grid)
    assert fused.shape == (2, 6, 5)
    np.testing.assert_array_equal(fused[0], 300)


def test_the_clearest_within_the_extent(folder: Folder) -> None:
    folder.add("a_20240601.tif", 100, clouds=0.5)
    folder.add("b_20240602.tif", 200)
    hole = np.full((2, ROWS, COLUMNS), BASE + 200.0)
    hole[:, 12:18, 5:20] = 0
    write_geotiff(folder.files[1], hole, PLACE, dtype="uint16", nodata=0)
    assert folder.order()[0] == "b_20240602.tif"
    extent = [ORIGIN[0] + 50, ORIGIN[1] - 200, ORIGIN[0] + 200, ORIGIN[1] - 110]
    assert folder.order(extent=extent) == ["a_20240601.tif", "b_20240602.tif"]


def test_a_large_image_is_sampled(folder: Folder) -> None:
    """Clouds over a third of an image of 1500 x 1400 pixels are found in a few windows."""
    for name, clouds in (("a_20240601.tif", 0.35), ("b_20240602.tif", 0.0), ("c_20240603.tif", 0.7)):
        folder.add(name, 100, clouds=clouds, size=(1500, 1400), bands=1)
    plan = make_plan(folder.job(), REVISITS_CATALOGUE)
    plan.close()
    chosen = plan.revisits["REVISITS"]
    assert [one.name[0] for one in chosen.revisits] == ["b", "a", "c"]
    assert chosen.clear == pytest.approx((1, 0.65, 0.3), abs=0.04)


def test_windows_do_not_show(folder: Folder) -> None:
    rng = np.random.default_rng(7)
    for number, place in enumerate((PLACE, shifted(0.3, 0.7), shifted(-2.4, 1.1))):
        image = rng.uniform(1100, 2000, (2, 70, 90))
        image[:, rng.random((70, 90)) < 0.2] = 0
        folder.files.append(
            write_geotiff(folder.path / f"r_2024060{number + 1}.tif", image, place, dtype="uint16", nodata=0)
        )
    whole = folder.run(method="mean", parameters={"RATIO": 2.5})
    for window in (16, 48):
        np.testing.assert_array_equal(folder.run(method="mean", parameters={"RATIO": 2.5}, window=window), whole)


# PAN.


@pytest.fixture
def pan(three: Folder) -> str:
    """A PAN at a quarter of the pixel, over the left of the revisits and beyond."""
    return str(three.add("pan_20240620.tif", 50, place=shifted(-2, 1, PIXEL / 4), size=(60, 60), bands=1))


@pytest.fixture
def with_pan(three: Folder, pan: str) -> Folder:
    three.files = three.files[:3]
    return three


def test_the_grid_is_that_of_pan_over_the_reference(with_pan: Folder, pan: str) -> None:
    with_pan.add("d_20240625.tif", 400, place=shifted(-10), clouds=0.9)
    log = Log()
    fused = with_pan.run(log, pan=pan, weight=True)
    made = gdal.Open(str(with_pan.path / "out.tif"))
    assert made.GetGeoTransform() == pytest.approx((ORIGIN[0], 2.5, 0, ORIGIN[1] - 10, 0, -2.5))
    assert fused.shape == (2, 60, 52)
    np.testing.assert_array_equal(fused[0], 300)
    assert any("PAN: pan_20240620.tif is of 2024-06-20, 6 days before the reference" in line for line in log.lines)


def test_pan_outside(with_pan: Folder, pan: str) -> None:
    away = str(write_geotiff(with_pan.path / "away.tif", np.ones((1, 9, 9)), shifted(500, 0, 2.5), dtype="uint16"))
    refused(with_pan, "none of the 3 images overlaps PAN", pan=away)
    part = str(with_pan.add("part_20240627.tif", 500, place=shifted(20), clouds=0))
    refused(with_pan, "part_20240627.tif, of the reference date 2024-06-27, does not overlap PAN", pan=pan,
            parameters={"REFERENCE_DATE": "2024-06-27"})  # fmt: skip
    assert "part" not in " ".join(with_pan.order(pan=pan))
    assert part


def test_pan_that_is_coarser(with_pan: Folder) -> None:
    coarse = str(write_geotiff(with_pan.path / "coarse.tif", np.ones((1, 9, 9)), shifted(0, 0, 20), dtype="uint16"))
    refused(with_pan, "is not finer than REVISITS", pan=coarse)


# Stacks and masks.


def stack(folder: Folder, names: Optional[list[str]] = None) -> Path:
    values = BASE + np.array([100.0, 101, 200, 201, 300, 301])
    image = np.repeat(values[:, None, None], ROWS, 1).repeat(COLUMNS, 2)
    image[:2, :10] = 0
    image[2:4, :5] = 0
    return write_geotiff(folder.path / "stack.tif", image, PLACE, dtype="uint16", nodata=0, names=names)


def test_a_stack(folder: Folder) -> None:
    given = [Input("REVISITS", str(stack(folder)))]
    inputs = revisit_inputs(given, 2, "2024-06-01, 20240602;2024-06-03T10:00:00")
    assert [(item.index, item.bands, item.date) for item in inputs] == [
        (0, [1, 2], "2024-06-01T00:00:00Z"),
        (1, [3, 4], "2024-06-02T00:00:00Z"),
        (2, [5, 6], "2024-06-03T10:00:00Z"),
    ]
    fused = folder.run(inputs=inputs, parameters={"REFERENCE_DATE": "2024-06-02"})
    np.testing.assert_array_equal(fused[:, 20, 0], [200, 201])
    np.testing.assert_array_equal(fused[:, 0, 0], [300, 301])
    second = revisit_inputs(given, 2, bands=[2])
    assert [item.bands for item in second] == [[2], [4], [6]]
    np.testing.assert_array_equal(folder.run(inputs=second)[0], 301)


def test_a_stack_whose_bands_are_dated(folder: Folder) -> None:
    names = [f"{day} {name}" for day in ("2024-06-01", "2024-06-02", "2024-06-05") for name in ("Red", "NIR")]
    inputs = revisit_inputs([Input("REVISITS", str(stack(folder, names)))])
    assert [item.date for item in inputs] == [f"2024-06-0{day}T00:00:00Z" for day in (1, 2, 5)]
    assert inputs[1].band_names == ["Red", "NIR"]
    folder.run(inputs=inputs)
    made = gdal.Open(str(folder.path / "out.tif"))
    assert [made.GetRasterBand(number).GetDescription() for number in (1, 2)] == ["Red", "NIR"]
    assert made.GetMetadataItem("DATE") == "2024-06-05T00:00:00Z"


def test_a_raster_that_is_no_stack(folder: Folder) -> None:
    item = Input("REVISITS", str(stack(folder, [f"B{number}_20240601" for number in range(6)])))
    assert unstacked(item, 0) == [item]
    with pytest.raises(InputError, match=r"STACK_BANDS is 4, but stack.tif has 6 bands"):
        revisit_inputs([item], 4)
    with pytest.raises(InputError, match=r"BANDS: there is no band 3; a revisit has 2"):
        revisit_inputs([item], 2, bands=[3])


def mask_of(folder: Folder, name: str, rows: slice, **options: Any) -> str:
    mask = np.zeros(options.pop("size", (ROWS, COLUMNS)))
    mask[rows] = options.pop("value", 7)
    return str(write_geotiff(folder.path / name, mask, PLACE, dtype="uint8", **options))


def test_masks(three: Folder) -> None:
    masks = [mask_of(three, f"m{number}.tif", slice(rows, None)) for number, rows in enumerate((20, 20, 8))]
    inputs = revisit_inputs([Input("REVISITS", str(path)) for path in three.files], masks=masks)
    fused = three.run(inputs=inputs, parameters={"REFERENCE_DATE": "2024-06-26"})
    np.testing.assert_array_equal(fused[0, :, 0], np.repeat([300, 200], [16, 24]))
    assert three.order(inputs=inputs)[0] == "b_20240611.tif"
    with pytest.raises(InputError, match="MASK_LAYERS has 2 rasters for 3 revisits"):
        revisit_inputs([Input("REVISITS", str(path)) for path in three.files], masks=masks[:2])
    small = mask_of(three, "small.tif", slice(0, 1), size=(5, 5))
    inputs[1].mask = Mask(small)
    refused(three, "the mask small.tif has 5 x 5 pixels, the image has 24 x 20", inputs=inputs)


def test_a_mask_with_a_band_for_each(folder: Folder) -> None:
    masks = np.zeros((3, ROWS, COLUMNS))
    masks[2, 15:] = 1
    path = str(write_geotiff(folder.path / "masks.tif", masks, PLACE, dtype="uint8"))
    inputs = revisit_inputs([Input("REVISITS", str(stack(folder)))], 2, masks=[path], dilate=1)
    fused = folder.run(inputs=inputs, parameters={"MAX_DAYS": 0})
    np.testing.assert_array_equal(fused[0, :, 0], np.repeat([200, 300, 200], [0, 10, 30]))


def test_masks_that_were_prepared(three: Folder) -> None:
    made = mask_of(three, "c_20240626_mask.tif", slice(4, 8), value=1)
    assert automatic_mask(str(three.files[2]), 2) == Mask(made, invalid_values=[1], dilate_px=2)
    inputs = revisit_inputs([Input("REVISITS", str(path)) for path in three.files], auto_masks=True)
    assert [item.mask is not None for item in inputs] == [False, False, True]
    fused = three.run(inputs=inputs, parameters={"REFERENCE_DATE": "2024-06-26"})
    np.testing.assert_array_equal(fused[0, :, 0], np.repeat([300, 0, 200, 300], [8, 2, 6, 24]))


# Units.


def test_revisits_of_other_scale_are_brought_together(folder: Folder) -> None:
    """As with Sentinel-2 before and after January 2022, whose numbers differ by 1000."""
    folder.add("a_20240601.tif", 1000, scale=0.0001, offset=0.0)
    folder.add("b_20240602.tif", 2000, scale=0.0001, offset=-0.1)
    np.testing.assert_array_equal(folder.run(method="mean", parameters={"REFERENCE_DATE": "2024-06-02"})[0], 2000)
    np.testing.assert_array_equal(folder.run(method="mean", parameters={"REFERENCE_DATE": "2024-06-01"})[0], 1000)


def test_a_weight_is_no_image(three: Folder) -> None:
    three.run(weight=True)
    made = gdal.Open(str(three.path / "weight.tif"))
    band = made.GetRasterBand(1)
    assert gdal.GetDataTypeName(band.DataType) == "Float32"
    assert band.GetDescription() == "revisits"
    assert np.isnan(band.GetNoDataValue())


# What is refused.


def refused(folder: Folder, sentence: str, **fields: Any) -> None:
    """A check before the run says why, and the run leaves nothing."""
    job = folder.job(**fields)
    (folder.path / "out.tif").unlink(missing_ok=True)
    with pytest.raises(InputError) as found:
        pipeline.check(job, REVISITS_CATALOGUE)
    assert sentence in str(found.value)
    assert str(found.value).endswith(".")
    with pytest.raises(InputError):
        pipeline.run(job, REVISITS_CATALOGUE)
    assert not (folder.path / "out.tif").exists()
    assert not list(folder.path.glob(".satfusion*"))


def test_no_overlap_at_all(folder: Folder) -> None:
    folder.add("a_20240601.tif", 100)
    folder.add("b_20240602.tif", 200, place=shifted(1000))
    refused(folder, "no other image overlaps the reference")


def test_extent_outside(three: Folder) -> None:
    refused(three, "none of the 3 images overlaps EXTENT", extent=[0, 0, 10, 10])


def test_band_counts_differ(three: Folder) -> None:
    three.add("d_20240605.tif", 100, bands=3)
    refused(three, "REVISITS have different numbers of bands")


def test_all_clouded(folder: Folder) -> None:
    folder.add("a_20240601.tif", 100, clouds=1)
    folder.add("b_20240602.tif", 100, clouds=1)
    refused(folder, "no image has a clear pixel")


def test_a_date_twice(three: Folder) -> None:
    three.add("again_20240611.tif", 100)
    refused(three, "b_20240611.tif and again_20240611.tif have the same date, 2024-06-11")


def test_times_of_one_day_are_not_the_same_date(folder: Folder) -> None:
    folder.add("a_20240611T100000.tif", 100)
    folder.add("b_20240611T120000.tif", 100)
    assert len(folder.order()) == 2


def test_an_image_twice(three: Folder) -> None:
    inputs = [Input("REVISITS", str(three.files[0]), index, date=f"2024-06-0{index + 1}") for index in range(2)]
    refused(three, "a_20240601.tif is given twice", inputs=inputs)


def test_a_file_that_cannot_be_read(three: Folder) -> None:
    (three.path / "bad_20240605.tif").write_bytes(b"II*\0nothing")
    three.files.append(three.path / "bad_20240605.tif")
    refused(three, "Cannot read")
    three.files[-1] = three.path / "missing.tif"
    refused(three, "does not exist")


@pytest.mark.parametrize("text", ["soon", "2024-13-01", "15/06/2024"])
def test_dates_that_are_none(three: Folder, text: str) -> None:
    refused(three, f"REFERENCE_DATE: '{text}' is not a date", parameters={"REFERENCE_DATE": text})
    inputs = [Input("REVISITS", str(path), index) for index, path in enumerate(three.files)]
    inputs[1].date = text
    refused(three, f"the date '{text}' of b_20240611.tif is none", inputs=inputs)
    with pytest.raises(InputError, match="DATES"):
        revisit_inputs([Input("REVISITS", str(three.files[0]))], dates=text)


def test_dates_that_do_not_fit(three: Folder) -> None:
    with pytest.raises(InputError, match="DATES has 2 dates for 3 revisits"):
        revisit_inputs([Input("REVISITS", str(path)) for path in three.files], dates="2024-06-01,2024-06-02")


def test_a_reference_date_without_dates(folder: Folder) -> None:
    folder.add("a.tif", 100)
    refused(folder, "REFERENCE_DATE is given, but no date", parameters={"REFERENCE_DATE": "2024-06-01"})


@pytest.mark.parametrize("ratio", [1, 9, "x"])
def test_ratios_out_of_range(three: Folder, ratio: Any) -> None:
    refused(three, "RATIO must be", parameters={"RATIO": ratio})


@pytest.mark.parametrize("moment", [1, 5, 20])
def test_a_cancelled_run_leaves_nothing(folder: Folder, moment: int) -> None:
    for number in range(3):
        folder.add(f"r_2024060{number + 1}.tif", 100, size=(200, 300))
    before = sorted(folder.path.iterdir())
    with pytest.raises(Cancelled):
        pipeline.run(folder.job(window=16, weight=True), REVISITS_CATALOGUE, CancelsAt(moment))
    assert sorted(folder.path.iterdir()) == before


def test_many_bands_in_one_raster_are_pointed_out(folder: Folder) -> None:
    folder.add("series.tif", 100, bands=16)
    log = Log()
    folder.run(log)
    assert any("give STACK_BANDS" in line for line in log.warnings)


# Many and large.

_TILE = (
    '<SimpleSource><SourceFilename relativeToVRT="0">{path}</SourceFilename><SourceBand>{band}</SourceBand>'
    '<SrcRect xOff="0" yOff="0" xSize="500" ySize="500"/><DstRect xOff="{x}" yOff="{y}" xSize="500" ySize="500"/>'
    "</SimpleSource>"
)
_MEASURED = """
import re, sys
from pathlib import Path
from satfusion_qgis import pipeline
from satfusion_qgis.tasks.job import Job
from osgeo import gdal
from tests.revisits_task import REVISITS_CATALOGUE
gdal.SetCacheMax(32 << 20)
pipeline.run(Job.from_json(sys.stdin.read()), REVISITS_CATALOGUE)
# The usual figure, ru_maxrss, begins with what the parent held when it started this process.
print(int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) >> 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured on Linux")
def test_thirty_large_revisits_take_little_memory(folder: Folder) -> None:
    """30 revisits of 10000 x 10000 pixels and 4 bands, 12 GB in all, of which a part is fused."""
    rng = np.random.default_rng(2)
    tile = write_geotiff(folder.path / "tile.tif", rng.integers(1, 3000, (4, 500, 500)), PLACE, dtype="uint16")
    crs = gdal.Open(str(tile)).GetProjection()
    places = [(500 * number % 10000, 500 * (500 * number // 10000)) for number in range(400)]
    for day in range(1, 31):
        bands = "".join(
            f'<VRTRasterBand dataType="UInt16" band="{band}"><NoDataValue>0</NoDataValue>'
            + "".join(_TILE.format(path=tile, band=band, x=x, y=y) for x, y in places)
            + "</VRTRasterBand>"
            for band in range(1, 5)
        )
        path = folder.path / f"r_202406{day:02d}.vrt"
        path.write_text(
            f'<VRTDataset rasterXSize="10000" rasterYSize="10000"><SRS>{html.escape(crs)}</SRS>'
            f"<GeoTransform>{ORIGIN[0] + 3 * day}, 10, 0, {ORIGIN[1]}, 0, -10</GeoTransform>{bands}</VRTDataset>"
        )
        folder.files.append(path)
    part = [ORIGIN[0] + 30000, ORIGIN[1] - 34000, ORIGIN[0] + 34000, ORIGIN[1] - 30000]
    job = folder.job("mean", extent=part, threads=2, weight=True)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED],
        input=job.to_json(),
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        check=True,
    )
    assert int(done.stdout) < 600
    assert read_array(folder.path / "out.tif").shape == (4, 800, 800)
    assert read_array(folder.path / "weight.tif").min() == 30
