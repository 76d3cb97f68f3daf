"""What fitting a network to the scene gains: against the best classical method, GSA and EXP, on places with a truth.

Each place is degraded once and is then "the scene": its own MS is the truth, which the adaptation does not see. It fits
at the twice-reduced scale, decides there on held-out blocks whether the network or a classical method sharpens the
scene, and the result is scored at the reduced scale in physical units (benchmarks/real_places.py says how places are
made). "best classical" is the best of all classical methods by that truth, which nobody knows beforehand.

    python benchmarks/adaptation.py                                   all places, 60 s each, from nothing
    python benchmarks/adaptation.py --places baldwin,shore --steps 600   the same on every machine
    python benchmarks/adaptation.py --starts FOLDER                   start from the weights of scripts/train_shipped.py
                                                                      --work FOLDER that have not seen the place
    python benchmarks/adaptation.py --json figures.json

Runs in QGIS's Python and fits in the engine's. Sixty seconds on two free cores are about 2,700 steps of six bands.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "scripts")]

import real_places  # noqa: E402 (the checkout is put on the path first)
from place_scores import METRICS, Scored, score_methods  # noqa: E402
from train_shipped import CASES, FOLDS, METHOD  # noqa: E402

from satfusion_qgis.catalogue import CATALOGUE  # noqa: E402
from satfusion_qgis.pipeline.adapt import NO_MODEL, Adaptation, AdaptSettings, adapt  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output  # noqa: E402

UNSEEN = "unseen"
Maker = Callable[[Path, Path], real_places.Case]
# Places of real_places with one PAN, and those of train_shipped with the four bands of the shipped weights.
PLACES: dict[str, tuple[str, Maker]] = {
    **{name: ("", make) for name, make in real_places.PLACES.items() if name not in ("oresund_20m", "rotterdam")},
    **{
        f"{name}_4b_r{ratio}": (place or UNSEEN, make)
        for ratio, places in CASES.items()
        for place, cases in places.items()
        for name, make in cases.items()
    },
}
USUAL = "rotterdam_4b_r4,baldwin,shore,gewata,amazon,rondonia,oresund,zion,l1b_00,l1b_05"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--places", default=USUAL, help=f"which places; there are {', '.join(PLACES)}")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each fit")
    parser.add_argument("--steps", type=int, default=0, help="steps of each fit, in place of the time limit")
    parser.add_argument("--starts", type=Path, help="folder --work of train_shipped, with %%d for the ratio")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    rows = []
    for name in arguments.places.split(","):
        with tempfile.TemporaryDirectory(prefix="satfusion-places-") as temporary:
            try:
                place, make = PLACES[name]
                case = make(arguments.data, Path(temporary))
            except FileNotFoundError as error:
                print(f"\n{name}: left out, {error} is missing")
                continue
            rows.append(measure(name, place, case, arguments))
            if arguments.json:
                arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print("\n" + summary(rows))
    return 0


class _Log(Feedback):
    def info(self, text: str) -> None:
        if text.startswith(("Sharpened", "Fitted", "The scene is too small")):
            print(f"  {text}", flush=True)


def measure(name: str, place: str, case: real_places.Case, arguments: argparse.Namespace) -> dict[str, Any]:
    """Adapt to one place, and score the result beside every classical method."""
    start = start_of(place, case, arguments.starts)
    begin = time.monotonic()
    path = case.ms.with_name("adapted.tif")
    print(f"\n{name}, from {'nothing' if start is None else start.parent.name + '/' + start.name}", flush=True)
    job = Job(
        "pansharpening",
        "gsa",
        [Input("MS", str(case.ms)), Input("PAN", str(case.pan))],
        [Output("OUTPUT", str(path), dtype="Float32", options=real_places.PLAIN)],
        threads=arguments.threads,
        seed=arguments.seed,
    )
    settings = AdaptSettings(
        model=NO_MODEL if start is None else str(start),
        time_limit_s=arguments.time_limit,
        steps=arguments.steps,
        parameters={"SENSOR": case.sensor},
    )
    found = adapt(job, settings, feedback=_Log())
    seconds = time.monotonic() - begin
    classical = [method.id for method in CATALOGUE.methods_of("pansharpening") if method.runtime == "numpy"]
    scored = score_methods(name, case, classical, results={"adapted": path})
    print(scored.table(), flush=True)
    return _row(name, scored, found, classical, seconds, start)


def start_of(place: str, case: real_places.Case, starts: Optional[Path]) -> Optional[Path]:
    """Return the model folder that has not seen a place; None to begin from nothing, as with other bands."""
    if starts is None:
        return None
    ratio = round(case.ratio)
    folder = Path(str(starts).replace("%d", str(ratio)))
    for number, fold in enumerate(FOLDS):
        if place in fold:
            return folder / f"fold_{number}"
    return folder / f"{METHOD}-bgrn-ratio{ratio}" if place == UNSEEN else None


def _row(
    name: str, scored: Scored, found: Adaptation, classical: list[str], seconds: float, start: Optional[Path]
) -> dict[str, Any]:
    own = "adapted"
    best = {metric: scored.best(classical, metric) for metric in METRICS}
    return {
        "place": name,
        "winner": found.winner,
        "start": None if start is None else start.name,
        "steps": found.steps,
        "seconds": seconds,
        "best": best,
        "tie": scored.tied(own, best["ergas"]),
        "change": {metric: scored.value(own, metric) / scored.value(best[metric], metric) - 1 for metric in METRICS},
        "scores": scored.plain(),
    }


def summary(rows: list[dict[str, Any]]) -> str:
    """Return one line for each place, and the mean."""
    lines = [f"{'place':20}{'sharpened by':15}{'ERGAS':>8}{'best classical':>24}{'change':>9}{'SAM':>8}{'best':>8}"]
    for row in rows:
        scores, best, change = row["scores"], row["best"], row["change"]
        own = scores["adapted"]
        tie = " tie" if row["tie"] else ""
        lines.append(
            f"{row['place']:20}{row['winner']:15}{own['ergas']['value']:8.3f}"
            f"{best['ergas'] + ' ' + format(scores[best['ergas']]['ergas']['value'], '.3f'):>24}"
            f"{100 * change['ergas']:+8.1f}%{own['sam_degrees']['value']:8.3f}"
            f"{scores[best['sam_degrees']]['sam_degrees']['value']:8.3f} GSA {scores['gsa']['ergas']['value']:.3f} "
            f"EXP {scores['exp']['ergas']['value']:.3f}{tie}"
        )
    if rows:
        mean = {metric: sum(row["change"][metric] for row in rows) / len(rows) for metric in METRICS}
        worst = max(row["change"]["ergas"] for row in rows)
        lines.append(
            f"mean change against the best classical method: ERGAS {100 * mean['ergas']:+.1f} %, SAM "
            f"{100 * mean['sam_degrees']:+.1f} %; worst ERGAS {100 * worst:+.1f} %"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
