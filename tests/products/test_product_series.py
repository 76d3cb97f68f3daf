"""A series of MODIS as delivered: found in a folder, dated, placed and predicted from."""

from __future__ import annotations

import numpy as np

from satfusion_qgis.pipeline.series import DateJob, SeriesRequest, run_series
from satfusion_qgis.pipeline.series_images import Search
from tests.pipeline.support import QUICK, Log
from tests.products.makers import write_mod09ga
from tests.products.support import pixels
from tests.products.test_product_pairs import NAMES, fine_grid, needs_hdf5
from tests.scenes import write_geotiff


@needs_hdf5
def test_a_folder_of_modis_products(tmp_path):
    fine, coarse = tmp_path / "fine", tmp_path / "coarse"
    fine.mkdir()
    coarse.mkdir()
    for number in (1, 9, 17):
        made = write_mod09ga(tmp_path / f"made_{number}")
        made.rename(coarse / made.name.replace("A2020001", f"A2020{number:03d}"))
    rng = np.random.default_rng(0)
    images = {day: rng.uniform(0.05, 0.4, (6, 96, 96)).astype(np.float32) for day in ("20200101", "20200117")}
    for day, image in images.items():
        write_geotiff(fine / f"LC08_L2SP_195028_{day}_20200824_02_T1.tif", image, fine_grid(), epsg=32632, names=NAMES)
    log = Log()
    request = SeriesRequest(
        (str(fine),),
        (str(coarse),),
        str(tmp_path / "out"),
        Search(auto_masks=True),
        job=DateJob("add_change", options=QUICK, threads=1),
    )
    found = run_series(request, feedback=log)
    ((day, path),) = found.files
    assert str(day) == "2020-01-09"
    assert (found.rows[0]["pair_1_days"], found.rows[0]["pair_2_days"]) == (-8, 8)
    # The coarse images are the same, so what is predicted is the mean of both fine ones.
    np.testing.assert_allclose(pixels(path), sum(images.values()) / 2, atol=1e-4)
