"""Commands that make training sets for networks that predict fine images from coarse ones."""

from __future__ import annotations

import argparse
from typing import Any

from ..catalogue import Catalogue
from ..tasks.dates import given_days
from ..tasks.job import MASKS, Input
from . import console, shared
from .console import ConsoleFeedback


def add_prepare_triplets(commands: Any) -> None:
    """Add the commands that make patch sets of pairs and another date."""
    real = commands.add_parser("prepare-triplets", help="training patches from fine and coarse images of several dates")
    real.add_argument(
        "--fine", nargs="+", required=True, help="files or a folder of fine images, or the folder of a data set"
    )
    real.add_argument("--coarse", nargs="+", default=[], help="files or a folder of coarse images")
    real.add_argument(
        "--layout", default="auto", help="auto, files, cia, lgc, ahb, daxing, tianjin, wuhan, ic and so on"
    )
    real.add_argument("--pair-days", type=int, default=1, help="days within a pair; default 1")
    real.add_argument("--max-days", type=int, default=0, help="days from a pair to the target, 0 for any; default 0")
    real.add_argument("--most", type=int, default=4000, help="most patches, 0 for all; default 4000")
    real.add_argument("--validation-dates", default="", metavar="DATES", help="separated by commas")
    real.add_argument("--test-dates", default="", metavar="DATES", help="separated by commas")
    shared.names(real)
    real.add_argument("--bands", default="", help="bands of the fine images, separated by commas; default all")
    real.add_argument("--coarse-bands", default="", help="bands of the coarse images in that order")
    real.add_argument("--masks", choices=MASKS, default="none", help="auto: leave out what quality bands mark")
    real.add_argument("--dilate", type=int, default=0, help="grow the masks by so many of their pixels")
    real.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="RATIO, NORMALISE and so on")
    _patch_arguments(real, 20.0)
    real.set_defaults(command=_prepare_triplets)
    simulated = commands.add_parser("prepare-simulated-triplets", help="training patches of dates that are simulated")
    simulated.add_argument("--images", nargs="+", required=True, help="fine images in reflectance")
    simulated.add_argument("--ratio", type=float, default=16.0, help="coarse pixel / fine pixel; default 16")
    simulated.add_argument("--draws", type=int, default=8, help="how often dates are simulated of each; default 8")
    simulated.add_argument(
        "--split", action="append", default=[], help="train, validation or test; once for each image"
    )
    simulated.add_argument("--bands", default="", help="bands of the images, separated by commas; default all")
    simulated.add_argument("--buffer", type=int, default=64, help="pixels between splits; default 64")
    _patch_arguments(simulated, 15.0)
    simulated.set_defaults(command=_prepare_simulated_triplets)


def _patch_arguments(parser: argparse.ArgumentParser, validation: float) -> None:
    parser.add_argument("--output", required=True, metavar="FOLDER", help="folder of the patch set")
    parser.add_argument("--pairs", type=int, default=1, help="pairs for each target, 1 or 2; default 1")
    parser.add_argument("--patch", type=int, default=96, help="side in fine pixels; default 96")
    parser.add_argument("--stride", type=int, help="default the side")
    parser.add_argument("--least-valid", type=float, default=90.0, help="percent of a patch's pixels; default 90")
    parser.add_argument("--validation", type=float, default=validation, help=f"percent; default {validation:g}")
    parser.add_argument("--test", type=float, default=0.0, help="percent; default 0")
    parser.add_argument("--seed", type=int, default=0)
    shared.common(parser)


def _layout(arguments: argparse.Namespace, buffer: int) -> Any:
    from ..pipeline.patch_places import Layout

    return Layout(
        arguments.patch,
        arguments.stride or arguments.patch,
        1,
        buffer,
        arguments.validation / 100,
        arguments.test / 100,
        arguments.seed,
    )


def _prepare_triplets(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.triplets import TripletsRequest, prepare_triplets

    request = TripletsRequest(
        arguments.fine,
        arguments.coarse,
        arguments.layout,
        shared.search(arguments),
        arguments.pairs,
        arguments.pair_days,
        arguments.max_days,
        _layout(arguments, 0),
        given_days(arguments.validation_dates, "--validation-dates"),
        given_days(arguments.test_dates, "--test-dates"),
        arguments.least_valid / 100,
        arguments.most,
        dict(shared.pair(text) for text in arguments.set),
    )
    console.prepare(feedback)
    prepare_triplets(request, arguments.output, feedback)


def _prepare_simulated_triplets(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.simulate_pairs import SimulatedTriplets, prepare_simulated_triplets

    bands = shared.numbers("--bands", arguments.bands)
    images = [[Input("IMAGES", path, bands=list(bands))] for path in arguments.images]
    settings = SimulatedTriplets(
        arguments.ratio,
        arguments.pairs,
        arguments.draws,
        _layout(arguments, arguments.buffer),
        arguments.least_valid / 100,
        arguments.seed,
    )
    console.prepare(feedback)
    prepare_simulated_triplets(images, arguments.split, arguments.output, settings, feedback)
