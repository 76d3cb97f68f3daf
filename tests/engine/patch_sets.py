"""Patch sets of a generated landscape, made by hand, and a network small enough for tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from torch import nn

from satfusion_qgis.tasks.patch_set import FORMAT, SPLITS
from satfusion_qgis.tasks.tensor_file import write_tensors
from tests.scenes import degrade, make_truth

BANDS, RATIO = 3, 4
NETWORK = "engine.networks.pansharpening.tiny_for_tests:Tiny"


class Tiny(nn.Module):
    """Two small layers on (MS, PAN), added to MS."""

    halo, multiple, global_context = 2, 1, False

    def __init__(self, bands: int, width: int = 8) -> None:
        super().__init__()
        self.first = nn.Conv2d(bands + 1, width, 3, padding=1)
        self.last = nn.Conv2d(width, bands, 3, padding=1)

    def forward(self, ms, pan):
        return ms + self.last(torch.relu(self.first(torch.cat([ms, pan], 1))))


def register() -> None:
    """Make `NETWORK` known, as a file below engine/networks would be."""
    module = ModuleType("satfusion_qgis.engine.networks.pansharpening.tiny_for_tests")
    module.Tiny = Tiny
    sys.modules[module.__name__] = module


def make_patch_set(folder: Path, side: int = 32, counts=(24, 6, 6), gain: float = 2.5e-4, units: str = "physical"):
    """Write a patch set of one landscape; MS is enlarged by repetition, which is all that training needs."""
    folder.mkdir(parents=True)
    across = 9
    rows = -(-sum(counts) // across) * side
    truth = make_truth(rows, across * side, BANDS, seed=5).astype(np.float64) * gain
    small = degrade(truth, RATIO)
    arrays = {"reference": truth, "ms": small.repeat(RATIO, 1).repeat(RATIO, 2), "pan": truth.mean(axis=0)[None]}
    corners = [(row * side, column * side) for row in range(rows // side) for column in range(across)]
    levels = {
        "ms": {"mean": small.mean(axis=(1, 2)).tolist(), "std": small.std(axis=(1, 2)).tolist()},
        "pan": {"mean": [arrays["pan"].mean()], "std": [arrays["pan"].std()]},
    }
    files, start = [], 0
    for split, count in zip(SPLITS, counts):
        if not count:
            continue
        own = corners[start : start + count]
        start += count
        tensors = {
            name: np.stack([image[:, r : r + side, c : c + side] for r, c in own]).astype(np.float32)
            for name, image in arrays.items()
        }
        tensors["scene"] = np.zeros(count, np.int32)
        tensors["place"] = np.array(own, np.int32)
        write_tensors(folder / f"{split}-000.safetensors", tensors)
        files.append({"name": f"{split}-000.safetensors", "split": split, "count": count})
    data = {
        "format": FORMAT,
        "bands": [{"name": f"Band {number}", "wavelength_nm": None} for number in range(1, BANDS + 1)],
        "ratio": float(RATIO),
        "units": units,
        "unit": "reflectance",
        "range": float(truth.max()),
        "side": side,
        "counts": dict(zip(SPLITS, counts)),
        "files": files,
        "sources": [{"name": "landscape", "ms": "ms.tif", "pan": "pan.tif", "statistics": levels,
                     "gsd_m": {"ms": 2.0, "pan": 0.5, "trained": 2.0}}],
        "statistics": levels,
    }  # fmt: skip
    (folder / "patches.json").write_text(json.dumps(data), encoding="utf-8")
    return folder
