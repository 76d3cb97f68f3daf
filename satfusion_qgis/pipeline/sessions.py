"""Where a run computes: classical methods in this interpreter, networks and compiled code in the engine's."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ..runtime.environment import usable_engine
from ..runtime.first_session import FirstSession
from ..runtime.in_process import InProcessSession
from ..runtime.interpreters import find_engine
from ..runtime.machine import Machine
from ..runtime.session import Session
from ..runtime.settings import EngineSettings
from ..runtime.worker_session import WorkerSession
from ..tasks.errors import InputError
from ..tasks.job import PYTHON
from ..tasks.method import Method

if TYPE_CHECKING:
    from .plan import Plan


def session_of(plan: Plan, engine: EngineSettings) -> Session:
    """Return the session that computes a plan; nothing is started yet.

    Raises:
        InputError: It is a network's, or compiled code was asked for, and there is no engine.
    """
    if plan.method.compiled:
        return _session_of_compiled(plan, engine)
    if plan.card is not None:
        python = engine_python(engine)
        if python is not None:
            return WorkerSession(
                python,
                plan.method,
                plan.implementation.parameters,
                plan.scene,
                plan.card.folder,
                plan.job.device,
                plan.job.threads,
            )
    return InProcessSession(plan.method, plan.implementation, plan.job.device, plan.job.threads)


def _session_of_compiled(plan: Plan, engine: EngineSettings) -> Session:
    """Return the session of a method with a compiled form: in the engine where there is one, or else here in NumPy."""
    job = plan.job
    here = InProcessSession(plan.method, plan.implementation, PYTHON)
    if job.device == PYTHON:
        return here
    try:
        python = engine_python(engine)
    except InputError:
        if job.device != "auto":
            raise
        return here
    compiled: Session
    if python is None:  # the windows are shared out among threads already
        compiled = InProcessSession(plan.method, plan.implementation, job.device, threads=1)
    else:
        parameters = plan.implementation.parameters
        compiled = WorkerSession(python, plan.method, parameters, plan.scene, device=job.device, threads=job.threads)
    return FirstSession(compiled, here) if job.device == "auto" else compiled


def engine_python(engine: EngineSettings) -> Optional[Path]:
    """Return the engine's interpreter; None where this one, which is not QGIS's, runs networks itself.

    Raises:
        InputError: There is none, or it is half-installed; it says how to mend that.
    """
    chosen, machine = "" if engine.interpreter is None else str(engine.interpreter), Machine()
    if not chosen and _is_engine() and find_engine(chosen, machine) is None:
        return None
    return usable_engine(chosen, machine).path


def check_engine(method: Method, engine: EngineSettings) -> None:
    """Refuse a network where there is no engine.

    Raises:
        InputError: It says how to get one.
    """
    if method.runtime == "engine":
        engine_python(engine)


def _is_engine() -> bool:
    """Tell whether this interpreter can run networks itself; QGIS's never does, whatever lies in it."""
    return "qgis" not in sys.modules and any(importlib.util.find_spec(name) for name in ("onnxruntime", "torch"))
