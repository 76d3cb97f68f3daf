"""`satfusion:assess_series`: which method suits a series, by leaving one date out after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingOutputString, QgsProcessingParameterEnum

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from . import engine_settings, form, pair_form, series_form, settings
from .assessment import GROUP, GROUP_ID, Files, add_outputs, chosen_files, known, number
from .base import Parameters, Results, SatFusionAlgorithm
from .task_algorithm import TaskAlgorithm
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.assess_series import SeriesSettings
    from ..runtime.settings import EngineSettings

TASK = "spatiotemporal_fusion"
_PAIRS = Parameter(
    "PAIRS",
    "Pairs",
    "choice",
    "auto",
    "From how many pairs each date is predicted.",
    choices=("auto", "1", "2"),
    choice_titles=(
        "from one and from two, each with baselines of as many",
        "from the nearest one",
        "from the nearest before and the nearest after the date",
    ),
)
_DATES = (
    Parameter(
        "DATES",
        "Dates to leave out",
        "text",
        "",
        "Dates such as 2024-01-31, separated by commas, each left out in turn. Empty takes all that have both a fine "
        "and a coarse image.",
    ),
    Parameter(
        "FROM", "First date", "text", "", "No date before this one is left out. Empty for no limit.", advanced=True
    ),
    Parameter("TO", "Last date", "text", "", "No date after this one is left out. Empty for no limit.", advanced=True),
)
_METRICS = Parameter(
    "METRICS",
    "Scores",
    "choice",
    "usual",
    "Which scores are computed.",
    choices=("usual", "survey"),
    choice_titles=(
        "RMSE, MAE, PSNR, SSIM, SAM, ERGAS, RASE, UQI, SCC, CC and R2 as they are usually defined",
        "these, and those of a survey's code under names of their own, to compare with its tables",
    ),
    advanced=True,
)
_TITLES = {
    "RMSE": "Root mean square error of the best method in physical units (0 is best)",
    "BASELINE": "Root mean square error of the best baseline",
    "ERGAS": "ERGAS of the best method (0 is best)",
    "SAM": "Spectral angle of the best method in degrees (0 is best)",
    "COMPARED": "Methods compared",
}
_ABOUT = About(
    name="assess_series",
    title="Compare methods on a series",
    group=GROUP,
    group_id=GROUP_ID,
    summary="Finds out which method of spatiotemporal fusion suits your series: each date that has both a fine and a "
    "coarse image is left out in turn and predicted from the other dates, and the result is compared with its fine "
    "image, which takes no part in anything else.\n"
    "Every method is compared with baselines that know as much: the fine image of the nearest date, the "
    "interpolation between two dates, and the added change of the coarse images; methods of one pair with those of "
    "the same pair, methods of two pairs with those of the same two. Differences inside the 95 % interval of a "
    "bootstrap of blocks are called ties.",
    citations=(
        "Emelyanova, I. V., McVicar, T. R., Van Niel, T. G., Li, L. T., van Dijk, A. I. J. M. (2013): Assessing the "
        "accuracy of blending Landsat-MODIS surface reflectances in two landscapes with contrasting spatial and "
        "temporal dynamics: a framework for algorithm selection. 10.1016/j.rse.2013.02.007",
        "Efron, B., Tibshirani, R. J. (1993): An Introduction to the Bootstrap. Chapman & Hall",
    ),
    tags=(
        "quality", "ranking", "benchmark", "which method", "leave one out", "cross-validation", "bootstrap", "tie",
        "time series", "spatiotemporal fusion", "report", "baseline",
    ),
)  # fmt: skip


@dataclass
class _Run:
    """What one run needs, as plain values."""

    fine: tuple[str, ...]
    coarse: tuple[str, ...]
    settings: SeriesSettings
    engine: EngineSettings
    files: Files


class AssessSeriesAlgorithm(SatFusionAlgorithm):
    """Ranks the methods of spatiotemporal fusion on one series.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._methods = TaskAlgorithm(catalogue, catalogue.task(TASK))
        self._run: Optional[_Run] = None

    def again(self) -> AssessSeriesAlgorithm:
        """Return a new instance."""
        return AssessSeriesAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the images, the settings, and the outputs."""
        shared = [item for item in self._methods.method_settings() if item.name != "METHOD"]
        series_form.add_images(self)
        self.add(self._methods_definition())
        self.add_described(*(item for item in shared if not item.advanced))
        self.add_described(_PAIRS, series_form.MAX_DAYS, *_DATES, series_form.BANDS)
        self.add(form.extent_definition())
        self.add_described(*series_form.NAMES, pair_form.BANDS_OF_COARSE, *series_form.CHOOSING, _METRICS)
        self.add_described(*(item for item in shared if item.advanced))
        self.add_described(pair_form.MASKS, settings.THREADS)
        if any(method.runtime == "engine" for method in self._methods.methods()):
            self.add_described(settings.DEVICE)
        add_outputs(self, _TITLES)
        self.addOutput(QgsProcessingOutputString("BEST", tr("Id of the best method")))

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[bool, str]:  # noqa: N802
        """Check the values before a run; images may be given as paths of files and folders."""
        good, text = super().checkParameterValues(series_form.without_paths(parameters), context)
        return good, text

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        from ..pipeline.assess_series import SeriesSettings  # with what computes: not for listing alone

        values = self.values(parameters, context)
        fine, coarse = series_form.images_of(self, parameters, context)
        nodata = series_form.nodata_of(self, parameters, context)
        search, extent = series_form.search_of(values, None, nodata), None
        if parameters.get("EXTENT"):
            crs = series_form.crs_of_fine(fine, coarse, search, context)
            found = self.parameterAsExtent(parameters, "EXTENT", context, crs)
            extent = [found.xMinimum(), found.yMinimum(), found.xMaximum(), found.yMaximum()]
            search = series_form.search_of(values, extent, nodata)
        shared = [item for item in self._methods.method_settings() if item.name != "METHOD"]
        chosen = SeriesSettings(
            search,
            series_form.wanted_of(values),
            series_form.choice_of(values),
            tuple(name for name in self.parameterAsEnumStrings(parameters, "METHODS", context) if name),
            {item.name: values[item.name] for item in shared if values[item.name] is not None},
            extent=extent,
            survey=values["METRICS"] == "survey",
            threads=values["THREADS"],
            device=settings.device_of(values, engine_settings.device()),
        )
        self._run = _Run(fine, coarse, chosen, engine_settings.chosen(), chosen_files(self, parameters, context))

    def run_job(self, feedback: Feedback) -> Results:
        """Compare, write the scores, and log them."""
        from ..pipeline.assess_series import compare_series

        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))
        found = compare_series(run.fine, run.coarse, run.settings, self.catalogue, feedback, run.engine)
        for line in [*_lines(found.scores), *found.sentences(tr)]:
            feedback.info(line)
        written = run.files.write(found.scores, found.table, lambda: found.report(tr))
        return {**written, **_results(found.scores)}

    def _methods_definition(self) -> QgsProcessingParameterEnum:
        methods = self._methods.methods()
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
        text = tr("Which methods to compare; the baselines always take part. None chosen takes all that can be run.")
        return form.with_help(made, f"{text}\n{titles}.")


def _results(scores: dict[str, Any]) -> Results:
    """Return the numbers of the group with the better best method."""
    rows = [row for group in scores["groups"] for row in group["methods"]]
    methods = [row for row in rows if not row["baseline"]] or rows
    best = min(methods, key=lambda row: row["scores"]["rmse"])
    baselines = [row["scores"]["rmse"] for row in rows if row["baseline"]]
    numbers = {
        "RMSE": best["scores"]["rmse"],
        "BASELINE": min(baselines, default=None),
        "ERGAS": best["scores"]["ergas"],
        "SAM": best["scores"]["sam_degrees"],
    }
    return {**known(numbers), "COMPARED": len({row["id"] for row in rows}), "BEST": best["id"]}


def _lines(scores: dict[str, Any]) -> list[str]:
    """Return the rankings as lines of a table."""
    lines = []
    for group in scores["groups"]:
        title = tr("One pair") if group["pairs"] == 1 else tr("Two pairs")
        lines.append(f"{title:<12}{tr('Method'):<28}{'RMSE':>10}  {tr('95 % interval'):<24}{'ERGAS':>8}{'SAM':>8}")
        for row in group["methods"]:
            ends = row["intervals"]["rmse"]
            between = f"{ends[0]:.4g} - {ends[1]:.4g}" if ends else "-"
            rmse, ergas, sam = (number(row["scores"][key]) for key in ("rmse", "ergas", "sam_degrees"))
            lines.append(f"{row['place']:>10}  {row['title'][:27]:<28}{rmse:>10}  {between:<24}{ergas:>8}{sam:>8}")
    return lines
