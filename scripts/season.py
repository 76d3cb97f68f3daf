"""A generated stretch of farmland over a season, as two sensors see it, for the tutorial on series.

Crops green up, ripen and are harvested, each field at days of its own; meadows are mown; woods leaf out, and one of
them burns in July. The fine sensor has pixels of 30 m and sees few dates, one of them cloudy; the coarse one has
pixels of 463 m on a sinusoidal grid, other bands' order, another calibration, and sees every date.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import scenes  # noqa: E402 (needs the line above)

Image = NDArray[np.float32]

SIDE, MARGIN, PIXEL, SEED = 320, 60, 30.0, 7
WEST, NORTH = 600000.0, 5100000.0
# Days of the year that the coarse sensor sees, and those of which there is a fine image; one of them is cloudy.
DAYS = tuple(range(96, 257, 16))
FINE_DAYS, CLOUDY, CLOUD_SHARE = (96, 144, 192, 240), 192, 0.35
FIRE = 201
COARSE_PIXEL = 463.3127165
SINUSOIDAL = (
    'PROJCS["MODIS sinusoidal",GEOGCS["MODIS sphere",DATUM["MODIS sphere",SPHEROID["MODIS sphere",6371007.181,0]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Sinusoidal"],'
    'PARAMETER["longitude_of_center",0],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]'
)
GAIN, SHIFT, FINE_NOISE, COARSE_NOISE = 1.02, 0.004, 0.003, 0.0015

NAMES = ("Blue", "Green", "Red", "NIR", "SWIR 1", "SWIR 2")
FINE_NM = (482.0, 561.0, 655.0, 865.0, 1609.0, 2201.0)
COARSE_NM = (469.0, 555.0, 645.0, 858.0, 1640.0, 2130.0)
# The coarse sensor's bands in the order of its own numbers: red, NIR, blue, green, SWIR 1, SWIR 2.
COARSE_ORDER = (2, 3, 0, 1, 4, 5)

# Reflectance in the six bands.
SOIL = (0.090, 0.120, 0.160, 0.220, 0.300, 0.270)
GREEN = (0.028, 0.065, 0.035, 0.450, 0.200, 0.090)
DRY = (0.085, 0.135, 0.185, 0.280, 0.330, 0.230)
WOOD = (0.020, 0.042, 0.025, 0.320, 0.150, 0.060)
BARE_WOOD = (0.040, 0.055, 0.062, 0.190, 0.200, 0.120)
BURNT = (0.038, 0.042, 0.046, 0.075, 0.140, 0.150)
WATER = (0.055, 0.060, 0.035, 0.018, 0.009, 0.006)
ROAD = (0.130, 0.145, 0.155, 0.190, 0.210, 0.190)

# Kinds of field: how often, then the days of greening, ripening and harvest.
KINDS = (
    (4, 80, 168, 194),  # winter crop
    (4, 152, 236, 262),  # summer crop
    (2, 118, 205, 228),  # spring crop
    (3, 70, 300, 320),  # meadow, mown
    (3, 0, 0, 0),  # wood
    (1, 300, 320, 340),  # fallow
)
MEADOW, FOREST = 3, 4
SPREAD, WITHIN = 7.0, 2.5  # days between fields of a kind, and within a field


@dataclass(frozen=True)
class Land:
    """What does not change: each array has (rows, columns).

    Attributes:
        kind: Number of the kind of field.
        shift: Days by which a pixel is late.
        gain: Brightness.
        mown: Day of mowing.
        water: Where there is water.
        road: Where there is a road.
        burnt: Where it will have burnt.
    """

    kind: NDArray[np.int64]
    shift: Image
    gain: Image
    mown: Image
    water: NDArray[np.bool_]
    road: NDArray[np.bool_]
    burnt: NDArray[np.bool_]


def make_land(side: int = SIDE + 2 * MARGIN, seed: int = SEED) -> Land:
    """Returns a square of fields, woods, a river and roads."""
    rng = np.random.default_rng(seed)
    # Cut at twice the size, for fields of 0.2 to 2 km.
    parcel = scenes._bend(rng, scenes._parcels(rng, 2 * side, 2 * side))[::2, ::2]
    count = int(parcel.max()) + 1
    weights = np.array([kind[0] for kind in KINDS], float)
    kind = rng.choice(len(KINDS), count, p=weights / weights.sum())
    shift = SPREAD * rng.standard_normal(count)
    gain = 1 + 0.08 * rng.standard_normal(count)
    mown = 150 + 9 * rng.standard_normal(count)
    cover, bright = np.zeros((side, side), np.uint8), np.ones((side, side), np.float32)
    scenes._draw_river(rng, cover, bright)
    for number in range(3):
        across = bool(number % 2)
        scenes._draw_road(rng, cover.T if across else cover, bright.T if across else bright)
    texture = 0.05 * scenes._fractal(rng, side, side, 1.1)
    late = WITHIN * scenes._fractal(rng, side, side, 1.5)
    row, column = np.mgrid[0:side, 0:side] / side
    edge = 0.16 + 0.03 * scenes._fractal(rng, side, side, 1.6)
    burnt = np.hypot((row - 0.36) * 1.2, column - 0.62) < edge
    return Land(
        kind[parcel],
        (shift[parcel] + late).astype(np.float32),
        (gain[parcel] * (1 + texture)).astype(np.float32),
        mown[parcel].astype(np.float32),
        cover == scenes._WATER,
        cover == scenes._ROAD,
        burnt,
    )


def make_truth(land: Land, day: int) -> Image:
    """Returns the reflectance of a day of the year, float32 (6, rows, columns)."""
    since = day - land.shift
    up, down, harvest = (np.array([kind[place] for kind in KINDS], np.float32)[land.kind] for place in (1, 2, 3))
    grown, ripe, gone = _step(since - up, 7), _step(since - down, 6), _step(since - harvest, 1.5)
    green = grown * (1 - ripe) * (1 - gone)
    dry = grown * ripe * (1 - gone)
    cut = _step(since - land.mown, 1.0) * np.exp(-np.maximum(since - land.mown, 0) / 25)
    green = np.where(land.kind == MEADOW, 0.85 * green * (1 - 0.8 * cut), green)
    image = _mix(((SOIL, 1 - green - dry), (GREEN, green), (DRY, dry)))
    leaves = _step(since - 112, 6)
    image = np.where(land.kind == FOREST, _mix(((WOOD, leaves), (BARE_WOOD, 1 - leaves))), image) * land.gain
    if day >= FIRE:
        wooded = land.burnt & ((land.kind == FOREST) | (land.kind == MEADOW))
        image[:, wooded] = np.array(BURNT, np.float32)[:, None] * land.gain[wooded]
    for where, spectrum in ((land.water, WATER), (land.road, ROAD)):
        image[:, where] = np.array(spectrum, np.float32)[:, None] * np.minimum(land.gain[where], 1.2)
    return np.stack([scenes._blur(band) for band in image.astype(np.float32)])


def _step(days: Image, slow: float) -> Image:
    return np.asarray(1 / (1 + np.exp(-np.clip(days / slow, -30, 30))), np.float32)


def _mix(parts: Sequence[tuple[Sequence[float], Any]]) -> Image:
    return np.asarray(sum(np.array(spectrum, np.float32)[:, None, None] * share for spectrum, share in parts))


def make_clouds(seed: int = SEED) -> NDArray[np.bool_]:
    """Returns where clouds hide the fine image of the cloudy day."""
    field = scenes._fractal(np.random.default_rng(seed + 1), SIDE, SIDE, 1.9)
    return np.asarray(field > np.quantile(field, 1 - CLOUD_SHARE))


def day_name(day: int, year: int = 2024) -> str:
    """Returns year, month and day of a day of the year as digits."""
    return date.fromordinal(date(year, 1, 1).toordinal() + day - 1).strftime("%Y%m%d")


def write_season(folder: Path) -> None:
    """Writes fine/, coarse/ and truth/ with a raster for each date; reflectance times 10,000."""
    for name in ("fine", "coarse", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    land, clouds = make_land(), make_clouds()
    for day in DAYS:
        rng = np.random.default_rng([SEED, day])
        whole = make_truth(land, day)
        inside = whole[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
        if day in FINE_DAYS:
            seen = inside + FINE_NOISE * rng.standard_normal(inside.shape)
            seen[:, clouds & (day == CLOUDY)] = 0
            write_fine(folder / "fine" / f"landsat_{day_name(day)}.tif", seen)
        if day not in FINE_DAYS or day == CLOUDY:
            write_fine(folder / "truth" / f"truth_{day_name(day)}.tif", inside)
        write_coarse(folder / "coarse" / f"modis_{day_name(day)}.tif", whole, rng)


def write_fine(path: Path, image: Any) -> None:
    """Writes an image of the fine sensor."""
    stored = np.where(image == 0, 0, np.maximum(image * 10000, 1))
    scenes.write_geotiff(
        path,
        stored,
        (WEST, PIXEL, 0, NORTH, 0, -PIXEL),
        dtype="int16",
        nodata=0,
        scale=1e-4,
        names=NAMES,
        wavelengths_nm=FINE_NM,
        creation_options=("COMPRESS=DEFLATE", "PREDICTOR=2"),
    )


def write_coarse(path: Path, whole: Image, rng: np.random.Generator) -> None:
    """Writes what the coarse sensor sees: means over its pixels, on its own grid and with its own calibration."""
    fine = str(path.with_suffix(".fine.tif"))
    west, north = WEST - MARGIN * PIXEL, NORTH + MARGIN * PIXEL
    scenes.write_geotiff(fine, whole[list(COARSE_ORDER)], (west, PIXEL, 0, north, 0, -PIXEL), nodata=-1.0)
    warped = gdal.Warp(
        "",
        fine,
        format="MEM",
        dstSRS=SINUSOIDAL,
        xRes=COARSE_PIXEL,
        yRes=COARSE_PIXEL,
        targetAlignedPixels=True,
        resampleAlg="average",
        dstNodata=-1.0,
    )
    seen = warped.ReadAsArray().astype(np.float64)
    # Of a pixel at the edge only a part is known; its mean would be that part's.
    known = scenes._blur((seen[0] >= 0).astype(np.float32)) > 0.99
    noisy = GAIN * seen + SHIFT + COARSE_NOISE * rng.standard_normal(seen.shape)
    stored = np.where(known, np.clip(np.rint(noisy * 10000), 1, 16000), -28672).astype(np.int16)
    driver = gdal.GetDriverByName("GTiff")
    dataset = driver.Create(str(path), stored.shape[2], stored.shape[1], len(stored), gdal.GDT_Int16)
    dataset.SetGeoTransform(warped.GetGeoTransform())
    dataset.SetProjection(warped.GetProjection())
    for number, place in enumerate(COARSE_ORDER):
        band = dataset.GetRasterBand(number + 1)
        band.SetNoDataValue(-28672)
        band.SetScale(1e-4)
        band.SetDescription(NAMES[place])
        band.SetMetadataItem("wavelength", repr(COARSE_NM[place]))
        band.SetMetadataItem("wavelength_units", "Nanometers")
        band.WriteArray(stored[number])
    dataset.FlushCache()
    del warped
    Path(fine).unlink()
