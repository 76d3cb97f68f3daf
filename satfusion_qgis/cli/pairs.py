"""The command that predicts a fine image from pairs of fine and coarse images."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..catalogue import AUTO, AUTO_RULES, Catalogue
from ..tasks.errors import InputError
from ..tasks.job import MASKS, Input, Job, Output
from ..tasks.task import Role, Task
from . import console, shared
from .console import ConsoleFeedback

# Parameters of the methods that have an option of their own.
_OF_PAIRS = ("RATIO", "NORMALISE", "FINE_SCALE", "COARSE_SCALE")


def add_predict(commands: Any, task: Task) -> None:
    """Add the command of a task on pairs."""
    predict = commands.add_parser(task.verb, help=task.title)
    _image_arguments(predict, task)
    predict.add_argument("--output", required=True)
    for output in task.outputs:
        if output.optional:
            predict.add_argument(f"--{output.name.lower()}", metavar="FILE.tif", help=output.title)
    predict.add_argument("--method", default=AUTO, help=f"a method id; default auto ({AUTO_RULES[task.id]})")
    predict.add_argument("--model", default="", help="weights of a network: a model's id or folder")
    shared.device(predict)
    predict.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    shared.fusion(predict)
    shared.common(predict)
    predict.set_defaults(command=_predict, task=task)


def add_adapt(commands: Any, task: Task) -> None:
    """Add the command that fits a network to pairs."""
    adapt = commands.add_parser(
        "adapt-spatiotemporal", help="fit a network to pairs, and predict with it where that is better"
    )
    _image_arguments(adapt, task)
    adapt.add_argument("--fine", nargs="+", default=[], help="fine images of further dates: folders and files")
    adapt.add_argument("--coarse", nargs="+", default=[], help="the same of coarse ones; default from those folders")
    shared.names(adapt)
    adapt.add_argument("--pair-days", type=int, default=1, help="days by which images of one pair may lie apart")
    adapt.add_argument("--output", required=True)
    adapt.add_argument("--time-limit", type=float, default=120.0, metavar="SECONDS", help="for the fit; default 120")
    adapt.add_argument("--steps", type=int, default=0, help="steps of the fit, in place of the time limit")
    adapt.add_argument("--model", default="", help="weights to start from: id or folder; none begins from nothing")
    adapt.add_argument(
        "--network", default="learned_unmixing", help="to begin from nothing with: learned_unmixing or edcstfn"
    )
    adapt.add_argument("--classes", type=int, default=8, help="classes of learned unmixing; default 8")
    adapt.add_argument("--model-folder", default="", metavar="FOLDER", help="keep the fitted network here")
    adapt.add_argument("--method", default=AUTO, help=argparse.SUPPRESS)
    adapt.add_argument("--device", default="auto", help="auto, cpu, cuda:N or mps")
    adapt.add_argument("--seed", type=int, default=0)
    adapt.add_argument("--engine", metavar="PYTHON", help="the engine's Python; default SATFUSION_PYTHON or installed")
    adapt.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    adapt.add_argument("--report", help="also write a report as HTML")
    adapt.add_argument("--scores", metavar="SCORES.json", help="also write the comparison as JSON")
    shared.fusion(adapt)
    shared.common(adapt)
    adapt.set_defaults(command=_adapt, task=task)


def _image_arguments(predict: argparse.ArgumentParser, task: Task) -> None:
    """Add what says which images are taken, and how they are read."""
    for role in task.roles:
        predict.add_argument(
            _option(role),
            nargs="+",
            required=role.min_items > 0,
            metavar="FILE",
            help=f"{role.title}: one raster, one file for each band, or a product",
        )
    predict.add_argument("--date-1", default="", help="when the pair was taken; default from metadata or names")
    predict.add_argument("--target-date", default="", help="the date to predict")
    predict.add_argument("--date-2", default="", help="when the second pair was taken")
    for role in task.roles:
        predict.add_argument(f"{_option(role)}-mask", metavar="FILE", help=f"not 0 where {role.name} is not used")
    predict.add_argument(
        "--masks",
        choices=MASKS,
        default="none",
        help="auto: leave out what a product's quality band, or the mask prepared beside an image, marks",
    )
    predict.add_argument("--dilate", type=int, default=0, help="grow the masks by so many of their pixels")
    predict.add_argument("--bands", default="", help="bands of the fine images, separated by commas; default all")
    predict.add_argument(
        "--coarse-bands", default="", help="bands of the coarse images in that order; default by wavelength or name"
    )
    predict.add_argument("--ratio", help="fine pixels along a coarse one, where that cannot be seen in the images")
    predict.add_argument("--normalise", help="none, offset, gain or gain_offset; default offset")
    predict.add_argument("--fine-scale", help="what a fine number is multiplied with for reflectance")
    predict.add_argument("--coarse-scale", help="what a coarse number is multiplied with for reflectance")


def _option(role: Role) -> str:
    return f"--{role.name.lower().replace('_', '-')}"


def _predict(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    shared.run_or_save(_job(arguments), arguments, catalogue, feedback)


def _adapt(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.adapt_pairs import FitSettings, adapt_pairs, further_pairs
    from ..pipeline.assess import json_text, write_text
    from ..runtime.settings import EngineSettings

    if arguments.save_job:
        raise InputError("--save-job: a fit is no single job; leave it out.")
    settings = FitSettings(
        arguments.model,
        arguments.network,
        arguments.classes,
        arguments.time_limit,
        arguments.steps,
        arguments.device,
    ).check()
    job = replace(_job(arguments), model=None, seed=arguments.seed)
    engine = EngineSettings(Path(arguments.engine) if arguments.engine else None)
    console.prepare(feedback)
    search = shared.search(arguments)
    further = further_pairs(arguments.fine, arguments.coarse, search, arguments.pair_days, feedback)
    found = adapt_pairs(job, further, settings, arguments.model_folder, catalogue, feedback, engine)
    if arguments.report:
        write_text(arguments.report, found.report())
    if arguments.scores:
        write_text(arguments.scores, json_text(dict(found.facts)))


def _job(arguments: argparse.Namespace) -> Job:
    """Return the job on the images that are given."""
    from ..pipeline.pair_inputs import pair_inputs
    from ..raster.bands import order_inputs

    task: Task = arguments.task
    bands = shared.numbers("--bands", arguments.bands)
    given, masks = [], {}
    for role in task.roles:
        own = bands if role.name.startswith("FINE") else []
        files = [Input(role.name, path, bands=list(own)) for path in getattr(arguments, role.name.lower()) or []]
        given += order_inputs(files)[0]
        mask = getattr(arguments, f"{role.name.lower()}_mask")
        if mask:
            masks[role.name] = mask
    dates = {"DATE_1": arguments.date_1, "TARGET_DATE": arguments.target_date, "DATE_2": arguments.date_2}
    coarse_bands = shared.numbers("--coarse-bands", arguments.coarse_bands)
    inputs = pair_inputs(given, dates, masks, arguments.masks == "auto", arguments.dilate, coarse_bands)
    outputs = []
    for output in task.outputs:
        path, image = getattr(arguments, output.name.lower(), None), output.kind == "image"
        if path:
            dtype = arguments.dtype if image else None
            outputs.append(Output(output.name, path, output.kind, dtype, shared.options(arguments)))
    parameters: dict[str, Any] = dict(shared.pair(text) for text in arguments.set)
    for name in _OF_PAIRS:
        value = getattr(arguments, name.lower())
        if value is not None:
            parameters[name] = value
    return shared.job(task.id, inputs, outputs, parameters, arguments)
