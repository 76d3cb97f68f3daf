"""`satfusion:assess_reference`: scores of a fused image against the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingOutputNumber

from .. import pipeline
from ..catalogue import Catalogue
from ..pipeline.assess import assess_reference
from ..raster.reader import describe
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec, Role
from . import form
from .base import Parameters, Results, SatFusionAlgorithm
from .layers import band_numbers, extra_nodata, raster_layers, source_of
from .texts import About, tr

_FUSED = Role("FUSED", "Fused image", "The image to judge.")
_REFERENCE = Role("REFERENCE", "Reference", "The true image: as many bands, in the same order, on the same grid.")
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    None,
    "Multispectral pixel size divided by panchromatic pixel size, which ERGAS needs. Empty takes it from "
    "the fused image, where SatFusion made it.",
    minimum=1.0,
    maximum=1000.0,
)
_BANDS = Parameter(
    "BANDS",
    "Bands of the reference",
    "text",
    "",
    "Which bands of the reference the fused image's bands are compared with, in order, such as 1,2,3. Empty takes all.",
)
_BORDER = Parameter(
    "BORDER",
    "Border left out",
    "integer",
    0,
    "Pixels along the edges that are not scored.",
    minimum=0,
    unit="pixels",
    advanced=True,
)
_OUTPUT = OutputSpec("OUTPUT", "table", "Scores", "All scores, for each band and over all bands, as JSON.")
_NUMBERS = {"ERGAS": "ergas", "SAM": "sam_degrees", "RMSE": "rmse", "Q2N": "q2n"}
_TITLES = {
    "ERGAS": "ERGAS (0 is best)",
    "SAM": "Spectral angle in degrees (0 is best)",
    "RMSE": "Root mean square error in physical units (0 is best)",
    "Q2N": "Q2n (1 is best)",
}
_ABOUT = About(
    name="assess_reference",
    title="Score against a reference",
    group="Assessment",
    group_id="assessment",
    summary="Compares a fused image with the true one: root mean square error, spectral angle (SAM), ERGAS "
    "and Q2n, in physical units, for each band and over all bands.",
    citations=(
        "Wald, L. (2000): Quality of high resolution synthesised images: Is there a simple criterion? "
        "Fusion of Earth Data, 99-103 (ERGAS)",
        "Yuhas, R. H., Goetz, A. F. H., Boardman, J. W. (1992): Discrimination among semi-arid landscape "
        "endmembers using the spectral angle mapper (SAM) algorithm. JPL Airborne Geoscience Workshop, "
        "147-149",
        "Garzelli, A., Nencini, F. (2009): Hypercomplex quality assessment of multi/hyperspectral images. "
        "10.1109/LGRS.2009.2022650 (Q2n)",
    ),
    tags=("quality", "ergas", "sam", "rmse", "q4", "q8", "q2n", "wald", "evaluation", "accuracy"),
)


@dataclass
class _Run:
    """What one run needs, as plain values."""

    fused: Input
    reference: Input
    ratio: float
    border: int
    output: str


class AssessReferenceAlgorithm(SatFusionAlgorithm):
    """Scores a fused image.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._run: Optional[_Run] = None

    def again(self) -> AssessReferenceAlgorithm:
        """Return a new instance."""
        return AssessReferenceAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the two images, the settings, and the scores."""
        self.add(form.role_definition(_FUSED))
        self.add(form.role_definition(_REFERENCE))
        self.add_described(_RATIO, _BANDS, _BORDER)
        self.add(form.output_definition(_OUTPUT))
        for name, title in _TITLES.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(title)))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        files = {}
        for role in (_FUSED, _REFERENCE):
            layers = raster_layers(self, role.name, parameters, context, several=False)
            if not layers:
                raise InputError(tr("{}: a raster is needed.").format(role.name))
            files[role.name] = Input(role.name, source_of(layers[0]), nodata=extra_nodata(layers[0]))
        files["REFERENCE"].bands = band_numbers(values["BANDS"])
        ratio = values["RATIO"] or ratio_of(files["FUSED"].path, self.catalogue)
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        self._run = _Run(files["FUSED"], files["REFERENCE"], ratio, values["BORDER"], output)

    def run_job(self, feedback: Feedback) -> Results:
        """Score, write the scores, and log them."""
        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))
        scores = assess_reference(run.fused, run.reference, run.ratio, border=run.border, feedback=feedback)
        for line in score_table(scores):
            feedback.info(line)
        _write(run.output, scores)
        numbers = {name: scores["all"][key] for name, key in _NUMBERS.items()}
        return {"OUTPUT": run.output, **{name: value for name, value in numbers.items() if value is not None}}


def ratio_of(path: str, catalogue: Catalogue) -> float:
    """Return the ratio of pixel sizes at which a raster was fused, from the job that it carries.

    Raises:
        InputError: It carries none, or the inputs are not there any more.
    """
    try:
        job = pipeline.job_of(path)
        task = catalogue.task(job.task)
        coarse, fine = (
            describe(role, [item for item in job.inputs if item.role == role and item.index == 0]).grid.pixel
            for role in (task.coarse or task.roles[0].name, task.grid_of or task.roles[0].name)
        )
    except InputError as error:
        raise InputError(tr("RATIO is needed, as it cannot be found: {}").format(error)) from None
    return float(coarse[0] / fine[0])


def score_table(scores: dict[str, Any]) -> list[str]:
    """Return the scores as lines of a table."""
    units = f" [{scores['units']}]" if scores.get("units") else ""
    lines = [f"{tr('Band'):<24}{'RMSE' + units:>24}{tr('Bias'):>14}{'CC':>10}"]
    for row in [*scores["bands"], {"name": tr("All bands"), **scores["all"]}]:
        rmse, bias, cc = (_number(row[key]) for key in ("rmse", "bias", "cc"))
        lines.append(f"{row['name'][:23]:<24}{rmse:>24}{bias:>14}{cc:>10}")
    ergas, sam, q2n = (_number(scores["all"][key]) for key in ("ergas", "sam_degrees", "q2n"))
    lines.append(f"ERGAS {ergas}   SAM {sam}°   Q2n {q2n}")
    return lines


def _number(value: Optional[float]) -> str:
    return "-" if value is None else f"{value:.5g}"


def _write(path: str, scores: dict[str, Any]) -> None:
    try:
        Path(path).write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(tr("Cannot write {}: {}.").format(path, error.strerror)) from None
