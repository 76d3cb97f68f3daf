"""`satfusion:prepare_pancollection`: a patch set from PanCollection's HDF5 files."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SPLITS, TRAIN
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .texts import About, tr

_PRESET = Parameter(
    "PRESET",
    "Sensor",
    "choice",
    "wv3",
    "The sensor of the files: it says which bands they hold, and the highest number.",
    choices=("wv3", "wv2", "qb", "gf2"),
    choice_titles=(
        "WorldView-3, eight bands, 11 bits",
        "WorldView-2, eight bands, 11 bits",
        "QuickBird, four bands, 11 bits",
        "Gaofen-2, four bands, 10 bits",
    ),
)
_FRAMES = Parameter(
    "FRAMES",
    "Revisits to simulate",
    "integer",
    0,
    "0 makes patches for pansharpening. Otherwise so many revisits are simulated from each reference, with shifts, "
    "blur, noise and clouds, for patches for SatFusion.",
    minimum=0,
    maximum=64,
)
_SEED = Parameter("SEED", "Seed", "integer", 0, "The same seed simulates the same revisits.", minimum=0, advanced=True)
_TITLES = {
    "train": ("File for training", "The HDF5 file with gt, lms and pan for training."),
    "validation": ("File for validation", "The HDF5 file that chooses the best state of the network."),
    "test": ("File for tests", "The HDF5 file at the reduced scale that gives the scores; its images are cut."),
}
_ABOUT = About(
    name="prepare_pancollection",
    title="Prepare patches from PanCollection",
    group="Training",
    group_id="training",
    summary="Turns the files of PanCollection, the data set with which pansharpening networks are compared, into a set "
    "of patches for training, of pansharpening or, with simulated revisits, of SatFusion.\n"
    "The files are HDF5 with the data sets gt (reference), lms (enlarged multispectral image) and pan. Look at their "
    "terms of use before you publish a network that learned from them.",
    citations=(
        "Deng, L.-J., Vivone, G., Paoletti, M. E., et al. (2022): Machine learning in pansharpening: a benchmark, "
        "from shallow to deep networks. 10.1109/MGRS.2022.3187652",
    ),
    tags=("training", "patches", "dataset", "deep learning", "pancollection", "hdf5", "worldview", "gaofen"),
)


class PreparePanCollectionAlgorithm(SatFusionAlgorithm):
    """Makes a patch set from HDF5 files.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._files: Mapping[str, str] = {}
        self._folder = ""
        self._preset = ""
        self._frames = self._seed = 0

    def again(self) -> PreparePanCollectionAlgorithm:
        """Return a new instance."""
        return PreparePanCollectionAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the files, the sensor and the folder."""
        kind = QgsProcessingParameterFile.Behavior.File
        for split, (title, text) in _TITLES.items():
            made = QgsProcessingParameterFile(f"{split.upper()}_FILE", tr(title), kind, optional=split == "test")
            self.add(with_help(made, tr(text)))
        self.add_described(_PRESET, _FRAMES, _SEED)
        self.add(
            with_help(
                QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder of the patch set")),
                tr("An empty or new folder, or one with an older patch set, which is replaced."),
            )
        )
        self.addOutput(QgsProcessingOutputNumber("TRAIN_PATCHES", tr("Patches for training")))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values."""
        self._files = {split: self.parameterAsFile(parameters, f"{split.upper()}_FILE", context) for split in SPLITS}
        self._folder = self.parameterAsString(parameters, "OUTPUT", context)
        values = self.values(parameters, context)
        self._preset, self._frames, self._seed = (values[name] for name in ("PRESET", "FRAMES", "SEED"))

    def run_job(self, feedback: Feedback) -> Results:
        """Make the set."""
        from ..pipeline.pancollection import prepare_pancollection

        if not self._files:
            raise InputError(tr("The algorithm was not prepared."))
        if self._frames:
            from ..pipeline.revisit_folders import prepare_pancollection_revisits

            data = prepare_pancollection_revisits(
                self._files, self._folder, self._preset, self._frames, self._seed, feedback=feedback
            )
        else:
            data = prepare_pancollection(self._files, self._folder, self._preset, feedback)
        return {"OUTPUT": self._folder, "TRAIN_PATCHES": data["counts"][TRAIN]}
