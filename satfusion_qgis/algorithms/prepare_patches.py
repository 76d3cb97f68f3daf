"""`satfusion:prepare_patches`: training patches from the user's own scenes, by Wald's protocol."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
)

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SPLITS
from ..tasks.task import Role
from . import settings
from .assessment import degrade_parameters, with_bands
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .fusion import image_inputs
from .layers import band_numbers, raster_layers
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.patches import PatchSettings, ScenePair

_BANDS = Parameter(
    "BANDS",
    "Bands",
    "text",
    "",
    "Bands of the multispectral images to use, such as 1,2,3. Empty uses all.",
)
_SPLITS = Parameter(
    "SPLITS",
    "Splits of whole scenes",
    "text",
    "",
    "A split for each scene, in their order and separated by commas: train, validation or test. Empty cuts every scene "
    "by place: blocks of it go whole to train, validation or test, with a buffer between them.",
)
_PATCH = Parameter(
    "PATCH",
    "Side of a patch",
    "integer",
    64,
    "Pixels of the panchromatic grid at the reduced scale, which are those of the original multispectral image.",
    minimum=8,
    maximum=1024,
    unit="pixels",
)
STRIDE = Parameter(
    "STRIDE",
    "Stride",
    "integer",
    None,
    "From the corner of one patch to that of the next; below the side, patches overlap. Empty takes the side.",
    minimum=1,
    maximum=4096,
    unit="pixels",
    advanced=True,
)
_BUFFER = Parameter(
    "BUFFER",
    "Buffer",
    "integer",
    64,
    "Between patches of different splits, so that nothing is scored that lies beside what was learned. It should be no "
    "less than what the network sees around a pixel.",
    minimum=0,
    maximum=4096,
    unit="pixels",
)
_VALIDATION = Parameter(
    "VALIDATION",
    "Share for validation",
    "number",
    15.0,
    "How much of each scene chooses the best state of the network.",
    minimum=1.0,
    maximum=90.0,
    unit="%",
    advanced=True,
)
_TEST = Parameter(
    "TEST",
    "Share for tests",
    "number",
    15.0,
    "How much of each scene gives the scores on the model's card, and is used for nothing else.",
    minimum=0.0,
    maximum=90.0,
    unit="%",
    advanced=True,
)
_REDUCTIONS = Parameter(
    "REDUCTIONS",
    "Scale",
    "choice",
    "1",
    "How often the scene is degraded before it is cut.",
    choices=("1", "2"),
    choice_titles=(
        "once; the original multispectral image is the truth",
        "twice, for a network that is adapted to this scene and scored on it at the scale above",
    ),
    advanced=True,
)
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    None,
    "Multispectral pixel size divided by panchromatic pixel size. Empty takes it from the images.",
    minimum=1.0,
    maximum=64.0,
    advanced=True,
)
_MULTIPLE = Parameter(
    "MULTIPLE",
    "Multiple",
    "integer",
    4,
    "The side, the stride and the corners of patches are multiples of this.",
    minimum=1,
    maximum=64,
    unit="pixels",
    advanced=True,
)
_SEED = Parameter("SEED", "Seed", "integer", 0, "The same seed cuts a scene in the same way.", minimum=0, advanced=True)
_ABOUT = About(
    name="prepare_patches",
    title="Prepare training patches",
    group="Training",
    group_id="training",
    summary="Makes a set of patches, from which a pansharpening network learns, from your own scenes: multispectral "
    "and panchromatic image are degraded as the same sensor would see them from farther away, so that the original "
    "multispectral image is the truth (Wald's protocol), and cut into small squares.\n"
    "Squares for learning, for validation and for tests come from different places, with a buffer between them. Those "
    "with missing pixels are left out. Values are in physical units where scale and offset are known.",
    citations=(
        "Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: "
        "Assessing the quality of resulting images. PE&RS 63(6), 691-699",
    ),
    tags=("training", "patches", "dataset", "deep learning", "wald", "split", "train", "validation", "test"),
)
_COUNTS = {
    "TRAIN_PATCHES": "Patches for training",
    "VALIDATION_PATCHES": "Patches for validation",
    "TEST_PATCHES": "Patches for tests",
    "LEFT_OUT": "Patches left out because of missing pixels",
}


@dataclass
class _Run:
    """What one run needs, as plain values."""

    scenes: list[ScenePair]
    folder: str
    settings: PatchSettings


class PreparePatchesAlgorithm(SatFusionAlgorithm):
    """Makes a patch set.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._run: Optional[_Run] = None

    def again(self) -> PreparePatchesAlgorithm:
        """Return a new instance."""
        return PreparePatchesAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the scenes, the settings and the folder."""
        raster = QgsProcessing.SourceType.TypeRaster
        for name, title, text in (
            (
                "MS_LIST",
                tr("Multispectral images"),
                tr(
                    "One raster with several bands for each scene; or, with a single panchromatic image, the "
                    "single-band files of one scene."
                ),
            ),
            (
                "PAN_LIST",
                tr("Panchromatic images"),
                tr("The panchromatic image of each scene, in the order of the multispectral images."),
            ),
        ):
            self.add(with_help(QgsProcessingParameterMultipleLayers(name, title, raster), text))
        self.add_described(_BANDS, _SPLITS, _PATCH, _BUFFER, STRIDE, _VALIDATION, _TEST, _REDUCTIONS)
        self.add_described(*degrade_parameters(), _RATIO, _MULTIPLE, _SEED)
        self.add_described(settings.PRODUCT_MASKS, settings.KEEP_ORDER, settings.THREADS)
        self.add(
            with_help(
                QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder of the patch set")),
                tr("An empty or new folder, or one with an older patch set, which is replaced."),
            )
        )
        for name, title in _COUNTS.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(title)))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        from ..pipeline.patches import PatchSettings  # with what computes: not for listing alone

        values = self.values(parameters, context)
        self._run = _Run(
            self._scenes(values, parameters, context, feedback),
            self.parameterAsString(parameters, "OUTPUT", context),
            PatchSettings(
                self._layout(values),
                values["RATIO"],
                int(values["REDUCTIONS"]),
                parameters={item.name: values[item.name] for item in degrade_parameters()},
                threads=values["THREADS"],
            ),
        )

    def run_job(self, feedback: Feedback) -> Results:
        """Make the set."""
        from ..pipeline.patches import prepare_patches

        if self._run is None:
            raise InputError(tr("The algorithm was not prepared."))
        data = prepare_patches(self._run.scenes, self._run.folder, self._run.settings, feedback)
        counts = (data["counts"][split] for split in SPLITS)
        return {"OUTPUT": self._run.folder, **dict(zip(_COUNTS, (*counts, data["left_out"])))}

    def _layout(self, values: dict[str, Any]) -> Any:
        from ..pipeline.patch_places import Layout

        return Layout(
            values["PATCH"],
            values["STRIDE"] or values["PATCH"],
            values["MULTIPLE"],
            values["BUFFER"],
            values["VALIDATION"] / 100,
            values["TEST"] / 100,
            values["SEED"],
        ).check()

    def _scenes(
        self, values: dict[str, Any], parameters: Parameters, context: QgsProcessingContext, feedback: Feedback
    ) -> list[ScenePair]:
        from ..pipeline.patches import ScenePair

        layers = {
            name: raster_layers(self, f"{name}_LIST", parameters, context, several=True) for name in ("MS", "PAN")
        }
        for name, own in layers.items():
            if not own:
                raise InputError(tr("{}: a raster is needed.").format(f"{name}_LIST"))
        one_scene = len(layers["PAN"]) == 1
        known = {**values, "KEEP_ORDER": values["KEEP_ORDER"] or not one_scene}
        ms, pan = (image_inputs(Role(name, name, ""), own, known, feedback) for name, own in layers.items())
        if one_scene:
            scenes = [(with_bands(ms, band_numbers(values["BANDS"])), pan[0])]
        elif len(ms) == len(pan):
            scenes = [(with_bands([one], band_numbers(values["BANDS"])), other) for one, other in zip(ms, pan)]
        else:
            raise InputError(
                tr("MS_LIST has {} images and PAN_LIST {}; give one of each for every scene.").format(len(ms), len(pan))
            )
        return [ScenePair(own, other, split) for (own, other), split in zip(scenes, _splits(values, scenes))]


def _splits(values: dict[str, Any], scenes: list[tuple[list[Input], Input]]) -> list[str]:
    """Return the split of each scene, "" for none."""
    given = [part for part in re.split(r"[,;\s]+", str(values["SPLITS"]).strip().lower()) if part]
    if given and len(given) != len(scenes):
        raise InputError(tr("SPLITS names {} splits for {} scenes; give one for each.").format(len(given), len(scenes)))
    return given or [""] * len(scenes)
