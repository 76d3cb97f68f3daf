"""Dates of images: as users write them, and as the names of products and files hold them.

Landsat Collection 2 (LC08_L2SP_190028_20200703_20200913_02_T1) and what came before it (LC81900282020185LGN00),
Sentinel-2 (S2A_MSIL2A_20240615T100031_..., T33TVM_20240615T100031_B02 and the older ..._V20151230T105153_...), MODIS
(MOD09GA.A2024167.h18v04.061..., ..._doy2024167...), Sentinel-3, and names with a plain date (2024-06-15, 2024_06_15,
20240615). Also the names of the published data sets for spatiotemporal fusion: CIA (L71093084_08420020401_HRF_...,
MOD09GA_A2001290.sur_refl), LGC (20050403_TM), AHB, Daxing and Tianjin (L_2015-6-21, without leading zeros), Wuhan
(G_20180109), IC and BC (S2_20220405, S3_20220105_real).
"""

from __future__ import annotations

import datetime
import re
from pathlib import PurePath
from typing import Optional

from .errors import InputError

_DAY = r"((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2([0-2]\d|3[01])"
_TIME = r"(?:[T_ ]([01]\d|2[0-3])[:-]?([0-5]\d)[:-]?([0-5]\d)(?!\d))?"
_DAY_AND_TIME = re.compile(rf"(?<!\d){_DAY}{_TIME}(?!\d)")
_SENTINEL_2_SENSED = re.compile(r"_V((?:19|20)\d{6}T\d{6})_")
_MODIS = re.compile(r"(?:^|[._-])(?:A|doy)((?:19|20)\d\d)(\d{3})(?=[._-]|$)")
# The names that Landsat scenes had before they got ids: sensor, path, row, and row and date after an underscore.
_LANDSAT_OLD = re.compile(r"(?:^|[^A-Za-z])L[4-7]1?\d{6}_\d{3}((?:19|20)\d{6})(?!\d)")
_DAY_WITHOUT_ZEROS = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])(?!\d)")
_LANDSAT_SCENE = re.compile(r"(?:^|[^A-Za-z])L[COTEM]\d{7}((?:19|20)\d\d)(\d{3})[A-Z]{3}\d\d")


def moment_of(text: str) -> Optional[datetime.datetime]:
    """Return the moment that a text in ISO 8601, or like 20240131 or 2024:01:31, names; in UTC, without a zone."""
    text = text.strip()
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.match(r"\d{4}:\d\d:\d\d(?!\d)", text):  # as TIFF and EXIF write dates
        text = text[:10].replace(":", "-") + text[10:]
    try:
        moment = datetime.datetime.fromisoformat(re.sub(r"\.\d+(?=$|Z|[+-])", "", text.replace("Z", "+00:00")))
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return moment


def iso_date(text: str, name: str) -> str:
    """Return a date in ISO 8601, in UTC ("2024-01-31T00:00:00Z").

    Args:
        text: What the user gave.
        name: The parameter, for the message.

    Raises:
        InputError: The text is no date.
    """
    return iso_text(given_moment(text, name))


def given_moment(text: str, name: str) -> datetime.datetime:
    """Return the moment that a user wrote, in UTC; the arguments are those of `iso_date`.

    Raises:
        InputError: The text is no date.
    """
    moment = moment_of(text)
    if moment is None:
        raise InputError(f"{name}: {text!r} is not a date; write 2024-01-31.")
    return moment


def given_day(text: str, name: str) -> Optional[datetime.date]:
    """Return the day that a user wrote, None for an empty text; the arguments are those of `iso_date`.

    Raises:
        InputError: The text is no date.
    """
    return given_moment(text, name).date() if text.strip() else None


def given_days(text: str, name: str) -> tuple[datetime.date, ...]:
    """Return the days that a user wrote, separated by commas or blanks, each once; the arguments are as above.

    Raises:
        InputError: One is no date.
    """
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    return tuple(dict.fromkeys(given_moment(part, name).date() for part in parts))


def iso_text(moment: datetime.datetime) -> str:
    """Return a moment in UTC as text ("2024-01-31T00:00:00Z")."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_in_name(source: str) -> Optional[datetime.datetime]:
    """Return the moment of acquisition that a file's or product's name holds; None where it holds none.

    Names of products hold the date of processing too: the date of acquisition comes before it.
    """
    name = PurePath(source).name
    sensed = _SENTINEL_2_SENSED.search(name)
    if sensed:
        return _moment(sensed[1], "%Y%m%dT%H%M%S")
    for pattern in (_MODIS, _LANDSAT_SCENE):
        found = pattern.search(name)
        if found:
            return _moment(found[1] + found[2], "%Y%j")
    old = _LANDSAT_OLD.search(name)
    if old and _moment(old[1], "%Y%m%d") is not None:
        return _moment(old[1], "%Y%m%d")
    for found in _DAY_AND_TIME.finditer(name):
        year, _, month, day, *time = found.groups()
        moment = _moment(year + month + day + "".join(part or "00" for part in time), "%Y%m%d%H%M%S")
        if moment is not None:
            return moment
    for found in _DAY_WITHOUT_ZEROS.finditer(name):
        moment = _moment("-".join(found.group(1, 3, 4)), "%Y-%m-%d")
        if moment is not None:
            return moment
    return None


def _moment(text: str, form: str) -> Optional[datetime.datetime]:
    try:
        return datetime.datetime.strptime(text, form)
    except ValueError:
        return None
