"""A cancel, a full disk or a kill, at any moment, leaves no output and nothing else; a rerun cleans up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.raster.writer import RasterWriter, part_of
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.pipeline.endless import ENDLESS_CATALOGUE, STARTED
from tests.pipeline.support import (
    METHODS,
    CancelsAt,
    Log,
    OnDisk,
    assert_one_sentence,
    facts,
    files_at_most,
    files_in,
    read_array,
    small_pair,
)
from tests.scenes import make_pair, write_geotiff
from tests.toy_task import TOY_CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
COMPRESSIONS = ("none", "deflate", "zstd", "cog")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An empty folder for outputs."""
    (tmp_path / "made").mkdir()
    return tmp_path / "made"


class CancelsFrom(Feedback):
    """Cancels once a share of the work is done."""

    def __init__(self, share: float) -> None:
        self.share, self.reached = share, False

    def progress(self, fraction: float, remaining_s: float | None = None) -> None:
        self.reached = self.reached or fraction >= self.share

    def cancelled(self) -> bool:
        return self.reached


# Cancel


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("compression", ["none", "cog"])
def test_cancel_at_every_moment(tmp_path: Path, made: Path, method: str, compression: str) -> None:
    pair = small_pair(tmp_path / "scene", 80, 96)
    job = pair.job(method, made / "fused.tif", window=32, options={"COMPRESSION": compression})
    for moment in range(200):
        try:
            pipeline.run(job, feedback=CancelsAt(moment))
        except Cancelled:
            assert files_in(made) == [], moment
        else:
            break
    assert 8 <= moment < 200
    assert files_in(made) == ["fused.tif"]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("threads", [1, 3])
def test_cancel_at_shares_of_the_work(tmp_path: Path, made: Path, share: float, threads: int) -> None:
    pair = small_pair(tmp_path / "scene", 128, 128)
    with pytest.raises(Cancelled):
        job = pair.job("mtf_glp_fs", made / "fused.tif", window=16, threads=threads)
        pipeline.run(job, feedback=CancelsFrom(share))
    assert files_in(made) == []


def test_cancel_keeps_the_file_that_was_there(tmp_path: Path, made: Path) -> None:
    pair = small_pair(tmp_path / "scene", 64, 64)
    (made / "fused.tif").write_bytes(b"precious")
    for moment in (0, 3, 6):
        with pytest.raises(Cancelled):
            pipeline.run(pair.job("gsa", made / "fused.tif", window=16), feedback=CancelsAt(moment))
        assert files_in(made) == ["fused.tif"] and (made / "fused.tif").read_bytes() == b"precious"


@pytest.mark.parametrize("threads", [1, 3])
def test_cancel_inside_a_window(tmp_path: Path, made: Path, threads: int) -> None:
    pair = small_pair(tmp_path / "scene", 64, 64)

    class WhenStarted(Feedback):
        def cancelled(self) -> bool:
            return STARTED.is_set()

    STARTED.clear()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        job = pair.job("endless", made / "fused.tif", window=16, threads=threads)
        pipeline.run(job, ENDLESS_CATALOGUE, WhenStarted())
    assert time.monotonic() - begin < 3
    assert files_in(made) == [] and threading.active_count() < 10


def test_cancel_leaves_no_table_either(tmp_path: Path, made: Path) -> None:
    pair = small_pair(tmp_path / "scene", 64, 64)
    inputs = [Input("SERIES", str(pair.ms), bands=[1], date="2020-01-01"), Input("LIKE", str(pair.pan))]
    outputs = [Output("OUTPUT", str(made / "days.tif"), "classes"), Output("TABLE", str(made / "days.json"), "table")]
    job = Job("brightdays", "threshold", inputs, outputs, window=32)
    for moment in range(60):
        try:
            pipeline.run(job, TOY_CATALOGUE, CancelsAt(moment))
        except Cancelled:
            assert files_in(made) == [], moment
        else:
            break
    assert files_in(made) == ["days.json", "days.tif"]


def test_an_error_inside_a_window_leaves_nothing(tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from satfusion_qgis.classical.pansharpening.exp import Exp

    pair = small_pair(tmp_path / "scene", 96, 96)
    fuse = Exp.fuse

    def fails(self, blocks, state, window):
        if window.row >= 64:
            raise MemoryError("no room")
        return fuse(self, blocks, state, window)

    monkeypatch.setattr(Exp, "fuse", fails)
    with pytest.raises(MemoryError):
        pipeline.run(pair.job("exp", made / "fused.tif", window=32))
    assert files_in(made) == []


def test_progress_grows_to_one(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 128, 128)
    for method in METHODS:
        log = Log()
        pair.fuse(method, log=log, window=32)
        assert log.fractions == sorted(log.fractions) and len(log.fractions) >= 16
        assert log.fractions[-1] == pytest.approx(1.0)


# Full disk


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_disk_that_fills_up(tmp_path: Path, made: Path, compression: str) -> None:
    pair = small_pair(tmp_path / "scene", 300, 560, dtype="uint16")
    target = made / "fused.tif"
    job = pair.job("exp", target, window=64, options={"COMPRESSION": compression})
    pipeline.run(job)
    whole, content = target.stat().st_size, read_array(target)
    target.unlink()
    for room in (0, 8, 500, 5000, whole // 4, whole // 2, int(0.8 * whole), whole - 5000, whole - 1):
        try:
            with files_at_most(room):
                pipeline.run(job)
        except InputError as caught:
            assert_one_sentence(str(caught))
            assert "fused.tif" in str(caught) or str(made) in str(caught)
            assert files_in(made) == [], room
        else:  # the last bytes of a GeoTIFF may be mere padding
            assert room >= whole - 5000
            np.testing.assert_array_equal(read_array(target), content)
            assert facts(target).bands[3].overviews == 1
            target.unlink()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_file_that_lost_its_end_unnoticed_never_gets_its_name(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch, compression: str
) -> None:
    """As after a write error that GDAL kept to itself."""
    pair = small_pair(tmp_path / "scene", 200, 200, dtype="uint16")
    close = RasterWriter._close

    def close_and_lose(writer: RasterWriter) -> None:
        close(writer)
        for path in made.glob("*.part.tif"):
            os.truncate(path, path.stat().st_size * 2 // 3)

    monkeypatch.setattr(RasterWriter, "_close", close_and_lose)
    with pytest.raises(InputError, match=r"fused\.tif"):
        pipeline.run(pair.job("exp", made / "fused.tif", options={"COMPRESSION": compression}))
    assert files_in(made) == []


def test_a_full_disk_keeps_the_file_that_was_there(tmp_path: Path, made: Path) -> None:
    pair = small_pair(tmp_path / "scene", 96, 96)
    (made / "fused.tif").write_bytes(b"precious")
    with files_at_most(20000), pytest.raises(InputError):
        pipeline.run(pair.job("exp", made / "fused.tif"))
    assert files_in(made) == ["fused.tif"] and (made / "fused.tif").read_bytes() == b"precious"


def test_a_table_for_which_there_is_no_room(tmp_path: Path, made: Path) -> None:
    pair = small_pair(tmp_path / "scene", 16, 16)
    series = [Input("SERIES", str(pair.ms), n, bands=[1], date=f"{1950 + n}-01-01") for n in range(60)]
    outputs = [Output("OUTPUT", str(made / "days.tif"), "classes"), Output("TABLE", str(made / "days.json"), "table")]
    job = Job("brightdays", "threshold", [*series, Input("LIKE", str(pair.pan))], outputs)
    job.outputs[0].options = {"COMPRESSION": "none", "OVERVIEWS": False}
    job.software = {"satfusion": "x"}
    pipeline.run(job, TOY_CATALOGUE)
    sizes = [(made / name).stat().st_size for name in ("days.tif", "days.json")]
    for name in files_in(made):
        (made / name).unlink()
    for room in (100, sizes[1] - 1, sizes[0] - 1):
        with files_at_most(room), pytest.raises(InputError):
            pipeline.run(job, TOY_CATALOGUE)
        assert files_in(made) == []


# Signals


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    """A pair that takes some seconds with the smallest windows."""
    folder = tmp_path_factory.mktemp("large")
    rng = np.random.default_rng(0)
    ms = rng.integers(100, 4000, (6, 200, 200))
    pan = rng.integers(100, 4000, (1, 800, 800))
    write_geotiff(folder / "ms.tif", ms, (0, 4, 0, 0, 0, -4), dtype="uint16")
    write_geotiff(folder / "pan.tif", pan, (0, 1, 0, 0, 0, -1), dtype="uint16")
    return OnDisk(folder / "ms.tif", folder / "pan.tif", make_pair(16, 16))


def start(pair: OnDisk, target: Path, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "satfusion_qgis.cli", "pansharpen", "--ms", str(pair.ms), "--pan", str(pair.pan)]
    command += ["--output", str(target), "--method", "gsa", "--window", "16", "--threads", "1", *more]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for_part(process: subprocess.Popen, folder: Path) -> None:
    """Wait until the run writes."""
    for _ in range(4000):
        if process.poll() is not None or any(name.endswith(".part.tif") for name in files_in(folder)):
            return
        time.sleep(0.005)
    raise AssertionError("the run does not begin to write")


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_kill_leaves_no_output_and_the_next_run_cleans_up(large: OnDisk, made: Path) -> None:
    killed = 0
    for delay in (0.0, 0.1, 0.4):
        process = start(large, made / "fused.tif")
        wait_for_part(process, made)
        time.sleep(delay)
        process.kill()
        process.communicate()
        if "fused.tif" in files_in(made):  # it came too late
            assert read_array(made / "fused.tif").shape == (6, 800, 800)
            (made / "fused.tif").unlink()
            break
        killed += 1
        assert len(files_in(made)) == 1, "the part file of the run before is gone"
    assert killed >= 1
    small = large.job("exp", made / "other.tif", extent=[0, -64, 64, 0])
    pipeline.run(small)
    assert files_in(made) == ["other.tif"]


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_and_terminate_cancel(large: OnDisk, made: Path, number: int) -> None:
    process = start(large, made / "fused.tif")
    wait_for_part(process, made)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "Cancelled" in said and "Traceback" not in said
    assert files_in(made) == []


def test_parts_of_running_processes_are_left_alone(tmp_path: Path, made: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    def part(process: int, end: str) -> Path:
        own = part_of(made / f"fused{end}")
        return own.with_name(own.name.replace(f"-{os.getpid()}-", f"-{process}-"))

    running = part(os.getppid(), ".tif")
    elsewhere = running.with_name(part(ended.pid, ".tif").name.replace(".satfusion-", ".satfusion-another"))
    stale = [part(ended.pid, ".tif"), part(ended.pid, ".json"), Path(f"{part(ended.pid, '.tif')}.ovr.tmp")]
    foreign = [elsewhere, made / ".satfusion-notes.txt", made / "x.part.tif"]
    for path in (running, *stale, *foreign):
        path.write_text("")
    small_pair(tmp_path / "scene", 32, 32).fuse("exp", made / "fused.tif")
    assert files_in(made) == sorted([running.name, "fused.tif", *(path.name for path in foreign)])


# Several runs at once


def test_two_runs_at_once_into_one_folder(tmp_path: Path, made: Path) -> None:
    pair = small_pair(tmp_path / "scene", 200, 200, dtype="uint16")
    expected = {method: pair.fuse(method, window=32) for method in ("exp", "gsa")}
    failures: list[BaseException] = []

    def fuse(method: str, name: str) -> None:
        try:
            for _ in range(4):
                pipeline.run(pair.job(method, made / name, window=32))
                np.testing.assert_array_equal(read_array(made / name), expected[method])
        except BaseException as error:
            failures.append(error)

    runs = [threading.Thread(target=fuse, args=each) for each in (("exp", "a.tif"), ("gsa", "b.tif"), ("exp", "c.tif"))]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert not failures
    assert files_in(made) == ["a.tif", "b.tif", "c.tif"]


def test_two_processes_at_once_to_one_output(large: OnDisk, made: Path) -> None:
    """Each writes a file of its own; the last to end gives its whole file the name."""
    processes = [start(large, made / "fused.tif", "--bands", "1") for _ in range(2)]
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert files_in(made) == ["fused.tif"]
    assert read_array(made / "fused.tif").shape == (1, 800, 800)
