"""Functions of the engine: the same in this interpreter and in a worker, with everything they tell."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.runtime import in_process
from satfusion_qgis.runtime.worker_session import run_in_engine
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from tests.pipeline.support import assert_one_sentence
from tests.runtime import odd_methods


class Hears(Feedback):
    """Keeps everything it is told, and by which thread."""

    def __init__(self, cancels_after: float = 1e9) -> None:
        self.progresses: list[tuple[float, float | None]] = []
        self.said: list[Any] = []
        self.threads: set[threading.Thread] = set()
        self.end = time.monotonic() + cancels_after

    def progress(self, fraction: float, remaining_s: float | None = None) -> None:
        self.progresses.append((fraction, remaining_s))
        self.threads.add(threading.current_thread())

    def info(self, text: str) -> None:
        self.said.append(("info", text))

    def warning(self, text: str) -> None:
        self.said.append(("warning", text))

    def scores(self, values: Any) -> None:
        self.said.append(("scores", values))

    def cancelled(self) -> bool:
        self.threads.add(threading.current_thread())
        return time.monotonic() > self.end


@pytest.fixture(params=["worker", "in process"])
def where(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path | None:
    """The interpreter to call in; None is this one."""
    if request.param == "worker":
        path: Path = request.getfixturevalue("odd")
        return path
    monkeypatch.setattr(in_process, "ENGINE_CALLS", odd_methods.CALLS)
    monkeypatch.setitem(sys.modules, "satfusion_qgis.odd_methods", odd_methods)
    return None


def test_arguments_results_and_everything_told(where: Path | None) -> None:
    hears = Hears()
    values = np.arange(5.0)
    found = run_in_engine(where, "count", {"to": 300, "values": values}, hears)
    np.testing.assert_array_equal(found["values"], 2 * values)
    assert found["sum"] == 10.0
    assert hears.progresses[:-1] == [((number + 1) / 300, 299.0 - number) for number in range(300)]
    assert hears.progresses[-1] == (1.0, None)
    assert hears.said == [("info", "counted"), ("warning", "that was all"), ("scores", {"loss": 10.0})]
    assert hears.threads == {threading.current_thread()}


def test_a_cancel_lets_it_put_its_files_in_order(where: Path | None, tmp_path: Path) -> None:
    hears = Hears(cancels_after=1.0)
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        run_in_engine(where, "wait", {"file": str(tmp_path / "part")}, hears)
    assert time.monotonic() - begin < 3
    assert list(tmp_path.iterdir()) == [] and hears.said == [("info", "begun")]


def test_a_cancel_before_it_starts(where: Path | None, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run_in_engine(where, "wait", {"file": str(tmp_path / "part")}, Hears(cancels_after=-1))
    assert list(tmp_path.iterdir()) == []


def test_bad_arguments(where: Path | None) -> None:
    with pytest.raises(InputError, match=r"^EPOCHS must be at least 1\.$"):
        run_in_engine(where, "fail", {"how": "input"})


@pytest.mark.parametrize(("name", "words"), [("nonsense", "count"), ("absent", "not part"), ("needs", "odd_needs")])
def test_functions_that_are_not_there(where: Path | None, name: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        run_in_engine(where, name, {})
    assert_one_sentence(str(caught.value))
    assert words in str(caught.value) or "not part" in str(caught.value)


def test_a_fault_and_a_death_are_one_sentence_each(odd: Path) -> None:
    hears = Hears()
    with pytest.raises(InputError) as caught:
        run_in_engine(odd, "fail", {"how": "failure"}, hears)
    assert_one_sentence(str(caught.value))
    assert "KeyError" in str(caught.value) and "weights" in str(caught.value)
    assert "Traceback" in hears.said[0][1] and "odd_methods.py" in hears.said[0][1]
    with pytest.raises(InputError) as caught:
        run_in_engine(odd, "fail", {"how": "die"})
    assert_one_sentence(str(caught.value))
    assert "return code 5" in str(caught.value) and "gone" in str(caught.value)


def test_the_path_holds_nothing_of_this_interpreter(odd: Path) -> None:
    path = run_in_engine(odd, "count", {"to": 1, "values": np.ones(1)})["path"]
    root = Path(__file__).resolve().parents[2]
    assert path and not {str(root), str(root / "satfusion_qgis" / "runtime"), "", "."} & set(path)
    own = {entry for entry in sys.path if "site-packages" in entry or "dist-packages" in entry}
    assert own and not own & set(path)


def test_the_table_of_calls_is_what_others_build_on() -> None:
    assert set(in_process.ENGINE_CALLS) == {"train", "import_model", "export_model"}
    for target in in_process.ENGINE_CALLS.values():
        module, _, function = target.partition(":")
        assert module.startswith("engine.") and function.isidentifier()
