"""GS, Gram-Schmidt (mode 1): F_b = M_b + g_b (P' - I), I the mean of the bands, g_b = cov(M_b, I) / var(I).

The gains are those of the interpolated bands, at full scale. P' is PAN with the mean and the standard deviation of the
intensity; these statistics, PAN's too (low-passed with the MTF), are taken on the MS grid. The bands keep their means.

Laben, C. A., Brower, B. V. (2000): Process for enhancing the spatial resolution of multispectral imagery using
pan-sharpening. US patent 6011875. As a formula: Aiazzi et al. 2007, 10.1109/TGRS.2007.901007
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand
from .full_scale import full_scale_covariance, full_scale_sums
from .injection import centre
from .regression import Sums, check_pan, regression_pass
from .substitution import ComponentSubstitution, matched, substituted

_Both = tuple[Optional[Sums], Optional[Array]]


class Gs(ComponentSubstitution):
    """Gram-Schmidt with the mean of the bands as intensity."""

    def passes(self) -> tuple[Pass, ...]:
        """Return one pass that sums on the MS grid and at full scale."""
        regression = regression_pass(self._mtf, dict, detail=True)

        def add(blocks: Blocks, window: Window, state: State) -> _Both:
            return regression.add(blocks, window, state), _bands_on_intensity(blocks, window)

        def merge(one: _Both, other: _Both) -> _Both:
            return _joined(regression.merge, one[0], other[0]), _joined(np.add, one[1], other[1])

        def finish(both: Optional[_Both], state: State) -> dict[str, Any]:
            plain, full = both or (None, None)
            return _substituted(regression.finish(plain, state), full)

        halo = {**regression.halo, "MS": max(CUBIC_HALO, regression.halo["MS"])}
        one_pass = replace(regression, halo=halo, add=add, merge=merge, finish=finish)
        return (*self._mtf.passes(), one_pass)


def _joined(merge: Any, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return merge(one, other)


def _bands_on_intensity(blocks: Blocks, window: Window) -> Optional[Array]:
    """Sum the interpolated bands against their mean, over the valid pixels of the window."""
    bands, valid = np.asarray(blocks["MS"]), blocks.get("MS_valid")
    intensity = bands.mean(axis=0, keepdims=True, dtype=np.float32)
    fine, fine_valid = expand(intensity, valid, window.block("MS"), window)
    return full_scale_sums(bands, valid, fine[0], combine(fine_valid, centre(blocks, window)[1]), window)


def _substituted(found: dict[str, Any], sums: Optional[Array]) -> dict[str, Any]:
    """Regress each band on the mean of all."""
    check_pan(found)
    within = found["covariance"][:-1, :-1]
    count = len(within)
    weights = np.full(count, 1 / count)
    gains = np.zeros(count)
    if sums is not None:
        mean = float(sums[0, 2] / sums[0, 4])
        variance = float(sums[0, 3] / sums[0, 4]) - mean * mean
        if variance > 1e-10 * mean * mean:
            gains = full_scale_covariance(sums) / variance
    return substituted(found, gains, weights, 0.0, matched(found, float(weights @ within @ weights)))
