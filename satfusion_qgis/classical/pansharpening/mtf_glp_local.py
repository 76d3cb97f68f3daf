"""MTF-GLP with local gain: F_b = M_b + g_b(x) (PAN - P_L).

g_b(x) is the gain of M_b's regression on P_L around each MS pixel. The regression is on the MS grid over a square of
WINDOW_SIZE pixels, and the gains are interpolated like the bands. The noise eps draws the gain to the scene's where the
square has no contrast: g = (cov + eps g_0) / (var + eps). A band whose detail does not follow PAN's (correlation below
0.2) gets the scene's gain everywhere.

Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A. (2002): Context-driven fusion of high spatial and spectral
resolution images based on oversampled multiresolution analysis. IEEE Transactions on Geoscience and Remote Sensing
40(10). 10.1109/TGRS.2002.803623
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import CUBIC_HALO, expand
from .glp import Glp, low_passed_distinct
from .injection import STRIP, centre
from .substitution import listed

EPS = 0.01
DEFAULT_SIZE = 5
# Below this correlation of detail a band's gain regressed around a pixel is chance: it gets the scene's.
UNLIKE = 0.2
_LEAST, _MOST = -1.0, 3.0


class MtfGlpLocal(Glp):
    """Generalised Laplacian pyramid with a gain for each pixel."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        size = int(parameters["WINDOW_SIZE"])
        if size % 2 == 0:
            raise InputError(f"WINDOW_SIZE must be odd, so that it has a middle, not {size}.")
        self._radius = size // 2

    def halo(self) -> dict[str, int]:
        """Return the halo of MS for interpolation of the gains, and of PAN for its low-pass there."""
        beyond = math.ceil(self._radius * max(self.scene.ratio["MS"]))
        return {"MS": CUBIC_HALO + self._radius, "PAN": self._mtf.halo + beyond}

    def global_gains(self, found: dict[str, Any]) -> Array:
        """Return the gains of the regression over the scene."""
        covariance = found["covariance"]
        gains: Array = covariance[:-1, -1] / covariance[-1, -1]
        return gains

    def describe(self, state: State) -> list[str]:
        """Return where gains are local, and the scene's gains."""
        names, found = self.scene.band_names["MS"], state["regression"]
        side = 2 * self._radius + 1
        unlike = [name for name, value in zip(names, found["follows"].correlation) if value < UNLIKE]
        lines = [
            *self._mtf.describe(state, names),
            f"Injection gains regressed over {side} x {side} MS pixels around each; where there is no contrast: "
            f"{listed(names, found['gains'])}",
        ]
        if unlike:
            lines.append(
                f"The detail of {', '.join(unlike)} does not follow PAN's: the scene's gain is taken everywhere"
            )
        return lines

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Find the gains on the MS grid, and interpolate bands, gains and low-passed PAN."""
        bands = np.asarray(blocks["MS"])
        low, places, valid = low_passed_distinct(blocks, window, self._mtf.of_bands(state))
        count = len(bands)
        layers = np.empty((2 * count + len(low), *bands.shape[1:]), np.float32)
        layers[:count] = bands
        layers[2 * count :] = low
        if valid is not None:
            layers[:, ~np.asarray(valid)] = 0
        self._local_gains(layers, places, valid, state["regression"])
        if valid is not None:
            layers[count : 2 * count, ~np.asarray(valid)] = 0
        fine, fine_valid = expand(layers, valid, window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        _inject(fine, count, places, pan, window)
        result = {"OUTPUT": fine[:count]}
        both = combine(fine_valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result

    def _local_gains(self, layers: Array, places: list[int], valid: Optional[Array], found: dict[str, Any]) -> None:
        """Fill the gains of the layers (bands, gains, low-passes), in place."""
        count = len(places)
        mean, variance = found["mean"], np.diag(found["covariance"])
        box = _Box(layers.shape[1:], self._radius, valid)
        pans = layers[2 * count :] - np.float32(mean[-1])
        means = box.mean(pans)
        eps = np.float32(EPS * variance[-1])
        spread = box.mean(pans * pans)
        spread -= means * means
        np.maximum(spread, np.float32(0), out=spread)
        spread += eps
        for band, place in enumerate(places):
            if found["follows"].correlation[band] < UNLIKE:
                layers[count + band] = np.float32(found["gains"][band])
                continue
            own = layers[band] - np.float32(mean[band])
            both = box.mean(np.stack([own, own * pans[place]]))
            gain = both[1]
            gain -= both[0] * means[place]
            gain += eps * np.float32(found["gains"][band])
            gain /= spread[place]
            ratio = math.sqrt(variance[band] / variance[-1])
            np.clip(gain, np.float32(_LEAST * ratio), np.float32(_MOST * ratio), out=layers[count + band])


class _Box:
    """Means over squares, of valid pixels only; at the image's edges the squares are cut.

    Args:
        shape: Rows and columns.
        radius: Half the side, without the middle.
        valid: Where pixels count, or None for everywhere; images are about 0 on the other pixels.
    """

    def __init__(self, shape: tuple[int, ...], radius: int, valid: Optional[Array]) -> None:
        self._radius = radius
        self._valid = np.ones(shape, np.float32) if valid is None else np.asarray(valid).astype(np.float32)
        self._count = np.maximum(self._sum(self._valid[None])[0], np.float32(1))
        self._whole = valid is None

    def _sum(self, images: Array) -> Array:
        return _sums(_sums(images, self._radius, 1), self._radius, 2).astype(np.float32)

    def mean(self, images: Array) -> Array:
        """Return the means around each pixel of (images, rows, columns)."""
        result = self._sum(images if self._whole else images * self._valid)
        result /= self._count
        return result


def _sums(images: Array, radius: int, axis: int) -> Array:
    """Sum over `2 radius + 1` samples along an axis, cut at the ends; float64."""
    size = images.shape[axis]
    running = np.zeros((*images.shape[:axis], size + 1, *images.shape[axis + 1 :]))
    np.cumsum(images, axis=axis, dtype=np.float64, out=running[(slice(None),) * axis + (slice(1, None),)])
    places = np.arange(size)
    above = np.minimum(places + radius + 1, size)
    below = np.maximum(places - radius, 0)
    sums: Array = np.take(running, above, axis) - np.take(running, below, axis)
    return sums


def _inject(fine: Array, count: int, places: list[int], pan: Array, window: Window) -> None:
    """Add gain * (PAN - low) to the bands in place; the layers are bands, gains, low-passes."""
    for top in range(0, fine.shape[1], STRIP):
        window.raise_if_cancelled()
        part = slice(top, top + STRIP)
        for low in fine[2 * count :]:
            np.subtract(pan[part], low[part], out=low[part])
        for band, place in enumerate(places):
            gain = fine[count + band, part]
            gain *= fine[2 * count + place, part]
            fine[band, part] += gain
