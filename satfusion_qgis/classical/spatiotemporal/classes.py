"""Classes of the fine image: k-means over a fixed sample of the scene, and what their coarse cells are made of.

MacQueen, J. (1967): Some methods for classification and analysis of multivariate observations. Proceedings of the fifth
Berkeley Symposium. Lloyd's iterations start from the quantiles along the first principal component, so that nothing is
drawn by chance.
"""

from __future__ import annotations

import math
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, State
from ...tasks.window import Window
from .images import fine_image

# About how many pixels the classes are found from, on a regular lattice.
_SAMPLE = 20_000
_ITERATIONS = 100


def classes_pass(role: str, count: int) -> Pass:
    """Return the pass that finds the centres of `count` classes, float32 (classes, bands), in the image `role`."""

    def add(blocks: Blocks, window: Window, state: State) -> Any:
        block = window.block(role)
        step = max(1, math.ceil(math.sqrt(block.row_axis.size * block.column_axis.size / _SAMPLE)))
        image, valid = fine_image(blocks, role, window)
        rows = np.arange(-window.row % step, window.rows, step)
        columns = np.arange(-window.column % step, window.columns, step)
        taken = image[:, rows[:, None], columns[None]].reshape(len(image), -1)
        known = valid[rows[:, None], columns[None]].ravel()
        place = ((rows + window.row)[:, None] * (1 << 24) + (columns + window.column)[None]).ravel()
        return [(place[known], taken[:, known].T)] if known.any() else None

    def merge(one: list[Any], other: list[Any]) -> list[Any]:
        return one + other

    def finish(found: Optional[list[Any]], state: State) -> Array:
        if not found:
            raise InputError(f"{role} has no valid pixel in the area: check its extent, mask and nodata.")
        order = np.argsort(np.concatenate([place for place, _ in found]), kind="stable")
        return centres(np.concatenate([pixels for _, pixels in found])[order], count)

    return Pass("classes_" + role, (role,), {}, add, merge, finish)


def centres(pixels: Array, count: int) -> Array:
    """Return the centres of `count` classes of (pixels, bands), float32 (classes, bands); fewer for few pixels."""
    values = np.asarray(pixels, np.float64)
    middle = values.mean(axis=0)
    _, vectors = np.linalg.eigh((values - middle).T @ (values - middle))
    axis = vectors[:, -1] * (1 if vectors[:, -1].sum() >= 0 else -1)
    order = np.argsort((values - middle) @ axis, kind="stable")
    groups = np.array_split(order, count)
    found = np.array([values[group].mean(axis=0) for group in groups if len(group)])
    labels = np.full(len(values), -1)
    for _ in range(_ITERATIONS):
        distances = (found * found).sum(axis=1)[None] - 2 * values @ found.T
        now = distances.argmin(axis=1)
        if np.array_equal(now, labels):
            break
        labels = now
        for place in range(len(found)):
            if (labels == place).any():
                found[place] = values[labels == place].mean(axis=0)
    return found.astype(np.float32)


def classify(image: Array, found: Array) -> Array:
    """Return the nearest class of each pixel of (bands, rows, columns), uint8 (rows, columns); the first of equals."""
    best = np.full(image.shape[1:], np.inf, np.float32)
    labels = np.zeros(image.shape[1:], np.uint8)
    for place, centre in enumerate(found):
        distance = np.square(image - centre[:, None, None]).sum(axis=0)
        nearer = distance < best
        best[nearer] = distance[nearer]
        labels[nearer] = place
    return labels


def shares(labels: Array, valid: Array, count: int) -> Array:
    """Return a layer for each class, 1 where a valid pixel has it, float32 (classes, rows, columns)."""
    layers: Array = ((labels[None] == np.arange(count, dtype=np.uint8)[:, None, None]) & valid).astype(np.float32)
    return layers


def bounded_fit(gram: Array, moment: Array, low: Array, high: Array, start: Array, ridge: float) -> Array:
    """Minimise |A x - y|^2 + ridge |x - start|^2 for low <= x <= high, many problems at once.

    By cyclic coordinate descent, which finds the only minimum of a convex quadratic in a box.

    Args:
        gram: A'A (problems, unknowns, unknowns).
        moment: A'y (problems, unknowns, right sides).
        low: Bounds (problems, 1, right sides).
        high: The same.
        start: What unknowns that A does not tell of are drawn to (problems, 1, right sides).
        ridge: Weight of that.

    Returns:
        x (problems, unknowns, right sides), float64.
    """
    unknowns = gram.shape[1]
    left = gram + ridge * np.eye(unknowns)
    right = moment + ridge * start
    solution = np.clip(np.broadcast_to(start, moment.shape), low, high).astype(np.float64)
    for _ in range(_ITERATIONS):
        largest = 0.0
        for one in range(unknowns):
            rest = right[:, one] - np.einsum("pk,pkr->pr", left[:, one], solution)
            better = solution[:, one] + rest / left[:, one, one][:, None]
            better = np.clip(better, low[:, 0], high[:, 0])
            largest = max(largest, float(np.abs(better - solution[:, one]).max(initial=0.0)))
            solution[:, one] = better
        if largest <= 1e-6 * max(float(np.abs(high - low).max(initial=0.0)), 1e-30):
            break
    return solution
