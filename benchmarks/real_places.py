"""Every pansharpening method on real places: ERGAS at reduced scale, with block-bootstrap intervals.

Places with a real PAN are degraded by Wald's protocol and compared with their own MS image. Multispectral scenes get a
simulated PAN: a weighted sum of some bands with weights drawn from a fixed seed and a tenth of a band that is left
out, a soft saturation, an MTF of 0.15 at PAN's Nyquist frequency and noise at SNR 100. Sentinel-2 is sharpened from 40
to 20 m by its four finer bands. Blocks of 32 x 32 MS pixels are drawn 1,000 times with a fixed seed; a tie is a method
whose paired difference to the best one has an interval that holds 0.

    python benchmarks/real_places.py                              all places and methods
    python benchmarks/real_places.py --places baldwin --bands     each band's RMSE relative to EXP
    python benchmarks/real_places.py --methods exp,gsa --json figures.json

The data lie in the folder `shared/data` beside the checkout; places that are missing are named and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from satfusion_qgis import pipeline  # noqa: E402 (the checkout is put on the path first)
from satfusion_qgis.catalogue import AUTO, CATALOGUE  # noqa: E402
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output  # noqa: E402

BLOCK, DRAWS, SEED, BORDER = 32, 1000, 20261120, 4
PLAIN = {"OVERVIEWS": False, "COMPRESSION": "none"}
UTM = 32633


@dataclass(frozen=True)
class Case:
    """A pair to sharpen and its truth, as files; `block` is the side of a bootstrap block in truth pixels."""

    ms: Path
    pan: Path
    truth: Path
    ratio: float
    sensor: str
    block: int


def baldwin(data: Path, folder: Path, bands: Sequence[int] = ()) -> Case:
    """Landsat 8 at 60 from 30 m, the clear strip; PAN's corner lies half a PAN pixel off."""
    place = data / "pansharpening/baldwin_l8"
    ms, pan = folder / "ms.tif", folder / "pan.tif"
    strip = [0, 475, 627, 128]
    gdal.Translate(str(ms), str(_needed(place / "ms.tif")), srcWin=strip, bandList=list(bands) or None)
    gdal.Translate(str(pan), str(place / "pan.tif"), srcWin=[0, 950, 1254, 257])
    return _reduced(ms, pan, folder, 2.0, "landsat8")


def rotterdam(data: Path, folder: Path) -> Case:
    """WorldView-2 at 8 from 2 m."""
    place = data / "pansharpening/rotterdam_wv2"
    return _reduced(_needed(place / "ms_1.tif"), place / "pan_1.tif", folder, 4.0, "worldview2")


def oresund_20m(data: Path, folder: Path) -> Case:
    """Sentinel-2's bands of 20 m, from 40 m, by its four bands of 10 m, from 20 m."""
    place = data / "multispectral/oresund_s2"
    ms, pan = folder / "ms.tif", folder / "pan.tif"
    _write(ms, _read(_needed(place / "s2_l1c_20m.tif")), 20.0)
    _write(pan, _read(place / "s2_l1c_10m.tif"), 10.0)
    jobs = degrade_jobs(
        [Input("MS", str(ms))], None, str(folder / "rms.tif"), None, 2.0, {"SENSOR": "sentinel2"}, PLAIN
    )
    jobs += degrade_jobs(
        [Input("MS", str(pan))], None, str(folder / "rpan.tif"), None, 2.0, {"SENSOR": "sentinel2"}, PLAIN
    )
    degrade_pair(jobs)
    return Case(folder / "rms.tif", folder / "rpan.tif", ms, 2.0, "sentinel2", BLOCK)


def simulated(path: str, ratio: int, seed: int, numbers: Sequence[int] = ()) -> Callable[[Path, Path], Case]:
    """Return what makes a case of a multispectral scene, or some of its bands, with a simulated PAN."""

    def make(data: Path, folder: Path) -> Case:
        bands = _read(_needed(data / path))
        bands = bands[[number - 1 for number in numbers]] if numbers else bands
        rows, columns = (length // ratio * ratio for length in bands.shape[1:])
        bands = bands[:, :rows, :columns]
        truth, pan = folder / "truth.tif", folder / "pan.tif"
        _write(truth, bands, 10.0)
        _write(pan, _simulated_pan(bands, seed)[None], 10.0)
        jobs = degrade_jobs([Input("MS", str(truth))], None, str(folder / "rms.tif"), None, ratio, {}, PLAIN)
        degrade_pair(jobs)
        return Case(folder / "rms.tif", pan, truth, ratio, "default", BLOCK * ratio)

    return make


PLACES: dict[str, Callable[[Path, Path], Case]] = {
    "baldwin": baldwin,
    "rotterdam": rotterdam,
    "oresund_20m": oresund_20m,
    "oresund": simulated("multispectral/oresund_s2/s2_l1c_10m.tif", 4, 1),
    "zion": simulated("multispectral/zion_l8/ms.tif", 4, 2),
    "gewata": simulated("multispectral/gewata_l7/ms.tif", 4, 3),
    "rondonia": simulated("multispectral/rondonia_l8/ms.tif", 2, 4),
    "amazon": simulated("multispectral/amazon_s2/s2_l2a_10m.tif", 2, 5),
    "shore": simulated("multispectral/eastern_shore_s2/s2_l1c_20m.tif", 4, 6),
    "l1b_00": simulated("multispectral/s2_l1b_crops/00.tif", 2, 7),
    "l1b_05": simulated("multispectral/s2_l1b_crops/05.tif", 2, 8),
}


def main() -> int:
    """Print the tables."""
    gdal.UseExceptions()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--places", default=",".join(PLACES), help="which places, separated by commas")
    parser.add_argument("--methods", default="", help="which methods; default all, and auto")
    parser.add_argument("--bands", action="store_true", help="also each band's RMSE relative to EXP")
    parser.add_argument("--log", action="store_true", help="also what each method says of the scene")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    every = [method.id for method in CATALOGUE.methods_of("pansharpening")] + [AUTO]
    methods = [name for name in arguments.methods.split(",") if name] or every
    found = {}
    for name in arguments.places.split(","):
        with tempfile.TemporaryDirectory(prefix="satfusion-places-") as temporary:
            try:
                case = PLACES[name](arguments.data, Path(temporary))
            except FileNotFoundError as error:
                print(f"\n{name}: left out, {error} is missing")
                continue
            found[name] = assess(name, case, methods, arguments.bands, arguments.log)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


class _Log(Feedback):
    def info(self, text: str) -> None:
        print(f"    {text}")


def assess(name: str, case: Case, methods: Sequence[str], bands: bool, log: bool) -> dict[str, Any]:
    """Run the methods on one place and print their table."""
    truth = _read(case.truth)
    valid = np.isfinite(truth).all(axis=0)
    methods = ["exp", *(method for method in methods if method != "exp")]
    errors: dict[str, np.ndarray] = {}
    refused = {}
    for method in methods:
        parameters = {"SENSOR": case.sensor}
        known = {item.name for item in CATALOGUE.method("pansharpening", method).parameters}
        job = Job(
            "pansharpening",
            method,
            [Input("MS", str(case.ms)), Input("PAN", str(case.pan))],
            [Output("OUTPUT", str(case.ms.with_name("fused.tif")), dtype="Float32", options=PLAIN)],
            parameters={key: value for key, value in parameters.items() if key in known},
        )
        if log:
            print(f"  {method}")
        try:
            pipeline.run(job, feedback=_Log() if log else None)
        except InputError as error:
            refused[method] = str(error)
            continue
        fused = _read(case.ms.with_name("fused.tif"))
        rows, columns = (min(one, other) for one, other in zip(fused.shape[1:], truth.shape[1:]))
        errors[method] = np.square(fused[:, :rows, :columns] - truth[:, :rows, :columns])
    common = valid[:rows, :columns].copy()
    for squared in errors.values():
        common &= np.isfinite(squared).all(axis=0)
    return _table(name, case, truth[:, :rows, :columns], errors, common, refused, bands)


def _table(
    name: str,
    case: Case,
    truth: np.ndarray,
    errors: dict[str, np.ndarray],
    valid: np.ndarray,
    refused: dict[str, str],
    bands: bool,
) -> dict[str, Any]:
    edge = round(BORDER * case.ratio)
    inside = np.s_[edge : truth.shape[1] - edge, edge : truth.shape[2] - edge]
    use = valid[inside].astype(np.float64)
    count = _blocks(use, case.block)
    level = np.stack([_blocks(np.where(use > 0, band[inside], 0.0), case.block) for band in truth])
    sums = {
        method: np.stack([_blocks(np.where(use > 0, band[inside], 0.0), case.block) for band in squared])
        for method, squared in errors.items()
    }
    draws = np.random.default_rng(SEED).integers(0, len(count), (DRAWS, len(count)))
    drawn = {method: _ergas(own[:, draws], level[:, draws], count[draws], case.ratio) for method, own in sums.items()}
    whole = {method: float(_ergas(own, level, count, case.ratio)) for method, own in sums.items()}
    best = min(whole, key=lambda method: whole[method])
    print(f"\n{name}: ratio {case.ratio:g}, {len(truth)} bands, {len(count)} blocks of {case.block} x {case.block}")
    print(f"{'method':16}{'ERGAS':>9}{'95 % interval':>22}{'to EXP':>9}")
    rows = {}
    for method in sorted(whole, key=lambda item: whole[item]):
        low, high = np.percentile(drawn[method], (2.5, 97.5))
        tie = _holds_zero(drawn[method] - drawn[best])
        with_exp = "=" if _holds_zero(drawn[method] - drawn["exp"]) else ""
        ratio = whole[method] / whole["exp"]
        rows[method] = {"ergas": whole[method], "interval": [float(low), float(high)], "tie_with_best": bool(tie)}
        print(f"{method:16}{whole[method]:9.4f}{low:12.4f}{high:10.4f}{ratio:9.3f}{with_exp:1} {'tie' if tie else ''}")
        if bands:
            of_bands = np.sqrt(sums[method].sum(axis=1) / sums["exp"].sum(axis=1))
            rows[method]["bands_to_exp"] = [float(value) for value in of_bands]
            print(f"{'':16}" + " ".join(f"{value:.3f}" for value in of_bands))
    for method, reason in refused.items():
        print(f"{method:16} refused: {reason}")
    return rows


def _ergas(squared: np.ndarray, level: np.ndarray, count: np.ndarray, ratio: float) -> np.ndarray:
    """ERGAS of the sums over the last axis; the first is the band."""
    pixels = count.sum(axis=-1)
    relative = (squared.sum(axis=-1) / pixels) / np.square(level.sum(axis=-1) / pixels)
    return np.asarray(100 / ratio * np.sqrt(relative.mean(axis=0)))


def _holds_zero(differences: np.ndarray) -> bool:
    low, high = np.percentile(differences, (2.5, 97.5))
    return bool(low <= 0 <= high)


def _blocks(image: np.ndarray, side: int) -> np.ndarray:
    """Sum over blocks; the last block of a row or column is as large as what is left, if that is half a block."""
    rows, columns = (_cuts(length, side) for length in image.shape)
    return np.add.reduceat(np.add.reduceat(image, rows, axis=0), columns, axis=1).ravel()


def _cuts(length: int, side: int) -> list[int]:
    return [start for start in range(0, length, side) if start == 0 or length - start >= side / 2]


def _reduced(ms: Path, pan: Path, folder: Path, ratio: float, sensor: str) -> Case:
    small_ms, small_pan = folder / "rms.tif", folder / "rpan.tif"
    degrade_pair(
        degrade_jobs(
            [Input("MS", str(ms))],
            Input("PAN", str(pan)),
            str(small_ms),
            str(small_pan),
            None,
            {"SENSOR": sensor},
            PLAIN,
        )
    )
    return Case(small_ms, small_pan, ms, ratio, sensor, BLOCK)


def _simulated_pan(bands: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    filled = np.where(np.isfinite(bands), bands, np.nanmean(bands, axis=(1, 2), keepdims=True))
    left_out = int(rng.integers(len(bands)))
    weights = rng.uniform(0.2, 1.0, len(bands))
    weights[left_out] = 0.0
    weights *= 0.9 / weights.sum()
    weights[left_out] = 0.1
    pan = np.tensordot(weights, filled, axes=1)
    pan = pan / (1 + 0.1 * pan / np.percentile(pan, 99))
    sigma = np.sqrt(-2 * np.log(0.15)) / np.pi
    taps = np.exp(-0.5 * np.square(np.arange(-4, 5) / sigma))
    taps /= taps.sum()
    for axis in (0, 1):
        padded = np.pad(pan, [(4, 4) if axis == own else (0, 0) for own in (0, 1)], mode="edge")
        pan = np.apply_along_axis(np.convolve, axis, padded, taps, mode="valid")
    return pan + rng.standard_normal(pan.shape) * pan.mean() / 100


def _needed(path: Path) -> Path:
    if not path.exists():
        raise FileNotFoundError(path)
    return path


def _read(path: Path) -> np.ndarray:
    """Physical values, float64 (bands, rows, columns), not a number where missing."""
    dataset = gdal.Open(str(path))
    images = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        raw = band.ReadRaster(buf_type=gdal.GDT_Float64)
        stored = np.frombuffer(raw, np.float64).reshape(dataset.RasterYSize, dataset.RasterXSize)
        values = stored * (band.GetScale() or 1.0) + (band.GetOffset() or 0.0)
        nodata = band.GetNoDataValue()
        images.append(values if nodata is None else np.where(stored == nodata, np.nan, values))
    return np.stack(images)


def _write(path: Path, bands: np.ndarray, pixel: float) -> None:
    driver = gdal.GetDriverByName("GTiff")
    dataset = driver.Create(str(path), bands.shape[2], bands.shape[1], len(bands), gdal.GDT_Float32)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(UTM)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((500000, pixel, 0, 5000000, 0, -pixel))
    for number, band in enumerate(bands, 1):
        own = dataset.GetRasterBand(number)
        if np.isnan(bands).any():
            own.SetNoDataValue(float("nan"))
        own.WriteRaster(0, 0, bands.shape[2], bands.shape[1], band.astype(np.float32).tobytes())
    dataset.FlushCache()


if __name__ == "__main__":
    sys.exit(main())
