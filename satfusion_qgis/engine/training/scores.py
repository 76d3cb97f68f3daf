"""Scores of a network on patches, in physical units, beside those of what stands there without it.

That is plain interpolation (EXP) for pansharpening, the classical estimate that the network is added to for revisits,
and the interpolated change added to the fine image for spatiotemporal fusion.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
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
from ...tasks.patch_set import MASK
from .data import Patches, Scaling
from .losses import Loss

_FEW_STEPS = 5


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

    def add(self, reference: Array, test: Array, valid: Optional[Array] = None) -> None:
        """Take in one patch.

        Args:
            reference: (bands, rows, columns) in physical units.
            test: Same shape.
            valid: bool (rows, columns): pixels that count; None for all.
        """
        cut = self._margin
        inside = np.s_[..., cut : reference.shape[1] - cut, cut : reference.shape[2] - cut]
        reference, test, valid = reference[inside], test[inside], None if valid is None else valid[inside]
        for tile in tiles(reference, test, valid, (reference.shape[1], reference.shape[2]), 0):
            if not tile.pixels:
                continue
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
        masked_loss: Loss with a mask, in place of `loss` where patches have one.
        quick: A network that draws its results draws one, in few steps.
    """

    patches: Patches
    scaling: Scaling
    loss: Loss
    ratio: float
    margin: int = 0
    batch: int = 16
    cancelled: Callable[[], bool] = field(default=lambda: False)
    masked_loss: Optional[Callable[[Tensor, Tensor, Tensor], Tensor]] = None
    quick: bool = True

    def judge(self, network: nn.Module, autocast: Any = contextlib.nullcontext) -> dict[str, Any]:
        """Return the scores of a network, and its mean "loss" over the patches.

        Args:
            network: The network; it is put back into training mode if it was in it.
            autocast: Makes the context of a lower precision.

        Raises:
            Cancelled: The user cancelled.
        """
        device = next(iter(network.parameters()), torch.zeros(0)).device
        inputs, training = self.patches.kind.inputs, network.training

        def estimate(batch: Mapping[str, Tensor]) -> Tensor:
            with autocast():
                found: Tensor = network(*(batch[name].to(device) for name in inputs))
            return found.float().cpu()

        network.eval()
        try:
            with torch.no_grad(), few_draws(network) if self.quick else contextlib.nullcontext():
                return self._judged(estimate)
        finally:
            network.train(training)

    def baseline(self) -> dict[str, Any]:
        """Return the scores of what stands there without a network on the same patches, and its loss."""
        return self._judged(lambda batch: batch[self.patches.kind.start])

    def _judged(self, estimate: Callable[[Mapping[str, Tensor]], Tensor]) -> dict[str, Any]:
        """Return the scores of what is made of each batch."""
        scores, total = Scores(self.patches.bands, self.ratio, self.margin), 0.0
        for number, batch in enumerate(DataLoader(self.patches, self.batch)):
            if self.cancelled():
                raise Cancelled
            output = estimate(batch) * batch["std"] + batch["mean"]
            target = batch["reference"] * batch["std"] + batch["mean"]
            if MASK in batch and self.masked_loss is not None:
                found = self.masked_loss(output, target, batch[MASK])
            else:
                found = self.loss(output, target)
            total += float(found) * len(output)
            self._add(scores, output, number * self.batch)
        return {"loss": total / max(1, len(self.patches)), **scores.result()}

    def _add(self, scores: Scores, output: Tensor, first: int) -> None:
        physical = (output.numpy().astype(np.float64) - self.scaling.offset) / self.scaling.scale
        for place, image in enumerate(physical):
            stored = self.patches.physical(first + place)
            scores.add(stored["reference"], image, stored[MASK][0] != 0 if MASK in stored else None)


@contextlib.contextmanager
def few_draws(network: nn.Module) -> Iterator[None]:
    """Have a network that draws its results draw one, in few steps, for as long as this lasts."""
    if not getattr(network, "stochastic", False):
        yield
        return
    usual = network.samples, network.steps
    network.samples, network.steps = 1, min(_FEW_STEPS, int(network.steps))
    try:
        yield
    finally:
        network.samples, network.steps = usual


def drawing_cost(network: nn.Module) -> float:
    """Return how many times longer a network takes that draws as usual, and not as in `few_draws`."""
    if not getattr(network, "stochastic", False):
        return 1.0
    steps = int(network.steps)
    return float(int(network.samples) * steps / min(_FEW_STEPS, steps))


def margin_of(network: nn.Module, side: int, margin: Optional[int] = None) -> int:
    """Return the pixels to leave out along each side of a patch: the network's halo, at most a quarter of the patch."""
    halo = int(getattr(network, "halo", 0)) if margin is None else margin
    return max(0, min(halo, side // 4))
