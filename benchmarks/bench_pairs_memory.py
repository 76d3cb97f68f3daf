"""Peak memory of predictions from large images: virtual rasters of 10000 x 10000 x 6 over one small file.

The fine images are 10,000 x 10,000 pixels of 6 bands, the coarse ones 625 x 625 (ratio 16) or, with --resampled, on the
fine grid. Every run is a process of its own; its peak is the largest resident set that the system saw. The peak must
depend on the window, not on the rasters. An extent has the statistics of that extent alone; a preview has those of the
whole scene, so that its passes read everything.

    python benchmarks/bench_pairs_memory.py                             extents, and a preview of the whole
    python benchmarks/bench_pairs_memory.py --methods copy --whole      the whole result as well
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal, osr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from satfusion_qgis.tasks.job import Input, Job, Output, Preview  # noqa: E402 (the checkout is put on the path first)

METHODS = ("copy", "fit_fc", "starfm", "fsdaf")
SIZE, BANDS, PIXEL, RATIO = 10000, 6, 30.0, 16
TILE = 800
CORNER = (500000.0, 5000000.0)
BAR_MIB = 1500


def main() -> int:
    """Run the benchmark; return 0 when the bar was reached."""
    gdal.UseExceptions()
    # What Linux counts of a process begins with what its parent held when it was started, GDAL's cache among it.
    gdal.SetCacheMax(16 << 20)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--extents", default="1024,2048", help="sides in fine pixels, separated by commas")
    parser.add_argument("--preview", type=int, default=512, help="side of the preview in fine pixels; 0 for none")
    parser.add_argument("--pairs", type=int, default=1, choices=(1, 2))
    parser.add_argument("--resampled", action="store_true", help="coarse images on the fine grid")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    sides: list[tuple[str, Optional[int]]] = [
        (f"extent {side}", int(side)) for side in given.extents.split(",") if side
    ]
    sides += [("preview", given.preview)] if given.preview else []
    sides += [("whole", None)] if given.whole else []
    rows = []
    with tempfile.TemporaryDirectory(prefix="satfusion-bench-") as temporary:
        folder = Path(temporary)
        inputs = make_images(folder, given.size, given.pairs, given.resampled)
        print(f"{given.pairs} pair(s) of {given.size} x {given.size} x {BANDS}, {given.threads} threads")
        for method in given.methods.split(","):
            for what, side in sides:
                row = {"method": method, "what": what, **measured(folder, method, inputs, what, side, given)}
                row["reached"] = row["peak_mib"] <= BAR_MIB
                rows.append(row)
                bar = f"{BAR_MIB} MiB {'reached' if row['reached'] else 'MISSED'}"
                print(f"{method:14}{what:14}{row['wall']:8.1f} s{row['peak_mib']:8.0f} MiB   {bar}", flush=True)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["reached"] for row in rows) else 1


def make_images(folder: Path, size: int, pairs: int, resampled: bool) -> list[Input]:
    """Write a tile of each image, and virtual rasters that repeat it over the whole."""
    rng = np.random.default_rng(0)
    cover = rng.integers(0, 6, (TILE // 40, TILE // 40)).repeat(40, 0).repeat(40, 1)
    spectra, change = rng.uniform(500, 3000, (6, BANDS)), rng.uniform(-600, 600, (6, BANDS))
    texture = 1 + 0.05 * rng.standard_normal((BANDS, TILE, TILE))
    inputs = []
    for date, (day, fine, coarse) in enumerate(
        (
            ("2024-05-01", "FINE_1", "COARSE_1"),
            ("2024-06-01", "", "COARSE_TARGET"),
            ("2024-07-01", "FINE_2", "COARSE_2"),
        )
    ):
        if date == 2 and pairs == 1:
            break
        image = (spectra + date * change)[cover].transpose(2, 0, 1) * texture
        means = image.reshape(BANDS, TILE // RATIO, RATIO, TILE // RATIO, RATIO).mean((2, 4))
        if fine:
            inputs.append(Input(fine, repeated(folder, fine, image, PIXEL, size), date=day))
        if resampled:
            means = means.repeat(RATIO, 1).repeat(RATIO, 2)
        side, pixel = (size, PIXEL) if resampled else (size // RATIO, PIXEL * RATIO)
        inputs.append(Input(coarse, repeated(folder, coarse, means, pixel, side), date=day))
    return inputs


def repeated(folder: Path, name: str, image: np.ndarray, pixel: float, size: int) -> str:
    """Write an image, and a virtual raster of `size` x `size` pixels that repeats it; return the latter."""
    path, own = folder / f"{name.lower()}.tif", folder / f"{name.lower()}.vrt"
    bands, rows, columns = image.shape
    made = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, gdal.GDT_Int16, ["TILED=YES"])
    for number, band in enumerate(np.rint(image).astype(np.int16), 1):
        made.GetRasterBand(number).WriteRaster(0, 0, columns, rows, np.ascontiguousarray(band).tobytes())
    made.FlushCache()
    del made
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32633)
    whole = gdal.GetDriverByName("VRT").Create(str(own), size, size, bands, gdal.GDT_Int16)
    whole.SetProjection(crs.ExportToWkt())
    whole.SetGeoTransform((CORNER[0], pixel, 0, CORNER[1], 0, -pixel))
    for number in range(1, bands + 1):
        band = whole.GetRasterBand(number)
        sources = {}
        for place, (row, column) in enumerate((r, c) for r in range(0, size, rows) for c in range(0, size, columns)):
            height, width = min(rows, size - row), min(columns, size - column)
            sources[f"source_{place}"] = (
                f"<SimpleSource><SourceFilename relativeToVRT='1'>{path.name}</SourceFilename>"
                f"<SourceBand>{number}</SourceBand><SrcRect xOff='0' yOff='0' xSize='{width}' ySize='{height}'/>"
                f"<DstRect xOff='{column}' yOff='{row}' xSize='{width}' ySize='{height}'/></SimpleSource>"
            )
        band.SetMetadata(sources, "vrt_sources")
    whole.FlushCache()
    return str(own)


def measured(
    folder: Path, method: str, inputs: list[Input], what: str, side: Optional[int], given: argparse.Namespace
) -> dict[str, Any]:
    """Run a job in a process of its own; return its wall seconds and peak memory in MiB.

    Raises:
        SystemExit: It failed.
    """
    output, path = folder / "result.tif", folder / "job.json"
    extent, preview = None, None
    if what == "preview":
        preview = Preview(size=int(side or 0))
    elif side is not None:
        offset = (given.size // 2 - side // 2) // RATIO * RATIO * PIXEL
        left, top = CORNER[0] + offset, CORNER[1] - offset
        extent = [left, top - side * PIXEL, left + side * PIXEL, top]
    job = Job(
        "spatiotemporal_fusion",
        method,
        inputs,
        [Output("OUTPUT", str(output), options={"COMPRESSION": "none", "OVERVIEWS": False})],
        extent=extent,
        preview=preview,
        parameters={"RATIO": RATIO} if given.resampled else {},
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
