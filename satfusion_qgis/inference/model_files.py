"""Models on disk: what a safetensors file holds, and folders of models that appear whole or not at all.

The safetensors format: eight bytes with the length of a JSON header, the header with each tensor's type, shape and
place, then the numbers. The header is checked here against the file's size before any library opens it, since a file
from elsewhere may say anything.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ..tasks.errors import Cancelled, InputError
from ..tasks.model_card import CARD, ModelCard

WEIGHTS = "model.safetensors"
GRAPH = "model.onnx"
_CHUNK = 1 << 20
_MOST_HEADER = 16 << 20
_BYTES_OF = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "U16": 2,
    "I16": 2,
    "F16": 2,
    "BF16": 2,
    "U32": 4,
    "I32": 4,
    "F32": 4,
    "U64": 8,
    "I64": 8,
    "F64": 8,
}


@dataclass(frozen=True)
class TensorInfo:
    """A tensor as a safetensors header states it.

    Attributes:
        dtype: Such as "F32".
        shape: Its sides.
    """

    dtype: str
    shape: tuple[int, ...]


def never() -> bool:
    """Tell that the user has not cancelled: for callers that cannot be."""
    return False


def tensors_of(path: Path) -> dict[str, TensorInfo]:
    """Return the tensors of a safetensors file by name, once its header is found to fit its size.

    Raises:
        InputError: The file cannot be read, is cut off, or its header does not fit what follows.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or length > min(size - 8, _MOST_HEADER):
                raise InputError(
                    f"The weights {path} are damaged: the header is said to have {length} bytes in a file of {size}; "
                    "get them again."
                )
            header = stream.read(length)
    except OSError as error:
        raise InputError(f"Cannot read the weights {path}: {error.strerror}.") from None
    try:
        return _header_tensors(json.loads(header), size - 8 - length)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"The weights {path} are damaged or cut off ({error}); get them again.") from None


def _header_tensors(header: Any, data_bytes: int) -> dict[str, TensorInfo]:
    if not isinstance(header, Mapping):
        raise ValueError("the header is no JSON object")
    found: dict[str, TensorInfo] = {}
    spans: list[tuple[int, int]] = []
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        shape = tuple(int(side) for side in entry["shape"])
        begin, end = (int(place) for place in entry["data_offsets"])
        if entry["dtype"] not in _BYTES_OF or min(shape, default=1) < 0:
            raise ValueError(f"{name} has an unknown type or shape")
        if end - begin != math.prod(shape) * _BYTES_OF[entry["dtype"]]:
            raise ValueError(f"the place of {name} does not fit its shape")
        spans.append((begin, end))
        found[name] = TensorInfo(entry["dtype"], shape)
    reached = 0
    for begin, end in sorted(spans):
        if begin != reached:
            raise ValueError("tensors overlap or leave gaps")
        reached = end
    if reached != data_bytes:
        raise ValueError(f"{reached} bytes of numbers are announced and {data_bytes} are there")
    return found


def sha256_of(path: Path, cancelled: Callable[[], bool] = never) -> str:
    """Return the SHA-256 of a file.

    Raises:
        InputError: The file cannot be read.
        Cancelled: `cancelled` said so.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            for part in iter(lambda: stream.read(_CHUNK), b""):
                raise_if(cancelled)
                digest.update(part)
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from None
    return digest.hexdigest()


def raise_if(cancelled: Callable[[], bool]) -> None:
    """Stop where the user wants it.

    Raises:
        Cancelled: `cancelled` said so.
    """
    if cancelled():
        raise Cancelled


def file_entry(path: Path, **more: Any) -> dict[str, Any]:
    """Return what a card says of a file of weights: name, format, SHA-256, size, and `more`."""
    return {
        "name": path.name,
        "format": path.suffix[1:],
        "sha256": sha256_of(path),
        "bytes": path.stat().st_size,
        **more,
    }


def identifier_of(text: str) -> str:
    """Return a model's id made of a title: lower-case letters, digits and hyphens; "model" where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64] or "model"


def check_identifier(text: str) -> str:
    """Return `text` where it can be a model's id, and so the name of a folder.

    Raises:
        InputError: It cannot.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise InputError(
            f"ID {text!r} cannot name a model: it takes letters, digits, points, underscores and hyphens, 64 at most."
        )
    return text


@contextmanager
def new_model(models: Path, identifier: str, replace: bool = False) -> Iterator[Path]:
    """Give a hidden folder to fill, which becomes `models/<identifier>` at the end, or goes where that fails.

    Args:
        models: Folder of models; made where it is missing.
        identifier: Id of the model.
        replace: Take the place of a model of the same id.

    Raises:
        InputError: There is one already, or the folder cannot be written.
    """
    target = models / check_identifier(identifier)
    if target.exists() and not replace:
        raise InputError(f"There is a model {identifier} in {models} already: give another ID, or let it be replaced.")
    try:
        models.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{identifier}-", dir=models))
    except OSError as error:
        raise InputError(f"Cannot write into the models folder {models}: {error.strerror}.") from None
    try:
        yield part
        _put_in_place(part, target)
    except OSError as error:
        raise InputError(f"Cannot write the model {target}: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put_in_place(part: Path, target: Path) -> None:
    part.chmod(0o755)  # mkdtemp makes it for its owner alone, and so does safetensors
    for path in part.iterdir():
        path.chmod(0o644)
    old: Optional[Path] = None
    if target.exists():
        old = part.with_name(f"{part.name}-old")
        target.rename(old)
    try:
        part.rename(target)
    except OSError:
        if old is not None:
            old.rename(target)
        raise
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all.

    Raises:
        InputError: It cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"Cannot write {path}: {error.strerror}.") from None


def write_card(folder: Path, data: Mapping[str, Any]) -> ModelCard:
    """Check a card's data and write them as `folder/card.json`.

    Raises:
        InputError: The card is not a good one, or cannot be written.
    """
    card = ModelCard.from_data(data, folder)
    write_text(folder / CARD, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return card


def copy_file(source: Path, target: Path, cancelled: Callable[[], bool] = never) -> None:
    """Copy a file piece by piece, so that a cancel is seen.

    Raises:
        InputError: It cannot be copied.
        Cancelled: `cancelled` said so.
    """
    try:
        with source.open("rb") as stream, target.open("wb") as copy:
            for part in iter(lambda: stream.read(_CHUNK), b""):
                raise_if(cancelled)
                copy.write(part)
    except OSError as error:
        raise InputError(f"Cannot copy {source} to {target.parent}: {error.strerror}.") from None


def verify(card: ModelCard) -> None:
    """Check every file of a model: that it is there, whole and the one that the card names.

    Raises:
        InputError: One is not.
    """
    if not card.files:
        raise InputError(f"The model {card.id} in {card.folder} has no weights: its card names no file.")
    for file in card.files:
        path = card.verified(file)
        if file.format == "safetensors":
            tensors_of(path)


def remove_model(card: ModelCard, models: Path) -> None:
    """Remove a model, with all that is in its folder, from the user's own models folder.

    Raises:
        InputError: It lies elsewhere, or cannot be removed.
    """
    folder = card.folder
    if folder.is_symlink() or folder.resolve().parent != models.resolve():
        raise InputError(f"The model {card.id} is not one of your own in {models}; it is not removed.")
    hidden = folder.with_name(f".{folder.name}-removed-{os.getpid()}")
    try:
        folder.rename(hidden)
        shutil.rmtree(hidden)
    except OSError as error:
        raise InputError(f"Cannot remove {folder}: {error.strerror}.") from None
