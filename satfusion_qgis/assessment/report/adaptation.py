"""The report on a network that was fitted to a scene: what was compared, and what sharpened the scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .charts import shown
from .page import Page, Translate, plain


def adaptation_report(found: Mapping[str, Any], tr: Translate = plain) -> str:
    """Return the report as HTML.

    Args:
        found: "ms", "pan", "ratio", "start" (model id or ""), "steps", "pixels" (held out; 0 where nothing was fitted),
            "winner" (name), "reason", and "rows": for each name "title", "ergas", "interval" and "sam_degrees".
        tr: Translation of texts.
    """
    page = Page(tr("A network fitted to the scene"), tr)
    page.facts(
        [
            (tr("Multispectral image"), str(found["ms"])),
            (tr("Panchromatic image"), str(found["pan"])),
            (tr("Ratio of pixel sizes"), shown(found["ratio"])),
            (tr("Weights to start from"), str(found["start"] or tr("none"))),
            (tr("Steps of the fit"), str(found["steps"])),
            (tr("Sharpened with"), str(found["rows"][found["winner"]]["title"])),
        ]
    )
    page.heading(tr("Scores at the reduced scale"))
    page.text(str(found["reason"]))
    head = [tr("Method"), tr("ERGAS"), tr("95 % interval"), tr("SAM [degrees]")]
    order = sorted(found["rows"], key=lambda name: found["rows"][name]["ergas"])
    rows = [_row(found["rows"][name]) for name in order]
    page.table(head, rows, marked=["best" if name == found["winner"] else "" for name in order])
    if found["pixels"]:
        where = tr("Scored on {} held-out pixels, which the fit did not see but which chose among its states.")
        page.text(where.format(found["pixels"]), note=True)
    else:
        page.text(tr("Scored on the whole reduced scene, for nothing was fitted."), note=True)
    page.text(tr("What is better at the reduced scale need not be at the full one: look at the result."), note=True)
    return page.html()


def _row(found: Mapping[str, Any]) -> list[str]:
    ends = found["interval"]
    between = "" if ends is None else f"{shown(ends[0])} - {shown(ends[1])}"
    return [str(found["title"]), shown(found["ergas"]), between, shown(found["sam_degrees"])]
