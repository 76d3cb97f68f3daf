"""Downloads of files over TLS: checked by SHA-256, taken up again where they broke off, within a size, cancellable.

Standard library alone. Only https is spoken, also after a redirect; certificates are checked with the system's own.
"""

from __future__ import annotations

import queue
import re
import shutil
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Optional

from ..inference.model_files import sha256_of
from ..locations import version
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback

MOST_BYTES = 8 << 30
TIME_LIMIT_S = 30.0
_CHUNK = 1 << 16
_POLL_S = 0.1
_ATTEMPTS = 4
_QUEUED = 16
_HTTP_RANGE_OK, _HTTP_RANGE_BAD = 206, 416


@dataclass(frozen=True)
class Wanted:
    """A file to download.

    Attributes:
        url: Its https address.
        sha256: Its SHA-256 in hexadecimal digits; "" where nobody states it, for small texts alone.
        bytes: Its size; None where it is not known.
        most_bytes: Larger ones are refused.
    """

    url: str
    sha256: str = ""
    bytes: Optional[int] = None
    most_bytes: int = MOST_BYTES


class Downloader:
    """Downloads files, one after the other.

    Args:
        proxy: Address of a proxy ("http://host:port"); "" takes the one that the environment names, if any.
        context: TLS settings; default the system's certificates.
    """

    def __init__(self, proxy: str = "", context: Optional[ssl.SSLContext] = None) -> None:
        if proxy and not re.match(r"https?://[^/\s]+", proxy):
            raise InputError(f"PROXY must look like http://host:port, not {_without_login(proxy)!r}.")
        handler = urllib.request.ProxyHandler({"https": proxy} if proxy else None)
        self._opener = urllib.request.OpenerDirector()
        for part in (
            handler,
            urllib.request.HTTPSHandler(context=context or ssl.create_default_context()),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _SecureRedirects(),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(part)

    def download(self, wanted: Wanted, target: Path, feedback: Optional[Feedback] = None) -> None:
        """Download a file to `target`, which is there whole or not at all.

        What came before a connection broke stays in a hidden file beside `target`, with which the next call goes on.

        Args:
            wanted: The file.
            target: Where it is put.
            feedback: Who is told about progress, and who may cancel.

        Raises:
            InputError: It cannot be had, or is another one than wanted; one sentence.
            Cancelled: The user cancelled; nothing is left behind.
        """
        feedback = feedback or Feedback()
        check_address(wanted.url)
        part = target.with_name(f".{target.name}.{wanted.sha256[:12] or 'text'}.part")
        try:
            self._fetch_whole(wanted, part, feedback)
            part.replace(target)
        except Cancelled:
            part.unlink(missing_ok=True)
            raise
        except OSError as error:
            raise InputError(f"Cannot write {target}: {error.strerror or error}.") from None

    def text(self, url: str, most_bytes: int, feedback: Optional[Feedback] = None) -> bytes:
        """Return a small file's content.

        Raises:
            InputError: It cannot be had, or is larger.
            Cancelled: The user cancelled.
        """
        feedback = feedback or Feedback()
        check_address(url)
        content = bytearray()
        try:
            with closing(_pieces(lambda: self._open(url, 0), feedback.cancelled)) as pieces:
                for piece in pieces:
                    content += piece if isinstance(piece, bytes) else b""
                    if len(content) > most_bytes:
                        raise InputError(f"{_shown(url)} is larger than {most_bytes} bytes, which it should not be.")
        except _BrokenError as error:
            raise InputError(f"Cannot download {_shown(url)}: {error}.") from None
        return bytes(content)

    def _fetch_whole(self, wanted: Wanted, part: Path, feedback: Feedback) -> None:
        """Fill `part` with the whole file, in several attempts where connections break; check it."""
        if wanted.bytes is not None and _size(part) > wanted.bytes:
            part.unlink()
        resumed = part.exists()
        for _ in range(_ATTEMPTS):
            before = _size(part)
            try:
                self._fetch_rest(wanted, part, feedback)
                break
            except _RangeError:
                part.unlink(missing_ok=True)
            except _BrokenError as error:
                if _size(part) <= before:
                    raise InputError(f"Cannot download {_shown(wanted.url)}: {error}.") from None
                feedback.info(f"The connection broke after {_size(part)} bytes; going on from there")
        else:
            raise InputError(f"Cannot download {_shown(wanted.url)}: the connection breaks again and again; try later.")
        if not wanted.sha256 or sha256_of(part, feedback.cancelled) == wanted.sha256:
            return
        part.unlink()
        if not resumed:
            raise InputError(
                f"{_shown(wanted.url)} is not the file that was announced (SHA-256 differs), so it was removed."
            )
        feedback.info("What was kept of an earlier download does not fit; downloading all of it")
        self._fetch_whole(wanted, part, feedback)

    def _fetch_rest(self, wanted: Wanted, part: Path, feedback: Feedback) -> None:
        """Append to `part` what the server sends after its end."""
        have = _size(part)
        if wanted.bytes is not None and have == wanted.bytes and have:
            return
        total: Optional[int] = None
        with ExitStack() as opened:
            pieces = opened.enter_context(closing(_pieces(lambda: self._open(wanted.url, have), feedback.cancelled)))
            answer = next(pieces)
            have = have if isinstance(answer, _Answer) and answer.continues else 0
            total = _expected(wanted, answer, have)
            _check_room(part, total, have)
            stream = opened.enter_context(part.open("ab" if have else "wb"))
            for piece in pieces:
                have += stream.write(piece)
                if have > (wanted.most_bytes if total is None else total):
                    part.unlink()
                    raise InputError(f"{_shown(wanted.url)} is larger than announced, so it was removed.")
                if total:
                    feedback.progress(have / total)
        if total is not None and have < total:
            raise _BrokenError(f"the connection broke after {have} of {total} bytes")

    def _open(self, url: str, begin: int) -> Any:
        request = urllib.request.Request(url, headers={"User-Agent": f"SatFusion/{version()}"})
        if begin:
            request.add_header("Range", f"bytes={begin}-")
        return self._opener.open(request, timeout=TIME_LIMIT_S)


def check_address(url: str) -> None:
    """Refuse an address that is not https.

    Raises:
        InputError: It is not.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme.lower() != "https" or not parts.hostname:
        raise InputError(f"{_shown(url)} is refused: files are downloaded by https:// alone.")


class _BrokenError(Exception):
    """A connection that broke, or was never made; the text is the end of a sentence."""


@dataclass(frozen=True)
class _Answer:
    """The server's answer: whether it goes on where it was asked to, and how many bytes follow."""

    continues: bool
    length: Optional[int]


class _SecureRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https alone."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Return the request to the new address."""
        try:
            check_address(newurl)
        except InputError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _pieces(connect: Callable[[], Any], cancelled: Callable[[], bool]) -> Generator[Any, None, None]:
    """Give an `_Answer` and then its content in pieces.

    Another thread reads, so that a cancel is seen while a server is silent.

    Raises:
        _BrokenError: The connection broke or was not made.
        InputError: The server refused.
        Cancelled: `cancelled` said so.
    """
    waiting: queue.Queue[Any] = queue.Queue(_QUEUED)
    stopped = threading.Event()
    reader = threading.Thread(target=_read, args=(connect, waiting, stopped), name="satfusion-download", daemon=True)
    reader.start()
    try:
        while True:
            if cancelled():
                raise Cancelled
            try:
                piece = waiting.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        stopped.set()


def _read(connect: Callable[[], Any], waiting: queue.Queue[Any], stopped: threading.Event) -> None:
    def put(piece: Any) -> None:
        while not stopped.is_set():
            with suppress(queue.Full):
                waiting.put(piece, timeout=_POLL_S)
                return

    try:
        with connect() as answer:
            length = answer.headers.get("Content-Length")
            whole = int(length) if length and length.isdigit() else None
            put(_Answer(answer.status == _HTTP_RANGE_OK, whole))
            while not stopped.is_set():
                piece = answer.read(_CHUNK)
                if not piece:
                    break
                put(piece)
        put(None)
    except urllib.error.HTTPError as error:
        put(_refusal(error))
    except InputError as error:
        put(error)
    except urllib.error.URLError as error:
        put(_failure(error.reason))
    except (OSError, HTTPException, ValueError) as error:
        put(_failure(error))


def _refusal(error: urllib.error.HTTPError) -> Exception:
    """Return what a server's refusal means: a fault on its side may pass."""
    error.close()
    if error.code == _HTTP_RANGE_BAD:
        return _RangeError("the server does not go on with a download that broke off")
    if error.code >= 500 or error.code == 429:
        return _BrokenError(f"the server says {error.code} {error.reason}")
    return InputError(f"The server does not give {_shown(str(error.url))}: {error.code} {error.reason}.")


class _RangeError(_BrokenError):
    """What is there is not a beginning of the file."""


def _failure(error: Any) -> Exception:
    """Return what a failure below HTTP means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return InputError(f"The server's certificate is not trusted ({error.verify_message}); nothing was downloaded.")
    if isinstance(error, TimeoutError):
        return _BrokenError(f"no answer within {TIME_LIMIT_S:.0f} s")
    text = str(getattr(error, "strerror", "") or error).strip().rstrip(".")
    return _BrokenError(text or type(error).__name__)


def _expected(wanted: Wanted, answer: _Answer, have: int) -> Optional[int]:
    """Return the size of the whole file, once it is found to be the wanted one."""
    total = None if answer.length is None else have + answer.length
    if wanted.bytes is not None and total not in (None, wanted.bytes):
        raise InputError(
            f"{_shown(wanted.url)} has {total} bytes where {wanted.bytes} are announced; it was not downloaded."
        )
    if total is not None and total > wanted.most_bytes:
        raise InputError(f"{_shown(wanted.url)} has {total} bytes, more than the {wanted.most_bytes} that are allowed.")
    return wanted.bytes if total is None else total


def _check_room(part: Path, total: Optional[int], have: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if total is not None and total - have > free:
        raise InputError(f"The disk of {part.parent} has room for {free} bytes, and {total - have} are needed.")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _shown(url: str) -> str:
    """Return an address for a message: without a login and without what follows a question mark."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _without_login(text: str) -> str:
    return text.rpartition("@")[2]
