"""`satfusion:prepare_degrade`: the scene as a coarser sensor would see it, for tests against a truth."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsProcessingContext

from .. import pipeline
from ..catalogue import CATALOGUE, Catalogue
from ..pipeline.degrade import degrade_jobs, degrade_pair
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Job
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec, Role
from . import form, settings
from .base import Parameters, Results, SatFusionAlgorithm
from .fusion import add_style, image_inputs
from .layers import raster_layers
from .texts import About, tr

_MS = Role(
    "MS",
    "Multispectral image",
    "The image to degrade: one raster with several bands, or several single-band files.",
)
_PAN = Role("PAN", "Panchromatic image", "The panchromatic image of the same scene.", min_items=0, single_band=True)
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    None,
    "How many times coarser the results are. Empty takes the ratio of the two pixel sizes, so that the "
    "degraded panchromatic image has the size of pixels of the multispectral one, which then is the truth.",
    minimum=1.0,
    maximum=64.0,
)
_OUTPUT_MS = OutputSpec(
    "OUTPUT_MS", "image", "Degraded multispectral image", "As a coarser sensor would see it.", like="MS"
)
_OUTPUT_PAN = OutputSpec(
    "OUTPUT_PAN",
    "image",
    "Degraded panchromatic image",
    "As a coarser sensor would see it.",
    like="PAN",
    optional=True,
)


class PrepareDegradeAlgorithm(SatFusionAlgorithm):
    """Degrades a pair of images by their ratio (Wald's protocol).

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        method = _method()
        about = About(
            name="prepare_degrade",
            title="Degrade a scene",
            group="Data preparation",
            group_id="preparation",
            summary="Makes a coarser copy of a scene, as the same sensor would see it from farther away: "
            "each band is blurred with the sensor's modulation transfer function and sampled on a coarser "
            "grid.\n"
            "Sharpen the copies and compare the result with the original multispectral image (Score against "
            "a reference): so the methods can be tested on your own scene (Wald's protocol).",
            citations=(method.citation,),
            tags=("wald", "downscale", "degrade", "simulate", "mtf"),
        )
        super().__init__(catalogue, about)
        self._jobs: list[Job] = []

    def again(self) -> PrepareDegradeAlgorithm:
        """Return a new instance."""
        return PrepareDegradeAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the pair, the settings, and the two outputs."""
        self.add(form.role_definition(_MS))
        self.add(form.role_definition(_PAN))
        self.add_described(_RATIO, *_method().parameters)
        self.add_described(settings.THREADS, settings.COMPRESSION, settings.OVERVIEWS, settings.KEEP_ORDER)
        self.add(form.output_definition(_OUTPUT_MS))
        self.add(form.output_definition(_OUTPUT_PAN, created=True))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        ms = image_inputs(_MS, raster_layers(self, "MS", parameters, context, several=True), values, feedback)
        pan = image_inputs(_PAN, raster_layers(self, "PAN", parameters, context, several=False), values, feedback)
        if not ms:
            raise InputError(tr("MS: a raster is needed."))
        self._jobs = degrade_jobs(
            ms,
            pan[0] if pan else None,
            self.parameterAsOutputLayer(parameters, "OUTPUT_MS", context),
            self._output_pan(bool(pan), parameters, context),
            ratio=values["RATIO"],
            parameters={item.name: values[item.name] for item in _method().parameters},
            options=settings.output_options(values),
            threads=values["THREADS"],
        )
        for job in self._jobs:
            pipeline.check(job)

    def run_job(self, feedback: Feedback) -> Results:
        """Degrade both images."""
        written = degrade_pair(self._jobs, feedback)
        for path in written:
            add_style(path, "image", feedback)
        return dict(zip(("OUTPUT_MS", "OUTPUT_PAN"), written))

    def _output_pan(self, given: bool, parameters: Parameters, context: QgsProcessingContext) -> Optional[str]:
        if not given or not parameters.get("OUTPUT_PAN"):
            return None
        path: str = self.parameterAsOutputLayer(parameters, "OUTPUT_PAN", context)
        return path


def _method() -> Method:
    return CATALOGUE.method("degradation", "degrade")
