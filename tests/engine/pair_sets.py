"""Patch sets of pairs of a generated landscape that changes from date to date, made by hand with numpy alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from satfusion_qgis.tasks.patch_set import FORMAT, SPATIOTEMPORAL, SPLITS, of_pairs
from satfusion_qgis.tasks.tensor_file import write_tensors
from tests.scenes import make_truth

BANDS, RATIO = 3, 8
WAVELENGTHS = (560.0, 660.0, 840.0)


def make_pair_set(folder: Path, pairs: int = 1, side: int = 32, counts=(10, 4, 4), bands: int = BANDS) -> Path:
    """Write a patch set: a landscape of which some parts get brighter, and means of blocks as coarse images.

    A corner of every third patch is masked, and shows nonsense there in every image.
    """
    folder.mkdir(parents=True)
    across = 6
    shape = (-(-sum(counts) // across) * side, across * side)
    still = make_truth(*shape, bands, seed=5).astype(np.float64) * 1e-4
    fields = make_truth(*shape, 1, seed=6).astype(np.float64)[0]
    grown = 0.25 * (fields > np.median(fields)) * np.arange(1, bands + 1)[:, None, None] / bands
    fine = {"fine_1": still, "reference": still + 0.5 * grown, "fine_2": still + grown}
    images = {name: fine[name] for name in fine}
    coarse = {"coarse_1": "fine_1", "coarse_target": "reference", "coarse_2": "fine_2"}
    images.update((name, _coarse(fine[of])) for name, of in coarse.items())
    images["base"] = images["fine_1"] + images["coarse_target"] - images["coarse_1"]
    kind = of_pairs(pairs)
    files, number = [], 0
    for split, count in zip(SPLITS, counts):
        if not count:
            continue
        tensors: dict[str, list] = {name: [] for name in kind.tensors}
        for place in range(count):
            row, column = number // across * side, number % across * side
            number += 1
            mask = np.ones((1, side, side), np.uint8)
            if place % 3 == 0:
                mask[:, : side // 3, : side // 2] = 0
            for name in kind.tensors:
                patch = mask if name == "mask" else images[name][:, row : row + side, column : column + side]
                tensors[name].append(patch if name == "mask" else np.where(mask > 0, patch, 9.0).astype(np.float32))
        arrays = {name: np.stack(values) for name, values in tensors.items()}
        arrays.update(days=np.tile(np.array([[-16, 16]], np.int32), (count, 1)))
        arrays.update(scene=np.zeros(count, np.int32), place=np.zeros((count, 2), np.int32))
        write_tensors(folder / f"{split}-000.safetensors", arrays)
        files.append({"name": f"{split}-000.safetensors", "split": split, "count": count})
    levels = {"fine_1": {"mean": still.mean(axis=(1, 2)).tolist(), "std": still.std(axis=(1, 2)).tolist()}}
    named = [
        {"name": f"Band {place + 1}", "wavelength_nm": WAVELENGTHS[place] if place < len(WAVELENGTHS) else None}
        for place in range(bands)
    ]
    data = {
        "format": FORMAT,
        "task": SPATIOTEMPORAL,
        "pairs": pairs,
        "protocol": "other dates",
        "bands": named,
        "ratio": float(RATIO),
        "units": "physical",
        "unit": "reflectance",
        "range": float(fine["fine_2"].max()),
        "side": side,
        "counts": dict(zip(SPLITS, counts)),
        "files": files,
        "sources": [{"name": "landscape", "place": "nowhere", "fine_1": "a.tif", "statistics": levels}],
        "statistics": levels,
    }
    (folder / "patches.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def _coarse(image):
    """Means of blocks, repeated onto the fine grid."""
    bands, rows, columns = image.shape
    means = image.reshape(bands, rows // RATIO, RATIO, columns // RATIO, RATIO).mean(axis=(2, 4))
    return means.repeat(RATIO, 1).repeat(RATIO, 2)
