"""Where files lie: the plugin's own, in its folder or one level above the package in a checkout, and the user's."""

from __future__ import annotations

import configparser
import os
import sys
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


def data_folder() -> Path:
    """Return the folder for what outlives the plugin's updates: the engine's environment and the user's models.

    SATFUSION_DATA names another one. It is not made here.
    """
    named = os.environ.get("SATFUSION_DATA")
    if named:
        return Path(named).expanduser().absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "satfusion"


def models_folder() -> Path:
    """Return the folder of the user's own models; SATFUSION_MODELS names another one. It is not made here."""
    named = os.environ.get("SATFUSION_MODELS")
    return Path(named).expanduser().absolute() if named else data_folder() / "models"


@lru_cache(maxsize=1)
def metadata() -> dict[str, str]:
    """Return what metadata.txt says of the plugin; empty where the file is missing."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(find("metadata.txt"), encoding="utf-8")
    return dict(parser.items("general")) if parser.has_section("general") else {}


def version() -> str:
    """Return the version of the plugin."""
    return metadata().get("version", "unknown")
