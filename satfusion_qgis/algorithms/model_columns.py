"""The columns of a table of models, in the user's language: for the page and for the dialog."""

from __future__ import annotations

from ..inference.listing import ModelRow
from .texts import tr

SHOWN = ("title", "id", "task", "method", "bands", "ratio", "licence", "origin", "size")


def title(name: str) -> str:
    """Return the title of a column."""
    return {
        "title": tr("Title"),
        "id": tr("Id"),
        "task": tr("Task"),
        "method": tr("Method"),
        "bands": tr("Bands"),
        "ratio": tr("Ratio"),
        "licence": tr("Licence"),
        "origin": tr("From"),
        "size": tr("Size"),
    }[name]


def cell(row: ModelRow, name: str) -> str:
    """Return a model's text in a column."""
    if name == "origin":
        return tr("your models") if row.own else tr("SatFusion")
    return str(getattr(row, name))
