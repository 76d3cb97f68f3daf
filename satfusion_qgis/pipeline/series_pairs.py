"""Which dates of a series are predicted, and from which pairs of a fine and a coarse image.

The rule: a pair's distance is the days between it and the target date, divided by the share of the place that is clear
in both of its images; so a pair that shows half of the place counts as twice as far away. The nearest pair is taken; of
equally near ones that of fewer days, then the one before. Two pairs are the nearest one before the date and the nearest
one after it. Pairs farther away than MAX_DAYS, less clear than MIN_CLEAR, or of the target's own day are left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from .series_images import Dated

_DIGITS = 6


@dataclass(frozen=True, eq=False)
class DatedPair:
    """A fine and a coarse image of one date, or nearly so."""

    fine: Dated
    coarse: Dated

    @property
    def day(self) -> datetime.date:
        """The fine image's day."""
        return self.fine.day

    @property
    def clear(self) -> float:
        """About the share of the place that is clear in both."""
        return self.fine.clear * self.coarse.clear

    def days_from(self, day: datetime.date) -> int:
        """Return the days from a date to this pair: negative before it."""
        return (self.day - day).days


@dataclass(frozen=True)
class Choice:
    """What limits the choice of pairs.

    Attributes:
        pairs: 1, 2, or 0 for two where there is one before and one after the date, else one.
        least: Pairs that the method needs.
        most: Pairs that the method takes.
        max_days: Pairs farther away are not taken; 0 for no limit.
        pair_days: Days by which the images of one pair may lie apart.
        min_clear: Images of which a smaller share is clear are not taken for pairs.
    """

    pairs: int = 0
    least: int = 1
    most: int = 2
    max_days: int = 0
    pair_days: int = 1
    min_clear: float = 0.0


@dataclass(frozen=True, eq=False)
class Target:
    """A date to predict.

    Attributes:
        day: The date.
        coarse: Its coarse image, or None.
        pairs: The pairs that it is predicted from, the nearer one first.
        observed: The fine image of that date, where there is one.
        problem: Why it cannot be predicted; "" where it can.
        remark: What the user should know of the choice, or "".
        further: The other pairs that could be taken, the nearest first.
    """

    day: datetime.date
    coarse: Optional[Dated]
    pairs: tuple[DatedPair, ...] = ()
    observed: Optional[Dated] = None
    problem: str = ""
    remark: str = ""
    further: tuple[DatedPair, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return what the table of the series says of the choice."""
        row: dict[str, Any] = {
            "date": self.day.isoformat(),
            "coarse": "" if self.coarse is None else self.coarse.name,
            "coarse_clear": None if self.coarse is None else self.coarse.clear,
            "fine": "" if self.observed is None else self.observed.name,
            "fine_clear": None if self.observed is None else self.observed.clear,
        }
        for number in (1, 2):
            pair = self.pairs[number - 1] if len(self.pairs) >= number else None
            row[f"pair_{number}"] = "" if pair is None else pair.day.isoformat()
            row[f"pair_{number}_days"] = None if pair is None else pair.days_from(self.day)
            row[f"pair_{number}_clear"] = None if pair is None else round(pair.clear, 3)
        return row


@dataclass(frozen=True)
class Wanted:
    """Which dates are wanted.

    Attributes:
        days: These dates; empty for every coarse date without a fine image.
        first: No date before it; None for no limit.
        last: No date after it.
        with_fine: Also dates of which there is a fine image.
    """

    days: tuple[datetime.date, ...] = ()
    first: Optional[datetime.date] = None
    last: Optional[datetime.date] = None
    with_fine: bool = False


@dataclass(frozen=True)
class Matched:
    """Fine and coarse images put together.

    Attributes:
        pairs: The pairs, in order of their dates.
        alone: Fine images without a coarse one.
        notes: Lines for the log.
    """

    pairs: tuple[DatedPair, ...]
    alone: tuple[Dated, ...] = ()
    notes: list[str] = field(default_factory=list)


def matched(fine: Sequence[Dated], coarse: Sequence[Dated], pair_days: int) -> Matched:
    """Return the pairs: each fine image with the coarse image of its day, else of the nearest day (the earlier first).

    Images that cannot be read are in none.

    Args:
        fine: Fine images, one for each day.
        coarse: Coarse images, one for each day.
        pair_days: Days by which they may lie apart.
    """
    pairs: list[DatedPair] = []
    alone: list[Dated] = []
    notes = []
    for one in fine:
        if one.problem:
            continue
        near = [other for other in coarse if abs((other.day - one.day).days) <= pair_days and not other.problem]
        if not near:
            alone.append(one)
            continue
        best = min(near, key=lambda other: (abs((other.day - one.day).days), other.day))
        pairs.append(DatedPair(one, best))
        if best.day != one.day:
            notes.append(f"{one.name} ({one.day}) is paired with {best.name} of {best.day}")
    notes += [f"{one.name} ({one.day}) has no coarse image within {pair_days} days and is in no pair" for one in alone]
    return Matched(tuple(pairs), tuple(alone), notes)


def targets_of(fine: Sequence[Dated], coarse: Sequence[Dated], wanted: Wanted, choice: Choice) -> list[Target]:
    """Return the dates to predict, in order, each with its pairs or the reason why there is none.

    Args:
        fine: Fine images, one for each day.
        coarse: Coarse images, one for each day.
        wanted: Which dates.
        choice: What limits the choice of pairs.
    """
    pairs = matched(fine, coarse, choice.pair_days).pairs
    by_day = {one.day: one for one in coarse}
    observed = {one.day: one for one in fine if not one.problem}
    for pair in pairs:  # a coarse image of the next day stands for the fine image's day
        observed.setdefault(pair.coarse.day, pair.fine)
    days = wanted.days or tuple(day for day in by_day if wanted.with_fine or day not in observed)
    kept = sorted(
        day
        for day in set(days)
        if (wanted.first is None or day >= wanted.first) and (wanted.last is None or day <= wanted.last)
    )
    return [target_of(day, by_day.get(day), pairs, choice, observed.get(day)) for day in kept]


def target_of(
    day: datetime.date,
    coarse: Optional[Dated],
    pairs: Sequence[DatedPair],
    choice: Choice,
    observed: Optional[Dated] = None,
) -> Target:
    """Return a date with the pairs that it is best predicted from; no pair of its own day is among them.

    Args:
        day: The date.
        coarse: Its coarse image, or None.
        pairs: All pairs.
        choice: What limits the choice.
        observed: The fine image of that date; neither it nor its coarse image serves as a pair.
    """
    if coarse is None:
        return Target(day, None, observed=observed, problem=f"there is no coarse image of {day}")
    if coarse.clear <= 0:
        return Target(day, coarse, observed=observed, problem=coarse.problem or f"{coarse.name} has no clear pixel")
    others = [
        pair
        for pair in pairs
        if pair.day != day and pair.fine is not observed and pair.coarse is not coarse and pair.coarse.day != day
    ]
    usable = [pair for pair in others if _limit(pair, day, choice) == ""]
    before = sorted((pair for pair in usable if pair.day < day), key=lambda pair: _rank(pair, day))
    after = sorted((pair for pair in usable if pair.day > day), key=lambda pair: _rank(pair, day))
    wanted = max(choice.least, min(choice.pairs or 2, choice.most))
    remark = ""
    if wanted == 2 and before and after:
        chosen = [before[0], after[0]]
    else:
        chosen = sorted(before + after, key=lambda pair: _rank(pair, day))[: choice.least]
        side = "before" if before else "after"
        if len(chosen) == 2:
            remark = f"both pairs lie {side} the date"
        elif choice.pairs == 2 and chosen:
            remark = f"one pair only: all pairs lie {side} the date"
    if len(chosen) < choice.least:
        return Target(day, coarse, observed=observed, problem=_why_none(day, others, choice, len(usable)))
    chosen.sort(key=lambda pair: _rank(pair, day))
    further = tuple(sorted((pair for pair in usable if pair not in chosen), key=lambda pair: _rank(pair, day)))
    return Target(day, coarse, tuple(chosen), observed, "", remark, further)


def _rank(pair: DatedPair, day: datetime.date) -> tuple[float, int, bool, datetime.date]:
    days = abs(pair.days_from(day))
    return round(days / max(pair.clear, 1e-9), _DIGITS), days, pair.day > day, pair.day


def _limit(pair: DatedPair, day: datetime.date, choice: Choice) -> str:
    """Return why a pair is not taken, or ""."""
    days = abs(pair.days_from(day))
    if choice.max_days and days > choice.max_days:
        return f"is {days} days away, and MAX_DAYS is {choice.max_days}"
    clear = min(pair.fine.clear, pair.coarse.clear)
    if clear <= 0 or clear < choice.min_clear:
        return f"is {100 * clear:.3g} % clear, and MIN_CLEAR is {100 * choice.min_clear:g} %"
    return ""


def _why_none(day: datetime.date, others: Sequence[DatedPair], choice: Choice, usable: int) -> str:
    if not others:
        return "there is no pair of another date"
    if usable:
        return f"the method needs {choice.least} pairs, and there is {usable} that can be taken"
    nearest = min(others, key=lambda pair: abs(pair.days_from(day)))
    return f"no pair can be taken: the nearest, of {nearest.day}, {_limit(nearest, day, choice)}"


def described(targets: Sequence[Target]) -> list[str]:
    """Return the choice of pairs as lines of a table for the log."""
    lines = [f"{'date':<12}{'clear':>7}  {'pair 1':<12}{'days':>6}{'clear':>7}  {'pair 2':<12}{'days':>6}{'clear':>7}"]
    for one in targets:
        clear = "-" if one.coarse is None else f"{100 * one.coarse.clear:.0f} %"
        line = f"{one.day.isoformat():<12}{clear:>7}"
        for pair in one.pairs:
            line += f"  {pair.day.isoformat():<12}{pair.days_from(one.day):>+6d}{100 * pair.clear:>5.0f} %"
        lines.append(line + (f"  {one.problem or one.remark}" if one.problem or one.remark else ""))
    return lines
