"""`satfusion:adapt_pansharpening`: fits a network to the scene, and sharpens with it where that is better."""

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
from ..pipeline.adapt import CANDIDATES, NETWORKS, TASK, Adaptation, AdaptSettings, adapt
from ..pipeline.assess import write_text
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec
from . import engine_settings, form, settings
from .base import Parameters, Results
from .form import with_help
from .fusion import FusionAlgorithm, FusionRun
from .texts import About, tr

FIT_MODEL = replace(
    settings.MODEL,
    title="Weights to start from",
    help="The id of a model in the library, or the folder of another one. Empty takes weights that fit the bands and "
    "the ratio, where there are any, and begins from nothing otherwise; none always begins from nothing.",
)
FIT_TIME = Parameter(
    "TIME_LIMIT",
    "Time for the fit",
    "number",
    60.0,
    "The learning rate is brought down over this time. Preparing and sharpening take their own time; an estimate is "
    "logged first.",
    minimum=5.0,
    maximum=86400.0,
    unit="seconds",
)
_NETWORK = Parameter(
    "NETWORK",
    "Network",
    "choice",
    "dicnn",
    "Which network is fitted where it begins from nothing.",
    choices=tuple(NETWORKS),
    choice_titles=("DiCNN", "FusionNet"),
    advanced=True,
)
_WIDTH = Parameter(
    "WIDTH",
    "Width of the network",
    "integer",
    0,
    "Features inside the network, where it begins from nothing; more of them need more time. 0 takes the usual number.",
    minimum=0,
    maximum=256,
    advanced=True,
)
FIT_STEPS = Parameter(
    "STEPS",
    "Steps of the fit",
    "integer",
    0,
    "A number of steps in place of the time, so that a repeated run gives the same on the same processor. 0 takes the "
    "time.",
    minimum=0,
    maximum=1000000,
    advanced=True,
)
FIT_SEED = Parameter("SEED", "Seed", "integer", 0, "Seed of the fit.", minimum=0, advanced=True)
_REPORT = OutputSpec("REPORT", "report", "Report", "A page with the scores that were compared.", optional=True)
_ABOUT = About(
    name="adapt_pansharpening",
    title="Fit a network to the scene",
    group="Pansharpening",
    group_id=TASK,
    summary="Fits a small network to your own scene, whatever its sensor, bands and ratio, and sharpens the scene "
    "with it.\n"
    "The scene is degraded by the ratio of its pixels, so that its multispectral image is the truth (Wald's protocol). "
    "A fifth of it is held out. The network learns from the rest for the time given, and is compared with classical "
    "methods on what was held out: only where it is better by 2 % in ERGAS, and no worse in spectral angle, it "
    "sharpens the scene; otherwise the best classical method does. The log says which, and by how much.\n"
    "It runs in the engine, with PyTorch. The reduced scale is not the full one: look at the result.",
    citations=(
        "Scarpa, G., Vitale, S., Cozzolino, D. (2018): Target-adaptive CNN-based pansharpening. IEEE Transactions on "
        "Geoscience and Remote Sensing 56(9), 5443-5457. 10.1109/TGRS.2018.2817393",
    ),
    tags=("adapt", "fine-tune", "training", "network", "deep learning", "zero-shot", "pan", "sharpen"),
)


class AdaptPansharpeningAlgorithm(FusionAlgorithm):
    """Fits a network to a scene and sharpens the scene.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, catalogue.task(TASK), _ABOUT)
        self._settings = AdaptSettings()
        self._model_folder, self._report = "", ""
        self._seed, self._device = 0, "auto"
        self._found: Optional[Adaptation] = None

    def again(self) -> AdaptPansharpeningAlgorithm:
        """Return a new instance."""
        return AdaptPansharpeningAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add what every fusion has, the folder of the model, and what the fit has found."""
        super().define()
        folder = QgsProcessingParameterFolderDestination(
            "MODEL_FOLDER", tr("Folder of the fitted model"), optional=True, createByDefault=False
        )
        self.add(form.output_definition(_REPORT, created=False))
        self.add(with_help(folder, tr("Keeps the fitted network, to sharpen other scenes of the same sensor with it.")))
        self.addOutput(QgsProcessingOutputString("WINNER", tr("What sharpened the scene")))
        self.addOutput(QgsProcessingOutputNumber("ERGAS", tr("Its ERGAS on the held-out pixels (0 is best)")))
        self.addOutput(QgsProcessingOutputNumber("SAM", tr("Its spectral angle there in degrees (0 is best)")))
        self.addOutput(QgsProcessingOutputNumber("GAIN", tr("How much lower its ERGAS is than the best classical one")))

    def methods(self) -> tuple[Method, ...]:
        """Return the method in whose place the winner is put."""
        return (self.catalogue.method(TASK, CANDIDATES[-1]),)

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the settings of the fit, and the sensor's."""
        return (FIT_TIME, FIT_MODEL, *self._of_sensor(), _NETWORK, _WIDTH, FIT_STEPS, FIT_SEED, settings.DEVICE)

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method in whose place the winner is put, and the sensor."""
        given = {item.name: values[item.name] for item in self._of_sensor()}
        self._settings = AdaptSettings(
            model=values["MODEL"].strip(),
            network=values["NETWORK"],
            width=values["WIDTH"],
            time_limit_s=values["TIME_LIMIT"],
            steps=values["STEPS"],
            parameters=given,
            device=settings.device_of(values, engine_settings.device()),
        ).check()
        self._seed = values["SEED"]
        return self.methods()[0], given

    def set_model(self, job: Job, method: Method, values: dict[str, Any], feedback: Feedback) -> None:
        """Write the seed into the job; which weights run is found out."""
        job.seed = self._seed

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Make the job, and take over the folder of the model."""
        super().prepare_run(parameters, context, feedback)
        wanted = parameters.get("MODEL_FOLDER")
        self._model_folder = self.parameterAsString(parameters, "MODEL_FOLDER", context) if wanted else ""
        self._report = self.parameterAsFileOutput(parameters, "REPORT", context) if parameters.get("REPORT") else ""

    def execute(self, run: FusionRun, feedback: Feedback) -> dict[str, str]:
        """Fit, compare and sharpen."""
        self._found = adapt(run.job, self._settings, self._model_folder, self.catalogue, feedback, run.engine)
        return dict(self._found.result.outputs)

    def run_job(self, feedback: Feedback) -> Results:
        """Sharpen, and return what was found too."""
        results = super().run_job(feedback)
        found = self._found
        if found is None:
            return results
        classical = min(found.scores[name]["ergas"] for name in found.scores if name in self._settings.candidates)
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
            "GAIN": 1 - own["ergas"] / classical,
        }

    def _of_sensor(self) -> tuple[Parameter, ...]:
        return tuple(item for item in self.methods()[0].parameters if item.name in ("SENSOR", "MTF_GAINS"))

    def _file_names(self, inputs: Sequence[Input], method: Method, preview: bool) -> dict[str, str]:
        return super()._file_names(inputs, replace(method, id="adapted"), preview)
