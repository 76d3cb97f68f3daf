"""Commands that train a network, or fit one to a scene."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..catalogue import Catalogue
from ..tasks.job import Input, Job, Output
from . import console, shared
from .console import ConsoleFeedback


def add_train(commands: Any, name: str, task: str) -> None:
    """Add a command that trains networks."""
    train = commands.add_parser(name, help="train a network on a patch set, in the engine")
    train.add_argument("--patches", required=True, metavar="FOLDER", help="made by prepare-patches or in QGIS")
    train.add_argument("--network", required=True, help="a method id, such as fusionnet or highresnet")
    train.add_argument(
        "--configure",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an argument of the network, such as hidden=32, encoder=srcnn or encoder_settings.hidden=32",
    )
    train.add_argument("--model-folder", required=True, metavar="FOLDER", help="where card and weights go")
    train.add_argument("--preset", default="recommended", help="recommended or published settings")
    train.add_argument("--time-limit", type=float, default=0.0, metavar="MINUTES", help="default none")
    train.add_argument("--resume", action="store_true", help="go on with an earlier training of the same folder")
    train.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, such as epochs=50 or loss=combined"
    )
    train.add_argument("--device", help="auto, cpu, cuda, cuda:1 or mps")
    train.add_argument("--title", default="", help="name of the model")
    train.add_argument("--licence", default="", help="SPDX identifier of the model's licence")
    train.add_argument("--engine", metavar="PYTHON", help="the engine's Python; default SATFUSION_PYTHON or installed")
    train.add_argument("--output", metavar="SCORES.json", help="also write what was reached")
    train.add_argument("--report", help="also write a report as HTML, anew at each validation")
    shared.common(train)
    train.set_defaults(command=_train, task=task)


def add_adapt(commands: Any) -> None:
    """Add the command that fits a network to a scene."""
    adapt = commands.add_parser("adapt", help="fit a network to a scene, and sharpen with it where that is better")
    adapt.add_argument("--ms", nargs="+", required=True, help="one raster, one file for each band, or a product")
    adapt.add_argument("--pan", required=True)
    adapt.add_argument("--output", required=True)
    adapt.add_argument("--bands", default="", help="MS band numbers, separated by commas; default all")
    adapt.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS", help="for the fit; default 60")
    adapt.add_argument("--steps", type=int, default=0, help="steps of the fit, in place of the time limit")
    adapt.add_argument("--model", default="", help="weights to start from: id or folder; none begins from nothing")
    adapt.add_argument("--network", default="dicnn", help="network to begin from nothing with: dicnn or fusionnet")
    adapt.add_argument("--width", type=int, default=0, help="its width; default the usual one")
    adapt.add_argument("--model-folder", default="", metavar="FOLDER", help="keep the fitted network here")
    adapt.add_argument("--device", default="auto", help="auto, cpu, cuda:N or mps")
    adapt.add_argument("--seed", type=int, default=0)
    adapt.add_argument("--type", dest="dtype", help="GDAL type of the output, such as Float32; default that of MS")
    adapt.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    adapt.add_argument("--no-overviews", action="store_true")
    adapt.add_argument("--engine", metavar="PYTHON", help="the engine's Python; default SATFUSION_PYTHON or installed")
    adapt.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="SENSOR or MTF_GAINS")
    adapt.add_argument("--report", help="also write a report as HTML")
    adapt.add_argument("--scores", metavar="SCORES.json", help="also write the comparison as JSON")
    shared.common(adapt)
    adapt.set_defaults(command=_adapt)


def _configuration(given: Sequence[str]) -> dict[str, Any]:
    """Return a network's keyword arguments from texts NAME=VALUE; a dot in a name leads into a dict."""
    found: dict[str, Any] = {}
    for name, text in (shared.pair(one) for one in given):
        outer, _, inner = name.partition(".")
        if inner:
            found.setdefault(outer, {})[inner] = shared.value(text)
        else:
            found[outer] = shared.value(text)
    return found


def _train(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.assess import json_text, write_text
    from ..pipeline.training import TrainingRequest, train_network
    from ..runtime.settings import EngineSettings

    given: dict[str, Any] = {"preset": arguments.preset, "time_limit_s": 60 * arguments.time_limit}
    given.update((name, shared.value(text)) for name, text in (shared.pair(text) for text in arguments.set))
    if arguments.device:
        given["device"] = arguments.device
    if arguments.threads:
        given["threads"] = arguments.threads
    request = TrainingRequest(
        arguments.patches,
        arguments.network,
        arguments.model_folder,
        given,
        _configuration(arguments.configure),
        resume=arguments.resume,
        title=arguments.title,
        licence=arguments.licence,
        report=arguments.report or "",
        task=arguments.task,
    )
    engine = EngineSettings(Path(arguments.engine) if arguments.engine else None)
    console.prepare(feedback)
    found = train_network(request, engine, feedback, catalogue=catalogue)
    own, exp = found["scores"], found["baseline"]
    feedback.info(f"Model of step {found['best_step']} ({found['stopped']}): {found['model_folder']}")
    feedback.info(f"RMSE {own['rmse_all']:.4g} (without it {exp['rmse_all']:.4g}) on the {found['split']} patches")
    if arguments.output:
        write_text(arguments.output, json_text({key: value for key, value in found.items() if key != "card"}))


def _adapt(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.adapt import CANDIDATES, TASK, AdaptSettings, adapt
    from ..pipeline.assess import json_text, write_text
    from ..runtime.settings import EngineSettings

    bands = shared.numbers("--bands", arguments.bands)
    options = {"COMPRESSION": arguments.compression, "OVERVIEWS": not arguments.no_overviews}
    job = Job(
        TASK,
        CANDIDATES[-1],
        [*(Input("MS", path, bands=list(bands)) for path in arguments.ms), Input("PAN", arguments.pan)],
        [Output("OUTPUT", arguments.output, dtype=arguments.dtype, options=options)],
        threads=arguments.threads,
        seed=arguments.seed,
    )
    settings = AdaptSettings(
        model=arguments.model,
        network=arguments.network,
        width=arguments.width,
        time_limit_s=arguments.time_limit,
        steps=arguments.steps,
        parameters={name: shared.value(text) for name, text in (shared.pair(text) for text in arguments.set)},
        device=arguments.device,
    )
    engine = EngineSettings(Path(arguments.engine) if arguments.engine else None)
    console.prepare(feedback)
    found = adapt(job, settings, arguments.model_folder, catalogue, feedback, engine)
    if arguments.report:
        write_text(arguments.report, found.report())
    if arguments.scores:
        write_text(arguments.scores, json_text(dict(found.facts)))
