"""`satfusion:engine_check`: says whether networks can run here, on which devices, and what to do where they cannot."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)

from ..catalogue import Catalogue
from ..runtime.engine_check import EngineCheck, check_engine
from ..runtime.environment import COMPLETE, state_of
from ..runtime.install import Wish
from ..runtime.interpreters import MANAGED, find_engine
from ..runtime.machine import Machine
from ..tasks.feedback import Feedback
from . import engine_settings
from .base import Parameters, Results, SatFusionAlgorithm
from .engine_report import manual_lines, problem_text, report_lines
from .form import with_help
from .texts import About, tr

GROUP, GROUP_ID = "Engine", "engine"
CITATIONS = (
    "Paszke, A., et al. (2019): PyTorch: an imperative style, high-performance deep learning library. Advances in "
    "Neural Information Processing Systems 32.",
    "ONNX Runtime developers (2018): ONNX Runtime, an accelerator for machine learning models in the ONNX format.",
)
_VERSIONS = (
    ("NUMPY", "numpy", "Version of numpy"),
    ("ONNXRUNTIME", "onnxruntime", "Version of ONNX Runtime"),
    ("TORCH", "torch", "Version of torch"),
    ("LIGHTNING", "lightning", "Version of lightning"),
)
_ABOUT = About(
    name="engine_check",
    title="Check the engine",
    group=GROUP,
    group_id=GROUP_ID,
    summary="Tells whether networks can run on this computer. The engine is a Python of its own, beside that of QGIS, "
    "with ONNX Runtime or torch; classical methods do not need it.\n"
    "Each package is imported there, and on each device (processor, NVIDIA and other GPUs) a small convolution is "
    "really computed, compared and timed. What fails is named with what to do about it. The log also holds the exact "
    "commands that install the engine by hand. Nothing is downloaded or changed.",
    citations=CITATIONS,
    tags=("torch", "pytorch", "onnx", "cuda", "gpu", "python", "environment", "devices"),
)


class EngineCheckAlgorithm(SatFusionAlgorithm):
    """Tries the engine.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._chosen = ""

    def again(self) -> EngineCheckAlgorithm:
        """Return a new instance."""
        return EngineCheckAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the interpreter and what is found."""
        self.add(
            interpreter_definition(
                tr(
                    "The Python to check. Empty takes that of the options, else the one that "
                    "the variable SATFUSION_PYTHON names, else the installed engine."
                )
            )
        )
        self.addOutput(QgsProcessingOutputNumber("OK", tr("1 when networks can run, else 0")))
        self.addOutput(QgsProcessingOutputString("ENGINE", tr("Interpreter of the engine")))
        self.addOutput(QgsProcessingOutputString("PYTHON", tr("Version of Python")))
        for name, _, title in _VERSIONS:
            self.addOutput(QgsProcessingOutputString(name, tr(title)))
        self.addOutput(QgsProcessingOutputString("DEVICES", tr("Devices that work, separated by commas")))

    def check(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        """Check that what was chosen is there."""
        super().check(parameters, context)
        find_engine(self._named(parameters, context), Machine())

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Find the interpreter."""
        self._chosen = self._named(parameters, context)

    def _named(self, parameters: Parameters, context: QgsProcessingContext) -> str:
        return self.parameterAsFile(parameters, "INTERPRETER", context) or engine_settings.interpreter()

    def run_job(self, feedback: Feedback) -> Results:
        """Try it, and say what was found."""
        machine = Machine()
        state = state_of(machine)
        found = find_engine(self._chosen, machine)
        if found is None or (found.source == MANAGED and state.kind != COMPLETE):
            feedback.warning(state.sentence)
        results: Results = {"OK": 0, "ENGINE": "", "PYTHON": "", "DEVICES": ""}
        results.update({name: "" for name, _, _ in _VERSIONS})
        if found is not None:
            checked = check_engine(found.path, feedback.cancelled)
            for line in report_lines(checked, found.source):
                feedback.info(line)
            for problem in checked.problems:
                feedback.warning(problem_text(problem))
            results.update(_results(checked))
        feedback.info(tr("To install the engine by hand (nothing of this was run):"))
        for line in manual_lines(Wish(interpreter=""), machine, feedback):
            feedback.info(line)
        return results


def interpreter_definition(text: str) -> QgsProcessingParameterFile:
    """Return the parameter that names an interpreter, with its (translated) help."""
    kind = QgsProcessingParameterFile.Behavior.File
    # QGIS's own filter, "All files (*.*)", refuses a name without a dot, such as python3.
    made = QgsProcessingParameterFile(
        "INTERPRETER", tr("Python interpreter"), kind, optional=True, fileFilter=tr("All files (*)")
    )
    return with_help(made, text)


def _results(checked: EngineCheck) -> Results:
    working = dict.fromkeys(device.device for device in checked.devices if device.ok)
    return {
        "OK": int(checked.ok),
        "ENGINE": str(checked.interpreter),
        "PYTHON": checked.python,
        "DEVICES": ", ".join(working),
        **{name: checked.versions.get(package, "") for name, package, _ in _VERSIONS},
    }
