"""The line that tells how fine a super-resolved image is beside its pixel size, and when it cannot be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, Log
from tests.scenes import make_pair, write_geotiff

PLACE = (500000.0, 20.0, 0.0, 5000000.0, 0.0, -20.0)
SHIFTS = ((0.0, 0.0), (0.5, 0.1), (-0.4, 0.6), (1.1, -0.5))


def told(folder: Path, shifts: Any = SHIFTS, epsg: int = 32633, clouds: bool = False, **options: Any) -> str:
    """The line about revisits of a generated scene with pixels of 20 m, made two times finer."""
    scene = make_pair(360, 360, bands=2, seed=3).truth[:2]
    settings = Simulation(revisits=len(shifts), shifts=shifts, clouded_revisits=0, gain=0.0, offset=0.0, blur=(0.25,))
    inputs = []
    for number, image in enumerate(simulate(scene, 2, settings).revisits):
        image = np.rint(image)
        if clouds:
            hidden = np.arange(image.shape[1]) % 16 < 8  # larger than what a shifted revisit may fill
            image[:, hidden[:, None] & hidden] = 0
        place = PLACE if epsg == 32633 else tuple(value / 1e5 for value in PLACE)
        name = folder / f"r_2024060{number + 1}.tif"
        inputs.append(Input("REVISITS", str(write_geotiff(name, image, place, epsg, 0, dtype="uint16")), number))
    log = Log()
    outputs = [Output("OUTPUT", str(folder / "made.tif"), options=dict(QUICK))]
    pipeline.run(Job("super_resolution", "back_projection", inputs, outputs), feedback=log, **options)
    lines = [line for line in log.lines if "effective resolution" in line]
    assert len(lines) <= 1 and not [line for line in log.warnings if "resolution" in line]
    return lines[0] if lines else ""


def test_it_lies_between_the_pixels_of_result_and_revisits(tmp_path: Path) -> None:
    line = told(tmp_path)
    start = "Pixels of 10 m; effective resolution about "
    assert line.startswith(start)
    assert line.endswith(" (Fourier ring correlation of two halves of the revisits, 2 in each, at 1/7)")
    assert 10 < float(line[len(start) :].split()[0]) < 19.5


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"shifts": SHIFTS[:1]}, "of one revisit cannot be told"),
        ({"shifts": ((0.0, 0.0), (1.0, 0.0), (0.0, -1.0))}, "for the pixels of all revisits lie in one place"),
        ({"clouds": True}, "for the middle of the result is not clear"),
    ],
)
def test_it_says_why_it_cannot_be_told(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    line = told(tmp_path, **fields)
    assert line.startswith("Pixels of 10 m; the effective resolution") and why in line


def test_without_metres_it_is_told_in_pixels(tmp_path: Path) -> None:
    line = told(tmp_path, epsg=4326)
    assert "Pixels of 0.0001 (in the CRS's units); effective resolution about 1." in line and " pixels (" in line


def test_runs_that_nobody_reads_leave_it_out(tmp_path: Path) -> None:
    assert told(tmp_path, checks=False) == ""
