"""Speed and memory of the networks for spatiotemporal fusion, and what surrounds them against the networks alone.

Each is run with its published sizes on one window: the module itself as PyTorch makes it, the backend as a job runs it
in PyTorch and, where there is a graph, in ONNX Runtime; global networks on one tile. Then a window goes through all
that surrounds the network (coarse images interpolated, tiles blended), and the time outside of the network is told.

Runs in the engine's interpreter. Weights are random: they do not change the speed. STFDiff draws once, in 10 steps.
Every figure comes from a process of its own with one thread, in CPU seconds, the best of several runs.

    python benchmarks/bench_pairs_networks.py                            all networks
    python benchmarks/bench_pairs_networks.py --networks edcstfn,rsfn    some
    python benchmarks/bench_pairs_networks.py --quick                    smaller windows, one run of each: a look
    python benchmarks/bench_pairs_networks.py --json FILE
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from bench_networks import backend_of, bare_module, best_of, machine, never, peak_mib  # noqa: E402

from satfusion_qgis.catalogue import CATALOGUE, SPATIOTEMPORAL_NETWORKS  # noqa: E402
from satfusion_qgis.inference.network import network_inputs  # noqa: E402
from satfusion_qgis.inference.spatiotemporal import TASK, SpatiotemporalNetwork, card_inputs  # noqa: E402
from satfusion_qgis.tasks.method import SceneInfo  # noqa: E402
from satfusion_qgis.tasks.model_card import ModelCard  # noqa: E402
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window  # noqa: E402

BANDS, RATIO = 6, 16
WINDOW, TILE, QUICK = 512, 256, 128
SETTINGS: dict[str, dict[str, Any]] = {"stfdiff": {"samples": 1, "steps": 10}}
VARIANTS = ("plain", "torch", "onnx")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", help="ids, separated by commas; all by default")
    parser.add_argument("--quick", action="store_true", help=f"windows and tiles of {QUICK} pixels, one run of each")
    parser.add_argument("--no-graphs", action="store_true", help="without ONNX, whose files take minutes to write")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        asked = json.loads(arguments.child)
        print(json.dumps(CHILDREN[asked.pop("do")](**asked)))
        return 0
    names = arguments.networks.split(",") if arguments.networks else [one.id for one in SPATIOTEMPORAL_NETWORKS]
    report: dict[str, Any] = {"machine": machine(), "rows": []}
    print(_head(report["machine"]), flush=True)
    with tempfile.TemporaryDirectory(prefix="satfusion-bench-") as folder:
        for name in names:
            row = measured(name, Path(folder) / name, arguments.quick, not arguments.no_graphs)
            report["rows"].append(row)
            print(_line(row), flush=True)
    for row in report["rows"]:
        if row["no_onnx"]:
            print(f"No ONNX file of {row['name']}: {row['no_onnx']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def measured(name: str, folder: Path, quick: bool, graphs: bool) -> dict[str, Any]:
    """Return all figures of a network."""
    made = child("make", name=name, folder=str(folder), side=QUICK if quick else 0, graphs=graphs)
    row: dict[str, Any] = {"name": name, **made}
    runs = 1 if quick else 2
    for variant in VARIANTS if made["no_onnx"] is None else VARIANTS[:2]:
        found = child("time", folder=str(folder), variant=variant, side=made["window"], runs=runs)
        row[variant] = {"mpx_s": made["window"] ** 2 / found["seconds"] / 1e6, "peak_mib": found["peak_mib"]}
    row["overhead"] = child("surround", folder=str(folder), side=2 * QUICK if quick else WINDOW)["overhead"]
    return row


def child(do: str, **asked: Any) -> dict[str, Any]:
    """Run one of `CHILDREN` in a process of its own, on one thread.

    Raises:
        SystemExit: It failed.
    """
    command = [sys.executable, str(Path(__file__).resolve()), "--child", json.dumps({"do": do, **asked})]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{do} {asked}: {done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


# In the child


def make(name: str, folder: str, side: int, graphs: bool) -> dict[str, Any]:
    """Write a model with random weights, and its graph where there can be one."""
    import torch
    from safetensors.torch import save_file

    from satfusion_qgis.engine.models.exporting import export_model
    from satfusion_qgis.engine.networks.build import build
    from satfusion_qgis.tasks.errors import InputError

    torch.set_num_threads(1)
    torch.manual_seed(0)
    configuration = {"bands": BANDS, **SETTINGS.get(name, {})}
    network: Any = build(CATALOGUE.method(TASK, name).network, configuration).eval()
    place = Path(folder)
    place.mkdir(parents=True)
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, place / "model.safetensors")
    window = side or (TILE if network.global_context else WINDOW)
    data = {
        **{"format": 1, "id": name, "title": name, "method": name, "task": TASK, "licence": "none"},
        "configuration": configuration,
        "inputs": card_inputs(network.inputs, [{"name": str(number)} for number in range(BANDS)]),
        "output": {"bands": BANDS},
        "ratio": {"min": RATIO, "max": RATIO},
        "halo": network.halo,
        "window": {"multiple": network.multiple, "trained": side or TILE},
        "global_context": {"yes": bool(network.global_context)},
        "files": [{"name": "model.safetensors", "sha256": _sha256(place / "model.safetensors")}],
    }
    (place / "card.json").write_text(json.dumps(data), encoding="utf-8")
    why: Optional[str] = "not asked for"
    if graphs:
        try:
            export_model({"MODEL": folder}, lambda said: None, never)
            why = None
        except InputError as error:
            why = str(error)
    parameters = sum(value.numel() for value in network.parameters())
    return {"window": window, "halo": int(network.halo), "parameters": parameters, "no_onnx": why}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def time_variant(folder: str, variant: str, side: int, runs: int) -> dict[str, Any]:
    """Time one variant on one window with its halo; global networks on one tile."""
    card = ModelCard.load(Path(folder))
    around = 0 if card.global_context else 2 * -(-card.halo // card.multiple) * card.multiple
    generator = np.random.default_rng(0)
    shape = (side + around, side + around)
    given = {item.name: generator.random((1, item.bands, *shape), np.float32) for item in network_inputs(card)}
    run = bare_module(card, "cpu", False) if variant == "plain" else backend_of(card, variant, "cpu", False)
    return {"seconds": best_of(lambda: run(given), runs), "peak_mib": peak_mib("cpu")}


def surround(folder: str, side: int) -> dict[str, Any]:
    """Return the share of time that what surrounds a network adds to it, over one window."""
    card = ModelCard.load(Path(folder))
    made, blocks, window = window_of(card, side)
    run = backend_of(card, "torch", "cpu", False)
    inside = 0.0

    def network(given: Any, cancelled: Callable[[], bool]) -> dict[str, Any]:
        nonlocal inside
        begin = time.process_time()
        answer = run({name: image for name, image in given.items() if name != "origin"})
        inside += time.process_time() - begin
        return {"output": answer, "spread": answer}

    made.attach(network)
    begin = time.process_time()
    made.fuse(blocks, {}, window)
    whole = time.process_time() - begin
    return {"overhead": 100 * (whole / inside - 1)}


def window_of(card: ModelCard, side: int) -> tuple[SpatiotemporalNetwork, dict[str, Any], Window]:
    """Return what surrounds a network, and a window from the middle of a made-up scene with its blocks."""
    roles = {item.role: 1.0 if item.role.startswith("FINE") else float(RATIO) for item in card.inputs}
    roles.setdefault("COARSE_1", float(RATIO))
    scene = SceneInfo(
        dict.fromkeys(roles, BANDS), dict.fromkeys(roles, 1), {one: (it, it) for one, it in roles.items()}
    )
    usual = {item.name: item.default for item in CATALOGUE.method(TASK, card.method).parameters}
    made = SpatiotemporalNetwork({**usual, **({"SAMPLES": 1} if "SAMPLES" in usual else {})}, scene, card)
    halo, generator = made.halo(), np.random.default_rng(0)
    places, blocks = {}, {}
    for role, ratio in roles.items():
        axis = Axis(0.0, 1 / ratio, int(4 * side / ratio))
        first, last = axis.cover(side, 2 * side, halo[role])
        places[role] = BlockWindow(first, first, last - first, last - first, axis, axis)
        blocks[role] = generator.random((BANDS, last - first, last - first), np.float32)
        blocks[f"{role}_valid"] = None
    return made, blocks, Window(side, side, side, side, places)


CHILDREN: dict[str, Callable[..., dict[str, Any]]] = {"make": make, "time": time_variant, "surround": surround}


# Tables


def _head(used: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"{used['cores']} cores ({used['processor']}), PyTorch {used['torch']}, ONNX Runtime "
            f"{used['onnxruntime']}; {BANDS} bands, ratio {RATIO}, one thread. Mpx/s, and peak memory in MiB.",
            "",
            "| network | parameters | window + halo | plain PyTorch | our PyTorch | ONNX Runtime | around it |",
            "|---|---|---|---|---|---|---|",
        ]
    )


def _line(row: dict[str, Any]) -> str:
    cells = [_speed(row.get(variant)) for variant in VARIANTS]
    size = f"{row['window']} + {row['halo']}"
    return f"| {' | '.join([row['name'], str(row['parameters']), size, *cells, _percent(row['overhead'])])} |"


def _speed(figures: Optional[dict[str, float]]) -> str:
    return "-" if figures is None else f"{figures['mpx_s']:.3g} / {figures['peak_mib']:.0f}"


def _percent(value: float) -> str:
    return f"{value:.1f} %"


if __name__ == "__main__":
    raise SystemExit(main())
