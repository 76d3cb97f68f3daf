"""Products with banded matrices: one row holds the weights of the input samples for one output sample.

There are two ways to the same result. With a fast BLAS the matrix is cut into diagonal blocks of some tens of output
samples, each a small dense matrix that stays in the cache. Without one (QGIS on Debian is linked with GSL's slow CBLAS)
the weights repeat in a cycle, as they do for every ratio of small whole numbers, and whole rows are scaled and added.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import numpy as np

from ..tasks.method import Array
from .blas import blas_is_fast

_ONE_THREAD = 200_000  # multiplications of a product that every BLAS does in the calling thread
_SCRATCH = 1 << 16
_LONGEST_CYCLE = 12


@dataclass(frozen=True)
class Piece:
    """One diagonal block.

    Attributes:
        start: First output sample.
        stop: One past the last output sample.
        first: First input sample.
        weights: float32 (stop - start, inputs).
        transposed: The same, (inputs, stop - start), contiguous.
    """

    start: int
    stop: int
    first: int
    weights: Array
    transposed: Array


@dataclass(frozen=True)
class Cycle:
    """Weights that repeat: output `i + outputs` looks at the inputs of output `i`, moved on by `inputs`.

    Attributes:
        outputs: Output samples in a cycle.
        inputs: Input samples in a cycle.
        before: Copies of the first input that are needed in front of it.
        after: Copies of the last input that are needed behind it.
        phases: For each output of a cycle, its first input (counted with `before`) and its weights.
    """

    outputs: int
    inputs: int
    before: int
    after: int
    phases: tuple[tuple[int, tuple[np.float32, ...]], ...]


class Banded:
    """A matrix that resamples at some positions with a kernel.

    Weights of samples beyond the ends go to the end sample (edges are replicated); each row is normalised to sum 1.

    Args:
        centres: Position of each output sample, in input samples, evenly spaced and ascending.
        reach: The kernel is zero beyond this distance.
        kernel: Weight by distance (input samples).
        inputs: Number of input samples.
        block: Output samples in a diagonal block.
    """

    def __init__(self, centres: Array, reach: float, kernel: Callable[[Array], Array], inputs: int, block: int) -> None:
        self.outputs = len(centres)
        self.inputs = inputs
        self._centres = centres
        self._reach = reach
        self._kernel = kernel
        self._block = block

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The diagonal blocks."""
        pieces: list[Piece] = []
        known: dict[tuple[int, float, float], tuple[Array, Array]] = {}
        for start in range(0, self.outputs, self._block):
            part = self._centres[start : start + self._block]
            low = math.floor(part[0] - self._reach)
            phase = (len(part), round(part[0] - low, 9), round(part[-1] - low, 9))
            if phase not in known:
                known[phase] = _both_ways(self._weights(part - low, math.ceil(part[-1] + self._reach) - low + 1))
            weights, transposed = known[phase]
            first, last = low, low + weights.shape[1] - 1
            if first < 0 or last >= self.inputs:
                first, last = min(max(first, 0), self.inputs - 1), max(min(last, self.inputs - 1), 0)
                weights, transposed = _both_ways(_folded(weights, low, first, last))
            pieces.append(Piece(start, start + len(part), first, weights, transposed))
        return tuple(pieces)

    @cached_property
    def cycle(self) -> Optional[Cycle]:
        """The cycle in which the weights repeat, or None where there is no short one."""
        step = float(self._centres[1] - self._centres[0]) if self.outputs > 1 else 1.0
        for outputs in range(1, _LONGEST_CYCLE + 1):
            inputs = round(outputs * step)
            if inputs and abs(outputs * step - inputs) * self.outputs / outputs < 1e-6:
                return self._cycle(outputs, inputs)
        return None

    def _cycle(self, outputs: int, inputs: int) -> Cycle:
        firsts, phases = [], []
        for centre in self._centres[:outputs]:
            low = math.ceil(centre - self._reach)
            weights = self._weights(np.array([centre - low]), math.floor(centre + self._reach) - low + 1)[0]
            used = np.flatnonzero(weights)
            firsts.append(low + int(used[0]))
            phases.append(tuple(np.float32(weight) for weight in weights[used[0] : used[-1] + 1]))
        before = max(0, -min(firsts))
        last = 0
        for place, (first, taps) in enumerate(zip(firsts, phases)):
            rounds = (self.outputs - 1 - place) // outputs
            last = max(last, first + len(taps) - 1 + rounds * inputs)
        after = max(0, last - (self.inputs - 1))
        return Cycle(outputs, inputs, before, after, tuple((f + before, taps) for f, taps in zip(firsts, phases)))

    def _weights(self, centres: Array, taps: int) -> Array:
        weights = self._kernel(centres[:, None] - np.arange(taps)[None])
        normalised: Array = weights / weights.sum(axis=1, keepdims=True)
        return normalised


def apply_rows(matrix: Banded, image: Array) -> Array:
    """Resample rows: (bands, matrix.inputs, columns) -> (bands, matrix.outputs, columns), float32."""
    bands, _, columns = image.shape
    result = np.empty((bands, matrix.outputs, columns), np.float32)
    if not blas_is_fast() and matrix.cycle:
        _cycle_rows(matrix.cycle, image, result)
        return result
    for piece in matrix.pieces:
        count, taps = piece.weights.shape
        width = max(16, _ONE_THREAD // (count * taps))
        rows = image[:, piece.first : piece.first + taps]
        for left in range(0, columns, width):
            part = slice(left, left + width)
            np.matmul(piece.weights, rows[:, :, part], out=result[:, piece.start : piece.stop, part])
    return result


def apply_columns(matrix: Banded, image: Array, out: Optional[Array] = None) -> Array:
    """Resample columns: (bands, rows, matrix.inputs) -> (bands, rows, matrix.outputs), float32."""
    bands, rows, _ = image.shape
    result = np.empty((bands, rows, matrix.outputs), np.float32) if out is None else out
    if not blas_is_fast() and matrix.cycle:
        _cycle_columns(matrix, matrix.cycle, image, result)
        return result
    for piece in matrix.pieces:
        taps, count = piece.transposed.shape
        height = max(16, _ONE_THREAD // (count * taps))
        for top in range(0, rows, height):
            part = slice(top, top + height)
            columns = image[:, part, piece.first : piece.first + taps]
            np.matmul(columns, piece.transposed, out=result[:, part, piece.start : piece.stop])
    return result


def adjoint_rows(matrix: Banded, image: Array) -> Array:
    """Adjoint of `apply_rows`: (bands, matrix.outputs, columns) -> (bands, matrix.inputs, columns), float32."""
    bands, _, columns = image.shape
    if not blas_is_fast() and matrix.cycle:
        return _cycle_adjoint(matrix, matrix.cycle, image)
    result = np.zeros((bands, matrix.inputs, columns), np.float32)
    for piece in matrix.pieces:
        taps, count = piece.transposed.shape
        width = max(16, _ONE_THREAD // (count * taps))
        for left in range(0, columns, width):
            part = slice(left, left + width)
            result[:, piece.first : piece.first + taps, part] += np.matmul(
                piece.transposed, image[:, piece.start : piece.stop, part]
            )
    return result


def adjoint_columns(matrix: Banded, image: Array) -> Array:
    """Adjoint of `apply_columns`: (bands, rows, matrix.outputs) -> (bands, rows, matrix.inputs), float32."""
    bands, rows, _ = image.shape
    if not blas_is_fast() and matrix.cycle:
        return _turned(_cycle_adjoint(matrix, matrix.cycle, _turned(image)))
    result = np.zeros((bands, rows, matrix.inputs), np.float32)
    for piece in matrix.pieces:
        count, taps = piece.weights.shape
        height = max(16, _ONE_THREAD // (count * taps))
        for top in range(0, rows, height):
            part = slice(top, top + height)
            result[:, part, piece.first : piece.first + taps] += np.matmul(
                image[:, part, piece.start : piece.stop], piece.weights
            )
    return result


def _both_ways(weights: Array) -> tuple[Array, Array]:
    return np.ascontiguousarray(weights, np.float32), np.ascontiguousarray(weights.T, np.float32)


def _folded(weights: Array, low: int, first: int, last: int) -> Array:
    """Add the weights of samples beyond [first, last] to those of the end samples."""
    places = np.clip(np.arange(low, low + weights.shape[1]), first, last) - first
    folded = np.zeros((len(weights), last - first + 1))
    np.add.at(folded.T, places, weights.T)
    return folded


def _padded(cycle: Cycle, image: Array, axis: int) -> Array:
    """Replicate the ends along an axis as often as the cycle needs it."""
    if not (cycle.before or cycle.after):
        return image
    widths = [(0, 0), (0, 0), (0, 0)]
    widths[axis] = (cycle.before, cycle.after)
    return np.pad(image, widths, mode="edge")


def _cycle_rows(cycle: Cycle, image: Array, result: Array) -> None:
    """Apply a cycle to rows, a few rows at a time so that they stay in the cache."""
    bands, outputs, columns = result.shape
    padded = _padded(cycle, image, 1)
    size = max(1, _SCRATCH // (bands * columns))
    scratch = np.empty((bands, size, columns), np.float32)
    for place, (first, weights) in enumerate(cycle.phases):
        count = len(range(place, outputs, cycle.outputs))
        target = result[:, place :: cycle.outputs]
        for start in range(0, count, size):
            stop = min(start + size, count)
            _add_scaled(padded, first, cycle.inputs, weights, target[:, start:stop], scratch[:, : stop - start], start)


def _add_scaled(
    source: Array,
    first: int,
    step: int,
    weights: tuple[np.float32, ...],
    target: Array,
    scratch: Array,
    start: int,
) -> None:
    """Set `target` to the weighted sum of rows of `source`, taken every `step` rows."""
    count = target.shape[1]

    def rows(tap: int) -> Array:
        low = first + tap + start * step
        return source[:, low : low + (count - 1) * step + 1 : step]

    symmetric = len(weights) > 2 and bool(np.allclose(weights, weights[::-1], rtol=1e-6, atol=0))
    for tap, weight in enumerate(weights[: (len(weights) + 1) // 2] if symmetric else weights):
        last = len(weights) - 1 - tap
        into = scratch if tap else target
        if symmetric and last > tap:
            np.add(rows(tap), rows(last), out=into)
            into *= weight
        else:
            np.multiply(rows(tap), weight, out=into)
        if tap:
            target += scratch


def _cycle_columns(matrix: Banded, cycle: Cycle, image: Array, result: Array) -> None:
    """Apply a cycle to columns: turned where few columns come out, else phase by phase."""
    bands, rows, outputs = result.shape
    if cycle.inputs > cycle.outputs:
        turned = np.empty((bands, outputs, rows), np.float32)
        _cycle_rows(cycle, _turned(image), turned)
        result[:] = turned.swapaxes(1, 2)
        return
    padded = _padded(cycle, image, 2)
    most = -(-outputs // cycle.outputs)
    size = max(1, _SCRATCH // (bands * most))
    total, scratch = np.empty((2, bands, size, most), np.float32)
    for top in range(0, rows, size):
        part = slice(top, min(top + size, rows))
        height = part.stop - top
        for place, (first, weights) in enumerate(cycle.phases):
            count = len(range(place, outputs, cycle.outputs))
            sums, scaled = total[:, :height, :count], scratch[:, :height, :count]
            for tap, weight in enumerate(weights):
                low = first + tap
                columns = padded[:, part, low : low + (count - 1) * cycle.inputs + 1 : cycle.inputs]
                if tap == 0:
                    np.multiply(columns, weight, out=sums)
                else:
                    np.multiply(columns, weight, out=scaled)
                    sums += scaled
            result[:, part, place :: cycle.outputs] = sums


def _cycle_adjoint(matrix: Banded, cycle: Cycle, image: Array) -> Array:
    """Adjoint of `_cycle_rows`."""
    bands, _, columns = image.shape
    length = matrix.inputs + cycle.before + cycle.after
    result = np.zeros((bands, length, columns), np.float32)
    size = max(1, _SCRATCH // (bands * columns))
    scratch = np.empty((bands, size, columns), np.float32)
    for place, (first, weights) in enumerate(cycle.phases):
        rows = image[:, place :: cycle.outputs]
        for start in range(0, rows.shape[1], size):
            part = rows[:, start : start + size]
            scaled = scratch[:, : part.shape[1]]
            for tap, weight in enumerate(weights):
                low = first + tap + start * cycle.inputs
                np.multiply(part, weight, out=scaled)
                result[:, low : low + (part.shape[1] - 1) * cycle.inputs + 1 : cycle.inputs] += scaled
    inner = result[:, cycle.before : cycle.before + matrix.inputs]
    inner[:, 0] += result[:, : cycle.before].sum(axis=1)
    inner[:, -1] += result[:, cycle.before + matrix.inputs :].sum(axis=1)
    return inner


def _turned(image: Array) -> Array:
    """Return an image with rows and columns exchanged, contiguous."""
    return np.ascontiguousarray(image.swapaxes(1, 2))
