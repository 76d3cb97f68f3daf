"""What the pipeline adds to a network: a job over a scene against the bare network on the same windows.

The bare network is the ONNX file of a model in ONNX Runtime, in the engine's interpreter, on windows of the same size
with the same halo and threads. A job starts a worker, reads, sends, normalises, runs, writes, compares with the input.
Two sizes of scene are run, in turn with the bare network; the difference between them leaves out what a job costs once,
which is shown beside it. The bar for the rest is 5 %.

    .venv/bin/python benchmarks/bench_pipeline.py .venv-engine/bin/python
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import argparse  # noqa: E402 (the variables above must be set before numpy is loaded)
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
import sys, time
import numpy as np, onnxruntime
path, window, halo, threads, count = sys.argv[1], *map(int, sys.argv[2:])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads, options.inter_op_num_threads, options.enable_mem_pattern = threads, 1, False
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
side = window + 2 * halo
feed = {name: np.random.rand(1, bands, side, side).astype("f4") for name, bands in (("ms", 4), ("pan", 1))}
session.run(None, feed)
begin = time.perf_counter()
for _ in range(count):
    session.run(None, feed)
print(time.perf_counter() - begin)
"""


def main() -> int:
    """Run the benchmark; returns 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("interpreter", type=Path, nargs="?", default=ROOT / ".venv-engine" / "bin" / "python")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    best: dict[str, dict[int, float]] = {"bare": {}, "job": {}}
    with tempfile.TemporaryDirectory() as temporary:
        folders = {size: write_scene(Path(temporary) / str(size), size) for size in SIZES}
        for _ in range(arguments.repeats):
            for size, folder in folders.items():
                count = (size // WINDOW) ** 2
                found = {
                    "bare": bare(arguments.interpreter, arguments.threads, count),
                    "job": job(arguments.interpreter, arguments.threads, folder),
                }
                for way, seconds in found.items():
                    best[way][size] = min(seconds, best[way].get(size, seconds))
    small, large = SIZES
    slopes = {way: seconds[large] - seconds[small] for way, seconds in best.items()}
    added = slopes["job"] / slopes["bare"] - 1
    for way, seconds in best.items():
        print(f"{way:<6}" + "".join(f"  {size} x {size}: {seconds[size]:7.2f} s" for size in SIZES))
    once = best["job"][small] - best["bare"][small] * (1 + added)
    print(f"added to the network: {100 * added:.1f} % (bar {100 * BAR:.0f} %), and {once:.1f} s once for a job")
    return 0 if added <= BAR else 1


def bare(interpreter: Path, threads: int, count: int) -> float:
    """Return the seconds of the network alone for a number of windows."""
    numbers = map(str, (WINDOW, HALO, threads, count))
    command = [str(interpreter), "-c", BARE, str(MODEL / "model.onnx"), *numbers]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def job(interpreter: Path, threads: int, folder: Path) -> float:
    """Return the seconds of a job."""
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
    return pipeline.run(asked, engine=EngineSettings(interpreter)).seconds


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
