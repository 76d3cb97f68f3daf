"""The inputs of a job: checked paths, opened images, dates, and what a method is told of them."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from pathlib import Path

from ..raster.gdal_calls import files_of
from ..raster.reader import Source, describe
from ..tasks.errors import InputError
from ..tasks.job import Input, Job
from ..tasks.method import Method, SceneInfo
from ..tasks.task import Task
from ..tasks.window import Axis


def check_paths(job: Job, task: Task) -> None:
    """Refuse outputs that are missing, unknown, twice there or also inputs, and unknown roles.

    Raises:
        InputError: See above.
    """
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


def check_outputs(job: Job, task: Task, method: Method) -> None:
    """Refuse an output that the method does not give.

    Raises:
        InputError: See above.
    """
    for output in job.outputs:
        if task.output(output.name).drawn and not method.stochastic:
            raise InputError(
                f"{output.name} is given by methods alone that draw their result several times, which {method.title} "
                "does not; leave it out."
            )


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


def images_of(job: Job, role: str) -> list[list[Input]]:
    """Return the inputs of a role, grouped into images by index."""
    own = [item for item in job.inputs if item.role == role]
    return [[item for item in own if item.index == index] for index in sorted({item.index for item in own})]


def sources_of(job: Job, task: Task, role_name: str, search_borders: bool) -> tuple[Source, ...]:
    """Open and describe the images of a role.

    Raises:
        InputError: One cannot be used, or their number does not fit.
    """
    role = task.role(role_name)
    images = images_of(job, role_name)
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


def describe_products(sources: dict[str, tuple[Source, ...]], notes: list[str]) -> None:
    """Say what was taken from products, and where their levels differ."""
    for role, images in sources.items():
        notes += [f"{role}: {line}" for image in images for line in image.notes]
    levels = {role: images[0].level for role, images in sources.items() if images and re.match(r"L\d", images[0].level)}
    if len({level[:2] for level in levels.values()}) > 1:
        stated = ", ".join(f"{role} is {level}" for role, level in levels.items())
        notes.append(
            f"Levels differ: {stated}; that works, for the bands keep their units and PAN lends its detail only"
        )


def days_of(job: Job, task: Task) -> dict[str, tuple[int, ...]]:
    """Return the days of each dated image from the date of the image that gives the grid, else the first.

    Revisits are left out: their days are counted from the reference, once that is chosen.
    """
    roles = [role for role in task.roles if not role.revisits]
    dates = {role.name: [items[0].date for items in images_of(job, role.name)] for role in roles}
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


def scene_info(
    sources: dict[str, tuple[Source, ...]],
    axes: dict[str, tuple[tuple[Axis, Axis], ...]],
    days: dict[str, tuple[int, ...]],
) -> SceneInfo:
    """Return what a method is told before any pixel is read."""
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
