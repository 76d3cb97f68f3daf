"""The report and the table on a comparison of methods on a series, one date left out after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .charts import interval, interval_axis, shown
from .page import Page, Translate, plain
from .pictures import Detail
from .reference import detail_figure
from .tables import table_text
from .wording import BAND_SCORES, REFERENCE_SCORES, wording_of

# The eleven scores that reports on spatiotemporal fusion give, in their conventional definitions.
ELEVEN = ("rmse", "mae", "psnr", "ssim", "sam_degrees", "ergas", "rase", "uqi", "scc", "cc", "r2")
_RANK = "rmse"


def series_report(scores: Mapping[str, Any], details: Mapping[str, Sequence[Detail]], tr: Translate = plain) -> str:
    """Return the report as HTML.

    Args:
        scores: What `compare_series` gives.
        details: For each number of pairs and date ("1 2001-10-17") parts of the truth, the copy and the best method.
        tr: Translation of texts.
    """
    page = Page(tr("Comparison of methods on a series"), tr)
    page.facts(_facts(scores, tr))
    for sentence in series_conclusions(scores, tr):
        page.text(sentence)
    for group in scores["groups"]:
        page.heading(_pairs(group["pairs"], tr))
        _ranking(page, group, scores["units"], tr)
        page.text(_about(tr), note=True)
        _eleven(page, group, tr)
        for date in group["dates"]:
            _date(page, scores, group, date, details, tr)
    if "survey_definitions" in scores:
        _survey(page, scores, tr)
    _not_done(page, scores, tr)
    page.heading(tr("How the scores are defined"))
    rows = [[tr(wording_of(key).title), tr(text)] for key, text in scores["definitions"].items()]
    page.table([tr("Score"), tr("Definition")], rows, words=2)
    return page.html()


def series_conclusions(scores: Mapping[str, Any], tr: Translate = plain) -> list[str]:
    """Return what the comparison says, in words: for each number of pairs the best method and the best baseline."""
    sentences = []
    for group in scores["groups"]:
        methods = [row for row in group["methods"] if not row["baseline"]]
        baselines = [row for row in group["methods"] if row["baseline"]]
        named = _pairs(group["pairs"], tr)
        if not methods or not baselines:
            continue
        best, rival = methods[0], baselines[0]
        values = shown(best["scores"][_RANK]), shown(rival["scores"][_RANK])
        if best["against_baselines"] == "better":
            text = tr("{}: {} is best with an RMSE of {}; the best baseline, {}, has {}, and that is no tie.")
        elif best["against_baselines"] == "tie":
            text = tr("{}: the best method, {}, with an RMSE of {}, is a tie with the best baseline, {}, with {}.")
        else:
            text = tr("{}: no method beats the baselines: {} has an RMSE of {}, and {} has {}.")
        sentences.append(text.format(named, best["title"], values[0], rival["title"], values[1]))
        if group["methods"][0]["few_blocks"]:
            sentences.append(
                tr("{}: there are only {} blocks, so the intervals say little.").format(
                    named, group["methods"][0]["blocks"]
                )
            )
    return sentences


def _facts(scores: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    settings = ", ".join(f"{name} {value}" for name, value in scores["parameters"].items() if value not in ("", None))
    return [
        (
            tr("Protocol"),
            tr("Each date left out in turn and predicted from the others; its fine image is the truth and is used for "
               "nothing else"),
        ),
        (tr("Dates with both images"), ", ".join(str(one["date"]) for one in scores["pairs"])),
        (tr("Units"), str(scores["units"])),
        (tr("Ratio (coarse pixel / fine pixel)"), f"{scores['ratio']:.6g}"),
        (tr("Data range (PSNR, SSIM)"), f"{shown(scores['data_range'])}"),
        (
            tr("Intervals"),
            tr("95 %, bootstrap of blocks of {} x {} fine pixels, {} draws").format(
                scores["block"], scores["block"], scores["draws"]
            ),
        ),
        (tr("Settings"), settings),
    ]  # fmt: skip


def _pairs(count: int, tr: Translate) -> str:
    return tr("From one pair") if count == 1 else tr("From two pairs")


def _about(tr: Translate) -> str:
    return tr(
        "All methods are scored on the same pixels. Baselines are shaded; a method that is not better than the best of "
        "them by more than the interval of the difference brings nothing here. Methods may share a place."
    )


def _ranking(page: Page, group: Mapping[str, Any], units: str, tr: Translate) -> None:
    """The ranking over all dates together."""
    rows, methods = [], group["methods"]
    ends = [end for row in methods for end in (row["intervals"][_RANK] or ())]
    limits: Optional[tuple[float, float]] = None
    if ends:
        margin = 0.04 * ((max(ends) - min(ends)) or abs(ends[0]) or 1.0)
        limits = min(ends) - margin, max(ends) + margin
    best = methods[0]["intervals"][_RANK]
    for row in methods:
        own = row["intervals"][_RANK]
        cells = [
            str(row["place"]),
            row["title"],
            shown(row["scores"][_RANK]),
            _ends(own),
            shown(row["scores"]["ergas"]),
            shown(row["scores"]["sam_degrees"]),
            "" if row["baseline"] else f"{row['better']} / {row['ties']} / {row['worse']}",
            shown(row["seconds"], 3),
        ]
        if limits is not None:
            text = f"{row['title']}: {shown(row['scores'][_RANK])}"
            bar = interval(row["scores"][_RANK], tuple(own), limits, tuple(best), text) if own and best else ""
            cells.append(bar)
        rows.append(cells)
    head = [
        tr("Place"), tr("Method"), f"RMSE [{units}]", tr("95 % interval"), "ERGAS", "SAM [°]",
        tr("Dates better / tie / worse than the best baseline"), tr("Time [s]"),
    ]  # fmt: skip
    marked = ["total" if row["baseline"] else "best" if row["tied_with_best"] else "" for row in methods]
    if limits is None:
        page.table(head, rows, words=2, marked=marked)
    else:
        page.table([*head, interval_axis(*limits, "RMSE")], rows, words=2, marked=marked, trusted=1)


def _eleven(page: Page, group: Mapping[str, Any], tr: Translate) -> None:
    page.text(tr("Means over the {} dates:").format(group["methods"][0]["dates"]))
    head = [tr("Method"), *(_titled(key, tr) for key in ELEVEN)]
    rows = [[row["title"], *(shown(row["mean"][key]) for key in ELEVEN)] for row in group["methods"]]
    page.table(head, rows)


def _date(
    page: Page,
    scores: Mapping[str, Any],
    group: Mapping[str, Any],
    date: Mapping[str, Any],
    details: Mapping[str, Sequence[Detail]],
    tr: Translate,
) -> None:
    """One date: its pairs, the scores of each band, and pictures."""
    pairs = ", ".join(f"{one['date']} ({one['days']:+d})" for one in date["from"])
    page.heading(tr("{}, from {}").format(date["date"], pairs))
    head = [tr("Method"), *(_titled(key, tr) for key in ELEVEN)]
    rows = [[row["title"], *(shown(row["scores"][key]) for key in ELEVEN)] for row in date["methods"]]
    marked = ["total" if row["baseline"] else "best" if row["tied_with_best"] else "" for row in date["methods"]]
    page.table(head, rows, marked=marked)
    page.text(tr("RMSE of each band [{}]").format(scores["units"]))
    rows = [[row["title"], *(shown(band["rmse"]) for band in row["bands"])] for row in date["methods"]]
    page.table([tr("Method"), *scores["bands"]], rows, marked=marked)
    pictures = details.get(f"{group['pairs']} {date['date']}", ())
    if pictures:
        titles = {row["id"]: row["title"] for row in date["methods"]}
        titles["reference"] = tr("Truth")
        first = pictures[0].image
        cells = [(titles[one.name], detail_figure(one, first, titles[one.name])) for one in pictures]
        page.figures(cells, 3)


def _survey(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    """The scores of the survey's code, which share names with others but not definitions."""
    page.heading(tr("Scores as a survey's code computes them"))
    page.text(
        tr("To compare with its published tables alone: several of them are not what their names say elsewhere."),
        note=True,
    )
    names = list(scores["survey_definitions"])
    for group in scores["groups"]:
        page.text(_pairs(group["pairs"], tr))
        rows = [[row["title"], *(shown(row["survey"][name]) for name in names)] for row in group["methods"]]
        page.table([tr("Method"), *(f"survey {name}" for name in names)], rows)
    definitions = scores["survey_definitions"].items()
    page.table([tr("Score"), tr("Definition")], [[f"survey {key}", tr(text)] for key, text in definitions], words=2)


def _not_done(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    if scores["left_out"]:
        page.heading(tr("Dates that were not predicted"))
        rows = [[one["date"], str(one["pairs"]), one["reason"]] for one in scores["left_out"]]
        page.table([tr("Date"), tr("Pairs"), tr("Reason")], rows, words=3)
    if scores["failed"]:
        page.heading(tr("Methods that could not be run"))
        rows = [[one["date"], str(one["pairs"]), one.get("title", ""), one["reason"]] for one in scores["failed"]]
        page.table([tr("Date"), tr("Pairs"), tr("Method"), tr("Reason")], rows, words=4)


def series_table(scores: Mapping[str, Any]) -> str:
    """Return the scores as CSV: for each date, number of pairs and method a line for each band and one for all."""
    keys = [item.key for item in REFERENCE_SCORES]
    survey = list(scores.get("survey_definitions", ()))
    columns = ["date", "pairs", "pair_dates", "method", "title", "baseline", "place", "tied_with_best"]
    columns += ["against_baselines", "band", "units", "ratio", "pixels"]
    columns += [*BAND_SCORES, *(key for key in keys if key not in BAND_SCORES), "rmse_low", "rmse_high", "seconds"]
    columns += [f"survey_{name}" for name in survey]
    rows: list[dict[str, Any]] = []
    for group in scores["groups"]:
        for date in group["dates"]:
            for row in date["methods"]:
                common = {
                    "date": date["date"],
                    "pairs": group["pairs"],
                    "pair_dates": " ".join(one["date"] for one in date["from"]),
                    "method": row["id"],
                    "units": scores["units"],
                    "ratio": scores["ratio"],
                    "pixels": row["pixels"]["used"],
                    **{key: row[key] for key in ("title", "baseline", "place", "tied_with_best", "against_baselines")},
                }
                low, high = row["intervals"][_RANK] or (None, None)
                of_survey = {f"survey_{name}": row["survey"][name] for name in survey}
                total = {**row["scores"], "band": "all", "rmse_low": low, "rmse_high": high, "seconds": row["seconds"]}
                rows.append({**common, **total, **of_survey})
                rows += [{**common, **band, "band": band["name"]} for band in row["bands"]]
        for row in group["methods"]:
            low, high = row["intervals"][_RANK] or (None, None)
            common = {"date": "all", "pairs": group["pairs"], "method": row["id"], "band": "all"}
            named = {key: row[key] for key in ("title", "baseline", "place", "tied_with_best", "against_baselines")}
            numbers = {**row["mean"], **row["scores"], "rmse_low": low, "rmse_high": high, "seconds": row["seconds"]}
            rows.append({**common, **named, **numbers, "units": scores["units"], "ratio": scores["ratio"]})
    return table_text(columns, rows)


def _titled(key: str, tr: Translate) -> str:
    """Return a score's title; the images' unit stands above."""
    item = wording_of(key)
    return f"{tr(item.title)} [{item.unit}]" if item.unit not in ("", "image") else tr(item.title)


def _ends(ends: Optional[Sequence[float]]) -> str:
    return "\u2013" if ends is None else f"{shown(ends[0], 3)} to {shown(ends[1], 3)}"
