"""How a session speaks to its worker: JSON lines, and arrays in shared memory or as raw bytes after the line.

A message is one line of JSON with `version`, `id`, `kind`, `body`, `arrays` and `bytes`. The worker says `hello` once;
then every request (memory, open, state, fuse, call, close) has one answer of the same id, `result` or `error`, with
any number of `progress`, `log`, `warning` and `scores` before it. `cancel` has no answer.

In `body`, what JSON lacks stands as an object with the key "#": tuples, dictionaries with other keys than text,
floats that are not finite, data classes of this package by name, and arrays by their place in the list `arrays`. Each
of these is {slot, offset, dtype, shape}: a slot of the shared memory, or slot null for the raw bytes that follow the
line. Nothing is ever run or imported that is not a data class of this package.

Needs numpy alone, and runs in both interpreters.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, BinaryIO, Optional, Union

import numpy as np

from ..tasks.method import Array

VERSION = 1

_PACKAGE = __package__.rpartition(".")[0]
_WITH_DATA_CLASSES = ("assessment", "classical", "inference", "tasks")
_TAG = "#"
_DTYPE = re.compile(r"[<>|=]?[biufc]\d+")
_ALIGNMENT = 64
_LONGEST_LINE = 256 << 20
_MOST_RAW_BYTES = 1 << 36

# A slot: its number, and its bytes.
Slot = tuple[int, memoryview]


class ProtocolError(Exception):
    """The other side sent what is no message."""


@dataclass
class Message:
    """One message.

    Attributes:
        kind: "hello", "fuse", "result", ...
        id: Number of the request that it is or answers.
        body: Plain data, encoded.
        arrays: Where the arrays of the body lie.
        raw: The bytes after the line.
        version: Of the protocol.
    """

    kind: str
    id: int = 0
    body: Any = None
    arrays: list[dict[str, Any]] = field(default_factory=list)
    raw: Union[bytearray, list[Array]] = field(default_factory=bytearray)
    version: int = VERSION


def message_of(kind: str, number: int, value: Any, slot: Optional[Slot] = None) -> Message:
    """Make a message of a value; its arrays go into the slot if they all fit, else after the line.

    Args:
        kind: Kind of the message.
        number: Its id.
        value: Nested plain data, arrays and data classes of this package.
        slot: Shared memory to copy the arrays into; None where there is none.

    Raises:
        TypeError: The value holds something else.
    """
    arrays: list[Array] = []
    body = encode(value, arrays)
    if slot is not None and arrays and room_for(arrays) <= len(slot[1]):
        return Message(kind, number, body, _into(slot, arrays))
    described, raw, offset = [], [], 0
    for array in arrays:
        described.append(_describe(None, offset, array))
        raw += [np.ascontiguousarray(array).reshape(-1).view(np.uint8), _padding(array.nbytes)]
        offset += _aligned(array.nbytes)
    return Message(kind, number, body, described, raw)


def value_of(message: Message, slot: Optional[Slot] = None, copy: bool = False) -> Any:
    """Return what a message that was read holds.

    Args:
        message: The message.
        slot: The shared memory that its arrays may lie in.
        copy: Copy arrays out of the slot, which the next message overwrites; else they are views of it.

    Raises:
        ProtocolError: It names an array or a class that is not there.
    """
    try:
        return decode(message.body, [_found(each, message.raw, slot, copy) for each in message.arrays])
    except (AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"a message of kind {message.kind!r} cannot be read: {error}") from None


def write_message(stream: BinaryIO, message: Message) -> None:
    """Write a message and flush.

    Raises:
        OSError: The other side is gone.
    """
    raw: list[Array] = message.raw if isinstance(message.raw, list) else [np.frombuffer(message.raw, np.uint8)]
    head = {
        "version": message.version,
        "id": message.id,
        "kind": message.kind,
        "body": message.body,
        "arrays": message.arrays,
        "bytes": sum(part.nbytes for part in raw),
    }
    stream.write(json.dumps(head, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n")
    for part in raw:
        if part.nbytes:
            stream.write(part.data)
    stream.flush()


def read_message(stream: BinaryIO) -> Optional[Message]:
    """Read the next message; None at the end of the stream.

    Raises:
        ProtocolError: What was read is no message.
        EOFError: The stream ends in the middle of one.
    """
    line = stream.readline(_LONGEST_LINE)
    if not line:
        return None
    if not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
        raise EOFError("the stream ends in the middle of a message")
    message, size = _parsed(line)
    message.raw = bytearray(size)
    rest = memoryview(message.raw)
    while len(rest):
        count = stream.readinto(rest)  # type: ignore[attr-defined] # every buffered stream has it
        if not count:
            raise EOFError("the stream ends in the middle of a message")
        rest = rest[count:]
    return message


def read_hello(stream: BinaryIO, most_lines: int = 10000) -> Optional[Message]:
    """Read up to the greeting, passing over what something else printed before it; None at the end.

    A greeting can be read whatever the version is.
    """
    for _ in range(most_lines):
        line = stream.readline(_LONGEST_LINE)
        if not line:
            return None
        with contextlib.suppress(RecursionError, ValueError):
            head = json.loads(line)
            if isinstance(head, dict) and head.get("kind") == "hello" and type(head.get("version")) is int:
                return Message("hello", body=head.get("body"), version=head["version"])
    return None


def encode(value: Any, arrays: list[Array]) -> Any:
    """Return a value as JSON holds it, and append its arrays to a list.

    Raises:
        TypeError: It holds something that is neither plain data, an array, nor a data class of this package.
    """
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, (np.ndarray, np.generic)):
        return _encode_array(value, arrays)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else {_TAG: "float", "value": str(value)}
    if type(value) is list:
        return [encode(item, arrays) for item in value]
    if type(value) is tuple:
        return {_TAG: "tuple", "items": [encode(item, arrays) for item in value]}
    if isinstance(value, Mapping):
        return _encode_mapping(value, arrays)
    if is_dataclass(value) and not isinstance(value, type):
        return _encode_data_class(value, arrays)
    raise TypeError(f"{type(value).__name__} cannot be sent to a worker")


def decode(value: Any, arrays: Sequence[Array]) -> Any:
    """Return what `encode` was given.

    Raises:
        ProtocolError: It names something that may not be made.
    """
    if isinstance(value, list):
        return [decode(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    tag = value.get(_TAG)
    if tag is None:
        return {key: decode(item, arrays) for key, item in value.items()}
    if tag == "array":
        return arrays[value["index"]]
    if tag == "number":
        return arrays[value["index"]].reshape(-1)[0]
    if tag == "float":
        return float(value["value"])
    if tag == "tuple":
        return tuple(decode(item, arrays) for item in value["items"])
    if tag == "dictionary":
        return {decode(key, arrays): decode(item, arrays) for key, item in value["items"]}
    if tag == "class":
        return _class(value["name"])(**{key: decode(item, arrays) for key, item in value["fields"].items()})
    raise ProtocolError(f"unknown kind of value {tag!r}")


def room_for(arrays: Sequence[Array]) -> int:
    """Return how many bytes arrays take in a slot."""
    return sum(_aligned(array.nbytes) for array in arrays)


def _encode_array(value: Any, arrays: list[Array]) -> Any:
    """Numbers of numpy keep their type, for arithmetic depends on it."""
    array = np.asarray(value)
    if not _DTYPE.fullmatch(array.dtype.str):
        if isinstance(value, np.str_):
            return str(value)
        raise TypeError(f"An array of type {array.dtype} cannot be sent to a worker")
    arrays.append(array)
    return {_TAG: "number" if isinstance(value, np.generic) else "array", "index": len(arrays) - 1}


def _encode_mapping(value: Mapping[Any, Any], arrays: list[Array]) -> Any:
    if all(type(key) is str and key != _TAG for key in value):
        return {key: encode(item, arrays) for key, item in value.items()}
    items = [[encode(key, arrays), encode(item, arrays)] for key, item in value.items()]
    return {_TAG: "dictionary", "items": items}


def _encode_data_class(value: Any, arrays: list[Array]) -> Any:
    """Fields that are not compared, such as a window's `cancelled`, are no part of the value."""
    kind = type(value)
    name = f"{kind.__module__[len(_PACKAGE) + 1 :]}:{kind.__qualname__}"
    if not kind.__module__.startswith(f"{_PACKAGE}."):
        raise TypeError(f"{kind.__name__} cannot be sent to a worker")
    try:
        _class(name)
    except (ProtocolError, ImportError) as error:
        raise TypeError(f"{kind.__name__} cannot be sent to a worker: {error}") from None
    sent = [each for each in fields(value) if each.init and each.compare]
    return {
        _TAG: "class",
        "name": name,
        "fields": {each.name: encode(getattr(value, each.name), arrays) for each in sent},
    }


def _class(name: str) -> Any:
    """Return a data class of this package by "module:name" below the package; nothing else is ever returned."""
    module, _, names = name.partition(":")
    parts = [*module.split("."), *names.split(".")]
    if parts[0] not in _WITH_DATA_CLASSES or not all(part.isidentifier() for part in parts):
        raise ProtocolError(f"{name!r} is no data class of {_PACKAGE}")
    found: Any = importlib.import_module(f"{_PACKAGE}.{module}")
    for part in names.split("."):
        found = getattr(found, part, None)
    if not (isinstance(found, type) and is_dataclass(found) and found.__module__ == f"{_PACKAGE}.{module}"):
        raise ProtocolError(f"{name!r} is no data class of {_PACKAGE}")
    return found


def _parsed(line: bytes) -> tuple[Message, int]:
    """Return the message of a line and how many bytes follow it."""
    try:
        head = json.loads(line)
        message = Message(head["kind"], head["id"], head["body"], head["arrays"], version=head["version"])
        size = head["bytes"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ProtocolError(f"this line is no message: {line[:100]!r}") from None
    numbers = (message.id, message.version, size)
    if not (all(type(number) is int for number in numbers) and 0 <= size <= _MOST_RAW_BYTES):
        raise ProtocolError(f"this line is no message: {line[:100]!r}")
    return message, size


def _into(slot: Slot, arrays: Sequence[Array]) -> list[dict[str, Any]]:
    """Copy arrays into a slot one after the other, and say where they lie."""
    number, memory = slot
    described, offset = [], 0
    for array in arrays:
        _view(memory, offset, array.dtype, array.shape)[...] = array
        described.append(_describe(number, offset, array))
        offset += _aligned(array.nbytes)
    return described


def _describe(slot: Optional[int], offset: int, array: Array) -> dict[str, Any]:
    return {"slot": slot, "offset": offset, "dtype": array.dtype.str, "shape": list(array.shape)}


def _found(described: Mapping[str, Any], raw: Any, slot: Optional[Slot], copy: bool) -> Array:
    """Return an array that a message describes."""
    name, shape = described["dtype"], tuple(described["shape"])
    if not _DTYPE.fullmatch(name) or any(type(side) is not int or side < 0 for side in shape):
        raise ProtocolError(f"no array of type {name!r} and shape {shape!r}")
    if described["slot"] is None:
        return _view(memoryview(raw), described["offset"], np.dtype(name), shape)
    if slot is None or slot[0] != described["slot"]:
        raise ProtocolError(f"there is no slot {described['slot']!r}")
    array = _view(slot[1], described["offset"], np.dtype(name), shape)
    return array.copy() if copy else array


def _view(memory: memoryview, offset: int, dtype: Any, shape: Sequence[int]) -> Array:
    """Return a part of some bytes as an array."""
    size = math.prod(shape) * dtype.itemsize
    if not 0 <= offset <= offset + size <= len(memory):
        raise ProtocolError("an array lies outside its memory")
    found: Array = np.frombuffer(memory[offset : offset + size], np.uint8).view(dtype).reshape(shape)
    return found


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _padding(size: int) -> Array:
    return np.zeros(_aligned(size) - size, np.uint8)
