"""Models from elsewhere: which there are, under which licence, and downloading one.

A list of models is a JSON file:
`{"format": 1, "models": [{"id", "title", "licence", "attribution", "url", "sha256"}]}`. `url` is the https address of a
model's card, and `sha256` that of the card; the card names the files beside it with theirs. So whoever trusts the list
trusts all that comes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ..inference.model_files import check_identifier, sha256_of, verify, write_text
from ..locations import find
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.model_card import CARD, CardFile, ModelCard
from .download import Downloader, Wanted, check_address

FORMAT = 1
SOURCES = "models/sources.json"
MOST_CARD_BYTES = 1 << 20
_UNKNOWN_LICENCE = "LicenseRef-unknown"


@dataclass(frozen=True)
class Source:
    """Where a model can be had.

    Attributes:
        url: The https address of its card.
        sha256: That of the card; "" where the user gives an address alone.
        id: Its id; "" while the card is not read.
        title: Its title.
        licence: SPDX identifier.
        attribution: Whom to name.
    """

    url: str
    sha256: str = ""
    id: str = ""
    title: str = ""
    licence: str = ""
    attribution: str = ""


def read_sources(path: Optional[Path] = None) -> list[Source]:
    """Return the models that a list names.

    Args:
        path: The list; None for the one that comes with the plugin.

    Raises:
        InputError: It cannot be read, or an entry is not right.
    """
    place = find(SOURCES) if path is None else path
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read the list of models {place}: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"The list of models {place} is not valid JSON: {error}.") from None
    entries = data.get("models") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or data.get("format") != FORMAT or not isinstance(entries, list):
        raise InputError(f"The list of models {place} must be a JSON object with format {FORMAT} and a list of models.")
    return [_source(entry, place) for entry in entries]


def _source(entry: Any, place: Path) -> Source:
    texts = entry if isinstance(entry, Mapping) else {}
    url, sha256, identifier = (str(texts.get(name, "")) for name in ("url", "sha256", "id"))
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not identifier or not str(texts.get("licence", "")):
        raise InputError(f"The list of models {place} has an entry without id, licence, url or sha256: {identifier!r}.")
    check_address(url)
    title = str(texts.get("title", "") or identifier)
    return Source(url, sha256, identifier, title, str(texts["licence"]), str(texts.get("attribution", "")))


def source_named(name: str, sources: list[Source]) -> Source:
    """Return the source of a model by its id, or the address that stands in its place.

    Raises:
        InputError: It is neither a known id nor an https address.
    """
    for source in sources:
        if source.id == name:
            return source
    if "://" in name:
        check_address(name)
        return Source(name)
    known = ", ".join(source.id for source in sources) or "none"
    raise InputError(f"MODEL: {name!r} is no model of the list ({known}) and no https:// address of a model card.")


def download_model(
    source: Source,
    models: Path,
    accepted: bool,
    feedback: Feedback,
    downloader: Optional[Downloader] = None,
    replace: bool = False,
) -> ModelCard:
    """Download a model into the user's models folder.

    Args:
        source: Where it is.
        models: Folder of models; made where it is missing.
        accepted: Whether the user accepts its licence, which is shown first.
        feedback: Who is told, and who may cancel.
        downloader: How files are had.
        replace: Take the place of a model of the same id.

    Returns:
        The card of the model in its place.

    Raises:
        InputError: It cannot be had, or its licence was not accepted. After a connection that broke, what came stays in
            a hidden folder, with which the next call goes on; otherwise nothing is left behind.
        Cancelled: The user cancelled; nothing is left behind.
    """
    downloader = downloader or Downloader()
    card = read_card(source, downloader, feedback)
    for line in licence_lines(card):
        feedback.info(line)
    target = models / card.id
    if target.exists() and not replace:
        raise InputError(f"There is a model {card.id} in {models} already; remove it first, or let it be replaced.")
    if not accepted:
        raise InputError(
            f"ACCEPT_LICENCE: the model {card.id} is under {card.licence}; read it, and tick that you accept it."
        )
    hidden = models / f".download-{card.id}"
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        _download_files(card, source.url, hidden, downloader, feedback)
        write_text(hidden / CARD, json.dumps(card.data, indent=1, ensure_ascii=False) + "\n")
        verify(ModelCard.load(hidden))
        _put(hidden, target)
    except Cancelled:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    except OSError as error:
        raise InputError(f"Cannot write into the models folder {models}: {error.strerror or error}.") from None
    finally:
        if hidden.exists() and not list(hidden.glob(".*.part")):
            shutil.rmtree(hidden, ignore_errors=True)
    feedback.info(f"The model {card.id} is in {target}")
    return ModelCard.load(target)


def read_card(source: Source, downloader: Downloader, feedback: Feedback) -> ModelCard:
    """Download a model's card, and check it.

    Raises:
        InputError: It cannot be had, is not the one of the list, or not a good one.
        Cancelled: The user cancelled.
    """
    raw = downloader.text(source.url, MOST_CARD_BYTES, feedback)
    if source.sha256 and hashlib.sha256(raw).hexdigest() != source.sha256:
        raise InputError(f"The card of {source.id} is not that of the list (SHA-256 differs); get a newer list.")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise InputError(f"What {source.url} gives is no model card: it is not valid JSON.") from None
    card = ModelCard.from_data(data, Path(urllib.parse.urlsplit(source.url).path).parent)
    check_identifier(card.id)
    if source.id and card.id != source.id:
        raise InputError(f"The list names the model {source.id}, and its card the model {card.id}; get a newer list.")
    if not card.files:
        raise InputError(f"The card of {card.id} names no file, so there is nothing to download.")
    names = [file.name.lower() for file in card.files]
    if len(set(names)) != len(names):
        raise InputError(f"The card of {card.id} names a file twice.")
    return card


def licence_lines(card: ModelCard) -> list[str]:
    """Return what a user reads before a download: licence, whom to name, and the size."""
    size = sum(file.bytes or 0 for file in card.files)
    lines = [f"{card.title} ({card.id}): {size / 1e6:.1f} MB", f"Licence: {card.licence}"]
    attribution = card.data.get("attribution")
    if attribution:
        lines.append(f"Attribution: {attribution}")
    if card.licence == _UNKNOWN_LICENCE:
        lines.append("Its author states no licence: you may not pass it on.")
    return lines


def _download_files(card: ModelCard, url: str, folder: Path, downloader: Downloader, feedback: Feedback) -> None:
    sizes = [file.bytes or 1 for file in card.files]
    for number, file in enumerate(card.files):
        part = _Part(feedback, sum(sizes[:number]) / sum(sizes), sizes[number] / sum(sizes))
        if not _is_there(folder, file):
            address = urllib.parse.urljoin(url, urllib.parse.quote(file.name))
            feedback.info(f"Downloading {file.name}")
            downloader.download(Wanted(address, file.sha256, file.bytes), folder / file.name, part)


def _is_there(folder: Path, file: CardFile) -> bool:
    """Tell whether a file was downloaded before; `verify` then checks it."""
    path = folder / file.name
    return path.is_file() and sha256_of(path) == file.sha256


def _put(hidden: Path, target: Path) -> None:
    if target.exists():
        old = hidden.with_name(f".{target.name}-old")
        target.rename(old)
        hidden.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        hidden.rename(target)


class _Part(Feedback):
    """Passes the progress of one file on as a part of the whole.

    Args:
        feedback: Who is told.
        begin: Fraction that is done before.
        share: Fraction that this file is.
    """

    def __init__(self, feedback: Feedback, begin: float, share: float) -> None:
        self._feedback, self._begin, self._share = feedback, begin, share

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Report a fraction of the whole."""
        self._feedback.progress(self._begin + fraction * self._share)

    def info(self, text: str) -> None:
        """Pass a line on."""
        self._feedback.info(text)

    def warning(self, text: str) -> None:
        """Pass a warning on."""
        self._feedback.warning(text)

    def cancelled(self) -> bool:
        """Ask whether the user wants to stop."""
        return self._feedback.cancelled()
