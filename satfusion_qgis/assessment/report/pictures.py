"""What a report shows of a pair of images, gathered while they are scored: small views, an error map, histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
_VIEW = 300
_BINS = 96
_RED, _GREEN, _BLUE = 660.0, 560.0, 480.0
_NEAR_NM = 60.0


@dataclass(frozen=True)
class Detail:
    """A small part of an image, pixel by pixel.

    Attributes:
        name: Which image: "reference", "fused", "ms" or "pan".
        image: Shape (1 or 3, rows, columns); NaN where not valid.
    """

    name: str
    image: Float64


@dataclass(frozen=True)
class Views:
    """What was gathered.

    Attributes:
        reference: Mean of each cell, shape (shown bands, rows, columns); NaN where nothing is valid.
        test: The same of the test image.
        error: Root mean square error over all bands of each cell, shape (rows, columns); NaN where nothing is valid.
        shown: Numbers of the bands in the views, from 0: one for grey, three for red, green and blue.
        histograms: Pixels by reference (rows) and test value (columns), shape (bands, bins, bins).
        ranges: (lowest, highest) value of the histograms of each band.
        step: Side of a cell in pixels.
        details: The middle of the images, pixel by pixel.
    """

    reference: Float64
    test: Float64
    error: Float64
    shown: tuple[int, ...]
    histograms: Float64
    ranges: tuple[tuple[float, float], ...]
    step: int
    details: tuple[Detail, ...] = ()


class Pictures:
    """Gathers the views of a scene window by window; the result does not depend on the windows."""

    def __init__(
        self,
        size: tuple[int, int],
        ranges: Sequence[tuple[float, float]],
        shown: Sequence[int],
        view: int = _VIEW,
    ) -> None:
        """Start empty.

        Args:
            size: (rows, columns) of the scored area.
            ranges: (lowest, highest) value of each band that its histogram covers.
            shown: Numbers of the bands to show, from 0; see :func:`display_bands`.
            view: Longest side of a view in cells.
        """
        self._step = max(1, math.ceil(max(size) / view))
        cells = tuple(math.ceil(length / self._step) for length in size)
        self._shown = tuple(shown)
        self._ranges = tuple((float(low), float(high)) for low, high in ranges)
        self._reference = np.zeros((len(self._shown), *cells))
        self._test = np.zeros((len(self._shown), *cells))
        self._error = np.zeros(cells)
        self._count = np.zeros(cells)
        self._histograms = np.zeros((len(self._ranges), _BINS, _BINS))

    def add(
        self, reference: NDArray[Any], test: NDArray[Any], valid: Optional[NDArray[np.bool_]], row: int, column: int
    ) -> None:
        """Take in one window; see `ReferenceScores.add`."""
        shape = (reference.shape[1], reference.shape[2])
        used = np.ones(shape, np.bool_) if valid is None else valid
        cells = _Cells(row, column, shape, self._step)
        self._count[cells.place] += cells.sums(used.astype(np.float64))
        squares = np.zeros(shape)
        for band in range(len(self._ranges)):
            x = np.where(used, reference[band], 0).astype(np.float64)
            y = np.where(used, test[band], 0).astype(np.float64)
            squares += np.square(y - x)
            self._histograms[band] += self._histogram(band, x[used], y[used])
            for place in [place for place, number in enumerate(self._shown) if number == band]:
                self._reference[place][cells.place] += cells.sums(x)
                self._test[place][cells.place] += cells.sums(y)
        self._error[cells.place] += cells.sums(squares)

    def result(self, details: tuple[Detail, ...] = ()) -> Views:
        """Return what was gathered, with parts of the images that were read beside it."""
        count = np.where(self._count > 0, self._count, np.nan)
        error = np.sqrt(self._error / count / len(self._ranges))
        reference, test = self._reference / count, self._test / count
        return Views(reference, test, error, self._shown, self._histograms, self._ranges, self._step, details)

    def _histogram(self, band: int, x: Float64, y: Float64) -> Float64:
        low, high = self._ranges[band]
        scale = _BINS / (high - low)
        rows = np.clip((x - low) * scale, 0, _BINS - 1).astype(np.intp)
        columns = np.clip((y - low) * scale, 0, _BINS - 1).astype(np.intp)
        counts: Float64 = np.bincount(rows * _BINS + columns, minlength=_BINS * _BINS).astype(np.float64)
        return counts.reshape(_BINS, _BINS)


class _Cells:
    """The cells that a window touches, and sums over its pixels in each."""

    def __init__(self, row: int, column: int, shape: tuple[int, int], step: int) -> None:
        self._rows, rows = _edges(row, shape[0], step)
        self._columns, columns = _edges(column, shape[1], step)
        self.place = (rows, columns)

    def sums(self, image: Float64) -> Float64:
        down: Float64 = np.add.reduceat(image, self._rows, axis=0)
        across: Float64 = np.add.reduceat(down, self._columns, axis=1)
        return across


def _edges(start: int, length: int, step: int) -> tuple[NDArray[np.intp], slice]:
    """Where the cells of a window start along one axis, and which cells of the scene these are."""
    first, last = start // step, (start + length - 1) // step
    edges = np.maximum(np.arange(first, last + 1) * step - start, 0)
    return edges.astype(np.intp), slice(first, last + 1)


def display_bands(bands: int, wavelengths_nm: Sequence[Optional[float]] = ()) -> tuple[int, ...]:
    """Choose the bands to show, from 0: red, green, blue where wavelengths tell, else the third, second and first."""
    if bands < 3:
        return (0,)
    known = [value for value in wavelengths_nm if value is not None]
    if len(known) == bands:
        chosen = tuple(min(range(bands), key=lambda b: abs(known[b] - wanted)) for wanted in (_RED, _GREEN, _BLUE))
        close = all(abs(known[b] - wanted) < _NEAR_NM for b, wanted in zip(chosen, (_RED, _GREEN, _BLUE)))
        if close and len(set(chosen)) == 3:
            return chosen
    return (2, 1, 0)


def value_ranges(sample: NDArray[Any]) -> tuple[tuple[float, float], ...]:
    """Return a range for the histogram of each band from some of its values, shape (bands, values)."""
    ranges = []
    for values in sample:
        known = values[np.isfinite(values)].astype(np.float64)
        low, high = np.percentile(known, (0.1, 99.9)) if known.size else (0.0, 1.0)
        margin = 0.05 * (high - low) or 0.5 * abs(float(high)) or 0.5
        ranges.append((float(low - margin), float(high + margin)))
    return tuple(ranges)


def stretched(image: Float64, like: Float64) -> NDArray[np.float64]:
    """Stretch each band to 0..1 between percentiles 1 and 99 of another image, which both views share."""
    result = np.empty_like(image)
    for band, values in enumerate(like):
        known = values[np.isfinite(values)]
        low, high = np.percentile(known, (1, 99)) if known.size else (0.0, 1.0)
        result[band] = np.clip((image[band] - low) / ((high - low) or 1.0), 0, 1)
    return result


def as_colours(image: Float64, no_data: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Turn a stretched view of one or three bands into (rows, columns, 3) colours."""
    three = np.repeat(image, 3, axis=0) if len(image) == 1 else image
    colours = np.moveaxis(three, 0, -1)
    known = np.isfinite(colours).all(axis=-1)
    result: NDArray[np.uint8] = np.rint(255 * np.where(known[..., None], colours, 0)).astype(np.uint8)
    result[~known] = no_data
    return result
