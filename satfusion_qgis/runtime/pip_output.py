"""Reads what pip writes: how far it is, what it does, and what a failure means in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Optional

_SHARE_OF_DOWNLOADS = 0.8
_UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
_SIZE = re.compile(r"\(([\d.]+)\s*(bytes|kB|MB|GB)\)")
_RAW = re.compile(r"Progress (\d+) of (\d+)")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")

# The first pattern that is found decides; {} is what it caught.
_FAILURES = (
    (r"No space left on device|Errno 28|not enough space", "The disk is full: free some space, and install again."),
    (
        r"SOCKS support",
        "pip cannot use a SOCKS proxy: set an HTTP proxy in QGIS (Settings > Options > Network), or install from a "
        "folder of wheels (WHEELS).",
    ),
    (
        r"ProxyError|407 Proxy|Tunnel connection failed",
        "The proxy refused the connection: check QGIS's proxy (Settings > Options > Network), and install again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The certificate of the package server is not trusted here: name your organisation's certificates to pip (pip "
        "config set global.cert FILE), or install from a folder of wheels (WHEELS).",
    ),
    (
        r"NewConnectionError|Max retries exceeded|Connection (?:refused|reset|aborted)|Name or service not known|"
        r"name resolution|getaddrinfo failed|Read timed out|ConnectTimeoutError|Network is unreachable",
        "The package server cannot be reached: check the connection and QGIS's proxy, and install again (it goes on "
        "where it stopped), or install from a folder of wheels (WHEELS).",
    ),
    (
        r"(?:No matching distribution found for|satisfies the requirement) (\S+)",
        "The package server has no {} for this Python and this system: name another INTERPRETER.",
    ),
    (
        r"Permission denied|Access is denied|WinError 5\b|WinError 32\b|Errno 13",
        "A file of the engine cannot be written, because it is in use or protected: close what uses the engine, and "
        "install again.",
    ),
    (r"DO NOT MATCH THE HASHES|BadZipFile|is not a zip|invalid wheel", "A package arrived damaged: install again."),
    (r"ResolutionImpossible|conflicting dependencies", "The packages contradict each other: install with REINSTALL."),
)


def without_credentials(text: str) -> str:
    """Return a line without the names and passwords in its addresses."""
    return _CREDENTIALS.sub("***@", text)


class PipProgress:
    """Follows pip by its lines.

    Args:
        expected_bytes: About how much will be fetched in all.
    """

    def __init__(self, expected_bytes: int) -> None:
        self._expected = max(1, expected_bytes)
        self._fetched = 0.0
        self._current = 0.0
        self._part = 0.0
        self._installing = False

    @property
    def fraction(self) -> float:
        """How much is done, 0 to 1; grows only."""
        if self._installing:
            return 0.9
        fetched = self._fetched + min(self._part, self._current)
        return _SHARE_OF_DOWNLOADS * min(1.0, fetched / self._expected)

    def take(self, line: str) -> Optional[str]:
        """Take a line in.

        Returns:
            The line where it is for the log; None for one that only counts.
        """
        text = line.strip()
        raw = _RAW.fullmatch(text)
        if raw:
            self._part = float(raw.group(1))
            self._current = max(self._current, float(raw.group(2)))
            return None
        if text.startswith(("Downloading ", "Using cached ", "Processing ")):
            self._next(text)
        self._installing = self._installing or text.startswith("Installing collected packages")
        return without_credentials(text) if text and _is_news(text) else None

    def _next(self, text: str) -> None:
        """Count the file before as fetched, and begin with that of this line."""
        self._fetched += self._current
        found = _SIZE.search(text)
        self._current = float(found.group(1)) * _UNITS[found.group(2)] if found else 0.0
        self._part = self._current if text.startswith("Using cached") else 0.0
        if text.endswith(".metadata)") or ".metadata " in text:
            self._current = 0.0


def _is_news(text: str) -> bool:
    return not text.startswith(("Requirement already satisfied", "Looking in", "Looking up", "━", "[notice]"))


def failure(errors: str, offline: Mapping[str, str]) -> str:
    """Return what a failed run of pip means, in one sentence.

    Args:
        errors: What pip wrote to its standard error, and its last lines.
        offline: "wheels", "python" and "system" where it installed from a folder of wheels; empty otherwise.
    """
    missing = re.search(r"(?:No matching distribution found for|satisfies the requirement) ([^\s,;(]+)", errors)
    if offline and missing:
        return (
            f"WHEELS: the folder {offline['wheels']} has no wheel of {missing.group(1)} for Python "
            f"{offline['python']} on {offline['system']}; add it, and install again."
        )
    for pattern, sentence in _FAILURES:
        found = re.search(pattern, errors, re.IGNORECASE)
        if found:
            return sentence.format(*found.groups())
    said = [line for line in errors.splitlines() if line.strip().upper().startswith("ERROR")]
    last = (said or errors.strip().splitlines() or ["it said nothing"])[-1].strip()
    return f"pip could not install the engine: {without_credentials(last)}"
