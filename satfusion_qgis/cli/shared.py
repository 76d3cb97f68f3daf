"""What several commands share: values as they are typed, running a job, and writing scores."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.job import AUTO_MASK, Area, Input, Job, Mask, Output, Preview
from ..tasks.sensors import SENSORS
from . import console
from .console import ConsoleFeedback

if TYPE_CHECKING:
    from ..pipeline.series_images import Search


def common(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes."""
    parser.add_argument("--quiet", action="store_true", help="print warnings and errors only")
    parser.add_argument("--threads", type=int, default=0, help="compute threads; default one for each core")


def fusion(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that fuses images of several dates."""
    part_and_format(parser, "fuse 512 x 512 pixels, with the statistics of all")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the method")
    parser.add_argument("--save-job", metavar="JOB.json", help="write the job and do not run it")


def part_and_format(parser: argparse.ArgumentParser, shown: str) -> None:
    """Add what says which part is computed, and how it is written; `shown` says what a preview is."""
    parser.add_argument("--mask", metavar="POLYGONS.gpkg", help="fuse only inside these polygons")
    parser.add_argument("--mask-layer", metavar="NAME", help="layer of the mask, where it has several")
    parser.add_argument("--preview", action="store_true", help=shown)
    parser.add_argument("--preview-centre", nargs=2, type=float, metavar=("X", "Y"), help="where; default the centre")
    parser.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    parser.add_argument("--type", dest="dtype", help="GDAL type of the output, such as Float32")
    parser.add_argument("--units", default="input", help="input, reflectance or reflectance_int16")
    parser.add_argument("--no-overviews", action="store_true")
    parser.add_argument("--window", type=int, help="side of the processing window in pixels")


def device(parser: argparse.ArgumentParser) -> None:
    """Add where methods of spatiotemporal fusion compute."""
    parser.add_argument(
        "--device",
        default="auto",
        help="where a network runs: auto, cpu, cuda:N, mps and the like; for classical methods auto or cpu for the "
        "engine's compiled code, or python",
    )


def names(parser: argparse.ArgumentParser) -> None:
    """Add what chooses fine and coarse images by their names, and how these hold dates."""
    parser.add_argument("--fine-names", default="", help="wildcards such as 'landsat8_*, !*_gaps*'")
    parser.add_argument("--coarse-names", default="", help="wildcards such as 'modis_*'")
    parser.add_argument("--date-pattern", default="", help="how names hold dates, such as '*_%%Y%%m%%d_*'")


def search(arguments: argparse.Namespace) -> Search:
    """Return which images are taken, of what `names` added, and --bands, --coarse-bands, --masks and --dilate."""
    from ..pipeline.series_images import Search

    return Search(
        arguments.fine_names,
        arguments.coarse_names,
        arguments.date_pattern,
        tuple(numbers("--bands", arguments.bands)),
        arguments.masks == "auto",
        arguments.dilate,
        coarse_bands=tuple(numbers("--coarse-bands", arguments.coarse_bands)),
    )


def area(arguments: argparse.Namespace) -> Optional[Area]:
    """Return the polygons of what `part_and_format` added."""
    return Area(arguments.mask, arguments.mask_layer) if arguments.mask else None


def preview(arguments: argparse.Namespace) -> Optional[Preview]:
    """Return the preview of what `part_and_format` added."""
    shown = arguments.preview or arguments.preview_centre is not None
    return Preview(arguments.preview_centre) if shown else None


def options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the options of an output, of what `part_and_format` added."""
    return {
        "COMPRESSION": arguments.compression,
        "OVERVIEWS": not arguments.no_overviews,
        "UNITS": arguments.units,
    }


def job(
    task: str, inputs: list[Input], outputs: list[Output], parameters: dict[str, Any], arguments: argparse.Namespace
) -> Job:
    """Return the job of a command that has what `fusion` added, and --method, --model, --device and --extent."""
    return Job(
        task,
        arguments.method,
        inputs,
        outputs,
        extent=arguments.extent,
        area=area(arguments),
        preview=preview(arguments),
        parameters=parameters,
        model={"id": arguments.model} if arguments.model else None,
        window=arguments.window,
        device=arguments.device,
        threads=arguments.threads,
    )


def run_or_save(job: Job, arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Run a job, or write it where --save-job says."""
    if arguments.save_job:
        Path(arguments.save_job).write_text(job.to_json() + "\n", encoding="utf-8")
        return
    execute(job, catalogue, feedback)


def mask(path: str, arguments: argparse.Namespace) -> Optional[Mask]:
    """Return the mask of a product, where products' masks are asked for."""
    from ..raster.products import is_product

    return Mask(AUTO_MASK, dilate_px=arguments.dilate) if arguments.masks == "auto" and is_product(path) else None


def value(text: str) -> Any:
    """Return a setting as a number, true, false or a list where it is one, else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def check_sensor(name: str) -> None:
    """Refuse a sensor that is not known."""
    known = [item.id for item in SENSORS]
    if name not in known:
        raise InputError(f"Unknown sensor {name!r}; known are: {', '.join(known)}.")


def write_scores(
    arguments: argparse.Namespace, scores: dict[str, Any], table: Callable[[], str], report: Callable[[], str]
) -> None:
    """Write what was asked for; the scores go to standard output where no file is named."""
    from ..pipeline.assess import json_text, write_text

    if arguments.csv:
        write_text(arguments.csv, table())
    if arguments.report:
        write_text(arguments.report, report())
    if arguments.output:
        write_text(arguments.output, json_text(scores))
    else:
        sys.stdout.write(json_text(scores))


def execute(job: Job, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Run a job, and say where its outputs are."""
    from ..pipeline import run

    console.prepare(feedback)
    result = run(job, catalogue, feedback)
    for name, path in result.outputs.items():
        feedback.info(f"{name}: {path}")


def numbers(name: str, text: str) -> list[int]:
    """Return band numbers that are separated by commas."""
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise InputError(f"{name} needs band numbers separated by commas, not {text!r}.") from None


def pair(text: str) -> tuple[str, str]:
    """Return name and value of NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"{text!r} must have the form NAME=VALUE.")
    return name, value
