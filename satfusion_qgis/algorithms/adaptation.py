"""What the algorithms that fit a network to the user's own scene have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFolderDestination,
)

from ..catalogue import Catalogue
from ..pipeline.adapt import Adaptation
from ..pipeline.assess import write_text
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec, Task
from . import form
from .base import Parameters, Results
from .form import with_help
from .fusion import FusionAlgorithm, FusionRun
from .texts import About, tr

_REPORT = OutputSpec("REPORT", "report", "Report", "A page with the scores that were compared.", optional=True)


class AdaptationAlgorithm(FusionAlgorithm):
    """Fits a network to a scene, and fuses the scene with what is best.

    Args:
        catalogue: Tasks and methods to work with.
        task: The task.
        about: What the algorithm says of itself.
        keeps: What the folder of the fitted model is good for, to be translated.
        winner: What the winner did, to be translated.
        own: Parameters of the method in whose place the winner is put that the user may set.
        by: The score that decides: "ergas" or "rmse".
    """

    def __init__(
        self,
        catalogue: Catalogue,
        task: Task,
        about: About,
        keeps: str,
        winner: str,
        own: Sequence[str],
        by: str = "ergas",
    ) -> None:
        super().__init__(catalogue, task, about)
        self.model_folder, self.seed = "", 0
        self._keeps, self._winner, self._own, self._by = keeps, winner, own, by
        self._report = ""
        self._found: Optional[Adaptation] = None

    def adapt(self, run: FusionRun, feedback: Feedback) -> Adaptation:
        """Fit, compare and fuse."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def is_classical(self, name: str) -> bool:
        """Tell whether one of those that were compared needs no training."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def define(self) -> None:
        """Add what every fusion has, the folder of the model, and what the fit has found."""
        super().define()
        folder = QgsProcessingParameterFolderDestination(
            "MODEL_FOLDER", tr("Folder of the fitted model"), optional=True, createByDefault=False
        )
        self.add(form.output_definition(_REPORT, created=False))
        self.add(with_help(folder, tr(self._keeps)))
        self.addOutput(QgsProcessingOutputString("WINNER", tr(self._winner)))
        self.addOutput(QgsProcessingOutputNumber("ERGAS", tr("Its ERGAS on the held-out pixels (0 is best)")))
        self.addOutput(QgsProcessingOutputNumber("SAM", tr("Its spectral angle there in degrees (0 is best)")))
        lower = tr("How much lower its ERGAS is than the best classical one")
        if self._by == "rmse":
            self.addOutput(QgsProcessingOutputNumber("RMSE", tr("Its RMSE there (0 is best)")))
            lower = tr("How much lower its RMSE is than the best classical one")
        self.addOutput(QgsProcessingOutputNumber("GAIN", lower))

    def of_method(self) -> tuple[Parameter, ...]:
        """Return the parameters of the method in whose place the winner is put that the user may set."""
        return tuple(item for item in self.methods()[0].parameters if item.name in self._own)

    def set_model(self, job: Job, method: Method, values: dict[str, Any], feedback: Feedback) -> None:
        """Write the seed into the job; which weights run is found out."""
        job.seed = self.seed

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Make the job, and take over the folder of the model."""
        super().prepare_run(parameters, context, feedback)
        wanted = parameters.get("MODEL_FOLDER")
        self.model_folder = self.parameterAsString(parameters, "MODEL_FOLDER", context) if wanted else ""
        self._report = self.parameterAsFileOutput(parameters, "REPORT", context) if parameters.get("REPORT") else ""

    def execute(self, run: FusionRun, feedback: Feedback) -> dict[str, str]:
        """Fit, compare and fuse; return the path of each output."""
        self._found = self.adapt(run, feedback)
        return dict(self._found.result.outputs)

    def run_job(self, feedback: Feedback) -> Results:
        """Fuse, and return what was found too."""
        results = super().run_job(feedback)
        found = self._found
        if found is None:
            return results
        classical = min(found.scores[name][self._by] for name in found.scores if self.is_classical(name))
        own = found.scores[found.winner]
        kept = {"MODEL_FOLDER": str(found.model_folder)} if found.model_folder is not None else {}
        if self._report:
            write_text(self._report, found.report(tr))
            kept["REPORT"] = self._report
        return {
            **results,
            **kept,
            "WINNER": found.winner,
            "ERGAS": own["ergas"],
            "SAM": own["sam_degrees"],
            **({"RMSE": own["rmse"]} if self._by == "rmse" else {}),
            "GAIN": 1 - own[self._by] / classical,
        }

    def _file_names(self, inputs: Sequence[Input], method: Method, preview: bool) -> dict[str, str]:
        return super()._file_names(inputs, replace(method, id="adapted"), preview)
