"""`satfusion:assess_methods`: which method suits this scene, by Wald's protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingOutputString, QgsProcessingParameterEnum

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import Role
from . import engine_settings, form, revisit_form, settings
from .assessment import GROUP, GROUP_ID, Files, add_outputs, chosen_files, degrade_parameters, known, number, with_bands
from .base import Parameters, Results, SatFusionAlgorithm
from .fusion import image_inputs
from .layers import band_numbers, raster_layers
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.assess_methods import MethodsAssessment
    from ..pipeline.contest import MethodsSettings
    from ..runtime.settings import EngineSettings

COMPARED_TASK = "pansharpening"
SUPER_RESOLUTION, SATFUSION = "super_resolution", "multi_image_pansharpening"
_BANDS = Parameter(
    "BANDS",
    "Bands",
    "text",
    "",
    "Bands of the multispectral image, or of each revisit, to use, such as 1,2,3. Empty uses all.",
)
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    None,
    "Multispectral pixel size divided by panchromatic pixel size. Empty takes it from the images; for revisits without "
    "a panchromatic image it is 2.",
    minimum=1.0,
    maximum=64.0,
    advanced=True,
)
_BORDER = Parameter(
    "BORDER",
    "Border left out",
    "integer",
    None,
    "Multispectral pixels along the edges that are not scored. Empty takes four times the ratio, and less in small "
    "images.",
    minimum=0,
    unit="pixels",
    advanced=True,
)
_FULL_SCALE = Parameter(
    "FULL_SCALE",
    "Also judge at full scale",
    "boolean",
    True,
    "Sharpens the scene itself with each method too, and scores it without a reference (HQNR and the consistency with "
    "the multispectral image). Takes much longer than the reduced scale alone; the two can disagree, so look at both. "
    "Needs a panchromatic image.",
)
_TITLES = {
    "ERGAS": "ERGAS of the best method (0 is best)",
    "SAM": "Spectral angle of the best method in degrees (0 is best)",
    "Q2N": "Q2n of the best method (1 is best)",
    "CPSNR": "cPSNR of the best method in dB, for revisits (more is better)",
    "RMSE": "Root mean square error of the best method in physical units (0 is best)",
    "TIES": "Methods that are a tie with the best",
    "COMPARED": "Methods compared",
}
_ABOUT = About(
    name="assess_methods",
    title="Compare methods on a scene",
    group=GROUP,
    group_id=GROUP_ID,
    summary="Finds out which method suits your scene: makes a coarser copy of it, as the same sensor would see it from "
    "farther away, sharpens the copy with each method, and scores the results against the original multispectral "
    "image (Wald's protocol).\n"
    "Methods are ranked by ERGAS, with 95 % intervals from a bootstrap of blocks of 32 x 32 multispectral pixels; "
    "where a difference lies inside its interval, the methods are called a tie.\n"
    "With revisits instead of one multispectral image, methods for multi-image super-resolution are compared: all "
    "revisits are made coarser, each on a grid of its own, and the reference as it was is the truth where it is clear. "
    "With revisits and a panchromatic image, SatFusion competes with classical pansharpening of the reference alone, "
    "and with super-resolution followed by pansharpening.",
    citations=(
        "Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: "
        "Assessing the quality of resulting images. PE&RS 63(6), 691-699",
        "Efron, B., Tibshirani, R. J. (1993): An Introduction to the Bootstrap. Chapman & Hall",
        "Martens, M., Izzo, D., Krzic, A., Cox, D. (2019): Super-resolution of PROBA-V images using convolutional "
        "neural networks. 10.1007/s42064-019-0059-8 (cPSNR)",
    ),
    tags=(
        "quality", "ranking", "benchmark", "which method", "wald", "bootstrap", "interval", "tie", "report",
        "super-resolution", "revisits", "satfusion", "cpsnr",
    ),
)  # fmt: skip


@dataclass
class _Run:
    """What one run needs, as plain values; either `ms` or `revisits` are there."""

    ms: list[Input]
    revisits: list[Input]
    pan: Optional[Input]
    settings: MethodsSettings
    engine: EngineSettings
    files: Files


class AssessMethodsAlgorithm(SatFusionAlgorithm):
    """Ranks the methods of the catalogue on one scene.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._task = catalogue.task(COMPARED_TASK)
        self._run: Optional[_Run] = None

    def again(self) -> AssessMethodsAlgorithm:
        """Return a new instance."""
        return AssessMethodsAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the images, the settings, and the outputs."""
        revisits, ms, pan = self._roles()
        for role in (ms, pan, revisits):
            self.add(form.role_definition(role))
        self.add(form.band_definition(self._task.role("PAN")))
        self.add(self._methods_definition())
        self.add_described(_FULL_SCALE, _BANDS, *degrade_parameters(), _RATIO, _BORDER)
        self.add_described(revisit_form.DATES, *self._choosing(), revisit_form.STACK_BANDS, revisit_form.MASKS)
        self.add(revisit_form.mask_layers_definition())
        self.add_described(settings.THREADS, settings.KEEP_ORDER)
        add_outputs(self, _TITLES)
        self.addOutput(QgsProcessingOutputString("BEST", tr("Id of the best method")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        from ..pipeline.contest import MethodsSettings  # with what computes: not for listing alone

        values = self.values(parameters, context)
        plain = {**values, "MASKS": "none"}
        revisits_role, ms_role, pan_role = self._roles()
        layers = {
            role.name: raster_layers(self, role.name, parameters, context, several=role is not pan_role)
            for role in self._roles()
        }
        if bool(layers["REVISITS"]) == bool(layers["MS"]):
            raise InputError(tr("Give either MS, with a PAN, or REVISITS, with a PAN or without."))
        pan: Optional[Input] = None
        if layers["PAN"]:
            pan = image_inputs(pan_role, layers["PAN"], plain, feedback)[0]
            pan.bands = form.chosen_band(self._task.role("PAN"), parameters, context)
        ms: list[Input] = []
        revisits: list[Input] = []
        bands = band_numbers(values["BANDS"])
        if layers["MS"]:
            if pan is None:
                raise InputError(tr("{}: a raster is needed.").format("PAN"))
            ms = with_bands(image_inputs(ms_role, layers["MS"], plain, feedback), bands)
        else:
            given = layers["REVISITS"]
            revisits = revisit_form.inputs_of_revisits(self, revisits_role, given, values, parameters, context)
        of_methods = [*degrade_parameters(), *(self._choosing() if revisits else ())]
        chosen = MethodsSettings(
            methods=tuple(name for name in self.parameterAsEnumStrings(parameters, "METHODS", context) if name),
            parameters={item.name: values[item.name] for item in of_methods},
            ratio=values["RATIO"],
            border=values["BORDER"],
            full_scale=values["FULL_SCALE"],
            threads=values["THREADS"],
        )
        self._run = _Run(ms, revisits, pan, chosen, engine_settings.chosen(), chosen_files(self, parameters, context))

    def run_job(self, feedback: Feedback) -> Results:
        """Compare, write the scores, and log them."""
        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = self._compared(run, feedback)
        for line in [*_lines(found.scores), *found.sentences(tr)]:
            feedback.info(line)
        written = run.files.write(found.scores, found.table, lambda: found.report(tr))
        return {**written, **_results(found.scores)}

    def _compared(self, run: _Run, feedback: Feedback) -> MethodsAssessment:
        from ..pipeline.assess_methods import compare_methods
        from ..pipeline.assess_revisits import compare_revisits

        if run.pan is not None and not run.revisits:
            return compare_methods(run.ms, run.pan, run.settings, self.catalogue, feedback, run.engine)
        return compare_revisits(run.revisits, run.pan, run.settings, self.catalogue, feedback, run.engine)

    def _roles(self) -> tuple[Role, Role, Role]:
        """Return the roles: REVISITS, MS and PAN."""
        optional = tr("Either this with a panchromatic image, or revisits.")
        ms, pan = self._task.role("MS"), self._task.role("PAN")
        revisits = self.catalogue.task(SUPER_RESOLUTION).role("REVISITS")
        return (
            replace(revisits, min_items=0),
            replace(ms, min_items=0, help=f"{tr(ms.help)} {optional}"),
            replace(pan, min_items=0),
        )

    def _choosing(self) -> tuple[Parameter, ...]:
        """Return what chooses among the revisits and lays them over each other."""
        wanted = ("REFERENCE_DATE", "MAX_DAYS", "MAX_SHIFT")
        known = {
            item.name: item for method in self.catalogue.methods_of(SUPER_RESOLUTION) for item in method.parameters
        }
        return tuple(known[name] for name in wanted if name in known)

    def _methods_definition(self) -> QgsProcessingParameterEnum:
        tasks = (COMPARED_TASK, SUPER_RESOLUTION, SATFUSION)
        by_id = {method.id: method for task in tasks for method in self.catalogue.methods_of(task)}
        methods = list(by_id.values())
        made = QgsProcessingParameterEnum(
            "METHODS",
            tr("Methods"),
            [method.id for method in methods],
            allowMultiple=True,
            defaultValue=None,
            optional=True,
            usesStaticStrings=True,
        )
        titles = ";\n".join(f"{method.id}: {tr(method.title)}" for method in methods)
        text = tr(
            "Which methods to compare: of pansharpening for MS, of super-resolution for revisits, of SatFusion and "
            "pansharpening for revisits with a panchromatic image. None chosen takes all that suit."
        )
        return form.with_help(made, f"{text}\n{titles}.")


def _results(scores: dict[str, Any]) -> Results:
    best = scores["methods"][0]
    keys = {"ERGAS": "ergas", "SAM": "sam_degrees", "Q2N": "q2n", "RMSE": "rmse", "CPSNR": "cpsnr"}
    numbers = known({name: best["scores"].get(key) for name, key in keys.items()})
    ties = sum(method["tied_with_best"] for method in scores["methods"]) - 1
    return {**numbers, "TIES": ties, "COMPARED": len(scores["methods"]), "BEST": best["id"]}


def _lines(scores: dict[str, Any]) -> list[str]:
    """Return the ranking as lines of a table."""
    last = "cPSNR" if scores.get("registered") else "HQNR"
    lines = [
        f"{tr('Place'):>6}  {tr('Method'):<28}{'ERGAS':>8}  {tr('95 % interval'):<22}{'SAM':>8}{'Q2n':>8}{last:>8}"
    ]
    for row in scores["methods"]:
        ends = row["intervals"]["ergas"]
        between = f"{ends[0]:.4g} - {ends[1]:.4g}" if ends else "-"
        ergas, sam, q2n = (number(row["scores"][key]) for key in ("ergas", "sam_degrees", "q2n"))
        more = number(row["full_scale"]["all"]["hqnr"]) if row["full_scale"] else "-"
        more = number(row["scores"]["cpsnr"]) if scores.get("registered") else more
        lines.append(f"{row['place']:>6}  {row['title'][:27]:<28}{ergas:>8}  {between:<22}{sam:>8}{q2n:>8}{more:>8}")
    return lines
