"""The provider: every algorithm of SatFusion in the Processing toolbox."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsProcessingAlgorithm, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..catalogue import CATALOGUE, Catalogue
from ..locations import find, version
from ..pipeline.register import TASK as REGISTRATION
from ..pipeline.training import networks
from ..tasks.patch_set import SATFUSION, SPATIOTEMPORAL, SUPER_RESOLUTION
from .adapt_pansharpening import AdaptPansharpeningAlgorithm
from .adapt_satfusion import AdaptSatFusionAlgorithm
from .assess_methods import COMPARED_TASK, AssessMethodsAlgorithm
from .assess_noreference import AssessNoReferenceAlgorithm
from .assess_reference import AssessReferenceAlgorithm
from .assess_series import AssessSeriesAlgorithm
from .base import SatFusionAlgorithm
from .engine_check import EngineCheckAlgorithm
from .engine_install import EngineInstallAlgorithm
from .method_algorithm import MethodAlgorithm
from .model_download import ModelDownloadAlgorithm
from .model_export import ModelExportAlgorithm
from .model_import import ModelImportAlgorithm
from .model_info import ModelInfoAlgorithm
from .model_list import ModelListAlgorithm
from .predict_series import PredictSeriesAlgorithm
from .prepare_degrade import PrepareDegradeAlgorithm
from .prepare_pancollection import PreparePanCollectionAlgorithm
from .prepare_patches import PreparePatchesAlgorithm
from .prepare_product import PrepareProductAlgorithm
from .prepare_register import PrepareRegisterAlgorithm
from .prepare_revisit_patches import (
    PrepareRevisitDatasetAlgorithm,
    PrepareRevisitPatchesAlgorithm,
    PrepareSimulatedPatchesAlgorithm,
)
from .prepare_revisits import PrepareRevisitsAlgorithm
from .prepare_triplets import PrepareSimulatedTripletsAlgorithm, PrepareTripletsAlgorithm
from .rerun import RerunAlgorithm
from .task_algorithm import TaskAlgorithm
from .train_pansharpening import TrainPansharpeningAlgorithm
from .train_revisits import TrainSatFusionAlgorithm, TrainSuperResolutionAlgorithm
from .train_spatiotemporal import TrainSpatiotemporalAlgorithm

SHOWN_OTHERWISE = ("degradation", "registration")  # by algorithms of their own, which write more


class SatFusionProvider(QgsProcessingProvider):
    """Offers the methods of a catalogue, and what is needed around them.

    Args:
        catalogue: Tasks and methods to offer.
    """

    def __init__(self, catalogue: Catalogue = CATALOGUE) -> None:
        super().__init__()
        self._catalogue = catalogue

    def id(self) -> str:
        """Return the stable id."""
        return "satfusion"

    def name(self) -> str:
        """Return the name in the toolbox."""
        return "SatFusion"

    def longName(self) -> str:  # noqa: N802
        """Return the name with the version."""
        return f"SatFusion {version()}"

    def versionInfo(self) -> str:  # noqa: N802
        """Return the version."""
        return version()

    def icon(self) -> QIcon:
        """Return the icon in the toolbox."""
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:  # noqa: N802
        """Return the icon's file."""
        return str(find("icon.svg"))

    def supportedOutputRasterLayerExtensions(self) -> list[str]:  # noqa: N802
        """Return the file name endings of the rasters it writes."""
        return ["tif", "tiff"]

    def loadAlgorithms(self) -> None:  # noqa: N802
        """Add every algorithm; called by QGIS."""
        for algorithm in self._made():
            self.addAlgorithm(algorithm)

    def _made(self) -> list[QgsProcessingAlgorithm]:
        shown = [task for task in self._catalogue.tasks if task.id not in SHOWN_OTHERWISE]
        made: list[QgsProcessingAlgorithm] = []
        for task in shown:
            methods = self._catalogue.methods_of(task.id)
            made += [TaskAlgorithm(self._catalogue, task)] if methods else []
            made += [MethodAlgorithm(self._catalogue, method) for method in methods]
        others: list[Callable[[Catalogue], SatFusionAlgorithm]]
        others = [
            PrepareProductAlgorithm,
            PrepareDegradeAlgorithm,
            PreparePatchesAlgorithm,
            PreparePanCollectionAlgorithm,
            AssessReferenceAlgorithm,
            AssessNoReferenceAlgorithm,
        ]
        if self._catalogue.methods_of(REGISTRATION):
            others += [PrepareRegisterAlgorithm, PrepareRevisitsAlgorithm]
        if self._catalogue.methods_of(SPATIOTEMPORAL):
            others += [PredictSeriesAlgorithm, AssessSeriesAlgorithm]
        if self._catalogue.methods_of(COMPARED_TASK):
            others.append(AssessMethodsAlgorithm)
        if networks(self._catalogue):
            others += [AdaptPansharpeningAlgorithm, TrainPansharpeningAlgorithm]
        if networks(self._catalogue, SUPER_RESOLUTION):
            others += [
                PrepareRevisitPatchesAlgorithm,
                PrepareSimulatedPatchesAlgorithm,
                PrepareRevisitDatasetAlgorithm,
                TrainSuperResolutionAlgorithm,
            ]
        if networks(self._catalogue, SATFUSION):
            others += [AdaptSatFusionAlgorithm, TrainSatFusionAlgorithm]
        if networks(self._catalogue, SPATIOTEMPORAL):
            others += [PrepareTripletsAlgorithm, PrepareSimulatedTripletsAlgorithm, TrainSpatiotemporalAlgorithm]
        others += [RerunAlgorithm, EngineCheckAlgorithm, EngineInstallAlgorithm]
        others += [
            ModelListAlgorithm,
            ModelInfoAlgorithm,
            ModelImportAlgorithm,
            ModelExportAlgorithm,
            ModelDownloadAlgorithm,
        ]
        return [*made, *(other(self._catalogue) for other in others)]
