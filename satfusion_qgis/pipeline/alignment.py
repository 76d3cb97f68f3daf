"""Laying the inputs of a job over each other by their georeferencing: target grid, warps, common part, ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Optional

from ..raster.gdal_calls import crs_name
from ..raster.grid import Grid, common_part, part_inside
from ..raster.polygons import Polygons
from ..raster.reader import Source, warped, warped_onto
from ..tasks.errors import InputError
from ..tasks.job import Job
from ..tasks.task import Task
from ..tasks.window import Axis
from .preview import shared

_RATIO_TOLERANCE = 1.001
_LARGEST_RATIO = 256


def full_grid(job: Job, task: Task, sources: dict[str, tuple[Source, ...]], finer: float = 1.0) -> Grid:
    """Return the grid that the job asks for, before anything is cut away.

    Args:
        job: The job.
        task: Its task.
        sources: Images of each role; of revisits, the first one is the reference.
        finer: How many times finer than that of `task.grid_of` it is, where the job gives no grid of its own.

    Raises:
        InputError: It is no grid, or that of an input that is not there.
    """
    wanted = job.grid or {"of": task.grid_of}
    if "of" in wanted:
        images = sources.get(str(wanted["of"]))
        if not images:
            raise InputError(f"The grid is to be that of {wanted['of']}, but there is no such input.")
        return images[0].grid.finer(finer) if str(wanted["of"]) == task.grid_of else images[0].grid
    try:
        columns, rows = (int(value) for value in wanted["size"])
        numbers = tuple(float(value) for value in wanted["geotransform"])
        crs = str(wanted["crs"])
    except (KeyError, TypeError, ValueError):
        raise InputError("The job's grid needs crs, geotransform (6 numbers) and size (columns, rows).") from None
    if len(numbers) != 6 or min(columns, rows) < 1 or crs_name(crs) == crs_name(""):
        raise InputError("The job's grid needs crs, geotransform (6 numbers) and size (columns, rows).")
    return Grid(crs, numbers, columns, rows)


def border_warnings(sources: dict[str, tuple[Source, ...]]) -> list[str]:
    """Return a warning for each image with an undeclared border of zeros."""
    return [
        f"{role}: {image.name} has a border of zeros ({image.zero_border.pixels} pixels) and no nodata value: the "
        f"border is taken as nodata"
        for role, images in sources.items()
        for image in images
        if image.zero_border is not None
    ]


def align(task: Task, sources: dict[str, tuple[Source, ...]], full: Grid, notes: list[str]) -> None:
    """Warp the images whose axes do not run along the target's; changes `sources`."""
    for role, images in sources.items():
        changed = []
        for image in images:
            axes = image.grid.axes_on(full)
            if axes is None:
                image = warped(image, full.crs)
                notes.append(f"{role}: {image.name} is reprojected from {image.warped_from} to {crs_name(full.crs)}")
            elif role == task.grid_of and not task.role(role).revisits and not _same_pixels(axes):
                image = warped_onto(image, full)
                notes.append(f"{role}: {image.name} is resampled onto the target grid")
            changed.append(image)
        sources[role] = tuple(changed)


def _same_pixels(axes: tuple[Axis, Axis]) -> bool:
    return all(abs(axis.scale - 1) < 1e-7 and abs(axis.origin - round(axis.origin)) < 1e-3 for axis in axes)


def axes_of(image: Source, full: Grid) -> tuple[Axis, Axis]:
    """Return where an image lies on the target grid.

    Raises:
        InputError: Its axes do not run along those of the grid.
    """
    axes = image.grid.axes_on(full)
    if axes is None:
        raise InputError(
            f"{image.role}: {image.name} cannot be aligned with the target grid, which is rotated or upside down; warp "
            f"the image that gives the grid to a grid with north at the top first."
        )
    return axes


def crop(
    job: Job,
    task: Task,
    polygons: Optional[Polygons],
    axes: dict[str, tuple[tuple[Axis, Axis], ...]],
    full: Grid,
) -> tuple[Grid, tuple[int, int]]:
    """Return the grid of the part that single inputs share, within EXTENT and MASK, and where it begins.

    Of revisits, the reference counts as a single input.
    """
    alone = {role for role in axes if not task.role(role).is_list or task.role(role).revisits}
    if task.pairs:  # either pair may do
        alone -= {"FINE_2", "COARSE_2"} | ({"COARSE_1"} if axes.get("FINE_2") else set())
    single = [pairs[0] for role, pairs in axes.items() if pairs and role in alone]
    part: Optional[tuple[int, int, int, int]] = (0, 0, full.rows, full.columns)
    if single:
        part = common_part(single, full.rows, full.columns)
    if part is None:
        names = " and ".join(role for role in axes if role in alone)
        raise InputError(f"{names} do not overlap; check that they show the same place.")
    if job.extent is not None:
        xmin, ymin, xmax, ymax = numbers_of_extent(job.extent)
        inside = part_inside(full, (xmin, ymin, xmax, ymax))
        part = None if inside is None else shared(part, inside)
        if part is None:
            raise InputError("EXTENT does not overlap the images.")
    if polygons is not None:
        part = shared(part, polygons.part)
        if part is None:
            raise InputError("MASK does not overlap the images.")
    return full.crop(*part), part[:2]


def numbers_of_extent(given: Sequence[Any]) -> tuple[float, ...]:
    """Return xmin, ymin, xmax, ymax of a job's extent.

    Raises:
        InputError: It is none.
    """
    try:
        numbers = tuple(float(value) for value in given)
    except (TypeError, ValueError):
        numbers = ()
    if len(numbers) != 4 or not all(math.isfinite(value) for value in numbers):
        raise InputError("EXTENT needs xmin, ymin, xmax, ymax.")
    return numbers


def shifted(pair: tuple[Axis, Axis], shift: tuple[int, int]) -> tuple[Axis, Axis]:
    """Return the axes on a target grid that starts (row, column) further on."""
    rows, columns = pair
    row, column = shift
    return (
        replace(rows, origin=rows.origin + rows.scale * row),
        replace(columns, origin=columns.origin + columns.scale * column),
    )


def check_ratio(
    task: Task, sources: dict[str, tuple[Source, ...]], axes: dict[str, tuple[tuple[Axis, Axis], ...]]
) -> None:
    """Refuse images that are not coarser than the target grid, where the task needs it.

    Raises:
        InputError: See above; or they are coarser beyond reason.
    """
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


def describe_alignment(
    task: Task,
    sources: dict[str, tuple[Source, ...]],
    axes: dict[str, tuple[tuple[Axis, Axis], ...]],
    notes: list[str],
) -> None:
    """Say for the log what was found: ratio and offset of each image."""
    for role, images in sources.items():
        found: dict[str, list[str]] = {}
        for place, (image, (rows, columns)) in enumerate(zip(images, axes[role])):
            if role == task.grid_of and place == 0:
                continue
            ratio_x, ratio_y = 1 / columns.scale, 1 / rows.scale
            ratio = f"{ratio_x:.6g}" if abs(ratio_x - ratio_y) < 1e-9 else f"{ratio_x:.6g} x {ratio_y:.6g}"
            right = _phase(columns)
            down = _phase(rows)
            how = f"ratio {ratio}, corner offset {right:+.3f} columns, {down:+.3f} rows of target pixels"
            found.setdefault(how, []).append(image.name)
        notes += [f"{role}: {_listed(names)} aligned by geotransforms, {how}" for how, names in found.items()]


def _listed(names: Sequence[str]) -> str:
    """Return some names and the verb for them: each once, and only the first of many."""
    names = list(dict.fromkeys(names))
    if len(names) == 1:
        return f"{names[0]} is"
    return (
        f"{', '.join(names[:-1])} and {names[-1]} are"
        if len(names) < 4
        else f"{names[0]} and {len(names) - 1} more are"
    )


def _phase(axis: Axis) -> float:
    """Return how far, in target pixels, an input pixel edge lies from the nearest target pixel edge (-0.5 to 0.5).

    Half a pixel counts as -0.5, whatever the rounding of the geotransforms.
    """
    edge = -axis.origin / axis.scale
    phase = edge - math.floor(edge + 0.5 + 1e-6)
    return phase if abs(phase) > 1e-9 else 0.0
