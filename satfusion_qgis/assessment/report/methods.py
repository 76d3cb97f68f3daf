"""The report on a comparison of methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .charts import interval, interval_axis, shown
from .page import Page, Translate, plain
from .pictures import Detail
from .reference import detail_figure
from .wording import QNR_WARNING, wording_of

_MORE = ("mae", "rase", "psnr", "ssim", "uqi", "scc", "cc", "r2")
_WITH_INTERVALS = ("sam_degrees", "q2n", "rmse")
_REGISTERED = ("psnr", "cpsnr", "cssim")


def methods_report(scores: Mapping[str, Any], details: Sequence[Detail] = (), tr: Translate = plain) -> str:
    """Return the report as HTML.

    Args:
        scores: What `compare_methods` gives.
        details: The middle of the reference, and of each method's result by its id.
        tr: Translation of texts.
    """
    page = Page(tr("Comparison of methods"), tr)
    page.facts(_facts(scores, tr))
    page.heading(tr("Ranking by ERGAS, at reduced scale"))
    for sentence in conclusions(scores, tr):
        page.text(sentence)
    _ranking(page, scores, tr)
    page.text(_about_intervals(scores, tr), note=True)
    page.heading(tr("Other scores, with intervals"))
    _with_intervals(page, scores, tr)
    _full_scale(page, scores, tr)
    if details:
        _details(page, scores, details, tr)
    page.heading(tr("RMSE of each band [{}]").format(scores["units"]))
    names = [str(band["name"]) for band in scores["methods"][0]["bands"]]
    rows = [[method["title"], *(shown(band["rmse"]) for band in method["bands"])] for method in scores["methods"]]
    page.table([tr("Method"), *names], rows)
    page.heading(tr("More scores, at reduced scale"))
    head = [tr("Method"), *(_titled(key, scores["units"], tr) for key in _MORE)]
    rows = [[method["title"], *(shown(method["scores"][key]) for key in _MORE)] for method in scores["methods"]]
    page.table(head, rows)
    _failed(page, scores, tr)
    page.heading(tr("How the scores are defined"))
    definitions = scores["definitions"].items()
    page.table([tr("Score"), tr("Definition")], [[wording_of(k).title, tr(text)] for k, text in definitions], words=2)
    return page.html()


def conclusions(scores: Mapping[str, Any], tr: Translate = plain) -> list[str]:
    """Return what the comparison says, in words: who is best, and with whom nothing tells it apart."""
    methods = scores["methods"]
    best = methods[0]
    ties = [method["title"] for method in methods[1:] if method["tied_with_best"]]
    value = shown(best["scores"]["ergas"])
    if len(methods) == 1:
        said = [tr("{} was scored alone: ERGAS {}.").format(best["title"], value)]
    elif not ties:
        said = [tr("{} is best: ERGAS {}, better than every other method by more than the interval of the "
                   "difference.").format(best["title"], value)]  # fmt: skip
    else:
        said = [tr("{} has the lowest ERGAS, {}, but it is a tie with {}: the differences lie inside their 95 % "
                   "intervals.").format(best["title"], value, ", ".join(ties))]  # fmt: skip
    for one, other in _other_ties(methods):
        said.append(tr("{} and {} are a tie.").format(one, other))
    said += [_of_duel(one, methods, tr) for one in scores.get("duels", ())]
    if scores["few_blocks"]:
        said.append(tr("There are only {} blocks: the intervals are rough.").format(scores["blocks"]))
    return said


def _of_duel(one: Mapping[str, Any], methods: Sequence[Mapping[str, Any]], tr: Translate) -> str:
    """Say how the best of one group stands against the best of another."""
    by_id = {method["id"]: method for method in methods}
    own, other = by_id[one["own"]], by_id[one["other"]]
    values = shown(own["scores"][one["metric"]]), shown(other["scores"][one["metric"]])
    if one["tie"]:
        sentence = tr("By {}, {} ({}) is a tie with {} ({}).")
    elif one["better"]:
        sentence = tr("By {}, {} ({}) is better than {} ({}).")
    else:
        sentence = tr("By {}, {} ({}) is worse than {} ({}).")
    return sentence.format(tr(wording_of(one["metric"]).title), own["title"], values[0], other["title"], values[1])


def _other_ties(methods: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Ties between neighbours in the ranking that are not with the best."""
    pairs = zip(methods[1:], methods[2:])
    return [(a["title"], b["title"]) for a, b in pairs if b["id"] in a["tied_with"] and not b["tied_with_best"]]


def _facts(scores: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    rows, columns = scores["size"]
    settings = ", ".join(f"{name} {value}" for name, value in scores["parameters"].items() if value not in ("", None))
    return [
        *_inputs(scores, tr),
        (tr("Units"), str(scores["units"])),
        (tr("Protocol"), _protocol(scores, tr).format(f"{scores['ratio']:.6g}")),
        (_of_ratio(scores, tr), f"{scores['ratio']:.6g}"),
        (tr("Area"), tr("{} x {} MS pixels, without a border of {}").format(columns, rows, scores["border"])),
        *_registered_facts(scores, tr),
        (
            tr("Intervals"),
            tr("95 %, bootstrap of {} blocks of {} x {} MS pixels, {} draws").format(
                scores["blocks"], scores["block"], scores["block"], scores["draws"]
            ),
        ),
        (tr("Settings"), settings),
    ]


def _inputs(scores: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    pan = [("PAN", str(scores["pan"]))] if "pan" in scores else []
    if "revisits" not in scores:
        return [("MS", str(scores["ms"])), *pan]
    described = [
        f"{one['name']} ({one['date'] or tr('no date')}, {100 * one['clear']:.3g} %)" for one in scores["revisits"]
    ]
    facts = [(tr("Reference (the truth where it is clear)"), described[0])]
    if described[1:]:
        facts.append((tr("Other revisits (share that is clear)"), ", ".join(described[1:])))
    if scores["left_out"]:
        left_out = ", ".join(f"{one['name']}: {one['reason']}" for one in scores["left_out"])
        facts.append((tr("Not used"), left_out))
    return [*facts, *pan]


def _protocol(scores: Mapping[str, Any], tr: Translate) -> str:
    if "revisits" not in scores:
        return tr("Reduced scale (Wald): both images blurred with the sensor's MTF and sampled {} times coarser; the "
                  "original MS is the truth")  # fmt: skip
    if "pan" in scores:
        return tr("Reduced scale (Wald): all revisits and PAN blurred with the sensor's MTF and sampled {} times "
                  "coarser, each on a grid of its own; the reference as it was is the truth, clear pixels "
                  "only")  # fmt: skip
    return tr("Reduced scale (Wald): all revisits blurred with the sensor's MTF and sampled {} times coarser, each on "
              "a grid of its own; the reference as it was is the truth, clear pixels only")  # fmt: skip


def _of_ratio(scores: Mapping[str, Any], tr: Translate) -> str:
    return tr("Ratio (MS pixel / PAN pixel)") if "pan" in scores else tr("Ratio")


def _registered_facts(scores: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    if not scores.get("registered"):
        return []
    return [
        (
            tr("Registered scores"),
            tr("cPSNR and cSSIM forgive a shift of up to {} pixels and a constant in each band; all others compare "
               "pixel by pixel").format(scores["registered"]["border"]),
        ),
        (tr("Data range (PSNR, SSIM)"), f"{shown(scores['data_range'])} {scores['units']}"),
    ]  # fmt: skip


def _about_intervals(scores: Mapping[str, Any], tr: Translate) -> str:
    return tr(
        "A place is one more than the number of methods that are better by more than the interval of the difference, "
        "so methods may share a place. The bar is the 95 % interval of the score itself; two bars may overlap and the "
        "methods still differ, because differences are drawn on the same blocks. Shaded: the interval of the first."
    )


def _ranking(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    methods = scores["methods"]
    limits = _limits(methods)
    head = [tr("Place"), tr("Method"), "ERGAS", tr("95 % interval"), tr("Behind the first (95 % interval)"), tr("Tie?")]
    rows = []
    best = methods[0]["intervals"]["ergas"]
    for method in methods:
        own = method["intervals"]["ergas"]
        behind = method["behind_best"]["ergas"]
        rows.append(
            [
                str(method["place"]),
                method["title"],
                shown(method["scores"]["ergas"]),
                _interval_text(own),
                "" if method is methods[0] else f"{_signed(behind['value'])} ({_interval_text(behind['interval'])})",
                tr("tie") if method["tied_with_best"] and method is not methods[0] else "",
            ]
        )
        if limits is not None:
            bar = ""
            if own is not None and best is not None:
                value = method["scores"]["ergas"]
                bar = interval(
                    value, (own[0], own[1]), limits, (best[0], best[1]), f"{method['title']}: {shown(value)}"
                )
            rows[-1].append(bar)
    marked = ["best" if method["tied_with_best"] else "" for method in methods]
    if limits is None:
        page.table(head, rows, words=2, marked=marked)
        return
    page.table([*head, interval_axis(*limits, "ERGAS")], rows, words=2, marked=marked, trusted=1)


def _limits(methods: Sequence[Mapping[str, Any]]) -> Optional[tuple[float, float]]:
    ends = [end for method in methods for end in (method["intervals"]["ergas"] or ())]
    if not ends:
        return None
    margin = 0.04 * ((max(ends) - min(ends)) or abs(ends[0]) or 1.0)
    return min(ends) - margin, max(ends) + margin


def _with_intervals(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    keys = [*_WITH_INTERVALS, *(_REGISTERED if scores.get("registered") else ())]
    head = [tr("Method")]
    for key in keys:
        head += [_titled(key, scores["units"], tr), tr("95 % interval")]
    rows = []
    for method in scores["methods"]:
        row = [method["title"]]
        for key in keys:
            row += [shown(method["scores"][key]), _interval_text(method["intervals"][key])]
        rows.append(row)
    page.table(head, rows)


def _full_scale(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    known = [method for method in scores["methods"] if method["full_scale"]]
    if not known:
        return
    page.heading(tr("Full scale, without a reference"))
    units = scores["units"]
    head = [
        tr("Method"), "HQNR", "D_lambda_K", "D_s", "QNR", tr("Consistency: ERGAS"),
        tr("Consistency: RMSE [{}]").format(units), tr("Consistency: CC"), tr("Time [s]"),
    ]  # fmt: skip
    rows = []
    for method in known:
        quality, consistency = method["full_scale"]["all"], method["full_scale"]["consistency"]
        values = [quality[key] for key in ("hqnr", "d_lambda_k", "d_s", "qnr")]
        values += [consistency[key] for key in ("ergas", "rmse", "cc")]
        rows.append([method["title"], *(shown(value) for value in values), shown(method["seconds"], 2)])
    page.table(head, rows)
    page.text(
        tr("In the order of the ranking above. Reduced and full scale can disagree: none of them is the whole truth."),
        tr(QNR_WARNING),
    )


def _details(page: Page, scores: Mapping[str, Any], details: Sequence[Detail], tr: Translate) -> None:
    page.heading(tr("The middle of the scene at reduced scale"))
    page.text(tr("One stretch for all, that of the reference."), note=True)
    titles = {method["id"]: method["title"] for method in scores["methods"]}
    titles["reference"] = tr("Reference (original MS)") if "revisits" not in scores else tr("Reference")
    by_name = {detail.name: detail for detail in details}
    first = details[0].image
    order = ["reference", *titles]
    names = [name for name in dict.fromkeys(order) if name in by_name]
    page.figures([(titles[name], detail_figure(by_name[name], first, titles[name])) for name in names], 3)


def _failed(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    if scores["failed"]:
        page.heading(tr("Methods that could not be run"))
        page.table([tr("Method"), tr("Reason")], [[one["title"], one["reason"]] for one in scores["failed"]], words=2)


def _titled(key: str, units: str, tr: Translate) -> str:
    item = wording_of(key)
    unit = units if item.unit == "image" else item.unit
    return f"{tr(item.title)} [{unit}]" if unit else tr(item.title)


def _interval_text(ends: Optional[Sequence[float]]) -> str:
    return "\u2013" if ends is None else f"{shown(ends[0], 3)} to {shown(ends[1], 3)}"


def _signed(value: Optional[float]) -> str:
    return "\u2013" if value is None else f"{'+' if value > 0 else ''}{shown(value, 3)}"
