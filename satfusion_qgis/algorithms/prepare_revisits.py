"""`satfusion:prepare_revisits`: revisits of one place, simulated from one sharp image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputFile,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterFolderDestination,
)

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import Role
from . import form, settings
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .fusion import image_inputs
from .layers import raster_layers
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.simulate_revisits import RevisitsRequest

_IMAGE = Role("IMAGE", "Sharp image", "The image that the revisits show: one raster with any bands.")
_COUNT = Parameter(
    "COUNT",
    "Number of revisits",
    "integer",
    8,
    "How many revisits are made; the first is the reference.",
    minimum=1,
    maximum=64,
)
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    2.0,
    "How many times larger the pixels of the revisits are than those of the sharp image.",
    minimum=1.0,
    maximum=16.0,
)
_SETTINGS = (
    Parameter(
        "MAX_SHIFT",
        "Largest shift",
        "number",
        2.0,
        "Each revisit but the first lies up to so many of its pixels from where its georeferencing puts it, down or up "
        "and right or left.",
        minimum=0.0,
        maximum=32.0,
    ),
    Parameter(
        "MTF_GAINS",
        "MTF gains",
        "numbers",
        (0.3,),
        "How much contrast the sensor leaves at the finest detail that the revisits' pixels can hold: one number for "
        "all bands, or one for each, separated by commas, each between 0.05 and 0.6.",
        minimum=0.05,
        maximum=0.6,
    ),
    Parameter(
        "KERNEL",
        "Blur",
        "choice",
        "gaussian",
        "Form of the blur; all of them have the MTF gains above.",
        choices=("gaussian", "box_gaussian", "diffraction"),
        choice_titles=(
            "Gaussian",
            "the detector's square and a Gaussian",
            "diffraction at a square aperture",
        ),
        advanced=True,
    ),
    Parameter(
        "SNR",
        "Signal-to-noise ratio",
        "number",
        100.0,
        "The mean of a band divided by the noise's standard deviation; 0 for no noise.",
        minimum=0.0,
        maximum=100000.0,
    ),
    Parameter(
        "GAIN",
        "Differences in brightness",
        "number",
        0.03,
        "Each revisit but the first is brighter or darker by up to this share.",
        minimum=0.0,
        maximum=0.5,
    ),
    Parameter(
        "CLOUDED",
        "Clouded revisits",
        "integer",
        2,
        "How many revisits have clouds; the first has none unless all have.",
        minimum=0,
        maximum=64,
    ),
    Parameter(
        "CLOUD_SHARE",
        "Clouds",
        "number",
        30.0,
        "How much of a clouded revisit is clouded.",
        minimum=0.0,
        maximum=100.0,
        unit="%",
    ),
    Parameter(
        "MASK_ERROR",
        "Errors of the masks",
        "number",
        0.0,
        "How far the masks miss the clouds' edges: 0 not at all, 1 wildly.",
        minimum=0.0,
        maximum=1.0,
        advanced=True,
    ),
    Parameter(
        "SEED",
        "Seed",
        "integer",
        0,
        "Everything random follows from this number; the same number gives the same revisits.",
        minimum=0,
        maximum=2**31 - 1,
    ),
    Parameter(
        "WRITE_PAN",
        "Write a PAN",
        "boolean",
        False,
        "Also makes a panchromatic image on the sharp image's grid: a weighted sum of the bands with blur, noise and a "
        "soft saturation.",
    ),
    Parameter(
        "WRITE_REFERENCE",
        "Write the truth",
        "boolean",
        True,
        "Also writes the sharp image, cut to whole pixels of the revisits, for scores.",
    ),
)
_ABOUT = About(
    name="prepare_revisits",
    title="Simulate revisits",
    group="Data preparation",
    group_id="preparation",
    summary="Makes several coarser images of one place from one sharp image, as a sensor would take them on several "
    "days: each shifted by a fraction of a pixel, blurred, sampled, with noise, brightness and clouds of its own.\n"
    "The shifts are not in the georeferencing, as with true images; a table holds them. Masks lie beside the images, "
    "where MASKS finds them. Super-resolve the revisits and compare the result with the sharp image.",
    citations=(
        "Elad, M., Feuer, A. (1997): Restoration of a single superresolution image from several blurred, noisy, and "
        "undersampled measured images. IEEE Transactions on Image Processing 6(12), 1646-1658",
    ),
    tags=("simulate", "revisit", "multi-image", "super-resolution", "degrade", "test", "truth"),
)


class PrepareRevisitsAlgorithm(SatFusionAlgorithm):
    """Simulates revisits.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._inputs: list[Input] = []
        self._folder = ""
        self._request: Optional[RevisitsRequest] = None

    def again(self) -> PrepareRevisitsAlgorithm:
        """Return a new instance."""
        return PrepareRevisitsAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the image, the settings, the folder, and what is given to the next step of a model."""
        self.add(form.role_definition(_IMAGE))
        self.add_described(_COUNT, _RATIO, *_SETTINGS)
        self.add(form.extent_definition())
        self.add_described(settings.COMPRESSION, settings.OVERVIEWS)
        folder = QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the revisits"))
        self.add(with_help(folder, tr("Revisits, masks and the table of shifts are written here.")))
        self.addOutput(QgsProcessingOutputMultipleLayers("RASTERS", tr("Revisits")))
        self.addOutput(QgsProcessingOutputMultipleLayers("MASK_RASTERS", tr("Masks of the revisits")))
        self.addOutput(QgsProcessingOutputFile("TABLE", tr("Table of shifts")))
        self.addOutput(QgsProcessingOutputRasterLayer("PAN", tr("Panchromatic image")))
        self.addOutput(QgsProcessingOutputRasterLayer("REFERENCE", tr("Truth")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values, and look whether the image can be used."""
        from ..pipeline.simulate_revisits import check_simulation  # with what computes: not for listing alone

        values = self.values(parameters, context)
        layers = raster_layers(self, "IMAGE", parameters, context, several=False)
        if not layers:
            raise InputError(tr("IMAGE: a raster is needed."))
        self._inputs = image_inputs(_IMAGE, layers, values, feedback)
        self._folder = self.parameterAsString(parameters, "OUTPUT", context)
        extent = None
        if parameters.get("EXTENT"):
            found = self.parameterAsExtent(parameters, "EXTENT", context, layers[0].crs())
            extent = [found.xMinimum(), found.yMinimum(), found.xMaximum(), found.yMaximum()]
        self._request = _request(values, extent)
        check_simulation(self._inputs, self._folder, self._request)

    def run_job(self, feedback: Feedback) -> Results:
        """Simulate."""
        from ..pipeline.simulate_revisits import simulate_revisits

        if self._request is None:
            raise InputError(tr("The algorithm was not prepared."))
        made = simulate_revisits(self._inputs, self._folder, self._request, feedback)
        found: Results = {
            "OUTPUT": self._folder,
            "RASTERS": made.revisits,
            "MASK_RASTERS": made.masks,
            "TABLE": made.table,
        }
        return {**found, **{name: path for name, path in (("PAN", made.pan), ("REFERENCE", made.reference)) if path}}


def _request(values: dict[str, Any], extent: Optional[list[float]]) -> RevisitsRequest:
    from ..classical.super_resolution.simulate import Simulation
    from ..pipeline.simulate_revisits import RevisitsRequest

    simulation = Simulation(
        revisits=int(values["COUNT"]),
        largest_shift=values["MAX_SHIFT"],
        kernel=values["KERNEL"],
        blur=tuple(values["MTF_GAINS"]) or (0.3,),
        noise=values["SNR"],
        gain=values["GAIN"],
        clouded_revisits=int(values["CLOUDED"]),
        cloud_share=values["CLOUD_SHARE"] / 100,
        mask_error=values["MASK_ERROR"],
        seed=int(values["SEED"]),
    )
    return RevisitsRequest(
        values["RATIO"],
        simulation,
        extent,
        values["WRITE_PAN"],
        values["WRITE_REFERENCE"],
        settings.output_options(values),
    )
