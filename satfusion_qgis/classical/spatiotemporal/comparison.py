"""How fine images compare with the coarse ones of their dates, cell by cell: level, shift, and whether they vary.

The fine image is averaged over the coarse cells. Level: for each band an offset (the difference of robust means), a
gain (their ratio), or both by robust regression (Huber's weights). On real dates a regression overstates the gain by
up to a half, for coarse images are smoother than averages of fine ones. Shift: masked phase correlation of the two
images of cells (registration.py).

Huber, P. J. (1964): Robust estimation of a location parameter. 10.1214/aoms/1177703732
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.window import Axis, BlockWindow, Window
from ..super_resolution.registration import MEASURED, registration_passes
from .cells import CellMap, cells_pass
from .images import TARGET, Cells, Geometry, cell_means, cell_sums, fine_image, on_cells
from .pairs import coarse, fine

COMPARISON = "comparison"
NONE, OFFSET, GAIN, GAIN_OFFSET = "none", "offset", "gain", "gain_offset"
_WHOLE = 0.9
_HUBER, _ROUNDS, _DEVIATION = 1.345, 30, 1.4826
FEWEST = 16
_LARGEST_GAIN = 2.0
_LARGEST_SHIFT = 3.0
# Fewer cells in a row or column show no shift.
_SMALLEST_MAP = 24
_FIRM = 0.25
_ROLE = "REVISITS"


@dataclass(frozen=True)
class Compared:
    """What the comparison finds.

    Attributes:
        cells: Number of cells that were compared.
        gain: For each band, what a coarse value is multiplied with.
        offset: For each band, what is added then.
        correlation: For each pair and band, that of fine means with coarse values; NaN where there is none.
        shifts: For each pair, (down, right, error) in cells from the coarse image to the fine one; None where it could
            not be measured.
    """

    cells: int
    gain: Array
    offset: Array
    correlation: Array
    shifts: tuple[Optional[tuple[float, float, float]], ...]


class PairComparison:
    """The pass that compares the images of each pair, and what is made of it.

    Args:
        geometry: The sizes of cells and halos.
        scene: What is known of the scene.
        how: "none", "offset", "gain" or "gain_offset": what brings coarse images to the fine sensor's level.
        part: (row, column, rows, columns) of the target pixels that are looked at.
    """

    def __init__(self, geometry: Geometry, scene: SceneInfo, how: str, part: tuple[int, int, int, int]) -> None:
        self._pairs = tuple(pair for pair in (1, 2) if scene.items.get(fine(pair)) and scene.items.get(coarse(pair)))
        self._bands = scene.bands[fine(1)]
        self._geometry = geometry
        self._how = how
        self._part = part

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass over all pairs."""
        cell = math.ceil(self._geometry.largest)
        halo = self._geometry.coarse_halo(cell + 1, 4)
        halo.update({fine(pair): cell + 1 for pair in self._pairs})
        roles = (*(role for pair in self._pairs for role in (fine(pair), coarse(pair))), TARGET)
        made = cells_pass(
            COMPARISON, roles, self._geometry, {role: halo[role] for role in roles}, self._gather, self._compared
        )

        def add(blocks: Blocks, window: Window, state: State) -> Any:
            return made.add(blocks, window, state) if self._inside(window) else None

        def finish(found: Any, state: State) -> Any:
            return made.finish(found, state) if found else self._unknown()

        return (Pass(made.name, made.roles, made.halo, add, made.merge, finish),)

    def _inside(self, window: Window) -> bool:
        row, column, rows, columns = self._part
        return (
            window.row < row + rows
            and window.row + window.rows > row
            and window.column < column + columns
            and window.column + window.columns > column
        )

    def _gather(self, blocks: Blocks, state: State, window: Window, cells: Cells) -> tuple[Array, Array]:
        """Return for each pair the means of F, C and whether both are there, and the same of the target."""
        layers = []
        area = cells.area(window)
        for pair in self._pairs:
            image, valid = fine_image(blocks, fine(pair), area)
            means, _ = cell_means(image, valid, area, cells)
            counts = cell_sums(np.stack([valid, np.ones_like(valid)]).astype(np.float32), area, cells)
            values, known = on_cells(blocks, coarse(pair), cells, window)
            both = known & (counts[0] >= _WHOLE * np.maximum(counts[1], 1))
            layers += [means, values, both[None].astype(np.float32)]
        values, known = on_cells(blocks, TARGET, cells, window)
        layers += [values, known[None].astype(np.float32)]
        return np.concatenate(layers), np.ones(known.shape, bool)

    def _compared(self, found: CellMap, state: State) -> Compared:
        """Return level and shifts.

        Raises:
            InputError: A coarse image is constant.
        """
        bands, parts = self._bands, []
        for place in range(len(self._pairs)):
            first = place * (2 * bands + 1)
            image, values = found.layers[first : first + bands], found.layers[first + bands : first + 2 * bands]
            parts.append((image, values, found.layers[first + 2 * bands] > 0))
        _refuse_constant(TARGET, found.layers[-1 - bands : -1], found.layers[-1] > 0)
        for pair, (_, values, both) in zip(self._pairs, parts):
            _refuse_constant(coarse(pair), values, both)
        own = np.concatenate([image[:, both] for image, _, both in parts], axis=1).astype(np.float64)
        other = np.concatenate([values[:, both] for _, values, both in parts], axis=1).astype(np.float64)
        gain, offset = np.ones(bands), np.zeros(bands)
        if own.shape[1] >= FEWEST and self._how != NONE:
            for band in range(bands):
                gain[band], offset[band] = level(other[band], own[band], self._how)
        correlation = np.array([_correlations(image[:, both], values[:, both]) for image, values, both in parts])
        shifts = tuple(shift_between(image, values, both) for image, values, both in parts)
        return Compared(own.shape[1], gain.astype(np.float32), offset.astype(np.float32), correlation, shifts)

    def _unknown(self) -> Compared:
        count = len(self._pairs)
        nothing = np.full((count, self._bands), np.nan)
        return Compared(
            0, np.ones(self._bands, np.float32), np.zeros(self._bands, np.float32), nothing, (None,) * count
        )


def _refuse_constant(role: str, values: Array, known: Array) -> None:
    if np.count_nonzero(known) >= 4 and all(np.ptp(band[known]) == 0 for band in values):
        raise InputError(
            f"{role} has the same value everywhere, so that nothing can be predicted from it; check the file."
        )


def level(values: Array, wanted: Array, how: str) -> tuple[float, float]:
    """Return (gain, offset) that bring values to what is wanted, robustly.

    Args:
        values: Coarse values, (n,).
        wanted: Means of the fine image, (n,).
        how: "offset", "gain" or "gain_offset".
    """
    weight = np.ones(len(values))
    gain, offset = 1.0, 0.0
    for _ in range(_ROUNDS):
        before = gain, offset
        total = weight.sum()
        middle, aim = (weight * values).sum() / total, (weight * wanted).sum() / total
        if how == GAIN_OFFSET:
            spread = (weight * np.square(values - middle)).sum()
            gain = (weight * (values - middle) * (wanted - aim)).sum() / spread if spread > 0 else 1.0
            gain = min(max(gain, 1 / _LARGEST_GAIN), _LARGEST_GAIN)
            offset = aim - gain * middle
        elif how == OFFSET:
            offset = aim - middle
        else:
            gain = aim / middle if middle > 0 and aim > 0 else 1.0
            gain = min(max(gain, 1 / _LARGEST_GAIN), _LARGEST_GAIN)
        left = wanted - gain * values - offset
        usual = _DEVIATION * float(np.median(np.abs(left - np.median(left))))
        if usual <= 0 or (abs(gain - before[0]) < 1e-6 and abs(offset - before[1]) < 1e-6 * abs(aim)):
            break
        weight = np.minimum(1.0, _HUBER * usual / np.maximum(np.abs(left), 1e-30))
    return float(gain), float(offset)


def _correlations(one: Array, other: Array) -> Array:
    if one.shape[1] < FEWEST:
        return np.full(len(one), np.nan)
    found = []
    for a, b in zip(one.astype(np.float64), other.astype(np.float64)):
        spread = a.std() * b.std()
        found.append(float(np.mean((a - a.mean()) * (b - b.mean())) / spread) if spread > 0 else np.nan)
    return np.array(found)


def shift_between(image: Array, values: Array, known: Array) -> Optional[tuple[float, float, float]]:
    """Return how far a coarse image lies from the fine one, in cells.

    Args:
        image: Means of the fine image, (bands, rows, columns).
        values: The coarse image, as large.
        known: Where both are there, bool (rows, columns).

    Returns:
        (down, right, standard error): what the fine image shows at a cell stands so much further in the coarse one;
        None where it could not be measured.
    """
    bands, rows, columns = image.shape
    if min(rows, columns) < _SMALLEST_MAP or known.mean() < 0.3:
        return None
    axes = Axis(0.0, 1.0, rows), Axis(0.0, 1.0, columns)
    whole = BlockWindow(0, 0, rows, columns, *axes)
    scene = SceneInfo({_ROLE: bands}, {_ROLE: 2}, {_ROLE: (1.0, 1.0)})
    blocks = {_ROLE: (np.where(known, image, 0), np.where(known, values, 0)), f"{_ROLE}_valid": (known, known)}
    state: State = {}
    for one in registration_passes(scene, _LARGEST_SHIFT):
        merged: Any = None
        for row, height in _parts(rows):
            for column, width in _parts(columns):
                window = Window(row, column, height, width, {_ROLE: (whole, whole)})
                found = one.add(blocks, window, state)
                if found is not None:
                    merged = found if merged is None else one.merge(merged, found)
        state[one.name] = one.finish(merged, state)
    found = state.get("registration")
    if found is None or found["outcome"][1] != MEASURED or not found["error"][1] < _FIRM:
        return None
    down, right = (float(value) for value in found["shifts"][1])
    return down, right, float(found["error"][1])


def _parts(size: int) -> list[tuple[int, int]]:
    """Return (start, length) of pieces of about 128 cells."""
    count = max(1, round(size / 128))
    edges = [round(size * place / count) for place in range(count + 1)]
    return [(start, stop - start) for start, stop in zip(edges, edges[1:])]
