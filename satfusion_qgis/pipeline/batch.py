"""Many scenes one after the other: a scene that fails does not stop the others."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from .names import scene_name

COLUMNS = ("ms", "pan", "output", "method", "bands", "mask")
FILES_SEPARATOR = ";"


@dataclass(frozen=True)
class Scene:
    """One scene of a list.

    Attributes:
        ms: MS files.
        pan: PAN files.
        output: Where the result goes; None to name it from the scene.
        method: Method id; None for the one of all scenes.
        bands: Band numbers as text; None for those of all scenes.
        mask: Vector file of polygons; None for that of all scenes.
    """

    ms: tuple[str, ...]
    pan: tuple[str, ...]
    output: Optional[str] = None
    method: Optional[str] = None
    bands: Optional[str] = None
    mask: Optional[str] = None

    @property
    def name(self) -> str:
        """The scene's name, for messages."""
        return scene_name(self.ms)


def read_scenes(path: str) -> list[Scene]:
    """Read a list of scenes from a CSV file whose first row names the columns.

    Files are relative to the list's folder; several MS or PAN files are separated by semicolons.

    Raises:
        InputError: The file cannot be read, lacks a column or holds no scene.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            names = [str(name).strip().lower() for name in reader.fieldnames or ()]
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is no CSV file: {error}.") from None
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in COLUMNS[:2] if name not in names]
    if unknown or missing:
        what = f"an unknown column {unknown[0]!r}" if unknown else f"no column {missing[0]!r}"
        raise InputError(f"{path} has {what}; the columns are {', '.join(COLUMNS)}, of which ms and pan are needed.")
    if not rows:
        raise InputError(f"{path} holds no scene.")
    long = [line for line, row in rows if None in row]
    if long:
        raise InputError(
            f"{path} has more values than columns in line {long[0]}; files of one image are separated by semicolons."
        )
    return [_scene(path, line, dict(zip(names, row.values()))) for line, row in rows]


def _scene(path: str, line: int, row: dict[str, Optional[str]]) -> Scene:
    values = {name: (text or "").strip() for name, text in row.items()}
    folder = Path(path).parent

    def full(text: str) -> str:
        return text if text.startswith("/vsi") or not text else str(folder / text)

    def files(name: str) -> tuple[str, ...]:
        return tuple(full(part.strip()) for part in values[name].split(FILES_SEPARATOR) if part.strip())

    if not files("ms") or not files("pan"):
        raise InputError(f"{path} lacks ms or pan in line {line}.")
    return Scene(
        files("ms"),
        files("pan"),
        full(values.get("output", "")) or None,
        values.get("method") or None,
        values.get("bands") or None,
        full(values.get("mask", "")) or None,
    )


def unused(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or the name with a number where it is taken."""
    used = set(taken)
    number, found = 1, name
    while found in used:
        number += 1
        found = f"{name}_{number}"
    return found


def run_scenes(scenes: Sequence[Scene], fuse: Callable[[Scene], None], feedback: Feedback) -> list[str]:
    """Fuse scenes one after the other.

    Args:
        scenes: The scenes.
        fuse: Fuses one.
        feedback: Who is told.

    Returns:
        For each scene that failed a line with its name and the reason.

    Raises:
        Cancelled: The user cancelled; the scenes before are done.
    """
    failed = []
    for number, scene in enumerate(scenes, 1):
        feedback.info(f"Scene {number} of {len(scenes)}: {scene.name}")
        try:
            fuse(scene)
        except InputError as error:
            failed.append(f"{scene.name}: {error}")
            feedback.warning(failed[-1])
    return failed
