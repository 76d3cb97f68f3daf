"""The model folder that a training leaves: `card.json` and `model.safetensors`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from torch import Tensor, nn

from ...inference.spatiotemporal import card_inputs
from ...locations import version
from ...tasks.errors import InputError
from ...tasks.model_card import FORMAT
from ...tasks.patch_set import PANSHARPENING, SATFUSION, SPATIOTEMPORAL, SUPER_RESOLUTION, PatchSet
from .data import Scaling
from .settings import Settings

WEIGHTS = "model.safetensors"
CARD = "card.json"
_SMALLEST_WINDOW = 16
_SCRIPTS = {
    PANSHARPENING: "satfusion:train_pansharpening",
    SUPER_RESOLUTION: "satfusion:train_superresolution",
    SATFUSION: "satfusion:train_satfusion",
    SPATIOTEMPORAL: "satfusion:train_spatiotemporal",
}
_BASELINES = {
    "exp": "plain interpolation (EXP)",
    "back_projection": "the back-projection that it starts from",
    "sharpened_back_projection": "the back-projection with PAN's detail that it starts from",
    "add_change": "the interpolated change added to the fine image",
}


def write_model(folder: Path, state: Mapping[str, Tensor], card: Mapping[str, Any]) -> dict[str, Any]:
    """Write weights and card, the card last; return the card.

    Raises:
        InputError: The disk is full, or the folder may not be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_state(folder / WEIGHTS, state)
        content = (folder / WEIGHTS).read_bytes()
        made = {
            **card,
            "files": [
                {
                    "name": WEIGHTS,
                    "format": "safetensors",
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "bytes": len(content),
                    "opset": None,
                    "dynamic_axes": None,
                }
            ],
        }
        _replace(folder / CARD, (json.dumps(made, indent=1) + "\n").encode("utf-8"))
    except OSError as error:
        raise InputError(f"MODEL_FOLDER: cannot write to {folder}: {error.strerror}.") from None
    return made


def write_state(path: Path, state: Mapping[str, Tensor]) -> None:
    """Write a state dict as safetensors; the file has its name only when it is whole."""
    from safetensors.torch import save

    _replace(path, save({name: value.detach().cpu().contiguous().clone() for name, value in state.items()}))


def read_state(path: Path) -> dict[str, Tensor]:
    """Return the state dict in a safetensors file.

    Raises:
        InputError: It is missing or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        found: dict[str, Tensor] = load(path.read_bytes())
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from None
    except SafetensorError:
        raise InputError(f"Cannot read {path}: it is damaged, or no safetensors file.") from None
    return found


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def describe_model(
    folder: Path,
    arguments: Mapping[str, Any],
    network: nn.Module,
    patches: PatchSet,
    scaling: Scaling,
) -> dict[str, Any]:
    """Return the card without files, training and scores.

    Args:
        folder: The model folder; its name becomes the id.
        arguments: Those of `run.train`.
        network: The network.
        patches: What it is trained on.
        scaling: How values are treated.
    """
    data = patches.data
    multiple = int(getattr(network, "multiple", 1))
    gsd = [source["gsd_m"] for source in data["sources"] if source.get("gsd_m")]
    method = str(arguments["method"])
    return {
        "format": FORMAT,
        "id": re.sub(r"[^a-z0-9_-]+", "_", folder.name.lower()).strip("_-") or method,
        "title": str(arguments.get("title") or f"{method}, {folder.name}"),
        "method": method,
        "configuration": dict(arguments["configuration"]),
        "task": patches.kind.task,
        "inputs": _inputs_of_pairs(patches, scaling, network)
        if patches.kind.task == SPATIOTEMPORAL
        else _inputs(patches, scaling, int(getattr(network, "fewest_frames", 1))),
        "output": {"kind": "image", "bands": patches.bands, "classes": None, "residual_of": _residual_of(patches)},
        "ratio": _ratio(patches),
        "gsd_m": {"min": min(min(one.values()) for one in gsd), "max": max(one["trained"] for one in gsd)}
        if gsd
        else None,
        "product_level": data.get("product_level") or None,
        "window": {"trained": patches.side, "multiple": multiple, "min": max(multiple, _SMALLEST_WINDOW)},
        "halo": int(getattr(network, "halo", 0)),
        "global_context": {"yes": bool(getattr(network, "global_context", False)), "seam_error": None},
        "stochastic": bool(getattr(network, "stochastic", False)),
        "licence": str(arguments.get("licence") or "NOASSERTION"),
        "attribution": str(arguments.get("attribution") or ""),
    }


def describe_training(
    arguments: Mapping[str, Any], settings: Settings, patches: PatchSet, steps: int, best: int, stopped: str
) -> dict[str, Any]:
    """Return the card's "training"."""
    return {
        "script": str(arguments.get("script") or _SCRIPTS[patches.kind.task]),
        "commit": f"satfusion {version()}",
        "data": [
            {key: source.get(key) for key in (*_sources(patches), "date", "split")}
            for source in patches.data["sources"]
        ],
        "protocol": _protocol(patches),
        "counts": dict(patches.data["counts"]),
        "network": arguments["network"],
        "initial": arguments.get("initial") or None,
        "settings": settings.plain(),
        "seed": settings.seed,
        "steps": steps,
        "best_step": best,
        "stopped": stopped,
    }


def describe_scores(
    patches: PatchSet, split: str, own: Mapping[str, Any], exp: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the card's "scores" and "limits"."""
    base, title = patches.kind.baseline, _BASELINES[patches.kind.baseline]
    sources = patches.data["sources"]
    place = ", ".join(dict.fromkeys(str(source.get("place") or source.get("name", "")) for source in sources))
    protocol = f"{patches.data.get('protocol', 'wald')}, {split} patches"
    common = {"place": place, "protocol": protocol, "interval": None, "units": patches.data["unit"]}
    scores = [
        {**common, "metric": metric, "value": own[metric], "baseline": {"method": base, "value": exp[metric]}}
        for metric in ("ergas", "sam_degrees", "rmse_all")
    ]
    names = [str(band["name"]) for band in patches.data["bands"]]
    for name, value, other in zip(names, own["rmse"], exp["rmse"]):
        baseline = {"method": base, "value": other}
        scores.append({**common, "metric": "rmse", "band": name, "value": value, "baseline": baseline})
    worse = [name for name, value, other in zip(names, own["rmse"], exp["rmse"]) if value >= other]
    limits = [f"Trained on {len(sources)} scene(s) only: {place}.", *patches.data.get("limits", [])]
    if patches.data.get("interpolation"):
        limits.append(f"Trained with MS enlarged {patches.data['interpolation']}, and run with MS enlarged by cubic.")
    if worse:
        limits.append(f"No better than {title} in {', '.join(worse)}.")
    return scores, limits


def _inputs(patches: PatchSet, scaling: Scaling, fewest: int) -> list[dict[str, Any]]:
    """Return what the network gets, by role."""
    units, found = str(patches.data["units"]), []
    for role in patches.kind.roles:
        own = (patches.data.get("pan_bands") or [{"name": "PAN"}]) if role == "pan" else patches.data["bands"]
        item = _input(role.upper(), own, scaling, units)
        if role == "revisits":
            item = {**item, "min_count": fewest, "max_count": patches.frames, "masks": True, "grid": "coarse"}
        found.append(item)
    return found


def _inputs_of_pairs(patches: PatchSet, scaling: Scaling, network: nn.Module) -> list[dict[str, Any]]:
    """Return what a network for spatiotemporal fusion gets: all in the fine image's units, on its grid."""
    return card_inputs(
        getattr(network, "inputs", patches.kind.inputs),
        _bands(patches.data["bands"]),
        bool(getattr(network, "one_pair_suffices", False)),
        units=str(patches.data["units"]),
        **_treatment(scaling, patches.kind.coarse),
    )


def _sources(patches: PatchSet) -> tuple[str, ...]:
    """Return the names by which a source's files are told."""
    kind = patches.kind
    return (*kind.inputs, "reference", "name") if kind.task == SPATIOTEMPORAL else kind.roles


def _residual_of(patches: PatchSet) -> Optional[str]:
    """Return the classical method whose estimate the network is added to, outside of it; None where there is none."""
    return None if patches.kind.task in (PANSHARPENING, SPATIOTEMPORAL) else patches.kind.baseline


def _ratio(patches: PatchSet) -> dict[str, float]:
    """Return the ratios that the network suits: near those it was trained for, or where it enlarges by itself, one."""
    if patches.kind.task in (PANSHARPENING, SPATIOTEMPORAL):
        known = patches.data.get("ratios") or [patches.ratio]
        return {"min": 0.9 * float(min(known)), "max": 1.1 * float(max(known)), "trained": patches.ratio}
    ratio = float(round(patches.ratio))
    return {"min": ratio, "max": ratio, "trained": ratio}


def _protocol(patches: PatchSet) -> str:
    if patches.kind.task == PANSHARPENING:
        return f"wald, reduced {patches.data.get('reductions', 1)} time(s)"
    return str(patches.data.get("protocol", "wald"))


def _input(role: str, bands: Sequence[Mapping[str, Any]], scaling: Scaling, units: str) -> dict[str, Any]:
    return {
        "role": role,
        "bands": _bands(bands),
        "min_count": 1,
        "max_count": 1,
        "units": units,
        **_treatment(scaling, role.lower()),
        "grid": "fine",
        "resampling": {"kernel": "cubic", "phase": "geotransform"} if role == "MS" else None,
    }


def _treatment(scaling: Scaling, key: str) -> dict[str, Any]:
    """Return how values become what a network takes; `key` names the role of its statistics."""
    values: Optional[dict[str, Any]] = None
    if scaling.kind == "standard" and scaling.mean is not None and scaling.std is not None:
        values = {"mean": list(scaling.mean[key]), "std": list(scaling.std[key])}
    return {
        "scale": scaling.scale,
        "offset": scaling.offset,
        "clip": list(scaling.clip) if scaling.clip else None,
        "normalise": {"kind": scaling.kind, "values": values},
    }


def _bands(bands: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: band.get(key) for key in ("name", "wavelength_nm", "width_nm")} for band in bands]
