"""XML as plain data, through GDAL's own parser: it knows no external entities and expands nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

from osgeo import gdal

from ...tasks.errors import InputError
from ..gdal_calls import first_line, quietly

_ELEMENT, _TEXT, _ATTRIBUTE = 0, 1, 2
_DEEPEST = 60
_REFERENCE = re.compile(r"&#(x?)([0-9a-fA-F]*);?")


@dataclass(frozen=True)
class Node:
    """An element: its name without a namespace, attributes, text and elements inside."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Node, ...] = ()

    def all(self, name: str) -> Iterator[Node]:
        """Yield every element of that name at any depth, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def first(self, *names: str) -> Optional[Node]:
        """Return the first element at any depth that has one of the names, tried in order."""
        return next((found for name in names for found in self.all(name)), None)

    def value(self, *names: str) -> str:
        """Return the text of the first element that has one of the names, or ""."""
        found = self.first(*names)
        return "" if found is None else found.text

    def number(self, *names: str) -> Optional[float]:
        """Return the text of the first element that has one of the names as a number, or None."""
        return as_number(self.value(*names))


def as_number(text: str) -> Optional[float]:
    """Return a text as a finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def parse(text: str, name: str) -> Node:
    """Parse a document.

    Args:
        text: The document.
        name: Its file name, for messages.

    Raises:
        InputError: It is no XML.
    """
    tree, error = quietly(gdal.ParseXMLString, _plain(text.lstrip("\ufeff")))
    if tree is None or error:
        raise InputError(f"The file {name} is damaged: {first_line(error)}.")
    top = [tree] if tree[1] else [item for item in tree[2:] if item[0] == _ELEMENT]
    elements = [item for item in top if not str(item[1]).startswith("?")]
    if not elements:
        raise InputError(f"The file {name} is damaged: it holds no element.")
    return _node(elements[0], name, 0)


def _plain(text: str) -> str:
    """Return a document in ASCII alone: GDAL's binding fails badly on what it cannot decode."""
    numbered = text.replace("\ufffd", "?").encode("ascii", "xmlcharrefreplace").decode("ascii")
    return _REFERENCE.sub(_checked, numbered)


def _checked(match: re.Match[str]) -> str:
    """Return a reference to a character by its number, or "?" where there is no such character."""
    try:
        code = int(match[2][:9], 16 if match[1] else 10)
    except ValueError:
        return "?"
    known = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return f"&#{code};" if known else "?"


def _node(item: list[Any], name: str, depth: int) -> Node:
    if depth > _DEEPEST:
        raise InputError(f"The file {name} is nested too deeply.")
    attributes, children, text = {}, [], ""
    for part in item[2:]:
        if part[0] == _ATTRIBUTE:
            attributes[_local(part[1])] = str(part[2][1]) if len(part) > 2 else ""
        elif part[0] == _TEXT:
            text += str(part[1])
        elif part[0] == _ELEMENT:
            children.append(_node(part, name, depth + 1))
    return Node(_local(item[1]), attributes, " ".join(text.split()), tuple(children))


def _local(name: str) -> str:
    return str(name).rpartition(":")[2]
