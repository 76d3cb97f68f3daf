"""Commands that fuse images of several dates."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Union

from ..catalogue import AUTO, Catalogue
from ..tasks.errors import InputError
from ..tasks.job import MASKS, Input, Output
from ..tasks.task import OutputSpec, Role, Task
from . import console, shared
from .console import ConsoleFeedback

# Parameters of methods for revisits that have an option of their own.
_OF_REVISITS = ("RATIO", "REFERENCE_DATE", "MAX_DAYS", "MAX_SHIFT")


def add_revisits(commands: Any, task: Task) -> None:
    """Add the command of a task that takes several images of one place."""
    fuse = commands.add_parser(task.verb, help=task.title)
    _revisit_arguments(fuse)
    others = [role for role in task.roles if not role.revisits]
    for role in others:
        fuse.add_argument(f"--{role.name.lower()}", nargs="+", required=role.min_items > 0, help=role.title)
    fuse.add_argument("--output", required=True)
    for output in task.outputs:
        if output.optional:
            fuse.add_argument(f"--{output.name.lower()}", metavar="FILE.tif", help=output.title)
    fuse.add_argument("--method", default=AUTO, help="a method id; default the task's usual one")
    fuse.add_argument("--model", default="", help="weights of a network: a model's id or folder")
    fuse.add_argument("--device", default="auto", help="where a network runs: auto, cpu, cuda:N, mps and the like")
    if task.finer:
        fuse.add_argument("--ratio", help="how many times finer than the reference; default 2")
    fuse.add_argument("--reference-date", help="the date to show; default that of the clearest revisit")
    fuse.add_argument("--max-days", help="most days from the reference, 0 for any; default 30")
    fuse.add_argument("--max-shift", help="largest shift to look for, in pixels of the revisits; default 4")
    fuse.add_argument(
        "--extent",
        nargs=4,
        type=float,
        metavar=("XMIN", "YMIN", "XMAX", "YMAX"),
        help="in the CRS of the PAN, without one in that of the first revisit",
    )
    shared.fusion(fuse)
    shared.common(fuse)
    fuse.set_defaults(command=_fuse_revisits, task=task)


def _revisit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what describes revisits."""
    parser.add_argument(
        "--revisits", nargs="+", required=True, help="a raster or product for each date, or stacked rasters"
    )
    parser.add_argument("--stack-bands", type=int, default=0, help="bands of one date in a stack")
    parser.add_argument("--dates", default="", help="a date for each revisit, separated by commas")
    parser.add_argument("--bands", default="", help="bands of each revisit, separated by commas; default all")
    parser.add_argument(
        "--masks",
        choices=MASKS,
        default="none",
        help="auto: leave out what a product's quality band, or the mask prepared beside an image, marks",
    )
    parser.add_argument("--mask-files", nargs="+", default=[], help="a mask for each revisit, not 0 where not to use")
    parser.add_argument("--dilate", type=int, default=0, help="grow the masks by so many of their pixels")


def add_prepare_revisits(commands: Any) -> None:
    """Add the command that simulates revisits."""
    revisits = commands.add_parser("prepare-revisits", help="simulate revisits of one place from one sharp image")
    revisits.add_argument("image")
    revisits.add_argument("--output", required=True, metavar="FOLDER")
    revisits.add_argument("--count", type=int, default=8, help="number of revisits; default 8")
    revisits.add_argument("--ratio", type=float, default=2.0, help="how many times larger their pixels are; default 2")
    revisits.add_argument("--bands", default="", help="bands of the image, separated by commas; default all")
    revisits.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    revisits.add_argument("--max-shift", type=float, default=2.0, help="in pixels of the revisits; default 2")
    revisits.add_argument("--mtf-gains", default="0.3", help="one, or one for each band, separated by commas")
    revisits.add_argument("--kernel", default="gaussian", help="gaussian, box_gaussian or diffraction")
    revisits.add_argument("--snr", type=float, default=100.0, help="signal-to-noise ratio, 0 for none; default 100")
    revisits.add_argument("--gain", type=float, default=0.03, help="differences in brightness; default 0.03")
    revisits.add_argument("--clouded", type=int, default=2, help="number of clouded revisits; default 2")
    revisits.add_argument("--cloud-share", type=float, default=30.0, help="percent of these; default 30")
    revisits.add_argument("--mask-error", type=float, default=0.0, help="0 to 1; default 0")
    revisits.add_argument("--seed", type=int, default=0)
    revisits.add_argument("--pan", action="store_true", help="also write a PAN on the image's grid")
    revisits.add_argument("--no-reference", action="store_true", help="do not write the truth")
    shared.common(revisits)
    revisits.set_defaults(command=_prepare_revisits)


def _fuse_revisits(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    task: Task = arguments.task
    inputs = _revisits(arguments)
    for role in task.roles:
        if not role.revisits:
            inputs += [
                Input(role.name, path, mask=shared.mask(path, arguments)) for path in getattr(arguments, _option(role))
            ]
    outputs = []
    for output in task.outputs:
        path, image = getattr(arguments, _option(output)), output.kind == "image"
        if path:
            outputs.append(
                Output(output.name, path, output.kind, arguments.dtype if image else None, shared.options(arguments))
            )
    parameters: dict[str, Any] = dict(shared.pair(text) for text in arguments.set)
    for name in _OF_REVISITS:
        value = getattr(arguments, name.lower(), None)
        if value is not None:
            parameters[name] = value
    shared.run_or_save(shared.job(task.id, inputs, outputs, parameters, arguments), arguments, catalogue, feedback)


def _option(item: Union[Role, OutputSpec]) -> str:
    """Return the name under which the command line keeps the files of a role or an output."""
    return item.name.lower()


def _revisits(arguments: argparse.Namespace) -> list[Input]:
    """Return the revisits that the command line describes."""
    from ..pipeline.revisit_inputs import revisit_inputs

    return revisit_inputs(
        [Input("REVISITS", path) for path in arguments.revisits],
        arguments.stack_bands,
        arguments.dates,
        shared.numbers("--bands", arguments.bands),
        arguments.mask_files,
        arguments.masks == "auto",
        arguments.dilate,
    )


def _prepare_revisits(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..classical.super_resolution.simulate import Simulation
    from ..pipeline.simulate_revisits import RevisitsRequest, simulate_revisits

    try:
        blur = tuple(float(part) for part in arguments.mtf_gains.split(",") if part.strip())
    except ValueError:
        raise InputError(f"--mtf-gains needs numbers separated by commas, not {arguments.mtf_gains!r}.") from None
    simulation = Simulation(
        revisits=arguments.count,
        largest_shift=arguments.max_shift,
        kernel=arguments.kernel,
        blur=blur,
        noise=arguments.snr,
        gain=arguments.gain,
        clouded_revisits=arguments.clouded,
        cloud_share=arguments.cloud_share / 100,
        mask_error=arguments.mask_error,
        seed=arguments.seed,
    )
    request = RevisitsRequest(arguments.ratio, simulation, arguments.extent, arguments.pan, not arguments.no_reference)
    image = Input("IMAGE", arguments.image, bands=shared.numbers("--bands", arguments.bands))
    console.prepare(feedback)
    for path in simulate_revisits([image], arguments.output, request, feedback).every:
        sys.stdout.write(f"{path}\n")
