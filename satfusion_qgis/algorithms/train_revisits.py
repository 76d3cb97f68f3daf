"""`satfusion:train_superresolution` and `satfusion:train_satfusion`: train networks on patches of revisits."""

from __future__ import annotations

from typing import Any

from ..catalogue import Catalogue
from ..tasks.parameters import Parameter
from ..tasks.patch_set import SATFUSION, SUPER_RESOLUTION
from .texts import About
from .training import TrainingAlgorithm

_BASELINE = "Back-projection"
_BASELINE_WITH_PAN = "Back-projection with PAN's detail"
_HELP = (
    "Which network is trained. With few features HighRes-net and SRCNN learn in minutes on a processor; RAMS and "
    "TR-MISR want a GPU."
)
# The keyword by which a network takes the number of its features.
_FEATURES = {"srcnn": "hidden", "highresnet": "hidden", "rams": "width", "trmisr": "width"}
_FEATURE_COUNT = Parameter(
    "FEATURES",
    "Features",
    "integer",
    32,
    "Features inside the network that puts the revisits together; more of them need more time and more patches. 0 "
    "takes the published number.",
    minimum=0,
    maximum=512,
)
_ENCODER = Parameter(
    "ENCODER",
    "Network for the revisits",
    "choice",
    "highresnet",
    "The first of SatFusion's two networks, which puts the revisits together. SatFusion* always takes TR-MISR.",
    choices=("highresnet", "srcnn", "rams", "trmisr"),
    choice_titles=("HighRes-net", "SRCNN (WorldStrat)", "RAMS", "TR-MISR"),
)
_SHARPENER = Parameter(
    "SHARPENER",
    "Network for PAN",
    "choice",
    "dicnn",
    "The second of the two networks, which adds PAN's detail.",
    choices=(
        "dicnn", "fusionnet", "pnn", "pannet", "drpnn", "msdcnn", "innformer", "panmamba", "u2net", "arconv",
    ),
    choice_titles=(
        "DiCNN", "FusionNet", "PNN", "PanNet", "DRPNN", "MSDCNN", "INNformer", "Pan-Mamba", "U2Net", "ARConv",
    ),
)  # fmt: skip
_COMMON = (
    "It runs in the engine, with PyTorch. The network begins as the classical back-projection, and learns what to add "
    "to it; revisits change their order and some are left out while it learns, so it works with any number of them. "
    "The state with the lowest loss on the validation patches is kept, also when you cancel or when the time is up. A "
    "network that learned from few places knows these places: score it on others."
)
_SR = About(
    name="train_superresolution",
    title="Train a super-resolution network",
    group="Training",
    group_id="training",
    summary="Trains a network that makes a finer image from several revisits, on patches that Prepare patches of "
    f"revisits has made.\n{_COMMON}",
    citations=(
        "Deudon, M., Kalaitzis, A., Goytom, I., Arefin, M. R., Lin, Z., Sankaran, K., Michalski, V., Kahou, S. E., "
        "Cornebise, J., Bengio, Y. (2020): HighRes-net: recursive fusion for multi-frame super-resolution of satellite "
        "imagery. 10.48550/arXiv.2002.06460",
    ),
    tags=("training", "deep learning", "network", "learn", "torch", "model", "revisits", "multi-frame", "gpu"),
)
_SF = About(
    name="train_satfusion",
    title="Train a SatFusion network",
    group="Training",
    group_id="training",
    summary="Trains a network that puts several revisits together and sharpens them with a panchromatic image, as one, "
    f"on patches that Prepare patches of revisits has made.\n{_COMMON}",
    citations=(
        "Tong, Y., Cheng, G., Wu, P., Chen, F., Zhao, X., Deng, S. (2025): SatFusion: a unified framework for "
        "enhancing remote sensing images via multi-frame and multi-source images fusion. 10.48550/arXiv.2510.07905",
    ),
    tags=("training", "deep learning", "network", "learn", "torch", "model", "revisits", "pansharpening", "gpu"),
)


class TrainSuperResolutionAlgorithm(TrainingAlgorithm):
    """Trains a super-resolution network.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _SR, SUPER_RESOLUTION, "highresnet", _HELP, _BASELINE)

    def again(self) -> TrainSuperResolutionAlgorithm:
        """Return a new instance."""
        return TrainSuperResolutionAlgorithm(self.catalogue)

    def network_settings(self) -> tuple[Parameter, ...]:
        """Return the number of features."""
        return (_FEATURE_COUNT,)

    def configuration(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the number of features by the name that the network has for it."""
        return _features(values["NETWORK"], values["FEATURES"])


class TrainSatFusionAlgorithm(TrainingAlgorithm):
    """Trains a SatFusion network.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _SF, SATFUSION, "satfusion", "SatFusion, or SatFusion*, in which PAN guides the "
                         "network for the revisits too.", _BASELINE_WITH_PAN)  # fmt: skip

    def again(self) -> TrainSatFusionAlgorithm:
        """Return a new instance."""
        return TrainSatFusionAlgorithm(self.catalogue)

    def network_settings(self) -> tuple[Parameter, ...]:
        """Return the two networks and the number of features."""
        return (_ENCODER, _SHARPENER, _FEATURE_COUNT)

    def configuration(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the configuration of SatFusion or SatFusion*."""
        guided = values["NETWORK"] != "satfusion"
        encoder = "trmisr" if guided else values["ENCODER"]
        made: dict[str, Any] = {
            "sharpener": values["SHARPENER"],
            "encoder_settings": _features(encoder, values["FEATURES"]),
        }
        return made if guided else {"encoder": encoder, **made}


def _features(network: str, count: int) -> dict[str, Any]:
    return {_FEATURES[network]: count} if count and network in _FEATURES else {}
