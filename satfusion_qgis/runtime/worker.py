"""The worker's side: computes in its own interpreter what a session in another one asks for, and ends with it.

One thread reads, so that a cancel and the other side's end are noticed while the main thread computes.
"""

from __future__ import annotations

import os
import platform
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Optional

import numpy as np

from ..tasks.errors import Cancelled, InputError
from . import in_process, memory
from .in_process import InProcessSession
from .protocol import Message, ProtocolError, message_of, read_message, value_of, write_message

_GRACE_S = 1.0


def main(incoming: int, outgoing: int) -> None:
    """Serve until closed or alone; this ends the process.

    Args:
        incoming: Descriptor to read requests from.
        outgoing: Descriptor to write answers to.
    """
    with os.fdopen(incoming, "rb") as requests, os.fdopen(outgoing, "wb") as answers:
        Worker(requests, answers).run()


class Worker:
    """Answers the requests of one session.

    Args:
        requests: Stream of messages in.
        answers: Stream of messages out.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._writing = threading.Lock()
        self._waiting: queue.SimpleQueue[Optional[Message]] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._session: Optional[InProcessSession] = None
        self._slots: dict[int, memoryview] = {}
        self._handlers: dict[str, Callable[[Message], Any]] = {
            "memory": self._memory,
            "open": self._open,
            "state": self._state,
            "fuse": self._fuse,
            "call": self._call,
        }

    def run(self) -> None:
        """Greet, answer request after request, and end the process."""
        threading.Thread(target=self._read, name="satfusion-read", daemon=True).start()
        memory.keep_freed_memory()
        try:
            self._send("hello", 0, {"python": platform.python_version(), "numpy": np.__version__})
            while True:
                message = self._waiting.get()
                if message is None:
                    _end(0)
                else:
                    self._answer(message)
        except OSError:  # the other side is gone
            _end(1)

    def _read(self) -> None:
        """Take requests in until the other side closes; then do not outlive it for long."""
        try:
            while True:
                message = read_message(self._requests)
                if message is None or message.kind == "close":
                    break
                if message.kind == "cancel":
                    self._cancel()
                else:
                    self._waiting.put(message)
        except (EOFError, OSError, MemoryError, ProtocolError) as error:
            print(f"The worker stops reading: {error}", file=sys.stderr)
        self._cancel()
        self._waiting.put(None)
        threading.Event().wait(_GRACE_S)
        _end(1)

    def _cancel(self) -> None:
        self._cancelled.set()
        session = self._session
        if session is not None:
            session.cancel()

    def _answer(self, message: Message) -> None:
        """Do what a request asks for, and say what came of it."""
        handler = self._handlers.get(message.kind)
        try:
            if handler is None:
                raise ProtocolError(f"there is no request {message.kind!r}")
            value = handler(message)
            slot = self._slots.get(memory.FROM_WORKER) if message.kind == "fuse" else None
            answer = message_of("result", message.id, value, None if slot is None else (memory.FROM_WORKER, slot))
        except Cancelled:
            answer = _error(message, "cancelled", "")
        except InputError as error:
            answer = _error(message, "input", str(error))
        except MemoryError:
            answer = _error(message, "input", "The engine has too little memory for this; choose a smaller WINDOW.")
        except BaseException as error:  # SystemExit too: libraries raise it, and the session wants a reason
            traceback.print_exc()
            self._send("log", message.id, {"text": traceback.format_exc()})
            answer = _error(message, "failure", f"{type(error).__name__}: {error}")
        self._write(answer)

    def _memory(self, message: Message) -> bool:
        """Attach the shared memory; tell whether it worked."""
        self._slots = {}
        try:
            self._slots = memory.attach(value_of(message))
        except (OSError, ValueError):
            return False
        return True

    def _open(self, message: Message) -> dict[str, Any]:
        asked = value_of(message)
        folder = asked.pop("model_folder")
        session = in_process.session_for(**asked, model_folder=None if folder is None else Path(folder))
        self._session = session
        if self._cancelled.is_set():
            raise Cancelled
        info = session.open()
        return {
            "device_used": info.device_used,
            "window_multiple": info.window_multiple,
            "batch": info.batch,
            "notes": info.notes,
        }

    def _state(self, message: Message) -> None:
        self._opened().set_state(value_of(message))

    def _fuse(self, message: Message) -> Any:
        """Compute on the blocks where they lie in the shared memory."""
        slot = self._slots.get(memory.TO_WORKER)
        asked = value_of(message, None if slot is None else (memory.TO_WORKER, slot))
        session = self._opened()
        try:
            return session.fuse(asked["batch"], asked["windows"])
        finally:
            for remark in session.remarks():
                self._send("warning" if remark.is_warning else "log", message.id, {"text": remark.text})

    def _call(self, message: Message) -> Any:
        asked = value_of(message)

        def tell(said: Mapping[str, Any]) -> None:
            for kind, body in in_process.messages_of(said):
                self._send(kind, message.id, body)

        return in_process.call(asked["name"], asked["arguments"], tell, self._cancelled.is_set)

    def _opened(self) -> InProcessSession:
        if self._session is None:
            raise ProtocolError("no session is open")
        return self._session

    def _send(self, kind: str, number: int, value: Any) -> None:
        self._write(message_of(kind, number, value))

    def _write(self, message: Message) -> None:
        with self._writing:
            write_message(self._answers, message)


def _error(message: Message, kind: str, text: str) -> Message:
    return message_of("error", message.id, {"error": kind, "text": text})


def _end(code: int) -> None:
    """End at once, whatever other threads are doing, and with everything that libraries started."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(code)
