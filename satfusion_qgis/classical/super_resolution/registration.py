"""Sub-pixel registration of revisits by masked phase correlation, and joint least squares over pairs of images.

Tiles of the scene are cut from every revisit, whitened, and their cross-spectra summed over tiles and bands. A first
pass finds whole shifts; a second cuts the tiles at the shifted places, so that they overlap wholly, and measures what
is left from the phase of the low frequencies: revisits are aliased, and the phase near their Nyquist frequency says
little. Frequencies count as their coherence deserves: g^2 / (1 - g^2), with g averaged over rings of frequencies once
the shift has been taken out (generalised correlation, Knapp and Carter 1976). The displacements of all pairs are then
brought together by robust least squares, d_ij = t_i - t_j.

Kuglin, C. D., Hines, D. C. (1975): The phase correlation image alignment method. IEEE International Conference on
Cybernetics and Society, 163-165; Stone, H. S., Orchard, M. T., Chang, E.-C., Martucci, S. A. (2001): A fast direct
Fourier-based algorithm for subpixel registration of images. 10.1109/36.957286; Guizar-Sicairos, M., Thurman, S. T.,
Fienup, J. R. (2008): Efficient subpixel image registration algorithms. 10.1364/OL.33.000156; Knapp, C. H., Carter,
G. C. (1976): The generalized correlation method for estimation of time delay. 10.1109/TASSP.1976.1162830
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Optional

import numpy as np

from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Axis, BlockWindow, Window
from ..banded import Banded, apply_columns, apply_rows
from ..resampling import cubic_kernel

ROLE = "REVISITS"
MEASURED, TRUSTED, PLAIN = "measured", "trusted", "plain"
"""What became of a revisit that is used: its shift was measured; its georeferencing is trusted, as nothing was to be
measured; or it is trusted as the reference shows nothing but noise, which no shift can be told from."""
ELSEWHERE, FEATURELESS, NOT_SHARED = "elsewhere", "featureless", "not shared"
"""What became of a revisit that is not used: it shows another place or lies too far off; it shows nothing but noise
where the reference shows something; or it has too few clear pixels in common with the others."""

_WINDOWS = 64
_LARGE_SIDE, _SMALL_SIDE = 128, 64
_LARGE_SCENES = 48  # images times bands; more of them get the small tiles, which need less memory around windows
_ALL_PAIRS = 12
_NEIGHBOURS = (1, 2, 5)
_TAPER = 0.4
_LOCAL = 17  # side of the square whose mean is taken off
_SOFT = 5
_HIGHEST = 0.4  # cycles per pixel
_RINGS = 10
_STRUCTURE = ((0.06, 0.15), (0.3, 0.4))
_LEAST_STRUCTURE = 2.0
_LEAST_SHARE = 0.2
_OUTLIER = 10.0  # bright cloud edges; a lower limit bends the phase of sharp borders
_LEAST_SCORE = 7.0  # unrelated scenes reach 6.5 at displacements of 1 pixel, and more the more places are looked at
_SCORE_BY_DOUBLING = 0.75
_SEARCH_SPREAD = 0.3
_SEARCH = 1.5
_LEAST_AGAIN = 5.0
_LARGEST_ERROR = 1.0
_LEAST_ERROR = 1e-4
_CORRELATED = 2.0  # neighbouring frequencies of a tapered tile err together, which the spread does not know
_TINY = 1e-12


def registration_passes(scene: SceneInfo, largest_shift: float) -> tuple[Pass, ...]:
    """Return the passes that measure each revisit's shift; none where there is nothing to measure.

    Args:
        scene: What is known of the scene.
        largest_shift: How far, in pixels of the revisits, one may lie from where its georeferencing puts it.
    """
    if scene.items[ROLE] < 2 or largest_shift <= 0:
        return ()
    one = _Registration(scene.items[ROLE], scene.bands[ROLE], largest_shift)
    halo = {ROLE: one.side + math.ceil(largest_shift) + 3}
    return (
        Pass("registration_whole", (ROLE,), halo, one.add, _merge, one.finish_whole, _WINDOWS // 2),
        Pass("registration", (ROLE,), halo, one.add, _merge, one.finish, _WINDOWS),
    )


def shifts_of(state: State, items: int) -> dict[str, Any]:
    """Return what registration found; where it was not asked for, shifts of 0.

    Returns:
        `shifts` float64 (items, 2), (down, right) in each image's own pixels: what the reference shows at target pixel
        t stands in image k at sample `axis_k.sample(t) + shift`; `error` (items,), the standard error of a shift in
        pixels, infinite where it was not measured; `peak` (items,), how well an image follows the others, 0 to 1;
        `used` bool (items,); `outcome`, a word for each.
    """
    found = state.get("registration")
    if found is not None:
        known: dict[str, Any] = found
        return known
    return {
        "shifts": np.zeros((items, 2)),
        "error": np.zeros(items),
        "peak": np.ones(items),
        "used": np.ones(items, bool),
        "outcome": [TRUSTED] * items,
    }


def registered(window: Window, state: State) -> Window:
    """Return the window with the axes of the revisits corrected by their shifts."""
    several = blocks_of(window)
    shifts: Array = shifts_of(state, len(several))["shifts"]
    moved = tuple(_moved(block, float(down), float(right)) for block, (down, right) in zip(several, shifts))
    return replace(window, blocks={**window.blocks, ROLE: moved})


def blocks_of(window: Window) -> tuple[BlockWindow, ...]:
    """Return the blocks of the revisits."""
    blocks = window.blocks[ROLE]
    return blocks if isinstance(blocks, tuple) else (blocks,)


def pairs_of(items: int) -> list[tuple[int, int]]:
    """Return the pairs that are compared: all of them, or for more than 12 images each with the reference and a few."""
    if items <= _ALL_PAIRS:
        return [(one, other) for one in range(items) for other in range(one)]
    pairs = {(item, 0) for item in range(1, items)}
    for item in range(1, items):
        for step in _NEIGHBOURS:
            other = 1 + (item - 1 + step) % (items - 1)
            pairs.add((max(item, other), min(item, other)))
    return sorted(pairs)


def _moved(block: BlockWindow, down: float, right: float) -> BlockWindow:
    def by(axis: Axis, shift: float) -> Axis:
        return replace(axis, origin=axis.origin + shift)

    return replace(block, row_axis=by(block.row_axis, down), column_axis=by(block.column_axis, right))


@dataclass(frozen=True)
class _Frequencies:
    """The frequencies that are kept of a tile's spectrum: a rectangle of the half plane, up to `_HIGHEST`.

    Attributes:
        rows: Cycles per pixel, (R,).
        columns: Cycles per pixel, none negative, (C,).
        row_places: Their rows in the spectrum.
        ring: Number of the ring (R, C) that each lies in; `_RINGS` beyond `_HIGHEST`, and for the mean.
        multiple: How often each stands in the whole plane, 0 outside the rings, (R, C).
        whitening: Factor (R, C), the frequency; 0 outside the rings.
        radius: Distance from zero, (R, C).
    """

    rows: Array
    columns: Array
    row_places: Array
    ring: Array
    multiple: Array
    whitening: Array
    radius: Array


@lru_cache(maxsize=8)
def _frequencies(height: int, width: int) -> _Frequencies:
    number = np.arange(height)
    rows: Array = np.where(2 * number < height, number, number - height) / height
    columns: Array = np.arange(width // 2 + 1) / width
    places = np.flatnonzero(np.abs(rows) <= _HIGHEST)
    rows, columns = rows[places], columns[columns <= _HIGHEST]
    radius = np.hypot(rows[:, None], columns[None])
    inside = (radius > 0) & (radius <= _HIGHEST)
    ring = np.where(inside, np.minimum((radius / _HIGHEST * _RINGS).astype(int), _RINGS - 1), _RINGS)
    multiple = np.where(columns[None] > 0, 2.0, 1.0) * inside
    return _Frequencies(rows, columns, places, ring, multiple, radius * inside, radius)


@dataclass(frozen=True)
class _Sums:
    """What is summed over tiles.

    Attributes:
        cross: Cross-spectra, complex (pairs, R, C): the phase of X_i conj(X_j).
        power: sqrt(power of i times power of j), (pairs, rings).
        count: Tiles times bands in each pair, (pairs,).
        structure: Power at low and at high frequencies of each image, (items, 2).
        seen: Tiles in which an image has enough clear pixels, (items,).
        shape: (rows, columns) of a tile.
        scales: Pixels of each image in a pixel of the reference, (items, 2).
    """

    cross: Array
    power: Array
    count: Array
    structure: Array
    seen: Array
    shape: tuple[int, int]
    scales: Array


def _merge(one: _Sums, other: _Sums) -> _Sums:
    return replace(
        one,
        cross=one.cross + other.cross,
        power=one.power + other.power,
        count=one.count + other.count,
        structure=one.structure + other.structure,
        seen=one.seen + other.seen,
    )


class _Registration:
    """The two passes."""

    def __init__(self, items: int, bands: int, largest_shift: float) -> None:
        self._items = items
        self._largest = largest_shift
        self._pairs = pairs_of(items)
        self.side = _LARGE_SIDE if items * bands <= _LARGE_SCENES else _SMALL_SIDE

    def add(self, blocks: Blocks, window: Window, state: State) -> Optional[_Sums]:
        """Sum the cross-spectra of a window's tiles; in the second pass at the whole shifts of the first."""
        several = blocks_of(window)
        before = state.get("registration_whole")
        whole = np.zeros((self._items, 2), int) if before is None else before["whole"]
        outcomes = [MEASURED] * self._items if before is None else before["outcome"]
        reference = several[0]
        tops = _starts(reference.row_axis, window.row, window.rows, self.side)
        lefts = _starts(reference.column_axis, window.column, window.columns, self.side)
        if not tops or not lefts:
            return None
        shape = (min(self.side, reference.row_axis.size), min(self.side, reference.column_axis.size))
        kept = _frequencies(*shape)
        cross = np.zeros((len(self._pairs), len(kept.rows), len(kept.columns)), complex)
        power, count = np.zeros((len(self._pairs), _RINGS)), np.zeros(len(self._pairs))
        structure, seen = np.zeros((self._items, 2)), np.zeros(self._items)
        wanted = [before is None or outcome == MEASURED for outcome in outcomes]
        for top in tops:
            for left in lefts:
                window.raise_if_cancelled()
                tiles = [
                    _tile(blocks, several, item, (top, left), shape, whole[item]) if wanted[item] else None
                    for item in range(self._items)
                ]
                for item, tile in enumerate(tiles):
                    if tile is not None:
                        structure[item] += tile.structure
                        seen[item] += 1
                for number, (i, j) in enumerate(self._pairs):
                    one, other = tiles[i], tiles[j]
                    if one is None or other is None:
                        continue
                    cross[number] += np.einsum("brc,brc->rc", one.spectra, other.spectra.conj())
                    power[number] += np.sqrt(one.power * other.power).sum(axis=0)
                    count[number] += np.count_nonzero(one.power.sum(axis=1) * other.power.sum(axis=1))
        scales = [(b.row_axis.scale / reference.row_axis.scale, b.column_axis.scale / reference.column_axis.scale)
                  for b in several]  # fmt: skip
        return _Sums(cross, power, count, structure, seen, shape, np.array(scales))

    def finish_whole(self, sums: Optional[_Sums], state: State) -> dict[str, Any]:
        """Return the whole shifts, in pixels of the reference, and what became of each image.

        An image counts where a chain of pairs whose correlation stands out leads from the reference to it, strongest
        pairs first.
        """
        whole = np.zeros((self._items, 2), int)
        outcome = [MEASURED] + [NOT_SHARED] * (self._items - 1)
        if sums is None:
            return {"whole": whole, "outcome": outcome}
        if _is_plain(sums.structure[0]):
            return {"whole": whole, "outcome": [PLAIN] * self._items}
        found = []
        for number, (i, j) in enumerate(self._pairs):
            if sums.count[number]:
                reach = self._largest * (1 if j == 0 else 2)
                place, score = _highest(sums.cross[number], sums.shape, reach + 0.5)
                found.append((score, i, j, place))
                for item in (i, j):
                    if item and 0 in (i, j):
                        outcome[item] = ELSEWHERE
        places = _chained(sorted((pair for pair in found if _stands_out(pair[0], pair[3])), key=lambda pair: -pair[0]))
        for item in range(1, self._items):
            if sums.seen[item] and _is_plain(sums.structure[item]):
                outcome[item] = FEATURELESS
        for item, place in places.items():
            if np.abs(place).max() <= self._largest + 0.75:
                whole[item] = np.rint(place)
                outcome[item] = MEASURED
        return {"whole": whole, "outcome": outcome, "scores": [(i, j, score) for score, i, j, _ in found]}

    def finish(self, sums: Optional[_Sums], state: State) -> dict[str, Any]:
        """Return shifts, errors, peaks and which images are used; see `shifts_of`."""
        before = state["registration_whole"]
        whole, outcome = before["whole"], list(before["outcome"])
        result: dict[str, Any] = {
            "shifts": np.zeros((self._items, 2)),
            "error": np.full(self._items, np.inf),
            "peak": np.zeros(self._items),
            "outcome": outcome,
        }
        if sums is not None and PLAIN not in outcome:
            pairs = self._displacements(sums, outcome)
            _settle(pairs, result, whole, sums.scales)
        result["error"][0] = 0.0
        result["used"] = np.array([one in (MEASURED, TRUSTED, PLAIN) for one in outcome])
        return result

    def _displacements(self, sums: _Sums, outcome: list[str]) -> list[_Displacement]:
        pairs = []
        for number, (i, j) in enumerate(self._pairs):
            if sums.count[number] and outcome[i] == outcome[j] == MEASURED:
                place, score = _highest(sums.cross[number], sums.shape, _SEARCH)
                if score >= _LEAST_AGAIN:
                    refined = _refined(*_evened(sums.cross[number], sums.power[number], sums.shape), sums.shape, place)
                    pairs.append(replace(refined, one=i, other=j))
        return pairs


def _starts(axis: Axis, start: int, count: int, side: int) -> list[int]:
    """Return the first reference pixels, along an axis, of the tiles of a window: one or two."""
    first, last = axis.owned(start, start + count)
    side = min(side, axis.size)
    if last <= first:
        return []
    if last - first <= 1.25 * side:
        return [min(max((first + last - side) // 2, 0), axis.size - side)]
    return [first, last - side]


@dataclass(frozen=True)
class _Tile:
    """One image in one tile.

    Attributes:
        spectra: Whitened, each of energy 1 or 0, complex (bands, R, C).
        power: Of the spectra, (bands, rings).
        structure: Share of the power at low and at high frequencies, before whitening, (2,).
    """

    spectra: Array
    power: Array
    structure: Array

    @classmethod
    def of(cls, values: Array, left: tuple[float, float]) -> _Tile:
        """Transform the values of a tile that was cut by `left` (down, right) before the place that was meant."""
        height, width = values.shape[1:]
        kept = _frequencies(height, width)
        taper = _taper(height)[:, None] * _taper(width)[None]
        spectra = np.fft.rfft2(values * taper)[:, kept.row_places, : len(kept.columns)]
        size = np.square(np.abs(spectra))
        total = size.sum(axis=(1, 2))
        some = total > 0
        structure = np.zeros(2)
        if some.any():
            # The bands weigh the same here: only the shape of a spectrum matters.
            shares = size[some] / total[some, None, None]
            parts = [(kept.radius >= low) & (kept.radius <= high) for low, high in _STRUCTURE]
            structure[:] = [shares[:, part].mean() if part.any() else 0.0 for part in parts]
        spectra *= kept.whitening
        energy = np.sqrt((np.square(np.abs(spectra)) * kept.multiple).sum(axis=(1, 2), keepdims=True))
        spectra /= np.where(energy > 0, energy, 1.0)
        # Where the tile was cut between whole pixels, its phase is brought to the place that was meant.
        spectra *= np.exp(2j * np.pi * kept.rows * left[0])[:, None] * np.exp(2j * np.pi * kept.columns * left[1])[None]
        power = np.stack([_by_ring(np.square(np.abs(one)) * kept.multiple, kept.ring) for one in spectra])
        return cls(spectra, power, structure)


def _tile(
    blocks: Blocks,
    several: tuple[BlockWindow, ...],
    item: int,
    corner: tuple[int, int],
    shape: tuple[int, int],
    whole: Array,
) -> Optional[_Tile]:
    """Cut a tile from an image, and transform it; None where too little of it is clear."""
    reference, block = several[0], several[item]
    down = _Cut.of(reference.row_axis, block.row_axis, corner[0] + int(whole[0]), shape[0], block.row, block.rows)
    right = _Cut.of(
        reference.column_axis, block.column_axis, corner[1] + int(whole[1]), shape[1], block.column, block.columns
    )
    image, valid = blocks[ROLE][item], blocks[f"{ROLE}_valid"][item]
    inside = down.inside[:, None] & right.inside[None]
    if valid is not None:
        inside &= valid[down.places[:, None], right.places[None]]
    if inside.mean() < _LEAST_SHARE:
        return None
    values = _without_mean(_values(image, down, right), inside)
    values *= _soft_inside(inside)
    return _Tile.of(values, (down.left, right.left))


def _soft_inside(inside: Array) -> Array:
    """Return 1 inside, falling to 0 towards holes: a hole's own outline must not be seen, which lies elsewhere in all.

    Args:
        inside: bool (rows, columns).
    """
    if inside.all():
        return np.ones(inside.shape)
    soft: Array = np.clip(2 * _box(inside[None].astype(np.float64), _SOFT)[0] / _SOFT**2 - 1, 0, 1)
    return soft


def _by_ring(values: Array, ring: Array) -> Array:
    sums: Array = np.bincount(ring.ravel(), weights=values.ravel(), minlength=_RINGS + 1)[:_RINGS]
    return sums


@dataclass(frozen=True)
class _Cut:
    """What a tile takes of an image along an axis.

    Attributes:
        places: Pixels of the block that are nearest to the tile's, inside the block.
        inside: Whether they lie in the block.
        left: By how much, in pixels of the tile, what was meant lies behind what is cut.
        matrix: Interpolates where the image's pixels have another size; None where they are cut as they are.
    """

    places: Array
    inside: Array
    left: float
    matrix: Optional[Banded]

    @classmethod
    def of(cls, reference: Axis, axis: Axis, start: int, count: int, first: int, length: int) -> _Cut:
        """Return the cut for the reference's pixels [start, start + count) from a block [first, first + length)."""
        scale = axis.scale / reference.scale
        wanted = axis.sample(reference.target(start))
        matrix, left = None, 0.0
        if abs(scale - 1) * count < 0.05:
            begin = math.floor(wanted + 0.5)
            left = wanted - begin
            places = begin + np.arange(count) - first
        else:
            centres = wanted + scale * np.arange(count) - first
            places = np.floor(centres + 0.5).astype(int)
            matrix = Banded(centres, 2.0, cubic_kernel, length, 32)
        inside = (places >= 0) & (places < length)
        return cls(np.clip(places, 0, length - 1), inside, left, matrix)


def _values(image: Array, down: _Cut, right: _Cut) -> Array:
    if down.matrix is None and right.matrix is None:
        cut: Array = image[:, down.places[:, None], right.places[None]]
        return cut
    by_row = image[:, down.places] if down.matrix is None else apply_rows(down.matrix, image)
    return by_row[:, :, right.places] if right.matrix is None else apply_columns(right.matrix, by_row)


def _without_mean(image: Array, valid: Array) -> Array:
    """Return a tile without its local mean, outliers drawn in, 0 where invalid; float64 (bands, rows, columns)."""
    count = float(_LOCAL**2) if valid.all() else np.maximum(_box(valid[None].astype(np.float64), _LOCAL)[0], _TINY)
    values = np.where(valid, image, 0.0).astype(np.float64)
    mean = values.sum(axis=(1, 2), keepdims=True) / valid.sum()
    least = 1e-6 * np.abs(mean)
    values = np.where(valid, values - mean, 0.0)
    values -= _box(values, _LOCAL) / count
    values = np.where(valid, values, 0.0)
    spread = np.sqrt(np.square(values).sum(axis=(1, 2), keepdims=True) / valid.sum())
    values /= np.maximum(spread, _TINY)
    values /= np.sqrt(1 + np.square(values / _OUTLIER))
    values *= spread > least
    return values


@lru_cache(maxsize=8)
def _taper(count: int) -> Array:
    """Cosine taper over `_TAPER` of either half."""
    place = (np.arange(count) + 0.5) / count
    edge = np.minimum(place, 1 - place) / (_TAPER / 2)
    taper: Array = np.where(edge < 1, 0.5 - 0.5 * np.cos(np.pi * np.minimum(edge, 1)), 1.0)
    return taper


def _box(image: Array, side: int) -> Array:
    """Return sums over squares, replicated edges, (bands, rows, columns)."""
    half = side // 2
    _, rows, columns = image.shape
    sums = np.cumsum(np.pad(image, ((0, 0), (half + 1, half), (0, 0)), mode="edge"), axis=1)
    image = sums[:, side : side + rows] - sums[:, :rows]
    sums = np.cumsum(np.pad(image, ((0, 0), (0, 0), (half + 1, half)), mode="edge"), axis=2)
    summed: Array = sums[:, :, side : side + columns] - sums[:, :, :columns]
    return summed


def _is_plain(structure: Array) -> bool:
    """Tell whether an image has no more power at low than at high frequencies, as noise has, or none at all."""
    low, high = structure
    return bool(low <= _LEAST_STRUCTURE * high)


def _highest(cross: Array, shape: tuple[int, int], reach: float) -> tuple[Array, float]:
    """Return where a cross-spectrum's correlation is highest, and how far that stands above chance.

    Returns:
        (down, right) displacement d_ij within `reach`, to half a pixel or finer; and the height over the standard
        deviation that random phases give.
    """
    kept = _frequencies(*shape)
    # The phase alone: strong lines in the spectrum, as roads give them, would speak for whole ridges of displacements.
    weight = np.exp(-np.square(kept.radius / _SEARCH_SPREAD)) * kept.multiple
    weighted = cross / np.maximum(np.abs(cross), _TINY) * weight
    step = 0.5 if reach > 2 else 0.25
    down, right = (_lags(min(reach, 0.5 * length - 1), step) for length in shape)
    surface = _surface(weighted, kept, down, right)
    place = np.unravel_index(int(np.argmax(surface)), surface.shape)
    chance = math.sqrt(0.5 * float(np.square(np.abs(weighted)).sum()))
    return np.array([down[place[0]], right[place[1]]]), float(surface[place]) / max(chance, _TINY)


def _lags(reach: float, step: float) -> Array:
    """Return displacements within `reach`, 0 among them; a tile's correlation comes round after its length."""
    count = max(math.floor(reach / step), 0)
    lags: Array = step * np.arange(-count, count + 1)
    return lags


def _stands_out(score: float, place: Array) -> bool:
    """Tell whether a score is above chance; far displacements are many, so that chance reaches more there."""
    far = max(float(np.abs(place).max()), 1.0)
    return score >= _LEAST_SCORE + _SCORE_BY_DOUBLING * math.log2(far)


def _surface(weighted: Array, kept: _Frequencies, down: Array, right: Array) -> Array:
    """Return the correlation at displacements, (down, right): a Fourier transform by matrix products."""
    rows = np.exp(2j * np.pi * np.outer(down, kept.rows))
    columns = np.exp(2j * np.pi * np.outer(kept.columns, right))
    surface: Array = np.einsum("dr,rc,ce->de", rows, weighted, columns, optimize=True).real
    return surface


def _chained(pairs: list[tuple[float, int, int, Array]]) -> dict[int, Array]:
    """Return the place of each image that a chain of pairs joins to the reference, strongest first."""
    places: dict[int, Array] = {0: np.zeros(2)}
    while True:
        for _, i, j, place in pairs:
            if (i in places) != (j in places):
                if i in places:
                    places[j] = places[i] - place
                else:
                    places[i] = places[j] + place
                break
        else:
            return places


@dataclass(frozen=True)
class _Displacement:
    """The displacement of a pair.

    Attributes:
        value: d_ij = t_i - t_j, (down, right) in pixels of the reference.
        information: Inverse of its covariance, (2, 2).
        peak: Coherence at it, 0 to 1.
        one: i.
        other: j.
    """

    value: Array
    information: Array
    peak: float
    one: int = -1
    other: int = -1


def _evened(cross: Array, power: Array, shape: tuple[int, int]) -> tuple[Array, Array]:
    """Return a cross-spectrum whose amplitudes are evened out by a square root, and its power to match.

    Strong lines of the spectrum, of a few long borders, are aliased all in one way.
    """
    kept = _frequencies(*shape)
    size = np.abs(cross)
    evened = cross / np.sqrt(np.maximum(size, _TINY))
    before, after = (_by_ring(values * kept.multiple, kept.ring) for values in (size, np.abs(evened)))
    return evened, power * after / np.maximum(before, _TINY)


def _refined(cross: Array, power: Array, shape: tuple[int, int], place: Array) -> _Displacement:
    """Return the displacement at which the coherence-weighted correlation is highest, by Newton's method."""
    kept = _frequencies(*shape)
    value = place.astype(float)
    turned, weight = _turned(cross, kept, value), np.zeros(cross.shape)
    for _ in range(12):
        weight = _coherence_weight(turned, power, kept)
        slope, bend = _derivatives(turned, weight, kept)
        step = np.linalg.solve(bend + _TINY * np.eye(2), slope)
        step *= min(1.0, 0.5 / max(float(np.hypot(*step)), _TINY))
        value = value + step
        turned = _turned(cross, kept, value)
        if float(np.abs(step).max()) < 1e-5:
            break
    slope, bend = _derivatives(turned, weight, kept)
    # The spread of the slope as the frequencies show it (sandwich estimate).
    across = 2 * np.pi * weight * turned.imag * kept.multiple
    down, right = across * kept.rows[:, None], across * kept.columns[None]
    mixed = (down * right).sum()
    scatter: Array = np.array([[(down * down).sum(), mixed], [mixed, (right * right).sum()]])
    # Images that agree wholly, moved by whole pixels, have no spread at all: none is believed to be known better than
    # `_LEAST_ERROR`, so that what is solved for all pairs stays well conditioned.
    scatter = scatter + _LEAST_ERROR**2 * bend @ bend + _TINY * np.eye(2) * max(float(np.trace(scatter)), _TINY)
    information: Array = bend @ np.linalg.inv(scatter) @ bend
    information = 0.5 * (information + information.T)
    peak = float((turned.real * kept.multiple).sum()) / max(float(power.sum()), _TINY)
    return _Displacement(value, information, min(max(peak, 0.0), 1.0))


def _turned(cross: Array, kept: _Frequencies, value: Array) -> Array:
    turn = np.exp(2j * np.pi * kept.rows * value[0])[:, None] * np.exp(2j * np.pi * kept.columns * value[1])[None]
    turned: Array = cross * turn
    return turned


def _coherence_weight(turned: Array, power: Array, kept: _Frequencies) -> Array:
    """Return the weight of each frequency, (R, C), from the coherence of its ring at the present displacement."""
    coherence = _by_ring(turned.real * kept.multiple, kept.ring) / np.maximum(power, _TINY)
    coherence = np.clip(coherence, 0.0, 0.995)
    likely = np.square(coherence) / (1 - np.square(coherence))
    # The cross-spectrum is divided by its ring's mean power, so that each frequency has its phase's say.
    level = np.maximum(power, _TINY) / np.maximum(np.bincount(kept.ring.ravel(), kept.multiple.ravel())[:_RINGS], 1)
    by_ring = np.append(likely / level, 0.0)
    weight: Array = by_ring[kept.ring]
    return weight


def _derivatives(turned: Array, weight: Array, kept: _Frequencies) -> tuple[Array, Array]:
    """Return the slope (2,) of the weighted correlation by displacement, and its bend (2, 2), positive at a peak."""
    two_pi = 2 * np.pi
    rows, columns = two_pi * kept.rows[:, None], two_pi * kept.columns[None]
    imaginary = -weight * turned.imag * kept.multiple
    real = weight * np.abs(turned.real) * kept.multiple
    slope = np.array([(imaginary * rows).sum(), (imaginary * columns).sum()])
    cross = (real * rows * columns).sum()
    bend = np.array([[(real * rows * rows).sum(), cross], [cross, (real * columns * columns).sum()]])
    return slope, bend


def _settle(pairs: list[_Displacement], result: dict[str, Any], whole: Array, scales: Array) -> None:
    """Bring the pairs' displacements together, t_i - t_j = d_ij with t_0 = 0, and write them into the result."""
    outcome = result["outcome"]
    joined = _joined(pairs)
    unknown = [item for item in range(1, len(outcome)) if outcome[item] == MEASURED and item in joined]
    for item in range(1, len(outcome)):
        if outcome[item] == MEASURED and item not in joined:
            outcome[item] = ELSEWHERE
    kept = [pair for pair in pairs if pair.one in joined and pair.other in joined]
    if not unknown:
        return
    places, errors = _least_squares(kept, unknown)
    for item, place, error in zip(unknown, places, errors):
        if error > _LARGEST_ERROR:
            outcome[item] = ELSEWHERE
            continue
        result["shifts"][item] = (whole[item] + place) * scales[item]
        result["error"][item] = error
    for item in [0, *unknown]:
        result["peak"][item] = float(np.median([pair.peak for pair in kept if item in (pair.one, pair.other)]))


def _joined(pairs: list[_Displacement]) -> set[int]:
    """Return the images that pairs join to the reference."""
    joined, grown = {0}, True
    while grown:
        more = {item for pair in pairs if {pair.one, pair.other} & joined for item in (pair.one, pair.other)}
        grown = not more <= joined
        joined |= more
    return joined


def _least_squares(pairs: list[_Displacement], unknown: list[int]) -> tuple[Array, Array]:
    """Return the images' places (n, 2) and standard errors (n,), by least squares reweighted after Huber."""
    place_of: Mapping[int, int] = {item: number for number, item in enumerate(unknown)}
    count = len(unknown)
    robust = np.ones(len(pairs))
    places = np.zeros((count, 2))
    normal = np.eye(2 * count)
    for _ in range(20):
        normal, right = np.zeros((2 * count, 2 * count)), np.zeros(2 * count)
        for pair, weight in zip(pairs, robust):
            signs = [(place_of[item], sign) for item, sign in ((pair.one, 1.0), (pair.other, -1.0)) if item in place_of]
            information = weight * pair.information
            for place, sign in signs:
                right[2 * place : 2 * place + 2] += sign * information @ pair.value
                for other, other_sign in signs:
                    normal[2 * place : 2 * place + 2, 2 * other : 2 * other + 2] += sign * other_sign * information
        previous, places = places, np.linalg.solve(normal, right).reshape(count, 2)
        residuals = _residuals(pairs, places, place_of)
        typical = max(float(np.median(residuals)), 1e-4)
        robust = np.minimum(1.0, 2.5 * typical / np.maximum(residuals, _TINY))
        if np.abs(places - previous).max() < 1e-6:
            break
    spread = np.sqrt(np.diag(np.linalg.inv(normal)).reshape(count, 2).mean(axis=1))
    residuals = _residuals(pairs, places, place_of)
    apart = [
        np.sqrt(np.mean([r * r for pair, r in zip(pairs, residuals) if item in (pair.one, pair.other)]))
        for item in unknown
    ]
    return places, np.hypot(_CORRELATED * spread, apart)


def _residuals(pairs: list[_Displacement], places: Array, place_of: Mapping[int, int]) -> Array:
    """Return how far each pair's displacement is from that of the images' places, in pixels."""

    def place(item: int) -> Array:
        at: Array = places[place_of[item]] if item in place_of else np.zeros(2)
        return at

    return np.array([float(np.hypot(*(pair.value - place(pair.one) + place(pair.other)))) for pair in pairs])
