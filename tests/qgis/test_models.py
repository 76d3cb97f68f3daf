"""Models in the toolbox and in the dialog: listed, shown, imported, exported, downloaded, removed."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.PyQt.QtWidgets import QMainWindow, QMessageBox

from satfusion_qgis.inference.model_files import new_model, write_card
from satfusion_qgis.runtime import model_calls, model_download
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.model_card import ModelCard
from tests.qgis.conftest import run_as_task, wait_until

WEIGHTS = b"\x02\x00\x00\x00\x00\x00\x00\x00{}"
BANDS = (("Blue", 485), ("Green", 555), ("Red", 660), ("NIR", 830))


def card_data(name, **changes):
    return {
        "format": 1,
        "id": name,
        "title": f"Title of <{name}>",
        "method": "pnn",
        "task": "pansharpening",
        "configuration": {"bands": 4},
        "inputs": [
            {"role": "MS", "bands": [{"name": band, "wavelength_nm": centre} for band, centre in BANDS]},
            {"role": "PAN", "bands": [{"name": "PAN"}]},
        ],
        "output": {"bands": 4},
        "ratio": {"min": 3.6, "max": 4.4, "trained": 4},
        "halo": 8,
        "files": [{"name": "model.safetensors", "sha256": hashlib.sha256(WEIGHTS).hexdigest(), "bytes": len(WEIGHTS)}],
        "licence": "CC-BY-4.0",
        "attribution": "Somebody",
        "training": {"data": ["a scene"], "steps": 100},
        "scores": [{"place": "town", "protocol": "Wald", "metric": "ERGAS", "value": 1.25, "interval": [1.2, 1.3]}],
        "limits": ["Loses over water."],
        **changes,
    }


def make_model(models, name, **changes):
    with new_model(models, name) as folder:
        (folder / "model.safetensors").write_bytes(WEIGHTS)
        write_card(folder, card_data(name, **changes))
    return models / name


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's models folder, with two models."""
    models = tmp_path / "models"
    monkeypatch.setenv("SATFUSION_MODELS", str(models))
    make_model(models, "town")
    make_model(models, "land", method="fusionnet")
    return models


@pytest.fixture
def engine(monkeypatch):
    """What was asked of the engine; it answers with `engine.answer`, or raises it."""

    asked = SimpleNamespace(calls=[], answer=None)

    def call(settings, name, arguments, feedback):
        asked.calls.append((name, dict(arguments)))
        feedback.info("The engine works")
        answer = asked.answer(arguments) if callable(asked.answer) else asked.answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(model_calls, "call_engine", call)
    return asked


def run(name, parameters, log):
    import processing

    return processing.run(f"satfusion:{name}", parameters, feedback=log)


def fails(provider, name, parameters, log):
    good, _, _ = run_as_task(provider.algorithm(name), parameters, log)
    assert not good
    assert len(log.errors) == 1, log.errors
    return log.errors[0]


# The toolbox


def test_group(provider):
    found = {item.name(): item.group() for item in provider.algorithms() if item.name().startswith("model_")}
    assert found == dict.fromkeys(
        ("model_list", "model_info", "model_import", "model_export", "model_download"), "Models"
    )


def test_list(provider, own, tmp_path, log):
    page, table = str(tmp_path / "list.html"), str(tmp_path / "list.json")
    results = run("model_list", {"REPORT": page, "OUTPUT": table}, log)
    assert results["COUNT"] >= 2 and {"land", "town"} <= set(results["IDS"].split(","))
    assert any(line.startswith("town ") and "CC-BY-4.0" in line for line in log.lines)
    assert "Title of &lt;town&gt;" in Path(page).read_text(encoding="utf-8")
    rows = {row["id"]: row for row in json.loads(Path(table).read_text(encoding="utf-8"))["models"]}
    assert rows["town"]["bands"] == "Blue, Green, Red, NIR" and rows["town"]["origin"] == "own"
    assert rows["town"]["folder"] == str(own / "town")
    only = run("model_list", {"METHOD": "fusionnet"}, log)
    assert "town" not in only["IDS"].split(",") and "land" in only["IDS"].split(",")


def test_list_names_damaged_cards(provider, own, tmp_path, log):
    (own / "town" / "card.json").write_text("{}", encoding="utf-8")
    results = run("model_list", {"REPORT": str(tmp_path / "list.html")}, log)
    assert "town" not in results["IDS"].split(",")
    assert any(str(own / "town") in line for line in log.warnings)
    assert str(own / "town") in (tmp_path / "list.html").read_text(encoding="utf-8")


def test_info(provider, own, tmp_path, log):
    page, card = str(tmp_path / "card.html"), str(tmp_path / "card.json")
    results = run("model_info", {"MODEL": "town", "REPORT": page, "OUTPUT": card}, log)
    assert results["VERIFIED"] is True and results["LICENCE"] == "CC-BY-4.0"
    text = Path(page).read_text(encoding="utf-8")
    for shown in ("Loses over water.", "ERGAS", "1.2 - 1.3", "CC-BY-4.0", "Somebody", "a scene", "verified", "830"):
        assert shown in text
    assert "<town>" not in text
    assert json.loads(Path(card).read_text(encoding="utf-8"))["id"] == "town"
    assert run("model_info", {"MODEL": str(own / "land")}, log)["ID"] == "land"


def test_info_of_a_damaged_model(provider, own, tmp_path, log):
    (own / "town" / "model.safetensors").write_bytes(b"1234")
    page = tmp_path / "card.html"
    results = run("model_info", {"MODEL": "town", "REPORT": str(page)}, log)
    assert results["VERIFIED"] is False
    assert any("bytes in place of" in line for line in log.warnings)
    assert "bytes in place of" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("fields", [{}, {"scores": 3, "limits": "x", "training": [1], "gsd_m": 5, "attribution": {}}])
def test_a_page_of_whatever_a_card_says(provider, own, tmp_path, log, fields):
    """Fields that nobody checks when a card is read must not break its page."""
    data = card_data("odd")
    for name in ("scores", "limits", "training", "attribution"):
        data.pop(name)
    make_model(own, "odd", **{"scores": None, "limits": None, "training": None, "attribution": None, **fields})
    run("model_info", {"MODEL": "odd", "REPORT": str(tmp_path / "odd.html")}, log)
    assert "Title of" in (tmp_path / "odd.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", ["", "none", "/no/such/folder"])
def test_a_model_that_is_not_there(provider, own, log, model):
    for name in ("model_info", "model_export"):
        log.errors.clear()
        assert "MODEL" in fails(provider, name, {"MODEL": model}, log)


def test_import(provider, own, engine, tmp_path, log):
    source = tmp_path / "weights.pth"
    source.write_bytes(b"")
    engine.answer = {"id": "new", "folder": str(own / "new")}
    results = run(
        "model_import",
        {
            "INPUT": str(source),
            "TITLE": "New",
            "BANDS": "Blue:485:60, Green:555",
            "RATIO": 4,
            "LICENCE": "MIT",
            "TRAINING_DATA": "a; b",
        },
        log,
    )
    assert results["ID"] == "new" and results["FOLDER"] == str(own / "new")
    ((name, arguments),) = engine.calls
    assert name == "import_model"
    assert arguments == {
        "INPUT": str(source),
        "MODELS": str(own),
        "REPLACE": False,
        "TITLE": "New",
        "BANDS": [
            {"name": "Blue", "wavelength_nm": 485.0, "width_nm": 60.0},
            {"name": "Green", "wavelength_nm": 555.0, "width_nm": None},
        ],
        "RATIO": 4.0,
        "LICENCE": "MIT",
        "TRAINING_DATA": ["a", "b"],
    }
    assert "The engine works" in log.lines
    json.dumps(arguments)


def test_import_of_a_folder(provider, own, engine, tmp_path, log):
    engine.answer = {"id": "town", "folder": str(own / "town")}
    run("model_import", {"INPUT_FOLDER": str(own / "town"), "ID": "other", "SCALE": 0.5, "UNITS": "dn"}, log)
    assert engine.calls[0][1] == {
        "INPUT": str(own / "town"),
        "MODELS": str(own),
        "REPLACE": False,
        "ID": "other",
        "SCALE": 0.5,
        "UNITS": "dn",
        "LICENCE": "LicenseRef-unknown",
    }


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"INPUT": ""}, "INPUT"),
        ({"INPUT_FOLDER": "/tmp"}, "INPUT"),
        ({"BANDS": "a:b"}, "BANDS"),
        ({"RATIO": "many"}, "RATIO"),
        ({"RATIO": 0.5}, "RATIO"),
        ({"SCALE": 0}, "SCALE"),
        ({"UNITS": "feet"}, "UNITS"),
    ],
)
def test_answers_that_do_not_fit(provider, own, engine, tmp_path, log, changes, word):
    source = tmp_path / "weights.pth"
    source.write_bytes(b"")
    assert word in fails(provider, "model_import", {"INPUT": str(source), **changes}, log)
    assert not engine.calls


def test_what_the_engine_refuses_is_one_sentence(provider, own, engine, tmp_path, log):
    source = tmp_path / "weights.pth"
    source.write_bytes(b"")
    engine.answer = InputError("The checkpoint is damaged.")
    assert fails(provider, "model_import", {"INPUT": str(source)}, log) == "The checkpoint is damaged."
    engine.answer = Cancelled()
    _, results, _ = run_as_task(provider.algorithm("model_import"), {"INPUT": str(source)}, log)
    assert not results


def test_export(provider, own, engine, log):
    engine.answer = {
        "id": "town",
        "folder": str(own / "town"),
        "file": str(own / "town" / "model.onnx"),
        "bytes": 3,
        "max_difference": 1e-6,
        "warnings": [],
    }
    results = run("model_export", {"MODEL": "town"}, log)
    assert engine.calls == [("export_model", {"MODEL": str(own / "town")})]
    assert results["OUTPUT"].endswith("model.onnx") and results["DIFFERENCE"] == 1e-6


@pytest.fixture
def web(monkeypatch):
    """What can be had from the web, by address; a stand-in for a downloader."""

    class Web:
        def __init__(self, proxy="", context=None):
            self.proxies.append(proxy)

        def text(self, url, most_bytes, feedback=None):
            return self.files[url]

        def download(self, wanted, target, feedback=None):
            target.write_bytes(self.files[wanted.url])

    Web.files, Web.proxies = {}, []
    raw = json.dumps(card_data("far")).encode()
    Web.files = {"https://models.invalid/far/card.json": raw, "https://models.invalid/far/model.safetensors": WEIGHTS}
    monkeypatch.setattr("satfusion_qgis.algorithms.model_download.Downloader", Web)
    return Web


def test_download(provider, own, web, tmp_path, log):
    address = "https://models.invalid/far/card.json"
    assert "ACCEPT_LICENCE" in fails(provider, "model_download", {"MODEL": address}, log)
    assert "Licence: CC-BY-4.0" in log.lines
    assert not (own / "far").exists()
    results = run("model_download", {"MODEL": address, "ACCEPT_LICENCE": True, "PROXY": "http://proxy:1"}, log)
    assert ModelCard.load(Path(results["FOLDER"])).id == results["ID"] == "far"
    assert web.proxies[-1] == "http://proxy:1"


def test_download_from_a_list(provider, own, web, tmp_path, log):
    listed = tmp_path / "list.json"
    address = "https://models.invalid/far/card.json"
    entry = {"id": "far", "licence": "CC-BY-4.0", "url": address, "title": "Far"}
    entry["sha256"] = hashlib.sha256(web.files[address]).hexdigest()
    listed.write_text(json.dumps({"format": 1, "models": [entry]}), encoding="utf-8")
    assert "MODEL" in fails(provider, "model_download", {"LIST": str(listed)}, log)
    assert "far: Far (CC-BY-4.0)" in log.lines
    run("model_download", {"LIST": str(listed), "MODEL": "far", "ACCEPT_LICENCE": True}, log)
    assert (own / "far" / "card.json").is_file()


@pytest.mark.parametrize("address", ["http://models.invalid/card.json", "far", "file:///etc/card.json"])
def test_addresses_that_are_refused(provider, own, web, log, address):
    assert "https://" in fails(provider, "model_download", {"MODEL": address, "ACCEPT_LICENCE": True}, log)


def test_qgis_s_proxy_is_taken(provider, own, web, log):
    from qgis.core import QgsSettings

    settings = QgsSettings()
    values = {"proxyEnabled": True, "proxyHost": "proxy.invalid", "proxyPort": "8080", "proxyType": "HttpProxy"}
    for name, value in values.items():
        settings.setValue(f"proxy/{name}", value)
    try:
        run(
            "model_download",
            {"MODEL": "https://models.invalid/far/card.json", "ACCEPT_LICENCE": True},
            log,
        )
    finally:
        settings.remove("proxy")
    assert web.proxies == ["http://proxy.invalid:8080"]


def test_the_list_that_comes_with_the_plugin_is_right():
    assert isinstance(model_download.read_sources(), list)


# The window


@pytest.fixture
def dialog(provider, own):
    from satfusion_qgis.gui.model_library import ModelLibraryDialog

    made = ModelLibraryDialog()
    made.show()
    yield made
    made.stop()
    made.close()


def choose(dialog, name):
    dialog._select(name)
    assert dialog.chosen_id() == name


def finished(dialog):
    wait_until(lambda: dialog._task is None, seconds=30)
    assert dialog._task is None, "the work did not end"
    return dialog._note.text()


def shown(dialog):
    return [dialog._table.item(row, 1).text() for row in range(dialog._table.rowCount())]


def test_the_dialog_lists_models_and_shows_cards(dialog, own):
    assert {"land", "town"} <= set(shown(dialog))
    assert dialog.chosen() is None and not dialog._remove.isEnabled() and not dialog._export.isEnabled()
    choose(dialog, "town")
    text = dialog._details.toPlainText()
    assert "Loses over water." in text and "CC-BY-4.0" in text and "Title of <town>" in text
    assert dialog._remove.isEnabled() and dialog._export.isEnabled()
    choose(dialog, "land")
    assert "fusionnet" in dialog._details.toPlainText()


def test_the_dialog_names_damaged_cards(dialog, own):
    (own / "town" / "card.json").write_text("{", encoding="utf-8")
    dialog.show_models()
    assert "town" not in shown(dialog) and str(own / "town") in dialog._note.text()


def test_the_dialog_without_models(provider, tmp_path, monkeypatch):
    from satfusion_qgis.gui import model_library
    from satfusion_qgis.inference.library import ModelLibrary

    monkeypatch.setattr(model_library.models, "library", lambda own: ModelLibrary([tmp_path / "none"]))
    dialog = model_library.ModelLibraryDialog()
    assert shown(dialog) == [] and "no models yet" in dialog._details.toPlainText()
    dialog.close()


def test_the_dialog_checks_files(dialog, own):
    choose(dialog, "town")
    dialog.check()
    assert "are those of its card" in finished(dialog)
    assert "verified" in dialog._details.toPlainText()
    (own / "town" / "model.safetensors").write_bytes(b"other")
    dialog.check()
    assert "bytes in place of" in finished(dialog)


def test_the_dialog_exports(dialog, own, engine):
    engine.answer = {"file": str(own / "town" / "model.onnx"), "max_difference": 1e-6, "warnings": ["It is large."]}
    choose(dialog, "town")
    dialog.export()
    assert not dialog._export.isEnabled() and dialog._cancel.isEnabled()
    assert "model.onnx" in finished(dialog) and "It is large." in dialog._note.text()
    assert dialog.chosen_id() == "town" and dialog._export.isEnabled()
    engine.answer = InputError("It cannot be exported.")
    dialog.export()
    assert finished(dialog) == "It cannot be exported."
    engine.answer = ValueError("unforeseen")
    dialog.export()
    assert "unforeseen" in finished(dialog)


def test_the_dialog_cancels(dialog, own, engine, monkeypatch):
    def waits(settings, name, arguments, feedback):
        while not feedback.cancelled():
            time.sleep(0.01)
        raise Cancelled

    monkeypatch.setattr(model_calls, "call_engine", waits)
    choose(dialog, "town")
    dialog.export()
    dialog._cancel.click()
    assert finished(dialog) == "Cancelled."


def test_the_dialog_goes_while_it_works(dialog, own, monkeypatch):
    def waits(settings, name, arguments, feedback):
        while not feedback.cancelled():
            time.sleep(0.01)
        raise Cancelled

    monkeypatch.setattr(model_calls, "call_engine", waits)
    choose(dialog, "town")
    dialog.export()
    dialog.stop()
    assert dialog._task is None


def test_the_dialog_takes_its_forms_along(dialog):
    class Form:
        closed = 0

        def close(self):
            Form.closed += 1

    dialog._forms = {1: Form(), 2: Form()}
    dialog.stop()
    assert Form.closed == 2 and dialog._forms == {}


def test_the_dialog_removes(dialog, own, monkeypatch):
    asked = []

    def answer(parent, title, text):
        asked.append(text)
        return answers.pop(0)

    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", answer)
    choose(dialog, "town")
    dialog._remove.click()
    assert (own / "town").is_dir() and str(own / "town") in asked[0]
    dialog._remove.click()
    assert not (own / "town").exists() and "town" not in shown(dialog)
    assert [path.name for path in own.iterdir()] == ["land"]


def test_a_model_of_the_plugin_is_not_removed(dialog, own, tmp_path, monkeypatch):
    from satfusion_qgis.gui import model_library
    from satfusion_qgis.inference.library import ModelLibrary

    shipped = make_model(tmp_path / "plugin", "shipped")
    monkeypatch.setattr(model_library.models, "library", lambda own: ModelLibrary([tmp_path / "plugin", own]))
    dialog.show_models("shipped")
    assert dialog.chosen_id() == "shipped" and not dialog._remove.isEnabled()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    dialog.ask_and_remove()
    assert shipped.is_dir() and "not one of your own" in dialog._note.text()


def test_the_dialog_opens_forms(dialog, own, monkeypatch):
    from processing.tools import general

    window = QMainWindow()
    monkeypatch.setattr(general, "iface", SimpleNamespace(mainWindow=lambda: window))
    for opened in (dialog.open_import, dialog.open_download):
        form = opened()
        assert form.isVisible() and form.algorithm().name().startswith("model_")
        make_model(own, f"new-{len(dialog._forms)}")
        form.algorithmFinished.emit(True, {"ID": f"new-{len(dialog._forms)}"})
        assert dialog.chosen_id() == f"new-{len(dialog._forms)}"
    assert len(dialog._forms) == 2
    form.close()
    wait_until(lambda: len(dialog._forms) == 1, seconds=5)
    assert len(dialog._forms) == 1


def test_the_dialog_opens_folders(dialog, own, monkeypatch):
    from satfusion_qgis.gui import model_library

    opened = []
    monkeypatch.setattr(
        model_library.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or len(opened) < 3
    )
    dialog.open_folder()
    choose(dialog, "town")
    dialog.open_folder()
    dialog.open_folder()
    assert opened == [str(own), str(own / "town"), str(own / "town")]
    assert dialog._note.text().endswith(str(own / "town"))
