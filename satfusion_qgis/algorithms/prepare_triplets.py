"""`satfusion:prepare_triplets` and `prepare_simulated_triplets`: patches for networks that predict fine images."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingParameterMultipleLayers,
)

from ..catalogue import Catalogue
from ..pipeline.triplet_layouts import AUTO, FILES, PUBLISHED
from ..tasks.dates import given_days
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SPATIOTEMPORAL
from . import pair_form, series_form
from .assessment import with_bands
from .base import Parameters
from .form import with_help
from .layers import band_numbers, extra_nodata, raster_layers, source_of
from .prepare_patches import STRIDE
from .prepare_revisit_patches import BUFFER, SEED, SPLITS_OF_IMAGES, TEST, VALIDATION, PatchesAlgorithm
from .texts import About, tr

_BASELINE = "add_change"
_OF_METHOD = ("RATIO", "NORMALISE", "FINE_SCALE", "COARSE_SCALE")
_TAGS = ("training", "patches", "dataset", "deep learning", "spatiotemporal", "stf", "landsat", "modis", "triplets")
_LAYOUT = Parameter(
    "LAYOUT",
    "Layout",
    "choice",
    AUTO,
    "How the images are kept. A published data set is one folder, and says by its names which images are fine and "
    "which coarse, and what their numbers mean.",
    choices=(AUTO, FILES, *(one.id for one in PUBLISHED)),
    choice_titles=(
        "a published data set where the fine images' folder is one, else your own images",
        "your own images",
        *(one.title for one in PUBLISHED),
    ),
)
_PAIRS = Parameter(
    "PAIRS",
    "Pairs",
    "integer",
    1,
    "1 for networks that predict from one pair of a fine and a coarse image, 2 for those that take one before and one "
    "after the date.",
    minimum=1,
    maximum=2,
)
_PAIR_DAYS = replace(series_form.CHOOSING[0], advanced=False)
_MAX_DAYS = replace(
    series_form.MAX_DAYS, help="Pairs farther from the date to predict are not combined with it; 0 for no limit."
)
_PATCH = Parameter(
    "PATCH",
    "Side of a patch",
    "integer",
    96,
    "Pixels of the fine grid. A multiple of 16 suits all networks.",
    minimum=8,
    maximum=1024,
    unit="pixels",
)
_LEAST_VALID = Parameter(
    "LEAST_VALID",
    "Least share of valid pixels",
    "number",
    90.0,
    "Patches with fewer pixels that are valid in all images are left out, and counted; in the others, missing pixels "
    "are masked.",
    minimum=1.0,
    maximum=100.0,
    unit="%",
    advanced=True,
)
_MOST = Parameter(
    "MOST",
    "Most patches",
    "integer",
    4000,
    "About so many at most, drawn evenly from all combinations of dates; 0 takes all, which may fill the disk: ten "
    "dates have 90 combinations.",
    minimum=0,
    maximum=10_000_000,
)
_VALIDATION_DATES = Parameter(
    "VALIDATION_DATES",
    "Dates for validation",
    "text",
    "",
    "Dates to predict in validation, separated by commas. Empty takes a share of the dates, the last ones before those "
    "for tests.",
    advanced=True,
)
_TEST_DATES = Parameter(
    "TEST_DATES",
    "Dates for tests",
    "text",
    "",
    "Dates to predict in tests, separated by commas. Empty takes a share of the dates, the last ones.",
    advanced=True,
)
_SHARE = replace(
    VALIDATION,
    default=20.0,
    help="Share of the dates that choose the best state of the network. Their fine images are in no training patch.",
)
_TEST_SHARE = replace(
    TEST,
    default=0.0,
    help="Share of the dates that give the scores on the model's card, and nothing else; 0 for none.",
)
_SIMULATED_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    16.0,
    "Fine pixels along a side of a coarse one: about 16 for Landsat and MODIS, 30 for Sentinel-2 and Sentinel-3.",
    minimum=2.0,
    maximum=64.0,
)
_DRAWS = Parameter(
    "DRAWS", "Draws of each image", "integer", 8, "How often dates are simulated of each image, each time others.",
    minimum=1, maximum=1000,
)  # fmt: skip
_SIMULATED_BUFFER = replace(BUFFER, default=64)
_REAL = About(
    name="prepare_triplets",
    title="Prepare patches for spatiotemporal fusion",
    group="Training",
    group_id="training",
    summary="Makes a set of patches, from which a network for spatiotemporal fusion learns, from fine and coarse "
    "images of several dates: your own, or a published data set as it is downloaded (CIA, LGC, AHB, Daxing, Tianjin, "
    "Wuhan, IC, BC, and MLFF-GAN's folders).\n"
    "Images are paired by their dates. Every pair is combined with every other date near enough: its coarse image and "
    "the pair are what the network gets, its fine image is what it is to predict. Alignment, bands, reflectance, masks "
    "and the fit between the sensors are those of a prediction.\n"
    "The dates are split: what validates or tests is in no training patch. The log says which dates are where.",
    citations=(
        "Emelyanova, I. V., McVicar, T. R., Van Niel, T. G., Li, L. T., van Dijk, A. I. J. M. (2013): Assessing the "
        "accuracy of blending Landsat-MODIS surface reflectances in two landscapes with contrasting spatial and "
        "temporal dynamics. 10.1016/j.rse.2013.02.007",
        "Li, J., Li, Y., He, L., Chen, J., Plaza, A. (2020): Spatio-temporal fusion for remote sensing data: an "
        "overview and new benchmark. 10.1007/s11432-019-2785-y",
    ),
    tags=(*_TAGS, "cia", "lgc", "ahb", "daxing", "tianjin", "wuhan"),
)
_SIMULATED = About(
    name="prepare_simulated_triplets",
    title="Prepare patches of simulated dates",
    group="Training",
    group_id="training",
    summary="Makes a set of patches for spatiotemporal fusion from single fine images in reflectance: dates are "
    "simulated, with a season of every class of cover and of fields, and changes of cover, and the coarse images of "
    "another sensor, with its brightness, blur, noise, clouds and errors of its position drawn at random. Use it to "
    "begin with where real pairs are few.\n"
    "Simulated seasons are simpler than real ones: fit the network to real pairs afterwards, and score it on them.",
    citations=("None: SatFusion's own simulation.",),
    tags=(*_TAGS, "simulation"),
)


class PrepareTripletsAlgorithm(PatchesAlgorithm):
    """Makes a patch set from fine and coarse images of several dates.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _REAL)

    def again(self) -> PrepareTripletsAlgorithm:
        """Return a new instance."""
        return PrepareTripletsAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add folders and layers, the settings, and the folder of the set."""
        series_form.add_images(self)
        self.add_described(_LAYOUT, _PAIRS, _PAIR_DAYS, _MAX_DAYS, _PATCH, _MOST, *self._of_method())
        self.add_described(series_form.BANDS, pair_form.BANDS_OF_COARSE, pair_form.MASKS, *series_form.NAMES)
        self.add_described(STRIDE, _LEAST_VALID, _SHARE, _TEST_SHARE, _VALIDATION_DATES, _TEST_DATES, SEED)
        self.add_output()

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[bool, str]:  # noqa: N802
        """Check the values before a run; images may be given as paths of files and folders."""
        good, text = super().checkParameterValues(series_form.without_paths(parameters), context)
        return good, text

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        from ..pipeline.triplets import TripletsRequest

        values = self.values(parameters, context)
        request = TripletsRequest(
            *series_form.images_of(self, parameters, context),
            values["LAYOUT"],
            series_form.search_of(values),
            values["PAIRS"],
            values["PAIR_DAYS"],
            values["MAX_DAYS"],
            self.layout(values, 1),
            given_days(values["VALIDATION_DATES"], "VALIDATION_DATES"),
            given_days(values["TEST_DATES"], "TEST_DATES"),
            values["LEAST_VALID"] / 100,
            values["MOST"],
            {item.name: values[item.name] for item in self._of_method()},
        ).check()
        self._folder = folder = self.parameterAsString(parameters, "OUTPUT", context)

        def work(watched: Feedback) -> dict[str, Any]:
            from ..pipeline.triplets import prepare_triplets

            return prepare_triplets(request, folder, watched)

        self._work = work

    def _of_method(self) -> tuple[Parameter, ...]:
        method = self.catalogue.method(SPATIOTEMPORAL, _BASELINE)
        return tuple(item for item in method.parameters if item.name in _OF_METHOD)


class PrepareSimulatedTripletsAlgorithm(PatchesAlgorithm):
    """Makes a patch set of dates that are simulated from fine images.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _SIMULATED)

    def again(self) -> PrepareSimulatedTripletsAlgorithm:
        """Return a new instance."""
        return PrepareSimulatedTripletsAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the images, the settings and the folder."""
        raster = QgsProcessing.SourceType.TypeRaster
        made = QgsProcessingParameterMultipleLayers("IMAGES", tr("Fine images"), raster)
        self.add(with_help(made, tr("In reflectance, with the wavelengths of their bands; the same bands in all.")))
        self.add_described(_SIMULATED_RATIO, _PAIRS, _DRAWS, _PATCH, series_form.BANDS, SPLITS_OF_IMAGES)
        self.add_described(STRIDE, _LEAST_VALID, _SIMULATED_BUFFER, VALIDATION, replace(TEST, default=0.0), SEED)
        self.add_output()

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        layers = raster_layers(self, "IMAGES", parameters, context, several=True)
        if not layers:
            raise InputError(tr("{}: a raster is needed.").format("IMAGES"))
        numbers = band_numbers(values["BANDS"])
        images = [
            with_bands([Input("IMAGES", source_of(layer), nodata=extra_nodata(layer))], numbers) for layer in layers
        ]
        splits = [part for part in re.split(r"[,;\s]+", str(values["SPLITS"]).strip().lower()) if part]
        layout = self.layout(values, 1)
        self._folder = folder = self.parameterAsString(parameters, "OUTPUT", context)

        def work(watched: Feedback) -> dict[str, Any]:
            from ..pipeline.simulate_pairs import SimulatedTriplets, prepare_simulated_triplets

            chosen = SimulatedTriplets(
                values["RATIO"], values["PAIRS"], values["DRAWS"], layout, values["LEAST_VALID"] / 100, values["SEED"]
            )
            return prepare_simulated_triplets(images, splits, folder, chosen, watched)

        self._work = work
