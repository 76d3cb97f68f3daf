"""Commands on series of dates: predict them, and compare methods by leaving one date out."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..catalogue import AUTO, Catalogue
from ..tasks.dates import given_day, given_days
from ..tasks.errors import InputError
from ..tasks.job import MASKS
from . import console, scoring, shared
from .console import ConsoleFeedback

if TYPE_CHECKING:
    from ..pipeline.series_images import Search
    from ..pipeline.series_pairs import Choice, Wanted

TASK = "spatiotemporal_fusion"
_NAME = "predicted_%Y%m%d"


def add_predict_series(commands: Any) -> None:
    """Add the command that predicts a series."""
    parser = commands.add_parser("predict-series", help="predict the fine images of all dates of a coarse sensor")
    _image_arguments(parser, "dates to predict, separated by commas; default those without a fine image")
    parser.add_argument("--output", required=True, metavar="FOLDER", help="where an image for each date goes")
    parser.add_argument("--stack", default="", metavar="FILE.tif", help="also all dates in one raster")
    parser.add_argument("--table", default="", metavar="FILE", help="CSV or JSON of what was done with each date")
    parser.add_argument("--name", default=_NAME, help=f"names of the files; default {_NAME}".replace("%", "%%"))
    parser.add_argument("--method", default=AUTO, help="a method id; default by the number of pairs")
    parser.add_argument("--model", default="", help="weights of a network: a model's id or folder")
    parser.add_argument("--fill-gaps", action="store_true", help="keep clear pixels of fine images, fill their gaps")
    parser.add_argument("--overwrite", action="store_true", help="make again what is there")
    shared.part_and_format(parser, "a part of the first date only")
    shared.common(parser)
    parser.set_defaults(command=_predict_series)


def add_assess_series(commands: Any) -> None:
    """Add the command that compares methods on a series."""
    parser = commands.add_parser("assess-series", help="rank methods on a series: leave one date out, and predict it")
    _image_arguments(parser, "dates to leave out in turn, separated by commas; default all")
    parser.add_argument("--methods", default="", help="ids separated by commas; default all")
    parser.add_argument("--ratio", type=float, help="coarse pixel / fine pixel, for ERGAS; default from the images")
    parser.add_argument("--survey", action="store_true", help="also the scores of a survey's code, by their own names")
    scoring.assess_outputs(parser)
    shared.common(parser)
    parser.set_defaults(command=_assess_series)


def _image_arguments(parser: argparse.ArgumentParser, dates: str) -> None:
    parser.add_argument("--fine", nargs="+", required=True, help="folders and files of fine images")
    parser.add_argument(
        "--coarse", nargs="+", default=[], help="the same of coarse ones; default from the folder of the fine ones"
    )
    shared.names(parser)
    parser.add_argument("--dates", default="", help=dates)
    parser.add_argument("--from", dest="first", default="", help="no date before this one")
    parser.add_argument("--to", dest="last", default="", help="no date after this one")
    parser.add_argument("--pairs", type=int, choices=(1, 2), help="from one pair or two; default as suits")
    parser.add_argument("--max-days", type=int, default=0, help="pairs farther away are not used; 0 for no limit")
    parser.add_argument("--pair-days", type=int, default=1, help="days by which images of one pair may lie apart")
    parser.add_argument("--min-clear", type=float, default=10.0, help="least clear share in per cent; default 10")
    parser.add_argument("--bands", default="", help="bands of the fine images, separated by commas; default all")
    parser.add_argument("--coarse-bands", default="", help="bands of the coarse images in that order")
    parser.add_argument("--masks", choices=MASKS, default="none", help="auto: leave out what quality bands mark")
    parser.add_argument("--dilate", type=int, default=0, help="grow these masks by so many of their pixels")
    parser.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    shared.device(parser)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the method")


def _search(arguments: argparse.Namespace) -> Search:
    extent = arguments.extent
    return replace(shared.search(arguments), extent=(extent[0], extent[1], extent[2], extent[3]) if extent else None)


def _wanted(arguments: argparse.Namespace) -> Wanted:
    from ..pipeline.series_pairs import Wanted

    days = given_days(arguments.dates, "--dates")
    return Wanted(days, given_day(arguments.first, "--from"), given_day(arguments.last, "--to"))


def _choice(arguments: argparse.Namespace) -> Choice:
    from ..pipeline.series_pairs import Choice

    return Choice(
        arguments.pairs or 0,
        max_days=arguments.max_days,
        pair_days=arguments.pair_days,
        min_clear=arguments.min_clear / 100,
    )


def _parameters(arguments: argparse.Namespace) -> dict[str, Any]:
    return {name: shared.value(text) for name, text in (shared.pair(one) for one in arguments.set)}


def _predict_series(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Predict a series."""
    from ..pipeline.series import DateJob, SeriesRequest, check_series, run_series

    job = DateJob(
        arguments.method,
        _parameters(arguments),
        {"id": arguments.model} if arguments.model else None,
        arguments.device,
        arguments.threads,
        arguments.window,
        extent=arguments.extent,
        area=shared.area(arguments),
        preview=shared.preview(arguments),
        options=shared.options(arguments),
        dtype=arguments.dtype,
    )
    request = SeriesRequest(
        tuple(arguments.fine),
        tuple(arguments.coarse),
        arguments.output,
        _search(arguments),
        _wanted(arguments),
        _choice(arguments),
        job,
        arguments.name,
        arguments.fill_gaps,
        arguments.overwrite,
        arguments.stack,
        arguments.table,
    )
    check_series(request, catalogue)
    console.prepare(feedback)
    made = run_series(request, catalogue, feedback)
    for _, path in made.files:
        sys.stdout.write(f"{path}\n")
    if made.failed:
        names = ", ".join(str(row["date"]) for row in made.failed)
        raise InputError(f"{len(made.failed)} of {len(made.rows)} dates could not be predicted: {names}.")


def _assess_series(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Compare methods on a series."""
    from ..pipeline.assess_series import SeriesSettings, compare_series

    settings = SeriesSettings(
        _search(arguments),
        _wanted(arguments),
        _choice(arguments),
        tuple(part.strip() for part in arguments.methods.split(",") if part.strip()),
        _parameters(arguments),
        extent=arguments.extent,
        ratio=arguments.ratio,
        survey=arguments.survey,
        threads=arguments.threads,
        device=arguments.device,
    )
    console.prepare(feedback)
    found = compare_series(arguments.fine, arguments.coarse, settings, catalogue, feedback)
    for line in found.sentences():
        feedback.info(line)
    shared.write_scores(arguments, found.scores, found.table, found.report)
