"""How results look and what they are called when they are loaded."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsRasterLayer,
)

from satfusion_qgis.algorithms.styling import Stretch, colour_bands, stretches_of_image, style_of_layer, write_style
from satfusion_qgis.raster.bands import Band
from satfusion_qgis.raster.reader import describe
from satfusion_qgis.tasks.job import Input
from tests.qgis.conftest import run_as_task
from tests.qgis.test_pansharpen import load_results
from tests.scenes import write_geotiff


def bands(*wavelengths, names=()):
    named = list(names) + [""] * len(wavelengths)
    return [Band(named[place], value, "UInt16") for place, value in enumerate(wavelengths)]


@pytest.mark.parametrize(
    ("described", "shown"),
    [
        (bands(480.0, 560.0, 660.0, 840.0), (3, 2, 1)),
        (bands(840.0, 660.0, 560.0, 480.0), (2, 3, 4)),
        (bands(443.0, 482.0, 561.0, 655.0, 865.0, 1609.0), (4, 3, 2)),
        (bands(None, None, None, None, names=("Blue", "Green", "Red", "NIR")), (3, 2, 1)),
        (bands(None, None, None, names=("nir", "swir", "x")), (1, 2, 3)),
        (bands(840.0, 1600.0, 2200.0), (1, 2, 3)),
        (bands(480.0, 560.0), (1,)),
        (bands(None), (1,)),
    ],
)
def test_colours(described, shown):
    assert colour_bands(described) == shown


def test_many_bands():
    described = bands(*np.linspace(400.0, 1000.0, 61))
    assert colour_bands(described) == (27, 17, 9)


def styled(path):
    """The renderer that QGIS gives the file; a copy, as the layer takes its own along when it goes."""
    layer = QgsRasterLayer(str(path), "styled")
    assert layer.isValid()
    return layer.renderer().clone()


def test_the_stretch_is_of_valid_pixels(application, tmp_path):
    rng = np.random.default_rng(1)
    image = rng.uniform(100, 1100, (3, 700, 900))
    image[:, :300] = 0
    path = write_geotiff(tmp_path / "a.tif", image, (0, 1, 0, 0, 0, -1), nodata=0, dtype="uint16")
    write_style(str(path), "image")
    renderer = styled(path)
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (1, 2, 3)
    contrast = renderer.redContrastEnhancement()
    assert contrast.minimumValue() == pytest.approx(120, abs=6)
    assert contrast.maximumValue() == pytest.approx(1080, abs=6)
    kinds = QgsContrastEnhancement.ContrastEnhancementAlgorithm
    assert contrast.contrastEnhancementAlgorithm() == kinds.StretchToMinimumMaximum


def test_the_stretch_has_scale_and_offset(application, tmp_path):
    image = np.linspace(0, 1000, 100 * 100).reshape(1, 100, 100)
    path = write_geotiff(tmp_path / "a.tif", image, (0, 1, 0, 0, 0, -1), dtype="uint16", scale=2e-4, offset=-0.1)
    write_style(str(path), "image")
    renderer = styled(path)
    assert renderer.type() == "singlebandgray"
    assert renderer.contrastEnhancement().minimumValue() == pytest.approx(20 * 2e-4 - 0.1, abs=1e-3)
    assert renderer.contrastEnhancement().maximumValue() == pytest.approx(980 * 2e-4 - 0.1, abs=1e-3)


def test_the_stretch_of_a_large_image_for_others(tmp_path):
    image = np.random.default_rng(2).uniform(0, 1000, (4, 900, 1300)) + np.arange(1, 5)[:, None, None] * 1000
    image[:, :, :500] = 0
    place = (0, 1, 0, 0, 0, -1)
    named = {"names": ["Blue", "Green", "Red", "NIR"], "nodata": 0, "scale": 1e-4, "offset": -0.1}
    path = write_geotiff(tmp_path / "a.tif", image, place, dtype="uint16", **named)
    source = describe("FINE_1", [Input("FINE_1", str(path))])
    found = stretches_of_image(source, None)
    assert [item.band for item in found] == [3, 2, 1]
    for item in found:
        assert item.lowest == pytest.approx((1000 * item.band + 20) * 1e-4 - 0.1, abs=1e-3)
        assert item.highest == pytest.approx((1000 * item.band + 980) * 1e-4 - 0.1, abs=1e-3)
    taken = (Stretch(4), Stretch(2, 0.0, 0.5), Stretch(1, 0.0, 0.4))
    found = stretches_of_image(source, None, taken)
    assert found[1:] == taken[1:] and found[0].lowest == pytest.approx(0.302, abs=1e-3)


@pytest.mark.parametrize("value", [0, 7])
def test_an_image_without_contrast_has_a_style(application, tmp_path, value):
    image = np.full((3, 10, 10), value)
    path = write_geotiff(tmp_path / "a.tif", image, (0, 1, 0, 0, 0, -1), nodata=0, dtype="uint8")
    write_style(str(path), "image")
    contrast = styled(path).redContrastEnhancement()
    assert contrast.maximumValue() > contrast.minimumValue()


def test_classes_get_a_colour_each(application, tmp_path):
    image = np.arange(600 * 4).reshape(1, 600, 4) % 5
    path = write_geotiff(tmp_path / "a.tif", image, (0, 1, 0, 0, 0, -1), nodata=0, dtype="uint8")
    write_style(str(path), "classes")
    renderer = styled(path)
    assert renderer.type() == "paletted"
    classes = renderer.classes()
    assert [item.value for item in classes] == [1, 2, 3, 4]
    assert len({item.color.name() for item in classes}) == 4


def user_style(layer, numbers, ends=((100.0, 900.0),) * 3):
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *numbers)
    setters = (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    )
    for number, setter, (low, high) in zip(numbers, setters, ends):
        contrast = QgsContrastEnhancement(layer.dataProvider().dataType(number))
        contrast.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        contrast.setMinimumValue(low)
        contrast.setMaximumValue(high)
        setter(contrast)
    layer.setRenderer(renderer)


def test_only_a_style_that_the_user_made_is_taken_over(application, scene_files):
    layer = QgsRasterLayer(scene_files.ms, "ms")
    assert style_of_layer(layer, []) is None
    layer.renderer().redContrastEnhancement().setMaximumValue(1234)  # as an estimate from other pixels would
    assert style_of_layer(layer, []) is None
    user_style(layer, (1, 2, 3))
    assert [item.band for item in style_of_layer(layer, [])] == [1, 2, 3]
    user_style(layer, (4, 3, 2))
    assert style_of_layer(layer, []) == (
        Stretch(4, 100.0, 900.0),
        Stretch(3, 100.0, 900.0),
        Stretch(2, 100.0, 900.0),
    )
    assert [item.band for item in style_of_layer(layer, [2, 3, 4])] == [3, 2, 1]
    assert style_of_layer(layer, [1, 2, 3]) is None
    assert style_of_layer(QgsRasterLayer(scene_files.pan, "pan"), []) is None


def test_the_style_of_the_ms_layer_comes_over(provider, scene_files, tmp_path, log, project):
    layer = QgsRasterLayer(scene_files.ms, "ms")
    user_style(layer, (4, 3, 2))
    project.addMapLayer(layer)
    parameters = {"MS": [layer.id()], "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "out.tif")}
    assert run_as_task(provider.algorithm("pansharpen"), parameters, log, project)[0], log.errors
    renderer = styled(tmp_path / "out.tif")
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (4, 3, 2)
    assert renderer.redContrastEnhancement().maximumValue() == 900


def test_colours_by_wavelength_in_a_run(provider, scene_files, tmp_path, log):
    parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "out.tif")}
    assert run_as_task(provider.algorithm("pansharpen"), parameters, log)[0], log.errors
    renderer = styled(tmp_path / "out.tif")
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (3, 2, 1)
    fused = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()[2]
    contrast = renderer.redContrastEnhancement()
    assert contrast.minimumValue() == pytest.approx(np.percentile(fused, 2), rel=0.05)
    assert contrast.maximumValue() == pytest.approx(np.percentile(fused, 98), rel=0.05)


@pytest.mark.parametrize(
    ("files", "method", "name", "colours"),
    [
        ("ms", "pansharpen_gsa", "town_ms_gsa", (3, 2, 1)),
        ("bands", "pansharpen", "LC08_town_auto", (1, 2, 3)),
    ],
)
def test_the_layer_is_named_and_styled(provider, scene_files, log, project, files, method, name, colours):
    algorithm = provider.algorithm(method)
    parameters = {
        "MS": getattr(scene_files, files),
        "PAN": scene_files.pan,
        "OUTPUT": QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, project),
    }
    good, results, context = run_as_task(algorithm, parameters, log, project)
    assert good, log.errors
    load_results(algorithm, context, log, results)
    (layer,) = project.mapLayers().values()
    assert layer.name() == name
    shown = layer.renderer()
    assert (shown.redBand(), shown.greenBand(), shown.blueBand()) == colours
    assert shown.minMaxOrigin().limits() == type(shown.minMaxOrigin())().limits()  # values of the file, as given


def test_a_name_that_the_user_gave_stays(provider, scene_files, log, project):
    wanted = QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, project)
    wanted.destinationName = "my result"
    parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": wanted}
    good, _, context = run_as_task(provider.algorithm("pansharpen_gsa"), parameters, log, project)
    assert good, log.errors
    assert [details.name for details in context.layersToLoadOnCompletion().values()] == ["my result"]


def test_a_layer_is_styled_where_the_algorithm_is_gone_before_it_loads(provider, scene_files, log, project):
    """As `processing.runAndLoadResults` does it: the instance that ran is deleted when the run returns."""
    context = QgsProcessingContext()
    context.setProject(project)
    output = QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, project)
    algorithm = provider.algorithm("pansharpen_gsa")
    results, good = algorithm.run({"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": output}, context, log)
    assert good, log.errors
    gc.collect()
    for path, details in context.layersToLoadOnCompletion().items():
        layer = QgsRasterLayer(path, details.name, "gdal", QgsRasterLayer.LayerOptions(False))
        before = layer.renderer().redContrastEnhancement().maximumValue()
        details.postProcessor().postProcessLayer(layer, context, log)
        assert layer.renderer().redContrastEnhancement().maximumValue() != before
    assert results["OUTPUT"] in context.layersToLoadOnCompletion()
