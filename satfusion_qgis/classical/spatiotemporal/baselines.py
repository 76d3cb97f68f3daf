"""Baselines that a method must beat: the fine image as it is, interpolated between dates, or moved by the change.

They have no published source: every comparison shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, SceneInfo, State
from ...tasks.window import Window
from .images import CUBIC, coarse_image, fine_image
from .pairs import TARGET, PairMethod, coarse, fine


class Baseline(PairMethod):
    """Base class: weights of the pairs by their days from the target date."""

    def halo(self) -> dict[str, int]:
        """Return the coarse pixels that interpolation needs."""
        return self.halos(0, 0)

    def nearness(self) -> tuple[float, ...]:
        """Return the weight of each pair: linear between the two dates, the same for both without dates."""
        if len(self.pairs) == 1:
            return (1.0,)
        days = [self.scene.days.get(fine(pair), ()) for pair in self.pairs]
        if not all(days):
            return (0.5, 0.5)
        away = [abs(float(item[0])) for item in days]
        total = sum(away)
        return (0.5, 0.5) if total == 0 else (away[1] / total, away[0] / total)

    def blended(self, images: list[tuple[Array, Array]], shares: tuple[float, ...]) -> dict[str, Array]:
        """Return the weighted mean of images where they are valid."""
        weights = [np.float32(share) * valid.astype(np.float32) for share, (_, valid) in zip(shares, images)]
        known = np.logical_or.reduce([valid for _, valid in images])
        # A share of 0 still counts where nothing else is there.
        alone = known & (sum(weights) == 0)
        weights = [np.where(alone & valid, np.float32(1), weight) for weight, (_, valid) in zip(weights, images)]
        total = np.maximum(sum(weights), np.float32(1e-6))
        image = sum(weight * values for weight, (values, _) in zip(weights, images)) / total
        return self.result(np.asarray(image, np.float32), known)


class Copy(Baseline):
    """The fine image of the nearest date."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Copy the nearest fine image; the other one fills its holes."""
        shares = self.nearness()
        order = sorted(range(len(self.pairs)), key=lambda place: (-shares[place], place))
        image, known = fine_image(blocks, fine(self.pairs[order[0]]), window)
        for place in order[1:]:
            other, valid = fine_image(blocks, fine(self.pairs[place]), window)
            image = np.where(known, image, other)
            known = known | valid
        return self.result(image, known)


class Interpolate(Baseline):
    """Linear between the two fine images by date."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        if len(self.pairs) == 1:
            raise InputError("Interpolation between dates needs FINE_2 and COARSE_2, a second pair.")
        days = [scene.days.get(fine(pair), ()) for pair in self.pairs]
        if not all(days):
            raise InputError("Interpolation between dates needs to know them: give DATE_1, TARGET_DATE and DATE_2.")
        if days[0][0] * days[1][0] > 0:
            raise InputError("Interpolation between dates needs a date of COARSE_TARGET between those of the pairs.")

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Interpolate between the dates."""
        return self.blended([fine_image(blocks, fine(pair), window) for pair in self.pairs], self.nearness())


class AddChange(Baseline):
    """The fine image plus the coarse change, interpolated."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Add the cubic interpolated change of the coarse images."""
        after, after_valid = coarse_image(blocks, TARGET, window, CUBIC)
        images: list[tuple[Array, Array]] = []
        for pair in self.pairs:
            image, valid = fine_image(blocks, fine(pair), window)
            before, before_valid = coarse_image(blocks, coarse(pair), window, CUBIC)
            images.append((image + after - before, valid & before_valid & after_valid))
        return self.blended(images, self.nearness())
