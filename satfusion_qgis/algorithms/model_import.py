"""`satfusion:model_import`: makes a model of an official checkpoint, a model folder or an ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingParameterFile

from ..catalogue import Catalogue
from ..inference.answers import QUESTIONS, answers_of
from ..runtime import model_calls
from ..runtime.settings import USUAL
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from . import engine_settings, models
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .texts import About, tr

_REPLACE = Parameter(
    "REPLACE", "Replace", "boolean", False, "Takes the place of a model of yours with the same id.", advanced=True
)
_ABOUT = About(
    name="model_import",
    title="Import a model",
    group=models.GROUP,
    group_id=models.GROUP_ID,
    summary="Makes a model of the weights that somebody published: a PyTorch checkpoint (.pth, .pt, .ckpt), "
    "safetensors, a model folder of SatFusion, or an ONNX file with its card.\n"
    "The network is recognised by the names and shapes of its weights; they are loaded strictly, checked and tried on "
    "a small image, and written with a card into the folder of your models. What a checkpoint does not say (bands, "
    "units, licence) is asked below; what is left empty is taken as is usual with the official code.\n"
    "A checkpoint is opened as data: one that needs to run code is refused. This needs the engine with torch; an ONNX "
    "file does with ONNX Runtime.",
    citations=models.CITATIONS,
    tags=(*models.TAGS, "checkpoint", "pytorch", "pth", "safetensors", "onnx", "pretrained"),
)


class ModelImportAlgorithm(SatFusionAlgorithm):
    """Imports a model.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._source = ""
        self._answers: dict[str, Any] = {}
        self._own: Optional[Path] = None
        self._engine = USUAL

    def again(self) -> ModelImportAlgorithm:
        """Return a new instance."""
        return ModelImportAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add what is imported, and what is asked about it."""
        kinds = QgsProcessingParameterFile.Behavior
        file = QgsProcessingParameterFile("INPUT", tr("Checkpoint or ONNX file"), kinds.File, optional=True)
        folder = QgsProcessingParameterFile("INPUT_FOLDER", tr("Model folder"), kinds.Folder, optional=True)
        card = QgsProcessingParameterFile("CARD", tr("Card of an ONNX file"), kinds.File, optional=True)
        self.add(with_help(file, tr("The weights: .pth, .pt, .ckpt, .bin, .safetensors or .onnx.")))
        self.add(with_help(folder, tr("The folder of a model with its card.json, in place of a file.")))
        self.add_described(*QUESTIONS)
        self.add(
            with_help(card, tr("The card.json of an ONNX file. Empty takes the one beside the file."), advanced=True)
        )
        self.add_described(_REPLACE)
        models.folder_output(self)

    def check(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        """Check the answers, and that there is one thing to import."""
        super().check(parameters, context)
        answers_of({item.name: parameters.get(item.name) for item in QUESTIONS if parameters.get(item.name) != ""})
        if len([name for name in ("INPUT", "INPUT_FOLDER") if parameters.get(name)]) != 1:
            raise InputError(tr("Give the model either as INPUT (a file) or as INPUT_FOLDER."))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        name = "INPUT" if parameters.get("INPUT") else "INPUT_FOLDER"
        self._source = self.parameterAsString(parameters, name, context)
        values = self.values(parameters, context)
        self._answers = {**answers_of(values), "REPLACE": values["REPLACE"]}
        card = self.parameterAsString(parameters, "CARD", context)
        if card:
            self._answers["CARD"] = card
        self._engine = engine_settings.chosen()
        self._own = models.own_models()

    def run_job(self, feedback: Feedback) -> Results:
        """Import it."""
        if self._own is None:
            raise InputError(tr("The algorithm was not prepared."))
        folder = Path(model_calls.import_model(self._engine, self._source, self._own, self._answers, feedback))
        return {"ID": folder.name, "FOLDER": str(folder)}
