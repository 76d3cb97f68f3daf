"""Training the auto-encoder whose features a network's own loss compares, before the network itself.

It learns to give back the fine images of the training patches, of the pairs' dates and of the target's. What it has
learnt lies in the model folder's `training/auto_encoder.ckpt`, with which an interrupted training goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

import lightning
import torch
from torch import Tensor, nn

from ...tasks.patch_set import MASK
from .data import relit, turned
from .recipes import Helpers
from .settings import Settings

_FINE = ("fine_1", "fine_2", "reference")


class AutoEncoderModule(lightning.LightningModule):
    """Trains an auto-encoder on batches of `data.Patches` for spatiotemporal fusion.

    Args:
        helpers: With the auto-encoder.
        settings: How it is trained; the rate goes down by a cosine.
        total: Steps of the whole stage.
        first_step: Steps done before.
        time_used: Fraction of the stage's time that is used up.
        optimiser_state: State of the optimiser from an earlier run.
    """

    def __init__(
        self,
        helpers: Helpers,
        settings: Settings,
        total: int,
        first_step: int = 0,
        time_used: Callable[[], float] = lambda: 0.0,
        optimiser_state: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__()
        self.network = helpers.auto_encoder or nn.Identity()
        self._with, self._settings = helpers, settings
        self._total, self._first_step = total, first_step
        self._time_used, self._optimiser_state = time_used, optimiser_state

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        settings, step = self._settings, self._first_step + batch_idx
        if settings.augment:
            batch = turned(batch, settings.seed, step)
        if settings.levels:
            batch = relit(batch, settings.levels, settings.seed, step)
        found = self.loss_of(batch)
        self.log("train_loss", found.detach())
        return found

    def loss_of(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return how badly the fine images of a batch are given back."""
        published = self._with.published
        if published and self._with.recipe.to_target:
            pairs = [("fine_1", "reference")]
        else:
            pairs = [(name, name) for name in _FINE if name in batch]
        given, wanted = (
            torch.cat([batch[pair[place]] * batch["std"] + batch["mean"] for pair in pairs]) for place in (0, 1)
        )
        mask = torch.cat([batch[MASK]] * len(pairs))
        with torch.autocast(self.device.type, enabled=False):
            output = torch.where(mask > 0, self.network(given), wanted)
            reconstruction = self._with.recipe.reconstruction
            if reconstruction is None:
                return torch.zeros((), device=self.device)
            return reconstruction(output, wanted, published, mask)

    def configure_optimizers(self) -> Any:
        """Return the optimiser and the schedule of its rate."""
        settings = self._settings
        optimiser = torch.optim.Adam(
            self.network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay
        )
        if self._optimiser_state is not None:
            optimiser.load_state_dict({**optimiser.state_dict(), "state": self._optimiser_state})
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, self._factor)
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _factor(self, step: int) -> float:
        step += self._first_step
        share = min(1.0, max(step / self._total, self._time_used()))
        warm = min(1.0, (step + 1) / (self._settings.warm_up_steps + 1))
        return warm * float(0.5 * (1 + torch.cos(torch.tensor(torch.pi * share))))


@dataclass
class Stage:
    """How far the auto-encoder's training is.

    Attributes:
        total: Steps in all.
        step: Steps done.
        done: Whether it has ended, by its steps or its time.
        loss: Loss of the last step.
        optimiser: State of the optimiser, to go on with.
    """

    total: int
    step: int = 0
    done: bool = False
    loss: float = 0.0
    optimiser: Optional[Mapping[str, Any]] = None


class StageWatch(lightning.Callback):
    """Counts the steps of a stage.

    Args:
        stage: How far it is.
        after: Told after each step.
    """

    def __init__(self, stage: Stage, after: Callable[[lightning.Trainer], None]) -> None:
        self._stage, self._after = stage, after

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Count a step."""
        self._stage.step += 1
        self._stage.loss = float(outputs["loss"])
        self._after(trainer)
