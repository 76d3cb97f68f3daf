"""Fuses a generated scene in QGIS, without a screen, and compares the result with the truth.

Follows Wald's protocol: MS and PAN of a generated scene are made coarser by their ratio, the coarse pair is
fused, and the original MS is the truth that the fused image is compared with. All image work is done by the
plugin's own algorithms through qgis_process, in a private profile. Leaves in demo-output/:

    truth.tif  pan.tif                 the generated scene
    coarse_ms.tif  coarse_pan.tif      the same, made coarser
    fused.tif                          the coarse pair, fused
    scores.json                        how close fused.tif is to truth.tif
    comparison.png                     MS, fused and truth, side by side
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import package  # noqa: E402  (needs the line above)
from tests.scenes import make_pair, write_geotiff  # noqa: E402

PROFILE = ROOT / "build" / "demo-profile"
OUTPUT = ROOT / "demo-output"
PAN_SIZE = 2048
RATIO = 4
BAND_NAMES = ("Blue", "Green", "Red", "Near infrared")
RED_GREEN_BLUE = (3, 2, 1)  # band numbers of the scene


def qgis_process_program() -> str:
    """Returns the program to call: Debian's qgis_process is a wrapper that may be broken; the .bin is not."""
    for name in ("qgis_process.bin", "qgis_process"):
        found = shutil.which(name, path=os.pathsep.join(["/usr/bin", os.environ.get("PATH", "")]))
        if found:
            return found
    raise SystemExit("demo: qgis_process is not installed; run make setup")


def qgis_process(*arguments: str) -> None:
    """Runs qgis_process in the private profile; ends the demo with its output when it fails."""
    dropped = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment.update(QT_QPA_PLATFORM="offscreen", QGIS_CUSTOM_CONFIG_PATH=str(PROFILE))
    result = subprocess.run(
        [qgis_process_program(), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode != 0:
        raise SystemExit(f"{result.stdout}\ndemo: qgis_process {' '.join(arguments[:2])} failed")


def run_algorithm(name: str, **parameters: Any) -> None:
    """Runs one of the plugin's algorithms, and says how long it took."""
    started = time.monotonic()
    qgis_process("run", f"satfusion:{name}", "--", *(f"{key}={value}" for key, value in parameters.items()))
    shown = ", ".join(f"{key}={getattr(value, 'name', value)}" for key, value in parameters.items())
    print(f"  satfusion:{name} {shown}  ({time.monotonic() - started:.1f} s)")


def write_scene(truth: Path, pan: Path) -> None:
    """Writes the generated MS, which is the truth, and its PAN, in whole numbers as a satellite would."""
    scene = make_pair(PAN_SIZE, PAN_SIZE, ratio=RATIO, bands=len(BAND_NAMES), seed=1)
    write_geotiff(
        truth,
        scene.ms,
        scene.ms_geotransform,
        nodata=0,
        names=BAND_NAMES,
        wavelengths_nm=scene.wavelengths_nm,
        dtype=np.uint16,
    )
    write_geotiff(pan, scene.pan, scene.pan_geotransform, nodata=0, names=["Panchromatic"], dtype=np.uint16)


def read_colours(path: Path, enlarge: int = 1) -> np.ndarray[Any, Any]:
    """Reads red, green and blue, shape (3, rows, columns), every pixel repeated `enlarge` times."""
    dataset = gdal.Open(str(path))
    rows, columns = dataset.RasterYSize, dataset.RasterXSize
    bands = []
    for number in RED_GREEN_BLUE:
        raw = dataset.GetRasterBand(number).ReadRaster(0, 0, columns, rows, buf_type=gdal.GDT_Float32)
        bands.append(np.frombuffer(raw, np.float32).reshape(rows, columns))
    return np.stack(bands).repeat(enlarge, axis=1).repeat(enlarge, axis=2)


def write_comparison(path: Path, coarse_ms: Path, fused: Path, truth: Path) -> None:
    """Writes MS, fused and truth side by side as a PNG, all in the truth's 2-98 % stretch."""
    images = [read_colours(coarse_ms, enlarge=RATIO), read_colours(fused), read_colours(truth)]
    low, high = np.percentile(images[-1], (2, 98), axis=(1, 2), keepdims=True)
    gap = np.full((3, images[-1].shape[1], 8), 255, np.uint8)
    parts = []
    for image in images:
        stretched = np.clip((image - low) / (high - low), 0, 1) * 255
        parts += [np.rint(stretched).astype(np.uint8), gap]
    picture = np.ascontiguousarray(np.concatenate(parts[:-1], axis=2))
    _, rows, columns = picture.shape
    memory = gdal.GetDriverByName("MEM").Create("", columns, rows, 3, gdal.GDT_Byte)
    memory.WriteRaster(0, 0, columns, rows, picture.tobytes())
    gdal.GetDriverByName("PNG").CreateCopy(str(path), memory)
    Path(f"{path}.aux.xml").unlink(missing_ok=True)


def print_scores(fused: Path, interpolated: Path) -> None:
    """Prints the scores over all bands, beside those of plain interpolation."""
    scores, baseline = (json.loads(path.read_text(encoding="utf-8"))["all"] for path in (fused, interpolated))
    print(f"\n  {'score':<14}{'fused':>10}{'interpolated':>16}")
    for name, value in scores.items():
        print(f"  {name:<14}{value:>10.4f}{baseline[name]:>16.4f}")


def main() -> None:
    """Runs the demo."""
    gdal.UseExceptions()
    for folder in (OUTPUT, PROFILE):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    truth, pan = OUTPUT / "truth.tif", OUTPUT / "pan.tif"
    coarse_ms, coarse_pan = OUTPUT / "coarse_ms.tif", OUTPUT / "coarse_pan.tif"
    fused, scores = OUTPUT / "fused.tif", OUTPUT / "scores.json"
    interpolated, baseline = PROFILE / "interpolated.tif", PROFILE / "interpolated.json"

    print(f"demo: a generated scene, MS {PAN_SIZE // RATIO} x {PAN_SIZE // RATIO} at 2 m, PAN at 0.5 m")
    write_scene(truth, pan)
    package.link(ROOT, PROFILE / "profiles" / "default" / "python" / "plugins" / package.NAME)
    qgis_process("plugins", "enable", package.NAME)
    run_algorithm("prepare_degrade", MS=truth, PAN=pan, OUTPUT_MS=coarse_ms, OUTPUT_PAN=coarse_pan)
    run_algorithm("pansharpen", MS=coarse_ms, PAN=coarse_pan, OUTPUT=fused)
    run_algorithm("assess_reference", FUSED=fused, REFERENCE=truth, OUTPUT=scores)
    run_algorithm("pansharpen", MS=coarse_ms, PAN=coarse_pan, METHOD="exp", OUTPUT=interpolated)
    run_algorithm("assess_reference", FUSED=interpolated, REFERENCE=truth, OUTPUT=baseline)
    print_scores(scores, baseline)
    write_comparison(OUTPUT / "comparison.png", coarse_ms, fused, truth)
    print(f"\ndemo: see {OUTPUT.relative_to(ROOT)}/comparison.png (MS, fused, truth), fused.tif, scores.json")


if __name__ == "__main__":
    main()
