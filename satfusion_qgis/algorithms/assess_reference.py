"""`satfusion:assess_reference`: scores of a fused image against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import QgsProcessingContext

from .. import pipeline
from ..catalogue import Catalogue
from ..pipeline.assess import Settings, compare
from ..raster.reader import describe
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import Role
from . import form
from .assessment import GROUP, GROUP_ID, Files, add_outputs, chosen_files, known, number
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
_DATA_RANGE = Parameter(
    "DATA_RANGE",
    "Data range",
    "number",
    None,
    "The range that values may have, in physical units: 1 for reflectance, 2047 for numbers of 11 bits. PSNR and SSIM "
    "depend on it, so compare only scores with the same range. Empty takes the number of bits that the reference "
    "declares, else the highest value of the reference; never the data type.",
    minimum=0.0,
    advanced=True,
)
_UQI_WINDOW = Parameter(
    "UQI_WINDOW",
    "Window of UQI",
    "integer",
    8,
    "Side of the sliding window of UQI: 8 as its authors have it, 32 in much work on pansharpening.",
    minimum=2,
    maximum=256,
    unit="pixels",
    advanced=True,
)
_REGISTERED = Parameter(
    "REGISTERED",
    "Registered scores too",
    "boolean",
    False,
    "Also gives cPSNR and cSSIM, for super-resolved images: the fused image is laid on the reference at every small "
    "shift, and a constant is added to each band; what suits best counts. The plain scores stay beside them.",
)
_SHIFT = Parameter(
    "SHIFT",
    "Largest shift of registered scores",
    "integer",
    None,
    "Pixels up to which a shift is forgiven, and which the fused image loses on each side. Empty takes the ratio: one "
    "coarse pixel, as PROBA-V has it (3 at ratio 3).",
    minimum=0,
    maximum=16,
    unit="pixels",
    advanced=True,
)
_NUMBERS = {
    "ERGAS": "ergas",
    "SAM": "sam_degrees",
    "Q2N": "q2n",
    "RMSE": "rmse",
    "MAE": "mae",
    "BIAS": "bias",
    "RASE": "rase",
    "PSNR": "psnr",
    "SSIM": "ssim",
    "UQI": "uqi",
    "SCC": "scc",
    "CC": "cc",
    "R2": "r2",
}
_REGISTERED_NUMBERS = {"CPSNR": "cpsnr", "CSSIM": "cssim"}
_TITLES = {
    "ERGAS": "ERGAS (0 is best)",
    "SAM": "Spectral angle in degrees (0 is best)",
    "Q2N": "Q2n (1 is best)",
    "RMSE": "Root mean square error in physical units (0 is best)",
    "MAE": "Mean absolute error in physical units (0 is best)",
    "BIAS": "Mean of fused minus reference in physical units (0 is best)",
    "RASE": "RASE in percent (0 is best)",
    "PSNR": "Peak signal-to-noise ratio in dB (more is better)",
    "SSIM": "Structural similarity (1 is best)",
    "UQI": "Universal quality index (1 is best)",
    "SCC": "Spatial correlation (1 is best)",
    "CC": "Correlation (1 is best)",
    "R2": "Coefficient of determination (1 is best)",
    "CPSNR": "Registered PSNR in dB, where asked for (more is better)",
    "CSSIM": "Registered structural similarity, where asked for (1 is best)",
}
_ABOUT = About(
    name="assess_reference",
    title="Score against a reference",
    group=GROUP,
    group_id=GROUP_ID,
    summary="Compares a fused image with the true one, in physical units, for each band and over all bands: ERGAS, "
    "spectral angle (SAM), Q2n, RMSE, MAE, bias, RASE, PSNR, SSIM, UQI, spatial correlation (SCC), correlation and "
    "R2; with a report that shows where and in which bands the errors are.\n"
    "Masked pixels count nowhere; scores of windows (SSIM, UQI, SCC) use only windows without a masked pixel.",
    citations=(
        "Wald, L. (2000): Quality of high resolution synthesised images: Is there a simple criterion? "
        "Fusion of Earth Data, 99-103 (ERGAS, RASE)",
        "Yuhas, R. H., Goetz, A. F. H., Boardman, J. W. (1992): Discrimination among semi-arid landscape "
        "endmembers using the spectral angle mapper (SAM) algorithm. JPL Airborne Geoscience Workshop, "
        "147-149",
        "Garzelli, A., Nencini, F. (2009): Hypercomplex quality assessment of multi/hyperspectral images. "
        "10.1109/LGRS.2009.2022650 (Q2n)",
        "Wang, Z., Bovik, A. C. (2002): A universal image quality index. 10.1109/97.995823 (UQI)",
        "Wang, Z., Bovik, A. C., Sheikh, H. R., Simoncelli, E. P. (2004): Image quality assessment: from error "
        "visibility to structural similarity. 10.1109/TIP.2003.819861 (SSIM)",
        "Martens, M., Izzo, D., Krzic, A., Cox, D. (2019): Super-resolution of PROBA-V images using convolutional "
        "neural networks. 10.1007/s42064-019-0059-8 (cPSNR)",
        "Zhou, J., Civco, D. L., Silander, J. A. (1998): A wavelet transform method to merge Landsat TM and SPOT "
        "panchromatic data. 10.1080/014311698215973 (SCC)",
    ),
    tags=(
        "quality", "ergas", "sam", "rmse", "mae", "psnr", "ssim", "uqi", "q4", "q8", "q2n", "scc", "wald",
        "evaluation", "accuracy", "report", "cpsnr", "cssim", "proba-v",
    ),
)  # fmt: skip


@dataclass
class _Run:
    """What one run needs, as plain values."""

    fused: Input
    reference: Input
    settings: Settings
    files: Files


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
        self.add_described(_RATIO, _BANDS, _REGISTERED, _BORDER, _DATA_RANGE, _UQI_WINDOW, _SHIFT)
        add_outputs(self, _TITLES)

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
        wanted = chosen_files(self, parameters, context)
        settings = Settings(
            ratio,
            values["BORDER"],
            values["DATA_RANGE"],
            values["UQI_WINDOW"],
            views=bool(wanted.report),
            registered=values["REGISTERED"],
            shift=values["SHIFT"],
        )
        self._run = _Run(files["FUSED"], files["REFERENCE"], settings, wanted)

    def run_job(self, feedback: Feedback) -> Results:
        """Score, write the scores, and log them."""
        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = compare(run.fused, run.reference, run.settings, feedback)
        for line in score_table(found.scores):
            feedback.info(line)
        written = run.files.write(found.scores, found.table, lambda: found.report(tr))
        numbers = {name: found.scores["all"][key] for name, key in _NUMBERS.items()}
        registered = found.scores.get("registered", {}).get("all", {})
        numbers.update({name: registered.get(key) for name, key in _REGISTERED_NUMBERS.items()})
        return {**written, **known(numbers)}


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
    finer = float(job.parameters.get(task.finer, 1)) if task.finer else 1.0
    return float(coarse[0] / fine[0]) * finer


def score_table(scores: dict[str, Any]) -> list[str]:
    """Return the scores as lines of a table."""
    units = f" [{scores['units']}]" if scores.get("units") else ""
    lines = [f"{tr('Band'):<24}{'RMSE' + units:>24}{tr('Bias'):>14}{'CC':>10}{'SSIM':>10}{'UQI':>10}"]
    for row in [*scores["bands"], {"name": tr("All bands"), **scores["all"]}]:
        rmse, *others = (number(row[key]) for key in ("rmse", "bias", "cc", "ssim", "uqi"))
        bias, *likeness = others
        lines.append(f"{row['name'][:23]:<24}{rmse:>24}{bias:>14}" + "".join(f"{text:>10}" for text in likeness))
    ergas, sam, q2n, psnr = (number(scores["all"][key]) for key in ("ergas", "sam_degrees", "q2n", "psnr"))
    lines.append(f"ERGAS {ergas}   SAM {sam}°   Q2n {q2n}   PSNR {psnr} dB")
    if "registered" in scores:
        found = scores["registered"]
        cpsnr, cssim = (number(found["all"][key]) for key in ("cpsnr", "cssim"))
        down, right = found["shift"]
        lines.append(f"cPSNR {cpsnr} dB   cSSIM {cssim}   " + tr("Shift ({}, {}) pixels").format(down, right))
    return lines
