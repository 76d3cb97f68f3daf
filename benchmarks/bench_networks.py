"""Speed and memory of the networks: ONNX Runtime against PyTorch, and what surrounds a network against the network.

Networks for revisits (encoders, and SatFusion's compositions of them with pansharpeners) are run on 8 frames, as
published in size: the module itself on a whole image, with the memory that takes, against the backend as a job runs it.

Runs in the engine's interpreter. Weights are random: they do not change the speed. Every figure comes from a process of
its own, with one thread, the variants in turn. On the CPU the figures are CPU seconds, the best of several runs: other
work on the machine hardly changes them, and with one thread they are the wall time of a quiet machine.

    python benchmarks/bench_networks.py                        all networks that are there
    python benchmarks/bench_networks.py --networks dicnn,pnn   some
    python benchmarks/bench_networks.py --networks highresnet,satfusion+pannet   of those for revisits
    python benchmarks/bench_networks.py --quick                one run of each: a look
    python benchmarks/bench_networks.py --json FILE --markdown docs/speed.md
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from satfusion_qgis.catalogue import CATALOGUE  # noqa: E402 (the checkout is put on the path first)
from satfusion_qgis.inference.network import network_inputs  # noqa: E402
from satfusion_qgis.inference.normalise import STATISTICS  # noqa: E402
from satfusion_qgis.inference.pansharpening import PansharpeningNetwork  # noqa: E402
from satfusion_qgis.tasks.method import SceneInfo  # noqa: E402
from satfusion_qgis.tasks.model_card import ModelCard  # noqa: E402
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window  # noqa: E402

BANDS, RATIO = 4, 4
WINDOW, TILE = 512, 128
CONVOLUTIONAL = ("dicnn", "pnn", "pannet", "fusionnet", "drpnn", "msdcnn")
ONNX_BAR, OVERHEAD_BAR, FIRST_BAR_S = 1.5, 5.0, 3.0
SMALL_DICNN = {"width": 32, "depth": 4}
# Networks for revisits: id, SatFusion's sharpener, keyword arguments. Frames and sides are those of one window.
FRAMES, REVISITS_WINDOW = 8, 256
ENCODERS = ("srcnn", "highresnet", "rams", "trmisr")
COMPOSITIONS: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, {}) for name in ENCODERS},
    **{
        f"satfusion+{sharpener}": ("satfusion", {"encoder": "highresnet", "sharpener": sharpener})
        for sharpener in ("pnn", "pannet", "dicnn", "fusionnet", "msdcnn", "drpnn", "u2net")
    },
    "satfusion-trmisr+pannet": ("satfusion", {"encoder": "trmisr", "sharpener": "pannet"}),
    "satfusion_star+pannet": ("satfusion_star", {"sharpener": "pannet"}),
    "satfusion-small": (
        "satfusion",
        {
            "encoder": "highresnet",
            "sharpener": "dicnn",
            "encoder_settings": {"hidden": 32, "blocks": 1, "fine": 8},
            "sharpener_settings": {"width": 32, "depth": 4, "kernel": 5},
            "colour_width": 16,
        },
    ),
    "highresnet-small": ("highresnet", {"hidden": 32, "blocks": 1, "fine": 16}),
}
SLOWER_BAR = 1.15  # the backend against the plain module, in time
# Name of a variant: what runs the network, and whether in half precision.
CPU_VARIANTS = ("plain", "torch", "onnx")
GPU_VARIANTS = ("plain", "plain half", "torch", "torch half")
MARKS = ("<!-- speed: begin -->", "<!-- speed: end -->")


def main() -> int:
    """Run the benchmark; return 0 when every bar was reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", help="ids, separated by commas; all by default")
    parser.add_argument("--runs", type=int, default=3, help="processes for each figure")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--markdown", type=Path, help="write the tables into this page, between its marks")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        asked = json.loads(arguments.child)
        print(json.dumps(CHILDREN[asked.pop("do")](**asked)))
        return 0
    runs = 1 if arguments.quick else arguments.runs
    with tempfile.TemporaryDirectory(prefix="satfusion-bench-") as folder:
        report = measure_all(Path(folder), arguments.networks, runs)
    page = tables(report)
    print(page)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if arguments.markdown:
        write_between_marks(arguments.markdown, page)
    return (
        0
        if all(row.get("reached", True) for part in ("cpu", "revisits", "overhead", "first") for row in report[part])
        else 1
    )


def measure_all(folder: Path, wanted: Optional[str], runs: int) -> dict[str, Any]:
    """Measure everything; networks that are not there are listed with the reason."""
    report: dict[str, Any] = {"machine": child("machine"), "cpu": [], "gpu": [], "skipped": []}
    ids = [method.id for method in CATALOGUE.methods_of("pansharpening") if method.runtime == "engine"]
    asked = None if wanted is None else wanted.split(",")
    report["revisits"] = [
        of_revisits(name, folder / f"revisits {name}", runs) for name in COMPOSITIONS if asked is None or name in asked
    ]
    for name in ids if asked is None else [one for one in asked if one not in COMPOSITIONS]:
        made = child("make", name=name, folder=str(folder / name), sizes={})
        if "failed" in made:
            report["skipped"].append({"name": name, "reason": made["failed"]})
            continue
        report["cpu"].append(compared(name, folder / name, made, runs))
        if report["machine"]["gpu"]:
            report["gpu"].append(on_gpu(name, folder / name, runs))
    report["overhead"], report["first"] = [], []
    if wanted is None or "dicnn" in wanted.split(","):
        for sizes in (SMALL_DICNN, {}):
            place = folder / f"dicnn {len(sizes)}"
            child("make", name="dicnn", folder=str(place), sizes=sizes)
            report["overhead"] += [surrounded(place, sizes, side, runs) for side in (WINDOW, 2 * WINDOW)]
        report["first"].append(first_window(folder / "dicnn", runs))
    return report


def compared(name: str, folder: Path, made: dict[str, Any], runs: int) -> dict[str, Any]:
    """Time a network on the CPU as PyTorch runs it by itself, and in both backends."""
    best = fastest(CPU_VARIANTS if made["onnx"] else CPU_VARIANTS[:2], runs, folder=str(folder), device="cpu")
    row: dict[str, Any] = {"name": name, "window": made["window"], "halo": made["halo"], "no_onnx": made.get("no_onnx")}
    for variant, figures in best.items():
        row[variant] = {"mpx_s": made["window"] ** 2 / figures["seconds"] / 1e6, "peak_mib": figures["peak_mib"]}
    if "onnx" in best:
        row["ratio"] = best["plain"]["seconds"] / best["onnx"]["seconds"]
        row["ratio_to_ours"] = best["torch"]["seconds"] / best["onnx"]["seconds"]
        if name in CONVOLUTIONAL:
            row["reached"] = row["ratio"] >= ONNX_BAR
    return row


def of_revisits(name: str, folder: Path, runs: int) -> dict[str, Any]:
    """Time a network for revisits on the CPU as PyTorch runs it by itself, and in the backends."""
    made = child("make_revisits", name=name, folder=str(folder))
    if "failed" in made:
        return {"name": name, "failed": made["failed"]}
    variants = CPU_VARIANTS if made["onnx"] else CPU_VARIANTS[:2]
    best = fastest(variants, runs, do="time_revisits", folder=str(folder))
    row: dict[str, Any] = {"name": name, **made}
    for variant, figures in best.items():
        row[variant] = {"mpx_s": made["window"] ** 2 / figures["seconds"] / 1e6, "peak_mib": figures["peak_mib"]}
    quickest = min(best[variant]["seconds"] for variant in variants[1:])
    row["ratio"] = best["plain"]["seconds"] / quickest
    row["reached"] = quickest <= SLOWER_BAR * best["plain"]["seconds"]
    return row


def on_gpu(name: str, folder: Path, runs: int) -> dict[str, Any]:
    """Time a network on the GPU, alone on whole windows and in the backend, in both precisions."""
    row: dict[str, Any] = {"name": name}
    for variant, figures in fastest(GPU_VARIANTS, runs, folder=str(folder), device="cuda:0").items():
        window = figures["window"]
        row[variant] = {"mpx_s": window**2 / figures["seconds"] / 1e6, "peak_mib": figures["peak_mib"]}
    return row


def fastest(variants: tuple[str, ...], runs: int, do: str = "time", **asked: Any) -> dict[str, Any]:
    """Run each variant in turn, and return the fastest run of each, with the highest memory."""
    best: dict[str, Any] = {}
    for _ in range(runs):
        for variant in variants:
            figures = child(do, variant=variant, **asked)
            before = best.get(variant, figures)
            seconds = min(before["seconds"], figures["seconds"])
            best[variant] = {**figures, "seconds": seconds, "peak_mib": max(before["peak_mib"], figures["peak_mib"])}
    return best


def surrounded(folder: Path, sizes: dict[str, int], side: int, runs: int) -> dict[str, Any]:
    """Time a window with all that surrounds the network, and the bare network on the same pixels."""
    found = [child("surround", folder=str(folder), side=side) for _ in range(runs)]
    bare, whole = (min(one[part] for one in found) for part in ("bare", "whole"))
    overhead = 100 * (whole / bare - 1)
    title = "dicnn, " + (", ".join(f"{name} {value}" for name, value in sizes.items()) or "as published")
    return {"name": title, "window": side, "bare": bare, "overhead": overhead, "reached": overhead <= OVERHEAD_BAR}


def first_window(folder: Path, runs: int) -> dict[str, Any]:
    """Time from the start of a process to the first finished window, with ONNX Runtime."""
    walls, cpus = [], []
    for _ in range(runs):
        begin = time.perf_counter()
        cpus.append(child("first", folder=str(folder))["cpu"])
        walls.append(time.perf_counter() - begin)
    return {"name": "dicnn", "wall": min(walls), "cpu": min(cpus), "reached": min(walls) <= FIRST_BAR_S}


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


def machine() -> dict[str, Any]:
    """Return what this ran on."""
    import onnxruntime
    import torch

    return {
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "torch": torch.__version__,
        "onnxruntime": onnxruntime.__version__,
        "numpy": np.__version__,
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
    }


def make(name: str, folder: str, sizes: dict[str, int]) -> dict[str, Any]:
    """Write a model with random weights: card, safetensors, and ONNX where the network can be written so."""
    import torch
    from safetensors.torch import save_file

    method = CATALOGUE.method("pansharpening", name)
    module, _, kind = method.network.partition(":")
    try:
        network = getattr(importlib.import_module(f"satfusion_qgis.{module}"), kind)(BANDS, **sizes).eval()
    except ImportError as error:
        return {"failed": f"not in this version ({error})"}
    place = Path(folder)
    place.mkdir(parents=True)
    torch.set_num_threads(1)
    save_file(network.state_dict(), place / "model.safetensors")
    why = export(network, place / "model.onnx")
    window = TILE if network.global_context else WINDOW
    card = {
        **{"format": 1, "id": name, "title": name, "method": name, "task": "pansharpening", "licence": "none"},
        "configuration": {"bands": BANDS, **sizes},
        "inputs": [
            {"role": role, "bands": [{"name": str(number)} for number in range(bands)], "normalise": {"kind": "scene"}}
            for role, bands in (("MS", BANDS), ("PAN", 1))
        ],
        "output": {"bands": BANDS},
        "ratio": {"min": RATIO, "max": RATIO},
        "halo": network.halo,
        "window": {"multiple": network.multiple, "trained": window},
        "global_context": {"yes": network.global_context},
        "files": [
            {"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
            for file in sorted(place.glob("model.*"))
        ],
    }
    (place / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return {"window": window, "halo": network.halo, "onnx": why is None, "no_onnx": why}


def export(network: Any, path: Path) -> Optional[str]:
    """Write a network as ONNX with free batch and size; return why it cannot be, or None."""
    import torch

    free = dict.fromkeys((0, 2, 3), torch.export.Dim.DYNAMIC)
    example = {"ms": torch.rand(2, BANDS, 64, 96), "pan": torch.rand(2, 1, 64, 96)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network,
                (),
                path,
                kwargs=example,
                input_names=["ms", "pan"],
                output_names=["output"],
                dynamic_shapes={"ms": free, "pan": free},
                external_data=False,
                verbose=False,
            )
    except Exception as error:
        path.unlink(missing_ok=True)
        return (str(error) or type(error).__name__).strip().splitlines()[0]
    return None


def make_revisits(name: str, folder: str) -> dict[str, Any]:
    """Write a model of a network for revisits with random weights, and with an ONNX file where there can be one."""
    import torch
    from safetensors.torch import save_file

    from satfusion_qgis.engine.networks.build import build
    from satfusion_qgis.tasks.errors import InputError

    kind, settings = COMPOSITIONS[name]
    method = CATALOGUE.method("super_resolution" if kind in ENCODERS else "multi_image_pansharpening", kind)
    own = {"frames": FRAMES} if kind in ENCODERS and kind != "trmisr" else {}  # TR-MISR takes any number
    configuration = {"bands": BANDS, "ratio": RATIO, **own, **settings}
    torch.set_num_threads(1)
    torch.manual_seed(0)
    try:
        network = build(method.network, configuration).eval()
    except (ImportError, InputError) as error:
        return {"failed": str(error)}
    place = Path(folder)
    place.mkdir(parents=True)
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, place / "model.safetensors")
    roles = [{"role": "REVISITS", "bands": BANDS, "grid": "coarse", "min_count": FRAMES, "max_count": FRAMES}]
    roles += [{"role": "PAN", "bands": 1}] if method.task == "multi_image_pansharpening" else []
    card: dict[str, Any] = {
        **{"format": 1, "id": "net", "title": name, "method": kind, "task": method.task, "licence": "none"},
        "configuration": configuration,
        "inputs": [{**role, "bands": [{"name": str(at)} for at in range(int(str(role["bands"])))]} for role in roles],
        "output": {"bands": BANDS, "residual_of": "back_projection"},
        "ratio": {"min": RATIO, "max": RATIO},
        "halo": network.halo,
        "window": {"multiple": network.multiple, "trained": TILE},
        "global_context": {"yes": network.global_context},
    }
    _with_files(card, place)
    why = export_revisits(network, ModelCard.load(place), place / "model.onnx")
    _with_files(card, place)
    return {"window": REVISITS_WINDOW, "halo": network.halo, "onnx": why is None, "no_onnx": why}


def _with_files(card: dict[str, Any], place: Path) -> None:
    files = sorted(place.glob("model.*"))
    card["files"] = [{"name": one.name, "sha256": hashlib.sha256(one.read_bytes()).hexdigest()} for one in files]
    (place / "card.json").write_text(json.dumps(card), encoding="utf-8")


def export_revisits(network: Any, card: ModelCard, path: Path) -> Optional[str]:
    """Write a network for revisits as ONNX with free batch and size; return why it cannot be, or None."""
    import torch

    if getattr(network, "NOT_EXPORTABLE", None):
        return str(network.NOT_EXPORTABLE)
    names = [item.name for item in network_inputs(card)]
    example = {name: torch.from_numpy(image) for name, image in _revisits(card, 40, 2).items()}
    free = {0: torch.export.Dim.DYNAMIC}
    shapes = {name: {**free, value.ndim - 2: torch.export.Dim.AUTO, value.ndim - 1: torch.export.Dim.AUTO}
              for name, value in example.items()}  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network, (), path, kwargs=example, input_names=names, output_names=["output"], dynamic_shapes=shapes,
                external_data=False, verbose=False,
            )  # fmt: skip
    except Exception as error:
        path.unlink(missing_ok=True)
        return (str(error) or type(error).__name__).strip().splitlines()[0]
    return None


def _revisits(card: ModelCard, side: int, batch: int = 1) -> dict[str, Any]:
    """Return random inputs of a network for revisits, `side` fine pixels a side."""
    generator = np.random.default_rng(0)
    given = {}
    for item in network_inputs(card):
        several = () if item.items is None else (FRAMES,)
        shape = (batch, *several, item.bands, side // item.factor, side // item.factor)
        values = generator.random(shape, np.float32)
        given[item.name] = (values > 0.1).astype(np.float32) if item.name == "masks" else values
    return given


def time_revisits(folder: str, variant: str) -> dict[str, Any]:
    """Time one variant of a network for revisits on one window with its halo; global ones on the window alone."""
    card = ModelCard.load(Path(folder))
    step = np.lcm(card.multiple, RATIO)
    around = 0 if card.global_context else 2 * -(-card.halo // step) * step
    given = _revisits(card, int(REVISITS_WINDOW + around))
    run = bare_module(card, "cpu", False) if variant == "plain" else backend_of(card, variant, "cpu", False)
    return {"seconds": best_of(lambda: run(given), 1), "peak_mib": peak_mib("cpu")}


def time_variant(folder: str, variant: str, device: str) -> dict[str, Any]:
    """Time one variant on one window with its halo: from arrays to an array, copies to the device included."""
    card = ModelCard.load(Path(folder))
    side = card.tile if card.global_context else WINDOW + 2 * -(-card.halo // card.multiple) * card.multiple
    generator = np.random.default_rng(0)
    given = {name: generator.random((1, bands, side, side), np.float32) for name, bands in (("ms", BANDS), ("pan", 1))}
    kind, _, half = variant.partition(" ")
    run = bare_module(card, device, bool(half)) if kind == "plain" else backend_of(card, kind, device, bool(half))
    seconds = best_of(lambda: run(given), 2, device)
    return {"seconds": seconds, "peak_mib": peak_mib(device), "window": card.tile if card.global_context else WINDOW}


def bare_module(card: ModelCard, device: str, half: bool) -> Callable[[dict[str, Any]], Any]:
    """Return the straightforward way: the module itself, as PyTorch makes it, on the whole window."""
    import torch

    from satfusion_qgis.engine.backends.torch_backend import load_network
    from satfusion_qgis.engine.networks.build import absent

    torch.set_num_threads(1)
    kind = torch.float16 if half else torch.float32
    module = load_network(card, CATALOGUE.method(card.task, card.method).network).to(device, kind)

    def run(given: dict[str, Any]) -> Any:
        with torch.inference_mode():
            images = {name: torch.from_numpy(image).to(device, kind) for name, image in given.items()}
            answer = module(**images, **absent(images))
            return answer.float().cpu().numpy()

    return run


def backend_of(card: ModelCard, kind: str, device: str, half: bool) -> Callable[[dict[str, Any]], Any]:
    """Return the network as a job runs it.

    Raises:
        SystemExit: It went to another device.
    """
    from satfusion_qgis.engine.backends.opening import open_network

    network = CATALOGUE.method(card.task, card.method).network
    said: list[str] = []
    opened = open_network(card, network, device, 1, half, said.append, kind)
    if opened.device != device:
        raise SystemExit("; ".join(said))
    return lambda given: opened(given, never)["output"]


def best_of(run: Callable[[], Any], count: int, device: str = "cpu") -> float:
    """Return the shortest time of some runs after one that is not counted: CPU seconds on the CPU, otherwise wall."""
    clock = time.process_time if device == "cpu" else time.perf_counter
    times = []
    for _ in range(count + 1):
        begin = clock()
        run()
        times.append(clock() - begin)
    return min(times[1:])


def peak_mib(device: str) -> float:
    """Return the peak memory in MiB: of the process on the CPU, otherwise what PyTorch took on the device."""
    if device != "cpu":
        import torch

        return torch.cuda.max_memory_allocated() / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def surround(folder: str, side: int) -> dict[str, float]:
    """Time a window through what surrounds the network, and the bare network on the whole of it, in turn."""
    from satfusion_qgis.engine.backends.onnx_backend import OnnxBackend

    card = ModelCard.load(Path(folder))
    made, blocks, state, window = window_of(card, side)
    run, alone = backend_of(card, "onnx", "cpu", False), OnnxBackend(card, "cpu", 1)
    seen: dict[str, Any] = {}

    def network(given: Any, cancelled: Callable[[], bool]) -> dict[str, Any]:
        seen.update(given)
        return {"output": run(given)}

    made.attach(network)
    made.fuse(blocks, state, window)
    bare, whole = [], []
    for _ in range(5):
        whole.append(best_of(lambda: made.fuse(blocks, state, window), 1))
        bare.append(best_of(lambda: alone.run(seen, never), 1))
    return {"bare": min(bare), "whole": min(whole)}


def window_of(card: ModelCard, side: int) -> tuple[PansharpeningNetwork, dict[str, Any], dict[str, Any], Window]:
    """Return what surrounds a network, and a window from the middle of a made-up scene with its blocks."""
    scene = SceneInfo(
        bands={"MS": BANDS, "PAN": 1},
        items={"MS": 1, "PAN": 1},
        ratio={"MS": (RATIO, RATIO), "PAN": (1.0, 1.0)},
    )
    made = PansharpeningNetwork({}, scene, card)
    halo, size = made.halo(), 4 * side
    generator = np.random.default_rng(0)
    places, blocks = {}, {}
    for role, scale, bands in (("MS", 1 / RATIO, BANDS), ("PAN", 1.0, 1)):
        axis = Axis(0.0, scale, int(size * scale))
        first, last = axis.cover(side, 2 * side, halo[role])
        places[role] = BlockWindow(first, first, last - first, last - first, axis, axis)
        blocks[role] = generator.random((bands, last - first, last - first), np.float32)
        blocks[f"{role}_valid"] = None
    state = {
        STATISTICS: {
            "MS": {"mean": [0.5] * BANDS, "std": [0.3] * BANDS},
            "PAN": {"mean": [0.5], "std": [0.3]},
        }
    }
    return made, blocks, state, Window(side, side, side, side, places)


def first(folder: str) -> dict[str, float]:
    """Compute the first window of a scene."""
    card = ModelCard.load(Path(folder))
    made, blocks, state, window = window_of(card, WINDOW)
    run = backend_of(card, "onnx", "cpu", False)
    made.attach(lambda given, cancelled: {"output": run(given)})
    made.fuse(blocks, state, window)
    return {"cpu": time.process_time()}


def never() -> bool:
    """Tell that the user has not cancelled."""
    return False


CHILDREN: dict[str, Callable[..., dict[str, Any]]] = {
    "machine": machine,
    "make": make,
    "time": time_variant,
    "make_revisits": make_revisits,
    "time_revisits": time_revisits,
    "surround": surround,
    "first": first,
}


# Tables


def tables(report: dict[str, Any]) -> str:
    """Return all figures as Markdown."""
    used = report["machine"]
    lines = [
        f"{used['cores']} cores ({used['processor']}), PyTorch {used['torch']}, ONNX Runtime {used['onnxruntime']}, "
        f"numpy {used['numpy']}; {BANDS} bands, one thread, best of several runs.",
        "",
        "| network | window + halo | plain PyTorch | our PyTorch | ONNX Runtime | ONNX / plain | ONNX / ours | bar |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in report["cpu"]:
        side = f"{row['window']} + {row['halo']}" if row["window"] == WINDOW else f"{row['window']} (tile)"
        cells = [row["name"], side, *(_speed(row.get(variant)) for variant in CPU_VARIANTS)]
        ratios = [f"{row[name]:.2f}" if name in row else "-" for name in ("ratio", "ratio_to_ours")]
        lines.append(f"| {' | '.join([*cells, *ratios, _bar(row, f'{ONNX_BAR:g}')])} |")
    lines += ["", "Cells hold Mpx/s and, behind the slash, the peak memory of the process in MiB."]
    lines += [f"No ONNX file of {row['name']}: {row['no_onnx']}." for row in report["cpu"] if row["no_onnx"]]
    lines += [f"Not run: {row['name']}, {row['reason']}." for row in report["skipped"]]
    lines += _revisits_table(report["revisits"])
    lines += ["", "On a GPU:", ""]
    if report["gpu"]:
        lines += [f"| {used['gpu']} | {' | '.join(GPU_VARIANTS)} |", "|---|" + "---|" * len(GPU_VARIANTS)]
        for row in report["gpu"]:
            lines.append(f"| {row['name']} | {' | '.join(_speed(row[variant]) for variant in GPU_VARIANTS)} |")
    else:
        lines.append("not run: no GPU")
    if report["overhead"]:
        lines += ["", "| what surrounds a network | window | network, s | added | bar |", "|---|---|---|---|---|"]
        for row in report["overhead"]:
            bar = _bar(row, f"{OVERHEAD_BAR:g} %")
            lines.append(f"| {row['name']} | {row['window']} | {row['bare']:.3f} | {row['overhead']:.1f} % | {bar} |")
    for row in report["first"]:
        lines += ["", f"First window of {WINDOW} pixels after the start of the process, {row['name']}, ONNX Runtime:"]
        lines.append(f"{row['wall']:.1f} s ({row['cpu']:.1f} s of CPU time), bar {_bar(row, f'{FIRST_BAR_S:g} s')}.")
    return "\n".join(lines)


def _revisits_table(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    lines = [
        "",
        f"Networks for revisits: {FRAMES} frames, ratio {RATIO}, published sizes unless called small, one window.",
        "",
        "| network | window + halo | plain PyTorch | our PyTorch | ONNX Runtime | best of ours / plain | bar |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if "failed" in row:
            lines.append(f"| {row['name']} | not run: {row['failed']} | | | | | |")
            continue
        cells = [row["name"], f"{row['window']} + {row['halo']}", *(_speed(row.get(one)) for one in CPU_VARIANTS)]
        lines.append(f"| {' | '.join([*cells, _two(row['ratio']), _bar(row, _two(1 / SLOWER_BAR))])} |")
    lines += [f"No ONNX file of {row['name']}: {row['no_onnx']}." for row in rows if row.get("no_onnx")]
    return lines


def _two(value: float) -> str:
    return f"{value:.2f}"


def _speed(figures: Optional[dict[str, float]]) -> str:
    if figures is None:
        return "-"
    return f"{figures['mpx_s']:.3g} / {figures['peak_mib']:.0f}"


def _bar(row: dict[str, Any], bar: str) -> str:
    if "reached" not in row:
        return "-"
    return f"{bar} {'reached' if row['reached'] else 'MISSED'}"


def write_between_marks(page: Path, text: str) -> None:
    """Put the tables between the marks of a page; a page without them becomes the tables alone."""
    old = page.read_text(encoding="utf-8") if page.exists() else "\n".join(MARKS)
    before, _, rest = old.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    page.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
