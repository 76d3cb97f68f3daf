"""Small model folders of all networks for spatiotemporal fusion, and a run of one on arrays, window by window."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn

from satfusion_qgis.catalogue import CATALOGUE, SPATIOTEMPORAL_NETWORKS
from satfusion_qgis.engine.networks.build import build
from satfusion_qgis.inference.spatiotemporal import TASK, card_inputs
from satfusion_qgis.runtime.in_process import session_for
from satfusion_qgis.tasks.model_card import ModelCard
from tests.core.drive_spatiotemporal import Stack, blocks_of, places, window_at

# Small forms, so that a test takes no time; and the sides of their tiles where they are global.
SMALL: dict[str, dict[str, Any]] = {
    "edcstfn": {"widths": [6, 6, 6]},
    "ganstfm": {"widths": [6, 6, 6, 6]},
    "mlffgan": {"widths": [4, 4, 6, 6, 6]},
    "srsfgan": {"width": 6},
    "ecpwstfn": {"widths": [6, 6, 6]},
    "stfdiff": {"width": 8, "multipliers": [1, 2], "steps": 3, "timesteps": 20, "samples": 2},
    "swinstfm": {"widths": [32, 32, 32, 32, 32], "image_size": 64},
    "dcstfn": {"widths": [6, 6, 6], "ratio": 8},
    "mustfn": {"width": 6, "attention": 6, "head": [8, 6]},
    "rsfn": {"widths": [6, 6, 6]},
    "amsstf": {"widths": [6, 6, 6]},
    "learned_unmixing": {"ratio": 8, "classes": 4, "width": 6},
}
NAMES = [method.id for method in SPATIOTEMPORAL_NETWORKS]
TWO_PAIRS = ("mustfn", "rsfn", "amsstf")
TILE = 64


def network(name: str, bands: int = 2, **settings: Any) -> nn.Module:
    """A small network in eval mode, whose weights are not those that training starts from."""
    torch.manual_seed(3)
    made = build(CATALOGUE.method(TASK, name).network, {"bands": bands, **SMALL[name], **settings})
    with torch.no_grad():
        for key, tensor in made.state_dict().items():
            if tensor.is_floating_point() and not key.endswith("running_var"):
                tensor.add_(0.02 * torch.randn(tensor.shape))
                # Else next to nothing is left of an image behind its many convolutions.
                if name in ("ecpwstfn", "dcstfn") and tensor.ndim == 4:
                    tensor.mul_(2.0)
    return made.eval()


def write_model(
    folder: Path, name: str, bands: int = 2, card: Mapping[str, Any] | None = None, **settings: Any
) -> Path:
    """Write the model folder of a small network."""
    made = network(name, bands, **settings)
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in made.state_dict().items()}, str(target / "model.safetensors"))
    weights = target / "model.safetensors"
    listed = [{"name": f"B{band + 1}"} for band in range(bands)]
    suffices = bool(getattr(made, "one_pair_suffices", False))
    data = {
        "format": 1,
        "id": name,
        "title": f"Test: {name}",
        "method": name,
        "task": TASK,
        "configuration": {"bands": bands, **SMALL[name], **settings},
        "inputs": card_inputs(made.inputs, listed, suffices),
        "output": {"kind": "image", "bands": bands, "residual_of": None},
        "ratio": {"min": 8, "max": 8, "trained": 8},
        "halo": int(made.halo),
        "window": {"trained": TILE, "multiple": int(made.multiple)},
        "global_context": {"yes": bool(made.global_context)},
        "stochastic": name == "stfdiff",
        "files": [{"name": weights.name, "sha256": hashlib.sha256(weights.read_bytes()).hexdigest()}],
        "licence": "MIT",
        **(card or {}),
    }
    (target / "card.json").write_text(json.dumps(data), encoding="utf-8")
    return target


def scene(rows: int = 96, columns: int = 80, bands: int = 2, ratio: int = 8, pairs: int = 2, seed: int = 0) -> Stack:
    """Reflectances of fields that change from date to date, about 0.05 to 0.5, with coarse images that are means."""
    rng = np.random.default_rng(seed)
    tall, wide = -(-rows // ratio) * ratio, -(-columns // ratio) * ratio
    fields = rng.uniform(0.1, 0.4, (bands, tall // 8 + 1, wide // 8 + 1)).repeat(8, 1).repeat(8, 2)[:, :tall, :wide]
    change = rng.uniform(-0.04, 0.04, (bands, tall // 16 + 1, wide // 16 + 1)).repeat(16, 1).repeat(16, 2)
    noise = 0.01 * rng.standard_normal((3, bands, tall, wide))
    images: dict[str, NDArray[Any]] = {}
    for fine, coarse, step in (("FINE_1", "COARSE_1", 0), ("", "COARSE_TARGET", 1), ("FINE_2", "COARSE_2", 2)):
        if pairs == 1 and step == 2:
            continue
        whole = (fields + step * change[:, :tall, :wide] + noise[step]).astype(np.float32)
        if fine:
            images[fine] = whole[:, :rows, :columns]
        images[coarse] = whole.reshape(bands, tall // ratio, ratio, wide // ratio, ratio).mean((2, 4))
    return Stack(images, ratio)


@dataclass
class Made:
    """What a network made of a stack."""

    image: NDArray[np.float32]
    valid: NDArray[np.bool_]
    spread: NDArray[np.float32] | None
    said: list[str]


def run(
    stack: Stack,
    model: Path,
    window: tuple[int, int] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Made:
    """Run a model by a session in this process, over windows of a size; without one the whole image is one."""
    name = ModelCard.load(model).method
    few = {"SAMPLES": 2} if name == "stfdiff" else {}
    session = session_for(TASK, name, {**few, **(parameters or {})}, stack.scene(), model, "cpu", 1)
    implementation = session._implementation
    bands, rows, columns = stack.images["FINE_1"].shape
    state: dict[str, Any] = {}
    for one in implementation.passes():
        at = window_at(stack, (0, 0, rows, columns), one.halo, one.roles)
        state[one.name] = one.finish(one.add(blocks_of(stack, at), at, state), state)
    image, spread = (np.full((bands, rows, columns), np.nan, np.float32) for _ in range(2))
    valid = np.zeros((rows, columns), bool)
    session.open()
    try:
        session.set_state(state)
        for place in places(rows, columns, window):
            at = window_at(stack, place, implementation.halo())
            blocks = blocks_of(stack, at)
            before = {key: np.array(value) for key, value in blocks.items() if value is not None}
            (result,) = session.fuse([blocks], [at])
            assert all(np.array_equal(value, blocks[key]) for key, value in before.items()), "fuse changed an input"
            inside = np.s_[place[0] : place[0] + place[2], place[1] : place[1] + place[3]]
            image[(slice(None), *inside)] = result["OUTPUT"]
            spread[(slice(None), *inside)] = result.get("SPREAD", np.nan)
            known = result.get("OUTPUT_valid")
            valid[inside] = True if known is None else known
    finally:
        session.close()
    said = implementation.warnings() + implementation.describe(state)
    return Made(image, valid, spread if np.isfinite(spread).any() else None, said)
