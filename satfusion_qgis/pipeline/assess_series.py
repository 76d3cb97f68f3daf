"""Which method suits a series: leave one date out, predict it from the other dates, and score against its fine image.

For every date that has both a fine and a coarse image, the fine image is the truth and takes no part in anything else:
not in pairs, and so not in the normalisation between the sensors, nor in what a method finds from the images; networks
whose cards say that they were trained with it are left out for that date. Methods of one pair compete with baselines of
the same pair, methods of two pairs with baselines of the same two. All of them are scored on the same pixels: those
that every method predicted and that are clear in the truth. Differences inside the interval of a block bootstrap are
ties (see `assessment.bootstrap`); the blocks of all dates together decide over the series.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, Optional

import numpy as np

from ..assessment.bootstrap import BLOCK, DRAWS, METRICS, SEED, BlockSums, Draws, scores_of
from ..assessment.ranking import ranked
from ..assessment.reference import ReferenceScores, peak_range
from ..assessment.report.page import Translate, plain
from ..assessment.report.pictures import Detail, display_bands
from ..assessment.report.series import series_conclusions, series_report, series_table
from ..assessment.sliding import Float64
from ..assessment.stf_survey import DEFINITIONS as SURVEY_DEFINITIONS
from ..assessment.stf_survey import survey_scores
from ..catalogue import CATALOGUE, Catalogue
from ..inference.library import default_library
from ..raster.products import split_choice
from ..raster.reader import Source, describe, remove_virtual
from ..raster.windows import split
from ..runtime.session import Session
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.method import Array, Method
from ..tasks.validity import combine
from .assess import band_names, units_of
from .assess_pair import Pair
from .contest import QUICK
from .execute import run
from .pairs import as_fine
from .plan import Plan
from .progress import Part
from .series import TASK, DateJob, pairs_needed
from .series_images import Dated, Search, dated_images
from .series_pairs import Choice, DatedPair, Target, Wanted, matched, target_of
from .series_session import KeptSession

RANKED_BY = "rmse"
BASELINES = ("copy", "interpolate", "add_change")
_FEW_BLOCKS = 12
_SURVEY_TILE, _SURVEY_LEAST = 512, 11
_REFLECTANCE = 10000.0  # whole numbers without a scale


@dataclass(frozen=True)
class SeriesSettings:
    """How methods are compared on a series.

    Attributes:
        search: Which images are taken.
        wanted: Which of their dates are left out in turn; all that have both images, where none are named.
        choice: What limits the choice of pairs; its `pairs` 1 or 2 compares with so many alone, 0 with either.
        methods: Ids; empty for all classical ones, and those networks that have weights which fit. Baselines always
            take part.
        parameters: Values for those parameters that a method takes.
        models: For networks by their method's id, which weights: a model's id or folder; else those that fit.
        extent: xmin, ymin, xmax, ymax in the fine images' CRS, or None.
        ratio: Coarse pixel / fine pixel, for ERGAS; None takes it from the images, or from RATIO.
        survey: Also compute the scores of a survey's code, by their own names.
        threads: Compute threads.
        device: Where networks run.
    """

    search: Search = field(default_factory=Search)
    wanted: Wanted = field(default_factory=Wanted)
    choice: Choice = field(default_factory=Choice)
    methods: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    extent: Optional[list[float]] = None
    ratio: Optional[float] = None
    survey: bool = False
    threads: int = 2
    device: str = "auto"


@dataclass(frozen=True)
class SeriesAssessment:
    """What a comparison of methods on a series found.

    Attributes:
        scores: Plain data for JSON.
        details: For each date and number of pairs the middle of the truth, of the copied image and of the best method.
    """

    scores: dict[str, Any]
    details: Mapping[str, tuple[Detail, ...]]

    def report(self, tr: Translate = plain) -> str:
        """Return the report as HTML."""
        return series_report(self.scores, self.details, tr)

    def sentences(self, tr: Translate = plain) -> list[str]:
        """Return what the comparison says, in words."""
        return series_conclusions(self.scores, tr)

    def table(self) -> str:
        """Return the scores as CSV."""
        return series_table(self.scores)


def compare_series(
    fine: Sequence[str],
    coarse: Sequence[str],
    settings: Optional[SeriesSettings] = None,
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
) -> SeriesAssessment:
    """Leave out one date after the other, and rank methods by how well they predict it.

    Args:
        fine: Folders and files of fine images.
        coarse: The same of coarse ones; empty where the fine images' folder holds them too.
        settings: How they are compared.
        catalogue: Methods to choose from.
        feedback: Who is told about progress, and who may cancel.
        engine: Where networks run, and where the user's models lie.

    Raises:
        InputError: An unknown method, bad images, too few dates, or nothing that could be predicted.
        Cancelled: The user cancelled; nothing is left behind.
    """
    settings = settings or SeriesSettings()
    feedback = feedback or Feedback()
    methods = _methods(catalogue, settings.methods)
    found = dated_images(fine, coarse, settings.search, feedback)
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        return _Comparison(settings, catalogue, feedback, engine, Path(folder)).run(*found, methods)


def _methods(catalogue: Catalogue, ids: Sequence[str]) -> list[Method]:
    """Return the methods to compare, the baselines first."""
    known = {method.id: method for method in catalogue.methods_of(TASK)}
    chosen = [catalogue.method(TASK, one) for one in ids] if ids else list(known.values())
    first = [known[name] for name in BASELINES if name in known]
    return list({method.id: method for method in (*first, *chosen)}.values())


@dataclass
class _Scored:
    """One method's result for one date."""

    method: Method
    scores: dict[str, Any]
    sums: Float64
    seconds: float
    detail: Detail
    survey: Optional[dict[str, Any]] = None


@dataclass
class _DateScores:
    """The results of all methods for one date and number of pairs."""

    target: Target
    truth: Dated
    found: list[_Scored]
    size: tuple[int, int]
    reference: Detail


class _Comparison:
    """One comparison."""

    def __init__(
        self, settings: SeriesSettings, catalogue: Catalogue, feedback: Feedback, engine: EngineSettings, folder: Path
    ) -> None:
        self._settings, self._catalogue, self._feedback = settings, catalogue, feedback
        self._engine, self._folder = engine, folder
        self._range: Optional[float] = None
        self._ratio = 0.0
        self._units = ""
        self._bands: list[str] = []
        self._said: set[str] = set()
        self._like: Optional[Source] = None
        self._pixels = 1.0  # coarse pixel / fine pixel, as the predictions take it
        self._definitions: dict[str, str] = {}
        self._failed: list[dict[str, Any]] = []
        self._left_out: list[dict[str, Any]] = []

    def run(self, fine: Sequence[Dated], coarse: Sequence[Dated], methods: Sequence[Method]) -> SeriesAssessment:
        """Predict and score every date."""
        every = matched(fine, coarse, self._settings.choice.pair_days)
        for note in every.notes:
            self._feedback.info(note)
        if len(every.pairs) < 2:
            raise InputError(
                f"Leaving one date out needs 2 dates with a fine and a coarse image, and there "
                f"{_are(len(every.pairs))}."
            )
        wanted = self._wanted(every.pairs)
        todo = [
            (count, pair, target)
            for count in (1, 2)
            if self._settings.choice.pairs in (0, count)
            for pair in wanted
            for target in [self._target(pair, every.pairs, count)]
            if target is not None
        ]
        methods = self._with_weights(methods)
        if not todo:
            reason = self._left_out[0]["reason"] if self._left_out else "no date is left"
            raise InputError(f"No date can be predicted: {reason}.")
        groups: dict[int, list[_DateScores]] = {1: [], 2: []}
        with KeptSession(self._engine) as kept:
            for place, (count, pair, target) in enumerate(todo):
                if self._feedback.cancelled():
                    raise Cancelled
                pairs = " and ".join(f"{one.day} ({one.days_from(target.day):+d} days)" for one in target.pairs)
                self._feedback.info(f"{target.day} ({place + 1} of {len(todo)}) from {pairs}")
                part = Part(self._feedback, place / len(todo), 1 / len(todo))
                scored = self._date(count, pair.fine, target, methods, kept, part)
                if scored is not None:
                    groups[count].append(scored)
        if not any(groups.values()):
            reason = self._failed[0]["reason"] if self._failed else "there is no method"
            raise InputError(f"No method could be compared: {reason}")
        return self._result(groups, every.pairs)

    def _with_weights(self, methods: Sequence[Method]) -> list[Method]:
        """Return the methods without those networks that have no weights at all, unless they were asked for."""
        known = {card.method for card in default_library(self._engine.models).cards()}
        asked = {*self._settings.methods, *self._settings.models}
        without = [one for one in methods if one.runtime == "engine" and one.id not in known and one.id not in asked]
        if without:
            names = ", ".join(one.title for one in without)
            self._feedback.info(f"Networks without weights are left out: {names}")
        return [one for one in methods if one not in without]

    def _wanted(self, pairs: Sequence[DatedPair]) -> list[DatedPair]:
        """Return the pairs whose dates are left out in turn."""
        wanted = self._settings.wanted
        unknown = [day for day in wanted.days if day not in {pair.day for pair in pairs}]
        if unknown:
            raise InputError(f"DATES: {unknown[0]} has no fine and coarse image to compare with.")
        return [
            pair
            for pair in pairs
            if (not wanted.days or pair.day in wanted.days)
            and (wanted.first is None or pair.day >= wanted.first)
            and (wanted.last is None or pair.day <= wanted.last)
        ]

    def _target(self, pair: DatedPair, every: Sequence[DatedPair], count: int) -> Optional[Target]:
        """Return a date with its pairs, without the truth's; None where there are none, or not on both sides."""
        choice = replace(self._settings.choice, pairs=count, least=count, most=count)
        others = [one for one in every if one is not pair]
        target = replace(target_of(pair.day, pair.coarse, others, choice, pair.fine), observed=None)
        reason = target.problem
        if not reason and count == 2 and target.remark:
            reason = f"with two pairs, {target.remark}"
        if reason:
            self._left_out.append({"date": pair.day.isoformat(), "pairs": count, "reason": reason})
            self._feedback.info(f"{pair.day} is not predicted from {count} pair{'s' if count > 1 else ''}: {reason}")
            return None
        return target

    def _date(
        self,
        count: int,
        truth: Dated,
        target: Target,
        methods: Sequence[Method],
        kept: KeptSession,
        feedback: Part,
    ) -> Optional[_DateScores]:
        """Predict one date with all methods that take so many pairs, and score the results."""
        files: list[tuple[Method, Path, float]] = []
        for place, method in enumerate(methods):
            part = feedback.part(0.8 * place / len(methods), 0.8 / len(methods))
            path = self._folder / f"{method.id}.tif"
            begin = time.monotonic()
            try:
                self._predict(count, method, target, truth, path, kept, part)
            except InputError as error:
                self._note_failure(method, target, count, str(error))
                continue
            except _TakesOthers:
                continue
            files.append((method, path, time.monotonic() - begin))
        if not files:
            return None
        try:
            return self._scored(target, truth, files, feedback.part(0.8, 0.2))
        except InputError as error:
            self._failed.append({"date": target.day.isoformat(), "pairs": count, "id": "", "reason": str(error)})
            self._feedback.warning(f"{target.day}: {error}")
            return None
        finally:
            for _, path, _ in files:
                path.unlink(missing_ok=True)

    def _note_failure(self, method: Method, target: Target, count: int, reason: str) -> None:
        """Note that a method could not be run: quietly for a network that nobody asked for."""
        row = {"date": target.day.isoformat(), "pairs": count, "id": method.id, "title": method.title, "reason": reason}
        if method.runtime == "engine" and method.id not in self._settings.methods:
            text = f"{method.title} is left out: {reason}"
            if text not in self._said:
                self._feedback.info(text)
            self._said.add(text)
            return
        self._failed.append(row)
        self._feedback.warning(f"{target.day}, {method.title}: {reason}")

    def _predict(
        self,
        count: int,
        method: Method,
        target: Target,
        truth: Dated,
        path: Path,
        kept: KeptSession,
        feedback: Feedback,
    ) -> None:
        """Run one method; the truth is not among its inputs."""
        settings = self._settings
        named = settings.models.get(method.id)
        model = None if named is None else {"id": named}
        needed = pairs_needed(method, Choice(), model, self._engine)
        if not needed.least <= count <= needed.most:
            raise _TakesOthers
        like = DateJob(
            method.id,
            self._parameters_of(method),
            model,
            settings.device if method.runtime == "engine" else "auto",
            settings.threads,
            extent=settings.extent,
        )
        job: Job = replace(like.of(target, str(path)), outputs=[Output("OUTPUT", str(path), options=dict(QUICK))])
        if any(item.path == own.path for item in job.inputs for own in truth.inputs):
            raise InputError(f"{truth.name} is the truth and must not be an input.")

        def opened(plan: Plan) -> Session:
            _check_training(plan, truth)
            self._like = plan.sources["FINE_1"][0]
            if plan.comparison is not None:
                self._pixels = plan.comparison.ratio
            return kept.of(plan)

        run(job, self._catalogue, feedback, self._engine, opened, checks=False)

    def _parameters_of(self, method: Method) -> dict[str, Any]:
        """Return the values for those parameters that a method takes."""
        taken = {item.name for item in method.parameters}
        return {name: value for name, value in self._settings.parameters.items() if name in taken}

    def _scored(
        self, target: Target, truth: Dated, files: Sequence[tuple[Method, Path, float]], feedback: Part
    ) -> _DateScores:
        """Score the results of one date, all on the same pixels."""
        opened = describe("FINE_1", list(truth.inputs))
        try:
            source = opened if self._like is None else as_fine(opened, self._like)
            tests = [Pair(_in_units_of(source, str(path)), source) for _, path, _ in files]
            if len({pair.size for pair in tests}) > 1:
                raise InputError("The methods' results do not cover the same part.")
            self._settle(tests[0], source)
            return self._scored_pairs(target, truth, source, tests, files, feedback)
        finally:
            remove_virtual(opened)

    def _scored_pairs(
        self,
        target: Target,
        truth: Dated,
        source: Source,
        tests: Sequence[Pair],
        files: Sequence[tuple[Method, Path, float]],
        feedback: Part,
    ) -> _DateScores:
        bands, size = len(source.bands), tests[0].size
        scores = [
            ReferenceScores(bands, self._ratio, size, BLOCK, self._bands, self._units, self._range) for _ in tests
        ]
        sums = [BlockSums(bands, size) for _ in tests]
        for several in zip(*(pair.blocks(scores[0].halo, feedback) for pair in tests)):
            valid: Optional[Array] = None
            for block in several:
                valid = combine(valid, block.valid)
            for block, own, blocks in zip(several, scores, sums):
                row, column, rows, columns = block.place
                own.add(block.reference, block.test, valid, row, column, (rows, columns))
                part = np.s_[..., :rows, :columns]
                blocks.add(block.reference[part], block.test[part], None if valid is None else valid[part], row, column)
        try:
            results = [one.result() for one in scores]
        except ValueError as error:
            raise InputError(str(error)) from None
        self._definitions = results[0]["definitions"]
        wavelengths = [band.wavelength_nm for band in source.bands]
        shown = display_bands(bands, wavelengths)
        found = []
        for (method, _, seconds), pair, result, own_sums in zip(files, tests, results, sums):
            detail = pair.details(shown)[1]
            survey = self._survey(pair, tests) if self._settings.survey else None
            found.append(_Scored(method, result, own_sums.rows(), seconds, replace(detail, name=method.id), survey))
        return _DateScores(target, truth, found, size, tests[0].details(shown)[0])

    def _settle(self, pair: Pair, truth: Source) -> None:
        """Settle what holds for all dates, with the first one: the ratio, the data range, bands and units."""
        if self._bands:
            return
        self._bands, self._units = band_names(truth), units_of(truth)
        self._ratio = self._settings.ratio or self._pixels
        self._feedback.info(f"Ratio for ERGAS: {self._ratio:.4g}")
        if any(band.scale != 1 or band.offset != 0 for band in truth.bands):
            self._range = 1.0
            return
        lowest, highest = math.inf, -math.inf
        for block in pair.blocks(0, Part(self._feedback, 0, 0)):
            values = block.reference if block.valid is None else block.reference[:, block.valid]
            if values.size:
                lowest, highest = min(lowest, float(values.min())), max(highest, float(values.max()))
        if highest >= lowest:
            self._range = 1.0 if 0 < highest <= 2 else peak_range(lowest, highest)

    def _survey(self, pair: Pair, tests: Sequence[Pair]) -> dict[str, Any]:
        """Score as the survey's code does: tiles of 512 pixels, each whole and valid, none of them dropped."""
        factor = 1.0 if self._range == 1.0 else 1 / _REFLECTANCE
        rows, columns = pair.size
        tiles = list(split(rows, columns, _SURVEY_TILE, _SURVEY_TILE))
        kept = []
        for row, column, height, width in tiles:
            valid: Optional[Array] = None
            for other in tests:
                valid = combine(valid, other.read(row, column, height, width)[2])
            if min(height, width) < _SURVEY_LEAST or (valid is not None and not valid.all()):
                continue
            truth, test, _ = pair.read(row, column, height, width)
            kept.append(survey_scores(np.maximum(test, 0) * factor, np.maximum(truth, 0) * factor))
        names = SURVEY_DEFINITIONS
        means = {name: _mean([one[name] for one in kept]) for name in names}
        return {**means, "tiles": len(kept), "tiles_left_out": len(tiles) - len(kept)}

    # The result.

    def _result(self, groups: Mapping[int, list[_DateScores]], pairs: Sequence[DatedPair]) -> SeriesAssessment:
        made, details = [], {}
        for count, dates in groups.items():
            if not dates:
                continue
            rows = []
            for one in dates:
                ranking = self._ranked_date(one)
                rows.append(self._date_row(one, ranking))
                details[f"{count} {one.target.day}"] = _shown(one, ranking)
            made.append({"pairs": count, "methods": self._pooled(dates, rows), "dates": rows})
        settings = self._settings
        scores = {
            "task": TASK,
            "protocol": "leave one date out",
            "pairs": [{"date": one.day.isoformat(), "fine": one.fine.name, "coarse": one.coarse.name} for one in pairs],
            "ratio": self._ratio,
            "units": self._units,
            "data_range": self._range,
            "bands": self._bands,
            "block": BLOCK,
            "draws": DRAWS,
            "seed": SEED,
            "ranked_by": RANKED_BY,
            "baselines": list(BASELINES),
            "parameters": dict(settings.parameters),
            "groups": made,
            "left_out": self._left_out,
            "failed": self._failed,
            "definitions": self._definitions,
            **({"survey_definitions": dict(SURVEY_DEFINITIONS)} if settings.survey else {}),
        }
        return SeriesAssessment(scores, details)

    def _ranked_date(self, date: _DateScores) -> list[dict[str, Any]]:
        draws = Draws([one.sums for one in date.found], len(self._bands), self._ratio)
        methods = [
            {
                "id": one.method.id,
                "title": one.method.title,
                "baseline": one.method.id in BASELINES,
                "seconds": round(one.seconds, 3),
                "scores": one.scores["all"],
                "bands": one.scores["bands"],
                "pixels": one.scores["pixels"],
                **({"survey": one.survey} if one.survey is not None else {}),
            }
            for one in date.found
        ]
        rows = ranked(methods, draws, RANKED_BY)
        return [{**row, "against_baselines": _against(row, rows)} for row in rows]

    def _date_row(self, date: _DateScores, ranking: list[dict[str, Any]]) -> dict[str, Any]:
        target = date.target
        return {
            "date": target.day.isoformat(),
            "truth": date.truth.name,
            "coarse": "" if target.coarse is None else target.coarse.name,
            "from": [
                {
                    "date": pair.day.isoformat(),
                    "days": pair.days_from(target.day),
                    "fine": pair.fine.name,
                    "coarse": pair.coarse.name,
                }
                for pair in target.pairs
            ],
            "size": list(date.size),
            "methods": ranking,
        }

    def _pooled(self, dates: Sequence[_DateScores], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the ranking over all dates together, of the methods that predicted them all."""
        every = [{one.method.id: one for one in date.found} for date in dates]
        ids = [name for name in every[0] if all(name in found for found in every)]
        sums = [np.concatenate([found[name].sums for found in every]) for name in ids]
        draws = Draws(sums, len(self._bands), self._ratio)
        methods = []
        for name, own in zip(ids, sums):
            pooled = scores_of(own.sum(axis=0, keepdims=True), len(self._bands), self._ratio)
            several = [next(row for row in date["methods"] if row["id"] == name) for date in rows]
            verdicts = [row["against_baselines"] for row in several]
            methods.append(
                {
                    "id": name,
                    "title": every[0][name].method.title,
                    "baseline": name in BASELINES,
                    "seconds": round(sum(found[name].seconds for found in every), 3),
                    "scores": {metric: _number(float(pooled[metric][0])) for metric in METRICS},
                    "mean": {
                        metric: _mean([row["scores"][metric] for row in several]) for metric in several[0]["scores"]
                    },
                    **({"survey": _means([row["survey"] for row in several])} if "survey" in several[0] else {}),
                    "dates": len(several),
                    "better": verdicts.count("better"),
                    "ties": verdicts.count("tie"),
                    "worse": verdicts.count("worse"),
                }
            )
        ordered = ranked(methods, draws, RANKED_BY)
        few = draws.blocks < _FEW_BLOCKS
        return [
            {**row, "against_baselines": _against(row, ordered), "blocks": draws.blocks, "few_blocks": few}
            for row in ordered
        ]


def _in_units_of(truth: Source, path: str) -> Source:
    """Return a result, with the scale that is assumed for the truth where neither file states one."""
    found = describe("FUSED", [Input("FUSED", path)])
    bands = tuple(
        replace(band, scale=own.scale, offset=own.offset) if own.assumed and not band.scaled else band
        for band, own in zip(found.bands, truth.bands)
    )
    return replace(found, bands=bands)


class _TakesOthers(Exception):
    """A method takes another number of pairs."""


def _check_training(plan: Plan, truth: Dated) -> None:
    """Refuse a network whose card says that it was trained with the truth.

    Raises:
        InputError: It was.
    """
    if plan.card is None:
        return
    known = json.dumps(plan.card.data.get("training", {}), ensure_ascii=False)
    names = (PurePath(split_choice(item.path)[0]).name for item in truth.inputs)
    if any(re.search(rf"(?<![\w-]){re.escape(name)}", known) for name in names):  # "b.tif" is not "lab.tif"
        raise InputError(f"{plan.card.id} was trained with {truth.name}, so it is not scored on that date.")


def _against(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how a method stands against the best baseline: "better", "tie", "worse"; "" for a baseline itself."""
    best = next((one for one in rows if one["baseline"]), None)
    if row["baseline"] or best is None:
        return ""
    if best["id"] in row["tied_with"]:
        return "tie"
    return "better" if row["scores"][RANKED_BY] < best["scores"][RANKED_BY] else "worse"


def _shown(date: _DateScores, ranking: Sequence[Mapping[str, Any]]) -> tuple[Detail, ...]:
    """Return the middle of the truth, of the copied image and of the best method."""
    best = next((row["id"] for row in ranking if not row["baseline"]), ranking[0]["id"])
    by_id = {one.method.id: one.detail for one in date.found}
    return (date.reference, *(by_id[name] for name in dict.fromkeys(("copy", best)) if name in by_id))


def _mean(values: Sequence[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None and math.isfinite(value)]
    return float(np.mean(known)) if known else None


def _means(several: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: _mean([one[name] for one in several]) for name in several[0]}


def _number(value: float) -> Optional[float]:
    return value if math.isfinite(value) else None


def _are(count: int) -> str:
    return f"is {count}" if count == 1 else f"are {count}"
