"""Peak memory of methods on many large revisits: 30 virtual rasters of 10000 x 10000 over one file.

Each virtual raster shows the file a few pixels further on, as a revisit would that lies a little off, and has a date.
Every run is a process of its own; its peak is the largest resident set that the system saw. The peak must depend on
the window, not on the rasters: it is measured on a preview and on extents that grow.

    python benchmarks/bench_revisits_memory.py                       a preview, and extents of 512 and 1024 pixels
    python benchmarks/bench_revisits_memory.py --extents 4096        a larger one
    python benchmarks/bench_revisits_memory.py --whole               the whole result as well (hours)
    python benchmarks/bench_revisits_memory.py --methods median --revisits 10 --size 4000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal, osr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from satfusion_qgis.tasks.job import Input, Job, Output, Preview  # noqa: E402 (the checkout is put on the path first)

METHODS = ("median", "back_projection")
SIZE, REVISITS, BANDS, PIXEL = 10000, 30, 4, 10.0
MARGIN, TEXTURE = 4, 1024
BAR_MIB = 1500
CORNER = (500000.0, 5000000.0)


def main() -> int:
    """Run the benchmark; return 0 when the bar was reached."""
    gdal.UseExceptions()
    # What Linux counts of a process begins with what its parent held when it was started, GDAL's cache among it.
    gdal.SetCacheMax(16 << 20)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--revisits", type=int, default=REVISITS)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--extents", default="512,1024", help="sides in pixels of the revisits, separated by commas")
    parser.add_argument("--preview", type=int, default=256, help="side of the preview in pixels of the revisits")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    sides: list[tuple[str, Optional[int]]] = [("preview", given.preview)]
    sides += [(f"extent {side}", int(side)) for side in given.extents.split(",") if side]
    sides += [("whole", None)] if given.whole else []
    rows = []
    with tempfile.TemporaryDirectory(prefix="satfusion-bench-") as temporary:
        folder = Path(temporary)
        inputs = make_revisits(folder, given.size, given.revisits)
        print(f"{given.revisits} revisits of {given.size} x {given.size} x {BANDS}, {given.threads} threads")
        for method in given.methods.split(","):
            for what, side in sides:
                row = {"method": method, "what": what, **measured(folder, method, inputs, what, side, given)}
                row["reached"] = row["peak_mib"] <= BAR_MIB
                rows.append(row)
                bar = f"{BAR_MIB} MiB {'reached' if row['reached'] else 'MISSED'}"
                print(f"{method:18}{what:14}{row['wall']:8.1f} s{row['peak_mib']:8.0f} MiB   {bar}", flush=True)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["reached"] for row in rows) else 1


def make_revisits(folder: Path, size: int, count: int) -> list[Input]:
    """Write one raster with texture at all scales, and virtual rasters that show it a few pixels on."""
    path, side = folder / "ground.tif", size + 2 * MARGIN
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32633)
    driver = gdal.GetDriverByName("GTiff")
    made = driver.Create(str(path), side, side, BANDS, gdal.GDT_UInt16, ["TILED=YES", "INTERLEAVE=PIXEL"])
    made.SetProjection(crs.ExportToWkt())
    made.SetGeoTransform((CORNER[0], PIXEL, 0, CORNER[1], 0, -PIXEL))
    rng = np.random.default_rng(0)
    texture = _texture(rng, TEXTURE)
    for row in range(0, side, TEXTURE):
        for column in range(0, side, TEXTURE):
            rows, columns = min(TEXTURE, side - row), min(TEXTURE, side - column)
            turned = np.roll(np.rot90(texture, int(rng.integers(4)), (1, 2)), rng.integers(0, TEXTURE, 2), (1, 2))
            block = turned[:, :rows, :columns].astype(np.uint16)
            made.WriteRaster(column, row, columns, rows, np.ascontiguousarray(block).tobytes())
    made.FlushCache()
    del made
    inputs = []
    for index in range(count):
        right, down = (0, 0) if index == 0 else (int(one) for one in rng.integers(-3, 4, 2))
        own = folder / f"revisit_{index:02d}.vrt"
        gdal.Translate(
            str(own),
            str(path),
            format="VRT",
            srcWin=[MARGIN - right, MARGIN - down, size, size],
            outputBounds=[CORNER[0], CORNER[1], CORNER[0] + size * PIXEL, CORNER[1] - size * PIXEL],
        )
        inputs.append(Input("REVISITS", str(own), index, date=f"2024-06-{1 + index % 30:02d}T{index // 30:02d}:00:00"))
    return inputs


def _texture(rng: np.random.Generator, side: int) -> np.ndarray:
    """Bands of fractal texture, from 200 to 4000."""
    down, across = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    amplitude = 1 / np.maximum(np.hypot(down, across), 1 / side) ** 1.5
    bands = []
    for _ in range(BANDS):
        phase = np.exp(2j * np.pi * rng.random((side, side // 2 + 1)))
        image = np.fft.irfft2(amplitude * phase, s=(side, side))
        bands.append(2000 + 600 * (image - image.mean()) / image.std())
    return np.clip(np.stack(bands), 200, 4000)


def measured(
    folder: Path, method: str, inputs: Sequence[Input], what: str, side: Optional[int], given: argparse.Namespace
) -> dict[str, Any]:
    """Run a job in a process of its own; return its wall seconds and peak memory in MiB.

    Raises:
        SystemExit: It failed.
    """
    output, path = folder / "result.tif", folder / "job.json"
    middle = given.size / 2
    extent, preview = None, None
    if what == "preview":
        preview = Preview(size=int(side or 0))
    elif side is not None:
        left, top = CORNER[0] + (middle - side / 2) * PIXEL, CORNER[1] - (middle - side / 2) * PIXEL
        extent = [left, top - side * PIXEL, left + side * PIXEL, top]
    job = Job(
        "super_resolution",
        method,
        list(inputs),
        [Output("OUTPUT", str(output), options={"COMPRESSION": "none", "OVERVIEWS": False})],
        extent=extent,
        preview=preview,
        parameters={"RATIO": 2.0, "MAX_DAYS": 0},
        threads=given.threads,
    )
    path.write_text(job.to_json(), encoding="utf-8")
    command = [sys.executable, "-m", "satfusion_qgis.cli", "run", str(path), "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    output.unlink(missing_ok=True)
    if status:
        raise SystemExit(f"{method}, {what}: failed")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak_mib": usage.ru_maxrss / 1024}


if __name__ == "__main__":
    sys.exit(main())
