"""Texts of the form `KEY = VALUE` in groups, as Landsat's MTL and Maxar's IMD and TIL files are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Optional

from ...tasks.errors import InputError
from .markup import Node

_LINE = re.compile(r"^\s*([\w.]+)\s*=\s*(.*?)\s*;?\s*$")


class Group:
    """One group: values by key, and groups by name; keys and names in the order of the file.

    Args:
        name: Its name.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.values: dict[str, str] = {}
        self.groups: list[Group] = []

    def group(self, name: str) -> Group:
        """Return the first group of that name at any depth; an empty one where there is none."""
        for inner in self.groups:
            if inner.name == name:
                return inner
            deeper = inner.group(name)
            if deeper.name:
                return deeper
        return Group()

    def every(self) -> Iterator[Group]:
        """Yield every group inside at any depth, in order."""
        for inner in self.groups:
            yield inner
            yield from inner.every()

    def get(self, key: str, default: str = "") -> str:
        """Return a value of this group."""
        return self.values.get(key, default)

    def find(self, key: str) -> str:
        """Return the first value of that key at any depth, or ""."""
        if key in self.values:
            return self.values[key]
        return next((found for found in (inner.find(key) for inner in self.groups) if found), "")

    def number(self, key: str) -> Optional[float]:
        """Return a value of this group as a number, or None where there is none."""
        try:
            return float(self.values[key])
        except (KeyError, ValueError):
            return None


def parse_groups(text: str, name: str) -> Group:
    """Read a text.

    Args:
        text: Its content.
        name: Its file name, for messages.

    Raises:
        InputError: A group does not end: the file is cut off.
    """
    top = Group("top")
    path = [top]
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        key, value = match[1], match[2].strip().strip('"')
        if key.upper() in ("GROUP", "BEGIN_GROUP"):
            inner = Group(value)
            path[-1].groups.append(inner)
            path.append(inner)
        elif key.upper() == "END_GROUP":
            if len(path) > 1:
                path.pop()
        else:
            path[-1].values.setdefault(key, value)
    if len(path) > 1:
        raise InputError(f"The file {name} is damaged: its group {path[-1].name} does not end.")
    return top


def group_of_node(node: Node) -> Group:
    """Return an XML element as a group: elements with text are values, elements with elements are groups."""
    made = Group(node.name)
    for child in node.children:
        if child.children:
            made.groups.append(group_of_node(child))
        else:
            made.values.setdefault(child.name, child.text)
    return made


def group_of_mapping(content: object, name: str = "top") -> Group:
    """Return nested JSON objects as groups."""
    made = Group(name)
    if isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, dict):
                made.groups.append(group_of_mapping(value, str(key)))
            else:
                made.values.setdefault(str(key), " ".join(str(value).split()))
    return made
