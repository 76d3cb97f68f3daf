"""What the assessing algorithms share: their files, their numbers, and how scores are shown in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProcessingContext, QgsProcessingOutputNumber

from ..catalogue import CATALOGUE
from ..pipeline.assess import json_text, write_text
from ..raster.writer import check_folder
from ..tasks.errors import InputError
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec
from . import form
from .base import Parameters, Results, SatFusionAlgorithm
from .texts import tr

GROUP, GROUP_ID = "Assessment", "assessment"
SCORES = OutputSpec("OUTPUT", "table", "Scores", "All scores as JSON, with the definition of each.")
TABLE = OutputSpec("CSV", "csv", "Scores as a table", "The scores as CSV, for spreadsheets.", optional=True)
REPORT = OutputSpec(
    "REPORT",
    "report",
    "Report",
    "A page with scores and pictures in one HTML file; it opens in the results viewer and in any browser.",
    optional=True,
)


@dataclass(frozen=True)
class Files:
    """Where scores, table and report go; "" for none."""

    scores: str
    table: str
    report: str

    def check(self) -> None:
        """Refuse names that cannot be written, before any work is done.

        Raises:
            InputError: A folder is missing or may not be written to.
        """
        for path in (self.scores, self.table, self.report):
            if path:
                check_folder(Path(path))

    def write(self, scores: dict[str, Any], table: Callable[[], str], report: Callable[[], str]) -> Results:
        """Write what was asked for; return the outputs."""
        made: dict[str, tuple[str, Callable[[], str]]] = {
            "OUTPUT": (self.scores, partial(json_text, scores)),
            "CSV": (self.table, table),
            "REPORT": (self.report, report),
        }
        wanted = {name: (path, text) for name, (path, text) in made.items() if path}
        for path, text in wanted.values():
            write_text(path, text())
        return {name: path for name, (path, _) in wanted.items()}


def add_outputs(algorithm: SatFusionAlgorithm, numbers: Mapping[str, str]) -> None:
    """Add the files and the numbers that an algorithm gives.

    Args:
        algorithm: The algorithm.
        numbers: Title by output name.
    """
    algorithm.add(form.output_definition(REPORT, created=True))
    algorithm.add(form.output_definition(SCORES))
    algorithm.add(form.output_definition(TABLE))
    for name, title in numbers.items():
        algorithm.addOutput(QgsProcessingOutputNumber(name, tr(title)))


def chosen_files(algorithm: SatFusionAlgorithm, parameters: Parameters, context: QgsProcessingContext) -> Files:
    """Return where the outputs go.

    Raises:
        InputError: A folder is missing or may not be written to.
    """

    def path(name: str) -> str:
        return str(algorithm.parameterAsFileOutput(parameters, name, context)) if parameters.get(name) else ""

    files = Files(path("OUTPUT"), path("CSV"), path("REPORT"))
    files.check()
    return files


def degrade_parameters() -> tuple[Parameter, ...]:
    """Return the parameters that say how the multispectral sensor blurs: SENSOR and MTF_GAINS."""
    return CATALOGUE.method("degradation", "degrade").parameters


def with_bands(ms: list[Input], bands: list[int]) -> list[Input]:
    """Return the inputs with only some bands: of the one raster, or of the single-band files in order.

    Raises:
        InputError: There are fewer files than a band number says.
    """
    if not bands:
        return ms
    if len(ms) == 1:
        ms[0].bands = bands
        return ms
    if max(bands) > len(ms):
        raise InputError(tr("BANDS names band {}, but MS has {} files.").format(max(bands), len(ms)))
    return [ms[band - 1] for band in bands]


def known(numbers: Mapping[str, Optional[float]]) -> Results:
    """Return the numbers that exist."""
    return {name: value for name, value in numbers.items() if value is not None}


def number(value: Optional[float]) -> str:
    """Return a number for the log."""
    return "-" if value is None else f"{value:.5g}"
