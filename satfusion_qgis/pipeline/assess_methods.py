"""Which method suits a scene: degrade it, sharpen it with each method, and score against the original MS image."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

from ..assessment.bootstrap import BLOCK, DRAWS, SEED, BlockSums, Draws
from ..assessment.ranking import ranked
from ..assessment.reference import ReferenceScores, peak_range
from ..assessment.report.methods import conclusions, methods_report
from ..assessment.report.page import Translate, plain
from ..assessment.report.pictures import Detail, display_bands
from ..assessment.report.tables import methods_table
from ..catalogue import CATALOGUE, Catalogue
from ..raster.reader import Source, describe
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.method import Method
from .assess import band_names, units_of
from .assess_pair import Pair
from .degrade import degrade_jobs, degrade_pair
from .execute import run
from .progress import Part

TASK = "pansharpening"
_BORDER_RATIOS = 4
_LEAST_SCORED = 64
_FEW_BLOCKS = 12
_QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}
_ESTIMATE = "estimate"


@dataclass(frozen=True)
class MethodsSettings:
    """How methods are compared.

    Attributes:
        methods: Ids; empty for all of the task that need no weights.
        parameters: Values for those parameters that a method takes, such as SENSOR and MTF_GAINS.
        ratio: MS pixel / PAN pixel; None takes it from the images.
        border: MS pixels left out along each side; None for 4 x ratio, less in small images.
        full_scale: Also sharpen the scene itself with each method, and score that without a reference.
        threads: Compute threads.
    """

    methods: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    ratio: Optional[float] = None
    border: Optional[int] = None
    full_scale: bool = True
    threads: int = 2


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
) -> MethodsAssessment:
    """Rank methods on one scene by Wald's protocol.

    Args:
        ms: The MS image: one input, or one for each single-band file.
        pan: Its PAN.
        settings: How they are compared.
        catalogue: Methods to choose from.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: An unknown method, bad images, or no method that could be run.
        Cancelled: The user cancelled; nothing is left behind.
    """
    settings = settings or MethodsSettings()
    chosen = _chosen(catalogue, settings.methods)
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        return _Comparison(ms, pan, settings, catalogue, feedback or Feedback(), Path(folder)).run(chosen)


def _chosen(catalogue: Catalogue, ids: Sequence[str]) -> list[Method]:
    if not ids:
        return [method for method in catalogue.methods_of(TASK) if method.runtime == "numpy"]
    return list({method.id: method for method in (catalogue.method(TASK, one) for one in ids)}.values())


@dataclass
class _Scored:
    """One method's result at the reduced scale."""

    method: Method
    scores: dict[str, Any]
    sums: BlockSums
    seconds: float
    full_scale: Optional[dict[str, Any]] = None


class _Comparison:
    """One comparison.

    Args:
        ms: The MS image, which is the truth.
        pan: Its PAN.
        settings: How methods are compared.
        catalogue: Methods to choose from.
        feedback: Who is told.
        folder: Where files may lie until the end.
    """

    def __init__(
        self,
        ms: Sequence[Input],
        pan: Input,
        settings: MethodsSettings,
        catalogue: Catalogue,
        feedback: Feedback,
        folder: Path,
    ) -> None:
        self._ms, self._pan, self._settings = list(ms), pan, settings
        self._catalogue, self._feedback, self._folder = catalogue, feedback, folder
        self._truth = describe("MS", self._ms)
        self._ratio = settings.ratio or _ratio_of(self._truth, pan)
        self._details: list[Detail] = []
        self._range: Optional[float] = None
        self._border = 0
        self._size = (0, 0)

    def run(self, methods: list[Method]) -> MethodsAssessment:
        """Degrade, sharpen, score and rank."""
        parts = 1 + len(methods) * (2 if self._settings.full_scale else 1)
        small = self._degraded(Part(self._feedback, 0, 1 / parts))
        found, failed = [], []
        for place, method in enumerate(methods):
            self._feedback.info(f"{method.title} ({place + 1} of {len(methods)})")
            own = (parts - 1) / len(methods)
            part = Part(self._feedback, (1 + own * place) / parts, own / parts)
            try:
                found.append(self._scored(method, small, part))
            except InputError as error:
                self._feedback.warning(f"{method.title}: {error}")
                failed.append({"id": method.id, "title": method.title, "reason": str(error)})
        if not found:
            reason = failed[0]["reason"] if failed else "there is none"
            raise InputError(f"No method could be compared: {reason}")
        return MethodsAssessment(self._result(found, failed), tuple(self._details))

    def _degraded(self, feedback: Feedback) -> tuple[Input, Input]:
        """Return the scene as a coarser sensor would have seen it: MS and PAN."""
        sensor = self._settings.parameters.get("SENSOR", "default")
        gains = str(self._settings.parameters.get("MTF_GAINS", ""))
        known = {"SENSOR": sensor, "MTF_GAINS": "" if gains.strip().lower() == _ESTIMATE else gains}
        files = str(self._folder / "ms.tif"), str(self._folder / "pan.tif")
        jobs = degrade_jobs(self._ms, self._pan, *files, self._settings.ratio, known, _QUICK, self._settings.threads)
        written = degrade_pair(jobs, feedback)
        return Input("MS", written[0]), Input("PAN", written[1])

    def _scored(self, method: Method, small: tuple[Input, Input], feedback: Part) -> _Scored:
        """Sharpen the degraded pair with one method, and score the result; then the pair itself, if wanted."""
        span = 0.5 if self._settings.full_scale else 1.0
        path, begin = self._folder / "fused.tif", time.monotonic()
        self._fuse(method, [small[0]], small[1], path, feedback.part(0, 0.8 * span))
        seconds = time.monotonic() - begin
        scored = self._score(method, path, seconds, feedback.part(0.8 * span, 0.2 * span))
        path.unlink()
        if self._settings.full_scale:
            begin = time.monotonic()
            self._fuse(method, self._ms, self._pan, path, feedback.part(0.5, 0.4))
            scored.seconds = time.monotonic() - begin
            scored.full_scale = self._full_scale(path, feedback.part(0.9, 0.1))
            path.unlink()
        return scored

    def _fuse(self, method: Method, ms: Sequence[Input], pan: Input, path: Path, feedback: Feedback) -> None:
        taken = {item.name for item in method.parameters}
        job = Job(
            TASK,
            method.id,
            [*(replace(item) for item in ms), replace(pan)],
            [Output("OUTPUT", str(path), options=dict(_QUICK))],
            parameters={name: value for name, value in self._settings.parameters.items() if name in taken},
            threads=self._settings.threads,
        )
        run(job, self._catalogue, feedback)

    def _score(self, method: Method, path: Path, seconds: float, feedback: Feedback) -> _Scored:
        fused = describe("FUSED", [Input("FUSED", str(path))])
        if not self._details:
            self._settle(fused, feedback)
        pair = Pair(fused, self._truth, self._border)
        bands = len(self._truth.bands)
        names, units = band_names(self._truth), units_of(self._truth)
        scores = ReferenceScores(bands, self._ratio, pair.size, BLOCK, names, units, self._range)
        sums = BlockSums(bands, pair.size)
        for block in pair.blocks(scores.halo, feedback):
            row, column, rows, columns = block.place
            scores.add(block.reference, block.test, block.valid, row, column, (rows, columns))
            sums.add(*block.core(), row, column)
        try:
            result = scores.result()
        except ValueError as error:
            raise InputError(str(error)) from None
        reference, own = pair.details(self._shown())
        self._details += [reference] if not self._details else []
        self._details.append(replace(own, name=method.id))
        self._size = pair.size
        return _Scored(method, result, sums, seconds)

    def _settle(self, fused: Source, feedback: Feedback) -> None:
        """Settle the border and the data range, with the first result; they hold for all methods."""
        whole = Pair(fused, self._truth)
        border = self._settings.border
        if border is None:
            border = min(round(_BORDER_RATIOS * self._ratio), max(0, (min(whole.size) - _LEAST_SCORED) // 2))
        self._border = border
        lowest, highest = float("inf"), float("-inf")
        for block in Pair(fused, self._truth, border).blocks(0, Part(feedback, 0, 0)):
            truth = block.reference if block.valid is None else block.reference[:, block.valid]
            if truth.size:
                lowest, highest = min(lowest, float(truth.min())), max(highest, float(truth.max()))
        self._range = peak_range(lowest, highest) if highest >= lowest else None

    def _shown(self) -> tuple[int, ...]:
        bands = self._truth.bands
        return display_bands(len(bands), [band.wavelength_nm for band in bands])

    def _full_scale(self, path: Path, feedback: Feedback) -> dict[str, Any]:
        from .assess_noreference import FullScaleSettings, compare_full_scale

        gains = str(self._settings.parameters.get("MTF_GAINS", ""))
        settings = FullScaleSettings(
            str(self._settings.parameters.get("SENSOR", "default")),
            "" if gains.strip().lower() == _ESTIMATE else gains,
        )
        found = compare_full_scale(Input("FUSED", str(path)), self._ms, self._pan, settings, feedback).scores
        return {"all": found["all"], "consistency": found["consistency"]}

    def _result(self, found: list[_Scored], failed: list[dict[str, str]]) -> dict[str, Any]:
        draws = Draws([one.sums.rows() for one in found], len(self._truth.bands), self._ratio)
        methods = [
            {
                "id": one.method.id,
                "title": one.method.title,
                "seconds": one.seconds,
                "scores": one.scores["all"],
                "bands": one.scores["bands"],
                "pixels": one.scores["pixels"],
                "full_scale": one.full_scale,
            }
            for one in found
        ]
        first = found[0].scores
        return {
            "task": TASK,
            "ms": self._truth.name,
            "pan": Path(self._pan.path).name,
            "protocol": "wald",
            "ratio": self._ratio,
            "units": first["units"],
            "data_range": self._range,
            "size": list(self._size),
            "border": self._border,
            "block": BLOCK,
            "blocks": draws.blocks,
            "few_blocks": draws.blocks < _FEW_BLOCKS,
            "draws": DRAWS,
            "seed": SEED,
            "parameters": dict(self._settings.parameters),
            "ranked_by": "ergas",
            "methods": ranked(methods, draws),
            "failed": failed,
            "definitions": first["definitions"],
        }


def _ratio_of(truth: Source, pan: Input) -> float:
    """Return MS pixel / PAN pixel; degrading refuses what has no ratio."""
    fine = describe("PAN", [pan])
    across, down = (own / other for own, other in zip(truth.grid.pixel, fine.grid.pixel))
    return float((across * down) ** 0.5)
