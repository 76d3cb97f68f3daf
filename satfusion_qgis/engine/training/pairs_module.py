"""The training step of a network for spatiotemporal fusion: one optimiser, or one for a discriminator as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import torch
from torch import Tensor, nn

from ...tasks.patch_set import MASK
from . import spatiotemporal_losses as losses
from .data import exchanged, relit, turned
from .module import TrainingModule
from .recipes import Compared, Helpers, composed, scores

_NOISE = 7  # tells the noise of a diffusion from what else is drawn by seed and step


class PairsModule(TrainingModule):
    """Trains a network on batches of `data.Patches` for spatiotemporal fusion.

    With a discriminator, each step first teaches that to tell the estimates from the real images, and then the network
    to be taken for real, at the same estimates. Pixels that are masked have no influence: networks see them filled from
    their surroundings, and estimates are given the target's values there before anything looks at them.

    Args:
        helpers: What the network is trained with; the auto-encoder is trained already.
        arguments: As those of `TrainingModule`, by keyword.
    """

    def __init__(self, helpers: Helpers, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._with = helpers
        self.auto_encoder = helpers.auto_encoder
        self.discriminator = helpers.discriminator
        if self.auto_encoder is not None:
            self.auto_encoder.requires_grad_(False)
        if helpers.published:
            for part in helpers.recipe.still:
                self.network.get_submodule(part).requires_grad_(False)
        self.automatic_optimization = self.discriminator is None

    def helpers(self) -> dict[str, nn.Module]:
        """Return the discriminator, where there is one."""
        return {} if self.discriminator is None else {"discriminator": self.discriminator}

    def configure_optimizers(self) -> Any:
        """Return the network's optimiser, and that of the discriminator."""
        own = super().configure_optimizers()
        if self.discriminator is None:
            return own
        rate = self._rate() * self._settings.discriminator_factor
        return [own, self._optimiser(self.discriminator.parameters(), rate, 1)]

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Optional[Tensor]:
        """Return the loss of a batch; None, and the training ends, where it is no number."""
        if self.discriminator is None:
            return super().training_step(batch, batch_idx)
        step = self._first_step + batch_idx
        self.settle(step)
        batch = self.prepared(batch, step)
        found = self.compared(batch, step)
        of_network, of_judge = self.optimizers()
        judging = self._judging(found[0], batch)
        if not self.is_finite(judging, step):
            return None
        self._learn(of_judge, judging)
        self.discriminator.requires_grad_(False)
        content = self._content(found)
        deceiving = self._deceiving(found[0], batch)
        self.discriminator.requires_grad_(True)
        whole = content + self._with.recipe.weight * deceiving
        if not self.is_finite(whole, step):
            return None
        self._learn(of_network, whole)
        for schedule in self.lr_schedulers():
            schedule.step()
        for name, value in (("train_loss", whole), ("content", content), ("discriminator_loss", judging)):
            self.log(name, value.detach())
        return whole.detach()

    def loss_of(self, batch: dict[str, Tensor], step: int) -> Tensor:
        """Return the loss of a batch at a step, without that of deceiving a discriminator."""
        batch = self.prepared(batch, step)
        if self._with.recipe.content is not None:
            return self._content(self.compared(batch, step))
        seed = np.random.default_rng([self._settings.seed, _NOISE, step]).integers(1 << 62)
        generator = torch.Generator().manual_seed(int(seed))
        images = (batch[name] for name in ("reference", *self._kind.inputs[:3]))
        found: Tensor = self.network.loss(*images, generator=generator, mask=batch[MASK])
        return found

    def prepared(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        """Return a batch as the network gets it: turned, its dates exchanged, in another light."""
        settings = self._settings
        if settings.augment:
            batch = turned(batch, settings.seed, step)
        if settings.exchange:
            batch = exchanged(batch, settings.seed, step, getattr(self.network, "pairs", 1) == 1)
        if settings.levels:
            batch = relit(batch, settings.levels, settings.seed, step)
        return self._laid_out(batch)

    def compared(self, batch: Mapping[str, Tensor], step: int) -> list[Compared]:
        """Return what the loss looks at: the network's estimate, or one from each pair where it is trained so."""
        images = [batch[name] for name in self._kind.inputs]
        several = getattr(self.network, "by_pair", None)
        two = getattr(self.network, "with_coarse_branch", None)
        other: Optional[Tensor] = None
        if several is not None and self.network.pairs == 2:
            outputs = list(several(*images))
        elif two is not None:
            output, coarse = two(images[0], images[2])
            outputs, other = [output], composed(coarse, batch)[0]
        else:
            outputs = [self.network(*images)]
        return [
            Compared(
                *composed(output, batch),
                self._with.published,
                None if self.auto_encoder is None else self.auto_encoder.features,
                other,
                int(step / self._steps_per_epoch),
                self._with.levels,
                self._with.red_and_nir,
            )
            for output in outputs
        ]

    def _content(self, found: list[Compared]) -> Tensor:
        content = self._with.recipe.content
        with self._in_full():
            return torch.stack([content(one) for one in found if content is not None]).mean()

    def _judging(self, found: Compared, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the discriminator's loss."""
        with self._in_full():
            real, mask = self._scores(found.target, batch)
            return losses.discriminating(real, self._scores(found.output.detach(), batch)[0], mask)

    def _deceiving(self, found: Compared, batch: Mapping[str, Tensor]) -> Tensor:
        with self._in_full():
            return losses.deceiving(*self._scores(found.output, batch))

    def _scores(self, image: Tensor, batch: Mapping[str, Tensor]) -> tuple[Tensor, Optional[Tensor]]:
        """Return scores of an image beside the target's coarse one, both scaled, and the mask that they count by."""
        seen = "coarse_target"
        if self._with.published and getattr(self.network, "reads_reference_coarse", False):
            seen = "coarse_1"
        return scores(self._with, image, batch[seen] * batch["std"] + batch["mean"], batch[MASK])

    def _learn(self, optimiser: Any, loss: Tensor) -> None:
        optimiser.zero_grad()
        self.manual_backward(loss)
        if self._settings.gradient_clip:
            self.clip_gradients(optimiser, self._settings.gradient_clip, "norm")
        optimiser.step()

    def _in_full(self) -> Any:
        """Return a context of full precision: structure and scores suffer from a lower one."""
        return torch.autocast(self.device.type, enabled=False)
