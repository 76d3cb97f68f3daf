"""Sharpening by several fine bands, such as Sentinel-2's bands of 10 m for those of 20 and 60 m.

Each MS band gets a PAN of its own: the mixture of the fine bands, low-passed with the MTF, whose detail on the MS grid
best explains the band's (least squares), brought to the band's mean. Regressing the detail that is injected is better
than regressing the images, with weights free or of 0 or more (measured from 40 to 20 m). The method then sees two
coarse bands: the band itself, and its PAN low-passed, so that an intensity of the coarse bands covers what PAN sees.

Selva, M., Aiazzi, B., Butera, F., Chiarantini, L., Baronti, S. (2015): Hyper-sharpening: a first approach on SIM-GA
data. IEEE Journal of Selected Topics in Applied Earth Observations and Remote Sensing 8(6). 10.1109/JSTARS.2015.2440092
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Implementation, Pass, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Window
from ..resampling import LEAST_SHARE, low_pass
from .mtf import ESTIMATE, MtfGains
from .regression import regression_pass, solve_normal
from .substitution import listed

_STEP = "fine_bands"
_DEFAULTS = {"SENSOR": "default", "MTF_GAINS": ""}


class FineBands(Implementation):
    """Runs a method once for each MS band, with the band's own mixture of the fine bands as PAN.

    Args:
        made: Makes the method's implementation.
        parameters: Its parameters.
        scene: What is known of the scene.
    """

    def __init__(
        self,
        made: Callable[[Mapping[str, Any], SceneInfo], Implementation],
        parameters: Mapping[str, Any],
        scene: SceneInfo,
    ) -> None:
        super().__init__(parameters, scene)
        if parameters.get("WEIGHTS"):
            raise InputError("WEIGHTS cannot be given where PAN has several bands; leave it empty, or choose one band.")
        self._mtf = MtfGains({**_DEFAULTS, **parameters, **_not_estimated(parameters)}, scene)
        self._bands = scene.bands["MS"]
        self._gains = self._mtf.of_bands({})
        self._inner = [
            made(_of_band(parameters, band, self._bands, self._gains[band]), _scene_of_band(scene, band))
            for band in range(self._bands)
        ]

    def halo(self) -> dict[str, int]:
        """Return the method's halo, and what fills the MS block with low-passed PAN."""
        return self._wider(inner.halo() for inner in self._inner)

    def _wider(self, halos: Iterable[Mapping[str, int]]) -> dict[str, int]:
        """Return the widest of some halos, and at least what fills the MS block with low-passed PAN."""
        every = list(halos)
        coarse, fine = (max(halo.get(role, 0) for halo in every) for role in ("MS", "PAN"))
        filling = self._mtf.halo + math.ceil(coarse * max(self.scene.ratio["MS"]))
        return {"MS": coarse, "PAN": max(fine, filling)}

    def passes(self) -> tuple[Pass, ...]:
        """Return the regression of the bands on the fine bands, and the method's passes for all bands at once."""
        mixing = replace(regression_pass(self._mtf, self._mixtures, detail=True), name=_STEP)
        return (mixing, *self._for_each())

    def describe(self, state: State) -> list[str]:
        """Return each band's mixture, and what the method says of it."""
        fine, lines = self.scene.band_names["PAN"], []
        found = state[_STEP]
        for band, name in enumerate(self.scene.band_names["MS"]):
            lines.append(
                f"{name}: sharpened by its own mixture of PAN's bands, {listed(fine, found['weights'][band])} "
                f"(correlation {found['correlation'][band]:.3f})"
            )
            lines += [f"{name}: {line}" for line in self._inner[band].describe(self._state(state, band))]
        return lines

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Fuse each band with its own PAN."""
        fused = np.empty((self._bands, window.rows, window.columns), np.float32)
        valid: Optional[Array] = None
        for band in range(self._bands):
            window.raise_if_cancelled()
            own = self._blocks(blocks, state, band, window)
            result = self._inner[band].fuse(own, self._state(state, band), window)
            fused[band] = result["OUTPUT"][0]
            valid = combine(valid, result.get("OUTPUT_valid"))
        return {"OUTPUT": fused} if valid is None else {"OUTPUT": fused, "OUTPUT_valid": valid}

    def _mixtures(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return weights (bands, fine bands), intercepts, and how each mixture correlates with its band."""
        mean, covariance, count = found["mean"], found["covariance"], self._bands
        detail = covariance if found["detail"] is None else found["detail"]["covariance"]
        weights = np.stack([solve_normal(detail[count:, count:], right) for right in detail[count:, :count].T])
        shared = np.sum(weights.T * covariance[count:, :count], axis=0)
        spread = np.sum(weights.T * (covariance[count:, count:] @ weights.T), axis=0) * np.diag(covariance)[:count]
        return {
            "weights": weights,
            "intercepts": mean[:count] - weights @ mean[count:],
            "correlation": np.where(spread > 0, shared / np.sqrt(np.where(spread > 0, spread, 1)), 0.0),
        }

    def _for_each(self) -> list[Pass]:
        """Return the passes that do the method's passes for every band."""
        return [self._together(several) for several in zip(*(inner.passes() for inner in self._inner))]

    def _together(self, several: tuple[Pass, ...]) -> Pass:
        def add(blocks: Blocks, window: Window, state: State) -> list[Any]:
            return [
                one.add(self._blocks(blocks, state, band, window), window, self._state(state, band))
                for band, one in enumerate(several)
            ]

        def merge(first: list[Any], second: list[Any]) -> list[Any]:
            return [
                b if a is None else a if b is None else one.merge(a, b) for one, a, b in zip(several, first, second)
            ]

        def finish(sums: Optional[list[Any]], state: State) -> list[Any]:
            own = sums or [None] * self._bands
            return [one.finish(own[band], self._state(state, band)) for band, one in enumerate(several)]

        return Pass(several[0].name, ("MS", "PAN"), self._wider(one.halo for one in several), add, merge, finish)

    @staticmethod
    def _state(state: State, band: int) -> State:
        """Return what the method's passes found for one band."""
        return {name: found[band] for name, found in state.items() if name != _STEP}

    def _blocks(self, blocks: Blocks, state: State, band: int, window: Window) -> dict[str, Any]:
        """Return one band with its own PAN, and beside it that PAN low-passed."""
        own = dict(blocks)
        fine, found = np.asarray(blocks["PAN"]), state[_STEP]
        weights = found["weights"][band].astype(np.float32)
        pan = (weights @ fine.reshape(len(fine), -1)).reshape(1, *fine.shape[1:])
        pan += np.float32(found["intercepts"][band])
        if blocks.get("PAN_valid") is not None:
            pan[:, ~np.asarray(blocks["PAN_valid"])] = 0
        block = window.block("MS")
        part = (block.row, block.row + block.rows, block.column, block.column + block.columns)
        low, share = low_pass(pan, blocks.get("PAN_valid"), window.block("PAN"), block, part, self._gains[band])
        valid = blocks.get("MS_valid")
        if share is not None:
            valid = combine(valid, share > LEAST_SHARE)
        coarse = np.concatenate([np.asarray(blocks["MS"])[band : band + 1], low])
        if valid is not None:
            coarse[:, ~np.asarray(valid)] = 0
        own.update({"PAN": pan, "MS": coarse, "MS_valid": valid})
        return own


def _scene_of_band(scene: SceneInfo, band: int) -> SceneInfo:
    """Return the scene as the method sees it for one band."""
    names = (scene.band_names["MS"][band], "its PAN")
    return replace(
        scene,
        bands={**scene.bands, "MS": 2, "PAN": 1},
        band_names={**scene.band_names, "MS": names, "PAN": ("PAN",)},
        wavelengths_nm={role: known for role, known in scene.wavelengths_nm.items() if role not in ("MS", "PAN")},
    )


def _of_band(parameters: Mapping[str, Any], band: int, bands: int, gain: float) -> dict[str, Any]:
    """Return the parameters for one band: of those that hold a number for each band, its own."""
    own = dict(parameters)
    if "MTF_GAINS" in own and not _not_estimated(parameters):
        own["MTF_GAINS"] = f"{gain!r}"
    haze = [part for part in str(own.get("HAZE", "")).replace(";", ",").split(",") if part.strip()]
    if len(haze) == bands and bands > 1:
        own["HAZE"] = haze[band]
    return own


def _not_estimated(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the sensor's gains for the mixtures where the method estimates its own from them."""
    estimated = str(parameters.get("MTF_GAINS", "")).strip().lower() == ESTIMATE
    return {"MTF_GAINS": ""} if estimated else {}
