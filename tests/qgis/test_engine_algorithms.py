"""The engine in QGIS: its algorithms, its window, its page in the options, and what they keep."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsSettings
from qgis.PyQt.QtWidgets import QMainWindow, QMessageBox

from satfusion_qgis.algorithms import engine_settings
from satfusion_qgis.runtime import engine_check as running
from satfusion_qgis.runtime.engine_check import CheckedDevice, EngineCheck, Problem, check_engine
from satfusion_qgis.runtime.install import Installed
from satfusion_qgis.runtime.interpreters import CHOSEN, forget_probes
from satfusion_qgis.tasks.engine_advice import ADVICE
from satfusion_qgis.tasks.errors import Cancelled, InputError
from tests.qgis.conftest import run_as_task, wait_until
from tests.runtime.fake_machines import interpreter, script

GIB = 2**30
DEVICES = [
    {"runtime": "onnxruntime", "device": "cpu", "name": "A processor", "memory_free": None, "memory_total": None},
    {"runtime": "torch", "device": "cuda:0", "name": "A card", "memory_free": 5 * GIB, "memory_total": 8 * GIB},
]
ANSWER = {
    "format": 1,
    "interpreter": "/there/python3",
    "python": "3.12.4",
    "system": "Here",
    "packages": [
        {"name": "numpy", "version": "2.4.6", "error": "", "fix": ""},
        {"name": "onnxruntime", "version": "1.31.1", "error": "", "fix": ""},
        {"name": "torch", "version": "2.13.0", "error": "", "fix": ""},
        {"name": "onnx", "version": "", "error": "ModuleNotFoundError: No module named 'onnx'", "fix": "x"},
    ],
    "devices": [
        {**DEVICES[0], "ok": True, "milliseconds": 0.25, "error": "", "fix": ""},
        {**DEVICES[1], "ok": False, "milliseconds": None, "error": "CUDA out of memory", "fix": ADVICE["gpu_memory"]},
    ],
    "problems": [
        {"subject": "torch on cuda:0", "error": "CUDA out of memory", "fix": ADVICE["gpu_memory"]},
    ],
    "ok": True,
}


@pytest.fixture(autouse=True)
def folder(application, tmp_path, monkeypatch):
    """An engine's folder of the test's own, and no settings."""
    forget_probes()
    monkeypatch.setenv("SATFUSION_ENGINE_FOLDER", str(tmp_path / "engine"))
    monkeypatch.delenv("SATFUSION_PYTHON", raising=False)
    yield tmp_path / "engine"
    for name in ("satfusion", "proxy"):
        QgsSettings().remove(name)


@pytest.fixture
def engine(tmp_path):
    """A program that answers a check as an engine does."""
    return answering(tmp_path, ANSWER)


def answering(folder, answer, then=""):
    text = json.dumps(answer).replace("'", "'\\''")
    return script(folder / "fake" / "python3", f"echo 'checking: torch on cuda:0' >&2\nprintf '%s\\n' '{text}'\n{then}")


def run(provider, name, log, **parameters):
    import processing

    return processing.run(f"satfusion:{name}", parameters, feedback=log)


# The algorithms.


def test_check_without_an_engine(provider, log):
    found = run(provider, "engine_check", log)
    assert found["OK"] == 0 and found["ENGINE"] == "" and found["TORCH"] == ""
    assert any("not installed" in line and "satfusion:engine_install" in line for line in log.warnings)
    assert any(" -m pip install " in line and "onnxruntime==" in line for line in log.lines)
    assert any(" -m venv " in line for line in log.lines)


def test_check_of_an_engine(provider, log, engine):
    found = run(provider, "engine_check", log, INTERPRETER=str(engine))
    assert found == {
        "OK": 1,
        "ENGINE": str(engine),
        "PYTHON": "3.12.4",
        "DEVICES": "cpu",
        "NUMPY": "2.4.6",
        "ONNXRUNTIME": "1.31.1",
        "TORCH": "2.13.0",
        "LIGHTNING": "",
    }
    table = "\n".join(log.lines)
    assert "works: 0.25 ms" in table and "5.0 of 8.0 GiB free" in table and "Not installed: onnx" in table
    assert [line for line in log.warnings if "out of memory" in line and ADVICE["gpu_memory"] in line]
    columns = {line.index(word) for line in log.lines for word in ("works: 0.25", "fails: CUDA") if word in line}
    assert len(columns) == 1


def test_the_interpreter_of_the_options_is_checked(provider, log, engine):
    engine_settings.store("interpreter", str(engine))
    assert run(provider, "engine_check", log)["ENGINE"] == str(engine)


def test_a_wrong_interpreter(provider, log, tmp_path):
    with pytest.raises(QgsProcessingException, match="INTERPRETER: there is no interpreter"):
        run(provider, "engine_check", log, INTERPRETER=str(tmp_path / "none"))


def test_this_interpreter_has_no_runtime(provider, log):
    """In earnest: QGIS's own Python is no engine."""
    found = run(provider, "engine_check", log, INTERPRETER=sys.executable)
    assert found["OK"] == 0 and found["PYTHON"] == ".".join(map(str, sys.version_info[:3]))
    assert any("neither onnxruntime nor torch" in line for line in log.warnings)


def test_install_in_a_task(provider, log, monkeypatch, tmp_path):
    from satfusion_qgis.algorithms import engine_install

    seen = []

    def fake(wish, machine, feedback):
        seen.append(wish)
        feedback.progress(0.5)
        feedback.info("Collecting numpy")
        return Installed(Path("/there/python"), "full", {"python": "3.12.4", "numpy": "2.4.6"}, 61.2)

    monkeypatch.setattr(engine_install, "install", fake)
    QgsSettings().setValue("proxy/proxyEnabled", True)
    QgsSettings().setValue("proxy/proxyHost", "proxy.invalid")
    QgsSettings().setValue("proxy/proxyPort", "3128")
    given = {"SIZE": "full", "DEVICE": "cpu", "WHEELS": str(tmp_path), "REINSTALL": True}
    good, found, _ = run_as_task(provider.algorithm("engine_install"), given, log)
    assert good and found == {"ENGINE": "/there/python", "VERSIONS": "python 3.12.4, numpy 2.4.6", "SECONDS": 61.2}
    assert (seen[0].size, seen[0].device, seen[0].wheels, seen[0].reinstall) == ("full", "cpu", str(tmp_path), True)
    assert seen[0].network["HTTPS_PROXY"] == "http://proxy.invalid:3128"
    assert "Collecting numpy" in log.lines
    assert any("--no-index --find-links" in line for line in log.lines)


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"SIZE": "huge"}, "SIZE"),
        ({"DEVICE": "tpu"}, "DEVICE"),
        ({"WHEELS": "/no/such/folder"}, "WHEELS: the folder /no/such/folder holds no wheel"),
        ({"INTERPRETER": "/no/such/python"}, "INTERPRETER: there is no interpreter"),
    ],
)
def test_install_with_wrong_values(provider, log, folder, parameters, word):
    with pytest.raises(QgsProcessingException, match=word):
        run(provider, "engine_install", log, **parameters)
    assert not folder.exists()


def test_cancelling_an_installation(provider, log, monkeypatch):
    from satfusion_qgis.algorithms import engine_install

    def fake(wish, machine, feedback):
        wait_for_cancel(feedback)
        raise Cancelled

    monkeypatch.setattr(engine_install, "install", fake)
    good, _, _ = run_as_task(provider.algorithm("engine_install"), {}, log, cancel_after_ms=200)
    assert not good and not log.errors


def wait_for_cancel(feedback):
    import time

    end = time.monotonic() + 20
    while not feedback.cancelled() and time.monotonic() < end:
        time.sleep(0.02)


# What stands behind them.


def test_an_engine_that_crashes_says_where(tmp_path):
    path = script(tmp_path / "python3", "echo 'checking: torch on cuda:1' >&2\nkill -11 $$")
    found = check_engine(path)
    assert not found.ok and found.problems[0].subject == "torch on cuda:1"
    assert "signal 11" in found.problems[0].error and found.problems[0].fix == ADVICE["stopped"]


def test_an_engine_that_never_answers(tmp_path):
    found = check_engine(script(tmp_path / "python3", "echo 'checking: torch' >&2\nsleep 30"), time_limit_s=0.5)
    assert found.problems == (Problem("torch", "there was no answer within 0 s", ADVICE["slow"]),)


def test_an_engine_that_cannot_be_started(tmp_path):
    assert "cannot be started" in check_engine(tmp_path / "none").problems[0].error
    assert not check_engine(interpreter(tmp_path / "python3")).ok  # it answers, and not as a check does


def test_cancelling_a_check(tmp_path):
    with pytest.raises(Cancelled):
        check_engine(script(tmp_path / "python3", "sleep 30"), cancelled=lambda: True)


def test_the_program_is_there():
    assert running.find("engine/check.py").is_file() and running.find("runtime/probe.py").is_file()


# Settings.


def test_settings_come_and_go():
    read = (engine_settings.interpreter, engine_settings.device, engine_settings.threads, engine_settings.models_folder)
    assert [one() for one in read] == ["", "auto", 0, ""]
    for name, value in (("interpreter", " /a "), ("device", "CUDA:1"), ("threads", "3"), ("models_folder", "/m")):
        engine_settings.store(name, value)
    assert [one() for one in read] == ["/a", "cuda:1", 3, "/m"]
    assert QgsSettings().value("satfusion/threads") == "3"
    for name in ("interpreter", "device", "threads", "models_folder"):
        engine_settings.store(name, "")
    assert [one() for one in read] == ["", "auto", 0, ""]


def test_settings_that_make_no_sense():
    with pytest.raises(InputError, match="abacus"):
        engine_settings.store("device", "abacus")
    with pytest.raises(InputError, match="many"):
        engine_settings.store("threads", "many")
    QgsSettings().setValue("satfusion/device", "abacus")
    QgsSettings().setValue("satfusion/threads", "-3")
    assert (engine_settings.device(), engine_settings.threads()) == ("auto", 0)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"proxyHost": "p", "proxyPort": "1"}, {}),
        ({"proxyEnabled": "true"}, {}),
        ({"proxyEnabled": True, "proxyHost": "p", "proxyPort": "80"}, "http://p:80"),
        ({"proxyEnabled": "true", "proxyHost": "p", "proxyType": "Socks5Proxy"}, "socks5://p"),
        (
            {"proxyEnabled": "true", "proxyHost": "p", "proxyUser": "me@work", "proxyPassword": "a/b:c"},
            "http://me%40work:a%2Fb%3Ac@p",
        ),
    ],
)
def test_the_proxy_of_qgis(settings, expected):
    for name, value in settings.items():
        QgsSettings().setValue(f"proxy/{name}", value)
    wanted = {"HTTPS_PROXY": expected, "HTTP_PROXY": expected} if expected else {}
    assert engine_settings.proxy() == wanted


def test_hosts_without_the_proxy():
    for name, value in (("proxyEnabled", "true"), ("proxyHost", "p"), ("noProxyUrls", ["http://near.invalid/x", "b"])):
        QgsSettings().setValue(f"proxy/{name}", value)
    assert engine_settings.proxy()["NO_PROXY"] == "near.invalid,b"


# The windows.


class Window:
    """What QGIS's interface has of a plugin."""

    def __init__(self):
        self.window, self.actions, self.factories = QMainWindow(), [], []

    def mainWindow(self):
        return self.window

    def addPluginToMenu(self, menu, action):
        self.actions.append((menu, action))

    def removePluginMenu(self, menu, action):
        self.actions.remove((menu, action))

    def registerOptionsWidgetFactory(self, factory):
        self.factories.append(factory)

    def unregisterOptionsWidgetFactory(self, factory):
        self.factories.remove(factory)


@pytest.fixture
def dialog(folder):
    from satfusion_qgis.gui.engine_dialog import EngineDialog

    made = EngineDialog()
    made.show()
    yield made
    made.stop()
    made.close()


def text(dialog):
    return dialog._log.toPlainText()


def finished(dialog):
    wait_until(lambda: dialog._task is None, seconds=30)
    assert dialog._task is None, "the work did not end"
    return text(dialog)


def test_the_plugin_adds_its_menu_and_page_and_takes_them_away(application, folder, monkeypatch):
    from satfusion_qgis.plugin import SatFusionPlugin

    monkeypatch.setattr(SatFusionPlugin, "initProcessing", lambda self: None)  # the provider is there already
    window = Window()
    plugin = SatFusionPlugin(window)
    plugin.initGui()
    assert [menu for menu, _ in window.actions] == ["SatFusion"] * 2 and len(window.factories) == 1
    for number, _ in enumerate(window.actions):
        window.actions[number][1].trigger()
    for shown in (plugin._menu._dialog, plugin._menu._models):
        assert shown.isVisible() and shown.parent() is window.window
    plugin.unload()
    assert window.actions == [] and window.factories == []
    plugin.unload()


def test_nothing_of_the_windows_is_loaded_without_a_window(application):
    import subprocess

    code = (
        "import sys; from satfusion_qgis.plugin import SatFusionPlugin; "
        "sys.exit(', '.join(name for name in sys.modules if name.startswith('satfusion_qgis.gui')) or 0)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_dialog_says_what_there_is(dialog, tmp_path):
    assert "not installed" in dialog._state.text()
    assert not dialog.grab().isNull()
    engine_settings.store("interpreter", str(script(tmp_path / "mine", "")))
    dialog.show_state()
    assert str(tmp_path / "mine") in dialog._state.text()
    engine_settings.store("interpreter", str(tmp_path / "gone"))
    dialog.show_state()
    assert "there is no interpreter" in dialog._state.text()


def test_the_dialog_checks(dialog, engine):
    engine_settings.store("interpreter", str(engine))
    dialog.check()
    assert not dialog._actions[0].isEnabled() and dialog._cancel.isVisible()
    said = finished(dialog)
    cells = [[dialog._devices.item(row, column).text() for column in range(5)] for row in range(2)]
    assert cells[0] == ["onnxruntime", "cpu", "A processor", "", "works: 0.25 ms"]
    assert cells[1] == ["torch", "cuda:0", "A card", "5.0 of 8.0 GiB free", "fails: CUDA out of memory"]
    assert ADVICE["gpu_memory"] in said
    assert dialog._actions[0].isEnabled() and not dialog._cancel.isVisible()
    picture = dialog.grab()
    assert not picture.isNull() and picture.width() > 300


def test_the_dialog_without_an_engine(dialog):
    dialog.check()
    assert "satfusion:engine_install" in finished(dialog)


def test_the_dialog_installs(dialog, monkeypatch, tmp_path):
    from satfusion_qgis.gui import engine_dialog

    seen = []

    def fake(wish, machine, feedback):
        seen.append(wish)
        feedback.info("Collecting numpy")
        feedback.progress(0.5)
        return Installed(Path("/there"), wish.size, {"numpy": "2.4.6"}, 1.0)

    monkeypatch.setattr(engine_dialog, "install", fake)
    dialog._size.setCurrentIndex(1)
    dialog._wheels.setFilePath(str(tmp_path))
    dialog.install()
    said = finished(dialog)
    assert "Collecting numpy" in said and "numpy 2.4.6" in said
    assert (seen[0].size, seen[0].device, seen[0].wheels) == ("full", "cpu", str(tmp_path))


def test_the_dialog_tells_an_error(dialog):
    dialog._wheels.setFilePath("/no/such/folder")
    dialog.install()
    assert "WHEELS: the folder /no/such/folder holds no wheel" in finished(dialog)


def test_the_dialog_tells_what_nobody_thought_of(dialog, monkeypatch):
    from satfusion_qgis.gui import engine_dialog

    monkeypatch.setattr(engine_dialog, "install", lambda wish, machine, feedback: 1 / 0)
    dialog.install()
    assert "ZeroDivisionError" in finished(dialog)


def test_the_dialog_cancels(dialog, monkeypatch):
    from satfusion_qgis.gui import engine_dialog

    begun = []

    def fake(wish, machine, feedback):
        begun.append(1)
        wait_for_cancel(feedback)
        raise Cancelled

    monkeypatch.setattr(engine_dialog, "install", fake)
    dialog.install()
    dialog.install()  # a second one is not begun meanwhile
    wait_until(lambda: bool(begun))
    dialog._cancel.click()
    assert "Cancelled." in finished(dialog)
    assert begun == [1]


def test_the_dialog_goes_while_it_works(application, engine, monkeypatch):
    from satfusion_qgis.gui import engine_dialog

    begun, ended = [], []

    def fake(wish, machine, feedback):
        begun.append(1)
        wait_for_cancel(feedback)
        ended.append(1)
        raise Cancelled

    monkeypatch.setattr(engine_dialog, "install", fake)
    made = engine_dialog.EngineDialog()
    made.install()
    wait_until(lambda: bool(begun))
    made.stop()
    assert ended == [1]
    made.deleteLater()
    wait_until(lambda: False, seconds=0.3)


def test_the_dialog_copies_the_command(dialog):
    dialog.copy_command()
    said = finished(dialog)
    copied = QgsApplication.clipboard().text()
    assert " -m venv " in copied and "onnxruntime==" in copied and copied in said


def test_the_dialog_removes_after_asking(dialog, folder, monkeypatch):
    dialog._ask_and_remove()
    assert "no engine to remove" in text(dialog)
    (folder / "environment" / "bin").mkdir(parents=True)
    (folder / "installed.json").write_text('{"format": 1, "state": "half-installed"}')
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: answers.pop(0))
    dialog._ask_and_remove()
    assert folder.exists() and dialog._task is None
    dialog._ask_and_remove()
    assert "was removed" in finished(dialog)
    assert not folder.exists()


def test_the_page_in_the_options(application, tmp_path):
    from satfusion_qgis.gui.options import OptionsFactory

    engine_settings.store("device", "cuda:1")
    factory = OptionsFactory()
    page = factory.createWidget(None)
    assert factory.title() == "SatFusion" and not factory.icon().isNull()
    assert page.device.currentText() == "cuda:1" and page.threads.value() == 0
    assert not page.grab().isNull()
    page.interpreter.setFilePath(str(tmp_path / "python3"))
    page.threads.setValue(4)
    page.models_folder.setFilePath(str(tmp_path))
    page.device.setCurrentText("mps")
    assert engine_settings.threads() == 0
    page.apply()
    assert engine_settings.interpreter() == str(tmp_path / "python3")
    assert (engine_settings.device(), engine_settings.threads()) == ("mps", 4)
    assert engine_settings.models_folder() == str(tmp_path)
    page.device.setCurrentText("abacus")
    page.apply()
    assert page.device.currentText() == engine_settings.device() == "mps"


def test_both_algorithms_run_in_the_background(provider):
    context = QgsProcessingContext()
    for name in ("engine_check", "engine_install"):
        algorithm = provider.algorithm(name)
        assert not algorithm.flags() & type(algorithm).Flag.FlagNoThreading
        assert algorithm.checkParameterValues({}, context)[0]
        assert algorithm.groupId() == "engine"


def test_a_report_of_an_engine_that_does_not_start():
    from satfusion_qgis.algorithms.engine_report import report_lines

    nothing = EngineCheck(Path("/x"), False, "", {}, (), (), ())
    assert report_lines(nothing, CHOSEN)[-1] == "The engine does not work."
    device = CheckedDevice("torch", "cpu", "", None, None, True, 1.5, "")
    found = EngineCheck(Path("/x"), True, "3.12.4", {"numpy": "2"}, (), (device,), ())
    assert "works: 1.50 ms" in "\n".join(report_lines(found, CHOSEN))
