"""Scene-wide moments and extremes of the images, so that no threshold depends on a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, State
from ...tasks.window import Window

STATISTICS = "statistics"
_TINY = 1e-6


@dataclass(frozen=True)
class Moments:
    """Of the valid pixels of one image, each array with a number for each band, float64.

    Attributes:
        count: Number of pixels.
        mean: Means.
        squares: Sums of squared deviations from the mean.
        low: Minima.
        high: Maxima.
    """

    count: int
    mean: Array
    squares: Array
    low: Array
    high: Array

    @property
    def deviation(self) -> Array:
        """Standard deviations."""
        return np.asarray(np.sqrt(self.squares / max(self.count, 1)))

    def merged(self, other: Moments) -> Moments:
        """Return the moments of both together (Chan, Golub, LeVeque 1983, 10.1080/00031305.1983.10483115)."""
        count = self.count + other.count
        shift = other.mean - self.mean
        return Moments(
            count,
            self.mean + shift * (other.count / count),
            self.squares + other.squares + shift * shift * (self.count * other.count / count),
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
        )


def moments(image: Array, valid: Optional[Array]) -> Optional[Moments]:
    """Return the moments of (bands, rows, columns) where valid, or None where nothing is."""
    pixels = np.asarray(image).reshape(len(image), -1)
    known = np.isfinite(pixels).all(axis=0)
    if valid is not None:
        known &= np.asarray(valid).ravel()
    pixels = pixels[:, known].astype(np.float64)
    if not pixels.shape[1]:
        return None
    mean = pixels.mean(axis=1)
    squares = ((pixels - mean[:, None]) ** 2).sum(axis=1)
    return Moments(pixels.shape[1], mean, squares, pixels.min(axis=1), pixels.max(axis=1))


def statistics_pass(roles: tuple[str, ...]) -> Pass:
    """Return the pass that finds the moments of each role's image, as a dictionary by role."""

    def add(blocks: Blocks, window: Window, state: State) -> Any:
        found = {role: moments(*_owned(blocks, role, window)) for role in roles}
        return {role: value for role, value in found.items() if value is not None} or None

    def merge(one: dict[str, Moments], other: dict[str, Moments]) -> dict[str, Moments]:
        result = dict(one)
        for role, value in other.items():
            result[role] = result[role].merged(value) if role in result else value
        return result

    def finish(found: Optional[dict[str, Moments]], state: State) -> dict[str, Moments]:
        missing = [role for role in roles if role not in (found or {})]
        if missing or found is None:
            raise InputError(
                f"{' and '.join(missing)} has no valid pixel in the area: check its extent, mask and nodata."
            )
        return found

    return Pass(STATISTICS, roles, {}, add, merge, finish)


def _owned(blocks: Blocks, role: str, window: Window) -> tuple[Array, Optional[Array]]:
    """Return the pixels of a role whose centres lie in the window."""
    block = window.block(role)
    top, bottom = block.row_axis.owned(window.row, window.row + window.rows)
    left, right = block.column_axis.owned(window.column, window.column + window.columns)
    part = (
        slice(max(top - block.row, 0), max(bottom - block.row, 0)),
        slice(max(left - block.column, 0), max(right - block.column, 0)),
    )
    valid = blocks.get(f"{role}_valid")
    return cut(np.asarray(blocks[role]), part), None if valid is None else np.asarray(valid)[part]


def cut(image: Array, part: tuple[slice, slice]) -> Array:
    """Return a part (rows, columns) of (bands, rows, columns)."""
    return image[:, part[0], part[1]]


def span(found: Moments) -> float:
    """Return the range of an image's values that counts: four deviations about the mean, over all bands.

    A few wild pixels do not stretch it. A constant image has a millionth of its value.
    """
    low = np.maximum(found.mean - 4 * found.deviation, found.low).min()
    high = np.minimum(found.mean + 4 * found.deviation, found.high).max()
    return max(float(high - low), _TINY * float(np.abs(found.mean).max())) or 1.0
