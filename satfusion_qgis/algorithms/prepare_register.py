"""`satfusion:prepare_register`: revisits laid over one of them, as a stack, and a table of their shifts."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
)

from ..catalogue import Catalogue
from ..pipeline.register import METHOD, TASK, write_files
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from .base import Parameters, Results
from .form import with_help
from .fusion import FusionAlgorithm, FusionRun
from .texts import About, tr


class PrepareRegisterAlgorithm(FusionAlgorithm):
    """Registers revisits.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        method = catalogue.method(TASK, METHOD)
        about = About(
            name="prepare_register",
            title="Co-register revisits",
            group="Data preparation",
            group_id="preparation",
            summary="Measures to a fraction of a pixel how far images of one place at several dates lie from where "
            "their georeferencing puts them, and resamples them onto one grid, that of the reference.\n"
            "The stack can be given to anything that wants images that lie exactly over each other. Super-resolution "
            "needs the images as they are and measures their shifts itself: resampling loses what it lives on.",
            citations=(method.citation,),
            tags=("register", "coregister", "align", "stack", "shift", "time series", "revisit"),
        )
        super().__init__(catalogue, catalogue.task(TASK), about)
        self._method = method
        self._folder = ""
        self._files: list[str] = []

    def again(self) -> PrepareRegisterAlgorithm:
        """Return a new instance."""
        return PrepareRegisterAlgorithm(self.catalogue)

    def methods(self) -> tuple[Method, ...]:
        """Return the method."""
        return (self._method,)

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the method's own parameters."""
        return self._method.parameters

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method, and the values of its parameters."""
        return self._method, {item.name: values[item.name] for item in self._method.parameters}

    def define(self) -> None:
        """Add the revisits, the settings, the stack, the table, and the folder."""
        super().define()
        folder = QgsProcessingParameterFolderDestination(
            "FOLDER", tr("Folder for one file of each revisit"), None, True, False
        )
        self.add(with_help(folder, tr("Each revisit of the stack is also written as a file of its own in here.")))
        self.addOutput(QgsProcessingOutputMultipleLayers("RASTERS", tr("Files of the revisits")))

    def add(self, definition: QgsProcessingParameterDefinition) -> None:
        """Add a parameter or a destination; tables may be CSV here."""
        if isinstance(definition, QgsProcessingParameterFileDestination):
            definition.setFileFilter(tr("CSV files (*.csv)") + ";;" + tr("JSON files (*.json)"))
        super().add(definition)

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Make the job, and have the pipeline check it."""
        super().prepare_run(parameters, context, feedback)
        self._folder = self.parameterAsString(parameters, "FOLDER", context) if parameters.get("FOLDER") else ""

    def execute(self, run: FusionRun, feedback: Feedback) -> dict[str, str]:
        """Write the stack, and a file for each revisit."""
        made = super().execute(run, feedback)
        if self._folder:
            self._files = write_files(made["OUTPUT"], self._folder, run.job.outputs[0].options, feedback)
        return made

    def run_job(self, feedback: Feedback) -> Results:
        """Run the job, and write the style of the stack."""
        made = super().run_job(feedback)
        return {**made, "FOLDER": self._folder, "RASTERS": self._files} if self._folder else made
