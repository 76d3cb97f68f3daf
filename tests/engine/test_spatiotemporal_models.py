"""Models for spatiotemporal fusion brought in, recognised and told apart by FAMILY, and written as ONNX."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
import torch

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.checkpoints import ecpwstfn, edcstfn, ganstfm, mlffgan, srsfgan
from satfusion_qgis.engine.models.exporting import export_model
from satfusion_qgis.engine.models.graphs import inputs_of
from satfusion_qgis.engine.models.importing import import_model
from satfusion_qgis.engine.models.running import answer, example, model_network, one_draw
from satfusion_qgis.engine.models.seam import seam_error
from satfusion_qgis.inference.network import NetworkInput
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.model_card import ModelCard
from tests.engine import test_spatiotemporal_b as others
from tests.engine.spatiotemporal_models import NAMES, TWO_PAIRS, network, run, scene, write_model

# Those whose export takes more than some seconds are run on demand.
LONG = ("mlffgan", "amsstf")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    torch.set_num_threads(1)
    # Measured in test_seam.py; here it would take minutes for each global network.
    monkeypatch.setattr("satfusion_qgis.engine.models.seam.seam_error", lambda *_, **__: None)


def official(name):
    """A made-up official state of a family: our small network's weights by the official names."""
    layers = {
        "edcstfn": edcstfn._LAYERS,
        "ganstfm": ganstfm._LAYERS,
        "mlffgan": mlffgan._LAYERS,
        "srsfgan": srsfgan._LAYERS,
        "ecpwstfn": ecpwstfn._LAYERS,
    }
    module = network(name, 3)
    return module, others.official(module, layers[name])


def of_family(name):
    """The same of a family of the other networks."""
    _, config, layers, more, _ = others.FAMILIES[name]
    torch.manual_seed(0)
    module = checkpoints.family(name).build(config).eval()
    return module, others.official(module, others.swinstfm_names() if layers is None else layers, more)


def bring(tmp_path, state, **answers):
    path = tmp_path / "official.pth"
    torch.save({"state_dict": state}, path)
    arguments = {"INPUT": str(path), "MODELS": str(tmp_path / "models"), **answers}
    return import_model(arguments, lambda said: None, lambda: False)


def refused(tmp_path, state, **answers):
    with pytest.raises(InputError) as caught:
        bring(tmp_path, state, **answers)
    assert not list((tmp_path / "models").glob("*")) if (tmp_path / "models").exists() else True
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and text.count(". ") == 0
    return text


def images(module, rows=40, columns=48):
    torch.manual_seed(5)
    given = {name: torch.rand(1, module.bands, rows, columns) for name in module.inputs}
    return {"coarse_1": None, **given} if "coarse_1" not in given else given


@pytest.mark.parametrize("name", ["mlffgan", "srsfgan", "ecpwstfn"])
def test_weights_that_one_code_alone_makes(tmp_path, name):
    module, state = official(name)
    made = bring(tmp_path, state)
    card = ModelCard.load(tmp_path / "models" / made["id"])
    assert (made["family"], card.method, card.task) == (f"stf_survey.{name}", name, "spatiotemporal_fusion")
    roles = {item.role for item in card.inputs}
    assert roles == {one.upper() for one in module.inputs} | {"COARSE_TARGET"}
    assert card.ratio == (16, 20) and card.data["window"]["trained"] == 512 and card.output_bands == 3
    assert card.halo == module.halo and card.global_context == module.global_context
    again = model_network(card)
    if name == "srsfgan":
        module.corners_aligned = True
    with torch.no_grad():
        torch.testing.assert_close(again(**images(module)), module(**images(module)))


@pytest.mark.parametrize(
    ("name", "families"),
    [
        ("edcstfn", ("edcstfn.author_1ref", "edcstfn.author_2ref", "stf_survey.edcstfn")),
        ("ganstfm", ("ganstfm.author", "stf_survey.ganstfm")),
    ],
)
def test_weights_that_several_codes_make(tmp_path, name, families):
    _, state = official(name)
    assert f"say which by FAMILY: {', '.join(families)}." in refused(tmp_path, state)
    for family in families:
        made = bring(tmp_path, state, FAMILY=family, REPLACE=True, RATIO=10)
        card = ModelCard.load(tmp_path / "models" / made["id"])
        assert card.ratio == (9, 11)
        assert card.configuration.get("pairs", 1) == (2 if family.endswith("2ref") else 1)
        counts = {item.role: item.min_count for item in card.inputs}
        assert counts.get("FINE_2") == (0 if family.endswith("2ref") else None)
        blind = [line for line in card.data["limits"] if "never looks at the coarse image of the date" in line]
        assert bool(blind) == (family == "stf_survey.ganstfm")


def test_an_imported_model_runs(tmp_path):
    _, state = official("edcstfn")
    made = bring(tmp_path, state, FAMILY="edcstfn.author_2ref", TITLE="Two", RATIO=8)
    folder = tmp_path / "models" / made["id"]
    assert np.isfinite(run(scene(48, 48, 3), folder).image).all()
    assert np.isfinite(run(scene(48, 48, 3, pairs=1), folder).image).all()


@pytest.mark.parametrize("name", ["swinstfm.author", "stfdiff.author_denoiser", "stfdiff.author_sampler"])
def test_forms_that_weights_do_not_tell_apart(tmp_path, name):
    module, state = of_family(name)
    method = name.partition(".")[0]
    said = refused(tmp_path, state)
    assert "say which by FAMILY: " in said and name in said and f"stf_survey.{method}" in said
    made = bring(tmp_path, state, FAMILY=name)
    card = ModelCard.load(tmp_path / "models" / made["id"])
    assert card.method == method and card.stochastic == (method == "stfdiff")
    if method == "swinstfm":
        assert card.tile == 64 and any("squares of 64 pixels alone" in line for line in card.data["limits"])
        with torch.no_grad():
            given = images(module, 64, 64)
            torch.testing.assert_close(model_network(card)(**given), module(**given))


@pytest.mark.parametrize("name", ["dcstfn.pytorch", "rsfn.generator", "amsstf.generator"])
def test_the_authors_other_codes(tmp_path, name):
    _, state = of_family(name)
    made = bring(tmp_path, state)
    card = ModelCard.load(tmp_path / "models" / made["id"])
    assert made["family"] == name
    assert [item.min_count for item in card.inputs] == [1] * len(card.inputs)
    if name == "dcstfn.pytorch":
        assert card.ratio == (8, 8) and card.multiple == 8
    if name == "rsfn.generator":
        assert [item.role for item in card.inputs] == ["FINE_1", "COARSE_TARGET", "FINE_2"]


def test_more_coarse_bands_than_fine_ones(tmp_path):
    _, state = of_family("mustfn.author")
    assert "for 2 bands of the fine images and 3 of the coarse ones" in refused(tmp_path, state)


def test_parts_that_serve_training(tmp_path):
    for name, said in (
        ("rsfn.autoencoder", "RSFN's auto-encoder"),
        ("amsstf.discriminator", "AMS-STF's discriminator"),
    ):
        _, state = of_family(name)
        assert f"are those of {said}, which serves its training alone" in refused(tmp_path, state)
        assert f"are those of {said}" in refused(tmp_path, state, FAMILY=name)
    torch.manual_seed(0)
    encoder = checkpoints.family("stf_survey.edcstfn_autoencoder").build({"num_bands": 3})
    state = others.official(encoder, edcstfn._AUTO_ENCODER)
    assert "EDC-STFN's auto-encoder" in refused(tmp_path, state)


def exported():
    on_demand = pytest.mark.skipif(
        not os.environ.get("SATFUSION_EXPORTS"), reason="takes minutes; SATFUSION_EXPORTS=1 runs it"
    )
    names = [name for name in NAMES if name not in ("stfdiff", "swinstfm")]
    return [pytest.param(name, marks=on_demand if name in LONG else (), id=name) for name in names]


@pytest.mark.slow
@pytest.mark.parametrize("name", exported())
def test_a_graph_gives_what_the_network_does(tmp_path, name):
    """The session takes the graph on the CPU; windows of other sizes than the traced one, and a pair or two."""
    model = write_model(tmp_path, name)
    stack = scene(72, 56, pairs=2 if name in TWO_PAIRS else 1)
    plain = run(stack, model, (40, 32))
    result = export_model({"MODEL": str(model)}, lambda said: None, lambda: False)
    assert result["max_difference"] < 1e-4
    data = json.loads((model / "card.json").read_text())
    data["files"] = [file for file in data["files"] if file["name"].endswith(".onnx")]
    (model / "card.json").write_text(json.dumps(data))
    (model / "model.safetensors").unlink()
    made = run(stack, model, (40, 32))
    assert np.abs(made.image - plain.image).max() <= 1e-4 * float(np.ptp(plain.image))


def test_a_graph_for_either_number_of_pairs(tmp_path):
    model = write_model(tmp_path, "edcstfn", pairs=2)
    one, two = scene(40, 40, pairs=1), scene(40, 40)
    plain = run(one, model), run(two, model)
    export_model({"MODEL": str(model)}, lambda said: None, lambda: False)
    np.testing.assert_allclose(run(one, model).image, plain[0].image, atol=1e-5)
    np.testing.assert_allclose(run(two, model).image, plain[1].image, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "said"), [("stfdiff", "STFDiff draws its result step by step"), ("swinstfm", "cuts an image into windows")]
)
def test_what_cannot_be_a_graph_says_why(tmp_path, name, said):
    model = write_model(tmp_path, name)
    with pytest.raises(InputError, match=f"cannot be written as ONNX: .*{said}"):
        export_model({"MODEL": str(model)}, lambda said: None, lambda: False)
    assert any("runs in PyTorch" in line for line in ModelCard.load(model).data["limits"])


@pytest.mark.parametrize("name", NAMES)
def test_the_seam_of_tiles_is_measured(tmp_path, name):
    card = ModelCard.load(write_model(tmp_path, name))
    module = model_network(card)
    found = seam_error(module, 2, 64, inputs=inputs_of(card))
    if not card.global_context:
        assert found is None
        return
    assert found is not None and 0 <= found < 2
    assert found == seam_error(module, 2, 64, inputs=inputs_of(card))


def test_a_draw_is_that_of_its_place():
    module = network("stfdiff")
    given = example(_inputs("stfdiff"), 32, 40)
    with torch.inference_mode():
        both = answer(module, given)
        with one_draw(module):
            one, same, other = (answer(module, given, origin) for origin in ((0, 0), (0, 0), (7, 0)))
    assert module.samples == 2
    assert torch.equal(one, same) and not torch.equal(one, other) and not torch.equal(one, both)


def _inputs(name):
    return [NetworkInput(one, 2) for one in network(name).inputs]
