"""`satfusion:model_download`: fetches a model over TLS, checked, once its licence is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsProcessingContext, QgsProcessingParameterFile

from ..catalogue import Catalogue
from ..runtime import model_download
from ..runtime.download import Downloader
from ..runtime.model_download import Source, read_sources, source_named
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from . import models
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .texts import About, tr

_MODEL = Parameter(
    "MODEL",
    "Model",
    "text",
    "",
    "The id of a model in the list, or the https:// address of a model's card.json; its files are fetched from beside "
    "it. Empty shows the list in the log.",
)
_ACCEPT = Parameter(
    "ACCEPT_LICENCE",
    "I accept the model's licence",
    "boolean",
    False,
    "Without it, the licence is shown in the log and nothing but the card is fetched.",
)
_PROXY = Parameter(
    "PROXY", "Proxy", "text", "", "Such as http://host:port. Empty takes that of QGIS's options.", advanced=True
)
_REPLACE = Parameter(
    "REPLACE", "Replace", "boolean", False, "Takes the place of a model of yours with the same id.", advanced=True
)
_ABOUT = About(
    name="model_download",
    title="Download a model",
    group=models.GROUP,
    group_id=models.GROUP_ID,
    summary="Fetches the weights of a network into the folder of your models. The model's card comes first, with its "
    "licence; its files follow once you accept that.\n"
    "Only https addresses are taken, also after a redirect. Each file's size and SHA-256 are compared with the card; a "
    "download that broke off goes on where it stopped. What is fetched holds numbers, no programs.",
    citations=models.CITATIONS,
    tags=(*models.TAGS, "fetch", "pretrained"),
)


class ModelDownloadAlgorithm(SatFusionAlgorithm):
    """Downloads a model.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._sources: list[Source] = []
        self._source: Optional[Source] = None
        self._own = Path()
        self._accepted = self._replace = False
        self._proxy = ""

    def again(self) -> ModelDownloadAlgorithm:
        """Return a new instance."""
        return ModelDownloadAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the model, the list, and the user's word on the licence."""
        kind = QgsProcessingParameterFile.Behavior.File
        listed = QgsProcessingParameterFile("LIST", tr("List of models"), kind, extension="json", optional=True)
        self.add_described(_MODEL, _ACCEPT)
        text = tr("A JSON file that names models, their licences and addresses. Empty takes SatFusion's own.")
        self.add(with_help(listed, text, advanced=True))
        self.add_described(_PROXY, _REPLACE)
        models.folder_output(self)

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        values = self.values(parameters, context)
        listed = self.parameterAsString(parameters, "LIST", context)
        self._sources = read_sources(Path(listed) if listed else None)
        name = values["MODEL"].strip()
        self._source = source_named(name, self._sources) if name else None
        self._accepted, self._replace = values["ACCEPT_LICENCE"], values["REPLACE"]
        self._proxy = values["PROXY"].strip() or models.proxy()
        self._own = models.own_models()

    def run_job(self, feedback: Feedback) -> Results:
        """Show the list, or fetch the model."""
        if self._source is None:
            for source in self._sources:
                feedback.info(f"{source.id}: {source.title} ({source.licence})")
            raise InputError(tr("MODEL: name a model of the list, or the https:// address of a model's card."))
        card = model_download.download_model(
            self._source, self._own, self._accepted, feedback, Downloader(self._proxy), self._replace
        )
        return {"ID": card.id, "FOLDER": str(card.folder)}
