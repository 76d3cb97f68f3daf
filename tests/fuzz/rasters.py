"""Bad and odd rasters, drawn at random: each case is a pair of files and a job over them, from its number alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.tasks.job import Area, Input, Job, Mask, Output, Preview

DTYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "uint32": gdal.GDT_UInt32,
    "int32": gdal.GDT_Int32,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
    "complex64": gdal.GDT_CFloat32,
}
_COMMON = ("uint8", "uint16", "int16", "float32")
_METHODS = [method.id for method in CATALOGUE.methods_of("pansharpening")]


@dataclass
class Image:
    """One raster before it is written."""

    name: str
    bands: int
    rows: int
    columns: int
    geotransform: list[float] | None
    dtype: str = "uint16"
    epsg: int | None = 32633
    values: np.ndarray | None = None
    nodata: float | None = None
    driver: str = "GTiff"
    ending: str = ".tif"
    options: list[str] = field(default_factory=list)
    describe: list[Callable[[Any], None]] = field(default_factory=list)
    harm: list[Callable[[Path], None]] = field(default_factory=list)
    virtual: str = ""


@dataclass
class Case:
    """What is run: a job, and the words that say what is odd about it."""

    number: int
    job: Job
    oddities: list[str]


def draw(number: int, folder: Path, target: Path) -> Case:
    """Write the rasters of a case into `folder` and return it; its output goes to `target`."""
    rng = np.random.default_rng([2026, number])
    ratio = float(rng.choice([1.5, 2, 3, 4, 4.00025, 6, 8]))
    rows, columns = (int(value) for value in rng.integers(1, 301, 2))
    if rng.random() < 0.6:
        rows, columns = max(rows, 24), max(columns, 24)
    pan = Image("pan", 1, rows, columns, [5e5, 2.0, 0, 5e6, 0, -2.0])
    phase = rng.normal(0, 2, 2) if rng.random() < 0.3 else (0, 0)
    across, down = max(1, round(columns / ratio)), max(1, round(rows / ratio))
    ms = Image("ms", int(rng.choice([1, 2, 3, 4, 4, 4, 8])), down, across, None)
    ms.geotransform = [5e5 + phase[0], 2.0 * ratio, 0, 5e6 + phase[1], 0, -2.0 * ratio]
    for image in (ms, pan):
        image.dtype = str(rng.choice(_COMMON))
        image.values = _landscape(rng, image, ratio if image is pan else 1.0)
    case = Case(number, Job("pansharpening", str(rng.choice(_METHODS)), [], []), [])
    _options(rng, case.job, target, (ms, pan))
    for _ in range(int(rng.choice([0, 1, 1, 1, 2, 3]))):
        oddity = _ODDITIES[int(rng.integers(len(_ODDITIES)))]
        image = ms if rng.random() < 0.5 else pan
        oddity(rng, image)
        case.oddities.append(f"{image.name} {oddity.__name__.strip('_')}")
    paths = [_write(rng, folder, image) for image in (ms, pan)]
    case.job.inputs = [Input("MS", str(paths[0])), Input("PAN", str(paths[1]))]
    for item in case.job.inputs:
        _override(rng, item, case.oddities)
    if rng.random() < 0.03:
        case.job.inputs[0].mask = Mask(str(paths[int(rng.integers(2))]), int(rng.integers(1, 3)), [0, 1], [3], 1)
        case.oddities.append("an image as mask")
    return case


def _landscape(rng: np.random.Generator, image: Image, ratio: float) -> np.ndarray:
    """A pattern that MS and PAN share, with noise, within the range of the type."""
    top = {"uint8": 250.0, "int16": 30000.0}.get(image.dtype, 4000.0)
    y, x = np.mgrid[: image.rows, : image.columns] / ratio
    bands = [0.4 + 0.2 * np.sin((x + 2 * band) / 3) * np.cos(y / 4) for band in range(image.bands)]
    return (np.array(bands) + rng.normal(0, 0.02, (image.bands, image.rows, image.columns))) * top


# What may be odd about an image


def _other_type(rng: np.random.Generator, image: Image) -> None:
    image.dtype = str(rng.choice(list(DTYPES)))


def _constant(rng: np.random.Generator, image: Image) -> None:
    image.values = np.full_like(image.values, rng.choice([0, 1, 255, 1e-30, -5, 1e6]))


def _all_nan(rng: np.random.Generator, image: Image) -> None:
    image.dtype, image.values = "float32", np.full_like(image.values, np.nan)


def _some_nan_and_inf(rng: np.random.Generator, image: Image) -> None:
    image.dtype = str(rng.choice(["float32", "float64"]))
    draw = rng.random(image.values.shape)
    image.values[draw < rng.random() * 0.9] = rng.choice([np.nan, np.inf, -np.inf])


def _huge(rng: np.random.Generator, image: Image) -> None:
    image.dtype = str(rng.choice(["float32", "float64", "uint32", "int32"]))
    image.values = image.values * 10.0 ** rng.integers(3, 40)


def _tiny(rng: np.random.Generator, image: Image) -> None:
    image.dtype = "float32"
    image.values = image.values * 10.0 ** -float(rng.integers(3, 44))


def _wild(rng: np.random.Generator, image: Image) -> None:
    image.dtype = "float32"
    picked = rng.random(image.values.shape) < 0.05
    image.values[picked] = rng.choice([3.4e38, -3.4e38, 1e30, 1e-45])


def _negative(rng: np.random.Generator, image: Image) -> None:
    image.dtype, image.values = "int16", -image.values


def _nodata(rng: np.random.Generator, image: Image) -> None:
    image.nodata = float(rng.choice([0, 1, 255, -9999, 65535, 1e20, -3.4028234663852886e38, np.nan, np.inf, 0.5, 400]))
    block = rng.random(image.values.shape[1:]) < rng.random()
    with np.errstate(all="ignore"):
        image.values[:, block] = image.nodata


def _border_of_zeros(rng: np.random.Generator, image: Image) -> None:
    y, x = np.mgrid[: image.rows, : image.columns]
    image.values[:, x + y < rng.integers(1, image.rows + image.columns)] = 0


def _one_pixel_valid(rng: np.random.Generator, image: Image) -> None:
    keep = int(rng.integers(image.rows)), int(rng.integers(image.columns))
    kept = image.values[:, keep[0], keep[1]].copy()
    image.nodata = -1.0 if image.dtype != "uint8" else 0.0
    image.values[:] = image.nodata
    image.values[:, keep[0], keep[1]] = kept


def _rotated(rng: np.random.Generator, image: Image) -> None:
    angle = float(rng.choice([1e-7, 0.01, 0.5, math.pi / 2, 2.0]))
    x, a, _, y, _, e = image.geotransform or [0, 1, 0, 0, 0, -1]
    image.geotransform = [
        x, a * math.cos(angle), -e * math.sin(angle), y, a * math.sin(angle), e * math.cos(angle)
    ]  # fmt: skip


def _south_up(rng: np.random.Generator, image: Image) -> None:
    x, a, b, y, d, e = image.geotransform or [0, 1, 0, 0, 0, -1]
    image.geotransform = [x, a, b, y + e * image.rows, d, -e]


def _mirrored(rng: np.random.Generator, image: Image) -> None:
    x, a, b, y, d, e = image.geotransform or [0, 1, 0, 0, 0, -1]
    image.geotransform = [x + a * image.columns, -a, b, y, d, e]


def _pixel_size(rng: np.random.Generator, image: Image) -> None:
    factor = float(rng.choice([1e-12, 1e-6, 0.01, 0.999, 1.3, 50, 1e6, 1e12]))
    x, a, b, y, d, e = image.geotransform or [0, 1, 0, 0, 0, -1]
    image.geotransform = [x, a * factor, b, y, d, e * (factor if rng.random() < 0.7 else 1)]


def _strange_geotransform(rng: np.random.Generator, image: Image) -> None:
    choices = [
        None,
        [0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 1],
        [5e5, 2, 2, 5e6, 2, 2],
        [math.nan, 2, 0, 5e6, 0, -2],
        [5e5, math.inf, 0, 5e6, 0, -2],
        [1e300, 2, 0, 1e300, 0, -2],
        [5e5, 1e-300, 0, 5e6, 0, -1e-300],
        [5e5, 0, 2, 5e6, 2, 0],
    ]
    image.geotransform = choices[int(rng.integers(len(choices)))]


def _moved(rng: np.random.Generator, image: Image) -> None:
    if image.geotransform is not None:
        far = float(rng.choice([0.3, 40, 599, 1e4, 1e7]))
        image.geotransform[0] += far
        image.geotransform[3] += far * float(rng.choice([-1, 0, 1]))


def _degrees(rng: np.random.Generator, image: Image) -> None:
    x = float(rng.choice([179.999, -180.0, 359.9, 14.9999, 540.0, 0.0]))
    y = float(rng.choice([89.999, 45.0, -89.9, 91.0]))
    image.epsg = 4326
    pixel = 2e-5 * (image.geotransform or [0, 2])[1] / 2
    image.geotransform = [x, pixel, 0, y, 0, -pixel]


def _other_crs(rng: np.random.Generator, image: Image) -> None:
    image.epsg = int(rng.choice([4326, 32632, 32601, 3857, 3035, 4979, 5514, 0]))


def _no_crs(rng: np.random.Generator, image: Image) -> None:
    image.epsg = None


def _palette(rng: np.random.Generator, image: Image) -> None:
    image.dtype, image.bands, image.values = "uint8", 1, image.values[:1]
    table = gdal.ColorTable()
    table.SetColorEntry(1, (10, 20, 30, 255))
    image.describe.append(lambda dataset: dataset.GetRasterBand(1).SetRasterColorTable(table))


def _few_bits(rng: np.random.Generator, image: Image) -> None:
    bits = int(rng.choice([1, 2, 4, 7]))
    image.dtype, image.options = "uint8", [*image.options, f"NBITS={bits}"]
    image.values = image.values % 2**bits


def _scales(rng: np.random.Generator, image: Image) -> None:
    scale, offset = (float(rng.choice(values)) for values in ([0, 1e-4, -1, 1e30, np.nan], [0, -0.1, 1e9, np.inf]))

    def describe(dataset: Any) -> None:
        for number in range(1, dataset.RasterCount + 1):
            dataset.GetRasterBand(number).SetScale(scale)
            dataset.GetRasterBand(number).SetOffset(offset)

    image.describe.append(describe)


def _odd_metadata(rng: np.random.Generator, image: Image) -> None:
    texts = ["", "nan", "-5", "abc nm", "1e400", "\N{SNOWMAN}" * 50, "665 nm", "0.665", "<xml>&"]
    key = str(rng.choice(["wavelength", "CENTRAL_WAVELENGTH_UM", "wavelength_units"]))

    def describe(dataset: Any) -> None:
        for number in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(number)
            band.SetMetadataItem(key, str(rng.choice(texts)), str(rng.choice(["", "IMAGERY"])))
            band.SetDescription(str(rng.choice(texts)))
            band.SetUnitType(str(rng.choice(texts)))

    image.describe.append(describe)


def _layout(rng: np.random.Generator, image: Image) -> None:
    choices = [
        ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16", "COMPRESS=DEFLATE"],
        ["INTERLEAVE=BAND", "COMPRESS=LZW"],
        ["SPARSE_OK=TRUE"],
        ["BIGTIFF=YES", "ENDIANNESS=BIG"],
    ]
    image.options = [*image.options, *choices[int(rng.integers(len(choices)))]]


def _many_bands(rng: np.random.Generator, image: Image) -> None:
    image.bands = int(rng.integers(2, 40))
    image.values = np.resize(image.values, (image.bands, image.rows, image.columns))


def _other_format(rng: np.random.Generator, image: Image) -> None:
    image.driver, image.ending = [("ENVI", ".dat"), ("PNG", ".png"), ("AAIGrid", ".asc"), ("HFA", ".img")][
        int(rng.integers(4))
    ]
    image.options = []


def _wrong_ending(rng: np.random.Generator, image: Image) -> None:
    image.ending = str(rng.choice([".jpg", ".shp", ".txt", "", ".tif.bak", ".vrt", " (1).tif", ".\N{SNOWMAN}"]))


def _cut_off(rng: np.random.Generator, image: Image) -> None:
    share = float(rng.choice([0, 0.01, 0.1, 0.5, 0.9, 0.999]))
    image.harm.append(lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)]))


def _broken_header(rng: np.random.Generator, image: Image) -> None:
    def harm(path: Path) -> None:
        content = bytearray(path.read_bytes())
        for _ in range(int(rng.integers(1, 8))):
            if content:
                content[int(rng.integers(min(len(content), 400)))] = int(rng.integers(256))
        path.write_bytes(bytes(content))

    image.harm.append(harm)


def _broken_content(rng: np.random.Generator, image: Image) -> None:
    image.options = [*image.options, "COMPRESS=DEFLATE"]

    def harm(path: Path) -> None:
        content = bytearray(path.read_bytes())
        for _ in range(20 if len(content) > 8 else 0):
            content[int(rng.integers(8, len(content)))] ^= 255
        path.write_bytes(bytes(content))

    image.harm.append(harm)


def _not_there(rng: np.random.Generator, image: Image) -> None:
    image.harm.append(lambda path: path.unlink())


def _no_raster(rng: np.random.Generator, image: Image) -> None:
    text = str(rng.choice(["", "hello", "\x00" * 100, '{"type": "FeatureCollection", "features": []}', "II*\x00"]))
    image.harm.append(lambda path: path.write_bytes(text.encode()))


def _virtual_without_source(rng: np.random.Generator, image: Image) -> None:
    image.virtual = "missing"


def _virtual_without_bands(rng: np.random.Generator, image: Image) -> None:
    image.virtual = "empty"


def _virtual(rng: np.random.Generator, image: Image) -> None:
    image.virtual = "whole"


_ODDITIES = [
    _other_type, _constant, _all_nan, _some_nan_and_inf, _huge, _tiny, _wild, _negative, _nodata, _nodata, _nodata,
    _border_of_zeros, _one_pixel_valid, _rotated, _south_up, _mirrored, _pixel_size, _pixel_size,
    _strange_geotransform, _moved, _degrees, _other_crs, _no_crs, _palette, _few_bits, _scales, _scales, _odd_metadata,
    _layout, _many_bands, _other_format, _wrong_ending, _cut_off, _broken_header, _broken_content, _not_there,
    _no_raster, _virtual_without_source, _virtual_without_bands, _virtual,
]  # fmt: skip


# What may be odd about the job


def _options(rng: np.random.Generator, job: Job, target: Path, images: tuple[Image, Image]) -> None:
    options = {
        "COMPRESSION": str(rng.choice(["none", "deflate", "zstd", "cog"])),
        "OVERVIEWS": bool(rng.random() < 0.5),
    }
    if rng.random() < 0.08:
        options["UNITS"] = str(rng.choice(["input", "reflectance", "reflectance_int16"]))
    dtype = str(rng.choice(["Byte", "Int16", "Float32", "Float64", "UInt32"])) if rng.random() < 0.1 else None
    job.outputs = [Output("OUTPUT", str(target), dtype=dtype, options=options)]
    job.threads = int(rng.integers(1, 4))
    job.window = int(rng.choice([16, 48, 64, 256, 8192])) if rng.random() < 0.5 else None
    pan = images[1]
    x, y = 5e5 + pan.columns * 2 * rng.uniform(-0.1, 1.1, 2), 5e6 - pan.rows * 2 * rng.uniform(-0.1, 1.1, 2)
    if rng.random() < 0.1:
        job.extent = [float(x.min()), float(y.min()), float(x.max()), float(y.max())]
    if rng.random() < 0.1:
        job.preview = Preview([float(x[0]), float(y[0])] if rng.random() < 0.5 else None, int(rng.integers(0, 60)))
    if rng.random() < 0.1:
        corners = [*zip(x, y), (x[0] + 90, y[1]), (x[0], y[0])]
        text = f"POLYGON (({', '.join(f'{a} {b}' for a, b in corners)}))"
        job.area = Area(
            polygons=[text], crs=str(rng.choice(["EPSG:32633", "EPSG:4326"])) if rng.random() < 0.4 else None
        )
    _parameters(rng, job)


def _parameters(rng: np.random.Generator, job: Job) -> None:
    """Now and then set a parameter of the method to some value, not always a good one."""
    for item in CATALOGUE.method("pansharpening", job.method).parameters:
        if rng.random() > 0.08:
            continue
        if item.kind == "choice":
            job.parameters[item.name] = str(rng.choice(item.choices))
        elif item.kind == "boolean":
            job.parameters[item.name] = bool(rng.random() < 0.5)
        elif item.kind in ("number", "integer"):
            low, high = item.minimum or 0.0, min(item.maximum or 10.0, 100.0)
            value = float(rng.uniform(low, high))
            job.parameters[item.name] = round(value) if item.kind == "integer" else value
        else:
            job.parameters[item.name] = str(
                rng.choice(["", "0.3", "0.2,0.3,0.3,0.25", "0,0,0,0", "2", "abc", "nan", "1"])
            )


def _override(rng: np.random.Generator, item: Input, oddities: list[str]) -> None:
    if rng.random() < 0.05:
        item.nodata = float(rng.choice([0, 1, np.nan, 1e20]))
        oddities.append(f"{item.role} nodata {item.nodata}")
    if rng.random() < 0.05:
        item.scale, item.offset = float(rng.choice([0, 1e-4, -2, 1e20])), float(rng.choice([0, -0.1, 1e20]))
        oddities.append(f"{item.role} scale {item.scale} offset {item.offset}")
    if rng.random() < 0.05:
        item.bands = [int(number) for number in rng.integers(0, 4, int(rng.integers(1, 4)))]
        oddities.append(f"{item.role} bands {item.bands}")


# Writing


def _write(rng: np.random.Generator, folder: Path, image: Image) -> Path:
    path = folder / f"{image.name}{image.ending}"
    dtype = image.dtype
    with np.errstate(all="ignore"):
        values = np.asarray(image.values)
        if np.dtype(dtype).kind in "ui":
            limits = np.iinfo(dtype)
            values = np.clip(np.nan_to_num(values), limits.min, limits.max)
        values = values.astype(dtype)
    memory = gdal.GetDriverByName("MEM").Create("", image.columns, image.rows, len(values), DTYPES[dtype])
    for number, band in enumerate(values, 1):
        memory.GetRasterBand(number).WriteRaster(0, 0, image.columns, image.rows, band.tobytes())
        if image.nodata is not None:
            memory.GetRasterBand(number).SetNoDataValue(image.nodata)
    if image.geotransform is not None:
        memory.SetGeoTransform(image.geotransform)
    if image.epsg is not None:
        reference = osr.SpatialReference()
        if image.epsg and reference.ImportFromEPSG(image.epsg) == 0:
            memory.SetProjection(reference.ExportToWkt())
        else:
            memory.SetProjection('LOCAL_CS["somewhere",UNIT["metre",1]]')
    for describe in image.describe:
        describe(memory)
    made = gdal.GetDriverByName(image.driver).CreateCopy(str(path), memory, 0, image.options)
    if made is None:  # the format does not hold such an image
        made = gdal.GetDriverByName("GTiff").CreateCopy(str(path), memory, 0)
    del made
    for harm in image.harm:
        if path.exists():
            harm(path)
    return _as_virtual(folder, path, image) if image.virtual else path


def _as_virtual(folder: Path, path: Path, image: Image) -> Path:
    made = folder / f"{image.name}_of.vrt"
    if image.virtual == "empty":
        made.write_text(f'<VRTDataset rasterXSize="{image.columns}" rasterYSize="{image.rows}"></VRTDataset>')
        return made
    source = gdal.Open(str(path)) if path.exists() else None
    if source is None:
        return path
    gdal.Translate(str(made), source, format="VRT")
    del source
    if image.virtual == "missing" and path.exists():
        path.unlink()
    return made
