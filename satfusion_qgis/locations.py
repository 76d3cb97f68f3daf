"""Where the plugin's own files lie: in the installed folder, or one level above the package in a checkout."""

from __future__ import annotations

import configparser
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).absolute().parent


def find(name: str) -> Path:
    """Return the path of a file or folder that comes with the plugin, such as `metadata.txt` or `models`.

    Args:
        name: Its name, or its path from the plugin's folder.

    Returns:
        The path; where nothing is found, the place in an installed plugin.
    """
    for folder in (_PACKAGE, _PACKAGE.parent):
        if (folder / name).exists():
            return folder / name
    return _PACKAGE / name


@lru_cache(maxsize=1)
def metadata() -> dict[str, str]:
    """Return what metadata.txt says of the plugin; empty where the file is missing."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(find("metadata.txt"), encoding="utf-8")
    return dict(parser.items("general")) if parser.has_section("general") else {}


def version() -> str:
    """Return the version of the plugin."""
    return metadata().get("version", "unknown")
