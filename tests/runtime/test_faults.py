"""Whatever happens to a worker, or to what started it: one clear sentence or a right result, and nothing left.

`SATFUSION_FAULTS=100` kills 100 workers and cancels 100 runs at random moments; without it there are a few of the same.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.runtime import child, memory
from satfusion_qgis.runtime.worker_session import WorkerSession
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from tests.pipeline.support import Log, OnDisk, assert_one_sentence, files_at_most, files_in, read_array, small_pair
from tests.runtime.odd_methods import ODD_CATALOGUE
from tests.runtime.support import ROOT, alive, children, in_worker, process_of, threads

FAULTS = int(os.environ.get("SATFUSION_FAULTS", "6"))

posix = pytest.mark.skipif(os.name == "nt", reason="no such signals")


@pytest.fixture
def pair(tmp_path: Path) -> OnDisk:
    return small_pair(tmp_path / "scene", 96, 104)


def sentence(run: Callable[[], object]) -> str:
    """The one sentence with which a run ends."""
    with pytest.raises(InputError) as caught:
        run()
    text = str(caught.value)
    assert_one_sentence(text)
    assert len(text) < 600, text
    return text


def odd_run(odd: Path, pair: OnDisk, made: Path, method: str, feedback: Feedback | None = None) -> None:
    """Run an odd method in a worker."""
    job = pair.job(method, made / "fused.tif", window=32, threads=2)
    pipeline.run(job, ODD_CATALOGUE, feedback, open_session=in_worker(odd))


# Workers that end or fail in the middle


@posix
def test_a_worker_that_ends_inside_a_window(odd: Path, pair: OnDisk, made: Path) -> None:
    text = sentence(lambda: odd_run(odd, pair, made, "exits"))
    assert "return code 3" in text and text.endswith("No more cheese.")
    assert files_in(made) == []


@posix
def test_a_worker_that_is_killed_says_what_to_do(odd: Path, pair: OnDisk, made: Path) -> None:
    text = sentence(lambda: odd_run(odd, pair, made, "iskilled"))
    assert "return code -9" in text and "memory" in text and "WINDOW" in text
    assert files_in(made) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "ValueError: Bad shape; Really bad."), (1, "WINDOW"), (2, "enough"), (3, "MS is too odd.")],
)
def test_errors_inside_a_window(
    odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    monkeypatch.setenv("SATFUSION_TEST_ERROR", str(number))
    assert words in sentence(lambda: odd_run(odd, pair, made, "raises"))
    assert files_in(made) == []


def test_an_answer_that_cannot_be_sent(odd: Path, pair: OnDisk, made: Path) -> None:
    assert "set cannot be sent" in sentence(lambda: odd_run(odd, pair, made, "unsendable"))


def test_prints_to_everywhere(odd: Path, pair: OnDisk, made: Path) -> None:
    """Output cannot come between messages, a full error stream stops nobody, and there is nothing to read."""
    odd_run(odd, pair, made, "chatty")
    fused = read_array(made / "fused.tif")
    (made / "fused.tif").unlink()
    np.testing.assert_allclose(fused, pair.fuse("exp", window=32), rtol=1e-6)


# Workers that do not start


def test_no_greeting(odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATFUSION_TEST_WORKER", "silent")
    monkeypatch.setattr(child, "START_S", 0.5)
    begin = time.monotonic()
    text = sentence(lambda: odd_run(odd, pair, made, "slow"))
    assert "did not answer" in text and str(odd) in text
    assert time.monotonic() - begin < 5 and files_in(made) == []


def test_a_cancel_while_it_starts(odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Soon(Feedback):
        end = time.monotonic() + 0.7

        def cancelled(self) -> bool:
            return time.monotonic() > self.end

    monkeypatch.setenv("SATFUSION_TEST_WORKER", "silent")
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        odd_run(odd, pair, made, "slow", Soon())
    assert time.monotonic() - begin < 3 and files_in(made) == []


def test_another_version(odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATFUSION_TEST_WORKER", "version")
    text = sentence(lambda: odd_run(odd, pair, made, "slow"))
    assert "version" in text and "restart QGIS" in text


def test_it_ends_before_it_greets(odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATFUSION_TEST_WORKER", "ends")
    text = sentence(lambda: odd_run(odd, pair, made, "slow"))
    assert "return code 1" in text and text.endswith("It is too cold; Bye.")


def test_garbage_instead_of_messages(odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATFUSION_TEST_WORKER", "garbage")
    text = sentence(lambda: odd_run(odd, pair, made, "slow"))
    assert "cannot be read" in text and "this is no message" in text


@posix
def test_interpreters_that_are_none(pair: OnDisk, made: Path, tmp_path: Path) -> None:
    plain, script, folder = tmp_path / "plain", tmp_path / "script", tmp_path / "folder"
    plain.write_text("no program")
    script.write_text("#!/bin/sh\necho 'I am no Python. Sorry' >&2\nexit 4\n")
    script.chmod(0o755)
    folder.mkdir()
    endless = tmp_path / "other"
    endless.write_text("#!/bin/nowhere\n")
    endless.chmod(0o755)
    for path, words in (
        (tmp_path / "absent", "is not there"),
        (plain, "cannot be started"),
        (folder, "cannot be started"),
        (endless, "cannot be started"),
        (script, "I am no Python; Sorry"),
    ):
        job = pair.job("gsa", made / "fused.tif")
        text = sentence(lambda path=path, job=job: pipeline.run(job, open_session=in_worker(path)))
        assert words in text and str(path) in text
    assert files_in(made) == []


@posix
def test_an_interpreter_without_numpy(engine: Path, pair: OnDisk, made: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.write_text(f'#!/bin/sh\nexec "{engine}" -S "$@"\n')
    bare.chmod(0o755)
    text = sentence(lambda: pipeline.run(pair.job("gsa", made / "fused.tif"), open_session=in_worker(bare)))
    assert "numpy" in text and "return code 1" in text


def test_rubbish_in_the_environment(
    engine: Path, pair: OnDisk, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('the wrong numpy')")
    (tmp_path / "json.py").write_text("raise ImportError('the wrong json')")
    monkeypatch.chdir(tmp_path)
    for name in ("PYTHONHOME", "PYTHONEXECUTABLE", "QGIS_PREFIX_PATH", "GDAL_DATA", "PROJ_LIB", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONINSPECT", "1")
    pipeline.run(pair.job("gsa", made / "fused.tif", window=32), open_session=in_worker(engine))
    assert files_in(made) == ["fused.tif"]
    kept = child.environment(3)
    assert not {"PYTHONHOME", "PYTHONPATH", "GDAL_DATA", "LD_LIBRARY_PATH", "QGIS_PREFIX_PATH"} & set(kept)
    assert kept["OMP_NUM_THREADS"] == "3" and kept["PATH"] == os.environ["PATH"]


# Cancels


@posix
@pytest.mark.parametrize(("method", "longest"), [("endless", 0.9), ("stubborn", 2.5)])
def test_a_cancel_inside_a_window(
    odd: Path, pair: OnDisk, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, longest: float
) -> None:
    """Asked nicely; killed after a second where that does not help."""
    begun = tmp_path / "begun"
    monkeypatch.setenv("SATFUSION_TEST_STARTED", str(begun))
    asked: list[float] = []

    class WhenStarted(Feedback):
        def cancelled(self) -> bool:
            if begun.exists():
                asked.append(time.monotonic())
            return begun.exists()

    with pytest.raises(Cancelled):
        odd_run(odd, pair, made, method, WhenStarted())
    assert time.monotonic() - asked[0] < longest
    assert files_in(made) == [] and not alive(int(begun.read_text()))


def test_cancels_at_random(odd: Path, pair: OnDisk, made: Path) -> None:
    rng = np.random.default_rng(11)
    cancelled = 0

    class After(Feedback):
        def __init__(self, seconds: float) -> None:
            self.end = time.monotonic() + seconds

        def cancelled(self) -> bool:
            return time.monotonic() > self.end

    for _ in range(FAULTS):
        try:
            odd_run(odd, pair, made, "slow", After(rng.uniform(0, 0.5)))
        except Cancelled:
            cancelled += 1
            assert files_in(made) == []
        else:
            assert files_in(made) == ["fused.tif"]
            (made / "fused.tif").unlink()
        assert children() == set() and threads() == []
    assert cancelled >= FAULTS // 3


# Kills


@posix
def test_kills_at_random(odd: Path, pair: OnDisk, made: Path) -> None:
    expected = pair.fuse("exp", window=32)
    rng = np.random.default_rng(12)
    killed = 0
    for _ in range(FAULTS):
        sessions: list[WorkerSession] = []
        over = threading.Event()

        def kill(
            delay: float = rng.uniform(0, 0.5), made: list[WorkerSession] = sessions, over: threading.Event = over
        ) -> None:
            while not over.is_set() and not (made and process_of(made[0])):
                time.sleep(0.001)
            if not over.wait(delay):
                try:
                    os.kill(process_of(made[0]) or 0, signal.SIGKILL)
                except ProcessLookupError:
                    return

        killer = threading.Thread(target=kill)
        killer.start()
        job = pair.job("slow", made / "fused.tif", window=32, threads=2)
        try:
            pipeline.run(job, ODD_CATALOGUE, open_session=in_worker(odd, sessions))
        except InputError as error:
            killed += 1
            assert_one_sentence(str(error))
            assert "return code -9" in str(error)
            assert files_in(made) == []
        else:
            np.testing.assert_allclose(read_array(made / "fused.tif"), expected, rtol=1e-6)
            (made / "fused.tif").unlink()
        finally:
            over.set()
            killer.join()
        assert children() == set() and threads() == []
    assert killed >= FAULTS // 3


@posix
@pytest.mark.parametrize("method", ["endless", "stubborn"])
def test_a_worker_does_not_outlive_its_parent(
    odd: Path, pair: OnDisk, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    begun = tmp_path / "begun"
    monkeypatch.setenv("SATFUSION_TEST_STARTED", str(begun))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from satfusion_qgis import pipeline\n"
        "from satfusion_qgis.runtime import child\n"
        "from satfusion_qgis.tasks.job import Job\n"
        "from tests.runtime.odd_methods import ODD_CATALOGUE\n"
        "from tests.runtime.support import ODD_WORKER, in_worker\n"
        "child.START = ODD_WORKER\n"
        "pipeline.run(Job.from_json(sys.argv[2]), ODD_CATALOGUE, open_session=in_worker(Path(sys.argv[3])))\n"
    )
    job = pair.job(method, made / "fused.tif", window=32, threads=1)
    parent = subprocess.Popen([sys.executable, "-c", code, str(ROOT), job.to_json(), str(odd)])
    for _ in range(1000):
        if begun.exists() and begun.read_text():
            break
        assert parent.poll() is None
        time.sleep(0.01)
    worker = int(begun.read_text())
    assert alive(worker)
    parent.kill()
    parent.wait()
    killed = time.monotonic()
    while alive(worker) and time.monotonic() - killed < 10:
        time.sleep(0.02)
    assert not alive(worker) and time.monotonic() - killed < 4
    assert "fused.tif" not in files_in(made)


@posix
def test_a_helper_of_the_worker_that_keeps_the_pipe_open(
    odd: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's end is seen all the same, and no helper stays."""
    monkeypatch.setenv("SATFUSION_TEST_WORKER", "with a helper")
    sessions: list[WorkerSession] = []
    job = pair.job("slow", made / "fused.tif", window=32)
    begin = time.monotonic()
    pipeline.run(job, ODD_CATALOGUE, open_session=in_worker(odd, sessions))
    worker = process_of(sessions[0])
    assert worker is not None and time.monotonic() - begin < 5
    helpers = [process for process in children(1) if os.getpgid(process) == worker]
    assert not any(alive(process) for process in helpers)


# Little room


@posix
def test_a_disk_that_is_full(engine: Path, pair: OnDisk, made: Path) -> None:
    job = pair.job("exp", made / "fused.tif", window=32)
    pipeline.run(job, open_session=in_worker(engine))
    whole = (made / "fused.tif").stat().st_size
    (made / "fused.tif").unlink()
    for room in (0, 500, whole // 2, whole - 5000):
        with files_at_most(room):
            text = sentence(lambda: pipeline.run(job, open_session=in_worker(engine)))
        assert "fused.tif" in text or str(made) in text
        assert files_in(made) == []


def test_no_shared_memory_at_all(engine: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_open_file", lambda: None)
    log = Log()
    job = pair.job("gsa", made / "fused.tif", window=32)
    pipeline.run(job, feedback=log, open_session=in_worker(engine))
    fused = read_array(made / "fused.tif")
    np.testing.assert_allclose(fused, pair.fuse("gsa", window=32), rtol=1e-6)
    assert log.warnings == []


# Several at once


def test_two_runs_at_once(engine: Path, pair: OnDisk, made: Path) -> None:
    expected = {method: pair.fuse(method, window=32) for method in ("exp", "gsa")}
    failures: list[BaseException] = []

    def fuse(method: str, name: str) -> None:
        try:
            for _ in range(2):
                job = pair.job(method, made / name, window=32)
                pipeline.run(job, open_session=in_worker(engine))
                np.testing.assert_allclose(read_array(made / name), expected[method], rtol=1e-6)
        except BaseException as error:
            failures.append(error)

    runs = [threading.Thread(target=fuse, args=each) for each in (("exp", "a.tif"), ("gsa", "b.tif"))]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert not failures
    assert files_in(made) == ["a.tif", "b.tif"]
