"""Generated scenes with a known truth: every test and demonstration can compare with what was really there.

numpy only; GDAL is imported by :func:`write_geotiff` alone. The same seed gives the same scene.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

# Land covers as DN (reflectance x 4000 or so) at a few wavelengths, interpolated to the wanted bands.
_KNOTS_NM = (440.0, 490.0, 560.0, 660.0, 705.0, 740.0, 840.0, 950.0, 1600.0, 2200.0)
_COVERS = {
    "meadow": (140, 170, 330, 210, 520, 1350, 1900, 1950, 1150, 560),
    "ripe crop": (300, 380, 620, 820, 1000, 1250, 1500, 1600, 1900, 1500),
    "young crop": (180, 220, 450, 260, 700, 1900, 2700, 2750, 1300, 640),
    "forest": (90, 110, 200, 130, 340, 950, 1300, 1350, 620, 270),
    "dry soil": (480, 600, 850, 1150, 1250, 1350, 1550, 1650, 2100, 1900),
    "wet soil": (260, 330, 460, 620, 680, 730, 820, 860, 980, 820),
    "roof": (900, 960, 1050, 1250, 1300, 1320, 1380, 1400, 1500, 1450),
    "bright roof": (2100, 2250, 2350, 2450, 2480, 2500, 2520, 2500, 2300, 2100),
    "water": (330, 310, 260, 150, 120, 100, 75, 65, 55, 50),
    "road": (560, 600, 650, 700, 720, 740, 780, 800, 880, 860),
}
_FIELDS, _WATER, _ROAD = len(_COVERS) - 2, len(_COVERS) - 2, len(_COVERS) - 1  # fields come first
_ROUGHNESS = np.array([0.05, 0.06, 0.05, 0.10, 0.05, 0.05, 0.12, 0.08, 0.015, 0.04])  # texture, by cover
_NIR_NM = 700.0
_LOWEST, _HIGHEST = 50.0, 4000.0


@dataclass(frozen=True)
class Scene:
    """A generated scene: float32 arrays, and where they lie in EPSG:32633.

    Attributes:
        truth: What a perfect fusion gives, on the PAN grid, shape (bands, rows, columns), in DN.
        ms: The MS image, shape (bands, MS rows, MS columns), in DN.
        pan: The PAN image, shape (1, rows, columns), in DN.
        ms_geotransform: Six numbers as GDAL orders them, in metres.
        pan_geotransform: Six numbers as GDAL orders them, in metres; that of the truth as well.
        ratio: MS pixel size divided by PAN pixel size.
        wavelengths_nm: Centre of each band in nanometres.
    """

    truth: NDArray[np.float32]
    ms: NDArray[np.float32]
    pan: NDArray[np.float32]
    ms_geotransform: tuple[float, float, float, float, float, float]
    pan_geotransform: tuple[float, float, float, float, float, float]
    ratio: float
    wavelengths_nm: tuple[float, ...]


def band_wavelengths(bands: int) -> tuple[float, ...]:
    """Centres of the bands of a generated scene in nanometres: B, G, R, NIR, or spread over 430 to 950."""
    if bands <= 4:
        return (480.0, 560.0, 660.0, 840.0)[:bands]
    return tuple(float(value) for value in np.linspace(430.0, 950.0, bands))


def make_truth(rows: int, columns: int, bands: int = 4, seed: int = 0) -> NDArray[np.float32]:
    """A landscape as a sharp multispectral image.

    Fields and buildings of eight spectra, each with its own brightness, cut by roads of 2 to 5 pixels; a
    river and ponds; fractal texture, whose fine part has the opposite sign in the near infrared; a slight
    blur.

    Args:
        rows: Number of rows.
        columns: Number of columns.
        bands: Number of bands; their wavelengths are those of :func:`band_wavelengths`.
        seed: The same seed gives the same landscape for any number of bands.

    Returns:
        DN between 50 and 4000, float32, shape (bands, rows, columns).
    """
    rng = np.random.default_rng(seed)
    cover, gain = _landscape(rng, rows, columns)
    rough = _ROUGHNESS.astype(np.float32)[cover]
    coarse = rough * _fractal(rng, rows, columns, 1.5)
    fine = rough * _fractal(rng, rows, columns, 0.9)
    truth = np.empty((bands, rows, columns), np.float32)
    for band, wavelength in enumerate(band_wavelengths(bands)):
        spectrum = np.array([np.interp(wavelength, _KNOTS_NM, dn) for dn in _COVERS.values()], np.float32)
        sign = np.float32(-0.6 if wavelength > _NIR_NM else 0.6)
        image = spectrum[cover] * gain * (1 + coarse + sign * fine)
        np.clip(_blur(image), _LOWEST, _HIGHEST, out=truth[band])
    return truth


def degrade(
    image: NDArray[Any],
    ratio: float,
    gain: float = 0.3,
    offset: tuple[float, float] = (0.0, 0.0),
    size: tuple[int, int] | None = None,
) -> Float64:
    """What a coarser sensor sees: a Gaussian low-pass filter, sampled at the centres of a coarse grid.

    The filter's frequency response is ``gain`` at the Nyquist frequency of the coarse grid, so its standard
    deviation is ``ratio / pi * sqrt(-2 ln gain)`` fine pixels. Coarse pixel j has its centre at the fine
    pixel coordinate ``offset + ratio * (j + 0.5) - 0.5`` along each axis; fine pixel i has its centre at i.

    Args:
        image: Shape (rows, columns) or (bands, rows, columns).
        ratio: Coarse pixel size divided by fine pixel size, 1 or more, not necessarily an integer.
        gain: Frequency response at the coarse Nyquist frequency, between 0 and 1.
        offset: (down, right) distance from the corner of the fine grid to that of the coarse grid, in fine
            pixels.
        size: (rows, columns) of the result; None for all coarse pixels, from the corner of the coarse grid
            on, whose centres lie on the fine image.

    Returns:
        The coarse image in float64, with the same number of axes. Beyond its edges the fine image is
        replicated.
    """
    image = np.asarray(image, np.float64)
    if size is None:
        size = (
            coarse_length(image.shape[-2], ratio, offset[0]),
            coarse_length(image.shape[-1], ratio, offset[1]),
        )
    sigma = ratio / math.pi * math.sqrt(-2.0 * math.log(gain))
    image = _sample(image, ratio, sigma, offset[0], size[0])
    image = _sample(np.swapaxes(image, -1, -2), ratio, sigma, offset[1], size[1])
    return np.ascontiguousarray(np.swapaxes(image, -1, -2))


def coarse_length(length: int, ratio: float, offset: float = 0.0) -> int:
    """Number of coarse pixels along an axis, from the coarse corner on, with their centre on the image."""
    return max(1, math.ceil((length - offset) / ratio - 0.5))


def make_pair(
    rows: int,
    columns: int,
    ratio: float = 4.0,
    bands: int = 4,
    seed: int = 0,
    offset: tuple[float, float] = (0.0, 0.0),
    ms_gain: float = 0.3,
    ms_noise: float = 1.0,
    pan_noise: float = 2.0,
    weights: Sequence[float] | None = None,
    pan_pixel: float = 0.5,
    origin: tuple[float, float] = (500000.0, 5000000.0),
) -> Scene:
    """An MS and a PAN image of one generated landscape.

    Args:
        rows: Rows of the PAN image and of the truth.
        columns: Columns of the PAN image and of the truth.
        ratio: MS pixel size divided by PAN pixel size.
        bands: Number of MS bands.
        seed: The same seed gives the same scene.
        offset: (down, right) distance from the PAN's corner to that of the MS, in PAN pixels; (-0.5, -0.5)
            for Landsat 8 level 1.
        ms_gain: Frequency response of the MS sensor at its Nyquist frequency.
        ms_noise: Standard deviation of the noise of the MS image in DN.
        pan_noise: Standard deviation of the noise of the PAN image in DN.
        weights: The PAN is the sum of the truth's bands with these weights; None for weights that fit the
            bands.
        pan_pixel: Size of a PAN pixel in metres.
        origin: (x, y) of the upper-left corner of the PAN image in EPSG:32633, in metres.

    Returns:
        The scene; MS and PAN are at least 1 DN.
    """
    truth = make_truth(rows, columns, bands, seed)
    rng = np.random.default_rng([seed, 1])
    ms = degrade(truth, ratio, ms_gain, offset)
    ms += ms_noise * rng.standard_normal(ms.shape)
    pan = np.tensordot(np.asarray(_pan_weights(bands) if weights is None else weights), truth, axes=1)
    pan += pan_noise * rng.standard_normal(pan.shape)
    ms_pixel = ratio * pan_pixel
    x, y = origin
    return Scene(
        truth=truth,
        ms=np.maximum(ms, 1.0).astype(np.float32),
        pan=np.maximum(pan, 1.0).astype(np.float32)[None],
        ms_geotransform=(x + offset[1] * pan_pixel, ms_pixel, 0.0, y - offset[0] * pan_pixel, 0.0, -ms_pixel),
        pan_geotransform=(x, pan_pixel, 0.0, y, 0.0, -pan_pixel),
        ratio=float(ratio),
        wavelengths_nm=band_wavelengths(bands),
    )


def write_geotiff(
    path: str | Path,
    array: NDArray[Any],
    geotransform: Sequence[float],
    epsg: int = 32633,
    nodata: float | None = None,
    scale: float | Sequence[float] | None = None,
    offset: float | Sequence[float] | None = None,
    names: Sequence[str] | None = None,
    wavelengths_nm: Sequence[float] | None = None,
    dtype: Any = None,
    creation_options: Sequence[str] = (),
) -> Path:
    """Write an array as a GeoTIFF.

    Args:
        path: Where to write.
        array: Shape (rows, columns) or (bands, rows, columns); stored values, not physical ones.
        geotransform: Six numbers as GDAL orders them.
        epsg: Code of the coordinate reference system.
        nodata: Declared nodata value; values that are not a number are written as this value.
        scale: Declared scale, for all bands or for each one.
        offset: Declared offset, for all bands or for each one.
        names: Description of each band.
        wavelengths_nm: Centre of each band in nanometres.
        dtype: Data type of the file, None for that of the array; integers are rounded and clipped to their
            range.
        creation_options: Options of GDAL's GTiff driver, such as "TILED=YES".

    Returns:
        The path.

    Raises:
        OSError: GDAL could not write the file.
    """
    from osgeo import gdal, osr

    stored = _as_stored(array, np.dtype(dtype or array.dtype), nodata)
    bands, rows, columns = stored.shape
    driver = gdal.GetDriverByName("GTiff")
    dataset = driver.Create(str(path), columns, rows, bands, _gdal_type(stored.dtype), list(creation_options))
    if dataset is None:
        raise OSError(f"GDAL could not create {path}.")
    reference_system = osr.SpatialReference()
    reference_system.ImportFromEPSG(epsg)
    dataset.SetProjection(reference_system.ExportToWkt())
    dataset.SetGeoTransform(tuple(float(value) for value in geotransform))
    for index, values in enumerate(stored):
        band = dataset.GetRasterBand(index + 1)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if scale is not None:
            band.SetScale(_of_band(scale, index))
        if offset is not None:
            band.SetOffset(_of_band(offset, index))
        if names is not None:
            band.SetDescription(names[index])
        if wavelengths_nm is not None:
            band.SetMetadataItem("wavelength", repr(float(wavelengths_nm[index])))
            band.SetMetadataItem("wavelength_units", "Nanometers")
            micrometres = repr(round(wavelengths_nm[index] / 1000.0, 9))
            band.SetMetadataItem("CENTRAL_WAVELENGTH_UM", micrometres, "IMAGERY")
        if band.WriteRaster(0, 0, columns, rows, values.tobytes()) != 0:
            raise OSError(f"GDAL could not write band {index + 1} of {path}.")
    dataset.FlushCache()
    return Path(path)


def _landscape(rng: np.random.Generator, rows: int, columns: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Land cover (index into the covers) and brightness of each pixel, both of shape (rows, columns)."""
    parcel = _parcels(rng, rows, columns)
    count = int(parcel.max()) + 1
    of_parcel = rng.integers(0, _FIELDS, count)
    of_parcel[rng.random(count) < 0.03] = _WATER
    gain_of_parcel = np.clip(1.0 + 0.12 * rng.standard_normal(count), 0.6, 1.4).astype(np.float32)
    gain_of_parcel[of_parcel == _WATER] = 1.0
    parcel = _bend(rng, parcel)
    cover, gain = of_parcel.astype(np.uint8)[parcel], gain_of_parcel[parcel]
    _draw_river(rng, cover, gain)
    for number in range(2 + (rows + columns) // 180):
        across = bool(number % 2)
        _draw_road(rng, cover.T if across else cover, gain.T if across else gain)
    return cover, gain


def _parcels(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.int32]:
    """Numbers of rectangular parcels, made by cutting the scene in two again and again."""
    number = np.empty((rows, columns), np.int32)
    count = 0
    waiting = [(0, 0, rows, columns)]
    while waiting:
        top, left, height, width = waiting.pop()
        longer = max(height, width)
        if longer <= 12 or longer < rng.integers(12, 140):
            number[top : top + height, left : left + width] = count
            count += 1
            continue
        cut = int(longer * rng.uniform(0.3, 0.7))
        if height >= width:
            waiting += [(top, left, cut, width), (top + cut, left, height - cut, width)]
        else:
            waiting += [(top, left, height, cut), (top, left + cut, height, width - cut)]
    return number


def _bend(rng: np.random.Generator, parcel: NDArray[np.int32]) -> NDArray[np.int32]:
    """The parcels with slanted and bent borders: each pixel takes the number found a few pixels away."""
    rows, columns = parcel.shape
    row, column = np.arange(rows)[:, None], np.arange(columns)[None, :]
    phase = rng.uniform(0.0, 2.0 * math.pi, 4)
    down = 6.0 * np.sin(column / 61.0 + phase[0]) + 4.0 * np.sin(row / 83.0 + phase[1])
    right = 6.0 * np.sin(row / 71.0 + phase[2]) + 4.0 * np.sin(column / 97.0 + phase[3])
    from_row = np.clip(row + np.rint(down).astype(int), 0, rows - 1)
    from_column = np.clip(column + np.rint(right).astype(int), 0, columns - 1)
    return np.asarray(parcel[from_row, from_column])


def _draw_river(rng: np.random.Generator, cover: NDArray[np.uint8], gain: NDArray[np.float32]) -> None:
    """A winding river from top to bottom, about a fiftieth of the scene wide."""
    rows, columns = cover.shape
    row = np.arange(rows)
    phase = rng.uniform(0.0, 2.0 * math.pi, 2)
    bends = np.sin(row / 130.0 + phase[0]) + 0.3 * np.sin(row / 37.0 + phase[1])
    middle = columns * (rng.uniform(0.2, 0.8) + 0.06 * bends)
    half_width = columns / 100.0 * (1.0 + 0.3 * np.sin(row / 55.0 + phase[1]))
    wet = np.abs(np.arange(columns)[None, :] - middle[:, None]) < half_width[:, None]
    cover[wet] = _WATER
    gain[wet] = 1.0


def _draw_road(rng: np.random.Generator, cover: NDArray[np.uint8], gain: NDArray[np.float32]) -> None:
    """A straight road of 2 to 5 pixels from top to bottom, at any slant up to 30 degrees."""
    rows, columns = cover.shape
    width = int(rng.integers(2, 6))
    start, slope = rng.uniform(0.0, columns), rng.uniform(-0.58, 0.58)
    row = np.arange(rows)[:, None]
    column = np.rint(start + slope * (row - rows / 2.0)).astype(int) + np.arange(width)[None, :]
    inside = (column >= 0) & (column < columns)
    row = np.broadcast_to(row, column.shape)
    cover[row[inside], column[inside]] = _ROAD
    gain[row[inside], column[inside]] = np.float32(rng.uniform(0.8, 1.2))


def _fractal(rng: np.random.Generator, rows: int, columns: int, slope: float) -> NDArray[np.float32]:
    """Noise whose amplitude falls with frequency to the power of slope; mean 0, standard deviation 1."""
    spectrum = np.fft.rfft2(rng.standard_normal((rows, columns)))
    frequency = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None, :])
    frequency[0, 0] = np.inf  # no mean
    noise = np.fft.irfft2(spectrum * frequency**-slope, s=(rows, columns))
    return (noise / max(float(noise.std()), 1e-12)).astype(np.float32)


def _blur(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """A blur of half a pixel, edges replicated."""
    side = math.exp(-2.0)  # a Gaussian of standard deviation 0.5, one pixel from its centre
    centre = np.float32(1.0 / (1.0 + 2.0 * side))
    side = np.float32(side * centre)
    padded = np.pad(image, 1, mode="edge")
    padded = centre * padded[:, 1:-1] + side * (padded[:, :-2] + padded[:, 2:])
    return np.asarray(centre * padded[1:-1] + side * (padded[:-2] + padded[2:]))


def _sample(image: Float64, ratio: float, sigma: float, offset: float, length: int) -> Float64:
    """Gaussian-weighted means around the coarse centres along the axis before the last."""
    centre = offset + ratio * (np.arange(length) + 0.5) - 0.5
    radius = math.ceil(5.0 * sigma)
    fine = np.floor(centre).astype(int)[:, None] + np.arange(-radius, radius + 2)[None, :]
    weight = np.exp(-0.5 * np.square((fine - centre[:, None]) / sigma))
    weight /= weight.sum(axis=1, keepdims=True)
    fine = np.clip(fine, 0, image.shape[-2] - 1)
    result = np.zeros((*image.shape[:-2], length, image.shape[-1]))
    for tap in range(fine.shape[1]):
        result += weight[:, tap, None] * image[..., fine[:, tap], :]
    return result


def _pan_weights(bands: int) -> Float64:
    """Weights of the bands in the PAN, summing to 1; equal from 450 to 900 nm unless there are four bands."""
    if bands == 4:
        return np.array([0.08, 0.26, 0.33, 0.33])
    seen = np.array([450.0 <= wavelength <= 900.0 for wavelength in band_wavelengths(bands)], np.float64)
    return np.asarray(seen / seen.sum())


def _as_stored(array: NDArray[Any], dtype: np.dtype[Any], nodata: float | None) -> NDArray[Any]:
    """The array with three axes in the data type of the file."""
    array = array if array.ndim == 3 else array[None]
    if nodata is not None and array.dtype.kind == "f":
        array = np.where(np.isnan(array), nodata, array)
    if dtype.kind in "iu" and array.dtype.kind == "f":
        limits = np.iinfo(dtype)
        array = np.clip(np.rint(array), limits.min, limits.max)
    return np.ascontiguousarray(array.astype(dtype))


def _gdal_type(dtype: np.dtype[Any]) -> int:
    """GDAL's data type for a numpy data type."""
    from osgeo import gdal

    names = {
        "uint8": "GDT_Byte",
        "int8": "GDT_Int8",
        "uint16": "GDT_UInt16",
        "int16": "GDT_Int16",
        "uint32": "GDT_UInt32",
        "int32": "GDT_Int32",
        "float32": "GDT_Float32",
        "float64": "GDT_Float64",
    }
    return int(getattr(gdal, names[dtype.name]))


def _of_band(value: float | Sequence[float], index: int) -> float:
    """The value of one band, given for all bands or for each one."""
    return float(value) if isinstance(value, (int, float)) else float(value[index])
