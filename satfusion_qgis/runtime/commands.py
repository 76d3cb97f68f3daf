"""Runs another program to its end: its lines as they come, a time limit, and cancelling."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Optional

from ..tasks.errors import Cancelled, InputError

_POLL_S = 0.1
_LAST_WORDS_S = 5.0
_TAIL_BYTES = 16384


@dataclass(frozen=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Exit status; negative for a signal.
        errors: The end of what it wrote to its standard error.
        timed_out: It was ended because the time limit was over.
    """

    code: int
    errors: str
    timed_out: bool = False


def run(
    arguments: Sequence[str],
    variables: Mapping[str, str],
    on_line: Callable[[str], None] = lambda line: None,
    cancelled: Callable[[], bool] = lambda: False,
    time_limit_s: Optional[float] = None,
    on_poll: Callable[[], None] = lambda: None,
) -> Ended:
    """Run a program, and wait for its end.

    Args:
        arguments: The program and its arguments; no shell is involved.
        variables: All its environment variables.
        on_line: Gets every line of its standard output, in the calling thread.
        cancelled: Tells whether the user wants to stop; asked every 0.1 s.
        time_limit_s: After so many seconds it is ended.
        on_poll: Called about every 0.1 s.

    Raises:
        Cancelled: `cancelled` said so; the program and what it started are gone.
        InputError: It cannot be started.
    """
    with tempfile.TemporaryFile() as errors:  # a file, for a pipe that nobody reads stops the program
        try:
            process = _start(arguments, variables, errors)
        except (OSError, ValueError) as error:
            raise InputError(f"{arguments[0]} cannot be started ({_reason(error)}); name a working one.") from None
        lines: queue.SimpleQueue[Optional[str]] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
        reader.start()
        end = None if time_limit_s is None else time.monotonic() + time_limit_s
        patience_s, timed_out = 0.0, False
        try:
            timed_out = _wait(lines, on_line, cancelled, end, on_poll)
            patience_s = 0.0 if timed_out else _LAST_WORDS_S
        finally:
            code = _end(process, patience_s)
            reader.join(_LAST_WORDS_S)
        return Ended(code, _tail(errors), timed_out)


def _start(arguments: Sequence[str], variables: Mapping[str, str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    # Windows would open a console for each program; elsewhere a session of its own, ended as a whole.
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    # A list of arguments and no shell: the interpreter that the user chose, with the plugin's own scripts or pip.
    return subprocess.Popen(  # nosec B603
        list(arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=dict(variables),
        creationflags=flags,
        start_new_session=True,
    )


def _read(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[Optional[str]]) -> None:
    if process.stdout is not None:
        with process.stdout as stream:
            for line in stream:
                lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))
    lines.put(None)


def _wait(
    lines: queue.SimpleQueue[Optional[str]],
    on_line: Callable[[str], None],
    cancelled: Callable[[], bool],
    end: Optional[float],
    on_poll: Callable[[], None],
) -> bool:
    """Pass the lines on until there are no more; return whether the time was over before."""
    polled = 0.0
    while True:
        try:
            line = lines.get(timeout=_POLL_S)
            if line is None:
                return False
            on_line(line)
        except queue.Empty:
            pass
        now = time.monotonic()
        if now - polled >= _POLL_S:
            polled = now
            on_poll()
            if cancelled():
                raise Cancelled
            if end is not None and now > end:
                return True


def _end(process: subprocess.Popen[bytes], patience_s: float) -> int:
    """Wait for a program that has closed its output; end it, and what it started, where it still runs."""
    try:
        return process.wait(patience_s)
    except subprocess.TimeoutExpired:
        _kill(process)
        return process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()  # an environment's python.exe takes the interpreter that it started down with it
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _tail(stream: IO[bytes]) -> str:
    stream.seek(0, os.SEEK_END)
    stream.seek(max(0, stream.tell() - _TAIL_BYTES))
    return stream.read().decode("utf-8", "replace").strip()


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def last_line(text: str, default: str = "") -> str:
    """Return the last line of a text that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else default
