"""Bringing revisits to the reference's brightness, and finding what changed: robust regression on common pixels.

Each registered revisit is averaged over 3 x 3 pixels, which takes out most of noise and aliasing, and interpolated at
the reference's pixels. Reference = gain * image + offset is fitted to samples spread over the scene, by reweighted
reduced major axis regression (both have noise, so that a common least-squares slope would be too small) with Tukey's
biweight. What is left grows with the local contrast, as interpolation and aliasing err there: a tolerance of two parts
is taken from the samples themselves. A pixel counts less the more it departs from the reference, or, where that is
clouded, from the median of the others, by this tolerance.

Beaton, A. E., Tukey, J. W. (1974): The fitting of power series, meaning polynomials, illustrated on band-spectroscopic
data. 10.1080/00401706.1974.10489171; Fruchter, A. S., Hook, R. N. (2002): Drizzle: a method for the linear
reconstruction of undersampled images. 10.1086/338393 (tolerance from the local derivative, for cosmic rays)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Axis, BlockWindow, Window
from ..banded import apply_columns, apply_rows
from ..resampling import CUBIC_HALO, expand, linear_matrix
from .registration import ROLE, blocks_of, registered, shifts_of

WEIGHT_HALO = 6
"""Pixels of a revisit around one that `weights` looks at."""

_WINDOWS = 64
_SAMPLE_BYTES = 48 << 20
_FEWEST_SAMPLES, _MOST_SAMPLES = 256, 4096  # in a window
_ENOUGH = 32
_SURE = 0.8
_GAINS = (0.2, 5.0)
_TUKEY = 4.685
_MAD = 1.4826
_DOUBTED = 1 / 17  # as little as what departs by twice `_CHANGED`
_CHANGED = 4.0
_FARTHEST = 1000.0
_FLOOR = 2e-3
_LEAST_SHARE_OF_CONTRAST = 0.06  # aliased pixels differ by so much without any change
_MOST_SHARE_OF_CONTRAST = 0.3
_MOST_NOISE, _MOST_LEFT = 4.0, 0.1  # times the images' own noise, and the spread of the reference
_TINY = 1e-12


def photometry_pass(scene: SceneInfo, largest_shift: float = 4.0) -> Pass:
    """Return the pass that matches each revisit to the reference; it comes after registration.

    Its result, `state["photometry"]`, holds `gain` and `offset`, float64 (items, bands): reference ~ gain * image +
    offset, with gain 1 where the pixels do not tell it surely; `noise` (items, bands), the robust standard deviation of
    what is left where the contrast is low; `blurred_noise` and `contrast` (items, bands), the tolerance's two parts for
    3 x 3 means; `changed` (items,), the share of common clear pixels that depart by more than 4 of these in any band.
    The reference has gain 1, offset 0 and the typical noise of the others.

    Args:
        scene: What is known of the scene.
        largest_shift: How far revisits may be shifted, in their pixels.
    """
    halo = {ROLE: math.ceil(largest_shift) + CUBIC_HALO + 4}
    one = _Photometry(scene.items[ROLE], scene.bands[ROLE])
    return Pass("photometry", (ROLE,), halo, one.add, _merge, one.finish, _WINDOWS)


def matched(blocks: Blocks, state: State) -> tuple[Array, ...]:
    """Return the revisits in the reference's brightness: gain * image + offset; 0 where invalid.

    Args:
        blocks: With the revisits, float32 (bands, rows, columns) each.
        state: With what `photometry_pass` found.
    """
    images, valids = blocks[ROLE], blocks[f"{ROLE}_valid"]
    found = state["photometry"]
    result = []
    for image, valid, gain, offset in zip(images, valids, found["gain"], found["offset"]):
        values = image * gain.astype(np.float32)[:, None, None] + offset.astype(np.float32)[:, None, None]
        result.append(values if valid is None else np.where(valid, values, np.float32(0)))
    return tuple(result)


def weights(blocks: Blocks, window: Window, state: State) -> tuple[Array, ...]:
    """Return how much each pixel of each revisit counts, on its own grid: 0 where it is invalid or not used at all.

    The reference counts fully wherever it is valid. A pixel of another revisit that departs by 4 times the tolerance
    counts half, and by 8 times a seventeenth: never nothing, so that it fills what no other revisit shows.

    Args:
        blocks: With the revisits, float32 (bands, rows, columns), and where they are valid.
        window: The window, its revisits registered.
        state: With what the passes found.

    Returns:
        float32 (rows, columns) for each revisit.
    """
    images, valids = blocks[ROLE], blocks[f"{ROLE}_valid"]
    several, found = blocks_of(window), state["photometry"]
    used = shifts_of(state, len(images))["used"]
    result: list[Array] = []
    laid = _laid_over(matched(blocks, state), valids, several, used, window)
    anchor, known = _anchor(laid)
    contrast = _contrast(anchor, known)
    for item, (image, valid) in enumerate(zip(images, valids)):
        weight = np.full(image.shape[1:], np.float32(bool(used[item])))
        one = laid[item]
        if item and one is not None:
            spread = _tolerance(contrast, found["blurred_noise"][item], found["contrast"][item])
            departure = (np.abs(one.values - anchor) / spread).max(axis=0)
            agrees = 1 / (1 + np.square(np.square(np.minimum(departure, _FARTHEST) / np.float32(_CHANGED))))
            # What lies too near the edge of its own mask to be compared is often what that mask missed.
            agrees[known & ~one.valid] = _DOUBTED
            agrees[~known] = 1
            weight = _back(agrees.astype(np.float32), several[0], several[item])
        result.append(weight if valid is None else np.where(valid, weight, np.float32(0)))
    return tuple(result)


@dataclass(frozen=True)
class _Laid:
    """A revisit's 3 x 3 means at the reference's pixels.

    Attributes:
        values: float32 (bands, rows, columns).
        valid: bool (rows, columns).
    """

    values: Array
    valid: Array


def _laid_over(
    images: tuple[Array, ...],
    valids: tuple[Optional[Array], ...],
    several: tuple[BlockWindow, ...],
    used: Array,
    window: Window,
) -> list[Optional[_Laid]]:
    """Lay each revisit over the reference's block; None for one that is not used."""
    reference = several[0]
    at = Window(reference.row, reference.column, reference.rows, reference.columns, {}, window.cancelled)
    result: list[Optional[_Laid]] = []
    for image, valid, block, counts in zip(images, valids, several, used):
        if not counts:
            result.append(None)
            continue
        row_axis = _between(reference.row_axis, block.row_axis)
        column_axis = _between(reference.column_axis, block.column_axis)
        place = BlockWindow(block.row, block.column, block.rows, block.columns, row_axis, column_axis)
        values, seen = expand(_blurred(image, valid), valid, place, at)
        inside = _inside(row_axis, at.row, at.rows, block.row, block.rows)[:, None]
        inside = inside & _inside(column_axis, at.column, at.columns, block.column, block.columns)[None]
        result.append(_Laid(values, inside if seen is None else inside & seen))
    return result


def _between(grid: Axis, axis: Axis) -> Axis:
    """Return where `axis` lies on `grid`, both of which lie on the same target."""
    scale = axis.scale / grid.scale
    return Axis(axis.origin - scale * grid.origin, scale, axis.size)


def _inside(axis: Axis, start: int, count: int, first: int, length: int) -> Array:
    """Return which of the grid's pixels have their centre on the pixels [first, first + length) of an axis."""
    places = axis.origin + axis.scale * (np.arange(start, start + count) + 0.5)
    inside: Array = (places >= first - 1e-6) & (places <= first + length + 1e-6)
    return inside


def _back(values: Array, reference: BlockWindow, block: BlockWindow) -> Array:
    """Interpolate what is known at the reference's pixels at those of another revisit, float32 (rows, columns)."""
    row_axis, column_axis = (
        _between(block.row_axis, reference.row_axis),
        _between(block.column_axis, reference.column_axis),
    )
    by_row = linear_matrix(row_axis, block.row, block.row + block.rows, reference.row, reference.rows)
    by_column = linear_matrix(
        column_axis, block.column, block.column + block.columns, reference.column, reference.columns
    )
    result: Array = apply_columns(by_column, apply_rows(by_row, values[None]))[0]
    return result


def _blurred(image: Array, valid: Optional[Array]) -> Array:
    """Return the mean of the valid pixels among 3 x 3, float32 (bands, rows, columns); beyond edges replicated."""
    if valid is None:
        return _three(image) / np.float32(9)
    share = _three(np.asarray(valid)[None].astype(np.float32))
    mean: Array = _three(np.where(valid, image, np.float32(0))) / np.maximum(share, 1) * valid
    return mean


def _three(image: Array) -> Array:
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    result: Array = rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]
    return result


def _reference(laid: list[Optional[_Laid]]) -> _Laid:
    if laid[0] is None:
        raise RuntimeError("The reference is not used.")
    return laid[0]


def _anchor(laid: list[Optional[_Laid]]) -> tuple[Array, Array]:
    """Return what revisits are compared with, (bands, rows, columns), and where it is known.

    It is the reference where that is valid, and elsewhere the median of the others that are.
    """
    first = _reference(laid)
    anchor, known = first.values.copy(), first.valid.copy()
    missing = ~known
    others = [one for one in laid[1:] if one is not None]
    if not missing.any() or not others:
        return anchor, known
    seen = np.stack([one.valid[missing] for one in others])
    values = np.stack([np.where(there, one.values[:, missing], np.inf) for one, there in zip(others, seen)])
    values.sort(axis=0)
    count = seen.sum(axis=0)
    low, high = (np.maximum(count - 1, 0) // 2)[None, None], (count // 2)[None, None]
    high = np.minimum(high, len(others) - 1)
    middle = [np.take_along_axis(values, np.broadcast_to(at, (1, *values.shape[1:])), axis=0)[0] for at in (low, high)]
    some = count > 0
    anchor[:, missing] = np.where(some, 0.5 * (middle[0] + middle[1]), np.float32(0))
    known[missing] = some
    return anchor, known


def _contrast(image: Array, known: Array) -> Array:
    """Return the range of the known values among 3 x 3 pixels, float32 (bands, rows, columns); 0 where unknown."""
    highest = np.where(known, image, -np.inf).astype(np.float32)
    lowest = np.where(known, image, np.inf).astype(np.float32)
    highest, lowest = _extreme(highest, np.maximum), _extreme(lowest, np.minimum)
    return np.where(known, highest - lowest, np.float32(0))


def _extreme(image: Array, choose: Any) -> Array:
    """Return the extreme of 3 x 3 pixels; beyond edges replicated."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = choose(choose(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    result: Array = choose(choose(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])
    return result


def _tolerance(contrast: Array, noise: Array, share: Array) -> Array:
    """Return the standard deviation expected of a difference, (bands, ...)."""
    shape = (-1, *[1] * (contrast.ndim - 1))
    part = contrast * share.astype(np.float32).reshape(shape)
    spread: Array = np.sqrt(np.square(part) + np.square(noise.astype(np.float32)).reshape(shape))
    return spread


@dataclass(frozen=True)
class _Samples:
    """Samples at the reference's pixels, in rows of the scene; NaN where a revisit is not clear.

    Attributes:
        blurred: 3 x 3 means, float32 (items, bands, samples).
        plain: The values themselves, interpolated, float32 (items, bands, samples).
        contrast: Of the reference's 3 x 3 means, float32 (bands, samples).
    """

    blurred: Array
    plain: Array
    contrast: Array


def _merge(one: _Samples, other: _Samples) -> _Samples:
    return _Samples(
        np.concatenate([one.blurred, other.blurred], axis=2),
        np.concatenate([one.plain, other.plain], axis=2),
        np.concatenate([one.contrast, other.contrast], axis=1),
    )


class _Photometry:
    """The pass: samples of each window, and the regression on all of them."""

    def __init__(self, items: int, bands: int) -> None:
        self._items, self._bands = items, bands
        budget = _SAMPLE_BYTES // (8 * _WINDOWS * items * bands)
        self._samples = min(max(budget, _FEWEST_SAMPLES), _MOST_SAMPLES)

    def add(self, blocks: Blocks, window: Window, state: State) -> Optional[_Samples]:
        """Return samples on a lattice of the reference's pixels in a window."""
        moved = registered(window, state)
        several = blocks_of(moved)
        used = shifts_of(state, self._items)["used"]
        places = _lattice(several[0], window, self._samples)
        if places is None:
            return None
        images, valids = blocks[ROLE], blocks[f"{ROLE}_valid"]
        clear = tuple(None if valid is None else _eroded(valid) for valid in valids)
        laid = _laid_over(images, clear, several, used, window)
        first = _reference(laid)
        contrast = _contrast(first.values, first.valid)[:, places[0], places[1]]
        shape = (self._items, *contrast.shape)
        blurred, plain = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
        at = Window(several[0].row, several[0].column, several[0].rows, several[0].columns, {}, window.cancelled)
        for item, one in enumerate(laid):
            if one is None:
                continue
            block = several[item]
            axes = (
                _between(several[0].row_axis, block.row_axis),
                _between(several[0].column_axis, block.column_axis),
            )
            place = BlockWindow(block.row, block.column, block.rows, block.columns, *axes)
            values, _ = expand(images[item], valids[item], place, at)
            there = one.valid[places]
            blurred[item] = np.where(there, one.values[:, places[0], places[1]], np.nan)
            plain[item] = np.where(there, values[:, places[0], places[1]], np.nan)
        some = ~np.isnan(blurred[0, 0])
        return _Samples(blurred[:, :, some], plain[:, :, some], contrast[:, some])

    def finish(self, samples: Optional[_Samples], _: State) -> dict[str, Any]:
        """Return what `photometry_pass` promises."""
        shape = (self._items, self._bands)
        found: dict[str, Any] = {
            "gain": np.ones(shape),
            "offset": np.zeros(shape),
            "noise": np.full(shape, np.nan),
            "blurred_noise": np.full(shape, np.nan),
            "contrast": np.full(shape, np.nan),
            "changed": np.zeros(self._items),
        }
        if samples is not None:
            for item in range(1, self._items):
                _fit(samples, item, found)
        floors = np.ones(self._bands) if samples is None else _floors(samples)
        for name, usual in (("noise", floors), ("blurred_noise", floors), ("contrast", np.full(self._bands, 0.5))):
            _fill(found[name], usual)
        return found


def _lattice(reference: BlockWindow, window: Window, most: int) -> Optional[tuple[Array, Array]]:
    """Return the places, in the reference's block, of at most about so many pixels spread over a window."""
    top, bottom = reference.row_axis.owned(window.row, window.row + window.rows)
    left, right = reference.column_axis.owned(window.column, window.column + window.columns)
    area = max(bottom - top, 0) * max(right - left, 0)
    if area == 0:
        return None
    step = max(1, math.ceil(math.sqrt(area / most)))
    rows, columns = np.arange(top, bottom, step) - reference.row, np.arange(left, right, step) - reference.column
    inside_rows = (rows >= 0) & (rows < reference.rows)
    inside_columns = (columns >= 0) & (columns < reference.columns)
    found = np.meshgrid(rows[inside_rows], columns[inside_columns], indexing="ij")
    return found[0].ravel(), found[1].ravel()


def _eroded(valid: Array) -> Array:
    """Return which pixels have only valid ones among their 3 x 3."""
    clear: Array = _three(np.asarray(valid)[None].astype(np.float32))[0] > 8.5
    return clear


def _fit(samples: _Samples, item: int, found: dict[str, Any]) -> None:
    """Fit one revisit to the reference, and write what was found."""
    common = ~np.isnan(samples.blurred[item, 0])
    count = int(common.sum())
    if count < _ENOUGH:
        return
    departure = np.zeros(count, np.float32)
    for band in range(samples.blurred.shape[1]):
        reference = samples.blurred[0, band, common].astype(np.float64)
        image = samples.blurred[item, band, common].astype(np.float64)
        contrast = samples.contrast[band, common].astype(np.float64)
        gain, offset = robust_line(image, reference)
        found["gain"][item, band], found["offset"][item, band] = gain, offset
        left = reference - gain * image - offset
        floor = _FLOOR * _spread(reference - np.median(reference)) + _TINY
        flat = contrast <= np.quantile(contrast, 0.5)
        plain = samples.plain[0, band, common] - gain * samples.plain[item, band, common] - offset
        noise, share = _two_parts(left, contrast, floor)
        # Haze, or another season, may lie over every pixel: only so much of a difference is noise.
        own = [_spread((samples.plain[at, band, common] - samples.blurred[at, band, common])[flat]) for at in (0, item)]
        most = _MOST_NOISE * math.hypot(own[0], gain * own[1]) / 3 + _MOST_LEFT * _spread(
            reference - np.median(reference)
        )
        noise = max(min(noise, most), floor)
        found["blurred_noise"][item, band], found["contrast"][item, band] = noise, share
        found["noise"][item, band] = max(_spread(plain[flat] - np.median(plain[flat])), floor)
        departure = np.maximum(departure, np.abs(left) / np.hypot(noise, share * contrast))
    found["changed"][item] = float((departure > _CHANGED).mean())


def robust_line(image: Array, reference: Array) -> tuple[float, float]:
    """Return gain and offset with reference ~ gain * image + offset, both float64 (samples,).

    The gain is 1 where the samples hardly vary together (correlation of the kept ones below 0.8), or outside 0.2 to 5.
    """
    middle = float(np.median(reference - image))
    by_offset = reference - image - middle
    gain, offset = 1.0, middle
    start = _spread(reference - np.median(reference)) / max(_spread(image - np.median(image)), _TINY)
    if _GAINS[0] <= start <= _GAINS[1]:
        at = float(np.median(reference - start * image))
        if _spread(reference - start * image - at) < _spread(by_offset):
            gain, offset = start, at
    sure = 0.0
    for _ in range(30):
        left = reference - gain * image - offset
        scale = max(_spread(left), _TINY)
        weight = np.square(np.clip(1 - np.square(left / (_TUKEY * scale)), 0, None))
        slope, sure = _major_axis(image, reference, weight)
        if not _GAINS[0] <= slope <= _GAINS[1]:
            sure = 0.0
            break
        at = float((weight * (reference - slope * image)).sum() / weight.sum())
        settled = abs(slope - gain) < 1e-7 and abs(at - offset) <= 1e-7 * scale
        gain, offset = slope, at
        if settled:
            break
    return (gain, offset) if sure >= _SURE else (1.0, middle)


def _major_axis(image: Array, reference: Array, weight: Array) -> tuple[float, float]:
    """Return the slope of the reduced major axis and the correlation, weighted; (0, 0) where there is none."""
    total = float(weight.sum())
    if total <= 0:
        return 0.0, 0.0
    x, y = image - (weight * image).sum() / total, reference - (weight * reference).sum() / total
    xx, yy, xy = (float((weight * product).sum()) for product in (x * x, y * y, x * y))
    if xx <= _TINY or yy <= _TINY:
        return 0.0, 0.0
    correlation = xy / math.sqrt(xx * yy)
    return math.copysign(math.sqrt(yy / xx), correlation), correlation


def _two_parts(left: Array, contrast: Array, floor: float) -> tuple[float, float]:
    """Return the noise of a difference where the contrast is low, and by how much it grows with the contrast."""
    low, high = np.quantile(contrast, (0.25, 0.75))
    flat, edge = contrast <= low, contrast >= high
    noise = max(_spread(left[flat] - np.median(left[flat])), floor)
    beyond = _spread(left[edge]) ** 2 - noise**2
    typical = float(np.median(contrast[edge]))
    share = math.sqrt(max(beyond, 0.0)) / typical if typical > 0 else 0.0
    return noise, min(max(share, _LEAST_SHARE_OF_CONTRAST), _MOST_SHARE_OF_CONTRAST)


def _spread(values: Array) -> float:
    """Return the robust standard deviation of values that lie around 0."""
    return _MAD * float(np.median(np.abs(values))) if len(values) else 0.0


def _floors(samples: _Samples) -> Array:
    """Return the least noise of each band that is thought of."""
    reference = samples.blurred[0]
    if reference.shape[1] == 0:
        return np.ones(len(reference))
    return np.array([max(0.1 * _spread(band - np.median(band)), _TINY) for band in reference])


def _fill(values: Array, usual: Array) -> None:
    """Give revisits of which nothing is known (the reference, ones without common pixels) what is usual in a band."""
    for band in range(values.shape[1]):
        known = values[:, band][~np.isnan(values[:, band])]
        values[np.isnan(values[:, band]), band] = float(np.median(known)) if len(known) else usual[band]
