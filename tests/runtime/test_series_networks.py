"""Series with networks: weights loaded once into one worker, and every date as a run of its own gives it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline import series
from satfusion_qgis.pipeline.assess_series import SeriesSettings, compare_series
from satfusion_qgis.pipeline.series import DateJob, SeriesRequest, run_series
from satfusion_qgis.pipeline.series_images import Search
from satfusion_qgis.runtime.settings import EngineSettings
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Output
from tests.pipeline.support import QUICK, read_array
from tests.runtime.support import children
from tests.series_files import day, write_series

ROOT = Path(__file__).resolve().parents[2]
WRITE = (
    "import sys; from pathlib import Path; from tests.engine.spatiotemporal_models import write_model\n"
    "for name in ('edcstfn', 'mustfn'): write_model(Path(sys.argv[1]), name)"
)


@pytest.fixture
def settings(engine: Path, tmp_path: Path) -> EngineSettings:
    folder = tmp_path / "models"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([str(engine), "-c", WRITE, str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return EngineSettings(engine, folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_series(tmp_path / "images", (0, 16), (0, 4, 7, 9, 16))


def request(folder: Path, out: Path, method: str, **fields: object) -> SeriesRequest:
    search = Search(bands=(1, 2), coarse_bands=(1, 2))
    job = DateJob(method, options=QUICK, threads=1)
    return SeriesRequest(
        (str(folder / "fine"),),
        (str(folder / "coarse"),),
        str(out),
        search,
        job=job,
        **fields,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("method", ["edcstfn", "mustfn"])
def test_one_worker_serves_all_dates(folder, tmp_path, settings, method):
    before = children()
    found = run_series(request(folder, tmp_path / "out", method), engine=settings)
    assert children() <= before
    assert [one for one, _ in found.files] == [day(4), day(7), day(9)]
    # Pair 1 is the nearer one: for the first two dates that is the one before, then the one after.
    assert found.opened == 2
    for _, path in found.files:
        job = pipeline.job_of(path)
        alone = tmp_path / "alone.tif"
        pipeline.run(replace(job, outputs=[Output("OUTPUT", str(alone), options=QUICK)]), engine=settings)
        np.testing.assert_array_equal(read_array(alone), read_array(path))


def test_a_date_that_fails_does_not_end_the_network_for_the_others(folder, tmp_path, settings, monkeypatch):
    original = series.run

    def run(job, *rest, **more):
        made = original(job, *rest, **more)
        if f"{day(7)}T00:00:00Z" in [item.date for item in job.inputs]:
            raise InputError("It fails.")
        return made

    monkeypatch.setattr(series, "run", run)
    found = run_series(request(folder, tmp_path / "out", "edcstfn"), engine=settings)
    assert [row["date"] for row in found.failed] == [str(day(7))]
    assert [one for one, _ in found.files] == [day(4), day(9)]


def test_pairs_that_a_network_cannot_do_without(folder, tmp_path, settings):
    with pytest.raises(InputError, match="PAIRS is 1"):
        run_series(
            replace(
                request(folder, tmp_path / "out", "mustfn"),
                choice=replace(SeriesRequest((), (), "").choice, pairs=1),
            ),
            engine=settings,
        )


def test_networks_compete_with_baselines(tmp_path, settings):
    folder = write_series(tmp_path / "more", (0, 5, 12), (0, 5, 12))
    chosen = SeriesSettings(Search(bands=(1, 2), coarse_bands=(1, 2)), methods=("edcstfn", "mustfn"), threads=1)
    one, two = compare_series([str(folder / "fine")], [str(folder / "coarse")], chosen, engine=settings).scores[
        "groups"
    ]
    assert {row["id"] for row in one["methods"]} == {"copy", "add_change", "edcstfn"}
    assert {row["id"] for row in two["methods"]} == {"copy", "add_change", "interpolate", "edcstfn", "mustfn"}


def test_compiled_code_is_loaded_once_and_gives_every_date_as_plain_numpy_does(
    engine: Path, folder: Path, tmp_path: Path
) -> None:
    usual, made, before = EngineSettings(engine), {}, children()
    for device in ("auto", "python"):
        asked = request(folder, tmp_path / device, "starfm")
        asked = replace(asked, job=replace(asked.job, device=device))
        found = run_series(asked, engine=usual)
        assert [one for one, _ in found.files] == [day(4), day(7), day(9)]
        assert found.opened == 2  # the nearer pair lies before the first two dates, and after the third
        made[device] = [read_array(path) for _, path in found.files]
    for one, other in zip(made["auto"], made["python"]):
        np.testing.assert_allclose(one.astype(float), other.astype(float), rtol=0, atol=1)
    assert children() <= before
