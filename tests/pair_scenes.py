"""Pairs of fine and coarse images of generated fields, with the truth at the date to predict."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, osr

from satfusion_qgis.tasks.job import Input, Job, Output
from tests.scenes import write_geotiff

FINE_M, RATIO, SIZE = 30.0, 16, 192
NAMES = ("Blue", "Green", "Red", "NIR", "SWIR1", "SWIR2")
WAVELENGTHS = (482.0, 561.5, 654.5, 865.0, 1608.5, 2200.5)
DAYS = ("20240501", "20240601", "20240625")
# MODIS's bands 1 to 7 are these of NAMES; the fifth has no counterpart.
MODIS_ORDER = (2, 3, 0, 1, None, 4, 5)
SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"
CORNER = (500000.0, 5000000.0)
FINE_GRID = (CORNER[0], FINE_M, 0.0, CORNER[1], 0.0, -FINE_M)
COARSE_GRID = (CORNER[0], FINE_M * RATIO, 0.0, CORNER[1], 0.0, -FINE_M * RATIO)

Image = NDArray[Any]


def fields(size: int = SIZE, bands: int = 6, seed: int = 0) -> tuple[Image, Image, Image]:
    """Reflectance x 10000 of three dates, (bands, size, size): fields of five covers, each with a season of its own."""
    rng = np.random.default_rng(seed)
    cover, plot = np.zeros((size, size), int), np.zeros((size, size), int)
    for number in range(size * size // 300):
        row, column = rng.integers(-10, size, 2)
        height, width = rng.integers(8, 45, 2)
        place = np.s_[max(row, 0) : row + height, max(column, 0) : column + width]
        cover[place], plot[place] = rng.integers(0, 5), number + 1
    spectra = rng.uniform(500, 3000, (5, bands))
    change = rng.uniform(-600, 600, (5, bands))
    gain, pace = 1 + 0.06 * rng.standard_normal(plot.max() + 1), 1 + 0.2 * rng.standard_normal(plot.max() + 1)
    base = spectra[cover].transpose(2, 0, 1) * gain[plot]
    moved = change[cover].transpose(2, 0, 1) * pace[plot]
    dates = [base + step * moved + rng.normal(0, 8, base.shape) for step in (0.0, 1.0, 1.6)]
    return dates[0], dates[1], dates[2]


def coarser(image: Image, ratio: int = RATIO) -> Image:
    """Means over squares of pixels."""
    bands, rows, columns = image.shape
    return image.reshape(bands, rows // ratio, ratio, columns // ratio, ratio).mean((2, 4))


@dataclass
class PairScene:
    """Files of one place.

    Attributes:
        folder: Where they lie.
        truth: The fine image at the date to predict, as stored.
        files: Path by role.
        images: What was written, by role.
    """

    folder: Path
    truth: Image
    files: dict[str, str]
    images: dict[str, Image] = field(default_factory=dict)

    def job(self, method: str, output: Path | str, pairs: int = 1, inputs: Any = None, **more: Any) -> Job:
        """A job over some of the files; `inputs` holds fields of the inputs by role."""
        roles = ["FINE_1", "COARSE_1", "COARSE_TARGET"] + (["FINE_2", "COARSE_2"] if pairs == 2 else [])
        given = [Input(role, **{"path": self.files[role], **(inputs or {}).get(role, {})}) for role in roles]
        outputs = outputs_at(output, more.pop("dtype", "Float32"))
        return Job("spatiotemporal_fusion", method, given, outputs, **more)


def outputs_at(path: Path | str, dtype: str | None = "Float32") -> list[Output]:
    """The output of a job, quick to write."""
    return [Output("OUTPUT", str(path), "image", dtype, {"COMPRESSION": "none", "OVERVIEWS": False})]


def make_scene(folder: Path, size: int = SIZE, seed: int = 0, bands: int = 6, **more: Any) -> PairScene:
    """Write a scene; `more` goes to the files (scale, nodata)."""
    folder.mkdir(exist_ok=True, parents=True)
    dates = fields(size, bands, seed)
    described = {"names": NAMES[:bands], "wavelengths_nm": WAVELENGTHS[:bands], "dtype": "int16", **more}
    files, images = {}, {}
    for role, date in (("FINE_1", 0), ("COARSE_1", 0), ("COARSE_TARGET", 1), ("FINE_2", 2), ("COARSE_2", 2)):
        fine = role.startswith("FINE")
        images[role] = np.rint(dates[date] if fine else coarser(dates[date]))
        path = folder / f"{'landsat' if fine else 'modis'}_{DAYS[date]}.tif"
        files[role] = str(write_geotiff(path, images[role], FINE_GRID if fine else COARSE_GRID, **described))
    return PairScene(folder, dates[1], files, images)


def as_modis(path: str, image: Image, geotransform: Any = COARSE_GRID, **more: Any) -> str:
    """Write a coarse image with MODIS's seven bands in their order, named as its product names them."""
    bands = [np.full(image.shape[1:], 1234.0) if place is None else image[place] for place in MODIS_ORDER]
    names = [f"sur_refl_b0{number}" for number in range(1, 8)]
    return str(write_geotiff(path, np.stack(bands), geotransform, names=names, **{"dtype": "int16", **more}))


def as_sinusoidal(path: str, fine: Image, names: Any = NAMES) -> str:
    """Write the means of a fine image over MODIS's own pixels, 463.3 m on the sinusoidal grid."""
    source = gdal.GetDriverByName("MEM").Create("", fine.shape[2], fine.shape[1], len(fine), gdal.GDT_Float32)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32633)
    source.SetProjection(reference.ExportToWkt())
    source.SetGeoTransform(FINE_GRID)
    for number, band in enumerate(fine, 1):
        source.GetRasterBand(number).WriteRaster(
            0, 0, fine.shape[2], fine.shape[1], np.ascontiguousarray(band, np.float32).tobytes()
        )
        source.GetRasterBand(number).SetNoDataValue(-9999)
    pixel = 463.312716528
    made = gdal.Warp(
        path, source, dstSRS=SINUSOIDAL, xRes=pixel, yRes=pixel, resampleAlg="average", dstNodata=-9999,
        targetAlignedPixels=True,
    )  # fmt: skip
    for number, name in enumerate(names, 1):
        made.GetRasterBand(number).SetDescription(name)
    made.FlushCache()
    return path


def on_fine_grid(path: str, coarse: str, how: str) -> str:
    """Write a coarse image resampled onto the fine grid, as others deliver it."""
    left, top = CORNER
    size = gdal.Open(coarse).RasterXSize * RATIO * FINE_M
    gdal.Warp(
        path, coarse, outputBounds=[left, top - size, left + size, top], xRes=FINE_M, yRes=FINE_M, resampleAlg=how
    )
    return path
