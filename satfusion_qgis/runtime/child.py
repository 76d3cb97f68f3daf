"""A worker as its parent sees it: starting, asking, cancelling, and getting rid of it whatever happens.

Windows and macOS are provided for and not tested.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, BinaryIO, Optional, Union

from ..tasks.errors import Cancelled, InputError
from .child_environment import clean_environment
from .memory import FROM_WORKER, TO_WORKER, SharedMemory
from .protocol import (
    VERSION,
    Message,
    ProtocolError,
    Slot,
    message_of,
    read_hello,
    read_message,
    value_of,
    write_message,
)

START = Path(__file__).absolute().parent / "start.py"
START_S = 60.0
GRACE_S = 1.0

_POLL_S = 0.1
_CLOSE_S = 0.5
_TICK_S = 0.005
_JOIN_S = 1.0
_TAIL_BYTES = 4096
_LONGEST_REASON = 300

# What QGIS, or whatever else this runs in, sets for its own libraries, and what would lead another Python astray.
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

# Takes (kind, body) of what comes before an answer: "progress", "log", "warning", "scores".
Told = Callable[[str, Any], None]


class Child:
    """A worker process that answers one request at a time.

    Args:
        interpreter: The engine's Python.
        threads: Threads of its libraries; 0 leaves that to them.
    """

    def __init__(self, interpreter: Path, threads: int = 0) -> None:
        self._interpreter = interpreter
        self._threads = threads
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._errors: Optional[IO[bytes]] = None
        self._memory: Optional[SharedMemory] = None
        self._outgoing: queue.SimpleQueue[Optional[Message]] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[Union[Message, _End, None]] = queue.SimpleQueue()
        self._pipes: list[threading.Thread] = []
        self._one_request = threading.Lock()
        self._closing = threading.Lock()
        self._cancelled = threading.Event()
        self._over = ""
        self._closed = False
        self._requests = 0

    def start(self, cancelled: Optional[Callable[[], bool]] = None) -> dict[str, Any]:
        """Start the process and wait until it greets.

        Args:
            cancelled: Asked ten times a second.

        Returns:
            What it says of itself: versions of "python" and "numpy".

        Raises:
            InputError: It cannot be started, or is another version's; one sentence.
            Cancelled: `cancel` was called, or `cancelled` said so.
        """
        with self._one_request:
            try:
                with self._closing:
                    self._launch()
                return self._greeted(cancelled)
            except BaseException:
                self.close()
                raise

    def request(
        self,
        kind: str,
        value: Any,
        told: Optional[Told] = None,
        cancelled: Optional[Callable[[], bool]] = None,
        grace_s: float = GRACE_S,
    ) -> Any:
        """Ask for something and wait for the answer.

        Args:
            kind: Kind of the request.
            value: Plain data, arrays and data classes of this package.
            told: Takes what comes before the answer, in this thread.
            cancelled: Asked ten times a second, in this thread.
            grace_s: After a cancel, seconds until the process is killed.

        Raises:
            InputError: The worker refused, failed or died; one sentence.
            Cancelled: `cancel` was called, or `cancelled` said so.
        """
        with self._one_request:
            self._raise_if_over()
            if self._process is None:
                raise RuntimeError("The worker has not been started.")
            answer = self._ask(kind, value, self._slot_for(kind, value), told, cancelled, grace_s)
            if self._cancelled.is_set():
                raise Cancelled
            try:
                slot = None if self._memory is None else self._memory.slot(FROM_WORKER)
                result = value_of(answer, slot, copy=True)
            except ProtocolError as error:
                raise self._broken(str(error)) from None
            if self._memory is not None and answer.raw and kind == "fuse":
                self._grow(0, 5 * len(answer.raw) // 4)
            return result

    def cancel(self) -> None:
        """Make the running request and all later ones end with `Cancelled`; returns at once, from any thread."""
        self._cancelled.set()
        self._incoming.put(None)

    def close(self) -> None:
        """End the process, nicely or not, and release everything; may be called again, from any thread."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._over = self._over or "The engine has been closed."
            process = self._process
            if process is not None:
                if not self._cancelled.is_set():
                    self._outgoing.put(message_of("close", 0, None))
                    self._wait_for_end()
                self._kill()
                self._release(process)
            if self._errors is not None:
                self._errors.close()
            if self._memory is not None:
                self._memory.close()

    def _launch(self) -> None:
        self._raise_if_over()
        if not self._interpreter.exists():
            raise InputError(
                f"The engine's Python {self._interpreter} is not there; set up the engine again or name another Python."
            )
        self._memory = SharedMemory()
        self._errors = _error_file()
        more: dict[str, Any] = {}
        if sys.platform == "win32":
            more["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        else:
            more["pass_fds"] = self._memory.descriptors
        try:
            # The user's own Python runs a file of this package; no shell is in between.
            self._process = subprocess.Popen(  # nosec B603
                [str(self._interpreter.absolute()), str(START)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors if self._errors is not None else subprocess.DEVNULL,
                env=environment(self._threads),
                cwd=str(self._interpreter.absolute().parent),
                start_new_session=True,
                **more,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise InputError(f"The engine's Python {self._interpreter} cannot be started: {_clause(reason)}.") from None
        self._pipes = [
            threading.Thread(target=target, args=(pipe,), name="satfusion-worker", daemon=True)
            for target, pipe in ((self._read, self._process.stdout), (self._write, self._process.stdin))
        ]
        for thread in self._pipes:
            thread.start()

    def _greeted(self, cancelled: Optional[Callable[[], bool]]) -> dict[str, Any]:
        latest = time.monotonic() + START_S
        named = f"The engine's Python {self._interpreter}"
        while True:
            if self._is_cancelled(cancelled):
                self._cancelled.set()
                raise Cancelled
            found = self._next()
            if isinstance(found, _End):
                raise InputError(f"{named} ended before it was ready{self._last_words()}.")
            if found is not None:
                break
            if time.monotonic() > latest:
                raise InputError(f"{named} did not answer within {START_S:.0f} s{self._last_line()}.")
        if found.kind != "hello" or found.version != VERSION:
            raise InputError(
                f"{named} speaks version {found.version} of the protocol instead of {VERSION}; restart QGIS, so that "
                "both sides run the same version of SatFusion."
            )
        greeting: dict[str, Any] = found.body
        return greeting

    def _ask(
        self,
        kind: str,
        value: Any,
        slot: Optional[Slot],
        told: Optional[Told] = None,
        cancelled: Optional[Callable[[], bool]] = None,
        grace_s: float = GRACE_S,
    ) -> Message:
        """Send a request and wait for its answer."""
        self._requests += 1
        self._outgoing.put(message_of(kind, self._requests, value, slot))
        return self._answer(self._requests, told, cancelled, grace_s)

    def _answer(
        self, number: int, told: Optional[Told], cancelled: Optional[Callable[[], bool]], grace_s: float
    ) -> Message:
        """Wait for the answer to a request; pass on what comes before it."""
        latest: Optional[float] = None
        while True:
            if latest is None and self._is_cancelled(cancelled):
                self._cancelled.set()
                self._outgoing.put(message_of("cancel", 0, None))
                latest = time.monotonic() + grace_s
            if latest is not None and time.monotonic() >= latest:
                self._kill()
                raise Cancelled
            found = self._next(None if latest is None else latest - time.monotonic())
            if isinstance(found, _End):
                if self._cancelled.is_set():
                    raise Cancelled
                raise self._died(found)
            if found is None:
                continue
            if found.id != number:
                raise self._broken(f"it is for request {found.id} instead of {number}")
            if found.kind == "result":
                return found
            if found.kind == "error":
                raise _error_of(found)
            if told is not None:
                told(found.kind, value_of(found))

    def _next(self, most_s: Optional[float] = None) -> Union[Message, _End, None]:
        """Return the next message, or the end; None after a tenth of a second, or when a cancel came."""
        try:
            return self._incoming.get(timeout=_POLL_S if most_s is None else min(max(most_s, 0.001), _POLL_S))
        except queue.Empty:
            if not self._has_ended():
                return None
        try:  # it is dead, though something that it started may keep the pipe open
            return self._incoming.get(timeout=_CLOSE_S)
        except queue.Empty:
            return _End()

    def _is_cancelled(self, cancelled: Optional[Callable[[], bool]]) -> bool:
        return self._cancelled.is_set() or (cancelled is not None and cancelled())

    def _raise_if_over(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        if self._over:
            raise InputError(self._over)

    def _slot_for(self, kind: str, value: Any) -> Optional[Slot]:
        """Return the slot for a request's arrays, large enough where that can be had."""
        if kind != "fuse" or self._memory is None:
            return None
        needed = sum(array.nbytes + 64 for array in _arrays_in(value))
        if needed > self._memory.size(TO_WORKER):
            # Windows inside the scene have a halo on all sides, which the first one lacks.
            more = 5 * needed // 4
            self._grow(more, 0 if self._memory.size(FROM_WORKER) else more)
        return self._memory.slot(TO_WORKER)

    def _grow(self, to_worker: int, from_worker: int) -> None:
        """Enlarge the shared memory and let the worker attach it; where that fails, do without."""
        if self._memory is None or not self._memory.grow(to_worker, from_worker):
            return
        if self._ask("memory", self._memory.description, None).body is not True:
            self._memory.close()

    def _died(self, end: _End) -> InputError:
        self._over = self._broken(end.reason).args[0] if end.reason else f"The engine ended early{self._last_words()}."
        return InputError(self._over)

    def _broken(self, reason: str) -> InputError:
        """Return the error for an answer that is none; nothing more can be asked."""
        self._kill()
        self._over = f"The engine's answer cannot be read ({_clause(reason)}){self._last_line()}."
        return InputError(self._over)

    def _last_words(self) -> str:
        """Return how the process ended, as the end of a sentence."""
        ended = self._wait_for_end()
        self._kill()
        code = self._process.returncode if self._process is not None and ended else None
        text = "" if code is None else f" (return code {code})"
        if code is not None and sys.platform != "win32" and code == -signal.SIGKILL:
            text = f" (return code {code}: it was killed, perhaps because memory ran out; try a smaller WINDOW)"
        return text + self._last_line()

    def _last_line(self) -> str:
        """Return the last line of the error stream, as the end of a sentence."""
        if self._errors is None or self._errors.closed:
            return ""
        with contextlib.suppress(OSError):
            size = self._errors.seek(0, os.SEEK_END)
            self._errors.seek(max(size - _TAIL_BYTES, 0))
            lines = self._errors.read().decode("utf-8", "replace").splitlines()
            said = [line for line in lines if line.strip()]
            return f": {_clause(said[-1])}" if said else ""
        return ""

    def _has_ended(self) -> bool:
        """Tell whether the process has ended; it stays in the system's list, so that `_kill` finds its helpers."""
        process = self._process
        if process is None or process.returncode is not None:
            return True
        if sys.platform == "win32" or not hasattr(os, "waitid"):
            return process.poll() is not None
        try:
            return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except OSError:
            return True

    def _wait_for_end(self) -> bool:
        """Wait shortly for the process to end by itself; tell whether it did."""
        latest = time.monotonic() + _CLOSE_S
        while not self._has_ended():
            if time.monotonic() > latest:
                return False
            time.sleep(_TICK_S)
        return True

    def _kill(self) -> None:
        """Kill the process and what it started, and take it off the system's list."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_JOIN_S)

    def _release(self, process: subprocess.Popen[bytes]) -> None:
        """End the threads of the pipes, and close these; one that something else keeps open stays."""
        self._outgoing.put(None)
        for thread, pipe in zip(self._pipes, (process.stdout, process.stdin)):
            thread.join(_JOIN_S)
            if not thread.is_alive() and pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read(self, pipe: BinaryIO) -> None:
        """Take messages in until the end."""
        try:
            found = read_hello(pipe)
            while found is not None:
                self._incoming.put(found)
                found = read_message(pipe)
            self._incoming.put(_End())
        except (EOFError, OSError, ValueError):
            self._incoming.put(_End())
        except (MemoryError, ProtocolError) as error:
            self._incoming.put(_End(str(error) or "there is too little memory"))

    def _write(self, pipe: BinaryIO) -> None:
        """Send what is waiting, so that nobody else is held up by a worker that does not read."""
        with contextlib.suppress(OSError, ValueError):
            while True:
                message = self._outgoing.get()
                if message is None:
                    return
                write_message(pipe, message)


class _End:
    """The end of the stream; `reason` says what was wrong with it."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason


def environment(threads: int = 0) -> dict[str, str]:
    """Return the environment of a worker: this one's, less what belongs to QGIS and its Python."""
    kept = {**clean_environment(os.environ), "OPENBLAS_NUM_THREADS": "1"}
    if threads > 0:
        kept.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    return kept


def _arrays_in(value: Any) -> list[Any]:
    """Return the arrays of a request to fuse."""
    if hasattr(value, "nbytes"):
        return [value]
    if isinstance(value, dict):
        return [array for item in value.values() for array in _arrays_in(item)]
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in _arrays_in(item)]
    return []


def _error_file() -> Optional[IO[bytes]]:
    """Return a file without a name for the error stream: a pipe that nobody empties would stop the worker."""
    with contextlib.suppress(OSError):
        return tempfile.TemporaryFile()
    return None


def _error_of(message: Message) -> Exception:
    kind, text = message.body["error"], str(message.body["text"])
    if kind == "cancelled":
        return Cancelled()
    if kind == "input":
        return InputError(text)
    return InputError(f"The engine failed: {_clause(text)}.")


def _clause(text: str) -> str:
    """Return a text of any kind as a part of a sentence."""
    line = " ".join(text.split())
    line = re.sub(r"\.\s+(?=[A-Z])", "; ", line).rstrip(" .;:")
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}..."
