"""What is done with models in the engine's interpreter, called from this one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..tasks.feedback import Feedback
from .settings import EngineSettings


def import_model(
    engine: EngineSettings, source: str, models: Path, answers: Mapping[str, Any], feedback: Feedback
) -> str:
    """Bring a checkpoint, a model folder or an ONNX file into the user's models folder.

    Args:
        engine: Where the engine runs.
        source: Path of the checkpoint, folder or file.
        models: Folder of the user's models.
        answers: What `inference.answers.answers_of` gives, and "CARD" and "REPLACE" where wanted.
        feedback: Who is told, and who may cancel.

    Returns:
        The new model's folder.

    Raises:
        InputError: It cannot be brought in, or there is no engine.
        Cancelled: The user cancelled.
    """
    given = {**answers, "INPUT": str(Path(source).absolute()), "MODELS": str(Path(models).absolute())}
    if given.get("CARD"):
        given["CARD"] = str(Path(given["CARD"]).absolute())
    return str(call_engine(engine, "import_model", given, feedback)["folder"])


def export_model(engine: EngineSettings, folder: Path, feedback: Feedback) -> dict[str, Any]:
    """Write a model's network as an ONNX file beside its weights.

    Args:
        engine: Where the engine runs.
        folder: The model's folder.
        feedback: Who is told, and who may cancel.

    Returns:
        "file", "bytes" and "max_difference"; see `engine.models.exporting.export_model`.

    Raises:
        InputError: It cannot be written, or there is no engine.
        Cancelled: The user cancelled.
    """
    return call_engine(engine, "export_model", {"MODEL": str(folder.absolute())}, feedback)


def call_engine(engine: EngineSettings, name: str, arguments: Mapping[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Run a function of the engine in the interpreter that was chosen for it.

    Raises:
        InputError: There is no engine, or the function fails.
        Cancelled: The user cancelled.
    """
    from .environment import usable_engine
    from .machine import Machine
    from .worker_session import run_in_engine

    found = usable_engine("" if engine.interpreter is None else str(engine.interpreter), Machine())
    return run_in_engine(found.path, name, arguments, feedback)
