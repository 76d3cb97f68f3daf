"""Scoring a fused image against a reference, by windows, in physical units."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Optional

import numpy as np

from ..assessment.reference import UQI_WINDOW, ReferenceScores, peak_range, scoring_windows
from ..assessment.report.page import Translate, plain
from ..assessment.report.pictures import Detail, Pictures, Views, display_bands, value_ranges
from ..assessment.report.reference import reference_report
from ..assessment.report.tables import reference_table
from ..raster.grid import common_part
from ..raster.reader import Reader, Source, describe
from ..raster.writer import check_folder, part_of, replace_file
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array
from ..tasks.validity import combine

_WINDOW = 1024
_PIXEL_TOLERANCE = 1e-3
_SAMPLED_ROWS = 48
_DETAIL = 128


@dataclass(frozen=True)
class ReferenceAssessment:
    """What an assessment against a reference found.

    Attributes:
        scores: Plain data for JSON; see `assessment.reference`.
        views: Pictures for the report, where asked for.
        wavelengths_nm: Centre of each band, or None.
    """

    scores: dict[str, Any]
    views: Optional[Views]
    wavelengths_nm: tuple[Optional[float], ...]

    def report(self, tr: Translate = plain) -> str:
        """Return the report as HTML."""
        return reference_report(self.scores, self.views, self.wavelengths_nm, tr)

    def table(self) -> str:
        """Return the scores as CSV."""
        return reference_table(self.scores)


@dataclass(frozen=True)
class Settings:
    """How images are compared.

    Attributes:
        ratio: MS pixel / PAN pixel, for ERGAS.
        border: Pixels left out along each side of the common area.
        data_range: L for PSNR and SSIM in physical units. Where none is given: 2^bits - 1, in physical units, where
            the reference declares its bits; else from 0 (or a lowest value below it) to the reference's highest value.
        uqi_window: Side of the UQI window.
        views: Also gather the report's pictures.
        windowed: Also compute SSIM, UQI and SCC.
    """

    ratio: float
    border: int = 0
    data_range: Optional[float] = None
    uqi_window: int = UQI_WINDOW
    views: bool = False
    windowed: bool = True


def assess_reference(
    fused: Input, reference: Input, ratio: float, border: int = 0, feedback: Optional[Feedback] = None
) -> dict[str, Any]:
    """Return the scores of `compare`, without pictures and with default settings."""
    return compare(fused, reference, Settings(ratio, border), feedback).scores


def compare(
    fused: Input, reference: Input, settings: Settings, feedback: Optional[Feedback] = None
) -> ReferenceAssessment:
    """Score `fused` against `reference` where both are valid.

    Scale and offset of both are applied first, so the scores are in physical units and do not depend on how the images
    are stored.

    Args:
        fused: The image to score.
        reference: The truth, on the same pixels; it may be larger or smaller.
        settings: How they are compared.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: The images differ in bands or grid, or have no valid pixel in common.
        Cancelled: The user cancelled.
    """
    feedback = feedback or Feedback()
    _check(settings)
    pair = Pair(describe("FUSED", [fused]), describe("REFERENCE", [reference]), settings.border)
    data_range, how = _data_range(pair, settings.data_range, feedback)
    truth = pair.reference
    scores = ReferenceScores(
        len(truth.bands),
        settings.ratio,
        pair.size,
        band_names=band_names(truth),
        units=units_of(truth),
        data_range=data_range,
        uqi_window=settings.uqi_window,
        windowed=settings.windowed,
    )
    wavelengths = tuple(band.wavelength_nm for band in truth.bands)
    pictures = _pictures(pair, wavelengths) if settings.views else None
    for block in pair.blocks(scores.halo, feedback):
        row, column, rows, columns = block.place
        scores.add(block.reference, block.test, block.valid, row, column, (rows, columns))
        if pictures is not None:
            pictures.add(*block.core(), row, column)
    try:
        result = scores.result()
    except ValueError as error:
        raise InputError(str(error)) from None
    found = {
        "fused": str(PurePath(fused.path).name),
        "reference": str(PurePath(reference.path).name),
        "border": settings.border,
        **result,
        "data_range_from": how,
    }
    shown = display_bands(len(truth.bands), wavelengths)
    return ReferenceAssessment(found, pictures.result(pair.details(shown)) if pictures else None, wavelengths)


@dataclass(frozen=True)
class PairBlock:
    """A window of both images, with neighbours below and to the right; `place` is its own part of the scored area."""

    place: tuple[int, int, int, int]
    reference: Array
    test: Array
    valid: Optional[Array]

    def core(self) -> tuple[Array, Array, Optional[Array]]:
        """Return the window itself: reference, test, mask."""
        rows, columns = self.place[2:]
        part = np.s_[..., :rows, :columns]
        return self.reference[part], self.test[part], None if self.valid is None else self.valid[part]


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
        top, left = self._corner[0] + row, self._corner[1] + column
        test, test_valid = self._readers[0].read(top + self._shift[0], left + self._shift[1], rows, columns)
        truth, valid = self._readers[1].read(top, left, rows, columns)
        return truth, test, combine(valid, test_valid)

    def blocks(self, halo: int, feedback: Feedback) -> Iterator[PairBlock]:
        """Yield the windows of the shared area, each with up to `halo` more pixels below and to the right."""
        windows = list(scoring_windows(self.size, window=_WINDOW))
        for done, (row, column, rows, columns) in enumerate(windows, 1):
            if feedback.cancelled():
                raise Cancelled
            height, width = min(rows + halo, self.size[0] - row), min(columns + halo, self.size[1] - column)
            yield PairBlock((row, column, rows, columns), *self.read(row, column, height, width))
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


def _check(settings: Settings) -> None:
    if not settings.ratio > 0:
        raise InputError(f"RATIO must be above 0, not {settings.ratio:g}.")
    if settings.data_range is not None and not settings.data_range > 0:
        raise InputError(f"DATA_RANGE must be above 0, not {settings.data_range:g}.")
    if settings.uqi_window < 2:
        raise InputError(f"UQI_WINDOW must be at least 2, not {settings.uqi_window}.")


def _data_range(pair: Pair, given: Optional[float], feedback: Feedback) -> tuple[Optional[float], str]:
    """Return L and where it comes from: "given", "bits" or "reference"."""
    if given:
        return given, "given"
    bands = pair.reference.bands
    declared = [band.nbits for band in bands if band.nbits]
    if len(declared) == len(bands):
        ranges = [(2**bits - 1) * abs(band.scale) for bits, band in zip(declared, bands)]
        return float(max(ranges)), "bits"
    lowest, highest = np.inf, -np.inf
    for block in pair.blocks(0, _Quiet(feedback)):
        truth = block.reference if block.valid is None else block.reference[:, block.valid]
        if truth.size:
            lowest, highest = min(lowest, float(truth.min())), max(highest, float(truth.max()))
    return (peak_range(lowest, highest) if highest >= lowest else None), "reference"


class _Quiet(Feedback):
    """Passes a cancel on, and nothing else."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    def cancelled(self) -> bool:
        return self._feedback.cancelled()


def _pictures(pair: Pair, wavelengths: tuple[Optional[float], ...]) -> Pictures:
    bands = len(pair.reference.bands)
    return Pictures(pair.size, value_ranges(pair.sample()), display_bands(bands, wavelengths))


def write_text(path: str, text: str) -> None:
    """Write a small file whole: beside its name first, then renamed.

    Raises:
        InputError: It cannot be written.
    """
    target = Path(path)
    check_folder(target)
    part = part_of(target)
    try:
        part.write_text(text, encoding="utf-8")
        replace_file(part, target)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def json_text(data: dict[str, Any]) -> str:
    """Return scores as JSON."""
    return json.dumps(data, indent=1, allow_nan=False) + "\n"


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


def band_names(source: Source) -> list[str]:
    """Return a name for each band."""
    return [band.name or f"band {number}" for number, band in enumerate(source.bands, 1)]


def units_of(source: Source) -> str:
    """Return what the physical values of an image are called."""
    first = source.bands[0]
    if first.unit:
        return first.unit
    return "physical (DN * scale + offset)" if first.scale != 1 or first.offset != 0 else "DN"
