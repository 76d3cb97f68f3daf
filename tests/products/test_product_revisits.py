"""Products as delivered as revisits: dates from metadata, masks from quality bands, units brought together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.revisit_inputs import revisit_inputs
from satfusion_qgis.raster.products import prepare
from satfusion_qgis.raster.products.quality import MaskChoice
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, Log
from tests.products.makers import write_landsat, write_sentinel
from tests.products.support import pixels
from tests.revisits_task import REVISITS_CATALOGUE


@pytest.fixture(scope="module")
def safes(tmp_path_factory) -> list[Path]:
    """The same product twice, the second ten days later and by the older processing, whose numbers have no offset."""
    made = []
    for day, offset in (("05", -1000.0), ("15", None)):
        folder = tmp_path_factory.mktemp(f"day{day}")
        safe = write_sentinel(folder, "L2A", offset)
        metadata = safe / "MTD_MSIL2A.xml"
        metadata.write_text(metadata.read_text().replace("2022-03-05", f"2022-03-{day}"))
        made.append(safe)
    return made


def run(
    paths, folder: Path, log: Log | None = None, method: str = "first", **settings
) -> tuple[np.ndarray, np.ndarray]:
    inputs = revisit_inputs([Input("REVISITS", str(path)) for path in paths], **settings)
    outputs = [Output("OUTPUT", str(folder / "out.tif"), options=dict(QUICK))]
    outputs += [Output("WEIGHT", str(folder / "weight.tif"), "measure", options=dict(QUICK))]
    pipeline.run(Job("super_resolution", method, inputs, outputs), REVISITS_CATALOGUE, log or Log())
    return pixels(folder / "out.tif"), pixels(folder / "weight.tif")


def test_dates_masks_and_units(safes: list[Path], tmp_path: Path) -> None:
    log = Log()
    plain, seen = run(safes, tmp_path, log)
    assert plain.shape == (4, 240, 240)  # the 10 m bands
    told = "\n".join(log.lines)
    assert "2022-03-05" in told and "2022-03-15" in told
    _, seen_masked = run(safes, tmp_path, auto_masks=True)
    assert (seen == 2).sum() > (seen_masked == 2).sum() > 0
    cloud = (slice(None), slice(30 * 4, 30 * 4 + 4), slice(4 * 4 * 8, 4 * 4 * 8 + 4))  # class 8 at 20 m, in 5 m pixels
    assert (seen_masked.reshape(1, 240, 240)[cloud] == 0).all()
    mean, _ = run(safes, tmp_path, method="mean")
    apart = np.abs(mean.astype(int) - plain)[:, 20:-20, 20:-20]
    assert np.median(apart) == 500  # half of the offset of 1000 between the two, in the reference's numbers


def test_prepared_rasters_are_the_same_as_products(safes: list[Path], tmp_path: Path) -> None:
    prepared = []
    for number, safe in enumerate(safes):
        made = prepare(str(safe), str(tmp_path / str(number)), ["10m"], MaskChoice())
        prepared.append(made.images["10m"])
    for one, other in zip(run(safes, tmp_path, auto_masks=True), run(prepared, tmp_path, auto_masks=True)):
        np.testing.assert_array_equal(one, other)


def test_landsat_takes_its_multispectral_bands(tmp_path: Path) -> None:
    scene = write_landsat(tmp_path)
    log = Log()
    fused, _ = run([scene], tmp_path, log)
    assert len(fused) == 7
    assert any("the reference is" in line and "no date" not in line for line in log.lines)
