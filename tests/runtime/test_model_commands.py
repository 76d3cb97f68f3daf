"""Models on the command line: listed, shown, imported, exported, downloaded."""

from __future__ import annotations

import hashlib
import json

import pytest

from satfusion_qgis import cli
from satfusion_qgis.inference.model_files import new_model, write_card
from satfusion_qgis.runtime import model_calls
from satfusion_qgis.tasks.errors import InputError

WEIGHTS = b"\x02\x00\x00\x00\x00\x00\x00\x00{}"


@pytest.fixture
def own(tmp_path, monkeypatch):
    models = tmp_path / "models"
    monkeypatch.setenv("SATFUSION_MODELS", str(models))
    with new_model(models, "town") as folder:
        (folder / "model.safetensors").write_bytes(WEIGHTS)
        write_card(
            folder,
            {
                "format": 1,
                "id": "town",
                "title": "Town",
                "method": "pnn",
                "task": "pansharpening",
                "configuration": {},
                "inputs": [
                    {"role": "MS", "bands": [{"name": "Blue", "wavelength_nm": 485}]},
                    {"role": "PAN", "bands": [{"name": "PAN"}]},
                ],
                "output": {"bands": 1},
                "ratio": {"min": 4, "max": 4},
                "halo": 8,
                "files": [{"name": "model.safetensors", "sha256": hashlib.sha256(WEIGHTS).hexdigest()}],
                "licence": "MIT",
                "limits": ["Loses over water."],
            },
        )
    return models


def command(capsys, *arguments):
    code = cli.main(["model", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_list(own, tmp_path, capsys):
    code, out, _ = command(capsys, "list")
    assert code == 0 and out.splitlines()[0].startswith("id") and "town" in out and "MIT" in out
    rows = json.loads(command(capsys, "list", "--json")[1])
    assert next(row for row in rows if row["id"] == "town")["origin"] == "own"
    _, out, _ = command(capsys, "list", "--models", tmp_path / "none")
    assert "town" not in out
    (own / "town" / "card.json").write_text("{}")
    assert "Warning: The model card" in command(capsys, "list")[2]


def test_info(own, tmp_path, capsys):
    code, out, _ = command(capsys, "info", "town", "--report", tmp_path / "town.html")
    assert code == 0
    for line in (
        "MS: Blue (485 nm)",
        "Ratio: 4",
        "Licence: MIT",
        "Limit: Loses over water.",
        "model.safetensors: verified",
    ):
        assert line in out.splitlines()
    assert "Loses over water." in (tmp_path / "town.html").read_text()
    assert json.loads(command(capsys, "info", own / "town", "--json")[1])["id"] == "town"
    (own / "town" / "model.safetensors").write_bytes(b"other")
    code, _, err = command(capsys, "info", "town")
    assert code == 1 and "SHA-256" in err
    assert command(capsys, "info", "none")[0] == 1


def test_import_and_export(own, tmp_path, capsys, monkeypatch):
    calls = []

    def call(engine, name, arguments, feedback):
        calls.append((name, dict(arguments)))
        if len(calls) > 2:
            raise InputError("The engine refuses.")
        return {"folder": "/made/new", "file": "/made/model.onnx"}

    monkeypatch.setattr(model_calls, "call_engine", call)
    weights = tmp_path / "a.pth"
    code, out, _ = command(
        capsys, "import", weights, "--bands", "a:485,b:555", "--training-data", "x;y", "--scale", "0.5"
    )
    assert code == 0 and out == "/made/new\n"
    name, arguments = calls[0]
    assert name == "import_model" and arguments["INPUT"] == str(weights) and arguments["MODELS"] == str(own)
    assert arguments["SCALE"] == 0.5 and arguments["TRAINING_DATA"] == ["x", "y"] and len(arguments["BANDS"]) == 2
    assert command(capsys, "export", "town")[1] == "/made/model.onnx\n"
    assert calls[1] == ("export_model", {"MODEL": str(own / "town")})
    code, _, err = command(capsys, "export", "town")
    assert code == 1 and err == "Error: The engine refuses.\n"
    assert command(capsys, "import", weights, "--ratio", "many")[0] == 1
    assert len(calls) == 3


def test_import_without_an_engine(own, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("SATFUSION_PYTHON", raising=False)
    monkeypatch.setenv("SATFUSION_ENGINE_FOLDER", str(tmp_path / "engine"))
    (tmp_path / "a.pth").write_bytes(b"")
    code, _, err = command(capsys, "import", tmp_path / "a.pth")
    assert code == 1 and "engine" in err.lower() and err.count("\n") == 1


def test_download(own, tmp_path, capsys):
    code, _, err = command(capsys, "download", "http://models.invalid/card.json")
    assert code == 1 and "https://" in err
    (tmp_path / "list.json").write_text('{"format": 1, "models": []}')
    assert command(capsys, "download", "far", "--list", tmp_path / "list.json")[0] == 1
    code, _, err = command(capsys, "download", "https://models.invalid/card.json", "--proxy", "http://127.0.0.1:1")
    assert code == 1 and "Cannot download" in err
