"""Texts for the user: translation, and the help pages that are made from the catalogue's data."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from qgis.PyQt.QtCore import QCoreApplication

from ..locations import find, metadata


def tr(text: str) -> str:
    """Return `text` in the user's language."""
    return QCoreApplication.translate("SatFusion", text)


@dataclass(frozen=True)
class About:
    """What an algorithm says of itself.

    Attributes:
        name: Stable lower-case id, without the provider's.
        title: Name in the toolbox.
        group: Title of its group in the toolbox.
        group_id: Stable id of the group.
        summary: What it does, in a few sentences.
        citations: Publications that describe it.
        tags: More words under which it is found.
    """

    name: str
    title: str
    group: str
    group_id: str
    summary: str
    citations: tuple[str, ...]
    tags: tuple[str, ...] = ()


COMMON_TAGS = ("satfusion", "fusion", "image fusion", "satellite", "remote sensing")


def help_address(name: str) -> str:
    """Return the address of the documentation's page on an algorithm, or "" while the project has none."""
    home = metadata().get("homepage", "").rstrip("/")
    return f"{home}/algorithms/{name}.html" if home else ""


def help_page(
    about: About, summary: Iterable[str], inputs: Iterable[tuple[str, str]], outputs: Iterable[tuple[str, str]]
) -> str:
    """Return the help of an algorithm as HTML, with its picture where there is one.

    Args:
        about: The algorithm.
        summary: What it does, translated, in paragraphs.
        inputs: Title and help of each parameter, translated.
        outputs: Title and help of each output, translated.
    """
    parts = [*_picture(about.name), *(f"<p>{_plain(line)}</p>" for line in summary)]
    parts += _section(tr("Parameters"), inputs)
    parts += _section(tr("Outputs"), outputs)
    parts.append(f"<h3>{_plain(tr('References'))}</h3>")
    parts += [f"<p>{_plain(tr(citation))}</p>" for citation in about.citations]
    return "\n".join(parts)


def _picture(name: str) -> list[str]:
    """Return the picture of what an algorithm does, before and after, made by scripts/help_pictures.py."""
    path = find(f"help/{name}.png")
    return [f'<p><img src="{path.as_uri()}"></p>'] if path.is_file() else []


def _plain(text: str) -> str:
    return html.escape(text, quote=False)


def _section(title: str, entries: Iterable[tuple[str, str]]) -> list[str]:
    lines = [f"<p><b>{_plain(name)}</b><br>{_lines(text)}</p>" for name, text in entries]
    return [f"<h3>{_plain(title)}</h3>", *lines] if lines else []


def _lines(text: str) -> str:
    return _plain(text).replace("\n", "<br>")
