"""Writes small models into a folder; run by the engine's interpreter: `make_models.py FOLDER`.

sharpen: an ONNX network without training, output = ms + a * (pan - its mean over 5 x 5 pixels), which a test can redo
by hand. context: the same with the mean over all that the network is given. dicnn: a small DiCNN as safetensors.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file

from satfusion_qgis.engine.networks.pansharpening.dicnn import DiCNN

GAIN = 0.5
BANDS = (("blue", 490), ("green", 560), ("red", 665), ("near infrared", 842))


def card(name: str, method: str, halo: int, folder: Path, **changes: Any) -> None:
    """Write the card over the weights that lie in the folder."""
    bands = [{"name": band, "wavelength_nm": centre, "width_nm": 60} for band, centre in BANDS]
    files = [
        {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for path in sorted(folder.glob("model.*"))
    ]
    data = {
        "format": 1,
        "id": name,
        "title": f"Test: {name}",
        "method": method,
        "task": "pansharpening",
        "configuration": {"bands": 4},
        "inputs": [
            {"role": "MS", "bands": bands, "normalise": {"kind": "scene"}},
            {"role": "PAN", "bands": [{"name": "PAN"}], "normalise": {"kind": "scene"}},
        ],
        "output": {"kind": "image", "bands": 4, "residual_of": "MS"},
        "ratio": {"min": 4, "max": 4, "trained": 4},
        "halo": halo,
        "files": files,
        "licence": "MIT",
        **changes,
    }
    (folder / "card.json").write_text(json.dumps(data, indent=1), encoding="utf-8")


def image(name: str, bands: int) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", bands, "rows", "columns"])


def save_graph(folder: Path, nodes: list[Any], constants: list[Any]) -> None:
    folder.mkdir(parents=True)
    graph = helper.make_graph(nodes, "network", [image("ms", 4), image("pan", 1)], [image("output", 4)], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")


def main(target: Path) -> None:
    """Write all models."""
    box = numpy_helper.from_array(np.full((1, 1, 5, 5), 1 / 25, np.float32), "box")
    gain = numpy_helper.from_array(np.array(GAIN, np.float32), "gain")
    last = [
        helper.make_node("Mul", ["detail", "gain"], ["scaled"]),
        helper.make_node("Add", ["ms", "scaled"], ["output"]),
    ]
    low = helper.make_node("Conv", ["pan", "box"], ["low"], pads=[2, 2, 2, 2])
    save_graph(target / "sharpen", [low, helper.make_node("Sub", ["pan", "low"], ["detail"]), *last], [box, gain])
    card("sharpen", "fusionnet", 2, target / "sharpen")
    mean = helper.make_node("ReduceMean", ["pan", "axes"], ["low"])
    axes = numpy_helper.from_array(np.array([2, 3], np.int64), "axes")
    save_graph(target / "context", [mean, helper.make_node("Sub", ["pan", "low"], ["detail"]), *last], [axes, gain])
    card("context", "u2net", 2, target / "context", window={"trained": 64}, global_context={"yes": True})
    torch.manual_seed(3)
    network = DiCNN(bands=4, width=8, depth=3).eval()
    folder = target / "dicnn"
    folder.mkdir()
    save_file(network.state_dict(), str(folder / "model.safetensors"))
    card("dicnn", "dicnn", network.halo, folder, configuration={"bands": 4, "width": 8, "depth": 3})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
