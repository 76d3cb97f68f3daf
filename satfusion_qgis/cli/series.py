"""Commands on series of dates: predict them, and compare methods by leaving one date out."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any, Optional

from ..catalogue import AUTO, Catalogue
from ..tasks.dates import moment_of
from ..tasks.errors import InputError
from ..tasks.job import MASKS, Area, Preview
from . import console, scoring, shared
from .console import ConsoleFeedback

if TYPE_CHECKING:
    import datetime

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
    parser.add_argument("--mask", metavar="POLYGONS.gpkg", help="only inside these polygons")
    parser.add_argument("--mask-layer", metavar="NAME", help="layer of the mask, where it has several")
    parser.add_argument("--preview", action="store_true", help="a part of the first date only")
    parser.add_argument("--preview-centre", nargs=2, type=float, metavar=("X", "Y"), help="where; default the centre")
    parser.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    parser.add_argument("--type", dest="dtype", help="GDAL type of the outputs, such as Float32")
    parser.add_argument("--units", default="input", help="input, reflectance or reflectance_int16")
    parser.add_argument("--no-overviews", action="store_true")
    parser.add_argument("--window", type=int, help="side of the processing window in pixels")
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
    parser.add_argument("--fine-names", default="", help="wildcards such as 'landsat8_*, !*_gaps*'")
    parser.add_argument("--coarse-names", default="", help="wildcards such as 'modis_*'")
    parser.add_argument("--date-pattern", default="", help="how names hold dates, such as '*_%%Y%%m%%d_*'")
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
    parser.add_argument(
        "--device",
        default="auto",
        help="where a network runs: auto, cpu, cuda:N, mps and the like; for classical methods auto or cpu for the "
        "engine's compiled code, or python",
    )
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the method")


def _search(arguments: argparse.Namespace) -> Search:
    from ..pipeline.series_images import Search

    extent = arguments.extent
    return Search(
        arguments.fine_names,
        arguments.coarse_names,
        arguments.date_pattern,
        tuple(shared.numbers("--bands", arguments.bands)),
        arguments.masks == "auto",
        arguments.dilate,
        (extent[0], extent[1], extent[2], extent[3]) if extent else None,
        tuple(shared.numbers("--coarse-bands", arguments.coarse_bands)),
    )


def _wanted(arguments: argparse.Namespace) -> Wanted:
    from ..pipeline.series_pairs import Wanted

    listed = [part for part in re.split(r"[,;\s]+", arguments.dates) if part]
    days = tuple(day for day in (_day(text, "--dates") for text in listed) if day is not None)
    return Wanted(days, _day(arguments.first, "--from"), _day(arguments.last, "--to"))


def _day(text: str, name: str) -> Optional[datetime.date]:
    if not text.strip():
        return None
    moment = moment_of(text)
    if moment is None:
        raise InputError(f"{name}: {text!r} is not a date; write 2024-01-31.")
    return moment.date()


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

    options = {
        "COMPRESSION": arguments.compression,
        "OVERVIEWS": not arguments.no_overviews,
        "UNITS": arguments.units,
    }
    preview = arguments.preview or arguments.preview_centre is not None
    job = DateJob(
        arguments.method,
        _parameters(arguments),
        {"id": arguments.model} if arguments.model else None,
        arguments.device,
        arguments.threads,
        arguments.window,
        extent=arguments.extent,
        area=Area(arguments.mask, arguments.mask_layer) if arguments.mask else None,
        preview=Preview(arguments.preview_centre) if preview else None,
        options=options,
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
