"""The report on a training: how the loss went, and what the network reaches beside what stands there without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .charts import REFERENCE_COLOUR, TEST_COLOUR, Line, curves, shown
from .page import Page, Translate, plain

_VALIDATION_COLOUR = "#1a5d9e"
_MOST_ROWS = 25
_MOST_POINTS = 400


def training_report(found: Mapping[str, Any], tr: Translate = plain) -> str:
    """Return the report as HTML.

    Args:
        found: "title"; "facts", pairs of a name and a value; "history", an entry for each validation with "step",
            "epoch", "seconds", "train_loss", "validation_loss", "ergas" and "sam_degrees"; "exp", the scores of
            what stands there without it (plain interpolation, EXP, where "baseline" names nothing else) on the same
            patches; "unit"; "bands", their names; "state" ("running", "finished", "time" or "cancelled");
            "final", or None while it runs, with "split", "best_step", "scores" and "baseline".
        tr: Translation of texts.
    """
    page = Page(tr("Training: {}").format(found["title"]), tr)
    page.text(_state(found["state"], tr))
    page.facts(found["facts"])
    history: Sequence[Mapping[str, Any]] = found["history"]
    if history:
        page.heading(tr("How it went"))
        page.figures([("", chart) for chart in _charts(history, found["exp"], _baseline(found, tr), tr)], 2)
    if found["final"]:
        _final(page, found, tr)
    if history:
        page.heading(tr("Validations"))
        _table(page, history, tr)
    return page.html()


def _state(state: str, tr: Translate) -> str:
    texts = {
        "running": tr("The training is running; this page is written anew at each validation."),
        "finished": tr("The training is finished."),
        "time": tr("The time limit ended the training."),
        "cancelled": tr("The training was cancelled; the best state so far is kept in the model folder."),
    }
    return texts.get(state, state)


def _baseline(found: Mapping[str, Any], tr: Translate) -> str:
    titles = {
        "back-projection": tr("Back-projection"),
        "back-projection with PAN's detail": tr("Back-projection with PAN's detail"),
        "added change": tr("Added change"),
    }
    return titles.get(found.get("baseline", "EXP"), tr("EXP"))


def _charts(history: Sequence[Mapping[str, Any]], exp: Mapping[str, Any], baseline: str, tr: Translate) -> list[str]:
    across = tr("Step")
    losses = [
        Line(tr("Training"), _points(history, "train_loss"), REFERENCE_COLOUR),
        Line(tr("Validation"), _points(history, "validation_loss"), _VALIDATION_COLOUR),
        _level(baseline, history, exp.get("loss")),
    ]
    charts = [curves([line for line in losses if line.points], (tr("Loss"), across, tr("Loss")), logarithmic=True)]
    for key, title, unit in (("ergas", "ERGAS", ""), ("sam_degrees", "SAM", "°")):
        points = _points(history, key)
        if not points:
            continue
        name = f"{title} [{unit}]" if unit else title
        lines = [Line(tr("Validation"), points, _VALIDATION_COLOUR), _level(baseline, history, exp.get(key))]
        heading = tr("{} of the validation patches (0 is best)").format(title)
        charts.append(curves([line for line in lines if line.points], (heading, across, name), logarithmic=True))
    return charts


def _points(history: Sequence[Mapping[str, Any]], key: str) -> list[tuple[float, float]]:
    """Return a line's points, so many that a long training still makes a small page, the last one among them."""
    known = [(float(entry["step"]), float(entry[key])) for entry in history if entry.get(key) is not None]
    every = -(-len(known) // _MOST_POINTS)
    return known[(len(known) - 1) % every :: every] if known else []


def _level(name: str, history: Sequence[Mapping[str, Any]], value: Optional[float]) -> Line:
    """Return a dashed line at a value."""
    steps = (0.0, float(max(history[-1]["step"], 1)))
    return Line(name, [] if value is None else [(step, value) for step in steps], TEST_COLOUR, dashed=True)


def _final(page: Page, found: Mapping[str, Any], tr: Translate) -> None:
    final, unit = found["final"], found["unit"]
    own, exp = final["scores"], final["baseline"]
    page.heading(tr("Scores of the model"))
    page.text(
        tr("The state of step {}, on the {} patches, in physical units; 0 is best everywhere.").format(
            final["best_step"], final["split"]
        )
    )
    rows = [
        [title, shown(own[key]), shown(exp[key]), _change(own[key], exp[key])]
        for key, title in (
            ("ergas", "ERGAS"),
            ("sam_degrees", tr("SAM [°]")),
            ("rmse_all", tr("RMSE, all bands [{}]").format(unit)),
        )
    ]
    rows += [
        [tr("RMSE of {} [{}]").format(name, unit), shown(value), shown(other), _change(value, other)]
        for name, value, other in zip(found["bands"], own["rmse"], exp["rmse"])
    ]
    page.table([tr("Score"), tr("Network"), _baseline(found, tr), tr("Change")], rows)


def _change(value: Optional[float], other: Optional[float]) -> str:
    if value is None or not other:
        return "\u2013"
    return f"{100 * (value / other - 1):+.1f} %"


def _table(page: Page, history: Sequence[Mapping[str, Any]], tr: Translate) -> None:
    head = [tr("Step"), tr("Epoch"), tr("Time [s]"), tr("Training loss"), tr("Validation loss"), "ERGAS", tr("SAM [°]")]
    last = history[-_MOST_ROWS:]
    if len(last) < len(history):
        page.text(tr("The last {} of {}.").format(len(last), len(history)), note=True)
    best = min(history, key=lambda entry: float(entry["validation_loss"]))
    rows = [
        [
            str(entry["step"]),
            f"{entry['epoch']:.2f}",
            f"{entry['seconds']:.0f}",
            *(shown(entry[key]) for key in ("train_loss", "validation_loss", "ergas", "sam_degrees")),
        ]
        for entry in last
    ]
    page.table(head, rows, marked=["best" if entry is best else "" for entry in last])
