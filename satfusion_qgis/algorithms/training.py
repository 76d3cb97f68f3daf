"""What the algorithms that train a network have in common: patches, settings, the engine, what was reached."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ..catalogue import Catalogue
from ..pipeline.training import TrainingRequest, check_request, networks, train_network
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec
from . import engine_settings, form, settings
from .assessment import known
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .texts import About, tr

_LOSSES = {
    "preset": "that of the preset",
    "mse": "mean square error",
    "l1": "mean absolute error",
    "ssim": "structural similarity",
    "sam": "spectral angle",
    "relative": "errors relative to the brightness of each band, as ERGAS counts them",
    "relative_angle": "the same, and the spectral angle",
    "relative_angle_strong": "the same, and four times as much of the spectral angle",
    "combined": "0.3 square error, 0.3 absolute error, 0.2 structural similarity, 0.2 spectral angle",
    "combined_registered": "the combination after a fit of brightness and shift, for references of another sensor",
    "combined_published": "the combination as the published code computes it, with its faults",
}
_PRESET = Parameter(
    "PRESET",
    "Settings",
    "choice",
    "recommended",
    "Where all settings come from that are not given here.",
    choices=("recommended", "published"),
    choice_titles=("settings that suit most scenes", "those with which the network was published"),
)
_TIME_LIMIT = Parameter(
    "TIME_LIMIT",
    "Time limit",
    "number",
    30.0,
    "When it has to be finished, scores and model included; the learning rate is brought down in time. 0 sets no "
    "limit.",
    minimum=0.0,
    maximum=100000.0,
    unit="minutes",
)
_EPOCHS = Parameter(
    "EPOCHS",
    "Epochs",
    "integer",
    None,
    "How often every patch is seen, if the time suffices. Empty takes the preset's.",
    minimum=1,
    maximum=1000000,
)
_BATCH = Parameter(
    "BATCH",
    "Batch",
    "integer",
    None,
    "Patches that are looked at together. Empty takes the preset's.",
    minimum=1,
    maximum=4096,
    advanced=True,
)
_LEARNING_RATE = Parameter(
    "LEARNING_RATE",
    "Learning rate",
    "number",
    None,
    "How fast it learns; too fast, and the loss is no number any more. Empty takes the preset's.",
    minimum=1e-9,
    maximum=100.0,
    advanced=True,
)
_RESUME = Parameter(
    "RESUME",
    "Go on with an earlier training",
    "boolean",
    False,
    "Goes on where a training with the same folder, patches and network stopped.",
)
_SEED = Parameter(
    "SEED",
    "Seed",
    "integer",
    None,
    "The same seed gives the same network on the same processor, where no time limit ends it. Empty takes that of the "
    "preset.",
    minimum=0,
    advanced=True,
)
_LICENCE = Parameter(
    "LICENCE",
    "Licence",
    "text",
    "",
    "Licence of the model, as an SPDX identifier such as CC-BY-4.0. Look at the terms of the scenes first.",
    advanced=True,
)
_REPORT = OutputSpec(
    "REPORT",
    "report",
    "Report",
    "A page with the curves of the loss and the scores, written anew at each validation: look at it while it runs.",
    optional=True,
)
_TITLES = {
    "ERGAS": "ERGAS of the model (0 is best)",
    "SAM": "Spectral angle of the model in degrees (0 is best)",
    "RMSE": "Root mean square error of the model (0 is best)",
    "EXP_ERGAS": "ERGAS of what stands there without a network (EXP for pansharpening) on the same patches",
    "STEPS": "Steps done",
}


class TrainingAlgorithm(SatFusionAlgorithm):
    """Trains a network of one task.

    Args:
        catalogue: Tasks and methods to work with.
        about: What the algorithm is.
        task: Id of the task.
        preferred: Network that is trained unless the user chooses another.
        help: Help of the choice.
        baseline: What stands there without a network, as titles call it.
    """

    def __init__(self, catalogue: Catalogue, about: About, task: str, preferred: str, help: str, baseline: str) -> None:
        super().__init__(catalogue, about)
        self._task, self._preferred, self._help, self._baseline = task, preferred, help, baseline
        self._request: Optional[TrainingRequest] = None
        self._engine: EngineSettings = USUAL

    def define(self) -> None:
        """Add the patches, the network, the settings and the outputs."""
        folder = QgsProcessingParameterFile.Behavior.Folder
        patches = QgsProcessingParameterFile("PATCHES", tr("Folder of the patch set"), folder)
        self.add(with_help(patches, tr("What Prepare training patches has made.")))
        asked = (self._network(), *self.network_settings(), _PRESET, self._loss(), _TIME_LIMIT, _EPOCHS, _RESUME)
        self.add_described(*asked)
        self.add_described(_BATCH, _LEARNING_RATE, settings.DEVICE, _SEED, settings.THREADS, _LICENCE)
        self.add(
            with_help(
                QgsProcessingParameterFolderDestination("MODEL_FOLDER", tr("Model folder")),
                tr("Where card and weights go; the name of the folder becomes that of the model."),
            )
        )
        self.add(form.output_definition(_REPORT, created=True))
        self.addOutput(QgsProcessingOutputString("STOPPED", tr("Why it ended: finished, time or cancelled")))
        for name, title in _TITLES.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(title)))

    def network_settings(self) -> tuple[Parameter, ...]:
        """Return what is asked about the network itself."""
        return ()

    def losses(self) -> dict[str, str]:
        """Return the losses to choose from, and what they are."""
        return _LOSSES

    def configuration(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return keyword arguments of the network from the values of `network_settings`."""
        return {}

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        wanted: dict[str, Any] = {
            "preset": values["PRESET"],
            "loss": None if values["LOSS"] == "preset" else values["LOSS"],
            "epochs": values["EPOCHS"],
            "time_limit_s": 60 * values["TIME_LIMIT"],
            "batch": values["BATCH"],
            "learning_rate": values["LEARNING_RATE"],
            "device": settings.device_of(values, engine_settings.device()),
            "seed": values["SEED"],
            "threads": values["THREADS"] or engine_settings.threads(),
        }
        report = self.parameterAsFileOutput(parameters, "REPORT", context) if parameters.get("REPORT") else ""
        self._request = TrainingRequest(
            self.parameterAsFile(parameters, "PATCHES", context),
            values["NETWORK"],
            self.parameterAsString(parameters, "MODEL_FOLDER", context),
            {name: value for name, value in wanted.items() if value is not None},
            self.configuration(values),
            resume=values["RESUME"],
            licence=values["LICENCE"],
            report=report,
            task=self._task,
        )
        check_request(self._request, self.catalogue)
        self._engine = engine_settings.chosen()

    def run_job(self, feedback: Feedback) -> Results:
        """Train, and say what was reached."""
        if self._request is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = train_network(self._request, self._engine, feedback, tr, self.catalogue)
        own, exp = found["scores"], found["baseline"]
        feedback.info(
            tr("Model of step {}: ERGAS {:.4g} ({} {:.4g}), RMSE {:.4g} ({} {:.4g}), on the {} patches").format(
                found["best_step"],
                own["ergas"] or 0.0,
                tr(self._baseline),
                exp["ergas"] or 0.0,
                own["rmse_all"],
                tr(self._baseline),
                exp["rmse_all"],
                found["split"],
            )
        )
        numbers = known(
            {
                "ERGAS": own["ergas"],
                "SAM": own["sam_degrees"],
                "RMSE": own["rmse_all"],
                "EXP_ERGAS": exp["ergas"],
                "STEPS": found["steps"],
            }
        )
        report = {"REPORT": self._request.report} if self._request.report else {}
        return {"MODEL_FOLDER": found["model_folder"], "STOPPED": found["stopped"], **report, **numbers}

    def _loss(self) -> Parameter:
        offered = self.losses()
        return Parameter(
            "LOSS",
            "Loss",
            "choice",
            "preset",
            "What the network learns to make small.",
            choices=tuple(offered),
            choice_titles=tuple(offered.values()),
        )

    def _network(self) -> Parameter:
        offered = networks(self.catalogue, self._task)
        ids = tuple(method.id for method in offered)
        default = self._preferred if self._preferred in ids else ids[0]
        return Parameter(
            "NETWORK",
            "Network",
            "choice",
            default,
            self._help,
            choices=ids,
            choice_titles=tuple(method.title for method in offered),
        )
