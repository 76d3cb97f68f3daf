"""Where a run computes: classical methods in this interpreter, networks in the engine's."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from ..runtime.interpreters import find_engine
from ..runtime.machine import Machine
from ..runtime.settings import EngineSettings
from ..tasks.errors import InputError
from ..tasks.method import Method


def engine_python(engine: EngineSettings) -> Optional[Path]:
    """Return the engine's interpreter, or None where there is none.

    Raises:
        InputError: The interpreter that the user named is not there.
    """
    found = find_engine("" if engine.interpreter is None else str(engine.interpreter), Machine())
    return None if found is None else found.path


def check_engine(method: Method, engine: EngineSettings) -> None:
    """Refuse a network where there is no engine.

    Raises:
        InputError: It says how to get one.
    """
    if method.runtime == "engine" and engine_python(engine) is None:
        raise InputError(
            f"{method.title} needs the engine, which is not installed: run Install the engine (engine_install), or "
            "name a Python with ONNX Runtime or PyTorch in the options or in SATFUSION_PYTHON."
        )
