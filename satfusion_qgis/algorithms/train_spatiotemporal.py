"""`satfusion:train_spatiotemporal`: trains a network for spatiotemporal fusion on a patch set, in the engine."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..tasks.patch_set import SPATIOTEMPORAL
from .texts import About
from .training import TrainingAlgorithm

_BASELINE = "added change"
_LOSSES = {
    "preset": "that of the preset",
    "own": "the network's own, without the faults of its published code",
    "own_published": "the network's own as the published code computes it, with its faults",
    "l1": "mean absolute error",
    "mse": "mean square error",
}
_HELP = (
    "Which network is trained. EDC-STFN, DCSTFN and ECPW-STFN are small and learn in minutes on a processor; the "
    "adversarial ones take a few times as long for a step, and SwinSTFM and STFDiff want a GPU. MUSTFN, RSFN and "
    "AMS-STF need patches of two pairs."
)
_ABOUT = About(
    name="train_spatiotemporal",
    title="Train a network for spatiotemporal fusion",
    group="Training",
    group_id="training",
    summary="Trains a network that predicts a fine image from pairs of other dates and the coarse image of its own, on "
    "patches of dates at which both sensors saw a place, and writes a model folder that can be used to predict: its "
    "weights, and a card that says what it was made for and what it reaches beside the interpolated change added to "
    "the fine image.\n"
    "It runs in the engine, with PyTorch. Each network learns by its own loss: where that compares features of an "
    "auto-encoder, this is trained first; where it has a discriminator, both learn in turn; the steps of a diffusion "
    "are averaged. Pixels that are masked in any of the images have no influence. The state with the lowest error on "
    "the validation patches is kept, also when you cancel or when the time is up. A network that learned from few "
    "places and dates knows these: score it on others.",
    citations=(
        "Tan, Z., Di, L., Zhang, M., Guo, L., Gao, M. (2019): An enhanced deep convolutional model for spatiotemporal "
        "image fusion. 10.3390/rs11242898",
        "Sun, E., Cui, Y., Liu, P., Yan, J. (2026): A decade of deep learning for remote sensing spatiotemporal "
        "fusion: advances, challenges, and opportunities. 10.1016/j.inffus.2025.103675",
    ),
    tags=("training", "deep learning", "network", "learn", "torch", "model", "stf", "landsat", "modis", "gan", "gpu"),
)


class TrainSpatiotemporalAlgorithm(TrainingAlgorithm):
    """Trains a network for spatiotemporal fusion.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT, SPATIOTEMPORAL, "edcstfn", _HELP, _BASELINE)

    def again(self) -> TrainSpatiotemporalAlgorithm:
        """Return a new instance."""
        return TrainSpatiotemporalAlgorithm(self.catalogue)

    def losses(self) -> dict[str, str]:
        """Return the losses that know masks."""
        return _LOSSES
