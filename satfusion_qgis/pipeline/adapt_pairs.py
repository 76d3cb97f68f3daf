"""Fits a small network to the user's own pairs, and predicts with it where it beats the classical methods.

Pairs of two dates show a change that is known in fine pixels. The network learns to predict each date from another one
and the coarse images, on part of the scene; blocks of it are held out, apart by the network's receptive field. Where
there are more dates than two, one that is none of the given pairs is held out too: the one nearest to the date to
predict. There the network, in its best state, is compared with classical methods on the same predictions; only where
its RMSE is lower by 2 % (by 10 % where no date is held out), and its ERGAS, in which all bands count alike, is not
worse, it predicts. The date to
predict has no fine image, and none of that date is looked at.

Two dates show one change only. A network that learns it by heart does well on blocks of these dates, and badly on any
other: on a generated scene it did as well on held-out blocks as the one that predicts here, and its error at a third
date was twice that one's. So every patch is of two other dates, drawn on the line through its own, or changes in a way
that is drawn altogether (`between_dates` and `other_changes` in `engine.training.data`).

The comparison, and the idea of fitting to the scene itself, are those of `pipeline.adapt`.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..catalogue import CATALOGUE, Catalogue
from ..inference.library import default_library
from ..inference.model_files import check_identifier, identifier_of
from ..inference.suitability import band_order, reason_against
from ..raster.grid import Grid
from ..raster.reader import Source, describe, remove_virtual
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.dates import moment_of
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.method import Array, Method, SceneInfo
from ..tasks.model_card import ModelCard
from ..tasks.patch_set import SPATIOTEMPORAL, TRAIN, VALIDATION
from .adapt import (
    MARGIN,
    NO_MODEL,
    Adaptation,
    better,
    budget,
    check_new_folder,
    describe_scores,
    keep_cancelled,
    keep_model,
    scored_places,
    terms,
    tile_sums,
)
from .adapt_revisits import fit
from .execute import RunResult, run
from .pairs import PAIRS, TARGET
from .part_of_work import Part
from .patch_places import Area, Layout, Place, split_by_place
from .plan import make_plan
from .series_images import Search, dated_images
from .series_pairs import matched
from .sessions import check_engine, engine_python
from .triplet_patches import Observed, Triplet, TripletSettings, make_triplet_patches, ratio_of

SCRIPT = "satfusion:adapt_spatiotemporal"
NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "learned_unmixing": {"classes": 8, "width": 16},
    "edcstfn": {"widths": [16, 32, 32]},
}
# With one pair, and those that need two.
CANDIDATES = ("add_change", "starfm", "fit_fc", "fsdaf", "obsum")
OF_TWO_PAIRS = ("interpolate", "estarfm")
MARGIN_OF_ONE_CHANGE = 0.1
_SIDES = (48, 64, 96, 32)  # the first that holds three coarse pixels, else what there is room for
_STRIDES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256)
_HELD_OUT = 0.2
_SEEN_CELLS, _SEEN_PIXELS = 3, 8  # what the network sees around a pixel
_TILE = 16
_MOST_BYTES = 256 << 20
_FEWEST_PATCHES = 12
_MOST_SIDE = 1536  # of the part of a large scene that is learned from
_MOST_TRIPLETS = 6
_LEAST_PAIRS = 2
_ONE_CHANGE = (
    "The network was compared on the change that it learned, for there are two dates: where the date to predict "
    "changed in another way, a classical method can be better; give images of a further date (FINE, COARSE) to see"
)
_ONE_PAIR = (
    "One pair shows no change that could be learned from: give FINE_2 and COARSE_2, or images of further dates (FINE, "
    "COARSE)."
)
_VALIDATE_EVERY = 50
_QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}
_SETTINGS: Mapping[str, Any] = {
    "loss": "mse",
    "optimiser": "adamw",
    "weight_decay": 1e-4,
    "warm_up_steps": 50,
    "gradient_clip": 1.0,
    "batch": 8,
    "dates": 0.5,
    "changes": 0.2,
    "exchange": False,
    "levels": 0.0,
    "channels_last": True,
    "scale": 1.0,
}
_RATE, _RATE_AGAIN = 2e-3, 1e-3
# Pixels per second on one core, measured: of a prediction by each candidate and of one by the network.
_COMPARED_A_SECOND, _PREDICTED_A_SECOND = 3e4, 4e4


@dataclass(frozen=True)
class FitSettings:
    """How a network is fitted.

    Attributes:
        model: Weights to start from: a model's id or folder; "" for those of the network that fit the images, where
            there are any; "none" to begin from nothing.
        network: Network to begin from nothing with: one of `NETWORKS`.
        classes: Classes of learned unmixing, where it begins from nothing.
        time_limit_s: Seconds for the fit.
        steps: Steps of the fit in place of the time; 0 for as many as the time allows.
        device: For the network.
        candidates: Classical methods to compare with.
    """

    model: str = ""
    network: str = "learned_unmixing"
    classes: int = 8
    time_limit_s: float = 60.0
    steps: int = 0
    device: str = "auto"
    candidates: tuple[str, ...] = CANDIDATES

    def check(self) -> FitSettings:
        """Return the settings, checked.

        Raises:
            InputError: A value is out of range.
        """
        if self.network not in NETWORKS:
            raise InputError(f"NETWORK must be one of {', '.join(NETWORKS)}, not {self.network!r}.")
        if not 5 <= self.time_limit_s <= 86400:
            raise InputError(f"TIME_LIMIT must lie between 5 and 86400 seconds, not {self.time_limit_s:g}.")
        if not 2 <= self.classes <= 64:
            raise InputError(f"CLASSES must lie between 2 and 64, not {self.classes}.")
        if self.steps < 0:
            raise InputError(f"STEPS must be 0 or more, not {self.steps}.")
        return self

    def configuration(self, ratio: float) -> dict[str, Any]:
        """Return the configuration of a network that begins from nothing."""
        own = dict(NETWORKS[self.network])
        if self.network != "learned_unmixing":
            return own
        return {**own, "classes": self.classes, "ratio": max(2, round(ratio))}


@dataclass(frozen=True)
class _Test:
    """A known prediction: from one or two pairs, the date of another one."""

    pairs: tuple[Observed, ...]
    target: Observed


@dataclass(frozen=True)
class _Dates:
    """Which dates are learned from, and which predictions are compared.

    Attributes:
        learned: Triplets of the fit.
        tests: Predictions that are compared, on blocks that are held out.
        held: The date that is held out, or None.
    """

    learned: tuple[Triplet, ...]
    tests: tuple[_Test, ...]
    held: Optional[Observed]


@dataclass
class _Found:
    """What was fitted and compared."""

    networks: dict[str, ModelCard] = field(default_factory=dict)
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    intervals: dict[str, Optional[tuple[float, float]]] = field(default_factory=dict)
    held_out: int = 0
    steps: int = 0


def further_pairs(
    fine: Sequence[str], coarse: Sequence[str], search: Search, pair_days: int, feedback: Feedback
) -> list[Observed]:
    """Return the pairs in folders and lists of images, in order of their dates.

    Args:
        fine: Folders and files of fine images; empty for none.
        coarse: The same of coarse ones; empty where the folder of the fine ones holds them too.
        search: Which of them are taken, and how they are read.
        pair_days: Days by which the images of a pair may lie apart.
        feedback: Who is told, and who may cancel.

    Raises:
        InputError: An image cannot be read, or none has a date.
        Cancelled: The user cancelled.
    """
    if not fine:
        if coarse:
            raise InputError("COARSE is given without FINE: further pairs need both.")
        return []
    found = matched(*dated_images(fine, coarse, search, feedback), pair_days)
    for note in found.notes:
        feedback.info(note)
    return [Observed(pair.fine.as_role("FINE_1"), pair.coarse.as_role("COARSE_1")) for pair in found.pairs]


def adapt_pairs(
    job: Job,
    further: Sequence[Observed] = (),
    settings: Optional[FitSettings] = None,
    model_folder: str = "",
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
) -> Adaptation:
    """Fit a network to pairs, and predict with the best of it and the classical methods.

    Args:
        job: A job of spatiotemporal fusion with inputs, OUTPUT and what else a run has; its method is chosen here.
        further: Pairs of more dates to learn from; those that are in the job, and any of the date to predict, are left
            out.
        settings: How the network is fitted.
        model_folder: Where to keep the fitted model; "" throws it away.
        catalogue: Methods to choose from.
        feedback: Who is told, and who may cancel.
        engine: Where networks run, and where the user's models lie.

    Raises:
        InputError: Bad input, one pair only, or no engine; nothing is left.
        Cancelled: The user cancelled; nothing is left but, in `model_folder`, the best state of a fit that had begun.
    """
    settings = (settings or FitSettings()).check()
    kept = check_new_folder(model_folder)
    if job.task != SPATIOTEMPORAL:
        raise InputError(f"A job of {SPATIOTEMPORAL} is needed, not of {job.task}.")
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        given = (job, further, settings, kept, catalogue, feedback or Feedback(), engine)
        return _Adapting(*given, Path(folder)).run()


class _Adapting:
    """One adaptation; the arguments are those of `adapt_pairs`, and a folder for files until the end."""

    def __init__(
        self,
        job: Job,
        further: Sequence[Observed],
        settings: FitSettings,
        kept: Optional[Path],
        catalogue: Catalogue,
        feedback: Feedback,
        engine: EngineSettings,
        folder: Path,
    ) -> None:
        self._job, self._settings, self._kept, self._catalogue = job, settings, kept, catalogue
        self._further = further
        self._feedback, self._engine, self._folder = feedback, engine, folder
        self._models = EngineSettings(engine.interpreter, folder / "models")

    def run(self) -> Adaptation:
        """Fit, compare and predict."""
        if not self._further and not any(item.role in PAIRS[1] for item in self._job.inputs):
            raise InputError(_ONE_PAIR)
        check_engine(self._catalogue.method(SPATIOTEMPORAL, self._settings.network), self._engine)
        scene = self._checked()
        dates = self._dates()
        start = self._start(scene)
        self._estimate(dates, start)
        found = self._fitted_and_compared(dates, start)
        classical = [name for name in found.scores if name not in found.networks]
        margin = MARGIN if dates.held is not None else MARGIN_OF_ONE_CHANGE
        winner, why = better(found.scores, list(found.networks), margin, "rmse", "ergas")
        title = self._say(found, winner, why)
        if winner in found.networks and dates.held is None:
            self._feedback.warning(_ONE_CHANGE)
        result = self._predicted(winner, found.networks.get(winner), Part(self._feedback, 0.8, 0.2, says=True))
        folder = self._keep(found.networks.get("adapted"), found.scores, classical)
        facts = self._facts(found, dates, winner, f"{title}: {why}.", "" if start is None else start.id)
        return Adaptation(winner, title, found.scores, found.held_out, why, found.steps, result, folder, facts)

    # Before it begins.

    def _checked(self) -> SceneInfo:
        """Check the whole run with a classical method in place of the network, and note what it finds."""
        plan = make_plan(self._whole(CANDIDATES[0], self._job), self._catalogue, self._engine, False)
        try:
            self._ratio = ratio_of(plan)
            self._frame = _middle(plan.grid, _MOST_SIDE)
            self._is_part = (self._frame.rows, self._frame.columns) != (plan.grid.rows, plan.grid.columns)
            self._pixels = plan.grid.rows * plan.grid.columns
            self._bands = plan.scene.bands["FINE_1"]
            self._target_date = plan.pairs.date if plan.pairs is not None else ""
            self._found_days = {role: days[0] for role, days in plan.scene.days.items() if days}
            return plan.scene
        finally:
            plan.close()

    def _whole(self, method: str, job: Job) -> Job:
        """Return a job for a classical method on the whole scene."""
        own = self._catalogue.method(SPATIOTEMPORAL, method)
        whole = replace(job, extent=None, area=None, preview=None)
        return replace(whole, method=own.id, parameters=_taken(own, job), model=None, device="auto")

    def _given(self) -> list[Observed]:
        """Return the pairs of the job."""
        by_role: dict[str, list[Input]] = {}
        for item in self._job.inputs:
            by_role.setdefault(item.role, []).append(item)
        return [
            Observed(by_role[fine], by_role[coarse]) for fine, coarse in PAIRS if fine in by_role and coarse in by_role
        ]

    def _dates(self) -> _Dates:
        """Choose what is learned from, and which predictions are compared.

        Raises:
            InputError: There is one pair only.
        """
        given = self._given()
        further = self._kept_further(given)
        if len(given) + len(further) < _LEAST_PAIRS:
            raise InputError(_ONE_PAIR)
        further.sort(key=self._days_from_target)
        if len(given) + len(further) == _LEAST_PAIRS:
            one, other = (*given, *further)
            tests = (_Test((one,), other), _Test((other,), one))
            both = (TRAIN, VALIDATION)
            return _Dates((_triplet(one, other, both), _triplet(other, one, both)), tests, None)
        held, learned = further[0], [*given, *further[1:]]
        couples = [(one, other) for place, one in enumerate(learned) for other in learned[place + 1 :]]
        fits = [_triplet(one, other, (TRAIN,)) for one, other in couples[:_MOST_TRIPLETS]]
        fits += [_triplet(one, held, (VALIDATION,)) for one in given]
        self._feedback.info(
            f"Held out: the date {_told(held)}, of which the fit sees nothing; there the methods are compared"
        )
        return _Dates(tuple(fits), (_Test(tuple(given), held),), held)

    def _kept_further(self, given: Sequence[Observed]) -> list[Observed]:
        """Return the further pairs that are none of the given ones, and not of the date to predict."""
        known = {item.path for pair in given for item in pair.fine}
        dates = {_day(pair.date) for pair in given if pair.date}
        target = _day(self._target_date)
        coarse = {item.path for item in self._job.inputs if item.role == TARGET}
        bands = next((item.bands for item in self._job.inputs if item.role == TARGET), [])
        found = []
        for pair in self._further:
            name = Path(pair.fine[0].path).name
            if any(item.path in known for item in pair.fine) or _day(pair.date) in dates:
                continue
            if any(item.path in coarse for item in pair.coarse) or (target and _day(pair.date) == target):
                self._feedback.info(f"{name} is of the date to predict, and is not looked at")
                continue
            found.append(Observed(pair.fine, [replace(item, bands=list(bands)) for item in pair.coarse]))
        return found

    def _days_from_target(self, pair: Observed) -> float:
        target, own = moment_of(self._target_date or ""), moment_of(pair.date or "")
        return abs((own - target).total_seconds()) if target is not None and own is not None else float("inf")

    def _start(self, scene: SceneInfo) -> Optional[ModelCard]:
        """Return the card of the weights to start from, or None."""
        name = self._settings.model.strip()
        if name.lower() == NO_MODEL:
            return None
        library = default_library(self._engine.models)
        if name:
            card = library.find(name)
            if card.task != SPATIOTEMPORAL or card.method not in NETWORKS:
                known = " or ".join(self._catalogue.method(SPATIOTEMPORAL, one).title for one in NETWORKS)
                raise InputError(f"MODEL: {card.id} is no {known}, which is what can be fitted here.")
            against = reason_against(card, scene) or _order_against(card, scene)
            if against:
                raise InputError(f"MODEL: {card.id} {against}.")
            return card
        try:
            card = library.fitting(self._catalogue.method(SPATIOTEMPORAL, self._settings.network), scene)
        except InputError:
            return None
        return None if _order_against(card, scene) else card

    def _estimate(self, dates: _Dates, start: Optional[ModelCard]) -> None:
        """Say what will be done, and about how long it takes."""
        threads = self._job.threads or os.cpu_count() or 1
        compared = self._frame.rows * self._frame.columns * len(dates.tests) * len(self._settings.candidates)
        prepare_s = 10 + compared / (_COMPARED_A_SECOND * threads)
        begin = "from nothing" if start is None else f"from the weights {start.id}"
        predict_s = 5 + self._pixels * len(self._given()) / (_PREDICTED_A_SECOND * threads)
        part = f", on {self._frame.columns} x {self._frame.rows} pixels in its middle" if self._is_part else ""
        self._feedback.info(
            f"A network is fitted to the pairs, {begin}{part}: at most {self._settings.time_limit_s:.0f} s to fit, "
            f"about {prepare_s:.0f} s to prepare and compare, about {predict_s:.0f} s to predict"
        )

    # On known dates.

    def _fitted_and_compared(self, dates: _Dates, start: Optional[ModelCard]) -> _Found:
        found = _Found({} if start is None else {"start": start})
        area = Area(0, 0, self._frame.rows, self._frame.columns)
        layout = self._layout(area, len(dates.learned), start)
        if layout is None:
            self._feedback.info(
                f"The scene is too small to hold anything out: it has {area.columns} x {area.rows} pixels, so no "
                "network is fitted"
            )
        elif self._patches(dates, layout):
            found.networks["adapted"], found.steps = self._fitted(start)
        else:
            layout = None
        places, side = scored_places(area, layout, _TILE)
        rows = self._rows(dates, found.networks, places, side)
        found.scores, found.intervals = describe_scores(rows, self._bands, self._ratio, self._feedback, "rmse")
        found.held_out = len(places) if layout is not None else 0
        return found

    def _layout(self, area: Area, triplets: int, start: Optional[ModelCard]) -> Optional[Layout]:
        """Return how patches are laid out, or None where the scene is too small."""
        buffer = round(_SEEN_CELLS * self._ratio) + _SEEN_PIXELS if start is None else start.halo
        sides = sorted(_SIDES, key=lambda side: side < _SEEN_CELLS * self._ratio)  # stays in order otherwise
        for side in sides:
            for stride in _STRIDES:
                layout = Layout(side, stride, 1, buffer, _HELD_OUT, 0.0, 0)
                try:
                    places = split_by_place(area, layout)
                except InputError:
                    break
                count = triplets * sum(len(own) for own in places.values())
                if count * (5 * self._bands + 1) * side * side * 4 <= _MOST_BYTES:
                    if len(places[TRAIN]) >= _FEWEST_PATCHES:
                        return layout
                    break
        return None

    def _patches(self, dates: _Dates, layout: Layout) -> bool:
        """Cut the patches; tell whether there are enough, for many may hold missing pixels."""
        parameters = _taken(self._catalogue.method(SPATIOTEMPORAL, CANDIDATES[0]), self._job)
        settings = TripletSettings(
            layout,
            1,
            parameters,
            rule="blocks of the scene" if dates.held is None else "blocks of the scene and dates",
            limits=("Fitted to one scene.",),
            frame=self._frame,
        )
        part = Part(self._feedback, 0.0, 0.1, warns=False)
        try:
            make_triplet_patches(dates.learned, str(self._folder / "patches"), settings, part, len(dates.learned))
        except InputError as error:
            self._feedback.warning(f"No network is fitted: {error}")
            return False
        return True

    def _fitted(self, start: Optional[ModelCard]) -> tuple[ModelCard, int]:
        """Fit the network for the time given; return its card and the steps."""
        method = self._settings.network if start is None else start.method
        weights = None if start is None else start.file("safetensors")
        configuration = self._settings.configuration(self._ratio) if start is None else dict(start.configuration)
        scaled = "standard" if start is None else start.input("FINE_1").normalise
        fine = Path(self._given()[0].fine[0].path).stem
        name = identifier_of(f"adapted {fine}")[:60].rstrip("-")
        begin = time.monotonic()
        arguments = {
            "patches": str(self._folder / "patches"),
            "method": method,
            "network": self._catalogue.method(SPATIOTEMPORAL, method).network,
            "configuration": configuration,
            "model_folder": str((self._models.models or self._folder) / check_identifier(name)),
            "initial": None if start is None or weights is None else str(start.verified(weights)),
            "script": SCRIPT,
            "settings": {
                **_SETTINGS,
                "normalise": scaled,
                "start_at_exp": start is None,
                "learning_rate": _RATE if weights is None else _RATE_AGAIN,
                "validate_every": _VALIDATE_EVERY,
                **budget(self._settings, self._job),
            },
            "title": f"Fitted to {fine}",
            **terms(start),
        }
        found = fit(engine_python(self._engine), arguments, Part(self._feedback, 0.1, 0.4))
        card = ModelCard.load(Path(found["model_folder"]))
        if found.get("stopped") == "cancelled":
            keep_cancelled(card, self._kept, SCRIPT, self._feedback)
        self._feedback.info(
            f"Fitted: {found['steps']} steps in {time.monotonic() - begin:.0f} s, the state of step "
            f"{found['best_step']} is kept"
        )
        return card, int(found["steps"])

    def _rows(
        self, dates: _Dates, networks: Mapping[str, ModelCard], places: Sequence[Place], side: int
    ) -> dict[str, Array]:
        """Predict the known dates in each way, and return the sums of the held-out tiles."""
        two = any(len(test.pairs) == 2 for test in dates.tests)
        names = [*self._settings.candidates, *(OF_TWO_PAIRS if two else ()), *networks]
        part = Part(self._feedback, 0.5, 0.3, warns=False)
        rows: dict[str, Array] = {}
        for number, name in enumerate(names):
            own = part.part(number / len(names), 1 / len(names))
            try:
                sums = [self._tested(name, networks.get(name), test, places, side, own) for test in dates.tests]
            except InputError as error:
                if name in networks:
                    raise
                self._feedback.warning(f"{name} is left out of the comparison: {error}")
                continue
            rows[name] = _joined(sums)
        if not rows or set(rows) <= set(networks):
            raise InputError("No classical method could predict a known date, so there is nothing to compare.")
        return rows

    def _tested(
        self, name: str, card: Optional[ModelCard], test: _Test, places: Sequence[Place], side: int, feedback: Feedback
    ) -> Array:
        """Predict a known date in one way, and return what each held-out tile adds to the scores."""
        path = self._folder / "known.tif"
        inputs = [replace(item, role=TARGET, index=0, pair=None) for item in test.target.coarse]
        for number, pair in enumerate(test.pairs, 1):
            for role, items in zip(PAIRS[number - 1], (pair.fine, pair.coarse)):
                inputs += [replace(item, role=role, index=0, pair=number) for item in items]
        job = replace(
            self._job,
            inputs=inputs,
            outputs=[Output("OUTPUT", str(path), dtype="Float32", options=dict(_QUICK))],
            extent=list(self._frame.extent) if self._is_part else None,
            area=None,
            preview=None,
        )
        truth: Optional[Source] = None
        try:
            self._way(name, card, job, feedback)
            truth = describe("FINE", list(test.target.fine))
            shift = _shift(truth.grid, self._frame, truth.name)
            own = describe("FUSED", [Input("FUSED", str(path))], False).grid
            grids = ((truth.grid, shift), (own, _shift(own, self._frame, truth.name)))
            covered = [place for place in places if all(_covers(*one, place, side) for one in grids)]
            return tile_sums(path, truth, self._frame, shift, covered, side)
        finally:
            path.unlink(missing_ok=True)
            if truth is not None:
                remove_virtual(truth)

    def _way(self, name: str, card: Optional[ModelCard], job: Job, feedback: Feedback) -> RunResult:
        """Predict in one way: with a classical method by its id, or with a network by its card."""
        method = self._catalogue.method(SPATIOTEMPORAL, name if card is None else card.method)
        job = replace(job, method=method.id, parameters=_taken(method, job))
        if card is None:
            return run(replace(job, model=None, device="auto"), self._catalogue, feedback, self._engine, checks=False)
        fitted = name == "adapted"  # found by its id, for its folder is gone afterwards
        job = replace(job, model={"id": card.id if fitted else str(card.folder)}, device=self._settings.device)
        return run(job, self._catalogue, feedback, self._models if fitted else self._engine, checks=False)

    # The date to predict.

    def _predicted(self, winner: str, card: Optional[ModelCard], feedback: Feedback) -> RunResult:
        return self._way(winner, card, self._job, feedback)

    def _say(self, found: _Found, winner: str, why: str) -> str:
        title = self._title(winner)
        pixels = found.held_out * _TILE**2
        where = f"on {pixels} held-out pixels of known dates" if pixels else "on known dates"
        scores = found.scores[winner]
        self._feedback.info(
            f"Predicted with {title}: {why} ({where}: RMSE {scores['rmse']:.4g}, ERGAS {scores['ergas']:.3f})"
        )
        return title

    def _title(self, name: str) -> str:
        titles = {"adapted": "the network fitted to the pairs", "start": "the network as it was before the fit"}
        return titles.get(name) or self._catalogue.method(SPATIOTEMPORAL, name).title

    def _keep(
        self, card: Optional[ModelCard], scores: Mapping[str, Mapping[str, float]], classical: Sequence[str]
    ) -> Optional[Path]:
        if self._kept is None:
            return None
        if card is None:
            self._feedback.warning("MODEL_FOLDER stays empty: no network was fitted")
            return None
        keep_model(card, self._kept, scores, classical, SCRIPT, "known dates, held-out blocks", "rmse")
        self._feedback.info(f"The fitted model is kept in {self._kept}")
        return self._kept

    def _facts(self, found: _Found, dates: _Dates, winner: str, reason: str, start: str) -> dict[str, Any]:
        fits = [one for one in dates.learned if TRAIN in one.only]
        learned = dict.fromkeys(Path(each.fine[0].path).name for one in fits for each in (*one.pairs, one.target))
        return {
            "fine": ", ".join(learned),
            "coarse": ", ".join(Path(item.path).name for item in self._job.inputs if item.role == TARGET),
            "held": "" if dates.held is None else Path(dates.held.fine[0].path).name,
            "ratio": self._ratio,
            "start": start,
            "steps": found.steps,
            "pixels": found.held_out * _TILE**2,
            "winner": winner,
            "reason": reason,
            "rows": {
                name: {"title": self._title(name), "interval": found.intervals.get(name), **values}
                for name, values in found.scores.items()
            },
        }


def _triplet(pair: Observed, target: Observed, only: tuple[str, ...]) -> Triplet:
    name = f"{_told(target)} from {_told(pair)}"
    return Triplet(name, (pair,), target, "", "scene", only)


def _told(pair: Observed) -> str:
    """Return a pair's date, or where it has none its fine image's name."""
    return (pair.date or "")[:10] or Path(pair.fine[0].path).name


def _day(date: Optional[str]) -> str:
    return (date or "")[:10]


def _taken(method: Method, job: Job) -> dict[str, Any]:
    """Return those of a job's parameters that a method has."""
    names = {item.name for item in method.parameters}
    return {name: value for name, value in job.parameters.items() if name in names}


def _middle(grid: Grid, most: int) -> Grid:
    """Return the middle of a grid, at most so many pixels along a side."""
    rows, columns = min(grid.rows, most), min(grid.columns, most)
    return grid.crop((grid.rows - rows) // 2, (grid.columns - columns) // 2, rows, columns)


def _shift(grid: Grid, frame: Grid, name: str) -> tuple[int, int]:
    """Return row and column of a frame's first pixel in an image.

    Raises:
        InputError: They have no pixels in common.
    """
    axes = grid.axes_on(frame)
    if axes is None:
        raise InputError(f"{name} does not lie on the grid of the other fine images.")
    return round(axes[0].origin), round(axes[1].origin)


def _covers(grid: Grid, shift: tuple[int, int], place: Place, side: int) -> bool:
    """Tell whether an image covers a tile of a frame whole."""
    row, column = place[0] + shift[0], place[1] + shift[1]
    return min(row, column) >= 0 and row + side <= grid.rows and column + side <= grid.columns


def _order_against(card: ModelCard, scene: SceneInfo) -> str:
    """Return why weights cannot be fitted to bands in this order, as the end of a sentence; "" where they can."""
    order = band_order(card.input("FINE_1"), scene)
    if order is not None and order != tuple(range(len(order))):
        return f"has its bands in another order ({', '.join(band.name for band in card.input('FINE_1').bands)})"
    return ""


def _joined(sums: Sequence[Array]) -> Array:
    """Return the tiles of several predictions as those of one."""
    result: Array = np.concatenate(list(sums))
    return result
