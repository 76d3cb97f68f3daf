"""Real scenes at reduced scale: sharpening has to beat interpolation and GDAL's own pansharpening."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.assess import assess_reference
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import METHODS, QUICK, facts, read_array
from tests.shared_data import shared_path

RAW: dict[str, Any] = {"scale": 1.0, "offset": 0.0}


class Place:
    """A scene with its degraded pair, and the scores of what is made of it."""

    def __init__(self, folder: Path, ms: Path, pan: Path, sensor: str, bands: tuple[int, ...], border: int) -> None:
        self.folder, self.ms, self.pan, self.sensor, self.bands, self.border = folder, ms, pan, sensor, bands, border
        self.coarse_ms, self.coarse_pan = folder / "coarse_ms.tif", folder / "coarse_pan.tif"
        jobs = degrade_jobs(
            [Input("MS", str(ms), bands=list(bands))],
            Input("PAN", str(pan)),
            str(self.coarse_ms),
            str(self.coarse_pan),
            parameters={"SENSOR": sensor},
            options=QUICK,
        )
        degrade_pair(jobs)
        fine, own = facts(pan), facts(ms)
        self.ratio = own.geotransform[1] / fine.geotransform[1]
        self.scored = bands
        self._scores: dict[str, dict[str, float]] = {}

    def fused(self, method: str) -> dict[str, float]:
        """Scores of a method's result."""
        if method not in self._scores:
            target = self.folder / f"{method}.tif"
            inputs = [Input("MS", str(self.coarse_ms), **RAW), Input("PAN", str(self.coarse_pan), **RAW)]
            parameters = {} if method == "exp" else {"SENSOR": self.sensor}
            pipeline.run(
                Job(
                    "pansharpening",
                    method,
                    inputs,
                    [Output("OUTPUT", str(target), options=QUICK)],
                    parameters=parameters,
                )
            )
            self._scores[method] = self.score(target)
        return self._scores[method]

    def score(self, path: Path) -> dict[str, float]:
        shown = [number for number, band in enumerate(self.bands, 1) if band in self.scored]
        fused = Input("FUSED", str(path), bands=shown, **RAW)
        truth = Input("REFERENCE", str(self.ms), bands=list(self.scored), **RAW)
        return assess_reference(fused, truth, self.ratio, self.border)["all"]

    def by_gdal(self) -> dict[str, float]:
        """Scores of gdal_pansharpen's result, with its defaults."""
        script = shutil.which("gdal_pansharpen.py")
        if script is None:
            pytest.skip("gdal_pansharpen.py is not installed")
        target = self.folder / "gdal.tif"
        arguments = [str(self.coarse_pan), str(self.coarse_ms), str(target), "-q"]
        interpreter = [] if script.endswith(".exe") else [sys.executable]
        subprocess.run([*interpreter, script, *arguments], check=True, capture_output=True)
        return self.score(target)


@pytest.fixture(scope="module")
def rotterdam(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """WorldView-2, ratio 4.00025, four bands."""
    folder = shared_path("data/pansharpening/rotterdam_wv2")
    made = tmp_path_factory.mktemp("rotterdam")
    return Place(made, folder / "ms_1.tif", folder / "pan_1.tif", "worldview2", (1, 2, 3, 4), 16)


def clear_strip(made: Path, bands: tuple[int, ...]) -> Place:
    """Landsat 8, ratio 2 with half a pixel between the grids, without its clouds."""
    folder = shared_path("data/pansharpening/baldwin_l8")
    for name, first, rows in (("ms", 475, 128), ("pan", 950, 257)):
        source = gdal.Open(str(folder / f"{name}.tif"))
        gdal.Translate(str(made / f"{name}.tif"), source, srcWin=[0, first, source.RasterXSize, rows])
    return Place(made, made / "ms.tif", made / "pan.tif", "landsat8", bands, 8)


@pytest.fixture(scope="module")
def baldwin(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The bands that PAN covers."""
    return clear_strip(tmp_path_factory.mktemp("baldwin"), (2, 3, 4))


# ERGAS at the most, without a border of 4 * ratio pixels.
@pytest.mark.parametrize(("method", "most"), [("exp", 13.4), ("gsa", 9.83), ("mtf_glp_fs", 9.72)])
def test_rotterdam(rotterdam: Place, method: str, most: float) -> None:
    assert rotterdam.fused(method)["ergas"] <= most


@pytest.mark.parametrize(("method", "most"), [("gsa", 0.98), ("mtf_glp_fs", 0.77)])
def test_baldwin(baldwin: Place, method: str, most: float) -> None:
    assert baldwin.fused(method)["ergas"] <= most


@pytest.mark.parametrize(("method", "most"), [("gsa", 0.82), ("mtf_glp_fs", 0.76)])
def test_baldwin_with_all_bands(tmp_path: Path, method: str, most: float) -> None:
    """Bands outside PAN's range do not spoil those inside: the same three bands are scored."""
    place = clear_strip(tmp_path, (1, 2, 3, 4, 5, 6, 7))
    place.scored = (2, 3, 4)
    assert place.fused(method)["ergas"] <= most


@pytest.mark.parametrize("place", ["rotterdam", "baldwin"])
@pytest.mark.parametrize("method", ["gsa", "mtf_glp_fs"])
def test_sharpening_beats_interpolation_and_gdal(request: pytest.FixtureRequest, place: str, method: str) -> None:
    scene: Place = request.getfixturevalue(place)
    scores, interpolated, by_gdal = scene.fused(method), scene.fused("exp"), scene.by_gdal()
    assert scores["ergas"] < 0.95 * interpolated["ergas"]
    assert scores["ergas"] < 0.95 * by_gdal["ergas"]
    assert scores["q2n"] > interpolated["q2n"]


@pytest.mark.parametrize("method", METHODS)
def test_nodata_side_of_rotterdam_stays_so(tmp_path: Path, method: str) -> None:
    """The third chip has values on one side only."""
    folder = shared_path("data/pansharpening/rotterdam_wv2")
    inputs = [Input("MS", str(folder / "ms_3.tif")), Input("PAN", str(folder / "pan_3.tif"))]
    target = tmp_path / "fused.tif"
    pipeline.run(Job("pansharpening", method, inputs, [Output("OUTPUT", str(target), options=QUICK)]))
    fused, pan, ms = read_array(target), read_array(folder / "pan_3.tif")[0], read_array(folder / "ms_3.tif")
    valid = np.kron((ms != 0).all(axis=0), np.ones((4, 4), bool))[: fused.shape[1], : fused.shape[2]]
    valid &= pan[: fused.shape[1], : fused.shape[2]] != 0
    assert np.array_equal((fused != 0).all(axis=0), valid)
    edge = valid & ~(np.roll(valid, 4, 1) & np.roll(valid, -4, 1))
    assert edge.any() and fused[:, edge].max() <= 1.5 * fused[:, valid].max()
