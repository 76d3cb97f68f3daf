"""`satfusion:model_export`: writes a model's network as ONNX, which runs without torch."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingOutputFile, QgsProcessingOutputNumber

from ..catalogue import Catalogue
from ..runtime import model_calls
from ..runtime.settings import USUAL
from ..tasks.feedback import Feedback
from . import engine_settings, models
from .base import Parameters, Results, SatFusionAlgorithm
from .texts import About, tr

_ABOUT = About(
    name="model_export",
    title="Export a model to ONNX",
    group=models.GROUP,
    group_id=models.GROUP_ID,
    summary="Writes a model's network as an ONNX file beside its weights. ONNX Runtime runs it without torch, and "
    "usually faster on a processor.\n"
    "The file is compared with the network on images of several sizes before it is kept; the largest difference stands "
    "on the card. Networks that ONNX cannot express are refused with the reason. This needs the engine with torch.",
    citations=models.CITATIONS,
    tags=(*models.TAGS, "onnx", "onnxruntime", "convert"),
)


class ModelExportAlgorithm(SatFusionAlgorithm):
    """Exports a model.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._folder = Path()
        self._engine = USUAL

    def again(self) -> ModelExportAlgorithm:
        """Return a new instance."""
        return ModelExportAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the model and what is given."""
        self.add_described(models.MODEL)
        models.folder_output(self)
        self.addOutput(QgsProcessingOutputFile("OUTPUT", tr("ONNX file")))
        self.addOutput(QgsProcessingOutputNumber("DIFFERENCE", tr("Largest difference from the network")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Find the model."""
        self._folder = models.chosen_model(self.values(parameters, context)["MODEL"]).folder
        self._engine = engine_settings.chosen()

    def run_job(self, feedback: Feedback) -> Results:
        """Export it."""
        made = model_calls.export_model(self._engine, self._folder, feedback)
        return {
            "ID": made["id"],
            "FOLDER": made["folder"],
            "OUTPUT": made["file"],
            "DIFFERENCE": made["max_difference"],
        }
