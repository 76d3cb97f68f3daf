"""What goes over the wire comes back as it was, and nothing else is ever made of it."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.classical.pansharpening.detail import Limited
from satfusion_qgis.runtime.protocol import (
    VERSION,
    Message,
    ProtocolError,
    message_of,
    read_hello,
    read_message,
    room_for,
    value_of,
    write_message,
)
from satfusion_qgis.tasks.method import SceneInfo
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core.drive_methods import fuse, pair_of, with_holes
from tests.scenes import make_pair


def sent(value: Any, slot: bytearray | None = None) -> Any:
    """A value after it went through a stream, and through a slot if there is one."""
    where = None if slot is None else (0, memoryview(slot))
    stream = io.BytesIO()
    write_message(stream, message_of("state", 7, value, where))
    stream.seek(0)
    message = read_message(stream)
    assert message is not None and (message.kind, message.id, message.version) == ("state", 7, VERSION)
    assert read_message(stream) is None
    return value_of(message, where, copy=True)


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal in everything: types, types of arrays, bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if is_dataclass(a):
        return all(same(getattr(a, each.name), getattr(b, each.name)) for each in fields(a) if each.compare)
    return bool(a == b) or (a != a and b != b)


VALUES = [
    None,
    True,
    -7,
    2**70,
    0.1,
    math.pi * 1e-300,
    math.inf,
    -math.inf,
    math.nan,
    "Grüße\n#",
    [],
    (),
    {},
    [1, (2, [3, (4,)])],
    {"a": {"b": None}, "#": 1},
    {1: "one", (2, 3): "two", None: 4.0},
    np.float64(0.1),
    np.float32(0.1),
    np.int64(-3),
    np.bool_(True),
    np.arange(6, dtype=np.float32).reshape(1, 2, 3),
    np.arange(24.0).reshape(2, 3, 4)[:, ::2, ::-1],
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(3.5),
    np.zeros((0, 5), np.float32),
    np.array([True, False, True]),
    np.array([1, -2], np.int32),
    np.array([1 + 2j]),
    np.array([1, 2], ">u2"),
    np.array([np.nan, -np.nan, np.inf, -0.0], np.float32),
    [np.array([True]), np.arange(3.0), None, np.array([1], np.int8)],
    Limited(np.array([1.0, 2.0]), ((0, 0.5, 1.5),)),
    {"limited": Limited(np.zeros(0), ())},
    SceneInfo({"MS": 4}, {"MS": 1}, {"MS": (4.0, 4.0)}, {"MS": ("blue", "red")}, {}, {"COARSE": (-3, 5)}),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize("room", [None, 0, 64, 100000])
def test_a_value_comes_back(value: Any, room: int | None) -> None:
    back = sent(value, None if room is None else bytearray(room))
    assert same(back, value), back


def test_the_comparison_of_these_tests_sees_differences() -> None:
    assert not same([1], (1,)) and not same(1, 1.0) and not same(np.float32(1), np.float64(1))
    assert not same(np.zeros(2), np.zeros((2, 1))) and not same({"a": 0.0}, {"a": 1.0})
    assert not same(Limited(np.zeros(1), ()), Limited(np.ones(1), ()))


def test_a_window_comes_back_without_its_watch() -> None:
    axis = Axis(-0.125, 0.25, 100)
    block = BlockWindow(1, 2, 30, 40, axis, Axis(0.0, 1 / 3, 7))
    window = Window(64, 0, 120, 160, {"MS": block, "SERIES": (block, block)}, cancelled=lambda: True)
    back = sent(window)
    assert same(back, window) and back.cancelled() is False


CLASSICAL = [method.id for method in CATALOGUE.methods_of("pansharpening") if method.runtime == "numpy"]


@pytest.mark.parametrize("method", [*CLASSICAL, "auto"])
def test_states_come_back(method: str) -> None:
    for bands in (1, 2):
        pair = with_holes(pair_of(make_pair(96, 96)))
        pair.pan = np.concatenate([pair.pan, 3 + 0.7 * pair.pan])[:bands]
        state = fuse(pair, method, {"MODE": "local", "BLOCK": 16} if method == "bdsd" else None).state
        assert same(sent(state), state)


def test_arrays_in_a_slot_do_not_travel() -> None:
    slot = bytearray(1 << 16)
    arrays = {"PAN": np.ones((1, 64, 64), np.float32), "PAN_valid": np.ones((64, 64), bool)}
    stream = io.BytesIO()
    write_message(stream, message_of("fuse", 1, arrays, (0, memoryview(slot))))
    assert len(stream.getvalue()) < 500
    stream.seek(0)
    message = read_message(stream)
    assert message is not None
    view = value_of(message, (0, memoryview(slot)))
    slot[:4] = np.float32(5).tobytes()
    assert view["PAN"][0, 0, 0] == 5 and view["PAN"].flags.aligned and view["PAN_valid"].flags.aligned


def test_raw_arrays_can_be_written_and_are_aligned() -> None:
    back = sent([np.ones(3, bool), np.ones(5), np.ones((2, 2), np.float32)])
    for array in back:
        array[...] = 1
        assert array.flags.aligned and array.flags.writeable


def test_a_slot_that_is_a_byte_too_small_is_not_used() -> None:
    arrays = [np.arange(5.0), np.ones(3, bool)]
    needed = room_for(arrays)
    for room in (needed - 1, needed):
        message = message_of("fuse", 1, arrays, (0, memoryview(bytearray(room))))
        assert [each["slot"] for each in message.arrays] == ([0, 0] if room == needed else [None, None])


class NoData:
    """A class of no kind that may be sent."""


@dataclass
class Foreign:
    """A data class of another package."""

    x: int


@pytest.mark.parametrize(
    "value", [NoData(), Foreign(1), {1, 2}, b"x", NoData, np.array([None]), np.array(["a"]), len, 1j], ids=repr
)
def test_anything_else_is_not_sent(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        message_of("state", 1, {"a": [value]})


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "tasks.errors:InputError",
        "tasks.window:math",
        "tasks.window:Window.block",
        "tasks.window:nothing",
        "tasks.method:Window",
        "tasks.nothing:Window",
        "..tasks.window:Window",
        "runtime.session:SessionInfo",
        "cli:main",
        "tasks.window:__class__",
        "",
        ":",
    ],
)
def test_no_other_name_is_made(name: str) -> None:
    with pytest.raises(ProtocolError):
        value_of(Message("state", 1, {"#": "class", "name": name, "fields": {}}))


@pytest.mark.parametrize(
    "array",
    [
        {"slot": None, "offset": 60, "dtype": "<f4", "shape": [2]},
        {"slot": None, "offset": -4, "dtype": "<f4", "shape": [1]},
        {"slot": None, "offset": 0, "dtype": "|O", "shape": [1]},
        {"slot": None, "offset": 0, "dtype": "<f4", "shape": [-1]},
        {"slot": None, "offset": 0, "dtype": "<f4,<f4", "shape": [1]},
        {"slot": None, "offset": 0, "dtype": "<f4", "shape": [2**62, 2**62]},
        {"slot": 1, "offset": 0, "dtype": "<f4", "shape": [1]},
        {"slot": None, "offset": "0", "dtype": "<f4", "shape": [1]},
        {"slot": None, "dtype": "<f4", "shape": [1]},
    ],
)
def test_arrays_that_are_not_there(array: dict[str, Any]) -> None:
    message = Message("result", 1, {"#": "array", "index": 0}, [array], bytearray(64))
    with pytest.raises(ProtocolError):
        value_of(message, (0, memoryview(bytearray(64))))


@pytest.mark.parametrize(
    "body",
    [
        {"#": "array", "index": 5},
        {"#": "tuple"},
        {"#": "unknown"},
        {"#": "float", "value": "x"},
        {"#": "class", "name": "tasks.window:Axis", "fields": {"a": 1}},
        {"#": "dictionary", "items": [[[], 1]]},
    ],
)
def test_bodies_that_cannot_be_read(body: Any) -> None:
    with pytest.raises(ProtocolError):
        value_of(Message("result", 1, body))


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b"[]\n",
        b"{}\n",
        b"\n",
        b"\xff\xfe\n",
        b"[" * 100000 + b"\n",
        b'{"version":1,"id":1,"kind":"result","body":null,"arrays":[],"bytes":-1}\n',
        b'{"version":1,"id":"1","kind":"result","body":null,"arrays":[],"bytes":0}\n',
    ],
    ids=lambda line: repr(line)[:40],
)
def test_lines_that_are_no_message(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_message(io.BytesIO(line))


def test_a_message_that_is_cut_off_anywhere() -> None:
    stream = io.BytesIO()
    write_message(stream, message_of("result", 1, {"OUTPUT": np.arange(5.0)}))
    whole = stream.getvalue()
    for length in range(1, len(whole)):
        with pytest.raises(EOFError):
            read_message(io.BytesIO(whole[:length]))
    assert read_message(io.BytesIO(whole)) is not None


def test_the_greeting_is_found_behind_what_others_print() -> None:
    stream = io.BytesIO(b'a library says hi\n{"kind": "hello"}\n[1]\n')
    stream.seek(0, 2)
    write_message(stream, message_of("hello", 0, {"python": "3.12"}))
    write_message(stream, message_of("result", 1, None))
    stream.seek(0)
    found = read_hello(stream)
    assert found is not None and found.body == {"python": "3.12"} and found.version == VERSION
    following = read_message(stream)
    assert following is not None and following.kind == "result"


def test_a_greeting_of_another_version_can_be_read() -> None:
    found = read_hello(io.BytesIO(json.dumps({"kind": "hello", "version": 99, "more": 1}).encode() + b"\n"))
    assert found is not None and found.version == 99
    assert read_hello(io.BytesIO(b"nothing\nof the kind\n")) is None
