"""`satfusion:assess_methods`: which method suits this scene, by Wald's protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingOutputString, QgsProcessingParameterEnum

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
from .layers import band_numbers, raster_layers
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.assess_methods import MethodsSettings

COMPARED_TASK = "pansharpening"
_BANDS = Parameter(
    "BANDS",
    "Bands",
    "text",
    "",
    "Bands of the multispectral image to use, such as 1,2,3. Empty uses all.",
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
    "the multispectral image). Takes much longer than the reduced scale alone; the two can disagree, so look at both.",
)
_TITLES = {
    "ERGAS": "ERGAS of the best method (0 is best)",
    "SAM": "Spectral angle of the best method in degrees (0 is best)",
    "Q2N": "Q2n of the best method (1 is best)",
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
    "where a difference lies inside its interval, the methods are called a tie.",
    citations=(
        "Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: "
        "Assessing the quality of resulting images. PE&RS 63(6), 691-699",
        "Efron, B., Tibshirani, R. J. (1993): An Introduction to the Bootstrap. Chapman & Hall",
    ),
    tags=("quality", "ranking", "benchmark", "which method", "wald", "bootstrap", "interval", "tie", "report"),
)


@dataclass
class _Run:
    """What one run needs, as plain values."""

    ms: list[Input]
    pan: Input
    settings: MethodsSettings
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
        """Add the pair, the settings, and the outputs."""
        for role in self._roles():
            self.add(form.role_definition(role))
        self.add(form.band_definition(self._task.role("PAN")))
        self.add(self._methods_definition())
        self.add_described(_FULL_SCALE, _BANDS, *degrade_parameters(), _RATIO, _BORDER)
        self.add_described(settings.THREADS, settings.KEEP_ORDER)
        add_outputs(self, _TITLES)
        self.addOutput(QgsProcessingOutputString("BEST", tr("Id of the best method")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        from ..pipeline.assess_methods import MethodsSettings  # with what computes: not for listing alone

        values = self.values(parameters, context)
        found = {}
        for role in self._roles():
            layers = raster_layers(self, role.name, parameters, context, several=role.name == "MS")
            found[role.name] = image_inputs(role, layers, values, feedback)
            if not found[role.name]:
                raise InputError(tr("{}: a raster is needed.").format(role.name))
        ms, pan = found["MS"], found["PAN"][0]
        pan.bands = form.chosen_band(self._task.role("PAN"), parameters, context)
        chosen = MethodsSettings(
            methods=tuple(name for name in self.parameterAsEnumStrings(parameters, "METHODS", context) if name),
            parameters={item.name: values[item.name] for item in degrade_parameters()},
            ratio=values["RATIO"],
            border=values["BORDER"],
            full_scale=values["FULL_SCALE"],
            threads=values["THREADS"],
        )
        files = chosen_files(self, parameters, context)
        self._run = _Run(with_bands(ms, band_numbers(values["BANDS"])), pan, chosen, files)

    def run_job(self, feedback: Feedback) -> Results:
        """Compare, write the scores, and log them."""
        from ..pipeline.assess_methods import compare_methods

        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = compare_methods(run.ms, run.pan, run.settings, self.catalogue, feedback)
        for line in [*_lines(found.scores), *found.sentences(tr)]:
            feedback.info(line)
        written = run.files.write(found.scores, found.table, lambda: found.report(tr))
        return {**written, **_results(found.scores)}

    def _roles(self) -> tuple[Role, ...]:
        return self._task.roles

    def _methods_definition(self) -> QgsProcessingParameterEnum:
        methods = self.catalogue.methods_of(COMPARED_TASK)
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
        return form.with_help(made, f"{tr('Which methods to compare. None chosen takes all.')}\n{titles}.")


def _results(scores: dict[str, Any]) -> Results:
    best = scores["methods"][0]
    keys = {"ERGAS": "ergas", "SAM": "sam_degrees", "Q2N": "q2n", "RMSE": "rmse"}
    numbers = known({name: best["scores"][key] for name, key in keys.items()})
    ties = sum(method["tied_with_best"] for method in scores["methods"]) - 1
    return {**numbers, "TIES": ties, "COMPARED": len(scores["methods"]), "BEST": best["id"]}


def _lines(scores: dict[str, Any]) -> list[str]:
    """Return the ranking as lines of a table."""
    lines = [
        f"{tr('Place'):>6}  {tr('Method'):<28}{'ERGAS':>8}  {tr('95 % interval'):<22}{'SAM':>8}{'Q2n':>8}{'HQNR':>8}"
    ]
    for row in scores["methods"]:
        ends = row["intervals"]["ergas"]
        between = f"{ends[0]:.4g} - {ends[1]:.4g}" if ends else "-"
        ergas, sam, q2n = (number(row["scores"][key]) for key in ("ergas", "sam_degrees", "q2n"))
        hqnr = number(row["full_scale"]["all"]["hqnr"]) if row["full_scale"] else "-"
        lines.append(f"{row['place']:>6}  {row['title'][:27]:<28}{ergas:>8}  {between:<22}{sam:>8}{q2n:>8}{hqnr:>8}")
    return lines
