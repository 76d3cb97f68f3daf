"""`satfusion:predict_series`: the fine image of every date that only the coarse sensor saw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
)

from ..catalogue import Catalogue
from ..raster.clearness import Region
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Job
from ..tasks.parameters import Parameter
from . import engine_settings, form, pair_form, series_form, settings
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .parts import PREVIEW, area_of, centre_definition, mask_definition, preview_of
from .series_layers import write_layers
from .series_style import SeriesStyle, styles_of_layers
from .task_algorithm import TaskAlgorithm
from .texts import About, tr

if TYPE_CHECKING:
    from ..pipeline.series import SeriesRequest, SeriesResult
    from ..runtime.settings import EngineSettings

TASK = "spatiotemporal_fusion"
_LAYERS = "series.qlr"
_DATES = (
    Parameter(
        "DATES",
        "Dates to predict",
        "text",
        "",
        "Dates such as 2024-01-31, separated by commas. Empty predicts every date of a coarse image that has no fine "
        "one.",
    ),
    Parameter("FROM", "First date", "text", "", "No date before this one is predicted. Empty for no limit."),
    Parameter("TO", "Last date", "text", "", "No date after this one is predicted. Empty for no limit."),
)
_PAIRS = Parameter(
    "PAIRS",
    "Pairs",
    "choice",
    "auto",
    "From how many pairs of a fine and a coarse image a date is predicted.",
    choices=("auto", "1", "2"),
    choice_titles=(
        "two where there is one before and one after the date and the method takes two, else one",
        "the nearest one",
        "the nearest before and the nearest after the date",
    ),
)
_FILL_GAPS = Parameter(
    "FILL_GAPS",
    "Fill the gaps of fine images",
    "boolean",
    False,
    "Dates with a fine image are made too: its clear pixels stay as they are, and only what is missing (clouds left "
    "out by a mask, stripes without data) is predicted. A file beside each image, ending in _source.tif, says where "
    "every pixel comes from: 0 none, 1 observed, 2 pair 1, 3 pair 2 or both, 4 another pair where these have gaps "
    "themselves; and how many days the nearest pair lies away.",
)
_FILES = (
    Parameter(
        "NAME",
        "Names of the files",
        "text",
        "predicted_%Y%m%d",
        "Name of each file without its ending: %Y stands for the year, %m for the month, %d for the day, %j for the "
        "day of the year.",
        advanced=True,
    ),
    Parameter(
        "OVERWRITE",
        "Make again what is there",
        "boolean",
        False,
        "Otherwise a date is left as it is where its file is whole, was made with the same images and settings, and is "
        "newer than its images: so a series that was stopped goes on where it was.",
        advanced=True,
    ),
    Parameter(
        "LOAD",
        "Add the images to the project",
        "boolean",
        True,
        "Each image becomes a layer with its date, for the temporal controller.",
        advanced=True,
    ),
)
_ABOUT = About(
    name="predict_series",
    title="Predict a series",
    group="Spatiotemporal fusion",
    group_id=TASK,
    summary="Makes fine images for all dates that only a coarse sensor saw, such as Landsat images for days of MODIS: "
    "give a folder of fine and a folder of coarse images.\n"
    "Dates come from names and metadata. Every date is predicted from the pair of a fine and a coarse image that is "
    "nearest: days away, divided by the share of the place that is clear in both images; or from the nearest pair "
    "before and the nearest after it. The log shows the choice as a table before anything is computed, and after the "
    "first date how long the others take.\n"
    "A date that cannot be predicted is reported and the others go on. A series that was stopped goes on where it "
    "was.",
    citations=(
        "Gao, F., Masek, J., Schwaller, M., Hall, F. (2006): On the blending of the Landsat and MODIS surface "
        "reflectance: predicting daily Landsat surface reflectance. 10.1109/TGRS.2006.872081",
        "Zhu, X., Cai, F., Tian, J., Williams, T. K.-A. (2018): Spatiotemporal fusion of multisource remote sensing "
        "data: literature survey, taxonomy, principles, applications, and future directions. 10.3390/rs10040527",
    ),
    tags=(
        "spatiotemporal fusion", "time series", "predict", "temporal", "landsat", "modis", "sentinel-2", "sentinel-3",
        "gap filling", "clouds", "slc-off", "animation", "starfm", "batch",
    ),
)  # fmt: skip


@dataclass
class _Run:
    """What one run needs, as plain values."""

    request: SeriesRequest
    engine: EngineSettings
    style: SeriesStyle
    load: bool
    project: Any


class PredictSeriesAlgorithm(SatFusionAlgorithm):
    """Predicts a series.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._methods = TaskAlgorithm(catalogue, catalogue.task(TASK))
        self._run: Optional[_Run] = None

    def again(self) -> PredictSeriesAlgorithm:
        """Return a new instance."""
        return PredictSeriesAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the images, the settings, and the outputs."""
        own = list(self._methods.method_settings())
        methods = self._methods.methods()
        networks = any(method.runtime == "engine" for method in methods)
        own += settings.settings_of_engine(networks, any(method.compiled for method in methods))
        series_form.add_images(self)
        self.add_described(*(item for item in own if not item.advanced))
        self.add_described(_PAIRS, series_form.MAX_DAYS, *_DATES, _FILL_GAPS, series_form.BANDS)
        self.add(form.extent_definition())
        self.add(mask_definition())
        self.add_described(PREVIEW)
        self.add(centre_definition())
        self.add_described(*series_form.NAMES, pair_form.BANDS_OF_COARSE, *series_form.CHOOSING, *_FILES)
        self.add_described(*(item for item in own if item.advanced))
        self.add_described(*settings.raster_settings(image=True, masks=pair_form.MASKS))
        folder = QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the images"))
        self.add(
            with_help(
                folder,
                tr(
                    "An image for each date is written here, and series.qlr, which opens all of them as layers with "
                    "their dates."
                ),
            )
        )
        stack = QgsProcessingParameterRasterDestination("OUTPUT_STACK", tr("Stack of all dates"), None, True, False)
        self.add(
            with_help(stack, tr("All images in one raster, one date after the other, with dates in the band names."))
        )
        table = QgsProcessingParameterFileDestination(
            "TABLE", tr("Table of the dates"), tr("CSV files (*.csv)") + ";;" + tr("JSON files (*.json)"), None, True
        )
        self.add(
            with_help(
                table, tr("What was done with each date, from which pairs, and why not: CSV or JSON by the name.")
            )
        )
        self.addOutput(QgsProcessingOutputMultipleLayers("RASTERS", tr("Images")))
        self.addOutput(QgsProcessingOutputMultipleLayers("SOURCES", tr("Where pixels come from")))
        self.addOutput(QgsProcessingOutputNumber("DONE", tr("Dates that are done")))
        self.addOutput(QgsProcessingOutputNumber("FAILED", tr("Dates that could not be predicted")))

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[bool, str]:  # noqa: N802
        """Check the values before a run; images may be given as paths of files and folders."""
        good, text = super().checkParameterValues(series_form.without_paths(parameters), context)
        return good, text

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values, and check them."""
        from ..pipeline.series import DateJob, SeriesRequest, check_series  # with what computes: not for listing alone

        values = self.values(parameters, context)
        fine, coarse = series_form.images_of(self, parameters, context)
        nodata = series_form.nodata_of(self, parameters, context)
        search = series_form.search_of(values, None, nodata)
        method, method_values = self._methods.chosen(values, feedback)
        like = Job(TASK, method.id, [], [])
        self._methods.set_model(like, method, values, feedback)
        extent = preview = region = None
        if parameters.get("EXTENT") or values["PREVIEW"]:
            crs = series_form.crs_of_fine(fine, coarse, search, context)
            if parameters.get("EXTENT"):
                found = self.parameterAsExtent(parameters, "EXTENT", context, crs)
                extent = [found.xMinimum(), found.yMinimum(), found.xMaximum(), found.yMaximum()]
                search = series_form.search_of(values, extent, nodata)
                region = Region(crs.toWkt(), (found.xMinimum(), found.yMinimum(), found.xMaximum(), found.yMaximum()))
            preview = preview_of(self, values["PREVIEW"], crs, parameters, context)
        request = SeriesRequest(
            fine,
            coarse,
            self.parameterAsString(parameters, "OUTPUT", context),
            search,
            series_form.wanted_of(values),
            series_form.choice_of(values),
            DateJob(
                method.id,
                method_values,
                like.model,
                like.device,
                values["THREADS"],
                values["WINDOW"] or None,
                extent=extent,
                area=area_of(self, parameters, context),
                preview=preview,
                options=settings.output_options(values),
                dtype=settings.TYPES.get(values["OUTPUT_TYPE"]),
            ),
            values["NAME"],
            values["FILL_GAPS"],
            values["OVERWRITE"],
            self.parameterAsOutputLayer(parameters, "OUTPUT_STACK", context) if parameters.get("OUTPUT_STACK") else "",
            self.parameterAsFileOutput(parameters, "TABLE", context) if parameters.get("TABLE") else "",
        )
        check_series(request, self.catalogue)
        layers = series_form.layers_of(self, "FINE", parameters, context)
        rescaled = values.get("OUTPUT_UNITS", "input") != "input"
        styles = styles_of_layers(fine, layers, search.bands, context, rescaled)
        style = SeriesStyle(styles, region)
        self._run = _Run(request, engine_settings.chosen(), style, values["LOAD"], context.project())

    def run_job(self, feedback: Feedback) -> Results:
        """Predict; write the style and date of every image beside it."""
        from ..pipeline.series import run_series

        run = self._run
        if run is None:
            raise InputError(tr("The algorithm was not prepared."))

        def styled(path: str, kind: str) -> None:
            run.style.write(path, kind, feedback)

        made = run_series(run.request, self.catalogue, feedback, run.engine, styled, run.style.choose)
        layers = Path(run.request.folder) / _LAYERS
        try:
            write_layers([path for _, path in made.files], layers, tr("Predicted series"))
        except InputError as error:
            feedback.warning(str(error))
        if run.load and run.project is not None:
            self._announce(made, run)
        results: Results = {
            "OUTPUT": run.request.folder,
            "RASTERS": [path for _, path in made.files],
            "SOURCES": made.sources,
            "DONE": len(made.files),
            "FAILED": len(made.failed),
        }
        more = {"OUTPUT_STACK": made.stack, "TABLE": made.table}
        return {**results, **{name: path for name, path in more.items() if path}}

    def _announce(self, made: SeriesResult, run: _Run) -> None:
        """Have QGIS load the images, each as a layer that has its date."""
        for number, (_, path) in enumerate(made.files):
            details = QgsProcessingContext.LayerDetails(Path(path).stem, run.project, "RASTERS")
            if hasattr(details, "groupName"):  # since QGIS 3.32
                details.groupName, details.layerSortKey = tr("Predicted series"), number
            self._announced[path] = details
