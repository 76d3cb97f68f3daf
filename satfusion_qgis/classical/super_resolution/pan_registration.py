"""How far PAN lies from the reference among revisits: phase correlation with PAN brought to the reference's pixels.

PAN is blurred and sampled where the reference's pixels have their centres, and compared with each of its bands in tiles
of the scene, as `registration` compares revisits. Each band counts as its detail follows PAN's: with its own sign, for
near infrared is often dark where PAN is bright. A first pass searches; a second samples PAN at the displaced places, so
that both are aliased alike, and measures what is left.

For the sources see `registration`; how PAN is blurred: Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A., Selva, M.
(2006): MTF-tailored multiscale fusion of high-resolution MS and Pan imagery. 10.14358/PERS.72.5.591
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Axis, BlockWindow, Window
from ..banded import apply_columns, apply_rows
from ..resampling import CUBIC_HALO, mtf_matrix, mtf_reach
from .registration import (
    _CORRELATED,
    _LEAST_SHARE,
    _RINGS,
    _SEARCH,
    _SEARCH_SPREAD,
    _TINY,
    ROLE,
    _evened,
    _frequencies,
    _lags,
    _refined,
    _soft_inside,
    _stands_out,
    _surface,
    _Tile,
    _without_mean,
    blocks_of,
)

PAN = "PAN"
KEY = "pan"
_BEFORE = "pan_searched"
_WINDOWS = 32
_SIDE = 64
_TILES = 4  # at most, along an axis of a window; they overlap by half
_GAIN = 0.3  # of the blur at the reference's Nyquist frequency
_CLEAR = 0.98
_FEWEST_PIXELS = 600.0  # 24 by 24; below them chance correlation is not told from a true one
_LARGEST_ERROR = 0.15  # pixels of the reference
_FARTHEST_LEFT = 0.75
_LEFT = 0.15  # PAN pixels; from 0.2 on interpolation does less harm than what it mends (SatFusion at ratio 4)
_BEYOND = 0.25  # a displacement that is a little larger than was asked for is believed


def pan_registration(scene: SceneInfo, largest_shift: float) -> tuple[Pass, ...]:
    """Return the passes that measure how far PAN lies from the reference; none without PAN, or for no shift at all.

    What they find is `state["pan"]`: `shift`, float64 (2,), (down, right) in PAN's pixels: what the reference shows at
    target pixel t stands in PAN at sample `axis.sample(t) + shift`; 0 where it cannot be told surely; `error`, its
    standard error in PAN's pixels; `peak`, how well PAN follows the reference, 0 to 1; `used`, whether it was told.

    Args:
        scene: What is known of the scene.
        largest_shift: How far, in pixels of the revisits, PAN may lie from where its georeferencing puts it.
    """
    if PAN not in scene.items or largest_shift <= 0:
        return ()
    one = _PanRegistration(largest_shift)
    halo = {ROLE: _SIDE // 2 + 1, PAN: _halo(scene, _SIDE // 2 + 2 * largest_shift + 2)}
    return (
        Pass(_BEFORE, (ROLE, PAN), halo, one.add, _merge, one.finish_search, _WINDOWS),
        Pass(KEY, (ROLE, PAN), halo, one.add, _merge, one.finish, _WINDOWS),
    )


def with_pan_registration(passes: Sequence[Pass], scene: SceneInfo, largest_shift: float) -> list[Pass]:
    """Return passes with those of `pan_registration`, unless these are among them."""
    there = any(one.name == KEY for one in passes)
    return [*passes] if there else [*passes, *pan_registration(scene, largest_shift)]


def pan_halo(scene: SceneInfo, largest_shift: float) -> int:
    """Return the pixels of PAN that its displacement needs around a window."""
    if PAN not in scene.items or largest_shift <= 0:
        return 0
    return math.ceil((largest_shift + _BEYOND) * max(_ratios(scene))) + CUBIC_HALO


def pan_shift(state: State) -> Array:
    """Return PAN's displacement, (down, right) in its pixels; 0 where it was not measured."""
    found: Array = np.asarray(state.get(KEY, {}).get("shift", (0.0, 0.0)), np.float64)
    return found


def pan_registered(window: Window, state: State) -> Window:
    """Return the window with PAN's axes moved by its displacement.

    Along an axis it is moved by whole pixels where next to nothing is left then, so that PAN's own pixels are taken:
    what is left is hardly more than the measurement's error, and interpolation would blur them.
    """
    down, right = (float(one) for one in undone_shift(state))
    if PAN not in window.blocks or not (down or right):
        return window
    block = window.block(PAN)
    axes = (
        replace(block.row_axis, origin=block.row_axis.origin + down),
        replace(block.column_axis, origin=block.column_axis.origin + right),
    )
    return replace(window, blocks={**window.blocks, PAN: replace(block, row_axis=axes[0], column_axis=axes[1])})


def pan_undone(window: Window, state: State) -> tuple[Window, State]:
    """Return `pan_registered`, and the state in which PAN lies where its axes say, for those that look at it again."""
    return pan_registered(window, state), {name: found for name, found in state.items() if name not in (_BEFORE, KEY)}


def undone_shift(state: State) -> Array:
    """Return by how much PAN is moved, (down, right) in its pixels; see `pan_registered`."""
    shift = pan_shift(state)
    whole = np.rint(shift)
    undone: Array = np.where(np.abs(shift - whole) <= _LEFT, whole, shift)
    return undone


def describe_pan(scene: SceneInfo, state: State, largest_shift: float) -> list[str]:
    """Return a line about PAN's displacement; none where there is no PAN."""
    if PAN not in scene.items:
        return []
    found = state.get(KEY)
    if found is None:
        return ["PAN: its georeferencing is trusted"] if largest_shift <= 0 else []
    if not found["used"]:
        return ["PAN: its georeferencing is trusted, as its displacement from the reference cannot be told surely"]
    down, right = found["shift"]
    undone = undone_shift(state)
    what = f"undone by {undone[0]:+.2f} and {undone[1]:+.2f}" if undone.any() else "too little to be undone"
    where = f"{down:+.2f} PAN pixels down, {right:+.2f} right (error {found['error']:.2f})"
    return [f"PAN shows what the reference does {where}: {what}"]


def _halo(scene: SceneInfo, coarse: float) -> int:
    """Return PAN's pixels in so many of the revisits', with what its blur looks at."""
    ratio = max(_ratios(scene))
    return math.ceil(coarse * ratio) + mtf_reach(ratio, _GAIN)


def _ratios(scene: SceneInfo) -> tuple[float, float]:
    coarse, fine = scene.ratio[ROLE], scene.ratio[PAN]
    return coarse[0] / fine[0], coarse[1] / fine[1]


@dataclass(frozen=True)
class _Sums:
    """What is summed over tiles.

    Attributes:
        cross: Cross-spectra of PAN with each band, complex (bands, R, C): the phase of P conj(X).
        power: sqrt(power of PAN times power of the band), (bands, rings).
        pixels: Clear pixels.
        shape: (rows, columns) of a tile.
        ratio: PAN's pixels in one of the reference, (rows, columns).
    """

    cross: Array
    power: Array
    pixels: float
    shape: tuple[int, int]
    ratio: tuple[float, float]


def _merge(one: _Sums, other: _Sums) -> _Sums:
    return replace(one, cross=one.cross + other.cross, power=one.power + other.power, pixels=one.pixels + other.pixels)


class _PanRegistration:
    """The two passes."""

    def __init__(self, largest_shift: float) -> None:
        self._largest = largest_shift

    def add(self, blocks: Blocks, window: Window, state: State) -> Optional[_Sums]:
        """Sum the cross-spectra of a window's tiles, PAN moved by what the first pass found."""
        before = state.get(_BEFORE)
        if before is not None and not before["used"]:
            return None
        down, right = (0.0, 0.0) if before is None else before["shift"]
        reference, pan = blocks_of(window)[0], window.block(PAN)
        pan = replace(
            pan,
            row_axis=replace(pan.row_axis, origin=pan.row_axis.origin + float(down)),
            column_axis=replace(pan.column_axis, origin=pan.column_axis.origin + float(right)),
        )
        shape = (min(_SIDE, reference.row_axis.size), min(_SIDE, reference.column_axis.size))
        kept = _frequencies(*shape)
        bands = len(blocks[ROLE][0])
        cross = np.zeros((bands, len(kept.rows), len(kept.columns)), complex)
        power, pixels = np.zeros((bands, _RINGS)), 0.0
        for corner in _corners(reference, window, shape):
            window.raise_if_cancelled()
            tiles = _tiles(blocks, reference, pan, corner, shape)
            if tiles is None:
                continue
            cross += tiles.pan.spectra * tiles.reference.spectra.conj()
            power += np.sqrt(tiles.pan.power * tiles.reference.power)
            pixels += tiles.pixels
        if not pixels:
            return None
        ratio = (
            pan.row_axis.scale / reference.row_axis.scale,
            pan.column_axis.scale / reference.column_axis.scale,
        )
        return _Sums(cross, power, pixels, shape, ratio)

    def finish_search(self, sums: Optional[_Sums], state: State) -> dict[str, Any]:
        """Return the displacement to about a tenth of a pixel of the reference, and whether it stands out."""
        if sums is None or sums.pixels < _FEWEST_PIXELS:
            return _unknown()
        return _measured(sums, self._largest + 0.5, np.zeros(2), self._largest)

    def finish(self, sums: Optional[_Sums], state: State) -> dict[str, Any]:
        """Return what `pan_registration` promises."""
        before = state[_BEFORE]
        if sums is None or not before["used"]:
            return _unknown()
        found = _measured(sums, _SEARCH, np.asarray(before["shift"]), self._largest)
        moved = np.abs((np.asarray(found["shift"]) - before["shift"]) / sums.ratio).max()
        return found if found["used"] and moved <= _FARTHEST_LEFT else _unknown()


def _unknown() -> dict[str, Any]:
    return {"shift": np.zeros(2), "error": math.inf, "peak": 0.0, "used": False}


def _measured(sums: _Sums, reach: float, before: Array, largest: float) -> dict[str, Any]:
    """Return what is known of a displacement after sums with PAN moved by `before`, in its pixels."""
    place, signed = _searched(sums, reach)
    # Each band as often as its phases agree at the place, and with their sign.
    cross = (signed[:, None, None] * sums.cross).sum(axis=0)
    power = (np.abs(signed)[:, None] * sums.power).sum(axis=0)
    found = _refined(*_evened(cross, power, sums.shape), sums.shape, place)
    score = _score(cross, sums.shape, found.value)
    try:
        variance = np.diag(np.linalg.inv(found.information))
    except np.linalg.LinAlgError:
        return _unknown()
    error = _CORRELATED * math.sqrt(max(float(variance.mean()), 0.0))
    shift = before + found.value * sums.ratio
    near = bool(np.abs(shift / sums.ratio).max() <= largest + _BEYOND and np.abs(found.value - place).max() <= 1)
    used = near and np.isfinite(error) and error <= _LARGEST_ERROR and _stands_out(score, found.value)
    scale = max(sums.ratio)
    return {"shift": shift, "error": error * scale, "peak": found.peak, "used": bool(used), "score": score}


def _phases(cross: Array, shape: tuple[int, int]) -> Array:
    """Return the phases of a cross-spectrum, low frequencies counting most, (R, C)."""
    kept = _frequencies(*shape)
    weight = np.exp(-np.square(kept.radius / _SEARCH_SPREAD)) * kept.multiple
    phases: Array = cross / np.maximum(np.abs(cross), _TINY) * weight
    return phases


def _searched(sums: _Sums, reach: float) -> tuple[Array, Array]:
    """Return where the bands together, whatever their sign, follow PAN most, and how each does there, -1 to 1."""
    kept = _frequencies(*sums.shape)
    step = 0.5 if reach > 2 else 0.25
    down, right = (_lags(min(reach, 0.5 * length - 1), step) for length in sums.shape)
    surfaces = []
    for cross in sums.cross:
        phases = _phases(cross, sums.shape)
        surfaces.append(_surface(phases, kept, down, right) / max(float(np.abs(phases).sum()), _TINY))
    stacked = np.stack(surfaces)
    energy = np.square(stacked).sum(axis=0)
    at = np.unravel_index(int(np.argmax(energy)), energy.shape)
    return np.array([down[at[0]], right[at[1]]]), stacked[:, at[0], at[1]]


def _score(cross: Array, shape: tuple[int, int], place: Array) -> float:
    """Return how far the correlation at a place stands above what random phases give, in standard deviations."""
    phases = _phases(cross, shape)
    height = _surface(phases, _frequencies(*shape), place[:1], place[1:])[0, 0]
    return float(height) / max(math.sqrt(0.5 * float(np.square(np.abs(phases)).sum())), _TINY)


def _corners(reference: BlockWindow, window: Window, shape: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the first (row, column) of a window's tiles."""
    tops = _starts(reference.row_axis, window.row, window.rows, shape[0])
    lefts = _starts(reference.column_axis, window.column, window.columns, shape[1])
    return [(top, left) for top in tops for left in lefts]


def _starts(axis: Axis, start: int, count: int, side: int) -> list[int]:
    """Return the first reference pixels, along an axis, of a window's tiles, which overlap by about half."""
    first, last = axis.owned(start, start + count)
    if last - first < side:
        # A rest that is less than half a tile lies in those of its neighbours.
        short = last - first < min(side, axis.size) // 2
        return [] if short else [min(max((first + last - side) // 2, 0), axis.size - side)]
    number = min(2 * (last - first) // side - 1, _TILES)
    return [round(one) for one in np.linspace(first, last - side, number)]


@dataclass(frozen=True)
class _Pair:
    """PAN and the reference in one tile, and how many pixels both show."""

    pan: _Tile
    reference: _Tile
    pixels: float


def _tiles(
    blocks: Blocks, reference: BlockWindow, pan: BlockWindow, corner: tuple[int, int], shape: tuple[int, int]
) -> Optional[_Pair]:
    """Cut and transform a tile of both; None where too little of it is clear in both."""
    top, left = corner[0] - reference.row, corner[1] - reference.column
    if top < 0 or left < 0 or top + shape[0] > reference.rows or left + shape[1] > reference.columns:
        return None
    part = np.s_[..., top : top + shape[0], left : left + shape[1]]
    coarse, inside = _pan_at(blocks, reference, pan, corner, shape)
    valid = blocks[f"{ROLE}_valid"][0]
    if valid is not None:
        inside = inside & valid[part]
    if inside.mean() < _LEAST_SHARE:
        return None
    soft = _soft_inside(inside)
    pair = [_Tile.of(_without_mean(image, inside) * soft, (0.0, 0.0)) for image in (coarse, blocks[ROLE][0][part])]
    return _Pair(pair[0], pair[1], float(inside.sum()))


def _pan_at(
    blocks: Blocks, reference: BlockWindow, pan: BlockWindow, corner: tuple[int, int], shape: tuple[int, int]
) -> tuple[Array, Array]:
    """Return PAN, blurred, at the reference's pixels, (1, rows, columns), and where it is known."""
    down = _Along.of(reference.row_axis, pan.row_axis, corner[0], shape[0], pan.row, pan.rows)
    right = _Along.of(reference.column_axis, pan.column_axis, corner[1], shape[1], pan.column, pan.columns)
    part = np.s_[..., down.first : down.first + down.count, right.first : right.first + right.count]
    valid: Mapping[str, Any] = blocks
    mask = valid.get(f"{PAN}_valid")
    image = np.asarray(blocks[PAN])[part].mean(axis=0, keepdims=True)

    def blurred(values: Array) -> Array:
        result: Array = apply_columns(right.matrix, apply_rows(down.matrix, values))
        return result

    inside = down.inside[:, None] & right.inside[None]
    coarse = blurred(image)
    if mask is None or mask[part].all():
        return coarse, inside
    share = blurred(np.asarray(mask)[part][None].astype(np.float32))
    return coarse / np.maximum(share, _CLEAR), inside & (share[0] > _CLEAR)


@dataclass(frozen=True)
class _Along:
    """How PAN is blurred and sampled along an axis.

    Attributes:
        first: First of its block's pixels that are needed.
        count: How many are.
        matrix: Takes these to the reference's pixels.
        inside: Which of the reference's pixels have their centre on PAN, as far as the block goes.
    """

    first: int
    count: int
    matrix: Any
    inside: Array

    @classmethod
    def of(cls, coarse: Axis, fine: Axis, start: int, count: int, first: int, length: int) -> _Along:
        """Return it for the reference's pixels [start, start + count) and a block [first, first + length) of PAN."""
        ratio = fine.scale / coarse.scale
        centres = fine.origin + fine.scale * (np.arange(start, start + count) + 0.5 - coarse.origin) / coarse.scale
        centres -= 0.5 + first
        reach = mtf_reach(ratio, _GAIN) + 1
        low = min(max(math.floor(centres[0]) - reach, 0), length - 1)
        high = max(min(math.ceil(centres[-1]) + reach + 1, length), low + 1)
        matrix = mtf_matrix(coarse, fine, start, start + count, first + low, high - low, _GAIN)
        return cls(low, high - low, matrix, (centres >= -0.5) & (centres <= length - 0.5))
