"""`satfusion:prepare_revisit_patches` and its kin: patches of revisits, from one's own, simulated, or a data set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
)

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SATFUSION, SPLITS, SUPER_RESOLUTION
from . import revisit_form, settings
from .assessment import with_bands
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .layers import band_numbers, extra_nodata, raster_layers, source_of
from .prepare_patches import STRIDE
from .texts import About, tr

_REVISITS = "REVISITS"
_METHOD = "back_projection"
_FRAMES = Parameter(
    "FRAMES",
    "Revisits of a patch",
    "integer",
    8,
    "Of more, the clearest and most consistent are taken; where there are fewer, empty masks stand for the rest.",
    minimum=1,
    maximum=64,
)
_PATCH = Parameter(
    "PATCH",
    "Side of a patch",
    "integer",
    48,
    "Pixels of the fine grid; a multiple of the ratio.",
    minimum=8,
    maximum=1024,
    unit="pixels",
)
BUFFER = Parameter(
    "BUFFER",
    "Buffer",
    "integer",
    48,
    "Between patches of different splits, so that nothing is scored that lies beside what was learned.",
    minimum=0,
    maximum=4096,
    unit="pixels",
    advanced=True,
)
VALIDATION = Parameter(
    "VALIDATION", "Share for validation", "number", 15.0, "How much chooses the best state of the network.",
    minimum=1.0, maximum=90.0, unit="%", advanced=True,
)  # fmt: skip
TEST = Parameter(
    "TEST", "Share for tests", "number", 15.0, "How much gives the scores on the model's card, and nothing else.",
    minimum=0.0, maximum=90.0, unit="%", advanced=True,
)  # fmt: skip
SEED = Parameter("SEED", "Seed", "integer", 0, "The same seed makes the same patches.", minimum=0, advanced=True)
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "integer",
    2,
    "How many times finer the result's pixels are: a whole number.",
    minimum=2,
    maximum=8,
)
_TRUTHS = Parameter(
    "TRUTHS",
    "Revisits that take turns as the truth",
    "integer",
    3,
    "The clearest ones, without a panchromatic image: more patches of the same place. With one it is the reference "
    "alone.",
    minimum=1,
    maximum=64,
    advanced=True,
)
_DRAWS = Parameter(
    "DRAWS", "Draws of each image", "integer", 4, "How often revisits are simulated of each image, each time others.",
    minimum=1, maximum=1000,
)  # fmt: skip
_WITH_PAN = Parameter(
    "WITH_PAN",
    "With a panchromatic image",
    "boolean",
    False,
    "Patches for SatFusion, which takes one; without, patches for super-resolution.",
)
SPLITS_OF_IMAGES = Parameter(
    "SPLITS",
    "Splits of whole images",
    "text",
    "",
    "A split for each image, in their order and separated by commas: train, validation or test. Empty cuts every image "
    "by place.",
)
_BANDS = Parameter("BANDS", "Bands", "text", "", "Bands to use of each image, such as 1,2,3. Empty uses all.")
_DATA_SET = Parameter(
    "DATA_SET",
    "Data set",
    "choice",
    "worldstrat",
    "Whose folder it is.",
    choices=("worldstrat", "proba_v"),
    choice_titles=("WorldStrat: Sentinel-2 and SPOT", "PROBA-V: the super-resolution challenge of ESA"),
)
_DATA_RATIO = replace(
    _RATIO,
    default=3,
    help="How many times finer the result's pixels are. WorldStrat's reference is resampled to what is asked for; "
    "PROBA-V's is 3.",
)
_PLACES = Parameter(
    "PLACES", "Most places", "integer", 0, "So many places at most, the first by name; 0 takes all.",
    minimum=0, advanced=True,
)  # fmt: skip
_COUNTS = {
    "TRAIN_PATCHES": "Patches for training",
    "VALIDATION_PATCHES": "Patches for validation",
    "TEST_PATCHES": "Patches for tests",
    "LEFT_OUT": "Patches left out because of missing pixels",
}
_ALIKE = (
    "Shifts, brightness, masks and the first estimate (back-projection) are measured as they are when the network "
    "runs, so it learns on what it will see."
)
_TAGS = ("training", "patches", "dataset", "deep learning", "revisits", "multi-frame", "super-resolution", "wald")
_WALD = (
    "Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: "
    "Assessing the quality of resulting images. PE&RS 63(6), 691-699"
)
_OWN = About(
    name="prepare_revisit_patches",
    title="Prepare patches of revisits",
    group="Training",
    group_id="training",
    summary="Makes a set of patches, from which a network for super-resolution or SatFusion learns, from your own "
    "revisits: all images are degraded as the same sensor would see them from farther away, so that the reference is "
    f"the truth (Wald's protocol), and cut into small squares.\n{_ALIKE}",
    citations=(_WALD,),
    tags=_TAGS,
)
_SIMULATED = About(
    name="prepare_simulated_patches",
    title="Prepare patches of simulated revisits",
    group="Training",
    group_id="training",
    summary="Makes a set of patches for super-resolution or SatFusion from single sharp images: revisits of them are "
    "simulated, with shifts, blur, noise, brightness, clouds and errors of their masks drawn at random, and the sharp "
    f"image is the truth.\n{_ALIKE}",
    citations=(_WALD,),
    tags=(*_TAGS, "simulation"),
)
_FOLDERS = About(
    name="prepare_revisit_dataset",
    title="Prepare patches from WorldStrat or PROBA-V",
    group="Training",
    group_id="training",
    summary="Turns the folder of a public data set of revisits, as it is downloaded, into a set of patches for "
    "super-resolution or SatFusion. Whole places go to training, validation and tests.\n"
    "WorldStrat: the folders lr_dataset and hr_dataset; its reference was itself sharpened with the panchromatic image "
    "that goes with it, which the model's card will say. PROBA-V: folders imgsetNNNN with LR, QM, HR and SM. Look at "
    "their terms of use before you publish a network that learned from them.",
    citations=(
        "Cornebise, J., Orsolic, I., Kalaitzis, F. (2022): Open high-resolution satellite imagery: the WorldStrat "
        "dataset, with application to super-resolution. 10.48550/arXiv.2207.06418",
        "Martens, M., Izzo, D., Krzic, A., Cox, D. (2019): Super-resolution of PROBA-V images using convolutional "
        "neural networks. 10.1007/s42064-019-0059-8",
    ),
    tags=(*_TAGS, "worldstrat", "proba-v", "spot", "sentinel-2"),
)


class PatchesAlgorithm(SatFusionAlgorithm):
    """Makes a patch set: a subclass says of what.

    Args:
        catalogue: Tasks and methods to work with.
        about: What the algorithm is.
    """

    def __init__(self, catalogue: Catalogue, about: About) -> None:
        super().__init__(catalogue, about)
        self._folder = ""
        self._work: Optional[Callable[[Feedback], dict[str, Any]]] = None

    def add_output(self) -> None:
        """Add the folder and what is counted."""
        self.add(
            with_help(
                QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder of the patch set")),
                tr("An empty or new folder, or one with an older patch set, which is replaced."),
            )
        )
        for name, title in _COUNTS.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(title)))

    def layout(self, values: dict[str, Any], multiple: int) -> Any:
        """Return how patches are laid out."""
        from ..pipeline.patch_places import Layout

        return Layout(
            values["PATCH"],
            values.get("STRIDE") or values["PATCH"],
            multiple,
            values.get("BUFFER", 0),
            values["VALIDATION"] / 100,
            values["TEST"] / 100,
            values["SEED"],
        ).check()

    def run_job(self, feedback: Feedback) -> Results:
        """Make the set."""
        if self._work is None:
            raise InputError(tr("The algorithm was not prepared."))
        data = self._work(feedback)
        counts = (data["counts"][split] for split in SPLITS)
        return {"OUTPUT": self._folder, **dict(zip(_COUNTS, (*counts, data["left_out"])))}


class PrepareRevisitPatchesAlgorithm(PatchesAlgorithm):
    """Makes a patch set of the user's own revisits.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _OWN)

    def again(self) -> PrepareRevisitPatchesAlgorithm:
        """Return a new instance."""
        return PrepareRevisitPatchesAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the revisits, PAN, the settings and the folder."""
        role = self.catalogue.task(SUPER_RESOLUTION).role(_REVISITS)
        raster = QgsProcessing.SourceType.TypeRaster
        self.add(with_help(QgsProcessingParameterMultipleLayers(role.name, tr(role.title), raster), tr(role.help)))
        pan = QgsProcessingParameterRasterLayer("PAN", tr("Panchromatic image"), optional=True)
        self.add(
            with_help(pan, tr("For patches for SatFusion: the finer image of the place, near the reference date."))
        )
        self.add_described(replace(_RATIO, help=_RATIO.help + " With a panchromatic image it is that of the pixels."))
        self.add_described(_FRAMES, _PATCH, *self._of_revisits(), _BANDS, revisit_form.DATES, revisit_form.MASKS)
        self.add(revisit_form.mask_layers_definition())
        self.add_described(revisit_form.STACK_BANDS, _TRUTHS, STRIDE, BUFFER, VALIDATION, TEST, SEED)
        self.add_described(settings.THREADS)
        self.add_output()

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        role = self.catalogue.task(SUPER_RESOLUTION).role(_REVISITS)
        layers = raster_layers(self, role.name, parameters, context, several=True)
        if not layers:
            raise InputError(tr("{}: a raster is needed.").format(role.name))
        inputs = revisit_form.inputs_of_revisits(self, role, layers, values, parameters, context)
        pan = raster_layers(self, "PAN", parameters, context, several=False) if parameters.get("PAN") else []
        inputs += [Input("PAN", source_of(layer), nodata=extra_nodata(layer)) for layer in pan]
        given = {item.name: values[item.name] for item in self._of_revisits()}
        job = Job(
            SATFUSION if pan else SUPER_RESOLUTION,
            _METHOD,
            inputs,
            [],
            parameters=given if pan else {**given, "RATIO": float(values["RATIO"])},
            threads=values["THREADS"],
        )
        self._folder = folder = self.parameterAsString(parameters, "OUTPUT", context)
        layout = self.layout(values, 1)

        def work(watched: Feedback) -> dict[str, Any]:
            from ..pipeline.own_patches import OwnSettings, prepare_own

            return prepare_own(job, folder, OwnSettings(layout, values["FRAMES"], values["TRUTHS"]), watched)

        self._work = work

    def _of_revisits(self) -> tuple[Parameter, ...]:
        method = self.catalogue.method(SUPER_RESOLUTION, _METHOD)
        wanted = ("REFERENCE_DATE", "MAX_DAYS", "MAX_SHIFT", "SENSOR", "MTF_GAINS")
        return tuple(item for item in method.parameters if item.name in wanted)


class PrepareSimulatedPatchesAlgorithm(PatchesAlgorithm):
    """Makes a patch set of revisits that are simulated from sharp images.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _SIMULATED)

    def again(self) -> PrepareSimulatedPatchesAlgorithm:
        """Return a new instance."""
        return PrepareSimulatedPatchesAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the images, the settings and the folder."""
        raster = QgsProcessing.SourceType.TypeRaster
        for name, title, text, optional in (
            (
                "IMAGES",
                tr("Sharp images"),
                tr("Each a raster with several bands; the same bands in all of them."),
                False,
            ),
            (
                "PANS",
                tr("Panchromatic images"),
                tr("For SatFusion: one of the same pixels for each sharp image. Without, they are simulated."),
                True,
            ),
        ):
            made = QgsProcessingParameterMultipleLayers(name, title, raster, None, optional)
            self.add(with_help(made, text))
        self.add_described(_RATIO, _WITH_PAN, _FRAMES, _DRAWS, _PATCH, _BANDS, SPLITS_OF_IMAGES)
        self.add_described(*self._of_sensor(), STRIDE, BUFFER, VALIDATION, TEST, SEED)
        self.add_output()

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        made: dict[str, list[Input]] = {}
        for name in ("IMAGES", "PANS"):
            layers = raster_layers(self, name, parameters, context, several=True) if parameters.get(name) else []
            made[name] = [Input(name, source_of(layer), nodata=extra_nodata(layer)) for layer in layers]
        if not made["IMAGES"]:
            raise InputError(tr("{}: a raster is needed.").format("IMAGES"))
        images = [with_bands([item], band_numbers(values["BANDS"])) for item in made["IMAGES"]]
        splits = [part for part in re.split(r"[,;\s]+", str(values["SPLITS"]).strip().lower()) if part]
        layout = self.layout(values, 1)
        self._folder = folder = self.parameterAsString(parameters, "OUTPUT", context)

        def work(watched: Feedback) -> dict[str, Any]:
            from ..pipeline.own_patches import SimulatedSettings, prepare_simulated

            chosen = SimulatedSettings(
                values["RATIO"],
                layout,
                values["FRAMES"],
                values["DRAWS"],
                values["WITH_PAN"],
                {item.name: values[item.name] for item in self._of_sensor()},
                values["SEED"],
            )
            return prepare_simulated(images, made["PANS"], splits, folder, chosen, watched)

        self._work = work

    def _of_sensor(self) -> tuple[Parameter, ...]:
        method = self.catalogue.method(SUPER_RESOLUTION, _METHOD)
        return tuple(item for item in method.parameters if item.name in ("SENSOR", "MTF_GAINS"))


class PrepareRevisitDatasetAlgorithm(PatchesAlgorithm):
    """Makes a patch set of a public data set.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _FOLDERS)

    def again(self) -> PrepareRevisitDatasetAlgorithm:
        """Return a new instance."""
        return PrepareRevisitDatasetAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the data set, the settings and the folder."""
        self.add_described(_DATA_SET)
        kind = QgsProcessingParameterFile.Behavior.Folder
        folder = QgsProcessingParameterFile("FOLDER", tr("Folder of the data set"), kind)
        self.add(with_help(folder, tr("Where it was unpacked.")))
        self.add_described(_WITH_PAN, _DATA_RATIO, _FRAMES, _PATCH, VALIDATION, TEST, _PLACES, SEED)
        self.add_output()

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        source = Path(self.parameterAsFile(parameters, "FOLDER", context))
        layout = self.layout(values, values["RATIO"])
        self._folder = folder = self.parameterAsString(parameters, "OUTPUT", context)

        def work(watched: Feedback) -> dict[str, Any]:
            from ..pipeline.revisit_folders import FolderSettings, prepare_folder

            chosen = FolderSettings(
                values["DATA_SET"],
                source,
                values["RATIO"],
                values["WITH_PAN"],
                values["FRAMES"],
                layout,
                most=values["PLACES"],
            )
            return prepare_folder(chosen, folder, watched)

        self._work = work
