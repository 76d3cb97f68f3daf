"""BDSD, band-dependent spatial detail: F_b = M_b + sum_k c_bk M_k + c_bP PAN.

The coefficients are those that best give back, one scale up, what a low-pass takes from the bands: least squares of M_b
- X_b on (X_1 .. X_N, P_d) on the MS grid, X_k being M_k low-passed with the MTF, and P_d PAN low-passed with its own
MTF at the MS Nyquist frequency. MODE pc keeps c_bP >= 0 and c_bk <= 0. MODE local finds the coefficients in blocks and
interpolates them between the blocks' middles; a block with few valid pixels takes the scene's. Free coefficients are
held together by a ridge of 1e-5.

Garzelli, A., Nencini, F., Capobianco, L. (2008): Optimal MMSE pan sharpening of very high resolution multispectral
images. IEEE Transactions on Geoscience and Remote Sensing 46(1). 10.1109/TGRS.2007.907604
Vivone, G. (2019): Robust band-dependent spatial-detail approaches for panchromatic sharpening. IEEE Transactions on
Geoscience and Remote Sensing 57(9). 10.1109/TGRS.2019.2906073
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.sensors import sensor
from ...tasks.validity import combine
from ...tasks.window import BlockWindow, Window
from ..resampling import expand, low_pass, low_pass_halo
from .detail import smoothed
from .injection import STRIP, LinearInjection, centre
from .mtf import CLEAN_SHARE, MtfGains
from .regression import enough, nonnegative_solve, products, solve_normal
from .substitution import listed, mixed

GLOBAL, LOCAL, CONSTRAINED = "global", "local", "pc"
_PIXELS_PER_UNKNOWN = 10
# Bands that are nearly alike would get large coefficients of opposite signs; those of small blocks most.
_RIDGE = 1e-5
_Sums = dict[tuple[int, int], Array]


class Bdsd(LinearInjection):
    """Band-dependent spatial detail, over the scene or in blocks."""

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._mtf = MtfGains(parameters, scene)
        self._mode = str(parameters["MODE"])
        self._pan_gain = sensor(parameters["SENSOR"]).pan_gain
        self._block = int(parameters["BLOCK"])

    def passes(self) -> tuple[Pass, ...]:
        """Return the regression one scale up."""
        halo = {"MS": self._mtf.detail_halo, "PAN": low_pass_halo(max(self.scene.ratio["MS"]), self._pan_gain)}
        return (*self._mtf.passes(), Pass("bdsd", ("MS", "PAN"), halo, self._add, _merged, self._finish))

    def describe(self, state: State) -> list[str]:
        """Return the coefficients of PAN."""
        names, found = self.scene.band_names["MS"], state["bdsd"]
        lines = [
            *self._mtf.describe(state, names),
            f"Coefficients of PAN: {listed(names, found['coefficients'][:, -1])}",
        ]
        if self._mode == LOCAL:
            rows, columns = found["local"].shape[2:]
            lines.append(f"Local coefficients in {columns} x {rows} blocks of {self._block} MS pixels")
        return lines

    def gains(self, state: State) -> Optional[Array]:
        """Return c_bP."""
        gains: Array = state["bdsd"]["coefficients"][:, -1]
        return gains

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return M_b + sum_k c_bk M_k on the MS grid."""
        coefficients = state["bdsd"]["coefficients"]
        mixing = (np.eye(len(coefficients)) + coefficients[:, :-1]).astype(np.float32)
        zero = np.zeros(len(coefficients), np.float32)
        return mixed(np.asarray(blocks["MS"]), blocks.get("MS_valid"), mixing, zero)

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Add the detail, with the scene's or with local coefficients."""
        if self._mode != LOCAL:
            return super().fuse(blocks, state, window)
        bands, valid = np.asarray(blocks["MS"]), blocks.get("MS_valid")
        count = len(bands)
        layers = self._local_layers(bands, state["bdsd"]["local"], window.block("MS"))
        if valid is not None:
            layers[:, ~np.asarray(valid)] = 0
        fine, fine_valid = expand(layers, valid, window.block("MS"), window)
        pan, pan_valid = centre(blocks, window)
        for top in range(0, window.rows, STRIP):
            window.raise_if_cancelled()
            part = slice(top, top + STRIP)
            for band, gain in zip(fine[:count], fine[count:]):
                gain[part] *= pan[part]
                band[part] += gain[part]
        result = {"OUTPUT": fine[:count]}
        both = combine(fine_valid, pan_valid)
        if both is not None:
            result["OUTPUT_valid"] = both
        return result

    def _local_layers(self, bands: Array, local: Array, block: BlockWindow) -> Array:
        """Return M_b + sum_k c_bk M_k, then c_bP, on the MS block, the coefficients interpolated."""
        down = _between(block.row, block.rows, local.shape[2], self._block)
        across = _between(block.column, block.columns, local.shape[3], self._block)
        count = len(bands)
        layers = np.empty((2 * count, *bands.shape[1:]), np.float32)
        for band in range(count):
            own = np.matmul(np.matmul(down, local[band]), across.T)
            np.einsum("kij,kij->ij", own[:-1], bands, out=layers[band])
            layers[band] += bands[band]
            layers[count + band] = own[-1]
        return layers

    def _add(self, blocks: Blocks, window: Window, state: State) -> Optional[_Sums]:
        """Sum the products of (1, X, P_d, M - X) over the MS pixels that the window owns, in each block."""
        block = window.block("MS")
        top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
        left, right = block.column_axis.owned(window.column, window.column + window.columns)
        if bottom <= top or right <= left:
            return None
        part = (top, bottom, left, right)
        pan, share = low_pass(blocks["PAN"], blocks.get("PAN_valid"), window.block("PAN"), block, part, self._pan_gain)
        inside = np.s_[:, top - block.row : bottom - block.row, left - block.column : right - block.column]
        bands, valid = np.asarray(blocks["MS"]), blocks.get("MS_valid")
        gain = float(np.mean(self._mtf.of_bands(state)))
        smooth, known = smoothed(bands, valid, block, gain)
        own = smooth[inside]
        images = np.concatenate([own, pan, bands[inside] - own])
        use = None if valid is None or known is None else (np.asarray(valid) & known)[inside[1:]]
        if share is not None:
            use = combine(use, share > CLEAN_SHARE)
        side = self._block if self._mode == LOCAL else 1 << 40
        sums = {}
        for row in range(top // side, (bottom - 1) // side + 1):
            for column in range(left // side, (right - 1) // side + 1):
                within = (_within(row, side, top, bottom), _within(column, side, left, right))
                chosen = None if use is None else use[within]
                sums[row, column] = products(images[:, within[0], within[1]], chosen)
        return sums

    def _finish(self, sums: Optional[_Sums], state: State) -> dict[str, Any]:
        total = np.sum(list(sums.values()), axis=0) if sums else None
        if total is None or not enough(total):
            raise InputError("MS and PAN have no valid pixel in common.")
        whole = self._solve(total)
        found: dict[str, Any] = {"coefficients": whole}
        if self._mode == LOCAL and sums:
            found["local"] = self._solve_blocks(sums, whole)
        return found

    def _solve_blocks(self, sums: _Sums, whole: Array) -> Array:
        """Return the coefficients, (bands, bands + 1, block rows, block columns) float32."""
        rows, columns = (max(key[axis] for key in sums) + 1 for axis in (0, 1))
        local = np.empty((*whole.shape, rows, columns), np.float32)
        least = _PIXELS_PER_UNKNOWN * whole.shape[1]
        for row in range(rows):
            for column in range(columns):
                own = sums.get((row, column))
                local[:, :, row, column] = self._solve(own) if own is not None and own[0, 0] >= least else whole
        return local

    def _solve(self, sums: Array) -> Array:
        """Return the coefficients (bands, bands + 1) of one block's sums."""
        unknowns = self.scene.bands["MS"] + 1
        within, across = sums[1 : unknowns + 1, 1 : unknowns + 1], sums[1 : unknowns + 1, unknowns + 1 :]
        if within[-1, -1] <= 0:
            return np.zeros((unknowns - 1, unknowns))
        if self._mode != CONSTRAINED:
            steadied = within + _RIDGE * np.diag(np.diag(within))
            return np.stack([solve_normal(steadied, right) for right in across.T])
        signs = np.array([-1.0] * (unknowns - 1) + [1.0])
        flipped = within * np.outer(signs, signs)
        return np.stack([signs * nonnegative_solve(flipped, signs * right) for right in across.T])


def _within(block: int, side: int, start: int, stop: int) -> slice:
    return slice(max(block * side, start) - start, min((block + 1) * side, stop) - start)


def _between(first: int, count: int, blocks: int, side: int) -> Array:
    """Return the matrix that interpolates linearly between the middles of blocks, at `count` pixels from `first`."""
    at = np.clip((np.arange(first, first + count) + 0.5) / side - 0.5, 0, blocks - 1)
    low = np.minimum(np.floor(at).astype(np.intp), max(blocks - 2, 0))
    matrix = np.zeros((count, blocks), np.float32)
    pixels = np.arange(count)
    matrix[pixels, low] = 1 - (at - low)
    if blocks > 1:
        matrix[pixels, low + 1] = at - low
    return matrix


def _merged(one: _Sums, other: _Sums) -> _Sums:
    both = dict(one)
    for key, sums in other.items():
        both[key] = both[key] + sums if key in both else sums
    return both
