"""Official checkpoints of every family that is known are imported as a user would, and give the official outputs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.models.exporting import export_model
from satfusion_qgis.engine.models.importing import import_model
from satfusion_qgis.engine.models.running import model_network
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.model_card import ModelCard
from scripts import parity
from tests.shared_data import needs_shared, shared_folder

pytestmark = needs_shared("parity")
LONG = ("arconv", "innformer", "panmamba", "u2net", "amsstf", "swinstfm", "mlffgan")
# Official codes whose weights have the same names and shapes as those of another.
SAME_WEIGHTS = {
    name
    for name, module in checkpoints.MODULES.items()
    if module in ("edcstfn", "ganstfm", "stfdiff", "swinstfm") and not checkpoints.family(name).part
}


def cases():
    """The shared cases of families that are known."""
    folder = shared_folder()
    found = sorted((folder / "parity").glob("*/manifest.json")) if folder is not None else []
    return [path.parent for path in found if _is_known(json.loads(path.read_text()))]


def _is_known(manifest):
    """Whether its family is known, of a method with a network, and its weights alone tell how they are used.

    ARConv's say nothing of the epoch. Discriminators and auto-encoders serve training, and are never imported; nor is
    MUSTFN with more coarse bands than fine ones.
    """
    name = manifest["family"]
    if name not in checkpoints.MODULES or checkpoints.family(name).part or name == "mustfn.author":
        return False
    networks = {method.id for method in CATALOGUE.methods if method.network}
    family = checkpoints.family(name)
    known = family.method_of is not None or family.method in networks
    return known and manifest["config"].get("epoch", 101) > 100


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    torch.set_num_threads(1)
    # Measured in test_seam.py; here it would take minutes for each global network.
    monkeypatch.setattr("satfusion_qgis.engine.models.seam.seam_error", lambda *_, **__: None)


def bring(tmp_path, case, **answers):
    manifest = json.loads((case / "manifest.json").read_text())
    if manifest["family"] in SAME_WEIGHTS:
        answers = {"FAMILY": manifest["family"], **answers}
    path = tmp_path / "official.pth"
    torch.save({"state_dict": parity.official_state(manifest)}, path)
    arguments = {"INPUT": str(path), "MODELS": str(tmp_path / "models"), **answers}
    return manifest, import_model(arguments, lambda said: None, lambda: False)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_import_gives_the_official_outputs(tmp_path, case):
    manifest, made = bring(tmp_path, case)
    assert made["family"] == manifest["family"]
    network = model_network(ModelCard.load(Path(made["folder"])))
    if "sampling_timesteps" in manifest["config"]:  # which no weights tell
        network.steps = manifest["config"]["sampling_timesteps"]
    with torch.no_grad():
        ours = checkpoints.family(manifest["family"]).call(network, parity.inputs_of(manifest))
    with np.load(case / "expected.npz", allow_pickle=False) as expected:
        for output in manifest["outputs"]:
            for found, limit in parity.compared(output, ours, expected):
                assert found <= limit, (output["name"], found, limit)


def exported():
    """The cases, those of networks whose export takes minutes only on demand."""
    on_demand = pytest.mark.skipif(
        not os.environ.get("SATFUSION_EXPORTS"), reason="takes minutes; SATFUSION_EXPORTS=1 runs it"
    )
    return [
        pytest.param(case, marks=on_demand if any(name in case.name for name in LONG) else (), id=case.name)
        for case in cases()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("case", exported())
def test_export(tmp_path, case):
    """Each network is written as ONNX with the same values, or says on its card why it cannot be."""
    _, made = bring(tmp_path, case)
    folder = Path(made["folder"])
    try:
        result = export_model({"MODEL": str(folder)}, lambda said: None, lambda: False)
    except InputError:
        card = ModelCard.load(folder)
        reason = getattr(model_network(card), "NOT_EXPORTABLE", None)
        assert reason and reason in card.data["limits"]
        assert card.file("onnx") is None
        return
    assert result["max_difference"] < 1e-3
    assert ModelCard.load(folder).file("onnx") is not None
