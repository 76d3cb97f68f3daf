"""Where patches lie in a scene, and which split each one belongs to: whole blocks of the scene, apart from each other.

Patches that are drawn at random are scored on pixels beside those that were learned. So a scene is cut into blocks,
each block goes whole to train, validation or test, and blocks of different splits keep a buffer between them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..tasks.errors import InputError
from ..tasks.patch_set import TEST, TRAIN, VALIDATION

Place = tuple[int, int]
REGION = 384  # fine pixels along a side that are prepared at a time
_WANTED_BLOCKS = 24
_FEWEST_BLOCKS = 8
_PATCHES_A_SIDE = 2


@dataclass(frozen=True)
class Area:
    """A rectangle of pixels: rows [top, bottom), columns [left, right)."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        """Height."""
        return self.bottom - self.top

    @property
    def columns(self) -> int:
        """Width."""
        return self.right - self.left

    def distance(self, other: Area) -> int:
        """Return the pixels between two areas, along rows or columns, whichever are more; below 0 they overlap."""
        down = max(self.top - other.bottom, other.top - self.bottom)
        across = max(self.left - other.right, other.left - self.right)
        return max(down, across)


@dataclass(frozen=True)
class Layout:
    """How patches are laid out.

    Attributes:
        side: Side of a patch.
        stride: From one patch to the next.
        multiple: Patches begin at multiples of it.
        buffer: Pixels between patches of different splits.
        validation: Share of the scene for validation.
        test: Share of the scene for tests; may be 0.
        seed: The same seed gives the same blocks.
    """

    side: int = 64
    stride: int = 64
    multiple: int = 4
    buffer: int = 64
    validation: float = 0.15
    test: float = 0.15
    seed: int = 0

    def check(self) -> Layout:
        """Return the layout, checked.

        Raises:
            InputError: A value is out of range.
        """
        for name, value, least in (
            ("PATCH", self.side, 8),
            ("STRIDE", self.stride, 1),
            ("MULTIPLE", self.multiple, 1),
            ("BUFFER", self.buffer, 0),
            ("SEED", self.seed, 0),
        ):
            if value < least:
                raise InputError(f"{name} must be at least {least}, not {value}.")
        for name, value in (("PATCH", self.side), ("STRIDE", self.stride)):
            if value % self.multiple:
                raise InputError(f"{name} must be a multiple of MULTIPLE ({self.multiple}), not {value}.")
        if not (0 < self.validation < 1 and 0 <= self.test < 1 and self.validation + self.test < 1):
            raise InputError("VALIDATION must be above 0 %, TEST 0 % or more, and both together below 100 %.")
        return self


def places_in(area: Area, layout: Layout) -> list[Place]:
    """Return the corners (row, column) of the patches that lie in an area."""
    first_row, first_column = (_rounded_up(start, layout.multiple) for start in (area.top, area.left))
    rows = range(first_row, area.bottom - layout.side + 1, layout.stride)
    columns = range(first_column, area.right - layout.side + 1, layout.stride)
    return [(row, column) for row in rows for column in columns]


def split_by_place(area: Area, layout: Layout, number: int = 0) -> dict[str, list[Place]]:
    """Return the patches of each split in one scene.

    Args:
        area: Where patches may lie.
        layout: How they are laid out.
        number: Number of the scene, so that scenes of one set are cut in different ways.

    Raises:
        InputError: The scene is too small.
    """
    blocks = blocks_of(area, layout, number)
    found: dict[str, list[Place]] = {split: [] for split in (TRAIN, VALIDATION, TEST)}
    for block, split in blocks:
        found[split] += places_in(_kept(block, split, blocks, layout.buffer), layout)
    if not found[TRAIN] or not found[VALIDATION] or (layout.test and not found[TEST]):
        raise _too_small(area, layout)
    return found


def blocks_of(area: Area, layout: Layout, number: int = 0) -> list[tuple[Area, str]]:
    """Return the blocks that a scene is cut into, each with its split.

    A large scene is cut both ways into about two dozen blocks, dealt out by the seed; a small one into a strip for
    each split.

    Raises:
        InputError: The scene is too small for strips.
    """
    rng = np.random.default_rng([layout.seed, number])
    least = _PATCHES_A_SIDE * layout.side + layout.buffer
    side = max(least, math.isqrt(area.rows * area.columns // _WANTED_BLOCKS))
    down, across = area.rows // side, area.columns // side
    if down * across < _FEWEST_BLOCKS:
        return _strips(area, layout, rng)
    rows = np.linspace(area.top, area.bottom, down + 1).round().astype(int)
    columns = np.linspace(area.left, area.right, across + 1).round().astype(int)
    count = down * across
    validation = max(1, round(layout.validation * count))
    test = max(1, round(layout.test * count)) if layout.test else 0
    splits = [VALIDATION] * validation + [TEST] * test
    splits += [TRAIN] * (count - len(splits))
    order = rng.permutation(count)
    return [
        (
            Area(int(rows[row]), int(columns[column]), int(rows[row + 1]), int(columns[column + 1])),
            splits[order[row * across + column]],
        )
        for row in range(down)
        for column in range(across)
    ]


def _strips(area: Area, layout: Layout, rng: np.random.Generator) -> list[tuple[Area, str]]:
    """Cut a small scene along its longer axis into a strip for each split, in an order by the seed."""
    along_rows = area.rows >= area.columns
    length = area.rows if along_rows else area.columns
    shares = {TRAIN: 1 - layout.validation - layout.test, VALIDATION: layout.validation, TEST: layout.test}
    order = [split for split in shares if shares[split]]
    order = [order[place] for place in rng.permutation(len(order))]
    gap = layout.buffer
    least = layout.side + layout.multiple - 1  # what rounding to multiples may take
    usable = length - gap * (len(order) - 1)
    sizes = {split: max(least, math.floor(shares[split] * usable)) for split in order if split != TRAIN}
    sizes[TRAIN] = usable - sum(sizes.values())
    if sizes[TRAIN] < least or min(area.rows, area.columns) < layout.side:
        raise _too_small(area, layout)
    strips, start = [], area.top if along_rows else area.left
    for place, split in enumerate(order):
        last = place == len(order) - 1
        stop = (area.bottom if along_rows else area.right) if last else start + sizes[split] + gap // 2
        strip = Area(start, area.left, stop, area.right) if along_rows else Area(area.top, start, area.bottom, stop)
        strips.append((strip, split))
        start = stop
        if not last:
            sizes[order[place + 1]] += gap - gap // 2
    return strips


def _kept(block: Area, split: str, blocks: Sequence[tuple[Area, str]], buffer: int) -> Area:
    """Return a block without its half of the buffer, on the sides where another split adjoins (corners too)."""
    others = [other for other, theirs in blocks if theirs != split and block.distance(other) <= 0]
    before, after = buffer - buffer // 2, buffer // 2
    top = before if any(other.bottom <= block.top for other in others) else 0
    left = before if any(other.right <= block.left for other in others) else 0
    bottom = after if any(other.top >= block.bottom for other in others) else 0
    right = after if any(other.left >= block.right for other in others) else 0
    return Area(block.top + top, block.left + left, block.bottom - bottom, block.right - right)


def _rounded_up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def _too_small(area: Area, layout: Layout) -> InputError:
    splits = 3 if layout.test else 2
    needed = splits * (layout.side + layout.multiple - 1) + (splits - 1) * layout.buffer
    return InputError(
        f"The scene is too small for PATCH {layout.side} and BUFFER {layout.buffer}: {area.columns} x {area.rows} "
        f"pixels are left at the reduced scale, and one side needs about {needed}; take smaller ones, or give whole "
        f"scenes to each split (SPLITS)."
    )


def near_each_other(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Return places in groups that lie in one region, so that what surrounds them is read once."""
    found: dict[tuple[int, int], list[Place]] = {}
    for row, column in places:
        found.setdefault((row // REGION, column // REGION), []).append((row, column))
    yield from found.values()
