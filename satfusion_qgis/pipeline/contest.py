"""A contest of methods on one scene by Wald's protocol: each fuses the degraded scene, the scene is the truth.

Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: Assessing the
quality of resulting images. PE&RS 63(6), 691-699.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable, Optional

from ..assessment.bootstrap import BLOCK, DRAWS, SEED, BlockSums, Draws
from ..assessment.cpsnr import border_of
from ..assessment.ranking import ranked
from ..assessment.reference import ReferenceScores, peak_range
from ..assessment.report.pictures import Detail, display_bands
from ..assessment.sliding import Float64
from ..catalogue import Catalogue
from ..raster.reader import Source, describe
from ..runtime.settings import EngineSettings
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from .assess import band_names, units_of
from .assess_pair import Pair
from .execute import run
from .progress import Part
from .registered import registered_scores

QUICK: Mapping[str, Any] = {"COMPRESSION": "none", "OVERVIEWS": False}
_BORDER_RATIOS = 4
_LEAST_SCORED = 64
_FEW_BLOCKS = 12
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
        models: For networks by their method's id, which weights: a model's id or folder; else those that fit.
    """

    methods: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    ratio: Optional[float] = None
    border: Optional[int] = None
    full_scale: bool = True
    threads: int = 2
    models: Mapping[str, str] = field(default_factory=dict)

    @property
    def blur(self) -> dict[str, Any]:
        """How the sensor is taken to blur, for degrading: SENSOR and MTF_GAINS."""
        gains = str(self.parameters.get("MTF_GAINS", ""))
        known = "" if gains.strip().lower() == _ESTIMATE else gains
        return {"SENSOR": self.parameters.get("SENSOR", "default"), "MTF_GAINS": known}

    def model_of(self, method: str) -> Optional[str]:
        """Return the model that is wanted for a network; None for the one that fits."""
        return self.models.get(method)


@dataclass(frozen=True)
class Scene:
    """What methods get.

    Attributes:
        images: MS, or the revisits, the reference first.
        pan: PAN, or nothing.
    """

    images: tuple[Input, ...]
    pan: tuple[Input, ...] = ()


# Runs a method: task, method, inputs, where the result goes, and which weights (None for those that fit).
RunJob = Callable[[str, str, Sequence[Input], Path, Optional[str]], None]
Runner = Callable[[Scene, Path, RunJob], None]


@dataclass(frozen=True)
class Contender:
    """What is compared: a method, or several one after the other.

    Attributes:
        id: Its id.
        title: What it is called.
        fuse: Makes the image of a scene.
        quiet: Where it cannot be run nothing is said; for networks that nobody asked for.
    """

    id: str
    title: str
    fuse: Runner
    quiet: bool = False


@dataclass
class _Scored:
    """One contender's result at the reduced scale."""

    contender: Contender
    scores: dict[str, Any]
    sums: Float64
    registered: Optional[Float64]
    seconds: float
    full_scale: Optional[dict[str, Any]] = None


class Contest:
    """One contest.

    Args:
        truth: The image that is the truth.
        ratio: How many times it is degraded.
        settings: How contenders are compared.
        catalogue: Methods to choose from.
        feedback: Who is told.
        folder: Where files may lie until the end.
        engine: Where networks run.
    """

    registered = False

    def __init__(
        self,
        truth: Source,
        ratio: float,
        settings: MethodsSettings,
        catalogue: Catalogue,
        feedback: Feedback,
        folder: Path,
        engine: EngineSettings,
    ) -> None:
        self.truth, self.ratio, self.settings = truth, ratio, settings
        self.folder = folder
        self._catalogue, self._feedback, self._engine = catalogue, feedback, engine
        self._details: list[Detail] = []
        self._range: Optional[float] = None
        self._border = 0
        self._size = (0, 0)

    def degraded(self, feedback: Feedback) -> Scene:
        """Return the scene as a coarser sensor would have seen it."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def at_full_scale(self) -> Scene:
        """Return the scene itself."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def full_scale_pair(self) -> Optional[tuple[list[Input], Input]]:
        """Return MS and PAN, for the scores at full scale; None where there is no PAN."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def facts(self) -> dict[str, Any]:
        """Return what was compared, for the scores."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def duels(self, methods: Sequence[Mapping[str, Any]], draws: Draws) -> list[dict[str, Any]]:
        """Return comparisons of groups that the contest is about; see `ranking.duel`."""
        return []

    def run(self, contenders: Sequence[Contender]) -> tuple[dict[str, Any], tuple[Detail, ...]]:
        """Degrade, fuse, score and rank.

        Returns:
            The scores as plain data, and the middle of the truth and of each result.

        Raises:
            InputError: No contender could be run.
            Cancelled: The user cancelled.
        """
        parts = 1 + len(contenders) * (2 if self._has_full_scale else 1)
        small = self.degraded(Part(self._feedback, 0, 1 / parts))
        found, failed = [], []
        for place, one in enumerate(contenders):
            self._feedback.info(f"{one.title} ({place + 1} of {len(contenders)})")
            own = (parts - 1) / len(contenders)
            part = Part(self._feedback, (1 + own * place) / parts, own / parts)
            try:
                found.append(self._scored(one, small, part))
            except InputError as error:
                if one.quiet:
                    self._feedback.info(f"{one.title} is left out: {error}")
                    continue
                self._feedback.warning(f"{one.title}: {error}")
                failed.append({"id": one.id, "title": one.title, "reason": str(error)})
        if not found:
            reason = failed[0]["reason"] if failed else "there is none"
            raise InputError(f"No method could be compared: {reason}")
        return self._result(found, failed), tuple(self._details)

    @property
    def _has_full_scale(self) -> bool:
        return self.settings.full_scale and self.full_scale_pair() is not None

    def _scored(self, one: Contender, small: Scene, feedback: Part) -> _Scored:
        """Fuse the degraded scene, and score the result; then the scene itself, if wanted."""
        span = 0.5 if self._has_full_scale else 1.0
        path, begin = self.folder / "fused.tif", time.monotonic()
        one.fuse(small, path, self._runner(feedback.part(0, 0.8 * span)))
        seconds = time.monotonic() - begin
        scored = self._score(one, path, seconds, feedback.part(0.8 * span, 0.2 * span))
        path.unlink()
        pair = self.full_scale_pair()
        if self._has_full_scale and pair is not None:
            begin = time.monotonic()
            one.fuse(self.at_full_scale(), path, self._runner(feedback.part(0.5, 0.4)))
            scored.seconds = time.monotonic() - begin
            scored.full_scale = self._full_scale(path, *pair, feedback.part(0.9, 0.1))
            path.unlink()
        return scored

    def _runner(self, feedback: Feedback) -> RunJob:
        def run_job(task: str, method: str, inputs: Sequence[Input], path: Path, model: Optional[str]) -> None:
            taken = {item.name for item in self._catalogue.method(task, method).parameters}
            known = {**self.settings.parameters, **self.parameters_of(task)}
            job = Job(
                task,
                method,
                [replace(item) for item in inputs],
                [Output("OUTPUT", str(path), options=dict(QUICK))],
                parameters={name: value for name, value in known.items() if name in taken},
                model=None if model is None else {"id": model},
                threads=self.settings.threads,
            )
            run(job, self._catalogue, feedback, self._engine, checks=False)

        return run_job

    def parameters_of(self, task: str) -> dict[str, Any]:
        """Return the parameters that the contest itself settles for a task's methods."""
        return {}

    def _score(self, one: Contender, path: Path, seconds: float, feedback: Part) -> _Scored:
        fused = describe("FUSED", [Input("FUSED", str(path))])
        if not self._details:
            self._settle(fused, feedback)
        pair = Pair(fused, self.truth, self._border)
        bands = len(self.truth.bands)
        names, units = band_names(self.truth), units_of(self.truth)
        scores = ReferenceScores(bands, self.ratio, pair.size, BLOCK, names, units, self._range)
        sums = BlockSums(bands, pair.size)
        share = 0.4 if self.registered else 1.0
        for block in pair.blocks(scores.halo, feedback.part(0.0, share)):
            row, column, rows, columns = block.place
            scores.add(block.reference, block.test, block.valid, row, column, (rows, columns))
            sums.add(*block.core(), row, column)
        try:
            result = scores.result()
        except ValueError as error:
            raise InputError(str(error)) from None
        more = None
        if self.registered:
            rest = feedback.part(share, 1.0 - share)
            search = registered_scores(pair, border_of(self.ratio), self._range, rest, BLOCK)
            result["registered"], more = search.scores, search.rows
        reference, own = pair.details(self._shown())
        self._details += [reference] if not self._details else []
        self._details.append(replace(own, name=one.id))
        self._size = pair.size
        return _Scored(one, result, sums.rows(), more, seconds)

    def _settle(self, fused: Source, feedback: Feedback) -> None:
        """Settle the border and the data range, with the first result; they hold for all contenders."""
        whole = Pair(fused, self.truth)
        border = self.settings.border
        if border is None:
            border = min(round(_BORDER_RATIOS * self.ratio), max(0, (min(whole.size) - _LEAST_SCORED) // 2))
        self._border = border
        lowest, highest = float("inf"), float("-inf")
        for block in Pair(fused, self.truth, border).blocks(0, Part(feedback, 0, 0)):
            truth = block.reference if block.valid is None else block.reference[:, block.valid]
            if truth.size:
                lowest, highest = min(lowest, float(truth.min())), max(highest, float(truth.max()))
        self._range = peak_range(lowest, highest) if highest >= lowest else None

    def _shown(self) -> tuple[int, ...]:
        bands = self.truth.bands
        return display_bands(len(bands), [band.wavelength_nm for band in bands])

    def _full_scale(self, path: Path, ms: list[Input], pan: Input, feedback: Feedback) -> dict[str, Any]:
        from .assess_noreference import FullScaleSettings, compare_full_scale

        blur = self.settings.blur
        settings = FullScaleSettings(str(blur["SENSOR"]), str(blur["MTF_GAINS"]))
        found = compare_full_scale(Input("FUSED", str(path)), ms, pan, settings, feedback).scores
        return {"all": found["all"], "consistency": found["consistency"]}

    def _result(self, found: list[_Scored], failed: list[dict[str, str]]) -> dict[str, Any]:
        registered = [one.registered for one in found if one.registered is not None] if self.registered else None
        draws = Draws(
            [one.sums for one in found],
            len(self.truth.bands),
            self.ratio,
            registered=registered,
            data_range=self._range,
        )
        methods = []
        for one in found:
            extra = one.scores.get("registered", {})
            methods.append(
                {
                    "id": one.contender.id,
                    "title": one.contender.title,
                    "seconds": one.seconds,
                    "scores": {**one.scores["all"], **extra.get("all", {})},
                    "bands": one.scores["bands"],
                    "pixels": one.scores["pixels"],
                    "full_scale": one.full_scale,
                    **({"shift": extra["shift"]} if extra else {}),
                }
            )
        first = found[0].scores
        more = first.get("registered", {})
        duels = self.duels(methods, draws)
        return {
            **self.facts(),
            "ratio": self.ratio,
            "units": first["units"],
            "data_range": self._range,
            "size": list(self._size),
            "border": self._border,
            "block": BLOCK,
            "blocks": draws.blocks,
            "few_blocks": draws.blocks < _FEW_BLOCKS,
            "draws": DRAWS,
            "seed": SEED,
            "parameters": dict(self.settings.parameters),
            "ranked_by": "ergas",
            **({"registered": {"border": more["border"]}} if more else {}),
            "methods": ranked(methods, draws),
            **({"duels": duels} if duels else {}),
            "failed": failed,
            "definitions": {**first["definitions"], **more.get("definitions", {})},
        }
