"""What the pipeline adds to a network: a job over a scene against the bare network on the same windows.

The bare network is the ONNX file of a model in ONNX Runtime, in the engine's interpreter, on windows of the same size
with the same halo and threads. A job starts a worker, reads, sends, normalises, runs, writes, compares with the input.
Two sizes of scene are run, in turn with the bare network; the difference between them leaves out what a job costs once,
which is shown beside it. The bar for the rest is 5 %, with one thread for the network on both sides, as for all other
bars of networks: reading, rounding and writing then have a core of their own where there are two. With as many threads
as there are cores nothing is left for them, and what they cost in CPU time comes on top; that is shown too. On a
machine that does other work the clock says little; the seconds of CPU time, of the job with its worker and of the bare
network, are shown below.

    .venv/bin/python benchmarks/bench_pipeline.py .venv-engine/bin/python
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import argparse  # noqa: E402 (the variables above must be set before numpy is loaded)
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "dicnn-bgrn-ratio4"
SIZES = (2048, 6144)
WINDOW, HALO, BAR = 512, 8, 0.05
BARE = """
import resource, sys, time
import numpy as np, onnxruntime
path, window, halo, threads, count = sys.argv[1], *map(int, sys.argv[2:])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads, options.inter_op_num_threads, options.enable_mem_pattern = threads, 1, False
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
side = window + 2 * halo
feed = {name: np.random.rand(1, bands, side, side).astype("f4") for name, bands in (("ms", 4), ("pan", 1))}
session.run(None, feed)
begin, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
for _ in range(count):
    session.run(None, feed)
ended = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - begin, ended.ru_utime + ended.ru_stime - used.ru_utime - used.ru_stime)
"""


def main() -> int:
    """Run the benchmark; returns 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("interpreter", type=Path, nargs="?", default=ROOT / ".venv-engine" / "bin" / "python")
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    added = compare(arguments.interpreter, arguments.repeats, 1, f" (bar {100 * BAR:.0f} %)")
    cores = os.cpu_count() or 1
    if cores > 1:
        compare(arguments.interpreter, arguments.repeats, cores, "")
    return 1 if added > BAR else 0


def compare(interpreter: Path, repeats: int, threads: int, bar: str) -> float:
    """Print what a job adds to the network with so many threads; return it as a share of the clock's seconds."""
    print(f"Threads: {threads}")
    best: dict[str, dict[int, tuple[float, float]]] = {"bare": {}, "job": {}}
    with tempfile.TemporaryDirectory() as temporary:
        folders = {size: write_scene(Path(temporary) / str(size), size) for size in SIZES}
        for _ in range(repeats):
            for size, folder in folders.items():
                count = (size // WINDOW) ** 2
                found = {
                    "bare": bare(interpreter, threads, count),
                    "job": job(interpreter, threads, folder),
                }
                for way, (wall, cpu) in found.items():
                    least = best[way].get(size, (wall, cpu))
                    best[way][size] = min(wall, least[0]), min(cpu, least[1])
    shares = [
        report(clock, {way: {size: both[number] for size, both in best[way].items()} for way in best}, bar)
        for number, clock in enumerate(("wall", "CPU"))
    ]
    return shares[0]


def report(clock: str, best: dict[str, dict[int, float]], bar: str) -> float:
    """Print the seconds of one clock; return what the pipeline adds, as a share."""
    small, large = SIZES
    slopes = {way: seconds[large] - seconds[small] for way, seconds in best.items()}
    added = slopes["job"] / slopes["bare"] - 1
    for way, seconds in best.items():
        print(f"{clock:<5}{way:<6}" + "".join(f"  {size} x {size}: {seconds[size]:7.2f} s" for size in SIZES))
    once = best["job"][small] - best["bare"][small] * (1 + added)
    of_clock = bar if clock == "wall" else ""
    print(f"{clock}: {100 * added:.1f} % added to the network{of_clock}, and {once:.1f} s once for a job")
    return added


def bare(interpreter: Path, threads: int, count: int) -> tuple[float, float]:
    """Return the seconds of the network alone for a number of windows, by the clock and of CPU time."""
    numbers = map(str, (WINDOW, HALO, threads, count))
    command = [str(interpreter), "-c", BARE, str(MODEL / "model.onnx"), *numbers]
    wall, cpu = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(wall), float(cpu)


def job(interpreter: Path, threads: int, folder: Path) -> tuple[float, float]:
    """Return the seconds of a job, by the clock and of CPU time with its worker's."""
    from satfusion_qgis import pipeline
    from satfusion_qgis.runtime.settings import EngineSettings
    from satfusion_qgis.tasks.job import Input, Job, Output

    options = {"COMPRESSION": "none", "OVERVIEWS": False}
    asked = Job(
        "pansharpening",
        "dicnn",
        [Input("MS", str(folder / "ms.tif")), Input("PAN", str(folder / "pan.tif"))],
        [Output("OUTPUT", str(folder / "fused.tif"), options=options)],
        model={"id": str(MODEL)},
        window=WINDOW,
        threads=threads,
    )
    before = cpu_seconds()
    seconds = pipeline.run(asked, engine=EngineSettings(interpreter)).seconds
    return seconds, cpu_seconds() - before


def cpu_seconds() -> float:
    """Return the CPU time of this process and of those that it has waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def write_scene(folder: Path, size: int) -> Path:
    """Write a scene of smooth noise; what is in it does not change the speed."""
    from tests.scenes import write_geotiff

    folder.mkdir()
    random = np.random.default_rng(1)
    for name, bands, pixel in (("ms", 4, 4.0), ("pan", 1, 1.0)):
        side = int(size / pixel)
        image = random.integers(200, 2000, (bands, side, side), dtype=np.uint16)
        write_geotiff(folder / f"{name}.tif", image, (500000, pixel, 0, 5000000, 0, -pixel), dtype="uint16")
    return folder


if __name__ == "__main__":
    sys.exit(main())
