"""`satfusion:assess_noreference`: scores of a fused image at full scale, against the images it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import QgsProcessingContext

from .. import pipeline
from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import Role
from . import form, settings
from .assessment import GROUP, GROUP_ID, Files, add_outputs, chosen_files, degrade_parameters, known, number, with_bands
from .base import Parameters, Results, SatFusionAlgorithm
from .fusion import image_inputs
from .layers import band_numbers, extra_nodata, raster_layers, source_of
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.assess_noreference import FullScaleSettings

_FUSED = Role("FUSED", "Fused image", "The image to judge, with the bands of the multispectral image in their order.")
_MS = Role(
    "MS",
    "Multispectral image",
    "The image that was sharpened: one raster with several bands, or several single-band files. Empty takes the one "
    "that the fused image was made of, where SatFusion made it.",
    min_items=0,
)
_PAN = Role(
    "PAN",
    "Panchromatic image",
    "The panchromatic image that it was sharpened with. Empty takes the one that the fused image was made of.",
    min_items=0,
    single_band=True,
)
_BANDS = Parameter(
    "BANDS",
    "Bands of the multispectral image",
    "text",
    "",
    "Which bands of the multispectral image were sharpened, in order, such as 1,2,3. Empty takes all.",
)
_BORDER = Parameter(
    "BORDER",
    "Border left out",
    "integer",
    4,
    "Multispectral pixels along the edges that are not scored, because filters reach beyond the images there.",
    minimum=0,
    unit="pixels",
    advanced=True,
)
_TITLES = {
    "HQNR": "HQNR (1 is best)",
    "D_LAMBDA_K": "Spectral distortion D_lambda_K (0 is best)",
    "D_S": "Spatial distortion D_s (0 is best)",
    "QNR": "QNR (1 is best; rewards blur)",
    "D_LAMBDA": "Spectral distortion D_lambda (0 is best)",
    "CONSISTENCY_ERGAS": "ERGAS of the degraded fused image against the multispectral one (0 is best)",
    "CONSISTENCY_RMSE": "Root mean square error of the same in physical units (0 is best)",
    "CONSISTENCY_CC": "Correlation of the same (1 is best)",
    "CONSISTENCY_BIAS": "Bias of the same in physical units (0 is best)",
}
_ABOUT = About(
    name="assess_noreference",
    title="Score at full scale, without a reference",
    group=GROUP,
    group_id=GROUP_ID,
    summary="Judges a sharpened image by the images that it was made of: HQNR, D_lambda_K and D_s, QNR and D_lambda, "
    "and the consistency: blurred with the sensor's modulation transfer function and sampled on the multispectral "
    "grid, the fused image should equal the multispectral one, band by band.\n"
    "QNR rewards blur: an image that was only interpolated, without any sharpening, scores well. Never rank methods by "
    "QNR alone.",
    citations=(
        "Alparone, L., Aiazzi, B., Baronti, S., Garzelli, A., Nencini, F., Selva, M. (2008): Multispectral and "
        "panchromatic data fusion assessment without reference. 10.14358/PERS.74.2.193 (QNR)",
        "Khan, M. M., Alparone, L., Chanussot, J. (2009): Pansharpening quality assessment using the modulation "
        "transfer functions of instruments. 10.1109/TGRS.2009.2029094 (D_lambda_K)",
        "Aiazzi, B., Alparone, L., Baronti, S., Carla, R., Garzelli, A., Santurri, L. (2014): Full scale assessment of "
        "pansharpening methods and data products. Proc. SPIE 9244 (HQNR)",
    ),
    tags=("quality", "qnr", "hqnr", "khan", "full scale", "consistency", "no reference", "report"),
)


@dataclass
class _Run:
    """What one run needs, as plain values."""

    fused: Input
    ms: list[Input]
    pan: Input
    settings: FullScaleSettings
    files: Files


class AssessNoReferenceAlgorithm(SatFusionAlgorithm):
    """Scores a fused image at full scale.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._run: Optional[_Run] = None

    def again(self) -> AssessNoReferenceAlgorithm:
        """Return a new instance."""
        return AssessNoReferenceAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the three images, the settings, and the outputs."""
        for role in (_FUSED, _MS, _PAN):
            self.add(form.role_definition(role))
        self.add(form.band_definition(_PAN))
        self.add_described(_BANDS, *degrade_parameters(), _BORDER, settings.KEEP_ORDER)
        add_outputs(self, _TITLES)

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        from ..pipeline.assess_noreference import FullScaleSettings  # with what computes: not for listing alone

        values = self.values(parameters, context)
        fused = raster_layers(self, "FUSED", parameters, context, several=False)
        ms = image_inputs(_MS, raster_layers(self, "MS", parameters, context, several=True), values, feedback)
        pan = image_inputs(_PAN, raster_layers(self, "PAN", parameters, context, several=False), values, feedback)
        if not fused:
            raise InputError(tr("{}: a raster is needed.").format("FUSED"))
        image = Input("FUSED", source_of(fused[0]), nodata=extra_nodata(fused[0]))
        if ms:
            ms = with_bands(ms, band_numbers(values["BANDS"]))
        for item in pan:
            item.bands = form.chosen_band(_PAN, parameters, context)
        ms, pan = ms or _made_of(image.path, "MS"), pan or _made_of(image.path, "PAN")
        files = chosen_files(self, parameters, context)
        chosen = FullScaleSettings(values["SENSOR"], values["MTF_GAINS"], values["BORDER"], views=bool(files.report))
        self._run = _Run(image, ms, pan[0], chosen, files)

    def run_job(self, feedback: Feedback) -> Results:
        """Score, write the scores, and log them."""
        from ..pipeline.assess_noreference import compare_full_scale

        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = compare_full_scale(run.fused, run.ms, run.pan, run.settings, feedback)
        for line in _lines(found.scores):
            feedback.info(line)
        written = run.files.write(found.scores, found.table, lambda: found.report(tr))
        return {**written, **known(_numbers(found.scores))}


def _made_of(path: str, role: str) -> list[Input]:
    """Return the inputs of one role that a raster was made of, from the job that it carries.

    Raises:
        InputError: It carries none, or the job has no such input.
    """
    try:
        found = [item for item in pipeline.job_of(path).inputs if item.role == role and item.index == 0]
    except InputError as error:
        raise InputError(tr("{} is needed, as it cannot be found: {}").format(role, error)) from None
    if not found:
        raise InputError(tr("{}: a raster is needed.").format(role))
    return found


def _numbers(scores: dict[str, Any]) -> dict[str, Optional[float]]:
    numbers = {key.upper(): value for key, value in scores["all"].items()}
    consistency = {f"CONSISTENCY_{key}": scores["consistency"][key.lower()] for key in ("ERGAS", "RMSE", "CC", "BIAS")}
    return {**numbers, **consistency}


def _lines(scores: dict[str, Any]) -> list[str]:
    """Return the scores as lines of a table."""
    lines = [f"{tr('Band'):<24}{'RMSE [' + scores['units'] + ']':>24}{tr('Bias'):>14}{'CC':>10}{'D_s':>10}"]
    for row in scores["bands"]:
        rmse, bias, cc, own = (number(row[key]) for key in ("rmse", "bias", "cc", "d_s"))
        lines.append(f"{row['name'][:23]:<24}{rmse:>24}{bias:>14}{cc:>10}{own:>10}")
    lines.append("   ".join(f"{key.upper()} {number(value)}" for key, value in scores["all"].items()))
    lines.append(tr("QNR rewards blur: never rank methods by QNR alone."))
    return lines
