"""Running a job: scene-wide passes, then windows computed by some threads and written by the caller's.

Windows are written in order, and only a few are in memory at any moment, so the peak depends on the window and not on
the raster. The caller's thread polls for a cancel ten times a second.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional, TypeVar

import numpy as np
from osgeo import gdal

from ..catalogue import CATALOGUE, Catalogue
from ..locations import version
from ..raster.encode import encode, type_range
from ..raster.gdal_calls import DTYPES
from ..raster.reader import Reader
from ..raster.unpack import unpack
from ..raster.windows import split, spread
from ..raster.writer import RasterWriter, part_of, replace_file
from ..runtime.memory import keep_freed_memory
from ..runtime.session import Session, SessionInfo
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Job
from ..tasks.method import Array, Pass, State
from ..tasks.validity import combine
from ..tasks.window import Window
from . import estimate
from .outputs import OutputPlan
from .pair_comparison import COMPARISON
from .plan import Plan, make_plan
from .preview import shared, windows_of
from .record import record
from .sessions import session_of
from .tables import table_text, with_revisits

_POLL_S = 0.1
_AHEAD = 4
# Threads for a session that computes one window at a time: one waits for it, others read and encode meanwhile.
_AROUND_A_SESSION = 3
_Place = tuple[int, int, int, int]
_T = TypeVar("_T")


@dataclass(frozen=True)
class RunResult:
    """What a run made.

    Attributes:
        outputs: Path by output name.
        job: The job as run.
        seconds: Wall time.
        state: What the scene-wide passes found.
    """

    outputs: dict[str, str]
    job: Job
    seconds: float
    state: State


def run(
    job: Job,
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
    open_session: Optional[Callable[[Plan], Session]] = None,
    checks: bool = True,
) -> RunResult:
    """Run a job.

    Args:
        job: What to do.
        catalogue: Tasks and methods to choose from.
        feedback: Who is told about progress, and who may cancel.
        engine: Where networks run, and where the user's models lie.
        open_session: Makes the session that computes; the run opens and closes it. None for the usual one.
        checks: Afterwards, compare a network's result with its input, and tell the effective resolution of a
            super-resolved image; both go to the log alone.

    Raises:
        InputError: Bad input, found before or during the run; no output is left.
        Cancelled: The user cancelled; no output is left.
    """
    feedback = feedback or Feedback()
    begin = time.monotonic()
    keep_freed_memory()
    threads = job.threads if job.threads > 0 else os.cpu_count() or 1
    software = {"satfusion": version(), "gdal": gdal.__version__, **job.software}
    plan = make_plan(replace(job, threads=threads, software=software), catalogue, engine)
    try:
        for note in plan.notes:
            feedback.info(note)
        for warning in plan.warnings:
            feedback.warning(warning)
        size = plan.grid.rows, plan.grid.columns
        unpacked = unpack(plan.sources, plan.axes, size, Path(job.outputs[0].path), threads, feedback)
        try:
            whole = replace(plan, sources=unpacked.sources)
            session = session_of(whole, engine) if open_session is None else open_session(whole)
            state = _Run(whole, session, feedback).execute()
            if checks:
                _check_consistency(whole, state, feedback)
            if checks and open_session is None:
                _tell_resolution(whole, state, catalogue, engine, feedback)
        finally:
            unpacked.remove()
    finally:
        plan.close()
    seconds = time.monotonic() - begin
    megapixels = plan.part[2] * plan.part[3] / 1e6
    feedback.info(f"Finished: {megapixels:.1f} megapixels in {seconds:.1f} s with {threads} threads")
    return RunResult({output.name: output.path for output in job.outputs}, plan.job, seconds, state)


def _check_consistency(plan: Plan, state: State, feedback: Feedback) -> None:
    """Say how well a network's result agrees with its input; the result stands whatever comes of it."""
    if plan.card is None or not plan.rasters or plan.rasters[0].spec.like not in ("MS", "REVISITS"):
        return
    role = plan.rasters[0].spec.like
    from .consistency import measure  # loads classical methods, which nothing needs before

    try:
        found = measure(plan, state, plan.implementation.parameters, feedback)
    except InputError as error:
        feedback.warning(f"The result could not be compared with {role}: {error}")
        return
    if found is not None:
        found.describe(feedback)


def _tell_resolution(
    plan: Plan, state: State, catalogue: Catalogue, engine: EngineSettings, feedback: Feedback
) -> None:
    """Say how fine the detail of a super-resolved image is; the result stands whatever comes of it."""
    if plan.task.id != "super_resolution" or not plan.rasters or "photometry" not in state:
        return
    from .effective_resolution import describe  # only where it is needed

    try:
        feedback.info(describe(plan, state, catalogue, engine, feedback))
    except InputError as error:
        feedback.warning(f"The effective resolution could not be told: {error}")


@dataclass(frozen=True)
class _Fused:
    """A window of the outputs: where it lies in the grid, an array for each raster, and how many pixels are valid."""

    place: _Place
    arrays: list[Array]
    valid: int


class _Run:
    """One run of one plan."""

    def __init__(self, plan: Plan, session: Session, feedback: Feedback) -> None:
        self._plan = plan
        self._feedback = feedback
        self._local = threading.local()
        self._stop = threading.Event()
        self._session = session
        self._opening: Future[SessionInfo] = Future()
        self._noted: set[str] = set()
        self._concurrent = True
        self._lock = threading.Lock()
        self._begin = time.monotonic()
        self._done = 0.0
        self._total = 1.0
        self._compared: Any = None

    def execute(self) -> State:
        plan = self._plan
        before = plan.comparison.passes() if plan.comparison is not None else ()
        passes = (*before, *plan.implementation.passes())
        pixels = float(plan.grid.rows * plan.grid.columns)
        bands = sum(len(output.bands) for output in plan.rasters) or 1
        places = list(windows_of(plan.grid, plan.window, plan.part))
        work = float(sum(rows * columns for _, _, rows, columns in places) * bands)
        self._total = pixels * len(passes) + work
        threads = max(1, plan.job.threads)
        with contextlib.ExitStack() as stack:
            stack.callback(self._session.close)
            pool = stack.enter_context(ThreadPoolExecutor(threads, "satfusion"))
            around = stack.enter_context(ThreadPoolExecutor(max(threads, _AROUND_A_SESSION), "satfusion"))
            try:
                self._opening = around.submit(self._open)
                if estimate.is_long(self._total):
                    self._estimate(pool, around, passes, places)
                state = self._passes(pool, passes, pixels)
                self._give(around, state)
                if plan.comparison is not None:
                    plan.comparison.describe(state[COMPARISON], self._feedback)
                for line in plan.implementation.describe(state):
                    self._feedback.info(line)
                self._write(self._threads(pool, around), state, places, work)
            except BaseException:
                self._stop.set()
                self._session.cancel()
                self._pass_on_remarks()
                raise
        return state

    def _open(self) -> SessionInfo:
        """Open the session; runs beside the passes, which do not need it."""
        info = self._session.open()
        self._concurrent = info.concurrent
        return info

    def _give(self, around: ThreadPoolExecutor, state: State) -> None:
        """Wait until the session is open, and give it the state."""
        for note in self._result(self._opening).notes:
            if note not in self._noted:
                self._noted.add(note)
                self._feedback.info(note)
        own = {name: found for name, found in state.items() if name != COMPARISON}
        self._result(around.submit(self._session.set_state, own))

    def _threads(self, pool: ThreadPoolExecutor, around: ThreadPoolExecutor) -> ThreadPoolExecutor:
        """Return the threads that are to fuse: more than asked for where only one of them computes at a time."""
        return pool if self._concurrent else around

    def _estimate(
        self, pool: ThreadPoolExecutor, around: ThreadPoolExecutor, passes: Sequence[Pass], places: list[_Place]
    ) -> None:
        """Compute a few windows, throw them away, and say how long the run will take and how much it will write.

        Where the few windows are not enough for the statistics, nothing is said.
        """
        plan = self._plan
        every = list(split(plan.grid.rows, plan.grid.columns, *plan.pass_window))
        few, some = (estimate.some_of(every, plan.job.threads), estimate.some_of(places, plan.job.threads))
        begin = time.monotonic()
        try:
            state = self._scan(pool, passes, few)
            scanned = (time.monotonic() - begin) * len(every) / len(few)
            self._give(around, state)
            begin = time.monotonic()
            fused = list(self._in_order(self._threads(pool, around), self._fuse, some))
        except InputError:
            if self._stop.is_set():
                raise
            return
        sizes = [
            sum(estimate.written_size(one.arrays[number], made.form) for one in fused)
            for number, made in enumerate(plan.rasters)
        ]
        written = (time.monotonic() - begin) * len(places) / len(some)
        share = sum(one.place[2] * one.place[3] for one in fused) / (plan.part[2] * plan.part[3])
        expected = [estimate.expected_size(size, share, made.form) for size, made in zip(sizes, plan.rasters)]
        self._feedback.info(estimate.describe(scanned + written, sum(expected)))
        for made, size in zip(plan.rasters, expected):
            for warning in estimate.check_disk(made.output.path, size, made.form):
                self._feedback.warning(warning)
        self._begin = time.monotonic()

    def _passes(self, pool: ThreadPoolExecutor, passes: Iterable[Pass], pixels: float) -> State:
        """Run the passes over fixed windows, merging in window order."""
        plan = self._plan
        return self._scan(pool, passes, list(split(plan.grid.rows, plan.grid.columns, *plan.pass_window)), pixels)

    def _scan(
        self, pool: ThreadPoolExecutor, passes: Iterable[Pass], places: list[_Place], pixels: float = 0.0
    ) -> State:
        """Run the passes over some windows; `pixels` is the work that each of them stands for."""
        plan = self._plan
        state: State = {}
        self._compared = None
        for one in passes:
            looked_at = places if one.windows is None else spread(places, one.windows)

            def accumulate(place: _Place, one: Pass = one) -> Any:
                window = plan.window_at(place, dict(one.halo), one.roles)
                window = replace(window, cancelled=self._stop.is_set)
                if plan.polygons is None:
                    return one.add(self._blocks(window, one.roles), window, state)
                if not _any_inside(plan, place):
                    return None
                return one.add(_only_inside(plan, self._blocks(window, one.roles), window, one.roles), window, state)

            merged: Any = None
            for found in self._in_order(pool, accumulate, looked_at):
                if found is not None:
                    merged = found if merged is None else one.merge(merged, found)
                if pixels:
                    self._advance(pixels / len(looked_at))
            state[one.name] = one.finish(merged, state)
            if one.name == COMPARISON:
                self._compared = state[COMPARISON]
        return state

    def _write(self, pool: ThreadPoolExecutor, state: State, places: list[_Place], work: float) -> None:
        plan = self._plan
        grid, (top, left, _, _) = plan.grid.crop(*plan.part), plan.part
        metadata = record(plan.job, plan.date)
        pixels = sum(rows * columns for _, _, rows, columns in places)
        valid_pixels = 0
        with contextlib.ExitStack() as stack:
            writers = [
                stack.enter_context(RasterWriter(made.output.path, grid, made.bands, made.form, metadata))
                for made in plan.rasters
            ]
            if writers:
                for place, fused in zip(places, self._in_order(pool, self._fuse, places)):
                    for writer, array in zip(writers, fused.arrays):
                        writer.write(fused.place[0] - top, fused.place[1] - left, array)
                    valid_pixels += fused.valid
                    self._advance(work * place[2] * place[3] / pixels)
                    self._pass_on_remarks()
                if valid_pixels == 0:
                    raise InputError(_nothing_valid(plan))
            tables = _write_tables(plan, state, stack)
            for writer in writers:
                self._raise_if_cancelled()
                writer.commit()
            for part, path in tables:
                replace_file(part, path)

    def _fuse(self, place: _Place) -> _Fused:
        """Read, compute and encode a window, and cut it to what is written."""
        plan = self._plan
        part = shared(place, plan.part) or place
        rows, columns = part[0] - place[0], part[1] - place[1]
        cut = (slice(rows, rows + part[2]), slice(columns, columns + part[3]))
        inside = plan.polygons.inside(_box(part), part[2], part[3]) if plan.polygons is not None else None
        if inside is not None and not inside.any():
            return _Fused(part, [_empty(made, part) for made in plan.rasters], 0)
        results = self._computed(place)
        arrays, most = [], 0
        for made in plan.rasters:
            values = results[made.spec.name][:, cut[0], cut[1]]
            valid = results.get(f"{made.spec.name}_valid")
            valid = combine(None if valid is None else valid[..., cut[0], cut[1]], inside)
            most = max(most, part[2] * part[3] if valid is None else int(np.count_nonzero(valid)))
            arrays.append(_encoded(made, values, valid))
        return _Fused(part, arrays, most)

    def _computed(self, place: _Place) -> dict[str, Array]:
        plan = self._plan
        roles = tuple(role for role, images in plan.sources.items() if images)
        window = plan.window_at(place, plan.implementation.halo(), roles)
        blocks = self._blocks(window, roles)
        if self._concurrent:
            return self._session.fuse([blocks], [window])[0]
        with self._lock:
            return self._session.fuse([blocks], [window])[0]

    def _blocks(self, window: Window, roles: Iterable[str]) -> dict[str, Any]:
        """Read the blocks of a window; each thread has its own open files."""
        plan = self._plan
        roles = tuple(roles)
        readers = self._readers()
        blocks: dict[str, Any] = {}
        for role in roles:
            at = window.blocks[role]
            several = at if isinstance(at, tuple) else (at,)
            read = [
                readers[role, place].read(block.row, block.column, block.rows, block.columns)
                for place, block in enumerate(several)
            ]
            is_list = plan.task.role(role).is_list
            blocks[role] = tuple(values for values, _ in read) if is_list else read[0][0]
            blocks[f"{role}_valid"] = tuple(valid for _, valid in read) if is_list else read[0][1]
            if role in plan.days:
                blocks[f"{role}_days"] = np.array(plan.days[role], np.int32)
        if plan.comparison is not None and self._compared is not None:
            plan.comparison.adjust(blocks, roles, self._compared)
        return blocks

    def _readers(self) -> dict[tuple[str, int], Reader]:
        readers: Optional[dict[tuple[str, int], Reader]] = getattr(self._local, "readers", None)
        if readers is None:
            count = sum(len(images) for images in self._plan.sources.values())
            readers = {
                (role, place): Reader(image, self._plan.physical, count)
                for role, images in self._plan.sources.items()
                for place, image in enumerate(images)
            }
            self._local.readers = readers
        return readers

    def _in_order(self, pool: ThreadPoolExecutor, work: Callable[[_Place], _T], places: list[_Place]) -> Iterator[_T]:
        """Yield the results of `work` in the order of `places`, with only a few windows in flight."""
        waiting: deque[Future[_T]] = deque()
        ahead = self._plan.job.threads + _AHEAD
        upcoming = iter(places)
        try:
            for _ in places:
                while len(waiting) < ahead:
                    place = next(upcoming, None)
                    if place is None:
                        break
                    waiting.append(pool.submit(work, place))
                yield self._result(waiting.popleft())
        finally:
            self._stop_if_unfinished(waiting)

    def _stop_if_unfinished(self, waiting: deque[Future[Any]]) -> None:
        if waiting:
            self._stop.set()
            self._session.cancel()
            for future in waiting:
                future.cancel()

    def _result(self, future: Future[_T]) -> _T:
        """Wait for a result; a session that could not be opened ends what runs beside it."""
        while True:
            wait([future], _POLL_S, FIRST_COMPLETED)
            self._raise_if_cancelled()
            if self._opening.done():
                self._opening.result()
            if future.done():
                return future.result()

    def _raise_if_cancelled(self) -> None:
        if self._feedback.cancelled():
            raise Cancelled

    def _pass_on_remarks(self) -> None:
        """Tell the user what the session said while it computed."""
        for remark in self._session.remarks():
            if remark.is_warning:
                self._feedback.warning(remark.text)
            else:
                self._feedback.info(remark.text)

    def _advance(self, work: float) -> None:
        self._done += work
        fraction = min(self._done / self._total, 1.0)
        elapsed = time.monotonic() - self._begin
        self._feedback.progress(fraction, elapsed * (1 - fraction) / fraction if elapsed > 1 else None)


def _box(place: _Place) -> tuple[float, float, float, float]:
    row, column, rows, columns = place
    return float(column), float(row), float(columns), float(rows)


def _any_inside(plan: Plan, place: _Place) -> bool:
    """Tell whether a window has a pixel inside the polygons."""
    if plan.polygons is None:
        return True
    inside = plan.polygons.inside(_box(place), place[2], place[3])
    return inside is None or bool(inside.any())


def _only_inside(plan: Plan, blocks: dict[str, Any], window: Window, roles: Iterable[str]) -> dict[str, Any]:
    """Return the blocks with all pixels outside the polygons marked as missing, so that no statistic sees them."""
    for role in roles:
        at = window.blocks[role]
        is_list = isinstance(at, tuple)
        images, valids = blocks[role], blocks[f"{role}_valid"]
        several = zip(*((at, images, valids) if isinstance(at, tuple) else ((at,), (images,), (valids,))))
        kept = []
        for block, values, valid in several:
            both = combine(valid, plan.inside(block))
            if both is not None:
                values[:, ~both] = 0
            kept.append(both)
        blocks[f"{role}_valid"] = tuple(kept) if is_list else kept[0]
    return blocks


def _empty(made: OutputPlan, part: _Place) -> Array:
    """Return a window of an output in which no pixel is valid."""
    return np.full((len(made.bands), part[2], part[3]), made.form.nodata, DTYPES[made.form.dtype])


def _nothing_valid(plan: Plan) -> str:
    if plan.job.preview is not None:
        return "The preview has no valid pixel; choose another PREVIEW_CENTRE."
    if plan.polygons is not None:
        return "The inputs have no valid pixel inside MASK, so there is nothing to write."
    return "The inputs have no valid pixel in common, so there is nothing to write."


def _encoded(made: OutputPlan, values: Array, valid: Optional[Array]) -> Array:
    """Turn results into the output's DN and type."""
    dtype = DTYPES[made.form.dtype]
    if made.to_dn:
        shape = (len(made.bands), 1, 1)
        values -= np.array([band.offset for band in made.bands], np.float32).reshape(shape)
        values /= np.array([band.scale for band in made.bands], np.float32).reshape(shape)
    limits = type_range(dtype, made.nbits) if np.dtype(dtype).kind != "f" else None
    if valid is None or valid.ndim == 2:
        return encode(values, valid, dtype, made.form.nodata, limits)
    encoded = encode(values, None, dtype, made.form.nodata, limits)  # each band has pixels of its own
    encoded[~valid] = made.form.nodata
    return encoded


def _write_tables(plan: Plan, state: State, stack: contextlib.ExitStack) -> list[tuple[Path, Path]]:
    """Write the tables beside their final names; return (part, final) for the renames."""
    written = []
    tables = plan.implementation.tables(state)
    for output in plan.tables:
        path = Path(output.path)
        part = part_of(path)
        stack.callback(part.unlink, missing_ok=True)
        rows = with_revisits(tables.get(output.name, []), plan.revisits.values(), plan.grid)
        try:
            part.write_text(table_text(rows, path.suffix), encoding="utf-8")
        except OSError as error:
            raise InputError(f"Cannot write {path}: {error.strerror}.") from None
        written.append((part, path))
    return written
