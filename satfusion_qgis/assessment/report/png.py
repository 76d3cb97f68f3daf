"""PNG files from arrays, with the standard library alone."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUE_COLOUR = 2
_LEVEL = 9


def png(image: NDArray[np.uint8]) -> bytes:
    """Return an image (rows, columns, 3) as the bytes of a PNG file."""
    rows, columns, _ = image.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, _TRUE_COLOUR, 0, 0, 0)
    lines = np.zeros((rows, 1 + 3 * columns), np.uint8)  # each line starts with its filter, 0 for none
    lines[:, 1:] = image.reshape(rows, -1)
    data = zlib.compress(lines.tobytes(), _LEVEL)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def data_uri(kind: str, data: bytes) -> str:
    """Return bytes as an address that holds them, such as "data:image/png;base64,..."."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def coloured(values: NDArray[Any], ramp: tuple[tuple[int, int, int], ...]) -> NDArray[np.uint8]:
    """Colour values from 0 to 1 along a ramp of evenly spaced colours; what is not finite becomes grey."""
    stops = np.array(ramp, np.float64)
    known = np.isfinite(values)
    places = np.clip(np.where(known, values, 0), 0, 1) * (len(stops) - 1)
    channels = [np.interp(places, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    image = np.stack(channels, axis=-1)
    image[~known] = NO_DATA
    rounded: NDArray[np.uint8] = np.rint(image).astype(np.uint8)
    return rounded


NO_DATA = (215, 215, 215)
ERRORS = ((255, 250, 240), (254, 217, 142), (247, 129, 62), (204, 45, 32), (103, 0, 20))
COUNTS = ((255, 255, 255), (190, 214, 236), (92, 152, 203), (26, 93, 158), (8, 42, 92))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
