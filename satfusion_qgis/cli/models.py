"""Commands for the models that are there."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ..catalogue import Catalogue
from ..locations import models_folder
from ..tasks.errors import InputError
from .console import ConsoleFeedback


def add_model(commands: Any) -> None:
    """Add the commands for models."""
    from ..inference.answers import QUESTIONS

    actions = commands.add_parser("model", help="list, show, import, export and download models").add_subparsers(
        title="actions", required=True, metavar="ACTION"
    )
    listed = actions.add_parser("list", help="list the models that are there")
    listed.add_argument("--json", action="store_true", help="as JSON")
    shown = actions.add_parser("info", help="show a model's card, and check its files")
    shown.add_argument("model", help="a model's id or folder")
    shown.add_argument("--json", action="store_true", help="as JSON")
    shown.add_argument("--report", help="also write the card as HTML")
    brought = actions.add_parser("import", help="make a model of a checkpoint, a model folder or an ONNX file")
    brought.add_argument("input", help=".pth, .pt, .ckpt, .bin, .safetensors, .onnx, or a model folder")
    brought.add_argument("--card", default="", help="card of an ONNX file; default card.json beside it")
    for item in QUESTIONS:
        name = "--" + item.name.lower().replace("_", "-")
        chosen = f" ({', '.join(item.choices)})" if item.choices else ""
        brought.add_argument(name, dest=item.name, help=(item.help + chosen).replace("%", "%%"))
    written = actions.add_parser("export", help="write a model's network as ONNX")
    written.add_argument("model", help="a model's id or folder")
    fetched = actions.add_parser("download", help="fetch a model over TLS")
    fetched.add_argument("model", help="id of a model of the list, or the https:// address of a model's card.json")
    fetched.add_argument("--list", help="a JSON file that names models; default SatFusion's own")
    fetched.add_argument("--accept-licence", action="store_true", help="accept the licence, which is shown first")
    fetched.add_argument("--proxy", default="", help="such as http://host:port; default what HTTPS_PROXY names")
    for parser in (brought, fetched):
        parser.add_argument("--replace", action="store_true", help="take the place of a model with the same id")
    doing = (_model_list, _model_info, _model_import, _model_export, _model_download)
    for parser, command in zip((listed, shown, brought, written, fetched), doing):
        parser.add_argument("--quiet", action="store_true", help="print warnings and errors only")
        parser.add_argument("--models", help="folder of your models; default what SATFUSION_MODELS names, or the usual")
        parser.set_defaults(command=command)


def _own_models(arguments: argparse.Namespace) -> Path:
    return Path(arguments.models).absolute() if arguments.models else models_folder()


def _model_list(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..inference.library import default_library
    from ..inference.listing import row_of, text_table

    own = _own_models(arguments)
    library = default_library(own)
    rows = [row_of(card, own) for card in library.cards()]
    if arguments.json:
        sys.stdout.write(json.dumps([row.data() for row in rows], indent=1) + "\n")
    elif rows:
        sys.stdout.write("\n".join(text_table(rows)) + "\n")
    else:
        feedback.info(f"There are no models yet; yours would be in {own}")
    for fault in library.faults():
        feedback.warning(fault)


def _model_info(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..assessment.report.model import model_report
    from ..inference.library import default_library
    from ..inference.listing import bands_text, faults_of, ratio_text

    card = default_library(_own_models(arguments)).find(arguments.model)
    faults = faults_of(card)
    if arguments.report:
        from ..pipeline.assess import write_text

        known = [item.title for item in catalogue.methods if (item.task, item.id) == (card.task, card.method)]
        write_text(arguments.report, model_report(card, (known or [card.method])[0], faults))
    if arguments.json:
        sys.stdout.write(json.dumps({**card.data, "folder": str(card.folder), "faults": faults}, indent=1) + "\n")
    else:
        lines = [f"{card.title} ({card.id}): {card.task}, {card.method}"]
        lines += [f"{item.role}: {bands_text(item, wavelengths=True)}" for item in card.inputs]
        lines += [f"Ratio: {ratio_text(card)}", f"Licence: {card.licence}", f"Folder: {card.folder}"]
        lines += [f"Limit: {line}" for line in card.data.get("limits") or []]
        lines += [f"{name}: verified" for name, fault in faults.items() if fault is None]
        sys.stdout.write("\n".join(lines) + "\n")
    wrong = [fault for fault in faults.values() if fault is not None]
    if wrong:
        raise InputError(wrong[0])


def _model_import(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..inference.answers import QUESTIONS, answers_of
    from ..runtime.model_calls import import_model
    from ..runtime.settings import USUAL

    answers = answers_of({item.name: getattr(arguments, item.name) for item in QUESTIONS})
    answers.update({"REPLACE": arguments.replace, **({"CARD": arguments.card} if arguments.card else {})})
    feedback.watch_signals()
    folder = import_model(USUAL, arguments.input, _own_models(arguments), answers, feedback)
    sys.stdout.write(f"{folder}\n")


def _model_export(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..inference.library import default_library
    from ..runtime.model_calls import export_model
    from ..runtime.settings import USUAL

    card = default_library(_own_models(arguments)).find(arguments.model)
    feedback.watch_signals()
    sys.stdout.write(f"{export_model(USUAL, card.folder, feedback)['file']}\n")


def _model_download(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..runtime.download import Downloader
    from ..runtime.model_download import download_model, read_sources, source_named

    source = source_named(arguments.model, read_sources(Path(arguments.list) if arguments.list else None))
    feedback.watch_signals()
    card = download_model(
        source,
        _own_models(arguments),
        arguments.accept_licence,
        feedback,
        Downloader(arguments.proxy),
        arguments.replace,
    )
    sys.stdout.write(f"{card.folder}\n")
