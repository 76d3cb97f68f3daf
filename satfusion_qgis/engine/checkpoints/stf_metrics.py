"""The scores and losses of a survey's code for spatiotemporal fusion, compared like a network's outputs.

There are no weights: the "network" is only what asks for the scores, and no checkpoint is ever of this family.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ...assessment.ergas import ergas
from ...assessment.stf_survey import survey_scores
from ...tasks.errors import InputError
from ..training import spatiotemporal_losses as losses
from .family import Family

_RATIO = 16.0
_SHARE = 0.8


class Scores(nn.Module):
    """Scores an estimate as the survey does, and with the losses of published trainings."""

    def forward(self, output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Score images [1, bands, H, W] with values from 0 to 1; the names are the official ones."""
        prediction, reference = output[0].numpy(), target[0].numpy()
        scores = {name.upper(): score for name, score in survey_scores(prediction, reference).items()}
        squares = ((output.double() - target.double()) ** 2).mean(dim=(0, 2, 3)).numpy()
        scores["RMSE_global"] = float(squares.mean() ** 0.5)
        usual = ergas(squares**0.5, target.double().mean(dim=(0, 2, 3)).numpy(), _RATIO)
        scores["ERGAS_standard_ratio_1_16"] = float("nan") if usual is None else usual
        return {name: torch.tensor(score) for name, score in scores.items()} | {
            "loss_msssim_normalized": losses.ms_ssim(output, target, published=True),
            "loss_msssim_plain": losses.ms_ssim(output, target, normalised=False, published=True),
            "loss_mlffgan_content": losses.mlffgan_content(output, target, published=True),
            "loss_swinstfm": losses.swinstfm_content(output, target, published=True),
            "loss_edcstfn_vision": losses.edcstfn_reconstruction(output, target, published=True),
            "loss_ecpwstfn_vision": losses.ecpwstfn_reconstruction(output, target, published=True),
        }


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    if state:
        raise InputError(f"The survey's scores have no weights, but the checkpoint has {next(iter(state))!r}.")
    return {}


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    raise InputError("The survey's scores are no network, so no checkpoint is of them.")


def _call(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What is scored is a mixture of both images, since the second one alone would be very unlike the first."""
    target = inputs["gt"]
    return network(_SHARE * target + (1 - _SHARE) * inputs["pred"], target)


FAMILIES = {
    "stf_survey.metrics": Family(
        method="stf_metrics",
        build=lambda config: Scores(),
        translate=_translate,
        call=_call,
        configuration=_configuration,
    )
}
