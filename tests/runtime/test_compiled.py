"""Methods with a compiled form: which session they get, and that the worker gives what plain NumPy gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.catalogue import CATALOGUE, SPATIOTEMPORAL
from satfusion_qgis.pipeline.sessions import session_of
from satfusion_qgis.runtime.in_process import InProcessSession
from satfusion_qgis.runtime.session import Session
from satfusion_qgis.runtime.settings import EngineSettings
from satfusion_qgis.runtime.worker_session import WorkerSession
from satfusion_qgis.tasks.errors import InputError
from tests.core.drive_spatiotemporal import Predicted, Stack, blocks_of, places, predict, window_at
from tests.core.test_spatiotemporal import fields

METHODS = [method for method in CATALOGUE.methods_of(SPATIOTEMPORAL.id) if method.compiled]
PARAMETERS = {"SEARCH_WINDOW": 2.0}


@dataclass
class _Job:
    device: str = "auto"
    threads: int = 2


@dataclass
class _Plan:
    """What `session_of` looks at."""

    method: Any
    implementation: Any
    scene: Any
    job: _Job
    card: None = None


def plan_of(method: str, device: str, stack: Stack) -> _Plan:
    found = CATALOGUE.method(SPATIOTEMPORAL.id, method)
    implementation = CATALOGUE.implement(found, PARAMETERS if found.compiled else {}, stack.scene())
    return _Plan(found, implementation, implementation.scene, _Job(device))


def fused(session: Session, whole: Predicted, stack: Stack, size: tuple[int, int]) -> np.ndarray:
    session.set_state(whole.state)
    image = np.full(whole.image.shape, np.nan, np.float32)
    for place in places(*whole.image.shape[1:], size):
        at = window_at(stack, place, whole.implementation.halo())
        found = session.fuse([blocks_of(stack, at)], [at])[0]
        image[:, place[0] : place[0] + place[2], place[1] : place[1] + place[3]] = found["OUTPUT"]
    return image


@pytest.mark.parametrize("method", [method.id for method in METHODS])
def test_a_worker_with_compiled_code_gives_the_same(engine: Path, method: str):
    stack, _, _ = fields(bands=2)
    stack.valid["FINE_1"] = np.random.default_rng(0).random((96, 96)) > 0.02
    whole = predict(stack, method, PARAMETERS)
    plan = plan_of(method, "auto", stack)
    session = session_of(plan, EngineSettings(engine))  # type: ignore[arg-type]
    try:
        info = session.open()
        if any("lacks numba" in note for note in info.notes):
            pytest.skip("the engine has no numba")
        assert any("compiled code" in note and "plain" not in note for note in info.notes)
        assert info.device_used == "cpu" and not info.concurrent
        found = fused(session, whole, stack, (50, 64))
    finally:
        session.close()
    np.testing.assert_allclose(found, whole.image, rtol=0, atol=1e-5 * np.ptp(whole.image))


def test_which_session_a_device_means(engine: Path):
    stack, _, _ = fields(bands=1)
    usual = EngineSettings(engine)
    for device, kind in (("python", InProcessSession), ("cpu", WorkerSession), ("cuda:0", WorkerSession)):
        assert type(session_of(plan_of("starfm", device, stack), usual)) is kind  # type: ignore[arg-type]
    here = session_of(plan_of("starfm", "python", stack), usual)  # type: ignore[arg-type]
    info = here.open()
    assert info.concurrent and not info.notes
    # A method without loops stays here, whatever is there.
    assert type(session_of(plan_of("copy", "auto", stack), usual)) is InProcessSession  # type: ignore[arg-type]


def test_without_an_engine_python_computes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SATFUSION_PYTHON", raising=False)
    monkeypatch.setenv("SATFUSION_ENGINE_FOLDER", str(tmp_path / "none"))
    stack, _, _ = fields(bands=1)
    whole = predict(stack, "fit_fc", PARAMETERS)
    session = session_of(plan_of("fit_fc", "auto", stack), EngineSettings())  # type: ignore[arg-type]
    assert session.open().concurrent
    np.testing.assert_array_equal(fused(session, whole, stack, (96, 96)), whole.image)
    with pytest.raises(InputError, match="not installed"):
        session_of(plan_of("fit_fc", "cpu", stack), EngineSettings())  # type: ignore[arg-type]


def test_an_engine_that_cannot_is_passed_over_and_named(tmp_path: Path):
    """An interpreter that does not start: with "auto" the run goes on in plain NumPy, and the log says why."""
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    stack, _, _ = fields(bands=1)
    whole = predict(stack, "vipstf", PARAMETERS)
    session = session_of(plan_of("vipstf", "auto", stack), EngineSettings(broken))  # type: ignore[arg-type]
    try:
        info = session.open()
        assert "plain NumPy" in info.notes[0] and info.concurrent
        np.testing.assert_array_equal(fused(session, whole, stack, (96, 96)), whole.image)
        session.cancel()
    finally:
        session.close()
    forced = session_of(plan_of("vipstf", "cpu", stack), EngineSettings(broken))  # type: ignore[arg-type]
    with pytest.raises(InputError):
        forced.open()
    forced.close()
