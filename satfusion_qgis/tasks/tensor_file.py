"""Tensor files in the safetensors layout, written and read with numpy alone, patch by patch.

The layout: 8 bytes with the little-endian length of a header, the header as JSON (for each tensor its type, shape and
place; `__metadata__` holds texts), and the tensors' bytes one after the other, little-endian, in C order. Files of
this module open in the safetensors package, and the other way round. https://github.com/huggingface/safetensors
"""

from __future__ import annotations

import contextlib
import json
import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Optional

import numpy as np

from .errors import InputError
from .method import Array

_NAMES = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "int16": "I16",
          "uint8": "U8", "bool": "BOOL"}  # fmt: skip
_TYPES = {name: dtype for dtype, name in _NAMES.items()}
_ALIGN = 8
_LARGEST_HEADER = 100 << 20


class TensorWriter:
    """Writes tensors whose first axis counts items, such as patches, an item at a time.

    Use it in a `with` statement: where that is left by an error, the file is removed.

    Args:
        path: The file.
        tensors: Type ("float32") and shape of each tensor.
        metadata: Texts to keep in the header.

    Raises:
        InputError: The file cannot be made.
    """

    def __init__(
        self, path: Path, tensors: Mapping[str, tuple[str, Sequence[int]]], metadata: Optional[Mapping[str, str]] = None
    ) -> None:
        self._path = path
        self._places: dict[str, tuple[int, np.dtype[Any], tuple[int, ...]]] = {}
        header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
        start = 0
        for name, (dtype, shape) in tensors.items():
            kind = np.dtype(dtype).newbyteorder("<")
            size = kind.itemsize * math.prod(shape)
            header[name] = {
                "dtype": _NAMES[np.dtype(dtype).name],
                "shape": list(shape),
                "data_offsets": [start, start + size],
            }
            self._places[name] = (start, kind, tuple(shape))
            start += size
        text = json.dumps(header, separators=(",", ":")).encode("utf-8")
        text += b" " * (-len(text) % _ALIGN)
        self._data = 8 + len(text)
        self._size = self._data + start
        with _writing(path):
            self._stream: BinaryIO = path.open("wb")
            self._stream.write(struct.pack("<Q", len(text)) + text)

    def put(self, name: str, index: int, item: Array) -> None:
        """Write one item of a tensor.

        Raises:
            InputError: The disk is full.
            ValueError: The item does not fit the tensor.
        """
        start, kind, shape = self._places[name]
        values = np.asarray(item, kind, order="C")
        if values.shape != shape[1:] or not 0 <= index < shape[0]:
            raise ValueError(f"{name}[{index}] of shape {values.shape} does not fit {shape}.")
        with _writing(self._path):
            self._stream.seek(self._data + start + index * values.nbytes)
            self._stream.write(values.tobytes())

    def __enter__(self) -> TensorWriter:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        try:
            if kind is None:
                with _writing(self._path):
                    self._stream.truncate(self._size)
            with _writing(self._path):
                self._stream.close()
        except InputError:
            kind = InputError
            raise
        finally:
            if kind is not None:
                with contextlib.suppress(OSError):
                    self._stream.close()
                with contextlib.suppress(OSError):
                    self._path.unlink()


@contextlib.contextmanager
def _writing(path: Path) -> Any:
    try:
        yield
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.") from None


def write_tensors(path: Path, tensors: Mapping[str, Array], metadata: Optional[Mapping[str, str]] = None) -> None:
    """Write whole tensors of one axis or more.

    Raises:
        InputError: The file cannot be written.
    """
    with TensorWriter(path, {name: (value.dtype.name, value.shape) for name, value in tensors.items()}, metadata) as to:
        for name, value in tensors.items():
            for index, item in enumerate(value):
                to.put(name, index, item)


def read_tensors(path: Path) -> dict[str, Array]:
    """Return the tensors of a file as read-only arrays that stay on disk until they are looked at.

    Raises:
        InputError: The file is missing, cut short, or not in this layout.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(size, _LARGEST_HEADER):
                raise ValueError
            header = json.loads(stream.read(length))
        return {
            name: _mapped(path, 8 + length, entry, size) for name, entry in header.items() if name != "__metadata__"
        }
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from None
    except (struct.error, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"Cannot read {path}: it is damaged, or no safetensors file.") from None


def _mapped(path: Path, data: int, entry: Mapping[str, Any], size: int) -> Array:
    kind = np.dtype(_TYPES[entry["dtype"]]).newbyteorder("<")
    shape = tuple(int(length) for length in entry["shape"])
    start, stop = entry["data_offsets"]
    if stop - start != kind.itemsize * math.prod(shape) or data + stop > size:
        raise ValueError
    if stop == start:
        return np.empty(shape, kind)
    return np.memmap(path, kind, "r", data + start, shape)
