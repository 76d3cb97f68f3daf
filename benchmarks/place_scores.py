"""ERGAS and SAM of methods and networks on one place, with paired block-bootstrap intervals.

A result is compared with the truth in physical units, without a border of 4 x ratio pixels. Blocks of 32 x 32 MS pixels
are drawn 1,000 times with a fixed seed (assessment/bootstrap.py), the same blocks for all methods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
from real_places import BORDER, PLAIN, Case, _read

from satfusion_qgis import pipeline
from satfusion_qgis.assessment.bootstrap import BlockSums, Draws, scores_of
from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.runtime.settings import USUAL, EngineSettings
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input, Job, Output

METRICS = ("ergas", "sam_degrees")


@dataclass(frozen=True)
class Scored:
    """Scores of one place.

    Attributes:
        place: Its name.
        ratio: MS pixel / PAN pixel.
        names: Methods.
        values: For each metric the value of each method.
        intervals: For each metric the 95 % interval of each method, or None.
        draws: The draws behind them.
    """

    place: str
    ratio: float
    names: tuple[str, ...]
    values: Mapping[str, tuple[float, ...]]
    intervals: Mapping[str, tuple[Optional[tuple[float, float]], ...]]
    draws: Draws

    def value(self, name: str, metric: str = "ergas") -> float:
        """Return the score of a method."""
        return self.values[metric][self.names.index(name)]

    def best(self, names: Sequence[str], metric: str = "ergas") -> str:
        """Return the best of some methods."""
        return min((name for name in names if name in self.names), key=lambda name: self.value(name, metric))

    def tied(self, one: str, other: str, metric: str = "ergas") -> bool:
        """Tell whether the difference of two methods lies inside its 95 % interval."""
        return self.draws.tied(self.names.index(one), self.names.index(other), metric)

    def table(self) -> str:
        """Return the scores as text, best first."""
        lines = [f"{self.place}: ratio {self.ratio:g}, {self.draws.blocks} blocks"]
        for name in sorted(self.names, key=self.value):
            place = self.names.index(name)
            ends = (self.intervals[metric][place] for metric in METRICS)
            shown = (
                f"{self.values[metric][place]:9.4f} {_between(interval)}" for metric, interval in zip(METRICS, ends)
            )
            lines.append(f"  {name:18}ERGAS {'  SAM '.join(shown)}")
        return "\n".join(lines)

    def card_entries(
        self, method: str, baselines: Sequence[str], protocol: str = "wald, leave one place out"
    ) -> list[dict[str, Any]]:
        """Return a method's scores as a model card lists them."""
        place = self.names.index(method)
        entries = []
        for metric in METRICS:
            ends = self.intervals[metric][place]
            for baseline in baselines:
                entries.append(
                    {
                        "place": self.place,
                        "protocol": protocol,
                        "metric": metric,
                        "value": round(self.values[metric][place], 4),
                        "interval": None if ends is None else [round(end, 4) for end in ends],
                        "units": "physical",
                        "baseline": {"method": baseline, "value": round(self.value(baseline, metric), 4)},
                        "tie": self.tied(method, baseline, metric),
                    }
                )
        return entries

    def losses(self, method: str, baselines: Sequence[str]) -> list[str]:
        """Return sentences about those methods that are better than `method` here, beyond a tie."""
        found = []
        for metric, title in zip(METRICS, ("ERGAS", "SAM")):
            own = self.value(method, metric)
            better = [
                f"{name} {self.value(name, metric):.3g}"
                for name in baselines
                if name in self.names and self.value(name, metric) < own and not self.tied(method, name, metric)
            ]
            if better:
                found.append(f"{self.place}: {title} {own:.3g} is worse than {', '.join(better)}.")
        return found

    def plain(self) -> dict[str, Any]:
        """Return the scores as data for JSON."""
        return {
            name: {metric: {"value": self.values[metric][place], "interval": self.intervals[metric][place]}
                   for metric in METRICS}
            for place, name in enumerate(self.names)
        }  # fmt: skip


def score_methods(
    name: str,
    case: Case,
    methods: Sequence[str],
    networks: Optional[Mapping[str, Path]] = None,
    engine: EngineSettings = USUAL,
    results: Optional[Mapping[str, Path]] = None,
) -> Scored:
    """Run methods on a case and score them.

    Args:
        name: Name of the place.
        case: The pair and its truth.
        methods: Classical methods; those that refuse the scene are left out.
        networks: Model folder for each method id that is a network's.
        engine: Where networks run.
        results: Fused images that are there already, by the name to show.
    """
    images: dict[str, Any] = {}
    for method in methods:
        try:
            images[method] = _fused(case, method, None, engine)
        except InputError as error:
            print(f"  {method} is left out: {error}")
    for method, folder in (networks or {}).items():
        images[method] = _fused(case, method, folder, engine)
    for shown, path in (results or {}).items():
        images[shown] = _read(path)
    return score_images(name, case, images)


def score_images(name: str, case: Case, images: Mapping[str, Any]) -> Scored:
    """Score fused images (bands, rows, columns) in physical units against the truth of a case."""
    truth = _read(case.truth)
    edge = round(BORDER * case.ratio)
    rows, columns = (min(lengths) for lengths in zip(*(image.shape[1:] for image in (truth, *images.values()))))
    inside = np.s_[:, edge : rows - edge, edge : columns - edge]
    cut = {method: image[inside] for method, image in images.items()}
    reference = truth[inside]
    valid = np.isfinite(reference).all(axis=0)
    for image in cut.values():
        valid &= np.isfinite(image).all(axis=0)
    gathered = []
    for image in cut.values():
        sums = BlockSums(len(reference), reference.shape[1:], case.block)
        sums.add(reference, image, valid, 0, 0)
        gathered.append(sums.rows())
    draws = Draws(gathered, len(reference), case.ratio)
    whole = [scores_of(rows.sum(axis=0, keepdims=True), len(reference), case.ratio) for rows in gathered]
    return Scored(
        name,
        case.ratio,
        tuple(cut),
        {metric: tuple(float(one[metric][0]) for one in whole) for metric in METRICS},
        {metric: tuple(draws.interval(place, metric) for place in range(len(cut))) for metric in METRICS},
        draws,
    )


def _fused(case: Case, method: str, folder: Optional[Path], engine: EngineSettings) -> Any:
    known = {item.name for item in CATALOGUE.method("pansharpening", method).parameters}
    path = case.ms.with_name(f"fused_{method}.tif")
    job = Job(
        "pansharpening",
        method,
        [Input("MS", str(case.ms)), Input("PAN", str(case.pan))],
        [Output("OUTPUT", str(path), dtype="Float32", options=PLAIN)],
        parameters={"SENSOR": case.sensor} if "SENSOR" in known else {},
        model=None if folder is None else {"id": str(folder)},
    )
    pipeline.run(job, engine=engine)
    image = _read(path)
    path.unlink()
    return image


def _between(interval: Optional[tuple[float, float]]) -> str:
    return " " * 19 if interval is None else f"({interval[0]:8.4f} {interval[1]:8.4f})"
