"""Choosing among revisits: which date is shown (the reference), and which others help.

The reference is the revisit nearest to a date that the user names, else the clearest; the others are taken where they
overlap it, hold a clear pixel there and lie near enough in time, and come in order of clearness. Images that have no
mask and are far brighter than the others are taken for so much less clear.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Optional

from ..raster.clearness import Region, Samples, region_of, sample
from ..raster.gdal_calls import open_raster
from ..raster.products import is_product, split_choice
from ..raster.reader import Source
from ..tasks.dates import given_moment, iso_text, moment_in_name, moment_of
from ..tasks.errors import InputError
from ..tasks.job import Input

REFERENCE_DATE, MAX_DAYS = "REFERENCE_DATE", "MAX_DAYS"
_DATE_ITEMS = (
    ("DATE", ""),
    ("ACQUISITIONDATETIME", "IMAGERY"),
    ("ACQUISITION_DATE", ""),
    ("DATE_ACQUIRED", ""),
)
_DIGITS = 3  # shares of clear pixels that differ by less are the same
_BRIGHT = 1.4  # times as bright as the others: probably clouds or snow
_DARK_SHARE = 0.25
_MANY_BANDS = 13  # Sentinel-2 has so many: a single raster of more may be a stack


@dataclass(frozen=True, eq=False)
class Revisit:
    """One revisit that may be used.

    Attributes:
        source: The image.
        name: File or product name, for messages.
        moment: When it was taken, in UTC; None when unknown.
    """

    source: Source
    name: str
    moment: Optional[datetime.datetime]

    @property
    def day(self) -> str:
        """The date, for messages."""
        return "no date" if self.moment is None else self.moment.date().isoformat()


@dataclass(frozen=True)
class Chosen:
    """The revisits that are used.

    Attributes:
        revisits: The reference, and the others from the clearest on.
        clear: Share of the reference's extent (and of PAN's, and of EXTENT) that is clear in each.
        left_out: Those that are not used, and why.
        notes: Lines for the log.
        warnings: Lines the user should look at.
    """

    revisits: tuple[Revisit, ...]
    clear: tuple[float, ...]
    left_out: tuple[tuple[Revisit, str], ...] = ()
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The images, in order."""
        return tuple(one.source for one in self.revisits)

    @property
    def date(self) -> str:
        """Date of the reference in ISO 8601, or "" when unknown."""
        moment = self.revisits[0].moment
        return "" if moment is None else iso_text(moment)

    @property
    def labels(self) -> tuple[str, ...]:
        """What each revisit is called in the names of bands: its date, with the time where a day comes twice."""
        days = [one.day for one in self.revisits]
        return tuple(_label(one, days, number) for number, one in enumerate(self.revisits, 1))

    @property
    def days(self) -> Optional[tuple[int, ...]]:
        """Days of each revisit from the reference; None where a date is unknown."""
        apart = [_days(one, self.revisits[0]) for one in self.revisits]
        known = tuple(days for days in apart if days is not None)
        return known if len(known) == len(apart) else None


def _label(one: Revisit, days: Sequence[str], number: int) -> str:
    if one.moment is None:
        return f"Revisit {number}"
    return one.moment.strftime("%Y-%m-%dT%H%M%S") if days.count(one.day) > 1 else one.day


def revisits_of(role: str, images: Sequence[Sequence[Input]], sources: Sequence[Source]) -> tuple[Revisit, ...]:
    """Return the revisits with their dates: as given, else from metadata, else from names.

    Args:
        role: Role name, for messages.
        images: Inputs of each image.
        sources: The images, opened.

    Raises:
        InputError: A date is none, or comes twice; or a revisit comes twice.
    """
    paths = [items[0].path for items in images]
    found = []
    for items, source in zip(images, sources):
        shared = paths.count(items[0].path) > 1  # bands of a stack: what the file says is not of one revisit
        moment = _given(items, role) if shared else moment_of_image(role, items, source)
        found.append(Revisit(source, _name(items, shared), moment))
    _check_once(role, found)
    return tuple(found)


def moment_of_image(role: str, items: Sequence[Input], source: Source) -> Optional[datetime.datetime]:
    """Return when an image was taken, in UTC: as given, else from metadata, else from its name; None when unknown.

    Args:
        role: Role name, for messages.
        items: Inputs of the image.
        source: The image, opened.

    Raises:
        InputError: A date that is given is none.
    """
    return _given(items, role) or moment_in_metadata(source) or moment_in_name(split_choice(items[0].path)[0])


def _given(items: Sequence[Input], role: str) -> Optional[datetime.datetime]:
    text = items[0].date
    if not text:
        return None
    moment = moment_of(text)
    if moment is None:
        raise InputError(f"{role}: the date {text!r} of {PurePath(items[0].path).name} is none; write 2024-01-31.")
    return moment


def moment_in_metadata(source: Source) -> Optional[datetime.datetime]:
    """Return when an image was taken, by what its file or product says; None where it says nothing."""
    dataset = open_raster(source.files[0][0])
    for key, domain in _DATE_ITEMS:
        text = dataset.GetMetadataItem(key, domain)
        moment = moment_of(text) if text else None
        if moment is not None:
            return moment
    return None


def _name(items: Sequence[Input], shared: bool) -> str:
    base, _ = split_choice(items[0].path) if is_product(items[0].path) else (items[0].path, "")
    name = PurePath(base).name
    bands = items[0].bands
    return f"{name} (bands {bands[0]} to {bands[-1]})" if shared and bands else name


def _check_once(role: str, revisits: Sequence[Revisit]) -> None:
    seen: dict[Any, Revisit] = {}
    for one in revisits:
        if one.source.files in seen:
            raise InputError(f"{role}: {one.name} is given twice.")
        seen[one.source.files] = one
    by_moment: dict[datetime.datetime, Revisit] = {}
    for one in revisits:
        if one.moment is not None and one.moment in by_moment:
            other = by_moment[one.moment]
            raise InputError(
                f"{role}: {other.name} and {one.name} have the same date, {one.day}; leave one of them out, or give "
                f"DATES that tell them apart."
            )
        if one.moment is not None:
            by_moment[one.moment] = one


def choose(
    role: str,
    revisits: Sequence[Revisit],
    parameters: Mapping[str, Any],
    within: Optional[Region],
    of: str,
) -> Chosen:
    """Choose the reference and the revisits that are used.

    Args:
        role: Role name, for messages.
        revisits: All that are there, in the order given.
        parameters: REFERENCE_DATE and MAX_DAYS, checked as far as their kind goes; either may be missing.
        within: What is computed (PAN's extent, the job's EXTENT); None for all that the reference shows.
        of: What `within` is called ("PAN", "EXTENT").

    Raises:
        InputError: No revisit can be the reference, or REFERENCE_DATE is no date.
    """
    notes: list[str] = []
    warnings: list[str] = []
    wanted = _wanted(parameters, role, revisits)
    samples = {one.source.files: sample(one.source, within) for one in revisits}
    if within is not None:
        shares = {key: found.share(within) for key, found in samples.items()}
    else:
        shares = _shares_of_largest(revisits, samples)
    reference = _reference(role, revisits, samples, shares, wanted, within, of, warnings)
    region = region_of(reference.source.grid)
    region = (within.shared(region) or within) if within is not None else region
    return _around(role, reference, revisits, samples, region, parameters, notes, warnings)


def _wanted(parameters: Mapping[str, Any], role: str, revisits: Sequence[Revisit]) -> Optional[datetime.datetime]:
    text = str(parameters.get(REFERENCE_DATE) or "").strip()
    if not text:
        return None
    moment = given_moment(text, REFERENCE_DATE)
    if all(one.moment is None for one in revisits):
        raise InputError(f"{REFERENCE_DATE} is given, but no date of {role} is known; give DATES.")
    return moment


def _shares_of_largest(revisits: Sequence[Revisit], samples: Mapping[Any, Samples]) -> dict[Any, float]:
    """Return the clear area of each image as a share of the largest image's area."""
    areas, crs = {}, revisits[0].source.grid.crs
    for one in revisits:
        own = region_of(one.source.grid)
        xmin, ymin, xmax, ymax = (own.to_crs(crs) or own).extent
        areas[one.source.files] = (xmax - xmin) * (ymax - ymin)
    largest = max(areas.values())
    regions = {one.source.files: region_of(one.source.grid) for one in revisits}
    return {key: found.share(regions[key]) * areas[key] / largest for key, found in samples.items()}


def _reference(
    role: str,
    revisits: Sequence[Revisit],
    samples: Mapping[Any, Samples],
    shares: Mapping[Any, float],
    wanted: Optional[datetime.datetime],
    within: Optional[Region],
    of: str,
    warnings: list[str],
) -> Revisit:
    """Return the revisit that is shown."""
    overlapping = [one for one in revisits if within is None or samples[one.source.files].overlaps(within)]
    if not overlapping:
        names = f"none of the {len(revisits)} images overlaps" if len(revisits) > 1 else "the image does not overlap"
        raise InputError(f"{role}: {names} {of}; check that they show the same place.")
    clear = [one for one in overlapping if shares[one.source.files] > 0]
    if not clear:
        where = f" within {of}" if within is not None else ""
        raise InputError(f"{role}: no image has a clear pixel{where}; look at the masks and nodata values.")
    if wanted is None:
        middle, bright = _middle(revisits), _bright(revisits, samples)
        return min(clear, key=lambda one: (-_clearness(one, shares, bright), _distance(one.moment, middle)))
    nearest = min((one for one in revisits if one.moment), key=lambda one: _distance(one.moment, wanted))
    if nearest not in overlapping:
        raise InputError(f"{role}: {nearest.name}, of the reference date {nearest.day}, does not overlap {of}.")
    dated = [one for one in clear if one.moment]
    if not dated:
        raise InputError(f"{role}: no dated image has a clear pixel; {REFERENCE_DATE} cannot be met.")
    taken = min(dated, key=lambda one: _distance(one.moment, wanted))
    if taken is not nearest:
        warnings.append(f"{role}: {nearest.name} of {nearest.day} has no clear pixel; the next date is the reference")
    return taken


def _middle(revisits: Sequence[Revisit]) -> Optional[datetime.datetime]:
    """Return the middle of the dates."""
    moments = sorted(one.moment for one in revisits if one.moment is not None)
    return moments[len(moments) // 2] if moments else None


def _distance(moment: Optional[datetime.datetime], other: Optional[datetime.datetime]) -> tuple[float, float]:
    """Return how far two moments lie apart, in whole days first; those that are not known are the farthest."""
    if moment is None or other is None:
        return float("inf"), float("inf")
    return abs((moment.date() - other.date()).days), abs((moment - other).total_seconds())


def _days(one: Revisit, reference: Revisit) -> Optional[int]:
    if one.moment is None or reference.moment is None:
        return None
    return (one.moment.date() - reference.moment.date()).days


def _around(
    role: str,
    reference: Revisit,
    revisits: Sequence[Revisit],
    samples: Mapping[Any, Samples],
    region: Region,
    parameters: Mapping[str, Any],
    notes: list[str],
    warnings: list[str],
) -> Chosen:
    """Return the reference and those of the others that can be used with it."""
    most = int(parameters.get(MAX_DAYS) or 0)
    kept, left_out, apart = [], [], []
    clear = {one.source.files: samples[one.source.files].share(region) for one in revisits}
    for one in revisits:
        days = _days(one, reference)
        if one is reference:
            continue
        if not samples[one.source.files].overlaps(region):
            apart.append(one)
            left_out.append((one, "it does not overlap the reference"))
            warnings.append(f"{role}: {one.name} does not overlap the reference {reference.name} and is left out")
        elif most and days is not None and abs(days) > most:
            left_out.append((one, f"it is {abs(days)} days from the reference, and {MAX_DAYS} is {most}"))
        elif clear[one.source.files] <= 0:
            left_out.append((one, "it has no clear pixel where the reference lies"))
        else:
            kept.append(one)
    if apart and len(apart) == len(revisits) - 1:
        raise InputError(
            f"{role}: no other image overlaps the reference {reference.name}; check that they show the same place."
        )
    bright = _bright(revisits, samples)
    kept.sort(key=lambda one: (-_clearness(one, clear, bright), _distance(one.moment, reference.moment)))
    used = (reference, *kept)
    _warn_of_dates(role, used, most, warnings)
    _warn_of_clouds(role, used, bright, warnings)
    shares = tuple(round(clear[one.source.files], _DIGITS) for one in used)
    wanted = moment_of(str(parameters.get(REFERENCE_DATE) or ""))
    if wanted is not None and reference.moment is not None and reference.moment.date() != wanted.date():
        notes.append(f"{role}: {REFERENCE_DATE} is {wanted.date()}, the nearest revisit is of {reference.day}")
    notes += _describe(role, used, shares, left_out)
    return Chosen(used, shares, tuple(left_out), notes, warnings)


def _bright(revisits: Sequence[Revisit], samples: Mapping[Any, Samples]) -> dict[Any, float]:
    """Return the images without a mask that are far brighter than the darker ones, and how many times as bright."""
    levels = {key: found.brightness for key, found in samples.items() if found.brightness == found.brightness}
    if not levels:
        return {}
    usual = sorted(levels.values())[int(_DARK_SHARE * (len(levels) - 1))]
    if usual <= 0:
        return {}
    unmasked = [one.source.files for one in revisits if one.source.mask is None]
    return {key: levels[key] / usual for key in unmasked if levels.get(key, 0) > _BRIGHT * usual}


def _clearness(one: Revisit, shares: Mapping[Any, float], bright: Mapping[Any, float]) -> float:
    """Return the clear share, less what probably is clouds that no mask knows of."""
    return round(shares[one.source.files] / bright.get(one.source.files, 1.0), _DIGITS)


def _warn_of_clouds(role: str, used: Sequence[Revisit], bright: Mapping[Any, float], warnings: list[str]) -> None:
    for one in used:
        if one.source.files in bright:
            times = bright[one.source.files]
            warnings.append(
                f"{role}: {one.name} is {times:.1f} times as bright as others and has no mask; it may be clouded"
            )


def _warn_of_dates(role: str, used: Sequence[Revisit], most: int, warnings: list[str]) -> None:
    unknown = [one.name for one in used if one.moment is None]
    if unknown and most and len(used) > 1:
        warnings.append(
            f"{role}: no date is known of {', '.join(unknown)}, so {MAX_DAYS} does not apply; DATES can state it"
        )
    if len(used) == 1 and len(used[0].source.bands) > _MANY_BANDS:
        warnings.append(
            f"{role}: one revisit of {len(used[0].source.bands)} bands is used; if it is a stack, give STACK_BANDS"
        )


def _describe(
    role: str, used: Sequence[Revisit], shares: Sequence[float], left_out: Sequence[tuple[Revisit, str]]
) -> list[str]:
    """Return what the log says of the choice."""
    every = len(used) + len(left_out)
    lines = [f"{role}: the reference is {used[0].name} ({used[0].day}, {_percent(shares[0])} clear)"]
    lines.append(f"{role}: {len(used)} of {every} revisits are used")
    for one, share in zip(used[1:], shares[1:]):
        days = _days(one, used[0])
        when = one.day if days is None else f"{one.day}, {_apart(days)}"
        lines.append(f"{role}: {one.name} is used ({when}, {_percent(share)} clear)")
    lines += [f"{role}: {one.name} ({one.day}) is not used: {why}" for one, why in left_out]
    return lines


def _apart(days: int) -> str:
    if days == 0:
        return "the same day"
    return f"{abs(days)} day{'s' if abs(days) > 1 else ''} {'before' if days < 0 else 'after'}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
