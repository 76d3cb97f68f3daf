"""The folder of shared reference data that may lie beside a checkout, and what tests need from it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def shared_folder() -> Path | None:
    """The folder ``shared`` beside the repository, or None where there is none."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    return folder if folder.is_dir() else None


def needs_shared(path: str = "") -> Any:
    """A mark that skips a test where a file or folder, named from the shared folder, is missing."""
    folder = shared_folder()
    missing = folder is None or not (folder / path).exists()
    return pytest.mark.skipif(missing, reason=f"no shared/{path} beside the checkout")


def shared_path(path: str) -> Path:
    """The place of a shared file; skips the running test where it is missing."""
    folder = shared_folder()
    if folder is None or not (folder / path).exists():
        pytest.skip(f"no shared/{path} beside the checkout")
    return folder / path


def shared_module(path: str) -> ModuleType:
    """A shared Python file as a module; skips the running test where it is missing."""
    place = shared_path(path)
    spec = importlib.util.spec_from_file_location(f"shared_{place.stem}", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checkout_engine() -> Path:
    """Where `make setup` puts the engine's interpreter of this checkout."""
    folder = Path(__file__).resolve().parents[1] / ".venv-engine"
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def engine_python() -> Path | None:
    """The engine's interpreter that tests take; None where there is none."""
    path = Path(os.environ.get("SATFUSION_PYTHON") or checkout_engine())
    return path if path.exists() else None


needs_engine = pytest.mark.skipif(
    engine_python() is None, reason="no engine's Python: neither SATFUSION_PYTHON nor .venv-engine (make setup)"
)
