"""Writes small models for revisits into a folder; run by the engine's interpreter: `make_revisits_models.py FOLDER`.

detail: an ONNX network without training, output = base + a * (first frame - its mean over 3 x 3 coarse pixels), which a
test can redo by hand. The others are small networks with random weights as safetensors.
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

from satfusion_qgis.engine.networks.build import build

GAIN = 0.5
BANDS = (("green", 560), ("red", 665), ("near infrared", 842))
NETWORKS = {
    "small": (
        "highresnet",
        "super_resolution.highresnet:HighResNet",
        {"bands": 3, "ratio": 3, "hidden": 8, "blocks": 1, "frames": 4},
    ),
    "context": ("rams", "super_resolution.rams:RAMS", {"bands": 3, "ratio": 2, "hidden": 8, "width": 8, "frames": 4}),
    "both": (
        "satfusion",
        "satfusion.satfusion:SatFusion",
        {"bands": 3, "encoder": "trmisr", "sharpener": "pnn", "encoder_settings": {"hidden": 8}},
    ),
    "plain": (
        "satfusion",
        "satfusion.satfusion:SatFusion",
        {"bands": 3, "encoder_settings": {"frames": 4, "hidden": 8}},
    ),
    "star": ("satfusion_star", "satfusion.satfusion:SatFusionStar", {"bands": 3, "encoder_settings": {"hidden": 8}}),
}


def card(name: str, method: str, ratio: int, halo: int, folder: Path, most: int, **changes: Any) -> None:
    """Write the card over the weights that lie in the folder."""
    pan = method.startswith("satfusion")
    bands = [{"name": band, "wavelength_nm": centre, "width_nm": 60} for band, centre in BANDS]
    files = [
        {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for path in sorted(folder.glob("model.*"))
    ]
    scene = {"normalise": {"kind": "scene"}}
    revisits = {"role": "REVISITS", "bands": bands, "grid": "coarse", "min_count": 1, "max_count": most, **scene}
    data = {
        "format": 1,
        "id": name,
        "title": f"Test: {name}",
        "method": method,
        "task": "multi_image_pansharpening" if pan else "super_resolution",
        "configuration": {},
        "inputs": [revisits, *([{"role": "PAN", "bands": [{"name": "PAN"}], **scene}] if pan else [])],
        "output": {"kind": "image", "bands": len(bands), "residual_of": "back_projection"},
        "ratio": {"min": ratio, "max": ratio, "trained": ratio},
        "halo": halo,
        "files": files,
        "licence": "MIT",
        **changes,
    }
    (folder / "card.json").write_text(json.dumps(data, indent=1), encoding="utf-8")


def write_graph(folder: Path) -> None:
    """Write the network that a test can redo."""
    folder.mkdir(parents=True)
    count = len(BANDS)
    box = np.full((count, 1, 3, 3), -GAIN / 9, np.float32)
    box[:, :, 1, 1] += GAIN
    constants = {"box": box, "first": np.array(0, np.int64), "scales": np.array([1, 1, 2, 2], np.float32)}
    nodes = [
        helper.make_node("Gather", ["revisits", "first"], ["frame"], axis=1),
        helper.make_node("Conv", ["frame", "box"], ["detail"], group=count, pads=[1, 1, 1, 1]),
        helper.make_node("Resize", ["detail", "", "scales"], ["fine"], mode="nearest"),
        helper.make_node("Add", ["base", "fine"], ["output"]),
    ]

    def tensor(name: str, *shape: Any) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    inputs = [
        tensor("revisits", "batch", "items", count, "rows", "columns"),
        tensor("masks", "batch", "items", 1, "rows", "columns"),
        tensor("base", "batch", count, "height", "width"),
    ]
    outputs = [tensor("output", "batch", count, "height", "width")]
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "network", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")


def main(target: Path) -> None:
    """Write all models."""
    write_graph(target / "detail")
    card("detail", "highresnet", 2, 3, target / "detail", 8, window={"multiple": 2})
    for name, (method, network, configuration) in NETWORKS.items():
        torch.manual_seed(3)
        module = build(f"engine.networks.{network}", configuration)
        # Not the zeros that training starts from, and small.
        state = {key: value + 0.02 * torch.randn(value.shape) for key, value in module.state_dict().items()}
        folder = target / name
        folder.mkdir()
        save_file(state, str(folder / "model.safetensors"))
        card(
            name,
            method,
            module.ratio,
            module.halo,
            folder,
            4,
            configuration=configuration,
            window={"trained": 64, "multiple": module.multiple},
            global_context={"yes": bool(module.global_context)},
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
