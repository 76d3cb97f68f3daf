"""`satfusion:adapt_spatiotemporal`: fits a network to the user's own pairs, and predicts with it where it is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qgis.core import QgsProcessingContext

from ..catalogue import Catalogue
from ..pipeline.adapt import Adaptation
from ..pipeline.adapt_pairs import CANDIDATES, NETWORKS, FitSettings, adapt_pairs, further_pairs
from ..pipeline.series_images import Search
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SPATIOTEMPORAL
from . import engine_settings, series_form, settings
from .adapt_pansharpening import FIT_MODEL, FIT_SEED, FIT_STEPS, FIT_TIME
from .adaptation import AdaptationAlgorithm
from .base import Parameters
from .fusion import FusionRun
from .texts import About

_FURTHER: Mapping[str, tuple[str, str, str, str]] = {
    "FINE": (
        "Fine images of further dates",
        "More pairs to learn from, each with its date in its name or metadata; the one nearest to the date to predict "
        "is held out to compare methods. A fine image of the date to predict is not looked at.",
        "Folder of fine images of further dates",
        "Every raster and product in this folder, and in the folders right below it, is taken.",
    ),
    "COARSE": (
        "Coarse images of further dates",
        "The coarse images of the same dates.",
        "Folder of coarse images of further dates",
        "Empty takes the coarse images from the fine images' folder.",
    ),
}
_TIME_LIMIT = replace(FIT_TIME, default=120.0)
_NETWORK = Parameter(
    "NETWORK",
    "Network",
    "choice",
    "learned_unmixing",
    "Which network is fitted where it begins from nothing. Learned unmixing is the quickest to learn.",
    choices=tuple(NETWORKS),
    choice_titles=("Learned unmixing (SatFusion)", "EDC-STFN"),
    advanced=True,
)
_CLASSES = Parameter(
    "CLASSES",
    "Classes",
    "integer",
    8,
    "Classes that learned unmixing tells apart, where it begins from nothing; more of them need more time.",
    minimum=2,
    maximum=64,
    advanced=True,
)
_PAIR_DAYS = next(item for item in series_form.CHOOSING if item.name == "PAIR_DAYS")
_ABOUT = About(
    name="adapt_spatiotemporal",
    title="Fit a network to your pairs",
    group="Spatiotemporal fusion",
    group_id=SPATIOTEMPORAL,
    summary="Fits a small network to your own pairs of fine and coarse images, whatever their sensors, bands and "
    "ratio, and predicts the fine image of another date with it. Two pairs are needed at least, for one shows no "
    "change.\n"
    "The network learns to predict each date from another one on part of the scene, for the time given. It is "
    "compared with classical methods on blocks that are held out, and with images of further dates on a date that is "
    "held out too. Only where its RMSE is lower by 2 % (by 10 % without such a date), and its ERGAS is no worse, "
    "it predicts; otherwise the best classical method does. The log says which, and by how much.\n"
    "It runs in the engine, with PyTorch. What is best on known dates need not be on the one to predict: look at the "
    "result. If you cancel while it is fitted, the best state so far is kept in the model folder, where one is given.",
    citations=(
        "Zhukov, B., Oertel, D., Lanzl, F., Reinhäckel, G. (1999): Unmixing-based multisensor multiresolution image "
        "fusion. IEEE Transactions on Geoscience and Remote Sensing 37(3), 1212-1226. 10.1109/36.763276",
        "Scarpa, G., Vitale, S., Cozzolino, D. (2018): Target-adaptive CNN-based pansharpening. IEEE Transactions on "
        "Geoscience and Remote Sensing 56(9), 5443-5457. 10.1109/TGRS.2018.2817393",
    ),
    tags=("adapt", "fine-tune", "training", "network", "deep learning", "pairs", "landsat", "modis", "predict"),
)


class AdaptSpatiotemporalAlgorithm(AdaptationAlgorithm):
    """Fits a network to pairs, and predicts.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        task = catalogue.task(SPATIOTEMPORAL)
        super().__init__(
            catalogue,
            replace(task, outputs=task.outputs[:1]),
            _ABOUT,
            keeps="Keeps the fitted network, to predict other dates of the same place and sensors with it.",
            winner="What predicted the date",
            own=("NORMALISE", "FINE_SCALE", "COARSE_SCALE", "RATIO"),
            by="rmse",
        )
        self._settings = FitSettings()
        self._fine: Sequence[str] = ()
        self._coarse: Sequence[str] = ()
        self._search, self._pair_days = Search(), 1

    def again(self) -> AdaptSpatiotemporalAlgorithm:
        """Return a new instance."""
        return AdaptSpatiotemporalAlgorithm(self.catalogue)

    def methods(self) -> tuple[Method, ...]:
        """Return the method in whose place the winner is put."""
        return (self.catalogue.method(SPATIOTEMPORAL, CANDIDATES[0]),)

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the settings of the fit, and of the images."""
        return (
            _TIME_LIMIT,
            FIT_MODEL,
            *self.of_method(),
            _NETWORK,
            _CLASSES,
            *series_form.NAMES,
            _PAIR_DAYS,
            FIT_STEPS,
            FIT_SEED,
            settings.DEVICE,
        )

    def define(self) -> None:
        """Add what every adaptation has, and the images of further dates."""
        super().define()
        series_form.add_images(self, _FURTHER)

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[bool, str]:  # noqa: N802
        """Check the values before a run; images of further dates may be given as paths of files and folders."""
        good, text = super().checkParameterValues(series_form.without_paths(parameters), context)
        return good, text

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method in whose place the winner is put, and the settings of the images."""
        self._settings = FitSettings(
            values["MODEL"].strip(),
            values["NETWORK"],
            values["CLASSES"],
            values["TIME_LIMIT"],
            values["STEPS"],
            settings.device_of(values, engine_settings.device()),
        ).check()
        self.seed = values["SEED"]
        return self.methods()[0], {item.name: values[item.name] for item in self.of_method()}

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Make the job, and take over the images of further dates."""
        super().prepare_run(parameters, context, feedback)
        values = self.values(parameters, context)
        self._fine, self._coarse = series_form.images_of(self, parameters, context, needed=False)
        self._search, self._pair_days = series_form.search_of(values), values["PAIR_DAYS"]

    def adapt(self, run: FusionRun, feedback: Feedback) -> Adaptation:
        """Fit, compare and predict."""
        further = further_pairs(self._fine, self._coarse, self._search, self._pair_days, feedback)
        return adapt_pairs(run.job, further, self._settings, self.model_folder, self.catalogue, feedback, run.engine)

    def is_classical(self, name: str) -> bool:
        """Tell whether a way to predict needs no training."""
        return name not in ("adapted", "start")
