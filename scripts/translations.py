"""Collects the texts that a user sees into i18n/satfusion_*.ts, lists what is not translated yet, and compiles.

    .venv/bin/python scripts/translations.py collect     # or: make transup
    .venv/bin/python scripts/translations.py compile     # or: make compile; needs Qt's lrelease

No Qt tool is needed to collect. Three sources are put together: every literal in a call of tr(), found by parsing the
code; what the reports say of the scores; and every text that the provider asks a translation for while its algorithms
are made and their help is written, which holds what the catalogue says. A translation that is there is kept, also
that of a text that has gone: it is marked as vanished, is not compiled, and comes back with its text. The words of
publications are not translated.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

FOLDER = ROOT / "i18n"
CONTEXT = "SatFusion"
CODE = ROOT / "satfusion_qgis"
# Texts that a lower floor hands up to be shown, and where they stand.
HANDED_UP = {"raster/bands.py": ("as given", "wavelength", "band number")}
PUBLICATION = re.compile(r"\(\d{4}\)|\b10\.\d{4,}/|\([A-Z]+-\d{4}|\(\w+-\w+-\w+-")  # a year, a DOI, a document's number
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Message:
    """A text and its translation.

    Attributes:
        text: The translation; "" when there is none.
        vanished: The source is not in the code any more.
    """

    text: str
    vanished: bool = False


def literal_texts(folder: Path = CODE) -> set[str]:
    """Returns the literals in calls of tr(), and the texts that are handed up."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node.func) in ("tr", "_tr") and len(node.args) == 1:
                argument = node.args[0]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    for name, texts in HANDED_UP.items():
        path = folder / name
        missing = [text for text in texts if path.exists() and f'"{text}"' not in path.read_text(encoding="utf-8")]
        if missing:
            raise SystemExit(f"translations: {name} does not say {missing[0]!r} any more; mend HANDED_UP")
        found.update(texts)
    return found


def _called(function: ast.expr) -> str:
    return str(getattr(function, "id", getattr(function, "attr", "")))


def report_texts() -> set[str]:
    """Returns what the reports say of the scores and of the engine's failures, which they have as data."""
    from satfusion_qgis.assessment import noreference, reference
    from satfusion_qgis.assessment.report import wording
    from satfusion_qgis.tasks.engine_advice import ADVICE

    found = {*ADVICE.values(), wording.QNR_WARNING, *reference.DEFINITIONS.values(), *noreference.DEFINITIONS.values()}
    for item in (*wording.REFERENCE_SCORES, *wording.FULL_SCALE_SCORES):
        found |= {item.title, item.meaning}
    return found


def asked_texts() -> set[str]:
    """Returns the texts that the provider asks a translation for; starts QGIS."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QCoreApplication, QTranslator

    class Listener(QTranslator):
        """Translates nothing, and keeps what it was asked."""

        def __init__(self) -> None:
            super().__init__()
            self.asked: set[str] = set()

        def isEmpty(self) -> bool:  # noqa: N802 (the name Qt calls)
            return False

        def translate(self, context: str, source: str, disambiguation: Any = None, number: int = -1) -> Any:
            if context == CONTEXT and source:
                self.asked.add(source)
            return None

    application = QgsApplication.instance() or QgsApplication([], False)
    if not QgsApplication.processingRegistry().providers():
        application.initQgis()
    listener = Listener()
    QCoreApplication.installTranslator(listener)
    try:
        for algorithm in make_algorithms():
            describe(algorithm)
    finally:
        QCoreApplication.removeTranslator(listener)
    return {text for text in listener.asked if not PUBLICATION.search(text) and re.search(r"[^\W\d_]", text)}


def make_algorithms() -> list[Any]:
    """Returns the provider's algorithms, made anew in the language at work."""
    from satfusion_qgis.algorithms.provider import SatFusionProvider

    provider = SatFusionProvider()
    provider.refreshAlgorithms()
    made = [algorithm.create() for algorithm in provider.algorithms()]
    for algorithm in made:
        algorithm.initAlgorithm({})
    return made


def describe(algorithm: Any) -> list[str]:
    """Returns all that the toolbox, the dialog and the help say of an algorithm."""
    said = [algorithm.displayName(), algorithm.group(), algorithm.shortDescription(), algorithm.shortHelpString()]
    for definition in algorithm.parameterDefinitions():
        said += [definition.description(), definition.help()]
    return [*said, *(output.description() for output in algorithm.outputDefinitions())]


def all_texts() -> set[str]:
    """Returns every text to translate."""
    return literal_texts() | report_texts() | asked_texts()


def read(path: Path) -> dict[str, Message]:
    """Returns the messages of a file by source text; empty where there is no file."""
    if not path.exists():
        return {}
    found = {}
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        kind = "" if translation is None else translation.get("type", "")
        text = "" if translation is None else translation.text or ""
        found[message.findtext("source", "")] = Message("" if kind == "unfinished" else text, kind == "vanished")
    return found


def updated(known: Mapping[str, Message], texts: Iterable[str]) -> dict[str, Message]:
    """Returns the messages for the texts of now: translations are kept, those of texts that have gone as vanished."""
    wanted = set(texts)
    made = {text: Message(known[text].text if text in known else "") for text in wanted}
    gone = {text: Message(item.text, True) for text, item in known.items() if text not in wanted and item.text}
    return {**gone, **made}


def write(path: Path, language: str, messages: Mapping[str, Message]) -> None:
    """Writes a file that Qt Linguist and lrelease read, in an order that makes small differences."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines += [f'<TS version="2.1" language="{language}" sourcelanguage="en">', "<context>", f"<name>{CONTEXT}</name>"]
    for source in sorted(messages, key=lambda text: (text.lower(), text)):
        message = messages[source]
        kind = ' type="vanished"' if message.vanished else "" if message.text else ' type="unfinished"'
        lines.append(f"<message>\n<source>{escape(source)}</source>")
        lines.append(f"<translation{kind}>{escape(message.text)}</translation>\n</message>")
    path.write_text("\n".join([*lines, "</context>", "</TS>", ""]), encoding="utf-8")


def language_of(path: Path) -> str:
    """Returns the language of a file by its name."""
    return path.stem.split("_", 1)[1]


def sources(folder: Path = FOLDER) -> list[Path]:
    """Returns the files of all languages."""
    return sorted(folder.glob("satfusion_*.ts"))


def untranslated(messages: Mapping[str, Message]) -> list[str]:
    """Returns the texts of now that have no translation."""
    return sorted(text for text, message in messages.items() if not message.text and not message.vanished)


def mismatched(messages: Mapping[str, Message]) -> list[str]:
    """Returns the texts whose translation has other placeholders."""
    return sorted(
        text
        for text, message in messages.items()
        if message.text and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(message.text))
    )


def collect() -> None:
    """Brings every file up to date, and lists what is to be done."""
    texts = all_texts()
    for path in sources():
        messages = updated(read(path), texts)
        write(path, language_of(path), messages)
        todo = untranslated(messages)
        print(f"translations: {path.name}: {len(texts) - len(todo)} of {len(texts)} texts are translated")
        for text in todo:
            print(f"    not translated: {text}")
        for text in mismatched(messages):
            print(f"    other placeholders: {text}")


def compile_all(folder: Path = FOLDER, target: Path = FOLDER) -> list[Path]:
    """Compiles every file with lrelease.

    Returns:
        What was written; nothing, and a word about it, where lrelease is not installed.
    """
    program = next(filter(None, map(shutil.which, ("lrelease", "lrelease-qt5", "lrelease6"))), None)
    if program is None:
        print("translations: lrelease is not installed (Debian package qttools5-dev-tools): skipped")
        return []
    made = []
    for path in sources(folder):
        made.append(target / f"{path.stem}.qm")
        subprocess.run([program, "-silent", str(path), "-qm", str(made[-1])], check=True)
    return made


def main() -> int:
    """Runs one command.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("collect", "compile"))
    if parser.parse_args().command == "collect":
        collect()
    else:
        compile_all()
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())  # QGIS may crash when it is taken down in the wrong order
