"""From a job to a plan: inputs opened and checked, grids aligned, outputs described. Bad input is refused here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Optional

from ..catalogue import CATALOGUE, Catalogue
from ..inference.library import ModelLibrary, default_library
from ..raster.grid import Grid
from ..raster.polygons import Polygons, read_polygons
from ..raster.reader import Source, remove_virtual
from ..raster.windows import TILE, round_up
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import InputError
from ..tasks.job import Job, Output
from ..tasks.method import Array, Implementation, Method, SceneInfo
from ..tasks.model_card import ModelCard
from ..tasks.task import Task
from ..tasks.window import Axis, BlockWindow, Window
from .alignment import align, axes_of, border_warnings, check_ratio, crop, describe_alignment, full_grid, shifted
from .inputs import check_outputs, check_paths, days_of, describe_products, scene_info, sources_of
from .models import card_wants_physical, model_of, with_model
from .outputs import OutputPlan, describe_units, file_block, plan_outputs, wants_physical
from .pair_comparison import Comparison, comparison_of
from .pair_grids import align_pairs
from .pairs import COARSE, RATIO, Pairs, mean_ratio, prepare_pairs, settled_ratio
from .preview import preview_part
from .revisit_places import chosen_revisits, placed_on
from .revisits import Chosen
from .sessions import check_engine

_WINDOW_BYTES = 10 << 20
_PASS_BYTES = 24 << 20
_REVISITS_BYTES = 32 << 20
_PASS_BYTES_OF_REVISITS = 12 << 20  # the passes read as much again around each window
_SMALLEST, _HIGHEST, _WIDEST = 256, 512, 1024
_SMALLEST_OF_MANY = 128
_MOST_FILES = 480  # macOS allows a program 256 open files, or some thousands in QGIS; Linux 1024
_LARGEST_WINDOW = 8192
_NETWORK_WINDOW = 512  # activations of 64 channels take 64 MiB


@dataclass
class Plan:
    """Everything that a run needs, checked.

    Attributes:
        job: The job with method and parameters settled.
        task: Its task.
        method: Its method.
        implementation: The computation, made for this scene.
        scene: What is known of the scene.
        card: The card of a network's weights, or None.
        sources: Images of each role.
        axes: Where each image lies on the target grid: (rows, columns).
        grid: Target grid, cropped to what the statistics are taken from.
        part: (row, column, rows, columns) of the grid that is written: all of it, or a preview.
        polygons: What bounds the valid pixels, or None.
        physical: Whether the method gets values in physical units.
        window: (rows, columns) of a processing window.
        pass_window: (rows, columns) of a window of the passes.
        rasters: Raster outputs.
        tables: Table outputs.
        days: Days of the images of each dated role from the target date.
        revisits: The revisits that were chosen, by role.
        notes: Lines for the log.
        warnings: Lines the user should look at.
        pairs: What is known of pairs of images, or None.
        comparison: What compares fine with coarse images before anything else, and brings coarse blocks to the fine
            sensor's level; None where there are no pairs.
    """

    job: Job
    task: Task
    method: Method
    implementation: Implementation
    scene: SceneInfo
    card: Optional[ModelCard]
    sources: dict[str, tuple[Source, ...]]
    axes: dict[str, tuple[tuple[Axis, Axis], ...]]
    grid: Grid
    part: tuple[int, int, int, int]
    polygons: Optional[Polygons]
    physical: bool
    window: tuple[int, int]
    pass_window: tuple[int, int]
    rasters: tuple[OutputPlan, ...]
    tables: tuple[Output, ...]
    days: dict[str, tuple[int, ...]] = field(default_factory=dict)
    revisits: dict[str, Chosen] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pairs: Optional[Pairs] = None
    comparison: Optional[Comparison] = None

    def window_at(self, place: tuple[int, int, int, int], halo: dict[str, int], roles: Sequence[str]) -> Window:
        """Return the window at (row, column, rows, columns) with the blocks of some roles and their halo."""
        row, column, rows, columns = place
        blocks = {}
        for role in roles:
            several = tuple(self._block(axes, place, halo.get(role, 0)) for axes in self.axes[role])
            blocks[role] = several if self.task.role(role).is_list else several[0]
        return Window(row, column, rows, columns, blocks)

    @staticmethod
    def _block(axes: tuple[Axis, Axis], place: tuple[int, int, int, int], halo: int) -> BlockWindow:
        row_axis, column_axis = axes
        row, column, rows, columns = place
        top, bottom = row_axis.cover(row, row + rows, halo)
        left, right = column_axis.cover(column, column + columns, halo)
        return BlockWindow(top, left, bottom - top, right - left, row_axis, column_axis)

    def inside(self, block: BlockWindow) -> Optional[Array]:
        """Return which pixels of an input's block have their centre inside the polygons; None where all have."""
        if self.polygons is None:
            return None
        rows, columns = block.row_axis, block.column_axis
        box = (
            (block.column - columns.origin) / columns.scale,
            (block.row - rows.origin) / rows.scale,
            block.columns / columns.scale,
            block.rows / rows.scale,
        )
        return self.polygons.inside(box, block.rows, block.columns)

    @property
    def date(self) -> str:
        """Date that the outputs show, in ISO 8601, or "" where there is none or it is not known."""
        return self.pairs.date if self.pairs else next((chosen.date for chosen in self.revisits.values()), "")

    def close(self) -> None:
        """Remove the virtual files of the plan."""
        for images in self.sources.values():
            for image in images:
                remove_virtual(image)


def check(job: Job, catalogue: Catalogue = CATALOGUE, engine: EngineSettings = USUAL) -> None:
    """Refuse a job that cannot be run, without running it and without reading more than a few pixels.

    Raises:
        InputError: One sentence that says what is wrong and what to do.
    """
    plan = make_plan(job, catalogue, engine, search_borders=False)
    plan.close()
    check_engine(plan.method, engine)


def make_plan(
    job: Job,
    catalogue: Catalogue = CATALOGUE,
    engine: EngineSettings = USUAL,
    search_borders: bool = True,
) -> Plan:
    """Open and check everything a job names.

    Args:
        job: What is to be done.
        catalogue: Tasks and methods to choose from.
        engine: Where the user's models lie.
        search_borders: Look for undeclared borders of zeros, which may mean reading whole images.

    Raises:
        InputError: One sentence that says what is wrong and what to do.
    """
    task = catalogue.task(job.task)
    method = catalogue.method(task.id, job.method)
    notes: list[str] = []
    if job.method != method.id:
        notes.append(f"Method chosen: {method.title}")
    check_paths(job, task)
    check_outputs(job, task, method)
    sources: dict[str, tuple[Source, ...]] = {}
    try:
        for role in task.roles:
            sources[role.name] = sources_of(job, task, role.name, search_borders)
        return _plan(job, task, method, catalogue, default_library(engine.models), sources, notes)
    except BaseException:
        for images in sources.values():
            for image in images:
                remove_virtual(image)
        raise


def _plan(
    job: Job,
    task: Task,
    method: Method,
    catalogue: Catalogue,
    library: ModelLibrary,
    sources: dict[str, tuple[Source, ...]],
    notes: list[str],
) -> Plan:
    warnings: list[str] = []
    first_crs = {role: images[0].grid.crs for role, images in sources.items() if images}
    revisits = chosen_revisits(job, task, method, sources, notes, warnings)
    warnings += border_warnings(sources)
    describe_products(sources, notes)
    pairs = prepare_pairs(job, method, sources, notes, warnings) if task.pairs else None
    placed = placed_on(job, task, first_crs.get(str(task.grid_of), ""), sources)
    full = full_grid(job, task, sources, _finer(job, task, method))
    if task.pairs:
        align_pairs(sources, full, notes)
    else:
        align(task, sources, full, notes)
    all_axes = {role: tuple(axes_of(image, full) for image in images) for role, images in sources.items()}
    polygons = read_polygons(job.area, full) if job.area is not None else None
    grid, shift = crop(placed, task, polygons, all_axes, full)
    polygons = polygons.moved(*shift) if polygons is not None else None
    axes = {role: tuple(shifted(pair, shift) for pair in pairs) for role, pairs in all_axes.items()}
    check_ratio(task, sources, axes)
    describe_alignment(task, sources, axes, notes)
    ratio = 0.0
    if pairs is not None:
        own = {role: mean_ratio(axes[role][0]) for role in COARSE if sources[role]}
        ratio = settled_ratio(job, sources, own, notes, warnings)
        if ratio and any(item.name == RATIO for item in method.parameters):
            job = replace(job, parameters={**job.parameters, RATIO: ratio})
    dated = days_of(job, task) if pairs is None else dict(pairs.days)
    days = {**dated, **{role: one.days for role, one in revisits.items() if one.days is not None}}
    scene = scene_info(sources, axes, days)
    card = model_of(job, method, scene, library)
    job = with_model(job, card)
    physical = wants_physical(job, method, sources) if card is None else _physical(job, card, sources)
    if pairs is None:
        describe_units(method, sources, physical, notes, warnings)
    implementation = catalogue.implement(method, job.parameters, scene, card)
    warnings += implementation.warnings()
    bands = sum(len(image.bands) for images in sources.values() for image in images)
    window = _window(job, method, bands, card, bool(revisits))
    part = _part(placed, grid, (1.0, 1.0) if task.pairs else _largest_ratio(scene), window, warnings)
    job = replace(job, threads=_threads(job, sources, notes))
    labels = {role: chosen.labels for role, chosen in revisits.items()}
    rasters = plan_outputs(job, task, sources, implementation, grid.crop(*part), physical, window, labels)
    tables = tuple(output for output in job.outputs if task.output(output.name).kind == "table")
    notes += _describe_parts(job, grid, part)
    notes.append(f"Window: {window[1]} x {window[0]} of {grid.columns} x {grid.rows} pixels")
    settled = replace(job, method=method.id, parameters=dict(implementation.parameters))
    comparison = comparison_of(implementation, ratio, scene, grid) if task.pairs else None
    return Plan(
        settled, task, method, implementation, scene, card, sources, axes, grid, part, polygons, physical, window,
        _pass_window(bands, scene.ratio if revisits else {}), rasters, tables, days, revisits, notes, warnings,
        pairs, comparison,
    )  # fmt: skip


def _physical(job: Job, card: ModelCard, sources: dict[str, tuple[Source, ...]]) -> bool:
    """Tell whether a network gets physical units: as its card says, or as the output needs where it takes either."""
    physical = card_wants_physical(card, sources)
    if physical or all(output.options.get("UNITS", "input") == "input" for output in job.outputs):
        return physical
    if any(item.units == "dn" for item in card.inputs):
        raise InputError(f"OUTPUT_UNITS must be input: {card.id} computes with the numbers as stored.")
    return physical


def _largest_ratio(scene: SceneInfo) -> tuple[float, float]:
    return max(scene.ratio.values(), default=(1.0, 1.0))


def _part(
    job: Job, grid: Grid, ratio: tuple[float, float], window: tuple[int, int], warnings: list[str]
) -> tuple[int, int, int, int]:
    """Return the part of the grid that is written."""
    if job.preview is None:
        return 0, 0, grid.rows, grid.columns
    return preview_part(job.preview, grid, ratio, file_block(job, window), warnings)


def _describe_parts(job: Job, grid: Grid, part: tuple[int, int, int, int]) -> list[str]:
    notes = []
    if job.area is not None:
        notes.append("Mask: only pixels inside the polygons count in the statistics and are written")
    if job.preview is not None:
        notes.append(
            f"Preview: {part[3]} x {part[2]} of {grid.columns} x {grid.rows} pixels, with the statistics of all of them"
        )
    return notes


def _finer(job: Job, task: Task, method: Method) -> float:
    """Return how many times finer the grid is than that of the role which gives it."""
    described = next((item for item in method.parameters if item.name == task.finer), None)
    return 1.0 if described is None else float(described.check(job.parameters.get(described.name)))


def _threads(job: Job, sources: dict[str, tuple[Source, ...]], notes: list[str]) -> int:
    """Return how many threads compute: each has its own open files, of which there may not be too many."""
    files = sum(len(image.files) + (image.mask is not None) for images in sources.values() for image in images)
    most = max(1, _MOST_FILES // max(files, 1))
    if job.threads > most:
        notes.append(f"{most} of {job.threads} threads are used, for each of them opens {files} files")
    return min(job.threads, most) if job.threads > 0 else job.threads


def _window(job: Job, method: Method, bands: int, card: Optional[ModelCard], revisits: bool) -> tuple[int, int]:
    """Return (rows, columns) of a window: as asked for, or so that a window's results take a few MiB.

    Args:
        job: The job.
        method: Its method.
        bands: Bands of all images together.
        card: Card of a network, or None.
        revisits: Whether images are revisits, which are coarser than the window, and of which there may be many.
    """
    multiple = max(TILE, method.window_multiple)
    if job.window:
        if not 1 <= job.window <= _LARGEST_WINDOW:
            raise InputError(f"WINDOW must lie between 1 and {_LARGEST_WINDOW} pixels, not {job.window}.")
        side = round_up(job.window, multiple)
        return side, side
    if card is not None:
        return (_NETWORK_WINDOW, _NETWORK_WINDOW)
    return _fitting(_REVISITS_BYTES, bands, _SMALLEST_OF_MANY) if revisits else _fitting(_WINDOW_BYTES, bands)


def _pass_window(bands: int, ratio: Mapping[str, tuple[float, float]]) -> tuple[int, int]:
    """Return (rows, columns) of a window of the passes, from the number of bands alone.

    With revisits, whose passes compare them on their own grids, it is so many pixels of the coarsest image.
    """
    if not ratio:
        return _fitting(_PASS_BYTES, bands)
    down, across = (math.ceil(max(pair[axis] for pair in ratio.values()) - 1e-6) for axis in (0, 1))
    rows, columns = _fitting(_PASS_BYTES_OF_REVISITS, bands, _SMALLEST_OF_MANY)
    return rows * max(down, 1), min(columns, _HIGHEST) * max(across, 1)


def _fitting(budget: int, bands: int, smallest: int = _SMALLEST) -> tuple[int, int]:
    """Return the (rows, columns) whose float32 bands take at most `budget` bytes, or the smallest."""
    rows, columns = _HIGHEST, _WIDEST
    while 4 * bands * rows * columns > budget and columns > smallest:
        rows, columns = (rows, columns // 2) if columns > rows else (max(rows // 2, smallest), columns // 2)
    return rows, columns
