"""CPU seconds of the full-reference scores of a 1024 x 1024 x 4 pair; and of a well-known package, where installed.

    .venv/bin/python benchmarks/bench_metrics.py [--size 1024] [--bands 4] [--repeats 5]

The package (`pip install sewar`) is asked for the same scores as far as it has them; its UQI and RASE are other numbers
than ours (tests/core/test_assessment.py says which agree), so only times are compared.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from satfusion_qgis.assessment import reference as scores_module  # noqa: E402
from satfusion_qgis.assessment.reference import ReferenceScores, scoring_windows  # noqa: E402
from satfusion_qgis.assessment.tile import Tile  # noqa: E402

LIMIT_S = 1.0


def pair(size: int, bands: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    steps = rng.normal(0, 30, (bands, size, size)).cumsum(axis=2)
    image = np.clip(np.abs(steps) + 200, 0, 4095)
    noisy = np.clip(image + rng.normal(0, 25, image.shape), 0, 4095)
    return image.astype(np.uint16), noisy.astype(np.uint16)


def ours(reference: np.ndarray, test: np.ndarray, valid: np.ndarray | None = None) -> None:
    bands, rows, columns = reference.shape
    scores = ReferenceScores(bands, 4, (rows, columns), data_range=4095)
    for row, column, height, width in scoring_windows((rows, columns)):
        part = np.s_[..., row : row + height + scores.halo, column : column + width + scores.halo]
        mask = None if valid is None else valid[part]
        scores.add(reference[part], test[part], mask, row, column, (height, width))
    scores.result()


def measured(work: Callable[[], None], repeats: int) -> float:
    """Median CPU seconds."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def by_metric(reference: np.ndarray, test: np.ndarray) -> dict[str, float]:
    """CPU seconds of each metric in one run."""
    scores = ReferenceScores(len(reference), 4, reference.shape[1:], data_range=4095)
    found: dict[str, float] = {}
    for metric in scores._metrics.all():

        def timed(tile: Tile, add: Callable[[Tile], None] = metric.add, name: str = type(metric).__name__) -> None:
            begin = time.process_time()
            add(tile)
            found[name] = found.get(name, 0.0) + time.process_time() - begin

        metric.add = timed
    begin = time.process_time()
    scores.add(reference, test)
    found["Q2n and reading tiles"] = time.process_time() - begin - sum(found.values())
    return found


def theirs(reference: np.ndarray, test: np.ndarray) -> Callable[[], None] | None:
    try:
        import sewar.full_ref as package
    except ImportError:
        return None
    x, y = (np.moveaxis(image, 0, -1).copy() for image in (reference, test))

    def work() -> None:
        package.rmse(x, y)
        package.psnr(x, y, MAX=4095)
        package.ssim(x, y, MAX=4095)
        package.uqi(x, y)
        package.ergas(x, y)
        package.scc(x, y)
        package.rase(x, y)
        package.sam(x, y)

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--bands", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    reference, test = pair(chosen.size, chosen.bands)
    ours(reference[:, :64, :64], test[:, :64, :64])
    full = measured(lambda: ours(reference, test), chosen.repeats)
    print(f"numpy {np.__version__}, {chosen.size} x {chosen.size} x {chosen.bands} uint16, one thread")
    print(f"all {len(scores_module.DEFINITIONS)} scores: {full:.3f} s CPU (limit {LIMIT_S:g} s at 1024 x 1024 x 4)")
    valid = np.random.default_rng(1).random(reference.shape[1:]) < 0.98
    masked = measured(lambda: ours(reference, test, valid), chosen.repeats)
    print(f"with 2 % of the pixels masked: {masked:.3f} s CPU")
    for name, seconds in by_metric(reference, test).items():
        print(f"  {name:24} {seconds:.3f} s")
    other = theirs(reference, test)
    if other is None:
        print("sewar is not installed; nothing to compare with")
        return
    print(f"sewar, the eight scores that it has of these: {measured(other, 1):.3f} s CPU")


if __name__ == "__main__":
    main()
