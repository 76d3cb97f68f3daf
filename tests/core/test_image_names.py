"""Dates and sensors in names: of products, of the published data sets, and by a user's pattern."""

from __future__ import annotations

import datetime
import time

import pytest

from satfusion_qgis.tasks.dates import moment_in_name
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.image_names import (
    DatePattern,
    chosen_names,
    fine_and_coarse,
    moment_in_path,
    sensor_in_name,
)

# name, date, sensor: a fine and a coarse one of each of the eight data sets, and names of products.
NAMES = [
    ("L71093084_08420020401_HRF_modtran_surf_ref_agd66.tif", "2002-04-01", "Landsat"),  # CIA
    ("MOD09GA_A2001290.sur_refl.tif", "2001-10-17", "MODIS"),
    ("20050403_TM.tif", "2005-04-03", "Landsat"),  # LGC
    ("MOD09GA_A2004107.sur_refl.tif", "2004-04-16", "MODIS"),
    ("L_2015-6-21.tif", "2015-06-21", "Landsat"),  # AHB, Daxing, Tianjin
    ("M_2016-4-20.tif", "2016-04-20", "MODIS"),
    ("L_2015-12-1.tif", "2015-12-01", "Landsat"),
    ("M_2013-11-11.tif", "2013-11-11", "MODIS"),
    ("G_20180109.tif", "2018-01-09", "GaoFen"),  # Wuhan
    ("L_20210118.tif", "2021-01-18", "Landsat"),
    ("S2_20220405.tif", "2022-04-05", "Sentinel-2"),  # IC, BC
    ("S3_20220105_real.tif", "2022-01-05", "Sentinel-3"),
    ("LC08_L2SP_190028_20200703_20200913_02_T1", "2020-07-03", "Landsat"),
    ("LE71930272001281EDC00.tif", "2001-10-08", "Landsat"),
    ("S2A_MSIL2A_20240615T100031_N0510_R122_T33TVM_20240615T161234.SAFE", "2024-06-15", "Sentinel-2"),
    ("T33TVM_20240615T100031_B02_10m.jp2", "2024-06-15", "Sentinel-2"),
    ("S3A_SY_2_SYN____20240615T092031_20240615T092331_20240616T123456_0179_ODN.SEN3", "2024-06-15", "Sentinel-3"),
    ("MOD09GA.A2024167.h18v04.061.2024169033000.hdf", "2024-06-15", "MODIS"),
    ("MCD43A4.A2001281.tif", "2001-10-08", "MODIS"),
    ("MOD09A1.061_sur_refl_b01_doy2001281_aid0001.tif", "2001-10-08", "MODIS"),
    ("VNP09GA.A2019001.h18v04.tif", "2019-01-01", "VIIRS"),
    ("GF1_WFV1_E116.4_N39.4_20130503_L1A0000001.tif", "2013-05-03", "GaoFen"),
    ("landsat8_20200308_gaps.tif", "2020-03-08", "Landsat"),
    ("modis_20200308.tif", "2020-03-08", "MODIS"),
]


@pytest.mark.parametrize(("name", "date", "sensor"), NAMES)
def test_published_names(name, date, sensor):
    moment = moment_in_name(name)
    assert moment is not None
    assert moment.date().isoformat() == date
    assert moment_in_path(f"/some/2001-01-01/{name}") == moment
    assert sensor_in_name(name) == sensor


@pytest.mark.parametrize("name", ["L_2015-13-21.tif", "L_2015-2-30.tif", "scene.tif", "12345678901.tif", "A2001400.x"])
def test_what_is_no_date_is_none(name):
    assert moment_in_name(name) is None


def test_the_folder_tells_where_the_name_does_not():
    assert moment_in_path("/cia/2001-10-08/reflectance.tif") == datetime.datetime(2001, 10, 8)
    assert moment_in_path("/cia/2001-10-08/x_20011009.tif") == datetime.datetime(2001, 10, 9)


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        ("*_%Y%m%d_*", "ab_20010203_x.tif", (2001, 2, 3)),
        ("*_%Y%m%d_*", "20990101_20010203_x.tif", (2001, 2, 3)),
        ("*_%Y%m%d_*", "ab_20010203.tif", None),
        ("*_%Y%m%d", "ab_20010203.tif", (2001, 2, 3)),
        ("*_%Y%m%d.tif", "AB_20010203.TIF", (2001, 2, 3)),
        ("m%Y%j*", "M2001281_x.tif", (2001, 10, 8)),
        ("m%Y%j*", "M2001366_x.tif", None),  # no leap year
        ("%d.%m.%Y", "1.12.2003.tif", (2003, 12, 1)),
        ("??%y%m%d", "xx990704.img", (1999, 7, 4)),
        ("??%y%m%d", "xx050704.img", (2005, 7, 4)),
        ("*_%Y%m%dT%H%M%S", "a_20010203T111213.tif", (2001, 2, 3, 11, 12, 13)),
        ("100%%_%Y%m%d", "100%_20010203.tif", (2001, 2, 3)),
        ("a.b_%Y%m%d", "axb_20010203.tif", None),  # a point is a point
        ("*_%Y%m%d", "ab_20010230.tif", None),
    ],
)
def test_a_pattern(pattern, name, found):
    wanted = None if found is None else datetime.datetime(*found)
    assert DatePattern(pattern).moment_in(f"/folder_19990101/{name}") == wanted


def test_a_pattern_takes_the_place_of_known_schemes():
    name = "LC08_L2SP_190028_20200703_20200913_02_T1.tif"
    assert moment_in_path(name, DatePattern("*_*_*_*_%Y%m%d_*")) == datetime.datetime(2020, 9, 13)
    assert moment_in_path("a_20010203.tif", DatePattern("b_%Y%m%d")) is None


@pytest.mark.parametrize("pattern", ["", "*", "*_%Y", "*_%m%d", "%Y%m%d%Q", "%Y%Y%m%d", "%Y%m%d%", "*" * 300 + "%Y%j"])
def test_a_bad_pattern_is_refused(pattern):
    with pytest.raises(InputError, match="DATE_PATTERN"):
        DatePattern(pattern)


def test_a_pattern_of_many_stars_takes_no_time():
    """Where it does not fit, an engine for regular expressions would try all ways to divide the name."""
    pattern = DatePattern("*1" * 20 + "*%Y%m%dz")
    begin = time.monotonic()
    assert pattern.moment_in("1" * 250) is None
    assert time.monotonic() - begin < 2


def test_names_are_chosen_by_wildcards():
    files = ["/a/L8_1.tif", "/a/L8_1_gaps.tif", "/a/m_1.tif"]
    assert chosen_names(files, "") == files
    assert chosen_names(files, "l8*") == files[:2]
    assert chosen_names(files, "l8_*, !*_gaps*") == files[:1]
    assert chosen_names(files, "!m*") == files[:2]
    assert chosen_names(files, "L8_?") == files[:1]


def test_fine_and_coarse_by_folder_and_by_sensor():
    folders = ["/d/Landsat/G_20180109.tif", "/d/MODIS/L_20180109.tif"]
    assert fine_and_coarse(folders) == ([folders[0]], [folders[1]])
    for fine, coarse in (
        ("L_2015-6-21.tif", "M_2015-6-21.tif"),
        ("G_20180109.tif", "L_20180109.tif"),
        ("S2_20220405.tif", "S3_20220405_real.tif"),
        ("L71093084_08420011007_HRF.tif", "MOD09GA_A2001281.sur_refl.tif"),
    ):
        assert fine_and_coarse([coarse, fine, "notes.tif"]) == ([fine], [coarse])


@pytest.mark.parametrize("names", [["a.tif", "b.tif"], ["L_2015-6-21.tif"], ["L_2015-6-21.tif", "S2_1.tif", "M_1.tif"]])
def test_what_cannot_be_told_apart_is_refused(names):
    with pytest.raises(InputError, match="FINE_NAMES"):
        fine_and_coarse(names)
