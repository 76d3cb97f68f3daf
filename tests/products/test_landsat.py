"""Landsat Collection 2 as it is delivered: every number, both levels, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import cli, pipeline
from satfusion_qgis.raster.products import find_product, prepare, resolve
from satfusion_qgis.raster.products.quality import MaskChoice
from satfusion_qgis.tasks.job import Input, Job, Mask, Output
from tests.pipeline.support import Log, files_in
from tests.pipeline.support import refused as refused_job
from tests.products.makers import LANDSAT, landsat_pixels, tarred, write_landsat
from tests.products.support import described, facts, pixels, refused

L2, L1 = LANDSAT.format(level="L2SP"), LANDSAT.format(level="L1TP")


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """Both levels of one scene, each in a folder of its own, and both in one folder."""
    folder = tmp_path_factory.mktemp("landsat")
    write_landsat(folder / "two", "L2SP")
    write_landsat(folder / "two", "L1TP")
    return {
        "L2": write_landsat(folder / L2, "L2SP"),
        "L1": write_landsat(folder / L1, "L1TP"),
        "both": folder / "two",
        "folder": folder,
    }


@pytest.mark.parametrize("form", ["txt", "json", "xml"])
def test_level_2(tmp_path, form):
    made = prepare(str(write_landsat(tmp_path / "in", "L2SP", form)), str(tmp_path / "out"))
    assert files_in(tmp_path / "out") == [f"{L2}_ms.vrt", f"{L2}_thermal.vrt"]
    ms = facts(made.images["ms"])
    assert [band.name for band in ms.bands] == ["B1", "B2", "B3", "B4", "B5", "B6", "B7"]
    assert {(band.scale, band.offset, band.nodata, band.dtype) for band in ms.bands} == {
        (2.75e-05, -0.2, 0.0, "UInt16")
    }
    centres = [float(band.wavelength) for band in ms.bands]
    assert centres == [0.443, 0.482, 0.5615, 0.6545, 0.865, 1.6085, 2.2005]
    assert ms.geotransform == (600000.0, 30.0, 0.0, 5400000.0, 0.0, -30.0)
    expected, _ = landsat_pixels()
    expected[:, 0, :3] = 0
    assert np.array_equal(pixels(made.images["ms"]), expected)
    items = described(made.images["ms"])
    assert items["PRODUCT_ID"] == L2
    assert items["PROCESSING_LEVEL"] == "L2SP"
    assert items["DATE"] == "2020-04-07T10:29:30Z"
    assert items["ACQUISITIONDATETIME"] == "2020-04-07 10:29:30"
    assert items["SATELLITEID"] == "Landsat 8"
    assert items["SUN_ELEVATION"] == "45.25"
    assert (items["VALID_MIN"], items["VALID_MAX"]) == ("1", "65535")
    thermal = facts(made.images["thermal"]).bands[0]
    assert (thermal.name, thermal.scale, thermal.offset, thermal.unit) == ("ST_B10", 0.00341802, 149.0, "K")
    assert described(made.images["thermal"])["VALID_MAX"] == "65535"


def test_level_1(scenes, tmp_path):
    log = Log()
    made = prepare(str(scenes["L1"]), str(tmp_path), feedback=log)
    assert set(made.images) == {"ms", "pan", "thermal", "cirrus"}
    ms, pan = facts(made.images["ms"]), facts(made.images["pan"])
    assert {(band.scale, band.offset) for band in ms.bands + pan.bands} == {(2e-5, -0.1)}
    assert (pan.bands[0].name, pan.bands[0].nodata, pan.size) == ("B8", 0.0, (80, 88))
    assert pan.geotransform == (599992.5, 15.0, 0.0, 5400007.5, 0.0, -15.0)
    thermal = facts(made.images["thermal"])
    assert [(band.name, band.scale, band.offset, band.unit) for band in thermal.bands] == [
        ("B10", 3.342e-4, 0.1, "W/(m2 sr um)"),
        ("B11", 3.342e-4, 0.1, "W/(m2 sr um)"),
    ]
    assert [band.name for band in facts(made.images["cirrus"]).bands] == ["B9"]
    assert any("45.25" in line and "sun" in line for line in log.lines)


@pytest.mark.parametrize(
    ("sensor", "centres", "platform"),
    [
        ("ETM", [0.4825, 0.565, 0.66, 0.8375, 1.65, 2.22], "Landsat 7"),
        ("TM", [0.485, 0.56, 0.66, 0.83, 1.65, 2.215], "Landsat 5"),
    ],
)
def test_older_sensors(tmp_path, sensor, centres, platform):
    top = prepare(str(write_landsat(tmp_path / "l1", "L1TP", sensor=sensor)), str(tmp_path / "out1"))
    surface = prepare(str(write_landsat(tmp_path / "l2", "L2SP", sensor=sensor)), str(tmp_path / "out2"))
    for made in (top, surface):
        bands = facts(made.images["ms"]).bands
        assert [band.name for band in bands] == ["B1", "B2", "B3", "B4", "B5", "B7"]
        assert [float(band.wavelength) for band in bands] == centres
        assert described(made.images["ms"])["SATELLITEID"] == platform
    assert ("pan" in top.images) == (sensor == "ETM")
    assert "cirrus" not in top.images
    names = {"ETM": ["B6_VCID_1", "B6_VCID_2"], "TM": ["B6"]}[sensor]
    assert [band.name for band in facts(top.images["thermal"]).bands] == names
    assert [band.name for band in facts(surface.images["thermal"]).bands] == ["ST_B6"]
    with pytest.raises(ValueError, match="Level-1" if sensor == "ETM" else "TM has none"):
        surface.product.image_for("PAN")


def test_relative_paths(scenes, tmp_path):
    """The rasters can be moved together with the product."""
    write_landsat(tmp_path / "here" / "scene", "L2SP")
    prepare(str(tmp_path / "here" / "scene"), str(tmp_path / "here" / "vrt"))
    (tmp_path / "here").rename(tmp_path / "there")
    assert pixels(tmp_path / "there" / "vrt" / f"{L2}_ms.vrt").any()


@pytest.mark.parametrize("ending", [".tar", ".tar.gz"])
def test_archive(scenes, tmp_path, ending):
    archive = tarred(scenes["L2"], tmp_path / f"{L2}{ending}")
    made = prepare(str(archive), str(tmp_path / "out"), mask=MaskChoice())
    expected = prepare(str(scenes["L2"]), str(tmp_path / "plain"), mask=MaskChoice())
    assert np.array_equal(pixels(made.images["ms"]), pixels(expected.images["ms"]))
    assert np.array_equal(pixels(made.masks["ms"]), pixels(expected.masks["ms"]))
    # GDAL notes the size of what is in a .gz file in a small file beside it.
    assert set(files_in(tmp_path)) - {f"{archive.name}.properties"} == {archive.name, "out", "plain"}


def test_both_levels_in_one_folder(scenes, tmp_path):
    log = Log()
    made = prepare(str(scenes["both"]), str(tmp_path), feedback=log)
    assert described(made.images["ms"])["PRODUCT_ID"] == L2
    assert described(made.images["pan"])["PRODUCT_ID"] == L1
    assert any("L2SP" in line and "L1TP" in line and "PAN" in line for line in log.lines)


def test_a_chosen_metadata_file_decides(scenes, tmp_path):
    made = prepare(str(scenes["both"] / f"{L1}_MTL.txt"), str(tmp_path))
    assert described(made.images["ms"])["PROCESSING_LEVEL"] == "L1TP"


def test_mask(scenes, tmp_path):
    made = prepare(str(scenes["both"]), str(tmp_path), mask=MaskChoice())
    mask = pixels(made.masks["ms"])[0]
    assert mask.dtype == np.uint8
    assert sorted(map(tuple, np.argwhere(mask))) == [(10, 0), (10, 3), (10, 6), (10, 9), (10, 12), (30, 30)]
    assert facts(made.masks["ms"]).geotransform == facts(made.images["ms"]).geotransform
    fine = pixels(made.masks["pan"])[0]  # PAN lies half a pixel off: each 30 m pixel touches 3 x 3 of its pixels
    assert fine.shape == (88, 80)
    assert fine[20:23, 6:9].all()
    assert fine[19:24, 5:10].sum() == 9


def test_mask_dilated_and_chosen(scenes, tmp_path):
    made = prepare(str(scenes["L2"]), str(tmp_path), ["ms"], MaskChoice(1, (5,)))
    mask = pixels(made.masks["ms"])[0]
    assert mask[9:12, 14:17].all()
    assert mask.sum() == 9 + 1  # snow, dilated; and the saturated pixel, which does not grow


def test_offset_overrides(scenes, tmp_path):
    made = prepare(str(scenes["L2"]), str(tmp_path), offset=-0.1)
    assert {band.offset for band in facts(made.images["ms"]).bands} == {-0.1}
    assert facts(made.images["thermal"]).bands[0].offset == 149.0
    refused(scenes["L2"], "OFFSET", "-1000", offset=-1000.0)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (f"{L2}_SR_B3.TIF", ("incomplete", f"{L2}_SR_B3.TIF")),
        (f"{L2}_QA_PIXEL.TIF", ("incomplete", f"{L2}_QA_PIXEL.TIF")),
    ],
)
def test_a_missing_file_is_named(tmp_path, name, words):
    write_landsat(tmp_path / "in", "L2SP")
    (tmp_path / "in" / name).unlink()
    refused(tmp_path / "in", *words, folder=tmp_path / "out", mask=MaskChoice())


def test_a_damaged_file_is_named(tmp_path):
    write_landsat(tmp_path / "in", "L2SP")
    (tmp_path / "in" / f"{L2}_SR_B3.TIF").write_bytes(b"no tiff")
    refused(tmp_path / "in", "damaged", f"{L2}_SR_B3.TIF")


def test_damaged_metadata(tmp_path):
    write_landsat(tmp_path / "in", "L2SP")
    path = tmp_path / "in" / f"{L2}_MTL.txt"
    path.write_text(path.read_text()[:500])
    refused(tmp_path / "in", "damaged", f"{L2}_MTL.txt")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_damaged_metadata_in_other_forms(tmp_path, form):
    write_landsat(tmp_path / "in", "L2SP", form)
    path = tmp_path / "in" / f"{L2}_MTL.{form}"
    path.write_text(path.read_text()[:500])
    refused(tmp_path / "in", "damaged", f"{L2}_MTL.{form}")


def test_metadata_without_factors(tmp_path):
    write_landsat(tmp_path / "in", "L2SP")
    path = tmp_path / "in" / f"{L2}_MTL.txt"
    path.write_text(path.read_text().replace("GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS", "GROUP = OTHER"))
    refused(tmp_path / "in", "incomplete", "REFLECTANCE_MULT_BAND_1")


def test_other_collections_and_sensors(tmp_path):
    write_landsat(tmp_path / "one", "L1TP")
    path = tmp_path / "one" / f"{L1}_MTL.txt"
    text = path.read_text()
    path.write_text(text.replace("LANDSAT_METADATA_FILE", "L1_METADATA_FILE"))
    refused(tmp_path / "one", "Collection 1")
    path.write_text(text.replace("OLI_TIRS", "MSS"))
    refused(tmp_path / "one", "MSS")


def test_several_scenes(tmp_path):
    write_landsat(tmp_path / "in", "L2SP")
    path = tmp_path / "in" / f"{L2}_MTL.txt"
    other = path.with_name("LC08_L2SP_198026_20200423_20200822_02_T1_MTL.txt")
    text = path.read_text().replace("2020-04-07", "2020-04-23")
    other.write_text(text.replace(f'LANDSAT_PRODUCT_ID = "{L2}"', f'LANDSAT_PRODUCT_ID = "{other.stem[:-4]}"'))
    refused(tmp_path / "in", "2 products", L2)


def test_no_pan_in_level_2(scenes, tmp_path):
    job = Job(
        "pansharpening",
        "gsa",
        [Input("MS", str(scenes["L2"])), Input("PAN", str(scenes["L2"]))],
        [Output("OUTPUT", str(tmp_path / "out.tif"))],
    )
    refused_job(job, "Level 2", "Level-1")


@pytest.mark.parametrize("kind", ["folders", "archives", "one folder"])
def test_fused_end_to_end(scenes, tmp_path, kind):
    ms, pan = scenes["L2"], scenes["L1"]
    if kind == "archives":
        ms, pan = tarred(ms, tmp_path / f"{L2}.tar"), tarred(pan, tmp_path / f"{L1}.tar")
    if kind == "one folder":
        ms = pan = scenes["both"]
    log = Log()
    inputs = [Input("MS", str(ms)), Input("PAN", str(pan))]
    job = Job("pansharpening", "gsa", inputs, [Output("OUTPUT", str(tmp_path / "out.tif"))])
    pipeline.run(job, feedback=log)
    fused = facts(tmp_path / "out.tif")
    assert [(band.name, band.scale, band.offset, band.nodata) for band in fused.bands] == [
        (f"B{number}", 2.75e-05, -0.2, 0.0) for number in range(1, 8)
    ]
    assert fused.geotransform[1] == 15.0
    assert any("Levels differ" in line and "L2SP" in line and "L1TP" in line for line in log.lines)
    prepared = prepare(str(scenes["both"]), str(tmp_path / "vrt"))
    plain = Job(
        "pansharpening",
        "gsa",
        [Input("MS", prepared.images["ms"]), Input("PAN", prepared.images["pan"])],
        [Output("OUTPUT", str(tmp_path / "plain.tif"))],
    )
    pipeline.run(plain)
    assert np.array_equal(pixels(tmp_path / "out.tif"), pixels(tmp_path / "plain.tif"))
    again = pipeline.job_of(str(tmp_path / "out.tif"))
    assert [item.path for item in again.inputs] == [str(ms), str(pan)]


def test_mask_of_the_product_in_a_job(scenes, tmp_path):
    def run(mask, name):
        inputs = [Input("MS", str(scenes["L2"]), mask=mask), Input("PAN", str(scenes["L1"]))]
        log = Log()
        job = Job("pansharpening", "exp", inputs, [Output("OUTPUT", str(tmp_path / name))])
        pipeline.run(job, feedback=log)
        return pixels(tmp_path / name), log.lines

    (without, quiet), (masked, lines) = run(None, "a.tif"), run(Mask("auto"), "b.tif")
    assert any("mask" in line for line in lines)
    assert not any("mask" in line for line in quiet)
    assert (masked[0] == 0).sum() > (without[0] == 0).sum()
    assert not gdal.ReadDirRecursive("/vsimem/satfusion") or not any(
        name.endswith("_mask.tif") for name in gdal.ReadDirRecursive("/vsimem/satfusion")
    )


def test_an_image_by_name(scenes):
    resolved = resolve(f"{scenes['L1']}#thermal", "MS")
    assert [band.name for band in resolved.image.bands] == ["B10", "B11"]
    with pytest.raises(ValueError, match="has no image 'blue'"):
        resolve(f"{scenes['L1']}#blue", "MS")


def test_plain_rasters_and_other_folders(scenes, tmp_path):
    assert find_product(str(scenes["L2"] / f"{L2}_SR_B3.TIF")) is None
    assert find_product(str(tmp_path / "none.tif")) is None
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "no product", "Landsat")


def test_command_line(scenes, tmp_path, capsys):
    assert cli.main(["prepare-product", str(scenes["both"]), "--output", str(tmp_path), "--images", "ms,pan"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        str(tmp_path / name) for name in (f"{L2}_ms.vrt", f"{L1}_pan.vrt", f"{L2}_ms_mask.tif", f"{L1}_pan_mask.tif")
    ]
    given = ["--ms", str(scenes["L2"]), "--pan", str(scenes["L1"]), "--output", str(tmp_path / "f.tif")]
    assert cli.main(["pansharpen", *given, "--masks", "auto", "--dilate", "1"]) == 0
    assert "quality band" in capsys.readouterr().err
    assert cli.main(["prepare-product", str(tmp_path / "none"), "--output", str(tmp_path)]) == 1


def test_degraded(scenes, tmp_path):
    given = ["--ms", str(scenes["both"]), "--pan", str(scenes["both"])]
    outputs = ["--output-ms", str(tmp_path / "ms.tif"), "--output-pan", str(tmp_path / "pan.tif")]
    assert cli.main(["degrade", *given, *outputs]) == 0
    assert len(facts(tmp_path / "pan.tif").bands) == 1
    assert len(facts(tmp_path / "ms.tif").bands) == 7
