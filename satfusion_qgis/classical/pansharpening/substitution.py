"""Component substitution: F_b = M_b + g_b (s PAN + o - I), with the intensity I = w_0 + sum_k w_k M_k.

All of it is linear, so a method is its numbers: what each band gets of PAN, and how the bands are mixed on the coarse
grid before the one interpolation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Window
from .detail import describe_weak, limit
from .injection import LinearInjection
from .mtf import MtfGains
from .regression import regression_pass


class ComponentSubstitution(LinearInjection):
    """Base of GSA, GS, GIHS and PCA: a subclass says what replaces what."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)

    def solve(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return `substituted` (and what `describe` needs) from the moments of the bands and PAN."""
        raise RuntimeError(f"{type(self).__name__} substitutes nothing.")

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass over the MS grid."""
        return (*self._mtf.passes(), regression_pass(self._mtf, self.solve, detail=True))

    def describe(self, state: State) -> list[str]:
        """Return the weights and gains."""
        names, found = self.scene.band_names["MS"], state["regression"]
        return [
            *self._mtf.describe(state, names),
            f"Weights of the intensity: {listed(names, found['weights'])}",
            f"Gains of PAN: {listed(names, found['gains'])}",
            *describe_weak(found["limited"], names),
        ]

    def gains(self, state: State) -> Optional[Array]:
        """Return what each band gets of PAN."""
        gains: Array = state["regression"]["gains"]
        return gains

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return M_b - g_b (I - o) on the MS grid: one small matrix product for all bands."""
        found = state["regression"]
        return mixed(np.asarray(blocks["MS"]), blocks.get("MS_valid"), found["mixing"], found["constant"])


def substituted(
    found: dict[str, Any], gains: Array, weights: Array, intercept: float, scale: float = 1.0
) -> dict[str, Any]:
    """Return gains of PAN, weights, mixing and constant of a substitution.

    Args:
        found: Moments of the bands and PAN.
        gains: g_b.
        weights: w_k.
        intercept: w_0.
        scale: s; the offset o gives PAN the intensity's mean.
    """
    mean = found["mean"]
    limited = limit(gains * scale, found["follows"])
    own = limited.gains / scale if scale else gains * 0
    offset = float(intercept + weights @ mean[:-1] - scale * mean[-1])
    return {
        "weights": weights,
        "gains": limited.gains,
        "limited": limited,
        "mixing": (np.eye(len(own)) - np.outer(own, weights)).astype(np.float32),
        "constant": (own * (offset - intercept)).astype(np.float32),
    }


def mixed(bands: Array, valid: Optional[Array], mixing: Array, constant: Array) -> tuple[Array, Optional[Array]]:
    """Return mixing @ bands + constant, 0 where invalid."""
    result = mixing @ bands.reshape(len(bands), -1)
    result += constant[:, None]
    result = result.reshape(bands.shape)
    if valid is not None:
        result[:, ~np.asarray(valid)] = 0
    return result, valid


def listed(names: Iterable[str], values: Iterable[float]) -> str:
    """Return "name value, name value" for the log."""
    return ", ".join(f"{name} {value:.3g}" for name, value in zip(names, values))


def matched(found: dict[str, Any], variance: float) -> float:
    """Return the scale that gives low-passed PAN a standard deviation, from its square."""
    return float(np.sqrt(max(variance, 0.0) / found["covariance"][-1, -1]))
