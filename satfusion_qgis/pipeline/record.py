"""The record of a run inside its output: the job as JSON, so that any output can be made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..raster.gdal_calls import open_raster
from ..raster.products import split_choice
from ..tasks.errors import InputError
from ..tasks.job import Job

DOMAIN = "SATFUSION"


def record(job: Job, date: str = "") -> dict[str, dict[str, str]]:
    """Return the metadata, by domain, that an output of `job` carries.

    Args:
        job: The job.
        date: The date that the output shows, in ISO 8601; "" when there is none, or it is not known.
    """
    made = {DOMAIN: {"JOB": absolute(job).to_json()}}
    if date:
        made[DOMAIN]["DATE"] = date
        made[""] = {"DATE": date}
        made["IMAGERY"] = {"ACQUISITIONDATETIME": date.rstrip("Z").replace("T", " ")}
    return made


def absolute(job: Job) -> Job:
    """Return the job with absolute paths of plain files, so that it can be repeated from any folder."""

    def full(item: Any) -> Any:
        base, key = split_choice(item.path)
        if not Path(base).exists():
            return item
        return replace(item, path=f"{Path(base).resolve()}#{key}" if key else str(Path(base).resolve()))

    inputs = [replace(full(item), mask=full(item.mask) if item.mask else None) for item in job.inputs]
    outputs = [replace(item, path=str(Path(item.path).resolve())) for item in job.outputs]
    return replace(job, inputs=inputs, outputs=outputs, area=full(job.area) if job.area and job.area.path else job.area)


def job_of(path: str) -> Job:
    """Read back the job that made a raster.

    Raises:
        InputError: The raster was not made by SatFusion, or cannot be read.
    """
    dataset = open_raster(path)
    text = dataset.GetMetadataItem("JOB", DOMAIN) or dataset.GetMetadataItem(f"{DOMAIN}_JOB")  # the latter in a COG
    if not text:
        raise InputError(f"{Path(path).name} carries no SatFusion job; only rasters made by SatFusion can be repeated.")
    return Job.from_json(text)
