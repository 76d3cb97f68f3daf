"""`satfusion:adapt_pansharpening`: fits a network to the scene, and sharpens with it where that is better."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..catalogue import Catalogue
from ..pipeline.adapt import CANDIDATES, NETWORKS, TASK, Adaptation, AdaptSettings, adapt
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from . import engine_settings, settings
from .adaptation import AdaptationAlgorithm
from .fusion import FusionRun
from .texts import About

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


class AdaptPansharpeningAlgorithm(AdaptationAlgorithm):
    """Fits a network to a scene and sharpens the scene.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(
            catalogue,
            catalogue.task(TASK),
            _ABOUT,
            keeps="Keeps the fitted network, to sharpen other scenes of the same sensor with it.",
            winner="What sharpened the scene",
            own=("SENSOR", "MTF_GAINS"),
        )
        self._settings = AdaptSettings()

    def again(self) -> AdaptPansharpeningAlgorithm:
        """Return a new instance."""
        return AdaptPansharpeningAlgorithm(self.catalogue)

    def methods(self) -> tuple[Method, ...]:
        """Return the method in whose place the winner is put."""
        return (self.catalogue.method(TASK, CANDIDATES[-1]),)

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the settings of the fit, and the sensor's."""
        return (FIT_TIME, FIT_MODEL, *self.of_method(), _NETWORK, _WIDTH, FIT_STEPS, FIT_SEED, settings.DEVICE)

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method in whose place the winner is put, and the sensor."""
        given = {item.name: values[item.name] for item in self.of_method()}
        self._settings = AdaptSettings(
            model=values["MODEL"].strip(),
            network=values["NETWORK"],
            width=values["WIDTH"],
            time_limit_s=values["TIME_LIMIT"],
            steps=values["STEPS"],
            parameters=given,
            device=settings.device_of(values, engine_settings.device()),
        ).check()
        self.seed = values["SEED"]
        return self.methods()[0], given

    def adapt(self, run: FusionRun, feedback: Feedback) -> Adaptation:
        """Fit, compare and sharpen."""
        return adapt(run.job, self._settings, self.model_folder, self.catalogue, feedback, run.engine)

    def is_classical(self, name: str) -> bool:
        """Tell whether a way to sharpen is one of the methods that the networks are compared with."""
        return name in self._settings.candidates
