"""What each network for spatiotemporal fusion is trained with: its loss, its auto-encoder, its discriminator.

The losses and their weights are those of the papers and codes named in `engine/networks/spatiotemporal`. The published
codes have faults; `published` trainings repeat those that change what is learnt:

- the auto-encoders of EDC-STFN and ECPW-STFN learn to turn the pair's fine image into the target's, where they should
  give back what they are given;
- the encoders of ECPW-STFN get no gradient, and stay as they began;
- GAN-STFM's score is averaged over all images before it is squared, and its discriminator sees the coarse image that
  the network sees, which in the survey's code is the pair's;
- the losses' own, said in `spatiotemporal_losses`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import torch
from torch import Tensor, nn

from ...tasks.errors import InputError
from ...tasks.patch_set import MASK
from ..networks.build import build
from . import spatiotemporal_losses as losses
from .spatiotemporal_losses import Features

OWN, OWN_PUBLISHED = "own", "own_published"
LOSSES_OF_PAIRS = (OWN, OWN_PUBLISHED, "l1", "mse")
_FOLDER = "engine.networks.spatiotemporal"
_RED_NM, _NIR_NM = (600.0, 700.0), (760.0, 900.0)
_PUBLISHED_RED_AND_NIR = (2, 3)
_LATE_EPOCH = 20


@dataclass(frozen=True)
class Compared:
    """What a loss of content looks at, all in scaled values of about 0..1.

    Attributes:
        output: Estimate [batch, bands, rows, columns]; at masked pixels the target.
        target: Target.
        mask: [batch, 1, rows, columns], 1 where a pixel counts.
        published: Repeat the published code's faults.
        features: Image -> features of the auto-encoder; None where there is none.
        other: A second estimate (SRSF-GAN's from the coarse image), treated as the first.
        epoch: Epochs done.
        levels: Mean of each band over the training patches.
        red_and_nir: Which bands they are, where that is known.
    """

    output: Tensor
    target: Tensor
    mask: Tensor
    published: bool = False
    features: Optional[Callable[[Tensor], Any]] = None
    other: Optional[Tensor] = None
    epoch: int = 0
    levels: Sequence[float] = ()
    red_and_nir: Optional[tuple[int, int]] = None

    def seen(self) -> Features:
        """Return the features of estimate and target.

        Raises:
            InputError: There is no auto-encoder.
        """
        if self.features is None:
            raise InputError("This loss needs an auto-encoder.")
        return self.features(self.output), self.features(self.target)


Content = Callable[[Compared], Tensor]
Reconstruction = Callable[[Tensor, Tensor, bool, Tensor], Tensor]


@dataclass(frozen=True)
class Recipe:
    """How a network is trained with its own loss.

    Attributes:
        content: Loss between estimate and target; None where the network has its own way (STFDiff).
        auto_encoder: "module:Class" of the network whose features the loss compares; "" for none.
        reconstruction: The auto-encoder's loss.
        discriminator: "module:Class"; "" for none.
        weight: Weight of `losses.deceiving` beside the content.
        still: Parts of the network that never learn in the published training.
        to_target: In the published training the auto-encoder turns the pair's fine image into the target's.
        whole_score: In the published training scores are averaged over all images before they are squared.
        bounded: The network's values must be about 0..1, as reflectance is.
    """

    content: Optional[Content]
    auto_encoder: str = ""
    reconstruction: Optional[Reconstruction] = None
    discriminator: str = ""
    weight: float = 0.0
    still: tuple[str, ...] = ()
    to_target: bool = False
    whole_score: bool = False
    bounded: bool = False


def _of_rsfn(it: Compared) -> Tensor:
    pairs = list(zip(*it.seen()))
    return losses.rsfn_content(it.output, it.target, pairs, it.published, it.mask)


def _of_srsfgan(it: Compared) -> Tensor:
    other = it.output if it.other is None else it.other
    return losses.srsfgan_content(it.output, other, it.target, it.published, it.mask)


def _of_mustfn(it: Compared) -> Tensor:
    known = it.red_and_nir
    if it.published and known is None and it.output.shape[1] > max(_PUBLISHED_RED_AND_NIR):
        known = _PUBLISHED_RED_AND_NIR
    late = it.epoch >= _LATE_EPOCH
    return losses.mustfn_content(it.output, it.target, it.levels, known, late, it.published, it.mask)


RECIPES: Mapping[str, Recipe] = {
    "edcstfn": Recipe(
        lambda it: losses.edcstfn_content(it.output, it.target, it.seen(), it.published, it.mask),
        f"{_FOLDER}.edcstfn:EDCSTFNAutoEncoder",
        losses.edcstfn_reconstruction,
        to_target=True,
    ),
    "ganstfm": Recipe(
        lambda it: losses.ganstfm_content(it.output, it.target, it.seen(), it.published, it.mask),
        f"{_FOLDER}.ganstfm:GANSTFMAutoEncoder",
        losses.reconstruction,
        f"{_FOLDER}.ganstfm:GANSTFMDiscriminator",
        1e-3,
        whole_score=True,
    ),
    "mlffgan": Recipe(
        lambda it: losses.mlffgan_content(it.output, it.target, it.published, it.mask),
        discriminator=f"{_FOLDER}.mlffgan:MLFFGANDiscriminator",
        weight=0.02,  # 0.01 of the whole square, of which `deceiving` is half
    ),
    "srsfgan": Recipe(_of_srsfgan, discriminator=f"{_FOLDER}.srsfgan:SRSFGANDiscriminator", weight=0.01),
    "ecpwstfn": Recipe(
        lambda it: losses.ecpwstfn_content(it.output, it.target, it.seen(), it.published, it.mask),
        f"{_FOLDER}.ecpwstfn:ECPWSTFNAutoEncoder",
        losses.ecpwstfn_reconstruction,
        still=("fine_encoder", "difference_encoder"),
        to_target=True,
    ),
    "stfdiff": Recipe(None, bounded=True),
    "swinstfm": Recipe(
        lambda it: losses.swinstfm_content(it.output, it.target, it.published, it.mask),
        bounded=True,
    ),
    "dcstfn": Recipe(lambda it: losses.mse(it.output, it.target, it.mask)),
    "mustfn": Recipe(_of_mustfn, bounded=True),
    "rsfn": Recipe(
        _of_rsfn,
        f"{_FOLDER}.rsfn:RSFNAutoEncoder",
        losses.reconstruction,
        f"{_FOLDER}.rsfn:RSFNDiscriminator",
        0.005,
    ),
    "amsstf": Recipe(
        lambda it: losses.amsstf_content(it.output, it.target, it.published, it.mask),
        discriminator=f"{_FOLDER}.amsstf:AMSSTFDiscriminator",
        weight=0.02,
    ),
}


def recipe_of(method: str, loss: str) -> Recipe:
    """Return how a network is trained with a loss.

    Args:
        method: Id of the network.
        loss: One of `LOSSES_OF_PAIRS`; the plain ones need neither auto-encoder nor discriminator.

    Raises:
        InputError: There is no such loss, or the network cannot be trained with it.
    """
    if loss not in LOSSES_OF_PAIRS:
        raise InputError(f"LOSS must be one of {', '.join(LOSSES_OF_PAIRS)} for these patches, not {loss!r}.")
    known = RECIPES.get(method)
    if loss in (OWN, OWN_PUBLISHED):
        if known is None:
            raise InputError(f"LOSS: no loss of its own is known for {method}; take l1 or mse.")
        return known
    if known is not None and known.content is None:
        raise InputError(f"LOSS: {method} learns to take noise away, and is trained with its own loss alone; take own.")
    plain = losses.mse if loss == "mse" else losses.mae
    return Recipe(lambda it: plain(it.output, it.target, it.mask), bounded=known is not None and known.bounded)


@dataclass(frozen=True)
class Helpers:
    """What a network is trained with, made for its bands.

    Attributes:
        recipe: The recipe.
        published: Repeat the published code's faults.
        auto_encoder: Trained beforehand; None where the loss needs none.
        discriminator: None where there is none.
        levels: Mean of each band over the training patches, scaled.
        red_and_nir: Which bands they are, where that is known.
    """

    recipe: Recipe
    published: bool
    auto_encoder: Optional[nn.Module] = None
    discriminator: Optional[nn.Module] = None
    levels: Sequence[float] = ()
    red_and_nir: Optional[tuple[int, int]] = None


def helpers_of(method: str, loss: str, bands: Sequence[Mapping[str, Any]], levels: Sequence[float]) -> Helpers:
    """Make what a network is trained with.

    Args:
        method: Id of the network.
        loss: One of `LOSSES_OF_PAIRS`.
        bands: Bands of the patches, with "wavelength_nm" where that is known.
        levels: Mean of each band over the training patches, scaled.

    Raises:
        InputError: There is no such loss.
    """
    recipe, count = recipe_of(method, loss), {"bands": len(bands)}
    return Helpers(
        recipe,
        loss == OWN_PUBLISHED,
        build(recipe.auto_encoder, count) if recipe.auto_encoder else None,
        build(recipe.discriminator, count) if recipe.discriminator else None,
        levels,
        red_and_nir([band.get("wavelength_nm") for band in bands]),
    )


def red_and_nir(wavelengths: Sequence[Optional[float]]) -> Optional[tuple[int, int]]:
    """Return which bands are red and near infrared; None where either is not known."""
    found = []
    for low, high in (_RED_NM, _NIR_NM):
        places = [place for place, one in enumerate(wavelengths) if one is not None and low <= one <= high]
        if not places:
            return None
        found.append(places[0])
    return found[0], found[1]


def composed(output: Tensor, batch: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Return estimate, target and mask as the losses take them.

    Args:
        output: Estimate, in what the network gives.
        batch: With "reference", "mask", and "mean" and "std" for the way back to scaled values.
    """
    target = batch["reference"] * batch["std"] + batch["mean"]
    found = output.float() * batch["std"] + batch["mean"]
    return torch.where(batch[MASK] > 0, found, target), target, batch[MASK]


def scores(helpers: Helpers, image: Tensor, coarse: Tensor, mask: Tensor) -> tuple[Tensor, Optional[Tensor]]:
    """Return a discriminator's scores [batch, 1, rows, columns] of an image, and the mask that they count by."""
    judge = helpers.discriminator
    if judge is None:
        raise InputError("This network has no discriminator.")
    in_parts = getattr(judge, "scores", None)
    if in_parts is None:
        return judge(image, coarse), mask
    parts = torch.stack([_mean_by_image(part, mask) for part in in_parts(image, coarse)]).mean(0)
    if helpers.published and helpers.recipe.whole_score:
        return parts.mean(0, keepdim=True), None
    return parts, mask


def _mean_by_image(part: Tensor, mask: Tensor) -> Tensor:
    return torch.stack([losses.mean_of(one[None], own[None]) for one, own in zip(part, mask)])[:, None, None, None]
