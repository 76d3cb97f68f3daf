"""The report on a network that was fitted to a scene: what was compared, and what sharpened the scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .charts import shown
from .page import Page, Translate, plain


def adaptation_report(found: Mapping[str, Any], tr: Translate = plain) -> str:
    """Return the report as HTML.

    Args:
        found: "ms" and "pan", or for spatiotemporal fusion "fine" (what was learned from), "held" (the fine image of
            the date that was held out, or "") and "coarse" (of the date to predict); "ratio", "start" (model id or ""),
            "steps", "pixels" (held out; 0 where nothing was fitted), "winner" (name), "reason", and "rows": for each
            name "title", "ergas", "interval" and "sam_degrees".
        tr: Translation of texts.
    """
    dates = "fine" in found
    page = Page(tr("A network fitted to the scene"), tr)
    page.facts(
        [
            *(_images_of_dates(found, tr) if dates else _images(found, tr)),
            (tr("Ratio of pixel sizes"), shown(found["ratio"])),
            (tr("Weights to start from"), str(found["start"] or tr("none"))),
            (tr("Steps of the fit"), str(found["steps"])),
            (tr("Predicted with") if dates else tr("Sharpened with"), str(found["rows"][found["winner"]]["title"])),
        ]
    )
    page.heading(tr("Scores on known dates") if dates else tr("Scores at the reduced scale"))
    page.text(str(found["reason"]))
    first, second = (("rmse", tr("RMSE")), ("ergas", tr("ERGAS"))) if dates else (("ergas", tr("ERGAS")), ("", ""))
    head = [tr("Method"), first[1], tr("95 % interval"), *([second[1]] if dates else []), tr("SAM [degrees]")]
    order = sorted(found["rows"], key=lambda name: found["rows"][name][first[0]])
    rows = [_row(found["rows"][name], (first[0], *([second[0]] if dates else []))) for name in order]
    page.table(head, rows, marked=["best" if name == found["winner"] else "" for name in order])
    if found["pixels"]:
        where = tr("Scored on {} held-out pixels, which the fit did not see but which chose among its states.")
        page.text(where.format(found["pixels"]), note=True)
    elif dates:
        page.text(tr("Scored on the whole scene, for nothing was fitted."), note=True)
    else:
        page.text(tr("Scored on the whole reduced scene, for nothing was fitted."), note=True)
    if dates and not found["held"]:
        page.text(
            tr("No date could be held out, for there are two: the date to predict may have changed in another way."),
            note=True,
        )
    usual = tr("What is better at the reduced scale need not be at the full one: look at the result.")
    page.text(
        tr("What is better on known dates need not be on the one to predict: look at the result.") if dates else usual,
        note=True,
    )
    return page.html()


def _images(found: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    return [(tr("Multispectral image"), str(found["ms"])), (tr("Panchromatic image"), str(found["pan"]))]


def _images_of_dates(found: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    return [
        (tr("Fine images learned from"), str(found["fine"])),
        (tr("Fine image of the date held out"), str(found["held"] or tr("none"))),
        (tr("Coarse image of the date to predict"), str(found["coarse"])),
    ]


def _row(found: Mapping[str, Any], scores: Sequence[str]) -> list[str]:
    """Return a row of the table: the first score has the interval."""
    ends = found["interval"]
    between = "" if ends is None else f"{shown(ends[0])} - {shown(ends[1])}"
    first, *others = (shown(found[name]) for name in scores)
    return [str(found["title"]), first, between, *others, shown(found["sam_degrees"])]
