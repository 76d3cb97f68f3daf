"""Ranking methods: places, ties, and both in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .bootstrap import Draws

LOWER_IS_BETTER = {
    "ergas": True,
    "sam_degrees": True,
    "q2n": False,
    "rmse": True,
    "psnr": False,
    "cpsnr": False,
    "cssim": False,
}


def ranked(methods: Sequence[Mapping[str, Any]], draws: Draws, metric: str = "ergas") -> list[dict[str, Any]]:
    """Return the methods, best first, with intervals, places and ties.

    A method's place is one more than the number of methods that are better than it by more than the interval of the
    difference; so methods that nothing tells apart may share a place.

    Args:
        methods: Each with "id" and "scores" (by metric), in the order of the draws.
        draws: Their scores on draws of blocks.
        metric: What they are ranked by.

    Returns:
        Each method with "place", "intervals" (by metric), "tied_with" (ids), "tied_with_best", and "behind_best": for
        each metric the difference to the best method and its interval.
    """
    order = sorted(range(len(methods)), key=lambda place: _key(methods[place]["scores"][metric], metric))
    rows = []
    for own in order:
        ties = [other for other in order if other != own and draws.tied(own, other, metric)]
        better = [other for other in order[: order.index(own)] if other not in ties]
        rows.append(
            {
                **methods[own],
                "place": 1 + len(better),
                "intervals": {name: _listed(draws.interval(own, name)) for name in draws.metrics},
                "tied_with": [methods[other]["id"] for other in ties],
                "tied_with_best": own == order[0] or order[0] in ties,
                "behind_best": {name: _behind(methods, draws, own, order[0], name) for name in draws.metrics},
            }
        )
    return rows


def duel(
    methods: Sequence[Mapping[str, Any]], draws: Draws, own: Sequence[str], others: Sequence[str], metric: str
) -> dict[str, Any]:
    """Return how the best of some methods stands against the best of others, by one score.

    The best are those with the best score of all, chosen after the fact: that favours the larger group.

    Args:
        methods: As for `ranked`.
        draws: As for `ranked`.
        own: Ids of the first group.
        others: Ids of the second.
        metric: The score.

    Returns:
        "metric", "own" and "other" (ids), "value" (the first's score less the second's) with its "interval", "tie", and
        "better": whether the first is better beyond a tie.
    """
    ids = [method["id"] for method in methods]

    def best(names: Sequence[str]) -> int:
        return min((ids.index(name) for name in names), key=lambda at: _key(methods[at]["scores"][metric], metric))

    one, other = best(own), best(others)
    found = _behind(methods, draws, one, other, metric)
    less = found["value"] is not None and (found["value"] < 0) == LOWER_IS_BETTER[metric]
    return {"metric": metric, "own": ids[one], "other": ids[other], **found, "better": less and not found["tie"]}


def _key(value: Optional[float], metric: str) -> float:
    if value is None:
        return float("inf")
    return value if LOWER_IS_BETTER[metric] else -value


def _behind(methods: Sequence[Mapping[str, Any]], draws: Draws, own: int, best: int, metric: str) -> dict[str, Any]:
    value, top = methods[own]["scores"][metric], methods[best]["scores"][metric]
    return {
        "value": None if value is None or top is None else value - top,
        "interval": _listed(draws.difference(own, best, metric)),
        "tie": own == best or draws.tied(own, best, metric),
    }


def _listed(ends: Optional[tuple[float, float]]) -> Optional[list[float]]:
    return None if ends is None else list(ends)
