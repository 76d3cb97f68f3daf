"""`satfusion:model_list`: which models are there, as a table in the log, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingOutputNumber, QgsProcessingOutputString

from ..assessment.report.page import Page
from ..catalogue import Catalogue
from ..inference.listing import ModelRow, text_table
from ..pipeline.assess import json_text, write_text
from ..raster.writer import check_folder
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec
from . import form, models
from .base import Parameters, Results, SatFusionAlgorithm
from .model_columns import SHOWN, cell, title
from .texts import About, tr

_METHOD = Parameter(
    "METHOD", "Method", "text", "", "Only models of this method, such as pnn. Empty lists those of all methods."
)
_REPORT = OutputSpec("REPORT", "report", "Models", "The table as one HTML file.", optional=True)
_TABLE = OutputSpec("OUTPUT", "table", "Models as JSON", "The table as data, with each model's folder.", optional=True)
_ABOUT = About(
    name="model_list",
    title="List the models",
    group=models.GROUP,
    group_id=models.GROUP_ID,
    summary="Lists the weights of networks that are there: those that come with SatFusion and your own. Each row says "
    "for which bands and which ratio of pixel sizes a model was made, its licence and its size.\n"
    "A model whose card is damaged is named with what is wrong.",
    citations=models.CITATIONS,
    tags=models.TAGS,
)


class ModelListAlgorithm(SatFusionAlgorithm):
    """Lists the models.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._own = Path()
        self._method = self._report = self._table = ""

    def again(self) -> ModelListAlgorithm:
        """Return a new instance."""
        return ModelListAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the filter and the outputs."""
        self.add_described(_METHOD)
        self.add(form.output_definition(_REPORT, created=True))
        self.add(form.output_definition(_TABLE))
        self.addOutput(QgsProcessingOutputNumber("COUNT", tr("Number of models")))
        self.addOutput(QgsProcessingOutputString("IDS", tr("Ids of the models, separated by commas")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        self._method = self.values(parameters, context)["METHOD"].strip()
        self._own = models.own_models()
        chosen = {
            name: self.parameterAsFileOutput(parameters, name, context) if parameters.get(name) else ""
            for name in ("REPORT", "OUTPUT")
        }
        for path in filter(None, chosen.values()):
            check_folder(Path(path))
        self._report, self._table = chosen["REPORT"], chosen["OUTPUT"]

    def run_job(self, feedback: Feedback) -> Results:
        """List them."""
        rows = [row for row in models.rows_of(self._own) if self._method in ("", row.method)]
        faults = models.library(self._own).faults()
        for line in text_table(rows) if rows else [tr("There are no models yet.")]:
            feedback.info(line)
        for fault in faults:
            feedback.warning(fault)
        feedback.info(tr("Your own models are in {}").format(self._own))
        results: Results = {"COUNT": len(rows), "IDS": ",".join(row.id for row in rows)}
        if self._report:
            write_text(self._report, _page(rows, faults))
            results["REPORT"] = self._report
        if self._table:
            write_text(self._table, json_text({"models": [row.data() for row in rows], "faults": faults}))
            results["OUTPUT"] = self._table
        return results


def _page(rows: Sequence[ModelRow], faults: Sequence[str]) -> str:
    """Return the table as HTML."""
    page = Page(tr("Models"), tr)
    titles = [title(name) for name in SHOWN]
    if rows:
        page.table(titles, [[cell(row, name) for name in SHOWN] for row in rows], words=len(SHOWN) - 1)
    else:
        page.text(tr("There are no models yet."))
    if faults:
        page.heading(tr("Models with a damaged card"))
        for fault in faults:
            page.text(fault)
    return page.html()
