"""Fine and coarse images of one or two dates, and the coarse one to predict from: bands, units, dates, pixels.

Bands of all images are put into the order of FINE_1's. Every image is brought to reflectance by its own scale and
offset. Without one, numbers that are as large as reflectance times 10,000 are taken for that, unless other images show
that something else than reflectance is measured.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional

import numpy as np

from ..classical.spatiotemporal.images import RESAMPLED, TARGET
from ..raster.band_match import Matched, match, reordered
from ..raster.gdal_calls import open_raster
from ..raster.reader import Reader, Source
from ..raster.unpack import is_slow
from ..tasks.dates import iso_text
from ..tasks.errors import InputError
from ..tasks.job import Job
from ..tasks.method import Array, Method
from .coarse_pixels import ALIKE, coarse_pixels
from .inputs import images_of
from .revisits import moment_of_image

PAIRS = (("FINE_1", "COARSE_1"), ("FINE_2", "COARSE_2"))
FINE, COARSE = ("FINE_1", "FINE_2"), (TARGET, "COARSE_1", "COARSE_2")
RATIO, FINE_SCALE, COARSE_SCALE, NORMALISE = "RATIO", "FINE_SCALE", "COARSE_SCALE", "NORMALISE"
_OF_INTEGERS = 1e-4
# Usual values of reflectance times 10,000, and how far two images' usual values may lie apart.
_LEAST, _MOST, _APART = 100.0, 16000.0, 25.0
# More than 8-bit numbers have, and the largest usual reflectance as a fraction of 1.
_OF_BYTES, _LARGEST = 510.0, 2.0
# What is written where nothing was measured, by products whose files lost the note of it.
_FILLS = (-28672.0, -32768.0, -9999.0, 32767.0, 65535.0)
_SAMPLES, _SAMPLES_OF_SLOW, _PATCH = 5, 2, 64
_DAILY = re.compile(r"(?:^|[^A-Za-z])(M[OY]D09(?:GA|GQ|CMG))", re.IGNORECASE)
_DAYS_APART = 2
# Methods that cannot do with one pair; networks say it on their cards.
TWO_PAIRS = ("interpolate", "estarfm")


@dataclass(frozen=True)
class Pairs:
    """What is known of the images beyond their pixels.

    Attributes:
        date: Date of the coarse image to predict from in ISO 8601, or "".
        days: For each dated role, days from that date.
        fine_role: The role whose grid the output has.
    """

    date: str = ""
    days: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def given_pairs(sources: Mapping[str, tuple[Source, ...]]) -> tuple[tuple[str, str], ...]:
    """Return the roles of the pairs that there are."""
    return tuple(pair for pair in PAIRS if all(sources.get(role) for role in pair))


def prepare_pairs(
    job: Job, method: Method, sources: dict[str, tuple[Source, ...]], notes: list[str], warnings: list[str]
) -> Pairs:
    """Check the images of a job, and put their bands, units and dates in order; changes `sources`.

    Raises:
        InputError: An image is missing, a band has no counterpart, or dates make no sense.
    """
    _check_second(sources)
    _match_bands(job, sources, notes)
    _state_units(job, method, sources, notes, warnings)
    _warn_of_angles(sources, warnings)
    return _dated(job, method, sources, notes, warnings)


def _check_second(sources: Mapping[str, tuple[Source, ...]]) -> None:
    there = [role for role in PAIRS[1] if sources.get(role)]
    if len(there) == 1:
        missing = next(role for role in PAIRS[1] if role != there[0])
        raise InputError(f"{there[0]} needs {missing}: a second pair is a fine and a coarse image of one date.")


def _match_bands(job: Job, sources: dict[str, tuple[Source, ...]], notes: list[str]) -> None:
    """Put the bands of every image into the order of FINE_1's, and say which belong together."""
    wanted = sources["FINE_1"][0]
    said: dict[tuple[str, str], list[str]] = {}
    for role in (*COARSE, "FINE_2"):
        if not sources.get(role):
            continue
        given = sources[role][0]
        chosen = any(item.bands for items in images_of(job, role) for item in items)
        found: Matched = match(wanted, given, chosen)
        sources[role] = (reordered(given, found.places), *sources[role][1:])
        left = f"; left out: {', '.join(found.left_out)}" if found.left_out else ""
        said.setdefault((found.basis, found.table + left), []).append(role)
    for (basis, table), roles in said.items():
        notes.append(f"Bands of FINE_1 and {', '.join(roles)} by {basis}: {table}")


def _state_units(
    job: Job, method: Method, sources: dict[str, tuple[Source, ...]], notes: list[str], warnings: list[str]
) -> None:
    """Give every image a scale where none is stated, and find values that stand for nothing measured."""
    images = {role: sources[role][0] for role in (*FINE, *COARSE) if sources.get(role)}
    for role, image in images.items():
        images[role] = _with_range(_with_fill(role, image, warnings))
    found = {role: _usual(image) for role, image in images.items()}
    given = {role: _parameter(job, method, FINE_SCALE if role in FINE else COARSE_SCALE) for role in images}
    stated = [
        found[role][0] * abs(image.bands[0].scale)
        for role, image in images.items()
        if not given[role] and (image.bands[0].scaled or 0 < found[role][0] <= _LARGEST)
    ]
    reflectance = not stated or float(np.median(stated)) <= _LARGEST
    integer = any(_is_integer(image) and not image.bands[0].scaled for image in images.values())
    usual: dict[str, float] = {}
    for role, image in images.items():
        likely = reflectance and (_is_integer(image) or bool(stated) or integer)
        sources[role] = (_with_scale(role, image, given[role], found[role], likely, notes), *sources[role][1:])
        first = sources[role][0].bands[0]
        usual[role] = abs(found[role][0] * first.scale + first.offset)
    known = {role: value for role, value in usual.items() if value > 0}
    if known and max(known.values()) > _APART * min(known.values()):
        low, high = min(known, key=lambda role: known[role]), max(known, key=lambda role: known[role])
        warnings.append(
            f"The usual value of {high} is {known[high]:.4g} and that of {low} {known[low]:.4g}: give {FINE_SCALE} or "
            f"{COARSE_SCALE}, what a stored number is to be multiplied with for reflectance"
        )


def as_fine(image: Source, first: Source) -> Source:
    """Return a fine image of another date as FINE_1 of a job was taken: bands, scale, and what stands for nothing.

    Args:
        image: The image.
        first: FINE_1, as the plan of the job has it.

    Raises:
        InputError: A band has no counterpart.
    """
    own = reordered(measured(image), match(first, image, False).places)
    bands = tuple(
        replace(band, scale=like.scale, offset=like.offset, scaled=True, assumed=True)
        if not band.scaled and (like.assumed or _is_integer(own))
        else band
        for band, like in zip(own.bands, first.bands)
    )
    return replace(own, bands=bands)


def measured(image: Source) -> Source:
    """Return a fine image of another date without what stands for nothing measured, as FINE_1 of a job is taken."""
    return _with_range(_with_fill("FINE_1", image, []))


def _parameter(job: Job, method: Method, name: str) -> float:
    described = next((item for item in method.parameters if item.name == name), None)
    return 0.0 if described is None else float(described.check(job.parameters.get(name)))


def _with_fill(role: str, image: Source, warnings: list[str]) -> Source:
    """Declare the fill value of an integer image that lost it."""
    if any(band.nodata is not None for band in image.bands) or image.bands[0].dtype.startswith("Float"):
        return image
    values = _sample(image)
    fill = next((value for value in _FILLS if (values == value).any()), None)
    if fill is None:
        return image
    warnings.append(
        f"{role}: {image.name} has no nodata value, but holds {fill:g}, which products write where nothing was "
        f"measured: these pixels are taken as nodata"
    )
    return replace(image, bands=tuple(replace(band, nodata=fill) for band in image.bands))


def _with_range(image: Source) -> Source:
    """Take over the valid range that the metadata of a plain raster still state."""
    places = [(path, number) for path, numbers in image.files for number in numbers]
    bands = []
    for band, (path, number) in zip(image.bands, places):
        dataset = open_raster(path)
        items = {**(dataset.GetMetadata() or {}), **(dataset.GetRasterBand(number).GetMetadata() or {})}
        numbers = re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", items.get("valid_range", ""))
        low, high = (float(one) for one in numbers[:2]) if len(numbers) == 2 else (0.0, 0.0)
        bands.append(replace(band, valid=(low, high)) if low < high else band)
    return replace(image, bands=tuple(bands))


def _is_integer(image: Source) -> bool:
    return not any(band.dtype.startswith("Float") for band in image.bands)


def _usual(image: Source) -> tuple[float, float]:
    """Return the median of the numbers as stored, and their largest hundredth."""
    values = _sample(image)
    return (float(np.median(values)), float(np.percentile(values, 99))) if values.size else (0.0, 0.0)


def _with_scale(
    role: str, image: Source, given: float, found: tuple[float, float], likely: bool, notes: list[str]
) -> Source:
    """Return an image with a scale: as given, as stated, or as its numbers tell.

    Args:
        role: Role name, for messages.
        image: The image.
        given: FINE_SCALE or COARSE_SCALE; 0 for none.
        found: The median of its numbers, and their largest hundredth.
        likely: Whether large numbers without a scale are likely to be reflectance x 10000.
        notes: Lines for the log.
    """
    name = FINE_SCALE if role in FINE else COARSE_SCALE
    if given > 0:
        notes.append(f"{role}: {image.name} is multiplied with {given:g} ({name})")
        bands = tuple(replace(band, scale=given, scaled=True, assumed=not band.scaled) for band in image.bands)
        return replace(image, bands=bands)
    if any(band.scaled for band in image.bands):
        first = image.bands[0]
        notes.append(
            f"{role}: reflectance of {image.name} is its number x {first.scale:g} + {first.offset:g}, as stated"
        )
        return image
    usual, highest = found
    if likely and _LEAST <= usual <= _MOST and highest > _OF_BYTES:
        notes.append(
            f"{role}: {image.name} states no scale; its usual value is {usual:.4g}, so it is taken for reflectance x "
            f"10000 ({name} says otherwise)"
        )
        bands = tuple(replace(band, scale=_OF_INTEGERS, scaled=True, assumed=True) for band in image.bands)
        return replace(image, bands=bands)
    notes.append(f"{role}: the numbers of {image.name} are taken as they are")
    return image


def _sample(image: Source) -> Array:
    """Return valid numbers, as stored, from patches spread over an image, flat."""
    reader = Reader(image)
    count = _SAMPLES_OF_SLOW if any(is_slow(path) for path, _ in image.files) else _SAMPLES
    found = []
    for row in _starts(image.grid.rows, count):
        for column in _starts(image.grid.columns, count):
            values, valid = reader.read(
                row, column, min(_PATCH, image.grid.rows - row), min(_PATCH, image.grid.columns - column)
            )
            found.append(values.ravel() if valid is None else values[:, valid].ravel())
    return np.concatenate(found)


def _starts(size: int, count: int) -> list[int]:
    last = max(size - _PATCH, 0)
    return sorted({round(last * (step + 0.5) / count) for step in range(count)})


def _warn_of_angles(sources: Mapping[str, tuple[Source, ...]], warnings: list[str]) -> None:
    roles: dict[str, list[str]] = {}
    for role in COARSE:
        for image in sources.get(role, ()):
            texts = [image.name, *image.notes, *(path for path, _ in image.files)]
            found = next((match[1].upper() for match in map(_DAILY.search, texts) if match), None)
            if found:
                roles.setdefault(found, []).append(role)
    for product, own in roles.items():
        warnings.append(
            f"{' and '.join(own)}: {product} is seen at another angle every day, which changes reflectance and the "
            f"size of pixels; MCD43A4, which is brought to nadir, predicts better"
        )


def _dated(
    job: Job, method: Method, sources: Mapping[str, tuple[Source, ...]], notes: list[str], warnings: list[str]
) -> Pairs:
    """Return dates, from the job, metadata or names, and say where they look wrong.

    Raises:
        InputError: Two pairs are of one date, or a method that needs dates lacks one.
    """
    moments: dict[str, Optional[datetime.datetime]] = {}
    for role in (*FINE, *COARSE):
        if sources.get(role):
            moments[role] = moment_of_image(role, images_of(job, role)[0], sources[role][0])
    for fine, coarse in given_pairs(sources):
        one, other = moments[fine], moments[coarse]
        apart = abs((one.date() - other.date()).days) if one is not None and other is not None else 0
        if one is not None and other is not None and apart >= _DAYS_APART:
            warnings.append(
                f"{fine} is of {one.date()} and {coarse} of {other.date()}, {apart} days apart: a pair should be of "
                f"one date"
            )
        moments[fine] = one or other
        moments[coarse] = other or one
    known = {role: moment for role, moment in moments.items() if moment is not None}
    if known:
        notes.append("Dates: " + ", ".join(f"{role} {moment.date()}" for role, moment in known.items()))
    first, second = known.get("FINE_1"), known.get("FINE_2")
    if first is not None and second is not None and first.date() == second.date():
        raise InputError(
            f"FINE_1 and FINE_2 are both of {first.date()}: give pairs of two dates (DATE_1, DATE_2), or only one pair."
        )
    target = known.get(TARGET)
    if target is None:
        return Pairs()
    days = {role: ((moment.date() - target.date()).days,) for role, moment in known.items()}
    _look_at_order(days, target, warnings)
    return Pairs(iso_text(target), days)


def _look_at_order(days: Mapping[str, tuple[int, ...]], target: datetime.datetime, warnings: list[str]) -> None:
    apart = [days[role][0] for role in FINE if role in days]
    if len(apart) == 2 and min(apart) * max(apart) > 0:
        warnings.append(
            f"{TARGET} ({target.date()}) is not between the dates of the pairs, {abs(apart[0])} and {abs(apart[1])} "
            f"days away: a date between them is predicted better"
        )
    if 0 in apart:
        warnings.append(f"{TARGET} is of the date of a fine image, which shows what is to be predicted")


def settled_ratio(
    job: Job,
    sources: Mapping[str, tuple[Source, ...]],
    ratios: Mapping[str, float],
    notes: list[str],
    warnings: list[str],
) -> float:
    """Say how coarse images come, and return RATIO as given or measured where they were resampled; 0 without one.

    Args:
        job: The job.
        sources: Images of each role.
        ratios: For each coarse role, its pixel in fine ones.
        notes: Lines for the log.
        warnings: Lines the user should look at.

    Raises:
        InputError: A coarse image has finer pixels than FINE_1.
    """
    for role, ratio in ratios.items():
        if ratio < 1 - 1e-3:
            raise InputError(
                f"{role} ({sources[role][0].name}) has smaller pixels than FINE_1: give the coarse image here and the "
                f"fine one there."
            )
    own = {role: ratio for role, ratio in ratios.items() if ratio >= RESAMPLED}
    resampled = [role for role in ratios if role not in own]
    for role, ratio in own.items():
        notes.append(f"{role}: {sources[role][0].name} comes at its own pixel size, {ratio:.4g} fine pixels")
    if own and max(own.values()) > 1.05 * min(own.values()):
        stated = ", ".join(f"{role} {ratio:.4g}" for role, ratio in own.items())
        warnings.append(
            f"The coarse images have pixels of different sizes in fine ones ({stated}); one sensor is better"
        )
    if not resampled:
        return 0.0
    names = " and ".join(resampled)
    given = float(job.parameters.get(RATIO) or 0)
    if given:
        notes.append(f"{names}: resampled onto the fine grid already, from pixels of {given:g} fine ones ({RATIO})")
        return given
    found = {role: coarse_pixels(sources[role][0]) for role in resampled}
    sizes = {role: one[0] * ratios[role] for role, one in found.items() if one is not None}
    if not sizes:
        if TARGET not in resampled:
            notes.append(f"{names}: resampled onto the fine grid already")
        return 0.0  # the methods ask for RATIO
    size = sorted(sizes.values())[len(sizes) // 2]
    if max(sizes.values()) > ALIKE * min(sizes.values()):
        stated = ", ".join(f"{role} {value:.4g}" for role, value in sizes.items())
        warnings.append(f"The coarse pixels measure differently ({stated}); {RATIO} is taken as {size:.4g}")
    how = next(one[1] for one in found.values() if one is not None)
    notes.append(
        f"{names}: resampled onto the fine grid already, from pixels of {size:.4g} fine ones, found from {how}; give "
        f"{RATIO} where that is wrong"
    )
    return round(size, 3)


def mean_ratio(pair: Sequence[Any]) -> float:
    """Return a pixel's side in target pixels from its (row, column) axes."""
    return 1 / math.sqrt(pair[0].scale * pair[1].scale)


__all__ = [
    "COARSE",
    "COARSE_SCALE",
    "FINE",
    "FINE_SCALE",
    "NORMALISE",
    "PAIRS",
    "RATIO",
    "RESAMPLED",
    "TARGET",
    "TWO_PAIRS",
    "Pairs",
    "as_fine",
    "given_pairs",
    "mean_ratio",
    "measured",
    "prepare_pairs",
    "settled_ratio",
]
