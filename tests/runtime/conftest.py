"""The tests of sessions run the pipeline, and a worker in the engine's interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")

from satfusion_qgis.runtime import child
from tests.runtime.support import ODD_WORKER, nothing_left
from tests.shared_data import engine_python


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_left():
        yield


@pytest.fixture
def engine() -> Path:
    """The engine's interpreter."""
    path = engine_python()
    if path is None:
        pytest.skip("no engine's Python: neither SATFUSION_PYTHON nor .venv-engine (make setup)")
    return path


@pytest.fixture
def odd(engine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The engine's interpreter with workers that know odd methods."""
    monkeypatch.setattr(child, "START", ODD_WORKER)
    return engine


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An empty folder for outputs."""
    (tmp_path / "made").mkdir()
    return tmp_path / "made"
