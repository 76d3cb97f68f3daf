"""Cutting a grid into windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

TILE = 16
_LARGEST_BLOCK = 512


def split(rows: int, columns: int, height: int, width: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (row, column, rows, columns) of windows that cover a grid, row by row."""
    for row in range(0, rows, height):
        for column in range(0, columns, width):
            yield row, column, min(height, rows - row), min(width, columns - column)


def round_up(value: int, multiple: int) -> int:
    """Return the smallest multiple of `multiple` that is at least `value`."""
    return -(-value // multiple) * multiple


def block_size(window: int) -> int:
    """Return the side of the output file's blocks for a window side, so that windows are whole blocks.

    `window` must be a multiple of 16, as TIFF wants it.
    """
    if window <= _LARGEST_BLOCK:
        return window
    return max(side for side in range(TILE, _LARGEST_BLOCK + 1, TILE) if window % side == 0)


def spread(places: Sequence[tuple[int, int, int, int]], most: int) -> list[tuple[int, int, int, int]]:
    """Return at most so many of the windows, evenly spread over them."""
    count = min(most, len(places))
    return [places[(2 * number + 1) * len(places) // (2 * count)] for number in range(count)]
