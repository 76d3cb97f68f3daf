"""Compares our networks with their official implementations, case by case.

    .venv-engine/bin/python scripts/parity.py [CASES ...]       # or: make parity CASES="folder-or-glob ..."

A case is a folder with manifest.json and expected.npz: what an official network gave in float32 on a CPU, under weights
and inputs that follow from names, shapes and a seed. CASES are such folders, folders that hold some at any depth, or
globs of either; without them, the cases named in tests/parity/supported.txt are taken from shared/parity beside the
checkout.

For each case the official state dict is filled, translated into ours as an imported checkpoint is, and loaded; the
network runs on the case's inputs, and its outputs are compared. One row per case; the exit status is 1 if a case fails.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402  (the package needs the lines above)
import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from satfusion_qgis.engine import checkpoints  # noqa: E402
from satfusion_qgis.engine.checkpoints.family import Family  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402

SUPPORTED = ROOT / "tests" / "parity" / "supported.txt"
SHARED = ROOT.parent / "shared" / "parity"
UNKNOWN_KEY = "no_such_layer.weight"
MEASURES = {"max_abs": np.max, "mean_abs": np.mean}


class Mismatch(Exception):
    """A case does not hold; the text says why in one sentence."""


@dataclass(frozen=True)
class Result:
    """What came of a case: of all comparisons, the one that is nearest to its limit or farthest beyond it.

    Attributes:
        case: Name of the case.
        passed: Whether everything holds.
        verdict: "passed", or why not.
        difference: The difference found; None where nothing was compared.
        allowed: The difference allowed.
    """

    case: str
    passed: bool
    verdict: str
    difference: Optional[float] = None
    allowed: Optional[float] = None


# Weights and inputs that follow from names.


def random_numbers(name: str, shape: Sequence[int], seed: int) -> np.ndarray:
    """Return float64 numbers in [0, 1) of this shape: the upper 53 bits of a Philox stream keyed by seed and name."""
    key = hashlib.sha256(f"{seed}:{name}".encode()).digest()[:16]
    generator = np.random.Philox(key=np.frombuffer(key, dtype="<u8"))
    bits = np.asarray(generator.random_raw(max(math.prod(shape), 1)), dtype=np.uint64)
    return (bits // np.uint64(2**11) / 2.0**53)[: math.prod(shape)].reshape(tuple(shape))


def fill(key: str, shape: Sequence[int], seed: int, gain: float = 1.0) -> np.ndarray:
    """Return the float32 tensor that stands under `key` of an official state dict.

    Matrices and kernels are uniform with variance 1 / fan-in, times `gain`; running variances and scales are near 1,
    and everything else near 0.
    """
    centred = 2.0 * random_numbers(key, shape, seed) - 1.0
    if key.endswith("running_var"):
        values = 1.0 + 0.1 * np.abs(centred)
    elif len(shape) >= 2:
        values = centred * np.sqrt(3.0 / math.prod(shape[1:]))
    elif key.endswith(("weight", "gamma")):
        values = 1.0 + 0.1 * centred
    else:
        values = 0.1 * centred
    filled = values.astype(np.float32)
    return filled * np.float32(gain) if len(shape) >= 2 else filled


def make_input(name: str, shape: Sequence[int], seed: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Return the float32 input called `name`: waves, with phases of each plane's own, and noise within [low, high]."""
    rows, columns = shape[-2:]
    planes = math.prod(shape[:-2])
    y, x = np.arange(rows)[:, None], np.arange(columns)[None, :]
    phases = 2.0 * np.pi * random_numbers(f"phase:{name}", (max(planes, 1), 3), seed)
    waves = [
        0.5 + 0.25 * np.sin(0.21 * x + first) * np.cos(0.17 * y + second) + 0.15 * np.sin(0.05 * (x + y) + third)
        for first, second, third in phases
    ]
    noise = random_numbers(f"input:{name}", shape, seed)
    values = np.clip(0.9 * np.reshape(waves, tuple(shape)) + 0.1 * noise, 0.0, 1.0)
    return (low + (high - low) * values).astype(np.float32)


def official_state(manifest: Mapping[str, Any]) -> dict[str, Tensor]:
    """Return the case's official state dict, in its order, without what stays as the constructor makes it."""
    state: dict[str, Tensor] = {}
    for entry in manifest["state"]:
        key, shape = entry["key"], entry["shape"]
        if entry["fill"]:
            state[key] = torch.from_numpy(fill(key, shape, manifest["seed"], manifest.get("gain", 1.0)))
        elif "alias_of" in entry:
            state[key] = state[entry["alias_of"]]
        elif "value" in entry:
            value = torch.as_tensor(entry["value"], dtype=getattr(torch, entry["dtype"]))
            state[key] = value.expand(shape).clone()
    return state


def inputs_of(manifest: Mapping[str, Any]) -> dict[str, Tensor]:
    """Return the case's inputs by name; the step of a diffusion, `time`, stands in the configuration."""
    inputs = {
        item["name"]: torch.from_numpy(
            make_input(item["name"], item["shape"], item.get("seed", manifest["seed"]), **item.get("range", {}))
        )
        for item in manifest["inputs"]
    }
    if "time" in manifest["config"]:
        inputs["time"] = torch.tensor(manifest["config"]["time"], dtype=torch.int64).reshape(-1)
    return inputs


# Our network with the official weights.


def network_of(family: Family, manifest: Mapping[str, Any]) -> nn.Module:
    """Build our network for the case's configuration, and load the translated state dict."""
    torch.manual_seed(0)
    network = family.build(manifest["config"])
    official = official_state(manifest)
    translated = dict(family.translate(official))
    _check_refusal(family, official)
    _check_keys(network, translated, _has_unfilled(manifest))
    network.load_state_dict(translated, strict=not _has_unfilled(manifest))
    _check_parameters(network, translated, manifest)
    return network.eval()


def _has_unfilled(manifest: Mapping[str, Any]) -> bool:
    return any(not (e["fill"] or "alias_of" in e or "value" in e) for e in manifest["state"])


def _check_refusal(family: Family, official: Mapping[str, Tensor]) -> None:
    """A state dict with a key that the family does not know must be refused, or keys could be lost unseen."""
    try:
        family.translate({**official, UNKNOWN_KEY: torch.zeros(1)})
    except InputError:
        return
    raise Mismatch("The family translates a state dict with an unknown key instead of refusing it.")


def _check_keys(network: nn.Module, translated: Mapping[str, Tensor], unfilled: bool) -> None:
    """Keys and shapes must be the network's; tables that the constructor makes may be left to it where `unfilled`."""
    own = network.state_dict()
    needed = dict(network.named_parameters()) if unfilled else own
    for problem, keys in (
        ("leaves without a value", [key for key in needed if key not in translated]),
        ("names, which our network does not have,", [key for key in translated if key not in own]),
        ("gives another shape", [k for k, v in translated.items() if k in own and v.shape != own[k].shape]),
    ):
        if keys:
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            raise Mismatch(f"The translated state dict {problem}: {keys[0]}{more}.")


def _check_parameters(network: nn.Module, translated: Mapping[str, Tensor], manifest: Mapping[str, Any]) -> None:
    """Compare the number of parameters, where no buffer and no unused tensor can make the two counts differ."""
    expected = manifest.get("parameters")
    official = sum(math.prod(e["shape"]) for e in manifest["state"] if "alias_of" not in e)
    if expected is None or expected != official or official != sum(t.numel() for t in translated.values()):
        return
    counted = sum(parameter.numel() for parameter in network.parameters())
    if counted != expected:
        raise Mismatch(f"Our network has {counted} parameters, the official one {expected}.")


# Outputs.


def selection(text: str) -> tuple[Any, ...]:
    """Read a slice such as "[:, ::2, 5::13]" or "[..., ::4]".

    Raises:
        Mismatch: The text is no such slice.
    """
    try:
        if not (text.startswith("[") and text.endswith("]")):
            raise ValueError
        return tuple(_index(part.strip()) for part in text[1:-1].split(","))
    except ValueError:
        raise Mismatch(f"The manifest selects {text!r}, which is not a slice.") from None


def _index(part: str) -> Any:
    if part == "...":
        return Ellipsis
    if ":" not in part:
        return int(part)
    return slice(*(int(bound) if bound.strip() else None for bound in part.split(":")))


def compared(output: Mapping[str, Any], ours: Mapping[str, Tensor], expected: Mapping[str, np.ndarray]) -> list[tuple]:
    """Compare one output of a case.

    Args:
        output: Its entry in the manifest.
        ours: What our network gave, by name.
        expected: What the official network gave, by name.

    Returns:
        (difference, allowed) for each tolerance; the difference is infinite where a value is not finite.

    Raises:
        Mismatch: An array is missing or has another shape, or there is no tolerance.
    """
    name, shape = output["name"], tuple(output["shape"])
    if name not in expected:
        raise Mismatch(f"expected.npz has no array {name!r}.")
    if name not in ours:
        raise Mismatch(f"The family gives no output {name!r}, but {', '.join(sorted(ours))}.")
    full = tuple(output.get("full_shape") or shape)
    given = ours[name].detach().numpy()
    if given.shape != full:
        raise Mismatch(f"Our {name!r} has shape {list(given.shape)}, the official one {list(full)}.")
    if output.get("select"):
        given = given[selection(output["select"])]
    if given.shape != shape or expected[name].shape != shape:
        raise Mismatch(
            f"Of {name!r}, {list(given.shape)} is compared with {list(expected[name].shape)}, not {list(shape)}."
        )
    limits = [(MEASURES[kind], limit) for kind, limit in output["tolerance"].items() if kind in MEASURES]
    if not limits or len(limits) != len(output["tolerance"]):
        raise Mismatch(f"The tolerance of {name!r} must be {' and/or '.join(MEASURES)}.")
    distance = np.abs(given.astype(np.float64) - expected[name].astype(np.float64))
    return [(float(measure(distance)) if np.isfinite(distance).all() else math.inf, limit) for measure, limit in limits]


def check(folder: Path, name: str = "") -> Result:
    """Run one case.

    Args:
        folder: The case's folder.
        name: What the case is called in the result; the folder's name by default.
    """
    name = name or folder.name
    try:
        differences = _run(folder)
    except (Mismatch, InputError) as problem:
        return Result(name, False, f"FAILED: {problem}")
    except Exception as error:  # whatever a case or a network does wrong, the other cases still run
        return Result(name, False, f"FAILED: {type(error).__name__}: {' '.join(str(error).split())}")
    difference, allowed = max(differences, key=lambda pair: pair[0] / pair[1] if pair[1] else math.inf)
    if any(found > limit for found, limit in differences):
        return Result(name, False, "FAILED: The outputs differ by more than is allowed.", difference, allowed)
    return Result(name, True, "passed", difference, allowed)


def _run(folder: Path) -> list[tuple[float, float]]:
    if not (folder / "manifest.json").is_file():
        raise Mismatch(f"The folder {folder} has no manifest.json.")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    family = checkpoints.family(manifest["family"])
    if not manifest["outputs"]:
        raise Mismatch("The manifest lists no output.")
    with np.load(folder / "expected.npz", allow_pickle=False) as file:
        expected = dict(file)
    with torch.no_grad():
        ours = family.call(network_of(family, manifest), inputs_of(manifest))
    return [pair for output in manifest["outputs"] for pair in compared(output, ours, expected)]


# The command.


def supported() -> list[str]:
    """Return the names of the cases that must pass."""
    lines = (line.partition("#")[0].strip() for line in SUPPORTED.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def find(patterns: Sequence[str]) -> list[Path]:
    """Return the case folders that folders and globs stand for, without repetition.

    Raises:
        InputError: A pattern stands for no case.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        exact = Path(pattern).exists()  # a name may hold the brackets of a glob
        places = [Path(pattern)] if exact else [Path(place) for place in sorted(glob.glob(pattern))]  # noqa: PTH207
        cases = [path.parent for place in places for path in sorted(place.rglob("manifest.json"))]
        if not cases:
            raise InputError(
                f"No parity case is in {pattern!r}: a case is a folder with manifest.json and expected.npz."
            )
        found.update(dict.fromkeys(cases))
    return list(found)


def set_up() -> None:
    """Make torch give the same numbers on every run: one thread, deterministic kernels."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)


def row(cells: Sequence[str], width: int) -> str:
    """Return one line of the table."""
    return f"{cells[0]:<{width}}  {cells[1]:>10}  {cells[2]:>8}  {cells[3]}"


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASES", help="case folders, folders of cases, or globs")
    patterns = parser.parse_args(arguments).cases
    if not patterns and not SHARED.is_dir():
        print("Skipped: there is no folder shared/parity beside the checkout; CASES names other folders.")
        return 0
    try:
        folders = find(patterns) if patterns else [SHARED / name for name in supported()]
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    set_up()
    names = [folder.name for folder in folders]
    labels = [name if names.count(name) == 1 else str(folder) for name, folder in zip(names, folders)]
    width = max(map(len, ["case", *labels]))
    print(row(("case", "difference", "allowed", "verdict"), width))
    failed = 0
    for folder, label in zip(folders, labels):
        result = check(folder, label)
        failed += not result.passed
        numbers = ["-" if value is None else f"{value:.1e}" for value in (result.difference, result.allowed)]
        print(row((label, *numbers, result.verdict), width), flush=True)
    print(f"{len(folders) - failed} of {len(folders)} cases passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
