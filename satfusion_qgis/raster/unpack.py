"""Images whose files are slow to read by window (JPEG 2000, compressed tar files), unpacked once for a run.

GDAL decodes a whole block of 1024 x 1024 pixels for each window that touches it: read by windows, a file is decoded
many times over.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from osgeo import gdal

from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.window import Axis
from .gdal_calls import first_line, open_raster, quietly
from .reader import Source
from .writer import part_of

_SLOW = (".jp2", ".j2k")
_SLOW_ARCHIVES = (".tar.gz}", ".tgz}")
_BLOCK = 1024
_MARGIN = 256
_AHEAD = 2
_Block = tuple[int, int, int, int]


@dataclass
class Unpacked:
    """Sources whose slow files are replaced, and the files that stand in for them.

    Attributes:
        sources: Images of each role.
        files: Temporary files.
    """

    sources: dict[str, tuple[Source, ...]]
    files: list[Path]

    def remove(self) -> None:
        """Remove the temporary files; what is still open, as Windows minds, goes with the next run's stale parts."""
        for path in self.files:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def unpack(
    sources: Mapping[str, Sequence[Source]],
    axes: Mapping[str, Sequence[tuple[Axis, Axis]]],
    size: tuple[int, int],
    beside: Path,
    threads: int,
    feedback: Feedback,
) -> Unpacked:
    """Unpack what is slow to read by window.

    Args:
        sources: Images of each role.
        axes: Where each image lies on the target grid.
        size: (rows, columns) of the target grid: only what lies below it is unpacked.
        beside: An output of the run; temporary files go beside it.
        threads: Threads that decode.
        feedback: Who is told, and who may cancel.

    Raises:
        InputError: A file cannot be read, or the disk is full.
        Cancelled: The user cancelled; nothing is left.
    """
    made = Unpacked({role: tuple(images) for role, images in sources.items()}, [])
    try:
        for role, images in made.sources.items():
            changed = []
            for image, pair in zip(images, axes[role]):
                files = tuple(
                    _unpacked(path, numbers, _needed(pair, size), role, beside, threads, feedback, made)
                    if is_slow(path)
                    else (path, numbers)
                    for path, numbers in image.files
                )
                changed.append(replace(image, files=files))
            made.sources[role] = tuple(changed)
    except BaseException:
        made.remove()
        raise
    return made


def is_slow(path: str) -> bool:
    """Tell whether a raster is slow to read by small windows: JPEG 2000, or a file in a compressed tar."""
    names = [str(name).lower() for name in open_raster(path).GetFileList() or []] + [path.lower()]
    return any(name.endswith(_SLOW) or any(part in name for part in _SLOW_ARCHIVES) for name in names)


def _needed(pair: tuple[Axis, Axis], size: tuple[int, int]) -> _Block:
    """Return (top, left, bottom, right) of what a run may look at in an image."""
    (top, bottom), (left, right) = (axis.cover(0, length, _MARGIN) for axis, length in zip(pair, size))
    return top, left, bottom, right


def _unpacked(
    path: str,
    numbers: tuple[int, ...],
    needed: _Block,
    role: str,
    beside: Path,
    threads: int,
    feedback: Feedback,
    made: Unpacked,
) -> tuple[str, tuple[int, ...]]:
    """Copy some bands of a file to a temporary one; return its path and band numbers."""
    feedback.info(f"{role}: {Path(path).name} is slow to read by windows and is unpacked first")
    source = open_raster(path)
    target = part_of(beside.with_name(f"{role.lower()}.tif"))
    made.files.append(target)
    kind = source.GetRasterBand(numbers[0]).DataType
    options = ["TILED=YES", "SPARSE_OK=TRUE", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER"]
    size = source.RasterXSize, source.RasterYSize
    driver = gdal.GetDriverByName("GTiff")
    copy, error = quietly(driver.Create, str(target), *size, len(numbers), kind, options)
    if copy is None:
        raise InputError(f"Cannot write {target}: {first_line(error)}.")
    blocks = list(_blocks(size, needed))
    reader = _BlockReader(path, numbers, kind)
    step = max(1, threads) * _AHEAD
    with ThreadPoolExecutor(max(1, threads), "satfusion-unpack") as pool:
        for first in range(0, len(blocks), step):
            if feedback.cancelled():
                raise Cancelled
            some = blocks[first : first + step]
            for place, content in zip(some, pool.map(reader.read, some)):
                status, error = quietly(copy.WriteRaster, *place, content, buf_type=kind)
                if status != 0 or error:
                    raise InputError(f"Cannot write {target}: {first_line(error)}.")
    _, error = quietly(copy.FlushCache)
    if error:
        raise InputError(f"Cannot write {target}: {first_line(error)}.")
    return str(target), tuple(range(1, len(numbers) + 1))


def _blocks(size: tuple[int, int], needed: _Block) -> Iterator[_Block]:
    """Yield (column, row, columns, rows) of the blocks that are needed."""
    columns, rows = size
    top, left, bottom, right = needed
    for row in range(0, rows, _BLOCK):
        for column in range(0, columns, _BLOCK):
            if row < bottom and row + _BLOCK > top and column < right and column + _BLOCK > left:
                yield column, row, min(_BLOCK, columns - column), min(_BLOCK, rows - row)


class _BlockReader:
    """Reads blocks of some bands; each thread opens the file for itself."""

    def __init__(self, path: str, numbers: tuple[int, ...], kind: int) -> None:
        self._path = path
        self._numbers = list(numbers)
        self._kind = kind
        self._local = threading.local()

    def read(self, place: _Block) -> Any:
        dataset = getattr(self._local, "dataset", None)
        if dataset is None:
            dataset = self._local.dataset = open_raster(self._path)
        content, error = quietly(dataset.ReadRaster, *place, buf_type=self._kind, band_list=self._numbers)
        if content is None or error:
            column, row = place[:2]
            raise InputError(
                f"Cannot read {self._path} at row {row}, column {column}; it may be damaged: {first_line(error)}."
            )
        return content
