"""`satfusion:adapt_satfusion`: fits a network to revisits and PAN, and fuses them with it where that is better."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..catalogue import Catalogue
from ..pipeline.adapt import Adaptation
from ..pipeline.adapt_revisits import FitSettings, adapt_revisits
from ..pipeline.revisit_patches import BASE
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SATFUSION
from . import engine_settings, settings
from .adapt_pansharpening import FIT_MODEL, FIT_SEED, FIT_STEPS, FIT_TIME
from .adaptation import AdaptationAlgorithm
from .fusion import FusionRun
from .texts import About

_TIME_LIMIT = replace(FIT_TIME, default=120.0)
_ENCODER = Parameter(
    "ENCODER",
    "Network for the revisits",
    "choice",
    "highresnet",
    "Which network puts the revisits together, where it begins from nothing.",
    choices=("highresnet", "srcnn"),
    choice_titles=("HighRes-net", "SRCNN (WorldStrat)"),
    advanced=True,
)
_SHARPENER = Parameter(
    "SHARPENER",
    "Network for PAN",
    "choice",
    "dicnn",
    "Which network adds PAN's detail, where it begins from nothing.",
    choices=("dicnn", "fusionnet", "pnn"),
    choice_titles=("DiCNN", "FusionNet", "PNN"),
    advanced=True,
)
_FEATURES = Parameter(
    "FEATURES",
    "Features",
    "integer",
    24,
    "Features inside the network for the revisits, where it begins from nothing; more of them need more time.",
    minimum=4,
    maximum=256,
    advanced=True,
)
_ABOUT = About(
    name="adapt_satfusion",
    title="Fit SatFusion to your revisits",
    group="Multi-image pansharpening (SatFusion)",
    group_id=SATFUSION,
    summary="Fits a small SatFusion network to your own revisits and panchromatic image, whatever their sensors, bands "
    "and ratio, and fuses them with it.\n"
    "All images are degraded by the ratio of their pixels, so that the reference revisit is the truth (Wald's "
    "protocol). A fifth of it is held out. The network learns from the rest for the time given, and is compared on "
    "what was held out with what needs no training: pansharpening of the reference alone, back-projection of the "
    "revisits with PAN's detail, and back-projection followed by pansharpening. Only where it is better by 2 % in "
    "ERGAS, and no worse in spectral angle, it fuses the scene; otherwise the best of the others does. The log says "
    "which, and by how much.\n"
    "It runs in the engine, with PyTorch. The reduced scale is not the full one: look at the result. If you cancel "
    "while it is fitted, the best state so far is kept in the model folder, where one is given.",
    citations=(
        "Tong, Y., Cheng, G., Wu, P., Chen, F., Zhao, X., Deng, S. (2025): SatFusion: a unified framework for "
        "enhancing remote sensing images via multi-frame and multi-source images fusion. 10.48550/arXiv.2510.07905",
        "Scarpa, G., Vitale, S., Cozzolino, D. (2018): Target-adaptive CNN-based pansharpening. IEEE Transactions on "
        "Geoscience and Remote Sensing 56(9), 5443-5457. 10.1109/TGRS.2018.2817393",
    ),
    tags=("adapt", "fine-tune", "training", "network", "deep learning", "zero-shot", "pan", "sharpen", "revisits"),
)


class AdaptSatFusionAlgorithm(AdaptationAlgorithm):
    """Fits a network to revisits and PAN, and fuses them.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        task = catalogue.task(SATFUSION)
        super().__init__(
            catalogue,
            replace(task, outputs=task.outputs[:1]),
            _ABOUT,
            keeps="Keeps the fitted network, to fuse other revisits of the same sensors with it.",
            winner="What fused the scene",
            own=("REFERENCE_DATE", "MAX_DAYS", "MAX_SHIFT", "SENSOR", "MTF_GAINS"),
        )
        self._settings = FitSettings()

    def again(self) -> AdaptSatFusionAlgorithm:
        """Return a new instance."""
        return AdaptSatFusionAlgorithm(self.catalogue)

    def methods(self) -> tuple[Method, ...]:
        """Return the method in whose place the winner is put."""
        return (self.catalogue.method(SATFUSION, BASE),)

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the settings of the fit, and of the revisits."""
        return (
            _TIME_LIMIT,
            FIT_MODEL,
            *self.of_method(),
            _ENCODER,
            _SHARPENER,
            _FEATURES,
            FIT_STEPS,
            FIT_SEED,
            settings.DEVICE,
        )

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method in whose place the winner is put, and the settings of the revisits."""
        self._settings = FitSettings(
            values["MODEL"].strip(),
            values["ENCODER"],
            values["SHARPENER"],
            values["FEATURES"],
            values["TIME_LIMIT"],
            values["STEPS"],
            settings.device_of(values, engine_settings.device()),
        ).check()
        self.seed = values["SEED"]
        return self.methods()[0], {item.name: values[item.name] for item in self.of_method()}

    def adapt(self, run: FusionRun, feedback: Feedback) -> Adaptation:
        """Fit, compare and fuse."""
        return adapt_revisits(run.job, self._settings, self.model_folder, self.catalogue, feedback, run.engine)

    def is_classical(self, name: str) -> bool:
        """Tell whether a way to fuse needs no training."""
        return name not in ("adapted", "start")
