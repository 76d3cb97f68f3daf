"""Where files lie: the plugin's own, in its folder or one level above the package in a checkout, and the user's."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Mapping
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


def data_folder(system: str, variables: Mapping[str, str], home: Path) -> Path:
    """Return the folder for what outlives the plugin's updates: the engine's environment and the user's models.

    Args:
        system: As in `sys.platform`.
        variables: Environment variables.
        home: The user's folder.
    """
    if system == "win32":
        base = variables.get("LOCALAPPDATA", "").strip()
        return (Path(base) if base else home / "AppData" / "Local") / "satfusion"
    if system == "darwin":
        return home / "Library" / "Application Support" / "satfusion"
    base = variables.get("XDG_DATA_HOME", "").strip()
    return (Path(base) if Path(base).is_absolute() else home / ".local" / "share") / "satfusion"


def models_folder() -> Path:
    """Return the folder of the user's own models; SATFUSION_MODELS names another one. It is not made here."""
    named = os.environ.get("SATFUSION_MODELS", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return data_folder(sys.platform, os.environ, Path.home()) / "models"


@lru_cache(maxsize=1)
def metadata() -> dict[str, str]:
    """Return what metadata.txt says of the plugin; empty where the file is missing."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(find("metadata.txt"), encoding="utf-8")
    return dict(parser.items("general")) if parser.has_section("general") else {}


def version() -> str:
    """Return the version of the plugin."""
    return metadata().get("version", "unknown")
