"""A small series on disk: fine images of some dates and coarse ones of all, of fields that grow at their own pace."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

from tests.scenes import write_geotiff

RATIO, SIZE = 8, 96
FIRST = datetime.date(2020, 3, 1)
PLACE = (500000.0, 30.0, 0.0, 5000000.0, 0.0, -30.0)
COARSE_PLACE = (500000.0, 30.0 * RATIO, 0.0, 5000000.0, 0.0, -30.0 * RATIO)
NAMES, WAVELENGTHS = ("red", "nir"), (660.0, 860.0)


def day(number: int) -> datetime.date:
    """The date of a day of the series."""
    return FIRST + datetime.timedelta(number)


def truth(number: int, size: int = SIZE, seed: int = 0) -> np.ndarray:
    """The fine image of a day: reflectance x 10000, int16, (2, size, size)."""
    rng = np.random.default_rng(seed)
    label = np.zeros((size, size), int)
    for _ in range(60):
        row, column = rng.integers(0, size, 2)
        height, width = rng.integers(4, 24, 2)
        label[row : row + height, column : column + width] = rng.integers(0, 5)
    start, pace = rng.uniform(600, 3000, (2, 5)), rng.uniform(-40, 60, (2, 5))
    noise = np.random.default_rng(seed + 100 + number).normal(0, 8, (2, size, size))
    return np.rint(start[:, label] + number * pace[:, label] + noise).astype(np.int16)


def coarse(number: int, size: int = SIZE, seed: int = 0) -> np.ndarray:
    """What the coarse sensor sees of that day: the mean of each cell."""
    image = truth(number, size, seed).astype(float)
    return np.rint(image.reshape(2, size // RATIO, RATIO, size // RATIO, RATIO).mean((2, 4))).astype(np.int16)


def write_fine(folder: Path, number: int, image: np.ndarray | None = None, **options: Any) -> Path:
    """Write the fine image of a day."""
    values = truth(number) if image is None else image
    named = {"nodata": -9999, "scale": 1e-4, "names": NAMES, "wavelengths_nm": WAVELENGTHS, **options}
    return write_geotiff(folder / f"fine_{day(number):%Y%m%d}.tif", values, PLACE, **named)


def write_coarse(folder: Path, number: int, image: np.ndarray | None = None, **options: Any) -> Path:
    """Write the coarse image of a day."""
    values = coarse(number) if image is None else image
    named = {"nodata": -9999, "scale": 1e-4, "names": NAMES, "wavelengths_nm": WAVELENGTHS, **options}
    return write_geotiff(folder / f"coarse_{day(number):%Y%m%d}.tif", values, COARSE_PLACE, **named)


def write_series(folder: Path, fine: Sequence[int] = (0, 16), coarse_days: Sequence[int] = (0, 4, 9, 16)) -> Path:
    """Write a series: the folders `fine` and `coarse`."""
    for name, days, write in (("fine", fine, write_fine), ("coarse", coarse_days, write_coarse)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in days:
            write(folder / name, number)
    return folder


def put_on_the_fine_grid(folder: Path) -> None:
    """Resample the coarse images of a series onto the fine grid, as others deliver them."""
    x, width, _, y, _, height = PLACE
    for path in list((folder / "coarse").iterdir()):
        made = folder / path.name
        bounds = [x, y + SIZE * height, x + SIZE * width, y]
        gdal.Warp(str(made), str(path), outputBounds=bounds, xRes=width, yRes=width)
        made.replace(path)
