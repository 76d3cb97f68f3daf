"""Models as rows of a table: what the toolbox, the command line and the dialog show of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Optional

from ..tasks.errors import InputError
from ..tasks.model_card import CardInput, ModelCard
from .model_files import tensors_of

COLUMNS = ("id", "title", "task", "method", "bands", "ratio", "licence", "size", "origin")


@dataclass(frozen=True)
class ModelRow:
    """A model in a table.

    Attributes:
        id: Its id.
        title: Its title.
        task: Task id.
        method: Method id.
        bands: Names of the bands of each input but a single PAN, such as "Blue, Green, Red, NIR"; once where inputs
            have the same.
        ratio: Such as "4" or "3.6 to 4.4".
        licence: SPDX identifier.
        bytes: Size of its files; 0 where the card does not say.
        formats: Such as ("safetensors", "onnx").
        own: Whether it lies in the user's models folder, else it came with the plugin.
        folder: Where it lies.
    """

    id: str
    title: str
    task: str
    method: str
    bands: str
    ratio: str
    licence: str
    bytes: int
    formats: tuple[str, ...]
    own: bool
    folder: str

    @property
    def size(self) -> str:
        """The size in MB."""
        return size_text(self.bytes)

    @property
    def origin(self) -> str:
        """Where it is from: "own" or "plugin"."""
        return "own" if self.own else "plugin"

    def data(self) -> dict[str, Any]:
        """Return the row as plain data."""
        return {**asdict(self), "formats": list(self.formats), "origin": self.origin}


def row_of(card: ModelCard, own: Path) -> ModelRow:
    """Return a model's row.

    Args:
        card: Its card.
        own: Folder of the user's models.
    """
    return ModelRow(
        id=card.id,
        title=card.title,
        task=card.task,
        method=card.method,
        bands="; ".join(dict.fromkeys(bands_text(item) for item in card.inputs if not _is_plain_pan(item))),
        ratio=ratio_text(card),
        licence=card.licence,
        bytes=sum(file.bytes or 0 for file in card.files),
        formats=tuple(file.format for file in card.files),
        own=is_own(card, own),
        folder=str(card.folder),
    )


def is_own(card: ModelCard, own: Path) -> bool:
    """Tell whether a model lies in the user's models folder."""
    return card.folder.resolve().parent == own.resolve()


def bands_text(item: CardInput, wavelengths: bool = False) -> str:
    """Return the names of an input's bands, with their wavelengths where asked for."""
    names = []
    for band in item.bands:
        known = wavelengths and band.wavelength_nm is not None
        names.append(f"{band.name} ({band.wavelength_nm:g} nm)" if known else band.name)
    return ", ".join(names)


def ratio_text(card: ModelCard) -> str:
    """Return the ratio of pixel sizes that a model is for."""
    low, high = card.ratio
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def size_text(size: int) -> str:
    """Return a number of bytes in MB; "" where it is not known."""
    return f"{size / 1e6:.1f} MB" if size else ""


def _is_plain_pan(item: CardInput) -> bool:
    return item.role == "PAN" and len(item.bands) == 1


def faults_of(card: ModelCard) -> dict[str, Optional[str]]:
    """Return, for each file of a model, a sentence on what is wrong with it, or None where it is as the card says."""
    found: dict[str, Optional[str]] = {}
    for file in card.files:
        try:
            path = card.verified(file)
            if file.format == "safetensors":
                tensors_of(path)
            found[file.name] = None
        except InputError as error:
            found[file.name] = str(error)
    return found


def text_table(rows: Sequence[ModelRow]) -> list[str]:
    """Return rows as lines of text under a line of titles, in columns."""
    cells = [COLUMNS, *(tuple(str(getattr(row, name)) for name in COLUMNS) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(COLUMNS))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in cells]
