"""Writes an animated PNG with one palette: frames of a common size, each shown for as long.

Source: Portable Network Graphics (PNG) Specification, third edition (W3C, 2025), chunks acTL, fcTL and fdAT.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE, _EIGHT_BITS = 3, 8


def write_animated_png(frames: Sequence[Any], path: Path, milliseconds: int, colours: int = 128) -> None:
    """Writes frames, each uint8 (3, rows, columns), that follow each other for ever."""
    _, rows, columns = frames[0].shape
    table, indices = indexed(np.concatenate(list(frames), axis=1), colours)
    parts = [_chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, _EIGHT_BITS, _PALETTE, 0, 0, 0))]
    parts += [_chunk(b"PLTE", table.astype(np.uint8).tobytes()), _chunk(b"acTL", struct.pack(">II", len(frames), 0))]
    number = 0
    for place in range(len(frames)):
        control = struct.pack(">IIIIIHHBB", number, columns, rows, 0, 0, milliseconds, 1000, 0, 0)
        parts.append(_chunk(b"fcTL", control))
        number += 1
        packed = _packed(indices[place * rows : (place + 1) * rows])
        if place == 0:
            parts.append(_chunk(b"IDAT", packed))
        else:
            parts.append(_chunk(b"fdAT", struct.pack(">I", number) + packed))
            number += 1
    path.write_bytes(_SIGNATURE + b"".join(parts) + _chunk(b"IEND", b""))


def indexed(pixels: Any, colours: int) -> tuple[Any, Any]:
    """Returns a palette (colours, 3) and the number of each pixel's colour (rows, columns), of (3, rows, columns)."""
    _, rows, columns = pixels.shape
    whole = gdal.GetDriverByName("MEM").Create("", columns, rows, 3, gdal.GDT_Byte)
    whole.WriteRaster(0, 0, columns, rows, np.ascontiguousarray(pixels).tobytes())
    table = gdal.ColorTable()
    gdal.ComputeMedianCutPCT(*(whole.GetRasterBand(number) for number in (1, 2, 3)), colours, table)
    entries = np.array([table.GetColorEntry(number)[:3] for number in range(table.GetCount())], np.int32)
    indices = np.empty((rows, columns), np.uint8)
    for row in range(rows):
        indices[row] = ((pixels[:, row, :, None].astype(np.int32) - entries.T[:, None, :]) ** 2).sum(0).argmin(1)
    return entries, indices


def _packed(indices: Any) -> bytes:
    """Returns rows, each behind the number of its filter (none), compressed."""
    return zlib.compress(np.pad(indices, ((0, 0), (1, 0))).tobytes(), 9)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
