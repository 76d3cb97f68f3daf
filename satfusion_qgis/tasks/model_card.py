"""The card of a network's weights: what they were made for, where they come from, what they reach."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import InputError

FORMAT = 1
_REQUIRED = ("id", "title", "method", "task", "inputs", "output", "ratio", "halo", "files", "licence")


@dataclass(frozen=True)
class ModelCard:
    """`models/<id>/card.json`, checked.

    Attributes:
        id: Folder name and stable id.
        title: Label for the user.
        method: Method id of the catalogue.
        task: Task id.
        data: The whole card as plain data; the fields are listed in the documentation.
        folder: Where the card's files are.
    """

    id: str
    title: str
    method: str
    task: str
    data: Mapping[str, Any]
    folder: Path

    @classmethod
    def load(cls, folder: Path) -> ModelCard:
        """Read and check `folder/card.json`.

        Raises:
            InputError: The card is missing, unreadable, of another format, or lacks a field.
        """
        path = folder / "card.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"Cannot read the model card {path}: {error.strerror}.") from None
        except ValueError as error:
            raise InputError(f"The model card {path} is not valid JSON: {error}.") from None
        _check(data, path)
        return cls(data["id"], data["title"], data["method"], data["task"], data, folder)


def _check(data: Any, path: Path) -> None:
    if not isinstance(data, Mapping):
        raise InputError(f"The model card {path} must be a JSON object.")
    if data.get("format") != FORMAT:
        raise InputError(f"The model card {path} has format {data.get('format')!r}; this version reads {FORMAT}.")
    missing = [name for name in _REQUIRED if name not in data]
    if missing:
        raise InputError(f"The model card {path} lacks: {', '.join(missing)}.")
    files = data["files"]
    if not isinstance(files, list) or not all(isinstance(file, Mapping) for file in files):
        raise InputError(f"The model card {path} must list its files as JSON objects.")
    for file in files:
        name, sha256 = str(file.get("name", "")), str(file.get("sha256", ""))
        if not re.fullmatch(r"[A-Za-z0-9._-]+\.(safetensors|onnx)", name):
            raise InputError(f"The model card {path} names a file that is neither safetensors nor ONNX: {name!r}.")
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise InputError(f"The model card {path} has no valid sha256 for {name}.")
