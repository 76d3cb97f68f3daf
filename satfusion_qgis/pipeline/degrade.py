"""Degrading a scene by Wald's protocol: MS and PAN as a sensor with pixels that many times larger would have seen them.

One phase end to end: each degraded pixel is sampled at the centre of the block of pixels that it stands for, and the
geotransforms say so. PAN is degraded onto MS's own grid, so that a sharpened result can be compared with the original
MS pixel by pixel.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

from ..catalogue import CATALOGUE
from ..raster.gdal_calls import same_crs
from ..raster.grid import Grid
from ..raster.products import pinned
from ..raster.reader import Source, describe
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.parameters import check_parameters
from ..tasks.sensors import sensor
from .execute import run
from .inputs import check_not_an_input
from .plan import make_plan

_LEAST_PIXELS = 8


def degrade_jobs(
    ms: Sequence[Input],
    pan: Optional[Input],
    output_ms: str,
    output_pan: Optional[str],
    ratio: Optional[float] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    options: Optional[Mapping[str, Any]] = None,
    threads: int = 2,
) -> list[Job]:
    """Return the jobs that degrade an MS image, and its PAN.

    Args:
        ms: The MS image: one input, or one for each single-band file.
        pan: Its PAN, or None.
        output_ms: Where the degraded MS goes.
        output_pan: Where the degraded PAN goes; needed with `pan`.
        ratio: How many times larger the pixels become; default: MS pixel / PAN pixel.
        parameters: SENSOR and MTF_GAINS (for MS).
        options: Output options, see `Output`.
        threads: Compute threads.

    Raises:
        InputError: The ratio is not known or not above 1, or an input is bad.
    """
    method = CATALOGUE.method("degradation", "degrade")
    chosen = check_parameters(method.parameters, parameters or {})
    outputs = {"OUTPUT_MS": output_ms, **({"OUTPUT_PAN": output_pan} if output_pan else {})}
    for name, path in outputs.items():
        check_not_an_input(name, path, [*ms, *([pan] if pan else [])])
    if output_pan and os.path.realpath(output_ms) == os.path.realpath(output_pan):
        raise InputError("OUTPUT_MS and OUTPUT_PAN are the same file; give each its own name.")
    ms = [replace(item, path=pinned(item.path, "MS")) for item in ms]
    pan = replace(pan, path=pinned(pan.path, "PAN")) if pan is not None else None
    image = describe("MS", ms)
    ratios = _ratios(image, pan, ratio)
    coarse = _coarser(image.grid, ratios)
    jobs = [_job(ms, coarse, output_ms, chosen, options, threads)]
    if pan is not None and output_pan:
        gain = sensor(chosen["SENSOR"]).pan_gain
        settings = {"SENSOR": chosen["SENSOR"], "MTF_GAINS": f"{gain:g}"}
        jobs.append(
            _job([pan], _covered(image.grid, describe("PAN", [pan]).grid), output_pan, settings, options, threads)
        )
    return jobs


def degrade_pair(jobs: Sequence[Job], feedback: Optional[Feedback] = None) -> list[str]:
    """Run the jobs of `degrade_jobs`, after all of them were checked; return the output paths.

    Where one of them fails, none is left.
    """
    for job in jobs:
        make_plan(job).close()
    done: list[str] = []
    try:
        for job in jobs:
            done.append(run(job, feedback=feedback).outputs["OUTPUT"])
    except BaseException:
        for path in done:
            Path(path).unlink(missing_ok=True)
        raise
    return done


def _job(
    inputs: Sequence[Input],
    grid: Grid,
    path: str,
    parameters: Mapping[str, Any],
    options: Optional[Mapping[str, Any]],
    threads: int,
) -> Job:
    return Job(
        "degradation",
        "degrade",
        [replace(item, role="IMAGE", index=0) for item in inputs],
        [Output("OUTPUT", path, options=dict(options or {}))],
        grid={"crs": grid.crs, "geotransform": list(grid.geotransform), "size": [grid.columns, grid.rows]},
        parameters=dict(parameters),
        threads=threads,
    )


def _ratios(image: Source, pan: Optional[Input], ratio: Optional[float]) -> tuple[float, float]:
    """Return (down, across)."""
    if ratio:
        if not ratio > 1:
            raise InputError(f"RATIO must be above 1, not {ratio:g}.")
        return ratio, ratio
    if pan is None:
        raise InputError("RATIO is needed where no PAN is given.")
    fine = describe("PAN", [pan])
    if not same_crs(fine.grid.crs, image.grid.crs):
        raise InputError("PAN and MS have different coordinate reference systems, so RATIO has to be given.")
    across, down = (own / other for own, other in zip(image.grid.pixel, fine.grid.pixel))
    if min(across, down) <= 1.001:
        raise InputError("PAN is not finer than MS; they may be swapped.")
    return down, across


def _coarser(grid: Grid, ratios: tuple[float, float]) -> Grid:
    """Return the grid with larger pixels and the same upper-left corner, of whole pixels only."""
    down, across = ratios
    rows, columns = int(grid.rows / down + 1e-6), int(grid.columns / across + 1e-6)
    if min(rows, columns) < _LEAST_PIXELS:
        raise InputError(f"The image is too small to be degraded: {columns} x {rows} pixels would be left.")
    x, a, b, y, d, e = grid.geotransform
    return Grid(grid.crs, (x, a * across, b * down, y, d * across, e * down), columns, rows)


def _covered(grid: Grid, fine: Grid) -> Grid:
    """Return the part of MS's grid that PAN covers."""
    axes = fine.axes_on(grid)
    if axes is None:
        return grid
    spans = []
    for axis, size in zip(axes, (grid.rows, grid.columns)):
        first = max(0, -int((axis.origin + 0.5) // axis.scale)) if axis.origin < 0 else 0
        last = min(size, int((axis.size - axis.origin) / axis.scale + 0.5))
        if last <= first:
            raise InputError("MS and PAN do not overlap; check that they show the same place.")
        spans.append((first, last - first))
    (row, rows), (column, columns) = spans
    return grid.crop(row, column, rows, columns)
