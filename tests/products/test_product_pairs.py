"""MODIS as delivered in a prediction: on the sinusoidal grid, with its own order of bands, scale and fill value."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, osr

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.pair_inputs import pair_inputs
from satfusion_qgis.pipeline.plan import make_plan
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, Log
from tests.products.makers import write_landsat, write_mod09ga
from tests.products.support import pixels
from tests.scenes import write_geotiff

NAMES = ("blue", "green", "red", "nir", "swir1", "swir2")
needs_hdf5 = pytest.mark.skipif(
    gdal.GetDriverByName("HDF5") is None or gdal.GetDriverByName("netCDF") is None, reason="GDAL has no HDF5"
)


def fine_grid() -> tuple[float, ...]:
    """Pixels of 3 km in UTM 32 N, in the middle of the tile h18v04 (40 to 50 degrees north)."""
    there = osr.SpatialReference()
    there.ImportFromEPSG(4326)
    there.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    here = osr.SpatialReference()
    here.ImportFromEPSG(32632)
    x, y, _ = osr.CoordinateTransformation(there, here).TransformPoint(7.0, 45.5)
    return (x, 3000.0, 0.0, y, 0.0, -3000.0)


@needs_hdf5
def test_modis_as_delivered(tmp_path):
    first = write_mod09ga(tmp_path / "a")
    target = write_mod09ga(tmp_path / "b")
    target = target.rename(target.with_name(target.name.replace("A2020001", "A2020017")))
    fine = np.random.default_rng(0).uniform(0.05, 0.4, (6, 96, 96))
    grid = fine_grid()
    path = write_geotiff(tmp_path / "fine_20200101.tif", fine, grid, epsg=32632, names=NAMES, dtype="float32")
    inputs = [Input("FINE_1", str(path)), Input("COARSE_1", str(first)), Input("COARSE_TARGET", str(target))]
    inputs = pair_inputs(inputs, {}, {}, auto_masks=True)
    assert all(item.mask is None for item in inputs)  # these products have no quality band
    job = Job("spatiotemporal_fusion", "add_change", inputs, [Output("OUTPUT", str(tmp_path / "o.tif"), options=QUICK)])
    plan = make_plan(job)
    order = [band.name[-4:-2] for band in plan.sources["COARSE_TARGET"][0].bands]
    pixel = plan.sources["COARSE_TARGET"][0].grid.pixel[0]
    assert plan.sources["COARSE_TARGET"][0].grid == plan.sources["COARSE_1"][0].grid
    assert plan.days["COARSE_1"] == (-16,)
    plan.close()
    assert order == ["03", "04", "01", "02", "06", "07"]
    assert pixel == pytest.approx(1111950.52 / 24, rel=0.02)  # the makers' tile has 24 pixels a side
    log = Log()
    pipeline.run(job, feedback=log)
    np.testing.assert_allclose(pixels(tmp_path / "o.tif"), fine, atol=1e-5)  # the two coarse images are the same
    assert any("MOD09GA" in line and "MCD43A4" in line for line in log.warnings)
    assert any("number x 0.0001" in line for line in log.lines)
    assert any("left out: sur_refl_b05_1" in line for line in log.lines)


def test_a_products_quality_band(tmp_path):
    """Landsat's clouds are left out of the fine image."""
    folder = write_landsat(tmp_path / "l8")
    made = pair_inputs([Input("FINE_1", str(folder)), Input("COARSE_1", "x.tif")], {}, {}, True, 2)
    assert made[0].mask is not None and made[0].mask.path == "auto" and made[0].mask.dilate_px == 2
    assert made[1].mask is None
