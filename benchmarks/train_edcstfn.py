"""Trains EDC-STFN on simulated pairs within a budget of CPU minutes, and compares it on places that it has not seen.

The bar: the network's error is below that of the interpolated change added to the fine image, on dates simulated in
another way than those that it learned from. STARFM and Fit-FC stand beside it.

    python benchmarks/train_edcstfn.py                     20 minutes, scored on rondonia and amazon; 1 if missed
    python benchmarks/train_edcstfn.py --minutes 4 --left-out gewata
    python benchmarks/train_edcstfn.py --json F            write the figures to F as well

Runs in QGIS's Python, and trains in the engine's (SATFUSION_PYTHON, or the one that is installed), on one thread.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from train_shipped_spatiotemporal import METHOD, SCENES, Training  # noqa: E402 (the checkout is put on the path first)


def main() -> int:
    """Train, score, print the table; return 0 when every bar was reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--minutes", type=float, default=20.0, help="time for the training; default 20")
    parser.add_argument("--left-out", default="rondonia,amazon", help="places to score on, separated by commas")
    parser.add_argument("--draws", type=float, default=1.0, help="factor on the number of draws of each scene")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    given.places, given.device, given.models, given.fold_minutes = "", "cpu", Path(), 0.0
    places = [name for name in given.left_out.split(",") if name]
    unknown = set(places) - {scene.place for scene in SCENES}
    if unknown or not places:
        print(f"No place {', '.join(sorted(unknown)) or 'is given'}; there are {', '.join(s.place for s in SCENES)}.")
        return 2
    if not given.data.is_dir():
        print(f"No folder {given.data}: nothing measured.")
        return 0
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as work:
        training = Training(given, Path(work))
        begin = time.monotonic()
        folder = training.train("left_out", places, given.minutes)
        print(f"trained in {(time.monotonic() - begin) / 60:.1f} minutes, patches included", flush=True)
        for place in places:
            rows.append({"place": place, "rmse": training.scored(place, folder)})
    names = sorted(rows[0]["rmse"], key=lambda name: rows[0]["rmse"][name])
    print(f"{'RMSE x 10000':<16}" + "".join(f"{name:>12}" for name in names))
    for row in rows:
        print(f"{row['place']:<16}" + "".join(f"{1e4 * row['rmse'][name]:12.1f}" for name in names))
    missed = 0
    for row in rows:
        own, base = row["rmse"][METHOD], row["rmse"]["add_change"]
        reached = own < base
        missed += not reached
        print(f"{'reached' if reached else 'MISSED '}  {row['place']}: EDC-STFN {own / base:.3f} of the added change")
    if given.json:
        given.json.write_text(json.dumps({"minutes": given.minutes, "rows": rows}, indent=1) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
