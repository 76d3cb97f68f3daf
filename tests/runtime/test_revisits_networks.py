"""Networks for revisits through the pipeline: frames, masks, base and PAN reach the worker, and windows do not show."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")

from satfusion_qgis import pipeline
from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from satfusion_qgis.runtime.settings import EngineSettings
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.support import QUICK, CancelsAt, Log, assert_one_sentence, files_in, read_array
from tests.scenes import make_pair, write_geotiff
from tests.shared_data import engine_python

ROOT = Path(__file__).resolve().parents[2]
WAVELENGTHS = (560.0, 665.0, 842.0)
RATIO = {"small": 3, "context": 2, "detail": 2, "both": 4, "plain": 4, "star": 4}
METHOD = {
    "detail": "highresnet",
    "small": "highresnet",
    "context": "rams",
    "both": "satfusion",
    "star": "satfusion_star",
}


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """A folder with small models."""
    engine = engine_python()
    if engine is None:
        pytest.skip("no engine's Python: neither SATFUSION_PYTHON nor .venv-engine (make setup)")
    folder = tmp_path_factory.mktemp("models")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    program = str(Path(__file__).with_name("make_revisits_models.py"))
    done = subprocess.run([str(engine), program, str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def settings(engine: Path, models: Path) -> EngineSettings:
    return EngineSettings(engine, models)


@dataclass(frozen=True)
class Revisits:
    """Simulated revisits of a generated scene on disk, and PAN at a quarter of their pixel size."""

    files: list[Path]
    pan: Path
    images: Any

    def job(self, model: str, output: Path, items: int = 5, **fields: Any) -> Job:
        """A job that runs a model, or a classical method of that name."""
        method = METHOD.get(model, model)
        with_pan = method.startswith("satfusion")
        inputs = [Input("REVISITS", str(path), index) for index, path in enumerate(self.files[:items])]
        outputs = [Output("OUTPUT", str(output), dtype="Float32", options=dict(QUICK))]
        if fields.pop("weight", False):
            outputs.append(Output("WEIGHT", str(output.with_name("weight.tif")), "measure", options=dict(QUICK)))
        ratio = {} if with_pan else {"RATIO": RATIO.get(model, 2)}
        parameters = {"REFERENCE_DATE": "2024-06-01", **ratio, **fields.pop("parameters", {})}
        return Job(
            "multi_image_pansharpening" if with_pan else "super_resolution",
            method,
            [*inputs, *([Input("PAN", str(self.pan))] if with_pan else [])],
            outputs,
            parameters=parameters,
            model=fields.pop("model", {"id": model} if model in RATIO else None),
            **{"threads": 1, **fields},
        )


@pytest.fixture(scope="module")
def revisits(tmp_path_factory) -> Revisits:
    folder = tmp_path_factory.mktemp("revisits")
    scene = make_pair(256, 288, seed=5)
    made = simulate(
        scene.truth[1:], 4, Simulation(revisits=5, largest_shift=1.5, clouded_revisits=1, gain=0.01, seed=6)
    )
    place = tuple(value * (4 if number in (1, 5) else 1) for number, value in enumerate(scene.pan_geotransform))
    files = []
    for number, (image, valid) in enumerate(zip(made.revisits, made.masks)):
        whole = np.where(valid, np.clip(np.rint(image), 1, 65535), 0)
        name = folder / f"scene_2024060{number + 1}.tif"
        files.append(write_geotiff(name, whole, place, dtype="uint16", nodata=0, wavelengths_nm=WAVELENGTHS))
    pan = write_geotiff(folder / "pan.tif", np.rint(scene.pan), scene.pan_geotransform, dtype="uint16")
    return Revisits(files, pan, [read_array(path) for path in files])


def fused(
    revisits: Revisits, settings: EngineSettings, model: str, target: Path, log: Any = None, **fields: Any
) -> Any:
    pipeline.run(revisits.job(model, target, **fields), feedback=log, engine=settings)
    return read_array(target)


def test_a_network_by_hand(revisits: Revisits, settings: EngineSettings, tmp_path: Path) -> None:
    """The network adds half of the reference's detail to the back-projection; normalising is undone."""
    log = Log()
    made = fused(revisits, settings, "detail", tmp_path / "made.tif", log, weight=True)
    base = fused(revisits, settings, "back_projection", tmp_path / "base.tif")
    reference = revisits.images[0].astype(np.float64)
    padded = np.pad(reference, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows, columns = reference.shape[1:]
    mean = sum(padded[:, row : row + rows, column : column + columns] for row in range(3) for column in range(3)) / 9
    expected = base + 0.5 * (reference - mean).repeat(2, axis=1).repeat(2, axis=2)
    assert np.abs(made - expected).max() <= 1e-5 * np.ptp(base)
    weight = read_array(tmp_path / "weight.tif")
    assert weight.shape == (1, 2 * rows, 2 * columns) and weight.max() == 5 and weight.min() >= 1
    said = "\n".join(log.lines)
    assert "Device: cpu, ONNX Runtime" in said
    assert "Revisits that the network gets: 5 of 5" in said
    assert "Consistency with the reference revisit" in said
    assert "Pixels of " in said and "effective resolution" in said


@pytest.mark.parametrize("model", ["small", "context", "both", "star"])
def test_windows_do_not_matter(revisits: Revisits, settings: EngineSettings, tmp_path: Path, model: str) -> None:
    log = Log()
    whole = fused(revisits, settings, model, tmp_path / "whole.tif", log, window=1024)
    assert np.isfinite(whole).all()
    assert whole.shape[1:] == tuple(RATIO[model] * side for side in revisits.images[0].shape[1:])
    tiled = fused(revisits, settings, model, tmp_path / "tiled.tif", window=80)
    assert np.abs(tiled - whole).max() <= 1e-5 * np.ptp(whole)
    if model == "small":
        assert "Revisits that the network gets: 4 of 5, by number 1, " in "\n".join(log.lines)


def test_one_revisit_works(revisits: Revisits, settings: EngineSettings, tmp_path: Path) -> None:
    log = Log()
    made = fused(revisits, settings, "detail", tmp_path / "made.tif", log, items=1)
    assert np.isfinite(made).all()
    assert "the effective resolution of one revisit cannot be told" in "\n".join(log.lines)


def test_an_extent_shows_what_the_whole_does(revisits: Revisits, settings: EngineSettings, tmp_path: Path) -> None:
    """The lattice begins at the reference, not at the extent, which begins one fine pixel further on."""
    whole = fused(revisits, settings, "detail", tmp_path / "whole.tif", parameters={"MAX_SHIFT": 0})
    geotransform = _geotransform(tmp_path / "whole.tif")
    pixel = geotransform[1]
    left, top = geotransform[0] + 31 * pixel, geotransform[3] - 21 * pixel
    extent = [left, top - 60 * pixel, left + 70 * pixel, top]
    part = fused(revisits, settings, "detail", tmp_path / "part.tif", extent=extent, parameters={"MAX_SHIFT": 0})
    assert part.shape[1:] == (60, 70)
    apart = np.abs(part - whole[:, 21:81, 31:101])
    # Statistics of the part differ a little from those of the whole; a fine pixel's displacement would show more.
    displaced = np.abs(part - whole[:, 21:81, 32:102])
    assert apart.mean() < 0.1 * displaced.mean() and np.median(apart) < 0.002 * np.ptp(whole)


def _geotransform(path: Path) -> Any:
    from osgeo import gdal

    return gdal.Open(str(path)).GetGeoTransform()


def test_the_encoder_chooses_the_model(revisits: Revisits, settings: EngineSettings, tmp_path: Path) -> None:
    def used(**parameters: Any) -> str:
        job = revisits.job("satfusion", tmp_path / "made.tif", parameters=parameters)
        made = pipeline.plan.make_plan(job, engine=settings)
        made.close()
        assert made.card is not None
        return made.card.id

    assert used(ENCODER="trmisr") == used(SHARPENER="pnn") == "both"
    assert used(ENCODER="highresnet") == "plain"
    for parameters in ({"ENCODER": "rams"}, {"ENCODER": "trmisr", "SHARPENER": "pannet"}):
        with pytest.raises(InputError, match="no weights for SatFusion fit this scene: both has the") as error:
            used(**parameters)
        assert_one_sentence(str(error.value))
    job = revisits.job("both", tmp_path / "made.tif", parameters={"ENCODER": "rams"})
    with pytest.raises(InputError, match="both has the encoder trmisr, but ENCODER is rams; choose any"):
        pipeline.check(job, engine=settings)


def test_what_does_not_fit_is_refused(revisits: Revisits, settings: EngineSettings, tmp_path: Path) -> None:
    def refused(model: str, message: str, **fields: Any) -> None:
        before = files_in(tmp_path)
        with pytest.raises(InputError, match=message) as error:
            pipeline.run(revisits.job(model, tmp_path / "no.tif", **fields), engine=settings)
        assert_one_sentence(str(error.value))
        assert files_in(tmp_path) == before

    refused("small", "small is for a ratio of 3, but RATIO is 2", parameters={"RATIO": 2})
    refused("trmisr", "there are no weights for TR-MISR yet; train one")
    refused("highresnet", r"no weights for HighRes-net fit this scene: .* but RATIO is 4", parameters={"RATIO": 4})
    inputs = [Input("REVISITS", str(path), index, bands=[1, 2]) for index, path in enumerate(revisits.files)]
    job = revisits.job("small", tmp_path / "no.tif")
    job.inputs = inputs
    with pytest.raises(InputError, match=r"small is for 3 bands \(green, red, near infrared\), but REVISITS has 2"):
        pipeline.run(job, engine=settings)


def test_a_cancel_leaves_nothing(revisits: Revisits, settings: EngineSettings, tmp_path: Path) -> None:
    for moment in (1, 4, 8):
        with pytest.raises(Cancelled):
            pipeline.run(revisits.job("small", tmp_path / "no.tif"), feedback=CancelsAt(moment), engine=settings)
        assert files_in(tmp_path) == []
