"""Scoring a fused image at full scale, without a reference, from FUSED, MS and PAN on their own grids."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Optional

import numpy as np

from ..assessment.noreference import NoReferenceScores
from ..assessment.qnr import BLOCK, Edges
from ..assessment.reference import scoring_windows
from ..assessment.report.noreference import noreference_report
from ..assessment.report.page import Translate, plain
from ..assessment.report.pictures import Detail, Pictures, Views, display_bands, value_ranges
from ..assessment.report.tables import noreference_table
from ..classical.pansharpening.mtf import ESTIMATE, parse_gains
from ..classical.resampling import low_pass, mtf_reach
from ..raster.grid import common_part
from ..raster.reader import Reader, Source, describe, remove_virtual, warped, warped_onto
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array
from ..tasks.sensors import gains_for, sensor
from ..tasks.validity import combine
from ..tasks.window import Axis, BlockWindow
from .assess import band_names, units_of

BORDER = 4
_WINDOW = 1024
_CLEAN = 0.99
_LEAST_BLOCK = 4
_SAMPLES = 48
_DETAIL = 128
_ENDLESS = 1 << 40
_Axes = tuple[Axis, Axis]


@dataclass(frozen=True)
class FullScaleSettings:
    """How a fused image is judged at full scale.

    Attributes:
        sensor: The MS sensor, for its MTF.
        mtf_gains: Own gains instead of the sensor's: one number, or one for each band, as text.
        border: MS pixels left out along each side, where filters reach beyond the images.
        views: Also gather the report's pictures.
    """

    sensor: str = "default"
    mtf_gains: str = ""
    border: int = BORDER
    views: bool = False


@dataclass(frozen=True)
class FullScaleAssessment:
    """What an assessment at full scale found.

    Attributes:
        scores: Plain data for JSON; see `assessment.noreference`.
        views: Pictures for the report, where asked for.
        wavelengths_nm: Centre of each band, or None.
    """

    scores: dict[str, Any]
    views: Optional[Views]
    wavelengths_nm: tuple[Optional[float], ...]

    def report(self, tr: Translate = plain) -> str:
        """Return the report as HTML."""
        return noreference_report(self.scores, self.views, self.wavelengths_nm, tr)

    def table(self) -> str:
        """Return the scores as CSV."""
        return noreference_table(self.scores)


def compare_full_scale(
    fused: Input,
    ms: Sequence[Input],
    pan: Input,
    settings: Optional[FullScaleSettings] = None,
    feedback: Optional[Feedback] = None,
) -> FullScaleAssessment:
    """Score `fused` against the images that it was made of.

    Args:
        fused: The image to judge.
        ms: The MS image, in the same bands: one input, or one for each single-band file.
        pan: The PAN.
        settings: How they are compared.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: The images do not belong together, or have no valid pixel in common.
        Cancelled: The user cancelled.
    """
    feedback = feedback or Feedback()
    settings = settings or FullScaleSettings()
    images = _Images(fused, ms, pan)
    try:
        return _Comparison(images, settings, feedback).run()
    finally:
        images.close()


class _Images:
    """The three images, warped where their axes do not run along each other.

    Args:
        fused: The image to judge.
        ms: The MS image.
        pan: The PAN.

    Raises:
        InputError: They do not belong together.
    """

    def __init__(self, fused: Input, ms: Sequence[Input], pan: Input) -> None:
        self.fused, self.ms = describe("FUSED", [fused]), describe("MS", list(ms))
        self.pan = describe("PAN", [pan])
        if len(self.fused.bands) != len(self.ms.bands):
            raise InputError(
                f"FUSED has {len(self.fused.bands)} bands and MS has {len(self.ms.bands)}; choose the same bands of "
                f"both."
            )
        if len(self.pan.bands) != 1:
            raise InputError(f"PAN needs one band, but {self.pan.name} has {len(self.pan.bands)}; choose the band.")
        if self.fused.grid.axes_on(self.ms.grid) is None:
            self.ms = warped(self.ms, self.fused.grid.crs)
        axes = self.pan.grid.axes_on(self.fused.grid)
        if axes is None or not all(_same_pixels(axis) for axis in axes):
            self.pan = warped_onto(self.pan, self.fused.grid)

    def close(self) -> None:
        """Remove the virtual files of warps."""
        for image in (self.ms, self.pan):
            remove_virtual(image)


def _same_pixels(axis: Axis) -> bool:
    return abs(axis.scale - 1) * axis.size < 0.1 and abs(axis.origin - round(axis.origin)) < 0.01


class _Comparison:
    """One comparison; all places are in MS pixels unless they are called fine."""

    def __init__(self, images: _Images, settings: FullScaleSettings, feedback: Feedback) -> None:
        self._images = images
        self._feedback = feedback
        self._settings = settings
        ms, self._fused_axes = images.ms, _axes_on(images.fused, images.ms)
        self._pan_axes = _axes_on(images.pan, ms)
        self.ratio = math.sqrt(self._fused_axes[0].scale * self._fused_axes[1].scale)
        if min(axis.scale for axis in self._fused_axes) < 1.001:
            raise InputError("FUSED is not finer than MS; they may be swapped.")
        self._gains = _gains(images.ms, settings)
        self._pan_gain = sensor(settings.sensor).pan_gain
        self._corner, self.size = self._area(settings.border)
        self._block = max(_LEAST_BLOCK, round(BLOCK / self.ratio))
        self._scores = NoReferenceScores(len(ms.bands), self.ratio, self.size, band_names(ms), units_of(ms))
        self._readers = {
            "fused": Reader(images.fused, physical=True),
            "ms": Reader(ms, physical=True),
            "pan": Reader(images.pan, physical=True),
        }

    def run(self) -> FullScaleAssessment:
        """Score window by window."""
        wavelengths = tuple(band.wavelength_nm for band in self._images.ms.bands)
        pictures = self._pictures(wavelengths) if self._settings.views else None
        step = BLOCK * self._block // math.gcd(BLOCK, self._block)
        windows = list(scoring_windows(self.size, step, max(1, int(_WINDOW / self.ratio))))
        for done, (row, column, rows, columns) in enumerate(windows, 1):
            if self._feedback.cancelled():
                raise Cancelled
            ms, degraded, valid = self._window((row, column, rows, columns))
            if pictures is not None:
                pictures.add(ms, degraded, valid, row, column)
            self._feedback.progress(done / len(windows))
        views = pictures.result(self._details(display_bands(len(self._gains), wavelengths))) if pictures else None
        return FullScaleAssessment(self._result(), views, wavelengths)

    def _result(self) -> dict[str, Any]:
        try:
            found = self._scores.result()
        except ValueError:
            raise InputError("FUSED, MS and PAN have no valid pixel in common.") from None
        images = self._images
        return {
            "fused": PurePath(images.fused.name).name,
            "ms": PurePath(images.ms.name).name,
            "pan": PurePath(images.pan.name).name,
            **found,
            "border": self._settings.border,
            "mtf_gains": [float(gain) for gain in self._gains],
            "pan_gain": self._pan_gain,
            "block": {"ms_pixels": self._block, "fused_pixels": self._block * self.ratio},
        }

    def _area(self, border: int) -> tuple[tuple[int, int], tuple[int, int]]:
        grid = self._images.ms.grid
        part = common_part([self._fused_axes, self._pan_axes], grid.rows, grid.columns)
        if part is None:
            raise InputError("FUSED, MS and PAN do not overlap; check that they show the same place.")
        row, column, rows, columns = part
        if border < 0 or min(rows, columns) <= 2 * border:
            raise InputError(
                f"BORDER must lie between 0 and less than half the common area ({columns} x {rows} MS pixels)."
            )
        return (row + border, column + border), (rows - 2 * border, columns - 2 * border)

    def _window(self, place: tuple[int, int, int, int]) -> tuple[Array, Array, Optional[Array]]:
        """Score a window; return MS, the degraded fused image and their mask."""
        row, column, rows, columns = place
        top, left = self._corner[0] + row, self._corner[1] + column
        part = (top, top + rows, left, left + columns)
        ms, ms_valid = self._readers["ms"].read(top, left, rows, columns)
        fused = self._fine("fused", self._fused_axes, part, min(self._gains))
        pan = self._fine("pan", self._pan_axes, part, self._pan_gain)
        degraded, fused_clean = self._degraded(fused, part)
        pan_low, pan_share = low_pass(pan.values, pan.valid, pan.place, _coarse(), part, self._pan_gain)
        valid = combine(ms_valid, fused_clean)
        self._scores.add_consistency(ms, degraded, valid, row, column)
        coarse_valid = combine(ms_valid, None if pan_share is None else pan_share > _CLEAN)
        self._add_pairs(ms, pan_low, coarse_valid, fused, pan, part)
        return ms, degraded, valid

    def _fine(self, name: str, axes: _Axes, part: tuple[int, int, int, int], gain: float) -> _Block:
        """Read the fine pixels of some MS pixels, and as many around them as the filter reaches."""
        reach = mtf_reach(max(axis.scale for axis in axes), gain) + 1
        top, bottom = axes[0].cover(part[0], part[1], reach)
        left, right = axes[1].cover(part[2], part[3], reach)
        values, valid = self._readers[name].read(top, left, bottom - top, right - left)
        return _Block(values, valid, BlockWindow(top, left, bottom - top, right - left, *axes))

    def _degraded(self, fused: _Block, part: tuple[int, int, int, int]) -> tuple[Array, Optional[Array]]:
        """Return the fused image as the MS sensor would have seen it, and where its filter met valid pixels only."""
        result = np.empty((len(self._gains), part[1] - part[0], part[3] - part[2]), np.float32)
        clean: Optional[Array] = None
        for gain in sorted(set(self._gains)):
            places = [place for place, own in enumerate(self._gains) if own == gain]
            result[places], share = low_pass(fused.values[places], fused.valid, fused.place, _coarse(), part, gain)
            clean = combine(clean, None if share is None else share > _CLEAN)
        return result, clean

    def _add_pairs(
        self,
        ms: Array,
        pan_low: Array,
        coarse_valid: Optional[Array],
        fused: _Block,
        pan: _Block,
        part: tuple[int, int, int, int],
    ) -> None:
        """Compare bands with each other and with PAN on the whole blocks of a window."""
        coarse = tuple(
            np.arange(0, length - length % self._block + 1, self._block)
            for length in (part[1] - part[0], part[3] - part[2])
        )
        if min(len(edges) for edges in coarse) < 2:
            return
        fine = tuple(
            _fine_edges(axis, edges + start) for axis, edges, start in zip(self._fused_axes, coarse, (part[0], part[2]))
        )
        rows, columns = (slice(int(edges[0]), int(edges[-1])) for edges in fine)
        bands, bands_valid = fused.cut(rows, columns)
        down, across = (round(axis.origin) for axis in _axes_on(self._images.pan, self._images.fused))
        sharp, sharp_valid = pan.cut(
            slice(rows.start + down, rows.stop + down), slice(columns.start + across, columns.stop + across)
        )
        self._scores.add_pairs(
            np.concatenate([bands, sharp]).astype(np.float64),
            np.concatenate([ms, pan_low]).astype(np.float64),
            (fine[0] - fine[0][0], fine[1] - fine[1][0]),
            (coarse[0], coarse[1]),
            combine(bands_valid, sharp_valid),
            coarse_valid,
        )

    def _pictures(self, wavelengths: tuple[Optional[float], ...]) -> Pictures:
        found = []
        for row in range(0, self.size[0], max(1, self.size[0] // _SAMPLES)):
            values, valid = self._readers["ms"].read(self._corner[0] + row, self._corner[1], 1, self.size[1])
            found.append(values[:, 0] if valid is None else np.where(valid[0], values[:, 0], np.nan))
        ranges = value_ranges(np.concatenate(found, axis=1))
        return Pictures(self.size, ranges, display_bands(len(self._gains), wavelengths))

    def _details(self, shown: tuple[int, ...]) -> tuple[Detail, ...]:
        """Return MS, PAN and the fused image around the middle, pixel by pixel."""
        side = min(max(2, round(_DETAIL / self.ratio)), *self.size)
        top, left = (corner + (size - side) // 2 for corner, size in zip(self._corner, self.size))
        part = (top, top + side, left, left + side)
        fused = self._fine("fused", self._fused_axes, part, 0.5)
        pan = self._fine("pan", self._pan_axes, part, 0.5)
        ms, ms_valid = self._readers["ms"].read(top, left, side, side)
        names = list(shown)
        return (
            Detail("ms", _holes(ms[names], ms_valid)),
            Detail("pan", _holes(*pan.cut(*_own(self._pan_axes, part)))),
            Detail("fused", _holes(*_picked(fused.cut(*_own(self._fused_axes, part)), names))),
        )


@dataclass(frozen=True)
class _Block:
    """Fine pixels and where they lie."""

    values: Array
    valid: Optional[Array]
    place: BlockWindow

    def cut(self, rows: slice, columns: slice) -> tuple[Array, Optional[Array]]:
        """Return a part, in pixels of the image; what lies outside is not valid."""
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        top, left = rows.start - self.place.row, columns.start - self.place.column
        values = np.zeros((len(self.values), *shape), np.float32)
        valid = np.zeros(shape, bool)
        first, last = max(top, 0), min(top + shape[0], self.place.rows)
        begin, end = max(left, 0), min(left + shape[1], self.place.columns)
        if last > first and end > begin:
            to = np.s_[..., first - top : last - top, begin - left : end - left]
            values[to] = self.values[:, first:last, begin:end]
            valid[to] = True if self.valid is None else self.valid[first:last, begin:end]
        return values, None if valid.all() else valid


def _axes_on(image: Source, target: Source) -> _Axes:
    axes = image.grid.axes_on(target.grid)
    if axes is None:
        raise InputError(f"{image.role}: {image.name} cannot be aligned with {target.role}; warp one onto the other.")
    return axes


def _gains(ms: Source, settings: FullScaleSettings) -> tuple[float, ...]:
    text = settings.mtf_gains.strip().lower()
    if text == ESTIMATE:
        raise InputError("MTF_GAINS cannot be estimated here; give numbers, or leave it empty for the sensor's.")
    if text:
        return parse_gains(text, len(ms.bands))
    wavelengths = [band.wavelength_nm for band in ms.bands]
    known = tuple(value for value in wavelengths if value is not None)
    return gains_for(sensor(settings.sensor), len(ms.bands), known if len(known) == len(wavelengths) else ())


def _coarse() -> BlockWindow:
    """Return the MS grid on itself."""
    axis = Axis(0.0, 1.0, _ENDLESS)
    return BlockWindow(0, 0, _ENDLESS, _ENDLESS, axis, axis)


def _fine_edges(axis: Axis, edges: Edges) -> Edges:
    """Return the fine pixels at which MS pixels start: a fine pixel belongs to the MS pixel that holds its centre."""
    return np.array([axis.owned(int(edge), int(edge) + 1)[0] for edge in edges], np.intp)


def _own(axes: _Axes, part: tuple[int, int, int, int]) -> tuple[slice, slice]:
    return slice(*axes[0].owned(part[0], part[1])), slice(*axes[1].owned(part[2], part[3]))


def _picked(found: tuple[Array, Optional[Array]], bands: list[int]) -> tuple[Array, Optional[Array]]:
    return found[0][bands], found[1]


def _holes(values: Array, valid: Optional[Array]) -> Array:
    """Return values with NaN where not valid."""
    return values.astype(np.float64) if valid is None else np.where(valid, values, np.nan).astype(np.float64)
