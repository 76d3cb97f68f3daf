"""Scoring a fused image against a reference, by windows, in physical units."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Optional

import numpy as np

from ..assessment.cpsnr import border_of
from ..assessment.reference import UQI_WINDOW, ReferenceScores, peak_range
from ..assessment.report.page import Translate, plain
from ..assessment.report.pictures import Pictures, Views, display_bands, value_ranges
from ..assessment.report.reference import reference_report
from ..assessment.report.tables import reference_table
from ..raster.reader import Source, describe
from ..raster.writer import check_folder, part_of, replace_file
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from .assess_pair import Pair
from .progress import Part
from .registered import registered_scores


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
        registered: Also compute cPSNR and cSSIM, beside the plain scores.
        shift: Largest shift for these, and the pixels that the test image loses on each side; None for the ratio,
            rounded up.
    """

    ratio: float
    border: int = 0
    data_range: Optional[float] = None
    uqi_window: int = UQI_WINDOW
    views: bool = False
    windowed: bool = True
    registered: bool = False
    shift: Optional[int] = None


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
    share = 0.4 if settings.registered else 1.0
    for block in pair.blocks(scores.halo, Part(feedback, 0.0, share)):
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
    if settings.registered:
        border = border_of(settings.ratio) if settings.shift is None else settings.shift
        rest = Part(feedback, share, 1.0 - share)
        found["registered"] = registered_scores(pair, border, data_range, rest).scores
    shown = display_bands(len(truth.bands), wavelengths)
    return ReferenceAssessment(found, pictures.result(pair.details(shown)) if pictures else None, wavelengths)


def _check(settings: Settings) -> None:
    if not settings.ratio > 0:
        raise InputError(f"RATIO must be above 0, not {settings.ratio:g}.")
    if settings.data_range is not None and not settings.data_range > 0:
        raise InputError(f"DATA_RANGE must be above 0, not {settings.data_range:g}.")
    if settings.shift is not None and settings.shift < 0:
        raise InputError(f"SHIFT must be 0 or more, not {settings.shift}.")
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
    for block in pair.blocks(0, Part(feedback, 0.0, 0.0)):
        truth = block.reference if block.valid is None else block.reference[:, block.valid]
        if truth.size:
            lowest, highest = min(lowest, float(truth.min())), max(highest, float(truth.max()))
    return (peak_range(lowest, highest) if highest >= lowest else None), "reference"


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


def band_names(source: Source) -> list[str]:
    """Return a name for each band."""
    return [band.name or f"band {number}" for number, band in enumerate(source.bands, 1)]


def units_of(source: Source) -> str:
    """Return what the physical values of an image are called."""
    first = source.bands[0]
    if first.unit:
        return first.unit
    return "physical (DN * scale + offset)" if first.scale != 1 or first.offset != 0 else "DN"
