"""Charts as small SVG drawings, put into a page as images so that every viewer draws them."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from .pictures import Float64
from .png import COUNTS, coloured, data_uri, png

REFERENCE_COLOUR, TEST_COLOUR = "#9aa5b1", "#b3301c"
_INK, _GRID, _BAND = "#3d4852", "#dfe3e8", "#e6eef6"
_BAR = "#1a5d9e"
_XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def image(address: str, width: int, height: int, text: str) -> str:
    """Return the HTML of an image of a given size; `text` says what it shows."""
    alternative = html.escape(text, quote=True)
    return f'<img src="{address}" width="{width}" height="{height}" alt="{alternative}" title="{alternative}">'


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return about `wanted` round numbers within a range."""
    span = high - low
    if not (span > 0 and math.isfinite(span)):
        return [low]
    step = 10.0 ** math.floor(math.log10(span / wanted))
    step *= next(factor for factor in (1, 2, 5, 10) if span / (step * factor) <= wanted)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def scatter(counts: Float64, limits: tuple[float, float], texts: tuple[str, str, str]) -> str:
    """Return a chart of a 2-D histogram of one band: the reference across, the test image upwards.

    Args:
        counts: Pixels by reference (rows) and test value (columns).
        limits: Lowest and highest value of both axes.
        texts: Title, and names of the two axes.
    """
    side, left, top = 190, 52, 24
    width, height = left + side + 14, top + side + 40
    shown = np.where(counts > 0, np.log1p(counts) / max(float(np.log1p(counts.max())), 1e-30), 0.0)
    picture = data_uri("image/png", png(coloured(shown.T[::-1], COUNTS)))
    low, high = limits

    def place(value: float) -> float:
        return (value - low) / (high - low) * side

    parts = [
        _text(left + side / 2, 15, texts[0], "middle", bold=True),
        f'<image x="{left}" y="{top}" width="{side}" height="{side}" xlink:href="{picture}" '
        'preserveAspectRatio="none" style="image-rendering:pixelated"/>',
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="{_INK}" stroke-width="0.7"/>',
        f'<line x1="{left}" y1="{top + side}" x2="{left + side}" y2="{top}" stroke="{_INK}" stroke-width="0.8" '
        'stroke-dasharray="4,3"/>',
    ]
    for tick in nice_ticks(low, high, 4):
        x, y = left + place(tick), top + side - place(tick)
        parts.append(_line(x, top + side, x, top + side + 4))
        parts.append(_text(x, top + side + 15, _number(tick), "middle"))
        parts.append(_line(left - 4, y, left, y))
        parts.append(_text(left - 6, y + 3.5, _number(tick), "end"))
    parts.append(_text(left + side / 2, height - 7, texts[1], "middle"))
    parts.append(_upright(12, top + side / 2, texts[2]))
    return _drawing(width, height, parts, f"{texts[0]}: {texts[2]} / {texts[1]}")


def spectra(
    places: Sequence[float],
    lines: Sequence[tuple[str, Sequence[float]]],
    texts: tuple[str, str],
    labels: Sequence[str] = (),
) -> str:
    """Return a chart of two mean spectra: the reference as a wide pale line, the test image as a thin one with points.

    Args:
        places: Position of each band: wavelength, or number.
        lines: Name and values of the reference, and of the test image.
        texts: Names of the axes.
        labels: Names of the bands under the axis, instead of numbers.
    """
    width, height, left, top, right, bottom = 560, 270, 66, 30, 16, 46
    values = [value for _, line in lines for value in line]
    low, high = min(0.0, *values), max(values)
    high = high + 0.06 * ((high - low) or 1.0)
    first, last = min(places), max(places)
    margin = 0.05 * ((last - first) or 2.0)
    first, last = first - margin, last + margin

    def at(place: float, value: float) -> tuple[float, float]:
        x = left + (place - first) / (last - first) * (width - left - right)
        return x, height - bottom - (value - low) / ((high - low) or 1.0) * (height - top - bottom)

    parts = []
    for tick in nice_ticks(low, high):
        _, y = at(first, tick)
        parts.append(_line(left, y, width - right, y, _GRID))
        parts.append(_text(left - 6, y + 4, _number(tick), "end"))
    ticks = list(zip(places, labels)) if labels else [(t, _number(t)) for t in nice_ticks(first, last, 7)]
    for tick, label in ticks:
        x, y = at(tick, low)
        parts.append(_line(x, height - bottom, x, height - bottom + 4))
        parts.append(_text(x, height - bottom + 16, label, "middle"))
    parts.append(_line(left, height - bottom, width - right, height - bottom))
    for which, (_, line) in enumerate(lines):
        points = [at(place, value) for place, value in sorted(zip(places, line))]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        colour, thickness = ((REFERENCE_COLOUR, 6), (TEST_COLOUR, 1.6))[which]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{thickness}"/>')
        radius = (4.5, 3)[which]
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>' for x, y in points]
    x = float(left)
    for which, (name, _) in enumerate(lines):
        colour, thickness = ((REFERENCE_COLOUR, 6), (TEST_COLOUR, 1.6))[which]
        parts.append(_line(x, 14, x + 24, 14, colour, thickness))
        parts.append(_text(x + 30, 18, name))
        x += 46 + 7 * len(name)
    parts.append(_text(left + (width - left - right) / 2, height - 8, texts[0], "middle"))
    parts.append(_upright(13, (top + height - bottom) / 2, texts[1]))
    return _drawing(width, height, parts, texts[1])


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name, its points (x, y), its colour, and whether it is dashed."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str = _BAR
    dashed: bool = False


def curves(lines: Sequence[Line], texts: tuple[str, str, str], logarithmic: bool = False) -> str:
    """Return a chart of lines over a common axis, such as a loss over the steps of a training.

    Args:
        lines: The lines; points that are no number are left out.
        texts: Title, and names of the two axes.
        logarithmic: Draw values by their logarithm where all are above 0.
    """
    width, height, left, top, right, bottom = 520, 250, 62, 44, 14, 42
    known = [[(x, y) for x, y in line.points if math.isfinite(y)] for line in lines]
    values = [y for points in known for _, y in points]
    logarithmic = logarithmic and bool(values) and min(values) > 0

    def level(value: float) -> float:
        return math.log10(value) if logarithmic else value

    levels = [level(value) for value in values] or [0.0, 1.0]
    low, high = min(levels), max(levels)
    margin = 0.06 * ((high - low) or abs(high) or 1.0)
    low, high = low - margin, high + margin
    last = max((x for points in known for x, _ in points), default=1.0) or 1.0

    def at(x: float, shown_level: float) -> tuple[float, float]:
        across = left + x / last * (width - left - right)
        return across, height - bottom - (shown_level - low) / (high - low) * (height - top - bottom)

    parts = [_text(left, 15, texts[0], bold=True)]
    for tick in _level_ticks(low, high, logarithmic):
        _, y = at(0, level(tick))
        parts.append(_line(left, y, width - right, y, _GRID))
        parts.append(_text(left - 6, y + 4, _number(tick), "end"))
    for tick in nice_ticks(0.0, last, 6):
        x, _ = at(tick, low)
        parts.append(_line(x, height - bottom, x, height - bottom + 4))
        parts.append(_text(x, height - bottom + 16, _number(tick), "middle"))
    parts.append(_line(left, height - bottom, width - right, height - bottom))
    name_x = float(left)
    for line, points in zip(lines, known):
        dash = ' stroke-dasharray="5,4"' if line.dashed else ""
        path = " ".join("{:.1f},{:.1f}".format(*at(x, level(y))) for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="1.8"{dash}/>')
        if len(points) == 1:
            x, y = at(points[0][0], level(points[0][1]))
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{line.colour}"/>')
        parts.append(
            f'<line x1="{name_x:.1f}" y1="28" x2="{name_x + 22:.1f}" y2="28" stroke="{line.colour}" '
            f'stroke-width="1.8"{dash}/>'
        )
        parts.append(_text(name_x + 27, 32, line.name))
        name_x += 42 + 6.6 * len(line.name)
    parts.append(_text(left + (width - left - right) / 2, height - 6, texts[1], "middle"))
    parts.append(_upright(12, (top + height - bottom) / 2, texts[2]))
    return _drawing(width, height, parts, texts[0])


def _level_ticks(low: float, high: float, logarithmic: bool) -> list[float]:
    """Return the values to mark between two levels."""
    if not logarithmic:
        return nice_ticks(low, high)
    if high - low < 0.7:
        return [tick for tick in nice_ticks(10**low, 10**high) if tick > 0]
    marks = [factor * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for factor in (1, 2, 5)]
    return [mark for mark in marks if low <= math.log10(mark) <= high]


def colour_bar(ramp: tuple[tuple[int, int, int], ...], highest: float, unit: str, width: int) -> str:
    """Return a legend from 0 to a highest value."""
    strip = data_uri("image/png", png(coloured(np.linspace(0, 1, 128)[None], ramp)))
    left, right = 8, 34
    length = width - left - right
    parts = [
        f'<image x="{left}" y="2" width="{length}" height="12" xlink:href="{strip}" preserveAspectRatio="none"/>',
        f'<rect x="{left}" y="2" width="{length}" height="12" fill="none" stroke="{_INK}" stroke-width="0.6"/>',
    ]
    for tick in [*nice_ticks(0, highest, 4)]:
        x = left + length * (tick / highest if highest else 0)
        parts.append(_line(x, 14, x, 18))
        parts.append(_text(x, 29, _number(tick), "middle"))
    parts.append(_text(left + length / 2, 44, unit, "middle"))
    return _drawing(width, 50, parts, unit)


INTERVAL_WIDTH = 250


def interval_axis(low: float, high: float, name: str) -> str:
    """Return the axis above a column of interval bars."""
    parts = [_text(INTERVAL_WIDTH / 2, 12, name, "middle", bold=True)]
    for tick in nice_ticks(low, high, 5):
        x = _across(tick, low, high)
        parts.append(_text(x, 27, _number(tick), "middle"))
        parts.append(_line(x, 31, x, 36))
    parts.append(_line(8, 35.5, INTERVAL_WIDTH - 8, 35.5))
    return _drawing(INTERVAL_WIDTH, 36, parts, name)


def interval(
    value: float, ends: tuple[float, float], limits: tuple[float, float], best: tuple[float, float], text: str
) -> str:
    """Return one interval as a bar with a point, before the shaded interval of the best method."""
    low, high = limits
    start, stop = (_across(end, low, high) for end in ends)
    shade, width = _across(best[0], low, high), _across(best[1], low, high) - _across(best[0], low, high)
    parts = [f'<rect x="{shade:.1f}" y="0" width="{max(width, 1):.1f}" height="26" fill="{_BAND}"/>']
    parts += [_line(_across(tick, low, high), 0, _across(tick, low, high), 26, _GRID) for tick in nice_ticks(low, high)]
    parts += [
        f'<line x1="{start:.1f}" y1="13" x2="{stop:.1f}" y2="13" stroke="{_BAR}" stroke-width="3"/>',
        _line(start, 8, start, 18, _BAR, 1.5),
        _line(stop, 8, stop, 18, _BAR, 1.5),
        f'<circle cx="{_across(value, low, high):.1f}" cy="13" r="5" fill="{_BAR}"/>',
    ]
    return _drawing(INTERVAL_WIDTH, 26, parts, text)


def _across(value: float, low: float, high: float) -> float:
    return 10 + (value - low) / ((high - low) or 1.0) * (INTERVAL_WIDTH - 20)


def _drawing(width: int, height: int, parts: Sequence[str], text: str) -> str:
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {_XLINK} width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="DejaVu Sans,Segoe UI,Helvetica,Arial,sans-serif" '
        f'font-size="11" fill="{_INK}">' + "".join(parts) + "</svg>"
    )
    return image(data_uri("image/svg+xml", drawn.encode("utf-8")), width, height, text)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = _INK, width: float = 1.0) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{html.escape(text)}</text>'


def _upright(x: float, y: float, text: str) -> str:
    turned = f'transform="rotate(-90 {x:.1f} {y:.1f})"'
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" {turned}>{html.escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:.6g}"


def shown(value: Optional[float], digits: int = 4) -> str:
    """Return a number for people, with `digits` significant digits; a dash where there is none."""
    if value is None:
        return "\u2013"
    if value == 0:
        return "0"
    if abs(value) >= 10**digits:
        return f"{value:,.0f}".replace(",", "\u202f")
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(places, 12)}f}" if abs(value) >= 1e-4 else f"{value:.{digits - 1}e}"
