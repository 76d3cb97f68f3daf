"""`satfusion:engine_install`: makes the Python environment in which networks run."""

from __future__ import annotations

from typing import Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)

from ..catalogue import Catalogue
from ..runtime.install import Wish, install
from ..runtime.machine import Machine
from ..runtime.requirements import DEVICES, SIZES
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from . import engine_settings
from .base import Parameters, Results, SatFusionAlgorithm
from .engine_check import CITATIONS, GROUP, GROUP_ID, interpreter_definition
from .engine_report import manual_lines
from .form import with_help
from .reporting import duration
from .texts import About, tr

_SIZE = Parameter(
    "SIZE",
    "Size",
    "choice",
    "inference",
    "What the engine is for.",
    choices=SIZES,
    choice_titles=(
        "runs networks with ONNX Runtime (about 200 MB on the disk)",
        "also trains and adapts them, with torch (about 1.3 GB; several times as much for an NVIDIA GPU)",
    ),
)
_DEVICE = Parameter(
    "DEVICE",
    "Device",
    "choice",
    "cpu",
    "Where networks will run.",
    choices=DEVICES,
    choice_titles=(
        "on the processor",
        "on a GPU as well: NVIDIA with its driver, any on Windows, Intel on Linux, Apple's",
    ),
)
_REINSTALL = Parameter(
    "REINSTALL",
    "Begin anew",
    "boolean",
    False,
    "Deletes the engine that is there first. Without it, an installation that was cut off goes on, and one that is "
    "complete is left alone or brought up to date.",
)
_ABOUT = About(
    name="engine_install",
    title="Install the engine",
    group=GROUP,
    group_id=GROUP_ID,
    summary="Makes a Python environment of its own for networks, in the folder for the user's data (the variable "
    "SATFUSION_ENGINE_FOLDER moves it). QGIS's own Python is not changed, and an update of SatFusion leaves the engine "
    "alone.\n"
    "The packages are fetched by pip, with QGIS's proxy, or taken from a folder of wheels without any network. A "
    "cancelled or failed installation goes on where it stopped when it is run again. The log begins with the commands "
    "that do the same by hand.",
    citations=CITATIONS,
    tags=("torch", "pytorch", "onnx", "cuda", "gpu", "python", "environment", "pip", "offline", "proxy"),
)


class EngineInstallAlgorithm(SatFusionAlgorithm):
    """Installs the engine.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._wish: Optional[Wish] = None

    def again(self) -> EngineInstallAlgorithm:
        """Return a new instance."""
        return EngineInstallAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add what is wanted, and what is there afterwards."""
        self.add_described(_SIZE, _DEVICE)
        self.add(
            interpreter_definition(
                tr("The Python to make the environment with. Empty looks for one; the log says which it took.")
            )
        )
        wheels = QgsProcessingParameterFile(
            "WHEELS", tr("Folder of wheels"), QgsProcessingParameterFile.Behavior.Folder, optional=True
        )
        self.add(
            with_help(
                wheels, tr("Installs from the wheels (*.whl) in this folder, without any network. Empty fetches them.")
            )
        )
        self.add_described(_REINSTALL)
        self.addOutput(QgsProcessingOutputString("ENGINE", tr("Interpreter of the engine")))
        self.addOutput(QgsProcessingOutputString("VERSIONS", tr("Versions of the packages")))
        self.addOutput(QgsProcessingOutputNumber("SECONDS", tr("How long it took [s]")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values, and take QGIS's proxy."""
        values = self.values(parameters, context)
        self._wish = Wish(
            values["SIZE"],
            values["DEVICE"],
            self.parameterAsFile(parameters, "INTERPRETER", context),
            self.parameterAsFile(parameters, "WHEELS", context),
            values["REINSTALL"],
            engine_settings.proxy(),
        )

    def run_job(self, feedback: Feedback) -> Results:
        """Install, and say what is there."""
        if self._wish is None:
            raise InputError(tr("The algorithm was not prepared."))
        machine = Machine()
        feedback.info(tr("The same by hand:"))
        for line in manual_lines(self._wish, machine, feedback):
            feedback.info(line)
        made = install(self._wish, machine, feedback)
        versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
        feedback.info(tr("The engine works: {}").format(versions))
        feedback.info(tr("It took {}.").format(duration(made.seconds)))
        return {"ENGINE": str(made.python), "VERSIONS": versions, "SECONDS": round(made.seconds, 1)}
