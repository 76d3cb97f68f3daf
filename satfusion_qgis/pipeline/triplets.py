"""Training sets for spatiotemporal networks from dated images: pairs, targets, and splits by time.

Fine and coarse images of one date, or nearly so, are a pair. Every pair is a target for every other pair near enough in
time (with two pairs: for every one before and one after it). The splits are by time: no date is the target in two
splits, and the fine image of a date that validates or tests is in no training patch at all, not even as an input.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.patch_set import SPLITS, TEST, TRAIN, VALIDATION
from .pairs import RATIO
from .part_of_work import Part
from .patch_places import Layout
from .series_images import Dated, Search, dated_images
from .series_pairs import DatedPair, matched
from .triplet_layouts import AUTO, FILES, Found, find, inputs_of, on_one_grid
from .triplet_patches import Observed, Triplet, TripletSettings, make_triplet_patches

_FINDING = 0.1


@dataclass(frozen=True)
class TripletsRequest:
    """What a training set is made of.

    Attributes:
        fine: Folders and files of fine images, or the folder of a published data set.
        coarse: The same of coarse images; empty where the folder of the fine ones holds them too.
        layout: "files", a published data set, or "auto" to look whether it is one.
        search: Which images are taken of folders, and how they are read.
        pairs: 1 or 2 pairs for each target.
        pair_days: Days by which the images of one pair may lie apart.
        max_days: Days by which a pair may lie from the target; 0 for any.
        patch: How patches are laid out; its shares of validation and test are of dates.
        validation_dates: Target dates for validation; empty chooses them by the share.
        test_dates: Target dates for tests; the same.
        least_valid: Share of a patch's pixels that must be valid in all images.
        most: About so many patches at most, drawn evenly from all triplets; 0 for all.
        parameters: Those of the prediction: RATIO, NORMALISE and so on.
    """

    fine: Sequence[str]
    coarse: Sequence[str] = ()
    layout: str = AUTO
    search: Search = field(default_factory=Search)
    pairs: int = 1
    pair_days: int = 1
    max_days: int = 0
    patch: Layout = field(default_factory=lambda: Layout(96, 96, 1, 0, 0.2, 0.0))
    validation_dates: Sequence[datetime.date] = ()
    test_dates: Sequence[datetime.date] = ()
    least_valid: float = 0.9
    most: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> TripletsRequest:
        """Return the request, checked.

        Raises:
            InputError: A value is out of range.
        """
        if self.pairs not in (1, 2):
            raise InputError(f"PAIRS must be 1 or 2, not {self.pairs}.")
        for name, value in (("PAIR_DAYS", self.pair_days), ("MAX_DAYS", self.max_days), ("MOST", self.most)):
            if value < 0:
                raise InputError(f"{name} must be 0 or more, not {value}.")
        if not self.fine:
            raise InputError("FINE is missing: give a folder or files of fine images.")
        both = set(self.validation_dates) & set(self.test_dates)
        if both:
            raise InputError(f"VALIDATION_DATES and TEST_DATES both hold {min(both)}; a date is in one split only.")
        self.patch.check()
        return self


@dataclass(frozen=True, eq=False)
class Combination:
    """A target and the pairs that it is predicted from, in the order of their dates."""

    target: DatedPair
    pairs: tuple[DatedPair, ...]
    split: str

    @property
    def name(self) -> str:
        """Its dates."""
        return f"{self.target.day} from {' and '.join(str(pair.day) for pair in self.pairs)}"


def prepare_triplets(request: TripletsRequest, folder: str, feedback: Optional[Feedback] = None) -> dict[str, Any]:
    """Make a patch set for spatiotemporal networks.

    Args:
        request: What it is made of.
        folder: Where it goes; an older patch set there is replaced.
        feedback: Who is told about progress, and who may cancel.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: Images are missing, without a date or do not go together; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    feedback = feedback or Feedback()
    request.check()
    with tempfile.TemporaryDirectory(prefix="satfusion-") as work:
        found = _published(request, feedback)
        if found is None:
            fine, coarse = dated_images(
                request.fine, request.coarse, request.search, Part(feedback, 0.0, _FINDING, says=True)
            )
            return _made(request, fine, coarse, folder, feedback, None)
        placed = on_one_grid(found, Path(work))
        fine, coarse = dated_images(
            placed.fine, placed.coarse, request.search, Part(feedback, 0.0, _FINDING, says=True)
        )
        bands = request.search.bands
        return _made(
            request, _described(placed, fine, bands), _described(placed, coarse, bands), folder, feedback, placed
        )


def _published(request: TripletsRequest, feedback: Feedback) -> Optional[Found]:
    """Return the published data set that the folder holds, or None for images of the user's own."""
    single = len(request.fine) == 1 and not request.coarse and Path(request.fine[0]).is_dir()
    if request.layout == FILES or (request.layout == AUTO and not single):
        return None
    if not single:
        raise InputError(f"FINE: the layout {request.layout} needs the one folder of the data set, and no COARSE.")
    found = find(request.fine[0], request.layout)
    if found is not None:
        feedback.info(
            f"Data set: {found.layout.title}; {len(found.fine)} fine and {len(found.coarse)} coarse images, ratio "
            f"{found.layout.ratio:.3g}"
        )
    return found


def _described(found: Found, images: Sequence[Dated], bands: Sequence[int]) -> list[Dated]:
    """Return images of a published data set with its bands, wavelengths and scale."""
    return [
        replace(one, inputs=tuple(inputs_of(found.layout, item.path, item.role, bands) for item in one.inputs))
        for one in images
    ]


def _made(
    request: TripletsRequest,
    fine: Sequence[Dated],
    coarse: Sequence[Dated],
    folder: str,
    feedback: Feedback,
    found: Optional[Found],
) -> dict[str, Any]:
    pairs = matched(fine, coarse, request.pair_days)
    for note in pairs.notes:
        feedback.info(note)
    usable = _each_coarse_once(pairs.pairs, feedback)
    splits = split_dates(usable, request, found.validation if found else ())
    combinations = combined(usable, splits, request)
    _describe(usable, splits, combinations, feedback)
    parameters = dict(request.parameters)
    if found is not None and found.layout.resampled and not float(parameters.get(RATIO, 0) or 0):
        parameters[RATIO] = found.layout.ratio
    settings = TripletSettings(
        request.patch,
        request.pairs,
        parameters,
        request.least_valid,
        "real dates, split by time",
        [found.layout.limit] if found and found.layout.limit else [],
        "time",
        {split: [str(day) for day, own in sorted(splits.items()) if own == split] for split in SPLITS},
        most=-(-request.most // len(combinations)) if request.most else 0,
    )
    triplets = _triplets(combinations, _place(request, found))
    rest = Part(feedback, _FINDING, 1 - _FINDING, says=True)
    return make_triplet_patches(triplets, folder, settings, rest, len(combinations))


def _place(request: TripletsRequest, found: Optional[Found]) -> str:
    """Return what the place is called: the data set, or the folder of the fine images."""
    if found is not None:
        return found.layout.title.partition(":")[0]
    first = Path(request.fine[0])
    return first.name if first.is_dir() else first.parent.name


def _triplets(combinations: Sequence[Combination], place: str) -> Iterator[Triplet]:
    for one in combinations:
        yield Triplet(one.name, tuple(_observed(pair) for pair in one.pairs), _observed(one.target), one.split, place)


def _observed(pair: DatedPair) -> Observed:
    return Observed(pair.fine.as_role("FINE_1"), pair.coarse.as_role("COARSE_1"))


def _each_coarse_once(pairs: Sequence[DatedPair], feedback: Feedback) -> list[DatedPair]:
    """Return the pairs without those whose coarse image belongs to a nearer fine image."""
    kept: dict[int, DatedPair] = {}
    for pair in pairs:
        other = kept.get(id(pair.coarse))
        if other is None or _apart(pair) < _apart(other):
            if other is not None:
                feedback.warning(f"{other.fine.name} is left out: {other.coarse.name} is nearer to {pair.fine.name}.")
            kept[id(pair.coarse)] = pair
        else:
            feedback.warning(f"{pair.fine.name} is left out: {pair.coarse.name} is nearer to {other.fine.name}.")
    return sorted(kept.values(), key=lambda pair: pair.day)


def _apart(pair: DatedPair) -> int:
    return abs((pair.fine.day - pair.coarse.day).days)


def split_dates(
    pairs: Sequence[DatedPair], request: TripletsRequest, given: Sequence[datetime.date] = ()
) -> dict[datetime.date, str]:
    """Return the split of each date.

    Without dates of the user's the last ones test, those before them validate, and the rest is for training; with two
    pairs the very last date is for training, since a target needs a pair after it.

    Args:
        pairs: The pairs, in order of their dates.
        request: Dates or shares of the splits.
        given: Dates that a data set's own folders leave for validation; they may lie a day or so off.

    Raises:
        InputError: There are too few dates, or a date is none of them.
    """
    days = [pair.day for pair in pairs]
    own = {VALIDATION: list(request.validation_dates), TEST: list(request.test_dates)}
    if not own[VALIDATION] and given:
        near = [min(days, key=lambda day: abs((day - wanted).days)) for wanted in given] if days else []
        own[VALIDATION] = [day for day, wanted in zip(near, given) if abs((day - wanted).days) <= request.pair_days]
    for split, name in ((VALIDATION, "VALIDATION_DATES"), (TEST, "TEST_DATES")):
        unknown = [day for day in own[split] if day not in days]
        if unknown:
            raise InputError(f"{name}: there is no pair of {unknown[0]}; there are {_listed(days)}.")
    free = [day for day in days if day not in own[VALIDATION] + own[TEST]]
    if request.pairs == 2:
        free = free[1:-1]
    for split, share in ((TEST, request.patch.test), (VALIDATION, request.patch.validation)):
        if not own[split] and share > 0:
            count = min(max(1, round(share * len(days))), max(0, len(free) - 1))
            own[split] = free[len(free) - count :]
            free = free[: len(free) - count]
    splits = dict.fromkeys(days, TRAIN)
    for split in (VALIDATION, TEST):
        splits.update(dict.fromkeys(own[split], split))
    least = request.pairs + 1
    training = sum(split == TRAIN for split in splits.values())
    if training < least or VALIDATION not in splits.values():
        raise InputError(
            f"There are {len(days)} dates with a fine and a coarse image ({_listed(days)}); with PAIRS {request.pairs} "
            f"at least {least} for training and 1 for validation are needed."
        )
    return splits


def _listed(days: Sequence[datetime.date]) -> str:
    return ", ".join(str(day) for day in days) if days else "none"


def combined(
    pairs: Sequence[DatedPair], splits: Mapping[datetime.date, str], request: TripletsRequest
) -> list[Combination]:
    """Return every target with every pair, or pair before and after, within MAX_DAYS.

    Targets for training are predicted from training dates alone, those for validation from training and validation
    dates, those for tests from any.

    Raises:
        InputError: A split for training or validation has none.
    """
    order = (TRAIN, VALIDATION, TEST)
    found = []
    for target in pairs:
        split = splits[target.day]
        allowed = order[: order.index(split) + 1]
        near = [
            pair
            for pair in pairs
            if pair.day != target.day
            and splits[pair.day] in allowed
            and (not request.max_days or abs(pair.days_from(target.day)) <= request.max_days)
        ]
        if request.pairs == 1:
            found += [Combination(target, (pair,), split) for pair in near]
        else:
            before = [pair for pair in near if pair.day < target.day]
            after = [pair for pair in near if pair.day > target.day]
            found += [Combination(target, (one, other), split) for one in before for other in after]
    for split in (TRAIN, VALIDATION):
        if not any(one.split == split for one in found):
            wanted = "a pair" if request.pairs == 1 else "a pair before and one after it"
            raise InputError(
                f"No date for {split} has {wanted} within MAX_DAYS {request.max_days}; allow more days, or choose "
                f"other VALIDATION_DATES."
            )
    return found


def _describe(
    pairs: Sequence[DatedPair],
    splits: Mapping[datetime.date, str],
    combinations: Sequence[Combination],
    feedback: Feedback,
) -> None:
    for split in SPLITS:
        days = [pair.day for pair in pairs if splits[pair.day] == split]
        if days:
            count = sum(one.split == split for one in combinations)
            feedback.info(f"{split}: target dates {_listed(days)}; {count} triplets")
    alone = sorted(set(splits) - {one.target.day for one in combinations})
    if alone:
        feedback.info(f"No target, for no pair is within reach: {_listed(alone)}")
