"""Which method suits a scene: degrade it, sharpen it with each method, and score against the original MS image."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ..assessment.report.methods import conclusions, methods_report
from ..assessment.report.page import Translate, plain
from ..assessment.report.pictures import Detail
from ..assessment.report.tables import methods_table
from ..catalogue import CATALOGUE, Catalogue
from ..raster.reader import Source, describe
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Method
from .contest import QUICK, Contender, Contest, MethodsSettings, RunJob, Runner, Scene
from .degrade import degrade_jobs, degrade_pair

__all__ = ["TASK", "MethodsAssessment", "MethodsSettings", "compare_methods", "ratio_of"]

TASK = "pansharpening"


@dataclass(frozen=True)
class MethodsAssessment:
    """What a comparison of methods found.

    Attributes:
        scores: Plain data for JSON.
        details: The middle of the reference, and of each method's result by its id.
    """

    scores: dict[str, Any]
    details: tuple[Detail, ...]

    def report(self, tr: Translate = plain) -> str:
        """Return the report as HTML."""
        return methods_report(self.scores, self.details, tr)

    def sentences(self, tr: Translate = plain) -> list[str]:
        """Return what the comparison says, in words."""
        return conclusions(self.scores, tr)

    def table(self) -> str:
        """Return the scores as CSV."""
        return methods_table(self.scores)


def compare_methods(
    ms: Sequence[Input],
    pan: Input,
    settings: Optional[MethodsSettings] = None,
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
) -> MethodsAssessment:
    """Rank methods on one scene by Wald's protocol.

    Args:
        ms: The MS image: one input, or one for each single-band file.
        pan: Its PAN.
        settings: How they are compared.
        catalogue: Methods to choose from.
        feedback: Who is told about progress, and who may cancel.
        engine: Where networks run, and where the user's models lie.

    Raises:
        InputError: An unknown method, bad images, or no method that could be run.
        Cancelled: The user cancelled; nothing is left behind.
    """
    settings = settings or MethodsSettings()
    chosen = _chosen(catalogue, settings.methods)
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        contest = _Comparison(ms, pan, settings, catalogue, feedback or Feedback(), Path(folder), engine)
        return MethodsAssessment(*contest.run(_contenders(chosen, settings)))


def _chosen(catalogue: Catalogue, ids: Sequence[str]) -> list[Method]:
    if not ids:
        return [method for method in catalogue.methods_of(TASK) if method.runtime == "numpy"]
    return list({method.id: method for method in (catalogue.method(TASK, one) for one in ids)}.values())


def _contenders(methods: Sequence[Method], settings: MethodsSettings) -> list[Contender]:
    """Return the methods as what is compared: each makes one image of an MS image and its PAN."""

    def runner(method: Method) -> Runner:
        def fuse(scene: Scene, path: Path, run_job: RunJob) -> None:
            run_job(TASK, method.id, [*scene.images, *scene.pan], path, settings.model_of(method.id))

        return fuse

    return [Contender(method.id, method.title, runner(method)) for method in methods]


class _Comparison(Contest):
    """The comparison of methods for pansharpening."""

    def __init__(
        self,
        ms: Sequence[Input],
        pan: Input,
        settings: MethodsSettings,
        catalogue: Catalogue,
        feedback: Feedback,
        folder: Path,
        engine: EngineSettings,
    ) -> None:
        truth = describe("MS", list(ms))
        ratio = settings.ratio or ratio_of(truth, pan)
        super().__init__(truth, ratio, settings, catalogue, feedback, folder, engine)
        self._scene = Scene(tuple(ms), (pan,))

    def degraded(self, feedback: Feedback) -> Scene:
        """Return the scene as a coarser sensor would have seen it: MS and PAN."""
        files = str(self.folder / "ms.tif"), str(self.folder / "pan.tif")
        given = self._scene
        jobs = degrade_jobs(
            given.images, given.pan[0], *files, self.settings.ratio, self.settings.blur, QUICK, self.settings.threads
        )
        written = degrade_pair(jobs, feedback)
        return Scene((Input("MS", written[0]),), (Input("PAN", written[1]),))

    def at_full_scale(self) -> Scene:
        """Return the scene itself."""
        return self._scene

    def full_scale_pair(self) -> tuple[list[Input], Input]:
        """Return what full-scale scores compare with."""
        return list(self._scene.images), self._scene.pan[0]

    def facts(self) -> dict[str, Any]:
        """Return what was compared, for the scores."""
        return {"task": TASK, "ms": self.truth.name, "pan": Path(self._scene.pan[0].path).name, "protocol": "wald"}


def ratio_of(truth: Source, pan: Input) -> float:
    """Return MS pixel / PAN pixel; degrading refuses what has no ratio."""
    fine = describe("PAN", [pan])
    across, down = (own / other for own, other in zip(truth.grid.pixel, fine.grid.pixel))
    return float((across * down) ** 0.5)
