"""Revisits in a plan: which are used, given where the job computes, and the places of a job in the reference's CRS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Optional

from ..raster.clearness import Region, region_of
from ..raster.gdal_calls import same_crs
from ..raster.reader import Source, remove_virtual
from ..tasks.dates import moment_in_name
from ..tasks.errors import InputError
from ..tasks.job import Job
from ..tasks.method import Method
from ..tasks.task import Role, Task
from .alignment import full_grid, numbers_of_extent
from .inputs import images_of
from .revisits import MAX_DAYS, REFERENCE_DATE, Chosen, choose, revisits_of

_PIXELS_ALIKE = 1.5


def chosen_revisits(
    job: Job,
    task: Task,
    method: Method,
    sources: dict[str, tuple[Source, ...]],
    notes: list[str],
    warnings: list[str],
) -> dict[str, Chosen]:
    """Choose among the revisits of each role that takes some; changes `sources` to what is used, reference first.

    Raises:
        InputError: No revisit can be used, or dates make no sense.
    """
    settings = {
        item.name: item.check(job.parameters.get(item.name))
        for item in method.parameters
        if item.name in (REFERENCE_DATE, MAX_DAYS)
    }
    found = {}
    for role in task.roles:
        if not role.revisits or not sources[role.name]:
            continue
        given = sources[role.name]
        revisits = revisits_of(role.name, images_of(job, role.name), given)
        within, of = _within(job, task, role, sources)
        chosen = choose(role.name, revisits, settings, within, of)
        sources[role.name] = chosen.sources
        for one, _ in chosen.left_out:
            remove_virtual(one.source)
        notes += chosen.notes + _date_of_others(task, role, sources, chosen)
        warnings += chosen.warnings + _pixel_warnings(role, chosen)
        found[role.name] = chosen
    return found


def _within(job: Job, task: Task, role: Role, sources: dict[str, tuple[Source, ...]]) -> tuple[Optional[Region], str]:
    """Return what the job computes, as far as that is known before the reference is, and what it is called."""
    region, of = None, ""
    if task.grid_of != role.name or (job.grid and "of" not in job.grid):
        region, of = region_of(full_grid(job, task, sources)), str(task.grid_of) if not job.grid else "the job's grid"
    if job.extent is not None:
        crs = region.crs if region is not None else sources[role.name][0].grid.crs
        xmin, ymin, xmax, ymax = numbers_of_extent(job.extent)
        extent = Region(crs, (xmin, ymin, xmax, ymax))
        region = extent if region is None else region.shared(extent)
        if region is None:
            raise InputError("EXTENT does not overlap the images.")
        of = "EXTENT" if not of else f"{of} within EXTENT"
    return region, of


def _date_of_others(task: Task, role: Role, sources: dict[str, tuple[Source, ...]], chosen: Chosen) -> list[str]:
    """Say how far in time the other inputs lie from the reference, where their names tell."""
    reference, lines = chosen.revisits[0].moment, []
    for other in task.roles:
        for image in sources.get(other.name, ()):
            moment = moment_in_name(image.name) if other.name != role.name else None
            if moment is not None and reference is not None:
                days = (moment.date() - reference.date()).days
                when = "on the day of" if not days else f"{abs(days)} days {'after' if days > 0 else 'before'}"
                lines.append(f"{other.name}: {image.name} is of {moment.date()}, {when} the reference")
    return lines


def _pixel_warnings(role: Role, chosen: Chosen) -> list[str]:
    """Warn of revisits whose pixels are far larger or smaller than the reference's, where both count in one CRS."""
    first = chosen.sources[0].grid
    lines = []
    for one in chosen.revisits[1:]:
        grid = one.source.grid
        ratio = max(own / other for own, other in zip(grid.pixel, first.pixel))
        if same_crs(grid.crs, first.crs) and not 1 / _PIXELS_ALIKE < ratio < _PIXELS_ALIKE:
            lines.append(
                f"{role.name}: {one.name} has pixels of {grid.pixel[0]:g}, the reference of {first.pixel[0]:g}; "
                f"revisits should come from one sensor"
            )
    return lines


def placed_on(job: Job, task: Task, first_crs: str, sources: dict[str, tuple[Source, ...]]) -> Job:
    """Return the job with EXTENT and the preview's centre in the CRS of the grid, where a revisit gives it.

    Args:
        job: The job, whose places are in the CRS of the first revisit given.
        task: Its task.
        first_crs: WKT of that CRS.
        sources: Images of each role, the reference first.
    """
    role = task.role(task.grid_of) if task.grid_of else None
    if role is None or not role.revisits or (job.grid and "of" not in job.grid):
        return job
    crs = sources[role.name][0].grid.crs
    if same_crs(first_crs, crs):
        return job
    changed: dict[str, Any] = {}
    if job.extent is not None:
        xmin, ymin, xmax, ymax = numbers_of_extent(job.extent)
        there = Region(first_crs, (xmin, ymin, xmax, ymax)).to_crs(crs)
        if there is None:
            raise InputError("EXTENT does not overlap the images.")
        changed["extent"] = list(there.extent)
    if job.preview is not None and job.preview.centre is not None and len(job.preview.centre) == 2:
        x, y = job.preview.centre
        there = Region(first_crs, (x, y, x, y)).to_crs(crs)
        centre = None if there is None else [there.extent[0], there.extent[1]]
        changed["preview"] = replace(job.preview, centre=centre)
    return replace(job, **changed)
