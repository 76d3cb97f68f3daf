"""Speed and memory of the classical methods against GDAL's pansharpening, in one run.

Every command is a process of its own, timed from outside, ours and the peer's in turn, so that both see the same
machine. The figures are medians; the ratio is the median of the ratios run by run.

    python benchmarks/bench.py                     8192 x 8192 x 4, the default
    python benchmarks/bench.py --size 2048         a quick look
    python benchmarks/bench.py --large             also 20000 x 20000 x 4 (7 GB on disk): memory only
    python benchmarks/bench.py --methods all       every method, relative to gsa, by CPU time as well
    python benchmarks/bench.py --qgis              also the start-up of qgis_process, apart
    python benchmarks/bench.py --reference-blas    also with the reference BLAS, where it is installed
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
from osgeo import gdal, osr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from satfusion_qgis.catalogue import CATALOGUE  # noqa: E402 (the checkout is put on the path first)
from satfusion_qgis.classical.blas import blas_name  # noqa: E402

METHODS = ("exp", "brovey", "gsa", "mtf_glp_fs")
BARS = {"brovey": 0.75, "gsa": 1.0, "mtf_glp_fs": 1.0}
REFERENCE_BAR = 1.5
# Against GSA: methods with one set of numbers for the scene, and those with local ones.
GLOBAL_BAR, LOCAL_BAR = 1.5, 3.0
LOCAL = ("mtf_glp_local", "bdsd local")
MEMORY_BAR_MIB = 400
RATIO = 4
REFERENCE_BLAS = ("/usr/lib/{}/blas", "/usr/lib/{}/lapack")


@dataclass(frozen=True)
class Run:
    """One finished command: wall and CPU seconds, peak memory of the process in MiB."""

    wall: float
    cpu: float
    peak: float


def main() -> int:
    """Run the benchmark; return 0 when every bar was reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=8192)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--methods", choices=["all"], help="time every method relative to gsa instead")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--qgis", action="store_true")
    parser.add_argument("--reference-blas", action="store_true")
    parser.add_argument("--folder", type=Path, help="work here and keep the scene; default a temporary folder")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--make-scene", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make_scene:
        make_scene(arguments.make_scene, arguments.size)
        return 0
    with tempfile.TemporaryDirectory(prefix="satfusion-bench-") as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report = measure(arguments, folder)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row.get("reached", True) for row in report["rows"]) else 1


def measure(arguments: argparse.Namespace, folder: Path) -> dict:
    """Measure everything that was asked for and print it."""
    print(f"numpy {np.__version__}, BLAS {blas_name()}, GDAL {gdal.__version__}, {os.cpu_count()} cores")
    if arguments.methods == "all":
        rows = every_method(folder, arguments.size, arguments.runs, arguments.threads)
        return {"numpy": np.__version__, "blas": blas_name(), "gdal": gdal.__version__, "rows": rows}
    rows = compare(folder, arguments.size, arguments.runs, arguments.threads, {})
    if arguments.reference_blas:
        libraries = reference_blas()
        if libraries:
            print("\nwith the reference BLAS")
            rows += compare(folder, arguments.size, arguments.runs, arguments.threads, {"LD_LIBRARY_PATH": libraries})
        else:
            print("\nthe reference BLAS is not installed (libblas3): not run")
    if arguments.large:
        rows += large(folder, arguments.threads)
    if arguments.qgis:
        start_up()
    return {"numpy": np.__version__, "blas": blas_name(), "gdal": gdal.__version__, "rows": rows}


def compare(folder: Path, size: int, runs: int, threads: int, environment: Mapping[str, str]) -> list[dict]:
    """Time each method against the peer, in turn, and print a table."""
    scene = scene_of(folder, size)
    output = folder / "fused.tif"
    peer = peer_command(scene, output, threads)
    results: dict[str, list[Run]] = {name: [] for name in ("gdal_pansharpen", *METHODS)}
    for count in range(runs + 1):
        for name in results:
            command = peer if name == "gdal_pansharpen" else our_command(name, scene, output, threads)
            finished = timed(command, environment if name != "gdal_pansharpen" else {})
            output.unlink()
            if count:
                results[name].append(finished)
    print(f"\n{size} x {size} x 4 uint16, output uncompressed, {threads} threads, {runs} runs in turn")
    print(f"{'':18}{'wall s':>8}{'CPU s':>8}{'MiB':>7}{'ratio':>8}{'bar':>7}")
    base = results["gdal_pansharpen"]
    rows = []
    for name, finished in results.items():
        ratio = statistics.median(own.wall / other.wall for own, other in zip(finished, base))
        bar = (REFERENCE_BAR if environment else BARS.get(name)) if name != "gdal_pansharpen" else None
        row = {
            "name": name,
            "size": size,
            "reference_blas": bool(environment),
            "wall": statistics.median(run.wall for run in finished),
            "cpu": statistics.median(run.cpu for run in finished),
            "peak_mib": max(run.peak for run in finished),
            "ratio": ratio,
            "bar": bar,
        }
        if bar:
            row["reached"] = ratio <= bar and row["peak_mib"] <= MEMORY_BAR_MIB
        rows.append(row)
        mark = "" if bar is None else f"{bar:7.2f} {'reached' if row['reached'] else 'MISSED'}"
        print(f"{name:18}{row['wall']:8.2f}{row['cpu']:8.2f}{row['peak_mib']:7.0f}{ratio:8.2f}{mark}")
    return rows


def every_method(folder: Path, size: int, runs: int, threads: int) -> list[dict]:
    """Time every method and GSA, in turn, and print a table of ratios.

    The bar holds for the smaller of the ratios of wall and of CPU time: beside other work on the machine the wall time
    says little, and a method that uses the threads badly shows in a quiet run.
    """
    scene, output = scene_of(folder, size), folder / "fused.tif"
    names = ["gsa", *(m.id for m in CATALOGUE.methods_of("pansharpening") if m.id != "gsa"), "bdsd local"]
    results: dict[str, list[Run]] = {name: [] for name in names}
    for count in range(runs + 1):
        for name in names:
            method, _, mode = name.partition(" ")
            command = our_command(method, scene, output, threads)
            finished = timed([*command, "--set", f"MODE={mode}"] if mode else command, {})
            output.unlink()
            if count:
                results[name].append(finished)
    print(f"\n{size} x {size} x 4 uint16, output uncompressed, {threads} threads, {runs} runs in turn")
    print(f"{'':18}{'wall s':>8}{'CPU s':>8}{'MiB':>7}{'wall/gsa':>10}{'CPU/gsa':>9}{'bar':>7}")
    rows = []
    for name, finished in results.items():
        wall = statistics.median(own.wall / other.wall for own, other in zip(finished, results["gsa"]))
        cpu = statistics.median(own.cpu / other.cpu for own, other in zip(finished, results["gsa"]))
        bar = LOCAL_BAR if name in LOCAL else GLOBAL_BAR
        row = {
            "name": name,
            "size": size,
            "wall": statistics.median(run.wall for run in finished),
            "cpu": statistics.median(run.cpu for run in finished),
            "peak_mib": max(run.peak for run in finished),
            "wall_to_gsa": wall,
            "cpu_to_gsa": cpu,
            "bar": bar,
            "reached": min(wall, cpu) <= bar,
        }
        rows.append(row)
        print(
            f"{name:18}{row['wall']:8.2f}{row['cpu']:8.2f}{row['peak_mib']:7.0f}{wall:10.2f}{cpu:9.2f}{bar:7.1f} "
            f"{'reached' if row['reached'] else 'MISSED'}"
        )
    return rows


def large(folder: Path, threads: int) -> list[dict]:
    """Measure the peak memory on 20000 x 20000 x 4."""
    size = 20000
    scene, output = scene_of(folder, size), folder / "fused.tif"
    rows = []
    print(f"\n{size} x {size} x 4 uint16, output uncompressed, {threads} threads")
    for name in METHODS:
        finished = timed(our_command(name, scene, output, threads), {})
        output.unlink()
        reached = finished.peak <= MEMORY_BAR_MIB
        print(
            f"{name:18}{finished.wall:8.2f}{finished.cpu:8.2f}{finished.peak:7.0f} {'reached' if reached else 'MISSED'}"
        )
        rows.append({"name": name, "size": size, "wall": finished.wall, "peak_mib": finished.peak, "reached": reached})
    for path in scene:
        path.unlink()
    return rows


def start_up() -> None:
    """Print how long qgis_process takes to start; it is the same for every algorithm and belongs to QGIS."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if not program:
        print("\nqgis_process is not installed: not run")
        return
    environment = {"QT_QPA_PLATFORM": "offscreen"}
    times = [timed([program, "help", "native:buffer"], environment).wall for _ in range(3)]
    print(f"\nqgis_process, start-up alone: {statistics.median(times):.2f} s")


def our_command(method: str, scene: tuple[Path, Path], output: Path, threads: int) -> list[str]:
    """Return the command that sharpens with one of our methods; no overviews, as the peer makes none."""
    ms, pan = scene
    return [
        *(sys.executable, "-m", "satfusion_qgis.cli", "pansharpen", "--quiet", "--method", method),
        *("--ms", str(ms), "--pan", str(pan), "--output", str(output)),
        *("--compression", "none", "--no-overviews", "--threads", str(threads)),
    ]


def peer_command(scene: tuple[Path, Path], output: Path, threads: int) -> list[str]:
    """Return GDAL's own command.

    Raises:
        SystemExit: GDAL's programs are not installed.
    """
    program = shutil.which("gdal_pansharpen.py") or shutil.which("gdal_pansharpen")
    if not program:
        raise SystemExit("gdal_pansharpen.py is not installed: install python3-gdal and gdal-bin.")
    ms, pan = scene
    return [program, "-q", "-threads", str(threads), "-co", "TILED=YES", str(pan), str(ms), str(output)]


def timed(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end and account for it.

    Raises:
        SystemExit: The command failed.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}.")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def reference_blas() -> Optional[str]:
    """Return the folders of the reference BLAS as Debian installs it, or None."""
    for machine in ("x86_64-linux-gnu", "aarch64-linux-gnu"):
        folders = [Path(pattern.format(machine)) for pattern in REFERENCE_BLAS]
        if (folders[0] / "libblas.so.3").exists():
            return ":".join(str(folder) for folder in folders)
    return None


def scene_of(folder: Path, size: int) -> tuple[Path, Path]:
    """Return the paths of MS and PAN, made if need be.

    Another process makes them: a child's peak memory counts from that of its parent, so this one has to stay small.
    """
    ms, pan = folder / f"ms_{size}.tif", folder / f"pan_{size}.tif"
    if not (ms.exists() and pan.exists()):
        subprocess.run([sys.executable, __file__, "--make-scene", str(folder), "--size", str(size)], check=True)
    return ms, pan


def make_scene(folder: Path, size: int) -> None:
    """Write a scene with texture at every scale."""
    ms, pan = folder / f"ms_{size}.tif", folder / f"pan_{size}.tif"
    generator = np.random.default_rng(1)
    base = np.zeros((size, size), np.float32)
    for level in range(1, 5):
        base += _noise(generator, size, 4**level) * 2**level
    weights = (0.7, 0.9, 1.0, 1.3)
    coarse = base.reshape(size // RATIO, RATIO, size // RATIO, RATIO).mean((1, 3))
    bands = [60 * weight * coarse + generator.normal(0, 2, coarse.shape) + 900 for weight in weights]
    _write(ms, np.stack(bands), 2.0)
    base *= 60
    base += 900
    _write(pan, base[None], 0.5)


def _noise(generator: np.random.Generator, size: int, step: int) -> np.ndarray:
    cells = generator.standard_normal((size // step + 1, size // step + 1), dtype=np.float32)
    return np.repeat(np.repeat(cells, step, 0), step, 1)[:size, :size]


def _write(path: Path, array: np.ndarray, pixel: float) -> None:
    dtype = np.clip(array, 1, 65535).astype(np.uint16)
    bands, rows, columns = dtype.shape
    driver = gdal.GetDriverByName("GTiff")
    dataset = driver.Create(str(path), columns, rows, bands, gdal.GDT_UInt16, ["TILED=YES", "BIGTIFF=IF_SAFER"])
    dataset.SetGeoTransform((500000, pixel, 0, 5000000, 0, -pixel))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32633)
    dataset.SetProjection(crs.ExportToWkt())
    for top in range(0, rows, 256):
        part = np.ascontiguousarray(dtype[:, top : top + 256])
        dataset.WriteRaster(0, top, columns, part.shape[1], part, buf_type=gdal.GDT_UInt16)
    dataset.FlushCache()


if __name__ == "__main__":
    sys.exit(main())
