"""Names of outputs, from the scene and the method."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import PurePath

_BAND_ENDING = re.compile(r"([_\-. ]+SR)?[_\-. ]+(BAND|B)?[_\-. ]*\d*$", re.IGNORECASE)


def scene_name(sources: Sequence[str]) -> str:
    """Return a short name of the scene: the file's, or what the names of several files have in common."""
    stems = [PurePath(source).stem for source in sources]
    if len(stems) == 1:
        return stems[0]
    prefix = _BAND_ENDING.sub("", os.path.commonprefix(stems))  # noqa: RUF071 (characters are meant)
    return prefix if len(prefix) > 1 else stems[0]


def output_name(sources: Sequence[str], method: str, preview: bool = False) -> str:
    """Return the name of an output, `<scene>_<method>` or `<scene>_<method>_preview`, without folder and ending.

    Args:
        sources: Files of the image that the output is like.
        method: Method id.
        preview: Whether only a preview is made.
    """
    return f"{scene_name(sources)}_{method}" + ("_preview" if preview else "")


def is_folder(path: str) -> bool:
    """Tell whether a user means a folder by an output's path."""
    return path.endswith(("/", os.sep)) or (bool(path) and os.path.isdir(path))  # noqa: PTH112 (may be no path)
