"""Image objects: connected pixels of one class, found on fixed tiles of the scene.

Classes are filtered by majority in 3 x 3, connected over edges into objects, and objects smaller than LEAST pixels join
the neighbour they are spectrally nearest to, step by step from their edge. Objects end at the sides of tiles of SIDE
pixels that lie fixed in the target grid, so that they do not depend on windows: a tile is always computed as a whole,
with the pixels around it that the filter needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Window

SIDE = 128
LEAST = 20
# Pixels around a tile that the majority filter sees.
MARGIN = 1
HALO = SIDE + MARGIN
_ROUNDS = 64


@dataclass(frozen=True)
class Objects:
    """The objects of some whole tiles.

    Attributes:
        area: The target pixels, whole tiles.
        labels: int32 (rows, columns), an object's number, counted from 0.
        classes: uint8 (rows, columns), each object's class.
        count: Number of objects.
    """

    area: Window
    labels: Array
    classes: Array
    count: int


def tiles(window: Window, shift: int = 0) -> Window:
    """Return the whole tiles that a window touches; they lie `shift` pixels above and left of the target's corner."""
    top, left = _first(window.row, shift), _first(window.column, shift)
    bottom = _first(window.row + window.rows + SIDE - 1, shift)
    right = _first(window.column + window.columns + SIDE - 1, shift)
    return replace(window, row=top, rows=bottom - top, column=left, columns=right - left)


def _first(place: int, shift: int) -> int:
    """Return the first pixel of the tile that a pixel lies in."""
    return (place + shift) // SIDE * SIDE - shift


def objects(labels: Array, valid: Array, image: Array, area: Window, least: int = LEAST, shift: int = 0) -> Objects:
    """Return the objects of whole tiles.

    Args:
        labels: uint8 (rows + 2, columns + 2): classes, with a margin of one pixel.
        valid: bool, of the same size; invalid pixels are objects of their own and part of no other.
        image: float32 (bands, rows, columns), without the margin: what small objects are compared in.
        area: The tiles, without the margin.
        least: Smaller objects join another.
        shift: As for `tiles`.
    """
    inside = (slice(MARGIN, -MARGIN),) * 2
    known = valid[inside]
    classes = np.where(known, majority(labels, valid), np.uint8(255))
    parts = connected(classes, area, shift)
    sizes = np.bincount(parts.ravel(), minlength=parts.size)
    small = (sizes[parts] < least) & known
    _join(parts, classes, small, known, image, area, shift)
    _, dense = np.unique(parts, return_inverse=True)
    dense = dense.reshape(parts.shape).astype(np.int32)
    return Objects(area, dense, classes, int(dense.max()) + 1)


def majority(labels: Array, valid: Array) -> Array:
    """Return the commonest class in 3 x 3, without the margin; among equals the pixel's own, then the first."""
    rows, columns = labels.shape[0] - 2, labels.shape[1] - 2
    best = np.zeros((rows, columns), np.uint8)
    result = np.array(labels[1:-1, 1:-1])
    own = labels[1:-1, 1:-1]
    for place in range(int(labels.max(initial=0)) + 1):
        here = ((labels == place) & valid).astype(np.uint8)
        count = sum(here[r : r + rows, c : c + columns] for r in range(3) for c in range(3))
        votes = np.asarray(2 * np.asarray(count, np.uint8) + (own == place), np.uint8)
        more = votes > best
        best[more] = votes[more]
        result[more] = place
    return result


def connected(classes: Array, area: Window, shift: int = 0) -> Array:
    """Return a number for each set of pixels of one class that are connected over edges within a tile, int64."""
    rows, columns = classes.shape
    parts = np.arange(rows * columns).reshape(rows, columns)
    row_tile = (np.arange(rows) + area.row + shift) // SIDE
    column_tile = (np.arange(columns) + area.column + shift) // SIDE
    right = (classes[:, 1:] == classes[:, :-1]) & (column_tile[1:] == column_tile[:-1])[None]
    down = (classes[1:] == classes[:-1]) & (row_tile[1:] == row_tile[:-1])[:, None]
    starts_right = np.flatnonzero(np.concatenate([np.ones((rows, 1), bool), ~right], axis=1))
    starts_down = np.flatnonzero(np.concatenate([np.ones((1, columns), bool), ~down], axis=0).T)
    while True:
        before = parts
        parts = _least_of_runs(parts, starts_right)
        parts = _least_of_runs(parts.T, starts_down).T
        # A pixel's number is one of its own set: what that pixel found holds here too.
        parts = np.minimum(parts, parts.ravel()[parts])
        if np.array_equal(before, parts):
            return np.ascontiguousarray(parts)


def _least_of_runs(numbers: Array, starts: Array) -> Array:
    """Give all pixels of each run along the last axis the run's least number."""
    flat = np.ascontiguousarray(numbers).ravel()
    least = np.minimum.reduceat(flat, starts)
    return np.repeat(least, np.diff(np.append(starts, flat.size))).reshape(numbers.shape)


def _join(parts: Array, classes: Array, small: Array, known: Array, image: Array, area: Window, shift: int) -> None:
    """Give pixels of small objects the object of the spectrally nearest neighbour that is large, in place."""
    row_tile = (np.arange(parts.shape[0]) + area.row + shift) // SIDE
    column_tile = (np.arange(parts.shape[1]) + area.column + shift) // SIDE
    large = known & ~small
    for _ in range(_ROUNDS):
        rows, columns = np.nonzero(small & ~large)
        if not len(rows):
            return
        best = np.full(len(rows), np.inf)
        take = np.full(len(rows), -1)
        for down, right in ((-1, 0), (0, -1), (0, 1), (1, 0)):
            r, c = rows + down, columns + right
            there = (r >= 0) & (r < parts.shape[0]) & (c >= 0) & (c < parts.shape[1])
            r, c = np.clip(r, 0, parts.shape[0] - 1), np.clip(c, 0, parts.shape[1] - 1)
            there &= large[r, c] & (row_tile[r] == row_tile[rows]) & (column_tile[c] == column_tile[columns])
            apart = np.square(image[:, r, c] - image[:, rows, columns]).sum(axis=0)
            nearer = there & (apart < best)
            best[nearer] = apart[nearer]
            take[nearer] = (r * parts.shape[1] + c)[nearer]
        found = take >= 0
        if not found.any():
            return
        rows, columns, take = rows[found], columns[found], take[found]
        parts[rows, columns] = parts.ravel()[take]
        classes[rows, columns] = classes.ravel()[take]
        large[rows, columns] = True
