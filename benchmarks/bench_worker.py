"""What a window costs in a worker: in this interpreter, in a worker with shared memory, and with bytes on a pipe.

First the way alone, with a method that only doubles 6 x 512 x 512 float32 (6.3 MB in, 6.3 MB out); then two classical
methods that make as large a window from MS of 6 x 128 x 128 and PAN. All three ways take turns.

    python benchmarks/bench_worker.py .venv-engine/bin/python
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import argparse  # noqa: E402 (the variables above must be set before numpy is loaded)
import importlib.util  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "satfusion_qgis"
SIDE = 512
BANDS = 6
RATIO = 4
AS_WORKER = "SATFUSION_BENCH_WORKER"


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("interpreter", type=Path, nargs="?", default=ROOT / ".venv-engine" / "bin" / "python")
    parser.add_argument("--repeats", type=int, default=60)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    print(f"{'window':<16}{'way':<16}{'median ms':>11}{'best ms':>10}{'ratio':>8}{'extra ms':>10}")
    for method in ("double", "gsa", "mtf_glp_local"):
        measured = measure(method, arguments.interpreter, arguments.repeats)
        base = statistics.median(measured["in process"])
        for way, seconds in measured.items():
            median = statistics.median(seconds)
            print(
                f"{method:<16}{way:<16}{1e3 * median:>11.2f}{1e3 * min(seconds):>10.2f}{median / base:>8.2f}"
                f"{1e3 * (median - base):>10.2f}"
            )
    return 0


def measure(method_id: str, interpreter: Path, repeats: int) -> dict[str, list[float]]:
    """Return the seconds of every window by way."""
    import numpy as np

    from satfusion_qgis.runtime import child, memory
    from satfusion_qgis.runtime.in_process import InProcessSession
    from satfusion_qgis.runtime.session import Session
    from satfusion_qgis.runtime.worker_session import WorkerSession
    from satfusion_qgis.tasks.method import SceneInfo
    from satfusion_qgis.tasks.window import Axis, BlockWindow, Window

    doubles = method_id == "double"
    ratio = 1 if doubles else RATIO
    scene = SceneInfo(
        {"MS": BANDS, "PAN": 1},
        {"MS": 1, "PAN": 1},
        {"MS": (float(ratio), float(ratio)), "PAN": (1.0, 1.0)},
        {"MS": tuple(f"B{band}" for band in range(BANDS))},
    )
    catalogue = bench_catalogue()
    method = catalogue.method("pansharpening", method_id)
    implementation = catalogue.implement(method, {}, scene)
    rng = np.random.default_rng(0)
    coarse, fine = Axis(0.0, 1 / ratio, SIDE // ratio), Axis(0.0, 1.0, SIDE)
    placed = {
        "MS": BlockWindow(0, 0, coarse.size, coarse.size, coarse, coarse),
        "PAN": BlockWindow(0, 0, SIDE, SIDE, fine, fine),
    }
    window = Window(0, 0, SIDE, SIDE, placed)
    blocks = {
        "MS": rng.uniform(100, 4000, (BANDS, coarse.size, coarse.size)).astype(np.float32),
        "MS_valid": None,
        "PAN": rng.uniform(100, 4000, (1, SIDE, SIDE)).astype(np.float32),
        "PAN_valid": None,
    }
    if doubles:
        del blocks["PAN"]
    state: dict[str, object] = {}
    for one in implementation.passes():
        state[one.name] = one.finish(one.add(blocks, window, state), state)

    memory.keep_freed_memory()
    child.START = Path(__file__).resolve()
    sessions: dict[str, Session] = {"in process": InProcessSession(method, implementation)}
    open_file: Callable[[], object] = memory._open_file
    try:
        for way in ("shared memory", "pipe"):
            sessions[way] = WorkerSession(interpreter, method, {}, scene, threads=1)
            if way == "pipe":
                memory._open_file = lambda: None
            sessions[way].open()
        seconds: dict[str, list[float]] = {way: [] for way in sessions}
        for session in sessions.values():
            session.set_state(state)
            for _ in range(3):
                session.fuse([blocks], [window])
        for _ in range(repeats):
            for way, session in sessions.items():
                begin = time.perf_counter()
                session.fuse([blocks], [window])
                seconds[way].append(time.perf_counter() - begin)
    finally:
        memory._open_file = open_file
        for session in sessions.values():
            session.close()
    return seconds


def bench_catalogue():  # noqa: ANN201 (a worker imports the package later)
    """The catalogue, and the method that doubles."""
    from satfusion_qgis import catalogue
    from satfusion_qgis.tasks.method import Implementation, Method

    class Double(Implementation):
        """Doubles MS."""

        def fuse(self, blocks, state, window):  # noqa: ANN001, ANN202
            """Return the doubled bands."""
            return {"OUTPUT": blocks["MS"] * 2}

    module = type(sys)("satfusion_qgis.bench")
    module.Double = Double
    sys.modules["satfusion_qgis.bench"] = module
    double = Method("double", "Double", "pansharpening", "Doubles.", "Nobody", "bench:Double")
    return catalogue.Catalogue(catalogue.TASKS, (*catalogue.METHODS, double))


def serve() -> None:
    """Run as a worker that knows the benchmark's method."""
    spec = importlib.util.spec_from_file_location("start", PACKAGE / "runtime" / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    incoming, outgoing = start.take_pipes()
    start.load(PACKAGE)
    from satfusion_qgis.runtime import in_process, worker

    in_process.CATALOGUE = bench_catalogue()
    worker.main(incoming, outgoing)


if __name__ == "__main__":
    if os.environ.get(AS_WORKER):
        serve()
    else:
        os.environ[AS_WORKER] = "1"  # for the workers that this process starts
        sys.exit(main())
