"""From a job to a plan: inputs opened and checked, grids aligned, outputs described. Bad input is refused here."""

from __future__ import annotations

import datetime
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, Optional

from ..catalogue import CATALOGUE, Catalogue
from ..raster.bands import Band
from ..raster.encode import representable, safe_nodata
from ..raster.gdal_calls import DTYPES, crs_name, files_of, gdal_type
from ..raster.grid import Grid, common_part, part_inside
from ..raster.polygons import Polygons, read_polygons
from ..raster.reader import Source, describe, remove_virtual, warped, warped_onto
from ..raster.windows import TILE, block_size, round_up
from ..raster.writer import RasterFormat, check_folder, check_writable
from ..tasks.errors import InputError
from ..tasks.job import Input, Job, Output
from ..tasks.method import Array, Implementation, Method, SceneInfo
from ..tasks.task import OutputSpec, Task
from ..tasks.window import Axis, BlockWindow, Window
from .preview import preview_part, shared

_WINDOW_BYTES = 10 << 20
_PASS_BYTES = 24 << 20
_SMALLEST, _HIGHEST, _WIDEST = 256, 512, 1024
_LARGEST_WINDOW = 8192
_RATIO_TOLERANCE = 1.001
_LARGEST_RATIO = 256
REFLECTANCE, REFLECTANCE_INT16 = "reflectance", "reflectance_int16"
UNITS = ("input", REFLECTANCE, REFLECTANCE_INT16)
_INT16_SCALE, _INT16_NODATA = 1e-4, -32768.0


@dataclass(frozen=True)
class OutputPlan:
    """One raster to write: its bands and layout, and how results become DN."""

    output: Output
    spec: OutputSpec
    bands: tuple[Band, ...]
    form: RasterFormat
    to_dn: bool
    nbits: Optional[int] = None


@dataclass
class Plan:
    """Everything that a run needs, checked.

    Attributes:
        job: The job with method and parameters settled.
        task: Its task.
        method: Its method.
        implementation: The computation, made for this scene.
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
        notes: Lines for the log.
        warnings: Lines the user should look at.
    """

    job: Job
    task: Task
    method: Method
    implementation: Implementation
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
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

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

    def close(self) -> None:
        """Remove the virtual files of the plan."""
        for images in self.sources.values():
            for image in images:
                remove_virtual(image)


def check(job: Job, catalogue: Catalogue = CATALOGUE) -> None:
    """Refuse a job that cannot be run, without running it and without reading more than a few pixels.

    Raises:
        InputError: One sentence that says what is wrong and what to do.
    """
    make_plan(job, catalogue, search_borders=False).close()


def make_plan(job: Job, catalogue: Catalogue = CATALOGUE, search_borders: bool = True) -> Plan:
    """Open and check everything a job names.

    Args:
        job: What is to be done.
        catalogue: Tasks and methods to choose from.
        search_borders: Look for undeclared borders of zeros, which may mean reading whole images.

    Raises:
        InputError: One sentence that says what is wrong and what to do.
    """
    task = catalogue.task(job.task)
    method = catalogue.method(task.id, job.method)
    notes: list[str] = []
    if job.method != method.id:
        notes.append(f"Method chosen: {method.title}")
    _check_paths(job, task)
    sources: dict[str, tuple[Source, ...]] = {}
    try:
        for role in task.roles:
            sources[role.name] = _sources(job, task, role.name, search_borders)
        return _plan(job, task, method, catalogue, sources, notes)
    except BaseException:
        for images in sources.values():
            for image in images:
                remove_virtual(image)
        raise


def _plan(
    job: Job, task: Task, method: Method, catalogue: Catalogue, sources: dict[str, tuple[Source, ...]], notes: list[str]
) -> Plan:
    warnings = _borders(sources)
    _describe_products(sources, notes)
    full = _full_grid(job, task, sources)
    _align(task, sources, full, notes)
    all_axes = {role: tuple(_axes(image, full) for image in images) for role, images in sources.items()}
    polygons = read_polygons(job.area, full) if job.area is not None else None
    grid, shift = _crop(job, task, polygons, all_axes, full)
    polygons = polygons.moved(*shift) if polygons is not None else None
    axes = {role: tuple(_shifted(pair, shift) for pair in pairs) for role, pairs in all_axes.items()}
    _check_ratio(task, sources, axes)
    _describe_alignment(task, sources, axes, notes)
    physical = _wants_physical(job, method, sources)
    _describe_units(method, sources, physical, notes, warnings)
    days = _days(job, task)
    scene = _scene_info(sources, axes, days)
    implementation = catalogue.implement(method, job.parameters, scene)
    bands = sum(len(image.bands) for images in sources.values() for image in images)
    window = _window(job, method, bands)
    part = _part(job, grid, scene, window, warnings)
    rasters = _outputs(job, task, sources, implementation, grid.crop(*part), physical, window)
    tables = tuple(output for output in job.outputs if task.output(output.name).kind == "table")
    notes += _describe_parts(job, grid, part)
    notes.append(f"Window: {window[1]} x {window[0]} of {grid.columns} x {grid.rows} pixels")
    settled = replace(job, method=method.id, parameters=dict(implementation.parameters))
    return Plan(
        settled, task, method, implementation, sources, axes, grid, part, polygons, physical, window,
        _pass_window(bands), rasters, tables, days, notes, warnings,
    )  # fmt: skip


def _part(
    job: Job, grid: Grid, scene: SceneInfo, window: tuple[int, int], warnings: list[str]
) -> tuple[int, int, int, int]:
    """Return the part of the grid that is written."""
    if job.preview is None:
        return 0, 0, grid.rows, grid.columns
    ratio = max(scene.ratio.values(), default=(1.0, 1.0))
    return preview_part(job.preview, grid, ratio, _block(job, window), warnings)


def _block(job: Job, window: tuple[int, int]) -> int:
    """Return the side of the output file's blocks."""
    return block_size(window[0]) if job.window else 256


def _describe_parts(job: Job, grid: Grid, part: tuple[int, int, int, int]) -> list[str]:
    notes = []
    if job.area is not None:
        notes.append("Mask: only pixels inside the polygons count in the statistics and are written")
    if job.preview is not None:
        notes.append(
            f"Preview: {part[3]} x {part[2]} of {grid.columns} x {grid.rows} pixels, with the statistics of all of them"
        )
    return notes


def _describe_products(sources: dict[str, tuple[Source, ...]], notes: list[str]) -> None:
    """Say what was taken from products, and where their levels differ."""
    for role, images in sources.items():
        notes += [f"{role}: {line}" for image in images for line in image.notes]
    levels = {role: images[0].level for role, images in sources.items() if images and re.match(r"L\d", images[0].level)}
    if len({level[:2] for level in levels.values()}) > 1:
        stated = ", ".join(f"{role} is {level}" for role, level in levels.items())
        notes.append(
            f"Levels differ: {stated}; that works, for the bands keep their units and PAN lends its detail only"
        )


def _check_paths(job: Job, task: Task) -> None:
    if not job.outputs:
        raise InputError("The job has no output.")
    seen = set()
    for output in job.outputs:
        try:
            task.output(output.name)
        except KeyError as error:
            raise InputError(str(error.args[0])) from None
        check_not_an_input(output.name, output.path, job.inputs)
        real = os.path.realpath(output.path)
        if real in seen:
            raise InputError(f"Two outputs go to {output.path}; give each its own name.")
        seen.add(real)
    missing = [
        spec.name for spec in task.outputs if not spec.optional and spec.name not in {o.name for o in job.outputs}
    ]
    if missing:
        raise InputError(f"The job lacks the output {', '.join(missing)}.")
    unknown = sorted({item.role for item in job.inputs} - {role.name for role in task.roles})
    if unknown:
        raise InputError(f"The task {task.id} takes no input {', '.join(unknown)}.")


def check_not_an_input(name: str, path: str, inputs: Sequence[Input]) -> None:
    """Refuse an output that would overwrite an input: its file, its mask, or a file that it is put together from.

    Raises:
        InputError: See above.
    """
    for item in inputs:
        read = [item.path] + ([item.mask.path] if item.mask else [])
        if Path(path).is_file():
            read += [more for one in read for more in files_of(one)]
        for own in read:
            if os.path.realpath(own) == os.path.realpath(path) or _same_file(own, path):
                raise InputError(f"{name} is the same file as {item.role}; give the output another name.")


def _same_file(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def _images(job: Job, role: str) -> list[list[Input]]:
    """Return the inputs of a role, grouped into images by index."""
    own = [item for item in job.inputs if item.role == role]
    return [[item for item in own if item.index == index] for index in sorted({item.index for item in own})]


def _sources(job: Job, task: Task, role_name: str, search_borders: bool) -> tuple[Source, ...]:
    role = task.role(role_name)
    images = _images(job, role_name)
    if len(images) < role.min_items:
        raise InputError(f"{role.name} is missing: {role.title} needs at least {role.min_items} image(s).")
    if role.max_items is not None and len(images) > role.max_items:
        raise InputError(f"{role.name} takes {role.max_items} image(s), but {len(images)} were given.")
    if role.dated and any(items[0].date is None for items in images):
        raise InputError(f"{role.name} needs a date for each image (DATES).")
    described = tuple(describe(role_name, items, search_borders) for items in images)
    for image in described:
        if role.single_band and len(image.bands) != 1:
            raise InputError(f"{role.name} needs one band, but {image.name} has {len(image.bands)}; choose the band.")
    counts = {len(image.bands) for image in described}
    if len(counts) > 1:
        raise InputError(f"The images of {role.name} have different numbers of bands: {sorted(counts)}.")
    return described


def _full_grid(job: Job, task: Task, sources: dict[str, tuple[Source, ...]]) -> Grid:
    wanted = job.grid or {"of": task.grid_of}
    if "of" in wanted:
        images = sources.get(str(wanted["of"]))
        if not images:
            raise InputError(f"The grid is to be that of {wanted['of']}, but there is no such input.")
        return images[0].grid
    try:
        columns, rows = (int(value) for value in wanted["size"])
        numbers = tuple(float(value) for value in wanted["geotransform"])
        crs = str(wanted["crs"])
    except (KeyError, TypeError, ValueError):
        raise InputError("The job's grid needs crs, geotransform (6 numbers) and size (columns, rows).") from None
    if len(numbers) != 6 or min(columns, rows) < 1 or crs_name(crs) == crs_name(""):
        raise InputError("The job's grid needs crs, geotransform (6 numbers) and size (columns, rows).")
    return Grid(crs, numbers, columns, rows)


def _borders(sources: dict[str, tuple[Source, ...]]) -> list[str]:
    """Return a warning for each image with an undeclared border of zeros."""
    return [
        f"{role}: {image.name} has a border of zeros ({image.zero_border.pixels} pixels) and no nodata value: the "
        f"border is taken as nodata"
        for role, images in sources.items()
        for image in images
        if image.zero_border is not None
    ]


def _align(task: Task, sources: dict[str, tuple[Source, ...]], full: Grid, notes: list[str]) -> None:
    """Warp the images whose axes do not run along the target's; changes `sources`."""
    for role, images in sources.items():
        changed = []
        for image in images:
            axes = image.grid.axes_on(full)
            if axes is None:
                image = warped(image, full.crs)
                notes.append(f"{role}: {image.name} is reprojected from {image.warped_from} to {crs_name(full.crs)}")
            elif role == task.grid_of and not _same_pixels(axes):
                image = warped_onto(image, full)
                notes.append(f"{role}: {image.name} is resampled onto the target grid")
            changed.append(image)
        sources[role] = tuple(changed)


def _same_pixels(axes: tuple[Axis, Axis]) -> bool:
    return all(abs(axis.scale - 1) < 1e-7 and abs(axis.origin - round(axis.origin)) < 1e-3 for axis in axes)


def _axes(image: Source, full: Grid) -> tuple[Axis, Axis]:
    axes = image.grid.axes_on(full)
    if axes is None:
        raise InputError(
            f"{image.role}: {image.name} cannot be aligned with the target grid, which is rotated or upside down; warp "
            f"the image that gives the grid to a grid with north at the top first."
        )
    return axes


def _crop(
    job: Job,
    task: Task,
    polygons: Optional[Polygons],
    axes: dict[str, tuple[tuple[Axis, Axis], ...]],
    full: Grid,
) -> tuple[Grid, tuple[int, int]]:
    """Return the grid of the part that single inputs share, within EXTENT and MASK, and where it begins."""
    single = [pairs[0] for role, pairs in axes.items() if pairs and not task.role(role).is_list]
    part: Optional[tuple[int, int, int, int]] = (0, 0, full.rows, full.columns)
    if single:
        part = common_part(single, full.rows, full.columns)
    if part is None:
        names = " and ".join(role for role in axes if not task.role(role).is_list)
        raise InputError(f"{names} do not overlap; check that they show the same place.")
    if job.extent is not None:
        xmin, ymin, xmax, ymax = _extent(job.extent)
        inside = part_inside(full, (xmin, ymin, xmax, ymax))
        part = None if inside is None else shared(part, inside)
        if part is None:
            raise InputError("EXTENT does not overlap the images.")
    if polygons is not None:
        part = shared(part, polygons.part)
        if part is None:
            raise InputError("MASK does not overlap the images.")
    return full.crop(*part), part[:2]


def _extent(given: Sequence[Any]) -> tuple[float, ...]:
    try:
        numbers = tuple(float(value) for value in given)
    except (TypeError, ValueError):
        numbers = ()
    if len(numbers) != 4 or not all(math.isfinite(value) for value in numbers):
        raise InputError("EXTENT needs xmin, ymin, xmax, ymax.")
    return numbers


def _shifted(pair: tuple[Axis, Axis], shift: tuple[int, int]) -> tuple[Axis, Axis]:
    rows, columns = pair
    row, column = shift
    return (
        replace(rows, origin=rows.origin + rows.scale * row),
        replace(columns, origin=columns.origin + columns.scale * column),
    )


def _check_ratio(
    task: Task, sources: dict[str, tuple[Source, ...]], axes: dict[str, tuple[tuple[Axis, Axis], ...]]
) -> None:
    if task.coarse is None:
        return
    for image, pair in zip(sources[task.coarse], axes[task.coarse]):
        if min(axis.scale for axis in pair) * _LARGEST_RATIO < 1:
            raise InputError(
                f"{task.grid_of} is more than {_LARGEST_RATIO} times finer than {task.coarse} ({image.name}); check "
                f"the geotransforms and coordinate reference systems."
            )
        if max(axis.scale for axis in pair) * _RATIO_TOLERANCE > 1:
            fine = sources[str(task.grid_of)][0]
            raise InputError(
                f"{task.grid_of} ({fine.name}, {fine.grid.pixel[0]:g} per pixel) is not finer than {task.coarse} "
                f"({image.name}, {image.grid.pixel[0]:g} per pixel); they may be swapped."
            )


def _describe_alignment(
    task: Task,
    sources: dict[str, tuple[Source, ...]],
    axes: dict[str, tuple[tuple[Axis, Axis], ...]],
    notes: list[str],
) -> None:
    for role, images in sources.items():
        for image, (rows, columns) in zip(images, axes[role]):
            if role == task.grid_of:
                continue
            ratio_x, ratio_y = 1 / columns.scale, 1 / rows.scale
            ratio = f"{ratio_x:.6g}" if abs(ratio_x - ratio_y) < 1e-9 else f"{ratio_x:.6g} x {ratio_y:.6g}"
            right = _phase(columns)
            down = _phase(rows)
            notes.append(
                f"{role}: {image.name} is aligned by geotransforms, ratio {ratio}, corner offset {right:+.3f} columns, "
                f"{down:+.3f} rows of target pixels"
            )


def _phase(axis: Axis) -> float:
    """Return how far, in target pixels, an input pixel edge lies from the nearest target pixel edge (-0.5 to 0.5).

    Half a pixel counts as -0.5, whatever the rounding of the geotransforms.
    """
    edge = -axis.origin / axis.scale
    phase = edge - math.floor(edge + 0.5 + 1e-6)
    return phase if abs(phase) > 1e-9 else 0.0


def _wants_physical(job: Job, method: Method, sources: dict[str, tuple[Source, ...]]) -> bool:
    """Tell whether the output is to be in physical units, or the method feels an offset."""
    bands = [band for images in sources.values() for image in images for band in image.bands]
    if not any(band.scale != 1 or band.offset != 0 for band in bands):
        return False
    if any(output.options.get("UNITS") in (REFLECTANCE, REFLECTANCE_INT16) for output in job.outputs):
        return True
    return not (method.invariant_to_offset and method.invariant_to_gain)


def _describe_units(
    method: Method, sources: dict[str, tuple[Source, ...]], physical: bool, notes: list[str], warnings: list[str]
) -> None:
    if physical:
        notes.append("Units: computed in physical values (DN * scale + offset)")
    elif method.invariant_to_offset:
        notes.append(f"Units: computed in the files' own values; {method.title} does not depend on scale and offset")
    else:
        notes.append("Units: computed in the files' own values, for no scale and offset are known")
    stated = {
        role: any(band.scale != 1 or band.offset != 0 for band in images[0].bands)
        for role, images in sources.items()
        if images
    }
    if physical and not all(stated.values()):
        lacking = ", ".join(role for role, known in stated.items() if not known)
        warnings.append(f"{lacking} states no scale and offset, other inputs do; give them, or the units do not agree")


def _days(job: Job, task: Task) -> dict[str, tuple[int, ...]]:
    """Return the days of each dated image from the date of the image that gives the grid, else the first."""
    dates = {role.name: [items[0].date for items in _images(job, role.name)] for role in task.roles}
    known = [date for date in dates.get(str(task.grid_of), []) if date] or [
        d for own in dates.values() for d in own if d
    ]
    if not known:
        return {}
    target = _date(known[0])
    return {
        role: tuple((_date(date) - target).days for date in own if date)
        for role, own in dates.items()
        if own and all(own)
    }


def _date(text: str) -> datetime.datetime:
    try:
        date = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise InputError(f"The date {text!r} is not an ISO date such as 2001-10-08.") from None
    return date if date.tzinfo else date.replace(tzinfo=datetime.timezone.utc)


def _scene_info(
    sources: dict[str, tuple[Source, ...]],
    axes: dict[str, tuple[tuple[Axis, Axis], ...]],
    days: dict[str, tuple[int, ...]],
) -> SceneInfo:
    first = {role: images[0] for role, images in sources.items() if images}
    return SceneInfo(
        bands={role: len(image.bands) for role, image in first.items()},
        items={role: len(images) for role, images in sources.items()},
        ratio={role: (1 / axes[role][0][0].scale, 1 / axes[role][0][1].scale) for role in first},
        band_names={role: _names(image) for role, image in first.items()},
        wavelengths_nm={
            role: tuple(band.wavelength_nm for band in image.bands if band.wavelength_nm is not None)
            for role, image in first.items()
            if all(band.wavelength_nm is not None for band in image.bands)
        },
        days=days,
    )


def _names(image: Source) -> tuple[str, ...]:
    return tuple(band.name or f"band {number}" for number, band in enumerate(image.bands, 1))


def _window(job: Job, method: Method, bands: int) -> tuple[int, int]:
    """Return (rows, columns) of a window: as asked for, or so that a window's results take a few MiB."""
    multiple = max(TILE, method.window_multiple)
    if job.window:
        if not 1 <= job.window <= _LARGEST_WINDOW:
            raise InputError(f"WINDOW must lie between 1 and {_LARGEST_WINDOW} pixels, not {job.window}.")
        side = round_up(job.window, multiple)
        return side, side
    return _fitting(_WINDOW_BYTES, bands)


def _pass_window(bands: int) -> tuple[int, int]:
    """Return (rows, columns) of a window of the passes, from the number of bands alone."""
    return _fitting(_PASS_BYTES, bands)


def _fitting(budget: int, bands: int) -> tuple[int, int]:
    """Return the (rows, columns) whose float32 bands take at most `budget` bytes, or the smallest."""
    rows, columns = _HIGHEST, _WIDEST
    while 4 * bands * rows * columns > budget and columns > _SMALLEST:
        rows, columns = (rows, columns // 2) if columns > rows else (max(rows // 2, _SMALLEST), columns // 2)
    return rows, columns


def _outputs(
    job: Job,
    task: Task,
    sources: dict[str, tuple[Source, ...]],
    implementation: Implementation,
    grid: Grid,
    physical: bool,
    window: tuple[int, int],
) -> tuple[OutputPlan, ...]:
    plans = []
    for output in job.outputs:
        spec = task.output(output.name)
        if spec.kind == "table":
            check_folder(Path(output.path))
            continue
        made = _output(job, output, spec, sources, implementation, physical, window)
        check_writable(output.path, grid, len(made.bands), made.form)
        plans.append(made)
    return tuple(plans)


def _output(
    job: Job,
    output: Output,
    spec: OutputSpec,
    sources: dict[str, tuple[Source, ...]],
    implementation: Implementation,
    physical: bool,
    window: tuple[int, int],
) -> OutputPlan:
    units = str(output.options.get("UNITS", "input"))
    if units not in UNITS:
        raise InputError(f"OUTPUT_UNITS must be one of {', '.join(UNITS)}, not {units!r}.")
    names = implementation.output_bands().get(output.name)
    like = sources[spec.like][0] if spec.like else None
    if like is not None:
        bands, dtype = _bands_like(like, output, units)
    else:
        default = "Byte" if spec.kind == "classes" else "Float32"
        bands = tuple(Band(name, None, output.dtype or default) for name in names or [spec.title])
        dtype = output.dtype or default
    gdal_type(dtype)
    if spec.kind != "classes" and spec.like is None and DTYPES[dtype][0] != "f":
        raise InputError(f"{output.name} needs a floating-point type, not {dtype}.")
    in_units = like is not None and units != "input"
    nodata = _INT16_NODATA if in_units and units == REFLECTANCE_INT16 else None
    if nodata is None:
        nodata = _nodata(DTYPES[dtype], like, sources, spec.kind, in_units, job.area is not None)
    form = RasterFormat(
        dtype,
        nodata,
        _block(job, window),
        str(output.options.get("COMPRESSION", "deflate")).lower(),
        bool(output.options.get("OVERVIEWS", True)),
        job.threads,
        tuple(output.options.get("CATEGORIES", ())),
    )
    same_type = like is not None and not in_units and all(band.dtype == dtype for band in like.bands)
    nbits = like.bands[0].nbits if like is not None and same_type else None
    to_dn = like is not None and (units == REFLECTANCE_INT16 or (physical and units == "input"))
    return OutputPlan(output, spec, bands, form, to_dn, nbits)


def _bands_like(like: Source, output: Output, units: str) -> tuple[tuple[Band, ...], str]:
    """Return the bands of an image that takes them over from an input, and its type."""
    bands = [replace(band, name=name) for band, name in zip(like.bands, _output_names(like))]
    if units == "input":
        return tuple(bands), output.dtype or _widest(bands)
    if not all(band.scaled for band in bands):
        raise InputError(
            f"OUTPUT_UNITS {units} needs a known scale and offset, but {like.role} ({like.name}) states none; choose "
            f"input."
        )
    scale, dtype = (_INT16_SCALE, "Int16") if units == REFLECTANCE_INT16 else (1.0, output.dtype or "Float32")
    if (output.dtype or dtype) != dtype or (units == REFLECTANCE and not dtype.startswith("Float")):
        kind = "Int16" if units == REFLECTANCE_INT16 else "a floating-point type"
        raise InputError(f"OUTPUT_UNITS {units} needs {kind}, not {output.dtype}.")
    return tuple(replace(band, scale=scale, offset=0.0) for band in bands), dtype


def _output_names(image: Source) -> tuple[str, ...]:
    """Return the bands' names; single-band files without one lend the end of their file names."""
    if all(band.name for band in image.bands) or len(image.files) == 1:
        return tuple(band.name for band in image.bands)
    stems = [PurePath(path).stem for path, _ in image.files]
    shared = next((place for place, letters in enumerate(zip(*stems)) if len(set(letters)) > 1), 0)
    cut = max(stems[0].rfind(mark, 0, shared) for mark in "_-. ") + 1
    lent = [
        stem[cut:] if len(numbers) == 1 else f"{stem[cut:]} {number}"
        for stem, (_, numbers) in zip(stems, image.files)
        for number in numbers
    ]
    return tuple(band.name or name for band, name in zip(image.bands, lent))


def _widest(bands: Sequence[Band]) -> str:
    """Return the type that holds every band's values."""
    from osgeo import gdal

    widest = gdal_type(bands[0].dtype)
    for band in bands[1:]:
        widest = gdal.DataTypeUnion(widest, gdal_type(band.dtype))
    return str(gdal.GetDataTypeName(widest))


def _nodata(
    dtype: str, like: Optional[Source], sources: dict[str, tuple[Source, ...]], kind: str, physical: bool, masked: bool
) -> Optional[float]:
    """Return the nodata value: that of the image the output is like, else another's, else a safe one."""
    images = [image for own in sources.values() for image in own]
    if kind == "classes":
        return 0.0 if dtype == "uint8" else safe_nodata(dtype)
    if physical:
        return safe_nodata(dtype)
    preferred = [like] if like is not None else []
    for image in preferred + images:
        for band in image.bands:
            if band.nodata is not None and representable(band.nodata, dtype):
                return band.nodata
    return safe_nodata(dtype) if masked or any(image.may_be_invalid for image in images) else None
