"""Scoring a fused image against a reference, by windows, in physical units."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Optional

from ..assessment.reference import ReferenceScores, scoring_windows
from ..raster.grid import common_part
from ..raster.reader import Reader, Source, describe
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input

_WINDOW = 1024
_PIXEL_TOLERANCE = 1e-3


def assess_reference(
    fused: Input,
    reference: Input,
    ratio: float,
    border: int = 0,
    feedback: Optional[Feedback] = None,
) -> dict[str, Any]:
    """Score `fused` against `reference` where both are valid.

    Scale and offset of both are applied first, so the scores are in physical units and do not depend on how the images
    are stored.

    Args:
        fused: The image to score.
        reference: The truth, on the same pixels; it may be larger or smaller.
        ratio: MS pixel / PAN pixel, for ERGAS.
        border: Pixels left out along each side of the common area.
        feedback: Who is told about progress, and who may cancel.

    Returns:
        Scores for each band and over all, as plain data for JSON; see `assessment.reference`.

    Raises:
        InputError: The images differ in bands or grid, or have no valid pixel in common.
        Cancelled: The user cancelled.
    """
    feedback = feedback or Feedback()
    if not ratio > 0:
        raise InputError(f"RATIO must be above 0, not {ratio:g}.")
    test, truth = describe("FUSED", [fused]), describe("REFERENCE", [reference])
    if len(test.bands) != len(truth.bands):
        raise InputError(
            f"FUSED has {len(test.bands)} bands and REFERENCE has {len(truth.bands)}; choose the same bands of both."
        )
    row, column, rows, columns, down, across = _shared_area(test, truth, border)
    scores = ReferenceScores(len(truth.bands), ratio, (rows, columns), band_names=_names(truth), units=_units(truth))
    readers = Reader(test, physical=True), Reader(truth, physical=True)
    windows = list(scoring_windows((rows, columns), window=_WINDOW))
    for done, (top, left, height, width) in enumerate(windows, 1):
        if feedback.cancelled():
            raise Cancelled
        one, one_valid = readers[0].read(row + top + down, column + left + across, height, width)
        two, two_valid = readers[1].read(row + top, column + left, height, width)
        valid = one_valid if two_valid is None else two_valid if one_valid is None else one_valid & two_valid
        scores.add(two, one, valid, top, left)
        feedback.progress(done / len(windows))
    try:
        result = scores.result()
    except ValueError as error:
        raise InputError(str(error)) from None
    return {
        "fused": str(PurePath(fused.path).name),
        "reference": str(PurePath(reference.path).name),
        "border": border,
        **result,
    }


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


def _names(source: Source) -> list[str]:
    return [band.name or f"band {number}" for number, band in enumerate(source.bands, 1)]


def _units(source: Source) -> str:
    first = source.bands[0]
    if first.unit:
        return first.unit
    return "physical (DN * scale + offset)" if first.scale != 1 or first.offset != 0 else "DN"
