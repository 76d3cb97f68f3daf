"""Commands that list methods, run jobs, sharpen, and degrade."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Area, Input, Job, Output, Preview
from . import console, shared
from .console import ConsoleFeedback

if TYPE_CHECKING:
    from ..pipeline.batch import Scene


def methods(arguments: argparse.Namespace, catalogue: Catalogue, feedback: Feedback) -> None:
    """List tasks, methods and their parameters."""
    if arguments.json:
        rows = [
            {
                "task": method.task,
                "id": method.id,
                "title": method.title,
                "summary": method.summary,
                "citation": method.citation,
                "parameters": [{"name": p.name, "default": p.default, "help": p.help} for p in method.parameters],
            }
            for method in catalogue.methods
        ]
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
        return
    for task in catalogue.tasks:
        sys.stdout.write(f"{task.title} ({task.id})\n")
        for method in catalogue.methods_of(task.id):
            sys.stdout.write(f"  {method.id:16} {method.title}: {method.summary}\n")
            for parameter in method.parameters:
                sys.stdout.write(f"      {parameter.name} [{parameter.default!r}]\n")


def run(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Run a job that was saved."""
    job = _read_job(arguments.job)
    targets = dict(shared.pair(text) for text in arguments.output)
    for output in job.outputs:
        output.path = targets.pop(output.name, output.path)
    if targets:
        raise InputError(f"The job has no output {', '.join(sorted(targets))}.")
    if arguments.threads:
        job.threads = arguments.threads
    shared.execute(job, catalogue, feedback)


def _read_job(text: str) -> Job:
    if text == "-":
        return Job.from_json(sys.stdin.read())
    path = Path(text)
    if path.suffix.lower() in (".tif", ".tiff"):
        from ..pipeline import job_of

        return job_of(text)
    try:
        return Job.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read {text}: {error.strerror}.") from None


def pansharpen(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Sharpen one scene or several."""
    from ..pipeline.batch import run_scenes

    scenes = _scenes(arguments)
    taken: list[str] = []

    def fuse(scene: Scene) -> None:
        shared.execute(_scene_job(arguments, scene, catalogue, feedback, taken), catalogue, feedback)

    if arguments.save_job:
        if len(scenes) != 1:
            raise InputError("--save-job takes one scene.")
        job = _scene_job(arguments, scenes[0], catalogue, feedback, taken)
        Path(arguments.save_job).write_text(job.to_json() + "\n", encoding="utf-8")
    elif len(scenes) == 1 and not arguments.batch:
        fuse(scenes[0])
    else:
        failed = run_scenes(scenes, fuse, feedback)
        feedback.info(f"{len(scenes) - len(failed)} of {len(scenes)} scenes are done")
        if failed:
            names = ", ".join(line.partition(":")[0] for line in failed)
            raise InputError(f"{len(failed)} of {len(scenes)} scenes failed: {names}.")


def _scenes(arguments: argparse.Namespace) -> list[Scene]:
    """Return the scenes that the command line names, once it is clear where each one's output goes."""
    from ..pipeline.batch import Scene, read_scenes

    if arguments.batch and (arguments.ms or arguments.pan):
        raise InputError("Give either --batch or --ms and --pan.")
    if not arguments.batch and (not arguments.ms or len(arguments.ms) != len(arguments.pan)):
        raise InputError("Give --ms and --pan, once for each scene, or --batch.")
    if arguments.batch:
        scenes = read_scenes(arguments.batch)
    else:
        scenes = [Scene(tuple(files), tuple(pan), arguments.output) for files, pan in zip(arguments.ms, arguments.pan)]
    if arguments.output and (arguments.output_folder or arguments.batch or len(scenes) > 1):
        raise InputError("--output takes one scene and no --output-folder; several scenes need --output-folder.")
    if arguments.output_folder and not Path(arguments.output_folder).is_dir():
        raise InputError(f"The output folder {arguments.output_folder} does not exist.")
    if not arguments.output_folder and not all(scene.output for scene in scenes):
        raise InputError("Give --output-folder, or --output for a single scene.")
    return scenes


def _scene_job(
    arguments: argparse.Namespace, scene: Scene, catalogue: Catalogue, feedback: ConsoleFeedback, taken: list[str]
) -> Job:
    """Return the job of one scene; names that were given to outputs are kept in `taken`."""
    from ..pipeline.batch import unused
    from ..pipeline.names import output_name
    from ..raster.bands import order_inputs

    bands = shared.numbers("--bands", arguments.bands if scene.bands is None else scene.bands)
    inputs = [Input("MS", path, bands=list(bands), mask=shared.mask(path, arguments)) for path in scene.ms]
    if not arguments.keep_order and len(inputs) > 1:
        inputs, basis = order_inputs(inputs)
        feedback.info(f"Band order ({basis}): " + ", ".join(Path(item.path).name for item in inputs))
    options = {
        "COMPRESSION": arguments.compression,
        "OVERVIEWS": not arguments.no_overviews,
        "UNITS": arguments.units,
    }
    method = scene.method or arguments.method
    preview = arguments.preview or arguments.preview_centre is not None
    output = scene.output
    if output is None:
        name = output_name(scene.ms, catalogue.method("pansharpening", method).id, preview)
        taken.append(unused(name, taken))
        output = str(Path(arguments.output_folder, f"{taken[-1]}.tif"))
    mask = scene.mask or arguments.mask
    return Job(
        "pansharpening",
        method,
        [*inputs, *(Input("PAN", path, mask=shared.mask(path, arguments)) for path in scene.pan)],
        [Output("OUTPUT", output, "image", arguments.dtype, options)],
        extent=arguments.extent,
        area=Area(mask, None if scene.mask else arguments.mask_layer) if mask else None,
        preview=Preview(arguments.preview_centre) if preview else None,
        parameters=dict(shared.pair(text) for text in arguments.set),
        model={"id": arguments.model} if arguments.model else None,
        window=arguments.window,
        device=arguments.device,
        threads=arguments.threads,
    )


def degrade(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Degrade a pair of images."""
    from ..pipeline.degrade import degrade_jobs, degrade_pair

    pan = Input("PAN", arguments.pan) if arguments.pan else None
    if pan is not None and not arguments.output_pan:
        raise InputError("Give --output-pan for the degraded PAN.")
    jobs = degrade_jobs(
        [Input("MS", path) for path in arguments.ms],
        pan,
        arguments.output_ms,
        arguments.output_pan,
        arguments.ratio,
        dict(shared.pair(text) for text in arguments.set),
        threads=arguments.threads,
    )
    console.prepare(feedback)
    degrade_pair(jobs, feedback)
