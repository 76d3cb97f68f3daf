"""The training step of a network, its optimiser and its learning rate, for Lightning."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Optional

import lightning
import torch
from torch import Tensor, nn

from ...tasks.patch_set import KINDS, PANSHARPENING, Kind
from .data import fewer_frames, levelled, noisy, turned
from .losses import loss
from .settings import Settings


class TrainingModule(lightning.LightningModule):
    """Trains a network on batches of `data.Patches`.

    Args:
        network: The network.
        settings: How it is trained.
        bands: Number of MS bands.
        steps_per_epoch: Steps in which every patch is seen once.
        first_step: Steps done before, in an earlier run.
        time_used: Fraction of the time limit that is used up; 0 where there is none.
        optimiser_state: State of the optimiser from an earlier run.
        kind: What the patches hold, and what the network takes of it.

    Attributes:
        failed: Step whose loss was no number, or None.
    """

    def __init__(
        self,
        network: nn.Module,
        settings: Settings,
        bands: int,
        steps_per_epoch: float,
        first_step: int = 0,
        time_used: Callable[[], float] = lambda: 0.0,
        optimiser_state: Optional[Mapping[str, Any]] = None,
        kind: Kind = KINDS[PANSHARPENING],
    ) -> None:
        super().__init__()
        self.network = network
        self.failed: Optional[int] = None
        self._settings = settings
        self._loss = loss(settings.loss)
        self._bands = bands
        self._steps_per_epoch = steps_per_epoch
        self._first_step = first_step
        self._time_used = time_used
        self._optimiser_state = optimiser_state
        self._kind = kind

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Optional[Tensor]:
        """Return the loss of a batch; None, and the training ends, where it is no number."""
        step = self._first_step + batch_idx
        self._tell_epoch(step)
        if self._settings.augment:
            batch = turned(batch, self._settings.seed, step)
        if self._settings.fewer_revisits and "revisits" in batch:
            least = int(getattr(self.network, "fewest_frames", 1))
            batch = fewer_frames(batch, self._settings.seed, step, least)
        if self._settings.pan_noise and "pan" in batch:
            batch = noisy(batch, self._settings.pan_noise, self._settings.seed, step)
        gain, offset = 1.0, 0.0
        if self._settings.levels:
            batch, gain, offset = levelled(batch, self._settings.levels, self._settings.seed, step)
        if self._settings.channels_last:
            batch = {**batch, **{name: _innermost(batch[name]) for name in self._kind.inputs if batch[name].ndim == 4}}
        output = (self.network(*(batch[name] for name in self._kind.inputs)).float() - offset) / gain
        found = self._loss(output * batch["std"] + batch["mean"], batch["reference"] * batch["std"] + batch["mean"])
        if not bool(torch.isfinite(found)):
            self.failed = step
            self.trainer.should_stop = True
            return None
        self.log("train_loss", found)
        return found

    def configure_optimizers(self) -> Any:
        """Return the optimiser and the schedule of its rate."""
        settings = self._settings
        rate = settings.learning_rate * (self._bands if settings.rate_per_band else 1)
        groups = self._groups(rate)
        optimiser: torch.optim.Optimizer
        if settings.optimiser == "sgd":
            optimiser = torch.optim.SGD(groups, rate, settings.momentum, weight_decay=settings.weight_decay)
        elif settings.optimiser == "adamw":
            optimiser = torch.optim.AdamW(groups, rate, weight_decay=settings.weight_decay)
        else:
            optimiser = torch.optim.Adam(groups, rate, weight_decay=settings.weight_decay)
        if self._optimiser_state is not None:
            fresh = optimiser.state_dict()
            optimiser.load_state_dict({**fresh, "state": self._optimiser_state})
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: self.factor(self._first_step + step))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def factor(self, step: int) -> float:
        """Return the factor on the learning rate at a step."""
        settings = self._settings
        epoch = int(step / self._steps_per_epoch)
        rate = settings.learning_rate * (self._bands if settings.rate_per_band else 1)
        least = settings.lowest_rate / rate
        factor = 1.0
        if settings.schedule == "step":
            factor = settings.step_factor ** (epoch // max(1, settings.step_epochs))
        elif settings.schedule == "restarts":
            factor = _cosine(epoch % settings.restart_epochs / settings.restart_epochs, least)
        elif settings.schedule == "cosine":
            total = settings.steps or settings.epochs * self._steps_per_epoch
            factor = _cosine(max(step / total, self._time_used()), least)
        return factor * min(1.0, (step + 1) / (settings.warm_up_steps + 1))

    def _groups(self, rate: float) -> list[dict[str, Any]]:
        """Return all parameters, those of the last layer with a rate of their own where one is wanted."""
        factor = self._settings.last_layer_factor
        named = list(self.network.named_parameters())
        if factor == 1.0 or not named:
            return [{"params": [parameter for _, parameter in named]}]
        last = named[-1][0].rpartition(".")[0]
        own = [parameter for name, parameter in named if name.rpartition(".")[0] == last]
        others = [parameter for name, parameter in named if name.rpartition(".")[0] != last]
        return [{"params": others}, {"params": own, "lr": rate * factor}]

    def _tell_epoch(self, step: int) -> None:
        """Tell networks that change while they are trained in which epoch they are."""
        tell = getattr(self.network, "set_epoch", None)
        if tell is not None:
            tell(int(step / self._steps_per_epoch))


def _innermost(images: Tensor) -> Tensor:
    return images.contiguous(memory_format=torch.channels_last)


def _cosine(share: float, least: float) -> float:
    return least + (1 - least) * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
