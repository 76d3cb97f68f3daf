"""Fits a small network to the user's own scene, and sharpens the scene with it where it beats the classical methods.

The pair is degraded by its ratio (Wald, Ranchin, Mangolini 1997, PE&RS 63(6), 691-699), so that its MS image is the
truth. Blocks of it are held out, apart from the rest by a buffer; the network is fitted to the rest for a limited time,
its best state on the held-out blocks is kept and compared there with classical methods. Only a network that is better
by 2 % in ERGAS, and not worse by more than 2 % in spectral angle, sharpens the scene at full scale; otherwise the best
classical method does. Networks that were not fitted (the weights that come with the plugin) are compared as well.

The idea of fitting to the scene itself: Scarpa, Vitale, Cozzolino (2018): Target-adaptive CNN-based pansharpening. IEEE
Transactions on Geoscience and Remote Sensing 56(9), 5443-5457. https://doi.org/10.1109/TGRS.2018.2817393
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional, Protocol

import numpy as np

from ..assessment.bootstrap import BlockSums, Draws, scores_of
from ..assessment.report.adaptation import adaptation_report
from ..assessment.report.page import Translate, plain
from ..catalogue import CATALOGUE, Catalogue
from ..inference.library import default_library
from ..inference.model_files import check_identifier, identifier_of, write_card
from ..inference.suitability import band_order, reason_against
from ..raster.grid import Grid
from ..raster.reader import Reader, Source, describe
from ..runtime.settings import USUAL, EngineSettings
from ..runtime.worker_session import run_in_engine
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.method import Array, Method, SceneInfo
from ..tasks.model_card import CARD, ModelCard
from ..tasks.patch_set import VALIDATION
from ..tasks.window import Axis
from .assess import units_of
from .degrade import degrade_jobs, degrade_pair
from .execute import RunResult, run
from .part_of_work import Part
from .patch_places import Area, Layout, Place, split_by_place
from .patches import PatchSettings, ScenePair, prepare_patches
from .plan import make_plan
from .sessions import check_engine, engine_python

TASK = "pansharpening"
CANDIDATES = ("gsa", "bdsd", "mtf_glp_fs", "mtf_glp_hpm", "mtf_glp_local")
NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "dicnn": {"width": 32, "depth": 4, "kernel": 5},
    "fusionnet": {"width": 32, "blocks": 3},
}
NO_MODEL = "none"
MARGIN = 0.02
_SIDES = (48, 32)
_BUFFER = 20
_HELD_OUT = 0.2
_MOST_BYTES = 192 << 20
_FEWEST_PATCHES = 12
_TILE = 8
_STRIDES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
_VALIDATE_EVERY = 100
_MANY_STEPS = 1_000_000
_QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}
_METRICS = ("ergas", "sam_degrees", "rmse")
_NAMES = {"ergas": "ERGAS", "sam_degrees": "spectral angle", "rmse": "RMSE"}
# Pixels per second on one core, measured: of PAN degraded, and of multiplications in a network.
_DEGRADED_A_SECOND = 6e6
_PRODUCTS_A_SECOND = 1.5e10
_SETTINGS: Mapping[str, Any] = {
    "loss": "relative_angle_strong",
    "optimiser": "adamw",
    "weight_decay": 1e-4,
    "warm_up_steps": 50,
    "gradient_clip": 1.0,
    "batch": 8,
    "pan_noise": 0.1,
    "start_at_exp": True,
    "channels_last": True,
    "normalise": "scene",
    "scale": 1.0,
}
_RATE, _RATE_AGAIN = 2e-3, 1e-3


@dataclass(frozen=True)
class AdaptSettings:
    """How a network is fitted to a scene.

    Attributes:
        model: Weights to start from: a model's id or folder; "" for those that fit the scene, where there are any;
            "none" to begin from nothing.
        network: Network to begin from nothing with: one of `NETWORKS`.
        width: Its width; 0 for the usual one.
        time_limit_s: Seconds for the fit.
        steps: Steps of the fit, where that is to be the same on every machine; 0 for as many as the time allows.
        parameters: SENSOR and MTF_GAINS, for degrading and for the classical methods.
        candidates: Classical methods to compare with.
        device: For the network.
    """

    model: str = ""
    network: str = "dicnn"
    width: int = 0
    time_limit_s: float = 60.0
    steps: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = CANDIDATES
    device: str = "auto"

    def check(self) -> AdaptSettings:
        """Return the settings, checked.

        Raises:
            InputError: A value is out of range.
        """
        if self.network not in NETWORKS:
            raise InputError(f"NETWORK must be one of {', '.join(NETWORKS)}, not {self.network!r}.")
        check_limits(self.time_limit_s, self.steps)
        if not 0 <= self.width <= 256:
            raise InputError(f"WIDTH must lie between 1 and 256, or be 0, not {self.width}.")
        return self


@dataclass(frozen=True)
class Adaptation:
    """What an adaptation found.

    Attributes:
        winner: Name of what sharpened the scene: a method's id, "start" or "adapted".
        title: What that is, for people.
        scores: For each name "ergas" and "sam_degrees" on the held-out pixels, in physical units.
        held_out: Number of held-out tiles of 8 x 8 pixels; 0 where nothing was fitted, and all of the reduced scene was
            compared.
        reason: Why, as a sentence.
        steps: Steps of the fit; 0 for none.
        result: The run at full scale.
        model_folder: Where the fitted model was kept, or None.
        facts: What the report says, as plain data.
    """

    winner: str
    title: str
    scores: Mapping[str, Mapping[str, float]]
    held_out: int
    reason: str
    steps: int
    result: RunResult
    model_folder: Optional[Path]
    facts: Mapping[str, Any]

    def report(self, tr: Translate = plain) -> str:
        """Return the report as HTML."""
        return adaptation_report(self.facts, tr)


def adapt(
    job: Job,
    settings: Optional[AdaptSettings] = None,
    model_folder: str = "",
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
) -> Adaptation:
    """Fit a network to a scene and sharpen the scene with the best of it and the classical methods.

    Args:
        job: A pansharpening job with inputs, output and what else a run has; its method is chosen here.
        settings: How the network is fitted.
        model_folder: Where to keep the fitted model; "" throws it away.
        catalogue: Methods to choose from.
        feedback: Who is told, and who may cancel.
        engine: Where networks run, and where the user's models lie.

    Raises:
        InputError: Bad input or no engine; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    settings = (settings or AdaptSettings()).check()
    kept = check_new_folder(model_folder)
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        return _Adapting(job, settings, kept, catalogue, feedback or Feedback(), engine, Path(folder)).run()


@dataclass
class Found:
    """What was fitted to pairs or revisits, and compared.

    Attributes:
        networks: Cards of the networks by name: "adapted", and "start" for the weights that the fit began with.
        scores: Scores by name of network or method.
        intervals: For each of them, the interval of the score that decides; None where there is none.
        held_out: Number of tiles that the scores are of.
        steps: Steps of the fit.
    """

    networks: dict[str, ModelCard] = field(default_factory=dict)
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    intervals: dict[str, Optional[tuple[float, float]]] = field(default_factory=dict)
    held_out: int = 0
    steps: int = 0


def check_limits(time_limit_s: float, steps: int) -> None:
    """Refuse a time limit or a number of steps that no fit can have.

    Raises:
        InputError: See above.
    """
    if not 5 <= time_limit_s <= 86400:
        raise InputError(f"TIME_LIMIT must lie between 5 and 86400 seconds, not {time_limit_s:g}.")
    if steps < 0:
        raise InputError(f"STEPS must be 0 or more, not {steps}.")


def check_new_folder(folder: str) -> Optional[Path]:
    """Return the folder for a fitted model; None where none is wanted.

    Raises:
        InputError: There is something in it.
    """
    kept = Path(folder).expanduser() if folder else None
    if kept is not None and kept.exists() and (not kept.is_dir() or any(kept.iterdir())):
        raise InputError(f"MODEL_FOLDER: {kept} is there already and not empty; choose a new folder.")
    return kept


def better(
    scores: Mapping[str, Mapping[str, float]],
    networks: Sequence[str],
    margin: float = MARGIN,
    by: str = "ergas",
    guard: str = "sam_degrees",
) -> tuple[str, str]:
    """Return what fuses the scene, and why.

    Args:
        scores: "ergas", "sam_degrees" and "rmse" by name.
        networks: Those names that are networks; all others are classical methods.
        margin: By how much a network's score must be lower.
        by: The score that decides.
        guard: A score that must not be worse by more than 2 %.
    """
    classical = [name for name in scores if name not in networks]
    best = min(classical, key=lambda name: scores[name][by])
    found = best
    for name in networks:
        ahead = scores[name][by] < (1 - margin) * scores[best][by]
        faithful = not scores[name][guard] > (1 + MARGIN) * scores[best][guard]
        if ahead and faithful and scores[name][by] < scores[found][by]:
            found = name
    score = _NAMES[by]
    if found != best:
        gain = 100 * (1 - scores[found][by] / scores[best][by])
        return found, (
            f"its {score} is {gain:.0f} % lower than that of the best classical method, {best}, on pixels that it did "
            "not learn from but was chosen by, so expect less"
        )
    return (
        found,
        f"no network was better than {best} by {100 * margin:.0f} % in {score} without a worse {_NAMES[guard]}",
    )


class _Adapting:
    """One adaptation; the arguments are those of `adapt`, and a folder for files until the end."""

    def __init__(
        self,
        job: Job,
        settings: AdaptSettings,
        kept: Optional[Path],
        catalogue: Catalogue,
        feedback: Feedback,
        engine: EngineSettings,
        folder: Path,
    ) -> None:
        self._job, self._settings, self._kept, self._catalogue = job, settings, kept, catalogue
        self._feedback, self._engine, self._folder = feedback, engine, folder
        self._models = EngineSettings(engine.interpreter, folder / "models")
        self._steps = 0
        self._intervals: dict[str, Optional[tuple[float, float]]] = {}

    def run(self) -> Adaptation:
        """Degrade, fit, compare and sharpen."""
        scene = self._checked()
        start = self._start(scene)
        self._estimate(scene, start)
        small = self._degraded(Part(self._feedback, 0.0, 0.1))
        layout = _layout_for(small.area, small.bands)
        networks: dict[str, ModelCard] = {} if start is None else {"start": start}
        if layout is None:
            self._feedback.info(
                f"The scene is too small to hold anything out: {small.area.columns} x {small.area.rows} pixels are "
                "left at the reduced scale, so no network is fitted"
            )
        elif self._patches(small, layout, start, Part(self._feedback, 0.1, 0.05)):
            fitted = self._fitted(small, start, Part(self._feedback, 0.15, 0.5))
            networks = {**networks, "adapted": fitted}
        else:
            layout = None
        scores, held_out = self._compared(small, layout, networks, Part(self._feedback, 0.65, 0.15, warns=False))
        winner, why = better(scores, list(networks))
        title = self._say(scores, winner, why, held_out)
        result = self._fused(winner, networks.get(winner), Part(self._feedback, 0.8, 0.2, says=True))
        folder = self._keep(networks.get("adapted"), scores)
        facts = {
            "ms": small.ms.name,
            "pan": Path(next(item.path for item in self._job.inputs if item.role == "PAN")).name,
            "ratio": small.ratio,
            "start": "" if start is None else start.id,
            "steps": self._steps,
            "pixels": held_out * _TILE**2,
            "winner": winner,
            "reason": f"{title}: {why}.",
            "rows": {
                name: {"title": self._title(name), "interval": self._intervals.get(name), **found}
                for name, found in scores.items()
            },
        }
        return Adaptation(winner, title, scores, held_out, why, self._steps, result, folder, facts)

    # Before it begins.

    def _checked(self) -> SceneInfo:
        """Check the whole run with a classical method in place of the network, and that there is an engine."""
        check_engine(self._catalogue.method(TASK, self._settings.network), self._engine)
        plan = make_plan(self._classical(self._settings.candidates[0]), self._catalogue, self._engine, False)
        try:
            if plan.scene.bands["PAN"] != 1:
                raise InputError("PAN needs one band to fit a network; choose one with PAN_BAND.")
            _axes(plan.sources["MS"][0].grid, plan.sources["PAN"][0].grid)
            self._pixels = plan.grid.rows * plan.grid.columns
            return plan.scene
        finally:
            plan.close()

    def _start(self, scene: SceneInfo) -> Optional[ModelCard]:
        """Return the card of the weights to start from, or None."""
        name = self._settings.model.strip()
        if name.lower() == NO_MODEL:
            return None
        library = default_library(self._engine.models)
        if name:
            card = library.find(name)
            against = reason_against(card, scene)
            if card.task != TASK or card.method not in NETWORKS:
                raise InputError(f"MODEL: {card.id} is no {' or '.join(NETWORKS)}, which is what can be fitted here.")
            if against is not None:
                raise InputError(f"MODEL: {card.id} {against}.")
            if not _takes_any_scene(card):
                raise InputError(
                    f"MODEL: {card.id} is not normalised by the scene's own mean and deviation, so it cannot be fitted."
                )
            return card
        for method in (self._settings.network, *NETWORKS):
            try:
                card = library.fitting(self._catalogue.method(TASK, method), scene)
            except InputError:
                continue
            if _takes_any_scene(card):
                return card
        return None

    def _estimate(self, scene: SceneInfo, start: Optional[ModelCard]) -> None:
        """Say what will be done, and about how long it takes."""
        threads = self._job.threads or os.cpu_count() or 1
        bands = scene.bands["MS"]
        prepared = (1 + len(self._settings.candidates) / max(1.0, _ratio_of(scene))) * self._pixels
        prepare_s = 5 + prepared / (_DEGRADED_A_SECOND * threads)
        configuration = NETWORKS[self._settings.network] if start is None else start.configuration
        fuse_s = 3 + self._pixels * _products(configuration, bands) / (_PRODUCTS_A_SECOND * threads)
        begin = "from nothing" if start is None else f"from the weights {start.id}"
        self._feedback.info(
            f"A network is fitted to the scene, {begin}: about {prepare_s:.0f} s to prepare, at most "
            f"{self._settings.time_limit_s:.0f} s to fit, about {fuse_s:.0f} s to sharpen"
        )

    # At the reduced scale.

    def _degraded(self, feedback: Feedback) -> _Small:
        ms = [item for item in self._job.inputs if item.role == "MS"]
        pan = next(item for item in self._job.inputs if item.role == "PAN")
        files = [str(self._folder / name) for name in ("ms.tif", "pan.tif")]
        jobs = degrade_jobs(ms, pan, files[0], files[1], None, self._reducing(), _QUICK, self._job.threads)
        for one in jobs:
            one.outputs[0].dtype = "Float32"
        degrade_pair(jobs, feedback)
        return _Small(ms, files[0], files[1])

    def _reducing(self) -> dict[str, Any]:
        """Return SENSOR and MTF_GAINS as degrading takes them: estimated gains are for the classical methods alone."""
        given = dict(self._settings.parameters)
        if str(given.get("MTF_GAINS", "")).strip().lower() == "estimate":
            given["MTF_GAINS"] = ""
        return given

    def _patches(self, small: _Small, layout: Layout, start: Optional[ModelCard], feedback: Part) -> bool:
        """Cut the patches; tell whether there are enough, for many may hold missing pixels."""
        order = _order_for(start, small.ms)
        pair = ScenePair(
            [replace(small.input_ms(), bands=order)],
            small.input_pan(),
            reference=small.truth(order),
        )
        try:
            prepare_patches(
                [pair],
                str(self._folder / "patches"),
                PatchSettings(layout, border=0, threads=self._job.threads),
                feedback,
            )
        except InputError as error:
            self._feedback.warning(f"No network is fitted: {error}")
            return False
        return True

    def _fitted(self, small: _Small, start: Optional[ModelCard], feedback: Part) -> ModelCard:
        """Fit the network for the time given, and return its card."""
        patches = self._folder / "patches"
        method = self._settings.network if start is None else start.method
        width = {"width": self._settings.width} if self._settings.width else {}
        configuration = {**NETWORKS[method], **width} if start is None else dict(start.configuration)
        weights = None if start is None else start.file("safetensors")
        folder = self._models.models or self._folder
        name = identifier_of(f"adapted {Path(self._job.inputs[0].path).stem}")[:60].rstrip("-")
        begin = time.monotonic()
        found = fit(
            engine_python(self._engine),
            {
                "patches": str(patches),
                "method": method,
                "network": self._catalogue.method(TASK, method).network,
                "configuration": {**configuration, "bands": small.bands},
                "model_folder": str(folder / check_identifier(name)),
                "initial": None if start is None or weights is None else str(start.verified(weights)),
                "settings": {
                    **_SETTINGS,
                    "learning_rate": _RATE if weights is None else _RATE_AGAIN,
                    "validate_every": _VALIDATE_EVERY,
                    **budget(self._settings, self._job),
                },
                "title": f"Fitted to {Path(self._job.inputs[0].path).name}",
                **terms(start),
            },
            feedback,
        )
        shutil.rmtree(patches)
        self._steps = int(found["steps"])
        self._feedback.info(
            f"Fitted: {self._steps} steps in {time.monotonic() - begin:.0f} s, the state of step {found['best_step']} "
            "is kept"
        )
        return ModelCard.load(Path(found["model_folder"]))

    def _compared(
        self, small: _Small, layout: Optional[Layout], networks: Mapping[str, ModelCard], feedback: Part
    ) -> tuple[dict[str, dict[str, float]], int]:
        """Sharpen the degraded pair in each way, and score the held-out tiles against MS."""
        places, side = scored_places(small.area, layout)
        rows: dict[str, Any] = {}
        whole = len(self._settings.candidates) + len(networks)
        for number, name in enumerate([*self._settings.candidates, *networks]):
            part = feedback.part(number / whole, 1 / whole)
            card = networks.get(name)
            path = self._folder / "small.tif"
            reduced = [small.input_ms(), small.input_pan()]
            output = Output("OUTPUT", str(path), dtype="Float32", options=dict(_QUICK))
            job = self._with_method(Job(TASK, "", reduced, [output], threads=self._job.threads), name, card)
            try:
                run(job, self._catalogue, part, self._models, checks=False)
            except InputError as error:
                if card is not None:
                    raise
                self._feedback.warning(f"{name} is left out of the comparison: {error}")
                continue
            rows[name] = tile_sums(path, small.ms, small.pan.grid, small.truth_shift, places, side)
            path.unlink()
        if not rows or set(rows) <= set(networks):
            raise InputError("No classical method could sharpen the reduced scene, so there is nothing to compare.")
        scores, self._intervals = describe_scores(rows, small.bands, small.ratio, self._feedback)
        return scores, len(places) if layout is not None else 0

    def _say(self, scores: Mapping[str, Mapping[str, float]], winner: str, why: str, held_out: int) -> str:
        title = self._title(winner)
        where = f"on {held_out * _TILE**2} held-out pixels" if held_out else "on the whole reduced scene"
        own = scores[winner]
        self._feedback.info(
            f"Sharpened with {title}: {why} ({where}: ERGAS {own['ergas']:.3f}, SAM {own['sam_degrees']:.3f} degrees)"
        )
        return title

    def _title(self, name: str) -> str:
        titles = {"adapted": "the network fitted to the scene", "start": "the network as it was before the fit"}
        return titles.get(name) or self._catalogue.method(TASK, name).title

    # At full scale.

    def _fused(self, winner: str, card: Optional[ModelCard], feedback: Feedback) -> RunResult:
        job = self._with_method(self._job, winner, card)
        engine = self._engine
        if winner == "adapted" and card is not None:
            engine = self._models
            job = replace(job, model={"id": card.id})  # found by its id, for its folder is gone afterwards
        return run(job, self._catalogue, feedback, engine)

    def _keep(self, card: Optional[ModelCard], scores: Mapping[str, Mapping[str, float]]) -> Optional[Path]:
        """Put the fitted model where the user wants it, with its scores beside the classical methods'."""
        if self._kept is None:
            return None
        if card is None:
            self._feedback.warning("MODEL_FOLDER stays empty: no network was fitted")
            return None
        classical = [name for name in scores if name in self._settings.candidates]
        keep_model(card, self._kept, scores, classical, "satfusion:adapt_pansharpening")
        self._feedback.info(f"The fitted model is kept in {self._kept}")
        return self._kept

    # Jobs.

    def _classical(self, method: str) -> Job:
        return self._with_method(self._job, method, None)

    def _with_method(self, job: Job, name: str, card: Optional[ModelCard]) -> Job:
        """Return the job for a method by its id, or for a network by its card."""
        method: Method = self._catalogue.method(TASK, name if card is None else card.method)
        taken = {item.name for item in method.parameters}
        parameters = {key: value for key, value in self._settings.parameters.items() if key in taken}
        if card is None:
            return replace(job, method=method.id, parameters=parameters, model=None, device="auto")
        return replace(
            job, method=method.id, parameters=parameters, model={"id": str(card.folder)}, device=self._settings.device
        )


class Budget(Protocol):
    """How long a network is fitted, and where: by steps, or where they are 0 by time."""

    @property
    def steps(self) -> int:
        """Number of steps."""

    @property
    def time_limit_s(self) -> float:
        """Seconds."""

    @property
    def device(self) -> str:
        """Device of the training."""


def budget(settings: Budget, job: Job) -> dict[str, Any]:
    """Return those settings of a training that say how long it runs, and where."""
    return {
        "steps": settings.steps or _MANY_STEPS,
        "time_limit_s": 0.0 if settings.steps else settings.time_limit_s,
        "seed": job.seed,
        "device": settings.device,
        "threads": job.threads,
    }


def terms(start: Optional[ModelCard]) -> dict[str, str]:
    """Return licence and attribution of a fitted network: those of the weights that it began from."""
    return {
        "attribution": "" if start is None else str(start.data.get("attribution", "")),
        "licence": "NOASSERTION" if start is None else start.licence,
    }


def keep_model(
    card: ModelCard,
    folder: Path,
    scores: Mapping[str, Mapping[str, float]],
    classical: Sequence[str],
    script: str,
    protocol: str = "wald, held-out blocks",
    by: str = "ergas",
) -> None:
    """Put a fitted model where the user wants it.

    Args:
        card: Its card.
        folder: Where it goes; not there yet, or empty.
        scores: "ergas" and "sam_degrees" by name, its own as "adapted"; empty where nothing was compared.
        classical: Those names that are classical methods.
        script: Id of the algorithm that fitted it.
        protocol: How the scores were found.
        by: The score by which the best classical method is chosen.

    Raises:
        InputError: The folder cannot be written.
    """
    data = dict(card.data)
    if scores:
        best = min(classical, key=lambda name: scores[name][by])
        data["scores"] = [
            {"place": data["title"], "protocol": protocol, "metric": metric, "interval": None,
             "value": scores["adapted"][metric], "baseline": {"method": best, "value": scores[best][metric]}}
            for metric in _METRICS if metric in scores["adapted"]
        ]  # fmt: skip
    data["id"] = identifier_of(folder.name)
    data["training"] = {**data.get("training", {}), "script": script}
    part = folder.with_name(f".{folder.name}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(card.folder, part, ignore=shutil.ignore_patterns("training", CARD))
        write_card(part, data)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise InputError(f"MODEL_FOLDER: cannot write {folder}: {error.strerror}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def keep_cancelled(card: ModelCard, folder: Optional[Path], script: str, feedback: Feedback) -> None:
    """Keep the best state of a fit that was cancelled, where that is wanted.

    Args:
        card: Its card.
        folder: Where it goes; None for nowhere.
        script: Id of the algorithm that fitted it.
        feedback: Who is told.

    Raises:
        Cancelled: Always.
    """
    if folder is None:
        raise Cancelled
    keep_model(card, folder, {}, (), script)
    text = f"Cancelled; the best state of the fit so far is kept in {folder}."
    feedback.info(text)
    raise Cancelled(text)


def describe_scores(
    rows: Mapping[str, Array], bands: int, ratio: float, feedback: Feedback, by: str = "ergas"
) -> tuple[dict[str, dict[str, float]], dict[str, Optional[tuple[float, float]]]]:
    """Return the scores of each name, and the interval of the one that decides, and say them.

    Args:
        rows: What `tile_sums` found, by name.
        bands: Number of bands.
        ratio: Coarse pixel / fine pixel.
        feedback: Who is told.
        by: The score that decides.
    """
    scores: dict[str, dict[str, float]] = {}
    intervals: dict[str, Optional[tuple[float, float]]] = {}
    draws = Draws([rows[name] for name in rows], bands, ratio)
    for place, name in enumerate(rows):
        found = scores_of(rows[name].sum(axis=0, keepdims=True), bands, ratio)
        scores[name] = {metric: float(found[metric][0]) for metric in _METRICS}
        ends = intervals[name] = draws.interval(place, by)
        between = "" if ends is None else f" ({ends[0]:.4g} to {ends[1]:.4g})"
        others = [f"ERGAS {found['ergas'][0]:.3f}"] if by != "ergas" else []
        told = [f"{_NAMES[by]} {found[by][0]:.4g}{between}", *others, f"SAM {found['sam_degrees'][0]:.3f} degrees"]
        feedback.info(f"{name}: {', '.join(told)}")
    return scores, intervals


def fit(interpreter: Optional[Path], arguments: Mapping[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Fit a network in the engine; the arguments are those of `engine.training.run.train`.

    Raises:
        InputError: It cannot be fitted.
        Cancelled: The user cancelled.
    """
    found = run_in_engine(interpreter, "train", arguments, feedback)
    if found.get("stopped") == "cancelled":
        raise Cancelled
    return found


class _Small:
    """The degraded pair and its truth.

    Args:
        ms: The MS image as given, which is the truth.
        small_ms: The degraded MS.
        small_pan: The degraded PAN.
    """

    def __init__(self, ms: Sequence[Input], small_ms: str, small_pan: str) -> None:
        self._ms, self._files = list(ms), (small_ms, small_pan)
        self.ms = describe("MS", self._ms)
        self.pan = describe("PAN", [self.input_pan()], False)
        self.bands = len(self.ms.bands)
        coarse = describe("MS", [self.input_ms()], False)
        self.ratio = 1 / min(axis.scale for axis in _axes(coarse.grid, self.pan.grid))
        rows, columns = _axes(self.ms.grid, self.pan.grid)
        border = min(round(4 * self.ratio), min(self.pan.grid.rows, self.pan.grid.columns) // 8)
        self.truth_shift = round(rows.origin), round(columns.origin)
        last_row = min(self.pan.grid.rows, self.ms.grid.rows - self.truth_shift[0])
        last_column = min(self.pan.grid.columns, self.ms.grid.columns - self.truth_shift[1])
        coarse_rows, coarse_columns = (math.floor(axis.size / axis.scale) for axis in _axes(coarse.grid, self.pan.grid))
        self.area = Area(border, border, min(last_row, coarse_rows) - border, min(last_column, coarse_columns) - border)
        self.unit = units_of(self.ms)

    def input_ms(self) -> Input:
        """Return the degraded MS."""
        return Input("MS", self._files[0])

    def input_pan(self) -> Input:
        """Return the degraded PAN."""
        return Input("PAN", self._files[1])

    def truth(self, order: Sequence[int]) -> list[Input]:
        """Return the MS image as given, with its bands in an order (numbers from 1; empty for their own)."""
        if not order:
            return list(self._ms)
        bands = [(item, band) for item in self._ms for band in _bands_of(item)]
        return [replace(item, bands=[band]) for item, band in (bands[number - 1] for number in order)]


def _bands_of(item: Input) -> Sequence[int]:
    return item.bands or range(1, len(describe("MS", [item], False).bands) + 1)


def _axes(image: Grid, fine: Grid) -> tuple[Axis, Axis]:
    found = image.axes_on(fine)
    if found is None:
        raise InputError("MS and PAN cannot be aligned by their geotransforms, which fitting a network needs.")
    return found


def _layout_for(area: Area, bands: int) -> Optional[Layout]:
    """Return how patches are laid out in the reduced scene, or None where it is too small.

    The stride is the smallest whose patches stay within a size on disk: small scenes are cut densely.
    """
    for side in _SIDES:
        for stride in _STRIDES:
            layout = Layout(side, stride, 4, _BUFFER, _HELD_OUT, 0.0, 0)
            try:
                found = split_by_place(area, layout)
            except InputError:
                break
            patches = sum(len(own) for own in found.values())
            if patches * (2 * bands + 1) * side * side * 4 <= _MOST_BYTES:
                if len(found["train"]) >= _FEWEST_PATCHES:
                    return layout
                break
    return None


def scored_places(area: Area, layout: Optional[Layout], side: int = _TILE) -> tuple[list[Place], int]:
    """Return the corners of the tiles that are scored, and their side.

    Those that the held-out patches cover whole; without a layout, all of the area.
    """
    rows = range(area.top, area.bottom - side + 1, side)
    places = [(row, column) for row in rows for column in range(area.left, area.right - side + 1, side)]
    if layout is None:
        return places, side
    covered = np.zeros((area.bottom, area.right), bool)
    for row, column in split_by_place(area, layout)[VALIDATION]:
        covered[row : row + layout.side, column : column + layout.side] = True
    return [place for place in places if covered[place[0] : place[0] + side, place[1] : place[1] + side].all()], side


def tile_sums(
    path: Path, truth: Source, grid: Grid, shift: tuple[int, int], places: Sequence[Place], side: int
) -> Array:
    """Return what each tile adds to the scores of a fused image: one row for each.

    Args:
        path: The fused image.
        truth: What it should be.
        grid: The grid on which the places are.
        shift: Row and column of the truth at the grid's corner.
        places: Corners of the tiles.
        side: Their side.

    Raises:
        InputError: No pixel is valid in both.
    """
    fused = describe("FUSED", [Input("FUSED", str(path))], False)
    rows, columns = _axes(fused.grid, grid)
    own = round(rows.origin), round(columns.origin)
    physical = any(band.scaled for band in truth.bands)
    readers = Reader(fused, physical), Reader(truth, physical)
    found = []
    for row, column in places:
        test, valid = readers[0].read(row + own[0], column + own[1], side, side)
        wanted, known = readers[1].read(row + shift[0], column + shift[1], side, side)
        both = np.ones((side, side), bool)
        for one in (valid, known):
            if one is not None:
                both &= one
        sums = BlockSums(len(truth.bands), (side, side), side)
        sums.add(wanted, test, both, 0, 0)
        found.append(sums.rows())
    if not found or not np.concatenate(found)[:, 0].any():
        raise InputError("There is no valid pixel to compare on; take a larger scene.")
    result: Array = np.concatenate(found)
    return result


def _order_for(start: Optional[ModelCard], ms: Source) -> list[int]:
    """Return the band numbers of MS in the order of the weights to start from; empty for MS's own order."""
    if start is None:
        return []
    wavelengths = tuple(band.wavelength_nm for band in ms.bands)
    if any(value is None for value in wavelengths):
        return []
    known = tuple(float(value) for value in wavelengths if value is not None)
    scene = SceneInfo({"MS": len(known)}, {"MS": 1}, {}, {}, {"MS": known})
    order = band_order(start.input("MS"), scene)
    return [] if order is None or order == tuple(range(len(order))) else [place + 1 for place in order]


def _takes_any_scene(card: ModelCard) -> bool:
    """Tell whether a network takes values normalised by the scene, as the patches are."""
    return all(item.normalise == "scene" and item.clip is None for item in card.inputs)


def _ratio_of(scene: SceneInfo) -> float:
    return float(max(scene.ratio["MS"])) ** 2


def _products(configuration: Mapping[str, Any], bands: int) -> float:
    """Return about how many multiplications a network takes for a pixel."""
    width, kernel = int(configuration.get("width", 32)), int(configuration.get("kernel", 3))
    layers = int(configuration.get("depth", 0)) or 2 + 2 * int(configuration.get("blocks", 4))
    return kernel * kernel * (width * width * max(0, layers - 2) + width * (2 * bands + 1))
