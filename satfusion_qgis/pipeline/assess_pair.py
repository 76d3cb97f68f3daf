"""Two images on the same pixels, read by window: the one to judge, and the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..assessment.reference import scoring_windows
from ..assessment.report.pictures import Detail
from ..raster.grid import common_part
from ..raster.reader import Reader, Source
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Array
from ..tasks.validity import combine

_WINDOW = 1024
_PIXEL_TOLERANCE = 1e-3
_SAMPLED_ROWS = 48
_DETAIL = 128


@dataclass(frozen=True)
class PairBlock:
    """A window of both images, with neighbours below and to the right; `place` is its own part of the scored area."""

    place: tuple[int, int, int, int]
    reference: Array
    test: Array
    reference_valid: Optional[Array]
    test_valid: Optional[Array]

    @property
    def valid(self) -> Optional[Array]:
        """Where both are valid; None where they are everywhere."""
        return combine(self.reference_valid, self.test_valid)

    def core(self) -> tuple[Array, Array, Optional[Array]]:
        """Return the window itself: reference, test, mask."""
        rows, columns = self.place[2:]
        part, valid = np.s_[..., :rows, :columns], self.valid
        return self.reference[part], self.test[part], None if valid is None else valid[part]


class Pair:
    """Two images on the same pixels, and the area that they share.

    Args:
        test: The image to judge.
        reference: The truth.
        border: Pixels left out along each side.

    Raises:
        InputError: They differ in bands or pixels, or do not overlap.
    """

    def __init__(self, test: Source, reference: Source, border: int = 0) -> None:
        if len(test.bands) != len(reference.bands):
            raise InputError(
                f"FUSED has {len(test.bands)} bands and REFERENCE has {len(reference.bands)}; choose the same bands of "
                f"both."
            )
        self.test, self.reference = test, reference
        row, column, rows, columns, down, across = _shared_area(test, reference, border)
        self.size = (rows, columns)
        self._corner = (row, column)
        self._shift = (down, across)
        self._readers = Reader(test, physical=True), Reader(reference, physical=True)

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Array, Array, Optional[Array]]:
        """Read a part of the shared area: reference, test, and where both are valid."""
        truth, test, valid, test_valid = self._read(row, column, rows, columns)
        return truth, test, combine(valid, test_valid)

    def _read(
        self, row: int, column: int, rows: int, columns: int
    ) -> tuple[Array, Array, Optional[Array], Optional[Array]]:
        top, left = self._corner[0] + row, self._corner[1] + column
        test, test_valid = self._readers[0].read(top + self._shift[0], left + self._shift[1], rows, columns)
        truth, valid = self._readers[1].read(top, left, rows, columns)
        return truth, test, valid, test_valid

    def blocks(self, halo: int, feedback: Feedback) -> Iterator[PairBlock]:
        """Yield the windows of the shared area, each with up to `halo` more pixels below and to the right."""
        windows = list(scoring_windows(self.size, window=_WINDOW))
        for done, (row, column, rows, columns) in enumerate(windows, 1):
            if feedback.cancelled():
                raise Cancelled
            height, width = min(rows + halo, self.size[0] - row), min(columns + halo, self.size[1] - column)
            yield PairBlock((row, column, rows, columns), *self._read(row, column, height, width))
            feedback.progress(done / len(windows))

    def sample(self) -> Array:
        """Return values of some rows of both images: (bands, values), NaN where not valid."""
        step = max(1, self.size[0] // _SAMPLED_ROWS)
        found = []
        for row in range(step // 2, self.size[0], step):
            truth, test, valid = self.read(row, 0, 1, self.size[1])
            for image in (truth, test):
                found.append(image[:, 0] if valid is None else np.where(valid[0], image[:, 0], np.nan))
        return np.concatenate(found, axis=1)

    def details(self, shown: tuple[int, ...]) -> tuple[Detail, ...]:
        """Return the middle of both images."""
        rows, columns = (min(_DETAIL, length) for length in self.size)
        top, left = (self.size[0] - rows) // 2, (self.size[1] - columns) // 2
        truth, test, valid = self.read(top, left, rows, columns)
        images = (("reference", truth), ("fused", test))
        hidden = np.zeros((rows, columns), bool) if valid is None else ~valid
        return tuple(
            Detail(name, np.where(hidden, np.nan, image[list(shown)]).astype(np.float64)) for name, image in images
        )


def _shared_area(test: Source, truth: Source, border: int) -> tuple[int, int, int, int, int, int]:
    """Return row, column, rows, columns in the reference, and the offset of the test image to it."""
    axes = test.grid.axes_on(truth.grid)
    if axes is None:
        raise InputError(
            "FUSED and REFERENCE have different coordinate reference systems or axes; warp one onto the other."
        )
    for axis in axes:
        whole = abs(axis.origin - round(axis.origin)) < _PIXEL_TOLERANCE * 10
        if abs(axis.scale - 1) * axis.size > _PIXEL_TOLERANCE * 100 or not whole:
            raise InputError(
                "FUSED and REFERENCE do not have the same pixels; their scores would compare different places."
            )
    part = common_part([axes], truth.grid.rows, truth.grid.columns)
    if part is None:
        raise InputError("FUSED and REFERENCE do not overlap.")
    row, column, rows, columns = part
    if border < 0 or min(rows, columns) <= 2 * border:
        raise InputError(f"BORDER must lie between 0 and less than half the common area ({columns} x {rows} pixels).")
    down, across = round(axes[0].origin), round(axes[1].origin)
    return row + border, column + border, rows - 2 * border, columns - 2 * border, down, across
