"""Patch sets of revisits of a generated landscape, made by hand with numpy alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from satfusion_qgis.tasks.patch_set import FORMAT, SATFUSION, SPLITS, SUPER_RESOLUTION
from satfusion_qgis.tasks.tensor_file import write_tensors
from tests.scenes import make_truth

BANDS, FRAMES = 3, 4


def make_revisit_set(
    folder: Path, ratio: int = 2, with_pan: bool = False, side: int = 24, counts=(16, 6, 4), gain: float = 2.5e-4
):
    """Write a patch set: frames are means of blocks of the truth, moved by whole fine pixels; the base repeats one.

    The last frame's left half is masked, and shows nonsense there.
    """
    folder.mkdir(parents=True)
    across = 6
    down = -(-sum(counts) // across)
    truth = make_truth(down * side, across * side, BANDS, seed=5).astype(np.float64) * gain
    moves = [(0, 0), (1, 0), (0, 1), (1, 1)]
    frames = np.stack([_means(np.roll(truth, (-rows, -columns), (1, 2)), ratio) for rows, columns in moves])
    masks = np.ones((FRAMES, 1, *frames.shape[2:]), np.uint8)
    base = frames[0].repeat(ratio, 1).repeat(ratio, 2)
    pan = truth.mean(axis=0)[None]
    levels = {"revisits": _levels(frames[0]), **({"pan": _levels(pan)} if with_pan else {})}
    files, number = [], 0
    for split, count in zip(SPLITS, counts):
        if not count:
            continue
        tensors: dict[str, list] = {}
        for _ in range(count):
            row, column = number // across * side, number % across * side
            number += 1
            fine = np.s_[..., row : row + side, column : column + side]
            coarse = np.s_[..., row // ratio : (row + side) // ratio, column // ratio : (column + side) // ratio]
            seen, use = frames[coarse].copy(), masks[coarse].copy()
            use[-1, :, :, : use.shape[-1] // 2] = 0
            seen[-1, :, :, : use.shape[-1] // 2] = 7 * truth.max()
            own = {"revisits": seen, "masks": use, "base": base[fine], "reference": truth[fine]}
            own.update({"pan": pan[fine]} if with_pan else {})
            for name, values in own.items():
                tensors.setdefault(name, []).append(values.astype(np.uint8 if name == "masks" else np.float32))
        arrays = {name: np.stack(values) for name, values in tensors.items()}
        arrays.update(scene=np.zeros(count, np.int32), place=np.zeros((count, 2), np.int32))
        write_tensors(folder / f"{split}-000.safetensors", arrays)
        files.append({"name": f"{split}-000.safetensors", "split": split, "count": count})
    data = {
        "format": FORMAT,
        "task": SATFUSION if with_pan else SUPER_RESOLUTION,
        "protocol": "wald",
        "frames": FRAMES,
        "bands": [{"name": f"Band {place}", "wavelength_nm": None} for place in range(1, BANDS + 1)],
        "pan_bands": [{"name": "PAN"}],
        "ratio": float(ratio),
        "units": "physical",
        "unit": "reflectance",
        "range": float(truth.max()),
        "side": side,
        "counts": dict(zip(SPLITS, counts)),
        "files": files,
        "sources": [{"name": "landscape", "place": "nowhere", "revisits": "four files", "statistics": levels}],
        "statistics": levels,
        "limits": ["The landscape is made up."],
    }
    (folder / "patches.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def _means(image, ratio):
    bands, rows, columns = image.shape
    return image.reshape(bands, rows // ratio, ratio, columns // ratio, ratio).mean(axis=(2, 4))


def _levels(image):
    return {"mean": image.mean(axis=(1, 2)).tolist(), "std": image.std(axis=(1, 2)).tolist()}
