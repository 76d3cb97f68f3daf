"""Networks written as ONNX: the same values at every size, and a model that is as before where that fails."""

from __future__ import annotations

import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from satfusion_qgis.engine.models import exporting
from satfusion_qgis.engine.models.exporting import export_model
from satfusion_qgis.engine.models.importing import import_model
from satfusion_qgis.inference.model_files import write_card
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.model_card import ModelCard
from tests.engine.tiny import Tiny, install, official_state


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def made_model(tmp_path, bands=4):
    torch.save(official_state(bands)[0], tmp_path / "weights.pth")
    arguments = {"INPUT": str(tmp_path / "weights.pth"), "MODELS": str(tmp_path / "models"), "ID": "tiny"}
    import_model(arguments, lambda said: None, lambda: False)
    return tmp_path / "models" / "tiny"


def export(folder, cancelled=lambda: False):
    said = []
    return export_model({"MODEL": str(folder)}, said.append, cancelled), said


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(folder):
    """The sentence with which an export is refused, after which the model is as before."""
    before = contents(folder)
    with pytest.raises(InputError) as caught:
        export(folder)
    assert contents(folder) == before
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text
    return text


def test_export(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    result, _ = export(folder)
    card = ModelCard.load(folder)
    file = card.file("onnx")
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "model.onnx", "model.safetensors"]
    assert card.verified(file).stat().st_size == file.bytes == result["bytes"]
    entry = next(item for item in card.data["files"] if item["name"] == "model.onnx")
    assert file.opset == 20
    assert entry["dynamic_axes"] == {role: ["batch", "height", "width"] for role in ("ms", "pan")}
    assert 0 <= entry["max_difference"] < 1e-5
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    network = official_state()[1]
    for shape in ((3, 4, 9, 130), (1, 4, 200, 17), (1, 4, 40, 48)):
        ms, pan = torch.rand(shape), torch.rand(shape[0], 1, *shape[2:])
        given = session.run(["output"], {"ms": ms.numpy(), "pan": pan.numpy()})[0]
        assert np.abs(given - network(ms, pan).detach().numpy()).max() < 1e-5


def test_the_graph_says_nothing_of_this_machine(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    export(folder)
    raw = (folder / "model.onnx").read_bytes()
    assert b".py" not in raw and str(tmp_path).encode() not in raw and b"stack_trace" not in raw
    assert not onnx.load(str(folder / "model.onnx"), load_external_data=False).metadata_props


def test_export_again_takes_the_old_one_s_place(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    export(folder)
    export(folder)
    assert [item.name for item in ModelCard.load(folder).files] == ["model.safetensors", "model.onnx"]
    assert len(list(folder.iterdir())) == 3


def test_an_exported_model_is_brought_in(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    export(folder)
    arguments = {"INPUT": str(folder), "MODELS": str(tmp_path / "other")}
    import_model(arguments, lambda said: None, lambda: False)
    assert ModelCard.load(tmp_path / "other" / "tiny").file("onnx") is not None
    graph = {**arguments, "INPUT": str(folder / "model.onnx"), "ID": "graph", "TITLE": "Graph"}
    import_model(graph, lambda said: None, lambda: False)
    card = ModelCard.load(tmp_path / "other" / "graph")
    assert [item.format for item in card.files] == ["onnx"] and card.file("onnx").opset == 20
    data = json.loads((folder / "card.json").read_text())
    data["inputs"][0]["bands"].pop()
    data["files"] = []
    (tmp_path / "lies.json").write_text(json.dumps(data))
    with pytest.raises(InputError, match="its card says 3"):
        import_model({**graph, "ID": "lies", "CARD": str(tmp_path / "lies.json")}, lambda said: None, lambda: False)
    assert not (tmp_path / "other" / "lies").exists()
    data["files"] = [{"name": "model.onnx", "sha256": "0" * 64}]
    (tmp_path / "lies.json").write_text(json.dumps(data))
    with pytest.raises(InputError, match="SHA-256"):
        import_model({**graph, "ID": "lies", "CARD": str(tmp_path / "lies.json")}, lambda said: None, lambda: False)


class FixedSize(Tiny):
    """Keeps the traced height."""

    def forward(self, ms, pan):
        return (
            super().forward(ms, pan)
            + torch.arange(int(ms.shape[2]) * 1.0)[None, None, :, None].mean() * 0
            + (ms.reshape(ms.shape[0], ms.shape[1], 40, 48) * 0 if ms.shape[2] == 40 else 0)
        )


class Branching(Tiny):
    """Decides by the values, which no graph can."""

    def forward(self, ms, pan):
        if float(ms.mean()) > 0.2:
            return super().forward(ms, pan)
        return ms


class Refusing(Tiny):
    """Says that it cannot be exported."""

    NOT_EXPORTABLE = "It decides by the values of the whole image, which ONNX cannot say."


def test_a_size_that_is_kept(tmp_path, monkeypatch):
    install(monkeypatch, network=FixedSize)
    assert "cannot be written as ONNX" in refused(made_model(tmp_path))


def test_a_decision_by_values(tmp_path, monkeypatch):
    install(monkeypatch, network=Branching)
    assert "cannot be written as ONNX" in refused(made_model(tmp_path))


def test_a_network_that_says_so(tmp_path, monkeypatch):
    install(monkeypatch, network=Refusing)
    folder = made_model(tmp_path)
    assert Refusing.NOT_EXPORTABLE in ModelCard.load(folder).data["limits"]
    assert Refusing.NOT_EXPORTABLE in refused(folder)
    card = json.loads((folder / "card.json").read_text())
    write_card(folder, {**card, "limits": []})
    with pytest.raises(InputError):
        export(folder)
    assert ModelCard.load(folder).data["limits"] == [Refusing.NOT_EXPORTABLE]


def test_other_values(tmp_path, monkeypatch):
    """A graph that is not the network's is found out."""
    install(monkeypatch)
    folder = made_model(tmp_path)
    run = exporting.run_graph
    monkeypatch.setattr(exporting, "run_graph", lambda session, inputs: run(session, inputs) + 0.01)
    assert "differs by" in refused(folder)
    monkeypatch.setattr(exporting, "run_graph", lambda session, inputs: run(session, inputs) * np.float32("nan"))
    assert "differs by" in refused(folder)


def test_a_large_file_is_said(tmp_path, monkeypatch):
    install(monkeypatch)
    monkeypatch.setattr(exporting, "LARGE_BYTES", 100)
    result, said = export(made_model(tmp_path))
    assert result["warnings"] and any("warning" in line for line in said)


def test_weights_that_are_gone(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    (folder / "model.safetensors").write_bytes(b"1234")
    assert "bytes in place of" in refused(folder)
    (folder / "model.safetensors").unlink()
    assert "Cannot read the weights" in refused(folder)
    with pytest.raises(InputError, match="model card"):
        export(tmp_path / "nowhere")


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    monkeypatch.setattr(exporting.os, "access", lambda path, mode: False)
    assert "Cannot write into the folder" in refused(folder)


def test_a_disk_that_fails_at_the_end(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    export(folder)

    def fails(folder, data):
        raise InputError("Cannot write the card.")

    monkeypatch.setattr(exporting, "write_card", fails)
    assert "Cannot write the card" in refused(folder)


def test_cancel_at_every_question(tmp_path, monkeypatch):
    install(monkeypatch)
    folder = made_model(tmp_path)
    before = contents(folder)
    for number in range(6):
        asked = []

        def cancelled(asked=asked, number=number):
            asked.append(None)
            return len(asked) > number

        with pytest.raises(Cancelled):
            export(folder, cancelled)
        assert contents(folder) == before
