"""`satfusion:model_info`: the card of a model as a page, and whether its files are those of the card."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingOutputBoolean, QgsProcessingOutputString

from ..assessment.report.model import model_report
from ..catalogue import Catalogue
from ..inference.listing import bands_text, faults_of, ratio_text
from ..pipeline.assess import json_text, write_text
from ..raster.writer import check_folder
from ..tasks.feedback import Feedback
from ..tasks.model_card import ModelCard
from ..tasks.task import OutputSpec
from . import form, models
from .base import Parameters, Results, SatFusionAlgorithm
from .texts import About, tr

_REPORT = OutputSpec("REPORT", "report", "Model", "The card as one HTML file.", optional=True)
_CARD = OutputSpec("OUTPUT", "table", "Card as JSON", "The card as it is written.", optional=True)
_ABOUT = About(
    name="model_info",
    title="Show a model",
    group=models.GROUP,
    group_id=models.GROUP_ID,
    summary="Shows what a model was made for and where it comes from: bands and wavelengths, units, ratio, licence, "
    "training data, scores, and where it loses.\n"
    "Its files are compared with the card: their size and SHA-256.",
    citations=models.CITATIONS,
    tags=models.TAGS,
)


class ModelInfoAlgorithm(SatFusionAlgorithm):
    """Shows a model.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._card: ModelCard
        self._report = self._table = ""

    def again(self) -> ModelInfoAlgorithm:
        """Return a new instance."""
        return ModelInfoAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the model and the outputs."""
        self.add_described(models.MODEL)
        self.add(form.output_definition(_REPORT, created=True))
        self.add(form.output_definition(_CARD))
        models.folder_output(self)
        self.addOutput(QgsProcessingOutputString("LICENCE", tr("Licence")))
        self.addOutput(QgsProcessingOutputBoolean("VERIFIED", tr("Whether its files are those of the card")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Find the model."""
        self._card = models.chosen_model(self.values(parameters, context)["MODEL"])
        chosen = {
            name: self.parameterAsFileOutput(parameters, name, context) if parameters.get(name) else ""
            for name in ("REPORT", "OUTPUT")
        }
        for path in filter(None, chosen.values()):
            check_folder(Path(path))
        self._report, self._table = chosen["REPORT"], chosen["OUTPUT"]

    def run_job(self, feedback: Feedback) -> Results:
        """Check its files, and show it."""
        card = self._card
        method = models.method_title(self.catalogue, card.task, card.method)
        feedback.info(f"{card.title} ({card.id}): {method}")
        for item in card.inputs:
            feedback.info(f"{item.role}: {bands_text(item, wavelengths=True)}")
        feedback.info(tr("Ratio: {}").format(ratio_text(card)))
        feedback.info(tr("Licence: {}").format(card.licence))
        faults = faults_of(card)
        for name, fault in faults.items():
            if fault is None:
                feedback.info(tr("{}: verified").format(name))
            else:
                feedback.warning(fault)
        good = bool(faults) and not any(faults.values())
        results: Results = {"ID": card.id, "FOLDER": str(card.folder), "LICENCE": card.licence, "VERIFIED": good}
        if self._report:
            write_text(self._report, model_report(card, method, faults, tr))
            results["REPORT"] = self._report
        if self._table:
            write_text(self._table, json_text(dict(card.data)))
            results["OUTPUT"] = self._table
        return results
