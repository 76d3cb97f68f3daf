"""Writing GeoTIFFs by window, so that a file under its final name is always whole.

A run writes to a hidden part file beside the output and renames it at the end. Part files of runs that were killed are
removed by the next run that writes to the same folder.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Optional

from osgeo import gdal

from ..tasks.errors import InputError
from ..tasks.method import Array
from .bands import Band
from .gdal_calls import first_line, gdal_type, quietly, write
from .grid import Grid

COMPRESSIONS = ("deflate", "zstd", "none", "cog")
_PART_PATTERN = re.compile(r"\.satfusion-([^-]*)-(\d+)-[0-9a-f]{8}\.part\.")
_FLUSH_BYTES = 16 << 20
_EXPECTED_COMPRESSION = 0.4
_SURELY = 0.25  # compressed files may be so much smaller than expected
_SMALLEST_OVERVIEW = 256
_FEW_BANDS = 16


@dataclass(frozen=True)
class RasterFormat:
    """How an output file is laid out.

    Attributes:
        dtype: GDAL type name.
        nodata: Nodata value, or None.
        block: Side of the file's blocks, a multiple of 16.
        compression: One of `COMPRESSIONS`.
        overviews: Whether to build overviews.
        threads: Threads that compress.
        categories: Class names for class outputs.
    """

    dtype: str
    nodata: Optional[float] = None
    block: int = 256
    compression: str = "deflate"
    overviews: bool = True
    threads: int = 2
    categories: Sequence[str] = field(default_factory=tuple)


def check_writable(path: str, grid: Grid, bands: int, form: RasterFormat) -> None:
    """Refuse an output that cannot be written, before any work is done.

    Raises:
        InputError: The folder is missing or read-only, the name is no TIFF's, the disk too small, the compression
            unknown.
    """
    target = Path(path)
    if target.suffix.lower() not in (".tif", ".tiff"):
        raise InputError(f"The output {target.name} must be a GeoTIFF: give it a name that ends in .tif.")
    check_folder(target)
    if form.compression not in COMPRESSIONS:
        raise InputError(f"COMPRESSION must be one of {', '.join(COMPRESSIONS)}, not {form.compression!r}.")
    if form.compression == "zstd" and "ZSTD" not in (
        gdal.GetDriverByName("GTiff").GetMetadataItem("DMD_CREATIONOPTIONLIST") or ""
    ):
        raise InputError("COMPRESSION zstd is not in this GDAL; choose deflate.")
    needed = expected_bytes(grid, bands, form)
    free = shutil.disk_usage(target.parent).free
    if needed * (1.0 if form.compression == "none" else _SURELY) > free:
        raise InputError(
            f"The output needs about {needed / 1e9:.1f} GB and {target.parent} has {free / 1e9:.1f} GB free; choose "
            f"another folder or a smaller EXTENT."
        )


def check_folder(target: Path) -> None:
    """Refuse an output whose folder is missing or may not be written to.

    Raises:
        InputError: See above.
    """
    folder = target.parent
    if not folder.is_dir():
        raise InputError(f"The output folder {folder} does not exist.")
    if target.is_dir():
        raise InputError(f"The output {target} is a folder; give a file name.")
    if not os.access(folder, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise InputError(f"The output {target} cannot be written: no permission.")
    probe = folder / f".satfusion-{uuid.uuid4().hex[:8]}.probe"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(f"The output folder {folder} cannot be written to: {error.strerror}.") from None


def expected_bytes(grid: Grid, bands: int, form: RasterFormat) -> float:
    """Return about how many bytes the output will take at the most during the run."""
    size = gdal.GetDataTypeSize(gdal_type(form.dtype)) // 8
    raw = float(grid.rows) * grid.columns * bands * size
    shrink = 1.0 if form.compression == "none" else _EXPECTED_COMPRESSION
    twice = 2.0 if form.compression == "cog" else 1.0
    return float(raw * shrink * twice * (4 / 3 if form.overviews else 1.0))


class RasterWriter:
    """Writes one GeoTIFF by windows; use it in a `with` block and call `commit` at its end.

    Without `commit` (an error, a cancel) nothing stays.

    Args:
        path: Final file.
        grid: Its grid.
        bands: Descriptions of its bands (name, wavelength, scale, offset, unit).
        form: Its layout.
        metadata: Metadata by domain ("" is the default domain).
    """

    def __init__(
        self,
        path: str,
        grid: Grid,
        bands: Sequence[Band],
        form: RasterFormat,
        metadata: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._path = Path(path)
        self._grid = grid
        self._bands = bands
        self._form = form
        self._metadata = metadata
        self._dataset: Any = None
        self._unflushed = 0
        self._part = part_of(self._path)

    def __enter__(self) -> RasterWriter:
        """Create the part file."""
        remove_stale_parts(self._path.parent)
        try:
            self._dataset = self._create()
            self._describe()
        except BaseException:
            self._discard()
            raise
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        """Remove the part file where `commit` was not reached."""
        self._discard()

    def write(self, row: int, column: int, array: Array) -> None:
        """Write a window, an array (bands, rows, columns) of the file's type.

        Raises:
            InputError: It cannot be written (disk full).
        """
        write(self._dataset, str(self._path), row, column, array)
        self._unflushed += array.nbytes
        if self._unflushed > _FLUSH_BYTES:
            self._unflushed = 0
            self._flush()

    def commit(self) -> None:
        """Finish the file and give it its final name.

        Raises:
            InputError: It cannot be finished (disk full).
        """
        self._flush()
        self._close()
        if self._form.overviews and self._form.compression != "cog":
            self._build_overviews()
        finished = self._as_cog() if self._form.compression == "cog" else self._part
        _check_whole(finished, self._path, len(self._bands))
        replace_file(finished, self._path)
        for sidecar in (".aux.xml", ".ovr", ".msk"):  # of the file that was replaced
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + sidecar).unlink(missing_ok=True)

    def _create(self) -> Any:
        form, grid = self._form, self._grid
        options = [f"INTERLEAVE={self._interleave()}", "PHOTOMETRIC=MINISBLACK", "BIGTIFF=IF_SAFER"]
        if min(grid.rows, grid.columns) > form.block or form.compression != "none":
            options += ["TILED=YES", f"BLOCKXSIZE={form.block}", f"BLOCKYSIZE={form.block}"]
        options += compression_options(form)
        driver = gdal.GetDriverByName("GTiff")
        dataset, error = quietly(
            driver.Create, str(self._part), grid.columns, grid.rows, len(self._bands), gdal_type(form.dtype), options
        )
        if dataset is None:
            raise InputError(f"Cannot create {self._path}: {first_line(error)}.")
        return dataset

    def _interleave(self) -> str:
        """Return BAND, or PIXEL for compressed files of few bands.

        GDAL 3.6 prints errors when several threads read a compressed file that is interleaved by band.
        """
        few = len(self._bands) <= _FEW_BANDS
        return "PIXEL" if few and self._form.compression != "none" else "BAND"

    def _describe(self) -> None:
        dataset = self._dataset
        dataset.SetGeoTransform(self._grid.geotransform)
        dataset.SetProjection(self._grid.crs)
        for domain, items in sorted(
            self._metadata.items()
        ):  # the default domain first, which takes over others in a COG
            dataset.SetMetadata(dict(items), domain)
            if self._form.compression == "cog" and domain:  # GDAL copies only the default domain into a COG
                for key, value in items.items():
                    dataset.SetMetadataItem(f"{domain}_{key}", value)
        colours = _colour_bands(self._bands)
        for number, described in enumerate(self._bands, 1):
            band = dataset.GetRasterBand(number)
            if described.name:
                band.SetDescription(described.name)
            if described.wavelength_nm is not None:
                band.SetMetadataItem("wavelength", f"{described.wavelength_nm:g}")
                band.SetMetadataItem("wavelength_units", "Nanometers")
                band.SetMetadataItem("CENTRAL_WAVELENGTH_UM", f"{described.wavelength_nm / 1000:g}", "IMAGERY")
            if (described.scale != 1 or described.offset != 0) and not described.assumed:
                band.SetScale(described.scale)
                band.SetOffset(described.offset)
            if described.unit:
                band.SetUnitType(described.unit)
            if self._form.nodata is not None:
                band.SetNoDataValue(self._form.nodata)
            if number in colours:
                band.SetColorInterpretation(colours[number])
            if self._form.categories:
                band.SetCategoryNames(list(self._form.categories))

    def _flush(self) -> None:
        for number in range(1, len(self._bands) + 1):
            _, error = quietly(self._dataset.GetRasterBand(number).FlushCache)
            if error:
                raise InputError(f"Cannot write {self._path}: {first_line(error)}.")

    def _build_overviews(self) -> None:
        factors: list[int] = []
        size = max(self._grid.rows, self._grid.columns)
        while size > 2 * _SMALLEST_OVERVIEW:
            factors.append(2 ** (len(factors) + 1))
            size //= 2
        if not factors:
            return
        threads = [f"NUM_THREADS={self._form.threads}"] if self._interleave() == "PIXEL" else []
        flags = gdal.OF_RASTER | gdal.OF_UPDATE
        self._dataset, error = quietly(gdal.OpenEx, str(self._part), flags, open_options=threads)
        if not error:
            _, error = quietly(self._dataset.BuildOverviews, "MODE" if self._form.categories else "AVERAGE", factors)
        if error:
            raise InputError(f"Cannot write the overviews of {self._path}: {first_line(error)}.")
        self._close()

    def _as_cog(self) -> Path:
        target = part_of(self._path)
        source, error = quietly(gdal.OpenEx, str(self._part), gdal.OF_RASTER)
        options = ["COMPRESS=DEFLATE", "PREDICTOR=YES", "BIGTIFF=IF_SAFER", f"NUM_THREADS={self._form.threads}"]
        options.append("OVERVIEW_RESAMPLING=" + ("MODE" if self._form.categories else "AVERAGE"))
        options.append(f"OVERVIEWS={'AUTO' if self._form.overviews else 'NONE'}")
        copied = None
        if source is not None:
            copied, error = quietly(gdal.GetDriverByName("COG").CreateCopy, str(target), source, 0, options)
        failed = copied is None or bool(error)
        copied = source = None
        self._part.unlink(missing_ok=True)
        self._part = target
        if failed:
            raise InputError(f"Cannot write {self._path} as a COG: {first_line(error)}.")
        return target

    def _close(self) -> None:
        dataset, self._dataset = self._dataset, None
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        gdal.ErrorReset()
        del dataset
        failed, error = gdal.GetLastErrorType() >= gdal.CE_Failure, gdal.GetLastErrorMsg()
        gdal.PopErrorHandler()
        if failed:
            raise InputError(f"Cannot write {self._path}: {first_line(error)}.")

    def _discard(self) -> None:
        if self._dataset is not None:
            with contextlib.suppress(InputError):
                self._close()
        for path in (self._part, self._part.with_name(self._part.name + ".aux.xml")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """Return a new name for the part file of an output; it tells which process on which machine writes it."""
    return path.with_name(f".satfusion-{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:8]}.part{path.suffix}")


def replace_file(part: Path, path: Path) -> None:
    """Give a finished part file its final name.

    Raises:
        InputError: The system refuses, as Windows does while another program has the old file open.
    """
    try:
        part.replace(path)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}; is it open in another program?") from None


def remove_stale_parts(folder: Path) -> None:
    """Remove part files of this machine whose process is gone, left by a killed run."""
    for path in folder.glob(".satfusion-*.part.*"):
        match = _PART_PATTERN.match(path.name)
        if match and match.group(1) == _machine() and not _alive(int(match.group(2))):
            with contextlib.suppress(OSError):
                path.unlink()


def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9]", "", platform.node())


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)


def compression_options(form: RasterFormat) -> list[str]:
    """Return GDAL's creation options for a compression."""
    if form.compression == "none":
        return []
    size = gdal.GetDataTypeSize(gdal_type(form.dtype))
    predictor = "3" if form.dtype.startswith("Float") else "2" if size <= 32 else "1"
    if form.compression == "zstd" or form.compression == "cog":
        name = "ZSTD" if "ZSTD" in gdal.GetDriverByName("GTiff").GetMetadataItem("DMD_CREATIONOPTIONLIST") else "LZW"
        level = ["ZSTD_LEVEL=3"] if name == "ZSTD" else []
        return [f"COMPRESS={name}", *level, f"PREDICTOR={predictor}", f"NUM_THREADS={form.threads}"]
    return ["COMPRESS=DEFLATE", f"PREDICTOR={predictor}", f"NUM_THREADS={form.threads}"]


def _colour_bands(bands: Sequence[Band]) -> dict[int, int]:
    """Return the colour interpretation of bands whose wavelength is that of red, green or blue."""
    colours = {}
    for colour, wanted, reach in (
        (gdal.GCI_RedBand, 660, 40),
        (gdal.GCI_GreenBand, 560, 40),
        (gdal.GCI_BlueBand, 485, 40),
    ):
        near = [(abs(band.wavelength_nm - wanted), place) for place, band in enumerate(bands, 1) if band.wavelength_nm]
        if near and min(near)[0] <= reach:
            colours[min(near)[1]] = colour
    return colours


def _check_whole(part: Path, path: Path, bands: int) -> None:
    """Read the last block of the last band, so that a file cut short by a full disk never gets its final name."""
    dataset, error = quietly(gdal.OpenEx, str(part), gdal.OF_RASTER)
    if dataset is not None and dataset.RasterCount == bands:
        arguments = (dataset.RasterXSize - 1, dataset.RasterYSize - 1, 1, 1)
        for number in {1, bands}:
            result, error = quietly(dataset.GetRasterBand(number).ReadRaster, *arguments)
            if result is None or error:
                break
        else:
            return
    raise InputError(f"Cannot write {path}: {first_line(error)}.")
