"""Which images of a folder are meant, when they were taken, and which of them are fine and which coarse: by name alone.

The published data sets for spatiotemporal fusion keep their images in folders called Landsat (fine) and MODIS
(coarse), whatever the sensors; or their names begin with the sensor: L and M (AHB, Daxing, Tianjin), L7 and MOD09GA
(CIA), G and L (Wuhan: GaoFen and Landsat), S2 and S3 (IC, BC).
"""

from __future__ import annotations

import datetime
import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import Optional

from .dates import moment_in_name
from .errors import InputError

_LONGEST_PATTERN = 200
_DIRECTIVES = {"Y": (4,), "y": (2,), "m": (2, 1), "d": (2, 1), "j": (3,), "H": (2,), "M": (2,), "S": (2,)}
_RANGES = {"Y": (1900, 2099), "m": (1, 12), "d": (1, 31), "j": (1, 366), "H": (0, 23), "M": (0, 59), "S": (0, 59)}
FINE, COARSE = "fine", "coarse"
_Fits = Callable[[int, int], Optional[dict[str, int]]]
# Sensors by the beginnings of names, from the finest pixels to the coarsest.
_SENSORS: tuple[tuple[str, str], ...] = (
    ("GaoFen", r"G(F\d+)?(?![a-z])"),
    ("Sentinel-2", r"(S2[ABCD]?(?![0-9a-z])|T\d{2}[A-Z]{3}_|SENTINEL-?2)"),
    ("Landsat", r"(L(?![a-z0-9])|L[COTEM]0?\d|L[4-9]|LANDSAT|\d{8}_(TM|ETM|OLI)(?![a-z]))"),
    ("Sentinel-3", r"(S3[ABCD]?(?![0-9a-z])|SENTINEL-?3)"),
    ("VIIRS", r"(VNP|VJ1|VIIRS)"),
    ("MODIS", r"(M(?![a-z0-9])|MOD|MYD|MCD)"),
)
_FOLDERS = {FINE: ("landsat", "fine", "hr", "high"), COARSE: ("modis", "coarse", "lr", "low")}


class DatePattern:
    """A pattern that finds dates in names, such as `*_%Y%m%d_*`.

    `*` stands for any text, `?` for any character; %Y is the year in four digits and %y in two, %m the month, %d the
    day of the month, both also without a leading zero, %j the day of the year in three digits, %H, %M and %S the time,
    %% a per cent sign. All else stands for itself, upper and lower case alike. It must fit the whole name, with or
    without the name's ending.

    Args:
        text: The pattern.

    Raises:
        InputError: It has no year, or no day, or something after % that is not known.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        if len(self.text) > _LONGEST_PATTERN:
            raise InputError(f"DATE_PATTERN must have at most {_LONGEST_PATTERN} characters.")
        self._parts = self._taken_apart()
        known = [part[1] for part in self._parts if len(part) > 1]
        if not {"Y", "y"} & set(known) or not ("j" in known or {"m", "d"} <= set(known)):
            raise InputError(
                f"DATE_PATTERN {self.text!r} must hold a year (%Y) and a day (%m and %d, or %j), such as *_%Y%m%d_*."
            )
        if len(set(known)) < len(known):
            raise InputError(f"DATE_PATTERN {self.text!r} names a part of the date twice.")

    def _taken_apart(self) -> list[str]:
        """Return single characters (lower case), `*`, `?`, and directives as two characters."""
        parts: list[str] = []
        place = 0
        while place < len(self.text):
            sign = self.text[place]
            place += 1
            if sign != "%":
                if sign != "*" or parts[-1:] != ["*"]:
                    parts.append(sign.lower())
                continue
            kind = self.text[place : place + 1]
            place += 1
            if kind != "%" and kind not in _DIRECTIVES:
                raise InputError(
                    f"DATE_PATTERN {self.text!r} has %{kind}, which is not known; known are %Y, %y, %m, %d, %j, %H, "
                    f"%M, %S and %%."
                )
            parts.append("%" if kind == "%" else f"%{kind}")
        return parts

    def moment_in(self, source: str) -> Optional[datetime.datetime]:
        """Return the moment in a file's name; None where the pattern does not fit it."""
        name = PurePath(source).name
        for text in dict.fromkeys((name, PurePath(name).stem, name.partition(".")[0])):
            found = self._match(text)
            if found is not None:
                return found
        return None

    def _match(self, name: str) -> Optional[datetime.datetime]:
        """Return the date where the whole name fits; time grows with the pattern's length times the name's."""
        hopeless: set[tuple[int, int]] = set()
        lowered = name.lower()

        def fits(part: int, place: int) -> Optional[dict[str, int]]:
            if (part, place) in hopeless:
                return None
            found = self._from(lowered, part, place, fits)
            if found is None:
                hopeless.add((part, place))
            return found

        numbers = fits(0, 0)
        return None if numbers is None else _moment(numbers)

    def _from(self, name: str, part: int, place: int, fits: _Fits) -> Optional[dict[str, int]]:
        """Return the numbers from one part of the pattern on, or None where it does not fit."""
        if part == len(self._parts):
            return {} if place == len(name) else None
        kind = self._parts[part]
        if kind == "*":
            for end in range(place, len(name) + 1):
                found = fits(part + 1, end)
                if found is not None:
                    return found
            return None
        if len(kind) == 1:
            same = place < len(name) and (kind == "?" or name[place] == kind)
            return fits(part + 1, place + 1) if same else None
        low, high = _RANGES.get(kind[1], (0, 99))
        for length in _DIRECTIVES[kind[1]]:
            digits = name[place : place + length]
            if len(digits) == length and digits.isascii() and digits.isdigit() and low <= int(digits) <= high:
                after = fits(part + 1, place + length)
                if after is not None:
                    return {**after, kind[1]: int(digits)}
        return None


def _moment(numbers: dict[str, int]) -> Optional[datetime.datetime]:
    year = numbers.get("Y", 0) or (2000 if numbers.get("y", 0) < 69 else 1900) + numbers.get("y", 0)
    time = (numbers.get("H", 0), numbers.get("M", 0), numbers.get("S", 0))
    try:
        if "j" in numbers:
            moment = datetime.datetime(year, 1, 1, *time) + datetime.timedelta(numbers["j"] - 1)
            return moment if moment.year == year else None
        return datetime.datetime(year, numbers["m"], numbers["d"], *time)
    except ValueError:
        return None


def moment_in_path(source: str, pattern: Optional[DatePattern] = None) -> Optional[datetime.datetime]:
    """Return when an image was taken, by its name: by the user's pattern where there is one, else by known schemes.

    The name of the folder is looked at where the file's own holds no date, as with one folder for each date.
    """
    if pattern is not None:
        return pattern.moment_in(source)
    path = PurePath(source)
    return moment_in_name(path.name) or moment_in_name(path.parent.name)


def chosen_names(sources: Iterable[str], wanted: str) -> list[str]:
    """Return the files that some wildcards choose.

    Args:
        sources: Paths.
        wanted: Wildcards separated by commas, such as `landsat8_*, !*_gaps*`; one that begins with ! leaves files out.
            Empty chooses all.
    """
    texts = [part.strip().lower() for part in wanted.split(",") if part.strip()]
    taken = [text for text in texts if not text.startswith("!")] or ["*"]
    left = [text[1:].strip() for text in texts if text.startswith("!")]

    def fits(name: str, patterns: Sequence[str]) -> bool:
        return any(
            fnmatch.fnmatchcase(name, text) or fnmatch.fnmatchcase(PurePath(name).stem, text) for text in patterns
        )

    return [one for one in sources if fits(_name(one), taken) and not fits(_name(one), left)]


def _name(source: str) -> str:
    return PurePath(source).name.lower()


def sensor_in_name(source: str) -> str:
    """Return the sensor that a name begins with ("MODIS"), or "" where none is known."""
    name = PurePath(source).name
    for sensor, pattern in _SENSORS:
        if re.match(pattern, name, re.IGNORECASE):
            return sensor
    return ""


def fine_and_coarse(sources: Sequence[str]) -> tuple[list[str], list[str]]:
    """Divide the images of one folder: by the folders that they lie in, else by the sensors in their names.

    Raises:
        InputError: Neither tells them apart.
    """
    by_folder = {
        kind: [one for one in sources if PurePath(one).parent.name.lower() in names] for kind, names in _FOLDERS.items()
    }
    if by_folder[FINE] and by_folder[COARSE]:
        return by_folder[FINE], by_folder[COARSE]
    ranks = {sensor: rank for rank, (sensor, _) in enumerate(_SENSORS)}
    found = sorted({sensor_in_name(one) for one in sources} - {""}, key=lambda sensor: ranks[sensor])
    if len(found) != 2:
        named = f"the names tell of {', '.join(found)}" if found else "no name begins with a sensor that is known"
        raise InputError(
            f"Which images are fine and which coarse cannot be told, for {named}; give FINE_NAMES and COARSE_NAMES, "
            f"such as landsat* and modis*."
        )
    fine = [one for one in sources if sensor_in_name(one) == found[0]]
    return fine, [one for one in sources if sensor_in_name(one) == found[1]]
