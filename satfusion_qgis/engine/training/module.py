"""The training step of a network, its optimiser and its learning rate, for Lightning."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Optional

import lightning
import numpy as np
import torch
from torch import Tensor, nn

from ...tasks.patch_set import KINDS, PANSHARPENING, Kind
from .data import fewer_frames, levelled, noisy, turned
from .losses import loss
from .settings import Settings

_CHANCE = 8


class TrainingModule(lightning.LightningModule):
    """Trains a network on batches of `data.Patches`.

    Args:
        network: The network.
        settings: How it is trained.
        bands: Number of MS bands.
        steps_per_epoch: Steps in which every patch is seen once.
        first_step: Steps done before, in an earlier run.
        time_used: Fraction of the time limit that is used up; 0 where there is none.
        optimiser_states: States of the optimisers from an earlier run; none for a new one.
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
        optimiser_states: Sequence[Mapping[str, Any]] = (),
        kind: Kind = KINDS[PANSHARPENING],
    ) -> None:
        super().__init__()
        self.network = network
        self.failed: Optional[int] = None
        self._settings = settings
        self._bands = bands
        self._steps_per_epoch = steps_per_epoch
        self._first_step = first_step
        self._time_used = time_used
        self._optimiser_states = optimiser_states
        self._kind = kind

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Optional[Tensor]:
        """Return the loss of a batch; None, and the training ends, where it is no number."""
        step = self._first_step + batch_idx
        self.settle(step)
        found = self.loss_of(batch, step)
        if not self.is_finite(found, step):
            return None
        self.log("train_loss", found)
        return found

    def loss_of(self, batch: dict[str, Tensor], step: int) -> Tensor:
        """Return the loss of a batch at a step."""
        settings = self._settings
        if settings.augment:
            batch = turned(batch, settings.seed, step)
        if settings.fewer_revisits and "revisits" in batch:
            least = int(getattr(self.network, "fewest_frames", 1))
            batch = fewer_frames(batch, settings.seed, step, least)
        if settings.pan_noise and "pan" in batch:
            batch = noisy(batch, settings.pan_noise, settings.seed, step)
        gain, offset = 1.0, 0.0
        if settings.levels:
            batch, gain, offset = levelled(batch, settings.levels, settings.seed, step)
        batch = self._laid_out(batch)
        output = (self.network(*(batch[name] for name in self._kind.inputs)).float() - offset) / gain
        wanted = batch["reference"] * batch["std"] + batch["mean"]
        return loss(settings.loss)(output * batch["std"] + batch["mean"], wanted)

    def is_finite(self, found: Tensor, step: int) -> bool:
        """Tell whether a loss is a number; where it is not, the training ends."""
        if bool(torch.isfinite(found)):
            return True
        self.failed = step
        self.trainer.should_stop = True
        return False

    def helpers(self) -> dict[str, nn.Module]:
        """Return what is trained beside the network, and is needed to go on later."""
        return {}

    def configure_optimizers(self) -> Any:
        """Return the optimiser and the schedule of its rate."""
        rate = self._rate()
        return self._optimiser(self._groups(rate), rate, 0)

    def _rate(self) -> float:
        return self._settings.learning_rate * (self._bands if self._settings.rate_per_band else 1)

    def _optimiser(self, groups: Iterable[Any], rate: float, place: int) -> dict[str, Any]:
        """Return an optimiser and its schedule; `place` is its place among the states of an earlier run."""
        settings = self._settings
        optimiser: torch.optim.Optimizer
        if settings.optimiser == "sgd":
            optimiser = torch.optim.SGD(groups, rate, settings.momentum, weight_decay=settings.weight_decay)
        elif settings.optimiser == "adamw":
            optimiser = torch.optim.AdamW(groups, rate, weight_decay=settings.weight_decay)
        else:
            optimiser = torch.optim.Adam(groups, rate, weight_decay=settings.weight_decay)
        if place < len(self._optimiser_states):
            fresh = optimiser.state_dict()
            optimiser.load_state_dict({**fresh, "state": self._optimiser_states[place]})
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: self.factor(self._first_step + step))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _laid_out(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return a batch with its images' bands innermost where that is wanted."""
        if not self._settings.channels_last:
            return batch
        return {**batch, **{name: _innermost(batch[name]) for name in self._kind.inputs if batch[name].ndim == 4}}

    def factor(self, step: int) -> float:
        """Return the factor on the learning rate at a step."""
        settings = self._settings
        epoch = int(step / self._steps_per_epoch)
        least = settings.lowest_rate / self._rate()
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

    def settle(self, step: int) -> None:
        """Settle by the seed what a step leaves to chance, so that a resumed training goes on as it would have.

        Networks that change while they are trained are told in which epoch they are.
        """
        torch.manual_seed(int(np.random.default_rng([self._settings.seed, _CHANCE, step]).integers(1 << 62)))
        tell = getattr(self.network, "set_epoch", None)
        if tell is not None:
            tell(int(step / self._steps_per_epoch))


def _innermost(images: Tensor) -> Tensor:
    return images.contiguous(memory_format=torch.channels_last)


def _cosine(share: float, least: float) -> float:
    return least + (1 - least) * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
