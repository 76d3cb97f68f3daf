"""Checkpoints, model folders and ONNX files brought in: recognised, checked, written whole or not at all."""

from __future__ import annotations

import argparse
import json
import pickle
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from satfusion_qgis.engine.models.importing import import_model
from satfusion_qgis.engine.models.running import model_network
from satfusion_qgis.inference.answers import answers_of
from satfusion_qgis.inference.model_files import tensors_of, write_card
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.model_card import ModelCard
from tests.engine.tiny import TinyWithoutSkip, install, official_state


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def tiny(monkeypatch):
    install(monkeypatch)


def bring(tmp_path, source, **answers):
    said = []
    arguments = {"INPUT": str(source), "MODELS": str(tmp_path / "models"), **answers}
    return import_model(arguments, said.append, lambda: False), said


def refused(tmp_path, source, **answers):
    """The sentence with which an import is refused, after which nothing is left behind."""
    models = tmp_path / "models"
    before = sorted(models.rglob("*")) if models.exists() else []
    with pytest.raises(InputError) as caught:
        bring(tmp_path, source, **answers)
    assert (sorted(models.rglob("*")) if models.exists() else []) == before
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and text.count(". ") == 0
    return text


def saved(tmp_path, content, name="weights.pth"):
    path = tmp_path / name
    torch.save(content, path)
    return path


# What is read


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda state: state,
        lambda state: OrderedDict(state),
        lambda state: {"state_dict": state, "epoch": 7},
        lambda state: {"net": state, "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]}},
        lambda state: {"params": state},
        lambda state: {"model": {"state_dict": state}},
        lambda state: {f"module.{name}": value for name, value in state.items()},
        lambda state: {"state_dict": {f"model.module.{name}": value for name, value in state.items()}},
        lambda state: {"state_dict": {**{f"model.{n}": v for n, v in state.items()}, "loss.weight": torch.ones(3)}},
        lambda state: {name: value.double() for name, value in state.items()},
    ],
)
def test_what_programs_put_around_weights(tmp_path, tiny, wrapped):
    state, network = official_state()
    made, _ = bring(tmp_path, saved(tmp_path, wrapped(state)))
    own = model_network(ModelCard.load(tmp_path / "models" / made["id"]))
    assert made["family"] == "dlpan.tiny"
    ms, pan = torch.rand(1, 4, 20, 24), torch.rand(1, 1, 20, 24)
    assert torch.equal(own(ms, pan), network(ms, pan))


def test_safetensors(tmp_path, tiny):
    state, network = official_state()
    save_file(state, str(tmp_path / "official.safetensors"))
    made, _ = bring(tmp_path, tmp_path / "official.safetensors")
    written = load_file(tmp_path / "models" / made["id"] / "model.safetensors")
    assert written.keys() == network.state_dict().keys()
    assert all(torch.equal(written[name], value) for name, value in network.state_dict().items())


def test_the_card(tmp_path, tiny):
    answers = answers_of(
        {
            "TITLE": "Town & Country",
            "BANDS": "Blue:485:60, Green:555:80, Red:660, NIR:830",
            "LICENCE": "CC-BY-4.0",
            "TRAINING_DATA": "scene 1; scene 2",
        }
    )
    made, _ = bring(tmp_path, saved(tmp_path, official_state()[0]), **answers)
    card = ModelCard.load(tmp_path / "models" / "town-country")
    assert made["folder"] == str(card.folder) and card.title == "Town & Country"
    assert card.configuration == {"bands": 4, "width": 6}
    ms, pan = card.input("MS"), card.input("PAN")
    assert [(band.name, band.wavelength_nm, band.width_nm) for band in ms.bands][:3] == [
        ("Blue", 485, 60),
        ("Green", 555, 80),
        ("Red", 660, None),
    ]
    assert (ms.units, ms.scale, ms.kernel, pan.scale) == ("dn", pytest.approx(1 / 2047), "bilinear", ms.scale)
    assert card.ratio == (3.6, 4.4) and card.data["ratio"]["trained"] == 4
    assert (card.halo, card.multiple, card.tile, card.residual_of) == (2, 1, 64, "MS")
    assert card.licence == "CC-BY-4.0" and card.data["training"]["data"] == ["scene 1", "scene 2"]
    file = card.file("safetensors")
    assert card.verified(file).stat().st_size == file.bytes
    assert not [line for line in card.data["limits"] if "licence" in line]


def test_answers_take_the_place_of_what_is_usual(tmp_path, tiny):
    answers = answers_of({"UNITS": "physical", "RATIO": 2, "KERNEL": "cubic", "OFFSET": "0.5", "ID": "mine"})
    bring(tmp_path, saved(tmp_path, official_state()[0]), **answers)
    card = ModelCard.load(tmp_path / "models" / "mine")
    ms = card.input("MS")
    assert (ms.units, ms.scale, ms.offset, ms.kernel) == ("physical", 1.0, 0.5, "cubic")
    assert card.ratio == (1.8, 2.2)
    assert card.licence == "LicenseRef-unknown"
    assert any("licence" in line for line in card.data["limits"])
    assert any("wavelengths" in line for line in card.data["limits"])


def test_a_network_without_skip(tmp_path, monkeypatch):
    install(monkeypatch, network=TinyWithoutSkip)
    made, _ = bring(tmp_path, saved(tmp_path, official_state()[0]))
    assert ModelCard.load(tmp_path / "models" / made["id"]).residual_of is None


def test_bands_in_words():
    assert answers_of({"BANDS": "worldview3"})["BANDS"][7]["wavelength_nm"] == 908
    assert answers_of({"BANDS": "a, b"})["BANDS"] == [
        {"name": "a", "wavelength_nm": None, "width_nm": None},
        {"name": "b", "wavelength_nm": None, "width_nm": None},
    ]
    for wrong in ("a:b", "a:1:2:3", ":485", "a:-1", "a:nan", "a:inf"):
        with pytest.raises(InputError, match="BANDS"):
            answers_of({"BANDS": wrong})
    with pytest.raises(InputError, match="SCALE"):
        answers_of({"SCALE": 0})


# Which network it is


def test_a_band_count_that_one_code_alone_makes(tmp_path, monkeypatch):
    install(monkeypatch, ("satfusion.tiny", "dlpan.tiny"))
    assert bring(tmp_path, saved(tmp_path, official_state(3)[0]), ID="a")[0]["family"] == "satfusion.tiny"
    assert bring(tmp_path, saved(tmp_path, official_state(8)[0]), ID="b")[0]["family"] == "dlpan.tiny"


def test_several_codes_fit(tmp_path, monkeypatch):
    install(monkeypatch, ("satfusion.tiny", "dlpan.tiny"))
    path = saved(tmp_path, official_state(5)[0])
    assert "FAMILY: dlpan.tiny, satfusion.tiny" in refused(tmp_path, path)
    assert bring(tmp_path, path, FAMILY="satfusion.tiny")[0]["family"] == "satfusion.tiny"


def test_another_network(tmp_path, tiny):
    path = saved(tmp_path, {"some.weight": torch.ones(3, 3), "other.bias": torch.ones(3)})
    assert "no network that is known here: dlpan.tiny" in refused(tmp_path, path)
    assert "not those of dlpan.tiny" in refused(tmp_path, path, FAMILY="dlpan.tiny")


def test_a_part_of_a_larger_network(tmp_path, tiny):
    state, _ = official_state(prefix="Sharpening.blockSharp.")
    alone = bring(tmp_path, saved(tmp_path, state, "alone.pth"))[0]
    assert alone["family"] == "dlpan.tiny"
    whole = {**state, "MISR.encoder.weight": torch.ones(2, 2), "color_correct.conv.0.bias": torch.ones(2)}
    path = saved(tmp_path, {"state_dict": {f"model.{name}": value for name, value in whole.items()}})
    assert "FAMILY=dlpan.tiny takes that part alone" in refused(tmp_path, path)
    made, said = bring(tmp_path, path, FAMILY="dlpan.tiny")
    assert any("2 others are left out" in line.get("log", "") for line in said)
    limits = ModelCard.load(tmp_path / "models" / made["id"]).data["limits"]
    assert any("sharpening part" in line for line in limits)


# What is refused


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return (eval, (f"open({self.target!r}, 'w').write('run')",))


def test_a_pickle_that_runs_code(tmp_path, tiny):
    target = tmp_path / "was-run"
    path = saved(tmp_path, {"state_dict": official_state()[0], "extra": Bomb(target)})
    text = refused(tmp_path, path)
    assert not target.exists()
    assert "not opened" in text and "state_dict" in text
    (tmp_path / "old.pth").write_bytes(pickle.dumps(Bomb(target)))
    refused(tmp_path, tmp_path / "old.pth")
    assert not target.exists()


def test_python_objects_beside_the_weights(tmp_path, tiny):
    path = saved(tmp_path, {"state_dict": official_state()[0], "args": argparse.Namespace(lr=0.1)})
    assert "argparse.Namespace" in refused(tmp_path, path)
    path = saved(tmp_path, torch.nn.Linear(2, 2))
    assert "not opened" in refused(tmp_path, path)


@pytest.mark.parametrize("keep", [0, 10, 300, -100])
def test_a_checkpoint_cut_off(tmp_path, tiny, keep):
    path = saved(tmp_path, official_state()[0])
    path.write_bytes(path.read_bytes()[:keep])
    assert "damaged" in refused(tmp_path, path)


@pytest.mark.parametrize("keep", [0, 5, 60, -1])
def test_safetensors_cut_off(tmp_path, tiny, keep):
    path = tmp_path / "official.safetensors"
    save_file(official_state()[0], str(path))
    path.write_bytes(path.read_bytes()[:keep])
    assert "damaged" in refused(tmp_path, path)


def header(path, text, numbers=b"", length=None):
    raw = text if isinstance(text, bytes) else json.dumps(text).encode()
    path.write_bytes((len(raw) if length is None else length).to_bytes(8, "little") + raw + numbers)


@pytest.mark.parametrize(
    "content",
    [
        ({}, b"", 1 << 60),
        (b"[" * 100000, b"", None),
        ([], b"", None),
        ({"a": {"dtype": "F32", "shape": [10**9, 10**9], "data_offsets": [0, 4]}}, b"1234", None),
        ({"a": {"dtype": "F32", "shape": [-1, -1], "data_offsets": [0, 4]}}, b"1234", None),
        ({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, b"12345678", None),
        ({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"12345678", None),
        ({"a": {"dtype": ["F32"], "shape": [1], "data_offsets": [0, 4]}}, b"1234", None),
        ({"a": {"dtype": "F32", "shape": 1, "data_offsets": [0, 4]}}, b"1234", None),
        ({"a": 3}, b"", None),
        (
            {
                "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
                "b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
            },
            b"1234",
            None,
        ),
    ],
)
def test_safetensors_that_lie(tmp_path, tiny, content):
    path = tmp_path / "official.safetensors"
    header(path, *content)
    assert "damaged" in refused(tmp_path, path)
    with pytest.raises(InputError):
        tensors_of(path)


def test_an_archive_that_grows(tmp_path, tiny):
    plain = saved(tmp_path, official_state()[0])
    path = tmp_path / "bomb.pth"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item.filename, source.read(item))
        target.writestr("weights/data/99", bytes(20 << 20))
    assert path.stat().st_size < 1 << 20
    assert "unpacks to" in refused(tmp_path, path)


def test_a_tensor_larger_than_its_memory(tmp_path, tiny):
    state, _ = official_state()
    state["head.weight"] = torch.zeros(1).expand(10**6, 10**6)
    assert "head.weight" in refused(tmp_path, saved(tmp_path, state))
    state["head.weight"] = torch.eye(3).to_sparse()
    assert "head.weight" in refused(tmp_path, saved(tmp_path, state))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_finite(tmp_path, tiny, value):
    state, _ = official_state()
    state["tail.bias"][1] = value
    assert "not finite" in refused(tmp_path, saved(tmp_path, state))


def test_values_that_overflow(tmp_path, tiny):
    state, _ = official_state()
    large = {name: torch.full_like(value, 3e38) for name, value in state.items()}
    assert "not finite" in refused(tmp_path, saved(tmp_path, large))


def test_other_input(tmp_path, tiny):
    assert "INPUT" in refused(tmp_path, tmp_path / "none.pth")
    assert "INPUT" in refused(tmp_path, "")
    (tmp_path / "readme.txt").write_text("weights")
    assert "no checkpoint" in refused(tmp_path, tmp_path / "readme.txt")
    assert "holds no weights" in refused(tmp_path, saved(tmp_path, {"epoch": 3}))
    assert "holds no weights" in refused(tmp_path, saved(tmp_path, [1, 2]))
    path = saved(tmp_path, official_state()[0])
    assert "BANDS names 3 bands (a, b, c)" in refused(tmp_path, path, **answers_of({"BANDS": "a,b,c"}))
    assert "ID" in refused(tmp_path, path, ID="../elsewhere")
    bring(tmp_path, path, ID="taken")
    assert "taken" in refused(tmp_path, path, ID="taken")
    bring(tmp_path, path, ID="taken", TITLE="second", REPLACE=True)
    assert ModelCard.load(tmp_path / "models" / "taken").title == "second"
    assert [item.name for item in (tmp_path / "models").iterdir()] == ["taken"]


def test_a_models_folder_that_cannot_be_written(tmp_path, tiny):
    (tmp_path / "models").write_text("a file in its place")
    path = saved(tmp_path, official_state()[0])
    assert "models folder" in refused(tmp_path, path)


def test_cancel_at_every_question(tmp_path, tiny):
    path = saved(tmp_path, official_state()[0])
    bring(tmp_path, path, ID="whole")
    for source, least in ((path, 4), (tmp_path / "models" / "whole", 2)):
        for number in range(100):
            asked = []

            def cancelled(asked=asked, number=number):
                asked.append(None)
                return len(asked) > number

            try:
                import_model({"INPUT": str(source), "MODELS": str(tmp_path / "more")}, lambda said: None, cancelled)
            except Cancelled:
                assert not list((tmp_path / "more").rglob("*"))
                continue
            assert number >= least
            break
        for item in (tmp_path / "more").rglob("*.*"):
            item.unlink()
        for item in (tmp_path / "more").iterdir():
            item.rmdir()


# Model folders


@pytest.fixture
def own(tmp_path, tiny):
    """The folder of a good model."""
    import_model(
        {"INPUT": str(saved(tmp_path, official_state()[0])), "MODELS": str(tmp_path / "made"), "ID": "good"},
        lambda said: None,
        lambda: False,
    )
    return tmp_path / "made" / "good"


def test_a_model_folder(tmp_path, own):
    made, _ = bring(tmp_path, own)
    assert made["id"] == "good"
    assert ModelCard.load(tmp_path / "models" / "good").fingerprint() == ModelCard.load(own).fingerprint()
    made, _ = bring(tmp_path, own, ID="renamed", TITLE="Renamed")
    assert ModelCard.load(tmp_path / "models" / "renamed").title == "Renamed"


def test_a_card_that_lies_about_bands(tmp_path, own):
    card = json.loads((own / "card.json").read_text())
    card["configuration"]["bands"] = 3
    card["inputs"][0]["bands"].pop()
    card["output"]["bands"] = 3
    write_card(own, card)
    assert "not those that the card says" in refused(tmp_path, own)
    card["configuration"]["bands"] = 4
    write_card(own, card)
    assert "fails on a small image with 3 bands" in refused(tmp_path, own)


def test_weights_that_are_not_those_of_the_card(tmp_path, own):
    weights = own / "model.safetensors"
    good = weights.read_bytes()
    weights.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert "SHA-256" in refused(tmp_path, own)
    weights.write_bytes(good[:-8])
    assert "bytes in place of" in refused(tmp_path, own)
    weights.unlink()
    assert "Cannot read the weights" in refused(tmp_path, own)
    card = json.loads((own / "card.json").read_text())
    write_card(own, {**card, "files": []})
    assert "no weights" in refused(tmp_path, own)
    (own / "card.json").unlink()
    assert "card" in refused(tmp_path, own)


def test_an_onnx_file_needs_a_card(tmp_path, tiny):
    (tmp_path / "net.onnx").write_bytes(b"no graph")
    assert "CARD" in refused(tmp_path, tmp_path / "net.onnx")
    (tmp_path / "card.json").write_text("{}")
    assert "damaged or no ONNX" in refused(tmp_path, tmp_path / "net.onnx")
    (tmp_path / "card.json").write_text("[")
    assert "not valid JSON" in refused(tmp_path, tmp_path / "net.onnx")


def test_numbers_are_those_that_were_trained(tmp_path, tiny):
    """The values written are compared with those in the checkpoint, read here without the importer."""
    state, _ = official_state(seed=3)
    made, _ = bring(tmp_path, saved(tmp_path, {"state_dict": state}))
    path = tmp_path / "models" / made["id"] / "model.safetensors"
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    entries = json.loads(raw[8 : 8 + length])
    begin, end = entries["first.weight"]["data_offsets"]
    numbers = np.frombuffer(raw[8 + length + begin : 8 + length + end], "<f4")
    assert np.array_equal(numbers, state["head.weight"].numpy().ravel())
