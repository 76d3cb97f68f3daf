"""The engine's interpreter, sessions in it, and what a session may leave behind: nothing."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from satfusion_qgis.pipeline import Plan
from satfusion_qgis.runtime.worker_session import WorkerSession
from tests.pipeline.support import files_in

ROOT = Path(__file__).resolve().parents[2]
ODD_WORKER = Path(__file__).resolve().parent / "odd_worker.py"
PROC = Path("/proc/self")


def in_worker(interpreter: Path, made: list[WorkerSession] | None = None, **options: Any) -> Callable[[Plan], Any]:
    """What makes a run compute in a worker; the sessions are appended to a list."""

    def open_session(plan: Plan) -> WorkerSession:
        scene, parameters = plan.implementation.scene, plan.implementation.parameters
        session = WorkerSession(interpreter, plan.method, parameters, scene, **options)
        if made is not None:
            made.append(session)
        return session

    return open_session


def process_of(session: WorkerSession) -> int | None:
    """The number of a session's process; None while there is none."""
    process = session._child._process
    return None if process is None else process.pid


def children(of: int | None = None) -> set[int]:
    """The processes that this one, or another, started; also those that ended and were not waited for."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == (of or os.getpid()):
                found.add(int(entry.name))
    return found


def alive(process: int) -> bool:
    """Whether a process runs."""
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def threads() -> list[str]:
    """The threads of sessions and runs that still live."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("satfusion")]


def open_files() -> list[str]:
    """What the descriptors of this process lead to, less what is opened once for good."""
    links = []
    for entry in (PROC / "fd").iterdir():
        try:
            links.append(str(entry.readlink()))
        except OSError:
            continue
    return sorted(link for link in links if link.startswith(("pipe:", "/memfd:", "/tmp/#")) or "(deleted)" in link)


@contextmanager
def nothing_left() -> Iterator[None]:
    """Check that no process, shared memory, thread or open file stays behind."""
    if not sys.platform.startswith("linux"):
        yield
        return
    shm = Path("/dev/shm")
    before = children(), files_in(shm), threads(), open_files()
    yield
    after = before
    for _ in range(100):
        after = children(), files_in(shm), threads(), open_files()
        if after == before:
            break
        time.sleep(0.02)
    assert after == before, f"{before} became {after}"
