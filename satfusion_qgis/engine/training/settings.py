"""How a network is trained: every setting in one place, and the presets, published and recommended.

Published presets follow the papers and their option files: SatFusion (arXiv 2510.07905) for PanNet, INNformer and
ARConv; the option files of the WV3/QB/GF2 experiments for PNN (with the last layer's tenth of Masi et al. 2016,
10.3390/rs8070594), DiCNN, DRPNN, MSDCNN, FusionNet and U2Net; Pan-Mamba (10.1016/j.inffus.2024.102779) for its own.
Those of networks for spatiotemporal fusion are a survey's (10.1016/j.inffus.2025.103675) for the seven that it trains,
and the authors' for DCSTFN, MUSTFN, RSFN and AMS-STF.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Optional

from ...tasks.errors import InputError
from .data import NORMALISATIONS
from .losses import LOSSES
from .recipes import LOSSES_OF_PAIRS, OWN, OWN_PUBLISHED, RECIPES

OPTIMISERS = ("adam", "adamw", "sgd")
SCHEDULES = ("none", "step", "cosine", "restarts")
PRECISIONS = ("32", "16-mixed", "bf16-mixed")
PRESETS = ("recommended", "published")
OF_REVISITS = ("srcnn", "highresnet", "rams", "trmisr", "satfusion", "satfusion_star")


@dataclass(frozen=True)
class Settings:
    """How a network is trained.

    Attributes:
        loss: One of `losses.LOSSES`; for spatiotemporal fusion one of `recipes.LOSSES_OF_PAIRS`.
        optimiser: "adam", "adamw" or "sgd".
        learning_rate: Its rate at the start.
        rate_per_band: The rate is multiplied by the number of MS bands.
        last_layer_factor: Factor on the rate of the network's last layer.
        weight_decay: Of the optimiser.
        momentum: Of "sgd".
        schedule: "none"; "step" (times `step_factor` every `step_epochs`); "cosine" (down to `lowest_rate` over the
            whole run, or over the time limit where that ends it first); "restarts" (cosine over `restart_epochs`,
            again and again).
        step_epochs: Of "step".
        step_factor: Of "step".
        restart_epochs: Of "restarts".
        lowest_rate: Of "cosine" and "restarts".
        warm_up_steps: Steps over which the rate rises to its value.
        start_at_exp: A network that adds its detail to MS begins with none: its last layer begins at 0. One for
            spatiotemporal fusion that can add its result to the interpolated change does so, and begins with that.
        freeze_step: Step after which ARConv keeps its numbers of samples.
        gradient_clip: Largest norm of the gradient; 0 for none.
        batch: Patches of a batch.
        epochs: How often every patch is seen.
        steps: Number of steps instead of `epochs`; 0 takes the epochs.
        validate_every: Steps between validations; 0 takes an epoch, but 20 at least and 500 at most.
        validation_patches: At most so many are looked at while it trains.
        augment: Turn and mirror the patches.
        fewer_revisits: Change the order of the revisits after the reference, and leave some of them out.
        pan_noise: Noise added to PAN in each step, in units of what the network takes: of each patch a standard
            deviation drawn between 0 and this. The degraded PAN has less noise than the scene's own, for degrading
            averages; without it a network learns to trust PAN too much.
        levels: In each step every patch gets another contrast, by up to exp(`levels`), and its bands other levels, by
            up to 3 times this in units of what the network takes; so that it is not led by how bright a surface is.
            For spatiotemporal fusion every band has a gain and an offset of its own; see `data.relit`.
        dates: For spatiotemporal fusion: every patch is of two other dates, drawn on the line through its two and by up
            to this beyond them; see `data.between_dates`. 0 takes the two as they are.
        changes: For spatiotemporal fusion: share of the patches that change in another way than their dates did; see
            `data.other_changes`.
        exchange: For spatiotemporal fusion: exchange the pairs, and for one pair the direction of time, in half of the
            patches.
        auto_encoder_share: Share of the steps and of the time limit in which the auto-encoder of a network's own loss
            is trained first, where it has one.
        discriminator_factor: Factor on the rate for a discriminator's own.
        average: Largest share of the old weights in a moving average, which is what is judged and kept; 0 for none.
        average_by_epoch: The average is updated once an epoch, as a published code does it, and not at every step.
        channels_last: Lay images out with their bands innermost, which makes convolutions a third quicker on a CPU.
        normalise: "none", "standard" or "scene"; see `data.Scaling`.
        scale: Factor on physical values before; None chooses it by their range.
        clip: Lowest and highest scaled value, or None.
        time_limit_s: Seconds after which it ends, validation and model included; 0 for no limit.
        seed: The same seed gives the same network on a CPU.
        precision: "32", "16-mixed" or "bf16-mixed"; on a CPU always "32".
        device: "auto", "cpu", "cuda", "cuda:0" or "mps".
        threads: Threads of a CPU; 0 leaves it to PyTorch.
    """

    loss: str = "l1"
    optimiser: str = "adam"
    learning_rate: float = 5e-4
    rate_per_band: bool = False
    last_layer_factor: float = 1.0
    weight_decay: float = 0.0
    momentum: float = 0.9
    schedule: str = "cosine"
    step_epochs: int = 1
    step_factor: float = 0.5
    restart_epochs: int = 300
    lowest_rate: float = 0.0
    warm_up_steps: int = 0
    start_at_exp: bool = False
    freeze_step: int = 200
    gradient_clip: float = 0.0
    batch: int = 16
    epochs: int = 100
    steps: int = 0
    validate_every: int = 0
    validation_patches: int = 64
    augment: bool = True
    fewer_revisits: bool = True
    pan_noise: float = 0.0
    levels: float = 0.0
    dates: float = 0.0
    changes: float = 0.0
    exchange: bool = False
    auto_encoder_share: float = 0.2
    discriminator_factor: float = 1.0
    average: float = 0.0
    average_by_epoch: bool = False
    channels_last: bool = False
    normalise: str = "none"
    scale: Optional[float] = None
    clip: Optional[tuple[float, float]] = None
    time_limit_s: float = 0.0
    seed: int = 0
    precision: str = "32"
    device: str = "auto"
    threads: int = 0

    def check(self) -> Settings:
        """Return the settings, checked.

        Raises:
            InputError: A value is out of range.
        """
        for name, value, allowed in (
            ("LOSS", self.loss, (*LOSSES, *LOSSES_OF_PAIRS[:2])),
            ("OPTIMISER", self.optimiser, OPTIMISERS),
            ("SCHEDULE", self.schedule, SCHEDULES),
            ("NORMALISE", self.normalise, NORMALISATIONS),
            ("PRECISION", self.precision, PRECISIONS),
        ):
            if value not in allowed:
                raise InputError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
        for name, number, least in (
            ("LEARNING_RATE", self.learning_rate, 1e-12),
            ("BATCH", self.batch, 1),
            ("EPOCHS", self.epochs, 1),
            ("STEPS", self.steps, 0),
            ("TIME_LIMIT", self.time_limit_s, 0),
            ("SEED", self.seed, 0),
            ("PAN_NOISE", self.pan_noise, 0),
            ("LEVELS", self.levels, 0),
            ("DATES", self.dates, 0),
            ("DISCRIMINATOR_FACTOR", self.discriminator_factor, 0),
        ):
            if not number >= least:
                raise InputError(f"{name} must be at least {least:g}, not {number:g}.")
        if not 0 <= self.changes <= 1:
            raise InputError(f"CHANGES must lie between 0 and 1, not {self.changes:g}.")
        for name, share in (("AUTO_ENCODER_SHARE", self.auto_encoder_share), ("AVERAGE", self.average)):
            if not 0 <= share < 1:
                raise InputError(f"{name} must be 0 or more and below 1, not {share:g}.")
        return self

    def plain(self) -> dict[str, Any]:
        """Return the settings as data for JSON."""
        return asdict(self)


_SATFUSION = Settings(
    loss="combined_published",
    learning_rate=1e-4,
    weight_decay=1e-4,
    schedule="restarts",
    batch=8,
    epochs=20,
    precision="16-mixed",
    seed=122938034,
)
_PLAIN = Settings(loss="mse", schedule="none", augment=False, seed=1)
# As published for WorldStrat, but with a registration that knows no shift too, and registers the spectral angle.
_REVISITS = replace(_SATFUSION, loss="combined_registered")
# The survey's epochs are those of the network; its auto-encoders take 200 of 500 before.
_SURVEY = replace(_PLAIN, loss=OWN_PUBLISHED, learning_rate=1e-3, batch=6, epochs=500, auto_encoder_share=0.4)
_STEPS_OF_SURVEY: Mapping[str, Any] = {"schedule": "step", "step_epochs": 100, "step_factor": 0.8}
_BY_EPOCH: Mapping[str, Any] = {"schedule": "step", "step_epochs": 1}
PUBLISHED: Mapping[str, Settings] = {
    "pnn": replace(
        _PLAIN,
        optimiser="sgd",
        learning_rate=1e-4 * 17 * 17,
        rate_per_band=True,
        last_layer_factor=0.1,
        batch=64,
        epochs=12000,
    ),
    "pannet": _SATFUSION,
    "innformer": _SATFUSION,
    "panmamba": replace(
        _PLAIN, loss="l1", learning_rate=5e-4, schedule="cosine", lowest_rate=5e-8, gradient_clip=4.0, batch=4,
        epochs=500,
    ),
    "u2net": replace(_PLAIN, learning_rate=1e-3, batch=8, epochs=500),
    "arconv": replace(_SATFUSION, freeze_step=101),
    "dicnn": replace(_PLAIN, learning_rate=2e-4, schedule="step", step_epochs=1500, batch=64, epochs=5000),
    "drpnn": replace(_PLAIN, learning_rate=2e-4, schedule="step", step_epochs=30, batch=32, epochs=500),
    "fusionnet": replace(_PLAIN, learning_rate=3e-4, batch=32, epochs=400),
    "msdcnn": replace(
        _PLAIN, learning_rate=1e-4, weight_decay=1e-5, schedule="step", step_epochs=40, batch=64, epochs=500
    ),
    **dict.fromkeys(OF_REVISITS, _REVISITS),
    "edcstfn": replace(_SURVEY, **_STEPS_OF_SURVEY, weight_decay=1e-6, epochs=300, seed=46),
    "ecpwstfn": replace(_SURVEY, **_STEPS_OF_SURVEY, weight_decay=1e-6, epochs=300, seed=42),
    "ganstfm": replace(_SURVEY, batch=4, seed=42),
    "mlffgan": replace(_SURVEY, learning_rate=2e-4, seed=46),
    "srsfgan": replace(_SURVEY, learning_rate=2e-4, discriminator_factor=10.0, batch=4, seed=46),
    "stfdiff": replace(
        _SURVEY, **_STEPS_OF_SURVEY, learning_rate=2e-4, average=0.995, average_by_epoch=True, seed=44
    ),
    "swinstfm": replace(_SURVEY, learning_rate=1e-4, schedule="cosine", lowest_rate=1e-7, batch=4, seed=46),
    "dcstfn": replace(_SURVEY, **_BY_EPOCH, step_factor=0.75, batch=32, epochs=30),
    "mustfn": replace(
        _SURVEY, **_BY_EPOCH, step_factor=0.92, learning_rate=1e-4, weight_decay=5e-4, batch=6, epochs=360
    ),
    "rsfn": replace(_SURVEY, **_BY_EPOCH, step_factor=0.99, batch=32, epochs=30, seed=2021),
    "amsstf": replace(
        _SURVEY, **_BY_EPOCH, step_factor=0.99, learning_rate=1e-4, weight_decay=1e-2, batch=6, epochs=30
    ),
}  # fmt: skip
# Normalised values and a start at plain interpolation: after 250 steps on a Landsat scene (EXP 3.78) DiCNN reached an
# ERGAS of 1.90 with both and 3.28 with neither. Attention, scans and adaptive kernels want a lower rate.
RECOMMENDED = Settings(learning_rate=1e-3, normalise="standard", start_at_exp=True, warm_up_steps=50, gradient_clip=1.0)
_LARGE = ("arconv", "innformer", "panmamba", "u2net")
RECOMMENDED_FOR_REVISITS = Settings(
    loss="relative_angle",
    optimiser="adamw",
    learning_rate=1e-3,
    weight_decay=1e-4,
    normalise="scene",
    warm_up_steps=100,
    gradient_clip=1.0,
    batch=8,
    pan_noise=0.03,
    channels_last=True,
)
OF_PAIRS = tuple(RECIPES)
RECOMMENDED_FOR_PAIRS = Settings(
    loss=OWN,
    start_at_exp=True,
    learning_rate=1e-3,
    warm_up_steps=50,
    gradient_clip=1.0,
    batch=8,
    levels=0.1,
    exchange=True,
    channels_last=True,
)
_SLOWER_OF_PAIRS: Mapping[str, Mapping[str, Any]] = {
    "ganstfm": {"learning_rate": 5e-4},
    "mlffgan": {"learning_rate": 5e-4},
    "srsfgan": {"learning_rate": 2e-4},
    "amsstf": {"learning_rate": 3e-4},
    "mustfn": {"learning_rate": 5e-4},
    "swinstfm": {"learning_rate": 2e-4, "batch": 4, "channels_last": False},
    "stfdiff": {"learning_rate": 3e-4, "average": 0.995},
    "learned_unmixing": {"learning_rate": 2e-3, "normalise": "standard", "dates": 0.5, "changes": 0.2},
}


def preset(name: str, method: str) -> Settings:
    """Return a preset for a method.

    Raises:
        InputError: There is no such preset, or none was published for the method.
    """
    if name == "recommended" and method in OF_REVISITS:
        return RECOMMENDED_FOR_REVISITS
    if name == "recommended" and method in OF_PAIRS:
        return replace(RECOMMENDED_FOR_PAIRS, **_SLOWER_OF_PAIRS.get(method, {}))
    if name == "recommended":
        return replace(RECOMMENDED, learning_rate=5e-4, batch=8) if method in _LARGE else RECOMMENDED
    if name != "published":
        raise InputError(f"PRESET must be one of {', '.join(PRESETS)}, not {name!r}.")
    if method not in PUBLISHED:
        raise InputError(f"PRESET: no published settings are known for {method}; take recommended.")
    return PUBLISHED[method]


def settings_of(given: Mapping[str, Any], method: str = "", loss: str = "") -> Settings:
    """Return the settings of a training: a preset ("preset"), with single settings in place of its own.

    Args:
        given: Settings by name; None stands for the preset's.
        method: Method id, for the published preset.
        loss: The loss that the patches ask for, such as a registered one where the reference is of another sensor; it
            takes the place of the recommended one.

    Raises:
        InputError: A setting is unknown or out of range.
    """
    values = {name: value for name, value in given.items() if value is not None}
    name = str(values.pop("preset", "recommended"))
    base = preset(name, method)
    if loss and name == "recommended":
        base = replace(base, loss=loss)
    known = {item.name for item in fields(Settings)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise InputError(f"The training has no setting {', '.join(unknown)}; it has: {', '.join(sorted(known))}.")
    return replace(base, **{name: _checked(name, value) for name, value in values.items()}).check()


def _checked(name: str, value: Any) -> Any:
    """Return a setting as its own type.

    Raises:
        InputError: It is of another type.
    """
    kind = str({item.name: item.type for item in fields(Settings)}[name])
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if name == "clip":
        if isinstance(value, (list, tuple)) and len(value) == 2 and value[0] < value[1]:
            return float(value[0]), float(value[1])
        raise InputError(f"CLIP must be two rising numbers, not {value!r}.")
    if kind == "int" and is_number and value == int(value):
        return int(value)
    if "float" in kind and is_number:
        return float(value)
    if (kind == "str" and isinstance(value, str)) or (kind == "bool" and isinstance(value, bool)):
        return value
    if kind == "str" and name == "precision" and is_number:
        return f"{value:g}"
    raise InputError(f"{name.upper()} has a wrong value: {value!r}.")
