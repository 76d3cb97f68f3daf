"""`satfusion:train_pansharpening`: trains a pansharpening network on a patch set, in the engine."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..tasks.patch_set import PANSHARPENING
from .texts import About
from .training import TrainingAlgorithm

_ABOUT = About(
    name="train_pansharpening",
    title="Train a pansharpening network",
    group="Training",
    group_id="training",
    summary="Trains a network on patches of your own scenes (Prepare training patches), and writes a model folder that "
    "can be used for pansharpening: its weights, and a card that says what it was made for and what it reaches beside "
    "plain interpolation.\n"
    "It runs in the engine, with PyTorch. The state with the lowest loss on the validation patches is kept, also when "
    "you cancel or when the time is up. A network that learned from few places knows these places: score it on others.",
    citations=(
        "Deng, L.-J., Vivone, G., Paoletti, M. E., et al. (2022): Machine learning in pansharpening: a benchmark, "
        "from shallow to deep networks. 10.1109/MGRS.2022.3187652",
    ),
    tags=("training", "deep learning", "network", "learn", "torch", "model", "loss", "gpu"),
)
_HELP = (
    "Which network is trained. FusionNet, DiCNN and PNN are small and learn in minutes on a processor; ARConv, "
    "Pan-Mamba and INNformer want a GPU."
)


class TrainPansharpeningAlgorithm(TrainingAlgorithm):
    """Trains a pansharpening network.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT, PANSHARPENING, "fusionnet", _HELP, "EXP")

    def again(self) -> TrainPansharpeningAlgorithm:
        """Return a new instance."""
        return TrainPansharpeningAlgorithm(self.catalogue)
