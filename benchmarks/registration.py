"""Errors of the registration of revisits, on simulated revisits of real scenes whose shifts are known.

Eight revisits of each scene, with shifts up to 2 pixels, go through the pipeline as a user's would; the error is the
distance in pixels of the revisits between the shift that was found and the true one. Then a revisit of another place
is put among them, which has to be recognised.

    python benchmarks/registration.py                              every scene, three seeds
    python benchmarks/registration.py --places oresund --seeds 1   a quick look
    python benchmarks/registration.py --side 256                   smaller parts of the scenes
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "scripts")]

import real_places  # noqa: E402 (the checkout is put on the path first)
from revisits import MARGIN, scenes  # noqa: E402
from train_shipped import SCENES  # noqa: E402

from satfusion_qgis import pipeline  # noqa: E402
from satfusion_qgis.classical.super_resolution.simulate import HELD_OUT, Simulation, simulate  # noqa: E402
from satfusion_qgis.pipeline.plan import make_plan  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output, Preview  # noqa: E402

RATIO, SIDE, REVISITS = 2, 512, 8
CLEAN = Simulation(revisits=REVISITS, largest_shift=2.0, noise=0.0, gain=0.0, offset=0.0, clouded_revisits=0)
CASES: dict[str, tuple[Simulation, float]] = {
    "clean": (CLEAN, 0.05),
    "noise, SNR 50": (replace(CLEAN, noise=50.0), 0.1),
    "gains and offsets": (replace(CLEAN, gain=0.1, offset=0.05), 0.1),
    "clouds, half the revisits": (replace(CLEAN, clouded_revisits=4, cloud_share=0.3), 0.1),
    "noise, gains, clouds, poor masks": (replace(HELD_OUT, revisits=REVISITS), 0.1),
}


def main() -> int:
    """Print the table; return 0 when every bar was reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = list(dict.fromkeys(scene.place for scene in SCENES))
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--places", default=",".join(every))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--side", type=int, default=SIDE, help="side of a scene's part in fine pixels")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    parts = dict(scenes(given.data, given.side, given.places.split(",")))
    rows: list[dict[str, Any]] = []
    print(f"{'':34}{'mean':>8}{'95 %':>8}{'worst':>8}{'not used':>10}{'bar':>8}")
    with tempfile.TemporaryDirectory(prefix="satfusion-registration-") as folder:
        for name, (settings, bar) in CASES.items():
            found = [
                errors_of(image, replace(settings, seed=seed), Path(folder))
                for image in parts.values()
                for seed in range(1, given.seeds + 1)
            ]
            errors = np.concatenate([one[0] for one in found])
            lost = sum(one[1] for one in found)
            row = {"case": name, "mean": float(errors.mean()), "p95": float(np.percentile(errors, 95)),
                   "worst": float(errors.max()), "lost": lost, "pairs": len(errors) + lost, "bar": bar,
                   "reached": bool(errors.mean() <= bar),
                   "places": {place: [float(one[0].mean()) for one in found[at * given.seeds : (at + 1) * given.seeds]]
                              for at, place in enumerate(parts)}}  # fmt: skip
            rows.append(row)
            mark = "" if row["reached"] else " MISSED"
            print(
                f"{name:34}{row['mean']:8.4f}{row['p95']:8.4f}{row['worst']:8.3f}{lost:6d} of {row['pairs']:<4d}"
                f"{bar:6.2f}{mark}",
                flush=True,
            )
        rows.append(strangers(parts, Path(folder)))
    last = rows[-1]
    print(f"revisits of another place: {last['recognised']} of {last['pairs']} recognised")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["reached"] for row in rows) else 1


def errors_of(image: np.ndarray, settings: Simulation, folder: Path) -> tuple[np.ndarray, int]:
    """Return the error of each revisit that was used, in pixels, and how many were not."""
    made = simulate(image[:, MARGIN:-MARGIN, MARGIN:-MARGIN], RATIO, settings)
    found = registered([np.where(mask, one, np.nan) for one, mask in zip(made.revisits, made.masks)], folder)
    used = found["used"][1:]
    apart = np.hypot(*(found["shifts"][1:] - made.shifts[1:]).T)
    return apart[used], int(np.count_nonzero(~used))


def strangers(parts: dict[str, np.ndarray], folder: Path) -> dict[str, Any]:
    """Put a revisit of the next scene among three of each scene; return how many were recognised."""
    names, recognised, mistaken = list(parts), 0, 0
    for at, name in enumerate(names):
        other = parts[names[(at + 1) % len(names)]]
        if len(names) < 2:
            break
        rows, columns = (min(one, two) for one, two in zip(parts[name].shape[1:], other.shape[1:]))
        settings = replace(HELD_OUT, revisits=3, clouded_revisits=0, seed=at)
        own, foreign = (simulate(one[:, :rows, :columns], RATIO, settings).revisits for one in (parts[name], other))
        level = own[0].mean(axis=(1, 2), keepdims=True) / foreign[1].mean(axis=(1, 2), keepdims=True)
        try:
            used = registered([*own, foreign[1] * level], folder)["used"]
        except InputError:
            used = np.array([True, True, True, False])
        recognised += not used[3]
        mistaken += int(np.count_nonzero(~used[:3]))
    pairs = len(names) if len(names) > 1 else 0
    return {"case": "another place", "recognised": recognised, "mistaken": mistaken, "pairs": pairs,
            "reached": recognised == pairs and not mistaken}  # fmt: skip


def registered(revisits: list[np.ndarray], folder: Path) -> dict[str, Any]:
    """Return what the registration finds of some revisits, the first of which is the reference."""
    inputs = []
    for index, image in enumerate(revisits):
        path = folder / f"revisit_{index}.tif"
        real_places._write(path, image, 20.0)
        inputs.append(Input("REVISITS", str(path), index, date=f"2024-06-{1 + index:02d}"))
    job = Job(
        "super_resolution",
        "median",
        inputs,
        [Output("OUTPUT", str(folder / "result.tif"), options=dict(real_places.PLAIN))],
        parameters={"RATIO": 2.0, "REFERENCE_DATE": "2024-06-01", "MAX_DAYS": 0},
        preview=Preview(size=16),  # only the passes matter, and they see the whole scene
        threads=1,
    )
    found: dict[str, Any] = pipeline.run(job).state["registration"]
    # The pipeline puts the others in order of clearness; the order as given is wanted.
    plan = make_plan(job)
    paths = [one.source.files[0][0] for one in plan.revisits["REVISITS"].revisits]
    plan.close()
    places = [paths.index(item.path) for item in inputs]
    return {name: np.asarray(found[name])[places] for name in ("shifts", "used")}


if __name__ == "__main__":
    sys.exit(main())
