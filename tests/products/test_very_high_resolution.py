"""Pleiades (DIMAP) and WorldView (TIL): one mosaic of the tiles, every number, and what is refused."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.raster.products import find_product, prepare
from satfusion_qgis.raster.products.quality import MaskChoice
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import Log
from tests.pipeline.support import refused as refused_job
from tests.products.makers import (
    PHR,
    WV,
    WV_CODES,
    dimap_metadata,
    rational_coefficients,
    write_dimap,
    write_landsat,
    write_maxar,
    write_tile,
    zipped,
)
from tests.products.support import described, facts, pixels, refused
from tests.scenes import make_pair


def test_dimap(tmp_path):
    made = prepare(str(write_dimap(tmp_path / "in")), str(tmp_path / "out"), mask=MaskChoice())
    scene = make_pair(96, 128, ratio=4, seed=6)
    ms, pan = facts(made.images["ms"]), facts(made.images["pan"])
    assert [band.name for band in ms.bands] == ["B0", "B1", "B2", "B3"]  # by wavelength, not as stored
    assert np.array_equal(pixels(made.images["ms"]), np.rint(scene.ms))
    assert np.array_equal(pixels(made.images["pan"]), np.rint(scene.pan))
    assert [float(band.wavelength) for band in ms.bands] == [0.49, 0.55, 0.66, 0.85]
    assert [band.scale for band in ms.bands] == pytest.approx([1 / 12, 1 / 11, 1 / 10, 1 / 13])
    assert {(band.offset, band.unit, band.nodata) for band in ms.bands} == {(0.5, "W/(m2 sr um)", 0.0)}
    assert ms.geotransform == (400000.0, 2.0, 0.0, 5000000.0, 0.0, -2.0)
    assert (pan.bands[0].name, float(pan.bands[0].wavelength)) == ("P", 0.655)
    assert not made.masks
    items = described(made.images["ms"])
    assert items["DATE"] == "2020-06-05T10:43:59Z"
    assert items["SATELLITEID"] == "Pleiades 1A"
    assert (items["PRODUCT_ID"], items["PROCESSING_LEVEL"]) == (PHR.format(kind="MS"), "ORTHO")


def test_til(tmp_path):
    made = prepare(str(write_maxar(tmp_path / "in")), str(tmp_path / "out"))
    scene = make_pair(96, 128, bands=8, ratio=4, seed=7)
    ms, pan = facts(made.images["ms"]), facts(made.images["pan"])
    assert tuple(band.name for band in ms.bands) == WV_CODES
    assert np.array_equal(pixels(made.images["ms"]), np.rint(scene.ms))
    assert np.array_equal(pixels(made.images["pan"]), np.rint(scene.pan))
    assert [float(band.wavelength) for band in ms.bands] == [0.427, 0.478, 0.546, 0.608, 0.659, 0.724, 0.831, 0.908]
    assert [band.scale for band in ms.bands] == pytest.approx([0.009 / (0.045 + place / 100) for place in range(8)])
    assert {(band.offset, band.unit, band.nodata) for band in ms.bands} == {(0.0, "W/(m2 sr um)", 0.0)}
    assert (ms.geotransform[1], pan.geotransform[1], pan.size) == (2.0, 0.5, (128, 96))
    items = described(made.images["pan"])
    assert items["DATE"] == "2020-06-05T10:43:59Z"
    assert items["SATELLITEID"] == "WorldView-2"
    assert items["SUN_ELEVATION"] == "61.5"


def test_til_of_four_bands(tmp_path):
    made = prepare(str(write_maxar(tmp_path / "in", satellite="GE01")), str(tmp_path / "out"))
    assert [float(band.wavelength) for band in facts(made.images["ms"]).bands] == [0.485, 0.555, 0.66, 0.83]


@pytest.mark.parametrize("write", [write_dimap, write_maxar])
@pytest.mark.parametrize("kind", ["folder", "zip", "metadata"])
def test_fused(tmp_path, write, kind):
    folder = write(tmp_path / "in")
    ms = pan = folder
    if kind == "zip":
        ms = pan = zipped(folder, tmp_path / "in.zip")
    if kind == "metadata":
        pattern = "DIM_*.XML" if write is write_dimap else "*.IMD"
        found = (
            {name: next(folder.glob(f"*{name}*/{pattern}")) for name in ("_MS_", "_P_")}
            if write is write_dimap
            else {
                "_MS_": next(folder.glob(f"*_MUL/{pattern}")),
                "_P_": next(folder.glob(f"*_PAN/{pattern}")),
            }
        )
        ms, pan = found["_MS_"], found["_P_"]
    log = Log()
    inputs = [Input("MS", str(ms)), Input("PAN", str(pan))]
    job = Job("pansharpening", "gsa", inputs, [Output("OUTPUT", str(tmp_path / "out.tif"))])
    result = pipeline.run(job, feedback=log)
    assert result.outputs
    assert facts(tmp_path / "out.tif").geotransform[1] == 0.5
    assert not any("differ" in line for line in log.lines)


@pytest.mark.parametrize(("write", "lost"), [(write_dimap, f"IMG_{PHR}_R1C2.TIF"), (write_maxar, f"{WV}_R2C1.TIF")])
def test_a_missing_tile_is_named(tmp_path, write, lost):
    folder = write(tmp_path / "in")
    name = lost.format(kind="MS" if write is write_dimap else "M")
    next(folder.rglob(name)).unlink()
    refused(folder, "incomplete", name)


def test_a_missing_description_is_named(tmp_path):
    folder = write_maxar(tmp_path / "in")
    name = f"{WV.format(kind='M')}.IMD"
    next(folder.rglob(name)).unlink()
    refused(folder, "incomplete", name)


def test_a_list_of_tiles_cut_off(tmp_path):
    folder = write_maxar(tmp_path / "in")
    path = next(folder.rglob(f"{WV.format(kind='M')}.TIL"))
    text = path.read_text()
    path.write_text(text[: text.index("BEGIN_GROUP = TILE_4")])
    refused(folder, "damaged", path.name)


def test_not_orthorectified(tmp_path):
    sensor = write_dimap(tmp_path / "phr", level="SENSOR")
    refused(sensor, "gdalwarp -rpc", "EPSG:32631", "DIM_")
    raw = write_maxar(tmp_path / "wv", rpc=True)
    refused(raw, "gdalwarp -rpc", "EPSG:32633", "RPC_DEM")


def test_a_raster_with_coefficients_only(tmp_path):
    array = np.ones((1, 40, 40), np.uint16)
    write_tile(tmp_path / "raw.tif", array, (), rpc=True)
    write_tile(tmp_path / "pan.tif", array, (0, 1, 0, 0, 0, -1), rpc=False)
    assert gdal.Open(str(tmp_path / "raw.tif")).GetMetadata("RPC") and rational_coefficients()
    inputs = [Input("MS", str(tmp_path / "raw.tif")), Input("PAN", str(tmp_path / "pan.tif"))]
    job = Job("pansharpening", "exp", inputs, [Output("OUTPUT", str(tmp_path / "out" / "out.tif"))])
    (tmp_path / "out").mkdir()
    refused_job(job, "gdalwarp -rpc", "EPSG:32633", "raw.tif")


def test_the_volume_stands_for_all(tmp_path):
    folder = write_dimap(tmp_path / "in")
    assert [image.key for image in find_product(str(folder / "VOL_PHR.XML")).images] == ["ms", "pan"]


def test_a_chosen_file_is_no_other_product(tmp_path):
    """Whatever else lies in the folder."""
    folder = write_landsat(tmp_path / "in", "L2SP")
    for source in (write_dimap(tmp_path / "phr"), write_maxar(tmp_path / "wv")):
        for path in source.rglob("*.*"):
            shutil.copy(path, folder)
    families = {}
    for pattern in ("*_MTL.txt", "DIM_*MS*.XML", "*M2AS*.TIL", "*M2AS*.IMD"):
        families[pattern] = find_product(str(next(folder.glob(pattern)))).family
    assert list(families.values()) == ["Landsat Collection 2", "DIMAP", "Maxar", "Maxar"]
    shutil.copy(next(folder.glob("*_SR_B3.TIF")), folder / "plain.nc")
    assert find_product(str(folder / "plain.nc")) is None
    refused(folder, "3 products")


def test_ms_alone_has_no_pan(tmp_path):
    folder = write_dimap(tmp_path / "in", kinds=("MS",))
    product = find_product(str(folder))
    with pytest.raises(ValueError, match="no panchromatic image"):
        product.image_for("PAN")
    alone = find_product(str(write_dimap(tmp_path / "pan", kinds=("P",))))
    with pytest.raises(ValueError, match="no multispectral image"):
        alone.image_for("MS")
    assert alone.image_for("PAN").key == "pan"


def test_two_images_of_one_kind(tmp_path):
    folder = write_dimap(tmp_path / "in")
    shutil.copytree(folder / "IMG_PHR1A_MS_001", folder / "IMG_PHR1A_MS_003")
    refused(folder, "2 images of one kind", "choose")


def test_the_first_version_of_dimap(tmp_path):
    folder = write_dimap(tmp_path / "in")
    path = next(folder.rglob("DIM_*MS*.XML"))
    path.write_text(path.read_text().replace('version="2.15"', 'version="1.1"'))
    refused(folder, "version 1.1")


def test_dimap_without_an_index_of_bands(tmp_path):
    """Older products: the bands lie in the order red, green, blue, near infrared."""
    folder = write_dimap(tmp_path / "in", kinds=("MS",))
    path = next(folder.rglob("DIM_*.XML"))
    display = "".join(
        f"<{channel}_CHANNEL>{band}</{channel}_CHANNEL>"
        for channel, band in (("RED", "B2"), ("GREEN", "B1"), ("BLUE", "B0"), ("ALPHA", "B3"))
    )
    text = re.sub("<Raster_Index_List>.*</Raster_Index_List>", "", path.read_text())
    path.write_text(
        text.replace("<Special_Value>", f"<Band_Display_Order>{display}</Band_Display_Order><Special_Value>")
    )
    made = prepare(str(folder), str(tmp_path / "out"))
    assert np.array_equal(pixels(made.images["ms"]), np.rint(make_pair(96, 128, ratio=4, seed=6).ms))
    path.write_text(text)
    refused(folder, "no order of the bands")


@pytest.mark.parametrize("indices", [(1, 2, 3), (4, 2, 3)])
def test_dimap_with_two_files_for_the_bands(tmp_path, indices):
    """Pleiades Neo has R, G, B in one file and NIR, RE, DB in another; some count them oddly."""
    tmp_path.joinpath("in").mkdir()
    groups = ""
    for file, names, numbers in (("RGB", ("R", "G", "B"), (1, 2, 3)), ("NED", ("NIR", "RE", "DB"), indices)):
        first = 10 if file == "RGB" else 40
        array = np.stack([np.full((20, 20), first + 10 * place, np.uint16) for place in range(3)])
        write_tile(tmp_path / "in" / f"IMG_{file}_R1C1.TIF", array, (400000, 2, 0, 5000000, 0, -2), rpc=False)
        listed = "".join(
            f"<Raster_Index><BAND_ID>{name}</BAND_ID><BAND_INDEX>{number}</BAND_INDEX></Raster_Index>"
            for name, number in zip(names, numbers)
        )
        groups += (
            f'<Data_Files><Data_File tile_R="1" tile_C="1"><DATA_FILE_PATH href="IMG_{file}_R1C1.TIF"/></Data_File>'
            f"<Raster_Display><Raster_Index_List>{listed}</Raster_Index_List></Raster_Display></Data_Files>"
        )
    text = dimap_metadata("neo", "MS", "ORTHO", 1, 20).replace("<MISSION>PHR", "<MISSION>PNEO")
    text = re.sub("<Data_Files>.*</Data_Files>", groups, text).replace(">BASIC<", ">REFLECTANCE<")
    (tmp_path / "in" / "DIM_neo.XML").write_text(text)
    made = prepare(str(tmp_path / "in"), str(tmp_path / "out"))
    assert [band.name for band in facts(made.images["ms"]).bands] == ["DB", "B", "G", "R", "RE", "NIR"]
    assert list(pixels(made.images["ms"])[:, 0, 0]) == [60, 30, 20, 10, 50, 40]
    assert described(made.images["ms"])["SATELLITEID"] == "Pleiades Neo 1A"


def test_damaged_metadata(tmp_path):
    folder = write_dimap(tmp_path / "in")
    path = next(folder.rglob("DIM_*MS*.XML"))
    path.write_text(path.read_text()[:800])
    refused(folder, "damaged", path.name)


def test_entities_are_not_expanded(tmp_path):
    """A small file cannot become a large one, and no other file is read."""
    folder = write_dimap(tmp_path / "in")
    path = next(folder.rglob("DIM_*MS*.XML"))
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = path.read_text().replace("<Dimap_Document>", f"{evil}<Dimap_Document>", 1)
    path.write_text(text.replace("<DATASET_NAME>", "<DATASET_NAME>&b;&f;", 1))
    product = find_product(str(folder))
    assert "root" not in product.id
    assert "aaaaaaaa" not in product.id
