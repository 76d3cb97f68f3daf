"""A product's files: in a folder, or in a zip or tar file that is read without being unpacked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Optional

from osgeo import gdal

from ...tasks.errors import InputError
from ..gdal_calls import quietly

_ARCHIVES = ((".zip", "/vsizip/"), (".tar", "/vsitar/"), (".tar.gz", "/vsitar/"), (".tgz", "/vsitar/"))
_DEEPEST = 7
_MOST_FILES = 20000
_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Container:
    """The files of a folder or an archive.

    Attributes:
        given: What the user named.
        root: GDAL path of the folder that `names` start from.
        names: Files, with "/" between folders.
        chosen: The file that the user named, or "" for the whole folder.
        archive: Whether the files lie in an archive.
    """

    given: str
    root: str
    names: tuple[str, ...]
    chosen: str = ""
    archive: bool = False

    def path(self, name: str) -> str:
        """Return the GDAL path of a file."""
        return f"{self.root}/{name}" if self.root else name

    def has(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return name in self.names

    def matching(self, pattern: str, whole: str = "") -> list[str]:
        """Return the names that a pattern fits; where the user chose a file, that alone, if it fits.

        Args:
            pattern: What is looked for.
            whole: A chosen file that fits this pattern stands for the whole folder.
        """
        found = [name for name in self.names if re.search(pattern, name, re.IGNORECASE)]
        if self.chosen and not (whole and re.search(whole, self.chosen, re.IGNORECASE)):
            return [name for name in found if name == self.chosen]
        return found

    def beside(self, name: str, other: str) -> str:
        """Return the name of a file that is given relative to the folder of another; steps up are resolved."""
        joined = os.path.normpath(str(PurePosixPath(name).parent / other.replace("\\", "/")))
        return joined.replace(os.sep, "/")

    def text(self, name: str) -> str:
        """Read a text file.

        Raises:
            InputError: It is missing, too large or unreadable.
        """
        return data(self.path(name)).decode("utf-8", "replace")


def data(path: str, most: int = _MOST_BYTES) -> bytes:
    """Return a file's content; `most` bytes of it at most are accepted.

    Raises:
        InputError: It is missing, too large or unreadable.
    """
    status, _ = quietly(gdal.VSIStatL, path)
    if status is None or status.IsDirectory():
        raise InputError(f"The file {path} is missing.")
    if status.size > most:
        raise InputError(f"The file {path} is too large for a product's metadata.")
    return start_of(path, int(status.size))


def start_of(path: str, count: int) -> bytes:
    """Return the first bytes of a file, fewer where it is shorter.

    Raises:
        InputError: It is missing or unreadable.
    """
    handle, error = quietly(gdal.VSIFOpenL, path, "rb")
    if handle is None:
        raise InputError(f"The file {path} cannot be read{': ' + error if error else ''}.")
    try:
        content, _ = quietly(gdal.VSIFReadL, 1, count, handle)
    finally:
        gdal.VSIFCloseL(handle)
    return bytes(content or b"")


def open_container(path: str, deep: bool = True) -> Optional[Container]:
    """Return the files of a folder or an archive, or those beside a file; None where there is no such path.

    Args:
        path: What the user named.
        deep: Beside a file, look into folders too.

    Raises:
        InputError: An archive is damaged.
    """
    if path.startswith("/vsi"):
        return _virtual(path)
    place = Path(path)
    if place.is_dir():
        return Container(path, _plain(place), tuple(_walk(place)))
    if not place.is_file():
        return None
    handler = _handler(path)
    if handler is not None:
        return _archive(path, f"{handler}{{{_plain(place)}}}")
    folder = place.absolute().parent
    names = tuple(_walk(folder)) if deep else tuple(sorted(item.name for item in folder.iterdir()))
    return Container(path, _plain(folder), names, chosen=place.name)


def _handler(path: str) -> Optional[str]:
    return next((handler for ending, handler in _ARCHIVES if path.lower().endswith(ending)), None)


def is_archive(path: str) -> bool:
    """Tell from its name whether a file is an archive that products come in."""
    return _handler(path) is not None


def _plain(path: Path) -> str:
    return os.path.abspath(path).replace(os.sep, "/")  # noqa: PTH100 (links stay as they are)


def _walk(folder: Path) -> Iterator[str]:
    """Yield the files below a folder, some levels deep and not too many."""
    count, top = 0, os.fspath(folder)
    for place, folders, names in os.walk(top):
        inner = os.path.relpath(place, top).replace(os.sep, "/")
        if inner != "." and inner.count("/") + 2 > _DEEPEST:
            folders.clear()
        folders.sort()
        for name in sorted(names):
            count += 1
            if count > _MOST_FILES:
                return
            yield name if inner == "." else f"{inner}/{name}"


def _archive(path: str, root: str) -> Container:
    names, _ = quietly(gdal.ReadDirRecursive, root)
    if not names:
        raise InputError(f"The archive {Path(path).name} cannot be read; it may be damaged or empty.")
    return Container(path, root, _safe(names), archive=True)


def _virtual(path: str) -> Optional[Container]:
    status, _ = quietly(gdal.VSIStatL, path)
    if status is None:
        names, _ = quietly(gdal.ReadDirRecursive, path)
        return Container(path, path.rstrip("/"), _safe(names), archive=True) if names else None
    if status.IsDirectory():
        names, _ = quietly(gdal.ReadDirRecursive, path)
        return Container(path, path.rstrip("/"), _safe(names or []), archive=True)
    folder, _, name = path.rpartition("/")
    names, _ = quietly(gdal.ReadDirRecursive, folder)
    return Container(path, folder, _safe(names or []), chosen=name, archive=True)


def _safe(names: list[Any]) -> tuple[str, ...]:
    """Return the files among an archive's entries, without those that point out of it or have no readable name."""
    plain = [name.replace("\\", "/") for name in names[:_MOST_FILES] if isinstance(name, str)]
    return tuple(name for name in plain if not name.endswith("/") and ".." not in name.split("/"))
