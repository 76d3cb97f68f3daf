"""Makes the documentation's pages: those written by hand in docs/, and one for each method and each algorithm.

    .venv/bin/python scripts/build_docs.py            # or: make docs; writes build/docs/index.html and the rest

What the pages say of methods, algorithms and parameters comes from the catalogue and from the provider, so nothing here
names one. docs/methods/<verb>_<method>.md adds when to take a method, and its formula. In the hand-written pages

    <!-- if: NAME --> ... <!-- end -->        stands only where the provider has the algorithm NAME
    <!-- methods: TASK -->                    becomes the table of a task's methods
    <!-- auto: TASK -->                       becomes what `auto` does in a task
    ```formula                                _x, _{xy} and ^x become indices
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from markdown_it import MarkdownIt  # noqa: E402  (the package needs the lines above)

from satfusion_qgis import cli  # noqa: E402
from satfusion_qgis.catalogue import AUTO, CATALOGUE, Catalogue  # noqa: E402
from satfusion_qgis.locations import find, version  # noqa: E402
from satfusion_qgis.tasks.method import Method  # noqa: E402
from satfusion_qgis.tasks.parameters import Parameter  # noqa: E402
from satfusion_qgis.tasks.task import Task  # noqa: E402

SOURCE = ROOT / "docs"
TARGET = ROOT / "build" / "docs"
STATIC = ("style.css", "images")
ORDER = (
    "index.md",
    "which-method.md",
    "judging.md",
    "errors.md",
    "engine.md",
    "revisits.md",
    "spatiotemporal.md",
    "adapting.md",
    "training.md",
    "model-cards.md",
    "speed.md",
    "versions.md",
)
DOI = re.compile(r"\b(10\.\d{4,9}/(?:\([^\s()]*\)|[^\s()])*[^\s().,;])")
_CONDITION = re.compile(r"<!-- if: (\S+) -->\n(.*?)<!-- end -->\n?", re.DOTALL)
_METHODS = re.compile(r"<!-- methods: (\S+) -->")
_AUTO = re.compile(r"<!-- auto: (\S+) -->")
_LINK = re.compile(r'href="(?!https?:)([^"#]+)\.md(#[^"]*)?"')
_COMMANDS = {"rerun": "run"}  # algorithms whose command has another name

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - SatFusion</title>
<link rel="stylesheet" href="{up}style.css">
<link rel="icon" href="{up}icon.svg">
</head>
<body>
<nav>
<p class="brand"><a href="{up}index.html"><img src="{up}icon.svg" alt="">SatFusion</a> <small>{version}</small></p>
{menu}
</nav>
<main>
{content}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        address: Path from the top of the site.
        title: Its title.
        group: Heading of the menu under which it stands.
        text: Markdown.
    """

    address: str
    title: str
    group: str
    text: str


@dataclass(frozen=True)
class Algorithm:
    """What is said of an algorithm.

    Attributes:
        name: Id without the provider's.
        title: Name in the toolbox.
        group: Group in the toolbox.
        summary: What it does; one paragraph a line.
        citations: Publications.
        inputs: Rows of name, title, kind, default, help.
        outputs: Rows of name, title, help.
        line: A call of qgis_process.
    """

    name: str
    title: str
    group: str
    summary: str
    citations: tuple[str, ...]
    inputs: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    outputs: list[tuple[str, str, str]] = field(default_factory=list)
    line: str = ""


def algorithms() -> list[Algorithm]:
    """Returns what the provider says of its algorithms; starts QGIS."""
    from qgis.core import QgsApplication

    application = QgsApplication.instance() or QgsApplication([], False)
    if not QgsApplication.processingRegistry().providers():
        application.initQgis()
    from satfusion_qgis.algorithms.provider import SatFusionProvider

    provider = SatFusionProvider()
    provider.refreshAlgorithms()
    return [_described(algorithm) for algorithm in sorted(provider.algorithms(), key=lambda item: item.name())]


def _described(algorithm: Any) -> Algorithm:
    definitions = algorithm.parameterDefinitions()
    inputs = [
        (item.name(), item.description(), _kind(item), _default(item), item.help())
        for item in definitions
        if not item.isDestination()
    ]
    outputs = [(item.name(), item.description(), item.help()) for item in definitions if item.isDestination()]
    shown = {row[0] for row in outputs}
    outputs += [
        (item.name(), item.description(), "A number.")
        for item in algorithm.outputDefinitions()
        if item.name() not in shown
    ]
    about = algorithm.about
    return Algorithm(
        about.name,
        algorithm.displayName(),
        algorithm.group(),
        "\n".join(algorithm.summary()),
        tuple(about.citations),
        inputs,
        outputs,
        _process_line(algorithm.name(), definitions),
    )


def _optional(definition: Any) -> bool:
    return bool(definition.flags() & type(definition).Flag.FlagOptional)


def _kind(definition: Any) -> str:
    kind = str(definition.type())
    if kind == "enum":
        return ", ".join(f"`{option}`" for option in definition.options())
    if kind == "number":
        return "number" + _range(definition)
    names = {"multilayer": "rasters", "string": "text", "boolean": "`true` or `false`", "band": "band number"}
    return names.get(kind, kind)


def _range(definition: Any) -> str:
    largest = 1e300
    low, high = definition.minimum(), definition.maximum()
    whole = largest if definition.dataType() == type(definition).Type.Double else 2**31 - 2
    parts = [f"from {low:g}"] if low > -whole else []
    parts += [f"to {high:g}"] if high < whole else []
    return f" {' '.join(parts)}" if parts else ""


def _default(definition: Any) -> str:
    value = definition.defaultValue()
    if value is None or value == "":
        return "" if _optional(definition) else "*needed*"
    return f"`{value}`"


def _process_line(name: str, definitions: Iterable[Any]) -> str:
    given = []
    for item in definitions:
        needed = item.defaultValue() is None and not _optional(item)
        if needed or item.name() == "OUTPUT":
            ending = {"fileDestination": ".json", "number": "", "folderDestination": ""}.get(str(item.type()), ".tif")
            given.append(f"{item.name()}={item.name().lower()}{ending}")
    return f"qgis_process run satfusion:{name} -- {' '.join(given)}"


def command_line(algorithm: Algorithm, catalogue: Catalogue) -> str:
    """Returns the command that does the same without QGIS; "" where there is none."""
    commands = _subparsers(catalogue)
    parts = algorithm.name.split("_")
    names = [_COMMANDS.get(algorithm.name, algorithm.name.replace("_", "-")), parts[0], parts[-1]]
    found = next((name for name in names if name in commands), None)
    if found is None:
        return ""
    words = [f"satfusion {found}"]
    for action in commands[found]._actions:
        if action.required:
            value = _example(action)
            words.append(f"{action.option_strings[0]} {value}" if action.option_strings else value)
    method = algorithm.name[len(found) + 1 :]
    if any(item.id == method and item.task for item in catalogue.methods) and found == parts[0]:
        words.append(f"--method {method}")
    return " ".join(words)


def _example(action: argparse.Action) -> str:
    if action.type is float:
        return "4"
    name = action.option_strings[0].lstrip("-").replace("-", "_") if action.option_strings else "fused"
    return f"{name}.tif"


def _subparsers(catalogue: Catalogue) -> dict[str, argparse.ArgumentParser]:
    for action in cli.parser(catalogue)._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def written_pages(known: set[str], catalogue: Catalogue) -> list[Page]:
    """Returns the pages written by hand."""
    pages = []
    for path in [*(SOURCE / name for name in ORDER), *sorted((SOURCE / "tutorials").glob("*.md"))]:
        text = _prepared(path.read_text(encoding="utf-8"), known, catalogue)
        title = text.split("\n", 1)[0].lstrip("# ")
        address = path.relative_to(SOURCE).with_suffix(".html").as_posix()
        pages.append(Page(address, title, "Tutorials" if "/" in address else "", text))
    return pages


def _prepared(text: str, known: set[str], catalogue: Catalogue) -> str:
    text = _CONDITION.sub(lambda match: match[2] if match[1] in known else "", text)
    text = _AUTO.sub(lambda match: _automatic(catalogue.method(match[1], AUTO)), text)
    return _METHODS.sub(lambda match: _method_table(catalogue.task(match[1]), catalogue), text)


def _automatic(method: Method) -> str:
    if method.id != AUTO:
        return f"`auto` takes {method.title}."
    return f"**`auto`**: {method.summary}\n\nSource: {linked(method.citation)}"


def _method_table(task: Task, catalogue: Catalogue) -> str:
    lines = ["| method | what it does |", "|---|---|"]
    lines += [
        f"| [{item.title}](methods/{task.verb}_{item.id}.md) | {item.summary} |"
        for item in catalogue.methods_of(task.id)
    ]
    return "\n".join(lines)


def method_page(method: Method, catalogue: Catalogue, known: set[str]) -> Page:
    """Returns the page of a method."""
    task = catalogue.task(method.task)
    name = f"{task.verb}_{method.id}"
    more = SOURCE / "methods" / f"{name}.md"
    parts = [f"# {method.title}", f"*{task.title}, method `{method.id}`*", method.summary]
    if method.id != AUTO and catalogue.method(task.id, AUTO).id == method.id and len(catalogue.methods_of(task.id)) > 1:
        parts.append("This is what `auto` takes.")
    if find(f"help/{name}.png").exists():
        parts.append(f"![The input, and what the method makes of it](../help/{name}.png)")
    parts += [more.read_text(encoding="utf-8")] if more.exists() else []
    parts.append("## Parameters")
    parts.append(_parameter_table(method.parameters) if method.parameters else "The method has none of its own.")
    parts.append("## Properties")
    parts.append(_properties(method))
    if name in known:
        parts.append(f"In the toolbox: [`satfusion:{name}`](../algorithms/{name}.md)")
    parts.append(f"## Source\n\n{linked(method.citation)}")
    return Page(f"methods/{name}.html", method.title, f"Methods: {task.title}", "\n\n".join(parts))


def _properties(method: Method) -> str:
    def word(yes: bool) -> str:
        return "yes" if yes else "no: it is run in physical units where scale and offset are known"

    if method.runtime == "engine":
        return "- The model's card says in which units it computes; what the input does not state is asked for."
    lines = [
        f"- A common gain on the inputs only scales the result: {word(method.invariant_to_gain)}.",
        f"- An offset on an input only shifts the result: {word(method.invariant_to_offset)}.",
    ]
    return "\n".join(lines)


def _parameter_table(parameters: Iterable[Parameter]) -> str:
    lines = ["| parameter | meaning | values | default | unit |", "|---|---|---|---|---|"]
    for item in parameters:
        default = ", ".join(map(str, item.default)) if isinstance(item.default, tuple) else item.default
        shown = f"`{default}`" if default not in (None, "") else "empty"
        titles = item.choice_titles or item.choices
        values = "<br>".join(f"`{choice}` {title}" for choice, title in zip(item.choices, titles)) or _limits(item)
        lines.append(
            f"| `{item.name}` | **{_cell(item.title)}.** {_cell(item.help)} | {values} | {shown} | {item.unit or '-'} |"
        )
    return "\n".join(lines)


def _limits(item: Parameter) -> str:
    low = f" from {item.minimum:g}" if item.minimum is not None else ""
    high = f" to {item.maximum:g}" if item.maximum is not None else ""
    return f"{item.kind}{low}{high}"


def algorithm_page(algorithm: Algorithm, catalogue: Catalogue) -> Page:
    """Returns the page of an algorithm."""
    methods = {f"{catalogue.task(item.task).verb}_{item.id}": item for item in catalogue.methods}
    parts = [f"# {algorithm.title}", f"*`satfusion:{algorithm.name}`, in {algorithm.group}*"]
    parts += algorithm.summary.split("\n")
    if algorithm.name in methods:
        parts.append(f"[When to take it, and its formula](../methods/{algorithm.name}.md)")
    elif find(f"help/{algorithm.name}.png").exists():
        parts.append(f"![What it does](../help/{algorithm.name}.png)")
    rows = [
        f"| `{name}` | **{_cell(title)}.** {_cell(text)} | {kind} | {default} |"
        for name, title, kind, default, text in algorithm.inputs
    ]
    parts.append("## Parameters\n\n| name | meaning | values | default |\n|---|---|---|---|\n" + "\n".join(rows))
    rows = [f"| `{name}` | **{_cell(title)}.** {_cell(text)} |" for name, title, text in algorithm.outputs]
    parts.append("## Outputs\n\n| name | meaning |\n|---|---|\n" + "\n".join(rows))
    parts.append(f"## In a shell, with QGIS\n\n```\n{algorithm.line}\n```")
    command = command_line(algorithm, catalogue)
    if command:
        short = " ".join(command.split()[:2])
        parts.append(f"## In a shell, without QGIS\n\n```\n{command}\n```\n\n`{short} --help` lists all options.")
    parts.append("## References\n\n" + "\n\n".join(linked(text) for text in algorithm.citations))
    return Page(f"algorithms/{algorithm.name}.html", algorithm.title, "Algorithms", "\n\n".join(parts))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>").replace(".**", "**")


def linked(citation: str) -> str:
    """Returns a citation with its DOI as a link."""
    return DOI.sub(r"[\1](<https://doi.org/\1>)", citation)


def rendered(text: str) -> str:
    """Returns Markdown as HTML, with links to other pages' Markdown made links to their HTML."""
    machine = MarkdownIt("commonmark", {"html": True}).enable("table")
    made = str(machine.render(text))
    made = re.sub(r'<pre><code class="language-formula">(.*?)</code></pre>', _formula, made, flags=re.DOTALL)
    made = re.sub(r"<h2>(.*?)</h2>", _anchored, made)
    made = made.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return _LINK.sub(r'href="\1.html\2"', made)


def _formula(match: re.Match[str]) -> str:
    text = re.sub(r"_\{([^}]*)\}|_(\w+(?:,\w+)?)", lambda found: f"<sub>{found[1] or found[2]}</sub>", match[1])
    text = re.sub(r"M~", "M\u0303", text)
    lines = re.sub(r",\s{3,}|\n", "<br>", text.strip())
    return f'<p class="formula">{lines}</p>'


def _anchored(match: re.Match[str]) -> str:
    place = re.sub(r"[^a-z0-9]+", "-", re.sub(r"<[^>]+>", "", match[1]).lower()).strip("-")
    return f'<h2 id="{place}">{match[1]}</h2>'


def menu(pages: Iterable[Page], here: str, up: str) -> str:
    """Returns the menu, with the page that is shown marked."""
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(page.group, []).append(page)
    parts = []
    for name, items in groups.items():
        parts.append(f"<h2>{html.escape(name)}</h2>" if name else "")
        entries = (_menu_entry(item, item.address == here, up) for item in items)
        parts.append(f"<ul>{''.join(entries)}</ul>")
    return "\n".join(parts)


def _menu_entry(page: Page, here: bool, up: str) -> str:
    marked = " class=here" if here else ""
    return f'<li><a{marked} href="{up}{page.address}">{html.escape(page.title)}</a></li>'


def build(target: Path, catalogue: Catalogue = CATALOGUE) -> list[Page]:
    """Writes the site afresh.

    Returns:
        Its pages.
    """
    listed = algorithms()
    known = {item.name for item in listed}
    pages = written_pages(known, catalogue)
    pages += [method_page(method, catalogue, known) for method in catalogue.methods]
    pages += [algorithm_page(item, catalogue) for item in listed]
    shutil.rmtree(target, ignore_errors=True)
    for page in pages:
        path = target / page.address
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * page.address.count("/")
        shown = menu(pages, page.address, up)
        content = PAGE.format(title=page.title, up=up, version=version(), menu=shown, content=rendered(page.text))
        path.write_text(content, encoding="utf-8")
    _copy_static(target)
    return pages


def _copy_static(target: Path) -> None:
    for name in STATIC:
        source = SOURCE / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target / name)
    shutil.copyfile(find("icon.svg"), target / "icon.svg")
    if find("help").is_dir():
        shutil.copytree(find("help"), target / "help")


def problems(target: Path) -> list[str]:
    """Returns links and pictures of a site that lead nowhere inside it."""
    found = []
    for path in sorted(target.rglob("*.html")):
        for address in re.findall(r'(?:href|src)="([^"#]+)', path.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", address) and not (path.parent / address).exists():
                found.append(f"{path.relative_to(target)}: {address}")
    return found


def main() -> int:
    """Makes the site and checks its links.

    Returns:
        The exit status.
    """
    pages = build(TARGET)
    found = problems(TARGET)
    for line in found:
        print(f"docs: a link leads nowhere: {line}", file=sys.stderr)
    print(f"docs: {len(pages)} pages in {TARGET.relative_to(ROOT)}/index.html")
    sys.stdout.flush()
    return 1 if found else 0


if __name__ == "__main__":
    os._exit(main())  # QGIS may crash when it is taken down in the wrong order
