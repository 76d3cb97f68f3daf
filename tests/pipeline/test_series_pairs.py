"""Which dates of a series are predicted and from which pairs: by days and clearness, with limits and ties."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from satfusion_qgis.pipeline.series_images import Dated
from satfusion_qgis.pipeline.series_pairs import Choice, DatedPair, Wanted, described, matched, target_of, targets_of
from satfusion_qgis.raster.grid import Grid
from satfusion_qgis.tasks.job import Input

GRID = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 10, 10)
FIRST = datetime.date(2020, 3, 1)


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(number)


def image(role: str, number: int, clear: float = 1.0) -> Dated:
    name = f"{role.lower()}_{number}.tif"
    moment = datetime.datetime.combine(day(number), datetime.time(10))
    return Dated(role, (Input(role, name),), name, moment, GRID, clear)


def fine(*numbers: int, **clear: float) -> list[Dated]:
    return [image("FINE", number, clear.get(f"d{number}", 1.0)) for number in numbers]


def coarse(*numbers: int, **clear: float) -> list[Dated]:
    return [image("COARSE", number, clear.get(f"d{number}", 1.0)) for number in numbers]


def pairs(*numbers: int, **clear: float) -> list[DatedPair]:
    return [DatedPair(*both) for both in zip(fine(*numbers, **clear), coarse(*numbers))]


def chosen(number: int, of: list[DatedPair], **choice: object) -> list[int]:
    """Days from the target of the pairs that are chosen."""
    target = target_of(day(number), image("COARSE", number), of, Choice(**choice))  # type: ignore[arg-type]
    return [pair.days_from(target.day) for pair in target.pairs]


def test_pairs_are_of_one_day_or_the_next_but_never_of_ranks():
    """A missing image must not move all that follow: in CIA the two names of a pair differ by a day."""
    found = matched(fine(0, 10, 20, 30), coarse(0, 11, 30), 1)
    assert [(pair.fine.day, pair.coarse.day) for pair in found.pairs] == [
        (day(0), day(0)),
        (day(10), day(11)),
        (day(30), day(30)),
    ]
    assert [one.day for one in found.alone] == [day(20)]
    assert len(matched(fine(0, 10, 20, 30), coarse(0, 11, 30), 0).pairs) == 2


def test_the_same_day_comes_before_the_day_before_and_that_before_the_day_after():
    assert matched(fine(5), coarse(4, 5, 6), 1).pairs[0].coarse.day == day(5)
    assert matched(fine(5), coarse(4, 6), 1).pairs[0].coarse.day == day(4)


def test_images_that_cannot_be_read_are_in_no_pair():
    broken = [replace(one, clear=0.0, problem="It is damaged.") for one in (*fine(10), *coarse(20))]
    found = matched([*fine(0, 20), broken[0]], [*coarse(0, 10, 19), broken[1]], 1)
    assert [(pair.fine.day, pair.coarse.day) for pair in found.pairs] == [(day(0), day(0)), (day(20), day(19))]
    targets = targets_of([*fine(0), broken[0]], [*coarse(0, 10), broken[1]], Wanted(), Choice())
    assert [(one.day, one.problem) for one in targets] == [(day(10), ""), (day(20), "It is damaged.")]


def test_targets_are_the_coarse_dates_without_a_fine_image():
    found = targets_of(fine(0, 10), coarse(0, 3, 10, 12), Wanted(), Choice())
    assert [one.day for one in found] == [day(3), day(12)]
    within = Wanted(first=day(4), last=day(30))
    assert [one.day for one in targets_of(fine(0, 10), coarse(0, 3, 10, 12), within, Choice())] == [day(12)]
    every = targets_of(fine(0, 10), coarse(0, 3, 10, 12), Wanted(with_fine=True), Choice())
    assert [one.day for one in every] == [day(0), day(3), day(10), day(12)]


def test_the_coarse_image_of_a_pair_a_day_apart_is_no_target():
    assert [one.day for one in targets_of(fine(0, 10), coarse(0, 5, 11), Wanted(), Choice())] == [day(5)]


def test_dates_that_are_named_are_taken_in_order_and_once():
    wanted = Wanted(days=(day(12), day(3), day(3), day(99)))
    found = targets_of(fine(0, 10), coarse(0, 3, 10, 12), wanted, Choice())
    assert [one.day for one in found] == [day(3), day(12), day(99)]
    assert found[2].problem == f"there is no coarse image of {day(99)}"


def test_the_nearest_pair_and_the_one_before_of_two_equally_near():
    assert chosen(4, pairs(0, 9), pairs=1) == [-4]
    assert chosen(6, pairs(0, 9), pairs=1) == [3]
    assert chosen(5, pairs(0, 10), pairs=1) == [-5]


def test_a_pair_that_shows_half_counts_as_twice_as_far():
    several = pairs(0, 9, d0=0.5)
    assert chosen(4, several, pairs=1) == [5]  # 4 / 0.5 = 8 against 5
    assert chosen(2, several, pairs=1) == [-2]  # 4 against 7
    assert chosen(3, several, pairs=1) == [-3]  # 6 against 6: fewer days
    clouded = [DatedPair(image("FINE", 0), image("COARSE", 0, 0.5)), *pairs(9)]
    assert chosen(4, clouded, pairs=1) == [5]  # the coarse image's clouds count as much


def test_two_pairs_are_the_best_before_and_the_best_after():
    assert chosen(5, pairs(0, 3, 9, 20)) == [-2, 4]
    assert chosen(7, pairs(0, 3, 9, 20)) == [2, -4]
    assert chosen(25, pairs(0, 3, 9, 20)) == [-5]
    assert chosen(5, pairs(0, 3, 9, 20), pairs=1) == [-2]
    assert chosen(5, pairs(0, 3, 9, 20), most=1) == [-2]


def test_a_method_that_needs_two_pairs_takes_two_of_one_side_and_the_table_says_so():
    target = target_of(day(25), image("COARSE", 25), pairs(0, 3, 9), Choice(least=2))
    assert [pair.days_from(target.day) for pair in target.pairs] == [-16, -22]
    assert target.remark == "both pairs lie before the date"
    assert target.remark in described([target])[1]


def test_limits():
    assert chosen(5, pairs(0, 9), max_days=4) == [4]
    assert chosen(5, pairs(0, 9), max_days=5) == [4, -5]
    far = target_of(day(50), image("COARSE", 50), pairs(0, 9), Choice(max_days=16))
    assert far.problem == f"no pair can be taken: the nearest, of {day(9)}, is 41 days away, and MAX_DAYS is 16"
    assert chosen(5, pairs(4, 9, d4=0.3), min_clear=0.5, pairs=1) == [4]
    assert chosen(5, pairs(4, 9, d4=0.0), pairs=1) == [4]
    dark = target_of(day(5), image("COARSE", 5), pairs(4, d4=0.2), Choice(min_clear=0.5))
    assert "20 % clear, and MIN_CLEAR is 50 %" in dark.problem
    one = target_of(day(5), image("COARSE", 5), pairs(4), Choice(least=2))
    assert "needs 2 pairs" in one.problem
    assert target_of(day(5), image("COARSE", 5, 0.0), pairs(4), Choice()).problem == "coarse_5.tif has no clear pixel"
    assert target_of(day(5), image("COARSE", 5), [], Choice()).problem == "there is no pair of another date"


def test_the_target_s_own_images_are_in_no_pair():
    wanted = Wanted(days=(day(10),))
    (found,) = targets_of(fine(0, 10, 20), coarse(0, 10, 20), wanted, Choice())
    assert [pair.days_from(day(10)) for pair in found.pairs] == [-10, 10]
    assert found.observed is not None and found.observed.day == day(10)
    (found,) = targets_of(fine(0, 10), coarse(0, 11), Wanted(days=(day(11),)), Choice())  # a day apart
    assert [pair.days_from(day(11)) for pair in found.pairs] == [-11]


@pytest.mark.parametrize("order", [1, -1])
def test_the_choice_does_not_depend_on_the_order_of_the_images(order):
    several = pairs(0, 4, 10, 14)[::order]
    assert chosen(7, several) == [-3, 3]
    assert chosen(7, several, pairs=1) == [-3]


def test_the_table_names_both_pairs():
    (one,) = targets_of(fine(0, 10), coarse(0, 3, 10), Wanted(), Choice())
    row = one.row()
    assert (row["pair_1"], row["pair_1_days"], row["pair_2"], row["pair_2_days"]) == ("2020-03-01", -3, "2020-03-11", 7)
    lines = described([one])
    assert "2020-03-04" in lines[1] and "-3" in lines[1] and "+7" in lines[1]
