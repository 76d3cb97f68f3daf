"""A worker gives what this interpreter gives, whatever way the arrays travel."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.pipeline import estimate, execute
from satfusion_qgis.runtime import memory
from satfusion_qgis.runtime.in_process import InProcessSession, session_for
from satfusion_qgis.runtime.session import Remark, SessionInfo
from satfusion_qgis.runtime.worker_session import WorkerSession
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.method import Array, Blocks, SceneInfo
from satfusion_qgis.tasks.window import Window
from tests.core.drive_methods import Pair, blocks_of, fuse, pair_of, places, window_at, with_holes
from tests.pipeline.support import Log, OnDisk, files_at_most, on_disk, read_array, small_pair
from tests.runtime.support import in_worker
from tests.scenes import make_pair

METHODS = ("gsa", "mtf_glp_local", "brovey")


@pytest.fixture
def pair(tmp_path: Path) -> OnDisk:
    """A scene with patches and single pixels of nodata in both images."""
    scene = make_pair(200, 232)
    rng = np.random.default_rng(3)
    ms, pan = scene.ms.copy(), scene.pan.copy()
    ms[:, rng.random(ms.shape[1:]) < 0.02] = -9
    ms[:, 5:11, 20:31] = -9
    pan[:, 130:170, 40:90] = -9
    return on_disk(tmp_path / "scene", scene, ms=ms, pan=pan, nodata=-9)


def opened(engine: Path, pair: Pair, method: str, **options: Any) -> tuple[WorkerSession, Any]:
    """A session with the state of a scene, and what this interpreter made of it."""
    whole = fuse(pair, method)
    implementation = whole.implementation
    description = CATALOGUE.method("pansharpening", method)
    session = WorkerSession(engine, description, implementation.parameters, implementation.scene, **options)
    session.open()
    session.set_state(whole.state)
    return session, whole


# Results


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("threads", [1, 3])
def test_a_run_gives_the_same(
    engine: Path, pair: OnDisk, made: Path, monkeypatch: pytest.MonkeyPatch, method: str, threads: int
) -> None:
    expected = pair.fuse(method, window=64, threads=threads)
    assert 0.6 < (expected != -9).mean() < 0.99
    for long in (True, False):  # with an estimate before, and without
        monkeypatch.setattr(estimate, "_LONG_RUN_VALUES", 0.0 if long else 1e12)
        log = Log()
        job = pair.job(method, made / "fused.tif", window=64, threads=threads)
        pipeline.run(job, feedback=log, open_session=in_worker(engine))
        fused = read_array(made / "fused.tif")
        np.testing.assert_array_equal(fused == -9, expected == -9)
        np.testing.assert_allclose(fused, expected, rtol=1e-6, atol=1e-6 * np.ptp(expected))
        assert any(line.startswith("Estimate") for line in log.lines) is long
        assert log.fractions == sorted(log.fractions) and log.fractions[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("how", ["shared", "file", "none", "not created", "not attached", "tiny", "full"])
def test_every_way_of_the_arrays(odd: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Shared memory of either kind; none; refused by either side; too small for most windows; no room for it."""
    pair = with_holes(pair_of(make_pair(160, 192)))
    if how == "none":
        monkeypatch.setattr(memory, "_open_file", lambda: None)
    if how in ("file", "not created"):
        monkeypatch.delattr(memory.os, "memfd_create", raising=False)
    if how == "not created":
        monkeypatch.setattr(memory.tempfile, "TemporaryFile", refuse)
    if how == "not attached":
        monkeypatch.setenv("SATFUSION_TEST_WORKER", how)
    if how == "tiny":
        monkeypatch.setattr(memory, "_STEP", 4096)
        monkeypatch.setattr(memory, "_LARGEST_SLOT", 40000)
    session, whole = opened(odd, pair, "gsa")
    ways, sent = set(), session._child._slot_for
    monkeypatch.setattr(session._child, "_slot_for", lambda *asked: found_way(ways, sent(*asked)))
    room = 1000 if how == "full" else 1 << 40
    try:
        for size in (16, 32, 160, 64):
            for place in places(160, 192, (size, size)):
                window = window_at(pair, place, whole.implementation.halo())
                with files_at_most(room):
                    (result,) = session.fuse([blocks_of(pair, window)], [window])
                inside = np.s_[place[0] : place[0] + place[2], place[1] : place[1] + place[3]]
                valid = whole.valid[inside]
                np.testing.assert_array_equal(result.get("OUTPUT_valid", np.ones_like(valid)), valid)
                np.testing.assert_allclose(
                    result["OUTPUT"][:, valid], whole.image[:, inside[0], inside[1]][:, valid], rtol=1e-5
                )
                assert result["OUTPUT"].flags.writeable and result["OUTPUT"].dtype == np.float32
                result["OUTPUT"][...] = np.nan
    finally:
        session.close()
    assert ways == ({True} if how in ("shared", "file", "tiny") else {False})


def refuse(*_: Any, **__: Any) -> Any:
    raise OSError("not here")


def found_way(ways: set[bool], slot: Any) -> Any:
    """Note whether there was a slot."""
    ways.add(slot is not None)
    return slot


def test_several_windows_at_once_and_lists(engine: Path) -> None:
    pair = with_holes(pair_of(make_pair(64, 96)))
    session, whole = opened(engine, pair, "mtf_glp_fs")
    try:
        windows = [window_at(pair, place, whole.implementation.halo()) for place in places(64, 96, (32, 32))]
        results = session.fuse([blocks_of(pair, window) for window in windows], windows)
    finally:
        session.close()
    assert len(results) == 6
    for window, result in zip(windows, results):
        inside = np.s_[window.row : window.row + 32, window.column : window.column + 32]
        valid = whole.valid[inside]
        np.testing.assert_allclose(
            result["OUTPUT"][:, valid], whole.image[:, inside[0], inside[1]][:, valid], rtol=1e-5
        )


def test_a_new_state_takes_the_place_of_the_old(engine: Path) -> None:
    pair = pair_of(make_pair(64, 64))
    session, whole = opened(engine, pair, "gsa")
    window = window_at(pair, (0, 0, 64, 64), whole.implementation.halo())
    other = fuse(pair_of(make_pair(64, 64, seed=5)), "gsa").state
    here = session_for("pansharpening", "gsa", {}, whole.implementation.scene)
    try:
        found = []
        for state in (whole.state, other, whole.state):
            here.set_state(state)
            session.set_state(state)
            expected = here.fuse([blocks_of(pair, window)], [window])[0]["OUTPUT"]
            found.append(session.fuse([blocks_of(pair, window)], [window])[0]["OUTPUT"])
            np.testing.assert_allclose(found[-1], expected, rtol=1e-6)
        assert np.abs(found[0] - found[1]).max() > 1
    finally:
        session.close()


# What a session says


def test_it_says_what_it_is(engine: Path) -> None:
    pair = pair_of(make_pair(64, 64))
    description = CATALOGUE.method("pansharpening", "gsa")
    scene = fuse(pair, "gsa").implementation.scene
    session = WorkerSession(engine, description, {}, scene, threads=2)
    try:
        info = session.open()
    finally:
        session.close()
    assert info == SessionInfo("cpu", 1, 1, concurrent=False)
    assert session.remarks() == []


def test_notes_and_remarks_reach_the_log(pair: OnDisk, made: Path) -> None:
    said = [[Remark("smaller tiles"), Remark("it is slow", is_warning=True)]]

    class Talks(InProcessSession):
        def open(self) -> SessionInfo:
            return SessionInfo("cpu", 1, 1, concurrent=True, notes=("Device: cpu, for cuda was asked for",))

        def remarks(self) -> list[Remark]:
            return said.pop() if said else []

    log = Log()
    job = pair.job("exp", made / "fused.tif", window=64)
    pipeline.run(job, feedback=log, open_session=lambda plan: Talks(plan.method, plan.implementation))
    assert log.lines.count("Device: cpu, for cuda was asked for") == 1
    assert log.lines.count("smaller tiles") == 1 and log.warnings == ["it is slow"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"device": "cuda:7"}, ("DEVICE", "cuda:7")),
        ({"method": "nothing"}, ("nothing", "gsa")),
        ({"parameters": {"WRONG": 1}}, ("WRONG",)),
    ],
)
def test_what_is_refused_is_refused_there_too(engine: Path, changes: dict[str, Any], words: tuple[str, ...]) -> None:
    scene = SceneInfo({"MS": 4, "PAN": 1}, {"MS": 1, "PAN": 1}, {"MS": (4.0, 4.0), "PAN": (1.0, 1.0)})
    asked = {"task": "pansharpening", "method": "gsa", "parameters": {}, "scene": scene, **changes}
    with pytest.raises(InputError) as here:
        session_for(**asked)
    session = WorkerSession(engine, CATALOGUE.method("pansharpening", "gsa"), {}, scene)
    session._asked.update(asked)
    try:
        with pytest.raises(InputError) as there:
            session.open()
    finally:
        session.close()
    assert str(there.value) == str(here.value)
    assert all(word in str(there.value) for word in words)


# Order of calls


def test_a_cancelled_session_computes_nothing_more(engine: Path) -> None:
    pair = pair_of(make_pair(64, 64))
    session, whole = opened(engine, pair, "exp")
    window = window_at(pair, (0, 0, 64, 64), whole.implementation.halo())
    session.fuse([blocks_of(pair, window)], [window])
    session.cancel()
    for again in (
        lambda: session.fuse([blocks_of(pair, window)], [window]),
        lambda: session.set_state(whole.state),
        lambda: session.fuse([blocks_of(pair, window)], [window]),
    ):
        with pytest.raises(Cancelled):
            again()
    session.close()
    session.close()


def test_a_closed_session_says_so_and_one_never_opened_can_be_closed(engine: Path) -> None:
    pair = pair_of(make_pair(64, 64))
    session, _ = opened(engine, pair, "exp")
    session.close()
    with pytest.raises(InputError, match="closed"):
        session.set_state({})
    never = WorkerSession(engine, CATALOGUE.method("pansharpening", "exp"), {}, SceneInfo({}, {}, {}))
    never.cancel()
    with pytest.raises(Cancelled):
        never.open()
    never.close()
    again = WorkerSession(engine, CATALOGUE.method("pansharpening", "exp"), {}, SceneInfo({}, {}, {}))
    again.close()
    with pytest.raises(InputError, match="closed"):
        again.open()


# The pipeline around a session


class OneAtATime(InProcessSession):
    """Computes in this interpreter, one window at a time, and keeps whatever a test hangs on it."""

    def open(self) -> SessionInfo:
        return SessionInfo("cpu", 1, 1, concurrent=False)


def test_reading_and_encoding_go_on_while_it_computes(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step waits for another thread to be in another step; one after the other, nobody would ever come."""
    pair = small_pair(tmp_path / "scene", 128, 128)
    computing, reading_meanwhile, encoding_meanwhile = threading.Event(), threading.Event(), threading.Event()
    at_once = []
    blocks, encode = execute._Run._blocks, execute.encode

    class Watches(OneAtATime):
        running = 0

        def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
            Watches.running += 1
            at_once.append(Watches.running)
            computing.set()
            if len(at_once) == 1:
                assert reading_meanwhile.wait(10), "nobody reads"
            if len(at_once) == 3:
                assert encoding_meanwhile.wait(10), "nobody encodes"
            computing.clear()
            Watches.running -= 1
            return super().fuse(batch, windows)

    first = threading.Lock()

    def reads(*asked: Any) -> Any:
        # The first one to read goes on to compute; the others read while it does.
        if not reading_meanwhile.is_set() and not first.acquire(blocking=False) and computing.wait(5):
            reading_meanwhile.set()
        return blocks(*asked)

    def encodes(*asked: Any) -> Any:
        if not encoding_meanwhile.is_set() and computing.wait(5):
            encoding_meanwhile.set()
        return encode(*asked)

    monkeypatch.setattr(execute._Run, "_blocks", reads)
    monkeypatch.setattr(execute, "encode", encodes)
    job = pair.job("exp", made / "fused.tif", window=32, threads=1)
    pipeline.run(job, open_session=lambda plan: Watches(plan.method, plan.implementation))
    assert len(at_once) == 16 and set(at_once) == {1}
    monkeypatch.undo()
    np.testing.assert_array_equal(read_array(made / "fused.tif"), pair.fuse("exp", window=32))


def test_a_session_that_cannot_be_opened_ends_the_passes(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = small_pair(tmp_path / "scene", 64, 64)
    failed, scan = threading.Event(), execute._Run._blocks

    class Fails(OneAtATime):
        closed = 0

        def open(self) -> SessionInfo:
            failed.set()
            raise InputError("The engine is not there.")

        def close(self) -> None:
            Fails.closed += 1

    def waits(*asked: Any) -> Any:
        assert failed.wait(5)
        return scan(*asked)

    def never(*_: Any) -> Any:
        raise AssertionError("it went on")

    monkeypatch.setattr(execute._Run, "_blocks", waits)
    monkeypatch.setattr(execute._Run, "_write", never)
    for long in (0.0, 1e12):
        monkeypatch.setattr(estimate, "_LONG_RUN_VALUES", long)
        with pytest.raises(InputError, match="not there"):
            job = pair.job("gsa", made / "fused.tif")
            pipeline.run(job, open_session=lambda plan: Fails(plan.method, plan.implementation))
    assert Fails.closed == 2


@pytest.mark.parametrize("where", ["open", "fuse"])
def test_every_session_is_closed_once(tmp_path: Path, made: Path, where: str) -> None:
    pair = small_pair(tmp_path / "scene", 64, 64)
    order: list[str] = []

    class Notes(OneAtATime):
        def open(self) -> SessionInfo:
            if where == "open":
                raise Cancelled
            return super().open()

        def fuse(self, batch: Sequence[Blocks], windows: Sequence[Window]) -> list[dict[str, Array]]:
            order.append("fuse")
            raise Cancelled

        def close(self) -> None:
            order.append("close")

    with pytest.raises(Cancelled):
        job = pair.job("exp", made / "fused.tif", window=32)
        pipeline.run(job, feedback=Feedback(), open_session=lambda plan: Notes(plan.method, plan.implementation))
    assert order.count("close") == 1 and order[-1] == "close"
