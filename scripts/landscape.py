"""A generated landscape that is pleasant to look at: fields, woods, a river, roads and villages, for pictures.

The scenes of the tests are made for measuring, and look it; this one is made for the documentation's screenshots.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import scenes  # noqa: E402 (needs the line above)

# Blue, green, red and near infrared, in DN; the last number is how often a field has it.
FIELDS = (
    ((230, 420, 300, 2100), 5),  # meadow
    ((250, 480, 330, 2600), 4),  # young crop
    ((390, 640, 690, 1900), 3),  # ripening crop
    ((470, 780, 930, 1700), 3),  # stubble
    ((400, 620, 780, 1150), 3),  # ploughed
    ((320, 470, 570, 900), 2),  # wet ploughed
    ((190, 310, 220, 1600), 3),  # wood
)
WOOD, FIRST_FURROWED = 6, 2
WATER, ROAD = (430, 430, 330, 150), (740, 800, 830, 900)
ROOFS = ((520, 560, 930, 1100), (540, 580, 740, 900), (840, 900, 940, 1050), (1050, 1100, 1160, 1250))
GARDEN = (260, 430, 330, 1800)

Image = NDArray[Any]


def make_landscape(rows: int, columns: int, seed: int = 1) -> Image:
    """Returns DN of four bands (blue, green, red, near infrared), sharp, shape (4, rows, columns)."""
    rng = np.random.default_rng(seed)
    parcel = scenes._bend(rng, scenes._parcels(rng, rows, columns))
    count = int(parcel.max()) + 1
    weights = np.array([weight for _, weight in FIELDS], float)
    kind = rng.choice(len(FIELDS), count, p=weights / weights.sum())
    colour = np.array([spectrum for spectrum, _ in FIELDS], float)[kind]
    colour *= 1 + 0.07 * rng.standard_normal((count, 1)) + 0.02 * rng.standard_normal((count, 4))
    image = np.moveaxis(colour[parcel], -1, 0)
    image *= _furrows(rng, parcel, kind) * _texture(rng, rows, columns, kind[parcel] == WOOD)
    paint = _Painter(rng, image)
    for _ in range(1 + rows * columns // 270_000):
        paint.village()
    paint.river()
    for number in range(2 + (rows + columns) // 900):
        paint.road(across=bool(number % 2))
    return np.clip(np.stack([scenes._blur(band.astype(np.float32)) for band in image]), 50, 4000)


def _furrows(rng: np.random.Generator, parcel: Image, kind: Image) -> Image:
    """Returns a factor: lines along each worked field, in a direction of its own."""
    row, column = np.mgrid[0 : parcel.shape[0], 0 : parcel.shape[1]].astype(np.float32)
    steep = rng.random(len(kind)) < 0.5
    slope, width = rng.uniform(-0.25, 0.25, len(kind)), rng.uniform(5, 11, len(kind))
    along = np.where(steep[parcel], column + slope[parcel] * row, row + slope[parcel] * column)
    depth = np.where((kind >= FIRST_FURROWED) & (kind != WOOD), rng.uniform(0.02, 0.09, len(kind)), 0.01)
    return 1 + depth[parcel] * np.sign(np.sin(along * 2 * np.pi / width[parcel]))


def _texture(rng: np.random.Generator, rows: int, columns: int, wood: Image) -> Image:
    soft = 1 + 0.05 * scenes._fractal(rng, rows, columns, 1.4)
    crowns = 1 + 0.30 * np.tanh(scenes._blur(scenes._blur(rng.standard_normal((rows, columns)).astype(np.float32))) * 2)
    return soft * np.where(wood, crowns, 1)


class _Painter:
    """Draws what lies on the fields."""

    def __init__(self, rng: np.random.Generator, image: Image) -> None:
        self.rng, self.image = rng, image
        self.rows, self.columns = image.shape[1:]
        self.row, self.column = np.mgrid[0 : self.rows, 0 : self.columns].astype(np.float32)

    def _fill(self, where: Image, spectrum: tuple[int, ...], noise: float = 0.02) -> None:
        grain = 1 + noise * self.rng.standard_normal(int(where.sum()))
        self.image[:, where] = np.array(spectrum, float)[:, None] * grain

    def _line(self, along: Image, length: int, swing: float) -> Image:
        start, waves = self.rng.uniform(0.15, 0.85), self.rng.uniform(0.5, 1.4, 3)
        phase, tilt = self.rng.uniform(0, 6.3, 3), self.rng.uniform(-0.25, 0.25)
        bends = sum(
            np.sin(along / length * 6.3 * (i + 1) * w + p) / (i + 1) for i, (w, p) in enumerate(zip(waves, phase))
        )
        return start * length + tilt * along + swing * bends

    def river(self) -> None:
        centre = self._line(self.row, self.columns, 0.05 * self.columns)
        width = 9 + 4 * np.sin(self.row / 90)
        self._fill(np.abs(self.column - centre) < width + 5, GARDEN, 0.1)
        self._fill(np.abs(self.column - centre) < width, WATER)

    def road(self, across: bool) -> None:
        along, other = (self.column, self.row) if across else (self.row, self.column)
        length = self.rows if across else self.columns
        centre = self._line(along, length, 0.02 * length)
        self._fill(np.abs(other - centre) < self.rng.choice([2.5, 3.5, 5.0]), ROAD)

    def village(self) -> None:
        top, left = self.rng.uniform(0.1, 0.9) * self.rows, self.rng.uniform(0.1, 0.9) * self.columns
        size = self.rng.uniform(55, 110)
        angle = np.arctan2(self.row - top, self.column - left)
        ragged = 1 + sum(0.35 / n * np.sin(n * angle + self.rng.uniform(0, 6.3)) for n in (1, 2, 3, 5))
        inside = np.hypot(self.row - top, self.column - left) < size * ragged
        self._fill(inside, GARDEN, 0.12)
        for step in np.arange(-size, size, 34):
            self._fill(inside & (np.abs(self.row - top - step) < 2), ROAD)
            self._fill(inside & (np.abs(self.column - left - 0.2 * self.row + 0.2 * top - 2.2 * step) < 2), ROAD)
            for place in np.arange(-size, size, 22):
                if self.rng.random() < 0.75:
                    shift = self.rng.uniform(-4, 4, 2)
                    self._house(top + step + 15 + shift[0], left + place + shift[1], inside)

    def _house(self, top: float, left: float, inside: Image) -> None:
        height, width = self.rng.uniform(7, 13), self.rng.uniform(9, 16)
        body = (np.abs(self.row - top) < height / 2) & (np.abs(self.column - left) < width / 2) & inside
        shade = (np.abs(self.row - top + 3) < height / 2) & (np.abs(self.column - left + 3) < width / 2) & inside
        self.image[:, shade] *= 0.45
        roof = ROOFS[self.rng.integers(len(ROOFS))]
        self._fill(body, roof)
        self.image[:, body & (self.row > top)] *= 0.82
