"""Scores of a network on patches, in physical units, beside those of what stands there without it.

That is plain interpolation (EXP) for pansharpening, and the classical estimate that the network is added to for
revisits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ...assessment.cc import Cc
from ...assessment.ergas import ergas
from ...assessment.rmse import Rmse
from ...assessment.sam import Sam
from ...assessment.tile import tiles
from ...tasks.errors import Cancelled
from ...tasks.method import Array
from .data import Patches, Scaling
from .losses import Loss


class Scores:
    """ERGAS, SAM and RMSE over many patches, pooled over their pixels.

    Args:
        bands: Number of bands.
        ratio: MS pixel / PAN pixel.
        margin: Pixels left out along each side of a patch: what a network makes of a patch's edge, a scene has not.
    """

    def __init__(self, bands: int, ratio: float, margin: int = 0) -> None:
        self._ratio, self._margin = ratio, margin
        self._rmse, self._cc, self._sam = Rmse(bands), Cc(bands), Sam(bands)

    def add(self, reference: Array, test: Array) -> None:
        """Take in one patch: reference and test image (bands, rows, columns) in physical units."""
        cut = self._margin
        inside = np.s_[:, cut : reference.shape[1] - cut, cut : reference.shape[2] - cut]
        reference, test = reference[inside], test[inside]
        for tile in tiles(reference, test, None, (reference.shape[1], reference.shape[2]), 0):
            for metric in (self._rmse, self._cc, self._sam):
                metric.add(tile)

    def result(self) -> dict[str, Any]:
        """Return "ergas", "sam_degrees", "rmse" and "bias" (lists by band), "rmse_all" and "pixels" as plain data."""
        rmse = self._rmse.per_band()
        return {
            "ergas": ergas(rmse, self._cc.reference_mean, self._ratio),
            "sam_degrees": self._sam.mean_degrees(),
            "rmse": rmse.tolist(),
            "bias": self._rmse.bias().tolist(),
            "rmse_all": self._rmse.pooled(),
            "pixels": self._rmse.pixels,
        }


@dataclass
class Judge:
    """Judges a network on the patches of one split.

    Attributes:
        patches: The patches.
        scaling: How their values were treated.
        loss: Loss on scaled values.
        ratio: MS pixel / PAN pixel.
        margin: Pixels left out of the scores along each side of a patch; the loss takes all.
        batch: Patches at a time.
        cancelled: Tells whether the user has cancelled.
    """

    patches: Patches
    scaling: Scaling
    loss: Loss
    ratio: float
    margin: int = 0
    batch: int = 16
    cancelled: Callable[[], bool] = field(default=lambda: False)

    def judge(self, network: nn.Module, autocast: Any = contextlib.nullcontext) -> dict[str, Any]:
        """Return the scores of a network, and its mean "loss" over the patches.

        Args:
            network: The network; it is put back into training mode if it was in it.
            autocast: Makes the context of a lower precision.

        Raises:
            Cancelled: The user cancelled.
        """
        device = next(iter(network.parameters()), torch.zeros(0)).device
        scores = Scores(self.patches.bands, self.ratio, self.margin)
        total, training = 0.0, network.training
        network.eval()
        try:
            with torch.no_grad():
                for number, batch in enumerate(DataLoader(self.patches, self.batch)):
                    if self.cancelled():
                        raise Cancelled
                    with autocast():
                        output = network(*(batch[name].to(device) for name in self.patches.kind.inputs))
                    output = output.float().cpu() * batch["std"] + batch["mean"]
                    target = batch["reference"] * batch["std"] + batch["mean"]
                    total += float(self.loss(output, target)) * len(output)
                    self._add(scores, output, number * self.batch)
        finally:
            network.train(training)
        return {"loss": total / max(1, len(self.patches)), **scores.result()}

    def baseline(self) -> dict[str, Any]:
        """Return the scores of what stands there without a network on the same patches, and its loss."""
        kind = self.patches.kind
        return self.judge(_Start(kind.inputs.index(kind.start)))

    def _add(self, scores: Scores, output: Tensor, first: int) -> None:
        physical = (output.numpy().astype(np.float64) - self.scaling.offset) / self.scaling.scale
        for place, image in enumerate(physical):
            scores.add(self.patches.physical(first + place)["reference"], image)


class _Start(nn.Module):
    """Gives one of its inputs back."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def forward(self, *inputs: Tensor) -> Tensor:
        return inputs[self._place]


def margin_of(network: nn.Module, side: int, margin: Optional[int] = None) -> int:
    """Return the pixels to leave out along each side of a patch: the network's halo, at most a quarter of the patch."""
    halo = int(getattr(network, "halo", 0)) if margin is None else margin
    return max(0, min(halo, side // 4))
