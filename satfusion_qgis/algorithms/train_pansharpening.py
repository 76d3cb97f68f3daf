"""`satfusion:train_pansharpening`: trains a network on a patch set, in the engine."""

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
from ..pipeline.training import TrainingRequest, check_request, networks, train_pansharpening
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

_PREFERRED = "fusionnet"
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
_LOSS = Parameter(
    "LOSS",
    "Loss",
    "choice",
    "preset",
    "What the network learns to make small.",
    choices=tuple(_LOSSES),
    choice_titles=tuple(_LOSSES.values()),
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
_ABOUT = About(
    name="train_pansharpening",
    title="Train a pansharpening network",
    group="Training",
    group_id="training",
    summary="Trains a network on patches of your own scenes (Prepare training patches), and writes a model folder that "
    "can be used for pansharpening: its weights, and a card that says what it was made for and what it reaches beside "
    "plain interpolation.\n"
    "It runs in the engine, with PyTorch. The state with the lowest loss on the validation patches is kept, also when "
    "you cancel or when the time is up. A network that learned from few places knows these places: score it on others.",
    citations=(
        "Deng, L.-J., Vivone, G., Paoletti, M. E., et al. (2022): Machine learning in pansharpening: a benchmark, "
        "from shallow to deep networks. 10.1109/MGRS.2022.3187652",
    ),
    tags=("training", "deep learning", "network", "learn", "torch", "model", "loss", "gpu"),
)
_TITLES = {
    "ERGAS": "ERGAS of the model (0 is best)",
    "SAM": "Spectral angle of the model in degrees (0 is best)",
    "RMSE": "Root mean square error of the model (0 is best)",
    "EXP_ERGAS": "ERGAS of plain interpolation on the same patches",
    "STEPS": "Steps done",
}


class TrainPansharpeningAlgorithm(SatFusionAlgorithm):
    """Trains a network.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._request: Optional[TrainingRequest] = None
        self._engine: EngineSettings = USUAL

    def again(self) -> TrainPansharpeningAlgorithm:
        """Return a new instance."""
        return TrainPansharpeningAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the patches, the network, the settings and the outputs."""
        folder = QgsProcessingParameterFile.Behavior.Folder
        patches = QgsProcessingParameterFile("PATCHES", tr("Folder of the patch set"), folder)
        self.add(with_help(patches, tr("What Prepare training patches has made.")))
        self.add_described(self._network(), _PRESET, _LOSS, _TIME_LIMIT, _EPOCHS, _RESUME)
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
            resume=values["RESUME"],
            licence=values["LICENCE"],
            report=report,
        )
        check_request(self._request, self.catalogue)
        self._engine = engine_settings.chosen()

    def run_job(self, feedback: Feedback) -> Results:
        """Train, and say what was reached."""
        if self._request is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = train_pansharpening(self._request, self._engine, feedback, tr, self.catalogue)
        own, exp = found["scores"], found["baseline"]
        feedback.info(
            tr("Model of step {}: ERGAS {:.4g} (EXP {:.4g}), RMSE {:.4g} (EXP {:.4g}), on the {} patches").format(
                found["best_step"],
                own["ergas"] or 0.0,
                exp["ergas"] or 0.0,
                own["rmse_all"],
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

    def _network(self) -> Parameter:
        offered = networks(self.catalogue)
        ids = tuple(method.id for method in offered)
        default = _PREFERRED if _PREFERRED in ids else ids[0]
        return Parameter(
            "NETWORK",
            "Network",
            "choice",
            default,
            "Which network is trained. FusionNet, DiCNN and PNN are small and learn in minutes on a processor; ARConv, "
            "Pan-Mamba and INNformer want a GPU.",
            choices=ids,
            choice_titles=tuple(method.title for method in offered),
        )
