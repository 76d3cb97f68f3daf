"""A series: the fine image of every date that only the coarse sensor saw, each from the pairs that suit it best.

Every date is a run of its own (`pipeline.run`), all of them with one open session. A date that fails is reported and
the others go on. A file that is there already is kept where the same job made it, so a series that was stopped goes on
where it was.
"""

from __future__ import annotations

import datetime
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

from ..catalogue import AUTO, CATALOGUE, Catalogue
from ..inference.library import default_library
from ..locations import version
from ..raster.gdal_calls import open_raster
from ..raster.products import split_choice
from ..raster.writer import RasterFormat, check_folder, expected_bytes, part_of
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.image_names import DatePattern
from ..tasks.job import Area, Job, Output, Preview
from ..tasks.method import Method
from .assess import write_text
from .estimate import about, bytes_text
from .execute import run
from .pairs import RATIO, TWO_PAIRS
from .record import DOMAIN, absolute, job_of, record
from .series_gaps import SOURCE_ENDING, Filled, fill, source_path
from .series_images import Dated, Search, dated_images
from .series_pairs import Choice, Target, Wanted, described, matched, targets_of
from .series_session import KeptSession
from .series_stack import check_folder_of, write_stack
from .tables import table_text

TASK = "spatiotemporal_fusion"
NAME = "predicted_%Y%m%d"
WRITTEN, KEPT, FAILED = "written", "kept", "failed"
_SURELY = 0.5
_MOST_FURTHER = 4  # more runs of one date, for gaps that the images of its pairs have too
_SERIES_JOB = "SERIES_JOB"
_UNTOLD = ("software", "threads", "window", "device", "format", "method", "parameters", "model")


@dataclass(frozen=True)
class DateJob:
    """What the job of every date is like.

    Attributes:
        method: Method id.
        parameters: Its parameters.
        model: {"id"} of a network's weights, or None.
        device: Where a network runs.
        threads: Compute threads.
        window: Side of the processing window, or None.
        seed: Seed of stochastic methods.
        extent: xmin, ymin, xmax, ymax in the fine images' CRS, or None.
        area: Polygons inside of which is computed, or None.
        preview: The part of one date that is computed, or None for whole series.
        options: COMPRESSION, OVERVIEWS, UNITS.
        dtype: GDAL type of the outputs; None for the fine images'.
    """

    method: str = AUTO
    parameters: Mapping[str, Any] = field(default_factory=dict)
    model: Optional[Mapping[str, str]] = None
    device: str = "auto"
    threads: int = 2
    window: Optional[int] = None
    seed: int = 0
    extent: Optional[list[float]] = None
    area: Optional[Area] = None
    preview: Optional[Preview] = None
    options: Mapping[str, Any] = field(default_factory=dict)
    dtype: Optional[str] = None

    def of(self, target: Target, path: str) -> Job:
        """Return the job of one date.

        Args:
            target: The date, with its pairs.
            path: Where the prediction goes.
        """
        inputs = []
        for number, pair in enumerate(target.pairs, 1):
            inputs += pair.fine.as_role(f"FINE_{number}", number)
            inputs += pair.coarse.as_role(f"COARSE_{number}", number)
        if target.coarse is not None:
            inputs += target.coarse.as_role("COARSE_TARGET")
        return Job(
            TASK,
            self.method,
            inputs,
            [Output("OUTPUT", path, "image", self.dtype, dict(self.options))],
            extent=None if self.extent is None else list(self.extent),
            area=self.area,
            preview=self.preview,
            parameters=dict(self.parameters),
            model=None if self.model is None else dict(self.model),
            window=self.window,
            device=self.device,
            threads=self.threads,
            seed=self.seed,
        )


@dataclass(frozen=True)
class SeriesRequest:
    """A series that is asked for.

    Attributes:
        fine: Folders and files of fine images.
        coarse: The same of coarse ones; empty where the fine images' folder holds them too.
        folder: Where the images go, a file for each date.
        search: Which images are taken.
        wanted: Which dates.
        choice: What limits the choice of pairs.
        job: What the job of every date is like.
        name: Names of the files, without ending: a pattern of the date with %Y, %m, %d and so on.
        fill_gaps: Keep the clear pixels of fine images, and predict only what is missing in them.
        overwrite: Make files again that are there.
        stack: A raster with all dates, or "".
        table: CSV or JSON of what was done with each date, or "".
    """

    fine: tuple[str, ...]
    coarse: tuple[str, ...]
    folder: str
    search: Search = field(default_factory=Search)
    wanted: Wanted = field(default_factory=Wanted)
    choice: Choice = field(default_factory=Choice)
    job: DateJob = field(default_factory=DateJob)
    name: str = NAME
    fill_gaps: bool = False
    overwrite: bool = False
    stack: str = ""
    table: str = ""


@dataclass(frozen=True)
class SeriesResult:
    """What was made.

    Attributes:
        files: Date and file of each image, in order.
        sources: For each of them the file that says where its pixels come from; empty without FILL_GAPS.
        rows: The table: a row for each date.
        stack: The stack, or "".
        table: The table's file, or "".
        opened: How many sessions were opened for networks.
    """

    files: list[tuple[datetime.date, str]]
    sources: list[str]
    rows: list[dict[str, Any]]
    stack: str = ""
    table: str = ""
    opened: int = 0

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The rows of the dates that could not be predicted."""
        return [row for row in self.rows if row["outcome"] == FAILED]


# Called for each finished file, with its kind ("image", "classes"), before the next date begins.
Made = Callable[[str, str], None]
# Called once, before the first date, with the fine images: the clearest first, of equally clear ones the earliest.
Seen = Callable[[Sequence[Dated]], None]


def check_series(request: SeriesRequest, catalogue: Catalogue = CATALOGUE) -> Method:
    """Refuse what cannot be done, without opening an image; return the method.

    Raises:
        InputError: An unknown method, a bad pattern, or a folder that cannot be written to.
    """
    method = catalogue.method(TASK, request.job.method)
    if request.search.pattern.strip():
        DatePattern(request.search.pattern)
    _check_name(request.name)
    if request.wanted.first and request.wanted.last and request.wanted.first > request.wanted.last:
        raise InputError("FROM lies after TO; give the earlier date first.")
    if request.stack:
        check_folder_of(request.stack)
    if request.table:
        check_folder(Path(request.table))
    return method


def _check_name(name: str) -> None:
    """Refuse names of files that are not names, or the same for two dates."""
    if not name.strip() or any(sign in name for sign in '/\\:*?"<>|') or name.strip().startswith("."):
        raise InputError(f"NAME must be a file name such as {NAME}, not {name!r}.")
    try:
        DatePattern(name)
    except InputError as error:
        raise InputError(str(error).replace("DATE_PATTERN", "NAME").replace("*_%Y%m%d_*", NAME)) from None


def file_of(request: SeriesRequest, day: datetime.date) -> str:
    """Return the file of a date."""
    stem = datetime.datetime.combine(day, datetime.time()).strftime(request.name.strip())
    stem = stem[: -len(".tif")] if stem.lower().endswith(".tif") else stem
    return str(Path(request.folder) / f"{stem}{'_preview' if request.job.preview else ''}.tif")


def pairs_needed(method: Method, choice: Choice, model: Optional[Mapping[str, str]], engine: EngineSettings) -> Choice:
    """Return the choice with the pairs that a method needs and takes.

    Raises:
        InputError: PAIRS asks for pairs that it does not take, or it needs a model that is not there.
    """
    least, most = (2, 2) if method.id in TWO_PAIRS else (1, 2)
    if method.runtime == "engine":
        least, most = _pairs_of_models(method, model, engine)
    if choice.pairs and not least <= choice.pairs <= most:
        needs = f"{least} pair{'s' if least > 1 else ''}"
        raise InputError(f"PAIRS is {choice.pairs}, but {method.title} takes {needs}; leave PAIRS at auto.")
    return replace(choice, least=least, most=most)


def _pairs_of_models(method: Method, model: Optional[Mapping[str, str]], engine: EngineSettings) -> tuple[int, int]:
    """Return the fewest and most pairs that a network takes: as the model's card says, or those of all its models.

    One made for one pair takes two as well: it is run on each, and the results are blended.
    """
    library = default_library(engine.models)
    cards = [library.find(model["id"])] if model else [card for card in library.cards() if card.method == method.id]
    needs = [any(item.role == "FINE_2" and item.min_count for item in card.inputs) for card in cards]
    return (2 if needs and all(needs) else 1), 2


def find_targets(
    request: SeriesRequest,
    catalogue: Catalogue,
    feedback: Feedback,
    engine: EngineSettings = USUAL,
    seen: Optional[Seen] = None,
) -> list[Target]:
    """Return the dates to predict, each with its pairs; the log says how they were chosen.

    Raises:
        InputError: Images are missing or cannot be read, or no date is to be predicted.
        Cancelled: The user cancelled.
    """
    method = check_series(request, catalogue)
    choice = pairs_needed(method, request.choice, request.job.model, engine)
    fine, coarse = dated_images(request.fine, request.coarse, request.search, feedback)
    feedback.info(f"FINE: {len(fine)} dates from {fine[0].day} to {fine[-1].day}")
    feedback.info(f"COARSE: {len(coarse)} dates from {coarse[0].day} to {coarse[-1].day}")
    for note in matched(fine, coarse, choice.pair_days).notes:
        feedback.info(note)
    wanted = replace(request.wanted, with_fine=request.wanted.with_fine or request.fill_gaps)
    targets = targets_of(fine, coarse, wanted, choice)
    if not targets:
        raise InputError(
            "No date is to be predicted: every coarse image within FROM and TO has a fine one; give DATES or FILL_GAPS."
        )
    feedback.info("Pairs by days divided by the share that is clear:")
    for line in described(targets):
        feedback.info(line)
    if seen is not None:
        seen(sorted(fine, key=lambda one: (-one.clear, one.day)))
    return targets


def run_series(
    request: SeriesRequest,
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
    made: Optional[Made] = None,
    seen: Optional[Seen] = None,
) -> SeriesResult:
    """Predict a series.

    Args:
        request: What is asked for.
        catalogue: Tasks and methods to choose from.
        feedback: Who is told about progress, and who may cancel.
        engine: Where networks run, and where the user's models lie.
        made: Called for each finished file.
        seen: Called with the fine images, before the first date.

    Raises:
        InputError: Nothing could be predicted; what had been is left, and the table says why.
        Cancelled: The user cancelled; only whole files are left.
    """
    feedback = feedback or Feedback()
    Path(request.folder).mkdir(parents=True, exist_ok=True)
    targets = find_targets(request, catalogue, feedback, engine, seen)
    if request.job.preview is not None:
        targets = [next((one for one in targets if not one.problem), targets[0])]
    return _Series(request, catalogue, feedback, engine, made or _nothing).run(targets)


class _Series:
    """One series."""

    def __init__(
        self, request: SeriesRequest, catalogue: Catalogue, feedback: Feedback, engine: EngineSettings, made: Made
    ) -> None:
        self._request, self._catalogue, self._feedback = request, catalogue, feedback
        self._engine, self._made = engine, made
        self._said: set[str] = set()
        self._reasons: dict[str, datetime.date] = {}
        self._ratio = 0.0
        method = catalogue.method(TASK, request.job.method)
        self._least = pairs_needed(method, request.choice, request.job.model, engine).least
        self._first_told: Optional[datetime.date] = None
        self._foretold = False

    def run(self, targets: list[Target]) -> SeriesResult:
        request = self._request
        self._check_disk(targets)
        files: list[tuple[datetime.date, str]] = []
        rows: list[dict[str, Any]] = []
        with KeptSession(self._engine) as kept:
            for number, target in enumerate(targets):
                if self._feedback.cancelled():
                    raise Cancelled
                row = self._date(target, number, len(targets), kept)
                rows.append(row)
                if row["outcome"] != FAILED:
                    files.append((target.day, str(row["file"])))
            opened = kept.opened
        if request.table:
            write_text(request.table, table_text(rows, Path(request.table).suffix))
        failed = [row for row in rows if row["outcome"] == FAILED]
        self._feedback.info(f"{len(files)} of {len(targets)} dates are done")
        if not files:
            raise InputError(f"No date could be predicted; {failed[0]['date']}: {failed[0]['reason']}")
        if failed:
            names = ", ".join(str(row["date"]) for row in failed)
            self._feedback.warning(f"{len(failed)} of {len(targets)} dates could not be predicted: {names}.")
        if request.stack:
            write_stack(files, request.stack, dict(request.job.options), request.job.threads, self._feedback)
            self._made(request.stack, "image")
        sources = [source_path(path) for _, path in files] if self._fills else []
        self._feedback.progress(1.0)
        return SeriesResult(files, sources, rows, request.stack, request.table, opened)

    @property
    def _fills(self) -> bool:
        return self._request.fill_gaps and self._request.job.preview is None

    def _date(self, target: Target, number: int, count: int, kept: KeptSession) -> dict[str, Any]:
        """Make one date, and return its row of the table."""
        begin = time.monotonic()
        path = file_of(self._request, target.day)
        row = {**target.row(), "method": "", "outcome": FAILED, "reason": target.problem, "file": "", "seconds": 0.0}
        more: dict[str, Any] = {}
        if not target.problem:
            job = self._request.job.of(target, path)
            if self._ratio:
                job.parameters[RATIO] = self._ratio
            try:
                if not self._request.overwrite and self._is_there(path, job, target):
                    row.update(outcome=KEPT, file=path)
                    self._keep_ratio(job_record(path), job)
                else:
                    self._feedback.info(f"Date {number + 1} of {count}: {target.day}")
                    more = self._make(target, job, path, kept, _Telling(self, target.day, number / count, 1 / count))
                    row.update(outcome=WRITTEN, file=path, reason=target.remark)
                row["method"] = job_record(path).method
            except InputError as error:
                row["reason"] = str(error)
        if row["outcome"] == FAILED:
            reason = str(row["reason"])
            first = self._reasons.setdefault(reason, target.day)
            text = reason if first == target.day else f"for the same reason as {first}"
            self._feedback.warning(f"{target.day} could not be predicted: {text}")
        else:
            self._made(path, "image")
            if self._fills:
                self._made(source_path(path), "measure")
        row["seconds"] = round(time.monotonic() - begin, 2)
        if row["outcome"] == WRITTEN:
            self._foretell(row, count - number - 1)
        return {**row, **more}

    def _make(self, target: Target, job: Job, path: str, kept: KeptSession, feedback: Feedback) -> dict[str, Any]:
        """Predict one date, and fill the gaps of its fine image where that is wanted."""
        if not self._fills:
            self._keep_ratio(run(job, self._catalogue, feedback, self._engine, kept.of).job, job)
            return {}
        files: list[Path] = []
        predictions: list[tuple[Job, str]] = []

        def predicted(asked: Target) -> Job:
            """Predict into a part file; return the job as it was run."""
            files.append(part_of(Path(path)))
            inner = replace(self._request.job.of(asked, str(files[-1])), parameters=dict(job.parameters))
            settled = run(inner, self._catalogue, feedback, self._engine, kept.of).job
            predictions.append((inner, str(files[-1])))
            return settled

        def filled() -> Filled:
            quiet = _Quiet(self._feedback)
            return fill(predictions, observed, path, metadata, self._catalogue, self._engine, quiet)

        try:
            done = predicted(target)
            self._keep_ratio(done, job)
            observed = None if target.observed is None else target.observed.inputs[0]
            settled = replace(done, outputs=[replace(done.outputs[0], path=path)])
            metadata = _record_of_filled(settled, target)
            found = filled()
            for further in self._further(target):
                if found.open <= 0:
                    break
                try:
                    predicted(further)
                except InputError:
                    continue
                found = filled()
        finally:
            for file in files:
                file.unlink(missing_ok=True)
                file.with_name(file.name + ".aux.xml").unlink(missing_ok=True)
        return {
            "observed_share": round(found.observed, 4),
            "predicted_share": round(found.predicted, 4),
            "missing_share": round(found.missing, 4),
        }

    def _further(self, target: Target) -> list[Target]:
        """Return the date with other pairs, the nearest first, for what the chosen ones lack."""
        grid, count = target.pairs[0].fine.grid, self._least
        pairs = [pair for pair in target.further if pair.fine.grid == grid][: count * _MOST_FURTHER]
        several = [pairs[start : start + count] for start in range(0, len(pairs), count)]
        return [replace(target, pairs=tuple(some)) for some in several if len(some) == count]

    def _keep_ratio(self, done: Job, asked: Job) -> None:
        """Keep the coarse pixel's size as measured in the first date's images: it is the sensor's, for all dates."""
        if not asked.parameters.get(RATIO):
            self._ratio = float(done.parameters.get(RATIO) or 0.0)

    def _is_there(self, path: str, job: Job, target: Target) -> bool:
        """Tell whether a date's file is there, whole, made by the same job, and not older than its images."""
        wanted = [path, source_path(path)] if self._fills else [path]
        if not all(Path(one).is_file() for one in wanted):
            return False
        try:
            found = job_record(path)
            dataset = open_raster(path)
        except InputError:
            return False
        filled = dataset.GetMetadataItem("FILLED", DOMAIN) or dataset.GetMetadataItem(f"{DOMAIN}_FILLED")
        if (filled or "") != (_observed_name(target) if self._fills else ""):
            return False
        if not same_job(found, job, self._catalogue):
            self._feedback.info(f"{Path(path).name} is made again: it was made in another way")
            return False
        made = Path(path).stat().st_mtime
        read = [*job.inputs, *(target.observed.inputs if self._fills and target.observed else ())]
        sources = [Path(split_choice(item.path)[0]) for item in read]
        return all(not one.exists() or one.stat().st_mtime <= made for one in sources)

    def _check_disk(self, targets: list[Target]) -> None:
        """Say how large the series can become, and refuse it where the disk is surely too small."""
        count = sum(not one.problem for one in targets)
        size = sum(_expected(one, self._request) for one in targets if one.pairs)
        free = shutil.disk_usage(self._request.folder).free
        text = f"Estimate: {count} dates, at most {bytes_text(size)}; {bytes_text(free)} are free"
        self._feedback.info(text)
        if size * _SURELY > free and self._request.job.preview is None:
            raise InputError(f"{text}, which is not enough; choose another folder, fewer dates or a smaller EXTENT.")

    def _foretell(self, row: Mapping[str, Any], left: int) -> None:
        """After the first date say how long the others will take, and how much they will write."""
        if self._foretold:
            return
        self._foretold = True
        wanted = [str(row["file"])] + ([source_path(str(row["file"]))] if self._fills else [])
        size = sum(Path(one).stat().st_size for one in wanted)
        if self._request.job.preview is not None:
            self._feedback.info(f"Preview of {row['date']} in {row['seconds']:.1f} s; a whole date takes longer")
            return
        if not left:
            return
        need = size * left
        free = shutil.disk_usage(self._request.folder).free
        self._feedback.info(
            f"Estimate: the first date took {row['seconds']:.1f} s; the other {left} take "
            f"{about(float(row['seconds']) * left)} and {bytes_text(need)}"
        )
        if need * _SURELY > free:
            raise InputError(
                f"The other {left} dates need about {bytes_text(need)} and {bytes_text(free)} are free; choose another "
                f"folder, fewer dates or a smaller EXTENT."
            )

    def tell(self, day: datetime.date, text: str, is_warning: bool) -> None:
        """Pass on what one date's run says: lines of the first date alone, warnings once for the whole series."""
        self._first_told = self._first_told or day
        if text in self._said or not (is_warning or day == self._first_told):
            return
        self._said.add(text)
        if is_warning:
            self._feedback.warning(f"{day}: {text}")
        else:
            self._feedback.info(text)

    @property
    def feedback(self) -> Feedback:
        """Who is told."""
        return self._feedback


class _Telling(Feedback):
    """What one date's run says to the user: lines of the first date, warnings once, progress as a part of the whole."""

    def __init__(self, series: _Series, day: datetime.date, start: float, span: float) -> None:
        self._series, self._day, self._start, self._span = series, day, start, span

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Pass it on."""
        self._series.feedback.progress(min(1.0, self._start + fraction * self._span))

    def info(self, text: str) -> None:
        """Pass it on, once for the series."""
        if not text.startswith(("Finished:", "Estimate:")):
            self._series.tell(self._day, text, is_warning=False)

    def warning(self, text: str) -> None:
        """Pass it on, once for the series."""
        self._series.tell(self._day, text, is_warning=True)

    def cancelled(self) -> bool:
        """Pass it on."""
        return self._series.feedback.cancelled()


class _Quiet(Feedback):
    """Passes on a cancel alone."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    def cancelled(self) -> bool:
        """Pass it on."""
        return self._feedback.cancelled()


def same_job(found: Job, wanted: Job, catalogue: Catalogue) -> bool:
    """Tell whether a file's record is that of a job: the same images, method, parameters, weights and output.

    What does not change the result, such as threads and windows, does not count; another version of SatFusion does.
    """
    if found.software.get("satfusion") != version() or found.task != wanted.task:
        return False
    method = catalogue.method(wanted.task, wanted.method)
    if found.method != method.id:
        return False
    usual = {item.name: item.default for item in method.parameters}
    for name, value in found.parameters.items():
        if name == RATIO and not wanted.parameters.get(name):
            continue  # measured in the images
        given = wanted.parameters.get(name, usual.get(name))
        if isinstance(value, (list, tuple)) or isinstance(given, (list, tuple)):
            value, given = list(value or ()), list(given or ())
        if value != given:
            return False
    model = (found.model or {}).get("id"), (wanted.model or {}).get("id")
    if wanted.model is not None and model[0] != model[1] and Path(str(model[1])).name != model[0]:
        return False
    one, other = (_told(absolute(job)) for job in (found, wanted))
    return one == other


def _told(job: Job) -> dict[str, Any]:
    return {name: value for name, value in asdict(job).items() if name not in _UNTOLD}


def job_record(path: str) -> Job:
    """Return the job that predicted a file of a series, filled or not.

    Raises:
        InputError: It was not made by SatFusion.
    """
    dataset = open_raster(path)
    text = dataset.GetMetadataItem(_SERIES_JOB, DOMAIN) or dataset.GetMetadataItem(f"{DOMAIN}_{_SERIES_JOB}")
    return Job.from_json(text) if text else job_of(path)


def _record_of_filled(job: Job, target: Target) -> dict[str, dict[str, str]]:
    """Return the metadata of a filled image: its job is that of the prediction alone, so it is not called JOB."""
    made = record(job, f"{target.day.isoformat()}T00:00:00Z")
    own = dict(made[DOMAIN])
    own[_SERIES_JOB] = own.pop("JOB")
    own["FILLED"] = _observed_name(target)
    return {**made, DOMAIN: own}


def _observed_name(target: Target) -> str:
    return "nothing observed" if target.observed is None else target.observed.name


def _expected(target: Target, request: SeriesRequest) -> float:
    """Return the bytes that a date takes at the most."""
    fine: Dated = target.pairs[0].fine
    kind = request.job.dtype or fine.dtype
    compression = str(request.job.options.get("COMPRESSION", "deflate")).lower()
    form = RasterFormat(kind, compression=compression, overviews=bool(request.job.options.get("OVERVIEWS", True)))
    size = expected_bytes(fine.grid, fine.bands, form)
    if request.fill_gaps:
        size += expected_bytes(fine.grid, 2, replace(form, dtype="Int16"))
    return size


def _nothing(path: str, kind: str) -> None:
    """Do nothing with a finished file."""


__all__ = [
    "NAME",
    "SOURCE_ENDING",
    "DateJob",
    "SeriesRequest",
    "SeriesResult",
    "check_series",
    "file_of",
    "find_targets",
    "pairs_needed",
    "run_series",
    "same_job",
]
