"""What the algorithms about models share: where models are, which one is meant, and their table."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingOutputString

from ..catalogue import Catalogue
from ..inference.library import ModelLibrary, default_library
from ..inference.listing import ModelRow, row_of
from ..locations import models_folder
from ..tasks.errors import InputError
from ..tasks.model_card import ModelCard
from ..tasks.parameters import Parameter
from . import engine_settings
from .base import SatFusionAlgorithm
from .texts import tr

GROUP, GROUP_ID = "Models", "models"
CITATIONS = (
    "Mitchell, M., et al. (2019): Model cards for model reporting. Conference on Fairness, Accountability, and "
    "Transparency, 220-229. 10.1145/3287560.3287596",
)
TAGS = ("model", "weights", "network", "deep learning", "library", "card")
MODEL = Parameter(
    "MODEL",
    "Model",
    "text",
    "",
    "The id of a model in the library, or the folder of another one. List the models shows the ids.",
)


def own_models() -> Path:
    """Return the folder of the user's models."""
    return engine_settings.chosen().models or models_folder()


def library(own: Path) -> ModelLibrary:
    """Return the models that come with the plugin and the user's."""
    return default_library(own)


def rows_of(own: Path) -> list[ModelRow]:
    """Return the table of all models."""
    return [row_of(card, own) for card in library(own).cards()]


def method_title(catalogue: Catalogue, task: str, method: str) -> str:
    """Return the title of a model's method; its id where this version has no such method."""
    try:
        return catalogue.method(task, method).title
    except InputError:
        return method


def folder_output(algorithm: SatFusionAlgorithm) -> None:
    """Add what is given to the next step: the model's id and folder."""
    algorithm.addOutput(QgsProcessingOutputString("ID", tr("Id of the model")))
    algorithm.addOutput(QgsProcessingOutputString("FOLDER", tr("Folder of the model")))


def chosen_model(text: str) -> ModelCard:
    """Return the card of the model that the user names.

    Raises:
        InputError: There is none, or nothing is named.
    """
    if not text.strip():
        raise InputError(tr("MODEL: name a model by its id or its folder."))
    return library(own_models()).find(text.strip())


def proxy() -> str:
    """Return the address of QGIS's proxy; "" where none is set."""
    return engine_settings.proxy().get("HTTPS_PROXY", "")
